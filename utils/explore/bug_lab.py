"""The bug laboratory: train a network with an unknown bug, read the evidence, commit to a diagnosis (lesson 08)."""

from dataclasses import dataclass
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
from utils.exhibits.bugs import BUGS, KINDS, NETWORKS, PLACES, BuggyNetwork
from utils.explore.controls import Choice, Number, explorer
from utils.nn.gradcheck import Report, check_gradients, numerical_gradient
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


@dataclass(frozen=True)
class Evidence:
    """What can be known about a case without reading its code: two runs, the gradient check, and all bias gradients."""

    suspect: History
    true: History
    report: Report
    biases: dict  # layer → (what backward says, finite difference)


def bug_lab_picture(case, learning_rate, surface, layer, place, kind):
    """Return the picture of a case: map, loss curves, gradient check; the answer follows when the diagnosis is complete.

    Parameters
    ----------
    case : int
        1 … number of cases.
    learning_rate : float
        Step length of both runs, and of codes that update in the middle of the backward pass.
    surface : str
        Whose map is drawn: one of ``MAPS``.
    layer, place, kind : str
        The diagnosis: one of ``LAYERS``, of the values of ``PLACES``, of ``KINDS``; or "—".
    """
    found = evidence(case, learning_rate)
    net = (found.suspect if surface == MAPS[0] else found.true).at(-1)
    x, _, labels = _data()
    wrong = net.predict(x) != labels
    return Picture(
        _stage(net.L).draw(found, net, wrong),
        _alt(case, found, surface, wrong),
        WIDTH,
        caption=_caption(case, found),
        details=_verdict(CASES[case - 1], layer, place, kind) + _tables(found),
    )


@lru_cache(maxsize=64)
def evidence(case, learning_rate):
    """Return the Evidence of a case: some 40 ms when it is new, most of them for the two runs, and nothing when it is known."""
    bug = CASES[case - 1]
    x, y, _ = _data()
    x, y = x[:, :IN_THE_CHECK], y[:, :IN_THE_CHECK]
    net = _fresh(bug.network, (bug,), learning_rate)
    report = check_gradients(net, x, y)
    claimed = net.backward(net.forward(x), y)
    measured = {k: numerical_gradient(net, x, y, "b", k) for k in net.layers}
    return Evidence(
        _train(bug.network, (bug,), learning_rate),
        _train(bug.network, (), learning_rate),
        report,
        {k: (claimed.b[k].ravel(), measured[k].ravel()) for k in reversed(net.layers)},
    )


def answer(bug):
    """Return the right diagnosis of a bug: layer, place and kind, as the controls offer them."""
    L = len(NETWORKS[bug.network]["layer_sizes"]) - 1
    layer = LAYERS[-1] if bug.first_wrong_layer is None else LAYERS[L - bug.first_wrong_layer]
    return layer, PLACES[bug.place], bug.kind


def _fresh(network, bugs, learning_rate):
    return BuggyNetwork(bugs=bugs, learning_rate=learning_rate, seed=SEED, **NETWORKS[network])


@lru_cache(maxsize=64)
def _train(network, bugs, learning_rate):
    x, y, _ = _data()
    return gradient_descent(_fresh(network, bugs, learning_rate), x, y, learning_rate, EPOCHS, record_every=6)


@cache
def _data():
    X, labels = four_blobs(300)
    return np.ascontiguousarray(X.T), one_hot(labels, 4), labels


def _tables(found):
    rows = [
        [
            f"∂𝓛/∂{row.name}_{row.k}",
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
        [f"∂𝓛/∂b_{k}", *(", ".join(f"{entry:+.4f}" for entry in values + 0.0) for values in pair)] for k, pair in found.biases.items()
    ]
    return table(headings, rows, f"The gradient check on {IN_THE_CHECK} examples: the worst entry of each gradient") + table(
        ["gradient", "backward", "finite difference"], biases, "All bias gradients, entry by entry"
    )


def _verdict(bug, layer, place, kind):
    if UNDECIDED in (layer, place, kind):
        return "<p>A diagnosis has three parts: <b>first wrong</b>, <b>line</b> and <b>kind</b>. Choose all, and the answer unfolds.</p>"
    right = answer(bug)
    names = ("first wrong", "line", "kind")
    marks = [
        f"✓ {name}: {truth}" if given == truth else f"✗ {name}: you said {given}, it is {truth}"
        for name, given, truth in zip(names, (layer, place, kind), right, strict=True)
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
        for line, run in ((self.true, found.true), (self.suspect, found.suspect)):
            line.set_data(run.epochs, np.clip(run.loss, *LOSS_RANGE))
        rows = _from_the_output(found.report)
        self.bars.set_segments([[(ERROR_RANGE[0], k), (np.clip(row.error, 2e-12, 2), k)] for k, row in enumerate(rows)])
        self.bars.set_color([SUSPECT_COLOR if row.n_wrong else TRUE_COLOR for row in rows])
        for row, count in zip(rows, self.counts, strict=True):
            count.set_text(f"{row.n_wrong} of {row.size} wrong" if row.n_wrong else "✓ agrees")
        return self.frame.png()


def _alt(case, found, surface, wrong):
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


def _caption(case, found):
    sizes = "-".join(map(str, found.suspect.network.layer_sizes))
    return f"Case {case}, network {sizes}, {EPOCHS} epochs. {_losses(found)}"


bug_lab_explorer = explorer(
    bug_lab_picture,
    case=Number("case", 1, 1, len(CASES)),
    learning_rate=Number("learning rate", 0.1, 0.01, 5, log=True),
    surface=Choice("map", MAPS[0], tuple(MAPS)),
    layer=Choice("first wrong", UNDECIDED, (UNDECIDED, *LAYERS)),
    place=Choice("line", UNDECIDED, (UNDECIDED, *PLACES.values())),
    kind=Choice("kind", UNDECIDED, (UNDECIDED, *KINDS)),
)
