"""Says whether an answer is right, or how it is wrong: results are compared with the reference and with every known mistake.

The judge never sees the student's function, only its results. So the function may have run in another process. Results
are not trusted; ``untrusted.py`` reads them.
"""

import re
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from utils.homework.errors import explain_error
from utils.homework.explain import explain
from utils.homework.question import Case
from utils.homework.results import NOT_YET, RAISED, TOO_SLOW, VALUE, Result, call
from utils.homework.untrusted import Answer, clip, read
from utils.homework.verdict import RIGHT, WRONG, Verdict
from utils.homework.words import in_words

SMALLEST = 1e-9  # differences below are rounding, for numbers of the size that occur here
NO_ANSWER = Answer(problem="it returned nothing.")


@dataclass(frozen=True, eq=False)
class Finding:
    """How one result differs from the truth; ``kind`` is empty when it does not."""

    kind: str = ""
    text: str = ""
    note: str = ""


@dataclass(frozen=True, eq=False)
class Attempt:
    """One case with all that belongs to it.

    Attributes
    ----------
    case : Case
        The inputs.
    result : Result
        What came out of the student's function.
    answer, truth : Answer
        Its value, and that of the reference.
    keywords : dict
        What the reference and the mistakes get besides the inputs: {"start": …} or nothing.
    finding : Finding
        How the answer differs from the truth.
    changed : tuple of str
        The parameters whose arrays the student's function changed.
    """

    case: Case
    result: Result
    answer: Answer
    truth: Answer
    keywords: dict
    finding: Finding
    changed: tuple


@np.errstate(all="ignore")
def judge(question, cases, results, time_limit=np.inf):
    """Return the Verdict on the results that a function gave for the cases.

    Parameters
    ----------
    question : Question
        What was asked.
    cases : list of Case
        From ``question.cases(seed)``.
    results : list of Result
        From ``run``, or from another process; missing ones count as "too slow".
    time_limit : float
        Seconds of processor time for the search of a cause; see ``explain``.

    Returns
    -------
    Verdict
    """
    results = [*results, *[Result(TOO_SLOW)] * len(cases)][: len(cases)]
    stub = next((result for result in results if result.kind == NOT_YET), None)
    if stub:
        name = clip(stub.function, 40)
        called = name and name != question.name
        return Verdict(
            NOT_YET, mistake="not yet", hints=(f"It calls {name}, which is not written yet: write that first.",) if called else ()
        )
    answers = [read(result.value, bool(question.parts)) if result.kind == VALUE else NO_ANSWER for result in results]
    arrays = [None if answer.problem else answer.arrays for answer in answers]
    mistake = next((mistake for mistake in question.mistakes if mistake.detect and mistake.detect(cases, arrays)), None)
    starts = question.given(cases, arrays) if question.given else [None] * len(cases)
    attempts = [_attempt(question, *each) for each in zip(cases, results, answers, starts, strict=True)]
    attempts = [attempt for attempt in attempts if not attempt.case.optional]
    verdict = _verdict(
        question, attempts, mistake, partial(question.accepts, cases, arrays) if question.accepts else lambda: None, time_limit
    )
    return verdict if verdict.right or not question.partial else replace(verdict, points=_partial_points(question, attempts))


def _verdict(question, attempts, mistake, accepts, time_limit):
    wrong = [attempt for attempt in attempts if attempt.finding.kind]
    changed = next((attempt.changed for attempt in attempts if attempt.changed), ())
    exact = bool(mistake)
    if not mistake and (wrong or changed):
        mistake, exact = _known_mistake(question, attempts)
    if mistake and exact:
        return _known(question, mistake)
    if changed and not wrong:
        return _in_place(question, changed)
    accepted = accepts() if (wrong or not question.unique) and not changed else None
    if accepted is not None or (not wrong and question.unique):
        return Verdict(RIGHT, question.points, note=accepted or next((one.finding.note for one in attempts if one.finding.note), ""))
    if not wrong:
        return _wrong(question, "not accepted", f"It is not what was asked: {question.task}")
    explanation = explain(question, attempts, time_limit) if question.unique else None
    if mistake and not (explanation and explanation.exact and explanation.is_relation):
        return _known(question, mistake)
    first = wrong[0]
    error_says_more = first.finding.kind.startswith("raises") and ": " in first.finding.kind and explanation and not explanation.what
    if explanation and not error_says_more:
        return _wrong(question, explanation.name, *in_words(question, explanation))
    return _wrong(question, first.finding.kind, f"For {first.case.about}: {first.finding.text}")


def _partial_points(question, attempts):
    """Return the points of the groups of cases in which everything is right."""
    groups = {}
    for attempt in attempts:
        groups.setdefault(attempt.case.group, []).append(not attempt.finding.kind and not attempt.changed)
    return sum(points for group, points in question.partial.items() if all(groups.get(group, [False])))


def _known(question, mistake):
    return _wrong(question, mistake.name, mistake.nudge, mistake.reason, place=mistake.read)


def _attempt(question, case, result, answer, start):
    keywords = {"start": start} if question.given else {}
    truth = read(question.reference(*case.arguments, **keywords), bool(question.parts)) if question.unique else answer
    return Attempt(case, result, answer, truth, keywords, _compare(question, result, answer, truth), _changed(result, question))


def _changed(result, question):
    return tuple(name for name in question.parameters if name in result.changed) if type(result.changed) in (tuple, list) else ()


def _wrong(question, kind, *hints, place=None):
    """Return the Verdict on a wrong answer; its last hint is where to read."""
    place = place or question.read
    return Verdict(WRONG, mistake=kind, hints=(*hints, str(place) if place else f"The task: {question.task}"), read=place)


def _in_place(question, changed):
    return _wrong(
        question,
        "changes its input",
        f"The numbers are right, but after the call {' and '.join(changed)} is no longer what it was.",
        f"Operators such as -= and *=, and {changed[0]}[…] = …, write into the caller's array. Make a new one instead.",
    )


# --- comparing with the truth ---


def _compare(question, result, answer, truth):
    if result.kind == RAISED:
        name, text = explain_error(question, result)
        return Finding(f"raises {clip(result.error, 40)}{': ' * bool(name)}{name}", text)
    if result.kind != VALUE:
        return Finding("too slow", "your function had not finished in time. Is there a loop that never ends?")
    if answer.problem:
        if result.value is None and result.printed is True:
            return Finding("printed, not returned", f"{answer.problem} A function hands its result back with return; print only shows it.")
        return Finding(answer.kind, answer.problem)
    expected = len(truth.arrays) if question.unique else len(question.parts)
    if len(answer.arrays) != expected:
        return Finding("number of values", f"it returned {len(answer.arrays)} arrays, but {expected} were expected.")
    parts = list(zip(_part_names(question, truth), answer.arrays, truth.arrays, strict=True))
    fitted = [_fitted(question, returned, true) for _, returned, true in parts]
    for (name, returned, true), (mine, _) in zip(parts, fitted, strict=True):
        if mine is None:
            return _wrong_shape(name, returned.shape, true.shape)
    for (name, _, true), (mine, _) in zip(parts, fitted, strict=True):
        finding = _wrong_numbers(name, mine, true, question.tolerance)
        if finding:
            return finding
    notes = [answer.note, *(note for _, note in fitted)]
    return Finding(note=" ".join(filter(None, notes)))


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
        return Finding("shape", f"{whose} shape {mine}, but one number is expected.")
    turned = " It is turned: rows and columns are exchanged." if mine == true[::-1] != true else ""
    return Finding("shape", f"{whose} shape {mine}, but {true} is expected.{turned}")


def _wrong_numbers(name, mine, true, tolerance):
    """Return a Finding on the first differing entry, or None. Both have the same shape."""
    if mine.dtype.kind == "c":
        return Finding("complex", "your answer holds complex numbers. Is there a root or a logarithm of something negative?")
    mine, true = mine.astype(float), true.astype(float)
    off = ~(_close(mine, true, tolerance) & np.isfinite(mine))
    if not off.any():
        return None
    of = f" of {name}" if name else ""
    lost = off & ~np.isfinite(mine)
    if lost.any():
        where = _entry(lost)
        return Finding(
            "not finite", f"your answer holds {mine[where]}{of}{_at(where)}. Where does an exponential or a logarithm leave the numbers?"
        )
    where = _entry(off)
    which = f"the first wrong entry{of} is{_at(where)}:" if where else "it is wrong:"
    return Finding("values", f"{which} yours {mine[where]:.6g}, expected {true[where]:.6g}.")


def _close(mine, true, tolerance):
    same = (mine == true) | (np.isnan(mine) & np.isnan(true))
    return same | (np.isfinite(true) & (np.abs(mine - true) <= SMALLEST + tolerance * np.abs(true)))


def _entry(mask):
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _at(where):
    return f" at [{', '.join(map(str, where))}]" if where else ""


# --- comparing with known mistakes ---


def _known_mistake(question, attempts):
    """Return (mistake, whether it gives these results in every case): else it does in the ordinary cases and the first wrong one."""
    first_wrong = next((attempt for attempt in attempts if attempt.finding.kind), None)
    decisive = [attempt for attempt in attempts if attempt.case.ordinary or attempt is first_wrong]
    others = [attempt for attempt in attempts if attempt not in decisive]
    nearly, near = None, None  # in every case but for (n,) in place of (n, 1); in the decisive cases
    for mistake in question.mistakes:
        if mistake.detect:
            continue
        exact = True
        for attempt in decisive:
            agree, same_shapes = _agree(question, mistake, attempt)
            exact = exact and same_shapes
            if not agree:
                break
        else:
            rest = [_agree(question, mistake, attempt) for attempt in others]
            if exact and all(same_shapes for _, same_shapes in rest):
                return mistake, True
            nearly = nearly or (first_wrong and all(agree for agree, _ in rest) and mistake)
            near = near or (first_wrong and mistake)
    return nearly or near, bool(nearly)


def _agree(question, mistake, attempt):
    """Return whether a mistake explains an attempt, and whether it does to the last detail: (n,) and (n, 1) are nearly the same."""
    other = call(mistake.function, question.parameters, attempt.case, attempt.keywords)
    agree, same_shapes = _same_outcome(question, attempt, other)
    return agree, same_shapes and _changed(other, question) == attempt.changed


def _same_outcome(question, attempt, other):
    result, answer = attempt.result, attempt.answer
    if result.kind != other.kind:
        return False, False
    if result.kind == RAISED:
        same = clip(result.error) == other.error and _without_numbers(result.message) == _without_numbers(other.message)
        return same, same
    if result.kind != VALUE:
        return False, False
    theirs = read(other.value, bool(question.parts))
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
    return re.sub(r"\d+", "#", clip(message, 80))
