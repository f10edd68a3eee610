"""What the learner writes in lesson 00: two slopes, a gradient, a step, and one unit."""

import numpy as np

from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task

DERIVATIVE = Place("00_start_here", 3, "What is a derivative?")
SMALLER_STEP = Place("00_start_here", 4, "Is a smaller step always better?")
GRADIENT = Place("00_start_here", 5, "Several variables: what is the gradient?")
STEP = Place("00_start_here", 7, "How long should a step be?")
ONE_UNIT = Place("00_start_here", 8, "What does one unit compute?")


def curves(rng):
    """Return functions of one variable, each with a place and a step that is not small."""
    a, b = rng.uniform(1, 3, 2)
    return [
        Case("f(x) = x³", (lambda x: x**3, rng.uniform(1, 2), 0.5)),
        Case("a parabola", (lambda x: a * x**2 - b * x + 1, rng.uniform(1, 2), 0.25)),
        Case("the exponential function", (np.exp, rng.uniform(-1, 1), 0.1)),
    ]


# --- the slope of a secant ---


def slope(f, x, eps):
    return (f(x + eps) - f(x)) / eps


SLOPE = Question("slope", slope, curves, "Return the slope of the secant of f between x and x + eps.", read=DERIVATIVE)


@SLOPE.mistake()
def not_divided(f, x, eps):
    """By how much does f grow, and per which step?

    This is the growth of f. A slope is the growth per unit of x: divide it by the step.
    """
    return f(x + eps) - f(x)


@SLOPE.mistake()
def missing_brackets(f, x, eps):
    """Which operation does Python do first, − or /?

    Without brackets only f(x) is divided. The whole difference stands above the line.
    """
    return f(x + eps) - f(x) / eps


@SLOPE.mistake()
def sign_turned(f, x, eps):
    """Take a curve that rises. Which sign has your slope?

    You subtract the right value from the left one. The later value comes first: f(x + ε) − f(x).
    """
    return (f(x) - f(x + eps)) / eps


@SLOPE.mistake()
def step_outside_f(f, x, eps):
    """Where is the step added, to x or to f(x)?

    f(x) + ε − f(x) is ε, whatever f is. The nudge goes into the function: f(x + ε).
    """
    return (f(x) + eps - f(x)) / eps


@SLOPE.mistake()
def divided_by_x(f, x, eps):
    """How far do you go to the right?

    You divide by x. The way from the first point to the second is ε.
    """
    return (f(x + eps) - f(x)) / x


@SLOPE.mistake()
def to_the_left(f, x, eps):
    """Which two points does your secant join?

    It joins x − ε and x. The formula above goes to the right.
    """
    return (f(x) - f(x - eps)) / eps


@SLOPE.mistake()
def both_sides(f, x, eps):
    """Which two points does your secant join?

    It joins x − ε and x + ε. That is a better idea, and section 4 comes to it; here the secant begins at x.
    """
    return (f(x + eps) - f(x - eps)) / (2 * eps)


@SLOPE.variant()
def points_first(f, x, eps):
    left, right = x, x + eps
    return (f(right) - f(left)) / (right - left)


# --- the central difference ---


def central(f, x, eps):
    return (f(x + eps) - f(x - eps)) / (2 * eps)


CENTRAL = Question("central", central, curves, "Return the slope of f between x − eps and x + eps.", read=SMALLER_STEP)


@CENTRAL.mistake()
def half_the_way(f, x, eps):
    """How far is it from x − ε to x + ε?

    Twice ε. You divide by one ε, so your slope is twice too large.
    """
    return (f(x + eps) - f(x - eps)) / eps


@CENTRAL.mistake()
def two_divides_eps_multiplies(f, x, eps):
    """What does Python make of / 2 * eps?

    From left to right: it divides by 2, then it multiplies by ε. Put 2 · ε into brackets.
    """
    return (f(x + eps) - f(x - eps)) / 2 * eps


@CENTRAL.mistake()
def the_secant_again(f, x, eps):
    """Which two points do you compare?

    x and x + ε: that is the secant. The central difference looks to both sides, x − ε and x + ε.
    """
    return (f(x + eps) - f(x)) / eps


@CENTRAL.mistake()
def secant_halved(f, x, eps):
    """Which two points do you compare, and how far are they apart?

    x and x + ε are ε apart, not 2ε. The central difference needs x − ε as its first point.
    """
    return (f(x + eps) - f(x)) / (2 * eps)


@CENTRAL.mistake()
def brackets_above_the_line(f, x, eps):
    """Which operation does Python do first, − or /?

    Without brackets only f(x − ε) is divided. The whole difference stands above the line.
    """
    return f(x + eps) - f(x - eps) / (2 * eps)


@CENTRAL.mistake()
def left_minus_right(f, x, eps):
    """Take a curve that rises. Which sign has your slope?

    You subtract the right value from the left one. The later value comes first.
    """
    return (f(x - eps) - f(x + eps)) / (2 * eps)


@CENTRAL.mistake()
def a_sum(f, x, eps):
    """Is it a sum or a difference of two values?

    f(x + ε) + f(x − ε) is about 2 f(x): a height, and not a slope.
    """
    return (f(x + eps) + f(x - eps)) / (2 * eps)


@CENTRAL.variant()
def mean_of_two_secants(f, x, eps):
    right = (f(x + eps) - f(x)) / eps
    left = (f(x) - f(x - eps)) / eps
    return (right + left) / 2


# --- the gradient by nudging ---


def landscapes(rng):
    """Return functions of two and three variables, each with a place; they bend enough to tell one-sided slopes from central ones."""
    a, b = rng.uniform(1, 3, 2)
    return [
        Case("a steep slope", (lambda theta: np.exp(a * 40 * theta[0]) + 2 * np.exp(b * 40 * theta[1]), rng.uniform(0, 0.02, 2))),
        Case("three variables", (lambda theta: np.exp(50 * theta @ [1, 2, -1]), rng.uniform(0, 0.02, 3))),
    ]


def gradient(f, theta):
    slopes = []
    for nudge in 1e-5 * np.eye(len(theta)):
        slopes.append((f(theta + nudge) - f(theta - nudge)) / 2e-5)
    return np.array(slopes)


GRADIENT = Question("gradient", gradient, landscapes, "Return the partial derivatives of f at theta, in order.", read=GRADIENT)


@GRADIENT.mistake()
def all_at_once(f, theta):
    """How many entries of θ does each of your nudges change?

    θ + ε nudges all entries at once, so every slope holds the sum of all partial derivatives. Use the nudge: it changes one entry.
    """
    return np.array([(f(theta + 1e-5) - f(theta - 1e-5)) / 2e-5 for _ in theta])


@GRADIENT.mistake()
def half_the_way_each(f, theta):
    """How far is it from θ − nudge to θ + nudge?

    Twice ε. You divide by one ε, so all slopes are twice too large.
    """
    return 2 * gradient(f, theta)


@GRADIENT.mistake()
def divides_then_multiplies(f, theta):
    """What does Python make of / 2 * eps?

    From left to right: it divides by 2, then it multiplies by ε. Put 2 · ε into brackets.
    """
    return gradient(f, theta) * 1e-10


@GRADIENT.mistake()
def one_side_only(f, theta):
    """Which two points does each slope compare?

    θ and θ + nudge: that is the secant. The central difference is much more exact.
    """
    return np.array([(f(theta + nudge) - f(theta)) / 1e-5 for nudge in 1e-5 * np.eye(len(theta))])


@GRADIENT.mistake()
def one_side_and_half(f, theta):
    """Which two points does each slope compare, and how far are they apart?

    θ and θ + nudge are ε apart. The central difference begins at θ − nudge.
    """
    return np.array([(f(theta + nudge) - f(theta)) / 2e-5 for nudge in 1e-5 * np.eye(len(theta))])


@GRADIENT.mistake()
def not_divided_at_all(f, theta):
    """By how much does f change, and per which step?

    You have the changes of f. A slope is the change divided by the way, 2ε.
    """
    return gradient(f, theta) * 2e-5


@GRADIENT.mistake()
def divided_by_the_nudge(f, theta):
    """How many zeros are in the nudge?

    The nudge is a vector, and dividing by it divides by its zeros. The way is one number: 2ε.
    """
    return np.array([(f(theta + nudge) - f(theta - nudge)) / (2 * nudge) for nudge in 1e-5 * np.eye(len(theta))])


@GRADIENT.mistake()
def turned_round(f, theta):
    """Take a slope that rises. Which sign does it get?

    You subtract the later value from the earlier one.
    """
    return -gradient(f, theta)


@GRADIENT.mistake()
def the_first_alone(f, theta):
    """How many slopes come back, and how many entries has θ?

    Only one. Is the return inside the loop? It must wait until the loop is done.
    """
    return gradient(f, theta)[:1]


@GRADIENT.variant()
def by_index(f, theta):
    slopes = np.zeros(len(theta))
    for i in range(len(theta)):
        up, down = theta.copy(), theta.copy()
        up[i] += 1e-5
        down[i] -= 1e-5
        slopes[i] = (f(up) - f(down)) / 2e-5
    return slopes


# --- one step of gradient descent ---


def places(rng):
    """Return places with their gradients and learning rates."""
    return [
        Case("two numbers", (rng.normal(size=2), rng.normal(size=2), 0.1)),
        Case("five numbers and a long step", (rng.normal(size=5), rng.normal(size=5), 1.7)),
    ]


def step(theta, grad, learning_rate):
    return theta - learning_rate * grad


STEP = Question("step", step, places, "Return theta after one step of gradient descent.", read=STEP)


@STEP.mistake()
def uphill(theta, grad, learning_rate):
    """Where does the gradient point, uphill or downhill?

    Uphill. With a plus you climb; the step goes against the gradient.
    """
    return theta + learning_rate * grad


@STEP.mistake()
def no_learning_rate(theta, grad, learning_rate):
    """Does your step change when the learning rate does?

    You go the whole gradient. The learning rate says which part of it.
    """
    return theta - grad


@STEP.mistake()
def only_the_way(theta, grad, learning_rate):
    """Is your answer a place or a way?

    This is the way. The new place is the old one plus the way.
    """
    return -learning_rate * grad


@STEP.mistake()
def divided_by_the_rate(theta, grad, learning_rate):
    """Should a larger learning rate make the step longer or shorter?

    Longer. You divide by it.
    """
    return theta - grad / learning_rate


@STEP.mistake()
def theta_scaled(theta, grad, learning_rate):
    """What is multiplied by the learning rate in the formula?

    The gradient, and not θ − ∇f as a whole.
    """
    return learning_rate * (theta - grad)


@STEP.variant()
def plus_the_opposite(theta, grad, learning_rate):
    return theta + learning_rate * (-grad)


# --- one unit ---


def units(rng):
    """Return weights, biases and inputs: one example, and several as columns."""
    return [
        Case("one example with two inputs", (rng.normal(size=2), rng.uniform(0.5, 1), rng.normal(size=2))),
        Case("one example with three inputs", (rng.normal(size=3), -rng.uniform(0.5, 1), rng.normal(size=3))),
        Case("five examples, a column each", (rng.normal(size=2), rng.uniform(0.5, 1), rng.normal(size=(2, 5)))),
    ]


def unit(w, b, x):
    a = w @ x + b
    return 1 / (1 + np.exp(-a))


UNIT = Question("unit", unit, units, "Return the activation of one unit with weights w and bias b for the input x.", read=ONE_UNIT)


@UNIT.mistake()
def no_bias(w, b, x):
    """Does your answer change when b does?

    The bias is missing in the sum.
    """
    return 1 / (1 + np.exp(-(w @ x)))


@UNIT.mistake()
def pre_activation_only(w, b, x):
    """Does your answer lie between 0 and 1?

    This is a, the first phase. The second one is the sigmoid.
    """
    return w @ x + b


@UNIT.mistake()
def sign_in_the_exponent(w, b, x):
    """Should h grow or shrink when a grows?

    It should grow, and yours shrinks: look at the sign in the exponent.
    """
    return 1 / (1 + np.exp(w @ x + b))


@UNIT.mistake()
def minus_for_the_products_alone(w, b, x):
    """To what does the minus in your exponent belong?

    To w @ x only. It belongs to the whole pre-activation: put a into brackets.
    """
    return 1 / (1 + np.exp(-w @ x + b))


@UNIT.mistake()
def bias_after_the_sigmoid(w, b, x):
    """In which of the two phases is the bias added?

    In the first one, before the sigmoid. Yours can leave the range from 0 to 1.
    """
    return 1 / (1 + np.exp(-(w @ x))) + b


@UNIT.mistake()
def brackets_missing(w, b, x):
    """Which operation does Python do first, / or +?

    Without brackets 1/1 is computed first. The whole sum 1 + e^(−a) belongs below the line.
    """
    return 1 / 1 + np.exp(-(w @ x + b))


@UNIT.mistake()
def not_added_up(w, b, x):
    """How many numbers come back for one example?

    w * x multiplies in pairs, and does not add up. w @ x does both.
    """
    return 1 / (1 + np.exp(-(w * x + b)))


@UNIT.mistake()
def sum_of_everything(w, b, x):
    """How many numbers come back for five examples?

    One: you added the examples up, too. w @ x adds over the inputs and keeps the examples apart.
    """
    return 1 / (1 + np.exp(-(np.sum(w @ x) + b)))


@UNIT.variant()
def tanh_form(w, b, x):
    return (1 + np.tanh((w @ x + b) / 2)) / 2


@UNIT.variant()
def two_products(w, b, x):
    return 1 / (1 + np.exp(-sum(w_i * x_i for w_i, x_i in zip(w, x, strict=True)) - b))


# --- tasks under the explorer of secants ---


def _went_too_far_and_back(states, function, too_far, low, high):
    """Return whether the present step lies in a range, after a much smaller one was tried on the same function."""
    tried = [state["exponent"] for state in states if state["function"] == function]
    return states[-1]["function"] == function and min(tried) <= too_far and low <= tried[-1] <= high


TASKS = {
    "secant": (
        Task(
            "secant",
            "Function eˣ: make the step smaller and smaller, until the error of the secant grows again. Then go back to the best step.",
            lambda states: _went_too_far_and_back(states, "eˣ", -11, -8.5, -7.5),
            "Near 10⁻⁸ two errors meet. With a larger step the formula is wrong by more; with a smaller one too few digits are left.",
        ),
        Task(
            "central",
            "Choose sin x, and do the same for the dotted line: go past its best step, and back to it.",
            lambda states: _went_too_far_and_back(states, "sin x", -8, -6, -4.5),
            "Near 10⁻⁵, and the error there is much smaller than that of the best secant, at the same price: two values of f.",
        ),
        Task(
            "steepest",
            "Choose sigmoid, with log₁₀ ε = −5. Find the place x where its derivative is largest.",
            lambda states: states[-1]["function"] == "sigmoid" and abs(states[-1]["x"]) < 0.05 and states[-1]["exponent"] <= -3,
            "At x = 0, and the derivative is ¼ there. It is never more: remember this when gradients become small in deep networks.",
        ),
    )
}
