"""The feed-forward network: forward and backward. Every lesson leads to this page.

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
from functools import partial
from itertools import pairwise

import numpy as np

from utils.nn import checks
from utils.nn.activations import ACTIVATIONS
from utils.nn.losses import INVALID_PAIRS, LOSSES


@dataclass(slots=True, repr=False)
class Trace:
    """What the forward pass keeps for the backward pass: every a_k and h_k (lesson 03).

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

    def __repr__(self):
        sizes = "-".join(str(h.shape[-2]) for h in self.h)
        arrays = _shapes(("a", self.a), ("h", self.h))
        return f"Trace of {self.h[-1].shape[-1]} examples in a {sizes} network\n{arrays}; y_hat is h[{len(self.h) - 1}]"


@dataclass(slots=True, repr=False)
class Gradients:
    """∂L/∂(every quantity), each with the shape of its quantity (lessons 04 to 06).

    Attributes
    ----------
    a, W, b : list
        ``a[k]``, ``W[k]``, ``b[k]`` are ∂L/∂a_k, ∂L/∂W_k, ∂L/∂b_k for k = 1 … L.
    h : list
        ``h[k]`` is ∂L/∂h_k for k = 1 … L−1. ``h[0]`` and ``h[L]`` are None: the input is not
        trained, and at the output the backward pass begins with a_L.
    """

    a: list
    h: list
    W: list
    b: list

    def __repr__(self):
        fields = ("W", self.W), ("b", self.b), ("a", self.a), ("h", self.h)
        return f"Gradients of a network of {len(self.W) - 1} layers, each with the shape of its quantity\n{_shapes(*fields)}"


def _shapes(*fields):
    """Return "W[1] (3, 2), W[2] (4, 3), …" for lists of arrays: all of the first, then all of the second; a long list is shortened."""
    shapes = [f"{name}[{k}] {v.shape}" for name, values in fields for k, v in enumerate(values) if v is not None]
    return ", ".join(shapes if len(shapes) <= 12 else [*shapes[:6], "…", *shapes[-5:]])


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
        For a name that does not exist and for pairs of output and loss that make no sense, with the reason;
        for an array that is assigned to ``W[k]`` or ``b[k]`` and has not its shape.

    Examples
    --------
    >>> net = FeedForwardNetwork([2, 3, 4], activation="tanh", seed=0)
    >>> net
    FeedForwardNetwork 2-3-4: tanh hidden units, softmax output, cross_entropy, 25 parameters
    >>> x = [[0.5, -1.0], [2.0, 0.0]]  # two examples, one a column
    >>> y = [[1, 0], [0, 0], [0, 0], [0, 1]]  # the first belongs to class 0, the second to class 3
    >>> trace = net.forward(x)
    >>> trace.y_hat.shape
    (4, 2)
    >>> gradients = net.backward(trace, y)
    >>> gradients.W[1].shape == net.W[1].shape
    True
    >>> before = net.loss(trace, y)
    >>> net.W[1] = net.W[1] - 0.1 * gradients.W[1]
    >>> bool(net.loss(net.forward(x), y) < before)
    True
    """

    def __init__(self, layer_sizes, activation="sigmoid", output="softmax", loss="cross_entropy", seed=None):
        self.layer_sizes = checks.layer_sizes(layer_sizes)
        self.L = len(self.layer_sizes) - 1
        self.layers = range(1, self.L + 1)
        g = ACTIVATIONS[checks.choice(activation, list(ACTIVATIONS), "activation")]
        self.loss = self._loss_for(output, loss)
        self.g = [None, *[g] * (self.L - 1), self.loss.O]
        seeds = checks.as_list(seed)
        if seeds is None:
            self.W = self._random_weights(g.gain, checks.generator(seed))
        else:
            single = [self._random_weights(g.gain, rng) for rng in checks.generators(seeds)]
            self.W = [None, *(np.stack([W[k] for W in single]) for k in self.layers)]
        self.b = [None, *(np.zeros((*self.W[k].shape[:-1], 1)) for k in self.layers)]

    @checks.checked_by(checks.forward_arguments)
    def forward(self, x):
        """Compute every a_k and h_k for the examples in the columns of x.

        Parameters
        ----------
        x : array, shape (n_0, N)
            Inputs, one example a column.

        Returns
        -------
        Trace
            ``trace.a[k]``, ``trace.h[k]``, and ``trace.y_hat``, which is ŷ.
        """
        a, h = [None], [x]
        for k in self.layers:                                # 1 … L
            a.append(self.W[k] @ h[k - 1] + self.b[k])       # a_k = W_k h_{k−1} + b_k
            h.append(self.g[k](a[k]))                        # h_k = g(a_k),  ŷ = O(a_L)
        return Trace(a, h)

    @checks.checked_by(checks.backward_arguments)
    def backward(self, trace, y):
        """Compute ∂L/∂a_k, ∂L/∂h_k, ∂L/∂W_k, ∂L/∂b_k, from the output back to the input.

        Parameters
        ----------
        trace : Trace
            What ``forward`` returned.
        y : array, shape (n_L, N)
            Targets: one-hot columns for a softmax, numbers for a linear output.

        Returns
        -------
        Gradients
            ``gradients.W[k]``, ``gradients.b[k]``, and on the way ``gradients.a[k]``, ``gradients.h[k]``.
        """
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
        """Decide for a class of each example.

        Softmax: the class with the largest probability. Sigmoid: 1 where ŷ > ½; with several sigmoid
        units, one row each.

        Parameters
        ----------
        x : array, shape (n_0, N)
            Inputs, one example a column.

        Returns
        -------
        array of int, shape (..., N)
            Classes; shape (..., n_L, N) for several sigmoid units. For a linear output the numbers ŷ themselves.
        """
        return self.classes_of(self.forward(x).y_hat)

    def classes_of(self, y_hat):
        """Decide for the class that each column of ŷ stands for.

        Parameters
        ----------
        y_hat : array, shape (..., n_L, N)
            Outputs of the network, or targets.

        Returns
        -------
        array of int
            As ``predict`` returns them.
        """
        if self.loss.output == "softmax":
            return y_hat.argmax(-2)
        if self.loss.output == "sigmoid":
            decisions = (y_hat > 0.5).astype(int)
            return decisions[..., 0, :] if self.layer_sizes[-1] == 1 else decisions
        return y_hat

    def accuracy(self, x, y):
        """Compute the share of examples whose predicted class is that of y.

        Parameters
        ----------
        x : array, shape (n_0, N)
            Inputs, one example a column.
        y : array, shape (n_L, N)
            Targets.

        Returns
        -------
        float, or array for a stack
            Between 0 and 1, one number for each network; for several sigmoid units the share of all their answers.

        Raises
        ------
        ValueError
            For a linear output, where ŷ is a number and not a class; for x and y of unfit shapes.
        """
        if self.loss.output == "linear":
            raise ValueError("Accuracy counts right classes, but a linear output predicts numbers. Look at the loss instead.")
        y_hat = self.forward(x).y_hat
        y = checks.leading_axes(checks.targets(y, *y_hat.shape[-2:], self.loss), y_hat.shape[:-2], "y")
        return self.accuracy_of(y_hat, y)

    def accuracy_of(self, y_hat, y):
        """Compute the share of columns of ŷ that stand for the class of y.

        Parameters
        ----------
        y_hat, y : arrays, shape (..., n_L, N)
            Outputs of the network, and targets.

        Returns
        -------
        float, or array for a stack
            As ``accuracy`` returns it.
        """
        right = self.classes_of(y_hat) == self.classes_of(y)
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

    def with_parameters(self, W=None, b=None):
        """Make a network like this one with other parameters; this one stays as it is.

        Parameters
        ----------
        W, b : dict, optional
            {k: array} for the layers that get new weights or biases; a leading axis is a stack.

        Returns
        -------
        FeedForwardNetwork
            It shares no array with this one.

        Raises
        ------
        ValueError
            For an array that has not the shape of W_k or b_k.
        """
        lists = []
        for name, given in (("W", W), ("b", b)):
            arrays = [None, *(v.copy() for v in getattr(self, name)[1:])]
            for k, value in checks.by_layer(given, self.layers, name):
                arrays[k] = checks.parameter(value, checks.parameter_shape(name, k, self.layer_sizes), f"{name}[{k}]")
            lists.append(arrays)
        checks.common_stack([*lists[0][1:], *lists[1][1:]])
        return self.holding(*lists)

    def holding(self, W, b):
        """Make a network like this one with other parameters, unchecked: those of a run that diverged may hold NaN.

        Parameters
        ----------
        W, b : lists
            None, then an array for each layer; the network holds these arrays themselves.

        Returns
        -------
        FeedForwardNetwork
        """
        other = copy.copy(self)
        other.hold(W, b)
        for name in vars(self).keys() & {"forward", "backward"}:  # somebody has replaced a method of this very object
            vars(other)[name] = partial(_on_loan, self, other, name)
        return other

    def hold(self, W, b):
        """Take other parameters, unchecked.

        Parameters
        ----------
        W, b : lists
            None, then an array for each layer; the network holds these arrays themselves.
        """
        vars(self).update(W=checks.Parameters(W, "W", self.layer_sizes), b=checks.Parameters(b, "b", self.layer_sizes))

    def _loss_for(self, output, loss):
        checks.choice(output, list(dict.fromkeys(o for o, _ in LOSSES)), "output")
        checks.choice(loss, list(dict.fromkeys(name for _, name in LOSSES)), "loss")
        if (output, loss) in INVALID_PAIRS:
            raise ValueError(INVALID_PAIRS[output, loss])
        if output == "softmax" and self.layer_sizes[-1] == 1:
            raise ValueError(
                "A softmax over a single unit is always 1, whatever the input. "
                "Use two units with softmax, or one unit with output='sigmoid'."
            )
        return LOSSES[output, loss]

    def _random_weights(self, gain, rng):
        W = [None]
        for k in self.layers:
            n_k, n_below = self.layer_sizes[k], self.layer_sizes[k - 1]
            scale = (gain if k < self.L else 1.0) / np.sqrt(n_below)
            W.append(rng.normal(scale=scale, size=(n_k, n_below)))
        return W

    def __setattr__(self, name, value):
        if name in ("W", "b"):  # what a learner assigns is checked here, and what is assigned to W[k] in Parameters
            value = checks.parameters(value, name, self.layer_sizes)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        if name in ("W", "b"):
            raise ValueError(f"A network needs its {name}: assign other arrays instead of deleting them.")
        super().__delattr__(name)

    def __repr__(self):
        sizes = "-".join(map(str, self.layer_sizes))
        hidden = f"{self.g[1].name} hidden units, " if self.L > 1 else "no hidden layer, "
        return f"FeedForwardNetwork {sizes}: {hidden}{self.loss.output} output, {self.loss.name}, {self.n_parameters} parameters"


def _on_loan(owner, borrower, name, *arguments):
    """Call a method that was replaced on owner. Meanwhile owner holds the parameters of borrower, because the method may name owner."""
    kept = owner.W, owner.b
    owner.hold(borrower.W, borrower.b)
    try:
        return vars(owner)[name](*arguments)
    finally:
        owner.hold(*kept)
