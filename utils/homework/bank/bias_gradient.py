"""bias_gradient: return ∂L/∂b_k, shape (n_k, 1)."""

import numpy as np

from utils.homework import reference
from utils.homework.places import BIASES, SUM_OR_MEAN, WEIGHT_BATCH
from utils.homework.question import Case, Question


def inputs(rng):
    """Return two batches, a square one, and one example."""

    def case(about, n, N, ordinary=True):
        return Case(about, (rng.normal(size=(n, N)),), ordinary)

    width, n_examples = rng.integers(3, 6), rng.integers(8, 12)
    return [
        case(f"{n_examples} examples and {width} units", width, n_examples),
        case(f"3 examples and {width + 2} units", width + 2, 3),
        case("as many examples as units", 4, 4),
        case("one example", 3, 1, ordinary=False),
    ]


bias_gradient = Question(
    name="bias_gradient",
    reference=reference.bias_gradient,
    inputs=inputs,
    task="Return ∂L/∂b_k, shape (n_k, 1).",
    homework="hw_03",
    points=2,
    read=BIASES,
    column=True,
    words={
        "negative": (
            "Look at the sign: where does a minus come in?",
            "a = Wh + b rises with b at the rate +1. The minus belongs to the update.",
        ),
        "transposed": (
            "The numbers are right. Which shape has b_k?",
            "Your answer is a row, (1, n_k). Added to Wh, a row would hand its numbers to the examples instead of the units.",
        ),
    },
)


@bias_gradient.mistake(read=SUM_OR_MEAN)
def mean_instead_of_sum(grad_a):
    """Your answer is too small by one and the same factor. Try it with one example, then with two.

    A mean divides by N, but 1/N is already in grad_a: N would be counted twice.
    """
    return grad_a.mean(axis=1, keepdims=True)


@bias_gradient.mistake("multiplied by N", read=SUM_OR_MEAN)
def multiplied_by_n(grad_a):
    """Your answer is too large by one and the same factor. Try it with one example, then with two.

    Your numbers are the right ones times N, which takes back the 1/N that came in with the loss. Only the sum is
    wanted.
    """
    return grad_a.sum(axis=1, keepdims=True) * grad_a.shape[1]


@bias_gradient.mistake(read=WEIGHT_BATCH)
def wrong_axis(grad_a):
    """How many biases has the layer, and how many numbers do you return?

    Your numbers are sums over the units (axis 0), one per example. Each unit has its bias; the sum runs over the
    examples.
    """
    return grad_a.sum(axis=0, keepdims=True)


@bias_gradient.mistake("wrong axis, as a flat array", read=WEIGHT_BATCH)
def wrong_axis_as_a_flat_array(grad_a):
    """Is there one number for each unit, or one for each example?

    axis=0 adds over the units. The biases belong to the units, so what is added up are the examples.
    """
    return grad_a.sum(axis=0)


@bias_gradient.mistake("wrong axis, as a column", read=WEIGHT_BATCH)
def wrong_axis_as_a_column(grad_a):
    """It is a column, but is it the right one? One number for each unit is wanted.

    Your numbers are sums over the units, in a column: one for each example. The sum runs over the examples.
    """
    return grad_a.sum(axis=0).reshape(-1, 1)


@bias_gradient.mistake(read=SUM_OR_MEAN)
def mean_over_the_wrong_axis(grad_a):
    """Is there one number for each unit, or one for each example? And is it a mean at all?

    axis=0 goes over the units, but the examples are wanted, as a sum: 1/N is already in grad_a.
    """
    return grad_a.mean(axis=0, keepdims=True)


@bias_gradient.mistake(read=WEIGHT_BATCH)
def not_summed(grad_a):
    """A gradient has the shape of its quantity. Which shape has b_k?

    This is right for one example. In a batch all examples share the bias, so their gradients are added up.
    """
    return grad_a


@bias_gradient.mistake(read=WEIGHT_BATCH)
def sum_of_everything(grad_a):
    """How many biases has the layer, and how many numbers do you return?

    sum() without an axis adds the units too. Each unit has a bias of its own.
    """
    return grad_a.sum()


@bias_gradient.mistake(read=WEIGHT_BATCH)
def sum_of_everything_for_each_unit(grad_a):
    """All of your entries are the same. Do all units deserve the same blame?

    The sum runs over the units too. Only the examples are added; the units stay apart.
    """
    return np.full((grad_a.shape[0], 1), grad_a.sum())


@bias_gradient.mistake(read=WEIGHT_BATCH)
def first_example_only(grad_a):
    """Does your answer change when the second example changes?

    Your numbers are those of the first example alone. All examples share the bias, so all are added up.
    """
    return grad_a[:, :1]


@bias_gradient.mistake(read=WEIGHT_BATCH)
def last_example_only(grad_a):
    """Does your answer change when the first example changes?

    Only the last example is left. All examples share the bias, so all are added up.
    """
    return grad_a[:, -1:]


@bias_gradient.mistake(read=BIASES)
def ones(grad_a):
    """The derivative of a with respect to b is 1. Of what do you want the derivative?

    1 is the local derivative ∂a/∂b. The chain rule multiplies it with ∂L/∂a, and the batch adds up.
    """
    return np.ones((grad_a.shape[0], 1))


@bias_gradient.mistake(read=BIASES)
def zeros(grad_a):
    """With a gradient of 0 the biases would never learn. Do they have no influence on a?

    b is a constant with respect to x, but not with respect to itself: a = Wh + b rises with b at the rate 1.
    """
    return np.zeros((grad_a.shape[0], 1))


@bias_gradient.mistake(read=WEIGHT_BATCH)
def largest_instead_of_sum(grad_a):
    """Does your answer change when a smaller error changes?

    Your numbers are the largest of each row. All examples share the bias, so all are added up.
    """
    return grad_a.max(axis=1, keepdims=True)


@bias_gradient.mistake(read=BIASES)
def absolute_values(grad_a):
    """Two examples may pull in opposite directions. What happens to that in your sum?

    abs makes every error positive, so the bias could only ever move one way.
    """
    return np.abs(grad_a).sum(axis=1, keepdims=True)


# --- right answers that look different ---


@bias_gradient.variant()
def product_with_ones(grad_a):
    return grad_a @ np.ones((grad_a.shape[1], 1))


@bias_gradient.variant()
def a_row_of_ones_below_h(grad_a):
    return (grad_a @ np.vstack([np.ones((1, grad_a.shape[1]))]).T)[:, -1:]


@bias_gradient.variant()
def einsum(grad_a):
    return np.einsum("in->i", grad_a)[:, None]


@bias_gradient.variant("mean times N")
def mean_times_n(grad_a):
    return grad_a.mean(axis=1, keepdims=True) * grad_a.shape[1]


@bias_gradient.variant()
def a_loop(grad_a):
    total = np.zeros((grad_a.shape[0], 1))
    for n in range(grad_a.shape[1]):
        total += grad_a[:, [n]]
    return total


@bias_gradient.variant(note="shape")
def flat(grad_a):
    return grad_a.sum(axis=1)


@bias_gradient.variant(note="list")
def nested_list(grad_a):
    return [[sum(row)] for row in grad_a]
