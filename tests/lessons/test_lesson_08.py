"""What lesson 08 says about its bugs holds over ten starts, and the sentences about single cases hold in the explorer."""

import numpy as np
import pytest

from utils.data import four_blobs, one_hot
from utils.exhibits.bugs import BUGS, NETWORKS, SESSION_BUGS, BuggyNetwork
from utils.explore import bug_lab
from utils.explore.bug_lab import CASES
from utils.learn.exercises import lesson_08 as exercises
from utils.nn import FeedForwardNetwork, check_gradients, gradient_descent

by_name = {bug.name: bug for bug in BUGS}
SEEDS = list(range(10))
X, LABELS = four_blobs(300)
x, y = X.T, one_hot(LABELS, 4)
UNEVEN = {"laboratory": [2, 5, 3, 4], "squared error": [2, 5, 3, 4], "session": [2, 3, 4]}


def trained(*bugs, network="laboratory", rate=0.1):
    """Return final and first losses and accuracies of ten networks, trained as in the lesson."""
    stack = BuggyNetwork(bugs=bugs, learning_rate=rate, seed=SEEDS, **NETWORKS[network])
    run = gradient_descent(stack, x, y, rate, 400, record_every=None)
    return run.loss[-1], run.loss[0], stack.accuracy(x, y)


def with_twelve(*bugs, network="laboratory"):
    """Return the losses of ten networks, each after 2000 steps on twelve examples of its own."""
    z = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)
    draws = [np.random.default_rng(seed).permutation(300) for seed in SEEDS]
    places = [draw[exercises.few_of_each(LABELS[draw], 3)] for draw in draws]
    stack = BuggyNetwork(bugs=bugs, learning_rate=0.3, seed=SEEDS, **NETWORKS[network])
    few = np.stack([z[:, p] for p in places]), np.stack([y[:, p] for p in places])
    return gradient_descent(stack, *few, 0.3, 2000, record_every=None).loss[-1]


def inner(name, widths=None, rate=0.1, examples=None, seed=0):
    """Return what a bug's backward says, and what the true lines make of the same values."""
    bug = by_name[name]
    net = BuggyNetwork(bugs=(bug,), learning_rate=rate, seed=seed, **NETWORKS[bug.network] | ({"layer_sizes": widths} if widths else {}))
    few = slice(0, 40) if examples is None else examples
    trace = net.forward(x[:, few])
    return net.backward(trace, y[:, few]), FeedForwardNetwork.backward(net, trace, y[:, few])


# --- over ten starts ---


@pytest.mark.long
def test_a_missing_transpose_learns_from_every_start():
    last, first, accuracy = trained(by_name["W for Wᵀ"])
    assert (last < 0.4 * first).all() and accuracy.mean() > 0.85
    true, _, _ = trained()
    assert last.mean() > true.mean()  # what case 13 wins at learning rate 0.2 is luck
    assert trained(by_name["W for Wᵀ"], rate=0.2)[0].mean() > trained(rate=0.2)[0].mean()


def test_which_of_the_sessions_lines_costs_most():
    means = {bug.name: trained(bug, network="session")[2].mean() for bug in SESSION_BUGS}
    assert means["repeated line"] == trained(network="session")[2].mean()
    assert means["misplaced sums"] < means["borrowed bias"] < means["repeated line"]


@pytest.mark.parametrize("name", ["one eye shut", "uphill", "first example only"])
def test_twelve_examples_find_the_heavy_ones_in_every_draw(name):
    assert not (with_twelve(by_name[name]) < 0.05).any()


QUIET = ["dropped 2", "missing 1/N", "N counted twice", "sum over everything", "forgotten biases", "W for Wᵀ", "hard-wired layer"]
QUIET += ["update before use", "g′ at h", "borrowed bias", "misplaced sums"]


@pytest.mark.parametrize("name", [None, *QUIET])
def test_twelve_examples_are_learned_by_the_true_code_and_with_eleven_bugs(name):
    bugs = () if name is None else (by_name[name],)
    losses = with_twelve(*bugs, network=bugs[0].network if bugs else "laboratory")
    assert np.median(losses) < 0.05 and (losses < 0.05).sum() >= 7


def test_one_example_hides_what_has_to_do_with_n():
    for name in ("missing 1/N", "N counted twice", "first example only"):
        net = BuggyNetwork(bugs=(by_name[name],), seed=0, **NETWORKS["laboratory"])
        assert check_gradients(net, x[:, :1], y[:, :1]).ok and not check_gradients(net, x[:, :40], y[:, :40]).ok


# --- what tells the bugs apart ---


def test_uneven_widths_crash_a_transpose_and_two_indices():
    crashed = set()
    for bug in BUGS:
        try:
            inner(bug.name, widths=UNEVEN[bug.network])
        except (ValueError, IndexError):
            crashed.add(bug.name)
    assert crashed == {"W for Wᵀ", "one layer off", "hard-wired layer", "misplaced sums"}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradients_of_h_and_a_tell_the_derivatives_apart(seed):
    for name in ("g′ forgotten", "g′ at h", "one layer off", "dot for ∘"):
        said, truth = inner(name, seed=seed)
        assert np.array_equal(said.h[2], truth.h[2]) and not np.allclose(said.a[2], truth.a[2], rtol=1e-3)
        assert np.array_equal(said.a[2], said.h[2]) == (name == "g′ forgotten")
        assert (np.ptp(said.b[2]) == 0) == (name == "dot for ∘")
    said, truth = inner("W for Wᵀ", seed=seed)
    assert not np.allclose(said.h[2], truth.h[2], rtol=1e-3)


def test_another_learning_rate_gives_another_gradient_for_the_order_alone():
    moved = {bug.name for bug in BUGS if not np.array_equal(inner(bug.name, rate=0.1)[0].W[1], inner(bug.name, rate=0.05)[0].W[1])}
    assert moved == {"update before use"}


def test_exchanged_examples_leave_the_weights_of_the_first_alone():
    def scaled(examples):
        gradients = inner("first example only", examples=examples)[0]
        return gradients.W[1] * len(examples)

    assert np.allclose(scaled([0, 1, 2]), scaled([0, 7, 8])) and not np.allclose(scaled([0, 1, 2]), scaled([1, 0, 2]))


# --- single cases of the explorer ---


def evidence(case, learning_rate=0.1):
    bug = CASES[case - 1]
    return bug_lab.evidence(bug.network, (bug,), learning_rate)


def pair(name, v, k):
    return evidence(number_of(name)).check.pair(v, k)


def number_of(name):
    return CASES.index(by_name[name]) + 1


def test_the_cases_that_the_answers_name():
    numbers = {1: "sum over everything", 2: "softmax along the examples", 3: "one eye shut", 4: "update before use", 6: "one layer off"}
    numbers |= {13: "W for Wᵀ", 14: "g′ forgotten"}
    assert all(CASES[number - 1].name == name for number, name in numbers.items())


def test_case_1_says_0_at_the_output_and_the_same_for_all_units():
    claimed = {k: pair("sum over everything", "b", k)[0] for k in (1, 2, 3)}
    np.testing.assert_allclose(claimed[3], 0, atol=1e-15)
    assert np.ptp(claimed[2]) == np.ptp(claimed[1]) == 0 and claimed[2][0] != 0


def test_case_3_has_vertical_borders():
    net = evidence(3).suspect.net
    low, high = (net.predict(np.stack([np.linspace(-4, 4, 50), np.full(50, x_2)])) for x_2 in (-2, 10))
    assert (low == high).all() and len(set(low)) > 1


def test_case_4_is_halved_with_the_learning_rate():
    for v, k in (("h", 2), ("W", 2), ("b", 2)):
        errors = [np.abs(np.subtract(*evidence(4, rate).check.pair(v, k))).max() for rate in (0.1, 0.05, 0.025)]
        np.testing.assert_allclose(np.divide(errors[:-1], errors[1:]), 2, rtol=1e-2)
    rows = [{(row.name, row.k): row.error for row in evidence(4, rate).check.rows}["W", 2] for rate in (0.1, 0.05, 0.025)]
    assert 1.8 < rows[0] / rows[1] < 2.2 and 1.8 < rows[1] / rows[2] < 2.2


def test_cases_6_and_13_are_told_apart_by_the_gradient_of_h_2():
    assert evidence(6).check.first_off == ("a", 2) and evidence(13).check.first_off == ("h", 2)
    assert evidence(6).check.accused == evidence(13).check.accused
    assert all(bug_lab.evidence("laboratory", (CASES[case - 1],), 0.1, "uneven").crash for case in (6, 13))


def test_case_13_beats_the_true_code_at_learning_rate_0_2():
    case = evidence(13, 0.2)
    assert case.suspect.loss[-1] < 0.95 * case.true.loss[-1] < 0.3


# What the clues say, in the explorer's own evidence


@pytest.mark.parametrize(
    "name, ratio",
    [("uphill", -1), ("dropped 2", 0.5), ("missing 1/N", bug_lab.IN_THE_CHECK), ("N counted twice", 1 / bug_lab.IN_THE_CHECK)],
)
def test_ratios(name, ratio):
    assert evidence(number_of(name)).check.same_ratio == pytest.approx(ratio, rel=1e-3)


def test_clues_about_biases():
    backward, numerical = pair("borrowed bias", "b", 2)
    assert numerical[3] == pytest.approx(0, abs=1e-10) and abs(backward[3]) > 1e-3
    backward, numerical = pair("misplaced sums", "b", 2)
    assert not backward[1:].any() and (np.abs(numerical[1:]) > 1e-3).all()
    assert not any(pair("forgotten biases", "b", k)[0].any() for k in (1, 2, 3))
    assert (pair("softmax unit by unit", "a", 3)[0] <= 0).all()
    assert np.ptp(pair("dot for ∘", "b", 2)[0]) == np.ptp(pair("dot for ∘", "b", 1)[0]) == 0


def test_the_softmax_along_the_examples_does_not_add_up_to_1():
    trace = evidence(number_of("softmax along the examples")).check.trace
    assert np.abs(trace.y_hat.sum(-2) - 1).max() > 0.1
    np.testing.assert_allclose(trace.y_hat.sum(-1), 1)
