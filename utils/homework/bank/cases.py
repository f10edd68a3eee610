"""Inputs that several questions share."""

import numpy as np

from utils.homework.question import Case
from utils.homework.reference import one_hot, softmax


def entries(rng):
    """Return pre-activations for a function of each entry: matrices, a single entry, zeros, and the far ends of the curve."""
    rows, columns = rng.integers(2, 5), rng.integers(6, 9)
    return [
        Case(f"an array of shape {(int(rows), int(columns))}", (rng.normal(scale=2, size=(rows, columns)),)),
        Case("as many rows as columns", (rng.normal(scale=2, size=(3, 3)),)),
        Case("a single entry", (rng.normal(scale=2, size=(1, 1)),), ordinary=False),
        Case("entries of exactly 0", (np.zeros((2, 3)),), ordinary=False),
        Case("entries of ±10 000", (1e4 * rng.permuted([[-1.0, 1, -1], [1, -1, 1]], axis=1),), ordinary=False),
    ]


def predictions(rng):
    """Return pairs (ŷ, y): batches, a square one, absent classes, one example, and probabilities of exactly 0."""

    def case(about, k, labels, ordinary=True):
        return Case(about, (softmax(rng.normal(scale=1.5, size=(k, len(labels)))), one_hot(labels, k)), ordinary)

    N = int(rng.integers(7, 10))
    sure = case("wrong classes with a probability of exactly 0", 4, [0, 3, 1, 2, 0], ordinary=False)
    y_hat, y = sure.arguments
    y_hat[:, :2] = y[:, :2]
    y_hat[:, 2] = 0.25 * y[:, 2] + 0.75 * np.roll(y[:, 2], 1)
    return [
        case(f"{N} examples and 4 classes", 4, rng.permutation([0, 1, 2, 3, *rng.integers(0, 4, N - 4)])),
        case("5 examples and 3 classes", 3, rng.permutation([0, 1, 2, 2, 0])),
        case("as many examples as classes", 4, rng.permutation([0, 1, 1, 3])),
        case("a last class that does not occur", 4, rng.permutation([0, 1, 2, 1, 0]), ordinary=False),
        case("one example", 3, rng.integers(0, 3, 1), ordinary=False),
        sure,
    ]
