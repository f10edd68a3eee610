"""The landscape explorer: the loss over any two parameters of a run, with the path that the run took (lesson 09)."""

from functools import cached_property, partial

import numpy as np
from contourpy import contour_generator
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from utils.draw.frames import Frame, PixelImage
from utils.draw.numbers import SUBSCRIPTS
from utils.draw.picture import Picture
from utils.draw.spots import Spot, cell_shape
from utils.draw.style import GRID, INK, LOSS_MAP, MUTED, PAPER, course_style
from utils.explore.controls import REPLAY, Choice, explorer

WIDTH, HEIGHT = 660, 320  # pixels
CURVE, SIDE = (0.715, 0.155, 0.265, 0.76), 0.05  # axes of the loss: left, bottom, width and height as shares; what is free beside it
GRID_POINTS = 36  # the slice is computed for 36 × 36 networks …
MOST_EXAMPLES = 150  # … on at most so many examples
TICKS = (-1, -0.5, 0, 0.5, 1)  # on both axes of the map, as shares of its half
LEVELS = np.linspace(0, 1, 13)[1:] ** 2  # contour lines as shares of the top, closer together near the bottom


def parameter_names(network):
    """Return every weight and bias of a network by the name that the learner reads: {"W₁₂₁": ("W", 1, 2, 1), …}.

    A place is (W or b, k, i, j), counted from 1; j is 1 for a bias.

    Parameters
    ----------
    network : FeedForwardNetwork
        A single network.

    Returns
    -------
    dict of str to (str, int, int, int)
        In the order of the layers, weights before biases.
    """
    places = [(v, k, i + 1, j + 1) for k in network.layers for v in "Wb" for i, j in np.ndindex(getattr(network, v)[k].shape[-2:])]
    separator = "," if max(network.layer_sizes) > 9 else ""
    return {v + separator.join(map(str, index[:2] if v == "b" else index)).translate(SUBSCRIPTS): (v, *index) for v, *index in places}


def loss_slice(network, places, values, x, y):
    """Return the loss of a network for every pair of values of two parameters, while the others stay as they are.

    Parameters
    ----------
    network : FeedForwardNetwork
        A single network.
    places : pair of (str, int, int, int)
        The two parameters, as in ``parameter_names``.
    values : pair of arrays, shapes (n,) and (m,)
        The values of the first and of the second parameter.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        Examples.

    Returns
    -------
    ndarray, shape (m, n)
        Rows for the second parameter, columns for the first: as in a picture.
    """
    stacks = {"W": {}, "b": {}}  # one network for each pair, all computed at once
    for (v, k, i, j), value in zip(places, np.meshgrid(*values), strict=True):
        stack = stacks[v].setdefault(k, np.repeat(getattr(network, v)[k][None], value.size, axis=0))
        stack[:, i - 1, j - 1] = value.ravel()
    networks = network.with_parameters(**stacks)
    return networks.loss(networks.forward(x), y).reshape(len(values[1]), len(values[0]))


def landscape_picture(run, horizontal, vertical, replay):
    """Return the picture of the loss over two parameters of a run, at one moment of the run.

    Parameters
    ----------
    run : Run
        What is replayed.
    horizontal, vertical : str
        Names of the two parameters, as in ``parameter_names``.
    replay : float
        The moment, in percent of the run: the other parameters have the values of this epoch.

    Returns
    -------
    Picture
    """
    if horizontal == vertical:
        caption = f"{horizontal} is chosen for both directions. A landscape needs two different parameters."
        return Picture(run.stage.empty("choose two\ndifferent parameters"), caption, WIDTH, caption=caption)
    history, names = run.history, (horizontal, vertical)
    record = history.nearest(history.epochs[-1] * replay / 100)
    paths = [run.path(name) for name in names]
    halves = [2.0 ** np.ceil(np.log2(1.1 * max(np.abs(path).max(), 1))) for path in paths]
    values = [np.linspace(-half, half, GRID_POINTS) for half in halves]
    loss = loss_slice(history.at(record), [run.names[name] for name in names], values, run.x, run.y)
    png = run.stage.draw(names, values, loss, paths, record)

    here = ", ".join(f"{name} = {path[record]:.2f}" for name, path in zip(names, paths, strict=True))
    lowest = np.unravel_index(loss.argmin(), loss.shape)
    there = f"{horizontal} = {values[0][lowest[1]]:.1f}, {vertical} = {values[1][lowest[0]]:.1f}"
    others = history.network.n_parameters - 2
    caption = (
        f"Epoch {history.epochs[record]} of {history.epochs[-1]}: {here}, loss {history.loss[record]:.3f}. On this map the loss "
        f"is lowest near {there}. The other {others} parameters are held at this epoch; in the run they move too, "
        f"so the landscape changes under the path. Map computed on {run.x.shape[-1]} examples."
    )
    alt = f"Landscape of the loss over {horizontal} and {vertical}, with the path of the run, and the loss curve. {caption}"
    return Picture(png, alt, WIDTH, caption=caption, spots=_moments(replay))


def _moments(replay):
    """Return the places of the loss curve that can be chosen: every twentieth of the run."""
    left, bottom, width, height = CURVE
    step = width * WIDTH / (1 + 2 * SIDE) / 20
    spots = []
    for share in range(0, 101, 5):
        middle = WIDTH * (left + width * (SIDE + share / 100) / (1 + 2 * SIDE))
        shape = cell_shape(round(middle - step / 2, 1), HEIGHT * (1 - bottom - height), round(step, 1), HEIGHT * height)
        spots.append(Spot(f"{share} % of the run", {"replay": float(share)}, shape, share == replay))
    return tuple(spots)


class Run:
    """A finished run with its examples: what the landscape is computed from.

    Parameters
    ----------
    history : History
        The run of a single network.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        The examples of the run, in random order; some of them are enough for the landscape.

    Raises
    ------
    ValueError
        For a stack of networks, and for a run that diverged.
    """

    def __init__(self, history, x, y):
        if history.loss.ndim > 1:
            raise ValueError("A landscape shows the run of one network, but this History is that of a stack.")
        if history.diverged:
            raise ValueError("This run diverged: its path leaves every map. Train with a smaller learning rate first.")
        self.history = history
        self.names = parameter_names(history.network)
        every = -(-x.shape[-1] // MOST_EXAMPLES)
        self.x, self.y = x[:, ::every], y[:, ::every]

    @cached_property
    def stage(self):
        """Return the figure of this run."""
        return Stage(self.history)

    def path(self, name):
        """Return the values of a parameter at every record.

        Parameters
        ----------
        name : str
            As in ``parameter_names``.

        Returns
        -------
        array, shape (records,)
        """
        v, k, i, j = self.names[name]
        return getattr(self.history, v)[k][:, i - 1, j - 1]


class Stage:
    """The figure of a run: frames, colours and the loss curve drawn once, the rest moved.

    Parameters
    ----------
    history : History
        The run, for its loss curve.
    """

    @course_style()
    def __init__(self, history):
        self.history = history
        self.top = 2 * history.loss[0]
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        plane = figure.add_axes((0.125, 0.155, 0.385, 0.76))
        bar = figure.add_axes((0.53, 0.155, 0.018, 0.72))
        curve = figure.add_axes(CURVE)
        plane.set(xlim=(-1, 1), ylim=(-1, 1), xticks=TICKS, yticks=TICKS, xticklabels=[], yticklabels=[])
        plane.set_title("over two parameters", fontsize=10, color=INK)
        figure.colorbar(ScalarMappable(Normalize(0, self.top), LOSS_MAP), cax=bar, extend="max")
        bar.set_title("loss", fontsize=9, color=MUTED)
        curve.plot(history.epochs, history.loss, color=INK, lw=1.2)
        last = history.epochs[-1]
        curve.set(xlim=(-SIDE * last, (1 + SIDE) * last), ylim=(0, None), xlabel="epoch", ylabel="loss of the whole run")
        curve.set_title("where in the run", fontsize=10, color=INK)
        curve.grid(color=GRID, linewidth=0.8)
        for axes in (plane, bar, curve):
            axes.tick_params(labelsize=9, colors=MUTED)

        self.surface = PixelImage(plane)
        self.contours = LineCollection([], colors=MUTED, linewidths=0.7)
        plane.add_collection(self.contours, autolim=False)
        color = INK
        (self.whole,) = plane.plot([], [], color=color, lw=1, alpha=0.5)
        (self.walked,) = plane.plot([], [], color=color, lw=2.2)
        (self.start,) = plane.plot([], [], "o", mfc=PAPER, mec=color, mew=2, ms=8)
        (self.here,) = plane.plot([], [], "o", color=color, mec=PAPER, ms=10)
        (self.now,) = curve.plot([], [], "o", color=color, ms=8, clip_on=False)
        self.notice = plane.text(0, 0, "", ha="center", va="center", fontsize=13, color=INK)
        self.names = [
            figure.text(0.3175, 0.035, "", ha="center", color=INK, fontsize=11),
            figure.text(0.012, 0.535, "", va="center", color=INK, fontsize=11),
        ]
        below = {"ha": "center", "va": "top", "fontsize": 9, "color": MUTED, "transform": plane.transAxes}
        beside = below | {"ha": "right", "va": "center_baseline"}
        self.numbers = [
            [plane.text((1 + tick) / 2, -0.03, "", **below) for tick in TICKS],
            [plane.text(-0.03, (1 + tick) / 2, "", **beside) for tick in TICKS],
        ]
        moving = [
            self.surface,
            self.contours,
            self.whole,
            self.walked,
            self.start,
            self.here,
            *plane.spines.values(),
            self.now,
            self.notice,
        ]
        self.frame = Frame(figure, [*moving, *self.names, *self.numbers[0], *self.numbers[1]])

    def draw(self, names, values, loss, paths, record):
        """Return the PNG of a slice of the loss with the paths of its two parameters up to a record.

        Parameters
        ----------
        names : pair of str
            The parameters, the horizontal one first.
        values : pair of arrays, shapes (n,) and (m,)
            Their values on the map, which reaches as far below 0 as above.
        loss : array, shape (m, n)
            From ``loss_slice``.
        paths : pair of arrays
            Their values at every record of the run.
        record : int
            The moment that is shown.

        Returns
        -------
        bytes
        """
        (_, right), (_, top) = ends = [(each[0], each[-1]) for each in values]
        self.surface.place.set(xlim=ends[0], ylim=ends[1])
        for texts, half in zip(self.numbers, (right, top), strict=True):
            for text, tick in zip(texts, TICKS, strict=True):
                text.set_text(f"{half * tick:g}".replace("-", "−"))
        self.surface.set_colors(LOSS_MAP(np.minimum(loss / self.top, 1))[..., :3])
        generator = contour_generator(*values, loss)
        self.contours.set_segments([line for level in LEVELS for line in generator.lines(self.top * level)])
        self.whole.set_data(*paths)
        self.walked.set_data(*(path[: record + 1] for path in paths))
        for marker, moment in ((self.start, 0), (self.here, record)):
            marker.set_data(*([path[moment]] for path in paths))
        self.now.set_data([self.history.epochs[record]], [self.history.loss[record]])
        for text, name in zip(self.names, names, strict=True):
            text.set_text(name)
        self.notice.set_text("")
        return self.frame.png()

    def empty(self, notice):
        """Return the PNG of a map with nothing on it but a notice.

        Parameters
        ----------
        notice : str
            What stands on it.

        Returns
        -------
        bytes
        """
        self.surface.set_colors(np.ones((1, 1, 3)))
        self.contours.set_segments([])
        for artist in (self.whole, self.walked, self.start, self.here, self.now):
            artist.set_data([], [])
        for text in (*self.names, *self.numbers[0], *self.numbers[1]):
            text.set_text("")
        self.notice.set_text(notice)
        return self.frame.png()


def landscape_explorer(history, x, y, **start):
    """Return the explorer: two parameters and a moment over the landscape of a run.

    Parameters
    ----------
    history : History
        The run of a single network.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        The examples of the run.
    **start
        Values to begin with: ``horizontal`` and ``vertical``, names such as "W₁₁₁" and "b₂₁", and ``replay`` in
        percent. Without them the first two weights, at the end of the run.

    Returns
    -------
    utils.explore.panel.Panel
    """
    run = Run(history, x, y)
    names = list(run.names)
    make = explorer(
        partial(landscape_picture, run),
        horizontal=Choice("horizontal", names[0], tuple(names)),
        vertical=Choice("vertical", names[1], tuple(names)),
        replay=REPLAY,
    )
    return make(**start)
