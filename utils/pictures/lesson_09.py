"""The pictures of lesson 09: clouds, cuts and borders, one weight and its valley, what each unit sees, the film of a run."""

import numpy as np

from utils.draw.animation import can_write_mp4, progress, write_gif, write_mp4
from utils.draw.diagrams import network_diagram
from utils.draw.film import Film
from utils.draw.picture import Picture, show, subplots
from utils.draw.plots import activation_surface, decision_surface, name_curves, plane_grid, scatter
from utils.draw.style import GRID, INK, QUANTITIES

WAY = QUANTITIES["gradient"]  # the colour of a way that gradient descent went


def clouds(x, labels, cloud):
    """Return the points in the colours of their classes.

    Parameters
    ----------
    x : array, shape (2, N)
        Points, a column each.
    labels, cloud : arrays of int, shape (N,)
        The class of each point, and the cloud that it comes from.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(5.6, 3.6))
    scatter(x, labels, ax=ax).legend(loc="upper right")
    where = "; ".join(
        f"cloud {c}, class {labels[cloud == c][0]}, around ({x[0, cloud == c].mean():.1f}, {x[1, cloud == c].mean():.1f})"
        for c in np.unique(cloud)
    )
    return show(fig, f"{labels.size} points in the plane, in four clouds and two classes: {where}.")


def shares(angles, best):
    """Return the share of points that the best cut of each direction gets right.

    Parameters
    ----------
    angles : array, shape (n,)
        The directions in radians.
    best : sequence of n floats
        The share for each, 0 … 1.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6, 2.8))
    ax.plot(np.degrees(angles), 100 * np.array(best), color=INK)
    ax.set(xlabel="direction in degrees: 0 is to the right, 90 is up", ylabel="% right, best cut", ylim=(45, 100))
    ax.grid(color=GRID, linewidth=0.8)
    return show(
        fig,
        f"""The share of the best cut against its direction. The highest is {max(best):.1%}, at
        {np.degrees(angles[np.argmax(best)]):.0f} degrees, the lowest {min(best):.1%}.""",
    )


def borders(x, labels, yours, theirs=(), said=""):
    """Return the points with straight borders: the learner's in bold, those of a network dashed.

    Parameters
    ----------
    x, labels : arrays, shapes (2, N) and (N,)
        Points and their classes.
    yours, theirs : sequence of (w, b)
        Borders w · x + b = 0.
    said : str
        The title.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        For w = (0, 0), which belongs to no border.
    """
    if not all(np.any(w) for w, _ in [*yours, *theirs]):
        raise ValueError("A border needs two different points: here w is (0, 0).")
    fig, ax = subplots(figsize=(5.6, 3.8))
    scatter(x, labels, ax=ax)
    _, (left, right, bottom, top) = plane_grid(x, 2)
    for (w, b), color, line in [*((each, WAY, "-") for each in yours), *((each, INK, "--") for each in theirs)]:
        across = np.array(w) / np.hypot(*w)
        foot, along = -b / np.hypot(*w) * across, np.array([-across[1], across[0]]) * 100
        ax.plot(*np.stack([foot - along, foot + along], axis=1), line, color=color, lw=2)
    ax.set(xlim=(left, right), ylim=(bottom, top), title=said)
    lines = "; ".join(f"{w[0]:.2f} x₁ + {w[1]:.2f} x₂ + {b:.2f} = 0".replace("+ -", "− ").replace("-", "−") for w, b in [*yours, *theirs])
    return show(fig, f"The points with the borders {lines}. {said}")


def network():
    """Return the diagram of the 2-2-1 network with the names that the live session gave to its weights and biases.

    Returns
    -------
    Picture
    """
    return network_diagram(
        [2, 2, 1],
        output="sigmoid",
        W={1: [["w_1", "w_2"], ["w_3", "w_4"]], 2: [["w_5", "w_6"]]},
        b={1: ["b_1", "b_2"], 2: ["b_3"]},
    )


def one_weight(weight, loss):
    """Return a weight and the loss over the epochs, side by side.

    Parameters
    ----------
    weight, loss : arrays, shape (epochs + 1,)
        What was recorded; at least 51 records.

    Returns
    -------
    Picture
    """
    fig, axes = subplots(1, 2, figsize=(7.6, 2.9))
    for ax, values, name in zip(axes, (weight, loss), ("$w_1$", "loss"), strict=True):
        ax.plot(values, color=INK)
        ax.set(xlabel="epoch", ylabel=name)
    return show(
        fig,
        f"""Two curves over {len(loss) - 1} epochs: the weight goes from {weight[0]:.2f} to {weight[-1]:.2f}, and after 50 epochs it is at
        {weight[50]:.2f}; the loss goes from {loss[0]:.4f} to {loss[-1]:.4f}.""",
    )


def valley(values, curve, weight, loss):
    """Return the loss over all values of one weight, with every 5th epoch of a run as a dot.

    Parameters
    ----------
    values, curve : arrays, shape (n,)
        Values of the weight, and the loss for each.
    weight, loss : arrays, shape (epochs + 1,)
        Weight and loss of the run.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6, 3.2))
    ax.plot(values, curve, color=INK)
    ax.plot(weight[:100:5], loss[:100:5], "o", ms=5, color=WAY)
    ax.annotate("every 5th epoch", (weight[0], loss[0]), (12, 4), textcoords="offset points", color=WAY, va="center")
    ax.set(xlabel="$w_1$", ylabel="loss")
    return show(
        fig,
        f"""The loss over w₁ is a valley; its lowest point is {curve.min():.4f} near w₁ = {values[curve.argmin()]:.2f}, and at the
        edges it is {curve[0]:.4f} and {curve[-1]:.4f}. The epochs are dots that slide down its right slope from {weight[0]:.2f} to
        {weight[-1]:.2f}, closer and closer together.""",
    )


def six_valleys(values, curves, runs):
    """Return the loss over each of six weights alone, with the way that descent went on each.

    Parameters
    ----------
    values : array, shape (n,)
        Values of a weight.
    curves : dict of str to array, shape (n,)
        The loss for these values, by the weight's name.
    runs : dict of str to (array, array)
        Weight and loss over the epochs, by the same names.

    Returns
    -------
    Picture
    """
    fig, axes = subplots(2, 3, figsize=(7.6, 4.6), sharey=True)
    for ax, (name, (weight, loss)) in zip(axes.flat, runs.items(), strict=True):
        ax.plot(values, curves[name], color=INK, lw=1.2)
        ax.plot(weight, loss, color=WAY, lw=4, alpha=0.8, solid_capstyle="round")
        ax.plot(weight[-1], loss[-1], "o", color=WAY)
        ax.set(xlabel=name, ylim=(0.205, 0.30))
    for ax in axes[:, 0]:
        ax.set_ylabel("loss")
    ways = "; ".join(
        f"{name} goes from {weight[0]:.2f} to {weight[-1]:.2f}, and its curve is lowest near {values[curves[name].argmin()]:.1f}"
        for name, (weight, _) in runs.items()
    )
    return show(fig, f"Six curves of the loss, one for each weight alone. {ways}.")


def units(net, x, labels):
    """Return three maps of the plane: both hidden units and the decision of a 2-2-1 network.

    Parameters
    ----------
    net : FeedForwardNetwork
        With layer sizes [2, 2, 1].
    x, labels : arrays, shapes (2, N) and (N,)
        Points and their classes.

    Returns
    -------
    Picture
    """
    fig, axes = subplots(1, 3, figsize=(9, 3.2), sharey=True)
    activation_surface(net, 1, 1, x, labels, ax=axes[0]).set_title("$h_{11}$")
    activation_surface(net, 1, 2, x, labels, ax=axes[1]).set_title("$h_{12}$")
    decision_surface(net, x, labels, ax=axes[2]).set_title(r"$\hat y$")
    wrong = int((net.predict(x) != labels).sum())
    return show(
        fig,
        f"""Three maps of the plane. h₁₁ is 1 (green) above a line that cuts off the upper cloud; h₁₂ is 1 above a line that cuts off the
        cloud at the bottom right. The output gives class 0 to the band between the two lines and class 1 to both sides; {wrong} of
        {labels.size} points are ringed as wrong.""",
    )


def walk(x_2, hidden, output):
    """Return a hidden unit and the output along a walk upwards, with the stretch on which each lies between ¼ and ¾.

    Parameters
    ----------
    x_2, hidden, output : arrays, shape (n,)
        The height on the way, and h₁₁ and ŷ there.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6, 3))
    ways = []
    for name, values, color in (("$h_{11}$", hidden, QUANTITIES["h"]), (r"$\hat y$", output, INK)):
        ax.plot(x_2, values, color=color, lw=2, label=name)
        between = x_2[(values > 0.25) & (values < 0.75)]
        ways.append(f"{np.ptp(between):.2f}")
    ax.axhspan(0.25, 0.75, color=GRID, alpha=0.5)
    ax.set(xlabel="$x_2$, on the way up at $x_1 = -1$", ylabel="value")
    name_curves(ax)
    return show(
        fig,
        f"Two curves that rise from 0 to 1 on the way up. h₁₁ lies between ¼ and ¾ on a stretch of {ways[0]}, ŷ on one of {ways[1]}.",
    )


def influence_table(rows):
    """Print derivative · step, what a parabola announces, and the real change of the loss.

    Parameters
    ----------
    rows : dict of str to (float, float, float)
        The three numbers of each parameter, by its name.
    """
    print("        derivative · step   with curvature   real change")
    for name, numbers in rows.items():
        print(f"{name:7} {numbers[0]:+16.5f} {numbers[1]:+16.5f} {numbers[2]:+13.5f}".replace("-", "−"))


def film(history, x, labels, every):
    """Write the film of a run, and return it as a picture that moves; an MP4 is written as well where ffmpeg is installed.

    Parameters
    ----------
    history : History
        The run.
    x, labels : arrays, shapes (2, N) and (N,)
        Points and their classes.
    every : int
        Epochs between two pictures.

    Returns
    -------
    Picture
    """
    drawn = Film(history, x, labels)
    frames = [drawn.picture(epoch) for epoch in progress(range(0, history.epochs[-1] + 1, every), "drawing")]
    gif = write_gif(frames, "two_classes.gif", milliseconds=150, hold=2500, colors=32)
    print(f"{gif.name} is written.")
    if can_write_mp4():
        print(f"{write_mp4(frames, 'two_classes.mp4', milliseconds=150, hold=2500).name} is written.")
    return Picture(
        gif.read_bytes(),
        f"""A film of {len(frames)} pictures: the decision surface beside all weights and biases. First: {frames[0].alt}
        Last: {frames[-1].alt}""",
        width=frames[0].width,
        mime="image/gif",
    )
