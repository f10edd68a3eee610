"""How fast the course's network is beside what students would use instead: ``make bench``.

Ours is ``gradient_descent`` as lessons call it: loss and parameters of every epoch are recorded. Every row of the table
compares it with another at equal work: the same weights to begin with, the same data, double precision, the same number
of threads (one; ``make bench THREADS=2`` for two), and losses at the end that agree to 1e-6, else there is no row. The two
take turns, and the figure is the median of the ratios of neighbouring turns: what slows the machine down slows both. Peers
that are not installed are named and left out.

The table is printed and written to build/bench/bench.md, with the picture bench.png beside it.
"""

import os
import platform
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

import contestants
import numpy as np
from contestants import Work
from matplotlib.figure import Figure

from utils.draw.style import GRID, INK, MUTED, QUANTITIES

THREADS = int(os.environ["OMP_NUM_THREADS"])  # the Makefile sets it, and its kin for other libraries
OUT = Path(__file__).resolve().parents[2] / "build" / "bench"
ROUNDS, ROUNDS_OF_LONG_RUNS = 15, 5
SHORTEST_TURN = 0.05  # seconds


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes
    ----------
    work : Work
        What is done.
    peer : str
        The name of a function in ``contestants``.
    goal : float or None
        How many times as long as ours the peer should take, at least. None for a limit: what a compiler, or a library of
        matrix products alone, makes of the same work.
    peer_epochs : int or None
        Fewer epochs for a peer that would take all day; times are then compared for each epoch.
    """

    work: Work
    peer: str
    goal: float | None = None
    peer_epochs: int | None = None


SMALL = Work((2, 3, 2), 1000, epochs=500), Work((2, 2, 4), 1000, epochs=500)
STACKS = Work((2, 3, 2), 1000, epochs=500, stack=32), Work((2, 2, 4), 1000, epochs=500, stack=32)
LARGE = tuple(
    Work(sizes, n_examples, epochs, activation, learning_rate=0.05)
    for sizes, n_examples, epochs in (((64, 128, 128, 10), 4000, 30), ((784, 256, 10), 10_000, 30))
    for activation in ("relu", "sigmoid")
)
ROWS = [
    Row(SMALL[1], "scikit_learn", 3.5),
    Row(SMALL[1], "pytorch", 4),
    Row(Work((2, 3, 2), 1000, epochs=500, output="sigmoid"), "scikit_learn", 3.5),
    Row(SMALL[0], "pytorch", 4),
    *(Row(work, "per_example", 100, peer_epochs=4) for work in SMALL),
    *(Row(work, "scalar_autograd", 100, peer_epochs=1) for work in SMALL),
    *(Row(work, "jax_step") for work in (*SMALL, *STACKS)),
    *(Row(work, "jax_run") for work in (*SMALL, *STACKS)),
    *(Row(work, "ours_one_after_the_other") for work in STACKS),
    *(Row(work, "scikit_learn") for work in LARGE),
    *(Row(work, "pytorch") for work in LARGE),
    *(Row(work, "matrix_products") for work in LARGE),
]
NEEDS = {"pytorch": "torch", "jax_step": "jax", "jax_run": "jax"}
NAMES = {
    "scikit_learn": "MLPClassifier",
    "pytorch": "PyTorch, eager",
    "jax_step": "JAX, compiled step",
    "jax_run": "JAX, whole run compiled",
    "per_example": "NumPy, example by example",
    "scalar_autograd": "scalar autograd",
    "ours_one_after_the_other": "ours, one after the other",
    "matrix_products": "matrix products alone",
}
EXAMPLES = (100, 300, 1000, 3000, 10_000, 30_000, 100_000)
WIDTHS = (2, 4, 8, 16, 32, 64, 128, 256, 512)


class Turns:
    """A contestant that is timed: a turn repeats short runs until they can be timed.

    Parameters
    ----------
    contestant : callable
        A function of ``contestants``.
    work : Work
        What to do.
    """

    def __init__(self, contestant, work):
        self.run, self.epochs = contestant(work), work.epochs
        begin = perf_counter()
        self.loss = self.run()
        self.repeat = max(1, round(SHORTEST_TURN / (perf_counter() - begin)))

    def __call__(self):
        """Return the seconds of an epoch in a new turn."""
        begin = perf_counter()
        for _ in range(self.repeat):
            self.run()
        return (perf_counter() - begin) / self.repeat / self.epochs


def compare(row):
    """Return the milliseconds of an epoch, ours and the peer's, and the median of the ratios.

    Raises
    ------
    AssertionError
        When the two did not arrive at the same loss.
    """
    work = replace(row.work, epochs=row.peer_epochs or row.work.epochs)
    ours, peer = Turns(contestants.ours, row.work), Turns(getattr(contestants, row.peer), work)
    if peer.loss is not None:
        np.testing.assert_allclose(peer.loss, contestants.ours(work)(), rtol=1e-6, atol=0)
    turns = [(ours(), peer()) for _ in range(ROUNDS if peer.repeat > 1 else ROUNDS_OF_LONG_RUNS)]
    return *(1000 * median(column) for column in zip(*turns, strict=True)), median(theirs / mine for mine, theirs in turns)


def measure():
    """Return (row, our milliseconds, theirs, ratio) for every peer that is there, and print each as it comes."""
    results = []
    print("| work | against | epoch, ours | epoch, theirs | ratio | goal |\n|---|---|---|---|---|---|")
    for row in ROWS:
        if (needed := NEEDS.get(row.peer)) and find_spec(needed) is None:
            print(f"| {title(row.work)} | {NAMES[row.peer]} | {needed} is not installed: pip install {needed} | | | |")
            continue
        results.append((row, *compare(row)))
        print(line(*results[-1]), flush=True)
    return results


def title(work):
    stack = f"{work.stack} × " if work.stack else ""
    hidden = "" if work.activation == "sigmoid" else f", {work.activation}"
    output = "" if work.output == "softmax" else f", {work.output} outputs"
    return f"{stack}{'-'.join(map(str, work.sizes))}, {work.n_examples} points{hidden}{output}"


def line(row, mine, theirs, ratio):
    goal = "" if row.goal is None else f"{row.goal:g}: {'reached' if ratio >= row.goal else 'missed'}"
    return f"| {title(row.work)} | {NAMES[row.peer]} | {mine:.3g} ms | {theirs:.3g} ms | {ratio:.2f} | {goal} |"


def growth():
    """Return the milliseconds of an epoch of a 2-3-2 network by number of examples, and of a 2-n-2 network by n."""
    by_examples = [Work((2, 3, 2), N, epochs=max(10, 200_000 // N)) for N in EXAMPLES]
    by_width = [Work((2, n, 2), 1000, epochs=max(10, 1000 // n)) for n in WIDTHS]
    turns = [[Turns(contestants.ours, work) for work in works] for works in (by_examples, by_width)]
    return [[1000 * median(turn() for _ in range(ROUNDS_OF_LONG_RUNS)) for turn in column] for column in turns]


def slope(counts, times):
    """Return the exponent p of time ∝ count^p over the upper half of the counts."""
    half = len(counts) // 2
    return np.polyfit(np.log(counts[half:]), np.log(times[half:]), 1)[0]


def picture(results, by_examples, by_width):
    figure = Figure(figsize=(13, 0.26 * len(results) + 2), layout="constrained")
    bars, n_axes, width_axes = figure.subplots(1, 3, width_ratios=(2.2, 1, 1))
    names = [f"{title(row.work)}: {NAMES[row.peer]}" for row, *_ in results]
    bars.barh(names, [ratio for *_, ratio in results], color=QUANTITIES["a"], height=0.62)
    goals = [np.nan if row.goal is None else row.goal for row, *_ in results]
    bars.plot(goals, names, "|", color=QUANTITIES["gradient"], ms=13, mew=2.5, label="goal")
    bars.axvline(1, color=MUTED, lw=1)
    bars.invert_yaxis()
    bars.set(xscale="log", xlabel="times as long as ours", title="the same work by others")
    bars.legend(loc="lower right")
    for axes, counts, times, label in ((n_axes, EXAMPLES, by_examples, "examples"), (width_axes, WIDTHS, by_width, "hidden units")):
        axes.loglog(counts, times, "o-", color=INK, lw=1.6)
        axes.loglog(counts, [times[-1] * count / counts[-1] for count in counts], "--", color=MUTED, lw=1, label="proportional")
        axes.set(xlabel=label, ylabel="ms an epoch", title=f"slope of the upper half: {slope(counts, times):.2f}")
        axes.legend()
        axes.grid(color=GRID, lw=0.6)
    figure.savefig(OUT / "bench.png", dpi=110)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-THREADS:])  # JAX takes every core that it is given
    print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, {THREADS} thread(s)\n")
    results = measure()
    by_examples, by_width = growth()
    lines = [line(*result) for result in results]
    for name, counts, times in (("examples", EXAMPLES, by_examples), ("hidden units", WIDTHS, by_width)):
        cells = ", ".join(f"{count}: {time:.3g}" for count, time in zip(counts, times, strict=True))
        lines.append(f"\nms an epoch by {name}: {cells}; slope of the upper half {slope(counts, times):.2f}")
        print(lines[-1])
    (OUT / "bench.md").write_text("\n".join(lines) + "\n")
    picture(results, by_examples, by_width)
    print(f"\nWritten to {OUT.relative_to(Path.cwd())}/bench.md and bench.png")


if __name__ == "__main__":
    main()
