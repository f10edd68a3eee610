"""The slides of every lesson: there are enough, none is too full, and no answer is on the screen before its question."""

from itertools import pairwise

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

import build_notebooks as build
import slides

every_lesson = pytest.mark.parametrize("source", build.sources(), ids=lambda path: path.stem)


def kinds(cells):
    return [cell.metadata.slideshow.slide_type for cell in cells]


def with_slides(*cells):
    slides.add_slides(cells)
    return kinds(cells)


@every_lesson
def test_a_lesson_is_a_deck(source):
    cells = build.unexecuted(source).cells
    assert kinds(cells)[0] == "slide"
    headings = [
        line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines() if line.startswith(("# ", "## "))
    ]
    first = [cell.source.splitlines()[0] for cell in cells if cell.metadata.slideshow.slide_type == "slide"]
    assert first == headings and len(headings) >= 3, "a section begins in the middle of a slide"


@every_lesson
def test_every_answer_waits_for_a_key(source):
    cells = [cell for cell in build.unexecuted(source).cells if cell.metadata.slideshow.slide_type != "skip"]
    for question, answer in pairwise(cells):
        if slides.predicts(question):
            assert answer.metadata.slideshow.slide_type in ("fragment", "subslide", "slide")
    assert all(cell.metadata.slideshow.slide_type != "skip" for cell in build.unexecuted(source).cells if slides.predicts(cell))


@every_lesson
def test_no_screen_is_overfull_unless_one_cell_is(source):
    used = 0
    for cell in build.unexecuted(source).cells:
        kind = cell.metadata.slideshow.slide_type
        if kind in ("slide", "subslide"):
            used = slides.lines(cell)
        elif kind == "fragment":
            used += slides.lines(cell)
            assert used <= slides.SCREEN


def test_a_prediction_moves_to_a_new_screen_together_with_its_answer():
    section = new_markdown_cell("## A section\n" + "\nA line." * (slides.SCREEN - 8))
    question, answer = new_markdown_cell("**Predict.** What will it be?"), new_code_cell("print(1)\n" * 2)
    check = new_markdown_cell("**Check.** One.")
    assert with_slides(section, question, answer, check) == ["slide", "subslide", "fragment", "fragment"]


def test_what_shows_nothing_is_skipped():
    title, section = new_markdown_cell("# Title"), new_markdown_cell("## 1 · Begin")
    setup, silent, loud = (
        new_code_cell(f"{slides.SETUP}: x\nprint(1)"),
        new_code_cell("for i in x:\n    assert i"),
        new_code_cell("assert x\nprint(x)"),
    )
    assert with_slides(title, setup, section, new_code_cell("import math"), silent, loud, new_code_cell("x = 1")) == (
        ["slide", "skip", "slide", "skip", "skip", "fragment", "fragment"]
    )


def test_a_source_has_the_last_word():
    cell = new_markdown_cell("## Only for readers", metadata={"slideshow": {"slide_type": "skip"}, "tags": ["kept"]})
    assert with_slides(cell) == ["skip"] and cell.metadata.tags == ["kept"]
