"""What came out when a function was called: data that can be judged anywhere, also far from the function.

The sandbox of the grader imports this for every submission anew, so it imports no more than it must.
"""

import contextlib
import io
import warnings
from dataclasses import dataclass, replace

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
    """

    kind: str
    value: object = None
    error: str = ""
    message: str = ""
    printed: bool = False
    changed: tuple = ()


class TooSlow(BaseException):
    """Ends a function that does not end by itself; no ``except Exception`` stops it."""


def call(function, parameters, case, keywords=None):
    """Return the Result of one case, without a time limit."""
    arguments = [copied(argument) for argument in case.arguments]
    result = outcome(function, arguments, keywords)
    changed = tuple(name for name, now, before in zip(parameters, arguments, case.arguments, strict=False) if not identical(now, before))
    return replace(result, changed=changed)


def outcome(function, arguments, keywords=None):
    """Return the Result of calling a function with these very arguments; what it changes in place is not looked for."""
    page = _Page()
    found = {}
    try:
        with contextlib.redirect_stdout(page), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = {"kind": VALUE, "value": function(*arguments, **(keywords or {}))}
    except NotImplementedError:
        found = {"kind": NOT_YET}
    except TooSlow:
        found = {"kind": TOO_SLOW}
    except BaseException as error:
        found = {"kind": RAISED, "error": type(error).__name__, "message": _text(error)}
    return Result(**found, printed=page.written)


def _text(error):
    try:
        return str(error)[:300]
    except Exception:
        return ""


def copied(argument):
    """Return a copy of an array, or of a list of arrays."""
    if isinstance(argument, list):
        return [copied(entry) for entry in argument]
    return argument.copy() if isinstance(argument, np.ndarray) else argument


def identical(now, before):
    """Return whether an argument, an array, a number or a list of arrays, is still what it was."""
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
