"""What the network accepts, and what it says when it gets something else.

Each check returns what it is given, as an array or a number of the right kind, or raises ValueError. The message names
what was wrong, what was expected and what to do, in the learner's words.
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
            with np.errstate(under="ignore"):  # a probability of 1e-320 is no reason to warn
                return method(self, *arguments)

        UNCHECKED[careful] = method
        return careful

    return decorate


def unchecked(method):
    """Return a bound method without the check of its arguments.

    Parameters
    ----------
    method : bound method
        Such as ``net.forward``.

    Returns
    -------
    callable
        Takes the same arguments. A method that a learner has replaced is returned as it is.
    """
    return MethodType(UNCHECKED[method.__func__], method.__self__) if is_ours(method) else method


def is_ours(method):
    """Return whether ``checked_by`` decorates a bound method. Only such a method is sure to take stacks of networks.

    Parameters
    ----------
    method : bound method
        Such as ``net.forward``.

    Returns
    -------
    bool
    """
    return getattr(method, "__func__", None) in UNCHECKED


def floats(value, name):
    """Return a value as an array of floats.

    Parameters
    ----------
    value : array-like of numbers
        True and False count as numbers.
    name : str
        What the message calls it, such as "x".

    Returns
    -------
    ndarray of float
        NaN and infinity may be in it.

    Raises
    ------
    ValueError
        For text, for lists whose rows differ in length, and for everything else that is no number.
    """
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
        with np.errstate(all="ignore"):  # a number that is too large for a float becomes inf, which finite() refuses
            array = array.astype(float)
    return np.asarray(array, order="C")  # X.T and one-hot columns are not contiguous, and make every later line slow


def finite(array, name, remedy):
    """Return an array if it holds neither NaN nor infinity.

    Parameters
    ----------
    array : ndarray of float
        Of any shape.
    name : str
        What the message calls it.
    remedy : str
        The sentence with which the message ends: what to do.

    Returns
    -------
    ndarray
        The same array.

    Raises
    ------
    ValueError
        With the first such number and its position.
    """
    if not np.isfinite(array).all():
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name} holds {array[first]} at position {list(first)}. {remedy}")
    return array


def numbers_array(value, name):
    """Return examples as an array of finite floats.

    Parameters
    ----------
    value : array-like of numbers
        Of any shape.
    name : str
        What the message calls it.

    Returns
    -------
    ndarray of float

    Raises
    ------
    ValueError
        For what is no number, for lists whose rows differ in length, for NaN and infinity, and for an empty array.
    """
    array = floats(value, name)
    if not array.size:
        raise ValueError(f"{name} is empty: its shape is {array.shape}. At least one example is needed.")
    return finite(array, name, "Find out where it comes from, then repair or drop that example.")


def columns(value, n_rows, name):
    """Return examples as floats, one example a column.

    Parameters
    ----------
    value : array-like, shape (..., n_rows, N)
        The examples.
    n_rows : int
        How many rows they need.
    name : str
        What the message calls them: "x" or "y".

    Returns
    -------
    ndarray of float, shape (..., n_rows, N)

    Raises
    ------
    ValueError
        With the shape expected, the shape got and the likely remedy.
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
    """Return an array if its leading axes, one entry per network, fit the stack.

    Parameters
    ----------
    array : ndarray, shape (..., n, m)
        The axes before the last two are the leading ones.
    stack : tuple of int
        The leading axes of the networks: () for a single one, (S,) for S of them.
    name : str
        What the message calls the array.
    grow : bool
        Whether one network may also meet a stack of arrays.

    Returns
    -------
    ndarray
        The same array.

    Raises
    ------
    ValueError
        With both leading axes, when they do not fit.
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
    """Return targets as floats that make sense for a loss.

    Parameters
    ----------
    value : array-like, shape (..., n_rows, N)
        The targets y, one example a column.
    n_rows, n_examples : int
        Numbers of outputs and of examples.
    loss : Loss
        Its output function decides which values make sense.

    Returns
    -------
    ndarray of float, shape (..., n_rows, N)

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
    """Refuse several examples that all belong to one class.

    Parameters
    ----------
    y : ndarray, shape (n_L, N)
        Targets.
    loss : Loss
        Under a linear output there are no classes, and nothing is refused.

    Raises
    ------
    ValueError
        When N is 2 or more, and all columns are equal.
    """
    if loss.output != "linear" and y.shape[-1] > 1 and (y == y[..., :1]).all():
        raise ValueError(
            f"All {y.shape[-1]} examples belong to the same class, so there is nothing to tell apart. "
            "Did the rows get sorted before the data was split? Use train_test_split(..., stratify=labels)."
        )


def choice(value, allowed, name):
    """Return a value if it is one of those allowed.

    Parameters
    ----------
    value : object
        What was given.
    allowed : collection of str or of int
        The names or numbers to choose from.
    name : str
        What the message calls it.

    Returns
    -------
    str or int
        The same value.

    Raises
    ------
    ValueError
        With the list of what is allowed.
    """
    if isinstance(value, bool) or not isinstance(value, str | numbers.Integral) or value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, not {value!r}.")
    return value


def whole_number(value, name, at_least):
    """Return a whole number that is large enough.

    Parameters
    ----------
    value : object
        What was given.
    name : str
        What the message calls it.
    at_least : int
        The smallest number allowed.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        For a smaller number, and for everything else.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < at_least:
        raise ValueError(f"{name} must be a whole number, {at_least} or more, not {value!r}.")
    return int(value)


def positive(value, name, stack=()):
    """Return one positive finite number, or one for each network of a stack, as an array.

    Parameters
    ----------
    value : float or array-like, shape () to stack
        What was given, such as a learning rate.
    name : str
        What the message calls it.
    stack : tuple of int
        The leading axes of the networks: () for a single one, (S,) for S of them.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        For zero, negative numbers, NaN, infinity, and shapes that do not fit the stack.
    """
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
    """Return a sequence as a list.

    Parameters
    ----------
    value : object
        What was given.

    Returns
    -------
    list or None
        None for everything but a list, a tuple, a range and an array of one axis.
    """
    if isinstance(value, list | tuple | range) or (isinstance(value, np.ndarray) and value.ndim == 1):
        return list(value)
    return None


def generator(seed):
    """Return the random generator that belongs to a seed.

    Parameters
    ----------
    seed : None, int or numpy.random.Generator
        None for a fresh one; a generator is returned as it is.

    Returns
    -------
    numpy.random.Generator

    Raises
    ------
    ValueError
        For any other seed.
    """
    if seed is None or isinstance(seed, np.random.Generator):
        return np.random.default_rng(seed)
    return np.random.default_rng(whole_number(seed, "seed", at_least=0))


def generators(seeds):
    """Return a random generator for each network of a stack.

    Parameters
    ----------
    seeds : list
        One seed a network, each as in ``generator``.

    Returns
    -------
    list of numpy.random.Generator

    Raises
    ------
    ValueError
        For an empty list, or a seed that is none.
    """
    if not seeds:
        raise ValueError("seed is an empty list. A stack needs one seed for each network, such as seed=[0, 1, 2].")
    return [generator(seed) for seed in seeds]


def layer_sizes(value):
    """Return the sizes of the layers as a list.

    Parameters
    ----------
    value : sequence of int
        [n_0, n_1, …, n_L]: at least an input and an output.

    Returns
    -------
    list of int

    Raises
    ------
    ValueError
        For fewer than two sizes, and for sizes that are no whole numbers from 1 on.
    """
    sizes = as_list(value)
    if sizes is None or len(sizes) < 2:
        raise ValueError(f"layer_sizes must list at least the inputs and the outputs, such as [2, 3, 4], not {value!r}.")
    return [whole_number(size, f"layer_sizes[{k}]", at_least=1) for k, size in enumerate(sizes)]


def parameter(value, shape, name):
    """Return a copy of a weight matrix or of biases as floats.

    Parameters
    ----------
    value : array-like, shape (..., *shape)
        What was given.
    shape : (int, int)
        The last two axes that it needs.
    name : str
        What the message calls it, such as "W[1]".

    Returns
    -------
    ndarray of float, shape (..., *shape)

    Raises
    ------
    ValueError
        For another shape, for NaN and infinity, and for what is no number.
    """
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

    What is assigned to a layer becomes an array of floats of its shape, or is refused. The number of layers is fixed.

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
    """Return the shape of W_k or b_k in a single network.

    Parameters
    ----------
    name : str
        "W" or "b".
    k : int
        Layer, from 1.
    layer_sizes : list of int
        [n_0, …, n_L].

    Returns
    -------
    (int, int)
        (n_k, n_{k−1}) for a weight matrix, (n_k, 1) for biases.
    """
    return layer_sizes[k], layer_sizes[k - 1] if name == "W" else 1


def parameters(value, name, layer_sizes):
    """Return the weights or the biases of a network as Parameters.

    Parameters
    ----------
    value : list
        None, then an array for each layer.
    name : str
        "W" or "b".
    layer_sizes : list of int
        [n_0, …, n_L].

    Returns
    -------
    list
        Of the class Parameters.

    Raises
    ------
    ValueError
        For another length, and for an array that does not fit its layer.
    """
    given = as_list(value)
    L = len(layer_sizes) - 1
    if given is None or len(given) != L + 1 or given[0] is not None:
        layers = ", ".join(f"{name}_{k}" for k in range(1, L + 1))
        raise ValueError(f"{name} must be a list [None, {layers}], so that {name}[1] is {name}_1, not {short(value)}.")
    result = Parameters([None] * (L + 1), name, layer_sizes)
    result[1:] = given[1:]
    return result


def common_stack(parameters):
    """Return the leading axes that all parameters share after broadcasting.

    Parameters
    ----------
    parameters : iterable of ndarray, shape (..., n, m)
        The weights and biases of a network.

    Returns
    -------
    tuple of int
        () for a single network, (S,) for a stack of S.

    Raises
    ------
    ValueError
        When they belong to different stacks.
    """
    shapes = [v.shape[:-2] for v in parameters]
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        different = " and ".join(map(str, dict.fromkeys(filter(None, shapes))))
        raise ValueError(f"The parameters belong to different stacks: their leading axes are {different}.") from None


def checked_step(step, stack):
    """Return a step function that refuses parameters of a wrong shape.

    Parameters
    ----------
    step : callable
        (net, gradients, learning_rate): changes ``net.W`` and ``net.b``.
    stack : tuple of int
        The leading axes of the networks: () for a single one.

    Returns
    -------
    callable
        Takes the same arguments. It raises ValueError when the step leaves a parameter with a wrong shape, or without numbers.

    Raises
    ------
    ValueError
        When ``step`` is no function.
    """
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
    """Return the arrays of a dict with their layers.

    Parameters
    ----------
    given : dict of int to array, or None
        Layer → array.
    layers : iterable of int
        The layers that there are.
    name : str
        What the message calls the dict.

    Returns
    -------
    list of (int, array)
        Empty for None.

    Raises
    ------
    ValueError
        For what is no dict, and for a layer that does not exist.
    """
    if given is None:
        return []
    if not isinstance(given, dict):
        raise ValueError(f"{name} must be a dict that gives an array for a layer, such as {{1: array}}, not {short(given)}.")
    return [(choice(k, list(layers), f"the layer of {name}"), value) for k, value in given.items()]


def network(value):
    """Return a value if it is a network.

    Parameters
    ----------
    value : object
        What was given.

    Returns
    -------
    FeedForwardNetwork
        The same object.

    Raises
    ------
    ValueError
        For everything else.
    """
    if not hasattr(value, "layer_sizes"):
        own = " For a function of your own give its parameters, too: check_gradients(backward, x, y, parameters=(W1, b1, W2, b2))."
        raise ValueError(
            f"The first argument must be a network, such as FeedForwardNetwork([2, 3, 4]), not {short(value)}.{own * callable(value)}"
        )
    return value


def trace_of(net, value):
    """Return a value if ``forward`` of such a network has returned it.

    Parameters
    ----------
    net : FeedForwardNetwork
        The network.
    value : object
        What was given.

    Returns
    -------
    Trace
        The same object.

    Raises
    ------
    ValueError
        For everything else, and for the trace of a network with other layer sizes.
    """
    if not hasattr(value, "a") or not hasattr(value, "h"):
        raise ValueError(f"The first argument must be the trace that forward returned, as in backward(forward(x), y), not {short(value)}.")
    sizes = [h.shape[-2] for h in value.h]
    if sizes != net.layer_sizes:
        raise ValueError(
            f"The trace is of a network with layer sizes {sizes}, but this one has {net.layer_sizes}: call its own forward first."
        )
    return value


def gradient(value, shape, name):
    """Return a gradient as an array of floats, which may hold NaN.

    Parameters
    ----------
    value : array-like or None
        What was given.
    shape : tuple of int
        The shape of the quantity to which the gradient belongs.
    name : str
        The name of that quantity, such as "W_1".

    Returns
    -------
    ndarray of float

    Raises
    ------
    ValueError
        For None, and for another shape.
    """
    array = None if value is None else floats(value, f"∂L/∂{name}")
    if array is None or array.shape != shape:
        got = "missing (None)" if array is None else f"of shape {array.shape}"
        raise ValueError(f"∂L/∂{name} is {got}, but a gradient has the shape of its quantity: {name} has shape {shape}.")
    return array


# What the methods of a network and of its loss check before they compute


def forward_arguments(net, x):
    """Return the arguments of ``net.forward``, checked.

    Parameters
    ----------
    net : FeedForwardNetwork
        The network.
    x : array-like, shape (..., n_0, N)
        Examples in columns.

    Returns
    -------
    (ndarray,)
        x.

    Raises
    ------
    ValueError
        When x does not fit the network.
    """
    return (leading_axes(columns(x, net.layer_sizes[0], "x"), net.stack, "x"),)


def backward_arguments(net, trace, y):
    """Return the arguments of ``net.backward``, checked.

    Parameters
    ----------
    net : FeedForwardNetwork
        The network.
    trace : Trace
        From ``net.forward``.
    y : array-like, shape (..., n_L, N)
        Targets in columns.

    Returns
    -------
    (Trace, ndarray)

    Raises
    ------
    ValueError
        When one of them does not fit the network.
    """
    trace_of(net, trace)
    y = targets(y, *trace.y_hat.shape[-2:], net.loss)
    return trace, leading_axes(y, trace.y_hat.shape[:-2], "y")


def loss_arguments(loss, trace, y):
    """Return the arguments of ``net.loss``, checked.

    Parameters
    ----------
    loss : Loss
        The loss of the network.
    trace : Trace
        From ``net.forward``.
    y : array-like, shape (..., n_L, N)
        Targets in columns.

    Returns
    -------
    (Trace, ndarray)

    Raises
    ------
    ValueError
        When trace is no trace, or y does not fit it.
    """
    if not hasattr(trace, "y_hat"):
        raise ValueError(f"The first argument must be the trace that forward returned, as in loss(forward(x), y), not {short(trace)}.")
    return trace, targets(y, *trace.y_hat.shape[-2:], loss)
