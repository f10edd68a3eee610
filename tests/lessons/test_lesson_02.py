"""Lesson 02: each displayed line of a derivation equals the one before, and what it says about paths holds for other networks too."""

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

from utils.draw.computation import computation_columns
from utils.exhibits.computation_graph import network_graph
from utils.exhibits.samples import SAMPLES, X, Y
from utils.learn.exercises import lesson_02 as exercises
from utils.nn.gradcheck import numerical_gradient
from utils.nn.network import FeedForwardNetwork

x = sp.symbols("x", positive=True)
Y_1, Y_2 = sp.symbols("Y_1 Y_2", positive=True)


def all_equal(*lines):
    return all(sp.simplify(before - after) == 0 for before, after in pairwise(lines))


def test_two_paths_line_by_line():
    y_1, y_2, z = x**2, x**3, sp.log(Y_1 / Y_2)
    along = [sp.diff(z, Y).subs({Y_1: y_1, Y_2: y_2}) * sp.diff(y, x) for Y, y in ((Y_1, y_1), (Y_2, y_2))]
    assert all_equal(sp.diff(sp.log(y_1 / y_2), x), sum(along), 1 / x**2 * 2 * x - 1 / x**3 * 3 * x**2, 2 / x - 3 / x, -1 / x)
    assert all_equal(sp.diff(sp.log(x**2 * x**4 / x**3), x), 2 / x - 3 / x + 4 / x, 3 / x)


def test_with_straight_d_each_term_is_the_whole_answer():
    following = sp.log(Y_1 / Y_1 ** sp.Rational(3, 2))
    leading = sp.log(Y_2 ** sp.Rational(2, 3) / Y_2)
    assert all_equal(sp.diff(following, Y_1) * 2 * sp.sqrt(Y_1), -1 / sp.sqrt(Y_1))  # y_1 = x²
    assert all_equal((sp.diff(leading, Y_2)).subs(Y_2, x**3) * 3 * x**2, -1 / x)


def test_the_corner_of_the_rectangle_is_a_nudge_times_a_nudge():
    eps = sp.symbols("epsilon", positive=True)
    side_1, side_2 = (3 + eps) ** 2 - 9, 4 * (3 + eps) - 12
    assert sp.limit(side_1 * 12 / eps, eps, 0) == 72 and sp.limit(9 * side_2 / eps, eps, 0) == 36
    assert sp.limit(side_1 * side_2 / eps, eps, 0) == 0 and sp.limit(side_1 * side_2 / eps**2, eps, 0) == 24
    assert sp.diff(x**2 * 4 * x, x).subs(x, 3) == 108


def test_circuits():
    y, z = sp.symbols("y z")
    f = (x * y + z) * y
    slopes = [sp.diff(f, v) for v in (x, y, z)]
    place = {x: 2, y: -1, z: 3}
    assert np.allclose(exercises.circuit(2.0, -1.0, 3.0), [float(slope.subs(place)) for slope in slopes])
    assert sp.diff((x + y) * x, x).subs({x: 3, y: -1}) == 5 and all_equal(sp.diff((x + y) * x, x), 2 * x + y)


def a_network(sizes, seed, output="softmax", loss="squared_error"):
    rng = np.random.default_rng(seed)
    net = FeedForwardNetwork(sizes, output=output, loss=loss, seed=seed)
    inputs, y = rng.normal(size=(sizes[0], 1)), np.eye(sizes[-1])[:, rng.integers(sizes[-1])][:, None]
    graph = network_graph(net, inputs, y)
    nodes = list(graph.values)
    return net, inputs, y, graph, nodes, {n: [(e.end, e.derivative) for e in graph.following.get(n, [])] for n in nodes}


@pytest.mark.parametrize(("sizes", "seed"), [([2, 2, 2], 0), ([3, 4, 2], 1), ([2, 3, 3, 3], 2)])
def test_both_sweeps_give_the_gradients_of_the_network(sizes, seed):
    net, inputs, y, graph, nodes, lines = a_network(sizes, seed)
    assert nodes[-1] == "L" and all(nodes.index(n) < nodes.index(end) for n in nodes for end, _ in lines[n])
    grad = dict(zip(nodes, exercises.sweep(nodes, lines), strict=True))
    for k in net.layers:
        by_nudging = numerical_gradient(net, inputs, y, "W", k)
        for i, j in np.ndindex(by_nudging.shape):
            name = f"W_{k},{i + 1},{j + 1}"
            forwards = exercises.forward_sweep(nodes, lines, name)[-1]
            over_paths = exercises.sum_over_paths([[e.derivative for e in path.edges] for path in graph.paths(name, "L")])
            assert np.allclose([grad[name], forwards, over_paths], by_nudging[i, j], atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_the_sweep_with_the_bug_loses_half_at_a_score_and_another_share_below(seed):
    _, _, _, _, nodes, lines = a_network([3, 4, 2], seed)
    bug = next(mistake.function for mistake in exercises.BACKWARDS.mistakes if mistake.name == "only the last line")
    right, wrong = (dict(zip(nodes, f(nodes, lines), strict=True)) for f in (exercises.sweep, bug))
    for score in ("a_2,1", "a_2,2", "W_2,1,2"):
        assert np.isclose(wrong[score], right[score] / 2)
    assert not np.isclose(wrong["h_1,3"], right["h_1,3"] / 2, rtol=0.02)


def shares(n_out, loss, start, seeds):
    """Return the straight share of ∂𝓛/∂start for several networks whose true class is the first."""
    found = []
    for seed in seeds:
        net = FeedForwardNetwork([2, 3, n_out], loss=loss, seed=seed)
        paths = network_graph(net, X, np.eye(n_out)[:, :1]).paths(start, "L")
        straight = [p.product for p in paths if any({f"a_2,{m}", f"ŷ_{m}"} <= {*p.nodes} for m in range(1, n_out + 1))]
        found.append(sum(straight) / sum(p.product for p in paths))
    return np.array(found)


def test_half_is_a_matter_of_two_classes_and_squared_error():
    seeds = range(20)
    assert np.allclose(shares(2, "squared_error", "W_2,1,2", seeds), 0.5) and np.allclose(shares(2, "squared_error", "W_1,3,1", seeds), 0.5)
    three = shares(3, "squared_error", "W_2,1,2", seeds)
    assert (abs(three - 0.5) > 0.01).mean() > 0.8 and np.ptp(three) > 0.05
    assert np.allclose(shares(2, "cross_entropy", "W_2,1,2", seeds), 1) and np.allclose(shares(2, "cross_entropy", "W_2,2,2", seeds), 0)


def test_why_it_is_half():
    a_21, a_22, y_1 = sp.symbols("a_21 a_22 y_1", real=True)
    p_1, p_2, y_2 = sp.exp(a_21) / (sp.exp(a_21) + sp.exp(a_22)), sp.exp(a_22) / (sp.exp(a_21) + sp.exp(a_22)), 1 - y_1
    assert all_equal(p_2 - y_2, -(p_1 - y_1)) and all_equal(sp.diff(p_2, a_21), -sp.diff(p_1, a_21))
    straight, crossing = 2 * (p_1 - y_1) * sp.diff(p_1, a_21), 2 * (p_2 - y_2) * sp.diff(p_2, a_21)
    assert all_equal(straight, crossing)


def test_the_formula_of_the_live_class_has_the_wrong_sign_where_a_22_is_positive():
    a_21, a_22, u = sp.symbols("a_21 a_22 u", real=True)
    p_1 = 1 / (1 + sp.exp(a_22 - a_21))
    outer = 1 / (1 + sp.exp(u))
    assert all_equal(sp.diff(outer, u), -outer * (1 - outer)) and sp.diff(a_22 - a_21, a_21) == -1
    assert all_equal(sp.diff(p_1, a_21), p_1 * (1 - p_1))
    wrong = p_1 * (1 - p_1) * -a_22
    assert (wrong / sp.diff(p_1, a_21)).subs({a_21: 0.6, a_22: 0.4}) < 0


def test_the_sample_network_is_the_one_of_lesson_07():
    W, b = SAMPLES["2-2-2"]
    net = FeedForwardNetwork([2, 2, 2], loss="squared_error").with_parameters(W, {k: np.reshape(v, (-1, 1)) for k, v in b.items()})
    trace = net.forward(X)
    gradients = net.backward(trace, Y)
    assert np.allclose([net.loss(trace, Y), *trace.y_hat.ravel()], [0.922091, 0.320997, 0.679003], atol=1e-6)
    assert np.allclose(gradients.a[2].ravel(), [-0.591976, 0.591976], atol=1e-6) and np.isclose(gradients.W[2][0, 1], -0.500537, atol=1e-6)
    graph = network_graph(net, X, Y)
    assert [len(graph.paths(start, "L")) for start in ("W_2,1,2", "W_1,2,1")] == [2, 4]
    live_class = network_graph(FeedForwardNetwork([4, 4, 2], loss="squared_error", seed=0), np.ones((4, 1)), Y)
    assert [len(live_class.paths(start, "L")) for start in ("W_2,1,2", "W_1,3,1")] == [2, 4]


def test_what_there_is_to_see_in_the_explorer():
    def paths(sizes, output, loss, start):
        net = FeedForwardNetwork(sizes, output=output, loss=loss, seed=0)
        return network_graph(net, np.ones((sizes[0], 1)), np.eye(sizes[-1])[:, :1]).paths(start, "L")

    assert len(paths([2, 3, 3, 2], "softmax", "squared_error", "W_1,1,1")) == 12
    assert len(paths([2, 3, 3, 2], "sigmoid", "squared_error", "W_1,1,1")) == 6
    first, second = (path.product for path in paths([2, 2, 2, 2], "softmax", "cross_entropy", "a_3,1"))
    assert first != 0 == second


@pytest.mark.parametrize(("n", "depth"), [(2, 1), (3, 2), (4, 3)])
def test_paths_multiply_and_lines_add(n, depth):
    sizes = [n] * (depth + 1) + [1]
    net = FeedForwardNetwork(sizes, output="linear", loss="squared_error", seed=0)
    graph = network_graph(net, np.ones((n, 1)), np.zeros((1, 1)))
    circles = [name for column in computation_columns(sizes) for name in column]
    ones = {name: [(edge.end, 1.0) for edge in graph.following.get(name, [])] for name in circles}
    assert sum(map(len, ones.values())) == depth * (n**2 + n) + n + 2
    assert exercises.sweep(circles, ones)[0] == len(graph.paths("x_1", "L")) == n**depth
