"""The valley explorer: its balls roll as the formulas say, and its picture tells the truth about them."""

import numpy as np
import pytest

from utils.explore.valley import FLAT, LOWEST, START, STEEP, STEPS, TURN, run, valley_explorer, valley_picture

AXES = np.array([[np.cos(TURN), -np.sin(TURN)], [np.sin(TURN), np.cos(TURN)]])
CURVATURE = 2 * AXES @ np.diag([FLAT, STEEP]) @ AXES.T


@pytest.mark.parametrize(("learning_rate", "beta"), [(0.9, 0.0), (0.9, 0.8), (0.2, 0.95), (2.0, 0.5)])
def test_the_balls_follow_the_formulas(learning_rate, beta):
    history, w, v = run(learning_rate, beta), np.array(START), np.zeros(2)
    for record in range(len(history.loss)):
        assert np.allclose(history.W[1][record, 0], w, rtol=1e-6)
        off = w - LOWEST
        assert history.loss[record] == pytest.approx(off @ CURVATURE @ off / 2)
        v = beta * v - learning_rate * CURVATURE @ off
        w = w + v
    assert np.allclose(history.b[1], 0), "the bias rests"


def test_momentum_is_faster_along_the_valley():
    plain, momentum = run(0.9, 0.0).loss[-1], run(0.9, 0.8).loss[-1]
    assert momentum < plain / 10
    alt = valley_picture(STEPS, 0.9, 0.8).alt
    assert f"plain gradient descent has loss {plain:.3g}; the ball with momentum has loss {momentum:.3g}".replace("-", "−") in alt


def test_without_momentum_both_roll_alike_and_long_steps_leave_the_map():
    (first,), (second,) = (
        {line.split("loss ")[1].rstrip(".") for line in half.split("; ")[-1:]}
        for half in (valley_picture(30, 0.5, 0.0).caption, valley_picture(30, 0.5, 0.0).caption.split("; ")[0])
    )
    assert first == second
    assert "has left the map" in valley_picture(STEPS, 2.0, 0.0).caption
    assert "has left the map" not in valley_picture(STEPS, 0.9, 0.0).caption


def test_it_begins_at_rest():
    assert valley_explorer().state == {"step": 0, "learning_rate": 0.9, "momentum": 0.8}
    assert f"Step 0 of {STEPS}" in valley_explorer().picture.caption
