"""The classic Notebook 6.5 with ipywidgets 7, the widgets that Colab has: a server and a page, like those of ``lab.py``.

The course is not installed there. The notebooks stand in a copy of the course, and self-contained ones beside them.
"""

import re
import shutil
from importlib import metadata

from lab import NOTEBOOKS, Explorer, Lab

ALONE = "alone"  # the folder of the self-contained copies
SLIDER = ".ui-slider-handle"
RUNNING = "[...document.querySelectorAll('.input_prompt')].some((prompt) => prompt.textContent.includes('[*]'))"


def has_classic_notebook():
    """Return whether this environment has a Notebook of before version 7."""
    try:
        return metadata.version("notebook").startswith("6.")
    except metadata.PackageNotFoundError:
        return False


class Classic(Lab):
    """A Notebook 6.5 server of its own over a copy of the course.

    Parameters
    ----------
    folder : Path
        An empty folder for its settings, its log and the copy.
    """

    def __init__(self, folder):
        shutil.copytree(NOTEBOOKS.parent / "utils", folder / "utils", ignore=shutil.ignore_patterns("__pycache__"))
        super().__init__(folder)
        (self.notebooks / ALONE).mkdir()

    def _program(self):
        return [
            *("notebook", "--no-browser", "--ip=127.0.0.1", f"--port={self.port}", "--port-retries=0"),
            *(f"--NotebookApp.notebook_dir={self.notebooks}", f"--NotebookApp.token={self.token}"),
        ]


class ClassicPage:
    """A notebook open in the classic Notebook.

    Parameters
    ----------
    page : playwright Page
        An empty page.
    server : Classic
        The server.
    name : str
        The notebook's path in the server's folder.
    """

    def __init__(self, page, server, name):
        self.page, self.server = page, server
        page.goto(f"{server.url}/notebooks/{name}?token={server.token}")
        page.wait_for_function("window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel?.is_connected()")
        page.locator("#notebook-container .cell").first.wait_for()

    def run_all(self):
        """Choose "Run All" in the menu "Cell", and return when nothing runs any more."""
        self.page.evaluate("Jupyter.notebook.clear_all_output()")  # the saved numbers of cells would look like a run
        self.page.get_by_role("link", name="Cell", exact=True).click()
        self.page.locator("#run_all_cells a").click()
        self.page.wait_for_function(f"!({RUNNING}) && !Jupyter.notebook.kernel_busy")

    def save(self):
        """Save the notebook, and return when it is on the disk."""
        self.page.evaluate("Jupyter.notebook.save_notebook()")

    def end_kernel(self):
        """Shut every kernel of the server down."""
        for kernel in self.server.get("kernels"):
            self.server.delete(f"kernels/{kernel['id']}")

    def prompts(self):
        """Return the prompt of every code cell that holds something: "[3]" for one that has run."""
        return [re.sub(r"[^\d\[\]*]", "", text) for text in self.page.locator(".code_cell .input_prompt").all_text_contents()]

    def errors(self):
        """Return the text of everything on the page that says that something went wrong."""
        return self.page.locator(".output_error, .output_stderr, .jupyter-widgets pre").all_text_contents()

    def explorers(self):
        """Return every explorer of the notebook, in its order."""
        outputs = self.page.locator(".output_area", has=self.page.locator(SLIDER))
        outputs.first.wait_for()
        return [ClassicExplorer(output).unfolded() for output in outputs.all()]


class ClassicExplorer(Explorer):
    """Controls and their picture; a slider of ipywidgets 7 has no role, so it is found by its class."""

    def slider(self, label):
        """Return the handle of the slider that stands beside the field with this label."""
        return self.output.locator(".widget-hbox", has=self.output.page.get_by_label(label, exact=True)).locator(SLIDER)

    def sliders(self):
        """Return the handle of every slider that can be moved."""
        return self.output.locator(f".ui-slider:not(.ui-state-disabled) {SLIDER}").all()
