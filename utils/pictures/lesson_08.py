"""The pictures of lesson 08: loss curves of true code and of code with bugs, and what both networks decide."""

from utils.draw.picture import show, subplots
from utils.draw.plots import decision_surface, name_curves
from utils.draw.style import COMPARISON, GRID, INK


def losses(true, runs, logarithmic=False):
    """Return the loss curve of the true code, dashed, and those of other runs.

    Parameters
    ----------
    true : History
        The run of the true code.
    runs : dict of str to History
        Other runs by their names.
    logarithmic : bool
        Whether the axis of the loss is logarithmic.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.4, 3))
    ax.plot(true.epochs, true.loss, "--", color=COMPARISON, label="true code")
    for (name, run), line in zip(runs.items(), ("-", ":"), strict=False):
        ax.plot(run.epochs, run.loss, line, color=INK, label=name)
    ax.set(xlabel="epoch", ylabel="loss", **({"yscale": "log"} if logarithmic else {"ylim": (0, None)}))
    ax.grid(color=GRID, linewidth=0.8)
    name_curves(ax)
    every = {"true code": true, **runs}
    said = "; ".join(f"{name} from {run.loss[0]:.2f} to {run.loss[-1]:.2f}, at most {run.loss.max():.2f}" for name, run in every.items())
    return show(fig, f"Loss curves over {true.epochs[-1]} epochs: {said}.")


def decisions(runs, x, labels):
    """Return what networks decide at the end of their runs, side by side.

    Parameters
    ----------
    runs : dict of str to History
        Runs by their names.
    x, labels : arrays, shapes (2, N) and (N,)
        Points and their classes.

    Returns
    -------
    Picture
    """
    fig, axes = subplots(1, len(runs), figsize=(3.8 * len(runs), 3.2), sharey=True)
    for ax, (name, run) in zip(axes, runs.items(), strict=True):
        decision_surface(run.at(-1), x, labels, ax=ax)
        ax.set_title(name, fontsize=10)
    said = "; ".join(f"{name}: {(run.at(-1).predict(x) != labels).sum()} of {labels.size} points ringed" for name, run in runs.items())
    return show(fig, f"Decision surfaces at the end, wrong points ringed. {said}.")
