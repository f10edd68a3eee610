"""What a homework question is made of: a reference, inputs, and wrong and right answers as ordinary functions."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.random import default_rng


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
        Completes the sentence "For …": "a batch of 5 examples".
    arguments : tuple
        Arrays, numbers, or lists of arrays, in the order of the parameters.
    ordinary : bool
        False for inputs at the edge: one example, enormous scores, an absent class. An answer that is
        wrong on ordinary inputs is compared with the known mistakes on those alone, so that a second
        mistake at the edge does not hide the first.
    optional : bool
        True for inputs that a right answer need not take; only ``accepts`` of the question looks at them.
    """

    about: str
    arguments: tuple
    ordinary: bool = True
    optional: bool = False

    @property
    def group(self):
        """Return the group for partial credit: "ordinary", "one example" or "extreme"."""
        return "ordinary" if self.ordinary else "one example" if self.about.startswith("one example") else "extreme"


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really give, and what its author needs to hear.

    Attributes
    ----------
    name : str
        A few words for the teacher's report.
    function : callable
        The wrong answer.
    nudge, reason : str
        The first hint makes the student look at the right place; the second says what is wrong and why.
        Neither is the solution.
    read : Place or None
        The third hint: where the lesson explains it.
    detect : callable, optional
        (cases, answers) → whether the answers show this mistake, where comparing numbers cannot
        show it, such as results that ignore the seed. An answer is a tuple of arrays of any shape, or None.
    """

    name: str
    function: Callable
    nudge: str
    reason: str
    read: Place | None
    detect: Callable | None = None


@dataclass(frozen=True)
class Variant:
    """A right answer that looks different from the reference. It must pass.

    Attributes
    ----------
    name : str
        A few words.
    function : callable
        The right answer.
    note : str
        Words that the note must contain with which it passes; empty when it passes without one.
    """

    name: str
    function: Callable
    note: str = ""


@dataclass(frozen=True, eq=False)
class Question:
    """A function that students write. Four things make a question: a name, a reference, inputs and a text.

    >>> import numpy as np
    >>> def relu(a):
    ...     return np.maximum(a, 0)
    >>> def inputs(rng):
    ...     return [(rng.normal(size=(3, 5)),), (rng.normal(size=(2, 2)),)]
    >>> question = Question("relu", relu, inputs, "Return max(0, a) for every entry of a.")
    >>> question.signature
    'relu(a)'

    Wrong and right answers join it as functions; the docstring of a wrong one holds its nudge and, after an empty line,
    the reason:

    >>> @question.mistake()
    ... def absolute_value(a):
    ...     '''What does your function return for a = −2?
    ...
    ...     A negative score gives 0, and not its size.
    ...     '''
    ...     return np.abs(a)
    >>> question.mistakes[0].name
    'absolute value'

    Attributes
    ----------
    name : str
        The function's name; answers are found by it.
    reference : callable
        The true function. Its parameters without a default are those of the answer.
    inputs : callable
        numpy Generator → list of Case, or of tuples of arguments: fresh inputs for every call.
    task : str
        What the function returns, in one sentence.
    homework : str
        "hw_01" … "hw_06"; empty for a question outside the homework.
    points : int
        For a right answer; a wrong one has 0, unless ``partial`` says otherwise.
    read : Place, optional
        Where the lesson explains it.
    partial : dict
        For partial credit: group of cases → points for a wrong answer that is right in all of them, such as
        {"ordinary": 2, "one example": 0.5, "extreme": 0.5}. Empty: a wrong answer has 0 points.
    parts : tuple of str
        Names of the arrays where the function returns several; ("…",) for a list whose length depends on the input.
    column : bool
        Whether a (n,) array passes, with a note, where (n, 1) is expected.
    given : callable, optional
        (cases, answers) → for each case what the keyword ``start`` of the reference and of the mistakes gets.
        A question that leaves something to the student, such as the initial weights, takes it from the answer itself.
    accepts : callable, optional
        (cases, answers) → a note ("" for none), or None to refuse: for answers that neither equal the reference nor any known mistake.
    unique : bool
        False where many different answers are right, such as networks trained with settings of the student's own. Then nothing is
        compared with the reference: ``detect`` of the mistakes and ``accepts`` judge what came back.
    seconds : float
        For all cases together, in the student's own check; the grader allows half as much again.
    tolerance : float
        Largest relative difference between equal numbers.
    symbols : dict
        A glossary for hints: part of the reference's formula → what it is called, {"grad_h * s": "the slope"}.
    words : dict
        Kind of slip or relation → (nudge, reason) in this question's own words, such as "negative" or "factor: × 2".
    mistakes, variants : list of Mistake, list of Variant
        Known wrong answers, and right ones that look different.
    """

    name: str
    reference: Callable
    inputs: Callable
    task: str
    homework: str = ""
    points: int = 1
    read: Place | None = None
    partial: dict = field(default_factory=dict, repr=False)
    parts: tuple = ()
    column: bool = False
    given: Callable | None = None
    accepts: Callable | None = None
    unique: bool = True
    seconds: float = 2.0
    tolerance: float = 1e-5
    symbols: dict = field(default_factory=dict, repr=False)
    words: dict = field(default_factory=dict, repr=False)
    mistakes: list = field(default_factory=list, init=False, repr=False)
    variants: list = field(default_factory=list, init=False, repr=False)

    @cached_property
    def parameters(self):
        """Return the names of the parameters in their order."""
        found = inspect.signature(self.reference).parameters.values()
        return tuple(parameter.name for parameter in found if parameter.default is parameter.empty)

    @property
    def signature(self):
        """Return the first line of the function without "def": ``softmax(a)``."""
        return f"{self.name}({', '.join(self.parameters)})"

    def cases(self, seed=None):
        """Return the cases that belong to a seed, with arrays that nothing can write into.

        Parameters
        ----------
        seed : int, optional
            Without it the cases are fresh ones.

        Returns
        -------
        list of Case
        """
        made = self.inputs(default_rng(seed))
        cases = [case if isinstance(case, Case) else Case(f"input {i}", tuple(case)) for i, case in enumerate(made, start=1)]
        for case in cases:
            _protect(case.arguments)
        return cases

    def mistake(self, name="", read=None, detect=None):
        """Return a decorator that makes a function a known mistake of this question.

        Parameters
        ----------
        name : str
            For the teacher's report; without it the function's own name in words.
        read : Place, optional
            Where the lesson explains it; without it the question's own place.
        detect : callable, optional
            See Mistake.

        Returns
        -------
        callable
            Takes a function and returns it.

        Raises
        ------
        ValueError
            If the docstring does not have two paragraphs, the nudge and the reason.
        """

        def add(function):
            paragraphs = [" ".join(paragraph.split()) for paragraph in (inspect.getdoc(function) or "").split("\n\n")]
            if len(paragraphs) != 2:
                raise ValueError(f"The docstring of {function.__name__} needs two paragraphs, a nudge and the reason.")
            self.mistakes.append(Mistake(name or _in_words(function), function, *paragraphs, read or self.read, detect))
            return function

        return add

    def variant(self, name="", note=""):
        """Return a decorator that makes a function a right answer of this question.

        Parameters
        ----------
        name : str
            A few words; without them the function's own name in words.
        note : str
            See Variant.

        Returns
        -------
        callable
        """

        def add(function):
            self.variants.append(Variant(name or _in_words(function), function, note))
            return function

        return add


def _protect(arguments):
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument.flags.writeable = False
        elif isinstance(argument, list | tuple):
            _protect(argument)


def _in_words(function):
    return function.__name__.replace("_", " ")


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
