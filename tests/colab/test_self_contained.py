"""The copies that carry the package work alone, in an empty folder, where nothing of the course is installed."""

import json

import nbformat
import pytest
from alone import RUN, environment, python

import build_notebooks as build
from self_contained import self_contained

SOURCES = [*build.sources(), *build.homework_sources()]
KILOBYTE = 1000


def copy_of(prefix):
    """Return the self-contained copy of the lesson or homework whose name begins so."""
    return self_contained(next(source for source in SOURCES if source.name.startswith(prefix)))


def code(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def edited(cells, name, body):
    """Return the cells with the function of this name written anew."""
    return [f"def {name}(a):\n    {body}" if source.startswith(f"def {name}(") else source for source in cells]


@pytest.fixture
def empty(tmp_path):
    """Return an empty folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


@pytest.fixture
def run(tmp_path, empty):
    """Return a function that runs cells one after the other in the empty folder, and returns what they print."""
    (tmp_path / "temporary").mkdir()

    def run(cells, without=()):
        surroundings = environment(tmp_path / "site", colab=True, without=without) | {
            "TMPDIR": str(tmp_path / "temporary"),
            "MPLBACKEND": "Agg",
        }
        process = python(RUN, empty, surroundings, json.dumps(cells))
        assert process.returncode == 0, process.stdout + process.stderr
        assert not list((tmp_path / "temporary").glob("backpropagation-*")), "what was unpacked stays behind"
        return process.stdout

    return run


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_copy_is_the_notebook_with_another_first_cell(source):
    copy = self_contained(source)
    original = build.student_version(source) if source in build.homework_sources() else build.unexecuted(source)
    assert code(copy)[1:] == code(original)[1:] and "unpacked" in code(copy)[0]
    assert "SOLUTION" not in "".join(code(copy)[1:]) and "](../" not in "".join(cell.source for cell in copy.cells)
    assert not any(cell.get("outputs") for cell in copy.cells)
    assert len(nbformat.writes(copy)) < 1000 * KILOBYTE  # small enough to mail, and to upload at once
    assert len({cell.id for cell in copy.cells}) == len(copy.cells)
    nbformat.validate(copy)


def test_copies_are_the_same_every_time():
    assert nbformat.writes(copy_of("07")) == nbformat.writes(copy_of("07"))


def test_a_lesson_runs_alone(run, empty):
    assert "Predicted right: 0 of" in run(code(copy_of("03")))
    assert not list(empty.iterdir())


def test_a_homework_is_checked_alone(run):
    cells = code(copy_of("hw_01"))
    assert "… sigmoid: not yet." in run(cells)
    assert "✗ sigmoid" in run(edited(cells, "sigmoid", "return 1 / (1 + np.exp(a))"))
    assert "✓ sigmoid" in run(edited(cells, "sigmoid", "e = np.exp(-abs(a)); return np.where(a < 0, e, 1) / (1 + e)"))


def test_other_processes_find_the_package_too(run):
    use = """
from multiprocessing import get_context
from utils.nn.network import FeedForwardNetwork

with get_context("spawn").Pool(1) as pool:
    network, = pool.map(FeedForwardNetwork, [[2, 3, 2]])
print(network.layer_sizes)
"""
    assert "[2, 3, 2]" in run([code(copy_of("10"))[0], use]).replace("(", "[").replace(")", "]")


def test_twice_unpacks_once_and_a_stranger_does_not_matter(run, empty):
    (empty / "utils.py").write_text("import_of = 'a stranger'")
    setup = code(copy_of("00"))[0]
    run(
        [
            "import utils; assert utils.import_of == 'a stranger'",
            setup,
            "import sys, utils.nn.activations as first; path, place = list(sys.path), unpacked.name",
            setup,
            "import utils.nn.activations as second; assert first is second and path == sys.path and place == unpacked.name",
        ]
    )


def test_a_python_without_xz_and_bzip2_unpacks_it_too(run):
    """A Python that is built on a bare system lacks them."""
    assert "… sigmoid: not yet." in run(code(copy_of("hw_01")), without=["_lzma", "_bz2"])


def test_the_grader_stays_at_home(run):
    output = run(
        [
            *code(copy_of("hw_03"))[:1],
            "import importlib.util as u; print(u.find_spec('utils.homework') is not None, u.find_spec('utils.grading'))",
        ]
    )
    assert output.split() == ["True", "None"]
