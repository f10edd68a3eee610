"""A learner's own ``train`` at work for an explorer: called for several numbers of epochs, its errors in the learner's words."""

import time

import numpy as np

from utils.homework.bank.train import train as question
from utils.homework.errors import explain_error
from utils.homework.question import Case
from utils.homework.results import NOT_YET, RAISED, TOO_SLOW
from utils.homework.time_limit import run
from utils.homework.untrusted import read

TIME_LIMIT = 20.0  # seconds for one picture
SLOW = 0.5  # seconds from which on the time is told
NAMES = "W1", "b1", "W2", "b2"


class NothingToShowError(Exception):
    """Says in a learner's words why there is nothing to draw."""


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
        for epochs in marks:
            if epochs not in self._known:
                case = Case(f"{epochs} epochs", (x.T, labels, n_hidden, learning_rate, epochs, seed))
                begin = time.perf_counter()
                (result,) = run(self.train, question.parameters, [case], time_limit=left)
                self._known[epochs] = _parameters(result, case, len(x), n_hidden, points.k), time.perf_counter() - begin
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


def _parameters(result, case, n_0, n_hidden, k):
    """Return W1, b1, W2, b2 out of a Result, or say what is wrong with it."""
    told = f"For {case.about}: " if case.arguments[4] else ""
    if result.kind == NOT_YET:
        name = "train" if result.function in ("", question.name) else result.function
        raise NothingToShowError(f"Not yet: write {name} first. Then run this cell again: the sliders move a network of your own.")
    if result.kind == TOO_SLOW:
        raise NothingToShowError(
            f"{told}your train had not finished after {TIME_LIMIT:.0f} seconds. Is there a loop that never ends? "
            "Fewer epochs or fewer hidden units are less to do."
        )
    if result.kind == RAISED:
        raise NothingToShowError(f"{told}{explain_error(question, result)[1]}")
    answer = read(result.value, several=True)
    if answer.problem:
        raise NothingToShowError(f"{told}{answer.problem} train returns four arrays: W1, b1, W2, b2.")
    if len(answer.arrays) != len(NAMES):
        raise NothingToShowError(f"{told}train returned {len(answer.arrays)} arrays, but four are expected: W1, b1, W2, b2.")
    return [
        _fitted(told, *each) for each in zip(NAMES, answer.arrays, ((n_hidden, n_0), (n_hidden, 1), (k, n_hidden), (k, 1)), strict=True)
    ]


def _fitted(told, name, array, shape):
    if array.dtype.kind == "c":
        raise NothingToShowError(f"{told}{name} holds complex numbers. Is there a root or a logarithm of something negative?")
    if array.shape != shape and not (shape[1] == 1 and array.shape == shape[:1]):  # a flat bias is shown as a column
        turned = " It is turned: rows and columns are exchanged." if array.shape == shape[::-1] else ""
        raise NothingToShowError(f"{told}{name} has shape {array.shape}, but {shape} is expected.{turned}")
    return array.astype(float).reshape(shape)
