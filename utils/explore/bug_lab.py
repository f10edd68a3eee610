"""The bug laboratory: train a network with an unknown bug, read the evidence, commit to a diagnosis (lesson 08)."""

from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from random import Random

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from utils.data import four_blobs, one_hot
from utils.draw.frames import Frame, PixelImage
from utils.draw.picture import Picture, table
from utils.draw.plots import probability_colors
from utils.draw.style import CLASSES, COMPARISON, FINE_GRID, INK, MUTED, QUANTITIES, WRONG, course_style
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
from utils.nn.gradcheck import Report, check_gradients, numerical_gradient
from utils.nn.network import Trace
from utils.nn.training import History, gradient_descent

WIDTH, HEIGHT = 750, 300  # pixels
GRID_POINTS = 40  # the surface is computed on 40 × 40 points
EPOCHS, SEED = 300, 1
IN_THE_CHECK = 40  # examples of the gradient check
LOSS_RANGE = (0.1, 1000)
ERROR_RANGE = (1e-12, 10)
SUSPECT_COLOR, TRUE_COLOR = QUANTITIES["gradient"], COMPARISON

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
    "∂L/∂a_L": (GRAD_A_L, "grad_y_hat = 2 * _difference(y_hat, y)"),
    "∂L/∂W_k": (GRAD_W_K,),
    "∂L/∂b_k": (GRAD_B_K,),
    "∂L/∂h_k": (GRAD_H_K,),
    "∂L/∂a_k": (GRAD_A_K,),
    "what is returned": (RETURN,),
}


@dataclass(frozen=True)
class Evidence:
    """What can be known about a case without reading its code: two runs, the gradient check, all bias gradients, those on the way.

    Where the suspect crashes, ``crash`` holds Python's words, and there is nothing but the run of the true code.
    """

    suspect: History | None
    true: History
    report: Report | None = None
    biases: dict = field(default_factory=dict)  # layer → (what backward says, finite difference)
    inner: dict = field(default_factory=dict)  # (a or h, layer) → (what backward says, finite difference)
    sums: tuple = (1.0, 1.0)  # the smallest and the largest sum of a column of ŷ
    crash: str = ""


def bug_lab_picture(case, learning_rate, widths, surface, repair, layer, place, kind):
    """Return the picture of a case: map, loss curves, gradient check; the answer follows when the diagnosis is complete.

    Parameters
    ----------
    case : int
        1 … number of cases.
    learning_rate : float
        Step length of both runs, and of codes that update in the middle of the backward pass.
    widths : str
        Whether all layers are equally wide: one of ``WIDTHS``.
    surface : str
        Whose map is drawn: one of ``MAPS``.
    repair : str
        The line that gets its true statement, one of ``REPAIRS``; or "—".
    layer, place, kind : str
        The diagnosis: one of ``LAYERS``, of the values of ``PLACES``, of ``KINDS``; or "—".
    """
    found = evidence(case, learning_rate, widths, repair)
    shown = found.true if found.crash or surface == MAPS[1] else found.suspect
    net = shown.at(-1)
    x, _, labels = _data()
    wrong = net.predict(x) != labels
    return Picture(
        _stage(net.L).draw(found, net, wrong),
        _alt(case, found, surface, wrong),
        WIDTH,
        caption=_caption(case, found, repair),
        details=_verdict(CASES[case - 1], case, learning_rate, layer, place, kind) + _tables(found),
    )


@lru_cache(maxsize=64)
def evidence(case, learning_rate, widths=WIDTHS[0], repair=UNDECIDED):
    """Return the Evidence of a case: some 50 ms when it is new, most of them for the two runs, and nothing when it is known."""
    bug = CASES[case - 1]
    bugs = () if bug.true in REPAIRS.get(repair, ()) else (bug,)
    x, y, _ = _data()
    x, y = x[:, :IN_THE_CHECK], y[:, :IN_THE_CHECK]
    net = _fresh(bug.network, bugs, learning_rate, widths)
    true = _train(bug.network, (), learning_rate, widths)
    try:
        trace = net.forward(x)
        claimed = net.backward(trace, y)
        return Evidence(
            _train(bug.network, bugs, learning_rate, widths),
            true,
            check_gradients(net, x, y),
            {k: (claimed.b[k].ravel(), numerical_gradient(net, x, y, "b", k).ravel()) for k in reversed(net.layers)},
            {(name, k): (getattr(claimed, name)[k], measured) for (name, k), measured in _on_the_way(net, trace, y).items()},
            (float(trace.y_hat.sum(-2).min()), float(trace.y_hat.sum(-2).max())),
        )
    except (ValueError, IndexError) as problem:  # shapes that no longer fit
        return Evidence(None, true, crash=str(problem))


def _on_the_way(net, trace, y, step=1e-5):
    """Return ∂L/∂a_k and ∂L/∂h_k by central differences, in the order of the way back: (name, k) → array."""
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


def answer(bug):
    """Return the right diagnosis of a bug: layer, place and kind, as the controls offer them."""
    L = len(NETWORKS[bug.network]["layer_sizes"]) - 1
    layer = LAYERS[-1] if bug.first_wrong_layer is None else LAYERS[L - bug.first_wrong_layer]
    return layer, PLACES[bug.place], bug.kind


def _fresh(network, bugs, learning_rate, widths):
    settings = NETWORKS[network] | ({"layer_sizes": UNEVEN[network]} if widths == WIDTHS[1] else {})
    return BuggyNetwork(bugs=bugs, learning_rate=learning_rate, seed=SEED, **settings)


@lru_cache(maxsize=64)
def _train(network, bugs, learning_rate, widths):
    x, y, _ = _data()
    return gradient_descent(_fresh(network, bugs, learning_rate, widths), x, y, learning_rate, EPOCHS, record_every=6)


@cache
def _data():
    X, labels = four_blobs(300)
    return np.ascontiguousarray(X.T), one_hot(labels, 4), labels


def _tables(found):
    if found.crash:
        return ""
    rows = [
        [
            f"∂L/∂{row.name}_{row.k}",
            f"{row.n_wrong} of {row.size}",
            f"{row.error:.0e}",
            row.symbol,
            f"{row.backward:+.5f}",
            f"{row.numerical:+.5f}",
            f"{round(row.backward / row.numerical, 3) + 0.0:g}" if abs(row.numerical) > 1e-9 else "—",
        ]
        for row in _from_the_output(found.report)
    ]
    headings = ["gradient", "wrong", "largest error", "at", "backward", "finite difference", "ratio"]
    biases = [
        [f"∂L/∂b_{k}", *(", ".join(f"{entry:+.4f}" for entry in values + 0.0) for values in pair)] for k, pair in found.biases.items()
    ]
    inner = [[f"∂L/∂{name}_{k}", f"{_off(*pair):.0%}", _ratios(*pair)] for (name, k), pair in found.inner.items()]
    return (
        table(headings, rows, f"The gradient check on {IN_THE_CHECK} examples: the worst entry of each gradient")
        + table(["gradient", "backward", "finite difference"], biases, "All bias gradients, entry by entry")
        + table(["gradient", "off by", "ratio of backward to finite difference"], inner, "The gradients on the way back")
    )


def _off(claimed, measured):
    return np.linalg.norm(claimed - measured) / max(np.linalg.norm(measured), 1e-12)


def _ratios(claimed, measured):
    large = np.abs(measured) > 1e-3 * np.abs(measured).max()
    ratios = claimed[large] / measured[large]
    if np.ptp(ratios) < 1e-3 * np.abs(ratios).max():
        return f"{round(float(ratios.mean()), 3) + 0.0:g} in all entries"
    return f"from {ratios.min():.2g} to {ratios.max():.2g}".replace("-", "−")


def unfit(found, layer, place, kind, moves):
    """Return what in the evidence contradicts each part of a diagnosis; an empty text where nothing does.

    Parameters
    ----------
    found : Evidence
        Of the case, with equal widths and nothing repaired.
    layer, place, kind : str
        The diagnosis.
    moves : bool
        Whether the gradients change with the learning rate.
    """
    wrong = {(row.name, row.k) for row in found.report.rows if row.n_wrong}
    L = found.true.network.L
    names = ", ".join(f"∂L/∂{name}_{k}" for name, k in sorted(wrong, key=lambda place: (-place[1], place[0])))
    first = max((k for _, k in wrong), default=0)
    accused = {name for name, k in wrong if k == first}
    return (
        _unfit_layer(layer, wrong, first, L, names),
        _unfit_place(place, found, first, accused, L, names),
        _unfit_kind(kind, found, moves),
    )


def gradients_move(case, learning_rate):
    """Return whether another learning rate gives other gradients, from the same weights."""
    bug = CASES[case - 1]
    x, y, _ = _data()
    nets = [_fresh(bug.network, (bug,), rate, WIDTHS[0]) for rate in (learning_rate, learning_rate / 2)]
    first, second = (net.backward(net.forward(x), y).b[1] for net in nets)
    return not np.array_equal(first, second)


def _unfit_layer(layer, wrong, first, L, names):
    if layer == LAYERS[-1]:
        return f"The check accuses {names}." if wrong else ""
    k = L - LAYERS.index(layer)
    if k < 1:
        return f"This network has {L} layers only."
    if not any(place == k for _, place in wrong):
        return f"The check finds nothing wrong in W_{k} and b_{k}."
    return f"Layer {first} is wrong already, and it comes before on the way back." if k < first else ""


def _unfit_place(place, found, first, accused, L, names):
    if place == PLACES["no gradient"]:
        return f"The check accuses {names}." if names else ""
    if not names:
        return "Then the check would accuse something, and it is silent."
    if place == PLACES["weights"]:
        return f"Then b_{first} would be right: its gradient does not use this line." if "b" in accused else ""
    if place == PLACES["biases"]:
        if "W" in accused:
            return f"Then W_{first} would be right: its gradient does not use this line."
        return "The finite difference of one entry is 0: the loss does not react to it, whatever its gradient is." if _unused(found) else ""
    if place == PLACES["way back"]:
        return "The output layer is wrong already, before the way back begins." if first == L else ""
    if first < L:
        return "Then the output layer would be wrong, and it is right."
    if accused == {"W"} or (accused == {"b"} and not _unused(found)):
        return "Then weights and biases of the output layer would be wrong together."
    sums_fit = abs(found.sums[0] - 1) < 1e-9 and abs(found.sums[1] - 1) < 1e-9
    if place == PLACES["forward pass"]:
        return "The columns of ŷ add up to 1, and the loss reacts to every parameter." if sums_fit and not _unused(found) else ""
    if _unused(found):
        return "The loss does not react to one of the biases: the forward pass does not use it."
    return "" if sums_fit else f"The columns of ŷ do not add up to 1, but to {found.sums[0]:.2f} and more."


def _unused(found):
    return any((np.abs(measured) < 1e-9).any() for _, measured in found.biases.values())


def _unfit_kind(kind, found, moves):
    rows = [row for row in found.report.rows if row.n_wrong]
    ratios = np.array([row.ratio for row in rows])
    same = bool(rows) and np.isfinite(ratios).all() and np.ptp(ratios) < 1e-3 * np.abs(ratios).max() and abs(ratios).min() > 0
    if kind == "harmless":
        return "The check accuses a gradient, or the two loss curves differ." if rows or not _same_curve(found) else ""
    if kind == "sign":
        return "" if same and abs(ratios[0] + 1) < 1e-3 else "Then the ratio would be −1 in all entries that are wrong."
    if kind == "factor":
        return "" if same else "Then the ratio would be the same in all entries that are wrong."
    if kind == "product":
        equal = all(np.ptp(claimed) < 1e-12 for k, (claimed, _) in found.biases.items() if k < found.true.network.L)
        return "" if equal and len(rows) > 3 else "Then all units of a layer below the output would get the same gradient."
    if kind == "order":
        return "" if moves else "Then another learning rate would give other gradients, and it does not."
    return ""


def _same_curve(found):
    return np.allclose(found.suspect.loss, found.true.loss, rtol=1e-9)


def _verdict(bug, case, learning_rate, layer, place, kind):
    if UNDECIDED in (layer, place, kind):
        return "<p>A diagnosis has three parts: <b>first wrong</b>, <b>line</b> and <b>kind</b>. Choose all, and the answer unfolds.</p>"
    right = answer(bug)
    names = ("first wrong", "line", "kind")
    against = unfit(evidence(case, learning_rate), layer, place, kind, gradients_move(case, learning_rate))
    marks = [
        f"✓ {name}: {truth}" if given == truth else f"✗ {name}: you said {given}, it is {truth}. {why}".rstrip()
        for name, given, truth, why in zip(names, (layer, place, kind), right, against, strict=True)
    ]
    score = sum(given == truth for given, truth in zip((layer, place, kind), right, strict=True))
    return (
        f"<p><b>{score} of 3.</b> It is “{escape(bug.name)}”: {escape(bug.story)}</p>"
        f"<ul>{''.join(f'<li>{escape(mark)}</li>' for mark in marks)}</ul>"
        f'<pre style="white-space:pre-wrap">wrong  {_aligned(bug.wrong)}\ntrue   {_aligned(bug.true)}</pre>'
        f"<p>How one could know: {escape(bug.clue)} (The kind means: {escape(KINDS[bug.kind])}.)</p>"
    )


def _aligned(statements):
    return escape(statements.replace("\n", "\n       "))


def _from_the_output(report):
    return sorted(report.rows, key=lambda row: (-row.k, row.name))


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
        curve = figure.add_axes((0.395, 0.15, 0.25, 0.75))
        check = figure.add_axes((0.72, 0.15, 0.265, 0.75))

        low, high = self.x.min(-1) - 0.5, self.x.max(-1) + 0.5
        plane.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        grid = np.meshgrid(*(np.linspace(*ends, GRID_POINTS) for ends in zip(low, high, strict=True)))
        self.grid = np.stack([axis.ravel() for axis in grid])
        self.surface = PixelImage(plane)
        points = [
            plane.plot(*self.x[:, self.labels == c], style.marker, color=style.color, ms=3, mew=0)[0] for c, style in enumerate(CLASSES)
        ]
        (self.wrong,) = plane.plot([], [], "o", mfc="none", mec=WRONG, ms=6, mew=0.8)
        plane.set_title("what it decides", fontsize=10, color=INK)

        curve.set(xlim=(0, EPOCHS), ylim=LOSS_RANGE, yscale="log", xlabel="epoch")
        curve.set_title("loss", fontsize=10, color=INK)
        curve.grid(color=FINE_GRID, linewidth=0.8)
        (self.true,) = curve.plot([], [], "--", color=TRUE_COLOR, lw=1.8, label="true code")
        (self.suspect,) = curve.plot([], [], color=SUSPECT_COLOR, lw=1.8, label="suspect")
        curve.legend(loc="center right", fontsize=8)  # runs end above it or below

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
        lines = [self.true, self.suspect, self.bars]
        self.frame = Frame(figure, [self.surface, *points, self.wrong, *plane.spines.values(), *lines, *self.counts])

    def draw(self, found, net, wrong):
        """Return the PNG of the evidence, with the map of a network that gets the given points wrong."""
        colors = probability_colors(net.forward(self.grid).y_hat)
        self.surface.set_colors(np.clip(colors.reshape(GRID_POINTS, GRID_POINTS, 3), 0, 1))  # a wrong softmax may not add up to 1
        self.wrong.set_data(*self.x[:, wrong])
        self.true.set_data(found.true.epochs, np.clip(found.true.loss, *LOSS_RANGE))
        if found.crash:
            self.suspect.set_data([], [])
            self.bars.set_segments([])
            for count in self.counts:
                count.set_text("it crashes")
            return self.frame.png()
        self.suspect.set_data(found.suspect.epochs, np.clip(found.suspect.loss, *LOSS_RANGE))
        rows = _from_the_output(found.report)
        self.bars.set_segments([[(ERROR_RANGE[0], k), (np.clip(row.error, 2e-12, 2), k)] for k, row in enumerate(rows)])
        self.bars.set_color([SUSPECT_COLOR if row.n_wrong else TRUE_COLOR for row in rows])
        for row, count in zip(rows, self.counts, strict=True):
            count.set_text(f"{row.n_wrong} of {row.size} wrong" if row.n_wrong else "✓ agrees")
        return self.frame.png()


def _alt(case, found, surface, wrong):
    if found.crash:
        return f"Case {case}. The suspect crashes. Map of the true code: {wrong.sum()} of {wrong.size} points wrong, ringed."
    rows = _from_the_output(found.report)
    errors = "; ".join(f"{row.name}_{row.k} {row.error:.0e}, {row.n_wrong} of {row.size} wrong" for row in rows)
    return (
        f"Case {case}. Map {surface}: {wrong.sum()} of {wrong.size} points wrong, ringed. {_losses(found)} "
        f"Largest relative errors in the gradient check, from the output down: {errors}."
    )


def _losses(found):
    suspect, true = found.suspect, found.true
    return (
        f"The suspect's loss goes from {suspect.loss[0]:.2f} to {suspect.loss[-1]:.3g}, {suspect.accuracy[-1]:.1%} right; "
        f"that of the true code to {true.loss[-1]:.3g}, {true.accuracy[-1]:.1%} right."
    )


def _caption(case, found, repair):
    sizes = "-".join(map(str, found.true.network.layer_sizes))
    if found.crash:
        return f"Case {case}, network {sizes}: Python stops with an error. {found.crash}"
    repaired = f" With the true line for {repair}:" if repair != UNDECIDED else ""
    proof = f" The check {'says that all gradients agree' if found.report.ok else 'still accuses a gradient'}." if repaired else ""
    return f"Case {case}, network {sizes}, {EPOCHS} epochs.{repaired} {_losses(found)}{proof}"


bug_lab_explorer = explorer(
    bug_lab_picture,
    case=Number("case", 1, 1, len(CASES)),
    learning_rate=Number("learning rate", 0.1, 0.01, 5, log=True),
    widths=Choice("widths", WIDTHS[0], WIDTHS),
    surface=Choice("map", MAPS[0], tuple(MAPS)),
    repair=Choice("try a repair", UNDECIDED, (UNDECIDED, *REPAIRS)),
    layer=Choice("first wrong", UNDECIDED, (UNDECIDED, *LAYERS)),
    place=Choice("line", UNDECIDED, (UNDECIDED, *PLACES.values())),
    kind=Choice("kind", UNDECIDED, (UNDECIDED, *KINDS)),
)
