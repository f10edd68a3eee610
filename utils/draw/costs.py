"""Pictures of what a gradient costs (lessons 07 and 11)."""

from utils.draw.style import CURVES, INK, QUANTITIES

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


def time_bars(seconds, ax):
    """Draw times as bars on a logarithmic scale, the first on top, each with its time beside it, and return ax.

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
    bars = ax.barh(list(seconds), times, color=QUANTITIES["a"], height=0.6)
    ax.bar_label(bars, [f"{time:.2g}" if time < 100 else f"{time:.0f}" for time in times], padding=4, color=INK)
    ax.invert_yaxis()
    ax.set(xscale="log", xlabel="microseconds", xlim=(min(times) / 3, max(times) * 4))
    return ax
