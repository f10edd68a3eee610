"""The sweep explorer: 48 networks trained at once, eight learning rates by six seeds (lesson 13)."""

from functools import lru_cache

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from utils.data import wave
from utils.draw.numbers import number
from utils.draw.style import FINE_GRID, GRID, INK, MUTED, THIN
from utils.draw.svg import svg_picture, text
from utils.explore.controls import Choice, Number, explorer
from utils.nn.activations import ACTIVATIONS
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

RATES = 0.01 * 2.0 ** np.arange(8)
SEEDS = range(6)
N_EXAMPLES, N_UNITS = 50, 8
BLUES = colormaps["Blues"]
LEFT, TOP, CELL, ROW = 92, 62, 70, 30  # pixels
WORSE = 1.05  # grey: a network that is worse than the mean
LOWEST = 0.05  # drawn in the darkest colour: about what the noise in the targets leaves to the best of curves


def sweep_picture(depth, activation, scale, epochs):
    """Return the heat map of the loss that 48 networks reach: a column for each learning rate, a row for each seed.

    All of them learn the same wave with standardised targets, so a loss of 1 is what predicting the mean
    costs. The whole stack is trained for every picture that has not been shown before, which takes more than
    the 25 ms of a light picture: about 35 ms to begin with, 120 ms with six hidden layers and 150 epochs.

    Parameters
    ----------
    depth : int
        Number of hidden layers of eight units; 0 for none.
    activation : str
        g of the hidden layers; the output is linear.
    scale : float
        Every fresh weight is multiplied by it; 1 leaves the course's own initialisation.
    epochs : int
        Length of the runs; every epoch is one step on all 50 examples.

    Returns
    -------
    Picture
    """
    loss, diverged = trained(depth, activation, scale, epochs)
    reached = np.where(diverged, np.inf, loss)
    median = np.median(reached, axis=0)
    layers = f"{depth} hidden {'layer' if depth == 1 else 'layers'} of {N_UNITS} {activation} units" if depth else "no hidden layer"
    rows = [*loss, median]
    lost = [*diverged, ~np.isfinite(median)]

    parts = [
        text(LEFT + CELL * len(RATES) / 2, 20, "learning rate", INK, size=14),
        *(text(_middle(c), 46, f"{rate:g}", INK, size=14) for c, rate in enumerate(RATES)),
    ]
    for r, (values, crossed) in enumerate(zip(rows, lost, strict=True)):
        y = TOP + ROW * r + (10 if r == len(SEEDS) else 0)
        parts.append(text(LEFT - 10, y + 20, "median" if r == len(SEEDS) else f"seed {SEEDS[r]}", INK, size=14, anchor="end"))
        for c, (value, cross) in enumerate(zip(values, crossed, strict=True)):
            parts += _cell(LEFT + CELL * c, y, value, cross)
    height = TOP + ROW * (len(SEEDS) + 1) + 62
    keys = ("the loss at the end  ·  ✕ diverged  ·  dark frame: the best", "grey: above 1, and predicting the mean costs 1")
    parts += [text(LEFT + CELL * len(RATES) / 2, height - 30 + 18 * i, key, MUTED, size=13) for i, key in enumerate(keys)]

    story = "Not one of them has survived."
    if not diverged.all():
        row, column = np.unravel_index(reached.argmin(), reached.shape)
        parts.append(_frame(LEFT + CELL * column, TOP + ROW * row))
        best = f"The best, {number(loss[row, column])}, is learning rate {RATES[column]:g} with seed {SEEDS[row]}."
        story = f"{best} {_medians(median)}"
    count = f"{diverged.sum()} of {diverged.size} diverged"
    run = f"{layers}, scale {scale:g}, {epochs} epochs"
    by_rate = ", ".join(
        f"{number(value) if np.isfinite(value) else 'diverged'} at {rate:g}" for value, rate in zip(median, RATES, strict=True)
    )
    alt = f"Heat map of the final loss of 48 networks: {run}. Medians over six seeds: {by_rate}. {count}. {story}"
    return svg_picture(parts, LEFT + CELL * len(RATES) + 12, height, alt, caption=f"48 networks with {run}: {count}. {story}")


@lru_cache(maxsize=64)
def trained(depth, activation, scale, epochs):
    """Return the final loss of every network and whether it diverged, both (seeds, learning rates).

    Parameters
    ----------
    depth, activation, scale, epochs
        As in ``sweep_picture``.

    Returns
    -------
    tuple of two arrays, shape (6, 8)
        Losses, and booleans.
    """
    X, targets = wave(N_EXAMPLES)
    x, y = X.T, (targets - targets.mean()).reshape(1, -1) / targets.std()
    sizes = [1, *[N_UNITS] * depth, 1]
    stack = FeedForwardNetwork(sizes, activation, "linear", "squared_error", seed=np.repeat(SEEDS, len(RATES)))
    stack = stack.with_parameters(W={k: scale * stack.W[k] for k in stack.layers})
    run = gradient_descent(stack, x, y, np.tile(RATES, len(SEEDS)), epochs, record_every=epochs)
    shape = len(SEEDS), len(RATES)
    return run.loss[-1].reshape(shape), run.diverged.reshape(shape)


def _middle(column):
    return LEFT + CELL * (column + 0.5)


def _cell(x, y, value, crossed):
    """Return a cell: dark blue for a low loss, white at 1, grey above; a cross on darker grey where the run diverged."""
    darkness = 0 if crossed else np.clip(np.log(value) / np.log(LOWEST), 0, 1)
    fill = GRID if crossed else FINE_GRID if value > WORSE else to_hex(BLUES(0.6 * darkness))
    return [
        f'<rect x="{x:g}" y="{y:g}" width="{CELL:g}" height="{ROW:g}" fill="{fill}" stroke="{THIN}"/>',
        text(x + CELL / 2, y + 20, "✕" if crossed else number(value), INK, size=13),
    ]


def _frame(x, y):
    size = f'width="{CELL - 3}" height="{ROW - 3}"'
    return f'<rect x="{x + 1.5:g}" y="{y + 1.5:g}" {size} fill="none" stroke="{INK}" stroke-width="3"/>'


def _medians(median):
    if not np.isfinite(median).any():
        return "At every learning rate the median network diverges."
    best = median.argmin()
    return f"The best median, {number(median[best])}, belongs to learning rate {RATES[best]:g}."


sweep_explorer = explorer(
    sweep_picture,
    depth=Number("hidden layers", 2, 0, 6),
    epochs=Number("epochs", 100, 10, 150, step=10, film=(10, 4)),
    scale=Number("scale", 1.0, 0.1, 10, log=True),
    activation=Choice("activation", "tanh", tuple(ACTIVATIONS)),
)
