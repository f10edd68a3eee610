"""The bug laboratory keeps its secret until a diagnosis is complete, its evidence is true, and it tells the bugs apart."""

import os
import re
from html import unescape

import numpy as np
import pytest

from utils.data import four_blobs, one_hot
from utils.draw.picture import with_indices, with_minus
from utils.exhibits.bugs import BUGS, KINDS, NETWORKS, PLACES, BuggyNetwork
from utils.explore import bug_lab
from utils.explore.bug_lab import (
    CASES,
    EPOCHS,
    IN_THE_CHECK,
    LAYERS,
    MAPS,
    POINTS,
    REPAIRS,
    UNDECIDED,
    WIDTHS,
    answer,
    bug_lab_picture,
    unfit,
)
from utils.nn.gradcheck import check_gradients
from utils.nn.training import gradient_descent

START = {name: control.value for name, control in bug_lab.bug_lab_explorer.controls.items()}
every_case = pytest.mark.parametrize("case", range(1, len(CASES) + 1))


def evidence(case, learning_rate=0.1, widths=WIDTHS[0], repair=UNDECIDED):
    bug = CASES[case - 1]
    return bug_lab.evidence(bug.network, () if bug.true in REPAIRS.get(repair, ()) else (bug,), learning_rate, widths)


def number_of(name):
    return [bug.name for bug in CASES].index(name) + 1


def text(picture):
    return unescape(picture.html)


def said(words):
    return unescape(with_indices(words))


def diagnosis(case, **changed):
    layer, place, kind = answer(CASES[case - 1])
    return START | {"case": case, "layer": layer, "place": place, "kind": kind} | changed


def test_every_bug_is_a_case_and_the_number_gives_nothing_away():
    assert set(CASES) == set(BUGS) and len(CASES) == len(BUGS)
    assert sum(case is bug for case, bug in zip(CASES, BUGS, strict=True)) < 4


@every_case
def test_the_answer_stays_folded_until_all_three_parts_are_chosen(case):
    bug = CASES[case - 1]
    for part in ("layer", "place", "kind"):
        picture = bug_lab_picture(**diagnosis(case, **{part: UNDECIDED}))
        assert "the answer unfolds" in text(picture)
        assert not any(said(secret) in text(picture) for secret in (bug.name, bug.story, bug.wrong, bug.clue))
    picture = bug_lab_picture(**diagnosis(case))
    assert "3 of 3." in text(picture) and text(picture).count("✓ ") == 3
    assert bug.name in text(picture) and said(bug.clue) in text(picture)
    assert all(line in text(picture) for line in (*bug.wrong.split("\n"), *bug.true.split("\n")))


def test_a_wrong_diagnosis_is_corrected_part_by_part_with_what_speaks_against_it():
    layer, _, kind = answer(CASES[0])
    picture = bug_lab_picture(**diagnosis(1, kind="product"))
    assert "2 of 3." in text(picture) and f"✓ first wrong: {layer}" in text(picture)
    reason = "A dot product on the way back reaches the weights below, and the check accuses none."
    assert f"✗ kind: you said “product”. {reason} It is “{kind}”." in text(picture)
    for change in ({}, {"widths": WIDTHS[1]}, {"repair": "∂𝓛/∂W_k"}):
        picture = bug_lab_picture(**diagnosis(1, kind="product", **change))
        assert ("seen with equal widths, and without a repair" in text(picture)) == bool(change)


# The evidence is true


@every_case
def test_the_answer_about_the_layer_is_what_the_check_shows(case):
    picture = bug_lab_picture(**START | {"case": case})
    rows = re.findall(r">∂𝓛/∂[Wb]<sub>(\d)</sub></th><td[^>]*>(\d+) of", text(picture).split("All bias gradients")[0])
    layers = [int(k) for k, _ in rows]
    assert layers == sorted(layers, reverse=True)  # from the output down
    wrong = [max(layers) - int(k) for k, n_wrong in rows if int(n_wrong)]
    assert answer(CASES[case - 1])[0] == (LAYERS[min(wrong)] if wrong else LAYERS[-1])


@every_case
def test_the_picture_tells_the_truth_about_both_runs_and_the_check(case):
    bug = CASES[case - 1]
    X, labels = four_blobs(POINTS)
    x, y = X.T, one_hot(labels, 4)
    few = x[:, :IN_THE_CHECK], y[:, :IN_THE_CHECK]
    suspect, true = (BuggyNetwork(bugs=bugs, learning_rate=0.1, seed=1, **NETWORKS[bug.network]) for bugs in ((bug,), ()))
    report = check_gradients(suspect, *few)
    picture = bug_lab_picture(**START | {"case": case})
    for row in report.rows:
        verdict = f" {row.error:.0e}, {row.n_wrong} of {row.size} wrong" if row.n_wrong else " agrees"
        assert with_minus(f"{row.name}_{row.k}{verdict}") in picture.alt
        assert f"{row.symbol.split('_')[0]}<sub>{row.symbol.split('_')[1]}</sub></td><td" in text(picture)
    trace = suspect.forward(few[0])
    gradients = suspect.backward(trace, few[1])
    for k in suspect.layers:
        assert with_minus(", ".join(f"{entry:+.4f}" for entry in gradients.b[k].ravel() + 0.0)) in text(picture)
    sums = trace.y_hat.sum(0)
    shown = re.search(r"sum of each column of ŷ</th><td[^>]*>([^<]*)", text(picture))[1]
    assert shown == ("1 everywhere" if np.allclose(sums, 1) else f"from {sums.min():.2g} to {sums.max():.2g}")
    for net in (suspect, true):
        run = gradient_descent(net, x, y, 0.1, EPOCHS, record_every=EPOCHS)
        assert f"to {run.loss[-1]:.3g}, {run.accuracy[-1]:.1%} right" in picture.alt
    assert f"{(suspect.predict(x) != labels).sum()} of {POINTS} points wrong" in picture.alt
    true_map = bug_lab_picture(**START | {"case": case, "surface": MAPS[1]})
    assert f"{(true.predict(x) != labels).sum()} of {POINTS} points wrong" in true_map.alt


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_the_finite_differences_on_the_way_back_are_those_that_the_true_code_computes(activation):
    x, y, _ = bug_lab._data()
    net, rng = BuggyNetwork([2, 5, 3, 4], activation=activation, seed=3), np.random.default_rng(3)
    net = net.with_parameters(b={k: rng.normal(size=net.b[k].shape) for k in net.layers})
    trace = net.forward(x[:, :7])
    gradients = net.backward(trace, y[:, :7])
    for (v, k), measured in bug_lab._on_the_way(net, trace, y[:, :7]).items():
        np.testing.assert_allclose(measured, getattr(gradients, v)[k], atol=1e-8)


# It tells the bugs apart, from many starts


@every_case
def test_one_repair_makes_the_check_agree_and_no_other_does(case):
    bug = CASES[case - 1]
    for repair, statements in REPAIRS.items():
        found = evidence(case, repair=repair)
        fits = bug.true in statements
        assert (not found.check.accused) == (fits or not bug.accused)
        assert found.same_curve == (fits or bug.kind == "harmless")
    right = next(repair for repair, statements in REPAIRS.items() if bug.true in statements)
    assert "says that all gradients agree" in bug_lab_picture(**START | {"case": case, "repair": right}).caption


OTHERS = [pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 12)] if os.environ.get("COURSE_LONG") == "1" else []


@pytest.fixture(params=[bug_lab.SEED, *OTHERS])
def start(request, monkeypatch):
    """Yield the explorer's own seed; with COURSE_LONG=1 ten others, too."""
    kept = (bug_lab._train, bug_lab._check, bug_lab._crash, bug_lab.evidence)
    others = request.param != bug_lab.SEED
    monkeypatch.setattr(bug_lab, "SEED", request.param)
    for function in kept * others:
        function.cache_clear()
    yield request.param
    for function in kept * others:
        function.cache_clear()


@every_case
def test_the_evidence_speaks_for_the_truth_and_against_everything_else(case, start):
    bug = CASES[case - 1]
    truth = layer, place, kind = answer(bug)
    assert unfit(bug, 0.1, *truth) == ("", "", "")
    assert all(unfit(bug, 0.1, other, place, kind)[0] for other in LAYERS if other != layer)
    assert all(unfit(bug, 0.1, layer, other, kind)[1] for other in PLACES.values() if other != place)
    assert all(unfit(bug, 0.1, layer, place, other)[2] for other in KINDS if other != kind)


def test_uneven_widths_crash_where_a_shape_fitted_by_accident():
    crashed = {CASES[case - 1].name for case in range(1, len(CASES) + 1) if evidence(case, widths=WIDTHS[1]).crash}
    assert crashed == {"W for Wᵀ", "one layer off", "hard-wired layer", "misplaced sums"}
    state = START | {"case": number_of("W for Wᵀ"), "widths": WIDTHS[1]}
    picture = bug_lab_picture(**state)
    assert "Python stops with an error" in picture.caption and "crashes" in picture.alt
    assert "all gradients agree" in bug_lab_picture(**state | {"repair": "∂𝓛/∂h_k"}).caption


@pytest.mark.parametrize(
    "name, first", [("W for Wᵀ", "h"), ("update before use", "h"), ("g′ at h", "a"), ("g′ forgotten", "a"), ("dot for ∘", "a")]
)
def test_the_gradients_on_the_way_back_show_the_first_wrong_step(name, first):
    assert evidence(number_of(name)).check.first_off == (first, 2)


def test_the_slopes_tell_where_g_prime_was_taken():
    slopes = {}
    for name in ("g′ at h", "g′ forgotten"):
        claimed = evidence(number_of(name)).check.claimed
        slopes[name] = claimed.a[2] / claimed.h[2]
    assert (slopes["g′ forgotten"] == 1).all()
    assert 1 - np.tanh(1) ** 2 <= slopes["g′ at h"].min() and slopes["g′ at h"].max() <= 1 + 1e-12


# A press of a key costs what it changes


def test_a_press_of_a_key_repeats_no_work(monkeypatch):
    done = []

    def counted(function):
        return lambda *args, **settings: done.append(function.__name__) or function(*args, **settings)

    for function in (bug_lab.gradient_descent, bug_lab.numerical_gradient):
        monkeypatch.setattr(bug_lab, function.__name__, counted(function))
    state = START | {"case": 5, "learning_rate": 0.123}
    bug_lab_picture(**state)
    done.clear()
    wrong = next(line for line, statements in REPAIRS.items() if CASES[4].true not in statements)
    for change in ({"surface": MAPS[1]}, {"repair": wrong}, {"layer": LAYERS[0]}, {"place": PLACES["weights"]}, {"kind": "sign"}):
        bug_lab_picture(**state | change)
    assert not done
    bug_lab_picture(**state | {"learning_rate": 0.124})
    assert done == ["gradient_descent"] * 2  # no check: these gradients do not know the learning rate
