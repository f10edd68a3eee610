"""The bug laboratory: train a network with an unknown bug, read the evidence, commit to a diagnosis (lesson 08).

A press of a key costs what it changes: runs, checks and pictures are kept, each under the values on which it depends.
"""

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from html import escape
from random import Random

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from utils.data import four_blobs, one_hot
from utils.draw.frames import EndLabels, Frame
from utils.draw.picture import Picture, table, with_indices
from utils.draw.plots import DecisionMap, ring_strength
from utils.draw.style import CLASSES, COMPARISON, FINE_GRID, INK, MUTED, WRONG, course_style
from utils.exhibits.bugs import (
    A_K,
    BUGS,
    GRAD_A_K,
    GRAD_A_L,
    GRAD_B_K,
    GRAD_H_K,
    GRAD_W_K,
    KINDS,
    NETWORKS,
    PLACES,
    RETURN,
    BuggyNetwork,
)
from utils.explore.controls import Choice, Number, explorer
from utils.nn.gradcheck import Row, numerical_gradient
from utils.nn.network import Gradients, Trace
from utils.nn.training import gradient_descent

WIDTH, HEIGHT = 750, 300  # pixels
GRID_POINTS = 40  # the surface is computed on 40 × 40 points
POINTS, EPOCHS, SEED = 200, 200, 1
IN_THE_CHECK = 25  # examples of the gradient check; with 20, errors of 1 − 1/20 would be shown as the last digit wills
ROUNDING = 1e-10  # of a finite difference with ε = 1e-5
LOSS_RANGE = (0.1, 10)  # the same axis for every case; ▲ where a loss is larger
ERROR_RANGE = (1e-12, 10)
SUSPECT_COLOR, TRUE_COLOR = INK, COMPARISON

# Shuffled, so that the number gives nothing away; a later bug comes last, so that lesson 08 can call cases by their numbers.
CASES = (*Random(82).sample(BUGS[:20], 20), *BUGS[20:])
UNDECIDED = "—"  # no diagnosis yet
LAYERS = ("the output layer", "one below the output", "two below the output", "no layer")
MAPS = ("of the suspect", "of the true code")
WIDTHS = ("equal", "uneven")
UNEVEN = {"laboratory": [2, 5, 3, 4], "squared error": [2, 5, 3, 4], "session": [2, 3, 4]}
REPAIRS = {  # line → the statements of the true code that it means
    "h_0 = x": ("a, h = [None], [x]",),
    "a_k = W_k h_k−1 + b_k": (A_K,),
    "ŷ = softmax(a_L)": ("return e / e.sum(-2, keepdims=True)",),
    "∂𝓛/∂a_L": (GRAD_A_L, "grad_y_hat = 2 * _difference(y_hat, y)"),
    "∂𝓛/∂W_k": (GRAD_W_K,),
    "∂𝓛/∂b_k": (GRAD_B_K,),
    "∂𝓛/∂h_k": (GRAD_H_K,),
    "∂𝓛/∂a_k": (GRAD_A_K,),
    "what is returned": (RETURN,),
}


def bug_lab_picture(case, learning_rate, widths, repair, layer, place, kind, surface):
    """Return the picture of a case: map, loss curves, gradient check; the answer follows when the diagnosis is complete.

    Parameters
    ----------
    case : int
        1 … number of cases.
    learning_rate : float
        Step length of both runs, and of codes that update in the middle of the backward pass.
    widths : str
        Whether all layers are equally wide: one of ``WIDTHS``.
    repair : str
        The line that gets its true statement, one of ``REPAIRS``; or "—".
    layer, place, kind : str
        The diagnosis: one of ``LAYERS``, of the values of ``PLACES``, of ``KINDS``; or "—".
    surface : str
        Whose map is drawn: one of ``MAPS``.

    Returns
    -------
    Picture
    """
    bug = CASES[case - 1]
    bugs = () if bug.true in REPAIRS.get(repair, ()) else (bug,)
    found = evidence(bug.network, bugs, learning_rate, widths)
    png, drawn = _drawn(found, surface)
    return Picture(
        png,
        f"Case {case}. {drawn}",
        WIDTH,
        caption=_caption(case, found, repair),
        details=_verdict(bug, learning_rate, layer, place, kind, changed=(widths, repair) != (WIDTHS[0], UNDECIDED)) + _tables(found),
    )


@dataclass(frozen=True, eq=False)
class Run:
    """What is kept of a training.

    Attributes
    ----------
    epochs, loss : ndarray
        At each record.
    net : BuggyNetwork
        As it is in the end.
    accuracy : float
        Of that, on the points that it was trained on.
    """

    epochs: np.ndarray
    loss: np.ndarray
    net: BuggyNetwork
    accuracy: float


@dataclass(frozen=True, eq=False)
class Check:
    """What nudging says about a network as it begins, and what its own backward says.

    Attributes
    ----------
    rows : list of Row
        The gradient check, from the output down.
    trace, claimed : Trace, Gradients
        What forward and backward of the suspect return.
    measured : dict
        (v, k) → finite differences of W_k, b_k, and of a_k and h_k on the way back, in that order.
    """

    rows: list
    trace: Trace
    claimed: Gradients
    measured: dict

    def pair(self, v, k):
        """Return what backward says about ∂𝓛/∂v_k, and the finite difference.

        Parameters
        ----------
        v : str
            "W", "b", "a" or "h".
        k : int
            The layer.

        Returns
        -------
        array, array
        """
        return getattr(self.claimed, v)[k], self.measured[v, k]

    @cached_property
    def first_off(self):
        """Return (v, k) of the first gradient on the way back, ∂𝓛/∂a_L, ∂𝓛/∂h_L−1, …, that is wrong; None where all agree."""
        return next((key for key in self.measured if key[0] in "ah" and _off(*self.pair(*key)) > 1e-4), None)

    @cached_property
    def accused(self):
        """Return (v, k) of all parameters with a wrong gradient, from the output down."""
        return [(row.name, row.k) for row in self.rows if row.n_wrong]

    @cached_property
    def ratios(self):
        """Return backward's number divided by the finite difference, for every entry of every accused gradient that is not about 0."""
        ratios = []
        for key in self.accused:
            claimed, measured = self.pair(*key)
            unlike = np.abs(claimed - measured) > 1e-4 * np.maximum(np.abs(claimed), np.abs(measured)).max()
            with np.errstate(divide="ignore"):
                ratios.append(claimed[unlike] / np.where(np.abs(measured) > 1e-9, measured, 0)[unlike])
        return np.concatenate(ratios) if ratios else np.zeros(0)

    @cached_property
    def same_ratio(self):
        """Return the ratio that all wrong entries share; None where they share none."""
        ratios = self.ratios
        if not ratios.size or not np.isfinite(ratios).all() or np.ptp(ratios) > 1e-3 * np.abs(ratios).max():
            return None
        return float(ratios.mean())

    @cached_property
    def columns_add_up(self):
        """Return whether every column of ŷ adds up to 1."""
        return np.allclose(self.trace.y_hat.sum(-2), 1)

    @cached_property
    def unused(self):
        """Return the biases to which the loss does not react, as texts; none where it reacts to no bias of a layer at all."""
        still = {k: np.flatnonzero(np.abs(v) < 1e-9) for (name, k), v in self.measured.items() if name == "b"}
        return [f"b_{k},{i + 1}" for k, places in still.items() if len(places) < len(self.measured["b", k]) for i in places]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What can be known about a case without reading its code: two runs, and the check.

    Attributes
    ----------
    true : Run
        Of the true code.
    suspect : Run or None
        None where the suspect crashes, as is ``check``.
    check : Check or None
        Before the first step.
    crash : str
        Python's words, where the suspect crashes.
    """

    true: Run
    suspect: Run | None = None
    check: Check | None = None
    crash: str = ""

    @property
    def same_curve(self):
        """Return whether both runs have the same losses."""
        return np.allclose(self.suspect.loss, self.true.loss, rtol=1e-9)


@lru_cache(maxsize=256)
def evidence(network, bugs, learning_rate, widths=WIDTHS[0]):
    """Return the Evidence about a network with bugs, from the same weights as the true code.

    Parameters
    ----------
    network : str
        A name in ``NETWORKS``.
    bugs : tuple of Bug
        What is wrong with it; () for the true code.
    learning_rate, widths
        As in ``bug_lab_picture``.

    Returns
    -------
    Evidence
    """
    true = _train(network, (), learning_rate, widths)
    if crash := _crash(network, bugs, widths):
        return Evidence(true, crash=crash)
    return Evidence(
        true, _train(network, bugs, learning_rate, widths), _check(network, bugs, _rate_that_counts(bugs, learning_rate), widths)
    )


def _rate_that_counts(bugs, learning_rate):
    """Return the learning rate where it changes a gradient, 1 elsewhere: so that another one is no new check."""
    return learning_rate if any("learning_rate" in bug.wrong for bug in bugs) else 1.0


@lru_cache(maxsize=64)
def _check(network, bugs, learning_rate, widths):
    x, y, _ = _data()
    x, y = x[:, :IN_THE_CHECK], y[:, :IN_THE_CHECK]
    net = _fresh(network, bugs, learning_rate, widths)
    trace = net.forward(x)
    claimed = net.backward(trace, y)
    measured = {(v, k): numerical_gradient(net, x, y, v, k) for k in reversed(net.layers) for v in "Wb"}
    rows = [_row(v, k, getattr(claimed, v)[k], differences) for (v, k), differences in measured.items()]
    return Check(rows, trace, claimed, measured | _on_the_way(net, trace, y))


def _row(v, k, claimed, measured):
    """Return the row of ``check_gradients`` for smooth units and numbers of ordinary size, where one step ε is enough for every entry."""
    difference, larger = np.abs(claimed - measured), np.maximum(np.abs(claimed), np.abs(measured))
    error = np.where(difference > ROUNDING, difference / np.maximum(larger, ROUNDING), 0)
    wrong = error > 1e-5
    size = error if wrong.any() else np.abs(claimed)
    worst = np.unravel_index((size >= 0.99 * size.max()).argmax(), size.shape)
    return Row(v, k, worst, float(claimed[worst]), float(measured[worst]), float(error.max()), int(wrong.sum()), 0, error.size)


def _on_the_way(net, trace, y, step=1e-5):
    """Return ∂𝓛/∂a_k and ∂𝓛/∂h_k by central differences, in the order of the way back: (v, k) → array."""
    measured = {}
    for name, k in [(name, k) for k in reversed(net.layers) for name in "ha" if (name, k) != ("h", net.L)]:
        v = getattr(trace, name)[k]
        nudges = step * np.concatenate([np.eye(v.size), -np.eye(v.size)]).reshape(-1, *v.shape)
        a, h = list(trace.a), list(trace.h)
        if name == "a":
            a[k] = v + nudges
        h[k] = net.g[k](a[k]) if name == "a" else v + nudges
        for m in range(k + 1, net.L + 1):
            a[m] = trace.a[m] + net.W[m] @ (h[m - 1] - trace.h[m - 1])  # whatever bias the forward pass has used
            h[m] = net.g[m](a[m])
        up, down = np.split(net.loss(Trace(a, h), y), 2)
        measured[name, k] = ((up - down) / (2 * step)).reshape(v.shape)
    return measured


@lru_cache(maxsize=256)
def _crash(network, bugs, widths=WIDTHS[1]):
    """Return the words with which Python stops where shapes do not fit; "" where it runs."""
    x, y, _ = _data()
    net = _fresh(network, bugs, 1.0, widths)
    try:
        net.backward(net.forward(x), y)
    except (ValueError, IndexError) as problem:
        return str(problem)
    return ""


def _fresh(network, bugs, learning_rate, widths):
    settings = NETWORKS[network] | ({"layer_sizes": UNEVEN[network]} if widths == WIDTHS[1] else {})
    return BuggyNetwork(bugs=bugs, learning_rate=learning_rate, seed=SEED, **settings)


@lru_cache(maxsize=128)
def _train(network, bugs, learning_rate, widths):
    x, y, _ = _data()
    net = _fresh(network, bugs, learning_rate, widths)
    history = gradient_descent(net, x, y, learning_rate, EPOCHS, record_every=5)
    net = history.at(-1)
    with np.errstate(all="ignore"):  # a run that diverged overflows
        return Run(history.epochs, history.loss, net, net.accuracy(x, y))


@cache
def _data():
    X, labels = four_blobs(POINTS)
    return np.ascontiguousarray(X.T), one_hot(labels, 4), labels


# What the evidence says


def answer(bug):
    """Return the right diagnosis of a bug, as the controls offer it.

    Parameters
    ----------
    bug : Bug
        The case.

    Returns
    -------
    layer, place, kind : str
    """
    L = len(NETWORKS[bug.network]["layer_sizes"]) - 1
    layer = LAYERS[-1] if bug.first_wrong_layer is None else LAYERS[L - bug.first_wrong_layer]
    return layer, PLACES[bug.place], bug.kind


def unfit(bug, learning_rate, layer, place, kind):
    """Return what in the evidence contradicts each part of a diagnosis.

    Parameters
    ----------
    bug : Bug
        The case.
    learning_rate : float
        That of the runs.
    layer, place, kind : str
        The diagnosis.

    Returns
    -------
    tuple of str
        A reason for each of the three, empty where nothing contradicts.
    """
    found = evidence(bug.network, (bug,), learning_rate)
    against = _against_layer(found, layer), _against_place(found, place, bug), _against_kind(found, kind, bug, learning_rate)
    return tuple(next((reason for fits, reason in reasons if not fits), "") for reasons in against)


def _against_layer(found, layer):
    accused, L = found.check.accused, found.check.rows[0].k
    first = accused[0][1] if accused else 0
    if layer == LAYERS[-1]:
        return [(not accused, f"The check accuses {_names(accused)}.")]
    k = L - LAYERS.index(layer)
    return [
        (k >= 1, f"This network has {L} layers only."),
        (any(m == k for _, m in accused), f"The check finds nothing wrong in W_{k} and b_{k}."),
        (k >= first, f"Layer {first} is wrong already, and it comes before on the way back."),
    ]


def _against_place(found, place, bug):
    check = found.check
    L, first, names = check.rows[0].k, check.first_off, {v for v, _ in check.accused}
    unused = f"The loss does not react to {', '.join(check.unused)}: the forward pass does not use it."
    sums = "The columns of ŷ do not add up to 1: the forward pass is wrong, before any gradient."
    already = first and f"∂𝓛/∂{first[0]}_{first[1]} is wrong already, and ∂𝓛/∂W_k and ∂𝓛/∂b_k are made of the ∂𝓛/∂a_k."
    return {
        "forward pass": [
            (
                not _same_forward(found.check, bug),
                "The finite differences come from the forward pass alone, and they are those of the true code.",
            ),
        ],
        "first gradient": [
            (first == ("a", L), f"∂𝓛/∂a_{L} agrees with its finite difference."),
            (check.columns_add_up, sums),
        ],
        "way back": [
            (first is not None, "Every ∂𝓛/∂h_k and ∂𝓛/∂a_k agrees with its finite difference."),
            (first != ("a", L), f"∂𝓛/∂a_{L} is wrong already, before the way back begins."),
        ],
        "weights": [(first is None, already), ("W" in names, "Every ∂𝓛/∂W_k agrees with its finite difference.")],
        "biases": [
            (first is None, already),
            ("b" in names, "Every ∂𝓛/∂b_k agrees with its finite difference."),
            ("W" not in names, "The check accuses weights too, and their gradients do not use this line."),
            (not check.unused, unused),
        ],
        "no line": [
            (not check.accused, f"The check accuses {_names(check.accused)}."),
            (found.same_curve, "The two loss curves differ, so something is wrong."),
        ],
    }[next(name for name, words in PLACES.items() if words == place)]


def _against_kind(found, kind, bug, learning_rate):
    check, L = found.check, found.check.rows[0].k
    crash = _crash(bug.network, (bug,))
    moves = _moves(bug, learning_rate)
    h_first = check.first_off == ("h", L - 1)
    a_first = check.first_off is not None and check.first_off[0] == "a"
    weights = any(v == "W" for v, _ in check.accused)
    zero = bool(check.accused) and not any(check.pair(*key)[0].any() for key in check.accused)
    ratio = check.same_ratio
    every_bias_alike = all(np.ptp(check.claimed.b[k]) < 1e-12 for k in range(1, L + 1))
    below_alike = all(np.ptp(check.claimed.a[k], axis=-2).max() < 1e-12 for k in range(1, L))
    slope_left_out = a_first and check.first_off[1] < L and np.array_equal(check.claimed.a[L - 1], check.claimed.h[L - 1])
    one_example = not _rank_above_one(check.claimed.W[L]) and _rank_above_one(check.measured["W", L])
    twice = not check.accused and not found.same_curve and np.allclose(*check.claimed.W[1].T)
    without_transpose = not crash or not h_first
    return {
        "sign": [(ratio is not None and abs(ratio + 1) < 1e-3, "A wrong sign gives the ratio −1 in every wrong entry.")],
        "factor": [
            (not zero, "`backward` says 0 in every wrong entry: there is nothing that a factor could have changed."),
            (ratio is not None, "A factor gives the same ratio in every wrong entry."),
            (ratio is None or abs(ratio + 1) > 1e-3, "The ratio is −1: the size is right."),
        ],
        "transpose": [
            (bool(crash), "A missing transpose crashes with uneven widths, and this runs."),
            (h_first, f"∂𝓛/∂h_{L - 1} = W_{L}ᵀ ∂𝓛/∂a_{L} agrees with its finite difference: its transpose is there."),
        ],
        "axis": [
            (not zero, "`backward` says 0 in every layer; a sum over the wrong entries is 0 at the output alone."),
            (
                not check.columns_add_up or (every_bias_alike and not weights),
                "Such a sum shows in columns of ŷ that do not add up to 1, or in biases of a layer that all get the same, "
                "with all weights right.",
            ),
        ],
        "order": [(moves, "The gradients do not change with the learning rate.")],
        "derivative": [
            (not moves, "The gradients change with the learning rate, and the derivative of another function would not."),
            (a_first, "The derivatives stand in ∂𝓛/∂a_k, and that is not the first gradient on the way back which is wrong."),
            (not crash, "With uneven widths it crashes, and a slope of the right layer has the right shape."),
            (check.columns_add_up, "The columns of ŷ do not add up to 1: the forward pass is wrong, before any derivative."),
            (ratio is None, "The ratio is the same in every wrong entry; another derivative changes each in its own way."),
            (not slope_left_out, f"∂𝓛/∂a_{L - 1} is equal to ∂𝓛/∂h_{L - 1}: there is no derivative at all."),
            (not below_alike, "All units of a layer below the output get the same gradient; slopes differ from unit to unit."),
        ],
        "missing term": [
            (
                zero or slope_left_out or one_example,
                "What is left out shows as 0 in every wrong entry, as ∂𝓛/∂a_k equal to ∂𝓛/∂h_k, or as ∂𝓛/∂W_k of one example alone.",
            )
        ],
        "wrong index": [
            (without_transpose, f"∂𝓛/∂h_{L - 1} is W_{L} ∂𝓛/∂a_{L}: the right quantities, without the transpose."),
            (
                bool(crash or check.unused or twice),
                "Another layer crashes with uneven widths; another unit or input leaves one without effect, "
                "a bias with the finite difference 0 or an input that draws no border.",
            ),
        ],
        "product": [
            (weights, "A dot product on the way back reaches the weights below, and the check accuses none."),
            (below_alike, "A dot product gives all units of a layer the same gradient."),
        ],
        "harmless": [(not check.accused and found.same_curve, "Then all gradients agree, and the two loss curves are one.")],
    }[kind]


def _same_forward(check, bug):
    """Return whether the finite differences are those of the true code."""
    true = _check(bug.network, (), 1.0, WIDTHS[0]).measured
    return all(np.allclose(check.measured[key], true[key], rtol=1e-4, atol=1e-8) for key in true if key[0] in "Wb")


def _moves(bug, learning_rate):
    """Return whether another learning rate gives other gradients, from the same weights."""
    first, second = (
        _check(bug.network, (bug,), _rate_that_counts((bug,), rate), WIDTHS[0]).claimed for rate in (learning_rate, learning_rate / 2)
    )
    return not np.array_equal(first.b[1], second.b[1])


def _rank_above_one(matrix):
    sizes = np.linalg.svd(matrix, compute_uv=False)
    return sizes[1] > 1e-9 * sizes[0]


def _names(accused):
    return ", ".join(f"∂𝓛/∂{v}_{k}" for v, k in accused)


def _off(claimed, measured):
    return np.linalg.norm(claimed - measured) / max(np.linalg.norm(measured), 1e-12)


# Below the picture


def _verdict(bug, learning_rate, layer, place, kind, changed):
    if UNDECIDED in (layer, place, kind):
        return "<p>A diagnosis has three parts: <b>first wrong</b>, <b>line</b> and <b>kind</b>. Choose all, and the answer unfolds.</p>"
    right = answer(bug)
    names = ("first wrong", "line", "kind")
    against = unfit(bug, learning_rate, layer, place, kind)
    marks = [
        f"✓ {name}: {truth}" if given == truth else f"✗ {name}: you said “{given}”. {why} It is “{truth}”."
        for name, given, truth, why in zip(names, (layer, place, kind), right, against, strict=True)
    ]
    score = sum(given == truth for given, truth in zip((layer, place, kind), right, strict=True))
    where = "<p>What speaks against a part is seen with equal widths, and without a repair.</p>" if changed and score < 3 else ""
    return (
        f"<p><b>{score} of 3.</b> It is “{escape(bug.name)}”: {with_indices(bug.story)}</p>"
        f"<ul>{''.join(f'<li>{with_indices(mark)}</li>' for mark in marks)}</ul>{where}"
        f'<pre style="white-space:pre-wrap">wrong  {_aligned(bug.wrong)}\ntrue   {_aligned(bug.true)}</pre>'
        f"<p>How one could know: {with_indices(bug.clue)} (The kind means: {escape(KINDS[bug.kind])}.)</p>"
    )


def _aligned(statements):
    return escape(statements.replace("\n", "\n       "))


@lru_cache(maxsize=64)
def _tables(found):
    if found.crash:
        return ""
    check = found.check
    rows = [
        [
            f"∂𝓛/∂{row.name}_{row.k}",
            f"{row.n_wrong} of {row.size}",
            f"{row.error:.0e}" if row.n_wrong else "—",
            row.symbol,
            f"{row.backward:+.5f}",
            f"{row.numerical:+.5f}",
            f"{round(row.backward / row.numerical, 3) + 0.0:g}" if abs(row.numerical) > 1e-9 else "—",
        ]
        for row in check.rows
    ]
    headings = ["gradient", "wrong", "largest error", "at", "backward", "finite difference", "ratio"]
    biases = [
        [f"∂𝓛/∂b_{k}", *(", ".join(f"{entry:+.4f}" for entry in values.ravel() + 0.0) for values in check.pair("b", k))]
        for v, k in check.measured
        if v == "b"
    ]
    inner = [[f"∂𝓛/∂{v}_{k}", f"{_off(*check.pair(v, k)):.0%}", _range(*check.pair(v, k))] for v, k in check.measured if v in "ah"]
    slopes = [
        [f"∂𝓛/∂a_{k} : ∂𝓛/∂h_{k}", *(_range(a, h) for a, h in zip(check.pair("a", k), check.pair("h", k), strict=True))]
        for v, k in check.measured
        if v == "h"
    ]
    sums = [[f"sum of each {name} of ŷ", _range(check.trace.y_hat.sum(axis), 1.0)] for name, axis in (("column", -2), ("row", -1))]
    return (
        table(headings, rows, f"The gradient check on {IN_THE_CHECK} examples, from the output down: the worst entry of each gradient")
        + table(["gradient", "backward", "finite difference"], biases, "All bias gradients, entry by entry")
        + table(["gradient", "off by", "ratio of backward to finite difference"], inner, "On the way back")
        + table(["quotient: the slope g′", "backward", "finite difference"], slopes, "From ∂𝓛/∂h_k to ∂𝓛/∂a_k")
        + table(["forward pass", ""], sums, "The probabilities")
    )


def _range(claimed, measured):
    """Return the smallest and the largest quotient of two arrays as a text, without entries that are nearly 0."""
    claimed, measured = np.broadcast_arrays(claimed, measured)
    large = np.abs(measured) > 1e-3 * np.abs(measured).max()
    ratios = claimed[large] / measured[large] + 0.0
    if np.ptp(ratios) <= 1e-3 * np.abs(ratios).max():
        return f"{round(float(ratios.mean()), 3) + 0.0:g} everywhere".replace("-", "−")
    return f"from {ratios.min():.2g} to {ratios.max():.2g}".replace("-", "−")


# The picture


@lru_cache(maxsize=32)
def _drawn(found, surface):
    """Return the picture of an Evidence, and what it shows in words."""
    net = (found.true if found.crash or surface == MAPS[1] else found.suspect).net
    x, _, labels = _data()
    wrong = net.predict(x) != labels
    return _stage(net.L).draw(found, net, wrong), _alt(found, surface, wrong)


@cache
def _stage(L):
    return Stage(L)


class Stage:
    """The figure for networks of L layers: map, loss curves and errors of the gradient check."""

    @course_style()
    def __init__(self, L):
        self.x, _, self.labels = _data()
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        plane = figure.add_axes((0.05, 0.15, 0.27, 0.75))
        curve = figure.add_axes((0.395, 0.15, 0.18, 0.75))
        check = figure.add_axes((0.72, 0.15, 0.265, 0.75))

        low, high = self.x.min(-1) - 0.5, self.x.max(-1) + 0.5
        plane.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        grid = np.meshgrid(*(np.linspace(*ends, GRID_POINTS) for ends in zip(low, high, strict=True)))
        self.grid = np.stack([axis.ravel() for axis in grid])
        self.surface = DecisionMap(plane)
        points = [
            plane.plot(*self.x[:, self.labels == c], style.marker, color=style.color, ms=3, mew=0)[0] for c, style in enumerate(CLASSES)
        ]
        (self.wrong,) = plane.plot([], [], "o", mfc="none", mec=WRONG, ms=6, mew=0.8)
        plane.set_title("what it decides", fontsize=10, color=INK)

        curve.set(xlim=(0, EPOCHS), ylim=LOSS_RANGE, yscale="log", xlabel="epoch")
        curve.set_title("loss", fontsize=10, color=INK)
        curve.grid(color=FINE_GRID, linewidth=0.8)
        (self.true,) = curve.plot([], [], "--", color=TRUE_COLOR, lw=1.8)
        (self.suspect,) = curve.plot([], [], color=SUSPECT_COLOR, lw=1.8)
        (self.beyond,) = curve.plot([], [], "^", color=SUSPECT_COLOR, ms=7, clip_on=False)
        self.names = EndLabels(curve, {"true code": TRUE_COLOR, "suspect": SUSPECT_COLOR})

        check.set(xlim=ERROR_RANGE, ylim=(2 * L - 0.4, -0.5), xscale="log", xlabel="relative error")
        check.set_yticks(range(2 * L), [f"{name}{'₀₁₂₃'[k]}" for k in range(L, 0, -1) for name in "Wb"])
        check.set_title("gradient check", fontsize=10, color=INK)
        check.axvline(1e-5, color=MUTED, lw=1, ls=":")
        self.bars = LineCollection([], linewidths=9)
        check.add_collection(self.bars)
        self.counts = [check.text(1.4e-12, row + 0.36, "", va="center", fontsize=8) for row in range(2 * L)]
        for axes in (plane, curve, check):
            axes.tick_params(labelsize=8, colors=MUTED)
        check.tick_params(axis="y", length=0, labelsize=10, labelcolor=INK)
        lines = [self.true, self.suspect, self.beyond, *self.names.texts, self.bars]
        self.frame = Frame(figure, [self.surface, *points, self.wrong, *plane.spines.values(), *lines, *self.counts])

    def draw(self, found, net, wrong):
        """Return the PNG of the evidence, with the map of a network.

        Parameters
        ----------
        found : Evidence
            What is shown.
        net : FeedForwardNetwork
            Whose map.
        wrong : array of bool
            Which points it gets wrong.

        Returns
        -------
        bytes
        """
        self.surface.set_probabilities(net.forward(self.grid).y_hat)
        self.wrong.set_data(*self.x[:, wrong])
        self.wrong.set_alpha(ring_strength(wrong))
        self.true.set_data(found.true.epochs, np.clip(found.true.loss, *LOSS_RANGE))
        ends = [self.true.get_ydata()[-1]] * 2
        for artist in (self.suspect, self.beyond):
            artist.set_data([], [])
        if not found.crash:
            run = found.suspect
            self.suspect.set_data(run.epochs, np.clip(run.loss, *LOSS_RANGE))
            too_far = run.epochs[run.loss > LOSS_RANGE[1]][-1:]
            self.beyond.set_data(too_far, np.full(len(too_far), LOSS_RANGE[1]))
            ends[1] = self.suspect.get_ydata()[-1]
        self.names.place(EPOCHS, *ends)
        self.names.texts[1].set_visible(not found.crash)
        if found.crash:
            self.bars.set_segments([])
            for count in self.counts:
                count.set_text("it crashes")
            return self.frame.png()
        rows = found.check.rows
        self.bars.set_segments([[(ERROR_RANGE[0], k), (np.clip(row.error, 2e-12, 2), k)] for k, row in enumerate(rows)])
        self.bars.set_color([SUSPECT_COLOR if row.n_wrong else TRUE_COLOR for row in rows])
        for row, count in zip(rows, self.counts, strict=True):
            count.set_text(f"{row.n_wrong} of {row.size} wrong" if row.n_wrong else "✓ agrees")
        return self.frame.png()


def _alt(found, surface, wrong):
    if found.crash:
        return f"The suspect crashes. Map of the true code: {wrong.sum()} of {wrong.size} points wrong, ringed."
    rows = found.check.rows
    errors = "; ".join(
        f"{row.name}_{row.k} {row.error:.0e}, {row.n_wrong} of {row.size} wrong" if row.n_wrong else f"{row.name}_{row.k} agrees"
        for row in rows
    )
    return (
        f"Map {surface}: {wrong.sum()} of {wrong.size} points wrong, ringed. {_losses(found)} "
        f"Largest relative errors in the gradient check, from the output down: {errors}."
    )


def _losses(found):
    suspect, true = found.suspect, found.true
    return (
        f"The suspect's loss goes from {suspect.loss[0]:.2f} to {suspect.loss[-1]:.3g}, {suspect.accuracy:.1%} right; "
        f"that of the true code to {true.loss[-1]:.3g}, {true.accuracy:.1%} right."
    )


def _caption(case, found, repair):
    network = f"Case {case}, network {'-'.join(map(str, found.true.net.layer_sizes))}"
    repaired = f" With the true line for {repair}:" if repair != UNDECIDED else ""
    if found.crash:
        return f"{network}.{repaired} Python stops with an error: {found.crash}"
    proof = f" The check {'says that all gradients agree' if not found.check.accused else 'still accuses a gradient'}." if repaired else ""
    return f"{network}, {EPOCHS} epochs.{repaired} {_losses(found)}{proof}"


bug_lab_explorer = explorer(
    bug_lab_picture,
    case=Number("case", 1, 1, len(CASES)),
    learning_rate=Number("learning rate", 0.1, 0.01, 5, log=True),
    widths=Choice("widths", WIDTHS[0], WIDTHS),
    repair=Choice("try a repair", UNDECIDED, (UNDECIDED, *REPAIRS)),
    layer=Choice("first wrong", UNDECIDED, (UNDECIDED, *LAYERS)),
    place=Choice("line", UNDECIDED, (UNDECIDED, *PLACES.values())),
    kind=Choice("kind", UNDECIDED, (UNDECIDED, *KINDS)),
    surface=Choice("map", MAPS[0], tuple(MAPS), more=True),
)
