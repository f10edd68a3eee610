"""Right, or wrong in which way: results are compared with the reference and with every known mistake.

The judge never sees the student's function, only what came out of it. So the function may have run in another process,
and what arrives is looked at as data: by its exact type, with limits, and without calling anything that belongs to it.
"""

import re
from dataclasses import dataclass

import numpy as np

from utils.homework.question import Place
from utils.homework.results import NOT_YET, RAISED, TOO_SLOW, VALUE, Result, call

RIGHT, WRONG = "right", "wrong"
LARGEST_LIST = 10_000  # entries; no question's answer comes near
NUMBERS = {int, float, bool, complex} | {kind for kind in np.sctypeDict.values() if issubclass(kind, np.number | np.bool_)}
SMALLEST = 1e-9  # differences below are rounding, for numbers of the size that occur here


@dataclass(frozen=True)
class Verdict:
    """What the judge found.

    Attributes
    ----------
    state : str
        "right", "wrong" or "not yet".
    points : int
        The question's points when right, else 0.
    mistake : str
        Name of the known mistake, or of the kind of failure ("raises NameError", "shape"); "" when right.
    hints : tuple of str
        For a known mistake three of growing frankness: a nudge, the reason, where to read. For others what was seen,
        and where to read.
    read : Place or None
        The place that the last hint names.
    note : str
        What to mention though the answer is right, such as a list in place of an array.
    """

    state: str
    points: int = 0
    mistake: str = ""
    hints: tuple = ()
    read: Place | None = None
    note: str = ""

    @property
    def right(self):
        """Return whether the answer earns its points."""
        return self.state == RIGHT


@np.errstate(all="ignore")
def judge(question, cases, results):
    """Return the Verdict on the results that a function gave for the cases.

    Parameters
    ----------
    question : Question
        What was asked.
    cases : list of Case
        From ``question.cases(seed)``.
    results : list of Result
        From ``run``, or from another process; missing ones count as "too slow".
    """
    results = [*results, *[Result(TOO_SLOW)] * len(cases)][: len(cases)]
    if any(result.kind == NOT_YET for result in results):
        return Verdict(NOT_YET, mistake="not yet")
    answers = [_read(result.value, bool(question.parts)) if result.kind == VALUE else None for result in results]
    plain = [answer.arrays if answer and not answer.problem else None for answer in answers]
    given = [{"start": start} for start in question.given(cases, plain)] if question.given else [{}] * len(cases)
    truth = [_read(question.reference(*case.arguments, **start), bool(question.parts)) for case, start in zip(cases, given, strict=True)]
    findings = [_compare(question, *each) for each in zip(results, answers, truth, strict=True)]
    wrong = [(case, finding) for case, finding in zip(cases, findings, strict=True) if finding.kind]
    changed = next((names for names in (_changed(result, question) for result in results) if names), ())

    mistake = next((mistake for mistake in question.mistakes if mistake.mark and mistake.mark(cases, plain)), None)
    if not mistake and (wrong or changed):
        mistake = _known_mistake(question, cases, results, answers, findings, given)
    if mistake:
        return Verdict(WRONG, mistake=mistake.name, hints=(mistake.nudge, mistake.reason, str(mistake.read)), read=mistake.read)
    if changed and not wrong:
        return _in_place(question, changed)
    if not wrong:
        return Verdict(RIGHT, question.points, note=next((finding.note for finding in findings if finding.note), ""))
    accepted = question.accepts(cases, plain) if question.accepts and not changed else ""
    if accepted:
        return Verdict(RIGHT, question.points, note=accepted)
    case, finding = wrong[0]
    return Verdict(WRONG, mistake=finding.kind, hints=(f"For {case.about}: {finding.text}", str(question.read)), read=question.read)


# --- reading what came back ---


@dataclass(frozen=True, eq=False)
class _Answer:
    """A returned value as arrays; ``problem`` says why it is none."""

    arrays: tuple = ()
    note: str = ""
    problem: str = ""
    kind: str = ""


class _UnreadableError(Exception):
    """Says what came back instead of numbers."""


def _read(value, several):
    notes = []
    try:
        arrays = _several_arrays(value, notes) if several else (_array(value, notes, [LARGEST_LIST]),)
    except _UnreadableError as problem:
        return _Answer(problem=str(problem), kind="nothing returned" if value is None else "type")
    return _Answer(arrays, note=" ".join(dict.fromkeys(notes)))


def _several_arrays(value, notes):
    entries = _entries(value)
    if entries is None or len(entries) > 100:
        raise _UnreadableError(f"it returned {_kind_of(value)}, but several arrays were expected.")
    arrays = []
    for i, entry in enumerate(entries):
        try:
            arrays.append(_array(entry, notes, [LARGEST_LIST]))
        except _UnreadableError as problem:
            raise _UnreadableError(f"number {i + 1} of the values it returned is no array: {problem}") from None
    return tuple(arrays)


def _array(value, notes, budget, depth=0):
    """Return one value as an array of numbers; raise _UnreadableError. Adds to the notes; ``budget`` is what a list may still hold."""
    budget[0] -= 1
    entries = _entries(value)
    if entries is not None:
        if depth > 4 or len(entries) > budget[0]:
            raise _UnreadableError("it returned a list that is far too long or too deep.")
        if depth == 0 and issubclass(type(value), tuple) and any(_is_array(entry) for entry in entries):
            raise _UnreadableError(f"it returned {_kind_of(value)}, but one array was expected.")
        rows = [_array(entry, [], budget, depth + 1) for entry in entries]
        if len({row.shape for row in rows}) > 1 or sum(row.size for row in rows) > LARGEST_LIST:
            raise _UnreadableError("it returned a list whose entries have different lengths.")
        notes.append("It is a list; the lessons work with arrays, np.array(…).")
        return np.array(rows)
    if not _is_array(value) and type(value) not in NUMBERS:
        raise _UnreadableError(f"it returned {_kind_of(value)}{'.' if value is None else ', but numbers were expected.'}")
    array = np.asarray(value)
    if array.dtype.kind == "O":
        array = _from_objects(array)
    if array.dtype.kind not in "biufc":
        raise _UnreadableError("it returned an array that holds no numbers.")
    if array.dtype.kind == "b":
        notes.append("It holds True and False; numbers serve better in every later formula: .astype(float).")
    return array


def _from_objects(array):
    entries = array.ravel().tolist() if array.size <= LARGEST_LIST else [None]
    if any(type(entry) not in NUMBERS for entry in entries):
        raise _UnreadableError("it returned an array that holds something else than numbers.")
    try:
        return np.array([float(entry) for entry in entries]).reshape(array.shape)
    except (OverflowError, TypeError):
        raise _UnreadableError("it returned a number that does not fit into a float.") from None


# isinstance would ask value.__class__, and len or iter a method of the value's own: both may be somebody's code.
def _is_array(value):
    return issubclass(type(value), np.ndarray)


def _entries(value):
    """Return the entries of a list or tuple, else None."""
    if issubclass(type(value), list):
        return list.copy(value)
    return list(tuple.__iter__(value)) if issubclass(type(value), tuple) else None


def _kind_of(value):
    names = {type(None): "nothing (None)", str: "text", dict: "a dict", tuple: "several values", list: "a list", set: "a set"}
    if type(value) in NUMBERS:
        return "one number"
    if _is_array(value):
        return "one array"
    return names.get(type(value)) or f"an object of type {_clip(type.__dict__['__name__'].__get__(type(value)), 40)}"


def _clip(text, length=160):
    if type(text) is not str:
        return ""
    text = " ".join(text[: 2 * length].split())
    return text if len(text) <= length else text[: length - 1] + "…"


# --- comparing ---


@dataclass(frozen=True, eq=False)
class _Finding:
    """How one result differs from the truth; ``kind`` is empty when it does not."""

    kind: str = ""
    text: str = ""
    note: str = ""


def _compare(question, result, answer, truth):
    if result.kind == RAISED:
        return _explain_error(question, _clip(result.error, 40), _clip(result.message))
    if result.kind != VALUE:
        return _Finding("too slow", "your function had not finished in time. Is there a loop that never ends?")
    if answer.problem:
        if result.value is None and result.printed is True:
            return _Finding("printed, not returned", f"{answer.problem} A function hands its result back with return; print only shows it.")
        return _Finding(answer.kind, answer.problem)
    if len(answer.arrays) != len(truth.arrays):
        return _Finding("number of values", f"it returned {len(answer.arrays)} arrays, but {len(truth.arrays)} were expected.")
    notes = [answer.note]
    for name, returned, true in zip(_part_names(question, truth), answer.arrays, truth.arrays, strict=True):
        mine, note = _fitted(question, returned, true)
        if mine is None:
            return _wrong_shape(name, returned.shape, true.shape)
        notes.append(note)
        finding = _wrong_numbers(name, mine, true, question.tolerance)
        if finding:
            return finding
    return _Finding(note=" ".join(filter(None, notes)))


def _part_names(question, truth):
    if not question.parts:
        return [""]
    if question.parts == ("…",):
        return [f"entry {i}" for i in range(len(truth.arrays))]
    return question.parts


def _fitted(question, returned, true):
    """Return the array in the shape of the truth with a note if it had another; None where it cannot pass."""
    if returned.shape == true.shape:
        return returned, ""
    if true.shape == () and returned.size == 1:
        return returned.reshape(()), f"It has shape {returned.shape}; a plain number is expected."
    if question.column and true.ndim == 2 and true.shape[1] == 1 and returned.shape == true.shape[:1]:
        note = f"It has shape {returned.shape}; a gradient has the shape of its quantity, and that is {true.shape}."
        return returned.reshape(true.shape), note
    return None, ""


def _wrong_shape(name, mine, true):
    whose = f"{name} has" if name else "your answer has"
    if true == ():
        return _Finding("shape", f"{whose} shape {mine}, but one number is expected.")
    turned = " It is turned: rows and columns are exchanged." if mine == true[::-1] != true else ""
    return _Finding("shape", f"{whose} shape {mine}, but {true} is expected.{turned}")


def _wrong_numbers(name, mine, true, tolerance):
    """Return a Finding on the first differing entry, or None. Both have the same shape."""
    if mine.dtype.kind == "c":
        return _Finding("complex", "your answer holds complex numbers. Is there a root or a logarithm of something negative?")
    mine, true = mine.astype(float), true.astype(float)
    off = ~(_close(mine, true, tolerance) & np.isfinite(mine))
    if not off.any():
        return None
    of = f" of {name}" if name else ""
    lost = off & ~np.isfinite(mine)
    if lost.any():
        where = _entry(lost)
        return _Finding(
            "not finite", f"your answer holds {mine[where]}{of}{_at(where)}. Where does an exponential or a logarithm leave the numbers?"
        )
    where = _entry(off)
    which = f"the first wrong entry{of} is{_at(where)}:" if where else "it is wrong:"
    return _Finding("values", f"{which} yours {mine[where]:.6g}, expected {true[where]:.6g}.")


def _close(mine, true, tolerance):
    same = (mine == true) | (np.isnan(mine) & np.isnan(true))
    return same | (np.isfinite(true) & (np.abs(mine - true) <= SMALLEST + tolerance * np.abs(true)))


def _entry(mask):
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _at(where):
    return f" at [{', '.join(map(str, where))}]" if where else ""


def _explain_error(question, error, message):
    name = re.match(r"name '(\w+)' is not defined", message)
    if error == "TypeError" and f"{question.name}()" in message and re.search(r"positional argument|required positional", message):
        advice = f"The function must take exactly these parameters: {question.signature}."
    elif error == "NameError" and name:
        advice = (
            f"Nobody has told your function what {name[1]} is. It must get by with its parameters ({', '.join(question.parameters)}), "
            f"np, and functions of yours. Has the cell that defines {name[1]} been run?"
        )
    else:
        advice = next((words for (kind, sign), words in ADVICE.items() if kind == error and sign in message), "")
    return _Finding(
        f"raises {error}", f"it stopped with {error}{': ' * bool(message)}{message}{'' if message.endswith('.') else '.'} {advice}".strip()
    )


INNER_SIZES = "The inner sizes of a product must agree, (n, m) @ (m, p): write the shapes of both factors beside the line."
SINGLE_NUMBERS = "The module math knows single numbers only. NumPy's functions work on all entries at once."
ADVICE = {  # (exception, what its text contains) → what to do
    ("ValueError", "matmul"): INNER_SIZES,
    ("ValueError", "aligned"): INNER_SIZES,
    ("ValueError", "broadcast"): "Two arrays of different shapes met: write the shapes of both beside the line.",
    ("ValueError", "truth value"): "An `if` decides once, but an array holds many numbers. NumPy's functions work on all entries at once.",
    ("TypeError", "only 0-dimensional arrays"): SINGLE_NUMBERS,
    ("TypeError", "only length-1 arrays"): SINGLE_NUMBERS,
    ("TypeError", "NoneType"): "One of the functions you call hands nothing back: is its return missing?",
    ("RecursionError", ""): "Your function calls itself, again and again.",
    ("IndexError", ""): "Count from 0: an axis of length n has the indices 0 … n − 1.",
    ("KeyboardInterrupt", ""): "You stopped it.",
}


def _in_place(question, changed):
    names = " and ".join(changed)
    return Verdict(
        WRONG,
        mistake="changes its input",
        hints=(
            f"The numbers are right, but after the call {names} is no longer what it was.",
            f"Operators such as -= and *=, and {changed[0]}[…] = …, write into the caller's array. Make a new one instead.",
            str(question.read),
        ),
        read=question.read,
    )


# --- recognising ---


def _changed(result, question):
    changed = result.changed
    return tuple(name for name in question.parameters if name in changed) if type(changed) in (tuple, list) else ()


def _known_mistake(question, cases, results, answers, findings, given):
    """Return the mistake that gives these results in every case; failing that, on ordinary inputs and in the first case that is wrong."""
    first_fault = next((i for i, finding in enumerate(findings) if finding.kind), None)
    decisive = {i for i, case in enumerate(cases) if case.ordinary} | ({first_fault} - {None})
    order = sorted(range(len(cases)), key=lambda i: i not in decisive)
    near = None
    for mistake in question.mistakes:
        if mistake.mark:
            continue
        function = question.functions[mistake.name]
        exact = True
        for i in order:
            other = call(function, question.parameters, cases[i], given[i])
            agree, same_shapes = _agree(question, (results[i], answers[i]), other)
            exact = exact and same_shapes and _changed(other, question) == _changed(results[i], question)
            if not (agree if i in decisive else exact):
                break
        if exact:
            return mistake
        if near is None and first_fault is not None and (agree or i not in decisive):
            near = mistake
    return near


def _agree(question, mine, other):
    """Return whether two results agree, and whether they do with the same shapes: (n,) and (n, 1) are nearly the same mistake."""
    result, answer = mine
    if result.kind != other.kind:
        return False, False
    if result.kind == RAISED:
        same = _clip(result.error) == other.error and _without_numbers(result.message) == _without_numbers(other.message)
        return same, same
    if result.kind != VALUE:
        return False, False
    theirs = _read(other.value, bool(question.parts))
    if answer.problem or theirs.problem:
        same = answer.problem == theirs.problem and (result.printed is True) == other.printed
        return same, same
    pairs = list(zip(answer.arrays, theirs.arrays, strict=False))
    agree = len(answer.arrays) == len(theirs.arrays) and all(
        (a.shape == b.shape or (question.column and {a.shape, b.shape} == {(a.size,), (a.size, 1)}))
        and a.dtype.kind != "c"
        and bool(_close(a.astype(float).reshape(b.shape), b.astype(float), question.tolerance).all())
        for a, b in pairs
    )
    return agree, agree and all(a.shape == b.shape for a, b in pairs)


def _without_numbers(message):
    return re.sub(r"\d+", "#", _clip(message, 80))
