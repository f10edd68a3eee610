"""The path tracer: every path from a number to the loss, multiplied along the way and added up (lesson 02)."""

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from html import escape

import numpy as np

from utils.draw.computation import computation_columns, computation_headings, layer_sizes
from utils.draw.numbers import significant
from utils.draw.paths import path_diagram
from utils.draw.picture import table
from utils.exhibits.computation_graph import Edge, Graph, displayed, network_graph
from utils.explore.controls import SEED, Choice, Number, explorer, extending
from utils.explore.learners_backward import LearnersBackward
from utils.explore.learners_functions import NothingToShowError
from utils.explore.words import Words
from utils.nn.gradcheck import numerical_gradient
from utils.nn.network import FeedForwardNetwork

SMALL_GRAPHS = {"log(y₁/y₂)": (2, 3), "log(y₁y₃/y₂)": (2, 3, 4)}  # y_m = x to these powers
NETWORKS = ("1-2-2", "2-3-2", "3-2-2", "3-4-2", "2-2-2-2", "2-3-3-2")
OWN_NETWORKS = tuple(name for name in NETWORKS if name.count("-") == 2)  # with one hidden layer, as homework 4 has it
SETTINGS = {
    "softmax, cross-entropy": ("softmax", "cross_entropy"),
    "softmax, squared error": ("softmax", "squared_error"),
    "sigmoid, squared error": ("sigmoid", "squared_error"),
    "linear, squared error": ("linear", "squared_error"),
}
signed = partial(significant, digits=4, signed=True)
KINDS = {"weight W": "W", "bias b": "b", "pre-activation a": "a", "activation h": "h", "input x": "x"}
OTHER_INPUTS = (-0.5, 0.8)  # x_2 and x_3; x_1 has its control
STEP = 1e-5
LONGEST_TABLE = 12
CODE = "display:block;white-space:pre;overflow-x:auto;padding:6px"


@dataclass(frozen=True)
class Case:
    """A computation, where its paths begin and end, and two derivatives to compare their sum with.

    Attributes
    ----------
    graph, columns, headings, start, end
        As ``utils.draw.paths.path_diagram`` takes them.
    exact, method : float, str
        The derivative computed without walking any path, and how.
    numerical : float
        The central difference.
    measured : str
        Of what it is.
    """

    graph: Graph
    columns: list
    headings: list
    start: str
    end: str
    exact: float
    method: str
    numerical: float
    measured: str = "finite difference"


def log_case(powers, x):
    """Return the Case z = log(y_1/y_2), or log(y_1 y_3/y_2) with a third power, where y_m is a power of x.

    Parameters
    ----------
    powers : tuple of int
        Two or three powers, one for each y_m.
    x : float
        Above 0.

    Returns
    -------
    Case
    """
    signs = (1, -1, 1)[: len(powers)]
    names = [f"y_{m + 1}" for m in range(len(powers))]

    def z(at):
        return sum(sign * np.log(at**n) for sign, n in zip(signs, powers, strict=True))

    edges, values = [], {"x": x}
    for name, sign, n in zip(names, signs, powers, strict=True):
        values[name] = x**n
        edges += [Edge("x", name, n * x ** (n - 1)), Edge(name, "z", sign / x**n)]  # dy/dx and ∂z/∂y
    slope = sum(sign * n for sign, n in zip(signs, powers, strict=True))  # z = slope · log x
    return Case(
        Graph(edges, values | {"z": float(z(x))}),
        [["x"], names, ["z"]],
        ["dy/dx", "∂z/∂y"],
        "x",
        "z",
        slope / x,
        f"by hand {slope}/x".replace("-", "−"),
        float((z(x + STEP) - z(x - STEP)) / (2 * STEP)),
    )


@lru_cache(maxsize=32)
def network_case(sizes, setting, kind, k, i, j, x, seed):
    """Return the Case of one example through a fresh network.

    The target is the first class, e(1). Indices beyond the network become the nearest that exist.

    Parameters
    ----------
    sizes : str
        One of ``NETWORKS``.
    setting, kind, k, i, j, x, seed
        As for ``path_tracer_picture``.

    Returns
    -------
    Case
    """
    n = layer_sizes(sizes)
    output, loss = SETTINGS[setting]
    net = FeedForwardNetwork(n, output=output, loss=loss, seed=seed)
    inputs, y = _example(x, n)
    letter = KINDS[kind]
    k = {"x": 0, "h": min(k, net.L - 1)}.get(letter, min(k, net.L))
    i, j = min(i, n[k]), min(j, n[max(k - 1, 0)])
    return Case(
        network_graph(net, inputs, y),
        computation_columns(n),
        computation_headings(net.L),
        f"W_{k},{i},{j}" if letter == "W" else f"x_{i}" if letter == "x" else f"{letter}_{k},{i}",
        "L",
        matrix_derivative(net, inputs, y, letter, k, i, j),
        "backward",
        numerical_derivative(net, inputs, y, letter, k, i, j),
    )


def matrix_derivative(net, x, y, letter, k, i, j):
    """Return ∂L/∂v from ``net.backward``, for v = W_kij, b_ki, a_ki, h_ki or x_i.

    Parameters
    ----------
    net : FeedForwardNetwork
        The network.
    x : array, shape (n_0, 1)
        The example.
    y : array, shape (n_L, 1)
        Its target.
    letter : str
        "W", "b", "a", "h" or "x".
    k, i, j : int
        Which one, counted from 1; j matters for weights only.

    Returns
    -------
    float
    """
    gradients = net.backward(net.forward(x), y)
    if letter == "x":  # backward stops above the input; one more product leads there
        return float((net.W[1].mT @ gradients.a[1])[i - 1, 0])
    return float(getattr(gradients, letter)[k][i - 1, j - 1 if letter == "W" else 0])


def numerical_derivative(net, x, y, letter, k, i, j):
    """Return the same derivative by nudging v up and down.

    Parameters
    ----------
    net, x, y, letter, k, i, j
        As in ``matrix_derivative``.

    Returns
    -------
    float
    """
    if letter in "hx":  # the layers above h_k are a network of their own, and h_k is its input
        above = FeedForwardNetwork(net.layer_sizes[k:], output=net.loss.output, loss=net.loss.name)
        layers = range(1, above.L + 1)
        above = above.with_parameters({m: net.W[k + m] for m in layers}, {m: net.b[k + m] for m in layers})
        h_k, nudge = net.forward(x).h[k], np.zeros((net.layer_sizes[k], 1))
        nudge[i - 1] = STEP
        up, down = (above.loss(above.forward(h_k + step), y) for step in (nudge, -nudge))
        return float((up - down) / (2 * STEP))
    name = "b" if letter == "a" else letter  # a_k = W_k h_{k−1} + b_k: a nudge of b_ki is one of a_ki
    return float(numerical_gradient(net, x, y, name, k)[i - 1, j - 1 if letter == "W" else 0])


def path_tracer_picture(graph, setting, kind, k, i, j, path, x, seed):
    """Return the picture: the computation with its paths lit, their products, and the sum compared.

    Parameters
    ----------
    graph : str
        A name in ``SMALL_GRAPHS``, whose paths begin at x, or one of ``NETWORKS``.
    setting : str
        Output and loss of the network, a name in ``SETTINGS``.
    kind : str
        Where the paths begin, a name in ``KINDS``.
    k, i, j : int
        Which one: W_kij from unit j of layer k−1 to unit i of layer k; b_ki, a_ki, h_ki or x_i.
    path : int
        0 lights all paths, n only the n-th; beyond the last, the last.
    x : float
        The input x, or the network's x_1.
    seed : int
        Seed of the network's weights.

    Returns
    -------
    Picture
    """
    small = graph in SMALL_GRAPHS
    case = log_case(SMALL_GRAPHS[graph], x) if small else network_case(graph, setting, kind, k, i, j, x, seed)
    return _shown(case, path, f"{graph} at x = {x:g}" if small else f"Network {graph} ({setting})", "d" if small else "∂")


def learners_paths_picture(own, graph, seed, kind, k, i, j, path, x):
    """Return the picture of the paths beside a learner's own ``backward``: their sum, its answer, and the finite difference.

    What it cannot be drawn from is said in words, in the place of the picture.

    Parameters
    ----------
    own : LearnersBackward
        The learner's functions.
    graph : str
        One of ``OWN_NETWORKS``; None where the learner has given parameters.
    seed : int
        Of weights and biases; None where the learner has given parameters.
    kind, k, i, j, path, x
        As for ``path_tracer_picture``: a weight or a bias.

    Returns
    -------
    Picture or Words
    """
    net = own.network(graph and layer_sizes(graph), seed)
    n, letter = net.layer_sizes, KINDS[kind]
    i, j = min(i, n[k]), min(j, n[k - 1])
    inputs, y = _example(x, n)
    try:
        claimed, numerical = own.derivatives(net, inputs, y, letter, k, i, j)
        report = own.report(net, seed or 0)
    except NothingToShowError as problem:
        return Words(str(problem))
    case = Case(
        network_graph(net, inputs, y),
        computation_columns(n),
        computation_headings(2),
        f"W_{k},{i},{j}" if letter == "W" else f"b_{k},{i}",
        "L",
        claimed,
        "your backward",
        numerical,
        "finite difference of your forward" if own.forward else "finite difference",
    )
    picture = _shown(case, path, f"Network {'-'.join(map(str, n))} (sigmoid, softmax, cross-entropy)", kinds={})
    told = "All entries together, for five examples at once: "
    if report.ok:
        told += "your backward agrees with the finite differences."
    else:
        wrong, worst = ", ".join(f"∂𝓛/∂{row.name}_{row.k}" for row in report.rows if row.n_wrong), report.worst
        told += f"{wrong} differ. {worst.symbol}: {case.method} {signed(worst.backward)}, {case.measured} {signed(worst.numerical)}."
    entries = f'<details><summary>Your backward, entry by entry</summary><code style="{CODE}">{escape(str(report))}</code></details>'
    return replace(picture, alt=f"{picture.alt} {told}", caption=f"{picture.caption} {told}", details=entries + picture.details)


def _example(x, sizes):
    """Return the inputs and the target e(1) of the one example, as columns."""
    return np.array([[x], *([other] for other in OTHER_INPUTS)])[: sizes[0]], np.eye(sizes[-1])[:, :1]


def _shown(case, path, story, d="∂", kinds=KINDS):
    paths = case.graph.paths(case.start, case.end)
    number = min(path, len(paths))
    total = sum(each.product for each in paths)
    agree = np.allclose([case.exact, case.numerical], total, rtol=1e-4, atol=1e-9)
    comparison = (
        f"sum of the paths {signed(total)}, {case.method} {signed(case.exact)}, {case.measured} {signed(case.numerical)}: "
        f"{'all three agree' if agree else 'THEY DIFFER'}"
    )
    highlighted = "The only path is lit." if len(paths) == 1 else f"Path {number} is lit." if number else "All are lit."
    caption = (
        f"{d}{displayed(case.end)}/{d}{case.start} has {len(paths)} path{'s' * (len(paths) > 1)}; {comparison}. {highlighted} "
        "Thicker: the products of the lit paths through this line add up to more. Dashed: they add up to something negative, even where "
        "the number on the line is positive."
    )
    spots = _spots(case.columns, kinds) if case.end == "L" else {}
    picture = path_diagram(case.graph, case.columns, case.start, case.end, number, case.headings, spots)
    return replace(picture, alt=f"{story}. {picture.alt} The {comparison}.", caption=caption, details=_path_table(paths, number, total))


def _spots(columns, kinds):
    """Return where paths can be made to begin by touching it: every circle before ŷ that is of these kinds, and every weight."""
    spots = {}
    for kind, letter in kinds.items():
        for name in (name for column in columns for name in column if name.startswith(f"{letter}_")):
            *k, i = map(int, name[2:].split(","))
            spots[name] = name, {"kind": kind, "i": i, "path": 0} | ({"k": k[0]} if k else {})
    for left, right in zip(columns[0:-2:2], columns[1:-2:2], strict=True):
        for i, end in enumerate(right, start=1):
            k = int(end[2:].split(",")[0])
            spots |= {
                (start, end): (f"W_{k},{i},{j}", {"kind": "weight W", "k": k, "i": i, "j": j, "path": 0})
                for j, start in enumerate(left, start=1)
            }
    return spots


def _path_table(paths, number, total):
    shown = sorted({*range(1, min(len(paths), LONGEST_TABLE) + 1)} | ({number} if number else set()))
    rows = [
        [
            f"{'▶ ' * (n == number)}{n}",
            str(p),
            " · ".join(significant(e.derivative) for e in p.edges),
            signed(p.product),
        ]
        for n, p in ((n, paths[n - 1]) for n in shown)
    ]
    if len(paths) > len(shown):
        rest = total - sum(paths[n - 1].product for n in shown)
        rows.append(["…", f"and {len(paths) - len(shown)} more", "", signed(rest)])
    rows.append(["sum", f"of all {len(paths)}" if len(paths) > 1 else "of one", "", signed(total)])
    return table(["path", "nodes", "local derivatives", "product"], rows, "Every path, multiplied along the way and added up")


def limits(graph, setting, kind, k, i, j, x, seed, **_):
    """Return which units the network has, how many paths there are, and what a small graph has no use for.

    Parameters
    ----------
    graph, setting, kind, k, i, j, x, seed
        As in ``path_tracer_picture``.

    Returns
    -------
    dict of str to int or str
        The largest value, or the reason why the control changes nothing.
    """
    if graph in SMALL_GRAPHS:
        reason = f"{graph} is no network; its paths begin at x"
        return dict.fromkeys(("setting", "kind", "k", "i", "j", "seed"), reason) | {"path": len(SMALL_GRAPHS[graph])}
    n, letter = layer_sizes(graph), KINDS[kind]
    deepest = len(n) - 1 - (letter == "h")
    k = 0 if letter == "x" else min(k, deepest)
    case = network_case(graph, setting, kind, k, i, j, x, seed)
    return {
        "k": "the input has no layer to choose" if letter == "x" else deepest,
        "i": n[k],
        "j": n[k - 1] if letter == "W" else "only a weight comes from a unit",
        "path": len(case.graph.paths(case.start, case.end)),
    }


def own_limits(own, graph, kind, k, i, j, **_):
    """Return which units a network under a learner's ``backward`` has, and how many paths there are.

    Parameters
    ----------
    own, graph, kind, k, i, j
        As in ``learners_paths_picture``.

    Returns
    -------
    dict of str to int or str
        The largest value, or the reason why the control changes nothing.
    """
    n = own.sizes or layer_sizes(graph)
    every_unit_above = n[2] * n[2]  # each output sends through the softmax to each ŷ
    return {
        "i": n[k],
        "j": n[k - 1] if KINDS[kind] == "W" else "only a weight comes from a unit",
        "path": n[2] if k == 2 else every_unit_above,
    }


_CONTROLS = {
    "graph": Choice("graph", "2-3-2", (*SMALL_GRAPHS, *NETWORKS)),
    "setting": Choice("output, loss", "softmax, squared error", tuple(SETTINGS), more=True),
    "kind": Choice("start at", "weight W", tuple(KINDS)),
    "k": Number("layer k", 1, 1, 3, more=True),
    "i": Number("unit i", 3, 1, 4, more=True),
    "j": Number("from unit j", 1, 1, 4, more=True),
    "path": Number("path (0: all)", 0, 0, 36, film=(1, 0.8)),
    "x": Number("x, or x₁", 1.5, 0.2, 3.0, step=0.1),
    "seed": SEED,
}
_OWN_CONTROLS = {name: control for name, control in _CONTROLS.items() if name != "setting"} | {
    "graph": Choice("graph", "2-3-2", OWN_NETWORKS),
    "kind": Choice("start at", "weight W", ("weight W", "bias b")),
    "k": Number("layer k", 1, 1, 2, more=True),
}
_courses = explorer(path_tracer_picture, limits=limits, **_CONTROLS)


@extending(_courses)
def path_tracer_explorer(*, backward=None, forward=None, parameters=None, **start):
    """Return the explorer: every path from a number to the loss, multiplied along the way and added up.

    Parameters
    ----------
    backward : callable, optional
        A function of the learner's own, ``backward(x, y, W1, b1, W2, b2)`` as in homework 4. What it returns is set beside the sum of
        the paths, right or wrong. Without it the course's networks and small graphs are shown.
    forward : callable, optional
        With ``backward``: ``forward(x, W1, b1, W2, b2)`` → ŷ as in homework 1, of which the finite difference is then taken.
    parameters : sequence of array, optional
        With ``backward``: the learner's own W1, b1, W2, b2 in the place of random ones.
    **start
        Values of controls to begin with, by name.

    Returns
    -------
    Panel

    Raises
    ------
    TypeError
        When ``backward`` or ``forward`` is no function, or ``backward`` is missing beside the other two.
    ValueError
        For a name that is no control, for a value that its control does not allow, and for parameters that cannot be drawn.
    """
    if backward is None:
        if forward is not None or parameters is not None:
            raise TypeError("forward and parameters stand beside a backward: path_tracer_explorer(backward=backward, forward=forward).")
        return _courses(**start)
    own = LearnersBackward(backward, forward, parameters)
    given = (own, None, None) if own.sizes else (own,)
    controls = {name: control for name, control in _OWN_CONTROLS.items() if not own.sizes or name not in ("graph", "seed")}
    if own.sizes:
        controls["i"] = replace(controls["i"], value=1)
    return explorer(partial(learners_paths_picture, *given), limits=partial(own_limits, *given[:2]), **controls)(**start)
