"""The network as a picture in motion: in every unit the plane as this unit sees it, between the units the weights (lessons 09, 10)."""

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from utils.draw.frames import PixelImage
from utils.draw.style import CLASSES, INK, MUTED, QUANTITIES, SIGNS, pale

LARGEST, FARTHEST = 46, 62  # pixels: side of a map, and distance of two in a column
THINNEST, THICKEST = 0.4, 4.4  # of a line, in points


class Tile(PixelImage):
    """A square map in the diagram of the network.

    Parameters
    ----------
    middle : pair of float
        In pixels of the page, from the lower left corner.
    side : float
        In pixels of the page.
    """

    def __init__(self, middle, side):
        super().__init__(self)
        self.middle, self.half = middle, side / 2

    def get_window_extent(self, renderer=None):
        """Return its place in the pixels of the figure."""
        scale = self.figure.dpi / 100
        return Bbox(scale * np.array([np.subtract(self.middle, self.half), np.add(self.middle, self.half)]))


class NetworkMaps:
    """Draws a network with two inputs: lines as wide as the weights are large, purple above zero and orange below.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        In pixels of the page it is 100 times as wide and high as in inches.
    sizes : list of int
        [2, …, n_L], with at most one hidden layer.
    grid : array, shape (2, n · n)
        The points of the plane at which the units are asked, row by row from the bottom.
    left, right, bottom, top : float
        Where it stands, in pixels from the lower left corner of the figure: the middles of the first and of the last column, and
        the lower and the upper edge.

    Attributes
    ----------
    moving : list of Artist
        What changes, for a ``Frame``.
    """

    def __init__(self, figure, sizes, grid, left, right, bottom, top):
        width, height = 100 * figure.get_figwidth(), 100 * figure.get_figheight()
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height), frame_on=False, xticks=[], yticks=[], zorder=-1)
        columns = np.linspace(left, right, len(sizes))
        self.grid, self.units = grid, []
        for column, n in zip(columns, sizes, strict=True):
            distance = min(FARTHEST, (top - bottom) / n)
            heights = (bottom + top) / 2 + distance * ((n - 1) / 2 - np.arange(n))
            self.units.append([Tile((column, at), min(LARGEST, distance - 2)) for at in heights])
        self.lines = LineCollection([(a.middle, b.middle) for before, after in pairwise(self.units) for b in after for a in before])
        axes.add_collection(self.lines, autolim=False)
        tiles = [unit for layer in self.units for unit in layer]
        frames = [Rectangle(np.subtract(t.middle, t.half), 2 * t.half, 2 * t.half, fill=False, ec=MUTED, lw=0.8) for t in tiles]
        for artist in (*tiles, *frames):
            axes.add_artist(artist)
        self.moving = [self.lines, *tiles, *frames]

        for i, unit in enumerate(self.units[0]):
            axes.text(unit.middle[0] - unit.half - 4, unit.middle[1], f"x{'₁₂'[i]}", ha="right", va="center", fontsize=10, color=INK)
        for style, unit in zip(self._classes(), self.units[-1], strict=True):
            axes.plot(unit.middle[0] + unit.half + 13, unit.middle[1], style.marker, color=style.color, ms=7)
        for column, name in zip(columns, ["inputs", *["hidden"] * (len(sizes) - 2), "outputs"], strict=True):
            axes.text(column, bottom - 22, name, ha="center", fontsize=9, color=MUTED)
        axes.text((left + right) / 2, top + 8, "weights: purple +, orange −", ha="center", fontsize=10, color=INK)

    def show(self, net, trace):
        """Show a network, and what its units say on the grid.

        Parameters
        ----------
        net : FeedForwardNetwork
            Of the sizes given.
        trace : Trace
            Its forward pass on the grid.
        """
        weights = np.concatenate([net.W[k].ravel() for k in net.layers])
        sizes = np.nan_to_num(np.abs(weights) / (np.nanmax(np.abs(weights)) or 1.0))
        self.lines.set(linewidths=THINNEST + (THICKEST - THINNEST) * sizes, colors=[SIGNS[1 if weight > 0 else -1] for weight in weights])
        for unit, x in zip(self.units[0], self.grid, strict=True):
            unit.set_colors(_shaded((x - x.min()) / np.ptp(x), INK))
        for unit, h in zip(self.units[1] if len(self.units) == 3 else (), trace.h[1], strict=len(self.units) == 3):
            unit.set_colors(_shaded(h / (np.abs(h).max() or 1.0), QUANTITIES["h"]))
        for style, unit, probability in zip(self._classes(), self.units[-1], trace.y_hat, strict=True):
            unit.set_colors(_shaded(probability, style.color))

    def _classes(self):
        return CLASSES[: len(self.units[-1])] if len(self.units[-1]) > 1 else CLASSES[1:2]  # one sigmoid unit: that of class 1


def _shaded(values, color):
    """Return white for 0, the colour for 1 and grey for −1, for values on the square grid: (n · n,) → RGB (n, n, 3)."""
    n = round(len(values) ** 0.5)
    values = np.nan_to_num(values).reshape(n, n, 1)
    return 1 - np.where(values < 0, -values * (1 - np.array(pale(MUTED, 0.8))), values * (1 - np.array(pale(color, 0.8))))
