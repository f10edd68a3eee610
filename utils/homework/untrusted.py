"""Turns returned values, whatever they are, into arrays of numbers. Nothing in them is trusted.

A value is read by its exact type, with limits on size and depth, and without a call of its own code:
``isinstance`` would ask ``value.__class__``, and ``len`` or ``iter`` would call a method of the value.
"""

from dataclasses import dataclass

import numpy as np

LARGEST_LIST = 10_000  # entries; no answer to a question needs nearly as many
NUMBERS = {int, float, bool, complex} | {kind for kind in np.sctypeDict.values() if issubclass(kind, np.number | np.bool_)}


@dataclass(frozen=True, eq=False)
class Answer:
    """A returned value as arrays.

    Attributes
    ----------
    arrays : tuple of numpy.ndarray
        One array, or several where the question asks for several; empty when there is a problem.
    note : str
        What to mention though the value can be read, such as a list in place of an array.
    problem, kind : str
        Why it holds no numbers, in words, and the kind of the problem: "nothing returned" or "type".
    """

    arrays: tuple = ()
    note: str = ""
    problem: str = ""
    kind: str = ""


class _UnreadableError(Exception):
    """Says what came back instead of numbers."""


def read(value, several=False):
    """Return a value as an Answer. Raises nothing.

    Parameters
    ----------
    value : object
        What a function returned.
    several : bool
        Whether several arrays are expected, and not one.

    Returns
    -------
    Answer
    """
    notes = []
    try:
        arrays = _several_arrays(value, notes) if several else (_array(value, notes, [LARGEST_LIST]),)
    except _UnreadableError as problem:
        return Answer(problem=str(problem), kind="nothing returned" if value is None else "type")
    return Answer(arrays, note=" ".join(dict.fromkeys(notes)))


def _several_arrays(value, notes):
    entries = _entries(value)
    if entries is None or len(entries) > 100:
        raise _UnreadableError(f"it returned {_kind_of(value)}, but several arrays were expected.")
    arrays = []
    for i, entry in enumerate(entries):
        try:
            arrays.append(_array(entry, notes, [LARGEST_LIST]))
        except _UnreadableError as problem:
            raise _UnreadableError(f"number {i + 1} of the values it returned is no array: {problem}") from None
    return tuple(arrays)


def _array(value, notes, budget, depth=0):
    """Return one value as an array of numbers; raise _UnreadableError. Adds to the notes; ``budget`` is what a list may still hold."""
    budget[0] -= 1
    entries = _entries(value)
    if entries is not None:
        if depth > 4 or len(entries) > budget[0]:
            raise _UnreadableError("it returned a list that is far too long or too deep.")
        if depth == 0 and issubclass(type(value), tuple) and any(_is_array(entry) for entry in entries):
            raise _UnreadableError(f"it returned {_kind_of(value)}, but one array was expected.")
        rows = [_array(entry, [], budget, depth + 1) for entry in entries]
        if len({row.shape for row in rows}) > 1 or sum(row.size for row in rows) > LARGEST_LIST:
            raise _UnreadableError("it returned a list whose entries have different lengths.")
        notes.append("It is a list; the lessons work with arrays, np.array(…).")
        return np.array(rows)
    if not _is_array(value) and type(value) not in NUMBERS:
        raise _UnreadableError(f"it returned {_kind_of(value)}{'.' if value is None else ', but numbers were expected.'}")
    array = np.asarray(value)
    if array.dtype.kind == "O":
        array = _from_objects(array)
    if array.dtype.kind == "c" and not array.imag.any():
        array = array.real
        notes.append("Its numbers are complex, with imaginary parts of 0: .real leaves those out.")
    if array.dtype.kind not in "biufc":
        raise _UnreadableError("it returned an array that holds no numbers.")
    if array.dtype.kind == "b":
        notes.append("It holds True and False; numbers serve better in every later formula: .astype(float).")
    return array


def _from_objects(array):
    entries = array.ravel().tolist() if array.size <= LARGEST_LIST else [None]
    if any(type(entry) not in NUMBERS for entry in entries):
        raise _UnreadableError("it returned an array that holds something else than numbers.")
    try:
        return np.array([float(entry) for entry in entries]).reshape(array.shape)
    except (OverflowError, TypeError):
        raise _UnreadableError("it returned a number that does not fit into a float.") from None


def _is_array(value):
    return issubclass(type(value), np.ndarray)


def _entries(value):
    """Return the entries of a list or tuple, else None."""
    if issubclass(type(value), list):
        return list.copy(value)
    return list(tuple.__iter__(value)) if issubclass(type(value), tuple) else None


def _kind_of(value):
    names = {type(None): "nothing (None)", str: "text", dict: "a dict", tuple: "several values", list: "a list", set: "a set"}
    if type(value) in NUMBERS:
        return "one number"
    if _is_array(value):
        return "one array"
    return names.get(type(value)) or f"an object of type {clip(type.__dict__['__name__'].__get__(type(value)), 40)}"


def clip(text, length=160):
    """Return a text in one line, cut where it is too long.

    Parameters
    ----------
    text : object
        What is no text becomes "".
    length : int
        How many characters it may have.

    Returns
    -------
    str
    """
    if type(text) is not str:
        return ""
    text = " ".join(text[: 2 * length].split())
    return text if len(text) <= length else text[: length - 1] + "…"
