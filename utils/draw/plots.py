"""Plots for lessons: matplotlib Axes in, the same Axes out."""

from functools import cache

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.transforms import blended_transform_factory
from PIL import Image

from utils.draw.frames import PixelImage, apart
from utils.draw.style import CLASSES, DIVERGING, INK, MUTED, QUANTITIES, WRONG, pale

HESITATING = 0.5  # how full the colour of a region is where all classes are as likely
SHADES = 24  # from hesitating to certain
BORDER_PIXEL = (70, 70, 70, 255)
HEIGHT_OF_AXES, NAME = 0.75, 12  # about the share of a figure that its axes take; points that the name of a curve is high
SURFACE_POINTS = 120  # a surface is computed on 120 × 120 points


def probability_colors(y_hat):
    """Return the pale colour of the class that is decided, half as full where the network hesitates: ŷ (k, N) → RGB (N, 3).

    A single row is that of a sigmoid unit: the probability of class 1.

    Parameters
    ----------
    y_hat : array, shape (k, N)
        Probabilities of k classes at N points.

    Returns
    -------
    array, shape (N, 3)
        RGB in 0 … 1.
    """
    y_hat = each_class(y_hat)
    return _shades(y_hat.argmax(axis=0), y_hat.max(axis=0), len(y_hat))


def _shades(labels, probabilities, n_classes):
    certain = np.clip((probabilities - 1 / n_classes) / (1 - 1 / n_classes), 0, 1)
    return _palette(n_classes)[labels, np.round((SHADES - 1) * certain).astype(np.intp)]


@cache
def _palette(n_classes):
    """Return the colour of each class in its shades, from hesitating to certain, as RGB in 0 … 1."""
    colors = np.array([pale(style.color, style.region_strength) for style in CLASSES[:n_classes]])
    fullness = np.linspace(HESITATING, 1, SHADES)[:, None]
    return 1 - fullness * (1 - colors[:, None])


@cache
def _pixel_palette(n_classes):
    """Return the same as RGBA pixels, class by class, shape (n_classes · SHADES, 4)."""
    pixels = np.full((n_classes * SHADES, 4), 255, np.uint8)
    pixels[:, :3] = (255 * _palette(n_classes)).reshape(-1, 3)
    return pixels


def each_class(y_hat):
    """Return a row for each class, also where the network has one sigmoid unit, the probability of class 1.

    Parameters
    ----------
    y_hat : array, shape (k, N)
        Probabilities; one row is that of a single sigmoid unit.

    Returns
    -------
    array, shape (k, N) or (2, N)
    """
    return np.vstack([1 - y_hat, y_hat]) if len(y_hat) == 1 else y_hat


class DecisionMap(PixelImage):
    """An image of what a network decides everywhere: regions in the colours of their classes, with dark borders."""

    def set_probabilities(self, y_hat):
        """Show the probabilities ŷ (k, n · n) on a square grid of points, row by row from the bottom.

        Parameters
        ----------
        y_hat : array, shape (k, n · n)
            Probabilities of k classes, or of class 1 alone.
        """
        n = round(y_hat.shape[1] ** 0.5)
        planes = [
            np.asarray(Image.fromarray(np.nan_to_num(plane).reshape(n, n).astype(np.float32)).resize(self.size, Image.Resampling.BILINEAR))
            for plane in y_hat
        ]
        first, *others = planes if len(planes) > 1 else [1 - planes[0], *planes]
        labels, largest = np.zeros(first.shape, np.uint8), first
        for c, plane in enumerate(others, start=1):
            labels = np.maximum(labels, np.uint8(c) * (plane > largest))
            largest = np.maximum(plane, largest)
        least = 1 / (len(others) + 1)
        shades = ((SHADES - 1) / (1 - least) * np.clip(largest - least, 0, 1 - least) + 0.5).astype(np.uint8)
        colors = one_number(_pixel_palette(len(others) + 1)).take(SHADES * labels + shades)
        colors[border(labels)] = one_number(BORDER_PIXEL)
        self.pixels = four_numbers(colors)


def one_number(pixels):
    """Return each RGBA pixel as one number: an array of these is looked up and changed in a fraction of the time.

    Parameters
    ----------
    pixels : array of uint8, shape (..., 4)
        RGBA.

    Returns
    -------
    array of uint32, shape (...)
    """
    return np.ascontiguousarray(pixels, dtype=np.uint8).view(np.uint32)[..., 0]


def four_numbers(pixels):
    """Return the RGBA of pixels that ``one_number`` made.

    Parameters
    ----------
    pixels : array of uint32, shape (...)
        One number a pixel.

    Returns
    -------
    array of uint8, shape (..., 4)
    """
    return pixels[..., None].view(np.uint8)


def name_curves(ax):
    """Write the name of every curve where it ends, in its colour, in place of a legend; names that would meet are pushed apart.

    Parameters
    ----------
    ax : matplotlib Axes
        With its limits set; the curves are those with a label.

    Returns
    -------
    matplotlib Axes
    """
    (left, right), (low, high) = ax.get_xlim(), sorted(ax.transScale.transform([(1, y) for y in ax.get_ylim()])[:, 1])
    curves = [line for line in ax.get_lines() if not line.get_label().startswith("_")]
    ends = []
    for line in curves:
        x, y = (np.asarray(values, float) for values in line.get_data())
        seen = np.flatnonzero((x >= left) & (x <= right) & np.isfinite(y))
        end = x[seen[-1]] if x[seen[-1]] < left + 0.9 * (right - left) else right  # the name does not stand on the frame
        ends.append((end, (ax.transScale.transform((1, y[seen[-1]]))[1] - low) / (high - low)))
    height = 72 * ax.figure.get_figheight() * HEIGHT_OF_AXES / ax.get_subplotspec().get_gridspec().nrows
    lines = max(curve.get_label().count("\n") for curve in curves) + 1
    shares = apart(np.array([share for _, share in ends]), NAME * lines / height)
    place = blended_transform_factory(ax.transData, ax.transAxes)
    for line, (x, _), share in zip(curves, ends, shares, strict=True):
        style = {"xytext": (7, 0), "textcoords": "offset points", "va": "center", "annotation_clip": False, "fontsize": 9}
        ax.annotate(line.get_label(), (x, share), xycoords=place, color=line.get_color(), **style)
    return ax


def border(labels):
    """Return where a class meets another in an image of labels: True on a line some two pixels wide.

    Parameters
    ----------
    labels : array of int, shape (height, width)
        The class of every pixel.

    Returns
    -------
    array of bool, shape (height, width)
    """
    edge = np.zeros(labels.shape, bool)
    across, along = labels[1:] != labels[:-1], labels[:, 1:] != labels[:, :-1]
    edge[1:] |= across
    edge[:-1] |= across
    edge[:, 1:] |= along
    edge[:, :-1] |= along
    return edge


def activation_colors(h):
    """Return white for an activation of 0 and pale green for 1: h (N,) → RGB (N, 3).

    Parameters
    ----------
    h : array, shape (N,)
        Activations, 0 … 1.

    Returns
    -------
    array, shape (N, 3)
        RGB in 0 … 1.
    """
    return 1 - h[:, None] * (1 - np.array(pale(QUANTITIES["h"], strength=0.6)))


def plane_grid(x, n, margin=(0.5, 0.5)):
    """Return n × n points of the plane around the points x (2, N) as columns, and the edges (left, right, bottom, top).

    Parameters
    ----------
    x : array, shape (2, N)
        Points.
    n : int
        Points of the grid along each side.
    margin : pair of float
        How far the grid reaches beyond the points, along x_1 and along x_2.

    Returns
    -------
    grid : array, shape (2, n · n)
        Row by row from the bottom.
    edges : list of float
        Left, right, bottom, top.
    """
    edges = [edge for row, beyond in zip(x, margin, strict=True) for edge in (row.min() - beyond, row.max() + beyond)]
    grid = np.meshgrid(np.linspace(*edges[:2], n), np.linspace(*edges[2:], n))
    return np.stack([axis.ravel() for axis in grid]), edges


def scatter(x, labels, wrong=None, ax=None):
    """Draw the points in the columns of x with the colour and marker of their class; ring the wrong ones.

    Parameters
    ----------
    x : array, shape (2, N)
        Points.
    labels : array of int, shape (N,)
        True classes, 0 to 3.
    wrong : array of bool, shape (N,), optional
        Which points get a ring.
    ax : matplotlib Axes, optional
        Where to draw; the current Axes if not given.

    Returns
    -------
    matplotlib Axes
    """
    ax = ax or plt.gca()
    for c in np.unique(labels):
        style = CLASSES[c]
        ax.plot(*x[:, labels == c], style.marker, color=style.color, ms=4, mew=0, label=f"class {c}")
    if wrong is not None:
        ax.plot(*x[:, wrong], "o", mfc="none", mec=WRONG, ms=7, mew=1, alpha=ring_strength(wrong), label="wrong")
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    return ax


def ring_strength(wrong):
    """Return how dark the rings around the wrong points are: black for a few, paler for hundreds, so that the points stay visible.

    Parameters
    ----------
    wrong : array of bool
        Which points are wrong.

    Returns
    -------
    float
        The opacity, 0.35 … 1.
    """
    return float(np.clip(1.2 - 0.002 * np.count_nonzero(wrong), 0.35, 1))


def decision_surface(net, x, labels, ax=None):
    """Draw what a network says everywhere in the plane, with the points on it and the wrong ones ringed.

    Parameters
    ----------
    net : FeedForwardNetwork
        Two inputs; softmax output, or one sigmoid unit.
    x, labels : arrays, shapes (2, N) and (N,)
        Points and their true classes.
    ax : matplotlib Axes, optional
        Where to draw; the current Axes if not given.

    Returns
    -------
    matplotlib Axes
    """
    ax = ax or plt.gca()
    grid, edges = plane_grid(x, SURFACE_POINTS)
    y_hat = net.forward(grid).y_hat
    ax.imshow(probability_colors(y_hat).reshape(SURFACE_POINTS, SURFACE_POINTS, 3), extent=edges, origin="lower", aspect="auto")
    for row in each_class(y_hat):  # a class ends where it is as likely as the most likely other
        others = np.where(each_class(y_hat) == row, -1, each_class(y_hat)).max(axis=0)
        ax.contour(
            (row - others).reshape(SURFACE_POINTS, SURFACE_POINTS), levels=[0], colors=MUTED, linewidths=1, extent=edges, origin="lower"
        )
    return scatter(x, labels, wrong=net.predict(x) != labels, ax=ax)


def activation_surface(net, k, i, x, labels, ax=None):
    """Draw the activation h_ki everywhere in the plane, white for 0 and green for 1, with a line where it is ½ and the points.

    Parameters
    ----------
    net : FeedForwardNetwork
        Two inputs, sigmoid units in layer k.
    k, i : int
        Layer and unit, both counted from 1.
    x, labels : arrays, shapes (2, N) and (N,)
        Points and their true classes.
    ax : matplotlib Axes, optional
        Where to draw; the current Axes if not given.

    Returns
    -------
    matplotlib Axes
    """
    ax = ax or plt.gca()
    grid, edges = plane_grid(x, SURFACE_POINTS)
    h = net.forward(grid).h[k][i - 1]
    square = (SURFACE_POINTS, SURFACE_POINTS)
    ax.imshow(activation_colors(h).reshape(*square, 3), extent=edges, origin="lower", aspect="auto")
    ax.contour(h.reshape(square), levels=[0.5], colors=INK, linewidths=1.5, extent=edges, origin="lower")
    return scatter(x, labels, ax=ax)


def parameter_timeline(history, every, ax=None):
    """Draw every weight and bias as a row, every recorded epoch as a column: colour is the value.

    Parameters
    ----------
    history : History
        A run of a single network.
    every : int
        Number of epochs between two columns.
    ax : matplotlib Axes, optional
        Where to draw; the current Axes if not given.

    Returns
    -------
    matplotlib Axes
    """
    ax = ax or plt.gca()
    shown = history.epochs % every == 0
    names, rows = [], []
    for k in history.network.layers:
        for name, values in (("b", history.b[k]), ("W", history.W[k])):
            for i, j in np.ndindex(values.shape[1:]):
                names.append(f"$b_{{{k},{i + 1}}}$" if name == "b" else f"$W_{{{k},{i + 1},{j + 1}}}$")
                rows.append(values[shown, i, j])
    limit = np.abs(rows).max()
    image = ax.imshow(rows, aspect="auto", cmap=DIVERGING, vmin=-limit, vmax=limit, interpolation="nearest")
    columns = np.arange(0, shown.sum(), max(1, shown.sum() // 5))
    ax.set(xlabel="epoch", yticks=range(len(names)), yticklabels=names)
    ax.set_xticks(columns, history.epochs[shown][columns])
    ax.tick_params(length=0, colors=INK)
    ax.figure.colorbar(image, ax=ax, label="value")
    return ax
