"""Every explorer under a restless hand: each control to its ends, then a random walk through all of them.

The explorers are found, not listed: a function ``…_explorer`` in a module of ``utils/explore`` is tested here.
The walk has 1000 changes; it is made with COURSE_LONG=1 (``make test-long``).
"""

import gc
import inspect
import os
import random
import re
import threading

import matplotlib.pyplot as plt
import psutil
import pytest
from every_explorer import EXPLORERS, explorer

from utils.explore.controls import Choice

pytestmark = pytest.mark.long
CHANGES, CORNERS = 1000, 10
WIDEST = 750  # pixels: what fits beside the prompt of a notebook cell
thorough = pytest.mark.skipif(os.environ.get("COURSE_LONG") != "1", reason="make test-long goes to the corners, and for a walk")
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
    if isinstance(control, Choice) or rng.random() < 0.2:
        return rng.choice(control.ends)
    if control.log:
        return float(f"{control.low * (control.high / control.low) ** rng.random():.2g}")
    return min(control.low + control.step * rng.randrange(round((control.high - control.low) / control.step) + 1), control.high)


def change(panel, name, value):
    """Set a control and check that the picture is shown: an error, or a warning, would stand in its place."""
    panel.set(**{name: value})
    assert panel.image.value == panel.picture.live_html, f"{panel.image.value[:300]} at {panel.state}"


def controls(panel):
    """Return the controls of an explorer by name."""
    return {name: row.control for name, row in panel.rows.items()}


def test_the_explorers_are_found():
    assert {"training_explorer", "landscape_explorer"} <= set(EXPLORERS)


@pytest.mark.parametrize("name", sorted(set(EXPLORERS) - {"landscape_explorer"}))
def test_an_explorer_is_declared_once(name):
    make, panel = EXPLORERS[name], explorer(name)
    assert panel.state == {each.name: each.default for each in inspect.signature(make).parameters.values() if each.name in panel.rows}
    assert panel.picture == make.picture(**panel.state), "the first picture needs no event"
    assert inspect.getdoc(make.picture).splitlines()[0] in make.__doc__


def test_every_control_reaches_its_ends(panel):
    start = panel.state
    for name, control in controls(panel).items():
        for end in control.ends:
            change(panel, name, end)
            assert "nan" not in panel.picture.alt.lower().split(), panel.picture.alt
        change(panel, name, start[name])
    for side in (0, -1):  # and all of them together
        for name, control in controls(panel).items():
            change(panel, name, control.ends[side])


@thorough
def test_corners_of_the_controls_give_numbers(panel, request):
    rng = random.Random(request.node.name)
    for _ in range(CORNERS):
        state = {name: rng.choice(control.ends) for name, control in controls(panel).items()}
        picture = panel.draw(**state)
        assert not re.search(r"\bnan\b|\binf\b", f"{picture.alt} {picture.caption} {picture.details}"), state
        assert picture.width <= WIDEST
        assert panel.draw(**state) == picture


@thorough
def test_a_random_walk_leaves_nothing_behind(panel, request):
    rng = random.Random(request.node.name)
    every = controls(panel)

    def walk(changes):
        for _ in range(changes):
            name = rng.choice(list(every))
            change(panel, name, somewhere(every[name], rng))
        gc.collect()
        return psutil.Process().memory_info().rss

    before = walk(CHANGES // 5)  # figures are drawn, one for each number of hidden units, and the last runs are kept
    assert walk(CHANGES) - before < MOST_GROWTH
    assert panel.draw(**panel.state) == panel.picture, "the same state is the same picture, whatever was shown before"
