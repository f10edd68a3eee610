"""Runs in the sandbox: takes code and inputs from stdin, gives back what the answers returned.

Each question runs in a child of its own, which dies with it. This process runs no line of the submission.
It holds no tests, references, mistakes or grades: there are none on this side of the wall.
"""

import contextlib
import gc
import os
import select
import signal
import sys
import time
from types import SimpleNamespace

import numpy as np

from utils.grading import fence, wire
from utils.grading.answers import needed, read_answers
from utils.homework.results import RAISED, VALUE, Result, call

DONE, SLOW, MUCH, DIED = "done", "too slow", "too much", "died"
MOST_TEXT = 10_000  # characters of a written answer


def main():
    """Do one job."""
    gc.disable()
    out = os.dup(1)
    nothing = os.open("/dev/null", os.O_RDWR)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    send(out, wire.frame({"ready": True}))
    ((job, blob),) = wire.frames(sys.stdin.buffer.read())
    os.dup2(nothing, 0)
    limits = SimpleNamespace(**job["limits"])
    fence.limit(limits.memory, seconds=60)
    imports, definitions, texts, notices = read_answers(job["cells"])
    defined = {name for _, names, _ in definitions for name in names}
    texts = {name: texts[name][:MOST_TEXT] for name in job["texts"] if name in texts}
    send(
        out, wire.frame({"texts": texts, "notices": notices[:20], "defined": [q["name"] for q in job["questions"] if q["name"] in defined]})
    )
    gc.freeze()
    for question in job["questions"]:
        if question["name"] in defined:
            cases = [SimpleNamespace(arguments=wire.unpacked(arguments, blob)) for arguments in question["cases"]]
            said, ending = ask(question, cases, imports, definitions, limits, out)
            send(out, wire.frame({"question": question["name"], "ending": ending}, said))
    os._exit(0)  # tidying up before the end takes as long as all the answers


def send(fd, data):
    """Write all of it."""
    while data:
        data = data[os.write(fd, data) :]


def ask(question, cases, imports, definitions, limits, *private):
    """Run one question in a child and return what it said and how it ended."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for fd in (ear, *private):
                os.close(fd)
            fence.limit(limits.memory, limits.seconds)
            fence.put_up()
            answer(question, cases, imports, definitions, mouth)
        finally:
            os._exit(0)
    os.close(mouth)
    said, ending = listen(ear, time.monotonic() + limits.patience, limits.most_bytes)
    os.close(ear)
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if ending == DONE and os.WIFSIGNALED(status):
        cpu = os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
        ending = SLOW if cpu else DIED
    return said, ending


def listen(ear, deadline, most):
    """Return what comes until the other end closes, the time is over, or it is too much; and which of the three."""
    said = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([ear], [], [], left)[0]:
            break
        piece = os.read(ear, 1 << 16)
        if not piece:
            return bytes(said), DONE
        said += piece
        if len(said) > most:
            return b"", MUCH
    return bytes(said), SLOW


# --- in the child, together with the submission: everything from here on may be changed by it ---


def answer(question, cases, imports, definitions, mouth):
    """Define what the submission defines, call its function for each case, and say what came out."""
    gc.enable()
    name, lost = question["name"], {}
    names = {"__name__": "submission", "np": np, "numpy": np}
    for code in imports:
        with contextlib.suppress(BaseException):  # who uses what is not there hears of it when it is used
            exec(code, names)
    for code, defines, _ in needed(name, definitions):
        try:
            exec(code, names)
        except BaseException as error:
            lost |= dict.fromkeys(defines, error)
        else:
            for defined in defines:
                lost.pop(defined, None)
    for case in cases:
        if name in lost:
            result = Result(RAISED, error=type(lost[name]).__name__, message=str(lost[name])[:300])
        else:
            result = call(names[name], question["parameters"], case, {})
        say(mouth, result)


def say(mouth, result):
    """Send one result."""
    blob = bytearray()
    try:
        value = wire.packed(result.value, blob)
    except Exception:
        value, blob = ["other", "something that cannot be read"], b""
    header = {"kind": result.kind, "error": result.error, "message": result.message}
    header |= {"printed": result.printed, "changed": list(result.changed)}
    if result.kind == VALUE:
        header["value"] = value
    send(mouth, wire.frame(header, bytes(blob)))
