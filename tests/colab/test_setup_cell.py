"""The set-up cell finds the course, and only the course, wherever a notebook is opened."""

import shutil
import subprocess

import nbformat
import pytest
from alone import environment, python

import build_notebooks as build
from setup_cell import Course, locating_cell

HERE = Course("", "main")
STRANGER = "raise SystemExit('a stranger was imported')\n"
WHERE = "\nfrom utils.nn import activations\nprint(activations.__file__, end='')"


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """Return a copy of the course that is not installed."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(build.ROOT / "utils", folder / "utils", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "notebooks" / "homework").mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def repository(course, tmp_path_factory):
    """Return the course as its public repository would offer it."""
    if not shutil.which("git"):
        pytest.skip("Fetching the course needs git, and there is none.")
    folder = shutil.copytree(course, tmp_path_factory.mktemp("public") / "repository")
    user = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet", "--initial-branch=lessons"], ["add", "."], [*user, "commit", "--quiet", "--message=course"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return Course(folder.as_uri(), "lessons")


@pytest.fixture
def run(tmp_path):
    """Return a function that runs the set-up cell in a folder and returns the process."""

    def run(cwd, course=HERE, before="", after=WHERE, variables=(), **options):
        code = before + locating_cell(course).source + after
        return python(code, cwd, environment(tmp_path / "site", **options) | dict(variables))

    return run


@pytest.fixture
def empty(tmp_path):
    """Return an empty folder."""
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


def assert_silent_and_from(folder, process):
    """Check that the package came from this folder, and that the cell said nothing."""
    assert process.returncode == 0, process.stderr
    assert process.stdout == str(folder / "utils" / "nn" / "activations.py") and process.stderr == ""


# --- the same cell everywhere ---


def test_every_notebook_begins_with_the_same_short_cell():
    notebooks = [nbformat.read(build.target(source), as_version=4) for source in [*build.sources(), *build.homework_sources()]]
    expected = locating_cell(build.published())
    for notebook in notebooks:
        first = next(cell for cell in notebook.cells if cell.cell_type == "code")
        assert first.source == expected.source and len(first.source.splitlines()) <= 25
        assert first.metadata.jupyter.source_hidden and first.metadata.cellView == "form", "folded where the program can fold"
        assert first.source.startswith("# @title Set-up"), "what is left of it says what it is"


def test_nothing_is_installed():
    assert "pip" not in locating_cell(Course("https://github.com/owner/name", "main")).source


# --- beside or above the notebook ---


@pytest.mark.parametrize("place", [".", "notebooks", "notebooks/homework"])
def test_beside_or_above(run, course, place):
    assert_silent_and_from(course, run(course / place))


def test_in_vs_code_whose_kernel_starts_anywhere(run, course, empty):
    before = f"__vsc_ipynb_file__ = {str(course / 'notebooks' / 'homework' / 'hw_01.ipynb')!r}\n"
    assert_silent_and_from(course, run(empty, before=before))


def test_in_jupyter_whose_kernel_starts_anywhere(run, course, empty):
    assert_silent_and_from(course, run(empty, variables={"JPY_SESSION_NAME": str(course / "notebooks" / "00.ipynb")}))


def test_one_level_below(run, course):
    assert_silent_and_from(course, run(course.parent))


def test_the_notebook_decides_between_two_courses(run, course, empty):
    other = shutil.copytree(course, empty / "another year")
    before = f"__vsc_ipynb_file__ = {str(other / 'notebooks' / '00.ipynb')!r}\n"
    assert_silent_and_from(other, run(course, before=before, path=[course]))


def test_in_a_clone_beside_the_notebook(run, course, empty):
    shutil.copytree(course, empty / "backpropagation-course")
    assert_silent_and_from(empty / "backpropagation-course", run(empty))


def test_on_the_path(run, course, empty):
    assert_silent_and_from(course, run(empty, path=[course]))


def test_twice_changes_nothing(run, course):
    before = locating_cell(HERE).source + "\nimport utils.nn.network as first; path = list(sys.path)\n"
    after = "\nassert sys.path == path and sys.modules['utils.nn.network'] is first" + WHERE
    assert_silent_and_from(course, run(course / "notebooks", before=before, after=after))


def test_after_an_import_that_failed(run, course):
    before = "try:\n    import utils.nn\nexcept ImportError: pass\n"
    assert_silent_and_from(course, run(course / "notebooks", before=before))


# --- strangers named utils ---


def stranger(folder, kind):
    """Put a foreign package into a folder: a module, a package, or a mere folder of that name."""
    if kind == "module":
        (folder / "utils.py").write_text(STRANGER)
    else:
        (folder / "utils" / "nn").mkdir(parents=True)
        (folder / "utils" / "nn" / "activations.py").write_text(STRANGER)
        if kind == "package":
            (folder / "utils" / "__init__.py").write_text(STRANGER)
    return folder


strange = pytest.mark.parametrize("kind", ["module", "package", "folder"])


@strange
def test_a_stranger_beside_the_notebook(run, course, empty, kind):
    assert_silent_and_from(course, run(stranger(empty, kind), path=[course]))


@strange
def test_a_stranger_that_comes_first_on_the_path(run, course, empty, kind):
    assert_silent_and_from(course, run(course / "notebooks", path=[stranger(empty, kind)]))


def test_a_stranger_that_was_imported(run, course, empty):
    (empty / "utils" / "nn").mkdir(parents=True)
    for file in ("__init__.py", "nn/__init__.py", "nn/activations.py"):
        (empty / "utils" / file).write_text("")
    before = "import utils.nn.activations as other\n"
    after = WHERE + "\nassert activations is not other"
    assert_silent_and_from(course, run(course / "notebooks", before=before, after=after, path=[empty]))


# --- Colab ---


def nowhere(folder):
    """Return how the message begins that the cell ends with in a folder from which it does not find the course."""
    return f"ImportError: The course's folder `utils` is not in {folder}, nor above it, nor one level below. "


def test_colab_fetches_the_course_once(run, repository, empty):
    fetched = empty / "backpropagation-course"
    assert_silent_and_from(fetched, run(empty, repository, colab=True))
    gone = Course(repository.repository + "-gone", repository.branch)
    assert_silent_and_from(fetched, run(empty, gone, colab=True))


@strange
def test_colab_fetches_the_course_beside_a_stranger(run, repository, empty, kind):
    assert_silent_and_from(empty / "backpropagation-course", run(stranger(empty, kind), repository, colab=True))


def test_colab_without_a_repository_says_what_to_do(run, empty):
    said = run(empty, colab=True).stderr
    assert nowhere(empty) + "In Colab: open the self-contained copy of this notebook" in said
    assert not list(empty.iterdir())


def test_colab_with_a_dead_repository_says_what_to_do(run, empty):
    said = run(empty, Course((empty / "nothing").as_uri(), "main"), colab=True).stderr
    assert nowhere(empty) + "In Colab: run this cell again in a minute" in said
    assert not list(empty.iterdir())


def test_nothing_is_fetched_outside_colab(run, repository, empty):
    said = run(empty, repository).stderr
    assert "keep this notebook in the course's folder, or open it with `make lab`" in said
    assert not list(empty.iterdir())
