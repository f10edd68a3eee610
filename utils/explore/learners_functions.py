"""Calls of a learner's own functions; what goes wrong in them is said in the learner's words."""

from utils.homework.errors import explain_error
from utils.homework.results import NOT_YET, RAISED, TOO_SLOW
from utils.homework.time_limit import run
from utils.homework.untrusted import read


class NothingToShowError(Exception):
    """Says in a learner's words why there is nothing to draw."""


def arrays_of(function, question, case, shapes, seconds, told="", hint=""):
    """Return the arrays that a learner's function returns.

    Parameters
    ----------
    function : callable
        Of the learner.
    question : Question
        The homework's question that it answers.
    case : Case
        What it is called with: copies of these arguments.
    shapes : dict of str to tuple
        The names of the arrays that are expected, and their shapes.
    seconds : float
        For so long and no longer.
    told : str
        What stands before an error.
    hint : str
        What to do when it takes too long.

    Returns
    -------
    list of array
        Of floats, with these shapes; a flat bias becomes a column.

    Raises
    ------
    NothingToShowError
        When the function stops with an error, does not end, or returns something else.
    """
    (result,) = run(function, question.parameters, [case], time_limit=seconds)
    if result.kind == NOT_YET:
        name = question.name if result.function in ("", question.name) else result.function
        raise NothingToShowError(f"Not yet: write {name} first. Then run this cell again.")
    if result.kind == TOO_SLOW:
        limit = f"{seconds:.0f} second{'s' * (round(seconds) != 1)}"
        raise NothingToShowError(
            f"{told}your {question.name} had not finished after {limit}. Is there a loop that never ends? {hint}".strip()
        )
    if result.kind == RAISED:
        raise NothingToShowError(f"{told}{explain_error(question, result)[1]}")
    answer, names = read(result.value, several=len(shapes) > 1), ", ".join(shapes)
    expected = f"{len(shapes)} arrays: {names}" if len(shapes) > 1 else f"one array: {names}"
    if answer.problem:
        raise NothingToShowError(f"{told}{answer.problem} {question.name} returns {expected}.")
    if len(answer.arrays) != len(shapes):
        raise NothingToShowError(f"{told}{question.name} returned {len(answer.arrays)} arrays, but expected are {expected}.")
    return [_fitted(told, name, array, shape) for (name, shape), array in zip(shapes.items(), answer.arrays, strict=True)]


def _fitted(told, name, array, shape):
    if array.dtype.kind == "c":
        raise NothingToShowError(f"{told}{name} holds complex numbers. Is there a root or a logarithm of something negative?")
    if array.shape != shape and not (shape[1] == 1 and array.shape == shape[:1]):
        turned = " It is turned: rows and columns are exchanged." if array.shape == shape[::-1] else ""
        raise NothingToShowError(f"{told}{name} has shape {array.shape}, but {shape} is expected.{turned}")
    return array.astype(float).reshape(shape)
