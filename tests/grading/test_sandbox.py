"""The sandbox: what can be seen, what can be done, and what is said where there is none."""

import os
import time

import pytest
from submissions import dedented

from utils.grading import sandbox
from utils.grading.grade_one import results
from utils.grading.sandbox import COURSE, SHOWN, Limits, SandboxError
from utils.homework.question import Case


def said(source, limits=sandbox.LIMITS):
    """Return the Result of ``f()`` in the sandbox."""
    _, answers = sandbox.run(["import os", dedented(source)], {"f": ((), [Case("", ())])}, limits=limits)
    return results(answers["f"], 1)[0]


@pytest.mark.sandbox
class TestWhatIsThere:
    def test_nothing_is_seen_but_python_numpy_and_five_files(self):
        seen = said("""
            def f():
                course = [os.path.join(top, name)[8:] for top, _, names in os.walk("/course") for name in names]
                raise RuntimeError(" ".join(sorted(os.listdir("/")) + ["|"] + [name for name in course if name.endswith(".py")]))
            """).message
        top, files = seen.split(" | ")
        assert sorted(files.split()) == sorted(SHOWN)
        assert not {"etc", "home", "proc", "sys", "var", "run", "boot", "mnt"} & set(top.split())

    def test_other_packages_and_the_course_are_not_there(self):
        folders = {str(COURSE), os.path.dirname(os.path.dirname(pytest.__file__)), os.path.expanduser("~"), "/tmp"}
        seen = said(f"""
            def f():
                there = [os.path.join(folder, name) for folder in {sorted(folders)} if os.path.isdir(folder) for name in os.listdir(folder)]
                raise RuntimeError(" ".join(os.path.basename(path) for path in there))
            """).message
        assert not {"utils", "pytest", "dask", "lectures_src", "notebooks", ".ssh", ".bashrc"} & set(seen.split()), seen

    @pytest.mark.parametrize("place", ["/", "/course", "/dev", "/course/utils/homework", os.path.dirname(os.__file__)])
    def test_nothing_can_be_written(self, place):
        result = said(f"""
            def f():
                open("{place}/x", "w")
            """)
        assert result.error in ("OSError", "PermissionError"), result

    def test_memory_and_files_are_limited(self):
        assert said("f = lambda: bytes(1 << 30)").error == "MemoryError"
        scribble = (
            "def f():\n    with open('/dev/null', 'wb', 0) as file:\n        for i in range(9):\n            file.write(bytes(1 << 18))"
        )
        assert said(scribble).message.startswith("[Errno 27]")

    def test_too_slow_costs_the_time_that_was_given_and_no_more(self):
        busy, idle = "def f():\n    while True: pass", "import time\ndef f(): time.sleep(99)"
        for source, limits in ((busy, Limits(cpu_seconds=1, wall_seconds=60)), (idle, Limits(cpu_seconds=60, wall_seconds=1))):
            begin = time.perf_counter()
            assert said(source, limits).kind == "too slow"
            assert time.perf_counter() - begin < 30

    def test_a_clock_that_ran_out_is_not_taken_for_an_endless_loop(self):
        sleeps, loops = "import time\ndef f(): time.sleep(99)", "def f():\n    while True: pass"
        for source, limits, ending in ((sleeps, Limits(wall_seconds=1), "stalled"), (loops, Limits(cpu_seconds=1), "too slow")):
            _, answers = sandbox.run([source], {"f": ((), [Case("", ())])}, limits=limits)
            assert answers["f"][0] == ending

    def test_results_before_the_death_are_kept(self):
        source = "import os\ndef f(x):\n    return x if x < 2 else os.abort()"
        _, answers = sandbox.run([source], {"f": (("x",), [Case("", (number,)) for number in range(4)])})
        assert [result.error or result.value for result in results(answers["f"], 4)] == [0, 1, "EndOfProcess", "EndOfProcess"]


@pytest.mark.sandbox
class TestFilter:
    def test_threads_may_be(self):
        assert said("""
            import threading
            def f():
                found = []
                threads = [threading.Thread(target=found.append, args=[i]) for i in range(4)]
                for thread in threads: thread.start()
                for thread in threads: thread.join()
                return sorted(found)
            """).value == [0, 1, 2, 3]

    @pytest.mark.parametrize(
        "forbidden", ["os.fork()", "os.execv('/x', ['x'])", "os.kill(os.getppid(), 0)", "os.kill(-1, 0)", "os.posix_spawn('/x', ['x'], {})"]
    )
    def test_processes_programs_and_signals_may_not(self, forbidden):
        assert said(f"def f(): {forbidden}").error == "PermissionError"


@pytest.mark.parametrize("script", ["exit 1", "echo 'No permissions to create new namespace' >&2; exit 1", "sleep 1; echo hello"])
def test_a_sandbox_that_does_not_come_up_is_the_machines_fault(script, tmp_path, monkeypatch):
    (tmp_path / "bwrap").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    sandbox.command.cache_clear()
    try:
        with pytest.raises(SandboxError, match="did not come up") as error:
            said("f = lambda: 1")
        assert "--unsafe-no-sandbox" in str(error.value) and ("No permissions" in str(error.value)) == ("No permissions" in script)
    finally:
        sandbox.command.cache_clear()
