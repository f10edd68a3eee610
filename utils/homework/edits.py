"""Slips, made by rules: a right function is rewritten in one place at a time, as a student in a hurry would.

All rewritings of a function live in one program, compiled once. A number says which of them is switched on:
``x / n`` becomes ``x if slip == 7 else x * n if slip == 8 else x / n``.
"""

import ast
import inspect
import textwrap
import warnings
from dataclasses import dataclass
from functools import cache
from types import FunctionType

from utils.homework.slip_rules import COSTS, FAMILIES, OF_ARRAYS, OF_VARIABLES, RULES, UNITS

SWITCH = "slip_number"
ENOUGH_SLIPS = 1000
READ, STORED = ast.Load(), ast.Store()


@dataclass(frozen=True)
class Slip:
    """One rewriting: its kind, and the part of the formula that it concerns ("" for none)."""

    kind: str
    what: str = ""

    @property
    def cost(self):
        """Return how improbable it is: 1 for the most natural slips."""
        return COSTS.get(self.kind, 1.0)


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
            tree.body = _Writer(self.slips, tree).body(tree.body)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a slip that makes no sense, such as a tuple with two indices
            exec(compile(ast.Module(trees, type_ignores=[]), f"<slips of {function.__name__}>", "exec"), self.names)
        self.function = self.names[function.__name__]

    def __call__(self, number, *arguments, **keywords):
        """Return what the function gives with one slip in it, which may write into its arguments."""
        self.names[SWITCH] = number
        return self.function(*arguments, **keywords)


def programs(question):
    """Yield the Programs of a question: its reference with the helpers that it calls, then every right answer on its own.

    Each Program is made when it is asked for, and only once. To keep a check quick, no more right answers are taken once there are
    enough slips, and none for a question that trains. A function without a source, such as a lambda, has no slips.

    Parameters
    ----------
    question : Question
        What was asked.

    Yields
    ------
    Program
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
    """Writes the slips into the statements of one function."""

    def __init__(self, slips, tree):
        self.slips, self.texts = slips, {}
        self.scope = [argument.arg for argument in tree.args.args]

    # --- statements ---

    def body(self, statements):
        """Return statements with their slips.

        Parameters
        ----------
        statements : list of ast.stmt
            The body of a function, or of a loop.

        Returns
        -------
        list of ast.stmt
        """
        return [new for statement in statements for new in self._statement(statement)]

    def _statement(self, statement):
        new = _copy(statement)
        if isinstance(statement, ast.For | ast.With):
            if isinstance(statement, ast.For):
                new.iter = self._expression(statement.iter)
                self._remember(statement.target)
            new.body = self.body(statement.body)
            return [new]
        if not isinstance(statement, ast.Assign | ast.AugAssign | ast.Return) or statement.value is None:
            return [statement]
        new.value = self._expression(statement.value)
        if isinstance(statement, ast.Return):
            return [new]
        target = statement.target if isinstance(statement, ast.AugAssign) else statement.targets[0]
        if isinstance(statement, ast.AugAssign):
            other = ast.Sub() if isinstance(statement.op, ast.Add) else ast.Add()
            new = self._either(Slip("sign"), _new(ast.AugAssign, target, other, statement.value), new)
            new = self._either(Slip("= for +="), _new(ast.Assign, [target], statement.value), new)
        if isinstance(target, ast.Name) and target.id in self.scope:
            new = self._either(Slip("step left out", target.id), _new(ast.Pass), new)
        self._remember(target)
        root = target
        while isinstance(root, ast.Subscript):
            root = root.value
        if not isinstance(root, ast.Name):
            return [new]
        return [new, self._either(Slip("return too early", root.id), _new(ast.Return, _new(ast.Name, root.id, READ)), _new(ast.Pass))]

    def _remember(self, target):
        self.scope += [name.id for name in ast.walk(target) if isinstance(name, ast.Name) and name.id not in self.scope]

    def _either(self, slip, wrong, right):
        self.slips.append(slip)
        return _new(ast.If, _is_on(len(self.slips) - 1), [wrong], [right])

    # --- expressions ---

    def _expression(self, node):
        alternatives = list(self._alternatives(node))
        new = _copy(node)
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
        self.slips += [slip for slip, _ in alternatives]
        *others, (_, chain) = alternatives
        for i, (_, other) in enumerate(others, start=first):
            chain = _new(ast.IfExp, _is_on(i), other, chain)
        return _new(ast.IfExp, _is_on(first, len(self.slips)), chain, new)

    def _part(self, part):
        if isinstance(part, ast.expr):
            return self._expression(part)
        new = _copy(part)
        if isinstance(part, ast.keyword) and part.arg not in ("axis", "keepdims", "strict"):
            new.value = self._expression(part.value)
        elif isinstance(part, ast.comprehension):
            new.iter = self._expression(part.iter)
            self._remember(part.target)
        return new

    def _alternatives(self, node):
        """Yield pairs of a Slip and what an expression becomes by it."""
        if not isinstance(getattr(node, "ctx", READ), ast.Load) or isinstance(node, ast.Starred | ast.Slice | ast.Tuple):
            return
        for kind, named, pattern, result in _rules().get(_form(node), ()):
            bound = {}
            if _match(pattern, node, bound) and not (kind in OF_VARIABLES and isinstance(bound.get(named), ast.Constant)):
                what = self._text(bound[named]) if named in bound else named
                if what.endswith(" of X"):
                    what = what.removesuffix("X") + self._text(bound["X"])
                yield Slip(kind, what), _filled(result, bound)
        if isinstance(node, ast.Call):
            yield from _calls(node)
        elif isinstance(node, ast.Name) and node.id in self.scope:
            for other in self.scope:
                if other != node.id:
                    yield Slip("other variable", f"{node.id} → {other}"), _new(ast.Name, other, READ)
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield Slip("sign"), _new(ast.Constant, -node.value)
            for value in dict.fromkeys((node.value + 1, node.value - 1, 2 * node.value, 0.5, 10, 0.1)):
                if value != node.value:
                    yield Slip("other number", f"{node.value} → {value}"), _new(ast.Constant, value)

    def _text(self, node):
        if id(node) not in self.texts:  # the trees live as long as their writer
            self.texts[id(node)] = ast.unparse(node)
        return self.texts[id(node)]


def _calls(node):
    """Yield the slips of a call that no pattern describes: other functions of its family, axis and keepdims."""
    called, keywords = node.func, {keyword.arg: keyword for keyword in node.keywords}
    of_numpy = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "np"
    of_an_array = isinstance(called, ast.Attribute) and not of_numpy
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    for other in [other for family in FAMILIES if family[0] == name for other in family[1:]]:
        if of_an_array and other in OF_ARRAYS:
            yield Slip("other function", f"{name} → {other}"), _call(node, _new(ast.Attribute, called.value, other, READ))
        elif of_an_array or of_numpy:
            argument = [called.value] if of_an_array else []
            yield Slip("other function", f"{name} → {other}"), _new(ast.Call, _pattern(f"np.{other}"), argument + node.args, node.keywords)
    if of_an_array and name in OF_ARRAYS:
        yield Slip("not applied", name), called.value
    for other in UNITS.get(name, ()) if len(node.args) == 1 else ():
        yield Slip("other function", f"{name} → {other}"), _filled(_pattern(other), {"X": node.args[0]})
    if "axis" in keywords and isinstance(keywords["axis"].value, ast.Constant):
        axis = keywords["axis"].value.value
        rest = [keyword for keyword in node.keywords if keyword.arg != "axis"]
        other = _new(ast.keyword, "axis", _new(ast.Constant, 1 - axis))
        yield Slip("axis", f"{axis} → {1 - axis}"), _call(node, called, [*rest, other])
        yield Slip("axis", f"{axis} → none"), _call(node, called, rest)
        yield Slip("axis", f"{axis} → none"), _call(node, called, [])
        if "keepdims" not in keywords:
            keepdims = _new(ast.keyword, "keepdims", _new(ast.Constant, True))
            yield Slip("axis", f"{axis} → {1 - axis}"), _call(node, called, [*rest, other, keepdims])
    if "keepdims" in keywords:
        yield Slip("keepdims"), _call(node, called, [keyword for keyword in node.keywords if keyword.arg != "keepdims"])


# --- trees ---


def _copy(node):
    new = type(node).__new__(type(node))
    new.__dict__.update(node.__dict__)
    return new


def _new(kind, *parts):
    """Return a new node of a tree, with the place that compiling demands."""
    return kind(*parts, lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)


def _call(node, called, keywords=None):
    return _new(ast.Call, called, node.args, node.keywords if keywords is None else keywords)


def _is_on(first, end=None):
    """Return the question whether a slip is switched on, or one of several."""
    switch = _new(ast.Name, SWITCH, READ)
    if end is None:
        return _new(ast.Compare, switch, [ast.Eq()], [_new(ast.Constant, first)])
    return _new(ast.Compare, _new(ast.Constant, first), [ast.LtE(), ast.Lt()], [switch, _new(ast.Constant, end)])


@cache
def _pattern(text):
    return ast.parse(text, mode="eval").body


@cache
def _rules():
    """Return form of an expression → the rules whose patterns have that form."""
    rules = {}
    for kind, pattern, result, named in RULES:
        rules.setdefault(_form(_pattern(pattern)), []).append((kind, named, _pattern(pattern), _pattern(result)))
    return rules


def _form(node):
    return type(node), type(getattr(node, "op", None))


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
    new = _copy(result)
    for field, value in ast.iter_fields(result):
        if isinstance(value, ast.AST):
            setattr(new, field, _filled(value, bound))
        elif isinstance(value, list):
            setattr(new, field, [_filled(part, bound) if isinstance(part, ast.AST) else part for part in value])
    return new
