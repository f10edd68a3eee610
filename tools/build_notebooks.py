"""Build notebooks/ from lectures_src/*.py: ``make build``, or ``make build LESSONS=10``, or ``LESSONS=hw_03``.

jupytext turns a source into a notebook, nbclient runs it for its outputs. What would differ from run
to run is taken out: cell ids are digests of the cells, explorers leave their picture instead of their
widget, and no time stamps are kept. So a rebuild without a change leaves no diff.

A digest of the whole notebook goes into its metadata. JupyterLab keeps it when someone edits and saves
the notebook, and then it no longer fits: that is how ``tests/test_notebooks.py`` sees edits by hand.

A homework, hw_NN_name.py, becomes two notebooks: the students' in notebooks/homework/, never run and without what stands
between ``# BEGIN SOLUTION`` and ``# END SOLUTION``, and the solved one in build/solved/, which git ignores.

Every notebook gets the same set-up cell before its first code cell (``setup_cell.py``). A build of one lesson touches nothing else.
"""

import base64
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import jupytext
import nbformat
import numpy as np
from nbclient import NotebookClient
from PIL import Image

import questions
from setup_cell import colab_link, locating_cell, published
from slides import add_slides
from utils.draw.picture import encode

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "lectures_src"
NOTEBOOKS = ROOT / "notebooks"
HOMEWORK = NOTEBOOKS / "homework"
SOLVED = ROOT / "build" / "solved"
SOLUTION = re.compile(r"^( *)# BEGIN SOLUTION(?:: (.*))?\n(?:.*\n)*?\1# END SOLUTION$", re.MULTILINE)
WIDGET = "application/vnd.jupyter.widget-view+json"

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
}


def sources():
    """Return the lesson sources in their order: NN_name.py.

    Returns
    -------
    list of Path
    """
    return sorted(SOURCES.glob("[0-9][0-9]_*.py"))


def homework_sources():
    """Return the homework sources in their order: hw_NN_name.py.

    Returns
    -------
    list of Path
    """
    return sorted(SOURCES.glob("hw_[0-9][0-9]_*.py"))


def target(source):
    """Return the path of the notebook that is built from a source.

    Parameters
    ----------
    source : Path
        Of a lesson or a homework.

    Returns
    -------
    Path
        For a homework the students' notebook.
    """
    return (HOMEWORK if source in homework_sources() else NOTEBOOKS) / f"{source.stem}.ipynb"


def unexecuted(source, setup=None):
    """Return the notebook of a source without outputs, with its slides, and with cell ids that depend on the cells alone.

    Parameters
    ----------
    source : Path
        Of a lesson or a homework.
    setup : NotebookNode, optional
        The set-up cell, if not the usual one.

    Returns
    -------
    NotebookNode
    """
    notebook = _tidy(jupytext.read(source), source, setup)
    add_slides(notebook.cells)
    return notebook


def student_version(source, setup=None):
    """Return the notebook that students get: each solution is replaced by what stands behind its BEGIN, or by NotImplementedError.

    Parameters
    ----------
    source : Path
        Of a homework.
    setup : NotebookNode, optional
        The set-up cell, if not the usual one.

    Returns
    -------
    NotebookNode

    Raises
    ------
    RuntimeError
        When a solution lacks its BEGIN or its END.
    """
    notebook = jupytext.read(source)
    for cell in notebook.cells:
        cell.source = SOLUTION.sub(lambda found: found[1] + (found[2] or "raise NotImplementedError"), cell.source)
        if "SOLUTION" in cell.source:
            raise RuntimeError(f"{source.name}: a solution lacks its BEGIN or its END:\n{cell.source}")
    return _with_digest(_tidy(notebook, source, setup), source)


def solved(source):
    """Return the homework with its solutions, without the marks around them.

    Parameters
    ----------
    source : Path
        Of a homework.

    Returns
    -------
    NotebookNode
    """
    notebook = jupytext.read(source)
    for cell in notebook.cells:
        cell.source = re.sub(r"^ *# (BEGIN|END) SOLUTION.*\n?", "", cell.source, flags=re.MULTILINE).rstrip()
    return _tidy(notebook, source)


def _tidy(notebook, source, setup=None):
    course = published()
    notebook.cells = [part for cell in questions.for_learners(notebook.cells, source.stem[:2]) for part in _sections(cell)]
    first = [cell.cell_type for cell in notebook.cells].index("code")
    notebook.cells.insert(first, setup or locating_cell(course))
    if course.repository and not setup:
        path = target(source).relative_to(ROOT).as_posix()
        notebook.cells[0].source += f"\n\n[Open this notebook in Colab]({colab_link(course, path)})"
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen = set()
    for cell in notebook.cells:
        name = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:8]
        while name in seen:
            name = hashlib.sha256(name.encode()).hexdigest()[:8]
        seen.add(name)
        cell.id = name
    return notebook


def _sections(cell):
    """Return a cell in parts, so that the heading of a section stands first in its cell: a section begins with a slide of its own."""
    if cell.cell_type != "markdown":
        return [cell]
    first, *others = re.split(r"\n+(?=## )", cell.source)
    cell.source = first
    return [cell, *map(nbformat.v4.new_markdown_cell, others)]


def executed(source):
    """Return the notebook of a source with its outputs and its digest.

    Parameters
    ----------
    source : Path
        Of a lesson.

    Returns
    -------
    NotebookNode

    Raises
    ------
    RuntimeError
        When a cell writes to stderr, or shows a widget that leaves no picture behind.
    """
    return _with_digest(_run(unexecuted(source), source), source)


def _run(notebook, source):
    client = NotebookClient(
        notebook,
        timeout=120,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(target(source).parent)}},
    )
    with tempfile.TemporaryDirectory() as nobody:  # without the author's own settings of IPython, which readers do not have
        client.execute(env=os.environ | {"IPYTHONDIR": nobody})
    notebook.metadata = nbformat.from_dict(METADATA)  # the kernel has added its versions
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise RuntimeError(f"{source.name}: a cell wrote to stderr:\n{cell.source}\n{output.text}")
        if cell.cell_type == "code":
            of_this_machine = "this-machine" in cell.metadata.get("tags", [])  # would be false on the reader's
            cell.outputs = [] if of_this_machine else _without_widgets(cell, source)
    return notebook


def _without_widgets(cell, source):
    """Return the outputs of a cell without widgets; what a widget shows must stand in its own output or in the one before it."""
    kept = []
    for output in cell.outputs:
        if output.get("data", {}).pop(WIDGET, None) is None or "text/html" in output.data:
            kept.append(output)
        elif not kept or "text/html" not in kept[-1].get("data", {}):
            raise RuntimeError(f"{source.name}: a widget leaves no picture for those who only read:\n{cell.source}")
        else:
            kept[-1].data["text/html"] = smaller(kept[-1].data["text/html"])
    return kept


def smaller(html):
    """Return HTML with every PNG in the size in which the page shows it. An explorer draws at twice that size.

    Parameters
    ----------
    html : str
        An output, with pictures in base64.

    Returns
    -------
    str
    """

    def shrink(found):
        with Image.open(io.BytesIO(base64.b64decode(found[2]))) as image:
            times = max(1, round(image.width / int(found[1])))
            pixels = np.asarray(image.convert("RGB").reduce(times).convert("RGBA"))
        return f"{found[0][: -len(found[2])]}{base64.b64encode(encode(pixels)).decode()}"

    return re.sub(r'<img [^>]*width="(\d+)"[^>]*src="data:image/png;base64,([\w+/=]+)', shrink, html)


def _with_digest(notebook, source):
    notebook.metadata["course"] = {"source": source.relative_to(ROOT).as_posix()}
    notebook.metadata["course"]["digest"] = digest(notebook)
    return notebook


def digest(notebook):
    """Return the SHA-256 of everything in a notebook but the digest itself.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.

    Returns
    -------
    str
        In hexadecimal.
    """
    content = json.loads(nbformat.writes(notebook))
    content["metadata"].get("course", {}).pop("digest", None)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def build(source):
    """Write the notebook of a source, for a homework the students' and the solved one.

    Parameters
    ----------
    source : Path
        Of a lesson or a homework.

    Returns
    -------
    str
        A line that says what was written.
    """
    if source in homework_sources():
        _write(SOLVED / f"{source.stem}.ipynb", _run(solved(source), source))
        return _write(target(source), student_version(source))
    lesson = source.stem[:2]
    asked = questions.declared(jupytext.read(source).cells, lesson)
    questions.write(lesson, asked)  # before the run, which tells the reasons
    notebook = executed(source)
    questions.write(lesson, questions.with_truths(asked, notebook, lesson))
    return _write(target(source), notebook)


def _write(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook).rstrip() + "\n", encoding="utf-8")
    return f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB"


def main(prefixes):
    """Build lessons and homeworks, two at a time.

    Parameters
    ----------
    prefixes : list of str
        The beginnings of their names, such as "07"; all are built if there are none.
    """
    everything = [*sources(), *homework_sources()]
    chosen = [source for source in everything if source.name.startswith(tuple(prefixes) or "")]
    if not chosen:
        sys.exit(f"No lesson begins with {' or '.join(prefixes)}; there are {', '.join(source.stem for source in everything)}.")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", "--no-cache", *chosen], check=True)
    with ProcessPoolExecutor(2) as pool:
        for line in pool.map(build, chosen):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
