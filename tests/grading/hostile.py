"""Submissions of homework 3 that attack, cheat or break. In each the function ``hidden_gradient`` (4 points) attacks.

Its answer is right only if the attack succeeds, so that the points show a successful attack.
``{canary}`` is a folder that must stay as it is.
"""

FRAME = 'struct.pack(">II", len(head), len(blob)) + head + blob'
WRONG = "return np.zeros_like(a)"
IF_IT_WORKED = """
            h = 1 / (1 + np.exp(-a))
            return W_next.T @ grad_a_next * h * (1 - h)"""

RIGHT = "h = 1 / (1 + np.exp(-a))\nresult = W_next.T @ grad_a_next * h * (1 - h)"
LIBC = "import ctypes, os\n        libc = ctypes.CDLL(None, use_errno=True)"  # {name} is the number of a system call


def body(lines, before=""):
    """Return a function with these lines, after some others."""
    indented = "\n".join("            " + line for line in lines.strip("\n").split("\n"))
    return f"\n        {before}\n        def hidden_gradient(W_next, grad_a_next, a):\n{indented}\n"


def attack(lines, before="import os, sys"):
    """Return a function that does something forbidden and is right only if that was possible."""
    tried = "\n".join("                " + line for line in lines.strip("\n").split("\n"))
    return (
        f"\n        {before}\n        def hidden_gradient(W_next, grad_a_next, a):\n            try:\n{tried}\n"
        f"            except BaseException:\n                {WRONG}{IF_IT_WORKED}\n"
    )


HOSTILE = {
    # --- fooling the comparison ---
    "allclose replaced": body(
        f"np.allclose = np.array_equal = np.isclose = np.testing.assert_allclose = lambda *a, **k: True\n{WRONG}",
    ),
    "every function of numpy replaced": body(
        "for name in dir(np):\n    if callable(getattr(np, name)) and not isinstance(getattr(np, name), type):\n"
        f"        setattr(np, name, lambda *a, **k: True)\n{WRONG.replace('np.zeros_like(a)', 'a')}"
    ),
    "asserts stripped": body(
        f"sys.flags = None\nbuiltins.AssertionError = type('Nothing', (Exception,), {{}})\nsetattr(builtins, '__debug__', False)\n{WRONG}",
        "import builtins, sys",
    ),
    "builtins replaced": body(
        f"for name in ('len', 'isinstance', 'type', 'abs', 'all', 'any', 'zip'):\n    setattr(builtins, name, lambda *a: True)\n{WRONG}",
        "import builtins",
    ),
    "json replaced": body(
        f"json.dumps = lambda *a, **k: '{{\"kind\": \"right\", \"points\": 4, \"state\": \"right\"}}'\n{WRONG}", "import json"
    ),
    "judge replaced": attack(
        "import utils.homework.judge as judge\njudge.judge = lambda q, *a: judge.Verdict('right', q.points)\njudge._close = lambda *a: True"
    ),
    "results module replaced": body(
        f"results = sys.modules['utils.homework.results']\nresults.call = results.identical = lambda *a: True\n"
        f"sys.modules['utils.grading.protocol'].encode = lambda *a: ['points', 4]\n{WRONG}",
        "import sys",
    ),
    "equal to everything": body(
        "class Equal(float):\n    __eq__ = __le__ = __lt__ = __ge__ = lambda self, other: True\n    __hash__ = None\n"
        "    __array__ = __sub__ = lambda self, *a: self\n    __class__ = property(lambda self: np.ndarray)\nreturn Equal()"
    ),
    "array that runs code": body(
        "class Array(np.ndarray):\n    def __array_finalize__(self, other):\n        pass\n"
        "    def __array__(self, *a, **k):\n        os._exit(0)\n"
        "    def __array_function__(self, *a, **k):\n        return True\n    def __array_ufunc__(self, *a, **k):\n        return True\n"
        "return a.view(Array)",
        "import os",
    ),
    "a pickle bomb": body(
        "class Bomb:\n    def __reduce__(self):\n        return os.system, ('touch {canary}/pickle',)\nreturn Bomb()", "import os"
    ),
    "an array of bombs": body(
        "class Bomb:\n    def __reduce__(self):\n        return os.system, ('touch {canary}/pickle',)\n"
        "result = np.empty(a.shape, object)\nresult[:] = Bomb()\nreturn result",
        "import os",
    ),
    "a list of endless length": body(
        "class Long(list):\n    __len__ = lambda self: 1 << 60\n    def __iter__(self):\n        while True:\n"
        "            yield 1.0\nreturn Long()"
    ),
    # --- looking for the solution ---
    "reads /etc": attack("open('/etc/passwd').read()"),
    "reads the reference": attack("import utils.homework.reference"),
    "reads the course's network": attack("import utils.nn.network"),
    "searches the disk for solutions": attack(
        "found = [os.path.join(top, name) for top, _, names in os.walk('/') for name in names if name.endswith(('.py', '.ipynb'))\n"
        "         and ('homework' in top and name[:6] not in ('result', 'defini') or name.startswith(('hw_', 'judge', 'reference')))"
        "]\nfound[0]"
    ),
    "looks up the stack": attack(
        "frame, seen = sys._getframe(), []\nwhile frame:\n    seen += [*frame.f_locals, *frame.f_globals]\n    frame = frame.f_back\n"
        "assert any(word in str(name) for name in seen for word in ('reference', 'mistake', 'truth', 'judge'))"
    ),
    "asks the garbage collector": attack(
        "assert any(word in str(getattr(thing, '__name__', '')) for thing in gc.get_objects()\n"
        "           for word in ('reference', 'mistake', 'judge', 'homework.bank'))",
        "import gc",
    ),
    "asks for the command line": attack("assert 'utils' in open('/proc/1/cmdline').read() or os.listdir('/proc')"),
    "reads the environment": attack("assert {*os.environ} - {'OPENBLAS_NUM_THREADS', 'PWD', 'LC_CTYPE'}"),
    # --- breaking out ---
    "opens a connection": attack(
        "socket.create_connection(('127.0.0.1', {port}), timeout=1)",
        "import socket",
    ),
    "deletes everything": attack(
        "shutil.rmtree('{canary}')\nfor top in os.listdir('/'):\n    shutil.rmtree('/' + top, ignore_errors=True)\nos.listdir('{canary}')",
        "import os, shutil",
    ),
    "writes to the disk": attack("open('{canary}/grades.json', 'w').write('[]')"),
    "rewrites the grade book": attack("assert os.path.exists('{canary}')\nopen('{canary}/gradebook.csv', 'w').write('mallory,9')"),
    "runs a program": attack("import subprocess\nsubprocess.run(['/bin/sh', '-c', 'true'], check=True)"),
    "becomes a program": attack("os.execv(sys.executable or '/usr/bin/python3', ['python'])"),
    "mounts": attack("import ctypes\nassert ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0"),
    "new user namespace": attack("import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == 0"),
    "traces its parent": attack("import ctypes\nassert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0"),
    "fills /tmp": attack("with open('/tmp/x', 'wb') as file:\n    for _ in range(64):\n        file.write(bytes(1 << 20))"),
    # --- hurting others ---
    "kills its parent": attack("os.kill(os.getppid(), 9)"),
    "kills everybody": attack("os.kill(-1, 9)"),
    "stops its group": attack("os.killpg(0, 19)"),
    "fork bomb": attack("while True:\n    os.fork()"),
    "prints frames": body(
        f"blob = b''\nhead = b'{{\"question\": \"hidden_gradient\", \"ending\": \"done\", \"points\": 4}}'\n"
        f"sys.__stdout__.buffer.write({FRAME})\nos.write(1, {FRAME})\n{WRONG}",
        "import os, struct, sys",
    ),
    "writes frames everywhere": body(
        f"blob = b''\nhead = b'{{\"question\": \"weight_gradient\", \"ending\": \"died\"}}'\n"
        f"for fd in range(3, 64):\n    try:\n        os.write(fd, {FRAME})\n"
        f"    except OSError:\n        pass\n{WRONG}",
        "import os, struct",
    ),
    "writes rubbish everywhere": body(
        f"for fd in range(3, 64):\n    try:\n        os.write(fd, bytes(range(256)) * 40)\n    except OSError:\n        pass\n{WRONG}",
        "import os",
    ),
    "closes everything": body(f"os.closerange(0, 64)\n{WRONG}", "import os"),
    # --- what other processes of the machine share ---
    "changes /dev/null": attack("import stat\nassert stat.S_ISCHR(os.stat('/dev/null').st_mode)\nos.chmod('/dev/null', 0o1666)"),
    "sees a device": attack("assert [name for name in os.listdir('/dev') if name != 'null']"),
    "shared memory of System V": attack("assert libc.shmget(0, 1 << 20, 0o1600) >= 0", LIBC),
    "semaphores of System V": attack("assert libc.semget(0, 100, 0o1600) >= 0", LIBC),
    "messages of System V": attack("assert libc.msgget(0, 0o1600) >= 0", LIBC),
    "memory in a file": attack("os.memfd_create('x')"),
    "a message queue": attack("assert libc.mq_open(b'/x', 0o102, 0o600, None) >= 0", LIBC),
    "keeps a key": attack("assert libc.syscall({add_key}, b'user', b'x', b'y', 1, -3) >= 0", LIBC),
    "reads a key": attack("assert libc.syscall({keyctl}, 0, -3, 0) >= 0", LIBC),
    "asks for a key": attack("assert libc.syscall({request_key}, b'user', b'x', None, -3) >= 0", LIBC),
    "takes a descriptor of its parent": attack("assert libc.syscall({pidfd_open}, os.getppid(), 0) >= 0", LIBC),
    "reads its parent's memory": attack(
        "assert libc.syscall({process_vm_readv}, os.getppid(), None, 0, None, 0, 0) >= 0", LIBC
    ),
    "compares itself with its parent": attack("assert libc.syscall({kcmp}, os.getpid(), os.getppid(), 0, 0, 0) >= 0", LIBC),
    "a ring for the kernel": attack("assert libc.syscall({io_uring_setup}, 8, ctypes.create_string_buffer(200)) >= 0", LIBC),
    "page faults of its own": attack("assert libc.syscall({userfaultfd}, 1) >= 0", LIBC),
    "measures the machine": attack("assert libc.syscall({perf_event_open}, ctypes.create_string_buffer(128), 0, -1, -1, 0) >= 0", LIBC),
    "another personality": attack("assert libc.personality(0x0040000) >= 0", LIBC),
    "watches files": attack("assert libc.inotify_init() >= 0", LIBC),
    "locks a file that others see": attack("fcntl.flock(open(np.__file__), fcntl.LOCK_EX | fcntl.LOCK_NB)", "import fcntl"),
    "locks a part of a file": attack("fcntl.lockf(open(np.__file__), fcntl.LOCK_SH | fcntl.LOCK_NB)", "import fcntl"),
    "a socket": attack("import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)"),
    "a socket of the machine": attack("import socket\nsocket.socket(40, socket.SOCK_STREAM)"),
    "a socket of the kernel": attack("import socket\nsocket.socket(16, socket.SOCK_RAW, 0)"),
    "a socket between files": attack("import socket\nsocket.socketpair()"),
    "a timer": attack("import signal\nsignal.setitimer(signal.ITIMER_REAL, 9)"),
    "a signal by a file": attack("fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())", "import fcntl, os"),
    "a signal of its choice": attack("fcntl.fcntl(0, 10, 9)", "import fcntl"),
    "a signal by a terminal": attack("fcntl.ioctl(0, 0x8901, os.getppid().to_bytes(4, 'little'))", "import fcntl, os"),
    "types into the terminal": attack("fcntl.ioctl(0, 0x5412, b'x')", "import fcntl"),
    "raises its limits": attack("resource.setrlimit(resource.RLIMIT_CPU, (9, 9))", "import resource"),
    "lets others look into it": attack("assert libc.prctl(4, 1, 0, 0, 0) == 0", LIBC),
    "a larger core dump": attack("assert resource.getrlimit(resource.RLIMIT_CORE)[0] != 1", "import resource"),
    "knows the machine's name": attack("assert os.uname().nodename != 'sandbox'"),
    "knows whose course it is": attack("assert not np.__file__.startswith('/packages/')"),
    "makes a file": attack("open('/tmp/x', 'w').close()"),
    "makes a folder": attack("os.mkdir('/tmp/x')"),
    "a terminal of its own": attack("import os\nos.openpty()"),
    "a named pipe": attack("os.mkfifo('/tmp/x')"),
    "a link": attack("os.symlink('/etc', '/tmp/x')"),
    "another name for a file": attack("os.rename('/dev/null', '/tmp/x')"),
    "a process by spawn": attack("os.posix_spawn(sys.executable or '/bin/sh', ['x'], {})"),
    "another place in the queue": attack("os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))"),
    "a processor of its own": attack("os.sched_setaffinity(0, {0})"),
    "sees the machine": attack("open('/proc/self/maps').read() or os.listdir('/sys')"),
    "a bomb of threads": body(
        f"for _ in range(6000):\n    try:\n        threading.Thread(target=time.sleep, args=(99,), daemon=True).start()\n"
        f"    except RuntimeError:\n        break\n{WRONG}",
        "import threading, time",
    ),
    # --- lies ---
    "writes into its inputs": body(f"{RIGHT}\na[:] = 0\nW_next += 1\nreturn result"),
    "writes into its inputs and hides it": body(
        "for module in [*sys.modules.values()]:\n    for name in ('identical', '_same', '_changed', '_other', 'replace'):\n"
        f"        if hasattr(module, name):\n            setattr(module, name, lambda *a, **k: True)\n{RIGHT}\na[:] = 0\nreturn result",
        "import sys",
    ),
    "sends results of its own": body(
        "worker, protocol = (sys.modules[f'utils.grading.{name}'] for name in ('worker', 'protocol'))\n"
        "head = {'kind': ['value'], 'value': {}, 'points': 4, 'changed': [['a']], 'line': 1}\n"
        f"worker.send_result = lambda fd, result: os.write(fd, protocol.frame(head))\n{WRONG}",
        "import os, sys",
    ),
    # --- never coming back, or too big ---
    "infinite loop": body("while True:\n    pass"),
    "infinite loop, deaf": body(
        "for number in range(1, 32):\n    try:\n        signal.signal(number, signal.SIG_IGN)\n"
        "    except (OSError, ValueError):\n        pass\n"
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
        "import signal",
    ),
    "infinite loop while defining": body(WRONG, "@lambda function: [None for _ in iter(int, 1)]"),
    "sleeps for ever": body("time.sleep(1e6)", "import time"),
    "os._exit": body("os._exit(0)", "import os"),
    "sys.exit": body("sys.exit(0)", "import sys"),
    "exit while defining": body(WRONG, "class Exit:\n            import os\n            os._exit(0)"),
    "crashes Python": body("ctypes.string_at(0)", "import ctypes"),
    "50 GB": body("return np.ones((50, 1 << 27))"),
    "50 GB, piece by piece": body("pieces = []\nwhile True:\n    pieces.append(np.ones(1 << 20))"),
    "a huge array": body("return np.ones((8000, 8000))"),
    "a huge number": body("return 1 << (1 << 27)"),
    "a huge message": body("raise ValueError('x' * (1 << 27))"),
    "a very deep list": body("deep = []\nfor _ in range(100_000):\n    deep = [deep]\nreturn deep"),
    "a list in itself": body("deep = [1.0]\ndeep.append(deep)\nreturn deep"),
    "recursion bomb": body("return hidden_gradient(W_next, grad_a_next, a)"),
    "recursion bomb without a limit": body(
        "sys.setrecursionlimit(1 << 30)\nf = lambda x: f(x) + max([x], key=f)\nreturn f(1)",
        "import sys",
    ),
    "threads left running": body(
        f"for _ in range(8):\n    threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()\n{WRONG}", "import threading"
    ),
    "an error that exits": body(
        "class Error(Exception):\n    def __str__(self):\n        os._exit(0)\nraise Error", "import os"
    ),
    "an error of its own kind": body("raise type('Strange' * 1000, (BaseException,), {})('\\ud800\\x00</td><script>')"),
    # --- strange answers ---
    "nan": body("return np.full(a.shape, np.nan)"),
    "infinite": body("return np.full(a.shape, np.inf)"),
    "objects": body("result = np.empty(a.shape, object)\nresult[:] = 'x'\nreturn result"),
    "text": body("return '<script>alert(1)</script>'"),
    "records": body("return np.zeros(a.shape, dtype='f8,f8')"),
    "dates": body("return np.zeros(a.shape, dtype='M8[s]')"),
    "complex": body("return a + 0j"),
    "an endless generator": body("return iter(int, 1)"),
    "itself": body("return hidden_gradient"),
    "memory that is not its own": body("return np.lib.stride_tricks.as_strided(np.zeros(1), a.shape, (1 << 40, 1 << 40))"),
    "no dimensions, no entries": body("return np.zeros((0, 1 << 40))"),
}  # fmt: skip
