"""Matrices as HTML for ``Picture.details``: an equation of small tables, with the entries in question in bold and framed."""

from dataclasses import dataclass
from html import escape

import numpy as np

from utils.draw.numbers import number
from utils.draw.picture import with_indices

CELL = "padding:2px 7px;text-align:right"
FRAMED = f"{CELL};border:2px solid"


@dataclass(frozen=True)
class Matrix:
    """A matrix with a name.

    Attributes
    ----------
    name : str
        What stands above it.
    values : array, shape (rows, columns)
        Its entries.
    row, column : int or None
        The row or column in question, from 0: bold and framed. With both, the one entry where they meet; with neither, none.
    """

    name: str
    values: np.ndarray
    row: int | None = None
    column: int | None = None

    def is_highlighted(self, i, j):
        """Return whether entry ij is one of those in question.

        Parameters
        ----------
        i, j : int
            Row and column, from 0.

        Returns
        -------
        bool
        """
        return (self.row, self.column) != (None, None) and self.row in (None, i) and self.column in (None, j)

    @property
    def html(self):
        """Return the matrix as an HTML table."""
        rows = "".join(
            "<tr>" + "".join(_cell(number(value), self.is_highlighted(i, j)) for j, value in enumerate(line)) + "</tr>"
            for i, line in enumerate(self.values)
        )
        frame = "border-left:2px solid;border-right:2px solid;border-collapse:collapse;margin:0"
        return f'<table style="{frame}"><caption>{with_indices(self.name)}</caption><tbody>{rows}</tbody></table>'


def matrix_equation(*parts):
    """Return matrices and the signs between them, side by side, as HTML.

    Parameters
    ----------
    *parts : Matrix or str
        In their order, such as ``Matrix("A", A), "·", Matrix("x", x), "=", Matrix("A x", A @ x)``.

    Returns
    -------
    str
        HTML.
    """
    items = "".join(f"<div>{part.html if isinstance(part, Matrix) else f'<b>{escape(part)}</b>'}</div>" for part in parts)
    return f'<div style="display:flex;flex-wrap:wrap;align-items:center;gap:12px;margin:6px 0">{items}</div>'


def _cell(text, highlighted):
    return f'<td style="{FRAMED}"><b>{text}</b></td>' if highlighted else f'<td style="{CELL}">{text}</td>'
