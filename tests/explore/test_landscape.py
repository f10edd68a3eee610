"""The landscape is the loss, the path is the run, and every pair of parameters can be chosen."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from utils.data import four_blobs, one_hot, two_classes
from utils.explore.landscape import MOST_EXAMPLES, Run, landscape_explorer, landscape_picture, loss_slice, parameter_names
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent


def run_of(sizes=(2, 2, 1), epochs=60, **settings):
    X, labels = two_classes() if sizes[-1] == 1 else four_blobs()
    y = labels[None].astype(float) if sizes[-1] == 1 else one_hot(labels, sizes[-1])
    how = {"output": "sigmoid", "loss": "squared_error"} if sizes[-1] == 1 else {}
    net = FeedForwardNetwork(list(sizes), seed=1, **how, **settings)
    return gradient_descent(net, X.T, y, 1.0, epochs), X.T, y


HISTORY, X, Y = run_of()


def test_names_lead_to_their_parameters():
    assert list(parameter_names(HISTORY.network)) == ["W₁₁₁", "W₁₁₂", "W₁₂₁", "W₁₂₂", "b₁₁", "b₁₂", "W₂₁₁", "W₂₁₂", "b₂₁"]
    run = Run(HISTORY, X, Y)
    assert (run.path("W₁₁₂") == HISTORY.W[1][:, 0, 1]).all() and (run.path("b₁₂") == HISTORY.b[1][:, 1, 0]).all()
    assert "W₁,₁₂,₂" in parameter_names(FeedForwardNetwork([2, 12, 1], output="sigmoid"))


@pytest.mark.parametrize("pair", [("W₁₁₁", "W₁₂₂"), ("b₁₂", "W₂₁₂"), ("W₁₁₂", "b₂₁"), ("W₂₁₁", "W₂₁₂")])
def test_the_slice_is_the_loss_of_one_network_after_the_other(pair):
    net = HISTORY.at(30)
    places = [parameter_names(net)[name] for name in pair]
    values = np.array([-2.0, 0.5, 3.0]), np.array([-1.0, 2.0])
    slow = np.empty((2, 3))
    for column, first in enumerate(values[0]):
        for row, second in enumerate(values[1]):
            other = net.with_parameters()
            for (v, k, i, j), value in zip(places, (first, second), strict=True):
                getattr(other, v)[k][i - 1, j - 1] = value
            slow[row, column] = other.loss(other.forward(X), Y)
    assert np.allclose(loss_slice(net, places, values, X, Y), slow, rtol=1e-12)


def test_the_alt_text_is_that_of_the_moment():
    alt = landscape_picture(Run(HISTORY, X, Y), "W₂₁₁", "b₁₁", 50).alt
    here = f"Epoch 30 of 60: W₂₁₁ = {HISTORY.W[2][30, 0, 0]:.2f}, b₁₁ = {HISTORY.b[1][30, 0, 0]:.2f}, loss {HISTORY.loss[30]:.3f}"
    assert here.replace("-", "−") in alt
    assert "The other 7 parameters" in alt and f"computed on {Run(HISTORY, X, Y).x.shape[-1]} examples" in alt


def test_the_ground_at_the_dot_is_that_of_the_run():
    run = Run(HISTORY, X, Y)
    assert 100 <= run.x.shape[-1] <= MOST_EXAMPLES
    for record in (0, 60):
        values = [np.array([run.path(name)[record]]) for name in ("W₁₁₁", "b₂₁")]
        here = loss_slice(HISTORY.at(record), [run.names[name] for name in ("W₁₁₁", "b₂₁")], values, run.x, run.y)
        assert abs(here[0, 0] - HISTORY.loss[record]) < 0.02


def test_the_lowest_ground_is_where_the_text_says():
    run = Run(HISTORY, X, Y)
    caption = landscape_picture(run, "W₂₁₁", "b₁₁", 100).caption
    place = caption.split("lowest near ")[1].split(". The")[0].replace("−", "-")
    numbers = [np.array([float(part.split(" = ")[1])]) for part in place.split(", ")]
    places = [run.names["W₂₁₁"], run.names["b₁₁"]]
    there = loss_slice(HISTORY.at(60), places, numbers, run.x, run.y)[0, 0]
    everywhere = loss_slice(HISTORY.at(60), places, [np.linspace(-2, 2, 21)] * 2, run.x, run.y)
    assert there < everywhere.min() + 0.01


def test_low_ground_is_pale_and_high_ground_is_dark():
    run = Run(HISTORY, X, Y)
    image = np.asarray(Image.open(io.BytesIO(landscape_picture(run, "W₂₁₁", "b₁₁", 100).data)).convert("L")).astype(int)[::2, ::2]
    half = 2.0  # the axes that fit this path
    places = [run.names["W₂₁₁"], run.names["b₁₁"]]
    corners = loss_slice(HISTORY.at(60), places, [np.array([-half, half]) * 0.9] * 2, run.x, run.y)
    shades = {(0, 0): image[262, 96], (0, 1): image[262, 320], (1, 0): image[38, 96], (1, 1): image[38, 320]}
    darkest, palest = max(shades, key=lambda c: corners[c]), min(shades, key=lambda c: corners[c])
    assert shades[darkest] < shades[palest] - 5


def test_a_parameter_against_itself_is_no_landscape_but_no_accident_either():
    explorer = landscape_explorer(HISTORY, X, Y)
    assert explorer.state == {"horizontal": "W₁₁₁", "vertical": "W₁₁₂", "replay": 100.0}
    explorer.set(vertical="W₁₁₁")
    assert "two different parameters" in explorer.picture.alt and "<img" in explorer.image.value
    before = landscape_picture(Run(HISTORY, X, Y), "b₁₁", "b₂₁", 10)
    explorer.set(vertical="b₂₁", horizontal="b₁₁", replay=10)
    assert explorer.picture == before
    explorer.set(vertical="b₁₁")
    assert explorer.picture == landscape_picture(Run(HISTORY, X, Y), "b₁₁", "b₁₁", 10), "nothing of the last map is left"


@pytest.mark.parametrize("replay", [0.0, 100.0])
def test_every_pair_gives_a_picture(replay):
    run = Run(HISTORY, X, Y)
    for horizontal in run.names:
        for vertical in ("W₁₁₁", "b₂₁"):
            assert "nan" not in landscape_picture(run, horizontal, vertical, replay).alt
    assert not plt.get_fignums()


def test_other_networks_have_landscapes_too():
    explorer = landscape_explorer(*run_of((2, 3, 4), activation="tanh"), horizontal="W₂₄₃", vertical="b₁₃")
    assert "The other 23 parameters" in explorer.picture.alt


def test_runs_without_a_landscape_are_refused():
    stack = FeedForwardNetwork([2, 2, 1], output="sigmoid", seed=[0, 1])
    with pytest.raises(ValueError, match="that of a stack"):
        Run(gradient_descent(stack, X, Y, 1.0, 3), X, Y)
    net = FeedForwardNetwork([2, 2, 1], activation="relu", output="linear", loss="squared_error", seed=0)
    with pytest.raises(ValueError, match="diverged"):
        Run(gradient_descent(net, X, Y, 1e3, 50), X, Y)
