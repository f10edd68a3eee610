"""Surfaces: the colours of a place say what the network says there. Curves: each has its name at its end."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from utils.draw.plots import activation_colors, activation_surface, border, decision_surface, name_curves, plane_grid, probability_colors
from utils.draw.style import CLASSES, QUANTITIES, pale
from utils.nn.network import FeedForwardNetwork


def half_planes():
    """Return a network whose h₁₁ is 1 to the right of 0 and whose h₁₂ is 1 above 0; the output follows h₁₂."""
    net = FeedForwardNetwork([2, 2, 1], output="sigmoid")
    return net.with_parameters(W={1: 50 * np.eye(2), 2: [[0, 50]]}, b={2: [[-25]]})


X, LABELS = np.array([[-2.0, 2.0, 1.0], [-2.0, 2.0, -1.0]]), np.array([0, 1, 1])


def test_one_sigmoid_unit_has_the_colours_of_both_classes():
    zero, one = (pale(CLASSES[c].color, CLASSES[c].region_strength) for c in (0, 1))
    colors = probability_colors(np.array([[0.0, 1.0, 0.6, 0.4]]))
    assert np.allclose(colors[:2], [zero, one])
    for color, decided in zip(colors[2:], (one, zero), strict=True):
        shades = 1 - color
        assert np.allclose(shades / shades.max(), (1 - np.array(decided)) / (1 - np.array(decided)).max()), "the hue of the class alone"
        assert 0.4 * (1 - np.array(decided)).max() < shades.max() < (1 - np.array(decided)).max(), "paler, because it hesitates"


def test_a_border_stands_where_a_class_meets_another():
    labels = np.repeat([[0, 0, 0, 1, 1, 1]], 4, axis=0)
    assert (border(labels) == [[False, False, True, True, False, False]]).all()
    assert not border(np.zeros((4, 4))).any()


def test_an_activation_goes_from_white_to_green():
    assert np.allclose(activation_colors(np.array([0.0, 1.0])), [(1, 1, 1), pale(QUANTITIES["h"], strength=0.6)])


def test_the_grid_covers_the_points_row_by_row():
    grid, (left, right, bottom, top) = plane_grid(X, 5)
    assert (left, right, bottom, top) == (-2.5, 2.5, -2.5, 2.5)
    assert np.allclose(grid[:, 0], (left, bottom)) and np.allclose(grid[:, 4], (right, bottom)) and np.allclose(grid[:, -1], (right, top))


def test_surfaces_are_the_right_way_round():
    _, axes = plt.subplots(1, 3)
    first, second, output = (
        ax.images[0].get_array()
        for ax in (
            activation_surface(half_planes(), 1, 1, X, LABELS, ax=axes[0]),
            activation_surface(half_planes(), 1, 2, X, LABELS, ax=axes[1]),
            decision_surface(half_planes(), X, LABELS, ax=axes[2]),
        )
    )
    green = pale(QUANTITIES["h"], strength=0.6)
    assert np.allclose(first[5, 5], 1) and np.allclose(first[5, -5], green)  # row 0 is at the bottom
    assert np.allclose(second[5, -5], 1) and np.allclose(second[-5, 5], green)
    assert all(np.allclose(output[at], pale(CLASSES[c].color, CLASSES[c].region_strength)) for c, at in enumerate([(5, -5), (-5, 5)]))
    (wrong,) = (line for line in axes[2].lines if line.get_label() == "wrong")
    assert np.allclose(wrong.get_xydata(), [[1, -1]])
    assert len(axes[0].collections) == 1, "the line where h is ½"
    plt.close()


def test_curves_have_their_names_at_their_ends_apart_and_in_their_colours():
    figure = Figure(figsize=(6, 3), layout="constrained")
    ax = figure.add_subplot(ylim=(0, 1))
    ends = {"low": 0.31, "high": 0.33, "short": 0.9}
    for (name, end), color in zip(ends.items(), ("#111111", "#222222", "#333333"), strict=True):
        ax.plot([0, 4 if name == "short" else 10], [0.5, end], color=color, label=name)
    ax.plot([0, 10], [0.2, 0.2])  # a curve without a name
    ax.set_xlim(0, 10)
    name_curves(ax)
    figure.canvas.draw()
    boxes = {text.get_text(): text.get_window_extent() for text in ax.texts}
    assert list(boxes) == list(ends) and [text.get_color() for text in ax.texts] == ["#111111", "#222222", "#333333"]
    assert boxes["low"].y1 <= boxes["high"].y0 < boxes["short"].y0, "in the order of the ends, and no two of them overlap"
    assert boxes["low"].x0 > ax.bbox.x1 and ax.bbox.x0 < boxes["short"].x0 < ax.bbox.x1, (
        "beside the axes; a short curve has it at its own end"
    )
