"""The points that the training explorer trains on: data sets of the course, with more noise or fewer points, or a learner's own."""

from dataclasses import dataclass, field
from functools import lru_cache
from reprlib import repr as short

import numpy as np

from utils.data import DATA_SETS, one_hot
from utils.draw.plots import plane_grid
from utils.draw.style import CLASSES
from utils.nn import checks

YOURS = "your data"
USUAL = 1.0  # noise as the lessons have it
MARGIN = 0.08  # of the plane around a learner's own points, in widths of their range
FEWEST, MOST_POINTS = 4, 5000  # of a class, a quarter of which is held back; and of all
LARGEST = 1e6  # an input beyond it makes every sigmoid 0 or 1
GRID_POINTS = 50  # a surface is computed on 50 × 50 points


@dataclass(frozen=True, eq=False)
class OwnData:
    """Points of a learner's own, checked.

    Attributes
    ----------
    X : array, shape (N, 2)
        A point a row.
    labels : array of int, shape (N,)
        0 … k−1, one for each class that occurs.
    names : list of str
        What the learner calls these classes.
    """

    X: np.ndarray
    labels: np.ndarray
    names: list


def own_data(data):
    """Return a learner's pair (X, labels) as OwnData.

    Parameters
    ----------
    data : pair
        X of shape (N, 2), and a label for each row: numbers or names.

    Returns
    -------
    OwnData

    Raises
    ------
    TypeError
        For anything but a pair.
    ValueError
        For points that are not in a plane, for labels that do not fit them, and for too few or too many classes.
    """
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise TypeError(f"data must be the name of a data set, or your own as in data=(X, labels), not {short(data)}.")
    X, labels = checks.numbers_array(data[0], "X"), np.asarray(data[1])
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"X must have shape (N, 2), a point of the plane in each row, but it has shape {X.shape}.{_hint(X.shape)}")
    if np.abs(X).max() > LARGEST:
        raise ValueError(
            f"X holds numbers up to {np.abs(X).max():.2g}: bring both columns to the size of 1, "
            "as (X - X.mean(axis=0)) / X.std(axis=0) does."
        )
    if labels.shape != X.shape[:1]:
        one_hot_rows = labels.ndim == 2 and len(labels) == len(X) and labels.shape[1] > 1
        hint = " Of one-hot rows take labels.argmax(axis=1)." if one_hot_rows else ""
        raise ValueError(f"X has {len(X)} rows, so labels must have shape ({len(X)},), but they have shape {labels.shape}.{hint}")
    names = _class_names(labels)
    found, numbers, counts = np.unique(names, return_inverse=True, return_counts=True)
    if not 2 <= len(found) <= len(CLASSES):
        raise ValueError(f"There can be 2 to {len(CLASSES)} classes, but your labels name {len(found)}.")
    if counts.min() < FEWEST:
        raise ValueError(
            f"Class {found[counts.argmin()]} has too few points, {counts.min()}: each class needs {FEWEST}, since a quarter is held back."
        )
    if len(X) > MOST_POINTS:
        raise ValueError(f"{len(X)} points are too many for a picture at every touch: choose {MOST_POINTS} of them at random.")
    return OwnData(X, numbers, [str(name) for name in found])


def _hint(shape):
    if len(shape) == 2 and shape[0] == 2:
        return " Your points seem to be columns: use X.T."
    if len(shape) == 2 and shape[1] > 2:
        return " Choose two of the columns, such as X[:, [0, 1]]."
    return ""


def _class_names(labels):
    """Return labels that can be told apart; numbers that are no classes raise ValueError."""
    if labels.dtype.kind in "biuUS":
        return labels
    if labels.dtype.kind == "f":
        strangers = labels[~np.isfinite(labels) | (labels != np.floor(labels))]
        if strangers.size:
            raise ValueError(f"labels must be whole numbers or names, one for each class, but {strangers[0]:g} is among them.")
        return labels.astype(int)
    kinds = {type(label) for label in labels.tolist()}
    if len(kinds) == 1 and issubclass(*kinds, str | int):  # such as the names in a table of pandas
        return np.array(labels.tolist())
    named = ", ".join(sorted(kind.__name__ for kind in kinds))
    raise ValueError(f"labels must be whole numbers or names, all of one kind, but these are of the kind {named}.")


@dataclass(frozen=True, eq=False)
class Sample:
    """Training points and held-back points.

    Attributes
    ----------
    x, y, labels : arrays, shapes (2, n), (k, n) and (n,)
        The training points in columns, their one-hot columns and their classes.
    x_val, y_val, labels_val : arrays
        The same of the quarter that is held back.
    name, legend : str
        What the points are, in words; and a sentence that says how the classes of a learner's own are drawn.
    n_all : int
        How many training points there are without a share.
    grid : array, shape (2, 50 · 50)
        The plane around all of them, row by row from the bottom.
    edges : list of float
        Its left, right, lower and upper edge.
    code : list of str
        Lines that make X, labels, X_val and labels_val.
    """

    x: np.ndarray
    y: np.ndarray
    labels: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    labels_val: np.ndarray
    name: str
    legend: str
    n_all: int
    grid: np.ndarray
    edges: list
    code: list = field(repr=False)

    @property
    def k(self):
        """Return how many classes there are."""
        return len(self.y)


@lru_cache(maxsize=16)
def sample(data, noise=USUAL, share=100):
    """Return the Sample of a data set.

    Parameters
    ----------
    data : str or OwnData
        A name in ``utils.data.DATA_SETS``, or a learner's own points.
    noise : float
        How much noise there is, in units of the usual; a learner's own points are left as they are.
    share : int
        How many percent of the training points are used, but so many that each class occurs.

    Returns
    -------
    Sample
    """
    from sklearn.model_selection import train_test_split  # it takes long, and most lessons do without

    if isinstance(data, OwnData):
        X, labels, name, margin = data.X, data.labels, YOURS, MARGIN * np.ptp(data.X, axis=0)
        legend = f" Classes: {', '.join(f'{each} {style.words}' for each, style in zip(data.names, CLASSES, strict=False))}."
        first = "X, labels = np.asarray(X, dtype=float), np.unique(labels, return_inverse=True)[1]  # your data"
    else:
        make, more = DATA_SETS[data], {} if noise == USUAL else {"noise": noise}
        (X, labels), name, legend, margin = make(**more), f"the data set {data}", "", np.full(2, 0.5)
        first = f"X, labels = {make.__name__}({', '.join(f'{key}={value:g}' for key, value in more.items())})"
        name += "" if noise == USUAL else " without noise" if noise == 0 else f" with {noise:g} times the usual noise"
    code = [first, "X, X_val, labels, labels_val = train_test_split(X, labels, stratify=labels, random_state=0)"]
    k = labels.max() + 1
    X, X_val, labels, labels_val = train_test_split(X, labels, stratify=labels, random_state=0)
    grid, edges = plane_grid(X.T, GRID_POINTS, np.where(margin > 0, margin, 0.5))
    n_all, n = len(X), round(len(X) * share / 100)
    if share < 100:
        n = max(n, np.unique(labels, return_index=True)[1].max() + 1)
        code.append(f"X, labels = X[:{n}], labels[:{n}]")
    x, x_val, y, y_val = map(np.ascontiguousarray, (X[:n].T, X_val.T, one_hot(labels[:n], k), one_hot(labels_val, k)))
    return Sample(x, y, labels[:n], x_val, y_val, labels_val, name, legend, n_all, grid, edges, code)
