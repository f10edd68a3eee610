"""One submission: its answers run in the sandbox, and what came back is judged here, outside."""

import hashlib
from functools import cache
from pathlib import Path

from utils.grading import sandbox, wire
from utils.grading.inside import DIED, MUCH, SLOW
from utils.grading.notebook import UnreadableError, code_cells, homework_of
from utils.homework.judge import judge
from utils.homework.questions import HOMEWORKS
from utils.homework.results import NOT_YET, RAISED, TOO_SLOW, VALUE, Result
from utils.homework.verdict import WRONG, Verdict

MOST_TEXT = 300  # characters of a message
ENDINGS = {
    SLOW: Result(TOO_SLOW),
    MUCH: Result(RAISED, error="TooMuch", message="it returned far more numbers than any answer has"),
    DIED: Result(RAISED, error="EndOfProcess", message="Python itself ended in the middle of it"),
}


@cache
def version():
    """Return a digest of the questions, the judge and what runs the answers: another version grades anew."""
    folder = Path(__file__).resolve().parents[1]
    files = sorted([*(folder / "homework").rglob("*.py"), *(sandbox.COURSE / name for name in sandbox.SHOWN), Path(__file__)])
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def mark(data, is_script, homework, seed, sandboxed=True, limits=sandbox.LIMITS):
    """Return the record of one submission, a dict that JSON can hold.

    Parameters
    ----------
    data : bytes
        The file.
    is_script : bool
        Whether it is a .py.
    homework : str or None
        "hw_03"; None to recognise it by the functions.
    seed : int
        Of the random inputs.

    Returns
    -------
    dict
        "homework", "points", "of", "problem" (why it was not graded, or ""), "questions", "texts" and "notices".

    Raises
    ------
    SandboxError
        If the sandbox did not come up.
    """
    record = {"homework": homework or "", "points": 0, "of": HOMEWORKS[homework].points if homework else 0, "problem": ""}
    record |= {"questions": [], "texts": {}, "notices": []}
    try:
        cells = code_cells(data, is_script)
        chosen = HOMEWORKS[homework] if homework else homework_of(cells)
    except UnreadableError as reason:
        return record | {"problem": str(reason)}
    questions = {one.name: (one.parameters, _cases(one.name, chosen.name, seed)) for one in chosen.questions.values()}
    texts = [written.name for written in chosen.written]
    about, answers = sandbox.run(cells, questions, texts, limits, sandboxed)
    marked = [_marked(question, questions[question.name][1], about, answers) for question in chosen.questions.values()]
    return record | {
        "homework": chosen.name,
        "points": sum(entry["points"] for entry in marked),
        "of": chosen.points,
        "questions": marked,
        "texts": {name: _text(about.get("texts", {}).get(name), sandbox.MOST_TEXT) for name in texts},
        "notices": [_text(notice) for notice in _list(about.get("notices"))[:20]],
    }


@cache
def _cases(question, homework, seed):
    return HOMEWORKS[homework].questions[question].cases(seed)


def _marked(question, cases, about, answers):
    entry = {"name": question.name, "of": question.points}
    if question.name not in answers and question.name not in _list(about.get("defined")):
        below = " Part of the notebook was left out, see below." if about.get("notices") else ""
        return entry | {
            "state": "not yet",
            "points": 0,
            "mistake": "not there",
            "hints": [f"No function called {question.name} was found.{below}"],
        }
    try:
        verdict = judge(question, cases, results(answers.get(question.name, (DIED, b"")), len(cases)))
    except Exception as error:  # nothing that a submission returns may stop the batch
        verdict = Verdict(WRONG, mistake="cannot be judged", hints=(f"What it returned could not be judged ({type(error).__name__}).",))
    return entry | {
        "state": verdict.state,
        "points": verdict.points,
        "mistake": verdict.mistake,
        "hints": [_text(hint, 600) for hint in verdict.hints],
        "note": _text(verdict.note, 600),
    }


def results(answer, number):
    """Return ``number`` Results from what a child said, of which nothing is trusted."""
    ending, said = answer
    found = []
    try:
        for header, blob in wire.frames(said):
            found.append(_result(header, blob))
            if len(found) == number:
                break
    except wire.GarbledError:
        found.append(Result(RAISED, error="Garbled", message="what it returned could not be read"))
    rest = ENDINGS.get(ending if isinstance(ending, str) else DIED, ENDINGS[DIED])
    return (found + [rest] * number)[:number]


def _result(header, blob):
    if header.get("kind") not in (VALUE, RAISED, NOT_YET, TOO_SLOW):
        raise wire.GarbledError("no kind")
    value = wire.unpacked(header.get("value"), blob) if header["kind"] == VALUE else None
    changed = tuple(name for name in _list(header.get("changed")) if isinstance(name, str))
    return Result(
        header["kind"], value, _text(header.get("error"), 60), _text(header.get("message")), header.get("printed") is True, changed
    )


def _list(value):
    return value if isinstance(value, list) else []


def _text(value, length=MOST_TEXT):
    """Return a text that anything can show: no lone surrogates, no control characters, not too long."""
    if not isinstance(value, str):
        return ""
    value = value[:length].encode("utf-8", "replace").decode()
    return "".join(letter if letter >= " " or letter in "\n\t" else "�" for letter in value)
