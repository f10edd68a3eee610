"""A submission's file as data: the sources of its code cells, or the reason why there are none. Nothing of it is run."""

import json
import re
import warnings

from utils.homework.questions import HOMEWORKS

MOST_BYTES = 20 << 20  # of a file: pictures may stand in it, films not
MOST_CODE = 1 << 20


class UnreadableError(Exception):
    """Says, in words for student and teacher, why a submission cannot be graded."""


def code_cells(data, is_script=False):
    """Return the sources of the code cells of a notebook, or of a .py file, as a list of str.

    Parameters
    ----------
    data : bytes
        The file.
    is_script : bool
        Whether it is a .py. Lines that begin with ``# %%`` part its cells.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(too_large(len(data)))
    if not data.strip():
        raise UnreadableError("The file is empty.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("The file is no notebook: it is not even text.") from None
    cells = re.split(r"^# ?%%.*$", text, flags=re.M) if is_script else _of_notebook(text)
    if sum(map(len, cells)) > MOST_CODE:
        raise UnreadableError("The notebook holds more than a million characters of code.")
    if not any(cell.strip() for cell in cells):
        raise UnreadableError("There is no code in it.")
    return cells


def too_large(size):
    """Return the reason for a file of so many bytes."""
    return f"The file has {size / 1e6:.0f} MB; up to {MOST_BYTES >> 20} MB are read. Clear the outputs (Edit → Clear Outputs of All Cells)."


def _of_notebook(text):
    if text.lstrip()[:1] == "<":
        raise UnreadableError("The file is a web page, not a notebook. Download the notebook itself (File → Download).")
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError("The file is no notebook: it is damaged, or was cut off while it was saved or sent.") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells", notebook.get("worksheets")), list):
        raise UnreadableError("The file is no notebook: it has no cells.")
    _python_only(notebook.get("metadata"))
    try:
        cells = _current(notebook)["cells"]
        return [_source(cell) for cell in cells if cell["cell_type"] == "code"]
    except Exception:  # whatever is in there, it was made by something else than a notebook editor
        raise UnreadableError("The file is no notebook: its cells are damaged.") from None


def _current(notebook):
    if "cells" in notebook:
        return notebook
    import nbformat  # here, because it takes a second, and notebooks of before 2015 are rare

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nbformat.convert(nbformat.from_dict(notebook), 4)


def _source(cell):
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _python_only(metadata):
    metadata = metadata if isinstance(metadata, dict) else {}
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        language = metadata.get(part, {}).get(key) if isinstance(metadata.get(part), dict) else None
        if isinstance(language, str) and language and "python" not in language.lower():
            raise UnreadableError(f"The notebook is written in {language[:20]}, not in Python.")


def homework_named(name):
    """Return the name of the homework that a file name tells, "hw_03" for "Hw 3 final.ipynb", or None."""
    named = re.search(r"hw[ _-]?0?(\d)(?!\d)", name.lower())
    return f"hw_0{named[1]}" if named and f"hw_0{named[1]}" in HOMEWORKS else None


def homework_of(cells):
    """Return the Homework whose questions a submission answers."""
    defined = {a or b for a, b in re.findall(r"^(?:def\s+(\w+)|(\w+)\s*=\s*lambda)", "\n".join(cells), flags=re.M)}
    found = max(reversed(HOMEWORKS.values()), key=lambda one: len(defined & set(one.questions)))  # later ones build on earlier ones
    if not defined & set(found.questions):
        raise UnreadableError("No homework is recognised: the file name says none (such as hw_02), and no question's function is in it.")
    return found
