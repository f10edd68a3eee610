"""Relations between an answer and the truth: minus the truth, the truth over N, transposed, rounded, without its last row …

A relation has readings: "÷ the number of columns of y", "× 2". In each case, for each array, those that fit are found, and the
sets are intersected. A case with one example, or a square one, fits several readings. It needs no special rule, since another
case excludes all but one.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numpy as np

TOLERANCE, SMALLEST = 1e-5, 1e-9
NUMBERS = {"2": 2, "½": 0.5, "3": 3, "4": 4, "¼": 0.25, "10": 10, "100": 100, "log₂ e": 1 / np.log(2), "log₁₀ e": 1 / np.log(10)}


@dataclass(frozen=True, eq=False)
class Pair:
    """An array of the answer beside the true one, with the inputs that led to them.

    Attributes
    ----------
    mine, true : numpy.ndarray
        Arrays of floats.
    inputs : dict
        Parameter → argument.
    """

    mine: np.ndarray
    true: np.ndarray
    inputs: dict

    def is_(self, other):
        """Return whether the answer is this array, in shape and numbers.

        Parameters
        ----------
        other : ndarray
            What the answer may be.

        Returns
        -------
        bool
        """
        return np.shape(other) == self.mine.shape and same(self.mine, other)

    @cached_property
    def sizes(self):
        """Return name → number for the sizes of the inputs and the inputs that are numbers."""
        found = {}
        for name, value in self.inputs.items():
            if isinstance(value, np.ndarray) and value.ndim == 2:
                found |= {f"the number of columns of {name}": value.shape[1], f"the number of rows of {name}": value.shape[0]}
                found |= {f"the number of entries of {name}": value.size}
            elif isinstance(value, np.ndarray) and value.ndim == 1:
                found[f"the length of {name}"] = len(value)
            elif isinstance(value, int | float):
                found[name] = value
        return found

    @property
    def arrays(self):
        """Return the inputs that are arrays of numbers, by name."""
        return {name: value for name, value in self.inputs.items() if isinstance(value, np.ndarray)}


def same(a, b):
    """Return whether two arrays hold the same numbers, up to rounding.

    Parameters
    ----------
    a, b : ndarrays of float, same shape
        Infinity equals infinity, and NaN equals NaN.

    Returns
    -------
    bool
    """
    if a.size and np.isfinite(a.flat[0]) and not abs(a.flat[0] - b.flat[0]) <= SMALLEST + TOLERANCE * abs(b.flat[0]):
        return False  # most arrays differ at once
    with np.errstate(all="ignore"):
        equal = np.isfinite(a) & np.isfinite(b) & (np.abs(a - b) <= SMALLEST + TOLERANCE * np.abs(b))
        return bool((equal | (a == b) | (np.isnan(a) & np.isnan(b))).all())


# --- readings: a relation is a function Pair → the set of readings that fit ---


def _one(function):
    """Return a relation with a single reading: the answer is function(truth)."""
    return lambda pair: {""} if pair.is_(function(pair.true)) else set()


def _many(readings):
    """Return a relation whose readings are name → array."""
    return lambda pair: {name for name, value in readings(pair) if pair.is_(value)}


def _ratio(pair):
    """Return the constant by which the truth is multiplied, or None."""
    if pair.mine.shape != pair.true.shape or not np.isfinite(pair.true).all() or not np.isfinite(pair.mine).all() or not pair.true.any():
        return None
    where = np.unravel_index(np.abs(pair.true).argmax(), pair.true.shape)
    ratio = pair.mine[where] / pair.true[where]
    return float(ratio) if abs(ratio) > 1e-12 and pair.is_(ratio * pair.true) else None


def _factor(pair):
    ratio = _ratio(pair)
    if ratio is None:
        return {"any"} if not pair.true.any() and not pair.mine.any() else set()
    named = {f"× {name}": value for name, value in {**NUMBERS, **pair.sizes}.items()}
    named |= {f"÷ {name}": 1 / value for name, value in pair.sizes.items() if value}
    named |= {f"÷ (2 × {name})": 0.5 / value for name, value in pair.sizes.items() if value}
    named |= {f"÷ ({name} − 1)": 1 / (value - 1) for name, value in pair.sizes.items() if value not in (0, 1)}
    named |= {f"÷ ({name})²": 1 / value**2 for name, value in pair.sizes.items() if value}
    named |= {f"÷ the root of {name}": value**-0.5 for name, value in pair.sizes.items() if value > 0}
    named |= {
        f"÷ the product of both: {a} and {b}": 1 / v / w for a, v in pair.sizes.items() for b, w in pair.sizes.items() if a < b and v * w
    }
    named |= {f"minus, {name}": -value for name, value in named.items()}
    fits = {name for name, value in named.items() if abs(value - ratio) <= TOLERANCE * abs(ratio)}
    return fits | {f"× {ratio:.5g}"}


def _added(pair):
    if pair.mine.shape != pair.true.shape:
        return set()
    numbers = {"1": 1.0, "½": 0.5, "−1": -1.0, "2": 2.0} | {
        name: np.asarray(value) for name, value in pair.inputs.items() if isinstance(value, np.ndarray | np.generic | int | float)
    }
    readings = {}
    with np.errstate(all="ignore"):
        for name, value in numbers.items():
            try:
                readings |= {f"+ {name}": pair.true + value, f"− {name}": pair.true - value}
                readings |= {f"{name} −": value - pair.true}
                if np.ndim(value):
                    readings |= {
                        f"× {name}": pair.true * value,
                        f"÷ {name}": pair.true / value,
                        f"× {name} × (1 − {name})": pair.true * value * (1 - value),
                    }
                    readings |= {f"× the column sums of {name}": pair.true * value.sum(axis=0)}
                    readings |= {f"× the row sums of {name}": pair.true * value.sum(axis=-1, keepdims=True)}
            except ValueError:  # the shapes do not fit
                continue
    return {name for name, value in readings.items() if pair.is_(value)}


def _reduced(pair):
    true = pair.true
    if true.ndim != 2:
        return []
    names = {"summed": np.sum, "averaged": np.mean, "the largest": np.max, "the smallest": np.min, "the largest's number": np.argmax}
    for name, function in names.items():
        for along, axis in (("down each column", 0), ("along each row", 1)):
            value = np.asarray(function(true, axis=axis), dtype=float)
            for shaped in (value, np.expand_dims(value, axis), np.expand_dims(value, 1 - axis), np.expand_dims(value, axis) + 0 * true):
                yield f"{name} {along}", shaped
        yield f"{name} over all entries", np.asarray(function(true), dtype=float)
        yield f"{name} over all entries", np.reshape(np.asarray(function(true), dtype=float), (1, 1))


def _pieces(pair):
    true = pair.true
    if true.ndim != 2:
        return
    for name, piece in (
        ("the first column", true[:, :1]),
        ("the last column", true[:, -1:]),
        ("the first row", true[:1]),
        ("the last row", true[-1:]),
    ):
        yield name, piece
        yield name, piece.ravel()
        if piece.shape != true.shape:
            yield f"{name}, for all", piece + 0 * true
    for name, piece in (
        *(("all but the first column", true[:, 1:]), ("all but the last column", true[:, :-1])),
        *(("all but the first row", true[1:]), ("all but the last row", true[:-1])),
    ):
        yield name, piece
    yield "the first entry", true[0, 0]
    if true.shape[0] == true.shape[1]:
        yield "the diagonal", np.diag(true)


def _kept(pair):
    """Yield what is left when a part of the truth is 0: never filled in, or overwritten."""
    true = pair.true
    if true.ndim != 2:
        return
    parts = {"last row": np.s_[-1:], "first row": np.s_[:1], "last column": np.s_[:, -1:], "first column": np.s_[:, :1]}
    for name, part in parts.items():
        empty, only = true.copy(), np.zeros_like(true)
        empty[part], only[part] = 0, true[part]
        yield f"the {name} is 0", empty
        yield f"only the {name} is not 0", only
    n, m = true.shape
    if n == m:
        diagonal = np.eye(n, dtype=bool)
        yield "off the diagonal everything is 0", np.where(diagonal, true, 0)
        yield "the diagonal is 0", np.where(diagonal, 0, true)
        yield "off the diagonal the sign is turned", np.where(diagonal, true, -true)
        yield "on the diagonal the sign is turned", np.where(diagonal, -true, true)
        yield "above the diagonal everything is 0", np.tril(true)
        yield "on and above the diagonal everything is 0", np.tril(true, -1)
        yield "below the diagonal everything is 0", np.triu(true)


def _functions(pair):
    t = pair.true
    with np.errstate(all="ignore"):
        yield "its square", t**2
        yield "its root", np.sqrt(t)
        yield "one over it", 1 / t
        yield "1 minus it", 1 - t
        yield "twice it, minus 1", 2 * t - 1
        yield "its exponential", np.exp(t)
        yield "its logarithm", np.log(t)
        yield "minus its logarithm", -np.log(t)
        yield "its sigmoid", 1 / (1 + np.exp(-t))
        yield "h(1 − h) of it", t * (1 - t)
        yield "its positive part", np.maximum(t, 0)
        yield "its sign", np.sign(t)
        yield "its tanh", np.tanh(t)
        if t.ndim == 2:
            e = np.exp(t - t.max(axis=0))
            yield "its softmax", e / e.sum(axis=0)
            yield "its running sum along each row", t.cumsum(axis=1)
            yield "its running sum down each column", t.cumsum(axis=0)
            yield "its largest entry of each column as 1, all else 0", (t == t.max(axis=0)) * 1.0


def _rounded(pair):
    if pair.mine.shape != pair.true.shape or not np.isfinite(pair.true).all():
        return set()
    fits = {f"to {d} decimals" if d != 1 else "to 1 decimal" for d in range(7) if pair.is_(np.round(pair.true, d))}
    return fits | {name for name, value in (("down", np.floor(pair.true)), ("towards 0", np.trunc(pair.true))) if pair.is_(value)}


def _half_precision(pair):
    with np.errstate(all="ignore"):
        return (
            {""} if pair.mine.shape == pair.true.shape and np.array_equal(pair.mine, pair.true.astype(np.float16).astype(float)) else set()
        )


def _reshaped(pair):
    mine, true = pair.mine, pair.true
    if mine.size != true.size:
        return set()
    if true.size == 1:  # every arrangement of a single number is the same
        return {"refilled", "flat", "upside down", "back to front"} if same(mine.ravel(), true.ravel()) else set()
    if mine.shape == true.shape:
        fits = {"refilled"} if true.ndim == 2 and pair.is_(true.T.reshape(true.shape)) else set()
        return fits | {
            name for name, turned in (("upside down", true[::-1]), ("back to front", true[..., ::-1])) if true.ndim and pair.is_(turned)
        }
    fits = {"flat"} if mine.ndim == 1 and (pair.is_(true.ravel()) or pair.is_(true.T.ravel())) else set()
    return fits | ({"refilled"} if mine.shape == true.shape[::-1] and pair.is_(true.reshape(mine.shape)) else set())


def _repeated(pair):
    """The truth is a column, and the answer holds it again and again."""
    mine, true = pair.mine, pair.true
    fits = mine.ndim == true.ndim == 2 and true.shape[1] == 1 and mine.shape[0] == true.shape[0] and same(mine, true + 0 * mine)
    return {""} if fits else set()


def _constant(pair):
    """The answer is one and the same number everywhere, in every case."""
    if not pair.mine.size or not np.isfinite(pair.mine.flat[0]):
        return set()
    return {f"{pair.mine.flat[0]:.6g}"} if (pair.mine == pair.mine.flat[0]).all() and pair.mine.shape == pair.true.shape else set()


def _inputs(pair):
    for name, array in pair.arrays.items():
        value = array.astype(float)
        with np.errstate(all="ignore"):
            yield name, value
            yield f"−{name}", -value
            yield f"the transpose of {name}", value.T
            yield f"1 − {name}", 1 - value
            yield f"{name} summed along each row", value.sum(axis=-1)
            yield f"{name} summed along each row", value.sum(axis=-1, keepdims=True)
            yield f"{name} summed down each column", value.sum(axis=0)
            yield f"the exponential of {name}", np.exp(value)
            yield f"the sigmoid of {name}", 1 / (1 + np.exp(-value))
            yield f"ReLU of {name}", np.maximum(value, 0)
            yield f"the step of {name}: 1 where it is positive", (value > 0) * 1.0
            yield f"tanh of {name}", np.tanh(value)
            yield f"{name} ÷ its number of columns", value / value.shape[-1]
            yield f"the square of {name}", value**2
            yield f"{name} ÷ (1 + its absolute value)", value / (1 + np.abs(value))
            yield f"the logarithm of 1 + the exponential of {name}", np.log1p(np.exp(value))
        if value.ndim == 2:
            yield f"the first row of {name}", value[0]
            yield f"the first row of {name}", value[:1]
            yield f"the first column of {name}", value[:, 0]
            yield f"the first column of {name}", value[:, :1]
            yield f"the product of {name} and its own transpose", value @ value.T
        for other, second in pair.arrays.items():
            if other != name and value.size * second.size == pair.mine.size:
                yield f"np.outer of {name} and {other}, every entry times every other one", np.outer(value, second)


RELATIONS = [  # kind, cost, the readings that fit
    ("negative", 0.5, _one(np.negative)),
    ("factor", 0.6, _factor),
    ("transposed", 0.5, lambda pair: {""} if pair.true.ndim == 2 and pair.is_(pair.true.T) else set()),
    ("reshaped", 0.8, _reshaped),
    ("rounded", 0.7, _rounded),
    ("half precision", 0.9, _half_precision),
    ("absolute", 0.7, _one(np.abs)),
    ("one piece only", 0.8, _many(_pieces)),
    ("a part is 0", 0.9, _many(_kept)),
    ("reduced", 0.9, _many(_reduced)),
    ("one thing more", 1.0, _added),
    ("function of the answer", 1.0, _many(_functions)),
    ("an input comes back", 0.8, _many(_inputs)),
    ("repeated", 0.9, _repeated),
    ("always the same number", 0.7, _constant),
]
KINDS = {"order of the arrays", "order of the shapes", *(kind for kind, _, _ in RELATIONS)}


def common(kind, pairs):
    """Return the readings of a relation that fit all of the pairs; an empty set when it does not hold.

    Parameters
    ----------
    kind : str
        Name of a relation in ``RELATIONS``.
    pairs : list of Pair
        The wrong arrays of every case.

    Returns
    -------
    set of str
    """
    function = next(function for name, _, function in RELATIONS if name == kind)
    readings = None
    for pair in pairs:
        found = function(pair)
        if kind == "factor" and found == {"any"}:
            continue
        readings = found if readings is None else readings & found
        if not readings:
            return set()
    return readings or set()


def order(mine, true):
    """Return the orders in which the arrays of an answer are the true ones, none of them the right order.

    Parameters
    ----------
    mine, true : tuple of numpy.ndarray
        An answer with fewer arrays than the truth counts when those it has are true ones.

    Returns
    -------
    set
        Of tuples of indices; for the reverse order also the word "reversed", whatever the number of arrays.
    """
    if not 1 <= len(mine) <= len(true) <= 6:
        return set()
    straight, found = tuple(range(len(true))), set()
    for indices in permutations(straight, len(mine)):
        if indices != straight and all(m.shape == true[i].shape and same(m, true[i]) for m, i in zip(mine, indices, strict=True)):
            found |= {indices} | ({"reversed"} if indices == straight[::-1] else set())
    return found
