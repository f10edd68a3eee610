"""Broken files get a row with the reason, texts are found in any form, and wrong use is said in a sentence."""

import json
import os
import subprocess
import sys
import zipfile

import nbformat
import pytest
from innocent import changed, nb
from submissions import ANSWERS, cells, dedented, notebook, run_grader

from utils.grading.__main__ import main
from utils.grading.notebook import MOST_BRACKETS, UnreadableError, homework_named, homework_of, read_pages
from utils.homework.definitions import needed, read

FULL = 9
BAD = {  # file → a word of the reason
    "empty": ("", "empty"),
    "blank": (" \n", "empty"),
    "corrupt": (notebook(cells())[:-40], "damaged"),
    "deep": ('{"cells": ' + "[" * 100_000, "damaged"),
    "a web page": ("<!DOCTYPE html><title>Moodle</title>", "web page"),
    "a merge": ("<<<<<<< HEAD\n{}\n=======\n>>>>>>> x", "unfinished merge"),
    "not text": (b"PK\x03\x04\x00\xff\xfe\x00", "not even text"),
    "other JSON": ('{"a": 1}', "no cells"),
    "a list": ("[]", "no cells"),
    "cells that are none": ('{"cells": [1, 2], "metadata": 7}', "cells are damaged"),
    "R": (notebook(["x <- 1"], kernelspec={"name": "ir", "display_name": "R", "language": "R"}), "written in R"),
    "words only": (json.dumps(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("softmax is easy")])), "no code"),
    "a million lines": (notebook(["x = 1\n" * 200_000]), "million"),
    "brackets only": ('{"cells": [' + "[]," * MOST_BRACKETS + "[]]}", "far more than a notebook"),
    "a script called notebook": ("import numpy as np\ndef bias_gradient(g): return 1", "no notebook"),
}
NO_FILE = {  # how it is made, a word of the reason
    "a link": (lambda folder: folder.symlink_to("/etc"), "symbolic link"),
    "another link": (lambda folder: folder.mkdir() or (folder / "hw_03.ipynb").symlink_to("/etc/passwd"), "symbolic link"),
    "a pipe": (lambda folder: folder.mkdir() or os.mkfifo(folder / "hw_03.ipynb"), "no ordinary file"),
    "a film": (lambda folder: write(folder, "hw_03.ipynb", b"") or os.truncate(folder / "hw_03.ipynb", 200_000_000), "200 MB"),
    "unknown": (lambda folder: write(folder, "essay.ipynb", nb("print('hello')")), "No homework is recognised"),
    "a picture": (lambda folder: write(folder, "hw_03.jpeg", b"\xff\xd8"), ".jpeg"),
    "a text": (lambda folder: write(folder, "hw_03.txt", b"I could not open it"), ".txt"),
    "no zip": (lambda folder: write(folder, "hw_03.zip", b"PK"), ".zip"),
}


def write(folder, name, data):
    folder.mkdir()
    (folder / name).write_bytes(data)


@pytest.fixture(scope="module")
def outcome(graded, tmp_path_factory):
    """Grade all of it in one batch."""
    folder = tmp_path_factory.mktemp("class")
    for name, (content, _) in BAD.items():
        write(folder / name, "hw_03.ipynb", content if isinstance(content, bytes) else content.encode())
    for name, (make, _) in NO_FILE.items():
        make(folder / name)
    for name, (source, _) in TEXTS.items():
        write(folder / f"text {name}", "hw_04.ipynb", source if isinstance(source, bytes) else nb(source))
    process, out = graded(folder)
    return process, {row["path"].split("/")[0]: row for row in json.loads((out / "grades.json").read_text())}


def words_below(page):
    page["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "I tried 0.1, because."})


BLANK = 'experiment_answer = """ """'
TEXTS = {  # cells of homework 4 → what the teacher reads
    "in quotation marks": ('experiment_answer = """\nBecause.\n"""', "\nBecause.\n"),
    "added": ('experiment_answer = "be" + "cause"', "because"),
    "joined": ('experiment_answer = "\\n".join(["be", "cause"])', "be\ncause"),
    "stripped": ('experiment_answer = """ because """.strip()', "because"),
    "formatted": ('eta = 0.1\nexperiment_answer = f"at {eta}"', "at 0.1"),
    "grown": ('experiment_answer = "be"\nexperiment_answer += "cause"', "because"),
    "bytes": ("experiment_answer = b'because'", "because"),
    "a trailing comma": ("experiment_answer = 'because',", "because"),
    "lines": ("experiment_answer = ['be', 'cause']", "be\ncause"),
    "with a type": ("experiment_answer: str = 'because'", "because"),
    "under if": ("if True:\n    experiment_answer = 'because'", "because"),
    "a blank stub below": ("experiment_answer = 'because'\n" + BLANK, "because"),
    "a blank stub below an expression": ("experiment_answer = 'be' + 'cause'\n" + BLANK, "because"),
    "what cannot be run": ("experiment_answer = f'at {best_of_all}'", "experiment_answer = f'at {best_of_all}'"),
    "a number": ("experiment_answer = 0.3", "0.3"),
    "in a text cell": (changed(words_below, BLANK), "I tried 0.1, because."),
    "as a comment": (BLANK + "\n# I tried 0.1, because.", "I tried 0.1, because."),
    "nothing": (BLANK, ""),
}


@pytest.mark.parametrize("name", BAD | NO_FILE)
def test_bad_files_get_a_row_with_the_reason(name, outcome):
    row = outcome[1][name]
    assert (BAD | NO_FILE)[name][1] in row["problem"] and row["points"] == 0 and row["of"] in (0, FULL)


def test_bad_files_do_not_fail_the_batch(outcome):
    process, rows = outcome
    assert (process.returncode, process.stderr) == (0, "")
    assert len(rows) == len(BAD) + len(NO_FILE) + len(TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_a_written_answer_is_found(name, outcome):
    assert outcome[1][f"text {name}"]["texts"] == {"experiment_answer": TEXTS[name][1]}


@pytest.mark.sandbox
def test_nothing_could_be_graded(tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "x.ipynb").touch()
    process = run_grader("grade", tmp_path / "class", "--out", tmp_path / "out")
    assert process.returncode == 1 and "Nothing could be graded" in process.stderr and (tmp_path / "out" / "gradebook.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ("grade {0}/class --out {0}/out", 1, "no submission"),
        ("grade {0}/nowhere --out {0}/out", 1, "There is no"),
        ("grade {0}/class --out {0}/class/out", 1, "not inside"),
        ("grade {0}/class --out {0}/out --homework hw_99", 2, "hw_03"),
        ("grade {0}/class --out {0}/out --seed -1", 2, "--seed"),
        ("grade {0}/class --out {0}/out --seed x", 2, "whole number"),
        ("report {0}/nowhere", 1, "First: python -m utils.grading grade"),
        ("export {0}/nowhere --to canvas", 1, "Nothing has been graded"),
        ("export {0}/nowhere --to paper", 2, "moodle"),
    ],
)
def test_wrong_use_is_said_and_fails(arguments, status, words, tmp_path, capsys):
    (tmp_path / "class").mkdir()
    try:
        ended = main(arguments.format(tmp_path).split())
    except SystemExit as exit:  # argparse's way
        ended = exit.code
    assert ended == status and words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_dry_run_says_what_would_be_graded_as_what(tmp_path, capsys):
    for path, data in {
        "doejane_LATE_11_99_hw_03.ipynb": nb(*cells()),
        "roe_12_98_homework1.ipynb": nb(*cells()),
        "poe_13_97_scan.pdf": b"%PDF",
    }.items():
        (tmp_path / path).write_bytes(data)
    assert main(["grade", str(tmp_path), "--out", str(tmp_path.parent / "out"), "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "doejane_LATE_11_99_hw_03.ipynb: doejane (canvas 11), late: hw_03"
    assert "not graded: It is a .pdf" in lines[1] and "roe (canvas 12): hw_03 The name says hw_01" in lines[2]
    assert not (tmp_path.parent / "out").exists()


def test_without_a_sandbox_nothing_is_graded(tmp_path, monkeypatch):
    (tmp_path / "jane_hw_03.ipynb").write_bytes(nb(*cells()))
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = run_grader("grade", tmp_path / "jane_hw_03.ipynb", "--out", tmp_path / "out")
    assert refused.returncode == 3 and "apt install bubblewrap" in refused.stderr and "--unsafe-no-sandbox" in refused.stderr
    assert not (tmp_path / "out" / "gradebook.csv").exists()
    accepted = run_grader("grade", tmp_path / "jane_hw_03.ipynb", "--out", tmp_path / "out", "--unsafe-no-sandbox")
    assert accepted.returncode == 0 and "1 graded" in accepted.stdout


WINDOWS = """
import os, sys
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
del os.fork, os.wait4, os.sched_getaffinity, os.set_blocking
sys.stdout.reconfigure(encoding="cp1252")
from utils.grading.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def on_windows(*arguments):
    """Run the grader as far as Windows has what it needs, on a console that lacks most signs."""
    command = [sys.executable, "-c", WINDOWS, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, encoding="cp1252", timeout=100)


def test_windows_reports_and_exports_and_says_that_it_does_not_grade(tmp_path):
    row = {
        "homework": "hw_03",
        "points": 3,
        "of": 9,
        "id": "a",
        "student": "Ζωή",
        "path": "Ζωή.ipynb",
        "platform": "moodle",
        "platform_id": "5",
    }
    (tmp_path / "grades.json").write_text(json.dumps([row, row | {"path": "Ζωή 2.ipynb", "id": "b"}]), encoding="utf-8")
    for command in (["report", tmp_path], ["export", tmp_path, "--to", "moodle"]):
        done = on_windows(*command)
        assert done.returncode == 0, done.stderr
    (tmp_path / "hw_03.ipynb").write_bytes(nb(*cells()))
    refused = on_windows("grade", tmp_path / "hw_03.ipynb", "--out", tmp_path / "out")
    assert refused.returncode == 3 and "Linux virtual machine" in refused.stderr and "Traceback" not in refused.stderr


# --- code ---


def test_only_what_defines_something_is_taken():
    source = (
        "import os\nx = 1\nnp.exp = 3\nprint(x)\nz = x + np.pi\nif x:\n    w = 1\nclass A: pass\nf = lambda: 1\nx += 1\nG = {}\nG[x] = 2"
    )
    definitions, notices = read([source])
    assert [*map(sorted, (one.names for one in definitions))] == [["os"], ["x"], ["z"], ["w"], ["A"], ["f"], ["x"], ["G"], ["G"]]
    assert notices == []


def test_an_answer_gets_what_it_uses_and_nothing_else():
    source = (
        "x = 1\ny = x\nz = slow()\ndef helper(): return y\ndef f(z):\n    total = helper()\n    return [z for z in range(total)]\nimport os"
    )
    assert [sorted(one.names) for one in needed("f", read([source])[0])] == [["x"], ["y"], ["helper"], ["f"]]


@pytest.mark.parametrize("source", ["(" * 10_000, "-" * 100_000 + "1", "a" + ".a" * 20_000, "\0", "def f():\n\treturn\n        1"])
def test_monstrous_code_is_left_out(source):
    definitions, notices = read([source, "y = 1"])
    assert {"y"} in [one.names for one in definitions] and len(notices) <= 1


def test_homework_is_recognised():
    for name in ("Hw 3 final.ipynb", "hw_03.ipynb", "HW3.py", "homework3.ipynb", "Assignment-03.ipynb", "jhw2_hw_03.ipynb"):
        assert homework_named(name) == "hw_03", name
    for name in ("essay.ipynb", "hw_77.ipynb", "jhw2.ipynb", "hw_033.ipynb"):
        assert homework_named(name) is None, name
    bias = [dedented(ANSWERS["bias_gradient"])]
    earlier = ["def softmax(a): pass\ndef sigmoid(a): pass\ndef one_hot(l, k): pass", *bias]
    assert homework_of(bias)[0].name == homework_of(earlier)[0].name == "hw_03", "later homeworks bring functions of earlier ones"
    assert homework_of(bias, "hw_03") == (homework_of(bias)[0], "")
    assert homework_of(bias, "hw_01")[0].name == "hw_03" and "says hw_01" in homework_of(bias, "hw_01")[1]
    with pytest.raises(UnreadableError, match="No homework"):
        homework_of(["def f(): pass"])


def test_a_zip_is_no_notebook():
    with zipfile.ZipFile(os.devnull, "w"), pytest.raises(UnreadableError, match="not even text"):
        read_pages(b"PK\x03\x04\x00\x00\xff\xff")
