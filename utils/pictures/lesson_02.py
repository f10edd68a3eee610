"""The pictures of lesson 02: small computations with their local derivatives, a rectangle that grows, paths through a network."""

from dataclasses import replace

from utils.draw.computation import computation_columns, computation_headings
from utils.draw.diagrams import graph_diagram
from utils.draw.numbers import short, two_digits
from utils.draw.paths import path_diagram
from utils.draw.picture import show, subplots
from utils.draw.style import CLASSES, COMPARISON, FINE_GRID, INK, PAPER, QUANTITIES
from utils.draw.svg import Line
from utils.exhibits.computation_graph import displayed

DASHES = (
    "Thicker: the products of the lit paths through this line add up to more. Dashed: they add up to something negative, even where the "
    "number on the line is positive."
)


def two_paths():
    """Return the picture of the question: x leads to y_1 and to y_2, and both lead to z.

    Returns
    -------
    Picture
    """
    return graph_diagram(
        [["x"], ["y_1", "y_2"], ["z"]],
        [("x", "y_1"), ("x", "y_2"), ("y_1", "z"), ("y_2", "z")],
        "x leads to y_1 and to y_2, and both lead to z.",
        gap=170,
    )


def with_slopes(edges, values, columns):
    """Return a computation with the value in each circle and the local derivative on each line.

    Parameters
    ----------
    edges : list of (str, str, float)
        From, to, local derivative.
    values : dict of str to float
        The values of the circles.
    columns : list of list of str
        The circles, column by column.

    Returns
    -------
    Picture
    """
    lines = {(start, end): Line(QUANTITIES["W"], 1.6, short(slope), at=0.45) for start, end, slope in edges}
    listed = "; ".join(f"{start} to {end}: {short(slope)}" for start, end, slope in edges)
    held = ", ".join(f"{name} = {short(value)}" for name, value in values.items())
    return graph_diagram(
        columns,
        lines,
        f"A computation with {held}. Local derivatives on its lines: {listed}.",
        values={name: short(value) for name, value in values.items()},
        lines=lines,
        gap=170,
    )


def circuit(columns, edges, values, operations):
    """Return a circuit: the value in each circle, and what happens above each gap.

    Parameters
    ----------
    columns : list of list of str
        The circles, column by column.
    edges : list of (str, str)
        Which circles are joined.
    values : dict of str to float
        The values of the circles.
    operations : list of str
        One for each gap.

    Returns
    -------
    Picture
    """
    held = ", ".join(f"{name} = {short(value)}" for name, value in values.items())
    joined = ", ".join(f"{start} to {end}" for start, end in edges)
    return graph_diagram(
        columns,
        edges,
        f"A circuit with {held}. Lines: {joined}. Operations from left to right: {', '.join(operations)}.",
        values={name: short(value) for name, value in values.items()},
        between=operations,
        gap=170,
    )


def growing_rectangle(y_1, y_2, grown_1, grown_2):
    """Return the picture of a rectangle whose sides both grow: a strip for each side, and a corner.

    Parameters
    ----------
    y_1, y_2 : float
        The sides, upwards and to the right.
    grown_1, grown_2 : float
        By how much they grow.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.4, 3.4))
    for (left, width), (low, height), color, hatch in (
        ((0, y_2), (0, y_1), FINE_GRID, ""),
        ((0, y_2), (y_1, grown_1), CLASSES[0].color, "//"),
        ((y_2, grown_2), (0, y_1), CLASSES[1].color, ""),
        ((y_2, grown_2), (y_1, grown_1), INK, ""),
    ):
        ax.bar(left, height, width, bottom=low, color=color, align="edge", hatch=hatch)
    for x, y, words, color in (
        (y_2 / 2, y_1 / 2, "$y_1 \\cdot y_2$", INK),
        (y_2 / 2, y_1 + grown_1 / 2, "$y_1$ grows", PAPER),
        (y_2 + grown_2 / 2, y_1 / 2, "$y_2$\ngrows", INK),
        (y_2 + grown_2 / 2, y_1 + grown_1 / 2, "corner", PAPER),
    ):
        ax.text(x, y, words, ha="center", va="center", color=color, bbox={"facecolor": "none", "edgecolor": "none"})
    ax.set(xlabel="$y_2$", ylabel="$y_1$", xlim=(0, 1.05 * (y_2 + grown_2)), ylim=(0, 1.05 * (y_1 + grown_1)))
    return show(
        fig,
        f"""A rectangle with sides {y_1:g} and {y_2:g}, both of which grow. It gains a strip on top, because y_1 grows by {grown_1:.2f}, a
        strip at the right, because y_2 grows by {grown_2:.2f}, and a small corner where the strips meet.""",
    )


def network_paths(graph, sizes, start):
    """Return a whole forward pass as circles, with all paths from a node to the loss highlighted.

    Parameters
    ----------
    graph : utils.exhibits.computation_graph.Graph
        Of the loss of a network.
    sizes : list of int
        Its layers.
    start : str
        Where the paths begin.

    Returns
    -------
    Picture
    """
    picture = path_diagram(graph, computation_columns(sizes), start, headings=computation_headings(len(sizes) - 1))
    return replace(picture, caption=DASHES)


def network(graph, sizes):
    """Return a whole forward pass as circles, with no path highlighted.

    Parameters
    ----------
    graph : utils.exhibits.computation_graph.Graph
        Of the loss of a network.
    sizes : list of int
        Its layers.

    Returns
    -------
    Picture
    """
    columns = computation_columns(sizes)
    circles = {name for column in columns for name in column}
    edges = [(e.start, e.end) for following in graph.following.values() for e in following if {e.start, e.end} <= circles]
    values = {name: two_digits(graph.values[name]) for name in circles}
    return graph_diagram(
        columns,
        edges,
        f"A forward pass from x to the loss: {', '.join(f'{displayed(name)} = {values[name]}' for column in columns for name in column)}.",
        values=values,
        captions=["input", "", "sigmoid", "scores", "softmax", "loss"],
    )


def growth(depths, paths, lines):
    """Return the picture of how many paths and how many lines a network of width 6 has, over its hidden layers.

    Parameters
    ----------
    depths, paths, lines : list of int
        Hidden layers, and what was counted for them.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.4, 3.4))
    ax.plot(depths, paths, "o-", color=QUANTITIES["gradient"], ms=5)
    ax.plot(depths, lines, "s--", color=COMPARISON, ms=5)
    for values, words, color in ((paths, "paths", QUANTITIES["gradient"]), (lines, "lines", COMPARISON)):
        ax.annotate(words, (depths[-1], values[-1]), (8, 0), textcoords="offset points", va="center", color=color)
    ax.set(yscale="log", xlabel="hidden layers of 6 units", ylabel="how many", xlim=(0.8, depths[-1] + 0.9), xticks=depths)
    counted = "; ".join(f"{d}: {p} paths, {n} lines" for d, p, n in zip(depths, paths, lines, strict=True))
    return show(
        fig,
        f"""Paths from one input to the loss, and lines of the whole network, by the number of hidden layers of six units, on a logarithmic
        axis: {counted}. Paths climb along a straight line, six times as many with each layer. Lines grow by 42 with each layer.""",
    )
