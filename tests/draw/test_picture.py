"""Pictures carry their alt text, leave no figure open and come out the same every time."""

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from readable import svg_faults

from utils.draw.diagrams import graph_diagram, network_diagram
from utils.draw.frames import Frame, PixelImage
from utils.draw.picture import Picture, show
from utils.draw.plots import probability_colors
from utils.draw.style import CLASSES, pale
from utils.draw.svg import Dot, Line


def decoded(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_show_closes_the_figure_and_keeps_the_message():
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    picture = show(fig, "a line   that\n rises")
    assert not plt.get_fignums()
    assert 'alt="a line that rises"' in picture.html and picture.alt in repr(picture)


def test_a_picture_needs_a_message():
    with pytest.raises(ValueError, match="needs an alt text"):
        show(Figure(), "  ")


def test_alt_text_cannot_break_the_page():
    assert 'alt="a &lt; b &quot;c&quot;"' in Picture(b"", 'a < b "c"', 100).html


def test_figures_are_the_same_to_the_byte():
    pngs = set()
    for _ in range(2):
        fig, ax = plt.subplots()
        ax.plot([3, 1, 2])
        pngs.add(show(fig, "three points").data)
    assert len(pngs) == 1


def test_white_stays_white_beside_pale_colours():
    fig, ax = plt.subplots()
    ax.imshow(np.linspace(0.9, 1, 900).reshape(30, 30), cmap="Blues_r", vmin=0, vmax=1)
    pixels = decoded(show(fig, "shades of the palest blue").data)
    assert tuple(pixels[0, 0]) == (255, 255, 255)


def test_a_certain_network_shows_the_colour_of_its_class():
    assert np.allclose(probability_colors(np.eye(len(CLASSES))), [pale(style.color, style.region_strength) for style in CLASSES])


def test_frame_moves_what_moves_and_keeps_the_rest():
    figure = Figure(figsize=(1, 1))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    (dot,) = axes.plot([0.25], [0.5], "o", ms=20, color="red")
    frame = Frame(figure, [dot], sharpness=1)
    before = decoded(frame.png())
    dot.set_data([0.75], [0.5])
    after = decoded(frame.png())
    red = (255, 0, 0)
    assert tuple(before[50, 25]) == red and tuple(before[50, 75]) != red
    assert tuple(after[50, 75]) == red and tuple(after[50, 25]) != red
    assert (after[0, :] == before[0, :]).all()


def test_pixel_image_has_its_first_row_at_the_bottom():
    figure = Figure(figsize=(1, 1))
    image = PixelImage(figure.add_axes((0, 0, 1, 1)))
    frame = Frame(figure, [image], sharpness=1)
    image.set_colors(np.array([[(1.0, 0, 0), (0, 1.0, 0)], [(0, 0, 1.0), (1.0, 1.0, 1.0)]]))
    pixels = decoded(frame.png()).astype(int)
    bottom_left, bottom_right, top_left = pixels[95, 5], pixels[95, 95], pixels[5, 5]
    assert bottom_left.argmax() == 0 and bottom_right.argmax() == 1 and top_left.argmax() == 2


def test_diagram_has_a_circle_per_unit_and_a_line_per_weight():
    picture = network_diagram([2, 3, 4])
    svg = picture.data.decode()
    assert svg.count("<circle") == 2 + 3 + 4
    assert svg.count("<line") == 2 * 3 + 3 * 4
    assert "18 weights, and 7 biases" in picture.alt


def test_names_stand_on_their_weights_and_in_their_units():
    picture = network_diagram([2, 2, 1], W={1: [["w_1", "w_2"], ["w_3", "w_4"]]}, b={2: ["b_3"]})
    assert "w_2 from x_2 to h_1,1; w_3 from x_1 to h_1,2" in picture.alt and "b_3 in ŷ_1" in picture.alt
    svg = picture.data.decode()
    assert svg.count("<line") == 6, "a weight with a name is still one line"
    at = {name: float(y) for y, name in re.findall(r'<text [^>]*y="([\d.]+)"[^>]*>w<tspan [^>]*>(\d)</tspan>', svg)}
    assert at["1"] < at["3"] < at["2"] < at["4"], "names keep clear of the crossing"


def test_a_diagram_that_could_not_be_read_is_refused():
    with pytest.raises(ValueError, match="12 units cannot be drawn readably; 10 is the most"):
        network_diagram([2, 12, 2])


def test_a_text_on_a_line_stands_on_white_and_finds_a_place_of_its_own():
    line = Line("#5B5B5B", 4, "W_2,1,2")
    svg = graph_diagram([["x"], ["y"]], [("x", "y")], "x and y", lines={("x", "y"): line}, gap=200).data.decode()
    place = r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" [^>]*fill="#FFFFFF"/><text x="([\d.]+)"[^>]*>W'
    left, width, middle = map(float, re.search(place, svg).groups())
    assert left < middle < left + width and abs(middle - 139) < 1, "in the middle of the line"
    crossing = {edge: Line("#5B5B5B", 4, name) for edge, name in ((("a", "d"), "one"), (("b", "c"), "two"))}
    picture = graph_diagram([["a", "b"], ["c", "d"]], crossing, "a cross", lines=crossing)
    assert svg_faults(picture.data) == []


def test_dots_travel_once_and_not_for_those_who_ask_for_less_motion():
    def svg(*dots):
        return graph_diagram([["x"], ["y"]], [("x", "y")], "x and y", moving=dots).data.decode()

    assert svg().count("<circle") == 2 and "<style>" not in svg()
    moving = svg(Dot("x", "y", 0, "#5B5B5B"))
    assert moving.count('class="dot"') == moving.count('class="ring"') == 1
    assert "infinite" not in moving and "prefers-reduced-motion:reduce),print{.dot,.ring{animation:none}}" in moving
    assert ".dot,.ring{opacity:0}" in moving, "at rest there is nothing of them"
