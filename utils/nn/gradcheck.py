"""The gradient check: backpropagation against finite differences (lessons 07 and 08).

Backpropagation and the forward pass are two programs that must agree. One parameter v is changed by ±ε, and the
forward pass runs twice. Then the slope (L(v + ε) − L(v − ε)) / 2ε must be the entry of ∂L/∂v that ``backward``
claims. The nudged networks form a stack, so one forward pass measures a whole layer.

A slope that is measured in this way has three errors, and ``check_gradients`` knows all of them:

- *Rounding.* Every a_k, h_k and ŷ is rounded, and ∂L/∂a_k and ∂L/∂h_k say what that does to the loss. The sum of these
  changes, divided by 2ε, bounds the error of the slope. It is large for a small ε.
- *Curvature.* It is large for a large ε. So an entry that is in doubt is measured with longer and longer steps ε, each three times the one
  before. This goes on as long as a longer step gives the same slope within rounding.
- *Kinks.* Where g′ jumps between the two ends, as ReLU's does at 0, the slope on either side of the jump is right. What
  the jumps can change is added up. A claim that differs by less cannot be called right or wrong.
  The same holds where the function bends so sharply that no step is short enough.
"""

from dataclasses import dataclass

import numpy as np

from utils.nn import checks
from utils.nn.network import FeedForwardNetwork, Trace
from utils.nn.own_functions import OwnNetwork

STEP = 1e-5
LARGEST_STACK = 2_000_000  # numbers in one pre-activation of the stack: about 16 MB
GROWTH = 3  # from one step ε to the next, for an entry that is in doubt
LONGEST_STEP = 0.01  # of max(1, |a_k|): no step moves a_k further
SHARP = 0.1  # a g′ that changes by more than this part of itself counts as a kink, less is curvature


@dataclass(frozen=True)
class Row:
    """How well one quantity agrees: its worst entry where some are wrong, else its largest.

    Among entries that agree with the largest within 1 % the first one is taken. So rounding, which differs between processors, does
    not choose.

    Attributes
    ----------
    name, k : str, int
        "W" or "b", and the layer.
    entry : tuple of int
        Index of that entry, from 0 as in NumPy.
    backward, numerical : float
        What backward claims there, and the finite difference.
    error : float
        The largest error of all entries: the difference, relative to the larger of the two.
    n_wrong, n_undecided, size : int
        Number of entries beyond the tolerance, of entries about which nothing can be told, and of all entries.
    """

    name: str
    k: int
    entry: tuple
    backward: float
    numerical: float
    error: float
    n_wrong: int
    n_undecided: int
    size: int

    @property
    def symbol(self):
        """Return the entry as the lectures write it: W_kij, from unit j of layer k−1 to unit i of layer k."""
        i, j = (int(index) + 1 for index in self.entry)
        return f"W_{self.k},{i},{j}" if self.name == "W" else f"b_{self.k},{i}"

    @property
    def ratio(self):
        """Return what backward claims, divided by the finite difference; NaN where the loss does not react to the entry."""
        claimed = _beside(self.numerical, self.backward)
        return claimed / self.numerical if abs(self.numerical) > 1e-6 * abs(claimed) else np.nan


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
        """Return whether no entry is wrong."""
        return not any(row.n_wrong for row in self.rows)

    @property
    def worst(self):
        """Return the row with the largest error; the first of several that agree with it within 1 %."""
        return self.rows[_first_of_the_largest([row.error for row in self.rows])]

    def __str__(self):
        lines = ["gradient    entries wrong    largest error    at          backward  finite difference      ratio"]
        below = f"< {self.tolerance:g}"  # smaller ones are rounding, which differs between processors
        for row in sorted(self.rows, key=lambda row: (-row.k, row.name)):  # from the output down, as backward goes
            ratio = "—" if np.isnan(row.ratio) else f"{row.ratio:.4g}"
            error = f"{float(f'{row.error:.4g}'):.1e}" if row.n_wrong else below
            lines.append(
                f"∂L/∂{row.name}_{row.k}{'':6}{row.n_wrong:>6} of {row.size:<7}{error:>13}    "
                f"{row.symbol:<8}{_beside(row.numerical, row.backward):>+12.6g}{_beside(row.backward, row.numerical):>+18.6g}"
                f"{ratio:>12}"
            )
        undecided = ", ".join(f"{row.n_undecided} of ∂L/∂{row.name}_{row.k}" for row in self.rows if row.n_undecided)
        if undecided:
            lines.append(
                f"Nothing can be told about {undecided}: the activation has a kink there, or bends too sharply. "
                "Change the inputs or the biases a little, and check again."
            )
        if self.ok:
            lines.append(f"All {'other ' if undecided else ''}entries agree: every relative error is below {self.tolerance:g}.")
        else:
            wrong, worst = ", ".join(f"∂L/∂{row.name}_{row.k}" for row in self.rows if row.n_wrong), self.worst
            lines.append(
                f"Wrong: {wrong}. Worst is {worst.symbol}: backward says {_beside(worst.numerical, worst.backward):+.6g}, "
                f"the finite difference {_beside(worst.backward, worst.numerical):+.6g}."
            )
        return "\n".join(lines)


def _beside(other, value):
    """Return a value as it is shown beside another one: 0 where it is smaller than the other one's rounding."""
    return 0.0 if abs(value) < 1e-12 * abs(other) else value


def numerical_gradient(net, x, y, name, k, step=STEP):
    """Return ∂L/∂W_k or ∂L/∂b_k by central differences, with the shape of the parameter.

    Parameters
    ----------
    net : FeedForwardNetwork
        A single network; it is not changed.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        Examples and targets in columns.
    name : str
        "W" or "b".
    k : int
        The layer, 1 … L.
    step : float
        ε for entries and inputs up to 1, and relative to them beyond.

    Returns
    -------
    ndarray
        (L(v + ε) − L(v − ε)) / 2ε for every entry v.

    Raises
    ------
    ValueError
        For bad input, and for a parameter that does not exist.
    """
    x, y = _one_network(net, x, y)
    name = checks.choice(name, ["W", "b"], "name")
    k = checks.choice(k, list(net.layers), "the layer k")
    step = float(checks.positive(step, "step"))
    with np.errstate(all="ignore"):  # a nudged network may overflow and underflow
        slopes = _Slopes(net, x, y, name, k)
        return slopes.central(slopes.usual_steps(step))


def check_gradients(net, x, y, tolerance=1e-5, *, parameters=None, forward=None):
    """Compare net.backward with finite differences, entry by entry. With ``parameters``, a function of the learner's own.

    An entry is wrong when the two differ by more than ``tolerance`` times the larger of them, and by more than
    rounding in both can explain, for inputs, parameters and targets of any size.

    Parameters
    ----------
    net : FeedForwardNetwork or callable
        A single network; it is not changed. With ``parameters``: ``backward(x, y, W1, b1, W2, b2)`` as in homework 4.
    x, y : arrays, shapes (n_0, N) and (n_L, N)
        A handful of examples is enough.
    tolerance : float
        Relative error from which an entry counts as wrong.
    parameters : sequence of array, optional
        W1, b1, W2, b2 for a function of the learner's own: a hidden layer of sigmoids, softmax, cross-entropy.
    forward : callable, optional
        With ``parameters``: ``forward(x, W1, b1, W2, b2)`` → ŷ as in homework 1, of which the finite differences are then taken.

    Returns
    -------
    Report
        Its ``ok`` says whether no entry is wrong; print it to see where the largest errors are.

    Raises
    ------
    ValueError
        For bad input, and for a gradient that is missing or has not the shape of its quantity.
    """
    if parameters is not None:
        net = OwnNetwork(net, parameters, forward)
    x, y = _one_network(net, x, y)
    tolerance = float(checks.positive(tolerance, "tolerance"))
    with np.errstate(all="ignore"):  # a nudged network may overflow and underflow
        twin = net.with_parameters()  # a wrong backward may change the parameters on its way
        gradients = twin.backward(twin.forward(x), y)
        rows = []
        for name in ("W", "b"):
            for k in net.layers:
                claimed = checks.gradient(getattr(gradients, name)[k], getattr(net, name)[k].shape, f"{name}_{k}")
                rows.append(_row(_Slopes(net, x, y, name, k), claimed, tolerance))
    return Report(rows, tolerance)


def _row(slopes, claimed, tolerance):
    """Return the Row for one W_k or b_k: the claims of backward beside the measured slopes. Slopes in doubt are measured more closely."""
    epsilon = slopes.usual_steps(STEP)
    measured = slopes.central(epsilon)
    rounding, kinks = np.zeros(claimed.shape), np.zeros(claimed.shape)
    larger = np.fmax(np.abs(claimed), np.abs(measured))
    settled = (np.abs(claimed - measured) <= tolerance * larger) & (slopes.rounding / epsilon <= tolerance * larger)
    doubtful = np.flatnonzero(~settled)
    if doubtful.size:
        closer = slopes.closer(doubtful, larger.ravel()[doubtful], tolerance)
        for array, values in zip((measured, rounding, kinks), closer, strict=True):
            array.ravel()[doubtful] = values
    difference = np.abs(claimed - measured)
    larger = np.maximum(np.maximum(np.abs(claimed), np.abs(measured)), rounding / tolerance)
    error = np.where(difference == 0, 0, difference / larger)
    error = np.where(np.isfinite(error), error, np.inf)
    undecided = (error > tolerance) & (difference <= rounding + kinks)
    error = np.where(undecided, 0, error)
    n_wrong = int((error > tolerance).sum())
    shown = np.unravel_index(_first_of_the_largest(error if n_wrong else np.abs(claimed)), error.shape)
    return Row(
        slopes.name,
        slopes.k,
        entry=tuple(map(int, shown)),
        backward=float(claimed[shown]),
        numerical=float(measured[shown]),
        error=float(error.max()),
        n_wrong=n_wrong,
        n_undecided=int(undecided.sum()),
        size=error.size,
    )


def _first_of_the_largest(values):
    """Return the index of the first value that agrees with the largest one within 1 %; the array is read row by row."""
    values = np.ravel(values)
    return int((values >= 0.99 * values.max()).argmax())


def _one_network(net, x, y):
    if checks.network(net).stack:
        raise ValueError("The gradient check looks at one network at a time, not at a stack.")
    x = checks.leading_axes(checks.columns(x, net.layer_sizes[0], "x"), (), "x", grow=False)
    y = checks.leading_axes(checks.targets(y, net.layer_sizes[-1], x.shape[-1], net.loss), (), "y", grow=False)
    return x, y


class _Slopes:
    """The slopes of the loss in all directions W_kij, or b_ki.

    Parameters
    ----------
    net, x, y
        A single network, examples and targets.
    name, k : str, int
        "W" or "b", and the layer.
    """

    def __init__(self, net, x, y, name, k):
        self.net, self.x, self.y, self.name, self.k = net, x, y, name, k
        self.v = getattr(net, name)[k]
        self.trace = trace = checks.unchecked(net.forward)(x)
        # how far a_k moves, at most, when the parameter moves by 1
        self.reach = np.broadcast_to(np.abs(trace.h[k - 1]).max(-1) if name == "W" else 1.0, self.v.shape)
        self.longest = LONGEST_STEP * max(1.0, np.abs(trace.a[k]).max())
        self.rounding = _rounding(net, trace, y, _true_gradients(net, trace, y))

    def usual_steps(self, step):
        """Return ε for every entry of v.

        Entries beyond 1 get longer steps. Weights with inputs beyond 1 get shorter ones: the step of a weight moves a_k no further than
        that of a bias.

        Parameters
        ----------
        step : float
            ε of an entry that is at most 1, with inputs that are at most 1.

        Returns
        -------
        ndarray, shape of v
        """
        return step * np.maximum(1, np.abs(self.v)) / max(1, self.reach.max())

    def central(self, epsilon):
        """Return (L(v + ε) − L(v − ε)) / 2ε for every entry v.

        Parameters
        ----------
        epsilon : ndarray, shape of v
            The steps.

        Returns
        -------
        ndarray, shape of v
        """
        entries, epsilon = np.arange(self.v.size), epsilon.ravel()
        slopes = [self._ends(some, epsilon[some])[0] for some in self._split(entries)]
        return np.concatenate(slopes).reshape(self.v.shape)

    def closer(self, entries, size, tolerance):
        """Return the slopes of some entries, with their errors.

        The steps begin where rounding hides the slope, and grow as long as slopes agree within their errors.
        A slope that a longer step has confirmed has no error from curvature that is larger than its rounding error.

        Parameters
        ----------
        entries : ndarray of int, shape (n,)
            Positions in the flattened v.
        size : ndarray, shape (n,)
            About how large each slope is.
        tolerance : float
            The relative error that is small enough.

        Returns
        -------
        ndarray, shape (3, n)
            Slope, rounding error, and how much kinks can change the slope.
        """
        v, reach = np.abs(self.v.ravel()[entries]), self.reach.ravel()[entries]
        reach = np.where(reach > 0, reach, 1)
        # numbers v ± ε are exact enough from here on; a slope of the given size is lost in rounding here
        shortest = np.maximum(64 * np.spacing(v), 1e-290)
        epsilon = np.clip(np.nan_to_num(10 * self.rounding / np.maximum(size, 1e-290)), shortest, np.maximum(shortest, STEP / reach))
        longest = np.maximum(self.longest / reach, 100 * epsilon)
        best = np.zeros((3, len(entries)))
        best[2] = np.inf  # until a slope is confirmed nothing can be told
        low, high, previous = np.full(len(entries), -np.inf), np.full(len(entries), np.inf), best.copy()
        going = np.arange(len(entries))
        while going.size:
            slope, rounding, slack = np.concatenate([self._measured(entries[some], epsilon[some]) for some in self._split(going)], -1)
            width, before = rounding + slack, previous[1:, going].sum(0)
            low[going], high[going] = np.maximum(low[going], slope - width), np.minimum(high[going], slope + width)
            confirmed = (low[going] <= high[going]) & (width <= 2 * before)  # a wider interval would agree with anything
            best[:, going[confirmed]] = previous[:, going[confirmed]]
            previous[:, going] = slope, rounding, slack
            epsilon[going] *= GROWTH
            enough = best[1:, going].sum(0) <= 0.1 * tolerance * np.abs(slope)
            going = going[confirmed & (width < before) & ~enough & (epsilon[going] <= longest[going])]
        return best

    def _split(self, entries):
        per_stack = max(1, LARGEST_STACK // (2 * max(self.net.layer_sizes) * self.x.shape[-1]))
        return np.split(entries, range(per_stack, len(entries), per_stack))

    def _ends(self, entries, epsilon):
        """Return the slopes of some entries, and both ends as a stack and its trace: v + ε for each entry, then v − ε."""
        n, rows, both = len(entries), np.arange(2 * len(entries)), np.tile(entries, 2)
        nudged = np.tile(self.v.ravel(), (2 * n, 1))
        nudged[rows, both] += np.concatenate([epsilon, -epsilon])
        values = nudged[rows, both]
        stack, trace = self._forward(nudged.reshape(-1, *self.v.shape))
        losses = _loss(stack, trace, self.y)
        return (losses[:n] - losses[n:]) / (values[:n] - values[n:]), stack, trace

    def _forward(self, nudged):
        """Return the networks that have the nudged arrays as W_k or b_k, as a stack, and its trace."""
        stack = self._holding(nudged)
        if checks.is_ours(self.net.forward):
            return stack, checks.unchecked(stack.forward)(self.x)
        traces = [self._holding(v).forward(self.x) for v in nudged]  # a learner's own forward may not handle stacks
        a, h = ([None if v[0] is None else np.stack(v) for v in zip(*(getattr(t, name) for t in traces), strict=True)] for name in "ah")
        return stack, Trace(a, h)

    def _holding(self, v):
        W, b = list(self.net.W), list(self.net.b)
        (W if self.name == "W" else b)[self.k] = v
        return self.net.holding(W, b)

    def _measured(self, entries, epsilon):
        """Return slopes, their rounding errors, and what kinks can change in them, shape (3, number of entries)."""
        slope, stack, trace = self._ends(entries, epsilon)
        gradients = _true_gradients(stack, trace, self.y)
        rounding = _rounding(stack, trace, self.y, gradients).reshape(2, -1).sum(0)
        return np.array([slope, rounding / (2 * epsilon), self._at_kinks(trace, gradients) / (2 * epsilon)])

    def _at_kinks(self, trace, gradients):
        """Return how much of L(v + ε) − L(v − ε) depends on where, between the two ends, each g′ changes."""
        n = len(trace.y_hat) // 2  # the first half of the stack is one end, the second half the other
        total = np.zeros(n)
        for k in range(self.k, self.net.L):
            ends = self.net.g[k].prime(trace.h[k])
            slopes = np.array(np.broadcast_arrays(self.net.g[k].prime(self.trace.h[k]), ends[:n], ends[n:]))
            jump = slopes.max(0) - slopes.min(0)
            sharp = jump > SHARP * np.abs(slopes).max(0)
            grad_h = np.abs(gradients.h[k])
            moved = np.abs(trace.a[k][:n] - trace.a[k][n:])
            total = total + (np.where(sharp, jump, 0) * np.maximum(grad_h[:n], grad_h[n:]) * moved).sum((-2, -1))
        if self.net.loss.output != "linear":  # O bends, too: a step that moves a score by more than 1 says nothing about the slope
            total = np.where(np.abs(trace.a[-1][:n] - trace.a[-1][n:]).max((-2, -1)) > 1, np.inf, total)
        return total


def _loss(net, trace, y):
    return checks.unchecked(net.loss.__call__)(trace, y)


def _true_gradients(net, trace, y):
    return checks.UNCHECKED[FeedForwardNetwork.backward](net, trace, y)


def _rounding(net, trace, y, gradients):
    """Return a bound on the rounding error of the loss, to first order: of the one network, or of each in a stack.

    A sum of n products is off by at most n + 2 roundings of the sum of their absolute values, a function of NumPy by a few.
    """
    N, y_hat = y.shape[-1], trace.y_hat
    # the loss itself, where cross-entropy takes the logarithm of a number near 1; then ŷ, and ŷ − y
    total = (10 + np.log2(N)) * _loss(net, trace, y) + (8 / N) * (np.abs(y_hat) * np.abs(y_hat - y)).sum((-2, -1))
    total = total + (4 * net.layer_sizes[-1] if net.loss.name == "cross_entropy" else 0)
    for k in net.layers:
        size = np.abs(net.W[k]) @ np.abs(trace.h[k - 1]) + np.abs(net.b[k])
        total = total + (net.layer_sizes[k - 1] + 4) * (np.abs(gradients.a[k]) * size).sum((-2, -1))
        if k < net.L:
            total = total + 4 * (np.abs(gradients.h[k]) * np.abs(trace.h[k])).sum((-2, -1))
    return 2 * np.finfo(y_hat.dtype).eps * total
