"""Autograd against the package autograd, against finite differences, and against the network's own backward."""

import math
from types import SimpleNamespace

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.data import one_hot
from utils.exhibits.autograd import Value, grads, values
from utils.nn.activations import ACTIVATIONS
from utils.nn.losses import LOSSES
from utils.nn.network import FeedForwardNetwork

OPERATIONS = {  # defined everywhere, whatever the program has computed before
    "u + v": lambda u, v: u + v,
    "u − v": lambda u, v: u - v,
    "u · v": lambda u, v: u * v,
    "u / (1 + v²)": lambda u, v: u / (1 + v**2),
    "3 − u": lambda u, v: 3 - u,
    "2 / (u² + v² + 1)": lambda u, v: 2 / (u * u + v**2 + 1),
    "(1 + u²) to the 1.5": lambda u, v: (1 + u**2) ** 1.5,
    "log(0.5 + u²)": lambda u, v: anp.log(0.5 + u**2),
    "exp(tanh u)": lambda u, v: anp.exp(anp.tanh(u)),
    "tanh(u − v) − u": lambda u, v: anp.tanh(u - v) - u,
    "larger of 2u, v": lambda u, v: anp.maximum(2 * u, v),
    "−u · 0.5": lambda u, v: -u * 0.5,
}
# each line applies an operation to two earlier results: so one result feeds many later ones, along many paths
programs = st.lists(st.tuples(st.sampled_from(list(OPERATIONS)), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=12)
inputs = st.lists(st.floats(-2, 2).map(lambda v: round(v, 3)), min_size=3, max_size=3)


def run(program, given):
    results = list(given)
    for name, i, j in program:
        results.append(anp.tanh(OPERATIONS[name](results[i % len(results)], results[j % len(results)])))
    return sum(results[3:])


def by_value(program, numbers):
    # np.exp and its like work on arrays: an array of one Value stands for the Value
    given = [values([number]) for number in numbers]
    loss = run(program, given)[0]
    loss.backward()
    return loss.value, [float(grads(v)[0]) for v in given]


def tied(program, numbers):
    """Return whether a maximum is so near to a tie that a finite difference would look across the kink."""
    results = list(numbers)
    for name, i, j in program:
        u, v = results[i % len(results)], results[j % len(results)]
        if name.startswith("larger") and abs(2 * u - v) < 1e-3:
            return True
        results.append(math.tanh(OPERATIONS[name](u, v)))
    return False


@pytest.mark.long
@settings(derandomize=True, deadline=None, max_examples=300)
@given(programs, inputs)
def test_any_program_against_the_package_autograd_and_finite_differences(program, numbers):
    if tied(program, numbers):
        return
    loss, found = by_value(program, numbers)
    assert math.isclose(loss, run(program, numbers), rel_tol=1e-12, abs_tol=1e-12)
    theirs = autograd.grad(lambda v: run(program, [v[0], v[1], v[2]]))(np.array(numbers))
    np.testing.assert_allclose(found, theirs, rtol=1e-9, atol=1e-9)
    for k in range(3):
        up, down = (run(program, [v + (i == k) * nudge for i, v in enumerate(numbers)]) for nudge in (1e-6, -1e-6))
        assert math.isclose(found[k], (up - down) / 2e-6, rel_tol=1e-4, abs_tol=1e-5)


@pytest.mark.parametrize(
    ("function", "derivatives"),
    [
        (lambda u, v: u + v, (1, 1)),
        (lambda u, v: u - v, (1, -1)),
        (lambda u, v: 5 - u, (-1, 0)),
        (lambda u, v: u * v, (4, 0.5)),
        (lambda u, v: u / v, (1 / 4, -0.5 / 16)),
        (lambda u, v: 3 / v, (0, -3 / 16)),
        (lambda u, v: v**0.5, (0, 1 / 4)),
        (lambda u, v: u**-2, (-2 / 0.125, 0)),
        (lambda u, v: v**0, (0, 0)),
        (lambda u, v: -u, (-1, 0)),
        (lambda u, v: u.exp(), (math.exp(0.5), 0)),
        (lambda u, v: v.log(), (0, 1 / 4)),
        (lambda u, v: u.tanh(), (1 / math.cosh(0.5) ** 2, 0)),
        (lambda u, v: np.maximum(u, v) * 3, (0, 3)),
        (lambda u, v: u * u * u, (3 * 0.25, 0)),
        (lambda u, v: (u**2 / u**3).log(), (-2, 0)),  # lesson 02: −1/x, over two paths
    ],
)
def test_derivatives_worked_by_hand(function, derivatives):
    u, v = Value(0.5), Value(4)
    function(u, v).backward()
    assert np.allclose((u.grad, v.grad), derivatives, rtol=1e-14)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(
    st.sampled_from(list(ACTIVATIONS)),
    st.sampled_from(list(LOSSES)),
    st.lists(st.integers(1, 4), min_size=1, max_size=3),
    st.integers(0, 10**6),
)
def test_the_forward_pass_of_the_network_runs_on_values_and_its_gradients_are_those_of_backward(activation, pair, below, seed):
    net = FeedForwardNetwork([*below, 3], activation, *pair, seed=seed)
    rng = np.random.default_rng(seed)
    for k in net.layers:
        net.b[k][:] = rng.normal(size=net.b[k].shape)  # with biases of 0 a silent relu layer puts the next one exactly on its kink
    x, y = rng.normal(size=(below[0], 4)), one_hot(rng.integers(3, size=4), 3)
    W, b = ({k: values(v[k]) for k in net.layers} for v in (net.W, net.b))
    twin = SimpleNamespace(layers=net.layers, W=[None, *W.values()], b=[None, *b.values()], g=net.g)
    trace = FeedForwardNetwork.forward.__wrapped__(twin, x)
    loss = net.loss.per_example(trace.a[-1], trace.y_hat, y).mean()
    loss.backward()
    trace = net.forward(x)
    gradients = net.backward(trace, y)
    assert math.isclose(loss.value, net.loss(trace, y), rel_tol=1e-12)
    for k in net.layers:
        np.testing.assert_allclose(grads(W[k]), gradients.W[k], atol=1e-12)
        np.testing.assert_allclose(grads(b[k]), gradients.b[k], atol=1e-12)


def test_relu_passes_on_all_or_nothing():
    for number, derivative in ((2.0, 1.0), (-2.0, 0.0)):
        a = values([number])
        (np.maximum(a, 0)[0] + Value(1)).backward()
        assert grads(a) == [derivative]


@pytest.mark.long
def test_a_chain_of_a_hundred_thousand_steps_and_a_sum_over_as_many():
    x = Value(0.5)
    chain = total = x
    for _ in range(100_000):
        chain = chain * 1.00001
        total = total + x
    chain.backward()
    assert math.isclose(x.grad, 1.00001**100_000, rel_tol=1e-9)
    total.backward()
    assert x.grad == 100_001


def test_shared_results_are_walked_once_each():
    v = x = Value(1.0)
    for _ in range(60):  # 2^60 paths
        v = v + v
    v.backward()
    assert x.grad == 2.0**60 and len(v.history()) == 61


def test_every_backward_begins_anew_and_says_nothing_on_what_the_loss_does_not_use():
    u, v, w = Value(2.0), Value(3.0), Value(4.0)
    first, second = u * v, u + u
    first.backward()
    first.backward()
    assert (u.grad, v.grad, w.grad, first.grad) == (3, 2, 0, 1)
    second.backward()
    assert u.grad == 2


def test_the_history_is_in_an_order_of_computation():
    u = Value(2.0)
    loss = (u * 3).log() / u - u
    history = loss.history()
    place = {v: i for i, v in enumerate(history)}
    assert history[-1] is loss and u in place and len(place) == len(history) == 6
    assert all(place[before] < place[v] for v in history for before in v.inputs)


def test_names_and_shapes_of_arrays():
    W = values([[1, 2], [3, 4.5]], "W_1")
    assert [v.name for v in W.flat] == ["W_1,1,1", "W_1,1,2", "W_1,2,1", "W_1,2,2"]
    assert repr(W[1, 1]) == "Value(4.5, 'W_1,2,2', grad=0)"
    (W * np.array([[1.0], [10.0]])).sum().backward()
    assert grads(W).tolist() == [[1, 1], [10, 10]] and grads(W).dtype == float
    assert grads(values(np.zeros((2, 0)))).shape == (2, 0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda u: Value("3"), "A Value holds one number, not '3'"),
        (lambda u: u * np.ones(2), r"A Value holds one number, not array\(\[1., 1.\]\). values\(array\)"),
        (lambda u: u + None, "A Value holds one number, not None"),
        (lambda u: u / 0, "2 / 0 is not defined"),
        (lambda u: 1 / (u - 2), "1 / 0 is not defined"),
        (lambda u: (u - 2) ** -1, r"0 \*\* -1 or its derivative is not defined"),
        (lambda u: (u - 2) ** 0.5, r"0 \*\* 0.5 or its derivative is not defined"),
        (lambda u: (-u) ** 0.5, r"-2 \*\* 0.5 or its"),
        (lambda u: u**u, "exponent must be a plain number"),
        (lambda u: (u - 2).log(), "A logarithm needs a number above 0, not 0"),
        (lambda u: (u * 500).exp(), r"e\^1000 is too large. In a softmax"),
    ],
)
def test_messages(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong(Value(2.0))
