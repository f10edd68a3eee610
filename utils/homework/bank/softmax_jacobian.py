"""softmax_jacobian: return the Jacobian J of the softmax, shape (k, k), for one column ŷ of shape (k, 1)."""

import numpy as np

from utils.homework import reference
from utils.homework.places import JACOBIAN
from utils.homework.question import Case, Question
from utils.homework.reference import softmax

VECTOR = "a vector of probabilities, shape (k,)"


def inputs(rng):
    """Return columns of probabilities with several numbers of classes, and one with probabilities of exactly 0."""

    def case(about, y_hat, ordinary=True):
        return Case(about, (y_hat,), ordinary, optional=y_hat.ndim == 1)

    k = int(rng.integers(3, 6))
    return [
        case(f"{k} classes", softmax(rng.normal(scale=1.2, size=(k, 1)))),
        case(f"{k + 2} classes", softmax(rng.normal(scale=1.2, size=(k + 2, 1)))),
        case("2 classes", softmax(rng.normal(size=(2, 1))), ordinary=False),
        case("a class with a probability of exactly 0", rng.permutation([[0.0], [0.25], [0.75]]), ordinary=False),
        case("a class with a probability of exactly 1", rng.permutation([[0.0], [0.0], [1.0], [0.0]]), ordinary=False),
        case(VECTOR, softmax(rng.normal(size=(k, 1)))[:, 0], ordinary=False),
        case(VECTOR, softmax(rng.normal(size=(k + 1, 1)))[:, 0], ordinary=False),
    ]


def takes_vectors(cases, answers):
    """Return a note if the optional cases are right, those with a vector: ŷ may be meant so. Else None."""
    for case, answer in zip(cases, answers, strict=True):
        true = reference.softmax_jacobian(case.arguments[0])
        if case.optional and not (answer and answer[0].shape == true.shape and np.allclose(answer[0], true, rtol=1e-5, atol=1e-9)):
            return None
    return "It takes ŷ as a vector, shape (k,); in the lessons one example is a column, (k, 1)."


softmax_jacobian = Question(
    name="softmax_jacobian",
    reference=reference.softmax_jacobian,
    inputs=inputs,
    task="Return the Jacobian J of the softmax, shape (k, k), for one column ŷ of shape (k, 1).",
    homework="hw_02",
    points=4,
    read=JACOBIAN,
    accepts=takes_vectors,
    symbols={"p": "a flat ŷ"},
    words={
        "negative": (
            "If a score grows, its own probability grows. Look at the sign of your diagonal.",
            "Both terms have the wrong sign: the indicator's term is the positive one.",
        ),
    },
)


@softmax_jacobian.mistake(read=JACOBIAN)
def diagonal_only(y_hat):
    """Push one score: which probabilities move? And what does a column of your J sum to?

    Your J has zeros off the diagonal, as if each probability heard only its own score. Every score stands in every
    denominator.
    """
    return np.diag((y_hat * (1 - y_hat)).ravel())


@softmax_jacobian.mistake("diag(ŷ) alone", read=JACOBIAN)
def diag_y_hat_alone(y_hat):
    """What does a column of your J sum to? The probabilities go on adding up to 1.

    The first of two terms is there. The second, the product of every pair of probabilities, is missing.
    """
    return np.diag(y_hat.ravel())


@softmax_jacobian.mistake(read=JACOBIAN)
def plus_for_minus(y_hat):
    """If one score grows, what do the other probabilities do? Look at the sign of your J off the diagonal.

    What one class gains, the others lose: off the diagonal J is negative. The outer product is subtracted.
    """
    return np.diag(y_hat.ravel()) + y_hat @ y_hat.T


@softmax_jacobian.mistake(read=JACOBIAN)
def outer_product_only(y_hat):
    """If one score grows, what do the other probabilities do? And what does a column of your J sum to?

    This is ŷŷᵀ alone: without diag(ŷ), and with the wrong sign.
    """
    return y_hat @ y_hat.T


@softmax_jacobian.mistake(read=JACOBIAN)
def minus_the_outer_product_only(y_hat):
    """If a score grows, its own probability grows. Look at the diagonal of your J.

    The case m = i is missing: on the diagonal there is one more term, the one with the indicator.
    """
    return -y_hat @ y_hat.T


@softmax_jacobian.mistake("transposed sum: ŷᵀŷ", read=JACOBIAN)
def transposed_sum_y_hat_transposedy_hat(y_hat):
    """Which shape has y_hat.T @ y_hat? And what does a column of your J sum to?

    A row times a column is a single number. All products of pairs come from a column times a row.
    """
    return np.diag(y_hat.ravel()) - y_hat.T @ y_hat


@softmax_jacobian.mistake("element-wise slope as a column", read=JACOBIAN)
def element_wise_slope_as_a_column(y_hat):
    """How many scores are there, how many probabilities, and how many derivatives of one with respect to the other?

    These are the k derivatives on the diagonal. Each probability has one with respect to each score: k · k.
    """
    return y_hat * (1 - y_hat)


@softmax_jacobian.mistake("1 on the diagonal", read=JACOBIAN)
def one_on_the_diagonal(y_hat):
    """What does a column of your J sum to? The probabilities go on adding up to 1.

    The indicator is multiplied by ŷ_m in the formula. Your numbers are those with a bare 1 on the diagonal.
    """
    return np.eye(len(y_hat)) - y_hat @ y_hat.T


@softmax_jacobian.mistake("indicator − ŷ", read=JACOBIAN)
def indicator_minus_y_hat(y_hat):
    """What does a row of your J sum to? Moving all scores together changes nothing.

    This is the bracket alone, as it is left after the 1/ŷ of the loss has cancelled. The Jacobian still has its factor
    ŷ_m.
    """
    return np.eye(len(y_hat)) - y_hat


@softmax_jacobian.mistake("indicator − ŷᵀ", read=JACOBIAN)
def indicator_minus_y_hat_transposed(y_hat):
    """What does a column of your J sum to? The probabilities go on adding up to 1.

    The bracket is right: 1_(m=i) − ŷ_i. The factor ŷ_m in front of it is missing.
    """
    return np.eye(len(y_hat)) - y_hat.T


@softmax_jacobian.mistake(read=JACOBIAN)
def softmax_once_more(y_hat):
    """The parameter is ŷ, not a. What do you do to it?

    Your numbers are those that come out when the softmax is applied to what is a softmax already.
    """
    p = softmax(y_hat)
    return np.diag(p.ravel()) - p @ p.T


@softmax_jacobian.mistake(read=JACOBIAN)
def nothing_on_the_diagonal(y_hat):
    """Look at your diagonal: it is 0. If a score grows, does its own probability not change?

    The case m = i is missing, or its first term is squared: it is ŷ, and ŷ² is taken from it.
    """
    return np.diag(y_hat.ravel() ** 2) - y_hat @ y_hat.T


@softmax_jacobian.mistake(read=JACOBIAN)
def factor_2(y_hat):
    """What does a column of your J sum to? The probabilities go on adding up to 1.

    The outer product has a factor 2 too many: the quotient rule gives that term once.
    """
    return np.diag(y_hat.ravel()) - 2 * y_hat @ y_hat.T


@softmax_jacobian.mistake("diagonal ŷ, off the diagonal right", read=JACOBIAN)
def diagonal_y_hat_off_the_diagonal_right(y_hat):
    """Off the diagonal all is well. What does a column of your J sum to?

    In the case m = i both terms count, the one with the indicator and the one without. Your diagonal has the first
    alone.
    """
    J = -y_hat @ y_hat.T
    np.fill_diagonal(J, y_hat)
    return J


@softmax_jacobian.mistake("sums of the Jacobian", read=JACOBIAN)
def sums_of_the_jacobian(y_hat):
    """Which shape has a Jacobian? And do you know why your numbers are all 0?

    Your numbers are the sums of rows or columns of the matrix, and each sums to 0. The matrix before the sum is the
    answer.
    """
    return (np.diag(y_hat.ravel()) - y_hat @ y_hat.T).sum(axis=0)


# --- right answers that look different ---


@softmax_jacobian.variant()
def outer(y_hat):
    p = y_hat.ravel()
    return np.diag(p) - np.outer(p, p)


@softmax_jacobian.variant("unit matrix times ŷ")
def unit_matrix_times_y_hat(y_hat):
    return y_hat * np.eye(len(y_hat)) - y_hat * y_hat.T


@softmax_jacobian.variant()
def bracket(y_hat):
    return y_hat * (np.eye(y_hat.shape[0]) - y_hat.T)


@softmax_jacobian.variant()
def transposed(y_hat):
    return (y_hat * np.eye(y_hat.shape[0]) - y_hat @ y_hat.T).T


@softmax_jacobian.variant("np.diagflat")
def np_diagflat(y_hat):
    return np.diagflat(y_hat) - np.einsum("ij,kj->ik", y_hat, y_hat)


@softmax_jacobian.variant()
def loops(y_hat):
    k = len(y_hat)
    J = np.zeros((k, k))
    for m in range(k):
        for i in range(k):
            J[m, i] = (m == i) * y_hat[m, 0] - y_hat[m, 0] * y_hat[i, 0]
    return J


@softmax_jacobian.variant()
def diagonal_filled_in(y_hat):
    J = -y_hat @ y_hat.T
    np.fill_diagonal(J, y_hat * (1 - y_hat))
    return J


@softmax_jacobian.variant(note="list")
def a_list(y_hat):
    return (np.diagflat(y_hat) - y_hat @ y_hat.T).tolist()


@softmax_jacobian.variant("a vector", note="as a vector")
def for_a_vector(y_hat):
    return np.diag(y_hat) - np.outer(y_hat, y_hat)
