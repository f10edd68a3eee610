"""The pictures of lesson 05: who listens to a hidden unit, the slopes of three activations, and blame that fades."""

import numpy as np

from utils.draw.diagrams import fully_connected, graph_diagram
from utils.draw.numbers import fixed
from utils.draw.picture import show, subplots
from utils.draw.plots import name_curves
from utils.draw.style import CURVES, MUTED, QUANTITIES
from utils.draw.svg import Line
from utils.nn import ACTIVATIONS


def listeners(net, j):
    """Return the diagram of a 2-layer network in which the lines from hidden unit j to its listeners are bold, with their weights.

    Parameters
    ----------
    net : FeedForwardNetwork
        With one hidden layer.
    j : int
        The unit, from 1.

    Returns
    -------
    Picture
    """
    columns = [["x_1", "x_2"], ["h_1,1", "h_1,2"], ["a_2,1", "a_2,2"], ["ŷ_1", "ŷ_2"], ["𝓛"]]
    weights = {(f"h_1,{j}", f"a_2,{i + 1}"): net.W[2][i, j - 1] for i in range(len(net.W[2]))}
    told = " and ".join(f"{weight:g} to {end}" for (_, end), weight in weights.items()).replace("-", "−")
    return graph_diagram(
        columns,
        fully_connected(columns),
        f"The small network. Bold are the lines from h_1,{j} to the two scores that listen to it, with their weights: {told}.",
        lines={edge: Line(QUANTITIES["W"], 4, fixed(weight, 1), at=0.34) for edge, weight in weights.items()},
        captions=["input", "hidden units", "scores", "probabilities", "loss"],
        gap=150,
    )


def slopes_of_activations():
    """Return the slopes of sigmoid, tanh and ReLU over the pre-activation; ReLU has none at 0.

    Returns
    -------
    Picture
    """
    left, right = np.linspace(-6, -1e-6, 120), np.linspace(1e-6, 6, 120)
    grid = np.concatenate([left, right])
    fig, ax = subplots(figsize=(6.4, 3.2))
    for name, (color, dashes), place in zip(("sigmoid", "tanh", "relu"), CURVES, ((2, 0.16), (0.9, 0.62), (2, 1.03)), strict=False):
        g = ACTIVATIONS[name]
        for part in (left, right):
            ax.plot(part, g.prime(g(part)), dashes, color=color, lw=2.2)
        ax.text(*place, f"{name}: $g'(a)$", color=color)
    ax.set(xlabel="pre-activation $a$", ylabel="share of the blame let through", ylim=(-0.05, 1.15))
    sigmoid = ACTIVATIONS["sigmoid"].prime(ACTIVATIONS["sigmoid"](grid))
    return show(
        fig,
        f"""Slopes of three activations over a. The sigmoid's is a low hill, {sigmoid.max():.2f} at a = 0 and {sigmoid[0]:.4f} at
        a = −6. That of tanh is a hill of height 1. That of ReLU is 0 to the left of 0 and 1 to the right of it; at 0 there is a gap.""",
    )


def fading(largest):
    """Return the picture of the largest blame in each layer, for many networks.

    Parameters
    ----------
    largest : dict of str to array, shape (L, S)
        For each activation the largest size of ∂𝓛/∂a_k in layers 1 … L, for S networks.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.6, 3.4))
    for (name, sizes), (color, dashes) in zip(largest.items(), CURVES, strict=False):
        layers = np.arange(1, len(sizes) + 1)
        ax.semilogy(layers, sizes, dashes, color=color, lw=0.6, alpha=0.5)
        ax.semilogy(layers, np.median(sizes, axis=1), dashes, color=color, lw=3, label=f"{name},\nmedian")
    ax.set(xlabel="layer k", ylabel=r"largest blame in $\partial\mathcal{L}/\partial a_k$")
    ax.text(0.98, 0.04, "scores on the right, input on the left", color=MUTED, ha="right", transform=ax.transAxes)
    name_curves(ax)
    told = "; ".join(
        f"{name} from {np.median(sizes[-1]):.2g} at the scores to {np.median(sizes[0]):.1g} in layer 1 (median)"
        for name, sizes in largest.items()
    )
    return show(fig, f"The largest blame in each layer on a logarithmic scale, a thin line for each network: {told}.")
