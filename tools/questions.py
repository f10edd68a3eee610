"""Takes questions and reasons out of a lesson's source, and puts them into utils/learn/lessons/NN.json, so that no cell tells them.

In the source a prediction is three cells: ``name = lesson.predict("name", …)``, then a cell tagged "reasons" that holds one dict,
then the computation with ``name.compare(…)``. docs/questions.md is for authors. The truths come from the outputs of the cells that
compare, when the lesson is built: later lessons ask the same questions again.
"""

import ast
import inspect
import json
import re
from html import unescape
from pathlib import Path

from nbformat.v4 import new_markdown_cell

from utils.learn.answers import Near, question
from utils.learn.exercises import exercises_of

LESSONS = Path(__file__).resolve().parent.parent / "utils" / "learn" / "lessons"
RESULT = re.compile(r'<div class="course-result"((?: data-[a-z]+="[^"]*")*)')
ATTRIBUTE = re.compile(r'data-([a-z]+)="([^"]*)"')


class UnfitQuestionError(Exception):
    """Says to an author what a question lacks."""


def is_reasons(cell):
    """Return whether a cell holds reasons, which no notebook shows.

    Parameters
    ----------
    cell : NotebookNode
        A cell of a source.

    Returns
    -------
    bool
    """
    return "reasons" in cell.metadata.get("tags", [])


def declared(cells, lesson):
    """Return what the cells of a source ask, without the truths.

    Parameters
    ----------
    cells : list of NotebookNode
        Of the source, as jupytext reads it.
    lesson : str
        Its number, "04".

    Returns
    -------
    dict
        "title", "predictions" (name → fields) and "exercises" (names).

    Raises
    ------
    UnfitQuestionError
        When the cells are not what docs/questions.md says.
    """
    asked, written = {}, []
    for i, cell in enumerate(cells):
        if is_reasons(cell):
            if i == 0 or len(_predictions(cells[i - 1])) != 1:
                raise UnfitQuestionError(f"A cell of reasons stands behind the cell with its one prediction:\n{cell.source}")
            continue
        predictions = _predictions(cell)
        for name, call in predictions:
            follows = cells[i + 1] if i + 1 < len(cells) and is_reasons(cells[i + 1]) else None
            if name in asked:
                raise UnfitQuestionError(f"Two predictions are called {name!r}.")
            asked[name] = _question(name, call, follows)
            if not any(name in _compared(later) for later in cells[i:]):
                raise UnfitQuestionError(f"The prediction {name!r} is never compared with anything.")
        for call in _calls(_statements(cell), "recall"):
            _must_be_known(call, lesson)
        for name in _checked(cell):
            _must_be_an_exercise(name, lesson, cells[: i + 1])
            written.append(name)
        for number in _lessons(cell):
            if number != lesson:
                raise UnfitQuestionError(f"This is lesson {lesson}, and a cell says Lesson({number!r}).")
    title = re.match(r"# \d\d · (.*)", cells[0].source)
    if missing := set(exercises_of(lesson)) - set(written):
        raise UnfitQuestionError(f"The exercises know {', '.join(sorted(missing))}, which lesson {lesson} never checks.")
    if twice := set(asked) & set(written):
        raise UnfitQuestionError(f"A prediction and a function to write are both called {', '.join(twice)}.")
    return {"title": title[1] if title else "", "predictions": asked, "exercises": written}


def _question(name, call, reasons):
    if reasons is None:
        raise UnfitQuestionError(f"A cell of reasons must stand behind the prediction {name!r}.")
    try:
        values = [ast.literal_eval(value) for value in call.args]
        asked = dict(zip(("name", "text", "options"), values, strict=False)) | {
            word.arg: ast.literal_eval(word.value) for word in call.keywords
        }
        told = ast.literal_eval(ast.parse(reasons.source.strip(), mode="eval").body)
    except (ValueError, SyntaxError):
        raise UnfitQuestionError(
            f"The prediction {name!r} and its reasons must be written out: texts and numbers, nothing computed."
        ) from None
    if asked.pop("name", None) != name:
        raise UnfitQuestionError(f"The variable of a prediction has its name: {name} = lesson.predict({name!r}, …).")
    try:
        made = question(**asked, reasons=told)
    except (TypeError, ValueError) as problem:
        raise UnfitQuestionError(f"The prediction {name!r}: {problem}") from None
    faults = made.faults() + [
        f"an option is shown on a button, without formulas: {text!r}" for text in made.options.values() if "$" in text
    ]
    if faults:
        raise UnfitQuestionError(f"The prediction {name!r}: {'; '.join(faults)}.")
    kind = {"several": made.kind == "several", "ordered": made.kind == "order"}
    return {"text": made.text, "options": list(made.options.values()) or None, "unit": made.unit, **kind, "reasons": told}


def _must_be_known(call, lesson):
    """Check that a lesson recalls what earlier lessons ask."""
    for each in call.args:
        value = ast.literal_eval(each)
        key = value if isinstance(value, str) else value[0]
        number, _, name = key.partition("/")
        path = LESSONS / f"{number}.json"
        known = json.loads(path.read_text(encoding="utf-8"))["predictions"] if path.exists() else {}
        if number >= lesson or "truth" not in known.get(name, {}):
            names = ", ".join(f"{number}/{name}" for name in known) or "nothing"
            raise UnfitQuestionError(f"Lesson {lesson} recalls {key!r}; lesson {number}, as it was built last, asks {names}.")


def _must_be_an_exercise(name, lesson, cells):
    """Check that a function to write is known, and that its stub stands in one of these cells."""
    known = exercises_of(lesson)
    if name not in known:
        raise UnfitQuestionError(f"utils/learn/exercises/lesson_{lesson}.py knows no {name!r}; it knows {', '.join(known) or 'nothing'}.")
    stub = f"def {known[name].signature}:"
    if not any(stub in cell.source and "raise NotImplementedError" in cell.source for cell in cells):
        raise UnfitQuestionError(f"No cell up to the check of {name!r} holds its stub: {stub} … raise NotImplementedError.")


def _statements(cell):
    if cell.cell_type != "code" or "lesson." not in cell.source:
        return []
    return ast.parse(re.sub(r"^[%!].*", "pass", cell.source, flags=re.MULTILINE)).body


def _calls(statements, method):
    """Return every call of a method of ``lesson`` in parsed code."""
    nodes = [node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return [node for node in nodes if ast.unparse(node.func) == f"lesson.{method}"]


def _predictions(cell):
    """Return (variable, call) for every prediction that is made in a cell."""
    statements = _statements(cell)
    targets = {id(line.value): ast.unparse(line.targets[0]) for line in statements if isinstance(line, ast.Assign)}
    return [(targets.get(id(call), ""), call) for call in _calls(statements, "predict")]


def _checked(cell):
    """Return the names of the functions that a cell checks and takes over: f = lesson.check(f)."""
    names = []
    for call in _calls(_statements(cell), "check"):
        name = ast.unparse(call.args[0])
        if f"{name} = lesson.check({name})" not in map(ast.unparse, _statements(cell)):
            raise UnfitQuestionError(f"Write {name} = lesson.check({name}), so that the lesson goes on with what the check returns.")
        names.append(name)
    return names


def _compared(cell):
    """Return the names of what a cell compares."""
    return set(re.findall(r"^(\w+)\.compare\(", cell.source, flags=re.MULTILINE)) if cell.cell_type == "code" else set()


def _lessons(cell):
    return re.findall(r"\bLesson\(\"(.*?)\"\)", cell.source) if cell.cell_type == "code" else []


def for_learners(cells, lesson):
    """Return the cells of a lesson as learners get them.

    The cells of reasons are gone. The source of a cell that only asks is folded, since the question stands below it. Outputs between
    a prediction and its comparison are marked as folded. Behind each check of a function to write stands a solution, folded.

    Parameters
    ----------
    cells : list of NotebookNode
        Of the source, as jupytext reads it.
    lesson : str
        Its number, "04".

    Returns
    -------
    list of NotebookNode
    """
    cells = [cell for cell in cells if not is_reasons(cell)]
    for cell in cells:
        if (asked := _predictions(cell)) and len(asked) == len(_statements(cell)):
            _fold(cell, "hide-input", "source_hidden")
    for i, cell in enumerate(cells):
        for name, _ in _predictions(cell):
            last = next((j for j in range(i + 1, len(cells)) if name in _compared(cells[j])), i)
            for between in cells[i + 1 : last + 1]:
                if between.cell_type == "code" and not _predictions(between) and not _only_compares(between):
                    _fold(between, "hide-output", "outputs_hidden")
                    between.metadata["collapsed"] = True  # for the classic Notebook
    return [each for cell in cells for each in (cell, *(_solution(name, lesson) for name in _checked(cell)))]


def _fold(cell, tag, flag):
    """Mark a cell for the site (tag) and for JupyterLab (flag)."""
    cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), tag})
    cell.metadata["jupyter"] = cell.metadata.get("jupyter", {}) | {flag: True}


def _solution(name, lesson):
    """Return the Markdown cell that holds the reference of an exercise without its docstring, folded."""
    source = inspect.getsource(exercises_of(lesson)[name].reference)
    head, first = (node := ast.parse(source).body[0]), node.body[0]
    lines = source.rstrip().splitlines()
    if ast.get_docstring(head) is not None:
        del lines[first.lineno - 1 : first.end_lineno]
    code = "\n".join(lines)
    return new_markdown_cell(f"<details><summary>A solution</summary>\n\n```python\n{code}\n```\n\n</details>")


def _only_compares(cell):
    return all(re.match(r"\w+\.compare\(.*\)$", line) for line in cell.source.strip().splitlines())


def write(lesson, asked):
    """Write what a lesson asks, unless it stands there already. A known truth stays where the question is still the same.

    Parameters
    ----------
    lesson : str
        Its number, "04".
    asked : dict
        From ``declared``. Truths that are kept are added to it.
    """
    path = LESSONS / f"{lesson}.json"
    before = json.loads(path.read_text(encoding="utf-8"))["predictions"] if path.exists() else {}
    for name, fields in asked["predictions"].items():
        old = before.get(name, {})
        if "truth" not in fields and "truth" in old and fields == {key: value for key, value in old.items() if key != "truth"}:
            fields["truth"] = old["truth"]
    text = json.dumps(asked, ensure_ascii=False, indent=1) + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        new = path.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(path)


def with_truths(asked, notebook, lesson):
    """Return what a lesson asks together with the truths that its run has shown.

    Parameters
    ----------
    asked : dict
        From ``declared``. The truths are added to it.
    notebook : NotebookNode
        The lesson with its outputs.
    lesson : str
        Its number, "04".

    Returns
    -------
    dict

    Raises
    ------
    UnfitQuestionError
        When a truth is missing, fits no option, or is contradicted by a reason.
    """
    shown = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for attributes in RESULT.findall(output.get("data", {}).get("text/html", "")):
                about = {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)}
                shown.setdefault(about["key"], about)
    for name, fields in asked["predictions"].items():
        about = shown.get(f"{lesson}/{name}", {})
        if "truth" not in about:
            raise UnfitQuestionError(
                f"The prediction {name!r} was compared with nothing: {about.get('unfit', 'the cell that compares was not run')}."
            )
        numeric = not fields["options"]
        fields["truth"] = [float(about["truth"]), float(about["slack"])] if numeric else json.loads(about["truth"])
        made = question(**{key: value for key, value in fields.items() if key != "truth"})
        faults = made.faults(Near(*fields["truth"]) if numeric else fields["truth"])
        if faults:
            raise UnfitQuestionError(f"The prediction {name!r}: {'; '.join(faults)}.")
    return asked
