"""Programs with one wrong line, made from the true one: the patients of homework 5, and its known mistakes."""

import inspect
import linecache
from dataclasses import dataclass

import numpy as np

from utils.homework.question import Mistake


@dataclass(frozen=True)
class WrongLine:
    """One line of a program, replaced.

    Attributes
    ----------
    name : str
        What is wrong, in a few words, for the teacher.
    true, wrong : str
        The statement, and what takes its place.
    nudge, reason : str
        For who hands the wrong line in, as in ``Mistake``.
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
        If the true line does not stand in the program, exactly once.
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


def add_mistakes(question, wrong_lines):
    """Make every wrong line a known mistake of the question.

    Parameters
    ----------
    question : Question
        Its reference is the true program.
    wrong_lines : tuple of WrongLine
        One mistake each.
    """
    for line in wrong_lines:
        question.mistakes.append(Mistake(line.name, program(question.reference, line), line.nudge, line.reason, question.read))
