"""accuracy: return the share of the examples that a network reads correctly."""

import numpy as np

from utils.homework import reference
from utils.homework.places import LAST_LAYER, ONE_PAGE, PIXELS_IN
from utils.homework.question import Case, Question
from utils.homework.reference import forward, one_hot, sigmoid


def inputs(rng):
    """Return networks that are right in some three of five examples, an absent last class, one example, and enormous scores."""

    def case(about, sizes, N, ordinary=True, scale=1.0):
        n_0, n_1, k = sizes
        X, W1, W2 = rng.normal(size=(N, n_0)), rng.normal(size=(n_1, n_0)), 2 * rng.normal(size=(k, n_1))
        parameters = W1, rng.normal(size=(n_1, 1)), scale * W2, scale * rng.normal(size=(k, 1))
        said = forward(X.T, *parameters).argmax(axis=0)
        y = np.where(rng.random(N) < 0.6, said, rng.integers(0, k, N))
        return Case(about, (X, y, *parameters), ordinary)

    absent = case("a last class that does not occur", (5, 4, 3), 40, ordinary=False)
    absent.arguments[1][:] %= 2
    return [
        case(f"{(N := int(rng.integers(50, 70)))} examples and 4 classes", (6, 5, 4), N),
        case("43 examples and 3 classes", (4, 7, 3), 43),
        case("as many examples as classes", (5, 6, 10), 10),
        absent,
        case("one example", (4, 3, 5), 1, ordinary=False),
        case("scores of ±10 000", (6, 5, 4), 37, ordinary=False, scale=5000.0),
    ]


accuracy = Question(
    name="accuracy",
    reference=reference.accuracy,
    inputs=inputs,
    task="Return the share of the examples that the network reads correctly.",
    homework="hw_06",
    points=2,
    read=PIXELS_IN,
)


@accuracy.mistake()
def how_many(X, y, W1, b1, W2, b2):
    """What does your function return if every example is right, and there are 50 of them?

    You count the right ones. Wanted is their share, a number from 0 to 1.
    """
    return (forward(X.T, W1, b1, W2, b2).argmax(axis=0) == y).sum()


@accuracy.mistake()
def in_percent(X, y, W1, b1, W2, b2):
    """What does your function return if every example is right?

    Your numbers are percent. Wanted is a share, from 0 to 1.
    """
    return 100 * (forward(X.T, W1, b1, W2, b2).argmax(axis=0) == y).mean()


@accuracy.mistake()
def share_of_the_wrong(X, y, W1, b1, W2, b2):
    """Is your number larger for a better network?

    It is the share of the examples that are read wrongly.
    """
    return (forward(X.T, W1, b1, W2, b2).argmax(axis=0) != y).mean()


@accuracy.mistake("argmax over the examples")
def over_the_examples(X, y, W1, b1, W2, b2):
    """How many decisions does your argmax make: one for each example, or one for each class?

    A column of ŷ is an example. The decision is made inside a column, among the classes.
    """
    return (forward(X.T, W1, b1, W2, b2).argmax(axis=1) == y).mean()


@accuracy.mistake("every probability compared")
def every_probability_compared(X, y, W1, b1, W2, b2):
    """An example has k probabilities. How many points can it earn in your count?

    You compare all entries of ŷ with a one-hot matrix, and the many zeros are nearly always right. An example counts once.
    """
    y_hat = forward(X.T, W1, b1, W2, b2)
    return (y_hat.round() == one_hot(y, len(y_hat))).mean()


@accuracy.mistake("mean probability of the label")
def probability_of_the_label(X, y, W1, b1, W2, b2):
    """A network gives every true digit a probability of 0.6. What is its accuracy, and what does your function say?

    You return the mean probability of the true class. A decision is right or wrong, however sure the network is.
    """
    return forward(X.T, W1, b1, W2, b2)[y, np.arange(len(y))].mean()


@accuracy.mistake("only the sure ones")
def only_the_sure(X, y, W1, b1, W2, b2):
    """Which class is chosen when the probabilities are 0.4, 0.3 and 0.3?

    The largest probability decides, even if it is below one half.
    """
    y_hat = forward(X.T, W1, b1, W2, b2)
    return (y_hat[y, np.arange(len(y))] > 0.5).mean()


@accuracy.mistake(read=ONE_PAGE)
def no_biases(X, y, W1, b1, W2, b2):
    """Does your answer change when b1 or b2 changes?

    The biases are left out.
    """
    return (forward(X.T, W1, 0 * b1, W2, 0 * b2).argmax(axis=0) == y).mean()


@accuracy.mistake("no sigmoid", read=LAST_LAYER)
def no_activation(X, y, W1, b1, W2, b2):
    """What happens to a₁ before W₂ meets it?

    The hidden units have no sigmoid in your forward pass.
    """
    return ((W2 @ (W1 @ X.T + b1) + b2).argmax(axis=0) == y).mean()


@accuracy.variant()
def scores_decide_as_well(X, y, W1, b1, W2, b2):
    scores = W2 @ sigmoid(W1 @ X.T + b1) + b2
    return np.mean(scores.argmax(axis=0) == y)


@accuracy.variant()
def counted(X, y, W1, b1, W2, b2):
    right = 0
    for image, label in zip(X, y):
        y_hat = forward(image[:, None], W1, b1, W2, b2)
        right += int(np.argmax(y_hat)) == label
    return right / len(y)


@accuracy.variant()
def rows_all_along(X, y, W1, b1, W2, b2):
    scores = sigmoid(X @ W1.T + b1.T) @ W2.T + b2.T
    return 1 - np.count_nonzero(scores.argmax(axis=1) - y) / len(y)
