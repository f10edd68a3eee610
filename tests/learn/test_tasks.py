"""A task under an explorer is done when a learner has done what it asks for; what there is to see is told only then."""

import pytest

from utils.data import two_classes
from utils.explore.algorithm import algorithm_explorer
from utils.explore.autograd_graph import graph_explorer
from utils.explore.backward_pass import backward_pass_explorer
from utils.explore.bug_lab import bug_lab_explorer
from utils.explore.chain import CHAINS, FORWARDS, chain_explorer
from utils.explore.depth import depth_explorer
from utils.explore.digit import RANDOM, digit_explorer
from utils.explore.forward_pass import forward_pass_explorer
from utils.explore.landscape import landscape_explorer
from utils.explore.outer_product import BATCH, VECTOR, outer_product_explorer
from utils.explore.path_tracer import path_tracer_explorer
from utils.explore.run_replay import run_replay_explorer
from utils.explore.scores import scores_explorer
from utils.explore.secant import secant_explorer
from utils.explore.softmax import softmax_explorer
from utils.explore.step_length import parabola_explorer, two_curvatures_explorer
from utils.explore.sweep import sweep_explorer
from utils.explore.training import training_explorer
from utils.explore.valley import valley_explorer
from utils.learn import lesson as lessons
from utils.learn.exercises import tasks_of
from utils.learn.tasks import TaskList
from utils.nn import FeedForwardNetwork, gradient_descent


def landscape():
    X, labels = two_classes(n_samples=40)
    net = FeedForwardNetwork([2, 2, 1], output="sigmoid", loss="squared_error", seed=0)
    run = gradient_descent(net, X.T, labels[None], 0.5, 20)
    return landscape_explorer(run, X.T, labels[None], horizontal="W₂₁₁", vertical="b₁₁", replay=30)


EXPLORERS = {
    "00/secant": lambda: secant_explorer(function="eˣ"),
    "01/chain": chain_explorer,
    "01/thin": lambda: chain_explorer(function=list(CHAINS)[-1], x=0.5, step=7),
    "02/small": lambda: path_tracer_explorer(graph="log(y₁/y₂)", x=2.0),
    "02/network": path_tracer_explorer,
    "03/flow": forward_pass_explorer,
    "04/scores": scores_explorer,
    "04/softmax": softmax_explorer,
    "05/backward": backward_pass_explorer,
    "06/entries": outer_product_explorer,
    "07/lines": lambda: algorithm_explorer(step=1),
    "08/laboratory": bug_lab_explorer,
    "09/replay": run_replay_explorer,
    "09/landscape": landscape,
    "10/training": training_explorer,
    "11/graph": lambda: graph_explorer(step=3),
    "12/parabola": parabola_explorer,
    "12/valley": two_curvatures_explorer,
    "12/momentum": valley_explorer,
    "13/depth": lambda: depth_explorer(activation="identity"),
    "13/sweep": sweep_explorer,
    "14/digit": digit_explorer,
}
DONE = {  # what a learner does for each task: the states after the first
    "00/secant/secant": [{"exponent": e} for e in (-7.0, -9.0, -11.5, -8.0)],
    "00/secant/central": [{"function": "sin x"}, {"exponent": -5.0}, {"exponent": -9.0}, {"exponent": -5.0}],
    "00/secant/steepest": [{"function": "sigmoid"}, {"exponent": -5.0}, {"x": 0.0}],
    "01/chain/largest": [{"step": 4}, {"x": 0.3}, {"x": 0.0}],
    "01/chain/flat": [{"step": 4}, {"x": 3.0}, {"x": 0.0}, {"x": -3.0}],
    "01/chain/directions": [{"direction": FORWARDS}],
    "01/chain/softplus": [{"function": "log(1 + eˣ)"}, {"step": 3}],
    "01/thin/saturated": [{"x": 3.0}, {"x": -3.0}],
    "01/thin/first": [{"step": 0}, {"step": 1}, {"step": 2}],
    "02/small/alone": [{"path": 1}, {"path": 2}, {"path": 0}],
    "02/small/third": [{"graph": "log(y₁y₃/y₂)"}, {"x": 0.5}, {"x": 1.7}, {"x": 3.0}],
    "02/network/twelve": [{"graph": "2-3-3-2"}, {"i": 1}],
    "02/network/sigmoid": [{"graph": "2-3-3-2"}, {"i": 1}, {"setting": "sigmoid, squared error"}],
    "02/network/silent": [
        {"graph": "2-2-2-2", "setting": "softmax, cross-entropy"},
        {"kind": "pre-activation a", "k": 3, "i": 1},
        {"path": 2},
    ],
    "03/flow/bias": [{"kind": "b", "k": 2, "i": 1}, {"change": 1.0}],
    "03/flow/blank": [{"change": 1.0}, {"x_1": 0.0}],
    "03/flow/asleep": [{"activation": "relu", "x_1": -2.0}, {"change": 0.5}, {"change": 2.0}, {"change": -1.0}],
    "04/scores/shift": [{"shift": shift} for shift in (-4.0, -10.0, 3.0, 10.0)],
    "04/scores/ninety": [{"a_1": a_1} for a_1 in (2.0, 3.5, 4.5)],
    "04/scores/starve": [{"a_3": 6.0}],
    "04/softmax/equal": [{"a_1": 3.0}, {"a_2": 3.0}, {"a_3": 3.0}, {"a_4": 3.0}],
    "04/softmax/silent": [{"true_class": 1, "a_1": -10.0, "a_2": 10.0, "a_3": -10.0, "a_4": -10.0}, {"loss": "squared error"}],
    "04/softmax/peak": [{"true_class": 1, "a_1": 1.0, "a_3": -10.0, "a_4": -10.0}, {"a_2": 1.7}],
    "05/backward/walk": [{"step": step} for step in range(2, 11)],
    "05/backward/arrive": [{"activation": "tanh"}, {"step": 9}],
    "05/backward/closed": [{"activation": "relu"}, {"step": 6}, {"j": 1}, {"j": 2}, {"j": 3}],
    "06/entries/largest": [{"architecture": "2-4-3"}, {"k": 1}, *({"i": i, "j": j} for i in (1, 2, 3, 4) for j in (1, 2))],
    "06/entries/share": [{"view": VECTOR, "n_examples": 4}, {"view": BATCH}],
    "06/entries/disagree": [{"view": BATCH}, {"k": 1}, {"n_examples": 8}, *({"i": i, "j": j} for i in (1, 2, 3) for j in (1, 2))],
    "07/lines/lines": [{"step": step} for step in range(2, 16)],
    "07/lines/invest": [{"step": 10}, {"step": 12}],
    "07/lines/long": [{"learning_rate": 2.0}, {"step": 15}],
    "08/laboratory/three": [
        {"layer": "the output layer", "place": "biases: ∂𝓛/∂b_k", "kind": "axis"},
        {"case": 2},
        {"case": 3},
    ],
    "08/laboratory/halved": [{"case": 4}, {"learning_rate": 0.05}],
    "08/laboratory/uneven": [{"case": 6}, {"widths": "uneven"}, {"case": 13}],
    "08/laboratory/repair": [{"case": 14}, {"repair": "∂𝓛/∂h_k"}, {"repair": "∂𝓛/∂a_k"}],
    "08/laboratory/better": [{"case": 13}, {"learning_rate": 0.2}],
    "09/replay/order": [{"replay": at} for at in (0.0, 10.0, 40.0, 100.0)],
    "09/replay/stuck": [{"seed": 2}],
    "09/replay/rescue": [{"seed": 2}, {"n_hidden": 3}],
    "09/landscape/walls": [{"horizontal": "W₁₁₁", "vertical": "W₁₁₂"}, {"replay": 8.0}, {"replay": 15.0}, {"replay": 25.0}],
    "09/landscape/ditch": [{"horizontal": "W₂₁₂", "vertical": "b₂₁"}, {"replay": 0.0}, {"replay": 50.0}],
    "10/training/one control": [{"epochs": 1500}],
    "10/training/spirals": [
        {"data": "spirals"},
        {"activation": "tanh"},
        {"n_hidden": 8},
        {"learning_rate": 1.0},
        {"epochs": 1500},
        {"replay": 10.0},
        {"replay": 100.0},
    ],
    "10/training/divergence": [{"activation": "relu"}, {"learning_rate": 100}],
    "11/graph/sum": [{"step": 12}, {"step": 13}],
    "11/graph/silent": [{"step": 29}, {"x_2": 0.0}],
    "11/graph/saturated": [{"x_1": 3.0}, {"W_111": 3.0}, {"step": 24}],
    "12/parabola/one step": [{"rate": 1.0}],
    "12/parabola/both sides": [{"rate": 1.9}],
    "12/parabola/the edge": [{"curvature": 4.0}, {"rate": 0.5}, {"rate": 0.55}],
    "12/valley/run away": [{"rate": 2.1}],
    "12/valley/near": [{"ratio": 3.0}, {"rate": 1.5}],
    "12/momentum/roll": [{"learning_rate": 1.6}, {"momentum": 0.7}, {"step": 60}],
    "12/momentum/too much": [{"momentum": 0.95}, {"step": 60}],
    "13/depth/both": [{"scale": 0.4}, {"scale": 2.5}],
    "13/depth/sigmoid": [{"activation": "sigmoid"}, {"scale": 4.0}, {"scale": 10.0}],
    "13/depth/relu": [{"activation": "relu"}, {"scale": 1.4}],
    "13/sweep/pale": [{"depth": 4}, {"scale": 0.1}],
    "13/sweep/no layer": [{"depth": 0}],
    "14/digit/fool": [{"push": 1.0}, {"push": 2.0}],
    "14/digit/random": [{"push": 2.0}, {"direction": RANDOM}],
    "14/digit/shift": [{"right": 1}, {"right": 2}],
}
NOT_YET = {  # what is not enough
    "00/secant/secant": [{"exponent": -8.0}],
    "00/secant/central": [{"function": "sin x"}, {"exponent": -5.0}],
    "00/secant/steepest": [{"x": 0.0}],
    "01/chain/largest": [{"x": 0.0}],
    "01/chain/flat": [{"step": 4}, {"x": -3.0}],
    "01/chain/directions": [{"step": 3}, {"direction": FORWARDS}],
    "01/chain/softplus": [{"function": "log(1 + eˣ)"}],
    "01/thin/saturated": [{"x": -3.0}],
    "01/thin/first": [{"step": 2}],
    "02/small/alone": [{"path": 1}, {"path": 0}],
    "02/small/third": [{"x": 0.5}, {"x": 3.0}],
    "02/network/twelve": [{"graph": "2-3-3-2"}],
    "02/network/sigmoid": [{"graph": "2-3-3-2"}, {"i": 1}],
    "02/network/silent": [{"graph": "2-2-2-2", "kind": "pre-activation a", "k": 3, "i": 1, "path": 2}],
    "03/flow/bias": [{"kind": "b", "k": 2, "i": 2}, {"change": 1.0}],
    "03/flow/blank": [{"change": 1.0}],
    "03/flow/asleep": [{"activation": "relu", "x_1": -2.0}, {"change": -1.0}],
    "04/scores/shift": [{"shift": 10.0}],
    "04/scores/ninety": [{"a_1": 10.0}],
    "04/scores/starve": [{"a_4": -10.0}],
    "04/softmax/equal": [{"a_1": 3.0}, {"a_2": 3.0}, {"a_3": 3.0}],
    "04/softmax/silent": [{"true_class": 1, "a_1": -10.0, "a_2": 10.0, "a_3": -10.0, "a_4": -10.0}],
    "04/softmax/peak": [{"true_class": 1, "a_1": 1.0, "a_3": -10.0, "a_4": -10.0}, {"a_2": 1.2}],
    "05/backward/walk": [{"step": step} for step in range(2, 10)],
    "05/backward/arrive": [{"step": 9}],
    "05/backward/closed": [{"activation": "sigmoid"}, {"step": 6}, {"j": 1}, {"j": 3}],
    "06/entries/largest": [{"k": 1}, *({"i": i, "j": j} for i in (1, 2, 3) for j in (1, 2))],
    "06/entries/share": [{"n_examples": 2}, {"view": BATCH}],
    "06/entries/disagree": [{"view": BATCH}, {"k": 1}, {"n_examples": 1}],
    "07/lines/lines": [{"step": step} for step in range(2, 15)],
    "07/lines/invest": [{"step": 12}],
    "07/lines/long": [{"step": 15}],
    "08/laboratory/three": [{"case": 2}, {"case": 3}],
    "08/laboratory/halved": [{"learning_rate": 0.05}],
    "08/laboratory/uneven": [{"case": 6}, {"case": 13}, {"widths": "uneven"}],
    "08/laboratory/repair": [{"case": 14}, {"repair": "∂𝓛/∂h_k"}],
    "08/laboratory/better": [{"case": 13}],
    "09/replay/order": [{"replay": 10.0}, {"replay": 100.0}],
    "09/replay/stuck": [{"n_hidden": 1}],
    "09/replay/rescue": [{"n_hidden": 3}],
    "09/landscape/walls": [{"replay": 8.0}, {"replay": 15.0}, {"replay": 25.0}],
    "09/landscape/ditch": [{"horizontal": "W₂₁₂", "vertical": "b₂₁"}, {"replay": 50.0}],
    "10/training/one control": [{"learning_rate": 1.0}, {"epochs": 1500}],
    "10/training/spirals": [{"data": "spirals"}, {"replay": 10.0}, {"replay": 100.0}],
    "10/training/divergence": [{"activation": "relu"}],
    "11/graph/sum": [{"step": 13}],
    "11/graph/silent": [{"x_2": 0.0}],
    "11/graph/saturated": [{"x_1": 3.0}, {"step": 24}],
    "12/parabola/one step": [{"rate": 0.9}],
    "12/parabola/both sides": [{"rate": 1.0}, {"rate": 2.0}],
    "12/parabola/the edge": [{"rate": 0.5}, {"rate": 0.55}, {"curvature": 4.0}],
    "12/valley/run away": [{"rate": 2.0}],
    "12/valley/near": [{"rate": 1.9}, {"steps": 60}],
    "12/momentum/roll": [{"momentum": 0.0}, {"step": 60}],
    "12/momentum/too much": [{"momentum": 0.9}, {"step": 60}],
    "13/depth/both": [{"scale": 0.4}],
    "13/depth/sigmoid": [{"scale": 4.0}, {"scale": 10.0}, {"activation": "sigmoid"}],
    "13/depth/relu": [{"activation": "relu"}],
    "13/sweep/pale": [{"depth": 4}],
    "13/sweep/no layer": [{"depth": 1}],
    "14/digit/fool": [{"push": 3.0}],
    "14/digit/random": [{"direction": RANDOM}],
    "14/digit/shift": [{"right": 3}],
}


def after(key, changes):
    place, _, name = key.rpartition("/")
    explorer = EXPLORERS[place]()
    tasks = TaskList(tasks_of(place[:2])[place[3:]], explorer.state)
    explorer.watch(tasks.saw)
    for change in changes:
        explorer.set(**change)
    return name, tasks


@pytest.mark.parametrize("key", DONE)
def test_a_task_is_done_by_who_does_it_and_not_before(key):
    name, tasks = after(key, DONE[key])
    assert name in tasks.done
    (task,) = (task for task in tasks.tasks if task.name == name)
    assert task.see in tasks.bundle()["text/plain"]
    name, tasks = after(key, NOT_YET[key])
    assert name not in tasks.done and task.see not in str(tasks.bundle())


def test_every_task_is_tried_here():
    known = {
        f"{number}/{name}/{task.name}" for number in lessons.known_lessons() for name, tasks in tasks_of(number).items() for task in tasks
    }
    assert known == set(DONE) == set(NOT_YET)


def test_what_is_done_is_kept(tmp_path, capsys):
    explorer = secant_explorer(function="eˣ")
    lessons.Lesson("00", tmp_path).explore("secant", explorer)
    for change in DONE["00/secant/secant"]:
        explorer.set(**change)
    lessons.Lesson("00", tmp_path).explore("secant", secant_explorer(function="eˣ"))
    assert capsys.readouterr().out.count("☑") == 1


def test_there_are_no_tasks_of_another_name(tmp_path):
    with pytest.raises(ValueError, match="it has secant"):
        lessons.Lesson("00", tmp_path).explore("tangent", secant_explorer())
