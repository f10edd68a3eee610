"""Every known mistake is recognised as itself, every right answer passes, whatever the seed."""

import os

import pytest

import build_notebooks as build
from utils.homework.judge import judge
from utils.homework.questions import QUESTIONS
from utils.homework.time_limit import run

SEEDS = range(10)
LONG = os.environ.get("COURSE_LONG") == "1"
WRONG = [(question, mistake) for question in QUESTIONS.values() for mistake in question.mistakes]
RIGHT = [(question, variant) for question in QUESTIONS.values() for variant in question.variants]


def seeds(question):
    """Return the seeds for a question; unless COURSE_LONG=1, few for those of homework 6, whose judge tries many ways or trains."""
    few = question.accepts and question.homework == "hw_06" and not LONG
    return SEEDS[:2] if few and question.unique else SEEDS[:1] if few else SEEDS


def names(entry):
    return entry.name


def verdict(question, function, seed):
    cases = question.cases(seed)
    return judge(question, cases, run(function, question.parameters, cases, time_limit=60))


@pytest.mark.parametrize(("question", "mistake"), WRONG, ids=names)
def test_wrong_answers_fail_with_their_own_hint(question, mistake):
    for seed in seeds(question):
        found = verdict(question, mistake.function, seed)
        assert found.state == "wrong" and found.points == 0
        assert (found.mistake, seed) == (mistake.name, seed), found.hints
        assert found.hints == (mistake.nudge, mistake.reason, str(mistake.read))


@pytest.mark.parametrize(("question", "variant"), RIGHT, ids=names)
def test_right_answers_pass(question, variant):
    for seed in seeds(question):
        found = verdict(question, variant.function, seed)
        assert found.right and found.points == question.points, (seed, found)
        assert (variant.note in found.note) if variant.note else not found.note


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=names)
def test_the_reference_passes(question):
    for seed in seeds(question):
        assert verdict(question, question.reference, seed).points == question.points


def test_hints_point_to_sections_that_exist():
    for place in {mistake.read for _, mistake in WRONG} | {question.read for question in QUESTIONS.values()}:
        source = build.SOURCES / f"{place.notebook}.py"
        assert f"# ## {place.section} · {place.title}\n" in source.read_text(encoding="utf-8"), place
