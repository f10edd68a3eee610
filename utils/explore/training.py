"""The training explorer: a whole network trained anew at every touch of a slider (lesson 10), also by the learner (homework 4)."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from html import escape

import numpy as np
from matplotlib.figure import Figure

from utils.data import DATA_SETS, one_hot
from utils.draw.frames import Frame
from utils.draw.numbers import significant
from utils.draw.picture import Picture
from utils.draw.plots import DecisionMap, plane_grid, ring_strength
from utils.draw.style import CLASSES, FINE_GRID, INK, MUTED, PAPER, WRONG, course_style
from utils.explore.controls import ACTIVATION, SEED, Choice, Number, explorer
from utils.explore.learners_training import LearnersTraining, NothingToShowError
from utils.explore.network_maps import NetworkMaps
from utils.explore.words import Words
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent, update

WIDTH, HEIGHT = 740, 330  # pixels
GRID_POINTS = 50  # the surface is computed on 50 × 50 points
N_TRAIN = 750  # points of every data set; the other 250 are held back
ALL = "all"
BATCHES = (ALL, "200", "50", "10")
MOST_EPOCHS, MOST_STEPS = 2000, 1000  # of a run; steps count where an epoch has several
MAX_RECORDS = 40  # how many epochs of a run are kept for the scrubber
# Where the loss of a learner's run is measured: each place is a training of its own, from the beginning. Every second one is put an
# epoch earlier, since a loss that jumps does so from one epoch to the next.
MARKS = (0, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1)
CODE = "display:block;white-space:pre-wrap;padding:6px"
NOTICE = {"fc": PAPER, "ec": INK, "pad": 6}
LOSS_RANGE = (0.001, 10)  # the same axis for every run, so that two runs can be compared by eye


def training_picture(learning_rate, epochs, n_hidden, activation, data, seed, replay, batch=ALL, decay=0.0, share=100):
    """Return the picture of one run: decision surface with the points, and the loss curve.

    Parameters
    ----------
    learning_rate : float
        Step length of gradient descent.
    epochs : int
        Length of the run; in every epoch each training point is used once, as a rule all 750 in one step. The other 250 are held
        back. Small batches make many steps of an epoch, so there are fewer epochs then: ``most_epochs``.
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
    batch : str
        How many points make a step: ``ALL``, or a number in ``BATCHES``.
    decay : float
        λ: every weight w costs λ w²/2 more (L2).
    share : int
        How many percent of the training points are used.
    """
    epochs = min(epochs, most_epochs(batch, share))
    history = train(learning_rate, epochs, n_hidden, activation, data, seed, batch, decay, share)
    held_back = held_back_losses(learning_rate, epochs, n_hidden, activation, data, seed, batch, decay, share)
    run = Run(history.epochs, history.loss, held_back, history.at, int(history.epochs[-1]) if history.diverged else None)
    sizes = "-".join(map(str, history.network.layer_sizes))
    setting = f"{sizes} network ({activation}), seed {seed}" if n_hidden else f"{sizes} network (no hidden layer), seed {seed}"
    setting += "".join([f", batches of {batch}" * (batch != ALL), f", λ = {decay:g}" * (decay > 0)])
    code = _code(history.network, learning_rate, epochs, activation, data, seed, batch, decay, share)
    return _drawn(run, setting, learning_rate, epochs, (data, share), replay, code)


def most_epochs(batch, share):
    """Return how many epochs there are at most: with several batches in an epoch as many as make ``MOST_STEPS`` steps.

    Parameters
    ----------
    batch, share
        As for ``training_picture``.

    Returns
    -------
    int
    """
    n = round(N_TRAIN * share / 100)
    steps = 1 if batch == ALL else -(-n // int(batch))
    return MOST_EPOCHS if steps == 1 else max(MOST_STEPS // steps // 10 * 10, 10)


def limits(batch, share, **_):
    """Return the largest number of epochs where small batches allow fewer than the slider.

    Parameters
    ----------
    batch, share
        As for ``training_picture``.

    Returns
    -------
    dict
    """
    most = most_epochs(batch, share)
    return {"epochs": most} if most < MOST_EPOCHS else {}


def _code(net, learning_rate, epochs, activation, data, seed, batch, decay, share):
    """Return lines that train the same network."""
    arguments = [f"epochs={epochs}", *([f"batch_size={batch}, seed=0"] if batch != ALL else []), *(["step=step"] if decay else [])]
    step = (
        [
            "def step(net, gradients, rate):",
            "    for k in net.layers:",
            f"        net.W[k] = net.W[k] - rate * (gradients.W[k] + {decay:g} * net.W[k])",
            "        net.b[k] = net.b[k] - rate * gradients.b[k]",
            "",
        ]
        if decay
        else []
    )
    some = [f"X, labels = X[:{round(N_TRAIN * share / 100)}], labels[:{round(N_TRAIN * share / 100)}]"] if share < 100 else []
    lines = [
        "from sklearn.model_selection import train_test_split",
        f"from utils.data import {DATA_SETS[data].__name__}, one_hot",
        "from utils.nn import FeedForwardNetwork, gradient_descent",
        "",
        *step,
        f"X, labels = {DATA_SETS[data].__name__}()",
        "X, X_val, labels, labels_val = train_test_split(X, labels, stratify=labels, random_state=0)",
        *some,
        f'net = FeedForwardNetwork({net.layer_sizes}, activation="{activation}", seed={seed})',
        f"history = gradient_descent(net, X.T, one_hot(labels, {net.layer_sizes[-1]}), {learning_rate:g}, {', '.join(arguments)})",
    ]
    return "\n".join(lines)


def learners_training_picture(training, learning_rate, epochs, n_hidden, data, seed, replay, share):
    """Return the picture of one run of a learner's own ``train``: what the parameters that it returns decide, and their loss.

    What it cannot be drawn from is said in words, in the place of the picture.

    Parameters
    ----------
    training : LearnersTraining
        The learner's function.
    learning_rate, epochs, n_hidden, data, seed, replay, share
        As for ``training_picture``. The hidden units are sigmoids, as in homework 4.
    """
    x, y, labels, *held_back = _columns(data, share)
    try:
        parameters, story = training.run(x, labels, n_hidden, learning_rate, _marks(epochs, replay), seed)
    except NothingToShowError as problem:
        return Words(str(problem))
    networks = [_holding(each, len(y)) for each in parameters]
    with np.errstate(all="ignore"):  # parameters of any size are shown as they are
        losses = [[net.loss(net.forward(points), targets) for net in networks] for points, targets in ((x, y), _targets(*held_back))]
    marks = np.array(_marks(epochs, replay))
    lost = int(marks[len(networks)]) if len(networks) < len(marks) else None
    run = Run(marks[: len(networks)], *map(np.array, losses), networks.__getitem__, lost, ".")
    setting = f"Your train: {'-'.join(map(str, networks[0].layer_sizes))} network, seed {seed}"
    code = f"train(X, labels, n_hidden={n_hidden}, learning_rate={learning_rate:g}, epochs={epochs}, seed={seed})"
    return _drawn(run, setting, learning_rate, epochs, (data, share), replay, code, story)


def _marks(epochs, replay):
    """Return after how many epochs a learner's run is looked at; the moment that the scrubber shows is among them."""
    places = {max(0, round(share * epochs) - (len(MARKS) - 1 - i) % 2) for i, share in enumerate(MARKS)}
    return sorted(places | {round(epochs * replay / 100)})


def _holding(parameters, k):
    W1, b1, W2, b2 = parameters
    net = FeedForwardNetwork([W1.shape[1], len(W1), k])
    return net.holding([None, W1, W2], [None, b1, b2])


@dataclass(frozen=True)
class Run:
    """What there is to draw of a run.

    Attributes
    ----------
    epochs : array
        After how many epochs something is known.
    loss, held_back : arrays
        The loss there, on the training points and on the held-back points.
    at : callable
        Index into ``epochs`` → the network there.
    diverged : int or None
        By which epoch it has diverged, if it has.
    marker : str
        A sign at each of these epochs, where the curve is known at a few only.
    """

    epochs: np.ndarray
    loss: np.ndarray
    held_back: np.ndarray
    at: Callable
    diverged: int | None
    marker: str = ""


def _drawn(run, setting, learning_rate, epochs, sample, replay, code, story=""):
    record = np.abs(run.epochs - run.epochs[-1] * replay / 100).argmin()
    data, _ = sample
    net, (x, _, labels, *_) = run.at(record), _columns(*sample)
    wrong = net.predict(x) != labels
    setting += f", {len(labels)} training points" * (len(labels) < N_TRAIN)
    progress = (
        f"epoch {run.epochs[record]} of {epochs} at learning rate {learning_rate:g}: loss {run.loss[record]:.3g}, "
        f"training {1 - wrong.mean():.1%} right, {wrong.sum()} of {wrong.size} points wrong; "
        f"validation {held_back_accuracy(net, data):.1%} right, loss {run.held_back[record]:.3g}"
    )
    ending = f"Loss over the whole run: {run.loss[0]:.3g} → {run.loss[-1]:.3g}."
    if run.diverged is not None and not story:
        ending = f"Diverged by epoch {run.diverged}: take a smaller learning rate."
    story = f"{ending} {story}".strip()
    alt = (
        f"The network with what each unit sees and its weights as lines; its decision surface on the data set {data}, wrong points "
        f"ringed; the loss on training and on held-back points. {setting}, {progress}. {_strongest(net)} {story}"
    )
    png = _stage().draw(sample, run, record, epochs, wrong)
    shown = f'<details><summary>This run as code</summary><code style="{CODE}">{escape(code)}</code></details>'
    return Picture(png, alt, WIDTH, caption=f"{setting}, {progress}. {story}", details=shown)


def _strongest(net):
    """Return in words which weight is drawn widest."""
    k, i, j = max(((k, *place) for k in net.layers for place in np.ndindex(net.W[k].shape)), key=lambda at: abs(net.W[at[0]][at[1:]]))
    return f"The widest line is W_{k},{i + 1},{j + 1} = {significant(net.W[k][i, j])}."


@lru_cache(maxsize=8)
def train(learning_rate, epochs, n_hidden, activation, data, seed, batch=ALL, decay=0.0, share=100):
    """Return the History of a run on the named data set; the arguments are those of ``training_picture``."""
    x, y = _columns(data, share)[:2]
    sizes = [2, n_hidden, len(y)] if n_hidden else [2, len(y)]
    net = FeedForwardNetwork(sizes, activation=activation, seed=seed)
    every = max(1, -(-epochs // MAX_RECORDS))
    batches = {} if batch == ALL else {"batch_size": int(batch), "seed": 0}
    step = partial(_step_with_decay, decay) if decay else update
    return gradient_descent(net, x, y, learning_rate, epochs, record_every=every, step=step, **batches)


def _step_with_decay(decay, net, gradients, rate):
    for k in net.layers:
        net.W[k] = net.W[k] - rate * (gradients.W[k] + decay * net.W[k])
        net.b[k] = net.b[k] - rate * gradients.b[k]


@cache
def _columns(data, share=100):
    """Return x, y and the labels of a share of the training points, then x and the labels of the quarter that is held back."""
    from sklearn.model_selection import train_test_split  # it takes long, and most lessons do without

    X, labels = DATA_SETS[data]()
    X, X_val, labels, labels_val = train_test_split(X, labels, stratify=labels, random_state=0)
    n, k = round(len(X) * share / 100), labels.max() + 1
    X, labels = X[:n], labels[:n]
    y = one_hot(labels, k)
    return np.ascontiguousarray(X.T), np.ascontiguousarray(y), labels, np.ascontiguousarray(X_val.T), labels_val


def _targets(x, labels):
    return x, one_hot(labels, labels.max() + 1)


def held_back_accuracy(net, data):
    """Return the share of the held-back points of the named data set that a network gets right."""
    *_, x_val, labels_val = _columns(data)
    return (net.predict(x_val) == labels_val).mean()


@lru_cache(maxsize=16)
def held_back_losses(learning_rate, epochs, n_hidden, activation, data, seed, batch=ALL, decay=0.0, share=100):
    """Return the loss on the held-back points at every record of a run; the arguments are those of ``train``."""
    history = train(learning_rate, epochs, n_hidden, activation, data, seed, batch, decay, share)
    x_val, y_val = _targets(*_columns(data)[3:])
    with np.errstate(all="ignore"):  # a run that diverges has passed every number
        networks = history.networks()
        return networks.loss(networks.forward(x_val), y_val)


@cache
def _stage():
    return Stage()


class Stage:
    """The figure: axes, ticks and labels drawn once, the rest moved.

    On the left is the network: in every unit the plane as this unit sees it, between the units the weights, the wider the larger,
    purple above zero and orange below. In the middle is what the network decides, on the right the loss.
    """

    @course_style()
    def __init__(self):
        self.sample = None
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        plane = figure.add_axes((326 / WIDTH, 36 / HEIGHT, 224 / WIDTH, 258 / HEIGHT))
        curve = figure.add_axes((600 / WIDTH, 36 / HEIGHT, 128 / WIDTH, 258 / HEIGHT))

        plane.set(xlabel="x₁", ylabel="x₂", xticks=[], yticks=[])
        self.surface = DecisionMap(plane)
        self.points = [plane.plot([], [], style.marker, color=style.color, ms=3.2, mew=0)[0] for style in CLASSES]
        (self.wrong,) = plane.plot([], [], "o", mfc="none", mec=WRONG, ms=5.5, mew=0.8)
        self.network = NetworkMaps(figure, left=48, right=240, bottom=36, top=294)

        curve.set(xlim=(0, 1), ylim=LOSS_RANGE, yscale="log", xticks=[])
        curve.grid(color=FINE_GRID, linewidth=0.8)
        (self.loss,) = curve.plot([], [], color=INK, lw=1.6)
        (self.held_back,) = curve.plot([], [], "--", color=INK, lw=1.2)
        (self.now,) = curve.plot([], [], "o", color=INK, ms=7, clip_on=False)
        self.beyond = [curve.plot([], [], marker, color=INK, ms=7, clip_on=False)[0] for marker in "v^"]
        self.epoch = curve.text(0.5, -0.045, "", transform=curve.transAxes, ha="center", va="top", fontsize=9, color=INK)
        self.notice = plane.text(
            0.5, 0.5, "", transform=plane.transAxes, ha="center", va="center", fontsize=13, weight="bold", color=INK, bbox=NOTICE
        )
        for axes, title in ((plane, "what the network decides"), (curve, "the loss\n(dashed: held back)")):
            axes.set_title(title, fontsize=10, color=INK, linespacing=1)
            axes.tick_params(labelsize=9, colors=MUTED)
        curves = [self.loss, self.held_back, self.now, *self.beyond, self.epoch]
        self.frame = Frame(
            figure, [self.surface, *self.points, self.wrong, *plane.spines.values(), *self.network.moving, *curves, self.notice]
        )

    def _take(self, sample):
        # puts the points of another data set, or another share of it, into the plane
        self.sample = sample
        self.x, _, labels, *_ = _columns(*sample)
        self.grid, edges = plane_grid(_columns(sample[0])[0], GRID_POINTS)
        self.wrong.axes.set(xlim=edges[:2], ylim=edges[2:])
        for c, points in enumerate(self.points):
            points.set_data(*self.x[:, labels == c])

    def draw(self, sample, run, record, epochs, wrong):
        """Return the PNG of a run at one of its records.

        Parameters
        ----------
        sample : (str, int)
            The data set, a name in ``utils.data.DATA_SETS``, and how many percent of its training points are used.
        run : Run
            The run.
        record : int
            Which of its records.
        epochs : int
            How long the run was meant to be.
        wrong : array of bool
            Which training points the network gets wrong there.
        """
        if sample != self.sample:
            self._take(sample)
        net = run.at(record)
        trace = net.forward(self.grid)
        self.surface.set_probabilities(trace.y_hat)
        self.network.show(net, trace)
        self.wrong.set_data(*self.x[:, wrong])
        self.wrong.set_alpha(ring_strength(wrong))
        share = run.epochs / max(epochs, 1)
        for line, values in ((self.loss, run.loss), (self.held_back, run.held_back)):
            line.set_data(share, np.clip(values, *LOSS_RANGE))
            line.set_marker(run.marker)
        self.now.set_data([share[record]], [np.clip(run.loss[record], *LOSS_RANGE)])
        too_far = run.loss < LOSS_RANGE[0], run.loss > LOSS_RANGE[1]
        for marker, edge, outside in zip(self.beyond, LOSS_RANGE, too_far, strict=True):
            last = share[outside][-1:]
            marker.set_data(last, np.full(len(last), edge))
        self.epoch.set_text(f"epoch {run.epochs[record]} of {epochs}")
        self.notice.set_text("" if run.diverged is None else f"DIVERGED\nby epoch {run.diverged}")
        return self.frame.png()


_BOTH = {
    "learning_rate": Number("learning rate", 0.5, 0.01, 100, log=True),
    "epochs": Number("epochs", 300, 10, MOST_EPOCHS, step=10),
    "n_hidden": Number("hidden units", 2, 0, 16),
    "seed": SEED,
    "data": Choice("data", "four blobs", tuple(DATA_SETS)),
    "replay": Number("replay %", 100.0, 0.0, 100.0, step=100 / MAX_RECORDS, film=(100 / MAX_RECORDS, 12)),
    "share": Number("training %", 100, 5, 100, step=5, more=True),
}
_courses = explorer(
    training_picture,
    limits=limits,
    **_BOTH,
    activation=ACTIVATION,
    batch=Choice("batch size", ALL, BATCHES, more=True),
    decay=Number("L2 λ", 0.0, 0.0, 0.1, step=0.002, more=True),
)


def training_explorer(*, train=None, **start):
    """Return the explorer: a network trained anew at every touch of a slider.

    Parameters
    ----------
    train : callable, optional
        A function of the learner's own, ``train(X, y, n_hidden, learning_rate, epochs, seed)`` as in homework 4. Everything that is
        shown is then computed from the parameters that it returns. Without it the course's network is trained.
    **start
        Values of controls to begin with, by name.

    Raises
    ------
    TypeError
        When ``train`` is no function.
    ValueError
        For a name that is no control, or a value that its control does not allow.
    """
    if train is None:
        return _courses(**start)
    if not callable(train):
        raise TypeError(f"train must be a function, as in training_explorer(train=train), not {train!r}.")
    controls = _BOTH | {"n_hidden": Number("hidden units", 2, 1, 16)}
    return explorer(partial(learners_training_picture, LearnersTraining(train)), **controls)(**start)


training_explorer.picture = _courses.picture
training_explorer.__signature__ = inspect.Signature(
    [*inspect.signature(_courses).parameters.values(), inspect.Parameter("train", inspect.Parameter.KEYWORD_ONLY, default=None)]
)
training_explorer.__doc__ += f"\n{inspect.getdoc(training_picture)}\n"  # what the controls mean
