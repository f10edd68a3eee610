"""The softmax explorer: its numbers against finite differences, its extremes, and what a shift does."""

import re
from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest

from utils.draw.numbers import number
from utils.draw.style import INK, QUANTITIES
from utils.explore.bars import bars, number_grid
from utils.explore.softmax import PAIRS, START, softmax_explorer, softmax_picture

SAMPLE = (0.3, -1.2, 2.0, 0.7)


def numbers_after(words, text):
    """Return the list of numbers in the first bracket after the given words."""
    bracket = text.split(words, 1)[1].split("(", 1)[1].split(")", 1)[0]
    return np.array([float(entry.replace("−", "-")) for entry in bracket.split(", ")])


def texts(picture):
    return ["".join(element.itertext()) for element in ElementTree.fromstring(picture.data).iter() if element.tag.endswith("}text")]


def independent(loss, a, l):
    y_hat = np.exp(a) / np.exp(a).sum()
    return -np.log(y_hat[l]) if loss == "cross-entropy" else ((y_hat - np.eye(4)[l]) ** 2).sum()


@pytest.mark.parametrize("loss", PAIRS)
@pytest.mark.parametrize("l", range(4))
def test_the_numbers_are_those_of_finite_differences(loss, l):
    a, nudges = np.array(SAMPLE), 1e-5 * np.eye(4)
    slopes = [(independent(loss, a + nudge, l) - independent(loss, a - nudge, l)) / 2e-5 for nudge in nudges]
    told = softmax_picture(*SAMPLE, l + 1, 0.0, loss).alt.split(loss.capitalize())[1]
    assert np.allclose(numbers_after("∂𝓛/∂a", told), slopes, atol=5.1e-4)
    assert f"loss {number(independent(loss, a, l))}" in told
    assert f"largest in size {number(np.abs(slopes).max())}" in told


def test_the_matrix_and_the_column_make_the_gradient():
    for loss in PAIRS:
        svg = softmax_picture(*SAMPLE, 2, 0.0, loss).data.decode()
        cells, column = (
            np.array([float(t.replace("−", "-").replace("≈", "")) for t in re.findall(rf'font-size="12"[^>]*fill="{color}">([^<]*)<', svg)])
            for color in (INK, QUANTITIES["gradient"])
        )
        jacobian, column = cells.reshape(4, 4), column[:4]
        told = softmax_picture(*SAMPLE, 2, 0.0, loss).alt.split(loss.capitalize())[1]
        assert np.allclose(jacobian @ column, numbers_after("∂𝓛/∂a", told), atol=0.03)
        assert np.allclose(jacobian, jacobian.T) and np.allclose(jacobian.sum(axis=0), 0, atol=0.01)


def test_a_shift_moves_the_scores_and_nothing_else():
    still, moved = (softmax_picture(*SAMPLE, 3, shift, "squared error") for shift in (0.0, 7.5))
    assert still.caption == moved.caption
    assert [(s, m) for s, m in zip(texts(still), texts(moved), strict=True) if s != m] == [
        ("0.3", "7.8"),
        ("−1.2", "6.3"),
        ("2", "9.5"),
        ("0.7", "8.2"),
    ]


def test_squared_error_is_silent_where_cross_entropy_shouts():
    alt = softmax_picture(-10.0, 10.0, -10.0, -10.0, 1, 0.0, "cross-entropy").alt
    cross_entropy, squared = (numbers_after("∂𝓛/∂a", part) for part in alt.split("Squared error"))
    assert np.allclose(cross_entropy, [-1, 1, 0, 0], atol=1e-6) and np.abs(squared).max() < 1e-7


def test_every_corner_of_the_controls_gives_a_picture():
    for corner in product((-10.0, 10.0), repeat=4):
        for l, shift, loss in product((1, 4), (-10.0, 10.0), PAIRS):
            picture = softmax_picture(*corner, l, shift, loss)
            ElementTree.fromstring(picture.data)
            assert not re.search("nan|inf", picture.alt + " ".join(texts(picture)))
            assert all(len(text) <= 7 for text in texts(picture) if re.match(r"−?\d", text)), "a number wider than its cell"


def test_default_state_is_the_example_of_the_lesson():
    explorer = softmax_explorer()
    assert explorer.picture == softmax_picture(*START, 2, 0.0, "cross-entropy")
    assert "ŷ = (0.125, 0.250, 0.500, 0.125), true class 2" in explorer.picture.caption
    explorer.set(true_class=3, loss="squared error")
    assert "true class 3" in explorer.picture.caption and "squared error" in texts(explorer.picture)
    explorer.set(true_class=2, loss="cross-entropy")
    assert explorer.picture == softmax_explorer().picture
    with pytest.raises(ValueError, match="true_class can be 1 to 4, not 5"):
        softmax_explorer(true_class=5)


def test_bars_grow_up_from_zero_and_hang_below_it():
    up, down = (ElementTree.fromstring(bar).attrib for bar in bars([0.5, -0.25], [10, 30], zero=100, unit=80, width=8, color="#123456"))
    assert (up["x"], up["y"], up["height"]) == ("6", "60.00", "40.00")
    assert (down["x"], down["y"], down["height"]) == ("26", "100.00", "20.00")
    assert 'fill="#FFFFFF"' in bars([1], [0], 0, 1, 1, "#123456", filled=False)[0]


def test_number_grid_is_orange_below_zero_and_purple_above():
    cells = [ElementTree.fromstring(part).attrib for part in number_grid([[-1, 0, 1]], 0, 0, (40, 20), limit=2) if part.startswith("<rect")]
    below, zero, above = (tuple(bytes.fromhex(cell["fill"][1:])) for cell in cells)
    assert below[0] > below[2] and above[2] > above[0] and min(zero) > 240
    assert [cell["x"] for cell in cells] == ["0", "40", "80"]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (-0.75, "−0.750"), (20.6931, "20.693"), (2e-9, "2e−9"), (-5e8, "−5e8"), (1e-18, "1e−18"), (3e12, "3e12")]
)
def test_numbers_are_short(value, text):
    assert number(value) == text
