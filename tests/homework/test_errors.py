"""Exceptions are explained: the line, the shapes that met, and what to do."""

import math

import pytest
from student_answers import student

from utils.homework.judge import judge
from utils.homework.questions import QUESTIONS
from utils.homework.time_limit import run


@pytest.mark.parametrize(
    ("question", "body", "words"),
    [
        ("softmax", "e = np.exp(a)\nreturn e / e.sum(axis=1)", "keepdims=True keeps a sum in that shape"),
        ("forward", "return softmax(W2 @ sigmoid(W1 @ x + b1.T) + b2)", "is a row. Turned, it would fit"),
        ("sigmoid", "return 1 / (1 + math.exp(-a))", "takes one number. NumPy's np.exp works on all entries"),
        ("hidden_gradient", "h = sigmoid(a)\nreturn W_next.T @ grad_a_next * h(1 - h)", "A product needs its sign: *"),
        ("weight_gradient", "return grad_a @ h_prev.T()", "it has no brackets"),
        ("weight_gradient", "return grad_a @ h_prev.transpose", "transpose is a method: without brackets it is not called"),
        ("bias_gradient", "sum = 0\nfor g in grad_a.T:\n    sum = sum + g\nreturn sum(grad_a) + 0 * g", "A product needs its sign"),
        ("bias_gradient", "sum = 0\nreturn sum(grad_a)", "Python's own sum is hidden"),
        ("gradient_step", "return parameters - learning_rate * gradients", "A list is not an array"),
        ("one_hot", "return np.zeros(k, len(labels))", "a pair in brackets of its own"),
        (
            "bias_gradient",
            "for n in range(grad_a.shape[1]):\n    total = total + grad_a[:, [n]]\nreturn total",
            "total gets its first value only later",
        ),
        (
            "gradient_step",
            "return [v - learning_rate * g for v, g in (parameters, gradients)]",
            "zip(…, …) goes through two lists side by side",
        ),
        ("hidden_gradient", "return np.outer(W_next, grad_a_next) * sigmoid_prime(a)", "for a batch use a product of matrices"),
        ("sigmoid", "return 1 / (1 + exp(-a))", "NumPy's function is np.exp"),
        ("gradient_step", "return [v - lr * g for v, g in zip(parameters, gradients)]", "Is the parameter learning_rate meant?"),
        ("sigmoid", "return 1 / (1 + np.e ^ -a)", "In Python ^ is no power"),
        ("train", "for e in epochs:\n    pass", "range(n) counts"),
    ],
)
def test_what_to_do_is_said(question, body, words):
    question = QUESTIONS[question]
    function = student(question.name, body)
    function.__globals__["math"] = math
    cases = question.cases(3)
    question = type(question)(
        **{name: getattr(question, name) for name in ("name", "reference", "inputs", "task", "read", "parts", "given")}
    )
    found = judge(question, cases, run(function, question.parameters, cases))  # without the known mistakes
    assert words in found.hints[0], found.hints
    assert found.mistake.startswith("raises ") and ": " in found.mistake


def test_the_line_and_its_shapes_are_shown():
    question = QUESTIONS["weight_gradient"]
    cases = question.cases(3)
    found = judge(question, cases, run(student("weight_gradient", "n = 1\nreturn h_prev @ grad_a"), question.parameters, cases))
    (n, N), (m, _) = (argument.shape for argument in cases[0].arguments)
    assert "in the line `return h_prev @ grad_a`" in found.hints[0]
    assert f"There h_prev has shape ({m}, {N}), grad_a has shape ({n}, {N})." in found.hints[0]


def test_a_forgotten_return_of_a_helper_is_told():
    wrong = student("hidden_gradient", "def slope(a):\n    sigmoid(a)\nreturn W_next.T @ grad_a_next * slope(a)")
    cases = QUESTIONS["hidden_gradient"].cases(3)
    found = judge(QUESTIONS["hidden_gradient"], cases, run(wrong, QUESTIONS["hidden_gradient"].parameters, cases))
    assert "A value here is None" in found.hints[0] and "slope" in found.hints[0]
