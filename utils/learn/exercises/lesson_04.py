"""What learners write in lesson 04: the softmax, its slopes, the first gradient, two cures for large scores. And its tasks."""

import numpy as np

from utils.homework.places import ANY_SIZE, JACOBIAN, LAST_LAYER, VECTOR
from utils.homework.question import Case, Question
from utils.learn.tasks import Task


def softmax(a):
    """Return the probabilities for the scores a, shape (k, N)."""
    e = np.exp(a)
    return e / e.sum(axis=0)


def some_scores(rng):
    """Return batches of moderate scores, also a square one and one example."""
    return [
        Case("5 classes and 3 examples", (rng.normal(size=(5, 3)),)),
        Case("as many examples as classes", (rng.normal(size=(4, 4)),)),
        Case("one example", (rng.normal(size=(4, 1)),)),
    ]


to_probabilities = Question(
    "softmax",
    softmax,
    some_scores,
    "Return the probabilities of each column of scores a, shape (k, N).",
    read=LAST_LAYER,
)


@to_probabilities.mistake()
def one_sum_for_everything(a):
    """What does each column of your answer sum to?

    All examples share one sum, so all of them together sum to 1. A column is an example: each column needs its own sum.
    """
    return np.exp(a) / np.exp(a).sum()


@to_probabilities.mistake()
def sums_along_the_rows(a):
    """Which should sum to 1, each row or each column?

    A column is an example, and its probabilities sum to 1: the sum runs down the column, along axis 0.
    """
    return np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)


@to_probabilities.mistake()
def no_exponential(a):
    """Can a probability be negative? Try a negative score.

    Scores may be negative, probabilities may not. The exponential comes first, the division afterwards.
    """
    return a / a.sum(axis=0)


@to_probabilities.mistake()
def no_division(a):
    """What does each column of your answer sum to?

    The exponentials are positive, but they do not sum to 1. Divide each by the sum of its column.
    """
    return np.exp(a)


def softmax_slope(y_hat, m, i):
    """Return ∂ŷ_m/∂a_i for the probabilities y_hat, shape (k,); m and i count from 0."""
    return (m == i) * y_hat[m] - y_hat[m] * y_hat[i]


def places_in_a_column(rng):
    """Return probabilities with a place on the diagonal, and two beside it."""
    y_hat = rng.dirichlet(np.ones(4))
    return [
        Case("m = 1 and i = 3", (y_hat, 1, 3)),
        Case("m = i = 2", (y_hat, 2, 2)),
        Case("m = 3 and i = 0", (y_hat, 3, 0)),
    ]


one_slope = Question(
    "softmax_slope",
    softmax_slope,
    places_in_a_column,
    "Return ∂ŷ_m/∂a_i as one number, made of entries of y_hat.",
    read=JACOBIAN,
)


@one_slope.mistake()
def no_indicator(y_hat, m, i):
    """Right for m ≠ i. What becomes of the numerator's derivative when i is m?

    For m ≠ i the numerator e^{a_m} does not contain a_i. For m = i it does: then ŷ_m itself is added.
    """
    return -y_hat[m] * y_hat[i]


@one_slope.mistake()
def indicator_always(y_hat, m, i):
    """Right for m = i. Does e^{a_m} change when you push another score?

    The first term comes from the numerator, and e^{a_m} contains a_i only when i is m. Otherwise that term is 0.
    """
    return y_hat[m] - y_hat[m] * y_hat[i]


@one_slope.mistake()
def zero_beside_the_diagonal(y_hat, m, i):
    """Does ŷ_m change when you push another score? Look at the first experiment.

    Every score stands in the denominator of every probability. So the slope is not 0 for m ≠ i.
    """
    return (m == i) * y_hat[m] * (1 - y_hat[m])


@one_slope.mistake()
def sign_of_the_second_term(y_hat, m, i):
    """Should another class gain or lose when you push the score i?

    The quotient rule takes the second term away: what one class gains, the others lose.
    """
    return (m == i) * y_hat[m] + y_hat[m] * y_hat[i]


@one_slope.mistake()
def a_factor_too_few(y_hat, m, i):
    """Count the denominators in line (5): how many are there below the second term?

    The square belongs to two fractions: e^{a_m}/S, which is ŷ_m, and e^{a_i}/S, which is ŷ_i. The first term has only one.
    """
    return (m == i) * y_hat[m] - y_hat[i]


@one_slope.mistake()
def the_loss_already_in_it(y_hat, m, i):
    """Is this the slope of ŷ_m, or that of the loss?

    The factor −1/ŷ_m belongs to the loss, and it comes in the next step. Here it is the slope of a probability.
    """
    return -((m == i) - y_hat[i])


def score_gradient(y_hat, l):
    """Return ∂𝓛/∂a_L, a column like y_hat, for one example whose true class is l; l counts from 1."""
    gradient = y_hat.copy()
    gradient[l - 1] -= 1
    return gradient


def columns_with_a_class(rng):
    """Return one example with the first, a middle and the last class as the true one, and one with two classes."""
    four = rng.dirichlet(np.ones(4))[:, None]
    return [
        Case("k = 4 and l = 1", (four, 1)),
        Case("k = 4 and l = 3", (four, 3)),
        Case("k = 4 and l = 4", (four, 4), ordinary=False),
        Case("two classes and l = 2", (rng.dirichlet(np.ones(2))[:, None], 2), ordinary=False),
    ]


first_gradient = Question(
    "score_gradient",
    score_gradient,
    columns_with_a_class,
    "Return the column ∂𝓛/∂a_L for one example whose true class is l; l counts from 1.",
    read=VECTOR,
)


@first_gradient.mistake()
def uphill(y_hat, l):
    """Which sign must the true class get, if a step against the gradient shall raise its score?

    You have the truth minus what was predicted. The gradient points uphill: what was predicted, minus the truth.
    """
    return -score_gradient(y_hat, l)


@first_gradient.mistake()
def class_counted_from_0(y_hat, l):
    """In which row of a NumPy array is class 1?

    l counts from 1, NumPy from 0. Your 1 is taken away from the class after the true one.
    """
    gradient = y_hat.copy()
    gradient[l] -= 1
    return gradient


@first_gradient.mistake()
def nothing_for_the_wrong_classes(y_hat, l):
    """What did nudging say about the scores of the wrong classes?

    Only the entry of the true class is there. The wrong scores have slopes too: each its own probability.
    """
    gradient = np.zeros_like(y_hat)
    gradient[l - 1] = y_hat[l - 1] - 1
    return gradient


@first_gradient.mistake()
def one_taken_from_every_class(y_hat, l):
    """Your entries add up to what? They should add up to 0.

    The indicator is 1 for the true class alone. Take 1 away from that row, and from no other.
    """
    return y_hat - 1


@first_gradient.mistake()
def one_probability_in_every_row(y_hat, l):
    """Which probability belongs into row 1, which into row 2?

    You have written ŷ of the true class in every row. Each row has its own: ŷ_1 in row 1, ŷ_2 in row 2.
    """
    gradient = np.full_like(y_hat, y_hat[l - 1, 0])
    gradient[l - 1] -= 1
    return gradient


@first_gradient.mistake()
def the_slope_of_the_probability(y_hat, l):
    """Is this the slope of ŷ_l, or that of 𝓛 = −log ŷ_l?

    The factor −1/ŷ_l is still missing: it cancels the ŷ_l in both terms.
    """
    return -y_hat[l - 1] * score_gradient(y_hat, l)


def shifted(a):
    """Return the scores a, shape (k, N), each column shifted so that its largest score is 0."""
    return a - a.max(axis=0, keepdims=True)


def scores_of_any_size(rng):
    """Return small scores, enormous ones, and columns that lie far apart."""
    far = rng.normal(size=(4, 3)) + np.array([0, 1e4, -1e4])
    return [
        Case("4 classes and 6 examples", (rng.normal(size=(4, 6)),)),
        Case("as many examples as classes", (rng.normal(size=(3, 3)),)),
        Case("scores of ±10 000", (1e4 * rng.permuted([[1.0, -1, 0.5, 0]] * 3, axis=1).T,), ordinary=False),
        Case("columns that lie far apart", (far,), ordinary=False),
    ]


def _no_exponent_is_too_large(cases, answers):
    """Return a note if the answers are other shifts of the columns that do as well, None if not."""
    for case, answer in zip(cases, answers, strict=True):
        (a,), ((result,)) = case.arguments, (answer or (None,))
        if result is None or np.shape(result) != a.shape:
            return None
        moved = result - a
        largest = result.max(axis=0)
        if not np.allclose(moved, moved[:1], atol=1e-9) or (largest > 700).any() or (largest < -700).any():
            return None
    return "you shift by another number than the largest score, and that does as well"


largest_is_0 = Question(
    "shifted",
    shifted,
    scores_of_any_size,
    "Return the scores of each column, all moved by one number, so that the softmax is the same and no exponential overflows.",
    read=ANY_SIZE,
    accepts=_no_exponent_is_too_large,
)


@largest_is_0.mistake()
def one_maximum_for_all_columns(a):
    """Right while all columns are alike. What becomes of a column whose scores all lie 10 000 below the largest of the batch?

    There every exponential becomes 0, and 0/0 is nan. Each column needs its own maximum.
    """
    return a - a.max()


@largest_is_0.mistake()
def maximum_along_the_rows(a):
    """From which scores may one take the same number without a change of the softmax?

    Your maximum is that of a row, so each class of a column loses another number. It must be the same number within a column.
    """
    return a - a.max(axis=1, keepdims=True)


@largest_is_0.mistake()
def divided_instead_of_subtracted(a):
    """What does the softmax do when all scores are divided by the same number? Try it with 1, 2, 4.

    Division changes the differences between the scores, and the softmax looks at differences. Subtract.
    """
    return a / a.max(axis=0, keepdims=True)


@largest_is_0.mistake()
def minimum_taken_off(a):
    """Which is the largest exponent that is left after your subtraction?

    With the minimum taken off, large scores stay large or grow. Nothing overflows when the largest exponent is 0.
    """
    return a - a.min(axis=0, keepdims=True)


@largest_is_0.mistake()
def mean_taken_off(a):
    """Right for small scores. What is the largest exponent for the scores 10 000, 0, 0, −10 000?

    The mean may lie far below the largest score, and that one still overflows. Take the largest itself.
    """
    return a - a.mean(axis=0, keepdims=True)


def loss_from_scores(a, l):
    """Return −log ŷ_l from one column of scores a, shape (k,), whatever their size; l counts from 1."""
    m = a.max()
    return m + np.log(np.exp(a - m).sum()) - a[l - 1]


def columns_of_any_size(rng):
    """Return a column of small scores, and enormous ones with the true class on top and at the bottom."""
    return [
        Case("4 small scores", (rng.normal(size=4), 2)),
        Case("5 small scores", (rng.normal(size=5), 4)),
        Case("the last of 3 classes", (rng.normal(size=3), 3), ordinary=False),
        Case("the true class at −10 000", (np.array([1e4, -1e4, 0.0, 1e4]), 2), ordinary=False),
        Case("all scores near 10 000", (1e4 + rng.normal(size=3), 1), ordinary=False),
    ]


straight_loss = Question(
    "loss_from_scores",
    loss_from_scores,
    columns_of_any_size,
    "Return −log ŷ_l from the scores a of one example, without the detour over ŷ; l counts from 1.",
    read=ANY_SIZE,
)


@straight_loss.mistake()
def not_shifted(a, l):
    """Right for small scores. What is e^a for a = 10 000?

    The sum of the exponentials overflows. Put m + log Σ e^(a − m) in place of log Σ e^a.
    """
    return np.log(np.exp(a).sum()) - a[l - 1]


@straight_loss.mistake()
def over_the_probabilities(a, l):
    """Right for small scores. What is the logarithm of a probability that has become 0?

    You compute ŷ first, and there a very small probability is 0 and its logarithm is lost. Take the logarithm before you compute.
    """
    e = np.exp(a - a.max())
    return -np.log(e[l - 1] / e.sum())


@straight_loss.mistake()
def shift_not_given_back(a, l):
    """Try it with three scores of 5, and by hand: the loss is log 3.

    You have subtracted m inside the exponentials. Outside, m must be added again, for a_l was not shifted.
    """
    return np.log(np.exp(a - a.max()).sum()) - a[l - 1]


@straight_loss.mistake()
def wrong_sign(a, l):
    """Can this loss be negative?

    You have log ŷ_l. The loss is −log ŷ_l: the log of the sum, minus the true score.
    """
    return -loss_from_scores(a, l)


@straight_loss.mistake()
def label_counted_from_0(a, l):
    """In which place of a NumPy array is class 1?

    l counts from 1, NumPy from 0: you have taken the score of the class after the true one.
    """
    return loss_from_scores(a, l + 1)


def _scores(state):
    return np.array([state[f"a_{i}"] for i in (1, 2, 3, 4)])


def _shares(state):
    return softmax(_scores(state)[:, None])[:, 0]


def _stay(states, *names):
    """Return whether these controls still stand where they stood at the beginning."""
    return all(states[-1][name] == states[0][name] for name in names)


def _is(state, **values):
    return all(state[name] == value for name, value in values.items())


TASKS = {
    "scores": (
        Task(
            "shift",
            "Move shift all by from one end to the other, and watch the three columns.",
            lambda states: {-10, 10} <= {round(state["shift"]) for state in states},
            "Scores, exponentials and their sum change; the shares stay. e^(a+c) = e^c · e^a, and e^c cancels. You will need that twice.",
        ),
        Task(
            "ninety",
            "Leave a₂, a₃ and a₄ as they were at the beginning. Raise a₁ until ŷ₁ is above 0.9, and not further than you must.",
            lambda states: _stay(states, "a_2", "a_3", "a_4") and 0.9 < _shares(states[-1])[0] < 0.94,
            "The other three exponentials add up to 7. For nine tenths of the sum e^a₁ must be 9 · 7 = 63, and log 63 is 4.1.",
        ),
        Task(
            "starve",
            "Bring ŷ₄ below 0.01 without touching a₄.",
            lambda states: _stay(states, "a_4") and _shares(states[-1])[3] < 0.01,
            "A probability falls when another score rises, for all of them share one sum.",
        ),
    ),
    "softmax": (
        Task(
            "equal",
            "Class 2 is the true one. Make all four scores equal: what does cross-entropy tell a network that knows nothing?",
            lambda states: _is(states[-1], true_class=2) and np.ptp(_scores(states[-1])) == 0,
            "(¼, −¾, ¼, ¼): up with the true score, down with all others alike.",
        ),
        Task(
            "silent",
            "Class 1 is the true one, a₂ = 10, the other three scores −10. Read the gradients of both losses, then the Jacobian and ∂𝓛/∂ŷ "
            "of either loss.",
            lambda states: (
                _is(states[-1], true_class=1, a_1=-10, a_2=10, a_3=-10, a_4=-10)
                and {state["loss"] for state in states} == {"cross-entropy", "squared error"}
            ),
            "Cross-entropy: −1 and +1. Squared error: nothing larger than 2 · 10⁻⁸. The Jacobian is nearly 0 for both. But ∂𝓛/∂ŷ₁ of "
            "cross-entropy "
            "is about −5 · 10⁸ and makes up for it; that of squared error is −2.",
        ),
        Task(
            "peak",
            "Class 1 is the true one, a₁ = 1, a₃ = a₄ = −10. Find the a₂, to one decimal, for which the slope of squared error at a₁ is "
            "largest in size.",
            lambda states: _is(states[-1], true_class=1, a_1=1, a_3=-10, a_4=-10) and abs(states[-1]["a_2"] - 1 - np.log(2)) < 0.06,
            "At 1.7 it is 0.59: there ŷ₁ is ⅓. If the network is more wrong than that, squared error pushes less.",
        ),
    ),
}
