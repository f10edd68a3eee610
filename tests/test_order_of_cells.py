"""Cells that are run again, or too early: the state stays clear. nbval runs them once, in their order; here they run as learners do."""

import dis
import os
import pickle
import random
import re
from collections import defaultdict
from types import CodeType

import matplotlib.pyplot as plt
import pytest
from lesson_cells import LESSONS, TIMES, code_cells, new_kernel
from threadpoolctl import threadpool_limits

import utils.nn

every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
LONG = os.environ.get("COURSE_LONG") == "1"


def orders(number):
    """Return the orders in which the cells are run again: backwards, and with COURSE_LONG=1 also forwards and shuffled."""
    cells = list(range(number))
    return [cells[::-1], *([cells, random.Random(0).sample(cells, number)] if LONG else [])]


@pytest.fixture
def remembered_training(monkeypatch):
    """Let gradient_descent train the same network in the same way once: what it leaves behind the next time is a copy."""
    train, runs = utils.nn.gradient_descent, {}

    def remembering(net, *args, **kwargs):
        try:
            key = pickle.dumps((net, args, kwargs))
        except (AttributeError, pickle.PicklingError):  # a function that the lesson has made
            return train(net, *args, **kwargs)
        if key not in runs:
            history = train(net, *args, **kwargs)
            runs[key] = pickle.dumps((net, history))
            return history
        trained, history = pickle.loads(runs[key])
        vars(net).update(vars(trained))
        return history

    monkeypatch.setattr(utils.nn, "gradient_descent", remembering)


@every_lesson
def test_a_cell_run_again_shows_the_same(lesson, tmp_path, monkeypatch, remembered_training):
    monkeypatch.chdir(tmp_path)  # where lesson 09 leaves its film
    cells = code_cells(lesson)
    with threadpool_limits(1), new_kernel() as run:
        first = [run(cell.source) for cell in cells]
        for order in orders(len(cells)):
            for place in order:
                again = run(cells[place].source)
                if TIMES not in cells[place].metadata.get("tags", []):
                    assert again == first[place], f"run again after the others, this cell shows something else:\n{cells[place].source}"
    assert not plt.get_fignums(), "a cell leaves a figure open"


@every_lesson
def test_a_name_that_is_read_in_another_cell_is_given_in_one_cell_alone(lesson):
    given, read = defaultdict(set), defaultdict(set)
    for place, cell in enumerate(code_cells(lesson)):
        gives, needs = names(cell.source)
        for name in gives:
            given[name].add(place)
        for name in needs:
            read[name].add(place)
    twice = {name: (sorted(given[name]), sorted(read[name])) for name in given if len(given[name]) > 1 and read[name]}
    assert not twice, f"give each thing a name of its own; name: (cells that give it, cells that read it) {twice}"


def names(source):
    """Return the names that a cell gives to something, and those that it needs from other cells."""
    source = re.sub(r"^(\w+) = lesson\.check\(\1\)$", r"lesson.check(\1)", source, flags=re.MULTILINE)  # the same function, checked
    gives, needs, before = set(), set(), ""
    for step in dis.get_instructions(compile(source, "<cell>", "exec")):
        if step.opname == "STORE_NAME" and not before.startswith("IMPORT_"):  # a module is the same in every cell
            gives.add(step.argval)
        elif step.opname in ("LOAD_NAME", "LOAD_GLOBAL"):
            needs |= {step.argval} - gives
        elif step.opname == "LOAD_CONST" and isinstance(step.argval, CodeType):
            needs |= set(globals_of(step.argval)) - gives
        before = step.opname
    return gives, needs


def globals_of(code):
    """Yield the names that a function reads from outside, and the functions in it."""
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield step.argval
        elif step.opname == "LOAD_CONST" and isinstance(step.argval, CodeType):
            yield from globals_of(step.argval)


@every_lesson
def test_an_explorer_run_too_early_works_or_names_what_is_missing(lesson):
    set_up, imports, *rest = [cell.source for cell in code_cells(lesson)]
    explorers = [cell for cell in (imports, *rest) if "_explorer(" in cell]
    assert explorers
    for cell in explorers:
        with new_kernel() as run:
            run(set_up)
            run(imports)
            error = re.match(r"NameError: name '(\w+)'", run(cell)[-1])
            assert "Error" not in run(cell)[-1] or (error and error[1] in "".join(rest))
    plt.close("all")
