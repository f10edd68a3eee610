"""The network and nothing else: its formulas, its training, its gradient check. Imports NumPy alone.

What lessons write is ``from utils.nn import FeedForwardNetwork, gradient_descent, check_gradients``.
"""

from utils.nn.activations import ACTIVATIONS, sigmoid
from utils.nn.gradcheck import check_gradients, numerical_gradient
from utils.nn.losses import LOSSES, softmax
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent, update

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "FeedForwardNetwork",
    "check_gradients",
    "gradient_descent",
    "numerical_gradient",
    "sigmoid",
    "softmax",
    "update",
]
