"""The training explorer: a whole network trained anew at every touch of a slider (lesson 10)."""

from functools import cache, lru_cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from utils.data import DATA_SETS, one_hot
from utils.draw.frames import Frame, PixelImage
from utils.draw.picture import Picture
from utils.draw.plots import probability_colors
from utils.draw.style import CLASSES, FINE_GRID, INK, MUTED, QUANTITIES, WRONG, course_style
from utils.explore.controls import ACTIVATION, SEED, Choice, Number, explorer
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

WIDTH, HEIGHT = 660, 300  # pixels
GRID_POINTS = 50  # the surface is computed on 50 × 50 points
MAX_RECORDS = 40  # how many epochs of a run are kept for the scrubber
LOSS_RANGE = (0.01, 10)  # the same axis for every run, so that two runs can be compared by eye


def training_picture(learning_rate, epochs, n_hidden, activation, data, seed, replay):
    """Return the picture of one run: decision surface with the points, and the loss curve.

    Parameters
    ----------
    learning_rate : float
        Step length of gradient descent.
    epochs : int
        Length of the run; every epoch is one step on all 750 training points. The other 250 are held back.
    n_hidden : int
        Units of the hidden layer; 0 for a network without one.
    activation : str
        Activation of the hidden units.
    data : str
        A name in ``utils.data.DATA_SETS``.
    seed : int
        Seed of the initial weights.
    replay : float
        How much of the run is shown, in percent: 100 shows its end.
    """
    history = train(learning_rate, epochs, n_hidden, activation, data, seed)
    record = np.abs(history.epochs - history.epochs[-1] * replay / 100).argmin()
    net, (x, _, labels, *_) = history.at(record), _columns(data)
    wrong = net.predict(x) != labels

    sizes = "-".join(map(str, history.network.layer_sizes))
    setting = f"{sizes} network ({activation}), seed {seed}" if n_hidden else f"{sizes} network (no hidden layer), seed {seed}"
    progress = (
        f"epoch {history.epochs[record]} of {epochs} at learning rate {learning_rate:g}: loss {history.loss[record]:.3g}, "
        f"training {history.accuracy[record]:.1%} right, {wrong.sum()} of {wrong.size} points wrong; "
        f"validation {held_back_accuracy(net, data):.1%} right"
    )
    story = f"Loss over the whole run: {history.loss[0]:.3g} → {history.loss[-1]:.3g}."
    if history.diverged:
        story = f"Diverged by epoch {history.epochs[-1]}: take a smaller learning rate."
    alt = f"Decision surface on the data set {data}, wrong points ringed, and the loss curve. {setting}, {progress}. {story}"
    return Picture(_stage(data).draw(history, record, epochs, wrong), alt, WIDTH, caption=f"{setting}, {progress}. {story}")


@lru_cache(maxsize=8)
def train(learning_rate, epochs, n_hidden, activation, data, seed):
    """Return the History of a run on the named data set; the arguments are those of ``training_picture``."""
    x, y = _columns(data)[:2]
    sizes = [2, n_hidden, len(y)] if n_hidden else [2, len(y)]
    net = FeedForwardNetwork(sizes, activation=activation, seed=seed)
    return gradient_descent(net, x, y, learning_rate, epochs, record_every=max(1, -(-epochs // MAX_RECORDS)))


@cache
def _columns(data):
    """Return x, y and the labels of three quarters of a data set, for training, then x and the labels of the quarter that is held back."""
    from sklearn.model_selection import train_test_split  # it takes long, and most lessons do without

    X, labels = DATA_SETS[data]()
    X, X_val, labels, labels_val = train_test_split(X, labels, stratify=labels, random_state=0)
    y = one_hot(labels, labels.max() + 1)
    return np.ascontiguousarray(X.T), np.ascontiguousarray(y), labels, np.ascontiguousarray(X_val.T), labels_val


def held_back_accuracy(net, data):
    """Return the share of the held-back points of the named data set that a network gets right."""
    *_, x_val, labels_val = _columns(data)
    return (net.predict(x_val) == labels_val).mean()


@cache
def _stage(data):
    return Stage(data)


class Stage:
    """The figure for one data set: axes, ticks and labels drawn once, the rest moved.

    Parameters
    ----------
    data : str
        A name in ``utils.data.DATA_SETS``.
    """

    @course_style()
    def __init__(self, data):
        self.x, self.y, self.labels = _columns(data)[:3]
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        plane = figure.add_axes((0.08, 0.16, 0.405, 0.75))
        curve = figure.add_axes((0.595, 0.16, 0.365, 0.75))

        low, high = self.x.min(-1) - 0.5, self.x.max(-1) + 0.5
        plane.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="x₁", ylabel="x₂")
        grid = np.meshgrid(*(np.linspace(*ends, GRID_POINTS) for ends in zip(low, high, strict=True)))
        self.grid = np.stack([axis.ravel() for axis in grid])
        self.surface = PixelImage(plane)
        points = [
            plane.plot(*self.x[:, self.labels == c], style.marker, color=style.color, ms=3.2, mew=0)[0]
            for c, style in enumerate(CLASSES[: len(self.y)])
        ]
        (self.wrong,) = plane.plot([], [], "o", mfc="none", mec=WRONG, ms=6, mew=0.8)

        curve.set(xlim=(0, 1), ylim=LOSS_RANGE, yscale="log", xlabel="share of the epochs", ylabel="loss")
        curve.xaxis.set_major_formatter(PercentFormatter(1))
        curve.grid(color=FINE_GRID, linewidth=0.8)
        curve.set_title("how the loss fell", fontsize=10, color=INK)
        plane.set_title("what the network decides", fontsize=10, color=INK)
        (self.loss,) = curve.plot([], [], color=INK, lw=1.6)
        (self.now,) = curve.plot([], [], "o", color=QUANTITIES["gradient"], ms=8, clip_on=False)
        self.notice = curve.text(
            0.5, 0.5, "", transform=curve.transAxes, ha="center", va="center", fontsize=13, weight="bold", color=QUANTITIES["gradient"]
        )
        for axes in (plane, curve):
            axes.tick_params(labelsize=9, colors=MUTED)
        moving = [self.surface, *points, self.wrong, *plane.spines.values(), self.loss, self.now, self.notice]
        self.frame = Frame(figure, moving)

    def draw(self, history, record, epochs, wrong):
        """Return the PNG of a run at one of its records, where the given training points are wrong."""
        net, epoch, loss = history.at(record), history.epochs[record], history.loss[record]
        colors = probability_colors(net.forward(self.grid).y_hat)
        self.surface.set_colors(colors.reshape(GRID_POINTS, GRID_POINTS, 3))
        self.wrong.set_data(*self.x[:, wrong])
        self.loss.set_data(history.epochs / max(epochs, 1), np.clip(history.loss, *LOSS_RANGE))
        self.now.set_data([epoch / max(epochs, 1)], [np.clip(loss, *LOSS_RANGE)])
        stopped = int(history.epochs[-1])
        self.notice.set_text(f"DIVERGED\nby epoch {stopped}" if history.diverged else "")
        return self.frame.png()


training_explorer = explorer(
    training_picture,
    learning_rate=Number("learning rate", 0.5, 0.01, 100, log=True),
    epochs=Number("epochs", 300, 10, 2000, step=10),
    n_hidden=Number("hidden units", 2, 0, 16),
    seed=SEED,
    activation=ACTIVATION,
    data=Choice("data", "four blobs", tuple(DATA_SETS)),
    replay=Number("replay %", 100.0, 0.0, 100.0, step=100 / MAX_RECORDS),
)
