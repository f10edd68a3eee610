"""The pictures of lessons 04 to 07 say the numbers that they draw; the way back says what is done, what is now, and what is to come."""

import re

import numpy as np
import pytest

from utils.exhibits.multiplication_counts import cost
from utils.exhibits.samples import X, Y, sample
from utils.pictures import lesson_05, lesson_06, lesson_07
from utils.pictures.way_back import way_back

NET = sample("2-2-2")


@pytest.mark.parametrize(
    ("lesson", "states"),
    [("04", "now, to come, to come"), ("05", "done, now, to come"), ("06", "done, done, now"), ("07", "done, done, done")],
)
def test_the_way_back_is_a_bar_of_progress(lesson, states):
    picture = way_back(lesson)
    assert ", ".join(re.findall(r"lesson 0\d, (done|now|to come)", picture.alt)) == states
    drawn = picture.data.decode()
    assert drawn.count('stroke-width="4"') == 2 * (lesson != "07") and drawn.count('stroke-width="3"') == 2 * states.count("done")
    assert len(re.findall("✓", drawn)) == states.count("done") and ("now" in drawn) == ("now" in states)


def test_listeners_stand_with_the_column_of_the_unit():
    assert "0.6 to a_2,1 and −0.5 to a_2,2" in lesson_05.listeners(NET, 1).alt
    assert "−0.4 to a_2,1 and 0.9 to a_2,2" in lesson_05.listeners(NET, 2).alt


def test_fading_and_slopes_tell_both_ends():
    sizes = {"sigmoid": np.array([[1e-6, 1e-7, 1e-8], [1e-1, 0.2, 0.3]]), "tanh": np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])}
    alt = lesson_05.fading(sizes).alt
    assert "sigmoid from 0.2 at the scores to 1e−07" in alt and "tanh from 0.5 at the scores to 0.2" in alt
    assert "0.25 at a = 0" in lesson_05.slopes_of_activations().alt


def test_wishes_are_the_gradients_and_their_mean():
    other = np.array([[2.0], [-1.0]]), np.array([[0.0], [1.0]])
    each = [NET.backward(NET.forward(x), y).W[2] for x, y in ((X, Y), other)]
    alt = lesson_06.wishes(each).alt
    assert "example 1 alone: −0.340, −0.574; 0.340, 0.574" in alt and "example 2 alone: 0.439, 0.207; −0.439, −0.207" in alt
    assert "their mean: 0.050, −0.184; −0.050, 0.184" in alt


def test_the_zigzag_counts_its_steps():
    positive = lesson_06.walk(np.random.default_rng(0).uniform(size=(200, 2)), 0.5)
    alt = lesson_06.zigzag(0.5).alt
    assert f"from 0 to 1 {len(positive) - 1} steps, in 100% of which" in alt
    assert np.abs(positive[-1] - [1, -1]).max() < 0.1 <= np.abs(positive[-2] - [1, -1]).max()


def test_costs_agreement_and_loss_are_told():
    deep, wide = [cost([5] * (depth + 1)) for depth in (1, 2, 3)], [cost([width] * 3) for width in (1, 2)]
    alt = lesson_07.costs((1, 2, 3), deep, (1, 2), wide).alt
    assert f"up to {deep[-1].without_cache:,} at 3 layers" in alt and f"at 2 units {wide[-1].without_cache:,}" in alt
    alt = lesson_07.agreement({"early": np.array([0.5, 0.9]), "late": np.array([-0.25, 0.5, -0.5])}).alt
    assert "early: from 0.50 to 0.90, 0 of 2 below 0; late: from -0.50 to 0.50, 2 of 3 below 0" in alt.replace("−", "-")
    assert (
        "begins at 1.50" in lesson_07.falling([1.5, 1.0, 0.5], 0.875).alt
        and "88% of the points" in lesson_07.falling([1.5, 0.5], 0.875).alt
    )
