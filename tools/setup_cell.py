"""The first code cell of every notebook, and its link to Colab.

The cell makes ``import utils`` mean this course's package. It looks beside and above the notebook, whose place VS Code and Jupyter
tell, then on the path, then one level below the kernel's folder. In JupyterLab it is folded to its first line, in Colab to its title.

In Colab a notebook comes alone. The cell then clones the course's public repository, whose address is in ``[tool.course]`` of
pyproject.toml. As long as there is none, no notebook shows a link to Colab and the cell says what to do instead. Self-contained copies
carry the package in the cell. Nothing is ever installed or upgraded: Colab's own widgets would break.
"""

import base64
import io
import re
import tomllib
import zipfile
import zlib
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parent.parent
FOR_TEACHERS = ("utils/grading/",)  # no student's notebook needs it
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["hide-input"]}  # in Colab, in JupyterLab, on the site
BADGE = "https://colab.research.google.com/assets/colab-badge.svg"

FIND = """\
# @title Set-up: Python finds the course's folder `utils`. Run this cell, and read on.
import os
import sys
from pathlib import Path

starts = globals().get("__vsc_ipynb_file__"), ".", os.environ.get("JPY_SESSION_NAME")  # VS Code, the kernel, Jupyter
folders = [folder for start in starts if start for folder in (Path(start).absolute() / "_").parents]
folders += [*map(Path, sys.path), *sorted(Path.cwd().glob("*"))]
course = next((str(folder) for folder in folders if os.path.isfile(folder / "utils/nn/network.py")), None)
"""

FETCH = """\
if course is None and "google.colab" in sys.modules:
    from subprocess import call

    clone = Path.cwd() / "backpropagation-course"
    failed = call(["git", "clone", "--quiet", "--depth=1", "--branch={branch}", "{repository}", clone])
    course = None if failed else str(clone)
"""

NOT_FOUND = """\
if course is None:
    raise ImportError(
        f"The course's folder `utils` is not in {{Path.cwd()}}, nor above it, nor one level below. {colab} "
        "Elsewhere: keep this notebook in the course's folder, or open it with `make lab`."
    )
"""
IN_COLAB = "In Colab: open the self-contained copy of this notebook, or clone the course into a folder beside it."
FETCH_FAILED = "In Colab: run this cell again in a minute, or open the self-contained copy of this notebook."

CARRY = """\
# @title Set-up: this notebook carries the course's folder `utils` in one long line. Run the cell, and read on.
import base64, io, os, sys, tempfile, zipfile, zlib

if "unpacked" not in globals():
    unpacked = tempfile.TemporaryDirectory(prefix="backpropagation-course-", ignore_cleanup_errors=True)
    packed = "{packed}"
    zipfile.ZipFile(io.BytesIO(zlib.decompress(base64.b64decode(packed)))).extractall(unpacked.name)
course = unpacked.name
"""

USE = """\
if list(getattr(sys.modules.get("utils"), "__path__", [])) != [os.path.join(course, "utils")]:  # not yet, or a stranger
    sys.path.insert(0, course)
    for name in [name for name in sys.modules if f"{name}.".startswith("utils.")]:
        del sys.modules[name]
    import utils
"""


class Course(NamedTuple):
    """Where the course is published: ``repository``, "" for nowhere, and its ``branch``."""

    repository: str
    branch: str


def published(pyproject=None):
    """Return where the course is published, as pyproject.toml says.

    Parameters
    ----------
    pyproject : Path, optional
        Another file than the course's own.

    Returns
    -------
    Course

    Raises
    ------
    ValueError
        For an address from which Colab cannot open notebooks.
    """
    text = (pyproject or ROOT / "pyproject.toml").read_text(encoding="utf-8")
    course = Course(**tomllib.loads(text)["tool"]["course"])
    if course.repository and not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+(?<!\.git)", course.repository):
        raise ValueError(
            f"[tool.course] repository is {course.repository!r}, but Colab opens notebooks only from "
            "https://github.com/OWNER/NAME, written like this, without .git and without a slash at its end."
        )
    if not re.fullmatch(r"[\w.-]+", course.branch):
        raise ValueError(
            f"[tool.course] branch is {course.branch!r}: in a link to Colab its name cannot be told from a folder's. "
            "Letters, digits, dots, hyphens and underscores can be."
        )
    return course


def locating_cell(course):
    """Return the set-up cell of a notebook that stands in the course, or is opened in Colab.

    Parameters
    ----------
    course : Course
        Where the course is published.

    Returns
    -------
    NotebookNode
    """
    fetch = FETCH.format(**course._asdict()) if course.repository else ""
    colab = FETCH_FAILED if course.repository else IN_COLAB
    return _folded(FIND + fetch + NOT_FOUND.format(colab=colab) + USE)


def embedded_cell():
    """Return the set-up cell of a self-contained copy: the package is in it, as text.

    Returns
    -------
    NotebookNode
    """
    return _folded(CARRY.format(packed=packed()) + USE)


def _folded(source):
    return new_code_cell(source.rstrip(), metadata=deepcopy(FOLDED))


@cache
def packed():
    """Return the package as text.

    It is a ZIP archive, stored and then compressed as a whole, which halves it. zlib does it, which every Python has: a Python that was
    built without xz has no lzma.

    Returns
    -------
    str
        In base64.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        for path in sorted([*(ROOT / "utils").rglob("*.py"), *(ROOT / "utils").rglob("*.json")]):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(FOR_TEACHERS):
                files.writestr(zipfile.ZipInfo(name), path.read_bytes())  # without the time, so that equal files give equal archives
    return base64.b64encode(zlib.compress(archive.getvalue(), 9)).decode()


def colab_link(course, path):
    """Return the address that opens a notebook of the course in Colab.

    Parameters
    ----------
    course : Course
        Where the course is published.
    path : str
        The notebook's path in the repository.

    Returns
    -------
    str
    """
    home = course.repository.removeprefix("https://github.com/")
    return f"https://colab.research.google.com/github/{home}/blob/{course.branch}/{quote(path)}"


def with_badges(readme, course):
    """Return the README with a badge behind each notebook in its tables.

    Parameters
    ----------
    readme : str
        Its text.
    course : Course
        Where the course is published; without a repository the badges are removed.

    Returns
    -------
    str
    """
    row = re.compile(
        r"^(\| [^|]* \| \[([^]]*)\]\((notebooks/[^)]*\.ipynb)\))(?: \[!\[[^]]*\]\([^)]*\)\]\([^)]*\))?",
        re.MULTILINE,
    )

    def badge(found):
        start, title, path = found.groups()
        if not course.repository:
            return start
        return f"{start} [![Open “{title}” in Colab]({BADGE})]({colab_link(course, path)})"

    return row.sub(badge, readme)
