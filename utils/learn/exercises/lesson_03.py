"""What the learner writes in lesson 03: one layer, a loss, the whole forward pass, two layers in one, XOR, and inputs on one scale."""

import numpy as np

from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task
from utils.nn.activations import sigmoid
from utils.nn.losses import softmax
from utils.nn.network import FeedForwardNetwork

LAYER = Place("03_forward_pass", 1, "One layer, number by number")
LAST = Place("03_forward_pass", 5, "What is the last layer for?")
WHOLE = Place("03_forward_pass", 6, "The whole forward pass")
BEND = Place("03_forward_pass", 7, "Why does a unit need its g?")
XOR = Place("03_forward_pass", 8, "Weights with a purpose")
SCALE = Place("03_forward_pass", 9, "Inputs of different size")


# --- one layer ---


def pre_activations(W, b, h):
    return W @ h + b


def layers(rng):
    """Return weights, biases as a column, and the columns that come in."""
    return [
        Case("3 units, 2 inputs and 5 examples", (rng.normal(size=(3, 2)), rng.normal(size=(3, 1)), rng.normal(size=(2, 5)))),
        Case("2 units, 2 inputs and 2 examples", (rng.normal(size=(2, 2)), rng.normal(size=(2, 1)), rng.normal(size=(2, 2)))),
        Case("one example", (rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), rng.normal(size=(3, 1))), ordinary=False),
    ]


ONE_LAYER = Question("pre_activations", pre_activations, layers, "Return a_k = W_k h_{k−1} + b_k, a column for each example.", read=LAYER)


@ONE_LAYER.mistake()
def no_bias(W, b, h):
    """Does your answer change when b does?

    The bias is missing: each unit adds its own.
    """
    return W @ h


@ONE_LAYER.mistake()
def bias_as_a_factor(W, b, h):
    """What becomes of your answer when all biases are 0?

    The bias is added, not multiplied. As a factor it would set every pre-activation to 0.
    """
    return (W @ h) * b


@ONE_LAYER.mistake()
def bias_taken_away(W, b, h):
    """Should a larger bias make a larger or smaller?

    Larger: it is added.
    """
    return W @ h - b


@ONE_LAYER.mistake()
def transposed(W, b, h):
    """Which belongs to one unit: a row of W, or a column?

    A row: row i holds the weights that arrive at unit i. You use the columns.
    """
    return W.T @ h + b


@ONE_LAYER.mistake()
def entry_by_entry(W, b, h):
    """Which sign in Python multiplies matrices, * or @?

    * multiplies entry by entry. The sum over the inputs needs @.
    """
    return W * h + b


@ONE_LAYER.mistake()
def bias_as_a_row(W, b, h):
    """Which bias does each example get, and which does each unit get?

    You have made a row of b: now every example has a bias of its own. Every unit shall have one.
    """
    return W @ h + b.ravel()


@ONE_LAYER.variant()
def written_out(W, b, h):
    return np.array([sum(W[i, j] * h[j] for j in range(W.shape[1])) + b[i] for i in range(W.shape[0])])


# --- the loss of one example ---


def cross_entropy(y_hat, y):
    return -np.sum(y * np.log(y_hat))


def distributions(rng):
    """Return predicted and true probabilities: one-hot truths, and a truth that is not sure."""
    return [
        Case("three classes, the second is true", (rng.dirichlet(np.ones(3)), np.array([0.0, 1.0, 0.0]))),
        Case("four classes, the last is true", (rng.dirichlet(np.ones(4)), np.array([0.0, 0.0, 0.0, 1.0]))),
        Case("a truth that is not sure", (rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(3)))),
    ]


LOSS = Question(
    "cross_entropy", cross_entropy, distributions, "Return −Σᵢ yᵢ log ŷᵢ for one example, with the natural logarithm.", read=LAST
)


@LOSS.mistake()
def minus_lost(y_hat, y):
    """Can a loss be negative?

    The logarithm of a probability is negative or 0. The minus in front makes a loss of it.
    """
    return np.sum(y * np.log(y_hat))


@LOSS.mistake()
def base_ten(y_hat, y):
    """Which logarithm is meant?

    The natural one, to the base e: np.log, not np.log10.
    """
    return -np.sum(y * np.log10(y_hat))


@LOSS.mistake()
def base_two(y_hat, y):
    """Which logarithm is meant?

    The natural one, to the base e: np.log, not np.log2.
    """
    return -np.sum(y * np.log2(y_hat))


@LOSS.mistake()
def mean_over_classes(y_hat, y):
    """A mean or a sum over the classes?

    A sum. The loss is a mean over the examples, and here there is one.
    """
    return -np.mean(y * np.log(y_hat))


@LOSS.mistake()
def exchanged(y_hat, y):
    """Which of the two stands inside the logarithm?

    The predicted one: log ŷ. The logarithm of a truth of 0 is infinite.
    """
    return -np.sum(y_hat * np.log(y))


@LOSS.mistake()
def truth_left_out(y_hat, y):
    """Does your answer change when another class is the true one?

    Each logarithm is multiplied by its yᵢ. For a one-hot truth only one term is left.
    """
    return -np.sum(np.log(y_hat))


@LOSS.mistake()
def yes_and_no(y_hat, y):
    """Which terms does the formula have for a class with yᵢ = 0?

    None. The term (1 − y) log(1 − ŷ) belongs to a single yes-or-no output.
    """
    return -np.sum(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@LOSS.mistake()
def one_term_for_each_class(y_hat, y):
    """Is your answer one number?

    These are the terms. The loss is their sum.
    """
    return -y * np.log(y_hat)


@LOSS.variant()
def as_a_product(y_hat, y):
    return -(y @ np.log(y_hat))


# --- the whole forward pass ---


def forward(net, x):
    h = x
    for k in range(1, net.L + 1):
        a = net.W[k] @ h + net.b[k]
        h = softmax(a) if k == net.L else sigmoid(a)
    return h


def networks(rng):
    """Return networks with biases and a batch for each; all sizes differ."""

    def case(about, sizes, n, **more):
        net = FeedForwardNetwork(sizes, seed=int(rng.integers(1000)))
        net = net.with_parameters(b={k: rng.normal(size=(sizes[k], 1)) for k in net.layers})
        return Case(about, (net, rng.normal(size=(sizes[0], n))), **more)

    return [
        case("a 2-3-4 network and 5 examples", [2, 3, 4], 5),
        case("a 3-5-2-4 network and 6 examples", [3, 5, 2, 4], 6),
        case("one example", [2, 2, 2], 1, ordinary=False),
    ]


FORWARD = Question("forward", forward, networks, "Return ŷ of a softmax network, a column for each example.", read=WHOLE)


@FORWARD.mistake()
def sigmoid_in_the_last_layer(net, x):
    """What do the columns of your ŷ add up to?

    They should add up to 1. In the last layer, k = net.L, it is softmax(a) and not sigmoid(a).
    """
    h = x
    for k in range(1, net.L + 1):
        h = sigmoid(net.W[k] @ h + net.b[k])
    return h


@FORWARD.mistake()
def softmax_in_every_layer(net, x):
    """Which function do the hidden units have?

    The sigmoid. The softmax belongs to the last layer alone.
    """
    h = x
    for k in range(1, net.L + 1):
        h = softmax(net.W[k] @ h + net.b[k])
    return h


@FORWARD.mistake()
def biases_forgotten(net, x):
    """Does your answer change when the biases do?

    a_k = W_k h_{k−1} + b_k: the b_k is missing.
    """
    h = x
    for k in range(1, net.L + 1):
        a = net.W[k] @ h
        h = softmax(a) if k == net.L else sigmoid(a)
    return h


@FORWARD.mistake()
def no_sigmoid(net, x):
    """What happens to a before it goes into the next layer?

    The hidden units turn a into h = σ(a). You hand on a itself.
    """
    a = x
    for k in range(1, net.L + 1):
        a = net.W[k] @ a + net.b[k]
    return softmax(a)


@FORWARD.mistake()
def one_layer_short(net, x):
    """With which k does your loop end? range stops before its second number.

    The last layer is missing: k runs from 1 to net.L, range(1, net.L + 1).
    """
    h = x
    for k in range(1, net.L):
        h = sigmoid(net.W[k] @ h + net.b[k])
    return h


@FORWARD.mistake()
def nothing_yet(net, x):
    """What does your function return?

    The input as it came. The loop must put its result back into h.
    """
    return x


@FORWARD.mistake()
def scores_instead_of_probabilities(net, x):
    """Are your answers probabilities?

    These are the scores of the last layer. The softmax makes probabilities of them.
    """
    h = x
    for k in range(1, net.L + 1):
        a = net.W[k] @ h + net.b[k]
        h = a if k == net.L else sigmoid(a)
    return h


# --- two layers without g ---


def multiplied_out(W_1, b_1, W_2, b_2):
    return W_2 @ W_1, W_2 @ b_1 + b_2


TWO_IN_ONE = Question(
    "multiplied_out",
    multiplied_out,
    lambda rng: [
        Case("a 2-3-4 network", tuple(rng.normal(size=shape) for shape in ((3, 2), (3, 1), (4, 3), (4, 1)))),
        Case("a 2-2-2 network", tuple(rng.normal(size=shape) for shape in ((2, 2), (2, 1), (2, 2), (2, 1)))),
    ],
    "Return what stands before x, and what is left without x, in W_2 (W_1 x + b_1) + b_2.",
    read=BEND,
    parts=("what stands before x", "what is left without x"),
)


@TWO_IN_ONE.mistake()
def order_of_the_factors(W_1, b_1, W_2, b_2):
    """Which matrix meets x first, W_1 or W_2?

    W_1, so it stands next to x: W_2 W_1 x. You have them in the opposite order.
    """
    return W_1 @ W_2, W_2 @ b_1 + b_2


@TWO_IN_ONE.mistake()
def first_bias_not_carried_on(W_1, b_1, W_2, b_2):
    """Multiply out: what happens to b_1 in the second layer?

    It passes through the second layer like everything else: W_2 b_1. You have left W_2 away.
    """
    return W_2 @ W_1, b_1 + b_2 if b_1.shape == b_2.shape else b_2


@TWO_IN_ONE.mistake()
def first_bias_forgotten(W_1, b_1, W_2, b_2):
    """Does your b change when b_1 does?

    W_2 (W_1 x + b_1) has two terms, and W_2 b_1 is the one without x. It belongs to b.
    """
    return W_2 @ W_1, b_2


@TWO_IN_ONE.mistake()
def biases_multiplied(W_1, b_1, W_2, b_2):
    """Multiply out: is b_2 a factor or a term?

    It is added at the end: W_2 b_1 + b_2.
    """
    return W_2 @ W_1, (W_2 @ b_1) * b_2


# --- XOR ---

POINTS = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
EXACTLY_ONE = np.array([[False, True, True, False]])


def answers(W_1, b_1, W_2, b_2):
    """Return ŷ of a 2-2-1 network of sigmoids for the four points."""
    return sigmoid(W_2 @ sigmoid(W_1 @ POINTS + b_1) + b_2)


def xor_network():
    W_1, b_1 = np.array([[10, 10], [10, 10]]), np.array([[-5], [-15]])
    W_2, b_2 = np.array([[10, -10]]), np.array([[-5]])
    return W_1, b_1, W_2, b_2


def _all_four_are_right(cases, found):
    """Return "" when the numbers of the learner do it, None when they do not."""
    if any(answer is None or [np.shape(each) for each in answer] != [(2, 2), (2, 1), (1, 2), (1, 1)] for answer in found):
        return None
    with np.errstate(all="ignore"):
        said = [answers(*(np.asarray(each, float) for each in answer)) for answer in found]
    return "" if all(np.isfinite(each).all() and ((each > 0.5) == EXACTLY_ONE).all() for each in said) else None


XOR_NETWORK = Question(
    "xor_network",
    xor_network,
    lambda rng: [Case("the four points", ())],
    "Return W_1, b_1, W_2, b_2 with shapes (2, 2), (2, 1), (1, 2), (1, 1), so that ŷ is above ½ where exactly one input is 1.",
    read=XOR,
    parts=("W_1", "b_1", "W_2", "b_2"),
    accepts=_all_four_are_right,
)


@XOR_NETWORK.mistake()
def too_soft():
    """What do your hidden units say at the four points? Are they near 0 and 1?

    With numbers that small a sigmoid is no step: it says 0.27 and 0.73. Multiply all weights and biases by the same number, such as 5.
    """
    return np.array([[2, 2], [2, 2]]), np.array([[-1], [-3]]), np.array([[2, -2]]), np.array([[-1]])


@XOR_NETWORK.mistake()
def and_for_and_not():
    """Your output is near 1 where both inputs are 1. Which sign must the weight of the AND unit have?

    A unit that is to silence the output gets a negative weight: OR, and *not* AND.
    """
    return np.array([[10, 10], [10, 10]]), np.array([[-5], [-15]]), np.array([[10, 10]]), np.array([[-5]])


@XOR_NETWORK.mistake()
def turned_round():
    """Is ŷ above ½ where exactly one input is 1, or where it is not?

    Your answers are the opposite of what is asked. Change the sign of W_2 and of b_2.
    """
    return np.array([[10, 10], [10, 10]]), np.array([[-5], [-15]]), np.array([[-10, 10]]), np.array([[5]])


def _wrong_somewhere(cases, found):
    """Return whether all shapes are right, some of the four answers are wrong, and none of the mistakes above is seen."""
    (answer,) = found
    if answer is None or [np.shape(each) for each in answer] != [(2, 2), (2, 1), (1, 2), (1, 1)]:
        return False
    known = any(
        all(np.allclose(*pair) for pair in zip(answer, wrong(), strict=True)) for wrong in (too_soft, and_for_and_not, turned_round)
    )
    return _all_four_are_right(cases, found) is None and not known


@XOR_NETWORK.mistake(detect=_wrong_somewhere)
def wrong_at_some_of_the_four_points():
    """At which of the four points is ŷ on the wrong side of ½? And what do the two hidden units say there?

    The OR unit shall be near 1 unless both inputs are 0, the AND unit only where both are 1. The output then needs a positive weight for
    the first, a negative one for the second, and a negative bias.
    """
    return np.ones((2, 2)), np.zeros((2, 1)), np.ones((1, 2)), np.zeros((1, 1))


@XOR_NETWORK.variant()
def or_and_nand():
    return np.array([[10, 10], [-10, -10]]), np.array([[-5], [15]]), np.array([[10, 10]]), np.array([[-15]])


@XOR_NETWORK.variant()
def one_and_not_the_other():
    return np.array([[20, -20], [-20, 20]]), np.array([[-10], [-10]]), np.array([[20, 20]]), np.array([[-10]])


# --- inputs on one scale ---


def standardised(x):
    return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)


def measurements(rng):
    """Return batches whose rows have very different sizes."""
    return [
        Case("3 inputs and 6 examples", (rng.normal(size=(3, 6)) * [[1], [50], [0.1]] + [[2], [1700], [-3]],)),
        Case("as many inputs as examples", (rng.normal(size=(4, 4)) * [[1], [50], [0.1], [5]] + [[2], [1700], [-3], [0]],)),
    ]


STANDARDISED = Question(
    "standardised",
    standardised,
    measurements,
    "Return x with mean 0 and standard deviation 1 in every row; each column is an example.",
    read=SCALE,
)


@STANDARDISED.mistake()
def along_the_columns(x):
    """Which numbers are measured in the same unit, those of a row or those of a column?

    Those of a row: one input, all examples. You have taken the mean over the inputs of each example.
    """
    return (x - x.mean(axis=0, keepdims=True)) / x.std(axis=0, keepdims=True)


@STANDARDISED.mistake()
def one_mean_for_everything(x):
    """What is the mean of each row of your answer?

    You have taken one mean and one deviation for the whole matrix. Each input needs its own: axis=1, keepdims=True.
    """
    return (x - x.mean()) / x.std()


@STANDARDISED.mistake()
def only_centred(x):
    """What is the standard deviation of each row of your answer?

    The mean is 0 now, but the rows still have very different sizes. Divide by the standard deviation.
    """
    return x - x.mean(axis=1, keepdims=True)


@STANDARDISED.mistake()
def only_divided(x):
    """What is the mean of each row of your answer?

    The sizes are right, but the rows are not around 0. Take the mean away first.
    """
    return x / x.std(axis=1, keepdims=True)


@STANDARDISED.mistake()
def divided_by_the_variance(x):
    """What is the standard deviation of each row of your answer?

    You have divided by the variance, which is its square.
    """
    return (x - x.mean(axis=1, keepdims=True)) / x.var(axis=1, keepdims=True)


@STANDARDISED.mistake()
def divided_by_n_minus_one(x):
    """What is x.std() of each row of your answer?

    A little less than 1: you divide by N − 1. Leave ddof at its default, 0.
    """
    return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True, ddof=1)


# --- tasks under the explorer ---


def _weight(state, **values):
    return state["kind"] == "W" and (state["k"], state["i"], state["j"]) == (1, 2, 1) and all(state[n] == v for n, v in values.items())


TASKS = {
    "flow": (
        Task(
            "bias",
            "Change a b: layer 2, to unit 1, add 1. Why does ŷ₂ light up, and a₂,₂ not?",
            lambda states: (states[-1]["kind"], states[-1]["k"], states[-1]["i"], states[-1]["change"]) == ("b", 2, 1, 1.0),
            "A bias belongs to one unit: a₂,₂ does not hear it. But the softmax divides by the sum of both: what ŷ₁ gains, ŷ₂ loses.",
        ),
        Task(
            "blank",
            "Change a W: layer 1, to unit 2, from unit 1, add 1. Then set x₁ to 0. What lights up?",
            lambda states: _weight(states[-1], x_1=0.0, change=1.0),
            "Nothing: the weight is multiplied by x₁ = 0. Nobody can blame it for this example, and its gradient will be 0.",
        ),
        Task(
            "asleep",
            "Choose relu, x₁ = −2, and the same weight. Add 0.5, then 2: the loss stays. Find a change that moves it.",
            lambda states: (
                _weight(states[-1], activation="relu", x_1=-2.0)
                and any(_weight(state, activation="relu", x_1=-2.0) and state["change"] > 0 for state in states)
                and states[-1]["change"] <= -0.7
            ),
            "a₁,₂ is about −1.3, and relu makes 0 of it: the unit sleeps, however much is added. Take 1 away: a₁,₂ is positive, and the "
            "loss moves.",
        ),
    ),
}
