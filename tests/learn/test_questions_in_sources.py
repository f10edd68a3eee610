"""What the builder does with a lesson's questions: reasons leave the notebook, outputs are folded, an author's mistake is named."""

import json

import jupytext
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import build_notebooks as build
import questions
from utils.learn.answers import question
from utils.learn.page import compared

ASK = 'push = lesson.predict("push", "Which change?", {1: "only ŷ₁", 4: "all four"})'
TOLD = '{"why": "Denominators.", "only ŷ₁": "They add up to 1."}'


def cells(ask=ASK, told=TOLD, last="change = 4\nprint(change)\npush.compare(change)", first='lesson = Lesson("99")'):
    tagged = [new_code_cell(told, metadata={"tags": ["reasons"]})] if told else []
    return [
        new_markdown_cell("# 99 · Momentum\n\nText."),
        new_code_cell(first),
        new_code_cell(ask),
        *tagged,
        new_code_cell("print(3)"),
        new_code_cell(last),
    ]


def test_questions_and_reasons_are_taken_out_of_the_source():
    asked = questions.declared(cells(), "99")
    assert asked["title"] == "Momentum"
    assert asked["predictions"]["push"] == {
        "text": "Which change?",
        "options": ["only ŷ₁", "all four"],
        "unit": "",
        "several": False,
        "ordered": False,
        "reasons": {"why": "Denominators.", "only ŷ₁": "They add up to 1."},
    }


def test_no_reason_stays_in_the_notebook_and_outputs_up_to_the_comparison_are_folded():
    kept = questions.for_learners(cells(), "99")
    assert len(kept) == 5 and not any("Denominators" in cell.source for cell in kept)
    assert [cell.metadata.get("tags", []) for cell in kept] == [[], [], ["hide-input"], ["hide-output"], ["hide-output"]]
    assert all(cell.metadata.jupyter.outputs_hidden and cell.metadata.collapsed for cell in kept[3:])


def test_a_cell_that_only_compares_is_not_folded():
    kept = questions.for_learners(cells(last="push.compare(change)"), "99")
    assert "tags" not in kept[-1].metadata


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"told": ""}, "must stand behind the prediction 'push'"),
        ({"told": '{"why": "Denominators."}', "ask": ASK.replace("{1:", "{2: 'two', 1:")}, "no reason|needs no reason"),
        ({"told": '{"why": why}'}, "written out"),
        ({"told": TOLD + "\nprint(1)"}, "written out"),
        ({"ask": ASK.replace("push =", "pull =")}, "has its name"),
        ({"ask": ASK.replace("push = ", "")}, "has its name"),
        ({"last": "print(3)"}, "never compared"),
        ({"ask": ASK.replace("4:", "1:")}, "two or more different texts|Options"),
        ({"ask": ASK.replace("only", "$y_1$ only")}, "without formulas|no option"),
        ({"ask": ASK.replace("})", "}, colour='red')")}, "colour"),
        ({"first": 'lesson = Lesson("12")'}, "This is lesson 99"),
    ],
)
def test_a_slip_of_the_author_is_named(changed, complaint):
    with pytest.raises(questions.UnfitQuestionError) as problem:
        questions.declared(cells(**changed), "99")
    assert any(part in str(problem.value) for part in complaint.split("|")), str(problem.value)


def test_reasons_without_a_prediction_are_a_slip_too():
    with pytest.raises(questions.UnfitQuestionError, match="behind the cell with its one prediction"):
        questions.declared(
            [new_markdown_cell("# 99 · M"), new_code_cell("x = 1"), new_code_cell(TOLD, metadata={"tags": ["reasons"]})], "99"
        )


def test_two_predictions_before_one_cell_of_reasons_are_a_slip():
    other = ASK.replace("push", "pull")
    with pytest.raises(questions.UnfitQuestionError, match="its one prediction"):
        questions.declared(cells(f"{ASK}\n{other}", last="push.compare(4)\npull.compare(4)"), "99")


def test_two_predictions_of_one_name_are_a_slip():
    twice = cells()
    with pytest.raises(questions.UnfitQuestionError, match="Two predictions"):
        questions.declared(twice + twice[2:], "99")


# --- truths ---


def run(asked, truth, key="99/push"):
    """Return a notebook as if it had been run: with the comparison of a truth."""
    fields = asked["predictions"]["push"]
    made = question(**fields)
    return new_notebook(cells=[new_code_cell("…", outputs=[new_output("display_data", compared(made, key, None, made.true(truth)))])])


def test_truths_are_taken_from_the_outputs_of_a_run():
    asked = questions.declared(cells(), "99")
    assert questions.with_truths(asked, run(asked, "all four"), "99")["predictions"]["push"]["truth"] == "all four"
    number = 'push = lesson.predict("push", "How much?", unit="%")'
    asked = questions.declared(cells(number, '{"why": "w", "50": "half", "> 100": "more"}'), "99")
    assert questions.with_truths(asked, run(asked, 0.25), "99")["predictions"]["push"]["truth"] == [0.25, 0.005]


def test_a_truth_that_the_reasons_contradict_or_that_was_never_shown_stops_the_build():
    asked = questions.declared(cells(), "99")
    with pytest.raises(questions.UnfitQuestionError, match="'all four' has no reason"):
        questions.with_truths(asked, run(asked, "only ŷ₁"), "99")
    with pytest.raises(questions.UnfitQuestionError, match="compared with nothing"):
        questions.with_truths(questions.declared(cells(), "99"), new_notebook(), "99")


def test_truths_stay_while_a_lesson_is_built_anew_until_its_question_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(questions, "LESSONS", tmp_path)
    asked = questions.declared(cells(), "99")
    questions.write("99", questions.with_truths(asked, run(asked, "all four"), "99"))
    questions.write("99", questions.declared(cells(), "99"))
    assert json.loads((tmp_path / "99.json").read_text(encoding="utf-8"))["predictions"]["push"]["truth"] == "all four"
    questions.write("99", questions.declared(cells(ASK.replace("Which", "What")), "99"))
    assert "truth" not in json.loads((tmp_path / "99.json").read_text(encoding="utf-8"))["predictions"]["push"]


# --- the lessons as they are ---


@pytest.mark.parametrize("source", build.sources(), ids=lambda path: path.stem)
def test_what_the_package_knows_of_a_lesson_is_what_its_source_says(source):
    lesson = source.stem[:2]
    known = json.loads((questions.LESSONS / f"{lesson}.json").read_text(encoding="utf-8"))
    asked = questions.declared(jupytext.read(source).cells, lesson)
    notebook = nbformat.read(build.target(source), as_version=4)
    assert questions.with_truths(asked, notebook, lesson) == known, f"run `make build LESSONS={lesson}`"


def test_the_package_knows_these_lessons_and_no_other():
    assert [path.stem for path in sorted(questions.LESSONS.glob("*.json"))] == [source.stem[:2] for source in build.sources()]
