"""The drawing of a whole forward pass: its circles column by column, who is computed from whom, and what stands above the gaps."""

from itertools import pairwise

from utils.draw.diagrams import fully_connected


def layer_sizes(architecture):
    """Return the sizes of the layers that a text such as "2-3-2" names.

    Parameters
    ----------
    architecture : str
        Numbers of units joined by hyphens, the inputs first.

    Returns
    -------
    list of int
    """
    return [int(size) for size in architecture.split("-")]


def computation_columns(layer_sizes):
    """Return the circles of a whole forward pass in the names of ``utils.exhibits.computation_graph``: x | a_1 | h_1 | … | a_L | ŷ | L.

    Parameters
    ----------
    layer_sizes : list of int
        [n_0, …, n_L].

    Returns
    -------
    list of list of str
        Names of the circles, column by column: 2 L + 2 columns.
    """
    n_in, *sizes = layer_sizes
    columns = [[f"x_{j + 1}" for j in range(n_in)]]
    for k, n in enumerate(sizes, start=1):
        last = k == len(sizes)
        columns += [[f"a_{k},{i + 1}" for i in range(n)], [f"ŷ_{i + 1}" if last else f"h_{k},{i + 1}" for i in range(n)]]
    return [*columns, ["L"]]


def computation_headings(L):
    """Return what the local derivatives are in each gap of ``computation_columns``, for a network of L layers.

    Parameters
    ----------
    L : int
        Number of layers.

    Returns
    -------
    list of str
        One heading for each of the 2 L + 1 gaps.
    """
    return [*(name for k in range(1, L) for name in (f"W_{k}", "g′")), f"W_{L}", "∂ŷ/∂a", "∂𝓛/∂ŷ"]


def computation_edges(columns, output="softmax"):
    """Return who is computed from whom: units meet in every a and in the loss, under a softmax in ŷ too; activations do not mix.

    Parameters
    ----------
    columns : list of list of str
        From ``computation_columns``.
    output : str
        The output function.

    Returns
    -------
    list of (str, str)
    """
    edges = []
    for gap, (left, right) in enumerate(pairwise(columns)):
        mixes = gap % 2 == 0 or (output == "softmax" and gap == len(columns) - 3)
        edges += fully_connected([left, right]) if mixes else zip(left, right, strict=True)
    return edges
