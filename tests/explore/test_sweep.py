"""The sweep explorer: each cell is the network that would have been trained alone."""

import re
from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from utils.data import wave
from utils.draw.numbers import number
from utils.draw.style import FINE_GRID, GRID, THIN
from utils.explore.sweep import RATES, SEEDS, sweep_picture, trained
from utils.nn.activations import ACTIVATIONS
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

START = {"depth": 2, "activation": "tanh", "scale": 1.0, "epochs": 100}


def data():
    X, targets = wave(50)
    return X.T, ((targets - targets.mean()) / targets.std()).reshape(1, -1)


def elements(picture, tag):
    return [element for element in ElementTree.fromstring(picture.data).iter() if element.tag.endswith("}" + tag)]


def cells(picture):
    """Return the texts in the cells, shape (7, 8): six seeds and the median."""
    texts = ["".join(element.itertext()) for element in elements(picture, "text")]
    return np.array([text for text in texts if re.fullmatch(r"✕|−?\d+\.\d{3}|\d+e\d+|0", text)]).reshape(7, 8)


@pytest.mark.parametrize("activation, scale", [("tanh", 1.0), ("relu", 2.0)])
def test_each_cell_is_a_network_trained_alone(activation, scale):
    shown = cells(sweep_picture(2, activation, scale, 60))
    x, y = data()
    for s, r in ((0, 0), (2, 3), (5, 5), (3, 7)):
        net = FeedForwardNetwork([1, 8, 8, 1], activation, "linear", "squared_error", seed=SEEDS[s])
        net = net.with_parameters(W={k: scale * net.W[k] for k in net.layers})
        run = gradient_descent(net, x, y, RATES[r], 60, record_every=60)
        assert shown[s, r] == ("✕" if run.diverged else number(run.loss[-1]))


def test_crosses_medians_and_the_best():
    loss, diverged = trained(**START)
    picture = sweep_picture(**START)
    shown = cells(picture)
    assert ((shown[:6] == "✕") == diverged).all() and f"{diverged.sum()} of 48 diverged" in picture.caption
    for column, median in zip(np.where(diverged, np.inf, loss).T, shown[6], strict=True):
        middle = sorted(column)[2:4]
        assert median == ("✕" if np.isinf(middle[1]) else number(sum(middle) / 2))
    best = np.where(diverged, np.inf, loss)
    row, column = np.argwhere(best == best.min())[0]
    assert f"The best, {number(best.min())}, is learning rate {RATES[column]:g} with seed {row}." in picture.caption
    (frame,) = [rect.attrib for rect in elements(picture, "rect") if rect.get("fill") == "none"]
    values = {(t.get("x"), t.get("y")): "".join(t.itertext()) for t in elements(picture, "text")}
    center = float(frame["x"]) + float(frame["width"]) / 2, float(frame["y"]) + float(frame["height"]) / 2 + 5
    assert values[f"{center[0]:g}", f"{center[1]:g}"] == shown[row, column]


def test_the_lower_the_loss_the_darker_the_cell_and_always_readable():
    loss, diverged = trained(**START)
    fills = [rect.get("fill") for rect in elements(sweep_picture(**START), "rect") if rect.get("stroke") == THIN][:48]
    lightness = np.array([sum(to_rgb(fill)) for fill in fills])
    alive = ~diverged.ravel()
    order = np.argsort(loss.ravel()[alive])
    assert (np.diff(lightness[alive][order]) >= 0).all() and np.ptp(lightness[alive]) > 0.4
    assert {fill for fill, crossed in zip(fills, diverged.ravel(), strict=True) if crossed} == {GRID}
    assert lightness.min() > 1.5  # INK on it has a contrast above 4.5


def test_without_a_hidden_layer_every_seed_finds_the_line_of_least_squares():
    loss, diverged = trained(0, "tanh", 1.0, 200)
    x, y = data()
    x_1 = np.vstack([x, np.ones((1, 50))])
    line = np.linalg.lstsq(x_1.T, y[0])[0] @ x_1
    np.testing.assert_allclose(loss[:, 3:7], ((line - y) ** 2).mean(), rtol=1e-3)
    limit = 2 / np.linalg.eigvalsh(2 * x_1 @ x_1.T / 50)[-1]
    assert (diverged == (limit < RATES)).all()


def test_every_corner_of_the_controls_gives_a_picture():
    for depth, scale, epochs, activation in product((0, 6), (0.1, 10.0), (10, 150), ACTIVATIONS):
        picture = sweep_picture(depth, activation, scale, epochs)
        assert not re.search(r"nan|\binf", picture.alt + "".join("".join(t.itertext()) for t in elements(picture, "text")))
        assert all(len(text) <= 7 for text in cells(picture).ravel())
    assert trained(6, "identity", 10.0, 150)[1].all()
    assert "48 of 48 diverged. Not one of them has survived." in sweep_picture(6, "identity", 10.0, 150).caption


def test_what_is_worse_than_the_mean_is_grey():
    loss, diverged = trained(6, "relu", 10.0, 100)
    fills = [rect.get("fill") for rect in elements(sweep_picture(6, "relu", 10.0, 100), "rect") if rect.get("stroke") == THIN][:48]
    worse = (loss > 1.05).ravel() & ~diverged.ravel()
    assert worse.any() and {fill for fill, bad in zip(fills, worse, strict=True) if bad} == {FINE_GRID}
