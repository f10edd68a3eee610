"""A notebook that becomes LaTeX, or a PDF through it, keeps its pictures.

The course shows pictures as ``<img>`` with an alternative text, and nbconvert leaves HTML out of LaTeX. So each becomes a PNG when a
notebook is exported. An installation of the course tells Jupyter to do so (``data-files`` in pyproject.toml).
"""

import base64
import io
import re
from html import unescape
from xml.etree import ElementTree

from matplotlib import patches
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from nbconvert.preprocessors import ExtractOutputPreprocessor
from nbformat.v4 import new_output
from PIL import Image

IMAGE = re.compile(r'<img\b[^>]*\bsrc="data:image/([\w+]+);base64,([^"]+)"[^>]*>')
CAPTION = re.compile(r"<(style|table)\b.*?</\1>|<[^>]+>", re.DOTALL)
SHARPNESS = 2  # pixels of the PNG for one of the drawing
FONTS = ["DejaVu Sans", "STIXGeneral"]  # both come with matplotlib; the first has no 𝓛


class PicturesForLatex(ExtractOutputPreprocessor):
    """Turns the pictures in the HTML of outputs into PNG files that LaTeX can include."""

    def preprocess_cell(self, cell, resources, cell_index):
        """Replace the pictures in a cell's outputs by PNG files.

        Parameters
        ----------
        cell : NotebookNode
            A cell of the notebook.
        resources : dict
            What nbconvert passes on from cell to cell.
        cell_index : int
            The cell's place.

        Returns
        -------
        (NotebookNode, dict)
            The cell, and the resources with the files.
        """
        if cell.cell_type == "code":
            cell.outputs = [new for output in cell.outputs for new in _for_latex(output)]
        return super().preprocess_cell(cell, resources, cell_index)


def _for_latex(output):
    page = output.get("data", {}).get("text/html", "")
    found = IMAGE.findall(page)
    if not found:
        return [output]
    caption = " ".join(unescape(CAPTION.sub(" ", page)).split())
    shown = [new_output("display_data", {"image/png": _png(kind, base64.b64decode(data))}) for kind, data in found]
    return [*shown, new_output("stream", text=caption + "\n")] if caption else shown


def _png(kind, data):
    file = io.BytesIO()
    if kind == "svg+xml":
        drawn(data).savefig(file, format="png")
    else:
        image = Image.open(io.BytesIO(data))
        image.seek(getattr(image, "n_frames", 1) - 1)  # the last picture of a film
        image.convert("RGB").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode("ascii")


def drawn(svg):
    """Return an SVG drawing as a matplotlib figure.

    Parameters
    ----------
    svg : bytes
        With the elements that the course draws with: line, rect, circle, path and text.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        For any other element.
    """
    root = ElementTree.fromstring(svg)
    width, height = float(root.get("width")), float(root.get("height"))
    figure = Figure(figsize=(width / 100, height / 100), dpi=100 * SHARPNESS)
    FigureCanvasAgg(figure)  # measures texts
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    for element in root:
        kind = element.tag.rpartition("}")[2]
        if kind in SHAPES:
            SHAPES[kind](axes, element)
        elif kind not in ("defs", "style"):
            raise ValueError(f"The drawing has an element {kind!r}, which cannot become a PNG; known are {', '.join(SHAPES)}.")
    return figure


def _on_top(axes):
    return len(axes.get_children())  # as in the SVG, what comes later covers what was there


def _number(element, name, default=0.0):
    return float(element.get(name, default))


def _style(element):
    stroke = element.get("stroke", "none")
    dashes = [float(part) for part in re.findall(r"[\d.]+", element.get("stroke-dasharray", ""))]
    width = _number(element, "stroke-width", 1.0) * 0.72  # in points
    style = {"edgecolor": stroke, "facecolor": element.get("fill", "#000000"), "linewidth": width if stroke != "none" else 0}
    return style | ({"linestyle": (0, [0.72 * dash / max(width, 1) for dash in dashes])} if dashes else {})


def _line(axes, element):
    style = _style(element)
    ends = [[_number(element, f"{axis}{i}") for i in (1, 2)] for axis in "xy"]
    axes.add_line(
        Line2D(*ends, color=style["edgecolor"], linewidth=style["linewidth"], linestyle=style.get("linestyle", "-"), zorder=_on_top(axes))
    )


def _rect(axes, element):
    x, y, width, height = (_number(element, name) for name in ("x", "y", "width", "height"))
    corner = f"round,pad=0,rounding_size={_number(element, 'rx')}" if element.get("rx") else "square,pad=0"
    axes.add_patch(patches.FancyBboxPatch((x, y), width, height, boxstyle=corner, zorder=_on_top(axes), **_style(element)))


def _circle(axes, element):
    axes.add_patch(
        patches.Circle((_number(element, "cx"), _number(element, "cy")), _number(element, "r"), zorder=_on_top(axes), **_style(element))
    )


def _path(axes, element):
    codes, points = [], [(0.0, 0.0)]
    for letter, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", element.get("d")):
        values = [float(number) for number in re.findall(r"-?[\d.]+", rest)]
        kind, (x, y) = letter.upper(), points[-1] if letter.islower() else (0.0, 0.0)
        if kind == "Z":
            points.append(points[-1])
        elif kind in "HV":
            points.append((x + values[0], points[-1][1]) if kind == "H" else (points[-1][0], y + values[0]))
        else:
            points += [(x + dx, y + dy) for dx, dy in zip(values[::2], values[1::2], strict=True)]
        codes += {"M": [Path.MOVETO], "C": [Path.CURVE4] * 3, "Z": [Path.CLOSEPOLY]}.get(kind, [Path.LINETO])
    points = points[1:]
    axes.add_patch(patches.PathPatch(Path(points, codes), zorder=_on_top(axes), **_style(element)))
    if element.get("marker-end"):
        (x1, y1), (x2, y2) = points[-2:]
        axes.annotate("", (x2, y2), (x1, y1), arrowprops={"arrowstyle": "-|>", "color": element.get("stroke"), "shrinkA": 0, "shrinkB": 0})


def _text(axes, element):
    size = _number(element, "font-size", 16) * 0.72
    parts = [(element.text or "", 0.0, 1.0)]
    below = 0.0
    for part in element:
        below += _number(part, "dy")
        parts.append((part.text or "", below, 0.75 if part.get("font-size") else 1.0))
        parts.append((part.tail or "", below, 1.0))
    color, y = element.get("fill", "#000000"), _number(element, "y")
    texts = [
        axes.text(0, y + dy, words, size=size * share, color=color, parse_math=False, family=FONTS, zorder=_on_top(axes))
        for words, dy, share in parts
        if words
    ]
    widths = [text.get_window_extent().width / SHARPNESS for text in texts]
    x = _number(element, "x") - sum(widths) * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "start")]
    for text, width in zip(texts, widths, strict=True):
        text.set_x(x)
        x += width


SHAPES = {"line": _line, "rect": _rect, "circle": _circle, "path": _path, "text": _text}
