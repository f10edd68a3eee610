"""For all tests: none reads or writes the answers that somebody has given in my_course/."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def not_beside_a_learners_copies(monkeypatch):
    """Run each test in this folder: in the course's own folder the answers in my_course/ would be found and changed."""
    monkeypatch.chdir(Path(__file__).parent)
