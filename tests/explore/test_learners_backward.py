"""The path tracer beside a learner's own ``backward``: its answer is shown as it is, and what cannot be shown is said in words."""

import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from utils.explore import learners_backward
from utils.explore.path_tracer import OWN_NETWORKS, path_tracer_explorer
from utils.explore.words import Words
from utils.homework import reference
from utils.homework.bank.backward import backward as question
from utils.nn.network import FeedForwardNetwork

RNG = np.random.default_rng(0)
PARAMETERS = [RNG.normal(size=shape) for shape in ((4, 3), (4, 1), (2, 4), (2, 1))]


def backward(x, y, W1, b1, W2, b2):
    return reference.backward(x, y, W1, b1, W2, b2)


def without_one_over_n(x, y, *parameters):
    return [x.shape[1] * gradient for gradient in reference.backward(x, y, *parameters)]


def minus(text):
    return text.replace("−", "-")


@pytest.mark.parametrize("graph", OWN_NETWORKS)
@pytest.mark.parametrize("kind", ["weight W", "bias b"])
def test_a_right_backward_agrees_with_every_path(graph, kind):
    explorer = path_tracer_explorer(backward=backward, graph=graph, kind=kind)
    for k in (1, 2):
        explorer.set(k=k, i=1, j=1, seed=k)
        assert "all three agree" in explorer.picture.caption and "your backward agrees" in explorer.picture.alt
        assert f"has {explorer.rows['path'].field.max} path" in explorer.picture.caption, "the slider goes to the last path"
        assert explorer.rows["j"].field.disabled == (kind == "bias b")
    for spot in explorer.picture.spots:
        explorer.set(**spot.values)
        assert f"∂𝓛/∂{spot.name} has" in explorer.picture.caption, "a weight is chosen in the picture"


def test_its_number_is_that_of_its_own_parameters():
    W1, b1, W2, b2 = PARAMETERS
    explorer = path_tracer_explorer(backward=backward, parameters=PARAMETERS, k=1, i=4, j=2, x=0.7)
    assert {"graph", "seed"}.isdisjoint(explorer.state)
    x, y = np.array([[0.7], [-0.5], [0.8]]), np.array([[1.0], [0.0]])
    truth = reference.backward(x, y, *PARAMETERS)[0][3, 1]
    assert f"∂𝓛/∂W_1,4,2 has 4 paths; sum of the paths {truth:+.4g}, your backward {truth:+.4g}" in minus(explorer.picture.caption)
    net = FeedForwardNetwork([3, 4, 2]).with_parameters({1: W1, 2: W2}, {1: b1, 2: b2})
    assert np.isclose(net.backward(net.forward(x), y).W[1][3, 1], truth)


def test_a_wrong_number_stands_beside_the_right_ones():
    right = path_tracer_explorer(backward=backward).picture.caption
    wrong = path_tracer_explorer(backward=lambda *given: [-3 * gradient for gradient in backward(*given)]).picture
    total, measured = (re.search(rf"{name} (.[\d.e−+]+)[,:]", right)[1] for name in ("sum of the paths", "finite difference"))
    assert f"sum of the paths {total}, your backward" in wrong.caption and f"finite difference {measured}: THEY DIFFER" in wrong.caption
    claimed = float(re.search(r"your backward (.[\d.e-]+)", minus(wrong.caption))[1])
    assert claimed == pytest.approx(-3 * float(minus(total)), rel=1e-3)


def test_a_mistake_that_one_example_does_not_show_is_shown_by_five():
    picture = path_tracer_explorer(backward=without_one_over_n).picture
    assert "all three agree" in picture.caption
    assert "for five examples at once: ∂𝓛/∂W_1, ∂𝓛/∂W_2, ∂𝓛/∂b_1, ∂𝓛/∂b_2 differ" in picture.alt
    assert re.search(r"∂L/∂W_2 +6 of 6 .* 5\n", picture.details), "five times too large"


@pytest.mark.parametrize("mistake", ["no_g_prime", "w2_updated_too_early", "bias_gradients_as_means"])
def test_the_mistakes_of_the_homework_are_seen(mistake):
    (wrong,) = (each.function for each in question.mistakes if each.function.__name__ == mistake)
    assert "differ." in path_tracer_explorer(backward=wrong, parameters=PARAMETERS).picture.caption


def test_the_finite_difference_is_that_of_ones_own_forward():
    def no_bias(x, W1, b1, W2, b2):
        return reference.forward(x, W1, 0 * b1, W2, b2)

    for forward, said in ((reference.forward, "all three agree"), (no_bias, "THEY DIFFER")):
        caption = path_tracer_explorer(backward=backward, forward=forward).picture.caption
        assert said in caption and "finite difference of your forward" in caption
        assert ("your backward agrees" in caption) == (forward is reference.forward)


def test_the_check_that_the_homework_names_is_there():
    text = (Path(__file__).parents[2] / "lectures_src" / "hw_04_whole_algorithm.py").read_text(encoding="utf-8")
    call, module = re.search(r"`(check_gradients\(.*?\))`, from `(utils\.\w+)`", text).groups()
    names = dict(zip(("W1", "b1", "W2", "b2"), PARAMETERS, strict=True)) | {"x": RNG.normal(size=(3, 4)), "y": np.eye(2)[:, [0, 1, 1, 0]]}
    names["check_gradients"] = import_module(module).check_gradients
    assert eval(call, names | {"backward": backward}).ok and not eval(call, names | {"backward": without_one_over_n}).ok


def not_written(x, y, W1, b1, W2, b2):
    raise NotImplementedError


def endless(x, y, W1, b1, W2, b2):
    while True:
        pass


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (not_written, "Not yet: write"),
        (endless, "your backward had not finished after"),
        (lambda *given: None, "it returned nothing"),
        (lambda *given: backward(*given)[:3], "backward returned 3 arrays, but expected are 4 arrays"),
        (lambda *given: [v.T for v in backward(*given)], "∂L/∂W1 has shape (2, 3), but (3, 2) is expected. It is turned"),
        (lambda x, y, W1, b1, W2, b2: W1 @ W1, "The inner sizes of a product must agree"),
        (lambda *given: [v * np.nan for v in backward(*given)], "∂L/∂W1 holds numbers that are not finite"),
        (lambda x, y: None, "2 positional arguments but 6 were given"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_words(function, said, monkeypatch):
    monkeypatch.setattr(learners_backward, "TIME_LIMIT", 0.2)
    explorer = path_tracer_explorer(backward=function)
    assert isinstance(explorer.picture, Words) and said in explorer.picture.text
    explorer.set(seed=2)
    assert explorer.image.value == explorer.picture.html


def test_what_fits_no_picture_is_refused():
    with pytest.raises(ValueError, match=r"draws up to 3 inputs, 4 hidden units and 4 outputs, but .* of a 2-9-3 network"):
        path_tracer_explorer(backward=backward, parameters=[np.ones(shape) for shape in ((9, 2), (9, 1), (3, 9), (3, 1))])
    with pytest.raises(TypeError, match="backward must be a function"):
        path_tracer_explorer(backward=PARAMETERS)
    with pytest.raises(TypeError, match="stand beside a backward"):
        path_tracer_explorer(forward=reference.forward)
