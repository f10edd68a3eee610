"""Why an answer is wrong, found by comparing: a relation to the truth, a slip in the formula, or a slip and a simple relation on top.

Nothing here looks at the student's source. An explanation is a statement about numbers: with this slip the true function gives
exactly what the answer gave.
"""

import time
import warnings
from dataclasses import dataclass
from functools import partial

import numpy as np

from utils.homework import relations
from utils.homework.changed_inputs import input_slips
from utils.homework.edits import Slip, programs
from utils.homework.relations import Pair, same
from utils.homework.results import RAISED, VALUE
from utils.homework.untrusted import LARGEST_LIST

ON_TOP = ("negative", "factor", "transposed")  # relations that may come on top of a slip
MOST_OF_TWO = 1.4  # how improbable a slip may be that comes with a relation
ENOUGH = 3  # different numbers that an answer must hold before anything is concluded from them, or
MANY = 10  # numbers that are not 0


@dataclass(frozen=True)
class Explanation:
    """How the answer comes from the truth.

    Attributes
    ----------
    kind, what : str
        Kind of the relation or slip, and its reading: ("factor", "÷ the number of columns of y").
    parts : tuple of str
        The arrays that are concerned, where the answer has several and not all are wrong.
    then : Explanation or None
        A relation on top of a slip.
    exact : bool
        Whether it explains every case, or only the ordinary ones and the first that is wrong.
    """

    kind: str
    what: str = ""
    parts: tuple = ()
    then: "Explanation | None" = None
    exact: bool = True

    @property
    def is_relation(self):
        """Return whether it says how the answer and the truth are related, and nothing about the formula."""
        return self.kind in relations.KINDS

    @property
    def name(self):
        """Return the kind and the reading for the teacher's report."""
        own = f"{self.kind}: {self.what}" if self.what else self.kind
        return f"{own}, then {self.then.name}" if self.then else own


@np.errstate(all="ignore")
def explain(question, attempts, time_limit=np.inf):
    """Return the best Explanation of wrong attempts, or None.

    Parameters
    ----------
    question : Question
        What was asked.
    attempts : list of Attempt
        One for each case, see ``judge.py``.
    time_limit : float
        Seconds of processor time after which no more slips are tried; the most natural ones come first.

    Returns
    -------
    Explanation or None
    """
    first_wrong = next(attempt for attempt in attempts if attempt.finding.kind)
    decisive = [attempt for attempt in attempts if attempt.case.ordinary or attempt is first_wrong]
    probe = next((attempt for attempt in decisive if attempt.finding.kind and _values(attempt)), None)
    if probe is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = _relation(question, attempts, decisive)
        if found and found.exact:
            return found
        slip = None if probe.keywords.get("start", ()) is None else _slip(question, attempts, decisive, probe, time_limit)
        return slip if slip and (slip.exact or not found) else found


def _values(attempt):
    """Return the arrays of an answer as floats; None when there are none, or far too many numbers."""
    arrays = attempt.answer.arrays
    if attempt.result.kind != VALUE or attempt.answer.problem or sum(array.size for array in arrays) > LARGEST_LIST:
        return None
    return None if any(array.dtype.kind == "c" for array in arrays) else tuple(array.astype(float) for array in arrays)


def _enough(arrays):
    """Return whether arrays hold so many different numbers, or so many that are not 0, that no accident explains them."""
    numbers = np.concatenate([array.ravel() for array in arrays]) if arrays else np.zeros(0)
    numbers = numbers[np.isfinite(numbers)]
    different = len(np.unique(numbers[numbers != 0].round(9)))
    return different >= ENOUGH or (len(np.unique(numbers.round(9))) > 1 and np.count_nonzero(numbers) >= MANY)


# --- relations ---


def _relation(question, attempts, decisive):
    """Return the Explanation by what all answers have in common with the true ones, or None."""
    if any(_values(attempt) is None for attempt in decisive):
        return None
    if exchanged := _exchanged(question, decisive):
        return exchanged
    if any(len(_values(attempt)) != len(attempt.truth.arrays) for attempt in attempts if _values(attempt) is not None):
        return None
    return _common_relation(question, attempts, decisive)


def _exchanged(question, decisive):
    """Return the Explanation that the arrays, or at least their shapes, come in another order, or None."""
    several = [attempt for attempt in decisive if len(attempt.truth.arrays) > 1]
    orders = [relations.order(_values(attempt), _truth(attempt)) for attempt in several]
    if orders and set.intersection(*orders):
        return Explanation("order of the arrays", _in_order(question, set.intersection(*orders)))
    shapes = [_shapes(attempt) for attempt in several]
    orders = [relations.order(mine, true) for mine, true in shapes if len(mine) == len(true)]
    if len(orders) == len(decisive) and set.intersection(*orders) and not all(_alike(*pair) for pair in shapes):
        return Explanation("order of the shapes", _in_order(question, set.intersection(*orders)))
    return None


def _common_relation(question, attempts, decisive):
    """Return the Explanation by the relation in which every wrong array stands to the true one, or None."""
    concerned = {i for attempt in decisive for i in _wrong_arrays(question, attempt)}
    pairs = [pair for attempt in decisive for pair in _pairs(question, attempt, concerned)]
    every = [pair for attempt in attempts if _values(attempt) for pair in _pairs(question, attempt, concerned)]
    if not _enough([pair.true for pair in every]):
        return None
    complete = all(_values(attempt) for attempt in attempts)
    parts = (
        tuple(_names(question, sorted(concerned))) if len(concerned) < len(decisive[0].truth.arrays) and question.parts != ("…",) else ()
    )
    found = []
    for kind, cost, _ in relations.RELATIONS:
        readings = relations.common(kind, pairs)
        if readings and (kind in ("always the same number", "a part is 0") or _enough([pair.mine for pair in every])):
            always = relations.common(kind, every) if complete else set()
            what = min(always or readings, key=_plainness)
            found.append((not always, cost, Explanation(kind, what, parts, exact=bool(always))))
    return min(found, key=lambda entry: entry[:2])[2] if found else None


def _shapes(attempt):
    """Return the shapes of an answer's arrays and of the true ones, as arrays themselves."""
    return [tuple(np.array(array.shape, dtype=float) for array in arrays) for arrays in (_values(attempt), _truth(attempt))]


def _alike(mine, true):
    return all(same(m, t) if m.shape == t.shape else False for m, t in zip(mine, true, strict=True))


def _in_order(question, orders):
    """Return an order in words."""
    return "the last first" if "reversed" in orders else ", ".join(_names(question, sorted(orders)[0]))


def _plainness(reading):
    return (reading.count("minus") + reading.count("(") + reading.count("product"), len(reading), reading)


def _names(question, indices):
    names = question.parts if question.parts != ("…",) else ()
    return [names[i] if i < len(names) else f"number {i + 1}" for i in indices]


def _truth(attempt):
    return tuple(array.astype(float) for array in attempt.truth.arrays)


def _wrong_arrays(question, attempt):
    for i, (mine, true) in enumerate(zip(_values(attempt), _truth(attempt), strict=True)):
        flat = question.column and mine.shape == true.shape[:1]
        if not ((mine.shape == true.shape or flat) and same(mine.reshape(true.shape) if flat else mine, true)):
            yield i


def _pairs(question, attempt, concerned):
    for i, (mine, true) in enumerate(zip(_values(attempt), _truth(attempt), strict=True)):
        if i in concerned:
            inputs = {
                name: value[i] if isinstance(value, list) else value
                for name, value in zip(question.parameters, attempt.case.arguments, strict=True)
                if not isinstance(value, list) or i < len(value)
            }
            flat = question.column and mine.shape == true.shape[:1] != true.shape
            yield Pair(mine.reshape(true.shape) if flat else mine, true, inputs)


# --- slips ---


def _slip(question, attempts, decisive, probe, time_limit):
    mine, end = _values(probe), time.process_time() + time_limit
    if not _enough([array for attempt in attempts for array in _values(attempt) or ()]):
        return None
    near, others = [], []  # slips that explain the decisive cases; slips that may be one of two things
    for candidates in _candidates(question):
        exact = []
        for slip, call in sorted(candidates, key=lambda candidate: candidate[0].cost):
            if (exact and slip.cost > exact[0].cost) or time.process_time() > end:
                break
            outcome = _outcome(call, question, probe)
            if outcome is None or len(outcome) != len(mine):
                continue
            if not _equal(question, outcome, mine):
                natural = slip.cost <= MOST_OF_TWO
                others += [(slip, call, outcome)] if natural and _maybe_proportional(mine[0], outcome[0]) else []
            elif slip.kind != "known mistake" and all(_explains(call, question, attempt) for attempt in decisive):
                (exact if all(_explains(call, question, attempt) for attempt in attempts) else near).append(slip)
        if exact:
            return _shared(exact, True)
        if time.process_time() > end:
            break
    if near or question.given:
        return _shared(near, False) if near else None
    others = [(slip, call) for slip, call, outcome in others if time.process_time() < end and _on_top(question, [probe], [outcome])]
    return _two_things(question, attempts, decisive, others)


def _maybe_proportional(mine, outcome):
    """Return, quickly, whether an array may be a multiple of another one or of its transpose."""
    lengths = (mine * mine).sum() * (outcome * outcome).sum()
    products = ((mine * other).sum() for other in (outcome, outcome.T) if mine.shape == other.shape)
    return any(not product * product < 0.999 * lengths for product in products)  # nan and inf are no proof


def _candidates(question):
    """Yield lists of pairs (Slip, function of arguments and keywords), the plainest first."""
    for number, program in enumerate(programs(question)):
        yield [(slip, partial(program, i)) for i, slip in enumerate(program.slips)]
        if number == 0:
            yield input_slips(question)
            yield [(Slip("known mistake", mistake.name), mistake.function) for mistake in question.mistakes if not mistake.detect]


def _outcome(call, question, attempt):
    try:
        answer = call(*attempt.case.arguments, **attempt.keywords)
        arrays = tuple(answer) if question.parts else (answer,)
        return tuple(np.asarray(array, dtype=float) for array in arrays)
    except Exception:  # a slip may do anything; one that does not run explains nothing here
        return None


def _equal(question, theirs, mine):
    for a, b in zip(theirs, mine, strict=True):
        if a.shape != b.shape and not (question.column and {a.shape, b.shape} == {(a.size,), (a.size, 1)}):
            return False
        if not same(a.reshape(b.shape), b):
            return False
    return True


def _explains(call, question, attempt):
    """Return whether a slip gives what the answer gave in this attempt: the same numbers, or the same kind of error."""
    if attempt.result.kind == RAISED:
        try:
            call(*attempt.case.arguments, **attempt.keywords)
        except Exception as error:
            return type(error).__name__ == attempt.result.error
        return False
    mine, theirs = _values(attempt), _outcome(call, question, attempt)
    return mine is not None and theirs is not None and len(mine) == len(theirs) and _equal(question, theirs, mine)


def _shared(slips, exact):
    """Return what several slips with the same numbers have in common: the simplest kind, and its part if they agree on it."""
    best = min(slips, key=lambda slip: (slip.cost, len(slip.what)))
    parts = {slip.what for slip in slips if slip.kind == best.kind and slip.cost == best.cost}
    return Explanation(best.kind, best.what if len(parts) == 1 else "", exact=exact)


def _two_things(question, attempts, decisive, candidates):
    found = {}
    for slip, call in candidates:
        outcomes = [_outcome(call, question, attempt) for attempt in decisive]
        if all(outcomes) and _enough([array for outcome in outcomes for array in outcome]):
            for kind, what in _on_top(question, decisive, outcomes):
                found.setdefault((kind, what), []).append((slip, call))
    if not found:
        return None
    (kind, what), hits = min(found.items(), key=lambda item: min(slip.cost for slip, _ in item[1]))
    first = _shared([slip for slip, _ in hits], True)
    call = next(call for slip, call in hits if slip.kind == first.kind)
    outcomes = [_outcome(call, question, attempt) for attempt in attempts]
    exact = all(outcomes) and bool(_on_top(question, attempts, outcomes))
    return Explanation(first.kind, first.what, then=Explanation(kind, what), exact=exact)


def _on_top(question, attempts, outcomes):
    """Return [(kind, reading)] of the relation that makes the outcomes of a slip into the answers; [] when there is none."""
    pairs = []
    for attempt, theirs in zip(attempts, outcomes, strict=True):
        mine = _values(attempt)
        if mine is None or len(mine) != len(theirs):
            return []
        inputs = dict(zip(question.parameters, attempt.case.arguments, strict=True))
        pairs += [Pair(m, t, inputs) for m, t in zip(mine, theirs, strict=True)]
    if any(pair.mine.shape != pair.true.shape and pair.mine.shape != pair.true.shape[::-1] for pair in pairs):
        return []
    for kind in ON_TOP:
        readings = {reading for reading in relations.common(kind, pairs) if not _is_any_factor(reading)}
        if readings:
            return [(kind, min(readings, key=_plainness))]
    return []


def _is_any_factor(reading):
    """Return whether a factor is a mere number that no student would write."""
    return reading.startswith("× ") and reading[2:] not in relations.NUMBERS and reading[2:3] in "-0123456789"
