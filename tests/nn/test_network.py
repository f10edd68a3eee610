import doctest
import math

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neural_network import MLPClassifier

from utils.data import one_hot
from utils.nn import network
from utils.nn.losses import LOSSES
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

quick = settings(derandomize=True, deadline=None, max_examples=12)
pairs = pytest.mark.parametrize("pair", LOSSES, ids=" + ".join)
activations = pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity"])

layer_sizes = st.lists(st.integers(1, 5), min_size=1, max_size=4).flatmap(lambda below: st.integers(2, 4).map(lambda n_L: [*below, n_L]))


def random_targets(rng, output, n_rows, n_examples):
    if output == "softmax":
        return rng.dirichlet(np.ones(n_rows), n_examples).T
    return rng.uniform(size=(n_rows, n_examples)) if output == "sigmoid" else rng.normal(size=(n_rows, n_examples))


def random_case(sizes, activation, pair, n_examples, seed=0):
    """Return a network with random biases too, and examples none of which sits near a kink of ReLU."""
    rng = np.random.default_rng(seed)
    net = FeedForwardNetwork(sizes, activation, *pair)
    while True:
        W = {k: rng.normal(size=net.W[k].shape) for k in net.layers}
        b = {k: rng.normal(size=net.b[k].shape) for k in net.layers}
        net, x = net.with_parameters(W, b), rng.normal(size=(sizes[0], n_examples))
        if activation != "relu" or all(np.abs(a).min() > 1e-3 for a in net.forward(x).a[1:-1]):
            return net, x, random_targets(rng, pair[0], sizes[-1], n_examples)


# The forward pass and the losses once more, plainly, for finite differences and for the package autograd.

G = {"sigmoid": lambda a: 1 / (1 + anp.exp(-a)), "tanh": anp.tanh, "relu": lambda a: anp.maximum(a, 0), "identity": lambda a: a}
O = {"softmax": lambda a: anp.exp(a) / anp.sum(anp.exp(a), 0), "sigmoid": G["sigmoid"], "linear": G["identity"]}


def plain_loss_of_a(a, y, pair):
    y_hat = O[pair[0]](a)
    if pair[1] == "squared_error":
        total = anp.sum((y_hat - y) ** 2)
    else:
        total = -anp.sum(y * anp.log(y_hat))
        total = total - anp.sum((1 - y) * anp.log(1 - y_hat)) if pair[0] == "sigmoid" else total
    return total / y.shape[1]


def plain_loss(h, W, b, y, activation, pair):
    """h at the foot of the given layers → the loss on top of them."""
    for k in range(len(W) - 1):
        h = G[activation](W[k] @ h + b[k])
    return plain_loss_of_a(W[-1] @ h + b[-1], y, pair)


def slopes(function, v, epsilon=1e-6):
    gradient = np.empty_like(v)
    for entry in np.ndindex(v.shape):
        up, down = v.copy(), v.copy()
        up[entry] += epsilon
        down[entry] -= epsilon
        gradient[entry] = (function(up) - function(down)) / (2 * epsilon)
    return gradient


@pairs
@activations
@pytest.mark.parametrize("sizes", [[2, 4], [3, 4, 2], [2, 3, 3, 3], [3, 4, 2, 3, 2]], ids=str)
def test_every_gradient_is_the_slope_of_the_loss(sizes, activation, pair):
    for n_examples in (1, 4):
        assert_gradients_are_slopes(*random_case(sizes, activation, pair, n_examples), activation, pair)


def assert_gradients_are_slopes(net, x, y, activation, pair):
    trace = net.forward(x)
    gradients = net.backward(trace, y)

    def close(gradient, function, v):
        np.testing.assert_allclose(gradient, slopes(function, v), rtol=1e-6, atol=1e-8)

    def loss_with(name, k, v):
        other = net.with_parameters(**{name: {k: v}})
        return other.loss(other.forward(x), y)

    def loss_above(k, h):  # what the layers above h_k make of it
        return plain_loss(h, net.W[k + 1 :], net.b[k + 1 :], y, activation, pair)

    for k in net.layers:
        close(gradients.W[k], lambda v, k=k: loss_with("W", k, v), net.W[k])
        close(gradients.b[k], lambda v, k=k: loss_with("b", k, v), net.b[k])
        if k < net.L:
            close(gradients.h[k], lambda v, k=k: loss_above(k, v), trace.h[k])
            close(gradients.a[k], lambda v, k=k: loss_above(k, G[activation](v)), trace.a[k])
    close(gradients.a[net.L], lambda v: plain_loss_of_a(v, y, pair), trace.a[net.L])


@pairs
@activations
@quick
@given(sizes=layer_sizes, n_examples=st.integers(1, 5), seed=st.integers(0, 10**6))
def test_loss_and_gradients_agree_with_automatic_differentiation(activation, pair, sizes, n_examples, seed):
    net, x, y = random_case(sizes, activation, pair, n_examples, seed)
    trace = net.forward(x)
    gradients = net.backward(trace, y)
    W, b = net.W[1:], net.b[1:]
    assert net.loss(trace, y) == pytest.approx(plain_loss(x, W, b, y, activation, pair), rel=1e-9)
    grad_W, grad_b = autograd.grad(lambda both: plain_loss(x, *both, y, activation, pair))((W, b))
    for k in net.layers:
        np.testing.assert_allclose(gradients.W[k], grad_W[k - 1], rtol=1e-8, atol=1e-11)
        np.testing.assert_allclose(gradients.b[k], grad_b[k - 1], rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("hidden", [[], [3], [4, 3]], ids=str)
@pytest.mark.parametrize("activation, theirs", [("sigmoid", "logistic"), ("tanh", "tanh"), ("relu", "relu")])
@pytest.mark.parametrize("n_classes, output", [(3, "softmax"), (2, "sigmoid")])
def test_one_step_moves_every_parameter_where_scikit_learn_moves_it(n_classes, output, activation, theirs, hidden):
    rng = np.random.default_rng(0)
    X, labels = rng.normal(size=(12, 2)), np.arange(12) % n_classes
    y = one_hot(labels, 3) if n_classes == 3 else labels.reshape(1, -1)
    net = FeedForwardNetwork([2, *hidden, len(y)], activation, output, "cross_entropy", seed=1)
    classifier = MLPClassifier(hidden, activation=theirs, solver="sgd", learning_rate_init=0.7, momentum=0, alpha=0, batch_size=12)
    classifier.partial_fit(X, labels, classes=range(n_classes))  # makes its arrays; their content comes from here
    for k in net.layers:
        classifier.coefs_[k - 1][:] = net.W[k].T
        classifier.intercepts_[k - 1][:] = net.b[k][:, 0]
    classifier.partial_fit(X, labels)
    gradient_descent(net, X.T, y, learning_rate=0.7, epochs=1)
    for k in net.layers:
        np.testing.assert_allclose(net.W[k], classifier.coefs_[k - 1].T, rtol=1e-10)
        np.testing.assert_allclose(net.b[k][:, 0], classifier.intercepts_[k - 1], rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(net.forward(X.T).y_hat[-1], classifier.predict_proba(X)[:, -1], rtol=1e-10)


def test_a_2_2_2_network_agrees_with_every_number_worked_by_hand():
    x1, x2, y1, y2 = 1.0, -2.0, 0.0, 1.0
    w111, w112, w121, w122, b11, b12 = 0.5, -0.25, 1.0, 0.75, 0.1, -0.2
    w211, w212, w221, w222, b21, b22 = 2.0, -1.0, 0.5, 1.5, -0.3, 0.4

    a11, a12 = w111 * x1 + w112 * x2 + b11, w121 * x1 + w122 * x2 + b12
    h11, h12 = 1 / (1 + math.exp(-a11)), 1 / (1 + math.exp(-a12))
    a21, a22 = w211 * h11 + w212 * h12 + b21, w221 * h11 + w222 * h12 + b22
    y_hat1 = math.exp(a21) / (math.exp(a21) + math.exp(a22))
    y_hat2 = math.exp(a22) / (math.exp(a21) + math.exp(a22))
    loss = -math.log(y_hat2)  # the right class is the second

    da21, da22 = y_hat1 - y1, y_hat2 - y2
    dw211, dw212, dw221, dw222 = da21 * h11, da21 * h12, da22 * h11, da22 * h12
    dh11, dh12 = w211 * da21 + w221 * da22, w212 * da21 + w222 * da22  # two paths each
    da11, da12 = dh11 * h11 * (1 - h11), dh12 * h12 * (1 - h12)
    dw111, dw112, dw121, dw122 = da11 * x1, da11 * x2, da12 * x1, da12 * x2

    net = FeedForwardNetwork([2, 2, 2]).with_parameters(
        W={1: [[w111, w112], [w121, w122]], 2: [[w211, w212], [w221, w222]]}, b={1: [[b11], [b12]], 2: [[b21], [b22]]}
    )
    trace = net.forward([[x1], [x2]])
    gradients = net.backward(trace, [[y1], [y2]])
    for got, expected in [
        (trace.a[1], [[a11], [a12]]),
        (trace.h[1], [[h11], [h12]]),
        (trace.a[2], [[a21], [a22]]),
        (trace.y_hat, [[y_hat1], [y_hat2]]),
        (net.loss(trace, [[y1], [y2]]), loss),
        (gradients.a[2], [[da21], [da22]]),
        (gradients.W[2], [[dw211, dw212], [dw221, dw222]]),
        (gradients.b[2], [[da21], [da22]]),
        (gradients.h[1], [[dh11], [dh12]]),
        (gradients.a[1], [[da11], [da12]]),
        (gradients.W[1], [[dw111, dw112], [dw121, dw122]]),
        (gradients.b[1], [[da11], [da12]]),
    ]:
        np.testing.assert_allclose(got, expected, rtol=1e-13)


@quick
@given(seed=st.integers(0, 10**6))
def test_under_a_softmax_the_gradient_of_w_212_sums_both_paths(seed):
    # ∂L/∂w_212 = −2ŷ₁ŷ₂[(y₁ − ŷ₁) − (y₂ − ŷ₂)]h₁₂; the path through ŷ₁ alone is half of it
    net, x, y = random_case([2, 2, 2], "sigmoid", ("softmax", "squared_error"), 1, seed)
    trace = net.forward(x)
    (y1,), (y2,) = y
    (p1,), (p2,) = trace.y_hat
    h12 = trace.h[1][1, 0]
    both = net.backward(trace, y).W[2][0, 1]
    assert both == pytest.approx(-2 * p1 * p2 * ((y1 - p1) - (y2 - p2)) * h12, rel=1e-9)
    through_y_hat_1 = -2 * (y1 - p1) * p1 * (1 - p1) * h12
    assert both == pytest.approx(2 * through_y_hat_1, rel=1e-9)


# Notation and shapes


@pairs
@quick
@given(sizes=layer_sizes, n_examples=st.integers(1, 5), seed=st.integers(0, 10**6))
def test_every_gradient_has_the_shape_of_its_quantity_and_nothing_is_changed(pair, sizes, n_examples, seed):
    net, x, y = random_case(sizes, "tanh", pair, n_examples, seed)
    for given_array in (x, y, *net.W[1:], *net.b[1:]):
        given_array.setflags(write=False)
    trace = net.forward(x)
    for computed in (*trace.a[1:], *trace.h):
        computed.setflags(write=False)
    gradients = net.backward(trace, y)

    assert trace.y_hat is trace.h[-1] and trace.a[0] is None
    np.testing.assert_array_equal(trace.h[0], x)
    assert [v[0] for v in (net.W, net.b, gradients.W, gradients.b, gradients.a, gradients.h)] == [None] * 6
    assert gradients.h[net.L] is None
    for k in net.layers:
        assert trace.a[k].shape == trace.h[k].shape == gradients.a[k].shape == (sizes[k], n_examples)
        assert gradients.W[k].shape == net.W[k].shape == (sizes[k], sizes[k - 1])
        assert gradients.b[k].shape == net.b[k].shape == (sizes[k], 1)
        assert k == net.L or gradients.h[k].shape == trace.h[k].shape


@pairs
@quick
@given(sizes=layer_sizes, n_examples=st.integers(2, 6), seed=st.integers(0, 10**6))
def test_loss_and_gradient_of_a_batch_are_the_means_over_its_examples(pair, sizes, n_examples, seed):
    net, x, y = random_case(sizes, "sigmoid", pair, n_examples, seed)
    batch, single = net.forward(x), [net.forward(x[:, [n]]) for n in range(n_examples)]
    gradients = net.backward(batch, y)
    one_by_one = [net.backward(trace, y[:, [n]]) for n, trace in enumerate(single)]
    assert net.loss(batch, y) == pytest.approx(np.mean([net.loss(trace, y[:, [n]]) for n, trace in enumerate(single)]))
    for k in net.layers:
        np.testing.assert_allclose(gradients.W[k], np.mean([g.W[k] for g in one_by_one], 0), atol=1e-12)
        np.testing.assert_allclose(gradients.b[k], np.mean([g.b[k] for g in one_by_one], 0), atol=1e-12)
        np.testing.assert_allclose(gradients.a[k], np.hstack([g.a[k] for g in one_by_one]) / n_examples, atol=1e-12)


@pairs
@activations
def test_scores_of_ten_thousand_leave_everything_finite(activation, pair):
    net, x, y = random_case([2, 3, 2], activation, pair, 6)
    net = net.with_parameters(W={2: np.where(net.W[2] > 0, 1e4, -1e4)}, b={2: [[1e4], [-1e4]]})
    trace = net.forward(x)
    gradients = net.backward(trace, y)
    assert np.abs(trace.a[2]).max() >= 1e4
    assert np.isfinite(net.loss(trace, y))
    assert all(np.isfinite(v).all() for v in (*gradients.W[1:], *gradients.b[1:], *gradients.h[1:-1]))


# Stacks


@pairs
@activations
def test_a_stack_is_its_networks_one_by_one(activation, pair):
    _, x, y = random_case([2, 3, 4, 2], activation, pair, 5)
    seeds = [3, 1, 4]
    stack = FeedForwardNetwork([2, 3, 4, 2], activation, *pair, seed=seeds)
    trace = stack.forward(x)
    gradients, losses = stack.backward(trace, y), stack.loss(trace, y)
    assert losses.shape == (3,)
    for s, seed in enumerate(seeds):
        net = FeedForwardNetwork([2, 3, 4, 2], activation, *pair, seed=seed)
        single = net.forward(x)
        expected = net.backward(single, y)
        assert losses[s] == pytest.approx(net.loss(single, y), rel=1e-12)
        np.testing.assert_array_equal(stack.predict(x)[s], net.predict(x))
        if pair[0] != "linear":
            assert stack.accuracy(x, y)[s] == net.accuracy(x, y)
        for k in net.layers:
            np.testing.assert_array_equal(stack.W[k][s], net.W[k])
            for of_stack, of_net in [
                (trace.a, single.a),
                (trace.h, single.h),
                (gradients.a, expected.a),
                (gradients.W, expected.W),
                (gradients.b, expected.b),
                *([(gradients.h, expected.h)] if k < net.L else []),
            ]:
                np.testing.assert_allclose(of_stack[k][s], of_net[k], rtol=1e-12, atol=1e-15)


def test_a_stack_may_have_several_axes_and_only_one_parameter_may_be_stacked():
    net, x, y = random_case([2, 3, 2], "tanh", ("softmax", "cross_entropy"), 5)
    W_1 = net.W[1] + np.linspace(-1, 1, 6).reshape(2, 3, 1, 1)
    stack = net.with_parameters(W={1: W_1})
    trace = stack.forward(x)
    gradients = stack.backward(trace, y)
    assert stack.stack == (2, 3) and net.stack == ()
    assert stack.loss(trace, y).shape == stack.accuracy(x, y).shape == (2, 3)
    for s in np.ndindex(2, 3):
        single = net.with_parameters(W={1: W_1[s]})
        expected = single.backward(single.forward(x), y)
        np.testing.assert_allclose(trace.y_hat[s], single.forward(x).y_hat, rtol=1e-12)
        for k in net.layers:
            np.testing.assert_allclose(gradients.W[k][s], expected.W[k], rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(gradients.b[k][s], expected.b[k], rtol=1e-12, atol=1e-15)


def test_each_network_of_a_stack_may_have_data_of_its_own():
    stack = FeedForwardNetwork([2, 3, 2], seed=[0, 1])
    x, labels = np.random.default_rng(0).normal(size=(2, 2, 5)), np.array([[0, 1, 1, 0, 1], [1, 1, 0, 0, 0]])
    y = np.stack([one_hot(row, 2) for row in labels])
    for s in range(2):
        net = FeedForwardNetwork([2, 3, 2], seed=s)
        assert stack.loss(stack.forward(x), y)[s] == pytest.approx(net.loss(net.forward(x[s]), y[s]), rel=1e-12)
        assert stack.accuracy(x, y)[s] == net.accuracy(x[s], y[s])


# The network itself


def test_same_seed_same_weights_and_biases_start_at_zero():
    first, again, other = (FeedForwardNetwork([3, 4, 2], seed=seed) for seed in (5, 5, 6))
    for k in first.layers:
        np.testing.assert_array_equal(first.W[k], again.W[k])
        assert (first.W[k] != other.W[k]).all()
        assert not first.b[k].any()


@pytest.mark.parametrize("activation, gain", [("sigmoid", 1), ("tanh", 1), ("relu", math.sqrt(2)), ("identity", 1)])
def test_fresh_weights_have_the_spread_that_keeps_the_scale(activation, gain):
    net = FeedForwardNetwork([100, 400, 300], activation, seed=0)
    assert net.W[1].std() * 10 == pytest.approx(gain, rel=0.02)  # gain/√100
    assert net.W[2].std() * 20 == pytest.approx(1, rel=0.02)  # no hidden activation follows: 1/√400


@pytest.mark.parametrize("sizes, n", [([2, 4], 12), ([2, 2, 1], 9), ([2, 3, 4], 25), ([3, 3, 3, 3], 36)], ids=str)
def test_parameters_are_counted_once_each_also_in_a_stack(sizes, n):
    for seed in (0, [0, 1, 2]):
        net = FeedForwardNetwork(sizes, output="sigmoid", seed=seed)
        assert net.n_parameters == n
        assert f"{n} parameters" in repr(net) and "-".join(map(str, sizes)) in repr(net)


def test_predictions_and_accuracy_follow_the_largest_probability():
    x = np.array([[-2.0, -1.0, 1.0, 2.0]])
    softmax = FeedForwardNetwork([1, 3]).with_parameters(W={1: [[1], [-1], [0]]}, b={1: [[0], [0], [-9]]})
    assert softmax.predict(x).tolist() == [1, 1, 0, 0]
    assert softmax.accuracy(x, one_hot([1, 0, 0, 2], 3)) == 0.5
    one_unit = FeedForwardNetwork([1, 1], output="sigmoid").with_parameters(W={1: [[1]]}, b={1: [[1.5]]})
    assert one_unit.predict(x).tolist() == [0, 1, 1, 1]
    assert one_unit.accuracy(x, [[0, 0, 1, 1]]) == 0.75
    two_units = FeedForwardNetwork([1, 2], output="sigmoid").with_parameters(W={1: [[1], [-1]]})
    assert two_units.predict(x).tolist() == [[0, 0, 1, 1], [1, 1, 0, 0]]
    assert two_units.accuracy(x, [[0, 0, 1, 1], [1, 1, 1, 0]]) == 7 / 8
    linear = FeedForwardNetwork([1, 1], output="linear", loss="squared_error").with_parameters(W={1: [[3]]})
    assert linear.predict(x).tolist() == [[-6, -3, 3, 6]]


def test_another_network_with_new_parameters_shares_nothing_with_the_first():
    net, W_1 = FeedForwardNetwork([2, 3, 2], seed=0), np.ones((3, 2))
    before = [net.W[1].copy(), net.W[2].copy(), net.b[1].copy()]
    other = net.with_parameters(W={1: W_1})
    for v in (other.W[1], other.W[2], other.b[1]):
        np.add(v, 1, out=v)
    assert (W_1 == 1).all()
    for v, kept in zip([net.W[1], net.W[2], net.b[1]], before, strict=True):
        np.testing.assert_array_equal(v, kept)


def test_traces_and_gradients_say_what_they_are_in_two_lines():
    net, x, y = random_case([2, 3, 4], "tanh", ("softmax", "cross_entropy"), 1000)
    trace = net.forward(x)
    first, second = repr(trace).splitlines()
    assert "1000 examples" in first and "2-3-4" in first and "a[2] (4, 1000)" in second and "y_hat is h[2]" in second
    first, second = repr(net.backward(trace, y)).splitlines()
    assert "Gradients" in first and "W[1] (3, 2)" in second and "b[2] (4, 1)" in second
    deep = FeedForwardNetwork([2] * 40, seed=0)
    assert len(repr(deep.forward(x))) < 500


def test_the_example_in_the_documentation_runs():
    assert doctest.testmod(network).attempted > 5 and not doctest.testmod(network).failed
