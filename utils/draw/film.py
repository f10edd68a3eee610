"""The film of a run: what the network decides, and every weight and bias, epoch by epoch (lesson 09)."""

import numpy as np
from matplotlib.figure import Figure

from utils.draw.frames import Frame
from utils.draw.numbers import fixed
from utils.draw.picture import Picture
from utils.draw.plots import DecisionMap, plane_grid
from utils.draw.style import CLASSES, DIVERGING, INK, MUTED, PAPER, course_style, default_errors

WIDTH, HEIGHT = 440, 230  # pixels
GRID_POINTS = 48
MOST_UNITS = 6


def _shade(values):
    """Return the roots of the absolute values, with the signs of the values: a GIF then shows the sign of a small number, too."""
    return np.sign(values) * np.sqrt(np.abs(values))


class Film:
    """Draws a run of a network with one hidden layer and two inputs, one epoch at a time.

    On the left is the plane with the points. On the right every unit has a row of cells: its bias and its weights,
    orange below zero, purple above.

    Parameters
    ----------
    history : History
        The run, with at most 6 hidden units and softmax outputs or one sigmoid unit.
    x, labels : arrays, shapes (2, N) and (N,)
        Points and their true classes.

    Raises
    ------
    ValueError
        For more units than can be drawn readably.
    """

    def __init__(self, history, x, labels):
        self.history = history
        sizes = history.network.layer_sizes
        if max(sizes) > MOST_UNITS:
            raise ValueError(f"A layer of {max(sizes)} units cannot be drawn readably; {MOST_UNITS} is the most.")
        with course_style(), default_errors():
            self._draw_still_parts(x, labels)

    def _draw_still_parts(self, x, labels):
        history, table = self.history, self._table(-1)
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        plane = figure.add_axes((0.015, 0.03, 0.46, 0.84))
        cells = figure.add_axes((0.56, 0.03, 0.425, 0.74))

        self.grid, edges = plane_grid(x, GRID_POINTS)
        plane.set(xlim=edges[:2], ylim=edges[2:], xticks=[], yticks=[])
        self.surface = DecisionMap(plane)
        points = [plane.plot(*x[:, labels == c], CLASSES[c].marker, color=CLASSES[c].color, ms=2.6, mew=0)[0] for c in np.unique(labels)]
        limit = 2 * _shade(max(np.nanmax(np.abs(v)) for k in history.network.layers for v in (history.W[k], history.b[k])))
        self.mesh = cells.pcolormesh(np.ma.masked_invalid(_shade(table)), cmap=DIVERGING, vmin=-limit, vmax=limit, edgecolors=PAPER, lw=2)
        cells.invert_yaxis()
        cells.set_yticks(np.arange(len(table)) + 0.5, self._units())
        cells.set_xticks(np.arange(table.shape[1]) + 0.5, ["bias", *(f"weight {j}" for j in range(1, table.shape[1]))])
        cells.tick_params(length=0, labelsize=9, labelcolor=MUTED, labeltop=True, labelbottom=False)
        for spine in cells.spines.values():
            spine.set_visible(False)
        self.numbers = {
            (i, j): cells.text(j + 0.5, i + 0.5, "", ha="center", va="center", fontsize=10, color=INK)
            for i, j in np.argwhere(np.isfinite(table))
        }
        self.title = figure.text(0.015, 0.91, "", fontsize=11, color=INK)
        moving = [self.surface, *points, *plane.spines.values(), self.mesh, *self.numbers.values(), self.title]
        self.frame = Frame(figure, moving, sharpness=1)

    def picture(self, epoch):
        """Return the Picture of the recorded epoch that is nearest to the given one.

        Parameters
        ----------
        epoch : int
            Counted from the untrained network, 0.

        Returns
        -------
        Picture
        """
        with default_errors():
            return self._picture(self.history.nearest(epoch))

    def _picture(self, record):
        history = self.history
        self.surface.set_probabilities(history.at(record).forward(self.grid).y_hat)
        table = self._table(record)
        self.mesh.set_array(np.ma.masked_invalid(_shade(table)))
        for place, number in self.numbers.items():
            number.set_text(fixed(table[place], 1))
        story = f"epoch {history.epochs[record]}: loss {history.loss[record]:.3f}, {history.accuracy[record]:.1%} right"
        self.title.set_text(story)
        return Picture(self.frame.png(), f"Decision surface and all weights and biases at {story}.", WIDTH)

    def _table(self, record):
        # a row for each unit: its bias, then its weights; layers below each other
        history = self.history
        rows = [
            [history.b[k][record, i, 0], *history.W[k][record, i]]
            for k in history.network.layers
            for i in range(history.network.layer_sizes[k])
        ]
        table = np.full((len(rows), max(map(len, rows))), np.nan)
        for i, row in enumerate(rows):
            table[i, : len(row)] = row
        return table

    def _units(self):
        *hidden, outputs = self.history.network.layer_sizes[1:]
        names = [f"$h_{{{k}{i}}}$" for k, n in enumerate(hidden, start=1) for i in range(1, n + 1)]
        return names + ([f"$\\hat y_{i}$" for i in range(1, outputs + 1)] if outputs > 1 else ["$\\hat y$"])
