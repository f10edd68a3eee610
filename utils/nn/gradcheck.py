"""The gradient check: backpropagation against finite differences (lessons 07 and 08).

Backpropagation and the forward pass are two programs that must agree. Nudge one parameter by ±ε,
run the forward pass twice, and the slope (L(v + ε) − L(v − ε)) / 2ε must be the entry of ∂L/∂v that
``backward`` claims. The nudged networks form a stack, so one forward pass measures a whole layer.

Where ReLU has its kink within reach of ε there are two slopes, one on each side, and either is right.
"""

from dataclasses import dataclass

import numpy as np

from utils.nn import checks

STEP = 1e-5
SMALLER_STEP = 1e-7
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
        lines = ["gradient    entries wrong    largest error    at          backward  finite difference"]
        for row in self.rows:
            lines.append(
                f"∂L/∂{row.name}_{row.k}{'':6}{row.n_wrong:>6} of {row.size:<7}{row.error:>13.1e}    "
                f"{row.symbol:<8}{row.backward:>+12.6g}{row.numerical:>+18.6g}"
            )
        if self.ok:
            lines.append(f"All entries agree: the largest relative error is {self.worst.error:.1e}.")
        else:
            wrong = ", ".join(f"∂L/∂{row.name}_{row.k}" for row in self.rows if row.n_wrong)
            lines.append(
                f"Wrong: {wrong}. Worst is {self.worst.symbol}: backward says {self.worst.backward:+.6g}, "
                f"the finite difference {self.worst.numerical:+.6g}."
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
        ε for entries and inputs up to 1, and relative to them beyond.
    """
    x, y = _one_network(net, x, y)
    name = checks.choice(name, ["W", "b"], "name")
    k = checks.choice(k, list(net.layers), "the layer k")
    epsilon = _epsilon(net, x, name, k, float(checks.positive(step, "step")))
    return (_nudged_losses(net, x, y, name, k, epsilon) - _nudged_losses(net, x, y, name, k, -epsilon)) / (2 * epsilon)


def _one_sided_gradients(net, x, y, name, k):
    # (−3 L(v) + 4 L(v + ε) − L(v + 2ε)) / 2ε, as exact as the central difference, for ε > 0 and for ε < 0;
    # the smaller step rounds worse, but slips between two kinks
    loss = net.loss(net.forward(x, checked=True), y, checked=True)
    for step in (STEP, -STEP, SMALLER_STEP, -SMALLER_STEP):
        epsilon = _epsilon(net, x, name, k, step)
        near, far = (_nudged_losses(net, x, y, name, k, nudge) for nudge in (epsilon, 2 * epsilon))
        yield (-3 * loss + 4 * near - far) / (2 * epsilon), _rounding(loss, epsilon)


def _one_network(net, x, y):
    if checks.network(net).stack:
        raise ValueError("The gradient check looks at one network at a time, not at a stack.")
    x = checks.leading_axes(checks.columns(x, net.layer_sizes[0], "x"), (), "x", grow=False)
    y = checks.leading_axes(checks.targets(y, net.layer_sizes[-1], x.shape[-1], net.loss), (), "y", grow=False)
    return x, y


def _rounding(loss, epsilon):
    return 4 * np.finfo(float).eps * (1 + loss) / np.abs(epsilon).min()


def _epsilon(net, x, name, k, step):
    # relative to entries beyond 1, and so small that a weight on large inputs does not move a_k further than a bias would
    reach = np.abs(net.forward(x, checked=True).h[k - 1]).max() if name == "W" else 1
    return step * np.maximum(1, np.abs(getattr(net, name)[k])) / max(1, reach)


def _nudged_losses(net, x, y, name, k, nudge):
    # entry ij of the result is the loss after entry ij of the parameter alone was nudged
    v = getattr(net, name)[k]

    def losses(entries):
        nudged = np.broadcast_to(v.ravel(), (len(entries), v.size)).copy()
        nudged[range(len(entries)), entries] += nudge.ravel()[entries]
        other = net.with_parameters(**{name: {k: nudged.reshape(-1, *v.shape)}})
        return other.loss(other.forward(x, checked=True), y, checked=True)

    per_stack = max(1, LARGEST_STACK // (max(net.layer_sizes) * x.shape[-1]))
    return np.concatenate([losses(e) for e in np.split(np.arange(v.size), range(per_stack, v.size, per_stack))]).reshape(v.shape)


def check_gradients(net, x, y, tolerance=1e-5):
    """Return a Report that compares net.backward with finite differences, entry by entry.

    An entry is wrong when the two differ by more than ``tolerance`` times the larger of them;
    entries a thousand times smaller than the largest gradient are measured against that size,
    and a difference that rounding in the loss can cause is none.

    Parameters
    ----------
    net : FeedForwardNetwork
        A single network; it is not changed.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        A handful of examples is enough.
    tolerance : float
        Relative error from which an entry counts as wrong.

    Raises
    ------
    ValueError
        For bad input, and for a gradient that is missing or has not the shape of its quantity.
    """
    x, y = _one_network(net, x, y)
    tolerance = float(checks.positive(tolerance, "tolerance"))
    trace = net.forward(x)
    gradients, loss = net.backward(trace, y), net.loss(trace, y)
    numerical = {(name, k): numerical_gradient(net, x, y, name, k) for name in ("W", "b") for k in net.layers}
    largest = max(np.abs(value).max() for value in numerical.values())

    def errors(claimed, measured, rounding):
        floor = max(1e-3 * largest, rounding / tolerance)
        error = np.abs(claimed - measured) / np.maximum(np.maximum(np.abs(claimed), np.abs(measured)), floor)
        return np.where(np.isfinite(error), error, np.inf)

    rows = []
    for (name, k), central in numerical.items():
        claimed = checks.gradient(getattr(gradients, name)[k], central.shape, f"{name}_{k}")
        measured, error = central, errors(claimed, central, _rounding(loss, _epsilon(net, x, name, k, STEP)))
        if net.L > 1 and net.g[1].name == "relu" and (error > tolerance).any():
            for one_sided, rounding in _one_sided_gradients(net, x, y, name, k):
                closer = errors(claimed, one_sided, rounding)
                settled = (error > tolerance) & (closer <= tolerance)
                error, measured = np.where(settled, closer, error), np.where(settled, one_sided, measured)
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
