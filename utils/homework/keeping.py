"""``keep(train)``: the learner's finished network as a file, ``my_network.py``; ``kept_train()`` takes it from there."""

import ast
import contextlib
import os
import types
from html import escape

from utils.homework import feedback, reference
from utils.homework.bank.train import train as question
from utils.homework.definitions import needed, read
from utils.homework.judge import judge
from utils.homework.time_limit import run
from utils.progress import here

NAME = "my_network.py"
HEAD = '"""My own network, from homework 4: train, and what it uses."""\n'
COURSES = "This lesson goes on with the course's train."


class _Said:
    """A sentence for the learner."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return f'<div role="status" style="max-width:760px;line-height:1.4">{escape(self.text)}</div>'


def keep(function):
    """Write the learner's ``train``, with all that it uses, into ``my_network.py`` in the learner's own course folder.

    The file holds the learner's own lines. It is written only if it works alone and is right; an older file stays beside it.

    Parameters
    ----------
    function : callable
        ``train`` of homework 4.

    Returns
    -------
    object
        What happened, in a sentence, for the notebook to show.
    """
    if getattr(function, "__name__", None) != question.name:
        return _Said("Call it with the function itself: keep(train).")
    folder = _folder()
    if folder is None:
        return _Said("Nothing was kept: this is not your own copy of the notebook. In your own one (make lab) it works.")
    text = _text(feedback.cells())
    train, problem = _train_in(text)
    if problem:
        return _Said(f"Nothing was kept: {problem}")
    cases = question.cases()
    if not judge(question, cases, run(train, question.parameters, cases)).right:
        return _Said("Nothing was kept: your train is not right yet, and check(train) says why.")
    return _Said(_written(folder / NAME, text))


def _folder(folder=None):
    path = here(folder).path
    return path.parent if path else None


def _text(cells):
    """Return the lines of ``train`` and of all that it uses, from cells as they were run, the last definition of each function."""
    found, functions = [], set()
    for one in reversed(needed(question.name, read(cells)[0])):
        text = one.source or ast.unparse(one.node)
        if isinstance(one.node, ast.FunctionDef | ast.ClassDef):
            if one.node.name in functions:
                continue
            functions.add(one.node.name)
        if (one.is_import, text) not in found:
            found.append((one.is_import, text))
    imports, others = ([text for is_import, text in reversed(found) if is_import == wanted] for wanted in (True, False))
    return "\n".join([HEAD, *imports]) + "".join(f"\n\n\n{text}" for text in others) + "\n"


def _train_in(text, path=NAME):
    """Return the function ``train`` that a file with this text defines and "", or None and why not."""
    module = types.ModuleType(NAME.removesuffix(".py"))
    try:
        exec(compile(text, str(path), "exec"), vars(module))
    except SyntaxError as error:
        return None, f"line {error.lineno} of {NAME} is no valid Python."
    except (Exception, SystemExit) as error:
        return None, f"{NAME} stops with {type(error).__name__}: {error}."
    train = vars(module).get(question.name)
    return (train, "") if callable(train) else (None, f"there is no function train in {NAME}.")


def _written(path, text):
    """Write the file and return a sentence; one that holds other lines is set aside."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if path.read_text(encoding="utf-8") == text:
            return f"{NAME} holds this network already."
    aside = ""
    try:
        if path.exists():
            old = next(each for i in range(1, 1000) if not (each := path.with_name(f"my_network.old-{i}.py")).exists())
            os.replace(path, old)
            aside = f" The older one is now {old.name}."
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        return f"Nothing was kept: {NAME} cannot be written ({error.strerror})."
    lines = sum(bool(line.strip()) for line in text.splitlines())
    return f"Kept: {lines} lines of your own in {NAME}, in your course folder.{aside} Lesson 14 will read digits with it."


def kept_train(folder=None):
    """Return the ``train`` that the learner has kept, or the course's own where there is none that can be read; say which.

    Parameters
    ----------
    folder : Path, optional
        Where the notebook lies, if not in the current folder.

    Returns
    -------
    callable
        ``train(X, y, n_hidden, learning_rate, epochs, seed)`` → W1, b1, W2, b2.
    """
    top = _folder(folder)
    path = top / NAME if top else None
    if path is None or not path.is_file():
        print(f"There is no {NAME} here: homework 4 tells at its end how you keep your network. {COURSES}")
        return reference.train
    try:
        train, problem = _train_in(path.read_text(encoding="utf-8"), path)
    except (OSError, UnicodeDecodeError) as error:
        train, problem = None, f"{NAME} cannot be read ({type(error).__name__})."
    if problem:
        print(f"Your network could not be taken: {problem} {COURSES}")
        return reference.train
    print(f"This is your own train, from {NAME}.")
    return train
