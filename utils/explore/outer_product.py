"""The outer-product explorer: every entry of ∂𝓛/∂W_k with its two factors, for one example and for a batch (lesson 06)."""

from dataclasses import replace
from functools import lru_cache, partial

import numpy as np

from utils.data import one_hot
from utils.draw.computation import layer_sizes
from utils.draw.grids import product_grid
from utils.draw.numbers import fixed, subscript
from utils.draw.picture import table
from utils.explore.controls import SEED, Choice, Number, explorer
from utils.nn.gradcheck import numerical_gradient
from utils.nn.network import FeedForwardNetwork

ARCHITECTURES = ("2-3-2", "3-3-2", "2-4-3")
SCALAR, VECTOR, BATCH = VIEWS = ("scalar", "vector (one example)", "batch")
MOST_EXAMPLES = 8
signed = partial(fixed, signed=True)


def outer_product_picture(architecture, k, view, n_examples, example, i, j, seed):
    """Return the picture of ∂𝓛/∂W_k = ∂𝓛/∂a_k h_{k−1}ᵀ with one entry framed, beside and below its factors.

    Parameters
    ----------
    architecture : str
        A name in ``ARCHITECTURES``; sigmoid hidden units, softmax, cross-entropy.
    k : int
        The layer, 1 or 2.
    view : str
        A name in ``VIEWS``. The scalar and the vector belong to the loss of the one example alone.
    n_examples, example : int
        Size of the batch, and which of its examples is shown, from 1; a single example may be any of the eight.
    i, j : int
        The chosen entry, from 1. Beyond the matrix the last one is taken, and the caption says so.
    seed : int
        Seed of the weights and of the examples.

    Returns
    -------
    Picture
    """
    net, x, y = setting(architecture, seed)
    n = min(example, n_examples) if view == BATCH else example
    shown = slice(n_examples) if view == BATCH else slice(n - 1, n)
    grad_a, h, numerical = factors(net, x[:, shown], y[:, shown], k)
    row, column = min(i, len(grad_a)), min(j, len(h))
    N, entry = grad_a.shape[1], (row - 1, column - 1)

    notes = []
    if (row, column) != (i, j):
        notes.append(f"There is no W_{k},{i},{j} here; the nearest is W_{k},{row},{column}.")
    if n != example:
        notes.append(f"There is no example {example} in this batch; the last one is {n}.")
    caption = " ".join([*notes, _sentence(grad_a, h, numerical, k, entry, n)])
    whose = f"batch of {N}" if view == BATCH else f"example {n} alone"
    matrix = "" if view == SCALAR else f"∂𝓛/∂W_{k} has {_rows(grad_a @ h.mT)}. "
    grid = product_grid(
        grad_a,
        h.mT,
        f"{_formula(view, k, row, column)}\u2003\u2003{shapes(view, grad_a, h)}",
        f"{architecture} network, {whose}, {view}: {shapes(view, grad_a, h)}. {matrix}{_framed(grad_a, h, k, entry)} {caption}",
        rows=[f"∂𝓛/∂a{_index(k, r + 1)}" for r in range(len(grad_a))],
        columns=[_unit(k, c + 1) for c in range(len(h))],
        terms=[f"n = {t + 1}" for t in range(N)] if N > 1 else (),
        chosen=entry,
        term=n - 1 if N > 1 else None,
        alone=view == SCALAR,
        spots=partial(_touched, k, N > 1),
    )
    details = _products(grad_a, h, k, entry, n) if N > 1 else ""
    return replace(grid, caption=caption, details=details)


@lru_cache(maxsize=8)
def setting(architecture, seed):
    """Return the network, eight inputs and their targets, in columns.

    Parameters
    ----------
    architecture : str
        A name in ``ARCHITECTURES``.
    seed : int
        Of weights, inputs and targets.

    Returns
    -------
    net : FeedForwardNetwork
        Softmax and cross-entropy.
    x, y : arrays, shapes (n_0, 8) and (n_L, 8)
        The examples.
    """
    sizes = layer_sizes(architecture)
    rng = np.random.default_rng(seed)
    x, labels = rng.normal(size=(sizes[0], MOST_EXAMPLES)), rng.permutation(np.arange(MOST_EXAMPLES) % sizes[-1])
    return FeedForwardNetwork(sizes, seed=seed), x, one_hot(labels, sizes[-1])


def factors(net, x, y, k):
    """Return ∂𝓛/∂a_k (n_k, N), h_{k−1} (n_{k−1}, N), and ∂𝓛/∂W_k by finite differences (n_k, n_{k−1}).

    Parameters
    ----------
    net : FeedForwardNetwork
        The network.
    x : array, shape (n_0, N)
        Examples in columns.
    y : array, shape (n_L, N)
        Their targets.
    k : int
        The layer.

    Returns
    -------
    tuple of three arrays
    """
    trace = net.forward(x)
    return net.backward(trace, y).a[k], trace.h[k - 1], numerical_gradient(net, x, y, "W", k)


def shapes(view, grad_a, h):
    """Return the shapes of the two factors and of their product, such as "(3, 8) · (8, 2) → (3, 2)".

    Parameters
    ----------
    view : str
        A name in ``VIEWS``.
    grad_a : array, shape (n_k, N)
        The left factor.
    h : array, shape (n_{k−1}, N)
        The right factor, not yet transposed.

    Returns
    -------
    str
    """
    if view == SCALAR:
        return "number · number → number"
    return f"{grad_a.shape} · {h.mT.shape} → {(len(grad_a), len(h))}"


def _formula(view, k, i, j):
    if view == SCALAR:
        return f"∂𝓛/∂W{_index(k, i, j)} = ∂𝓛/∂a{_index(k, i)} · {_unit(k, j)}"
    return f"∂𝓛/∂W{_index(k)} = ∂𝓛/∂a{_index(k)} · {f'h{_index(k - 1)}' if k > 1 else 'x'}ᵀ"


def _touched(k, batch, block, row, column):
    """Return what a cell stands for and what it chooses: an entry of the product; of a factor its row or column, and its example."""
    if block == "product":
        return f"∂𝓛/∂W_{k},{row + 1},{column + 1}", {"i": row + 1, "j": column + 1}
    unit, term = (row, column) if block == "left" else (column, row)
    name = f"∂𝓛/∂a_{k},{unit + 1}" if block == "left" else _factor_names(k, (0, unit))[1]
    values = {"i" if block == "left" else "j": unit + 1}
    return (f"{name}, example {term + 1}", values | {"example": term + 1}) if batch else (name, values)


def _index(*indices):
    return subscript("".join(map(str, indices)))


def _unit(k, j):
    return f"h{_index(k - 1, j)}" if k > 1 else f"x{_index(j)}"


def _factor_names(k, entry):
    return f"∂𝓛/∂a_{k},{entry[0] + 1}", f"h_{k - 1},{entry[1] + 1}" if k > 1 else f"x_{entry[1] + 1}"


def _sentence(grad_a, h, numerical, k, entry, n):
    i, j = entry
    weight, (gradient, signal), N = f"W_{k},{i + 1},{j + 1}", _factor_names(k, entry), grad_a.shape[1]
    value = grad_a[i] @ h[j]
    checked = f"Finite difference {signed(numerical[entry])}. A step downhill {'lowers' if value > 0 else 'raises'} {weight}."
    if N == 1:
        return f"∂𝓛/∂{weight} = {gradient} · {signal} = ({signed(grad_a[i, 0])}) · ({signed(h[j, 0])}) = {signed(value)}. {checked}"
    share = f"example {n} adds {signed(grad_a[i, n - 1] * h[j, n - 1])}"
    return f"∂𝓛/∂{weight} = {signed(value)}: the sum of {N} products {gradient} · {signal}; {share}. {checked}"


def _rows(matrix):
    return "; ".join(f"row {r + 1}: {', '.join(map(signed, values))}" for r, values in enumerate(matrix))


def _framed(grad_a, h, k, entry):
    left, right = (", ".join(map(signed, values)) for values in (grad_a[entry[0]], h[entry[1]]))
    gradient, signal = _factor_names(k, entry)
    return f"Framed are {gradient}: {left}, and {signal}: {right}."


def _products(grad_a, h, k, entry, n):
    (i, j), N = entry, grad_a.shape[1]
    gradient, signal = _factor_names(k, entry)
    rows = [
        [f"{t + 1} (dashed)" if t == n - 1 else f"{t + 1}", signed(left), signed(right), signed(left * right)]
        for t, (left, right) in enumerate(zip(grad_a[i], h[j], strict=True))
    ]
    total = ["sum", "", "", signed(grad_a[i] @ h[j])]
    title = f"W_{k},{i + 1},{j + 1}: a row times a column. The 1/N = 1/{N} is in {gradient}."
    return table(["example", gradient, signal, "product"], [*rows, total], title)


def limits(architecture, view, k, n_examples, **_):
    """Return which rows and columns the matrix has, and which examples there are.

    Parameters
    ----------
    architecture, view, k, n_examples
        As in ``outer_product_picture``.

    Returns
    -------
    dict of str to int or str
        The largest value, or the reason why the control changes nothing.
    """
    n = layer_sizes(architecture)
    one = {} if view == BATCH else {"n_examples": "this view shows one example"}
    return {"i": n[k], "j": n[k - 1], "example": n_examples if view == BATCH else MOST_EXAMPLES} | one


outer_product_explorer = explorer(
    outer_product_picture,
    limits=limits,
    architecture=Choice("architecture", "2-3-2", tuple(ARCHITECTURES), more=True),
    view=Choice("view", VECTOR, tuple(VIEWS)),
    k=Number("layer k", 2, 1, 2, more=True),
    seed=SEED,
    i=Number("to unit i", 1, 1, 4, more=True),
    j=Number("from unit j", 2, 1, 4, more=True),
    n_examples=Number("examples N", 4, 1, MOST_EXAMPLES, more=True),
    example=Number("example", 1, 1, MOST_EXAMPLES),
)
