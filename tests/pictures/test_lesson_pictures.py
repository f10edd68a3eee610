"""The pictures of the lessons say the numbers that they draw, fit into a notebook, and do not tell an answer too early."""

import numpy as np
import pytest

from utils.data import four_blobs, one_hot
from utils.nn import FeedForwardNetwork, gradient_descent
from utils.pictures import lesson_00, lesson_10

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
        assert f"{angle}°: {gradient @ direction:+.2f}" in alt
    assert f"Along −∇f, at {np.degrees(np.arctan2(*-gradient[::-1])):.0f}°: {-np.linalg.norm(gradient):+.2f}" in alt


def test_steps_in_a_valley_are_told_point_by_point():
    alt = lesson_00.steps_in_a_valley(tilted, {"short": np.array([[3, -1], [2.4, -0.8]]), "long": np.array([[3, -1], [-3.6, 1.2]])}).alt
    assert "short: (3.00, -1.00), (2.40, -0.80)" in alt and "long: (3.00, -1.00), (-3.60, 1.20)" in alt


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
        assert "({:.1f}, {:.1f})".format(*X[c == LABELS].mean(0)) in alt
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
