"""The fast steps against the readable ones: ``Workspace`` is held to ``forward``, ``backward`` and ``update``."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_network import activations, layer_sizes, pairs, random_targets

from utils.nn import workspace
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import update
from utils.nn.workspace import Workspace, with_ones

quick = settings(derandomize=True, deadline=None, max_examples=12)


def plainly(net, batches, learning_rate):
    for x, y in batches:
        update(net, net.backward(net.forward(x), y), learning_rate)


def fast(net, batches, learning_rate):
    with np.errstate(over="ignore"):
        Workspace(net).descend(((with_ones(x), y) for x, y in batches), learning_rate)


def assert_same_steps(make, batches, learning_rate, rtol=1e-10):
    net, other = make(), make()
    plainly(net, batches, learning_rate)
    fast(other, batches, learning_rate)
    for k in net.layers:
        np.testing.assert_allclose(other.W[k], net.W[k], rtol, atol=1e-12)
        np.testing.assert_allclose(other.b[k], net.b[k], rtol, atol=1e-12)
    assert not np.array_equal(net.b[net.L], make().b[net.L])


@pairs
@activations
@quick
@given(
    sizes=layer_sizes,
    stack=st.sampled_from([None, [0, 1, 2]]),
    seed=st.integers(0, 99),
    stacked_data=st.booleans(),
    columns=st.sampled_from([2, workspace.COLUMNS]),
)
def test_steps_are_those_of_forward_backward_and_update(pair, activation, sizes, stack, seed, stacked_data, columns):
    rng = np.random.default_rng(seed)
    batches = []
    for n_examples in (7, 4, 1, 7):  # batches of several sizes, a single example among them
        x, y = rng.normal(size=(sizes[0], n_examples)), random_targets(rng, pair[0], sizes[-1], n_examples)
        if stack and stacked_data:
            x, y = np.stack([x, x + 1, x - 1]), np.stack([y, y[:, ::-1], y])
        batches.append((x, y))
    rate = np.array([0.1, 0.02, 0.3])[:, None, None] if stack else np.array(0.2)
    with patch.object(workspace, "COLUMNS", columns):
        assert_same_steps(lambda: FeedForwardNetwork(sizes, activation, *pair, seed=stack or seed), batches, rate)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize(("size", "learning_rate", "spread"), [(1, 2000, 1), (500, 0.1, 1), (1e4, 0.1, 1), (1, 0.1, 1e4)])
def test_scores_that_are_large_or_will_be_do_not_overflow(activation, size, learning_rate, spread):
    rng = np.random.default_rng(0)
    x, y = rng.normal(scale=spread, size=(2, 9)), random_targets(rng, "softmax", 3, 9)

    def make():
        W_2 = size * np.random.default_rng(1).normal(size=(3, 4))
        return FeedForwardNetwork([2, 4, 3], activation, seed=0).with_parameters(W={2: W_2})

    assert_same_steps(make, [(x, y)] * 5, np.array(learning_rate))
