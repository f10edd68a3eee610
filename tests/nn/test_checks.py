import copy
import pickle
import re

import numpy as np
import pytest
from scipy.sparse import csr_array

from utils.data import one_hot
from utils.nn.activations import sigmoid
from utils.nn.gradcheck import check_gradients, numerical_gradient
from utils.nn.losses import LOSSES, softmax
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

X = np.random.default_rng(0).normal(size=(2, 5))
LABELS = [0, 1, 2, 3, 0]
Y = one_hot(LABELS, 4)


def net(**settings):
    return FeedForwardNetwork([2, 3, 4], **{"seed": 0, **settings})


def refused(*fragments):
    """All fragments stand in the message of a ValueError, in this order."""
    return pytest.raises(ValueError, match="(?s)" + ".*".join(map(re.escape, fragments)))


def table(names, rows, **ids):
    """Parametrize rows whose last name, the fragments of the message, takes all that is left."""
    n = names.count(",")
    return pytest.mark.parametrize(names, [(*row[:n], row[n:]) for row in rows], **ids)


# Examples: every function that takes x says the same

BAD_X = {
    "rows": (X.T, "x must have shape (2, N)", "(5, 2)", "use x.T"),
    "one example": ([1.0, 2.0], "x must have shape (2, N)", "(2,)", "x.reshape(-1, 1)"),
    "other size": (np.ones((3, 5)), "x must have shape (2, N)", "(3, 5)"),
    "three axes": (np.ones((2, 5, 7)), "x must have shape (2, N)", "(2, 5, 7)"),
    "a number": (3.0, "x must have shape (2, N)", "()"),
    "none": (None, "x must hold numbers", "None"),
    "text": ("abc", "x must hold numbers", "'abc' (str)"),
    "numbers as text": ([["1", "2"], ["3", "4"]], "x must hold numbers", "'1' (str)"),
    "text among numbers": (np.array([[1, "ham"], [3, 4]], dtype=object), "x must hold numbers", "'ham' (str)"),
    "none among numbers": ([[1, None], [3, 4]], "x must hold numbers", "None (NoneType)"),
    "complex": ([[1j, 1], [1, 1]], "x must hold numbers", "complex"),
    "a dict": ({"x": 1}, "x must hold numbers", "dict"),
    "too large": ([[10**400, 1], [1, 1]], "x must hold numbers", "(int)"),
    "sparse": (csr_array(X), "x must hold numbers", "x.toarray()"),
    "ragged": ([[1, 2], [3]], "different lengths"),
    "empty list": ([], "x is empty", "(0,)", "At least one example"),
    "no columns": (np.ones((2, 0)), "x is empty", "(2, 0)"),
    "nan": ([[1, 2, 3], [4, np.nan, 6]], "x holds nan at position [1, 1]"),
    "inf": ([[1, 2, -np.inf], [4, 5, 6]], "x holds -inf at position [0, 2]"),
}


@table("x, fragments", BAD_X.values(), ids=BAD_X)
def test_unfit_x_is_refused_with_what_was_expected_and_got(x, fragments):
    with refused(*fragments):
        net().forward(x)


@pytest.mark.parametrize(
    "door",
    [
        lambda x: net().predict(x),
        lambda x: net().accuracy(x, Y),
        lambda x: gradient_descent(net(), x, Y, 0.1, 1),
        lambda x: numerical_gradient(net(), x, Y, "W", 1),
        lambda x: check_gradients(net(), x, Y),
    ],
    ids=["predict", "accuracy", "gradient_descent", "numerical_gradient", "check_gradients"],
)
def test_every_door_looks_at_x(door):
    for kind in ("rows", "nan", "text"):
        x, *fragments = BAD_X[kind]
        with refused(*fragments):
            door(x)


@pytest.mark.parametrize("kind", [list, tuple, np.int64, np.float32, object, "fortran"], ids=str)
def test_numbers_of_every_kind_are_welcome(kind):
    x, y = np.array([[1, -2, 3], [0, 2, 1]]), one_hot([0, 1, 3], 4)
    if kind in (list, tuple):
        other_x, other_y = kind(map(kind, x.tolist())), kind(map(kind, y.tolist()))
    elif kind == "fortran":
        other_x, other_y = np.asfortranarray(x), np.asfortranarray(y)
    else:
        other_x, other_y = x.astype(kind), y.astype(kind)
    expected = net().backward(net().forward(x.astype(float)), y)
    got = net().backward(net().forward(other_x), other_y)
    np.testing.assert_array_equal(got.W[1], expected.W[1])
    assert gradient_descent(net(), other_x, other_y, 0.5, 2).loss[-1] == gradient_descent(net(), x, y, 0.5, 2).loss[-1]


# Targets

BAD_Y = {
    "labels": (LABELS, "y must have shape (4, N)", "(5,)", "one_hot(labels, 4)"),
    "a row of labels": ([LABELS], "y must have shape (4, N)", "(1, 5)"),
    "rows": (Y.T, "y must have shape (4, N)", "(5, 4)", "use y.T"),
    "fewer examples": (Y[:, :3], "x has 5 examples", "y has 3"),
    "one column": (Y[:, :1], "x has 5 examples", "y has 1"),
    "above 1": (2 * Y, "between 0 and 1", "runs from 0 to 2", "one_hot"),
    "below 0": (Y - 1, "between 0 and 1", "runs from -1 to 0"),
    "sums": (np.where(np.arange(5) == 3, 0.5, Y), "sum to 1", "column 3 sums to 2"),
    "none": (None, "y must hold numbers", "None"),
    "text": (np.array(["a", "b", "a", "c", "d"]), "y must hold numbers", "'a' (str)"),
    "empty": (np.ones((4, 0)), "y is empty", "(4, 0)"),
    "nan": (np.where(Y == 1, np.nan, Y), "y holds nan at position [0, 0]"),
}


@table("y, fragments", BAD_Y.values(), ids=BAD_Y)
def test_unfit_y_is_refused_with_what_was_expected_and_got(y, fragments):
    with refused(*fragments):
        net().backward(net().forward(X), y)


@pytest.mark.parametrize(
    "door",
    [
        lambda y: net().loss(net().forward(X), y),
        lambda y: net().accuracy(X, y),
        lambda y: gradient_descent(net(), X, y, 0.1, 1),
        lambda y: numerical_gradient(net(), X, y, "b", 2),
        lambda y: check_gradients(net(), X, y),
    ],
    ids=["loss", "accuracy", "gradient_descent", "numerical_gradient", "check_gradients"],
)
def test_every_door_looks_at_y(door):
    for kind in ("labels", "rows", "fewer examples", "sums"):
        y, *fragments = BAD_Y[kind]
        with refused(*fragments):
            door(y)


def test_targets_fit_the_output():
    sigmoid = FeedForwardNetwork([2, 1], output="sigmoid")
    trace = sigmoid.forward(X)
    with refused("y must have shape (1, N)", "(5,)", "y.reshape(1, -1)"):
        sigmoid.backward(trace, [0, 1, 0, 1, 1])
    with refused("y must have shape (1, N)", "(5, 1)", "use y.T"):
        sigmoid.backward(trace, [[0], [1], [0], [1], [1]])
    with refused("between 0 and 1 for output='sigmoid'", "runs from -1 to 1"):
        sigmoid.backward(trace, [[-1, 1, 1, -1, 1]])
    linear = FeedForwardNetwork([2, 2], output="linear", loss="squared_error")
    linear.backward(linear.forward(X), np.full((2, 5), -7.5))  # any number is a target


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_data_of_one_class_are_refused_for_training_but_one_example_is_not(output):
    same = one_hot([1] * 5, 4)
    with refused("All 5 examples belong to the same class", "stratify"):
        gradient_descent(net(output=output), X, same, 0.1, 1)
    gradient_descent(net(output=output), X[:, :1], same[:, :1], 0.1, 1)
    net().backward(net().forward(X), same)  # a gradient is a gradient


def test_accuracy_of_a_linear_output_is_refused_with_the_reason():
    linear = FeedForwardNetwork([2, 1], output="linear", loss="squared_error")
    with refused("Accuracy", "linear output predicts numbers", "loss"):
        linear.accuracy(X, X[:1])


# The network


@table(
    "layer_sizes, fragments",
    [
        ([3], "at least the inputs and the outputs", "[2, 3, 4]", "[3]"),
        ([], "at least the inputs and the outputs"),
        (None, "at least the inputs and the outputs", "None"),
        (4, "at least the inputs and the outputs", "not 4"),
        ("234", "at least the inputs and the outputs", "'234'"),
        (b"23", "at least the inputs and the outputs"),
        ({4, 2}, "at least the inputs and the outputs"),
        ({2: 3, 3: 4}, "at least the inputs and the outputs"),
        ([[2, 3], [3, 4]], "layer_sizes[0] must be a whole number, 1 or more", "[2, 3]"),
        ([2, 2.5, 3], "layer_sizes[1] must be a whole number", "2.5"),
        ([2, "3"], "layer_sizes[1] must be a whole number", "'3'"),
        ([2, 0], "layer_sizes[1]", "1 or more", "0"),
        ([2, -4], "layer_sizes[1]", "1 or more", "-4"),
        ([2, True, 3], "layer_sizes[1] must be a whole number", "True"),
        ([2, None], "layer_sizes[1] must be a whole number", "None"),
    ],
    ids=repr,
)
def test_senseless_layer_sizes_are_refused(layer_sizes, fragments):
    with refused(*fragments):
        FeedForwardNetwork(layer_sizes)


@pytest.mark.parametrize("layer_sizes", [(2, 3, 4), np.array([2, 3, 4]), range(2, 5)], ids=repr)
def test_layer_sizes_may_come_in_any_order_keeping_form(layer_sizes):
    assert FeedForwardNetwork(layer_sizes).layer_sizes == [2, 3, 4]


ALLOWED = {
    "activation": "'sigmoid', 'tanh', 'relu', 'identity'",
    "output": "'softmax', 'sigmoid', 'linear'",
    "loss": "'cross_entropy', 'squared_error'",
}


@pytest.mark.parametrize("name", ALLOWED)
@pytest.mark.parametrize("value", ["Sigmoid", "mse", None, 1, True, np.tanh, ["relu"], {}, np.array(["relu", "tanh"])], ids=str)
def test_unknown_names_are_refused_with_the_list_of_those_allowed(name, value):
    with refused(f"{name} must be one of {ALLOWED[name]}, not {value!r}"):
        net(**{name: value})


def test_senseless_pairs_are_refused_with_the_reason():
    with refused("no probability", "logarithm", "output='softmax'", "loss='squared_error'"):
        FeedForwardNetwork([2, 3], output="linear", loss="cross_entropy")
    for loss in ("cross_entropy", "squared_error"):
        with refused("softmax over a single unit is always 1", "Use two units", "output='sigmoid'"):
            FeedForwardNetwork([2, 3, 1], loss=loss)


@pytest.mark.parametrize("seed", [-1, "a", "12", 1.5, True, np.nan, b"a", {1, 2}, {}, np.array(1.5), [0, -1], [0, "a"], [[1, 2]]], ids=repr)
def test_a_seed_must_be_a_whole_number(seed):
    with refused("seed must be a whole number, 0 or more"):
        net(seed=seed)
    with refused("seed must be a whole number, 0 or more"):
        gradient_descent(net(), X, Y, 0.1, 1, batch_size=2, seed=seed)


def test_a_stack_needs_a_seed_for_each_network():
    with refused("seed is an empty list", "one seed for each network"):
        net(seed=[])
    for seeds in ([4, 5], (4, 5), range(4, 6), np.array([4, 5])):
        np.testing.assert_array_equal(net(seed=seeds).W[2][1], net(seed=5).W[2])


@table(
    "W, b, fragments",
    [
        ({1: np.ones((2, 3))}, None, "W[1] must have shape (3, 2)", "(2, 3)", "use W[1].T"),
        ({2: np.ones((3, 2))}, None, "W[2] must have shape (4, 3)", "(3, 2)"),
        (None, {1: np.ones(3)}, "b[1] must have shape (3, 1)", "(3,)"),
        (None, {2: 0}, "b[2] must have shape (4, 1)", "()"),
        ({1: np.full((3, 2), np.nan)}, None, "W[1] holds nan"),
        ({1: "heavy"}, None, "W[1] must hold numbers", "'heavy'"),
        ({1: None}, None, "W[1] must hold numbers", "None"),
        ({0: np.ones((3, 2))}, None, "the layer of W must be one of 1, 2, not 0"),
        ({3: np.ones((3, 2))}, None, "the layer of W must be one of 1, 2, not 3"),
        (None, {"1": np.ones((3, 1))}, "the layer of b must be one of 1, 2, not '1'"),
        ({1.0: np.ones((3, 2))}, None, "the layer of W must be one of 1, 2, not 1.0"),
        ({True: np.ones((3, 2))}, None, "the layer of W must be one of 1, 2, not True"),
        (np.ones((3, 2)), None, "W must be a dict", "{1: array}"),
        ([None, np.ones((3, 2))], None, "W must be a dict"),
        ({1: np.ones((5, 3, 2))}, {1: np.ones((6, 3, 1))}, "different stacks", "(5,) and (6,)"),
    ],
)
def test_unfit_parameters_are_refused(W, b, fragments):
    with refused(*fragments):
        net().with_parameters(W, b)


# Parameters that a learner assigns


@pytest.mark.parametrize("kind", [list, tuple, np.float32, np.float64, object, "fortran", "strided"], ids=str)
def test_an_assigned_parameter_of_any_kind_becomes_an_array_of_floats(kind):
    W_1 = np.array([[1, 2], [-3, 4], [5, 7]])
    if kind == "fortran":
        given = np.asfortranarray(W_1)
    elif kind == "strided":
        given = np.repeat(W_1, 2, axis=1)[:, ::2]
    else:
        given = kind(W_1.tolist()) if kind in (list, tuple) else W_1.astype(kind)
    for assign in (assign_item, assign_list, assign_slice):
        network = net()
        assign(network, given)
        assert network.W[1].dtype == float and type(network.W[1]) is np.ndarray and (network.W[1] == W_1).all()
        expected = net().with_parameters(W={1: W_1})
        np.testing.assert_array_equal(network.forward(X).y_hat, expected.forward(X).y_hat)
        gradient_descent(network, X, Y, 0.1, 2)
        assert check_gradients(network, X, Y).ok


def assign_item(network, W_1):
    network.W[1] = W_1


def assign_list(network, W_1):
    network.W = [None, W_1, network.W[2]]


def assign_slice(network, W_1):
    network.W[1:] = [W_1, network.W[2]]


@table(
    "name, k, value, fragments",
    [
        ("b", 1, np.arange(3.0), "b[1] must have shape (3, 1)", "(3,)", "b[1].reshape(-1, 1)"),
        ("b", 1, [1, 2, 3], "b[1] must have shape (3, 1)", "(3,)", "A bias is a column"),
        ("b", 1, 0.5, "b[1] must have shape (3, 1)", "()"),
        ("b", 1, np.ones((1, 3)), "b[1] must have shape (3, 1)", "(1, 3)", "use b[1].T"),
        ("b", 1, np.ones((3, 5)), "b[1] must have shape (3, 1)", "(3, 5)"),
        ("W", 1, np.ones((2, 3)), "W[1] must have shape (3, 2)", "(2, 3)", "use W[1].T"),
        ("W", 1, np.ones(6), "W[1] must have shape (3, 2)", "(6,)"),
        ("W", 1, [], "W[1] must have shape (3, 2)", "(0,)"),
        ("W", 1, [[1, 2], [3], [4, 5]], "W[1] is a list whose rows have different lengths"),
        ("W", 1, [[1, np.nan], [3, 4], [5, 6]], "W[1] holds nan at position [0, 1]"),
        ("W", 1, np.full((3, 2), np.inf), "W[1] holds inf"),
        ("W", 1, "heavy", "W[1] must hold numbers", "'heavy'"),
        ("W", 1, [["1", "2"]] * 3, "W[1] must hold numbers", "'1'"),
        ("W", 1, None, "W[1] must hold numbers", "None"),
        ("W", 1, 1j * np.ones((3, 2)), "W[1] must hold numbers", "complex"),
        ("W", -2, np.ones(6), "W[1] must have shape (3, 2)"),
        ("W", 0, np.ones((3, 2)), "W[0] stays None", "one of 1, 2, not 0"),
        ("W", 3, np.ones((3, 2)), "the layer k of W[k] must be one of 1, 2, not 3"),
        ("b", -3, np.ones((3, 1)), "the layer k of b[k] must be one of 1, 2, not -3"),
        ("W", "1", np.ones((3, 2)), "the layer k of W[k] must be one of 1, 2, not '1'"),
        ("W", True, np.ones((3, 2)), "the layer k of W[k] must be one of 1, 2, not True"),
        ("W", slice(1, None), [np.ones((3, 2))], "needs a list of 2 arrays"),
        ("W", slice(None), [np.ones((3, 2))] * 3, "W[0] must be None"),
    ],
    ids=repr,
)
def test_an_unfit_parameter_is_refused_where_it_is_assigned(name, k, value, fragments):
    network = net()
    with refused(*fragments):
        getattr(network, name)[k] = value
    np.testing.assert_array_equal(network.forward(X).y_hat, net().forward(X).y_hat)


@table(
    "name, value, fragments",
    [
        ("W", None, "W must be a list [None, W_1, W_2]", "not None"),
        ("W", {1: np.ones((3, 2))}, "W must be a list [None, W_1, W_2]"),
        ("W", "W", "W must be a list [None, W_1, W_2]"),
        ("W", [np.ones((3, 2)), np.ones((4, 3))], "W must be a list [None, W_1, W_2]", "so that W[1] is W_1"),
        ("W", [np.ones((3, 2)), np.ones((4, 3)), None], "W must be a list [None, W_1, W_2]"),
        ("W", [None, np.ones((3, 2)), np.ones((3, 4))], "W[2] must have shape (4, 3)", "use W[2].T"),
        ("b", [None, np.ones(3), np.ones(4)], "b[1] must have shape (3, 1)"),
        ("b", np.ones((2, 3)), "b must be a list [None, b_1, b_2]"),
    ],
    ids=repr,
)
def test_an_unfit_list_of_parameters_is_refused(name, value, fragments):
    network = net()
    with refused(*fragments):
        setattr(network, name, value)
    np.testing.assert_array_equal(network.forward(X).y_hat, net().forward(X).y_hat)


@pytest.mark.parametrize(
    "change",
    [
        lambda W: W.append(np.ones((4, 4))),
        lambda W: W.extend([np.ones((4, 4))]),
        lambda W: W.insert(0, None),
        lambda W: W.pop(),
        lambda W: W.remove(None),
        lambda W: W.clear(),
        lambda W: W.reverse(),
        lambda W: W.__delitem__(1),
        lambda W: W.__delitem__(slice(None)),
        lambda W: W.__iadd__([np.ones((4, 4))]),
        lambda W: W.__imul__(2),
    ],
)
def test_layers_neither_come_nor_go(change):
    network = net()
    with refused("one array in W for each of its layers"):
        change(network.W)
    assert len(network.W) == 3
    with refused("A network needs its b"):
        del network.b


def test_an_array_that_was_assigned_is_the_networks_own_and_may_be_changed_in_place():
    network, W_1 = net(), np.ones((3, 2))
    network.W[1] = W_1
    W_1[0, 0] = 7
    assert network.W[1][0, 0] == 1
    network.W[1][0, 0] = 5
    network.W[1][1] -= 1
    network.b[1] += 2
    assert network.W[1].tolist() == [[5, 1], [0, 0], [1, 1]] and network.b[1].tolist() == [[2], [2], [2]]
    W_1, b_1 = [[5, 1], [0, 0], [1, 1]], [[2], [2], [2]]
    np.testing.assert_array_equal(network.forward(X).y_hat, net().with_parameters({1: W_1}, {1: b_1}).forward(X).y_hat)


def test_a_stack_may_be_assigned_and_must_fit_the_others():
    network = net()
    network.W[1] = np.stack([network.W[1], 2 * network.W[1]])
    assert network.forward(X).y_hat.shape == (2, 4, 5)
    network.b[2] = np.zeros((3, 4, 1))
    with refused("different stacks", "(2,) and (3,)"):
        network.forward(X)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network))])
def test_a_copied_network_still_looks_at_what_is_assigned(copied):
    network = copied(net())
    with refused("b[1] must have shape (3, 1)"):
        network.b[1] = np.zeros(3)
    network.b[1] = np.ones((3, 1))
    np.testing.assert_array_equal(network.forward(X).y_hat, net().with_parameters(b={1: np.ones((3, 1))}).forward(X).y_hat)


@pytest.mark.parametrize("trace", [None, X, "trace", net()], ids=lambda value: type(value).__name__)
def test_backward_asks_for_the_trace_of_forward(trace):
    with refused("The first argument must be the trace that forward returned", "backward(forward(x), y)"):
        net().backward(trace, Y)


def test_a_trace_of_another_network_is_refused():
    other = FeedForwardNetwork([2, 5, 3, 4], seed=0)
    with refused("layer sizes [2, 5, 3, 4]", "this one has [2, 3, 4]"):
        net().backward(other.forward(X), Y)


def test_stacks_of_different_size_are_refused():
    stack, x, y = net(seed=[0, 1, 2]), np.stack([X, X]), np.stack([Y, Y])
    with refused("x has leading axes (2,)", "a stack of (3,)"):
        stack.forward(x)
    with refused("y has leading axes (2,)", "a stack of (3,)"):
        stack.backward(stack.forward(X), y)
    with refused("y has leading axes (2,)", "a stack of (3,)"):
        stack.accuracy(X, y)
    with refused("x has leading axes (2,)", "there is one network"):
        gradient_descent(net(), x, y, 0.1, 1)
    with refused("x has leading axes (2,)", "there is one network"):
        check_gradients(net(), x, y)


# Training

COUNTS = [2.5, 2.0, "3", None, True, [3], np.array(3), np.nan, -1]


@table(
    "setting, value, fragments",
    [
        *(("learning_rate", v, "learning_rate must be a positive number such as 0.5") for v in ["fast", "0.1", None, True, 1j, {}]),
        *(("learning_rate", v, "learning_rate must be a positive number such as 0.5") for v in [0, -0.1, np.nan, np.inf, [0.1], []]),
        *(("epochs", v, "epochs must be a whole number, 0 or more") for v in COUNTS),
        *(("batch_size", v, "batch_size must be a whole number, 1 or more") for v in [0, *COUNTS] if v is not None),
        *(("record_every", v, "record_every must be a whole number, 1 or more") for v in [0, *COUNTS] if v is not None),
    ],
    ids=repr,
)
def test_unfit_settings_of_training_are_refused(setting, value, fragments):
    with refused(*fragments, f"not {value!r}"):
        gradient_descent(net(), X, Y, **{"learning_rate": 0.1, "epochs": 2, setting: value})


@pytest.mark.parametrize("rates", [[0.1, 0.2], np.ones((3, 1)), np.ones((2, 3)), [0.1, 0.2, -1], [0.1, 0.2, np.nan]], ids=str)
def test_a_stack_takes_one_learning_rate_or_one_for_each_network(rates):
    with refused("learning_rate must be a positive number such as 0.5, or (3,) of them, one per network"):
        gradient_descent(net(seed=[0, 1, 2]), X, Y, rates, 1)


@pytest.mark.parametrize("value", [None, X, FeedForwardNetwork, "net"], ids=lambda value: type(value).__name__)
def test_the_first_argument_must_be_a_network(value):
    with refused("The first argument must be a network, such as FeedForwardNetwork([2, 3, 4])"):
        gradient_descent(value, X, Y, 0.1, 1)
    with refused("The first argument must be a network"):
        check_gradients(value, X, Y)


def test_a_refused_run_leaves_the_network_as_it_was():
    network = net()
    with refused("epochs"):
        gradient_descent(network, X, Y, 0.1, 2.5)
    np.testing.assert_array_equal(network.W[1], net().W[1])


# The gradient check


@pytest.mark.parametrize("name, k", [("c", 1), (None, 1), (["W"], 1), ("W", 0), ("W", 3), ("b", -1), ("W", "1"), ("W", 1.0), ("b", True)])
def test_a_parameter_that_does_not_exist_is_refused_with_those_that_do(name, k):
    expected = f"the layer k must be one of 1, 2, not {k!r}" if name in ("W", "b") else f"name must be one of 'W', 'b', not {name!r}"
    with refused(expected):
        numerical_gradient(net(), X, Y, name, k)


@pytest.mark.parametrize("value", [0, -1, np.nan, "small", None, True, [1e-5]], ids=repr)
def test_step_and_tolerance_must_be_positive(value):
    with refused("step must be a positive number"):
        numerical_gradient(net(), X, Y, "W", 1, step=value)
    with refused("tolerance must be a positive number"):
        check_gradients(net(), X, Y, tolerance=value)


def test_the_gradient_check_looks_at_one_network():
    for check in (lambda stack: check_gradients(stack, X, Y), lambda stack: numerical_gradient(stack, X, Y, "W", 1)):
        with refused("one network at a time, not at a stack"):
            check(net(seed=[0, 1]))
        with refused("one network at a time, not at a stack"):
            check(net().with_parameters(b={1: np.zeros((2, 3, 1))}))


# A learner's np.seterr


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity"])
@pytest.mark.parametrize("pair", LOSSES, ids=" + ".join)
def test_nothing_changes_where_numpy_raises_what_it_would_ignore(activation, pair):
    x, y = 1e3 * X, Y if pair[0] != "linear" else 1e3 * X[[0, 1, 0, 1]]

    def everything():
        network = FeedForwardNetwork([2, 3, 4], activation, *pair, seed=0)
        trace = network.forward(x)
        gradients = network.backward(trace, y)
        history = gradient_descent(network, x, y, 0.1, 3)
        primes = [g.prime(g(np.array([-1e3, -1e-200, 1e-320, 1e3]))) for g in (network.g[1],)]
        report = check_gradients(net(activation=activation), X, Y)
        return [trace.y_hat, gradients.W[1], network.loss(trace, y), history.loss, history.gradient_norm[1], *primes, report.ok]

    expected = everything()
    with np.errstate(all="raise"):
        for got, wanted in zip(everything(), expected, strict=True):
            np.testing.assert_array_equal(got, wanted)


def test_sigmoid_and_softmax_arrive_at_their_limits_where_numpy_raises():
    with np.errstate(all="raise"):
        assert sigmoid(np.array([-1e4, 1e4])).tolist() == [0, 1]
        assert softmax(np.array([[0.0], [-1e4]])).tolist() == [[1], [0]]
