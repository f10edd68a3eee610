"""Where there is no sandbox, what needs one is skipped with the reason, or fails where COURSE_DEMAND_SANDBOX=1 demands it."""

import os

import pytest
from submissions import SEED, run_grader

from utils.grading import sandbox


@pytest.fixture(scope="session")
def walled():
    """Make sure that students' code can be run in a sandbox."""
    reason = sandbox.missing()
    if reason:
        (pytest.fail if os.environ.get("COURSE_DEMAND_SANDBOX") == "1" else pytest.skip)(reason)


@pytest.fixture(scope="module")
def graded(walled, tmp_path_factory):
    """Return a function that grades a folder on the command line: (folder, more arguments) → (finished process, out folder)."""

    def grade(folder, *more):
        out = tmp_path_factory.mktemp("out")
        return run_grader("grade", folder, "--out", out, "--seed", SEED, *more), out

    return grade
