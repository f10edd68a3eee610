"""Lesson 11: what the prose claims without showing, the answers to its tasks, and its cell for PyTorch with and without PyTorch."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from utils.exhibits.autograd import Value
from utils.exhibits.multiplication_counts import cost
from utils.exhibits.samples import sample
from utils.exhibits.scalar_loops import example_by_example, instructions, number_by_number
from utils.explore.autograd_graph import graph_picture, sample_loss
from utils.nn.network import FeedForwardNetwork

SOURCE = (Path(__file__).parents[2] / "lectures_src" / "11_vectorisation_and_autograd.py").read_text(encoding="utf-8")
OPERATIONS = ("add", "sub", "mul", "truediv", "pow", "neg", "exp", "log", "tanh")
PYTORCH = re.search(r"^try:\n    import torch\n.*?(?=\n# %%)", SOURCE, flags=re.M | re.S)[0]


def parameter_gradients(x, true_class, W_111):
    loss, places = sample_loss(x, true_class, W_111)
    loss.backward()
    return {place.name: place.value.grad for place in places if place.name[0] in "Wb" and not place.value.inputs}


def pytorch_cell(monkeypatch, **modules):
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    net, x, y = sample("2-2-2"), np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]])
    gradients = net.backward(net.forward(x), y)
    scope = {"W_1": net.W[1], "b_1": net.b[1], "W_2": net.W[2], "b_2": net.b[2], "x_1": x, "ways": {}}
    scope["flat"] = lambda arrays: np.concatenate([np.ravel(v) for v in arrays])
    exec(PYTORCH, scope)
    return scope["ways"], scope["flat"]([gradients.W[1], gradients.b[1], gradients.W[2], gradients.b[2]])


def test_without_pytorch_a_sentence_says_so(monkeypatch, capsys):
    ways, _ = pytorch_cell(monkeypatch, torch=None)
    assert not ways and capsys.readouterr().out.startswith("PyTorch is not installed here")


def test_with_pytorch_there_is_a_fifth_way(monkeypatch):
    pytest.importorskip("torch", reason="PyTorch is not installed: the cell that uses it was not tried")
    ways, truth = pytorch_cell(monkeypatch)
    assert np.allclose(ways["PyTorch"], truth, rtol=0, atol=1e-14)


def test_prose_on_instructions_and_costs():
    net, x, y = FeedForwardNetwork([2, 3, 2], seed=0), np.ones((2, 20)), np.eye(2)[:, np.arange(20) % 2]
    plain, vectors = (instructions(way, net.W, net.b, x, y) for way in (number_by_number, example_by_example))
    assert 3 < plain / vectors < 6, "about a quarter of the instructions"
    assert net.n_parameters == 17
    for sizes in ([2, 3, 2], [784, 256, 10], [20] * 5):
        c = cost(sizes)
        assert 2 <= (c.forward + c.backward) / c.forward < 3.5, "about 3 forward passes"
    operations = {name for name in vars(Value) if name.strip("_") in OPERATIONS}
    assert len(operations) == 9, "nine operations"


def test_the_missing_word_at_step_12():
    before, after = (graph_picture(step, 1.0, 2.0, 0.5, "1") for step in (12, 13))
    assert "∂ −0.34 …" in re.sub(r"<[^>]*>", "", before.data.decode())
    assert "W_2,1,1 · h_1,1 has heard" in after.caption and "to h_1,1: (−0.679) · 0.6 = −0.407." in after.caption
    net = sample("2-2-2")
    trace = net.forward(np.array([[1.0], [2.0]]))
    gradients = net.backward(trace, np.array([[1.0], [0.0]]))
    assert np.isclose(0.6 * gradients.a[2][0, 0], -0.4074, atol=5e-5) and np.isclose(gradients.h[1][0, 0], -0.7469, atol=5e-5)


def test_answers_on_the_explorer():
    first, second = (parameter_gradients((1.0, 2.0), true_class, 0.5) for true_class in (1, 2))
    assert len(first) == 12 and all(abs(second[name] / first[name] + 0.473) < 5e-4 for name in first)
    silent = parameter_gradients((1.0, 0.0), 1, 0.5)
    assert {name for name, gradient in silent.items() if gradient == 0} == {"W_1,1,2", "W_1,2,2"}
    for step, name in ((20, "W_1,2,2"), (28, "W_1,1,2")):
        assert re.search(rf"to {name}: \S+ · 0 = 0\.$", graph_picture(step, 1.0, 0.0, 0.5, "1").caption)
    saturated = graph_picture(24, 3.0, 2.0, 3.0, "1").caption
    assert "exp(−a_1,1) has heard" in saturated and saturated.endswith("to −a_1,1: 0.62 · 0.0002 = 0.0001.")
    assert abs(parameter_gradients((3.0, 2.0), 1, 3.0)["W_1,1,1"]) < 1e-3


def test_answer_on_a_second_backward():
    x = Value(3.0)
    L = np.log(x**2 / x**3)
    L.backward()
    L.backward()
    assert np.isclose(x.grad, -1 / 3)
