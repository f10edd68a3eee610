"""What a lesson with questions shows and keeps while somebody goes through it, and what an answer changes."""

import json

import numpy as np
import pytest

from utils.homework.question import Place, Question
from utils.learn import exercise, lesson, prediction
from utils.learn.answers import question
from utils.learn.page import WIDGET
from utils.learn.panel import AnswerPanel
from utils.progress import NAME

KNOWN = {
    "03": {
        "title": "Paths",
        "exercises": [],
        "predictions": {
            "paths": {
                "text": "How many paths?",
                "options": None,
                "reasons": {"why": "Two by two.", "2": "That is one way.", "8": "Once each."},
                "truth": [4, 0],
            },
            "grows": {
                "text": "Which grows?",
                "options": ["one", "all"],
                "reasons": {"why": "All do.", "one": "Not one alone."},
                "truth": "all",
            },
        },
    },
    "04": {
        "title": "Output units: the way back",
        "exercises": ["double"],
        "predictions": {
            "push": {
                "text": "Which change?",
                "options": ["one", "all"],
                "reasons": {"why": "Denominators.", "one": "The sum is 1."},
                "truth": "all",
            }
        },
    },
}


class Page:
    """Stands in for the notebook: keeps what is shown, and what replaces it."""

    def __init__(self):
        self.outputs, self.panels = [], []

    def show(self, bundle, live=False):
        self.outputs.append(dict(bundle))
        return _Handle(self.outputs, len(self.outputs) - 1) if live else None

    @property
    def text(self):
        return "\n".join(output.get("text/plain", "") for output in self.outputs)


class _Handle:
    def __init__(self, outputs, place):
        self.outputs, self.place = outputs, place

    def update(self, bundle, raw):
        assert raw
        self.outputs[self.place] = dict(bundle)


@pytest.fixture
def page(monkeypatch):
    """Return the page on which everything appears, with its panels in their order."""
    page = Page()

    class Panel(AnswerPanel):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            page.panels.append(self)

    for module in (lesson, prediction):
        monkeypatch.setattr(module, "show", page.show)
    monkeypatch.setattr("utils.learn.panel.AnswerPanel", Panel)
    monkeypatch.setattr(lesson, "known_lessons", lambda: json.loads(json.dumps(KNOWN)))
    monkeypatch.setattr(lesson, "exercises_of", lambda number: {"double": DOUBLE})
    return page


def choose(panel, *texts):
    for text in texts:
        panel.options[list(panel.question.options.values()).index(text)].click()
    panel.button.click()


def asked(folder, number="04"):
    here = lesson.Lesson(number, folder)
    return here, here.predict("push", "Which change?", {1: "one", 4: "all"})


# --- predictions ---


def test_without_an_answer_the_lesson_goes_on(page, tmp_path):
    _, push = asked(tmp_path)
    push.compare(4)
    assert "No answer yet" in page.text and "Denominators" not in page.text and not (tmp_path / NAME).exists()


def test_an_answer_locks_is_kept_and_is_compared_at_once_with_what_was_computed_before(page, tmp_path):
    _, push = asked(tmp_path)
    push.compare(np.int64(4))
    choose(page.panels[0], "one")
    assert "You said: one" in page.outputs[0]["text/plain"] and page.outputs[1] == {"text/html": ""}
    assert page.outputs[2]["text/plain"] == "✗ You said “one”; the computation gave “all”.\nThe sum is 1."
    assert json.loads((tmp_path / NAME).read_text(encoding="utf-8"))["04"] == {"push": {"answer": "one", "right": False}}


def test_after_a_restart_the_answer_is_there_and_no_control(page, tmp_path):
    choose(asked(tmp_path) and page.panels[0], "all")
    page.outputs.clear()
    _, push = asked(tmp_path)
    push.compare(4)
    assert page.text == "Which change? You said: all\n✓ Right: all.\nDenominators." and len(page.panels) == 1
    assert not any(WIDGET in output for output in page.outputs)


def test_an_answer_to_a_question_that_has_changed_is_asked_for_again(page, tmp_path):
    choose(asked(tmp_path) and page.panels[0], "all")
    again = lesson.Lesson("04", tmp_path).predict("push", "Which change?", ["the first", "the last"])
    assert again.answer is None and len(page.panels) == 2


def test_what_a_learner_changed_in_the_computation_is_no_error(page, tmp_path):
    _, push = asked(tmp_path)
    for truth in (3, None, np.zeros(1000), "x" * 1000):
        push.compare(truth)
        assert "There is nothing to compare" in page.outputs[-1]["text/plain"] and len(page.outputs[-1]["text/plain"]) < 600


def test_bad_input_gets_a_sentence_and_the_question_stays_open(page, tmp_path):
    here = lesson.Lesson("04", tmp_path)
    size = here.predict("size", "How much?")
    panel = page.panels[0]
    for bad in ("", "many", "1e999", "nan", "<script>"):
        panel.field.value = bad
        panel.button.click()
        assert panel.said.value.startswith("<p>") and "<script" not in panel.said.value and size.answer is None
    panel.field.value = "0,25"
    panel.button.click()
    assert size.answer == "0,25"


def test_a_choice_must_be_made_first_and_none_of_several_needs_two_presses():
    given = []
    panel = AnswerPanel(question("?", ["a", "b"]), given.append)
    panel.button.click()
    assert "Choose one of the answers first." in panel.said.value and given == []
    panel.options[0].click()
    panel.options[1].click()
    assert panel.said.value == "" and [option.description for option in panel.options] == ["○ a", "● b"]
    panel.button.click()
    panel = AnswerPanel(question("?", ["a", "b"], several=True), given.append)
    panel.button.click()
    assert "press once more" in panel.said.value and given == ["b"]
    panel.button.click()
    panel = AnswerPanel(question("?", ["a", "b", "c"], ordered=True), given.append)
    choose(panel, "b", "a")
    assert "its place" in panel.said.value
    choose(panel, "a", "c", "a")
    assert given == ["b", [], ["b", "c", "a"]]


def test_there_is_no_lesson_of_another_number(page, tmp_path):
    with pytest.raises(ValueError, match="There is no lesson '4'; there are 03, 04"):
        lesson.Lesson("4", tmp_path)


# --- recall and summary ---


def test_recall_asks_again_what_earlier_lessons_have_asked(page, tmp_path):
    here = lesson.Lesson("04", tmp_path)
    here.recall("03/grows", ("03/paths", "How many paths did the last lesson find?"))
    choose(page.panels[0], "one")
    page.panels[1].field.value = "4"
    page.panels[1].button.click()
    assert "✗ You said “one”; the computation gave “all”.\nNot one alone." in page.text
    assert "did the last lesson find? You said: 4" in page.text and "✓ Right: 4.\nTwo by two." in page.text
    assert set(here.progress.of("04")) == {"recall 03/grows", "recall 03/paths"} and here.progress.of("03") == {}
    with pytest.raises(ValueError, match="03/nothing"):
        here.recall("03/nothing")


def test_the_summary_follows_the_answers(page, tmp_path):
    here, push = asked(tmp_path)
    here.summary()
    push.compare(4)
    assert "Predicted right: 0 of 1. Written: 0 of 1." in page.text and "Not answered yet: 2" in page.text
    choose(page.panels[0], "one")
    assert (
        "Look at this again: Which change? You said: one. True is: all. Denominators." in page.text and "Not answered yet: 1" in page.text
    )
    here.check(double)
    assert "Written: 1 of 1." in page.text


# --- functions to write ---


def _inputs(rng):
    return [(rng.normal(size=3),), (rng.normal(size=(2, 2)),)]


def _reference():
    def double(x):
        return 2 * x

    return double


DOUBLE = Question("double", _reference(), _inputs, "Return twice x.")


@DOUBLE.mistake()
def squared(x):
    """What comes out for x = 3?

    You have x times x; twice x is x + x.
    """
    return x**2


def double(x):
    return x + x


def stub():
    def double(x):
        raise NotImplementedError

    return double


def test_the_lesson_goes_on_with_the_learners_function_when_it_is_right(page, tmp_path):
    here = lesson.Lesson("04", tmp_path)
    assert here.check(double) is double and "✓ double is right" in page.text
    assert here.progress.get("04", "double") == {"written": True}


def test_until_then_it_goes_on_with_the_courses_own(page, tmp_path):
    here = lesson.Lesson("04", tmp_path)
    meanwhile = here.check(stub())
    assert meanwhile is DOUBLE.reference and "… double: not yet. Return twice x." in page.text
    assert "the lesson goes on with the course's own." in page.text, "where there is no HTML it is read as it is written"
    assert here.check(meanwhile) is meanwhile and "the course's own" in page.outputs[-1]["text/plain"]
    assert not (tmp_path / NAME).exists()


def test_a_known_mistake_hears_more_each_time(page, tmp_path):
    here = lesson.Lesson("04", tmp_path)
    squared.__name__ = "double"
    assert here.check(squared) is DOUBLE.reference
    assert "A hint: What comes out for x = 3?" in page.text and "The reason" not in page.text
    here.check(squared)
    assert "The reason: You have x times x" in page.text


@pytest.mark.parametrize("nothing", [None, 3, lambda x: x, np.zeros(3), len])
def test_what_is_no_function_of_this_lesson_gets_a_sentence_and_comes_back(page, tmp_path, nothing):
    assert lesson.Lesson("04", tmp_path).check(nothing) is nothing
    assert "To write in this lesson: double." in page.text


def test_a_function_that_raises_or_does_not_end_is_no_stumbling_block(page, tmp_path):
    def double(x):
        return undefined_name  # noqa: F821

    here = lesson.Lesson("04", tmp_path)
    assert here.check(double) is DOUBLE.reference and "NameError" in page.text


def test_where_to_read_is_a_link_when_the_lesson_lies_here(tmp_path, monkeypatch):

    place = Place("03_forward_pass", 2, "One unit")
    monkeypatch.chdir(tmp_path)
    assert exercise._linked(str(place), place) == str(place)
    (tmp_path / "03_forward_pass.ipynb").touch()
    assert exercise._linked(str(place), place) == f'<a href="03_forward_pass.ipynb">{place}</a>'


# --- the course as a picture ---


def test_the_course_shows_what_is_done_and_where_a_newer_version_waits(page, tmp_path):
    (tmp_path / "04_output_units.new.ipynb").touch()
    here, push = asked(tmp_path)
    here.course()
    assert "03 Paths: 0 of 2 done; 04 Output units: 0 of 2 done" in page.text and "Homework 1 The forward pass: 0 of 5 done" in page.text
    assert "04_output_units.new.ipynb is the course's newer version" in page.text
    push.compare(4)
    choose(page.panels[0], "one")
    here.check(double)
    assert "04 Output units: 2 of 2 done" in page.text
    here.progress.put("hw_01", "softmax", written=True)
    here.course()
    assert "Homework 1 The forward pass: 1 of 5 done" in page.text
