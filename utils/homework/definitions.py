"""A submission's code as data: its statements that define something, and which of them an answer needs. None of it is run here.

Code is read as IPython reads it, with magics and shell lines. A cell that is no valid Python is taken apart, so that its right
lines still count. Only what defines something counts: imports, functions, classes, assignments, and ``if``,
``try``, ``with`` and loops that contain any. The rest of a notebook is ignored.

An answer gets the definitions that it uses, and those that these use, in the notebook's order. So the order, number and
metadata of cells do not matter, and nothing else that the notebook does can break an answer. Of several definitions of a name the
last one counts, but an untouched stub never replaces an answer.
"""

import __future__

import ast
import dis
import re
import types
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

OTHER_BELOW = {"%%bash", "%%sh", "%%script", "%%html", "%%HTML", "%%svg", "%%SVG", "%%latex", "%%javascript", "%%js", "%%markdown", "%%cmd"}
OTHER_BELOW |= {"%%perl", "%%ruby", "%%R", "%%sql", "%%cython", "%%system", "%%!", "%%sx"}
MOST_TRIES = 40  # how many lines that begin a statement may be joined before a piece counts as broken
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad")) | {0xA0: " ", 0x202F: " ", 0x2007: " "}
GOES_ON = re.compile(r"\s|[)\]}#]|(else|elif|except|finally)\b")  # such a line does not begin a statement
ALL_NAMES = {"globals", "locals", "vars", "eval", "exec"}  # code that calls these may use any name
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)
BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True, eq=False)
class Definition:
    """A statement that defines names, or changes what a name holds.

    Attributes
    ----------
    node : ast.stmt
    cell : int
        Number of its code cell.
    names : frozenset of str
        What it defines, or changes the contents of; an import of ``*`` defines "*".
    source : str
        Its text.
    """

    node: ast.stmt
    cell: int
    names: frozenset
    source: str = ""

    @cached_property
    def code(self):
        """Return its code object; raise SyntaxError for a ``return`` outside a function and the like."""
        return _compiled(self.node, self.cell)

    @cached_property
    def uses(self):
        """Return the names of the notebook that it uses, in functions as well, without their own variables."""
        try:
            return frozenset(_global_names(self.code))
        except BROKEN:
            return frozenset()

    @property
    def is_import(self):
        """Return whether it is an import."""
        return isinstance(self.node, ast.Import | ast.ImportFrom)

    @property
    def is_block(self):
        """Return whether it is a statement that holds others, such as ``if``."""
        return isinstance(self.node, BLOCKS)

    @property
    def module(self):
        """Return the first part of the name of the module that an import needs."""
        name = self.node.names[0].name if isinstance(self.node, ast.Import) else self.node.module or ""
        return name.partition(".")[0]

    @property
    def is_stub(self):
        """Return whether it is a function that was handed out empty: it raises NotImplementedError, or does nothing."""
        if not isinstance(self.node, ast.FunctionDef):
            return False
        body = self.node.body[ast.get_docstring(self.node, clean=False) is not None :]
        if len(body) > 1:
            return False
        if not body or isinstance(body[0], ast.Pass):
            return True
        if isinstance(body[0], ast.Expr):
            return isinstance(body[0].value, ast.Constant)
        if not isinstance(body[0], ast.Raise):
            return False
        raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"

    @property
    def text(self):
        """Return the text that it assigns, where that is written down and nothing else; else None."""
        value = getattr(self.node, "value", None)
        plain = isinstance(self.node, ast.Assign | ast.AnnAssign) and isinstance(value, ast.Constant) and isinstance(value.value, str)
        return value.value if plain else None

    def without_decorators(self):
        """Return the code of a function or class without its decorators.

        Returns
        -------
        code or None
            None where there are no decorators.
        """
        if not getattr(self.node, "decorator_list", None):
            return None
        bare = type(self.node)(**{**{name: getattr(self.node, name) for name in self.node._fields}, "decorator_list": []})
        return _compiled(ast.copy_location(bare, self.node), self.cell)


def read(cells):
    """Return what a submission defines, and what was left out.

    Parameters
    ----------
    cells : list of str
        The sources of the code cells.

    Returns
    -------
    definitions : list of Definition
        In the notebook's order, without stubs where there is an answer.
    notices : list of str
        What was left out, and why.
    """
    found, notices = [], []
    for number, source in enumerate(cells, start=1):
        statements, left_out = _statements(source)
        notices += [f"Code cell {number}{notice}" for notice in left_out]
        for node, text in statements:
            try:
                found += _definitions(node, number, text)
            except BROKEN as error:
                notices.append(f"Code cell {number}: a statement was left out ({_reason(error)}).")
    answered = {name for one, _ in found if not one.is_stub and not one.is_import for name in one.names}
    own = {name for one, _ in found for name in one.names} - {name for one, _ in found if one.is_import for name in one.names}
    definitions = []
    for one, contents in found:
        names = one.names | (contents & own)  # np.exp = 3 defines nothing
        if names and not (one.is_stub and names <= answered):
            definitions.append(replace(one, names=names))
    return definitions, notices


def needed(name, definitions):
    """Return the definitions that an answer needs: itself and what it uses.

    Parameters
    ----------
    name : str
        Of the answer.
    definitions : list of Definition
        From ``read``.

    Returns
    -------
    list of Definition
        Imports first, everything else in the notebook's order.
    """
    by_name = defaultdict(list)
    for one in definitions:
        for defined in one.names:
            by_name[defined].append(one)
    wanted, open_names = set(), [name, "*"]
    while open_names:
        current = open_names.pop()
        if current in wanted:
            continue
        wanted.add(current)
        for one in by_name.get(current, ()):
            open_names += by_name if one.uses & ALL_NAMES else one.uses - wanted
    return sorted((one for one in definitions if wanted & one.names), key=lambda one: not one.is_import)


# --- from text to statements ---


def _statements(source):
    """Return the statements of a cell, each with its text, and notices on what is none."""
    try:
        return _with_text(source), []
    except BROKEN:
        pass
    notices = []
    body, magic = _below_magics(source)
    if magic in OTHER_BELOW:
        return [], [f" was left out: it is not Python but {magic}."]
    cleaned = body.translate(INVISIBLE)
    if cleaned != body:
        notices.append(": invisible characters were taken out, such as spaces that do not break.")
    for text in (cleaned, _as_ipython(cleaned)):
        try:
            return _with_text(text), notices
        except BROKEN as error:
            reason = _reason(error)
    statements, broken = _pieces(cleaned)
    if statements:
        return statements, notices + [f": {where} left out: no valid Python ({why})." for where, why in broken]
    return [], [f" was left out: it is no valid Python ({reason})."]


def _with_text(source):
    lines = source.split("\n")
    nodes = ast.parse(source).body
    return [(node, "\n".join(lines[node.lineno - 1 : node.end_lineno])) for node in nodes]


def _below_magics(source):
    """Return a cell without its first lines that begin with %%, and the last of these magics."""
    lines, magic = source.split("\n"), ""
    for i, line in enumerate(lines):
        if line.startswith("%%"):
            magic, lines[i] = line.split()[0], ""
        elif line.strip():
            break
    return "\n".join(lines), magic


def _as_ipython(source):
    """Return a cell as IPython would hand it to Python, or unchanged where IPython is not there or gives up."""
    try:
        from IPython.core.inputtransformer2 import TransformerManager

        return TransformerManager().transform_cell(source)
    except Exception:  # it tokenizes, and a broken cell may break that in many ways
        return source


def _pieces(source):
    """Return the statements of those pieces that are valid Python, and (which lines, reason) for the others."""
    lines = source.split("\n")
    starts = [i for i, line in enumerate(lines) if line.strip() and not GOES_ON.match(line)] + [len(lines)]
    statements, broken, i = [], [], 0
    while i < len(starts) - 1:
        for j in range(i + 1, min(i + MOST_TRIES, len(starts))):
            piece = "\n".join(lines[starts[i] : starts[j]])
            try:
                found = _with_text(piece)
            except BROKEN as error:
                if j == i + 1:
                    reason, found = _reason(error), _ipython_line(piece)
            if found is not None:
                statements += found
                i = j
                break
        else:
            first, last = starts[i] + 1, starts[i] + len("\n".join(lines[starts[i] : starts[i + 1]]).rstrip().split("\n"))
            where = f"line {first} was" if first == last else f"lines {first} to {last} were"
            broken.append((where, reason))
            i += 1
    return statements, broken


def _ipython_line(piece):
    try:
        return _with_text(_as_ipython(piece))
    except BROKEN:
        return None


def _reason(error):
    line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
    return f"{str(getattr(error, 'msg', None) or type(error).__name__)[:100]}{line}"


# --- from statements to definitions ---


def _definitions(node, cell, source):
    """Return pairs (Definition, names whose contents it changes): one pair, several for an import, none if it defines nothing."""
    if isinstance(node, ast.Import | ast.ImportFrom):  # each name on its own, so that a missing one leaves the others usable
        parts = [ast.copy_location(_with_names(node, [alias]), node) for alias in node.names]
        return [(Definition(part, cell, frozenset([_bound(part)])), frozenset()) for part in parts]
    names, contents = _defined(node, cell), frozenset(_changed(node))
    return [(Definition(node, cell, frozenset(names), source), contents)] if names or contents else []


def _defined(node, cell):
    """Return the names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return {part.id for target in _targets(node) for part in ast.walk(target) if _is_stored(part)}
    if isinstance(node, BLOCKS):
        return {line.argval for line in dis.get_instructions(_compiled(node, cell)) if line.opname in ("STORE_NAME", "STORE_GLOBAL")}
    return set()


def _is_stored(part):
    return isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)


def _targets(node):
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _with_names(node, names):
    return ast.Import(names) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, names, node.level)


def _bound(node):
    alias = node.names[0]
    if alias.asname or alias.name == "*" or isinstance(node, ast.ImportFrom):
        return alias.asname or alias.name
    return alias.name.partition(".")[0]


def _method_of(node):
    """Return the name whose method a statement calls: TABLE for ``TABLE.append(1)``."""
    if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        return _root(node.value.func)
    return None


def _root(target):
    while isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def _changed(node):
    """Return the names whose contents a statement changes: TABLE for ``TABLE[0] = 1`` and ``TABLE.append(1)``, in a loop too."""
    if isinstance(node, BLOCKS):
        return {name for part in ast.walk(node) if part is not node and not isinstance(part, BLOCKS) for name in _changed(part)}
    if isinstance(node, ast.Expr):
        roots = [_method_of(node)]
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        parts = [part for target in _targets(node) for part in getattr(target, "elts", [target])]
        roots = [_root(part) for part in parts if not isinstance(part, ast.Name)]
    else:
        roots = []
    return {root for root in roots if root}


def _global_names(code):
    for line in dis.get_instructions(code):
        if line.opname in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"):
            yield line.argval
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _global_names(inner)


def _compiled(node, cell):
    # annotations are not evaluated: they may name what is not there
    module = ast.Module([node], type_ignores=[])
    return compile(module, f"<cell {cell}>", "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True)
