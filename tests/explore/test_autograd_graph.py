"""The autograd explorer: its numbers against the network's backward, its walk against Value.backward, every corner of its controls."""

import itertools
import re

import numpy as np
import pytest

from utils.exhibits.samples import sample
from utils.explore.autograd_graph import CLASSES, COLUMN, STEPS, graph_explorer, graph_picture, sample_loss
from utils.explore.boxes import WIDTH

START = graph_explorer().state


def svg(picture):
    return re.sub(r"<[^>]*>|\u200b", "", picture.data.decode().replace("</text>", "</text>\n"))


def test_default_state_is_drawn_without_any_event():
    explorer = graph_explorer()
    assert explorer.picture == graph_picture(**START)
    assert "passes on to W_2,1,2: (−0.679) · 0.846 = −0.574; to h_1,2: (−0.679) · (−0.4) = 0.272." in explorer.picture.caption


@pytest.mark.parametrize(("x", "true_class", "W_111"), [((1.0, 2.0), 1, 0.5), ((-3.0, 0.0), 2, 3.0), ((0.7, -1.1), 1, -2.5)])
def test_the_graph_is_the_loss_of_the_network(x, true_class, W_111):
    net = sample("2-2-2")
    W_1 = net.W[1].copy()
    W_1[0, 0] = W_111
    net = net.with_parameters(W={1: W_1})
    y = np.eye(2)[:, [true_class - 1]]
    trace = net.forward(np.array(x).reshape(2, 1))
    gradients = net.backward(trace, y)
    loss, places = sample_loss(x, true_class, W_111)
    loss.backward()
    assert np.isclose(loss.value, net.loss(trace, y))
    by_name = {place.name: place.value for place in places}
    for k, i in itertools.product((1, 2), (0, 1)):
        assert np.isclose(by_name[f"a_{k},{i + 1}"].value, trace.a[k][i, 0])
        assert np.isclose(by_name[f"a_{k},{i + 1}"].grad, gradients.a[k][i, 0])
        assert np.isclose(by_name[f"b_{k},{i + 1}"].grad, gradients.b[k][i, 0])
        for j in (0, 1):
            assert np.isclose(by_name[f"W_{k},{i + 1},{j + 1}"].grad, gradients.W[k][i, j])
    for i in (0, 1):
        assert np.isclose(by_name[f"h_1,{i + 1}"].grad, gradients.h[1][i, 0])
    assert sum(bool(v.inputs) for v in loss.history()) == STEPS


def test_every_number_has_one_box_and_h_1_two():
    _, places = sample_loss((1.0, 2.0), 1, 0.5)
    again = [place for place in places if place.again]
    assert [place.name for place in again] == ["h_1,1", "h_1,2"]
    assert len(places) - len(again) == STEPS + 12 == len({place.value for place in places})
    boxes = sorted(place.middle for place in places)
    assert len(set(boxes)) == len(boxes)
    assert all(abs(x - u) >= 96 or abs(y - v) >= 54 for (x, y), (u, v) in itertools.combinations(boxes, 2))  # with their gradients


def test_gradients_appear_step_by_step_and_dots_say_that_one_is_not_complete():
    assert "∂ 1" in svg(graph_picture(0, 1.0, 2.0, 0.5, "1")) and svg(graph_picture(0, 1.0, 2.0, 0.5, "1")).count("∂") == 1
    half, whole = (svg(graph_picture(step, 1.0, 2.0, 0.5, "1")) for step in (12, 13))
    assert half.count("∂ −0.34 …") == 2 and "∂ −0.747" not in half  # both boxes of h_1,1
    assert whole.count("∂ −0.747") == 2 and "…" not in whole
    end = svg(graph_picture(STEPS, 1.0, 2.0, 0.5, "1"))
    assert end.count("∂") == STEPS + 12 + 2
    for gradient in ("−0.187", "−0.373", "0.115", "0.231", "−0.574", "−0.34", "0.574", "0.34", "−0.679", "0.679"):
        assert f"∂ {gradient}\n" in end


def test_local_derivatives_stand_on_the_lines_of_the_lit_box_alone():
    def on_lines(step):
        gradient_colored = re.findall(r'size="12"[^>]*fill="#A63D00">(.*?)</text>', graph_picture(step, 1.0, 2.0, 0.5, "1").data.decode())
        return sorted(text for text in gradient_colored if "∂" not in text)

    assert on_lines(0) == [] and on_lines(1) == ["1", "−1"] and on_lines(12) == ["0.85", "−0.4"] and on_lines(24) == ["1"]


def test_lines_join_neighbours_and_one_curve_the_rest():
    drawn = graph_picture(5, 1.0, 2.0, 0.5, "1").data.decode()
    lines = [tuple(map(float, line)) for line in re.findall(r'<line x1="(\S+)" y1="(\S+)" x2="(\S+)" y2="(\S+)"', drawn)]
    times_x, times_h, sums, one_input, loss = 4 * 1, 4 * 2, 9 * 2, 11 * 1, 1
    assert len(lines) == times_x + times_h + sums + one_input + loss and drawn.count("<path") == 1  # the loss has a line and the curve
    assert all(x_2 - x_1 == COLUMN - WIDTH and abs(y_2 - y_1) < 120 for x_1, y_1, x_2, y_2 in lines)


def test_the_alternative_text_says_what_is_known():
    alt = graph_picture(2, 1.0, 2.0, 0.5, "1").alt
    assert "29 operations on 12 parameters. 𝓛 = 1.14. Step 2 of 29: log of that sum has heard" in alt
    assert alt.endswith("Gradients so far: 𝓛 1, log of that sum 1, a_2,1 −1 so far, the sum of both exp(a_2) 0.334.")


def test_the_true_class_is_taken_from_the_logarithm():
    first, second = (svg(graph_picture(1, 1.0, 2.0, 0.5, true_class)) for true_class in CLASSES)
    assert "\n− a2,1\n" in first and "\n− a2,2\n" in second
    assert graph_picture(1, 1.0, 2.0, 0.5, "2").caption.endswith("to a_2,2: 1 · (−1) = −1.")


@pytest.mark.parametrize("true_class", CLASSES)
def test_every_corner_of_the_controls_gives_a_picture(true_class):
    for x_1, x_2, W_111 in itertools.product((-3.0, 0.0, 3.0), repeat=3):
        for step in (0, 1, 14, 24, STEPS):
            picture = graph_picture(step, x_1, x_2, W_111, true_class)
            assert not re.search("nan|inf", picture.alt) and picture.width <= 750
            assert max(map(len, re.findall(r'size="12"[^>]*>(.*?)</text>', picture.data.decode()))) <= 9
    assert graph_picture(step, x_1, x_2, W_111, true_class) == picture
