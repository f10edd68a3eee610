"""What the learner writes in lesson 12: the factor of a step, R², an output gradient, a common scale, and a velocity."""

import numpy as np

from utils.explore.step_length import VALLEY_START, walk
from utils.explore.valley import run
from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task

PARABOLA = Place("12_regression_and_step_length", 1, "One parabola")
NUMBER = Place("12_regression_and_step_length", 3, "A number instead of a class")
WAY_BACK = Place("12_regression_and_step_length", 4, "Where the way back begins")
AS_MEASURED = Place("12_regression_and_step_length", 5, "Measurements as they are")
MOMENTUM = Place("12_regression_and_step_length", 7, "Another step: momentum")


# --- the factor of a step on a parabola ---


def rates_and_curvatures(rng):
    """Return learning rates and curvatures with a factor of either sign."""
    return [Case(f"η = {rate}, c = {c}", (rate, c)) for rate, c in ((0.1, 3.0), (0.5, 3.5), (2.0, 0.25))]


def factor(rate, curvature):
    return 1 - rate * curvature


FACTOR = Question(
    "factor",
    factor,
    rates_and_curvatures,
    "Return the number by which a step multiplies the distance from the bottom.",
    read=PARABOLA,
)


@FACTOR.mistake()
def uphill(rate, curvature):
    """Does a step lead down or up?

    Down: η c w is taken away from w.
    """
    return 1 + rate * curvature


@FACTOR.mistake()
def what_is_taken_away(rate, curvature):
    """What is left of w after the step?

    η c is the share of w that the step takes away. What is left is 1 minus that.
    """
    return rate * curvature


@FACTOR.mistake()
def size_only(rate, curvature):
    """Which sign has w, when a step jumps over the bottom?

    It changes its sign, so the factor is negative. You drop the sign.
    """
    return abs(1 - rate * curvature)


@FACTOR.mistake()
def minus_one_too_many(rate, curvature):
    """What is the factor of a step of length 0?

    1: nothing moves. Yours is −1 there.
    """
    return rate * curvature - 1


@FACTOR.mistake()
def with_a_half(rate, curvature):
    """What is the derivative of ½ c w²?

    It is c w: the ½ cancels the 2 of the square.
    """
    return 1 - rate * curvature / 2


@FACTOR.variant()
def from_a_step(rate, curvature):
    w = 1.0
    return (w - rate * (curvature * w)) / w


# --- R² ---


def predictions(rng):
    """Return predictions and targets: with a large mean, of the shape (1, N), and poor ones."""
    y = 150 + 70 * rng.normal(size=40)
    row = rng.normal(size=(1, 25)) + 3
    return [
        Case("40 numbers around 150", (y + 40 * rng.normal(size=40), y)),
        Case("a row of shape (1, 25)", (row + 0.5 * rng.normal(size=(1, 25)), row)),
        Case("predictions worse than the mean", (rng.normal(size=12), 2 + rng.normal(size=12))),
    ]


def r_squared(y_hat, y):
    return 1 - ((y_hat - y) ** 2).mean() / y.var()


R_SQUARED = Question("r_squared", r_squared, predictions, "Return R² of the predictions.", read=NUMBER)


@R_SQUARED.mistake()
def the_share_that_is_left(y_hat, y):
    """What is R² of perfect predictions?

    1. Yours is 0 there: it is the share of the variance that is left.
    """
    return ((y_hat - y) ** 2).mean() / y.var()


@R_SQUARED.mistake()
def standard_deviation_below(y_hat, y):
    """What does the model that predicts the mean get?

    0, if the squared error is divided by the variance. You divide by the standard deviation.
    """
    return 1 - ((y_hat - y) ** 2).mean() / y.std()


@R_SQUARED.mistake()
def variance_of_the_predictions(y_hat, y):
    """Whose variance is the price of knowing nothing?

    That of the targets y. You take the variance of the predictions.
    """
    return 1 - ((y_hat - y) ** 2).mean() / y_hat.var()


@R_SQUARED.mistake()
def variance_of_the_residuals(y_hat, y):
    """Does it matter when all predictions are too high by the same amount?

    It must. The variance of ŷ − y forgets it; the mean of the squares does not.
    """
    return 1 - (y_hat - y).var() / y.var()


@R_SQUARED.mistake()
def sum_over_variance(y_hat, y):
    """Does your number change when every patient is counted twice?

    It should not. You take the sum of the squares, and the variance is a mean.
    """
    return 1 - ((y_hat - y) ** 2).sum() / y.var()


@R_SQUARED.mistake()
def squares_of_the_targets(y_hat, y):
    """What does the model that predicts the mean get?

    0. You divide by the mean of y², which is larger than the variance when the mean is not 0.
    """
    return 1 - ((y_hat - y) ** 2).mean() / (y**2).mean()


@R_SQUARED.mistake()
def squared_correlation(y_hat, y):
    """Does it matter when all predictions are too high by the same amount?

    It must. A correlation forgets it; the squared error does not.
    """
    return np.corrcoef(y_hat.ravel(), y.ravel())[0, 1] ** 2


@R_SQUARED.variant()
def with_sums(y_hat, y):
    return 1 - np.sum((y - y_hat) ** 2) / np.sum((y - np.mean(y)) ** 2)


# --- the gradient at a linear output ---


def outputs(rng):
    """Return predictions and targets of one output, of two, and of a single example."""
    return [Case(f"{k} outputs, {N} examples", (rng.normal(size=(k, N)), rng.normal(size=(k, N)))) for k, N in ((1, 6), (2, 5), (1, 1))]


def output_gradient(y_hat, y):
    return 2 * (y_hat - y) / y.shape[1]


OUTPUT_GRADIENT = Question("output_gradient", output_gradient, outputs, "Return ∂𝓛/∂a_L for a batch.", read=WAY_BACK)


@OUTPUT_GRADIENT.mistake()
def the_other_way_round(y_hat, y):
    """If a prediction is too high, should its gradient be positive or negative?

    Positive: raising it further raises the loss. Yours has the opposite sign.
    """
    return 2 * (y - y_hat) / y.shape[1]


@OUTPUT_GRADIENT.mistake()
def without_the_two(y_hat, y):
    """What is the derivative of a square?

    Twice what was squared. The 2 is missing.
    """
    return (y_hat - y) / y.shape[1]


@OUTPUT_GRADIENT.mistake()
def sum_of_the_batch(y_hat, y):
    """Which factor makes a mean of a sum?

    The loss is a mean over N examples, so each gets 1/N.
    """
    return 2 * (y_hat - y)


@OUTPUT_GRADIENT.mistake()
def divided_by_the_entries(y_hat, y):
    """Over what is the loss a mean?

    Over the N examples, the columns. With two outputs you divide by twice as much.
    """
    return 2 * (y_hat - y) / y.size


@OUTPUT_GRADIENT.mistake()
def mean_of_the_differences(y_hat, y):
    """Which shape has ∂𝓛/∂a_L?

    That of a_L: a number for each output and each example. Divide by N, and keep them all.
    """
    return 2 * (y_hat - y).mean(axis=1, keepdims=True)


@OUTPUT_GRADIENT.variant()
def minus_the_reverse(y_hat, y):
    return -2 * (y - y_hat) / y_hat.shape[-1]


# --- a common scale ---


def tables(rng):
    """Return two parts of a table, rows are patients, with columns of very different size."""
    scale, middle = np.array([100.0, 1.0, 5.0]), np.array([190.0, 0.5, -20.0])
    return [
        Case(f"{n} and {m} patients", tuple(middle + scale * rng.normal(size=(rows, 3)) for rows in (n, m))) for n, m in ((30, 8), (25, 12))
    ]


def standardise(X_train, X_val):
    mean, spread = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / spread, (X_val - mean) / spread


STANDARDISE = Question(
    "standardise",
    standardise,
    tables,
    "Return both parts, standardised with mean and standard deviation of the training part.",
    read=AS_MEASURED,
    parts=("X_train, standardised", "X_val, standardised"),
)


@STANDARDISE.mistake()
def each_part_by_itself(X_train, X_val):
    """Whose mean do you take from the held-back patients?

    Their own. They stand for people whom nobody has measured yet: use the mean and the standard deviation of the training part for both.
    """
    return tuple((X - X.mean(axis=0)) / X.std(axis=0) for X in (X_train, X_val))


@STANDARDISE.mistake()
def of_all_patients(X_train, X_val):
    """Which patients take part in your mean?

    All of them, the held-back ones included. Take the training part alone.
    """
    X = np.vstack([X_train, X_val])
    return tuple((part - X.mean(axis=0)) / X.std(axis=0) for part in (X_train, X_val))


@STANDARDISE.mistake()
def along_the_rows(X_train, X_val):
    """Over what is your mean, over the patients or over the measurements of one patient?

    A row is a patient. The mean of age and blood pressure says nothing: axis=0 goes over the patients.
    """
    return tuple((X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True) for X in (X_train, X_val))


@STANDARDISE.mistake()
def one_mean_for_all_columns(X_train, X_val):
    """How many means are there, and how many columns?

    Each column has its own unit, so it needs its own mean and its own standard deviation: axis=0.
    """
    return tuple((X - X_train.mean()) / X_train.std() for X in (X_train, X_val))


@STANDARDISE.mistake()
def centred_only(X_train, X_val):
    """How large are your columns, compared with each other?

    The means are gone, the units are not. Divide by the standard deviation.
    """
    return tuple(X - X_train.mean(axis=0) for X in (X_train, X_val))


@STANDARDISE.mistake()
def scaled_only(X_train, X_val):
    """What is the mean of a column of yours?

    It should be 0 for the training part. Subtract the mean first.
    """
    return tuple(X / X_train.std(axis=0) for X in (X_train, X_val))


@STANDARDISE.mistake()
def divided_by_the_variance(X_train, X_val):
    """In which unit is a variance?

    In the square of the column's unit. The standard deviation has the column's own unit, and takes it away.
    """
    return tuple((X - X_train.mean(axis=0)) / X_train.var(axis=0) for X in (X_train, X_val))


@STANDARDISE.mistake()
def brackets_forgotten(X_train, X_val):
    """What is divided, the difference or the mean alone?

    The difference: put it in brackets.
    """
    return tuple(X - X_train.mean(axis=0) / X_train.std(axis=0) for X in (X_train, X_val))


@STANDARDISE.variant()
def as_a_list(X_train, X_val):
    mean, spread = np.mean(X_train, 0), np.sqrt(np.mean((X_train - np.mean(X_train, 0)) ** 2, 0))
    return [(X - mean) / spread for X in (X_train, X_val)]


# --- a step with momentum ---


def velocities(rng):
    """Return velocity, gradient, learning rate and μ: numbers, and a matrix."""
    return [
        Case("numbers", (0.7, -1.3, 0.1, 0.9)),
        Case("a matrix", (rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), 0.5, 0.8)),
        Case("the first step", (0, rng.normal(size=(3, 1)), 0.2, 0.9)),
    ]


def new_velocity(velocity, gradient, rate, mu):
    return mu * velocity - rate * gradient


NEW_VELOCITY = Question("new_velocity", new_velocity, velocities, "Return the velocity after a step.", read=MOMENTUM)


@NEW_VELOCITY.mistake()
def with_the_slope(velocity, gradient, rate, mu):
    """Which way should the ball be pushed, up or down?

    Against the slope: a minus.
    """
    return mu * velocity + rate * gradient


@NEW_VELOCITY.mistake()
def nothing_is_lost(velocity, gradient, rate, mu):
    """What becomes of the old velocity?

    Only the part μ of it stays. Without that the ball would never come to rest.
    """
    return velocity - rate * gradient


@NEW_VELOCITY.mistake()
def nothing_is_kept(velocity, gradient, rate, mu):
    """What becomes of the old velocity?

    The part μ of it is kept. This is plain gradient descent.
    """
    return -rate * gradient


@NEW_VELOCITY.mistake()
def everything_damped(velocity, gradient, rate, mu):
    """What is multiplied by μ?

    The old velocity alone. You damp the new push as well.
    """
    return mu * (velocity - rate * gradient)


@NEW_VELOCITY.mistake()
def a_running_mean(velocity, gradient, rate, mu):
    """How much of the slope goes into the velocity?

    η times all of it. You multiply by 1 − μ as well: that is another form of momentum, with a smaller step.
    """
    return mu * velocity - (1 - mu) * rate * gradient


@NEW_VELOCITY.mistake()
def parts_exchanged(velocity, gradient, rate, mu):
    """Which number belongs to the velocity, η or μ?

    μ keeps a part of the velocity, η scales the slope.
    """
    return rate * velocity - mu * gradient


@NEW_VELOCITY.variant()
def step_by_step(velocity, gradient, rate, mu):
    kept = velocity * mu
    return kept + gradient * -rate


# --- tasks under the explorers ---


def _product(state):
    return state["rate"] * state["curvature"]


def _limit_found(states):
    tried = [state["rate"] for state in states if state["curvature"] == 4]
    return any(0 < fast - slow < 0.051 and 4 * slow < 2.001 and 4 * fast > 2.001 for fast in tried for slow in tried)


def _distance(state):
    return np.hypot(*walk(VALLEY_START, np.array([1 / state["ratio"], 1.0]), state["rate"], state["steps"])[-1])


def _rolled(state):
    return run(state["learning_rate"], state["momentum"]).loss[-1]


TASKS = {
    "parabola": (
        Task(
            "one step",
            "Curvature 1. Find the learning rate with which a single step reaches the bottom.",
            lambda states: abs(_product(states[-1]) - 1) < 1e-9,
            "It is 1/c. A longer step flies over the bottom.",
        ),
        Task(
            "both sides",
            "Let the walk jump from one side to the other, and still come nearer.",
            lambda states: 1.01 < _product(states[-1]) < 1.99 and states[-1]["steps"] >= 3,
            "Between 1/c and 2/c the factor is negative, but its size is below 1.",
        ),
        Task(
            "the edge",
            "Curvature 4. Find a learning rate that runs away, and one that is smaller by 0.05 and does not.",
            _limit_found,
            "The edge is at 2/c. Four times the curvature, a quarter of the learning rate.",
        ),
    ),
    "valley": (
        Task(
            "run away",
            "Make the walk run away.",
            lambda states: states[-1]["rate"] > 2 and states[-1]["steps"] >= 10,
            "Across the valley it diverges. Along it, it comes nearer all the time: the two directions do not know of each other.",
        ),
        Task(
            "near",
            "Get nearer to the bottom than 0.01, in 20 steps at most.",
            lambda states: states[-1]["steps"] <= 20 and _distance(states[-1]) < 0.01,
            "No learning rate does it while the valley is long. In a round one a few steps are enough. "
            "Section 5 makes a real valley rounder.",
        ),
    ),
    "momentum": (
        Task(
            "roll",
            "Find settings with which the ball with momentum has a loss below 0.0001 at step 60. Then look at the other one.",
            lambda states: states[-1]["step"] >= 60 and _rolled(states[-1]) < 1e-4,
            "Along the valley all slopes point the same way and add up. Across it they change their sign and cancel. "
            "Without momentum no learning rate comes so far in 60 steps.",
        ),
        Task(
            "too much",
            "Set momentum to 0.95, and let it play from step 0.",
            lambda states: states[-1]["momentum"] > 0.94 and states[-1]["step"] >= 50 and any(state["step"] <= 20 for state in states),
            "The ball rolls past the bottom and comes back. A velocity that keeps 95 % of itself needs many steps to calm down.",
        ),
    ),
}
