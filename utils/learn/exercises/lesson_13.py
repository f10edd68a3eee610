"""What the learner writes in lesson 13: a product along a thin network, tanh′, a scale for fresh weights, silent units, a median."""

import numpy as np

from utils.explore.depth import signal_scales
from utils.explore.sweep import trained
from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task

THIN = Place("13_depth_and_initialisation", 1, "One unit in each layer")
TANH = Place("13_depth_and_initialisation", 2, "tanh and ReLU")
FRESH = Place("13_depth_and_initialisation", 4, "How large should fresh weights be?")
DEAD = Place("13_depth_and_initialisation", 5, "Dead units")
STACK = Place("13_depth_and_initialisation", 6, "48 networks at once")


# --- what arrives in a thin network ---


def thin_networks(rng):
    """Return weights and slopes of networks with ten layers, with three, and with one."""
    return [Case(f"{n} layers", (list(rng.uniform(-2, 2, n)), list(rng.uniform(0.1, 1, n)))) for n in (3, 10, 1)]


def arriving(weights, slopes):
    return np.prod(weights) * np.prod(slopes)


ARRIVING = Question(
    "arriving",
    arriving,
    thin_networks,
    "Return the share of the gradient that arrives: the product of all weights and all slopes.",
    read=THIN,
)


@ARRIVING.mistake()
def added_up(weights, slopes):
    """Along one path, are local derivatives added or multiplied?

    Multiplied. They are added where several paths meet, and here is only one.
    """
    return sum(w * slope for w, slope in zip(weights, slopes, strict=True))


@ARRIVING.mistake()
def slopes_alone(weights, slopes):
    """Does your answer change when a weight is doubled?

    It must: the weights stand on the way as well.
    """
    return np.prod(slopes)


@ARRIVING.mistake()
def weights_alone(weights, slopes):
    """Does your answer change when a slope is halved?

    It must: the slopes g′(a_k) stand on the way as well.
    """
    return np.prod(weights)


@ARRIVING.mistake()
def one_layer_only(weights, slopes):
    """How many layers does the gradient pass?

    All of them. You have the factor of the first one.
    """
    return weights[0] * slopes[0]


@ARRIVING.mistake()
def sums_multiplied(weights, slopes):
    """Which numbers are multiplied?

    Each weight and each slope. You multiply two sums.
    """
    return sum(weights) * sum(slopes)


@ARRIVING.mistake()
def layer_by_layer_list(weights, slopes):
    """Is your answer one number?

    These are the factors of the layers. Multiply them.
    """
    return np.array(weights) * np.array(slopes)


@ARRIVING.variant()
def in_a_loop(weights, slopes):
    share = 1.0
    for w, slope in zip(weights, slopes, strict=True):
        share = share * w * slope
    return share


# --- the slope of tanh ---


def activations(rng):
    """Return activations of a batch, of one example, and the ends of the range."""
    return [
        Case("a batch", (np.tanh(rng.normal(size=(3, 5))),)),
        Case("one number", (float(np.tanh(rng.normal())),)),
        Case("−1, 0 and 1", (np.array([-1.0, 0.0, 1.0]),), ordinary=False),
    ]


def tanh_prime(h):
    return 1 - h**2


TANH_PRIME = Question("tanh_prime", tanh_prime, activations, "Return the slope of tanh, from h = tanh(a).", read=TANH)


@TANH_PRIME.mistake()
def of_the_sigmoid(h):
    """What is your slope at h = 0, the middle?

    0, but tanh is steepest there. h(1 − h) belongs to the sigmoid.
    """
    return h * (1 - h)


@TANH_PRIME.mistake()
def tanh_once_more(h):
    """What does your function get, a or h?

    h, where tanh has already been taken. You take it a second time.
    """
    return 1 - np.tanh(h) ** 2


@TANH_PRIME.mistake()
def not_squared(h):
    """What is your slope at h = −1, where the curve is flat?

    2, but it must be 0 at both ends. h is squared.
    """
    return 1 - h


@TANH_PRIME.mistake()
def square_of_the_difference(h):
    """What is your slope at h = −1, where the curve is flat?

    4, but it must be 0 at both ends. Take the square first, then the difference.
    """
    return (1 - h) ** 2


@TANH_PRIME.mistake()
def the_square_itself(h):
    """What is your slope at h = 0, the middle?

    0, but tanh is steepest there. You have tanh², and the slope is 1 minus that.
    """
    return h**2


@TANH_PRIME.mistake()
def wrong_sign(h):
    """Does tanh rise or fall?

    It rises everywhere, so its slope is never negative.
    """
    return h**2 - 1


@TANH_PRIME.variant()
def as_a_product(h):
    return (1 + h) * (1 - h)


# --- the scale of fresh weights ---


def layers(rng):
    """Return numbers of units with either activation."""
    return [Case(f"{n} units below, {g}", (n, g)) for n, g in ((50, "relu"), (50, "tanh"), (2, "relu"), (100, "tanh"), (1, "tanh"))]


def initial_scale(n, activation):
    return (2 / n) ** 0.5 if activation == "relu" else (1 / n) ** 0.5


INITIAL_SCALE = Question(
    "initial_scale",
    initial_scale,
    layers,
    'Return the standard deviation of fresh weights, for "relu" or for "tanh".',
    read=FRESH,
)


@INITIAL_SCALE.mistake()
def the_variance(n, activation):
    """Is your answer a mean square, or its root?

    n times the mean square is 1 or 2. The standard deviation is the root of the mean square.
    """
    return 2 / n if activation == "relu" else 1 / n


@INITIAL_SCALE.mistake()
def one_rule_for_both(n, activation):
    """What does ReLU do with half of the squares?

    It drops them. So its weights need the factor √2.
    """
    return 1 / n**0.5


@INITIAL_SCALE.mistake()
def exchanged(n, activation):
    """Which of the two loses half of the squares?

    ReLU. You give the √2 to tanh.
    """
    return 1 / n**0.5 if activation == "relu" else (2 / n) ** 0.5


@INITIAL_SCALE.mistake()
def two_outside_the_root(n, activation):
    """By what must the mean square grow to make up for ReLU, and by what the typical size?

    The mean square by 2, so the size by √2.
    """
    return (2 if activation == "relu" else 1) / n**0.5


@INITIAL_SCALE.mistake()
def growing_with_n(n, activation):
    """With more units below, must each weight be larger or smaller?

    Smaller: more terms are added. Divide by √n.
    """
    return ((2 if activation == "relu" else 1) * n) ** 0.5


@INITIAL_SCALE.mistake()
def divided_by_n_after_the_root(n, activation):
    """What stands under the root?

    2/n, all of it. You take the root of the 2 alone.
    """
    return (2**0.5 if activation == "relu" else 1) / n


@INITIAL_SCALE.mistake()
def always_one(n, activation):
    """Does your answer depend on n?

    It must: the sum has n terms.
    """
    return 1.0


@INITIAL_SCALE.variant()
def with_a_table(n, activation):
    return np.sqrt({"relu": 2, "tanh": 1}[activation]) / np.sqrt(n)


# --- silent units ---


def layers_with_silent_units(rng):
    """Return activations in which some units are 0 for all examples, some for a few, and some examples are 0 for all units."""

    def layer(n, N, silent):
        h = np.maximum(rng.normal(size=(n, N)), 0)
        h[:, 0] = 0.0
        h[:, 1] = rng.uniform(0.5, 1, n)
        h[silent] = 0.0
        return h

    return [
        Case("5 units, 8 examples, two units are silent", (layer(5, 8, [1, 3]),)),
        Case("4 units, 4 examples, one unit is silent", (layer(4, 4, [2]),)),
        Case("nobody is silent", (layer(3, 6, []),)),
    ]


def silent(h):
    return (h == 0).all(axis=1)


SILENT = Question(
    "silent",
    silent,
    layers_with_silent_units,
    "Return for every unit, a row of h, whether it is 0 for all examples.",
    read=DEAD,
)


@SILENT.mistake()
def for_some_example(h):
    """Is a unit dead that is 0 for a single example?

    No: ReLU is meant to be 0 now and then. It must be 0 for all of them.
    """
    return (h == 0).any(axis=1)


@SILENT.mistake()
def over_the_units(h):
    """How many answers come back, one for each unit or one for each example?

    A unit is a row. axis=0 goes down the units; go along the examples.
    """
    return (h == 0).all(axis=0)


@SILENT.mistake()
def the_living_ones(h):
    """Is your answer True for a dead unit, or for a living one?

    For a living one. The question is the other way round.
    """
    return (h != 0).any(axis=1)


@SILENT.mistake()
def one_answer_for_all(h):
    """How many answers come back, and how many units are there?

    One answer, for the whole layer. Look along each row.
    """
    return (h == 0).all()


@SILENT.mistake()
def a_count(h):
    """Is your answer True or False for each unit?

    These are counts of zeros. Ask whether all entries of the row are 0.
    """
    return (h == 0).sum(axis=1)


@SILENT.variant()
def by_the_largest(h):
    return h.max(axis=1) <= 0


# --- the best learning rate ---


def maps(rng):
    """Return losses, whether they diverged, and learning rates; diverged runs hold numbers that mislead."""
    rates = 0.01 * 2.0 ** np.arange(5)
    loss = np.array([0.8, 0.4, 0.2, 0.3, 0.9]) + 0.02 * rng.normal(size=(6, 5))
    diverged = np.zeros((6, 5), dtype=bool)
    diverged[:4, 4] = True
    first = loss.copy()
    first[diverged] = 1e9
    misleading = loss.copy()
    diverged_2 = diverged.copy()
    diverged_2[:4, 3] = True
    misleading[diverged_2] = 0.01
    lucky = loss.copy()
    lucky[0, 0] = 0.001  # one seed alone is best elsewhere
    outlier = loss.copy()
    outlier[0, 2] = 50.0  # one seed alone spoils the mean
    none = np.zeros((6, 5), dtype=bool)
    return [
        Case("a map with a cliff", (first, diverged, rates)),
        Case("diverged runs that hold small numbers", (misleading, diverged_2, rates)),
        Case("one lucky seed", (lucky, none, rates)),
        Case("one unlucky seed", (outlier, none, rates)),
    ]


def best_rate(loss, diverged, learning_rates):
    reached = np.where(diverged, np.inf, loss)
    return learning_rates[np.median(reached, axis=0).argmin()]


BEST_RATE = Question("best_rate", best_rate, maps, "Return the learning rate with the lowest median loss over the seeds.", read=STACK)


@BEST_RATE.mistake()
def the_mean(loss, diverged, learning_rates):
    """What does one very bad seed do to your choice?

    It spoils a mean. A median asks for the seed in the middle.
    """
    return learning_rates[np.where(diverged, np.inf, loss).mean(axis=0).argmin()]


@BEST_RATE.mistake()
def the_best_single_network(loss, diverged, learning_rates):
    """What does one lucky seed do to your choice?

    It decides it. Take the median over the seeds of each learning rate first.
    """
    return learning_rates[np.where(diverged, np.inf, loss).min(axis=0).argmin()]


@BEST_RATE.mistake()
def diverged_runs_counted_as_they_are(loss, diverged, learning_rates):
    """What is the loss of a run that diverged?

    Whatever number it had when it was stopped. Count it as infinite.
    """
    return learning_rates[np.median(loss, axis=0).argmin()]


@BEST_RATE.mistake()
def a_column_instead_of_a_rate(loss, diverged, learning_rates):
    """Is your answer a learning rate?

    It is the number of a column. Look it up in learning_rates.
    """
    return np.median(np.where(diverged, np.inf, loss), axis=0).argmin()


@BEST_RATE.mistake()
def the_lowest_median_itself(loss, diverged, learning_rates):
    """Is your answer a learning rate?

    It is the lowest median. argmin says in which column it stands.
    """
    return np.median(np.where(diverged, np.inf, loss), axis=0).min()


@BEST_RATE.mistake()
def the_worst(loss, diverged, learning_rates):
    """Is a large loss good or bad?

    Bad: look for the lowest median.
    """
    return learning_rates[np.median(np.where(diverged, 1e300, loss), axis=0).argmax()]


@BEST_RATE.variant()
def column_by_column(loss, diverged, learning_rates):
    medians = [
        np.median([float("inf") if lost else value for value, lost in zip(*pair, strict=True)])
        for pair in zip(loss.T, diverged.T, strict=True)
    ]
    return learning_rates[medians.index(min(medians))]


# --- tasks under the explorers ---


def _arrives(state):
    return signal_scales(**state).backward_size[0]


def _sweep(state):
    loss, diverged = trained(**state)
    return np.where(diverged, np.inf, loss)


TASKS = {
    "depth": (
        Task(
            "both",
            "Identity, ten hidden layers of 50. Find a scale at which less than 0.001 of the gradient arrives, and one at which "
            "more than 1000 times as much arrives.",
            lambda states: (
                (tried := [_arrives(s) for s in states if s["activation"] == "identity" and s["depth"] == 10 and s["width"] == 50])
                and min(tried) < 0.001
                and max(tried) > 1000
            ),
            "About half or about twice the scale is enough: the factor of a layer is taken to the power 10.",
        ),
        Task(
            "sigmoid",
            "Sigmoid, ten hidden layers of 50. Try the scales 1, 4 and 10. What arrives, and what happens to the histograms?",
            lambda states: (
                {1, 4, 10} <= {round(s["scale"]) for s in states if s["activation"] == "sigmoid" and s["depth"] == 10 and s["width"] == 50}
            ),
            "At 4 hardly a hundredth arrives. At 10 a good part of it does, but most units are switches then, near 0 and 1.",
        ),
        Task(
            "relu",
            "ReLU, ten hidden layers of 50. Find a scale at which between half and twice the gradient arrives.",
            lambda states: (
                states[-1]["activation"] == "relu"
                and states[-1]["depth"] == 10
                and states[-1]["width"] == 50
                and 0.5 < _arrives(states[-1]) < 2
            ),
            "About 1.4. Section 4 says why it is √2.",
        ),
    ),
    "sweep": (
        Task(
            "pale",
            "Four hidden layers of tanh. Find a scale at which no network gets below 0.9.",
            lambda states: states[-1]["activation"] == "tanh" and states[-1]["depth"] == 4 and _sweep(states[-1]).min() > 0.9,
            "Too small, and the gradients never arrive. Too large, and tanh has become a switch, or all runs diverge.",
        ),
        Task(
            "no layer",
            "No hidden layer, 100 epochs. From which learning rate on do all networks diverge?",
            lambda states: states[-1]["depth"] == 0 and states[-1]["epochs"] >= 100,
            "All of them at 1.28, none at 0.64: a valley with one limit, 2/λ_max, whatever the start. It is lesson 12 again.",
        ),
    ),
}
