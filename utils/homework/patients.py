"""The three patients of homework 5: programs with one wrong line each, chosen by a number; ``gradient_check`` examines them.

A teacher asks ``python -m utils.homework.patients 1234`` what is wrong for a number.
"""

import sys

import numpy as np

from utils.homework.bank import clouds, ring, wave
from utils.homework.wrong_lines import program, text_of

WARD = (clouds, wave, ring)
STEP = 1e-5  # of the finite differences
TOLERANCE = 1e-5  # the relative error from which an entry counts as wrong
ROUNDING = 1e-7  # what rounding and curvature may do to a finite difference of ordinary size


class Patient:
    """A program that runs, with one wrong line. A notebook shows its text with numbered lines.

    Parameters
    ----------
    true : callable
        The program without the wrong line.
    wrong_line : WrongLine
        What is wrong.

    Attributes
    ----------
    text : str
        The program, ready to be copied into a cell.
    """

    def __init__(self, true, wrong_line):
        self.text, self._run = text_of(true, wrong_line), program(true, wrong_line)
        self.__name__ = true.__name__

    def __call__(self, *arguments):
        """Return what the program returns: the loss, and the gradient of every parameter."""
        return self._run(*arguments)

    def __repr__(self):
        first, *lines = self.text.splitlines()
        return "\n".join([f"    {first}", *(f"{number:2}  {line}" for number, line in enumerate(lines, start=1))])


def patients(number):
    """Return the three patients of a number: ``clouds, wave, ring = patients(1234)``.

    Parameters
    ----------
    number : int
        Your own, from 0 up. The same number gives the same patients.

    Returns
    -------
    tuple of Patient

    Raises
    ------
    ValueError
        For anything else than a whole number from 0 up.
    """
    return tuple(Patient(bank.question.reference, line) for bank, line in zip(WARD, wrong_lines(number), strict=True))


def wrong_lines(number):
    """Return what is wrong with the three patients of a number, as WrongLine.

    Parameters
    ----------
    number : int
        As in ``patients``.

    Returns
    -------
    tuple of WrongLine

    Raises
    ------
    ValueError
        For anything else than a whole number from 0 up.
    """
    if type(number) is bool or not isinstance(number, int | np.integer) or number < 0:
        raise ValueError(f"Your number is a whole number from 0 up, such as 1234, and not {number!r}.")
    rng = np.random.default_rng(int(number))
    return tuple(bank.WRONG_LINES[rng.integers(len(bank.WRONG_LINES))] for bank in WARD)


def gradient_check(function, x, y, *parameters):
    """Compare the gradients that a program returns with finite differences of the loss that it returns, and print a table.

    Parameters
    ----------
    function : callable
        A patient, or the program that you have repaired.
    x, y : arrays
        Examples and targets in columns.
    *parameters : arrays
        W1, b1, W2, b2, …
    """
    try:
        _, *claimed = function(x, y, *parameters)
    except NotImplementedError:
        print(f"… {function.__name__}: not yet.")
        return
    names = [f"{letter}{k}" for k in range(1, len(parameters) // 2 + 1) for letter in "Wb"]
    print("gradient of   entries wrong   backward : finite difference")
    for i in sorted(range(len(names)), key=lambda i: (-(i // 2), i)):  # from the output down
        measured = np.zeros(parameters[i].shape)
        for place in np.ndindex(measured.shape):
            up, down = ([v.astype(float) for v in parameters] for _ in range(2))
            up[i][place] += STEP
            down[i][place] -= STEP
            measured[place] = (function(x, y, *up)[0] - function(x, y, *down)[0]) / (2 * STEP)
        print(f"{names[i]:14}{_compared(np.asarray(claimed[i], dtype=float), measured)}")


def _compared(claimed, measured):
    if claimed.shape != measured.shape:
        return f"has shape {claimed.shape}, and the parameter {measured.shape}"
    difference, larger = np.abs(claimed - measured), np.maximum(np.abs(claimed), np.abs(measured))
    wrong = difference > np.maximum(TOLERANCE * larger, ROUNDING * max(1, larger.max()))
    if not wrong.any():
        return f"{f'0 of {wrong.size}':16}agree"
    still = wrong & (np.abs(measured) < 1e-9)
    if still.any():
        words = f"the finite difference is 0 in {still.sum()} of them"
    else:
        ratios = claimed[wrong] / measured[wrong]
        same = np.ptp(ratios) < 1e-4 * np.abs(ratios).max()
        words = f"{ratios.mean():.4g} in all of them" if same else f"from {ratios.min():.3g} to {ratios.max():.3g}"
    return f"{f'{wrong.sum()} of {wrong.size}':16}{words}"


if __name__ == "__main__":
    for bank, line in zip(WARD, wrong_lines(int(sys.argv[1])), strict=True):
        print(f"{bank.question.name:8}{line.name}: {line.wrong}   (true: {line.true})")
