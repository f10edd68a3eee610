"""A submission's file as data: the sources of its cells, or the reason why there are none. Nothing of it is run."""

import codecs
import json
import re
import tokenize
from dataclasses import dataclass
from io import BytesIO

from utils.homework.questions import HOMEWORKS

MOST_BYTES = 20 << 20  # of a file: enough for pictures, not for films
MOST_CODE = 1 << 20
MOST_BRACKETS = 1_000_000  # of a notebook: each costs a hundred times its size once it is read
FUNCTION = re.compile(r"^[ \t]*(?:async\s+)?def\s+(\w+)\s*\(|^[ \t]*(\w+)\s*(?::[^=\n]+)?=[^=]", re.M)
HOMEWORK_NAME = re.compile(r"(?<![a-z0-9])(?:hw|homework|assignment)[ _-]*0*(\d+)(?!\d)", re.I)
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class UnreadableError(Exception):
    """Says, in words for student and teacher, why a submission cannot be graded."""


@dataclass(frozen=True)
class Pages:
    """What a file holds.

    Attributes
    ----------
    cells : list of str
        The sources of the code cells.
    words : list of str
        The sources of the text cells.
    notices : list of str
        What was left out, or guessed.
    """

    cells: list
    words: list
    notices: list


def read_pages(data, is_script=False):
    """Return the cells of a notebook, or of a Python script.

    Parameters
    ----------
    data : bytes
        The file.
    is_script : bool
        Whether its name ends in .py. A notebook under such a name is read as a notebook.

    Returns
    -------
    Pages

    Raises
    ------
    UnreadableError
        If it is neither.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(too_large(len(data)))
    if not data.strip():
        raise UnreadableError("The file is empty.")
    text, notices = _decoded(data, is_script)
    if looks_like_notebook(text):
        pages = _of_notebook(text)
    elif is_script:
        pages = Pages([text], [], [])
    else:
        raise UnreadableError(_no_notebook(text))
    if sum(map(len, pages.cells)) > MOST_CODE:
        raise UnreadableError("The notebook holds more than a million characters of code.")
    pages = _with_code_in_words(pages)
    if not any(cell.strip() for cell in pages.cells):
        raise UnreadableError("There is no code in it.")
    return Pages(pages.cells, pages.words, notices + pages.notices)


def too_large(size):
    """Return the reason why a file is not read.

    Parameters
    ----------
    size : int
        Its bytes.

    Returns
    -------
    str
    """
    return f"The file has {size / 1e6:.0f} MB; up to {MOST_BYTES >> 20} MB are read. Clear the outputs (Edit → Clear Outputs of All Cells)."


def looks_like_notebook(text):
    """Return whether a text begins like the JSON of a notebook.

    Parameters
    ----------
    text : str
        The file, or its beginning.

    Returns
    -------
    bool
    """
    return bool(re.match(r'\s*\{\s*"', text)) and ('"cells"' in text or '"worksheets"' in text)


def _decoded(data, is_script):
    """Return (text, notices)."""
    marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    encoding = marked or (_declared(data) if is_script else json.detect_encoding(data))
    for name in (encoding, "utf-8"):
        try:
            return data.decode(name).removeprefix("\ufeff"), []
        except (UnicodeDecodeError, LookupError):
            continue
    if b"\0" in data:
        raise UnreadableError("The file is no notebook: it is not even text.")
    return data.decode("cp1252", "replace"), ["The file is not in UTF-8: it was read as Windows writes it, and some letters may be others."]


def _declared(data):
    try:
        return tokenize.detect_encoding(BytesIO(data).readline)[0]
    except SyntaxError:
        return "utf-8"


def _no_notebook(text):
    beginning = text.lstrip()[:2000]
    if re.search(r"^<{7} ", text, re.M):
        return "The file holds the marks of an unfinished merge (<<<<<<<). Resolve it, and hand in the notebook again."
    if beginning.startswith("<"):
        return "The file is a web page, not a notebook. Download the notebook itself (File → Download)."
    if beginning.startswith("{") and '"cells"' not in text:
        return "The file is no notebook: it has no cells."
    if beginning.startswith("["):
        return "The file is no notebook: it is damaged, or it has no cells."
    return "The file is no notebook: it is damaged, or was cut off while it was saved or sent."


def _of_notebook(text):
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        raise UnreadableError("The file holds far more than a notebook does. Clear the outputs (Edit → Clear Outputs of All Cells).")
    begin = len(text) - len(text.lstrip())
    try:
        notebook, end = json.JSONDecoder(strict=False).raw_decode(text, begin)
    except (ValueError, RecursionError):
        raise UnreadableError(_no_notebook(text)) from None
    notices = ["What came after the end of the notebook was left out."] if text[end:].strip() else []
    cells = notebook.get("cells")
    if not isinstance(cells, list):  # nbformat 3 and older have sheets of cells, whose code is the "input"
        sheets = notebook.get("worksheets")
        sheets = sheets if isinstance(sheets, list) else []
        cells = [cell for sheet in sheets if isinstance(sheet, dict) for cell in sheet.get("cells") or []]
        if not sheets:
            raise UnreadableError("The file is no notebook: it has no cells.")
    code, words, damaged = [], [], []
    for number, cell in enumerate(cells, start=1):
        source = _source(cell)
        if source is None:
            damaged.append(number)
        elif cell.get("cell_type") == "code":
            code.append(source)
        else:
            words.append(source)
    if damaged and len(damaged) == len(cells):
        raise UnreadableError("The file is no notebook: its cells are damaged.")
    _python_only(notebook.get("metadata"), code)
    return Pages(code, words, notices + [f"Cell {number} of the file was left out: it is damaged." for number in damaged[:20]])


def _source(cell):
    """Return the text of a cell, or None if it is damaged."""
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input", "" if cell.get("cell_type") else None))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _python_only(metadata, code):
    """Refuse a notebook in another language. Its metadata count only where no cell looks like Python."""
    metadata = metadata if isinstance(metadata, dict) else {}
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        language = metadata.get(part, {}).get(key) if isinstance(metadata.get(part), dict) else None
        if isinstance(language, str) and language and "python" not in language.lower():
            if re.search(r"^\s*def \w+\(.*:", "\n".join(code), re.M):
                return
            raise UnreadableError(f"The notebook is written in {language[:20]}, not in Python.")


def _with_code_in_words(pages):
    """Read a text cell as code where it holds the function of a question that no code cell defines."""
    questions = {name for homework in HOMEWORKS.values() for name in homework.questions}
    missing = questions - functions_in(pages.cells)
    found, notices = [], []
    for words in pages.words:
        names = sorted(missing & set(re.findall(r"^def (\w+)\(", words, re.M)))
        if names:
            found.append(re.sub(r"^```.*$", "", words, flags=re.M))
            notices.append(
                f"A text cell holds def {names[0]}: it was read as code. In the notebook, press Esc and Y to make it a code cell."
            )
    return Pages(pages.cells + found, pages.words, pages.notices + notices)


def functions_in(cells):
    """Return the names of what looks like a function, or is assigned.

    Parameters
    ----------
    cells : list of str
        The sources of cells.

    Returns
    -------
    set of str
    """
    return {a or b for a, b in FUNCTION.findall("\n".join(cells))}


# --- which homework ---


def homework_named(name):
    """Return the homework that a file name tells: "hw_03" for "Hw 3 final.ipynb".

    Parameters
    ----------
    name : str
        The file name.

    Returns
    -------
    str or None
    """
    numbers = HOMEWORK_NAME.findall(name)
    homework = f"hw_{int(numbers[-1]):02}" if numbers else ""
    return homework if homework in HOMEWORKS else None


def homework_of(cells, named=None):
    """Return the homework that a submission answers, and a notice if its name says another.

    Parameters
    ----------
    cells : list of str
        The sources of the code cells.
    named : str, optional
        What the file name, or the teacher, says.

    Returns
    -------
    Homework, str

    Raises
    ------
    UnreadableError
        If there is no name, and no question's function.
    """
    defined = functions_in(cells)
    held = [homework for homework in HOMEWORKS.values() if defined & set(homework.questions)]
    if named and (HOMEWORKS[named] in held or not held):
        return HOMEWORKS[named], ""
    if not held:
        raise UnreadableError("No homework is recognised: the file name says none (such as hw_02), and no question's function is in it.")
    found = held[-1]  # later homeworks bring functions of earlier ones along
    return found, f"The name says {named}, but the functions are those of {found.name}." if named else ""
