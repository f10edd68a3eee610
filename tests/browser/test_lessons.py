"""Every lesson in a real browser: run from the menu, then each of its explorers touched by keyboard."""

import pytest
from lab import NOTEBOOKS, NotebookPage
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

OWN_TESTS = {"10_four_classes.ipynb"}  # test_training_explorer.py
LESSONS = sorted({path.name for path in NOTEBOOKS.glob("*.ipynb")} - OWN_TESTS)


@pytest.mark.parametrize("name", LESSONS)
def test_explorers_of_a_lesson_answer_to_the_keyboard(page, jupyterlab, name):
    lesson = NotebookPage(page, jupyterlab, name)
    lesson.run_all()
    for explorer in lesson.explorers():
        explorer.picture.wait_for()
        before = explorer.picture.get_attribute("alt")
        for handle in explorer.output.get_by_role("slider").all():  # each to its other end
            start = handle.get_attribute("aria-valuenow")
            handle.press("End" if start == handle.get_attribute("aria-valuemin") else "Home")
            expect(handle).not_to_have_attribute("aria-valuenow", start)
        expect(explorer.picture).not_to_have_attribute("alt", before)
        expect(explorer.picture).to_have_count(1)
    assert lesson.errors() == []
    assert lesson.faults() == []
