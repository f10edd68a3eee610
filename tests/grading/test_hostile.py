"""Whatever a submission does, it gains no point that it did not earn, and nobody else notices."""

import json
import os
import re
import socket

import psutil
import pytest
from hostile import HOSTILE
from submissions import POINTS, cells, notebook

HONEST = 5
CALL = re.compile(r"syscall\(\{(\w+)\}")


def number_of(match):
    """Return a system call with its number on this machine."""
    pyseccomp = pytest.importorskip("pyseccomp")
    return f"syscall({pyseccomp.resolve_syscall(pyseccomp.system_arch(), match[1])}"


@pytest.fixture(scope="module")
def outcome(graded, tmp_path_factory):
    """Grade all hostile submissions in one batch, with honest ones among them."""
    folder, canary = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("canary")
    nothing = os.stat(os.devnull)
    (canary / "gradebook.csv").write_text("jane,9")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for i, source in enumerate(HOSTILE.values()):
            source = source.replace("{canary}", str(canary)).replace("{port}", str(port))  # noqa: PLW2901
            page = notebook(cells(hidden_gradient=CALL.sub(number_of, source)))
            (folder / f"mallory{i:02}_hw_03.ipynb").write_text(page)
        for i in range(HONEST):
            (folder / f"mallory{i * len(HOSTILE) // HONEST:02}_neighbour_hw_03.ipynb").write_text(notebook([f"# {i}", *cells()]))
        process, out = graded(folder)
    assert os.stat(os.devnull)[:6] == nothing[:6], "nothing changes the machine's /dev/null"
    return process, json.loads((out / "grades.json").read_text()), canary, out


def test_there_are_enough():
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_gained(name, outcome):
    row = next(row for row in outcome[1] if row["path"] == f"mallory{list(HOSTILE).index(name):02}_hw_03.ipynb")
    marks = {entry["name"]: entry for entry in row["questions"]}
    assert marks["hidden_gradient"]["points"] == 0, marks["hidden_gradient"]
    assert marks["hidden_gradient"]["state"] == "wrong"
    others = {name: marks[name]["points"] for name in POINTS if name != "hidden_gradient"}
    assert others == {"weight_gradient": 3, "bias_gradient": 2}, "what one answer does costs that answer only"
    assert all(len(hint) <= 600 for entry in row["questions"] for hint in entry["hints"])


def test_the_batch_goes_on_and_honest_neighbours_get_all_points(outcome):
    process, rows, _, _ = outcome
    assert process.returncode == 0 and not process.stderr, process.stderr
    assert len(rows) == len(HOSTILE) + HONEST
    assert [row["points"] for row in rows if "neighbour" in row["path"]] == [9] * HONEST


def test_the_disk_is_untouched_and_nothing_is_left_running(outcome):
    _, _, canary, out = outcome
    assert [path.name for path in canary.iterdir()] == ["gradebook.csv"]
    assert (canary / "gradebook.csv").read_text() == "jane,9"
    assert {path.name for path in out.iterdir()} == {"grades.json", "gradebook.csv", "feedback", "results.jsonl"}
    ours = [process for process in psutil.process_iter(["cmdline"]) if str(out) in " ".join(process.info["cmdline"] or [])]
    assert not ours


def test_nothing_that_was_returned_becomes_part_of_a_page(outcome):
    for page in (outcome[3] / "feedback").glob("*.html"):
        assert "<script" not in page.read_text()
