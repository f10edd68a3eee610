"""The secant explorer: a difference quotient becomes a derivative, and its error for every step tried so far (lesson 00)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.figure import Figure

from utils.draw.frames import EndLabels, Frame
from utils.draw.picture import Picture
from utils.draw.spots import Spot, cell_shape
from utils.draw.style import COMPARISON, FINE_GRID, INK, MUTED, QUANTITIES, course_style
from utils.explore.controls import Choice, Number, explorer
from utils.nn.activations import sigmoid

WIDTH, HEIGHT = 720, 320  # pixels
RIGHT = 4.2  # of the picture: x + ε is at most 4
PLANE, ERROR = (0.06, 0.15, 0.345, 0.76), (0.60, 0.15, 0.37, 0.76)  # left, bottom, width and height of both axes, as shares
STEPS = 10.0 ** np.arange(0, -16.1, -0.25)
SECANT, TANGENT, CENTRAL = COMPARISON, QUANTITIES["gradient"], INK  # the tangent is the derivative


@dataclass(frozen=True)
class Function:
    """A function of one variable with its derivative, and the range of y in which it is drawn."""

    f: Callable
    prime: Callable
    ylim: tuple


FUNCTIONS = {
    "x²": Function(lambda x: x**2, lambda x: 2 * x, (-4, 17)),
    "sin x": Function(np.sin, np.cos, (-2, 2)),
    "eˣ": Function(np.exp, np.exp, (-12, 57)),
    "sigmoid": Function(sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)), (-0.4, 1.4)),
}


def slopes(function, x, step):
    """Return the derivative of the named function at x, its forward and its central difference quotient.

    forward: (f(x + ε) − f(x)) / ε; central: (f(x + ε) − f(x − ε)) / 2ε. ``step`` is ε, and may be an array.

    Parameters
    ----------
    function : str
        A name in ``FUNCTIONS``.
    x : float
        Where.
    step : float or array
        ε, above 0.

    Returns
    -------
    tuple
        The derivative, a float; both quotients, with the shape of ``step``.
    """
    f = FUNCTIONS[function].f
    forward = (f(x + step) - f(x)) / step
    central = (f(x + step) - f(x - step)) / (2 * step)
    return FUNCTIONS[function].prime(x), forward, central


def secant_picture(function, x, exponent):
    """Return the picture: curve with secant and tangent, and the error of both quotients for every step down to this one.

    Parameters
    ----------
    function : str
        A name in ``FUNCTIONS``.
    x : float
        Where the derivative is taken, −3 … 3.
    exponent : float
        The step is ε = 10 to this power, 0 … −16.

    Returns
    -------
    Picture
    """
    derivative, forward, central = slopes(function, x, 10.0**exponent)
    summary = (
        f"f(x) = {function} at x = {x:g}, ε = {10.0**exponent:.1e}, derivative {derivative:.8f}. Secant: slope {forward:.8f}, "
        f"error {abs(forward - derivative):.1e}. Central difference: {central:.8f}, error {abs(central - derivative):.1e}."
    )
    alt = f"The curve with its secant and tangent, and the error of both slopes for the steps from 1 down to this one. {summary}"
    return Picture(_stage().draw(function, x, exponent), alt, WIDTH, caption=summary, spots=_spots(x, exponent))


def _spots(x, exponent):
    """Return the places that can be chosen: on the curve every half of x, and every power of ten of ε."""
    spots = []
    for axes, low, high, step, now, control, words in (
        (PLANE, -3.0, RIGHT, 0.5, x, "x", "x = {:g}"),
        (ERROR, -16.0, 0.0, 1.0, exponent, "exponent", "ε = 10 to the power {:g}"),
    ):
        left, bottom, width, height = axes
        unit = WIDTH * width / (high - low)
        for value in np.arange(low, min(high, 3.0) + step / 2, step):
            middle = WIDTH * left + unit * (value - low)
            shape = cell_shape(round(middle - unit * step / 2, 1), HEIGHT * (1 - bottom - height), round(unit * step, 1), HEIGHT * height)
            spots.append(Spot(words.format(value).replace("-", "−"), {control: float(value)}, shape, bool(value == now)))
    return tuple(spots)


@cache
def _stage():
    return Stage()


class Stage:
    """The figure: axes and labels drawn once, the rest moved."""

    @course_style()
    def __init__(self):
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        plane = figure.add_axes(PLANE, xlim=(-3, RIGHT), xlabel="x")
        error = figure.add_axes(ERROR)
        self.title = figure.text(0.2325, 0.935, "", ha="center", fontsize=10, color=INK)
        self.grid = np.linspace(-3, RIGHT, 200)
        (self.curve,) = plane.plot([], [], color=INK, lw=2)
        (self.tangent,) = plane.plot([], [], "--", color=TANGENT, lw=2)
        (self.secant,) = plane.plot([], [], color=SECANT, lw=2)
        (self.points,) = plane.plot([], [], "o", color=SECANT, ms=7)
        self.names = EndLabels(plane, {"tangent": TANGENT, "secant": SECANT})

        error.set(xscale="log", yscale="log", xlim=(1e-16, 1), ylim=(1e-17, 10), xlabel="step ε", ylabel="error of the slope")
        error.set_title("steps tried so far", fontsize=10, color=INK)
        (self.forward,) = error.plot([], [], color=SECANT, lw=1.6)
        (self.central,) = error.plot([], [], ":", color=CENTRAL, lw=2)
        (self.now,) = error.plot([], [], "o", color=SECANT, ms=8, clip_on=False)
        error.text(0.03, 0.11, "secant", fontsize=9, color=SECANT, transform=error.transAxes)
        error.text(0.03, 0.04, "central difference (dotted)", fontsize=9, color=CENTRAL, transform=error.transAxes)
        error.grid(color=FINE_GRID, linewidth=0.8)
        for axes in (plane, error):
            axes.tick_params(labelsize=9, colors=MUTED)
        lines = [self.curve, self.tangent, self.secant, self.points, self.forward, self.central, self.now]
        self.function = None  # what the axes show
        self.frame = Frame(figure, [*lines, *self.names.texts])

    def draw(self, function, x, exponent):
        """Return the PNG of a function at x with the step 10 to the power ``exponent``; the arguments are those of ``secant_picture``.

        Returns
        -------
        bytes
        """
        f, step = FUNCTIONS[function].f, 10.0**exponent
        derivative, forward, _ = slopes(function, x, step)
        if function != self.function:
            self.function = function
            self.title.set_text(f"f(x) = {function}" if function != "sigmoid" else "f(x) = σ(x)")
            self.curve.axes.set_ylim(FUNCTIONS[function].ylim)
            self.frame.settle()
        self.curve.set_data(self.grid, f(self.grid))
        ends = np.array([-3.0, RIGHT])
        self.tangent.set_data(ends, f(x) + derivative * (ends - x))
        self.secant.set_data(ends, f(x) + forward * (ends - x))
        self.points.set_data([x, x + step], [f(x), f(x + step)])
        self.names.place(RIGHT, self.tangent.get_ydata()[-1], self.secant.get_ydata()[-1])
        tried = STEPS[step * 0.999 <= STEPS]
        _, every_forward, every_central = slopes(function, x, tried)
        for line, quotients in ((self.forward, every_forward), (self.central, every_central)):
            line.set_data(tried, _drawn(np.abs(quotients - derivative)))
        self.now.set_data([step], [_drawn(abs(forward - derivative))])
        return self.frame.png()


def _drawn(error):
    """Return an error as it can be drawn on an axis of powers of ten: an exact 0 at the lower edge."""
    return np.maximum(error, 1e-17)


secant_explorer = explorer(
    secant_picture,
    function=Choice("function", "x²", tuple(FUNCTIONS)),
    x=Number("x", 1.0, -3.0, 3.0, step=0.1),
    exponent=Number("log₁₀ ε", 0.0, -16.0, 0.0, step=0.5, film=(-0.1, 12)),
)
