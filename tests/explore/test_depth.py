"""The depth explorer: its numbers against finite differences and against theory, its extremes, its arrows."""

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from utils.draw.numbers import number
from utils.explore.depth import SIZES, VALUES, Stage, depth_explorer, depth_picture, scaled_network, signal_scales
from utils.nn.activations import ACTIVATIONS

START = {"depth": 10, "width": 50, "activation": "sigmoid", "scale": 1.0, "seed": 0}
PLAIN = {"sigmoid": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh, "relu": lambda a: a * (a > 0), "identity": lambda a: a}


def pre_activations(net, x, g):
    """Return [None, a_1, …, a_L], with nothing but matrix products and g."""
    a = [None, net.W[1] @ x]
    for k in range(2, len(net.W)):
        a.append(net.W[k] @ g(a[-1]))
    return a


def size(v):
    return np.sqrt((v**2).mean())


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("scale", [0.3, 2.0])
def test_sizes_and_differences_are_those_of_a_plain_forward_pass(activation, scale):
    net, x = scaled_network(4, 6, activation, scale, 3)
    h = [x, *map(PLAIN[activation], pre_activations(net, x, PLAIN[activation])[1:-1])]
    result = signal_scales(4, 6, activation, scale, 3)
    np.testing.assert_allclose(result.size, [size(v) for v in h], rtol=1e-10)
    np.testing.assert_allclose(result.contrast, [size(v - v.mean(-1, keepdims=True)) for v in h], rtol=1e-10)
    for k, share in enumerate(result.histograms, start=1):
        inside = [((h[k] >= low) & (h[k] < high)).mean() for low, high in pairwise(VALUES[1:-1])]
        np.testing.assert_allclose(share[1:-1], inside, atol=1e-12)
        assert share.sum() == pytest.approx(1) and share[-1] == pytest.approx((h[k] >= VALUES[-2]).mean())


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity"])
def test_the_blame_is_that_of_finite_differences(activation):
    g, step = PLAIN[activation], 1e-6
    net, x = scaled_network(3, 12, activation, 1.5, 2)  # 12 units: no example silences a whole layer, which would put a on ReLU's kink
    a = pre_activations(net, x, g)
    noise = np.random.default_rng(2 + 2000).normal(size=x.shape)
    y = a[-1] - noise

    def losses(k, a_k):  # of each example, from layer k upwards
        for j in range(k + 1, len(a)):
            a_k = net.W[j] @ g(a_k)
        return ((a_k - y) ** 2).sum(0)

    nudges = step * np.eye(12)[:, :, None]
    gradient = [size(np.array([losses(k, a[k] + nudge) - losses(k, a[k] - nudge) for nudge in nudges])) for k in range(1, 5)]
    np.testing.assert_allclose(signal_scales(3, 12, activation, 1.5, 2).backward_size, np.divide(gradient, gradient[-1]), rtol=1e-4)


def test_weights_have_the_standard_deviation_that_the_scale_promises():
    for activation in ACTIVATIONS:
        net, x = scaled_network(5, 80, activation, 1.7, 0)
        for k in net.layers:
            assert np.sqrt(80) * net.W[k].std() == pytest.approx(1.7, rel=0.05) and (net.b[k] == 0).all()
        assert abs(x.std() - 1) < 0.03


@pytest.mark.parametrize(
    "activation, scale, factor", [("identity", 0.5, 0.5), ("identity", 2, 2), ("relu", 2, np.sqrt(2)), ("relu", 0.7, 0.495)]
)
def test_up_and_down_every_layer_multiplies_by_what_theory_says(activation, scale, factor):
    runs = [signal_scales(12, 100, activation, scale, seed) for seed in range(4)]
    assert np.mean([(run.size[-1] / run.size[1]) ** (1 / 11) for run in runs]) == pytest.approx(factor, rel=0.05)
    assert np.mean([run.backward_size[0] ** (1 / 12) for run in runs]) == pytest.approx(factor, rel=0.05)


def test_the_picture_tells_the_numbers():
    picture, result = depth_picture(**START | {"activation": "tanh", "depth": 3}), signal_scales(3, 50, "tanh", 1.0, 0)
    listed = ", ".join(map(number, result.backward_size[::-1]))
    assert f"Blame on a_k for k = 4 down to 1, relative to the output: {listed}." in picture.alt
    assert f"Size of h_k for k = 0 to 3: {', '.join(map(number, result.size))}." in picture.alt
    assert f"difference between examples {number(result.contrast[-1])}" in picture.caption
    assert f"a factor {number(result.backward_size[0] ** (1 / 3))} for each layer" in picture.caption


@pytest.mark.parametrize(
    "activation, scale, verdict",
    [("sigmoid", 1.0, "vanishes"), ("relu", 1.4, "gets through"), ("tanh", 3.0, "gets through"), ("identity", 2.0, "explodes")],
)
def test_verdicts(activation, scale, verdict):
    assert f"it {verdict}" in depth_picture(**START | {"activation": activation, "scale": scale}).caption


def test_what_leaves_the_axes_is_drawn_as_arrows_at_their_edge():
    def dark(scale):
        picture = depth_picture(12, 50, "identity", scale, 0)
        pixels = np.asarray(Image.open(io.BytesIO(picture.data)).convert("RGB"))[:380:2, 120:680:2] < 70
        return pixels.all(-1)[28:36].sum(), pixels.all(-1)[178:186].sum()  # top and bottom of the left panel

    inside, above, below = dark(1.0), dark(10.0), dark(0.1)
    assert above[0] > inside[0] + 50 and above[1] == inside[1]
    assert below[1] > inside[1] + 50 and below[0] == inside[0]


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
def test_every_line_stands_over_its_layer_and_stays_within_the_axes(scale):
    stage, result = Stage(), signal_scales(10, 20, "identity", scale, 0)
    stage.draw(result)
    for line, first, values in (
        (stage.size, 0, result.size),
        (stage.contrast, 0, result.contrast),
        (stage.backward_size, 1, result.backward_size),
    ):
        assert line.get_xdata().tolist() == list(range(first, first + 11))
        np.testing.assert_array_equal(line.get_ydata(), np.clip(values, *SIZES))


def test_default_state_is_drawn_without_any_event():
    explorer = depth_explorer()
    assert explorer.state == START and explorer.picture == depth_picture(**START)
    explorer.set(activation="relu", scale=1.4)
    assert "relu units, scale 1.4" in explorer.picture.caption
    with pytest.raises(ValueError, match="depth can be 1 to 12, not 13"):
        depth_explorer(depth=13)
