"""The steps of gradient descent between two records, in memory that is laid out once.

``network.py`` is the page to read. This one computes the same numbers, and it is the only place where speed has a
say; ``tests/nn/test_workspace.py`` holds it to ``forward``, ``backward`` and ``update``. What it does otherwise:

- [W_k b_k] is one matrix P_k, and h_k has a row of ones below it: a_k = [W_k b_k] [h_{k−1}; 1]. One product
  serves weights and biases, forwards and backwards.
- Every result is written over an array that is there already. Asking for memory costs as much as the arithmetic.
- Units come first, then the stack, then the examples: all networks of a stack are one block of memory for
  whatever happens entry by entry. Products of matrices see the same memory with the stack in front.
- A batch of many columns is taken in parts that stay in the fast memory of the processor; their gradients add up.
- 1/N and the learning rate multiply the gradients of the parameters, which are small.
- The softmax leaves the scores as they are while none can be large enough for e^a to overflow.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

LARGE_SCORE = 600  # e^600 times a billion examples is still a number
STEPS_AHEAD = 50  # how far the scores are foreseen
COLUMNS = 2500  # of a part


class Workspace:
    """Gradient descent for a network, or a stack, without asking for memory at every step.

    Parameters
    ----------
    net : FeedForwardNetwork
        Gives the layers, the functions and the stack.
    """

    def __init__(self, net):
        hidden = net.g[1].name if net.L > 1 else "identity"  # then never used
        self.net, self.sizes, self.stack, self.layers, self.loss = net, net.layer_sizes, net.stack, net.layers, net.loss
        self.activate, self.times_prime, self.sign = HIDDEN[hidden]
        self.factor = GRADIENT_FACTORS.get((net.loss.output, net.loss.name))
        self.foresee = hidden in ("sigmoid", "tanh") and self.factor is not None  # |h| ≤ 1 and |∂L/∂W_L| ≤ 1
        self.memory = {}

    def descend(self, batches, learning_rate):
        """Take one step of gradient descent for each batch, and leave the parameters in the network.

        ``batches`` yields pairs of x, to which ``with_ones`` has added its row, and y.
        """
        P = [None, *(np.concatenate([self.net.W[k], self.net.b[k]], -1) for k in self.layers)]
        grad_P, of_part = ([None, *map(np.empty_like, P[1:])] for _ in range(2))
        x = None
        for step, batch in enumerate(batches):
            if batch[0] is not x:
                x, y = batch
                N = x.shape[-1]
                parts = self._parts(x, y)
                rate = learning_rate if self.factor is None else learning_rate * (self.factor / N)
            if step % STEPS_AHEAD == 0:
                large = not (self.foresee and _largest_score(P[-1], learning_rate) < LARGE_SCORE)
            self._gradients(P, *parts[0], N, large, out=grad_P)
            for part in parts[1:]:
                self._gradients(P, *part, N, large, out=of_part)
                for k in self.layers:
                    grad_P[k] += of_part[k]
            for k in self.layers:
                grad_P[k] *= rate
                P[k] -= grad_P[k]
        for k in self.layers:
            self.net.W[k], self.net.b[k] = P[k][..., :-1].copy(), P[k][..., -1:].copy()

    def _gradients(self, P, m, x, y, N, large, out):
        """Write what a part of a batch of N examples adds to the gradients of P."""
        m.h_products[0] = x
        for k in self.layers[:-1]:
            np.matmul(self.sign * P[k], m.h_products[k - 1], out=m.h_products[k][..., :-1, :])
            self.activate(m.h[k][:-1])
        np.matmul(P[-1], m.h_products[-1], out=m.grad_a_products[-1])
        self._output_gradient(m.grad_a[-1], y, m.column, large, N)
        for k in reversed(self.layers):
            np.matmul(m.grad_a_products[k], m.h_products[k - 1].mT, out=out[k])
            if k > 1:
                np.matmul(P[k][..., :-1].mT, m.grad_a_products[k], out=m.grad_a_products[k - 1])
                self.times_prime(m.grad_a[k - 1], m.h[k - 1][:-1])

    def _parts(self, x, y):
        """Return (memory, x, y) for every part of a batch; units come first in y."""
        y = np.moveaxis(np.broadcast_to(y, (*self.stack, *y.shape[-2:])), -2, 0)
        N = x.shape[-1]
        n_parts = max(1, round(N / COLUMNS))
        edges = [N * i // n_parts for i in range(n_parts + 1)]
        return [(self._memory(j - i), x[..., i:j], y[..., i:j]) for i, j in pairwise(edges)]

    def _memory(self, N):
        if N not in self.memory:
            shape = (*self.stack, N)
            h = [None, *(np.ones((n + 1, *shape)) for n in self.sizes[1:-1])]
            grad_a = [None, *(np.empty((n, *shape)) for n in self.sizes[1:])]
            products = ([None, *(np.moveaxis(v, 0, -2) for v in values[1:])] for values in (h, grad_a))
            self.memory[N] = Memory(h, grad_a, *products, np.empty(shape))
        return self.memory[N]

    def _output_gradient(self, a, y, column, large, N):
        """Turn a_L into ∂L/∂a_L; into ŷ − y where 1/N and a factor wait for the parameters."""
        if self.loss.output == "softmax":
            if large:
                a -= np.maximum.reduce(a, axis=0, out=column)
            np.exp(a, out=a)
            a /= np.add.reduce(a, axis=0, out=column)
        elif self.loss.output == "sigmoid":
            _sigmoid(np.negative(a, out=a))
        if self.factor is None:
            y_hat, y = (np.moveaxis(v, 0, -2) for v in (a, y))
            a[...] = np.moveaxis(self.loss.grad_a(y_hat, y) * (a.shape[-1] / N), -2, 0)  # the mean of a part → of the batch
        else:
            a -= y


@dataclass(slots=True)
class Memory:
    """Arrays for batches of one size, units first; index 0 is unused, as everywhere.

    Attributes
    ----------
    h : list
        ``h[k]``, shape (n_k + 1, ..., N), holds a_k, then h_k, and the row of ones.
    grad_a : list
        ``grad_a[k]``, shape (n_k, ..., N), holds ∂L/∂h_k, then ∂L/∂a_k; at the output a_L, ŷ, ∂L/∂a_L.
    h_products, grad_a_products : list
        The same memory as matrices, shapes (..., n_k + 1, N) and (..., n_k, N); ``h_products[0]`` is x and its row of ones.
    column : ndarray, shape (..., N)
        A number for each example.
    """

    h: list
    grad_a: list
    h_products: list
    grad_a_products: list
    column: np.ndarray


def with_ones(x):
    """Return x with a row of ones below it, shape (..., n_0 + 1, N)."""
    return np.concatenate([x, np.ones((*x.shape[:-2], 1, x.shape[-1]))], -2)


def _largest_score(P, learning_rate):
    """Return a bound on |a_L| during the next steps: |h| ≤ 1, and a step changes no entry of P by more than the learning rate."""
    return np.abs(P).sum(-1).max() + STEPS_AHEAD * np.max(learning_rate) * P.shape[-1]


def _sigmoid(minus_a):
    np.exp(minus_a, out=minus_a)
    minus_a += 1
    np.divide(1, minus_a, out=minus_a)


def _times_sigmoid_prime(grad, h):
    grad *= h
    grad *= np.subtract(1, h, out=h)


def _tanh(a):
    np.tanh(a, out=a)


def _times_tanh_prime(grad, h):
    h *= h
    grad *= np.subtract(1, h, out=h)


def _relu(a):
    np.maximum(a, 0, out=a)


def _times_relu_prime(grad, h):
    grad *= np.greater(h, 0, out=h)


def _identity(a):
    pass


def _times_one(grad, h):
    pass


# a_k times the sign → h_k in its place; ∂L/∂h_k → ∂L/∂a_k in its place, where h_k may be lost; the sign with which a_k is wanted
HIDDEN = {
    "sigmoid": (_sigmoid, _times_sigmoid_prime, -1),
    "tanh": (_tanh, _times_tanh_prime, 1),
    "relu": (_relu, _times_relu_prime, 1),
    "identity": (_identity, _times_one, 1),
}

# ∂L/∂a_L is this factor times (ŷ − y)/N; the other pairs of output and loss go through ``Loss.grad_a``
GRADIENT_FACTORS = {
    ("softmax", "cross_entropy"): 1,
    ("sigmoid", "cross_entropy"): 1,
    ("linear", "squared_error"): 2,
}
