"""The paths added up are the gradient: on random networks, against the matrix products of ``backward``."""

from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.exhibits.computation_graph import Edge, Graph, Path, network_graph
from utils.nn.losses import LOSSES
from utils.nn.network import FeedForwardNetwork


@st.composite
def examples(draw):
    """Return a network with biases that are not 0, and one example with its target."""
    output, loss = draw(st.sampled_from(sorted(LOSSES)))
    n_out = draw(st.integers(2 if output == "softmax" else 1, 3))
    sizes = [*draw(st.lists(st.integers(1, 3), min_size=1, max_size=4)), n_out]
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    net = FeedForwardNetwork(sizes, activation=draw(st.sampled_from(["sigmoid", "tanh"])), output=output, loss=loss, seed=rng)
    net = net.with_parameters(b={k: rng.normal(size=(sizes[k], 1)) for k in net.layers})
    y = rng.dirichlet(np.ones(n_out))[:, None] if output == "softmax" else rng.uniform(size=(n_out, 1))
    return net, rng.normal(size=(sizes[0], 1)), y


@settings(max_examples=60, deadline=None)
@given(examples())
def test_the_paths_add_up_to_what_backward_says(example):
    net, x, y = example
    graph, gradients = network_graph(net, x, y), net.backward(net.forward(x), y)
    for k in net.layers:
        for i, j in np.ndindex(net.W[k].shape):
            assert np.isclose(graph.derivative(f"W_{k},{i + 1},{j + 1}", "L"), gradients.W[k][i, j])
        for i in range(net.layer_sizes[k]):
            assert np.isclose(graph.derivative(f"b_{k},{i + 1}", "L"), gradients.b[k][i, 0])
            assert np.isclose(graph.derivative(f"a_{k},{i + 1}", "L"), gradients.a[k][i, 0])
            if k < net.L:
                assert np.isclose(graph.derivative(f"h_{k},{i + 1}", "L"), gradients.h[k][i, 0])
    grad_x = net.W[1].mT @ gradients.a[1]
    assert np.allclose([graph.derivative(f"x_{j + 1}", "L") for j in range(len(x))], grad_x[:, 0])


@settings(max_examples=25, deadline=None)
@given(examples())
def test_values_and_the_number_of_paths(example):
    net, x, y = example
    graph, trace = network_graph(net, x, y), net.forward(x)
    assert np.isclose(graph.values["L"], net.loss(trace, y))
    assert np.isclose(graph.values["ŷ_1"], trace.y_hat[0, 0])
    n_out = net.layer_sizes[-1]
    side_roads = n_out if net.loss.output == "softmax" else 1
    assert len(graph.paths("x_1", "L")) == prod(net.layer_sizes[1:]) * side_roads


def test_a_path_knows_its_nodes_and_its_product():
    path = Path((Edge("x", "y", 2.0), Edge("y", "z", -3.0)))
    assert path.nodes == ("x", "y", "z") and path.product == -6 and str(path) == "x → y → z"


def test_paths_part_and_meet_again_and_no_path_is_a_zero():
    edges = [Edge("x", "y", 2), Edge("x", "w", 3), Edge("y", "z", 5), Edge("w", "z", 7), Edge("x", "z", 11), Edge("u", "z", 13)]
    graph = Graph(edges, dict.fromkeys("xywzu", 0.0))
    assert sorted(path.product for path in graph.paths("x", "z")) == [10, 11, 21]
    assert graph.derivative("x", "z") == 42 and graph.derivative("u", "y") == 0


def test_what_cannot_be_traced_is_refused():
    net = FeedForwardNetwork([2, 2], seed=0)
    graph = network_graph(net, np.ones((2, 1)), np.array([[1.0], [0.0]]))
    with pytest.raises(ValueError, match="no node 'W_9,1,1' in this graph; there are x_1, x_2"):
        graph.paths("W_9,1,1", "L")
    with pytest.raises(ValueError, match="two different nodes, but both are 'L'"):
        graph.paths("L", "L")
    with pytest.raises(ValueError, match=r"for one example, but x has 3 columns. Take one: x\[:, :1\]"):
        network_graph(net, np.ones((2, 3)), np.ones((2, 3)) / 2)
