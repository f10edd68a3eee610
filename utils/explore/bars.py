"""Bars and number grids as parts of an SVG: the numbers of a vector or a matrix, drawn in well under a millisecond."""

from matplotlib import colormaps
from matplotlib.colors import to_hex

from utils.draw.numbers import two_significant
from utils.draw.style import DIVERGING, INK, PAPER
from utils.draw.svg import text


def bars(values, centers, zero, unit, width, color, filled=True):
    """Return a bar for each value, upwards from the height ``zero`` where it is positive, downwards where negative.

    Parameters
    ----------
    values, centers : sequences of float
        Height of each bar, and the x of its middle in pixels.
    zero, unit : float
        The y at which the bars begin, and the pixels of a value of 1.
    width, color : float, str
        How each bar is drawn.
    filled : bool
        False draws the outline only: a second kind of bar that needs no second colour.

    Returns
    -------
    list of str
        SVG elements.
    """
    return [
        f'<rect x="{x - width / 2:g}" y="{zero - max(value, 0) * unit:.2f}" width="{width:g}" height="{abs(value) * unit:.2f}" '
        f'fill="{color if filled else PAPER}" stroke="{color}" stroke-width="1.5"/>'
        for value, x in zip(values, centers, strict=True)
    ]


def number_grid(values, x, y, cell, limit):
    """Return a matrix as coloured cells with a number in each: orange below zero, purple above, white at zero.

    Parameters
    ----------
    values : array, shape (rows, columns)
        What stands in the cells; row 0 is on top.
    x, y : float
        Upper left corner in pixels.
    cell : (float, float)
        Width and height of a cell.
    limit : float
        The value with the fullest colour. At twice the largest value every colour is pale enough to write on.

    Returns
    -------
    list of str
        SVG elements.
    """
    width, height = cell
    parts = []
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            left, top = x + column * width, y + row * height
            color = to_hex(colormaps[DIVERGING](0.5 + 0.5 * value / limit))
            parts.append(f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" fill="{color}" stroke="{PAPER}"/>')
            parts.append(text(left + width / 2, top + height / 2 + 4, two_significant(value), INK, size=12))
    return parts
