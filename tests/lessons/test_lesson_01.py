"""Lesson 01: each displayed line of a derivation equals the one before, the counts hold, and what its tasks and reasons say is true."""

from functools import cache
from itertools import pairwise
from math import prod

import numpy as np
import pytest
import sympy as sp

from utils.explore.chain import BACKWARDS, CHAINS, running_products
from utils.learn.exercises import lesson_01 as exercises
from utils.nn.activations import sigmoid
from utils.nn.network import FeedForwardNetwork

SIGMOID, THIN, SOFTPLUS = "σ(a), in four steps", "thin network, from W_111 to 𝓛", "log(1 + eˣ)"
a, x = sp.symbols("a x", real=True)
SIGMA = 1 / (1 + sp.exp(-a))


def all_equal(*lines):
    return all(sp.simplify(before - after) == 0 for before, after in pairwise(lines))


def test_two_functions():
    u = sp.Symbol("u")
    assert all_equal(
        sp.diff((2 * x + 1) ** 2, x), (sp.diff(u**2, u) * sp.diff(2 * x + 1, x)).subs(u, 2 * x + 1), exercises.square_slope(x), 8 * x + 4
    )


def test_the_loop_differentiates_whatever_it_is_given():
    y = sp.sin(sp.cos(sp.exp(sp.sin(x))))
    steps = [(np.sin, np.cos), (np.exp, np.exp), (np.cos, lambda u: -np.sin(u)), (np.sin, np.cos)]
    for place in (-2.0, 0.5, 3.0, 11.0):
        value, derivative = exercises.value_and_derivative(steps, place)
        assert np.isclose(value, float(y.subs(x, place))) and np.isclose(derivative, float(sp.diff(y, x).subs(x, place)))


def test_the_sigmoid_line_by_line():
    u_1, u_2, u_3 = sp.symbols("u_1:4")
    inside = {u_1: -a, u_2: sp.exp(-a), u_3: 1 + sp.exp(-a)}
    local = [sp.diff(-a, a), sp.diff(sp.exp(u_1), u_1), sp.diff(1 + u_2, u_2), sp.diff(1 / u_3, u_3)]
    assert all_equal(
        sp.diff(SIGMA, a),
        prod(local).subs(inside),
        ((-1 / u_3**2) * 1 * sp.exp(u_1) * (-1)).subs(inside),
        sp.exp(-a) / (1 + sp.exp(-a)) ** 2,
        1 / (1 + sp.exp(-a)) * (sp.exp(-a) / (1 + sp.exp(-a))),
        SIGMA * (1 - SIGMA),
    )
    assert all_equal(sp.exp(-a) / (1 + sp.exp(-a)), ((1 + sp.exp(-a)) - 1) / (1 + sp.exp(-a)), 1 - 1 / (1 + sp.exp(-a)), 1 - SIGMA)
    assert all_equal(1 / (1 + sp.exp(a)), 1 - SIGMA)  # the unit with a lost minus
    for place in (-1.3, 0.2, 2.0):
        assert np.allclose(exercises.local_derivatives(place), [float(each.subs(inside).subs(a, place)) for each in local])


def test_the_numbers_at_minus_log_2():
    factors = exercises.local_derivatives(-np.log(2))
    assert np.allclose(factors, [-1, 2, 1, -1 / 9])
    assert np.allclose([factors[i:].prod() for i in range(4)], [2 / 9, -2 / 9, -1 / 9, -1 / 9])


def thin(L, seed, y=1.0):
    """Return the weights, the values of h, and the gradients of a thin network as the course's own network computes them."""
    net = FeedForwardNetwork([1] * (L + 1), output="sigmoid", loss="squared_error", seed=seed)
    trace = net.forward(np.array([[1.5]]))
    return [0.0, *(net.W[k].item() for k in net.layers)], np.ravel(trace.h), net.backward(trace, np.array([[y]]))


@pytest.mark.parametrize("seed", range(5))
def test_what_the_learner_writes_agrees_with_the_courses_network(seed):
    for L in (1, 2, 3, 12):
        W, h, gradients = thin(L, seed, y=float(seed % 2))
        assert np.allclose(exercises.thin_gradients(W, h, seed % 2)[1:], np.ravel(gradients.W[1:]), rtol=1e-9, atol=0)
    W, h, gradients = thin(3, seed)
    seven = exercises.chain_factors(W, h, 1.0)
    assert np.isclose(seven.prod(), gradients.W[1].item())
    assert np.isclose(seven[:2].prod(), gradients.a[3].item()) and np.isclose(seven[:4].prod(), gradients.a[2].item())
    assert np.isclose(seven[:4].prod() * h[1], gradients.W[2].item())  # red can be used again
    assert all(np.allclose(gradients.b[k], gradients.a[k]) for k in (1, 2, 3))


def test_each_chain_has_the_factors_that_the_lesson_displays():
    W, h, gradients = thin(3, seed=7)
    seven = exercises.chain_factors(W, h, 1.0)
    for k, factors in ((3, 3), (2, 5), (1, 7)):
        chain = [*seven[: factors - 1], h[k - 1]]
        assert np.isclose(prod(chain), gradients.W[k].item())


@pytest.mark.parametrize("L", [1, 2, 3, 10, 30])
def test_the_multiplications_counted_by_a_number_that_counts(L):
    class Counted(float):
        number = 0

        def __mul__(self, other):
            Counted.number += 1
            return Counted(float(self) * float(other))

    def gradients(remember):
        def grad_a(k):
            return Counted(2) * 3.0 if k == L else grad_a(k + 1) * 5.0 * 7.0

        grad_a = cache(grad_a) if remember else grad_a
        Counted.number = 0
        return [grad_a(k) * 11.0 for k in range(1, L + 1)] and Counted.number

    assert gradients(remember=False) == L * (L + 1) and gradients(remember=True) == 3 * L - 1


def factors_at(function, place):
    chain = CHAINS[function]
    local = chain.local_derivatives(chain.values(place))
    return local, running_products(local, BACKWARDS)[0]


def test_what_there_is_to_see_in_the_explorers():
    slopes = {place: factors_at(SIGMOID, place)[1] for place in np.linspace(-3, 3, 61)}
    assert abs(max(slopes, key=slopes.get)) < 1e-9 and np.isclose(max(slopes.values()), 1 / 4)
    (negate, exp, add, invert), _ = factors_at(SIGMOID, 3.0)
    assert np.isclose(exp, 0.05, atol=0.001) and min(map(abs, (negate, add, invert))) > 0.9
    (_, exp, _, invert), _ = factors_at(SIGMOID, -3.0)
    assert np.isclose(exp, 20, atol=0.2) and 400 < 1 / abs(invert) < 500
    assert all_equal(sp.diff(sp.log(1 + sp.exp(x)), x), 1 / (1 + sp.exp(x)) * sp.exp(x), 1 / (1 + sp.exp(-x)))
    assert np.isclose(factors_at(SOFTPLUS, 1.0)[1], sigmoid(1.0)) and np.isclose(sigmoid(1.0), 0.731, atol=5e-4)
    (_, steep, *_), gradient = factors_at(THIN, 0.5)
    assert np.isclose(steep, 0.218, atol=5e-4)
    for end in (3.0, -3.0):
        (_, flat, *_), quiet = factors_at(THIN, end)
        assert np.isclose(flat, 0.011, atol=5e-4) and 0 < quiet < gradient / 10
    assert np.isclose(prod(factors_at(THIN, 0.5)[0][-2:]), -0.207, atol=5e-4)


def test_a_derivative_of_zero_does_not_say_that_nothing_depends_on_x():
    assert sp.diff(sp.sin(x**2), x).subs(x, 0) == 0
    assert abs(np.sin(1.0) - 0.84) < 0.002 and np.isclose(np.sin(0.001**2), 1e-6)
    assert (np.sin(np.linspace(-1, 1, 101) ** 2) >= 0).all()  # the floor of a valley
