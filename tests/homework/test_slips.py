"""Slips, relations and their words: what is recognised, and that nothing false is said."""

import inspect
import math

import numpy as np
import pytest
from student_answers import student
from teachers_questions import QUESTIONS as TEACHERS
from teachers_questions import WRONG
from wrong_answers import is_held_out, wrong_answers

from utils.homework import relations
from utils.homework.edits import programs
from utils.homework.explain import Explanation
from utils.homework.judge import judge
from utils.homework.questions import QUESTIONS
from utils.homework.slip_rules import RULES, UNITS
from utils.homework.time_limit import run
from utils.homework.words import ALL_NAMES, RELATIONS, SLIPS, in_words

GENERIC = {"values", "shape", "not finite", "complex"}  # where the judge says no more than which entry is wrong


def verdict(question, function, seed=1):
    cases = question.cases(seed)
    function.__globals__.setdefault("math", math)
    return judge(question, cases, run(function, question.parameters, cases, time_limit=60))


def explained(found):
    return found.mistake not in GENERIC and (":" in found.mistake or not found.mistake.startswith("raises"))


@pytest.mark.long
def test_nine_of_ten_wrong_answers_that_nobody_tuned_to_are_explained():
    found = [verdict(QUESTIONS[name], student(name, body)) for name in QUESTIONS for body in wrong_answers(name) if is_held_out(body)]
    assert all(one.state == "wrong" for one in found)
    assert len(found) > 200 and sum(map(explained, found)) >= 0.85 * len(found)


@pytest.mark.parametrize("name", ["sigmoid", "softmax", "output_gradient", "hidden_gradient", "weight_gradient"])
def test_no_hint_holds_a_line_of_the_solution(name):
    question = QUESTIONS[name]
    answers = [question.reference, *(variant.function for variant in question.variants)]
    lines = {line.strip().removeprefix("return ") for answer in answers for line in inspect.getsource(answer).splitlines()}
    said = {hint for body in wrong_answers(name)[::2] for hint in verdict(question, student(name, body)).hints[:2]}
    told = {line for line in lines for hint in said if len(line) > 14 and line in hint.replace(body_quoted(hint), "")}
    assert not told


def body_quoted(hint):
    """Return the student's own line, which a hint about an exception quotes."""
    return hint.split("`")[1] if hint.count("`") >= 2 else "\0"


@pytest.mark.parametrize(
    ("question", "body", "mistake"),
    [
        ("sigmoid_prime", "h = sigmoid(a)\nreturn h * (1 - h) / 2", "factor: × ½"),
        ("softmax_jacobian", "return (np.diagflat(y_hat) - y_hat @ y_hat.T) / len(y_hat)", "factor: ÷ the number of rows of y_hat"),
        ("weight_gradient", "return -(grad_a @ h_prev.T) / grad_a.shape[0]", "factor: minus, ÷ the number of rows of grad_a"),
        ("one_hot", "return -np.eye(k)[:, labels]", "negative"),
        ("sigmoid_prime", "h = sigmoid(a)\nreturn np.round(h * (1 - h), 1)", "rounded: to 1 decimal"),
        ("cross_entropy", "return -np.log(y_hat[y == 1]).max()", "other function: mean → max"),
        ("forward", "return softmax(W2 @ sigmoid(W1 @ x + b2) + b1)", "inputs exchanged: b1 and b2"),
        ("gradient_step", "return [v - 0.01 * g for v, g in zip(parameters, gradients)]", "fixed input: learning_rate = 0.01"),
        (
            "weight_gradient",
            "total = 0\nfor n in range(grad_a.shape[1] - 1):\n    total += np.outer(grad_a[:, n], h_prev[:, n])\nreturn total",
            "one short: last",
        ),
        ("one_hot", "y = np.eye(k)[:, labels]\ny[:, 0] = 0\nreturn y", "a part is 0: the first column is 0"),
    ],
)
def test_slips_are_named(question, body, mistake):
    for seed in range(3):
        assert verdict(QUESTIONS[question], student(question, body), seed).mistake == mistake


def test_every_kind_has_words():
    assert {kind for kind, *_ in RULES} <= set(SLIPS)
    assert {kind for kind, *_ in relations.RELATIONS} <= set(RELATIONS)
    assert {slip.kind for question in QUESTIONS.values() for program in programs(question) for slip in program.slips} <= set(SLIPS)
    assert {result for results in UNITS.values() for result in results} <= set(ALL_NAMES)


def test_what_twins_do_not_share_is_not_said():
    question = QUESTIONS["softmax"]
    assert "W_secret" not in in_words(question, Explanation("dropped", "W_secret @ x"))[1]
    assert "a is left out" in in_words(question, Explanation("dropped", "a"))[1]


def test_a_program_without_a_slip_is_the_function():
    for name in ("softmax", "hidden_gradient", "backward"):
        question = QUESTIONS[name]
        for case in question.cases(0):
            true = question.reference(*case.arguments)
            for program in programs(question):
                mine = program(-1, *case.arguments)
                pairs = zip(mine, true, strict=True) if question.parts else [(mine, true)]
                assert all(np.allclose(np.reshape(a, np.shape(b)), b) for a, b in pairs)


def test_readings_are_intersected_so_that_one_example_decides_nothing():
    def pair(shape):
        y = np.random.default_rng(0).normal(size=shape)
        return relations.Pair(y / shape[1], y, {"y": y})

    one, square, batch = pair((3, 1)), pair((4, 4)), pair((3, 7))
    assert "× 1" in relations.common("factor", [one])
    assert {"÷ the number of columns of y", "÷ the number of rows of y"} <= relations.common("factor", [square])
    assert relations.common("factor", [one, square, batch]) == {"÷ the number of columns of y"}


def test_infinite_numbers_are_not_like_all_others():
    assert not relations.same(np.array([1.0, 2.0]), np.array([np.inf, 2.0]))
    assert relations.same(np.array([np.inf, np.nan]), np.array([np.inf, np.nan]))


def test_a_teachers_question_needs_no_handwritten_mistake():
    found = [verdict(TEACHERS[name], function) for name, function in WRONG]
    assert len(found) >= 50 and all(one.state == "wrong" for one in found)
    assert sum(map(explained, found)) >= 0.75 * len(found)
    for question in TEACHERS.values():
        assert verdict(question, question.reference).right and not question.mistakes


def test_a_search_without_patience_ends_at_once_and_a_right_answer_needs_none(monkeypatch):
    question = QUESTIONS["weight_gradient"]
    cases = question.cases(1)

    def judged(body, time_limit):
        return judge(question, cases, run(student(question.name, body), question.parameters, cases), time_limit)

    assert judged("return grad_a @ (h_prev ** 2).T", np.inf).mistake == "changed input: h_prev squared"
    assert judged("return grad_a @ (h_prev ** 2).T", 0).mistake == "values"
    monkeypatch.setattr("utils.homework.explain.programs", None)
    assert judged("return grad_a @ h_prev.T", np.inf).right
