"""For all tests: none reads or writes the answers of whoever has the course's notebooks open in my_course/."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def not_beside_a_learners_copies(monkeypatch):
    """Run each test in this folder: from the course's own, the answers in my_course/ would be found, and added to."""
    monkeypatch.chdir(Path(__file__).parent)
