"""Programs with one wrong line, made from the true one: the patients of homework 5, and its known mistakes."""

import inspect
import linecache
from dataclasses import dataclass

import numpy as np

from utils.homework.places import READ_A_CHECK
from utils.homework.question import Mistake, Question


@dataclass(frozen=True)
class WrongLine:
    """One line of a program, and the wrong line that takes its place.

    Attributes
    ----------
    name : str
        What is wrong, in a few words, for the teacher.
    true, wrong : str
        The true statement, and the wrong one.
    nudge, reason : str
        The first and the second hint for a learner who hands in the wrong line.
    """

    name: str
    true: str
    wrong: str
    nudge: str
    reason: str


def text_of(function, wrong_line=None):
    """Return the text of a program, with one line replaced.

    Parameters
    ----------
    function : callable
        The true program.
    wrong_line : WrongLine, optional
        Without it the text of the true program.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        Unless the true line stands in the program exactly once.
    """
    text = inspect.getsource(function)
    if wrong_line is None:
        return text
    true, wrong = (f"    {line}\n" for line in (wrong_line.true, wrong_line.wrong))
    if text.count(true) != 1:
        raise ValueError(f"{function.__name__} holds the line {wrong_line.true!r} {text.count(true)} times, not once.")
    return text.replace(true, wrong)


def program(function, wrong_line):
    """Return a program with a wrong line as a function of the same name. Python can show its text.

    Parameters
    ----------
    function : callable
        The true program.
    wrong_line : WrongLine
        What is wrong.

    Returns
    -------
    callable

    Raises
    ------
    ValueError
        As in ``text_of``.
    """
    text, file = text_of(function, wrong_line), f"<{function.__name__}: {wrong_line.name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names = {"np": np, "__name__": function.__module__}
    exec(compile(text, file, "exec"), names)
    return names[function.__name__]


def patient_question(function, inputs, wrong_lines):
    """Return the question of homework 5 for a program: its loss and its gradients.

    Parameters
    ----------
    function : callable
        The true program, with the parameters x, y, W1, b1, …
    inputs : callable
        As in ``Question``.
    wrong_lines : tuple of WrongLine
        Each is a known mistake.

    Returns
    -------
    Question
    """
    names = list(inspect.signature(function).parameters)[2:]
    gradients = ", ".join(f"∂𝓛/∂{name[0]}{'₀₁₂₃'[int(name[1])]}" for name in names)
    question = Question(
        name=function.__name__,
        reference=function,
        inputs=inputs,
        task=f"Return the loss and {gradients}.",
        homework="hw_05",
        points=3,
        read=READ_A_CHECK,
        parts=("the loss", *(f"∂𝓛/∂{name}" for name in names)),
        column=True,
    )
    for line in wrong_lines:
        question.mistakes.append(Mistake(line.name, program(function, line), line.nudge, line.reason, question.read))
    return question
