"""The network as a picture in motion: in every unit the plane as this unit sees it, between the units the weights (lessons 09, 10)."""

from functools import cache
from itertools import pairwise

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.transforms import Bbox
from PIL import Image

from utils.draw.frames import PixelImage
from utils.draw.plots import four_numbers, one_number
from utils.draw.style import CLASSES, INK, MUTED, QUANTITIES, SIGNS, pale

LARGEST, FARTHEST = 46, 62  # pixels: side of a map, and distance of two in a column
WIDEST = 0.6  # of the way from one column to the next
THINNEST, THICKEST = 0.4, 4.4  # of a line, in points


class Tile(PixelImage):
    """A square map in the diagram of the network.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Where it stands.
    middle : pair of float
        In pixels of the page, from the lower left corner.
    side : float
        In pixels of the page.
    """

    def __init__(self, figure, middle, side):
        super().__init__(self)
        self.set_figure(figure)
        self.middle, self.half = middle, side / 2

    def get_window_extent(self, renderer=None):
        """Return its place in the pixels of the figure.

        Parameters
        ----------
        renderer : matplotlib renderer, optional
            Not needed.

        Returns
        -------
        matplotlib.transforms.Bbox
        """
        scale = self.figure.dpi / 100
        return Bbox(scale * np.array([np.subtract(self.middle, self.half), np.add(self.middle, self.half)]))

    @property
    def outline(self):
        """Return the corners of the square, the first one twice, in pixels of the page: shape (5, 2)."""
        return np.add(self.middle, self.half * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]))

    def set_values(self, values, color):
        """Show white for 0, the colour for 1 and grey for −1.

        Parameters
        ----------
        values : array, shape (n · n,)
            Between −1 and 1, on a square grid of points, row by row from the bottom.
        color : str
            Of the largest value.
        """
        n = round(len(values) ** 0.5)
        shades = (127 * np.nan_to_num(values) + 128).astype(np.uint8).reshape(n, n)
        self.pixels = four_numbers(_pixels(color).take(Image.fromarray(shades).resize(self.size, Image.Resampling.BILINEAR)))


@cache
def _pixels(color):
    """Return the pixels from grey over white to a colour, as one number each, shape (256,)."""
    values = (np.arange(256)[:, None] - 128) / 127
    toward = np.where(values < 0, pale(MUTED, 0.8), pale(color, 0.8))
    return one_number(np.column_stack([255 * (1 - np.abs(values) * (1 - toward)), np.full(256, 255)]).clip(0, 255).astype(np.uint8))


class Tiles(Artist):
    """Several maps as one artist, so that their number can change.

    Attributes
    ----------
    tiles : list of Tile
        The maps.
    """

    def __init__(self):
        super().__init__()
        self.tiles = []

    def draw(self, renderer):
        """Put all pixels in their places; matplotlib calls this.

        Parameters
        ----------
        renderer : matplotlib renderer
            Of the canvas.
        """
        for tile in self.tiles:
            tile.draw(renderer)


class NetworkMaps:
    """Draws a network with two inputs: lines as wide as the weights are large, purple above zero and orange below.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        In pixels of the page it is 100 times as wide and high as in inches.
    left, right, bottom, top : float
        Where it stands, in pixels from the lower left corner of the figure: the middles of the first and of the last column, and
        the lower and the upper edge.

    Attributes
    ----------
    units : list of list of Tile
        The map of every unit, layer by layer, the inputs first.
    moving : list of Artist
        What changes, for a ``Frame``.
    """

    def __init__(self, figure, left, right, bottom, top):
        width, height = 100 * figure.get_figwidth(), 100 * figure.get_figheight()
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height), frame_on=False, xticks=[], yticks=[], zorder=-1)
        self.figure, self.place, self.units = figure, (left, right, bottom, top), []
        self.lines = LineCollection([])
        self.frames = LineCollection([], colors=MUTED, linewidths=0.8)
        for collection in (self.lines, self.frames):
            axes.add_collection(collection, autolim=False)
        self.maps = Tiles()
        axes.add_artist(self.maps)
        self.markers = [axes.plot([], [], style.marker, color=style.color, ms=7)[0] for style in CLASSES]
        self.hidden = axes.text((left + right) / 2, bottom - 22, "", ha="center", fontsize=9, color=MUTED)
        self.moving = [self.lines, self.maps, self.frames, *self.markers, self.hidden]

        half = min(LARGEST, FARTHEST - 2) / 2
        for at, name in ((FARTHEST / 2, "x₁"), (-FARTHEST / 2, "x₂")):
            axes.text(left - half - 4, (bottom + top) / 2 + at, name, ha="right", va="center", fontsize=10, color=INK)
        for column, name in ((left, "inputs"), (right, "outputs")):
            axes.text(column, bottom - 22, name, ha="center", fontsize=9, color=MUTED)
        axes.text((left + right) / 2, top + 8, "weights: purple +, orange −", ha="center", fontsize=10, color=INK)

    def show(self, net, trace):
        """Show a network, and what its units say on the grid.

        Parameters
        ----------
        net : FeedForwardNetwork
            Two inputs; any number of hidden layers that finds room.
        trace : Trace
            Its forward pass on a square grid of points of the plane, row by row from the bottom.
        """
        if [len(layer) for layer in self.units] != net.layer_sizes:
            self._lay_out(net.layer_sizes)
        weights = np.concatenate([net.W[k].ravel() for k in net.layers])
        sizes = np.nan_to_num(np.abs(weights) / (np.nanmax(np.abs(weights)) or 1.0))
        self.lines.set(linewidths=THINNEST + (THICKEST - THINNEST) * sizes, colors=[SIGNS[1 if weight > 0 else -1] for weight in weights])
        inputs, *hidden, outputs = self.units
        for unit, x in zip(inputs, trace.h[0], strict=True):
            unit.set_values((x - x.min()) / np.ptp(x), INK)
        for layer, values in zip(hidden, trace.h[1:-1], strict=True):
            for unit, h in zip(layer, values, strict=True):
                unit.set_values(h / (np.abs(h).max() or 1.0), QUANTITIES["h"])
        for (style, _), unit, probability in zip(self._classes(), outputs, trace.y_hat, strict=True):
            unit.set_values(probability, style.color)

    def _lay_out(self, sizes):
        left, right, bottom, top = self.place
        self.units = []
        largest = min(LARGEST, WIDEST * (right - left) / (len(sizes) - 1))  # so that there is room for the lines
        for column, n in zip(np.linspace(left, right, len(sizes)), sizes, strict=True):
            distance = min(FARTHEST, (top - bottom) / n)
            heights = (bottom + top) / 2 + distance * ((n - 1) / 2 - np.arange(n))
            self.units.append([Tile(self.figure, (column, at), min(largest, distance - 2)) for at in heights])
        self.maps.tiles = [unit for layer in self.units for unit in layer]
        self.lines.set_segments([(a.middle, b.middle) for before, after in pairwise(self.units) for b in after for a in before])
        self.frames.set_segments([tile.outline for tile in self.maps.tiles])
        self.hidden.set_text("hidden" if len(sizes) > 2 else "")
        for marker in self.markers:
            marker.set_data([], [])
        for (_, marker), unit in zip(self._classes(), self.units[-1], strict=True):
            marker.set_data([unit.middle[0] + unit.half + 13], [unit.middle[1]])

    def _classes(self):
        # each output with the look of its class; one sigmoid unit is that of class 1
        both = list(zip(CLASSES, self.markers, strict=True))
        return both[: len(self.units[-1])] if len(self.units[-1]) > 1 else both[1:2]
