"""Finite differences, to compare every derivative of lesson 04 with, and the derivation of lesson 04 with numbers."""

import numpy as np

from utils.nn.losses import softmax

EPSILON = 1e-5  # the step of a finite difference


def slopes(f, a):
    """Return the slope of f at every entry of a, by nudging one entry at a time up and down.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of ``a`` and returns a number.
    a : array
        Where the slopes are measured.

    Returns
    -------
    array
        The central differences (f(a + ε) − f(a − ε)) / 2ε, in the shape of ``a``.
    """
    measured = np.empty_like(a)
    for entry in np.ndindex(a.shape):
        nudge = np.zeros_like(a)
        nudge[entry] = EPSILON
        measured[entry] = (f(a + nudge) - f(a - nudge)) / (2 * EPSILON)
    return measured


def signs(values):
    """Write the signs of the entries of an array.

    Parameters
    ----------
    values : array
        Any shape.

    Returns
    -------
    str
        Such as "+ − 0"; what is below 1e-9 in size counts as 0.
    """
    return " ".join("0" if abs(value) < 1e-9 else "+" if value > 0 else "−" for value in np.ravel(values))


def derivation(a, l, forget_indicator=False):
    """Compute the lines (1) to (8) of the derivation with numbers.

    Parameters
    ----------
    a : array, shape (k, 1)
        The scores.
    l : int
        The true class, counted from 1.
    forget_indicator : bool
        Whether line (6) writes 1 where the indicator belongs, and the lines after it inherit that.

    Returns
    -------
    dict of str to array, shape (k, 1)
        Of each line, such as "(1)", the slopes of −log ŷ_l at the k scores.
    """
    i, y_hat = l - 1, softmax(a)
    E, S = np.exp(a), np.exp(a).sum()
    E_l, y_l = E[i, 0], y_hat[i, 0]
    true = (np.arange(len(a)) == i)[:, None] * 1.0
    indicator = np.ones_like(a) if forget_indicator else true
    of_the_softmax = slopes(lambda a: softmax(a)[i, 0], a)
    return {
        "(1)": slopes(lambda a: -np.log(softmax(a)[i, 0]), a),
        "(2)": slopes(lambda y_l: -np.log(y_l[0]), np.array([y_l])) * of_the_softmax,
        "(3)": -1 / y_l * of_the_softmax,
        "(4)": -1 / y_l * slopes(lambda a: np.exp(a[i, 0]) / np.exp(a).sum(), a),
        "(5)": -1 / y_l * (true * E_l / S - E_l * E / S**2),
        "(6)": -1 / y_l * (indicator * E_l / S - E_l / S * E / S),
        "(7)": -1 / y_l * (indicator * y_l - y_l * y_hat),
        "(8)": -(indicator - y_hat),
    }
