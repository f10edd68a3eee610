"""What a homework question is made of. All of it is data; ``judge.py`` compares, ``feedback.py`` talks to the student."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from textwrap import indent

import numpy as np

from utils.homework import reference


@dataclass(frozen=True)
class Place:
    """A section of a lesson, where the answer to a mistake stands.

    Attributes
    ----------
    notebook : str
        Name of the lesson's notebook without its ending, "04_output_units".
    section : int
        Number of the section.
    title : str
        Its heading.
    """

    notebook: str
    section: int
    title: str

    def __str__(self):
        return f"Lesson {self.notebook[:2]}, section {self.section}: {self.title}"


@dataclass(frozen=True, eq=False)
class Case:
    """One call of the student's function.

    Attributes
    ----------
    about : str
        What is special about it, for the sentence "Wrong for …": "a batch of 5 examples".
    arguments : tuple
        Arrays, numbers, or lists of arrays, in the order of the parameters.
    ordinary : bool
        False for inputs at the edge: one example, enormous scores, an absent class. An answer that is
        wrong on ordinary inputs is compared with the known mistakes on those alone, so that a second
        mistake at the edge does not hide the first.
    """

    about: str
    arguments: tuple
    ordinary: bool = True


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really give, and what its author needs to hear.

    Attributes
    ----------
    name : str
        A few words for the teacher's report.
    code : str
        The body of the wrong function; ``np`` is there, and all of ``reference.py``.
    nudge, reason : str
        The first hint makes the student look at the right place; the second says what is wrong and why.
        Neither is the solution.
    read : Place
        The third hint: where the lesson explains it.
    mark : callable, optional
        (cases, answers) → whether the answers bear the mark of this mistake, where comparing numbers cannot
        show it, such as results that ignore the seed. An answer is a tuple of arrays of any shape, or None.
    """

    name: str
    code: str
    nudge: str
    reason: str
    read: Place
    mark: Callable | None = None


@dataclass(frozen=True)
class Variant:
    """A right answer that looks different from the reference. It must pass.

    Attributes
    ----------
    name : str
        A few words.
    code : str
        The body of the function.
    note : str
        Words that the note must contain with which it passes; empty when it passes without one.
    """

    name: str
    code: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Question:
    """A function that students write.

    Attributes
    ----------
    name : str
        The function's name; answers are found by it.
    homework : str
        "hw_01" … "hw_04".
    parameters : tuple of str
        Names of the parameters in their order.
    points : int
        For a right answer; a wrong one has 0.
    task : str
        What the function returns, in one sentence.
    read : Place
        Where the lesson explains it.
    make_cases : callable
        numpy Generator → list of Case: fresh inputs for every call.
    mistakes, variants : tuple of Mistake, tuple of Variant
        Known wrong answers, and right ones that look different.
    parts : tuple of str
        Names of the arrays where the function returns several; ("…",) for a list whose length depends on the input.
    column : bool
        Whether a (n,) array passes, with a note, where (n, 1) is expected.
    given : callable, optional
        (cases, answers) → for each case what the keyword ``start`` of the reference and of the mistakes gets.
        A question that leaves something to the student, such as the initial weights, takes it from the answer itself.
    accepts : callable, optional
        (cases, answers) → a note, or "" to refuse: for answers that neither equal the reference nor any known mistake.
    tolerance : float
        Largest relative difference between equal numbers.
    """

    name: str
    homework: str
    parameters: tuple
    points: int
    task: str
    read: Place
    make_cases: Callable
    mistakes: tuple = ()
    variants: tuple = ()
    parts: tuple = ()
    column: bool = False
    given: Callable | None = None
    accepts: Callable | None = None
    tolerance: float = 1e-5

    @property
    def reference(self):
        """Return the true function."""
        return getattr(reference, self.name)

    @property
    def signature(self):
        """Return the first line of the function without "def": ``softmax(a)``."""
        return f"{self.name}({', '.join(self.parameters)})"

    def cases(self, seed=None):
        """Return the list of cases that belong to a seed; without a seed fresh ones."""
        return self.make_cases(np.random.default_rng(seed))

    @cached_property
    def functions(self):
        """Return the functions of all mistakes and variants by their names."""
        return {answer.name: self._compiled(answer) for answer in (*self.mistakes, *self.variants)}

    def source(self, code):
        """Return a body as a whole function, as a student would write it."""
        more = ("start=None",) if self.given else ()
        return f"def {self.name}({', '.join(self.parameters + more)}):\n{indent(code.strip(), '    ')}\n"

    def _compiled(self, answer):
        names = dict(vars(reference))
        exec(compile(self.source(answer.code), f"<{self.name}: {answer.name}>", "exec"), names)
        return names[self.name]


@dataclass(frozen=True)
class Written:
    """A written answer, collected for a human reader.

    Attributes
    ----------
    name : str
        The variable, a text, in which the student leaves it.
    points : int
        At most.
    prompt : str
        What is asked.
    """

    name: str
    points: int
    prompt: str


@dataclass(frozen=True)
class Homework:
    """One notebook of questions.

    Attributes
    ----------
    name, title : str
        "hw_03" and its heading.
    questions : dict
        Name → Question, in the notebook's order.
    written : tuple of Written
        Answers in words.
    """

    name: str
    title: str
    questions: dict
    written: tuple = ()

    @property
    def points(self):
        """Return the points of all its questions, without those that a human gives."""
        return sum(question.points for question in self.questions.values())
