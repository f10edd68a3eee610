"""Lesson 13: its derivations by sympy or by measurement, and what it says about fresh and trained networks over seeds."""

import os

import numpy as np
import pytest
import sympy as sp
from sklearn.model_selection import train_test_split

from utils.data import wave
from utils.explore.depth import scaled_network, signal_scales
from utils.explore.sweep import RATES, trained
from utils.learn.exercises import lesson_13 as exercises
from utils.nn import ACTIVATIONS, FeedForwardNetwork, gradient_descent

LONG = os.environ.get("COURSE_LONG") == "1"  # make test-long: a dozen starts where .ci/run takes three
REGRESSION = {"output": "linear", "loss": "squared_error"}


def wave_to_learn():
    x, _, y, _ = (part.T for part in train_test_split(wave()[0], wave()[1].reshape(-1, 1), random_state=0))
    return x, (y - y.mean()) / y.std()


def same(first, second):
    return sp.simplify((first - second).rewrite(sp.exp)) == 0


def test_tanh():
    a = sp.symbols("a", real=True)
    s, c = sp.exp(a) - sp.exp(-a), sp.exp(a) + sp.exp(-a)
    assert same(sp.diff(s, a), c) and same(sp.diff(c, a), s)
    assert same(sp.diff(s / c, a), exercises.tanh_prime(s / c))
    assert same(s / c, 2 / (1 + sp.exp(-2 * a)) - 1)


def test_relu_keeps_half_of_the_squares_of_symmetric_numbers():
    a = sp.symbols("a", real=True)
    for density in (sp.exp(-(a**2) / 2) / sp.sqrt(2 * sp.pi), sp.exp(-sp.Abs(a)) / 2):
        assert sp.integrate(a**2 * density, (a, 0, sp.oo)) == sp.Rational(1, 2) * sp.integrate(a**2 * density, (a, -sp.oo, sp.oo))


def test_the_mean_square_of_a_pre_activation():
    rng = np.random.default_rng(0)
    h = rng.exponential(size=30)  # any fixed signal, not centred
    a = rng.normal(scale=0.4, size=(200_000, 30)) @ h
    assert (a**2).mean() == pytest.approx(30 * 0.4**2 * (h**2).mean(), rel=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_what_arrives_in_a_thin_network(seed):
    net = FeedForwardNetwork([1] * 8, "sigmoid", **REGRESSION, seed=seed)
    trace = net.forward([[0.7]])
    grad_a = net.backward(trace, [[-1.0]]).a
    slopes = [float(trace.h[k][0, 0] * (1 - trace.h[k][0, 0])) for k in range(1, 7)]
    weights = [float(net.W[k][0, 0]) for k in range(2, 8)]
    assert exercises.arriving(weights, slopes) == pytest.approx(float(grad_a[1][0, 0] / grad_a[7][0, 0]))
    assert max(slopes) <= 0.25


def test_fresh_weights_are_those_of_the_network():
    for name in ("tanh", "relu"):
        W = FeedForwardNetwork([80, 90, 1], name, **REGRESSION, seed=range(20)).W[1]
        assert W.std() == pytest.approx(exercises.initial_scale(80, name), rel=0.02)
        assert ACTIVATIONS[name].gain == pytest.approx(exercises.initial_scale(1, name))


@pytest.mark.parametrize("seed", range(10))
def test_what_ten_layers_do_to_a_fresh_network(seed):
    def down(name, scale):
        return signal_scales(10, 50, name, scale, seed).backward_size[0]

    assert 800 < down("identity", 2.0) < 1250 and 0.0008 < down("identity", 0.5) < 0.00125
    assert 0.5 < down("relu", 2**0.5) < 2 and 0.15 < down("tanh", 1.0) < 0.5
    assert down("sigmoid", 1.0) < 1e-6 and down("sigmoid", 4.0) < 0.012 and down("sigmoid", 10.0) > 0.2
    sizes = signal_scales(10, 50, "sigmoid", 1.0, seed)
    assert sizes.size[1:].min() > 0.45 and sizes.size[1:].max() < 0.6
    assert (sizes.contrast[-1] / sizes.contrast[1]) ** (1 / 9) < 0.25
    net, x = scaled_network(10, 50, "sigmoid", 10.0, seed)
    assert (np.abs(net.forward(x).h[5] - 0.5) > 0.45).mean() > 0.5  # most units are switches


def test_standard_deviation_1_multiplies_by_the_root_of_n():
    for seed in range(5):
        sizes = signal_scales(10, 100, "identity", 10.0, seed).size
        assert (sizes[-1] / sizes[0]) ** (1 / 10) == pytest.approx(10, rel=0.05)


@pytest.mark.long
def test_only_the_sigmoid_stays_behind_from_every_start():
    x, y = wave_to_learn()
    for name, low, high in (("sigmoid", 0.95, 1.05), ("tanh", 0.05, 0.2), ("relu", 0.05, 0.4)):
        net = FeedForwardNetwork([1, *[10] * 6, 1], name, **REGRESSION, seed=range(12 if LONG else 3))
        first = net.W[1].copy()
        run = gradient_descent(net, x, y, 0.01, 1000, record_every=None)
        assert low < run.loss[-1].min() and run.loss[-1].max() < high, name
        moved = np.sqrt(((net.W[1] - first) ** 2).mean((-2, -1)))
        assert (moved < 0.01).all() == (name == "sigmoid")


def test_long_steps_kill_units_and_the_dead_lie_in_the_wedge():
    x, y = wave_to_learn()
    shares = []
    for rate in (0.02, 0.05, 0.1, 0.2):
        net = FeedForwardNetwork([1, 16, 1], "relu", **REGRESSION, seed=range(20))
        assert not (net.forward(x).h[1] == 0).all(-1).any()
        run = gradient_descent(net, x, y, rate, 500, record_every=None)
        h, w, b = net.forward(x).h[1][~run.diverged], net.W[1][~run.diverged, :, 0], net.b[1][~run.diverged, :, 0]
        gone = np.stack([exercises.silent(layer) for layer in h])
        assert (b[gone] <= -x.max() * np.maximum(w[gone], 0) + 1e-12).all()
        shares.append(gone.mean())
    assert shares[0] < 0.03 and shares[1] < 0.08 and 0.15 < shares[2] < 0.4 < shares[3]
    assert 0.3 < run.diverged.mean() < 0.7


def test_a_dead_unit_of_the_first_layer_stays_dead():
    x, y = wave_to_learn()
    net = FeedForwardNetwork([1, 6, 1], "relu", **REGRESSION, seed=0)
    net.b[1] = np.where(np.arange(6)[:, None] < 2, -20.0, net.b[1])
    before = net.W[1][:2].copy()
    gradient_descent(net, x, y, 0.05, 500, record_every=None)
    assert (net.W[1][:2] == before).all() and (net.b[1][:2] == -20).all() and (net.forward(x).h[1][:2] == 0).all()


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_the_best_learning_rate_lies_in_sight_of_the_edge(activation, depth):
    loss, diverged = trained(depth, activation, 1.0, 100)
    best = exercises.best_rate(loss, diverged, RATES)
    lost = np.median(np.where(diverged, np.inf, loss), axis=0) > 0.999  # half of them diverged, or died
    assert 1.9 < RATES[lost.argmax()] / best < 9


def test_maps_that_are_pale_and_the_map_without_a_hidden_layer():
    for depth, activation, scale in ((4, "sigmoid", 1.0), (4, "tanh", 0.1)):
        loss, diverged = trained(depth, activation, scale, 100)
        assert loss[~diverged].min() > 0.9
    _, diverged = trained(0, "tanh", 1.0, 100)
    assert (diverged == (RATES > 1)).all()


def test_through_four_layers_of_sigmoids_less_than_a_hundredth_arrives_and_through_tanh_most_networks_learn():
    x, y = wave_to_learn()
    net = FeedForwardNetwork([1, 8, 8, 8, 8, 1], "sigmoid", **REGRESSION, seed=range(50))
    grad_a = net.backward(net.forward(x), y).a
    shares = np.sqrt((grad_a[1] ** 2).mean((-2, -1)) / (grad_a[5] ** 2).mean((-2, -1)))
    assert shares.max() < 0.01
    net = FeedForwardNetwork([1, 8, 8, 8, 8, 1], "tanh", **REGRESSION, seed=np.repeat(range(6), 8))
    run = gradient_descent(net, x[:, :50], y[:, :50], np.tile(0.01 * 2.0 ** np.arange(8), 6), 100, record_every=None)
    assert (run.loss[-1][~run.diverged] < 0.9).sum() > 30


def test_equal_weights_stay_equal_and_zeros_teach_the_last_bias_alone():
    x, y = wave_to_learn()
    for value in (0.0, 0.5):
        net = FeedForwardNetwork([1, 4, 1], "tanh", **REGRESSION)
        net = net.with_parameters(W={1: np.full((4, 1), value), 2: np.full((1, 4), value)})
        gradient_descent(net, x, y + 1, 0.1, 500, record_every=None)
        assert np.ptp(net.W[1]) < 1e-12 and np.ptp(net.b[1]) < 1e-12
        if value == 0:
            assert not net.W[1].any() and not net.W[2].any() and net.b[2][0, 0] == pytest.approx(1)
