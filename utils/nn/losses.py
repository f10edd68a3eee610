"""Output functions with their losses, and the gradient with which the way back begins (lesson 04).

The loss is the mean over the N examples of a batch, and 1/N enters here and nowhere else:
it sits in ``grad_a``, and every later line of backpropagation is a plain product.

Cross-entropy is computed from a_L, not from ŷ: at a score of −10 000 the probability is 0 in
floating point and its logarithm lost, while log-sum-exp still gives the loss to the last digit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from utils.nn import checks
from utils.nn.activations import sigmoid


@dataclass(frozen=True)
class Loss:
    """An output function O with a loss, and the first gradient of backpropagation.

    Attributes
    ----------
    output, name : str
        What the learner writes: ``FeedForwardNetwork(..., output=output, loss=name)``.
    O : callable
        a_L → ŷ, both (..., n_L, N).
    per_example : callable
        (a_L, ŷ, y) → the loss of each example, (..., N).
    grad_a : callable
        (ŷ, y) → ∂L/∂a_L of the mean loss, (..., n_L, N).
    """

    output: str
    name: str
    O: Callable
    per_example: Callable
    grad_a: Callable

    def __call__(self, trace, y, checked=False):
        """Return the mean loss over the examples: a number, or one per network of a stack."""
        if not checked:
            y = checks.targets(y, *trace.y_hat.shape[-2:], self)
        return self.per_example(trace.a[-1], trace.y_hat, y).mean(-1)


def softmax(a):
    """Return ŷ_i = e^{a_i} / Σ_j e^{a_j} for each column of a, shape (..., n_L, N).

    Taking the column's largest score from all of its scores leaves ŷ as it is and keeps e^a finite.
    """
    e = np.exp(a - a.max(-2, keepdims=True))
    return e / e.sum(-2, keepdims=True)


def linear(a):
    """Return ŷ = a: the output of a regression is not bounded."""
    return a


def _softmax_cross_entropy(a, y_hat, y):
    # −Σ_i y_i log ŷ_i = log Σ_j e^{a_j} − Σ_i y_i a_i, because Σ_i y_i = 1
    a = a - a.max(-2, keepdims=True)
    return np.log(np.exp(a).sum(-2)) - (y * a).sum(-2)


def _sigmoid_cross_entropy(a, y_hat, y):
    # −y log ŷ − (1 − y) log(1 − ŷ), where −log σ(a) = log(1 + e^{−a}) and 1 − σ(a) = σ(−a)
    return (y * np.logaddexp(0, -a) + (1 - y) * np.logaddexp(0, a)).sum(-2)


def _squared_error(a, y_hat, y):
    return ((y_hat - y) ** 2).sum(-2)


def _difference(y_hat, y):
    return (y_hat - y) * (1 / y.shape[-1])  # (ŷ − y)/N


def _linear_squared_error_grad(y_hat, y):
    return 2 * _difference(y_hat, y)  # ∂L/∂ŷ, and ŷ = a


def _sigmoid_squared_error_grad(y_hat, y):
    return 2 * _difference(y_hat, y) * y_hat * (1 - y_hat)  # ∂L/∂ŷ ∘ σ′(a)


def _softmax_squared_error_grad(y_hat, y):
    grad_y_hat = 2 * _difference(y_hat, y)
    # the Jacobian diag(ŷ) − ŷŷᵀ times ∂L/∂ŷ: every score moves every probability
    return y_hat * (grad_y_hat - (y_hat * grad_y_hat).sum(-2, keepdims=True))


LOSSES = {
    (loss.output, loss.name): loss
    for loss in (
        Loss("softmax", "cross_entropy", softmax, _softmax_cross_entropy, _difference),
        Loss("softmax", "squared_error", softmax, _squared_error, _softmax_squared_error_grad),
        Loss("sigmoid", "cross_entropy", sigmoid, _sigmoid_cross_entropy, _difference),
        Loss("sigmoid", "squared_error", sigmoid, _squared_error, _sigmoid_squared_error_grad),
        Loss("linear", "squared_error", linear, _squared_error, _linear_squared_error_grad),
    )
}

REFUSED = {
    ("linear", "cross_entropy"): (
        "A linear output can be negative or above 1, so it is no probability, and cross-entropy takes the "
        "logarithm of a probability. Use output='softmax' for classes, or loss='squared_error' for numbers."
    ),
}
