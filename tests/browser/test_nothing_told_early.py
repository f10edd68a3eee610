"""What is on the screen before the learner commits: a lesson's own copy is opened and run up to each question, and its text is read."""

import os
import re

import nbformat
import pytest
from lab import NotebookPage
from playwright.sync_api import expect

from utils.lab import originals
from utils.learn.lesson import known_lessons

pytestmark = pytest.mark.browser
LESSONS = [number for number, known in known_lessons().items() if known["predictions"]]
SEEN = """([first, last]) => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].slice(first, last + 1).map((cell) => cell.innerText)"""
OFTEN = "07"
READ = LESSONS if os.environ.get("COURSE_LONG") == "1" else [OFTEN]  # each takes up to a minute


def told(fields):
    """Return what only somebody who has answered may read: every reason, and what came out where the question does not offer it."""
    reasons = [re.sub(r"[`$]", "", text) for text in fields["reasons"].values()]
    if fields["options"]:
        return reasons
    value = fields["truth"][0] * (100 if fields["unit"] == "%" else 1)
    if value == 100 and fields["unit"] == "%":  # 100 alone is a count of something else
        return [*reasons, "100%", "100 %"]
    return reasons + [number for number in (f"{value:.4g}", f"{value:.3g}") if len(re.sub(r"\D", "", number)) > 2]


@pytest.mark.parametrize("number", [pytest.param(number, marks=[] if number == OFTEN else pytest.mark.long) for number in READ])
def test_nobody_reads_the_answer_before_the_question(page, jupyterlab, number):
    name, text = next((name, text) for name, text in originals().items() if name.startswith(f"{number}_"))
    folder = jupyterlab.notebooks / "own"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    notebook = NotebookPage(page, jupyterlab, f"own/{name}")
    notebook.lay_out()
    cells = page.locator(".jp-Notebook .jp-Cell")
    left, texts = dict(predictions := known_lessons()[number]["predictions"]), []
    cells.first.click()
    for i, cell in enumerate(nbformat.reads(text, as_version=4).cells):
        page.keyboard.press("Shift+Enter")
        for key in [key for key in left if re.search(rf"lesson\.predict\(\s*\"{key}\"", cell.source)]:
            expect(cells.nth(i).locator(".course-panel")).to_be_visible()
            texts += page.evaluate(SEEN, [len(texts), i])  # a cell is read once: what is above a question does not change
            seen = "\n".join(texts)
            early = [words for words in told(left[key]) if re.search(rf"(?<![\w.]){re.escape(words)}(?!\w|\.\d)", seen)]
            assert not early, f"before {key!r} is answered the screen says {early}"
            del left[key]
    assert not left, "every prediction was asked"
    assert notebook.errors() == []
    shown = page.locator(".course-result[data-truth]").evaluate_all("(results) => results.map((result) => result.innerText.trim())")
    assert len(shown) >= len(predictions) and len(set(shown)) == 1, "unanswered, every comparison says the same"
    whole = page.locator(".jp-Notebook").inner_text()
    assert not [text for fields in predictions.values() for text in fields["reasons"].values() if text in whole]
