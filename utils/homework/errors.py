"""Exceptions in a learner's words: which line stopped, which shapes met there, and what to do about it."""

import re
from difflib import get_close_matches

import numpy as np

from utils.homework.untrusted import clip

# name of the mistake, exception, what its text contains, what the line contains, what to do. {0} … are groups of the line or the text.
ADVICE = [
    (
        "brackets after .T",
        "TypeError",
        "object is not callable",
        r"(\w+)\.T\s*\(",
        "{0}.T is the transposed array itself, not a function: it has no brackets.",
    ),
    (
        "a product without *",
        "TypeError",
        "'numpy.ndarray' object is not callable",
        r"\b(\w+)\(",
        "Brackets right behind the name of an array call it like a function. A product needs its sign: *.",
    ),
    (
        "a name of Python's own is taken",
        "TypeError",
        r"'(?:int|float|numpy\.float64|numpy\.int64|list|tuple)' object is not callable",
        r"\b(sum|max|min|len|abs|range|zip|list|round|np)\s*\(",
        "In your function {0} is the name of a value, so Python's own {0} is hidden. Give the value another name.",
    ),
    (
        "a product without *",
        "TypeError",
        "object is not callable",
        "",
        "Brackets right behind a value call it like a function. Is a * missing, or does a value have the name of a function?",
    ),
    (
        "a function without brackets",
        "TypeError",
        r"unsupported operand type.*'(?:function|builtin_function_or_method|method|type)'",
        "",
        "A function stands where its value is needed: put brackets with its argument behind the name.",
    ),
    (
        "a function without brackets",
        "ValueError",
        r"matmul: Input operand \d does not have enough dimensions \(has 0",
        r"\.(transpose|sum|mean|max)\b(?!\()",
        "{0} is a method: without brackets it is not called. It needs (), or .T in the place of .transpose().",
    ),
    (
        "a single number in a product of matrices",
        "ValueError",
        r"matmul: Input operand \d does not have enough dimensions \(has 0",
        "",
        "@ multiplies matrices, and one of the two sides is a single number. A number multiplies with *.",
    ),
    (
        "a forgotten return",
        "(TypeError|AttributeError)",
        "NoneType",
        r"\b(?!np\b)(\w+)\(",
        "A value here is None: nothing. Does every function that you call end with return, also {0}?",
    ),
    (
        "a forgotten return",
        "(TypeError|AttributeError)",
        "NoneType",
        "",
        "A value here is None: nothing. Does every function that you call end with return?",
    ),
    (
        "arithmetic with a list",
        "TypeError",
        r"can't multiply sequence by non-int|unsupported operand type.*'list'",
        "",
        "A list is not an array: Python cannot calculate with all of its entries at once. Take them one by one, in a loop.",
    ),
    (
        "shape without its own brackets",
        "TypeError",
        r"Cannot interpret '.*' as a data type|data type .* not understood",
        r"np\.(zeros|ones|empty|full)\(",
        "The shape is one argument of np.{0}, a pair in brackets of its own: np.{0}((rows, columns)).",
    ),
    (
        "shape without its own brackets",
        "TypeError",
        "Cannot interpret '.*' as a data type",
        "",
        "A number stands where a type is expected. A shape is one argument, a pair in brackets of its own: (rows, columns).",
    ),
    (
        "zip forgotten",
        "(ValueError|TypeError)",
        r"values to unpack|cannot unpack non-iterable",
        r"\bfor\b.*,.*\bin\b\s*(?!zip|enumerate)",
        "The loop wants two values a turn. zip(…, …) goes through two lists side by side; enumerate(…) counts along one.",
    ),
    (
        "number of values",
        "(ValueError|TypeError)",
        r"values to unpack|cannot unpack non-iterable",
        "",
        "As many names must stand on the left as values come from the right. How many are there on each side?",
    ),
    (
        "range forgotten",
        "TypeError",
        r"'(?:int|numpy\.int64|float)' object is not iterable",
        "",
        "A number cannot be gone through. range(n) counts 0, 1, …, n − 1.",
    ),
    (
        "^ for a power",
        "TypeError",
        "bitwise_xor|for \\^",
        "",
        "In Python ^ is no power: that is **. And the exponential function is np.exp.",
    ),
    (
        "math on an array",
        "TypeError",
        "only (?:0-dimensional|length-1|size-1) arrays|only integer scalar arrays|must be real number",
        r"\bmath\.(\w+)",
        "math.{0} takes one number. NumPy's np.{0} works on all entries at once.",
    ),
    (
        "math on an array",
        "TypeError",
        "only (?:0-dimensional|length-1|size-1) arrays",
        "",
        "A whole array stands where one number is expected. The module math knows single numbers only; NumPy's functions take arrays.",
    ),
    (
        "np.outer on a batch",
        "ValueError",
        "broadcast|shape",
        r"np\.outer",
        "np.outer lines up all entries of both arrays as two long vectors. That fits one example; for a batch use a product of matrices.",
    ),
    (
        "if on an array",
        "ValueError",
        "truth value",
        "",
        "An `if` decides once, but an array holds many numbers. NumPy's functions work on all entries at once: np.where, np.maximum.",
    ),
    (
        "no such axis",
        "AxisError",
        "",
        "",
        "A matrix has two axes: axis 0 runs down a column, axis 1 along a row.",
    ),
    (
        "an array in the place of a number",
        "ValueError",
        "setting an array element with a sequence|could not broadcast input array",
        "",
        "What stands on the right does not fit into the place on the left. Write the shapes of both beside the line.",
    ),
    (
        "too many indices",
        "IndexError",
        "too many indices",
        "",
        "There are more indices than axes: a flat array has one, a matrix has two, [row, column].",
    ),
    (
        "index out of range",
        "IndexError",
        r"index (-?\d+) is out of bounds for axis (\d) with size (\d+)",
        "",
        "Axis {1} has the indices 0 … {2} − 1. In [row, column] the first index counts rows. Are the two exchanged?",
    ),
    (
        "index out of range",
        "IndexError",
        "out of range",
        "",
        "A list of length n has the entries 0 … n − 1. Does your loop go too far, or is a length taken for granted?",
    ),
    (
        "an index that is no whole number",
        "IndexError",
        "only integers|arrays used as indices",
        "",
        "An index is a whole number. Is it a label, or a number such as 1.0 that an array of floats holds?",
    ),
    (
        "used before it has a value",
        "UnboundLocalError",
        r"variable '(\w+)'",
        "",
        "{0} gets its first value only later in your function. Give it one before this line, such as 0 before a loop that adds to it.",
    ),
    (
        "calls itself",
        "RecursionError",
        "",
        "",
        "Your function calls itself, again and again. Does it call a function of its own name where another one is meant?",
    ),
    (
        "a method that arrays do not have",
        "AttributeError",
        r"'numpy\.ndarray' object has no attribute '(\w+)'",
        "",
        "An array has no .{0}. NumPy's functions stand before it: np.{0}(…), where NumPy has it.",
    ),
    (
        "a function that NumPy does not have",
        "AttributeError",
        r"module 'numpy' has no attribute '(\w+)'",
        "",
        "NumPy has no function {0}. Is it spelled right? sigmoid, softmax and their like you write yourself.",
    ),
    (
        "a list in the place of an array",
        "AttributeError",
        r"'(?:list|tuple)' object has no attribute '(\w+)'",
        "",
        "A list has no .{0}; an array has. np.array(…) makes one, or take the entries of the list one by one.",
    ),
    (
        "whole numbers only",
        "UFuncTypeError",
        "Cannot cast",
        "",
        "The array on the left holds whole numbers and cannot take fractions. Begin with floats: np.zeros(shape), .astype(float).",
    ),
    (
        "a list and a number",
        "TypeError",
        "can only concatenate",
        "",
        "+ joins lists, it does not add their entries. Arrays add: np.array(…).",
    ),
    ("divided by zero", "ZeroDivisionError", "", "", "The divisor is 0. Which size or sum is it, and why is it 0 here?"),
    (
        "wrong arguments of a call",
        "TypeError",
        r"(\w+)\(\) (?:takes|missing|got)",
        "",
        "Count the arguments in the call of {0}: they must be those of its definition.",
    ),
    ("a module is missing", "(ModuleNotFoundError|ImportError)", "", "", "Only Python itself and NumPy are there."),
    ("stopped by hand", "KeyboardInterrupt", "", "", "You stopped it."),
]


def explain_error(question, result):
    """Say what happened where a function raised an exception, and what to do.

    Parameters
    ----------
    question : Question
        What was asked.
    result : Result
        Nothing in it is trusted.

    Returns
    -------
    (str, str)
        The name of the mistake, "" where it has none, and the words for the learner.
    """
    error, message, line = clip(result.error, 40), clip(result.message), clip(result.line, 120)
    name, advice = _advice(question, error, message, line, clip(result.shapes))
    where = f" in the line `{line}`" if line else ""
    met = f" There {clip(result.shapes)}." if result.shapes and type(result.shapes) is str else ""
    said = f"it stopped{where} with {error}{': ' * bool(message)}{message}{'' if message.endswith('.') else '.'}{met}"
    return name, f"{said} {advice}".strip()


def _advice(question, error, message, line, shapes):
    if error == "TypeError" and f"{question.name}()" in message and re.search(r"positional argument|required positional", message):
        return "wrong parameters", f"The function must take exactly these parameters: {question.signature}."
    unknown = re.match(r"name '(\w+)' is not defined", message)
    if error == "NameError" and unknown:
        return f"unknown name {unknown[1]}", _unknown(question, unknown[1])
    if error == "ValueError" and ("matmul" in message or "aligned" in message) and "enough dimensions" not in message:
        return "inner sizes do not agree", _product(shapes)
    met = re.search(r"broadcast together with shapes? (\([\d,]*\)) (\([\d,]*\))", message)
    if error == "ValueError" and met and "np.outer" not in line:
        return _broadcast(*(tuple(int(n) for n in re.findall(r"\d+", shape)) for shape in met.groups()))
    for name, kind, text, sign, advice in ADVICE:
        found = re.search(text, message)
        seen = re.search(sign, line) if sign else found
        if re.fullmatch(kind, error) and found and seen:
            return name, advice.format(*(seen.groups() or ("",) * 3))
    return "", ""


def _unknown(question, name):
    if name == "math":
        return "The module math is not imported, and it would take single numbers only: NumPy's functions take arrays."
    if hasattr(np, name) and not name.startswith("_"):
        return f"NumPy's function is np.{name}."
    near = get_close_matches(name, question.parameters, 1, 0.6)
    initials = [parameter for parameter in question.parameters if "".join(part[0] for part in parameter.split("_")) == name]
    if near or initials:
        return f"Is the parameter {(near or initials)[0]} meant? The parameters are {', '.join(question.parameters)}."
    return (
        f"Nobody has told your function what {name} is. It must get by with its parameters ({', '.join(question.parameters)}), "
        f"np, and functions of yours. Has the cell that defines {name} been run?"
    )


def _product(shapes):
    sizes = re.findall(r"(\w+) has shape (\(\d+, \d+\))", shapes)
    advice = "The inner sizes of a product must agree, (n, m) @ (m, p): write the shapes of both factors beside the line."
    if len(sizes) == 2:
        advice += " Does one of the two have to be turned, or do they stand in the wrong order?"
    return advice


def _broadcast(first, second):
    for short, long in ((first, second), (second, first)):
        if len(short) == 1 and len(long) == 2 and short[0] == long[0]:
            return (
                "keepdims missing",
                f"A flat array {_shape(short)} is laid along the rows of a matrix. As a column {_shape((*short, 1))} it would meet "
                f"every column: keepdims=True keeps a sum in that shape.",
            )
        if len(short) == len(long) == 2 and 1 in short and max(short) in long and short[::-1] != long:
            turned = "a row" if short[0] == 1 else "a column"
            return "rows for columns", f"{_shape(short)} is {turned}. Turned, it would fit to {_shape(long)}: columns are examples here."
    if first == second[::-1]:
        return (
            "rows for columns",
            f"{_shape(first)} and {_shape(second)}: one of the two is turned. Here columns are examples, in every array.",
        )
    return "shapes do not fit", f"Arrays of the shapes {_shape(first)} and {_shape(second)} met: write the shapes of both beside the line."


def _shape(sizes):
    return f"({', '.join(map(str, sizes))}{',' * (len(sizes) == 1)})"
