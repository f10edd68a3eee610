"""What teachers and learning platforms read: the grade book, and the files that platforms import.

Points for written answers are the teacher's: ``written.csv`` asks for them, and the exports add them.
"""

import csv
import html
import json
import re
import unicodedata
from collections import defaultdict

from utils.grading.records import Row, from_json, to_json
from utils.grading.reports import feedback_page
from utils.homework.questions import HOMEWORKS

GRADES, GRADE_BOOK, WRITTEN = "grades.json", "gradebook.csv", "written.csv"
WRITTEN_HEAD = ["id", "submission", "student", "question", "of", "points", "answer"]
# What a spreadsheet would run as a formula: such a sign at the beginning of a cell, or after a separator of another country.
FORMULA = re.compile(r"(^|[;\t\r\n|])([\s'\"]*)([=+\-@＝＋－＠﹢﹣﹫])")


def write_grades(rows, out):
    """Write the grade book, one JSON and one HTML page per submission, the table of written answers, and all of it as one JSON.

    Parameters
    ----------
    rows : list of Row
        One for each submission.
    out : Path
        An existing folder.
    """
    _write(out / GRADES, json.dumps([to_json(row) for row in rows], indent=1))
    names = list(dict.fromkeys(answer.name for row in rows for answer in row.questions))
    table = [["student", "submission", "homework", "points", "of", *names, "handed in", "problem", "notices", "same file as"]]
    for row in rows:
        points = {answer.name: answer.points for answer in row.questions}
        about = [row.student, row.path, row.homework, row.points, row.of]
        more = [row.handed_in, row.problem, " ".join(row.notices), "; ".join(row.same_as)]
        table.append([*about, *(points.get(name, "") for name in names), *more])
    _write_csv(out / GRADE_BOOK, table)
    _write_written(rows, out / WRITTEN)
    (out / "feedback").mkdir(exist_ok=True)
    for row in rows:
        own = {key: value for key, value in to_json(row).items() if key not in ("same_as", "stalled")}
        _write(out / "feedback" / f"{row.id}.json", json.dumps(own, indent=1))
        _write(out / "feedback" / f"{row.id}.html", feedback_page(row))


def read_grades(out):
    """Return the rows that ``write_grades`` wrote.

    Parameters
    ----------
    out : Path
        The folder.

    Returns
    -------
    list of Row

    Raises
    ------
    ValueError
        If nothing has been graded there.
    """
    try:
        return [from_json(Row, row) for row in json.loads((out / GRADES).read_text(encoding="utf-8"))]
    except FileNotFoundError:
        raise ValueError(f"Nothing has been graded in {out} yet. First: python -m utils.grading grade SUBMISSIONS --out {out}") from None
    except (ValueError, TypeError):
        raise ValueError(f"{out / GRADES} was written by another version of the grader. Grade again: what is done is kept.") from None


# --- points for written answers ---


def _write_written(rows, path):
    """Write a line for each written answer; points that the teacher has entered stay."""
    entered = read_written(path)
    table = [WRITTEN_HEAD]
    for row in rows:
        for written in HOMEWORKS[row.homework].written if row.homework and not row.problem else ():
            points = entered.get((row.id, written.name), "")
            table.append([row.id, row.path, row.student, written.name, written.points, points, row.texts.get(written.name, "")])
    if len(table) > 1:
        _write_csv(path, table)


def read_written(path):
    """Return the points that the teacher has entered.

    Parameters
    ----------
    path : Path
        Of ``written.csv``, as it was or as a spreadsheet saved it.

    Returns
    -------
    dict
        (id of the submission, question) → points.

    Raises
    ------
    ValueError
        If something else than points stands there.
    """
    if not path.exists():
        return {}
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    lines = list(csv.DictReader(text.splitlines(keepends=True), delimiter=separator))
    if not lines or not {"id", "question", "of", "points"} <= set(lines[0]):
        raise ValueError(f"{path} has lost its columns: delete it, grade again, and enter the points anew.")
    points = {}
    for line in lines:
        given = (line["points"] or "").strip().lstrip("'").replace(",", ".")
        if not given:
            continue
        try:
            number = float(given)
            if not 0 <= number <= float(line["of"]):
                raise ValueError
        except ValueError:
            raise ValueError(f"{path}: {given} is no number from 0 to {line['of']} ({line['id']}, {line['question']}).") from None
        points[line["id"], line["question"]] = int(number) if number == int(number) else number
    return points


# --- for other systems ---


class Export:
    """What is exported: one row per student for one homework, with the points of written answers.

    Parameters
    ----------
    rows : list of Row
        The grade book.
    out : Path
        The folder, in which ``written.csv`` is looked for.
    homework : str, optional
        "hw_03"; not needed where the folder holds one homework.

    Attributes
    ----------
    homework : Homework
    rows : list of Row
        The best of each student.
    messages : list of str
        What was merged, left out, or is missing.

    Raises
    ------
    ValueError
        If it is not clear which homework is meant.
    """

    def __init__(self, rows, out, homework=None):
        graded = sorted({row.homework for row in rows if row.homework and not row.problem})
        if homework is None and len(graded) > 1:
            raise ValueError(f"The folder holds {' and '.join(graded)}. Choose one: --homework {graded[0]}")
        if homework is None and not graded:
            raise ValueError("Nothing in the folder could be graded, so there is nothing to export.")
        self.homework = HOMEWORKS[homework or graded[0]]
        self.out, self.written, self.messages = out, read_written(out / WRITTEN), []
        of_it = [row for row in rows if row.homework == self.homework.name]
        for row in rows:
            if row not in of_it:
                self.messages.append(f"Left out: {row.path} ({row.homework or row.problem or 'no homework recognised'}).")
        by_person = defaultdict(list)
        for row in of_it:
            by_person[(row.platform, row.platform_id) if row.platform_id else ("", row.student)].append(row)
        self.rows = [self._best(own) for own in by_person.values()]
        if unread := sum(self.missing(row) for row in self.rows):
            self.messages.append(f"{unread} written answers have no points yet: enter them in {WRITTEN}, and export again.")

    def _best(self, rows):
        """Return the row that counts, of those that could be graded the one with the most points; a message names each of the others."""
        best = max(rows, key=lambda row: (not row.problem, self.points(row)))
        for row in rows:
            if row is not best:
                about = row.problem or f"{self.points(row)} points"
                self.messages.append(
                    f"Merged: of {row.student}, {best.path} ({self.points(best)} points) counts, not {row.path} ({about})."
                )
        return best

    def points(self, row):
        """Return the points of a row, those for written answers included.

        Parameters
        ----------
        row : Row
            One submission.

        Returns
        -------
        float
        """
        return row.points + sum(self.written.get((row.id, written.name), 0) for written in self.homework.written)

    def missing(self, row):
        """Return how many written answers of a row have no points yet.

        Parameters
        ----------
        row : Row
            One submission.

        Returns
        -------
        int
        """
        return sum(
            bool(row.texts.get(written.name, "").strip()) and (row.id, written.name) not in self.written
            for written in self.homework.written
        )

    @property
    def of(self):
        """Return the points that can be earned, those for written answers included."""
        return self.homework.points + sum(written.points for written in self.homework.written)

    def number(self, row, platform):
        """Return what identifies the student of a row on a platform.

        Parameters
        ----------
        row : Row
            One submission.
        platform : str
            "canvas" or "moodle".

        Returns
        -------
        str
            "" where the platform does not know the student.
        """
        return row.platform_id if row.platform == platform else ""


def export_gradescope(export):
    """Write a results.json for every submission, in a folder of its name.

    Parameters
    ----------
    export : Export
        What is exported.

    Returns
    -------
    list of Path
    """
    paths = []
    for row in export.rows:
        tests = [
            {
                "name": answer.name,
                "score": answer.points,
                "max_score": answer.of,
                "status": "passed" if answer.state == "right" else "failed",
                "output": "\n".join([*answer.hints, *filter(None, [answer.note])]),
            }
            for answer in row.questions
        ]
        for written in export.homework.written:
            score = export.written.get((row.id, written.name))
            if score is not None:
                tests.append({"name": written.name, "score": score, "max_score": written.points, "output": ""})
        about = {"output": "\n".join(filter(None, [row.problem, *row.notices])), "visibility": "visible"}
        path = export.out / "gradescope" / row.id / "results.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, json.dumps({"score": export.points(row), **about} | ({"tests": tests} if tests else {}), indent=1))
        paths.append(path)
    return paths


def export_canvas(export):
    """Write the CSV that Canvas' gradebook imports. Canvas finds students by the ID in the names of its own zip.

    Parameters
    ----------
    export : Export
        What is exported.

    Returns
    -------
    list of Path
        One path.
    """
    column = f"{export.homework.name} {export.homework.title}"
    table = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]]
    table.append(["    Points Possible", "", "", "", "", export.of])
    for row in export.rows:
        table.append([row.student, export.number(row, "canvas"), "", "", "", export.points(row)])
    path = export.out / "canvas.csv"
    _write_csv(path, table)
    return [path]


def export_moodle(export):
    """Write a grading worksheet. Moodle finds students by the participant number in the names of its own zip.

    Parameters
    ----------
    export : Export
        What is exported.

    Returns
    -------
    list of Path
        One path.
    """
    table = [["Identifier", "Full name", "Grade", "Maximum Grade", "Feedback comments"]]
    for row in export.rows:
        number = export.number(row, "moodle")
        table.append([f"Participant {number}" if number else "", row.student, export.points(row), export.of, html.escape(_comment(row))])
    path = export.out / f"moodle_{export.homework.name}.csv"
    _write_csv(path, table)
    return [path]


EXPORTS = {"gradescope": export_gradescope, "canvas": export_canvas, "moodle": export_moodle}


def _comment(row):
    lines = [
        row.problem,
        *(f"{answer.name}: {answer.points} of {answer.of}. {' '.join(answer.hints)}" for answer in row.questions),
        *row.notices,
    ]
    return " | ".join(line.strip() for line in lines if line)


def _write_csv(path, table):
    """Write a table for spreadsheets: UTF-8 with the mark by which Excel knows it, every cell in quotation marks."""
    with open(path, "w", newline="", encoding="utf-8-sig", errors="replace") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([[_harmless(cell) for cell in line] for line in table])


def _harmless(cell):
    """Return a cell that no spreadsheet takes for a formula, whatever separator it splits at."""
    if not isinstance(cell, str):
        return cell
    visible = "".join(sign for sign in cell if unicodedata.category(sign) != "Cf")
    return FORMULA.sub(r"\1\2'\3", visible)


def _write(path, text):
    path.write_text(text, encoding="utf-8", errors="replace")
