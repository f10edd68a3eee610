"""Nothing is lost and nothing is graded twice, whoever is killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter

import psutil
import pytest
from submissions import SEED, notebook, run_grader, start_grader, write_class

from utils.grading.batch import BusyError, Store

pytestmark = pytest.mark.sandbox
CLASS, PART = 200, 40
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


def test_a_cluster_that_is_there_already_is_used(tmp_path):
    expected = write_class(tmp_path / "class", 6)
    with subprocess.Popen([sys.executable, "-c", CLUSTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as cluster:
        address = cluster.stdout.readline().strip()
        process = run_grader("grade", tmp_path / "class", "--out", tmp_path / "out", "--scheduler", address)
        cluster.communicate("\n")
    assert (process.returncode, process.stderr, astray(tmp_path / "out", expected)) == (0, "", [])


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


def test_two_graders_do_not_share_a_folder(tmp_path):
    first = Store(tmp_path / "results.jsonl")
    with pytest.raises(BusyError, match="Another grader is at work"):
        Store(tmp_path / "results.jsonl")
    first.close()
    Store(tmp_path / "results.jsonl").close()
