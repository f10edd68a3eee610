"""Every lesson in a real browser: run from the menu, each of its explorers used by keyboard, and its accessibility tested."""

import os

import nbformat
import pytest
from lab import NOTEBOOKS, NotebookPage, press
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ONE_EXPLORER = "05_hidden_units.ipynb"
OWN_TESTS = {"10_four_classes.ipynb"}  # test_training_explorer.py
OFTEN = [ONE_EXPLORER, "02_chain_rule_several_paths.ipynb", "12_regression_and_step_length.ipynb"]
ALL = sorted({path.name for path in NOTEBOOKS.glob("*.ipynb")} - OWN_TESTS)
READ = ALL if os.environ.get("COURSE_LONG") == "1" else OFTEN  # each takes half a minute
LESSONS = [pytest.param(name, marks=[] if name == ONE_EXPLORER else pytest.mark.long) for name in READ]


def cells(lab, name):
    """Return the kind and the source of every cell, as they are on the disk."""
    return [(cell.cell_type, cell.source) for cell in nbformat.read(lab.notebooks / name, as_version=4).cells]


@pytest.mark.parametrize("name", LESSONS)
def test_explorers_of_a_lesson_answer_to_the_keyboard(page, jupyterlab, name):
    lesson = NotebookPage(page, jupyterlab, name)
    lesson.run_all()
    for explorer in lesson.explorers():
        explorer.picture.wait_for()
        before = explorer.picture.get_attribute("alt")
        for row in explorer.rows():  # each towards its other end, as far as the other controls allow
            handle = row.get_by_role("slider")
            if row.get_by_role("spinbutton").is_enabled():
                press(handle, "End" if handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin") else "Home")
        rows = explorer.rows()
        assert len(rows) == explorer.output.get_by_role("slider").count() > 0
        for row in rows:
            field = row.get_by_role("spinbutton")
            label = row.locator("label").first.text_content()
            expect(field).to_have_accessible_name(label)
            expect(row.get_by_role("slider")).to_have_accessible_name(f"{label}, slider")
        expect(explorer.picture).not_to_have_attribute("alt", before)
        expect(explorer.picture).to_have_count(1)
        touch(page, explorer)
    assert lesson.errors() == []
    assert lesson.faults() == []


def touch(page, explorer):
    """Choose something in the picture by a click, and what is left of it by an arrow key; the focus stays in the picture."""
    if explorer.output.locator(".explorer-spot").count():
        for choose in (explorer.output.locator(".explorer-spot").last.click, lambda: page.keyboard.press("ArrowLeft")):
            before = explorer.picture.get_attribute("alt")
            choose()
            expect(explorer.picture).not_to_have_attribute("alt", before)
            expect(explorer.output.locator(".explorer-spot:focus")).to_have_count(1)


def test_a_restarted_kernel_draws_again(page, jupyterlab):
    lesson = NotebookPage(page, jupyterlab, ONE_EXPLORER)
    lesson.run_all()
    (explorer,) = lesson.explorers()
    handle = explorer.output.get_by_role("slider").first
    fresh = explorer.picture.get_attribute("alt")
    press(handle, "End")
    expect(explorer.picture).not_to_have_attribute("alt", fresh)
    lesson.run_all(restart=True)
    expect(explorer.picture).to_have_attribute("alt", fresh)
    press(handle, "End")
    expect(explorer.picture).not_to_have_attribute("alt", fresh)
    assert lesson.errors() == []


def test_letters_on_a_control_stay_in_the_explorer(page, jupyterlab):
    name = ONE_EXPLORER
    before = cells(jupyterlab, name)
    lesson = NotebookPage(page, jupyterlab, name)
    lesson.run_all()
    (explorer,) = lesson.explorers()
    for control in (explorer.field("network"), explorer.output.get_by_role("slider").first):
        for key in ("m", "y", "x", "a", "b", "d", "d", "c", "v", "z", "1", "Shift+m", "ArrowDown", "ArrowUp", " "):
            control.focus()
            control.press(key)
            page.keyboard.press("Escape")  # closes the list that a space opens
    expect(explorer.picture).to_be_visible()
    lesson.save()
    assert cells(jupyterlab, name) == before and lesson.errors() == []


def test_a_reopened_notebook_keeps_the_last_picture(page, jupyterlab):
    name = ONE_EXPLORER
    lesson = NotebookPage(page, jupyterlab, name)
    lesson.run_all()
    (explorer,) = lesson.explorers()
    fresh = explorer.picture.get_attribute("alt")
    press(explorer.output.get_by_role("slider").first, "End")
    expect(explorer.picture).not_to_have_attribute("alt", fresh)
    last = explorer.picture.get_attribute("alt")
    pictures = page.locator(".jp-Cell", has=page.locator(".explorer-still")).locator("img:visible")
    expect(pictures).to_have_count(1)
    lesson.save()
    lesson.end_kernel()

    lesson = NotebookPage(page, jupyterlab, name)
    expect(pictures).to_have_count(1)
    expect(pictures).to_have_attribute("alt", last)
    expect(page.get_by_text("Error displaying widget").filter(visible=True)).to_have_count(0)
    assert lesson.errors() == [] and lesson.faults() == []
    page.watch.complaints = [text for text in page.watch.complaints if "widget model not found" not in text]  # as it must be
    lesson.run_all()
    (explorer,) = lesson.explorers()
    expect(explorer.picture).to_have_attribute("alt", fresh)
    expect(pictures).to_have_count(1)


def test_answers_of_a_homework_can_be_read_by_everyone(page, jupyterlab):
    name = "homework/hw_02_output_layer.ipynb"
    path = jupyterlab.notebooks / name
    notebook = nbformat.read(path, as_version=4)
    given = {
        "def sigmoid_prime": "    return sigmoid(a) * (1 - sigmoid(a))",
        "def softmax_jacobian": "    return -y_hat @ y_hat.T",
    }
    for cell in notebook.cells:
        for head, line in given.items():
            if cell.source.startswith(head):
                cell.source = cell.source.replace("    raise NotImplementedError", line)
    checks = [cell for cell in notebook.cells if cell.source == "check(softmax_jacobian)"]
    checks[0].source = "\n".join(checks[0].source for _ in range(3))  # up to the last hint, with its link
    nbformat.write(notebook, path)
    homework = NotebookPage(page, jupyterlab, name)
    homework.run_all()
    answers = page.locator(".jp-OutputArea-output [role=status]")
    expect(answers).to_have_count(5)
    expect(answers).to_contain_text(["✓ sigmoid_prime is right", *["✗ softmax_jacobian"] * 3, "… output_gradient: not yet"])
    assert homework.errors() == [] and homework.faults() == []
