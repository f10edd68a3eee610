"""A run that grows is the run that one gets from the beginning, and costs no epoch twice."""

import numpy as np
import pytest

from utils.data import moons, one_hot
from utils.explore import runs
from utils.explore.runs import Runs, spacing
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

X, LABELS = moons(40)


def start():
    return FeedForwardNetwork([2, 3, 2], activation="relu", seed=1), X.T, one_hot(LABELS, 2)


@pytest.fixture
def trained(monkeypatch):
    """Return the list of how many epochs each training has had."""
    epochs_of = []

    def watched(net, x, y, learning_rate, epochs, **how):
        epochs_of.append(epochs)
        return gradient_descent(net, x, y, learning_rate, epochs, **how)

    monkeypatch.setattr(runs, "gradient_descent", watched)
    return epochs_of


def equal(first, second):
    values = [(first.epochs, second.epochs), (first.loss, second.loss)]
    values += [(getattr(first, name)[k], getattr(second, name)[k]) for name in "Wb" for k in (1, 2)]
    return all(np.array_equal(a, b) for a, b in values) and (first.diverged, first.message) == (second.diverged, second.message)


def test_a_run_of_another_length_is_the_same_to_the_last_digit(trained):
    known = Runs(most=8)
    for epochs in (30, 40, 37, 33, 39, 65, 64, 8):
        grown = known.run("one run", start, 0.3, epochs)
        assert equal(grown, gradient_descent(*start(), 0.3, epochs, record_every=spacing(epochs, 8)))
    # records every 5 epochs; then every 9, of which none is there but the first; and every single one
    assert trained == [30, 40 - 30, 37 - 35, 33 - 30, 39 - 30, 65, 64 - 63, 8]


def test_what_is_another_run_begins_anew(trained):
    known = Runs(most=8, kept=2)
    for settings, epochs in (("a", 20), ("b", 20), ("a", 20), ("c", 20), ("b", 20)):
        known.run(settings, start, 0.3, epochs)
    assert trained == [20, 20, 20, 20], "a is known the second time, b is forgotten"
    batches = {"batch_size": 7, "seed": 0}
    for epochs in (20, 24):
        grown = known.run("batches", start, 0.3, epochs, **batches)
        assert equal(grown, gradient_descent(*start(), 0.3, epochs, record_every=spacing(epochs, 8), **batches))


def test_a_run_that_diverges_later_diverges_as_from_the_beginning():
    def start():
        return FeedForwardNetwork([2, 3, 2], activation="identity", seed=1), 3 * X.T, one_hot(LABELS, 2)

    known, diverged = Runs(most=8), []
    for epochs in (12, 24, 15):
        grown = known.run("long steps", start, 1.018, epochs)
        assert equal(grown, gradient_descent(*start(), 1.018, epochs, record_every=spacing(epochs, 8)))
        diverged.append(bool(grown.diverged))
    assert diverged == [False, True, False]


def test_a_loss_that_jumps_is_seen_to_jump():
    for epochs in range(1, 300):
        assert spacing(epochs, 8) % 2 == 1 and epochs <= 8 * spacing(epochs, 8) < epochs + 16
