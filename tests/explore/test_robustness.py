"""Every explorer under a restless hand: each control to its ends, then a random walk through all of them.

The explorers are found, not listed: a function ``…_explorer`` in a module of ``utils/explore`` is tested here.
The walk has 1000 changes. Explorers that train a network at each of them get so far as SECONDS allow, and all
the way with COURSE_LONG=1 (``make test-long``); the way is the same, so that a failure can be seen again.
"""

import gc
import inspect
import os
import random
import threading
import time
from importlib import import_module
from pkgutil import iter_modules

import matplotlib.pyplot as plt
import psutil
import pytest

import utils.explore
from utils.data import two_classes
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

CHANGES = 1000
SECONDS = float("inf") if os.environ.get("COURSE_LONG") == "1" else 0.8
MOST_GROWTH = 10_000_000  # bytes of the whole process, caches included


def explorers():
    """Return every function of utils.explore that makes an explorer, by its name."""
    modules = [import_module(f"utils.explore.{module.name}") for module in iter_modules(utils.explore.__path__)]
    functions = [each for module in modules for each in vars(module).values() if inspect.isfunction(each)]
    return {each.__name__: each for each in functions if each.__name__.endswith("_explorer")}


EXPLORERS = explorers()


@pytest.fixture(scope="module")
def supplies():
    """Return what an explorer may need that is no control, by the name of its parameter: a short run with its data."""
    X, labels = two_classes(200)
    x, y = X.T, labels[None].astype(float)
    net = FeedForwardNetwork([2, 2, 1], output="sigmoid", loss="squared_error", seed=1)
    return {"history": gradient_descent(net, x, y, learning_rate=2.5, epochs=60, record_every=2), "x": x, "y": y}


@pytest.fixture(params=EXPLORERS)
def panel(request, supplies):
    """Return an explorer as a lesson makes it, and check afterwards that nothing is left behind."""
    threads = set(threading.enumerate())
    function = EXPLORERS[request.param]
    needed = [name for name, parameter in inspect.signature(function).parameters.items() if parameter.kind != parameter.VAR_KEYWORD]
    yield function(*(supplies[name] for name in needed))
    assert not plt.get_fignums()
    assert set(threading.enumerate()) <= threads


def ends(control):
    """Return the values that lie at the ends of a control: all of them for a list."""
    return list(getattr(control.field, "options", ())) or [control.field.min, control.field.max]


def somewhere(control, rng):
    """Return a value of a control: a random notch of a slider, one time in five an end."""
    if hasattr(control.field, "options") or rng.random() < 0.2:
        return rng.choice(ends(control))
    slider = control.slider
    notch = slider.min + slider.step * rng.randrange(round((slider.max - slider.min) / slider.step) + 1)
    value = float(f"{10**notch:.2g}") if control.log else notch
    return min(max(value, control.field.min), control.field.max)


def change(panel, name, value):
    """Set a control and check that the picture is shown: an error, or a warning, would stand in its place."""
    panel.set(**{name: value})
    assert panel.image.value == panel.picture.html, f"{panel.image.value[:300]} at {panel.state}"


def test_the_explorers_are_found():
    assert len(EXPLORERS) >= 15 and {"training_explorer", "landscape_explorer"} <= set(EXPLORERS)


def test_every_control_reaches_its_ends(panel):
    start = panel.state
    for name, control in panel.controls.items():
        for end in ends(control):
            change(panel, name, end)
            assert "nan" not in panel.picture.alt.lower().split(), panel.picture.alt
        change(panel, name, start[name])
    for side in (0, -1):  # and all of them together
        for name, control in panel.controls.items():
            change(panel, name, ends(control)[side])


def test_a_random_walk_leaves_nothing_behind(panel, request):
    rng = random.Random(request.node.name)
    names = list(panel.controls)

    def walk(changes, seconds):
        end = time.process_time() + seconds
        for _ in range(changes):
            name = rng.choice(names)
            change(panel, name, somewhere(panel.controls[name], rng))
            if time.process_time() > end:
                break
        gc.collect()
        return psutil.Process().memory_info().rss

    before = walk(CHANGES // 20, SECONDS / 2)  # figures are drawn, caches begin to fill
    assert walk(CHANGES, SECONDS) - before < MOST_GROWTH
    assert panel.draw(**panel.state) == panel.picture, "the same state is the same picture, whatever was shown before"
