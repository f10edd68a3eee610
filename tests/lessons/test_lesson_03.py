"""Lesson 03: its formulas by sympy, its answers by running them."""

import re
from pathlib import Path

import numpy as np
import sympy as sp

from utils.explore.forward_pass import forward_pass_explorer, forward_pass_picture
from utils.nn.activations import ACTIVATIONS, sigmoid
from utils.nn.losses import softmax
from utils.nn.network import FeedForwardNetwork

SOURCE = (Path(__file__).parents[2] / "lectures_src" / "03_forward_pass.py").read_text(encoding="utf-8")
START = forward_pass_explorer().state


def test_sums_written_out_are_the_matrix_product():
    W, x, b = sp.Matrix(2, 3, sp.symbols("W_111 W_112 W_113 W_121 W_122 W_123")), sp.Matrix(sp.symbols("x_1:4")), sp.symbols("b_11 b_12")
    written_out = sp.Matrix([sum(W[i, j] * x[j] for j in range(3)) + b[i] for i in range(2)])
    rows = sp.Matrix([(W.row(i) * x)[0] + b[i] for i in range(2)])
    assert written_out == rows == W * x + sp.Matrix(b)
    assert [sp.diff(written_out[i], W[0, 1]) for i in range(2)] == [x[1], 0]  # W_112 belongs to a_11 and meets x_2


def test_two_layers_without_a_bend_are_one():
    W_1, W_2 = sp.MatrixSymbol("W_1", 3, 2).as_explicit(), sp.MatrixSymbol("W_2", 4, 3).as_explicit()
    b_1, b_2, x = (sp.MatrixSymbol(name, n, 1).as_explicit() for name, n in (("b_1", 3), ("b_2", 4), ("x", 2)))
    steps = [W_2 * (W_1 * x + b_1) + b_2, W_2 * W_1 * x + W_2 * b_1 + b_2, (W_2 * W_1) * x + (W_2 * b_1 + b_2)]
    assert all((steps[0] - step).expand() == sp.zeros(4, 1) for step in steps)


def test_formulas_of_the_bend_and_of_the_losses():
    a, y, y_hat = np.linspace(-3, 3, 7), sp.Symbol("y"), sp.Symbol("y_hat")
    table = {
        "sigmoid": 1 / (1 + np.exp(-a)),
        "tanh": (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a)),
        "relu": np.where(a > 0, a, 0),
        "identity": a,
    }
    assert table.keys() == ACTIVATIONS.keys()
    assert all(np.allclose(ACTIVATIONS[name](a), h) for name, h in table.items())
    assert sp.expand(sp.diff((y_hat - y) ** 2, y_hat) - 2 * (y_hat - y)) == 0
    e = sp.symbols("a_1:4")
    shares = [sp.exp(score) / sum(map(sp.exp, e)) for score in e]
    assert sp.simplify(sum(shares)) == 1 and sp.simplify(shares[1] / shares[0] - sp.exp(e[1] - e[0])) == 0


def test_losses_of_the_table_are_those_of_the_network():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 6))
    answers = np.eye(3)[:, rng.integers(3, size=6)]
    cases = {
        ("softmax", "cross_entropy"): (answers, lambda p, y: -(y * np.log(p))),
        ("sigmoid", "cross_entropy"): (answers[:1], lambda p, y: -y * np.log(p) - (1 - y) * np.log(1 - p)),
        ("sigmoid", "squared_error"): (answers[:1], lambda p, y: (p - y) ** 2),
        ("linear", "squared_error"): (answers, lambda p, y: (p - y) ** 2),
    }
    for (output, name), (y, loss) in cases.items():
        net = FeedForwardNetwork([2, 4, len(y)], output=output, loss=name, seed=1)
        trace = net.forward(x)
        assert np.isclose(net.loss(trace, y), loss(trace.y_hat, y).sum() / 6)  # a sum over outputs, a mean over examples


def test_the_folded_forward_pass_is_true():
    code = re.search(r"# ```python\n(.*?)# ```", SOURCE, flags=re.S)[1]
    scope = {"sigmoid": sigmoid, "softmax": softmax}
    exec(re.sub(r"^# ?", "", code, flags=re.M), scope)
    net = FeedForwardNetwork([2, 5, 3, 4], seed=3).with_parameters(b={1: np.ones((5, 1))})
    x = np.random.default_rng(0).normal(size=(2, 6))
    assert np.allclose(scope["my_forward"](net, x), net.forward(x).y_hat)


def test_answers_to_try_it():
    crossing = forward_pass_picture(**START | {"kind": "b", "k": 2, "i": 1, "change": 1.0})
    assert "ŷ_1 0.28 → 0.51" in crossing.caption
    asleep = START | {"activation": "relu", "x_1": -2.0}
    for change in (0.5, 1.0, 2.0):
        assert "loss stays at 0.69" in forward_pass_picture(**asleep | {"change": change}).caption
    assert "a_1,2 −1.33 →" in forward_pass_picture(**asleep | {"change": 1.0}).caption
    assert "loss 0.69 → 0.84" in forward_pass_picture(**asleep | {"change": -1.0}).caption
    assert "h_1 = 0.00, 0.00" in forward_pass_picture(**asleep).alt and "ŷ = 0.50, 0.50" in forward_pass_picture(**asleep).alt
    for change in (-3.0, 0.1, 3.0):
        assert "no other number moves" in forward_pass_picture(**START | {"x_1": 0.0, "change": change}).caption
    assert "7 numbers moved" in forward_pass_picture(**START | {"change": 1.0}).caption
    assert FeedForwardNetwork([2, 4, 3]).n_parameters == 27 and FeedForwardNetwork([2, 4, 1], output="sigmoid").n_parameters == 17
    assert "2-4-1 network" in forward_pass_picture(**START | {"architecture": "2-4-3", "task": "yes/no: sigmoid + cross-entropy"}).caption


def test_wrong_products_that_go_through():
    W_2 = FeedForwardNetwork([2, 3, 4]).W[2]
    for n_examples, names in ((3, ["W hᵀ"]), (4, ["h W"]), (5, [])):
        h_1 = np.ones((3, n_examples))
        products = {"h W": (h_1, W_2), "Wᵀ h": (W_2.mT, h_1), "W hᵀ": (W_2, h_1.mT)}
        assert [name for name, (left, right) in products.items() if left.shape[1] == right.shape[0]] == names
