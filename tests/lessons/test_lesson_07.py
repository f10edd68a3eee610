"""Lesson 07: the sample by single numbers and by sympy, the quoted code in the source, the answers by running them."""

import inspect
import math
import re
from pathlib import Path

import autograd
import autograd.numpy as anp
import numpy as np
import sympy as sp

from utils.data import four_blobs, one_hot
from utils.exhibits.multiplication_counts import cost
from utils.exhibits.samples import X, Y, sample
from utils.explore.algorithm import ORDERS, algorithm_picture, steps
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent, update

SOURCE = (Path(__file__).parents[2] / "lectures_src" / "07_the_whole_algorithm.py").read_text(encoding="utf-8")
TRAP = list(ORDERS)[1]


def test_quoted_code_is_the_code():
    quoted = re.findall(r"^# \| .* \| `([^`]*)`", SOURCE, flags=re.M)
    code = "".join(map(inspect.getsource, (FeedForwardNetwork.forward, FeedForwardNetwork.backward, update)))
    lines = [line.split("#")[0].strip() for line in code.splitlines()]
    assert len(quoted) == 13 and all(line in lines for line in quoted), [line for line in quoted if line not in lines]


def by_single_numbers(eta):
    """Return every number of the sample calculation, one scalar at a time, and the loss after the step."""
    w11, w12, w21, w22, b1, b2 = 0.5, -0.3, 0.2, 0.8, 0.1, -0.1
    v11, v12, v21, v22, c1, c2 = 0.6, -0.4, -0.5, 0.9, 0.0, 0.2

    def loss(w11, w12, w21, w22, b1, b2, v11, v12, v21, v22, c1, c2):
        a1, a2 = w11 * 1 + w12 * 2 + b1, w21 * 1 + w22 * 2 + b2
        h1, h2 = 1 / (1 + math.exp(-a1)), 1 / (1 + math.exp(-a2))
        s1, s2 = v11 * h1 + v12 * h2 + c1, v21 * h1 + v22 * h2 + c2
        p1 = math.exp(s1) / (math.exp(s1) + math.exp(s2))
        return [a1, a2, h1, h2, s1, s2, p1, 1 - p1, -math.log(p1)]

    start = [w11, w12, w21, w22, b1, b2, v11, v12, v21, v22, c1, c2]
    forward = loss(*start)
    _, _, h1, h2, _, _, p1, p2, _ = forward
    e1, e2 = p1 - 1, p2
    g1, g2 = v11 * e1 + v21 * e2, v12 * e1 + v22 * e2
    s1, s2 = h1 * (1 - h1), h2 * (1 - h2)
    d1, d2 = g1 * s1, g2 * s2
    gradient = [d1 * 1, d1 * 2, d2 * 1, d2 * 2, d1, d2, e1 * h1, e1 * h2, e2 * h1, e2 * h2, e1, e2]
    for entry, claimed in enumerate(gradient):  # and each of the twelve by nudging
        up, down = ([v + (i == entry) * nudge for i, v in enumerate(start)] for nudge in (1e-6, -1e-6))
        assert math.isclose((loss(*up)[-1] - loss(*down)[-1]) / 2e-6, claimed, abs_tol=1e-8)
    after = loss(*(v - eta * g for v, g in zip(start, gradient, strict=True)))
    return forward, [e1, e2, g1, g2, s1, s2, *gradient], after


def test_every_number_of_the_sample():
    forward, backward, after = by_single_numbers(0.5)
    displayed = "0.0000 1.7 0.5000 0.8455 -0.0382 0.7110 0.3210 0.6790 1.1363"
    assert np.allclose(forward, np.array(displayed.split(), float), atol=5e-5)
    displayed = "-0.6790 0.6790 -0.7469 0.8827 0.2500 0.1306 -0.1867 -0.3735 0.1153 0.2306 -0.1867 0.1153 -0.3395 -0.5741 0.3395 0.5741"
    assert np.allclose(backward[:-2], np.array(displayed.split(), float), atol=5e-5)
    assert np.allclose(after[2:4] + after[6:], [0.6365, 0.7948, 0.6939, 0.3061, 0.3655], atol=5e-5)
    for number in [*forward[1:], *backward, *after[2:4], *after[6:]]:
        assert f"{abs(number):.4f}" in SOURCE or f"{abs(number):g}" in SOURCE, number
    assert np.allclose([math.exp(forward[4]), math.exp(forward[5])], [0.9625, 2.0359], atol=1e-4)


def column_or_matrix(text):
    """Return the numbers of a bmatrix, its products multiplied out; None for anything else."""
    inside = re.fullmatch(r"\\begin\{bmatrix\}(.*)\\end\{bmatrix\}", text.strip())
    if inside is None:
        return None
    rows = inside[1].replace("\\cdot", "*").split("\\\\")
    return np.array([[eval(entry) for entry in row.split("&")] for row in rows], float)


def test_displayed_matrices_are_equal_to_each_other_and_to_the_network():
    net = sample("2-2-2")
    trace = net.forward(X)
    gradients = net.backward(trace, Y)
    truth = {f"\\frac{{\\partial L}}{{\\partial {v}_{k}}}": getattr(gradients, v)[k] for v in "aWb" for k in (1, 2)}
    truth |= {"\\frac{\\partial L}{\\partial h_1}": gradients.h[1], "g'(a_1)": net.g[1].prime(trace.h[1]), "x": X, "y": Y}
    truth |= {f"{v}_{k}": getattr(net, v)[k] for v in "Wb" for k in (1, 2)}
    seen = set()
    for block in re.findall(r"\$\$(.*?)\$\$", SOURCE):
        for equation in block.split("\\qquad"):
            name, *sides = (side.strip() for side in equation.split(" = "))
            for side in sides:
                if (numbers := column_or_matrix(side)) is not None:
                    tolerance = 2e-4 if "cdot" in side else 5.1e-5  # products of rounded numbers
                    assert np.allclose(numbers, truth[name], atol=tolerance), equation
                    seen.add(name)
    assert seen == truth.keys() - {"\\frac{\\partial L}{\\partial b_2}"}


def test_the_sample_is_the_same_in_lesson_explorer_and_network():
    forward, backward, after = by_single_numbers(0.5)
    net, program = sample("2-2-2"), steps(sample("2-2-2"), X, Y, 0.5)
    trace = net.forward(X)
    gradients = net.backward(trace, Y)
    assert np.allclose(np.concatenate([trace.a[1], trace.h[1], trace.a[2], trace.y_hat])[:, 0], forward[:-1])
    found = [gradients.a[2], gradients.h[1], net.g[1].prime(trace.h[1]), gradients.W[1], gradients.b[1], gradients.W[2], gradients.b[2]]
    assert np.allclose(np.concatenate([v.ravel() for v in found]), backward)
    assert np.isclose(program[-1].value[0, 0], after[-1])
    for k in net.layers:
        assert f"W_{k}, b_{k} = np.array({net.W[k].tolist()}), np.array({net.b[k].tolist()})" in SOURCE


def test_autograd_says_the_same():
    net = sample("2-2-2")

    def loss(W_1, b_1, W_2, b_2):
        a_2 = anp.dot(W_2, 1 / (1 + anp.exp(-anp.dot(W_1, X) - b_1))) + b_2
        return -anp.sum(Y * anp.log(anp.exp(a_2) / anp.sum(anp.exp(a_2))))

    gradients = net.backward(net.forward(X), Y)
    found = autograd.grad(loss, (0, 1, 2, 3))(net.W[1], net.b[1], net.W[2], net.b[2])
    for ours, theirs in zip((gradients.W[1], gradients.b[1], gradients.W[2], gradients.b[2]), found, strict=True):
        assert np.allclose(ours, theirs)


def test_the_mistake_of_an_early_update():
    W, a, h = sp.MatrixSymbol("W", 3, 2).as_explicit(), sp.MatrixSymbol("a", 3, 1).as_explicit(), sp.MatrixSymbol("h", 2, 1).as_explicit()
    eta = sp.Symbol("eta")
    early = (W - eta * a * h.T).T * a
    assert (early - (W.T * a - eta * (a.T * a)[0] * h)).expand() == sp.zeros(2, 1)


def test_the_count_written_as_a_sum():
    for n in ([2, 2, 2], [3, 5, 4, 6, 2], [784, 256, 10]):
        L = len(n) - 1
        weights, passed_on = (sum(n[k] * n[k - 1] for k in range(first, L + 1)) for first in (1, 2))
        assert weights + passed_on + sum(2 * n[k] for k in range(1, L)) == cost(n).backward
    assert (cost([2, 2, 2]).finite_differences, cost([2, 2, 2]).without_cache, cost([2, 2, 2]).backward) == (104, 32, 16)


def test_the_folded_training_loop_is_true():
    code = re.search(r"# ```python\n(# def my_training.*?)# ```", SOURCE, flags=re.S)[1]
    scope = {}
    exec(re.sub(r"^# ?", "", code, flags=re.M), scope)
    X_blobs, labels = four_blobs()
    mine, twin = FeedForwardNetwork([2, 2, 4], seed=1), FeedForwardNetwork([2, 2, 4], seed=1)
    scope["my_training"](mine, X_blobs.T, one_hot(labels, 4), 0.5, 20)
    gradient_descent(twin, X_blobs.T, one_hot(labels, 4), 0.5, 20)
    assert np.allclose(mine.W[1], twin.W[1]) and np.allclose(mine.b[2], twin.b[2])


def test_answers_to_try_it():
    program = steps(sample("2-2-2"), X, Y, 0.5)
    backward = [(number, step) for number, step in enumerate(program, start=1) if step.part == "backward"]
    assert [number for number, step in backward if "h_1" in step.reads] == [7, 10]
    assert not any("L" in step.reads for step in program)
    for line, counts in ((10, "20 with the cache, 12"), (12, "24 with the cache, 40")):
        assert counts in algorithm_picture(line, "2-2-2", 0.5, next(iter(ORDERS))).caption
    assert "40 with the cache, 120" in algorithm_picture(22, "2-2-2-2", 0.5, next(iter(ORDERS))).caption
    for line, architecture, rate, error in (
        (12, "2-2-2", 0.5, "35.0%"),
        (19, "2-2-2-2", 0.5, "47.1%"),
        (12, "2-2-2", 0.1, "7.0%"),
        (12, "2-2-2", 10.0, "700.8%"),
    ):
        caption = algorithm_picture(line, architecture, rate, TRAP).caption
        assert "∂L/∂W_1" in caption and f"off by {error}" in caption
    losses = [steps(sample("2-2-2"), X, Y, rate)[-1].value[0, 0] for rate in (0.5, 1, 2, 10)]
    assert np.allclose(losses, [0.3655, 0.0878, 0.0049, 0], atol=5e-5)
