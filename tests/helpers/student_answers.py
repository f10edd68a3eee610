"""Answers as a student would have them in a notebook."""

import inspect
import linecache
import re
import zlib
from textwrap import indent
from types import FunctionType

from utils.homework import reference
from utils.homework.questions import QUESTIONS


def student(question, body):
    """Return the function with this body; the functions of the reference are there."""
    names = {**vars(reference), "__name__": "__main__"}
    text = f"def {QUESTIONS[question].signature}:\n{indent(body.strip(), '    ')}\n"
    place = f"<cell {zlib.crc32(text.encode())}>"
    linecache.cache[place] = len(text), None, text.splitlines(keepends=True), place  # as IPython does for its cells
    exec(compile(text, place, "exec"), names)
    return names[question]


def script(question, body):
    """Return a script that holds the functions of the reference, and the function with this body."""
    return f"{inspect.getsource(reference)}\n\ndef {QUESTIONS[question].signature}:\n{indent(body.strip(), '    ')}\n"


def as_students(question, answer):
    """Return the function of a Mistake or a Variant under the name of its question, and not as one of the course's own."""
    function = answer.function
    names = {**function.__globals__, "__name__": "__main__"}
    return FunctionType(function.__code__, names, question.name, function.__defaults__, function.__closure__)


def source(question, answer):
    """Return a script in which a Mistake or a Variant answers its question, with the helpers that it calls."""
    function = answer.function
    helpers = [function.__globals__.get(name) for name in function.__code__.co_names]
    own = [helper for helper in helpers if inspect.isfunction(helper) and helper.__module__ == function.__module__]
    own = [function.__globals__["one_step"], *own] if "training" in function.__code__.co_names else own  # its default argument
    text = re.sub(r"^@.*\n", "", inspect.getsource(function)).replace(f"def {function.__name__}(", f"def {question.name}(")
    return "\n\n".join([inspect.getsource(reference), *map(inspect.getsource, own), text])
