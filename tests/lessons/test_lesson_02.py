"""Lesson 02: each displayed line of a derivation equals the one before, and the try-it answers are true."""

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

from utils.draw.computation import computation_columns
from utils.exhibits.computation_graph import network_graph
from utils.nn.network import FeedForwardNetwork

x = sp.symbols("x", positive=True)
Y_1, Y_2 = sp.symbols("Y_1 Y_2", positive=True)


def all_equal(*lines):
    return all(sp.simplify(before - after) == 0 for before, after in pairwise(lines))


def test_section_3_two_paths():
    y_1, y_2, z = x**2, x**3, sp.log(Y_1 / Y_2)
    along = [sp.diff(z, Y).subs({Y_1: y_1, Y_2: y_2}) * sp.diff(y, x) for Y, y in ((Y_1, y_1), (Y_2, y_2))]
    assert all_equal(
        sp.diff(sp.log(y_1 / y_2), x),
        sum(along),
        1 / y_1 * 2 * x + (-1 / y_2) * 3 * x**2,
        2 * x / x**2 - 3 * x**2 / x**3,
        2 / x - 3 / x,
        -1 / x,
    )


def test_section_3_with_straight_d_each_term_is_the_whole_answer():
    following = sp.log(Y_1 / Y_1 ** sp.Rational(3, 2))
    leading = sp.log(Y_2 ** sp.Rational(2, 3) / Y_2)
    assert all_equal(sp.diff(following, Y_1), -1 / (2 * Y_1)) and all_equal(sp.diff(leading, Y_2), -1 / (3 * Y_2))
    assert all_equal(-1 / (2 * x**2) * 2 * x, -1 / (3 * x**3) * 3 * x**2, -1 / x)


@pytest.mark.parametrize("n", [4, 1])
def test_section_5_a_third_path(n):
    assert all_equal(sp.diff(sp.log(x**2 * x**n / x**3), x), 2 / x - 3 / x + sp.Integer(n) / x)


def test_section_8_the_weight_with_a_side_road():
    W, h_12, rest, a_22, y_1 = sp.symbols("W h_12 rest a_22 y_1")
    a_21, y_2 = W * h_12 + rest, 1 - y_1
    total = sp.exp(a_21) + sp.exp(a_22)
    p_1, p_2 = sp.exp(a_21) / total, sp.exp(a_22) / total
    loss = (y_1 - p_1) ** 2 + (y_2 - p_2) ** 2
    assert all_equal(p_1, 1 / (1 + sp.exp(a_22 - a_21)))
    assert all_equal(sp.diff(p_1, W), p_1 * (1 - p_1) * h_12) and all_equal(sp.diff(p_2, W), -p_1 * p_2 * h_12)
    single = -2 * (y_1 - p_1) * p_1 * (1 - p_1) * h_12
    assert all_equal(
        sp.diff(loss, W),
        (-2 * (y_1 - p_1) * p_1 * (1 - p_1) + 2 * (y_2 - p_2) * p_1 * p_2) * h_12,
        -2 * p_1 * p_2 * ((y_1 - p_1) - (y_2 - p_2)) * h_12,
        2 * single,
    )
    point = {W: 0, rest: 0.6, a_22: 0.4, h_12: 0.8, y_1: 1}
    assert np.allclose([float(v.subs(point)) for v in (2 * single, single, -a_22 * single)], [-0.3566, -0.1783, 0.0713], atol=6e-5)


def straight_share(n_out):
    net = FeedForwardNetwork([3, 4, n_out], loss="squared_error", seed=0)
    graph = network_graph(net, np.array([[1.5], [-0.5], [0.8]]), np.eye(n_out)[:, :1])
    paths = graph.paths("W_1,3,1", "L")
    straight = [path.product for path in paths if path.nodes[-3][-1] == path.nodes[-2][-1]]
    return len(paths), len(straight), sum(straight) / sum(path.product for path in paths)


def test_section_9_and_try_4_half_is_a_matter_of_two_outputs():
    n_paths, n_straight, share = straight_share(2)
    assert (n_paths, n_straight) == (4, 2) and np.isclose(share, 0.5)
    n_paths, n_straight, share = straight_share(3)
    assert (n_paths, n_straight) == (9, 3) and abs(share - 0.5) > 0.02


def example(sizes, output, loss):
    net = FeedForwardNetwork(sizes, output=output, loss=loss, seed=0)
    return network_graph(net, np.ones((sizes[0], 1)), np.eye(sizes[-1])[:, :1])


def test_try_2_and_3_only_the_softmax_has_side_roads():
    softmax = example([2, 3, 3, 2], "softmax", "squared_error")
    sigmoid = example([2, 3, 3, 2], "sigmoid", "squared_error")
    assert len(softmax.paths("W_1,1,1", "L")) == 12 and len(sigmoid.paths("W_1,1,1", "L")) == 6
    for output in ("sigmoid", "linear"):
        assert len(example([2, 3, 2], output, "squared_error").paths("W_2,1,2", "L")) == 1


def test_try_5_cross_entropy_does_not_look_at_the_other_class():
    products = [path.product for path in example([2, 2, 2, 2], "softmax", "cross_entropy").paths("a_3,1", "L")]
    assert len(products) == 2 and products[0] != 0 == products[1]


@pytest.mark.parametrize("n, depth", [(2, 1), (3, 2), (4, 3)])
def test_section_11_counts_every_line_once(n, depth):
    sizes = [n] * (depth + 1) + [1]
    graph = example(sizes, "linear", "squared_error")
    circles = {name for column in computation_columns(sizes) for name in column}
    lines = [edge for following in graph.following.values() for edge in following if edge.start in circles]
    assert len(lines) == depth * (n**2 + n) + n + 2
    assert len(graph.paths("x_1", "L")) == n**depth
    through = [path for path in graph.paths("x_1", "L") if "h_1,1" in path.nodes]
    assert len(through) == n ** (depth - 1)
