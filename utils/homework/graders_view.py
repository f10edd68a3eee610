"""What the grader will not have: it runs answers with Python, NumPy and the notebook's own functions, and nothing else."""

import dis
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType

THERE = {"numpy", *sys.stdlib_module_names}
SILENT = {"matplotlib", "seaborn", "plotly", "IPython", "ipywidgets", "rich", "tqdm"}  # what they show is left out, and nothing fails


def lacking(function):
    """Return the names that a function and its helpers use, and that the grader lacks: {"expit": "scipy"}.

    Parameters
    ----------
    function : callable
        Of the learner's, in the notebook in which it was written.

    Returns
    -------
    dict
        Name → the module that it comes from.
    """
    found, seen, waiting = {}, set(), [function]
    while waiting:
        one = waiting.pop()
        if type(one) is not FunctionType or one in seen:
            continue
        seen.add(one)
        for name, imported in _used(one.__code__):
            if imported or name not in one.__globals__:
                home = name.split(".")[0] if imported else ""
                found |= {name: home} if home and home not in THERE | SILENT else {}
                continue
            value = one.__globals__[name]
            home = _home(value)
            if home and home not in THERE | SILENT and home != "__main__" and value is not one:
                found[name] = home
            else:
                waiting.append(value)
    return found


def _used(code):
    """Yield (name, whether it is an import) for the global names that a piece of code uses, inner functions included."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield instruction.argval, False
        elif instruction.opname == "IMPORT_NAME":
            yield instruction.argval, True
    for constant in code.co_consts:
        if type(constant) is type(code):
            yield from _used(constant)


def _home(value):
    """Return the first part of the name of the module that a module, a function or a class comes from; "" for other values."""
    if type(value) is ModuleType:
        return value.__name__.split(".")[0]
    if type(value) in (FunctionType, BuiltinFunctionType, type):
        return str(getattr(value, "__module__", None) or "").split(".")[0]
    return ""
