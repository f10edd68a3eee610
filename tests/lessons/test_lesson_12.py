"""Lesson 12: its derivations by sympy, its limits against eigenvalues, and what it says about behaviour over seeds and splits."""

import os

import numpy as np
import pytest
import sympy as sp
from sklearn.model_selection import train_test_split

from utils.data import diabetes, wave
from utils.explore.step_length import parabola_picture, two_curvatures_picture, walk
from utils.explore.valley import run
from utils.learn.exercises import lesson_12 as exercises
from utils.nn import FeedForwardNetwork, gradient_descent

LONG = os.environ.get("COURSE_LONG") == "1"  # make test-long: ten starts where .ci/run takes three
REGRESSION = {"output": "linear", "loss": "squared_error"}


def split(random_state=0):
    """Return x, x_val, y, y_val of the patients, standardised with the training part."""
    X, X_val, targets, targets_val = train_test_split(*diabetes()[:2], random_state=random_state)
    x, x_val = (part.T for part in exercises.standardise(X, X_val))
    y, y_val = (((part - targets.mean()) / targets.std()).reshape(1, -1) for part in (targets, targets_val))
    return x, x_val, y, y_val


def with_ones(x):
    return np.vstack([x, np.ones((1, x.shape[1]))])


def curvatures(x):
    return np.linalg.eigvalsh(2 * with_ones(x) @ with_ones(x).T / x.shape[1])


def line(x, y):
    return np.linalg.lstsq(with_ones(x).T, y[0])[0]


def with_momentum(mu):
    velocity = {}

    def step(net, gradients, rate):
        for name in "Wb":
            for k in net.layers:
                velocity[name, k] = exercises.new_velocity(velocity.get((name, k), 0), getattr(gradients, name)[k], rate, mu)
                getattr(net, name)[k] = getattr(net, name)[k] + velocity[name, k]

    return step


def test_a_step_on_a_parabola_multiplies_w_by_one_minus_eta_c():
    w, c, eta = sp.symbols("w c eta", positive=True)
    assert sp.expand(w - eta * sp.diff(c * w**2 / 2, w) - exercises.factor(eta, c) * w) == 0


@pytest.mark.parametrize("curvature", [0.25, 1.0, 4.0])
def test_the_walk_runs_away_above_two_over_c_and_not_below(curvature):
    for share, nearer in ((0.5, True), (0.95, True), (1.05, False)):
        end = walk(2.0, curvature, share * 2 / curvature, 100)[-1]
        assert (abs(end) < 2) == nearer
        caption = parabola_picture(share * 2 / curvature, curvature, 8).caption
        assert ("diverges" in caption) != nearer


@pytest.mark.parametrize("mu", [0, 0.5, 0.9, 0.95])
def test_the_largest_step_with_momentum(mu):
    for share, nearer in ((0.99, True), (1.01, False)):
        w, v = 1.0, 0.0
        for _ in range(4000):
            v = exercises.new_velocity(v, w, share * 2 * (1 + mu), mu)
            w = w + v
        assert (abs(w) < 1) == nearer


def test_no_step_without_momentum_gets_near_in_a_long_valley():
    ends = [np.hypot(*walk((-2.0, 1.0), np.array([1 / 20, 1]), rate, 20)[-1]) for rate in np.arange(0.1, 4, 0.01)]
    assert min(ends) > 0.01
    assert min(run(float(rate), 0.0).loss[-1] for rate in np.arange(0.1, 1.01, 0.02)) > 1e-4
    assert "it runs away" in two_curvatures_picture(2.1, 20.0, 20).caption


def test_the_mean_is_the_cheapest_guess_and_costs_the_variance():
    y, c = sp.symbols("y1:5", real=True), sp.symbols("c", real=True)
    mean = sum(y) / 4
    cost = sum((c - value) ** 2 for value in y) / 4
    assert sp.solve(sp.diff(cost, c), c)[0].equals(mean)
    assert sp.simplify(cost.subs(c, mean) - (sum(value**2 for value in y) / 4 - mean**2)) == 0


def test_in_their_own_units_the_patients_allow_steps_of_a_hundred_thousandth():
    X, _, targets, _ = train_test_split(*diabetes()[:2], random_state=0)
    low, *_, high = curvatures(X.T)
    assert 1e-5 < 2 / high < 2 / (2 * (X**2).mean(0)).max() < 1e-4 and 4e7 < high / low < 6e7
    y = ((targets - targets.mean()) / targets.std()).reshape(1, -1)
    for rate, diverges in ((0.001, True), (1.02 * 2 / high, True), (0.98 * 2 / high, False)):
        net = FeedForwardNetwork([10, 1], **REGRESSION, seed=0)
        assert gradient_descent(net, X.T, y, rate, 1000, record_every=None).diverged == diverges


def test_the_limit_decides_from_every_start():
    x, _, y, _ = split()
    limit = 2 / curvatures(x)[-1]
    for share, grows in ((0.95, False), (1.05, True)):
        net = FeedForwardNetwork([10, 1], **REGRESSION, seed=range(10))
        run = gradient_descent(net, x, y, share * limit, 200, record_every=None)
        assert ((run.loss[-1] > run.loss[0]) == grows).all()


def test_gradient_descent_finds_what_least_squares_finds():
    x, _, y, _ = split()
    net = FeedForwardNetwork([10, 1], **REGRESSION, seed=range(3))
    gradient_descent(net, x, y, 0.2, 5000, record_every=None)
    found = np.concatenate([net.W[1][:, 0], net.b[1][:, 0]], axis=1)
    np.testing.assert_allclose(found, np.broadcast_to(line(x, y), (3, 11)), atol=1e-7)


def epochs_needed(x, y, rate, mu, epochs):
    lowest = ((line(x, y) @ with_ones(x) - y[0]) ** 2).mean()
    net = FeedForwardNetwork([10, 1], **REGRESSION).with_parameters(W={1: np.zeros((1, 10))})
    run = gradient_descent(net, x, y, rate, epochs, record_every=None, step=with_momentum(mu))
    return int(np.flatnonzero(run.loss > 1.01 * lowest)[-1]) + 1


def test_momentum_helps_in_the_long_valley_and_not_in_the_round_one():
    X, _, _, _ = train_test_split(*diabetes()[:2], random_state=0)
    x, _, y, _ = split()
    centred = (X - X.mean(0)).T
    high = curvatures(centred)[-1]
    assert 60_000 < high / curvatures(centred)[0] < 80_000
    # A parabola in each direction: so many steps in closed form, and the last thousand by hand would be the same.
    assert epochs_needed(centred, y, 3.5 / high, 0.9, 3000) == pytest.approx(1462, rel=0.02)
    assert epochs_needed(centred, y, 2 / high, 0.99, 3000) < 600
    high = curvatures(x)[-1]
    assert 400 < high / curvatures(x)[0] < 480
    plain, half = epochs_needed(x, y, 1.9 / high, 0, 300), epochs_needed(x, y, 1.9 / high, 0.5, 300)
    assert half < plain < 30 < min(epochs_needed(x, y, share / high, 0.9, 500) for share in (1.9, 3.5))


def test_without_momentum_the_long_valley_takes_more_than_26000_epochs():
    X, _, _, _ = train_test_split(*diabetes()[:2], random_state=0)
    _, _, y, _ = split()
    x_1 = with_ones((X - X.mean(0)).T)
    values, directions = np.linalg.eigh(2 * x_1 @ x_1.T / x_1.shape[1])
    start = directions.T @ -line((X - X.mean(0)).T, y)  # from zero weights, in the valley's own directions
    lowest = ((line((X - X.mean(0)).T, y) @ x_1 - y[0]) ** 2).mean()
    steps = np.arange(25_000, 29_000)[:, None]
    above = (start**2 * (1 - 1.9 * values / values[-1]) ** (2 * steps) * values / 2).sum(1) > 0.01 * lowest
    assert 25_000 + above.argmin() == pytest.approx(26_888, abs=3)


@pytest.mark.long
@pytest.mark.parametrize("random_state", range(4))
def test_the_hidden_layer_wins_on_the_training_part_and_loses_on_strangers(random_state):
    x, x_val, y, y_val = split(random_state)
    theta = line(x, y)
    line_train, line_val = (((theta @ with_ones(part) - truth) ** 2).mean() for part, truth in ((x, y), (x_val, y_val)))
    net = FeedForwardNetwork([10, 20, 1], "tanh", **REGRESSION, seed=range(6 if random_state == 0 else 3))
    run = gradient_descent(net, x, y, 0.05, 2000, record_every=20)
    held_back = np.array([net.loss(run.at(r).forward(x_val), y_val) for r in range(len(run.epochs))])
    assert (run.loss[-1] < line_train).all() and (held_back[-1] > line_val).all()
    if random_state == 0:
        assert (held_back.min(0) < line_val).sum() < 3  # even at the epoch chosen with hindsight


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="make test-long trains hundreds of networks")
def test_a_hundred_networks_on_twenty_splits_buy_nothing():
    early = late = 0
    for random_state in range(20):
        x, x_val, y, y_val = split(random_state)
        line_val = ((line(x, y) @ with_ones(x_val) - y_val) ** 2).mean()
        net = FeedForwardNetwork([10, 20, 1], "tanh", **REGRESSION, seed=range(5))
        gradient_descent(net, x, y, 0.05, 100, record_every=None)
        early += (net.loss(net.forward(x_val), y_val) < line_val).sum()
        gradient_descent(net, x, y, 0.05, 1900, record_every=None)
        late += (net.loss(net.forward(x_val), y_val) < line_val).sum()
    assert late == 0 and 15 <= early <= 40


def test_r_squared_over_twenty_splits():
    found = []
    for random_state in range(20):
        x, x_val, y, y_val = split(random_state)
        found.append(exercises.r_squared(line(x, y) @ with_ones(x_val), y_val[0]))
    assert 0.35 < min(found) < 0.4 and 0.55 < max(found) < 0.62 and 0.44 < np.median(found) < 0.5


@pytest.mark.long
def test_the_wave_is_a_matter_of_training_and_not_of_units():
    X, targets = wave()
    x, x_val, y, y_val = (part.T for part in train_test_split(X, targets.reshape(-1, 1), random_state=0))
    assert exercises.r_squared(np.sin(3 * x_val), y_val) == pytest.approx(0.955, abs=0.01)  # what the noise leaves
    for sizes, mu, low, high in (
        ([1, 1], 0.9, 0.2, 0.32),
        ([1, 8, 1], 0, 0.8, 0.88),
        ([1, 16, 1], 0, 0.8, 0.88),
        ([1, 8, 1], 0.9, 0.92, 0.96),
    ):
        net = FeedForwardNetwork(sizes, "tanh", **REGRESSION, seed=range(10 if LONG else 3))
        gradient_descent(net, x, y, 0.05, 3000, record_every=None, step=with_momentum(mu))
        r2 = 1 - ((net.forward(x_val).y_hat - y_val) ** 2).mean((-2, -1)) / y_val.var()
        assert low < r2.min() and r2.max() < high, (sizes, mu, r2)
