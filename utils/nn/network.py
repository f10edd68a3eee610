"""The feed-forward network: forward and backward. The page that every lesson leads to.

Notation, the same in lessons and code, for layers k = 1 … L:

    h_0 = x                       the input, one example a column, shape (n_0, N)
    a_k = W_k h_{k−1} + b_k       pre-activation, shape (n_k, N)
    h_k = g(a_k)                  activation;  ŷ = h_L = O(a_L) at the output
    W_k, b_k                      shapes (n_k, n_{k−1}) and (n_k, 1)

W_kij runs from unit j of layer k−1 to unit i of layer k. A gradient has the name and the shape of
its quantity: ``gradients.W[k]`` is ∂L/∂W_k. Index 0 of W, b and a is None, so that ``W[1]`` is W_1.

A leading axis is a stack of networks: W_k of shape (S, n_k, n_{k−1}) is S networks, and the same
lines compute all of them at once.
"""

import copy
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from utils.nn import checks
from utils.nn.activations import ACTIVATIONS, Activation
from utils.nn.losses import LOSSES, REFUSED


@dataclass(slots=True)
class Trace:
    """What the forward pass leaves behind for the way back: every a_k and h_k (lesson 03).

    Attributes
    ----------
    a : list
        ``a[k]`` is a_k, shape (..., n_k, N); ``a[0]`` is None.
    h : list
        ``h[k]`` is h_k, shape (..., n_k, N); ``h[0]`` is the input x.
    """

    a: list
    h: list

    @property
    def y_hat(self):
        """Return ŷ = h_L, shape (..., n_L, N)."""
        return self.h[-1]


@dataclass(slots=True)
class Gradients:
    """∂L/∂(every quantity), each with the shape of its quantity (lessons 04 to 06).

    Attributes
    ----------
    a, W, b : list
        ``a[k]``, ``W[k]``, ``b[k]`` are ∂L/∂a_k, ∂L/∂W_k, ∂L/∂b_k for k = 1 … L.
    h : list
        ``h[k]`` is ∂L/∂h_k for k = 1 … L−1. ``h[0]`` and ``h[L]`` are None: the input is not
        trained, and at the output the way back begins with a_L.
    """

    a: list
    h: list
    W: list
    b: list


class FeedForwardNetwork:
    """A fully connected network with weights W_k and biases b_k.

    Parameters
    ----------
    layer_sizes : list of int
        [n_0, n_1, …, n_L]: inputs, hidden units, outputs. [2, 4] has no hidden layer.
    activation : str
        g of the hidden layers: "sigmoid", "tanh", "relu" or "identity".
    output : str
        O of the last layer: "softmax", "sigmoid" or "linear".
    loss : str
        "cross_entropy" or "squared_error".
    seed : int, sequence of int, or None
        Same seed, same weights. A sequence makes a stack: one network per seed.

    Attributes
    ----------
    W, b : list of ndarray
        ``W[k]`` (n_k, n_{k−1}) and ``b[k]`` (n_k, 1), for a stack with a leading axis. Weights
        start as normal random numbers with standard deviation 1/√n_{k−1}, biases as 0.
    g : list
        ``g[k]`` is the function that turns a_k into h_k.
    loss : Loss
        ``loss(trace, y)`` is the mean loss over the examples.

    Raises
    ------
    ValueError
        For a name that does not exist and for pairs of output and loss that make no sense, with the reason.
    """

    def __init__(self, layer_sizes, activation="sigmoid", output="softmax", loss="cross_entropy", seed=None):
        self.layer_sizes = checks.layer_sizes(layer_sizes)
        self.L = len(self.layer_sizes) - 1
        self.layers = range(1, self.L + 1)
        g = ACTIVATIONS[checks.choice(activation, list(ACTIVATIONS), "activation")]
        self.loss = self._pair(output, loss)
        self.g = [None, *[g] * (self.L - 1), Activation(output, self.loss.O, prime=None)]
        seeds = checks.as_list(seed)
        if seeds is None:
            self.W = self._fresh_weights(g.gain, checks.generator(seed))
        else:
            single = [self._fresh_weights(g.gain, rng) for rng in checks.generators(seeds)]
            self.W = [None, *(np.stack([W[k] for W in single]) for k in self.layers)]
        self.b = [None, *(np.zeros((*self.W[k].shape[:-1], 1)) for k in self.layers)]

    def forward(self, x, checked=False):
        """Return every a_k and h_k for the examples in the columns of x, shape (n_0, N).

        ``checked=True`` trusts x as it is: for loops that pass the same x a thousand times.
        """
        if not checked:
            x = checks.leading_axes(checks.columns(x, self.layer_sizes[0], "x"), self.stack, "x")
        a, h = [None], [x]
        for k in self.layers:                                # 1 … L
            a.append(self.W[k] @ h[k - 1] + self.b[k])       # a_k = W_k h_{k−1} + b_k
            h.append(self.g[k](a[k]))                        # h_k = g(a_k),  ŷ = O(a_L)
        return Trace(a, h)

    def backward(self, trace, y, checked=False):
        """Return ∂L/∂a_k, ∂L/∂h_k, ∂L/∂W_k, ∂L/∂b_k, from the output back to the input.

        ``trace`` is what forward returned, ``y`` the targets, shape (n_L, N).
        """
        if not checked:
            checks.trace(trace, self.layer_sizes)
            y = checks.targets(y, *trace.y_hat.shape[-2:], self.loss)
            checks.leading_axes(y, trace.y_hat.shape[:-2], "y")
        grad_a, grad_h, grad_W, grad_b = ([None] * (self.L + 1) for _ in range(4))
        grad_a[self.L] = self.loss.grad_a(trace.y_hat, y)             # (ŷ − y)/N for softmax + cross-entropy
        for k in reversed(self.layers):                               # L … 1
            grad_W[k] = grad_a[k] @ trace.h[k - 1].mT                 # ∂L/∂W_k = ∂L/∂a_k h_{k−1}ᵀ
            grad_b[k] = grad_a[k].sum(-1, keepdims=True)              # ∂L/∂b_k = ∂L/∂a_k, summed over examples
            if k > 1:                                                 # below layer 1 lies the input: nothing to train
                grad_h[k - 1] = self.W[k].mT @ grad_a[k]              # ∂L/∂h_{k−1} = W_kᵀ ∂L/∂a_k
                grad_a[k - 1] = grad_h[k - 1] * self.g[k - 1].prime(trace.h[k - 1])   # … ∘ g′(a_{k−1})
        return Gradients(grad_a, grad_h, grad_W, grad_b)

    def predict(self, x):
        """Return the class of each example, shape (..., N); for a linear output the numbers ŷ themselves.

        Softmax: the class with the largest probability. Sigmoid: 1 where ŷ > ½; with several sigmoid
        units, one row each, shape (..., n_L, N).
        """
        return self.decide(self.forward(x).y_hat)

    def decide(self, y_hat):
        """Return the class that each column of ŷ stands for; see ``predict``."""
        if self.loss.output == "softmax":
            return y_hat.argmax(-2)
        if self.loss.output == "sigmoid":
            decisions = (y_hat > 0.5).astype(int)
            return decisions[..., 0, :] if self.layer_sizes[-1] == 1 else decisions
        return y_hat

    def accuracy(self, x, y):
        """Return the share of examples whose predicted class is that of y (n_L, N): one number per network.

        Raises
        ------
        ValueError
            For a linear output, where ŷ is a number and not a class; for x and y of unfit shapes.
        """
        if self.loss.output == "linear":
            raise ValueError("Accuracy counts right classes, but a linear output predicts numbers. Look at the loss instead.")
        y_hat = self.forward(x).y_hat
        y = checks.leading_axes(checks.targets(y, *y_hat.shape[-2:], self.loss), y_hat.shape[:-2], "y")
        return self.share_right(y_hat, self.decide(y))

    def share_right(self, y_hat, classes):
        """Return the share of columns of ŷ that decide for the given classes; of all entries for several sigmoid units."""
        right = self.decide(y_hat) == classes
        several = self.loss.output == "sigmoid" and self.layer_sizes[-1] > 1
        return right.mean((-2, -1) if several else -1)

    @property
    def n_parameters(self):
        """Return how many weights and biases one network has: Σ_k n_k n_{k−1} + n_k (lesson 03)."""
        return sum(n * (m + 1) for m, n in pairwise(self.layer_sizes))

    @property
    def stack(self):
        """Return the leading axes: () for a single network, (S,) for a stack of S."""
        return checks.common_stack([*self.W[1:], *self.b[1:]])

    def with_parameters(self, W=None, b=None, checked=False):
        """Return a network like this one with other parameters, given as {k: array}; this one stays as it is.

        ``checked=True`` trusts the arrays as they are: those of a run that diverged hold NaN.

        Raises
        ------
        ValueError
            For an array that has not the shape of W_k or b_k (a leading axis is a stack).
        """
        other = copy.copy(self)
        other.W, other.b = ([None, *(v.copy() for v in parameters[1:])] for parameters in (self.W, self.b))
        for name, given in (("W", W), ("b", b)):
            for k, value in checks.by_layer(given, self.layers, name):
                shape = (self.layer_sizes[k], self.layer_sizes[k - 1] if name == "W" else 1)
                getattr(other, name)[k] = value.copy() if checked else checks.parameter(value, shape, f"{name}[{k}]")
        checks.common_stack([*other.W[1:], *other.b[1:]])
        return other

    def _pair(self, output, loss):
        checks.choice(output, list(dict.fromkeys(o for o, _ in LOSSES)), "output")
        checks.choice(loss, list(dict.fromkeys(name for _, name in LOSSES)), "loss")
        if (output, loss) in REFUSED:
            raise ValueError(REFUSED[output, loss])
        if output == "softmax" and self.layer_sizes[-1] == 1:
            raise ValueError(
                "A softmax over a single unit is always 1, whatever the input. "
                "Use two units with softmax, or one unit with output='sigmoid'."
            )
        return LOSSES[output, loss]

    def _fresh_weights(self, gain, rng):
        W = [None]
        for k in self.layers:
            n_k, n_below = self.layer_sizes[k], self.layer_sizes[k - 1]
            scale = (gain if k < self.L else 1.0) / np.sqrt(n_below)
            W.append(rng.normal(scale=scale, size=(n_k, n_below)))
        return W

    def __repr__(self):
        sizes = "-".join(map(str, self.layer_sizes))
        hidden = f"{self.g[1].name} hidden units, " if self.L > 1 else "no hidden layer, "
        return f"FeedForwardNetwork {sizes}: {hidden}{self.loss.output} output, {self.loss.name}, {self.n_parameters} parameters"
