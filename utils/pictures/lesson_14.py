"""The pictures of lesson 14: images of digits in rows, losses over passes, rows of W₁ as images, how sure the network is."""

from itertools import pairwise

import numpy as np

from utils.draw.picture import show, subplots
from utils.draw.plots import name_curves
from utils.draw.style import CURVES, DIVERGING, GRID, INK, QUANTITIES


def _row(axes, images, titles, **colors):
    """Draw images of 64 pixels into axes, each with its title."""
    for ax, image, title in zip(axes, images, titles, strict=True):
        ax.imshow(np.reshape(image, (8, 8)), **colors)
        ax.set_title(title, fontsize=10)
        ax.set(xticks=[], yticks=[])


def one_of_each(X, labels):
    """Return the first image of every class.

    Parameters
    ----------
    X, labels : arrays, shapes (N, 64) and (N,)
        Images in rows, and their classes 0 … 9.

    Returns
    -------
    Picture
    """
    first = [int((labels == c).argmax()) for c in range(10)]
    fig, axes = subplots(1, 10, figsize=(7.4, 1.1))
    _row(axes, X[first], range(10), cmap="Greys", vmin=0, vmax=16)
    return show(fig, "Ten images of 8 times 8 grey pixels, one for each digit from 0 to 9. They are coarse, and most people can read them.")


def losses(passes, curves, marked=None):
    """Return losses over the passes of one run.

    Parameters
    ----------
    passes : array, shape (n,)
        The passes at which the losses are known.
    curves : dict of str to array, shape (n,)
        Two losses by name: the first is drawn as a line, the second dashed.
    marked : int, optional
        A pass to mark on the second curve.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.4, 3.2))
    for (name, values), (color, line) in zip(curves.items(), CURVES, strict=False):
        ax.plot(passes, values, line, color=color, lw=1.4, label=name)
    said = "; ".join(f"{name}: from {values[0]:.2f} to {values[-1]:.2f}" for name, values in curves.items())
    if marked is not None:
        lowest = list(curves.values())[1][np.flatnonzero(passes == marked)[0]]
        ax.plot([marked], [lowest], "o", color=CURVES[1][0], ms=8)
        said += f"; the marked place is pass {marked}, with {lowest:.2f}"
    ax.set(xlabel="pass", ylabel="loss", ylim=(0, None))
    ax.grid(color=GRID, linewidth=0.8)
    name_curves(ax)
    return show(fig, f"The loss over the passes. {said}.")


def first_layer(before, after, n=8):
    """Return rows of W₁ as images, before and after a training.

    Parameters
    ----------
    before, after : arrays, shape (units, 64)
        W₁ at both moments.
    n : int
        How many units are shown.

    Returns
    -------
    Picture
    """
    fig, axes = subplots(2, n, figsize=(7.4, 2.4))
    limit = max(np.abs(before[:n]).max(), np.abs(after[:n]).max())
    for row, W, when in zip(axes, (before, after), ("before", "after"), strict=True):
        _row(row, W[:n], [f"{i + 1}" for i in range(n)], cmap=DIVERGING, vmin=-limit, vmax=limit)
        row[0].set_ylabel(when)
    sizes = [np.sqrt((W**2).mean()) for W in (before, after)]
    return show(
        fig,
        f"""The weights of {n} hidden units as images of 8 times 8 pixels, purple above zero and orange below, before and after
        the training: patches without a clear shape. A typical weight has grown from {sizes[0]:.2f} to {sizes[1]:.2f}.""",
    )


def gallery(X, labels, answers, sure):
    """Return up to ten images with their true class, the network's answer, and how sure it is.

    Parameters
    ----------
    X : array, shape (N, 64)
        Images in rows.
    labels, answers : arrays of int, shape (N,)
        True classes, and what the network says.
    sure : array, shape (N,)
        The probability that it gives to its answer.

    Returns
    -------
    Picture
    """
    n = min(len(X), 10)
    titles = [f"{labels[i]}, said {answers[i]}\n{sure[i]:.2f}" for i in range(n)]
    fig, axes = subplots(1, 10, figsize=(7.4, 1.5))
    _row(axes[:n], X[:n], titles, cmap="Greys", vmin=0, vmax=16)
    for ax in axes[n:]:
        ax.axis("off")
    said = "; ".join(title.replace("\n", " with ") for title in titles)
    return show(fig, f"Images that the network gets wrong: the true class, what it said, and with which probability. {said}.")


def calibration(sure, right, edges):
    """Return the share of right answers over the probability that the network gave to them, in bins.

    Parameters
    ----------
    sure : array, shape (N,)
        The probability of each answer.
    right : array of bool, shape (N,)
        Whether the answer is right.
    edges : sequence of float
        Where the bins begin and end.

    Returns
    -------
    Picture
    """
    bins = [(sure >= low) & (sure < high) for low, high in pairwise(edges)]
    kept = [each for each in bins if each.sum()]
    given, true = [sure[each].mean() for each in kept], [right[each].mean() for each in kept]
    fig, ax = subplots(figsize=(3.8, 3.4))
    ax.plot([0, 1], [0, 1], "--", color=INK, lw=1, zorder=1)
    ax.text(0.3, 0.315, "as sure as right", color=INK, rotation=45, rotation_mode="anchor", va="bottom", fontsize=9)
    ax.plot(given, true, "o-", color=QUANTITIES["h"])
    ax.text(0.24, 0.94, "network", color=QUANTITIES["h"], fontsize=9)
    ax.set(xlabel="probability that it gives", ylabel="share of right answers", xlim=(0.2, 1.02), ylim=(0.2, 1.02))
    ax.grid(color=GRID, linewidth=0.8)
    said = "; ".join(f"{each.sum()} answers with {g:.2f}: {t:.0%} right" for each, g, t in zip(kept, given, true, strict=True))
    return show(fig, f"How often the network is right, over how sure it says it is. {said}.")


def pushed(images, titles):
    """Return images of one digit after several steps.

    Parameters
    ----------
    images : sequence of arrays of 64 numbers
        One for each step.
    titles : list of str
        One for each image.

    Returns
    -------
    Picture
    """
    fig, axes = subplots(1, len(images), figsize=(7.4, 2.2))
    _row(axes, images, titles, cmap="Greys", vmin=0, vmax=16)
    return show(fig, f"Images of one digit that look much alike. {'; '.join(title.replace(chr(10), ', ') for title in titles)}.")
