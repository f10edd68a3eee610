"""The path tracer tells the truth about every path, and survives every combination of its controls."""

import re
from itertools import product

import numpy as np
import pytest

from utils.draw.computation import computation_columns, computation_headings
from utils.draw.paths import path_diagram
from utils.exhibits.computation_graph import Edge, Graph, network_graph
from utils.explore import path_tracer
from utils.explore.path_tracer import path_tracer_explorer, path_tracer_picture
from utils.nn.network import FeedForwardNetwork

START = {
    "graph": "2-3-2",
    "setting": "softmax, squared error",
    "kind": "weight W",
    "k": 1,
    "i": 3,
    "j": 1,
    "path": 0,
    "x": 1.5,
    "seed": 0,
}


def lit_lines(picture):
    return re.findall('<line [^>]*stroke="#A63D00"[^>]*>', picture.data.decode())


def test_default_state_shows_the_four_paths_of_the_lesson():
    explorer = path_tracer_explorer()
    assert explorer.state == START and explorer.picture == path_tracer_picture(**START)
    net = FeedForwardNetwork([2, 3, 2], loss="squared_error", seed=0)
    x, y = np.array([[1.5], [-0.5]]), np.array([[1.0], [0.0]])
    truth = net.backward(net.forward(x), y).W[1][2, 0]
    assert f"∂𝓛/∂W_1,3,1 has 4 paths; sum of the paths {truth:+.4g}" in explorer.picture.caption.replace("−", "-")
    assert "all three agree" in explorer.picture.caption and explorer.picture.details.count("<tr>") == 1 + 4 + 1


@pytest.mark.parametrize("graph", [*path_tracer.SMALL_GRAPHS, *path_tracer.NETWORKS])
@pytest.mark.parametrize("setting", path_tracer.SETTINGS)
def test_every_corner_of_the_controls_agrees_with_itself(graph, setting):
    for kind, ends, path, x in product(path_tracer.KINDS, ((1, 1, 1), (3, 4, 4)), (0, 36), (0.2, 3.0)):
        picture = path_tracer_picture(graph, setting, kind, *ends, path, x, seed=50)
        assert "all three agree" in picture.caption and "nan" not in picture.alt + picture.details
        assert picture.width <= 740 and lit_lines(picture)


def test_indices_beyond_the_network_become_the_nearest():
    assert "∂𝓛/∂W_3,2,3 has 2 paths" in path_tracer_picture(**START | {"graph": "2-3-3-2", "k": 3, "i": 4, "j": 4}).caption
    assert "∂𝓛/∂h_1,3 has" in path_tracer_picture(**START | {"kind": "activation h", "k": 3, "i": 4}).caption
    assert "∂𝓛/∂x_2 has" in path_tracer_picture(**START | {"kind": "input x", "k": 3, "i": 4}).caption


@pytest.mark.parametrize("letter", "Wbahx")
def test_the_three_derivatives_are_computed_independently(letter):
    net = FeedForwardNetwork([2, 3, 2], seed=4)
    net = net.with_parameters(b={1: np.array([[0.4], [-0.3], [0.8]])})
    x, y = np.array([[0.7], [-1.1]]), np.array([[0.0], [1.0]])
    k, symbol = (0, "x_2") if letter == "x" else (1, {"W": "W_1,2,1"}.get(letter, f"{letter}_1,2"))
    truth = network_graph(net, x, y).derivative(symbol, "L")
    assert abs(truth) > 1e-3
    assert np.isclose(path_tracer.matrix_derivative(net, x, y, letter, k, 2, 1), truth)
    assert np.isclose(path_tracer.numerical_derivative(net, x, y, letter, k, 2, 1), truth, rtol=1e-6)


@pytest.mark.parametrize("powers, slope", [((2, 3), -1), ((2, 3, 4), 3)])
def test_small_graphs_have_the_slope_of_their_logarithm(powers, slope):
    case = path_tracer.log_case(powers, 2.5)
    assert np.isclose(case.graph.derivative("x", "z"), slope / 2.5) and np.isclose(case.numerical, slope / 2.5)
    assert case.method == f"by hand {slope}/x".replace("-", "−")


def test_one_path_is_lit_alone_with_its_local_derivatives():
    everything = path_tracer_picture(**START)
    assert len(lit_lines(everything)) == 2 + 2 + 4 + 2  # W, g′, two weights, four roads through the softmax, two to L
    second = path_tracer_picture(**START | {"path": 2})
    assert len(lit_lines(second)) == 5 and "▶ 2" in second.details
    assert ">0.442<" in second.data.decode() and ">0.442<" not in everything.data.decode()
    assert path_tracer_picture(**START | {"path": 36}) == path_tracer_picture(**START | {"path": 4})


def test_a_long_table_ends_with_what_it_left_out():
    state = START | {"graph": "2-3-3-2", "kind": "input x", "i": 1}
    picture = path_tracer_picture(**state)
    assert "and 24 more" in picture.details and picture.details.count("<tr>") == 1 + 12 + 1 + 1
    products = [float(cell.replace("−", "-")) for cell in re.findall(r"<td[^>]*>([+−][\d.e−+]+)</td></tr>", picture.details)]
    assert np.isclose(sum(products[:-1]), products[-1], rtol=1e-2)
    assert "▶ 30" in path_tracer_picture(**state | {"path": 30}).details


def test_a_line_is_as_thick_as_what_flows_through_it_and_dashed_where_it_is_negative():
    edges = [Edge("x", "y_1", 1), Edge("x", "y_2", 2), Edge("y_1", "z", 1), Edge("y_2", "z", -1), Edge("z", "L", 1)]
    graph = Graph(edges, dict.fromkeys(("x", "y_1", "y_2", "z", "L"), 1.0))
    columns = [["x"], ["y_1", "y_2"], ["z"], ["L"]]
    lines = [(float(re.search('width="([^"]+)"', line)[1]), "dasharray" in line) for line in lit_lines(path_diagram(graph, columns, "x"))]
    upper, lower, common = (3.8, False), (6.0, True), (3.8, True)  # +1, −2 and their sum −1, between 1.6 and 6 pixels
    assert sorted(lines) == sorted([upper, upper, lower, lower, common])
    with pytest.raises(ValueError, match="no path 3 from x to L; there are 2"):
        path_diagram(graph, columns, "x", number=3)


def test_columns_and_headings_fit_the_network():
    assert computation_columns([1, 2, 1]) == [["x_1"], ["a_1,1", "a_1,2"], ["h_1,1", "h_1,2"], ["a_2,1"], ["ŷ_1"], ["L"]]
    for sizes in ([1, 1], [1, 2, 1], [2, 3, 3, 2]):
        assert len(computation_headings(len(sizes) - 1)) == len(computation_columns(sizes)) - 1


def test_a_bias_is_drawn_as_a_circle_before_its_unit():
    picture = path_tracer_picture(**START | {"kind": "bias b", "k": 2, "i": 1})
    still = [circle for circle in re.findall("<circle[^>]*>", picture.data.decode()) if "class=" not in circle]  # without what moves
    assert len(still) == 2 + 3 + 3 + 2 + 2 + 1 + 1
