"""Nothing is lost and nothing is graded twice, whichever process is killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import BrokenExecutor, Executor, Future
from unittest.mock import MagicMock

import psutil
import pytest
from submissions import SEED, notebook, run_grader, start_grader, write_class

from utils.grading import batch, sandbox
from utils.grading.batch import BusyError, Store
from utils.grading.grade_one import _seed, sources
from utils.grading.records import Answer, Record
from utils.grading.submissions import Submission
from utils.homework.questions import HOMEWORKS

CLASS, PART = 80, 30
CLUSTER = """
from distributed import LocalCluster
with LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address="127.0.0.1:0") as cluster:
    print(cluster.scheduler_address, flush=True)
    input()
"""


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    """Return a folder of submissions, their points, and the folder of an unbroken run."""
    folder, out = tmp_path_factory.mktemp("part"), tmp_path_factory.mktemp("unbroken")
    expected = write_class(folder, PART)
    process = run_grader("grade", folder, "--out", out, "--seed", SEED)
    assert (process.returncode, process.stderr) == (0, "")
    return folder, expected, out


def graded_so_far(out):
    path = out / "results.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def wait_for(number, out, process):
    while graded_so_far(out) < number:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def astray(out, expected):
    """Return the rows of the grade book that have other points than expected, and what it lacks."""
    rows = {row["path"]: row for row in json.loads((out / "grades.json").read_text())}
    return [rows.get(path, path) for path, points in expected.items() if path not in rows or rows[path]["points"] != points]


def times_graded(out):
    return Counter(json.loads(line)["key"] for line in (out / "results.jsonl").read_text().splitlines())


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.sandbox
def test_a_worker_killed_midway_costs_nothing(tmp_path):
    expected = write_class(tmp_path / "class", CLASS)
    process = start_grader("grade", tmp_path / "class", "--out", tmp_path / "out", "--seed", SEED)
    wait_for(CLASS // 2, tmp_path / "out", process)
    workers = [child for child in psutil.Process(process.pid).children() if "spawn_main" in " ".join(child.cmdline())]
    assert len(workers) >= len(os.sched_getaffinity(0))
    kill(workers[0])
    _, complaints = process.communicate(timeout=200)
    assert (process.returncode, complaints) == (0, "")
    assert astray(tmp_path / "out", expected) == []
    assert len(times_graded(tmp_path / "out")) == CLASS and set(times_graded(tmp_path / "out").values()) == {1}


@pytest.mark.sandbox
def test_a_killed_grader_goes_on_where_it_was(part, tmp_path):
    folder, expected, unbroken = part
    out = tmp_path / "out"
    process = start_grader("grade", folder, "--out", out, "--seed", SEED)
    wait_for(PART // 2, out, process)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert psutil.wait_procs(children, timeout=20)[1] == [], "its workers and sandboxes end with it"
    before = graded_so_far(out)
    with open(out / "results.jsonl", "ab") as store:
        store.write(b'{"key": "hw_03:half a li')  # what a kill may leave
    assert PART // 2 <= before < PART

    again = run_grader("grade", folder, "--out", out)  # and it still knows the seed
    assert (again.returncode, again.stderr) == (0, "")
    lines = [line for line in (out / "results.jsonl").read_text().splitlines() if "half a li" not in line]
    assert len(lines) == PART == len({json.loads(line)["key"] for line in lines})
    assert astray(out, expected) == []
    assert (out / "gradebook.csv").read_bytes() == (unbroken / "gradebook.csv").read_bytes()


@pytest.mark.sandbox
def test_nothing_is_graded_again_unless_something_is_new(part, tmp_path):
    folder, _, unbroken = part
    before = graded_so_far(unbroken)
    assert run_grader("grade", folder, "--out", unbroken).returncode == 0
    assert graded_so_far(unbroken) == before
    (folder / "zoe_hw_03.ipynb").write_text(next(folder.iterdir()).read_text())  # a copy: graded already
    (folder / "zzz_hw_03.ipynb").write_text(notebook(["bias_gradient = lambda grad_a: grad_a.sum(axis=1)"]))
    assert run_grader("grade", folder, "--out", unbroken).returncode == 0
    assert graded_so_far(unbroken) == before + 1
    rows = {row["student"]: row for row in json.loads((unbroken / "grades.json").read_text())}
    assert len(rows["zoe"]["same_as"]) == 1 and rows["zzz"]["points"] == 2


@pytest.mark.sandbox
def test_a_cluster_that_is_there_already_is_used(tmp_path):
    expected = write_class(tmp_path / "class", 6)
    with subprocess.Popen([sys.executable, "-c", CLUSTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as cluster:
        address = cluster.stdout.readline().strip()
        process = run_grader("grade", tmp_path / "class", "--out", tmp_path / "out", "--scheduler", address)
        cluster.communicate("\n")
    assert (process.returncode, process.stderr, astray(tmp_path / "out", expected)) == (0, "", [])


@pytest.mark.sandbox
def test_a_sandbox_that_does_not_come_up_is_tried_again(tmp_path, monkeypatch):
    expected = write_class(tmp_path / "class", 40)
    calls, bwrap = tmp_path / "calls", tmp_path / "bin" / "bwrap"
    bwrap.parent.mkdir()
    bwrap.write_text(f"""#!/bin/sh
        echo >> {calls}
        case $(wc -l < {calls}) in 5|6|20|21) echo out of order >&2; exit 1;; esac
        exec {shutil.which("bwrap")} "$@"
        """)
    bwrap.chmod(0o755)
    monkeypatch.setenv("PATH", f"{bwrap.parent}:{os.environ['PATH']}")
    process = run_grader("grade", tmp_path / "class", "--out", tmp_path / "out")
    assert (process.returncode, process.stderr, astray(tmp_path / "out", expected)) == (0, "", [])
    assert set(times_graded(tmp_path / "out").values()) == {1} and len(calls.read_text()) > len(expected)


@pytest.mark.sandbox
def test_ctrl_c_keeps_what_is_done_and_says_so_in_a_sentence(tmp_path):
    write_class(tmp_path / "class", CLASS)
    command = [sys.executable, "-m", "utils.grading", "grade", tmp_path / "class", "--out", tmp_path / "out"]
    listening = {"start_new_session": True, "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}  # in the background, too
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **listening)
    wait_for(1, tmp_path / "out", process)
    children = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (130, "Stopped. What has been graded is kept: start again to go on.\n")
    assert 1 <= graded_so_far(tmp_path / "out") < CLASS and psutil.wait_procs(children, timeout=20)[1] == []


def test_two_graders_do_not_share_a_folder(tmp_path):
    first = Store(tmp_path / "results.jsonl")
    with pytest.raises(BusyError, match="Another grader is at work"):
        Store(tmp_path / "results.jsonl")
    first.close()
    Store(tmp_path / "results.jsonl").close()


def test_a_damaged_line_of_the_store_is_graded_again(tmp_path):
    path = tmp_path / "results.jsonl"
    store = Store(path)
    store.add(7, "right", Record("hw_03", 9, 9, questions=[Answer("softmax", 3)]))
    store.close()
    lines = [
        '{"key": "a", "seed": "x", "record": {}}',
        '{"key": "b", "seed": 8, "record": {"questions": [{"x": 1}]}}',
        "[]",
        '{"key": ["c"]',
    ]
    path.write_bytes(path.read_bytes() + "\n".join(lines).encode())
    store = Store(path)
    store.close()
    assert (list(store.records), store.seed) == (["right"], 7) and store.records["right"].questions == [Answer("softmax", 3)]


# --- the batch, with an executor that the test steers ---


class Steered(Executor):
    """Calls ``work`` in place of the grader, and holds as many futures as the batch allows."""

    def __init__(self, work):
        self.work, self.open, self.most_bytes, self.calls = work, [], 0, []

    def submit(self, function, data, *more):
        future = Future()
        self.open.append((future, data))
        self.most_bytes = max(self.most_bytes, sum(len(data) for _, data in self.open))
        self.calls.append((data, more))
        threading.Timer(0.001, self.finish).start()
        return future

    def finish(self):
        future, data = self.open.pop(0)
        try:
            future.set_result(self.work(data))
        except Exception as error:
            future.set_exception(error)

    def shutdown(self, wait=True, **more):
        pass


def graded_with(work, contents, tmp_path, seed=1, workers=4):
    """Return the rows and the executor after grading files with these contents."""
    files = [Submission(f"{i}.ipynb", str(i), file="hw_03.ipynb", content=lambda data=data: (data, "")) for i, data in enumerate(contents)]
    executor = Steered(work)
    store = Store(tmp_path / "results.jsonl")
    state = batch._Batch(files, store, None, seed, True, lambda done, of: None)
    state.run(lambda: executor, workers)
    store.close()
    return state.rows(), executor


def nine(data):
    return Record("hw_03", 9, 9)


def test_a_clock_that_ran_out_is_tried_again_alone_and_not_stored(tmp_path):
    tries = Counter()

    def work(data):
        tries[data] += 1
        return Record("hw_03", 5, 9, stalled=True) if data == b"sleeps" or (data == b"starved" and tries[data] == 1) else nine(data)

    rows, executor = graded_with(work, [b"sleeps", b"starved", b"quick"], tmp_path)
    assert [row.points for row in rows] == [5, 9, 9] and tries == {b"sleeps": 2, b"starved": 2, b"quick": 1}
    assert sorted(data for data, _ in executor.calls[3:]) == [b"sleeps", b"starved"]
    assert len(times_graded(tmp_path)) == 2, "the sleeper is tried again in the next run"


def test_who_breaks_a_worker_harms_nobody_else(tmp_path):
    def work(data):
        if data == b"bad":
            raise BrokenExecutor
        if data == b"unlucky" and not work.again:
            work.again = True
            raise BrokenExecutor
        return nine(data)

    work.again = False
    rows, _ = graded_with(work, [b"bad", b"unlucky", b"fine"], tmp_path)
    assert [row.points for row in rows] == [0, 9, 9] and "Start the grader again" in rows[0].problem


def test_memory_is_bounded_by_the_batch(tmp_path):
    rows, executor = graded_with(nine, [bytes([i]) * (10 << 20) for i in range(20)], tmp_path, workers=40)
    assert [row.points for row in rows] == [9] * 20
    assert executor.most_bytes <= batch.MOST_WAITING + (10 << 20)


def test_each_file_has_inputs_of_its_own_and_its_own_key(tmp_path):
    _, executor = graded_with(nine, [b"a", b"b", b"b"], tmp_path)
    seeds = {data: more[2] for data, more in executor.calls}
    assert len(executor.calls) == 2 and len(set(seeds.values())) == 2
    questions = HOMEWORKS["hw_03"].questions.values()
    firsts = [question.cases(_seed(seeds[b"a"], question.name))[0].arguments[0].ravel()[0] for question in questions]
    assert len(set(firsts)) == len(firsts), "no question's inputs tell those of another"
    script = Submission("0.py", "0", file="hw_03.py", content=lambda: (b"x", ""))
    other = Submission("1.ipynb", "1", file="hw_03.ipynb", content=lambda: (b"xpy", ""))
    state = batch._Batch([script, other], Store(tmp_path / "other.jsonl"), None, 1, True, None)
    assert state._job(script, set()) and state._job(other, set()) and len(set(state.keys.values())) == 2
    state.store.close()


def test_the_version_knows_all_that_can_change_a_grade():
    names = {path.name for path in sources()}
    assert {"judge.py", "softmax.py", "reference.py", "results.py", "definitions.py", "notebook.py", "sandbox.py", "seccomp.py"} <= names
    assert {"worker.py", "protocol.py", "grade_one.py"} <= names and not names & {"reports.py", "feedback.py"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ModuleNotFoundError("No module named 'utils'"), "is the course installed there"),
        ({"tcp://1": ("", "another")}, "another version"),
        ({"tcp://1": ("No sandbox: bubblewrap is not installed.", "")}, "bubblewrap"),
    ],
)
def test_a_worker_that_cannot_grade_is_a_sentence(answer, words, monkeypatch):
    client = MagicMock()
    client.__enter__.return_value.run = MagicMock(side_effect=[answer])
    monkeypatch.setitem(sys.modules, "distributed", MagicMock(Client=lambda *a, **k: client))
    with pytest.raises((ValueError, sandbox.SandboxError), match=words), batch._executors("tcp://1", True):
        pass
