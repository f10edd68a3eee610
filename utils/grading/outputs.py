"""What teachers and learning platforms read: the grade book, feedback for each submission, and the files that others import."""

import csv
import json

from utils.grading.pages import feedback_page
from utils.homework.questions import HOMEWORKS

GRADES, GRADE_BOOK = "grades.json", "gradebook.csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # a spreadsheet would run what begins like this


def write_grades(rows, out):
    """Write the grade book, one JSON and one HTML page per submission, and all of it as one JSON."""
    _write(out / GRADES, json.dumps(rows, indent=1))
    names = list(dict.fromkeys(entry["name"] for row in rows for entry in row["questions"]))
    table = [["student", "submission", "homework", "points", "of", *names, "problem", "same file as"]]
    for row in rows:
        points = {entry["name"]: entry["points"] for entry in row["questions"]}
        about = [row["student"], row["path"], row["homework"], row["points"], row["of"]]
        table.append([*about, *(points.get(name, "") for name in names), row["problem"], "; ".join(row["same_as"])])
    _write_csv(out / GRADE_BOOK, table)
    (out / "feedback").mkdir(exist_ok=True)
    for row in rows:
        own = {key: value for key, value in row.items() if key != "same_as"}
        _write(out / "feedback" / f"{row['id']}.json", json.dumps(own, indent=1))
        _write(out / "feedback" / f"{row['id']}.html", feedback_page(row))


def read_grades(out):
    """Return the rows that ``write_grades`` wrote."""
    try:
        return json.loads((out / GRADES).read_text())
    except FileNotFoundError:
        raise ValueError(f"Nothing has been graded in {out} yet. First: python -m utils.grading grade SUBMISSIONS --out {out}") from None


# --- for other systems ---


def export_gradescope(rows, out):
    """Write a results.json for every submission, in a folder of its name."""
    paths = []
    for row in rows:
        tests = [
            {
                "name": entry["name"],
                "score": entry["points"],
                "max_score": entry["of"],
                "status": "passed" if entry["state"] == "right" else "failed",
                "output": "\n".join([*entry["hints"], *filter(None, [entry.get("note")])]),
            }
            for entry in row["questions"]
        ]
        results = {"score": row["points"], "output": "\n".join(filter(None, [row["problem"], *row["notices"]])), "visibility": "visible"}
        path = out / "gradescope" / row["id"] / "results.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, json.dumps(results | ({"tests": tests} if tests else {}), indent=1))
        paths.append(path)
    return paths


def export_canvas(rows, out):
    """Write the CSV that Canvas' gradebook imports. It finds students by their ID, which its own zip gives in the file names."""
    homeworks = [name for name in HOMEWORKS if any(row["homework"] == name for row in rows)]
    table = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(_title(name) for name in homeworks)]]
    table.append(["    Points Possible", "", "", "", "", *(HOMEWORKS[name].points for name in homeworks)])
    best = _best(rows)
    for student in dict.fromkeys(student for student, _ in best):
        own = [best.get((student, name)) for name in homeworks]
        about = next(row for (who, _), row in best.items() if who == student)
        number = about["platform_id"] if about["platform"] == "canvas" else ""
        table.append([about["student"], number, "", "", "", *(row["points"] if row else "" for row in own)])
    _write_csv(out / "canvas.csv", table)
    return [out / "canvas.csv"]


def export_moodle(rows, out):
    """Write a grading worksheet for each homework. Moodle finds students by the participant number, which its own zip gives."""
    paths = []
    best = _best(rows)
    for name in [*HOMEWORKS, ""]:
        own = [row for (_, homework), row in best.items() if homework == name]
        if not own:
            continue
        table = [["Identifier", "Full name", "Grade", "Maximum Grade", "Feedback comments"]]
        for row in own:
            number = f"Participant {row['platform_id']}" if row["platform"] == "moodle" else ""
            table.append([number, row["student"], row["points"], row["of"], _comment(row)])
        paths.append(out / f"moodle_{name or 'unknown'}.csv")
        _write_csv(paths[-1], table)
    return paths


EXPORTS = {"gradescope": export_gradescope, "canvas": export_canvas, "moodle": export_moodle}


def _best(rows):
    """Return (student, homework) → the row with most points: platforms take one grade for each."""
    best = {}
    for row in rows:
        key = (row["platform_id"] or row["student"], row["homework"])
        if key not in best or row["points"] > best[key]["points"]:
            best[key] = row
    return best


def _title(name):
    return f"{name} {HOMEWORKS[name].title}"


def _comment(row):
    lines = [
        row["problem"],
        *(f"{entry['name']}: {entry['points']} of {entry['of']}. {' '.join(entry['hints'])}" for entry in row["questions"]),
    ]
    return " | ".join(line.strip() for line in lines if line)


def _write_csv(path, table):
    with open(path, "w", newline="", encoding="utf-8", errors="replace") as file:
        csv.writer(file).writerows([[_harmless(cell) for cell in line] for line in table])


def _harmless(cell):
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _write(path, text):
    path.write_text(text, encoding="utf-8", errors="replace")
