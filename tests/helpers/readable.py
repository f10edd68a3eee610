"""Whether a picture can be read: faults of an SVG from the places of its elements, of a matplotlib figure from the extents of its texts.

Texts of an SVG are measured in DejaVu Sans, which is wider than most sans-serif fonts. All lengths are pixels at 100 %.
"""

import io
import re
from functools import cache
from itertools import combinations
from unittest.mock import patch
from xml.etree import ElementTree

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import findfont
from matplotlib.text import Text
from PIL import Image, ImageFont

SMALLEST = 9  # pixels high: the size of a font
APART = 3  # pixels between two texts on one line
TOUCH = 1  # pixels that two things may share before they overlap
DARK = 128
INVISIBLE = "\u200b"


@cache
def _font():
    return ImageFont.truetype(findfont("DejaVu Sans"), 100)


def _width(text, size):
    return _font().getlength(text.replace(INVISIBLE, "")) * size / 100


def border_faults(png):
    """Return what is wrong at the edge of a PNG: a dark pixel there belongs to something that is cut off."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    edges = {"upper": pixels[0], "lower": pixels[-1], "left": pixels[:, 0], "right": pixels[:, -1]}
    return [f"a dark pixel at the {side} edge, at {np.argmin(line)}" for side, line in edges.items() if line.min() < DARK]


def glued(boxes):
    """Return a sentence for every two texts on one line that stand so close that they read as one."""
    return [
        f"{text!r} and {other!r} touch"
        for (text, a), (other, b) in combinations(boxes, 2)
        if abs(a[3] - b[3]) < TOUCH and -TOUCH <= max(a[0], b[0]) - min(a[2], b[2]) < APART
    ]


def overlaps(boxes):
    """Return a sentence for every two texts that overlap; ``boxes`` are pairs of a text and its (left, top, right, bottom)."""
    found = []
    for (text, a), (other, b) in combinations(boxes, 2):
        if min(a[2], b[2]) - max(a[0], b[0]) > TOUCH and min(a[3], b[3]) - max(a[1], b[1]) > TOUCH:
            found.append(f"{text!r} and {other!r} overlap")
    return found


def outside(boxes, width, height):
    """Return a sentence for every text that leaves the picture."""
    return [
        f"{text!r} leaves the picture"
        for text, (left, top, right, bottom) in boxes
        if left < 0 or top < 0 or right > width or bottom > height
    ]


def figure_faults(figure, moving=()):
    """Return what is wrong with the texts of a matplotlib figure, with its moving artists drawn on top."""
    scale, boxes, small = 100 / figure.dpi, [], []
    draw = Text.draw

    def listen(text, renderer):
        words = text.get_text().strip()
        if words and text.get_visible():
            box = text.get_window_extent(renderer)
            boxes.append((words, (box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale)))
            size = text.get_fontsize() * 100 / 72
            if size < SMALLEST:
                small.append(f"{words!r} is {size:.1f} pixels high")
        draw(text, renderer)

    with patch.object(Text, "draw", listen):
        (figure.canvas if moving else FigureCanvasAgg(figure)).draw()
        for artist in moving:
            figure.draw_artist(artist)
    return overlaps(boxes) + small + outside(boxes, figure.get_figwidth() * 100, figure.get_figheight() * 100)


def svg_faults(svg):
    """Return what is wrong with an SVG: texts that overlap, that something later covers, that are small, or that leave their circle."""
    root = ElementTree.fromstring(svg)
    boxes, shapes, faults = [], [], []
    for place, element in enumerate(root.iter()):
        kind = element.tag.split("}")[1]
        at = {name: float(element.get(name)) for name in ("x", "y", "width", "height", "cx", "cy", "r") if element.get(name)}
        if kind == "text":
            box, sizes = _text_box(element, at)
            boxes.append((place, "".join(element.itertext()).replace(INVISIBLE, ""), box))
            faults += [f"{boxes[-1][1]!r} is {size:g} pixels high" for size in sizes if size < SMALLEST]
        elif kind in ("rect", "circle") and element.get("fill") != "none" and not element.get("class"):
            shapes.append((place, kind, at))
    named = [(text, box) for _, text, box in boxes]
    faults += glued(named) + overlaps(named) + outside(named, float(root.get("width")), float(root.get("height")))
    for place, text, box in boxes:
        for later, kind, at in shapes:
            if later > place and _covers(kind, at, box):
                faults.append(f"{text!r} is covered")
            if later < place and kind == "circle" and _crosses(at, box):
                faults.append(f"{text!r} crosses its circle")
    return faults


def _text_box(element, at):
    size, anchor = float(element.get("font-size")), element.get("text-anchor", "start")
    runs = [(element.text or "", size)]
    for span in element:
        share = float(span.get("font-size", "100%").rstrip("%")) / 100
        runs += [(span.text or "", size * share), (span.tail or "", size)]
    runs = [(text, high) for text, high in runs if text.replace(INVISIBLE, "").strip()]
    width = sum(_width(text, high) for text, high in runs)
    left = at["x"] - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
    return (left, at["y"] - 0.73 * size, left + width, at["y"]), [high for _, high in runs]


def _covers(kind, at, box):
    left, top, right, bottom = box
    if kind == "rect":
        x, y = at.get("x", 0), at.get("y", 0)
        return min(right, x + at["width"]) - max(left, x) > TOUCH and min(bottom, y + at["height"]) - max(top, y) > TOUCH
    x, y = np.clip(at["cx"], left, right), np.clip(at["cy"], top, bottom)
    return np.hypot(x - at["cx"], y - at["cy"]) < at["r"] - TOUCH


def _crosses(at, box):
    left, top, right, bottom = box
    middle = (left + right) / 2 - at["cx"], (top + bottom) / 2 - at["cy"]
    if np.hypot(*middle) > at["r"] - 4:  # beside the circle, or on its edge on purpose
        return False
    return max(np.hypot(x - at["cx"], y - at["cy"]) for x in (left, right) for y in (top, bottom)) > at["r"] + TOUCH


def shown_numbers(svg):
    """Return the numbers that stand in an SVG, as they are written."""
    texts = [
        "".join(element.itertext()).replace(INVISIBLE, "").strip()
        for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    ]
    return [text for text in texts if re.fullmatch(r"[+−]?\d+(\.\d+)?(e[+−]?\d+)?", text)]
