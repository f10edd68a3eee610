"""Build notebooks/*.ipynb from lectures_src/*.py: ``make build``, or ``make build LESSONS=10``.

jupytext turns a source into a notebook, nbclient runs it for its outputs. What would differ from run
to run is taken out: cell ids are digests of the cells, explorers leave their picture instead of their
widget, and no time stamps are kept. So a rebuild without a change leaves no diff.

A digest of the whole notebook goes into its metadata. JupyterLab keeps it when someone edits and saves
the notebook, and then it no longer fits: that is how ``tests/test_notebooks.py`` sees edits by hand.
"""

import hashlib
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

from utils.draw.animation import write_gif
from utils.explore.training import training_picture

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "lectures_src"
NOTEBOOKS = ROOT / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
}


def sources():
    """Return the lesson sources in their order: NN_name.py."""
    return sorted(SOURCES.glob("[0-9][0-9]_*.py"))


def target(source):
    """Return the path of the notebook that is built from a source."""
    return NOTEBOOKS / f"{source.stem}.ipynb"


def unexecuted(source):
    """Return the notebook of a source without outputs, with cell ids that depend on the cells alone."""
    notebook = jupytext.read(source)
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


def executed(source):
    """Return the notebook of a source with its outputs and its digest.

    Raises
    ------
    RuntimeError
        When a cell writes to stderr, or shows a widget that leaves no picture behind.
    """
    notebook = unexecuted(source)
    NotebookClient(
        notebook,
        timeout=120,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    ).execute()
    notebook.metadata = nbformat.from_dict(METADATA)  # the kernel has added its versions
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise RuntimeError(
                    f"{source.name}: a cell wrote to stderr:\n{cell.source}\n{output.text}"
                )
            if output.get("data", {}).pop(WIDGET, None) and "text/html" not in output.data:
                raise RuntimeError(
                    f"{source.name}: a widget leaves no picture for those who only read:\n{cell.source}"
                )
    notebook.metadata["course"] = {"source": source.relative_to(ROOT).as_posix()}
    notebook.metadata["course"]["digest"] = digest(notebook)
    return notebook


def digest(notebook):
    """Return the SHA-256 of everything in a notebook but the digest itself."""
    content = json.loads(nbformat.writes(notebook))
    content["metadata"].get("course", {}).pop("digest", None)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def build(source):
    """Write the notebook of a source and return a line that says so."""
    path = target(source)
    path.write_text(nbformat.writes(executed(source)).rstrip() + "\n", encoding="utf-8")
    return f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB"


def moving_picture():
    """Write the README's picture: a network learning the spirals, epoch by epoch."""
    run = {"learning_rate": 1.0, "epochs": 400, "n_hidden": 8, "activation": "tanh", "seed": 1}
    pictures = [
        training_picture(**run, data="spirals", replay=percent) for percent in range(0, 101, 3)
    ]
    write_gif(pictures, ROOT / ".github" / "training.gif", milliseconds=120, hold=2500)


def main(prefixes):
    """Build the lessons whose names begin with one of the prefixes, or all of them, two at a time."""
    moving_picture()
    chosen = [source for source in sources() if source.name.startswith(tuple(prefixes) or "")]
    if not chosen:
        sys.exit(
            f"No lesson begins with {' or '.join(prefixes)}; there are {', '.join(source.stem for source in sources())}."
        )
    with ProcessPoolExecutor(2) as pool:
        for line in pool.map(build, chosen):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
