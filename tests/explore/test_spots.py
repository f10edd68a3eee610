"""What can be chosen in a picture is possible, and the picture then shows it as chosen."""

from collections import Counter
from itertools import count

import pytest
from every_explorer import explorer

from utils.draw.spots import Spot, cell_shape

TOUCHED = ("backward_pass", "chain", "forward_pass", "graph", "landscape", "outer_product", "path_tracer", "secant", "softmax")
COUNT = count(1)  # of clicks


def choose(panel, name):
    """Write into the hidden field what the page writes after a click."""
    panel.picked.value = f"{name} #{next(COUNT)}"


@pytest.mark.parametrize("name", TOUCHED)
def test_every_spot_sets_the_controls_and_is_then_the_chosen_one(name):
    panel = explorer(f"{name}_explorer")
    spots = panel.picture.spots
    assert len({spot.name for spot in spots}) == len(spots) > 3
    for spot in spots[:: len(spots) // 5]:
        choose(panel, spot.name)
        assert spot.values.items() <= panel.state.items(), f"{spot.name} sets {panel.state}"
        chosen = [other.values.items() for other in panel.picture.spots if other.chosen]
        assert any(spot.values.items() <= values for values in chosen), f"{spot.name} is not shown as chosen"


def test_the_same_spot_can_be_chosen_again_and_an_unknown_one_changes_nothing():
    panel = explorer("forward_pass_explorer")
    choose(panel, "W_2,1,2")
    panel.set(k=1)
    choose(panel, "W_2,1,2")
    assert panel.state["k"] == 2
    before = panel.state
    choose(panel, "W_9,9,9")
    assert panel.state == before


def test_only_a_live_picture_has_buttons_and_one_of_them_is_reached_by_tab():
    panel = explorer("outer_product_explorer")
    assert "explorer-spot" not in panel.picture.html
    counts = Counter(panel.image.value.split('tabindex="')[n][:1] for n in range(1, len(panel.picture.spots) + 1))
    assert counts == {"0": 1, "-": len(panel.picture.spots) - 1}


def test_names_are_escaped_and_have_low_digits():
    button = Spot('a_1,2<"', {}, cell_shape(0, 0, 9, 9)).svg(first=False)
    assert "a₁,₂&lt;" in button and '<"' not in button
