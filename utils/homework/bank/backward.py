"""backward: return ∂L/∂W₁, ∂L/∂b₁, ∂L/∂W₂, ∂L/∂b₂."""

import numpy as np

from utils.homework import reference
from utils.homework.places import (
    BIASES,
    FOUR_LINES,
    G_PRIME,
    JACOBIAN,
    LAST_LAYER,
    NINE_WEIGHTS,
    ONE_OVER_N,
    ONE_PAGE,
    SUM_OR_MEAN,
    THREE_WAYS,
    TOO_EARLY,
    TRANSPOSE,
    VECTOR,
    WEIGHT_BATCH,
)
from utils.homework.question import Case, Question
from utils.homework.reference import (
    bias_gradient,
    forward,
    hidden_gradient,
    one_hot,
    output_gradient,
    sigmoid,
    sigmoid_prime,
    softmax,
    weight_gradient,
)


def inputs(rng):
    """Return networks of different widths, a square one, absent classes, one example, and saturated units."""

    def case(about, n_0, n_1, k, labels, scale=1.0, ordinary=True):
        W1, W2 = rng.normal(size=(n_1, n_0)), rng.normal(size=(k, n_1))
        b1, b2 = rng.normal(size=(n_1, 1)), rng.normal(size=(k, 1))
        return Case(about, (rng.normal(size=(n_0, len(labels))) * scale, one_hot(labels, k), W1, b1, W2, b2 * scale), ordinary)

    n_1, N = int(rng.integers(5, 7)), int(rng.integers(8, 11))
    return [
        case(f"{N} examples and layers of 3, {n_1} and 4 units", 3, n_1, 4, rng.permutation([0, 1, 2, 3, *rng.integers(0, 4, N - 4)])),
        case(f"5 examples and layers of 2, {n_1 + 2} and 3 units", 2, n_1 + 2, 3, rng.permutation([0, 1, 2, 2, 0])),
        case("as many examples as units in every layer", 4, 4, 4, rng.permutation([0, 1, 1, 3])),
        case("a last class that does not occur", 2, 3, 4, rng.permutation([0, 1, 2, 1, 0]), ordinary=False),
        case("one example", 2, 3, 4, rng.integers(0, 4, 1), ordinary=False),
        case("inputs and scores in the ten thousands", 3, 5, 4, rng.permutation([0, 1, 2, 3, 1, 2]), scale=1e4, ordinary=False),
    ]


backward = Question(
    name="backward",
    reference=reference.backward,
    inputs=inputs,
    task="Return ∂L/∂W₁, ∂L/∂b₁, ∂L/∂W₂, ∂L/∂b₂.",
    homework="hw_04",
    points=5,
    read=ONE_PAGE,
    parts=("∂L/∂W1", "∂L/∂b1", "∂L/∂W2", "∂L/∂b2"),
    column=True,
    symbols={"a1": "a₁", "h1": "h₁", "grad_a1": "∂L/∂a₁", "grad_a2": "∂L/∂a₂"},
)


def way_back(
    x,
    y,
    W1,
    b1,
    W2,
    b2,
    *,
    hidden=sigmoid,
    output=softmax,
    at_output=lambda y_hat, y: (y_hat - y) / y.shape[1],
    to_hidden=lambda W2, grad_a2: W2.T @ grad_a2,
    slope=lambda a1, h1: h1 * (1 - h1),
    to_weights=lambda grad_a, h: grad_a @ h.T,
    to_biases=lambda grad_a: grad_a.sum(axis=1, keepdims=True),
):
    """Return the four gradients by a pass in which single steps can be replaced: what a mistake does differently is what it passes."""
    a1 = W1 @ x + b1
    h1 = hidden(a1)
    y_hat = output(W2 @ h1 + b2)
    grad_a2 = at_output(y_hat, y)
    grad_a1 = to_hidden(W2, grad_a2) * slope(a1, h1)
    return to_weights(grad_a1, x), to_biases(grad_a1), to_weights(grad_a2, h1), to_biases(grad_a2)


@backward.mistake("order of the answers: layer 2 first", read=ONE_PAGE)
def order_of_the_answers_layer_2_first(x, y, W1, b1, W2, b2):
    """The numbers are right. In which order are they asked for?

    They come in the order in which they are found, layer 2 first. Asked for are W1, b1, W2, b2.
    """
    grad_W1, grad_b1, grad_W2, grad_b2 = way_back(x, y, W1, b1, W2, b2)
    return grad_W2, grad_b2, grad_W1, grad_b1


@backward.mistake("order of the answers: weights first", read=ONE_PAGE)
def order_of_the_answers_weights_first(x, y, W1, b1, W2, b2):
    """The numbers are right. In which order are they asked for?

    The weights come first, then the biases. Asked for are W1, b1, W2, b2.
    """
    grad_W1, grad_b1, grad_W2, grad_b2 = way_back(x, y, W1, b1, W2, b2)
    return grad_W1, grad_W2, grad_b1, grad_b2


@backward.mistake(read=ONE_PAGE)
def weights_only(x, y, W1, b1, W2, b2):
    """How many parameters has the network, and how many gradients do you return?

    The biases are trained as well: four gradients, in the order W1, b1, W2, b2.
    """
    grad_W1, _, grad_W2, _ = way_back(x, y, W1, b1, W2, b2)
    return grad_W1, grad_W2


@backward.mistake("no 1/N", read=ONE_OVER_N)
def no_one_over_n(x, y, W1, b1, W2, b2):
    """All gradients are too large by one and the same factor. Try it with one example, then with two.

    The loss is a mean, so 1/N comes in with the first gradient, at the output.
    """
    return way_back(x, y, W1, b1, W2, b2, at_output=lambda y_hat, y: y_hat - y)


@backward.mistake("1/N twice in the weights and biases", read=SUM_OR_MEAN)
def one_over_n_twice_in_the_weights_and_biases(x, y, W1, b1, W2, b2):
    """All gradients are too small by one and the same factor. Where does 1/N come in, and how often?

    Your numbers are the right ones divided by N once more. 1/N comes in once, at the output.
    """
    return way_back(
        x,
        y,
        W1,
        b1,
        W2,
        b2,
        to_weights=lambda grad_a, h: grad_a @ h.T / h.shape[1],
        to_biases=lambda grad_a: grad_a.mean(axis=1, keepdims=True),
    )


@backward.mistake("1/N in the weights only", read=SUM_OR_MEAN)
def one_over_n_in_the_weights_only(x, y, W1, b1, W2, b2):
    """The weights are right. By which factor are the biases off?

    The weight gradients are divided by N, the bias gradients are not. Divided at the output, once, neither can be
    forgotten.
    """
    return way_back(x, y, W1, b1, W2, b2, at_output=lambda y_hat, y: y_hat - y, to_weights=lambda grad_a, h: grad_a @ h.T / h.shape[1])


@backward.mistake(read=VECTOR)
def sign(x, y, W1, b1, W2, b2):
    """All of your gradients have the wrong sign. Where does the way back begin?

    It begins with what the network said, minus the truth: ŷ − y.
    """
    return way_back(x, y, W1, b1, W2, b2, at_output=lambda y_hat, y: (y - y_hat) / y.shape[1])


@backward.mistake(read=ONE_OVER_N)
def factor_2(x, y, W1, b1, W2, b2):
    """All of your gradients are twice the right ones. Of which function is the derivative 2 times something?

    The 2 is that of a square. The cross-entropy has none.
    """
    return way_back(x, y, W1, b1, W2, b2, at_output=lambda y_hat, y: 2 * (y_hat - y) / y.shape[1])


@backward.mistake("times ŷ(1 − ŷ)", read=JACOBIAN)
def times_y_hat_1_minus_y_hat(x, y, W1, b1, W2, b2):
    """Look at the first gradient, at the output. Where does the factor ŷ(1 − ŷ) come from?

    It belongs to the squared error behind a sigmoid. Under softmax and cross-entropy it cancels.
    """
    return way_back(x, y, W1, b1, W2, b2, at_output=lambda y_hat, y: (y_hat - y) * y_hat * (1 - y_hat) / y.shape[1])


@backward.mistake("no g′", read=G_PRIME)
def no_g_prime(x, y, W1, b1, W2, b2):
    """Layer 2 is right, layer 1 is not. What lies between h1 and a1?

    From h to a each entry is multiplied by the slope of the sigmoid, h(1 − h).
    """
    return way_back(x, y, W1, b1, W2, b2, slope=lambda a1, h1: 1)


@backward.mistake("g′ at h", read=THREE_WAYS)
def g_prime_at_h(x, y, W1, b1, W2, b2):
    """Layer 2 is right, layer 1 is not. Where do you take the slope of the sigmoid?

    Your numbers are those of the slope at h. It is wanted at a: the sigmoid has been applied once too often.
    """
    return way_back(x, y, W1, b1, W2, b2, slope=lambda a1, h1: sigmoid_prime(h1))


@backward.mistake(read=THREE_WAYS)
def a_taken_for_h(x, y, W1, b1, W2, b2):
    """Layer 2 is right, layer 1 is not. In terms of which quantity is your slope written?

    The slope is h(1 − h). Your numbers are those of a(1 − a).
    """
    return way_back(x, y, W1, b1, W2, b2, slope=lambda a1, h1: a1 * (1 - a1))


@backward.mistake("tanh′", read=G_PRIME)
def tanh_prime(x, y, W1, b1, W2, b2):
    """Layer 2 is right, layer 1 is not. Whose slope is 1 − h²?

    1 − h² is the slope of tanh. This hidden layer is a sigmoid.
    """
    return way_back(x, y, W1, b1, W2, b2, slope=lambda a1, h1: 1 - h1**2)


@backward.mistake("W2 without transpose", read=TRANSPOSE)
def w2_without_transpose(x, y, W1, b1, W2, b2):
    """Does it run when the layers have different widths? Write the shapes beside the line for ∂L/∂h1.

    On the way back unit j collects from all units it has sent to: column j of W2.
    """
    return way_back(x, y, W1, b1, W2, b2, to_hidden=lambda W2, grad_a2: W2 @ grad_a2)


@backward.mistake("W1 for W2", read=TRANSPOSE)
def w1_for_w2(x, y, W1, b1, W2, b2):
    """Which weights lie between h1 and a2?

    ∂L/∂h1 comes down through the weights above it, W2. Your numbers are those with W1, which lies below.
    """
    return way_back(x, y, W1, b1, W2, b2, to_hidden=lambda W2, grad_a2: W1.T @ grad_a2)


@backward.mistake(read=NINE_WEIGHTS)
def weight_gradients_transposed(x, y, W1, b1, W2, b2):
    """A gradient has the shape of its quantity. Compare grad_W1 with W1.

    Your numbers are the gradients of the transposes, as from factors in the wrong order.
    """
    return way_back(x, y, W1, b1, W2, b2, to_weights=lambda grad_a, h: h @ grad_a.T)


@backward.mistake(read=SUM_OR_MEAN)
def bias_gradients_as_means(x, y, W1, b1, W2, b2):
    """The weights are right. By which factor are the biases off?

    A mean divides by N, and 1/N is in ∂L/∂a already: the biases would crawl.
    """
    return way_back(x, y, W1, b1, W2, b2, to_biases=lambda grad_a: grad_a.mean(axis=1, keepdims=True))


@backward.mistake(read=WEIGHT_BATCH)
def bias_gradients_not_summed(x, y, W1, b1, W2, b2):
    """A gradient has the shape of its quantity. Compare grad_b1 with b1.

    All examples share the bias, so their gradients are added up.
    """
    return way_back(x, y, W1, b1, W2, b2, to_biases=lambda grad_a: grad_a)


@backward.mistake(read=BIASES)
def bias_gradients_along_the_wrong_axis(x, y, W1, b1, W2, b2):
    """The weights are right. How many biases has each layer?

    Your bias gradients are sums over the units, one number per example. The sum runs over the examples.
    """
    return way_back(x, y, W1, b1, W2, b2, to_biases=lambda grad_a: grad_a.sum(axis=0, keepdims=True).T)


@backward.mistake("x in the gradient of W2", read=NINE_WEIGHTS)
def x_in_the_gradient_of_w2(x, y, W1, b1, W2, b2):
    """Which activations does W2 multiply?

    W2 multiplies h1, so h1 is the second factor of its gradient. x belongs to W1.
    """
    return way_back(x, y, W1, b1, W2, b2, to_weights=lambda grad_a, h: grad_a @ x.T)


@backward.mistake("a1 in the gradient of W2", read=NINE_WEIGHTS)
def a1_in_the_gradient_of_w2(x, y, W1, b1, W2, b2):
    """Which activations does W2 multiply?

    W2 multiplies h1, after the sigmoid. Your numbers are those with a1, before it.
    """
    a1 = W1 @ x + b1
    return way_back(x, y, W1, b1, W2, b2, to_weights=lambda grad_a, h: grad_a @ (x if h is x else a1).T)


@backward.mistake("h1 in the gradient of W1", read=NINE_WEIGHTS)
def h1_in_the_gradient_of_w1(x, y, W1, b1, W2, b2):
    """Which activations does W1 multiply?

    W1 multiplies the input x, so x is the second factor of its gradient. h1 is what comes out.
    """
    h1 = sigmoid(W1 @ x + b1)
    return way_back(x, y, W1, b1, W2, b2, to_weights=lambda grad_a, h: grad_a @ h1.T)


@backward.mistake(read=FOUR_LINES)
def forward_pass_without_biases(x, y, W1, b1, W2, b2):
    """The way back looks well. Check the way forward: which parameters does it use?

    Your forward pass leaves the biases out, so ŷ and h1 are those of another network.
    """
    return way_back(x, y, W1, 0, W2, 0)


@backward.mistake(read=LAST_LAYER)
def sigmoid_output(x, y, W1, b1, W2, b2):
    """The way back looks well. What does each column of your ŷ sum to?

    Your output is a sigmoid. With k classes that exclude each other it is a softmax.
    """
    return way_back(x, y, W1, b1, W2, b2, output=sigmoid)


@backward.mistake(read=LAST_LAYER)
def no_softmax(x, y, W1, b1, W2, b2):
    """The way back looks well. What does each column of your ŷ sum to?

    Your numbers are those with the scores in the place of ŷ. They become probabilities through the softmax.
    """
    return way_back(x, y, W1, b1, W2, b2, output=lambda a2: a2)


@backward.mistake(read=FOUR_LINES)
def tanh_hidden_layer(x, y, W1, b1, W2, b2):
    """Forward and back fit together, but for which activation?

    Your hidden layer is tanh. Here it is the sigmoid.
    """
    return way_back(x, y, W1, b1, W2, b2, hidden=np.tanh, slope=lambda a1, h1: 1 - h1**2)


@backward.mistake("W2 updated too early", read=TOO_EARLY)
def w2_updated_too_early(x, y, W1, b1, W2, b2):
    """Layer 2 is right, layer 1 is off by a little. Which W2 do you go down with?

    W2 has made its step before ∂L/∂h1 was computed. First all gradients, then the update.
    """
    h1 = sigmoid(W1 @ x + b1)
    return way_back(x, y, W1, b1, W2, b2, to_hidden=lambda W2, grad_a2: (W2 - grad_a2 @ h1.T).T @ grad_a2)


# --- right answers that look different ---


@backward.variant()
def line_by_line(x, y, W1, b1, W2, b2):
    a1 = W1 @ x + b1
    h1 = sigmoid(a1)
    a2 = W2 @ h1 + b2
    y_hat = softmax(a2)
    grad_a2 = (y_hat - y) / y.shape[1]
    grad_h1 = W2.T @ grad_a2
    grad_a1 = grad_h1 * h1 * (1 - h1)
    grad_W1 = grad_a1 @ x.T
    grad_b1 = grad_a1.sum(axis=1, keepdims=True)
    grad_W2 = grad_a2 @ h1.T
    grad_b2 = grad_a2.sum(axis=1, keepdims=True)
    return grad_W1, grad_b1, grad_W2, grad_b2


@backward.variant()
def a_list(x, y, W1, b1, W2, b2):
    return list(way_back(x, y, W1, b1, W2, b2))


@backward.variant()
def with_earlier_answers(x, y, W1, b1, W2, b2):
    a1 = W1 @ x + b1
    h1 = sigmoid(a1)
    g2 = output_gradient(forward(x, W1, b1, W2, b2), y)
    g1 = hidden_gradient(W2, g2, a1)
    return weight_gradient(g1, x), bias_gradient(g1), weight_gradient(g2, h1), bias_gradient(g2)


@backward.variant("1/N with the weights")
def one_over_n_with_the_weights(x, y, W1, b1, W2, b2):
    return way_back(
        x,
        y,
        W1,
        b1,
        W2,
        b2,
        at_output=lambda y_hat, y: y_hat - y,
        to_weights=lambda grad_a, h: grad_a @ h.T / h.shape[1],
        to_biases=lambda grad_a: grad_a.mean(axis=1, keepdims=True),
    )


@backward.variant("bias as a column of W")
def bias_as_a_column_of_w(x, y, W1, b1, W2, b2):
    one = np.ones((1, x.shape[1]))
    x1 = np.vstack([x, one])
    h1 = np.vstack([sigmoid(np.hstack([W1, b1]) @ x1), one])
    g2 = (softmax(np.hstack([W2, b2]) @ h1) - y) / x.shape[1]
    g1 = W2.T @ g2 * h1[:-1] * (1 - h1[:-1])
    G1, G2 = g1 @ x1.T, g2 @ h1.T
    return G1[:, :-1], G1[:, -1:], G2[:, :-1], G2[:, -1:]


@backward.variant()
def example_by_example(x, y, W1, b1, W2, b2):
    total = [np.zeros(v.shape) for v in (W1, b1, W2, b2)]
    N = x.shape[1]
    for n in range(N):
        xn, h = x[:, [n]], sigmoid(W1 @ x[:, [n]] + b1)
        g2 = softmax(W2 @ h + b2) - y[:, [n]]
        g1 = W2.T @ g2 * h * (1 - h)
        for t, g in zip(total, (g1 @ xn.T, g1, g2 @ h.T, g2)):
            t += g / N
    return tuple(total)


@backward.variant(note="shape")
def flat_biases(x, y, W1, b1, W2, b2):
    return way_back(x, y, W1, b1, W2, b2, to_biases=lambda grad_a: grad_a.sum(axis=1))
