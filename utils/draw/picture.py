"""A picture and the sentence that says what it shows, kept together.

A notebook shows a Picture as ``<img alt=…>``: matplotlib's own output has no alternative text, and an
inline SVG would be stripped from a notebook that JupyterLab does not trust yet.
"""

import base64
import io
import re
from contextlib import ExitStack
from dataclasses import dataclass
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from utils.draw.spots import with_spots
from utils.draw.style import PAPER, course_style, default_errors


@dataclass(frozen=True)
class Picture:
    """An image with its alternative text.

    Attributes
    ----------
    data : bytes
        The image file.
    alt : str
        What the picture shows, with its numbers: for screen readers and for tests.
    width : int
        Width on the page in CSS pixels; the height follows.
    caption : str
        A line of text below the picture, for every eye.
    mime : str
        What kind of file ``data`` is.
    details : str
        HTML below the caption, such as a ``table``.
    spots : tuple of utils.draw.spots.Spot
        Places of the picture that can be chosen while its explorer lives.
    """

    data: bytes
    alt: str
    width: int
    caption: str = ""
    mime: str = "image/png"
    details: str = ""
    spots: tuple = ()

    def __post_init__(self):
        for name in ("alt", "caption"):
            object.__setattr__(self, name, with_minus(getattr(self, name)))

    @property
    def html(self):
        """Return the picture as HTML."""
        return self._image + self._below

    @property
    def live_html(self):
        """Return the picture as HTML with a button over each of its spots."""
        if not self.spots:
            return self.html
        return with_spots(self._image, self.width, MARGIN, self.spots) + f'<small class="explorer-hint">{HINT}</small>' + self._below

    @property
    def _image(self):
        data = base64.b64encode(self.data).decode("ascii")
        return (
            f'<img alt="{escape(self.alt)}" width="{self.width + 2 * MARGIN}" decoding="sync" '
            f'style="{CARD}" src="data:{self.mime};base64,{data}">'
        )

    @property
    def _below(self):
        style = f"max-width:max({self.width}px,620px);padding-left:{MARGIN}px;line-height:1.35"
        caption = f'<div style="{style}">{with_indices(self.caption)}</div>' if self.caption else ""
        return caption + self.details

    def _repr_html_(self):
        return self.html

    def __repr__(self):
        return self.alt


HYPHEN = re.compile(r"(?<![\w.\-–])-(?=\d)|(?<=\de)-(?=\d)")  # before a number, or before its exponent; not in 2-3-2
INDEX = re.compile(r"_([0-9]+(?:,[0-9]+)*|[A-Za-z])(?![A-Za-z])")  # in a text: W_1,2,1, a_k or h_1
MARGIN = 6  # pixels
HINT = "What shows a frame under the mouse can be clicked. From the keyboard: Tab into the picture, then the arrow keys."
# A white card: on a dark page the picture keeps a margin.
CARD = f"display:block;box-sizing:border-box;max-width:100%;height:auto;padding:{MARGIN}px;background:{PAPER};border-radius:6px"
CELL = "text-align:left;padding:2px 14px 2px 0"


def with_minus(text):
    """Return a text in which every negative number has a true minus sign.

    Parameters
    ----------
    text : str
        Plain text.

    Returns
    -------
    str
    """
    return HYPHEN.sub("−", text)


def with_indices(text):
    """Return a text as HTML, with what follows an underscore set as an index: W_1,2,1, a_k or h_1.

    Parameters
    ----------
    text : str
        Plain text; what HTML would read as markup is escaped.

    Returns
    -------
    str
        HTML.
    """
    return INDEX.sub(r"<sub>\1</sub>", escape(text))


def table(headings, rows, title):
    """Return an HTML table for ``Picture.details``.

    Parameters
    ----------
    headings : list of str
        One for each column.
    rows : list of list of str
        The cells; the first of each row is its heading.
    title : str
        What the table lists, for every eye and for screen readers.

    Returns
    -------
    str
        HTML.
    """

    def row(first, *others):
        cells = "".join(f'<td style="{CELL}">{with_indices(with_minus(cell))}</td>' for cell in others)
        return f'<tr><th scope="row" style="{CELL}">{with_indices(first)}</th>{cells}</tr>'

    head = "".join(f'<th scope="col" style="{CELL}">{with_indices(heading)}</th>' for heading in headings)
    body = "".join(row(*cells) for cells in rows)
    caption = f'<caption style="text-align:left;padding:6px 0">{with_indices(title)}</caption>'
    return f'<table style="line-height:1.35">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def encode(pixels):
    """Return a picture as a small PNG, for the disk. A palette makes it a quarter of the size.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 4)
        The picture as RGBA; its transparency is dropped.

    Returns
    -------
    bytes
    """
    return _png(_with_palette(pixels, colors=256), level=9)


def encode_quickly(pixels):
    """Return a picture as a PNG in a third of the time that ``encode`` takes, for a picture that is shown and not kept.

    The palette is chosen from about every 13th pixel. In each row other columns are taken than in the next, so even the thinnest line
    has some of them.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 4)
        The picture as RGBA; its transparency is dropped.

    Returns
    -------
    bytes
    """
    every = next(step for step in (13, 11, 7, 17) if pixels.shape[1] % step)
    sample = np.ascontiguousarray(pixels.reshape(1, -1, 4)[:, ::every])
    image = _opaque(pixels).quantize(palette=_with_palette(sample, colors=128), dither=Image.Dither.NONE)
    return _png(image, level=1)


def _with_palette(pixels, colors):
    image = _opaque(pixels).quantize(colors, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = np.array(image.getpalette()).reshape(-1, 3)
    palette[(palette > 249).all(axis=1)] = 255  # the palette rounds; white stays white
    image.putpalette(palette.ravel().tolist())
    return image


def _opaque(pixels):
    return Image.frombytes("RGB", pixels.shape[1::-1], pixels, "raw", "RGBX")  # as convert("RGB") does, in a sixth of the time


def _png(image, level):
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=level)
    return file.getvalue()


_drawing = ExitStack()  # keeps the learner's own style while a figure of the course is drawn


def subplots(rows=1, columns=1, *, figsize, **settings):
    """Return a figure in the style of the course, and its axes; ``show`` finishes it.

    Labels always fit into the figure. The style that a learner has chosen does not count until ``show``, or until the cell ends.

    Parameters
    ----------
    rows, columns : int
        How many axes.
    figsize : pair of float
        Width and height in units of 100 pixels.
    **settings
        More arguments of ``plt.subplots``, such as ``sharey=True``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : matplotlib Axes, or an array of them
    """
    _drawing.close()
    _drawing.enter_context(course_style())
    if shell := get_ipython():
        shell.events.register("post_run_cell", _give_back)
    return plt.subplots(rows, columns, figsize=figsize, layout="constrained", **settings)


def _give_back(_):
    _drawing.close()


def show(figure, alt):
    """Return a finished matplotlib figure as a Picture, and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        From ``subplots``, or any other; afterwards it no longer occupies pyplot.
    alt : str
        One or two sentences that give the message of the picture with its numbers.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        For an empty alt text.
    """
    if not alt.strip():
        raise ValueError("Every picture needs an alt text: say in a sentence what it shows, with its numbers.")
    canvas = FigureCanvasAgg(figure)
    with default_errors():
        canvas.draw()
    picture = Picture(encode(np.asarray(canvas.buffer_rgba())), " ".join(alt.split()), round(figure.get_figwidth() * 100))
    plt.close(figure)
    _drawing.close()
    return picture
