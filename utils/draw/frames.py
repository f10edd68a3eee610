"""Frames: pictures that change many times a second, though most of their content stays the same.

Axes, ticks and labels cost matplotlib some 30 ms. A Frame draws them once, keeps the pixels, and
afterwards draws only the artists that move on top of a copy. A text that moves costs 2 to 3 ms: it is drawn once, too, and then moved.
"""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform
from PIL import Image

from utils.draw.picture import encode_quickly
from utils.draw.style import PAPER, course_style


class Frame:
    """A figure with a still background and moving artists.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Made without pyplot, so that nothing has to be closed. The function that makes it and the Frame stands under
        ``@course_style()``, so that a learner's own style does not reach it.
    moving : list of Artist
        What changes from picture to picture, in drawing order, back to front.
    sharpness : int
        Pixels of the picture for each pixel of the page, along each side: 2 is sharp where the page is enlarged too.
    """

    def __init__(self, figure, moving, sharpness=2):
        figure.set_dpi(100 * sharpness)
        self.canvas = FigureCanvasAgg(figure)
        self.figure = figure
        self.moving = moving
        for artist in moving:
            artist.set_animated(True)
        self.texts = {}  # what is written and how → pixels, and where they stand beside the place of the text
        self.settle()

    @course_style()
    def settle(self):
        """Draw what stands still, again after a change of it."""
        self.canvas.draw()
        self.background = self.canvas.copy_from_bbox(self.figure.bbox)

    def pixels(self):
        """Return the picture with the artists as they are now: RGBA, shape (height, width, 4).

        Returns
        -------
        array of uint8, shape (height, width, 4)
            RGBA; it is drawn over by the next call.
        """
        self.canvas.restore_region(self.background)
        with course_style():
            for artist in self.moving:
                if type(artist) is Text:
                    self._write(artist)
                elif not isinstance(artist, Line2D) or len(artist.get_xdata(orig=False)):
                    self.figure.draw_artist(artist)
        return np.asarray(self.canvas.buffer_rgba())

    def _write(self, text):
        """Draw a text: the first time with matplotlib, afterwards the same pixels in its place."""
        if not text.get_visible() or not text.get_text().strip():
            return
        kind = text.get_text(), text.get_color(), text.get_fontsize(), text.get_ha(), text.get_va(), text.get_rotation(), text.get_alpha()
        x, y = text.get_transform().transform(text.get_position())
        if kind not in self.texts:
            if len(self.texts) >= MOST_TEXTS:
                self.texts.clear()
            self.texts[kind] = self._written(text)
        pixels, right, up = self.texts[kind]
        renderer = self.canvas.get_renderer()
        renderer.draw_image(renderer.new_gc(), round(x) + right, round(y) + up, pixels)

    def _written(self, text):
        """Return the pixels of a text, the lowest row first, and how far to the right of its place and above it they begin."""
        place, transform = text.get_position(), text.get_transform()
        text.set(position=(0, 0), transform=IdentityTransform())
        box = text.get_window_extent(self.canvas.get_renderer()).padded(TEXT_MARGIN * self.figure.dpi / 100)
        right, up = int(box.x0), int(box.y0)
        text.set_position((-right, -up))
        renderer = RendererAgg(box.width, box.height, self.figure.dpi)
        text.draw(renderer)
        text.set(position=place, transform=transform)
        pixels = np.asarray(renderer.buffer_rgba())[::-1]
        rows, columns = (np.flatnonzero(pixels[..., 3].any(axis=axis)) for axis in (1, 0))
        if not rows.size:  # without ink
            return pixels[:1, :1].copy(), 0, 0
        written = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
        return written, right + int(columns[0]), up + int(rows[0])

    def png(self):
        """Return the picture as a PNG, made quickly.

        Returns
        -------
        bytes
        """
        return encode_quickly(self.pixels())


MOST_TEXTS = 100  # that a frame keeps: numbers among them are ever new
TEXT_MARGIN = 16  # pixels of the page around a text, for a border that it may have


def outline(axes):
    """Return the frame of an axes as one line, for what moves under it: four spines look for their places at every draw.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        It loses its spines.

    Returns
    -------
    matplotlib.lines.Line2D
    """
    axes.spines[:].set_visible(False)
    look = {"color": axes.spines["left"].get_edgecolor(), "lw": axes.spines["left"].get_linewidth(), "solid_joinstyle": "miter"}
    return axes.plot((0, 1, 1, 0, 0), (0, 0, 1, 1, 0), transform=axes.transAxes, clip_on=False, scalex=False, scaley=False, **look)[0]


class EndLabels:
    """The names of curves to the right of their ends, in their colours: pushed apart where the ends are near each other.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With room for the names on its right.
    colors : dict of str to color
        The names, of one line or two, and how they are written.

    Attributes
    ----------
    texts : list of matplotlib.text.Text
        What moves, for a ``Frame``.
    """

    def __init__(self, axes, colors):
        self.axes = axes
        style = {"fontsize": 9, "va": "center", "transform": axes.transAxes, "bbox": {"fc": PAPER, "ec": "none", "pad": 1}}
        self.texts = [axes.text(0, 0, name, color=color, **style) for name, color in colors.items()]
        lines = max(name.count("\n") for name in colors) + 1
        self.least = NAME_HEIGHT * lines / (axes.get_position().height * 100 * axes.figure.get_figheight())

    def place(self, x, *ends):
        """Put every name where its curve ends.

        Parameters
        ----------
        x : float
            Where the curves end.
        *ends : float
            The last value of each curve, in the order of the names. A curve that ends above or below the axes has its name at their edge.
        """
        low, high = sorted(self.axes.get_ylim())
        points = self.axes.transData.transform([(x, end) for end in np.clip(np.nan_to_num(ends), low, high)])
        shares = self.axes.transAxes.inverted().transform(points)
        gap = NAME_GAP / (self.axes.get_position().width * 100 * self.axes.figure.get_figwidth())
        for height, text in zip(apart(shares[:, 1], self.least), self.texts, strict=True):
            text.set_position((shares[0, 0] + gap, height))


NAME_HEIGHT, NAME_GAP = 15, 9  # pixels of the page: a line of a name, and its distance from the end of the curve


def apart(heights, least):
    """Return heights in the same order, at least so much apart and within 0 … 1: the upper ones go up, near the upper edge down again.

    Parameters
    ----------
    heights : array, shape (n,)
        As shares of the axes.
    least : float
        The smallest distance of two of them.

    Returns
    -------
    array, shape (n,)
    """
    order = np.argsort(heights, kind="stable")
    ranks = least * np.arange(len(heights))
    moved = np.maximum.accumulate(np.clip(heights[order], least / 2, 1 - least / 2) - ranks)
    apart = np.empty_like(moved)
    apart[order] = np.minimum(moved, 1 - least / 2 - ranks[-1]) + ranks
    return apart


class PixelImage(Artist):
    """An image that fills an axes, scaled to its pixels before matplotlib sees it.

    ``imshow`` resamples the image at every draw, which takes longer than everything else in a frame.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Its place in the figure must not change afterwards.
    """

    def __init__(self, axes):
        super().__init__()
        self.place = axes
        self.pixels = np.full((1, 1, 4), 255, np.uint8)

    @property
    def size(self):
        """Return how many pixels wide and high the image is."""
        box = self.place.get_window_extent()
        return round(box.width), round(box.height)

    def set_colors(self, colors):
        """Show an array of RGB colours in 0 … 1, shape (rows, columns, 3); row 0 is at the bottom.

        Parameters
        ----------
        colors : array, shape (rows, columns, 3)
            RGB in 0 … 1; row 0 is at the bottom.
        """
        image = Image.fromarray((colors * 255).astype(np.uint8))
        self.pixels = np.array(image.resize(self.size, Image.Resampling.BILINEAR).convert("RGBA"))

    def draw(self, renderer):
        """Put the pixels in their place; matplotlib calls this.

        Parameters
        ----------
        renderer : matplotlib renderer
            Of the canvas.
        """
        box = self.place.get_window_extent()
        if self.pixels.shape[:2] != self.size[::-1]:  # nothing has been shown yet
            self.pixels = np.full((*self.size[::-1], 4), 255, np.uint8)
        renderer.draw_image(renderer.new_gc(), round(box.x0), round(box.y0), self.pixels)
