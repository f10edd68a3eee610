"""Explorers as data: a picture function, and its controls with their defaults. No widget is needed to list them."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real

from utils.nn.activations import ACTIVATIONS


@dataclass(frozen=True)
class Number:
    """A number on a slider, with a field to type it in.

    Attributes
    ----------
    label : str
        The name of the control, as the learner reads it.
    value, low, high : float
        Where it begins, and its range. Whole numbers throughout make a control for whole numbers.
    step : float
        One press of an arrow key.
    log : bool
        A slider over powers of ten, ten steps a decade, rounded to two digits.
    film : pair of float, optional
        By how much the Play button moves it, below zero for downwards, and how many times a second. Without it there is no such button.
    more : bool
        Whether the control is folded away at first.
    """

    label: str
    value: float
    low: float
    high: float
    step: float = 1
    log: bool = False
    film: tuple | None = None
    more: bool = False

    @property
    def whole(self):
        """Return whether the control takes whole numbers only."""
        return not self.log and all(isinstance(number, int) for number in (self.value, self.low, self.high, self.step))

    @property
    def ends(self):
        """Return the smallest and the largest value."""
        return [self.low, self.high]

    @property
    def allowed(self):
        """Return in words which values there are."""
        return f"{self.low:g} to {self.high:g}"

    def accepts(self, value):
        """Return whether a value is allowed.

        Parameters
        ----------
        value : object
            Any value, also one that is no number.

        Returns
        -------
        bool
        """
        return isinstance(value, Real) and self.low <= value <= self.high and (not self.whole or value == int(value))


@dataclass(frozen=True)
class Choice:
    """One name out of a list.

    Attributes
    ----------
    label : str
        The name of the control, as the learner reads it.
    value : str
        Where it begins.
    options : sequence of str
        What there is to choose from.
    more : bool
        Whether the control is folded away at first.
    """

    label: str
    value: str
    options: tuple
    more: bool = False

    @property
    def ends(self):
        """Return every option: a list has no smallest and no largest."""
        return list(self.options)

    @property
    def allowed(self):
        """Return in words which values there are."""
        return ", ".join(self.options)

    def accepts(self, value):
        """Return whether a value is allowed.

        Parameters
        ----------
        value : object
            Any value.

        Returns
        -------
        bool
        """
        return value in self.options


SEED = Number("seed", 0, 0, 50, more=True)
ACTIVATION = Choice("activation", "sigmoid", tuple(ACTIVATIONS), more=True)
REPLAY = Number("replay %", 100.0, 0.0, 100.0, film=(1.0, 12))


def no_limits(**_):
    """Return that no control is limited, whatever the others say.

    Returns
    -------
    dict
        Empty.
    """
    return {}


def explorer(picture: Callable, /, *, limits: Callable = no_limits, **controls: Number | Choice) -> Callable:
    """Return the function that makes an explorer: controls over a picture function.

    Parameters
    ----------
    picture : callable
        Takes the value of every control by its name, and returns a Picture. The same values give the same picture.
    limits : callable, optional
        Takes the same values, and returns what some controls can do while the others stay: the name with its largest value, or with
        the reason why it changes nothing. Such a control is switched off, and the reason stands below.
    **controls
        A control for every parameter of ``picture``, in their order on the page.

    Returns
    -------
    callable
        Takes values to begin with, by name, and returns the explorer. Its signature holds the defaults, its docstring is
        that of the picture, and ``controls`` and ``picture`` are its attributes.

    Raises
    ------
    TypeError
        When controls and parameters have different names.
    ValueError
        When a control does not allow its own default.
    """
    parameters = inspect.signature(picture).parameters
    if set(parameters) != set(controls):
        raise TypeError(f"{picture} takes {', '.join(parameters)}, but there are controls for {', '.join(controls)}.")
    check_values({name: control.value for name, control in controls.items()}, controls)

    def make(**start):
        from utils.explore.panel import Panel  # here, so that explorers can be listed without widgets

        check_values(start, controls)
        return Panel(picture, controls, start, limits)

    function = inspect.unwrap(picture)
    function = getattr(function, "func", function)  # a picture of one run is a partial
    make.__name__ = make.__qualname__ = f"{function.__name__.removesuffix('_picture')}_explorer"
    make.__module__ = function.__module__
    make.__doc__ = f"Make an explorer of this picture, with a control for every parameter.\n\n{inspect.getdoc(picture)}"
    make.__signature__ = inspect.Signature(
        [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=control.value) for name, control in controls.items()]
    )
    make.picture, make.controls = picture, controls
    return make


def extending(courses):
    """Return a decorator for a function that makes an explorer, and takes functions or data of a learner's own beside its controls.

    Parameters
    ----------
    courses : callable
        What ``explorer`` returned: the same without anything of a learner's.

    Returns
    -------
    callable
        Gives the function the attributes and the controls of that explorer, also in its signature and in its docstring.
    """

    def extended(make):
        controls = inspect.signature(courses).parameters
        own = [each for name, each in inspect.signature(make).parameters.items() if name not in controls and each.kind == each.KEYWORD_ONLY]
        make.__signature__ = inspect.Signature([*controls.values(), *own])
        make.__doc__ = f"{inspect.getdoc(make)}\n\n{inspect.getdoc(courses.picture)}\n"  # what the controls mean
        make.picture, make.controls = courses.picture, courses.controls
        return make

    return extended


def check_values(values, controls):
    """Raise a ValueError for a value whose name is no control, or that its control does not allow.

    Parameters
    ----------
    values : dict of str to object
        Values by name.
    controls : dict of str to Number or Choice
        The controls by name.
    """
    for name, value in values.items():
        if name not in controls:
            raise ValueError(f"There is no control {name!r}; there are {', '.join(controls)}.")
        if not controls[name].accepts(value):
            raise ValueError(f"{name} can be {controls[name].allowed}, not {value!r}.")
