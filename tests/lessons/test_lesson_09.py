"""The numbers of lesson 09 against derivations of their own: sympy, autograd, plain Python, and what the session reported."""

import math
import re
from pathlib import Path

import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from autograd import grad
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from utils.data import two_classes
from utils.explore.run_replay import train
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

SOURCE = (Path(__file__).parents[2] / "lectures_src" / "09_two_classes.py").read_text(encoding="utf-8")
X_TRAIN, X_VAL, LABELS_TRAIN, LABELS_VAL = train_test_split(*two_classes(), stratify=two_classes()[1], random_state=0)
WEIGHTS = np.random.RandomState(0).randn(6)


def lesson_names(*functions):
    """Return what the lesson's cells define: its data, the session's network and the given functions, from the source itself."""
    names = {"np": np, "FeedForwardNetwork": FeedForwardNetwork, "x_train": X_TRAIN.T, "y_train": LABELS_TRAIN[None].astype(float)}
    exec(re.search(r"^w = np.random.*?(?=^print)", SOURCE, flags=re.M | re.S)[0], names)
    for function in functions:
        exec(re.search(rf"^def {function}\(.*?(?=\n\n\n)", SOURCE, flags=re.M | re.S)[0], names)
    return names


def plain_loss(weights, biases=(0.0, 0.0, 0.0)):
    """The mean squared error with autograd's NumPy, straight from the formulas, weights counted as in the session."""
    w_1, w_2, w_3, w_4, w_5, w_6 = weights
    x_1, x_2 = X_TRAIN.T
    h_1 = 1 / (1 + anp.exp(-(w_1 * x_1 + w_2 * x_2 + biases[0])))
    h_2 = 1 / (1 + anp.exp(-(w_3 * x_1 + w_4 * x_2 + biases[1])))
    return anp.mean((1 / (1 + anp.exp(-(w_5 * h_1 + w_6 * h_2 + biases[2]))) - LABELS_TRAIN) ** 2)


def test_the_five_factors():
    x_1, x_2, y, b_1, b_2, b_3, *w = sp.symbols("x_1 x_2 y b_1 b_2 b_3 w_1:7")

    def sigma(a):
        return 1 / (1 + sp.exp(-a))

    h_11, h_12 = sigma(w[0] * x_1 + w[1] * x_2 + b_1), sigma(w[2] * x_1 + w[3] * x_2 + b_2)
    y_hat = sigma(w[4] * h_11 + w[5] * h_12 + b_3)
    product = 2 * (y_hat - y) * y_hat * (1 - y_hat) * w[4] * h_11 * (1 - h_11) * x_1
    difference = sp.diff((y_hat - y) ** 2, w[0]) - product
    for seed in range(5):
        point = dict(zip((x_1, x_2, y, b_1, b_2, b_3, *w), np.random.default_rng(seed).normal(size=12).round(2), strict=True))
        assert abs(difference.subs(point).evalf(30)) < 1e-14


def test_the_names_lead_to_the_right_entries():
    names = lesson_names()
    session, places = names["session"], names["PLACES"]
    gradients = session.backward(session.forward(X_TRAIN.T), LABELS_TRAIN[None])
    slopes = grad(plain_loss)(WEIGHTS)
    assert list(places) == ["w₁", "w₂", "w₃", "w₄", "w₅", "w₆"]
    for (k, i, j), weight, slope in zip(places.values(), WEIGHTS, slopes, strict=True):
        assert session.W[k][i - 1, j - 1] == weight
        assert math.isclose(gradients.W[k][i - 1, j - 1], slope, rel_tol=1e-9)


def only_in_plain_python(number, epochs):
    """One weight by gradient descent, with a derivative by autograd and the session's own counting."""
    derivative, w, path = grad(plain_loss), WEIGHTS.copy(), []
    for _ in range(epochs + 1):
        path.append((w[number], plain_loss(w)))
        w[number] -= 5 * derivative(w)[number] / 2  # the session: half the gradient, twice the rate
    return np.transpose(path)


@pytest.mark.parametrize("number", range(6))
def test_one_weight_alone_takes_the_same_path_as_a_plain_program(number):
    names = lesson_names("only")
    place = list(names["PLACES"].values())[number]
    assert np.allclose(names["only"](*place, epochs=40), only_in_plain_python(number, 40), rtol=1e-9)


def test_what_the_session_reported():
    weight, loss = lesson_names("only")["only"](1, 1, 1)
    assert abs(weight[1] - 1.736) < 1e-3 and abs(weight[-1] - 1.245) < 1e-3
    assert abs(loss[1] - 0.2317) < 1e-4 and abs(loss[-1] - 0.2284) < 1e-4
    net = lesson_names()["session"]
    assert abs(net.accuracy(X_TRAIN.T, LABELS_TRAIN[None]) - 0.623) < 1e-3
    gradient_descent(net, X_TRAIN.T, LABELS_TRAIN[None], 2.5, 2000)
    assert abs(net.accuracy(X_TRAIN.T, LABELS_TRAIN[None]) - 0.976) < 0.005
    assert abs(net.accuracy(X_VAL.T, LABELS_VAL[None]) - 0.940) < 0.01
    assert 0.60 < LogisticRegression().fit(X_TRAIN, LABELS_TRAIN).score(X_TRAIN, LABELS_TRAIN) < 0.67


def test_the_loss_over_one_weight():
    names = lesson_names("along", "loss_of")
    for number, place in enumerate(names["PLACES"].values()):
        values = np.linspace(-4, 5, 7)
        moved = [plain_loss([*WEIGHTS[:number], value, *WEIGHTS[number + 1 :]]) for value in values]
        assert np.allclose(names["loss_of"](names["along"](*place, values)), moved, rtol=1e-9)


def test_slopes_multiply_through_the_output_unit():
    h, w_5, rest = sp.symbols("h w_5 rest")
    y_hat = 1 / (1 + sp.exp(-(w_5 * h + rest)))
    slope = sp.diff(y_hat, h)
    assert sp.simplify(slope - y_hat * (1 - y_hat) * w_5) == 0
    assert sp.simplify(slope.subs(rest, -w_5 * h) - w_5 / 4) == 0


def test_answers_to_try_it():
    only = lesson_names("only")["only"]
    assert np.isclose(only(1, 1, 2, epochs=1000)[0][-1], 0.58, atol=0.01)
    assert np.allclose(sorted(only(1, 1, 2, learning_rate=10)[0][-2:]), [0.43, 0.78], atol=0.01)
    assert abs(only(1, 1, 2, learning_rate=25)[0][-1] + 1.29) < 0.02
    assert train(2.5, 500, 2, 0).accuracy[-1] < 0.7 < 0.97 < train(2.5, 500, 3, 0).accuracy[-1]
    stuck, slow = train(25.0, 500, 2, 1), train(0.1, 500, 2, 1)
    assert round(float(stuck.accuracy[-1]), 2) == 0.73 and stuck.loss[-1] < slow.loss[-1]
    assert 10 * stuck.gradient_norm[1][-1] < slow.gradient_norm[1][-1]
    assert train(0.1, 2000, 2, 1).loss[-1] < slow.loss[-1] - 0.03
    lines = np.hstack([stuck.W[1][-1], stuck.b[1][-1]])
    assert (lines[:, 0] / lines[:, 1] < 0).all()  # both borders rise to the right: the lower one


def test_seed_0_finds_the_same_line_twice():
    net = train(2.5, 500, 2, 0).at(-1)
    first, second = np.hstack([net.W[1], net.b[1]])
    assert abs(first @ second) > 0.999 * np.linalg.norm(first) * np.linalg.norm(second)
