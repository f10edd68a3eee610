"""A notebook that is exported keeps all its pictures: through LaTeX, and as a web page that is printed."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from utils.draw.diagrams import network_diagram
from utils.draw.picture import Picture
from utils.lab import JUPYTER
from utils.latex import PicturesForLatex, drawn

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
VIEW = "application/vnd.jupyter.widget-view+json"


def pictures(notebook):
    """Return how many pictures the outputs of a notebook hold."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum(output.get("data", {}).get("text/html", "").count("<img ") for output in outputs)


def film():
    """Return a film of three colours as a Picture."""
    file = io.BytesIO()
    first, *rest = [Image.new("RGB", (30, 20), color) for color in ("red", "green", "blue")]
    first.save(file, "GIF", save_all=True, append_images=rest)
    return Picture(file.getvalue(), "a film of three colours", 30, mime="image/gif")


def as_run():
    """Return a notebook as a learner saves it: a diagram, a film with a caption, and an explorer whose widget is gone."""
    diagram = network_diagram([2, 3, 1]).html
    outputs = [
        [new_output("execute_result", {"text/html": diagram}, execution_count=1)],
        [new_output("display_data", {"text/html": film().html + "<div>caption: 1 &lt; 2</div>"})],
        [
            new_output("display_data", {"text/html": f"<div><style>a {{b: c}}</style>{diagram}</div>"}),
            new_output("display_data", {VIEW: {}}),
        ],
        [new_output("display_data", {"text/html": "<b>no picture</b>", "text/plain": "no picture"})],
    ]
    return new_notebook(cells=[new_code_cell("0", outputs=each, execution_count=1) for each in outputs])


@pytest.mark.long
def test_jupyter_makes_latex_with_every_picture_of_a_notebook_that_was_run(tmp_path):
    """As in the menu of JupyterLab, which ``make lab`` tells where the course keeps Jupyter's settings."""
    nbformat.write(as_run(), tmp_path / "mine.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "latex", "mine.ipynb"]
    surroundings = os.environ | {"JUPYTER_CONFIG_PATH": str(JUPYTER)}
    made = subprocess.run(command, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    tex = (tmp_path / "mine.tex").read_text(encoding="utf-8")
    files = re.findall(r"\{(mine_files/[^}]*\.png)\}", tex)
    assert len(files) == 3 and "caption: 1 < 2" in tex and "no picture" in tex and "b: c" not in tex
    images = [Image.open(io.BytesIO((tmp_path / file).read_bytes())) for file in files]
    assert images[0].size == images[2].size and images[0].width > 300
    assert images[1].getpixel((15, 10))[2] > 200, "of a film the last picture"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_picture_of_a_lesson_can_be_set_in_latex(path):
    notebook = nbformat.read(path, as_version=4)
    number = pictures(notebook)
    _, resources = PicturesForLatex(enabled=True)(notebook, {"outputs": {}, "unique_key": "output"})
    assert len(resources["outputs"]) == number > 0
    assert all(data.startswith(b"\x89PNG") for data in resources["outputs"].values())


def test_a_drawing_becomes_the_same_picture():
    """Circles, rectangles, lines, paths and texts are where the SVG has them, and what comes later covers what was there."""
    shapes = (
        '<rect width="100" height="50" fill="#FFFFFF"/><rect x="10" y="10" width="20" height="20" rx="2" fill="#FF0000" stroke="#000000"/>'
        '<line x1="0" y1="20" x2="40" y2="20" stroke="#00FF00" stroke-width="4"/><circle cx="20" cy="20" r="6" fill="#0000FF"/>'
        '<path d="M 50 10 h 10 V 30 H 50 z" fill="#00FFFF"/><path d="M 50 40 C 55 40 60 40 70 40" fill="none" stroke="#FF00FF"/>'
        '<text x="95" y="30" font-size="20" text-anchor="end" fill="#123456">M<tspan dy="4" font-size="75%">M</tspan></text>'
    )
    figure = drawn(f'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50">{shapes}</svg>'.encode())
    figure.canvas.draw()
    pixels = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB").resize((100, 50), Image.Resampling.BOX)
    places = {(5, 5): "#FFFFFF", (13, 13): "#FF0000", (12, 20): "#00FF00", (20, 20): "#0000FF", (55, 20): "#00FFFF", (45, 45): "#FFFFFF"}
    assert {place: "#{:02X}{:02X}{:02X}".format(*pixels.getpixel(place)) for place in places} == places
    ink = [x for x in range(62, 100) if pixels.getpixel((x, 22)) != (255, 255, 255)]
    assert ink and max(ink) <= 95, "a text that ends at 95"
    with pytest.raises(ValueError, match=r"'ellipse'.* known are line, rect"):
        drawn(b'<svg width="9" height="9"><ellipse/></svg>')


def test_the_settings_are_those_of_jupyter():
    settings = json.loads((JUPYTER / "jupyter_config.json").read_text(encoding="utf-8"))
    assert settings == {"LatexExporter": {"preprocessors": ["utils.latex.PicturesForLatex"]}}
