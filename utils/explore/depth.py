"""The depth explorer: what a fresh network does to a signal on its way up, and to the blame on its way down (lesson 13)."""

from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from utils.draw.frames import EndLabels, Frame
from utils.draw.numbers import listed, number
from utils.draw.picture import Picture
from utils.draw.style import GRID, INK, MUTED, PAPER, QUANTITIES, course_style, pale
from utils.explore.controls import ACTIVATION, SEED, Number, explorer
from utils.nn.activations import ACTIVATIONS
from utils.nn.network import FeedForwardNetwork

WIDTH, HEIGHT = 720, 400  # pixels
DEEPEST = 12  # hidden layers
N_EXAMPLES = 100
SIZES = (1e-9, 1e9)  # the same axes for every network; what lies beyond is drawn as an arrow at the edge
VALUES = np.linspace(-2, 2, 32)  # bins of the histograms; the outermost ones take whatever lies beyond


@dataclass(frozen=True)
class SignalScales:
    """How a fresh network treats random examples, layer by layer.

    Attributes
    ----------
    size : ndarray, shape (depth + 1,)
        Root mean square of h_0 = x, h_1, … of the hidden layers.
    contrast : ndarray, shape (depth + 1,)
        How much the same unit differs between examples: standard deviation over the examples, root mean square over the units.
    backward_size : ndarray, shape (depth + 1,)
        Root mean square of ∂L/∂a_k for k = 1 … L, as a multiple of that of ∂L/∂a_L.
    histograms : ndarray, shape (depth, bins)
        Share of the entries of h_k in each bin of ``VALUES``.
    """

    size: np.ndarray
    contrast: np.ndarray
    backward_size: np.ndarray
    histograms: np.ndarray


@lru_cache(maxsize=64)
def signal_scales(depth, width, activation, scale, seed):
    """Return the SignalScales of random examples up and of a random gradient down a network.

    The arguments are those of ``depth_picture``.

    Returns
    -------
    SignalScales
    """
    net, x = scaled_network(depth, width, activation, scale, seed)
    trace = net.forward(x)
    noise = np.random.default_rng(seed + 2000).normal(size=x.shape)  # ŷ − y: a gradient that knows nothing of the weights
    grad_a = net.backward(trace, trace.y_hat - noise).a
    gradient_size = np.array([root_mean_square(grad_a[k]) for k in net.layers])
    hidden = trace.h[:-1]
    return SignalScales(
        size=np.array([root_mean_square(h) for h in hidden]),
        contrast=np.array([root_mean_square(h.std(-1)) for h in hidden]),
        backward_size=gradient_size / gradient_size[-1],
        histograms=np.array([np.histogram(np.clip(h, *VALUES[[0, -1]]), VALUES)[0] / h.size for h in hidden[1:]]),
    )


def scaled_network(depth, width, activation, scale, seed):
    """Return a network with weights of standard deviation scale/√n_{k−1} in every layer, and ``N_EXAMPLES`` random examples x.

    All layers, input and output included, have ``width`` units, so that nothing but depth makes them differ.

    Parameters
    ----------
    depth, width, activation, scale, seed
        As in ``depth_picture``.

    Returns
    -------
    net : FeedForwardNetwork
        With ``depth`` hidden layers.
    x : array, shape (width, N_EXAMPLES)
        Standard normal random numbers.
    """
    net = FeedForwardNetwork([width] * (depth + 2), activation, "linear", "squared_error", seed)
    gain = [None, *[ACTIVATIONS[activation].gain] * depth, 1.0]  # what the network has multiplied its own weights by
    x = np.random.default_rng(seed + 1000).normal(size=(width, N_EXAMPLES))
    return net.with_parameters(W={k: scale / gain[k] * net.W[k] for k in net.layers}), x


def root_mean_square(v):
    """Return √(mean of v²): the typical size of an entry.

    Parameters
    ----------
    v : array
        Numbers of any shape.

    Returns
    -------
    float
    """
    return np.sqrt(np.square(v).mean())


def depth_picture(depth, width, activation, scale, seed):
    """Return the picture of one fresh network: sizes of h_k on the way up, of ∂L/∂a_k on the way down, histograms of h_k.

    Parameters
    ----------
    depth : int
        Number of hidden layers, 1 to 12.
    width : int
        Units in every layer, the input and the output included.
    activation : str
        g of the hidden layers; the output is linear.
    scale : float
        The weights of layer k are normal random numbers with standard deviation scale/√n_{k−1}; biases are 0.
    seed : int
        Seed of the weights and of the 100 examples, random numbers of mean 0 and variance 1.

    Returns
    -------
    Picture
    """
    result = signal_scales(depth, width, activation, scale, seed)
    net = (
        f"{depth} hidden {'layer' if depth == 1 else 'layers'} of {width} {activation} {'unit' if width == 1 else 'units'}, scale {scale:g}"
    )
    up = f"Up: size of h_{depth} {number(result.size[-1])}, difference between examples {number(result.contrast[-1])}"
    down = f"Down: of 1 at the output {number(result.backward_size[0])} arrives at layer 1, {_verdict(result.backward_size[0])}"
    steps = f"a factor {number(result.backward_size[0] ** (1 / depth))} for each layer on the way"
    alt = (
        f"Three panels for a fresh network with {net}, seed {seed}. Size of h_k for k = 0 to {depth}: {listed(result.size)}. "
        f"Difference between examples: {listed(result.contrast)}. Blame on a_k for k = {depth + 1} down to 1, relative to the output: "
        f"{listed(result.backward_size[::-1])}. Below, histograms of h_1 to h_{depth}. {up}. {down}: {steps}."
    )
    return Picture(_stage().draw(result), alt, WIDTH, caption=f"{net}, seed {seed}. {up}. {down}: {steps}.")


def _verdict(share):
    if share < 0.01:
        return "it vanishes"
    return "it explodes" if share > 100 else "it gets through"


@cache
def _stage():
    return Stage()


class Stage:
    """The figure: axes, ticks and labels drawn once, lines and histograms moved."""

    @course_style()
    def __init__(self):
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
        up, down = figure.add_axes((0.075, 0.53, 0.34, 0.41)), figure.add_axes((0.575, 0.53, 0.34, 0.41))
        below = figure.add_axes((0.075, 0.12, 0.905, 0.29))
        for axes, title in ((up, "up: the signal"), (down, "down: the blame, relative to the output")):
            axes.set(yscale="log", ylim=SIZES, yticks=[1e-8, 1e-4, 1, 1e4, 1e8], xlim=(-0.5, DEEPEST + 1.5))
            axes.minorticks_off()
            axes.axhline(1, color=INK, lw=0.8, zorder=1)
            axes.set_title(title, fontsize=10, color=INK)
            axes.spines[["top", "right"]].set_visible(False)  # the names of the curves may stand there
        up.set_xticks(range(0, DEEPEST + 1, 2))
        down.set_xticks(range(1, DEEPEST + 2, 2))
        below.set(xlim=(-0.5, DEEPEST + 1.5), ylim=VALUES[[0, -1]], xticks=range(1, DEEPEST + 1), yticks=[-2, -1, 0, 1, 2])
        below.set_yticklabels(["≤−2", "−1", "0", "1", "≥2"])
        below.set_xlabel("layer k     (histogram of all entries of $h_k$)", fontsize=9, color=MUTED, labelpad=1)
        for axes in (up, down, below):
            axes.grid(color=GRID, lw=0.6)
            axes.set_axisbelow(True)
            axes.tick_params(labelsize=9, colors=MUTED, pad=2)

        signal, blame = QUANTITIES["h"], QUANTITIES["gradient"]
        (self.size,) = up.plot([], [], "o-", color=signal, ms=5, lw=1.6)
        (self.contrast,) = up.plot([], [], "s--", color=signal, mfc=PAPER, ms=5, lw=1.2)
        (self.backward_size,) = down.plot([], [], "D-", color=blame, ms=5, lw=1.6)
        self.names = EndLabels(up, {"size of $h_k$": signal, "difference\nof examples": signal})
        self.name_below = EndLabels(down, {"size of\n" + r"$\partial\mathcal{L}/\partial a_k$": blame})
        self.edges = [axes.plot([], [], marker, color=INK, ms=8)[0] for axes in (up, down) for marker in "v^"]
        self.strips = below.add_collection(PolyCollection([], fc=pale(QUANTITIES["h"], 0.7), lw=0))
        names = [*self.names.texts, *self.name_below.texts]
        self.frame = Frame(figure, [self.strips, self.contrast, self.size, self.backward_size, *self.edges, *names])

    def draw(self, result):
        """Return the PNG of a SignalScales.

        Parameters
        ----------
        result : SignalScales
            What is drawn.

        Returns
        -------
        bytes
        """
        layers = np.arange(len(result.size))
        self._line(self.size, layers, result.size)
        self._line(self.contrast, layers, result.contrast)
        self._line(self.backward_size, layers + 1, result.backward_size)
        self.names.place(layers[-1], result.size[-1], result.contrast[-1])
        self.name_below.place(layers[-1] + 1, result.backward_size[-1])
        edges = iter(self.edges)
        for values, first in ((np.stack([result.size, result.contrast]), 0), (result.backward_size[None], 1)):
            for edge, beyond in zip(SIZES, ((values < SIZES[0]).any(0), (values > SIZES[1]).any(0)), strict=True):
                next(edges).set_data(layers[beyond] + first, np.full(beyond.sum(), edge))
        heights = np.repeat(VALUES, 2)[1:-1]
        outline = np.concatenate([heights, heights[::-1]])
        self.strips.set_verts([self._strip(k, share, outline) for k, share in enumerate(result.histograms, start=1)])
        return self.frame.png()

    @staticmethod
    def _line(line, layers, values):
        line.set_data(layers, np.clip(values, *SIZES))

    @staticmethod
    def _strip(k, share, outline):
        half = np.repeat(0.42 * share / share.max(), 2)
        return np.column_stack([np.concatenate([k + half, k - half[::-1]]), outline])


depth_explorer = explorer(
    depth_picture,
    depth=Number("hidden layers", 10, 1, DEEPEST),
    width=Number("units each", 50, 1, 100, more=True),
    scale=Number("scale", 1.0, 0.1, 10, log=True),
    seed=SEED,
    activation=replace(ACTIVATION, more=False),
)
