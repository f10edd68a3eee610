"""Which slide each cell of a lesson belongs to, for a teacher who presents the lesson: ``make slides``.

The rule: a section is a slide and its heading opens it. Every further cell waits for a key, so a prediction stands alone until the
class has made it, and its check comes last. A cell that does not fit on the screen any more begins a sub-slide. Set-up cells and silent
checks are not shown; they run with all the others.

A source overrides the rule in the first line of a cell: ``# %% [markdown] slideshow={"slide_type": "skip"}``.
"""

import ast
import math
import re

from nbformat import from_dict

SCREEN = 26  # lines of text that a projector shows without scrolling
LINE = 100  # letters in one of them
LINES_OF_A_PICTURE = {"explorer": 22, "diagram": 13, "show": 15}
SETUP = "# @title Set-up"
SHOWN = (
    ast.Expr,
    ast.FunctionDef,
    ast.ClassDef,
)  # a call such as print(…), and functions that the lesson is about


def add_slides(cells):
    """Give every cell of a lesson its slide type, unless its source has given it one.

    Parameters
    ----------
    cells : list of NotebookNode
        The cells, from the title on. Their ``metadata.slideshow.slide_type`` becomes "slide", "subslide", "fragment" or "skip".
    """
    used = 0
    for i, cell in enumerate(cells):
        kind = _kind(cell)
        if kind == "fragment" and used + sum(map(lines, _together(cells[i:]))) > SCREEN:
            kind = "subslide"
        cell.metadata = from_dict({"slideshow": {"slide_type": kind}} | cell.metadata)
        kind = cell.metadata.slideshow.slide_type
        if kind != "skip":
            used = lines(cell) + (used if kind == "fragment" else 0)


def lines(cell):
    """Return about how many lines a cell takes on the screen, with the picture or the text that its code shows.

    Parameters
    ----------
    cell : NotebookNode
        A cell of a lesson.

    Returns
    -------
    int
    """
    if cell.cell_type == "code":
        shown = max(
            (height for name, height in LINES_OF_A_PICTURE.items() if f"{name}(" in cell.source),
            default=0,
        )
        return cell.source.count("\n") + 2 + (shown or 2 * cell.source.count("print("))
    open_text = re.sub(r"(?s)<details>.*?</details>", "…", cell.source)
    formulas = 2 * open_text.count("$$\n") + open_text.count(r"\begin")
    return formulas + sum(math.ceil(len(line) / LINE) for line in open_text.splitlines() if line) + 1


def predicts(cell):
    """Return whether a cell asks for a prediction, by ``lesson.predict`` or in its text.

    Parameters
    ----------
    cell : NotebookNode
        A cell of a lesson.

    Returns
    -------
    bool
    """
    return ".predict(" in cell.source if cell.cell_type == "code" else "**Predict" in cell.source


def _kind(cell):
    if re.match("##? ", cell.source) and cell.cell_type == "markdown":
        return "slide"
    if cell.source.startswith("### ") and cell.cell_type == "markdown":
        return "subslide"
    if cell.cell_type == "code" and (cell.source.startswith(SETUP) or not _has_something_to_show(cell.source)):
        return "skip"
    return "fragment"


def _has_something_to_show(code):
    """Return False for a cell of imports, and for one that checks and says nothing."""
    program = ast.parse(code)
    if any(isinstance(node, SHOWN) for node in ast.walk(program)):
        return True
    checks = any(isinstance(node, ast.Assert) for node in ast.walk(program))
    return not checks and not all(isinstance(line, (ast.Import, ast.ImportFrom)) for line in program.body)


def _together(cells):
    """Return the cells that should share a screen with the first one: a prediction, what computes it and its check."""
    if not predicts(cells[0]):
        return cells[:1]
    if cells[0].cell_type == "code":
        return cells[:2]
    for end, cell in enumerate(cells[1:], 2):
        if cell.cell_type == "markdown":
            group = cells[: end if "**Check" in cell.source else end - 1]
            return group if sum(map(lines, group)) <= SCREEN else cells[:2]
    return cells
