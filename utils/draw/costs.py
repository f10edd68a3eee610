"""Pictures of what a gradient costs (lesson 07)."""

from utils.draw.style import CLASSES, MUTED, QUANTITIES

WAYS = {  # field of a Cost: name, colour, marker, line
    "without_cache": ("chain rule, no memory", CLASSES[1].color, "s", "--"),
    "finite_differences": ("nudging", CLASSES[0].color, "o", "-."),
    "backward": ("backpropagation", QUANTITIES["gradient"], "^", "-"),
    "forward": ("one forward pass", MUTED, "", ":"),
}


def cost_curves(steps, costs, ax):
    """Draw the multiplications of each way to the gradients on a logarithmic scale, and return ax.

    Parameters
    ----------
    steps : sequence of int
        Depths or widths.
    costs : list of utils.nn.counting.Cost
        One for each step.
    ax : matplotlib Axes
        Where to draw.
    """
    for field, (name, color, marker, line) in WAYS.items():
        ax.semilogy(steps, [getattr(cost, field) for cost in costs], line, marker=marker, ms=4, color=color, label=name)
    ax.set_ylabel("multiplications")
    return ax
