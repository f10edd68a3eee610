"""What came out when a function was called: data that can be judged anywhere, also far from the function."""

import contextlib
import ctypes
import io
import random
import threading
import warnings
from dataclasses import dataclass

import numpy as np

VALUE, RAISED, NOT_YET, TOO_SLOW = "value", "raised", "not yet", "too slow"
PATIENCE = 2.0  # seconds for all cases of a question


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


class _TooSlow(BaseException):
    """Ends a function that does not end by itself; no ``except Exception`` stops it."""


def run(function, parameters, cases, patience=PATIENCE):
    """Call a function with copies of the arguments of every case, and return the list of Results. Raises nothing.

    What the function prints is swallowed; the global random numbers, NumPy's error state and the warning filters are
    afterwards as before. A function that does not end is stopped, and the cases it did not reach are "too slow".

    Parameters
    ----------
    function : callable
        Trusted or not: it runs in this process.
    parameters : sequence of str
        The names of the question's parameters.
    cases : list of Case
        What to call it with.
    patience : float
        Seconds for all cases together.
    """
    results = []
    numpy_state, python_state = np.random.get_state(), random.getstate()
    with _Deadline(patience) as deadline:
        for case in cases:
            results.append(Result(TOO_SLOW) if deadline.over else call(function, parameters, case))
    np.random.set_state(numpy_state)
    random.setstate(python_state)
    return results + [Result(TOO_SLOW)] * (len(cases) - len(results))


def call(function, parameters, case, keywords=None):
    """Return the Result of one case, without a time limit."""
    arguments = [copied(argument) for argument in case.arguments]
    page = _Page()
    outcome = {}
    try:
        with contextlib.redirect_stdout(page), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outcome = {"kind": VALUE, "value": function(*arguments, **(keywords or {}))}
    except NotImplementedError:
        outcome = {"kind": NOT_YET}
    except _TooSlow:
        outcome = {"kind": TOO_SLOW}
    except BaseException as error:
        outcome = {"kind": RAISED, "error": type(error).__name__, "message": _text(error)}
    changed = tuple(name for name, now, before in zip(parameters, arguments, case.arguments, strict=False) if not identical(now, before))
    return Result(**outcome, printed=page.written, changed=changed)


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


class _Deadline:
    """Raises _TooSlow in the thread that entered it, once the time is over."""

    def __init__(self, seconds):
        self.thread = threading.get_ident()
        self.timer = threading.Timer(seconds, self._strike)
        self.timer.daemon = True
        self.lock = threading.Lock()
        self.over = False
        self.left = False

    def _strike(self):
        with self.lock:
            if not self.left:
                self.over = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread), ctypes.py_object(_TooSlow))

    def __enter__(self):
        self.timer.start()
        return self

    def __exit__(self, kind, error, trace):
        with self.lock:
            self.left = True
            stopped = kind is not None and issubclass(kind, _TooSlow)
        if self.over and not stopped:
            with contextlib.suppress(_TooSlow):  # one that is still on its way arrives here; to call it off leaves Python looking for it
                for _ in range(100):
                    pass
        self.timer.cancel()
        return stopped
