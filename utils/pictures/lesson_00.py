"""The pictures of lesson 00: one unit, the loop of learning, slopes in eight directions, steps in a valley, a border."""

import numpy as np

from utils.draw.diagrams import graph_diagram, network_diagram
from utils.draw.picture import show, subplots
from utils.draw.style import CLASSES, GRID, INK, PAPER, QUANTITIES, THIN
from utils.draw.svg import Line, svg_picture, text

BOX_WIDTH, BOX_HEIGHT, BOX_GAP, MARGIN = 162, 58, 36, 12  # pixels
LOOP = (
    ("forward", "x in, the answer ŷ out", QUANTITIES["h"]),
    ("loss", "how wrong is ŷ?", INK),
    ("backward", "the gradient", QUANTITIES["gradient"]),
    ("step", "a little downhill", QUANTITIES["W"]),
)


def one_unit():
    """Return the diagram of one unit: two inputs, a weight on each line, the bias in the circle.

    Returns
    -------
    Picture
    """
    weights = {("x_1", "h"): "w_1", ("x_2", "h"): "w_2"}
    return graph_diagram(
        [["x_1", "x_2"], ["h"]],
        weights,
        "One unit: a line with the weight w_1 from input x_1, a line with w_2 from input x_2, both to one circle, h, with the bias b.",
        values={"h": "+ b"},
        lines={ends: Line(QUANTITIES["W"], 1.2, name, at=0.4) for ends, name in weights.items()},
        captions=["input", "sigmoid"],
        gap=170,
    )


def small_network():
    """Return the diagram that belongs to the notation card: 3 inputs, 2 hidden units, 2 outputs.

    Returns
    -------
    Picture
    """
    return network_diagram([3, 2, 2])


def learning_loop():
    """Return the loop of learning as four boxes in a row, with an arrow from the last one back to the first.

    Returns
    -------
    Picture
    """
    width = 2 * MARGIN + len(LOOP) * BOX_WIDTH + (len(LOOP) - 1) * BOX_GAP
    top, low = MARGIN, MARGIN + BOX_HEIGHT + 30
    parts = [
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M 0 0 L 10 5 L 0 10 z" fill="{INK}"/></marker></defs>'
    ]
    middles = [MARGIN + BOX_WIDTH / 2 + i * (BOX_WIDTH + BOX_GAP) for i in range(len(LOOP))]
    for middle, (name, what, color) in zip(middles, LOOP, strict=True):
        parts += [
            f'<rect x="{middle - BOX_WIDTH / 2:g}" y="{top}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="8" '
            f'fill="{PAPER}" stroke="{color}" stroke-width="2"/>',
            text(middle, top + 24, name, color, size=17),
            text(middle, top + 44, what, INK, size=13),
        ]
    ways = [f"M {left + BOX_WIDTH / 2:g} {top + BOX_HEIGHT / 2:g} h {BOX_GAP - 2}" for left in middles[:-1]]
    ways.append(f"M {middles[-1]:g} {top + BOX_HEIGHT} V {low} H {middles[0]:g} V {top + BOX_HEIGHT + 3}")
    parts += [f'<path d="{way}" fill="none" stroke="{INK}" stroke-width="1.6" marker-end="url(#tip)"/>' for way in ways]
    parts.append(text(width / 2, low + 18, "again and again: one round with all examples is an epoch", INK, size=13))
    steps = "; ".join(f"{i} {name}: {what}" for i, (name, what, _) in enumerate(LOOP, start=1))
    return svg_picture(
        parts, width, low + 28, f"The loop of learning, four boxes in a row. {steps}. From the last an arrow leads back to the first."
    )


def eight_directions(f, point, length=1e-3):
    """Return the picture of how fast f changes from a point in eight directions, and along −∇f: arrows with the slope at their ends.

    Parameters
    ----------
    f : callable
        Of an array of two numbers.
    point : array, shape (2,)
        Where the arrows begin.
    length : float
        Of the nudge in each direction.

    Returns
    -------
    Picture
    """
    angles = np.arange(8) * np.pi / 4
    directions = np.column_stack([np.cos(angles), np.sin(angles)])
    slopes = [_slope(f, point, d, length) for d in directions]
    gradient = np.array([_slope(f, point, d, length) for d in np.eye(2)])
    steepest = -gradient / np.linalg.norm(gradient)
    fig, ax = subplots(figsize=(5.2, 4.4))
    _curves_of_equal_height(ax, f, point, 3.2)
    for d, slope in zip(directions, slopes, strict=True):
        _arrow(ax, point, d, f"{slope:+.2f}", INK)
    _arrow(ax, point, steepest, f"−∇f: {_slope(f, point, steepest, length):+.2f}", QUANTITIES["gradient"], far=1.7)
    ax.plot(*point, "o", color=INK)
    ax.set(xlabel="x", ylabel="y", title="slope of f in eight directions, and along −∇f", aspect="equal")
    listed = ", ".join(f"{np.degrees(angle):.0f}°: {slope:+.2f}" for angle, slope in zip(angles, slopes, strict=True))
    return show(
        fig,
        f"""Slopes of f at ({point[0]:g}, {point[1]:g}), directions counted from the x axis, against the clock: {listed}.
        Along −∇f, at {np.degrees(np.arctan2(*steepest[::-1])):.0f}°: {_slope(f, point, steepest, length):+.2f}.""".replace("-", "−"),
    )


def _slope(f, point, direction, length):
    return (f(point + length * direction) - f(point - length * direction)) / (2 * length)


def _arrow(ax, start, direction, words, color, far=1.4):
    """Draw an arrow from ``start`` along a direction, with words at its end."""
    ax.annotate("", start + far * direction, start, arrowprops={"arrowstyle": "->", "color": color, "lw": 1.6})
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    ax.text(*(start + (far + 0.45) * direction), words.replace("-", "−"), ha="center", va="center", fontsize=10, color=color, bbox=box)


def _curves_of_equal_height(ax, f, middle, reach):
    span = np.linspace(-reach, reach, 80)
    heights = [[f(np.array([middle[0] + dx, middle[1] + dy])) for dx in span] for dy in span]
    ax.contour(middle[0] + span, middle[1] + span, heights, levels=12, colors=THIN, linewidths=0.8)


def steps_in_a_valley(f, paths):
    """Return the picture of paths of gradient descent, side by side, over the curves of equal height of f.

    Parameters
    ----------
    f : callable
        Of an array of two numbers, lowest at (0, 0).
    paths : dict of str to array, shape (n, 2)
        The points of each path, by its title.

    Returns
    -------
    Picture
    """
    fig, axes = subplots(1, len(paths), figsize=(3.6 * len(paths), 3.7), squeeze=False)
    ends = []
    for ax, (title, path) in zip(axes[0], paths.items(), strict=True):
        _curves_of_equal_height(ax, f, (0, 0), 1.2 * np.abs(path).max())
        ax.plot(*np.transpose(path), "o-", color=QUANTITIES["gradient"], ms=5, lw=1.2)
        ax.annotate("begin", path[0], (0, 9), textcoords="offset points", ha="center", color=INK)
        ax.plot(0, 0, "+", color=INK, ms=12)
        ax.set(xlabel="x", ylabel="y", aspect="equal", title=title)
        ends.append(f"{title}: {', '.join(f'({a:.2f}, {b:.2f})' for a, b in path)}".replace("-", "−"))
    return show(fig, f"Steps of gradient descent over curves of equal height, the lowest point in the middle. {'; '.join(ends)}.")


def moving_border(x, y, thetas, losses, steps):
    """Return the picture of one unit that learns: its border after some steps, and its loss after each.

    Parameters
    ----------
    x, y : arrays, shapes (2, N) and (N,)
        Points, a column each, and their targets, 0 or 1.
    thetas : array, shape (n, 3)
        w_1, w_2 and b before the first step and after each.
    losses : array, shape (n,)
        The loss that belongs to each of them.
    steps : sequence of int
        After how many steps the border is drawn.

    Returns
    -------
    Picture
    """
    fig, (plane, curve) = subplots(1, 2, figsize=(7.6, 3.8))
    for c in (0, 1):
        plane.plot(*x[:, y == c], CLASSES[c].marker, color=CLASSES[c].color, ms=8, label=f"y = {c}")
    edges = np.array([x[0].min() - 0.7, x[0].max() + 0.7])
    said = []
    for n, style in zip(steps, (":", "--", "-"), strict=True):
        w_1, w_2, b = thetas[n]
        plane.plot(edges, -(w_1 * edges + b) / w_2, style, color=INK, label=f"after {n} steps")
        right = (((w_1 * x[0] + w_2 * x[1] + b) > 0) == y).sum()
        said.append(f"after {n} steps {right} of {y.size} points lie on their side of the border and the loss is {losses[n]:.3f}")
    plane.set(xlim=edges, ylim=(x[1].min() - 0.7, x[1].max() + 0.7), xlabel="$x_1$", ylabel="$x_2$", title="the border, ŷ = ½")
    fig.legend(*plane.get_legend_handles_labels(), loc="outside lower center", ncols=len(steps) + 2, fontsize=9)
    curve.plot(losses, color=INK)
    curve.set(xlabel="step", ylabel="loss", ylim=(0, None), title="the loss")
    curve.grid(color=GRID, linewidth=0.8)
    return show(fig, f"One unit learns: {'; '.join(said)}.")
