"""What the network accepts, and what it says when it gets something else.

Each check returns what it is given, as an array or a number of the right kind, or raises ValueError. The message names
what was wrong, what was expected and what to do, in the learner's words. Parameters mean the same in all of them:

value, array
    What the learner gave; ``array`` where it is an array of floats already.
name : str
    What the message calls it, such as "x" or "learning_rate".
stack : tuple of int
    The leading axes of the network: () for a single one, (S,) for a stack of S.
n_rows, n_examples : int
    How many rows and columns examples should have.
layer_sizes : list of int
    [n_0, n_1, …, n_L].
shape : tuple of int
    The shape that is demanded; leading axes may come before it.
loss : Loss
    It decides which targets make sense.
"""

import numbers
import sys
from functools import wraps
from reprlib import repr as short
from types import MethodType

import numpy as np

LARGEST = sys.float_info.max
UNCHECKED = {}  # a method that checks its arguments → the formulas alone


def checked_by(check):
    """Return a decorator for a method: it checks its arguments before it computes.

    Parameters
    ----------
    check : callable
        Takes the arguments of the method, the object first; returns all others, checked and cast, or raises ValueError.

    Returns
    -------
    callable
        The decorator. ``unchecked`` finds the method without the check, for loops that pass the same arrays again and again.
    """

    def decorate(method):
        @wraps(method)
        def careful(self, *arguments, **named):
            arguments = check(self, *arguments, **named)
            with np.errstate(under="ignore"):  # a probability of 1e-320 is a number like any other
                return method(self, *arguments)

        UNCHECKED[careful] = method
        return careful

    return decorate


def unchecked(method):
    """Return a bound method without the check of its arguments; a method that a learner has replaced is returned as it is."""
    return MethodType(UNCHECKED[method.__func__], method.__self__) if is_ours(method) else method


def is_ours(method):
    """Return whether a bound method is one that ``checked_by`` decorates, so that it takes stacks of networks, too."""
    return getattr(method, "__func__", None) in UNCHECKED


def floats(value, name):
    """Return value as an array of floats; text, ragged lists and whatever else is no number raise ValueError."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} is a list whose rows have different lengths; every row needs as many numbers as the others.") from None
    if array.dtype.kind not in "biuf" and array.size:
        strangers = [entry for entry in array.ravel().tolist() if not isinstance(entry, numbers.Real) or abs(entry) > LARGEST]
        if strangers:
            hint = f" It is a sparse matrix: use {name}.toarray()." if hasattr(value, "toarray") else ""
            raise ValueError(f"{name} must hold numbers, but it holds {short(strangers[0])} ({type(strangers[0]).__name__}).{hint}")
    if array.dtype != float:
        with np.errstate(all="ignore"):  # a number that is too large for a float becomes inf, and is refused as such
            array = array.astype(float)
    return np.asarray(array, order="C")  # X.T and one-hot columns are strided: slow in every later line


def finite(array, name, remedy):
    """Return an array of floats; if it holds NaN or infinity raise ValueError with the remedy."""
    if not np.isfinite(array).all():
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name} holds {array[first]} at position {list(first)}. {remedy}")
    return array


def numbers_array(value, name):
    """Return examples as an array of floats; text, ragged lists, NaN, infinity and emptiness raise ValueError."""
    array = floats(value, name)
    if not array.size:
        raise ValueError(f"{name} is empty: its shape is {array.shape}. At least one example is needed.")
    return finite(array, name, "Find out where it comes from, then repair or drop that example.")


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


def leading_axes(array, stack, name, grow=True):
    """Return array if its leading axes, one entry per network, fit the stack; else raise ValueError.

    With ``grow``, one network may also meet a stack of arrays.
    """
    try:
        fits = np.broadcast_shapes(array.shape[:-2], stack) == stack or grow
    except ValueError:
        fits = False
    if not fits:
        networks = f"the networks form a stack of {stack}" if stack else "there is one network"
        raise ValueError(f"{name} has leading axes {array.shape[:-2]}, one entry per network, but {networks}.")
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
    if loss.output == "softmax" and (off := np.abs(y.sum(-2) - 1)).max() > 1e-5:
        wrong = int(np.argwhere(off > 1e-5)[0][-1])
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
    """Return value if it is one of the names or numbers allowed; otherwise raise ValueError with the list."""
    if isinstance(value, bool) or not isinstance(value, str | numbers.Integral) or value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, not {value!r}.")
    return value


def whole_number(value, name, at_least):
    """Return value as an int of at least the given size; anything else raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < at_least:
        raise ValueError(f"{name} must be a whole number, {at_least} or more, not {value!r}.")
    return int(value)


def positive(value, name, stack=()):
    """Return value as an array: one positive finite number, or one per network of the stack; else raise ValueError."""
    try:
        array = np.asarray(value)
        fits = np.broadcast_shapes(array.shape, stack) == stack
    except ValueError:
        fits = False
    if not fits or array.dtype.kind not in "iuf" or not (np.isfinite(array) & (array > 0)).all():
        per_network = f", or {stack} of them, one per network" if stack else ""
        raise ValueError(f"{name} must be a positive number such as 0.5{per_network}, not {value!r}.")
    return array


def as_list(value):
    """Return a list, tuple, range or array of one axis as a list; for anything else None."""
    if isinstance(value, list | tuple | range) or (isinstance(value, np.ndarray) and value.ndim == 1):
        return list(value)
    return None


def generator(seed):
    """Return the random generator of a seed: None, a whole number, or a generator itself; else raise ValueError."""
    if seed is None or isinstance(seed, np.random.Generator):
        return np.random.default_rng(seed)
    return np.random.default_rng(whole_number(seed, "seed", at_least=0))


def generators(seeds):
    """Return one random generator for each seed of a list; an empty list raises ValueError."""
    if not seeds:
        raise ValueError("seed is an empty list. A stack needs one seed for each network, such as seed=[0, 1, 2].")
    return [generator(seed) for seed in seeds]


def layer_sizes(value):
    """Return the layer sizes as a list of ints, at least an input and an output; else raise ValueError."""
    sizes = as_list(value)
    if sizes is None or len(sizes) < 2:
        raise ValueError(f"layer_sizes must list at least the inputs and the outputs, such as [2, 3, 4], not {value!r}.")
    return [whole_number(size, f"layer_sizes[{k}]", at_least=1) for k, size in enumerate(sizes)]


def parameter(value, shape, name):
    """Return a copy of value as floats of the given shape, with any leading axes; else raise ValueError."""
    array = floats(value, name)
    if array.shape[-2:] != shape or not array.size:
        hint = ""
        if array.shape == shape[::-1]:
            hint = f" It looks transposed: use {name}.T."
        elif array.shape == shape[:1] and shape[1] == 1:
            hint = f" A bias is a column: use {name}.reshape(-1, 1)."
        raise ValueError(f"{name} must have shape {shape}, but it has shape {array.shape}.{hint}")
    return finite(array, name, "Find out where it comes from; with a smaller learning rate it may not.").copy()


class Parameters(list):
    """The weights or the biases of a network: None, then the array of each layer.

    What is assigned to a layer becomes an array of floats of its shape, or is refused. No layer comes or goes.

    Parameters
    ----------
    arrays : list
        None and an array for each layer; they are taken as they are.
    name : str
        "W" or "b".
    layer_sizes : list of int
        Of the network.
    """

    def __init__(self, arrays, name, layer_sizes):
        super().__init__(arrays)
        self.name, self.layer_sizes = name, layer_sizes

    def __setitem__(self, k, value):
        if isinstance(k, slice):
            layers, values = range(*k.indices(len(self))), as_list(value)
            if values is None or len(values) != len(layers):
                raise ValueError(f"{self.name}[{k.start or ''}:{k.stop or ''}] needs a list of {len(layers)} arrays, one for each layer.")
        else:
            layers, values = [self._layer(k)], [value]
        checked = [self._checked(k, v) for k, v in zip(layers, values, strict=True)]
        for k, v in zip(layers, checked, strict=True):
            super().__setitem__(k, v)

    def _layer(self, k):
        """Return the layer 1 … L that an index stands for, which may count from the end; else raise ValueError."""
        L = len(self) - 1
        if isinstance(k, bool) or not isinstance(k, numbers.Integral) or not (1 <= k <= L or -L <= k <= -1):
            what = f"{self.name}[0] stays None: " if k == 0 else ""
            raise ValueError(f"{what}the layer k of {self.name}[k] must be one of {', '.join(map(str, range(1, L + 1)))}, not {k!r}.")
        return int(k) % (L + 1)

    def _checked(self, k, value):
        if k:
            return parameter(value, parameter_shape(self.name, k, self.layer_sizes), f"{self.name}[{k}]")
        if value is not None:
            raise ValueError(f"{self.name}[0] must be None, so that {self.name}[1] is {self.name}_1.")
        return None

    def _refuse(self, *_):
        raise ValueError(f"A network has one array in {self.name} for each of its layers: give {self.name}[k] a new array instead.")

    append = extend = insert = pop = remove = clear = sort = reverse = __delitem__ = __iadd__ = __imul__ = _refuse

    def __reduce__(self):
        return Parameters, (list(self), self.name, self.layer_sizes)


def parameter_shape(name, k, layer_sizes):
    """Return the shape of W_k or b_k in a single network."""
    return layer_sizes[k], layer_sizes[k - 1] if name == "W" else 1


def parameters(value, name, layer_sizes):
    """Return a list of None and an array for each layer as Parameters; anything else raises ValueError."""
    given = as_list(value)
    L = len(layer_sizes) - 1
    if given is None or len(given) != L + 1 or given[0] is not None:
        layers = ", ".join(f"{name}_{k}" for k in range(1, L + 1))
        raise ValueError(f"{name} must be a list [None, {layers}], so that {name}[1] is {name}_1, not {short(value)}.")
    result = Parameters([None] * (L + 1), name, layer_sizes)
    result[1:] = given[1:]
    return result


def common_stack(parameters):
    """Return the leading axes that all parameters share after broadcasting; if they do not fit together raise ValueError."""
    shapes = [v.shape[:-2] for v in parameters]
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        different = " and ".join(map(str, dict.fromkeys(filter(None, shapes))))
        raise ValueError(f"The parameters belong to different stacks: their leading axes are {different}.") from None


def checked_step(step, stack):
    """Return a step that says what it did wrong if it leaves a parameter of another shape, or none; a step that is no function raises."""
    if not callable(step):
        raise ValueError(f"step must be a function step(net, gradients, learning_rate), such as update, not {short(step)}.")

    def careful(net, gradients, learning_rate):
        step(net, gradients, learning_rate)
        for name in ("W", "b"):
            values = getattr(net, name)
            for k in net.layers:
                array, shape = floats(values[k], f"{name}[{k}]"), (*stack, *parameter_shape(name, k, net.layer_sizes))
                if array.shape != shape:
                    raise ValueError(f"The step left {name}[{k}] with shape {array.shape}, but it must have shape {shape}.")
                list.__setitem__(values, k, array)

    return careful


def by_layer(given, layers, name):
    """Return the (k, array) pairs of a dict {k: array}, none for None; anything else raises ValueError."""
    if given is None:
        return []
    if not isinstance(given, dict):
        raise ValueError(f"{name} must be a dict that gives an array for a layer, such as {{1: array}}, not {short(given)}.")
    return [(choice(k, list(layers), f"the layer of {name}"), value) for k, value in given.items()]


def network(value):
    """Return value if it is a network; else raise ValueError."""
    if not hasattr(value, "layer_sizes"):
        raise ValueError(f"The first argument must be a network, such as FeedForwardNetwork([2, 3, 4]), not {short(value)}.")
    return value


def trace_of(net, value):
    """Return value if it is what forward of such a network returned; else raise ValueError."""
    if not hasattr(value, "a") or not hasattr(value, "h"):
        raise ValueError(f"The first argument must be the trace that forward returned, as in backward(forward(x), y), not {short(value)}.")
    sizes = [h.shape[-2] for h in value.h]
    if sizes != net.layer_sizes:
        raise ValueError(
            f"The trace is of a network with layer sizes {sizes}, but this one has {net.layer_sizes}: call its own forward first."
        )
    return value


def gradient(value, shape, name):
    """Return ∂L/∂name as an array of floats, which may be NaN; if it is missing, or has not the shape of its quantity, raise ValueError."""
    array = None if value is None else floats(value, f"∂L/∂{name}")
    if array is None or array.shape != shape:
        got = "missing (None)" if array is None else f"of shape {array.shape}"
        raise ValueError(f"∂L/∂{name} is {got}, but a gradient has the shape of its quantity: {name} has shape {shape}.")
    return array


# What the methods of a network and of its loss check before they compute


def forward_arguments(net, x):
    """Return the examples x for ``net.forward``, checked."""
    return (leading_axes(columns(x, net.layer_sizes[0], "x"), net.stack, "x"),)


def backward_arguments(net, trace, y):
    """Return the trace and the targets for ``net.backward``, checked."""
    trace_of(net, trace)
    y = targets(y, *trace.y_hat.shape[-2:], net.loss)
    return trace, leading_axes(y, trace.y_hat.shape[:-2], "y")


def loss_arguments(loss, trace, y):
    """Return the trace and the targets for ``net.loss``, checked."""
    if not hasattr(trace, "y_hat"):
        raise ValueError(f"The first argument must be the trace that forward returned, as in loss(forward(x), y), not {short(trace)}.")
    return trace, targets(y, *trace.y_hat.shape[-2:], loss)
