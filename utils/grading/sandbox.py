"""One bubblewrap sandbox per submission, in which Python, NumPy, SciPy and a few files of the course can be read, and nothing else.

No network, no other process, no home, no /etc, no /proc, no device, no place to write.
"""

import contextlib
import importlib.util
import os
import selectors
import shutil
import subprocess
import sys
import sysconfig
import time
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.util import cache_from_source
from math import ceil
from pathlib import Path

from utils.grading import protocol, seccomp
from utils.grading.worker import DONE, MOST_TEXT, UNFILTERED
from utils.homework.question import Case

COURSE = Path(__file__).resolve().parents[2]
SHOWN = (  # all that the sandbox sees of the course
    "utils/grading/worker.py",
    "utils/homework/definitions.py",
    "utils/grading/seccomp.py",
    "utils/grading/protocol.py",
    "utils/homework/results.py",
)
LIBRARIES = ("numpy", "numpy.libs", "scipy", "scipy.libs")
DOCSTRINGS = ("numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars")  # a sixth of NumPy's import; not needed here
START = (
    "import gc, sys; gc.disable(); sys.path[:0] = {path}; sys.modules.update(dict.fromkeys({docstrings}, sys)); "
    "from utils.grading.worker import main; main({sandboxed})"
)
OF_IPYTHON = ("core/inputtransformer2.py", "utils/tokenutil.py")  # what tells magics from Python
FLAGS = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL", "--hostname", "sandbox"),
    *("--die-with-parent", "--new-session", "--clearenv"),
)
START_UP = 30  # seconds until Python and NumPy are there, on a busy machine
INSTALL = (
    "Students' code is not run without a sandbox. Install bubblewrap and libseccomp (Debian, Ubuntu: sudo apt install bubblewrap "
    "libseccomp2; Fedora: sudo dnf install bubblewrap libseccomp) and the Python packages (pip install -e '.[grading]'). On another system "
    "grade in a Linux virtual machine. With --unsafe-no-sandbox the submissions run as you, and may read and delete whatever you can."
)


PROBE = Case("a call without arguments", ())


class SandboxError(Exception):
    """There is no sandbox, or it did not start. This is a fault of the machine, not of the submission."""


@dataclass(frozen=True)
class Limits:
    """What one answer may use for all its cases.

    Attributes
    ----------
    cpu_seconds : int
        Of processor time: half as much again as the student's own check allows, because neighbours slow a processor down.
    wall_seconds : float
        On the clock.
    memory : int
        Bytes of address space.
    most_bytes : int
        That it returns.
    """

    cpu_seconds: int = 3
    wall_seconds: float = 9.0
    memory: int = 1 << 30
    most_bytes: int = 2 << 20


LIMITS = Limits()


def limits_for(seconds):
    """Return the limits for answers that have so many seconds in the student's own check.

    Parameters
    ----------
    seconds : float
        The most that any of them has.

    Returns
    -------
    Limits
    """
    return replace(LIMITS, cpu_seconds=ceil(1.5 * seconds), wall_seconds=4.5 * seconds)


@cache
def command(sandboxed=True):
    """Return the command line that runs ``worker.py``.

    Parameters
    ----------
    sandboxed : bool
        False for a plain Python.

    Returns
    -------
    list of str
        With "{nothing}" where the number of a file descriptor without content belongs.

    Raises
    ------
    SandboxError
        If bubblewrap is not installed.
    """
    path = ["/course", "/packages"] if sandboxed else [str(COURSE), str(_package("numpy").parent)]
    start = START.format(path=path, docstrings=DOCSTRINGS, sandboxed=sandboxed)
    python = [os.path.realpath(sys.executable), "-I", "-S", "-B", "-c", start]
    return [_bubblewrap(), *FLAGS, *_binds(), "--", *python] if sandboxed else python


@cache
def compile_for_kernel():
    """Return the filter of system calls.

    Returns
    -------
    str
        The instructions for the kernel, in hexadecimal.

    Raises
    ------
    SandboxError
        If this machine cannot make it.
    """
    try:
        return seccomp.compile_filter().hex()
    except seccomp.FilterError as error:
        raise SandboxError(f"No sandbox: {error}. {INSTALL}") from None


def _bubblewrap():
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxError(f"No sandbox: bubblewrap is not installed. {INSTALL}")
    return path


def _package(name):
    """Return the folder of an installed package, or None."""
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _binds():
    """Return the arguments that say what can be seen. Later ones cover earlier ones."""
    standard, interpreter = Path(sysconfig.get_path("stdlib")).resolve(), os.path.realpath(sys.executable)
    arguments = ["--size", str(1 << 20), "--tmpfs", "/"]
    loaders = []
    for link in (Path("/lib"), Path("/lib64")):
        if link.is_symlink():
            arguments += ["--symlink", os.readlink(link), str(link)]
            loaders += link.resolve().glob("ld-*")
    for path in (*sorted({library.parent for library in _libraries()}), interpreter, standard, *loaders):
        arguments += ["--ro-bind-try", str(path), str(path)]
    installed = [path for path in (standard / "site-packages", standard / "dist-packages") if path.is_dir()]
    for path in installed:
        arguments += ["--size", str(1 << 20), "--tmpfs", str(path)]
    for name in LIBRARIES:
        package = _package(name.removesuffix(".libs"))
        if package is not None:
            arguments += ["--ro-bind-try", str(package.parent / name), f"/packages/{name}"]
    ipython = _package("IPython")
    if ipython is not None:
        for name in OF_IPYTHON:
            arguments += ["--ro-bind-try", str(ipython / name), f"/packages/IPython/{name}"]
    for name in SHOWN:
        for path in (COURSE / name, Path(cache_from_source(str(COURSE / name)))):  # compiled when this process imported it
            arguments += ["--ro-bind-try", str(path), f"/course/{path.relative_to(COURSE)}"]
    arguments += ["--dir", "/tmp", "--bind-data", "{nothing}", "/dev/null", "--chdir", "/tmp"]  # an ordinary file, which is gone afterwards
    for path in (*installed, "/"):
        arguments += ["--remount-ro", str(path)]
    return [*arguments, "--setenv", "OPENBLAS_NUM_THREADS", "1"]


def _libraries():
    """Return the shared libraries that this process, which has imported NumPy, has from the system or beside Python."""
    maps = Path("/proc/self/maps")
    paths = (
        {Path(line[line.index("/") :]) for line in maps.read_text().splitlines() if "/" in line and ".so" in line} if maps.exists() else ()
    )
    folders = [folder for folder in sys.path if folder]
    return [path for path in paths if path.is_absolute() and not any(path.is_relative_to(folder) for folder in folders)]


def run(cells, questions, texts=(), limits=LIMITS, sandboxed=True):
    """Run a submission's answers; return what the process in the sandbox says, none of it trusted.

    Parameters
    ----------
    cells : list of str
        The sources of the code cells.
    questions : dict
        Name → (parameters, list of cases).
    texts : sequence of str
        Names of written answers.
    limits : Limits
        For each answer.
    sandboxed : bool
        False runs the code as you, with limits and nothing else.

    Returns
    -------
    summary : dict
        "texts", "notices" and "defined", the names of the questions that are answered; empty if it died before.
    answers : dict
        Name → (ending, changed parameters of each case, bytes of frames, one per case).

    Raises
    ------
    SandboxError
        If the sandbox did not come up.
    """
    blob = bytearray()
    wanted = [
        {"name": name, "parameters": list(parameters), "cases": [protocol.encode(list(case.arguments), blob) for case in cases]}
        for name, (parameters, cases) in questions.items()
    ]
    job = {
        "cells": cells,
        "questions": wanted,
        "texts": list(texts),
        "limits": asdict(limits),
        "filter": compile_for_kernel() if sandboxed else "",
    }
    seconds = START_UP + (len(questions) + len(texts)) * (limits.wall_seconds + 1)
    most = len(questions) * (limits.most_bytes + 10_000) + (len(texts) + 3) * 8 * MOST_TEXT
    output, error_output = _exchange(command(sandboxed), protocol.frame(job, bytes(blob)), seconds, most)
    return _understood(output, error_output, questions)


def _exchange(arguments, job, seconds, most):
    """Start a process, send it the job, and return what it says within its time and size: stdout, and stderr if that is empty."""
    deadline, output, left = time.monotonic() + seconds, bytearray(), memoryview(job)
    nothing = os.open(os.devnull, os.O_RDONLY)
    try:
        process = subprocess.Popen(
            [argument.format(nothing=nothing) if argument == "{nothing}" else argument for argument in arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"OPENBLAS_NUM_THREADS": "1"},
            pass_fds=[nothing],
        )
    finally:
        os.close(nothing)
    os.set_blocking(process.stdin.fileno(), False)
    with process, selectors.DefaultSelector() as selector:
        selector.register(process.stdin, selectors.EVENT_WRITE)
        selector.register(process.stdout, selectors.EVENT_READ)
        while (remaining := deadline - time.monotonic()) > 0 and len(output) <= most:
            for key, _ in selector.select(remaining):
                if key.fileobj is process.stdout:
                    piece = os.read(key.fd, 1 << 16)
                    output += piece
                    deadline = deadline if piece else 0
                    continue
                try:
                    left = left[os.write(key.fd, left) :]
                except BrokenPipeError:
                    left = left[:0]
                if not left:
                    selector.unregister(process.stdin)
                    process.stdin = _closed(process.stdin)
        process.kill()
        error_output = process.stderr.read(10_000) if not output else b""
    return bytes(output), error_output.decode(errors="replace").strip()


def _closed(pipe):
    with contextlib.suppress(BrokenPipeError):
        pipe.close()


def _understood(output, error_output, questions):
    summary, answers, ready = {}, {}, False
    with contextlib.suppress(protocol.MalformedError):
        for header, blob in protocol.frames(output):
            ready = ready or header == {"ready": True}
            name = header.get("question")
            if "texts" in header:
                summary = header
            elif isinstance(name, str) and name in questions:
                answers.setdefault(name, (header.get("ending"), header.get("changed"), blob))
    if any(ending == UNFILTERED for ending, _, _ in answers.values()):
        raise SandboxError(f"The kernel refused the filter of system calls: Linux 5.5 or newer is needed. {INSTALL}")
    if not ready:
        reason = error_output.splitlines()[-1][:300] if error_output else "no answer"
        raise SandboxError(f"The sandbox did not come up: {reason}. {INSTALL}")
    return summary, answers


def missing(sandboxed=True):
    """Return why students' code cannot be run on this machine. One answer is run to find out, under the filter of system calls.

    Parameters
    ----------
    sandboxed : bool
        False asks the same for code that runs as you.

    Returns
    -------
    str
        "" where it can be run.
    """
    if not hasattr(os, "fork"):
        return f"Students' code runs on Linux only. {INSTALL}"
    try:
        _, answers = run(["def answer(): return 1"], {"answer": ((), [PROBE])}, sandboxed=sandboxed)
    except SandboxError as error:
        return str(error)
    return "" if answers.get("answer", ("",))[0] == DONE else f"The sandbox runs no answer. {INSTALL}"
