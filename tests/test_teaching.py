"""The teacher's guide has every lesson, with the title, the time and the sections that the lesson has."""

import re

import nbformat
import pytest

import build_notebooks as build

GUIDE = (build.ROOT / "TEACHING.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^### (\d\d) · (.*) \((\d+) minutes\)\n((?:(?!^###? ).*\n)*)", GUIDE, flags=re.M)


def test_the_guide_has_every_lesson():
    assert [number for number, *_ in ENTRIES] == [source.stem[:2] for source in build.sources()]


@pytest.mark.parametrize("number, title, minutes, entry", ENTRIES, ids=[entry[0] for entry in ENTRIES])
def test_titles_times_and_sections_are_those_of_the_lesson(number, title, minutes, entry):
    lesson = nbformat.read(next(build.NOTEBOOKS.glob(f"{number}_*.ipynb")), as_version=4)
    text = "\n".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown")
    assert re.match(f"# {number} · {re.escape(title)}", text) and f"**Time** {minutes} minutes" in text
    sections = [int(section) for section in re.findall(r"^## (\d+) ·", text, flags=re.M)]
    timed = re.search(r"\*\*Minutes\*\* (.*?)\.", entry)[1]
    times = {}
    for where, minute in re.findall(r"([\d–, ]+): (\d+)", timed):
        first, *last = map(int, where.split("–"))
        times |= {(first, *(last or [first])): int(minute)}
    assert sum(times.values()) == int(minutes)
    covered = [section for first, last in times for section in range(first, last + 1)]
    assert covered == sorted(covered) and set(covered) <= set(sections)
    tasks = {int(task) for task in re.findall(r"^\*\*(\d)\.\*\*", text, flags=re.M)}
    named = {int(task) for tasks_named in re.findall(r"Try it ((?:\d|, | and )+)", entry) for task in re.findall(r"\d", tasks_named)}
    assert named <= tasks
