"""What the learner writes in lesson 08: the measure of a gradient check, a cure, a tiny set of examples, and two repaired pieces."""

import numpy as np

from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task

CHECK = Place("08_bug_laboratory", 2, "Nudge it, and compare")
FACTOR = Place("08_bug_laboratory", 3, "A gradient that is too long")
TWELVE = Place("08_bug_laboratory", 6, "Can it learn twelve examples?")
REPAIR = Place("08_bug_laboratory", 7, "Repair it")


# --- how far off a gradient is ---


def two_gradients(rng):
    """Return two gradients: the worst entry is too small, others are too large or negative, and none has the size of another."""

    def case(about, shape):
        measured = np.array([1.0, 20, -0.3, 4, -2, 0.05][: np.prod(shape)]) * rng.uniform(1, 1.3)
        factors = np.array([0.3, 1.9, 0.45, 0.9, 1.1, 0.8][: np.prod(shape)]) * rng.uniform(0.98, 1.02)
        return Case(about, ((measured * factors).reshape(shape), measured.reshape(shape)))

    return [case("a matrix of 2 × 3", (2, 3)), case("a column of 4", (4, 1))]


def worst_error(claimed, measured):
    larger = np.maximum(np.abs(claimed), np.abs(measured))
    return np.max(np.abs(claimed - measured) / larger)


WORST_ERROR = Question(
    "worst_error",
    worst_error,
    two_gradients,
    "Return the largest relative error: the difference of two entries, divided by the larger of the two, all in size.",
    read=CHECK,
)


@WORST_ERROR.mistake()
def absolute_difference(claimed, measured):
    """Is 0.001 a large error or a small one?

    That depends on the gradient: at 0.002 it is half of it. Divide by the larger of the two, in size.
    """
    return np.max(np.abs(claimed - measured))


@WORST_ERROR.mistake()
def mean_of_all(claimed, measured):
    """One entry of a thousand is wrong. Does your answer notice it?

    Hardly: you take the mean. The worst entry is asked for.
    """
    return np.mean(np.abs(claimed - measured) / np.maximum(np.abs(claimed), np.abs(measured)))


@WORST_ERROR.mistake()
def without_sizes(claimed, measured):
    """What do you get where backward says too little?

    A negative error, and the maximum passes it by. Take the size of the difference.
    """
    return np.max((claimed - measured) / np.maximum(np.abs(claimed), np.abs(measured)))


@WORST_ERROR.mistake()
def divided_by_the_measured_one(claimed, measured):
    """What becomes of your error where the measured slope is 0?

    It is infinite. Divided by the larger of the two it is 1 there.
    """
    return np.max(np.abs(claimed - measured) / np.abs(measured))


@WORST_ERROR.mistake()
def divided_by_the_claimed_one(claimed, measured):
    """What becomes of your error where backward claims 0?

    It is infinite. Divided by the larger of the two it is 1 there.
    """
    return np.max(np.abs(claimed - measured) / np.abs(claimed))


@WORST_ERROR.mistake()
def one_error_for_each_entry(claimed, measured):
    """How many numbers come back?

    One for each entry. Take the largest of them.
    """
    return np.abs(claimed - measured) / np.maximum(np.abs(claimed), np.abs(measured))


@WORST_ERROR.mistake()
def signs_in_the_larger_one(claimed, measured):
    """Which is larger in size, −3 or 1?

    −3. You compare the numbers themselves.
    """
    return np.max(np.abs(claimed - measured) / np.abs(np.maximum(claimed, measured)))


@WORST_ERROR.variant()
def entry_by_entry(claimed, measured):
    pairs = zip(np.ravel(claimed), np.ravel(measured), strict=True)
    return max(abs(c - m) / max(abs(c), abs(m)) for c, m in pairs)


# --- the cure of a factor ---


def rates_and_ratios(rng):
    """Return learning rates and ratios."""
    return [Case(f"η = {rate}, ratio {ratio}", (rate, ratio)) for rate, ratio in ((0.1, 300), (0.4, 0.5), (0.2, 8))]


def cure(learning_rate, ratio):
    return learning_rate / ratio


CURE = Question(
    "cure",
    cure,
    rates_and_ratios,
    "Return the learning rate with which a gradient that is ratio times too long makes the steps of the true one.",
    read=FACTOR,
)


@CURE.mistake()
def twice_too_long(learning_rate, ratio):
    """The gradient is 300 times too long. Does the learning rate have to grow or to shrink?

    To shrink: the step is their product. You multiply.
    """
    return learning_rate * ratio


@CURE.mistake()
def nothing_changed(learning_rate, ratio):
    """How long is the step with your learning rate?

    As long as before: ratio times too long.
    """
    return learning_rate


@CURE.mistake()
def ratio_by_rate(learning_rate, ratio):
    """What do you divide by what?

    The learning rate by the ratio, not the other way round.
    """
    return ratio / learning_rate


@CURE.mistake()
def ratio_alone(learning_rate, ratio):
    """Does your answer depend on the learning rate?

    It must: the true code has one, and its steps are to be met.
    """
    return 1 / ratio


@CURE.variant()
def times_the_inverse(learning_rate, ratio):
    return (1 / ratio) * learning_rate


# --- a few examples of each class ---


def labels(rng):
    """Return labels in no order, and how many of each class are wanted."""
    return [
        Case("24 labels of 4 classes, 3 of each", (np.r_[2, 2, rng.permutation(np.arange(22) % 4)], 3)),
        Case("15 labels of 3 classes, 2 of each", (np.r_[1, 1, 1, rng.permutation(np.arange(12) % 3)], 2)),
    ]


def few_of_each(labels, n):
    return np.concatenate([np.flatnonzero(labels == c)[:n] for c in np.unique(labels)])


FEW_OF_EACH = Question(
    "few_of_each",
    few_of_each,
    labels,
    "Return the places of the first n examples of class 0, then those of class 1, and so on, as one array.",
    read=TWELVE,
)


@FEW_OF_EACH.mistake()
def first_of_all(labels, n):
    """How many examples of each class are among yours?

    You take the first ones, whatever their class is. A class can be missing.
    """
    return np.arange(n * len(np.unique(labels)))


@FEW_OF_EACH.mistake()
def all_of_each(labels, n):
    """How many examples of each class do you take?

    All of them. The first n are enough: `[:n]`.
    """
    return np.concatenate([np.flatnonzero(labels == c) for c in np.unique(labels)])


@FEW_OF_EACH.mistake()
def last_of_each(labels, n):
    """Do you take the first or the last ones of each class?

    The last ones. The first n are `[:n]`.
    """
    return np.concatenate([np.flatnonzero(labels == c)[-n:] for c in np.unique(labels)])


@FEW_OF_EACH.mistake()
def labels_instead_of_places(labels, n):
    """What are your numbers, places or classes?

    Classes. What is needed are the places where they stand.
    """
    return np.concatenate([labels[labels == c][:n] for c in np.unique(labels)])


@FEW_OF_EACH.mistake()
def one_of_each(labels, n):
    """How many examples of each class come back?

    One. n are asked for.
    """
    return np.concatenate([np.flatnonzero(labels == c)[:1] for c in np.unique(labels)])


@FEW_OF_EACH.mistake()
def in_order_of_their_places(labels, n):
    """Which class comes first in your answer?

    Whichever stands first. Asked for is class 0 first, then class 1.
    """
    return np.sort(few_of_each(labels, n))


@FEW_OF_EACH.variant()
def with_a_loop(labels, n):
    places = []
    for c in range(labels.max() + 1):
        places += [i for i, label in enumerate(labels) if label == c][:n]
    return np.array(places)


# --- the step from one layer to the one below ---


def layers(rng):
    """Return W_k, ∂𝓛/∂a_k and h_{k−1} of a tanh layer: different widths, and equal ones."""

    def case(about, n_k, n_below, N):
        return Case(about, (rng.normal(size=(n_k, n_below)), rng.normal(size=(n_k, N)), np.tanh(rng.normal(size=(n_below, N)))))

    return [case("3 units above 5, 6 examples", 3, 5, 6), case("4 units above 4, 4 examples", 4, 4, 4)]


def step_down(W, grad_a, h):
    grad_h = W.mT @ grad_a
    return grad_h * (1 - h**2)


STEP_DOWN = Question(
    "step_down", step_down, layers, "Return the gradient of the pre-activations below, ∂𝓛/∂a_{k−1}, for tanh units.", read=REPAIR
)


@STEP_DOWN.mistake()
def w_where_it_fits(W, grad_a, h):
    """Does your line run for 3 units above 5?

    Where the widths are equal, a forgotten transpose raises no error. The blame comes back along the columns of W: `W.mT`.
    """
    return ((W if W.shape[0] == W.shape[1] else W.mT) @ grad_a) * (1 - h**2)


@STEP_DOWN.mistake()
def slope_at_h(W, grad_a, h):
    """At which place do you take the slope of tanh?

    h is tanh a already. 1 − tanh(h)² takes the tanh once more.
    """
    return (W.mT @ grad_a) * (1 - np.tanh(h) ** 2)


@STEP_DOWN.mistake()
def slope_forgotten(W, grad_a, h):
    """What does a saturated unit pass on in your program?

    All that it hears. Its slope, 1 − h², is missing.
    """
    return W.mT @ grad_a


@STEP_DOWN.mistake()
def one_number_for_all_units(W, grad_a, h):
    """Do all units below have the same gradient?

    In your program they do: you add over the units. The product is entry by entry.
    """
    grad_h = W.mT @ grad_a
    return np.ones_like(grad_h) * (grad_h * (1 - h**2)).sum(-2, keepdims=True)


@STEP_DOWN.mistake()
def slope_of_the_sigmoid(W, grad_a, h):
    """Which activation has h(1 − h) as its slope?

    The sigmoid. Here the units are tanh units: 1 − h².
    """
    return (W.mT @ grad_a) * h * (1 - h)


@STEP_DOWN.mistake()
def uphill(W, grad_a, h):
    """Which sign has your answer?

    The opposite one. Neither of the two lines needs a minus before it.
    """
    return -step_down(W, grad_a, h)


@STEP_DOWN.variant()
def in_one_line(W, grad_a, h):
    return np.einsum("ij,in->jn", W, grad_a) * (1 - h) * (1 + h)


# --- the gradients of a layer's own parameters ---


def pieces(rng):
    """Return ∂𝓛/∂a_k and h_{k−1} for a few examples."""

    def case(about, n_k, n_below, N):
        return Case(about, (rng.normal(size=(n_k, N)), rng.normal(size=(n_below, N))))

    return [case("3 units above 5, 6 examples", 3, 5, 6), case("4 units above 2, 5 examples", 4, 2, 5)]


def own_gradients(grad_a, h):
    return grad_a @ h.mT, grad_a.sum(-1, keepdims=True)


OWN_GRADIENTS = Question("own_gradients", own_gradients, pieces, "Return ∂𝓛/∂W_k and ∂𝓛/∂b_k.", read=REPAIR, parts=("∂𝓛/∂W_k", "∂𝓛/∂b_k"))


@OWN_GRADIENTS.mistake()
def first_example_alone(grad_a, h):
    """How many examples do your weights learn from?

    From the first one. Leave the slices away: the product of the whole matrices adds over the examples.
    """
    return grad_a[:, :1] @ h[:, :1].mT, grad_a.sum(-1, keepdims=True)


@OWN_GRADIENTS.mistake()
def n_counted_twice(grad_a, h):
    """Who divides by N?

    The loss, once: grad_a has its 1/N already. So the biases need a sum, not a mean.
    """
    return grad_a @ h.mT, grad_a.mean(-1, keepdims=True)


@OWN_GRADIENTS.mistake()
def both_bugs_left(grad_a, h):
    """Have you changed both lines?

    The weights learn from the first example only, and the biases divide by N a second time.
    """
    return grad_a[:, :1] @ h[:, :1].mT, grad_a.mean(-1, keepdims=True)


@OWN_GRADIENTS.mistake()
def sum_over_everything(grad_a, h):
    """How many different bias gradients come out?

    One for the whole layer: sum() without an axis adds the units too.
    """
    return grad_a @ h.mT, np.full((grad_a.shape[0], 1), grad_a.sum())


@OWN_GRADIENTS.mistake()
def axis_lost(grad_a, h):
    """Which shape has b?

    (n, 1). A sum drops its axis unless you say `keepdims=True`.
    """
    return grad_a @ h.mT, grad_a.sum(-1)


@OWN_GRADIENTS.mistake()
def weights_as_a_mean(grad_a, h):
    """Who divides by N?

    The loss, once: grad_a has its 1/N already.
    """
    return grad_a @ h.mT / grad_a.shape[1], grad_a.sum(-1, keepdims=True)


@OWN_GRADIENTS.variant()
def with_einsum(grad_a, h):
    return np.einsum("in,jn->ij", grad_a, h), grad_a @ np.ones((grad_a.shape[1], 1))


# --- tasks in the laboratory ---


def _committed(states, case):
    return any(state["case"] == case and "—" not in (state["layer"], state["place"], state["kind"]) for state in states)


def _halved(states):
    rates = {state["learning_rate"] for state in states if state["case"] == 4}
    return any(any(abs(other - rate / 2) < 0.1 * rate for other in rates) for rate in rates)


TASKS = {
    "laboratory": (
        Task(
            "three",
            "Cases 1, 2 and 3: commit to all three parts of a diagnosis for each.",
            lambda states: all(_committed(states, case) for case in (1, 2, 3)),
            "In case 1 only biases are accused, and `backward` says 0 for all of b₃: the entries of ŷ − y add up to 0. In case 2 the "
            "columns of ŷ do not add up to 1: look at the outputs before the gradients. In case 3 the check is silent, "
            "and all borders are vertical.",
        ),
        Task(
            "halved",
            "Case 4: note the errors of W₂ and b₂. Then halve the learning rate. What happens to them?",
            _halved,
            "They are halved, too, and the finite differences stay. A gradient has no business knowing the learning rate: "
            "some parameter has moved before it was used.",
        ),
        Task(
            "uneven",
            "Cases 6 and 13 accuse the same four gradients. Make the widths uneven for both: both crash. "
            "With equal widths, in which of the two is ∂𝓛/∂h₂ right?",
            lambda states: all(any(s["case"] == case and s["widths"] == "uneven" for s in states) for case in (6, 13)),
            "In case 6, where ∂𝓛/∂a₂ is the first that is wrong: its slope comes from another layer. In case 13 ∂𝓛/∂h₂ itself is wrong: "
            "its W₃ lacks the transpose.",
        ),
        Task(
            "repair",
            "Case 14: try repairs until the check says that all gradients agree. How could you have known the line?",
            lambda states: states[-1]["case"] == 14 and states[-1]["repair"] == "∂𝓛/∂a_k",
            "It is the line of ∂𝓛/∂a_k. Without the repair ∂𝓛/∂h₂ agrees with its finite difference, and ∂𝓛/∂a₂, made of it, does not: "
            "the two are equal, so no unit has a slope.",
        ),
        Task(
            "better",
            "Case 13, learning rate 0.2. Which loss ends lower, that of the suspect or that of the true code?",
            lambda states: states[-1]["case"] == 13 and abs(states[-1]["learning_rate"] - 0.2) < 0.02,
            "That of the suspect. Its gradient is wrong, and this race it has won. On the average over ten other starts it loses.",
        ),
    )
}
