"""The epoch scrubber tells the truth about every moment of a run, at every corner of its controls."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image
from sklearn.model_selection import train_test_split

from utils.data import two_classes
from utils.draw.style import SIGNS
from utils.explore.run_replay import RUNS, _stage, run_replay_picture, train
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

START = {"learning_rate": 2.5, "epochs": 500, "n_hidden": 2, "seed": 1, "replay": 100}


def pixels(picture):
    """Return the pixels of the page: every second one of the picture, which is twice as sharp."""
    return np.asarray(Image.open(io.BytesIO(picture.data)).convert("RGB")).astype(int)[::2, ::2]


@pytest.mark.parametrize(("n_hidden", "epoch"), [(2, 60), (5, 200)])
def test_the_numbers_are_those_of_a_run_of_its_own(n_hidden, epoch):
    X_train, X_val, labels_train, labels_val = train_test_split(*two_classes(), stratify=two_classes()[1], random_state=0)
    net = FeedForwardNetwork([2, n_hidden, 1], output="sigmoid", loss="squared_error", seed=4)
    y = labels_train[None]
    history = gradient_descent(net, X_train.T, y, 1.5, epoch)
    gradients = net.backward(net.forward(X_train.T), y)
    lengths = [np.sqrt((gradients.W[k] ** 2).sum() + (gradients.b[k] ** 2).sum()) for k in (1, 2)]
    alt = run_replay_picture(1.5, 200, n_hidden, 4, replay=epoch / 2).alt
    wrong = (net.predict(X_train.T) != labels_train).sum()
    assert f"2-{n_hidden}-1 network, seed 4, learning rate 1.5, epoch {epoch} of 200: loss {history.loss[-1]:.3f}" in alt
    assert f"{wrong} of 750 training points wrong" in alt
    assert f"validation {net.accuracy(X_val.T, labels_val[None]):.1%}" in alt
    assert f"{lengths[0]:.1e} for (W₁, b₁), {lengths[1]:.1e} for (W₂, b₂)".replace("-", "−") in alt


def test_the_heat_map_has_the_first_bias_on_top_and_the_last_weight_below():
    history = train(2.5, 500, 2, 1)
    first, last = history.b[1][-1, 0, 0], history.W[2][-1, 0, 1]
    assert first < -5 and last > 5  # so that the corners have different colours
    image = pixels(run_replay_picture(**START | {"replay": 50}))
    top, bottom = image[302, 330], image[444, 330]  # of the right edge of the heat map
    assert top[0] > top[2] + 30, "orange: negative"
    assert bottom[2] > bottom[0] + 20, "purple: positive"


def test_every_unit_shows_the_plane_as_it_sees_it():
    run_replay_picture(**START)
    maps = _stage().network
    trace = train(2.5, 500, 2, 1).at(-1).forward(_stage().grid)
    for unit, seen in zip(maps.units[1], trace.h[1], strict=True):
        shown = 255 - unit.pixels[..., 0].astype(float)  # pixel images have their first row at the bottom, as the grid has
        n = round(len(seen) ** 0.5)
        rows = np.linspace(0, len(shown) - 1, n).round().astype(int)
        assert np.corrcoef(shown[rows][:, rows].ravel(), seen)[0, 1] > 0.98


def test_lines_are_as_wide_as_the_weights_are_large():
    run_replay_picture(**START)
    maps, net = _stage().network, train(2.5, 500, 2, 1).at(-1)
    weights = np.concatenate([net.W[1].ravel(), net.W[2].ravel()])
    widths = np.array(maps.lines.get_linewidths())
    assert (np.argsort(widths) == np.argsort(abs(weights))).all()
    for color, weight in zip(maps.lines.get_colors(), weights, strict=True):
        assert to_hex(color) == SIGNS[1 if weight > 0 else -1].lower()


def test_only_the_moment_moves_when_the_moment_moves():
    early, late = (pixels(run_replay_picture(**START | {"replay": replay})) for replay in (20, 80))
    heat = (slice(300, 440), slice(60, 335))
    changed = (abs(early[heat] - late[heat]) > 60).any(axis=(0, 2))  # less is the palette
    assert 4 <= changed.sum() <= 12, "in the heat map only the cursor has moved"


def test_a_run_is_recorded_from_the_first_epoch_to_the_last():
    for epochs in (10, 100, 101, 2000):
        history = train(0.5, epochs, 2, 0)
        assert history.epochs[0] == 0 and history.epochs[-1] == epochs and len(history.epochs) <= RUNS.most + 2
