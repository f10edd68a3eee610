"""The pictures of lesson 07: what gradients cost, where the gradients of small batches point, and a falling loss."""

import numpy as np

from utils.draw.costs import cost_curves
from utils.draw.picture import show, subplots
from utils.draw.plots import name_curves
from utils.draw.style import CLASSES, COMPARISON, FINE_GRID, INK, MUTED


def costs(depths, deeper, widths, wider):
    """Return the curves of multiplications over the number of layers and over their width, on a logarithmic scale.

    Parameters
    ----------
    depths, widths : sequence of int
        What is varied.
    deeper, wider : list of utils.exhibits.multiplication_counts.Cost
        The costs.

    Returns
    -------
    Picture
    """
    fig, (left, right) = subplots(1, 2, figsize=(7.4, 3.6), sharey=True)
    cost_curves(depths, deeper, left).set_xlabel("layers, 5 units each")
    cost_curves(widths, wider, right).set(xlabel="units in each of 4 layers", ylabel="")
    name_curves(left)
    name_curves(right)
    deep, wide = deeper[-1], wider[-1]
    return show(
        fig,
        f"""Multiplications on a logarithmic scale. Left, with the number of layers: without a memory the chain rule is nearly a straight
        line up to {deep.without_cache:,} at {depths[-1]} layers; nudging bends, up to {deep.finite_differences:,}; backpropagation stays at
        {deep.backward:,}, close above the forward pass with {deep.forward:,}. Right, with the width: at {widths[-1]} units
        {wide.without_cache:,} and {wide.finite_differences:,}, against {wide.backward:,} and {wide.forward:,}.""",
    )


def agreement(cosines):
    """Return for several moments how well the gradients of batches agree with that of all examples: a point a batch.

    Parameters
    ----------
    cosines : dict of str to array
        For each moment the cosines with the full gradient.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.6, 1.2 + 0.7 * len(cosines)))
    ax.axvspan(-1, 0, color=FINE_GRID)
    ax.text(-0.98, -0.42, "uphill", color=MUTED, va="center")
    for row, ((_, values), style) in enumerate(zip(cosines.items(), CLASSES, strict=False)):
        ax.plot(values, np.full(len(values), row), style.marker, color=style.color, alpha=0.6, ms=8)
    ax.set(xlim=(-1.02, 1.02), ylim=(len(cosines) - 0.5, -0.65), yticks=range(len(cosines)), yticklabels=list(cosines))
    ax.set_xlabel("cosine with the gradient of all examples")
    told = "; ".join(
        f"{name}: from {values.min():.2f} to {values.max():.2f}, {int((values < 0).sum())} of {len(values)} below 0"
        for name, values in cosines.items()
    ).replace("-", "−")
    return show(fig, f"How well the gradients of batches agree with the full gradient, a point a batch. {told}.")


def falling(losses, accuracy):
    """Return the loss over the epochs of a training.

    Parameters
    ----------
    losses : sequence of float
        One for each epoch.
    accuracy : float
        At the end.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.4, 3.0))
    ax.plot(losses, color=INK, lw=2)
    ax.axhline(np.log(4), ls=":", color=COMPARISON)
    ax.text(len(losses) * 0.99, np.log(4) + 0.02, "log 4: a pure guess", color=COMPARISON, ha="right")
    ax.set(xlabel="epoch", ylabel=r"loss $\mathcal{L}$")
    return show(
        fig,
        f"""The loss over {len(losses)} epochs. It begins at {losses[0]:.2f}, near log 4 = 1.39, and ends at {losses[-1]:.2f}. Then
        {accuracy:.0%} of the points are right.""",
    )
