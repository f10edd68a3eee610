"""What learners write in lesson 06: the gradient of one weight, of a layer, of a batch, and the step. And its tasks."""

import numpy as np

from utils.explore import outer_product
from utils.homework.places import NINE_WEIGHTS, ONE_WEIGHT, UPDATE, WEIGHT_BATCH
from utils.homework.question import Case, Question
from utils.learn.tasks import Task


def one_weight(grad_a, h_below, i, j):
    """Return ∂𝓛/∂W_ij, a number, from ∂𝓛/∂a_k and h_{k−1}, two columns; i and j count from 0."""
    return grad_a[i, 0] * h_below[j, 0]


def entries(rng):
    """Return two columns with a place in their table."""

    def case(n, n_below, i, j):
        about = f"{n} units above {n_below}, i = {i} and j = {j}"
        return Case(about, (rng.normal(size=(n, 1)), rng.uniform(0.5, 2, size=(n_below, 1)), i, j))

    return [case(3, 4, 1, 2), case(4, 3, 2, 0), case(2, 2, 1, 0)]


entry = Question(
    "one_weight",
    one_weight,
    entries,
    "Return ∂𝓛/∂W_ij, the blame on the unit it leads to times the signal of the unit it comes from.",
    read=ONE_WEIGHT,
)


@entry.mistake()
def ends_exchanged(grad_a, h_below, i, j):
    """To which unit does W_ij lead, and from which one does it come?

    The first index says where it leads to, and the blame is that unit's. The second says where it comes from.
    """
    return grad_a[j, 0] * h_below[i, 0]


@entry.mistake()
def blame_alone(grad_a, h_below, i, j):
    """Does your answer change when the signal does?

    That is the gradient of the bias. A weight multiplies a signal, so its gradient has the signal as a factor.
    """
    return grad_a[i, 0]


@entry.mistake()
def signal_alone(grad_a, h_below, i, j):
    """Does your answer change when the blame does?

    That is ∂a_i/∂W_ij. By the chain rule it is multiplied by the blame on a_i.
    """
    return h_below[j, 0]


@entry.mistake()
def added(grad_a, h_below, i, j):
    """Along a path, does one add or multiply?

    Blame and signal lie on one path, one behind the other: multiply.
    """
    return grad_a[i, 0] + h_below[j, 0]


@entry.mistake()
def against_it(grad_a, h_below, i, j):
    """Is this the gradient or the step?

    A step goes against the gradient, and the minus belongs to the step. The gradient itself is blame times signal.
    """
    return -grad_a[i, 0] * h_below[j, 0]


@entry.mistake()
def counted_from_1(grad_a, h_below, i, j):
    """Which row is i = 0 in NumPy?

    i and j count from 0 here, so nothing is to be taken away from them.
    """
    return grad_a[i - 1, 0] * h_below[j - 1, 0]


@entry.variant()
def from_the_table(grad_a, h_below, i, j):
    return (grad_a @ h_below.mT)[i, j]


@entry.variant()
def arrays_of_one(grad_a, h_below, i, j):
    return grad_a[i] * h_below[j]


def all_weights(grad_a, h_below):
    """Return ∂𝓛/∂W_k, shape (n_k, n_{k−1}), from ∂𝓛/∂a_k and h_{k−1}, two columns."""
    return grad_a @ h_below.mT


def two_columns(rng):
    """Return the blame on a layer and the signals below it, also for layers of equal size."""
    return [
        Case(f"{n} units above {n_below}", (rng.normal(size=(n, 1)), rng.uniform(0.1, 2, size=(n_below, 1))))
        for n, n_below in ((2, 4), (4, 3), (3, 3))
    ]


table = Question(
    "all_weights",
    all_weights,
    two_columns,
    "Return ∂𝓛/∂W_k, a row for each unit that the weights lead to and a column for each that they come from.",
    read=NINE_WEIGHTS,
)


@table.mistake()
def rows_and_columns_exchanged(grad_a, h_below):
    """Which units does a row of W_k belong to, those above or those below?

    A row belongs to a unit above, where the weights lead to. So the blame is the column, and the signals are the row.
    """
    return h_below @ grad_a.mT


@table.mistake()
def entry_by_entry(grad_a, h_below):
    """How many weights are there, and how many numbers come back?

    Entry by entry you get no table. Each unit above meets each unit below: a column times a row.
    """
    return grad_a * h_below


@table.mistake()
def a_dot_product(grad_a, h_below):
    """How many numbers come back?

    A row times a column adds up to one number. A table is a column times a row: the transpose belongs to the other factor.
    """
    return grad_a.mT @ h_below


@table.mistake()
def two_columns_multiplied(grad_a, h_below):
    """Which shapes has the product of two matrices, and do yours fit?

    Two columns cannot be multiplied by @. The second one must become a row.
    """
    return grad_a @ h_below


@table.mistake()
def the_step(grad_a, h_below):
    """Is this the gradient or the step?

    The minus belongs to the step. The gradient itself is blame times signal.
    """
    return -grad_a @ h_below.mT


@table.variant()
def by_outer(grad_a, h_below):
    return np.outer(grad_a, h_below)


@table.variant()
def by_broadcasting(grad_a, h_below):
    return grad_a * h_below.mT


def batch_gradients(grad_a, h_below):
    """Return ∂𝓛/∂W_k and ∂𝓛/∂b_k, two arrays, from ∂𝓛/∂a_k, shape (n_k, N), and h_{k−1}, shape (n_{k−1}, N)."""
    return grad_a @ h_below.mT, grad_a.sum(axis=1, keepdims=True)


def batches(rng):
    """Return blame and signals of batches, also as many examples as units, and one example."""
    return [
        Case(f"{N} examples, {n} units above {n_below}", (rng.normal(size=(n, N)), rng.uniform(0.1, 2, size=(n_below, N))), N > 1)
        for n, n_below, N in ((2, 4, 5), (4, 3, 6), (3, 3, 3), (3, 2, 1))
    ]


of_a_batch = Question(
    "batch_gradients",
    batch_gradients,
    batches,
    "Return ∂𝓛/∂W_k and ∂𝓛/∂b_k for a batch, each with the shape of its quantity.",
    parts=("∂𝓛/∂W_k", "∂𝓛/∂b_k"),
    read=WEIGHT_BATCH,
)


@of_a_batch.mistake()
def divided_by_n_once_more(grad_a, h_below):
    """Where did the 1/N of the mean come in?

    With the first gradient, (ŷ − y)/N, and grad_a has inherited it. Divided again, both gradients are too small by N.
    """
    N = grad_a.shape[1]
    return grad_a @ h_below.mT / N, grad_a.sum(axis=1, keepdims=True) / N


@of_a_batch.mistake()
def mean_for_the_bias(grad_a, h_below):
    """Your weights are right. Are the blames of the examples added up for the bias, or averaged?

    The 1/N is in grad_a already, for the bias as for the weights. Add up.
    """
    return grad_a @ h_below.mT, grad_a.mean(axis=1, keepdims=True)


@of_a_batch.mistake()
def mean_for_the_weights(grad_a, h_below):
    """Your biases are right. Why are the weights divided by N?

    The 1/N is in grad_a already, for the weights as for the bias. The product adds up, and that is all.
    """
    return grad_a @ h_below.mT / grad_a.shape[1], grad_a.sum(axis=1, keepdims=True)


@of_a_batch.mistake()
def bias_for_each_example(grad_a, h_below):
    """Which shape has b_k, and which has your ∂𝓛/∂b_k?

    All examples share one bias, so what they say is added up: one number for each unit.
    """
    return grad_a @ h_below.mT, grad_a


@of_a_batch.mistake()
def bias_as_a_flat_array(grad_a, h_below):
    """Which shape has b_k?

    It is a column, (n_k, 1). A sum without keepdims=True leaves an array with one axis.
    """
    return grad_a @ h_below.mT, grad_a.sum(axis=1)


@of_a_batch.mistake()
def bias_over_the_units(grad_a, h_below):
    """Over what does your sum for the bias run, the examples or the units?

    A column is an example, so the sum over the examples runs along a row: axis 1.
    """
    return grad_a @ h_below.mT, grad_a.sum(axis=0, keepdims=True)


@of_a_batch.mistake()
def table_turned(grad_a, h_below):
    """Which units does a row of W_k belong to?

    To those above. So the blame comes first, and the signals are transposed.
    """
    return h_below @ grad_a.mT, grad_a.sum(axis=1, keepdims=True)


@of_a_batch.mistake()
def biases_first(grad_a, h_below):
    """In which order are the two gradients asked for?

    First ∂𝓛/∂W_k, then ∂𝓛/∂b_k.
    """
    return grad_a.sum(axis=1, keepdims=True), grad_a @ h_below.mT


@of_a_batch.variant()
def by_a_loop(grad_a, h_below):
    columns = [(grad_a[:, [n]], h_below[:, [n]]) for n in range(grad_a.shape[1])]
    return sum(blame @ signal.mT for blame, signal in columns), sum(blame for blame, _ in columns)


def layer_step(W, b, grad_a, h_below, learning_rate):
    """Return the new W_k and b_k, two arrays, after one step of gradient descent."""
    grad_W, grad_b = batch_gradients(grad_a, h_below)
    return W - learning_rate * grad_W, b - learning_rate * grad_b


def layers_with_a_batch(rng):
    """Return the parameters of a layer, blame and signals of a batch, and a learning rate."""
    return [
        Case(
            f"{N} examples, {n} units above {n_below}, η = {rate}",
            (rng.normal(size=(n, n_below)), rng.normal(size=(n, 1)), rng.normal(size=(n, N)), rng.uniform(0.1, 2, size=(n_below, N)), rate),
        )
        for n, n_below, N, rate in ((2, 4, 5, 0.5), (4, 3, 6, 0.1), (3, 3, 3, 2.0))
    ]


step = Question(
    "layer_step",
    layer_step,
    layers_with_a_batch,
    "Return the new W_k and b_k after one step against their gradients.",
    parts=("W_k", "b_k"),
    read=UPDATE,
)


@step.mistake()
def uphill(W, b, grad_a, h_below, learning_rate):
    """Where does the gradient point, uphill or downhill?

    Uphill. With a plus the loss grows; the step goes against the gradient.
    """
    grad_W, grad_b = batch_gradients(grad_a, h_below)
    return W + learning_rate * grad_W, b + learning_rate * grad_b


@step.mistake()
def no_learning_rate(W, b, grad_a, h_below, learning_rate):
    """Does your step change when the learning rate does?

    You go the whole gradient. The learning rate says which part of it.
    """
    grad_W, grad_b = batch_gradients(grad_a, h_below)
    return W - grad_W, b - grad_b


@step.mistake()
def only_the_way(W, b, grad_a, h_below, learning_rate):
    """Are your answers places or ways?

    These are the ways. The new weights are the old ones plus the way.
    """
    grad_W, grad_b = batch_gradients(grad_a, h_below)
    return -learning_rate * grad_W, -learning_rate * grad_b


@step.mistake()
def biases_stay(W, b, grad_a, h_below, learning_rate):
    """Has b changed?

    The biases can be changed, too, and they have a gradient of their own.
    """
    return W - learning_rate * batch_gradients(grad_a, h_below)[0], b


@step.mistake()
def gradients_alone(W, b, grad_a, h_below, learning_rate):
    """Are these the new parameters, or their gradients?

    The gradients. From the old parameters the learning rate times the gradient is taken away.
    """
    return batch_gradients(grad_a, h_below)


@step.mistake()
def step_divided_by_n(W, b, grad_a, h_below, learning_rate):
    """Where did the 1/N of the mean come in?

    With the first gradient. In the step it must not come again.
    """
    grad_W, grad_b = batch_gradients(grad_a, h_below)
    N = grad_a.shape[1]
    return W - learning_rate * grad_W / N, b - learning_rate * grad_b / N


@step.variant()
def plus_the_opposite(W, b, grad_a, h_below, learning_rate):
    return W + learning_rate * (-grad_a @ h_below.mT), b + learning_rate * (-grad_a.sum(axis=1, keepdims=True))


# --- tasks under the explorer of entries ---


def _factors(state, n_examples=None):
    """Return blame and signals that a state shows: of one example alone, or of the batch."""
    net, x, y = outer_product.setting(state["architecture"], state["seed"])
    if state["view"] == outer_product.BATCH:
        shown = slice(state["n_examples"])
    else:
        n = min(state["example"], state["n_examples"])
        shown = slice(n - 1, n)
    grad_a, h, _ = outer_product.factors(net, x[:, shown], y[:, shown], state["k"])
    return grad_a, h


def _entry(state, grad_a, h):
    return min(state["i"], len(grad_a)) - 1, min(state["j"], len(h)) - 1


def _largest_in_layer_1(states):
    state = states[-1]
    grad_a, h = _factors(state)
    table = np.abs(grad_a @ h.mT)
    chosen = _entry(state, grad_a, h)
    return state["architecture"] == "2-4-3" and state["k"] == 1 and state["view"] == outer_product.VECTOR and table[chosen] == table.max()


def _disagreement(states):
    state = states[-1]
    grad_a, h = _factors(state)
    i, j = _entry(state, grad_a, h)
    signs = np.sign(grad_a[i] * h[j])
    return state["view"] == outer_product.BATCH and state["k"] == 1 and signs.min() < 0 < signs.max()


def _share_of_the_batch(states):
    def same(state):
        return {name: state[name] for name in ("architecture", "k", "seed", "i", "j")} | {"example": state["example"]}

    now = [state for state in states if same(state) == same(states[-1])]
    alone = any(state["view"] == outer_product.VECTOR for state in now)
    batch = any(state["view"] == outer_product.BATCH and state["n_examples"] >= max(4, state["example"]) for state in now)
    return alone and batch


TASKS = {
    "entries": (
        Task(
            "largest",
            "2-4-3, view vector, layer 1: choose the entry that is the largest in size.",
            _largest_in_layer_1,
            "It lies in the row with the most blame and in the column with the largest signal, both in size. No other entry can be larger.",
        ),
        Task(
            "share",
            "Look at one entry in the view vector, then in a batch of four or more. Compare the two products of the same example.",
            _share_of_the_batch,
            "In a batch of N the product is an N-th of what it is alone. The signal is the same; the blame is divided by N.",
        ),
        Task(
            "disagree",
            "View batch, layer 1: find an entry for which some products are positive and some negative.",
            _disagreement,
            "Some examples want this weight larger, others smaller. The sum decides, and who has more blame and signal counts more.",
        ),
    )
}
