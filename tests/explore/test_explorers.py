"""Explorers are pure functions with thin controls: tested without a browser, their default state first."""

import io
import re
from html import unescape

import numpy as np
import pytest
from PIL import Image
from sklearn.model_selection import train_test_split

from utils.data import DATA_SETS, one_hot
from utils.explore import secant, training
from utils.explore.training import training_explorer, training_picture
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

START = {
    "learning_rate": 0.5,
    "epochs": 300,
    "n_hidden": 2,
    "activation": "sigmoid",
    "data": "four blobs",
    "seed": 0,
    "replay": 100,
    "batch": "all",
    "decay": 0.0,
    "share": 100,
    "n_second": 0,
    "noise": 1.0,
}


def parts(data):
    """Return the training and the held-back part of a data set, as lesson 10 splits it."""
    X, labels = DATA_SETS[data]()
    return train_test_split(X, labels, stratify=labels, random_state=0)


def test_the_picture_tells_the_truth_about_the_run():
    X, X_val, labels, labels_val = parts("spirals")
    net = FeedForwardNetwork([2, 5, 3], activation="tanh", seed=7)
    history = gradient_descent(net, X.T, one_hot(labels, 3), learning_rate=1.3, epochs=100)
    picture = training_picture(
        **START | {"learning_rate": 1.3, "epochs": 100, "n_hidden": 5, "activation": "tanh", "data": "spirals", "seed": 7}
    )
    wrong = (net.predict(X.T) != labels).sum()
    held_back = (net.predict(X_val.T) == labels_val).mean()
    assert (
        f"epoch 100 of 100 at learning rate 1.3: loss {history.loss[-1]:.3g}, training {history.accuracy[-1]:.1%} right, "
        f"{wrong} of 750 points wrong; validation {held_back:.1%} right" in picture.alt
    )
    assert f"{history.loss[0]:.3g} → {history.loss[-1]:.3g}" in picture.alt
    assert "2-5-3 network (tanh), seed 7" in picture.alt


def test_wrong_points_have_rings():
    def dark_pixels(picture):
        pixels = np.asarray(Image.open(io.BytesIO(picture.data)).convert("L"))
        return (pixels[90:570, 670:1080] < 110).sum()  # inside the map, away from its frame

    many, few = training_picture(**START), training_picture(**START | {"n_hidden": 3})  # 171 and 59 wrong
    assert dark_pixels(many) > 1.3 * dark_pixels(few) > 0


def test_the_scrubber_goes_back_to_the_untrained_network():
    picture = training_picture(**START | {"replay": 0})
    net = FeedForwardNetwork([2, 2, 4], seed=0)
    X, _, labels, _ = parts("four blobs")
    loss = net.loss(net.forward(X.T), one_hot(labels, 4))
    assert f"epoch 0 of 300 at learning rate 0.5: loss {loss:.3g}" in picture.alt


def test_a_run_that_loses_all_numbers_ends_where_it_still_has_some():
    lost = {"learning_rate": 100.0, "batch": "10", "activation": "identity", "data": "spirals", "noise": 3.0, "seed": 50, "decay": 0.1}
    picture = training_picture(**START | lost | {"epochs": 10, "n_hidden": 16, "n_second": 8})
    assert "epoch 0 of 10" in picture.alt and "Diverged by epoch 1" in picture.alt and "nan" not in picture.alt


def test_a_diverged_run_is_shown_as_such():
    picture = training_picture(**START | {"learning_rate": 100, "activation": "relu"})
    assert "Diverged by epoch 5: take a smaller learning rate" in picture.alt
    assert picture.data != training_picture(**START | {"activation": "relu"}).data


def test_slider_and_field_follow_each_other():
    explorer = training_explorer()
    rate = explorer.rows["learning_rate"]
    rate.slider.value = 10**0.1
    assert rate.field.value == 1.3 == explorer.state["learning_rate"]
    rate.field.value = 0.123  # typed: kept to the last digit, while the slider goes as near as it can
    assert explorer.state["learning_rate"] == 0.123 == rate.slider.value
    assert "loss" in explorer.picture.caption
    epochs = explorer.rows["epochs"]
    epochs.slider.value = 310
    assert epochs.field.value == 310 and "310" in explorer.picture.caption


def test_a_page_that_puts_the_handle_on_a_notch_changes_no_value():
    explorer = training_explorer(epochs=303, learning_rate=0.11)
    for name, notch in (("epochs", 300), ("learning_rate", 10**-1.0)):
        control = explorer.rows[name]
        typed = control.field.value
        control.slider.value = notch  # what a slider on a page does when it is shown a value off its grid
        assert control.field.value == typed
    explorer.rows["epochs"].slider.value = 310
    assert explorer.state["epochs"] == 310


def test_start_values_are_checked():
    assert training_explorer(data="moons", n_hidden=5).state == START | {"data": "moons", "n_hidden": 5}
    with pytest.raises(ValueError, match="There is no control 'speed'; there are learning_rate, epochs"):
        training_explorer(speed=3)
    with pytest.raises(ValueError, match="epochs can be 10 to 2000, not 5000"):
        training_explorer(epochs=5000)
    with pytest.raises(ValueError, match="data can be four blobs, two classes, moons, spirals, not 'circles'"):
        training_explorer(data="circles")


def test_an_error_is_shown_where_the_learner_looks():
    explorer = training_explorer()

    def broken(**state):
        raise RuntimeError("a < b")

    explorer.draw = broken
    explorer.set(seed=1)
    assert explorer.image.value == "<pre>RuntimeError: a &lt; b</pre>"


def test_runs_are_recorded_from_the_first_epoch_to_the_last():
    for epochs in (10, 39, 300, 2000):
        history = training.train(0.5, epochs, 2, "sigmoid", "moons", 0)
        assert history.epochs[0] == 0 and history.epochs[-1] == epochs
        assert len(history.epochs) <= training.RUNS.most + 2


@pytest.mark.parametrize("function", secant.FUNCTIONS)
def test_derivatives_of_the_secant_explorer(function):
    for x in np.linspace(-3, 3, 13):
        derivative, forward, central = secant.slopes(function, x, 1e-5)
        assert abs(central - derivative) < 1e-8 * max(1, abs(derivative))
        assert abs(forward - derivative) < 1e-3 * max(1, abs(derivative))


def test_secant_explorer_gives_the_numbers_it_draws():
    explorer = secant.secant_explorer()
    assert "derivative 2.00000000. Secant: slope 3.00000000, error 1.0e+00" in explorer.picture.alt
    explorer.set(exponent=-16.0)
    assert "Secant: slope 0.00000000, error 2.0e+00" in explorer.picture.alt


def test_secant_explorer_shows_no_step_that_was_not_tried():
    stage = secant.Stage()
    for exponent in (-4.0, -16.0, -8.0):
        stage.draw("eˣ", 1.0, exponent)
        for line in (stage.forward, stage.central):
            assert line.get_xdata().min() == pytest.approx(10**exponent) and line.get_xdata().max() == 1


@pytest.mark.parametrize("function", secant.FUNCTIONS)
@pytest.mark.parametrize("x", [-3.0, 0.0, 3.0])
def test_secant_explorer_at_its_extremes(function, x):
    for exponent in (0.0, -16.0):
        assert "nan" not in secant.secant_picture(function, x, exponent).alt


def code(picture):
    return unescape(re.search(r"<code.*?>(.*?)</code>", picture.details, re.DOTALL)[1])


def own_points():
    """Return points of a learner's own: inputs of very different size, and three names for classes."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(90, 2)) * [1, 0.01] + np.repeat([[0, 0], [3, 0], [0, 0.05]], 30, axis=0)
    return X, np.repeat(["oak", "ash", "elm"], 30)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"batch": "50", "epochs": 20},
        {"decay": 0.02, "n_hidden": 0},
        {"share": 20, "activation": "tanh", "noise": 2.0},
        {"n_second": 3, "data": "spirals", "noise": 0.5, "replay": 30.0},
        {"learning_rate": 100.0, "activation": "relu", "n_hidden": 9},
        {"data": own_points(), "n_second": 2, "share": 5, "batch": "10", "epochs": 10, "replay": 50.0},
    ],
)
def test_the_code_below_the_picture_brings_the_same_network_back(change):
    picture, names = training_explorer(**START | {"epochs": 50} | change).picture, {}
    if not isinstance(change.get("data", ""), str):
        names["X"], names["labels"] = change["data"]
    exec(code(picture), names)
    net, history = names["net"], names["history"]
    x, labels = names["X"].T, names["labels"]
    y = one_hot(labels, net.layer_sizes[-1])
    accuracy, held_back = net.accuracy(x, y), (net.predict(names["X_val"].T) == names["labels_val"]).mean()
    assert f"loss {net.loss(net.forward(x), y):.3g}, training {accuracy:.1%} right" in picture.alt
    assert f"of {len(labels)} points wrong; validation {held_back:.1%} right" in picture.alt
    assert f"→ {history.loss[-1]:.3g}." in picture.alt or f"Diverged by epoch {history.epochs[-1]}:" in picture.alt


def test_own_data_stand_beside_those_of_the_course():
    explorer = training_explorer(data=own_points(), epochs=20)
    assert explorer.state["data"] == "your data" and "67 training points" in explorer.picture.alt
    assert "Classes: ash blue circles, elm orange squares, oak green triangles." in explorer.picture.caption
    assert "noise ×: your own points stay as they are" in explorer.note.value
    tabular = np.array(own_points()[1].tolist(), dtype=object)
    assert training_explorer(data=(own_points()[0], tabular), epochs=20).picture == explorer.picture, "as pandas has names"
    explorer.set(data="moons")
    assert "noise" not in explorer.note.value and "2-2-2 network" in explorer.picture.caption
    explorer.set(data="your data", replay=50.0)
    assert "2-2-3 network" in explorer.picture.caption and "epoch 10 of 20" in explorer.picture.caption


X_OWN, NAMES = own_points()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (X_OWN, "data must be the name of a data set, or your own"),
        ((X_OWN.T, NAMES), "a point of the plane in each row, but it has shape (2, 90). Your points seem to be columns: use X.T."),
        ((np.ones((9, 4)), np.ones(9)), "Choose two of the columns, such as X[:, [0, 1]]."),
        ((X_OWN * np.nan, NAMES), "X holds nan"),
        ((X_OWN * 1e9, NAMES), "bring both columns to the size of 1"),
        ((X_OWN, NAMES[:60]), "labels must have shape (90,), but they have shape (60,)"),
        ((X_OWN, np.eye(3)[np.arange(90) % 3]), "Of one-hot rows take labels.argmax(axis=1)."),
        ((X_OWN, X_OWN[:, 0]), "labels must be whole numbers or names"),
        ((X_OWN, [*range(80), *["ash"] * 10]), "There can be 2 to 6 classes"),
        ((X_OWN, [None, 1] * 45), "all of one kind, but these are of the kind NoneType, int"),
        ((X_OWN, np.zeros(90)), "There can be 2 to 6 classes, but your labels name 1."),
        ((X_OWN, [1, *[0] * 89]), "Class 1 has too few points, 1: each class needs 4"),
        ((np.zeros((6000, 2)), np.arange(6000) % 2), "6000 points are too many"),
    ],
)
def test_data_that_cannot_be_shown_are_refused_in_words(data, said):
    with pytest.raises((TypeError, ValueError), match=re.escape(said)):
        training_explorer(data=data)


def test_a_second_layer_stands_behind_a_first_one():
    explorer = training_explorer(n_second=3, epochs=20)
    assert "2-2-3-4 network" in explorer.picture.caption
    assert [len(layer) for layer in training._stage().network.units] == [2, 2, 3, 4]
    explorer.set(n_hidden=0)
    assert (
        "second layer: there is no first hidden layer" in explorer.note.value
        and "2-4 network (no hidden layer)" in explorer.picture.caption
    )


def test_small_batches_allow_fewer_epochs_and_say_so():
    explorer = training_explorer(epochs=500)
    explorer.set(batch="10")
    assert explorer.state["epochs"] == 10 == training.most_epochs("10", 750) and "batches of 10" in explorer.picture.caption
    explorer.set(batch="all")
    assert explorer.rows["epochs"].field.max == 2000


def test_decay_shrinks_the_weights_and_a_share_is_a_part_of_the_points():
    def size(**change):
        net = training.train(0.5, 300, 8, "tanh", "moons", 0, **change).network
        return sum((net.W[k] ** 2).sum() for k in net.layers)

    assert size(decay=0.02) < 0.5 * size()
    assert training.train(0.5, 10, 8, "tanh", "moons", 0, share=20).x.shape == (2, 150)
    assert "150 training points" in training_picture(**START | {"share": 20}).alt
