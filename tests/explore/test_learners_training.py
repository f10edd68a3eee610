"""The training explorer with a learner's own ``train``: what its parameters compute is what is shown, right or wrong."""

import re
import time
from html import unescape

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from utils.data import four_blobs, one_hot
from utils.explore import learners_training, training
from utils.explore.training import training_explorer
from utils.explore.words import Words
from utils.homework import reference
from utils.nn.network import FeedForwardNetwork

X, X_VAL, LABELS, LABELS_VAL = train_test_split(*four_blobs(), stratify=four_blobs()[1], random_state=0)
QUICK = {"epochs": 40, "n_hidden": 4, "learning_rate": 0.3}


def train(X, y, n_hidden, learning_rate, epochs, seed):
    return reference.train(X, y, n_hidden, learning_rate, epochs, seed)


def with_gradients(change):
    """Return a ``train`` whose gradients are changed before every step."""

    def train(X, y, n_hidden, learning_rate, epochs, seed):
        k = y.max() + 1
        parameters = reference.fresh_parameters(X.shape[1], n_hidden, k, seed)
        for _ in range(epochs):
            gradients = change(X.T, one_hot(y, k), parameters)
            parameters = reference.gradient_step(parameters, gradients, learning_rate)
        return parameters

    return train


def forgotten_transpose(x, y, parameters):
    W1, b1, W2, b2 = parameters
    a1 = W1 @ x + b1
    grad_a2 = (reference.softmax(W2 @ reference.sigmoid(a1) + b2) - y) / y.shape[1]
    grad_a1 = W2 @ grad_a2 * reference.sigmoid_prime(a1)
    sums = [grad_a.sum(axis=1, keepdims=True) for grad_a in (grad_a1, grad_a2)]
    return grad_a1 @ x.T, sums[0], grad_a2 @ reference.sigmoid(a1).T, sums[1]


def missing_one_over_n(x, y, parameters):
    return [x.shape[1] * gradient for gradient in reference.backward(x, y, *parameters)]


def shown(train, **state):
    return training_explorer(train=train, **QUICK | state).picture


def test_the_picture_shows_what_the_returned_parameters_compute():
    W1, b1, W2, b2 = train(X, LABELS, 5, 0.7, 60, 3)
    net = FeedForwardNetwork([2, 5, 4]).with_parameters({1: W1, 2: W2}, {1: b1, 2: b2})
    y, y_val = one_hot(LABELS, 4), one_hot(LABELS_VAL, 4)
    alt = shown(train, n_hidden=5, learning_rate=0.7, epochs=60, seed=3).alt
    assert "Your train: 2-5-4 network, seed 3, epoch 60 of 60 at learning rate 0.7" in alt
    assert f"loss {net.loss(net.forward(X.T), y):.3g}, training {net.accuracy(X.T, y):.1%} right" in alt
    assert f"validation {net.accuracy(X_VAL.T, y_val):.1%} right, loss {net.loss(net.forward(X_VAL.T), y_val):.3g}" in alt


def test_it_trains_on_own_data_and_on_noisier_ones():
    explorer = training_explorer(train=train, data=(X[:200], LABELS[:200]), **QUICK)
    assert {"n_second", "activation", "batch", "decay"}.isdisjoint(explorer.state)
    names = {"X": X[:200], "labels": LABELS[:200], "train": train}
    for state in ({}, {"data": "moons", "noise": 2.0, "share": 20, "replay": 50.0}):
        explorer.set(**state)
        exec(unescape(re.search(r"<code.*?>(.*?)</code>", explorer.picture.details, re.DOTALL)[1]), names)
        x, labels, (W1, b1, W2, b2) = names["X"].T, names["labels"], (names[name] for name in ("W1", "b1", "W2", "b2"))
        net = FeedForwardNetwork([2, 4, len(W2)]).with_parameters({1: W1, 2: W2}, {1: b1, 2: b2})
        loss = net.loss(net.forward(x), one_hot(labels, len(W2)))
        assert f"loss {loss:.3g}, training {(net.predict(x) == labels).mean():.1%} right" in explorer.picture.alt


def test_the_scrubber_asks_for_fewer_epochs():
    asked = []

    def watched(X, y, n_hidden, learning_rate, epochs, seed):
        asked.append(epochs)
        return train(X, y, n_hidden, learning_rate, epochs, seed)

    explorer = training_explorer(train=watched, **QUICK)
    assert asked == sorted(asked) and asked[0] == 0 and asked[-1] == 40 and len({epochs % 2 for epochs in asked}) == 2
    n = len(asked)
    explorer.set(replay=30.0)
    assert asked[n:] == [12] and "epoch 12 of 40" in explorer.picture.alt
    explorer.set(replay=100.0)
    assert len(asked) == n + 1, "what is known already is not asked for again"
    explorer.set(seed=1)
    assert len(asked) == 2 * n + 1


@pytest.mark.parametrize(("wrong", "least"), [(forgotten_transpose, 0.5), (missing_one_over_n, 2.0)])
def test_a_wrong_train_is_shown_as_it_is(wrong, least):
    right, alt = shown(train).alt, shown(with_gradients(wrong)).alt
    loss, true_loss = (float(re.search(r"loss ([\d.e+]+), training", each)[1]) for each in (alt, right))
    assert loss > least * true_loss and loss != true_loss


def test_numbers_that_are_lost_end_the_run():
    def lost(X, y, n_hidden, learning_rate, epochs, seed):
        parameters = train(X, y, n_hidden, learning_rate, epochs, seed)
        return [v * np.nan for v in parameters] if epochs > 10 else parameters

    alt = shown(lost).alt
    assert "epoch 9 of 40" in alt and "After epoch 20 your parameters hold numbers that are not finite" in alt
    assert training._stage().notice.get_text() == "DIVERGED\nby epoch 20"
    assert "nan" in shown(lambda *given: [v * np.nan for v in train(*given)]).text


def not_written(X, y, n_hidden, learning_rate, epochs, seed):
    raise NotImplementedError


def inner_sizes(X, y, n_hidden, learning_rate, epochs, seed):
    W1 = np.zeros((n_hidden, 2))
    return W1 @ X


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (not_written, "Not yet: write"),
        (inner_sizes, "The inner sizes of a product must agree"),
        (lambda *given: None, "it returned nothing"),
        (lambda *given: train(*given)[:3], "train returned 3 arrays, but expected are 4 arrays: W1, b1, W2, b2."),
        (lambda *given: [v.T for v in train(*given)], r"W1 has shape (2, 4), but (4, 2) is expected. It is turned"),
        (lambda *given: [v + 1j for v in train(*given)], "complex"),
        (lambda X, y: None, "2 positional arguments but 6 were given"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_words(function, said):
    explorer = training_explorer(train=function, **QUICK)
    assert isinstance(explorer.picture, Words) and said in explorer.picture.text
    assert "Traceback" not in explorer.image.value and 'role="status"' in explorer.image.value
    explorer.set(seed=2)
    assert explorer.image.value == explorer.picture.html


def test_a_train_that_does_not_end_is_stopped(monkeypatch):
    def endless(*given):
        while True:
            pass

    monkeypatch.setattr(learners_training, "TIME_LIMIT", 0.1)
    assert "had not finished after" in shown(endless).text


def test_a_slow_train_is_shown_with_its_time():
    def slow(*given):
        time.sleep(0.1)
        return train(*given)

    assert re.search(r"your function was called 7 times and took [\d.]+ seconds", shown(slow).caption)


def test_what_train_prints_or_changes_stays_with_it(capsys):
    def untidy(X, y, n_hidden, learning_rate, epochs, seed):
        print("an epoch")
        parameters = train(X, y, n_hidden, learning_rate, epochs, seed)
        X[:] = 0
        return parameters

    assert shown(untidy).caption.split(":")[1] == shown(train).caption.split(":")[1]
    assert capsys.readouterr().out == ""


def test_anything_but_a_function_is_refused():
    with pytest.raises(TypeError, match="train must be a function, as in training_explorer"):
        training_explorer(train=reference.train(X, LABELS, 2, 0.1, 1, 0))
