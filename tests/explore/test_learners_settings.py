"""A learner's style, fonts and numerical errors change the learner's own figures, and no picture of the course."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import matplotlib.pyplot as plt
import numpy as np
import pytest
from every_explorer import EXPLORERS, explorer

from utils.draw.film import Film
from utils.draw.picture import show, subplots

SETTINGS = {
    "text.usetex": True,  # without LaTeX matplotlib raises
    "figure.constrained_layout.use": True,
    "figure.dpi": 200,
    "font.size": 24,
    "font.sans-serif": ["DejaVu Serif"],
    "axes.labelsize": 30,
    "lines.linewidth": 8,
    "axes.grid": True,
}


def lesson_figure():
    """Return the picture of a figure as a lesson draws it."""
    fig, ax = subplots(figsize=(4, 3))
    ax.plot([1, 3, 2], label="a curve")
    ax.text(1, 2, "a text")
    ax.set(xlabel="epoch", ylabel="loss", title="a title")
    ax.legend()
    return show(fig, "a curve that rises and falls")


def pictures(disturbed):
    """Return the first picture of every explorer, of the film and of a figure; ``disturbed`` by a learner's settings or not."""
    run = explorer("landscape_explorer").draw.args[0]
    if disturbed:
        plt.style.use(["dark_background", SETTINGS])
        np.seterr(all="raise")
    film = Film(run.history, run.x, run.y[0].astype(int))
    return {name: explorer(name).picture for name in EXPLORERS} | {"film": film.picture(0), "figure": lesson_figure()}


@pytest.mark.long
def test_no_picture_of_the_course_changes():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:  # where no figure has been drawn yet
        disturbed = pool.submit(pictures, True).result()
    assert [name for name, picture in pictures(False).items() if disturbed[name] != picture] == []


def test_a_learners_own_figures_keep_their_style():
    with plt.style.context({"axes.facecolor": "#123456", "lines.linewidth": 8}):
        explorer("secant_explorer").set(x=2.0)
        lesson_figure()
        own = plt.figure().add_subplot()
        assert own.get_facecolor() == plt.matplotlib.colors.to_rgba("#123456")
        assert own.plot([1, 2])[0].get_linewidth() == 8
        plt.close()


def test_an_explorer_draws_whatever_numpy_is_told_to_raise():
    """Numbers of every size are made into colours, and some are too small for those."""
    panel = explorer("training_explorer")
    with np.errstate(all="raise"):
        panel.set(learning_rate=100.0)
    assert panel.image.value == panel.picture.html
