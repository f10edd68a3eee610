"""Sources and notebooks belong together. What the cells do is nbval's business, which runs every notebook."""

import json
import re

import nbformat
import pytest

import build_notebooks as build

SOURCES = build.sources()
NOTEBOOKS = [build.target(source) for source in SOURCES]
KILOBYTE = 1000


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


def test_notebooks_keep_their_budget():
    sizes = {path.name: path.stat().st_size for path in NOTEBOOKS}
    assert all(size <= 400 * KILOBYTE for size in sizes.values()), sizes
    assert sum(sizes.values()) <= 4000 * KILOBYTE, sizes


def test_conversion_is_the_same_every_time():
    for source in SOURCES:
        assert nbformat.writes(build.unexecuted(source)) == nbformat.writes(build.unexecuted(source))


def test_an_edit_of_an_output_is_noticed():
    notebook = read(NOTEBOOKS[0])
    edited = nbformat.from_dict(json.loads(nbformat.writes(notebook).replace("✓ Python", "✓ Snake")))
    assert build.digest(edited) != build.digest(notebook)


def test_readme_lists_every_lesson_with_its_title_and_time():
    readme = (build.ROOT / "README.md").read_text()
    rows = re.findall(r"^\| (\d\d) \| \[(.*?)\]\((.*?)\) \| .* \| (\d+) \|$", readme, flags=re.M)
    assert [link for _, _, link, _ in rows] == [path.relative_to(build.ROOT).as_posix() for path in NOTEBOOKS]
    for number, title, link, minutes in rows:
        first = read(build.ROOT / link).cells[0].source
        assert first.startswith(f"# {number} · {title}") and f"**Time** {minutes} minutes" in first
