"""What the learner writes in lesson 11: an autograd, first of numbers and then of arrays."""

import numpy as np

from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task

RULES = Place("11_vectorisation_and_autograd", 2, "A number that remembers")
ARRAYS = Place("11_vectorisation_and_autograd", 6, "An array that remembers")


# --- the rules of three operations ---


def two_numbers(rng):
    """Return pairs of numbers, different in size and sign."""
    return [Case("u = {:.2f}, v = {:.2f}".format(*pair), tuple(pair)) for pair in rng.uniform([1, -4], [2, -3], (2, 2)).tolist()]


def plus(u, v):
    return u + v, 1, 1


PLUS = Question(
    "plus",
    plus,
    two_numbers,
    "Return u + v and its two local derivatives.",
    read=RULES,
    parts=("u + v", "its derivative by u", "its derivative by v"),
)


@PLUS.mistake()
def derivatives_of_a_product(u, v):
    """If u grows by 0.1, by how much does u + v grow?

    By 0.1, whatever u and v are. You have the derivatives of the product.
    """
    return u + v, v, u


@PLUS.mistake()
def halves(u, v):
    """If u grows by 0.1, by how much does u + v grow?

    By the whole 0.1. The two inputs do not share it.
    """
    return u + v, 0.5, 0.5


@PLUS.mistake()
def the_numbers_themselves(u, v):
    """What is the derivative of u + v by u?

    It is a slope: how much the sum grows when u grows by 1. You have u itself.
    """
    return u + v, u, v


@PLUS.mistake()
def nothing_passes(u, v):
    """What is the derivative of u + v by u, while v stays?

    v is a constant then, and its derivative is 0. But u is still there.
    """
    return u + v, 0, 0


@PLUS.variant()
def as_floats(u, v):
    return v + u, 1.0, 1.0


def times(u, v):
    return u * v, v, u


TIMES = Question(
    "times",
    times,
    two_numbers,
    "Return u · v and its two local derivatives.",
    read=RULES,
    parts=("u · v", "its derivative by u", "its derivative by v"),
)


@TIMES.mistake()
def each_its_own(u, v):
    """What is the derivative of 3v by v?

    3: the other factor. You have each number beside itself: the two change places.
    """
    return u * v, u, v


@TIMES.mistake()
def derivatives_of_a_sum(u, v):
    """If v is 10 and u grows by 1, by how much does u · v grow?

    By 10, the other factor. You have the derivatives of the sum.
    """
    return u * v, 1, 1


@TIMES.mistake()
def the_product_itself(u, v):
    """Does the derivative of u · v by u contain u?

    No: as a function of u it is a straight line with the slope v.
    """
    return u * v, u * v, u * v


@TIMES.mistake()
def the_sum_of_both(u, v):
    """Which inputs move in ∂(uv)/∂u?

    u alone. You add both terms; each belongs to its own input.
    """
    return u * v, u + v, u + v


@TIMES.variant()
def as_an_array(u, v):
    return v * u, 1 * v, 1 * u


def scores(rng):
    """Return scores of either sign."""
    return [Case(f"a = {a:.2f}", (a,)) for a in (rng.uniform(0.4, 0.8), rng.uniform(-1.2, -0.9))]


def tanh(a):
    h = np.tanh(a)
    return h, 1 - h**2


TANH = Question("tanh", tanh, scores, "Return tanh a and its local derivative.", read=RULES, parts=("tanh a", "its derivative"))


@TANH.mistake()
def slope_of_the_sigmoid(a):
    """At a = 0, tanh has its steepest place. What is the slope there?

    1. h(1 − h) is the slope of the sigmoid; for tanh it is 1 − h².
    """
    h = np.tanh(a)
    return h, h * (1 - h)


@TANH.mistake()
def a_in_place_of_h(a):
    """Of which number do you take the square?

    Of h = tanh a, not of a.
    """
    return np.tanh(a), 1 - a**2


@TANH.mistake()
def tanh_twice(a):
    """How often do you take the tanh?

    Twice: your slope is that at h, not at a.
    """
    h = np.tanh(a)
    return h, 1 - np.tanh(h) ** 2


@TANH.mistake()
def not_squared(a):
    """Is your slope the same at a and at −a?

    tanh is as steep on the left as on the right. h is squared: 1 − h².
    """
    h = np.tanh(a)
    return h, 1 - h


@TANH.mistake()
def with_the_sigmoid(a):
    """What is tanh 0?

    0. You have the sigmoid, which is ½ there.
    """
    h = 1 / (1 + np.exp(-a))
    return h, h * (1 - h)


@TANH.variant()
def by_the_hyperbolic_cosine(a):
    return np.sinh(a) / np.cosh(a), 1 / np.cosh(a) ** 2


# --- the walk back ---


def graphs(rng):
    """Return graphs as lists: who each node was made from, and the local derivatives. A node is used twice in each."""

    def case(about, inputs):
        slopes = [rng.uniform(1.5, 3, len(made_from)) for made_from in inputs]
        return Case(about, ([np.array(made_from, dtype=int) for made_from in inputs], slopes))

    return [
        case("5 nodes, one of them used twice", [[], [], [0, 1], [2, 0], [3, 2]]),
        case("6 nodes, with one as both inputs of another", [[], [], [0, 0], [2, 1], [2, 1], [3, 4]]),
        case("a single node", [[]]),
    ]


def walk_back(inputs, slopes):
    grad = np.zeros(len(inputs))
    grad[-1] = 1
    for n in reversed(range(len(inputs))):
        for u, slope in zip(inputs[n], slopes[n], strict=True):
            grad[u] += grad[n] * slope
    return grad


WALK_BACK = Question(
    "walk_back",
    walk_back,
    graphs,
    "Return the derivative of the last node by each node, as one array.",
    read=RULES,
)


@WALK_BACK.mistake()
def overwritten(inputs, slopes):
    """What happens in your program to a node from which two others were made?

    The share that comes last wipes out the first. Shares of several paths are added: `+=`.
    """
    grad = np.zeros(len(inputs))
    grad[-1] = 1
    for n in reversed(range(len(inputs))):
        for u, slope in zip(inputs[n], slopes[n], strict=True):
            grad[u] = grad[n] * slope
    return grad


@WALK_BACK.mistake()
def in_order_of_birth(inputs, slopes):
    """Which node passes something on first in your program?

    The oldest one, and it has heard nothing yet. Begin with the last one: `reversed`.
    """
    grad = np.zeros(len(inputs))
    grad[-1] = 1
    for n in range(len(inputs)):
        for u, slope in zip(inputs[n], slopes[n], strict=True):
            grad[u] += grad[n] * slope
    return grad


@WALK_BACK.mistake()
def not_begun(inputs, slopes):
    """What is the derivative of the last node by itself?

    1. With 0 there, everybody passes on 0.
    """
    return np.zeros(len(inputs))


@WALK_BACK.mistake()
def local_derivatives_alone(inputs, slopes):
    """What does a node pass on, beside its local derivative?

    Its own gradient times the local derivative. You pass on the local derivative alone.
    """
    grad = np.zeros(len(inputs))
    grad[-1] = 1
    for n in reversed(range(len(inputs))):
        for u, slope in zip(inputs[n], slopes[n], strict=True):
            grad[u] += slope
    return grad


@WALK_BACK.mistake()
def gradients_alone(inputs, slopes):
    """Where do the local derivatives stand in your program?

    Nowhere: each node passes its own gradient on unchanged.
    """
    return walk_back(inputs, [np.ones(len(each)) for each in slopes])


@WALK_BACK.mistake()
def one_input_only(inputs, slopes):
    """How many inputs has a product?

    Two. You pass something on to the first one only.
    """
    return walk_back([each[:1] for each in inputs], [each[:1] for each in slopes])


@WALK_BACK.mistake()
def begun_with_one_everywhere(inputs, slopes):
    """What has a node heard before anybody has passed anything on to it?

    Nothing: 0. Only the last node begins with 1.
    """
    grad = np.ones(len(inputs))
    for n in reversed(range(len(inputs))):
        for u, slope in zip(inputs[n], slopes[n], strict=True):
            grad[u] += grad[n] * slope
    return grad


@WALK_BACK.variant()
def with_sums_over_the_children(inputs, slopes):
    grad = [0.0] * (len(inputs) - 1) + [1.0]
    for n in range(len(inputs) - 1, -1, -1):
        for place in range(len(inputs[n])):
            u = inputs[n][place]
            grad[u] = grad[u] + grad[n] * slopes[n][place]
    return np.array(grad)


# --- the rule of a matrix product ---


def products(rng):
    """Return a weight matrix, a batch and a gradient: no two shapes alike, and a square one."""

    def case(about, n, m, N):
        return Case(about, (rng.normal(size=(n, m)), rng.normal(size=(m, N)), rng.normal(size=(n, N))))

    return [case("3 units on 2 inputs, 5 examples", 3, 2, 5), case("4 units on 4 inputs, 4 examples", 4, 4, 4)]


def matmul_back(W, h, grad):
    return grad @ h.mT, W.mT @ grad


MATMUL_BACK = Question(
    "matmul_back",
    matmul_back,
    products,
    "Return what a = W @ h passes on to W and to h, when its own gradient is grad.",
    read=ARRAYS,
    parts=("to W", "to h"),
)


@MATMUL_BACK.mistake()
def exchanged(W, h, grad):
    """Which of your two results has the shape of W?

    The second one. W comes first, as in W @ h.
    """
    return W.mT @ grad, grad @ h.mT


@MATMUL_BACK.mistake()
def mean_over_the_examples(W, h, grad):
    """Who divides by the number of examples?

    The loss does, once, and grad has it already. Here the examples are only added.
    """
    return grad @ h.mT / h.shape[1], W.mT @ grad


@MATMUL_BACK.mistake()
def product_the_other_way_round(W, h, grad):
    """Which shape has your first result, and which has W?

    You have h gradᵀ, the transpose. The gradient stands on the left: its units are the rows of W.
    """
    return h @ grad.mT, W.mT @ grad


@MATMUL_BACK.mistake()
def w_not_transposed_where_it_fits(W, h, grad):
    """Along which lines does the blame come back to h_j?

    Along column j of W, so W is transposed. Where W is square, a forgotten transpose raises no error.
    """
    square = W.shape[0] == W.shape[1]
    return grad @ h.mT, (W if square else W.mT) @ grad


@MATMUL_BACK.variant()
def with_einsum(W, h, grad):
    return np.einsum("in,jn->ij", grad, h), np.einsum("ij,in->jn", W, grad)


# --- the rule of an added bias ---


def gradients_of_a_batch(rng):
    """Return gradients of a batch."""
    return [Case("3 units, 5 examples", (rng.normal(size=(3, 5)),)), Case("2 units, 4 examples", (rng.normal(size=(2, 4)),))]


def bias_back(grad):
    return grad, grad.sum(axis=-1, keepdims=True)


BIAS_BACK = Question(
    "bias_back",
    bias_back,
    gradients_of_a_batch,
    "Return what a + b passes on to a, shape (n, N), and to b, shape (n, 1), when its own gradient is grad.",
    read=ARRAYS,
    parts=("to a", "to b"),
)


@BIAS_BACK.mistake()
def mean_for_the_bias(grad):
    """Who divides by the number of examples?

    The loss does, once, and grad has it already. The bias adds up what it hears from all examples.
    """
    return grad, grad.mean(axis=-1, keepdims=True)


@BIAS_BACK.mistake()
def the_same_for_both(grad):
    """Which shape has b, and which has what you pass on to it?

    b is one column, used for every example: N paths lead to it, and they are added.
    """
    return grad, grad


@BIAS_BACK.mistake()
def summed_over_the_units(grad):
    """Over what do you add, examples or units?

    Over the units. Each unit has its own bias; the examples, the last axis, are added.
    """
    return grad, grad.sum(axis=-2, keepdims=True)


@BIAS_BACK.mistake()
def one_dimension_lost(grad):
    """Which shape has b?

    (n, 1). A sum drops its axis unless you say `keepdims=True`.
    """
    return grad, grad.sum(axis=-1)


@BIAS_BACK.mistake()
def first_example_alone(grad):
    """How many examples have used the bias?

    All of them. You pass on what the first one says.
    """
    return grad, grad[:, :1]


@BIAS_BACK.variant()
def as_a_product(grad):
    return 1.0 * grad, grad @ np.ones((grad.shape[1], 1))


# --- tasks under the graph of one loss ---


def _whole_sum(states):
    seen = {state["step"] for state in states}
    return {12, 13} <= seen and states[-1]["step"] == 13


def _silent(states):
    return states[-1]["x_2"] == 0 and states[-1]["step"] == 29


def _saturated(states):
    return states[-1]["W_111"] * states[-1]["x_1"] >= 8 and states[-1]["step"] >= 24


TASKS = {
    "graph": (
        Task(
            "sum",
            "Put step to 12, and to 13. What happens to the gradient of h_1,1?",
            _whole_sum,
            "It gets its second share, and is complete: 0.5 · (−0.679) = −0.34 from the one side, 0.6 · (−0.679) = −0.407 from the "
            "other. This sum over a column of W₂ is the transpose of lesson 05.",
        ),
        Task(
            "silent",
            "Go to step 29, and set x_2 to 0. Which gradients are 0 now, and on which lines do you see why?",
            _silent,
            "Those of W_1,1,2 and W_1,2,2: the local derivative of their products is x_2. A weight on a silent input has no influence.",
        ),
        Task(
            "saturated",
            "Make x_1 and W_111 large, 3 and 3, and go to step 24. At which box does the gradient of W_1,1,1 get lost?",
            _saturated,
            "At exp: its local derivative is e to the −a_1,1, nearly 0. Of the four steps of a saturated sigmoid, this one is to blame.",
        ),
    )
}
