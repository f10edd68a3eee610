"""Every picture can be read: nothing is cut off, no two texts overlap, and no text is smaller than 9 pixels.

Explorers are looked at as they begin and with their controls at the ends, lessons as they are saved. ``make test-long`` looks at more
states, and runs the lessons to measure the texts of their figures.
"""

import base64
import os
import random
import re

import nbformat
import pytest
from every_explorer import EXPLORERS, explorer
from lesson_cells import LESSONS, code_cells, new_kernel
from matplotlib.figure import Figure
from readable import border_faults, figure_faults, svg_faults

from utils.draw.frames import Frame
from utils.draw.svg import svg_picture, text, text_on_line

LONG = os.environ.get("COURSE_LONG") == "1"
STATES = 200 if LONG else 6
FILES = sorted((LESSONS[0].parents[1] / "notebooks").glob("[0-9]*.ipynb"))
IMAGE = re.compile(r'src="data:image/(svg\+xml|png);base64,([^"]+)"')
CHECK_FIGURES = """
from readable import figure_faults
from utils.draw import picture
finish, faults = picture.show, []
def show(figure, alt):
    faults.extend(f"{alt[:60]}: {fault}" for fault in figure_faults(figure))
    return finish(figure, alt)
picture.show = show
"""


def states(panel, name):
    """Yield states of an explorer: the first, all controls at one end, at the other, and corners."""
    rng = random.Random(name)
    ends = {key: row.control.ends for key, row in panel.rows.items()}
    yield panel.state
    for _ in range(STATES if LONG or panel.picture.mime == "image/svg+xml" else 1):
        yield {key: rng.choice(values) for key, values in ends.items()}


@pytest.mark.parametrize("name", EXPLORERS)
def test_explorers_can_be_read(name, monkeypatch):
    faults, pixels = [], Frame.pixels

    def look(frame):
        faults.extend(figure_faults(frame.figure, frame.moving))
        return pixels(frame)

    monkeypatch.setattr(Frame, "pixels", look)
    panel = explorer(name)
    for state in states(panel, name):
        panel.set(**state)  # as a learner does; each control keeps within its limits
        picture = panel.picture
        faults += svg_faults(picture.data) if picture.mime == "image/svg+xml" else border_faults(picture.data)
        assert not faults, f"{panel.state}: {faults}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_pictures_of_lessons_can_be_read(path):
    faults = []
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            for kind, data in IMAGE.findall("".join(output.get("data", {}).get("text/html", ""))):
                faults += (border_faults if kind == "png" else svg_faults)(base64.b64decode(data))
    assert not faults


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="make test-long runs the lessons")
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_figures_of_lessons_can_be_read(path, tmp_path):
    with new_kernel() as run:
        run(f"{CHECK_FIGURES}\nimport os\n\nos.chdir({str(tmp_path)!r})")  # a lesson that writes a film writes it there
        for cell in code_cells(path):
            run(cell.source)
        assert run("print(faults)") == ["[]\n"]


def test_the_check_sees_what_it_is_for():
    def drawn(*parts):
        return " ".join(svg_faults(svg_picture(parts, 200, 100, "a test").data))

    assert drawn(text(50, 50, "0.125", "#000"), text(100, 50, "0.250", "#000")) == ""
    assert "overlap" in drawn(text(50, 50, "0.125", "#000"), text(75, 50, "0.250", "#000"))
    assert "touch" in drawn(text(50, 50, "0.125", "#000"), text(95, 50, "0.250", "#000", size=15))
    assert "leaves" in drawn(text(10, 50, "0.125", "#000"))
    assert "pixels high" in drawn(text(50, 50, "h_1", "#000", size=11))
    assert "covered" in drawn(text(50, 50, "0.125", "#000"), text_on_line(70, 50, "", "#000"))
    assert "crosses" in drawn('<circle cx="50" cy="50" r="20" fill="#FFF"/>', text(50, 50, "0.12345", "#000"))
    figure = Figure(figsize=(2, 2), layout="constrained")
    axes = figure.add_subplot()
    axes.text(0.5, 0.5, "one")
    assert figure_faults(figure) == []
    axes.text(0.5, 0.5, "two")
    axes.text(0, 0.2, "tiny", fontsize=5)
    found = " ".join(figure_faults(figure))
    assert "'one' and 'two' overlap" in found and "'tiny' is 6.9 pixels high" in found
