"""Lesson 07: the sample by single numbers and by automatic differentiation, the quoted code, and what it says over many seeds."""

import inspect
import math
import re
from itertools import pairwise
from pathlib import Path

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp

from utils.data import four_blobs, one_hot
from utils.exhibits.multiplication_counts import CountedChain, cost
from utils.exhibits.samples import X, Y, sample
from utils.explore.algorithm import ORDERS, algorithm_picture, steps
from utils.learn.exercises import lesson_07 as exercises
from utils.nn import FeedForwardNetwork, gradient_descent, softmax, update

SOURCE = (Path(__file__).parents[2] / "lectures_src" / "07_the_whole_algorithm.py").read_text(encoding="utf-8")
AT_THE_END, TRAP = ORDERS
POINTS, LABELS = four_blobs()
BLOBS = POINTS.T, one_hot(LABELS, 4)


def test_quoted_code_is_the_code():
    quoted = re.findall(r"^# \| .* \| `([^`]*)`", SOURCE, flags=re.M)
    sources = (FeedForwardNetwork._random_weights, gradient_descent, FeedForwardNetwork.forward, FeedForwardNetwork.backward, update)
    lines = [line.split("#")[0].strip() for line in "".join(map(inspect.getsource, sources)).splitlines()]
    quoted = [line for line in quoted if any(mark in line for mark in (":", "=", "append"))]
    assert len(quoted) == 15 and all(line in lines for line in quoted), [line for line in quoted if line not in lines]


def by_single_numbers(eta):
    """Return every number of the sample calculation, one scalar at a time, and those after the step."""
    start = [0.5, -0.3, 0.2, 0.8, 0.1, -0.1, 0.6, -0.4, -0.5, 0.9, 0.0, 0.2]

    def forward(w11, w12, w21, w22, b1, b2, v11, v12, v21, v22, c1, c2):
        a1, a2 = w11 * 1 + w12 * 2 + b1, w21 * 1 + w22 * 2 + b2
        h1, h2 = 1 / (1 + math.exp(-a1)), 1 / (1 + math.exp(-a2))
        s1, s2 = v11 * h1 + v12 * h2 + c1, v21 * h1 + v22 * h2 + c2
        p1 = math.exp(s1) / (math.exp(s1) + math.exp(s2))
        return [a1, a2, h1, h2, s1, s2, p1, 1 - p1, -math.log(p1)]

    numbers = forward(*start)
    _, _, h1, h2, _, _, p1, p2, _ = numbers
    e1, e2 = p1 - 1, p2
    g1, g2 = 0.6 * e1 - 0.5 * e2, -0.4 * e1 + 0.9 * e2
    d1, d2 = g1 * h1 * (1 - h1), g2 * h2 * (1 - h2)
    gradient = [d1 * 1, d1 * 2, d2 * 1, d2 * 2, d1, d2, e1 * h1, e1 * h2, e2 * h1, e2 * h2, e1, e2]
    for entry, claimed in enumerate(gradient):  # and each of the twelve by nudging
        up, down = ([v + (i == entry) * nudge for i, v in enumerate(start)] for nudge in (1e-6, -1e-6))
        assert math.isclose((forward(*up)[-1] - forward(*down)[-1]) / 2e-6, claimed, abs_tol=1e-8)
    return numbers, gradient, forward(*(v - eta * g for v, g in zip(start, gradient, strict=True)))


def test_the_sample_is_the_same_in_lesson_explorer_and_network():
    numbers, gradient, after = by_single_numbers(0.5)
    net, program = sample("2-2-2"), steps(sample("2-2-2"), X, Y, 0.5)
    trace = net.forward(X)
    back = net.backward(trace, Y)
    assert np.allclose(np.concatenate([trace.a[1], trace.h[1], trace.a[2], trace.y_hat])[:, 0], numbers[:-1])
    assert np.allclose(np.concatenate([v.ravel() for v in (back.W[1], back.b[1], back.W[2], back.b[2])]), gradient)
    assert np.isclose(program[-1].value[0, 0], after[-1]) and np.allclose([numbers[-1], after[-1]], [1.136324, 0.365462], atol=1e-6)
    found = autograd.grad(sample_loss, (0, 1, 2, 3))(net.W[1], net.b[1], net.W[2], net.b[2], X, Y)
    assert np.allclose(np.concatenate([v.ravel() for v in found]), gradient)


def sample_loss(W_1, b_1, W_2, b_2, x, y):
    a_2 = anp.dot(W_2, 1 / (1 + anp.exp(-anp.dot(W_1, x) - b_1))) + b_2
    return anp.mean(anp.log(anp.sum(anp.exp(a_2), axis=0)) - anp.sum(y * a_2, axis=0))


def test_the_step_on_two_examples_keeps_less_than_the_tangent_promises():
    net = sample("2-2-2")
    parameters = [net.W[1], net.b[1], net.W[2], net.b[2]]
    x, y = np.array([[1.0, 2.0], [2.0, -1.0]]), np.eye(2)
    found = autograd.grad(sample_loss, (0, 1, 2, 3))(*parameters, x, y)
    promised = 0.5 * sum((g**2).sum() for g in found)
    after = sample_loss(*(v - 0.5 * g for v, g in zip(parameters, found, strict=True)), x, y)
    before = sample_loss(*parameters, x, y)
    assert np.allclose([before, promised, before - after], [0.964927, 0.095223, 0.086396], atol=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_what_the_learner_writes_agrees_with_the_network(seed):
    rng = np.random.default_rng(seed)
    net = FeedForwardNetwork([3, 4, 2, 5, 3], seed=seed)
    x, y = rng.normal(size=(3, 7)), one_hot(rng.integers(3, size=7), 3)
    trace = net.forward(x)
    h = exercises.forward(net.W, net.b, x)
    assert all(np.allclose(*pair) for pair in zip(h, trace.h, strict=True))
    back = net.backward(trace, y)
    assert all(np.allclose(*pair) for pair in zip(exercises.blames(net.W, h, y), back.a[1:], strict=True))
    assert np.isclose(exercises.accuracy(trace.y_hat, y), net.accuracy(x, y))
    history = gradient_descent(FeedForwardNetwork([3, 4, 3], seed=1), x, y, learning_rate=0.5, epochs=6)
    assert np.allclose(exercises.train([3, 4, 3], x, y, 0.5, 6), history.loss[:-1])


def early(net, x, y, eta):
    """Return ∂𝓛/∂h_1 with W_2 changed too early, the true one, both gradients of W_1, and the losses before and after both steps."""
    trace = net.forward(x)
    back = net.backward(trace, y)
    W_2, b_2 = net.W[2] - eta * back.W[2], net.b[2] - eta * back.b[2]
    wrong_h = W_2.mT @ back.a[2]
    wrong_a = wrong_h * net.g[1].prime(trace.h[1])
    moved = net.with_parameters({1: net.W[1] - eta * wrong_a @ x.mT, 2: W_2}, {1: net.b[1] - eta * wrong_a.sum(-1, keepdims=True), 2: b_2})
    stepped = net.with_parameters()
    update(stepped, back, eta)
    losses = [each.loss(each.forward(x), y) for each in (net, stepped, moved)]
    return wrong_h, back.h[1], wrong_a @ x.mT, back.W[1], losses, W_2


def cosine(u, v):
    return (u * v).sum() / np.linalg.norm(u) / np.linalg.norm(v)


def test_the_mistake_of_an_early_step_is_what_the_formula_says():
    W, a, h = sp.MatrixSymbol("W", 3, 2).as_explicit(), sp.MatrixSymbol("a", 3, 1).as_explicit(), sp.MatrixSymbol("h", 2, 1).as_explicit()
    eta = sp.Symbol("eta")
    assert ((W - eta * a * h.T).T * a - (W.T * a - eta * (a.T * a)[0] * h)).expand() == sp.zeros(2, 1)
    wrong, true, *_, losses, W_2 = early(sample("2-2-2"), X, Y, 0.5)
    assert np.isclose(np.linalg.norm(wrong - true) / np.linalg.norm(true), 0.39, atol=0.005)
    assert losses[2] < losses[1] < losses[0] and np.isclose(losses[1], 0.365, atol=5e-4)
    net = sample("2-2-2")
    at_the_new_W_2 = net.with_parameters(W={2: W_2})
    parallel = at_the_new_W_2.backward(at_the_new_W_2.forward(X), Y).h[1]
    assert np.isclose(cosine(wrong, parallel), 1)


@pytest.mark.parametrize("seed", range(20))
def test_with_one_example_and_two_classes_the_early_gradient_is_parallel_to_one_at_the_new_weights(seed):
    rng = np.random.default_rng(seed)
    net, x, y = FeedForwardNetwork([2, 3, 2], seed=seed), rng.normal(size=(2, 1)), one_hot(rng.integers(2, size=1), 2)
    wrong, *_, W_2 = early(net, x, y, 0.5)
    other = net.with_parameters(W={2: W_2})
    assert np.isclose(cosine(wrong, other.backward(other.forward(x), y).h[1]), 1)


def test_an_early_step_points_anywhere_when_it_is_long_and_nearly_right_when_it_is_short():
    long, short, falls, lengths = [], [], [], []
    for seed in range(100, 200):
        net = FeedForwardNetwork([2, 3, 4], seed=seed)
        chosen = np.random.default_rng(seed).choice(1000, 1)
        wrong_h, true_h, wrong, true, losses, _ = early(net, BLOBS[0][:, chosen], BLOBS[1][:, chosen], 5.0)
        lengths.append(np.linalg.norm(wrong_h - true_h) / np.linalg.norm(true_h))
        long.append(cosine(wrong, true))
        falls.append(losses[2] < losses[0])
        *_, wrong, true, _, _ = early(net, *BLOBS, 0.5)
        short.append(cosine(wrong, true))
    assert 0.35 < np.mean(np.array(long) < 0) < 0.7 and np.median(short) > 0.99 and min(short) > 0.8
    assert np.mean(falls) > 0.95 and np.median(lengths) > 2  # the loss tells nothing; the mistake is the larger part


def test_the_counts():
    for n in ([2, 2, 2], [3, 5, 4, 6, 2], [784, 256, 10]):
        L = len(n) - 1
        own, handed_down = (sum(n[k] * n[k - 1] for k in range(first, L + 1)) for first in (1, 2))
        assert own + handed_down + sum(2 * n[k] for k in range(1, L)) == cost(n).backward
    for sizes in ([2, 2, 2], [3, 2, 4, 3], [2, 3, 3, 3, 2], [4, 3]):
        net, x, y = FeedForwardNetwork(sizes, seed=0), np.ones((sizes[0], 1)), one_hot([0], sizes[-1])
        for remember, counted in ((True, cost(sizes).backward), (False, cost(sizes).without_cache)):
            chain = CountedChain(net, x, y, remember)
            back = net.backward(net.forward(x), y)
            for k in net.layers:
                assert np.allclose(chain.weight_gradient(k), back.W[k]) and np.allclose(chain.bias_gradient(k), back.b[k])
            assert chain.multiplications == counted
    assert cost([2, 2, 2]).backward == 16 and np.isclose(256 * 784 / cost([784, 256, 10]).backward, 0.97, atol=0.01)
    deep = [cost([5] * (depth + 1)).without_cache for depth in range(5, 14)]
    assert all(4.9 < many / few < 5.5 for few, many in pairwise(deep))
    reader = cost([784, 256, 256, 256, 10])
    assert reader.without_cache > reader.finite_differences > 100_000 * reader.backward
    for sizes in ([2, 2, 4], [64, 32, 10], [784, 256, 10], [784, 256, 256, 10], [20] * 6, [5] * 11):
        assert 1 < cost(sizes).backward / cost(sizes).forward < 2.3


def test_mini_batches_are_sooner_and_some_of_them_point_uphill_later():
    def all_gradients(net, x, y):
        back = net.backward(net.forward(x), y)
        return np.concatenate([v.ravel() for k in net.layers for v in (back.W[k], back.b[k])])

    batches = np.split(np.random.default_rng(1).permutation(1000), 20)
    uphill = {"start": [], "later": []}
    for seed in range(10):
        net, full = FeedForwardNetwork([2, 2, 4], seed=seed), FeedForwardNetwork([2, 2, 4], seed=seed)
        for moment in uphill:
            if moment == "later":
                mini = gradient_descent(net, *BLOBS, learning_rate=0.5, epochs=20, batch_size=50, seed=0)
            whole = all_gradients(net, *BLOBS)
            parts = [all_gradients(net, BLOBS[0][:, batch], BLOBS[1][:, batch]) for batch in batches]
            assert np.allclose(np.mean(parts, axis=0), whole)
            uphill[moment].append(sum(cosine(part, whole) < 0 for part in parts))
        assert mini.loss[-1] < 0.7 * gradient_descent(full, *BLOBS, learning_rate=0.5, epochs=20).loss[-1]
    assert uphill["start"] == [0] * 10 and all(0 < number < 10 for number in uphill["later"])


def test_a_second_softmax_keeps_the_loss_high():
    best = -np.log(np.e / (np.e + 3))
    assert np.isclose(best, 0.74, atol=0.01) and np.isclose(np.e / (np.e + 3), 0.475, atol=1e-3)
    y_hat = softmax(np.random.default_rng(2).normal(scale=30, size=(4, 50_000)))
    assert best - 1e-9 <= (-np.log(softmax(y_hat)[0])).min() < best + 1e-3


def test_what_the_tasks_tell_about_the_explorer():
    program = steps(sample("2-2-2"), X, Y, 0.5)
    backward = [(number, line) for number, line in enumerate(program, start=1) if line.part == "backward"]
    readers = {name: [number for number, line in backward if name in line.reads] for name in ("x", "a_1", "h_1", "a_2", "ŷ", "𝓛")}
    assert readers["h_1"] == [7, 10] and all(len(lines) < 2 for name, lines in readers.items() if name != "h_1")
    assert not any("𝓛" in line.reads for line in program)
    for line, counts in ((10, "20 with the cache, 12"), (12, "24 with the cache, 40")):
        assert counts in algorithm_picture(line, "2-2-2", 0.5, AT_THE_END).caption
    assert "off by 35.0%" in algorithm_picture(12, "2-2-2", 0.5, TRAP).caption
