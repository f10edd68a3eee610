"""The pictures of lesson 06: a multiplication table, what each example wishes, and the zig-zag of positive signals."""

import numpy as np

from utils.draw.grids import product_grid
from utils.draw.numbers import fixed
from utils.draw.picture import show, subplots
from utils.draw.style import CURVES, DIVERGING, INK


def table_of_products(blame, signal, chosen):
    """Return an outer product as a multiplication table with one entry framed.

    Parameters
    ----------
    blame, signal : arrays, shape (3, 1)
        The factors: ∂𝓛/∂a₂ and h₁.
    chosen : (int, int)
        Row and column of the framed entry, from 0.

    Returns
    -------
    Picture
    """
    told = [", ".join(fixed(value, 2) for value in column[:, 0]) for column in (blame, signal)]
    i, j = chosen
    return product_grid(
        blame,
        signal.mT,
        "∂𝓛/∂W₂ = ∂𝓛/∂a₂ · h₁ᵀ",
        f"""A multiplication table. Down the side the blame {told[0]}; along the top the signals {told[1]}; in the middle their
        products. Framed is the entry in row {i + 1}, column {j + 1}: {fixed(blame[i, 0] * signal[j, 0], 2)}.""",
        rows=["∂𝓛/∂a₂₁", "∂𝓛/∂a₂₂", "∂𝓛/∂a₂₃"],
        columns=["h₁₁", "h₁₂", "h₁₃"],
        chosen=chosen,
    )


def wishes(each):
    """Return what every example wishes for the weights of a layer, and the mean of the wishes, as tables with arrows.

    Parameters
    ----------
    each : list of arrays of the same shape
        The gradient of every example alone.

    Returns
    -------
    Picture
    """
    mean = np.mean(each, axis=0)
    tables = {f"example {n + 1} alone": table for n, table in enumerate(each)} | {"the batch: their mean": mean}
    fig, axes = subplots(1, len(tables), figsize=(7.2, 2.5))
    limit = 3 * max(np.abs(table).max() for table in each)
    told = []
    for ax, (title, table) in zip(axes, tables.items(), strict=True):
        ax.imshow(table, cmap=DIVERGING, vmin=-limit, vmax=limit)
        for (i, j), slope in np.ndenumerate(table):
            ax.text(j, i, f"{'↓' if slope > 0 else '↑'} {fixed(slope, 3)}", ha="center", va="center", color=INK, fontsize=11)
        ax.set(title=title, xticks=range(table.shape[1]), yticks=range(table.shape[0]))
        ax.set_xticklabels([f"from $h_{{1{j + 1}}}$" for j in range(table.shape[1])])
        ax.set_yticklabels([f"to $a_{{2{i + 1}}}$" for i in range(table.shape[0])])
        told.append(f"{title}: {'; '.join(', '.join(fixed(value, 3) for value in row) for row in table)}")
    return show(
        fig,
        f"""Three small tables of the gradient of W_2, row by row. {". ".join(told)}. An arrow says which way a step against the gradient
        moves the weight: down where the gradient is positive, up where it is negative.""",
    )


def walk(signals, learning_rate):
    """Return the way of two weights from (0, 0) to the target (1, −1), one example a step.

    Parameters
    ----------
    signals : array, shape (n, 2)
        One example a row; the unit is linear, its loss the squared error.
    learning_rate : float
        η.

    Returns
    -------
    array, shape (n + 1, 2)
        It ends early when both weights are within 0.1 of the target.
    """
    target = np.array([1.0, -1.0])
    way = [np.zeros(2)]
    for h in signals:
        blame = 2 * (way[-1] - target) @ h
        way.append(way[-1] - learning_rate * blame * h)
        if np.abs(way[-1] - target).max() < 0.1:
            break
    return np.array(way)


def zigzag(learning_rate):
    """Return the ways of two weights with signals between 0 and 1, and with the same signals moved to lie around 0.

    Parameters
    ----------
    learning_rate : float
        η of both.

    Returns
    -------
    Picture
    """
    signals = np.random.default_rng(0).uniform(size=(200, 2))
    fig, ax = subplots(figsize=(6.0, 3.6))
    told = []
    kinds = {"signals from 0 to 1": signals, "signals from −½ to ½": signals - 0.5}
    places = (0.42, -0.12), (0.05, -0.62)
    for (name, moved), (color, line), marker, place in zip(kinds.items(), CURVES, "os", places, strict=False):
        way = walk(moved, learning_rate)
        steps = np.diff(way, axis=0)
        alike = (steps[:, 0] * steps[:, 1] > 0).mean()
        ax.plot(*way.T, line, marker=marker, ms=4, color=color)
        ax.text(*place, f"{name}:\n{len(steps)} steps", color=color)
        told.append(f"with {name} {len(steps)} steps, in {alike:.0%} of which both weights go the same way, up or down")
    ax.plot(1, -1, "*", ms=14, color=INK)
    ax.annotate("target", (1, -1), xytext=(-46, -4), textcoords="offset points")
    ax.set(xlabel="first weight", ylabel="second weight")
    return show(fig, f"Two walks of two weights from (0, 0) to near (1, −1): {'; '.join(told)}.")
