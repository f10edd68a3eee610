"""The algorithm explorer: backpropagation line by line, with the cache filling up (lesson 07)."""

from dataclasses import dataclass, replace

import numpy as np

from utils.draw.computation import computation_columns, computation_edges
from utils.draw.diagrams import ROOMY, graph_diagram
from utils.draw.numbers import fixed, in_brackets
from utils.draw.picture import CELL, with_indices
from utils.draw.style import QUANTITIES
from utils.draw.svg import Dot, Line
from utils.exhibits.multiplication_counts import chain_costs
from utils.exhibits.samples import SAMPLES, X, Y, sample
from utils.explore.controls import Choice, Number, explorer
from utils.nn.network import Trace

ORDERS = {"all at the end": False, "W_k at once (the trap)": True}
WIDTH = 720  # pixels; eight columns of circles fit
WIDEST_GAP = 122


@dataclass(frozen=True)
class Step:
    """One line of the algorithm, carried out.

    Attributes
    ----------
    name : str
        What the line computes, such as "∂𝓛/∂a_2".
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

    Returns
    -------
    list of Step
    """
    program = _Program(net, x, y, learning_rate)
    program.forward()
    program.backward(at_once)
    if not at_once:
        for k in net.layers:
            program.update(k)
    program.forward_again()
    return program.lines


class _Program:
    """The lines of the algorithm that have been carried out, with the parameters and gradients as they are after them."""

    def __init__(self, net, x, y, learning_rate):
        self.net, self.x, self.y, self.learning_rate = net, x, y, learning_rate
        self.trace = net.forward(x)
        self.truth = net.backward(self.trace, y)
        self.chain = chain_costs(net.layer_sizes)
        self.W, self.b = dict(enumerate(net.W)), dict(enumerate(net.b))
        self.grad_W, self.grad_b = {}, {}
        self.lines = []

    def line(self, name, formula, value, entry, reads, part, k, true=None, **settings):
        """Add a line to the program, compared with the true gradient where there is one.

        Parameters
        ----------
        name, formula, value, entry, reads, part, k
            As in ``Step``.
        true : array, optional
            What the value should be.
        **settings
            More of a ``Step``.

        Returns
        -------
        array
            The value.
        """
        error = 0.0 if true is None else _error(value, true)
        self.lines.append(Step(name, formula, value, entry, reads, part, k, error=error, **settings))
        return value

    def forward(self):
        """Add the lines of the forward pass, up to the loss."""
        net, L, h = self.net, self.net.L, self.x
        for k in net.layers:
            W, b, below = self.W[k], self.b[k], _h(k - 1, L)
            entry = f"{_sum_of_products(W[0], h[:, 0])} + {in_brackets(fixed(b[0, 0]))}"
            cost, reads = W.size, (f"W_{k}", below, f"b_{k}")
            a = self.line(f"a_{k}", f"W_{k} {below} + b_{k}", W @ h + b, entry, reads, "forward", k, cost=cost, cost_alone=cost)
            if k < L:
                formula, entry = f"g(a_{k})", f"1/(1 + e^{fixed(-a[0, 0])})"
            else:
                formula, entry = f"softmax(a_{k})", f"e^{fixed(a[0, 0])} / ({' + '.join(f'e^{fixed(v)}' for v in a[:, 0])})"
            h = self.line(_h(k, L), formula, net.g[k](a), entry, (f"a_{k}",), "forward", k)
        self.line("𝓛", "−Σ y_i log ŷ_i", np.array([[net.loss(self.trace, self.y)]]), self._loss_entry(h), ("ŷ",), "forward", L)

    def backward(self, at_once):
        """Add the lines of the backward pass.

        Parameters
        ----------
        at_once : bool
            Whether each layer is updated as soon as its gradients are there.
        """
        net, L, y_hat = self.net, self.net.L, self.trace.y_hat
        entry = f"{fixed(y_hat[0, 0])} − {self.y[0, 0]:g}"
        grad_a = self.line(f"∂𝓛/∂a_{L}", "ŷ − y", net.loss.grad_a(y_hat, self.y), entry, ("ŷ",), "backward", L)
        for k in reversed(net.layers):
            self._parameter_gradients(k, grad_a)
            if at_once:
                self.update(k)
            if k > 1:
                grad_a = self._layer_below(k, grad_a, at_once)

    def _parameter_gradients(self, k, grad_a):
        h, name, below = self.trace.h[k - 1], f"∂𝓛/∂a_{k}", _h(k - 1, self.net.L)
        entry = f"{fixed(grad_a[0, 0])} · {in_brackets(fixed(h[0, 0]))}"
        size, chain = self.W[k].size, self.chain[k]
        costs = {"cost": size, "cost_alone": size * (1 + chain)}
        self.grad_W[k] = self.line(
            f"∂𝓛/∂W_{k}", f"{name} {below}ᵀ", grad_a @ h.mT, entry, (name, below), "backward", k, true=self.truth.W[k], **costs
        )
        alone = len(grad_a) * chain
        self.grad_b[k] = self.line(
            f"∂𝓛/∂b_{k}", name, grad_a, fixed(grad_a[0, 0]), (name,), "backward", k, true=self.truth.b[k], cost_alone=alone
        )

    def _layer_below(self, k, grad_a, at_once):
        W, h, n = self.W[k], self.trace.h[k - 1], k - 1
        weights, read = (f"(new W_{k})", f"new W_{k}, b_{k}") if at_once else (f"W_{k}", f"W_{k}")
        formula, entry = f"{weights}ᵀ ∂𝓛/∂a_{k}", _sum_of_products(W[:, 0], grad_a[:, 0])
        reads = (read, f"∂𝓛/∂a_{k}")
        grad_h = self.line(f"∂𝓛/∂h_{n}", formula, W.mT @ grad_a, entry, reads, "backward", n, true=self.truth.h[n], cost=W.size)
        formula, first = f"∂𝓛/∂h_{n} ∘ h_{n}(1 − h_{n})", fixed(h[0, 0])
        entry, reads = f"{fixed(grad_h[0, 0])} · {first} · (1 − {first})", (f"∂𝓛/∂h_{n}", f"h_{n}")
        value = grad_h * self.net.g[n].prime(h)
        return self.line(f"∂𝓛/∂a_{n}", formula, value, entry, reads, "backward", n, true=self.truth.a[n], cost=2 * len(h))

    def update(self, k):
        """Add the step of W_k and b_k against their gradients.

        Parameters
        ----------
        k : int
            The layer.
        """
        W, b, eta = self.W[k], self.b[k], self.learning_rate
        entry = f"{fixed(W[0, 0])} − {eta:g} · {in_brackets(fixed(self.grad_W[k][0, 0]))}"
        self.W[k], self.b[k] = W - eta * self.grad_W[k], b - eta * self.grad_b[k]
        value, reads = np.hstack([self.W[k], self.b[k]]), (f"∂𝓛/∂W_{k}", f"∂𝓛/∂b_{k}")
        self.line(f"new W_{k}, b_{k}", "old ones − η · gradients", value, entry, reads, "update", k)

    def forward_again(self):
        """Add the line that measures the loss with the new parameters."""
        net = self.net.with_parameters({k: self.W[k] for k in self.net.layers}, {k: self.b[k] for k in self.net.layers})
        after = net.forward(self.x)
        loss, reads = np.array([[net.loss(after, self.y)]]), tuple(f"new W_{k}, b_{k}" for k in net.layers)
        self.line("𝓛 afterwards", "the forward pass again", loss, self._loss_entry(after.y_hat), reads, "again", net.L, trace=after)

    def _loss_entry(self, y_hat):
        return f"−log {fixed(y_hat[self.y[:, 0].argmax(), 0])}"


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

    Returns
    -------
    Picture
    """
    net = sample(architecture)
    program = steps(net, X, Y, learning_rate, ORDERS[order])
    done = program[: min(step, len(program))]
    columns = computation_columns(net.layer_sizes)
    values, notes = _circles(done, net)
    story = _story(done, program)
    known = "; ".join(f"{s.name} = {_row(s.value)}" for s in done)
    lines = _lines(done[-1], columns, net.L)
    diagram = graph_diagram(
        columns,
        computation_edges(columns),
        f"The {architecture} sample network after line {len(done)}: in the circles what the forward pass has found, under them "
        f"the gradients. {story} So far: {known}.",
        values=values,
        notes=notes,
        lines=lines,
        highlighted=_highlighted(done[-1], columns, net.L),
        between=_headings(net.L),
        moving=_travelling(done[-1], lines),
        gap=WIDEST_GAP,
        max_width=WIDTH,
        unit_gap=ROOMY,
    )
    return replace(diagram, caption=story, details=_program(program, len(done)))


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
        before = next(s.value[0, 0] for s in done if s.name == "𝓛")
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
        column = _column(step.name.removeprefix("∂𝓛/∂"), columns, net.L)
        if column is not None:
            (notes if step.part == "backward" else values).update(_units(column, step.value))
    if done[-1].part == "again":  # new numbers everywhere; the gradients belonged to the old ones
        stages = [X, *(stage for k in net.layers for stage in (done[-1].trace.a[k], done[-1].trace.h[k])), done[-1].value]
        return {name: text for stage, column in zip(stages, columns, strict=True) for name, text in _units(column, stage).items()}, {}
    return values, {name: f"∂ {text}" for name, text in notes.items()}


def _column(symbol, columns, L):
    # x | a_1 | h_1 | … | a_L | ŷ | L
    places = {"ŷ": 2 * L, "𝓛": 2 * L + 1} | {f"a_{k}": 2 * k - 1 for k in range(1, L + 1)} | {f"h_{k}": 2 * k for k in range(1, L)}
    return columns[places[symbol]] if symbol in places else None


def _highlighted(step, columns, L):
    if step.part == "again":
        return {name for column in columns for name in column}
    return set(_column(step.name.removeprefix("∂𝓛/∂"), columns, L) or ())


def _lines(step, columns, L):
    """Return the edges along which the step works, thick: through W_k, through g, through the output or the loss."""
    k = step.k
    gap = {
        f"a_{k}": 2 * k - 2,
        f"h_{k}": 2 * k - 1,
        "ŷ": 2 * L - 1,
        "𝓛": 2 * L,
        f"∂𝓛/∂a_{k}": 2 * k - 1,
        f"∂𝓛/∂W_{k}": 2 * k - 2,
        f"∂𝓛/∂h_{k}": 2 * k,
        f"new W_{k}, b_{k}": 2 * k - 2,
    }.get(step.name)
    if gap is None:
        return {}
    color = QUANTITIES["gradient" if step.part == "backward" else "W"]
    left, right = columns[gap], columns[gap + 1]
    return {edge: Line(color, 3.5) for edge in computation_edges(columns) if edge[0] in left and edge[1] in right}


def _travelling(step, lines):
    """Return what goes along the lit edges: from the left forwards, from the right backwards."""
    if step.part == "update":
        return []
    return [Dot(*(edge[::-1] if step.part == "backward" else edge), 0, style.color, 0.5) for edge, style in lines.items()]


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
        cells = [with_indices(cell).replace(" | ", "<br>") for cell in cells]
        cells = [f"<b>{cell}</b>" if now else cell for cell in cells]
        rows.append(
            f'<tr{attribute}><td style="{CELL}">{"▶" if now else "✓" if done else ""}</td><th scope="row" style="{CELL}">{number}</th>'
            + "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells)
            + "</tr>"
        )
    head = "".join(f'<th scope="col" style="{CELL}">{heading}</th>' for heading in headings)
    title = "The program (▶ now, ✓ done) and its cache. A vector is written in a row, a matrix row by row; new weights end with the bias."
    caption = f'<caption style="text-align:left">{title}</caption>'
    return f'<table style="line-height:1.35">{caption}<thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def limits(step, architecture, order, **_):
    """Return how many lines the program has, and where the learning rate is not yet read.

    Parameters
    ----------
    step, architecture, order
        As for ``algorithm_picture``.

    Returns
    -------
    dict of str to int or str
        The largest value, or the reason why the control changes nothing.
    """
    program = steps(sample(architecture), X, Y, 0.0, ORDERS[order])
    first = next(number for number, line in enumerate(program, start=1) if line.part == "update")
    early = {} if step >= first else {"learning_rate": f"it is first read in line {first}"}
    return {"step": len(program)} | early


algorithm_explorer = explorer(
    algorithm_picture,
    limits=limits,
    step=Number("line", 1, 1, 22, film=(1, 0.8)),
    architecture=Choice("architecture", "2-2-2", tuple(SAMPLES)),
    learning_rate=Number("learning rate", 0.5, 0.0, 10.0, step=0.1),
    order=Choice("update", next(iter(ORDERS)), tuple(ORDERS)),
)
