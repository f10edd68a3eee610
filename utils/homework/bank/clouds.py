"""clouds: return the loss and all gradients of a network with two hidden layers and a softmax (a patient of homework 5)."""

import numpy as np

from utils.homework.question import Case
from utils.homework.reference import one_hot
from utils.homework.wrong_lines import WrongLine, patient_question


def clouds(x, y, W1, b1, W2, b2, W3, b3):
    N = x.shape[1]
    h1 = np.tanh(W1 @ x + b1)
    h2 = np.tanh(W2 @ h1 + b2)
    a3 = W3 @ h2 + b3
    e = np.exp(a3 - a3.max(axis=0))
    y_hat = e / e.sum(axis=0)
    loss = -np.log(y_hat[y == 1]).sum() / N
    grad_a3 = (y_hat - y) / N
    grad_W3 = grad_a3 @ h2.T
    grad_b3 = grad_a3.sum(axis=1, keepdims=True)
    grad_h2 = W3.T @ grad_a3
    grad_a2 = grad_h2 * (1 - h2**2)
    grad_W2 = grad_a2 @ h1.T
    grad_b2 = grad_a2.sum(axis=1, keepdims=True)
    grad_h1 = W2.T @ grad_a2
    grad_a1 = grad_h1 * (1 - h1**2)
    grad_W1 = grad_a1 @ x.T
    grad_b1 = grad_a1.sum(axis=1, keepdims=True)
    return loss, grad_W1, grad_b1, grad_W2, grad_b2, grad_W3, grad_b3


def inputs(rng):
    """Return networks of different widths, a square one, and one example."""

    def case(about, sizes, labels, ordinary=True):
        n_0, n_1, n_2, k = sizes
        shapes = [(n_1, n_0), (n_1, 1), (n_2, n_1), (n_2, 1), (k, n_2), (k, 1)]
        examples = rng.normal(size=(n_0, len(labels))), one_hot(labels, k)
        return Case(about, (*examples, *(rng.normal(size=shape) for shape in shapes)), ordinary)

    N = int(rng.integers(7, 10))
    return [
        case(f"{N} examples and layers of 2, 5, 3 and 4 units", (2, 5, 3, 4), rng.permutation([0, 1, 2, 3, *rng.integers(0, 4, N - 4)])),
        case("5 examples and layers of 3, 2, 6 and 3 units", (3, 2, 6, 3), rng.permutation([0, 1, 2, 2, 0])),
        case("layers of 4 units throughout", (4, 4, 4, 4), rng.permutation([0, 1, 1, 3, 2, 0])),
        case("one example", (2, 3, 5, 4), rng.integers(0, 4, 1), ordinary=False),
    ]


WRONG_LINES = (
    WrongLine(
        "W₃ without its transpose",
        "grad_h2 = W3.T @ grad_a3",
        "grad_h2 = W3 @ grad_a3",
        "Does your program run when all layers have different widths?",
        "On the way back from a₃ to h₂ the weights stand the wrong way round. In a square W no shape complains.",
    ),
    WrongLine(
        "W₂ without its transpose",
        "grad_h1 = W2.T @ grad_a2",
        "grad_h1 = W2 @ grad_a2",
        "Layers 3 and 2 are right. What happens when layer 1 and layer 2 have different widths?",
        "On the way back from a₂ to h₁ the weights stand the wrong way round. In a square W no shape complains.",
    ),
    WrongLine(
        "W₃ in place of W₂",
        "grad_h1 = W2.T @ grad_a2",
        "grad_h1 = W3.T @ grad_a2",
        "Layers 3 and 2 are right, and only layer 1 is wrong. Which weights lie between layer 1 and layer 2?",
        "The blame goes from a₂ down to h₁ through the weights of another layer.",
    ),
    WrongLine(
        "slope of the wrong layer",
        "grad_a1 = grad_h1 * (1 - h1**2)",
        "grad_a1 = grad_h1 * (1 - h2**2)",
        "Layers 3 and 2 are right, and ∂𝓛/∂h₁ is, too. At which units do you take the slope?",
        "A unit of layer 1 gets the slope of a unit of layer 2.",
    ),
    WrongLine(
        "slope of tanh taken at h₂",
        "grad_a2 = grad_h2 * (1 - h2**2)",
        "grad_a2 = grad_h2 * (1 - np.tanh(h2) ** 2)",
        "∂𝓛/∂h₂ is right. Divide your ∂𝓛/∂a₂ by it: how small can the quotient get?",
        "h₂ is a tanh already, and your slope takes the tanh once more.",
    ),
    WrongLine(
        "slope forgotten in layer 1",
        "grad_a1 = grad_h1 * (1 - h1**2)",
        "grad_a1 = grad_h1",
        "Layers 3 and 2 are right. Compare your ∂𝓛/∂a₁ with your ∂𝓛/∂h₁.",
        "The two are equal: the units of layer 1 pass on what they hear as if they had no activation.",
    ),
    WrongLine(
        "one example for W₂",
        "grad_W2 = grad_a2 @ h1.T",
        "grad_W2 = grad_a2[:, :1] @ h1[:, :1].T",
        "Only ∂𝓛/∂W₂ is wrong. Exchange the second example: does it change?",
        "W₂ learns from the first example alone. A product of whole matrices adds over all of them.",
    ),
    WrongLine(
        "N counted twice for b₂",
        "grad_b2 = grad_a2.sum(axis=1, keepdims=True)",
        "grad_b2 = grad_a2.mean(axis=1, keepdims=True)",
        "Only ∂𝓛/∂b₂ is wrong, by the same factor in all entries. Which number is it?",
        "The number of examples. 1/N is in ∂𝓛/∂a₃ already, and so in all that is made of it.",
    ),
)
question = patient_question(clouds, inputs, WRONG_LINES)


@question.variant()
def with_einsum(x, y, W1, b1, W2, b2, W3, b3):
    h1 = np.tanh(W1 @ x + b1)
    h2 = np.tanh(W2 @ h1 + b2)
    e = np.exp(W3 @ h2 + b3)
    p = e / e.sum(0)
    loss = -(y * np.log(p)).sum(0).mean()
    g3 = (p - y) / len(x[0])
    g2 = np.einsum("ki,kn->in", W3, g3) * (1 - h2) * (1 + h2)
    g1 = np.einsum("ki,kn->in", W2, g2) / np.cosh(W1 @ x + b1) ** 2
    pairs = [(g1, x), (g2, h1), (g3, h2)]
    return [loss, *(part for g, h in pairs for part in (np.einsum("in,jn->ij", g, h), g.sum(1)[:, None]))]
