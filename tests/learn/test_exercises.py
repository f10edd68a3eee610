"""Every function that a lesson lets the learner write: its reference is right, and every known mistake is recognised."""

import inspect

import pytest

import build_notebooks as build
from utils.homework.judge import judge
from utils.homework.time_limit import run
from utils.learn.exercises import exercises_of
from utils.learn.lesson import known_lessons

EXERCISES = [question for lesson in known_lessons() for question in exercises_of(lesson).values()]
every_exercise = pytest.mark.parametrize("question", EXERCISES, ids=lambda question: question.name)


def verdict(question, function, seed):
    cases = question.cases(seed)
    return judge(question, cases, run(function, question.parameters, cases))


@every_exercise
def test_the_reference_and_its_variants_are_right(question):
    for function in (question.reference, *(variant.function for variant in question.variants)):
        for seed in range(5):
            assert verdict(question, function, seed).right, f"{function.__name__}, seed {seed}"


@every_exercise
def test_every_known_mistake_is_recognised_whatever_the_inputs(question):
    assert len(question.mistakes) >= 2, "a function to write knows at least two likely mistakes"
    for mistake in question.mistakes:
        for seed in range(5):
            found = verdict(question, mistake.function, seed)
            assert not found.right and found.mistake == mistake.name, f"seed {seed}: {mistake.name} was taken for {found.mistake!r}"


NONSENSE = {
    "nothing": lambda *given: None,
    "0": lambda *given: 0,
    "the first argument": lambda *given: given[0],
    "twice the last argument": lambda *given: 2 * given[-1],
    "text": lambda *given: "42",
    "a function": lambda *given: print,
}


@every_exercise
@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_never_right_and_always_gets_a_sentence(question, nonsense):
    found = verdict(question, NONSENSE[nonsense], 0)
    assert not found.right and found.hints


@every_exercise
def test_its_solution_can_be_shown_and_used_in_the_lesson(question):
    assert question.reference.__name__ == question.name, "the lesson goes on with it under this name"
    assert len(inspect.getsource(question.reference).splitlines()) <= 15
    assert question.task.startswith("Return ") and question.task.endswith(".")


@every_exercise
def test_hints_point_to_sections_that_exist(question):
    for place in {question.read, *(mistake.read for mistake in question.mistakes)} - {None}:
        source = build.SOURCES / f"{place.notebook}.py"
        assert f"# ## {place.section} · {place.title}\n" in source.read_text(encoding="utf-8"), place
