"""The algorithm explorer: every line against net.backward, the trap, the counts, and every corner of its controls."""

import itertools
import re

import numpy as np
import pytest

from utils.exhibits.multiplication_counts import cost
from utils.exhibits.samples import SAMPLES, X, Y, sample
from utils.explore.algorithm import ORDERS, algorithm_explorer, algorithm_picture, steps
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import update

START = algorithm_explorer().state | {"step": 6}
AT_THE_END, TRAP = ORDERS


def by_name(program):
    return {step.name: step for step in program}


def plain(html):
    return re.sub(r"<[^>]*>|\u200b", "", html.replace("<sub>", "_"))


def rows(picture):
    return [[plain(cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", row)] for row in re.findall(r"<tr.*?</tr>", picture.details)]


def test_default_state_is_drawn_without_any_event():
    explorer = algorithm_explorer()
    assert explorer.picture == algorithm_picture(**explorer.state)
    assert "Line 1 of 15: a_1 = W_1 x + b_1." in explorer.picture.caption, "the text begins with line 1"
    explorer.set(step=6)
    assert "Line 6 of 15: ∂𝓛/∂a_2 = ŷ − y. The first entry: 0.3210 − 1 = −0.6790." in explorer.picture.caption


@pytest.mark.parametrize("net", [*map(sample, SAMPLES), FeedForwardNetwork([2, 4, 3, 5, 2], seed=3)], ids=str)
def test_every_line_says_what_the_network_says(net):
    program = by_name(steps(net, X, Y, 0.7))
    trace = net.forward(X)
    gradients = net.backward(trace, Y)
    for k in net.layers:
        assert np.allclose(program[f"a_{k}"].value, trace.a[k])
        assert np.allclose(program["ŷ" if k == net.L else f"h_{k}"].value, trace.h[k])
        for quantity in "aWb" + "h" * (k < net.L):
            assert np.allclose(program[f"∂𝓛/∂{quantity}_{k}"].value, getattr(gradients, quantity)[k])
    assert np.isclose(program["𝓛"].value, net.loss(trace, Y)) and not any(step.error for step in program.values())
    after = net.with_parameters()
    update(after, gradients, 0.7)
    for k in net.layers:
        assert np.allclose(program[f"new W_{k}, b_{k}"].value, np.hstack([after.W[k], after.b[k]]))
    assert np.isclose(program["𝓛 afterwards"].value, after.loss(after.forward(X), Y))


@pytest.mark.parametrize("architecture", SAMPLES)
@pytest.mark.parametrize("order", ORDERS)
def test_the_written_out_entry_is_the_first_entry(architecture, order):
    for step in steps(sample(architecture), X, Y, 0.5, ORDERS[order])[:-1]:
        text = step.entry.replace("·", "*").replace("−log ", "-np.log").replace("e^−", "np.e**-").replace("e^", "np.e**").replace("−", "-")
        text = re.sub(r"log(\d\S*)", r"log(\1)", text)
        assert abs(eval(text, {"np": np}) - step.value[0, 0]) < 4e-4, step


def test_the_trap_gives_wrong_gradients_and_says_so():
    net = sample("2-2-2-2")
    program, truth = by_name(steps(net, X, Y, 0.5, at_once=True)), net.backward(net.forward(X), Y)
    W_3 = net.W[3] - 0.5 * truth.W[3]
    grad_a_2 = (W_3.mT @ truth.a[3]) * net.forward(X).h[2] * (1 - net.forward(X).h[2])
    grad_h_1 = (net.W[2] - 0.5 * grad_a_2 @ net.forward(X).h[1].mT).mT @ grad_a_2
    assert np.allclose(program["∂𝓛/∂h_1"].value, grad_h_1)
    assert np.isclose(program["∂𝓛/∂h_1"].error, np.linalg.norm(grad_h_1 - truth.h[1]) / np.linalg.norm(truth.h[1]))
    right = {name for name, step in program.items() if step.name.startswith("∂") and not step.error}
    assert right == {"∂𝓛/∂a_3", "∂𝓛/∂W_3", "∂𝓛/∂b_3"}
    picture = algorithm_picture(12, "2-2-2", 0.5, TRAP)
    assert "WRONG, off by 35.0%" in picture.caption and "✗ off by 39.2%" in picture.details
    assert "off by" not in algorithm_picture(15, "2-2-2", 0.0, TRAP).html  # a step of length 0 does no harm


def test_every_line_reads_what_is_there_and_the_table_says_who_reads():
    for architecture, at_once in itertools.product(SAMPLES, (False, True)):
        net = sample(architecture)
        program = steps(net, X, Y, 0.5, at_once)
        there = {"x", *(f"{v}_{k}" for v in "Wb" for k in net.layers)}
        for step in program:
            assert set(step.reads) <= there, step.name
            there.add(step.name)
    table = {row[1]: row for row in rows(algorithm_picture(15, "2-2-2", 0.5, AT_THE_END))}
    assert table["2"] == ["✓", "2", "h_1 = g(a_1)", "(2, 1)", "0.5000, 0.8455", "3, 7, 10"]
    assert table["5"][-1] == "–" and table["15"][0] == "▶"


def test_the_table_fills_up():
    table = rows(algorithm_picture(9, "2-2-2", 0.5, AT_THE_END))[1:]
    assert [row[0] for row in table] == ["✓"] * 8 + ["▶"] + [""] * 6
    assert all(row[4] for row in table[:9]) and not any(row[4] for row in table[9:])
    svg = plain(algorithm_picture(3, "2-2-2", 0.5, AT_THE_END).data.decode().replace("><", "> <"))
    assert "0.711" in svg and "0.321" not in svg and "∂" not in svg  # a_2 is known, ŷ is not yet
    assert "∂ −0.747" in plain(algorithm_picture(9, "2-2-2", 0.5, AT_THE_END).data.decode())


@pytest.mark.parametrize("architecture", SAMPLES)
@pytest.mark.parametrize("order", ORDERS)
def test_the_counts_are_those_of_the_lesson(architecture, order):
    total = cost([int(size) for size in architecture.split("-")])
    text = f"far: {total.forward + total.backward} with the cache, {total.forward + total.without_cache} with the chain"
    assert text in algorithm_picture(22, architecture, 0.5, order).caption


def test_afterwards_the_circles_hold_the_new_numbers():
    picture = algorithm_picture(15, "2-2-2", 0.5, AT_THE_END)
    svg = plain(picture.data.decode())
    assert "0.694" in svg and "0.321" not in svg and "∂" not in svg
    assert "Before the step it was 1.1363: now it is lower." in picture.caption


@pytest.mark.parametrize("architecture", SAMPLES)
def test_every_corner_of_the_controls_gives_a_picture(architecture):
    for step, rate, order in itertools.product(range(1, 23), (0.0, 0.5, 10.0), ORDERS):
        picture = algorithm_picture(step, architecture, rate, order)
        assert not re.search("nan|inf|e\\+", picture.alt + picture.details) and picture.width <= 722
        assert max(map(len, re.findall(r'size="12"[^>]*>(.*?)</text>', picture.data.decode()))) <= 6
        assert picture.details.count("▶") == 2 and picture.details.count('aria-current="step"') == 1  # one of them in the title
    assert picture == algorithm_picture(99, architecture, rate, order)
