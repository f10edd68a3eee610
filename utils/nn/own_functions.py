"""A network whose two ways are functions of the learner's own, as homeworks 1 and 4 write them."""

import numpy as np

from utils.nn import checks
from utils.nn.network import FeedForwardNetwork, Gradients, Trace

SHAPES = "W1 (n_1, n_0), b1 (n_1, 1), W2 (k, n_1) and b2 (k, 1)"


class OwnNetwork(FeedForwardNetwork):
    """A network with one hidden layer of sigmoids, a softmax output and the cross-entropy, for the gradient check.

    Parameters
    ----------
    backward : callable
        ``backward(x, y, W1, b1, W2, b2)`` → ∂L/∂W1, ∂L/∂b1, ∂L/∂W2, ∂L/∂b2, as in homework 4.
    parameters : sequence of array
        W1, b1, W2, b2.
    forward : callable, optional
        ``forward(x, W1, b1, W2, b2)`` → ŷ, as in homework 1. Without it the way forward is that of the course.

    Raises
    ------
    ValueError
        For parameters that do not fit together.
    """

    def __init__(self, backward, parameters, forward=None):
        arrays = [checks.floats(v, f"parameter {n} of 4") for n, v in enumerate(parameters, start=1)]
        if len(arrays) != 4 or any(v.ndim != 2 for v in arrays):
            raise ValueError(f"The parameters must be four matrices, {SHAPES}, but their shapes are {[v.shape for v in arrays]}.")
        super().__init__([arrays[0].shape[1], len(arrays[0]), len(arrays[2])])
        self.W, self.b = [None, arrays[0], arrays[2]], [None, arrays[1], arrays[3]]
        self.own_backward, self.own_forward = backward, forward

    @property
    def parameters(self):
        """Return copies of W1, b1, W2, b2."""
        return [v[k].copy() for k in self.layers for v in (self.W, self.b)]

    def forward(self, x):
        """Return the Trace; its ŷ is what the learner's ``forward`` returns.

        Parameters
        ----------
        x : array, shape (n_0, N)
            Inputs, one example a column.

        Returns
        -------
        Trace
        """
        trace = super().forward(x)
        if self.own_forward is None:
            return trace
        y_hat = checks.floats(self.own_forward(np.array(x), *self.parameters), "ŷ, which your forward returns,")
        if y_hat.shape != trace.y_hat.shape:
            raise ValueError(f"Your forward returns shape {y_hat.shape}, but ŷ has shape {trace.y_hat.shape}.")
        return Trace([*trace.a[:-1], np.log(y_hat)], [*trace.h[:-1], y_hat])  # scores up to a constant in each column

    def backward(self, trace, y):
        """Return the Gradients that the learner's ``backward`` returns.

        Parameters
        ----------
        trace : Trace
            What ``forward`` returned.
        y : array, shape (n_L, N)
            One-hot columns.

        Returns
        -------
        Gradients
        """
        returned = self.own_backward(trace.h[0].copy(), np.array(y), *self.parameters)
        if not isinstance(returned, tuple | list) or len(returned) != 4:
            got = f"{len(returned)} of them" if isinstance(returned, tuple | list) else type(returned).__name__
            raise ValueError(f"backward must return four gradients, of W1, b1, W2, b2 in this order, but it returned {got}.")
        grad_W1, grad_b1, grad_W2, grad_b2 = returned
        nothing = [None] * (self.L + 1)
        return Gradients(nothing, nothing, [None, grad_W1, grad_W2], [None, grad_b1, grad_b2])
