"""Predictions in a real JupyterLab: answered by keyboard and mouse, compared without another run, there again after reopening."""

import json

import pytest
from asking import NAME, REASON, WHY, Asked, lay
from lab import NotebookPage
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TOLD = "A quarter is 25 of 100."


@pytest.fixture(scope="module")
def notebook(page, jupyterlab):
    """Open the lesson of four questions and run it without an answer."""
    lay(jupyterlab.notebooks)
    notebook = NotebookPage(page, jupyterlab, NAME)
    notebook.lay_out()
    notebook.run_all()
    expect(page.locator(".course-panel")).to_have_count(4)
    return notebook


@pytest.fixture
def asked(page, notebook):
    return Asked(page)


def kept(jupyterlab):
    return json.loads((jupyterlab.notebooks / "course_progress.json").read_text(encoding="utf-8"))["90"]


def test_without_answers_everything_runs_and_nothing_is_told(notebook, asked, page):
    assert notebook.errors() == [] and notebook.faults() == []
    for result in asked.results.all():
        expect(result).to_contain_text("No answer yet")
    text = page.locator(".jp-Notebook").inner_text()
    assert REASON not in text and WHY not in text and "25" not in text
    assert page.locator(".course-offer:visible").count() == 0, "each question offers its answers once"


def test_an_answer_by_keyboard_is_compared_at_once_and_the_focus_stays(asked, page, jupyterlab):
    asked.choose_by_keyboard("only the first", tabs=2)
    expect(asked.results.nth(0)).to_contain_text("✗ You said “only the first”; the computation gave “all four”.")
    expect(asked.results.nth(0)).to_contain_text(REASON)
    expect(page.locator(".course-question").nth(0)).to_contain_text("You said: only the first")
    expect(asked.panels).to_have_count(3)
    assert page.evaluate("document.activeElement.closest('.jp-Cell') !== null"), "the next Shift-Enter runs the next cell"
    assert kept(jupyterlab) == {"push": {"answer": "only the first", "right": False}}


def test_bad_input_gets_a_sentence_and_letters_do_not_reach_jupyterlab(asked, page, notebook):
    cells = page.locator(".jp-Cell").count()
    for bad in ("many", "", "1e999", "nan", "9" * 5000, "<img src=x>"):
        asked.type(bad)
        said = asked.panels.first.locator(".course-say")
        expect(said).to_contain_text("number" if bad != "1e999" else "too large")
    asked.option("x").focus()
    for key in "abmdxd":
        page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == cells and page.locator(".jp-MarkdownCell").count() == 1
    assert notebook.errors() == []


def test_a_right_number_while_the_kernel_is_busy_and_several(asked, page, notebook, jupyterlab):
    page.locator(".jp-CodeCell").last.locator(".cm-content").press("Control+Enter")
    page.get_by_text("[*]:").wait_for()
    field = page.get_by_label("Answer", exact=True)
    for number in ("50", "40", "25"):  # the kernel still has the first when the last is committed
        field.press("Control+A")
        page.keyboard.type(number)
        page.keyboard.press("Enter" if number == "25" else "Tab")
    expect(asked.results.nth(1)).to_contain_text(f"✓ Right: 25 %.{TOLD}", use_inner_text=False)
    asked.press("x", "W")
    expect(asked.results.nth(2).locator("> p")).to_have_text(
        ["✗ You said “x, W”; the computation gave “W, ŷ”.", "x is data.", "ŷ depends on W."]
    )
    expect(page.locator(".course-summary")).to_contain_text("Predicted right: 1 of 4.")
    assert notebook.faults() == [] and notebook.errors() == []
    assert set(kept(jupyterlab)) == {"push", "share", "moves"}


def test_saved_and_reopened_everything_can_be_read_and_a_run_finds_the_answers(page, jupyterlab, notebook):
    notebook.save()
    notebook.end_kernel()
    again = NotebookPage(page, jupyterlab, NAME)
    expect(page.locator(".course-result").nth(0)).to_contain_text(REASON)
    expect(page.locator(".course-question").nth(1)).to_contain_text("You said: 25 %")
    offer = page.locator(".course-question").nth(3).locator(".course-offer")
    expect(offer).to_be_visible()
    expect(offer).to_contain_text("Put them in order.")
    expect(page.get_by_text("Error displaying widget")).to_be_hidden()
    again.run_all()
    expect(page.locator(".course-panel")).to_have_count(1)
    expect(page.locator(".course-result").nth(1)).to_contain_text("✓ Right: 25 %.")
    assert again.errors() == []
    page.watch.complaints = [text for text in page.watch.complaints if "widget model not found" not in text]  # as it must be
