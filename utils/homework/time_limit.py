"""Calls a learner's function in this process, with a time limit."""

import contextlib
import ctypes
import random
import threading

import numpy as np

from utils.homework.quiet import quiet
from utils.homework.results import TOO_SLOW, Result, TooSlow, call

TIME_LIMIT = 2.0  # seconds for all cases of a question


def run(function, parameters, cases, time_limit=TIME_LIMIT):
    """Call a function with copies of the arguments of every case, and return the list of Results. Raises nothing.

    What the function prints or shows is swallowed; the global random numbers, NumPy's error state and the warning filters are
    afterwards as before. A function that does not end is stopped, and the cases it did not reach are "too slow".

    Parameters
    ----------
    function : callable
        Trusted or not: it runs in this process.
    parameters : sequence of str
        The names of the question's parameters.
    cases : list of Case
        What to call it with.
    time_limit : float
        Seconds for all cases together.

    Returns
    -------
    list of Result
        One for each case.
    """
    results = []
    numpy_state, python_state = np.random.get_state(), random.getstate()
    with quiet(), _Deadline(time_limit) as deadline:
        for case in cases:
            results.append(Result(TOO_SLOW) if deadline.over else call(function, parameters, case))
    np.random.set_state(numpy_state)
    random.setstate(python_state)
    return results + [Result(TOO_SLOW)] * (len(cases) - len(results))


class _Deadline:
    """Raises TooSlow in the thread that entered it when the time is over. Where Python has no threads there is no limit."""

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
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread), ctypes.py_object(TooSlow))

    def __enter__(self):
        with contextlib.suppress(RuntimeError):  # "can't start new thread": in a browser, or at a container's limit
            self.timer.start()
        return self

    def __exit__(self, kind, error, trace):
        with self.lock:
            self.left = True
            stopped = kind is not None and issubclass(kind, TooSlow)
        if self.over and not stopped:
            with contextlib.suppress(TooSlow):  # a pending TooSlow is raised here; cancelled, it would slow down CPython 3.11
                for _ in range(100):
                    pass
        self.timer.cancel()
        return stopped
