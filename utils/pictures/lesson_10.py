"""The pictures of lesson 10: the clouds, losses, a confusion matrix, parameters over the epochs, borders that bend."""

import numpy as np

from utils.draw.diagrams import network_diagram
from utils.draw.picture import show, subplots
from utils.draw.plots import decision_surface, name_curves, parameter_timeline, scatter
from utils.draw.style import CLASSES, CURVES, GRID, INK, PAPER


def clouds(x, labels):
    """Return the points in the plane, each class with its colour and marker.

    Parameters
    ----------
    x, labels : arrays, shapes (2, N) and (N,)
        Points, a column each, and their classes.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(5.6, 3.8))
    scatter(x, labels, ax=ax).legend(loc="upper right")
    groups = {c: x[:, labels == c] for c in np.unique(labels)}
    middles = {c: "({:.1f}, {:.1f})".format(*points.mean(axis=1)) for c, points in groups.items()}
    where = "; ".join(f"class {c}, {CLASSES[c].words}: {points.shape[1]} points around {middles[c]}" for c, points in groups.items())
    spread = np.mean([points.std(axis=1) for points in groups.values()])
    return show(fig, f"Points in the plane. {where}. A typical point lies {spread:.1f} from its middle in each direction.")


def architecture():
    """Return the diagram of the lesson's network: 2 inputs, 2 hidden units, 4 outputs.

    Returns
    -------
    Picture
    """
    return network_diagram([2, 2, 4])


def losses(runs, highest=None):
    """Return the loss of one or more runs over the epochs.

    Parameters
    ----------
    runs : dict of str to array, shape (epochs + 1,)
        The losses of each run, by its name.
    highest : float, optional
        Where the axis of the loss ends.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.4, 3.2))
    for (name, values), (color, line) in zip(runs.items(), CURVES, strict=False):
        ax.plot(values, line, color=color, lw=1.2, label=name)
    ax.set(xlabel="epoch", ylabel="loss", ylim=(0, highest))
    ax.grid(color=GRID, linewidth=0.8)
    name_curves(ax)
    means = {name: [values[0], *(part.mean() for part in np.array_split(values[1:], 4))] for name, values in runs.items()}
    said = "; ".join(f"{name}: {', '.join(f'{value:.2f}' for value in row)}" for name, row in means.items())
    return show(fig, f"The loss over the epochs: at the beginning, and its mean over each quarter of the run. {said}.")


def confusion_matrix(C):
    """Return a confusion matrix as a table of numbers on shades of blue.

    Parameters
    ----------
    C : array of int, shape (k, k)
        A row for each true class, a column for each answer.

    Returns
    -------
    Picture
    """
    k = len(C)
    fig, ax = subplots(figsize=(4.2, 3.6))
    ax.imshow(C, cmap="Blues")
    for true, said in np.ndindex(C.shape):
        ax.text(said, true, C[true, said], ha="center", va="center", color=PAPER if C[true, said] > C.max() / 2 else INK)
    ax.set(xlabel="taken for class", ylabel="true class", xticks=range(k), yticks=range(k))
    rows = "; ".join(f"class {true}: {', '.join(map(str, row))}" for true, row in enumerate(C))
    return show(fig, f"Confusion matrix, one row for each true class, one column for each answer. {rows}.")


def wrong_points(net, x, labels):
    """Return what a network says everywhere in the plane, with its wrong points ringed.

    Parameters
    ----------
    net : FeedForwardNetwork
        With two inputs.
    x, labels : arrays, shapes (2, N) and (N,)
        Points and their classes.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.4, 4.4))
    decision_surface(net, x, labels, ax=ax).legend(loc="upper right")
    wrong = (net.predict(x) != labels).sum()
    return show(
        fig, f"The plane in the colours of the classes, with borders that are nearly straight; {wrong} of {labels.size} points are ringed."
    )


def parameters(history, every):
    """Return every weight and bias of a run as a row of colours.

    Parameters
    ----------
    history : History
        The run of one network.
    every : int
        Epochs between two columns.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(7, 4.6))
    parameter_timeline(history, every=every, ax=ax)
    means = {
        (name, k): v[-(len(v) // 4) :].mean(0) for k in history.network.layers for name, v in (("b", history.b[k]), ("W", history.W[k]))
    }
    said = ", ".join(
        f"{name}_{k},{','.join(str(i + 1) for i in place[: 1 if name == 'b' else 2])} = {mean[place]:.{int(abs(mean[place]) < 5)}f}"
        for (name, k), mean in means.items()
        for place in np.ndindex(mean.shape)
    ).replace("-", "−")
    return show(
        fig,
        f"""All parameters over {history.epochs[-1]} epochs, a row each, one colour for positive, one for negative.
        Means over the last quarter of the run: {said}.""",
    )


def borders(pictures):
    """Return decision surfaces side by side, two in a row.

    Parameters
    ----------
    pictures : dict of str to (network, x, labels)
        The network, the points that it is shown on, and their classes, by the title.

    Returns
    -------
    Picture
    """
    rows = -(-len(pictures) // 2)
    fig, axes = subplots(rows, 2, figsize=(7.6, 3 * rows), squeeze=False)
    for ax, (title, (net, x, labels)) in zip(axes.ravel(), pictures.items(), strict=True):
        decision_surface(net, x, labels, ax=ax)
        ax.set_title(title, fontsize=10)
    return show(fig, f"Decision surfaces, wrong points ringed. {'; '.join(pictures)}.")
