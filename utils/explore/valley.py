"""The valley explorer: a ball rolls down a narrow valley of the loss, with and without momentum (lesson 12)."""

from functools import cache, lru_cache

import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from utils.draw.frames import EndLabels, Frame, PixelImage
from utils.draw.numbers import significant
from utils.draw.picture import Picture
from utils.draw.style import COMPARISON, FINE_GRID, INK, LOSS_MAP, MUTED, PAPER, course_style
from utils.explore.controls import Number, explorer
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

WIDTH, HEIGHT = 740, 330  # pixels
STEPS = 60
HALF = 3.0  # the map reaches from −3 to 3 in both weights
GRID_POINTS = 60
LEVELS = np.linspace(0, 1, 13)[1:] ** 2  # contour lines as shares of the highest loss on the map
LOSS_RANGE = (1e-6, 100)
START, LOWEST = (-2.0, 0.0), (1.2, 0.4)  # the two weights at the beginning, and at the lowest point
STEEP, FLAT, TURN = 1.0, 0.01, np.pi / 6  # half the curvature across and along the valley, and the direction of the valley
PLAIN, MOMENTUM = INK, COMPARISON


def with_momentum(beta):
    """Return a step for ``gradient_descent`` that keeps the share ``beta`` of the step before: v ← β v − η ∂𝓛/∂W, W ← W + v.

    Parameters
    ----------
    beta : float
        0 … 1; 0 is plain gradient descent.

    Returns
    -------
    callable
        For the argument ``step``; it remembers its last step, so each run needs one of its own.
    """
    velocity = {}

    def step(net, gradients, learning_rate):
        for name in "Wb":
            parameters, slopes = getattr(net, name), getattr(gradients, name)
            for k in net.layers:
                velocity[name, k] = beta * velocity.get((name, k), 0.0) - learning_rate * slopes[k]
                parameters[k] = parameters[k] + velocity[name, k]

    return step


@cache
def examples():
    """Return inputs and targets of which a linear unit with two weights makes a valley: both have mean 0, so the bias rests.

    Returns
    -------
    tuple of two arrays, shapes (2, 4) and (1, 4)
    """
    turn = np.array([[np.cos(TURN), -np.sin(TURN)], [np.sin(TURN), np.cos(TURN)]])
    x = turn @ np.diag(np.sqrt([FLAT, STEEP])) @ np.array([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]])
    return x, np.array([LOWEST]) @ x


@lru_cache(maxsize=32)
def run(learning_rate, beta):
    """Return the History of ``STEPS`` steps from the same start; ``beta`` = 0 is plain gradient descent.

    Parameters
    ----------
    learning_rate : float
        η.
    beta : float
        As in ``with_momentum``.

    Returns
    -------
    History
    """
    net = FeedForwardNetwork([2, 1], output="linear", loss="squared_error")
    net = net.with_parameters(W={1: [START]}, b={1: [[0.0]]})
    return gradient_descent(net, *examples(), learning_rate, STEPS, step=with_momentum(beta))


def valley_picture(step, learning_rate, momentum):
    """Return the picture of two balls in a valley after some steps, and of the loss under each.

    Parameters
    ----------
    step : int
        How many steps both have taken; 0 … 60.
    learning_rate : float
        η of both.
    momentum : float
        β of the second: the share of its last step that it keeps.

    Returns
    -------
    Picture
    """
    runs = [run(learning_rate, beta) for beta in (0.0, momentum)]
    png = _stage().draw(runs, step)
    losses = [history.loss[min(step, len(history.loss) - 1)] for history in runs]
    here = "; ".join(
        f"{name} has loss {_loss(loss)}" for name, loss in zip(("plain gradient descent", "the ball with momentum"), losses, strict=True)
    )
    gone = [" It leaves the map." if np.abs(_path(history, step)[:, -1]).max() > HALF else "" for history in runs]
    caption = (
        f"Step {step} of {STEPS}, learning rate {learning_rate:g}, momentum {momentum:g}: {here}.{gone[1]}"
        f"{' The plain one has left the map.' if gone[0] else ''}"
    )
    places = " and ".join(f"({significant(W[0], 3)}, {significant(W[1], 3)})" for W in (_path(history, step)[:, -1] for history in runs))
    alt = (
        f"A narrow valley of the loss over two weights, lowest at {LOWEST}, with the paths of two balls from {START}, "
        f"now at {places}, and both losses step by step. {caption}"
    )
    return Picture(png, alt.replace("-", "−"), WIDTH, caption=caption)


def _loss(loss):
    return significant(loss, 3) if np.isfinite(loss) else "beyond all numbers"


def _path(history, step):
    return history.W[1][: step + 1, 0].T


@cache
def _stage():
    return Stage()


class Stage:
    """The figure: the valley, axes and labels drawn once, balls and paths moved."""

    @course_style()
    def __init__(self):
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        plane = figure.add_axes((58 / WIDTH, 46 / HEIGHT, 330 / WIDTH, 252 / HEIGHT), xlim=(-HALF, HALF), ylim=(-HALF, HALF))
        curve = figure.add_axes((466 / WIDTH, 46 / HEIGHT, 184 / WIDTH, 252 / HEIGHT), xlim=(0, STEPS), ylim=LOSS_RANGE, yscale="log")
        plane.set(xlabel="W₁₁₁", ylabel="W₁₁₂")
        curve.set(xlabel="step")
        for axes, title in ((plane, "the loss: low is pale"), (curve, "the loss under each ball")):
            axes.set_title(title, fontsize=10, color=INK)
            axes.tick_params(labelsize=9, colors=MUTED)
        curve.grid(color=FINE_GRID, lw=0.8)

        self.surface = PixelImage(plane)
        values = np.linspace(-HALF, HALF, GRID_POINTS)
        first, second = np.meshgrid(values, values)
        x, y = examples()
        stack = FeedForwardNetwork([2, 1], output="linear", loss="squared_error").with_parameters(
            W={1: np.stack([first.ravel(), second.ravel()], axis=-1)[:, None]}, b={1: np.zeros((first.size, 1, 1))}
        )
        loss = stack.loss(stack.forward(x), y).reshape(first.shape)
        self.colors = LOSS_MAP(loss / loss.max())[..., :3]
        generator = contour_generator(values, values, loss)
        contours = LineCollection([line for level in LEVELS for line in generator.lines(loss.max() * level)], colors=MUTED, linewidths=0.6)
        plane.add_collection(contours, autolim=False)
        (lowest,) = plane.plot(*LOWEST, "+", color=INK, ms=9)
        styles = ((PLAIN, "o"), (MOMENTUM, "D"))
        self.paths = [plane.plot([], [], color=color, lw=1.1)[0] for color, _ in styles]
        self.balls = [plane.plot([], [], marker, color=color, mec=PAPER, ms=10)[0] for color, marker in styles]
        self.losses = [curve.plot([], [], color=color, lw=1.6)[0] for color, _ in styles]
        self.dots = [curve.plot([], [], marker, color=color, ms=7, clip_on=False)[0] for color, marker in styles]
        self.names = EndLabels(curve, {"plain": PLAIN, "with\nmomentum": MOMENTUM})
        still = [self.surface, contours, lowest, *plane.spines.values()]
        self.frame = Frame(figure, [*still, *self.paths, *self.balls, *self.losses, *self.dots, *self.names.texts])

    def draw(self, runs, step):
        """Return the PNG of two runs after some steps.

        Parameters
        ----------
        runs : pair of History
            Without and with momentum.
        step : int
            How many steps are shown.

        Returns
        -------
        bytes
        """
        self.surface.set_colors(self.colors)
        for history, path, ball, curve, dot in zip(runs, self.paths, self.balls, self.losses, self.dots, strict=True):
            places = np.clip(_path(history, step), -1e6, 1e6)
            path.set_data(*places)
            ball.set_data(*places[:, -1:])
            losses = np.clip(history.loss[: step + 1], *LOSS_RANGE)
            curve.set_data(np.arange(len(losses)), losses)
            dot.set_data([len(losses) - 1], losses[-1:])
        self.names.place(max(dot.get_xdata()[0] for dot in self.dots), *(dot.get_ydata()[0] for dot in self.dots))
        return self.frame.png()


valley_explorer = explorer(
    valley_picture,
    step=Number("step", 0, 0, STEPS, film=(1, 12)),
    learning_rate=Number("learning rate", 0.9, 0.01, 2, log=True),
    momentum=Number("momentum", 0.8, 0.0, 0.95, step=0.05),
)
