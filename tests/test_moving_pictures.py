"""Moving pictures stop by themselves and never flash; pictures of lessons say what they show, with numbers."""

import base64
import html
import io
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from colours import linear
from PIL import Image, ImageSequence

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FLASHES_A_SECOND = 3  # WCAG 2.3.1
A_FLASH = 0.1  # of the full luminance, there and back
LARGE = 0.05  # of the picture: WCAG allows a quarter of the middle of the view


def images(path):
    """Return alt text, kind and data of every picture in the outputs of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    pages = [output.get("data", {}).get("text/html", "") for cell in cells for output in cell.get("outputs", [])]
    found = [
        re.search(r'alt="([^"]*)".*src="data:image/([\w+]+);base64,([^"]*)"', tag)
        for page in pages
        for tag in re.findall("<img[^>]*>", page)
    ]
    return [(html.unescape(alt), kind, base64.b64decode(data)) for alt, kind, data in (match.groups() for match in found)]


def gifs():
    """Return every moving picture of the course by where it stands."""
    files = {path.name: path.read_bytes() for path in (ROOT / ".github").glob("*.gif")}
    return files | {path.stem: data for path in NOTEBOOKS for _, kind, data in images(path) if kind == "gif"}


def flashing(luminances, milliseconds):
    """Return the largest share of a picture that flashes more than three times within a second.

    Parameters
    ----------
    luminances : array, shape (pictures, height, width)
        From 0 to 1.
    milliseconds : list of int
        How long each stands.
    """
    begins = np.cumsum([0, *milliseconds[:-1]])
    extreme, direction, turns = luminances[0].copy(), np.zeros(luminances[0].shape), []
    for now in luminances[1:]:
        change = now - extreme
        turned = (np.abs(change) >= A_FLASH) & (np.sign(change) != direction)
        turns.append(turned)
        direction = np.where(turned, np.sign(change), direction)
        extreme = np.where(turned | (np.sign(change) == direction), now, extreme)
    within = [
        np.sum([turn for turn, t in zip(turns, begins[1:], strict=True) if begin <= t < begin + 1000], axis=0) for begin in begins[1:]
    ]
    return max((turn > 2 * FLASHES_A_SECOND).mean() for turn in within)


def test_a_flashing_picture_would_be_noticed():
    flicker = np.tile([[[0.0]], [[1.0]]], (10, 1, 1))
    assert flashing(flicker, [100] * 20) == 1 and flashing(flicker, [200] * 20) == 0
    assert flashing(np.linspace(0, 1, 20).reshape(-1, 1, 1), [50] * 20) == 0


def test_there_is_a_moving_picture_on_the_first_page_and_in_lesson_09():
    assert {"training.gif", "09_two_classes"} <= set(gifs())


@pytest.mark.parametrize("name", gifs())
def test_a_moving_picture_rests_in_the_end_and_does_not_flash(name):
    with Image.open(io.BytesIO(gifs()[name])) as gif:
        assert 0 < gif.info["loop"] <= 2, "0 would be for ever; it plays once more than it says"
        frames = [(frame.info["duration"], frame.convert("RGB").resize((110, 60))) for frame in ImageSequence.Iterator(gif)]
    milliseconds, pictures = zip(*frames, strict=True)
    assert min(milliseconds) >= 100 and milliseconds[-1] >= 1000
    assert sum(milliseconds) < 15_000
    levels = np.array([linear((level / 255,) * 3)[0] for level in range(256)])
    luminances = levels[np.stack([np.asarray(picture) for picture in pictures])] @ [0.2126, 0.7152, 0.0722]
    assert flashing(luminances, milliseconds) < LARGE


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_pictures_of_a_lesson_say_what_they_show(path):
    for alt, _, _ in images(path):
        assert len(alt) >= 40 and re.search(r"\d", alt), alt
