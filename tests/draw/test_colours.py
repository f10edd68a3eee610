"""Colour-blind readers see the differences that pictures show, and no difference is shown by colour alone."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from colours import EYES, contrast, seen
from matplotlib import colormaps

from utils.draw import style
from utils.draw.style import CLASSES, CURVES, DIVERGING, INK, MUTED, QUANTITIES, SIGNS, pale
from utils.homework.feedback import COLORS

PALETTES = {  # the colours that one picture shows together, and how far apart they stay for every eye
    "classes, with a marker each": ([style.color for style in CLASSES], 15),
    "regions of the classes, under their markers": ([pale(style.color, style.region_strength) for style in CLASSES], 12),
    "quantities, with a letter each": (list(QUANTITIES.values()), 8),
    "signs, dashed for negative": (list(SIGNS.values()), 25),
    "halves of the diverging map, with numbers": ([colormaps[DIVERGING](place)[:3] for place in (0.3, 0.5, 0.7)], 25),
    "curves of one kind, with a kind of line each": ([color for color, _ in CURVES], 15),
    "suspect and true code, dashed": ([QUANTITIES["gradient"], CLASSES[0].color], 80),
    "right and wrong in a check, with ✓ and ✗": (list(COLORS.values()), 8),
}
TEXTS = [*QUANTITIES.values(), *SIGNS.values(), *(color for color, _ in CURVES), INK, MUTED]
STYLE = Path(style.__file__)
COLOR = re.compile(r"""#[0-9A-Fa-f]{3,8}\b|["'](?:tab:\w+|C\d|white|black)["']""")


def test_the_measures_are_right():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21) and contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert seen("#FFFFFF", "all cones") == pytest.approx([100, 0, 0], abs=0.01)
    assert seen("#FF0000", "all cones") == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    for eye, matrix in EYES.items():
        assert matrix.sum(axis=1) == pytest.approx(1, abs=1e-5), f"grey stays grey: {eye}"
    red, green = "#CC4444", "#6E7B10"  # a pair that only some eyes confuse
    assert np.linalg.norm(seen(red, "deuteranopia") - seen(green, "deuteranopia")) < np.linalg.norm(
        seen(red, "tritanopia") - seen(green, "tritanopia")
    )


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("name", PALETTES)
def test_colours_stay_apart(name, eye):
    colors, least = PALETTES[name]
    pairs = {(a, b): np.linalg.norm(seen(a, eye) - seen(b, eye)) for a, b in combinations(colors, 2)}
    closest = min(pairs, key=pairs.get)
    assert pairs[closest] >= least, f"{closest} differ by {pairs[closest]:.1f}"


def test_every_class_has_a_marker_of_its_own():
    assert len({style.marker for style in CLASSES}) == len(CLASSES) == len({style.words for style in CLASSES})


@pytest.mark.parametrize("color", TEXTS)
def test_colours_for_text_stand_out_from_white(color):
    assert contrast(color, "#FFFFFF") >= 4.5


def test_every_colour_of_a_picture_is_one_of_the_style():
    """A colour written anywhere else would be one more meaning that nobody has looked at beside the others."""
    files = [path for folder in ("draw", "explore", "pictures") for path in (STYLE.parents[1] / folder).glob("*.py") if path != STYLE]
    assert len(files) > 40 and COLOR.search(STYLE.read_text(encoding="utf-8"))
    assert [(path.name, found) for path in files for found in COLOR.findall(path.read_text(encoding="utf-8"))] == []


def test_a_colour_has_one_meaning():
    """The colour of gradients is that of no class and of no curve, and no sign has the colour of a quantity."""
    groups = [set(QUANTITIES.values()), set(SIGNS.values()), {style.color for style in CLASSES}, {color for color, _ in CURVES}]
    for one, other in combinations(groups, 2):
        assert not one & other - {CLASSES[0].color}
