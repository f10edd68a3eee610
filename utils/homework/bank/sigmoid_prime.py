"""sigmoid_prime: return σ′(a) for every entry of a, in the shape of a."""

import numpy as np

from utils.homework import reference
from utils.homework.bank.cases import entries
from utils.homework.places import SIGMOID_SLOPE, THE_BEND, THREE_WAYS
from utils.homework.question import Question
from utils.homework.reference import sigmoid

sigmoid_prime = Question(
    name="sigmoid_prime",
    reference=reference.sigmoid_prime,
    inputs=entries,
    task="Return σ′(a) for every entry of a, in the shape of a.",
    homework="hw_02",
    points=2,
    read=SIGMOID_SLOPE,
    symbols={"h": "σ(a)"},
    words={
        "negative": (
            "Does the sigmoid rise or fall?",
            "Your slope is negative, but the sigmoid rises everywhere. Two minus signs meet on the way, and they cancel.",
        ),
        "function of the answer: its square": (
            "At a = 0 the slope is ¼. Yours is 1/16.",
            "Your numbers are the squares of the slopes.",
        ),
    },
)


@sigmoid_prime.mistake(read=SIGMOID_SLOPE)
def a_taken_for_h(a):
    """The parameter is a. Is your formula one in terms of a?

    The slope is h(1 − h), and h is not a: compute h = σ(a) first.
    """
    return a * (1 - a)


@sigmoid_prime.mistake(read=SIGMOID_SLOPE)
def value_instead_of_slope(a):
    """What should the slope be far to the right, where the curve is flat? Yours is 1.

    Your numbers are those of σ(a) itself. Wanted is how fast it changes.
    """
    return sigmoid(a)


@sigmoid_prime.mistake(read=SIGMOID_SLOPE)
def the_other_sign(a):
    """What should the slope be far to the right, where the curve is flat? Yours is 2.

    There is a plus in your bracket. The slope must vanish where h is 1.
    """
    h = sigmoid(a)
    return h * (1 + h)


@sigmoid_prime.mistake(read=THREE_WAYS)
def evaluated_twice(a):
    """How often do you apply the sigmoid before you take the slope?

    This is σ′(σ(a)): the slope at h instead of at a.
    """
    h = sigmoid(sigmoid(a))
    return h * (1 - h)


@sigmoid_prime.mistake(read=SIGMOID_SLOPE)
def half_of_it(a):
    """What should the slope be far to the left, where the curve is flat? Yours is 1.

    1 − h is only one of the two factors.
    """
    return 1 - sigmoid(a)


@sigmoid_prime.mistake(read=SIGMOID_SLOPE)
def zero(a):
    """Your slope is 0 everywhere. Is the sigmoid flat at a = 0?

    A slope of 0 everywhere would mean that the sigmoid never changes. At a = 0 its slope is ¼.
    """
    return np.zeros_like(a)


@sigmoid_prime.mistake("tanh′", read=THE_BEND)
def tanh_prime(a):
    """Whose slope is this? At a = 0 the sigmoid's is ¼; yours is 1.

    1 − tanh² is the slope of tanh.
    """
    return 1 - np.tanh(a) ** 2


@sigmoid_prime.mistake("1 − h²", read=SIGMOID_SLOPE)
def one_minus_h_squared(a):
    """Whose slope is written like this? At a = 0 the sigmoid's is ¼; yours is ¾.

    1 − h² is the slope where h = tanh(a). For h = σ(a) it has another form.
    """
    return 1 - sigmoid(a) ** 2


@sigmoid_prime.mistake("h · h taken for 2h", read=SIGMOID_SLOPE)
def h_times_h_taken_for_2h(a):
    """Multiply h(1 − h) out once more. What is h · h?

    h · h is h², not 2h.
    """
    h = sigmoid(a)
    return h - 2 * h


@sigmoid_prime.mistake("ReLU′", read=THE_BEND)
def relu_prime(a):
    """Your slope is 0 or 1. Is the sigmoid ever as steep as that?

    This is the slope of ReLU. The sigmoid's lies between 0 and ¼.
    """
    return (a > 0) * 1.0


@sigmoid_prime.mistake(read=SIGMOID_SLOPE)
def if_on_an_array(a):
    """It works for one number. What should `if` do when some entries are positive and others are not?

    An `if` decides once for the whole array. Each entry needs its own decision (np.where), or a formula that needs
    none.
    """
    if a > 0:
        h = 1 / (1 + np.exp(-a))
    else:
        h = np.exp(a) / (1 + np.exp(a))
    return h * (1 - h)


@sigmoid_prime.mistake("inf/inf", read=SIGMOID_SLOPE)
def inf_over_inf(a):
    """The formula is right, but what is e^{−a} for a = −10 000?

    e^{10 000} is inf, and inf/inf is nan. Written in terms of h = σ(a), nothing can overflow.
    """
    return np.exp(-a) / (1 + np.exp(-a)) ** 2


@sigmoid_prime.mistake(read=SIGMOID_SLOPE)
def minus_from_the_inner_derivative_left_over(a):
    """Does the sigmoid rise or fall? Count the minus signs of your derivation.

    There are two: one from the derivative of 1/v, one from that of e^{−a}. They cancel, and yours has one left. And
    −inf/inf is nan.
    """
    return -np.exp(-a) / (1 + np.exp(-a)) ** 2


@sigmoid_prime.mistake(read=SIGMOID_SLOPE)
def square_forgotten(a):
    """What is the derivative of 1/v? And what should the slope be far to the left?

    The derivative of 1/v is −1/v², with a square, and yours has none. It runs up to 1, and then into inf/inf.
    """
    return np.exp(-a) / (1 + np.exp(-a))


@sigmoid_prime.mistake(read=SIGMOID_SLOPE)
def derivative_of_the_inside_forgotten(a):
    """The chain rule has one factor for each step. Which steps are missing?

    −1/v² is the outermost derivative alone. Those of 1 + e^{−a} are still to be multiplied.
    """
    return -1 / (1 + np.exp(-a)) ** 2


@sigmoid_prime.mistake(read=SIGMOID_SLOPE)
def coarse_difference_quotient(a):
    """Your numbers are close, but not exact. How small should a step be?

    A secant with a step of 0.1, to one side, is off in the second digit. The exact slope costs less.
    """
    return (sigmoid(a + 0.1) - sigmoid(a)) / 0.1


@sigmoid_prime.mistake("@ for ∘", read=SIGMOID_SLOPE)
def matmul_for_entrywise(a):
    """A slope belongs to each entry of a. Which shape has your answer?

    @ is a product of matrices and mixes the entries. Each h meets its own 1 − h: entry by entry, *.
    """
    h = sigmoid(a)
    return h @ (1 - h).T


# --- right answers that look different ---


@sigmoid_prime.variant()
def h_first(a):
    h = 1 / (1 + np.exp(-a))
    return h * (1 - h)


@sigmoid_prime.variant("h − h²")
def h_minus_h_squared(a):
    h = sigmoid(a)
    return h - h**2


@sigmoid_prime.variant()
def tanh_form(a):
    return (1 - np.tanh(a / 2) ** 2) / 4


@sigmoid_prime.variant("σ(a)σ(−a)")
def sigma_a_sigma_minus_a(a):
    return sigmoid(a) * sigmoid(-a)


@sigmoid_prime.variant()
def stable_exponential(a):
    e = np.exp(-np.abs(a))
    return e / (1 + e) ** 2


@sigmoid_prime.variant()
def cosh(a):
    return 0.25 / np.cosh(np.clip(a, -700, 700) / 2) ** 2


@sigmoid_prime.variant()
def fine_difference_quotient(a):
    return (sigmoid(a + 1e-5) - sigmoid(a - 1e-5)) / 2e-5


@sigmoid_prime.variant()
def loops(a):
    slope = np.empty_like(a)
    for place, entry in np.ndenumerate(a):
        h = sigmoid(entry)
        slope[place] = h * (1 - h)
    return slope


@sigmoid_prime.variant(note="list")
def a_list(a):
    h = sigmoid(a)
    return (h * (1 - h)).tolist()
