"""ring: return the loss and all gradients of a network that tells two classes apart (a patient of homework 5)."""

import numpy as np

from utils.homework.question import Case
from utils.homework.wrong_lines import WrongLine, patient_question


def ring(x, y, W1, b1, W2, b2):
    N = x.shape[1]
    z = x / 2
    a1 = W1 @ z + b1
    h1 = np.maximum(a1, 0)
    a2 = W2 @ h1 + b2
    y_hat = 1 / (1 + np.exp(-a2))
    loss = -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)).sum() / N
    grad_a2 = (y_hat - y) / N
    grad_W2 = grad_a2 @ h1.T
    grad_b2 = grad_a2.sum(axis=1, keepdims=True)
    grad_h1 = W2.T @ grad_a2
    grad_a1 = grad_h1 * (a1 > 0)
    grad_W1 = grad_a1 @ z.T
    grad_b1 = grad_a1.sum(axis=1, keepdims=True)
    return loss, grad_W1, grad_b1, grad_W2, grad_b2


def inputs(rng):
    """Return networks with two inputs and hidden layers of different widths, and one example."""

    def case(about, n_1, N, ordinary=True):
        shapes = [(n_1, 2), (n_1, 1), (1, n_1), (1, 1)]
        x, y = rng.normal(size=(2, N)), rng.permutation(np.arange(N) % 2)[None]
        return Case(about, (x, y, *(rng.normal(size=shape) for shape in shapes)), ordinary)

    N = int(rng.integers(7, 10))
    return [
        case(f"{N} examples and 5 hidden units", 5, N),
        case("5 examples and 8 hidden units", 8, 5),
        case("6 examples and 6 hidden units", 6, 6),
        case("one example", 4, 1, ordinary=False),
    ]


WRONG_LINES = (
    WrongLine(
        "one eye shut",
        "z = x / 2",
        "z = x[[0, 0]] / 2",
        "The loss is wrong, and all gradients fit it. What does ŷ do when you change x₂ alone?",
        "Nothing: the first input is used twice, and the second never.",
    ),
    WrongLine(
        "examples turned round",
        "z = x / 2",
        "z = x[:, ::-1] / 2",
        "The loss is wrong, and all gradients fit it. Give it one example: is the loss right then?",
        "With one example it is. With several, the inputs stand in another order than their targets.",
    ),
    WrongLine(
        "sign of the inputs lost",
        "z = x / 2",
        "z = np.abs(x) / 2",
        "The loss is wrong, and all gradients fit it. What does ŷ do when you change the sign of x?",
        "Nothing: two opposite points are the same to this network.",
    ),
    WrongLine(
        "b₁ not used",
        "a1 = W1 @ z + b1",
        "a1 = W1 @ z",
        "The finite differences of one parameter are all 0. Which?",
        "Those of b₁: the forward pass leaves it out, and the backward pass does not know.",
    ),
    WrongLine(
        "value in place of slope",
        "grad_a1 = grad_h1 * (a1 > 0)",
        "grad_a1 = grad_h1 * h1",
        "∂𝓛/∂h₁ is right. Divide your ∂𝓛/∂a₁ by it: which slopes does ReLU have?",
        "0 and 1 alone. Your line multiplies by the value of the unit instead.",
    ),
    WrongLine(
        "inputs before they were halved",
        "grad_W1 = grad_a1 @ z.T",
        "grad_W1 = grad_a1 @ x.T",
        "Only ∂𝓛/∂W₁ is wrong, by the same factor in all entries. Which one?",
        "2. W₁ is multiplied with the halved inputs, and its gradient with those before.",
    ),
)
question = patient_question(ring, inputs, WRONG_LINES)


@question.variant()
def with_einsum(x, y, W1, b1, W2, b2):
    z = 0.5 * x
    a = W1 @ z + b1
    h = a * (a > 0)
    p = 1 / (1 + np.exp(-(W2 @ h + b2)))
    loss = -np.log(np.where(y == 1, p, 1 - p)).mean()
    g2 = (p - y) / y.size
    g1 = np.where(a > 0, W2.T @ g2, 0)
    return [loss, np.einsum("in,jn->ij", g1, z), g1.sum(1)[:, None], g2 @ h.T, g2.sum(1)[:, None]]
