"""Runs of gradient descent that grow: with ten epochs more, ten epochs are trained."""

from dataclasses import replace

import numpy as np

from utils.nn.training import DIVERGENCE_FACTOR, gradient_descent


def spacing(epochs, most):
    """Return after how many epochs each a run is recorded: an odd number, since a loss that jumps does so from one epoch to the next.

    Parameters
    ----------
    epochs : int
        Length of the run.
    most : int
        How many records there may be, without the first and the last.

    Returns
    -------
    int
        1, 3, 5 …; it is the same for runs of about the same length.
    """
    return -(-epochs // most) | 1


class Runs:
    """The last few runs. One that differs from a known one in its length alone begins where the records of that one end.

    What comes out is what ``gradient_descent`` returns from the beginning, to the last digit.

    Parameters
    ----------
    most : int
        How many records a run may have, without the first and the last.
    kept : int
        How many runs are known.
    """

    def __init__(self, most, kept=8):
        self.most, self.kept = most, kept
        self.known = {}

    def run(self, settings, start, learning_rate, epochs, **how):
        """Return the History of a run.

        Parameters
        ----------
        settings : hashable
            All that makes this run another one, but its length.
        start : callable
            Returns the network before its training, x and y.
        learning_rate, epochs, **how
            For ``gradient_descent``.

        Returns
        -------
        History
        """
        known, every = self.known.pop(settings, None), spacing(epochs, self.most)
        history = known
        if known is None or known.epochs[-1] != epochs:
            history = known and "batch_size" not in how and _grown(known, learning_rate, epochs, every, how)
            history = history or gradient_descent(*start(), learning_rate, epochs, record_every=every, **how)
        self.known[settings] = history
        if len(self.known) > self.kept:
            self.known.pop(next(iter(self.known)), None)
        return history


def _grown(known, learning_rate, epochs, every, how):
    """Return the History of a known run up to other epochs; None where its records do not suffice, or one of the two diverges."""
    kept = np.flatnonzero((known.epochs % every == 0) & (known.epochs <= epochs))
    last = int(known.epochs[kept[-1]])
    if known.diverged or len(kept) <= last // every:
        return None
    more = gradient_descent(known.at(kept[-1]), known.x, known.y, learning_rate, epochs - last, record_every=every, **how)
    if more.diverged or more.loss.max() > DIVERGENCE_FACTOR * (1 + known.loss[0]):
        return None
    before = kept[:-1]

    def joined(old, new):
        return [None, *(np.concatenate([v[before], w]) for v, w in zip(old[1:], new[1:], strict=True))]

    epochs_done, loss = np.concatenate([known.epochs[before], last + more.epochs]), np.concatenate([known.loss[before], more.loss])
    message = f"{epochs} epochs: loss {loss[0]:.3f} → {loss[-1]:.3f}."
    return replace(more, epochs=epochs_done, loss=loss, W=joined(known.W, more.W), b=joined(known.b, more.b), message=message)
