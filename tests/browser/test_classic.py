"""Every lesson in the classic Notebook with ipywidgets 7, as Colab has: its sliders move its pictures there too.

`make test-colab` runs this in an environment with Colab's versions; elsewhere there is no such Notebook.
"""

import re
from contextlib import closing

import nbformat
import pytest
from asking import NAME, REASON, Asked, lay
from classic import ALONE, Classic, ClassicPage
from lab import NOTEBOOKS
from playwright.sync_api import expect
from test_lessons import touch

import build_notebooks as build
from self_contained import self_contained

pytestmark = pytest.mark.browser

LESSONS = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
CARRYING = "10_four_classes"


@pytest.fixture(scope="module")
def jupyterlab(chromium, tmp_path_factory):
    """Start the classic Notebook in the place of JupyterLab."""
    with closing(Classic(tmp_path_factory.mktemp("classic"))) as server:
        copy = self_contained(build.SOURCES / f"{CARRYING}.py")
        nbformat.write(copy, server.notebooks / ALONE / f"{CARRYING}.ipynb")
        yield server


@pytest.fixture(autouse=True)
def nothing_amiss(page):
    """Fail a test during which the page hit an error, except that Notebook misses a font and a file of its own."""
    yield
    complaints, page.watch.complaints = page.watch.complaints, []
    assert [text for text in complaints if "font at 'about:blank'" not in text and "Failed to load resource" not in text] == []


@pytest.mark.parametrize("name", [*LESSONS, f"{ALONE}/{CARRYING}.ipynb"])
def test_sliders_move_pictures(page, jupyterlab, name):
    lesson = ClassicPage(page, jupyterlab, name)
    lesson.run_all()
    assert all(prompt not in ("[]", "[*]") for prompt in lesson.prompts())
    for explorer in lesson.explorers():
        expect(explorer.picture).to_have_count(1)
        before = explorer.picture.get_attribute("alt"), explorer.picture.get_attribute("src")
        for handle in explorer.sliders():
            place = handle.get_attribute("style")
            handle.press("End")
            if handle.get_attribute("style") == place:
                handle.press("Home")
            expect(handle).not_to_have_attribute("style", place)
        expect(explorer.picture).not_to_have_attribute("alt", before[0])
        expect(explorer.picture).not_to_have_attribute("src", before[1])
        touch(page, explorer)
    assert lesson.errors() == []


def test_a_reopened_notebook_keeps_the_last_picture(page, jupyterlab):
    name = "01_chain_rule_one_path.ipynb"
    lesson = ClassicPage(page, jupyterlab, name)
    lesson.run_all()
    (explorer,) = lesson.explorers()
    fresh = explorer.picture.get_attribute("alt")
    explorer.sliders()[-1].press("End")
    expect(explorer.picture).not_to_have_attribute("alt", fresh)
    last = explorer.picture.get_attribute("alt")
    pictures = page.locator(".cell", has=page.locator(".explorer-still")).locator("img:visible")
    expect(pictures).to_have_count(1)
    lesson.save()
    lesson.end_kernel()

    ClassicPage(page, jupyterlab, name)
    expect(pictures).to_have_count(1)
    expect(pictures).to_have_attribute("alt", last)
    message = page.get_by_text("widget could not be displayed")
    message.wait_for(state="attached")
    expect(message).to_be_hidden()
    expect(pictures).to_have_count(1)


def test_predictions_are_answered_by_keyboard_and_mouse_and_can_be_read_after_reopening(page, jupyterlab):
    folder = jupyterlab.notebooks.parent
    lay(jupyterlab.notebooks, before=f"import sys\n\nsys.path.insert(0, {str(folder)!r})")
    lesson = ClassicPage(page, jupyterlab, NAME)
    lesson.run_all()
    asked = Asked(page)
    expect(asked.panels).to_have_count(4)
    asked.choose_by_keyboard("only the first", tabs=2)
    expect(asked.results.nth(0).locator("> p").nth(1)).to_have_text(REASON)
    asked.type("1e999")
    expect(asked.panels.first.locator(".course-say")).to_contain_text("too large")
    asked.type("25")
    expect(asked.results.nth(1)).to_contain_text("✓ Right: 25 %.")
    asked.press("x", "W")
    expect(asked.results.nth(2)).to_contain_text("✗ You said “x, W”; the computation gave “W, ŷ”.")
    expect(page.locator(".course-summary")).to_contain_text("Predicted right: 1 of 4.")
    assert lesson.errors() == []
    lesson.save()
    lesson.end_kernel()
    ClassicPage(page, jupyterlab, NAME)
    expect(page.locator(".course-question").nth(0)).to_contain_text("You said: only the first")
    expect(page.locator(".course-question").nth(3).locator(".course-offer")).to_be_visible()
    expect(page.get_by_text("could not be displayed")).to_be_hidden()


def test_the_film_runs_and_rests_here_too(page, jupyterlab):
    lesson = ClassicPage(page, jupyterlab, "00_start_here.ipynb")
    lesson.run_all()
    explorer = lesson.explorers()[0]
    field = explorer.field("log₁₀ ε")
    explorer.output.get_by_role("button", name="Play", exact=True).click()
    expect(field).to_have_value(re.compile(r"^-[1-9]\."))
    explorer.output.get_by_role("button", name="Pause", exact=True).click()
    page.wait_for_timeout(500)  # a picture may still be on its way
    rests = field.input_value()
    page.wait_for_timeout(500)
    assert field.input_value() == rests
    explorer.output.get_by_role("button", name="Step", exact=True).click()
    expect(field).not_to_have_value(rests)
    expect(explorer.output.get_by_role("button", name="From the start", exact=True)).to_be_visible()
    assert lesson.errors() == []
