"""Broken and odd files: what can be graded is, and everything else gets a row with the reason."""

import json
import os
import tracemalloc
import zipfile

import nbformat
import pytest
from submissions import ANSWERS, POINTS, cells, dedented, notebook, run_grader

from utils.grading.__main__ import main
from utils.grading.answers import read_answers
from utils.grading.collect import collect
from utils.grading.notebook import UnreadableError, code_cells, homework_named, homework_of

STUB = 'def hidden_gradient(W_next, grad_a_next, a):\n    """Return ∂L/∂a_k."""\n    raise NotImplementedError'


def old_notebook():
    """Return a notebook in the format of 2013."""
    page = [{"cell_type": "code", "language": "python", "input": source, "outputs": [], "metadata": {}} for source in cells()]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": page, "metadata": {}}]})


def without(key):
    page = json.loads(notebook(cells()))
    for cell in page["cells"]:
        cell.pop(key, None)
    page.pop(key, None)
    return json.dumps(page)


FULL = sum(POINTS.values())
ODD = {  # file → points
    "copied cells": (notebook(cells() * 2), FULL),
    "reordered cells": (notebook(cells()[::-1]), FULL),
    "metadata stripped": (without("metadata"), FULL),
    "ids stripped": (without("id"), FULL),
    "check cells": (notebook([*cells(), "from utils.homework import check", "check(hidden_gradient)\ncheck(bias_gradient)"]), FULL),
    "imports of what is not there": (notebook(["import torch, matplotlib.pyplot as plt\nfrom utils.nn import network", *cells()]), FULL),
    "no import of numpy": (notebook(cells()[1:]), FULL),
    "a syntax error in one cell": (notebook([*cells(), "for all x in"]), FULL),
    "an answer with a syntax error": (notebook(cells(bias_gradient="def bias_gradient(grad_a) return 1")), 7),
    "magics": (notebook(["%matplotlib inline\n!pip install x\nimport numpy as np\nnp.exp?", "%%time\n" + cells()[1], *cells()[2:]]), FULL),
    "a cell in another language": (notebook([*cells(), "%%bash\nrm -rf $HOME"]), FULL),
    "all in one cell": (notebook(["\n\n".join(cells())]), FULL),
    "the stub left below the answer": (notebook([*cells(), STUB]), FULL),
    "a second try below the first": (notebook([cells(hidden_gradient="def hidden_gradient(*a): return 1")[1], *cells()]), FULL),
    "plays that crash, hang or exit": (notebook(["1 / 0", *cells(), "while True: pass", "exit()", "x = input()", "del np"]), FULL),
    "lambdas": (notebook([*cells()[:3], "bias_gradient = lambda grad_a: grad_a.sum(axis=1)[:, None]"]), FULL),
    "constants and helpers": (
        notebook(
            [
                *cells()[:3],
                "AXIS: int = 1\nADD, KEEP = np.sum, {'keepdims': True}\ndef bias_gradient(g: Array): return ADD(g, AXIS, **KEEP)",
            ]
        ),
        FULL,
    ),
    "the format of 2013": (old_notebook(), FULL),
    "a byte order mark": ("\ufeff" + notebook(cells()), FULL),
    "two of three": (notebook(cells()[:3]), 7),
}
BAD = {  # file → a word of the reason
    "empty": ("", "empty"),
    "blank": (" \n", "empty"),
    "corrupt": (notebook(cells())[:-40], "damaged"),
    "deep": ("[" * 100_000, "damaged"),
    "a web page": ("<!DOCTYPE html><title>Moodle</title>", "web page"),
    "not text": (b"\xff\xfe\x00PK", "not even text"),
    "other JSON": ('{"a": 1}', "no cells"),
    "a list": ("[]", "no cells"),
    "cells that are none": ('{"cells": [1, {"cell_type": "code"}], "metadata": 7}', "cells are damaged"),
    "R": (notebook(["x <- 1"], kernelspec={"name": "ir", "display_name": "R", "language": "R"}), "written in R"),
    "words only": (json.dumps(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("def softmax(a): …")])), "no code"),
    "a million lines": (notebook(["x = 1\n" * 200_000]), "million"),
}


@pytest.fixture(scope="module")
def outcome(graded, tmp_path_factory):
    """Grade all of it in one batch."""
    folder = tmp_path_factory.mktemp("class")
    for name, (content, _) in (ODD | BAD).items():
        (folder / name).mkdir()
        (folder / name / "hw_03.ipynb").write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "a script").mkdir()
    (folder / "a script" / "hw_03.py").write_text("\n\n# %%\n".join([*cells(), "for all x in"]))
    (folder / "a link").symlink_to("/etc")
    (folder / "another link").mkdir()
    (folder / "another link" / "hw_03.ipynb").symlink_to("/etc/passwd")
    (folder / "a pipe").mkdir()
    os.mkfifo(folder / "a pipe" / "hw_03.ipynb")
    (folder / "a film").mkdir()
    (folder / "a film" / "hw_03.ipynb").touch()
    os.truncate(folder / "a film" / "hw_03.ipynb", 200_000_000)
    (folder / "unknown").mkdir()
    (folder / "unknown" / "essay.ipynb").write_text(notebook(["print('hello')"]))
    (folder / "a picture").mkdir()
    (folder / "a picture" / "hw_03.jpeg").write_bytes(b"\xff\xd8")
    process, out = graded(folder)
    return process, {row["path"].split("/")[0]: row for row in json.loads((out / "grades.json").read_text())}


@pytest.mark.parametrize("name", ODD)
def test_odd_notebooks_are_graded(name, outcome):
    row = outcome[1][name]
    assert (row["problem"], row["points"]) == ("", ODD[name][1]), row


@pytest.mark.parametrize("name", BAD)
def test_bad_files_get_a_row_with_the_reason(name, outcome):
    row = outcome[1][name]
    assert BAD[name][1] in row["problem"] and row["points"] == 0 and row["of"] in (0, FULL)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a link", "symbolic link"),
        ("another link", "symbolic link"),
        ("a pipe", "no ordinary file"),
        ("a film", "200 MB"),
        ("unknown", "No homework is recognised"),
        ("a picture", ".jpeg"),
    ],
)
def test_what_is_no_notebook_gets_a_row_with_the_reason(name, reason, outcome):
    assert reason in outcome[1][name]["problem"] and outcome[1][name]["points"] == 0


def test_bad_files_do_not_fail_the_batch(outcome):
    process, rows = outcome
    assert (process.returncode, process.stderr) == (0, "")
    assert len(rows) == len(ODD) + len(BAD) + 7
    assert rows["a script"]["points"] == FULL and "cell 5 was left out" in rows["a script"]["notices"][0]


def test_a_cell_with_a_syntax_error_is_mentioned(outcome):
    assert "Code cell 4 was left out" in outcome[1]["an answer with a syntax error"]["notices"][0]


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


def test_without_a_sandbox_nothing_is_graded(tmp_path, monkeypatch):
    (tmp_path / "jane_hw_03.ipynb").write_text(notebook(cells()))
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = run_grader("grade", tmp_path / "jane_hw_03.ipynb", "--out", tmp_path / "out")
    assert refused.returncode == 3 and "apt install bubblewrap" in refused.stderr and "--unsafe-no-sandbox" in refused.stderr
    assert not (tmp_path / "out" / "gradebook.csv").exists()
    accepted = run_grader("grade", tmp_path / "jane_hw_03.ipynb", "--out", tmp_path / "out", "--unsafe-no-sandbox")
    assert accepted.returncode == 0 and "1 graded" in accepted.stdout


# --- what students are called, and zips ---


def zipped(path, **files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("path", "student", "platform", "number"),
    [
        ("Jane Doe_4711_assignsubmission_file_/hw_03.ipynb", "Jane Doe", "moodle", "4711"),
        ("Jane Doe_4711_assignsubmission_file_hw_03.ipynb", "Jane Doe", "moodle", "4711"),
        ("doejane_4711_99_hw_03-1.ipynb", "doejane", "canvas", "4711"),
        ("doejane_LATE_4711_99_my_hw_03.ipynb", "doejane", "canvas", "4711"),
        ("group 1/jane/hw_03.ipynb", "group 1/jane", "", ""),
        ("jane_hw_03.ipynb", "jane", "", ""),
        ("hw_03.ipynb", "hw_03", "", ""),
    ],
)
def test_names_as_platforms_write_them(path, student, platform, number, tmp_path):
    for place in (tmp_path / "class", zipped(tmp_path / "class.zip", **{path: "x"})):
        if place.suffix != ".zip":
            (place / path).parent.mkdir(parents=True)
            (place / path).write_text("x")
        (found,) = collect(place)
        assert (found.student, found.platform, found.platform_id, found.data) == (student, platform, number, b"x")


def test_equal_file_names_do_not_meet(tmp_path):
    for student in ("a b", "a_b", "A B"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "hw_03.ipynb").write_text(student)
    found = collect(tmp_path)
    assert len({one.id.lower() for one in found}) == 3 and len({one.student for one in found}) == 3


def test_what_systems_add_is_left_out_and_extra_files_of_a_student_too(tmp_path):
    for path in ("__MACOSX/._hw.ipynb", ".ipynb_checkpoints/hw.ipynb", "jane/hw_03.ipynb", "jane/data.csv", "joe/scan.pdf"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("x")
    assert [(one.path, bool(one.problem)) for one in collect(tmp_path)] == [("jane/hw_03.ipynb", False), ("joe/scan.pdf", True)]


def test_zips_that_attack(tmp_path):
    link = zipfile.ZipInfo("link_hw_03.ipynb")
    link.external_attr = 0o120777 << 16
    evil = {"../../evil.ipynb": "x", "/evil.ipynb": "x", "c:\\evil.ipynb": "x", "bomb.ipynb": bytes(150 << 20), "fine.ipynb": "{}"}
    path = zipped(tmp_path / "class.zip", **evil)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    tracemalloc.start()
    found = {one.path: one for one in collect(path)}
    assert tracemalloc.get_traced_memory()[1] < 100 << 20, "a bomb is not unpacked whole"
    tracemalloc.stop()
    assert len(found) == 6 and not any(one.data for name, one in found.items() if name != "fine.ipynb")
    assert "MB" in found["bomb.ipynb"].problem and "symbolic link" in found["link_hw_03.ipynb"].problem
    assert all("leads out" in one.problem for name, one in found.items() if "evil" in name)
    assert [entry.name for entry in tmp_path.iterdir()] == ["class.zip"]


def test_a_cut_off_zip_is_refused_and_a_damaged_entry_is_a_row(tmp_path):
    path = zipped(tmp_path / "class.zip", **{"a.ipynb": os.urandom(500), "b.ipynb": "{}"})
    data = bytearray(path.read_bytes())
    (tmp_path / "cut.zip").write_bytes(data[:300])
    with pytest.raises(ValueError, match="cut off"):
        collect(tmp_path / "cut.zip")
    data[100:120] = bytes(20)
    path.write_bytes(data)
    damaged, fine = collect(path)
    assert "damaged" in damaged.problem and fine.data == b"{}"


# --- code ---


def test_only_what_counts_is_taken():
    source = "import os\nx = 1\ny = open('x')\nnp.exp = 3\nprint(x)\nz = x + np.pi\nif x:\n    w = 1\nclass A: pass\nf = lambda: 1\nx += 1"
    imports, definitions, _, notices = read_answers([source])
    assert len(imports) == 1 and [names for _, names, _ in definitions] == [("x",), ("z",), ("A",), ("f",)] and not notices


def test_texts_are_collected():
    assert read_answers(['experiment_answer = """\nBecause.\n"""', "experiment_answer = 3 * 'x'"])[2] == {
        "experiment_answer": "\nBecause.\n"
    }


@pytest.mark.parametrize(
    "source", ["(" * 10_000, "-" * 100_000 + "1", "a" + ".a" * 100_000, "x = " + "1+" * 50_000 + "1", "\0", "def f():\n\treturn\n        1"]
)
def test_monstrous_code_is_left_out(source):
    _, definitions, _, notices = read_answers([source, "y = 1"])
    assert ("y",) in [names for _, names, _ in definitions] and len(notices) <= 1


def test_homework_is_recognised():
    assert homework_named("Hw 3 final.ipynb") == homework_named("hw_03.ipynb") == homework_named("HW3.py") == "hw_03"
    assert homework_named("essay.ipynb") is None and homework_named("hw_77.ipynb") is None
    assert homework_of([dedented(ANSWERS["bias_gradient"])]).name == "hw_03"
    with pytest.raises(UnreadableError, match="No homework"):
        homework_of(["def f(): pass"])


def test_a_script_is_parted_into_cells():
    assert [cell.strip() for cell in code_cells(b"a = 1\n# %% one\nb = 2\n#%%\nc = 3\n", is_script=True)] == ["a = 1", "b = 2", "c = 3"]
