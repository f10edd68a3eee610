"""A system call filter around one answer: no new processes, no programs, no signals to others.

The sandbox is the wall between a submission and the machine. Inside it this fence stands between one answer and the
process that runs the other answers: a fork bomb, or a kill of everything within reach, costs the answer that tries it.
"""

import contextlib
import ctypes
import os
import platform
import struct

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, EQUAL, GREATER, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000  # REFUSE + error number
EPERM, ENOSYS = 1, 38
CLONE_THREAD = 0x10000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where the kernel puts them

MACHINES = {  # machine → its number for the kernel, and the system calls by number
    "x86_64": (
        0xC000003E,
        {"clone": 56, "clone3": 435, "tgkill": 234},
        # fork vfork execve execveat kill tkill ptrace process_vm_writev rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal prlimit64
        (57, 58, 59, 322, 62, 200, 101, 311, 129, 297, 424, 302),
    ),
    "aarch64": (
        0xC00000B7,
        {"clone": 220, "clone3": 435, "tgkill": 131},
        (221, 281, 129, 130, 117, 271, 138, 240, 424, 261),
    ),
}


def limit(memory, seconds):
    """Limit this process and its children: bytes of memory, seconds of processor time, size and number of files."""
    import resource  # Linux only, like all that is called in here

    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 1 << 20),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # it is lower already
            resource.setrlimit(kind, (most, most))


def put_up():
    """Filter the system calls of this process from now on, for good. Does nothing on a machine that it does not know."""
    if platform.machine() not in MACHINES:
        return
    program = _program(*MACHINES[platform.machine()])
    lines = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_void_p))

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Program(len(program) // 8, ctypes.addressof(lines))), 0, 0)


def _program(machine, calls, refused):
    lines = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, machine),
        (RETURN, 0, 0, REFUSE + EPERM),
        (LOAD, 0, 0, NUMBER),
        (GREATER, 0, 1, 0x40000000),  # the calls of another numbering
        (RETURN, 0, 0, REFUSE + EPERM),
        (EQUAL, 0, 1, calls["clone3"]),  # hides its flags; without it libc takes clone
        (RETURN, 0, 0, REFUSE + ENOSYS),
    ]
    for number in refused:
        lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE + EPERM)]
    lines += [
        (EQUAL, 0, 4, calls["clone"]),  # threads may be, processes not
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (ANY_BIT, 1, 0, CLONE_THREAD),
        (RETURN, 0, 0, REFUSE + EPERM),
        (RETURN, 0, 0, ALLOW),
        (EQUAL, 0, 3, calls["tgkill"]),  # a signal to oneself is what abort() is made of
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (EQUAL, 1, 0, os.getpid()),
        (RETURN, 0, 0, REFUSE + EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
