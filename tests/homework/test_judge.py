"""The judge: whatever comes back is judged as data, and the words fit what was seen."""

import doctest
import inspect
import math
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from student_answers import student

from utils.homework import question as question_page
from utils.homework import reference
from utils.homework.judge import judge
from utils.homework.question import Case
from utils.homework.questions import HOMEWORKS, QUESTIONS
from utils.homework.results import RAISED, VALUE, Result
from utils.homework.time_limit import run
from utils.nn.activations import ACTIVATIONS
from utils.nn.gradcheck import check_gradients
from utils.nn.network import FeedForwardNetwork, Gradients

every_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)


def judged(question, function, seed=0):
    cases = question.cases(seed)
    return judge(question, cases, run(function, question.parameters, cases, time_limit=60))


def returning(question, value, seed=0):
    cases = question.cases(seed)
    return judge(question, cases, [Result(VALUE, value)] * len(cases))


# --- the references, against the course's network, which is tested against finite differences ---


def test_references_agree_with_the_network():
    for seed in range(5):
        for case in QUESTIONS["backward"].cases(seed)[:3]:
            x, y, W1, b1, W2, b2 = case.arguments
            net = FeedForwardNetwork([len(x), len(W1), len(W2)]).with_parameters(W={1: W1, 2: W2}, b={1: b1, 2: b2})
            trace = net.forward(x)
            gradients = net.backward(trace, y)
            assert np.allclose(reference.forward(x, W1, b1, W2, b2), trace.y_hat)
            assert np.isclose(reference.cross_entropy(trace.y_hat, y), net.loss(trace, y))
            assert np.allclose(reference.sigmoid_prime(trace.a[1]), ACTIVATIONS["sigmoid"].prime(trace.h[1]))
            for mine, theirs in zip(
                reference.backward(x, y, W1, b1, W2, b2), (gradients.W[1], gradients.b[1], gradients.W[2], gradients.b[2]), strict=True
            ):
                assert np.allclose(mine, theirs)


def test_the_reference_passes_a_gradient_check():
    class Mine(FeedForwardNetwork):
        def backward(self, trace, y):
            W1, b1, W2, b2 = reference.backward(trace.h[0], y, self.W[1], self.b[1], self.W[2], self.b[2])
            return Gradients(None, None, [None, W1, W2], [None, b1, b2])

    x, y = np.random.default_rng(0).normal(size=(3, 7)), reference.one_hot(np.array([0, 1, 2, 3, 0, 1, 1]), 4)
    assert check_gradients(Mine([3, 5, 4], seed=1), x, y).ok


def test_jacobian_is_the_slope_of_the_softmax():
    a, step = np.array([[0.3], [-1.0], [0.8]]), 1e-6
    slopes = [(reference.softmax(a + e[:, None]) - reference.softmax(a - e[:, None])) / (2 * step) for e in step * np.eye(3)]
    assert np.allclose(np.hstack(slopes), reference.softmax_jacobian(reference.softmax(a)))


# --- the inputs ---


@every_question
def test_inputs_are_fresh_with_every_seed_and_the_same_with_the_same(question):
    def bits(seed):
        return pickle.dumps([case.arguments for case in question.cases(seed)])

    assert bits(1) == bits(1) and len({bits(seed) for seed in range(5)}) == 5
    assert bits(None) != bits(None)


@every_question
def test_inputs_hold_what_decides(question):
    about = " · ".join(case.about for seed in range(3) for case in question.cases(seed))
    batches = {case.arguments[0].shape for case in question.cases(0) if isinstance(case.arguments[0], np.ndarray)}
    assert question.parts == ("…",) or len(batches) >= (1 if not question.unique else 2 if question.accepts else 3)
    if question.name in ("softmax", "forward", "cross_entropy", "hidden_gradient", "weight_gradient", "bias_gradient", "backward"):
        assert "one example" in about
    if question.name in ("one_hot", "cross_entropy", "output_gradient", "backward"):
        assert "last class that does not occur" in about
    if question.name in ("sigmoid", "softmax", "sigmoid_prime", "hidden_gradient"):
        largest = [np.abs(case.arguments[-1]).max() for case in question.cases(0)]
        assert max(largest) >= 1e4
    if question.name in ("hidden_gradient", "weight_gradient"):
        for seed in range(20):
            (n, N), (n_prev, _) = (v.shape for v in question.cases(seed)[0].arguments[-2:])
            assert len({n, N, n_prev}) == 3


# --- untrusted results ---


class Trap:
    """An object whose every method is somebody else's code."""

    def __getattribute__(self, name):
        raise AssertionError(f"{name} of an untrusted object was used")

    __eq__ = __bool__ = __len__ = __iter__ = __array__ = __float__ = __repr__ = __str__ = lambda self, *_: self.touched

    __hash__ = None


class TrapArray(np.ndarray):
    @property
    def shape(self):
        raise AssertionError("shape of an untrusted array was used")

    def __array_finalize__(self, other):
        raise AssertionError("a view of an untrusted array was made")


class TrapList(list):
    def __len__(self):
        raise AssertionError("the list's own method was used")

    __iter__ = __getitem__ = __len__


def trap_array():
    finalize, TrapArray.__array_finalize__ = TrapArray.__array_finalize__, lambda self, other: None
    array = np.zeros((2, 3)).view(TrapArray)
    TrapArray.__array_finalize__ = finalize
    return array


TRAPS = np.empty((1, 1), dtype=object)
TRAPS[0, 0] = Trap()
CYCLE = []
CYCLE.append(CYCLE)
STRANGE = [
    None,
    "0.5",
    b"0.5",
    {},
    {1, 2},
    object(),
    Trap(),
    [Trap()],
    (Trap(), Trap(), Trap(), Trap()),
    trap_array(),
    TrapList([1.0]),
    CYCLE,
    [[1, 2], [3]],
    [],
    (),
    float("nan"),
    float("inf"),
    10**400,
    1j,
    True,
    np.nan,
    np.float16(2),
    np.longdouble(2),
    np.array("text"),
    np.array([None, 1], dtype=object),
    TRAPS,
    np.array([10**400], dtype=object),
    np.array(["2020-01-01"], dtype="datetime64"),
    np.zeros(2, dtype=[("a", float)]),
    np.zeros((0, 3)),
    np.broadcast_to(1.0, (10**6, 10**6)),
    [[0.0] * 9000] * 9000,
    np.full((4, 5), np.nan),
    np.ma.masked_array([1.0, 2.0], mask=[True, False]),
    np.eye(3).view(np.recarray),
    lambda: None,
    type,
    range(5),
    (value for value in [1, 2]),
    [np.zeros((2, 2))] * 4,
    (np.zeros((2, 2)), None, "b", 3),
]


@every_question
def test_anything_can_be_judged(question):
    for number, value in enumerate(STRANGE):
        found = returning(question, value)
        assert (found.state, found.points, number) == ("wrong", 0, number)
        assert found.mistake and all(type(hint) is str and len(hint) < 600 for hint in found.hints)


SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6)
ARRAYS = hnp.arrays(hnp.scalar_dtypes(), SHAPES) | hnp.arrays(object, SHAPES, elements=st.none() | st.floats() | st.text())


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    question=st.sampled_from(list(QUESTIONS.values())),
    value=ARRAYS,
    copies=st.integers(0, 5),
)
def test_any_array_can_be_judged(question, value, copies):
    assert not returning(question, [value] * copies if copies else value).right


@pytest.mark.parametrize("message", ["", "a" * 10**6, "<script>alert(1)</script>", None, 3, "name 'x", "matmul: " + "(" * 500])
@pytest.mark.parametrize("error", ["ValueError", "", None, "TypeError"])
def test_any_exception_can_be_judged(error, message):
    question = QUESTIONS["softmax"]
    cases = question.cases(0)
    found = judge(question, cases, [Result(RAISED, error=error, message=message)] * len(cases))
    assert found.state == "wrong" and all(len(hint) < 600 for hint in found.hints)


@every_question
def test_missing_results_count_as_wrong(question):
    cases = question.cases(0)
    results = run(question.reference, question.parameters, cases)
    assert judge(question, cases, results).right
    needed = sum(not case.optional for case in cases)  # those that a right answer must take come first
    assert not judge(question, cases, results[: needed - 1]).right
    assert judge(question, cases, []).mistake == "too slow"


@every_question
def test_results_may_come_from_another_process(question):
    cases = question.cases(3)
    for function in (question.reference, question.mistakes[-1].function):
        results = run(function, question.parameters, cases)
        assert judge(question, cases, pickle.loads(pickle.dumps(results))) == judge(question, cases, results)


# --- a single wrong number ---


@every_question
def test_one_wrong_entry_in_one_case_is_enough(question):
    if question.accepts:
        return  # judged by what was learned
    cases = question.cases(5)
    for i in range(len(cases)):
        results = run(question.reference, question.parameters, cases)
        value = results[i].value
        part = np.array(list(value)[-1] if question.parts else value, dtype=float)
        part[(0,) * part.ndim] += 1e-3
        results[i] = Result(VALUE, [*list(value)[:-1], part] if question.parts else part)
        found = judge(question, cases, results, time_limit=0.2)
        assert found.state == "wrong"
        assert found.mistake == "values" and cases[i].about in found.hints[0]


# --- what the words say ---


@pytest.mark.parametrize(
    ("question", "body", "mistake", "words"),
    [
        ("softmax", "pass", "nothing returned", "it returned nothing (None)"),
        ("sigmoid", "print(1)", "printed, not returned", "print only shows it"),
        ("softmax", "return 'ŷ'", "type", "it returned text, but numbers were expected"),
        ("softmax", "return a, a", "type", "it returned several values, but one array was expected"),
        ("softmax", "return helper(a)", "raises NameError: unknown name helper", "Nobody has told your function what helper is"),
        ("softmax", "return a @ a[:, :1]", "raises ValueError: inner sizes do not agree", "inner sizes of a product must agree"),
        ("softmax", "return a + np.ones((7, 7))", "raises ValueError: shapes do not fit", "(7, 7) met"),
        ("softmax", "if a > 0: return a", "raises ValueError: if on an array", "An `if` decides once"),
        ("softmax", "return softmax(a, 0)", "raises TypeError: wrong parameters", "softmax(a)"),
        ("softmax", "return a * np.nan", "not finite", "your answer holds nan at [0, 0]"),
        ("softmax", "return np.exp(a) * 1j", "complex", "complex numbers"),
        ("softmax", "return np.exp(a)[:, :-1]", "shape", "is expected"),
        ("weight_gradient", "return np.sin(grad_a @ h_prev.T).T + 1", "shape", "It is turned"),
        ("bias_gradient", "return np.cos(grad_a[:, :1]) + 3", "values", "first wrong entry is at [0, 0]: yours"),
        ("backward", "return W1, b1, W2", "number of values", "it returned 3 arrays, but 4 were expected"),
        ("backward", "return W1, b1, W2, b2.T", "shape", "∂L/∂b2 has shape"),
        ("backward", "return W1", "type", "it returned one array, but several arrays were expected"),
        ("sigmoid", "raise SystemExit", "raises SystemExit", "with SystemExit."),
    ],
)
def test_what_happened_is_said_in_plain_words(question, body, mistake, words):
    found = judged(QUESTIONS[question], student(question, body))
    assert (found.mistake, found.state) == (mistake, "wrong"), found
    assert words in found.hints[0], found.hints
    assert found.hints[-1] == str(found.read) == str(QUESTIONS[question].read)


def test_wrong_parameters_are_named():
    found = judged(QUESTIONS["softmax"], lambda a, b: a)
    assert found.mistake.startswith("raises TypeError")

    def softmax(a, axis):
        return a

    assert "The function must take exactly these parameters: softmax(a)." in judged(QUESTIONS["softmax"], softmax).hints[0]


def test_not_implemented_is_not_yet():
    def stub(*_):
        raise NotImplementedError

    found = judged(QUESTIONS["train"], stub)
    assert (found.state, found.points) == ("not yet", 0)


def test_a_second_mistake_at_the_edge_does_not_hide_the_first():
    both = student("softmax", "return np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)")  # wrong axis, and overflows
    assert judged(QUESTIONS["softmax"], both).mistake == "wrong axis"
    also = student("sigmoid_prime", "a *= 0.5\na *= 2.0\na[0] = 0\nreturn a * (1 - a)")  # changes a, and uses what is left
    assert judged(QUESTIONS["sigmoid_prime"], also).mistake == "values"


def test_a_mistake_is_known_in_another_shape():
    flat = student("bias_gradient", "return grad_a.mean(axis=1)")
    assert judged(QUESTIONS["bias_gradient"], flat).mistake == "mean instead of sum"


@every_question
def test_a_changed_input_costs_the_points(question):
    if question.name == "one_hot":
        body = "right = np.eye(k)[:, labels]\nlabels[:] = 0\nreturn right"
    else:
        first = question.parameters[0]
        spoil = f"{first}[0][0] = 7" if question.name == "gradient_step" else f"{first}[0] = 7"
        body = f"import copy\nanswer = {question.name}_of(*copy.deepcopy(({', '.join(question.parameters)},)))\n{spoil}\nreturn answer"
    answer = student(question.name, body)
    answer.__globals__[f"{question.name}_of"] = question.reference
    found = judged(question, answer)
    assert found.state == "wrong" and found.mistake.startswith("changes")
    assert question.parameters[0] in found.hints[0] or "changes" in found.mistake


# --- train: nothing is earned without training ---


def cheat(start, end):
    """Return a train that answers ``start`` for 0 epochs and ``end`` for more, functions of (X, y, n_hidden, rng)."""

    def train(X, y, n_hidden, learning_rate, epochs, seed):
        return (end if epochs else start)(X, y, n_hidden, np.random.default_rng(seed))

    return train


def normal(scale):
    def parameters(X, y, n_hidden, rng):
        k = y.max() + 1
        return [scale * rng.normal(size=shape) for shape in ((n_hidden, X.shape[1]), (n_hidden, 1), (k, n_hidden), (k, 1))]

    return parameters


def trained(scale):
    def parameters(X, y, n_hidden, rng):
        return [scale * v for v in reference.train(X, y, n_hidden, 0.7, 400, int(rng.integers(100)))]

    return parameters


def hopeless(value):
    return lambda X, y, n_hidden, rng: [np.full_like(v, value) for v in normal(1)(X, y, n_hidden, rng)]


@pytest.mark.parametrize(
    "start", [normal(1), normal(1e-12), normal(1e-200), normal(1e200), normal(1e308), trained(1), trained(1e3), trained(1e300)]
)
@pytest.mark.parametrize("end", [None, normal(1), normal(1e300), hopeless(np.nan), hopeless(np.inf), hopeless(0)])
def test_no_points_for_training_that_trains_nothing(start, end):
    for seed in range(1):
        assert judged(QUESTIONS["train"], cheat(start, end or start), seed).state == "wrong"


def test_nan_is_never_right_even_where_the_reference_is_lost():
    hole = np.full((1, 1), np.nan)
    assert judge(QUESTIONS["sigmoid"], [Case("a hole", (hole,))], [Result(VALUE, hole)]).state == "wrong"


# --- the bank ---


@every_question
def test_every_mistake_has_a_hint_of_its_own(question):
    hints = [(mistake.nudge, mistake.reason) for mistake in question.mistakes]
    names = [entry.name for entry in (*question.mistakes, *question.variants)]
    assert len(set(hints)) == len(hints) and len(set(names)) == len(names)
    assert all(mistake.nudge != mistake.reason for mistake in question.mistakes)


@every_question
def test_hints_give_no_solution_away(question):
    sources = [inspect.getsource(variant.function) for variant in question.variants]
    solutions = {line.strip().removeprefix("return ") for text in sources for line in text.splitlines()}
    words = " ".join(f"{mistake.nudge} {mistake.reason}" for mistake in question.mistakes)
    assert not [line for line in solutions if len(line) > 16 and line in words]


def test_questions_are_found_by_their_names_in_their_homework():
    assert list(HOMEWORKS) == ["hw_01", "hw_02", "hw_03", "hw_04", "hw_05", "hw_06"]
    assert all(name == question.name == question.reference.__name__ for name, question in QUESTIONS.items())
    assert sum(len(homework.questions) for homework in HOMEWORKS.values()) == len(QUESTIONS)


def test_the_docstring_of_a_question_shows_how_one_is_made():
    assert doctest.testmod(question_page, verbose=False) == (0, doctest.testmod(question_page).attempted)


def test_a_mistake_without_its_two_paragraphs_is_refused():
    with pytest.raises(ValueError, match="two paragraphs"):
        QUESTIONS["softmax"].mistake()(lambda a: a)


# --- partial credit ---


def test_partial_credit_is_off_and_given_by_groups_where_a_teacher_wants_it():
    plain = QUESTIONS["softmax"]
    overflows = student("softmax", "return np.exp(a) / np.exp(a).sum(axis=0)")
    assert judged(plain, overflows).points == 0
    partial = replace(plain, partial={"ordinary": 2, "one example": 0.5, "extreme": 0.5})
    assert judged(partial, overflows).points == 2.5 and judged(partial, overflows).state == "wrong"
    assert judged(partial, student("softmax", "return a")).points == 0
    assert judged(partial, plain.reference).points == plain.points


def right_answers():
    """Yield (question, body) for right answers by other routes: a heading for each question, an empty line between them."""
    for part in (Path(__file__).parent / "right_answers.txt").read_text(encoding="utf-8").split("## ")[1:]:
        name, _, bodies = part.partition("\n")
        yield from ((name, body) for body in bodies.strip("\n").split("\n\n"))


@pytest.mark.parametrize(("name", "body"), list(right_answers()))
def test_right_answers_by_any_route_pass(name, body):
    question, function = QUESTIONS[name], student(name, body)
    function.__globals__.setdefault("math", math)
    for seed in range(3):
        cases = question.cases(seed)
        found = judge(question, cases, run(function, question.parameters, cases, time_limit=60))
        assert found.right, (seed, found)
