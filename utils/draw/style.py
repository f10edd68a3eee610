"""One look for every picture: colours that colour-blind readers can tell apart, each with a shape or a name.

The hues of the first four classes are those of Okabe and Ito; two more are for data of a learner's own. A class has a colour and a
marker; a quantity of the network has one colour in every diagram of the course.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib import colormaps, rcParams, style
from matplotlib.colors import LinearSegmentedColormap, to_rgb


@dataclass(frozen=True)
class ClassStyle:
    """How one class is drawn: colour, marker, the words that alt texts use for them, and how full the colour of its region is."""

    color: str
    marker: str
    words: str
    region_strength: float  # chosen so that the regions differ in lightness too, for readers who confuse the hues


CLASSES = (
    ClassStyle("#0072B2", "o", "blue circles", 0.35),
    ClassStyle("#E69F00", "s", "orange squares", 0.4),
    ClassStyle("#009E73", "^", "green triangles", 0.5),
    ClassStyle("#CC79A7", "D", "pink diamonds", 0.2),
    ClassStyle("#332288", "X", "indigo crosses", 0.45),
    ClassStyle("#B2182B", "*", "red stars", 0.6),
)

QUANTITIES = {  # dark enough for text on white: at least 4.5 : 1
    "a": "#005A8E",  # pre-activations
    "h": "#00704F",  # activations
    "W": "#5B5B5B",  # parameters
    "gradient": "#A63D00",  # everything that flows back
}

SIGNS = {1: "#542788", -1: "#B35806", 0: "#767676"}  # positive, negative, nothing: the hues of DIVERGING, dark enough for text

INK = "#222222"
MUTED = "#595959"
GRID = "#D9D9D9"
FINE_GRID = "#E5E5E5"
PAPER = "#FFFFFF"
HIGHLIGHT = "#FFF1DC"  # the ground of what is emphasised
THIN = "#9A9A9A"  # a line without emphasis
COMPARISON = "#0072B2"  # beside the colour of gradients: the secant, the true code
CURVES = ((INK, "-"), (COMPARISON, "--"), ("#80204F", "-."), ("#747474", ":"))  # colour and line of curves of one kind: runs, functions
WRONG = "#000000"  # a ring around each misclassified point
LOSS_MAP = LinearSegmentedColormap.from_list("loss", colormaps["Blues"](np.linspace(0, 0.65, 64)))  # pale enough for paths on it
DIVERGING = "PuOr"  # negative orange, positive purple, white at zero


def pale(color, strength):
    """Return the colour mixed with white, as RGB in 0 … 1: strength 1 is the colour itself.

    Parameters
    ----------
    color : str
        As matplotlib takes it.
    strength : float
        0 is white, 1 the colour itself.

    Returns
    -------
    tuple of float
        Red, green and blue.
    """
    return tuple(1 - strength * (1 - part) for part in to_rgb(color))


@contextmanager
def course_style():
    """Return a context in which figures look as the course wants them, whatever style or font a learner has chosen.

    Returns
    -------
    context manager
        Also a decorator: ``@course_style()`` puts every call of a function into the context.
    """
    own = _settings()
    dict.update(rcParams, _course_settings())  # without checking each of the 300 settings, which takes some 2 ms
    try:
        yield
    finally:
        dict.update(rcParams, own)


@cache
def _course_settings():
    with style.context({}, after_reset=True):
        return _settings()


def _settings():
    # the backend is chosen by whoever draws first, and stays
    return {name: value for name, value in dict.items(rcParams) if name != "backend"}


def default_errors():
    """Return a context in which NumPy warns as it does by default, whatever ``np.seterr`` a learner has chosen.

    Returns
    -------
    context manager
    """
    return np.errstate(all="warn", under="ignore")
