"""The algorithm explorer: backpropagation line by line, with the cache filling up (lesson 07)."""

from dataclasses import dataclass
from html import escape

import numpy as np

from utils.draw.computation import computation_columns, computation_edges, layer_sizes
from utils.draw.diagrams import graph_diagram
from utils.draw.numbers import fixed, in_brackets
from utils.draw.picture import Picture
from utils.draw.style import QUANTITIES
from utils.draw.svg import Line
from utils.exhibits.multiplication_counts import chain_costs
from utils.explore.controls import Choice, Number, explorer
from utils.nn.network import FeedForwardNetwork, Trace

ORDERS = {"all at the end": False, "W_k at once (the trap)": True}
WIDTH = 720  # pixels; eight columns of circles fit
WIDEST_GAP = 122

# The sample of the lesson, and two networks with weights as easy to write down.
SAMPLES = {
    "2-2-2": ({1: [[0.5, -0.3], [0.2, 0.8]], 2: [[0.6, -0.4], [-0.5, 0.9]]}, {1: [0.1, -0.1], 2: [0.0, 0.2]}),
    "2-3-2": (
        {1: [[0.5, -0.3], [0.2, 0.8], [-0.6, 0.4]], 2: [[0.6, -0.4, 0.7], [-0.5, 0.9, 0.3]]},
        {1: [0.1, -0.1, 0.3], 2: [0.0, 0.2]},
    ),
    "2-2-2-2": (
        {1: [[0.5, -0.3], [0.2, 0.8]], 2: [[1.2, -0.7], [0.4, 1.1]], 3: [[0.6, -0.4], [-0.5, 0.9]]},
        {1: [0.1, -0.1], 2: [-0.2, 0.3], 3: [0.0, 0.2]},
    ),
}
X, Y = np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]])


@dataclass(frozen=True)
class Step:
    """One line of the algorithm, carried out.

    Attributes
    ----------
    name : str
        What the line computes, such as "∂L/∂a_2".
    formula : str
        How.
    value : ndarray
        The result.
    entry : str
        The first entry of the result with its numbers.
    reads : tuple of str
        The names it reads, parameters included.
    part : str
        "forward", "backward", "update" or "again".
    k : int
        The layer of what it computes.
    cost, cost_alone : int
        Multiplications of this line, and without a cache.
    error : float
        Distance from the true gradient, relative to its length; 0 where the value is right.
    trace : Trace or None
        Of the forward pass that measures the loss afterwards.
    """

    name: str
    formula: str
    value: np.ndarray
    entry: str
    reads: tuple
    part: str
    k: int
    cost: int = 0
    cost_alone: int = 0
    error: float = 0.0
    trace: Trace | None = None


def sample(architecture):
    """Return the network of a name in ``SAMPLES``."""
    W, b = SAMPLES[architecture]
    net = FeedForwardNetwork(layer_sizes(architecture))
    return net.with_parameters({k: np.array(v) for k, v in W.items()}, {k: np.array(v).reshape(-1, 1) for k, v in b.items()})


def steps(net, x, y, learning_rate, at_once=False):
    """Return the whole algorithm for one example as a list of Step: forward, backward, update, and the loss again.

    Parameters
    ----------
    net : FeedForwardNetwork
        With sigmoid hidden units, softmax and cross-entropy; it is not changed.
    x, y : arrays, shapes (n_0, 1) and (n_L, 1)
        One example and its target.
    learning_rate : float
        η of the update.
    at_once : bool
        Whether W_k and b_k are updated as soon as their gradients are known: the trap.
    """
    trace = net.forward(x)
    truth = net.backward(trace, y)
    n, L = net.layer_sizes, net.L
    chain = chain_costs(n)
    W, b, grad_W, grad_b = dict(enumerate(net.W)), dict(enumerate(net.b)), {}, {}
    done = []

    def line(*arguments, true=None, **settings):
        step = Step(*arguments, **settings, error=0.0 if true is None else _error(arguments[2], true))
        done.append(step)
        return step.value

    def update(k):
        entry = f"{fixed(W[k][0, 0])} − {learning_rate:g} · {in_brackets(fixed(grad_W[k][0, 0]))}"
        W[k], b[k] = W[k] - learning_rate * grad_W[k], b[k] - learning_rate * grad_b[k]
        reads = (f"∂L/∂W_{k}", f"∂L/∂b_{k}")
        line(f"new W_{k}, b_{k}", "old ones − η · gradients", np.hstack([W[k], b[k]]), entry, reads, "update", k)

    h = x
    for k in net.layers:
        below, h_below = _h(k - 1, L), h
        products = _sum_of_products(W[k][0], h_below[:, 0])
        a = line(
            f"a_{k}",
            f"W_{k} {below} + b_{k}",
            W[k] @ h_below + b[k],
            f"{products} + {in_brackets(fixed(b[k][0, 0]))}",
            (f"W_{k}", below, f"b_{k}"),
            "forward",
            k,
            cost=n[k] * n[k - 1],
            cost_alone=n[k] * n[k - 1],
        )
        entry = f"1/(1 + e^{fixed(-a[0, 0])})" if k < L else f"e^{fixed(a[0, 0])} / ({' + '.join(f'e^{fixed(v)}' for v in a[:, 0])})"
        h = line(_h(k, L), f"g(a_{k})" if k < L else f"softmax(a_{k})", net.g[k](a), entry, (f"a_{k}",), "forward", k)
    line("L", "−Σ y_i log ŷ_i", np.array([[net.loss(trace, y)]]), f"−log {fixed(h[y[:, 0].argmax(), 0])}", ("ŷ",), "forward", L)
    entry = f"{fixed(h[0, 0])} − {y[0, 0]:g}"
    grad_a = line(f"∂L/∂a_{L}", "ŷ − y", net.loss.grad_a(h, y), entry, ("ŷ",), "backward", L)
    for k in reversed(net.layers):
        h = trace.h[k - 1]
        grad_W[k] = line(
            f"∂L/∂W_{k}",
            f"∂L/∂a_{k} {_h(k - 1, L)}ᵀ",
            grad_a @ h.mT,
            f"{fixed(grad_a[0, 0])} · {in_brackets(fixed(h[0, 0]))}",
            (f"∂L/∂a_{k}", _h(k - 1, L)),
            "backward",
            k,
            cost=n[k] * n[k - 1],
            cost_alone=n[k] * n[k - 1] * (1 + chain[k]),
            true=truth.W[k],
        )
        grad_b[k] = line(
            f"∂L/∂b_{k}",
            f"∂L/∂a_{k}",
            grad_a,
            fixed(grad_a[0, 0]),
            (f"∂L/∂a_{k}",),
            "backward",
            k,
            cost_alone=n[k] * chain[k],
            true=truth.b[k],
        )
        if at_once:
            update(k)
        if k > 1:
            weights = f"(new W_{k})" if at_once else f"W_{k}"
            grad_h = line(
                f"∂L/∂h_{k - 1}",
                f"{weights}ᵀ ∂L/∂a_{k}",
                W[k].mT @ grad_a,
                _sum_of_products(W[k][:, 0], grad_a[:, 0]),
                (f"new W_{k}, b_{k}" if at_once else f"W_{k}", f"∂L/∂a_{k}"),
                "backward",
                k - 1,
                cost=n[k] * n[k - 1],
                true=truth.h[k - 1],
            )
            first = h[0, 0]
            grad_a = line(
                f"∂L/∂a_{k - 1}",
                f"∂L/∂h_{k - 1} ∘ h_{k - 1}(1 − h_{k - 1})",
                grad_h * net.g[k - 1].prime(h),
                f"{fixed(grad_h[0, 0])} · {fixed(first)} · (1 − {fixed(first)})",
                (f"∂L/∂h_{k - 1}", f"h_{k - 1}"),
                "backward",
                k - 1,
                cost=2 * n[k - 1],
                true=truth.a[k - 1],
            )
    if not at_once:
        for k in net.layers:
            update(k)
    new = net.with_parameters({k: W[k] for k in net.layers}, {k: b[k] for k in net.layers})
    after = new.forward(x)
    loss = np.array([[new.loss(after, y)]])
    reads = tuple(f"new W_{k}, b_{k}" for k in net.layers)
    true_class = y[:, 0].argmax()
    line("L afterwards", "the forward pass again", loss, f"−log {fixed(after.y_hat[true_class, 0])}", reads, "again", L, trace=after)
    return done


def algorithm_picture(step, architecture, learning_rate, order):
    """Return the picture of the algorithm after some of its lines: program, diagram and cache.

    Parameters
    ----------
    step : int
        The line that has just been carried out, from 1; beyond the end it is the last one.
    architecture : str
        A name in ``SAMPLES``.
    learning_rate : float
        η of the update.
    order : str
        A name in ``ORDERS``.
    """
    net = sample(architecture)
    program = steps(net, X, Y, learning_rate, ORDERS[order])
    done = program[: min(step, len(program))]
    columns = computation_columns(net.layer_sizes)
    values, notes = _circles(done, net)
    story = _story(done, program)
    known = "; ".join(f"{s.name} = {_row(s.value)}" for s in done)
    diagram = graph_diagram(
        columns,
        computation_edges(columns),
        f"The {architecture} sample network after line {len(done)}: in the circles what the forward pass has found, under them "
        f"the gradients. {story} So far: {known}.",
        values=values,
        notes=notes,
        lines=_lines(done[-1], columns, net.L),
        lit=_lit(done[-1], columns, net.L),
        between=_headings(net.L),
        gap=WIDEST_GAP,
        max_width=WIDTH,
    )
    return Picture(diagram.data, diagram.alt, diagram.width, story, diagram.mime, _program(program, len(done)))


def _h(k, L):
    return "x" if k == 0 else "ŷ" if k == L else f"h_{k}"


def _error(value, true):
    error = np.linalg.norm(value - true) / np.linalg.norm(true)
    return float(error) if error > 1e-12 else 0.0


def _sum_of_products(weights, others):
    return " + ".join(f"{in_brackets(fixed(w))} · {in_brackets(fixed(v))}" for w, v in zip(weights, others, strict=True))


def _row(value):
    """Return an array on one line: a column lying down, the rows of a matrix one after the other."""
    rows = value.T if value.shape[1] == 1 else value
    return " | ".join(", ".join(map(fixed, row)) for row in rows)


def _story(done, program):
    now = done[-1]
    what = "In numbers" if now.value.size == 1 else "The first weight" if now.part == "update" else "The first entry"
    result = fixed(now.value[0, 0])
    result = "" if result == now.entry else f" = {result}"  # a bias gradient is a copy
    story = f"Line {len(done)} of {len(program)}: {now.name} = {now.formula}. {what}: {now.entry}{result}."
    if now.error:
        story += f" WRONG, off by {now.error:.1%}: weights that had already moved went into it."
    if now.part == "again":
        before = next(s.value[0, 0] for s in done if s.name == "L")
        moved = "lower" if now.value[0, 0] < before else "the same" if now.value[0, 0] == before else "HIGHER"
        story += f" Before the step it was {fixed(before)}: now it is {moved}."
    with_cache, alone = (sum(getattr(s, name) for s in done) for name in ("cost", "cost_alone"))
    return f"{story} Multiplications so far: {with_cache} with the cache, {alone} with the chain of each parameter computed anew."


def _units(column, value):
    # as many digits as a circle can hold
    digits = [3 if abs(v) < 10 else 2 if abs(v) < 100 else 1 for v in value[:, 0]]
    return {name: fixed(v, n) for name, v, n in zip(column, value[:, 0], digits, strict=True)}


def _circles(done, net):
    # what stands in the circles and, for gradients of a and h, below them
    columns = computation_columns(net.layer_sizes)
    values, notes = _units(columns[0], X), {}
    for step in done:
        column = _column(step.name.removeprefix("∂L/∂"), columns, net.L)
        if column is not None:
            (notes if step.part == "backward" else values).update(_units(column, step.value))
    if done[-1].part == "again":  # new numbers everywhere; the gradients belonged to the old ones
        stages = [X, *(stage for k in net.layers for stage in (done[-1].trace.a[k], done[-1].trace.h[k])), done[-1].value]
        return {name: text for stage, column in zip(stages, columns, strict=True) for name, text in _units(column, stage).items()}, {}
    return values, {name: f"∂ {text}" for name, text in notes.items()}


def _column(symbol, columns, L):
    # x | a_1 | h_1 | … | a_L | ŷ | L
    places = {"ŷ": 2 * L, "L": 2 * L + 1} | {f"a_{k}": 2 * k - 1 for k in range(1, L + 1)} | {f"h_{k}": 2 * k for k in range(1, L)}
    return columns[places[symbol]] if symbol in places else None


def _lit(step, columns, L):
    if step.part == "again":
        return {name for column in columns for name in column}
    return set(_column(step.name.removeprefix("∂L/∂"), columns, L) or ())


def _lines(step, columns, L):
    """Return the edges along which the step works, thick: through W_k, through g, through the output or the loss."""
    k = step.k
    gap = {
        f"a_{k}": 2 * k - 2,
        f"h_{k}": 2 * k - 1,
        "ŷ": 2 * L - 1,
        "L": 2 * L,
        f"∂L/∂a_{k}": 2 * k - 1,
        f"∂L/∂W_{k}": 2 * k - 2,
        f"∂L/∂h_{k}": 2 * k,
        f"new W_{k}, b_{k}": 2 * k - 2,
    }.get(step.name)
    if gap is None:
        return {}
    color = QUANTITIES["gradient" if step.part == "backward" else "W"]
    left, right = columns[gap], columns[gap + 1]
    return {edge: Line(color, 3.5) for edge in computation_edges(columns) if edge[0] in left and edge[1] in right}


def _headings(L):
    return [name for k in range(1, L) for name in (f"W_{k}, b_{k}", "sigmoid")] + [f"W_{L}, b_{L}", "softmax", "−log"]


def _program(program, current):
    """Return the lines of the program as a table, with the cache beside them as far as it is filled."""
    headings = ("state", "line", "what it does", "shape", "the cache", "read by line")
    rows = []
    for number, step in enumerate(program, start=1):
        now, done = number == current, number <= current
        attribute = ' aria-current="step"' if now else ""
        readers = [str(later) for later, other in enumerate(program, start=1) if step.name in other.reads]
        value = f"{_row(step.value)}{f' ✗ off by {step.error:.1%}' if step.error else ''}"
        shape = "a number" if step.value.size == 1 else str(step.value.shape)
        cells = [f"{step.name} = {step.formula}", *((shape, value, ", ".join(readers) or "–") if done else ("", "", ""))]
        cells = [f"<b>{escape(cell)}</b>" if now else escape(cell) for cell in cells]
        rows.append(
            f'<tr{attribute}><td>{"▶" if now else "✓" if done else ""}</td><th scope="row">{number}</th>'
            f'<td style="text-align:left">{"</td><td>".join(cells)}</td></tr>'
        )
    head = "".join(f'<th scope="col" style="text-align:left">{heading}</th>' for heading in headings)
    title = "The program (▶ now, ✓ done) and its cache. Columns lie down, | parts the rows of a matrix; behind new weights stands the bias."
    caption = f'<caption style="text-align:left">{title}</caption>'
    return f'<table style="line-height:1.35">{caption}<thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


algorithm_explorer = explorer(
    algorithm_picture,
    step=Number("line", 6, 1, 22),
    architecture=Choice("architecture", "2-2-2", tuple(SAMPLES)),
    learning_rate=Number("learning rate", 0.5, 0.0, 10.0, step=0.1),
    order=Choice("update", next(iter(ORDERS)), tuple(ORDERS)),
)
