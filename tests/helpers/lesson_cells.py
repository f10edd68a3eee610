"""The cells of a lesson, run in this process as a kernel runs them, and what each of them shows."""

import re
from contextlib import contextmanager

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

import build_notebooks as build

LESSONS = build.sources()
TIMES = "times"  # the tag of a cell that shows how long something took, which differs from run to run
WIDGET = re.compile(r"application/vnd\.jupyter\.widget")
PICTURE = re.compile(r'src="data:[^"]*"')


def code_cells(source):
    """Return the code cells of a lesson as its notebook has them, set-up cell included."""
    return [cell for cell in build.unexecuted(source).cells if cell.cell_type == "code"]


@contextmanager
def new_kernel():
    """Give a function that runs a cell and returns what it shows, in a namespace of its own.

    It shows a list of texts: what was printed, what was displayed, and the error that stopped it. ``run.names`` is the
    namespace, and ``run.error`` the error of the last cell, or None.
    """
    settings = Config()
    settings.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=settings)
    shell.user_ns["__name__"] = "__main__"

    def run(cell):
        with capture_output() as captured:
            result = shell.run_cell(cell)
        run.error = error = result.error_before_exec or result.error_in_exec
        shown = [captured.stdout, captured.stderr, *(text for output in captured.outputs for text in _texts(output.data))]
        return [text for text in shown if text] + ([f"{type(error).__name__}: {error}"] if error else [])

    run.names = shell.user_ns
    try:
        yield run
    finally:
        shell.reset(new_session=False)
        InteractiveShell.clear_instance()


def _texts(data):
    shown = {kind: text for kind, text in data.items() if not WIDGET.match(kind)}
    if len(shown) > 1:
        shown.pop("text/plain", None)  # what stands there for lack of the others
    return [shown[kind] for kind in sorted(shown)]


def without_pixels(text):
    """Return what a cell showed without its pictures' data: alternative texts and captions stay."""
    return PICTURE.sub("", text)
