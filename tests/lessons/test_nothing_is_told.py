"""In a learner's own copy nothing tells the answer to a prediction before it is given, and no cell is without a visible effect."""

import re

import nbformat
import pytest

import build_notebooks as build
from utils.lab import clean
from utils.learn.exercises import exercises_of
from utils.learn.lesson import known_lessons

NEW_FORM = [number for number in known_lessons() if exercises_of(number)]  # lessons in which something is written
PREDICTIONS = [(number, name) for number in NEW_FORM for name in known_lessons()[number]["predictions"]]


def copy_of(number):
    """Return the cells of a lesson as its own copy holds them."""
    (path,) = build.NOTEBOOKS.glob(f"{number}_*.ipynb")
    return nbformat.reads(clean(path.read_text(encoding="utf-8")), as_version=4).cells


def as_typed(fields):
    """Return the ways in which the truth would be written where it is told."""
    truth = fields["truth"]
    if fields["options"]:
        return [truth] if isinstance(truth, str) else []
    value = truth[0]
    shares = [f"{100 * value:.1f} %", f"{100 * value:.0f} %"] if fields["unit"] == "%" else []
    return [word for word in (f"{value:.4g}", f"{value:.3g}", *shares) if len(re.sub(r"\D", "", word)) > 1]


def names_all(source, fields):
    """Return whether a cell names all answers that are offered, as the question does, which tells none of them."""
    return bool(fields["options"]) and all(option in source for option in fields["options"])


@pytest.mark.parametrize(("number", "name"), PREDICTIONS)
def test_neither_cells_before_nor_cells_up_to_the_next_text_tell_the_answer(number, name):
    cells, fields = copy_of(number), known_lessons()[number]["predictions"][name]
    assert not any(cell.get("outputs") for cell in cells)
    text = "\n".join(cell.source for cell in cells)
    assert not any(reason in text for reason in fields["reasons"].values()), "a reason stands in the notebook"
    asks = next(i for i, cell in enumerate(cells) if f'"{name}"' in cell.source and "lesson.predict(" in cell.source)
    compares = next(i for i, cell in enumerate(cells) if f"{name}.compare(" in cell.source)
    after = next((i for i in range(compares + 1, len(cells)) if cells[i].cell_type == "markdown"), compares)
    near = "\n".join(cell.source for i, cell in enumerate(cells[: after + 1]) if i >= asks - 3 and not names_all(cell.source, fields))
    headings = "\n".join(re.findall(r"^#+ .*", text, flags=re.M))
    for words in as_typed(fields):
        told = re.compile(rf"(?<![\w.]){re.escape(words)}(?![\w.]*\d)")
        assert not told.search(near) and not told.search(headings), f"{words!r} is told near the question"


@pytest.mark.parametrize("number", NEW_FORM)
def test_every_prediction_has_reasons_for_likely_wrong_answers(number):
    for name, fields in known_lessons()[number]["predictions"].items():
        assert "why" in fields["reasons"] and len({*fields["reasons"]} - {"why", "otherwise"}) >= 2, name


@pytest.mark.parametrize("number", NEW_FORM)
def test_every_cell_shows_something_and_the_first_function_to_write_comes_early(number):
    (path,) = build.NOTEBOOKS.glob(f"{number}_*.ipynb")
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    silent = [cell.source for cell in code[1:] if not cell.outputs and "this-machine" not in cell.metadata.get("tags", [])]
    assert not silent
    written = [i for i, cell in enumerate(code) if "lesson.check(" in cell.source]
    assert len(written) >= 4 and written[0] < 8
    assert not any(len(cell.source.splitlines()) > 30 or "alt=" in cell.source or "subplots(" in cell.source for cell in code[1:])


@pytest.mark.parametrize("number", NEW_FORM)
def test_a_lesson_begins_with_two_questions_of_earlier_ones_and_ends_with_its_summary(number):
    code = [cell.source for cell in copy_of(number) if cell.cell_type == "code"]
    assert any("lesson.summary()" in source for source in code[-2:])
    recalled = [re.findall(r"\"(\d\d)/(\w+)\"", source) for source in code[:4] if "lesson.recall(" in source]
    if number == min(known_lessons()):
        assert not recalled
    else:
        (earlier,) = recalled
        assert len(earlier) == 2 and all(lesson < number for lesson, _ in earlier)
