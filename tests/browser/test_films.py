"""The Play button of an explorer: it has a name, it obeys the space bar, it stops at once, and folded controls unfold."""

import re

import pytest
from lab import NotebookPage, press
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LESSON = "00_start_here.ipynb"
LABEL = "log₁₀ ε"


@pytest.fixture(scope="module")
def explorer(page, jupyterlab):
    """Return the secant explorer of lesson 00."""
    lesson = NotebookPage(page, jupyterlab, LESSON)
    lesson.run_all()
    return lesson.explorer(LABEL)


def button(explorer, name):
    """Return the button with this name."""
    return explorer.output.get_by_role("button", name=name, exact=True)


def test_the_film_runs_and_rests(page, explorer):
    field = explorer.field(LABEL)
    button(explorer, "Play").click()
    expect(field).to_have_value(re.compile(r"^-[1-9]\."))  # it runs on, from 0 downwards
    button(explorer, "Pause").click()
    expect(button(explorer, "Play")).to_be_visible()
    page.wait_for_timeout(300)  # a picture may still be on its way
    rests = field.input_value()
    page.wait_for_timeout(500)
    assert field.input_value() == rests
    assert float(rests) < 0 and "ε = 1.0e+00" not in explorer.picture.get_attribute("alt")


def test_the_space_bar_plays_and_pauses(page, explorer):
    field = explorer.field(LABEL)
    explorer.slider(LABEL).focus()
    before = field.input_value()
    page.keyboard.press("Space")
    expect(button(explorer, "Pause")).to_be_visible()
    expect(field).not_to_have_value(before)
    page.keyboard.press("Space")
    expect(button(explorer, "Play")).to_be_visible()


def test_one_step_and_one_step_back(explorer):
    field = explorer.field(LABEL)
    press(explorer.slider(LABEL), "End")
    expect(field).to_have_value("0")
    button(explorer, "Step").click()
    expect(field).to_have_value("-0.5")
    button(explorer, "Back").click()
    expect(field).to_have_value("0")
