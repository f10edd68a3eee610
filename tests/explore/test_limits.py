"""Controls tell the truth about themselves: what is switched off changes nothing, and what is not does change the picture."""

import random

import numpy as np
import pytest
from every_explorer import EXPLORERS, explorer

from utils.explore.controls import Choice

LIMITED = [name for name in EXPLORERS if explorer(name).limits(**explorer(name).state)]
SLOW = {"bug_lab_explorer"}  # its diagnosis shows nothing before it is complete
STATES = 4


def values(control, high=None):
    """Return some values of a control, from one end to the other."""
    if isinstance(control, Choice):
        return control.options
    low, high = control.low, control.high if high is None else high
    some = np.linspace(np.log10(low), np.log10(high), 5) if control.log else np.linspace(low, high, 5)
    return [round(each) if control.whole else float(each) for each in (10**some if control.log else some)]


@pytest.mark.parametrize("name", LIMITED)
def test_what_is_switched_off_changes_nothing(name):
    panel, rng = explorer(name), random.Random(name)
    for _ in range(STATES):
        panel.set(**{key: rng.choice(values(row.control)) for key, row in panel.rows.items()})
        for key, limit in panel.limits(**panel.state).items():
            row = panel.rows[key]
            assert row.field.disabled == isinstance(limit, str)
            if isinstance(limit, str):
                assert f"{row.control.label}: {limit}" in panel.note.value
                pictures = {panel.draw(**panel.state | {key: value}).data for value in values(row.control)}
                assert len(pictures) == 1, f"{key} is switched off at {panel.state}"
            else:
                assert panel.state[key] <= limit == row.field.max == row.slider.max
                beyond = panel.draw(**panel.state | {key: row.control.high})
                assert beyond.data == panel.draw(**panel.state | {key: limit}).data


@pytest.mark.parametrize("name", sorted(EXPLORERS.keys() - SLOW))
def test_what_is_not_switched_off_changes_the_picture(name):
    panel = explorer(name)
    limits = panel.limits(**panel.state)
    for key, row in panel.rows.items():
        limit = limits.get(key)
        if not isinstance(limit, str) and limit != row.control.__dict__.get("low"):
            assert any(panel.draw(**panel.state | {key: value}) != panel.picture for value in values(row.control, limit)), key


def test_a_value_beyond_a_new_limit_comes_down_to_it():
    panel = explorer("algorithm_explorer")
    panel.set(architecture="2-2-2-2", step=22)
    assert panel.state["step"] == 22 and "Line 22 of 22" in panel.picture.caption
    panel.rows["architecture"].field.value = "2-2-2"
    assert panel.state["step"] == panel.rows["step"].slider.value == 15 and "Line 15 of 15" in panel.picture.caption
    panel.set(step=22, architecture="2-2-2-2")
    assert panel.state["step"] == 22, "values that fit each other are set together, in any order"
