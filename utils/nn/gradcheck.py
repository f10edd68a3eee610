"""The gradient check: backpropagation against finite differences (lessons 07 and 08).

Backpropagation and the forward pass are two programs that must agree. Nudge one parameter by ±ε,
run the forward pass twice, and the slope (L(v + ε) − L(v − ε)) / 2ε must be the entry of ∂L/∂v that
``backward`` claims. The nudged networks form a stack, so one forward pass measures a whole layer.
"""

from dataclasses import dataclass

import numpy as np

from utils.nn import checks

STEP = 1e-5
SMALLER_STEP = 1e-7  # settles whether a disagreement is a kink of ReLU within reach of the first step
LARGEST_STACK = 2_000_000  # numbers in one pre-activation of the stack: about 16 MB


@dataclass(frozen=True)
class Row:
    """How well one quantity agrees: its worst entry.

    Attributes
    ----------
    name, k : str, int
        "W" or "b", and the layer.
    entry : tuple of int
        Index of the worst entry, from 0 as in NumPy.
    backward, numerical : float
        What backward claims there, and the finite difference.
    error : float
        Their difference, relative to the larger of the two.
    n_wrong, size : int
        Number of entries beyond the tolerance, and of all entries.
    """

    name: str
    k: int
    entry: tuple
    backward: float
    numerical: float
    error: float
    n_wrong: int
    size: int

    @property
    def symbol(self):
        """Return the entry as the lectures write it: W_kij, from unit j of layer k−1 to unit i of layer k."""
        i, j = (int(index) + 1 for index in self.entry)
        return f"W_{self.k},{i},{j}" if self.name == "W" else f"b_{self.k},{i}"


@dataclass(frozen=True)
class Report:
    """The result of a gradient check; print it to read it.

    Attributes
    ----------
    rows : list of Row
        One for each W_k and b_k.
    tolerance : float
        The relative error from which an entry counts as wrong.
    """

    rows: list
    tolerance: float

    @property
    def ok(self):
        """Return whether every entry agrees."""
        return not any(row.n_wrong for row in self.rows)

    @property
    def worst(self):
        """Return the row with the largest error."""
        return max(self.rows, key=lambda row: row.error)

    def __str__(self):
        lines = ["gradient    entries wrong    largest error    at        backward    finite difference"]
        for row in self.rows:
            lines.append(
                f"∂L/∂{row.name}_{row.k}{'':6}{row.n_wrong:>6} of {row.size:<7}{row.error:>13.1e}    "
                f"{row.symbol:<8}{row.backward:>+10.6f}{row.numerical:>+16.6f}"
            )
        if self.ok:
            lines.append(f"All entries agree: the largest relative error is {self.worst.error:.1e}.")
        else:
            wrong = ", ".join(f"∂L/∂{row.name}_{row.k}" for row in self.rows if row.n_wrong)
            lines.append(
                f"Wrong: {wrong}. Worst is {self.worst.symbol}: backward says {self.worst.backward:+.6f}, "
                f"the finite difference {self.worst.numerical:+.6f}."
            )
        return "\n".join(lines)


def numerical_gradient(net, x, y, name, k, step=STEP):
    """Return ∂L/∂W_k or ∂L/∂b_k by central differences, with the shape of the parameter.

    Parameters
    ----------
    net : FeedForwardNetwork
        A single network.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        Examples and targets in columns.
    name : str
        "W" or "b".
    k : int
        The layer, 1 … L.
    step : float
        ε for entries up to 1, relative to the entry beyond.
    """
    name = checks.choice(name, ["W", "b"], "name")
    k = checks.choice(k, list(net.layers), "the layer k")
    v = getattr(net, name)[k]
    if v.ndim != 2:
        raise ValueError("The gradient check looks at one network at a time, not at a stack.")
    x = checks.columns(x, net.layer_sizes[0], "x")
    y = checks.targets(y, net.layer_sizes[-1], x.shape[-1], net.loss)
    epsilon = step * np.maximum(1, np.abs(v.ravel()))

    def losses(entries, sign):
        nudged = np.broadcast_to(v.ravel(), (len(entries), v.size)).copy()
        nudged[range(len(entries)), entries] += sign * epsilon[entries]
        other = net.with_parameters(**{name: {k: nudged.reshape(-1, *v.shape)}})
        return other.loss(other.forward(x, checked=True), y)

    per_stack = max(1, LARGEST_STACK // (max(net.layer_sizes) * x.shape[-1]))
    slopes = [
        (losses(entries, +1) - losses(entries, -1)) / (2 * epsilon[entries])
        for entries in np.split(np.arange(v.size), range(per_stack, v.size, per_stack))
    ]
    return np.concatenate(slopes).reshape(v.shape)


def check_gradients(net, x, y, tolerance=1e-5):
    """Return a Report that compares net.backward with finite differences, entry by entry.

    An entry is wrong when the two differ by more than ``tolerance`` times the larger of them;
    entries a thousand times smaller than the largest gradient are measured against that size.

    Parameters
    ----------
    net : FeedForwardNetwork
        A single network; it is not changed.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        A handful of examples is enough.
    tolerance : float
        Relative error from which an entry counts as wrong.
    """
    gradients = net.backward(net.forward(x), y)
    numerical = {(name, k): numerical_gradient(net, x, y, name, k) for name in ("W", "b") for k in net.layers}
    floor = 1e-3 * max(np.abs(value).max() for value in numerical.values()) + 1e-9

    def errors(claimed, measured):
        return np.abs(claimed - measured) / np.maximum(np.maximum(np.abs(claimed), np.abs(measured)), floor)

    rows = []
    for (name, k), measured in numerical.items():
        claimed = getattr(gradients, name)[k]
        error = errors(claimed, measured)
        if (error > tolerance).any():
            closer = numerical_gradient(net, x, y, name, k, SMALLER_STEP)
            error = np.minimum(error, errors(claimed, closer))
        worst = np.unravel_index(error.argmax(), error.shape)
        rows.append(
            Row(
                name,
                k,
                tuple(map(int, worst)),
                float(claimed[worst]),
                float(measured[worst]),
                float(error[worst]),
                int((error > tolerance).sum()),
                error.size,
            )
        )
    return Report(rows, tolerance)
