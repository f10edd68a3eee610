"""Slips before the formula: the reference is called with changed, fixed or exchanged arguments."""

from functools import cache, partial

import numpy as np

from utils.homework.edits import Slip

CHANGES = {
    "negated": np.negative,
    "squared": np.square,
    "with its absolute values": np.abs,
    "rounded": np.round,
    "with all entries 1": np.ones_like,
    "with all entries 0": np.zeros_like,
    "transposed": lambda v: v.T,
    "reshaped": lambda v: v.reshape(v.shape[::-1]),
    "as 1 minus it": lambda v: 1 - v,
    "with 1 taken off": lambda v: v - 1,
    "with 1 added": lambda v: v + 1,
    "twice as large": lambda v: 2 * v,
    "half as large": lambda v: v / 2,
    "through the sigmoid": lambda v: 1 / (1 + np.exp(-v)),
    "through the slope of the sigmoid": lambda v: np.exp(-np.abs(v)) / (1 + np.exp(-np.abs(v))) ** 2,
    "through the exponential": np.exp,
    "through the logarithm": np.log,
    "averaged over its columns": lambda v: v.mean(axis=-1, keepdims=True) + 0 * v,
    "with its first column in every place": lambda v: v[:, :1] + 0 * v,
    "with its first row in every place": lambda v: v[:1] + 0 * v,
    "without its first column": lambda v: v[:, 1:],
    "without its last column": lambda v: v[:, :-1],
    "cut to its first column": lambda v: v[:, :1],
    "cut to its last column": lambda v: v[:, -1:],
    "summed along its rows": lambda v: v.sum(axis=-1, keepdims=True),
    "shifted to a mean of 0": lambda v: v - v.mean(),
    "back to front": lambda v: v[..., ::-1],
    "upside down": lambda v: v[::-1],
    "sorted": np.sort,
    "divided by its number of columns": lambda v: v / v.shape[-1],
    "divided by its number of rows": lambda v: v / v.shape[0],
    "divided by its largest entry": lambda v: v / v.max(),
    "divided by its length": lambda v: v / np.linalg.norm(v),
    "with its signs only": np.sign,
    "with its mean in every place": lambda v: np.full(v.shape, v.mean()),
    "with its largest entry of each column as 1, all else 0": lambda v: (v == v.max(axis=0)) * 1.0,
    "with its row numbers as labels": lambda v: v.argmax(axis=0) + 0 * v,
    "through the softmax": lambda v: np.exp(v - v.max(axis=0)) / np.exp(v - v.max(axis=0)).sum(axis=0),
}
SETTINGS = (0, 1, 2, 10, 0.5, 0.1, 0.01, 0.001)


@cache
def input_slips(question):
    """Return the slips in which the reference gets changed arguments.

    Parameters
    ----------
    question : Question
        What was asked.

    Returns
    -------
    list of (Slip, callable)
        Each function takes the arguments of the reference, and returns what comes out when one or two of them are changed.
    """
    found = []
    parameters, reference = question.parameters, question.reference
    for i, name in enumerate(parameters):
        for words, change in CHANGES.items():
            found.append((Slip("changed input", f"{name} {words}"), partial(_changed, reference, (i,), change)))
        for value in SETTINGS:
            found.append((Slip("fixed input", f"{name} = {value}"), partial(_set, reference, i, value)))
        for j in range(i + 1, len(parameters)):
            found.append((Slip("inputs exchanged", f"{name} and {parameters[j]}"), partial(_swapped, reference, i, j)))
            for words in ("cut to its first column", "cut to its last column", "without its first column", "without its last column"):
                both = f"{name} and {parameters[j]}: each {words}"
                found.append((Slip("changed inputs", both), partial(_changed, reference, (i, j), CHANGES[words])))
    return found


def _changed(reference, places, change, *arguments, **keywords):
    new = list(arguments)
    for place in places:
        value = new[place]
        new[place] = [change(entry) for entry in value] if isinstance(value, list) else change(value)
    return reference(*new, **keywords)


def _set(reference, place, value, *arguments, **keywords):
    if isinstance(arguments[place], np.ndarray | list):
        raise TypeError("Only a number can be fixed.")
    return reference(*arguments[:place], value, *arguments[place + 1 :], **keywords)


def _swapped(reference, i, j, *arguments, **keywords):
    new = list(arguments)
    new[i], new[j] = new[j], new[i]
    return reference(*new, **keywords)
