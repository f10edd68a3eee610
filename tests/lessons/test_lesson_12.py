"""Lesson 12: its derivations by sympy or by other means, and every sentence and folded answer that names a number."""

import numpy as np
import pytest
import sympy as sp
from sklearn.model_selection import train_test_split

from utils.data import diabetes, wave
from utils.explore.depth import depth_picture, scaled_network, signal_scales
from utils.explore.sweep import RATES, trained
from utils.nn.activations import ACTIVATIONS
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

REGRESSION = {"output": "linear", "loss": "squared_error"}


def split(random_state=0):
    """Return x, x_val, y, y_val of the patients, standardised with the training part."""
    X, X_val, targets, targets_val = train_test_split(*diabetes()[:2], random_state=random_state)
    x, x_val = (((part - X.mean(0)) / X.std(0)).T for part in (X, X_val))
    y, y_val = (((part - targets.mean()) / targets.std()).reshape(1, -1) for part in (targets, targets_val))
    return x, x_val, y, y_val


def with_ones(x):
    return np.vstack([x, np.ones((1, x.shape[1]))])


def hessian(x):
    return 2 * with_ones(x) @ with_ones(x).T / x.shape[1]


def same(first, second):
    return sp.simplify((first - second).rewrite(sp.exp)) == 0


# Derivations


def test_the_mean_is_the_cheapest_guess_and_costs_the_variance():
    y, c = sp.symbols("y1:5", real=True), sp.symbols("c", real=True)
    mean = sum(y) / 4
    cost = sum((c - value) ** 2 for value in y) / 4
    assert sp.solve(sp.diff(cost, c), c)[0].equals(mean)
    assert same(cost.subs(c, mean), sum(value**2 for value in y) / 4 - mean**2)


def test_tanh():
    a = sp.symbols("a", real=True)
    s, c = sp.exp(a) - sp.exp(-a), sp.exp(a) + sp.exp(-a)
    assert same(sp.diff(s, a), c) and same(sp.diff(c, a), s)
    assert same(sp.diff(s / c, a), (c * c - s * s) / c**2) and same(sp.diff(s / c, a), 1 - (s / c) ** 2)
    assert same(s / c, 2 / (1 + sp.exp(-2 * a)) - 1)


def test_the_distance_from_the_lowest_point_is_multiplied_by_one_minus_eta_lambda():
    x, _, y, _ = split()
    H = hessian(x)
    eigenvalues, directions = np.linalg.eigh(H)
    theta_star = np.linalg.lstsq(with_ones(x).T, y[0])[0]
    net = FeedForwardNetwork([10, 1], **REGRESSION, seed=3)
    run = gradient_descent(net, x, y, 0.2, 5)
    distances = np.column_stack([run.W[1][:, 0], run.b[1][:, 0]]) - theta_star
    along = distances @ directions
    np.testing.assert_allclose(along[1:], along[:-1] * (1 - 0.2 * eigenvalues), atol=1e-12)


def test_relu_keeps_half_of_the_squares_of_symmetric_numbers():
    a = sp.symbols("a", real=True)
    density = sp.exp(-(a**2) / 2) / sp.sqrt(2 * sp.pi)
    assert sp.integrate(a**2 * density, (a, 0, sp.oo)) == sp.Rational(1, 2) * sp.integrate(a**2 * density, (a, -sp.oo, sp.oo))


def test_the_variance_of_a_pre_activation():
    rng = np.random.default_rng(0)
    h = rng.exponential(size=30)  # any fixed signal, not centred
    a = rng.normal(scale=0.4, size=(200_000, 30)) @ h
    assert a.mean() == pytest.approx(0, abs=0.02)
    assert a.var() == pytest.approx(30 * 0.4**2 * (h**2).mean(), rel=0.02)


@pytest.mark.parametrize("activation, steepest", [("sigmoid", 0.25), ("tanh", 1), ("relu", 1)])
def test_the_bound_on_the_blame(activation, steepest):
    grid = np.linspace(-8, 8, 4001)
    assert ACTIVATIONS[activation].prime(ACTIVATIONS[activation](grid)).max() == pytest.approx(steepest)
    for scale in (0.5, 3):
        net, x = scaled_network(5, 20, activation, scale, 1)
        grad_a = net.backward(net.forward(x), np.zeros_like(x)).a
        for k in range(1, net.L):
            assert np.linalg.norm(grad_a[k]) <= steepest * np.linalg.norm(net.W[k + 1], 2) * np.linalg.norm(grad_a[k + 1])


# Sentences


def test_in_their_own_units_the_patients_allow_steps_of_a_hundred_thousandth():
    X, _, targets, _ = train_test_split(*diabetes()[:2], random_state=0)
    low, *_, high = np.linalg.eigvalsh(hessian(X.T))
    assert 1e-5 < 2 / high < 1e-4 and 4e7 < high / low < 6e7
    y = ((targets - targets.mean()) / targets.std()).reshape(1, -1)
    for rate, diverges in ((0.0001, True), (1.02 * 2 / high, True), (0.98 * 2 / high, False)):
        net = FeedForwardNetwork([10, 1], **REGRESSION, seed=0)
        assert gradient_descent(net, X.T, y, rate, 1000, record_every=100).diverged == diverges


@pytest.mark.parametrize("seed", range(3))
def test_no_seed_that_we_tried_beats_the_straight_line_on_strangers(seed):
    x, x_val, y, y_val = split()
    line = np.linalg.lstsq(with_ones(x).T, y[0])[0] @ with_ones(x_val)
    net = FeedForwardNetwork([10, 20, 1], "tanh", **REGRESSION, seed=seed)
    run = gradient_descent(net, x, y, 0.05, 2000, record_every=10)
    validation = net.loss(run.networks().forward(x_val), y_val)
    assert validation.min() > ((line - y_val) ** 2).mean() and validation[-1] > validation.min() + 0.05


def test_another_split_has_another_r_squared():
    found = []
    for random_state in (0, 1):
        x, x_val, y, y_val = split(random_state)
        line = np.linalg.lstsq(with_ones(x).T, y[0])[0] @ with_ones(x_val)
        found.append(1 - ((line - y_val) ** 2).mean() / y_val.var())
    assert np.round(found, 2).tolist() == [0.36, 0.44]


def test_a_dead_unit_of_the_first_layer_stays_dead():
    X, targets = wave()
    x, y = X.T, targets.reshape(1, -1)
    net = FeedForwardNetwork([1, 6, 1], "relu", **REGRESSION, seed=0)
    net.b[1][:2] = -20
    before = net.W[1][:2].copy()
    gradient_descent(net, x, y, 0.05, 500, record_every=500)
    assert (net.W[1][:2] == before).all() and (net.b[1][:2] == -20).all() and (net.forward(x).h[1][:2] == 0).all()


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_the_best_learning_rate_lies_in_sight_of_the_cliff(activation, depth):
    loss, diverged = trained(depth, activation, 1.0, 100)
    median = np.median(np.where(diverged, np.inf, loss), axis=0)
    cliff = (median > 0.999).argmax()  # the first learning rate at which half of them diverged or died
    assert 0 < cliff - median.argmin() <= 3  # a factor of 2, 4 or 8


def test_ones_beyond_the_cliff_of_relu_are_networks_with_a_dead_layer():
    X, targets = wave(50)
    x, y = X.T, ((targets - targets.mean()) / targets.std()).reshape(1, -1)
    net = FeedForwardNetwork([1, 8, 8, 8, 8, 1], "relu", **REGRESSION, seed=range(6))
    run = gradient_descent(net, x, y, RATES[6], 100, record_every=100)
    ones = np.abs(run.loss[-1] - 1) < 1e-6
    h = run.at(-1).forward(x).h
    silent = np.any([(h[k] == 0).all((-2, -1)) for k in (1, 2, 3, 4)], axis=0)
    assert ones.sum() >= 2 and silent[ones].all()


def test_pale_maps():
    for depth, activation, scale in ((4, "sigmoid", 1.0), (4, "tanh", 0.1)):
        loss, diverged = trained(depth, activation, scale, 100)
        assert loss[~diverged].min() > 0.9


# Folded answers


def test_answer_1_no_scale_rescues_the_sigmoid():
    assert signal_scales(10, 50, "sigmoid", 4.0, 0).backward_size[0] < 0.01
    assert 0.4 < signal_scales(10, 50, "sigmoid", 10.0, 0).backward_size[0] < 0.5
    net, x = scaled_network(10, 50, "sigmoid", 10.0, 0)
    assert (np.abs(net.forward(x).h[5] - 0.5) > 0.45).mean() > 0.7  # switches


def test_answer_2_a_bounded_signal_with_growing_blame():
    one, three = (signal_scales(10, 50, "tanh", scale, 0) for scale in (1.0, 3.0))
    assert (np.diff(one.size) < 0).all() and 0.1 < one.backward_size[0] < 0.5
    assert three.size[1:].min() > 0.75 and three.backward_size[0] > 10
    net, x = scaled_network(10, 50, "tanh", 3.0, 0)
    assert np.median(1 - net.forward(x).h[5] ** 2) < 0.35  # the slopes: many small, few near 1


@pytest.mark.parametrize("seed", range(5))
def test_answer_3_a_chain_of_single_relus_breaks(seed):
    result = signal_scales(10, 1, "relu", 1.4, seed)
    net, _ = scaled_network(10, 1, "relu", 1.4, seed)
    first_negative = next(k for k in range(2, 11) if net.W[k][0, 0] < 0)
    assert (result.size[first_negative:] == 0).all() and (result.backward_size[:first_negative] == 0).all()
    assert "0 arrives at layer 1" in depth_picture(10, 1, "relu", 1.4, seed).caption


def test_answer_4_the_cliff_without_a_hidden_layer():
    X, _ = wave(50)
    assert abs(X.mean()) < 0.15 and np.square(X).mean() == pytest.approx(1.4, abs=0.05)
    loss, diverged = trained(0, "tanh", 1.0, 100)
    assert (diverged == (RATES > 1)).all() and np.median(loss[:, 3]).round(3) == 0.928


def test_answer_5_scales_of_four_layers():
    medians = {}
    for scale in (0.1, 1.0, 3.0, 10.0):
        loss, diverged = trained(4, "tanh", scale, 100)
        medians[scale] = np.median(np.where(diverged, np.inf, loss), axis=0)
    assert np.isfinite(medians[0.1]).sum() == 7 and np.allclose(medians[0.1][:7], 1, atol=5e-3)
    assert 0.07 < medians[1.0].min() < 0.1 and medians[3.0][:3].max() < 0.1
    assert np.isinf(medians[3.0]).argmax() < np.isinf(medians[1.0]).argmax()
    assert medians[10.0].min() > 0.9
