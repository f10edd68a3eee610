"""Lesson 11: what the learner builds derives random programs right; what the prose claims; its cell for PyTorch with and without it."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from utils.data import four_blobs, one_hot
from utils.exhibits.autograd import NUMBERS, Value
from utils.exhibits.multiplication_counts import cost
from utils.exhibits.samples import sample
from utils.exhibits.scalar_loops import example_by_example, instructions, number_by_number, train
from utils.explore.autograd_graph import graph_picture, sample_loss
from utils.learn.exercises import lesson_11 as exercises
from utils.nn import FeedForwardNetwork, gradient_descent, softmax, update

SOURCE = (Path(__file__).parents[2] / "lectures_src" / "11_vectorisation_and_autograd.py").read_text(encoding="utf-8")
OPERATIONS = ("add", "sub", "mul", "truediv", "pow", "neg", "exp", "log", "tanh")
PYTORCH = re.search(r"^try:\n    import torch\n.*?(?=\nfor way, )", SOURCE, flags=re.M | re.S)[0]
SEEDS = range(10)


def lesson_names(*definitions):
    """Return what the lesson's cells define, with the course's own solutions in place of the learner's functions."""
    names = {"np": np, "softmax": softmax, "Value": Value, "NUMBERS": NUMBERS}
    names |= {question.name: question.reference for question in vars(exercises).values() if hasattr(question, "reference")}
    for definition in definitions:
        exec(re.search(rf"^(class|def) {definition}\b.*?(?=\n\n\n|\n# %%)", SOURCE, flags=re.M | re.S)[0], names)
    return names


# --- the learner's autograd ---


@pytest.mark.parametrize("seed", SEEDS)
def test_nodes_derive_random_programs_as_the_course_does(seed):
    Node, rng = lesson_names("Node")["Node"], np.random.default_rng(seed)
    given, program = rng.uniform(-1, 1, 3), [(rng.integers(3), *rng.integers(0, 99, 2)) for _ in range(12)]

    def run(numbers):
        results = list(numbers)
        for operation, i, j in program:
            u, v = results[i % len(results)], results[j % len(results)]
            results.append(u + v if operation == 0 else u * v if operation == 1 else u.tanh())
        return results[-1] * results[-2] + 2 * results[-3]

    ours, theirs = [Node(v) for v in given], [Value(v) for v in given]
    for numbers in (ours, theirs):
        run(numbers).backward()
    assert np.allclose([v.grad for v in ours], [v.grad for v in theirs], rtol=0, atol=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
def test_arrays_train_as_the_course_does(seed):
    names = lesson_names("Array", "cross_entropy", "loss_of_arrays")
    X, labels = four_blobs(200, seed)
    x, y = X.T, one_hot(labels, 4)
    net = FeedForwardNetwork([2, 4, 4], activation="tanh", seed=seed)
    parameters = [names["Array"](v) for v in (net.W[1], net.b[1], net.W[2], net.b[2])]
    losses = []
    for _ in range(60):
        loss = names["loss_of_arrays"](x, y, *parameters)
        loss.backward()
        losses.append(loss.value)
        for parameter in parameters:
            parameter.value = parameter.value - 0.1 * parameter.grad
    history = gradient_descent(net, x, y, learning_rate=0.1, epochs=60)
    assert np.allclose(losses, history.loss[:-1], rtol=0, atol=1e-9)
    assert len(names["loss_of_arrays"](x[:, :3], y[:, :3], *parameters).history()) == len(loss.history()) == 11


def test_a_polynomial_and_what_is_left_of_it_without_sums():
    Node = lesson_names("Node")["Node"]
    x = Node(2.0)
    y = x * x
    z = y * x + y
    z.backward()
    assert z.value == 12 and x.grad == 3 * 2**2 + 2 * 2
    place = {node: n for n, node in enumerate(z.history())}
    inputs = [[place[u] for u in node.inputs] for node in place]
    assert exercises.overwritten(inputs, [node.slopes for node in place])[place[x]] == 4


def test_the_four_ways_and_the_odd_one():
    rng = np.random.default_rng(0)
    for _ in SEEDS:  # whatever the weights are, the secant is the odd one
        net = FeedForwardNetwork([2, 2, 1], "tanh", output="linear", loss="squared_error", seed=int(rng.integers(1000)))
        x, y = rng.normal(size=(2, 1)), [[1.0]]
        names = lesson_names("Node")
        W = [np.array([[names["Node"](v) for v in row] for row in values]) for values in (net.W[1], net.b[1], net.W[2], net.b[2])]
        error = W[2] @ np.tanh(W[0] @ x + W[1]) + W[3] + (-1.0)
        (error * error).sum().backward()
        gradients = net.backward(net.forward(x), y)
        exact = [gradients.W[1], gradients.b[1], gradients.W[2], gradients.b[2]]
        ours = [np.array([[node.grad for node in row] for row in v]) for v in W]
        assert all(np.allclose(a, b, rtol=0, atol=1e-14) for a, b in zip(ours, exact, strict=True))


# --- PyTorch ---


def pytorch_cell(monkeypatch, **modules):
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    net = FeedForwardNetwork([2, 2, 1], "tanh", output="linear", loss="squared_error", seed=0)
    x, y = np.array([[1.0], [2.0]]), 1.0
    gradients = net.backward(net.forward(x), [[y]])
    scope = {"W_1": net.W[1], "b_1": net.b[1], "W_2": net.W[2], "b_2": net.b[2], "x_1": x, "y_1": y, "others": {}, "np": np}
    exec(PYTORCH, scope)
    return scope["others"], np.concatenate([v.ravel() for v in (gradients.W[1], gradients.b[1], gradients.W[2], gradients.b[2])])


def test_without_pytorch_a_sentence_says_so(monkeypatch, capsys):
    ways, _ = pytorch_cell(monkeypatch, torch=None)
    assert not ways and capsys.readouterr().out.startswith("PyTorch is not installed here")


def test_with_pytorch_there_is_a_further_way(monkeypatch):
    pytest.importorskip("torch", reason="PyTorch is not installed: the cell that uses it was not tried")
    ways, truth = pytorch_cell(monkeypatch)
    assert np.allclose(ways["PyTorch"], truth, rtol=0, atol=1e-14)


# --- loops, batches, stacks ---


def test_three_programs_train_alike():
    X, labels = four_blobs(60)
    x, y, start = X.T, one_hot(labels, 4), FeedForwardNetwork([2, 3, 4], seed=0)
    net = start.with_parameters()
    history = gradient_descent(net, x, y, learning_rate=0.5, epochs=5)
    for way in (number_by_number, example_by_example):
        W, b, losses = train(way, start.W, start.b, x, y, learning_rate=0.5, epochs=5)
        assert np.allclose(losses, history.loss[:-1], atol=1e-12)
        assert all(np.allclose(W[k], net.W[k], rtol=0, atol=1e-12) and np.allclose(b[k], net.b[k], rtol=0, atol=1e-12) for k in net.layers)


def test_instructions_of_a_batch_do_not_depend_on_the_examples():
    net, x, y = FeedForwardNetwork([2, 3, 4], seed=0), np.ones((2, 750)), np.eye(4)[:, np.arange(750) % 4]

    def one_epoch(n):
        update(net.with_parameters(), net.backward(net.forward(x[:, :n]), y[:, :n]), 0.5)

    assert instructions(one_epoch, 10) == instructions(one_epoch, 20) == instructions(one_epoch, 750)
    for way, least in ((number_by_number, 1.8), (example_by_example, 1.8)):
        ten, twenty = (instructions(way, net.W, net.b, x[:, :n], y[:, :n]) for n in (10, 20))
        assert least < twenty / ten < 2.05
    assert instructions(number_by_number, net.W, net.b, x[:, :20], y[:, :20]) > 3 * instructions(
        example_by_example, net.W, net.b, x[:, :20], y[:, :20]
    )


def test_prose_on_costs_and_operations():
    assert FeedForwardNetwork([2, 3, 4]).n_parameters == 25
    for sizes in ([2, 3, 2], [784, 256, 10], [20] * 5):
        c = cost(sizes)
        assert 2 <= (c.forward + c.backward) / c.forward < 3.5, "about 3 forward passes"
    assert len({name for name in vars(Value) if name.strip("_") in OPERATIONS}) == 9, "nine operations"


def test_every_network_of_a_stack_learns_as_if_alone():
    X, labels = four_blobs(200)
    x, y = X.T, one_hot(labels, 4)
    stack = gradient_descent(FeedForwardNetwork([2, 3, 4], seed=list(SEEDS)), x, y, learning_rate=0.5, epochs=40)
    for seed in SEEDS:
        alone = gradient_descent(FeedForwardNetwork([2, 3, 4], seed=seed), x, y, learning_rate=0.5, epochs=40)
        assert np.allclose(stack.loss[:, seed], alone.loss, atol=1e-9)


# --- the graph of one loss ---


def parameter_gradients(x, W_111):
    loss, places = sample_loss(x, 1, W_111)
    loss.backward()
    return {place.name: place.value.grad for place in places if place.name[0] in "Wb" and not place.value.inputs}


def test_the_sum_at_step_13_is_a_column_of_the_weights():
    before, after = (graph_picture(step, 1.0, 2.0, 0.5, "1") for step in (12, 13))
    assert "∂ −0.34 …" in re.sub(r"<[^>]*>", "", before.data.decode())
    assert "W_2,1,1 · h_1,1 has heard" in after.caption and "to h_1,1: (−0.679) · 0.6 = −0.407." in after.caption
    net = sample("2-2-2")
    gradients = net.backward(net.forward(np.array([[1.0], [2.0]])), np.array([[1.0], [0.0]]))
    assert np.isclose(0.6 * gradients.a[2][0, 0] - 0.5 * gradients.a[2][1, 0], gradients.h[1][0, 0])
    assert np.isclose(gradients.h[1][0, 0], -0.7469, atol=5e-5)


def test_what_the_tasks_say():
    silent = parameter_gradients((1.0, 0.0), 0.5)
    assert {name for name, gradient in silent.items() if gradient == 0} == {"W_1,1,2", "W_1,2,2"}
    saturated = graph_picture(24, 3.0, 2.0, 3.0, "1").caption
    assert "exp(−a_1,1) has heard" in saturated and saturated.endswith("to −a_1,1: 0.62 · 0.0002 = 0.0001.")
    assert abs(parameter_gradients((3.0, 2.0), 3.0)["W_1,1,1"]) < 1e-3


# --- the wrong bias ---


def test_nobody_sees_a_borrowed_bias_but_its_gradient_of_0():
    Node, rng = lesson_names("Node")["Node"], np.random.default_rng(1)
    for _ in SEEDS:
        values = [rng.normal(size=shape) for shape in ((2, 2), (2, 1), (2, 2), (2, 1))]

        def loss_of(W_1, b_1, W_2, b_2):
            a_2 = W_2 @ np.tanh(W_1 @ np.array([[1.0], [2.0]]) + b_1) + b_1
            return (a_2 * a_2).sum()

        nodes = [np.array([[Node(v) for v in row] for row in value]) for value in values]
        loss_of(*nodes).backward()
        nudge = np.array([[1e-6], [0.0]])
        up, down = (loss_of(values[0], values[1] + sign * nudge, *values[2:]) for sign in (1, -1))
        assert np.isclose((up - down) / 2e-6, nodes[1][0, 0].grad, rtol=1e-6, atol=1e-6)
        assert not any(node.grad for node in nodes[3].flat)
