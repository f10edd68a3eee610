"""One submission: its answers run in the sandbox, and what came back is judged here, outside."""

import hashlib
import json
import platform
import re
from functools import cache
from importlib import metadata

from utils.grading import protocol, sandbox
from utils.grading.notebook import UnreadableError, homework_of, read_pages
from utils.grading.records import Answer, Record
from utils.grading.worker import DIED, DONE, SLOW, STALLED, TOO_MUCH
from utils.homework.judge import judge
from utils.homework.questions import HOMEWORKS
from utils.homework.results import NOT_YET, RAISED, TOO_SLOW, VALUE, Result
from utils.homework.verdict import WRONG, Verdict

MOST_TEXT = 300  # characters of a message
MOST_WORDS = 20_000  # characters of the text cells that a student added
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # signs after which a text is read in another direction
ENDINGS = {
    SLOW: Result(TOO_SLOW),
    STALLED: Result(TOO_SLOW),
    TOO_MUCH: Result(RAISED, error="TooMuch", message="it returned far more numbers than any answer has"),
    DIED: Result(RAISED, error="EndOfProcess", message="Python itself ended in the middle of it"),
    DONE: Result(RAISED, error="EndOfProcess", message="Python itself ended in the middle of it"),
}
LOOKS_ONLY = {"feedback.py", "reports.py", "exports.py", "batch.py", "submissions.py", "__main__.py"}  # these cannot change a grade


def sources():
    """Return the paths of all code that can change a grade: questions, judge, reading, limits.

    Returns
    -------
    list of Path
    """
    paths = [path for folder in ("homework", "grading") for path in (sandbox.COURSE / "utils" / folder).rglob("*.py")]
    return sorted(path for path in paths if path.name not in LOOKS_ONLY)


@cache
def version():
    """Return a digest of all that can change a grade: our code, and the packages that run the answers.

    Returns
    -------
    str
    """
    digest = hashlib.sha256(repr((platform.python_version(), *map(_package_version, ("numpy", "scipy", "ipython")))).encode())
    for path in sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _package_version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def grade_one(data, is_script, homework, seed, sandboxed=True, limits=None, decided=False):
    """Grade one file.

    Parameters
    ----------
    data : bytes
        The file.
    is_script : bool
        Whether it is a .py.
    homework : str or None
        "hw_03", as the file name says; None to recognise it by the functions.
    seed : int
        Of the random inputs.
    sandboxed : bool
        False runs students' code as you.
    limits : Limits, optional
        Of each answer; without it what the slowest question of the homework needs.
    decided : bool
        Whether the teacher said which homework it is: a file that holds another one is then not graded.

    Returns
    -------
    Record

    Raises
    ------
    SandboxError
        If the sandbox did not come up.
    """
    of = HOMEWORKS[homework].points if homework else 0
    try:
        pages = read_pages(data, is_script)
        chosen, notice = homework_of(pages.cells, homework)
        if notice and decided:
            raise UnreadableError(f"It holds {chosen.name}, not {homework}.")
    except UnreadableError as reason:
        return Record(homework or "", of=of, problem=str(reason))
    cases = {name: question.cases(_seed(seed, name)) for name, question in chosen.questions.items()}
    questions = {name: (question.parameters, cases[name]) for name, question in chosen.questions.items()}
    texts = [written.name for written in chosen.written]
    limits = limits or sandbox.limits_for(max(question.seconds for question in chosen.questions.values()))
    summary, answers = sandbox.run(pages.cells, questions, texts, limits, sandboxed)
    judged = [_judged(question, cases[name], summary, answers) for name, question in chosen.questions.items()]
    said = summary.get("texts") if isinstance(summary.get("texts"), dict) else {}
    notices = [*([f"{notice} It was graded as {chosen.name}."] if notice else []), *pages.notices]
    return Record(
        homework=chosen.name,
        points=sum(answer.points for answer in judged),
        of=chosen.points,
        questions=judged,
        texts={name: _text(said.get(name), sandbox.MOST_TEXT) or _added_words(pages.words, chosen.name) for name in texts},
        notices=[*notices, *(_text(entry) for entry in _list(summary.get("notices")))][:40],
        stalled=any(ending == STALLED for ending, _, _ in answers.values()),
    )


def _seed(seed, question):
    """Return another seed for each question, so that the inputs of one question do not reveal those of another."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{question}".encode()).digest()[:8])


def _judged(question, cases, summary, answers):
    if question.name not in answers and question.name not in _list(summary.get("defined")):
        below = " Part of the notebook was left out, see below." if summary.get("notices") else ""
        hint = f"No function called {question.name} was found.{below}"
        if not summary:
            hint = "The code of the notebook could not be read: it takes too long, or too much memory."
        return Answer(question.name, question.points, mistake="not there", hints=[hint])
    try:
        verdict = judge(question, cases, results(answers.get(question.name, (DIED, [], b"")), len(cases)))
    except Exception as error:  # nothing that a submission returns may stop the batch
        verdict = Verdict(WRONG, mistake="cannot be judged", hints=(f"What it returned could not be judged ({type(error).__name__}).",))
    hints = [_text(hint, 600) for hint in verdict.hints]
    return Answer(question.name, question.points, verdict.points, verdict.state, verdict.mistake, hints, _text(verdict.note, 600))


def results(answer, number):
    """Return Results from what a child sent, of which nothing is trusted.

    Parameters
    ----------
    answer : tuple
        (ending, changed parameters, bytes), from ``sandbox.run``.
    number : int
        Of the cases.

    Returns
    -------
    list of Result
        One for each case.
    """
    ending, changed, output = answer
    changed = _list(changed)
    found = []
    try:
        for header, blob in protocol.frames(output):
            found.append(_result(header, blob, changed[len(found)] if len(found) < len(changed) else []))
            if len(found) == number:
                break
    except protocol.MalformedError:
        found.append(Result(RAISED, error="Garbled", message="what it returned could not be read"))
    rest = ENDINGS.get(ending if isinstance(ending, str) else DIED, ENDINGS[DIED])
    return (found + [rest] * number)[:number]


def _result(header, blob, changed):
    if header.get("kind") not in (VALUE, RAISED, NOT_YET, TOO_SLOW):
        raise protocol.MalformedError("no kind")
    value = protocol.decode(header.get("value"), blob) if header["kind"] == VALUE else None
    changed = tuple(dict.fromkeys(name for name in (*_list(header.get("changed")), *_list(changed)) if isinstance(name, str)))
    return Result(
        header["kind"],
        value,
        _text(header.get("error"), 60),
        _text(header.get("message")),
        header.get("printed") is True,
        changed,
        *(_text(header.get(name)) for name in ("function", "line", "shapes")),
    )


def _added_words(words, homework):
    """Return the text cells that were not handed out: an answer in words may stand there."""
    handed_out = _handed_out(homework)
    return "\n\n".join(text for text in words if " ".join(text.split()) not in handed_out)[:MOST_WORDS] if handed_out else ""


@cache
def _handed_out(homework):
    texts = set()
    for path in (sandbox.COURSE / "notebooks" / "homework").glob(f"{homework}*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            texts.add(" ".join("".join(cell["source"]).split()))
    return texts


def _list(value):
    return value if isinstance(value, list) else []


def _text(value, length=MOST_TEXT):
    """Return a text without lone surrogates, control characters and marks that change the reading direction, cut where it is too long."""
    if not isinstance(value, str):
        return ""
    value = value[:length].encode("utf-8", "replace").decode()
    return TURNING.sub("�", "".join(letter if letter >= " " or letter in "\n\t" else "�" for letter in value))
