"""The softmax explorer: scores in, probabilities, Jacobian and the first gradient out (lesson 04)."""

from dataclasses import replace

import numpy as np

from utils.data import one_hot
from utils.draw.numbers import listed, number, significant
from utils.draw.spots import Spot, cell_shape
from utils.draw.style import GRID, HIGHLIGHT, INK, MUTED, PAPER, QUANTITIES
from utils.draw.svg import Line, line, svg_picture, text
from utils.explore.bars import bars, number_grid
from utils.explore.controls import Choice, Number, explorer
from utils.nn.losses import LOSSES, softmax

PAIRS = {"cross-entropy": LOSSES["softmax", "cross_entropy"], "squared error": LOSSES["softmax", "squared_error"]}
START = np.round(np.log([1, 2, 4, 1]), 4)  # e^a is 1, 2, 4, 1, as in the lesson, so ŷ is (1, 2, 4, 1)/8

WIDTH, HEIGHT = 744, 306  # pixels
TOP, BOTTOM = 64, 232  # the three panels stand between these heights
PROBABILITIES = 48 + 37 * np.arange(4)  # middle of each bar of ŷ
JACOBIAN, CELL = 208, (52, 42)  # left edge of the matrix, size of a cell
COLUMN = 432  # left edge of ∂𝓛/∂ŷ
GRADIENTS = 566 + 50 * np.arange(4)  # middle of each pair of bars of ∂𝓛/∂a
ZERO, UNIT = (TOP + BOTTOM) / 2, (BOTTOM - TOP) / 2  # their axis runs from −1 to 1


def softmax_picture(a_1, a_2, a_3, a_4, true_class, shift, loss):
    """Return the picture: the bars of ŷ, Jacobian times ∂𝓛/∂ŷ, and ∂𝓛/∂a of both losses on one axis.

    Parameters
    ----------
    a_1, a_2, a_3, a_4 : float
        The scores.
    true_class : int
        l, from 1 to 4.
    shift : float
        Added to all four scores.
    loss : str
        Whose ∂𝓛/∂ŷ stands beside the Jacobian: a name in ``PAIRS``.

    Returns
    -------
    Picture
    """
    a = np.array([[a_1], [a_2], [a_3], [a_4]]) + shift
    y = one_hot([true_class - 1], 4)
    y_hat = softmax(a)
    losses = {name: float(pair.per_example(a, y_hat, y)[0]) for name, pair in PAIRS.items()}
    grad_a = {name: pair.grad_a(y_hat, y)[:, 0] for name, pair in PAIRS.items()}
    parts = [
        *_true_class(true_class - 1),
        *_probabilities(a[:, 0], y_hat[:, 0]),
        *_jacobian(PAIRS[loss].jacobian(y_hat), PAIRS[loss].grad_y_hat(y_hat, y), loss),
        *_gradients(grad_a),
    ]
    summary = f"ŷ = ({listed(y_hat[:, 0])}), true class {true_class}. " + " ".join(
        f"{name.capitalize()}: loss {number(losses[name])}, ∂𝓛/∂a = ({listed(grad_a[name])}), "
        f"the largest in size {number(np.abs(grad_a[name]).max())}."
        for name in PAIRS
    )
    alt = f"""Bars of the probabilities; the Jacobian, symmetric, positive on its diagonal and negative beside it, times the
    gradient at ŷ; and the gradients of both losses as bars on one axis from −1 to 1. Scores a = ({listed(a[:, 0])}). {summary}"""
    spots = [
        Spot(f"class {i + 1}, {symbol}", {"true_class": i + 1}, cell_shape(*box), chosen=i + 1 == true_class)
        for i in range(4)
        for symbol, box in zip(("ŷ", "∂𝓛/∂a"), _columns(i), strict=True)
    ]
    return replace(svg_picture(parts, WIDTH, HEIGHT, alt, caption=summary), spots=tuple(spots))


def _columns(i):
    """Return where a class stands among the bars on the left and on the right: x, y, width, height."""
    return [(center - width / 2, TOP - 22, width, HEIGHT - TOP + 18) for center, width in ((PROBABILITIES[i], 37), (GRADIENTS[i], 50))]


def _true_class(i):
    return [f'<rect x="{x:g}" y="{y}" width="{width}" height="{height}" fill="{HIGHLIGHT}"/>' for x, y, width, height in _columns(i)]


def _probabilities(a, y_hat):
    unit = BOTTOM - TOP
    parts = bars(y_hat, PROBABILITIES, BOTTOM, unit, 22, QUANTITIES["h"])
    parts.append(line((PROBABILITIES[0] - 18, BOTTOM), (PROBABILITIES[3] + 18, BOTTOM), Line(INK, 1)))
    parts.append(text(PROBABILITIES.mean(), 20, "ŷ = softmax(a)", QUANTITIES["h"], size=15))
    parts += [text(14, BOTTOM + 18, "ŷ", QUANTITIES["h"], size=14), text(14, BOTTOM + 38, "a", QUANTITIES["a"], size=14)]
    for i, x in enumerate(PROBABILITIES):
        parts += [
            text(x, BOTTOM - y_hat[i] * unit - 6, number(y_hat[i]), INK, size=11),
            text(x, BOTTOM + 18, f"ŷ_{i + 1}", QUANTITIES["h"], size=14),
            text(x, BOTTOM + 38, significant(a[i]), QUANTITIES["a"], size=12),
        ]
    return parts


def _jacobian(jacobian, grad_y_hat, loss):
    width, height = CELL
    parts = number_grid(jacobian, JACOBIAN, TOP, CELL, limit=0.5)  # no entry is larger than 1/4
    middle = JACOBIAN + 2 * width
    parts.append(text(middle, 20, "Jacobian ∂ŷ_m/∂a_i", INK, size=15))
    parts += [text(middle, BOTTOM + y, words, MUTED, size=12) for y, words in ((18, "each row and each column"), (34, "adds up to 0"))]
    for i in range(4):
        y = TOP + (i + 0.5) * height
        parts += [
            text(JACOBIAN + (i + 0.5) * width, TOP - 8, f"a_{i + 1}", QUANTITIES["a"], size=14),
            text(JACOBIAN - 16, y + 5, f"ŷ_{i + 1}", QUANTITIES["h"], size=14),
            f'<rect x="{COLUMN}" y="{TOP + i * height:g}" width="66" height="{height}" fill="{PAPER}" stroke="{GRID}"/>',
            text(COLUMN + 33, y + 4, number(grad_y_hat[i, 0]), QUANTITIES["gradient"], size=12),
        ]
    parts += [text(COLUMN - 7, ZERO + 9, "·", INK, size=30), text(COLUMN + 80, ZERO + 6, "=", INK, size=18)]
    parts.append(text(COLUMN + 33, TOP - 8, "∂𝓛/∂ŷ", QUANTITIES["gradient"], size=14))
    parts.append(text(COLUMN + 33, BOTTOM + 18, loss, MUTED, size=12))
    return parts


def _gradients(grad_a):
    left, right = GRADIENTS[0] - 25, GRADIENTS[3] + 25
    color = QUANTITIES["gradient"]
    parts = [text(GRADIENTS.mean(), 20, "∂𝓛/∂a, both losses", color, size=15)]
    for value in (-1, 0, 1):
        y = ZERO - value * UNIT
        parts.append(line((left, y), (right, y), Line(GRID if value else INK, 1)))
        parts.append(text(left - 9, y + 4, f"{value}".replace("-", "−"), MUTED, size=11))
    for (name, values), side, row, filled in zip(grad_a.items(), (-11, 11), (BOTTOM + 38, BOTTOM + 56), (True, False), strict=True):
        parts += bars(values, GRADIENTS + side, ZERO, UNIT, 17, color, filled)
        parts += bars([9], [left - 90], row, 1, 9, color, filled)  # which kind of bar this row belongs to
        parts.append(text(left - 46, row, name, MUTED, size=11))
        parts += [text(x, row, number(value), color, size=12) for x, value in zip(GRADIENTS, values, strict=True)]
    parts += [text(x, BOTTOM + 18, f"a_{i + 1}", QUANTITIES["a"], size=14) for i, x in enumerate(GRADIENTS)]
    return parts


softmax_explorer = explorer(
    softmax_picture,
    **{f"a_{i + 1}": Number(f"score a{'₁₂₃₄'[i]}", float(value), -10.0, 10.0, step=0.5) for i, value in enumerate(START)},
    true_class=Number("true class l", 2, 1, 4),
    shift=Number("shift all by", 0.0, -10.0, 10.0, step=0.5, more=True),
    loss=Choice("∂𝓛/∂ŷ of", "cross-entropy", tuple(PAIRS), more=True),
)
