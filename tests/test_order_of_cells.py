"""Cells can be run again, and say so when they are run too early. nbval runs them once, in their order; here they run as learners do it."""

import dis
import io
import os
import pickle
import random
import re
from collections import defaultdict
from types import CodeType, FunctionType, ModuleType

import matplotlib.pyplot as plt
import numpy as np
import pytest
from lesson_cells import LESSONS, TIMES, code_cells, new_kernel
from threadpoolctl import threadpool_limits

from utils.learn.lesson import Lesson
from utils.learn.prediction import Prediction

every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
LONG = os.environ.get("COURSE_LONG") == "1"
TRAINING = ("08", "09", "10", "12", "14")  # lessons that train many networks: ten seconds and more
OFTEN = "12"  # the one that .ci/run takes


def orders(number):
    """Return the orders in which the cells are run again: backwards, and with COURSE_LONG=1 also forwards and shuffled."""
    cells = list(range(number))
    return [cells[::-1], *([cells, random.Random(0).sample(cells, number)] if LONG else [])]


def marks(lesson):
    """Return the marks of a lesson's test: those that train are long, and all but one of them wait for COURSE_LONG=1."""
    number = lesson.stem[:2]
    if number not in TRAINING:
        return []
    return [pytest.mark.long, pytest.mark.skipif(not LONG and number != OFTEN, reason="make test-long runs its cells in other orders")]


@pytest.mark.parametrize("lesson", [pytest.param(path, id=path.stem, marks=marks(path)) for path in LESSONS])
def test_a_cell_run_again_shows_the_same(lesson, tmp_path, monkeypatch):
    """Unless COURSE_LONG=1, a cell that finds everything as it found it the first time is not run again. Most work is in such cells."""
    monkeypatch.chdir(tmp_path)  # where lesson 09 leaves its film
    cells = code_cells(lesson)
    first, found = [], []
    with threadpool_limits(1), new_kernel() as run:
        for cell in cells:
            found.append(what_it_finds(cell.source, run.names))
            first.append(run(cell.source))
            assert run.error is None, f"{run.error!r} in this cell:\n{cell.source}"
        for order in orders(len(cells)):
            for place in order:
                source = cells[place].source
                if LONG or found[place] is None or found[place] != what_it_finds(source, run.names):
                    again = run(source)
                    if TIMES not in cells[place].metadata.get("tags", []):
                        assert again == first[place], f"run again after the others, this cell shows something else:\n{source}"
    assert not plt.get_fignums(), "a cell leaves a figure open"


def what_it_finds(source, there):
    """Return all that a cell can depend on, as bytes; None where that cannot be told.

    Parameters
    ----------
    source : str
        The cell.
    there : dict
        The names in the kernel.
    """
    finds, needs = {}, list(names(source)[1])
    while needs:
        name = needs.pop()
        if name in there and name not in finds:
            finds[name] = value = there[name]
            if isinstance(value, FunctionType) and value.__globals__ is there:
                needs += globals_of(value.__code__)
                finds[name] = hash(value.__code__), value.__defaults__, value.__kwdefaults__, value.__closure__
    file = io.BytesIO()
    try:
        Found(file).dump((sorted(finds.items()), random.getstate(), np.random.get_state()))
    except (AttributeError, TypeError, pickle.PicklingError):
        return None
    return file.getvalue()


class Found(pickle.Pickler):
    """Pickles what a cell finds: modules, and questions that nobody answers here, by their names."""

    def persistent_id(self, thing):
        if isinstance(thing, ModuleType):
            return thing.__name__
        if isinstance(thing, Lesson):
            return thing.number
        return thing.key if isinstance(thing, Prediction) else None


def test_a_change_of_what_a_cell_finds_is_seen():
    there = {"np": np, "a": np.zeros(3)}
    exec("def f():\n    return a + np.pi", there)
    before = what_it_finds("print(f())", there)
    assert before and before == what_it_finds("print(f())", there)
    there["a"][0] = 1  # only the function reads it
    after = what_it_finds("print(f())", there)
    np.random.rand()
    assert len({before, after, what_it_finds("print(f())", there)}) == 3
    assert what_it_finds("a.sort(key=g)", there | {"g": [lambda: 0]}) is None


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


@pytest.mark.long
@every_lesson
def test_an_explorer_run_too_early_works_or_names_what_is_missing(lesson):
    set_up, imports, *rest = [cell.source for cell in code_cells(lesson)]
    explorers = [cell for cell in (imports, *rest) if "_explorer(" in cell]
    assert explorers
    for cell in explorers:
        with new_kernel() as run:
            run(set_up)
            run(imports)
            last = run(cell)[-1]
            error = re.match(r"NameError: name '(\w+)'", last)
            assert "Error" not in last or (error and error[1] in "".join(rest))
    plt.close("all")
