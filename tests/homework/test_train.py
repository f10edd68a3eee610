"""An answer passes if it is gradient descent, in whatever form. Other ways to good parameters do not pass."""

import numpy as np
import pytest
from student_answers import student

from utils.homework.bank.train import mean_loss
from utils.homework.judge import judge
from utils.homework.questions import QUESTIONS
from utils.homework.reference import backward, fresh_parameters, gradient_step, one_hot, sigmoid, softmax
from utils.homework.reference import train as true_train
from utils.homework.time_limit import run

TRAIN = QUESTIONS["train"]


def verdict(function, seed):
    cases = TRAIN.cases(seed)
    return judge(TRAIN, cases, run(function, TRAIN.parameters, cases, time_limit=60))


def descent(begin=None, epoch=None, dtype=float):
    """Return a train with its own beginning, its own epoch, or its own precision."""

    def train(X, y, n_hidden, learning_rate, epochs, seed):
        k, rng = y.max() + 1, np.random.default_rng(seed)
        parameters = begin(rng, n_hidden, X.shape[1], k) if begin else fresh_parameters(X.shape[1], n_hidden, k, seed)
        parameters = [v.astype(dtype) for v in parameters]
        for _ in range(epochs):
            parameters = (epoch or all_at_once)(X.astype(dtype), one_hot(y, k).astype(dtype), parameters, dtype(learning_rate), rng)
        return tuple(parameters)

    return train


def all_at_once(X, t, parameters, rate, _):
    return gradient_step(parameters, backward(X.T, t, *parameters), rate)


def batches(size):
    def epoch(X, t, parameters, rate, rng):
        order = rng.permutation(len(X))
        for i in range(0, len(X), size):
            batch = order[i : i + size]
            parameters = gradient_step(parameters, backward(X[batch].T, t[:, batch], *parameters), rate)
        return parameters

    return epoch


def other_slope(slope):
    def epoch(X, t, parameters, rate, _):
        W1, b1, W2, b2 = parameters
        h = sigmoid(W1 @ X.T + b1)
        g2 = (softmax(W2 @ h + b2) - t) / len(X)
        g1 = W2.T @ g2 * slope(h)
        return gradient_step(parameters, (g1 @ X, g1.sum(axis=1, keepdims=True), g2 @ h.T, g2.sum(axis=1, keepdims=True)), rate)

    return epoch


def least_squares(X, y, n_hidden, learning_rate, epochs, seed):
    W1, b1, W2, b2 = fresh_parameters(X.shape[1], n_hidden, y.max() + 1, seed)
    if epochs:
        h = np.vstack([sigmoid(W1 @ X.T + b1), np.ones(len(X))])
        best = (8 * one_hot(y, y.max() + 1) - 4) @ np.linalg.pinv(h)
        W2, b2 = best[:, :-1], best[:, -1:]
    return W1, b1, W2, b2


def random_search(X, y, n_hidden, learning_rate, epochs, seed):
    rng, best = np.random.default_rng(seed), fresh_parameters(X.shape[1], n_hidden, y.max() + 1, seed)
    for _ in range(5 * epochs):
        other = [v + learning_rate * rng.normal(size=v.shape) for v in best]
        best = min(best, other, key=lambda parameters: mean_loss(X, y, parameters))
    return best


def adam(X, y, n_hidden, learning_rate, epochs, seed):
    parameters = list(fresh_parameters(X.shape[1], n_hidden, y.max() + 1, seed))
    m, s = [0 * v for v in parameters], [0 * v for v in parameters]
    for step in range(1, epochs + 1):
        gradients = backward(X.T, one_hot(y, y.max() + 1), *parameters)
        m = [0.9 * a + 0.1 * g for a, g in zip(m, gradients, strict=True)]
        s = [0.999 * a + 0.001 * g * g for a, g in zip(s, gradients, strict=True)]
        parameters = [
            v - learning_rate * (a / (1 - 0.9**step)) / (np.sqrt(b / (1 - 0.999**step)) + 1e-8)
            for v, a, b in zip(parameters, m, s, strict=True)
        ]
    return parameters


DISHONEST = {
    "least squares": least_squares,
    "random search": random_search,
    "Adam": adam,
    "the slope of tanh": descent(epoch=other_slope(lambda h: 1 - h**2)),
    "no slope": descent(epoch=other_slope(lambda h: 1)),
    "the learning rate ignored": lambda X, y, n, rate, epochs, seed: true_train(X, y, n, 0.5, epochs, seed),
    "twice the learning rate": lambda X, y, n, rate, epochs, seed: true_train(X, y, n, 2 * rate, epochs, seed),
    "the epochs ignored": lambda X, y, n, rate, epochs, seed: true_train(X, y, n, rate, 150 * (epochs > 0), seed),
    "one epoch too many": lambda X, y, n, rate, epochs, seed: true_train(X, y, n, rate, epochs + 1, seed),
    "one epoch too many, but for 0": lambda X, y, n, rate, epochs, seed: true_train(X, y, n, rate, epochs + (epochs > 0), seed),
    "200 epochs before the first": lambda X, y, n, rate, epochs, seed: true_train(X, y, n, rate, epochs + 200, seed),
    "labels in another order": lambda X, y, n, rate, epochs, seed: true_train(X, np.sort(y), n, rate, epochs, seed),
    "other inputs": lambda X, y, n, rate, epochs, seed: true_train(1.1 * X, y, n, rate, epochs, seed),
}


@pytest.mark.parametrize("train", DISHONEST.values(), ids=DISHONEST)
def test_what_is_not_gradient_descent_earns_nothing(train):
    assert [verdict(train, seed).state for seed in range(2)] == ["wrong"] * 2


def zeros(rng, n_hidden, n_0, k):
    return np.zeros((n_hidden, 1)), np.zeros((k, 1))


def weights(draw, biases=zeros):
    """Return a beginning from draw(rng, rows, columns)."""

    def begin(rng, n_hidden, n_0, k):
        b1, b2 = biases(rng, n_hidden, n_0, k)
        return draw(rng, n_hidden, n_0), b1, draw(rng, k, n_hidden), b2

    return begin


def some(rng, n_hidden, n_0, k):
    return 0.1 * rng.normal(size=(n_hidden, 1)), 0.1 * rng.normal(size=(k, 1))


def ones(rng, n_hidden, n_0, k):
    return np.full((n_hidden, 1), 0.1), np.full((k, 1), 0.1)


HONEST = [
    *(weights(lambda rng, n, m, s=s: s * rng.normal(size=(n, m))) for s in (1.0, 0.5, 0.3, 0.1)),
    *(weights(lambda rng, n, m, s=s: s * rng.normal(size=(n, m)), some) for s in (1.0, 0.5, 0.3, 0.1)),
    *(weights(lambda rng, n, m, s=s: rng.uniform(-s, s, (n, m))) for s in (1.0, 0.5, 0.2)),
    weights(lambda rng, n, m: rng.normal(size=(n, m)) / np.sqrt(m)),
    weights(lambda rng, n, m: rng.normal(size=(n, m)) * np.sqrt(2 / m)),
    weights(lambda rng, n, m: rng.normal(size=(n, m)) * np.sqrt(2 / (n + m))),
    weights(lambda rng, n, m: rng.uniform(-1, 1, (n, m)) * np.sqrt(6 / (n + m))),
    weights(lambda rng, n, m: rng.uniform(-1, 1, (n, m)) / np.sqrt(m)),
    weights(lambda rng, n, m: rng.normal(size=(m, n)).T),
    weights(lambda rng, n, m: rng.normal(size=(n, m)), ones),
    weights(lambda rng, n, m: rng.random((n, m)) - 0.5),
    weights(lambda rng, n, m: np.linalg.qr(rng.normal(size=(max(n, m), max(n, m))))[0][:n, :m]),
]


def test_twenty_honest_ways_to_begin_pass():
    assert len(HONEST) == 20
    for i, begin in enumerate(HONEST):
        for seed in (0, 7):
            found = verdict(descent(begin), seed)
            assert found.right and not found.note, (i, seed, found)


@pytest.mark.parametrize("size", [1, 4, 5, 8, 10])
def test_batches_are_gradient_descent_in_smaller_steps(size):
    for seed in range(3):
        found = verdict(descent(epoch=batches(size)), seed)
        assert found.right and "gradient descent" in found.note, found


def test_single_precision_passes():
    assert all(verdict(descent(dtype=np.float32), seed).right for seed in range(4))


def test_too_many_turns_and_a_lost_learning_rate_are_named():
    for name, words in (("one epoch too many", "turn too many"), ("the learning rate ignored", "every learning rate")):
        assert words in verdict(DISHONEST[name], 1).hints[1]
    assert "learning_rate" in verdict(DISHONEST["twice the learning rate"], 1).hints[1]


def test_arrays_in_another_order_are_named():
    wrong = student(
        "train", "import numpy as np\nW1, b1, W2, b2 = begun(X, y, n_hidden, learning_rate, epochs, seed)\nreturn W1, W2, b1, b2"
    )
    wrong.__globals__["begun"] = descent(HONEST[0])
    assert verdict(wrong, 1).mistake == "order of the shapes: W1, W2, b1, b2"
