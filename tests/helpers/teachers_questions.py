"""Questions as a teacher would make them, from a name, a reference, inputs and a text; and wrong answers to them."""

import numpy as np

from utils.homework.question import Question


def standardise(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


def mse_gradient(y_hat, y):
    return 2 * (y_hat - y) / y.shape[1]


def relu_layer(W, x, b):
    a = W @ x + b
    return np.maximum(a, 0)


def momentum_step(v, velocity, grad, learning_rate, mu):
    velocity = mu * velocity - learning_rate * grad
    return v + velocity


def attention(Q, K, V):
    scores = Q @ K.T / np.sqrt(K.shape[1])
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return weights @ V


def arrays(*shapes):
    """Return inputs: for each tuple of shapes one call."""
    return lambda rng: [[rng.normal(size=shape) for shape in case] for case in shapes]


def momentum_inputs(rng):
    return [[*rng.normal(size=(3, *shape)), rate, mu] for shape, rate, mu in (((3, 4), 0.3, 0.9), ((2, 5), 0.7, 0.5), ((4, 4), 0.2, 0.8))]


MADE = (
    Question("standardise", standardise, arrays([(8, 3)], [(5, 6)], [(4, 4)]), "Return X with mean 0, deviation 1 in each column."),
    Question("mse_gradient", mse_gradient, arrays([(3, 7)] * 2, [(5, 2)] * 2, [(4, 4)] * 2), "Return the gradient of the squared error."),
    Question("relu_layer", relu_layer, arrays([(4, 3), (3, 7), (4, 1)], [(2, 5), (5, 3), (2, 1)], [(4, 4), (4, 4), (4, 1)]), "ReLU(Wx+b)"),
    Question("momentum_step", momentum_step, momentum_inputs, "Return v after a step with momentum."),
    Question("attention", attention, arrays([(4, 3), (6, 3), (6, 2)], [(5, 2), (3, 2), (3, 4)], [(4, 4)] * 3), "Return the attention."),
)  # fmt: skip
QUESTIONS = {question.name: question for question in MADE}

BODIES = {
    "standardise": [
        "X - X.mean(axis=0)",
        "X / X.std(axis=0)",
        "(X - X.mean()) / X.std()",
        "(X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)",
        "(X - X.mean(axis=0)) / X.var(axis=0)",
        "(X + X.mean(axis=0)) / X.std(axis=0)",
        "X - X.mean(axis=0) / X.std(axis=0)",
        "(X - X.min(axis=0)) / X.std(axis=0)",
        "(X - X.mean(axis=0)) * X.std(axis=0)",
        "(X.mean(axis=0) - X) / X.std(axis=0)",
    ],
    "mse_gradient": [
        "(y_hat - y) / y.shape[1]",
        "2 * (y - y_hat) / y.shape[1]",
        "2 * (y_hat - y)",
        "2 * (y_hat - y) / y.shape[0]",
        "2 * (y_hat - y) / y.size",
        "(y_hat - y) ** 2 / y.shape[1]",
        "2 * y_hat - y / y.shape[1]",
        "2 * (y_hat - y).mean(axis=1, keepdims=True)",
        "2 * (y_hat + y) / y.shape[1]",
        "2 * np.abs(y_hat - y) / y.shape[1]",
    ],
    "relu_layer": [
        "W @ x + b",
        "np.maximum(W @ x, 0)",
        "np.maximum(W @ x, 0) + b",
        "np.maximum(W @ x - b, 0)",
        "np.maximum(W @ x + b, 1)",
        "np.minimum(W @ x + b, 0)",
        "np.abs(W @ x + b)",
        "np.maximum(W.T @ x + b, 0)",
        "((W @ x + b) > 0) * 1.0",
        "np.maximum(W @ (x + b.mean()), 0)",
    ],
    "momentum_step": [
        "v + mu * velocity + learning_rate * grad",
        "v + mu * velocity",
        "v - learning_rate * grad",
        "mu * velocity - learning_rate * grad",
        "v - mu * velocity + learning_rate * grad",
        "v + velocity - learning_rate * grad",
        "v + mu * velocity - grad",
        "v + mu * (velocity - learning_rate * grad)",
        "v + learning_rate * velocity - mu * grad",
        "v + mu * velocity - 0.01 * grad",
    ],
    "attention": [
        "soft(Q @ K.T) @ V",
        "soft(Q @ K.T / K.shape[1]) @ V",
        "soft(Q @ K.T * np.sqrt(K.shape[1])) @ V",
        "Q @ K.T / np.sqrt(K.shape[1]) @ V",
        "soft(Q @ K.T / np.sqrt(K.shape[1]))",
        "soft(Q @ K.T / np.sqrt(K.shape[1]), 0) @ V",
        "soft(Q @ K.T / np.sqrt(K.shape[0])) @ V",
        "np.exp(Q @ K.T / np.sqrt(K.shape[1])) @ V",
        "soft(K @ Q.T / np.sqrt(K.shape[1])) @ V",
        "soft(-Q @ K.T / np.sqrt(K.shape[1])) @ V",
    ],
}


def soft(scores, axis=1):
    """Return the softmax along an axis."""
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def answer(name, body):
    """Return the function with one line."""
    names = {"np": np, "soft": soft}
    exec(f"def {QUESTIONS[name].signature}:\n    return {body}\n", names)
    return names[name]


WRONG = [(name, answer(name, body)) for name, bodies in BODIES.items() for body in bodies]
