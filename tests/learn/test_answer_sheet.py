"""The answer sheet of lesson 07: right numbers are right whatever the seed, and every slip is recognised."""

import re

import numpy as np
import pytest

from utils.learn.answer_sheet import APART, FIELDS, LEARNING_RATE, AnswerSheet
from utils.nn import FeedForwardNetwork, update


def right_answers(sheet):
    return {field.name: round(sheet.truth[field.name], 4) for field in FIELDS}


@pytest.mark.parametrize("seed", [0, 1, 7, 42, 2026, 123456789])
def test_the_truth_is_that_of_the_network(seed):
    sheet = AnswerSheet(seed)
    v = sheet.given
    W = {k: np.array([[v[f"W{k}{i}{j}".translate(LOW)] for j in (1, 2)] for i in (1, 2)]) for k in (1, 2)}
    b = {k: np.array([[v[f"b{k}{i}".translate(LOW)]] for i in (1, 2)]) for k in (1, 2)}
    net = FeedForwardNetwork([2, 2, 2]).with_parameters(W, b)
    x, y = np.array([[v["x₁"]], [v["x₂"]]]), np.array([[1.0], [0.0]])
    trace = net.forward(x)
    back = net.backward(trace, y)
    stepped = net.with_parameters()
    update(stepped, back, LEARNING_RATE)
    truth = [trace.a[1][0, 0], trace.h[1][0, 0], trace.a[2][0, 0], trace.y_hat[0, 0], net.loss(trace, y), back.a[2][0, 0]]
    truth += [back.W[2][0, 1], back.b[2][1, 0], back.h[1][0, 0], back.a[1][0, 0], back.W[1][0, 1], stepped.W[1][0, 1]]
    assert np.allclose([sheet.truth[field.name] for field in FIELDS], truth)
    assert np.allclose([v["h₁₂"], v["a₂₂"]], [trace.h[1][1, 0], trace.a[2][1, 0]])
    assert all(right for _, right, _ in sheet.judged(right_answers(sheet)))


LOW = str.maketrans("012", "₀₁₂")


@pytest.mark.parametrize("seed", [0, 3, 2026])
def test_every_slip_is_named_and_what_follows_from_it_counts_as_right(seed):
    sheet = AnswerSheet(seed)
    for place, field in enumerate(FIELDS):
        for said, wrong in field.slips.items():
            try:
                value = wrong(sheet.truth)
            except (ValueError, ZeroDivisionError):
                continue
            assert abs(value - sheet.truth[field.name]) >= APART
            own, answers = dict(sheet.given), {}
            for n, each in enumerate(FIELDS):
                try:
                    own[each.name] = answers[each.name] = value if n == place else each.value(own)
                except (ValueError, OverflowError, ZeroDivisionError):  # such as the logarithm of a "probability" below 0
                    own[each.name], answers[each.name] = sheet.truth[each.name], None
            judged = sheet.judged(answers)
            assert judged[place][1:] == (False, said)
            assert all(right is not False for _, right, _ in judged[place + 1 :])


def test_without_answers_nothing_is_told(capsys):
    sheet = AnswerSheet(5)
    sheet.check(dict.fromkeys((field.name for field in FIELDS), None))
    said = capsys.readouterr().out
    assert said.count("not worked out yet") == len(FIELDS) == 12 and not re.search(r"\d\.\d", said)
    told = repr(sheet) + sheet._repr_html_()
    assert not any(f"{abs(sheet.truth[field.name]):.4f}" in told for field in FIELDS)


@pytest.mark.parametrize("strange", ["0,25", True, float("nan"), float("inf"), [0.1], {}])
def test_what_is_no_number_gets_a_sentence(strange):
    sheet = AnswerSheet(5)
    _, right, said = sheet.judged({"a₁₁": strange})[0]
    assert right is None and said.startswith("A number is needed")


def test_a_name_that_is_not_on_the_sheet_and_no_dict_at_all_get_a_sentence():
    sheet = AnswerSheet(5)
    assert sheet.judged({"a_11": 0.5})[-1] == ("a_11", False, "There is no number of this name on the sheet.")
    assert all("is a dict" in said for _, _, said in sheet.judged([1, 2]))
    assert sheet.judged({"a₁₁": 99})[0][2].startswith("not right, and none of the usual slips")


@pytest.mark.parametrize("seed", [-1, 1.5, "birthday", None, True])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(ValueError, match="whole number from 0"):
        AnswerSheet(seed)


def test_another_seed_is_another_network():
    assert len({repr(AnswerSheet(seed)) for seed in range(30)}) == 30
