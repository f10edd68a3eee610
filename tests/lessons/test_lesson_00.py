"""What lesson 00 says about steps, slopes and prices holds, for other functions and other places than those it shows."""

from itertools import pairwise

import nbformat
import numpy as np
import pytest
import sympy as sp

import build_notebooks as build
from utils.explore.secant import FUNCTIONS, slopes
from utils.learn.exercises import lesson_00 as exercises

PLACES = np.linspace(-2, 2, 9)


def test_the_error_of_the_secant_is_the_corner_of_the_square():
    eps = sp.symbols("epsilon", positive=True)
    assert sp.expand(((1 + eps) ** 2 - 1) / eps) == 2 + eps


@pytest.mark.parametrize("name", ["sin x", "eˣ", "sigmoid"])
def test_errors_fall_with_the_step_and_with_its_square(name):
    for x in PLACES[[1, 3, 6]]:
        derivative, forward, central = slopes(name, x, np.array([1e-2, 1e-3]))
        ratios = [abs(quotient[0] - derivative) / abs(quotient[1] - derivative) for quotient in (forward, central)]
        assert ratios[0] == pytest.approx(10, rel=0.1) and ratios[1] == pytest.approx(100, rel=0.1)


def test_the_best_steps_are_near_1e_8_and_near_1e_5():
    steps = 10.0 ** np.arange(-1, -13, -0.5)
    best = {"secant": [], "central": []}
    for name in ("sin x", "eˣ", "sigmoid"):
        for x in PLACES:
            derivative, forward, central = slopes(name, x, steps)
            best["secant"].append(np.abs(forward - derivative))
            best["central"].append(np.abs(central - derivative))
    typical = {name: steps[np.median(errors, axis=0).argmin()] for name, errors in best.items()}
    assert 1e-9 < typical["secant"] < 1e-7 and 1e-6 < typical["central"] < 1e-4


def test_one_plus_1e_16_is_one():
    assert 1 + 1e-16 == 1 and exercises.slope(lambda x: x**2, 1.0, 1e-16) == 0


def test_no_direction_falls_as_fast_as_against_the_gradient():
    rng = np.random.default_rng(0)
    f, theta = (lambda t: t[0] ** 2 + t[1] ** 2), np.array([3.0, -1.0])
    grad = exercises.gradient(f, theta)
    directions = rng.normal(size=(200, 2))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    falls = [exercises.central(lambda t, d=d: f(theta + t * d), 0.0, 1e-5) for d in directions]
    steepest = exercises.central(lambda t: f(theta - t * grad / np.linalg.norm(grad)), 0.0, 1e-5)
    assert steepest == pytest.approx(-np.sqrt(40)) and min(falls) >= steepest - 1e-9


@pytest.mark.parametrize(("rate", "factor"), [(0.1, 0.8), (0.5, 0), (0.75, -0.5), (1.0, -1), (1.1, -1.2)])
def test_a_step_in_the_bowl_multiplies_by_one_minus_twice_the_rate(rate, factor):
    theta = np.array([3.0, -1.0])
    assert exercises.step(theta, 2 * theta, rate) == pytest.approx(factor * theta)


def test_the_slope_of_the_sigmoid_is_largest_at_0_and_a_quarter():
    prime = FUNCTIONS["sigmoid"].prime(np.linspace(-5, 5, 1001))
    assert prime.argmax() == 500 and prime.max() == pytest.approx(0.25)


def multiplications(sizes):
    """Return how many multiplications one example takes in the matrix products, forward and backward."""
    weights = [m * n for m, n in pairwise(sizes)]
    return sum(weights), sum(weights) + sum(weights[1:])  # ∂𝓛/∂W_k for each layer, ∂𝓛/∂h_k below each but the first


def test_the_price_of_backpropagation_is_at_most_two_forward_passes():
    rng = np.random.default_rng(0)
    for sizes in [[784, 256, 10], *(rng.integers(1, 60, rng.integers(2, 7)).tolist() for _ in range(200))]:
        forward, backward = multiplications(sizes)
        assert backward <= 2 * forward
    assert sum(n * (m + 1) for m, n in pairwise([784, 256, 10])) == 203_530


def test_the_unit_hears_plants_with_much_sun_and_water_more_and_its_bias_falls_from_the_second_step_on():
    (notebook,) = build.NOTEBOOKS.glob("00_*.ipynb")
    (cell,) = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if "plants = np.array(" in cell.source]
    names = {"np": np, "unit": exercises.unit}
    exec(cell.partition("def loss")[0], names)
    plants, flowered = names["plants"], names["flowered"]
    assert (plants[:, flowered == 1].mean(1) > plants[:, flowered == 0].mean(1)).all()
    theta, biases = np.zeros(3), []
    for _ in range(200):
        theta = theta - exercises.gradient(lambda t: np.mean((exercises.unit(t[:2], t[2], plants) - flowered) ** 2), theta)
        biases.append(theta[2])
    assert abs(biases[0]) < 1e-9 and biases[1] < -0.05 and (np.diff(biases) < 0).all()


def test_no_state_of_the_course_is_kept_in_the_notebook():
    (notebook,) = build.NOTEBOOKS.glob("00_*.ipynb")
    (shown,) = [cell.outputs for cell in nbformat.read(notebook, as_version=4).cells if "lesson.course()" in cell.source]
    assert not shown, "it would say how many questions the other lessons had when this one was built"
