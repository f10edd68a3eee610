"""Cells that are run twice, or too early: the state stays clear. nbval runs them once, in their order; here they run as learners do.

Lessons whose cells train for seconds are run twice with COURSE_LONG=1 only (``make test-long``).
"""

import os

import matplotlib.pyplot as plt
import nbformat
import pytest

import build_notebooks as build

LESSONS = sorted(build.NOTEBOOKS.glob("[01]*.ipynb"))
QUICK = ("00", "01", "03", "06")  # a second or less each
TWICE = [path for path in LESSONS if path.name.startswith(QUICK) or os.environ.get("COURSE_LONG") == "1"]


def code(path):
    """Return the sources of the code cells of a notebook."""
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", TWICE, ids=lambda path: path.stem)
def test_cells_can_be_run_twice(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where lesson 09 leaves its film
    namespace = {"__name__": "__main__"}
    for cell in code(path):
        exec(cell, namespace)
        exec(cell, namespace)  # pressed once more
    for cell in code(path):  # and everything from the top, without a new kernel
        exec(cell, namespace)
    assert not plt.get_fignums()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_an_explorer_run_too_early_works_or_names_what_is_missing(path):
    first, *rest = code(path)
    explorers = [cell for cell in rest if "_explorer(" in cell]
    assert explorers or "_explorer(" in first
    for cell in explorers:
        namespace = {"__name__": "__main__"}
        exec(first, namespace)
        try:
            exec(cell, namespace)
        except NameError as error:
            assert error.name in "".join(rest), "the name is made in another cell of the lesson"
    plt.close("all")
