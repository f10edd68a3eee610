"""The patients of homework 5 run, have one wrong line each, and their gradient check differs from that of the true programs."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from utils.homework.bank import clouds, ring, wave
from utils.homework.patients import WARD, gradient_check, patients, wrong_lines
from utils.homework.wrong_lines import program, text_of

EVERY = [(bank, line) for bank in WARD for line in bank.WRONG_LINES]
OUT_OF_SIGHT = {"one eye shut", "examples turned round", "sign of the inputs lost"}


def example(bank, seed):
    """Return inputs as in the notebook: equal widths for the clouds."""
    rng = np.random.default_rng(seed)
    sizes = {clouds: [2, 4, 4, 4], wave: [2, 5, 3], ring: [2, 6, 1]}[bank]
    x, labels = rng.normal(size=(2, 15)), rng.integers(0, sizes[-1] if bank is clouds else 2, 15)
    y = {clouds: np.eye(4)[:, labels % 4], wave: rng.normal(size=(3, 15)), ring: labels[None]}[bank]
    shapes = [shape for n, m in pairwise(sizes) for shape in ((m, n), (m, 1))]
    return x, y, *(rng.normal(size=shape) for shape in shapes)


def said(capsys, function, *arguments):
    gradient_check(function, *arguments)
    return capsys.readouterr().out.splitlines()[1:]


@pytest.mark.parametrize(("bank", "line"), EVERY, ids=lambda one: getattr(one, "name", ""))
def test_every_patient_runs_is_ill_in_one_line_and_the_check_says_so(bank, line, capsys):
    true, text = text_of(bank.question.reference).splitlines(), text_of(bank.question.reference, line).splitlines()
    assert sum(a != b for a, b in zip(true, text, strict=True)) == 1
    for seed in range(10):
        arguments = example(bank, seed)
        ill, sound = program(bank.question.reference, line)(*arguments), bank.question.reference(*arguments)
        assert all(np.isfinite(v).all() and np.shape(v) == np.shape(true) for v, true in zip(ill, sound, strict=True))
        assert not all(np.allclose(*pair) for pair in zip(ill, sound, strict=True))
        agree = all("agree" in row for row in said(capsys, program(bank.question.reference, line), *arguments))
        assert agree == (line.name in OUT_OF_SIGHT)


@pytest.mark.parametrize("bank", WARD, ids=lambda bank: bank.question.name)
def test_a_repaired_program_agrees(bank, capsys):
    for seed in range(10):
        assert all("agree" in row for row in said(capsys, bank.question.reference, *example(bank, seed)))


def test_the_check_shows_sign_factor_and_what_is_not_used(capsys):
    def rows(bank, name):
        line = next(line for line in bank.WRONG_LINES if line.name == name)
        return said(capsys, program(bank.question.reference, line), *example(bank, 0))

    assert all("-1 in all of them" in row for row in rows(wave, "uphill"))
    assert all("15 in all of them" in row for row in rows(wave, "1/N forgotten"))
    assert [row.split()[0] for row in rows(clouds, "W₃ in place of W₂") if "agree" not in row] == ["W1", "b1"]
    assert "finite difference is 0" in rows(ring, "b₁ not used")[3]


def test_a_number_decides_and_every_line_has_its_turn():
    assert wrong_lines(7) == wrong_lines(7)
    chosen = {line for number in range(200) for line in wrong_lines(number)}
    assert chosen == {line for _, line in EVERY}
    for patient, bank, line in zip(patients(7), WARD, wrong_lines(7), strict=True):
        arguments = example(bank, 1)
        for mine, ill in zip(patient(*arguments), program(bank.question.reference, line)(*arguments), strict=True):
            np.testing.assert_array_equal(mine, ill)
        assert line.wrong in patient.text and line.wrong in repr(patient) and line.true not in patient.text.replace(line.wrong, "")


@pytest.mark.parametrize("number", [-1, 1.5, "1234", True, None])
def test_what_is_no_number_is_refused_in_words(number):
    with pytest.raises(ValueError, match="whole number from 0 up"):
        patients(number)


def test_a_teacher_can_ask_what_is_wrong():
    told = subprocess.run([sys.executable, "-m", "utils.homework.patients", "7"], capture_output=True, text=True, check=True).stdout
    assert all(line.name in told and line.wrong in told for line in wrong_lines(7))
