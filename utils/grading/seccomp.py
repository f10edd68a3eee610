"""A system call filter: an answer may compute, read Python's own files, and start threads. The kernel refuses everything else.

bubblewrap decides what an answer can see; this filter decides what it can ask of the kernel. It is a list of what is
allowed, so that a system call of a newer kernel is refused. Processes, programs, signals, sockets, shared memory, keys,
timers, new files: an answer needs none of them. Each new thread is reported to the worker, which counts.

The grader compiles the list with libseccomp, which knows the numbers of each machine; the process in the sandbox installs the
result, for which it needs no library.
"""

import contextlib
import ctypes
import errno
import os
import struct
import tempfile

ALLOWED = (
    # memory
    *("brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "mincore", "membarrier", "msync"),
    # files that are open or can be read
    *("read", "pread64", "readv", "preadv", "write", "pwrite64", "writev", "lseek", "close", "close_range", "dup", "dup2", "dup3"),
    *("open", "openat", "access", "faccessat", "faccessat2", "stat", "lstat", "fstat", "newfstatat", "statx", "statfs", "fstatfs"),
    *("getdents64", "getcwd", "readlink", "readlinkat", "ftruncate", "fsync", "fdatasync", "fadvise64"),
    # threads, their locks and their end; signals of the process to itself, such as a segmentation fault
    *("futex", "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "arch_prctl", "gettid", "sched_yield"),
    *("sched_getaffinity", "getcpu", "exit", "exit_group", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack"),
    *("restart_syscall", "rt_sigpending"),
    "sendmsg",  # hands the listener to the worker; an answer has no socket to use it with
    # time and waiting
    *("clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times", "getrusage"),
    *("poll", "ppoll", "select", "pselect6"),
    # who and where
    *("getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getpgrp", "getgroups", "getrlimit", "uname", "sysinfo", "getrandom"),
)
UNKNOWN = ("clone3", "openat2")  # their arguments cannot be examined; "not implemented" makes the C library take the older calls
CLONE_VM, CLONE_SIGHAND, CLONE_THREAD = 0x100, 0x800, 0x10000
NEW_NAMESPACES = 0x7E020080  # the flags CLONE_NEW…
FCNTL = (0, 1, 2, 3, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC
IOCTL = (0x5401, 0x5451, 0x5450)  # TCGETS, which isatty() asks, FIOCLEX and FIONCLEX
PRCTL = (15, 0x53564D41)  # PR_SET_NAME and PR_SET_VMA: the C library names its threads and memory
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
SECCOMP = {"x86_64": 317, "aarch64": 277}  # machine → number of the system call that installs a filter
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER = 1, 8
LINE = 8  # bytes of an instruction
RECEIVE, SEND = 0xC0502100, 0xC0182101  # ioctls of a listener
REPORT = struct.Struct("=Q72x")  # what it receives begins with a number
REPLY = struct.Struct("=QqiI")  # that number, a value, an error, flags
CONTINUE = 1
MOST_THREADS = 500  # that an answer may start


class FilterError(Exception):
    """The filter cannot be made or installed. This is a fault of the machine."""


def compile_filter(machine=None):
    """Return the filter for a machine.

    Parameters
    ----------
    machine : str, optional
        "x86_64" or "aarch64"; without a name this one.

    Returns
    -------
    bytes
        Instructions for the kernel.

    Raises
    ------
    FilterError
        If libseccomp or its Python binding is missing, or the machine is another one.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError) as error:
        raise FilterError(f"The system call filter needs libseccomp and pyseccomp ({error})") from None
    machine = machine or os.uname().machine
    if machine not in SECCOMP:
        raise FilterError(f"The system call filter is not made for {machine}")
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    here, there = pyseccomp.system_arch(), getattr(pyseccomp.Arch, machine.upper())
    if there != here:
        rules.add_arch(there)
        rules.remove_arch(here)
    rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.ERRNO(errno.EPERM))

    def add(action, name, *conditions):
        with contextlib.suppress(FileNotFoundError):  # libseccomp does not know this call, so it needs no rule
            if pyseccomp.resolve_syscall(there, name) >= 0:  # a machine without this call has a negative number
                rules.add_rule_exactly(action, pyseccomp.resolve_syscall(here, name), *conditions)  # which libseccomp translates

    for name in ALLOWED:
        add(pyseccomp.ALLOW, name)
    for name in UNKNOWN:
        add(pyseccomp.ERRNO(errno.ENOSYS), name)
    thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD
    add(pyseccomp.NOTIFY, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, thread | NEW_NAMESPACES, thread))
    for name, position, values in (("fcntl", 1, FCNTL), ("ioctl", 1, IOCTL), ("prctl", 0, PRCTL)):
        for value in values:
            add(pyseccomp.ALLOW, name, pyseccomp.Arg(position, pyseccomp.EQ, value))
    # a process may read its own limits, and nothing else
    add(pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(0, pyseccomp.EQ, 0), pyseccomp.Arg(2, pyseccomp.EQ, 0))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def hide_memory():
    """Forbid other processes to read the memory of this one, and core dumps of it and its children."""
    _prctl(PR_SET_DUMPABLE, 0)


def install_filter(instructions):
    """Filter the system calls of this process from now on.

    Parameters
    ----------
    instructions : bytes
        From ``compile_filter``.

    Returns
    -------
    int
        A file descriptor on which threads are reported that this process starts, see ``count_thread``.

    Raises
    ------
    FilterError
        If the kernel does not take it.
    """
    lines = ctypes.create_string_buffer(instructions, len(instructions))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_void_p))

    program = Program(len(instructions) // LINE, ctypes.addressof(lines))
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER
    listener = libc.syscall(ctypes.c_long(SECCOMP[os.uname().machine]), *map(ctypes.c_ulong, arguments), ctypes.byref(program))
    if listener < 0:
        raise FilterError(f"The kernel refused the filter (error {ctypes.get_errno()}); Linux 5.5 or newer is needed")
    return listener


def count_thread(listener, number):
    """Answer the report that a process starts a thread. The thread is allowed unless there are too many.

    Parameters
    ----------
    listener : int
        From ``install_filter``; something can be read from it.
    number : int
        How many threads it has started before.
    """
    import fcntl  # there is none on Windows

    report = bytearray(REPORT.size)
    with contextlib.suppress(OSError):  # it was killed meanwhile
        fcntl.ioctl(listener, RECEIVE, report, True)
        reply = (0, CONTINUE) if number < MOST_THREADS else (-errno.EAGAIN, 0)
        fcntl.ioctl(listener, SEND, REPLY.pack(*REPORT.unpack(report), 0, *reply))


def _prctl(option, value):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(ctypes.c_int(option), *map(ctypes.c_ulong, (value, 0, 0, 0))) != 0:
        raise FilterError(f"The kernel refused prctl {option} (error {ctypes.get_errno()})")


def limit_resources(memory, seconds):
    """Limit what this process and its children may use.

    Parameters
    ----------
    memory : int
        Bytes of address space.
    seconds : int
        Of processor time.
    """
    import resource  # there is none on Windows, where nothing is run

    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 1 << 20),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 128),  # threads; the kernel does not count those of root, the worker does
        (resource.RLIMIT_CORE, 1),  # 0 would not stop a core dump that goes to a program
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # it is lower already
            resource.setrlimit(kind, (most, most))
