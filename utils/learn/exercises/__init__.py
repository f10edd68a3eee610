"""What learners write and do in the lessons: one module a lesson, in which every Question is a function to write, and TASKS stand.

>>> [question.name for question in exercises_of("99").values()]
[]
"""

from importlib import import_module
from importlib.util import find_spec

from utils.homework.question import Question


def exercises_of(lesson):
    """Return the questions of a lesson by the names of their functions."""
    return {value.name: value for value in _module(lesson).values() if isinstance(value, Question)}


def tasks_of(lesson):
    """Return the tasks under the explorers of a lesson, TASKS in its module: name → tuple of Task."""
    return _module(lesson).get("TASKS", {})


def _module(lesson):
    name = f"{__name__}.lesson_{lesson}"
    return vars(import_module(name)) if find_spec(name) is not None else {}
