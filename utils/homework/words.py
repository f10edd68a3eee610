"""Explanations in words: a nudge, then the reason. "Your numbers are exactly those that come out when …", and no line of the solution."""

import ast
import re

from utils.homework.slip_rules import FAMILIES

OF_NUMPY = {name for family in FAMILIES for name in family}
ALL_NAMES = {  # what the parts of a formula are called, when a question's own glossary does not say
    "sigmoid_prime": "the slope of the sigmoid",
    "sigmoid": "the sigmoid",
    "softmax": "the softmax",
    "np.exp": "the exponential",
    "np.log": "the logarithm",
    "np.eye": "the unit matrix",
    "np.diag": "the diagonal matrix",
    "sum": "the sum",
    "mean": "the mean",
    "max": "the maximum",
    "argmax": "the position of the largest",
    "np.tanh(X)": "tanh",
    "np.maximum(X, 0)": "ReLU",
    "(X > 0) * 1.0": "a step from 0 to 1",
    "(X == X.max(axis=0)) * 1.0": "a 1 for the largest and 0 for all others",
    "X / X.sum(axis=0)": "a share without an exponential",
    "sigmoid(X) * (1 - sigmoid(X))": "the slope of the sigmoid",
    "sigmoid(X)": "the sigmoid",
    "softmax(X)": "the softmax",
    "sigmoid(-X)": "the sigmoid of the opposite number",
    "1 - sigmoid(X)": "1 minus the sigmoid",
    "1 - sigmoid(X) ** 2": "1 minus the square of the sigmoid",
    "1 - np.tanh(X) ** 2": "the slope of tanh",
    "X * (1 - X)": "a(1 − a), with the argument itself in the place of its sigmoid",
    "sigmoid(X) * (1 + sigmoid(X))": "h(1 + h)",
    "sigmoid_prime(sigmoid(X))": "the slope at h in the place of a",
    "np.exp(X)": "the exponential alone",
    "np.exp(-X)": "the exponential of the opposite number",
    "np.exp(2 * X)": "the exponential of twice the number",
    "10.0 ** X": "a power of 10",
    "linalg.norm": "the length, a root of a sum of squares,",
    "X": "nothing at all",
}
OPERATORS = {"@": "a product of matrices", "*": "an entry-by-entry product", "+": "a sum", "-": "a difference", "/": "a quotient"}
OPERATORS |= {"//": "a division that drops the fraction", "**": "a power"}

# kind → (nudge, how "your numbers are exactly those that come out when …" goes on; with {0} and {1} for what can be named, and without)
SLIPS = {
    "dropped": (
        "Count the ingredients of the formula. Do all of them stand in your code?",
        "{0} is left out",
        "one part of the formula is left out",
    ),
    "sign": ("Look at the signs: plus or minus?", "{0} gets the other sign", "one part of the formula gets the other sign"),
    "exchanged": (
        "In a difference, a quotient or a matrix product the order counts. Which comes first?",
        "",
        "two parts of the formula change places",
    ),
    "operator": (
        "Which operation joins the parts: a sum, an entry-by-entry product, a product of matrices?",
        "{1} stands where {0} belongs",
        "another operation joins two parts",
    ),
    "transpose missing": (
        "Write the shapes beside each product. Does it run when all sizes are different?",
        "{0} is not transposed where it should be",
        "one transpose is missing",
    ),
    "transpose added": (
        "Write the shapes beside each product. Does it run when all sizes are different?",
        "{0} is transposed where it should not be",
        "there is one transpose too many",
    ),
    "reshape": (
        "Is a reshaped matrix a transposed one? Try [[1, 2, 3], [4, 5, 6]].",
        "{0} is reshaped and not transposed: the entries land in wrong places",
        "a matrix is reshaped and not transposed",
    ),
    "brackets": (
        "Which operation comes first? Read your formula with all brackets written out.",
        "",
        "the brackets stand elsewhere, or are missing",
    ),
    "square": (
        "Is there a square too many, or one too few?",
        "there is a square too many or too few, at {0}",
        "there is a square too many or too few",
    ),
    "root": ("Do you divide by a number, or by its root?", "the root of {0} is taken", "a root is taken"),
    "complement": (
        "Where does 1 minus something stand in the formula, and where the thing itself?",
        "{0} and 1 minus it are confused",
        "something and 1 minus it are confused",
    ),
    "slope of it": (
        "Where does a slope belong, and where does none?",
        "there is an extra factor: 1 minus {0}",
        "there is an extra factor, 1 minus something",
    ),
    "absolute part": ("Where does your formula lose a sign?", "the sign of {0} is lost", "the sign of one part is lost"),
    "twice": ("Is one step made twice?", "{0} comes in twice", "one step comes in twice"),
    "not applied": ("Is every function of the formula really called?", "{0} is not applied", "one of the functions is not applied"),
    "other way round": (
        "Two functions are applied one after the other. Which one first?",
        "",
        "two functions are applied in the other order",
    ),
    "mean part": (
        "Where do you average, and where should each entry stay itself?",
        "{0} is averaged to one number",
        "one part is averaged to one number",
    ),
    "summed part": (
        "Where do you sum, and where should each entry stay itself?",
        "{0} is summed to one number",
        "one part is summed to one number",
    ),
    "index order": ("In [row, column], which of your two indices is the row?", "", "row and column are exchanged"),
    "order of picking": ("What does one index alone pick: rows or columns?", "", "rows are picked in the place of columns"),
    "other size": (
        "Which number is it: of rows, of columns, of all entries?",
        "{0} is taken for the number that is meant",
        "another size is taken for the one that is meant",
    ),
    "comparison": ("Which entries does your formula pick?", "", "other entries are picked than those that are meant"),
    "one added": ("What exactly stands below the line of your fraction?", "", "1 is added to a divisor"),
    "one short": (
        "How many turns has your loop? Count the first and the last.",
        "the {0} turn of a loop is missing",
        "a loop has a turn too few",
    ),
    "one too many": ("How many turns has your loop? Count the first and the last.", "", "a loop has a turn too many"),
    "one for all": ("Does each turn, or each example, use its own entry?", "", "the first entry is used in every place"),
    "other variable": (
        "Read your code name by name: is each variable the one that you mean?",
        "{1} stands in one place where {0} belongs",
        "another variable stands in one place",
    ),
    "other number": ("Is each number in your formula the right one?", "", "one of the numbers in the formula is another one"),
    "other function": ("Is each function the one that is meant?", "{1} stands where {0} belongs", "another function stands in one place"),
    "axis": (
        "axis=0 runs down a column, axis=1 along a row, no axis over all entries. Which is meant?",
        "",
        "an operation runs along another axis",
    ),
    "keepdims": (
        "Which shape has your sum: a flat array, or a column?",
        "",
        "keepdims=True is missing in one place: a flat array is laid along the rows",
    ),
    "argument": (
        "What exactly do you hand to each function?",
        "the argument of one function comes in {0}",
        "the argument of one function is another one",
    ),
    "= for +=": (
        "What is left of the first turn of your loop after the second?",
        "",
        "each turn overwrites what the turns before have added up",
    ),
    "step left out": ("Are all the steps there?", "", "one step is left out"),
    "return too early": ("What does your function return, and is it the last result?", "", "an intermediate result is returned"),
    "zip forgotten": ("How does your loop go through two lists at once?", "", "the two lists are not gone through side by side"),
    "changed input": ("Follow one argument through your code: what happens to it first?", "{0}", "one argument is changed first"),
    "changed inputs": ("Are all examples used?", "{0}", "the arguments are changed first"),
    "fixed input": (
        "Call your function with other values of its arguments. Does the answer change?",
        "{0}, whatever the caller says",
        "one argument is always the same",
    ),
    "inputs exchanged": ("Which argument is which?", "{0} are exchanged", "two arguments are exchanged"),
}
# kind → (nudge, reason); {0} is the reading
RELATIONS = {
    "negative": (
        "Compare the sign of each of your numbers with what it should be.",
        "Every number has the right size and the opposite sign.",
    ),
    "factor": (
        "Divide one of your numbers by its true value, then another one: is it always the same?",
        "Your answer is the right one {0}.",
    ),
    "transposed": (
        "Which shape should your answer have? What is a row, what is a column?",
        "The numbers are right, but rows and columns are exchanged.",
    ),
    "reshaped": ("Are the numbers in the right places?", "All the right numbers are there, but their arrangement is another one: {0}."),
    "rounded": (
        "How many digits do your numbers have, and who asked for that?",
        "Your answer is the right one, rounded: {0}. Round only when you print.",
    ),
    "half precision": (
        "How exact are your numbers?",
        "Your numbers are right to three or four digits only, as those of the type float16 are.",
    ),
    "absolute": ("Can your answer be negative? Should it be?", "Every number has the right size, but all signs are plus."),
    "one piece only": (
        "Compare the shape or the columns of your answer with what is asked.",
        "What you return is made of {0} of the right answer alone.",
    ),
    "a part is 0": ("Some of your numbers are exactly 0. Which?", "All is right except that {0}."),
    "reduced": ("Are there as many different numbers in your answer as are asked for?", "Your numbers are those of the right answer, {0}."),
    "one thing more": (
        "Is there something in your answer that does not belong there?",
        "Your answer is the right one, and one thing more is done with it: {0}.",
    ),
    "function of the answer": (
        "You are nearly there. What is the last thing that your function does?",
        "What you return is not the right answer but {0}.",
    ),
    "an input comes back": ("Compare your answer with what went in.", "What comes back is {0}, and no more than that."),
    "repeated": ("How many columns should your answer have?", "The right column is there, but it stands there again and again."),
    "always the same number": ("Do your numbers depend on what goes in?", "Every number is {0}."),
    "order of the shapes": ("In which order are the arrays asked for?", "By their shapes, the arrays come in another order: {0}."),
    "order of the arrays": (
        "In which order are the arrays asked for, and how many?",
        "Each array that you return is right, but they come in another order or not all of them: {0}.",
    ),
}
THEN = {  # the relations that may come on top of a slip
    "negative": "every number has the opposite sign",
    "factor": "the whole is {0}",
    "transposed": "rows and columns are exchanged",
}


def in_words(question, explanation):
    """Return an Explanation in words for the learner.

    Parameters
    ----------
    question : Question
        Its glossary, ``symbols``, says what the parts of its formula are called, and its ``words`` replace those of a kind.
    explanation : Explanation
        From ``explain``.

    Returns
    -------
    (str, str)
        The nudge and the reason.
    """
    nudge, reason = _plain(question, explanation)
    if explanation.parts:
        reason = f"In {' and '.join(explanation.parts)}: {reason[0].lower()}{reason[1:]}"
    if explanation.then:
        then_nudge, then = RELATIONS[explanation.then.kind][0], THEN[explanation.then.kind].format(_reading(explanation.then))
        nudge, reason = f"Two things. {nudge} And then: {then_nudge}", f"Two things. {reason} And on top of it {then}."
    return nudge, reason if explanation.exact else f"{reason} That holds for ordinary inputs; at the edge there is something else."


def _plain(question, explanation):
    own = question.words.get(explanation.name) or question.words.get(explanation.kind)
    if own:
        return own
    if explanation.kind in RELATIONS:
        nudge, reason = RELATIONS[explanation.kind]
        return nudge, reason.format(_reading(explanation))
    if explanation.kind == "known mistake":
        known = next(mistake for mistake in question.mistakes if mistake.name == explanation.what)
        return known.nudge, known.reason
    nudge, named, unnamed = SLIPS[explanation.kind]
    names = _named(question, explanation) if named else ()
    clause = named.format(*names) if names else unnamed
    return nudge, f"Your numbers are exactly those that come out when {clause}."


def _reading(explanation):
    what = explanation.what
    if explanation.kind == "factor":
        what = re.sub(r"^minus, ", "with the opposite sign and ", what)
        return what.replace("÷ ", "divided by ").replace("× ", "multiplied by ", 1)
    if explanation.kind == "reshaped":
        return {"refilled": "reshape fills the entries in row by row", "flat": "they stand in one flat row"}.get(what, what)
    return what


def _named(question, explanation):
    """Return what may be said of the parts of the formula: parameters, and what the glossary has a name for; () if nothing."""
    kind, what = explanation.kind, explanation.what
    if kind == "argument":
        return (what,) if what else ()
    if kind == "operator":
        return tuple(OPERATORS[sign] for sign in what.split(" → ")) if what else ()
    if kind in ("other function", "other variable"):
        names = tuple(_name(question, part, calls=False) for part in what.split(" → "))
        return names if len(names) == 2 and all(names) else ()
    if kind in ("changed input", "changed inputs", "fixed input", "inputs exchanged", "one short"):
        return (_as_clause(what),) if what else ()
    if kind == "other size":
        return (what,) if what.rpartition(" of ")[2] in question.parameters else ()
    name = _name(question, what) if what else ""
    return (name,) if name else ()


def _as_clause(what):
    """Make a clause of a changed input: "a squared" becomes "a comes in squared"."""
    name, _, change = what.partition(" ")
    if " = " in what:
        return f"{name} is always {what.split(' = ')[1]}"
    if (change.startswith("and ") and "each" not in what) or what in ("first", "last"):
        return what
    return f"{name} comes in {change}" if "each" not in what else what.replace(": each", " come in, each")


def _name(question, part, calls=True):
    """Return what a part of the formula is called, "" where nothing may be said."""
    if part in question.symbols:
        return question.symbols[part]
    if part.removesuffix(".T") in question.parameters:
        return part.removesuffix(".T")
    if part in ALL_NAMES:
        return ALL_NAMES[part]
    if part in OF_NUMPY:
        return f"np.{part}"
    tree = ast.parse(part, mode="eval").body if calls else None
    return ALL_NAMES.get(ast.unparse(tree.func), "") if isinstance(tree, ast.Call) else ""
