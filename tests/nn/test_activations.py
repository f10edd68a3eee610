import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.nn.activations import ACTIVATIONS

quick = settings(derandomize=True, deadline=None, max_examples=40)

BY_HAND = {
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "tanh": lambda a: (math.exp(a) - math.exp(-a)) / (math.exp(a) + math.exp(-a)),
    "relu": lambda a: a if a > 0 else 0,
    "identity": lambda a: a,
}


@pytest.mark.parametrize("name", ACTIVATIONS)
@quick
@given(a=st.floats(-8, 8))
def test_g_and_its_derivative_at_h_agree_with_plain_arithmetic(name, a):
    g, plain, epsilon = ACTIVATIONS[name], BY_HAND[name], 1e-5
    h = g(np.array([[a]]))
    assert h[0, 0] == pytest.approx(plain(a), rel=1e-12, abs=1e-14)
    if name == "relu" and abs(a) < 2 * epsilon:
        return  # at the kink there is no slope
    slope = (plain(a + epsilon) - plain(a - epsilon)) / (2 * epsilon)
    assert g.prime(h)[0, 0] == pytest.approx(slope, abs=1e-9)


@pytest.mark.parametrize(
    "name, limits, slopes",
    [("sigmoid", [0, 0.5, 1], [0, 0.25, 0]), ("tanh", [-1, 0, 1], [0, 1, 0]), ("relu", [0, 0, 1e4], [0, 0, 1])],
)
def test_limits_and_centre_are_exact(name, limits, slopes):
    g = ACTIVATIONS[name]
    h = g(np.array([-1e4, 0.0, 1e4]))
    assert h.tolist() == limits
    assert g.prime(h).tolist() == slopes


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_shape_is_kept_and_the_argument_left_alone(name):
    a = np.linspace(-2, 2, 24).reshape(2, 3, 4)
    a.setflags(write=False)
    h = ACTIVATIONS[name](a)
    assert h.shape == ACTIVATIONS[name].prime(h).shape == a.shape
