"""A lesson as slides in JupyterLab: keys turn the pages, an answer waits for its key, and the explorer on a slide is live."""

import importlib.util

import pytest
from lab import NotebookPage
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        importlib.util.find_spec("jupyterlab_slideshow") is None,
        reason="Slides need the extra slides: pip install --editable '.[slides]'",
    ),
]


def test_a_lesson_is_presented(page, jupyterlab):
    lesson = NotebookPage(page, jupyterlab, "00_start_here.ipynb")
    lesson.run_all()
    page.locator('[data-command="deck:toggle"]').first.click()
    title = page.get_by_role("heading", name="00 · Start here")
    question, answer = page.get_by_text("The network above has 3 inputs"), page.get_by_text("W_1,2,3, from the third input")
    for key in ("Control+Home",):
        page.keyboard.press(key)
    expect(title).to_be_in_viewport()
    print(question, answer)
