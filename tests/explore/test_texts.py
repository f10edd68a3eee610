"""What explorers write and say: every text stands out from its ground, every alt text gives the message with its numbers."""

import random
import re
import sys
from collections import Counter

import pytest
from colours import contrast, svg_texts
from every_explorer import EXPLORERS, explorer
from matplotlib.text import Text

STATES = 12


def pictures(name):
    """Yield pictures of an explorer: its first, and some with every control at an end."""
    panel, rng = explorer(name), random.Random(name)
    yield panel.picture
    for _ in range(STATES if panel.picture.mime == "image/svg+xml" else 2):
        yield panel.draw(**{key: rng.choice(row.control.ends) for key, row in panel.rows.items()})


@pytest.mark.parametrize("name", EXPLORERS)
def test_texts_stand_out(name, monkeypatch):
    written = Counter()
    draw = Text.draw

    def listen(text, renderer):
        if text.get_text().strip() and text.get_visible():
            written[text.get_text(), text.get_color(), "#FFFFFF"] += 1
        draw(text, renderer)

    monkeypatch.setattr(Text, "draw", listen)
    stage = getattr(sys.modules[EXPLORERS[name].__module__], "_stage", None)
    if stage:
        stage.cache_clear()  # what stands still in a figure is written once
    for picture in pictures(name):
        if picture.mime == "image/svg+xml":
            written.update(svg_texts(picture.data))
    assert len(written) > 5
    weak = {(text, color, ground): round(contrast(color, ground), 2) for text, color, ground in written if contrast(color, ground) < 4.5}
    assert not weak


@pytest.mark.parametrize("name", EXPLORERS)
def test_alt_texts_give_numbers(name):
    for picture in pictures(name):
        assert len(picture.alt) > 60 and len(re.findall(r"\d", picture.alt)) >= 3
        said = " ".join([picture.alt, *re.findall(r">([^<]*)<", re.sub(r"<(pre|code).*?</\1>", "", picture.html, flags=re.DOTALL))])
        assert not re.search(r"(?<![\w.\-–])-\d", said), "a hyphen stands for a minus sign"
