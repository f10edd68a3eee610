"""Tests that need a sandbox carry the marker ``sandbox``: they are skipped with the reason where there is none.

COURSE_DEMAND_SANDBOX=1 turns the skip into a failure. A test that asks for the fixture ``graded`` has the marker by itself.
"""

import os
from functools import cache

import pytest
from submissions import SEED, run_grader

from utils.grading import sandbox


def pytest_collection_modifyitems(items):
    """Mark what needs a sandbox because of its fixtures."""
    for item in items:
        if "graded" in getattr(item, "fixturenames", ()):
            item.add_marker("sandbox")


def pytest_runtest_setup(item):
    """Skip a test without its sandbox, or fail where the sandbox is demanded."""
    if item.get_closest_marker("sandbox") and (reason := no_sandbox()):
        (pytest.fail if os.environ.get("COURSE_DEMAND_SANDBOX") == "1" else pytest.skip)(reason)


@cache
def no_sandbox():
    """Return why there is no sandbox on this machine, in a sentence, or ""."""
    return sandbox.missing().split(". ")[0]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return a function that grades a folder on the command line: (folder, more arguments) → (finished process, out folder)."""

    def grade(folder, *more):
        out = tmp_path_factory.mktemp("out")
        return run_grader("grade", folder, "--out", out, "--seed", SEED, *more), out

    return grade
