"""Every explorer under a restless hand: each control to its ends, then a random walk through all of them.

The explorers are found, not listed: a function ``…_explorer`` in a module of ``utils/explore`` is tested here.
The walk has 1000 changes. Explorers that train a network at each of them get so far as SECONDS allow, and all
the way with COURSE_LONG=1 (``make test-long``); the way is the same, so that a failure can be seen again.
"""

import gc
import os
import random
import threading
import time

import matplotlib.pyplot as plt
import psutil
import pytest
from every_explorer import EXPLORERS, ends, explorer

CHANGES = 1000
SECONDS = float("inf") if os.environ.get("COURSE_LONG") == "1" else 0.8
MOST_GROWTH = 10_000_000  # bytes of the whole process, caches included


@pytest.fixture(params=EXPLORERS)
def panel(request):
    """Return an explorer as a lesson makes it, and check afterwards that nothing is left behind."""
    threads = set(threading.enumerate())
    yield explorer(request.param)
    assert not plt.get_fignums()
    assert set(threading.enumerate()) <= threads


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

    before = walk(CHANGES // 5, SECONDS / 2)  # figures are drawn, one for each number of hidden units, and the last runs are kept
    assert walk(CHANGES, SECONDS) - before < MOST_GROWTH
    assert panel.draw(**panel.state) == panel.picture, "the same state is the same picture, whatever was shown before"
