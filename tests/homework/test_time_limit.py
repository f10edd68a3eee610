"""What running an answer leaves behind in the process that ran it."""

import subprocess
import sys
import threading

import pytest

from utils.grading import grade_one, sandbox
from utils.homework import check, feedback


def test_python_is_left_as_it_was_so_that_its_instructions_can_be_counted():
    """After the cancellation of an exception that was never sent CPython 3.11 goes on checking for it, without end when it is traced."""
    program = (
        "from utils.homework.time_limit import run; from utils.exhibits.scalar_loops import instructions; "
        "run(lambda: 1, (), []); print(instructions(lambda: 1))"
    )
    assert int(subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, check=True).stdout) > 0


def test_without_threads_answers_are_checked_all_the_same(monkeypatch, capsys):
    """A Python in a browser has no threads, and a container may allow no more of them. Then only the time limit is missing."""

    def refused(_):
        raise RuntimeError("can't start new thread")

    def weight_gradient(grad_a, h_prev):
        return grad_a @ h_prev.T

    weight_gradient.__module__ = "__main__"  # as in a notebook
    monkeypatch.setattr(threading.Thread, "start", refused)
    check(weight_gradient)
    assert "✓ weight_gradient is right" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "homework", "seconds"), [("softmax", "hw_02", 2), ("report", "hw_06", 8)])
def test_answers_that_train_networks_have_more_time_and_the_grader_gives_half_as_much_again(name, homework, seconds, monkeypatch):
    asked = []

    def note(*arguments):
        asked.append(arguments[3])
        raise KeyboardInterrupt  # far enough

    answer = f"def {name}{'(X, y)' if name == 'report' else '(a)'}:\n    return 0"
    exec(answer, names := {"__name__": "__main__"})
    monkeypatch.setattr(feedback, "run", note)
    monkeypatch.setattr(sandbox, "run", note)
    with pytest.raises(KeyboardInterrupt):
        check(names[name])
    with pytest.raises(KeyboardInterrupt):
        grade_one.grade_one(answer.encode(), True, homework, seed=0)
    assert asked == [seconds, sandbox.Limits(cpu_seconds=1.5 * seconds, wall_seconds=4.5 * seconds)]
