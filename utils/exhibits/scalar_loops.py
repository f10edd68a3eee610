"""The same gradients in three other ways: number by number, example by example, and by autograd (lesson 11).

Each function returns what ``forward`` and ``backward`` of a FeedForwardNetwork with sigmoid hidden units,
softmax and cross-entropy give for a batch. Only the way to it differs.
"""

import math
import sys
from timeit import repeat

import numpy as np
from threadpoolctl import threadpool_limits

from utils.exhibits.autograd import grads, values
from utils.nn.activations import sigmoid
from utils.nn.losses import softmax


def number_by_number(W, b, x, y):
    """Return loss, grad_W and grad_b with loops over plain numbers: every sum written out.

    Parameters
    ----------
    W, b : lists of arrays
        ``W[k]`` has shape (n_k, n_{k−1}), ``b[k]`` has shape (n_k, 1); index 0 is None.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        Examples and one-hot targets in columns.

    Returns
    -------
    loss : float
        The mean loss.
    grad_W, grad_b : lists of arrays
        ∂L/∂W_k and ∂L/∂b_k, each with the shape of its parameter; index 0 is None.
    """
    L, N = len(W) - 1, x.shape[1]
    W = [None, *(W_k.tolist() for W_k in W[1:])]
    b = [None, *(b_k.ravel().tolist() for b_k in b[1:])]
    examples, targets = x.T.tolist(), y.T.tolist()
    loss = 0.0
    grad_W = [None, *([[0.0] * len(row) for row in W_k] for W_k in W[1:])]
    grad_b = [None, *([0.0] * len(b_k) for b_k in b[1:])]
    for n in range(N):
        h = [examples[n]]
        for k in range(1, L + 1):
            a = []
            for i in range(len(W[k])):
                a_i = b[k][i]
                for j in range(len(h[k - 1])):
                    a_i += W[k][i][j] * h[k - 1][j]  # a_ki = Σ_j W_kij h_{k−1,j} + b_ki
                a.append(a_i)
            if k < L:
                h.append([1 / (1 + math.exp(-a_i)) for a_i in a])  # h_ki = σ(a_ki)
        largest = max(a)
        e = [math.exp(a_i - largest) for a_i in a]
        total = sum(e)
        h.append([e_i / total for e_i in e])  # ŷ_i = e^{a_Li} / Σ_j e^{a_Lj}
        grad_a = []
        for i in range(len(a)):
            log_y_hat = a[i] - largest - math.log(total)
            loss -= targets[n][i] * log_y_hat / N  # L = −1/N Σ_n Σ_i y_i log ŷ_i
            grad_a.append((h[L][i] - targets[n][i]) / N)  # ∂L/∂a_Li = (ŷ_i − y_i)/N
        for k in range(L, 0, -1):
            for i in range(len(W[k])):
                grad_b[k][i] += grad_a[i]  # ∂L/∂b_ki = ∂L/∂a_ki
                for j in range(len(h[k - 1])):
                    grad_W[k][i][j] += grad_a[i] * h[k - 1][j]  # ∂L/∂W_kij = ∂L/∂a_ki h_{k−1,j}
            if k > 1:
                grad_a_below = []
                for j in range(len(h[k - 1])):
                    grad_h_j = 0.0
                    for i in range(len(W[k])):
                        grad_h_j += W[k][i][j] * grad_a[i]  # ∂L/∂h_{k−1,j} = Σ_i …
                    g_prime = h[k - 1][j] * (1 - h[k - 1][j])  # σ′(a_{k−1,j})
                    grad_a_below.append(grad_h_j * g_prime)  # ∂L/∂a_{k−1,j}
                grad_a = grad_a_below
    grad_b = [None, *(np.array(v).reshape(-1, 1) for v in grad_b[1:])]
    return loss, [None, *map(np.array, grad_W[1:])], grad_b


def example_by_example(W, b, x, y):
    """Return loss, grad_W and grad_b with a loop over the examples, and vectors within it.

    Parameters
    ----------
    W, b : lists of arrays
        ``W[k]`` has shape (n_k, n_{k−1}), ``b[k]`` has shape (n_k, 1); index 0 is None.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        Examples and one-hot targets in columns.

    Returns
    -------
    loss : float
        The mean loss.
    grad_W, grad_b : lists of arrays
        ∂L/∂W_k and ∂L/∂b_k, each with the shape of its parameter; index 0 is None.
    """
    L, N = len(W) - 1, x.shape[1]
    loss = 0.0
    grad_W = [None, *map(np.zeros_like, W[1:])]
    grad_b = [None, *map(np.zeros_like, b[1:])]
    for n in range(N):
        h = [x[:, [n]]]  # one column
        for k in range(1, L + 1):
            a = W[k] @ h[k - 1] + b[k]
            h.append(sigmoid(a) if k < L else softmax(a))
        loss -= (y[:, [n]] * np.log(h[L])).sum() / N
        grad_a = (h[L] - y[:, [n]]) / N
        for k in range(L, 0, -1):
            grad_W[k] += grad_a @ h[k - 1].mT
            grad_b[k] += grad_a
            if k > 1:
                grad_a = (W[k].mT @ grad_a) * h[k - 1] * (1 - h[k - 1])
    return loss, grad_W, grad_b


def by_autograd(W, b, x, y):
    """Return loss, grad_W and grad_b by autograd, number by number: only the forward pass is written down.

    Parameters
    ----------
    W, b : lists of arrays
        ``W[k]`` has shape (n_k, n_{k−1}), ``b[k]`` has shape (n_k, 1); index 0 is None.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        Examples and one-hot targets in columns.

    Returns
    -------
    loss : float
        The mean loss.
    grad_W, grad_b : lists of arrays
        ∂L/∂W_k and ∂L/∂b_k, each with the shape of its parameter; index 0 is None.
    """
    W = [None, *(values(W_k) for W_k in W[1:])]
    b = [None, *(values(b_k) for b_k in b[1:])]
    a = W[1] @ x + b[1]
    for k in range(2, len(W)):
        a = W[k] @ (1 / (1 + np.exp(-a))) + b[k]  # a_k = W_k σ(a_{k−1}) + b_k
    loss = (np.log(np.exp(a).sum(-2)) - (y * a).sum(-2)).mean()  # −log ŷ_l = log Σ_j e^{a_j} − a_l
    loss.backward()
    return loss.value, [None, *map(grads, W[1:])], [None, *map(grads, b[1:])]


def train(gradients, W, b, x, y, learning_rate, epochs):
    """Train by gradient descent with the whole batch.

    Parameters
    ----------
    gradients : callable
        ``number_by_number``, ``example_by_example`` or ``by_autograd``.
    W, b, x, y
        As for ``number_by_number``; they are not changed.
    learning_rate : float
        Step length η.
    epochs : int
        Number of steps.

    Returns
    -------
    W, b : lists of arrays
        The trained parameters.
    losses : list of float
        The loss before each step.
    """
    losses = []
    for _ in range(epochs):
        loss, grad_W, grad_b = gradients(W, b, x, y)
        W = [None, *(v - learning_rate * grad for v, grad in zip(W[1:], grad_W[1:], strict=True))]
        b = [None, *(v - learning_rate * grad for v, grad in zip(b[1:], grad_b[1:], strict=True))]
        losses.append(loss)
    return W, b, losses


def instructions(function, *arguments):
    """Count the instructions that the Python interpreter carries out in a call; what happens inside NumPy counts as one.

    The number depends on the version of Python, which compiles the same line to more or fewer instructions.

    Parameters
    ----------
    function : callable
        What is called.
    *arguments
        What it is called with.

    Returns
    -------
    int
    """
    carried_out = 0

    def trace(frame, event, _):
        nonlocal carried_out
        frame.f_trace_opcodes = True
        carried_out += event == "opcode"
        return trace

    before = sys.gettrace()
    sys._getframe().f_trace_opcodes = True  # Python 3.12 looks for this when it begins to trace, and only then
    sys.settrace(trace)
    try:
        function(*arguments)
    finally:
        sys.settrace(before)
    return carried_out


def seconds(run):
    """Return how long a call takes on one core of this computer: the best of seven, which is the least disturbed.

    Parameters
    ----------
    run : callable
        Called without arguments.

    Returns
    -------
    float
    """
    with threadpool_limits(1):  # one core, so that no program gains from a machine with many
        return min(repeat(run, number=3, repeat=7)) / 3
