"""What came out when a function was called: data that can be judged in another process.

The sandbox of the grader imports this module for every submission, so it imports little itself.
"""

import contextlib
import io
import linecache
import re
import warnings
from dataclasses import dataclass, replace
from types import FunctionType

import numpy as np

VALUE, RAISED, NOT_YET, TOO_SLOW = "value", "raised", "not yet", "too slow"


@dataclass(frozen=True, eq=False)
class Result:
    """The outcome of one case. Nothing in it is trusted by the judge.

    Attributes
    ----------
    kind : str
        "value", "raised", "not yet" (NotImplementedError) or "too slow" (also: never answered).
    value : object
        What was returned.
    error, message : str
        Type and text of the exception.
    printed : bool
        Whether something was printed.
    changed : tuple of str
        The parameters whose arrays were changed in place.
    function, line, shapes : str
        Where it was raised: in which function of the learner's, in which line, and what the arrays in that line are.
    """

    kind: str
    value: object = None
    error: str = ""
    message: str = ""
    printed: bool = False
    changed: tuple = ()
    function: str = ""
    line: str = ""
    shapes: str = ""


class TooSlow(BaseException):
    """Ends a function that does not end by itself; no ``except Exception`` stops it."""


def call(function, parameters, case, keywords=None):
    """Return the outcome of one case, without a time limit.

    Parameters
    ----------
    function : callable
        Gets copies of the arguments.
    parameters : sequence of str
        The names of the question's parameters.
    case : Case
        Its arguments are in the order of the parameters.
    keywords : dict, optional
        Keyword arguments.

    Returns
    -------
    Result
    """
    arguments = [copied(argument) for argument in case.arguments]
    result = outcome(function, arguments, keywords)
    changed = tuple(name for name, now, before in zip(parameters, arguments, case.arguments, strict=False) if not identical(now, before))
    return replace(result, changed=changed)


def outcome(function, arguments, keywords=None):
    """Return the outcome of calling a function with these very arguments. Nobody looks whether they are changed in place.

    Parameters
    ----------
    function : callable
        What is called.
    arguments : sequence
        Not copied.
    keywords : dict, optional
        Keyword arguments.

    Returns
    -------
    Result
    """
    page = _Page()
    found = {}
    try:
        with contextlib.redirect_stdout(page), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = {"kind": VALUE, "value": function(*arguments, **(keywords or {}))}
    except NotImplementedError as error:
        found = {"kind": NOT_YET, **_where(error, function)}
    except TooSlow:
        found = {"kind": TOO_SLOW}
    except BaseException as error:
        found = {"kind": RAISED, "error": type(error).__name__, "message": _text(error), **_where(error, function)}
    return Result(**found, printed=page.written)


def _text(error):
    try:
        return str(error)[:300]
    except Exception:
        return ""


def _where(error, function):
    """Return the place in the learner's own code where an exception was raised: the innermost of its functions, the line, the arrays."""
    names, place, trace = function.__globals__ if type(function) is FunctionType else None, None, error.__traceback__
    while trace:
        if trace.tb_frame.f_globals is names:
            place = trace
        trace = trace.tb_next
    if place is None:
        return {}
    code, known = place.tb_frame.f_code, place.tb_frame.f_locals
    line = linecache.getline(code.co_filename, place.tb_lineno).strip()[:200]
    values = {name: known[name] for name in dict.fromkeys(re.findall(r"[^\W\d]\w*", line)) if name in known}
    seen = [f"{name} {said}" for name, said in ((name, _described(value)) for name, value in values.items()) if said]
    return {"function": code.co_name, "line": line, "shapes": ", ".join(seen)[:300]}


def _described(value):
    if type(value) is np.ndarray:
        return f"has shape {value.shape}"
    return {list: "is a list", tuple: "is a tuple", type(None): "is None"}.get(type(value), "")


def copied(argument):
    """Return a copy of an argument.

    Parameters
    ----------
    argument : ndarray, number, or list of these
        Arrays are copied, also those in lists; a number is returned as it is.

    Returns
    -------
    ndarray, number or list
    """
    if isinstance(argument, list):
        return [copied(entry) for entry in argument]
    return argument.copy() if isinstance(argument, np.ndarray) else argument


def identical(now, before):
    """Return whether an argument is still what it was, bit for bit.

    Parameters
    ----------
    now, before : ndarray, number, or list of these
        The argument after the call, and its copy from before. A number cannot be changed in place.

    Returns
    -------
    bool
    """
    if isinstance(before, list):
        return len(now) == len(before) and all(identical(*pair) for pair in zip(now, before, strict=True))
    if isinstance(before, np.ndarray):
        return type(now) is np.ndarray and now.shape == before.shape and now.dtype == before.dtype and now.tobytes() == before.tobytes()
    return True


class _Page(io.TextIOBase):
    """Takes what is printed and keeps none of it."""

    written = False

    def write(self, text):
        self.written = self.written or bool(text.strip())
        return len(text)
