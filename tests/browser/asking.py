"""A lesson of four questions, one of each kind, for the tests that answer them in a real browser."""

import json
import re

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect

import questions

NAME = "90_four_questions.ipynb"
WHY = "It stands in every denominator."
REASON = "If the first grows alone, what do the four add up to?"
ASKED = [
    (
        'push = lesson.predict("push", "Which probabilities change, when $a_1$ grows?", ["only the first", "all four"])',
        {"why": WHY, "only the first": REASON},
        'push.compare("all " + "four")',
    ),
    (
        'share = lesson.predict("share", "How much of it is left?", unit="%")',
        {"why": "A quarter is 25 of 100.", "50": "That is the half.", "> 100": "More than there was?"},
        "share.compare(1 / 4)",
    ),
    (
        'moves = lesson.predict("moves", "Which of these move?", ["x", "W", "ŷ"], several=True)',
        {"why": "The nudge is in W.", "x": "x is data.", "W": "W is nudged.", "ŷ": "ŷ depends on W."},
        "moves.compare([False, True, True])",
    ),
    (
        'way = lesson.predict("way", "In which order does the way back meet them?", ["weights", "output", "scores"], ordered=True)',
        {"why": "From the end.", "weights before scores": "W needs a.", "scores before output": "The end comes first."},
        'way.compare(["output", "scores", "weights"])',
    ),
]


def lay(folder, before=""):
    """Write the lesson, and what the package must know of it, into a folder.

    Parameters
    ----------
    folder : Path
        Where notebooks are opened.
    before : str
        Code for the first cell, if Python does not find the course by itself.
    """
    (folder / "known").mkdir(exist_ok=True)
    first = "from utils.learn import lesson as lessons\n\nlessons.KNOWN = lessons.Path('known')\nlesson = lessons.Lesson('90')"
    cells = [new_markdown_cell("# 90 · Four questions"), new_code_cell(f"{before}\n{first}".strip())]
    for ask, reasons, compare in ASKED:
        cells += [
            new_code_cell(ask),
            new_code_cell(json.dumps(reasons, ensure_ascii=False), metadata={"tags": ["reasons"]}),
            new_code_cell(compare),
        ]
    cells += [new_code_cell("lesson.summary()"), new_code_cell("import time\n\ntime.sleep(2)")]
    (folder / "known" / "90.json").write_text(json.dumps(questions.declared(cells, "90")), encoding="utf-8")
    notebook = new_notebook(cells=questions.for_learners(cells, "90"))
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, folder / NAME)


class Asked:
    """The four questions on a page, in whichever notebook: found as a learner finds them, by what they say.

    Parameters
    ----------
    page : playwright Page
        On which the notebook has been run.
    """

    def __init__(self, page):
        self.page = page
        self.panels = page.locator(".course-panel")
        self.results = page.locator(".course-result")

    def option(self, text):
        """Return the button of an option; a sign before its text says whether it is chosen."""
        return self.page.get_by_role("button", name=re.compile(rf"^\S+ {re.escape(text)}$"))

    def choose_by_keyboard(self, text, tabs):
        """Press an option with Enter, go on with Tab to the button that commits, and press that."""
        self.option(text).focus()
        self.page.keyboard.press("Enter")
        expect(self.option(text)).to_have_attribute("aria-pressed", "true")
        for _ in range(tabs):
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")

    def press(self, *texts):
        """Click options, one after the other, and then the button that commits."""
        for text in texts:
            self.option(text).click()
        self.panels.filter(has=self.option(texts[0])).get_by_role("button", name="This is my answer").click()

    def type(self, text):
        """Type a number and press Enter."""
        field = self.page.get_by_label("Answer", exact=True)
        field.fill(text)
        field.press("Enter")
