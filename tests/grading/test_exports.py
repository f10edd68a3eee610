"""What comes out: grade book, feedback, report, and the files for learning platforms. Nothing in them does harm when it is opened."""

import csv
import json
import os
import re
from html.parser import HTMLParser

import nbformat
import pytest
from student_answers import script, source
from submissions import TRANSPOSE_MISSING, cells, notebook, run_grader
from wrong_answers import wrong_answers

import build_notebooks as build
from utils.grading.exports import EXPORTS, Export, write_grades
from utils.grading.grade_one import grade_one
from utils.grading.records import Answer, Row
from utils.homework.questions import HOMEWORKS, QUESTIONS

SOURCES = sorted(build.SOURCES.glob("hw_*.py"))
EVIL = "=cmd|'/c calc'!A1"
FIRST_TWO = {  # of the wrong answers: the known mistakes of these questions share code, and do not stand alone in a script
    "train_batches": ("not shuffled", "the same order in each pass"),
    "train_digits": ("below the goal", "more steps than a pass has"),
    "report": ("trained on the test images", "validation accuracy reported"),
}


@pytest.fixture(scope="module")
def batch(graded, tmp_path_factory):
    """Grade a class as Canvas and Moodle would send it, with awkward names."""
    folder = tmp_path_factory.mktemp("class")
    pages = {
        "doejane_11_99_hw_03.ipynb": notebook(cells()),
        "roejoe_LATE_12_98_hw_03.ipynb": notebook(cells(hidden_gradient=TRANSPOSE_MISSING)),
        "mid_14_97_hw_03.ipynb": notebook(cells()[:2]),
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
    with open(path, newline="", encoding="utf-8-sig") as file:
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
    assert rows["roejoe_LATE_12_98_hw_03.ipynb"]["handed in"] == "late"
    assert rows["mid_14_97_hw_03.ipynb"]["points"] == "4"
    assert "no code" in rows["'@<b>bold & co/hw_03.ipynb"]["problem"]


BEFORE = ("", " ", "x;", "x|", "x\t", "x\n", "\u202e", "\u200b", "\ufeff", "x; ", ";'", '"', '";', "\u00a0")
RUN = re.compile(r'[\s"\u200b\u202e\ufeff]*[=+\-@＝＋－＠]')  # a cell that a spreadsheet would run


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_cell_of_any_csv_is_a_formula(separator, tmp_path):
    evil = [f"{before}{EVIL}" for before in BEFORE]
    answer = Answer("hidden_gradient", 4, state="wrong", mistake=EVIL, hints=[f"; {EVIL}"])
    about = {"homework": "hw_04", "questions": [answer], "notices": evil, "texts": {"experiment_answer": f"a\n{EVIL}"}}
    rows = [Row(**about, id=str(i), student=text, path=f"{i}{text}", handed_in=text, of=9) for i, text in enumerate(evil)]
    write_grades(rows, tmp_path)
    for name in ("moodle", "canvas"):
        EXPORTS[name](Export(rows, tmp_path))
    paths = sorted(tmp_path.glob("*.csv"))
    assert [path.name for path in paths] == ["canvas.csv", "gradebook.csv", "moodle_hw_04.csv", "written.csv"]
    for path in paths:
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf"), "Excel reads it as UTF-8"
        text = data.decode("utf-8-sig")
        for lines in (text.splitlines(True), text.replace("\r\n", "\n").split("\n")):
            run = [cell for line in csv.reader(lines, delimiter=separator) for cell in line if RUN.match(cell)]
            assert not run, path.name


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
    unclear = run_grader("export", out, "--to", "canvas")
    assert unclear.returncode == 1 and "hw_03 and hw_04" in unclear.stderr
    canvas = run_grader("export", out, "--to", "canvas", "--homework", "hw_03")
    assert canvas.returncode == 0 and "3 rows have no number" in canvas.stderr and "Left out: -1+1/hw_04.ipynb (hw_04)" in canvas.stderr
    lines = table(out / "canvas.csv")
    column = f"hw_03 {HOMEWORKS['hw_03'].title}"
    assert list(lines[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column], "one homework, and nothing else"
    assert (lines[0]["Student"], lines[0][column]) == ("    Points Possible", "9")
    assert {line["ID"]: line[column] for line in lines if line["ID"]} == {"11": "9", "12": "5", "14": "4"}

    run_grader("export", out, "--to", "gradescope", "--homework", "hw_03")
    for row in rows:
        path = out / "gradescope" / row["id"] / "results.json"
        assert path.exists() == (row["homework"] == "hw_03")
        results = json.loads(path.read_text()) if path.exists() else {}
        assert results.get("score", 0) == sum(test["score"] for test in results.get("tests", []))


def moodle(name, number, points, **more):
    return Row(
        student=name, platform="moodle", platform_id=number, path=f"{name}{points}", id=f"{name}{points}", points=points, of=9, **more
    )


def test_a_worksheet_has_one_row_per_student_and_says_what_it_merged(tmp_path):
    rows = [
        moodle("Eve", "5", 3, homework="hw_03"),
        moodle("Eve", "5", 7, homework="hw_03"),
        moodle("Eve", "6", 2, homework="hw_03"),
        moodle("Lee", "7", 9, homework="hw_03", notices=["<b>Cell 3</b> was left out."]),
        moodle("Lee", "7", 0, problem="No homework is recognised."),
        moodle("Ann", "8", 0, homework="hw_03", problem="It is a .pdf."),
        moodle("Ann", "8", 4, homework="hw_01"),
    ]
    write_grades(rows, tmp_path)
    export = Export(rows, tmp_path, "hw_03")
    (path,) = EXPORTS["moodle"](export)
    lines = table(path)
    grades = [(line["Identifier"], line["Full name"], line["Grade"], line["Maximum Grade"]) for line in lines]
    assert grades == [
        *[("Participant 5", "Eve", "7", "9"), ("Participant 6", "Eve", "2", "9")],
        *[("Participant 7", "Lee", "9", "9"), ("Participant 8", "Ann", "0", "9")],
    ]
    assert "&lt;b&gt;" in lines[2]["Feedback comments"], "Moodle shows it as HTML"
    said = " ".join(export.messages)
    assert "Merged: of Eve, Eve7 (7 points) counts, not Eve3 (3 points)" in said
    assert "Left out: Lee0 (No homework is recognised.)" in said and "Left out: Ann4 (hw_01)" in said


def test_points_for_written_answers_are_entered_once_and_merged(tmp_path):
    row = {"homework": "hw_04", "of": 12, "texts": {"experiment_answer": "Because."}}
    rows = [Row(**row, id="a", path="a", student="A", points=5), Row(**row, id="b", path="b", student="B", points=9)]
    write_grades(rows, tmp_path)
    assert "2 written answers have no points yet" in " ".join(Export(rows, tmp_path).messages)
    path = tmp_path / "written.csv"
    lines = [(line["id"], line["of"], line["points"], line["answer"]) for line in table(path)]
    assert lines == [("a", "4", "", "Because."), ("b", "4", "", "Because.")]
    saved = "id;submission;student;question;of;points;answer\na;a;A;experiment_answer;4;2,5;Größe\nb;b;B;experiment_answer;4;;x\n"
    path.write_bytes(saved.encode("cp1252"))  # as a German Excel saves it
    write_grades(rows, tmp_path)  # graded again: the teacher's points stay
    export = Export(rows, tmp_path)
    assert [export.points(row) for row in export.rows] == [7.5, 9] and export.of == HOMEWORKS["hw_04"].points + 4
    assert "1 written answers have no points yet" in " ".join(export.messages)
    for wrong in ("5", "-1", "x", "nan"):
        path.write_text(saved.replace("2,5", wrong), encoding="utf-8")
        with pytest.raises(ValueError, match="no number from 0 to 4"):
            Export(rows, tmp_path)


@pytest.mark.sandbox
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_solved_homework_earns_all_points_and_a_student_version_one_none(source):
    solved = grade_one(nbformat.writes(build.solved(source)).encode(), False, None, seed=1)
    assert solved.problem == "" and solved.points == solved.of > 0, solved
    assert all(text.strip() for text in solved.texts.values()) and not solved.notices
    student = grade_one(nbformat.writes(build.student_version(source)).encode(), False, solved.homework, seed=1)
    assert student.points == 0 and {answer.state for answer in student.questions} == {"not yet"}
    assert student.problem == "" and not any(text.strip() for text in student.texts.values())


@pytest.mark.sandbox
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_the_grader_says_the_same_as_the_check(question):
    if question.name in FIRST_TWO:
        known = {mistake.name: mistake for mistake in question.mistakes}
        bodies = zip(wrong_answers(question.name)[:2], FIRST_TWO[question.name], strict=True)
        answers = [(script(question.name, body), known[name]) for body, name in bodies]
    else:
        answers = [(source(question, mistake), mistake) for mistake in (question.mistakes[1], question.mistakes[-2])]
    for text, mistake in answers:
        marked = grade_one(text.encode(), True, question.homework, seed=7)
        found = next(answer for answer in marked.questions if answer.name == question.name)
        assert (found.points, found.mistake) == (0, mistake.name)
        assert found.hints == [mistake.nudge, mistake.reason, str(mistake.read)]
