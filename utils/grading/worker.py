"""Runs in the sandbox: takes code and inputs from stdin, and sends back what the answers returned.

Each question runs in a child process of its own. This process runs no line of the submission. It holds no
tests, references, mistakes or grades: there are none in the sandbox.
"""

import gc
import importlib.util
import linecache
import mmap
import os
import select
import signal
import socket
import struct
import sys
import time
import types
from dataclasses import replace
from types import SimpleNamespace

from utils.grading import protocol, seccomp
from utils.homework.definitions import needed, read
from utils.homework.results import RAISED, VALUE, Result, outcome

DONE, SLOW, STALLED, TOO_MUCH, DIED, UNFILTERED = "done", "too slow", "stalled", "too much", "died", "unfiltered"
MOST_TEXT = 10_000  # characters of a written answer
READING_SECONDS = 20  # of processor time, to read the code of the largest notebook
DEEPEST_CODE = 5000  # nested expressions: a sum of a thousand terms is a thousand deep
THERE = "The grader has Python, NumPy and SciPy, not"


def main(sandboxed=True):
    """Do one job, from stdin to stdout.

    Parameters
    ----------
    sandboxed : bool
        False leaves the system call filter out.
    """
    gc.disable()
    out = os.dup(1)
    ((job, blob),) = protocol.frames(sys.stdin.buffer.read())
    limits = SimpleNamespace(**job["limits"])
    seccomp.limit_resources(limits.memory, READING_SECONDS)
    instructions = bytes.fromhex(job["filter"]) if sandboxed else b""
    if sandboxed:
        seccomp.hide_memory()
    silence = os.open("/dev/null", os.O_RDWR)
    for fd in range(3):
        os.dup2(silence, fd)
    send(out, protocol.frame({"ready": True}))
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEPEST_CODE)
    definitions, notices = read(job["cells"])
    for i, source in enumerate(job["cells"], start=1):  # so that the line which raises an exception can be shown
        linecache.cache[f"<cell {i}>"] = len(source), None, source.splitlines(keepends=True), f"<cell {i}>"
    defined = {name for one in definitions if not one.is_import for name in one.names}
    run = SimpleNamespace(cells=job["cells"], definitions=definitions, limits=limits, filter=instructions, private=(out,), recursion=usual)
    questions = [question for question in job["questions"] if question["name"] in defined]
    texts = {name: _text(name, run)[:MOST_TEXT] for name in job["texts"] if name in defined}
    notices += _missing_modules([question["name"] for question in questions], definitions, defined)
    summary = {"texts": texts, "notices": notices[:40], "defined": [question["name"] for question in questions]}
    send(out, protocol.frame(summary))
    gc.freeze()
    for question in questions:
        header, output = run_answer(question, blob, run)
        send(out, protocol.frame(header, output))
    os._exit(0)  # Python's own end takes as long as all the answers


def send(fd, data):
    """Write all of the data to a file descriptor.

    Parameters
    ----------
    fd : int
        The file descriptor.
    data : bytes
        What is written.
    """
    while data:
        data = data[os.write(fd, data) :]


def _missing_modules(names, definitions, defined):
    """Return a notice for each module that an answer imports and that is not there."""
    missing = {}
    for name in names:
        for one in needed(name, definitions):
            if one.is_import and not one.names <= defined and not _is_there(one.module):
                missing.setdefault(one.module, name)
    notices = []
    for module, name in missing.items():
        what = "What it shows is left out." if module in SILENT else f"{name} fails where it uses it."
        notices.append(f"{THERE} {module or 'modules beside the notebook'}. {what}")
    return notices


def _is_there(module):
    try:
        return bool(module) and module not in ("utils", "IPython") and importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def run_answer(question, blob, run):
    """Run one question in a child and collect what it returned.

    Parameters
    ----------
    question : dict
        "name", "parameters" and "cases", the encoded arguments of each call.
    blob : bytes
        The numbers in them.
    run : SimpleNamespace
        What all questions share.

    Returns
    -------
    header : dict
        "question", "ending", and "changed": for each case the parameters that the answer changed in place.
    output : bytes
        The frames that the child sent, one per case.
    """
    memory = mmap.mmap(-1, max(len(blob), 1))  # shared with the child: what it writes into its inputs is seen here
    memory[: len(blob)] = blob
    cases = [protocol.decode(arguments, memory) for arguments in question["cases"]]
    output, ending = _in_child(lambda write_end: answer(question, cases, run, write_end), run)
    changed = []
    if memory[: len(blob)] != blob:
        before = [protocol.decode(arguments, blob) for arguments in question["cases"]]
        changed = [_changed(question["parameters"], *pair) for pair in zip(cases, before, strict=True)]
    return {"question": question["name"], "ending": ending, "changed": changed}, output


def _changed(parameters, now, before):
    return [name for name, *pair in zip(parameters, now, before, strict=False) if not _same(*pair)]


def _same(now, before):
    if isinstance(before, list | tuple):
        return all(map(_same, now, before))
    return now.tobytes() == before.tobytes() if hasattr(before, "tobytes") else True


def _in_child(work, run):
    """Call ``work(write_end)`` in a limited child; return the bytes that it wrote, and how it ended."""
    limits = run.limits
    read_end, write_end = os.pipe()
    ours, childs = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            ours.close()
            for fd in (read_end, *run.private):
                os.close(fd)
            sys.setrecursionlimit(run.recursion)
            seccomp.limit_resources(limits.memory, limits.cpu_seconds)
            if run.filter:
                listener = seccomp.install_filter(run.filter)
                childs.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", listener))])
                os.close(listener)
            childs.close()
            work(write_end)
        finally:
            os._exit(0)
    os.close(write_end)
    childs.close()
    with ours:
        output, ending = collect_output(read_end, ours if run.filter else None, time.monotonic() + limits.wall_seconds, limits.most_bytes)
    os.close(read_end)
    os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    if ending == DONE and os.WIFSIGNALED(status):
        used_up = os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
        ending = SLOW if used_up else DIED
    elif ending == SLOW and usage.ru_utime + usage.ru_stime < 0.8 * limits.cpu_seconds:
        ending = STALLED  # it slept, or the machine had no time for it
    return output, ending


def collect_output(read_end, channel, deadline, most):
    """Read until the other end closes, the time is over, or it is too much; count threads meanwhile.

    Parameters
    ----------
    read_end : int
        A file descriptor.
    channel : socket or None
        On which the child sends the listener of its filter before it does anything else; None without a filter.
    deadline : float
        On the monotonic clock.
    most : int
        Bytes.

    Returns
    -------
    bytes, str
        What came, and DONE, SLOW or TOO_MUCH; UNFILTERED if the child has no filter, and so has run nothing.
    """
    output, listener, threads, poll = bytearray(), None, 0, select.poll()
    for fd in filter(None, (read_end, channel)):
        poll.register(fd, select.POLLIN)
    awaited = channel and channel.fileno()
    try:
        while (left := deadline - time.monotonic()) > 0:
            for fd, event in sorted(poll.poll(1000 * left), key=lambda pair: pair[0] != awaited):  # the channel brings the listener
                if fd == awaited:
                    _, sent, _, _ = channel.recvmsg(1, socket.CMSG_SPACE(4))
                    poll.unregister(channel)
                    if not sent:
                        return b"", UNFILTERED
                    (listener,) = struct.unpack("i", sent[0][2])
                    poll.register(listener, select.POLLIN)
                elif fd == listener and event & select.POLLIN:
                    seccomp.count_thread(listener, threads)
                    threads += 1
                elif fd == listener:
                    poll.unregister(listener)  # nobody is left who could start a thread
                else:
                    piece = os.read(read_end, 1 << 16)
                    if not piece:
                        return bytes(output), DONE if listener is not None or channel is None else UNFILTERED
                    output += piece
                    if len(output) > most:
                        return b"", TOO_MUCH
        return bytes(output), SLOW
    finally:
        if listener is not None:
            os.close(listener)


def _text(name, run):
    """Return a written answer: the text that the notebook assigns, else the lines that assign it, else comments beside them."""
    ours = [one for one in run.definitions if name in one.names]
    written = [one for one in ours if one.text is None or one.text.strip()]  # an untouched stub never replaces a text
    if not written:
        lines = [line.strip() for one in ours for line in run.cells[one.cell - 1].split("\n")]
        return "\n".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    if all(one.text is not None for one in written):
        return written[-1].text
    definitions = [one for one in run.definitions if name not in one.names or one in written]
    output, _ = _in_child(lambda write_end: send_text(name, SimpleNamespace(**vars(run) | {"definitions": definitions}), write_end), run)
    text = output.decode("utf-8", "replace")
    return text if text.strip() else "\n".join(one.source for one in written)


# --- in the child, together with the submission: everything from here on may be changed by it ---


class Nothing:
    """Stands in for a module that only shows things: every call of it does nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *arguments, **keywords):
        """Return itself, whatever it is called with."""
        return self

    def __iter__(self):
        return iter((self, self))  # figure, axes = plt.subplots()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def __getitem__(self, key):
        return self


class Progress(Nothing):
    """Stands in for tqdm: it loops, and shows no bar."""

    def __call__(self, loop=(), *arguments, **keywords):
        """Return what is looped over: the range of a number, or the argument itself."""
        return range(loop) if isinstance(loop, int) else loop


SILENT = {
    **dict.fromkeys(("matplotlib", "seaborn", "plotly", "IPython", "ipywidgets", "rich"), Nothing),
    "tqdm": Progress,
}


def define(name, run):
    """Run the definitions that an answer needs.

    Parameters
    ----------
    name : str
        Of the answer.
    run : SimpleNamespace
        With the definitions.

    Returns
    -------
    names : dict
        The namespace of the submission.
    lost : dict
        Name → the exception that kept it from being defined.
    function : callable or None
        The last one that had the name: a result that was given the name afterwards does not replace it.
    """
    import numpy as np

    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module  # dataclasses and pickles look for their module
    names, lost = module.__dict__, {}
    names |= {"np": np, "numpy": np, "display": Nothing(), "get_ipython": Nothing()}
    function = None
    for one in needed(name, run.definitions):
        before = {defined: names.get(defined) for defined in one.names}
        failure = None
        try:
            _define_one(one, names)
        except BaseException as error:
            failure = error
        for defined, value in before.items():
            if failure is None or names.get(defined) is not value:
                lost.pop(defined, None)
            elif not one.is_import and (value is None or not one.is_block):  # a missing module fails later, where it is used
                lost[defined] = failure
        function = names[name] if callable(names.get(name)) else function
    return names, lost, function


def _define_one(one, names):
    try:
        exec(one.code, names)
    except ImportError:
        if not one.is_import or one.module not in SILENT:
            raise
        names |= dict.fromkeys(one.names, SILENT[one.module]())
    except (NameError, AttributeError, TypeError):
        bare = one.without_decorators()  # such as one of a module that is not there
        if bare is None:
            raise
        exec(bare, names)


def answer(question, cases, run, write_end):
    """Define what the answer needs, call it for each case, and send what it returned.

    Parameters
    ----------
    question : dict
        "name" and "parameters".
    cases : list of list
        The arguments of each call.
    run : SimpleNamespace
        With the definitions.
    write_end : int
        File descriptor for the results.
    """
    gc.enable()
    name = question["name"]
    names, lost, function = define(name, run)
    for arguments in cases:
        if name in lost:
            result = Result(RAISED, error=type(lost[name]).__name__, message=str(lost[name])[:300])
        else:
            before = [list(argument) if isinstance(argument, list) else None for argument in arguments]
            result = outcome(function or names[name], arguments)
            pairs = zip(question["parameters"], arguments, before, strict=False)
            result = replace(result, changed=tuple(parameter for parameter, now, old in pairs if old is not None and _other(now, old)))
        send_result(write_end, result)


def _other(now, before):
    """Return whether a list has other entries than before; whether its arrays were changed is seen from outside."""
    return len(now) != len(before) or any(a is not b for a, b in zip(now, before, strict=True))


def send_text(name, run, write_end):
    """Evaluate a written answer that is more than a text in quotation marks, and send it.

    Parameters
    ----------
    name : str
        The variable that holds it.
    run : SimpleNamespace
        With the definitions.
    write_end : int
        File descriptor for the text.
    """
    value = define(name, run)[0].get(name)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, list | tuple) and all(isinstance(line, str) for line in value):
        value = "\n".join(value)
    send(write_end, str(value if value is not None else "").encode("utf-8", "replace")[: 4 * MOST_TEXT])


def send_result(write_end, result):
    """Send one result.

    Parameters
    ----------
    write_end : int
        A file descriptor.
    result : Result
        The outcome of one case.
    """
    blob = bytearray()
    try:
        value = protocol.encode(result.value, blob)
    except Exception:
        value, blob = ["other", "something that cannot be read"], b""
    header = {"kind": result.kind, "error": result.error, "message": result.message}
    header |= {"printed": result.printed, "changed": list(result.changed)}
    header |= {"function": result.function, "line": result.line, "shapes": result.shapes}
    if result.kind == VALUE:
        header["value"] = value
    send(write_end, protocol.frame(header, bytes(blob)))
