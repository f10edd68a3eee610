"""What lesson 14 says about digits holds over several seeds, trained as a stack, and against computations of its own."""

import os
from functools import cache

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

from utils.data import digits, one_hot
from utils.explore.digit import ALONG, RANDOM, Seen, digit_picture
from utils.homework import reference
from utils.learn.exercises import lesson_14 as exercises
from utils.nn import FeedForwardNetwork, gradient_descent

LONG = os.environ.get("COURSE_LONG") == "1"
SEEDS = list(range(10 if LONG else 4))  # make test-long: ten seeds
thorough = pytest.mark.skipif(not LONG, reason="make test-long trains for hundreds of passes")
(X, LABELS), (X_VAL, LABELS_VAL), (X_TEST, LABELS_TEST) = digits()
TRAIN, VAL, TEST = ((part.T / 16, one_hot(labels, 10)) for part, labels in digits())


@cache
def trained(sizes=(64, 32, 10), activation="tanh", rate=0.5, passes=50):
    """Return a stack of networks, one for each seed, trained in batches of 50."""
    net = FeedForwardNetwork(list(sizes), activation, seed=SEEDS)
    gradient_descent(net, *TRAIN, rate, passes, batch_size=50, record_every=None, seed=0)
    return net


def test_the_three_parts_share_nothing_and_have_all_classes_alike():
    assert [len(part) for part in (X, X_VAL, X_TEST)] == [1000, 297, 500]
    everything = np.concatenate([X, X_VAL, X_TEST])
    assert len(np.unique(everything, axis=0)) == 1797 == len(everything)
    for labels in (LABELS, LABELS_VAL, LABELS_TEST):
        assert np.ptp(np.bincount(labels, minlength=10) / len(labels)) < 0.015


@pytest.mark.parametrize(
    ("activation", "rate"),
    [("tanh", 0.5), pytest.param("sigmoid", 2, marks=pytest.mark.long), pytest.param("relu", 0.5, marks=pytest.mark.long)],
)
def test_every_seed_reads_digits(activation, rate):
    net = trained(activation=activation, rate=rate)
    assert (net.accuracy(*TRAIN) > 0.995).all()
    assert net.accuracy(*TEST).min() > 0.955 and np.median(net.accuracy(*TEST)) > 0.965


@pytest.mark.long
def test_other_splits_read_as_well():
    accuracies = []
    for seed in SEEDS:
        train, _, test = ((part.T / 16, one_hot(labels, 10)) for part, labels in digits(seed))
        net = FeedForwardNetwork([64, 32, 10], "tanh", seed=seed)
        gradient_descent(net, *train, 0.5, 50, batch_size=50, record_every=None, seed=0)
        accuracies.append(net.accuracy(*test))
    assert min(accuracies) > 0.955 and np.median(accuracies) >= 0.965


@pytest.mark.parametrize("size", [1.0, None], ids=["weights of size 1, as in homework 4", "weights of size 1/√n"])
def test_the_train_of_homework_4_reads_digits_without_a_change(size):
    rng = np.random.default_rng(0)
    start = size and [rng.normal(size=shape) if shape[1] > 1 else np.zeros(shape) for shape in ((32, 64), (32, 1), (10, 32), (10, 1))]
    parameters = reference.train(X / 16, LABELS, 32, 2, 300, 0, start=start)
    assert (reference.forward(VAL[0], *parameters).argmax(0) == LABELS_VAL).mean() > 0.92


def test_raw_pixels_kill_every_relu_network():
    net = FeedForwardNetwork([64, 32, 10], "relu", seed=SEEDS)
    run = gradient_descent(net, X.T, TRAIN[1], 0.5, 5, batch_size=50, record_every=None, seed=0)
    assert np.abs(run.loss[-1] - np.log(10)).max() < 0.1 and not net.forward(X.T).h[1].any()


def first_pass(run, goal=0.15):
    """Return for each network of a stack the first pass with a validation loss at most the goal, far away if there is none."""
    losses = np.array([run.at(i).loss(run.at(i).forward(VAL[0]), VAL[1]) for i in range(len(run.epochs))])
    return np.where((losses <= goal).any(0), (losses <= goal).argmax(0), 10**6)


@cache
def passes(size, rate, most):
    net = FeedForwardNetwork([64, 32, 10], "tanh", seed=SEEDS)
    return first_pass(gradient_descent(net, *TRAIN, rate, most, batch_size=size, seed=0))


@pytest.mark.long
def test_small_batches_need_a_tenth_of_the_passes_and_all_images_the_fewest_steps():
    whole, parts = passes(None, 1.5, 110), passes(50, 1, 15)
    assert (parts < 0.25 * whole).all() and (20 * parts > whole).all()


@pytest.mark.long
def test_momentum_walks_like_ten_times_the_rate():
    v = {}

    def step(net, gradients, rate):
        for values, grads, name in ((net.W, gradients.W, "W"), (net.b, gradients.b, "b")):
            for k in net.layers:
                v[name, k] = 0.9 * v.get((name, k), 0) - rate * grads[k]
                values[k] = values[k] + v[name, k]

    net = FeedForwardNetwork([64, 32, 10], "tanh", seed=SEEDS)
    with_momentum = first_pass(gradient_descent(net, *TRAIN, 0.05, 25, batch_size=50, seed=0, step=step))
    distances = [np.abs(passes(50, rate, most) - with_momentum) for rate, most in ((0.5, 25), (0.1, 80))]
    assert (distances[0] < 4).all() and (distances[1] > 15).all()


@cache
def lies(seed):
    """Return 200 images with 40 wrong labels, and which ones these are, for a seed of the lies."""
    rng = np.random.default_rng(seed)
    given = LABELS[:200].copy()
    careless = rng.choice(200, 40, replace=False)
    given[careless] = (given[careless] + rng.integers(1, 10, 40)) % 10
    return TRAIN[0][:, :200], given, careless


def test_forty_labels_are_wrong_and_the_others_right():
    _, given, careless = lies(0)
    assert set(np.flatnonzero(given != LABELS[:200])) == set(careless) and len(careless) == 40


@cache
def by_heart(sizes=(64, 32, 10), decay=0.0):
    """Return a network for each seed, with lies of its own, after 2000 passes, and accuracy and loss on validation every 50 passes."""
    x = np.stack([lies(seed)[0] for seed in SEEDS])
    y = np.stack([one_hot(lies(seed)[1], 10) for seed in SEEDS])
    net = FeedForwardNetwork(list(sizes), "tanh", seed=SEEDS)
    losses, accuracies = [], []

    def step(net, gradients, rate):
        for k in net.layers:
            net.W[k] = exercises.decayed(net.W[k], gradients.W[k], rate, decay)
            net.b[k] = net.b[k] - rate * gradients.b[k]

    for _ in range(40):
        gradient_descent(net, x, y, 0.5, 50, record_every=None, step=step)
        losses.append(net.loss(net.forward(VAL[0]), VAL[1]))
        accuracies.append(net.accuracy(*VAL))
    return net, net.accuracy(x, y), np.array(losses), np.array(accuracies)


@pytest.mark.long
@thorough
def test_lies_are_learned_by_heart_and_what_helps():
    _, train, losses, accuracies = by_heart()
    assert (train == 1).all() and (losses[-1] / losses.min(0) > 1.35).all()
    stopped = np.take_along_axis(accuracies, losses.argmin(0)[None], 0)[0]
    assert (stopped - accuracies[-1] > 0.03).all() and np.median(stopped - accuracies[-1]) > 0.08
    decay, small = by_heart(decay=0.02)[3][-1], by_heart((64, 8, 10))[3][-1]
    assert (small < np.minimum(decay, stopped)).all() and np.median(decay) > 0.83
    clean = []
    for seed in SEEDS:
        x, given, careless = lies(seed)
        honest = np.setdiff1d(np.arange(200), careless)
        net = FeedForwardNetwork([64, 32, 10], "tanh", seed=seed)
        gradient_descent(net, x[:, honest], one_hot(given[honest], 10), 0.5, 1000, record_every=None)
        clean.append(net.accuracy(*VAL))
    gain = np.array(clean) - np.maximum(decay, stopped)
    assert gain.min() > 0 and np.median(gain) > 0.03


def test_weights_of_pixels_that_are_always_white_do_not_move():
    assert (X[:, [0, 32, 39]] == 0).all()
    fresh = FeedForwardNetwork([64, 32, 10], "tanh", seed=SEEDS)
    moved = trained().W[1] - fresh.W[1]
    assert (moved[..., [0, 32, 39]] == 0).all()
    sizes = [np.sqrt((W**2).mean((-2, -1))) for W in (fresh.W[1], trained().W[1])]
    assert (sizes[1] > 1.5 * sizes[0]).all()


def test_taking_out_one_unit_is_hardly_noticed():
    """In the middle of the units; single ones may cost a few points."""
    net, costs = trained(), []
    for i in range(32):
        W2 = net.W[2].copy()
        W2[..., i] = 0
        costs.append(net.accuracy(*TEST) - net.with_parameters(W={2: W2}).accuracy(*TEST))
    assert np.median(costs) < 0.01 and np.max(costs) < 0.08


@pytest.mark.long
@thorough
def test_longer_training_makes_surer_and_not_better():
    early, late = trained(), trained(passes=500)
    sure = [net.forward(VAL[0]).y_hat.max(-2).mean(-1) for net in (early, late)]
    assert (sure[1] - sure[0] > 0.01).all() and (np.abs(late.accuracy(*VAL) - early.accuracy(*VAL)) < 0.012).all()
    assert np.abs(sure[0] - early.accuracy(*VAL)).max() < 0.03


def test_the_honest_rivals():
    nearest = KNeighborsClassifier(1).fit(X, LABELS).score(X_TEST, LABELS_TEST)
    mine = np.mean([exercises.most_similar(x[:, None], X.T, LABELS) == label for x, label in zip(X_TEST, LABELS_TEST, strict=True)])
    assert mine == pytest.approx(nearest, abs=0.003)
    linear, net = trained((64, 10)).accuracy(*TEST), trained().accuracy(*TEST)
    assert (net <= nearest).all() and np.median(net - linear) > 0.005 and linear.min() > 0.94
    assert linear[0] < net[0] < nearest, "the order that the lesson shows"


def grad_x(net, x, y):
    return net.W[1].mT @ net.backward(net.forward(x), y).a[1]


def test_the_input_gradient_is_that_of_finite_differences():
    net = FeedForwardNetwork([64, 32, 10], "tanh", seed=0)
    x, y = TEST[0][:, :1], TEST[1][:, :1]
    slopes = [(net.loss(net.forward(x + e), y) - net.loss(net.forward(x - e), y)) / 2e-5 for e in 1e-5 * np.eye(64)[:, :, None]]
    assert np.allclose(exercises.input_gradient(net.W[1], net.backward(net.forward(x), y).a[1])[:, 0], slopes, rtol=1e-5, atol=1e-9)


def test_every_network_is_fooled_by_the_gradient_and_none_by_chance():
    image, y = load_digits().data[[945]].T, one_hot([8], 10)
    assert (X_TEST == image.T).all(1).any()
    net = trained()
    gradient = grad_x(net, image / 16, y)
    p = net.forward(exercises.push(image, gradient, 2) / 16).y_hat[..., 0]
    assert (net.forward(image / 16).y_hat[:, 8, 0] > 0.99).all() and (p[:, 3] > 0.9).all() and (p[:, 8] < 0.1).all()
    signs = np.random.default_rng(0).choice([-1, 1], (64, 100))
    assert (net.forward(np.clip(image + 2 * signs, 0, 16) / 16).y_hat[:, 8] > 0.8).all()


def test_half_of_the_answers_turn_at_about_the_same_step_without_a_hidden_layer():
    shares = []
    for net in (trained(), trained((64, 10))):
        pushed = exercises.push(16 * TEST[0], grad_x(net, *TEST), 2)
        shares.append((net.predict(pushed / 16) == LABELS_TEST).mean(-1))
        random = np.clip(16 * TEST[0] + 2 * np.random.default_rng(0).choice([-1, 1], TEST[0].shape), 0, 16)
        assert ((net.predict(random / 16) == LABELS_TEST).mean(-1) > 0.92).all()
    assert (shares[0] < 0.45).all() and (shares[1] < 0.6).all()


def test_what_fools_one_network_fools_most_answers_of_the_others():
    net = trained()
    pushed = exercises.push(16 * TEST[0], grad_x(net, *TEST)[0], 2)
    others = (net.predict(pushed / 16)[1:] == LABELS_TEST).mean(-1)
    assert (others < 0.6).all()


def test_the_explorer_shows_the_network_of_the_lesson():
    seen = Seen(945, 0, 0, 0, 0, 2.0, ALONG)
    net = FeedForwardNetwork([64, 32, 10], "tanh", seed=0)
    gradient_descent(net, *TRAIN, 0.5, 50, batch_size=50, record_every=None, seed=0)
    image = load_digits().data[[945]].T
    p = net.forward(exercises.push(image, grad_x(net, image / 16, one_hot([8], 10)), 2) / 16).y_hat[:, 0]
    assert np.allclose(seen.y_hat, p, atol=1e-6) and seen.answer == 3
    assert f"the network says 3 with {p[3]:.3f}" in digit_picture(945, 0, 0, 0, 0, 2.0, ALONG).alt
    assert Seen(945, 0, 0, 0, 0, 2.0, RANDOM).answer == 8


def test_the_explorer_moves_and_erases_what_it_says():
    image = load_digits().data[945].reshape(8, 8)
    assert (Seen(945, 0, 2, 0, 0, 0.0, ALONG).x.reshape(8, 8)[:, 2:] == image[:, :-2]).all()
    assert (Seen(945, 0, 0, -1, 0, 0.0, ALONG).x.reshape(8, 8)[:-1] == image[1:]).all()
    assert (Seen(945, 0, 0, 0, 3, 0.0, ALONG).x.reshape(8, 8)[:3] == 0).all()
    blurred = Seen(945, 1.5, 0, 0, 0, 0.0, ALONG).x
    assert blurred.std() < image.std() and blurred.min() >= 0 and blurred.max() <= 16
