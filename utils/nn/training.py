"""Gradient descent, and the History that it keeps (lessons 07 and 10)."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from utils.nn import checks
from utils.nn.network import FeedForwardNetwork

DIVERGENCE_FACTOR = 1e6  # a run whose loss is this many times its first value has diverged
LARGEST_STACK = 2_000_000  # numbers in one pre-activation of the recorded networks: about 16 MB


@dataclass(eq=False, repr=False)
class History:
    """What gradient descent recorded on its way.

    The first axis of every array is the record: entry r was taken after ``epochs[r]`` epochs, so
    entry 0 shows the untrained network. A stack of S networks adds an axis (S,) behind it.

    Attributes
    ----------
    epochs : ndarray of int
        Number of epochs done at each record.
    loss : ndarray
        Mean loss over all examples.
    W, b : list of ndarray, or None
        ``W[k]`` and ``b[k]`` hold the parameters: W[k][r] is W_k at record r. None where ``record_every`` was None.
    diverged : bool or ndarray of bool
        Whether the run (each run of a stack) left the range of sensible losses.
    message : str
        What happened, in a sentence.
    network : FeedForwardNetwork
        The network that was trained.
    x, y : ndarray or None
        The examples and targets that it was trained on, for accuracy and gradient norms.
    """

    epochs: np.ndarray
    loss: np.ndarray
    W: list | None
    b: list | None
    diverged: np.ndarray
    message: str
    network: FeedForwardNetwork
    x: np.ndarray | None
    y: np.ndarray | None

    @cached_property
    def accuracy(self):
        """Return the share of examples classified right at each record, 0 … 1; None for a linear output."""
        if self.network.loss.output == "linear":
            return None
        return self._at_every_record(lambda net: net.accuracy_of(checks.unchecked(net.forward)(self.x).y_hat, self.y))

    @cached_property
    def gradient_norm(self):
        """Return a list: ``gradient_norm[k]`` is the length of (∂L/∂W_k, ∂L/∂b_k) as one vector, at each record."""
        norms = self._at_every_record(self._norms)
        return [None, *(norms[..., k] for k in range(self.network.L))]

    def networks(self):
        """Return all recorded networks as one stack: forward and backward treat all epochs at once.

        Returns
        -------
        FeedForwardNetwork
            A stack with one network a record.

        Raises
        ------
        ValueError
            Where ``record_every`` was None.
        """
        return self.at(slice(None))

    def at(self, record):
        """Return the network as it was at a record.

        Parameters
        ----------
        record : int or slice
            An index into ``epochs``; a slice gives a stack.

        Returns
        -------
        FeedForwardNetwork
            A copy; changing it leaves the History as it is.

        Raises
        ------
        ValueError
            Where ``record_every`` was None.
        """
        self._parameters_were_kept()
        W, b = ([None, *(v[record].copy() for v in values[1:])] for values in (self.W, self.b))
        return self.network.holding(W, b)

    def nearest(self, epoch):
        """Return the record that was taken nearest to an epoch.

        Parameters
        ----------
        epoch : int
            The epoch.

        Returns
        -------
        int
            Its index into ``epochs``; of two that are equally near, the earlier one.
        """
        return int(np.abs(self.epochs - epoch).argmin())

    def _parameters_were_kept(self):
        if self.W is None:
            raise ValueError("This run kept its losses alone. Train with record_every=1, and the parameters are kept as well.")

    def _norms(self, net):
        forward, backward = checks.unchecked(net.forward), checks.unchecked(net.backward)
        gradients = backward(forward(self.x), self.y)
        squares = [(gradients.W[k] ** 2).sum((-2, -1)) + (gradients.b[k] ** 2).sum((-2, -1)) for k in net.layers]
        return np.sqrt(np.stack(squares, -1))

    def _at_every_record(self, measure):
        """Return measure(net) for every record: for many of them at once, as a stack of networks."""
        self._parameters_were_kept()
        net, n_records = self.network, len(self.epochs)
        with np.errstate(all="ignore"):  # the last networks of a run that diverged overflow
            if not (checks.is_ours(net.forward) and checks.is_ours(net.backward)):  # a learner's own code may not handle stacks
                return np.stack([measure(self.at(record)) for record in range(n_records)])
            size = max(net.layer_sizes) * self.x.shape[-1] * max(1, np.prod(net.stack, dtype=int))
            n = max(1, LARGEST_STACK // size)
            return np.concatenate([measure(self.at(slice(i, i + n))) for i in range(0, n_records, n)])

    def __repr__(self):
        sizes = "-".join(map(str, self.network.layer_sizes))
        of = f"{self.network.stack} networks {sizes}" if self.network.stack else f"a network {sizes}"
        kept = "epochs and loss" if self.W is None else "epochs, loss, W, b, accuracy, gradient_norm; at(record) is the network of a record"
        return f"History of {of}: {self.message}\n{len(self.epochs)} records of {kept}"


def update(net, gradients, learning_rate):
    """Take one step downhill: subtract learning_rate · ∂L/∂v from every parameter v of net.

    The gradients were computed before any parameter moved, and that order matters (lesson 07).

    Parameters
    ----------
    net : FeedForwardNetwork
        Its parameters are changed.
    gradients : Gradients
        What ``backward`` returned.
    learning_rate : float
        Step length η.
    """
    for k in net.layers:
        net.W[k] = net.W[k] - learning_rate * gradients.W[k]  # W_k ← W_k − η ∂L/∂W_k
        net.b[k] = net.b[k] - learning_rate * gradients.b[k]  # b_k ← b_k − η ∂L/∂b_k


def gradient_descent(net, x, y, learning_rate, epochs, *, batch_size=None, record_every=1, seed=None, step=update):
    """Train net by gradient descent and return the History of the run.

    Each step subtracts learning_rate · ∂L/∂(parameter) from every parameter, all of them computed
    before the first one moves. The trained parameters are left in net.

    Parameters
    ----------
    net : FeedForwardNetwork
        One network or a stack.
    x : array, shape (n_0, N)
        Inputs, one example a column.
    y : array, shape (n_L, N)
        Targets: one-hot columns for a softmax, numbers for a linear output.
    learning_rate : float, or array of shape (S,) for a stack
        Step length, positive.
    epochs : int
        How often every example is used; 0 only looks.
    batch_size : int, optional
        Examples per step. Without it every step uses all examples.
    record_every : int or None
        Record loss and parameters every so many epochs, and at the end. None records the loss of every epoch
        and no parameters: those of a large network, epoch by epoch, fill the memory.
    seed : int, optional
        Order of the examples when there are batches.
    step : callable
        (net, gradients, learning_rate) → None; changes the parameters of net. Another one than ``update``
        makes another method, such as momentum.

    Returns
    -------
    History
        A run that diverges stops; ``history.diverged`` and ``history.message`` say so.

    Raises
    ------
    ValueError
        For x, y or settings of a wrong kind, with the shape expected and the shape got.
    """
    stack = checks.network(net).stack
    x = checks.leading_axes(checks.columns(x, net.layer_sizes[0], "x"), stack, "x", grow=False).copy()
    y = checks.leading_axes(checks.targets(y, net.layer_sizes[-1], x.shape[-1], net.loss), stack, "y", grow=False).copy()
    checks.several_classes(y, net.loss)
    rate = checks.positive(learning_rate, "learning_rate", stack)
    rate = rate[..., None, None] if rate.ndim else float(rate)
    epochs = checks.whole_number(epochs, "epochs", at_least=0)
    if record_every is not None:
        checks.whole_number(record_every, "record_every", at_least=1)
    n_examples = x.shape[-1]
    batch_size = n_examples if batch_size is None else checks.whole_number(batch_size, "batch_size", at_least=1)
    rng = checks.generator(seed)
    full_batch = batch_size >= n_examples
    step = step if step is update else checks.checked_step(step, stack)

    with np.errstate(over="ignore", under="ignore", invalid="ignore"), _plain_lists(net, stack):  # a run that diverges overflows
        recorder = _Recorder(net, stack, epochs, record_every)
        forward, backward, loss = map(checks.unchecked, (net.forward, net.backward, net.loss.__call__))
        for epoch in range(epochs + 1):
            due = recorder.due(epoch)
            if full_batch or due:
                trace = forward(x)
            if due and recorder.take(loss(trace, y)):
                break
            if full_batch:
                step(net, backward(trace, y), rate)
            else:
                for some_x, some_y in _batches(x, y, batch_size, rng):
                    step(net, backward(forward(some_x), some_y), rate)
    return recorder.history(x, y, learning_rate)


def _batches(x, y, batch_size, rng):
    n_examples = x.shape[-1]
    for batch in np.split(rng.permutation(n_examples), range(batch_size, n_examples, batch_size)):
        yield x[..., batch], y[..., batch]


@contextmanager
def _plain_lists(net, stack):
    """Let a network hold its parameters in plain lists while it is trained: assignments are not checked, and numbers may overflow.

    Where only some parameters are stacked, each network of the stack gets its own copy of the others.
    """
    lists = ([None, *(np.array(np.broadcast_to(v, stack + v.shape[-2:])) for v in values[1:])] for values in (net.W, net.b))
    vars(net).update(zip("Wb", lists, strict=True))
    try:
        yield
    finally:
        net.hold(net.W, net.b)


class _Recorder:
    """Copies the loss and the parameters at certain epochs.

    Parameters
    ----------
    net, stack
        What is trained, and its leading axes.
    epochs, record_every
        As for ``gradient_descent``.
    """

    def __init__(self, net, stack, epochs, record_every):
        self.net, self.taken = net, 0
        self.any = np.any if stack else bool  # bool for one network, since np.any would take as long as a matrix product
        self.epochs = [*range(0, epochs, record_every or 1), epochs]
        self.loss = np.empty((len(self.epochs), *stack))
        keep = record_every is not None
        self.W, self.b = (
            [None, *(np.empty((len(self.epochs), *v.shape)) for v in values[1:])] if keep else None for values in (net.W, net.b)
        )

    def due(self, epoch):
        """Return whether a record is due.

        Parameters
        ----------
        epoch : int
            How many epochs are done.

        Returns
        -------
        bool
        """
        return epoch == self.epochs[self.taken]

    def take(self, loss):
        """Record the loss and the present parameters.

        Parameters
        ----------
        loss : float or ndarray, shape of the stack
            The present loss.

        Returns
        -------
        bool
            Whether this is the last record.
        """
        r, net = self.taken, self.net
        self.loss[r] = loss
        if self.W is not None:
            for k in net.layers:
                self.W[k][r] = net.W[k]
                self.b[k][r] = net.b[k]
        if r == 0:
            self.limit = DIVERGENCE_FACTOR * (1 + self.loss[0])
        self.taken += 1
        return self.taken == len(self.epochs) or not self.any(self._sensible())

    def _sensible(self):
        """Return whether the last loss is in the range of sensible losses, for each network."""
        return self.loss[self.taken - 1] <= self.limit

    def history(self, x, y, learning_rate):
        """Return what was recorded.

        Parameters
        ----------
        x, y : ndarrays, shapes (n_0, N) and (n_L, N)
            Examples and targets.
        learning_rate : float
            For the message to the learner.

        Returns
        -------
        History
        """
        n = self.taken
        W, b = (values and [None, *(v[:n] for v in values[1:])] for values in (self.W, self.b))
        epochs, loss, diverged = np.array(self.epochs[:n]), self.loss[:n], ~self._sensible()
        message = _message(epochs[-1], loss[0], loss[-1], diverged, learning_rate)
        return History(epochs, loss, W, b, diverged, message, self.net, *((x, y) if W else (None, None)))


def _message(epoch, first, last, diverged, learning_rate):
    if diverged.ndim:
        advice = " Try a smaller learning rate for them." if diverged.any() else ""
        return f"{epoch} epochs; {diverged.sum()} of {diverged.size} networks diverged.{advice}"
    if diverged:
        return (
            f"Diverged: after {epoch} epochs the loss is {last:.3g}; it began at {first:.3g}. "
            f"The steps are too long. Try a smaller learning rate, {learning_rate / 10:g} instead of {learning_rate:g}."
        )
    return f"{epoch} epochs: loss {first:.3f} → {last:.3f}."
