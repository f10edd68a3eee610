import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from utils.nn.losses import LOSSES, softmax
from utils.nn.network import Trace

quick = settings(derandomize=True, deadline=None, max_examples=40)
scores = arrays(float, (3, 2), elements=st.floats(-15, 15))
shares = arrays(float, (3, 2), elements=st.floats(0.01, 1)).map(lambda v: v / v.sum(0))


def loss_and_grad(pair, a, y):
    loss = LOSSES[pair]
    a, y = np.array(a, dtype=float), np.array(y, dtype=float)
    trace = Trace([None, a], [None, loss.O(a)])
    return loss(trace, y), loss.grad_a(trace.y_hat, y)


def outputs_by_hand(output, column):
    if output == "softmax":
        return [math.exp(a) / sum(map(math.exp, column)) for a in column]
    return [1 / (1 + math.exp(-a)) for a in column] if output == "sigmoid" else list(column)


def example_loss_by_hand(pair, column, y):
    y_hat = outputs_by_hand(pair[0], column)
    if pair[1] == "squared_error":
        return sum((p - q) ** 2 for p, q in zip(y_hat, y, strict=True))
    if pair[0] == "softmax":
        return -sum(q * math.log(p) for p, q in zip(y_hat, y, strict=True))
    # 1 − σ(a) = σ(−a) keeps the digits that 1 − ŷ loses
    rest = outputs_by_hand(pair[0], [-a for a in column])
    return -sum(q * math.log(p) + (1 - q) * math.log(r) for p, r, q in zip(y_hat, rest, y, strict=True))


@pytest.mark.parametrize("pair", LOSSES, ids=" + ".join)
@quick
@given(a=scores, y=shares)
def test_loss_is_the_mean_of_the_examples_worked_by_hand(pair, a, y):
    by_hand = [example_loss_by_hand(pair, a[:, n], y[:, n]) for n in range(2)]
    assert loss_and_grad(pair, a, y)[0] == pytest.approx(sum(by_hand) / 2, rel=1e-9)


@pytest.mark.parametrize("pair", LOSSES, ids=" + ".join)
@quick
@given(a=scores, y=shares)
def test_grad_a_is_the_slope_of_the_loss_worked_by_hand(pair, a, y):
    grad_a = loss_and_grad(pair, a, y)[1]
    for i in range(3):
        up, down = a[:, 0].copy(), a[:, 0].copy()
        up[i] += 1e-5
        down[i] -= 1e-5
        slope = (example_loss_by_hand(pair, up, y[:, 0]) - example_loss_by_hand(pair, down, y[:, 0])) / 2e-5 / 2  # 1/N, N = 2
        assert grad_a[i, 0] == pytest.approx(slope, rel=1e-5, abs=1e-7)


@quick
@given(a=scores, shift=st.floats(-1e4, 1e4))
def test_softmax_is_a_distribution_that_a_common_shift_leaves_as_it_is(a, shift):
    y_hat = softmax(a)
    assert (y_hat > 0).all()
    np.testing.assert_allclose(y_hat.sum(0), 1)
    np.testing.assert_allclose(softmax(a + shift), y_hat, rtol=1e-10)


@quick
@given(a=scores, y=shares)
def test_softmax_with_squared_error_needs_the_whole_jacobian(a, y):
    # ∂L/∂a = (diag(ŷ) − ŷŷᵀ) 2(ŷ − y)/N, and every column sums to 0: a common shift of the scores changes nothing
    _, grad_a = loss_and_grad(("softmax", "squared_error"), a, y)
    for n, (y_hat, target) in enumerate(zip(softmax(a).T, y.T, strict=True)):
        jacobian = np.diag(y_hat) - np.outer(y_hat, y_hat)
        np.testing.assert_allclose(grad_a[:, n], jacobian @ (2 * (y_hat - target) / 2), atol=1e-12)
    np.testing.assert_allclose(grad_a.sum(0), 0, atol=1e-12)


@pytest.mark.parametrize("pair", LOSSES, ids=" + ".join)
@quick
@given(a=scores, y=shares)
def test_jacobian_times_grad_y_hat_is_grad_a(pair, a, y):
    loss, y_hat = LOSSES[pair], LOSSES[pair].O(a)
    grad_y_hat, grad_a = loss.grad_y_hat(y_hat, y), loss.grad_a(y_hat, y)
    for n in range(2):
        np.testing.assert_allclose(loss.jacobian(y_hat[:, [n]]).T @ grad_y_hat[:, n], grad_a[:, n], rtol=1e-7, atol=1e-12)


BIG = 1e4


@pytest.mark.parametrize(
    "pair, a, y, loss, grad_a",
    [
        (("softmax", "cross_entropy"), [BIG, -BIG], [0, 1], 2 * BIG, [1, -1]),
        (("softmax", "cross_entropy"), [BIG, -BIG], [1, 0], 0, [0, 0]),
        (("softmax", "cross_entropy"), [-BIG, -BIG], [1, 0], math.log(2), [-0.5, 0.5]),
        (("softmax", "squared_error"), [BIG, -BIG], [0, 1], 2, [0, 0]),
        (("sigmoid", "cross_entropy"), [BIG, -BIG], [0, 1], 2 * BIG, [1, -1]),
        (("sigmoid", "cross_entropy"), [BIG, -BIG], [1, 0], 0, [0, 0]),
        (("sigmoid", "squared_error"), [BIG, -BIG], [0, 1], 2, [0, 0]),
        (("linear", "squared_error"), [BIG, -BIG], [-BIG, -BIG], 4 * BIG**2, [4 * BIG, 0]),
    ],
)
def test_limits_at_huge_scores_are_exact(pair, a, y, loss, grad_a):
    value, grad = loss_and_grad(pair, np.reshape(a, (2, 1)), np.reshape(y, (2, 1)))
    assert value == loss
    assert grad[:, 0].tolist() == grad_a


@quick
@given(a=arrays(float, (4, 3), elements=st.sampled_from([-1e4, -1e3, 0.0, 1e3, 1e4])))
def test_softmax_of_huge_scores_still_sums_to_one(a):
    y_hat = softmax(a)
    np.testing.assert_allclose(y_hat.sum(0), 1, rtol=1e-15)
    assert (y_hat[a < a.max(0)] == 0).all()  # e^{−1000} is 0 in floating point
