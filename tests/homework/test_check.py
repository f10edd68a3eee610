"""What a student sees: check(softmax), from the first nudge to the last point."""

import os
import random
import subprocess
import sys
import time
import warnings
from types import FunctionType

import numpy as np
import pytest
from student_answers import as_students, student

import utils.homework.feedback as module
from utils.homework import check, reference, time_limit
from utils.homework.graders_view import lacking
from utils.homework.places import SUM_OR_MEAN
from utils.homework.questions import HOMEWORKS, QUESTIONS


@pytest.fixture(autouse=True)
def fresh_session(monkeypatch):
    monkeypatch.setattr(module, "_states", {})
    monkeypatch.setattr(module, "_repeated", {})


def said(capsys, function):
    assert check(function) is None
    return capsys.readouterr().out


RIGHT = {"softmax": "e = np.exp(a - a.max(axis=0))\nreturn e / e.sum(axis=0)", "weight_gradient": "return grad_a @ h_prev.T"}


def test_right_wrong_not_yet(capsys):
    assert "✓ softmax is right: 3 points." in said(capsys, student("softmax", RIGHT["softmax"]))
    assert "✗ softmax is not right yet." in said(capsys, student("softmax", "return a"))
    assert "… softmax: not yet." in said(capsys, student("softmax", "raise NotImplementedError"))


def test_hints_grow_with_each_repetition_and_begin_anew_with_another_mistake(capsys):
    question = QUESTIONS["weight_gradient"]
    again, other = (next(m for m in question.mistakes if m.name == name) for name in ("divided by N again", "sign"))
    wrong = as_students(question, again)
    texts = [said(capsys, wrong) for _ in range(4)]
    for hint, first in ((again.nudge, 0), (again.reason, 1), (str(again.read), 2)):
        assert [hint in text for text in texts] == [i >= first for i in range(4)]
    changed = said(capsys, as_students(question, other))
    assert other.nudge in changed and other.reason not in changed
    assert again.reason not in said(capsys, wrong)


def test_progress_line_remembers_the_session(capsys):
    text = said(capsys, student("weight_gradient", RIGHT["weight_gradient"]))
    assert text.splitlines()[-1] == "hw_03: … hidden_gradient · ✓ weight_gradient · … bias_gradient — 3 of 9 points"
    text = said(capsys, student("bias_gradient", "return grad_a"))
    assert text.splitlines()[-1] == "hw_03: … hidden_gradient · ✓ weight_gradient · ✗ bias_gradient — 3 of 9 points"
    assert said(capsys, student("weight_gradient", "return 1")).splitlines()[-1].endswith("0 of 9 points")


def test_notes_are_shown(capsys):
    assert "A note: It has shape" in said(capsys, student("bias_gradient", "return grad_a.sum(axis=1)"))


class Nameless:
    def __call__(self, a):
        return a

    def __getattr__(self, name):
        raise RuntimeError(name)


@pytest.mark.parametrize(
    "function",
    [None, 3, "softmax", np.ones(3), lambda a: a, np.sum, Nameless(), Nameless, print, check, type, [], float("nan")],
    ids=lambda value: type(value).__name__,
)
def test_nothing_is_raised_whatever_comes(capsys, function):
    assert said(capsys, function).startswith("…")


def test_a_name_that_is_no_question_gets_the_list(capsys):
    def softmx(a):
        return a

    text = said(capsys, softmx)
    assert "No question is called softmx" in text and all(name in text for name in QUESTIONS)


def test_the_courses_own_function_is_no_answer(capsys):
    assert "is the course's own" in said(capsys, reference.softmax)


@pytest.mark.parametrize(
    "body", ["raise KeyboardInterrupt", "raise SystemExit(3)", "return 1 / 0", "raise BaseException", "return softmax(a)"]
)
def test_exceptions_of_the_student_stay_inside(capsys, body):
    assert "✗ softmax is not right yet." in said(capsys, student("softmax", body))


def test_an_exception_whose_text_fails_stays_inside(capsys):
    body = "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd"
    assert "with Odd." in said(capsys, student("softmax", body))


def test_a_fault_of_the_judge_is_not_the_students(capsys, monkeypatch):
    monkeypatch.setattr(module, "judge", lambda *_: 1 / 0)
    assert "not your fault" in said(capsys, student("softmax", "return a"))


def test_a_loop_without_end_is_stopped():
    cases = QUESTIONS["softmax"].cases(0)
    begin = time.perf_counter()
    found = time_limit.run(
        student("softmax", "while True:\n    try:\n        a = a\n    except Exception:\n        pass"), ("a",), cases, time_limit=0.2
    )
    assert time.perf_counter() - begin < 2
    assert [result.kind for result in found] == ["too slow"] * len(cases)
    for _ in range(1000):
        pass  # nothing arrives late


def test_the_session_is_as_before(capsys):
    np.random.seed(4)
    random.seed(4)
    before = np.random.get_state()[1].tolist(), random.getstate(), np.geterr(), list(warnings.filters)
    meddler = (
        "import random, warnings\nnp.random.seed(0)\nrandom.seed(0)\nnp.seterr(all='raise')\n"
        "warnings.simplefilter('ignore')\nprint('x')\na[:] = 1\nreturn a"
    )
    text = said(capsys, student("softmax", meddler))
    assert before == (np.random.get_state()[1].tolist(), random.getstate(), np.geterr(), list(warnings.filters))
    assert "x\n" not in text.splitlines()


def test_warnings_of_numpy_are_not_shown(capsys):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        check(student("softmax", "return np.exp(a) / np.exp(a).sum(axis=0)"))
    assert not seen


def seconds(work):
    """Return the processor time of some work."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


@pytest.fixture(scope="module")
def blink():
    """Return the processor time of a loop that takes about 0.3 s, and longer where Python is slower."""
    return min(seconds(lambda: sum(i * i for i in range(5_000_000))) for _ in range(3))


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_within_the_blink_of_an_eye(name, blink):
    question = QUESTIONS[name]
    known = [as_students(question, answer) for answer in (question.mistakes[0], question.mistakes[-1], question.variants[0])]
    for function in (*known, student(name, "return 0.5")):
        assert any(seconds(lambda function=function: check(function)) < blink for _ in range(3))  # whatever else the machine does


def test_loops_in_place_of_arrays_are_in_time(capsys):
    for name in ("softmax", "weight_gradient", "backward"):
        loops = next(v for v in QUESTIONS[name].variants if v.name in ("column by column", "three loops", "example by example"))
        assert "is right" in said(capsys, as_students(QUESTIONS[name], loops))


def test_html_says_the_same():
    wrong = student("weight_gradient", "return grad_a @ h_prev.T / grad_a.shape[1]")
    for _ in range(3):
        answer = module._answer(wrong)
    html = answer._repr_html_()
    assert "✗ weight_gradient is not right yet." in html and 'role="status"' in html
    assert str(SUM_OR_MEAN) in html
    assert "0 of 9 points" in html and str(answer) == repr(answer)


def test_html_of_a_students_text_is_escaped():
    answer = module._answer(student("softmax", "raise ValueError('<b>matmul</b>')"))
    assert "<b>" not in answer._repr_html_() and "&lt;b&gt;" in answer._repr_html_()


@pytest.mark.parametrize(("lesson", "link"), [("", "../"), ("homework", ""), (None, None)], ids=["above", "beside", "nowhere"])
def test_the_link_leads_to_where_the_lesson_is(tmp_path, monkeypatch, lesson, link):
    """In the course the lessons lie above the homework, among self-contained copies beside it; in Colab a notebook is alone."""
    (tmp_path / "homework").mkdir()
    if lesson is not None:
        (tmp_path / lesson / "03_forward_pass.ipynb").touch()
    monkeypatch.chdir(tmp_path / "homework")
    for _ in range(3):
        html = module._answer(student("softmax", "return np.exp(a)"))._repr_html_()
    assert "Lesson 03" in html
    assert (f'<a href="{link}03_forward_pass.ipynb">' if link is not None else "<div") in html and ("<a " in html) == (link is not None)


def test_a_notebook_gets_html_and_a_terminal_text(monkeypatch, capsys):
    import IPython

    shown = []
    monkeypatch.setattr(IPython, "get_ipython", object)
    monkeypatch.setattr(IPython.display, "display", shown.append)
    check(student("softmax", "return a"))
    assert len(shown) == 1 and not capsys.readouterr().out


def test_importing_the_check_is_light():
    program = (
        "import sys; from utils.homework import check; heavy = {'ipywidgets', 'matplotlib', 'sklearn', 'IPython', 'scipy', 'socket'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_every_question_is_checked_under_its_own_homework(capsys):
    for homework in HOMEWORKS.values():
        for name in homework.questions:
            assert said(capsys, student(name, "raise NotImplementedError")).splitlines()[-1].startswith(f"{homework.name}:")


# --- as the grader sees it ---


def elsewhere(module, name="helper"):
    """Return a function that comes from a module."""
    return FunctionType((lambda a: 1 / (1 + np.exp(-a))).__code__, {"__name__": module, "np": np}, name)


def test_a_name_that_the_grader_lacks_is_told(capsys):
    right = student("sigmoid", "return expit(a)")
    right.__globals__["expit"] = elsewhere("torch.special")
    text = said(capsys, right)
    assert "✗ sigmoid is right here, but the grader has no expit (it comes from torch)" in text and "0 of 14 points" in text
    assert lacking(student("softmax", "from torch import softmax as s\nreturn s(a, axis=0)")) == {"torch": "torch"}
    assert lacking(student("softmax", "import math, itertools, scipy.special\nimport numpy.linalg\nreturn helper(a)")) == {}
    assert lacking(student("softmax", "import matplotlib.pyplot as plt\nplt.plot(a)\nreturn a")) == {}


def test_what_no_cell_defines_the_grader_lacks():
    def lacks(*cells, **names):
        space = {"np": np, "__name__": "__main__"} | names
        for cell in cells:
            exec(compile(cell, "<cell>", "exec"), space)
        return lacking(space["sigmoid"], ("", *cells))

    answer = "def sigmoid(a):\n    return ONE / (ONE + np.exp(-a))"
    assert lacks('ONE = float("1")', answer) == {}
    assert lacks("for ONE in (0, 1): pass", answer) == {}
    assert lacks("TWO = 2", "ONE = TWO / 2", "a = 3", answer) == {}
    assert lacks("globals()['ONE'] = 1", answer) == {"ONE": ""}
    assert lacks(answer, ONE=1) == {"ONE": ""}
    assert lacks("ONE = framework(0) * 2", answer, framework=elsewhere("torch")) == {"framework": "torch"}
    assert lacks(
        "class G:\n    def at(self, a): return 1 / (1 + exp(-a))", "def sigmoid(a): return G().at(a)", exp=elsewhere("jax.numpy")
    ) == {"exp": "jax"}
    assert lacks("x = 1", f"exec({answer!r})", ONE=1) == {"sigmoid": ""}


def test_figures_displays_and_messages_of_an_answer_are_swallowed(capsys):
    plt = pytest.importorskip("matplotlib.pyplot")
    before = plt.get_fignums()
    body = "import sys, matplotlib.pyplot as plt\nprint('x', file=sys.stderr)\nplt.figure()\nreturn a"
    check(student("softmax", body))
    assert plt.get_fignums() == before and capsys.readouterr().err == ""


def test_a_helper_that_is_not_written_yet_is_named(capsys):
    forward = student("forward", "return softmax(W2 @ sigmoid(W1 @ x + b1) + b2)")
    stub = student("sigmoid", "raise NotImplementedError")
    forward.__globals__["sigmoid"] = FunctionType(stub.__code__, forward.__globals__, "sigmoid")
    assert "… forward: not yet. It calls sigmoid, which is not written yet: write that first." in said(capsys, forward)


def test_a_terminal_without_the_signs_stops_nothing():
    program = (
        "from utils.homework import check\n"
        "def sigmoid(a):\n    raise NotImplementedError\n"
        "check(sigmoid)"
    )  # fmt: skip
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, check=False)
    assert ran.returncode == 0 and b"sigmoid: not yet" in ran.stdout


def test_points_survive_a_restart_where_progress_is_kept(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    said(capsys, student("weight_gradient", RIGHT["weight_gradient"]))
    monkeypatch.setattr(module, "_states", {})
    assert (
        said(capsys, student("bias_gradient", "return grad_a"))
        .splitlines()[-1]
        .endswith("✓ weight_gradient · ✗ bias_gradient — 3 of 9 points")
    )
    assert said(capsys, student("weight_gradient", "return 1")).splitlines()[-1].endswith("0 of 9 points"), "what is wrong now is said"
