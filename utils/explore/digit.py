"""The digit explorer: blur, shift, erase or push an image, and see what the network says, and ∂𝓛/∂x (lesson 14)."""

from functools import cache, cached_property

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from utils.data import digits, one_hot
from utils.draw.numbers import number
from utils.draw.style import DIVERGING, GRID, HIGHLIGHT, INK, MUTED, QUANTITIES
from utils.draw.svg import Line, line, svg_picture, text
from utils.explore.controls import Choice, Number, explorer
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

WIDTH, HEIGHT = 740, 286  # pixels
SIDE, TOP = 25, 44  # of a pixel of the image; where images and bars begin
IMAGE, GRADIENT, BARS, LONGEST = 8, 248, 520, 160  # left edges, and the length of a bar of 1
ALONG, RANDOM = "along the sign of ∂𝓛/∂x", "random signs"


@cache
def _network():
    """Return the network of the lesson: 64-32-10, 50 passes over its training images."""
    (X, labels), _, _ = digits()
    net = FeedForwardNetwork([64, 32, 10], activation="tanh", seed=0)
    gradient_descent(net, X.T / 16, one_hot(labels, 10), 0.5, 50, batch_size=50, record_every=None, seed=0)
    return net


@cache
def _all():
    from sklearn.datasets import load_digits

    return load_digits(return_X_y=True)


def label(image):
    """Return the true class of an image.

    Parameters
    ----------
    image : int
        Its number in ``load_digits``.

    Returns
    -------
    int
    """
    return int(_all()[1][image])


class Seen:
    """An image after all that was done to it, and what the network makes of it. The parameters are those of ``digit_picture``."""

    def __init__(self, image, blur, right, down, erased, push, direction):
        pixels = _all()[0][image].reshape(8, 8)
        pixels = _moved(_moved(pixels, down, 0), right, 1)
        if blur:
            near = np.exp(-((np.arange(8)[:, None] - np.arange(8)) ** 2) / (2 * blur**2))
            near /= near.sum(axis=1, keepdims=True)
            pixels = near @ pixels @ near.T
        pixels[:erased] = 0
        self.truth = label(image)
        before = pixels.reshape(64, 1)
        signs = np.sign(_grad_x(before, self.truth)) if direction == ALONG else np.random.default_rng(0).choice([-1, 1], (64, 1))
        self.x = np.clip(before + push * signs, 0, 16)

    @cached_property
    def y_hat(self):
        """Return the ten probabilities."""
        return _network().forward(self.x / 16).y_hat[:, 0]

    @property
    def answer(self):
        """Return the class with the largest of them."""
        return int(self.y_hat.argmax())

    @property
    def grad_x(self):
        """Return ∂𝓛/∂x for the true class, shape (64, 1), per grey level."""
        return _grad_x(self.x, self.truth)


def _moved(pixels, n, axis):
    """Return the image shifted by n pixels along an axis; what leaves it is lost."""
    padded = np.pad(pixels, [(abs(n), abs(n)) if a == axis else (0, 0) for a in range(2)])
    return np.take(padded, np.arange(8) + abs(n) - n, axis)


def _grad_x(x, truth):
    net = _network()
    gradients = net.backward(net.forward(x / 16), one_hot([truth], 10))
    return net.W[1].T @ gradients.a[1] / 16


def digit_picture(image, blur, right, down, erased, push, direction):
    """Return the picture of one image: what the network sees, ∂𝓛/∂x for every pixel, and the ten probabilities.

    Parameters
    ----------
    image : int
        Its number in ``load_digits``.
    blur : float
        How far each pixel spreads over its neighbours, in pixels.
    right, down : int
        By how many pixels it is shifted.
    erased : int
        How many rows from the top are made white.
    push : float
        ε, by how many of 16 grey levels each pixel moves at most.
    direction : str
        Which way: ``ALONG``, so that the loss of the true class rises, or ``RANDOM``.
    """
    seen = Seen(image, blur, right, down, erased, push, direction)
    grad_x, y_hat = seen.grad_x.ravel(), seen.y_hat
    limit = np.abs(grad_x).max() or 1.0
    parts = [
        text(IMAGE + 4 * SIDE, 22, f"image {image}", INK, size=14),
        text(GRADIENT + 4 * SIDE, 22, "∂𝓛/∂x: purple +, orange −", QUANTITIES["gradient"], size=14),
        text(BARS + LONGEST / 2, 22, "ŷ", QUANTITIES["h"], size=15),
        *_tiles(IMAGE, [to_hex((1 - value / 16,) * 3) for value in seen.x.ravel()]),
        *_tiles(GRADIENT, [to_hex(colormaps[DIVERGING](0.5 + 0.5 * value / limit)) for value in grad_x]),
        text(GRADIENT + 4 * SIDE, TOP + 8 * SIDE + 20, f"largest in size: {number(limit)} per grey level", MUTED, size=12),
        *_bars(y_hat, seen.truth),
    ]
    loss = -np.log(max(y_hat[seen.truth], 1e-300))
    said = (
        f"Image {image}, the digit {seen.truth}: the network says {seen.answer} with {y_hat[seen.answer]:.3f}; "
        f"ŷ of {seen.truth} is {y_hat[seen.truth]:.3f}, loss {loss:.3g}."
    )
    done = [
        words
        for words, is_done in (
            (f"blurred by {blur:g}", blur),
            (f"shifted by {right} to the right and {down} down", right or down),
            (f"{erased} rows erased", erased),
            (f"pushed by {push:g} of 16, {direction}", push),
        )
        if is_done
    ]
    change = f" {', '.join(done).capitalize()}." if done else ""
    alt = f"""The image as 8 times 8 grey squares, the gradient of the loss for each pixel, and ten bars of probabilities. {said}{change}
    The largest entry of the gradient is {number(limit)} per grey level."""
    return svg_picture(parts, WIDTH, HEIGHT, alt, caption=said + change)


def _tiles(left, colors):
    frame = f'<rect x="{left}" y="{TOP}" width="{8 * SIDE}" height="{8 * SIDE}" fill="none" stroke="{MUTED}"/>'
    return [
        *(
            f'<rect x="{left + i % 8 * SIDE}" y="{TOP + i // 8 * SIDE}" width="{SIDE}" height="{SIDE}" fill="{color}"/>'
            for i, color in enumerate(colors)
        ),
        frame,
    ]


def _bars(y_hat, truth):
    height = 8 * SIDE / 10
    parts = [f'<rect x="{BARS - 26}" y="{TOP + truth * height:g}" width="{LONGEST + 84}" height="{height:g}" fill="{HIGHLIGHT}"/>']
    for i, probability in enumerate(y_hat):
        y = TOP + i * height
        parts += [
            f'<rect x="{BARS}" y="{y + 3:g}" width="{LONGEST * probability:.2f}" height="{height - 6:g}" fill="{QUANTITIES["h"]}"/>',
            text(BARS - 13, y + height - 5, str(i), INK, size=14),
            text(BARS + LONGEST * probability + 24, y + height - 5, f"{probability:.3f}", MUTED, size=12),
        ]
    return [*parts, line((BARS, TOP), (BARS, TOP + 8 * SIDE), Line(GRID, 1))]


digit_explorer = explorer(
    digit_picture,
    image=Number("image", 945, 0, 1796),
    push=Number("push ε", 0.0, 0.0, 4.0, step=0.1),
    direction=Choice("direction", ALONG, (ALONG, RANDOM)),
    blur=Number("blur", 0.0, 0.0, 2.0, step=0.1),
    right=Number("shift right", 0, -4, 4),
    down=Number("shift down", 0, -4, 4),
    erased=Number("rows erased", 0, 0, 8),
)
