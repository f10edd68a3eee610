"""The few SVG elements of which all drawings are made: lines, texts with indices, and the picture around them."""

from dataclasses import dataclass
from html import escape

from utils.draw.picture import Picture
from utils.draw.style import PAPER


@dataclass(frozen=True)
class Line:
    """How a line is drawn: colour, width, dashed or not, and a text on it.

    The text stands at the share ``at`` of the way from its start, ``lift`` pixels above it.
    """

    color: str
    width: float = 3.0
    text: str = ""
    dashed: bool = False
    lift: float = 0
    at: float = 0.5


def line(start, end, style):
    """Return a straight line between two points (x, y) in pixels, in the given style."""
    (x1, y1), (x2, y2) = start, end
    dashes = ' stroke-dasharray="8 5"' if style.dashed else ""
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{style.color}" stroke-width="{style.width:g}"{dashes}/>'


def text(x, y, content, color, size=16, anchor="middle"):
    """Return a text at (x, y); what follows an underscore is set as an index: W_1, b_1 or h_1,2."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="sans-serif" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{color}">{_with_indices(content)}</text>'
    )


def text_on_line(x, y, content, color):
    """Return a text on a white ground that keeps it readable where lines pass behind it."""
    width = 7 * sum(letter not in ".,_" for letter in content) + 6  # points, commas and small indices share the rest
    background = f'<rect x="{x - width / 2:g}" y="{y - 8:g}" width="{width}" height="16" rx="4" fill="{PAPER}"/>'
    return background + text(x, y + 4, content, color, size=13)


def svg_picture(parts, width, height, alt, caption=""):
    """Return SVG elements on a white ground as a Picture of the given size in pixels."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">'
        f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )
    return Picture(svg.encode(), " ".join(alt.split()), round(width), caption=caption, mime="image/svg+xml")


def _with_indices(content):
    words = []
    for word in escape(content).split(" "):
        letter, underscore, index = word.partition("_")
        comma = "," if index.endswith(",") else ""
        index = index.removesuffix(",")
        words.append(f'{letter}<tspan dy="4" font-size="75%">{index}</tspan><tspan dy="-4">{comma}\u200b</tspan>' if underscore else word)
    return " ".join(words)
