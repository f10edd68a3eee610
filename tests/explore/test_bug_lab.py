import re
from html import unescape

import pytest

from utils.data import four_blobs, one_hot
from utils.exhibits.bugs import BUGS, KINDS, NETWORKS, BuggyNetwork
from utils.explore.bug_lab import CASES, LAYERS, MAPS, UNDECIDED, answer, bug_lab_picture
from utils.nn.gradcheck import check_gradients
from utils.nn.training import gradient_descent

START = {"case": 1, "learning_rate": 0.1, "surface": MAPS[0], "layer": UNDECIDED, "place": UNDECIDED, "kind": UNDECIDED}
every_case = pytest.mark.parametrize("case", range(1, len(CASES) + 1))


def text(picture):
    return unescape(picture.html)


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
        assert not any(secret in text(picture) for secret in (bug.name, bug.story, bug.wrong, bug.clue))
    picture = bug_lab_picture(**diagnosis(case))
    assert "3 of 3." in text(picture) and text(picture).count("✓ ") == 3
    assert bug.name in text(picture) and bug.clue in text(picture)
    assert all(line in text(picture) for line in (*bug.wrong.split("\n"), *bug.true.split("\n")))


def test_a_wrong_diagnosis_is_corrected_part_by_part():
    layer, _, kind = answer(CASES[0])
    other = next(name for name in KINDS if name != kind)
    picture = bug_lab_picture(**diagnosis(1, kind=other))
    assert "2 of 3." in text(picture)
    assert f"✓ first wrong: {layer}" in text(picture) and f"✗ kind: you said {other}, it is {kind}" in text(picture)


@every_case
def test_the_answer_about_the_layer_is_what_the_check_shows(case):
    picture = bug_lab_picture(**START | {"case": case})
    rows = re.findall(r">∂𝓛/∂[Wb]<sub>(\d)</sub></th><td[^>]*>(\d+) of", text(picture).split("All bias gradients")[0])
    L = max(int(k) for k, _ in rows)
    wrong = [L - int(k) for k, n_wrong in rows if int(n_wrong)]
    assert answer(CASES[case - 1])[0] == (LAYERS[min(wrong)] if wrong else LAYERS[-1])


@every_case
def test_the_picture_tells_the_truth_about_both_runs_and_the_check(case):
    bug = CASES[case - 1]
    X, labels = four_blobs(300)
    x, y = X.T, one_hot(labels, 4)
    suspect, true = (BuggyNetwork(bugs=bugs, learning_rate=0.1, seed=1, **NETWORKS[bug.network]) for bugs in ((bug,), ()))
    report = check_gradients(suspect, x[:, :40], y[:, :40])
    picture = bug_lab_picture(**START | {"case": case})
    for row in report.rows:
        assert f"{row.name}_{row.k} {row.error:.0e}, {row.n_wrong} of {row.size} wrong" in picture.alt
    gradients = suspect.backward(suspect.forward(x[:, :40]), y[:, :40])
    for k in suspect.layers:
        assert ", ".join(f"{entry:+.4f}" for entry in gradients.b[k].ravel() + 0.0) in text(picture)
    for net in (suspect, true):
        run = gradient_descent(net, x, y, 0.1, 300)
        assert f"to {run.loss[-1]:.3g}, {run.accuracy[-1]:.1%} right" in picture.alt
    assert f"{(suspect.predict(x) != labels).sum()} of 300 points wrong" in picture.alt
    true_map = bug_lab_picture(**START | {"case": case, "surface": MAPS[1]})
    assert f"{(true.predict(x) != labels).sum()} of 300 points wrong" in true_map.alt
