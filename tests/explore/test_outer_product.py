"""The outer-product explorer shows true numbers: factors, entries and sums against loops and finite differences."""

import itertools
import re

import numpy as np
import pytest

from utils.draw.grids import product_grid
from utils.explore.outer_product import ARCHITECTURES, BATCH, SCALAR, VECTOR, VIEWS, outer_product_picture, setting, signed

START = {"architecture": "2-3-2", "view": VECTOR, "k": 2, "seed": 0, "i": 1, "j": 2, "n_examples": 4, "example": 1}


def picture(**state):
    return outer_product_picture(**START | state)


def texts(shown):
    """Return every text of the picture."""
    return re.findall(r"<text [^>]*>([^<]*)</text>", shown.data.decode())


def nudged_loss(net, x, y, k, i, j, step=1e-5):
    """Return ∂𝓛/∂W_kij by nudging that one weight, indices from 1."""
    losses = []
    for nudge in (step, -step):
        W = net.W[k].copy()
        W[i - 1, j - 1] += nudge
        other = net.with_parameters(W={k: W})
        losses.append(other.loss(other.forward(x), y))
    return (losses[0] - losses[1]) / (2 * step)


@pytest.mark.parametrize("k", [1, 2])
def test_every_entry_in_the_cells_is_what_nudging_the_weight_says(k):
    net, x, y = setting("2-4-3", 5)
    for view, columns in ((VECTOR, [2]), (BATCH, range(6))):
        cells = texts(picture(architecture="2-4-3", seed=5, k=k, view=view, n_examples=6, example=3))
        n, m = net.W[k].shape
        numbers = [text for text in cells if re.fullmatch(r"[+−]\d+\.\d{4}", text)]
        N = len(columns)
        assert len(numbers) == n * N + N * m + n * m
        truth = [signed(nudged_loss(net, x[:, columns], y[:, columns], k, i + 1, j + 1)) for i in range(n) for j in range(m)]
        assert numbers[-n * m :] == truth


def test_caption_multiplies_the_two_factors_and_agrees_with_the_finite_difference():
    net, x, y = setting("2-3-2", 0)
    trace = net.forward(x[:, :1])
    gradient, signal = (trace.y_hat - y[:, :1])[0, 0], trace.h[1][1, 0]
    caption = picture().caption
    assert f"({signed(gradient)}) · ({signed(signal)}) = {signed(gradient * signal)}." in caption
    assert f"Finite difference {signed(nudged_loss(net, x[:, :1], y[:, :1], 2, 1, 2))}." in caption
    assert ("lowers" in caption) == (gradient * signal > 0)
    assert "raises W_2,2,2" in picture(i=2).caption


def test_the_batch_lists_every_product_and_its_sum():
    net, x, y = setting("3-3-2", 7)
    shown = picture(architecture="3-3-2", seed=7, k=1, view=BATCH, n_examples=8, example=6, i=3, j=1)
    cells = [re.findall("<td[^>]*>([^<]*)</td>", row) for row in re.findall("<tr>.*?</tr>", shown.details)[1:]]
    products = [float(row[2].replace("−", "-")) for row in cells[:-1]]
    total = nudged_loss(net, x, y, 1, 3, 1)
    assert len(products) == 8 and np.isclose(sum(products), total, atol=5e-4)
    assert cells[-1][2] == signed(total) and "6 (dashed)" in shown.details and "1/8" in shown.details
    one = x[:, [5]]  # what example 6 adds is an eighth of what it would say alone
    assert np.isclose(products[5], nudged_loss(net, one, y[:, [5]], 1, 3, 1) / 8, atol=6e-5)


def test_shapes_of_the_three_views():
    assert "number · number → number" in picture(view=SCALAR).alt
    assert "(2, 1) · (1, 3) → (2, 3)" in picture(view=VECTOR).alt
    assert "(3, 8) · (8, 4) → (3, 4)" in picture(architecture="2-4-3", view=BATCH, n_examples=8).alt


def test_the_scalar_view_shows_one_entry_and_its_two_factors_alone():
    net, x, y = setting("2-3-2", 0)
    trace = net.forward(x[:, :1])
    gradient, signal = (trace.y_hat - y[:, :1])[1, 0], trace.h[1][2, 0]
    numbers = [text for text in texts(picture(view=SCALAR, i=2, j=3)) if re.fullmatch(r"[+−]\d\.\d{4}", text)]
    assert numbers == [signed(gradient), signed(signal), signed(gradient * signal)]


def test_every_corner_of_the_controls_gives_a_picture():
    corners = itertools.product(ARCHITECTURES, VIEWS, (1, 2), (1, 4), (1, 4), (1, 8), (1, 8), (0, 50))
    for architecture, view, k, i, j, n_examples, example, seed in corners:
        shown = outer_product_picture(architecture, k, view, n_examples, example, i, j, seed)
        assert "nan" not in shown.alt and shown.caption in shown.alt
        n_rows, n_columns = setting(architecture, seed)[0].W[k].shape
        assert ("There is no W_" in shown.caption) == (i > n_rows or j > n_columns)
        assert ("There is no example" in shown.caption) == (view == BATCH and example > n_examples)
        assert (shown.details != "") == (view == BATCH and n_examples > 1)


def test_nothing_is_drawn_beyond_the_edges():
    state = {"architecture": "2-4-3", "view": BATCH, "n_examples": 8, "i": 3, "j": 4}
    shown = picture(**state)
    svg = shown.data.decode()
    height = float(re.search(r'height="([\d.]+)"', svg)[1])
    for x, y, width, tall in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', svg):
        assert float(x) + float(width) <= 720.5 and float(y) + float(tall) <= height


def test_a_grid_of_zeros_and_tiny_numbers():
    assert signed(-1e-9) == "+0.0000" and signed(-0.25) == "−0.2500"
    zeros = product_grid(np.zeros((2, 1)), np.zeros((1, 2)), "t", "all zero", rows=["a", "b"], columns=["c", "d"])
    assert texts(zeros).count("+0.0000") == 8 and b"nan" not in zeros.data
