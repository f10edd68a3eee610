"""The same work in several programs: every contestant trains the same network from the same weights on the same data.

A contestant is a function from a ``Work`` to another one, ``run``, which does the whole work anew and returns the
loss at its end: a number, or one for each network of a stack. What can be prepared is prepared before; for JAX
that is compilation too. Everything computes in double precision.
"""

import sys
import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from utils.exhibits.scalar_loops import by_autograd, example_by_example
from utils.exhibits.scalar_loops import train as train_one_by_one
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent


@dataclass(frozen=True)
class Work:
    """So many epochs of gradient descent with the whole batch.

    Attributes
    ----------
    sizes : tuple of int
        n_0, …, n_L.
    n_examples, epochs : int
        How much data, and how many steps.
    activation : str
        Of the hidden layers: "sigmoid", "tanh" or "relu".
    output : str
        "softmax", or "sigmoid" for so many yes-or-no questions; the loss is cross-entropy.
    stack : int
        How many networks, with the seeds 0, 1, …; 0 is a single one, not in a stack.
    learning_rate : float
        Step length.
    """

    sizes: tuple
    n_examples: int
    epochs: int
    activation: str = "sigmoid"
    output: str = "softmax"
    stack: int = 0
    learning_rate: float = 0.5

    def data(self):
        """Return x (n_0, N), labels (N,) and y (n_L, N): clouds of points, a class each."""
        rng = np.random.default_rng(0)
        labels = np.arange(self.n_examples) % self.sizes[-1]
        centres = rng.normal(scale=2, size=(self.sizes[0], self.sizes[-1]))
        x = centres[:, labels] + rng.normal(size=(self.sizes[0], self.n_examples))
        return x, labels, np.ascontiguousarray(np.eye(self.sizes[-1])[:, labels])

    def network(self):
        """Return the network, or the stack, with its initial weights."""
        return FeedForwardNetwork(self.sizes, self.activation, self.output, seed=list(range(self.stack)) if self.stack else 0)


def ours(work):
    """``gradient_descent`` as lessons call it: loss and parameters of every epoch are recorded."""
    x, _, y = work.data()

    def run():
        return _trained(work.network(), x, y, work)

    return run


def _trained(net, x, y, work):
    return gradient_descent(net, x, y, work.learning_rate, work.epochs).loss[-1]


def ours_one_after_the_other(work):
    """``gradient_descent`` for each network of a stack alone."""
    x, _, y = work.data()

    def run():
        networks = (FeedForwardNetwork(work.sizes, work.activation, work.output, seed=seed) for seed in range(work.stack))
        return np.array([_trained(net, x, y, work) for net in networks])

    return run


def scikit_learn(work):
    """``MLPClassifier`` with plain gradient descent: no momentum, no penalty, no early end. Yes-or-no outputs are multilabel targets."""
    x, labels, y = work.data()
    X, targets = np.ascontiguousarray(x.T), (labels if work.output == "softmax" else y.T.astype(int))
    activation = {"sigmoid": "logistic"}.get(work.activation, work.activation)

    def model(steps):
        return MLPClassifier(
            work.sizes[1:-1],
            activation=activation,
            solver="sgd",
            alpha=0,
            batch_size=work.n_examples,
            learning_rate_init=work.learning_rate,
            max_iter=steps,
            shuffle=False,
            tol=0,
            momentum=0,
            nesterovs_momentum=False,
            n_iter_no_change=sys.maxsize,
            warm_start=True,
        )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        begun = model(1).fit(X, targets)

    def run():
        net, peer = work.network(), begun.set_params(max_iter=work.epochs)
        peer.coefs_ = [net.W[k].T.copy() for k in net.layers]
        peer.intercepts_ = [net.b[k][:, 0].copy() for k in net.layers]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            peer.fit(X, targets)
        W = {k: peer.coefs_[k - 1].T for k in net.layers}
        trained = net.with_parameters(W, {k: peer.intercepts_[k - 1][:, None] for k in net.layers})
        return trained.loss(trained.forward(x), y)

    return run


def pytorch(work):
    """PyTorch, eagerly: layers, ``CrossEntropyLoss`` and ``SGD`` as its tutorials have them."""
    import torch

    x, labels, _ = work.data()
    X, targets = torch.from_numpy(np.ascontiguousarray(x.T)), torch.from_numpy(labels)
    activation = {"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[work.activation]
    loss_of = torch.nn.CrossEntropyLoss()

    def run():
        net, modules = work.network(), []
        for k in net.layers:
            linear = torch.nn.Linear(work.sizes[k - 1], work.sizes[k], dtype=torch.float64)
            with torch.no_grad():
                linear.weight[...] = torch.from_numpy(net.W[k])
                linear.bias[...] = torch.from_numpy(net.b[k][:, 0])
            modules += [linear, activation()] if k < net.L else [linear]
        model = torch.nn.Sequential(*modules)
        optimizer = torch.optim.SGD(model.parameters(), lr=work.learning_rate)
        for _ in range(work.epochs):
            optimizer.zero_grad()
            loss_of(model(X), targets).backward()
            optimizer.step()
        with torch.no_grad():
            return loss_of(model(X), targets).item()

    return run


def jax_step(work):
    """JAX: one training step compiled, called once an epoch; ``vmap`` over the networks of a stack."""
    return _jax(work, whole_run=False)


def jax_run(work):
    """JAX: all epochs compiled into one program; ``vmap`` over the networks of a stack."""
    return _jax(work, whole_run=True)


def _jax(work, whole_run):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    x, _, y = map(jnp.array, work.data())
    g = {"sigmoid": jax.nn.sigmoid, "tanh": jnp.tanh, "relu": jax.nn.relu}[work.activation]

    def loss_of(parameters):
        h = x
        for W, b in parameters[:-1]:
            h = g(W @ h + b)
        W, b = parameters[-1]
        return -(y * jax.nn.log_softmax(W @ h + b, axis=0)).sum(0).mean()

    def step(parameters):
        return jax.tree.map(lambda v, grad: v - work.learning_rate * grad, parameters, jax.grad(loss_of)(parameters))

    def all_steps(parameters):
        return jax.lax.fori_loop(0, work.epochs, lambda _, parameters: step(parameters), parameters)

    over_stack = jax.vmap if work.stack else lambda function: function
    advance, final_loss = (jax.jit(over_stack(function)) for function in (all_steps if whole_run else step, loss_of))

    def run():
        net = work.network()
        parameters = [(jnp.array(net.W[k]), jnp.array(net.b[k])) for k in net.layers]
        for _ in range(1 if whole_run else work.epochs):
            parameters = advance(parameters)
        return np.array(final_loss(parameters))

    run()  # compiles
    return run


def per_example(work):
    """NumPy with a loop over the examples, as in the live session."""
    return _one_by_one(work, example_by_example)


def scalar_autograd(work):
    """The small autograd of lesson 11, number by number."""
    return _one_by_one(work, by_autograd)


def _one_by_one(work, gradients):
    x, _, y = work.data()

    def run():
        net = work.network()
        W, b, _ = train_one_by_one(gradients, net.W, net.b, x, y, work.learning_rate, work.epochs)
        trained = net.with_parameters(dict(enumerate(W[1:], 1)), dict(enumerate(b[1:], 1)))
        return trained.loss(trained.forward(x), y)

    return run


def matrix_products(work):
    """The matrix products of all epochs and nothing else: no biases, no functions, no update. It has no loss."""
    x, _, y = work.data()
    net = work.network()
    trace = net.forward(x)
    a, h = net.backward(trace, y).a, trace.h
    down, up = ([None, *map(np.empty_like, arrays[1:])] for arrays in (a, net.W))

    def run():
        for _ in range(work.epochs):
            for k in net.layers:
                np.matmul(net.W[k], h[k - 1], out=down[k])
            for k in reversed(net.layers):
                np.matmul(a[k], h[k - 1].mT, out=up[k])
                if k > 1:
                    np.matmul(net.W[k].mT, a[k], out=down[k - 1])

    return run
