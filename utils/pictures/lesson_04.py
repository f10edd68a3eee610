"""The pictures of lesson 04: how four scores reach one loss, and how hard two losses push."""

from utils.draw.diagrams import graph_diagram
from utils.draw.picture import show, subplots
from utils.draw.plots import name_curves
from utils.draw.style import COMPARISON, MUTED, QUANTITIES
from utils.draw.svg import Line


def paths(looked_at, scores, probabilities):
    """Return the picture of four scores, four probabilities and one loss, with the lines in bold that reach the loss.

    Parameters
    ----------
    looked_at : list of int
        The classes, counted from 1, whose probability the loss looks at.
    scores, probabilities : list of str
        What stands in the circles.

    Returns
    -------
    Picture
    """
    columns = [[f"a_L{i}" for i in range(1, 5)], [f"ŷ_{i}" for i in range(1, 5)], ["𝓛"]]
    mixing = [(score, probability) for score in columns[0] for probability in columns[1]]
    last = [(f"ŷ_{i}", "𝓛") for i in looked_at]
    used = [(score, probability) for score, probability in mixing if (probability, "𝓛") in last]
    names = " and ".join(probability for probability, _ in last)
    return graph_diagram(
        columns,
        [*mixing, *last],
        f"""Four scores, four probabilities, one loss. Every score is joined with every probability. Only {names} is joined with
        the loss, so what a score does to this loss it does through {names}; these lines are bold.""",
        values=dict(zip([*columns[0], *columns[1]], [*scores, *probabilities], strict=True)),
        lines={edge: Line(QUANTITIES["gradient"]) for edge in [*used, *last]},
        captions=["scores", "softmax", "loss"],
        gap=170,
    )


def pushes(gaps, cross_entropy, squared_error):
    """Return the picture of how hard either loss pushes the true score up.

    Parameters
    ----------
    gaps : array, shape (n,)
        By how much the wrong score leads.
    cross_entropy, squared_error : arrays, shape (n,)
        The push of each loss at these gaps.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.6, 3.3))
    ax.plot(gaps, cross_entropy, color=QUANTITIES["gradient"], lw=2, label="cross-\nentropy")
    ax.plot(gaps, squared_error, "--", color=COMPARISON, lw=2, label="squared\nerror")
    ax.set(xlabel="gap d: how far the wrong score is ahead", ylabel="push on the true score")
    ax.text(-9.7, 0.12, "right, and sure of it", color=MUTED)
    ax.text(4.9, 0.12, "wrong, and sure of it", color=MUTED)
    name_curves(ax)
    return show(
        fig,
        f"""The push on the true score against the gap. Both losses push little on the left, where the network is right. Cross-entropy
        rises to 1 as the network gets more wrong. Squared error has its maximum {squared_error.max():.2f} at a gap of
        {gaps[squared_error.argmax()]:.1f} and falls back to 0: at gap {gaps[-1]:.0f} it is {squared_error[-1]:.1e}.""",
    )
