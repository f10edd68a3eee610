"""The training explorer: a whole network trained anew at every touch of a slider (lesson 10), also by the learner (homework 4)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial, wraps
from html import escape

import numpy as np
from matplotlib.figure import Figure

from utils.data import DATA_SETS
from utils.draw.frames import Frame, outline
from utils.draw.numbers import significant
from utils.draw.picture import Picture
from utils.draw.plots import DecisionMap, ring_strength
from utils.draw.style import CLASSES, FINE_GRID, INK, MUTED, PAPER, WRONG, course_style
from utils.explore.controls import ACTIVATION, SEED, Choice, Number, explorer, extending
from utils.explore.learners_functions import NothingToShowError
from utils.explore.learners_training import LearnersTraining
from utils.explore.network_maps import NetworkMaps
from utils.explore.runs import Runs, spacing
from utils.explore.samples import USUAL, YOURS, OwnData, own_data, sample
from utils.explore.words import Words
from utils.nn.network import FeedForwardNetwork

WIDTH, HEIGHT = 740, 330  # pixels
ALL = "all"
BATCHES = (ALL, "200", "50", "10")
MOST_EPOCHS, MOST_STEPS = 2000, 1000  # of a run; steps count where an epoch has several
RUNS = Runs(most=64)  # so many epochs of a run are kept for the scrubber
FILM_STEP = 2.5  # percent of a run
# Where the loss of a learner's run is measured: each place is a training of its own, from the beginning. Every second one is put an
# epoch earlier, since a loss that jumps does so from one epoch to the next.
MARKS = (0, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1)
CODE = "display:block;white-space:pre-wrap;padding:6px"
NOTICE = {"fc": PAPER, "ec": INK, "pad": 6}
LOSS_RANGE = (0.001, 10)  # the same axis for every run, so that two runs can be compared by eye


def training_picture(
    learning_rate, epochs, n_hidden, activation, data, seed, replay, batch=ALL, decay=0.0, share=100, n_second=0, noise=USUAL
):
    """Return the picture of one run: decision surface with the points, and the loss curve.

    Parameters
    ----------
    learning_rate : float
        Step length of gradient descent.
    epochs : int
        Length of the run; in every epoch each training point is used once, as a rule all in one step. A quarter of the points is held
        back. Small batches make many steps of an epoch, so there are fewer epochs then: ``most_epochs``.
    n_hidden : int
        Units of the hidden layer; 0 for a network without one.
    activation : str
        Activation of the hidden units.
    data : str or OwnData
        A name in ``utils.data.DATA_SETS``, or a learner's own points.
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
    n_second : int
        Units of a second hidden layer behind the first; 0 for none.
    noise : float
        How much noise the data have, in units of the usual.

    Returns
    -------
    Picture
    """
    points = sample(data, noise, share)
    epochs = min(epochs, most_epochs(batch, len(points.labels)))
    settings = learning_rate, epochs, n_hidden, activation, data, seed, batch, decay, share, n_second, noise
    history = train(*settings)
    held_back = held_back_losses(history, points)
    n = len(history.epochs) - (not np.isfinite(history.loss[-1] + held_back[-1]))  # where all numbers are lost there is nothing to draw
    diverged = int(history.epochs[-1]) if history.diverged else None
    run = Run(history.epochs[:n], history.loss[:n], held_back[:n], history.at, diverged)
    record, sizes = history.nearest(run.epochs[-1] * replay / 100), "-".join(map(str, history.network.layer_sizes))
    setting = f"{sizes} network ({activation if n_hidden else 'no hidden layer'}), seed {seed}"
    setting += "".join([f", batches of {batch}" * (batch != ALL), f", λ = {decay:g}" * (decay > 0)])
    return _drawn(points, run, record, setting, learning_rate, epochs, _code(history, record, *settings))


def most_epochs(batch, n):
    """Return how many epochs there are at most: with several batches in an epoch as many as make ``MOST_STEPS`` steps.

    Parameters
    ----------
    batch : str
        As for ``training_picture``.
    n : int
        Number of training points.

    Returns
    -------
    int
    """
    steps = 1 if batch == ALL else -(-n // int(batch))
    return MOST_EPOCHS if steps == 1 else max(MOST_STEPS // steps // 10 * 10, 10)


def limits(data, noise, share, n_hidden, batch=ALL, **_):
    """Return the largest number of epochs where small batches allow fewer than the slider, and what has no effect.

    Parameters
    ----------
    data, noise, share, n_hidden, batch
        As for ``training_picture``.

    Returns
    -------
    dict of str to int or str
        The largest value, or the reason why the control changes nothing.
    """
    most = most_epochs(batch, len(sample(data, noise, share).labels))
    found = {"epochs": most} if most < MOST_EPOCHS else {}
    if n_hidden == 0:
        found |= {"n_second": "there is no first hidden layer", "activation": "there is no hidden unit"}
    if isinstance(data, OwnData):
        found["noise"] = "your own points stay as they are"
    return found


def _code(history, record, learning_rate, epochs, n_hidden, activation, data, seed, batch, decay, share, n_second, noise):
    """Return lines that train the same network, and go back to the epoch that is shown."""
    net, shown = history.network, history.epochs[record]
    arguments = [f"epochs={epochs}", *([f"batch_size={batch}, seed=0"] if batch != ALL else []), *(["step=step"] if decay else [])]
    if history.diverged:  # where it is noticed depends on where one looks
        arguments.append(f"record_every={spacing(epochs, RUNS.most)}")
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
    k = net.layer_sizes[-1]
    lines = [
        *_imports(data, "one_hot"),
        "from utils.nn import FeedForwardNetwork, gradient_descent",
        "",
        *step,
        *sample(data, noise, share).code,
        f'net = FeedForwardNetwork({net.layer_sizes}, activation="{activation}", seed={seed})',
        f"history = gradient_descent(net, X.T, one_hot(labels, {k}), {learning_rate:g}, {', '.join(arguments)})",
        *([f"net = history.at(history.nearest({shown}))"] if record < len(history.epochs) - 1 else []),
    ]
    return "\n".join(lines)


def _imports(data, *names):
    """Return the lines that import what ``Sample.code`` needs, and more names of ``utils.data``."""
    own = isinstance(data, OwnData)
    names = sorted({*names, *([] if own else [DATA_SETS[data].__name__])})
    return [
        *(["import numpy as np"] if own else []),
        "from sklearn.model_selection import train_test_split",
        *([f"from utils.data import {', '.join(names)}"] if names else []),
    ]


def learners_training_picture(training, learning_rate, epochs, n_hidden, data, seed, replay, share, noise):
    """Return the picture of one run of a learner's own ``train``: what the parameters that it returns decide, and their loss.

    What it cannot be drawn from is said in words, in the place of the picture.

    Parameters
    ----------
    training : LearnersTraining
        The learner's function.
    learning_rate, epochs, n_hidden, data, seed, replay, share, noise
        As for ``training_picture``. The hidden units are sigmoids, as in homework 4.

    Returns
    -------
    Picture or Words
    """
    points, marks = sample(data, noise, share), _marks(epochs, replay)
    try:
        parameters, story = training.run(points, n_hidden, learning_rate, marks, seed)
    except NothingToShowError as problem:
        return Words(str(problem))
    networks = [_holding(each, points.k) for each in parameters]
    with np.errstate(all="ignore"):  # parameters of any size are shown as they are
        losses = [
            np.array([net.loss(net.forward(x), y) for net in networks]) for x, y in ((points.x, points.y), (points.x_val, points.y_val))
        ]
    lost = marks[len(networks)] if len(networks) < len(marks) else None
    run = Run(np.array(marks[: len(networks)]), *losses, networks.__getitem__, lost, ".")
    record = min(marks.index(round(epochs * replay / 100)), len(networks) - 1)
    setting = f"Your train: {'-'.join(map(str, networks[0].layer_sizes))} network, seed {seed}"
    call = f"train(X, labels, n_hidden={n_hidden}, learning_rate={learning_rate:g}, epochs={run.epochs[record]}, seed={seed})"
    code = "\n".join([*_imports(data), "", *points.code, f"W1, b1, W2, b2 = {call}"])
    return _drawn(points, run, record, setting, learning_rate, epochs, code, story)


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


def _drawn(points, run, record, setting, learning_rate, epochs, code, story=""):
    net, labels = run.at(record), points.labels
    wrong = net.predict(points.x) != labels
    right_val = (net.predict(points.x_val) == points.labels_val).mean()
    setting += f", {len(labels)} training points" * (len(labels) < points.n_all or points.name == YOURS)
    progress = (
        f"epoch {run.epochs[record]} of {epochs} at learning rate {learning_rate:g}: loss {run.loss[record]:.3g}, "
        f"training {1 - wrong.mean():.1%} right, {wrong.sum()} of {wrong.size} points wrong; "
        f"validation {right_val:.1%} right, loss {run.held_back[record]:.3g}"
    )
    ending = f"Loss over the whole run: {run.loss[0]:.3g} → {run.loss[-1]:.3g}."
    if run.diverged is not None and not story:
        ending = f"Diverged by epoch {run.diverged}: take a smaller learning rate."
    story = f"{ending} {story}".strip() + points.legend
    alt = (
        f"The network with what each unit sees and its weights as lines; its decision surface on {points.name}, wrong points "
        f"ringed; the loss on training and on held-back points. {setting}, {progress}. {_strongest(net)} {story}"
    )
    png = _stage().draw(points, run, record, epochs, wrong)
    shown = f'<details><summary>This run as code</summary><code style="{CODE}">{escape(code)}</code></details>'
    return Picture(png, alt, WIDTH, caption=f"{setting}, {progress}. {story}", details=shown)


def _strongest(net):
    """Return in words which weight is drawn widest."""
    k, i, j = max(((k, *place) for k in net.layers for place in np.ndindex(net.W[k].shape)), key=lambda at: abs(net.W[at[0]][at[1:]]))
    return f"The widest line is W_{k},{i + 1},{j + 1} = {significant(net.W[k][i, j])}."


def train(learning_rate, epochs, n_hidden, activation, data, seed, batch=ALL, decay=0.0, share=100, n_second=0, noise=USUAL):
    """Return the History of a run.

    Parameters
    ----------
    learning_rate, epochs, n_hidden, activation, data, seed, batch, decay, share, n_second, noise
        As for ``training_picture``.

    Returns
    -------
    History
        With at most ``RUNS.most`` + 2 records.
    """
    points = sample(data, noise, share)

    def start():
        hidden = [n_hidden, *([n_second] if n_second else [])] if n_hidden else []
        return FeedForwardNetwork([2, *hidden, points.k], activation=activation, seed=seed), points.x, points.y

    how = {} if batch == ALL else {"batch_size": int(batch), "seed": 0}
    how |= {"step": partial(_step_with_decay, decay)} if decay else {}
    settings = learning_rate, n_hidden, activation, points, seed, batch, decay, n_second
    return RUNS.run(settings, start, learning_rate, epochs, **how)


def _step_with_decay(decay, net, gradients, rate):
    for k in net.layers:
        net.W[k] = net.W[k] - rate * (gradients.W[k] + decay * net.W[k])
        net.b[k] = net.b[k] - rate * gradients.b[k]


@lru_cache(maxsize=8)
def held_back_losses(history, points):
    """Return the loss on the held-back points at every record of a run.

    Parameters
    ----------
    history : History
        The run.
    points : Sample
        What it was trained on.

    Returns
    -------
    array
    """
    networks = history.networks()
    with np.errstate(all="ignore"):  # a run that diverges has passed every number
        return networks.loss(networks.forward(points.x_val), points.y_val)


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
        self.frame = Frame(figure, [self.surface, *self.points, self.wrong, outline(plane), *self.network.moving, *curves, self.notice])

    def _take(self, points):
        # puts the points of another sample into the plane
        self.sample = points
        left, right, bottom, top = points.edges
        self.wrong.axes.set(xlim=(left, right), ylim=(bottom, top))
        for c, shown in enumerate(self.points):
            shown.set_data(*points.x[:, points.labels == c])

    def draw(self, points, run, record, epochs, wrong):
        """Return the PNG of a run at one of its records.

        Parameters
        ----------
        points : Sample
            The points that the run was trained on.
        run : Run
            The run.
        record : int
            Which of its records.
        epochs : int
            How long the run was meant to be.
        wrong : array of bool
            Which training points the network gets wrong there.

        Returns
        -------
        bytes
        """
        if points is not self.sample:
            self._take(points)
        net = run.at(record)
        trace = net.forward(points.grid)
        self.surface.set_probabilities(trace.y_hat)
        self.network.show(net, trace)
        self.wrong.set_data(*points.x[:, wrong])
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


_COURSES = {
    "learning_rate": Number("learning rate", 0.5, 0.01, 100, log=True),
    "epochs": Number("epochs", 300, 10, MOST_EPOCHS, step=10),
    "n_hidden": Number("hidden units", 2, 0, 16),
    "data": Choice("data", "four blobs", tuple(DATA_SETS)),
    "replay": Number("replay %", 100.0, 0.0, 100.0, step=FILM_STEP, film=(FILM_STEP, 12)),
    "n_second": Number("second layer", 0, 0, 8, more=True),
    "activation": ACTIVATION,
    "noise": Number("noise ×", USUAL, 0.0, 3.0, step=0.25, more=True),
    "share": Number("training %", 100, 5, 100, step=5, more=True),
    "batch": Choice("batch size", ALL, BATCHES, more=True),
    "decay": Number("L2 λ", 0.0, 0.0, 0.1, step=0.002, more=True),
    "seed": SEED,
}
_OF_THE_COURSE = {"n_second", "activation", "batch", "decay"}  # a train of homework 4 takes none of them
_LEARNERS = {name: control for name, control in _COURSES.items() if name not in _OF_THE_COURSE}
_LEARNERS["n_hidden"] = Number("hidden units", 2, 1, 16)
_courses = explorer(training_picture, limits=limits, **_COURSES)


@extending(_courses)
def training_explorer(*, train=None, data="four blobs", **start):
    """Return the explorer: a network trained anew at every touch of a slider.

    Parameters
    ----------
    train : callable, optional
        A function of the learner's own, ``train(X, y, n_hidden, learning_rate, epochs, seed)`` as in homework 4. Everything that is
        shown is then computed from the parameters that it returns. Without it the course's network is trained. Such a function has
        one hidden layer of sigmoids and uses all points at every step, so the controls for anything else are absent.
    data : str or pair
        The name of a data set to begin with; or points of the learner's own, ``data=(X, labels)`` in scikit-learn's shapes: X of shape
        (N, 2) and a label for each row. A quarter of them is held back.
    **start
        Values of other controls to begin with, by name.

    Returns
    -------
    Panel

    Raises
    ------
    TypeError
        When ``train`` is no function, or ``data`` neither a name nor a pair.
    ValueError
        For a name that is no control, for a value that its control does not allow, and for data that cannot be shown.
    """
    if train is not None and not callable(train):
        raise TypeError(f"train must be a function, as in training_explorer(train=train), not {train!r}.")
    picture = training_picture if train is None else partial(learners_training_picture, LearnersTraining(train))
    controls = _COURSES if train is None else _LEARNERS
    if isinstance(data, str):
        return explorer(picture, limits=limits, **controls)(data=data, **start)
    own = own_data(data)
    controls = controls | {"data": Choice("data", YOURS, (YOURS, *DATA_SETS))}
    return explorer(_with(own, picture), limits=_with(own, limits), **controls)(**start)


def _with(own, function):
    """Return a function of the state that takes the learner's own points where the control names them."""

    @wraps(function)
    def found(**state):
        return function(**state | ({"data": own} if state["data"] == YOURS else {}))

    return found
