"""The few SVG elements of which all drawings are made: lines, texts with indices, and the picture around them."""

from dataclasses import dataclass
from functools import cache
from html import escape

from matplotlib.font_manager import findfont, get_font

from utils.draw.picture import INDEX, Picture
from utils.draw.style import PAPER


@dataclass(frozen=True)
class Line:
    """How a line is drawn: colour, width, dashed or not, and a text on it.

    The text stands at the share ``at`` of the way from its start, ``lift`` pixels above it. Where neither is given, the diagram finds
    a place at which the text meets nothing else.
    """

    color: str
    width: float = 3.0
    text: str = ""
    dashed: bool = False
    lift: float = 0
    at: float | None = None


@dataclass(frozen=True)
class Dot:
    """A dot that travels once from one circle to another, and the ring with which it arrives.

    Attributes
    ----------
    start, end : str
        Names of the circles.
    turn : int
        When it begins: 0 for the first travel, 1 when that one has ended, and so on.
    color : str
        Of dot and ring.
    share : float
        How large it is, 0 to 1.
    """

    start: str
    end: str
    turn: int
    color: str
    share: float = 1.0


# Dots begin to travel a moment after the last change, so that nothing else moves while a slider is moved. When they have arrived they
# disappear. There are none on paper, and none for a reader who has asked for less motion.
WAIT, TRAVEL = 0.4, 0.45  # seconds
MOTION = (
    "<style>.dot,.ring{opacity:0}"
    f".dot{{animation:dot {TRAVEL}s ease-in-out}}.ring{{animation:ring {TRAVEL}s ease-out;transform-box:fill-box;transform-origin:center}}"
    "@keyframes dot{0%{opacity:1}100%{opacity:1;transform:translate(var(--x),var(--y))}}"
    "@keyframes ring{0%{opacity:1;transform:scale(.8)}100%{opacity:0;transform:scale(1.3)}}"
    "@media (prefers-reduced-motion:reduce),print{.dot,.ring{animation:none}}</style>"
)


def dot(style, start, end, radius):
    """Return the elements of a Dot that travels between two points (x, y) in pixels, to a circle of the given radius.

    Parameters
    ----------
    style : Dot
        Its colour, size and turn.
    start : pair of float
        Where it begins, in pixels.
    end : pair of float
        Where it ends.
    radius : float
        Of the circle that it travels to, in pixels.

    Returns
    -------
    list of str
        SVG elements.
    """
    (x1, y1), (x2, y2) = start, end
    leaves = WAIT + style.turn * TRAVEL
    size = 4 + 6 * min(style.share, 1.0) ** 0.5  # its area goes with the share
    return [
        f'<circle class="dot" cx="{x1:g}" cy="{y1:g}" r="{size:.1f}" fill="{style.color}" stroke="{PAPER}" '
        f'style="--x:{x2 - x1:g}px;--y:{y2 - y1:g}px;animation-delay:{leaves:g}s"/>',
        f'<circle class="ring" cx="{x2:g}" cy="{y2:g}" r="{radius:g}" fill="none" stroke="{style.color}" '
        f'stroke-width="{2 + 4 * style.share:.1f}" style="animation-delay:{leaves + TRAVEL:g}s"/>',
    ]


def line(start, end, style):
    """Return a straight line between two points (x, y) in pixels, in the given style.

    Parameters
    ----------
    start : pair of float
        Where it begins, in pixels.
    end : pair of float
        Where it ends.
    style : Line
        Its colour, width and dashes; its text is drawn by the diagram.

    Returns
    -------
    str
        An SVG element.
    """
    (x1, y1), (x2, y2) = start, end
    dashes = ' stroke-dasharray="8 5"' if style.dashed else ""
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{style.color}" stroke-width="{style.width:g}"{dashes}/>'


CLEAR = 6  # pixels between a text on a line and the visible rest of the line
SMALLER = 0.75  # size of an index


def text(x, y, content, color, size=16, anchor="middle"):
    """Return a text at (x, y); what follows an underscore is set as an index: W_1, b_1 or h_1,2.

    Parameters
    ----------
    x : float
        In pixels; ``anchor`` says which part of the text stands there.
    y : float
        Of the line on which the letters stand.
    content : str
        The words.
    color : str
        As SVG takes it.
    size : float
        Of the font, in pixels.
    anchor : str
        "start", "middle" or "end".

    Returns
    -------
    str
        An SVG element.
    """
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="sans-serif" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{color}">{_with_indices(content)}</text>'
    )


def text_on_line(x, y, content, color, size=13):
    """Return a text on a white ground that keeps it readable where lines pass behind it.

    Parameters
    ----------
    x : float
        The middle, in pixels.
    y : float
        The middle, in pixels.
    content : str
        The words.
    color : str
        As SVG takes it.
    size : float
        Of the font, in pixels.

    Returns
    -------
    str
        SVG elements.
    """
    width = text_width(content, size) + 2 * CLEAR
    background = f'<rect x="{x - width / 2:.1f}" y="{y - 9:g}" width="{width:.1f}" height="18" rx="4" fill="{PAPER}"/>'
    return background + text(x, y + 4, content, color, size=size)


def text_width(content, size):
    """Return how many pixels wide a text is in DejaVu Sans, wider than most sans-serif fonts; indices are counted smaller.

    Parameters
    ----------
    content : str
        The words.
    size : float
        Of the font, in pixels.

    Returns
    -------
    float
        In pixels.
    """
    return size * (_width(INDEX.sub("", content)) + SMALLER * _width("".join(INDEX.findall(content))))


@cache
def _width(content):
    font = get_font(findfont("DejaVu Sans"))
    font.set_size(100, 72)
    font.set_text(content)
    return font.get_width_height()[0] / 64 / 100


def svg_picture(parts, width, height, alt, caption=""):
    """Return SVG elements on a white ground as a Picture of the given size in pixels.

    Parameters
    ----------
    parts : list of str
        SVG elements, back to front.
    width : float
        Of the picture, in pixels.
    height : float
        Of the picture, in pixels.
    alt : str
        What it shows, with its numbers.
    caption : str
        A line of text below it.

    Returns
    -------
    Picture
    """
    motion = MOTION if any('class="dot"' in part for part in parts) else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">{motion}'
        f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )
    return Picture(svg.encode(), " ".join(alt.split()), round(width), caption=caption, mime="image/svg+xml")


def _with_indices(content):
    index = f'<tspan dy="4" font-size="{SMALLER:.0%}">\\1</tspan><tspan dy="-4">\u200b</tspan>'
    return INDEX.sub(index, escape(content))
