"""The pictures of lesson 03: the sample network with its weights, activation functions, what two examples wish, and the plane of XOR."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from utils.draw.diagrams import network_diagram
from utils.draw.numbers import significant
from utils.draw.picture import show, subplots
from utils.draw.plots import name_curves
from utils.draw.style import CLASSES, COMPARISON, CURVES, FINE_GRID, INK, PAPER, QUANTITIES, pale
from utils.nn.activations import ACTIVATIONS

Y_HAT = LinearSegmentedColormap.from_list("ŷ", [PAPER, pale(QUANTITIES["h"], 0.6)])  # white where ŷ is 0, green where it is 1


def with_weights(W, b):
    """Return the diagram of a network with the number of each weight on its line, and of each bias in its circle.

    Parameters
    ----------
    W, b : dict of int to array
        Weights (n_k, n_{k-1}) and biases (n_k, 1) by layer.

    Returns
    -------
    Picture
    """
    sizes = [np.shape(W[1])[1], *(len(W[k]) for k in W)]
    texts = {k: [[significant(w) for w in row] for row in W[k]] for k in W}
    return network_diagram(sizes, W=texts, b={k: [significant(each) for each in np.ravel(b[k])] for k in b})


def activations():
    """Return the curves of the four activation functions of the course.

    Returns
    -------
    Picture
    """
    a = np.linspace(-4, 4, 201)
    fig, ax = subplots(figsize=(6, 3.2))
    for (name, g), (color, dash) in zip(ACTIVATIONS.items(), CURVES, strict=False):
        ax.plot(a, g(a), dash, color=color, lw=2.2, label=name)
    ax.set(xlabel="pre-activation a", ylabel="activation h = g(a)", ylim=(-1.6, 2.6))
    ax.grid(color=FINE_GRID)
    name_curves(ax)
    return show(
        fig,
        """Four curves over the pre-activation from −4 to 4. The sigmoid rises from 0 to 1 and is ½ at 0; tanh rises from −1 to 1 and is 0
        at 0; relu is 0 for negative numbers and a itself for positive ones; identity is the straight line h = a.""",
    )


def wishes(y_hat, y, names):
    """Return what each example wishes: its probabilities as bars, and an arrow from each to the truth.

    Parameters
    ----------
    y_hat, y : arrays, shape (2, N)
        Predicted probabilities and one-hot truths, a column each.
    names : list of str
        Of the examples.

    Returns
    -------
    Picture
    """
    fig, axes = subplots(1, len(names), figsize=(3.4 * len(names), 3), sharey=True)
    said = []
    for n, (ax, name) in enumerate(zip(axes, names, strict=True)):
        ax.bar([0, 1], y_hat[:, n], width=0.5, color=[pale(CLASSES[i].color, 0.6) for i in (0, 1)], edgecolor=INK)
        for i in (0, 1):
            ax.annotate("", (i, y[i, n]), (i, y_hat[i, n]), arrowprops={"arrowstyle": "->", "color": QUANTITIES["gradient"], "lw": 2.2})
            ax.text(i + 0.29, (y_hat[i, n] + y[i, n]) / 2, significant(y[i, n] - y_hat[i, n], signed=True), va="center", color=INK)
        ax.set(title=name, xticks=[0, 1], xticklabels=["$ŷ_1$", "$ŷ_2$"], ylim=(-0.04, 1.08), xlim=(-0.45, 1.75))
        said.append(f"{name}: ŷ_1 {y_hat[0, n]:.3f} to {y[0, n]:.0f}, ŷ_2 {y_hat[1, n]:.3f} to {y[1, n]:.0f}")
    axes[0].set_ylabel("probability, and where it should go")
    return show(fig, f"Two bars for each example, and an arrow from each to the truth. {'; '.join(said)}.")


def xor_plane(answer, points, truth):
    """Return the plane of two inputs, tinted by the answer of a network, with the border at ½ and the points.

    Parameters
    ----------
    answer : callable
        Takes inputs, shape (2, N), and returns ŷ, shape (1, N).
    points, truth : arrays, shapes (2, 4) and (1, 4)
        The points and whether the answer should be yes.

    Returns
    -------
    Picture
    """
    side = np.linspace(-0.5, 1.5, 161)
    grid = np.array([each.ravel() for each in np.meshgrid(side, side)])
    map_ = answer(grid).reshape(len(side), len(side))
    fig, ax = subplots(figsize=(5, 3.9))
    tint = ax.pcolormesh(side, side, map_, cmap=Y_HAT, vmin=0, vmax=1, shading="auto", rasterized=True)
    if map_.min() < 0.5 < map_.max():
        ax.contour(side, side, map_, levels=[0.5], colors=INK)
    for yes in (False, True):
        chosen = points[:, (np.ravel(truth) == yes)]
        ax.plot(*chosen, "os"[yes], ms=12, mfc=PAPER, mec=INK, mew=2, linestyle="none")
        for corner in chosen.T:
            ax.annotate(
                "yes" if yes else "no", corner, (0, 13), textcoords="offset points", ha="center", bbox={"fc": PAPER, "ec": "none", "pad": 1}
            )
    fig.colorbar(tint, ax=ax, label="ŷ")
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xticks=[0, 1], yticks=[0, 1], aspect="equal")
    at = answer(points).ravel()
    listed = ", ".join(f"({a:.0f}, {b:.0f}): {value:.3f}" for a, b, value in zip(*points, at, strict=True))
    return show(fig, f"The plane of two inputs, tinted by ŷ, with the border at ½. ŷ at the four points: {listed}.")


def slopes_of_units(raw, scaled):
    """Return how steep the hidden units are on average, for raw and for standardised inputs, as two histograms.

    Parameters
    ----------
    raw, scaled : arrays
        σ′(a) of every unit and example.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.2, 3))
    bins = np.linspace(0, 0.25, 26)
    for values, words, side, style in (
        (raw, "raw inputs", "left", {"color": INK, "alpha": 0.6}),
        (scaled, "standardised inputs", "right", {"color": COMPARISON, "histtype": "step", "lw": 2}),
    ):
        share = np.full(np.size(values), 1 / np.size(values))
        heights, _, _ = ax.hist(np.ravel(values), bins, weights=share, **style)
        ax.text(bins[heights.argmax() + 1], heights.max() + 0.02, words, color=style["color"], ha=side)
    ax.set(xlabel="slope σ′(a) of a hidden unit", ylabel="share", ylim=(0, 1.1))
    flat = [np.mean(np.asarray(each) < 0.01) for each in (raw, scaled)]
    return show(
        fig,
        f"""Histograms of the slopes of hidden units. With raw inputs {flat[0]:.0%} of them are below 0.01, with standardised inputs
        {flat[1]:.0%}.""",
    )
