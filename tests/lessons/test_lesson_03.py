"""Lesson 03: its formulas by sympy, its numbers to six digits, and what it says about weights and inputs over many networks."""

import numpy as np
import pytest
import sympy as sp

from utils.exhibits.samples import X, Y, sample
from utils.explore.forward_pass import forward_pass_explorer, forward_pass_picture
from utils.learn.exercises import lesson_03 as exercises
from utils.nn.activations import ACTIVATIONS, sigmoid
from utils.nn.losses import softmax
from utils.nn.network import FeedForwardNetwork

START = forward_pass_explorer().state


def test_the_sample_to_six_digits():
    net = sample("2-2-2")
    both, truths = np.hstack([X, [[2.0], [-1.0]]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    first, second = net.forward(X), net.forward(both[:, 1:])
    for trace, a_1, h_1, a_2, y_hat in (
        (first, [0, 1.7], [0.5, 0.845535], [-0.038214, 0.710981], [0.320997, 0.679003]),
        (second, [1.4, -0.5], [0.802184, 0.377541], [0.330294, 0.138695], [0.547754, 0.452246]),
    ):
        for found, true in ((trace.a[1], a_1), (trace.h[1], h_1), (trace.a[2], a_2), (trace.y_hat, y_hat)):
            assert np.allclose(found.ravel(), true, atol=6e-7)
    assert np.allclose([net.loss(first, Y), net.loss(second, truths[:, 1:])], [1.136324, 0.793529], atol=6e-7)
    assert np.isclose(net.loss(net.forward(both), truths), 0.964927, atol=6e-7)


def test_seven_of_nine_numbers_hear_the_weight_whatever_the_network():
    for seed in range(10):
        net = FeedForwardNetwork([2, 2, 2], seed=seed)
        W = net.W[1].copy()
        W[1, 0] += 0.1
        before, after = (each.forward(X) for each in (net, net.with_parameters(W={1: W})))
        moved = [abs(a - b).ravel() > 0 for k in (1, 2) for a, b in ((before.a[k], after.a[k]), (before.h[k], after.h[k]))]
        assert np.concatenate(moved).sum() == 6 and not moved[0][0] and not moved[1][0]  # the seventh is the loss


def test_sums_written_out_are_the_matrix_product():
    W, x, b = sp.Matrix(2, 2, sp.symbols("W_111 W_112 W_121 W_122")), sp.Matrix(sp.symbols("x_1:3")), sp.Matrix(sp.symbols("b_11 b_12"))
    assert sp.Matrix([W[i, 0] * x[0] + W[i, 1] * x[1] + b[i] for i in range(2)]) == W * x + b


def test_two_layers_without_g_are_one():
    W_1, W_2 = sp.MatrixSymbol("W_1", 3, 2).as_explicit(), sp.MatrixSymbol("W_2", 4, 3).as_explicit()
    b_1, b_2, x = (sp.MatrixSymbol(name, n, 1).as_explicit() for name, n in (("b_1", 3), ("b_2", 4), ("x", 2)))
    before_x, without_x = exercises.multiplied_out(*map(np.array, (W_1, b_1, W_2, b_2)))
    assert (W_2 * (W_1 * x + b_1) + b_2 - sp.Matrix(before_x) * x - sp.Matrix(without_x)).expand() == sp.zeros(4, 1)


def test_formulas_of_g_and_of_the_losses():
    a, y, y_hat = np.linspace(-3, 3, 7), sp.Symbol("y"), sp.Symbol("y_hat")
    table = {
        "sigmoid": 1 / (1 + np.exp(-a)),
        "tanh": (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a)),
        "relu": np.where(a > 0, a, 0),
        "identity": a,
    }
    assert table.keys() == ACTIVATIONS.keys()
    assert all(np.allclose(ACTIVATIONS[name](a), h) for name, h in table.items())
    assert sp.expand(sp.diff((y_hat - y) ** 2, y_hat) - 2 * (y_hat - y)) == 0


def test_a_point_more_multiplies_the_ratio_by_e_and_never_the_probability():
    scores = sp.symbols("a_1:4")
    shares = [sp.exp(score) / sum(map(sp.exp, scores)) for score in scores]
    raised = [share.subs(scores[1], scores[1] + 1) for share in shares]
    assert sp.simplify(raised[1] / raised[0] / (shares[1] / shares[0]) - sp.E) == 0
    rng = np.random.default_rng(0)
    a = 3 * rng.normal(size=(3, 1000))
    grown = softmax(a + np.eye(3)[:, [1]])[1] / softmax(a)[1]
    assert (grown < np.e).all() and (grown > 1).all()
    assert np.allclose(softmax(np.array([[1.0], [3.0], [0.0]]))[1], 0.844, atol=5e-4)


def test_cross_entropy_is_smallest_where_both_distributions_are_the_same():
    rng = np.random.default_rng(1)
    for _ in range(50):
        y = rng.dirichlet(np.ones(4))
        others = rng.dirichlet(np.ones(4), 200)
        assert min(exercises.cross_entropy(p, y) for p in others) > exercises.cross_entropy(y, y)
    assert np.isclose(exercises.cross_entropy(np.array([0.7, 0.2, 0.1]), np.array([0.7, 0.2, 0.1])), 0.8018, atol=5e-5)


def test_losses_of_the_table_are_those_of_the_network():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 6))
    answers = np.eye(3)[:, rng.integers(3, size=6)]
    cases = {
        ("softmax", "cross_entropy"): (answers, lambda p, y: -(y * np.log(p))),
        ("sigmoid", "cross_entropy"): (answers[:1], lambda p, y: -y * np.log(p) - (1 - y) * np.log(1 - p)),
        ("linear", "squared_error"): (answers, lambda p, y: (p - y) ** 2),
    }
    for (output, name), (y, loss) in cases.items():
        net = FeedForwardNetwork([2, 4, len(y)], output=output, loss=name, seed=1)
        trace = net.forward(x)
        assert np.isclose(net.loss(trace, y), loss(trace.y_hat, y).sum() / 6)  # a sum over outputs, a mean over examples


def test_what_the_learner_writes_agrees_with_the_network():
    net = FeedForwardNetwork([2, 5, 3, 4], seed=3).with_parameters(b={1: np.ones((5, 1))})
    x = np.random.default_rng(0).normal(size=(2, 6))
    trace = net.forward(x)
    assert np.allclose(exercises.forward(net, x), trace.y_hat)
    assert np.allclose(exercises.pre_activations(net.W[2], net.b[2], trace.h[1]), trace.a[2])


@pytest.mark.parametrize(("factor", "right"), [(1, 2), (2, 4), (5, 4)])
def test_the_small_integers_fail_with_sigmoids_and_their_multiples_do_not(factor, right):
    integers = np.array([[2, 2], [-2, -2]]), np.array([[-1], [3]]), np.array([[2, 2]]), np.array([[-3]])
    said = exercises.answers(*(factor * each for each in integers))
    assert ((said > 0.5) == exercises.EXACTLY_ONE).sum() == right
    assert np.allclose(said[0, 0], said[0, 3]) and np.allclose(said[0, 1], said[0, 2])  # by symmetry


def test_with_steps_the_small_integers_are_right_and_every_a_is_1_or_3_away_from_0():
    a_1 = np.array([[2, 2], [-2, -2]]) @ exercises.POINTS + [[-1], [3]]
    a_2 = np.array([[2, 2]]) @ (a_1 > 0) - 3
    assert {*np.abs(a_1).ravel(), *np.abs(a_2).ravel()} == {1, 3} and ((a_2 > 0) == exercises.EXACTLY_ONE).all()


def test_no_single_unit_can_do_exclusive_or():
    w_1, w_2, b = sp.symbols("w_1 w_2 b")
    no, yes = [b, w_1 + w_2 + b], [w_1 + b, w_2 + b]  # a at the two points of each kind; yes > 0 ≥ no
    assert sp.expand(sum(no) - sum(yes)) == 0  # equal sums contradict it


def test_an_output_bias_cannot_serve_both_examples_and_the_weights_can():
    net = sample("2-2-2")
    first, second = net.forward(X).h[1].ravel(), net.forward(np.array([[2.0], [-1.0]])).h[1].ravel()
    direction = first / np.linalg.norm(first) - second / np.linalg.norm(second)
    assert direction @ first > 0 > direction @ second
    by_bias = [net.backward(net.forward(x), y).b[2][0, 0] for x, y in ((X, Y), (np.array([[2.0], [-1.0]]), 1 - Y))]
    assert by_bias[0] < 0 < by_bias[1]


def test_raw_inputs_make_units_flat_and_standardised_ones_do_not():
    for seed in range(5):
        people = np.array([[1700.0], [70.0]]) + np.array([[80.0], [12.0]]) * np.random.default_rng(seed).normal(size=(2, 200))
        nets = FeedForwardNetwork([2, 4, 2], seed=range(100 * seed, 100 * seed + 100))
        raw, scaled = (nets.forward(x).h[1] for x in (people, exercises.standardised(people)))
        assert np.mean(raw * (1 - raw) < 0.01) > 0.97 and np.mean(scaled * (1 - scaled) < 0.01) < 0.01
        assert np.mean(np.ptp(raw, axis=-1) < 0.01) > 0.95  # the same answer to everybody
        assert 0.3 < np.median(np.abs(nets.W[1])) < 0.7
    assert sigmoid(np.array(850.0)) == 1


def test_what_there_is_to_see_in_the_explorer():
    crossing = forward_pass_picture(**START | {"kind": "b", "k": 2, "i": 1, "change": 1.0})
    assert "a_2,1" in crossing.caption and "ŷ_1 0.28 → 0.51" in crossing.caption and "a_2,2" not in crossing.caption
    asleep = START | {"activation": "relu", "x_1": -2.0}
    for change in (0.5, 1.0, 2.0):
        assert "loss stays at 0.69" in forward_pass_picture(**asleep | {"change": change}).caption
    assert "a_1,2 −1.33 →" in forward_pass_picture(**asleep | {"change": 1.0}).caption
    for change in (-0.7, -1.0, -3.0):
        assert "7 numbers moved" in forward_pass_picture(**asleep | {"change": change}).caption
    for change in (-3.0, 0.1, 3.0):
        assert "no other number moves" in forward_pass_picture(**START | {"x_1": 0.0, "change": change}).caption


def test_wrong_products_raise_an_error_where_all_sizes_differ():
    W_2, h_1 = FeedForwardNetwork([2, 3, 4]).W[2], np.ones((3, 5))
    fits = {"W h": (W_2, h_1), "h W": (h_1, W_2), "Wᵀ h": (W_2.mT, h_1), "W hᵀ": (W_2, h_1.mT)}
    assert [name for name, (left, right) in fits.items() if left.shape[1] == right.shape[0]] == ["W h"]
    for W, h in ((FeedForwardNetwork([2, 3, 4]).W[1], np.ones((2, 5))), (W_2, h_1)):
        with pytest.raises(ValueError):
            W.mT @ h
        with pytest.raises(ValueError):
            W @ h + np.ones(len(W))  # a flat bias
