"""Homework 1: the forward pass (lessons 01, 03 and 04)."""

import numpy as np

from utils.homework.places import ANY_SIZE, BATCH, FOUR_LINES, LAST_LAYER, ONE_HOT, SHAPES, SIGMOID_STEPS, THE_BEND
from utils.homework.question import Case, Homework, Mistake, Question, Variant
from utils.homework.reference import one_hot as true_one_hot
from utils.homework.reference import softmax as true_softmax


def sigmoid_cases(rng):
    """Return matrices, a single entry, zeros, and the far ends of the curve."""
    rows, columns = rng.integers(2, 5), rng.integers(6, 9)
    return [
        Case(f"an array of shape {(int(rows), int(columns))}", (rng.normal(scale=2, size=(rows, columns)),)),
        Case("an array of shape (5, 3)", (rng.normal(scale=2, size=(5, 3)),)),
        Case("a single entry", (rng.normal(scale=2, size=(1, 1)),), ordinary=False),
        Case("entries of exactly 0", (np.zeros((2, 3)),), ordinary=False),
        Case("entries of ±10 000", (1e4 * rng.permuted([[-1.0, 1, -1], [1, -1, 1]], axis=1),), ordinary=False),
    ]


sigmoid = Question(
    name="sigmoid",
    homework="hw_01",
    parameters=("a",),
    points=2,
    task="Return σ(a) for every entry of a, in the shape of a.",
    read=SIGMOID_STEPS,
    make_cases=sigmoid_cases,
    mistakes=(
        Mistake(
            name="sign in the exponent",
            code="return 1 / (1 + np.exp(a))",
            nudge="Does your curve rise or fall? Try a = −5 and a = 5.",
            reason=(
                "Your function falls. The sigmoid rises, so a large a must make the exponential small: look at the sign in the exponent."
            ),
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="falls, and overflows",
            code="return np.exp(-a) / (1 + np.exp(-a))",
            nudge="Does your curve rise or fall? Try a = −5 and a = 5. Then try a = −10 000.",
            reason="You have 1 − σ(a), which falls. And at a = −10 000 the exponential is inf, and inf/inf is nan.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="inf/inf",
            code="return np.exp(a) / (1 + np.exp(a))",
            nudge="The formula is right, but what is e^a for a = 10 000?",
            reason="e^{10 000} is inf, and inf/inf is nan. With the exponential below the line only, 1/inf is 0, which is the right limit.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="tanh",
            code="return np.tanh(a)",
            nudge="Between which two values does your function run? And the sigmoid?",
            reason="tanh runs from −1 to 1. The sigmoid has the same S, but runs from 0 to 1.",
            read=THE_BEND,
        ),
        Mistake(
            name="tanh form without the half",
            code="return (1 + np.tanh(a)) / 2",
            nudge="How steep is your curve at a = 0? The sigmoid's slope there is ¼.",
            reason="You have σ(2a): twice as steep. In the tanh form of the sigmoid the argument is halved, too.",
            read=THE_BEND,
        ),
        Mistake(
            name="ReLU",
            code="return np.maximum(0, a)",
            nudge="Is there an upper bound to what your function returns? Try a = 100.",
            reason="This is ReLU, which grows without end. The sigmoid stays between 0 and 1.",
            read=THE_BEND,
        ),
        Mistake(
            name="step",
            code="return np.round(1 / (1 + np.exp(-a)))",
            nudge="Only zeros and ones come back. What should your function return at a = 0.1?",
            reason="This is a step from 0 to 1. The sigmoid goes the same way smoothly, and that is why it has a slope.",
            read=THE_BEND,
        ),
        Mistake(
            name="missing brackets",
            code="return 1 / 1 + np.exp(-a)",
            nudge="Which operation does Python do first, / or +?",
            reason="Without brackets 1/1 is computed first, and then the exponential is added. The whole sum belongs below the line.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="slope instead of value",
            code="h = 1 / (1 + np.exp(-a))\nreturn h * (1 - h)",
            nudge="Is the value at a = 0 a half? Yours is a quarter.",
            reason="h(1 − h) is the slope of the sigmoid, which is the subject of homework 2. Here its value is wanted.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="rounded",
            code="return np.round(1 / (1 + np.exp(-a)), 2)",
            nudge="How many digits do your numbers have, and who asked for that?",
            reason="Rounding throws information away, and the slope of a rounded function is 0. Round only when you print.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="absolute value",
            code="return 1 / (1 + np.exp(-np.abs(a)))",
            nudge="What does your function return for a = −3 and for a = 3?",
            reason="Both give the same: the sign of a is lost. For negative a the sigmoid lies below a half.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="power of two",
            code="return 1 / (1 + 2.0 ** (-a))",
            nudge="Which number is raised to the power −a?",
            reason="The base is e = 2.718…, not 2: with it the slope has its simple form. NumPy's function is np.exp.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="e times a",
            code="return 1 / (1 + np.e * -a)",
            nudge="Is e multiplied by −a, or raised to that power?",
            reason="np.e * -a is a product. The exponential function is np.exp.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="one number at a time: math.exp",
            code="import math\nreturn 1 / (1 + math.exp(-a))",
            nudge="It works for one number. What is a here?",
            reason="The module math knows single numbers only. NumPy's exponential works on all entries of an array at once.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="if on an array",
            code="if a >= 0:\n    return 1 / (1 + np.exp(-a))\nreturn np.exp(a) / (1 + np.exp(a))",
            nudge="It works for one number. What should `if` do when some entries are positive and others are not?",
            reason="An `if` decides once for the whole array. Each entry needs its own decision (np.where), or a formula that needs none.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="softmax instead",
            code="return softmax(a)",
            nudge="Change one entry of a. How many entries of the result should change?",
            reason="In yours a whole column changes: that is a softmax. The sigmoid looks at each entry alone.",
            read=LAST_LAYER,
        ),
    ),
    variants=(
        Variant("tanh form", "return 0.5 * (1 + np.tanh(a / 2))"),
        Variant("log-sum-exp", "return np.exp(-np.logaddexp(0, -a))"),
        Variant("where", "e = np.exp(-np.abs(a))\nreturn np.where(a >= 0, 1 / (1 + e), e / (1 + e))"),
        Variant("clipped", "return 1 / (1 + np.exp(-np.clip(a, -500, 500)))"),
        Variant("power −1", "return (1 + np.exp(-a)) ** -1"),
        Variant(
            "loops",
            "import math\nh = np.zeros(a.shape)\nfor i in range(a.shape[0]):\n    for n in range(a.shape[1]):\n"
            "        h[i, n] = 1 / (1 + math.exp(-a[i, n])) if a[i, n] > -700 else 0\nreturn h",
        ),
        Variant("a list", "return [[1 / (1 + np.exp(-entry)) for entry in row] for row in a]", note="list"),
    ),
)


def softmax_cases(rng):
    """Return batches, a square one, one example, enormous scores, and columns far apart."""
    k, N = rng.integers(3, 6), rng.integers(7, 10)
    far = rng.normal(size=(3, 4)) + np.array([0, 1e4, -1e4, 3e3])
    return [
        Case(f"{N} examples and {k} classes", (rng.normal(scale=1.5, size=(k, N)),)),
        Case("2 examples and 6 classes", (rng.normal(scale=1.5, size=(6, 2)),)),
        Case("as many examples as classes", (rng.normal(scale=1.5, size=(4, 4)),)),
        Case("one example", (rng.normal(scale=1.5, size=(5, 1)),), ordinary=False),
        Case("scores of ±10 000", (1e4 * rng.permuted([[1.0, -1, 1, -1, 0.5]] * 3, axis=1).T,), ordinary=False),
        Case("columns whose scores are far apart", (far,), ordinary=False),
    ]


softmax = Question(
    name="softmax",
    homework="hw_01",
    parameters=("a",),
    points=3,
    task="Return the probabilities ŷ of each column of a, shape (k, N).",
    read=ANY_SIZE,
    make_cases=softmax_cases,
    mistakes=(
        Mistake(
            name="wrong axis",
            code="e = np.exp(a - a.max(axis=1, keepdims=True))\nreturn e / e.sum(axis=1, keepdims=True)",
            nudge="What should sum to 1: each row or each column? Look at ŷ.sum(axis=0).",
            reason=(
                "Each of your rows sums to 1. A column is an example, and its probabilities must sum to 1: the sum runs down the column."
            ),
            read=LAST_LAYER,
        ),
        Mistake(
            name="wrong axis, without keepdims",
            code="return np.exp(a) / np.exp(a).sum(axis=1)",
            nudge="Does it run when there are more examples than classes? And what should sum to 1?",
            reason="axis=1 adds along each row, over the examples. A column is an example: its own probabilities must sum to 1.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="one sum for everything",
            code="e = np.exp(a - a.max())\nreturn e / e.sum()",
            nudge="What does each column of your answer sum to?",
            reason="All examples share one sum, so all of them together sum to 1. Each column needs a sum of its own.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="no maximum taken off",
            code="return np.exp(a) / np.exp(a).sum(axis=0)",
            nudge="Right for tame scores. What is e^a for a = 10 000?",
            reason="e^{10 000} is inf, and inf/inf is nan. Taking the same number from all scores of a column changes nothing but that.",
            read=ANY_SIZE,
        ),
        Mistake(
            name="one maximum for all columns",
            code="e = np.exp(a - a.max())\nreturn e / e.sum(axis=0)",
            nudge="Right while all columns are alike. What happens to a column whose scores all lie 10 000 below the largest of the batch?",
            reason="There every exponential becomes 0, and 0/0 is nan. Each column needs its own maximum.",
            read=ANY_SIZE,
        ),
        Mistake(
            name="maximum along the rows",
            code="e = np.exp(a - a.max(axis=1, keepdims=True))\nreturn e / e.sum(axis=0)",
            nudge="From which scores may one take the same number without changing the result?",
            reason="Your maximum is that of a row, so each class of a column loses another number. It must be the same within a column.",
            read=ANY_SIZE,
        ),
        Mistake(
            name="minimum taken off",
            code="e = np.exp(a - a.min(axis=0))\nreturn e / e.sum(axis=0)",
            nudge="Right for tame scores. Which is the largest exponent that is left after your subtraction?",
            reason="With the minimum taken off, the largest score becomes larger still. Nothing overflows when the largest exponent is 0.",
            read=ANY_SIZE,
        ),
        Mistake(
            name="no exponential",
            code="return a / a.sum(axis=0)",
            nudge="Can one of your probabilities be negative? Try it with a negative score.",
            reason="Scores may be negative, probabilities may not. The exponential comes first, then the division by the sum.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="no division",
            code="return np.exp(a)",
            nudge="What does each column of your answer sum to?",
            reason="The exponentials are all positive, but they do not sum to 1 yet.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="divided by the largest",
            code="e = np.exp(a - a.max(axis=0))\nreturn e / e.max(axis=0)",
            nudge="What does each column of your answer sum to?",
            reason=(
                "You divide by the largest exponential of the column, so the winner gets 1. Divided by the sum, all of them "
                "together make 1."
            ),
            read=LAST_LAYER,
        ),
        Mistake(
            name="divided by the sum of the scores",
            code="return np.exp(a) / a.sum(axis=0)",
            nudge="What does each column of your answer sum to?",
            reason=(
                "Above the line stand exponentials, below it the sum of the scores themselves. The same things must be summed as "
                "are divided."
            ),
            read=LAST_LAYER,
        ),
        Mistake(
            name="sigmoid instead",
            code="return sigmoid(a)",
            nudge="What does each column of your answer sum to?",
            reason="A sigmoid looks at each score alone. The softmax makes the classes of an example compete for one whole.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="changes a",
            code="a -= a.max(axis=0)\ne = np.exp(a)\nreturn e / e.sum(axis=0)",
            nudge="The numbers are right, but look at a after the call.",
            reason="a -= … writes into the array of the caller, who still needs it on the way back. Make a new array: a = a - …",
            read=ANY_SIZE,
        ),
        Mistake(
            name="rounded",
            code="e = np.exp(a - a.max(axis=0))\nreturn np.round(e / e.sum(axis=0), 2)",
            nudge="How many digits do your numbers have, and who asked for that?",
            reason="Rounding makes small probabilities 0, and their logarithm is lost. Round only when you print.",
            read=ANY_SIZE,
        ),
        Mistake(
            name="argmax",
            code="return a.argmax(axis=0)",
            nudge="How many numbers do you return for each example, and how many probabilities has it?",
            reason="This is the number of the winning class. The softmax gives a probability to each class.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="winner takes all",
            code="return (a == a.max(axis=0)) * 1.0",
            nudge="Only zeros and ones come back. How sure is the network of two scores that are nearly equal?",
            reason="This is a hard maximum. The soft one leaves a share to every class, and so it has a slope.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="logarithm of the softmax",
            code="a = a - a.max(axis=0)\nreturn a - np.log(np.exp(a).sum(axis=0))",
            nudge="Your numbers are negative. Are they probabilities?",
            reason="This is log ŷ. A useful thing to have, but here ŷ itself is wanted.",
            read=ANY_SIZE,
        ),
        Mistake(
            name="minus in the exponent",
            code="e = np.exp(a.min(axis=0) - a)\nreturn e / e.sum(axis=0)",
            nudge="Which class gets the largest probability: that with the largest score, or with the smallest?",
            reason=(
                "There is a minus in your exponent. It belongs to the sigmoid; in the softmax a larger score means a larger probability."
            ),
            read=LAST_LAYER,
        ),
        Mistake(
            name="transposed",
            code="e = np.exp(a - a.max(axis=0))\nreturn (e / e.sum(axis=0)).T",
            nudge="Which shape has a, and which shape has your answer?",
            reason="The numbers are right, but your examples are rows. Here a column is an example, from the input to the output.",
            read=BATCH,
        ),
        Mistake(
            name="prints instead of returns",
            code="e = np.exp(a - a.max(axis=0))\nprint(e / e.sum(axis=0))",
            nudge="What does your function hand back to its caller?",
            reason="print shows the numbers and forgets them. A function hands its result back with return.",
            read=FOUR_LINES,
        ),
    ),
    variants=(
        Variant("keepdims", "e = np.exp(a - np.max(a, axis=0, keepdims=True))\nreturn e / np.sum(e, axis=0, keepdims=True)"),
        Variant("log-sum-exp", "return np.exp(a - np.logaddexp.reduce(a, axis=0))"),
        Variant("row layout inside", "t = a.T\ne = np.exp(t - t.max(axis=1, keepdims=True))\nreturn (e / e.sum(axis=1, keepdims=True)).T"),
        Variant("Python's sum", "e = np.exp(a - a.max(axis=0))\nreturn e / sum(e)"),
        Variant(
            "column by column",
            "y_hat = np.zeros(a.shape)\nfor n in range(a.shape[1]):\n    e = np.exp(a[:, n] - max(a[:, n]))\n"
            "    y_hat[:, n] = e / e.sum()\nreturn y_hat",
        ),
        Variant("works on a copy", "a = a.copy()\na -= a.max(axis=0)\nnp.exp(a, out=a)\na /= a.sum(axis=0)\nreturn a"),
        Variant("one over the sum of ratios", "return 1 / np.exp(np.clip(a[None] - a[:, None], -np.inf, 700)).sum(axis=1)"),
        Variant("a list", "e = np.exp(a - a.max(axis=0))\nreturn (e / e.sum(axis=0)).tolist()", note="list"),
    ),
)


def one_hot_cases(rng):
    """Return labels of all classes, absent classes (the first, one in the middle, the last), and one example."""
    k, N = int(rng.integers(4, 6)), int(rng.integers(8, 11))
    everyone = rng.permutation([*range(k), *rng.integers(0, k, N - k)])
    return [
        Case(f"{N} examples and {k} classes", (everyone, k)),
        Case("as many examples as classes", (rng.permutation([0, 1, 1, 3, 4]), 5)),
        Case("a last class that does not occur", (rng.permutation([0, 1, 2, 1, 0, 2, 2]), 4), ordinary=False),
        Case("a first class that does not occur", (rng.permutation([1, 2, 3, 1, 2, 3, 1]), 4), ordinary=False),
        Case("one example", (rng.integers(1, 3, 1), 4), ordinary=False),
    ]


one_hot = Question(
    name="one_hot",
    homework="hw_01",
    parameters=("labels", "k"),
    points=2,
    task="Return the columns e(l), shape (k, N).",
    read=ONE_HOT,
    make_cases=one_hot_cases,
    mistakes=(
        Mistake(
            name="labels − 1",
            code="return np.eye(k)[:, labels - 1]",
            nudge="In which row is the 1 of label 0?",
            reason="The labels count from 0, as NumPy does. With 1 taken off, label 0 becomes −1, which NumPy reads as the last row.",
            read=ONE_HOT,
        ),
        Mistake(
            name="counted from 1",
            code="return (np.arange(1, k + 1)[:, None] == labels) * 1.0",
            nudge="Which column stands for label 0 in your answer? Does it have a 1?",
            reason="Your rows are numbered from 1 to k, the labels from 0 to k − 1. Label 0 finds no row.",
            read=ONE_HOT,
        ),
        Mistake(
            name="height from the largest label",
            code="return np.eye(labels.max() + 1)[:, labels]",
            nudge="How many rows are there when the last class does not occur in the batch?",
            reason="You count the classes in the labels, but a batch need not contain them all. That is what k is for.",
            read=ONE_HOT,
        ),
        Mistake(
            name="height from the labels that occur",
            code="classes = np.unique(labels)\nreturn (classes[:, None] == labels) * 1.0",
            nudge="How many rows are there when a class does not occur in the batch?",
            reason="np.unique finds the classes of this batch only, and the rows of the others are missing. That is what k is for.",
            read=ONE_HOT,
        ),
        Mistake(
            name="one row short",
            code="return np.eye(labels.max())[:, labels]",
            nudge="Labels run from 0 to k − 1. How many are that?",
            reason="The largest label is one less than the number of classes, so the largest label finds no row. The height is k.",
            read=ONE_HOT,
        ),
        Mistake(
            name="transposed",
            code="return np.eye(k)[labels]",
            nudge="Which shape has your answer? Here a column is an example.",
            reason="You picked rows of the unit matrix, so your examples are rows, (N, k). Wanted are columns, (k, N).",
            read=ONE_HOT,
        ),
        Mistake(
            name="reshaped instead of transposed",
            code="return np.eye(k)[labels].reshape(k, -1)",
            nudge="The shape is right. Does every column have exactly one 1?",
            reason="reshape cuts the numbers into new rows without turning the array. Exchanging rows and columns is another operation.",
            read=ONE_HOT,
        ),
        Mistake(
            name="whole rows filled",
            code="y = np.zeros((k, len(labels)))\ny[labels] = 1\nreturn y",
            nudge="How many ones are in a column? Every example has one class.",
            reason="y[labels] = 1 fills whole rows. Each 1 has a row, its label, and a column, its example.",
            read=ONE_HOT,
        ),
        Mistake(
            name="cold instead of hot",
            code="return 1 - np.eye(k)[:, labels]",
            nudge="How many ones are in a column? Every example has one class.",
            reason="Ones and zeros are exchanged: you marked the classes to which the example does not belong.",
            read=ONE_HOT,
        ),
        Mistake(
            name="label instead of 1",
            code="return np.eye(k)[:, labels] * labels",
            nudge="What does each column sum to? It should be 1, for it is a probability.",
            reason="You wrote the label into its row. The row says which class it is; the entry is 1.",
            read=ONE_HOT,
        ),
        Mistake(
            name="−1 instead of 0",
            code="return 2 * np.eye(k)[:, labels] - 1",
            nudge="What does each column sum to? It should be 1, for it is a probability.",
            reason="Your zeros are −1. A probability is never negative: the classes to which an example does not belong have 0.",
            read=ONE_HOT,
        ),
        Mistake(
            name="rows upside down",
            code="return np.eye(k)[::-1][:, labels]",
            nudge="In which row is the 1 of label 0?",
            reason="Your first row is the last class. Row l belongs to label l.",
            read=ONE_HOT,
        ),
        Mistake(
            name="the labels themselves",
            code="return labels",
            nudge="Which shape is wanted, and which shape have the labels?",
            reason="The labels came back unchanged. A network answers with k probabilities an example, so the target has k rows as well.",
            read=ONE_HOT,
        ),
        Mistake(
            name="first example only",
            code="y = np.zeros((k, len(labels)))\ny[labels[0], 0] = 1\nreturn y",
            nudge="How many columns have a 1?",
            reason="Only the first example got its 1. Every column needs one.",
            read=ONE_HOT,
        ),
        Mistake(
            name="all in the first column",
            code="y = np.zeros((k, len(labels)))\nfor label in labels:\n    y[label, 0] = 1\nreturn y",
            nudge="How many columns have a 1?",
            reason="All ones went into the first column. The example's own number is the column.",
            read=ONE_HOT,
        ),
        Mistake(
            name="label as row and as column",
            code="y = np.zeros((k, max(k, len(labels))))\ny[labels, labels] = 1\nreturn y[:, :len(labels)]",
            nudge="Every 1 has a row and a column. What decides on its column?",
            reason="You used the label for both. It is the row; the column is the number of the example.",
            read=ONE_HOT,
        ),
        Mistake(
            name="one column per class",
            code="return np.eye(k)",
            nudge="How many examples are there, and how many columns do you return?",
            reason="The unit matrix has one column for each class. Each example needs the column of its own class.",
            read=ONE_HOT,
        ),
    ),
    variants=(
        Variant("rows of the unit matrix, turned", "return np.eye(k)[labels].T"),
        Variant("integers", "return np.eye(k, dtype=int)[:, labels]"),
        Variant("small integers", "return (np.arange(k)[:, None] == labels).astype(np.uint8)"),
        Variant("row and column indices", "y = np.zeros((k, len(labels)))\ny[labels, np.arange(len(labels))] = 1\nreturn y"),
        Variant("a loop", "y = np.zeros((k, labels.size))\nfor n, label in enumerate(labels):\n    y[label, n] = 1\nreturn y"),
        Variant("take", "return np.take(np.identity(k), labels, axis=1)"),
        Variant("comparison", "return np.arange(k).reshape(-1, 1) == labels", note="True"),
        Variant("nested list", "return [[1 if label == i else 0 for label in labels] for i in range(k)]", note="list"),
    ),
)


def forward_cases(rng):
    """Return networks of different widths, a square one, one example, and scores far apart."""

    def case(about, n_0, n_1, k, N, scale=1.0, ordinary=True):
        W1, W2 = rng.normal(size=(n_1, n_0)), rng.normal(scale=1.5, size=(k, n_1))
        b1, b2 = rng.normal(size=(n_1, 1)), rng.normal(size=(k, 1))
        return Case(about, (rng.normal(size=(n_0, N)) * scale, W1, b1, W2 * scale, b2 * scale), ordinary)

    n_1, N = int(rng.integers(4, 7)), int(rng.integers(8, 11))
    return [
        case(f"{N} examples and layers of 3, {n_1} and 4 units", 3, n_1, 4, N),
        case(f"5 examples and layers of 2, {n_1 + 2} and 3 units", 2, n_1 + 2, 3, 5),
        case("as many examples as units in every layer", 4, 4, 4, 4),
        case("one example", 2, 3, 4, 1, ordinary=False),
        case("inputs and weights in the ten thousands", 3, 5, 4, 6, scale=1e4, ordinary=False),
    ]


forward = Question(
    name="forward",
    homework="hw_01",
    parameters=("x", "W1", "b1", "W2", "b2"),
    points=4,
    task="Return ŷ of a network with a sigmoid hidden layer and a softmax output, shape (k, N).",
    read=FOUR_LINES,
    make_cases=forward_cases,
    mistakes=(
        Mistake(
            name="no softmax",
            code="return W2 @ sigmoid(W1 @ x + b1) + b2",
            nudge="What does each column of your answer sum to?",
            reason="These are the scores a_L. They become probabilities through the softmax.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="no biases",
            code="return softmax(W2 @ sigmoid(W1 @ x))",
            nudge="Which of the five parameters do you use?",
            reason="The biases are missing, in both layers: a_k = W_k h_{k−1} + b_k.",
            read=FOUR_LINES,
        ),
        Mistake(
            name="no bias in the hidden layer",
            code="return softmax(W2 @ sigmoid(W1 @ x) + b2)",
            nudge="Which of the five parameters do you use?",
            reason="b1 is missing: every layer has its bias, also the hidden one.",
            read=FOUR_LINES,
        ),
        Mistake(
            name="no bias in the output layer",
            code="return softmax(W2 @ sigmoid(W1 @ x + b1))",
            nudge="Which of the five parameters do you use?",
            reason="b2 is missing: every layer has its bias, also the last one.",
            read=FOUR_LINES,
        ),
        Mistake(
            name="no hidden activation",
            code="return softmax(W2 @ (W1 @ x + b1) + b2)",
            nudge="What bends the straight lines in your network?",
            reason="Without g between them two linear maps are one. The hidden layer needs its sigmoid.",
            read=THE_BEND,
        ),
        Mistake(
            name="sigmoid output",
            code="return sigmoid(W2 @ sigmoid(W1 @ x + b1) + b2)",
            nudge="What does each column of your answer sum to?",
            reason="A sigmoid judges each class alone. With k classes that exclude each other, the output is a softmax.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="sigmoid before the softmax",
            code="return softmax(sigmoid(W2 @ sigmoid(W1 @ x + b1) + b2))",
            nudge="How sure can your network ever be? Look at the largest probability of your answer.",
            reason=(
                "The scores go through a sigmoid before the softmax, so they all lie between 0 and 1. The last layer has one O, not two."
            ),
            read=LAST_LAYER,
        ),
        Mistake(
            name="softmax hidden layer",
            code="return softmax(W2 @ softmax(W1 @ x + b1) + b2)",
            nudge="What do the hidden units of an example sum to? Must they?",
            reason="The softmax makes the hidden units compete. Hidden units work side by side: each has its own sigmoid.",
            read=THE_BEND,
        ),
        Mistake(
            name="tanh hidden layer",
            code="return softmax(W2 @ np.tanh(W1 @ x + b1) + b2)",
            nudge="Can one of your hidden units be negative?",
            reason="You used tanh. A fine activation, but the one asked for is the sigmoid.",
            read=THE_BEND,
        ),
        Mistake(
            name="ReLU hidden layer",
            code="return softmax(W2 @ np.maximum(0, W1 @ x + b1) + b2)",
            nudge="Can one of your hidden units be larger than 1?",
            reason="You used ReLU. A fine activation, but the one asked for is the sigmoid.",
            read=THE_BEND,
        ),
        Mistake(
            name="sigmoid twice",
            code="return softmax(W2 @ sigmoid(sigmoid(W1 @ x + b1)) + b2)",
            nudge="Between which values do your hidden units lie? A sigmoid reaches from 0 to 1.",
            reason="The sigmoid is applied twice, so all hidden units lie between 0.5 and 0.73.",
            read=THE_BEND,
        ),
        Mistake(
            name="bias after the activation",
            code="return softmax(W2 @ (sigmoid(W1 @ x) + b1) + b2)",
            nudge="Can one of your hidden units be larger than 1?",
            reason="b1 is added after the sigmoid. It belongs to a, and the sigmoid comes after that.",
            read=FOUR_LINES,
        ),
        Mistake(
            name="bias subtracted",
            code="return softmax(W2 @ sigmoid(W1 @ x - b1) - b2)",
            nudge="Look at the sign of the biases.",
            reason="The biases are added: a_k = W_k h_{k−1} + b_k.",
            read=FOUR_LINES,
        ),
        Mistake(
            name="labels instead of probabilities",
            code="return softmax(W2 @ sigmoid(W1 @ x + b1) + b2).argmax(axis=0)",
            nudge="How many numbers do you return for each example?",
            reason="This is the decision, one class for each example. ŷ holds the k probabilities from which it is made.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="row layout",
            code="h = sigmoid(x.T @ W1.T + b1.T)\nreturn softmax((h @ W2.T + b2.T).T).T",
            nudge="Which shape has your answer? Here a column is an example.",
            reason="Your examples are rows, as in scikit-learn. Here a column is an example from x to ŷ, and no transpose is needed.",
            read=BATCH,
        ),
        Mistake(
            name="softmax along the wrong axis",
            code=(
                "a = W2 @ sigmoid(W1 @ x + b1) + b2\ne = np.exp(a - a.max(axis=1, keepdims=True))\nreturn e / e.sum(axis=1, keepdims=True)"
            ),
            nudge="What does each column of your answer sum to?",
            reason="Your softmax makes the examples of a class compete. It is the classes of an example that do.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="softmax without the maximum",
            code="e = np.exp(W2 @ sigmoid(W1 @ x + b1) + b2)\nreturn e / e.sum(axis=0)",
            nudge="Right for tame scores. What is e^a for a = 10 000?",
            reason="e^{10 000} is inf, and inf/inf is nan. Call your own softmax, once its check is content.",
            read=ANY_SIZE,
        ),
        Mistake(
            name="W transposed",
            code="return softmax(W2.T @ sigmoid(W1.T @ x + b1) + b2)",
            nudge="Write the shapes beside the line. Does it run when the layers have different widths?",
            reason="W_k has one row for each unit of its own layer, (n_k, n_{k−1}), so that W_k h_{k−1} fits as it is.",
            read=SHAPES,
        ),
        Mistake(
            name="flat biases",
            code="return softmax(W2 @ sigmoid(W1 @ x + b1.ravel()) + b2.ravel())",
            nudge="Does it run when there are more examples than units? A column can be added to every column.",
            reason="A flat array is laid along the rows, so each example gets a bias, not each unit. (n, 1) is the right shape as it is.",
            read=BATCH,
        ),
        Mistake(
            name="hidden layer returned",
            code="return sigmoid(W1 @ x + b1)",
            nudge="How many rows has your answer, and how many classes are there?",
            reason="This is h₁. There is one more layer to go.",
            read=FOUR_LINES,
        ),
        Mistake(
            name="everything returned",
            code="a1 = W1 @ x + b1\nh1 = sigmoid(a1)\na2 = W2 @ h1 + b2\nreturn a1, h1, a2, softmax(a2)",
            nudge="How many things does the caller expect?",
            reason="All the intermediate results are right and useful, but this function is asked for ŷ alone.",
            read=FOUR_LINES,
        ),
    ),
    variants=(
        Variant("step by step", "a1 = np.dot(W1, x) + b1\nh1 = sigmoid(a1)\na2 = np.dot(W2, h1) + b2\ny_hat = softmax(a2)\nreturn y_hat"),
        Variant(
            "bias as a column of W",
            "one = np.ones((1, x.shape[1]))\nh = sigmoid(np.hstack([W1, b1]) @ np.vstack([x, one]))\n"
            "return softmax(np.hstack([W2, b2]) @ np.vstack([h, one]))",
        ),
        Variant("einsum", "h = sigmoid(np.einsum('ij,jn->in', W1, x) + b1)\nreturn softmax(np.einsum('ij,jn->in', W2, h) + b2)"),
        Variant("row layout inside", "h = sigmoid(x.T @ W1.T + b1.T)\nreturn softmax((h @ W2.T + b2.T).T)"),
        Variant("a loop over layers", "h = x\nfor W, b, g in ((W1, b1, sigmoid), (W2, b2, softmax)):\n    h = g(W @ h + b)\nreturn h"),
        Variant(
            "example by example", "return np.column_stack([softmax(W2 @ sigmoid(W1 @ x[:, [n]] + b1) + b2) for n in range(x.shape[1])])"
        ),
        Variant("a list", "return softmax(W2 @ sigmoid(W1 @ x + b1) + b2).tolist()", note="list"),
    ),
)


def cross_entropy_cases(rng):
    """Return batches, a square one, absent classes, one example, and probabilities of exactly 0."""

    def case(about, k, labels, ordinary=True):
        return Case(about, (true_softmax(rng.normal(scale=1.5, size=(k, len(labels)))), true_one_hot(labels, k)), ordinary)

    N = int(rng.integers(7, 10))
    sure = case("wrong classes with a probability of exactly 0", 4, [0, 3, 1, 2, 0], ordinary=False)
    y_hat, y = sure.arguments
    y_hat[:, :2] = y[:, :2]
    y_hat[:, 2] = 0.25 * y[:, 2] + 0.75 * np.roll(y[:, 2], 1)
    return [
        case(f"{N} examples and 4 classes", 4, rng.permutation([0, 1, 2, 3, *rng.integers(0, 4, N - 4)])),
        case("5 examples and 3 classes", 3, rng.permutation([0, 1, 2, 2, 0])),
        case("as many examples as classes", 4, rng.permutation([0, 1, 1, 3])),
        case("a last class that does not occur", 4, rng.permutation([0, 1, 2, 1, 0]), ordinary=False),
        case("one example", 3, rng.integers(0, 3, 1), ordinary=False),
        sure,
    ]


cross_entropy = Question(
    name="cross_entropy",
    homework="hw_01",
    parameters=("y_hat", "y"),
    points=3,
    task="Return the mean loss of the examples, a number.",
    read=LAST_LAYER,
    make_cases=cross_entropy_cases,
    mistakes=(
        Mistake(
            name="sign",
            code="return np.log((y * y_hat).sum(axis=0)).mean()",
            nudge="Is your loss positive? A loss that can only be negative would be a reward.",
            reason="The logarithm of a probability is negative. The minus in front makes a loss of it.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="sum instead of mean",
            code="return -np.log((y * y_hat).sum(axis=0)).sum()",
            nudge="Does the loss double when every example occurs twice? It should stay the same.",
            reason="You add the losses of the examples up. The loss of a batch is their mean.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="0 · log 0",
            code="return -(y * np.log(y_hat)).sum(axis=0).mean()",
            nudge="Right for tame probabilities. What is 0 · log 0 in NumPy?",
            reason=(
                "log 0 is −inf, and 0 · (−inf) is nan. Only the probability of the true class is needed: pick it first, then take "
                "its logarithm."
            ),
            read=ANY_SIZE,
        ),
        Mistake(
            name="mean over all entries",
            code="return -np.where(y == 1, np.log(np.where(y == 1, y_hat, 1)), 0).mean()",
            nudge="By what do you divide: the number of examples, or the number of entries?",
            reason="A mean over the whole matrix divides by k·N. Add over the classes; the mean is over the examples.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="sum over examples, mean over classes",
            code="return -np.log((y * y_hat).sum(axis=0)).sum() / y.shape[0]",
            nudge="By what do you divide: the number of examples, or the number of classes?",
            reason="You divide by k, the number of rows (that is also what len(y) gives). The examples are the columns.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="divided by N twice",
            code="return -np.log((y * y_hat).sum(axis=0)).mean() / y.shape[1]",
            nudge="Does the loss stay the same when every example occurs twice?",
            reason="mean has divided by N already, and you divide once more.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="not averaged",
            code="return -np.log((y * y_hat).sum(axis=0))",
            nudge="How many numbers do you return?",
            reason="These are the losses of the single examples, and they are right. The loss of the batch is their mean, one number.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="log2",
            code="return -np.log2((y * y_hat).sum(axis=0)).mean()",
            nudge="Which logarithm is meant? Yours is larger by one and the same factor.",
            reason="You used the logarithm to base 2. Here log is the natural one: its derivative is 1/x, without a factor.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="log10",
            code="return -np.log10((y * y_hat).sum(axis=0)).mean()",
            nudge="Which logarithm is meant? Yours is smaller by one and the same factor.",
            reason="You used the logarithm to base 10. Here log is the natural one: its derivative is 1/x, without a factor.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="squared error",
            code="return ((y_hat - y) ** 2).sum(axis=0).mean()",
            nudge="What is the loss of an example whose true class has a probability of nearly 0? It should be enormous.",
            reason=(
                "This is the squared error, which is never larger than 2. The cross-entropy is −log of the probability of the true class."
            ),
            read=LAST_LAYER,
        ),
        Mistake(
            name="mean squared error",
            code="return ((y_hat - y) ** 2).mean()",
            nudge="What is the loss of an example whose true class has a probability of nearly 0? It should be enormous.",
            reason="This is a squared error, averaged over all entries. The cross-entropy is −log of the probability of the true class.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="two-class formula",
            code="p = np.clip(y_hat, 1e-15, 1 - 1e-15)\nreturn -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=0).mean()",
            nudge="For how many classes is your formula made?",
            reason="The term (1 − y) log(1 − ŷ) belongs to a single sigmoid unit. Under a softmax the wrong classes add nothing.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="ŷ and y exchanged",
            code="return -(y_hat * np.log(y)).sum(axis=0).mean()",
            nudge="Of what do you take the logarithm: of the truth, or of what the network says?",
            reason="log y is the logarithm of 0 and 1, and that is −inf. The logarithm is taken of ŷ, and y picks the class.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="no logarithm",
            code="return 1 - (y * y_hat).sum(axis=0).mean()",
            nudge="What is the loss of an example whose true class has a probability of nearly 0? It should be enormous.",
            reason="1 − ŷ is never larger than 1. The cross-entropy takes the logarithm of the probability.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="logarithm of the mean",
            code="return -np.log((y * y_hat).sum(axis=0).mean())",
            nudge="What comes first, the mean or the logarithm? It is not the same.",
            reason="You average the probabilities and take one logarithm. Each example has its own loss, and those are averaged.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="largest probability instead of the true class's",
            code="return -np.log(y_hat.max(axis=0)).mean()",
            nudge="Does your loss depend on y?",
            reason="You take the class the network likes best. The loss asks for the class that is true.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="all classes instead of the true one",
            code="return -np.log(np.clip(y_hat, 1e-15, 1)).sum(axis=0).mean()",
            nudge="Does your loss depend on y?",
            reason="You add the logarithms of all classes. The y in front of the logarithm leaves only the true class.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="entropy of ŷ",
            code="return -(y_hat * np.log(np.clip(y_hat, 1e-15, 1))).sum(axis=0).mean()",
            nudge="Does your loss depend on y?",
            reason="ŷ log ŷ says how undecided the network is, not how wrong. In front of the logarithm stands y.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="first example only",
            code="return -np.log((y * y_hat).sum(axis=0))[0]",
            nudge="Does your loss change when the second example changes?",
            reason="This is the loss of the first example. The loss of the batch is the mean of all.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="too much added in the logarithm",
            code="return -np.log((y * y_hat).sum(axis=0) + 0.01).mean()",
            nudge="What is the loss of an example whose true class has probability 1? It should be 0.",
            reason="You add so much to the probability that the loss becomes wrong. To keep log away from 0, 1e-12 is enough.",
            read=ANY_SIZE,
        ),
        Mistake(
            name="accuracy",
            code="return (y_hat.argmax(axis=0) == y.argmax(axis=0)).mean()",
            nudge="Is a smaller value better in your function, or a larger one?",
            reason="This is the share of right decisions. It has no slope; the loss looks at the probability itself.",
            read=LAST_LAYER,
        ),
    ),
    variants=(
        Variant("picked by the label", "return -np.log(y_hat[y.argmax(axis=0), np.arange(y.shape[1])]).mean()"),
        Variant("true probability first", "return -np.mean(np.log((y * y_hat).sum(axis=0)))"),
        Variant("clipped", "return -(y * np.log(np.clip(y_hat, 1e-15, 1))).sum() / y.shape[1]"),
        Variant("a little added", "return -(y * np.log(y_hat + 1e-12)).sum(axis=0).mean()"),
        Variant("where", "return -np.log(np.where(y == 1, y_hat, 1)).sum() / y.shape[1]"),
        Variant(
            "loops",
            "total = 0\nfor n in range(y.shape[1]):\n    for i in range(y.shape[0]):\n        if y[i, n] == 1:\n"
            "            total -= np.log(y_hat[i, n])\nreturn total / y.shape[1]",
        ),
        Variant("nan turned into 0", "return -np.nan_to_num(y * np.log(y_hat)).sum(axis=0).mean()"),
        Variant(
            "(1, 1) instead of a number", "return -np.log((y * y_hat).sum(axis=0, keepdims=True)).mean(axis=1, keepdims=True)", note="shape"
        ),
    ),
)

HOMEWORK = Homework(
    name="hw_01",
    title="The forward pass",
    questions={question.name: question for question in (sigmoid, softmax, one_hot, forward, cross_entropy)},
)
