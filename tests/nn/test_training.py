from functools import wraps

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_blobs
from sklearn.model_selection import train_test_split

from utils.data import one_hot
from utils.nn.activations import ACTIVATIONS, Activation
from utils.nn.gradcheck import check_gradients
from utils.nn.network import FeedForwardNetwork, Gradients, Trace
from utils.nn.training import gradient_descent

quick = settings(derandomize=True, deadline=None, max_examples=20)
REGRESSION = {"output": "linear", "loss": "squared_error"}


def classes(n_examples=12, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, n_examples)), one_hot(np.arange(n_examples) % 3, 3)


def numbers(n_examples=10, seed=0):
    x = np.random.default_rng(seed).normal(size=(2, n_examples))
    return x, x[:1] - 2 * x[1:] + 1


def assert_same_parameters(net, other, **tolerance):
    for k in net.layers:
        np.testing.assert_allclose(net.W[k], other.W[k], **({"rtol": 1e-12} | tolerance))
        np.testing.assert_allclose(net.b[k], other.b[k], **({"rtol": 1e-12, "atol": 1e-15} | tolerance))


def test_every_record_of_full_batch_descent_equals_a_loop_written_out():
    x, y = classes()
    history = gradient_descent(FeedForwardNetwork([2, 3, 3], seed=0), x, y, learning_rate=0.7, epochs=6)
    W_1, W_2 = FeedForwardNetwork([2, 3, 3], seed=0).W[1:]
    b_1 = b_2 = np.zeros((3, 1))
    for r in range(7):
        h_1 = 1 / (1 + np.exp(-(W_1 @ x + b_1)))
        e = np.exp(W_2 @ h_1 + b_2)
        y_hat = e / e.sum(0)
        grad_a_2 = (y_hat - y) / 12
        grad_a_1 = W_2.T @ grad_a_2 * h_1 * (1 - h_1)
        grads = grad_a_1 @ x.T, grad_a_1.sum(1, keepdims=True), grad_a_2 @ h_1.T, grad_a_2.sum(1, keepdims=True)
        assert history.loss[r] == pytest.approx(-np.log(y_hat[y == 1]).mean(), rel=1e-12)
        assert history.accuracy[r] == (y_hat.argmax(0) == y.argmax(0)).mean()
        assert history.gradient_norm[1][r] == pytest.approx(np.sqrt((grads[0] ** 2).sum() + (grads[1] ** 2).sum()), rel=1e-12)
        assert history.gradient_norm[2][r] == pytest.approx(np.sqrt((grads[2] ** 2).sum() + (grads[3] ** 2).sum()), rel=1e-12)
        for recorded, v in [(history.W[1], W_1), (history.b[1], b_1), (history.W[2], W_2), (history.b[2], b_2)]:
            np.testing.assert_allclose(recorded[r], v, rtol=1e-12, atol=1e-15)
        W_1, b_1, W_2, b_2 = (v - 0.7 * grad for v, grad in zip((W_1, b_1, W_2, b_2), grads, strict=True))


def test_linear_regression_arrives_at_the_least_squares_solution():
    x, y = numbers(30)
    y = y + np.random.default_rng(1).normal(size=y.shape)
    net = FeedForwardNetwork([2, 1], **REGRESSION, seed=0)
    history = gradient_descent(net, x, y, learning_rate=0.1, epochs=1000, record_every=100)
    solution, residual, *_ = np.linalg.lstsq(np.vstack([x, np.ones(30)]).T, y[0])
    np.testing.assert_allclose([*net.W[1][0], *net.b[1][0]], solution, rtol=1e-9)
    assert history.loss[-1] == pytest.approx(residual[0] / 30, rel=1e-9)
    assert history.accuracy is None and not history.diverged


@quick
@given(epochs=st.integers(0, 12), record_every=st.integers(1, 14), batch_size=st.sampled_from([None, 5]))
def test_records_come_every_so_many_epochs_and_always_at_the_end(epochs, record_every, batch_size):
    x, y = classes()
    net = FeedForwardNetwork([2, 3], seed=0)
    history = gradient_descent(net, x, y, 0.5, epochs, batch_size=batch_size, record_every=record_every, seed=0)
    assert history.epochs.tolist() == sorted({*range(0, epochs + 1, record_every), epochs})
    assert len(history.loss) == len(history.accuracy) == len(history.gradient_norm[1]) == len(history.W[1]) == len(history.epochs)
    assert f"{epochs} epochs" in history.message
    assert_same_parameters(history.at(0), FeedForwardNetwork([2, 3], seed=0))
    assert_same_parameters(history.at(-1), net)


@pytest.mark.parametrize("batch_size", [None, 5])
def test_a_record_is_what_a_shorter_run_ends_with(batch_size):
    x, y = classes()
    history = gradient_descent(FeedForwardNetwork([2, 4, 3], seed=0), x, y, 0.5, 7, batch_size=batch_size, record_every=3, seed=1)
    stack = history.networks()
    trace = stack.forward(x)
    np.testing.assert_allclose(stack.loss(trace, y), history.loss, rtol=1e-12)
    np.testing.assert_array_equal(stack.accuracy(x, y), history.accuracy)
    for r, epochs in enumerate(history.epochs):
        net = FeedForwardNetwork([2, 4, 3], seed=0)
        shorter = gradient_descent(net, x, y, 0.5, int(epochs), batch_size=batch_size, seed=1)
        assert shorter.loss[-1] == pytest.approx(history.loss[r], rel=1e-12)
        assert_same_parameters(history.at(r), net)


class Watched(FeedForwardNetwork):
    """Keeps the examples with which each backward pass worked."""

    def backward(self, trace, y):
        self.__dict__.setdefault("batches", []).append((trace.h[0], y))
        return super().backward(trace, y)


def test_an_epoch_uses_every_example_once_with_its_own_target_in_an_order_of_its_own():
    x, y = np.arange(10.0).reshape(1, -1), 2 * np.arange(10.0).reshape(1, -1)
    net = Watched([1, 1], **REGRESSION, seed=0)
    gradient_descent(net, x, y, 1e-3, epochs=2, batch_size=4, record_every=2, seed=0)
    batches = [(some_x, some_y) for some_x, some_y in net.batches if some_x.shape[1] < 10]  # a record looks at all ten
    assert [some_x.shape[1] for some_x, _ in batches] == [4, 4, 2] * 2
    assert all((some_y == 2 * some_x).all() for some_x, some_y in batches)
    orders = [np.hstack([some_x[0] for some_x, _ in epoch]).tolist() for epoch in (batches[:3], batches[3:])]
    assert sorted(orders[0]) == sorted(orders[1]) == x[0].tolist()
    assert orders[0] != orders[1]


def test_batches_follow_the_seed_and_one_batch_of_everything_is_full_batch_descent():
    x, y = classes()

    def trained(batch_size, seed):
        net = FeedForwardNetwork([2, 3, 3], seed=0)
        gradient_descent(net, x, y, 0.5, 5, batch_size=batch_size, seed=seed)
        return net

    assert_same_parameters(trained(5, seed=1), trained(5, seed=1), rtol=0, atol=0)
    assert (trained(5, seed=1).W[1] != trained(5, seed=2).W[1]).any()
    assert_same_parameters(trained(12, seed=1), trained(None, seed=2), rtol=0, atol=0)
    assert_same_parameters(trained(99, seed=1), trained(None, seed=2), rtol=0, atol=0)


def test_training_changes_the_network_but_not_the_data():
    x, y = classes()
    kept = x.copy(), y.copy()
    net = FeedForwardNetwork([2, 3], seed=0)
    start = net.with_parameters()
    gradient_descent(net, x, y, 0.5, 3, batch_size=5, seed=0)
    assert (x == kept[0]).all() and (y == kept[1]).all()
    assert (net.W[1] != start.W[1]).all() and (net.b[1] != start.b[1]).all()


@pytest.mark.parametrize("batch_size", [None, 4])
@pytest.mark.parametrize("seed", [0, [0, 1]])
def test_the_losses_alone_cost_no_memory_for_parameters(batch_size, seed):
    x, y = classes()
    nets = [FeedForwardNetwork([2, 4, 3], seed=seed) for _ in range(2)]
    everything = gradient_descent(nets[0], x, y, 0.5, 6, batch_size=batch_size, seed=1)
    history = gradient_descent(nets[1], x, y, 0.5, 6, batch_size=batch_size, seed=1, record_every=None)
    np.testing.assert_array_equal(history.loss, everything.loss)
    np.testing.assert_array_equal(history.epochs, everything.epochs)
    assert history.W is history.b is None
    assert history.message == everything.message and (history.diverged == everything.diverged).all()
    assert_same_parameters(*nets, rtol=0, atol=0)
    for look in (history.networks, lambda: history.at(-1), lambda: history.accuracy, lambda: history.gradient_norm):
        with pytest.raises(ValueError, match=r"kept its losses alone.*record_every=1"):
            look()


# What a learner changes is what runs


def counted(net, name):
    """Replace a method of this very network by one that counts its calls, as a learner would, and return the list of calls."""
    calls, original = [], getattr(net, name)

    @wraps(original)
    def loud(*arguments):
        calls.append(arguments)
        return original(*arguments)

    setattr(net, name, loud)
    return calls


@pytest.mark.parametrize("name", ["forward", "backward"])
@pytest.mark.parametrize("record_every", [1, 6, None])
def test_a_method_replaced_in_one_network_runs_in_every_epoch(name, record_every):
    x, y = classes()
    net, plain = (FeedForwardNetwork([2, 3, 3], seed=0) for _ in range(2))
    calls = counted(net, name)
    history = gradient_descent(net, x, y, 0.5, 30, record_every=record_every)
    assert len(calls) == 30 + (name == "forward")
    expected = gradient_descent(plain, x, y, 0.5, 30, record_every=record_every)
    np.testing.assert_array_equal(history.loss, expected.loss)
    if record_every:  # the method calls that of the network it was taken from, which has other parameters by now
        np.testing.assert_array_equal(history.accuracy, expected.accuracy)
        np.testing.assert_allclose(history.gradient_norm[1], expected.gradient_norm[1], rtol=1e-12)
        np.testing.assert_array_equal(history.at(0).forward(x).y_hat, FeedForwardNetwork([2, 3, 3], seed=0).forward(x).y_hat)
        assert_same_parameters(net, plain, rtol=0, atol=0)  # looking at the run has not changed the network


class OwnWords(FeedForwardNetwork):
    """Forward and backward as a learner writes them, for one network: transposed with .T, axes counted from the front."""

    def forward(self, x):
        a_1 = self.W[1] @ x + self.b[1]
        h_1 = 1 / (1 + np.exp(-a_1))
        a_2 = self.W[2] @ h_1 + self.b[2]
        e = np.exp(a_2)
        return Trace([None, a_1, a_2], [x, h_1, e / e.sum(axis=0)])

    def backward(self, trace, y):
        grad_a_2 = (trace.y_hat - y) / y.shape[1]
        grad_a_1 = self.W[2].T.dot(grad_a_2) * trace.h[1] * (1 - trace.h[1])
        W, b = zip(*((g.dot(h.T), g.sum(axis=1).reshape(-1, 1)) for g, h in ((grad_a_1, trace.h[0]), (grad_a_2, trace.h[1]))), strict=True)
        return Gradients([None, grad_a_1, grad_a_2], [None, None, None], [None, *W], [None, *b])


def test_methods_that_know_nothing_of_stacks_are_trained_and_looked_at_all_the_same():
    x, y = classes(n_examples=3)  # as many examples as classes: a sum over the wrong axis would run
    history = gradient_descent(OwnWords([2, 3, 3], seed=0), x, y, 0.5, 5)
    expected = gradient_descent(FeedForwardNetwork([2, 3, 3], seed=0), x, y, 0.5, 5)
    np.testing.assert_allclose(history.loss, expected.loss, rtol=1e-12)
    np.testing.assert_array_equal(history.accuracy, expected.accuracy)
    for k in (1, 2):
        np.testing.assert_allclose(history.gradient_norm[k], expected.gradient_norm[k], rtol=1e-12)


def test_a_new_activation_needs_one_entry_in_one_table(monkeypatch):
    softsign = Activation("softsign", lambda a: a / (1 + np.abs(a)), lambda h: (1 - np.abs(h)) ** 2)
    monkeypatch.setitem(ACTIVATIONS, "softsign", softsign)
    x, y = classes()
    net = FeedForwardNetwork([2, 4, 3], "softsign", seed=0)
    assert check_gradients(net, x, y).ok
    assert gradient_descent(net, x, y, 0.5, 50).loss[-1] < 1


def test_another_step_is_another_method():
    x, y = classes()
    velocity = {}

    def momentum(net, gradients, learning_rate):
        for values, slopes, name in ((net.W, gradients.W, "W"), (net.b, gradients.b, "b")):
            for k in net.layers:
                velocity[name, k] = 0.9 * velocity.get((name, k), 0) - learning_rate * slopes[k]
                values[k] += velocity[name, k]  # in place: the records must not move with it

    net, by_hand = (FeedForwardNetwork([2, 3, 3], seed=0) for _ in range(2))
    history = gradient_descent(net, x, y, 0.1, 4, step=momentum)
    v = {}
    for r in range(4):
        np.testing.assert_allclose(history.W[1][r], by_hand.W[1], rtol=1e-12)
        gradients = by_hand.backward(by_hand.forward(x), y)
        for k in by_hand.layers:
            v["W", k] = 0.9 * v.get(("W", k), 0) - 0.1 * gradients.W[k]
            v["b", k] = 0.9 * v.get(("b", k), 0) - 0.1 * gradients.b[k]
            by_hand.W[k] = by_hand.W[k] + v["W", k]
            by_hand.b[k] = by_hand.b[k] + v["b", k]
    assert_same_parameters(net, by_hand)


def set_bias(value):
    def step(net, gradients, learning_rate):
        net.b[1] = value

    return step


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("momentum", r"step must be a function step\(net, gradients, learning_rate\), such as update, not 'momentum'"),
        (set_bias(np.zeros(3)), r"The step left b\[1\] with shape \(3,\), but it must have shape \(3, 1\)"),
        (set_bias(0.5), r"The step left b\[1\] with shape \(\)"),
        (set_bias(None), r"b\[1\] must hold numbers, but it holds None"),
    ],
)
def test_a_step_that_spoils_a_parameter_is_told_so(step, message):
    with pytest.raises(ValueError, match=message):
        gradient_descent(FeedForwardNetwork([2, 3, 3], seed=0), *classes(n_examples=3), 0.5, 2, step=step)


def test_the_history_does_not_change_with_the_data_or_the_network():
    x, y = classes()
    net = FeedForwardNetwork([2, 3, 3], seed=0)
    history = gradient_descent(net, x, y, 0.5, 3)
    expected = [history.network.accuracy(x, y), history.loss[-1]]
    x *= -1
    history.at(-1).W[1][...] = 0
    net.W[1][...] = 0
    assert [history.accuracy[-1], history.loss[-1]] == expected and (history.W[1][-1] != 0).all()


def test_a_history_says_what_it_is_in_two_lines():
    x, y = classes()
    history = gradient_descent(FeedForwardNetwork([2, 3, 3], seed=0), x, y, 0.5, 30)
    first, second = repr(history).splitlines()
    assert history.message in first and "2-3-3" in first and "31 records" in second and "gradient_norm" in second
    assert "gradient_norm" not in repr(gradient_descent(FeedForwardNetwork([2, 3], seed=[0, 1]), x, y, 0.5, 3, record_every=None))


# Stacks


@pytest.mark.parametrize("batch_size", [None, 5])
@pytest.mark.parametrize("rates", [0.5, [0.1, 0.5, 2.0]], ids=str)
def test_a_stack_is_trained_as_its_networks_one_by_one(rates, batch_size):
    x, y = classes()
    rates_of_each = np.broadcast_to(rates, 3)
    stack = FeedForwardNetwork([2, 4, 3], seed=[7, 8, 9])
    history = gradient_descent(stack, x, y, rates, 4, batch_size=batch_size, record_every=2, seed=0)
    assert history.loss.shape == history.accuracy.shape == history.gradient_norm[1].shape == (3, 3)
    assert history.networks().stack == (3, 3) and history.at(1).stack == (3,)
    for s, seed in enumerate([7, 8, 9]):
        single = gradient_descent(
            FeedForwardNetwork([2, 4, 3], seed=seed), x, y, rates_of_each[s], 4, batch_size=batch_size, record_every=2, seed=0
        )
        np.testing.assert_allclose(history.loss[:, s], single.loss, rtol=1e-12)
        np.testing.assert_array_equal(history.accuracy[:, s], single.accuracy)
        for k in stack.layers:
            np.testing.assert_allclose(history.W[k][:, s], single.W[k], rtol=1e-11)
            np.testing.assert_allclose(history.gradient_norm[k][:, s], single.gradient_norm[k], rtol=1e-11)


def test_networks_that_share_a_parameter_part_ways_and_rates_may_run_along_one_axis():
    x, y = classes()
    net = FeedForwardNetwork([2, 3, 3], seed=0)
    W_1, rates = net.W[1] * np.array([1, 2, 3]).reshape(3, 1, 1), np.array([[0.1], [0.9]])
    stack = net.with_parameters(W={1: np.broadcast_to(W_1, (2, 3, 3, 2))})
    gradient_descent(stack, x, y, rates, 5)
    for i, j in np.ndindex(2, 3):
        single = net.with_parameters(W={1: W_1[j]})
        gradient_descent(single, x, y, rates[i, 0], 5)
        for k in net.layers:
            np.testing.assert_allclose(stack.W[k][i, j], single.W[k], rtol=1e-11)
            np.testing.assert_allclose(stack.b[k][i, j], single.b[k], rtol=1e-10, atol=1e-14)


# Divergence


@pytest.mark.parametrize("activation", ["relu", "identity"])
@pytest.mark.parametrize("learning_rate, batch_size", [(5.0, None), (5.0, 4), (1e200, None)])
def test_a_run_that_diverges_stops_and_says_when_and_what_to_do(activation, learning_rate, batch_size):
    x, y = numbers()
    net = FeedForwardNetwork([2, 8, 1], activation, **REGRESSION, seed=1)
    history = gradient_descent(net, x, y, learning_rate, 500, batch_size=batch_size, seed=0)
    stopped = history.epochs[-1]
    assert history.diverged and 0 < stopped < 100
    assert not history.loss[-1] < 1e6 and (history.loss[:-1] < 1e7 * history.loss[0]).all()
    assert f"after {stopped} epochs" in history.message
    assert f"smaller learning rate, {learning_rate / 10:g}" in history.message


def test_a_run_that_diverged_between_two_records_can_still_be_looked_at():
    x, y = numbers()
    history = gradient_descent(FeedForwardNetwork([2, 8, 1], "identity", **REGRESSION, seed=1), x, y, 1e3, 300, record_every=100)
    assert history.diverged and history.epochs.tolist() == [0, 100]
    assert not np.isfinite(history.at(-1).W[1]).all()
    assert history.networks().stack == (2,)


def test_in_a_stack_one_run_diverges_and_the_others_go_on():
    x, y = numbers()
    stack = FeedForwardNetwork([2, 8, 1], "relu", **REGRESSION, seed=[1, 1])
    history = gradient_descent(stack, x, y, [1e3, 0.01], 60)
    single = gradient_descent(FeedForwardNetwork([2, 8, 1], "relu", **REGRESSION, seed=1), x, y, 0.01, 60)
    assert history.diverged.tolist() == [True, False]
    assert history.epochs[-1] == 60 and "1 of 2 networks diverged" in history.message
    np.testing.assert_allclose(history.loss[:, 1], single.loss, rtol=1e-12)
    both = gradient_descent(FeedForwardNetwork([2, 8, 1], "relu", **REGRESSION, seed=[1, 2]), x, y, 1e3, 60)
    assert both.diverged.all() and both.epochs[-1] < 60 and "smaller learning rate" in both.message


def test_a_softmax_at_a_huge_learning_rate_has_not_diverged():
    x, y = classes()
    history = gradient_descent(FeedForwardNetwork([2, 3], seed=0), x, y, 1e4, 20)
    assert not history.diverged and history.epochs[-1] == 20


# Reference


def test_the_live_sessions_binary_network_reaches_its_accuracy():
    X, labels = make_blobs(n_samples=1000, centers=4, n_features=2, random_state=0)
    X, X_val, labels, labels_val = train_test_split(X, labels % 2, stratify=labels % 2, random_state=0)
    w1, w2, w3, w4, w5, w6 = np.random.RandomState(0).randn(6)  # NumPy's legacy seed 0
    net = FeedForwardNetwork([2, 2, 1], "sigmoid", "sigmoid", "squared_error")
    net = net.with_parameters(W={1: [[w1, w2], [w3, w4]], 2: [[w5, w6]]})
    # the session's learning rate is 5; its gradient lacks the factor 2 of the squared error
    history = gradient_descent(net, X.T, labels.reshape(1, -1), learning_rate=2.5, epochs=2000, record_every=500)
    assert 0.96 < history.accuracy[-1] < 0.99
    assert 0.92 < net.accuracy(X_val.T, labels_val.reshape(1, -1)) < 0.96
