"""Pictures of what a gradient costs (lessons 07 and 11)."""

from utils.draw.style import CURVES, GRID, INK

WAYS = {  # field of a Cost: name, colour, line, marker
    "without_cache": ("chain rule,\nno memory", *CURVES[2], "s"),
    "finite_differences": ("nudging", *CURVES[1], "o"),
    "backward": ("backpropa-\ngation", *CURVES[0], "^"),
    "forward": ("one forward\npass", *CURVES[3], ""),
}


def cost_curves(steps, costs, ax):
    """Draw the multiplications of each way to the gradients on a logarithmic scale, and return ax.

    Parameters
    ----------
    steps : sequence of int
        Depths or widths.
    costs : list of utils.exhibits.multiplication_counts.Cost
        One for each step.
    ax : matplotlib Axes
        Where to draw.

    Returns
    -------
    matplotlib Axes
    """
    for field, (name, color, line, marker) in WAYS.items():
        ax.semilogy(steps, [getattr(cost, field) for cost in costs], line, marker=marker, ms=4, color=color, label=name)
    ax.set_ylabel("multiplications")
    return ax


def time_dots(seconds, ax):
    """Draw times as dots on a logarithmic scale, the first on top, each with its time beside it, and return ax.

    A bar on such a scale would have no length that means anything.

    Parameters
    ----------
    seconds : dict of str to float
        The times by what took them.
    ax : matplotlib Axes
        Where to draw.

    Returns
    -------
    matplotlib Axes
    """
    times = [1e6 * time for time in seconds.values()]
    ax.plot(times, range(len(times)), "o", color=INK, ms=8)
    for row, time in enumerate(times):
        words, place = f"{time:.2g}" if time < 100 else f"{time:.0f}", {"xytext": (9, 0), "textcoords": "offset points"}
        ax.annotate(words, (time, row), **place, va="center", color=INK)
    ax.set_yticks(range(len(times)), list(seconds))
    ax.grid(axis="y", color=GRID)
    ax.set_ylim(len(times) - 0.5, -0.5)
    ax.set(xscale="log", xlabel="microseconds", xlim=(min(times) / 3, max(times) * 4))
    return ax
