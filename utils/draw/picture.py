"""A picture and the sentence that says what it shows, kept together."""

import base64
import io
from dataclasses import dataclass
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Picture:
    """A PNG with its alternative text; a notebook shows it as an ``<img alt=…>``.

    Attributes
    ----------
    png : bytes
        The image file.
    alt : str
        What the picture shows, with its numbers: for screen readers and for tests.
    width : int
        Width on the page in CSS pixels; the height follows.
    caption : str
        A line of text below the picture, for every eye.
    """

    png: bytes
    alt: str
    width: int
    caption: str = ""

    @property
    def html(self):
        """Return the picture as one HTML element."""
        data = base64.b64encode(self.png).decode("ascii")
        image = (
            f'<img alt="{escape(self.alt)}" width="{self.width}" decoding="sync" '
            f'style="max-width:100%;height:auto" src="data:image/png;base64,{data}">'
        )
        return f"{image}<div>{escape(self.caption)}</div>" if self.caption else image

    def _repr_html_(self):
        return self.html

    def __repr__(self):
        return self.alt


def encode(pixels, level):
    """Return RGBA pixels (height, width, 4) as a PNG without transparency, compressed at the given zlib level."""
    file = io.BytesIO()
    Image.fromarray(pixels[..., :3]).save(file, "PNG", compress_level=level)
    return file.getvalue()


def show(figure, alt):
    """Return a finished matplotlib figure as a Picture, and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure; afterwards it no longer occupies pyplot.
    alt : str
        One or two sentences that give the message of the picture with its numbers.
    """
    if not alt.strip():
        raise ValueError("Every picture needs an alt text: say in a sentence what it shows, with its numbers.")
    figure.canvas.draw()
    picture = Picture(encode(np.asarray(figure.canvas.buffer_rgba()), level=9), " ".join(alt.split()), round(figure.get_figwidth() * 100))
    plt.close(figure)
    return picture
