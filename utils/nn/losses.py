"""Output functions with their losses, and the gradient with which the backward pass begins (lesson 04).

The loss is the mean over the N examples of a batch. The factor 1/N enters in ``grad_a`` alone, so that every later
line of backpropagation is a plain product.

Cross-entropy is computed from a_L, not from ŷ alone: at a score of −10 000 the probability is 0 in floating point, and
its logarithm is lost. The scores still say what the loss is.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from utils.nn import checks
from utils.nn.activations import sigmoid, to_the_limit


@dataclass(frozen=True)
class Loss:
    """An output function O with a loss, and their derivatives.

    Attributes
    ----------
    output, name : str
        What the learner writes: ``FeedForwardNetwork(..., output=output, loss=name)``.
    O : callable
        a_L → ŷ, both (..., n_L, N).
    per_example : callable
        (a_L, ŷ, y) → the loss of each example, (..., N).
    grad_a : callable
        (ŷ, y) → ∂L/∂a_L of the mean loss, (..., n_L, N): the backward pass begins with it.
    grad_y_hat : callable
        (ŷ, y) → ∂L/∂ŷ of the mean loss, (..., n_L, N).
    jacobian : callable
        ŷ of one example, (n_L, 1) → ∂ŷ_m/∂a_i in row m and column i, (n_L, n_L).
    """

    output: str
    name: str
    O: Callable
    per_example: Callable
    grad_a: Callable
    grad_y_hat: Callable
    jacobian: Callable

    @checks.checked_by(checks.loss_arguments)
    def __call__(self, trace, y):
        """Compute the mean loss over the examples.

        Parameters
        ----------
        trace : Trace
            What ``forward`` returned.
        y : array, shape (n_L, N)
            The targets.

        Returns
        -------
        float, or array for a stack
            The loss, one number for each network.
        """
        return self.per_example(trace.a[-1], trace.y_hat, y).sum(-1) / y.shape[-1]


# Output functions


@to_the_limit
def softmax(a):
    """Compute ŷ_i = e^{a_i} / Σ_j e^{a_j} for each column of a.

    The largest score of a column is subtracted from all of its scores: ŷ stays as it is, and e^a finite.

    Parameters
    ----------
    a : array, shape (..., n_L, N)
        Scores, one example a column.

    Returns
    -------
    array, shape (..., n_L, N)
        Probabilities; each column sums to 1.
    """
    e = np.exp(a - a.max(-2, keepdims=True))
    return e / e.sum(-2, keepdims=True)


def linear(a):
    """Return ŷ = a: the output of a regression is not bounded.

    Parameters
    ----------
    a : array, shape (..., n_L, N)
        Scores, one example a column.

    Returns
    -------
    array, shape (..., n_L, N)
        The same array.
    """
    return a


def _softmax_jacobian(y_hat):
    return np.diag(y_hat[:, 0]) - y_hat @ y_hat.T  # diag(ŷ) − ŷŷᵀ: every score moves every probability


def _sigmoid_jacobian(y_hat):
    return np.diag((y_hat * (1 - y_hat))[:, 0])


def _linear_jacobian(y_hat):
    return np.eye(len(y_hat))


# Losses


def _softmax_cross_entropy(a, y_hat, y):
    # −Σ_i y_i log ŷ_i = Σ_i y_i (a_max − a_i) − log ŷ_max, because log ŷ_i = a_i − a_max + log ŷ_max and Σ_i y_i = 1
    return (y * (a.max(-2, keepdims=True) - a)).sum(-2) - np.log(y_hat.max(-2))


def _sigmoid_cross_entropy(a, y_hat, y):
    # −y log ŷ − (1 − y) log(1 − ŷ): ŷ and 1 − ŷ are the softmax of the scores a and 0, and so their loss is the one above
    a_max = np.maximum(a, 0)
    return (y * (a_max - a) + (1 - y) * a_max - np.log(np.maximum(y_hat, 1 - y_hat))).sum(-2)


def _squared_error(a, y_hat, y):
    return ((y_hat - y) ** 2).sum(-2)


# Gradients


def _difference(y_hat, y):
    return (y_hat - y) * (1 / y.shape[-1])  # (ŷ − y)/N


def _squared_error_grad_y_hat(y_hat, y):
    return 2 * _difference(y_hat, y)


def _softmax_cross_entropy_grad_y_hat(y_hat, y):
    return -y / y_hat * (1 / y.shape[-1])  # L = −Σ y log ŷ


def _sigmoid_cross_entropy_grad_y_hat(y_hat, y):
    return _difference(y_hat, y) / (y_hat * (1 - y_hat))  # L = −y log ŷ − (1 − y) log(1 − ŷ)


def _sigmoid_squared_error_grad(y_hat, y):
    return 2 * _difference(y_hat, y) * y_hat * (1 - y_hat)  # ∂L/∂ŷ ∘ σ′(a)


def _softmax_squared_error_grad(y_hat, y):
    grad_y_hat = 2 * _difference(y_hat, y)
    # the Jacobian diag(ŷ) − ŷŷᵀ times ∂L/∂ŷ: every score moves every probability
    return y_hat * (grad_y_hat - (y_hat * grad_y_hat).sum(-2, keepdims=True))


# What belongs together: output, loss, O, loss of each example, ∂L/∂a_L, ∂L/∂ŷ, ∂ŷ/∂a_L. For a linear output ŷ = a_L.
LOSSES = {
    (loss.output, loss.name): loss
    for loss in (
        Loss(
            "softmax",
            "cross_entropy",
            softmax,
            _softmax_cross_entropy,
            _difference,
            _softmax_cross_entropy_grad_y_hat,
            _softmax_jacobian,
        ),
        Loss(
            "softmax",
            "squared_error",
            softmax,
            _squared_error,
            _softmax_squared_error_grad,
            _squared_error_grad_y_hat,
            _softmax_jacobian,
        ),
        Loss(
            "sigmoid",
            "cross_entropy",
            sigmoid,
            _sigmoid_cross_entropy,
            _difference,
            _sigmoid_cross_entropy_grad_y_hat,
            _sigmoid_jacobian,
        ),
        Loss(
            "sigmoid",
            "squared_error",
            sigmoid,
            _squared_error,
            _sigmoid_squared_error_grad,
            _squared_error_grad_y_hat,
            _sigmoid_jacobian,
        ),
        Loss(
            "linear",
            "squared_error",
            linear,
            _squared_error,
            _squared_error_grad_y_hat,
            _squared_error_grad_y_hat,
            _linear_jacobian,
        ),
    )
}

INVALID_PAIRS = {
    ("linear", "cross_entropy"): (
        "A linear output can be negative or above 1, so it is no probability, and cross-entropy takes the "
        "logarithm of a probability. Use output='softmax' for classes, or loss='squared_error' for numbers."
    ),
}
