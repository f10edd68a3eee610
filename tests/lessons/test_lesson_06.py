"""Lesson 06: its derivations with SymPy, its numbers by automatic differentiation, and what it says of behaviour over many draws."""

import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from autograd import grad

from utils.data import one_hot
from utils.exhibits.samples import X, Y, sample
from utils.learn.exercises import lesson_06 as exercises
from utils.learn.lesson import known_lessons
from utils.nn import LOSSES, FeedForwardNetwork, softmax
from utils.pictures.lesson_06 import walk

ASKED = known_lessons()["06"]["predictions"]
OTHER = np.array([[2.0], [-1.0]]), np.array([[0.0], [1.0]])


def sample_loss(W_1, b_1, W_2, b_2, x, y):
    scores = anp.dot(W_2, 1 / (1 + anp.exp(-(anp.dot(W_1, x) + b_1)))) + b_2
    return anp.mean(anp.log(anp.sum(anp.exp(scores), axis=0)) - anp.sum(y * scores, axis=0))


def by_autograd(x, y):
    """Return ∂𝓛/∂W_1, ∂𝓛/∂b_1, ∂𝓛/∂W_2, ∂𝓛/∂b_2 of the sample network."""
    net = sample("2-2-2")
    return grad(sample_loss, (0, 1, 2, 3))(net.W[1], net.b[1], net.W[2], net.b[2], x, y)


def test_one_weight_and_the_matrix_written_out():
    W, h, b = sp.Matrix(3, 3, sp.symbols("W1:4(1:4)")), sp.Matrix(sp.symbols("h1:4")), sp.Matrix(sp.symbols("b1:4"))
    a, scores = b + W * h, sp.Matrix(sp.symbols("s1:4"))
    loss = sp.log(sum(scores.applyfunc(sp.exp))) - scores[1]  # cross-entropy, class 2
    at = dict(zip(scores, a, strict=True))
    grad_a = [sp.diff(loss, s).subs(at) for s in scores]
    for i in range(3):
        assert sp.simplify(sp.diff(loss.subs(at), b[i]) - grad_a[i]) == 0 and sp.diff(a[i], b[i]) == 1
        for j in range(3):
            assert [sp.diff(row, W[i, j]) for row in a] == [h[j] if row == i else 0 for row in range(3)]
            assert sp.simplify(sp.diff(loss.subs(at), W[i, j]) - grad_a[i] * h[j]) == 0


def test_the_numbers_of_the_sample_for_both_examples_and_their_batch():
    W_1, b_1, W_2, b_2 = by_autograd(X, Y)
    assert np.allclose(W_2, [[-0.339502, -0.574121], [0.339502, 0.574121]], atol=1e-6)
    assert np.allclose(W_1, [[-0.186726, -0.373452], [0.115286, 0.230573]], atol=1e-6)
    assert np.allclose(np.ravel([b_1, b_2]), [-0.186726, 0.115286, -0.679003, 0.679003], atol=1e-6)
    W_1, b_1, W_2, b_2 = by_autograd(*OTHER)
    assert np.allclose(W_2[0], [0.439399, 0.206799], atol=1e-6) and np.allclose(b_2[0], 0.547754, atol=1e-6)
    both = np.hstack([X, OTHER[0]]), np.hstack([Y, OTHER[1]])
    batch = by_autograd(*both)
    assert np.allclose(batch[2][0], [0.049949, -0.183661], atol=1e-6) and np.allclose(batch[3][0], -0.065625, atol=1e-6)
    lengths = [sum((g**2).sum() for g in by_autograd(*example)) for example in ((X, Y), OTHER, both)]
    assert np.allclose(lengths, [2.100788, 1.294613, 0.190446], atol=1e-5)  # the step of the batch is the shortest


def test_the_wrong_answers_come_from_the_slips_that_their_reasons_name():
    net = sample("2-2-2")
    trace = net.forward(X)
    back, weight = net.backward(trace, Y), net.W[2][0, 1]
    h, blame_2, blame_1 = trace.h[1][:, 0], back.a[2][:, 0], back.a[1][:, 0]
    slips = {
        "w_212": {"-0.34": blame_2[0] * h[0], "0.574": blame_2[1] * h[1], "0.272": blame_2[0] * weight, "-0.747": back.h[1][0, 0]},
        "w_112": {"-0.187": blame_1[0], "0.115": blame_1[1], "0.231": 2 * blame_1[1], "-1.494": 2 * back.h[1][0, 0]},
        "two": {
            "-0.131": -0.679003 + 0.547754,
            "-0.033": (-0.679003 + 0.547754) / 4,
            "-0.614": (-0.679003 - 0.547754) / 2,
            "-0.679": -0.679003,
            "-0.34": -0.679003 / 2,
        },
    }
    for name, values in slips.items():
        assert {*values} == {*ASKED[name]["reasons"]} - {"why"}
        assert all(abs(float(told) - value) < 2e-3 for told, value in values.items()), name


@pytest.mark.parametrize("seed", range(10))
def test_what_the_learner_writes_agrees_with_backward(seed):
    rng = np.random.default_rng(seed)
    net = FeedForwardNetwork([3, 4, 2], seed=seed)
    x, y = rng.normal(size=(3, 5)), one_hot(rng.integers(2, size=5), 2)
    trace = net.forward(x)
    back = net.backward(trace, y)
    for k in net.layers:
        grad_W, grad_b = exercises.batch_gradients(back.a[k], trace.h[k - 1])
        assert np.allclose(grad_W, back.W[k]) and np.allclose(grad_b, back.b[k])
        tables = [exercises.all_weights(back.a[k][:, [n]], trace.h[k - 1][:, [n]]) for n in range(5)]
        assert np.allclose(sum(tables), back.W[k])
        assert np.isclose(exercises.one_weight(back.a[k][:, [2]], trace.h[k - 1][:, [2]], 1, 0), tables[2][1, 0])


@pytest.mark.parametrize("seed", range(10))
def test_a_weight_below_changes_the_blame_above_and_no_other_units_signal(seed):
    net = FeedForwardNetwork([2, 3, 2], seed=seed)
    x = np.random.default_rng(seed).normal(size=(2, 1))
    W = net.W[1].copy()
    W[0, 0] += 0.1
    before, after = net.forward(x), net.with_parameters(W={1: W}).forward(x)
    assert abs(before.y_hat[0, 0] - after.y_hat[0, 0]) > 1e-9 and np.allclose(before.h[1][1:], after.h[1][1:])


def test_an_input_in_another_unit_changes_the_gradient_by_its_factor():
    rng = np.random.default_rng(0)
    for _ in range(20):
        net = FeedForwardNetwork([2, 3, 2], seed=rng)
        x, y = rng.normal(size=(2, 4)), one_hot(rng.integers(2, size=4), 2)
        factor = np.array([[1.0], [100.0]])
        other = net.with_parameters(W={1: net.W[1] / factor.T})
        before, after = net.backward(net.forward(x), y), other.backward(other.forward(factor * x), y)
        assert np.allclose(after.W[1], before.W[1] * factor.T) and np.allclose(after.a[1], before.a[1])


def test_positive_signals_zigzag_and_allow_shorter_steps_only():
    def steps(centred, seed, rate, d, most=3000):
        signals = np.random.default_rng(seed).uniform(size=(most, d)) - 0.5 * centred
        target, w = np.resize([1.0, -1.0], d), np.zeros(d)
        for n, h in enumerate(signals, start=1):
            w = w - rate * 2 * ((w - target) @ h) * h
            error = np.abs(w - target).max()
            if error < 0.1 or error > 1e6:
                return n if error < 0.1 else most
        return most

    def median(centred, rate, d=10):
        return np.median([steps(centred, seed, rate, d) for seed in range(30)])

    assert abs(median(0, 0.1) / median(1, 0.1) - 1) < 0.15  # the same rate: hardly a difference
    assert median(0, 0.3) == 3000 > median(1, 0.3)  # the one diverges, the other arrives
    best = [min((median(centred, rate), rate) for rate in (0.1, 0.2, 0.3, 0.5, 0.7)) for centred in (0, 1)]
    assert 2 < best[0][0] / best[1][0] < 3 and best[0][1] < best[1][1]
    assert np.allclose([best[0][0], best[1][0]], [123, 53], rtol=0.1)
    for seed in range(20):
        moves = np.diff(walk(np.random.default_rng(seed).uniform(size=(200, 2)), 0.5), axis=0)
        assert (moves[:, 0] * moves[:, 1] > 0).all()


def test_the_straight_path_is_a_half_for_squared_error_with_two_classes_only():
    rng = np.random.default_rng(1)
    for k in (2, 3, 4):
        for _ in range(20):
            p, y = softmax(rng.normal(size=(k, 1))), one_hot(rng.integers(k, size=1), k)
            straight = {"squared_error": 2 * (p - y) * p * (1 - p), "cross_entropy": -y / p * p * (1 - p)}
            true = {name: LOSSES["softmax", name].grad_a(p, y) for name in straight}
            assert np.allclose(straight["squared_error"], true["squared_error"] / 2) == (k == 2)
            assert np.allclose(straight["cross_entropy"], true["cross_entropy"] * y)  # all at the true class, nothing elsewhere
    p, truth = np.array([0.1, 0.2, 0.7]), np.array([1.0, 0, 0])
    true = grad(lambda a: anp.sum((anp.exp(a) / anp.sum(anp.exp(a)) - truth) ** 2))(np.log(p))
    assert np.allclose(true, [-0.268, -0.096, 0.364]) and np.allclose(2 * (p - truth) * p * (1 - p), [-0.162, 0.064, 0.294])


def test_the_formula_of_the_live_class_for_w_212():
    a = np.array([0.6, 0.4])
    true = grad(lambda a: anp.sum((anp.exp(a) / anp.sum(anp.exp(a)) - np.array([1.0, 0])) ** 2))(a)[0] * 0.8
    p = softmax(a[:, None])[0, 0]
    one_path = -2 * (1 - p) * p * (1 - p) * 0.8
    assert np.allclose([p, true, one_path, -0.4 * one_path], [0.55, -0.357, -0.178, 0.071], atol=1e-3)


@pytest.mark.parametrize("copies", [1, 2, 3])
def test_a_second_division_is_wrong_by_n(copies):
    net = FeedForwardNetwork([2, 4, 3], seed=0)
    x, y = np.tile(np.random.default_rng(1).normal(size=(2, 5)), copies), np.tile(one_hot([0, 1, 2, 1, 0], 3), copies)
    trace = net.forward(x)
    grad_a = net.backward(trace, y).a[2]

    def loss(W, b):
        scores = anp.dot(W, trace.h[1]) + b
        return anp.mean(anp.log(anp.sum(anp.exp(scores), axis=0)) - anp.sum(y * scores, axis=0))

    true_W, true_b = grad(loss, (0, 1))(net.W[2], net.b[2])
    mine_W, mine_b = exercises.batch_gradients(grad_a, trace.h[1])
    assert np.allclose(mine_W, true_W) and np.allclose(mine_b, true_b)
    whole, crippled = (np.concatenate([true_W.ravel(), true_b.ravel() / n]) for n in (1, 5 * copies))
    assert whole @ crippled / np.linalg.norm(whole) / np.linalg.norm(crippled) < 0.99  # a mean in the bias line alone turns the step


def test_a_bias_for_each_example_is_noticed_by_the_next_batch_of_another_size():
    net, x = FeedForwardNetwork([3, 2], seed=0), np.ones((3, 5))
    b = net.b[1] - 0.5 * np.random.default_rng(0).normal(size=(2, 5))
    assert b.shape == (2, 5) and (net.W[1] @ x + b).shape == (2, 5)
    with pytest.raises(ValueError):
        net.W[1] @ x[:, :4] + b


def test_the_tanh_network_of_section_4_has_the_numbers_that_are_told():
    net, (x, y) = sample("2-2-2"), OTHER
    net = FeedForwardNetwork([2, 2, 2], activation="tanh").with_parameters(W={k: net.W[k] for k in (1, 2)}, b={k: net.b[k] for k in (1, 2)})
    trace = net.forward(x)
    assert np.allclose(trace.h[1].ravel(), [0.885, -0.462], atol=5e-4)
    assert np.allclose((trace.y_hat - y).ravel(), [0.798, -0.798], atol=5e-4)
