"""Names that the grader will not know: it runs an answer with Python, NumPy, SciPy and what the cells of the notebook define."""

import contextlib
import dis
import sys
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

from utils.homework.definitions import read

THERE = {"numpy", "scipy", *sys.stdlib_module_names}
SILENT = {"matplotlib", "seaborn", "plotly", "IPython", "ipywidgets", "rich", "tqdm"}  # what they show is left out, and nothing fails
GIVEN = {"np", "numpy", "display", "get_ipython"}  # the grader has these names without any line that defines them


def lacking(function, cells=()):
    """Return the names that a function and its helpers use, and that the grader lacks: {"tensor": "torch", "EPS": ""}.

    Parameters
    ----------
    function : callable
        Of the learner's, in the notebook in which it was written.
    cells : sequence of str
        The cells that were run in this notebook, as they were typed; empty where nobody knows them.

    Returns
    -------
    dict
        Name → the module that it comes from; "" where no line of a cell defines it.
    """
    definitions = sorted(read(cells)[0], key=lambda one: not one.is_import)  # what a cell defines counts more than an import
    defined = {name: one for one in definitions for name in one.names}
    found, seen, waiting = {}, set(), [(getattr(function, "__name__", ""), function)]
    while waiting:
        name, value = waiting.pop()
        home = _home(value)
        if home and home not in THERE | SILENT and home != "__main__":
            found |= {name: home} if name not in defined or defined[name].is_import else {}
        elif defined and name and home in ("__main__", "") and not {name, "*"} & {*defined, *GIVEN}:
            found[name] = ""
        elif id(value) not in seen:
            seen.add(id(value))
            names = getattr(function, "__globals__", {})
            if home == "" and name in defined:  # a number or an array; the names in the line that made it must be known as well
                waiting += [(used, names[used]) for used in defined[name].uses if used in names]
            for used, imported in _used(value):
                if imported:
                    home = used.split(".")[0]
                    found |= {used: home} if home and home not in THERE | SILENT else {}
                elif used in names:
                    waiting.append((used, names[used]))
            waiting += [("", inner) for inner in _inner(value)]
    return found


def _used(value):
    """Yield (name, whether it is an import) for the global names that a function or code uses, inner functions included."""
    code = value.__code__ if type(value) is FunctionType else value
    if type(code) is not CodeType:
        return
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield instruction.argval, False
        elif instruction.opname == "IMPORT_NAME":
            yield instruction.argval, True
    for constant in code.co_consts:
        yield from _used(constant)


def _inner(value):
    """Yield what belongs to a function, a class or an object of the learner's, without a global name of its own."""
    if type(value) is FunctionType:
        yield from value.__defaults__ or ()
        for cell in value.__closure__ or ():
            with contextlib.suppress(ValueError):  # it is empty
                yield cell.cell_contents
    elif type(value) is partial:
        yield value.func
    elif isinstance(value, type) and _home(value) == "__main__":
        yield from (part for part in vars(value).values() if type(part) is FunctionType)
    elif type(value).__module__ == "__main__":
        yield type(value)


def _home(value):
    """Return the first part of the name of the module that a value comes from; "" for what Python and NumPy can make by themselves."""
    if type(value) is ModuleType:
        return value.__name__.split(".")[0]
    if type(value) in (FunctionType, BuiltinFunctionType) or isinstance(value, type):
        return str(getattr(value, "__module__", None) or "").split(".")[0]
    home = str(type(value).__module__).split(".")[0]
    return home if home not in THERE and home != "__main__" else ""
