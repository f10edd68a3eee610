"""What learners write in lesson 05: the blame on one hidden unit, on a layer, through the sigmoid, and all the way. And its tasks."""

from itertools import pairwise

import numpy as np

from utils.explore.backward_pass import backward_case, steps
from utils.homework.places import ANY_DEPTH, G_PRIME, ONE_UNIT, TRANSPOSE
from utils.homework.question import Case, Question
from utils.learn.tasks import Task


def one_unit(W_above, grad_a_above, j):
    """Return ∂𝓛/∂h_j, a number, for one example; j counts from 0."""
    return W_above[:, j] @ grad_a_above[:, 0]


def layers_and_a_unit(rng):
    """Return the weights and the blame above a layer, with a unit of the layer; also square weights."""
    return [
        Case("3 units above 4, and j = 1", (rng.normal(size=(3, 4)), rng.normal(size=(3, 1)), 1)),
        Case("4 units above 2, and j = 1", (rng.normal(size=(4, 2)), rng.normal(size=(4, 1)), 1)),
        Case("3 units above 3, and j = 2", (rng.normal(size=(3, 3)), rng.normal(size=(3, 1)), 2)),
        Case("2 units above 2, and j = 0", (rng.normal(size=(2, 2)), rng.normal(size=(2, 1)), 0)),
    ]


unit = Question(
    "one_unit",
    one_unit,
    layers_and_a_unit,
    "Return ∂𝓛/∂h_j, the sum over the units above of their blame times their weight for unit j.",
    read=ONE_UNIT,
)


@unit.mistake()
def row_for_column(W_above, grad_a_above, j):
    """Which of the weights belong to unit j: those of a row or those of a column?

    A row of W holds what one unit above listens to. All weights that lead away from unit j stand in column j.
    """
    return W_above[j, :] @ grad_a_above[:, 0]


@unit.mistake()
def only_the_first_listener(W_above, grad_a_above, j):
    """How many units listen to unit j?

    All units above do. You have what the first of them says; the others are added.
    """
    return W_above[0, j] * grad_a_above[0, 0]


@unit.mistake()
def weights_without_blame(W_above, grad_a_above, j):
    """Does your answer change when the blame above changes?

    You have added the weights alone. Each is multiplied by the blame on the unit that it leads to.
    """
    return W_above[:, j].sum()


@unit.mistake()
def blame_without_weights(W_above, grad_a_above, j):
    """Does your answer depend on j?

    You have added the blame alone. How much of it comes down to unit j is said by the weights of column j.
    """
    return grad_a_above.sum()


@unit.mistake()
def not_added_up(W_above, grad_a_above, j):
    """How many numbers come back for one unit?

    Each unit above has its own product, and these are added up.
    """
    return W_above[:, j] * grad_a_above[:, 0]


@unit.mistake()
def multiplied_over_the_paths(W_above, grad_a_above, j):
    """Along a path one multiplies. And over several paths?

    You have multiplied the parts of the units above. They are different paths, and over the paths one adds.
    """
    return np.prod(W_above[:, j] * grad_a_above[:, 0])


@unit.mistake()
def unit_counted_from_1(W_above, grad_a_above, j):
    """Which column is j = 0 in NumPy?

    j counts from 0 here, as NumPy does, so nothing is to be taken away from it.
    """
    return W_above[:, j - 1] @ grad_a_above[:, 0]


@unit.mistake()
def mean_for_sum(W_above, grad_a_above, j):
    """Are the parts added up, or averaged?

    You divide by the number of units above. Over several paths one adds.
    """
    return (W_above[:, j] * grad_a_above[:, 0]).mean()


@unit.variant()
def a_loop(W_above, grad_a_above, j):
    return sum(W_above[i, j] * grad_a_above[i, 0] for i in range(len(W_above)))


@unit.variant()
def an_array_of_one(W_above, grad_a_above, j):
    return W_above[:, j] @ grad_a_above


def through_weights(W_above, grad_a_above):
    """Return ∂𝓛/∂h_k, a column, from ∂𝓛/∂a_{k+1}, a column."""
    return W_above.mT @ grad_a_above


def layers(rng):
    """Return the weights and the blame above a layer; also square weights."""
    return [
        Case("3 units above 5", (rng.normal(size=(3, 5)), rng.normal(size=(3, 1)))),
        Case("4 units above 2", (rng.normal(size=(4, 2)), rng.normal(size=(4, 1)))),
        Case("3 units above 3", (rng.normal(size=(3, 3)), rng.normal(size=(3, 1)))),
    ]


layer = Question(
    "through_weights",
    through_weights,
    layers,
    "Return ∂𝓛/∂h_k, a column with an entry for each unit below the weights.",
    read=TRANSPOSE,
)


@layer.mistake()
def no_transpose(W_above, grad_a_above):
    """Write the shapes beside the line. Does it run when the two layers have different sizes?

    A row of W holds what one unit above hears. The unit below needs its column, so the columns must become rows.
    """
    return W_above @ grad_a_above


@layer.mistake()
def a_row_from_the_left(W_above, grad_a_above):
    """Which shape should come back, a row or a column?

    The numbers are right, but they lie in a row. ∂𝓛/∂h_k has the shape of h_k, and that is a column.
    """
    return grad_a_above.mT @ W_above


@layer.mistake()
def flat(W_above, grad_a_above):
    """Which shape has h_k?

    The numbers are right, and they lie in an array with one axis. ∂𝓛/∂h_k is a column, like h_k.
    """
    return (W_above.mT @ grad_a_above).ravel()


@layer.mistake()
def entry_by_entry(W_above, grad_a_above):
    """What does * do with a matrix and a column?

    It multiplies each row of W by its blame, and adds nothing up. The sum is still missing.
    """
    return W_above * grad_a_above


@layer.mistake()
def sum_over_the_wrong_axis(W_above, grad_a_above):
    """Over which units does the sum run, those above or those below?

    You have added up along the rows, over the units below. Each unit below adds up over the units above.
    """
    return (W_above * grad_a_above).sum(axis=1, keepdims=True)


@layer.mistake()
def no_blame(W_above, grad_a_above):
    """Does your answer change when the blame above changes?

    You have added the weights of each column. Each is multiplied by the blame on the unit it leads to.
    """
    return W_above.sum(axis=0)[:, None]


@layer.mistake()
def blame_turned(W_above, grad_a_above):
    """Which of the two is to be transposed, the weights or the blame?

    The columns of W become rows; the blame stays a column.
    """
    return W_above @ grad_a_above.mT


@layer.variant()
def unit_by_unit(W_above, grad_a_above):
    return np.array([[W_above[:, j] @ grad_a_above[:, 0]] for j in range(W_above.shape[1])])


@layer.variant()
def a_sum_down_the_columns(W_above, grad_a_above):
    return (W_above * grad_a_above).sum(axis=0)[:, None]


def through_sigmoid(grad_h, h):
    """Return ∂𝓛/∂a_k, a column, from ∂𝓛/∂h_k and the activations h_k = σ(a_k)."""
    return grad_h * h * (1 - h)


def activations(rng):
    """Return blame and activations of a layer."""
    return [Case(f"{n} units", (rng.normal(size=(n, 1)), rng.uniform(0.05, 0.95, size=(n, 1)))) for n in (2, 3, 5)]


through_g = Question(
    "through_sigmoid",
    through_sigmoid,
    activations,
    "Return ∂𝓛/∂a_k, a column, for a layer of sigmoids.",
    read=G_PRIME,
)


@through_g.mistake()
def times_h(grad_h, h):
    """Is h the slope of the sigmoid, or its value?

    Its value. The slope is h(1 − h).
    """
    return grad_h * h


@through_g.mistake()
def times_one_minus_h(grad_h, h):
    """Where is your slope largest? The sigmoid is steepest at h = ½.

    1 − h is one factor of the slope. The other one is h.
    """
    return grad_h * (1 - h)


@through_g.mistake()
def slope_alone(grad_h, h):
    """Does your answer change when the blame on h does?

    This is the slope g′. The blame on h is multiplied by it.
    """
    return h * (1 - h)


@through_g.mistake()
def slope_of_tanh(grad_h, h):
    """What is your slope at h = ½? The sigmoid's is ¼ there.

    1 − h² is the slope of tanh. These units are sigmoids: h(1 − h).
    """
    return grad_h * (1 - h**2)


@through_g.mistake()
def sigmoid_once_more(grad_h, h):
    """Has the sigmoid been applied to h already?

    It has: h = σ(a). You have applied it once more. The slope is h(1 − h), with h as it is.
    """
    s = 1 / (1 + np.exp(-h))
    return grad_h * s * (1 - s)


@through_g.mistake()
def a_dot_product(grad_h, h):
    """How many numbers come back? One is needed for each unit.

    A dot product adds up. Here each unit has its own slope and keeps its own blame: multiply entry by entry, with *.
    """
    return grad_h.mT @ (h * (1 - h))


@through_g.mistake()
def a_table(grad_h, h):
    """Which shape comes back? That of h is needed.

    You have made a table of all products. Only the entries with the same place belong together: *, and two columns.
    """
    return grad_h * (h * (1 - h)).ravel()


@through_g.mistake()
def divided(grad_h, h):
    """Does the flat part of the sigmoid let more blame through, or less?

    Less. You divide by the slope; the chain rule multiplies.
    """
    return grad_h / (h * (1 - h))


@through_g.variant()
def slope_first(grad_h, h):
    return (h - h**2) * grad_h


def first_layer(W, h, grad_a):
    """Return ∂𝓛/∂a_1, a column; W is [W_2, …, W_L], h is [h_1, …, h_{L−1}], grad_a is ∂𝓛/∂a_L."""
    for W_above, h_below in zip(reversed(W), reversed(h), strict=True):
        grad_a = through_sigmoid(through_weights(W_above, grad_a), h_below)
    return grad_a


def whole_networks(rng):
    """Return networks of several depths: mixed sizes, equal ones in which a wrong order runs, and a single hidden layer."""

    def network(about, sizes, ordinary=True):
        W = [rng.normal(size=(above, below)) for below, above in pairwise(sizes)]
        h = [rng.uniform(0.1, 0.9, size=(n, 1)) for n in sizes[:-1]]
        return Case(about, (W, h, rng.normal(size=(sizes[-1], 1))), ordinary)

    return [
        network("hidden layers of 3, 4 and 2 units below 3 scores", [3, 4, 2, 3]),
        network("three hidden layers of 3 units below 3 scores", [3, 3, 3, 3]),
        network("a single hidden layer of 4 units", [4, 2], ordinary=False),
    ]


whole = Question(
    "first_layer",
    first_layer,
    whole_networks,
    "Return ∂𝓛/∂a_1, a column, by going back from the last layer to the first.",
    read=ANY_DEPTH,
)


@whole.mistake()
def from_the_front(W, h, grad_a):
    """With which weights does the way back begin, with the first of the list or with the last?

    ∂𝓛/∂a_L is at the output. The first step down goes through W_L, the last entry of W, and to the last entry of h.
    """
    for W_above, h_below in zip(W, h, strict=True):
        grad_a = through_sigmoid(through_weights(W_above, grad_a), h_below)
    return grad_a


@whole.mistake()
def one_step_alone(W, h, grad_a):
    """How many layers does your way go down?

    Only one. Is the return inside the loop? It must wait until the loop is done.
    """
    return through_sigmoid(through_weights(W[-1], grad_a), h[-1])


@whole.mistake()
def slopes_forgotten(W, h, grad_a):
    """What lies between h and a?

    You went through the weights alone. After each of them comes the activation: multiply by its slope.
    """
    for W_above in reversed(W):
        grad_a = through_weights(W_above, grad_a)
    return grad_a


@whole.mistake()
def slope_at_the_end_alone(W, h, grad_a):
    """How many activations lie on the way down?

    One for every hidden layer. You went through the last one only.
    """
    for W_above in reversed(W):
        grad_a = through_weights(W_above, grad_a)
    return through_sigmoid(grad_a, h[0])


@whole.mistake()
def nothing_carried_on(W, h, grad_a):
    """Does each step begin where the last one ended?

    Each of your steps begins at the output again. Give its result to grad_a, so that the next one goes on from there.
    """
    return through_sigmoid(through_weights(W[0], grad_a), h[0])


@whole.variant()
def by_index(W, h, grad_a):
    for k in range(len(W) - 1, -1, -1):
        grad_a = (W[k].mT @ grad_a) * h[k] * (1 - h[k])
    return grad_a


# --- tasks under the explorer of the way back ---


def _case(state):
    return backward_case(state["network"], state["activation"], state["seed"])


def _walked(states):
    last = [state for state in states if state["network"] == "2-3-3-2"]
    return {*range(1, len(steps(3)) + 1)} <= {state["step"] for state in last}


def _arrives(states):
    case = _case(states[-1])
    first, output = (np.abs(case.gradients.a[k]).max() for k in (1, case.net.L))
    return states[-1]["network"] == "2-3-3-2" and first > output / 3


def _closed(states):
    state = states[-1]
    case = _case(state)
    script = steps(case.net.L)
    now = script[min(state["step"], len(script)) - 1]
    if now.letter != "a" or now.k == case.net.L:
        return False
    unit = min(state["j"], case.net.layer_sizes[now.k]) - 1
    return case.gradients.h[now.k][unit, 0] != 0 and case.gradients.a[now.k][unit, 0] == 0


TASKS = {
    "backward": (
        Task(
            "walk",
            "Network 2-3-3-2: visit every step from 1 to 10, and read what is said.",
            _walked,
            "Steps 5 and 6 are the same pair as 8 and 9. With forty hidden layers it would be the same pair forty times.",
        ),
        Task(
            "arrive",
            "Network 2-3-3-2: make the largest blame on a₁ more than a third of the largest on a₃ (compare steps 3 and 9).",
            _arrives,
            "The sigmoid lets at most a quarter through, twice. Tanh lets up to all of it through, ReLU all or nothing, the identity all.",
        ),
        Task(
            "closed",
            "Find a hidden unit that is blamed (step 5 or 8) and passes nothing on to its sum (step 6 or 9).",
            _closed,
            "A ReLU whose sum is negative: a small change of a changes nothing. For this example its weights do not learn.",
        ),
    )
}
