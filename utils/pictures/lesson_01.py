"""The pictures of lesson 01: steps in a row, the deep, thin network, its chain painted and compressed, and the price of all chains."""

from itertools import pairwise

from utils.draw.diagrams import graph_diagram
from utils.draw.picture import show, subplots
from utils.draw.plots import name_curves
from utils.draw.style import COMPARISON, GRID, INK, QUANTITIES
from utils.draw.svg import Line
from utils.explore.chain import BACKWARDS, chain_picture

RED, GREEN = QUANTITIES["gradient"], QUANTITIES["h"]
CHAIN = ("W_111", "a_1", "h_1", "a_2", "h_2", "a_3", "ŷ", "𝓛")


def two_steps():
    """Return the row x, u, y with what happens on the way.

    Returns
    -------
    Picture
    """
    return graph_diagram(
        [["x"], ["u"], ["y"]],
        [("x", "u"), ("u", "y")],
        "Three circles in a row: x, u, y. Between x and u: double, and add 1. Between u and y: square.",
        between=["double, add 1", "square"],
        gap=200,
    )


def sigmoid_in_four_steps(a):
    """Return the chain of the sigmoid, with every product from the output back to the input.

    Parameters
    ----------
    a : float
        Where it is computed.

    Returns
    -------
    Picture
    """
    return chain_picture("σ(a), in four steps", a, 4, BACKWARDS)


def thin_network():
    """Return the deep, thin network as circles: three units in a row, each with its weight, then the loss.

    Returns
    -------
    Picture
    """
    columns = [["x", "W_111"], ["a_1"], ["h_1", "W_211"], ["a_2"], ["h_2", "W_311"], ["a_3"], ["ŷ"], ["𝓛"]]
    return graph_diagram(
        columns,
        [(start, end) for left, right in pairwise(columns) for start in left for end in right],
        """A deep, thin network. x and W_111 lead to a_1, from there to h_1. h_1 and W_211 lead to a_2, from there to h_2. h_2 and W_311
        lead to a_3, from there to ŷ, and from there to the loss 𝓛.""",
        between=["times", "σ", "times", "σ", "times", "σ", "loss"],
        gap=94,
    )


def painted_chain():
    """Return the seven links of the thin network's first weight: those beyond a_2 red, the others green.

    Returns
    -------
    Picture
    """
    links = list(pairwise(CHAIN))
    lines = {link: Line(GREEN, 4, "green", lift=13) for link in links[:3]} | {link: Line(RED, 4, "red", lift=13) for link in links[3:]}
    return graph_diagram(
        [[node] for node in CHAIN],
        links,
        "The chain of seven links from W_111 to 𝓛: the three from W_111 to a_2 are green, the four from a_2 to 𝓛 are red.",
        lines=lines,
        gap=94,
    )


def compressed_chain(red, green):
    """Return the same chain with two links, and on each the product of the links that it replaces.

    Parameters
    ----------
    red, green : float
        ∂𝓛/∂a_2 and ∂a_2/∂W_111.

    Returns
    -------
    Picture
    """
    lines = {
        ("W_111", "a_2"): Line(GREEN, 4, f"green: {green:.3f}".replace("-", "−"), lift=13),
        ("a_2", "𝓛"): Line(RED, 4, f"red: {red:.3f}".replace("-", "−"), lift=13),
    }
    alt = f"The chain with two links: W_111 to a_2, green, {green:.3f}, and a_2 to 𝓛, red, {red:.3f}.".replace("-", "−")
    return graph_diagram([["W_111"], ["a_2"], ["𝓛"]], lines, alt, lines=lines, gap=260)


def prices(alone, shared):
    """Return the picture of how many multiplications all weights of a thin network take, over the number of layers.

    Parameters
    ----------
    alone, shared : list of int
        For 1, 2, … layers: each chain on its own, and nothing computed twice.

    Returns
    -------
    Picture
    """
    depths = range(1, len(alone) + 1)
    fig, ax = subplots(figsize=(6.4, 3.4))
    ax.plot(depths, alone, "o-", color=INK, ms=4, label="each chain\non its own")
    ax.plot(depths, shared, "s-", color=COMPARISON, ms=4, label="from the loss,\nnothing twice")
    ax.set(xlabel="layers of the thin network", ylabel="multiplications, counted", ylim=(0, None))
    ax.grid(color=GRID, linewidth=0.8)
    name_curves(ax)
    return show(
        fig,
        f"""Multiplications for all weights of a thin network with 1 to {len(alone)} layers. Each chain on its own: a parabola that reaches
        {alone[-1]}. From the loss, and nothing twice: a straight line that reaches {shared[-1]}.""",
    )
