"""Functions that learners write in the lessons: one module a lesson, in which every Question is one of them.

>>> [question.name for question in exercises_of("99").values()]
[]
"""

from importlib import import_module
from importlib.util import find_spec

from utils.homework.question import Question


def exercises_of(lesson):
    """Return the questions of a lesson by the names of their functions."""
    name = f"{__name__}.lesson_{lesson}"
    if find_spec(name) is None:
        return {}
    return {value.name: value for value in vars(import_module(name)).values() if isinstance(value, Question)}
