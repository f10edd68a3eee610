"""A computation as boxes: each with its name, its value and, below it, the gradient that has come back so far (lesson 11)."""

from dataclasses import dataclass

from utils.draw.style import HIGHLIGHT, INK, PAPER, QUANTITIES
from utils.draw.svg import line, text, text_on_line

WIDTH, HEIGHT = 56, 33
BEND = 95  # pixels: how far a bent edge leaves the straight way


@dataclass(frozen=True)
class Box:
    """A number in its place.

    Attributes
    ----------
    name, value : str
        What stands in it.
    x, y : float
        Its middle in pixels.
    color : str
        Of its frame and its name.
    gradient : str
        What stands below it.
    highlighted, again : bool
        Drawn with emphasis; drawn with a broken frame, because the same number has another box already.
    """

    name: str
    value: str
    x: float
    y: float
    color: str = INK
    gradient: str = ""
    highlighted: bool = False
    again: bool = False


def box(b):
    """Return the SVG elements of a Box.

    Parameters
    ----------
    b : Box
        What is drawn.

    Returns
    -------
    list of str
        SVG elements.
    """
    fill, width = (HIGHLIGHT, 3.5) if b.highlighted else (PAPER, 1.5)
    dashes = ' stroke-dasharray="4 3"' if b.again else ""
    parts = [
        f'<rect x="{b.x - WIDTH / 2:g}" y="{b.y - HEIGHT / 2:g}" width="{WIDTH}" height="{HEIGHT}" rx="5" '
        f'fill="{fill}" stroke="{b.color}" stroke-width="{width}"{dashes}/>',
        text(b.x, b.y - 3, b.name, b.color, size=13),
        text(b.x, b.y + 12, b.value, INK, size=12),
    ]
    return [*parts, text_on_line(b.x, b.y + HEIGHT / 2 + 9, b.gradient, QUANTITIES["gradient"])] if b.gradient else parts


def edge(start, end, style, bend=0):
    """Return the line from the right side of a Box to the left side of another; bend = −1 leads it over what is between, 1 below.

    Parameters
    ----------
    start : Box
        Where the edge begins.
    end : Box
        Where it ends.
    style : Line
        Its colour and width.
    bend : int
        0 for a straight line.

    Returns
    -------
    str
        An SVG element.
    """
    (x1, y1), (x2, y2) = (start.x + WIDTH / 2, start.y), (end.x - WIDTH / 2, end.y)
    if not bend:
        return line((x1, y1), (x2, y2), style)
    y = max(start.y, end.y) + BEND if bend > 0 else min(start.y, end.y) - BEND
    return (
        f'<path d="M {x1:g} {y1:g} C {x1 + 30:g} {y:g} {x2 - 30:g} {y:g} {x2:g} {y2:g}" fill="none" '
        f'stroke="{style.color}" stroke-width="{style.width:g}"/>'
    )


def edge_text(start, end, content, bend=0):
    """Return a text on the line that ``edge`` draws between two boxes; on a slanting one nearer to its end, where fewer cross.

    Parameters
    ----------
    start : Box
        Where the edge begins.
    end : Box
        Where it ends.
    content : str
        The words.
    bend : int
        As in ``edge``.

    Returns
    -------
    str
        SVG elements.
    """
    share = 0.5 if bend or abs(start.y - end.y) < HEIGHT / 2 else 0.65
    x = start.x + WIDTH / 2 + share * (end.x - start.x - WIDTH)
    y = start.y + share * (end.y - start.y)
    if bend:  # the middle of a cubic curve: a quarter of its ends, three quarters of its handles
        y = 0.25 * y + 0.75 * (max(start.y, end.y) + BEND if bend > 0 else min(start.y, end.y) - BEND)
    return text_on_line(x, y, content, QUANTITIES["gradient"], size=12)
