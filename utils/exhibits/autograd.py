"""A small autograd: numbers that remember how they were computed (lesson 11).

Each operation writes down its result and, beside it, its local derivatives: that is the forward pass.
``backward`` goes through the results in the opposite order and applies the chain rule, a product for every
edge and a sum over all edges that leave a number. The derivatives of nine operations are enough for
every formula that is made of them. All of it is the class Value: sixty lines without docstrings and comments.
"""

import math
from itertools import count
from numbers import Real

import numpy as np

NUMBERS = count()
MESSAGES = {
    "Value": "A Value holds one number, not {!r}. values(array) makes an array of Values.",
    "/": "{:g} / 0 is not defined. Which number became 0 that should not?",
    "exponent": "An exponent must be a plain number, not {}. Write u ** v as np.exp(v * np.log(u)).",
    "**": "{:g} ** {:g} or its derivative is not defined.",
    "exp": "e^{:g} is too large. In a softmax, take the largest score from all scores first.",
    "log": "A logarithm needs a number above 0, not {:g}.",
}


class Value:
    """A number that remembers what it was computed from.

    Attributes
    ----------
    value : float
        The number.
    name : str
        What it is called, such as "W_1,1,2"; for a result the operation.
    inputs : tuple of Value
        What it was computed from; nothing for a number that was given.
    local_derivatives : tuple of float
        ∂(this)/∂(input), one for each input.
    grad : float
        ∂L/∂(this), after ``L.backward()``; 0 where L does not depend on it.
    number : int
        Values are numbered in the order in which they were made.

    Raises
    ------
    ValueError
        For anything but a number, and where an operation is not defined.

    Notes
    -----
    NumPy does the same to each Value of an array: ``W @ h + b``, ``np.exp(a)``, ``a.sum(-2)``.
    """

    __slots__ = ("grad", "inputs", "local_derivatives", "name", "number", "value")

    def __init__(self, value, name="", inputs=(), local_derivatives=()):
        require(isinstance(value, Real), "Value", value)
        self.value, self.name = float(value), name
        self.inputs, self.local_derivatives = inputs, local_derivatives
        self.grad, self.number = 0.0, next(NUMBERS)

    def __add__(self, other):
        other = as_value(other)
        return Value(self.value + other.value, "+", (self, other), (1.0, 1.0))

    def __sub__(self, other):
        other = as_value(other)
        return Value(self.value - other.value, "−", (self, other), (1.0, -1.0))

    def __mul__(self, other):
        other = as_value(other)
        return Value(self.value * other.value, "·", (self, other), (other.value, self.value))

    def __truediv__(self, other):
        other = as_value(other)
        require(other.value != 0, "/", self.value)
        return Value(h := self.value / other.value, "/", (self, other), (1 / other.value, -h / other.value))

    def __pow__(self, n):
        require(isinstance(n, Real), "exponent", n)
        require(self.value > 0 or (n % 1 == 0 and (n >= 0 or self.value != 0)), "**", self.value, n)
        local_derivative = n * self.value ** (n - 1) if n else 0.0
        return Value(self.value**n, f"to the {n:g}", (self,), (local_derivative,))

    def __neg__(self):
        return Value(-self.value, "−", (self,), (-1.0,))

    def exp(self):
        """Return e to the power of this Value; ``np.exp`` calls it.

        Returns
        -------
        Value
        """
        require(self.value < 709, "exp", self.value)
        return Value(h := math.exp(self.value), "exp", (self,), (h,))

    def log(self):
        """Return the natural logarithm of this Value; ``np.log`` calls it.

        Returns
        -------
        Value
        """
        require(self.value > 0, "log", self.value)
        return Value(math.log(self.value), "log", (self,), (1 / self.value,))

    def tanh(self):
        """Return the hyperbolic tangent of this Value; ``np.tanh`` calls it.

        Returns
        -------
        Value
        """
        return Value(h := math.tanh(self.value), "tanh", (self,), (1 - h * h,))

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return as_value(other) - self

    def __rtruediv__(self, other):
        return as_value(other) / self

    def __ge__(self, other):  # np.maximum asks this, and keeps the larger of two Values
        return self.value >= as_value(other).value

    def __repr__(self):
        return f"Value({self.value:g}, {self.name!r}, grad={self.grad:g})"

    def history(self):
        """Return this Value and all that it was computed from, in the order in which they were made.

        Returns
        -------
        list of Value
        """
        found, unread = {self}, [self]
        while unread:
            new = set(unread.pop().inputs) - found
            found |= new
            unread += new
        return sorted(found, key=lambda v: v.number)

    def backward(self):
        """Set ``grad`` of every Value in the history to ∂(this)/∂(that Value)."""
        history = self.history()
        for v in history:
            v.grad = 0.0
        self.grad = 1.0  # ∂L/∂L
        for v in reversed(history):  # reverse order of creation: v.grad is complete by now
            for u, local_derivative in zip(v.inputs, v.local_derivatives, strict=True):
                u.grad += v.grad * local_derivative  # ∂L/∂u = Σ ∂L/∂v · ∂v/∂u, over all v made from u


def as_value(number):
    """Return a Value as it is, and a number as a Value without a history.

    Parameters
    ----------
    number : Value or float
        An operand, such as the 2 of ``2 * v``.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        For anything else.
    """
    return number if isinstance(number, Value) else Value(number)


def values(array, name=""):
    """Make a Value of every number of an array.

    Parameters
    ----------
    array : array
        Numbers, any shape.
    name : str
        Entry [0, 1] of an array named "W_1" is called W_1,1,2, as in the lectures.

    Returns
    -------
    array of Value
        The same shape.
    """
    result = np.empty(np.shape(array), object)
    for index, number in np.ndenumerate(array):
        result[index] = Value(number, ",".join([name, *(str(i + 1) for i in index)]))
    return result


def grads(array):
    """Read the gradients after ``L.backward()``.

    Parameters
    ----------
    array : array of Value
        Any shape.

    Returns
    -------
    array of float
        ∂L/∂v for each Value v, the same shape.
    """
    return np.array([v.grad for v in array.flat]).reshape(array.shape)


def require(condition, operation, *numbers):
    """Check that an operation is defined.

    Parameters
    ----------
    condition : bool
        Whether it is.
    operation : str
        A name in ``MESSAGES``.
    *numbers
        What the message mentions.

    Raises
    ------
    ValueError
        Where the condition does not hold, with the message of the operation.
    """
    if not condition:
        raise ValueError(MESSAGES[operation].format(*numbers))
