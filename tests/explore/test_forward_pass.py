"""The forward-pass explorer: its numbers against a loop over single numbers, and every corner of its controls."""

import itertools
import math
import re

import numpy as np
import pytest

from utils.draw.computation import computation_columns, computation_edges
from utils.explore.forward_pass import ARCHITECTURES, TASKS, forward_pass_explorer, forward_pass_picture, quantities
from utils.nn.activations import ACTIVATIONS
from utils.nn.network import FeedForwardNetwork

START = forward_pass_explorer().state
CLASSES, NUMBER, YES_NO = TASKS


def highlighted(picture):
    """Return the names of the circles drawn with emphasis, in order, without underscores."""
    return [plain(name) for name in re.findall(r'<circle[^>]*stroke-width="4"/><text[^>]*>(.*?)</text>', picture.data.decode())]


def plain(svg_text):
    return re.sub(r"<[^>]*>|\u200b", "", svg_text)


def test_default_state_is_drawn_without_any_event():
    explorer = forward_pass_explorer()
    assert explorer.state["change"] == 0 and explorer.picture == forward_pass_picture(**START)
    assert "W_1,2,1 = 0.45, unchanged: nothing is lit" in explorer.picture.caption
    assert not highlighted(explorer.picture)


def by_single_numbers(net, x, g):
    """Return a_k,i and h_k,i of a classifying network, computed from the definition without any matrix."""
    values, h = {}, list(x)
    for k in net.layers:
        a = [net.b[k][i, 0] + sum(net.W[k][i, j] * h[j] for j in range(len(h))) for i in range(net.layer_sizes[k])]
        total = sum(map(math.exp, a))
        h = [g(score) if k < net.L else math.exp(score) / total for score in a]
        values |= {f"a_{k},{i + 1}": score for i, score in enumerate(a)}
        values |= {f"h_{k},{i + 1}" if k < net.L else f"ŷ_{i + 1}": out for i, out in enumerate(h)}
    return values


def test_every_number_equals_the_definition():
    net = FeedForwardNetwork([3, 4, 3], activation="tanh", seed=5)
    x = [0.3, -1.2, 2.0]
    expected = by_single_numbers(net, x, math.tanh)
    found = quantities(net, np.array(x).reshape(-1, 1), np.array([[0.0], [0.0], [1.0]]))
    assert found.keys() == {*expected, "x_1", "x_2", "x_3", "L"}
    assert all(math.isclose(found[name], value) for name, value in expected.items())
    assert math.isclose(found["L"], -math.log(expected["ŷ_3"]))


def test_the_picture_tells_the_truth_about_the_edited_weight():
    state = START | {"architecture": "2-3-2", "seed": 7, "k": 2, "i": 1, "j": 3, "change": 1.5, "target": 2.0}
    picture = forward_pass_picture(**state)
    net = FeedForwardNetwork([2, 3, 2], seed=7)
    old = net.W[2][0, 2]
    before = by_single_numbers(net, [1.0, -0.5], lambda a: 1 / (1 + math.exp(-a)))
    net.W[2][0, 2] += 1.5  # W_2,1,3: from unit 3 to unit 1
    after = by_single_numbers(net, [1.0, -0.5], lambda a: 1 / (1 + math.exp(-a)))
    story = f"W_2,1,3 = {old + 1.5:.2f} ({old:.2f} + 1.50): a_2,1 {before['a_2,1']:.2f} → {after['a_2,1']:.2f}"
    story += f", ŷ_1 {before['ŷ_1']:.2f} → {after['ŷ_1']:.2f}, …, loss {-math.log(before['ŷ_2']):.2f} → {-math.log(after['ŷ_2']):.2f}."
    assert story.replace("-", "−") in picture.caption
    assert highlighted(picture) == ["a2,1", "ŷ1", "ŷ2", "𝓛"]  # a_2,2 does not listen to it
    row = re.search(r'<th scope="row"[^>]*>a<sub>2,1</sub></th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>', picture.details)
    sum_written_out = eval(row[1].replace("·", "*").replace("−", "-"))
    assert abs(sum_written_out - after["a_2,1"]) < 0.005 and row[2].replace("−", "-") == f"{after['a_2,1']:.3f}"


def test_the_bold_line_runs_from_j_to_i():
    svg = forward_pass_picture(**START | {"architecture": "2-4-3", "k": 2, "i": 1, "j": 4}).data.decode()
    line = r'<line x1="([^"]*)" y1="([^"]*)" x2="([^"]*)" y2="([^"]*)" stroke="[^"]*" stroke-width="4"'
    x1, y1, x2, y2 = re.search(line, svg).groups()
    centres = {plain(name): (x, y) for x, y, name in re.findall(r'<circle cx="(.*?)" cy="(.*?)"[^>]*/><text[^>]*>(.*?)</text>', svg)}
    assert centres["h1,4"] == (x1, y1) and centres["a2,1"] == (x2, y2)


def test_a_softmax_mixes_and_a_linear_output_does_not():
    columns = computation_columns([2, 2, 3])
    assert ("a_2,1", "ŷ_3") in computation_edges(columns, "softmax")
    assert ("a_2,1", "ŷ_3") not in computation_edges(columns, "linear")
    bias = forward_pass_picture(**START | {"kind": "b", "k": 2, "i": 1, "change": 1.0})
    assert highlighted(bias) == ["a2,1", "ŷ1", "ŷ2", "𝓛"]
    assert "b2,1" in plain(bias.data.decode())


def test_the_task_decides_the_last_layer():
    assert "2-2-1 network, truth y = 1 (yes)" in forward_pass_picture(**START | {"task": YES_NO}).caption
    assert "truth y = 0 (no)" in forward_pass_picture(**START | {"task": YES_NO, "target": 0.0}).caption
    number = forward_pass_picture(**START | {"task": NUMBER, "target": -2.5, "architecture": "2-2-2-2"})
    y_hat, loss = re.search(r"ŷ = (\S+); loss = (\S+)\.", number.alt).groups()
    assert abs((float(y_hat.replace("−", "-")) + 2.5) ** 2 - float(loss)) < 0.05
    assert "true class 3" in forward_pass_picture(**START | {"architecture": "2-4-3", "target": 3.0}).caption


def test_what_does_not_exist_is_named():
    caption = forward_pass_picture(**START | {"k": 3, "i": 4, "j": 4}).caption
    assert "There is no W_3,4,4 in this network; the nearest is W_2,2,2." in caption


def test_where_a_change_ends():
    silent = forward_pass_picture(**START | {"x_1": 0.0, "change": 2.0})
    assert "no other number moves" in silent.caption and not highlighted(silent)
    dead = forward_pass_picture(**START | {"activation": "relu", "x_1": -2.0, "change": 2.0})
    assert "There it ends: the loss stays at 0.69" in dead.caption and highlighted(dead) == ["a1,2"]


def test_a_small_move_is_not_rounded_away():
    state = START | {"architecture": "2-4-3", "task": YES_NO, "kind": "b", "i": 4, "change": -3.0}
    old, new = re.search(r"loss (\S+) → (\S+)\. 5 numbers", forward_pass_picture(**state).caption).groups()
    assert old != new and round(float(old), 2) == round(float(new), 2) == 1.09


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("task", TASKS)
def test_every_corner_of_the_controls_gives_a_picture(architecture, task):
    for activation, kind, (k, i, j), end in itertools.product(ACTIVATIONS, "Wb", ((1, 1, 1), (3, 4, 4)), (-3.0, 3.0)):
        picture = forward_pass_picture(architecture, activation, task, end, -end, end, end, 50, kind, k, i, j, end)
        assert not re.search("nan|inf|e\\+", picture.alt + picture.details)
        assert picture.width <= 722 and max(map(len, re.findall(r'size="12"[^>]*>(.*?)</text>', picture.data.decode()))) <= 7
