"""The blame tracer: the loss asks who is responsible, and the question travels back through a live network (lesson 05)."""

from dataclasses import dataclass, replace

import numpy as np

from utils.draw.computation import computation_columns, computation_edges, layer_sizes
from utils.draw.diagrams import graph_diagram
from utils.draw.numbers import SUBSCRIPTS, fixed, number
from utils.draw.style import SIGNS
from utils.draw.svg import Dot, Line
from utils.exhibits.computation_graph import Graph, displayed, network_graph
from utils.explore.controls import ACTIVATION, SEED, Choice, Number, explorer
from utils.explore.matrices import Matrix, matrix_equation
from utils.nn.network import FeedForwardNetwork, Gradients, Trace

NETWORKS = ("2-3-2", "3-2-2", "2-2-2-2", "2-3-3-2", "2-4-3-2")
INPUT = (1.5, -0.5, 0.8)  # x_1, x_2 and, where there is one, x_3; the true class is the first
ROLES = {"x": "input", "a": "sum", "h": "unit", "ŷ": "output", "L": "loss"}
THINNEST, THICKEST = 1.5, 8.0  # line widths in pixels


@dataclass(frozen=True)
class Step:
    """Who speaks: the loss L, ŷ, or a, W (with b), h of layer k."""

    letter: str
    k: int


@dataclass(frozen=True)
class Case:
    """A network with one example, and everything that can be said about it.

    Attributes
    ----------
    net, trace, gradients : FeedForwardNetwork, Trace, Gradients
        The network, its forward pass and its backward pass.
    y : array, shape (n_L, 1)
        The target.
    graph : utils.exhibits.computation_graph.Graph
        The same computation, edge by edge, with the local derivatives.
    gradient_of : dict of str to float
        ∂𝓛/∂(node) for every circle of the diagram.
    """

    net: FeedForwardNetwork
    trace: Trace
    gradients: Gradients
    y: np.ndarray
    graph: Graph
    gradient_of: dict


def steps(L):
    """Return who speaks on the way back through L layers, from the loss to W_1: ten steps for L = 3.

    Parameters
    ----------
    L : int
        Number of layers.

    Returns
    -------
    list of Step
    """
    script = [Step("L", L), Step("ŷ", L)]
    for k in range(L, 0, -1):
        script += [Step("h", k)] * (k < L) + [Step("a", k), Step("W", k)]
    return script


def backward_case(network, activation, seed):
    """Return the Case of one example through a fresh network; the arguments are those of ``backward_pass_picture``.

    Returns
    -------
    Case
    """
    sizes = layer_sizes(network)
    net = FeedForwardNetwork(sizes, activation=activation, seed=seed)
    x, y = np.array(INPUT[: sizes[0]]).reshape(-1, 1), np.eye(sizes[-1])[:, :1]
    trace = net.forward(x)
    gradients = net.backward(trace, y)
    gradient_of = {"L": 1.0}  # ∂𝓛/∂L
    gradient_of |= _named("ŷ_", net.loss.grad_y_hat(trace.y_hat, y))
    for k in net.layers:
        gradient_of |= _named(f"a_{k},", gradients.a[k])
        if k < net.L:
            gradient_of |= _named(f"h_{k},", gradients.h[k])
    return Case(net, trace, gradients, y, network_graph(net, x, y), gradient_of)


def flow(case, start, end):
    """Return what arrives at ``start`` from ``end``: ∂𝓛/∂end · ∂end/∂start. For a weight that is its gradient.

    Parameters
    ----------
    case : Case
        The network with its example.
    start : str
        Name of a number, such as a_1,2.
    end : str
        Name of a number computed from it.

    Returns
    -------
    float
    """
    edge = next(edge for edge in case.graph.following[start] if edge.end == end)
    return case.gradient_of[end] * edge.derivative


def backward_pass_picture(network, activation, step, j, seed):
    """Return the picture: the network up to the step at which the question has arrived, with what the speaker says.

    Parameters
    ----------
    network : str
        Layer sizes, one of ``NETWORKS``; the output is a softmax with cross-entropy, the true class the first.
    activation : str
        Activation of the hidden units.
    step : int
        From 1, the loss, to the last, W_1; beyond the last, the last.
    j : int
        The unit whose numbers are written out; beyond the speaker's layer, its last unit. For weights W_k
        it is the unit of layer k−1 from which the weights start.
    seed : int
        Seed of the network's weights.

    Returns
    -------
    Picture
    """
    case = backward_case(network, activation, seed)
    script = steps(case.net.L)
    step = min(step, len(script))
    now = script[step - 1]
    j = min(j, _units(case.net.layer_sizes, now))
    columns = computation_columns(case.net.layer_sizes)
    lines = {}
    for past in script[:step]:
        lines_now = _lines(case, past, j if past is now else None)
        lines |= lines_now
    visited = {name for past in script[:step] for name in _circles(columns, past)}
    summary = f"Step {step} of {len(script)} · {_speaker(now)} “{_says(case, now, j)}”"
    formula, details = _details(case, now, j)
    circles = [name for column in reversed(columns) for name in column if name in visited]
    reached = ", ".join(f"{displayed(name)} {number(case.gradient_of[name])}" for name in circles)
    alt = (
        f"Network {network} ({activation}) drawn from the inputs to the loss. {summary} {formula.rstrip('.')}. "
        f"The blame that the circles carry so far: {reached}. "
        f"On the lines: {_carried(now)}, the wider the more; positive solid purple, negative dashed orange."
    )
    picture = graph_diagram(
        columns,
        computation_edges(columns),
        alt,
        values={name: number(case.gradient_of[name]) for name in visited},
        lines=lines,
        highlighted=_circles(columns, now),
        captions=[_role(column[0], now) for column in columns],
        between=_headings(case.net.L, now),
        spots=_spots(case.net.layer_sizes, columns),
        chosen=_place_name(now, j),
        moving=_walking_back(lines_now),
    )
    legend = f"In each circle: the derivative of the loss with respect to it. On the lines: {_carried(now)}. Purple +, dashed orange −."
    below = f"<div><b>{formula}</b></div>{details}<div><small>{legend}</small></div>"
    return replace(picture, caption=summary, details=below)


def _named(prefix, values):
    return {f"{prefix}{i + 1}": float(value) for i, value in enumerate(values[:, 0])}


def _units(layer_sizes, now):
    # how many units j can choose from: those of the speaker, for weights those that they start from, for the loss the outputs
    return layer_sizes[now.k - 1 if now.letter == "W" else now.k]


def _circles(columns, now):
    start = now.letter if now.letter in "Lŷ" else f"{now.letter}_{now.k},"
    return {name for column in columns for name in column if name.startswith(start)}


def _lines(case, now, j):
    # the lines that the speaker looks along, as wide as what flows on them; with texts at those of unit j
    n_k, n_below = case.net.layer_sizes[now.k], case.net.layer_sizes[now.k - 1]
    units, outputs = range(1, n_k + 1), range(1, case.net.layer_sizes[-1] + 1)
    if now.letter == "L":
        places = []
    elif now.letter == "ŷ":
        places = [(f"ŷ_{m}", "L", f"ŷ_{m}", m) for m in outputs]
    elif now.letter == "h":
        above = range(1, case.net.layer_sizes[now.k + 1] + 1)
        places = [(f"h_{now.k},{i}", f"a_{now.k + 1},{m}", f"h_{now.k},{i}", i) for i in units for m in above]
    elif now.letter == "W":
        below = "x_" if now.k == 1 else f"h_{now.k - 1},"
        places = [(f"{below}{i}", f"a_{now.k},{m}", f"W_{now.k},{m},{i}", i) for i in range(1, n_below + 1) for m in units]
    elif now.k == case.net.L:
        places = [(f"a_{now.k},{i}", f"ŷ_{m}", f"a_{now.k},{i}", i) for i in units for m in outputs]
    else:
        places = [(f"a_{now.k},{i}", f"h_{now.k},{i}", f"a_{now.k},{i}", i) for i in units]
    strongest = np.abs(case.gradients.a[case.net.L]).max()  # one scale for the whole network: one sees the blame fade
    lines = {}
    for start, end, quantity, unit in places:
        value = flow(case, quantity, end)
        width = THINNEST + (THICKEST - THINNEST) * min(1.0, abs(value) / strongest)
        sign = int(np.sign(value))
        lines[start, end] = Line(SIGNS[sign], width, _signed(value) if unit == j else "", dashed=sign < 0)
    return lines


def _walking_back(lines):
    """Return the blame on its way from right to left along the lines of a speaker."""
    return [Dot(end, start, 0, style.color, (style.width - THINNEST) / (THICKEST - THINNEST)) for (start, end), style in lines.items()]


def _place_name(now, j):
    """Return the circle, or of several weights the first, whose numbers are written out."""
    return {"L": "𝓛", "ŷ": f"ŷ_{j}", "W": f"W_{now.k},1,{j}"}.get(now.letter, f"{now.letter}_{now.k},{j}")


def _spots(sizes, columns):
    """Return who can be asked by touching it: every circle after the input, and the weights from a unit at any of their lines."""
    spots = {}
    for step, now in enumerate(steps(len(sizes) - 1), start=1):
        for j in range(1, _units(sizes, now) + 1) if now.letter != "L" else (1,):
            values = {"step": step} | ({} if now.letter == "L" else {"j": j})
            name = _place_name(now, j)
            if now.letter == "W":
                ends = enumerate(columns[2 * now.k - 1], start=1)
                spots |= {(columns[2 * now.k - 2][j - 1], end): (f"W_{now.k},{i},{j}", values) for i, end in ends}
            else:
                spots["L" if now.letter == "L" else name] = name, values
    return spots


def _headings(L, now):
    headings = [*(name for k in range(1, L) for name in (f"W_{k}", "g")), f"W_{L}", "softmax", "−log"]
    if now.letter == "W":
        headings[2 * now.k - 2] = f"▼ W_{now.k}, b_{now.k}"
    return headings


def _role(name, now):
    here = now.letter == name[0] and (now.letter in "Lŷ" or name.startswith(f"{now.letter}_{now.k},"))
    return f"▲ {ROLES[name[0]]}" if here else ROLES[name[0]]


def _carried(now):
    what = f"∂𝓛/∂W_{now.k}" if now.letter == "W" else "what each unit above sends down"
    return _lower(what)


def _speaker(now):
    name = {"L": "The loss, 𝓛:", "ŷ": "The probabilities, ŷ:", "W": f"The weights and biases, W_{now.k} and b_{now.k}:"}
    return _lower(name.get(now.letter, f"The {'sums' if now.letter == 'a' else 'units'}, {now.letter}_{now.k}:"))


def _says(case, now, j):
    k, below = now.k, "x" if now.k == 1 else f"h_{now.k - 1}"
    added = f"we only add up W_{k} {below} + b_{k}. Ask W_{k} and b_{k}"
    if now.letter == "L":
        loss, share = float(case.net.loss(case.trace, case.y)), case.trace.y_hat[0, 0]
        said = f"The true class is 1, and it got {_percent(share)}. That makes me {loss:.2f}. Who is to blame?"
    elif now.letter == "ŷ":
        said = f"We are the softmax of a_{k}, and we must add up to 1. Ask a_{k}."
    elif now.letter == "W":
        last = " And below us there is no one left to ask." if k == 1 else ""
        said = f"We can be changed, and nobody else can. Change us!{last}"
    elif now.letter == "h":
        said = f"Every a_{k + 1} blames each of us, and that adds up. But we only pass on g(a_{k}). Ask a_{k}."
    elif k == case.net.L:
        said = f"The blame on us is ŷ − y. But {added}, and ask {below}."
    else:
        through = case.net.g[k].prime(case.trace.h[k])[j - 1, 0]
        rest = "; and x is given, nobody changes the data." if k == 1 else f", and ask {below}."
        said = f"Of the blame on h_{k}{j} the slope of g lets {_percent(through)} through to a_{k}{j}. But {added}{rest}"
    return _lower(said)


def _details(case, now, j):
    """Return the step as a formula with its numbers, and as matrices with unit j emphasised."""
    if now.letter == "L":
        return "∂𝓛/∂𝓛 = 1: nudge the loss, and the loss moves by the nudge.", ""
    kind = "a_L" if now.letter == "a" and now.k == case.net.L else now.letter
    formula, parts = DETAILS[kind](case, now.k, j)
    parts = (Matrix(_lower(part.name), part.values, part.row, part.column) if isinstance(part, Matrix) else part for part in parts)
    return _lower(formula), matrix_equation(*parts)


def _probabilities(case, k, j):
    unit, y, y_hat = j - 1, case.y, case.trace.y_hat
    grad = case.net.loss.grad_y_hat(y_hat, y)
    formula = f"∂𝓛/∂ŷ_{j} = −y_{j} / ŷ_{j} = −{number(y[unit, 0])} / {number(y_hat[unit, 0])} = {number(grad[unit, 0])}"
    return formula, (Matrix("y", y, unit), "and", Matrix("ŷ", y_hat, unit), "give", Matrix("∂𝓛/∂ŷ", grad, unit))


def _scores(case, k, j):
    unit, y, y_hat, grad_a = j - 1, case.y, case.trace.y_hat, case.gradients.a[k]
    formula = f"∂𝓛/∂a_{k}{j} = ŷ_{j} − y_{j} = {number(y_hat[unit, 0])} − {number(y[unit, 0])} = {number(grad_a[unit, 0])}"
    J, grad = case.net.loss.jacobian(y_hat), case.net.loss.grad_y_hat(y_hat, y)
    return formula, (Matrix("Jᵀ", J.mT, row=unit), "·", Matrix("∂𝓛/∂ŷ", grad, column=0), "=", Matrix(f"∂𝓛/∂a_{k}", grad_a, row=unit))


def _weights(case, k, j):
    unit, h, gradients = j - 1, "x" if k == 1 else f"h_{k - 1}", case.gradients
    values = case.trace.h[k - 1]
    product = _product(gradients.a[k][0, 0], values[unit, 0])
    entry = f"∂𝓛/∂W_{k}1{j} = ∂𝓛/∂a_{k}1 · {h}{'_' * (k == 1)}{j} = {product} = {number(gradients.W[k][0, unit])}"
    parts = (
        Matrix(f"∂𝓛/∂a_{k}", gradients.a[k]),
        "·",
        Matrix(f"{h}ᵀ", values.mT, column=unit),
        "=",
        Matrix(f"∂𝓛/∂W_{k}", gradients.W[k], column=unit),
    )
    return f"{entry}; ∂𝓛/∂b_{k} = ∂𝓛/∂a_{k}", parts


def _units_below(case, k, j):
    unit, W, grad_a, grad_h = j - 1, case.net.W[k + 1], case.gradients.a[k + 1], case.gradients.h[k]
    terms = " + ".join(f"W_{k + 1}{m + 1}{j} ∂𝓛/∂a_{k + 1}{m + 1}" for m in range(len(W)))
    numbers = " + ".join(_product(weight, gradient) for weight, gradient in zip(W[:, unit], grad_a[:, 0], strict=True))
    parts = (
        Matrix(f"W_{k + 1}, column {j}", W, column=unit),
        "⟶",
        Matrix(f"W_{k + 1}ᵀ, row {j}", W.mT, row=unit),
        "·",
        Matrix(f"∂𝓛/∂a_{k + 1}", grad_a, column=0),
        "=",
        Matrix(f"∂𝓛/∂h_{k}", grad_h, row=unit),
    )
    return f"∂𝓛/∂h_{k}{j} = {terms} = {numbers} = {number(grad_h[unit, 0])}", parts


def _sums(case, k, j):
    unit, grad_h, grad_a = j - 1, case.gradients.h[k], case.gradients.a[k]
    prime = case.net.g[k].prime(case.trace.h[k])
    product = _product(grad_h[unit, 0], prime[unit, 0])
    formula = f"∂𝓛/∂a_{k}{j} = ∂𝓛/∂h_{k}{j} · g′(a_{k}{j}) = {product} = {number(grad_a[unit, 0])}"
    parts = (
        Matrix(f"∂𝓛/∂h_{k}", grad_h, row=unit),
        "∘",
        Matrix(f"g′(a_{k})", prime, row=unit),
        "=",
        Matrix(f"∂𝓛/∂a_{k}", grad_a, row=unit),
    )
    return formula, parts


DETAILS = {"ŷ": _probabilities, "a_L": _scores, "W": _weights, "h": _units_below, "a": _sums}  # who speaks → formula and matrices


def _product(left, right):
    return " · ".join(f"({number(factor)})" if factor < 0 else number(factor) for factor in (left, right))


def _signed(value):
    text = fixed(value, 2) if 0.005 <= abs(value) < 99 else number(value)  # short enough for a line between circles
    return "+" * (value > 0) + text


def _percent(share):
    return f"{share:.1%}" if 0 < share < 1 else f"{share:.0%}"


def _lower(text):
    """Return the text with the digits after an underscore set low: h_22 → h₂₂."""
    first, *others = text.split("_")
    for other in others:
        n_digits = len(other) - len(other.lstrip("0123456789"))
        first += other[:n_digits].translate(SUBSCRIPTS) + other[n_digits:]
    return first


def limits(network, step, **_):
    """Return how many steps there are, and how many units the speaker has.

    Parameters
    ----------
    network, step : str, int
        As in ``backward_pass_picture``.

    Returns
    -------
    dict of str to int or str
        The largest value, or the reason why the control changes nothing.
    """
    sizes = layer_sizes(network)
    script = steps(len(sizes) - 1)
    now = script[min(step, len(script)) - 1]
    return {"step": len(script), "j": "the loss is one number" if now.letter == "L" else _units(sizes, now)}


backward_pass_explorer = explorer(
    backward_pass_picture,
    limits=limits,
    network=Choice("network", "2-3-3-2", tuple(NETWORKS)),
    activation=ACTIVATION,
    step=Number("step", 1, 1, len(steps(3)), film=(1, 0.5)),
    j=Number("unit j", 2, 1, 4),
    seed=SEED,
)
