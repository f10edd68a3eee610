"""Gradient descent, and the History that it keeps (lessons 07 and 10)."""

from dataclasses import dataclass
from functools import partial
from itertools import repeat

import numpy as np

from utils.nn import checks
from utils.nn.network import FeedForwardNetwork
from utils.nn.workspace import Workspace, with_ones

DIVERGED = 1e6  # a loss this many times its first value has left the valley for good


@dataclass(slots=True)
class History:
    """What gradient descent saw on its way.

    The first axis of every array is the record: entry r was taken after ``epochs[r]`` epochs, so
    entry 0 shows the untrained network. A stack of S networks adds an axis (S,) behind it.

    Attributes
    ----------
    epochs : ndarray of int
        Number of epochs done at each record.
    loss : ndarray
        Mean loss over all examples.
    accuracy : ndarray or None
        Share of examples classified right, 0 … 1; None for a linear output.
    gradient_norm : list of ndarray
        ``gradient_norm[k]`` is the length of (∂L/∂W_k, ∂L/∂b_k) taken as one vector.
    W, b : list of ndarray
        ``W[k]`` and ``b[k]`` hold the parameters: W[k][r] is W_k at record r.
    diverged : bool or ndarray of bool
        Whether the run (each run of a stack) left the range of sensible losses.
    message : str
        What happened, in a sentence.

    A run with ``record="loss"`` leaves accuracy, gradient_norm, W and b as None.
    """

    epochs: np.ndarray
    loss: np.ndarray
    accuracy: np.ndarray | None
    gradient_norm: list | None
    W: list | None
    b: list | None
    diverged: np.ndarray
    message: str
    network: FeedForwardNetwork

    def networks(self):
        """Return all recorded networks as one stack: forward and backward treat the epochs at once."""
        return self.at(slice(None))

    def at(self, record):
        """Return the network as it was at the given record (an index into ``epochs``)."""
        if self.W is None:
            raise ValueError("This run kept its losses alone. Train with record='all' to look at the networks on the way.")
        layers = self.network.layers
        W, b = ({k: values[k][record] for k in layers} for values in (self.W, self.b))
        return self.network.with_parameters(W, b, checked=True)


def gradient_descent(net, x, y, learning_rate, epochs, batch_size=None, record_every=1, seed=None, record="all"):
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
    record_every : int
        Record every so many epochs, and the last one always.
    seed : int, optional
        Order of the examples when there are batches.
    record : str
        "all", or "loss" to keep the losses alone: all parameters of a large network, epoch by epoch, fill the memory.

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
    x = checks.leading_axes(checks.columns(x, net.layer_sizes[0], "x"), stack, "x", grow=False)
    y = checks.leading_axes(checks.targets(y, net.layer_sizes[-1], x.shape[-1], net.loss), stack, "y", grow=False)
    checks.several_classes(y, net.loss)
    rate = checks.positive(learning_rate, "learning_rate", stack)
    rate = rate[..., None, None] if rate.ndim else rate
    epochs = checks.whole_number(epochs, "epochs", at_least=0)
    record_every = checks.whole_number(record_every, "record_every", at_least=1)
    everything = checks.choice(record, ["all", "loss"], "record") == "all"
    n_examples = x.shape[-1]
    batch_size = n_examples if batch_size is None else checks.whole_number(batch_size, "batch_size", at_least=1)
    rng = checks.generator(seed)
    full_batch = batch_size >= n_examples
    classes = None if net.loss.output == "linear" else net.decide(y)
    for parameters in (net.W, net.b):  # where only some are stacked, each network gets its own copy of the others
        parameters[1:] = [np.array(np.broadcast_to(v, stack + v.shape[-2:])) for v in parameters[1:]]
    # whatever else counts as a network, such as one with a bug, computes what it computes
    descend = Workspace(net).descend if type(net) is FeedForwardNetwork else partial(_descend, net)
    x_and_ones = with_ones(x)
    records = []
    with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges overflows; it is reported below
        for epoch in [*range(0, epochs, record_every), epochs]:
            trace = net.forward(x, checked=True)
            if everything or (full_batch and epoch < epochs):
                gradients = net.backward(trace, y, checked=True)
            records.append({"epoch": epoch, "loss": net.loss(trace, y, checked=True)})
            if everything:
                records[-1] |= _look(net, trace, gradients, classes)
            diverged = ~(records[-1]["loss"] <= DIVERGED * (1 + records[0]["loss"]))
            if epoch == epochs or diverged.all():
                break
            ahead = min(record_every, epochs - epoch)
            if full_batch:
                update(net, gradients, rate)
                descend(repeat((x_and_ones, y), ahead - 1), rate)
            else:
                descend(_batches(x_and_ones, y, batch_size, rng, ahead), rate)
    return _history(net, records, diverged, learning_rate)


def update(net, gradients, learning_rate):
    """Take one step downhill: subtract learning_rate · ∂L/∂v from every parameter v of net.

    The gradients were computed before any parameter moved, and that order matters (lesson 07).
    """
    for k in net.layers:
        net.W[k] = net.W[k] - learning_rate * gradients.W[k]  # W_k ← W_k − η ∂L/∂W_k
        net.b[k] = net.b[k] - learning_rate * gradients.b[k]  # b_k ← b_k − η ∂L/∂b_k


def _descend(net, batches, learning_rate):
    """Take a step for each batch as ``network.py`` says; ``Workspace.descend`` does the same for true networks, and faster."""
    for x_and_ones, y in batches:
        trace = net.forward(x_and_ones[..., :-1, :], checked=True)
        update(net, net.backward(trace, y, checked=True), learning_rate)


def _batches(x, y, batch_size, rng, epochs):
    n_examples = x.shape[-1]
    for _ in range(epochs):
        for batch in np.split(rng.permutation(n_examples), range(batch_size, n_examples, batch_size)):
            yield x[..., batch], y[..., batch]


def _look(net, trace, gradients, classes):
    squares = [_sum_of_squares(gradients.W[k]) + _sum_of_squares(gradients.b[k]) for k in net.layers]
    return {
        "accuracy": None if classes is None else net.share_right(trace.y_hat, classes),
        "gradient_norm": [None, *map(np.sqrt, squares)],
        "W": list(net.W),
        "b": list(net.b),
    }


def _sum_of_squares(v):
    return np.einsum("...ij,...ij->...", v, v)


def _history(net, records, diverged, learning_rate):
    def per_record(name):
        return None if records[0].get(name) is None else np.stack([record[name] for record in records])

    def per_layer(name):
        return None if name not in records[0] else [None, *(np.stack([record[name][k] for record in records]) for k in net.layers)]

    return History(
        epochs=per_record("epoch"),
        loss=per_record("loss"),
        accuracy=per_record("accuracy"),
        gradient_norm=per_layer("gradient_norm"),
        W=per_layer("W"),
        b=per_layer("b"),
        diverged=diverged,
        message=_message(records, diverged, learning_rate),
        network=net,
    )


def _message(records, diverged, learning_rate):
    epoch, first, last = records[-1]["epoch"], records[0]["loss"], records[-1]["loss"]
    if diverged.ndim:
        advice = " Try a smaller learning rate for them." if diverged.any() else ""
        return f"{epoch} epochs; {diverged.sum()} of {diverged.size} networks diverged.{advice}"
    if diverged:
        return (
            f"Diverged: after {epoch} epochs the loss is {last:.3g}; it began at {first:.3g}. "
            f"The steps are too long. Try a smaller learning rate, {learning_rate / 10:g} instead of {learning_rate:g}."
        )
    return f"{epoch} epochs: loss {first:.3f} → {last:.3f}."
