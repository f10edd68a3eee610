"""The pictures of the lessons say the numbers that they draw, fit into a notebook, and do not tell an answer too early."""

import numpy as np
import pytest

from utils.data import four_blobs, one_hot
from utils.nn import FeedForwardNetwork, gradient_descent
from utils.pictures import lesson_00, lesson_01, lesson_02, lesson_03, lesson_10

X, LABELS = four_blobs(200)


@pytest.fixture(scope="module")
def run():
    net = FeedForwardNetwork([2, 2, 4], seed=0)
    return gradient_descent(net, X.T, one_hot(LABELS, 4), learning_rate=0.5, epochs=20)


def tilted(theta):
    return theta[0] ** 2 + 3 * theta[0] * theta[1]


def test_eight_directions_are_those_of_the_derivative():
    point = np.array([1.0, 2.0])
    gradient = np.array([2 * point[0] + 3 * point[1], 3 * point[0]])
    alt = lesson_00.eight_directions(tilted, point).alt
    for angle in range(0, 360, 45):
        direction = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        assert f"{angle}°: {gradient @ direction:+.2f}".replace("-", "−") in alt
    downhill = f"{np.degrees(np.arctan2(*-gradient[::-1])):.0f}°: {-np.linalg.norm(gradient):+.2f}"
    assert f"Along −∇f, at {downhill.replace('-', '−')}" in alt


def test_steps_in_a_valley_are_told_point_by_point():
    alt = lesson_00.steps_in_a_valley(tilted, {"short": np.array([[3, -1], [2.4, -0.8]]), "long": np.array([[3, -1], [-3.6, 1.2]])}).alt
    assert "short: (3.00, −1.00), (2.40, −0.80)" in alt and "long: (3.00, −1.00), (−3.60, 1.20)" in alt


def test_a_moving_border_counts_the_points_on_their_side():
    x, y = np.array([[0.0, 1, 2, 3], [0, 0, 1, 1]]), np.array([0, 0, 1, 1])
    thetas = np.array([[1.0, 1.0, -0.5], [1, 1, -2], [-1, -1, 2]])  # 3, 4 and none of the points lie right
    alt = lesson_00.moving_border(x, y, thetas, [0.3, 0.2, 0.9], steps=(0, 1, 2)).alt
    assert "after 0 steps 3 of 4" in alt and "after 1 steps 4 of 4" in alt and "after 2 steps 0 of 4" in alt and "loss is 0.900" in alt


def test_the_loop_has_its_four_parts_in_order():
    alt = lesson_00.learning_loop().alt
    assert [alt.index(part) for part in ("forward", "loss:", "backward", "step:")] == sorted(
        alt.index(part) for part in ("forward", "loss:", "backward", "step:")
    )


def test_clouds_are_told_with_their_middles_and_without_a_verdict():
    alt = lesson_10.clouds(X.T, LABELS).alt
    for c in range(4):
        assert "({:.1f}, {:.1f})".format(*X[c == LABELS].mean(0)).replace("-", "−") in alt
    assert "overlap" not in alt


def test_losses_are_told_at_the_beginning_and_as_means_of_the_quarters():
    alt = lesson_10.losses({"falling": np.linspace(4, 0, 101), "jumping": np.resize([1.0, 3.0], 101)}).alt
    assert "falling: 4.00, 3.48, 2.48, 1.48, 0.48" in alt and "jumping: 1.00, 2.04, 1.96, 2.04, 1.96" in alt


def test_a_confusion_matrix_is_told_row_by_row():
    assert "class 0: 5, 1; class 1: 2, 7" in lesson_10.confusion_matrix(np.array([[5, 1], [2, 7]])).alt


def test_parameters_are_told_as_means_of_the_last_quarter(run):
    alt = lesson_10.parameters(run, every=5).alt
    for name, values in (("W_1,2,1", run.W[1][-5:, 1, 0]), ("b_2,4", run.b[2][-5:, 3, 0])):
        assert f"{name} = {values.mean():.1f}".replace("-", "−") in alt


def test_wrong_points_are_counted(run):
    wrong = (run.network.predict(X.T) != LABELS).sum()
    assert f"{wrong} of 200 points are ringed" in lesson_10.wrong_points(run.network, X.T, LABELS).alt


def test_pictures_fit_into_a_notebook(run):
    pictures = [
        lesson_00.one_unit(),
        lesson_00.learning_loop(),
        lesson_00.small_network(),
        lesson_10.clouds(X.T, LABELS),
        lesson_10.architecture(),
        lesson_10.parameters(run, every=5),
        lesson_10.borders({"a": (run.network, X.T, LABELS), "b": (run.network, X.T, LABELS)}),
    ]
    for picture in pictures:
        assert picture.width <= 820 and len(picture.data) < 80_000 and len(picture.alt) > 30


def test_a_compressed_chain_and_the_prices_are_told_with_their_numbers():
    assert "green, −0.654" in lesson_01.compressed_chain(-0.0505, -0.6537).alt.replace("-", "−")
    alt = lesson_01.prices([2, 6, 12], [2, 5, 8]).alt
    assert "reaches 12" in alt and "reaches 8" in alt


def test_a_rectangle_is_told_without_its_corner_and_a_circuit_without_its_way_back():
    assert "3.25" in (alt := lesson_02.growing_rectangle(9, 12, 3.25, 2.0).alt) and "6.5" not in alt
    edges = [("y", "q"), ("x", "q"), ("x", "x′"), ("q", "f"), ("x′", "f")]
    values = {"y": -1.0, "x": 3.0, "q": 2.0, "x′": 3.0, "f": 6.0}
    alt = lesson_02.circuit([["y", "x"], ["q", "x′"], ["f"]], edges, values, ["plus, fork", "times"]).alt
    assert "y = −1, x = 3, q = 2, x′ = 3, f = 6" in alt and "5" not in alt


def test_what_examples_wish_and_the_plane_of_xor_are_told_with_their_numbers():
    y_hat, y = np.array([[0.321, 0.548], [0.679, 0.452]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    assert "first: ŷ_1 0.321 to 1, ŷ_2 0.679 to 0; second: ŷ_1 0.548 to 0" in lesson_03.wishes(y_hat, y, ["first", "second"]).alt
    corners, truth = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[False, True, True, False]])
    alt = lesson_03.xor_plane(lambda x: np.abs(x[:1] - x[1:]), corners, truth).alt
    assert "(0, 0): 0.000, (0, 1): 1.000, (1, 0): 1.000, (1, 1): 0.000" in alt
    alt = lesson_03.slopes_of_units(np.zeros((4, 5)), np.full((4, 5), 0.2)).alt
    assert "raw inputs 100% of them are below 0.01, with standardised inputs 0%" in alt
