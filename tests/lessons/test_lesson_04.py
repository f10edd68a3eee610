"""Lesson 04: every displayed line of the derivation equals the one before, and every folded answer is true."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from utils.data import four_blobs, one_hot
from utils.exhibits.output_units import derivation
from utils.explore.softmax import softmax_picture
from utils.learn.exercises import lesson_04 as exercises
from utils.nn.losses import LOSSES, softmax
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import update

LESSON = (Path(__file__).parents[2] / "lectures_src" / "04_output_units.py").read_text(encoding="utf-8")
K = 4
A = sp.symbols("a_L1:5", real=True)
SUM = sum(sp.exp(a) for a in A)
Y_HAT = [sp.exp(a) / SUM for a in A]


def same(first, second):
    return sp.simplify(first - second) == 0


def lines_of_the_derivation(i, l):
    """Return lines (1) to (8) of sections 2 and 3 for ∂𝓛/∂a_Li, i and l from 0."""
    p = sp.symbols("p", positive=True)
    indicator = int(l == i)
    front = -1 / Y_HAT[l]
    return [
        sp.diff(-sp.log(Y_HAT[l]), A[i]),
        sp.diff(-sp.log(p), p).subs(p, Y_HAT[l]) * sp.diff(Y_HAT[l], A[i]),
        front * sp.diff(Y_HAT[l], A[i]),
        front * sp.diff(sp.exp(A[l]) / SUM, A[i]),
        front * (sp.diff(sp.exp(A[l]), A[i]) / SUM - sp.exp(A[l]) * sp.diff(SUM, A[i]) / SUM**2),
        front * (indicator * sp.exp(A[l]) / SUM - sp.exp(A[l]) / SUM * sp.exp(A[i]) / SUM),
        front * (indicator * Y_HAT[l] - Y_HAT[l] * Y_HAT[i]),
        -(indicator - Y_HAT[i]),
    ]


@pytest.mark.parametrize("l", range(K))
@pytest.mark.parametrize("i", range(K))
def test_each_line_equals_the_one_before(i, l):
    lines = lines_of_the_derivation(i, l)
    assert len(lines) == LESSON.count(r"\tag{")
    for number, (before, after) in enumerate(pairwise(lines), start=1):
        assert same(before, after), f"line ({number + 1}) does not follow from line ({number})"


def test_jacobian_rows_columns_and_the_sum_over_paths():
    y_hat = sp.Matrix(Y_HAT)
    J = sp.diag(*Y_HAT) - y_hat * y_hat.T
    assert all(same(J[m, i], sp.diff(Y_HAT[m], A[i])) for m in range(K) for i in range(K))
    assert all(same(sum(J[m, :]), 0) and same(sum(J[:, m]), 0) for m in range(K)) and J == J.T
    y = sp.Matrix([0, 1, 0, 0])
    grad_y_hat = sp.Matrix([-y[m] / Y_HAT[m] for m in range(K)])
    assert (J.T * grad_y_hat - (y_hat - y)).applyfunc(sp.simplify) == sp.zeros(K, 1)


def test_the_numbers_of_the_example():
    scores = dict(zip(A, (0, sp.log(2), sp.log(4), 0), strict=True))
    y_hat = sp.Matrix(Y_HAT).subs(scores)
    assert [8 * probability for probability in y_hat] == [1, 2, 4, 1]
    assert (64 * (sp.diag(*y_hat) - y_hat * y_hat.T)).row(0) == sp.Matrix([[7, -2, -4, -1]])
    gradient = [lines_of_the_derivation(i, 1)[0].subs(scores) for i in range(K)]
    assert [sp.simplify(entry) for entry in gradient] == [sp.Rational(n, 8) for n in (1, -6, 4, 1)]


def test_two_classes_are_a_sigmoid_of_the_difference():
    a, b = sp.symbols("a_21 a_22", real=True)
    y_1 = sp.exp(a) / (sp.exp(a) + sp.exp(b))
    chain = [y_1, 1 / (1 + sp.exp(b) * sp.exp(-a)), 1 / (1 + sp.exp(-(a - b)))]
    assert all(same(y_1, form) for form in chain)
    assert same(sp.diff(y_1, a), y_1 * (1 - y_1)) and not same(sp.diff(y_1, a), y_1 * (1 - y_1) * -b)


def test_the_loss_from_the_scores():
    m = sp.symbols("m", real=True)
    shifted = m + sp.log(sum(sp.exp(a - m) for a in A)) - A[1]
    for form in (-sp.log(Y_HAT[1]), sp.log(SUM) - A[1], shifted):
        assert same(sp.exp(form), sp.exp(A[0] - A[1]) + 1 + sp.exp(A[2] - A[1]) + sp.exp(A[3] - A[1]))
    assert all(same(sp.exp(a - m) / sum(sp.exp(b - m) for b in A), y) for a, y in zip(A, Y_HAT, strict=True))


def test_matching_pairs_have_the_form_potential_minus_y_a():
    a, y = sp.symbols("a y", real=True)
    sigma = 1 / (1 + sp.exp(-a))
    assert same(sp.diff(sp.log(1 + sp.exp(a)), a), sigma)
    cross_entropy = -y * sp.log(sigma) - (1 - y) * sp.log(1 - sigma)
    assert same(sp.diff(cross_entropy, a), sp.diff(sp.log(1 + sp.exp(a)) - y * a, a))
    assert same(sp.diff((a - y) ** 2 / 2, a), sp.diff(a**2 / 2 - y * a, a))
    assert all(same(sp.diff(sp.log(SUM), A[i]), Y_HAT[i]) for i in range(K))


def test_squared_error_is_silent_beyond_a_third():
    p = sp.symbols("p", positive=True)
    push = 4 * p * (1 - p) ** 2  # two classes, squared error, at the score of the true class
    d = sp.symbols("d", real=True)
    y_1 = 1 / (1 + sp.exp(d))  # the wrong score is ahead by d
    assert same(sp.diff(2 * (1 - y_1) ** 2, d), push.subs(p, y_1))  # a_1 falls as d grows
    assert sp.Rational(1, 3) in sp.solve(sp.diff(push, p), p) and push.subs(p, sp.Rational(1, 3)) == sp.Rational(16, 27)
    assert y_1.subs(d, sp.log(2)) == sp.Rational(1, 3)


def test_what_the_learner_writes_agrees_with_the_courses_own():
    rng = np.random.default_rng(0)
    a = rng.normal(size=(4, 3)) * [1, 30, 1e4]
    assert np.allclose(exercises.softmax(exercises.shifted(a)), softmax(a))
    y_hat = softmax(a[:, :1])
    J = np.array([[exercises.softmax_slope(y_hat[:, 0], m, i) for i in range(4)] for m in range(4)])
    assert np.allclose(J, np.diagflat(y_hat) - y_hat @ y_hat.T)
    pair = LOSSES["softmax", "cross_entropy"]
    for l in range(1, 5):
        y = one_hot([l - 1], 4)
        assert np.allclose(exercises.score_gradient(y_hat, l), pair.grad_a(y_hat, y))
        for n in range(3):
            assert np.isclose(exercises.loss_from_scores(a[:, n], l), pair.per_example(a[:, [n]], pair.O(a[:, [n]]), y)[0])


def test_a_missing_indicator_shows_at_the_wrong_classes_alone():
    a = np.random.default_rng(1).normal(size=(5, 1))
    true, forgotten = derivation(a, 3), derivation(a, 3, forget_indicator=True)
    assert all(np.allclose(line, true["(8)"]) for line in true.values())
    for name in ("(6)", "(7)", "(8)"):
        assert np.isclose(forgotten[name], true[name]).ravel().tolist() == [False, False, True, False, False]


def test_element_wise_training_forgets_with_a_hidden_layer_and_not_without():
    X, labels = four_blobs()
    x, y = X.T, one_hot(labels, 4)
    wrong = replace(LOSSES["softmax", "cross_entropy"], grad_a=lambda y_hat, y: -y * (1 - y_hat) / y.shape[-1])
    runs, first, lowest = {}, {}, {}
    for sizes in ((2, 2, 4), (2, 4)):
        net = FeedForwardNetwork(list(sizes), seed=range(20, 32))  # not those of the lesson
        net.loss = wrong
        first[sizes] = LOSSES["softmax", "cross_entropy"](net.forward(x), y)
        lowest[sizes] = first[sizes]
        for _ in range(400):
            trace = net.forward(x)
            lowest[sizes] = np.minimum(lowest[sizes], LOSSES["softmax", "cross_entropy"](trace, y))
            update(net, net.backward(trace, y), 0.5)
        runs[sizes] = net
    loss = LOSSES["softmax", "cross_entropy"](runs[2, 2, 4].forward(x), y)
    assert (abs(loss - np.log(4)) < 0.05).all() and (runs[2, 2, 4].accuracy(x, y) < 0.4).all()
    assert (lowest[2, 2, 4] < first[2, 2, 4] - 0.05).mean() > 0.7 and np.median(lowest[2, 2, 4]) < 1.33  # they begin to learn
    assert (runs[2, 2, 4].W[2] > 0).all()  # so more of any hidden unit makes 𝓛 smaller, by the wrong gradient, for every example
    assert (runs[2, 2, 4].forward(x).h[1].mean(-1) > 0.99).all()
    assert (runs[2, 4].accuracy(x, y) > 0.75).all()


def test_a_gap_more_costs_squared_error_e_times_the_steps_and_cross_entropy_half_a_step():
    def steps(name, gap):
        a, y, number = np.array([[0.0], [gap]]), one_hot([0], 2), 0
        while a[0, 0] <= a[1, 0]:
            a, number = a - LOSSES["softmax", name].grad_a(softmax(a), y), number + 1
        return number

    first_unit = [1 - steps("squared_error", gap - 1) / steps("squared_error", gap) for gap in (7, 8, 9)]
    assert all(share > 0.5 for share in first_unit)
    ratios = [steps("squared_error", gap + 1) / steps("squared_error", gap) for gap in (7, 8, 9)]
    assert all(2.5 < ratio < 2.9 for ratio in ratios)
    assert 2 <= steps("cross_entropy", 14) - steps("cross_entropy", 9) <= 3


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_one_nan_in_y_hat_spoils_every_weight_two_steps_later(activation):
    net = FeedForwardNetwork([2, 3, 4], activation=activation, seed=0)
    x, y = np.random.default_rng(0).normal(size=(2, 6)), one_hot([0, 1, 2, 3, 0, 1], 4)
    trace = net.forward(x)
    trace.h[2][0, 0] = np.nan
    for _ in range(2):
        gradients = net.backward(trace, y)
        for k in net.layers:  # the step without the network's own check, which refuses nan
            net.W[k][...] -= 0.1 * gradients.W[k]
            net.b[k][...] -= 0.1 * gradients.b[k]
        trace = net.forward(x)
    assert all(np.isnan(net.W[k]).all() for k in net.layers)


def test_answers_about_the_explorer():
    def alt(a_1, a_2, a_3, a_4, l):
        return softmax_picture(a_1, a_2, a_3, a_4, l, 0.0, "cross-entropy").alt

    assert "∂𝓛/∂a = (0.250, 0.250, −0.750, 0.250)" in alt(3.0, 3.0, 3.0, 3.0, 3)
    sure = alt(-10.0, 10.0, -10.0, -10.0, 1)
    assert "∂𝓛/∂a = (−1.000, 1.000, 2e−9, 2e−9)" in sure
    assert float(re.findall(r"largest in size (\S+)\.", sure)[1].replace("−", "-")) <= 2e-8
    largest = {a_2: float(re.findall(r"largest in size (\S+)\.", alt(0.0, a_2, -10.0, -10.0, 1))[1]) for a_2 in (0.4, 0.7, 1.0)}
    assert max(largest, key=largest.get) == 0.7 and abs(largest[0.7] - 0.593) < 1e-3


def test_a_fresh_network_begins_not_far_from_log_k():
    X, labels = four_blobs()
    nets = FeedForwardNetwork([2, 2, 4], seed=range(100, 300))  # not those of the lesson
    losses = nets.loss(nets.forward(X.T), one_hot(labels, 4))
    assert abs(np.median(losses) - np.log(4)) < 0.2 and (losses < 2 * np.log(4)).all()


def test_with_another_loss_no_gradient_keeps_its_numbers():
    for seed in range(10):
        found = []
        for loss in ("cross_entropy", "squared_error"):
            net = FeedForwardNetwork([2, 2, 2], loss=loss, seed=seed)
            gradients = net.backward(net.forward(np.array([[1.0], [2.0]])), one_hot([0], 2))
            found.append([*(gradients.a[k] for k in (1, 2)), gradients.h[1], *(gradients.W[k] for k in (1, 2))])
        assert not any(np.allclose(*pair, rtol=1e-6, atol=0) for pair in zip(*found, strict=True))
