"""The pictures of lesson 13: activations and their slopes, losses of deep networks, and where in the plane of w and b units die."""

import numpy as np

from utils.draw.picture import show, subplots
from utils.draw.plots import name_curves
from utils.draw.style import COMPARISON, CURVES, FINE_GRID, GRID, INK

NAMES = ("sigmoid", "tanh", "relu")


def activations(functions):
    """Return three activations, and their slopes.

    Parameters
    ----------
    functions : dict of str to Activation
        With "sigmoid", "tanh" and "relu".

    Returns
    -------
    Picture
    """
    a = np.linspace(-4, 4, 401)
    fig, (left, right) = subplots(1, 2, figsize=(7.6, 3.1))
    said = []
    for name, (color, line) in zip(NAMES, CURVES, strict=False):
        g = functions[name]
        left.plot(a, g(a), line, color=color, lw=2, label=name)
        slope = g.prime(g(a))
        right.plot(a, np.where(np.abs(np.diff(slope, prepend=slope[0])) < 0.5, slope, np.nan), line, color=color, lw=2, label=name)
        said.append(f"{name} from {g(a).min():.2f} to {g(a).max():.2f}, slope at most {g.prime(g(a)).max():.2f}")
    left.set(xlabel="pre-activation a", ylabel="h = g(a)", ylim=(-1.2, 2.5))
    right.set(xlabel="pre-activation a", ylabel="g′(a)", ylim=(-0.05, 1.1))
    name_curves(left)
    name_curves(right)
    return show(fig, f"Left, three activations between a = −4 and 4, right, their slopes: {'; '.join(said)}.".replace("-", "−"))


def losses(runs):
    """Return the losses of one run for each activation.

    Parameters
    ----------
    runs : dict of str to array, shape (epochs + 1,)
        By the name of the activation.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.4, 3.2))
    for (name, values), (color, line) in zip(runs.items(), CURVES, strict=False):
        ax.plot(values, line, color=color, lw=2, label=name)
    ax.set(xlabel="epoch", ylabel="loss  (1: the mean)", ylim=(0, 1.6))
    ax.grid(color=GRID, linewidth=0.8)
    name_curves(ax)
    ends = "; ".join(f"{name} from {values[0]:.2f} to {values[-1]:.2f}, at most {values.max():.2f}" for name, values in runs.items())
    return show(fig, f"Losses of networks with six hidden layers: {ends}.")


def dead_units(networks, dead):
    """Return the weight and the bias of every ReLU unit of a layer with one input, living or dead, and the wedge of the dead.

    Parameters
    ----------
    networks : list of FeedForwardNetwork
        With one input.
    dead : list of array of bool
        Which hidden units of each network are dead.

    Returns
    -------
    Picture
    """
    w = np.concatenate([net.W[1][:, 0] for net in networks])
    b = np.concatenate([net.b[1][:, 0] for net in networks])
    gone = np.concatenate(dead)
    fig, ax = subplots(figsize=(6.2, 3.8))
    edge = np.array([-2.0, 0.0, 2.0])
    ax.plot(edge, -2 * np.abs(edge), color=INK, lw=1)
    ax.fill_between(edge, -2 * np.abs(edge), -4, color=FINE_GRID)
    ax.plot(w[~gone], b[~gone], "o", color=COMPARISON, ms=5, label="living")
    ax.plot(w[gone], b[gone], "X", color=INK, ms=6, label="dead")
    ax.text(0, -3.4, "silent: b < −2|w|", ha="center", color=INK)
    ax.set(xlabel="weight w", ylabel="bias b", xlim=(-3, 3), ylim=(-4, 2))
    ax.grid(color=GRID, linewidth=0.8)
    ax.legend(loc="upper right")
    typical = {name: (np.median(np.abs(w[which])), np.median(b[which])) for name, which in (("living", ~gone), ("dead", gone))}
    said = "; ".join(f"{name}: median of |w| {size:.2f}, of b {bias:.2f}" for name, (size, bias) in typical.items()).replace("-", "−")
    return show(fig, f"Weight and bias of {w.size} units, {gone.sum()} of them dead. All dead ones lie in the wedge b < −2|w|. {said}.")
