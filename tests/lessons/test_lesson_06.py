"""The derivations of lesson 06 line by line, its numbers, its task and the answers to its "Try it"."""

import re
from pathlib import Path

import autograd.numpy as anp
import numpy as np
import sympy as sp
from autograd import grad

from utils.data import one_hot
from utils.explore.outer_product import factors, setting
from utils.nn.gradcheck import numerical_gradient
from utils.nn.network import FeedForwardNetwork

SOURCE = (Path(__file__).parents[2] / "lectures_src" / "06_weights_and_biases.py").read_text(encoding="utf-8")


def softmax(a):
    e = anp.exp(a)
    return e / anp.sum(e, axis=0)


def test_one_weight_and_the_matrix_written_out():
    W, h, b = sp.Matrix(3, 3, sp.symbols("W1:4(1:4)")), sp.Matrix(sp.symbols("h1:4")), sp.Matrix(sp.symbols("b1:4"))
    a = b + W * h
    grads = sp.symbols("A1:4")
    scores = sp.Matrix(sp.symbols("s1:4"))
    loss = sp.log(sum(s for s in scores.applyfunc(sp.exp))) - scores[1]  # cross-entropy, class 2
    at = dict(zip(scores, a, strict=True))
    grad_a = [sp.diff(loss, s).subs(at) for s in scores]
    for i in range(3):
        assert sp.diff(a[i], b[i]) == 1
        for j in range(3):
            assert [sp.diff(row, W[i, j]) for row in a] == [h[j] if row == i else 0 for row in range(3)]
            assert sp.simplify(sp.diff(loss.subs(at), W[i, j]) - grad_a[i] * h[j]) == 0
    outer = sp.Matrix(grads) * h.T
    assert all(outer[i, j] == grads[i] * h[j] for i in range(3) for j in range(3))


def test_the_nine_numbers():
    h, W = np.array([[0.5], [0.1], [0.8]]), np.zeros((3, 3))
    b = np.log(np.array([[0.2], [0.5], [0.3]]))  # softmax(log p) = p
    by_autograd = grad(lambda W: -anp.log(softmax(W @ h + b)[1, 0]))(W)
    assert np.allclose(by_autograd, [[0.1, 0.02, 0.16], [-0.25, -0.05, -0.4], [0.15, 0.03, 0.24]])


def test_the_update_moves_every_unit_against_its_blame():
    eta = sp.Symbol("eta")
    W, h, b, grad_a = (
        sp.Matrix(n, m, sp.symbols(f"{v}(1:{n * m + 1})")) for v, n, m in (("W", 2, 3), ("h", 3, 1), ("b", 2, 1), ("A", 2, 1))
    )
    moved = (W - eta * grad_a * h.T) * h + (b - eta * grad_a) - (W * h + b)
    assert sp.simplify(moved + eta * ((h.T * h)[0] + 1) * grad_a) == sp.zeros(2, 1)


def test_each_line_of_the_blame_of_a_21():
    a_1, a_2, y_1, y_2 = sp.symbols("a_1 a_2 y_1 y_2")
    p_1, p_2 = (sp.exp(a) / (sp.exp(a_1) + sp.exp(a_2)) for a in (a_1, a_2))
    loss = (y_1 - p_1) ** 2 + (y_2 - p_2) ** 2
    lines = [
        sp.diff(loss, a_1),
        -2 * (y_1 - p_1) * p_1 * p_2 + 2 * (y_2 - p_2) * p_1 * p_2,
        -2 * p_1 * p_2 * ((y_1 - p_1) - (y_2 - p_2)),
        -sp.diff(loss, a_2),
    ]
    assert all(sp.simplify(lines[0] - line) == 0 for line in lines[1:])
    assert sp.simplify(sp.diff(p_1, a_1) - p_1 * (1 - p_1)) == 0  # not times −a_22
    single = sp.diff(p_1, a_1) * -2 * (y_1 - p_1)
    assert sp.simplify(single.subs(y_2, 1 - y_1) - lines[0].subs(y_2, 1 - y_1) / 2) == 0
    point = {a_1: sp.Rational(6, 10), a_2: sp.Rational(4, 10), y_1: 1, y_2: 0}
    numbers = [float(0.8 * value.subs(point)) for value in (lines[0], single, single * -a_2)]
    assert np.allclose(numbers, [-0.3566, -0.1783, 0.0713], atol=5e-5)


def test_w_131_and_w_212_by_autograd():
    x, y = np.array([[1.5], [-1.0], [0.5], [2.0]]), one_hot([0], 2)
    h_1, W_2 = np.array([[0.3], [0.8], [0.6], [0.5]]), np.array([[0.5, 1.0, 0.9, -0.4], [-0.2, 0.3, -0.3, 1.0]])
    W_1 = np.arange(16.0).reshape(4, 4) / 10  # any weights: the biases make up for them
    b_1, b_2 = np.log(h_1 / (1 - h_1)) - W_1 @ x, np.array([[0.6], [0.4]]) - W_2 @ h_1

    def loss(W_1, W_2):
        h = 1 / (1 + anp.exp(-(W_1 @ x + b_1)))
        return anp.sum((softmax(W_2 @ h + b_2) - y) ** 2)

    assert np.isclose(grad(loss, 1)(W_1, W_2)[0, 1], -0.3566, atol=5e-5)
    assert np.isclose(grad(loss, 0)(W_1, W_2)[2, 0], -0.1925, atol=5e-5)


def test_three_classes_where_the_straight_path_has_the_wrong_sign():
    p = np.array([0.1, 0.2, 0.7])
    true = grad(lambda a: anp.sum((softmax(a) - np.array([1.0, 0, 0])) ** 2))(np.log(p))
    assert np.allclose(true, [-0.268, -0.096, 0.364])


def small_batch():
    net = FeedForwardNetwork([2, 4, 3], seed=0)
    x, y = np.random.default_rng(1).normal(size=(2, 5)), one_hot([0, 1, 2, 1, 0], 3)
    return net, x, y, net.backward(net.forward(x), y), net.forward(x)


def test_a_batch_is_one_product_with_a_single_division():
    net, _, y, gradients, trace = small_batch()
    h = trace.h[1]

    def loss(W, b):
        return -anp.mean(anp.sum(y * anp.log(softmax(W @ h + b)), axis=0))

    for by_autograd, product, of_the_network in (
        (grad(loss, 0)(net.W[2], net.b[2]), gradients.a[2] @ h.mT, gradients.W[2]),
        (grad(loss, 1)(net.W[2], net.b[2]), gradients.a[2].sum(-1, keepdims=True), gradients.b[2]),
    ):
        assert np.allclose(by_autograd, product) and np.allclose(product, of_the_network)


def test_a_mean_in_the_bias_line_alone_turns_the_step():
    _, _, _, gradients, _ = small_batch()
    true, wrong = (np.concatenate([gradients.W[2].ravel(), gradients.b[2].ravel() / divisor]) for divisor in (1, 5))
    cosine = true @ wrong / np.linalg.norm(true) / np.linalg.norm(wrong)
    assert cosine < 0.99


def test_the_task_accepts_its_answer_and_names_the_slips():
    answer = re.search(r"# ```python\n((?:#.*\n)*?)# ```", SOURCE)[1]
    names = {"np": np}
    exec(re.sub(r"^# ?", "", answer, flags=re.M), names)
    exec(re.search(r"^def verdict.*?(?=\n\n\n)", SOURCE, flags=re.M | re.S)[0], names)
    net, x, y, gradients, trace = small_batch()
    for k in net.layers:
        grad_W, grad_b = names["weight_gradient"](gradients.a[k], trace.h[k - 1]), names["bias_gradient"](gradients.a[k])
        truth_W, truth_b = (numerical_gradient(net, x, y, name, k) for name in ("W", "b"))
        assert names["verdict"](grad_W, truth_W) == names["verdict"](grad_b, truth_b) == "✓ correct"
        assert "shape ()" in names["verdict"](..., truth_W)
        assert "it must be" in names["verdict"](grad_W.mT, truth_W)
        assert "factor N" in names["verdict"](gradients.a[k].mean(-1, keepdims=True), truth_b)
        assert "other numbers" in names["verdict"](-grad_W, truth_W)


def test_answers_to_try_it():
    for seed in range(10):
        net, x, y = setting("2-3-2", seed)
        grad_a, h, _ = factors(net, x[:, :1], y[:, :1], 2)
        rows = np.sign(grad_a @ h.mT)
        assert (rows == rows[:, :1]).all()
        grad_W = net.backward(net.forward(x), y).W[2]
        assert np.allclose(grad_W.sum(0), 0)
    net, x, y = setting("2-4-3", 1)
    grad_a, h, _ = factors(net, x, y, 1)
    mixed = [len(np.unique(np.sign(grad_a[i] * h[j]))) == 2 for i in range(4) for j in range(2)]
    assert mixed[0] and sum(mixed) >= 7
    net, x, y = setting("2-3-2", 0)
    alone, among = (factors(net, x[:, :n], y[:, :n], 2) for n in (1, 4))
    products = [a[0, 0] * h[1, 0] for a, h, _ in (alone, among)]
    assert np.allclose(products, [0.3697, 0.0924], atol=5e-5) and np.isclose(products[0] / products[1], 4)
