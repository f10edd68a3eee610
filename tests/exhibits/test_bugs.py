"""Every bug is found where it is declared, the true code is never accused, and some bugs learn all the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.data import four_blobs, one_hot
from utils.exhibits.bugs import BUGS, KINDS, NETWORKS, PLACES, SESSION_BUGS, BuggyNetwork
from utils.nn.gradcheck import check_gradients
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent, update

quick = settings(derandomize=True, deadline=None, max_examples=8)
by_name = {bug.name: bug for bug in BUGS}
every_bug = pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)


def random_case(bug, width, n_examples, seed, bugs):
    """Return a network in which the bug runs, with random parameters, and examples for it."""
    rng = np.random.default_rng(seed)
    setting = dict(NETWORKS[bug.network])
    if bug.network != "session":
        setting["layer_sizes"] = [2, width, width, width]
    net = BuggyNetwork(bugs=bugs, seed=seed, **setting)
    net = net.with_parameters(b={k: rng.normal(size=net.b[k].shape) for k in net.layers})
    n = net.layer_sizes[-1]
    return net, rng.normal(size=(2, n_examples)), one_hot(rng.integers(0, n, n_examples), n)


def accused(report):
    return tuple(f"{row.name}_{row.k}" for row in report.rows if row.n_wrong)


@every_bug
@quick
@given(width=st.integers(2, 5), n_examples=st.integers(3, 20), seed=st.integers(0, 10**6))
def test_the_gradient_check_accuses_what_is_declared_and_never_the_true_code(bug, width, n_examples, seed):
    net, x, y = random_case(bug, width, n_examples, seed, bugs=(bug,))
    assert accused(check_gradients(net, x, y)) == bug.accused
    net, x, y = random_case(bug, width, n_examples, seed, bugs=())
    assert check_gradients(net, x, y).ok


def test_two_bugs_are_out_of_the_checks_sight():
    assert [bug.name for bug in BUGS if not bug.accused] == ["one eye shut", "repeated line"]


@every_bug
def test_bugs_are_complete(bug):
    assert bug.kind in KINDS and bug.place in PLACES
    assert bug.true != bug.wrong and bug.story and bug.clue
    assert (bug.kind == "harmless") == (bug.place == "no line") and (bug.accused or bug.place in ("no line", "forward pass"))
    net = BuggyNetwork(bugs=(bug,), **NETWORKS[bug.network])  # O and grad_a are looked up here, forward and backward below
    x = np.ones((2, 3))
    net.backward(net.forward(x), one_hot([0, 1, 2], 4))
    with pytest.raises(ValueError, match="holds 0 times"):
        broken = BuggyNetwork(bugs=(replace(bug, true="pass"),), **NETWORKS[bug.network])
        broken.backward(broken.forward(x), one_hot([0, 1, 2], 4))


def test_names_are_unique_and_all_kinds_and_places_occur():
    assert len(by_name) == len(BUGS)
    assert {bug.kind for bug in BUGS} == set(KINDS) and {bug.place for bug in BUGS} == set(PLACES)
    assert {bug.name for bug in SESSION_BUGS} <= set(by_name)


# What training makes of them: four blobs, as in the lesson


def train(bugs, network="laboratory", learning_rate=0.2, seed=0, epochs=300):
    X, labels = four_blobs(300)
    net = BuggyNetwork(bugs=bugs, learning_rate=learning_rate, seed=seed, **NETWORKS[network])
    return gradient_descent(net, X.T, one_hot(labels, 4), learning_rate, epochs, record_every=10)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(
    "name", ["W for Wᵀ", "update before use", "hard-wired layer", "sum over everything", "N counted twice", "dropped 2"]
)
def test_some_bugs_learn_although_their_gradients_are_wrong(name, seed):
    bug = by_name[name]
    run = train((bug,), bug.network, seed=seed)
    assert bug.accused and run.loss[-1] < 0.5 * run.loss[0] and run.accuracy[-1] > 0.8


@pytest.mark.parametrize("name", ["uphill", "missing 1/N", "softmax along the examples"])
def test_some_bugs_are_loud(name):
    run = train((by_name[name],))
    assert run.loss[-1] > run.loss[0]


@pytest.mark.parametrize("name, factor", [("dropped 2", 1 / 2), ("missing 1/N", 300)])
def test_a_factor_only_rescales_the_learning_rate(name, factor):
    bug = by_name[name]
    buggy = train((bug,), bug.network, learning_rate=0.2 / factor, epochs=50)
    true = train((), bug.network, learning_rate=0.2, epochs=50)
    assert all(np.allclose(buggy.W[k], true.W[k]) and np.allclose(buggy.b[k], true.b[k]) for k in (1, 2, 3))


def test_the_repeated_line_changes_nothing():
    buggy, true = train((by_name["repeated line"],), "session"), train((), "session")
    assert (buggy.loss == true.loss).all() and buggy.loss[-1] < 0.5 * buggy.loss[0]


def test_update_before_use_is_what_a_fused_loop_does():
    learning_rate = 0.3
    net, x, y = random_case(by_name["uphill"], 4, 7, seed=3, bugs=(by_name["update before use"],))
    net.learning_rate = learning_rate
    W, b, trace = [v.copy() if v is not None else None for v in net.W], list(net.b), net.forward(x)
    grad_a = (trace.y_hat - y) / 7
    for k in (3, 2, 1):  # update and backward in one loop, in the wrong order
        W[k] = W[k] - learning_rate * grad_a @ trace.h[k - 1].T
        b[k] = b[k] - learning_rate * grad_a.sum(1, keepdims=True)
        grad_a = (W[k].T @ grad_a) * (1 - trace.h[k - 1] ** 2)
    update(net, net.backward(trace, y), learning_rate)
    for k in (1, 2, 3):
        np.testing.assert_allclose(net.W[k], W[k], atol=1e-14)
        np.testing.assert_allclose(net.b[k], b[k], atol=1e-14)


def test_the_sessions_bugs_do_what_their_stories_say():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(2, 6)), one_hot([0, 1, 2, 3, 0, 1], 4)
    b = {1: rng.normal(size=(2, 1)), 2: np.array([[1.0], [2.0], [3.0], [4.0]])}
    _, borrowed, misplaced = SESSION_BUGS
    true = FeedForwardNetwork([2, 2, 4], seed=0).with_parameters(b=b)
    net = BuggyNetwork([2, 2, 4], bugs=(borrowed,), seed=0).with_parameters(b=b)
    third_twice = true.with_parameters(b={2: np.array([[1.0], [2.0], [3.0], [3.0]])})
    np.testing.assert_array_equal(net.forward(x).y_hat, third_twice.forward(x).y_hat)

    net = BuggyNetwork([2, 2, 4], bugs=(misplaced,), seed=0).with_parameters(b=b)
    wrong, right = net.backward(net.forward(x), y), true.backward(true.forward(x), y)
    (b_11, b_12), (b_21, b_22, b_23, b_24) = right.b[1].ravel(), right.b[2].ravel()
    np.testing.assert_allclose(wrong.b[1].ravel(), [b_11 + b_22, b_12 + b_23])
    np.testing.assert_allclose(wrong.b[2].ravel(), [b_21 + b_24, 0, 0, 0])
    assert all((wrong.W[k] == right.W[k]).all() for k in (1, 2))


def test_bugs_stay_with_their_network_and_in_it():
    uphill, forgotten = by_name["uphill"], by_name["forgotten biases"]
    net = BuggyNetwork([2, 3, 2], bugs=(uphill, forgotten), seed=0)
    x, y = np.ones((2, 3)), one_hot([0, 1, 1], 2)
    true = FeedForwardNetwork([2, 3, 2], seed=0)
    right = true.backward(true.forward(x), y)
    for copy in (net, net.with_parameters(W={1: net.W[1]})):
        wrong = copy.backward(copy.forward(x), y)
        np.testing.assert_allclose(wrong.W[1], -right.W[1])
        assert not wrong.b[1].any()
    assert check_gradients(true, x, y).ok


def test_a_run_of_a_buggy_network_can_be_replayed_as_a_stack():
    run = train((by_name["one eye shut"],), epochs=20)
    x = np.random.default_rng(0).normal(size=(2, 5))
    np.testing.assert_allclose(run.networks().forward(x).y_hat[1], run.at(1).forward(x).y_hat)
