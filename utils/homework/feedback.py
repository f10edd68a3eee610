"""``check(softmax)``: what a student reads below an answer. Shows text and HTML, remembers the session, raises nothing."""

import os
import sys
from html import escape

from utils.homework.graders_view import lacking
from utils.homework.judge import judge
from utils.homework.questions import HOMEWORKS, QUESTIONS
from utils.homework.results import NOT_YET
from utils.homework.time_limit import run
from utils.homework.verdict import RIGHT, SYMBOLS, WRONG, with_headings
from utils.progress import here

TIME_LIMIT = 0.18  # seconds for the search of a cause, so that a check answers within 0.3
COLORS = {RIGHT: "#009E73", WRONG: "#D55E00", NOT_YET: "#777777"}  # colour is never the only sign: the symbol and the words say the same

_states = {}  # question → state of its last check
_repeated = {}  # question → (mistake, how often in a row)


def check(function):
    """Say whether a homework function is right, not begun yet, or what is wrong with it.

    Call it with the function itself, ``check(softmax)``. The function runs on fresh random inputs; your own
    arrays and variables stay as they are. A mistake that is made again gets a further hint.

    Parameters
    ----------
    function : callable
        Your answer. Its name says which question it answers.
    """
    try:
        answer = _answer(function)
    except Exception as error:  # a check must never stand in a student's way
        answer = _Answer(
            NOT_YET, "The check itself stumbled; this is not your fault.", (f"Tell your teacher: {type(error).__name__}, {error}",)
        )
    answer.show()


class _Answer:
    """Words in a fixed order, as plain text and as HTML."""

    def __init__(self, state, title, lines=(), homework=None, read=None):
        self.state, self.title, self.lines, self.read = state, title, lines, read
        self.progress = progress(homework) if homework else ""

    def __str__(self):
        return "\n".join([f"{SYMBOLS[self.state]} {self.title}", *(f"  {line}" for line in self.lines), *filter(None, [self.progress])])

    def __repr__(self):
        return str(self)

    def _repr_html_(self):
        lines = "".join(f'<div style="margin:2px 0 2px 1.2em">{self._linked(escape(line))}</div>' for line in self.lines)
        progress = f'<div style="margin-top:4px;opacity:0.8">{escape(self.progress)}</div>' if self.progress else ""
        return (
            f'<div role="status" style="border-left:5px solid {COLORS[self.state]};padding:2px 12px;line-height:1.4;max-width:760px">'
            f"<strong>{SYMBOLS[self.state]} {escape(self.title)}</strong>{lines}{progress}</div>"
        )

    def _linked(self, line):
        if self.read is None:
            return line
        place, name = escape(str(self.read)), f"{self.read.notebook}.ipynb"
        found = next((link for link in (f"../{name}", name) if os.path.exists(link)), None)  # in Colab there is no other notebook
        return line.replace(place, f'<a href="{found}">{place}</a>') if found else line

    def show(self):
        if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
            from IPython.display import display  # only where IPython runs anyway

            display(self)
        else:
            encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
            print(str(self).encode(encoding, "course.signs").decode(encoding))  # a terminal may lack ✓, and a check raises nothing


def progress(homework):
    """Return the line that says how far a homework has come, in this session and in earlier ones that were kept.

    Parameters
    ----------
    homework : str
        "hw_03".

    Returns
    -------
    str
    """
    questions, kept = HOMEWORKS[homework].questions.values(), here().of(homework)
    states = {name: RIGHT for name, facts in kept.items() if facts.get("written")} | _states
    earned = sum(question.points for question in questions if states.get(question.name) == RIGHT)
    marks = " · ".join(f"{SYMBOLS[states.get(question.name, NOT_YET)]} {question.name}" for question in questions)
    return f"{homework}: {marks} — {earned} of {HOMEWORKS[homework].points} points"


def _answer(function):
    name = getattr(function, "__name__", None)
    if not callable(function) or not isinstance(name, str):
        return _Answer(NOT_YET, "The check needs the function itself: check(softmax), with nothing behind the name.")
    if name not in QUESTIONS:
        lines = tuple(f"{homework.name}: {', '.join(homework.questions)}" for homework in HOMEWORKS.values())
        return _Answer(NOT_YET, f"No question is called {name}. An answer is found by its name:", lines)
    if str(getattr(function, "__module__", "")).startswith("utils."):
        return _Answer(NOT_YET, f"This {name} is the course's own. Write yours, and run its cell before the check.")
    question = QUESTIONS[name]
    cases = question.cases()
    verdict = judge(question, cases, run(function, question.parameters, cases, question.seconds), TIME_LIMIT)
    return _in_words(question, verdict, lacking(function, cells()) if verdict.right else {})


def cells():
    """Return the cells that were run in this session, as they were typed.

    Returns
    -------
    list of str
        Empty outside IPython.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return list(shell.history_manager.input_hist_raw) if shell is not None else []


def _in_words(question, verdict, missing):
    _states[question.name] = verdict.state
    mistake, times = _repeated.get(question.name, ("", 0))
    times = times + 1 if verdict.mistake == mistake else 1
    _repeated[question.name] = verdict.mistake, times
    if verdict.state == RIGHT and missing:
        names = " and ".join(f"no {name} ({f'it comes from {home}' if home else 'no cell defines it'})" for name, home in missing.items())
        advice = (
            "It reads the cells of your notebook, with Python, NumPy and SciPy. Define the name in a cell, or write what it does yourself."
        )
        _states[question.name] = WRONG
        return _Answer(WRONG, f"{question.name} is right here, but the grader has {names}.", (advice,), question.homework)
    if verdict.state == RIGHT:
        here().put(question.homework, question.name, written=True)
        lines = (f"A note: {verdict.note}",) if verdict.note else ()
        return _Answer(RIGHT, f"{question.name} is right: {points(question.points)}.", lines, question.homework)
    if verdict.state == NOT_YET:
        advice = verdict.hints[0] if verdict.hints else "Replace the line with NotImplementedError by your answer."
        return _Answer(NOT_YET, f"{question.name}: not yet. {advice}", (), question.homework)
    hints = tuple(f"{heading}: {hint}" for heading, hint in with_headings(verdict.hints)[:times])
    return _Answer(WRONG, f"{question.name} is not right yet.", hints, question.homework, verdict.read)


def points(number):
    """Return a number of points in words: "1 point", "3 points".

    Parameters
    ----------
    number : float
        The points.

    Returns
    -------
    str
    """
    return f"{number} point{'s' * (number != 1)}"
