"""What lesson 09 says about two classes holds over many starts, and against derivations of their own: sympy, autograd, plain Python."""

import math
from functools import cache

import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from autograd import grad
from sklearn.model_selection import train_test_split

from utils.data import four_blobs, two_classes
from utils.explore.run_replay import train
from utils.learn.exercises import lesson_09 as exercises
from utils.nn import FeedForwardNetwork, gradient_descent

SEEDS = list(range(20))
X, CLOUDS = four_blobs()
X_TRAIN, X_VAL, CLOUDS_TRAIN, CLOUDS_VAL = train_test_split(X, CLOUDS, stratify=CLOUDS % 2, random_state=0)
LABELS = CLOUDS_TRAIN % 2
TRAIN, VAL = (X_TRAIN.T, LABELS[None] * 1.0), (X_VAL.T, CLOUDS_VAL[None] % 2 * 1.0)
WEIGHTS = np.random.RandomState(0).randn(6)
PLACES = [(1, 1, 1), (1, 1, 2), (1, 2, 1), (1, 2, 2), (2, 1, 1), (2, 1, 2)]


def session():
    net = FeedForwardNetwork([2, 2, 1], output="sigmoid", loss="squared_error")
    return net.with_parameters(W={1: WEIGHTS[:4].reshape(2, 2), 2: WEIGHTS[4:].reshape(1, 2)})


@cache
def trained(n_hidden, rate, epochs, seeds=tuple(SEEDS)):
    """Return a stack of networks with one hidden layer (none for 0), one for each seed, trained."""
    net = FeedForwardNetwork([2, *[n_hidden] * (n_hidden > 0), 1], output="sigmoid", loss="squared_error", seed=list(seeds))
    gradient_descent(net, *TRAIN, rate, epochs, record_every=None)
    return net


def plain_loss(weights, biases=(0.0, 0.0, 0.0)):
    """The mean squared error with autograd's NumPy, straight from the formulas, weights counted as in the session."""
    w_1, w_2, w_3, w_4, w_5, w_6 = weights
    x_1, x_2 = X_TRAIN.T
    h_1 = 1 / (1 + anp.exp(-(w_1 * x_1 + w_2 * x_2 + biases[0])))
    h_2 = 1 / (1 + anp.exp(-(w_3 * x_1 + w_4 * x_2 + biases[1])))
    return anp.mean((1 / (1 + anp.exp(-(w_5 * h_1 + w_6 * h_2 + biases[2]))) - LABELS) ** 2)


def only(place, epochs=500, rate=2.5):
    """Return weight and loss over the epochs in which this weight alone moves, with the learner's step."""
    k, i, j = place
    net, path = session(), []
    for _ in range(epochs + 1):
        trace = net.forward(TRAIN[0])
        path.append((net.W[k][i - 1, j - 1], net.loss(trace, TRAIN[1])))
        net.W[k] = exercises.step_of_one(net.W[k], net.backward(trace, TRAIN[1]).W[k], i, j, rate)
    return np.transpose(path)


# --- borders ---


def test_the_points_are_those_of_the_two_classes():
    again = train_test_split(*two_classes(), stratify=two_classes()[1], random_state=0)
    assert (again[0] == X_TRAIN).all() and (again[2] == LABELS).all() and (again[3] == CLOUDS_VAL % 2).all()


def test_no_straight_border_gets_75_percent_and_the_best_gets_558():
    best = 0
    for angle in np.linspace(0, np.pi, 6000, endpoint=False):  # all cuts of each direction, on either side
        ahead = np.cumsum(np.where(LABELS[np.argsort(X_TRAIN @ [np.cos(angle), np.sin(angle)])] == 0, 1, -1))
        right = LABELS.sum() + np.array([0, *ahead])
        best = max(best, right.max(), 750 - right.min())
    assert best == 558


@pytest.mark.long
def test_gradient_descent_settles_at_a_border_with_a_lower_loss_and_fewer_points_right():
    net, later = trained(0, 0.5, 2000), trained(0, 0.5, 20_000, tuple(range(10)))
    accuracy, losses = net.accuracy(*TRAIN), net.loss(net.forward(TRAIN[0]), TRAIN[1])
    assert (accuracy < 0.72).mean() > 0.6 and np.median(losses) < 0.23
    assert np.median(later.accuracy(*TRAIN)) == np.median(accuracy)
    assert abs(np.median(later.loss(later.forward(TRAIN[0]), TRAIN[1])) - np.median(losses)) < 1e-3
    angle = np.pi * 53 / 90  # the best border, however steep its sigmoid is
    s = X_TRAIN @ [np.cos(angle), np.sin(angle)]
    cuts = [cut for cut in s if ((s > cut) == LABELS).sum() == 558]
    steep = np.geomspace(0.005, 20, 300)[:, None]
    assert cuts and all(((1 / (1 + np.exp(-steep * (s - cut))) - LABELS) ** 2).mean(1).min() > 0.24 for cut in cuts)


def test_a_border_of_the_learner_goes_through_its_points_with_the_left_side_positive():
    for p, q in np.random.default_rng(0).normal(size=(10, 2, 2)):
        w, b = exercises.border(p, q)
        left = p + (q - p) @ np.array([[0, 1], [-1, 0]])  # q − p turned to the left
        assert abs(w @ p + b) < 1e-12 > abs(w @ q + b) and w @ left + b > 0


@pytest.mark.long
def test_two_units_are_enough_and_about_half_of_the_starts_find_it():
    one, two, four = trained(1, 2.5, 500), trained(2, 2.5, 500, tuple(range(40))), trained(4, 2.5, 500)
    share = [(net.accuracy(*TRAIN) > 0.95).mean() for net in (one, two, four)]
    assert share[0] == 0 and 0.33 < share[1] < 0.77 and share[2] > 0.85
    stuck = two.accuracy(*TRAIN)[two.accuracy(*TRAIN) < 0.95]
    assert ((abs(stuck - 0.673) < 0.01) | (abs(stuck - 0.732) < 0.01)).all()
    assert four.accuracy(*TRAIN).max() < 0.985  # no better border


@pytest.mark.long
def test_both_units_of_a_stuck_network_cut_at_the_same_cloud_and_never_at_the_upper_one():
    net = trained(2, 2.5, 500, tuple(range(40)))
    right = net.accuracy(*TRAIN)
    decided = net.forward(TRAIN[0]).h[1] > 0.5
    for units in decided[right < 0.8]:
        said = np.array([[unit[c == CLOUDS_TRAIN].mean() for c in range(4)] for unit in units])
        cut = np.abs(said - said[:, :1])  # how far a cloud is from being where cloud 0 is
        assert (cut[:, 3] < 0.05).all() and cut[0].argmax() == cut[1].argmax()
    longer = trained(2, 2.5, 2000, tuple(range(40))).accuracy(*TRAIN)
    assert ((longer > 0.95) & (right < 0.8)).sum() <= 0.2 * (right < 0.8).sum()


def test_with_seed_1_the_lower_cloud_is_cut_off_first():
    run = train(2.5, 500, 2, 1)

    def cut_off(epoch):
        h = run.at(np.abs(run.epochs - epoch).argmin()).forward(TRAIN[0]).h[1]
        clouds = [h[:, c == CLOUDS_TRAIN].mean(1) for c in range(4)]
        return clouds[1][1] - clouds[0][1], clouds[3][0] - clouds[0][0]

    lower, upper = np.transpose([cut_off(epoch) for epoch in (50, 100, 250)])
    assert lower[0] > 0.6 and upper[1] < 0.2 < 0.6 < upper[2]
    assert (np.diff(run.loss[run.epochs < 250]) > 0).any()


# --- one weight ---


@pytest.mark.long
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


def test_the_names_lead_to_the_right_entries_and_derivatives():
    net = session()
    gradients, slopes = net.backward(net.forward(TRAIN[0]), TRAIN[1]), grad(plain_loss)(WEIGHTS)
    for (k, i, j), weight, slope in zip(PLACES, WEIGHTS, slopes, strict=True):
        assert net.W[k][i - 1, j - 1] == weight
        assert math.isclose(gradients.W[k][i - 1, j - 1], slope, rel_tol=1e-9)
    by_size = np.abs(slopes).argsort()
    assert by_size[-1] == 1 and by_size[0] == 3 == np.abs(WEIGHTS).argmax()  # w₂ has the largest, w₄ the smallest and the largest value


@pytest.mark.parametrize("number", range(6))
def test_one_weight_alone_takes_the_same_path_as_a_plain_program(number):
    derivative, w, path = grad(plain_loss), WEIGHTS.copy(), []
    for _ in range(41):
        path.append((w[number], plain_loss(w)))
        w[number] -= 5 * derivative(w)[number] / 2  # the session: half the gradient, twice the rate
    assert np.allclose(only(PLACES[number], epochs=40), np.transpose(path), rtol=1e-9)


@pytest.mark.long
def test_what_each_weight_reaches_alone():
    ways = [only(place) for place in PLACES]
    assert np.argsort([loss[-1] for _, loss in ways]).tolist() == [2, 5, 4, 1, 0, 3]
    weight, loss = ways[0]
    assert abs(weight[1] - 1.736) < 1e-3 and abs(weight[-1] - 1.245) < 1e-3
    assert 0.01 < 1 - loss[-1] / loss[0] < 0.02
    values = np.linspace(-4, 5, 181)
    curve = [plain_loss([*WEIGHTS[:1], value, *WEIGHTS[2:]]) for value in values]
    assert min(curve) < ways[1][1][-1] - 0.01 and abs(values[np.argmin(curve)] + 1.3) < 0.1  # behind the hill
    assert np.isclose(only(PLACES[1], epochs=1500)[0][-1], ways[1][0][-1], atol=1e-3)  # w₂ stays in its hollow
    net = session()
    net.W[1][0, 0] = weight[-1]
    assert net.accuracy(*TRAIN) < 2 / 3  # more than a third is still wrong
    net = session()
    net.W[1][1, 0] = ways[2][0][-1]
    assert abs(net.accuracy(*TRAIN) - session().accuracy(*TRAIN)) < 0.01 and ways[2][1][-1] < 0.95 * ways[2][1][0]


# --- all nine ---


def test_the_sessions_run():
    net = session()
    run = gradient_descent(net, *TRAIN, 2.5, 2000)
    assert abs(net.accuracy(*TRAIN) - 0.976) < 0.005 and abs(net.accuracy(*VAL) - 0.940) < 0.01
    rises = np.flatnonzero(np.diff(run.loss) > 0)
    assert len(rises) > 50 and 150 < rises[0] < 180 and 400 < rises[-1] < 500
    h = net.forward(TRAIN[0]).h[1].round()
    assert not ((h[0] == 1) & (h[1] == 0)).any() and net.W[2][0, 0] > 4


def test_slopes_multiply_through_the_output_unit():
    h, w_5, rest = sp.symbols("h w_5 rest")
    y_hat = 1 / (1 + sp.exp(-(w_5 * h + rest)))
    slope = sp.diff(y_hat, h)
    assert sp.simplify(slope - y_hat * (1 - y_hat) * w_5) == 0
    assert sp.simplify(slope.subs(rest, -w_5 * h) - w_5 / 4) == 0


def test_the_gentle_run_falls_at_every_step_and_climbs_on_its_last_map():
    net = session()
    run = gradient_descent(net, *TRAIN, 0.5, 2000)
    assert (np.diff(run.loss) < 0).all()
    W_1 = np.repeat(net.W[1][None], 2001, axis=0)
    W_1[:, 0] = run.W[1][:, 0]
    stack = net.with_parameters(W={1: W_1})
    ground = stack.loss(stack.forward(TRAIN[0]), TRAIN[1])
    assert run.loss[800] < run.loss[600] and ground[800] > ground[600] + 0.03


# --- influence ---


def nine_costs(net, step=0.1, eps=1e-3):
    """Return |value|, derivative · step, the parabola, and the real change, for the nine parameters of a stack: four arrays (9, S)."""
    rows = []
    for name in "Wb":
        for k in net.layers:
            for i, j in np.ndindex(getattr(net, name)[k].shape[1:]):

                def loss_if(way, name=name, k=k, i=i, j=j):
                    moved = net.with_parameters()
                    getattr(moved, name)[k][:, i, j] += way
                    return moved.loss(moved.forward(TRAIN[0]), TRAIN[1])

                up, here, down = loss_if(eps), loss_if(0), loss_if(-eps)
                slope = (up - down) / (2 * eps)
                parabola = slope * step + exercises.curvature(up, here, down, eps) * step**2 / 2
                rows.append((getattr(net, name)[k][:, i, j], slope * step, parabola, loss_if(step) - here))
    return np.abs(np.moveaxis(rows, 1, 0))


@pytest.mark.long
def test_what_names_the_most_influential_parameter():
    seeds = tuple(range(40))
    fresh = FeedForwardNetwork([2, 2, 1], output="sigmoid", loss="squared_error", seed=list(seeds))
    _, slope, parabola, real = (costs.argmax(0) for costs in nine_costs(fresh))
    assert 0.7 < (slope == real).mean() < 0.95 and (parabola == real).all()
    net = trained(2, 2.5, 2000, seeds)
    done = net.accuracy(*TRAIN) > 0.95
    value, slope, parabola, real = nine_costs(net)
    way = np.abs(
        [
            (getattr(net, v)[k] - getattr(fresh, v)[k])[:, i, j]
            for v in "Wb"
            for k in (1, 2)
            for i, j in np.ndindex(getattr(net, v)[k].shape[1:])
        ]
    )
    costliest = real.argmax(0)
    assert done.sum() >= 10
    assert not ((value.argmax(0) == costliest) | (way.argmax(0) == costliest))[done].any()
    assert (slope.argmax(0) == costliest)[done].mean() < 0.2 and (parabola.argmax(0) == costliest)[done].all()
    assert np.isin(costliest[done], (1, 3)).all()  # a weight of x₂


def test_the_costliest_of_four_in_the_sessions_network():
    net = session()
    gradient_descent(net, *TRAIN, 2.5, 2000)
    stack = net.with_parameters(*({k: v[k][None] for k in (1, 2)} for v in (net.W, net.b)))
    value, slope, parabola, real = (costs[:, 0] for costs in nine_costs(stack))
    pale, dark = 1, 6  # W₁,₁,₂ and b₁,₁: all weights first, then the biases
    assert np.abs(X_TRAIN[:, 0]).max() < 5 and abs(X_TRAIN[CLOUDS_TRAIN == 3, 1].mean() - 8) < 0.5
    assert real.argmax() == pale and real[pale] > 10 * real[dark] and value.argmax() == dark
    assert value[0] == value.min() and slope[pale] < 0.05 * real[pale] and abs(parabola[pale] / real[pale] - 1) < 0.25
