"""Pictures that change quickly keep what matters: the colour of a thin line, names that stand apart, the sign of a small number."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from utils.draw.animation import write_gif
from utils.draw.film import Film
from utils.draw.frames import EndLabels, Frame
from utils.draw.picture import encode_quickly
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent


@pytest.mark.parametrize("width", [390, 400, 429])
def test_the_thinnest_line_keeps_its_colour(width):
    pixels = np.full((300, width, 4), 255, np.uint8)
    pixels[7, :, :3], pixels[:, 27, :3] = (166, 61, 0), (0, 90, 142)
    shown = np.asarray(Image.open(io.BytesIO(encode_quickly(pixels))).convert("RGB")).astype(int)
    assert np.abs(shown[7, 28:] - (166, 61, 0)).max() < 16 and np.abs(shown[:, 27] - (0, 90, 142)).max() < 16
    assert (shown[100:, 100:] == 255).all()


@pytest.mark.parametrize("ends", [(2.0, 2.0, 2.0), (0.0, 5.0, 0.1), (99.0, 98.0, -99.0), (np.inf, np.nan, 10.0)])
def test_names_of_curves_stand_apart_in_the_order_of_their_ends(ends):
    axes = Figure(figsize=(4, 2)).add_axes((0.1, 0.1, 0.6, 0.8), xlim=(0, 1), ylim=(0, 10))
    names = EndLabels(axes, dict.fromkeys("abc", "black"))
    names.place(1, *ends)
    heights = np.array([text.get_position()[1] for text in names.texts])
    assert heights.min() >= 0 and heights.max() <= 1
    assert np.diff(np.sort(heights)).min() > 0.99 * names.least
    shown = np.clip(np.nan_to_num(ends), 0, 10)
    assert all(heights[i] > heights[j] for i in range(3) for j in range(3) if shown[i] > shown[j])


def test_a_film_in_few_colours_shows_the_sign_of_a_small_number(tmp_path):
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(2, 60)), np.arange(60) % 2
    net = FeedForwardNetwork([2, 2, 1], output="sigmoid", loss="squared_error", seed=0)
    net = net.with_parameters(W={1: [[15.0, -12.0], [0.5, -0.5]]}, b={1: [[-0.4], [0.4]]})
    film = Film(gradient_descent(net, x, labels[None].astype(float), 1e-9, 2), x, labels)
    path = write_gif([film.picture(0)] * 2, tmp_path / "film.gif", milliseconds=100, hold=100, colors=32)
    with Image.open(path) as gif:
        image = np.asarray(gif.convert("RGB")).astype(int)
    for row, column, sign in ((0, 0, -1), (1, 0, 1), (1, 1, 1), (1, 2, -1)):
        left, y = film.mesh.axes.transData.transform((column + 0.12, row + 0.5))
        red, _, blue = image[len(image) - 1 - round(y), round(left)]
        assert np.sign(blue - red) == sign, (row, column)


def test_a_text_that_moves_stands_where_matplotlib_would_draw_it():
    figure = Figure(figsize=(3, 2), dpi=100)
    text = figure.text(0, 0, "", color="black", ha="center", va="center")
    frame = Frame(figure, [text])

    def ink(pixels):
        rows, columns = np.nonzero(pixels[..., 0] < 128)
        return np.array([rows.size, rows.mean(), columns.mean()])

    for words, x, y in (("one 1", 0.3, 0.3), ("two\n22", 0.5, 0.5), ("one 1", 0.71, 0.64)):  # the last is moved, not drawn anew
        text.set(text=words, x=x, y=y)
        shown = ink(frame.pixels())
        frame.canvas.restore_region(frame.background)
        figure.draw_artist(text)
        size, *middle = np.abs(shown - ink(np.asarray(frame.canvas.buffer_rgba())))
        assert size < 0.1 * shown[0] and max(middle) < 1.5
    assert len(frame.texts) == 2
