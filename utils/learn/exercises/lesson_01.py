"""What the learner writes in lesson 01: two factors, a loop for any chain, the sigmoid's four factors, seven factors, and the way back."""

import numpy as np

from utils.explore.chain import BACKWARDS, FORWARDS
from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task
from utils.nn.activations import sigmoid

TWO = Place("01_chain_rule_one_path", 1, "A function inside a function")
MANY = Place("01_chain_rule_one_path", 2, "As many steps as you like")
FOUR = Place("01_chain_rule_one_path", 3, "The sigmoid, taken apart")
THIN = Place("01_chain_rule_one_path", 6, "A deep, thin network")
WAY_BACK = Place("01_chain_rule_one_path", 8, "How much of a chain is new?")


# --- two factors ---


def square_slope(x):
    u = 2 * x + 1
    return 2 * u * 2


def numbers(rng):
    """Return numbers of both signs."""
    return [Case("a positive x", (rng.uniform(1, 3),)), Case("a negative x", (-rng.uniform(1, 3),)), Case("x = 0", (0.0,), ordinary=False)]


SQUARE_SLOPE = Question(
    "square_slope", square_slope, numbers, "Return dy/dx of y = (2x + 1)², made from the two local derivatives.", read=TWO
)


@SQUARE_SLOPE.mistake()
def inner_forgotten(x):
    """How many steps lie between x and y, and how many factors has your product?

    You have dy/du alone. The first step doubles every nudge: its factor du/dx = 2 is missing.
    """
    return 2 * (2 * x + 1)


@SQUARE_SLOPE.mistake()
def outer_at_the_wrong_place(x):
    """With which number do you fill in dy/du = 2u?

    You have taken x. The second step begins at u, so its local derivative is taken at u = 2x + 1.
    """
    return 2 * x * 2


@SQUARE_SLOPE.mistake()
def added(x):
    """Two gears in a row: do their ratios add or multiply?

    You have added the local derivatives. The second step multiplies what the first one hands on.
    """
    return 2 * (2 * x + 1) + 2


@SQUARE_SLOPE.mistake()
def the_value(x):
    """Is this y, or its derivative?

    (2x + 1)² is the value. Wanted is how many times as much as x it moves.
    """
    return (2 * x + 1) ** 2


@SQUARE_SLOPE.mistake()
def inner_function_for_its_slope(x):
    """What is du/dx, if u = 2x + 1?

    You multiply by u itself. Its derivative is 2, wherever x is.
    """
    return 2 * (2 * x + 1) * (2 * x + 1)


@SQUARE_SLOPE.variant()
def multiplied_out(x):
    return 8 * x + 4


# --- a chain of any length ---


def value_and_derivative(steps, x):
    value, derivative = x, 1.0
    for f, prime in steps:
        derivative = derivative * prime(value)
        value = f(value)
    return value, derivative


def chains(rng):
    """Return chains of steps, each with its derivative, and a place to begin."""
    c = rng.uniform(2, 3)
    square, times, sine = (lambda v: v**2, lambda v: 2 * v), (lambda v: c * v, lambda v: c), (np.sin, np.cos)
    return [
        Case("two steps", ([square, times, square], rng.uniform(1.1, 1.4))),
        Case("three steps", ([sine, (np.exp, np.exp), square], rng.uniform(0.3, 0.9))),
    ]


LOOP = Question(
    "value_and_derivative",
    value_and_derivative,
    chains,
    "Return the value of the chain at x, and its derivative there.",
    read=MANY,
    parts=("the value", "the derivative"),
)


@LOOP.mistake()
def value_first(steps, x):
    """At which number does your loop take each local derivative: where the step begins, or where it ends?

    The value is updated first, so prime gets the number where the step ends. The old value is needed once more: swap the two lines.
    """
    value, derivative = x, 1.0
    for f, prime in steps:
        value = f(value)
        derivative = derivative * prime(value)
    return value, derivative


@LOOP.mistake()
def only_the_last_factor(steps, x):
    """What becomes of the factors of the earlier steps?

    Each round writes over the product. Multiply it by the new factor: derivative * prime(value).
    """
    value, derivative = x, 1.0
    for f, prime in steps:
        derivative = prime(value)
        value = f(value)
    return value, derivative


@LOOP.mistake()
def always_at_the_start(steps, x):
    """At which number do you take the local derivative of the second step?

    All of them at x. Each step begins at the value that the one before has handed on.
    """
    value, derivative = x, 1.0
    for f, prime in steps:
        derivative = derivative * prime(x)
        value = f(value)
    return value, derivative


@LOOP.mistake()
def factors_added(steps, x):
    """Do the factors of a chain add or multiply?

    Gears in a row: each step multiplies the nudge that it gets.
    """
    value, derivative = x, 1.0
    for f, prime in steps:
        derivative = derivative + prime(value)
        value = f(value)
    return value, derivative


@LOOP.mistake()
def each_step_from_x(steps, x):
    """With which number does the second step begin?

    With the result of the first, and not with x again: value = f(value).
    """
    value, derivative = x, 1.0
    for f, prime in steps:
        derivative = derivative * prime(value)
        value = f(x)
    return value, derivative


@LOOP.mistake()
def in_the_other_order(steps, x):
    """Which of the two numbers comes first in the stub's return?

    You return the derivative first. The value comes first: return value, derivative.
    """
    return value_and_derivative(steps, x)[::-1]


# --- the sigmoid ---


def local_derivatives(a):
    u_1 = -a
    u_3 = 1 + np.exp(u_1)
    return np.array([-1, np.exp(u_1), 1, -1 / u_3**2])


def pre_activations(rng):
    """Return pre-activations of both signs."""
    return [Case("a positive a", (rng.uniform(0.5, 2),)), Case("a negative a", (-rng.uniform(0.5, 2),))]


FACTORS = Question(
    "local_derivatives",
    local_derivatives,
    pre_activations,
    "Return np.array([du₁/da, du₂/du₁, du₃/du₂, dh/du₃]) at a.",
    read=FOUR,
)


@FACTORS.mistake()
def lost_minus(a):
    """Three of four are right. What is the derivative of 1/u, with its sign?

    When u₃ grows, 1/u₃ falls: its derivative is −1/u₃².
    """
    return np.abs(local_derivatives(a)) * [-1, 1, 1, 1]


@FACTORS.mistake()
def no_minus_at_all(a):
    """Which of the four steps turn the direction of a nudge round?

    Two of them: "negate" and "invert". Their local derivatives are negative.
    """
    return np.abs(local_derivatives(a))


@FACTORS.mistake()
def negate_forgotten(a):
    """What does the first step, u₁ = −a, do to a nudge?

    It turns it round: du₁/da = −1.
    """
    return local_derivatives(a) * [-1, 1, 1, 1]


@FACTORS.mistake()
def exponential_of_a(a):
    """Where does the second step begin, at a or at u₁?

    u₂ = exp(u₁), so its derivative is exp(u₁) too. You have taken exp(a).
    """
    return np.array([-1, np.exp(a), 1, local_derivatives(a)[3]])


@FACTORS.mistake()
def one_stays(a):
    """What happens to a nudge when 1 is added?

    Nothing: it comes out as it went in. The derivative of 1 + u₂ is 1.
    """
    u_2 = np.exp(-a)
    return np.array([-1, u_2, 1 + u_2, local_derivatives(a)[3]])


@FACTORS.mistake()
def adding_one_gives_zero(a):
    """What happens to a nudge when 1 is added?

    The 1 has the derivative 0, but u₂ is there as well: the nudge comes out as it went in, and the derivative is 1.
    """
    return local_derivatives(a) * [1, 1, 0, 1]


@FACTORS.mistake()
def inverted_only(a):
    """Is your last entry the value 1/u₃, or its derivative?

    The derivative of 1/u₃ is −1/u₃², with a square.
    """
    u_3 = 1 + np.exp(-a)
    return np.array([-1, np.exp(-a), 1, -1 / u_3])


@FACTORS.mistake()
def the_sum_left_out(a):
    """At which number is the last local derivative taken?

    The last step begins at u₃ = 1 + u₂. You have taken u₂.
    """
    return np.array([-1, np.exp(-a), 1, -1 / np.exp(-a) ** 2])


# --- the thin network ---


def thin_values(rng, L):
    """Return the weights and the values of h of a thin network with L layers; W[0] is unused, h[0] is x."""
    W = np.array([0.0, *(rng.choice([-1, 1], L) * rng.uniform(0.5, 2, L))])
    h = [rng.uniform(1.2, 2)]
    for k in range(1, L + 1):
        h.append(sigmoid(W[k] * h[-1]))
    return W, np.array(h)


def chain_factors(W, h, y):
    slope = h * (1 - h)
    return np.array([2 * (h[3] - y), slope[3], W[3], slope[2], W[2], slope[1], h[0]])


SEVEN = Question(
    "chain_factors",
    chain_factors,
    lambda rng: [Case("y = 1", (*thin_values(rng, 3), 1.0)), Case("y = 0", (*thin_values(rng, 3), 0.0))],
    "Return np.array of all local derivatives on the way, from ∂𝓛/∂ŷ to ∂a₁/∂W₁₁₁.",
    read=THIN,
)


@SEVEN.mistake()
def error_turned(W, h, y):
    """Six of seven are right. Which sign has ∂𝓛/∂ŷ when ŷ is too small?

    Then a larger ŷ makes the loss smaller, so it is negative: 2(ŷ − y).
    """
    return chain_factors(W, h, y) * [-1, 1, 1, 1, 1, 1, 1]


@SEVEN.mistake()
def the_two_lost(W, h, y):
    """Six of seven are right. What is the derivative of a square?

    The 2 of (ŷ − y)² is missing in the first factor.
    """
    return chain_factors(W, h, y) / [2, 1, 1, 1, 1, 1, 1]


@SEVEN.mistake()
def from_the_weight(W, h, y):
    """Where does the formula begin, at the loss or at the weight?

    These are the right factors in the opposite order. The first is ∂𝓛/∂ŷ.
    """
    return chain_factors(W, h, y)[::-1]


@SEVEN.mistake()
def ends_in_the_weight(W, h, y):
    """a₁ = W₁₁₁ x + b. Nudge the weight: what decides how much a₁ moves?

    The input x decides, which is h[0]. W[1] would be the derivative with respect to x.
    """
    return np.array([*chain_factors(W, h, y)[:6], W[1]])


@SEVEN.mistake()
def layers_exchanged(W, h, y):
    """Which weight stands between h₂ and a₃?

    a₃ = W₃₁₁ h₂ + b₃: it is W[3], and W[2] stands between h₁ and a₂. You have exchanged them.
    """
    return chain_factors(W, h, y)[[0, 1, 4, 3, 2, 5, 6]]


@SEVEN.mistake()
def signals_for_weights(W, h, y):
    """∂a₃/∂h₂: which factor stands beside h₂ in a₃?

    The weight W[3]. You have taken h₂ itself, which would be ∂a₃/∂W₃₁₁.
    """
    right = chain_factors(W, h, y)
    right[2], right[4] = h[2], h[1]
    return right


@SEVEN.mistake()
def sigmoids_one_layer_off(W, h, y):
    """∂h₂/∂a₂ = h₂(1 − h₂): is it h₂ that stands in your fourth factor?

    The slope of a sigmoid is made from its own value. Yours come from the layer below.
    """
    right = chain_factors(W, h, y)
    right[1], right[3], right[5] = (h[k] * (1 - h[k]) for k in (2, 1, 0))
    return right


# --- the way back ---


def thin_gradients(W, h, y):
    grad_W = np.zeros(len(h))
    back = 2 * (h[-1] - y)
    for k in range(len(h) - 1, 0, -1):
        back = back * h[k] * (1 - h[k])
        grad_W[k] = back * h[k - 1]
        back = back * W[k]
    return grad_W


BACK = Question(
    "thin_gradients",
    thin_gradients,
    lambda rng: [
        Case("three layers", (*thin_values(rng, 3), 1.0)),
        Case("five layers", (*thin_values(rng, 5), 0.0)),
        Case("one layer", (*thin_values(rng, 1), 1.0), ordinary=False),
    ],
    "Return the array of all ∂𝓛/∂W_k, with entry 0 unused, by one walk from the loss to the input.",
    read=WAY_BACK,
)


@BACK.mistake()
def weight_before_its_gradient(W, h, y):
    """In which order does the chain meet a_k, W_k and h_{k−1}?

    You go on to h_{k−1} before you have taken the gradient of W_k. That one needs what has arrived at a_k.
    """
    L, grad_W, back = len(h) - 1, np.zeros(len(h)), 2 * (h[-1] - y)
    for k in range(L, 0, -1):
        back = back * h[k] * (1 - h[k])
        back = back * W[k]
        grad_W[k] = back * h[k - 1]
    return grad_W


@BACK.mistake()
def no_sigmoid(W, h, y):
    """Between h_k and a_k lies the sigmoid. Where is its slope?

    In every round h_k(1 − h_k) is missing.
    """
    L, grad_W, back = len(h) - 1, np.zeros(len(h)), 2 * (h[-1] - y)
    for k in range(L, 0, -1):
        grad_W[k] = back * h[k - 1]
        back = back * W[k]
    return grad_W


@BACK.mistake()
def weights_left_out(W, h, y):
    """The gradient of the last layer is right. How does the walk come from a_k down to h_{k−1}?

    Through the weight: multiply by W[k] at the end of each round.
    """
    L, grad_W, back = len(h) - 1, np.zeros(len(h)), 2 * (h[-1] - y)
    for k in range(L, 0, -1):
        back = back * h[k] * (1 - h[k])
        grad_W[k] = back * h[k - 1]
    return grad_W


@BACK.mistake()
def always_from_the_loss(W, h, y):
    """The gradient of the last layer is right. What have the others to go through?

    Each of your gradients begins at ∂𝓛/∂ŷ anew. Keep the product and take it on: back = back * …
    """
    L, grad_W = len(h) - 1, np.zeros(len(h))
    for k in range(L, 0, -1):
        grad_W[k] = 2 * (h[-1] - y) * h[k] * (1 - h[k]) * h[k - 1]
    return grad_W


@BACK.mistake()
def weight_of_the_layer_below(W, h, y):
    """The gradient of the last layer is right. Which weight lies between a_k and h_{k−1}?

    W[k], the one of the same layer. You have taken that of the layer below.
    """
    L, grad_W, back = len(h) - 1, np.zeros(len(h)), 2 * (h[-1] - y)
    for k in range(L, 0, -1):
        back = back * h[k] * (1 - h[k])
        grad_W[k] = back * h[k - 1]
        back = back * W[k - 1]
    return grad_W


@BACK.mistake()
def own_activation(W, h, y):
    """a_k = W_k h_{k−1} + b_k. What is its derivative with respect to W_k?

    h_{k−1}, what comes in from the layer below. You have taken h_k.
    """
    L, grad_W, back = len(h) - 1, np.zeros(len(h)), 2 * (h[-1] - y)
    for k in range(L, 0, -1):
        back = back * h[k] * (1 - h[k])
        grad_W[k] = back * h[k]
        back = back * W[k]
    return grad_W


@BACK.mistake()
def sign_of_the_error(W, h, y):
    """All signs are turned. How does the walk begin?

    With ∂𝓛/∂ŷ = 2(ŷ − y), and not 2(y − ŷ).
    """
    return -thin_gradients(W, h, y)


# --- tasks under the explorers ---

SIGMOID, SOFTPLUS = "σ(a), in four steps", "log(1 + eˣ)"


def _whole(state, function, x):
    """Return whether all factors of a function are multiplied at x."""
    steps = {SIGMOID: 4, SOFTPLUS: 3}.get(function, 7)
    return state["function"] == function and state["step"] >= steps and abs(state["x"] - x) < 0.05


TASKS = {
    "chain": (
        Task(
            "largest",
            "σ(a), all 4 factors: find the input for which the product is largest.",
            lambda states: _whole(states[-1], SIGMOID, 0),
            "At 0, and it is ¼ there: the sigmoid is steepest in its middle.",
        ),
        Task(
            "flat",
            "σ(a), all 4 factors, at input 3 and then at input −3: which factor makes the product small?",
            lambda states: any(_whole(state, SIGMOID, 3) for state in states) and _whole(states[-1], SIGMOID, -3),
            "At 3 it is exp, with e⁻³ = 0.05. At −3 exp makes the nudge twenty times larger, and invert makes it more than four hundred "
            "times smaller.",
        ),
        Task(
            "directions",
            "σ(a), 2 factors: once backwards, once forwards. Which derivatives do you hold on the way?",
            lambda states: (
                {state["direction"] for state in states if state["function"] == SIGMOID and state["step"] == 2} == {BACKWARDS, FORWARDS}
            ),
            "Backwards: how much the output h reacts to every value. Forwards: how much every value reacts to the input a. With all four "
            "factors both are the same number. Section 8 comes back to the difference.",
        ),
        Task(
            "softplus",
            "log(1 + eˣ), input 1, all 3 factors. You know this number: what is it?",
            lambda states: _whole(states[-1], SOFTPLUS, 1),
            "0.731 is σ(1). In general 1/(1 + eˣ) · 1 · eˣ = 1/(1 + e⁻ˣ) = σ(x).",
        ),
    ),
    "thin": (
        Task(
            "saturated",
            "All 7 factors are multiplied. Set the input, which is W₁₁₁ here, to 3 and then to −3. Which factor makes the gradient small?",
            lambda states: (
                any(_whole(state, states[0]["function"], 3) for state in states) and _whole(states[-1], states[0]["function"], -3)
            ),
            "∂h₁/∂a₁ = h₁(1 − h₁): at a₁ = ±4.5 the sigmoid is nearly flat, and 0.218 has become 0.011. The gradient is less than a tenth "
            "of what it was. One says that the unit is saturated.",
        ),
        Task(
            "first",
            "Set the input back to 0.5. Go through the chain backwards, from 0 factors to 2: what is ∂𝓛/∂a₃?",
            lambda states: (
                states[-1]["step"] == 2
                and abs(states[-1]["x"] - 0.5) < 0.05
                and states[-1]["direction"] == BACKWARDS
                and any(state["step"] == 0 for state in states)
            ),
            "−0.207. Every chain of this network begins with these two factors.",
        ),
    ),
}
