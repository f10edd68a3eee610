"""Sources and notebooks belong together. nbval tests what the cells do: it runs every notebook."""

import base64
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from PIL import Image

import build_notebooks as build
from setup_cell import Course, with_badges
from utils.homework import feedback
from utils.homework import questions as bank

SOURCES = build.sources()
NOTEBOOKS = [build.target(source) for source in SOURCES]
HOMEWORKS = build.homework_sources()
KILOBYTE = 1000
NOWHERE = Course("", "main")  # then the README has no badges


def read(path):
    return nbformat.read(path, as_version=4)


def content(notebook):
    return [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_every_source_has_its_notebook_and_every_notebook_its_source():
    there = sorted(build.NOTEBOOKS.glob("*.ipynb"))
    assert there == NOTEBOOKS, "run `make build`; delete a notebook whose source is gone"


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_notebook_has_not_drifted_from_its_source(source):
    built, fresh = read(build.target(source)), build.unexecuted(source)
    assert content(built) == content(fresh), (
        f"{build.target(source).name} is not what {source.name} says: edit lectures_src/{source.name}, then run `make build`"
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_was_not_edited_by_hand(path):
    notebook = read(path)
    assert notebook.metadata.course.digest == build.digest(notebook), (
        f"{path.name} was edited, or run and saved, by hand: move what you changed into lectures_src/{path.stem}.py, "
        f"then run `make build` (to drop the change: git checkout {path.relative_to(build.ROOT)})"
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_can_be_read_where_nothing_runs(path):
    notebook = read(path)
    assert notebook.cells[0].source.startswith("# "), "a lesson begins with its title"
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    for output in outputs(notebook):
        assert output.output_type != "error"
        data = output.get("data", {})
        assert build.WIDGET not in data, "widgets cannot be shown without a kernel"
        assert "image/png" not in data, "a bare figure has no alt text: end the cell with show(fig, alt)"
        for image in re.findall("<img[^>]*>", data.get("text/html", "")):
            assert len(re.search('alt="([^"]*)"', image)[1]) > 30, "an alt text says what the picture shows"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_functions_in_lessons_are_short(path):
    for cell in read(path).cells:
        for function in re.findall(r"^def .*\n(?:(?:[ \t].*)?\n)*", cell.source + "\n", flags=re.M):
            assert len(function.strip().splitlines()) <= 8, f"longer than 8 lines:\n{function}"


def test_what_an_authors_computer_has_is_not_told_to_readers():
    told = [cell.outputs for path in NOTEBOOKS for cell in read(path).cells if "this-machine" in cell.metadata.get("tags", [])]
    assert told and not any(told)


def test_pictures_of_explorers_are_saved_as_large_as_the_page_shows_them():
    html = [output.get("data", {}).get("text/html", "") for path in NOTEBOOKS for output in outputs(read(path))]
    stills = [one for one in html if "explorer-still" in one and "image/png" in one]
    assert len(stills) > 5
    saved = [re.search(r'width="(\d+)"[^>]*/png;base64,([^"]+)', one).groups() for one in stills]
    for width, data in saved:
        size = Image.open(io.BytesIO(base64.b64decode(data))).width
        assert 0 <= int(width) - size < 20


def test_notebooks_keep_their_budget():
    sizes = {path.name: path.stat().st_size for path in NOTEBOOKS}
    assert all(size <= 400 * KILOBYTE for size in sizes.values()), sizes
    assert sum(sizes.values()) <= 4000 * KILOBYTE, sizes


@pytest.mark.long
def test_conversion_is_the_same_every_time():
    for source in SOURCES:
        assert nbformat.writes(build.unexecuted(source)) == nbformat.writes(build.unexecuted(source))


def test_an_edit_of_an_output_is_noticed():
    notebook = read(NOTEBOOKS[0])
    edited = nbformat.from_dict(json.loads(nbformat.writes(notebook).replace("slope of the secant", "slope of the snake")))
    assert build.digest(edited) != build.digest(notebook)


def test_an_authors_settings_of_ipython_do_not_reach_the_notebooks(tmp_path, monkeypatch):
    settings = tmp_path / "profile_default" / "ipython_config.py"
    settings.parent.mkdir()
    settings.write_text("c.InteractiveShell.ast_node_interactivity = 'all'")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1\n2")], metadata=build.METADATA)
    (output,) = outputs(build._run(notebook, SOURCES[0]))
    assert output.data["text/plain"] == "2"


@pytest.mark.long
def test_a_build_of_one_notebook_touches_nothing_else(tmp_path):
    for name in ("lectures_src", "notebooks", "tools", "utils", ".github"):
        shutil.copytree(build.ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(build.ROOT / name, tmp_path)
    wanted = tmp_path / "notebooks" / "homework" / "hw_02_output_layer.ipynb"
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file() and path != wanted}
    wanted.unlink()
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, tmp_path / "tools" / "build_notebooks.py", "hw_02"], env=environment, check=True, timeout=120)
    assert wanted.read_bytes() == build.target(build.SOURCES / "hw_02_output_layer.py").read_bytes()
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file() and path != wanted}
    assert [str(path) for path, _ in after.items() ^ before.items()] == [str(tmp_path / "build" / "solved" / wanted.name)]


def test_readme_lists_every_lesson_with_its_title_and_time():
    readme = with_badges((build.ROOT / "README.md").read_text(encoding="utf-8"), NOWHERE)
    rows = re.findall(r"^\| (\d\d) \| \[(.*?)\]\((.*?)\) \| .* \| (\d+) \|$", readme, flags=re.M)
    assert [link for _, _, link, _ in rows] == [path.relative_to(build.ROOT).as_posix() for path in NOTEBOOKS]
    for number, title, link, minutes in rows:
        first = read(build.ROOT / link).cells[0].source
        assert first.startswith(f"# {number} · {title}") and f"**Time** {minutes} minutes" in first


# --- homework ---

every_homework = pytest.mark.parametrize("source", HOMEWORKS, ids=lambda path: path.stem)


def number(source):
    """Return "hw_03" for hw_03_hidden_layers.py."""
    return source.stem[:5]


def said(notebook, monkeypatch):
    """Return what the code cells of a notebook print, one after the other in one namespace."""
    monkeypatch.setattr(feedback, "_states", {})
    names, page = {"__name__": "__main__"}, io.StringIO()
    with contextlib.redirect_stdout(page):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, cell.id, "exec"), names)
    return page.getvalue()


def test_every_homework_has_a_source_and_a_notebook():
    assert [number(source) for source in HOMEWORKS] == list(bank.HOMEWORKS)
    assert sorted(build.HOMEWORK.glob("*.ipynb")) == [build.target(source) for source in HOMEWORKS], "run `make build`"


@every_homework
def test_students_notebook_has_not_drifted_and_was_not_edited(source):
    built, fresh = read(build.target(source)), build.student_version(source)
    assert built == fresh, f"edit lectures_src/{source.name}, then run `make build LESSONS={number(source)}`"
    assert built.metadata.course.digest == build.digest(built)


@every_homework
def test_students_notebook_holds_no_solution_and_no_output(source):
    solutions = re.findall(build.SOLUTION.pattern, source.read_text(encoding="utf-8"), flags=re.MULTILINE)
    blocks = re.findall(r"# BEGIN SOLUTION.*\n((?:.*\n)*?) *# END SOLUTION", source.read_text(encoding="utf-8"))
    homework = bank.HOMEWORKS[number(source)]
    assert len(blocks) == len(solutions) == len(homework.questions) + len(homework.written)
    notebook = read(build.target(source))
    text = "\n".join(cell.source for cell in notebook.cells)
    lines = {line.strip() for line in text.splitlines()}
    given = {line.strip() for line in source.read_text(encoding="utf-8").split("# BEGIN SOLUTION")[0].splitlines()}
    solution = {line.strip() for block in blocks for line in block.splitlines()} - given - {"", '"""'}
    assert not solution & lines
    assert "SOLUTION" not in text and text.count("raise NotImplementedError\n") >= len(homework.questions)
    assert not outputs(notebook) and not any(cell.get("execution_count") for cell in notebook.cells)


@every_homework
def test_students_notebook_asks_what_the_bank_knows(source):
    homework = bank.HOMEWORKS[number(source)]
    text = "\n".join(cell.source for cell in read(build.target(source)).cells)
    assert text.startswith(f"# Homework {int(number(source)[3:])} · {homework.title}\n")
    assert f"**Points** {homework.points + sum(written.points for written in homework.written)}" in text
    for question in homework.questions.values():
        assert f"· `{question.name}` ({question.points} points)" in text
        assert f'def {question.signature}:\n    """' in text and f"check({question.name})" in text
    for written in homework.written:
        assert f"({written.points} points)" in text and f"\n{written.name} = " in text


@every_homework
def test_as_student_version_every_check_says_not_yet(source, monkeypatch):
    homework = bank.HOMEWORKS[number(source)]
    text = said(read(build.target(source)), monkeypatch)
    for name in homework.questions:
        assert f"… {name}: not yet." in text
    assert "✗" not in text and "✓" not in text and f"0 of {homework.points} points" in text


@every_homework
def test_solved_every_check_says_right(source, monkeypatch):
    homework = bank.HOMEWORKS[number(source)]
    notebook = build.solved(source)
    text = said(notebook, monkeypatch)
    assert text.strip().endswith(f"{homework.points} of {homework.points} points") and "✗" not in text
    assert not any(word in cell.source for cell in notebook.cells for word in ("SOLUTION", "raise NotImplementedError\n"))


def test_readme_lists_every_homework():
    readme = with_badges((build.ROOT / "README.md").read_text(encoding="utf-8"), NOWHERE)
    for source in HOMEWORKS:
        homework, link = bank.HOMEWORKS[number(source)], build.target(source).relative_to(build.ROOT).as_posix()
        points = homework.points + sum(written.points for written in homework.written)
        assert re.search(re.escape(f"[{homework.title}]({link})") + rf" \| .* \| {points} \|\n", readme)
