"""``make lab`` sets itself up in any folder, with the right Python, and again where it was interrupted.

A script stands in for Python. It makes environments and installs nothing, so that each case is quick.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("sh", "make", "echo", "test", "cat", "pwd", "id", "seq", "sed", "touch", "rm", "mkdir", "cp", "env")
PYTHON = """#!/bin/sh
# A Python that is {new_enough}; in an environment it notes what it is told to do, and stops where pip-fails says so.
# It runs only in surroundings in which a real one would do what the course wants of it.
test -z "$PYTHONHOME$PYTHONPATH" || exit 1
case "$*" in
    *version_info*) {new_enough};;
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python;;
    "-c ") ;;
    "-c import jupyterlab") test ! -e pip-elsewhere;;
    *) test "$PIP_USER$PIP_TARGET$PIP_PREFIX$PYTHONOPTIMIZE" = 0 || exit 1
       echo "$*" >> did; case "$*" in *pip*) test ! -e pip-fails;; esac;;
esac
"""

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="There is no make here, so the Makefile is not tested.")


class Course:
    """A folder with the Makefile of the course and a PATH with nothing but a few tools and the given Pythons."""

    def __init__(self, folder, pythons):
        self.folder, self.programs, self.variables = folder / "course", folder / "programs", {}
        self.folder.mkdir(parents=True)
        self.programs.mkdir()
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, self.folder)
        for tool in filter(shutil.which, TOOLS):
            (self.programs / tool).symlink_to(shutil.which(tool))
        for name, new_enough in pythons.items():
            (self.programs / name).write_text(PYTHON.format(new_enough=str(new_enough).lower()))
            (self.programs / name).chmod(0o755)

    def make(self, *targets):
        """Run make; return whether it succeeded and what Python was told to do."""
        (self.folder / "did").unlink(missing_ok=True)
        surroundings = self.variables | {"PATH": str(self.programs)}
        process = subprocess.run(["make", *targets], cwd=self.folder, env=surroundings, capture_output=True, text=True, check=False)
        self.said = process.stdout + process.stderr
        did = self.folder / "did"
        return process.returncode == 0, did.read_text().splitlines() if did.exists() else []


COMPILED = "-m compileall -qq -j 0 .venv/lib"  # what make has Python do after pip


def pip(*extras):
    """Return what Python is told to install the course."""
    return f"-m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt --editable .{''.join(extras)}"


@pytest.fixture
def course(tmp_path):
    """Return a course whose python3 is new enough."""
    return Course(tmp_path, {"python3": True})


def opened(did):
    """Return whether JupyterLab was started last."""
    return did[-1].startswith("-m utils.lab")


NAMES = ["it's", "two words", "at the end ", "two\nlines", "für", "🦆", "a # b", "$HOME $(id) $$", 'a "quote"', "50 %", "(b)", "[x]"]
NAMES += ["semi;colon", "a&b", "a\\b", "*", "~", "-n", "=", "long " * 40]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_folder_will_do(tmp_path, name):
    course = Course(tmp_path / name, {"python3": True})
    ok, did = course.make("lab")
    assert ok and did[0] == pip() and opened(did), course.said
    ok, did = course.make("lab")
    assert ok and len(did) == 1 and opened(did), "the second time nothing is installed"


def test_in_a_folder_where_python_makes_no_environment_it_says_why(course):
    course.folder = course.folder.rename(course.folder.with_name("part 3:4"))
    ok, did = course.make("lab")
    assert not ok and not did and "has a colon in its name" in course.said


def test_a_clone_behind_a_symbolic_link_is_one_course(course):
    course.make("lab")
    link = course.folder.with_name("link")
    link.symlink_to(course.folder)
    course.folder = link
    ok, did = course.make("lab")
    assert ok and len(did) == 1 and opened(did), "nothing is installed again"


SET = ["PYTHONHOME=/old", "PYTHONPATH=/old", "PYTHONOPTIMIZE=2", "PIP_USER=1", "PIP_TARGET=/old", "PIP_PREFIX=/old"]
SET += ["PYTHON=python2"]


@pytest.mark.parametrize("variable", SET)
def test_what_a_user_has_set_for_other_programs_changes_nothing(course, variable):
    course.variables = dict([variable.split("=")])
    ok, did = course.make("lab")
    assert ok and did[0] == pip() and opened(did), course.said
    ok, did = course.make("lab")
    assert ok and len(did) == 1 and opened(did), "the environment is not made anew"


def test_clean_is_done_before_the_environment_is_made_anew(course):
    """Also where a user lets make do four things at a time."""
    course.variables["MAKEFLAGS"] = "j4"
    course.make("lab")
    remove, slowly = shutil.which("rm"), course.programs / "rm"
    slowly.unlink()
    slowly.write_text(f'#!/bin/sh\n{shutil.which("sleep")} 0.5\nexec {remove} "$@"\n')
    slowly.chmod(0o755)
    ok, did = course.make("clean", "lab")
    assert ok and did[0] == pip() and opened(did), course.said


@pytest.mark.parametrize("target", ["lab", "test"])
def test_after_an_interrupted_installation_the_next_call_begins_anew(course, target):
    if target == "test":
        course.make("lab")
    (course.folder / "pip-fails").touch()
    assert course.make(target)[0] is False
    (course.folder / "pip-fails").unlink()
    (course.folder / ".venv" / "half").touch()
    ok, did = course.make("lab")
    assert ok and did[0] == pip() and opened(did), course.said
    assert not (course.folder / ".venv" / "half").exists()


def test_where_pip_installs_somewhere_else_it_says_what_to_do(course):
    (course.folder / "pip-elsewhere").touch()
    ok, did = course.make("lab")
    assert not ok and not opened(did) and "pip config list" in course.said
    (course.folder / "pip-elsewhere").unlink()
    ok, did = course.make("lab")
    assert ok and pip() in did and opened(did)


def test_an_environment_whose_making_was_interrupted_is_made_anew(course):
    (course.folder / ".venv" / "bin").mkdir(parents=True)
    ok, did = course.make("lab")
    assert ok and opened(did), course.said


def test_an_environment_whose_python_is_gone_is_made_anew(course):
    course.make("lab")
    (course.folder / ".venv" / "bin" / "python").unlink()
    ok, did = course.make("lab")
    assert ok and did[0] == pip() and opened(did), course.said


def test_a_folder_that_was_renamed_gets_its_environment_anew(course):
    course.make("lab")
    course.folder = course.folder.rename(course.folder.with_name("renamed"))
    assert course.make("lab")[1][0] == pip()
    assert opened(course.make("lab")[1])


def test_new_requirements_are_added_to_the_environment(course):
    course.make("lab")
    (course.folder / ".venv" / "kept").touch()
    os.utime(course.folder / "pyproject.toml", (2**32, 2**32))
    assert course.make("lab")[1][0] == pip() and (course.folder / ".venv" / "kept").exists()


def test_each_extra_is_installed_once(course):
    assert pip("[test,grading,site,slides]") in course.make("colab")[1]
    assert course.make("colab")[1] == ["tools/self_contained.py"]
    assert course.make("bench")[1] == [pip("[bench]"), COMPILED, "tests/bench/bench.py"]
    assert course.make("site")[1] == [pip("[site]"), COMPILED, "tools/build_site.py"]


def test_check_looks_at_the_style_then_at_formulas_and_lessons_that_are_there(course):
    *_, style, layout, tests = course.make("check")[1]
    assert (style, layout) == ("-m ruff check", "-m ruff format --check") and "-m not long" in tests
    places = [word for word in tests.split() if word.startswith("tests/")]
    assert "tests/nn" in places and all((ROOT / place).exists() for place in places)
    assert course.make("test")[1][-1] == "-m pytest -m not long", "everything else"


@pytest.mark.parametrize("newer", ["python3.11", "python3.13", "python3.14", "python3.27"])
def test_a_newer_python_is_found_beside_one_that_is_too_old(tmp_path, newer):
    course = Course(tmp_path, {"python3": False, newer: True})
    ok, did = course.make("lab")
    assert ok and opened(did), course.said
    assert f'"{newer}" -m venv .venv' in course.said


def test_without_a_python_it_says_what_is_needed(tmp_path):
    course = Course(tmp_path, {"python3": False})
    ok, did = course.make("lab")
    assert not ok and not did and "Python 3.11 or newer with venv is needed" in course.said


@pytest.mark.skipif(shutil.which("git") is None, reason="There is no git here, so no clone is tested.")
def test_a_clone_made_for_windows_runs_too(tmp_path):
    """Git can turn line ends into those of Windows, with which a shell finds no program and a digest does not fit."""
    names = [".gitattributes", ".ci/run", "Makefile", "utils/__init__.py", "notebooks/00_start_here.ipynb", ".github/training.gif"]
    for name in names:
        (tmp_path / "course" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "course" / name)
    user = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet"], ["add", "."], [*user, "commit", "--quiet", "--message=course"]):
        subprocess.run(["git", *command], cwd=tmp_path / "course", check=True)
    clone = ["git", "clone", "--quiet", "-c", "core.autocrlf=true", "-c", "core.eol=crlf", tmp_path / "course", tmp_path / "clone"]
    subprocess.run(clone, check=True)
    for name in names:
        assert (tmp_path / "clone" / name).read_bytes() == (ROOT / name).read_bytes(), name
