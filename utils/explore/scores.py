"""The scores explorer: four scores, their exponentials, and the share of each in the sum (lesson 04)."""

import numpy as np

from utils.draw.numbers import number, significant, subscript
from utils.draw.style import GRID, INK, MUTED, QUANTITIES
from utils.draw.svg import Line, line, svg_picture, text
from utils.explore.controls import Number, explorer
from utils.nn.losses import softmax

START = np.round(np.log([1, 2, 4, 1]), 4)  # e^a is 1, 2, 4, 1, as in the lesson

WIDTH, ROW, TOP = 620, 34, 52  # pixels
NAME, SCORE, EXPONENTIAL, BAR, FULL = 26, 110, 236, 330, 210  # where the columns stand; the length of a bar for ŷ = 1


def scores_picture(a_1, a_2, a_3, a_4, shift):
    """Return the picture: a row for each class with its score, its exponential, and its probability as a bar.

    Parameters
    ----------
    a_1, a_2, a_3, a_4 : float
        The scores.
    shift : float
        Added to all four scores.

    Returns
    -------
    Picture
    """
    a = np.array([a_1, a_2, a_3, a_4]) + shift
    exponentials, y_hat = np.exp(a), softmax(a[:, None])[:, 0]
    bottom = TOP + 4 * ROW
    parts = [
        text(SCORE, 24, "score a", QUANTITIES["a"], size=15),
        text(EXPONENTIAL, 24, "eᵃ", INK, size=15),
        text(BAR + FULL / 2, 24, "ŷ = its share of the sum", QUANTITIES["h"], size=15),
        line((BAR, TOP - 14), (BAR, bottom - 10), Line(INK, 1)),
        line((BAR + FULL, TOP - 14), (BAR + FULL, bottom - 10), Line(GRID, 1)),
        line((NAME - 14, bottom - 8), (BAR - 12, bottom - 8), Line(INK, 1)),
        text(SCORE, bottom + 14, "sum", MUTED, size=14),
        text(EXPONENTIAL, bottom + 14, number(exponentials.sum()), INK, size=14),
        text(BAR + 14, bottom + 14, "1", QUANTITIES["h"], size=14),
    ]
    for i in range(4):
        y = TOP + i * ROW + 6
        parts += [
            text(NAME, y, f"{i + 1}", MUTED, size=14),
            text(SCORE, y, significant(a[i]), QUANTITIES["a"], size=14),
            text(EXPONENTIAL, y, number(exponentials[i]), INK, size=14),
            f'<rect x="{BAR}" y="{y - 15}" width="{y_hat[i] * FULL:.2f}" height="20" fill="{QUANTITIES["h"]}"/>',
            text(BAR + y_hat[i] * FULL + 8, y, number(y_hat[i]), INK, size=13, anchor="start"),
        ]
    rows = "; ".join(
        f"class {i + 1}: score {significant(a[i])}, exponential {number(exponentials[i])}, probability {number(y_hat[i])}" for i in range(4)
    )
    return svg_picture(parts, WIDTH, bottom + 26, f"A row for each class. {rows}. The exponentials add up to {number(exponentials.sum())}.")


scores_explorer = explorer(
    scores_picture,
    **{f"a_{i + 1}": Number(f"score a{subscript(i + 1)}", float(value), -10.0, 10.0, step=0.5) for i, value in enumerate(START)},
    shift=Number("shift all by", 0.0, -10.0, 10.0, step=0.5),
)
