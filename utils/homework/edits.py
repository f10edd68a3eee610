"""Slips, made by rule: a right function is rewritten in one place at a time, as a hurried hand would.

All rewritings of a function live in one program, compiled once. A number says which of them is switched on:
``x / n`` becomes ``x if slip == 7 else x * n if slip == 8 else x / n``.
"""

import ast
import inspect
import textwrap
import warnings
from copy import copy
from dataclasses import dataclass
from functools import cache
from types import FunctionType

import numpy as np

SWITCH = "slip_number"
ENOUGH_SLIPS = 1000

# kind of slip, pattern, what it becomes, and the part that is named. Capital letters stand for any expression.
RULES = [
    *(("dropped", pattern, kept, lost) for pattern in ("L * R", "L + R", "L @ R") for kept, lost in ("LR", "RL")),
    *(("dropped", pattern, "L", "R") for pattern in ("L / R", "L - R", "L ** R", "L // R")),
    ("dropped", "L - R", "-R", "L"),
    ("dropped", "L - R", "R", "L"),
    ("sign", "L + R", "L - R", "R"),
    ("sign", "L - R", "L + R", "R"),
    ("sign", "-X", "X", "X"),
    ("sign", "L * R", "L * -R", "R"),
    ("exchanged", "L - R", "R - L", ""),
    ("exchanged", "L / R", "R / L", ""),
    ("exchanged", "L @ R", "R @ L", ""),
    ("exchanged", "L @ R.T", "R @ L.T", ""),
    ("operator", "L * R", "L @ R", "* → @"),
    ("operator", "L * R", "L + R", "* → +"),
    ("operator", "L * R", "L - R", "* → -"),
    ("operator", "L * R", "L / R", "* → /"),
    ("operator", "L + R", "L * R", "+ → *"),
    ("operator", "L - R", "L * R", "- → *"),
    ("operator", "L - R", "L / R", "- → /"),
    ("operator", "L / R", "L * R", "/ → *"),
    ("operator", "L / R", "L // R", "/ → //"),
    ("operator", "L / R", "L - R", "/ → -"),
    ("operator", "L / R", "L + R", "/ → +"),
    ("operator", "L @ R", "L * R", "@ → *"),
    ("operator", "L @ R", "L + R", "@ → +"),
    ("operator", "L ** R", "L * R", "** → *"),
    ("transpose missing", "X.T", "X", "X"),
    ("transpose added", "L @ R", "L.T @ R", "L"),
    ("transpose added", "L @ R", "L @ R.T", "R"),
    ("reshape", "X.T", "X.reshape(X.shape[::-1])", "X"),
    ("reshape", "X.T", "X.reshape(X.shape[1], -1)", "X"),
    ("brackets", "L * (M + R)", "L * M + R", ""),
    ("brackets", "L * (M - R)", "L * M - R", ""),
    ("brackets", "(L + M) * R", "L + M * R", ""),
    ("brackets", "(L - M) / R", "L - M / R", ""),
    ("brackets", "(L + M) / R", "L + M / R", ""),
    ("brackets", "(L - M) / R", "L / R - M", ""),
    ("brackets", "L / (M + R)", "L / M + R", ""),
    ("brackets", "L / (M * R)", "L / M * R", ""),
    ("brackets", "L * M + R", "L * (M + R)", ""),
    ("brackets", "L - M * R", "(L - M) * R", ""),
    ("brackets", "L - M @ R", "(L - M) @ R", ""),
    ("brackets", "L @ M + R", "L @ (M + R)", ""),
    ("brackets", "L @ M * R", "L @ (M * R)", ""),
    ("brackets", "L ** M * R", "L ** (M * R)", ""),
    ("brackets", "F(L + R)", "F(L) + R", ""),
    ("brackets", "F(L - R)", "F(L) - R", ""),
    ("brackets", "-F(X)", "F(-X)", ""),
    ("brackets", "F(X) / R", "F(X / R)", ""),
    ("brackets", "F(L) @ R", "F(L @ R)", ""),
    ("square", "L * R", "L * R ** 2", "R"),
    ("square", "L * R", "L ** 2 * R", "L"),
    ("square", "L - R", "L - R ** 2", "R"),
    ("square", "L @ R", "L ** 2 @ R", "L"),
    ("square", "L / R", "L / R ** 2", "R"),
    ("square", "X ** 2", "X", "X"),
    ("root", "L / R", "L / np.sqrt(R)", "R"),
    ("complement", "L * R", "L * (1 - R)", "R"),
    ("complement", "L * (1 - R)", "L * R", "R"),
    ("slope of it", "L * R", "L * R * (1 - R)", "R"),
    ("absolute part", "L * R", "L * np.abs(R)", "R"),
    ("absolute part", "L - R", "L - np.abs(R)", "R"),
    ("twice", "L / R", "L / R / R", "R"),
    ("twice", "F(X)", "F(F(X))", "F"),
    ("not applied", "F(X)", "X", "F"),
    ("other way round", "F(G(X))", "G(F(X))", ""),
    ("mean part", "L * R", "L * R.mean()", "R"),
    ("summed part", "L * R", "L * R.sum()", "R"),
    ("summed part", "L / R", "L / R.sum()", "R"),
    ("summed part", "L + R", "L + R.sum()", "R"),
    ("one for all", "L * R", "L * R[:1]", ""),
    ("one for all", "L * R", "L * R[:, :1]", ""),
    ("square", "L - R", "(L - R) ** 2", ""),
    ("other number", "L / R", "L / (1 + R)", ""),
    ("dropped", "X[I]", "X", "I"),
    ("index order", "X[I, J]", "X[J, I]", ""),
    ("order of picking", "E[:, I]", "E[I]", ""),
    ("other size", "X.shape[1]", "X.shape[0]", "the number of rows of X"),
    ("other size", "X.shape[0]", "X.shape[1]", "the number of columns of X"),
    ("other size", "X.shape[1]", "X.size", "the number of entries of X"),
    ("other size", "X.shape[1]", "(X.shape[1] - 1)", "one less than the number of columns of X"),
    ("other size", "X.shape[1]", "(2 * X.shape[1])", "twice the number of columns of X"),
    ("comparison", "L == R", "L != R", ""),
    ("comparison", "L == R", "L <= R", ""),
    ("comparison", "L == R", "L >= R", ""),
    ("one short", "range(N)", "range(N - 1)", "last"),
    ("one short", "range(N)", "range(1, N)", "first"),
    ("one too many", "range(N)", "range(N + 1)", ""),
    ("zip forgotten", "zip(L, R)", "(L, R)", ""),
    ("one for all", "X[I]", "X[0]", ""),
]
OF_VARIABLES = {"square", "root", "complement", "slope of it", "absolute part", "mean part", "summed part"}  # never of a number
FAR_FETCHED = {"comparison": 1.3, "square": 1.1, "root": 1.2, "complement": 1.1, "slope of it": 1.2, "twice": 1.2, "other way round": 1.2}
FAMILIES = [  # functions that are taken for each other
    ("exp", "exp2", "expm1", "log", "log1p", "square", "abs"),
    ("log", "log2", "log10", "log1p", "exp", "sqrt"),
    ("sum", "mean", "max", "min", "prod", "std", "cumsum"),
    ("mean", "sum", "max", "min", "median", "std", "prod"),
    ("max", "min", "mean", "sum"),
    ("zeros", "ones"),
    ("argmax", "argmin", "max"),
]
METHODS = {"sum", "mean", "max", "min", "prod", "std", "cumsum", "argmax", "argmin"}
UNITS = {  # functions of one argument, and what is taken for them
    "exp": ("sigmoid(X)", "np.exp(-X)", "np.exp(2 * X)", "10.0 ** X"),
    "sigmoid": ("np.tanh(X)", "np.maximum(X, 0)", "softmax(X)", "(X > 0) * 1.0", "sigmoid(X) * (1 - sigmoid(X))", "sigmoid(-X)"),
    "softmax": ("sigmoid(X)", "np.exp(X)", "X / X.sum(axis=0)", "(X == X.max(axis=0)) * 1.0", "np.tanh(X)"),
    "sigmoid_prime": (
        *("sigmoid(X)", "1 - sigmoid(X)", "1 - sigmoid(X) ** 2", "1 - np.tanh(X) ** 2", "(X > 0) * 1.0", "X * (1 - X)", "X"),
        *("sigmoid(X) * (1 + sigmoid(X))", "sigmoid_prime(sigmoid(X))"),
    ),
}


@dataclass(frozen=True)
class Slip:
    """One rewriting: its kind, the part of the formula that it concerns ("" for none), and how far-fetched it is."""

    kind: str
    what: str = ""
    cost: float = 1.0


class Program:
    """A function that contains all of its slips.

    Parameters
    ----------
    function : callable
        A right answer, written in Python.
    helpers : dict
        Name → function: their slips are slips of the answer as well.

    Attributes
    ----------
    slips : list of Slip
        ``program(i, *arguments)`` calls the function with ``slips[i]`` in it.
    """

    def __init__(self, function, helpers):
        self.slips, self.names = [], dict(function.__globals__)
        trees = [_tree(helper) for helper in helpers.values()] + [_tree(function)]
        for tree in trees:
            tree.decorator_list = []
            _Writer(self.slips, tree).rewrite()
        module = ast.Module(trees, type_ignores=[])
        _locate(module)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a slip that makes no sense, such as a tuple with two indices
            exec(compile(module, f"<slips of {function.__name__}>", "exec"), self.names)
        self.function = self.names[function.__name__]

    def __call__(self, number, *arguments, **keywords):
        """Return what the function gives with one slip in it."""
        self.names[SWITCH] = number
        return self.function(*map(copied, arguments), **{name: copied(value) for name, value in keywords.items()})


def copied(argument):
    """Return a copy of an array or of several: a slip may write into what it is given."""
    if isinstance(argument, np.ndarray):
        return argument.copy()
    return type(argument)(map(copied, argument)) if isinstance(argument, list | tuple) else argument


def programs(question):
    """Yield the Programs of a question: its reference with the helpers that it calls, then every right answer on its own.

    Each is made when it is asked for, and only once. So that a check stays quick, no more right answers are taken once there are
    enough slips, and none for a question that trains. A function without a source, such as a lambda, has no slips.
    """
    first = _program(question.reference)
    if first:
        yield first
    slips = len(first.slips) if first else 0
    for variant in question.variants if not question.given else ():
        program = _program(variant.function, alone=True) if slips < ENOUGH_SLIPS else None
        if program:
            slips += len(program.slips)
            yield program


@cache
def _program(function, alone=False):
    reached, helpers = [function], {}
    for caller in [] if alone else reached:
        for name in caller.__code__.co_names:
            helper = function.__globals__.get(name)
            if isinstance(helper, FunctionType) and helper.__module__ == function.__module__ and name not in helpers:
                helpers[name] = helper
                reached.append(helper)
    try:
        return Program(function, dict(reversed(helpers.items())))
    except (OSError, TypeError, SyntaxError):  # no source, or none of a function alone
        return None


def _tree(function):
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise TypeError("A lambda in the middle of a statement has no source of its own.")
    return tree


class _Writer:
    """Writes the slips into the tree of one function."""

    def __init__(self, slips, tree):
        self.slips, self.tree = slips, tree
        self.scope = [argument.arg for argument in tree.args.args]

    def rewrite(self):
        self.tree.body = self._body(self.tree.body)

    # --- expressions ---

    def _expression(self, node):
        alternatives = list(self._alternatives(node))
        new = copy(node)
        for field, value in ast.iter_fields(node):
            if isinstance(node, ast.Call) and field == "func" and not isinstance(value, ast.Attribute):
                continue
            if isinstance(value, ast.expr) and not isinstance(node, ast.Lambda):
                setattr(new, field, self._expression(value))
            elif isinstance(value, list) and field in ("args", "elts", "comparators", "values", "keywords", "generators"):
                setattr(new, field, [self._part(part) for part in value])
        if not alternatives:
            return new
        first = len(self.slips)
        chain = new
        for slip, other in reversed(alternatives):
            number = first + alternatives.index((slip, other))
            chain = ast.IfExp(_test(f"{SWITCH} == {number}"), other, chain)
        self.slips += [slip for slip, _ in alternatives]
        return ast.IfExp(_test(f"{first} <= {SWITCH} < {len(self.slips)}"), chain, new)

    def _part(self, part):
        if isinstance(part, ast.expr):
            return self._expression(part)
        new = copy(part)
        if isinstance(part, ast.keyword):
            new.value = part.value if part.arg in ("axis", "keepdims", "strict") else self._expression(part.value)
        elif isinstance(part, ast.comprehension):
            new.iter = self._expression(part.iter)
            self.scope += [name.id for name in ast.walk(part.target) if isinstance(name, ast.Name)]
        return new

    def _alternatives(self, node):
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(node, ast.Starred | ast.Slice | ast.Tuple):
            return
        for kind, named, pattern, result in _rules().get(_form(node), ()):
            bound = {}
            if _match(pattern, node, bound) and not (kind in OF_VARIABLES and isinstance(bound.get(named), ast.Constant)):
                what = (
                    ast.unparse(bound[named]) if named in bound else named.replace("X", ast.unparse(bound["X"])) if "X" in bound else named
                )
                yield Slip(kind, what, FAR_FETCHED.get(kind, 1.0)), _filled(result, bound)
        if isinstance(node, ast.Call):
            yield from self._calls(node)
        elif isinstance(node, ast.Name) and node.id in self.scope:
            for other in dict.fromkeys(self.scope):
                if other != node.id:
                    yield Slip("other variable", f"{node.id} → {other}", 1.5), ast.Name(other, ast.Load())
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            for value in dict.fromkeys((node.value + 1, node.value - 1, -node.value, 2 * node.value, 0.5, 10, 0.1)):
                if value != node.value:
                    yield Slip("other number", f"{node.value} → {value}", 2.0), ast.Constant(value)

    def _calls(self, node):
        function, owner = node.func, None
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if isinstance(function, ast.Attribute):
            owner = "np" if isinstance(function.value, ast.Name) and function.value.id == "np" else "method"
        if owner:
            for family in FAMILIES:
                for other in family[1:] if family[0] == name else ():
                    if owner == "np" or other in METHODS:
                        yield Slip("other function", f"{name} → {other}"), _call(node, ast.Attribute(function.value, other, ast.Load()))
        if owner == "method" and name in METHODS:
            yield Slip("not applied", name), function.value
            for other in ("median", "linalg.norm") if name in ("sum", "mean") else ():
                instead = ast.parse(f"np.{other}", mode="eval").body
                yield Slip("other function", f"{name} → {other}"), ast.Call(instead, [function.value], node.keywords)
        if name in UNITS and len(node.args) == 1:
            for other in UNITS[name]:
                yield Slip("other function", f"{name} → {other}", 1.2), _filled(ast.parse(other, mode="eval").body, {"X": node.args[0]})
        axis = next((keyword for keyword in node.keywords if keyword.arg == "axis"), None)
        keepdims = next((keyword for keyword in node.keywords if keyword.arg == "keepdims"), None)
        if axis and isinstance(axis.value, ast.Constant):
            rest = [keyword for keyword in node.keywords if keyword is not axis]
            other = ast.keyword("axis", ast.Constant(1 - axis.value.value))
            yield Slip("axis", f"{axis.value.value} → {1 - axis.value.value}"), _call(node, function, [*rest, other])
            yield Slip("axis", f"{axis.value.value} → none"), _call(node, function, rest)
            yield Slip("axis", f"{axis.value.value} → none"), _call(node, function, [])
            if not keepdims:
                both = [*rest, other, ast.keyword("keepdims", ast.Constant(True))]
                yield Slip("axis", f"{axis.value.value} → {1 - axis.value.value}"), _call(node, function, both)
        if keepdims:
            yield Slip("keepdims"), _call(node, function, [keyword for keyword in node.keywords if keyword is not keepdims])
        if len(node.args) == 2 and not node.keywords and owner != "method":
            yield Slip("exchanged"), ast.Call(function, node.args[::-1], [])
        if len(node.args) == 1 and not node.keywords:
            for changed in ("X ** 2", "-X", "1 - X", "1 + X", "X.T", "np.abs(X)", "X[:, :1]", "X / X.shape[0]", "X - X.mean()"):
                yield (
                    Slip("argument", changed, 1.5),
                    ast.Call(function, [_filled(ast.parse(changed, mode="eval").body, {"X": node.args[0]})], []),
                )

    # --- statements ---

    def _body(self, statements):
        new = []
        for i, statement in enumerate(statements):
            following = statements[i + 1] if i + 1 < len(statements) else None
            new += self._statement(statement, following)
        return new

    def _statement(self, statement, following):
        if isinstance(statement, ast.Expr) or not isinstance(statement, ast.Assign | ast.AugAssign | ast.Return | ast.For | ast.With):
            return [statement]
        new, before, after = copy(statement), [], []
        if isinstance(statement, ast.For | ast.With):
            if isinstance(statement, ast.For):
                new.iter = self._expression(statement.iter)
                self.scope += [name.id for name in ast.walk(statement.target) if isinstance(name, ast.Name)]
            new.body = self._body(statement.body)
            return [new, *self._return_early(statement.body[-1])] if isinstance(statement, ast.For) and False else [new]
        if statement.value is not None:
            new.value = self._expression(statement.value)
        if isinstance(statement, ast.AugAssign):
            plain = ast.Assign([_stored(statement.target)], statement.value)
            other = ast.AugAssign(statement.target, ast.Sub() if isinstance(statement.op, ast.Add) else ast.Add(), statement.value)
            new = self._either(Slip("= for +="), plain, self._either(Slip("sign", ""), other, new))
        if not isinstance(statement, ast.Return):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
            if isinstance(targets[0], ast.Name) and targets[0].id in self.scope:
                new = self._either(Slip("step left out", targets[0].id), ast.Pass(), new)
            self.scope += [name for name in names if name not in self.scope]
            after = self._return_early(statement)
        return [*before, new, *after]

    def _return_early(self, statement):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        root = target
        while isinstance(root, ast.Subscript):
            root = root.value
        if not isinstance(root, ast.Name):
            return []
        return [self._either(Slip("return too early", root.id, 1.5), ast.Return(ast.Name(root.id, ast.Load())), ast.Pass())]

    def _either(self, slip, wrong, right):
        self.slips.append(slip)
        return ast.If(_test(f"{SWITCH} == {len(self.slips) - 1}"), [wrong], [right])


def _call(node, function, keywords=None):
    return ast.Call(function, node.args, node.keywords if keywords is None else keywords)


def _stored(target):
    new = copy(target)
    new.ctx = ast.Store()
    return new


@cache
def _rules():
    """Return form of an expression → the rules whose patterns have that form."""
    rules = {}
    for kind, pattern, result, named in RULES:
        before, after = (ast.parse(text, mode="eval").body for text in (pattern, result))
        rules.setdefault(_form(before), []).append((kind, named, before, after))
    return rules


def _form(node):
    return type(node), type(getattr(node, "op", None))


def _locate(module):
    """Give every node a line, which compiling demands; parts that several slips share are visited once."""
    nodes, seen = [module], set()
    while nodes:
        node = nodes.pop()
        if id(node) not in seen:
            seen.add(id(node))
            node.lineno = node.end_lineno = 1
            node.col_offset = node.end_col_offset = 0
            for value in node.__dict__.values():
                if isinstance(value, ast.AST):
                    nodes.append(value)
                elif isinstance(value, list):
                    nodes += [part for part in value if isinstance(part, ast.AST)]


@cache
def _test(text):
    return ast.parse(text, mode="eval").body


def _match(pattern, node, bound):
    """Return whether an expression has the form of a pattern, and bind the pattern's capital letters to its parts."""
    if isinstance(pattern, ast.Name) and len(pattern.id) == 1 and pattern.id.isupper():
        if pattern.id in ("F", "G") and not isinstance(node, ast.Name | ast.Attribute):
            return False
        if pattern.id in bound:
            return ast.dump(bound[pattern.id]) == ast.dump(node)
        bound[pattern.id] = node
        return True
    if type(pattern) is not type(node):
        return False
    for field, value in ast.iter_fields(pattern):
        other = getattr(node, field)
        if isinstance(value, ast.AST):
            if field != "ctx" and not _match(value, other, bound):
                return False
        elif isinstance(value, list):
            if len(value) != len(other) or not all(_match(*pair, bound) for pair in zip(value, other, strict=True)):
                return False
        elif value != other and field not in ("kind", "type_comment"):
            return False
    return True


def _filled(result, bound):
    """Return a new expression: the pattern with the parts in place of its capital letters."""
    if isinstance(result, ast.Name):
        return bound.get(result.id, result)
    new = copy(result)
    for field, value in ast.iter_fields(result):
        if isinstance(value, ast.AST):
            setattr(new, field, _filled(value, bound))
        elif isinstance(value, list):
            setattr(new, field, [_filled(part, bound) if isinstance(part, ast.AST) else part for part in value])
    return new
