"""What lesson 10 says about four classes holds from a dozen starts, trained as a stack, and against computations of its own."""

import os
from functools import cache

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from utils.data import four_blobs, moons, one_hot, spirals
from utils.exhibits.bugs import SESSION_BUGS, BuggyNetwork
from utils.learn.exercises import lesson_10 as exercises
from utils.nn import FeedForwardNetwork, check_gradients, gradient_descent

hundreds = pytest.mark.skipif(os.environ.get("COURSE_LONG") != "1", reason="make test-long trains hundreds of networks")
SEEDS = list(range(12))
X, LABELS = four_blobs()
X_TRAIN, X_VAL, LABELS_TRAIN, LABELS_VAL = train_test_split(X, LABELS, stratify=LABELS, random_state=0)
TRAIN, VAL = (X_TRAIN.T, one_hot(LABELS_TRAIN, 4)), (X_VAL.T, one_hot(LABELS_VAL, 4))
CENTRES = make_blobs(1000, centers=4, n_features=2, random_state=0, return_centers=True)[2]
REPEATED, BORROWED, MISPLACED = SESSION_BUGS


def nearest(x):
    return exercises.nearest_centre(x, CENTRES[:, :, None])


@cache
def trained(sizes, *stages):
    """Return a stack of networks, one for each seed, after stages of (learning rate, epochs), and the losses on the way."""
    net = FeedForwardNetwork(list(sizes), seed=SEEDS)
    runs = [gradient_descent(net, *TRAIN, learning_rate=rate, epochs=epochs, record_every=None).loss for rate, epochs in stages]
    return net, np.concatenate([runs[0][:1], *(run[1:] for run in runs)])


def session_network(bugs, seeds=(0,)):
    """Return a stack of the session's networks, with the weights that NumPy's old generator gives for each seed."""
    w = np.stack([np.random.RandomState(seed).randn(12) for seed in seeds])
    W = {1: w[:, :4].reshape(-1, 2, 2), 2: w[:, 4:].reshape(-1, 4, 2)}
    return BuggyNetwork([2, 2, 4], bugs=bugs, seed=list(seeds)).with_parameters(W=W)


def test_the_ceiling_is_the_integral_of_the_largest_density():
    x_1, x_2 = np.meshgrid(np.linspace(-7, 7, 701), np.linspace(-5, 13, 901))
    densities = [np.exp(-((x_1 - c_1) ** 2 + (x_2 - c_2) ** 2) / 2) / (2 * np.pi) / 4 for c_1, c_2 in CENTRES]
    ceiling = np.max(densities, axis=0).sum() * 0.02**2
    assert ceiling == pytest.approx(0.9293, abs=2e-4)
    X_new, labels_new = make_blobs(100_000, centers=CENTRES, random_state=1)
    right = nearest(X_new.T) == labels_new
    assert right.mean() == pytest.approx(ceiling, abs=0.002)
    assert 100 * right.reshape(400, 250).mean(1).std() == pytest.approx(100 * np.sqrt(ceiling * (1 - ceiling) / 250), rel=0.1)


def test_the_nearest_centre_on_the_points_of_the_lesson():
    assert (nearest(TRAIN[0]) == LABELS_TRAIN).sum() == 694
    assert (nearest(VAL[0]) == LABELS_VAL).sum() == 237


@pytest.mark.long
def test_no_start_beats_the_nearest_centre_and_none_learns_by_heart():
    net, _ = trained((2, 2, 4), (0.5, 2000))
    accuracy, held_back = net.accuracy(*TRAIN), net.accuracy(*VAL)
    assert (accuracy <= 694 / 750).all() and (accuracy > 0.87).all() and np.median(accuracy) > 0.91
    assert (np.abs(held_back - accuracy) < 0.04).all()


@pytest.mark.long
def test_class_0_is_the_weakest_and_is_mixed_up_with_its_nearest_neighbour():
    net, _ = trained((2, 2, 4), (0.5, 2000))
    weakest, best, pairs, shares = [], [], [], []
    for predicted in net.predict(TRAIN[0]):
        C = exercises.confusion(LABELS_TRAIN, predicted, 4)
        of_class = exercises.per_class(C)
        weakest.append(of_class.argmin())
        best.append(of_class.argmax())
        pairs.append(tuple(np.unravel_index(np.triu(C + C.T, 1).argmax(), C.shape)))
        wrong = predicted != LABELS_TRAIN
        shares.append((wrong & (nearest(TRAIN[0]) != LABELS_TRAIN)).sum() / wrong.sum())
    assert weakest.count(0) >= 10 and set(best) == {3} and pairs.count((0, 2)) >= 10
    assert min(shares) > 0.55 and max(shares) < 0.85
    distances = {(i, j): np.linalg.norm(CENTRES[i] - CENTRES[j]) for j in range(4) for i in range(j)}
    said = {(0, 2): 2.9, (0, 1): 3.6, (1, 2): 4.1, (0, 3): 4.2, (2, 3): 4.9, (1, 3): 7.7}
    assert {pair: round(float(distance), 1) for pair, distance in distances.items()} == said


def costs_of_ten_per_cent(net):
    """Return |value|, slope · step, slope and curvature, and the real change, for all weights of a stack: four arrays (12, S)."""

    def loss_if(k, i, j, step):
        W_k = net.W[k].copy()
        W_k[:, i, j] += step
        moved = net.with_parameters(W={k: W_k})
        return moved.loss(moved.forward(TRAIN[0]), TRAIN[1])

    rows = []
    for k in net.layers:
        for i, j in np.ndindex(net.W[k].shape[1:]):
            value, eps = net.W[k][:, i, j], 1e-3
            up, here, down = (loss_if(k, i, j, step) for step in (eps, 0, -eps))
            slope, curvature, step = (up - down) / (2 * eps), (up - 2 * here + down) / eps**2, -0.1 * value
            announced = exercises.expected_change(slope, curvature, step)
            rows.append((value, slope * step, announced, loss_if(k, i, j, step) - here))
    return np.abs(np.moveaxis(rows, 1, 0))


def hits(guess, real):
    return (guess.argmax(0) == real.argmax(0)).sum()


@pytest.mark.long
def test_what_names_the_costliest_weight_before_and_after_the_training():
    value, slope, announced, real = costs_of_ten_per_cent(FeedForwardNetwork([2, 2, 4], seed=SEEDS))
    assert hits(slope, real) >= 11
    value, slope, announced, real = costs_of_ten_per_cent(trained((2, 2, 4), (0.5, 2000))[0])
    assert hits(slope, real) <= 1 and hits(value, real) == 0 and hits(announced, real) >= 11
    dark, pale = 2 * 2 + 2, 1  # W_2,2,1 and W_1,1,2 of the network with seed 1
    assert value[dark, 1] > 6 * value[pale, 1] and real[pale, 1] > 10 * real[dark, 1]
    assert slope[dark, 1] / value[dark, 1] > 10 * slope[pale, 1] / value[pale, 1]


@pytest.mark.long
def test_twice_the_step_is_twice_as_fast_and_then_it_jumps():
    _, half = trained((2, 2, 4), (0.5, 2000))
    _, one = trained((2, 2, 4), (1.0, 2000))
    first = [(losses < 0.6).argmax(0) for losses in (half, one)]
    assert np.median(first[0] / first[1]) == pytest.approx(2, abs=0.1)
    assert (np.diff(half[:, 1]) < 0).all()
    assert ((np.diff(one, axis=0) > 0).sum(0) > 500).all()
    assert (np.diff(one, axis=0)[:80] < 0).all()  # at first the valley is wide enough from every start


def test_from_a_dozen_starts_the_first_steps_at_twice_the_rate_are_worth_two():
    _, half = trained((2, 2, 4), (0.5, 400))
    _, one = trained((2, 2, 4), (1.0, 200))
    assert np.median((half < 1).argmax(0) / (one < 1).argmax(0)) == pytest.approx(2, abs=0.1)
    assert (half.min(0) < 1).all() and (one.min(0) < 1).all()


@pytest.mark.long
def test_the_schedule_ends_lowest():
    _, planned = trained((2, 2, 4), (1.0, 1000), (0.5, 1000))
    others = [trained((2, 2, 4), (rate, 2000))[1][-1] for rate in (0.5, 1.0)]
    assert (planned[-1] < np.minimum(*others)).sum() >= len(SEEDS) - 1


@pytest.mark.long
@hundreds
def test_a_hundred_starts_and_forty():
    def trained_from(seeds, *stages):
        net = FeedForwardNetwork([2, 2, 4], seed=seeds)
        return net, [gradient_descent(net, *TRAIN, rate, epochs, record_every=None).loss[-1] for rate, epochs in stages][-1]

    net, half = trained_from(range(100), (0.5, 2000))
    accuracy = net.accuracy(*TRAIN)
    assert accuracy.min() > 0.885 and accuracy.max() < 0.925 <= 694 / 750
    _, one = trained_from(range(100), (1.0, 2000))
    _, planned = trained_from(range(100), (1.0, 1000), (0.5, 1000))
    assert (planned < np.minimum(half, one)).sum() >= 96
    _, slope, _, real = costs_of_ten_per_cent(FeedForwardNetwork([2, 2, 4], seed=range(40)))
    assert hits(slope, real) >= 38
    forty = net.with_parameters(*({k: v[k][:40] for k in net.layers} for v in (net.W, net.b)))
    value, slope, announced, real = costs_of_ten_per_cent(forty)
    assert hits(slope, real) <= 1 and hits(value, real) == 0 and hits(announced, real) >= 38


@pytest.mark.long
@hundreds
def test_forty_other_starts_of_the_sessions_code():
    net = session_network(SESSION_BUGS, range(1, 41))
    run = gradient_descent(net, *TRAIN, learning_rate=1, epochs=2000, record_every=None)
    accuracy = net.accuracy(*TRAIN)
    assert accuracy.min() < 0.4 and accuracy.max() > 0.9 and 0.35 < (accuracy > 0.88).mean() < 0.65
    assert (run.loss[-1] < run.loss[0]).mean() > 0.7


@pytest.mark.long
def test_the_session_and_its_bugs():
    accuracy = {}
    for name, bugs in {"all": SESSION_BUGS, "two": (REPEATED, MISPLACED), "sums": (MISPLACED,), "bias": (BORROWED,), "none": ()}.items():
        net = session_network(bugs)
        run = gradient_descent(net, *TRAIN, learning_rate=1, epochs=2000)
        accuracy[name] = net.accuracy(*TRAIN)[0]
        if name == "all":
            assert run.b[2][1, 0, 0, 0] == pytest.approx(-0.163, abs=0.001) and run.b[2][-1, 0, 0, 0] < -7
            assert (run.b[2][:, 0, 1:] == 0).all()
    assert accuracy["all"] == accuracy["two"] == accuracy["sums"]
    assert 0.73 < accuracy["all"] < 0.83 and 0.86 < accuracy["bias"] < 0.9 < accuracy["none"]


@pytest.mark.long
@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5, 2, 3])
def test_no_learning_rate_moves_the_three_biases_or_saves_the_session(rate):
    net = session_network(SESSION_BUGS)
    gradient_descent(net, *TRAIN, learning_rate=rate, epochs=2000, record_every=None)
    assert (net.b[2][:, 1:] == 0).all() and net.accuracy(*TRAIN)[0] < 0.82


@pytest.mark.long
def test_from_other_starts_the_same_bugs_cost_nothing_or_nearly_everything():
    net = session_network(SESSION_BUGS, SEEDS)
    run = gradient_descent(net, *TRAIN, learning_rate=1, epochs=2000, record_every=None)
    accuracy = net.accuracy(*TRAIN)
    assert accuracy.min() < 0.6 and accuracy.max() > 0.89 and (run.loss[-1] < run.loss[0]).mean() > 0.8


def test_the_gradient_check_accuses_the_biases_alone():
    net = session_network(SESSION_BUGS)
    single = net.with_parameters(*({k: v[k][0] for k in net.layers} for v in (net.W, net.b)))
    report = check_gradients(single, TRAIN[0][:, :40], TRAIN[1][:, :40])
    assert {f"{row.name}_{row.k}" for row in report.rows if row.n_wrong} == {"b_1", "b_2"}


@pytest.mark.long
def test_straight_borders_lose_nothing_on_round_clouds():
    linear, _ = trained((2, 4), (0.5, 2000))
    hidden, _ = trained((2, 2, 4), (0.5, 2000))
    assert (hidden.accuracy(*TRAIN) - linear.accuracy(*TRAIN) < 0.01).all()
    other = LogisticRegression(C=1e6, max_iter=10_000).fit(X_TRAIN, LABELS_TRAIN).score(X_TRAIN, LABELS_TRAIN)
    assert abs(linear.accuracy(*TRAIN) - other).max() < 0.005


@pytest.mark.long
@pytest.mark.parametrize("make, straight", [(moons, 0.87), (spirals, 0.50)])
def test_bent_borders_on_held_back_points(make, straight):
    X_all, labels = make()
    X_fit, X_test, fit, test = train_test_split(X_all, labels, random_state=0)
    k = labels.max() + 1
    for sizes, low, high in (([2, k], straight - 0.05, straight + 0.05), ([2, 8, k], 0.97, 1)):
        net = FeedForwardNetwork(sizes, activation="tanh", seed=SEEDS)
        gradient_descent(net, X_fit.T, one_hot(fit, k), learning_rate=1, epochs=1500, record_every=None)
        accuracy = net.accuracy(X_test.T, one_hot(test, k))
        assert low <= accuracy.min() and accuracy.max() <= high
