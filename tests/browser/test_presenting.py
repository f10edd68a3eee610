"""A lesson as slides in JupyterLab: keys turn the pages, an answer waits for its key, and the explorer on a slide is live."""

import importlib.util
from contextlib import closing

import pytest
from lab import Lab, NotebookPage, press
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        importlib.util.find_spec("jupyterlab_slideshow") is None,
        reason="Slides need the extra slides: pip install --editable '.[slides]'",
    ),
]


@pytest.fixture(scope="module")
def jupyterlab(chromium, tmp_path_factory):
    """Start a JupyterLab for these slides alone: it remembers that slides were shown, and would open the next notebook as slides."""
    with closing(Lab(tmp_path_factory.mktemp("slides"))) as lab:
        yield lab


def press_until(page, visible, at_most=20):
    """Press the space bar until something is on the screen."""
    for _ in range(at_most):
        page.keyboard.press("Space")
        page.wait_for_timeout(800)  # a key that comes while the page turns is lost
        if visible.is_visible():
            return
    raise AssertionError(f"not on the screen after {at_most} keys: {visible}")


def test_a_lesson_is_presented(page, jupyterlab):
    lesson = NotebookPage(page, jupyterlab, "00_start_here.ipynb")
    lesson.run_all()
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")
    page.locator('[data-command="deck:toggle"]').click()
    title = page.get_by_role("heading", name="00 · Start here")
    question = page.locator(".jp-CodeCell", has_text="By how much does the area grow?").first  # the summary asks it once more
    answer = page.locator(".jp-CodeCell", has_text="growth.compare")
    later = page.get_by_role("heading", name="3 · What is a derivative?")
    expect(later).to_be_hidden()
    expect(title).to_be_visible()
    size = page.locator(".jp-MarkdownCell p:visible").first.evaluate("(text) => parseFloat(getComputedStyle(text).fontSize) / innerHeight")
    assert size == pytest.approx(0.022, abs=0.001), "text grows with the window"

    press_until(page, question)
    expect(title).to_be_hidden()
    expect(answer).to_have_css("opacity", "0")  # it has its place already, but waits for its key
    for _ in range(3):  # the question itself may still wait for its key
        page.keyboard.press("Space")
        page.wait_for_timeout(1500)
        if answer.evaluate("(cell) => getComputedStyle(cell).opacity") == "1":
            break
    expect(answer).to_have_css("opacity", "1")
    expect(question).to_be_visible()

    explorer = lesson.explorer("x")
    press_until(page, explorer.picture)
    before = explorer.picture.get_attribute("alt")
    press(explorer.slider("x"), "End")
    expect(explorer.picture).not_to_have_attribute("alt", before)
    expect(explorer.picture).to_be_in_viewport(ratio=1)
