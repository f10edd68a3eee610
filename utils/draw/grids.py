"""A matrix product as SVG text: the left factor beside, the right factor above, the product where they meet.

With one term this is a multiplication table, that is an outer product. With N terms every entry of the
product still sees its row on its left and its column above it.
"""

from dataclasses import replace

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from utils.draw.numbers import fixed
from utils.draw.spots import Spot, cell_shape
from utils.draw.style import DIVERGING, GRID, INK, MUTED, PAPER, QUANTITIES
from utils.draw.svg import svg_picture, text

WIDTH = 720  # pixels
LABEL, GAP, TITLE, HEADING, MARGIN = 76, 16, 36, 24, 8  # room for row names, between blocks, for title and column names, at the edge
WIDEST_CELL, ROOMY_CELL, NARROW_CELL, CELL_HEIGHT = 92, 66, 57, 29
BASELINE = 0.65  # of a cell's height, where its text stands
STRONGEST = 0.2  # how far from white, at 0.5, the colours go: dark text stays readable on them
COLORS = colormaps[DIVERGING]
READING = ("every entry: the row to its left", "times the column above it")


def product_grid(left, right, title, alt, *, rows, columns, terms=(), chosen=None, term=None, alone=False, spots=None):
    """Return the picture of ``left @ right``, every number in a cell with its sign and colour.

    Parameters
    ----------
    left, right : arrays, shapes (n, N) and (N, m)
        The factors; their product has shape (n, m).
    title, alt : str
        The line above the picture, and what it shows with its numbers.
    rows, columns, terms : list of str
        The names of the n rows, the m columns and, where there are several, the N terms of each sum.
    chosen : tuple of int, optional
        An entry (i, j) of the product, from 0: it is framed, with its row and its column.
    term : int, optional
        The term that is framed with dashes, from 0.
    alone : bool
        Leave all cells empty but the chosen entry and its factors.
    spots : callable, optional
        Takes the block, "left", "right" or "product", and row and column, from 0; returns the name of what is chosen in this cell and
        what the controls are set to.

    Returns
    -------
    Picture
    """
    (n, N), m = left.shape, right.shape[1]
    width = min(WIDEST_CELL, (WIDTH - LABEL - GAP - MARGIN) / (N + m))
    x_left, x_right = LABEL, LABEL + N * width + GAP
    y_right, y_left = TITLE + HEADING, TITLE + HEADING + N * CELL_HEIGHT + GAP
    i, j = chosen or (None, None)
    parts, places = [text(MARGIN, 22, title, INK, 16, "start")], []
    for block, values, x, y, of_chosen in (
        ("left", left, x_left, y_left, lambda r, c: r == i),
        ("right", right, x_right, y_right, lambda r, c: c == j),
        ("product", left @ right, x_right, y_left, lambda r, c: (r, c) == chosen),
    ):
        limit = np.abs(values).max() or 1
        for (r, c), value in np.ndenumerate(values):
            parts.append(_cell(x + c * width, y + r * CELL_HEIGHT, width, value, limit, empty=alone and not of_chosen(r, c)))
            if spots:
                shape, now = cell_shape(x + c * width, y + r * CELL_HEIGHT, width, CELL_HEIGHT), block == "product" and (r, c) == chosen
                places.append(Spot(*spots(block, r, c), shape, now))
    for r, name in enumerate(rows):
        parts.append(text(x_left - 8, y_left + (r + BASELINE) * CELL_HEIGHT, name, QUANTITIES["gradient"], 14, "end"))
    for c, name in enumerate(columns):
        parts.append(text(x_right + (c + 0.5) * width, y_right - 7, name, QUANTITIES["h"], 14))
    for t, name in enumerate(terms):
        parts.append(text(x_left + (t + 0.5) * width, y_left - 5, name, MUTED, 12))
        parts.append(text(x_right - 6, y_right + (t + BASELINE) * CELL_HEIGHT, name, MUTED, 12, "end"))
    if N > 1:  # then there is room above the left factor
        parts += [text(MARGIN, y_right + 18 * (line + 1), words, MUTED, 13, "start") for line, words in enumerate(READING)]
    if term is not None:
        parts.append(_frame(x_left + term * width, y_left, width, n * CELL_HEIGHT, MUTED, dashed=True))
        parts.append(_frame(x_right, y_right + term * CELL_HEIGHT, m * width, CELL_HEIGHT, MUTED, dashed=True))
    if chosen:
        parts.append(_frame(x_left, y_left + i * CELL_HEIGHT, N * width, CELL_HEIGHT, QUANTITIES["gradient"]))
        parts.append(_frame(x_right + j * width, y_right, width, N * CELL_HEIGHT, QUANTITIES["h"]))
        parts.append(_frame(x_right + j * width, y_left + i * CELL_HEIGHT, width, CELL_HEIGHT, INK))
    return replace(svg_picture(parts, WIDTH, y_left + n * CELL_HEIGHT + MARGIN, alt), spots=tuple(places))


def _cell(x, y, width, value, limit, empty):
    color = PAPER if empty else to_hex(COLORS(0.5 + STRONGEST * value / limit))
    box = f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{CELL_HEIGHT}" fill="{color}" stroke="{GRID}"/>'
    size = 14 if width > ROOMY_CELL else 12
    digits = 4 if width > NARROW_CELL else 3
    return box if empty else box + text(x + width / 2, y + BASELINE * CELL_HEIGHT, fixed(value, digits, signed=True), INK, size)


def _frame(x, y, width, height, color, dashed=False):
    stroke = 'stroke-width="1.6" stroke-dasharray="5 4"' if dashed else 'stroke-width="3"'
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="none" stroke="{color}" {stroke}/>'
