"""The chain stepper: every step against its own text and against sympy, every picture against finite differences."""

import re
from itertools import pairwise, product

import numpy as np
import pytest
import sympy as sp
from sympy.parsing.sympy_parser import parse_expr

from utils.draw.diagrams import graph_diagram
from utils.draw.numbers import significant
from utils.draw.svg import Line
from utils.explore.chain import BACKWARDS, CHAINS, FORWARDS, INPUT, W_211, W_311, chain_explorer, chain_picture, running_products
from utils.nn.network import FeedForwardNetwork

SIGMOID, THIN = "σ(a), in four steps", "thin network, from W_111 to 𝓛"
START = {"function": SIGMOID, "direction": BACKWARDS, "x": 1.0, "step": 2, "nudge": 0.0}
WHOLE = {
    SIGMOID: "1/(1 + exp(-v))",
    "(2x + 1)²": "(2*v + 1)**2",
    "sin(x²)": "sin(v**2)",
    "log(1 + eˣ)": "log(1 + exp(v))",
    "e to the −x²/2": "exp(-v**2/2)",
    "(y − ŷ)², a squared error": "(1 - v)**2",
    THIN: f"(1/(1 + exp(-({W_311})/(1 + exp(-({W_211})/(1 + exp(-v*{INPUT})))))) - 1)**2",
}


def sympified(text, chain):
    """Return what the learner reads as an expression in the symbols of the nodes."""
    names = {node: sp.Symbol(node) for node in chain.nodes} | {"x": sp.Symbol("x"), "σ": lambda a: 1 / (1 + sp.exp(-a))}
    for shown, python in (("−", "-"), ("·", "*"), ("²", "**2")):
        text = text.replace(shown, python)
    return parse_expr(text, names)


@pytest.mark.parametrize("function", CHAINS)
def test_every_step_is_what_its_texts_say(function):
    chain = CHAINS[function]
    constants = {"x": INPUT, "W_211": W_211, "W_311": W_311} if function == THIN else {}
    for x in (-1.3, 0.4, 2.0):
        at = dict(zip(chain.nodes, chain.values(x), strict=True)) | constants
        for (before, node), step, slope in zip(pairwise(chain.nodes), chain.steps, chain.local_derivatives(chain.values(x)), strict=True):
            assert node == step.node
            formula, derivative = sympified(step.formula, chain), sympified(step.slope, chain)
            assert sp.simplify(sp.diff(formula, sp.Symbol(before)) - derivative.subs(sp.Symbol(node), formula)) == 0
            assert np.isclose(float(formula.subs(at)), at[node]) and np.isclose(float(derivative.subs(at)), slope)


@pytest.mark.parametrize("function", CHAINS)
def test_the_product_is_the_derivative_of_the_whole(function):
    chain, v = CHAINS[function], sp.Symbol("v")
    whole = sp.sympify(WHOLE[function])
    for x in (-2.1, 0.0, 0.7, 3.0):
        values = chain.values(x)
        products = {direction: running_products(chain.local_derivatives(values), direction) for direction in (FORWARDS, BACKWARDS)}
        truth = float(sp.diff(whole, v).subs(v, x))
        assert np.isclose(values[-1], float(whole.subs(v, x)))
        assert np.isclose(products[FORWARDS][-1], truth) and np.isclose(products[BACKWARDS][0], truth)
        assert np.isclose(chain.numerical_derivative(x), truth, rtol=1e-6, atol=1e-9)
        assert products[FORWARDS][0] == products[BACKWARDS][-1] == 1


def test_the_products_on_the_way_are_derivatives_of_and_to_each_value():
    chain, x, nudge = CHAINS[THIN], 0.8, 1e-6
    values = chain.values(x)
    local = chain.local_derivatives(values)
    up, down = chain.values(x + nudge), chain.values(x - nudge)
    assert np.allclose(running_products(local, FORWARDS), [(u - d) / (2 * nudge) for u, d in zip(up, down, strict=True)])
    for i, backwards in enumerate(running_products(local, BACKWARDS)):
        up, down = values[i] + nudge, values[i] - nudge
        for step in chain.steps[i:]:
            up, down = step.f(up), step.f(down)
        assert np.isclose((up - down) / (2 * nudge), backwards)


def test_the_thin_network_is_the_network_of_the_course():
    net = FeedForwardNetwork([1, 1, 1, 1], output="sigmoid", loss="squared_error")
    net = net.with_parameters(W={1: [[0.5]], 2: [[W_211]], 3: [[W_311]]})
    trace = net.forward(np.array([[INPUT]]))
    chain = CHAINS[THIN]
    values = chain.values(0.5)
    assert np.allclose(values[1:-1], [v[0, 0] for k in net.layers for v in (trace.a[k], trace.h[k])])
    truth = net.backward(trace, np.ones((1, 1)))
    products = dict(zip(chain.nodes, running_products(chain.local_derivatives(values), BACKWARDS), strict=True))
    assert np.isclose(products["W_111"], truth.W[1][0, 0])
    assert np.allclose([products[f"a_{k}"] for k in net.layers], [truth.a[k][0, 0] for k in net.layers])


@pytest.mark.parametrize("function", CHAINS)
@pytest.mark.parametrize("direction", [FORWARDS, BACKWARDS])
def test_every_corner_of_the_controls_agrees_with_itself(function, direction):
    for x, step in product((-3.0, -0.7, 0.0, 3.0), range(8)):
        picture = chain_picture(function, x, step, direction)
        n = len(CHAINS[function].steps)
        assert f"{min(step, n)} of {n} factors" in picture.caption
        assert ("they agree" in picture.caption) == (step >= n), "the whole product is told when all factors are multiplied, not before"
        assert not re.search("nan|inf|DIFFER", picture.alt + picture.details) and picture.width <= 740
        assert picture.data.decode().count('stroke-width="4"/>') == 2 * min(step, n) + 1  # lit circles and done edges
        assert all(len(text) <= 8 for text in re.findall(r">(−?[\d.e−]+)<", picture.data.decode()))


def test_the_product_grows_from_the_end_where_it_begins():
    first, second = (chain_picture(SIGMOID, -np.log(2), 2, direction) for direction in (FORWARDS, BACKWARDS))
    assert "du_2/da = −2." in first.caption and "dh/du_2 = −0.111." in second.caption
    first, second = (re.sub(' style="[^"]*"', "", picture.details) for picture in (first, second))
    assert "<td>du<sub>1</sub>/da = −1</td><td>du<sub>1</sub>/da = −1</td>" in first
    assert "<td>du<sub>1</sub>/da = −1</td><td></td>" in second and "= −1/u<sub>3</sub>² = −0.111</td><td>dh/dh = 1" in second


def test_a_wrong_derivative_would_be_seen(monkeypatch):
    chain = CHAINS[SIGMOID]
    wrong = [(-d if i == 3 else d) for i, d in enumerate(chain.local_derivatives(chain.values(1.0)))]
    monkeypatch.setattr(type(chain), "local_derivatives", lambda self, values: wrong)
    assert "THEY DIFFER" in chain_picture(**START | {"step": 4}).caption


def test_default_state_and_the_way_back_to_it():
    explorer = chain_explorer()
    assert explorer.state == START and explorer.picture == chain_picture(**START)
    explorer.set(function=THIN, step=7, x=-3.0, direction=FORWARDS)
    assert "∂𝓛/∂W_111 = 0.00172" in explorer.picture.caption
    explorer.set(**START)
    assert explorer.picture == chain_picture(**START)
    with pytest.raises(ValueError, match="step can be 0 to 7, not 8"):
        chain_explorer(step=8)


def test_a_diagram_has_room_for_derivatives_below_and_texts_above_the_line():
    def heights(**more):
        picture = graph_diagram([["u"], ["v"]], [("u", "v")], "two circles", captions=["left", "right"], **more).data.decode()
        return int(re.search('height="(\\d+)"', picture)[1]), {
            text: float(y) for y, text in re.findall('y="([^"]+)" font[^>]*>([^<]+)<', picture)
        }

    plain, _ = heights()
    taller, at = heights(below=["2", "1"], lines={("u", "v"): Line("#222222", text="0.5", lift=13)})
    assert taller > plain and at["2"] == at["1"] and at["0.5"] + 13 == heights(lines={("u", "v"): Line("#222222", text="0.5")})[1]["0.5"]
    assert at["u"] + 20 < at["2"] < at["left"] - 12 and at["left"] < taller


@pytest.mark.parametrize("function", CHAINS)
def test_the_nudge_travels_to_the_end(function):
    chain, nudge = CHAINS[function], 0.2
    picture = chain_picture(function, 0.7, 0, FORWARDS, nudge)
    arrives = chain.values(0.7 + nudge)[-1] - chain.values(0.7)[-1]
    assert f"Nudge {chain.start} by +0.2, and {chain.nodes[-1]} moves by {significant(arrives, signed=True)}." in picture.caption
    svg = picture.data.decode()
    bars = [float(height) for height in re.findall(r'<rect [^>]*width="26" height="([\d.]+)"', svg)]
    moved = np.abs(np.subtract(chain.values(0.7 + nudge), chain.values(0.7)))
    assert np.allclose(np.divide(bars, max(bars)), moved / moved.max(), atol=0.01)
    assert svg.count('class="dot"') == len(chain.steps)
    assert 'class="dot"' not in chain_picture(function, 0.7, 0, FORWARDS).data.decode(), "without a nudge all is still"
