"""The teacher's guide has every lesson, with the title, the time and the sections that the lesson has."""

import re

import nbformat
import pytest

import build_notebooks as build

GUIDE = (build.ROOT / "TEACHING.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^### (\d\d) · (.*) \((\d+) minutes\)\n((?:(?!^###? ).*\n)*)", GUIDE, flags=re.M)


def spans(sections):
    """Return the first and the last section of each part of a text such as "1–3, 5"."""
    return [(int(first), int(last or first)) for first, last in re.findall(r"(\d+)(?:–(\d+))?", sections)]


def minutes_of(entry):
    """Return the minutes of the sections of a lesson: {(1, 2): 8, (3, 3): 12} for "1–2: 8 · 3: 12"."""
    timed = re.search(r"\*\*Minutes\*\* (.*?)\.", entry)[1]
    return {spans(sections)[0]: int(minutes) for sections, minutes in re.findall(r"([\d–]+): (\d+)", timed)}


def test_the_guide_has_every_lesson():
    assert [number for number, *_ in ENTRIES] == [source.stem[:2] for source in build.sources()]


@pytest.mark.parametrize("number, title, minutes, entry", ENTRIES, ids=[entry[0] for entry in ENTRIES])
def test_titles_times_and_sections_are_those_of_the_lesson(number, title, minutes, entry):
    lesson = nbformat.read(next(build.NOTEBOOKS.glob(f"{number}_*.ipynb")), as_version=4)
    text = "\n".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown")
    assert re.match(f"# {number} · {re.escape(title)}", text) and f"**Time** {minutes} minutes" in text
    sections = [int(section) for section in re.findall(r"^## (\d+) ·", text, flags=re.M)]
    times = minutes_of(entry)
    assert sum(times.values()) == int(minutes)
    covered = [section for first, last in times for section in range(first, last + 1)]
    assert covered == sorted(covered) and set(covered) <= set(sections)


def test_each_session_leaves_a_quarter_of_an_hour():
    sessions = re.findall(r"^\| \d+ \| (.*?) \|", GUIDE, flags=re.M)
    minutes = {number: minutes_of(entry) for number, *_, entry in ENTRIES}
    for session in sessions:
        for choice in session.split("*or*"):
            taken = 0
            for lesson, sections in re.findall(r"(\d\d), sections? ([\d–, ]+)", choice):
                wanted = {n for first, last in spans(sections) for n in range(first, last + 1)}
                parts = {part: time for part, time in minutes[lesson].items() if wanted & {*range(part[0], part[1] + 1)}}
                assert wanted == {n for first, last in parts for n in range(first, last + 1)}
                taken += sum(parts.values())
            assert 45 <= taken <= 90 - 15, choice
    assert len(sessions) == 10
