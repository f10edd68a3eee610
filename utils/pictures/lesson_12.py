"""The pictures of lesson 12: losses beside the limit of the learning rate, overfitting, and curves that follow a wave."""

import numpy as np

from utils.draw.picture import show, subplots
from utils.draw.plots import name_curves
from utils.draw.style import COMPARISON, CURVES, GRID, INK, THIN


def runs(histories):
    """Return the losses of runs on a logarithmic axis.

    Parameters
    ----------
    histories : dict of str to History
        By the name of the run.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.4, 3.2))
    for (name, run), (color, line) in zip(histories.items(), CURVES, strict=False):
        ax.plot(run.epochs, run.loss, line, color=color, lw=1.8, label=name)
    ax.set(xlabel="epoch", ylabel="loss", yscale="log", ylim=(0.3, 1e4), xlim=(0, 60))
    ax.grid(color=GRID, linewidth=0.8)
    name_curves(ax)
    said = "; ".join(f"{name}: {run.loss[0]:.2f} at the beginning, {run.loss[-1]:.2g} at the end" for name, run in histories.items())
    return show(fig, f"Losses on an axis of powers of ten, over the first 60 epochs. {said}.")


def overfitting(epochs, training, held_back, line_training, line_held_back):
    """Return the losses of several networks on two sets, and those of the straight line.

    Parameters
    ----------
    epochs : array, shape (n,)
        When the losses were recorded.
    training, held_back : array, shape (n, S)
        Losses of S networks.
    line_training, line_held_back : float
        Losses of the straight line.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.6, 3.6))
    color = {"training": INK, "held back": COMPARISON}
    ax.plot(epochs, training, color=color["training"], lw=1)
    ax.plot(epochs, held_back, "--", color=color["held back"], lw=1)
    ax.axhline(line_training, color=color["training"], lw=3, alpha=0.5)
    ax.axhline(line_held_back, color=color["held back"], lw=3, alpha=0.5)
    ax.set(xlabel="epoch", ylabel="loss  (1: the mean)", ylim=(0.2, 0.9), xlim=(0, epochs[-1]))
    there = len(epochs) // 2
    ax.text(epochs[there], training[there].min() - 0.04, "networks, training ", ha="right", color=color["training"])
    ax.text(epochs[-1], held_back[-1].max() + 0.03, "networks, held back ", ha="right", color=color["held back"])
    ax.text(epochs[-1] * 0.45, line_training - 0.045, "straight line, training", color=color["training"])
    ax.text(epochs[-1] * 0.45, line_held_back - 0.045, "straight line, held back", color=color["held back"])
    ax.grid(color=GRID, linewidth=0.8)
    when, lowest = epochs[held_back.argmin(axis=0)], held_back.min(axis=0)
    return show(
        fig,
        f"""Losses of {training.shape[1]} networks. Training: they end {_between(training[-1])}; the straight line has {line_training:.2f}.
        Held back: each is lowest after {when.min()} to {when.max()} epochs, {_between(lowest)}, and they end {_between(held_back[-1])};
        the straight line has {line_held_back:.2f}.""",
    )


def _between(values):
    return f"between {values.min():.2f} and {values.max():.2f}"


def fits(x, y, networks):
    """Return the points of a wave, and the curve of each network.

    Parameters
    ----------
    x, y : array, shape (1, N)
        The points.
    networks : dict of str to FeedForwardNetwork
        By the name of the curve.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.6, 3.4))
    ax.plot(x[0], y[0], ".", color=THIN, ms=5)
    grid = np.linspace(-2, 2, 201).reshape(1, -1)
    said = []
    for (name, net), (color, line) in zip(networks.items(), CURVES, strict=False):
        curve = net.predict(grid)[0]
        ax.plot(grid[0], curve, line, color=color, lw=2, label=name)
        said.append(f"{name}: {', '.join(f'{value:.1f}' for value in curve[::50])}")
    ax.set(xlabel="x", ylabel="y", xlim=(-2.05, 2.05), ylim=(-1.6, 2.4))
    ax.grid(color=GRID, linewidth=0.8)
    name_curves(ax)
    return show(fig, f"Noisy points of a wave, y = sin 3x, and curves. At x = −2, −1, 0, 1 and 2: {'; '.join(said)}.".replace("-", "−"))
