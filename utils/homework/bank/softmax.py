"""softmax: return the probabilities ŷ of each column of a, shape (k, N)."""

import numpy as np

from utils.homework import reference
from utils.homework.places import ANY_SIZE, BATCH, FOUR_LINES, LAST_LAYER
from utils.homework.question import Case, Question
from utils.homework.reference import sigmoid


def inputs(rng):
    """Return batches, a square one, one example, enormous scores, and columns far apart."""
    k, N = rng.integers(3, 6), rng.integers(7, 10)
    far = rng.normal(size=(3, 4)) + np.array([0, 1e4, -1e4, 3e3])
    return [
        Case(f"{N} examples and {k} classes", (rng.normal(scale=1.5, size=(k, N)),)),
        Case("2 examples and 6 classes", (rng.normal(scale=1.5, size=(6, 2)),)),
        Case("as many examples as classes", (rng.normal(scale=1.5, size=(4, 4)),)),
        Case("one example", (rng.normal(scale=1.5, size=(5, 1)),), ordinary=False),
        Case("scores of ±10 000", (1e4 * rng.permuted([[1.0, -1, 1, -1, 0.5]] * 3, axis=1).T,), ordinary=False),
        Case("columns whose scores are far apart", (far,), ordinary=False),
    ]


softmax = Question(
    name="softmax",
    reference=reference.softmax,
    inputs=inputs,
    task="Return the probabilities ŷ of each column of a, shape (k, N).",
    homework="hw_01",
    points=3,
    read=ANY_SIZE,
    symbols={"e": "the exponential"},
)


@softmax.mistake(read=LAST_LAYER)
def wrong_axis(a):
    """What should sum to 1: each row or each column? Look at ŷ.sum(axis=0).

    Each of your rows sums to 1. A column is an example, and its probabilities must sum to 1: the sum runs down the
    column.
    """
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@softmax.mistake("wrong axis, without keepdims", read=LAST_LAYER)
def wrong_axis_without_keepdims(a):
    """Does it run when there are more examples than classes? And what should sum to 1?

    axis=1 adds along each row, over the examples. A column is an example: its own probabilities must sum to 1.
    """
    return np.exp(a) / np.exp(a).sum(axis=1)


@softmax.mistake(read=LAST_LAYER)
def one_sum_for_everything(a):
    """What does each column of your answer sum to?

    All examples share one sum, so all of them together sum to 1. Each column needs a sum of its own.
    """
    e = np.exp(a - a.max())
    return e / e.sum()


@softmax.mistake(read=ANY_SIZE)
def no_maximum_taken_off(a):
    """Right for tame scores. What is e^a for a = 10 000?

    e^{10 000} is inf, and inf/inf is nan. Taking the same number from all scores of a column changes nothing but that.
    """
    return np.exp(a) / np.exp(a).sum(axis=0)


@softmax.mistake(read=ANY_SIZE)
def one_maximum_for_all_columns(a):
    """Right while all columns are alike. What happens to a column whose scores all lie 10 000 below the largest of the
    batch?

    There every exponential becomes 0, and 0/0 is nan. Each column needs its own maximum.
    """
    e = np.exp(a - a.max())
    return e / e.sum(axis=0)


@softmax.mistake(read=ANY_SIZE)
def maximum_along_the_rows(a):
    """From which scores may one take the same number without changing the result?

    Your maximum is that of a row, so each class of a column loses another number. It must be the same within a column.
    """
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=0)


@softmax.mistake(read=ANY_SIZE)
def minimum_taken_off(a):
    """Right for tame scores. Which is the largest exponent that is left after your subtraction?

    With the minimum taken off, the largest score becomes larger still. Nothing overflows when the largest exponent is
    0.
    """
    e = np.exp(a - a.min(axis=0))
    return e / e.sum(axis=0)


@softmax.mistake(read=LAST_LAYER)
def no_exponential(a):
    """Can one of your probabilities be negative? Try it with a negative score.

    Scores may be negative, probabilities may not. The exponential comes first, then the division by the sum.
    """
    return a / a.sum(axis=0)


@softmax.mistake(read=LAST_LAYER)
def no_division(a):
    """What does each column of your answer sum to?

    The exponentials are all positive, but they do not sum to 1 yet.
    """
    return np.exp(a)


@softmax.mistake(read=LAST_LAYER)
def divided_by_the_largest(a):
    """What does each column of your answer sum to?

    Your numbers are those that come out when the exponentials are divided by the largest one of their column, so
    the winner gets 1. Divided by the sum, all of them together make 1.
    """
    e = np.exp(a - a.max(axis=0))
    return e / e.max(axis=0)


@softmax.mistake(read=LAST_LAYER)
def divided_by_the_sum_of_the_scores(a):
    """What does each column of your answer sum to?

    Above the line stand exponentials, below it the sum of the scores themselves. The same things must be summed as are
    divided.
    """
    return np.exp(a) / a.sum(axis=0)


@softmax.mistake(read=LAST_LAYER)
def sigmoid_instead(a):
    """What does each column of your answer sum to?

    A sigmoid looks at each score alone. The softmax makes the classes of an example compete for one whole.
    """
    return sigmoid(a)


@softmax.mistake(read=ANY_SIZE)
def changes_a(a):
    """The numbers are right, but look at a after the call.

    a -= … writes into the array of the caller, who still needs it on the way back. Make a new array: a = a - …
    """
    a -= a.max(axis=0)
    e = np.exp(a)
    return e / e.sum(axis=0)


@softmax.mistake(read=LAST_LAYER)
def argmax(a):
    """How many numbers do you return for each example, and how many probabilities has it?

    This is the number of the winning class. The softmax gives a probability to each class.
    """
    return a.argmax(axis=0)


@softmax.mistake(read=LAST_LAYER)
def winner_takes_all(a):
    """Only zeros and ones come back. How sure is the network of two scores that are nearly equal?

    This is a hard maximum. The soft one leaves a share to every class, and so it has a slope.
    """
    return (a == a.max(axis=0)) * 1.0


@softmax.mistake(read=ANY_SIZE)
def logarithm_of_the_softmax(a):
    """Your numbers are negative. Are they probabilities?

    This is log ŷ. A useful thing to have, but here ŷ itself is wanted.
    """
    a = a - a.max(axis=0)
    return a - np.log(np.exp(a).sum(axis=0))


@softmax.mistake(read=LAST_LAYER)
def minus_in_the_exponent(a):
    """Which class gets the largest probability: that with the largest score, or with the smallest?

    There is a minus in your exponent. It belongs to the sigmoid; in the softmax a larger score means a larger
    probability.
    """
    e = np.exp(a.min(axis=0) - a)
    return e / e.sum(axis=0)


@softmax.mistake(read=BATCH)
def transposed(a):
    """Which shape has a, and which shape has your answer?

    The numbers are right, but your examples are rows. Here a column is an example, from the input to the output.
    """
    e = np.exp(a - a.max(axis=0))
    return (e / e.sum(axis=0)).T


@softmax.mistake(read=FOUR_LINES)
def prints_instead_of_returns(a):
    """What does your function hand back to its caller?

    print shows the numbers and forgets them. A function hands its result back with return.
    """
    e = np.exp(a - a.max(axis=0))
    print(e / e.sum(axis=0))


# --- right answers that look different ---


@softmax.variant()
def keepdims(a):
    e = np.exp(a - np.max(a, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


@softmax.variant("log-sum-exp")
def log_sum_exp(a):
    return np.exp(a - np.logaddexp.reduce(a, axis=0))


@softmax.variant()
def row_layout_inside(a):
    t = a.T
    e = np.exp(t - t.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).T


@softmax.variant("Python's sum")
def pythons_sum(a):
    e = np.exp(a - a.max(axis=0))
    return e / sum(e)


@softmax.variant()
def column_by_column(a):
    y_hat = np.zeros(a.shape)
    for n in range(a.shape[1]):
        e = np.exp(a[:, n] - max(a[:, n]))
        y_hat[:, n] = e / e.sum()
    return y_hat


@softmax.variant()
def works_on_a_copy(a):
    a = a.copy()
    a -= a.max(axis=0)
    np.exp(a, out=a)
    a /= a.sum(axis=0)
    return a


@softmax.variant()
def one_over_the_sum_of_ratios(a):
    return 1 / np.exp(np.clip(a[None] - a[:, None], -np.inf, 700)).sum(axis=1)


@softmax.variant(note="list")
def a_list(a):
    e = np.exp(a - a.max(axis=0))
    return (e / e.sum(axis=0)).tolist()
