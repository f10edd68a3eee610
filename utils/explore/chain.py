"""The chain stepper: a composite function as a row of steps, its derivatives multiplied one by one (lesson 01)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from operator import mul

import numpy as np

from utils.draw.diagrams import graph_diagram
from utils.draw.numbers import significant
from utils.draw.picture import table
from utils.draw.style import MUTED, QUANTITIES, SIGNS
from utils.draw.svg import Dot, Line, line, text
from utils.explore.controls import Choice, Number, explorer
from utils.nn.activations import sigmoid

WIDEST, WIDEST_GAP = 736, 160  # pixels: what fits on the page, and the distance of two circles in a short chain
NUDGE = 1e-5
ROOM, TALLEST = 126, 32  # pixels: below the chain, for the changes that a nudge brings; the tallest of their bars
FORWARDS, BACKWARDS = "forwards, from the input", "backwards, from the output"


@dataclass(frozen=True)
class Step:
    """An elementary step of a chain, its derivative beside it.

    Attributes
    ----------
    node : str
        The name of what the step computes.
    words : str
        The step in a word or two.
    f, prime : callable
        The step and its derivative, both functions of the node before.
    formula, slope : str
        The same two as the learner reads them.
    """

    node: str
    words: str
    f: Callable
    formula: str
    prime: Callable
    slope: str


@dataclass(frozen=True)
class Chain:
    """Steps, each applied to the result of the one before.

    Attributes
    ----------
    start : str
        The name of the input.
    steps : tuple of Step
        In the order in which they are computed.
    d : str
        What derivatives are written with; ∂ where other inputs are held still.
    fixed : str
        Those other inputs.
    """

    start: str
    steps: tuple
    d: str = "d"
    fixed: str = ""

    @property
    def nodes(self):
        """Return the names of all nodes, the input first."""
        return [self.start, *(step.node for step in self.steps)]

    def values(self, x):
        """Return the value of every node for the input x.

        Parameters
        ----------
        x : float
            The input.

        Returns
        -------
        list of float
            The input first.
        """
        return list(accumulate(self.steps, lambda value, step: step.f(value), initial=x))

    def local_derivatives(self, values):
        """Return the derivative of every step, given the value of every node.

        Parameters
        ----------
        values : list of float
            From ``values``.

        Returns
        -------
        list of float
            One fewer than there are nodes.
        """
        return [step.prime(before) for step, before in zip(self.steps, values[:-1], strict=True)]

    def numerical_derivative(self, x):
        """Return the central difference of the whole chain at x.

        Parameters
        ----------
        x : float
            The input.

        Returns
        -------
        float
        """
        return (self.values(x + NUDGE)[-1] - self.values(x - NUDGE)[-1]) / (2 * NUDGE)


def sigmoid_prime(a):
    """Return σ′(a) = σ(a)(1 − σ(a)).

    Parameters
    ----------
    a : float or array
        Pre-activation.

    Returns
    -------
    float or array
    """
    return sigmoid(a) * (1 - sigmoid(a))


INPUT, W_211, W_311, TARGET = 1.5, -2.0, 1.5, 1.0  # of the thin network; its W_111 is the control, its biases are 0

CHAINS = {
    "σ(a), in four steps": Chain(
        "a",
        (
            Step("u_1", "negate", lambda a: -a, "−a", lambda a: -1.0, "−1"),
            Step("u_2", "exp", np.exp, "exp(u_1)", np.exp, "exp(u_1)"),
            Step("u_3", "add one", lambda u: 1 + u, "1 + u_2", lambda u: 1.0, "1"),
            Step("h", "invert", lambda u: 1 / u, "1/u_3", lambda u: -1 / u**2, "−1/u_3²"),
        ),
    ),
    "(2x + 1)²": Chain(
        "x",
        (
            Step("u_1", "double", lambda x: 2 * x, "2 · x", lambda x: 2.0, "2"),
            Step("u_2", "add one", lambda u: u + 1, "u_1 + 1", lambda u: 1.0, "1"),
            Step("y", "square", lambda u: u**2, "u_2²", lambda u: 2 * u, "2 · u_2"),
        ),
    ),
    "sin(x²)": Chain(
        "x",
        (
            Step("u_1", "square", lambda x: x**2, "x²", lambda x: 2 * x, "2 · x"),
            Step("y", "sine", np.sin, "sin(u_1)", np.cos, "cos(u_1)"),
        ),
    ),
    "log(1 + eˣ)": Chain(
        "x",
        (
            Step("u_1", "exp", np.exp, "exp(x)", np.exp, "exp(x)"),
            Step("u_2", "add one", lambda u: 1 + u, "1 + u_1", lambda u: 1.0, "1"),
            Step("y", "log", np.log, "log(u_2)", lambda u: 1 / u, "1/u_2"),
        ),
    ),
    "(y − ŷ)², a squared error": Chain(
        "ŷ",
        (
            Step("u_1", "negate", lambda y_hat: -y_hat, "−ŷ", lambda y_hat: -1.0, "−1"),
            Step("u_2", "add y", lambda u: TARGET + u, "1 + u_1", lambda u: 1.0, "1"),
            Step("𝓛", "square", lambda u: u**2, "u_2²", lambda u: 2 * u, "2 · u_2"),
        ),
        d="∂",
        fixed="y = 1",
    ),
    "e to the −x²/2": Chain(
        "x",
        (
            Step("u_1", "square", lambda x: x**2, "x²", lambda x: 2 * x, "2 · x"),
            Step("u_2", "times −½", lambda u: -u / 2, "−u_1/2", lambda u: -0.5, "−1/2"),
            Step("y", "exp", np.exp, "exp(u_2)", np.exp, "exp(u_2)"),
        ),
    ),
    "thin network, from W_111 to 𝓛": Chain(
        "W_111",
        (
            Step("a_1", "times x", lambda W: W * INPUT, "W_111 · x", lambda W: INPUT, "x"),
            Step("h_1", "σ", sigmoid, "σ(a_1)", sigmoid_prime, "h_1 · (1 − h_1)"),
            Step("a_2", "times W_211", lambda h: W_211 * h, "W_211 · h_1", lambda h: W_211, "W_211"),
            Step("h_2", "σ", sigmoid, "σ(a_2)", sigmoid_prime, "h_2 · (1 − h_2)"),
            Step("a_3", "times W_311", lambda h: W_311 * h, "W_311 · h_2", lambda h: W_311, "W_311"),
            Step("ŷ", "σ", sigmoid, "σ(a_3)", sigmoid_prime, "ŷ · (1 − ŷ)"),
            Step("𝓛", "error²", lambda y_hat: (y_hat - TARGET) ** 2, "(ŷ − 1)²", lambda y_hat: 2 * (y_hat - TARGET), "2 · (ŷ − 1)"),
        ),
        d="∂",
        fixed=f"x = {INPUT:g}, W_211 = {W_211:g}, W_311 = {W_311:g}, all biases 0, y = 1".replace("-", "−"),
    ),
}


def running_products(local_derivatives, direction):
    """Return, for every node, the product of the local derivatives between it and the end where the multiplying begins.

    Forwards that is the derivative of the node with respect to the input, backwards that of the output
    with respect to the node. Both lists are in the order of the nodes.

    Parameters
    ----------
    local_derivatives : list of float
        In the order of the steps.
    direction : str
        ``FORWARDS`` or ``BACKWARDS``.

    Returns
    -------
    list of float
        One more than there are steps.
    """
    if direction == FORWARDS:
        return list(accumulate(local_derivatives, mul, initial=1.0))
    return list(accumulate(reversed(local_derivatives), mul, initial=1.0))[::-1]


def chain_picture(function, x, step, direction, nudge=0.0):
    """Return the picture: every value and local derivative of a chain, and the product as far as it has come.

    Parameters
    ----------
    function : str
        A name in ``CHAINS``.
    x : float
        The input of the chain: a, x or W_111.
    step : int
        How many local derivatives have been multiplied; beyond the last, all of them.
    direction : str
        ``FORWARDS`` or ``BACKWARDS``.
    nudge : float
        What is added to the input: below the chain stands what it adds to every value on its way to the end.

    Returns
    -------
    Picture
    """
    chain = CHAINS[function]
    n = len(chain.steps)
    step = min(step, n)
    values = chain.values(x)
    local = chain.local_derivatives(values)
    products = running_products(local, direction)
    forwards = direction == FORWARDS
    done = range(step + 1) if forwards else range(n - step, n + 1)
    symbols = [_derivative(chain, node, forwards) for node in chain.nodes]
    reached = done[-1] if forwards else done[0]

    caption = f"{'Forwards' if forwards else 'Backwards'}, {step} of {n} factors: {symbols[reached]} = {significant(products[reached])}."
    if step == n:  # not told before
        whole, numerical = products[n if forwards else 0], chain.numerical_derivative(x)
        agree = "they agree" if np.isclose(whole, numerical, rtol=1e-6, atol=1e-9) else "THEY DIFFER"
        caption += (
            f" All {n} together: {_derivative(chain, chain.nodes[0], False)} = {significant(round(float(whole), 8), 6)}; "
            f"central finite difference: {significant(round(float(numerical), 8), 6)}; {agree}."
        )
    moved = [after - before for before, after in zip(values, chain.values(x + nudge), strict=True)]
    if nudge:
        first, last = chain.nodes[0], chain.nodes[-1]
        caption += f" Nudge {first} by {significant(nudge, signed=True)}, and {last} moves by {significant(moved[-1], signed=True)}."
    if chain.fixed:
        caption += f" Held still: {chain.fixed}."
    added = ", ".join(f"{node} {significant(change, signed=True)}" for node, change in zip(chain.nodes, moved, strict=True))
    below = f"Bars below it, what the nudge adds: {added}." if nudge else "Nothing is nudged."
    alt = f"""The chain {function}: {", ".join(f"{node} = {significant(value)}" for node, value in zip(chain.nodes, values, strict=True))}.
        Local derivatives on its edges: {", ".join(map(significant, local))}.
        {below} {caption}"""
    picture = _diagram(chain, values, local, products, symbols, done, forwards, moved, alt)
    return replace(picture, caption=caption, details=_table(chain, values, local, products, symbols, done))


def _diagram(chain, values, local, products, symbols, done, forwards, moved, alt):
    nodes = chain.nodes
    lines = {}
    for i, (edge, derivative) in enumerate(zip(pairwise(nodes), local, strict=True)):
        color, width = (QUANTITIES["gradient"], 4) if i in done and i + 1 in done else (MUTED, 1.2)
        lines[edge] = Line(color, width, significant(derivative), lift=13)
    return graph_diagram(
        [[node] for node in nodes],
        pairwise(nodes),
        alt,
        values={node: significant(value) for node, value in zip(nodes, values, strict=True)},
        lines=lines,
        highlighted=[nodes[i] for i in done],
        captions=[_caption(symbols[i]) if i in done else "" for i in range(len(nodes))],
        below=[significant(products[i]) if i in done else "" for i in range(len(nodes))],
        between=[step.words for step in chain.steps],
        moving=_journey(nodes, moved),
        spots={node: (node, {"step": i if forwards else len(nodes) - 1 - i}) for i, node in enumerate(nodes)},
        chosen=nodes[done[-1] if forwards else done[0]],
        extra=lambda centers, top: _changes(moved, centers, top),
        extra_height=ROOM,
        gap=WIDEST_GAP,
        max_width=WIDEST,
    )


def _caption(symbol):
    """Return a derivative as a caption; where the multiplying begins it is that of a value with respect to itself."""
    top, bottom = symbol.split("/")
    return "begin" if top == bottom else symbol


def _journey(nodes, moved):
    """Return the nudge on its way from the input to the end, as large as the change that it is."""
    largest = max(map(abs, moved))
    return [
        Dot(start, end, turn, SIGNS[int(np.sign(change))], abs(change) / largest)
        for turn, ((start, end), change) in enumerate(zip(pairwise(nodes), moved, strict=False))
        if change
    ]


def _changes(moved, centers, top):
    """Return a bar for each value: what the nudge adds to it, upwards or downwards."""
    largest, zero = max(map(abs, moved)) or 1.0, top + ROOM / 2 + 12
    parts = [
        text(
            centers[0] - 24,
            top + 16,
            "what the nudge adds to each value" if any(moved) else "nudge the input: what does that add to each value?",
            MUTED,
            size=13,
            anchor="start",
        ),
        line((centers[0] - 24, zero), (centers[-1] + 24, zero), Line(MUTED, 1)),
    ]
    for change, x in zip(moved, centers, strict=True) if any(moved) else ():
        sign, height = int(np.sign(change)), TALLEST * abs(change) / largest
        y = zero - height if sign > 0 else zero
        parts.append(f'<rect x="{x - 13:g}" y="{y:.1f}" width="26" height="{height:.1f}" fill="{SIGNS[sign]}"/>')
        beyond = zero - height - 6 if sign > 0 else zero + height + 15
        parts.append(text(x, beyond, significant(change, 2, signed=True), SIGNS[sign], size=13))
    return parts


def _table(chain, values, local, products, symbols, done):
    rows = [[chain.start, significant(values[0]), ""]]
    for before, step, value, derivative in zip(chain.nodes, chain.steps, values[1:], local, strict=False):
        slope = f"{step.slope} = {significant(derivative)}" if step.slope != significant(derivative) else step.slope
        rows.append([f"{step.node} = {step.formula}", significant(value), f"{chain.d}{step.node}/{chain.d}{before} = {slope}"])
    rows = [[*row, f"{symbols[i]} = {significant(products[i])}" if i in done else ""] for i, row in enumerate(rows)]
    return table(["node", "value", "local derivative", "product so far"], rows, "The chain, one elementary step a row")


def _derivative(chain, node, forwards):
    top, bottom = (node, chain.start) if forwards else (chain.nodes[-1], node)
    return f"{chain.d}{top}/{chain.d}{bottom}"


def limits(function, **_):
    """Return how many factors the chain has.

    Parameters
    ----------
    function : str
        As in ``chain_picture``.

    Returns
    -------
    dict of str to int or str
        The largest value, or the reason why the control changes nothing.
    """
    return {"step": len(CHAINS[function].steps)}


chain_explorer = explorer(
    chain_picture,
    limits=limits,
    function=Choice("function", "σ(a), in four steps", tuple(CHAINS)),
    direction=Choice("multiply", BACKWARDS, (BACKWARDS, FORWARDS)),
    x=Number("input", 1.0, -3.0, 3.0, step=0.1),
    nudge=Number("nudge", 0.0, -1.0, 1.0, step=0.1),
    step=Number("factors", 2, 0, max(len(chain.steps) for chain in CHAINS.values()), film=(1, 0.8)),
)
