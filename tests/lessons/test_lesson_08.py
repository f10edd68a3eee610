"""The folded answers of lesson 08, and the sentences about single cases, hold in the explorer."""

import numpy as np
import pytest

from utils.data import four_blobs, one_hot
from utils.exhibits.bugs import BUGS, NETWORKS, BuggyNetwork
from utils.explore.bug_lab import CASES, evidence
from utils.nn.gradcheck import check_gradients

by_name = {bug.name: bug for bug in BUGS}


def rows(case, learning_rate=0.1):
    return {f"{row.name}_{row.k}": row for row in evidence(case, learning_rate).report.rows}


def number_of(name):
    return CASES.index(by_name[name]) + 1


def test_the_cases_that_the_answers_name():
    numbers = {1: "sum over everything", 2: "softmax along the examples", 3: "one eye shut", 4: "update before use", 13: "W for Wᵀ"}
    assert all(CASES[number - 1].name == name for number, name in numbers.items())


def test_case_1_says_0_at_the_output_and_the_same_for_all_units():
    claimed = {k: pair[0] for k, pair in evidence(1, 0.1).biases.items()}
    np.testing.assert_allclose(claimed[3], 0, atol=1e-15)
    assert np.ptp(claimed[2]) == np.ptp(claimed[1]) == 0 and claimed[2][0] != 0


def test_case_3_has_vertical_borders():
    net = evidence(3, 0.1).suspect.at(-1)
    low, high = (net.predict(np.stack([np.linspace(-4, 4, 50), np.full(50, x_2)])) for x_2 in (-2, 10))
    assert (low == high).all() and len(set(low)) > 1


def test_case_4_is_halved_with_the_learning_rate():
    errors = [np.abs(np.subtract(*evidence(4, rate).biases[2])).max() for rate in (0.1, 0.05, 0.025)]
    np.testing.assert_allclose(np.divide(errors[:-1], errors[1:]), 2, rtol=1e-3)
    claimed = [rows(4, rate)["W_2"].error for rate in (0.1, 0.05, 0.025)]
    assert 1.8 < claimed[0] / claimed[1] < 2.2 and 1.8 < claimed[1] / claimed[2] < 2.2


def test_case_13_beats_the_true_code_at_learning_rate_0_2():
    case = evidence(13, 0.2)
    assert 0.18 < case.suspect.loss[-1] < 0.22 < case.true.loss[-1] < 0.26


def test_uphill_and_a_transpose_at_once():
    X, labels = four_blobs(300)
    net = BuggyNetwork(bugs=(by_name["uphill"], by_name["W for Wᵀ"]), seed=0, **NETWORKS["laboratory"])
    report = check_gradients(net, X.T[:, :40], one_hot(labels, 4)[:, :40])
    ratios = {f"{row.name}_{row.k}": row.backward / row.numerical for row in report.rows}
    assert all(row.n_wrong for row in report.rows)
    assert ratios["W_3"] == pytest.approx(-1, rel=1e-5) and ratios["b_3"] == pytest.approx(-1, rel=1e-5)
    assert abs(ratios["W_1"] + 1) > 0.1


# What the clues say, in the explorer's own evidence


@pytest.mark.parametrize("name, ratio", [("uphill", -1), ("dropped 2", 0.5), ("missing 1/N", 40), ("N counted twice", 1 / 40)])
def test_ratios(name, ratio):
    found = rows(number_of(name))
    for quantity in by_name[name].accused:
        assert found[quantity].backward / found[quantity].numerical == pytest.approx(ratio, rel=1e-3)


def test_clues_about_biases():
    backward, numerical = evidence(number_of("borrowed bias"), 0.1).biases[2]
    assert numerical[3] == pytest.approx(0, abs=1e-10) and abs(backward[3]) > 1e-3
    biases = evidence(number_of("misplaced sums"), 0.1).biases
    assert not biases[2][0][1:].any() and (np.abs(biases[2][1][1:]) > 1e-3).all()
    assert not any(claimed.any() for claimed, _ in evidence(number_of("forgotten biases"), 0.1).biases.values())
    assert (evidence(number_of("softmax unit by unit"), 0.1).biases[3][0] < 0).all()
    biases = evidence(number_of("dot for ∘"), 0.1).biases
    assert np.ptp(biases[2][0]) == np.ptp(biases[1][0]) == 0


def test_forgotten_g_prime_is_further_off_than_g_prime_at_h():
    too_near, missing = (rows(number_of(name))["W_2"].error for name in ("g′ at h", "g′ forgotten"))
    assert 0.05 < too_near < 0.6 * missing


def test_the_softmax_along_the_examples_does_not_add_up_to_1():
    net = evidence(number_of("softmax along the examples"), 0.1).suspect.at(0)
    assert np.abs(net.forward(four_blobs(300)[0].T).y_hat.sum(-2) - 1).max() > 0.1
