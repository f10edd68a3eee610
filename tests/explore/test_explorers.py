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


def test_a_diverged_run_is_shown_as_such():
    picture = training_picture(**START | {"learning_rate": 100, "activation": "relu"})
    assert "Diverged by epoch 8: take a smaller learning rate" in picture.alt
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
        assert len(history.epochs) <= training.MAX_RECORDS + 2


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


@pytest.mark.parametrize("change", [{}, {"batch": "50", "epochs": 20}, {"decay": 0.02, "n_hidden": 0}, {"share": 20, "activation": "tanh"}])
def test_the_code_below_the_picture_trains_the_same_network(change):
    picture, names = training_picture(**START | {"epochs": 50} | change), {}
    exec(code(picture), names)
    assert f"→ {names['history'].loss[-1]:.3g}." in picture.alt


def test_small_batches_allow_fewer_epochs_and_say_so():
    explorer = training_explorer(epochs=500)
    explorer.set(batch="10")
    assert explorer.state["epochs"] == 10 == training.most_epochs("10", 100) and "batches of 10" in explorer.picture.caption
    explorer.set(batch="all")
    assert explorer.rows["epochs"].field.max == 2000


def test_decay_shrinks_the_weights_and_a_share_is_a_part_of_the_points():
    def size(**change):
        net = training.train(0.5, 300, 8, "tanh", "moons", 0, **change).network
        return sum((net.W[k] ** 2).sum() for k in net.layers)

    assert size(decay=0.02) < 0.5 * size()
    assert training.train(0.5, 10, 8, "tanh", "moons", 0, share=20).x.shape == (2, 150)
    assert "150 training points" in training_picture(**START | {"share": 20}).alt
