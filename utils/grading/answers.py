"""A submission's code as data: which of its statements count, without running any of them.

Counted are imports, functions, classes, and assignments of what is written down: numbers, texts, lists of them, arithmetic,
lambdas, other names, and what NumPy's own functions make of these. All else in a notebook is trying things out.
Nothing depends on the order, number or metadata of cells. Of several definitions of a name the last one counts,
but an untouched stub (``raise NotImplementedError``) never replaces an answer.
"""

import __future__

import ast
import re

CELL_MAGICS = {"%%time", "%%timeit", "%%capture", "%%prun"}  # Python follows; below any other %% stands something else
PLAIN = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.Load, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Starred),
    *(ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
    *(ast.Subscript, ast.Slice, ast.IfExp, ast.keyword, ast.JoinedStr, ast.FormattedValue),
)


def read_answers(cells):
    """Return (imports, definitions, texts, notices) of a submission.

    Parameters
    ----------
    cells : list of str
        The sources of the code cells.

    Returns
    -------
    imports : list of code objects
    definitions : list of (code object, names that it defines, names that it uses)
        In the notebook's order.
    texts : dict
        Name → text for every name to which a text was assigned.
    notices : list of str
        What was left out, and why.
    """
    nodes, notices = [], []
    for i, source in enumerate(cells, start=1):
        try:
            nodes += [(i, node) for node in _parsed(source).body]
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            notices.append(f"Code cell {i} was left out: it is no valid Python ({_reason(error)}).")
    imports, definitions, texts = [], [], {}
    answered = {node.name for _, node in nodes if isinstance(node, ast.FunctionDef) and not _is_stub(node)}
    for i, node in nodes:
        names = _names(node)
        if names is None or (isinstance(node, ast.FunctionDef) and _is_stub(node) and node.name in answered):
            continue
        try:
            code = _compiled(node, i)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            notices.append(f"Code cell {i}: a statement was left out ({_reason(error)}).")
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(code)
        else:
            uses = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            definitions.append((code, names, uses))
            texts |= _text(node, names)
    return imports, definitions, texts, notices


def needed(name, definitions):
    """Return the definitions that an answer needs, itself and what it uses, in their order: what others do cannot touch it."""
    wanted, found = {name}, -1
    while len(wanted) > found:
        found = len(wanted)
        for _, names, uses in definitions:
            if wanted.intersection(names):
                wanted |= uses
    return [definition for definition in definitions if wanted.intersection(definition[1])]


def _parsed(source):
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse(_without_magics(source))


def _without_magics(source):
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        if lines[first].split()[0] not in CELL_MAGICS:
            return ""
        lines[first] = ""
    return "\n".join(re.sub(r"^(\s*)([%!?].*|[\w.]+\?{1,2}\s*)$", r"\1pass", line) for line in lines)


def _reason(error):
    line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
    return f"{str(getattr(error, 'msg', None) or type(error).__name__)[:100]}{line}"


def _names(node):
    """Return the names that a statement defines, () for an import, None if the statement does not count."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return ()
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    elif isinstance(node, ast.Assign):
        targets = [part for target in node.targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    else:
        return None
    if all(isinstance(target, ast.Name) for target in targets) and _is_plain(node.value):
        return tuple(target.id for target in targets)
    return None


def _is_plain(value):
    if isinstance(value, ast.Lambda):
        return True
    if isinstance(value, ast.Call):
        root = value.func
        while isinstance(root, ast.Attribute):
            root = root.value
        if not (isinstance(root, ast.Name) and root.id in ("np", "numpy")):
            return False
    elif not isinstance(value, PLAIN):
        return False
    return all(_is_plain(part) for part in ast.iter_child_nodes(value))


def _is_stub(function):
    body = function.body[ast.get_docstring(function, clean=False) is not None :]
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _compiled(node, i):
    # annotations are not evaluated: they may name what is not there
    module = ast.Module([node], type_ignores=[])
    return compile(module, f"<cell {i}>", "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True)


def _text(node, names):
    if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return dict.fromkeys(names, node.value.value)
    return {}
