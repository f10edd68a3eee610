"""The epoch scrubber: one run of a two-class network, everything about it side by side at any epoch (lesson 09)."""

from functools import cache

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from PIL import Image

from utils.data import two_classes
from utils.draw.frames import EndLabels, Frame, PixelImage, outline
from utils.draw.picture import Picture
from utils.draw.plots import DecisionMap, plane_grid, ring_strength
from utils.draw.style import CLASSES, DIVERGING, GRID, INK, MUTED, QUANTITIES, WRONG, course_style
from utils.explore.controls import REPLAY, Number, explorer
from utils.explore.network_maps import NetworkMaps
from utils.explore.runs import Runs
from utils.nn.network import FeedForwardNetwork

WIDTH, HEIGHT = 740, 500  # pixels
SURFACE_POINTS = 48  # the network is asked at 48 × 48 points
MOST_UNITS = 8
RUNS = Runs(most=100)  # so many epochs of a run are kept
CURVE_RANGE = (1e-4, 1)  # the same axis for every run, so that two runs can be compared by eye
VALUE_RANGE = 6.0  # the fullest colour of the heat map; values beyond it have the same one
NOW = INK


def run_replay_picture(learning_rate, epochs, n_hidden, seed, replay):
    """Return the picture of one moment of a run: decision, hidden units, parameters, loss and gradients.

    Parameters
    ----------
    learning_rate : float
        Step length of gradient descent.
    epochs : int
        Length of the run; every epoch is one step on all 750 training points.
    n_hidden : int
        Units of the hidden layer, 1 to 8.
    seed : int
        Seed of the initial weights.
    replay : float
        Which moment is shown, in percent of the run.

    Returns
    -------
    Picture
    """
    history = train(learning_rate, epochs, n_hidden, seed)
    record = history.nearest(epochs * replay / 100)
    net = history.at(record)
    x, labels, x_val, labels_val = _data()
    wrong = net.predict(x) != labels
    png = _stage().draw(history, record, wrong)

    norms = ", ".join(f"{history.gradient_norm[k][record]:.1e} for (W{'₁₂'[k - 1]}, b{'₁₂'[k - 1]})" for k in net.layers)
    caption = (
        f"2-{n_hidden}-1 network, seed {seed}, learning rate {learning_rate:g}, epoch {history.epochs[record]} of {epochs}: "
        f"loss {history.loss[record]:.3f}, {wrong.sum()} of {wrong.size} training points wrong "
        f"({1 - wrong.mean():.1%} right; validation {(net.predict(x_val) == labels_val).mean():.1%}). "
        f"Lengths of the gradients: {norms}. Whole run: loss {history.loss[0]:.3f} → {history.loss[-1]:.3f}."
    )
    alt = (
        "Four views of one moment of a run: the network with what each unit sees and its weights as lines, the decision surface with "
        f"wrong points ringed, the heat map of all parameters, the curves of loss and gradient lengths. {caption}"
    )
    return Picture(png, alt, WIDTH, caption=caption)


def train(learning_rate, epochs, n_hidden, seed):
    """Return the History of a run on the two classes.

    Parameters
    ----------
    learning_rate, epochs, n_hidden, seed
        As for ``run_replay_picture``.

    Returns
    -------
    History
        With at most ``RUNS.most`` + 2 records.
    """

    def start():
        x, labels, _, _ = _data()
        return FeedForwardNetwork([2, n_hidden, 1], output="sigmoid", loss="squared_error", seed=seed), x, labels[None].astype(float)

    return RUNS.run((learning_rate, n_hidden, seed), start, learning_rate, epochs)


@cache
def _data():
    from sklearn.model_selection import train_test_split  # it takes long, and most lessons do without

    X, labels = two_classes()
    X_train, X_val, labels_train, labels_val = train_test_split(X, labels, stratify=labels, random_state=0)
    return np.ascontiguousarray(X_train.T), labels_train, X_val.T, labels_val


@cache
def _stage():
    return Stage()


class Stage:
    """The figure: axes, ticks and labels drawn once, the rest moved."""

    @course_style()
    def __init__(self):
        self.x, self.labels, _, _ = _data()
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        plane = figure.add_axes((430 / WIDTH, 266 / HEIGHT, 296 / WIDTH, 206 / HEIGHT))
        heat = figure.add_axes((46 / WIDTH, 52 / HEIGHT, 296 / WIDTH, 152 / HEIGHT))
        curve = figure.add_axes((430 / WIDTH, 52 / HEIGHT, 234 / WIDTH, 152 / HEIGHT))

        self.grid, edges = plane_grid(self.x, SURFACE_POINTS)
        plane.set(xlim=edges[:2], ylim=edges[2:], xticks=[], yticks=[], title="what the network decides", xlabel="x₁", ylabel="x₂")
        self.surface = DecisionMap(plane)
        self.network = NetworkMaps(figure, left=48, right=300, bottom=270, top=472)
        points = [
            plane.plot(*self.x[:, self.labels == c], style.marker, color=style.color, ms=3, mew=0)[0] for c, style in enumerate(CLASSES[:2])
        ]
        (self.wrong,) = plane.plot([], [], "o", mfc="none", mec=WRONG, ms=6, mew=0.8)

        self.heat = HeatMap(heat)
        heat.set(ylim=(1, 0), yticks=[])
        self.blocks = [heat.text(-0.012, 0, name, ha="right", va="center", fontsize=10, color=INK) for name in ("b₁", "W₁", "b₂", "W₂")]
        self.separators = [heat.axhline(0, color=INK, lw=0.8) for _ in self.blocks[1:]]
        heat.set(title="weights and biases: orange −, purple +")
        curve.set(title="loss and lengths of the gradients", yscale="log", ylim=CURVE_RANGE)
        curve.grid(color=GRID, linewidth=0.8)
        gradient = QUANTITIES["gradient"]
        styles = {"loss": (INK, "-"), "gradient\nof W₁, b₁": (gradient, "--"), "gradient\nof W₂, b₂": (gradient, ":")}
        self.curves = [curve.plot([], [], line, color=color, lw=1.6)[0] for color, line in styles.values()]
        self.names = EndLabels(curve, {name: color for name, (color, _) in styles.items()})
        self.dots = [curve.plot([], [], "o", color=line.get_color(), ms=7, clip_on=False)[0] for line in self.curves]
        self.cursors = [axes.plot([], [], color=NOW, lw=2)[0] for axes in (heat, curve)]
        for axes in (heat, curve):
            axes.set(xlim=(0, 1), xlabel="replay %")
            axes.set_xticks(np.linspace(0, 1, 6), ["0", "20", "40", "60", "80", "100"])
        for axes in (plane, heat, curve):
            axes.tick_params(labelsize=8, colors=MUTED)
            axes.title.set(fontsize=10, color=INK)
            axes.xaxis.label.set_size(9)
        moving = [self.surface, *self.network.moving, *points, self.wrong, outline(plane), self.heat, *self.separators, *self.blocks]
        self.frame = Frame(figure, [*moving, *self.curves, *self.cursors, *self.dots, *self.names.texts])

    def draw(self, history, record, wrong):
        """Return the PNG of a run at one of its records, where the given training points are wrong.

        Parameters
        ----------
        history : History
            The run.
        record : int
            Which of its records.
        wrong : array of bool, shape (750,)
            Which training points the network gets wrong there.

        Returns
        -------
        bytes
        """
        net = history.at(record)
        trace = net.forward(self.grid)
        self.surface.set_probabilities(trace.y_hat)
        self.network.show(net, trace)
        self.wrong.set_data(*self.x[:, wrong])
        self.wrong.set_alpha(ring_strength(wrong))
        self.heat.set_history(history)
        self._name_rows(net.layer_sizes[1])

        share = history.epochs / history.epochs[-1]
        curves = np.clip([history.loss, *history.gradient_norm[1:]], *CURVE_RANGE)
        for line, dot, values in zip(self.curves, self.dots, curves, strict=True):
            line.set_data(share, values)
            dot.set_data([share[record]], [values[record]])
        self.names.place(1, *curves[:, -1])
        for cursor in self.cursors:
            cursor.set_data([share[record]] * 2, cursor.axes.get_ylim())
        return self.frame.png()

    def _name_rows(self, n_hidden):
        # rows from the top: b_1, W_1 by units, b_2, W_2; one name for each block
        ends = np.cumsum([0, n_hidden, 2 * n_hidden, 1, n_hidden])
        ends = ends / ends[-1]
        for name, middle in zip(self.blocks, (ends[1:] + ends[:-1]) / 2, strict=True):
            name.set_y(middle)
        for line, end in zip(self.separators, ends[1:-1], strict=True):
            line.set_ydata([end, end])


class HeatMap(PixelImage):
    """The values of all parameters of a run in sharp cells: a row each, b_1 on top, and a column a record."""

    history = None

    def set_history(self, history):
        """Show a run; nothing is done if it is the one that is shown.

        Parameters
        ----------
        history : History
            A run of a single network.
        """
        if history is self.history:
            return
        self.history = history
        rows = [v[k].reshape(len(history.epochs), -1).T for k in history.network.layers for v in (history.b, history.W)]
        values = np.vstack(rows)[::-1]  # an image has its first row at the bottom
        colors = colormaps[DIVERGING](0.5 + 0.5 * values / VALUE_RANGE, bytes=True)
        self.pixels = np.array(Image.fromarray(colors).resize(self.size, Image.Resampling.NEAREST))


run_replay_explorer = explorer(
    run_replay_picture,
    learning_rate=Number("learning rate", 2.5, 0.01, 100, log=True),
    epochs=Number("epochs", 500, 10, 2000, step=10, more=True),
    n_hidden=Number("hidden units", 2, 1, MOST_UNITS),
    seed=Number("seed", 1, 0, 50, more=True),
    replay=REPLAY,
)
