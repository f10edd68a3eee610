"""Write self-contained notebooks to build/colab/, or the folder that is named: ``make colab``.

Each carries the package in its set-up cell, so that it works alone: uploaded to Colab, mailed to a student, in an empty
folder. They have no outputs: those are in notebooks/, for reading without Python.
"""

import re
import sys
from pathlib import Path

import nbformat

import build_notebooks as build
from setup_cell import embedded_cell

COPIES = build.ROOT / "build" / "colab"


def self_contained(source):
    """Return the notebook of a source with the package in it.

    Parameters
    ----------
    source : Path
        Of a lesson or a homework.

    Returns
    -------
    NotebookNode
        For a homework the students' notebook.
    """
    make = build.student_version if source in build.homework_sources() else build.unexecuted
    notebook = make(source, setup=embedded_cell())
    notebook.metadata.pop("course", None)  # it is not one of those that must not be edited
    for cell in notebook.cells:
        cell.source = re.sub(r"\]\(\.\./(\w+\.ipynb)\)", r"](\1)", cell.source)  # here all are in one folder
    return notebook


def main(folder=COPIES):
    """Write all notebooks into a folder.

    Parameters
    ----------
    folder : Path
        It is made if there is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for source in [*build.sources(), *build.homework_sources()]:
        path = folder / f"{source.stem}.ipynb"
        path.write_text(nbformat.writes(self_contained(source)), encoding="utf-8")
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
