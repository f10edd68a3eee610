"""The wall: one bubblewrap sandbox per submission, in which Python, NumPy and five files of the course can be read, and nothing else.

No network, no other process, no home, no /etc, no /proc; a writable /tmp of fixed size in memory, gone afterwards.
"""

import contextlib
import os
import selectors
import shutil
import subprocess
import sys
import sysconfig
import time
from dataclasses import asdict, dataclass
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path

import numpy as np

from utils.grading import wire
from utils.grading.inside import MOST_TEXT

COURSE = Path(__file__).resolve().parents[2]
SHOWN = (
    "utils/grading/inside.py",
    "utils/grading/answers.py",
    "utils/grading/fence.py",
    "utils/grading/wire.py",
    "utils/homework/results.py",
)
FLAGS = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"),
    *("--die-with-parent", "--new-session", "--clearenv"),
)
WRITABLE = 16 << 20  # bytes of /tmp
START_UP = 30  # seconds until Python and NumPy are there, on a busy machine
INSTALL = (
    "Students' code is not run without a sandbox. Install bubblewrap (Debian, Ubuntu: sudo apt install bubblewrap; Fedora: sudo dnf "
    "install bubblewrap). On another system grade in a Linux virtual machine. With --unsafe-no-sandbox the submissions run as you, "
    "and may read and delete whatever you can."
)


class SandboxError(Exception):
    """There is no sandbox, or it did not come up. The fault is the machine's, not the submission's."""


@dataclass(frozen=True)
class Limits:
    """What one answer may use: processor seconds, seconds on the clock, bytes of memory, bytes that it returns."""

    seconds: int = 2
    patience: float = 8.0
    memory: int = 1 << 30
    most_bytes: int = 2 << 20


LIMITS = Limits()


@cache
def command(sandboxed=True):
    """Return the command line that runs ``inside.py``."""
    packages = Path(np.__file__).resolve().parents[1]
    python = [os.path.realpath(sys.executable), "-I", "-S", "-B", "-c"]
    start = "import gc, sys; gc.disable(); sys.path[:0] = {}; from utils.grading.inside import main; main()"
    if not sandboxed:
        return [*python, start.format([str(COURSE), str(packages)])]
    return [_bubblewrap(), *FLAGS, *_binds(packages), "--", *python, start.format(["/course", str(packages)])]


def _bubblewrap():
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxError(f"No sandbox: bubblewrap is not installed. {INSTALL}")
    return path


def _binds(packages):
    """Return the arguments that say what can be seen. What comes later lies above what came before."""
    standard, interpreter = Path(sysconfig.get_path("stdlib")).resolve(), os.path.realpath(sys.executable)
    arguments = ["--size", str(1 << 20), "--tmpfs", "/", "--size", str(WRITABLE), "--tmpfs", "/tmp"]  # the course may live below /tmp
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
    for path in (packages / "numpy", packages / "numpy.libs"):
        arguments += ["--ro-bind-try", str(path), str(path)]
    for name in SHOWN:
        for path in (COURSE / name, Path(cache_from_source(str(COURSE / name)))):  # compiled when this process imported it
            arguments += ["--ro-bind-try", str(path), f"/course/{path.relative_to(COURSE)}"]
    arguments += ["--dev-bind", "/dev/null", "/dev/null", "--chdir", "/tmp"]
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
    """Run a submission's answers and return (about, answers): what the process inside says, none of it trusted.

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
    about : dict
        "texts", "notices" and "defined", see ``answers.read_answers``; empty if it died before.
    answers : dict
        Name → (ending, bytes of frames, one per case).

    Raises
    ------
    SandboxError
        If the sandbox did not come up.
    """
    blob = bytearray()
    wanted = [
        {"name": name, "parameters": list(parameters), "cases": [wire.packed(case.arguments, blob) for case in cases]}
        for name, (parameters, cases) in questions.items()
    ]
    job = wire.frame({"cells": cells, "questions": wanted, "texts": list(texts), "limits": asdict(limits)}, bytes(blob))
    patience = START_UP + len(questions) * (limits.patience + 1)
    most = len(questions) * (limits.most_bytes + 1000) + (len(texts) + 3) * 8 * MOST_TEXT
    said, complaint = _exchange(command(sandboxed), job, patience, most)
    return _understood(said, complaint, questions)


def _exchange(arguments, job, patience, most):
    """Start a process, send it the job, and return what it says within the time and the size that it has; and stderr."""
    deadline, said, left = time.monotonic() + patience, bytearray(), memoryview(job)
    process = subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"OPENBLAS_NUM_THREADS": "1"}
    )
    os.set_blocking(process.stdin.fileno(), False)
    with process, selectors.DefaultSelector() as selector:
        selector.register(process.stdin, selectors.EVENT_WRITE)
        selector.register(process.stdout, selectors.EVENT_READ)
        while (seconds := deadline - time.monotonic()) > 0 and len(said) <= most:
            for key, _ in selector.select(seconds):
                if key.fileobj is process.stdout:
                    piece = os.read(key.fd, 1 << 16)
                    said += piece
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
        complaint = process.stderr.read(1000) if not said else b""
    return bytes(said), complaint.decode(errors="replace").strip()


def _closed(pipe):
    with contextlib.suppress(BrokenPipeError):
        pipe.close()


def _understood(said, complaint, questions):
    about, answers, ready = {}, {}, False
    with contextlib.suppress(wire.GarbledError):
        for header, blob in wire.frames(said):
            ready = ready or header.get("ready") is True
            if "texts" in header:
                about = header
            elif header.get("question") in questions:
                answers.setdefault(header["question"], (header.get("ending"), blob))
    if not ready:
        raise SandboxError(f"The sandbox did not come up: {complaint or 'no answer'}. {INSTALL}")
    return about, answers


def missing(sandboxed=True):
    """Return why students' code cannot be run on this machine, or ""."""
    try:
        run([], {}, sandboxed=sandboxed)
    except SandboxError as error:
        return str(error)
    return ""
