"""output_gradient: return ∂L/∂a_L for a softmax output with the mean cross-entropy, shape (k, N)."""

import numpy as np

from utils.homework import reference
from utils.homework.bank.cases import predictions
from utils.homework.places import ANOTHER_LOSS, JACOBIAN, ONE_OVER_N, VECTOR
from utils.homework.question import Question
from utils.homework.reference import softmax


def right_where_possible(cases, answers):
    """Return a note if only columns with a probability of 0 have no numbers: the way over −1/ŷ leads to 0/0 there."""
    for case, answer in zip(cases, answers, strict=True):
        y_hat, y = case.arguments
        true = reference.output_gradient(y_hat, y)
        if not answer or answer[0].shape != true.shape or answer[0].dtype.kind == "c":
            return None
        right = np.isclose(answer[0].astype(float), true, rtol=1e-5, atol=1e-9)
        lost = ~np.isfinite(answer[0].astype(float)) & (y_hat == 0).any(axis=0)
        if not (right | lost).all():
            return None
    return "Where ŷ is exactly 0 it gives no number: −1/ŷ is infinite there. ŷ − y needs no division by ŷ."


output_gradient = Question(
    name="output_gradient",
    reference=reference.output_gradient,
    inputs=predictions,
    task="Return ∂L/∂a_L for a softmax output with the mean cross-entropy, shape (k, N).",
    homework="hw_02",
    points=3,
    read=ONE_OVER_N,
    accepts=right_where_possible,
    symbols={"p": "a flat ŷ"},
)


@output_gradient.mistake(read=VECTOR)
def sign(y_hat, y):
    """Should the score of the true class go up or down? A step goes against the gradient.

    It is what the network said, minus the truth. With the sign turned, every step would climb.
    """
    return (y - y_hat) / y.shape[1]


@output_gradient.mistake("not divided by N", read=ONE_OVER_N)
def not_divided_by_n(y_hat, y):
    """Your answer is too large by one and the same factor. Try it with one example, then with two.

    The loss is a mean over the examples, so each of them counts 1/N. This is the one place where it comes in.
    """
    return y_hat - y


@output_gradient.mistake("sign, and not divided by N", read=ONE_OVER_N)
def sign_and_not_divided_by_n(y_hat, y):
    """Two things: should the score of the true class go up or down? And is the loss a sum or a mean?

    It is what the network said, minus the truth; and the loss is a mean, so each example counts 1/N.
    """
    return y - y_hat


@output_gradient.mistake("divided by N twice", read=ONE_OVER_N)
def divided_by_n_twice(y_hat, y):
    """Your answer is too small by one and the same factor. Try it with one example, then with two.

    Your numbers are the right ones, divided by N once more. The mean brings in 1/N once.
    """
    return (y_hat - y) / y.shape[1] ** 2


@output_gradient.mistake(read=ONE_OVER_N)
def divided_by_k(y_hat, y):
    """By what do you divide: the number of examples, or the number of classes?

    len(y), or y.shape[0], is the number of rows, and rows are classes. The examples are the columns.
    """
    return (y_hat - y) / len(y)


@output_gradient.mistake(read=ONE_OVER_N)
def divided_by_all_entries(y_hat, y):
    """By what do you divide: the number of examples, or the number of entries?

    Your numbers are those that come out when one divides by k·N. The loss adds over the classes and averages over
    the examples.
    """
    return (y_hat - y) / y.size


@output_gradient.mistake("times ŷ(1 − ŷ)", read=ANOTHER_LOSS)
def times_y_hat_1_minus_y_hat(y_hat, y):
    """Where does your factor ŷ(1 − ŷ) come from? In the derivation it cancelled.

    With that factor this is the squared error behind a sigmoid. Under softmax and cross-entropy nothing is left of it.
    """
    return (y_hat - y) * y_hat * (1 - y_hat) / y.shape[1]


@output_gradient.mistake("times ŷ(1 − ŷ), not divided by N", read=ANOTHER_LOSS)
def times_y_hat_1_minus_y_hat_not_divided_by_n(y_hat, y):
    """Two things: where does your factor ŷ(1 − ŷ) come from? And is the loss a sum or a mean?

    The factor belongs to the squared error behind a sigmoid; here it cancels. And the mean brings in 1/N.
    """
    return (y_hat - y) * y_hat * (1 - y_hat)


@output_gradient.mistake(read=ANOTHER_LOSS)
def factor_2(y_hat, y):
    """Your answer is twice the right one. Of which function is the derivative 2 times something?

    The 2 is that of a square. The cross-entropy has none.
    """
    return 2 * (y_hat - y) / y.shape[1]


@output_gradient.mistake(read=VECTOR)
def squared(y_hat, y):
    """Can your gradient be negative? The true class needs a negative one.

    Your numbers come from the square of the difference. A gradient has a direction, and a square has lost it.
    """
    return (y_hat - y) ** 2 / y.shape[1]


@output_gradient.mistake(read=VECTOR)
def absolute_value(y_hat, y):
    """Can your gradient be negative? The true class needs a negative one.

    abs takes the sign away, and so the direction: the true score would be pushed down, too.
    """
    return np.abs(y_hat - y) / y.shape[1]


@output_gradient.mistake("changes ŷ", read=ONE_OVER_N)
def changes_y_hat(y_hat, y):
    """The numbers are right, but look at y_hat after the call.

    Without a copy, -= writes into the array of the caller, who still wants to know the probabilities.
    """
    y_hat -= y
    return y_hat / y.shape[1]


@output_gradient.mistake("∂L/∂ŷ", read=JACOBIAN)
def dl_over_dy_hat(y_hat, y):
    """With respect to what did you differentiate? Do the wrong classes get a gradient?

    −y/ŷ is the derivative with respect to ŷ. Between ŷ and a lies the softmax with its Jacobian.
    """
    return -y / np.where(y == 1, y_hat, 1) / y.shape[1]


@output_gradient.mistake("element-wise softmax derivative", read=JACOBIAN)
def element_wise_softmax_derivative(y_hat, y):
    """Which gradient do the wrong classes get in your answer?

    They get none, as when only the diagonal of the softmax's Jacobian is used. Every score moves every probability.
    """
    return -y * (1 - y_hat) / y.shape[1]


@output_gradient.mistake("ŷ − 1 everywhere", read=VECTOR)
def y_hat_minus_1_everywhere(y_hat, y):
    """Which gradient do the wrong classes get in your answer? Does it depend on y?

    Your numbers are those that come out when 1 is subtracted from every class. The 1 belongs to the true class
    alone; that is what the one-hot column is for.
    """
    return (y_hat - 1) / y.shape[1]


@output_gradient.mistake("ŷ alone", read=VECTOR)
def y_hat_alone(y_hat, y):
    """Does your answer depend on y?

    The truth is missing: the gradient is what the network said, minus the truth.
    """
    return y_hat / y.shape[1]


@output_gradient.mistake(read=ONE_OVER_N)
def mean_over_the_examples(y_hat, y):
    """A gradient has the shape of its quantity. Which shape has a_L?

    Your numbers are means over the columns. Each example keeps its column; only the factor 1/N comes in.
    """
    return (y_hat - y).mean(axis=1, keepdims=True)


@output_gradient.mistake(read=ONE_OVER_N)
def first_example_only(y_hat, y):
    """How many columns has your answer, and how many examples are there?

    What comes back belongs to the first example only. One line does all columns at once.
    """
    return (y_hat - y)[:, :1] / y.shape[1]


@output_gradient.mistake(read=VECTOR)
def softmax_once_more(y_hat, y):
    """The parameter is ŷ, not a. What do you do to it?

    Your numbers are those that come out when the softmax is applied to what is a softmax already.
    """
    return (softmax(y_hat) - y) / y.shape[1]


@output_gradient.mistake(read=VECTOR)
def decision_instead_of_probability(y_hat, y):
    """Your gradient is 0 wherever the decision is right. Is the network then certain?

    Your numbers are those that come out when the winning class is compared with the truth. What counts is how much
    probability is missing.
    """
    return ((y_hat == y_hat.max(axis=0)) - y) / y.shape[1]


# --- right answers that look different ---


@output_gradient.variant("factor 1/N")
def factor_one_over_n(y_hat, y):
    N = y_hat.shape[-1]
    return (1 / N) * (y_hat - y)


@output_gradient.variant()
def minus_the_indicator(y_hat, y):
    return -(y - y_hat) / len(y[0])


@output_gradient.variant()
def index_and_subtract(y_hat, y):
    g = y_hat.copy()
    g[y.argmax(axis=0), np.arange(y.shape[1])] -= 1
    return g / y.shape[1]


@output_gradient.variant("full Jacobian times −1/ŷ")
def full_jacobian_times_minus_1_over_y_hat(y_hat, y):
    g = np.zeros(y.shape)
    for n in range(y.shape[1]):
        p = y_hat[:, n]
        l = y[:, n].argmax()
        J = np.diag(p) - np.outer(p, p)
        g[:, n] = J[l] * (-1 / p[l]) / y.shape[1]
    return g


@output_gradient.variant()
def boolean_mask(y_hat, y):
    return np.where(y == 1, y_hat - 1, y_hat) / y.shape[1]


@output_gradient.variant()
def loops(y_hat, y):
    g = np.zeros(y.shape)
    for i in range(y.shape[0]):
        for n in range(y.shape[1]):
            g[i, n] = (y_hat[i, n] - y[i, n]) / y.shape[1]
    return g


@output_gradient.variant(note="list")
def a_list(y_hat, y):
    return ((y_hat - y) / y.shape[1]).tolist()


@output_gradient.variant("Jacobian times −y/ŷ", note="−1/ŷ is infinite")
def jacobian_times_slope_of_the_loss(y_hat, y):
    columns = []
    for p, t in zip(y_hat.T, y.T):
        J = np.diag(p) - np.outer(p, p)
        columns.append(J @ (-t / p) / y.shape[1])
    return np.column_stack(columns)
