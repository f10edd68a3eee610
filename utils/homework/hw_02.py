"""Homework 2: the output layer, where the way back begins (lessons 01 and 04)."""

import numpy as np

from utils.homework.places import ANOTHER_LOSS, ANY_SIZE, JACOBIAN, ONE_OVER_N, SIGMOID_STEPS, THE_BEND, THREE_WAYS, VECTOR
from utils.homework.question import Case, Homework, Mistake, Question, Variant
from utils.homework.reference import one_hot, softmax


def sigmoid_prime_cases(rng):
    """Return matrices, a single entry, zeros, and the far ends of the curve."""
    rows, columns = rng.integers(2, 5), rng.integers(6, 9)
    return [
        Case(f"an array of shape {(int(rows), int(columns))}", (rng.normal(scale=2, size=(rows, columns)),)),
        Case("as many rows as columns", (rng.normal(scale=2, size=(3, 3)),)),
        Case("a single entry", (rng.normal(scale=2, size=(1, 1)),)),
        Case("entries of exactly 0", (np.zeros((2, 3)),), ordinary=False),
        Case("entries of ±10 000", (1e4 * rng.permuted([[-1.0, 1, -1], [1, -1, 1]], axis=1),), ordinary=False),
    ]


sigmoid_prime = Question(
    name="sigmoid_prime",
    homework="hw_02",
    parameters=("a",),
    points=2,
    task="Return σ′(a) for every entry of a, in the shape of a.",
    read=SIGMOID_STEPS,
    make_cases=sigmoid_prime_cases,
    mistakes=(
        Mistake(
            name="a taken for h",
            code="return a * (1 - a)",
            nudge="The parameter is a. Is your formula one in terms of a?",
            reason="The slope is h(1 − h), and h is not a: compute h = σ(a) first.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="value instead of slope",
            code="return sigmoid(a)",
            nudge="What should the slope be far to the right, where the curve is flat? Yours is 1.",
            reason="You return σ(a) itself. Wanted is how fast it changes.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="sign",
            code="h = sigmoid(a)\nreturn -h * (1 - h)",
            nudge="Does the sigmoid rise or fall?",
            reason="Your slope is negative, but the sigmoid rises everywhere. Two minus signs meet on the way, and they cancel.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="the other sign",
            code="h = sigmoid(a)\nreturn h * (1 + h)",
            nudge="What should the slope be far to the right, where the curve is flat? Yours is 2.",
            reason="There is a plus in your bracket. The slope must vanish where h is 1.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="evaluated twice",
            code="h = sigmoid(sigmoid(a))\nreturn h * (1 - h)",
            nudge="How often do you apply the sigmoid before you take the slope?",
            reason="This is σ′(σ(a)): the slope at h instead of at a.",
            read=THREE_WAYS,
        ),
        Mistake(
            name="half of it",
            code="return 1 - sigmoid(a)",
            nudge="What should the slope be far to the left, where the curve is flat? Yours is 1.",
            reason="1 − h is only one of the two factors.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="zero",
            code="return np.zeros_like(a)",
            nudge="Your slope is 0 everywhere. Is the sigmoid flat at a = 0?",
            reason="A slope of 0 everywhere would mean that the sigmoid never changes. At a = 0 its slope is ¼.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="tanh′",
            code="return 1 - np.tanh(a) ** 2",
            nudge="Whose slope is this? At a = 0 the sigmoid's is ¼; yours is 1.",
            reason="1 − tanh² is the slope of tanh.",
            read=THE_BEND,
        ),
        Mistake(
            name="1 − h²",
            code="return 1 - sigmoid(a) ** 2",
            nudge="Whose slope is written like this? At a = 0 the sigmoid's is ¼; yours is ¾.",
            reason="1 − h² is the slope where h = tanh(a). For h = σ(a) it has another form.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="h · h taken for 2h",
            code="h = sigmoid(a)\nreturn h - 2 * h",
            nudge="Multiply h(1 − h) out once more. What is h · h?",
            reason="h · h is h², not 2h.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="ReLU′",
            code="return (a > 0) * 1.0",
            nudge="Your slope is 0 or 1. Is the sigmoid ever as steep as that?",
            reason="This is the slope of ReLU. The sigmoid's lies between 0 and ¼.",
            read=THE_BEND,
        ),
        Mistake(
            name="if on an array",
            code="if a > 0:\n    h = 1 / (1 + np.exp(-a))\nelse:\n    h = np.exp(a) / (1 + np.exp(a))\nreturn h * (1 - h)",
            nudge="It works for one number. What should `if` do when some entries are positive and others are not?",
            reason="An `if` decides once for the whole array. Each entry needs its own decision (np.where), or a formula that needs none.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="inf/inf",
            code="return np.exp(-a) / (1 + np.exp(-a)) ** 2",
            nudge="The formula is right, but what is e^{−a} for a = −10 000?",
            reason="e^{10 000} is inf, and inf/inf is nan. Written in terms of h = σ(a), nothing can overflow.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="minus from the inner derivative left over",
            code="return -np.exp(-a) / (1 + np.exp(-a)) ** 2",
            nudge="Does the sigmoid rise or fall? Count the minus signs of your derivation.",
            reason=(
                "There are two: one from the derivative of 1/v, one from that of e^{−a}. They cancel; you kept one. And −inf/inf is nan."
            ),
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="square forgotten",
            code="return np.exp(-a) / (1 + np.exp(-a))",
            nudge="What is the derivative of 1/v? And what should the slope be far to the left?",
            reason="The derivative of 1/v is −1/v², with a square, and yours has none. It runs up to 1, and then into inf/inf.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="derivative of the inside forgotten",
            code="return -1 / (1 + np.exp(-a)) ** 2",
            nudge="The chain rule has one factor for each step. Which steps are missing?",
            reason="−1/v² is the outermost derivative alone. Those of 1 + e^{−a} are still to be multiplied.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="coarse difference quotient",
            code="return (sigmoid(a + 0.1) - sigmoid(a)) / 0.1",
            nudge="Your numbers are close, but not exact. How small should a step be?",
            reason="A secant with a step of 0.1, to one side, is off in the second digit. The exact slope costs less.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="squared",
            code="h = sigmoid(a)\nreturn (h * (1 - h)) ** 2",
            nudge="At a = 0 the slope is ¼. Yours is 1/16.",
            reason="You squared the slope.",
            read=SIGMOID_STEPS,
        ),
        Mistake(
            name="@ for ∘",
            code="h = sigmoid(a)\nreturn h @ (1 - h).T",
            nudge="A slope belongs to each entry of a. Which shape has your answer?",
            reason="@ is a product of matrices and mixes the entries. Each h meets its own 1 − h: entry by entry, *.",
            read=SIGMOID_STEPS,
        ),
    ),
    variants=(
        Variant("h first", "h = 1 / (1 + np.exp(-a))\nreturn h * (1 - h)"),
        Variant("h − h²", "h = sigmoid(a)\nreturn h - h**2"),
        Variant("tanh form", "return (1 - np.tanh(a / 2) ** 2) / 4"),
        Variant("σ(a)σ(−a)", "return sigmoid(a) * sigmoid(-a)"),
        Variant("stable exponential", "e = np.exp(-np.abs(a))\nreturn e / (1 + e) ** 2"),
        Variant("cosh", "return 0.25 / np.cosh(np.clip(a, -700, 700) / 2) ** 2"),
        Variant("fine difference quotient", "return (sigmoid(a + 1e-5) - sigmoid(a - 1e-5)) / 2e-5"),
        Variant(
            "loops",
            "slope = np.empty_like(a)\nfor place, entry in np.ndenumerate(a):\n    h = sigmoid(entry)\n"
            "    slope[place] = h * (1 - h)\nreturn slope",
        ),
        Variant("a list", "h = sigmoid(a)\nreturn (h * (1 - h)).tolist()", note="list"),
    ),
)


def jacobian_cases(rng):
    """Return columns of probabilities with several numbers of classes, and one with probabilities of exactly 0."""

    def case(about, y_hat, ordinary=True):
        return Case(about, (y_hat,), ordinary)

    k = int(rng.integers(3, 6))
    return [
        case(f"{k} classes", softmax(rng.normal(scale=1.2, size=(k, 1)))),
        case(f"{k + 2} classes", softmax(rng.normal(scale=1.2, size=(k + 2, 1)))),
        case("2 classes", softmax(rng.normal(size=(2, 1))), ordinary=False),
        case("a class with a probability of exactly 0", rng.permutation([[0.0], [0.25], [0.75]]), ordinary=False),
        case("a class with a probability of exactly 1", rng.permutation([[0.0], [0.0], [1.0], [0.0]]), ordinary=False),
    ]


softmax_jacobian = Question(
    name="softmax_jacobian",
    homework="hw_02",
    parameters=("y_hat",),
    points=4,
    task="Return the Jacobian J of the softmax, shape (k, k), for one column ŷ of shape (k, 1).",
    read=JACOBIAN,
    make_cases=jacobian_cases,
    mistakes=(
        Mistake(
            name="diagonal only",
            code="return np.diag((y_hat * (1 - y_hat)).ravel())",
            nudge="Push one score: which probabilities move? And what does a column of your J sum to?",
            reason=(
                "Your J has zeros off the diagonal, as if each probability heard only its own score. Every score stands in every "
                "denominator."
            ),
            read=JACOBIAN,
        ),
        Mistake(
            name="diag(ŷ) alone",
            code="return np.diag(y_hat.ravel())",
            nudge="What does a column of your J sum to? The probabilities go on adding up to 1.",
            reason="The first of two terms is there. The second, the product of every pair of probabilities, is missing.",
            read=JACOBIAN,
        ),
        Mistake(
            name="plus for minus",
            code="return np.diag(y_hat.ravel()) + y_hat @ y_hat.T",
            nudge="If one score grows, what do the other probabilities do? Look at the sign of your J off the diagonal.",
            reason="What one class gains, the others lose: off the diagonal J is negative. The outer product is subtracted.",
            read=JACOBIAN,
        ),
        Mistake(
            name="outer product only",
            code="return y_hat @ y_hat.T",
            nudge="If one score grows, what do the other probabilities do? And what does a column of your J sum to?",
            reason="This is ŷŷᵀ alone: without diag(ŷ), and with the wrong sign.",
            read=JACOBIAN,
        ),
        Mistake(
            name="minus the outer product only",
            code="return -y_hat @ y_hat.T",
            nudge="If a score grows, its own probability grows. Look at the diagonal of your J.",
            reason="The case m = i is missing: on the diagonal there is one more term, the one with the indicator.",
            read=JACOBIAN,
        ),
        Mistake(
            name="sign of everything",
            code="return y_hat @ y_hat.T - np.diag(y_hat.ravel())",
            nudge="If a score grows, its own probability grows. Look at the sign of your diagonal.",
            reason="Both terms have the wrong sign: the indicator's term is the positive one.",
            read=JACOBIAN,
        ),
        Mistake(
            name="transposed sum: ŷᵀŷ",
            code="return np.diag(y_hat.ravel()) - y_hat.T @ y_hat",
            nudge="Which shape has y_hat.T @ y_hat? And what does a column of your J sum to?",
            reason="A row times a column is a single number. All products of pairs come from a column times a row.",
            read=JACOBIAN,
        ),
        Mistake(
            name="np.diag of a column",
            code="return np.diag(y_hat) - y_hat @ y_hat.T",
            nudge="Print np.diag(y_hat). Is it the matrix that you expect?",
            reason="Given a matrix, and (k, 1) is one, np.diag reads its diagonal: one number. To build a matrix it needs a flat array.",
            read=JACOBIAN,
        ),
        Mistake(
            name="element-wise slope as a column",
            code="return y_hat * (1 - y_hat)",
            nudge="How many scores are there, how many probabilities, and how many derivatives of one with respect to the other?",
            reason="These are the k derivatives on the diagonal. Each probability has one with respect to each score: k · k.",
            read=JACOBIAN,
        ),
        Mistake(
            name="1 on the diagonal",
            code="return np.eye(len(y_hat)) - y_hat @ y_hat.T",
            nudge="What does a column of your J sum to? The probabilities go on adding up to 1.",
            reason="The indicator is multiplied by ŷ_m in the formula. You put a bare 1 on the diagonal.",
            read=JACOBIAN,
        ),
        Mistake(
            name="indicator − ŷ",
            code="return np.eye(len(y_hat)) - y_hat",
            nudge="What does a row of your J sum to? Moving all scores together changes nothing.",
            reason=(
                "This is the bracket alone, as it is left after the 1/ŷ of the loss has cancelled. The Jacobian still has its factor ŷ_m."
            ),
            read=JACOBIAN,
        ),
        Mistake(
            name="indicator − ŷᵀ",
            code="return np.eye(len(y_hat)) - y_hat.T",
            nudge="What does a column of your J sum to? The probabilities go on adding up to 1.",
            reason="The bracket is right: 1_(m=i) − ŷ_i. The factor ŷ_m in front of it is missing.",
            read=JACOBIAN,
        ),
        Mistake(
            name="softmax once more",
            code="p = softmax(y_hat)\nreturn np.diag(p.ravel()) - p @ p.T",
            nudge="The parameter is ŷ, not a. What do you do to it?",
            reason="You apply the softmax to what is a softmax already.",
            read=JACOBIAN,
        ),
        Mistake(
            name="nothing on the diagonal",
            code="return np.diag(y_hat.ravel() ** 2) - y_hat @ y_hat.T",
            nudge="Look at your diagonal: it is 0. If a score grows, does its own probability not change?",
            reason="The case m = i is missing, or its first term is squared: it is ŷ, and ŷ² is taken from it.",
            read=JACOBIAN,
        ),
        Mistake(
            name="factor 2",
            code="return np.diag(y_hat.ravel()) - 2 * y_hat @ y_hat.T",
            nudge="What does a column of your J sum to? The probabilities go on adding up to 1.",
            reason="The outer product has a factor 2 too many: the quotient rule gives that term once.",
            read=JACOBIAN,
        ),
        Mistake(
            name="diagonal ŷ, off the diagonal right",
            code="J = -y_hat @ y_hat.T\nnp.fill_diagonal(J, y_hat)\nreturn J",
            nudge="Off the diagonal all is well. What does a column of your J sum to?",
            reason="In the case m = i both terms count, the one with the indicator and the one without. You have the first.",
            read=JACOBIAN,
        ),
        Mistake(
            name="sums of the Jacobian",
            code="return (np.diag(y_hat.ravel()) - y_hat @ y_hat.T).sum(axis=0)",
            nudge="Which shape has a Jacobian? And do you know why your numbers are all 0?",
            reason="You added up the columns, and each sums to 0. The matrix before the sum is the answer.",
            read=JACOBIAN,
        ),
    ),
    variants=(
        Variant("outer", "p = y_hat.ravel()\nreturn np.diag(p) - np.outer(p, p)"),
        Variant("unit matrix times ŷ", "return y_hat * np.eye(len(y_hat)) - y_hat * y_hat.T"),
        Variant("bracket", "return y_hat * (np.eye(y_hat.shape[0]) - y_hat.T)"),
        Variant("transposed", "return (y_hat * np.eye(y_hat.shape[0]) - y_hat @ y_hat.T).T"),
        Variant("np.diagflat", "return np.diagflat(y_hat) - np.einsum('ij,kj->ik', y_hat, y_hat)"),
        Variant(
            "loops",
            "k = len(y_hat)\nJ = np.zeros((k, k))\nfor m in range(k):\n    for i in range(k):\n"
            "        J[m, i] = (m == i) * y_hat[m, 0] - y_hat[m, 0] * y_hat[i, 0]\nreturn J",
        ),
        Variant("diagonal filled in", "J = -y_hat @ y_hat.T\nnp.fill_diagonal(J, y_hat * (1 - y_hat))\nreturn J"),
        Variant("a list", "return (np.diagflat(y_hat) - y_hat @ y_hat.T).tolist()", note="list"),
    ),
)


def output_gradient_cases(rng):
    """Return batches, a square one, absent classes, one example, and probabilities of exactly 0."""

    def case(about, k, labels, scale=1.5, ordinary=True):
        return Case(about, (softmax(rng.normal(scale=scale, size=(k, len(labels)))), one_hot(labels, k)), ordinary)

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


output_gradient = Question(
    name="output_gradient",
    homework="hw_02",
    parameters=("y_hat", "y"),
    points=3,
    task="Return ∂L/∂a_L for a softmax output with the mean cross-entropy, shape (k, N).",
    read=ONE_OVER_N,
    make_cases=output_gradient_cases,
    mistakes=(
        Mistake(
            name="sign",
            code="return (y - y_hat) / y.shape[1]",
            nudge="Should the score of the true class go up or down? A step goes against the gradient.",
            reason="It is what the network said, minus the truth. With the sign turned, every step would climb.",
            read=VECTOR,
        ),
        Mistake(
            name="not divided by N",
            code="return y_hat - y",
            nudge="Your answer is too large by one and the same factor. Try it with one example, then with two.",
            reason="The loss is a mean over the examples, so each of them counts 1/N. This is the one place where it comes in.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="sign, and not divided by N",
            code="return y - y_hat",
            nudge="Two things: should the score of the true class go up or down? And is the loss a sum or a mean?",
            reason="It is what the network said, minus the truth; and the loss is a mean, so each example counts 1/N.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="divided by N twice",
            code="return (y_hat - y) / y.shape[1] ** 2",
            nudge="Your answer is too small by one and the same factor. Try it with one example, then with two.",
            reason="The mean brings in 1/N once, and you divide twice.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="divided by k",
            code="return (y_hat - y) / len(y)",
            nudge="By what do you divide: the number of examples, or the number of classes?",
            reason="len(y), or y.shape[0], is the number of rows, and rows are classes. The examples are the columns.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="divided by all entries",
            code="return (y_hat - y) / y.size",
            nudge="By what do you divide: the number of examples, or the number of entries?",
            reason="You divide by k·N. The loss adds over the classes and averages over the examples.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="times ŷ(1 − ŷ)",
            code="return (y_hat - y) * y_hat * (1 - y_hat) / y.shape[1]",
            nudge="Where does your factor ŷ(1 − ŷ) come from? In the derivation it cancelled.",
            reason="With that factor this is the squared error behind a sigmoid. Under softmax and cross-entropy nothing is left of it.",
            read=ANOTHER_LOSS,
        ),
        Mistake(
            name="times ŷ(1 − ŷ), not divided by N",
            code="return (y_hat - y) * y_hat * (1 - y_hat)",
            nudge="Two things: where does your factor ŷ(1 − ŷ) come from? And is the loss a sum or a mean?",
            reason="The factor belongs to the squared error behind a sigmoid; here it cancels. And the mean brings in 1/N.",
            read=ANOTHER_LOSS,
        ),
        Mistake(
            name="factor 2",
            code="return 2 * (y_hat - y) / y.shape[1]",
            nudge="Your answer is twice the right one. Of which function is the derivative 2 times something?",
            reason="The 2 is that of a square. The cross-entropy has none.",
            read=ANOTHER_LOSS,
        ),
        Mistake(
            name="squared",
            code="return (y_hat - y) ** 2 / y.shape[1]",
            nudge="Can your gradient be negative? The true class needs a negative one.",
            reason="You squared the difference. A gradient has a direction, and a square has lost it.",
            read=VECTOR,
        ),
        Mistake(
            name="absolute value",
            code="return np.abs(y_hat - y) / y.shape[1]",
            nudge="Can your gradient be negative? The true class needs a negative one.",
            reason="abs takes the sign away, and so the direction: the true score would be pushed down, too.",
            read=VECTOR,
        ),
        Mistake(
            name="changes ŷ",
            code="y_hat -= y\nreturn y_hat / y.shape[1]",
            nudge="The numbers are right, but look at y_hat after the call.",
            reason="Without a copy, -= writes into the array of the caller, who still wants to know the probabilities.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="∂L/∂ŷ",
            code="return -y / np.where(y == 1, y_hat, 1) / y.shape[1]",
            nudge="With respect to what did you differentiate? Do the wrong classes get a gradient?",
            reason="−y/ŷ is the derivative with respect to ŷ. Between ŷ and a lies the softmax with its Jacobian.",
            read=JACOBIAN,
        ),
        Mistake(
            name="element-wise softmax derivative",
            code="return -y * (1 - y_hat) / y.shape[1]",
            nudge="Which gradient do the wrong classes get in your answer?",
            reason="They get none, because you used only the diagonal of the softmax's Jacobian. Every score moves every probability.",
            read=JACOBIAN,
        ),
        Mistake(
            name="Jacobian, then 0/0",
            code=(
                "columns = []\nfor p, t in zip(y_hat.T, y.T):\n    J = np.diag(p) - np.outer(p, p)\n    columns.append(J @ (-t / p))\n"
                "return np.column_stack(columns) / y.shape[1]"
            ),
            nudge="Right for tame probabilities. What is −y/ŷ where both are 0?",
            reason="0/0 is nan, and it spreads through the product. In the derivation ŷ cancels, so nothing needs to be divided by it.",
            read=ANY_SIZE,
        ),
        Mistake(
            name="ŷ − 1 everywhere",
            code="return (y_hat - 1) / y.shape[1]",
            nudge="Which gradient do the wrong classes get in your answer? Does it depend on y?",
            reason="You subtract 1 from every class. The 1 belongs to the true class alone; that is what the one-hot column is for.",
            read=VECTOR,
        ),
        Mistake(
            name="ŷ alone",
            code="return y_hat / y.shape[1]",
            nudge="Does your answer depend on y?",
            reason="The truth is missing: the gradient is what the network said, minus the truth.",
            read=VECTOR,
        ),
        Mistake(
            name="mean over the examples",
            code="return (y_hat - y).mean(axis=1, keepdims=True)",
            nudge="A gradient has the shape of its quantity. Which shape has a_L?",
            reason="You averaged the columns away. Each example keeps its column; only the factor 1/N comes in.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="first example only",
            code="return (y_hat - y)[:, :1] / y.shape[1]",
            nudge="How many columns has your answer, and how many examples are there?",
            reason="You kept the first example only. One line does all columns at once.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="softmax once more",
            code="return (softmax(y_hat) - y) / y.shape[1]",
            nudge="The parameter is ŷ, not a. What do you do to it?",
            reason="You apply the softmax to what is a softmax already.",
            read=VECTOR,
        ),
        Mistake(
            name="decision instead of probability",
            code="return ((y_hat == y_hat.max(axis=0)) - y) / y.shape[1]",
            nudge="Your gradient is 0 wherever the decision is right. Is the network then certain?",
            reason="You compare the winning class with the truth. What counts is how much probability is missing.",
            read=VECTOR,
        ),
    ),
    variants=(
        Variant("factor 1/N", "N = y_hat.shape[-1]\nreturn (1 / N) * (y_hat - y)"),
        Variant("minus the indicator", "return -(y - y_hat) / len(y[0])"),
        Variant("index and subtract", "g = y_hat.copy()\ng[y.argmax(axis=0), np.arange(y.shape[1])] -= 1\nreturn g / y.shape[1]"),
        Variant(
            "full Jacobian times −1/ŷ",
            "g = np.zeros(y.shape)\nfor n in range(y.shape[1]):\n    p = y_hat[:, n]\n    l = y[:, n].argmax()\n"
            "    J = np.diag(p) - np.outer(p, p)\n    g[:, n] = J[l] * (-1 / p[l]) / y.shape[1]\nreturn g",
        ),
        Variant("boolean mask", "return np.where(y == 1, y_hat - 1, y_hat) / y.shape[1]"),
        Variant(
            "loops",
            "g = np.zeros(y.shape)\nfor i in range(y.shape[0]):\n    for n in range(y.shape[1]):\n"
            "        g[i, n] = (y_hat[i, n] - y[i, n]) / y.shape[1]\nreturn g",
        ),
        Variant("a list", "return ((y_hat - y) / y.shape[1]).tolist()", note="list"),
    ),
)

HOMEWORK = Homework(
    name="hw_02",
    title="The output layer",
    questions={question.name: question for question in (sigmoid_prime, softmax_jacobian, output_gradient)},
)
