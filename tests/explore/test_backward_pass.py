"""The blame tracer hands the derivative of the loss down truthfully, whoever speaks and whatever the controls say."""

import re
from itertools import product

import numpy as np
import pytest

from utils.explore import backward_pass
from utils.explore.backward_pass import Step, backward_case, backward_pass_explorer, backward_pass_picture, flow, steps
from utils.explore.matrices import Matrix, matrix_equation
from utils.nn.activations import ACTIVATIONS
from utils.nn.gradcheck import numerical_gradient

START = {"network": "2-3-3-2", "activation": "sigmoid", "step": 1, "j": 2, "seed": 0}


def spoken(picture):
    return picture.details.replace("−", "-")


def test_default_state_is_the_loss_and_the_last_step_the_first_weights():
    explorer = backward_pass_explorer()
    assert explorer.state == START and explorer.picture == backward_pass_picture(**START)
    assert explorer.picture.caption.startswith("Step 1 of 10 · The loss, 𝓛: “The true class is 1, and it got 31.5%")
    explorer.set(step=10)
    assert explorer.picture.caption.startswith("Step 10 of 10 · The weights and biases, W₁ and b₁:")


def test_ten_voices_for_two_hidden_layers_in_the_order_of_the_story():
    story = [("L", 3), ("ŷ", 3), ("a", 3), ("W", 3), ("h", 2), ("a", 2), ("W", 2), ("h", 1), ("a", 1), ("W", 1)]
    assert steps(3) == [Step(letter, k) for letter, k in story]
    assert len(steps(2)) == 7


@pytest.mark.parametrize("network", backward_pass.NETWORKS)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_blame_is_the_finite_difference_and_the_sum_of_what_flows_in(network, activation):
    case = backward_case(network, activation, seed=3)
    x = case.trace.h[0]
    for k in case.net.layers:
        by_nudging = numerical_gradient(case.net, x, case.y, "b", k)[:, 0]  # a nudge of b_k is one of a_k
        assert np.allclose([case.gradient_of[f"a_{k},{i + 1}"] for i in range(len(by_nudging))], by_nudging, atol=1e-8)
    for name in set(case.gradient_of) - {"L"}:
        assert np.isclose(sum(flow(case, name, edge.end) for edge in case.graph.following[name]), case.gradient_of[name])
    weights = numerical_gradient(case.net, x, case.y, "W", 1)
    assert np.isclose(flow(case, "W_1,2,1", "a_1,2"), weights[1, 0], atol=1e-8)


def test_the_formula_of_h_22_and_its_column_and_row():
    case, picture = backward_case("2-3-3-2", "sigmoid", 0), backward_pass_picture(**START | {"step": 5})
    W, grad_a = case.net.W[3], case.gradients.a[3][:, 0]
    numbers = f"({W[0, 1]:.3f}) · ({grad_a[0]:.3f}) + {W[1, 1]:.3f} · {grad_a[1]:.3f} = {W[:, 1] @ grad_a:.3f}"
    assert f"∂𝓛/∂h₂₂ = W₃₁₂ ∂𝓛/∂a₃₁ + W₃₂₂ ∂𝓛/∂a₃₂ = {numbers}" in spoken(picture)
    tables = re.findall("<table.*?</table>", spoken(picture))
    bold = [re.findall("<b>(.*?)</b>", each) for each in tables]
    assert "W₃, column 2" in tables[0] and "W₃ᵀ, row 2" in tables[1]
    assert bold[0] == bold[1] == [f"{w:.3f}" for w in W[:, 1]]  # the same numbers light up in both
    assert bold[2] == [f"{g:.3f}" for g in grad_a] and bold[3] == [f"{W[:, 1] @ grad_a:.3f}"]


@pytest.mark.parametrize("step", [3, 4, 6, 8, 9, 10])
def test_the_formula_ends_in_the_entry_of_backward(step):
    case, now = backward_case("2-3-3-2", "tanh", 5), steps(3)[step - 1]
    picture = backward_pass_picture("2-3-3-2", "tanh", step, 2, 5)
    entry = getattr(case.gradients, now.letter)[now.k][0 if now.letter == "W" else 1, 1 if now.letter == "W" else 0]
    formula = re.search("<div><b>(.*?)</b></div>", spoken(picture))[1].split(";")[0]
    assert np.isclose(float(formula.split("= ")[-1]), entry, atol=6e-4)
    if step != 3:  # there it is a difference
        factors = [float(n) for n in re.findall(r"-?\d+\.\d+", formula.split("= ")[-2])]
        pairs = zip(factors[::2], factors[1::2], strict=True)
        assert np.isclose(sum(left * right for left, right in pairs), entry, atol=3e-3)


def test_lines_show_sign_and_size_of_what_flows_and_only_on_the_way_back():
    svg = backward_pass_picture(**START | {"step": 5}).data.decode()
    case = backward_case("2-3-3-2", "sigmoid", 0)
    strongest = np.abs(case.gradients.a[3]).max()
    for j, m in product((1, 2, 3), (1, 2)):
        through = case.net.W[3][m - 1, j - 1] * case.gradients.a[3][m - 1, 0]
        width = backward_pass.THINNEST + (backward_pass.THICKEST - backward_pass.THINNEST) * min(1, abs(through) / strongest)
        dashes = ' stroke-dasharray="8 5"' if through < 0 else ""
        assert f'stroke="{backward_pass.SIGNS[np.sign(through)]}" stroke-width="{width:g}"{dashes}/>' in svg
    drawn = sum(len(re.findall(rf"<line [^>]*stroke=\"{backward_pass.SIGNS[sign]}\"", svg)) for sign in (1, -1))
    assert drawn == 6 + 2 + 1  # W_3, softmax, −log
    texts = re.findall(f'font-size="1[13]"[^>]* fill="(?:{"|".join(backward_pass.SIGNS.values())})"[^>]*>(.*?)</text>', svg)
    assert texts == ["+0.22", "+0.41"]  # at unit j = 2, and nowhere else
    assert svg.count('fill="#FFF1DC"') == 3  # the speakers: h_2


@pytest.mark.parametrize("network", backward_pass.NETWORKS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_corner_of_the_controls_gives_a_picture(network, activation):
    last = len(steps(network.count("-")))
    for step, j, seed in product(range(1, 11), (1, 4), (0, 50)):
        picture = backward_pass_picture(network, activation, step, j, seed)
        assert picture.caption.startswith(f"Step {min(step, last)} of {last} ·") and picture.width <= 740
        assert "nan" not in picture.alt + picture.details and "_" not in picture.caption + picture.details
        assert not set(re.findall(">(.*?)<", picture.data.decode())) & {"nan", "inf"}


def test_steps_and_units_beyond_the_network_become_the_nearest_and_nothing_is_remembered():
    picture = backward_pass_picture("2-3-2", "sigmoid", 10, 4, 0)
    backward_pass_picture("2-4-3-2", "relu", 5, 4, 9)
    assert picture == backward_pass_picture("2-3-2", "sigmoid", 7, 2, 0)
    assert "∂𝓛/∂h₁₃ =" in backward_pass_picture("2-3-2", "sigmoid", 5, 4, 0).details


def test_matrices_frame_a_row_a_column_an_entry_or_nothing():
    A = np.array([[1, 2], [3, 4]])
    assert re.findall(r"<b>(\d)", matrix_equation(Matrix("A", A, row=0))) == ["1", "2"]
    assert re.findall(r"<b>(\d)", matrix_equation(Matrix("A", A, column=0))) == ["1", "3"]
    assert re.findall(r"<b>(\d)", matrix_equation(Matrix("A", A, 1, 0))) == ["3"]
    html = matrix_equation(Matrix("A < B", A), "=", Matrix("A", A))
    assert "A &lt; B" in html and re.findall("<b>(.*?)</b>", html) == ["="]
