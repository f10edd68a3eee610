"""The forward-pass explorer: change one weight, and see which numbers follow it to the loss (lesson 03)."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from utils.data import one_hot
from utils.draw.computation import computation_columns, computation_edges, layer_sizes
from utils.draw.diagrams import graph_diagram
from utils.draw.numbers import fixed, in_brackets, significant
from utils.draw.picture import table
from utils.draw.style import QUANTITIES
from utils.draw.svg import Dot, Line
from utils.explore.controls import ACTIVATION, SEED, Choice, Number, explorer
from utils.nn.network import FeedForwardNetwork

ARCHITECTURES = ("2-2-2", "2-3-2", "3-2-2", "2-4-3", "3-4-3", "2-2-2-2", "3-3-3-2")
WIDTH = 720  # pixels; eight columns of circles fit
WIDEST_GAP = 122


@dataclass(frozen=True)
class Task:
    """What the network is asked: it decides output function, loss and number of output units."""

    output: str
    loss: str


TASKS = {
    "classes: softmax + cross-entropy": Task("softmax", "cross_entropy"),
    "a number: linear + squared error": Task("linear", "squared_error"),
    "yes/no: sigmoid + cross-entropy": Task("sigmoid", "cross_entropy"),
}


def forward_pass_picture(architecture, activation, task, x_1, x_2, x_3, target, seed, kind, k, i, j, change):
    """Return the picture of one forward pass, with one parameter changed and all that follows from it lit.

    Parameters
    ----------
    architecture : str
        A name in ``ARCHITECTURES``. A single number and a yes/no question have one output unit in its place.
    activation : str
        g of the hidden units.
    task : str
        A name in ``TASKS``.
    x_1, x_2, x_3 : float
        The input; x_3 is left out where there are two.
    target : float
        The truth: the nearest class for classes, the number itself, yes above ½.
    seed : int
        Seed of the weights.
    kind : str
        "W" or "b": what is changed.
    k, i, j : int
        Layer, unit it leads to, unit it comes from (for a weight). Beyond the network's size the last one is taken.
    change : float
        What is added to the parameter.

    Returns
    -------
    Picture
    """
    sizes, question = _sizes(architecture, TASKS[task]), TASKS[task]
    net = FeedForwardNetwork(sizes, activation, question.output, question.loss, seed)
    x = np.array([[x_1], [x_2], [x_3]][: sizes[0]])
    y, truth = _target(target, sizes[-1], question)
    asked = _name(kind, k, i, j)
    k = min(k, net.L)
    i, j = min(i, sizes[k]), min(j, sizes[k - 1])
    name = _name(kind, k, i, j)
    column = j - 1 if kind == "W" else 0
    parameter = getattr(net, kind)[k].copy()
    old = parameter[i - 1, column]
    parameter[i - 1, column] += change
    edited = net.with_parameters(**{kind: {k: parameter}})

    before, after = quantities(net, x, y), quantities(edited, x, y)
    changed = [quantity for quantity in after if not np.isclose(before[quantity], after[quantity], rtol=1e-9, atol=1e-12)]
    story = _story(name, old, change, before, after, changed)
    if name != asked:
        story = f"There is no {asked} in this network; the nearest is {name}. {story}"
    columns = computation_columns(sizes)
    start, end = columns[2 * k - 2][j - 1] if kind == "W" else name, f"a_{k},{i}"
    shown = {quantity: _short(value) for quantity, value in after.items()}
    edges = computation_edges(columns, question.output)
    captions = [*(f"({len(units)}, 1)" for units in columns[:-1]), "a number"]
    if kind == "b":
        columns[2 * k - 2] = [*columns[2 * k - 2], name]
        shown[name] = _short(old + change)
    text = _short(old + change) if kind == "W" else ""
    diagram = graph_diagram(
        columns,
        edges,
        f"Forward pass of a {'-'.join(map(str, sizes))} network, {activation} hidden units, {question.output} output, {truth}. "
        f"{_all_numbers(sizes, after)}. {story}",
        values=shown,
        lines={(start, end): Line(QUANTITIES["W"], 4, text)},
        highlighted=set(changed),
        captions=captions,
        between=_headings(net, activation, task),
        spots=_spots(sizes, columns),
        chosen=name,
        moving=_wave(edges, (start, end), changed, 2 * k - 2, columns) if change else (),
        gap=WIDEST_GAP,
        max_width=WIDTH,
    )
    caption = f"{'-'.join(map(str, sizes))} network, {truth}, loss {_short(after['L'])}. {story}"
    return replace(diagram, caption=caption, details=_layer_table(edited, x, k, activation))


def quantities(net, x, y):
    """Return every number of the forward pass of one example by its name, the loss "L" included.

    Parameters
    ----------
    net : FeedForwardNetwork
        The network.
    x : array, shape (n_0, 1)
        The example.
    y : array, shape (n_L, 1)
        Its target.

    Returns
    -------
    dict of str to float
        In the order of the computation.
    """
    trace = net.forward(x)
    stages = [x, *(stage for k in net.layers for stage in (trace.a[k], trace.h[k])), [[net.loss(trace, y)]]]
    names = [name for column in computation_columns(net.layer_sizes) for name in column]
    return dict(zip(names, np.concatenate(stages)[:, 0].tolist(), strict=True))


def _wave(edges, first, changed, gap, columns):
    """Return the change on its way: along the edited edge, then along every edge between numbers that moved."""
    column_of = {name: c for c, column in enumerate(columns) for name in column}
    on_the_way = [first] if first[1] in changed else []
    on_the_way += [edge for edge in edges if edge != first and {*edge} <= {*changed}]
    return [Dot(start, end, column_of[start] - gap, QUANTITIES["W"], 0.4) for start, end in on_the_way]


def _spots(sizes, columns):
    """Return what can be changed by touching it: a weight at its line, a bias at the sum to which it is added."""
    spots = {}
    for k, (n_below, n) in enumerate(pairwise(sizes), start=1):
        for i in range(1, n + 1):
            spots[f"a_{k},{i}"] = f"b_{k},{i}", {"kind": "b", "k": k, "i": i}
            for j in range(1, n_below + 1):
                values = {"kind": "W", "k": k, "i": i, "j": j}
                spots[columns[2 * k - 2][j - 1], f"a_{k},{i}"] = f"W_{k},{i},{j}", values
    return spots


def _name(kind, k, i, j):
    return f"W_{k},{i},{j}" if kind == "W" else f"b_{k},{i}"


def _sizes(architecture, question):
    sizes = layer_sizes(architecture)
    return sizes if question.output == "softmax" else [*sizes[:-1], 1]


def _target(target, n_outputs, question):
    if question.output == "softmax":
        label = min(max(round(target), 1), n_outputs)
        return one_hot([label - 1], n_outputs), f"true class {label}"
    if question.output == "sigmoid":
        yes = target > 0.5
        return np.array([[float(yes)]]), f"truth y = {yes:d} ({'yes' if yes else 'no'})"
    return np.array([[target]]), f"truth y = {_short(target)}"


def _headings(net, activation, task):
    headings = []
    for k in net.layers:
        headings += [f"W_{k} ({net.layer_sizes[k]}, {net.layer_sizes[k - 1]})", activation if k < net.L else net.loss.output]
    return [*headings, task.split(" + ")[1]]


def _story(name, old, change, before, after, changed):
    if not change:
        return f"{name} = {_short(old)}, unchanged: nothing is lit."
    head = f"{name} = {_short(old + change)} ({_short(old)} {'+' if change > 0 else '−'} {_short(abs(change))})"
    if not changed:
        return f"{head}: no other number moves."
    moves = [f"{quantity} {_from_to(before[quantity], after[quantity])}" for quantity in changed]
    if changed[-1] != "L":
        return f"{head}: {', '.join(moves)}. There it ends: the loss stays at {_short(after['L'])}."
    first, last = moves[:2], moves[-1].replace("L", "loss", 1)
    return f"{head}: {', '.join(first)}{', …' if len(moves) > 3 else ''}, {last}. {len(moves)} numbers moved."


def _from_to(old, new):
    digits = 2 if _short(old) != _short(new) else 4
    return f"{_short(old, digits)} → {_short(new, digits)}"


def _all_numbers(sizes, values):
    L = len(sizes) - 1
    names = ["x", *(name for k in range(1, L + 1) for name in (f"a_{k}", "ŷ" if k == L else f"h_{k}")), "loss"]
    columns = zip(names, computation_columns(sizes), strict=True)
    return "; ".join(f"{name} = {', '.join(_short(values[unit]) for unit in column)}" for name, column in columns)


def _layer_table(net, x, k, activation):
    trace = net.forward(x)
    below, g = ("x" if k == 1 else f"h_{k - 1}"), (activation if k < net.L else net.loss.output)
    rows = []
    for i in range(net.layer_sizes[k]):
        products = [
            f"{in_brackets(_short(weight, 3))} · {in_brackets(_short(h, 3))}"
            for weight, h in zip(net.W[k][i], trace.h[k - 1][:, 0], strict=True)
        ]
        total = " + ".join([*products, in_brackets(_short(net.b[k][i, 0], 3))])
        rows.append([f"a_{k},{i + 1}", total, _short(trace.a[k][i, 0], 3), _short(trace.h[k][i, 0], 3)])
    return table(
        ["unit", f"row of W_{k} · {below} + bias", f"= a_{k}", f"{g}(a_{k})"],
        rows,
        f"Layer {k} written out, rounded: a_{k} = W_{k} {below} + b_{k}",
    )


def _short(value, digits=2):
    """Return the number as a circle can hold it, with a true minus sign and without a negative zero."""
    return fixed(value, digits) if abs(value) < 1000 else significant(value, 2)


def limits(architecture, task, kind, k, **_):
    """Return which units the network has, and what is not asked of it.

    Parameters
    ----------
    architecture, task, kind, k
        As in ``forward_pass_picture``.

    Returns
    -------
    dict of str to int or str
        The largest value, or the reason why the control changes nothing.
    """
    n = _sizes(architecture, TASKS[task])
    k = min(k, len(n) - 1)
    found = {"k": len(n) - 1, "i": n[k], "j": n[k - 1] if kind == "W" else "only a weight comes from a unit"}
    return found | ({"x_3": "this network has two inputs"} if n[0] == 2 else {})


forward_pass_explorer = explorer(
    forward_pass_picture,
    limits=limits,
    architecture=Choice("architecture", "2-2-2", tuple(ARCHITECTURES)),
    task=Choice("task", next(iter(TASKS)), tuple(TASKS), more=True),
    activation=ACTIVATION,
    target=Number("target", 1.0, -3.0, 3.0, step=0.5, more=True),
    x_1=Number("x₁", 1.0, -3.0, 3.0, step=0.1),
    x_2=Number("x₂", -0.5, -3.0, 3.0, step=0.1, more=True),
    x_3=Number("x₃ (if any)", 0.5, -3.0, 3.0, step=0.1, more=True),
    seed=SEED,
    kind=Choice("change a", "W", ("W", "b"), more=True),
    k=Number("layer k", 1, 1, 3, more=True),
    i=Number("to unit i", 2, 1, 4, more=True),
    j=Number("from unit j", 1, 1, 4, more=True),
    change=Number("add to it", 0.0, -3.0, 3.0, step=0.1, film=(0.1, 12)),
)
