"""The slow ways to the gradients: each gives what the network's own backward gives."""

import sys

import numpy as np
import pytest

from utils.data import one_hot, two_classes
from utils.exhibits.scalar_loops import by_autograd, example_by_example, instructions, number_by_number, train
from utils.nn.checks import unchecked
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

WAYS = [number_by_number, example_by_example, by_autograd]


@pytest.mark.parametrize("gradients", WAYS)
@pytest.mark.parametrize("sizes", [[2, 3], [3, 2, 4], [2, 4, 3, 5, 2]])
def test_gradients_of_a_batch(gradients, sizes):
    rng = np.random.default_rng(1)
    net = FeedForwardNetwork(sizes, seed=2)
    net = net.with_parameters(b={k: rng.normal(size=net.b[k].shape) for k in net.layers})
    x, y = rng.normal(size=(sizes[0], 7)), one_hot(rng.integers(sizes[-1], size=7), sizes[-1])
    loss, grad_W, grad_b = gradients(net.W, net.b, x, y)
    trace = net.forward(x)
    truth = net.backward(trace, y)
    assert abs(loss - net.loss(trace, y)) < 1e-13
    assert grad_W[0] is grad_b[0] is None
    for k in net.layers:
        np.testing.assert_allclose(grad_W[k], truth.W[k], atol=1e-13)
        np.testing.assert_allclose(grad_b[k], truth.b[k], atol=1e-13)


@pytest.mark.parametrize("gradients", WAYS)
def test_training_arrives_where_gradient_descent_arrives(gradients):
    X, labels = two_classes(40)
    x, y = X.T, one_hot(labels, 2)
    net = FeedForwardNetwork([2, 3, 2], seed=0)
    start = net.with_parameters()
    W, b, losses = train(gradients, net.W, net.b, x, y, learning_rate=0.7, epochs=6)
    assert all((net.W[k] == start.W[k]).all() and (net.b[k] == start.b[k]).all() for k in net.layers)
    history = gradient_descent(net, x, y, learning_rate=0.7, epochs=6)
    np.testing.assert_allclose(losses, history.loss[:-1], atol=1e-12)
    for k in net.layers:
        np.testing.assert_allclose(W[k], net.W[k], atol=1e-12)
        np.testing.assert_allclose(b[k], net.b[k], atol=1e-12)


def test_training_for_no_epoch_changes_nothing():
    net = FeedForwardNetwork([2, 3, 2], seed=0)
    W, b, losses = train(example_by_example, net.W, net.b, np.ones((2, 1)), np.eye(2)[:, :1], 0.5, 0)
    assert losses == [] and all((W[k] == net.W[k]).all() and (b[k] == net.b[k]).all() for k in net.layers)


def test_instructions_grow_with_the_examples_only_where_there_is_a_loop():
    net = FeedForwardNetwork([2, 3, 2], seed=0)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 40)), one_hot(rng.integers(2, size=40), 2)

    def batch(n):
        forward, backward = unchecked(net.forward), unchecked(net.backward)  # the formulas alone
        return instructions(lambda: backward(forward(x[:, :n]), y[:, :n]))

    assert batch(10) == batch(20) == batch(40) < 2000
    for gradients in (number_by_number, example_by_example):
        ten, twenty, forty = (instructions(gradients, net.W, net.b, x[:, :n], y[:, :n]) for n in (10, 20, 40))
        assert 0.95 < (forty - twenty) / (2 * (twenty - ten)) < 1.05 and twenty - ten > 3 * batch(10)


def test_instructions_count_a_line_of_code_and_leave_other_tracers_alone():
    def line(n):
        for _ in range(n):
            n + n

    before = sys.gettrace()
    per_round = (instructions(line, 110) - instructions(line, 10)) / 100
    assert 4 <= per_round <= 8 and per_round == int(per_round)  # next, store, load, load, add, drop, jump
    with pytest.raises(ZeroDivisionError):
        instructions(lambda: 1 / 0)
    assert sys.gettrace() is before
