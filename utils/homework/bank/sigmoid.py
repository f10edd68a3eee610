"""sigmoid: return σ(a) for every entry of a, in the shape of a."""

import numpy as np

from utils.homework import reference
from utils.homework.bank.cases import entries
from utils.homework.places import LAST_LAYER, SIGMOID_STEPS, THE_BEND
from utils.homework.question import Question
from utils.homework.reference import softmax

sigmoid = Question(
    name="sigmoid",
    reference=reference.sigmoid,
    inputs=entries,
    task="Return σ(a) for every entry of a, in the shape of a.",
    homework="hw_01",
    points=2,
    read=SIGMOID_STEPS,
)


@sigmoid.mistake(read=SIGMOID_STEPS)
def sign_in_the_exponent(a):
    """Does your curve rise or fall? Try a = −5 and a = 5.

    Your function falls. The sigmoid rises, so a large a must make the exponential small: look at the sign in the
    exponent.
    """
    return 1 / (1 + np.exp(a))


@sigmoid.mistake("falls, and overflows", read=SIGMOID_STEPS)
def falls_and_overflows(a):
    """Does your curve rise or fall? Try a = −5 and a = 5. Then try a = −10 000.

    Your numbers are those of 1 − σ(a), which falls. And at a = −10 000 the exponential is inf, and inf/inf is nan.
    """
    return np.exp(-a) / (1 + np.exp(-a))


@sigmoid.mistake("inf/inf", read=SIGMOID_STEPS)
def inf_over_inf(a):
    """The formula is right, but what is e^a for a = 10 000?

    e^{10 000} is inf, and inf/inf is nan. With the exponential below the line only, 1/inf is 0, which is the right
    limit.
    """
    return np.exp(a) / (1 + np.exp(a))


@sigmoid.mistake(read=THE_BEND)
def tanh(a):
    """Between which two values does your function run? And the sigmoid?

    tanh runs from −1 to 1. The sigmoid has the same S, but runs from 0 to 1.
    """
    return np.tanh(a)


@sigmoid.mistake(read=THE_BEND)
def tanh_form_without_the_half(a):
    """How steep is your curve at a = 0? The sigmoid's slope there is ¼.

    Your numbers are those of σ(2a): twice as steep. In the tanh form of the sigmoid the argument is halved, too.
    """
    return (1 + np.tanh(a)) / 2


@sigmoid.mistake("ReLU", read=THE_BEND)
def relu(a):
    """Is there an upper bound to what your function returns? Try a = 100.

    This is ReLU, which grows without end. The sigmoid stays between 0 and 1.
    """
    return np.maximum(0, a)


@sigmoid.mistake(read=THE_BEND)
def step(a):
    """Only zeros and ones come back. What should your function return at a = 0.1?

    This is a step from 0 to 1. The sigmoid goes the same way smoothly, and that is why it has a slope.
    """
    return np.round(1 / (1 + np.exp(-a)))


@sigmoid.mistake(read=SIGMOID_STEPS)
def missing_brackets(a):
    """Which operation does Python do first, / or +?

    Your numbers are those of 1 + e^{−a}, as from 1/1 + e^{−a}, in which Python divides first. The whole sum belongs
    below the line.
    """
    return 1 / 1 + np.exp(-a)


@sigmoid.mistake(read=SIGMOID_STEPS)
def slope_instead_of_value(a):
    """Is the value at a = 0 a half? Yours is a quarter.

    h(1 − h) is the slope of the sigmoid, which is the subject of homework 2. Here its value is wanted.
    """
    h = 1 / (1 + np.exp(-a))
    return h * (1 - h)


@sigmoid.mistake(read=SIGMOID_STEPS)
def absolute_value(a):
    """What does your function return for a = −3 and for a = 3?

    Both give the same: the sign of a is lost. For negative a the sigmoid lies below a half.
    """
    return 1 / (1 + np.exp(-np.abs(a)))


@sigmoid.mistake(read=SIGMOID_STEPS)
def power_of_two(a):
    """Which number is raised to the power −a?

    The base is e = 2.718…, not 2: with it the slope has its simple form. NumPy's function is np.exp.
    """
    return 1 / (1 + 2.0 ** (-a))


@sigmoid.mistake(read=SIGMOID_STEPS)
def e_times_a(a):
    """Is e multiplied by −a, or raised to that power?

    np.e * -a is a product. The exponential function is np.exp.
    """
    return 1 / (1 + np.e * -a)


@sigmoid.mistake("one number at a time: math.exp", read=SIGMOID_STEPS)
def one_number_at_a_time_math_exp(a):
    """It works for one number. What is a here?

    The module math knows single numbers only. NumPy's exponential works on all entries of an array at once.
    """
    import math

    return 1 / (1 + math.exp(-a))


@sigmoid.mistake(read=SIGMOID_STEPS)
def if_on_an_array(a):
    """It works for one number. What should `if` do when some entries are positive and others are not?

    An `if` decides once for the whole array. Each entry needs its own decision (np.where), or a formula that needs
    none.
    """
    if a >= 0:
        return 1 / (1 + np.exp(-a))
    return np.exp(a) / (1 + np.exp(a))


@sigmoid.mistake(read=LAST_LAYER)
def softmax_instead(a):
    """Change one entry of a. How many entries of the result should change?

    In yours a whole column changes: that is a softmax. The sigmoid looks at each entry alone.
    """
    return softmax(a)


# --- right answers that look different ---


@sigmoid.variant()
def tanh_form(a):
    return 0.5 * (1 + np.tanh(a / 2))


@sigmoid.variant("log-sum-exp")
def log_sum_exp(a):
    return np.exp(-np.logaddexp(0, -a))


@sigmoid.variant()
def where(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + e), e / (1 + e))


@sigmoid.variant()
def clipped(a):
    return 1 / (1 + np.exp(-np.clip(a, -500, 500)))


@sigmoid.variant("power −1")
def power_minus_1(a):
    return (1 + np.exp(-a)) ** -1


@sigmoid.variant()
def loops(a):
    import math

    h = np.zeros(a.shape)
    for i in range(a.shape[0]):
        for n in range(a.shape[1]):
            h[i, n] = 1 / (1 + math.exp(-a[i, n])) if a[i, n] > -700 else 0
    return h


@sigmoid.variant(note="list")
def a_list(a):
    return [[1 / (1 + np.exp(-entry)) for entry in row] for row in a]
