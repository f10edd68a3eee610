"""A learner's own ``train`` at work for an explorer: called for several numbers of epochs, its errors in the learner's words."""

import time

import numpy as np

from utils.explore.learners_functions import NothingToShowError, arrays_of
from utils.homework.bank.train import train as question
from utils.homework.question import Case

TIME_LIMIT = 20.0  # seconds for one picture
SLOW = 0.5  # seconds from which on the time is told
SHORTER = "Fewer epochs or fewer hidden units are less to do."


class LearnersTraining:
    """Calls of a learner's ``train``, as homework 4 asks for it; those of the last setting are kept.

    Parameters
    ----------
    train : callable
        ``train(X, y, n_hidden, learning_rate, epochs, seed)`` → W1, b1, W2, b2.
    """

    def __init__(self, train):
        self.train = train
        self._setting, self._known = None, {}

    def run(self, points, n_hidden, learning_rate, marks, seed):
        """Return the parameters after each number of epochs in ``marks``, and what to say about the run.

        Parameters
        ----------
        points : Sample
            What it is trained on.
        n_hidden, learning_rate, seed
            Handed on.
        marks : list of int
            Numbers of epochs, the smallest first.

        Returns
        -------
        parameters : list of lists
            [W1, b1, W2, b2] for each mark, up to the first with numbers that are not finite.
        story : str
            Sentences for the learner, or nothing.

        Raises
        ------
        NothingToShowError
            When the function stops with an error, does not end, or returns what are no such parameters.
        """
        x, labels = points.x, points.labels
        setting = (points, n_hidden, learning_rate, marks[-1], seed)
        if setting != self._setting:
            self._setting, self._known = setting, {}
        found, left = [], TIME_LIMIT
        shapes = {"W1": (n_hidden, len(x)), "b1": (n_hidden, 1), "W2": (points.k, n_hidden), "b2": (points.k, 1)}
        for epochs in marks:
            if epochs not in self._known:
                case = Case(f"{epochs} epochs", (x.T, labels, n_hidden, learning_rate, epochs, seed))
                begin = time.perf_counter()
                told = f"For {case.about}: " if epochs else ""
                self._known[epochs] = arrays_of(self.train, question, case, shapes, left, told, SHORTER), time.perf_counter() - begin
                left = max(left - self._known[epochs][1], 0.01)
            found.append(self._known[epochs])
        finite = [all(np.isfinite(v).all() for v in parameters) for parameters, _ in found]
        n = finite.index(False) if False in finite else len(found)
        if n == 0:
            raise NothingToShowError(
                f"The parameters that your train returns after {marks[0]} epochs hold numbers that are not finite (nan or inf)."
            )
        return [parameters for parameters, _ in found[:n]], _story(marks, n, sum(seconds for _, seconds in found))


def _story(marks, n, seconds):
    said = []
    if n < len(marks):
        said.append(
            f"After epoch {marks[n]} your parameters hold numbers that are not finite (nan or inf). A smaller learning rate may help."
        )
    if seconds > SLOW:
        said.append(f"For this picture your function was called {len(marks)} times and took {seconds:.1f} seconds.")
    return " ".join(said)
