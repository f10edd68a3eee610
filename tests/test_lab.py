"""The learner's own copies are never overwritten, are kept up to date where untouched, and are ignored by git."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import build_notebooks as build
from utils import lab
from utils.lab import COPIES, COURSE, Copies, clean, originals

LESSON, HOMEWORK = "04_output_units.ipynb", "homework/hw_01_forward_pass.ipynb"


def lesson(*sources, **metadata):
    """Return the text of a lesson of the course, with outputs."""
    cells = [new_markdown_cell("# 04 · Output units"), *(new_code_cell(source, execution_count=1) for source in sources)]
    for cell in cells[1:]:
        cell.outputs = [new_output("stream", text="3\n")]
        cell.metadata = nbformat.from_dict(
            {"jupyter": {"outputs_hidden": True, "source_hidden": True}, "tags": ["hide-output"], "collapsed": True}
        )
    return nbformat.writes(new_notebook(cells=cells, metadata={"course": {"digest": "…"}, **metadata}))


@pytest.fixture
def course():
    """Return a small course, as ``originals`` reads it."""
    return {LESSON: clean(lesson("print(3)", "4")), HOMEWORK: clean(lesson("def f(): ..."))}


@pytest.fixture
def copies(tmp_path, course):
    """Return a folder in which the course has been laid."""
    assert Copies(tmp_path).update(course) == []
    return tmp_path


def edit(path, change):
    """Change a copy as somebody does in JupyterLab."""
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    path.write_text(nbformat.writes(notebook), encoding="utf-8")


def run(notebook):
    for cell in notebook.cells[1:]:
        cell.execution_count, cell.outputs = 7, [new_output("stream", text="my output\n")]
    notebook.cells.append(new_code_cell(""))
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.7"}


def write(notebook):
    run(notebook)
    notebook.cells[2].source = "5  # my change"


def newer(course):
    return course | {LESSON: clean(lesson("print(3)", "4  # corrected"))}


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != COPIES)


def test_copies_have_no_outputs_and_nothing_that_a_test_would_miss(copies):
    notebook = nbformat.read(copies / LESSON, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells[1:])
    assert "course" not in notebook.metadata
    assert notebook.cells[1].metadata == {"jupyter": {"source_hidden": True}, "tags": ["hide-output"]}


def test_a_second_time_nothing_happens(copies, course):
    before = {name: (copies / name).read_bytes() for name in [*names(copies), COPIES]}
    assert Copies(copies).update(course) == []
    assert {name: (copies / name).read_bytes() for name in [*names(copies), COPIES]} == before


@pytest.mark.parametrize("change", [run, write])
def test_what_the_learner_did_stays_while_the_course_stays(copies, course, change):
    edit(copies / LESSON, change)
    mine = (copies / LESSON).read_bytes()
    assert Copies(copies).update(course) == [] and (copies / LESSON).read_bytes() == mine
    assert names(copies) == [LESSON, HOMEWORK]


def test_an_untouched_copy_follows_the_course(copies, course):
    assert Copies(copies).update(newer(course)) == [f"{LESSON}: brought up to date."]
    assert "corrected" in (copies / LESSON).read_text(encoding="utf-8") and names(copies) == [LESSON, HOMEWORK]


def test_a_copy_that_was_saved_but_not_run_follows_too(copies, course):
    edit(copies / LESSON, lambda notebook: notebook.metadata.update(language_info={"name": "python", "version": "3.12"}))
    assert Copies(copies).update(newer(course)) == [f"{LESSON}: brought up to date."]
    assert names(copies) == [LESSON, HOMEWORK]


def test_a_copy_that_was_only_run_follows_and_what_was_run_is_kept(copies, course):
    edit(copies / LESSON, run)
    mine = (copies / LESSON).read_bytes()
    (said,) = Copies(copies).update(newer(course))
    assert "04_output_units.old.ipynb" in said and (copies / "04_output_units.old.ipynb").read_bytes() == mine
    assert "corrected" in (copies / LESSON).read_text(encoding="utf-8")


def test_where_both_have_changed_the_new_one_lies_beside_and_it_is_said(copies, course):
    edit(copies / LESSON, write)
    mine = (copies / LESSON).read_bytes()
    (said,) = Copies(copies).update(newer(course))
    assert "Yours stays" in said and "04_output_units.new.ipynb" in said and "reset 04" in said
    assert (copies / LESSON).read_bytes() == mine
    assert "corrected" in (copies / "04_output_units.new.ipynb").read_text(encoding="utf-8")
    (again,) = Copies(copies).update(newer(course))
    assert "still in 04_output_units.new.ipynb" in again and (copies / LESSON).read_bytes() == mine
    (copies / "04_output_units.new.ipynb").unlink()
    assert Copies(copies).update(newer(course)) == [], "whoever has deleted it is not asked again"


def test_the_version_beside_follows_the_course_unless_somebody_works_in_it(copies, course):
    edit(copies / LESSON, write)
    Copies(copies).update(newer(course))
    newest = course | {LESSON: clean(lesson("print(3)", "4  # corrected twice"))}
    Copies(copies).update(newest)
    assert names(copies) == ["04_output_units.ipynb", "04_output_units.new.ipynb", HOMEWORK]
    assert "twice" in (copies / "04_output_units.new.ipynb").read_text(encoding="utf-8")
    edit(copies / "04_output_units.new.ipynb", run)
    (said,) = Copies(copies).update(course | {LESSON: clean(lesson("print(3)", "4  # corrected thrice"))})
    assert "04_output_units.new-2.ipynb" in said and "my output" in (copies / "04_output_units.new.ipynb").read_text(encoding="utf-8")


def test_whoever_has_made_the_same_correction_has_no_conflict(copies, course):
    edit(copies / LESSON, write)
    Copies(copies).update(newer(course))
    edit(copies / LESSON, lambda notebook: notebook.cells[2].update(source="4  # corrected"))
    assert Copies(copies).update(newer(course)) == []
    assert names(copies) == [LESSON, HOMEWORK], "the version beside it is no longer needed"


def test_a_copy_that_was_deleted_is_laid_again(copies, course):
    (copies / LESSON).unlink()
    assert Copies(copies).update(course) == [] and (copies / LESSON).exists()


def test_files_of_the_learners_own_stay(copies, course):
    (copies / "notes.ipynb").write_text("mine")
    Copies(copies).update(newer(course))
    Copies(copies).update({HOMEWORK: clean(lesson("def f(): ..."))})
    assert names(copies) == [HOMEWORK, "notes.ipynb"], "an untouched copy of what the course no longer has is gone"


def test_a_changed_copy_of_a_lesson_that_the_course_no_longer_has_stays(copies):
    edit(copies / LESSON, run)
    Copies(copies).update({HOMEWORK: clean(lesson("def f(): ..."))})
    assert LESSON in names(copies)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"laid": 3}', '{"laid": {"04_output_units.ipynb": 3}}', None])
def test_without_the_record_every_changed_copy_counts_as_changed(copies, course, damage):
    edit(copies / LESSON, write)
    mine = (copies / LESSON).read_bytes()
    if damage is None:
        (copies / COPIES).unlink()
    else:
        (copies / COPIES).write_text(damage)
    (said,) = Copies(copies).update(course)
    assert "Yours stays" in said and (copies / LESSON).read_bytes() == mine


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"cells": [{}]}'])
def test_a_copy_that_is_no_notebook_any_more_is_not_overwritten(copies, course, damage):
    (copies / LESSON).write_bytes(damage)
    Copies(copies).update(newer(course))
    assert (copies / LESSON).read_bytes() == damage
    Copies(copies).reset(newer(course), [LESSON])
    assert (copies / "04_output_units.old.ipynb").read_bytes() == damage


def test_reset_lays_the_original_and_keeps_every_old_one(copies, course):
    for old in ("04_output_units.old.ipynb", "04_output_units.old-2.ipynb", "04_output_units.old-3.ipynb"):
        edit(copies / LESSON, write)
        (said,) = Copies(copies).reset(course, [LESSON])
        assert old in said and "my change" in (copies / old).read_text(encoding="utf-8")
        assert (copies / LESSON).read_text(encoding="utf-8") == course[LESSON]


def test_reset_takes_the_version_that_lay_beside(copies, course):
    edit(copies / LESSON, write)
    Copies(copies).update(newer(course))
    Copies(copies).reset(newer(course), [LESSON])
    assert names(copies) == ["04_output_units.ipynb", "04_output_units.old.ipynb", HOMEWORK]
    assert "corrected" in (copies / LESSON).read_text(encoding="utf-8")
    assert Copies(copies).update(newer(course)) == []


# --- the course as it is ---


def test_every_notebook_is_among_the_originals_and_can_be_opened():
    course = originals()
    paths = [build.target(source) for source in [*build.sources(), *build.homework_sources()]]
    assert {path.relative_to(build.NOTEBOOKS).as_posix() for path in paths} <= set(course)
    for name, text in course.items():
        if name.endswith(".ipynb"):
            nbformat.validate(nbformat.reads(text, as_version=4))


# --- with git, as a student does it ---

git_is_here = pytest.mark.skipif(shutil.which("git") is None, reason="There is no git here, so nothing was updated with it.")


def git(folder, *arguments):
    user = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *user, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def program(folder, *arguments, cwd=None):
    """Run ``python -m utils.lab`` of the course in a folder, and return what it says."""
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "utils.lab", *arguments], cwd=cwd or folder, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(params=["course", "it's für dich"])
def published(request, tmp_path):
    """Return the course's repository and a student's clone of it, in a folder of any name."""
    home = tmp_path / "home of the course"
    listed = git(COURSE, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in listed:
        if name.startswith(("notebooks/", "utils/", ".git")) and (COURSE / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(COURSE / name, home / name)
    git(home, "init", "--quiet")
    git(home, "add", ".")
    git(home, "commit", "--quiet", "--message=The course")
    git(tmp_path, "clone", "--quiet", str(home), request.param)
    return home, tmp_path / request.param


@git_is_here
def test_a_student_who_saved_pulls_a_correction_and_loses_nothing(published):
    home, mine = published
    program(mine, "copies")
    folder = mine / "my_course"
    edit(folder / "04_output_units.ipynb", write)
    edit(folder / "05_hidden_units.ipynb", run)
    (folder / "course_progress.json").write_text('{"04": {"push": {"answer": "all four"}}}')
    assert git(mine, "status", "--porcelain") == "", "git sees nothing of the student's work"

    for name in ("04_output_units", "05_hidden_units", "06_weights_and_biases"):
        edit(home / "notebooks" / f"{name}.ipynb", lambda notebook: notebook.cells.append(new_markdown_cell("Corrected.")))
    git(home, "commit", "--quiet", "--all", "--message=A correction")
    git(mine, "pull", "--quiet")
    said = program(mine, "copies")

    assert "04_output_units.new.ipynb" in said and "05_hidden_units.old.ipynb" in said and "06_weights_and_biases.ipynb: brought up" in said
    text = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.ipynb")}
    assert "my change" in text["04_output_units.ipynb"] and "Corrected." in text["04_output_units.new.ipynb"]
    assert "my output" in text["05_hidden_units.old.ipynb"] and "Corrected." in text["05_hidden_units.ipynb"]
    assert "Corrected." in text["06_weights_and_biases.ipynb"]
    assert "all four" in (folder / "course_progress.json").read_text()
    assert git(mine, "status", "--porcelain") == "" and git(mine, "log", "-1", "--format=%s") == "A correction\n"


@git_is_here
def test_the_command_resets_one_lesson_or_says_which_there_are(published):
    _, mine = published
    program(mine, "copies")
    edit(mine / "my_course" / "homework" / "hw_01_forward_pass.ipynb", write)
    assert "hw_01_forward_pass.old.ipynb" in program(mine, "reset", "hw_01")
    (mine / "my_course" / "course_progress.json").write_text('{"about": "…", "04": {"push": {"answer": "all four"}}}')
    assert "delete '04' in" in program(mine, "reset", "04") and "delete" not in program(mine, "reset", "05")
    assert lab.main(["reset", "99"]) == 1


@git_is_here
@pytest.mark.parametrize("start", [".", "notebooks", "/"])
def test_it_does_not_matter_where_the_command_is_given(published, start):
    _, mine = published
    assert str(mine / "my_course") in program(mine, "copies", cwd=mine / start)


# --- where nothing can be written ---


def test_a_course_that_cannot_be_written_has_its_copies_elsewhere_and_finds_them_again(tmp_path, monkeypatch):
    sealed = tmp_path / "sealed"
    sealed.write_text("a file, so no folder can be made in it")
    (tmp_path / "here").mkdir()
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert lab.place(sealed) == tmp_path / "here" / "my_course"
    Copies(tmp_path / "home" / "my_course").update({})
    assert lab.place(sealed) == tmp_path / "home" / "my_course", "where copies lie already"
    shutil.rmtree(tmp_path / "home")
    (tmp_path / "home").write_text("")
    (tmp_path / "here" / "my_course").rmdir()
    (tmp_path / "here" / "my_course").write_text("")
    with pytest.raises(lab.NowhereError, match="can be written"):
        lab.place(sealed)


@pytest.fixture
def started(tmp_path, monkeypatch):
    """Return what starts JupyterLab: the command, its folder and its environment variables."""
    calls = []
    monkeypatch.setattr(os, "execve", lambda program, command, surroundings: calls.append((command, os.getcwd(), surroundings)) or 0)
    monkeypatch.chdir(tmp_path)
    assert lab._open(tmp_path / "my_course", ["--no-browser"]) == 0
    return calls[0]


def test_jupyterlab_starts_on_lesson_00_with_the_arguments_that_are_given(started, tmp_path):
    command, folder, surroundings = started
    assert command[1:3] == ["-m", "jupyterlab"] and command[-2:] == ["--no-browser", "my_course/00_start_here.ipynb"]
    assert folder == str(tmp_path)
    assert surroundings["PYTHONPATH"].split(os.pathsep)[0] == str(COURSE), "a notebook far from the course finds it"
    assert surroundings["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0] == str(lab.JUPYTER), "an export to LaTeX has its pictures"


@pytest.mark.long
def test_what_a_user_has_told_jupyter_for_other_work_leads_nowhere_else(started, tmp_path):
    """Many set a folder of their own, and some sites a kernel of their own under the usual name."""
    command, folder, surroundings = started
    settings, kernel = tmp_path / "settings", tmp_path / "site" / "kernels" / "python3"
    for made in (settings, kernel, tmp_path / "my_course"):
        made.mkdir(parents=True)
    (tmp_path / command[-1]).touch()
    (settings / "jupyter_server_config.py").write_text(f"c.ServerApp.root_dir = {str(settings)!r}")
    (kernel / "kernel.json").write_text(json.dumps({"argv": ["another python"], "display_name": "Python 3", "language": "python"}))
    site = os.pathsep.join([surroundings["JUPYTER_PATH"], str(tmp_path / "site")])
    surroundings |= {"JUPYTER_CONFIG_DIR": str(settings), "JUPYTER_PATH": site}

    shown = subprocess.run([*command, "--show-config-json"], cwd=folder, env=surroundings, capture_output=True, text=True, check=True)
    assert json.loads(shown.stdout)["ServerApp"]["root_dir"] == "."
    ask = "from jupyter_client.kernelspec import KernelSpecManager; print(KernelSpecManager().get_kernel_spec('python3').argv[0])"
    asked = subprocess.run([sys.executable, "-c", ask], env=surroundings, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() != "another python"


def test_the_record_says_what_it_is(copies):
    assert "how the course knows" in json.loads((copies / COPIES).read_text(encoding="utf-8"))["about"]
