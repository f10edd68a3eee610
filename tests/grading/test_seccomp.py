"""The filter: what an answer may ask of the kernel is on a short list, which is compared with those of Docker and Flatpak."""

import errno
import os
import struct
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
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # machine → its number in the kernel's reports
ALLOW, NOTIFY, ERROR = 0x7FFF0000, 0x7FC00000, 0x00050000  # what a filter may say; the number of the error is added
REFUSED = {  # a few that must not pass, on any machine
    *("execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd", "kcmp", "kill", "tgkill"),
    *("add_key", "keyctl", "request_key", "shmget", "shmat", "msgget", "semget", "mq_open", "socket", "socketpair", "connect", "bind"),
    *("io_uring_setup", "io_uring_enter", "userfaultfd", "bpf", "perf_event_open", "mount", "umount2", "unshare", "setns", "chroot"),
    *("fchmodat", "utimensat", "setxattr", "memfd_create", "flock", "inotify_init1", "personality", "setrlimit", "timer_create"),
}


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


def verdict(program, machine, number, *arguments):
    """Return what a filter says of a system call: it is run as the kernel would."""
    data = struct.pack("<iIQ6Q", number, AUDIT[machine], 0, *arguments, *[0] * (6 - len(arguments)))
    lines = list(struct.iter_unpack("<HBBI", program))
    at, a = 0, 0
    while True:
        code, yes, no, k = lines[at]
        at += 1
        if code == 0x20:  # load a word
            (a,) = struct.unpack_from("<I", data, k)
        elif code == 0x54:
            a &= k
        elif code == 0x05:
            at += k
        elif code == 0x06:
            return k
        else:
            at += yes if {0x15: a == k, 0x25: a > k, 0x35: a >= k, 0x45: bool(a & k)}[code] else no


@pytest.mark.parametrize("machine", AUDIT)
def test_each_machine_has_its_filter(machine):
    pyseccomp = pytest.importorskip("pyseccomp")
    program, arch = seccomp.compile_filter(machine), getattr(pyseccomp.Arch, machine.upper())
    numbers = {name: pyseccomp.resolve_syscall(arch, name) for name in {*seccomp.ALLOWED, *BY_ARGUMENT, *seccomp.UNKNOWN, *REFUSED}}
    there = {name: number for name, number in numbers.items() if number >= 0}
    assert {name for name in seccomp.ALLOWED if name in there and verdict(program, machine, there[name]) != ALLOW} == set()
    assert {name for name in REFUSED if verdict(program, machine, there[name]) != ERROR + errno.EPERM} == set()
    assert {name for name in seccomp.UNKNOWN if verdict(program, machine, there[name]) != ERROR + errno.ENOSYS} == set()
    others = set(range(600)) - {*there.values()}
    assert {number for number in others if verdict(program, machine, number) != ERROR + errno.EPERM} == set()
    thread = seccomp.CLONE_VM | seccomp.CLONE_SIGHAND | seccomp.CLONE_THREAD
    assert verdict(program, machine, there["clone"], thread) == NOTIFY
    assert (
        verdict(program, machine, there["clone"], 17) == verdict(program, machine, there["clone"], thread | 1 << 28) == ERROR + errno.EPERM
    )
    assert [verdict(program, machine, there["fcntl"], 0, command) for command in (1, 8)] == [ALLOW, ERROR + errno.EPERM]
    other = next(name for name in AUDIT if name != machine)
    assert verdict(program, other, there["read"]) == ERROR + errno.EPERM


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
    monkeypatch.setattr(seccomp, "compile_filter", lambda: b"\xff" * 16)  # the kernel refuses it
    with pytest.raises(SandboxError, match="kernel refused the filter"):
        value("f = int")
    assert "kernel refused" in sandbox.missing()
    sandbox.compile_for_kernel.cache_clear()
