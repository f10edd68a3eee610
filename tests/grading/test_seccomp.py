"""The filter: what an answer may ask of the kernel is on a short list, which is held against those of Docker and Flatpak."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from submissions import dedented

from utils.grading import sandbox, seccomp
from utils.grading.grade_one import results
from utils.grading.sandbox import SandboxError
from utils.homework.question import Case

HERE = Path(__file__).parent
BY_ARGUMENT = {"clone", "fcntl", "ioctl", "prctl", "prlimit64"}  # allowed with some arguments only
OWN_TRAPS = {335, 336} if os.uname().machine == "x86_64" else set()  # a probe's: the kernel ends who calls them, before any filter


def names_in(file):
    """Return the names in a list of system calls."""
    return {name for line in (HERE / file).read_text().splitlines() if not line.startswith("#") for name in line.split()}


def value(source):
    """Return what ``f()`` returns in the sandbox."""
    _, answers = sandbox.run(["import ctypes, errno, os", dedented(source)], {"f": ((), [Case("", ())])})
    return results(answers["f"], 1)[0]


def test_docker_lets_through_all_that_is_let_through_here_and_flatpak_refuses_none_of_it():
    allowed = {*seccomp.ALLOWED, *BY_ARGUMENT}
    docker = names_in("docker_allows.txt")
    assert allowed - {"clone"} <= docker, allowed - docker  # clone: both look at its arguments, as here
    assert not allowed & names_in("flatpak_refuses.txt")
    assert len(seccomp.ALLOWED) == len(set(seccomp.ALLOWED)) < len(docker) / 3


@pytest.mark.sandbox
def test_every_other_system_call_is_refused():
    pyseccomp = pytest.importorskip("pyseccomp")
    arch = pyseccomp.system_arch()
    numbers = {pyseccomp.resolve_syscall(arch, name) for name in {*seccomp.ALLOWED, *BY_ARGUMENT}}
    refused = [number for number in range(600) if number not in numbers | OWN_TRAPS]
    if os.uname().machine == "x86_64":
        refused += [0x40000000 + number for number in (0, 57, 500)]  # the x32 numbers
    found = value(f"""
        libc = ctypes.CDLL(None, use_errno=True)
        def f():
            passed = []
            for number in {refused}:
                if libc.syscall(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
                    passed.append(number)
            return passed
        """)
    assert found.value == [], found


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "call",
    [
        "fcntl.fcntl(0, 8, 1)",  # F_SETOWN
        "fcntl.fcntl(0, 10, 9)",  # F_SETSIG
        "fcntl.fcntl(0, 4, 0o20000)",  # F_SETFL, O_ASYNC
        "fcntl.fcntl(0, 1031, 1 << 20)",  # F_SETPIPE_SZ
        "fcntl.fcntl(0, 15, bytes(8))",  # F_SETOWN_EX
        "fcntl.ioctl(0, 0x8901, bytes(4))",  # FIOSETOWN
        "fcntl.ioctl(0, 0x8902, bytes(4))",  # SIOCSPGRP
        "fcntl.ioctl(0, 0x5452, bytes(4))",  # FIOASYNC
        "fcntl.ioctl(0, 0x5412, b'x')",  # TIOCSTI
    ],
)
def test_no_signals_to_others_by_a_file(call):
    assert value(f"import fcntl\ndef f(): return {call}").error == "PermissionError"


@pytest.mark.sandbox
def test_threads_are_counted():
    assert (
        value("""
        import threading
        def f():
            for number in range(2000):
                try:
                    thread = threading.Thread(target=int)
                    thread.start()
                except RuntimeError:
                    return number
                thread.join()
        """).value
        == seccomp.MOST_THREADS
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Linux only")
def test_a_crash_leaves_no_core_dump():
    source = "from utils.grading import seccomp; seccomp.hide_memory(); import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    assert subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True).stdout.strip() == "0"


@pytest.mark.sandbox
def test_without_the_filter_nothing_is_run(monkeypatch):
    def missing(*_):
        raise seccomp.FilterError("libseccomp is missing")

    sandbox.compile_for_kernel.cache_clear()
    monkeypatch.setattr(seccomp, "compile_filter", missing)
    with pytest.raises(SandboxError, match="libseccomp is missing"):
        value("f = int")
    monkeypatch.setattr(seccomp, "compile_filter", lambda: b"\xff" * 16)  # the kernel will not have it
    with pytest.raises(SandboxError, match="kernel refused the filter"):
        value("f = int")
    assert "kernel refused" in sandbox.missing()
    sandbox.compile_for_kernel.cache_clear()
