"""What running an answer leaves behind in the process that ran it."""

import subprocess
import sys
import threading

from utils.homework import check


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
