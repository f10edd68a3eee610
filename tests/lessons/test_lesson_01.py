"""Lesson 01: each displayed line of a derivation equals the one before, the counts hold, and the try-it answers are true."""

import re
from itertools import pairwise
from math import prod
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from utils.explore.chain import BACKWARDS, CHAINS, chain_picture, running_products
from utils.nn.activations import sigmoid

LESSON = (Path(__file__).parents[2] / "lectures_src" / "01_chain_rule_one_path.py").read_text(encoding="utf-8")
SIGMOID, THIN = "σ(a), in four steps", "thin network, from W_111 to L"
a, x = sp.symbols("a x", real=True)
SIGMA = 1 / (1 + sp.exp(-a))


def all_equal(*lines):
    return all(sp.simplify(before - after) == 0 for before, after in pairwise(lines))


def test_section_1_two_functions():
    u = sp.Symbol("u")
    assert all_equal(
        sp.diff((2 * x + 1) ** 2, x),
        (sp.diff(u**2, u) * sp.diff(2 * x + 1, x)).subs(u, 2 * x + 1),
        (2 * u * 2).subs(u, 2 * x + 1),
        4 * (2 * x + 1),
        8 * x + 4,
    )
    assert sp.expand((2 * x + 1) ** 2) == 4 * x**2 + 4 * x + 1


def section_2(*replacements):
    """Run the cells of section 2, edited as a learner would."""
    code = re.search(r"## 2 ·(.*?)## 3 ·", LESSON, flags=re.S)[1]
    for before, after in replacements:
        assert before in code
        code = code.replace(before, after, 1)
    namespace = {"np": np, "print": lambda *_: None}
    namespace["central_difference"] = lambda f, x, step=1e-5: (f(x + step) - f(x - step)) / (2 * step)
    exec(code.split("# %%", 1)[1], namespace)
    return namespace


def test_section_2_and_try_6_the_loop_differentiates_whatever_it_is_given():
    y = sp.sin(sp.cos(sp.exp(sp.sin(x))))
    for place in (-2.0, 0.5, 3.0, 11.0):
        value, derivative = section_2()["value_and_derivative"](place)
        assert np.isclose(value, float(y.subs(x, place))) and np.isclose(derivative, float(sp.diff(y, x).subs(x, place)))
    another_step = "(np.sin, np.cos)", "(np.cos, lambda u: -np.sin(u))"
    with pytest.raises(AssertionError):
        section_2(another_step)
    section_2(another_step, ("np.exp(np.sin(x))", "np.exp(np.cos(x))"))
    assert "np.sin(np.cos(np.exp(np.cos(x))))" in LESSON


def test_section_3_the_sigmoid_line_by_line():
    u_1, u_2, u_3 = sp.symbols("u_1:4")
    inside = {u_1: -a, u_2: sp.exp(-a), u_3: 1 + sp.exp(-a)}
    local = [sp.diff(1 / u_3, u_3), sp.diff(1 + u_2, u_2), sp.diff(sp.exp(u_1), u_1), sp.diff(-a, a)]
    assert all_equal(
        sp.diff(SIGMA, a),
        prod(local).subs(inside),
        ((-1 / u_3**2) * 1 * sp.exp(u_1) * (-1)).subs(inside),
        sp.exp(-a) / (1 + sp.exp(-a)) ** 2,
        1 / (1 + sp.exp(-a)) * (sp.exp(-a) / (1 + sp.exp(-a))),
        1 / (1 + sp.exp(-a)) * (1 - 1 / (1 + sp.exp(-a))),
        SIGMA * (1 - SIGMA),
    )
    numbers = [sp.simplify(factor.subs(inside).subs(a, -sp.log(2))) for factor in local]
    assert numbers == [-sp.Rational(1, 9), 1, 2, -1] and prod(numbers) == sp.Rational(2, 9)
    after = [prod(numbers[:n]) for n in range(1, 5)]  # section 4: to u_3, u_2, u_1 and a
    assert after == [-sp.Rational(1, 9), -sp.Rational(1, 9), -sp.Rational(2, 9), sp.Rational(2, 9)]
    z = sp.symbols("z", real=True)
    assert all_equal(1 / (1 + sp.exp(z)), 1 - SIGMA.subs(a, z))  # the sigmoid without its minus
    picture = chain_picture(SIGMOID, -np.log(2), 4, BACKWARDS)
    assert "Local derivatives on its edges: −1, 2, 1, −0.111" in picture.alt and "dh/da = 0.222" in picture.caption


def thin_network():
    """Return the symbols of the thin network of section 6 and the function that puts their values in."""
    h_0, W_1, W_2, W_3 = sp.symbols("x W_111 W_211 W_311", real=True)
    a_1, h_1, a_2, h_2, a_3, y_hat = sp.symbols("a_1 h_1 a_2 h_2 a_3 yhat", real=True)

    def g(v):
        return 1 / (1 + sp.exp(-v))

    steps = [(y_hat, g(a_3)), (a_3, W_3 * h_2), (h_2, g(a_2)), (a_2, W_2 * h_1), (h_1, g(a_1)), (a_1, W_1 * h_0)]
    local = {
        "∂L/∂ŷ": sp.diff(-sp.log(y_hat), y_hat),
        "∂ŷ/∂a_3": sp.diff(g(a_3), a_3),
        "∂a_3/∂h_2": sp.diff(W_3 * h_2, h_2),
        "∂h_2/∂a_2": sp.diff(g(a_2), a_2),
        "∂a_2/∂h_1": sp.diff(W_2 * h_1, h_1),
        "∂h_1/∂a_1": sp.diff(g(a_1), a_1),
        "∂a_1/∂W_111": sp.diff(W_1 * h_0, W_1),
    }

    def put_in(expression, until=None):
        for symbol, value in steps:
            if symbol == until:
                break
            expression = expression.subs(symbol, value)
        return expression

    return local, put_in, (W_1, W_2, W_3, h_0), (a_1, h_1, a_2, h_2, a_3, y_hat)


POINTS = ((0.5, -2.0, 1.5, 1.5), (-0.3, 0.8, -1.1, 0.6))


def test_sections_6_and_7_roadmap_and_compression():
    local, put_in, inputs, (_, h_1, a_2, h_2, _, y_hat) = thin_network()
    factors = list(local.values())
    loss = -sp.log(y_hat)
    truth = sp.diff(put_in(loss), inputs[0])
    red = sp.diff(put_in(loss, until=a_2), a_2)
    green = sp.diff(put_in(a_2), inputs[0])
    to_h_2 = sp.diff(put_in(h_2), inputs[0])
    for point in POINTS:
        at = dict(zip(inputs, point, strict=True))
        value = [float(put_in(factor).subs(at)) for factor in factors]
        assert np.isclose(prod(value), float(truth.subs(at)))
        assert np.isclose(prod(value[:4]), float(put_in(red).subs(at))) and np.isclose(prod(value[4:]), float(green.subs(at)))
        assert np.isclose(prod(value[3:]), float(to_h_2.subs(at)))
    shown = dict(re.findall(r'"(∂[^"]+)": ([^#\n]+?),(?:  #.*)?\n', LESSON))
    assert list(shown) == list(local)
    at = dict(zip(inputs, POINTS[0], strict=True))
    h = [POINTS[0][3], *(float(put_in(v).subs(at)) for v in (h_1, h_2, y_hat))]
    for name, code in shown.items():
        assert np.isclose(eval(code, {"h_k": h, "W": [None, *POINTS[0]]}), float(put_in(local[name]).subs(at))), name


def test_section_8_each_chain_and_the_recursion():
    local, put_in, inputs, symbols = thin_network()
    factors, h = list(local.values()), [inputs[3], symbols[1], symbols[3]]
    at = dict(zip(inputs, POINTS[0], strict=True))
    loss = put_in(-sp.log(symbols[5]))
    grad_a = prod(factors[:2])  # at k = L = 3
    for k in (3, 2, 1):
        chain = [*factors[: 2 * (3 - k) + 2], h[k - 1]]
        assert len(chain) == 2 * (3 - k) + 3
        truth = float(sp.diff(loss, inputs[k - 1]).subs(at))
        assert np.isclose(float(put_in(prod(chain)).subs(at)), truth) and np.isclose(float(put_in(grad_a * h[k - 1]).subs(at)), truth)
        if k > 1:
            grad_a = grad_a * factors[2 * (3 - k) + 2] * factors[2 * (3 - k) + 3]


def test_section_8_the_sums():
    k, L = sp.symbols("k L", integer=True, positive=True)
    assert all_equal(sp.summation(2 * (L - k) + 3 - 1, (k, 1, L)), sp.summation(2 * (L - k) + 2, (k, 1, L)), L * (L + 1))
    assert all_equal(1 + 2 * (L - 1) + L, 3 * L - 1)
    assert [(n * (n + 1), 3 * n - 1) for n in (3, 30)] == [(12, 8), (930, 89)]


def local_of(function, place):
    chain = CHAINS[function]
    values = chain.values(place)
    return chain.local_derivatives(values), running_products(chain.local_derivatives(values), BACKWARDS)[0]


def test_try_1_where_the_sigmoid_is_steep_and_which_factor_flattens_it():
    slopes = {place: local_of(SIGMOID, place)[1] for place in np.linspace(-3, 3, 61)}
    assert abs(max(slopes, key=slopes.get)) < 1e-9 and np.isclose(max(slopes.values()), 1 / 4)
    (negate, exp, add, invert), _ = local_of(SIGMOID, 3.0)
    assert np.isclose(exp, 0.05, atol=0.001) and np.isclose(invert, -0.91, atol=0.01) and (negate, add) == (-1, 1)
    (_, exp, _, invert), _ = local_of(SIGMOID, -3.0)
    assert np.isclose(exp, 20, atol=0.2) and 400 < 1 / abs(invert) < 500


def test_try_2_to_4_the_other_chains():
    assert all_equal(sp.diff(sp.log(1 + sp.exp(x)), x), 1 / (1 + sp.exp(x)) * sp.exp(x), 1 / (1 + sp.exp(-x)))
    assert np.isclose(local_of("log(1 + eˣ)", 1.0)[1], sigmoid(1.0)) and np.isclose(sigmoid(1.0), 0.731, atol=5e-4)
    local, whole = local_of("sin(x²)", 0.0)
    assert local == [0, 1] and whole == 0
    (_, steep, *_), gradient = local_of(THIN, 0.5)
    assert np.isclose(gradient, 0.068, atol=5e-4) and np.isclose(steep, 0.218, atol=5e-4)
    for end in (3.0, -3.0):
        (_, flat, *_), quiet = local_of(THIN, end)
        assert np.isclose(flat, 0.011, atol=5e-4) and 0 < quiet < gradient / 10
