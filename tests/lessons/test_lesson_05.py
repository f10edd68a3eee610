"""Lesson 05, line by line: the derivation with SymPy, the lesson's own check, and the answers to its tasks."""

import re
from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from autograd import grad

import build_notebooks as build
from utils.explore.backward_pass import backward_case

SOURCE = (build.SOURCES / "05_hidden_units.py").read_text(encoding="utf-8")


def all_equal(*lines):
    return all(sp.simplify(before - after) == 0 for before, after in pairwise(lines))


@pytest.fixture(scope="module")
def written_out():
    """Layer 2 and the layers above it with symbols: a_2 → h_2 = σ(a_2) → a_3 = W_3 h_2 + b_3 → L = −log softmax(a_3)_1."""
    h = sp.symbols("h_21 h_22 h_23")
    W = sp.Matrix(2, 3, lambda m, j: sp.Symbol(f"W_3{m + 1}{j + 1}"))
    b = sp.Matrix(sp.symbols("b_31 b_32"))
    a = sp.symbols("a_31 a_32")
    loss = -sp.log(sp.exp(a[0]) / (sp.exp(a[0]) + sp.exp(a[1])))
    mixed = W * sp.Matrix(h) + b
    return h, W, b, a, loss, mixed


def test_section_3_the_pots_written_out(written_out):
    h, W, b, _, _, mixed = written_out
    for m, row in enumerate((("W_311", "W_312", "W_313", "b_31"), ("W_321", "W_322", "W_323", "b_32"))):
        weights = sp.symbols(row)
        assert all_equal(mixed[m], sum(w * unit for w, unit in zip(weights, h, strict=False)) + weights[-1])
        for j in range(3):
            assert sp.diff(mixed[m], h[j]) == W[m, j]
    assert sp.diff(mixed[0], b[0]) == 1 and sp.diff(mixed[0], sp.Symbol("b_21")) == 0


def test_sections_3_to_5_one_unit_then_the_column_then_the_transpose(written_out):
    h, W, _, a, loss, mixed = written_out
    put = dict(zip(a, mixed, strict=True))
    grad_a = sp.Matrix([sp.diff(loss, each) for each in a]).subs(put)
    for j in range(3):
        assert all_equal(
            sp.diff(loss.subs(put), h[j]),
            grad_a[0] * sp.diff(mixed[0], h[j]) + grad_a[1] * sp.diff(mixed[1], h[j]),
            grad_a[0] * W[0, j] + grad_a[1] * W[1, j],
            (W[:, j].T * grad_a)[0],
            (W.T * grad_a)[j],
        )


def test_section_6_through_g_is_the_diagonal_jacobian(written_out):
    h, W, _, a, loss, mixed = written_out
    z = sp.symbols("a_21 a_22 a_23")
    sigmoid = [1 / (1 + sp.exp(-each)) for each in z]
    jacobian = sp.Matrix(sigmoid).jacobian(z)
    assert jacobian.is_diagonal()
    put = dict(zip(a, mixed, strict=True))
    grad_h = sp.Matrix([sp.diff(loss.subs(put), each) for each in h])
    point = dict(zip(h, sigmoid, strict=True))
    numbers = {s: sp.Rational(n + 1, 7) * (-1) ** n for n, s in enumerate([*W, *sp.symbols("b_31 b_32"), *z])}
    for j in range(3):
        direct = sp.diff(loss.subs(put).subs(point), z[j]).subs(numbers)
        through_h = (grad_h[j].subs(point) * sp.diff(sigmoid[j], z[j])).subs(numbers)
        assert abs(sp.N(direct - through_h, 30)) < 1e-25 < abs(sp.N(direct))
        assert sp.simplify(jacobian[j, j] - sigmoid[j] * (1 - sigmoid[j])) == 0


def test_sections_7_and_8_the_table_of_slopes():
    x = sp.Symbol("x", real=True)
    s = 1 / (1 + sp.exp(-x))
    assert sp.simplify(sp.diff(s, x) - s * (1 - s)) == 0 and sp.simplify(sp.diff(sp.tanh(x), x) - (1 - sp.tanh(x) ** 2)) == 0
    assert sp.solve(sp.diff(sp.Symbol("h") * (1 - sp.Symbol("h")))) == [sp.Rational(1, 2)]
    assert sp.diff(s, x).subs(x, 0) == sp.Rational(1, 4)


def test_both_boxes_by_autograd():
    case = backward_case("2-3-3-2", "tanh", 4)
    W, b, x = case.net.W, case.net.b, case.trace.h[0]

    def from_a(a, i):
        for k in range(i + 1, 4):
            a = anp.dot(W[k], anp.tanh(a)) + b[k]
        return anp.log(anp.sum(anp.exp(a))) - a[0, 0]

    for i in (1, 2, 3):
        assert np.allclose(grad(from_a)(case.trace.a[i], i), case.gradients.a[i])
    for i in (1, 2):
        by_h = grad(lambda h, i=i: from_a(anp.dot(W[i + 1], h) + b[i + 1], i + 1))
        assert np.allclose(by_h(case.trace.h[i]), case.gradients.h[i])
    assert x.shape == (2, 1)


VERDICTS = {
    "...": "not written yet",
    "(W_above.mT @ grad_a_above) * g_prime": "right",
    "W_above.mT @ grad_a_above": "right shape, wrong numbers",
    "-(W_above.mT @ grad_a_above) * g_prime": "right shape, wrong numbers",
    "(W_above.mT @ grad_a_above) * g_prime[:, 0]": "the shape should be (3, 1), yours is (3, 3)",
    "(W_above.mT @ grad_a_above).mT @ g_prime": "the shape should be (3, 1), yours is (1, 1)",
    "None": "the shape should be (3, 1), yours is ()",
}


@pytest.mark.parametrize("line", VERDICTS)
def test_section_9_says_what_is_right_and_what_is_not(line, capsys):
    case = backward_case("2-3-3-2", "sigmoid", 0)
    stub = re.search(r"def hidden_gradient.*?return \.\.\.\n", SOURCE, flags=re.S)[0]
    check = re.search(r"for i in \(2, 1\):\n    mine = .*?\n\n", SOURCE, flags=re.S)[0]
    known = {"np": np, "net": case.net, "gradients": case.gradients, "trace": case.trace}
    exec(stub.replace("return ...", f"return {line}") + check, known)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 2 and all(p.split(": ", 1)[1].startswith(VERDICTS[line]) for p in printed)


def test_answers_of_the_tasks():
    sigmoid, tanh, relu, identity = (backward_case("2-3-3-2", g, 0) for g in ("sigmoid", "tanh", "relu", "identity"))
    assert np.allclose(sigmoid.net.W[3][:, 2], [-0.183, -0.074], atol=1e-3)
    assert np.isclose(sigmoid.gradient_of["h_2,3"], 0.074, atol=1e-3) and sigmoid.gradient_of["h_2,2"] > 8 * sigmoid.gradient_of["h_2,3"]
    largest = [[np.abs(case.gradients.a[k]).max() for k in (1, 3)] for case in (sigmoid, tanh)]
    assert np.allclose(largest, [[0.011, 0.685], [0.212, 0.525]], atol=1e-3)
    assert 55 < largest[0][1] / largest[0][0] < 65 and 0.39 < largest[1][0] / largest[1][1] < 0.42
    closed = relu.net.g[2].prime(relu.trace.h[2])[:, 0] == 0
    assert closed.any() and (relu.gradients.W[2][closed] == 0).all() and (relu.gradients.W[2][~closed] != 0).any()
    assert all(np.array_equal(identity.gradients.a[i], identity.gradients.h[i]) for i in (1, 2))
