"""What comes out: grade book, feedback, report, and the files for learning platforms. Nothing in them can hurt who opens it."""

import csv
import json
import os
import re
from html.parser import HTMLParser

import nbformat
import pytest
from student_answers import source
from submissions import TRANSPOSE_MISSING, cells, notebook, run_grader

import build_notebooks as build
from utils.grading.mark import mark
from utils.grading.outputs import EXPORTS, write_grades
from utils.homework.questions import HOMEWORKS, QUESTIONS

SOURCES = sorted(build.SOURCES.glob("hw_*.py"))
EVIL = "=cmd|'/c calc'!A1"


@pytest.fixture(scope="module")
def batch(graded, tmp_path_factory):
    """Grade a class as Canvas and Moodle would send it, with awkward names."""
    folder = tmp_path_factory.mktemp("class")
    pages = {
        "doejane_11_99_hw_03.ipynb": notebook(cells()),
        "roejoe_LATE_12_98_hw_03.ipynb": notebook(cells(hidden_gradient=TRANSPOSE_MISSING)),
        "Ann Ark_13_assignsubmission_file_/hw_03.ipynb": notebook(cells()[:2]),
        f"{EVIL.replace('/', '')}/hw_03.ipynb": notebook(cells(hidden_gradient=TRANSPOSE_MISSING, bias_gradient="bias_gradient = 3")),
        "@<b>bold & co/hw_03.ipynb": notebook([]),
        os.fsdecode(b"j\xffrg/hw_03.ipynb"): notebook(cells()[:1]),
        "-1+1/hw_04.ipynb": notebook(["experiment_answer = '<img src=x onerror=alert(1)> =1+1'", "def train(): return '<script>'"]),
    }
    for path, page in pages.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(page)
    process, out = graded(folder)
    assert process.returncode == 0, process.stderr
    return out, json.loads((out / "grades.json").read_text())


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Outline(HTMLParser):
    """Collects the tags of a page, and sees whether all are closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_grade_book(batch):
    rows = {line["submission"]: line for line in table(batch[0] / "gradebook.csv")}
    assert len(rows) == 7
    jane = rows["doejane_11_99_hw_03.ipynb"]
    assert (jane["student"], jane["points"], jane["of"], jane["hidden_gradient"]) == ("doejane", "9", "9", "4")
    assert rows["Ann Ark_13_assignsubmission_file_/hw_03.ipynb"]["points"] == "4"
    assert "no code" in rows["'@<b>bold & co/hw_03.ipynb"]["problem"]


def test_no_cell_of_any_csv_is_a_formula(batch):
    out, rows = batch
    written = [path for name, export in EXPORTS.items() if name != "gradescope" for path in export(rows, out)]
    for path in (out / "gradebook.csv", *written):
        with open(path, newline="", encoding="utf-8") as file:
            content = [cell for line in csv.reader(file) for cell in line]
        assert not [cell for cell in content if cell.startswith(tuple("=+-@\t\r"))]
        assert any(cell.startswith(("'=", "'-", "'@")) for cell in content)


def test_pages_are_sound_and_hold_nothing_foreign(batch):
    out, rows = batch
    assert run_grader("report", out).returncode == 0
    for path in (out / "report.html", *(out / "feedback" / f"{row['id']}.html" for row in rows)):
        page = Outline(path.read_text())
        names = [tag for tag, _ in page.tags]
        assert ("html", {"lang": "en"}) in page.tags and names.count("h1") == 1 and "title" in names
        assert not {"script", "img", "b", "link", "iframe"} & set(names)
        assert not re.search(r"https?:", path.read_text()), "self-contained"
        assert all(attributes.get("scope") in ("col", "row") for tag, attributes in page.tags if tag == "th")
        assert all((out / attributes["href"]).exists() for tag, attributes in page.tags if tag == "a")


def test_report_says_which_question_which_mistake_and_how_many(batch):
    out, _ = batch
    run_grader("report", out)
    words = " ".join(" ".join(Outline((out / "report.html").read_text()).words).split())
    assert "7 submissions, of which 6 could be graded" in words
    assert re.search(r"hidden_gradient 2 2 1", words), "right, wrong, not yet"
    assert "W without transpose 2 Row i of W collects" in words and "column j of W." in words
    assert "<img src=x onerror=alert(1)> =1+1" in words, "the written answer, as text"


def test_feedback_has_the_three_hints_of_the_mistake(batch):
    out, rows = batch
    joe = next(row for row in rows if row["student"] == "roejoe")
    mistake = next(one for one in QUESTIONS["hidden_gradient"].mistakes if one.name == "W without transpose")
    words = " ".join(Outline((out / "feedback" / f"{joe['id']}.html").read_text()).words)
    assert all(text in words for text in (mistake.nudge, mistake.reason, str(mistake.read), "5 of 9 points"))
    own = json.loads((out / "feedback" / f"{joe['id']}.json").read_text())
    assert own["points"] == 5 and "same_as" not in own


def test_exports_have_the_form_that_platforms_read(batch):
    out, rows = batch
    canvas = run_grader("export", out, "--to", "canvas")
    assert canvas.returncode == 0 and "5 rows have no number" in canvas.stderr
    lines = table(out / "canvas.csv")
    column = f"hw_03 {HOMEWORKS['hw_03'].title}"
    assert list(lines[0])[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert (lines[0]["Student"], lines[0][column]) == ("    Points Possible", "9")
    assert {line["ID"]: line[column] for line in lines if line["ID"]} == {"11": "9", "12": "5"}

    run_grader("export", out, "--to", "moodle")
    ann = next(line for line in table(out / "moodle_hw_03.csv") if line["Full name"] == "Ann Ark")
    assert (ann["Identifier"], ann["Grade"], ann["Maximum Grade"]) == ("Participant 13", "4", "9")

    run_grader("export", out, "--to", "gradescope")
    for row in rows:
        results = json.loads((out / "gradescope" / row["id"] / "results.json").read_text())
        assert results["score"] == row["points"] == sum(test["score"] for test in results.get("tests", []))


def test_platforms_get_the_best_of_two_submissions(batch, tmp_path):
    first, second = (dict(batch[1][0], student="Eve", platform="moodle", platform_id="5", id=name) for name in "ab")
    first["points"], second["points"] = 3, 7
    write_grades([first, second], tmp_path)
    EXPORTS["moodle"]([first, second], tmp_path)
    (path,) = tmp_path.glob("moodle_*.csv")
    assert [line["Grade"] for line in table(path)] == ["7"]


@pytest.mark.sandbox
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_solved_homework_earns_all_points_and_a_student_version_one_none(source):
    solved = mark(nbformat.writes(build.solved(source)).encode(), False, None, seed=1)
    assert solved["problem"] == "" and solved["points"] == solved["of"] > 0, solved
    assert all(text.strip() for text in solved["texts"].values()) and not solved["notices"]
    student = mark(nbformat.writes(build.student_version(source)).encode(), False, solved["homework"], seed=1)
    assert student["points"] == 0 and {entry["state"] for entry in student["questions"]} == {"not yet"}
    assert student["problem"] == "" and not any(text.strip() for text in student["texts"].values())


@pytest.mark.sandbox
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_the_grader_says_the_same_as_the_check(question):
    for mistake in (question.mistakes[1], question.mistakes[-2]):
        marked = mark(source(question, mistake).encode(), True, question.homework, seed=7)
        found = next(entry for entry in marked["questions"] if entry["name"] == question.name)
        assert (found["points"], found["mistake"]) == (0, mistake.name)
        assert found["hints"] == [mistake.nudge, mistake.reason, str(mistake.read)]
