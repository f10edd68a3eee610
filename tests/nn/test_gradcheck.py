import re

import any_scale
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.data import one_hot
from utils.exhibits.bugs import BUGS
from utils.homework import reference
from utils.nn import gradcheck
from utils.nn.gradcheck import check_gradients, numerical_gradient
from utils.nn.losses import LOSSES
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

quick = settings(derandomize=True, deadline=None, max_examples=15)


def examples(net, n_examples, seed=0, scale=1.0):
    rng = np.random.default_rng(seed)
    x, n_rows = scale * rng.normal(size=(net.layer_sizes[0], n_examples)), net.layer_sizes[-1]
    if net.loss.output == "softmax":
        return x, one_hot(rng.integers(0, n_rows, n_examples), n_rows)
    y = rng.normal(size=(n_rows, n_examples))
    return x, (y > 0) * 1.0 if net.loss.output == "sigmoid" else scale * y


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity"])
@pytest.mark.parametrize("pair", LOSSES, ids=" + ".join)
@quick
@given(
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4).flatmap(lambda below: st.integers(2, 4).map(lambda n: [*below, n])),
    n_examples=st.integers(1, 20),
    seed=st.integers(0, 10**6),
    scale=st.sampled_from([0.01, 1, 1000]),  # nobody has to scale the data first
)
def test_true_gradients_pass_whatever_the_network(activation, pair, sizes, n_examples, seed, scale):
    net = FeedForwardNetwork(sizes, activation, *pair, seed=seed)
    report = check_gradients(net, *examples(net, n_examples, seed, scale))
    assert report.ok, str(report)
    assert [(row.name, row.k, row.size) for row in report.rows] == [
        *(("W", k, net.W[k].size) for k in net.layers),
        *(("b", k, net.b[k].size) for k in net.layers),
    ]
    assert "entries agree: every relative error is below 1e-05." in str(report)


def test_true_gradients_pass_at_the_bottom_of_the_valley_where_they_are_almost_zero():
    net = FeedForwardNetwork([2, 1], output="linear", loss="squared_error", seed=0)
    x = np.random.default_rng(0).normal(size=(2, 20))
    gradient_descent(net, x, 2e3 * x[:1] + 1e3, 0.1, 2000, record_every=2000)
    assert check_gradients(net, x, 2e3 * x[:1] + 1e3).ok


@pytest.mark.parametrize("x", [[[0.0], [0.0]], [[1e-6], [0.0]], [[-1e-6], [0.0]], [[0.0, 0, 1], [0, 0, 1]]], ids=str)
def test_at_a_kink_of_relu_the_slope_on_either_side_is_right(x):
    net = FeedForwardNetwork([2, 3, 3, 2], "relu", seed=0)  # fresh biases are 0, so a_k = 0 wherever the layer below is silent
    report = check_gradients(net, x, one_hot([0, 1, 1][: len(x[0])], 2))
    assert report.ok, str(report)


@pytest.mark.parametrize("name, k, shape", [("W", 1, (40, 30)), ("b", 1, (40, 1)), ("W", 2, (3, 40)), ("b", 2, (3, 1))])
def test_a_big_network_is_measured_in_several_stacks_with_the_same_result(monkeypatch, name, k, shape):
    class Watched(FeedForwardNetwork):
        largest = 0

        def forward(self, x):
            trace = super().forward(x)
            Watched.largest = max(Watched.largest, trace.a[2].size, trace.a[1].size)
            return trace

    net = Watched([30, 40, 3], "tanh", seed=0)
    x, y = examples(net, 4)
    at_once = numerical_gradient(net, x, y, name, k)
    monkeypatch.setattr(gradcheck, "LARGEST_STACK", 1000)
    Watched.largest = 0
    in_parts = numerical_gradient(net, x, y, name, k)
    assert Watched.largest <= 1000
    np.testing.assert_allclose(in_parts, at_once, atol=1e-9)
    np.testing.assert_allclose(in_parts, getattr(net.backward(net.forward(x), y), name)[k], atol=1e-9)
    assert in_parts.shape == shape


# Inputs, weights, biases and targets of any size from 1e-4 to 1e4: a few of the networks that any_scale.py counts


@pytest.mark.parametrize("seed", range(40))
def test_no_true_network_is_accused_whatever_the_size_of_its_numbers(seed):
    with np.errstate(all="ignore"):
        report = check_gradients(*any_scale.true_case(seed))
    assert report.ok, str(report)


def test_every_bug_is_found_wherever_it_shows():
    with np.errstate(all="ignore"):
        verdicts = [any_scale.judged(seed) for seed in range(40)]
    assert {bug.name for bug, verdict in verdicts if verdict == "found"} == {bug.name for bug in BUGS if bug.accused}
    assert not [bug.name for bug, verdict in verdicts if verdict == "missed"]


# Sabotage: the report must name the layer, the entry and both values.


def sabotaged(change, sizes=(3, 3, 3), **settings):
    class Sabotaged(FeedForwardNetwork):
        def backward(self, trace, y):
            gradients = super().backward(trace, y)
            change(gradients)
            return gradients

    return Sabotaged(list(sizes), seed=2, **settings)


def flip_one_sign(gradients):
    gradients.W[2][2, 0] *= -1


def double_the_bias(gradients):
    gradients.b[1] = 2 * gradients.b[1]


def forget_a_layer(gradients):
    gradients.W[1] = np.zeros_like(gradients.W[1])


def transpose(gradients):
    gradients.W[2] = gradients.W[2].T


def not_a_number(gradients):
    gradients.W[1][1, 2] = np.nan


def rounded(gradients):
    gradients.W[2][0, 1] *= 1.001


@pytest.mark.parametrize(
    "change, name, k, n_wrong, entry, symbol",
    [
        (flip_one_sign, "W", 2, 1, (2, 0), "W_2,3,1"),
        (double_the_bias, "b", 1, 3, None, "b_1,"),
        (forget_a_layer, "W", 1, 9, None, "W_1,"),
        (transpose, "W", 2, 6, None, "W_2,"),
        (not_a_number, "W", 1, 1, (1, 2), "W_1,2,3"),
        (rounded, "W", 2, 1, (0, 1), "W_2,1,2"),
    ],
)
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_a_wrong_gradient_is_found_and_nothing_else_is_blamed(change, name, k, n_wrong, entry, symbol, activation):
    net = sabotaged(change, activation=activation).with_parameters(b={1: np.ones((3, 1))})  # so that each ReLU is above 0 for some example
    x, y = examples(net, 8)
    report = check_gradients(net, x, y)
    assert not report.ok
    assert [(row.name, row.k, row.n_wrong) for row in report.rows if row.n_wrong] == [(name, k, n_wrong)]

    worst = report.worst
    assert (worst.name, worst.k) == (name, k) and worst.symbol.startswith(symbol)
    assert entry is None or worst.entry == entry
    claimed = getattr(net.backward(net.forward(x), y), name)[k][worst.entry]
    true = getattr(FeedForwardNetwork.backward(net, net.forward(x), y), name)[k][worst.entry]
    np.testing.assert_equal(worst.backward, claimed)
    assert worst.numerical == pytest.approx(true, rel=1e-6)

    text = str(report)
    assert f"Wrong: ∂L/∂{name}_{k}. Worst is {worst.symbol}" in text
    assert f"backward says {claimed:+.6g}" in text and f"the finite difference {worst.numerical:+.6g}" in text
    assert len(text.splitlines()) == 1 + 4 + 1  # a heading, a line for each parameter, the verdict


def test_what_is_printed_does_not_hang_on_a_last_digit():
    def disturbed(size, seed):
        """Return the report on gradients that are 40 times too large, and those of b_1 sums that should be 0, but for their last digits."""

        def change(gradients):
            rng = np.random.default_rng(seed)
            for k in (1, 2):
                gradients.W[k] *= 40 * (1 + size * rng.normal(size=gradients.W[k].shape))
            gradients.b[1] = size * rng.normal(size=gradients.b[1].shape)
            gradients.b[2] = gradients.b[2] * (1 + size * rng.normal(size=gradients.b[2].shape))

        net = sabotaged(change)
        return str(check_gradients(net, *examples(net, 8)))

    texts = {disturbed(size, seed) for size, seed in [(0, 0), (1e-15, 1), (1e-15, 2), (1e-15, 3)]}
    assert len(texts) == 1
    assert "of 9            9.7e-01    W_1,1,1" in texts.pop()


def missing(gradients):
    gradients.b[2] = None


def transposed_rectangle(gradients):
    gradients.W[1] = gradients.W[1].T


def no_sum_over_examples(gradients):
    gradients.b[1] = gradients.a[1]


def sum_that_drops_an_axis(gradients):
    gradients.b[1] = gradients.b[1][:, 0]


@pytest.mark.parametrize(
    "change, message",
    [
        (missing, r"∂L/∂b_2 is missing .* b_2 has shape \(2, 1\)"),
        (transposed_rectangle, r"∂L/∂W_1 is of shape \(3, 4\), but .* W_1 has shape \(4, 3\)"),
        (no_sum_over_examples, r"∂L/∂b_1 is of shape \(4, 5\), but .* b_1 has shape \(4, 1\)"),
        (sum_that_drops_an_axis, r"∂L/∂b_1 is of shape \(4,\), but .* b_1 has shape \(4, 1\)"),
    ],
)
def test_a_gradient_of_another_shape_is_named_with_both_shapes(change, message):
    net = sabotaged(change, sizes=(3, 4, 2))
    with pytest.raises(ValueError, match=message):
        check_gradients(net, *examples(net, 5))


def test_the_check_leaves_the_network_as_it_is():
    net = FeedForwardNetwork([2, 3, 2], seed=0)
    for v in (*net.W[1:], *net.b[1:]):
        v.setflags(write=False)
    assert check_gradients(net, *examples(net, 4)).ok


def homework(x, y, W1, b1, W2, b2):
    return reference.backward(x, y, W1, b1, W2, b2)


def test_a_function_of_the_homework_is_checked_with_its_parameters():
    net = FeedForwardNetwork([2, 4, 3], seed=0)
    x, y = examples(net, 5)
    parameters = [net.W[1], net.b[1] + 0.3, net.W[2], net.b[2]]
    assert check_gradients(homework, x, y, parameters=parameters).ok
    assert check_gradients(homework, x, y, parameters=parameters, forward=reference.forward).ok
    five_times = check_gradients(lambda *given: [5 * v for v in homework(*given)], x, y, parameters=parameters)
    assert [round(row.ratio, 6) for row in five_times.rows] == [5] * 4 and five_times.rows[0].n_wrong == 8
    no_bias = check_gradients(
        homework, x, y, parameters=parameters, forward=lambda x, W1, b1, *rest: reference.forward(x, W1, 0 * b1, *rest)
    )
    assert not no_bias.ok


@pytest.mark.parametrize(
    "backward, change, message",
    [
        (
            lambda *given: homework(*given)[:3],
            {},
            "backward must return four gradients, of W1, b1, W2, b2 in this order, but it returned 3 of them",
        ),
        (lambda *given: None, {}, "but it returned NoneType"),
        (lambda *given: [v.T for v in homework(*given)], {}, "but a gradient has the shape of its quantity"),
        (homework, {"parameters": [np.ones((4, 2)), np.ones(4), np.ones((3, 4)), np.ones((3, 1))]}, "The parameters must be four matrices"),
        (homework, {"parameters": [np.ones((4, 2)), np.ones((3, 1)), np.ones((3, 4)), np.ones((3, 1))]}, "must have shape"),
        (homework, {"forward": lambda x, *given: x}, "Your forward returns shape"),
        (homework, {"parameters": None}, "give its parameters, too: check_gradients(backward, x, y, parameters="),
    ],
)
def test_what_is_no_function_of_the_homework_is_said(backward, change, message):
    net = FeedForwardNetwork([2, 4, 3], seed=0)
    parameters = {"parameters": [v[k] for k in net.layers for v in (net.W, net.b)]}
    with pytest.raises(ValueError, match=re.escape(message)):
        check_gradients(backward, *examples(net, 5), **parameters | change)
