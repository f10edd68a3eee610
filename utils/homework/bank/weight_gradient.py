"""weight_gradient: return ∂L/∂W_k, shape (n_k, n_{k−1})."""

import numpy as np

from utils.homework import reference
from utils.homework.places import NINE_WEIGHTS, SUM_OR_MEAN, WEIGHT_BATCH
from utils.homework.question import Case, Question
from utils.homework.reference import sigmoid


def inputs(rng):
    """Return layers of different widths, a square case, one example, and activations of exactly 0."""

    def case(about, n, n_prev, N, ordinary=True):
        return Case(about, (rng.normal(size=(n, N)), rng.normal(size=(n_prev, N))), ordinary)

    width, n_examples = rng.integers(2, 5), rng.integers(8, 12)
    silent = case("units with an activation of exactly 0", width, 4, 6, ordinary=False)
    silent.arguments[1][::2] = 0
    return [
        case(f"{n_examples} examples, {width} units and {width + 2} below them", width, width + 2, n_examples),
        case(f"5 examples, {width + 4} units and {width + 1} below them", width + 4, width + 1, 5),
        case("as many examples as units in both layers", 4, 4, 4),
        case("one example", 3, 2, 1, ordinary=False),
        silent,
    ]


weight_gradient = Question(
    name="weight_gradient",
    reference=reference.weight_gradient,
    inputs=inputs,
    task="Return ∂L/∂W_k, shape (n_k, n_{k−1}).",
    homework="hw_03",
    points=3,
    read=WEIGHT_BATCH,
    symbols={"h": "h_prev"},
)


@weight_gradient.mistake("divided by N again", read=SUM_OR_MEAN)
def divided_by_n_again(grad_a, h_prev):
    """Your answer is too small by one and the same factor. Try it with one example, then with two.

    Your numbers are the right ones divided by N, but 1/N is already in grad_a: it came in once, at the output.
    """
    return grad_a @ h_prev.T / grad_a.shape[1]


@weight_gradient.mistake(read=SUM_OR_MEAN)
def divided_by_the_number_of_units_below(grad_a, h_prev):
    """By what do you divide: by the examples, or by the units? And is there anything to divide at all?

    len(h_prev), or h_prev.shape[0], is the number of units. And even 1/N would be wrong here: it is in grad_a already.
    """
    return grad_a @ h_prev.T / len(h_prev)


@weight_gradient.mistake("multiplied by N", read=SUM_OR_MEAN)
def multiplied_by_n(grad_a, h_prev):
    """Your answer is too large by one and the same factor. Try it with one example, then with two.

    Your numbers are the right ones times N, which takes back the 1/N that came in with the loss. The product of
    matrices is already the sum.
    """
    return grad_a @ h_prev.T * grad_a.shape[1]


@weight_gradient.mistake(read=NINE_WEIGHTS)
def transposed(grad_a, h_prev):
    """A gradient has the shape of its quantity. Which shape has W_k?

    Your answer has shape (n_{k−1}, n_k): it is the gradient of the transpose of W, as from factors in the wrong
    order.
    """
    return h_prev @ grad_a.T


@weight_gradient.mistake(read=NINE_WEIGHTS)
def sign(grad_a, h_prev):
    """Look at the sign: where does a minus come in?

    The minus belongs to the update, which goes against the gradient. The gradient itself has none here.
    """
    return -grad_a @ h_prev.T


@weight_gradient.mistake(read=WEIGHT_BATCH)
def first_example_only(grad_a, h_prev):
    """Does your answer change when the second example changes?

    Your numbers are those of the first example alone: one outer product. A batch adds all of them.
    """
    return np.outer(grad_a[:, 0], h_prev[:, 0])


@weight_gradient.mistake(read=WEIGHT_BATCH)
def last_example_only(grad_a, h_prev):
    """Does your answer change when the first example changes?

    Your numbers are those of the last example alone, as when each turn of a loop forgets the turn before. The outer
    products have to be added up.
    """
    for n in range(grad_a.shape[1]):
        grad_W = np.outer(grad_a[:, n], h_prev[:, n])
    return grad_W


@weight_gradient.mistake(read=NINE_WEIGHTS)
def mean_of_everything(grad_a, h_prev):
    """How many weights are there, and how many numbers do you return?

    Your number is the mean of all entries, but each weight has a gradient of its own.
    """
    return np.mean(grad_a @ h_prev.T)


@weight_gradient.mistake(read=NINE_WEIGHTS)
def sum_of_everything(grad_a, h_prev):
    """How many weights are there, and how many numbers do you return?

    Your number is the sum of all entries, but each weight has a gradient of its own.
    """
    return np.sum(grad_a @ h_prev.T)


@weight_gradient.mistake("whole-number division", read=SUM_OR_MEAN)
def whole_number_division(grad_a, h_prev):
    """All of your entries are whole numbers. Which operator does that?

    // drops what comes after the decimal point. And no division is needed: 1/N is already in grad_a.
    """
    return grad_a @ h_prev.T // grad_a.shape[1]


@weight_gradient.mistake(read=NINE_WEIGHTS)
def entry_by_entry(grad_a, h_prev):
    """Each weight joins one unit below with one above. Does every pair of units occur in your product?

    * pairs unit 1 with unit 1, 2 with 2. A weight exists for every pair, so every error meets every activation: a
    matrix product.
    """
    return grad_a * h_prev


@weight_gradient.mistake(read=WEIGHT_BATCH)
def no_transpose(grad_a, h_prev):
    """Write the shapes beside the line. Over which index should the product sum?

    The sum must run over the examples. Without a transpose it runs over units of one and examples of the other.
    """
    return grad_a @ h_prev


@weight_gradient.mistake(read=WEIGHT_BATCH)
def transpose_on_the_wrong_factor(grad_a, h_prev):
    """Write the shapes beside the line. Which shape has W_k, and over which index should the product sum?

    The sum must run over the examples, which are the columns of both. Yours runs over units, which are no pairs.
    """
    return grad_a.T @ h_prev


@weight_gradient.mistake(read=WEIGHT_BATCH)
def sums_multiplied(grad_a, h_prev):
    """Multiply first and add later, or the other way round? It is not the same.

    Your numbers are those that come out when both are added up over the examples first, so the error of one example
    also meets the activations of another. Each example has its own product.
    """
    return grad_a.sum(axis=1, keepdims=True) @ h_prev.sum(axis=1, keepdims=True).T


@weight_gradient.mistake(read=WEIGHT_BATCH)
def mean_activation(grad_a, h_prev):
    """Multiply first and average later, or the other way round? It is not the same.

    The total error meets the mean activation. But an error belongs to the activations of its own example.
    """
    return grad_a.sum(axis=1, keepdims=True) @ h_prev.mean(axis=1, keepdims=True).T


@weight_gradient.mistake(read=NINE_WEIGHTS)
def slope_of_the_layer_below(grad_a, h_prev):
    """a = W h + b: what is the derivative of a with respect to W?

    The derivative is h itself. The slope h(1 − h) belongs to the way through a sigmoid, and between W and a there is
    none.
    """
    return grad_a @ (h_prev * (1 - h_prev)).T


@weight_gradient.mistake(read=NINE_WEIGHTS)
def sigmoid_once_more(grad_a, h_prev):
    """h_prev is already an activation. What do you do to it?

    The sigmoid has been applied to h_prev once more. Its entries are the h of the formula, as they are.
    """
    return grad_a @ sigmoid(h_prev).T


@weight_gradient.mistake(read=NINE_WEIGHTS)
def absolute_values(grad_a, h_prev):
    """The sign of an error says in which direction to go. Where does it get lost?

    abs makes every error positive, so the weights could only ever move one way.
    """
    return np.abs(grad_a) @ h_prev.T


# --- right answers that look different ---


@weight_gradient.variant()
def transposed_at_the_end(grad_a, h_prev):
    return (h_prev @ grad_a.T).T


@weight_gradient.variant()
def einsum(grad_a, h_prev):
    return np.einsum("in,jn->ij", grad_a, h_prev)


@weight_gradient.variant("np.dot")
def np_dot(grad_a, h_prev):
    return np.dot(grad_a, np.transpose(h_prev))


@weight_gradient.variant("outer products, added")
def outer_products_added(grad_a, h_prev):
    return sum(np.outer(g, h) for g, h in zip(grad_a.T, h_prev.T))


@weight_gradient.variant()
def broadcast_and_sum(grad_a, h_prev):
    return (grad_a[:, None, :] * h_prev[None, :, :]).sum(axis=2)


@weight_gradient.variant()
def three_loops(grad_a, h_prev):
    grad_W = np.zeros((grad_a.shape[0], h_prev.shape[0]))
    for i in range(grad_a.shape[0]):
        for j in range(h_prev.shape[0]):
            for n in range(grad_a.shape[1]):
                grad_W[i, j] += grad_a[i, n] * h_prev[j, n]
    return grad_W


@weight_gradient.variant(note="list")
def nested_list(grad_a, h_prev):
    return [[sum(g * h) for h in h_prev] for g in grad_a]
