"""What a gradient costs, counted in multiplications, with and without reuse (lesson 07).

Every product of two numbers in the sums a_k and in the gradients is counted, with sigmoid hidden units
and one example. Additions, exponentials and logarithms are left out: they grow more slowly.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Cost:
    """Multiplications for one example.

    Attributes
    ----------
    forward : int
        One forward pass.
    backward : int
        All gradients by backpropagation, after the forward pass.
    without_cache : int
        The same gradients after the same forward pass, the chain of each parameter computed anew.
    finite_differences : int
        The same gradients from the slopes (L(v + ε) − L(v))/ε: a forward pass for each parameter, and one more.
    """

    forward: int
    backward: int
    without_cache: int
    finite_differences: int


def cost(layer_sizes):
    """Count the multiplications for the gradients of a network, from its shapes alone.

    Parameters
    ----------
    layer_sizes : list of int
        [n_0, n_1, …, n_L].

    Returns
    -------
    Cost
    """
    n, L = layer_sizes, len(layer_sizes) - 1
    chain = chain_costs(n)
    forward = sum(above * below for below, above in pairwise(n))
    n_parameters = forward + sum(n[1:])
    return Cost(
        forward=forward,
        # n_k n_{k−1} for ∂L/∂W_k; the same for ∂L/∂h_{k−1}, except below layer 1; 2 n_k for h(1 − h) and ∘
        backward=forward + forward - n[1] * n[0] + 2 * sum(n[1:L]),
        without_cache=sum(n[k] * (n[k - 1] * (chain[k] + 1) + chain[k]) for k in range(1, L + 1)),
        finite_differences=(n_parameters + 1) * forward,
    )


def chain_costs(layer_sizes):
    """Count the multiplications for one ∂L/∂a_ki where nothing is remembered.

    Parameters
    ----------
    layer_sizes : list of int
        [n_0, n_1, …, n_L].

    Returns
    -------
    list of int
        Entry k for a unit of layer k; entry 0 is None.
    """
    costs = [0]  # ŷ − y is a subtraction
    for n_above in reversed(layer_sizes[2:]):
        # for each unit above: its own ∂L/∂a, and a product with the weight; then h · (1 − h), and ∂L/∂h times that
        costs.insert(0, n_above * (1 + costs[0]) + 2)
    return [None, *costs]


class CountedChain:
    """The chain rule for one number at a time, with every multiplication counted.

    Parameters
    ----------
    net : FeedForwardNetwork
        With sigmoid hidden units, softmax and cross-entropy.
    x, y : arrays, shapes (n_0, 1) and (n_L, 1)
        One example and its target.
    remember : bool
        Whether the answer to a question that was asked before is looked up.

    Attributes
    ----------
    multiplications : int
        Their number so far; the forward pass is not in it.
    """

    def __init__(self, net, x, y, remember):
        self.net, self.trace, self.y = net, net.forward(x), y
        self.multiplications = 0
        if remember:
            self.grad_a = cache(self.grad_a)

    def times(self, u, v):
        """Multiply, and count it.

        Parameters
        ----------
        u, v : float
            The factors.

        Returns
        -------
        float
            u · v.
        """
        self.multiplications += 1
        return u * v

    def grad_a(self, k, i):
        """Compute ∂L/∂a_ki from all units of the layer above, as in lesson 05.

        Parameters
        ----------
        k, i : int
            The layer, from 1, and the unit, from 0.

        Returns
        -------
        float
        """
        h = self.trace.h[k][i, 0]
        if k == self.net.L:
            return h - self.y[i, 0]
        grad_h = sum(self.times(w, self.grad_a(k + 1, m)) for m, w in enumerate(self.net.W[k + 1][:, i]))
        return self.times(grad_h, self.times(h, 1 - h))

    def weight_gradient(self, k):
        """Compute ∂L/∂W_k entry by entry.

        Parameters
        ----------
        k : int
            The layer, from 1.

        Returns
        -------
        array, shape (n_k, n_{k−1})
        """
        n, below = self.net.layer_sizes[k], self.trace.h[k - 1][:, 0]
        return np.array([[self.times(self.grad_a(k, i), h) for h in below] for i in range(n)])

    def bias_gradient(self, k):
        """Compute ∂L/∂b_k entry by entry.

        Parameters
        ----------
        k : int
            The layer, from 1.

        Returns
        -------
        array, shape (n_k, 1)
        """
        return np.array([[self.grad_a(k, i)] for i in range(self.net.layer_sizes[k])])
