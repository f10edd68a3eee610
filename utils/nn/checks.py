"""What the network accepts, and what it says when it gets something else.

Each message names what was wrong, what was expected and what to do, in the learner's words.
"""

import numbers

import numpy as np


def numbers_array(value, name):
    """Return value as an array of floats; text, ragged lists, NaN, infinity and emptiness raise ValueError."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} is a list whose rows have different lengths; every example needs the same number of values.") from None
    if array.dtype.kind not in "biuf":
        sample = array.flat[0] if array.size else value
        raise ValueError(f"{name} must hold numbers, but it holds {sample!r} ({type(sample).__name__}).")
    array = np.ascontiguousarray(array, dtype=float)  # X.T and one-hot columns are strided: slow in every later line
    if not array.size:
        raise ValueError(f"{name} is empty: its shape is {array.shape}. At least one example is needed.")
    if not np.isfinite(array).all():
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(
            f"{name} holds {array[first]} at position {list(first)}. Find out where it comes from, then repair or drop that example."
        )
    return array


def columns(value, n_rows, name):
    """Return value as floats of shape (..., n_rows, N): one example a column.

    Raises
    ------
    ValueError
        With the shape expected, the shape got and the likely mend.
    """
    array = numbers_array(value, name)
    if array.ndim < 2 or array.shape[-2] != n_rows:
        hint = ""
        if array.ndim == 1 and name == "y" and n_rows > 1:
            hint = f" These look like labels: one_hot(labels, {n_rows}) turns them into columns."
        elif array.ndim == 1 and array.size == n_rows:
            hint = f" For a single example use {name}.reshape(-1, 1)."
        elif array.ndim == 1 and n_rows == 1:
            hint = f" For one row use {name}.reshape(1, -1)."
        elif array.ndim == 2 and array.shape[1] == n_rows:
            hint = f" Your examples seem to be rows, as in scikit-learn: use {name}.T."
        raise ValueError(f"{name} must have shape ({n_rows}, N), one example a column, but it has shape {array.shape}.{hint}")
    return array


def targets(value, n_rows, n_examples, loss):
    """Return y as floats of shape (..., n_L, N), fit for the loss.

    Raises
    ------
    ValueError
        For another shape; for values outside 0 … 1 where the output is a probability; under a softmax
        also for columns that do not sum to 1.
    """
    y = columns(value, n_rows, "y")
    if y.shape[-1] != n_examples:
        raise ValueError(f"x has {n_examples} examples (columns), but y has {y.shape[-1]}: every example needs its target.")
    if loss.output == "linear":
        return y
    if y.min() < 0 or y.max() > 1:
        raise ValueError(
            f"y must lie between 0 and 1 for output={loss.output!r}, but it runs from {y.min():g} to {y.max():g}. "
            "Class numbers such as 0, 1, 2 become such columns with one_hot(labels, number of classes)."
        )
    if loss.output == "softmax" and not np.allclose(y.sum(-2), 1):
        wrong = int(np.argwhere(~np.isclose(y.sum(-2), 1))[0][-1])
        raise ValueError(
            f"Each column of y must sum to 1 (a probability for every class), but column {wrong} sums to {y.sum(-2)[..., wrong].flat[0]:g}."
        )
    return y


def several_classes(y, loss):
    """Raise ValueError when more than one example is given and all of them belong to one class."""
    if loss.output != "linear" and y.shape[-1] > 1 and (y == y[..., :1]).all():
        raise ValueError(
            f"All {y.shape[-1]} examples belong to the same class, so there is nothing to tell apart. "
            "Did the rows get sorted before the data was split? Use train_test_split(..., stratify=labels)."
        )


def choice(value, allowed, name):
    """Return value if it is one of the names allowed; otherwise raise ValueError with the list."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, not {value!r}.")
    return value


def whole_number(value, name, at_least):
    """Return value as an int of at least the given size; anything else raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < at_least:
        raise ValueError(f"{name} must be a whole number, {at_least} or more, not {value!r}.")
    return int(value)


def positive(value, name):
    """Return value as an array of positive finite numbers; anything else raises ValueError."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number such as 0.5, not {value!r}.") from None
    if not (np.isfinite(array) & (array > 0)).all():
        raise ValueError(f"{name} must be a positive number such as 0.5, not {value!r}.")
    return array


def layer_sizes(value):
    """Return the layer sizes as a list of ints, at least an input and an output; else raise ValueError."""
    try:
        sizes = list(value)
    except TypeError:
        sizes = []
    if len(sizes) < 2:
        raise ValueError(f"layer_sizes must list at least the inputs and the outputs, such as [2, 3, 4], not {value!r}.")
    return [whole_number(size, f"layer_sizes[{k}]", at_least=1) for k, size in enumerate(sizes)]


def parameter(value, shape, name):
    """Return value as floats of the given shape, with any leading axes; else raise ValueError."""
    array = numbers_array(value, name)
    if array.shape[-2:] != shape:
        raise ValueError(f"{name} must have shape {shape}, but it has shape {array.shape}.")
    return array
