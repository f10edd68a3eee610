"""wave: return the loss and all gradients of a network that predicts two numbers (a patient of homework 5)."""

import numpy as np

from utils.homework.question import Case
from utils.homework.wrong_lines import WrongLine, patient_question


def wave(x, y, W1, b1, W2, b2):
    N = x.shape[1]
    a1 = W1 @ x + b1
    h1 = 1 / (1 + np.exp(-a1))
    y_hat = W2 @ h1 + b2
    loss = ((y_hat - y) ** 2).sum() / N
    grad_y_hat = 2 * (y_hat - y) / N
    grad_W2 = grad_y_hat @ h1.T
    grad_b2 = grad_y_hat.sum(axis=1, keepdims=True)
    grad_h1 = W2.T @ grad_y_hat
    grad_a1 = grad_h1 * h1 * (1 - h1)
    grad_W1 = grad_a1 @ x.T
    grad_b1 = grad_a1.sum(axis=1, keepdims=True)
    return loss, grad_W1, grad_b1, grad_W2, grad_b2


def inputs(rng):
    """Return networks of different widths, a square one, and one example."""

    def case(about, n_0, n_1, k, N, ordinary=True):
        shapes = [(n_0, N), (k, N), (n_1, n_0), (n_1, 1), (k, n_1), (k, 1)]
        return Case(about, tuple(rng.normal(size=shape) for shape in shapes), ordinary)

    N = int(rng.integers(7, 10))
    return [
        case(f"{N} examples and layers of 2, 5 and 3 units", 2, 5, 3, N),
        case("5 examples and layers of 3, 4 and 2 units", 3, 4, 2, 5),
        case("layers of 4 units and 4 examples", 4, 4, 4, 4),
        case("one example", 2, 3, 2, 1, ordinary=False),
    ]


WRONG_LINES = (
    WrongLine(
        "2 of the square forgotten",
        "grad_y_hat = 2 * (y_hat - y) / N",
        "grad_y_hat = (y_hat - y) / N",
        "All gradients are wrong by the same factor. Which one, and where does it come in?",
        "All are half of what they should be. The loss holds a square, and a square has a derivative.",
    ),
    WrongLine(
        "1/N forgotten",
        "grad_y_hat = 2 * (y_hat - y) / N",
        "grad_y_hat = 2 * (y_hat - y)",
        "All gradients are wrong by the same factor. Does it change with the number of examples?",
        "The factor is the number of examples: the loss is a mean, and its gradient here is a sum.",
    ),
    WrongLine(
        "uphill",
        "grad_y_hat = 2 * (y_hat - y) / N",
        "grad_y_hat = 2 * (y - y_hat) / N",
        "In all gradients the size is right. What is not?",
        "The sign. The first gradient has it wrong, and all others inherit it.",
    ),
    WrongLine(
        "uphill below the output",
        "grad_h1 = W2.T @ grad_y_hat",
        "grad_h1 = -W2.T @ grad_y_hat",
        "Layer 2 is right. By which factor is layer 1 wrong?",
        "By −1. On the way back nothing turns its sign.",
    ),
    WrongLine(
        "slope of the sigmoid taken at a₁",
        "grad_a1 = grad_h1 * h1 * (1 - h1)",
        "grad_a1 = grad_h1 * a1 * (1 - a1)",
        "∂𝓛/∂h₁ is right. Divide your ∂𝓛/∂a₁ by it: may a slope of the sigmoid be negative, or larger than ¼?",
        "The slope of the sigmoid at a is h(1 − h), with h = σ(a). Your line puts the argument where the value belongs.",
    ),
    WrongLine(
        "slope of tanh",
        "grad_a1 = grad_h1 * h1 * (1 - h1)",
        "grad_a1 = grad_h1 * (1 - h1**2)",
        "∂𝓛/∂h₁ is right. Divide your ∂𝓛/∂a₁ by it: may a slope of the sigmoid be larger than ¼?",
        "1 − h² is the slope of another activation, of tanh.",
    ),
    WrongLine(
        "a sum over the units",
        "grad_b1 = grad_a1.sum(axis=1, keepdims=True)",
        "grad_b1 = np.full(b1.shape, grad_a1.sum())",
        "Only ∂𝓛/∂b₁ is wrong. How many different numbers does it hold?",
        "One for the whole layer: the sum runs over the units, too, and not only over the examples.",
    ),
    WrongLine(
        "one example for b₂",
        "grad_b2 = grad_y_hat.sum(axis=1, keepdims=True)",
        "grad_b2 = grad_y_hat[:, :1]",
        "Only ∂𝓛/∂b₂ is wrong. Exchange the second example: does it change?",
        "b₂ learns from the first example alone.",
    ),
)
question = patient_question(wave, inputs, WRONG_LINES)


@question.variant()
def with_einsum(x, y, W1, b1, W2, b2):
    h = 0.5 * (1 + np.tanh(0.5 * (W1 @ x + b1)))
    error = W2 @ h + b2 - y
    loss = np.mean(np.sum(error * error, axis=0))
    g2 = 2 / x.shape[1] * error
    g1 = (W2.T @ g2) * (h - h * h)
    return loss, np.einsum("in,jn->ij", g1, x), g1.sum(1)[:, None], np.einsum("in,jn->ij", g2, h), g2.sum(1)[:, None]
