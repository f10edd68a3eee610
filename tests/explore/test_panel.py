"""What a notebook keeps of an explorer: a still picture, always the last one, beside the live widget."""

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook


def test_a_notebook_keeps_the_last_picture():
    show = "from utils.explore.secant import secant_explorer\nexplorer = secant_explorer()\nexplorer"
    notebook = new_notebook(cells=[new_code_cell(show), new_code_cell("explorer.set(x=2.5)\nprint(explorer.picture.html)")])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    still, live = notebook.cells[0].outputs
    assert "x = 2.5" in still.data["text/plain"]
    assert notebook.cells[1].outputs[0].text.strip() in still.data["text/html"]
    assert list(live.data) == ["application/vnd.jupyter.widget-view+json"]
