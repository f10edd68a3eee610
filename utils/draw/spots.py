"""Places of a picture that can be chosen: circles, cells and lines, laid over the picture as buttons that are seen when touched."""

from dataclasses import dataclass
from html import escape
from math import atan2, degrees, hypot

from utils.draw.numbers import SUBSCRIPTS

LINE = 16  # pixels: how wide a line is to the hand
CLEAR = 28  # pixels: at its ends the circles are touched


@dataclass(frozen=True)
class Spot:
    """A place of a picture that can be chosen.

    Attributes
    ----------
    name : str
        What is chosen, such as W_1,2,1; no other spot of the picture has this name.
    values : dict of str to object
        What the controls of the explorer are set to, by their names.
    shape : str
        An SVG element without colours, in pixels of the picture.
    chosen : bool
        Whether it is what the picture shows now.
    """

    name: str
    values: dict
    shape: str
    chosen: bool = False

    def svg(self, first):
        """Return the spot as a button in SVG.

        Parameters
        ----------
        first : bool
            Whether the Tab key leads to it; to all others the arrow keys lead.

        Returns
        -------
        str
        """
        return (
            f'<g class="explorer-spot" role="button" tabindex="{0 if first else -1}" aria-pressed="{str(self.chosen).lower()}" '
            f'data-name="{escape(self.name)}" aria-label="{escape(low(self.name))}"><title>{escape(low(self.name))}</title>{self.shape}</g>'
        )


def low(name):
    """Return a name with the digits of its indices set low: W_1,2,1 → W₁,₂,₁.

    Parameters
    ----------
    name : str
        A name with at most one underscore.

    Returns
    -------
    str
    """
    letter, _, index = name.partition("_")
    return letter + index.translate(SUBSCRIPTS)


def round_shape(x, y, radius):
    """Return a circle around (x, y) in pixels, for a Spot.

    Parameters
    ----------
    x, y, radius : float
        In pixels.

    Returns
    -------
    str
    """
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'


def cell_shape(x, y, width, height):
    """Return a rectangle with its upper left corner at (x, y), for a Spot.

    Parameters
    ----------
    x, y, width, height : float
        In pixels.

    Returns
    -------
    str
    """
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>'


def line_shape(start, end):
    """Return a narrow rectangle along the line between two circles, for a Spot.

    Parameters
    ----------
    start, end : pair of float
        The middles of the circles, in pixels.

    Returns
    -------
    str
    """
    (x1, y1), (x2, y2) = start, end
    length = hypot(x2 - x1, y2 - y1)
    turn = f"rotate({degrees(atan2(y2 - y1, x2 - x1)):.2f} {x1:g} {y1:g})"
    return f'<rect x="{x1 + CLEAR:g}" y="{y1 - LINE / 2:g}" width="{length - 2 * CLEAR:.1f}" height="{LINE}" rx="5" transform="{turn}"/>'


def with_spots(image, width, margin, spots):
    """Return a picture with buttons over it.

    Parameters
    ----------
    image : str
        The HTML of the picture.
    width, margin : float
        Of the picture, and around it, in pixels.
    spots : sequence of Spot
        Back to front.

    Returns
    -------
    str
        HTML.
    """
    first = next((spot for spot in spots if spot.chosen), spots[0])
    buttons = "".join(spot.svg(spot is first) for spot in spots)
    # The overlay is as wide as the picture, whatever the page makes of it, and as high as it needs to be.
    place = f"position:absolute;left:{margin}px;top:{margin}px;width:calc(100% - {2 * margin}px);overflow:visible;pointer-events:none"
    layer = f'<svg class="explorer-spots" style="{place}" viewBox="0 0 {width} 1">{buttons}</svg>'
    return f'<div style="position:relative;width:fit-content;max-width:100%">{image}{layer}</div>'
