"""Activation functions, each beside its derivative (lesson 05).

Every derivative is written in terms of h = g(a): the forward pass has already computed h, and for
these four functions g′(a) needs nothing else. This saves one exponential per unit and example.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# e^{1000} is inf and e^{−1000} is 0: the limits are right, and no warning is due
to_the_limit = np.errstate(over="ignore", under="ignore")


@dataclass(frozen=True)
class Activation:
    """A function g applied to every entry of a, and its derivative.

    Attributes
    ----------
    name : str
        What the learner writes: ``FeedForwardNetwork(..., activation=name)``.
    g : callable
        a → h, any shape.
    prime : callable
        h → g′(a), where h = g(a); same shape. The argument is h, not a.
    gain : float
        The factor on the standard deviation 1/√n of fresh weights that keeps the scale of h from
        layer to layer (lesson 13).
    """

    name: str
    g: Callable
    prime: Callable
    gain: float = 1.0

    def __call__(self, a):
        """Return h = g(a)."""
        return self.g(a)


@to_the_limit
def sigmoid(a):
    """Compute σ(a) = 1/(1 + e^{−a}) for every entry of a.

    Parameters
    ----------
    a : array
        Any shape.

    Returns
    -------
    array
        The same shape; exactly 0 or 1 in the limit, without a warning.
    """
    return 1 / (1 + np.exp(-a))


def _sigmoid_prime(h):
    return h * (1 - h)


@to_the_limit
def _tanh_prime(h):
    return 1 - h * h


def _relu(a):
    return np.maximum(a, 0)


def _relu_prime(h):
    return (h > 0) * 1.0


def _identity(a):
    return a


# named functions rather than lambdas: a trained network can be pickled
ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("sigmoid", sigmoid, _sigmoid_prime),
        Activation("tanh", np.tanh, _tanh_prime),
        Activation("relu", _relu, _relu_prime, gain=np.sqrt(2)),
        Activation("identity", _identity, np.ones_like),
    )
}
