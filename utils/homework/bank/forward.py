"""forward: return ŷ of a network with a sigmoid hidden layer and a softmax output, shape (k, N)."""

import numpy as np

from utils.homework import reference
from utils.homework.places import ANY_SIZE, BATCH, FOUR_LINES, LAST_LAYER, SHAPES, THE_BEND
from utils.homework.question import Case, Question
from utils.homework.reference import sigmoid, softmax


def inputs(rng):
    """Return networks of different widths, a square one, one example, and scores far apart."""

    def case(about, n_0, n_1, k, N, scale=1.0, ordinary=True):
        W1, W2 = rng.normal(size=(n_1, n_0)), rng.normal(scale=1.5, size=(k, n_1))
        b1, b2 = rng.normal(size=(n_1, 1)), rng.normal(size=(k, 1))
        return Case(about, (rng.normal(size=(n_0, N)) * scale, W1, b1, W2 * scale, b2 * scale), ordinary)

    n_1, N = int(rng.integers(4, 7)), int(rng.integers(8, 11))
    return [
        case(f"{N} examples and layers of 3, {n_1} and 4 units", 3, n_1, 4, N),
        case(f"5 examples and layers of 2, {n_1 + 2} and 3 units", 2, n_1 + 2, 3, 5),
        case("as many examples as units in every layer", 4, 4, 4, 4),
        case("one example", 2, 3, 4, 1, ordinary=False),
        case("inputs and weights in the ten thousands", 3, 5, 4, 6, scale=1e4, ordinary=False),
    ]


forward = Question(
    name="forward",
    reference=reference.forward,
    inputs=inputs,
    task="Return ŷ of a network with a sigmoid hidden layer and a softmax output, shape (k, N).",
    homework="hw_01",
    points=4,
    read=FOUR_LINES,
    symbols={"h1": "h₁"},
)


@forward.mistake(read=LAST_LAYER)
def no_softmax(x, W1, b1, W2, b2):
    """What does each column of your answer sum to?

    These are the scores a_L. They become probabilities through the softmax.
    """
    return W2 @ sigmoid(W1 @ x + b1) + b2


@forward.mistake(read=FOUR_LINES)
def no_biases(x, W1, b1, W2, b2):
    """Which of the five parameters do you use?

    The biases are missing, in both layers: a_k = W_k h_{k−1} + b_k.
    """
    return softmax(W2 @ sigmoid(W1 @ x))


@forward.mistake(read=FOUR_LINES)
def no_bias_in_the_hidden_layer(x, W1, b1, W2, b2):
    """Which of the five parameters do you use?

    b1 is missing: every layer has its bias, also the hidden one.
    """
    return softmax(W2 @ sigmoid(W1 @ x) + b2)


@forward.mistake(read=FOUR_LINES)
def no_bias_in_the_output_layer(x, W1, b1, W2, b2):
    """Which of the five parameters do you use?

    b2 is missing: every layer has its bias, also the last one.
    """
    return softmax(W2 @ sigmoid(W1 @ x + b1))


@forward.mistake(read=THE_BEND)
def no_hidden_activation(x, W1, b1, W2, b2):
    """What bends the straight lines in your network?

    Without g between them two linear maps are one. The hidden layer needs its sigmoid.
    """
    return softmax(W2 @ (W1 @ x + b1) + b2)


@forward.mistake(read=LAST_LAYER)
def sigmoid_output(x, W1, b1, W2, b2):
    """What does each column of your answer sum to?

    A sigmoid judges each class alone. With k classes that exclude each other, the output is a softmax.
    """
    return sigmoid(W2 @ sigmoid(W1 @ x + b1) + b2)


@forward.mistake(read=LAST_LAYER)
def sigmoid_before_the_softmax(x, W1, b1, W2, b2):
    """How sure can your network ever be? Look at the largest probability of your answer.

    The scores go through a sigmoid before the softmax, so they all lie between 0 and 1. The last layer has one O, not
    two.
    """
    return softmax(sigmoid(W2 @ sigmoid(W1 @ x + b1) + b2))


@forward.mistake(read=THE_BEND)
def softmax_hidden_layer(x, W1, b1, W2, b2):
    """What do the hidden units of an example sum to? Must they?

    The softmax makes the hidden units compete. Hidden units work side by side: each has its own sigmoid.
    """
    return softmax(W2 @ softmax(W1 @ x + b1) + b2)


@forward.mistake(read=THE_BEND)
def tanh_hidden_layer(x, W1, b1, W2, b2):
    """Can one of your hidden units be negative?

    Your numbers are those of a network with tanh. A fine activation, but the one asked for is the sigmoid.
    """
    return softmax(W2 @ np.tanh(W1 @ x + b1) + b2)


@forward.mistake("ReLU hidden layer", read=THE_BEND)
def relu_hidden_layer(x, W1, b1, W2, b2):
    """Can one of your hidden units be larger than 1?

    Your numbers are those of a network with ReLU. A fine activation, but the one asked for is the sigmoid.
    """
    return softmax(W2 @ np.maximum(0, W1 @ x + b1) + b2)


@forward.mistake(read=THE_BEND)
def sigmoid_twice(x, W1, b1, W2, b2):
    """Between which values do your hidden units lie? A sigmoid reaches from 0 to 1.

    The sigmoid is applied twice, so all hidden units lie between 0.5 and 0.73.
    """
    return softmax(W2 @ sigmoid(sigmoid(W1 @ x + b1)) + b2)


@forward.mistake(read=FOUR_LINES)
def bias_after_the_activation(x, W1, b1, W2, b2):
    """Can one of your hidden units be larger than 1?

    b1 is added after the sigmoid. It belongs to a, and the sigmoid comes after that.
    """
    return softmax(W2 @ (sigmoid(W1 @ x) + b1) + b2)


@forward.mistake(read=FOUR_LINES)
def bias_subtracted(x, W1, b1, W2, b2):
    """Look at the sign of the biases.

    The biases are added: a_k = W_k h_{k−1} + b_k.
    """
    return softmax(W2 @ sigmoid(W1 @ x - b1) - b2)


@forward.mistake(read=LAST_LAYER)
def labels_instead_of_probabilities(x, W1, b1, W2, b2):
    """How many numbers do you return for each example?

    This is the decision, one class for each example. ŷ holds the k probabilities from which it is made.
    """
    return softmax(W2 @ sigmoid(W1 @ x + b1) + b2).argmax(axis=0)


@forward.mistake(read=BATCH)
def row_layout(x, W1, b1, W2, b2):
    """Which shape has your answer? Here a column is an example.

    Your examples are rows, as in scikit-learn. Here a column is an example from x to ŷ, and no transpose is needed.
    """
    h = sigmoid(x.T @ W1.T + b1.T)
    return softmax((h @ W2.T + b2.T).T).T


@forward.mistake(read=LAST_LAYER)
def softmax_along_the_wrong_axis(x, W1, b1, W2, b2):
    """What does each column of your answer sum to?

    Your softmax makes the examples of a class compete. It is the classes of an example that do.
    """
    a = W2 @ sigmoid(W1 @ x + b1) + b2
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@forward.mistake(read=ANY_SIZE)
def softmax_without_the_maximum(x, W1, b1, W2, b2):
    """Right for tame scores. What is e^a for a = 10 000?

    e^{10 000} is inf, and inf/inf is nan. Call your own softmax, once its check is content.
    """
    e = np.exp(W2 @ sigmoid(W1 @ x + b1) + b2)
    return e / e.sum(axis=0)


@forward.mistake("W transposed", read=SHAPES)
def w_transposed(x, W1, b1, W2, b2):
    """Write the shapes beside the line. Does it run when the layers have different widths?

    W_k has one row for each unit of its own layer, (n_k, n_{k−1}), so that W_k h_{k−1} fits as it is.
    """
    return softmax(W2.T @ sigmoid(W1.T @ x + b1) + b2)


@forward.mistake(read=BATCH)
def flat_biases(x, W1, b1, W2, b2):
    """Does it run when there are more examples than units? A column can be added to every column.

    A flat array is laid along the rows, so each example gets a bias, not each unit. (n, 1) is the right shape as it is.
    """
    return softmax(W2 @ sigmoid(W1 @ x + b1.ravel()) + b2.ravel())


@forward.mistake(read=FOUR_LINES)
def hidden_layer_returned(x, W1, b1, W2, b2):
    """How many rows has your answer, and how many classes are there?

    This is h₁. There is one more layer to go.
    """
    return sigmoid(W1 @ x + b1)


@forward.mistake(read=FOUR_LINES)
def everything_returned(x, W1, b1, W2, b2):
    """How many things does the caller expect?

    All the intermediate results are right and useful, but this function is asked for ŷ alone.
    """
    a1 = W1 @ x + b1
    h1 = sigmoid(a1)
    a2 = W2 @ h1 + b2
    return a1, h1, a2, softmax(a2)


# --- right answers that look different ---


@forward.variant()
def step_by_step(x, W1, b1, W2, b2):
    a1 = np.dot(W1, x) + b1
    h1 = sigmoid(a1)
    a2 = np.dot(W2, h1) + b2
    y_hat = softmax(a2)
    return y_hat


@forward.variant("bias as a column of W")
def bias_as_a_column_of_w(x, W1, b1, W2, b2):
    one = np.ones((1, x.shape[1]))
    h = sigmoid(np.hstack([W1, b1]) @ np.vstack([x, one]))
    return softmax(np.hstack([W2, b2]) @ np.vstack([h, one]))


@forward.variant()
def einsum(x, W1, b1, W2, b2):
    h = sigmoid(np.einsum("ij,jn->in", W1, x) + b1)
    return softmax(np.einsum("ij,jn->in", W2, h) + b2)


@forward.variant()
def row_layout_inside(x, W1, b1, W2, b2):
    h = sigmoid(x.T @ W1.T + b1.T)
    return softmax((h @ W2.T + b2.T).T)


@forward.variant()
def a_loop_over_layers(x, W1, b1, W2, b2):
    h = x
    for W, b, g in ((W1, b1, sigmoid), (W2, b2, softmax)):
        h = g(W @ h + b)
    return h


@forward.variant()
def example_by_example(x, W1, b1, W2, b2):
    return np.column_stack([softmax(W2 @ sigmoid(W1 @ x[:, [n]] + b1) + b2) for n in range(x.shape[1])])


@forward.variant(note="list")
def a_list(x, W1, b1, W2, b2):
    return softmax(W2 @ sigmoid(W1 @ x + b1) + b2).tolist()
