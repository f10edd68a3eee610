"""Lesson 05: its derivation with SymPy, its numbers by automatic differentiation, and what it says of behaviour over other seeds."""

from dataclasses import replace
from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from autograd import grad

from utils.data import four_blobs, one_hot
from utils.exhibits.computation_graph import network_graph
from utils.exhibits.samples import X, Y, sample
from utils.explore.backward_pass import backward_case
from utils.learn.exercises import lesson_05 as exercises
from utils.learn.lesson import known_lessons
from utils.nn import ACTIVATIONS, LOSSES, FeedForwardNetwork, softmax, update

ASKED = known_lessons()["05"]["predictions"]


def all_equal(*lines):
    return all(sp.simplify(before - after) == 0 for before, after in pairwise(lines))


@pytest.fixture(scope="module")
def written_out():
    """Layer 2 and the layers above it with symbols: a_2 → h_2 = σ(a_2) → a_3 = W_3 h_2 + b_3 → 𝓛 = −log softmax(a_3)_1."""
    h = sp.symbols("h_21 h_22 h_23")
    W = sp.Matrix(2, 3, lambda m, j: sp.Symbol(f"W_3{m + 1}{j + 1}"))
    b = sp.Matrix(sp.symbols("b_31 b_32"))
    a = sp.symbols("a_31 a_32")
    loss = -sp.log(sp.exp(a[0]) / (sp.exp(a[0]) + sp.exp(a[1])))
    return h, W, b, a, loss, W * sp.Matrix(h) + b


def test_one_unit_then_the_column_then_the_transpose(written_out):
    h, W, _, a, loss, scores = written_out
    put = dict(zip(a, scores, strict=True))
    grad_a = sp.Matrix([sp.diff(loss, each) for each in a]).subs(put)
    for j in range(3):
        assert all(sp.diff(scores[i], h[j]) == W[i, j] for i in range(2))
        assert all_equal(
            sp.diff(loss.subs(put), h[j]),
            sum(grad_a[i] * W[i, j] for i in range(2)),
            (W[:, j].T * grad_a)[0],
            (W.T * grad_a)[j],
        )


@pytest.mark.long
def test_through_g_is_the_diagonal_jacobian_and_a_softmax_is_not(written_out):
    h, W, _, a, loss, scores = written_out
    z = sp.symbols("a_21 a_22 a_23")
    sigmoid = [1 / (1 + sp.exp(-each)) for each in z]
    jacobian = sp.Matrix(sigmoid).jacobian(z)
    assert jacobian.is_diagonal()
    assert not sp.Matrix([sp.exp(each) / sum(map(sp.exp, z)) for each in z]).jacobian(z).is_diagonal()
    put = dict(zip(a, scores, strict=True))
    grad_h = sp.Matrix([sp.diff(loss.subs(put), each) for each in h])
    point = dict(zip(h, sigmoid, strict=True))
    numbers = {s: sp.Rational(n + 1, 7) * (-1) ** n for n, s in enumerate([*W, *sp.symbols("b_31 b_32"), *z])}
    for j in range(3):
        direct = sp.diff(loss.subs(put).subs(point), z[j]).subs(numbers)
        through_h = (grad_h[j].subs(point) * sp.diff(sigmoid[j], z[j])).subs(numbers)
        assert abs(sp.N(direct - through_h, 30)) < 1e-25 < abs(sp.N(direct))


def test_the_table_of_slopes():
    x, h = sp.Symbol("x", real=True), sp.Symbol("h")
    s = 1 / (1 + sp.exp(-x))
    assert sp.simplify(sp.diff(s, x) - s * (1 - s)) == 0 and sp.simplify(sp.diff(sp.tanh(x), x) - (1 - sp.tanh(x) ** 2)) == 0
    assert sp.solve(sp.diff(h * (1 - h))) == [sp.Rational(1, 2)] and (h * (1 - h)).subs(h, sp.Rational(1, 2)) == sp.Rational(1, 4)
    relu = ACTIVATIONS["relu"]
    a = np.array([[-1.0], [-1e-9], [0.0], [1e-9], [1.0]])
    assert relu.prime(relu(a)).ravel().tolist() == [0, 0, 0, 1, 1]


def test_both_boxes_by_autograd():
    case = backward_case("2-3-3-2", "tanh", 4)
    W, b = case.net.W, case.net.b

    def from_a(a, i):
        for k in range(i + 1, 4):
            a = anp.dot(W[k], anp.tanh(a)) + b[k]
        return anp.log(anp.sum(anp.exp(a))) - a[0, 0]

    for i in (1, 2, 3):
        assert np.allclose(grad(from_a)(case.trace.a[i], i), case.gradients.a[i])
    for i in (1, 2):
        by_h = grad(lambda h, i=i: from_a(anp.dot(W[i + 1], h) + b[i + 1], i + 1))
        assert np.allclose(by_h(case.trace.h[i]), case.gradients.h[i])


def test_the_numbers_of_the_small_network_and_of_the_wrong_answers():
    net = sample("2-2-2")
    W, b = net.W, net.b

    def from_h(h):
        a = anp.dot(W[2], h) + b[2]
        return anp.log(anp.sum(anp.exp(a))) - a[0, 0]

    h = net.forward(X).h[1]
    by_h = grad(from_h)(h)[:, 0]
    by_a = grad(lambda a: from_h(1 / (1 + anp.exp(-a))))(net.forward(X).a[1])[:, 0]
    assert np.allclose(by_h, [-0.746904, 0.882704], atol=1e-6) and np.allclose(by_a, [-0.186726, 0.115286], atol=1e-6)
    blame = (net.forward(X).y_hat - Y)[:, 0]
    slips = {
        "-0.679": W[2][0] @ blame,
        "-0.407": W[2][0, 0] * blame[0],
        "-0.068": W[2][0, 0] * blame[0] - W[2][1, 0] * blame[1],
        "0.747": -by_h[0],
        "0.883": by_h[1],
    }
    assert {*slips} == {*ASKED["blame"]["reasons"]} - {"why"}
    assert all(abs(float(told) - value) < 6e-4 for told, value in slips.items())


@pytest.mark.parametrize("seed", range(10))
def test_what_the_learner_writes_agrees_with_backward(seed):
    net = FeedForwardNetwork([2, 4, 3, 5, 2], seed=seed)
    trace = net.forward(X)
    gradients = net.backward(trace, Y)
    assert np.isclose(exercises.one_unit(net.W[3], gradients.a[3], 1), gradients.h[2][1, 0])
    assert np.allclose(exercises.through_weights(net.W[3], gradients.a[3]), gradients.h[2])
    assert np.allclose(exercises.through_sigmoid(gradients.h[2], trace.h[2]), gradients.a[2])
    assert np.allclose(exercises.first_layer(net.W[2:], trace.h[1:-1], gradients.a[4]), gradients.a[1])


@pytest.mark.parametrize("seed", range(10))
def test_the_sum_needs_every_unit_of_the_layer_above(seed):
    net = FeedForwardNetwork([2, 3, 4, 2], seed=seed)
    gradients = net.backward(net.forward(X), Y)
    parts = gradients.a[2][:, 0] * net.W[2][:, 0]
    assert [n for n in range(1, 5) if np.isclose(parts[:n].sum(), gradients.h[1][0, 0])] == [4]
    paths = network_graph(net, X, Y).paths("h_1,1", "L")
    assert len({path.nodes[-3] for path in paths}) == 2 and len(paths) == 16  # what two of the wrong answers count


@pytest.mark.parametrize("width", [5, 20])
def test_ten_layers_of_sigmoids_let_less_than_a_hundred_thousandth_through(width):
    shares = {}
    for activation in ("sigmoid", "tanh"):
        net = FeedForwardNetwork([2, *[width] * 10, 2], activation=activation, seed=range(100, 200))
        gradients = net.backward(net.forward(X), Y)
        shares[activation] = np.abs(gradients.a[1]).max((1, 2)) / np.abs(gradients.a[11]).max((1, 2))
    assert shares["sigmoid"].max() < 1e-5 < 1e-3 < np.median(shares["tanh"])


def test_where_a_slope_at_h_stays_invisible():
    a = np.random.default_rng(0).normal(scale=3, size=(200, 1))
    hidden = {name for name, g in ACTIVATIONS.items() if np.allclose(g.prime(g(a)), g.prime(g(g(a))))}
    assert hidden == {"relu", "identity"} == {*ASKED["invisible"]["truth"]}
    sigmoid, tanh = ACTIVATIONS["sigmoid"], ACTIVATIONS["tanh"]
    five, two = np.array([[5.0]]), np.array([[2.0]])
    told = [sigmoid.prime(sigmoid(five)), sigmoid.prime(sigmoid(sigmoid(five))), tanh.prime(tanh(two)), tanh.prime(tanh(tanh(two)))]
    assert np.allclose(np.ravel(told), [0.007, 0.197, 0.07, 0.44], atol=4e-3)


def test_element_wise_training_makes_all_weights_positive_and_all_blame_negative():
    points, labels = four_blobs()
    x, y = points.T, one_hot(labels, 4)
    net = FeedForwardNetwork([2, 2, 4], seed=range(20, 32))
    net.loss = replace(LOSSES["softmax", "cross_entropy"], grad_a=lambda y_hat, y: -y * (1 - y_hat) / y.shape[-1])
    W_2 = [net.W[2]]
    for _ in range(400):
        update(net, net.backward(net.forward(x), y), 0.5)
        W_2.append(net.W[2])
    assert (np.diff(W_2, axis=0) >= 0).all() and (W_2[-1] > 0).all()
    assert (net.backward(net.forward(x), y).h[1] < 0).all()
    true = LOSSES["softmax", "cross_entropy"].grad_a(net.forward(x).y_hat, y)
    mixed = net.W[2].mT @ true
    assert (mixed > 0).any() and (mixed < 0).any()


def test_a_batch_is_the_same_line_column_by_column():
    rng = np.random.default_rng(3)
    net = FeedForwardNetwork([2, 3, 4], seed=5)
    x, y = rng.normal(size=(2, 7)), one_hot(rng.integers(4, size=7), 4)
    together = net.backward(net.forward(x), y).a[1]
    alone = [net.backward(net.forward(x[:, [n]]), y[:, [n]]).a[1] for n in range(7)]
    assert np.allclose(together, np.hstack(alone) / 7)

    def loss(a):
        scores = anp.dot(net.W[2], 1 / (1 + anp.exp(-a))) + net.b[2]
        return anp.mean(anp.log(anp.sum(anp.exp(scores), axis=0)) - anp.sum(y * scores, axis=0))

    assert np.allclose(grad(loss)(net.forward(x).a[1]), together) and np.allclose(softmax(net.forward(x).a[2]), net.forward(x).y_hat)


def test_tanh_is_steeper_near_0_and_flatter_far_from_it():
    def slope(name, a):
        return ACTIVATIONS[name].prime(ACTIVATIONS[name](a))

    near, far = np.linspace(-1, 1, 101), np.concatenate([np.linspace(-9, -3, 50), np.linspace(3, 9, 50)])
    assert (slope("tanh", near) > slope("sigmoid", near)).all() and (slope("tanh", far) < slope("sigmoid", far)).all()
    zero = np.zeros(1)
    assert np.isclose(slope("tanh", zero), 1) and np.isclose(slope("tanh", zero), 4 * slope("sigmoid", zero))
