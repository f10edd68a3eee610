"""Homework 3: the way back through hidden layers (lessons 05 and 06)."""

from utils.homework.places import (
    BIASES,
    G_PRIME,
    HIDDEN_BATCH,
    NINE_WEIGHTS,
    SIGMOID_STEPS,
    SUM_OR_MEAN,
    THREE_WAYS,
    TRANSPOSE,
    WEIGHT_BATCH,
)
from utils.homework.question import Case, Homework, Mistake, Question, Variant


def hidden_cases(rng):
    """Return layers of different widths, a square case in which a wrong transpose runs, and the edges."""

    def case(about, n_next, n, N, ordinary=True):
        return Case(about, (rng.normal(size=(n_next, n)), rng.normal(size=(n_next, N)), rng.normal(scale=1.5, size=(n, N))), ordinary)

    width, n_examples = rng.integers(3, 6), rng.integers(8, 12)
    at_zero = case("pre-activations of exactly 0", width, width + 1, 7, ordinary=False)
    at_zero.arguments[2][::2] = 0
    enormous = case("pre-activations of ±10 000", 3, 2, 4, ordinary=False)
    enormous.arguments[2][:] = 1e4 * rng.permuted([[-1, 1, -1, 1], [1, 1, -1, -1]], axis=1)
    return [
        case(f"{n_examples} examples, {width + 2} units and {width} units above them", width, width + 2, n_examples),
        case(f"5 examples, {width} units and {width + 3} units above them", width + 3, width, 5),
        case("as many examples as units in both layers", 4, 4, 4),
        case("one example", 2, 3, 1, ordinary=False),
        at_zero,
        enormous,
    ]


hidden_gradient = Question(
    name="hidden_gradient",
    homework="hw_03",
    parameters=("W_next", "grad_a_next", "a"),
    points=4,
    task="Return ∂L/∂a_k of a sigmoid layer, shape (n_k, N).",
    read=G_PRIME,
    make_cases=hidden_cases,
    mistakes=(
        Mistake(
            name="no g′",
            code="return W_next.T @ grad_a_next",
            nudge="You stopped at h. Between h and a there is one more function.",
            reason="W.T @ grad_a_next is ∂L/∂h. To get from h to a, multiply each entry by the slope of the sigmoid at its own a.",
            read=G_PRIME,
        ),
        Mistake(
            name="W without transpose",
            code="return W_next @ grad_a_next * sigmoid_prime(a)",
            nudge="Write the three shapes beside the line. Does it run when the two layers have different widths?",
            reason=(
                "Row i of W collects what comes into unit i above. On the way back unit j collects from all it has sent to: column j of W."
            ),
            read=TRANSPOSE,
        ),
        Mistake(
            name="W without transpose, and no g′",
            code="return W_next @ grad_a_next",
            nudge="Two things are missing. Begin with the shapes: does the line run when the two layers have different widths?",
            reason="Unit j collects from all units it has sent to, and those weights are column j of W. Then comes the way from h to a.",
            read=TRANSPOSE,
        ),
        Mistake(
            name="g′ at h",
            code="return W_next.T @ grad_a_next * sigmoid_prime(sigmoid(a))",
            nudge="Where is the slope of the sigmoid taken: at a or at h?",
            reason="The sigmoid has been applied once too often: its slope is wanted at a, and you took it at σ(a).",
            read=THREE_WAYS,
        ),
        Mistake(
            name="a taken for h",
            code="return W_next.T @ grad_a_next * a * (1 - a)",
            nudge="The last parameter is a, the pre-activation. Is your formula one in terms of a?",
            reason="h(1 − h) is right for h = σ(a), but you were given a, and used it as if it were h.",
            read=THREE_WAYS,
        ),
        Mistake(
            name="g for g′",
            code="return W_next.T @ grad_a_next * sigmoid(a)",
            nudge="Going back you need a slope, not a value.",
            reason="You multiply with h = σ(a) itself. The chain rule asks how fast h changes with a.",
            read=G_PRIME,
        ),
        Mistake(
            name="half of g′",
            code="return W_next.T @ grad_a_next * (1 - sigmoid(a))",
            nudge="What is the slope of the sigmoid far to the left, where the curve is flat?",
            reason="1 − h is only one of the two factors of the slope: at very negative a it is 1, but there the sigmoid is flat.",
            read=G_PRIME,
        ),
        Mistake(
            name="tanh′",
            code="return W_next.T @ grad_a_next * (1 - np.tanh(a) ** 2)",
            nudge="Whose slope is this? Try it at a = 0: the sigmoid's steepest slope is ¼.",
            reason="1 − tanh² is the slope of tanh. These hidden units are sigmoids.",
            read=G_PRIME,
        ),
        Mistake(
            name="1 − h²",
            code="return W_next.T @ grad_a_next * (1 - sigmoid(a) ** 2)",
            nudge="Whose slope is written like this? The sigmoid's is ¼ at a = 0; yours is ¾ there.",
            reason="1 − h² is the slope where h = tanh(a). For h = σ(a) the slope has another form.",
            read=G_PRIME,
        ),
        Mistake(
            name="ReLU′",
            code="return W_next.T @ grad_a_next * (a > 0)",
            nudge="Your slope is 0 or 1. Is the sigmoid ever as steep as that?",
            reason="a > 0 is the slope of ReLU. These hidden units are sigmoids, with slopes between 0 and ¼.",
            read=G_PRIME,
        ),
        Mistake(
            name="@ for ∘",
            code="return W_next.T @ grad_a_next @ sigmoid_prime(a)",
            nudge="One of your two products should act entry by entry.",
            reason="The sum over paths is a matrix product, but each h depends on its own a alone: that product is entry by entry, *.",
            read=THREE_WAYS,
        ),
        Mistake(
            name="@ for ∘, transposed until it ran",
            code="return W_next.T @ grad_a_next @ sigmoid_prime(a).T",
            nudge="A gradient has the shape of its quantity: a is (n_k, N). What is the shape of yours?",
            reason="The slopes belong to single entries: multiply entry by entry, *. A transpose only makes the wrong product run.",
            read=THREE_WAYS,
        ),
        Mistake(
            name="* for @",
            code="return W_next.T * grad_a_next * sigmoid_prime(a)",
            nudge="Each unit hears from all units above, not from one. Where do you add those voices up?",
            reason="W and the gradient above are joined by a sum over the units above, which is a matrix product, @.",
            read=TRANSPOSE,
        ),
        Mistake(
            name="divided by N again",
            code="return W_next.T @ grad_a_next * sigmoid_prime(a) / a.shape[1]",
            nudge="Your answer is too small by one and the same factor. Try it with one example, then with two.",
            reason="You divide by N, but 1/N is already in grad_a_next: it came in once, at the output.",
            read=HIDDEN_BATCH,
        ),
        Mistake(
            name="sign",
            code="return -W_next.T @ grad_a_next * sigmoid_prime(a)",
            nudge="Look at the sign: where does a minus come in?",
            reason="A gradient is no step. The minus belongs to the update alone; on the way back there is none.",
            read=TRANSPOSE,
        ),
        Mistake(
            name="first example only",
            code="return W_next.T @ grad_a_next[:, :1] * sigmoid_prime(a[:, :1])",
            nudge="How many columns has your answer, and how many examples are there?",
            reason="You went back for the first example only. One line of matrix products does all columns at once.",
            read=HIDDEN_BATCH,
        ),
        Mistake(
            name="first example's error for all",
            code="return W_next.T @ grad_a_next[:, :1] * sigmoid_prime(a)",
            nudge="Compare the first column of your answer with the others. Which error does the second column carry?",
            reason="The first column of grad_a_next is handed to every example. Each example has an error of its own.",
            read=HIDDEN_BATCH,
        ),
        Mistake(
            name="mean over the examples",
            code="return (W_next.T @ grad_a_next * sigmoid_prime(a)).mean(axis=1, keepdims=True)",
            nudge="How many columns should ∂L/∂a have?",
            reason="You averaged over the examples. But every example has pre-activations of its own, so each keeps its column.",
            read=HIDDEN_BATCH,
        ),
        Mistake(
            name="g′ squared",
            code="return W_next.T @ grad_a_next * sigmoid_prime(a) ** 2",
            nudge="How often is the slope of the sigmoid on the path from a to h?",
            reason="The slope is applied twice. From h to a there is one sigmoid, so one factor.",
            read=G_PRIME,
        ),
        Mistake(
            name="g′ before the sum",
            code="return W_next.T @ (grad_a_next * sigmoid_prime(a))",
            nudge="Whose a is it? grad_a_next belongs to the layer above.",
            reason="The slope is that of this layer, at its own a, so it comes after the sum over the units above; you put it before.",
            read=G_PRIME,
        ),
        Mistake(
            name="changes grad_a_next",
            code="grad_a_next *= 1.0 / a.shape[1]\nreturn W_next.T @ grad_a_next * sigmoid_prime(a)",
            nudge="After your function has run, grad_a_next is no longer what it was. And it has become smaller: by which factor?",
            reason="*= writes into the caller's array, and 1/N is already in it: it came in once, at the output.",
            read=HIDDEN_BATCH,
        ),
        Mistake(
            name="overflow in e^a",
            code="return W_next.T @ grad_a_next * np.exp(-a) / (1 + np.exp(-a)) ** 2",
            nudge="Right for tame numbers. Which value has e^{−a} at a = −10 000?",
            reason="e^{10 000} is inf, and inf/inf is nan. Written with h = σ(a), the slope stays finite.",
            read=SIGMOID_STEPS,
        ),
    ),
    variants=(
        Variant("h once", "h = sigmoid(a)\nreturn (W_next.T @ grad_a_next) * h * (1 - h)"),
        Variant("transposed at the end", "return (grad_a_next.T @ W_next).T * sigmoid_prime(a)"),
        Variant("einsum", "return np.einsum('ij,in->jn', W_next, grad_a_next) * sigmoid_prime(a)"),
        Variant("σ(a)σ(−a)", "return np.dot(W_next.T, grad_a_next) * sigmoid(a) * sigmoid(-a)"),
        Variant("tanh form", "return W_next.T @ grad_a_next * (1 - np.tanh(a / 2) ** 2) / 4"),
        Variant(
            "example by example",
            "columns = [np.diag(sigmoid_prime(a[:, n])) @ W_next.T @ grad_a_next[:, n] for n in range(a.shape[1])]\n"
            "return np.column_stack(columns)",
        ),
        Variant(
            "three loops",
            "result = np.zeros(a.shape)\n"
            "for j in range(a.shape[0]):\n"
            "    for n in range(a.shape[1]):\n"
            "        for i in range(W_next.shape[0]):\n"
            "            result[j, n] += W_next[i, j] * grad_a_next[i, n]\n"
            "        result[j, n] *= sigmoid_prime(a[j, n])\n"
            "return result",
        ),
        Variant("a list", "return (W_next.T @ grad_a_next * sigmoid_prime(a)).tolist()", note="list"),
    ),
)


def weight_cases(rng):
    """Return layers of different widths, a square case, one example, and activations of exactly 0."""

    def case(about, n, n_prev, N, ordinary=True):
        return Case(about, (rng.normal(size=(n, N)), rng.normal(size=(n_prev, N))), ordinary)

    width, n_examples = rng.integers(2, 5), rng.integers(8, 12)
    silent = case("units with an activation of exactly 0", width, 4, 6, ordinary=False)
    silent.arguments[1][::2] = 0
    return [
        case(f"{n_examples} examples, {width} units and {width + 2} below them", width, width + 2, n_examples),
        case(f"5 examples, {width + 4} units and {width + 1} below them", width + 4, width + 1, 5),
        case("as many examples as units in both layers", 4, 4, 4),
        case("one example", 3, 2, 1, ordinary=False),
        silent,
    ]


weight_gradient = Question(
    name="weight_gradient",
    homework="hw_03",
    parameters=("grad_a", "h_prev"),
    points=3,
    task="Return ∂L/∂W_k, shape (n_k, n_{k−1}).",
    read=WEIGHT_BATCH,
    make_cases=weight_cases,
    mistakes=(
        Mistake(
            name="divided by N again",
            code="return grad_a @ h_prev.T / grad_a.shape[1]",
            nudge="Your answer is too small by one and the same factor. Try it with one example, then with two.",
            reason="You divide by N, but 1/N is already in grad_a: it came in once, at the output.",
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="divided by the number of units below",
            code="return grad_a @ h_prev.T / len(h_prev)",
            nudge="By what do you divide: by the examples, or by the units? And is there anything to divide at all?",
            reason="len(h_prev), or h_prev.shape[0], is the number of units. And even 1/N would be wrong here: it is in grad_a already.",
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="multiplied by N",
            code="return grad_a @ h_prev.T * grad_a.shape[1]",
            nudge="Your answer is too large by one and the same factor. Try it with one example, then with two.",
            reason="You multiply by N, which takes back the 1/N that came in with the loss. The product of matrices is already the sum.",
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="transposed",
            code="return h_prev @ grad_a.T",
            nudge="A gradient has the shape of its quantity. Which shape has W_k?",
            reason="You return (n_{k−1}, n_k), the gradient of the transpose of W: the two factors are in the wrong order.",
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="sign",
            code="return -grad_a @ h_prev.T",
            nudge="Look at the sign: where does a minus come in?",
            reason="The minus belongs to the update, which goes against the gradient. The gradient itself has none here.",
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="first example only",
            code="return np.outer(grad_a[:, 0], h_prev[:, 0])",
            nudge="Does your answer change when the second example changes?",
            reason="The outer product is right for one example; you took the first one only. A batch adds all of them.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="last example only",
            code="for n in range(grad_a.shape[1]):\n    grad_W = np.outer(grad_a[:, n], h_prev[:, n])\nreturn grad_W",
            nudge="Does your answer change when the first example changes?",
            reason="Each turn of the loop forgets the turn before. The outer products have to be added up.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="mean of everything",
            code="return np.mean(grad_a @ h_prev.T)",
            nudge="How many weights are there, and how many numbers do you return?",
            reason="You averaged all entries into one number, but each weight has a gradient of its own.",
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="sum of everything",
            code="return np.sum(grad_a @ h_prev.T)",
            nudge="How many weights are there, and how many numbers do you return?",
            reason="You added all entries into one number, but each weight has a gradient of its own.",
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="whole-number division",
            code="return grad_a @ h_prev.T // grad_a.shape[1]",
            nudge="All of your entries are whole numbers. Which operator does that?",
            reason="// drops what comes after the decimal point. And no division is needed: 1/N is already in grad_a.",
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="entry by entry",
            code="return grad_a * h_prev",
            nudge="Each weight joins one unit below with one above. Does every pair of units occur in your product?",
            reason=(
                "* pairs unit 1 with unit 1, 2 with 2. A weight exists for every pair, so every error meets every activation: a "
                "matrix product."
            ),
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="no transpose",
            code="return grad_a @ h_prev",
            nudge="Write the shapes beside the line. Over which index should the product sum?",
            reason="The sum must run over the examples. Without a transpose it runs over units of one and examples of the other.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="transpose on the wrong factor",
            code="return grad_a.T @ h_prev",
            nudge="Write the shapes beside the line. Which shape has W_k, and over which index should the product sum?",
            reason="The sum must run over the examples, which are the columns of both. Yours runs over units, which are no pairs.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="sums multiplied",
            code="return grad_a.sum(axis=1, keepdims=True) @ h_prev.sum(axis=1, keepdims=True).T",
            nudge="Multiply first and add later, or the other way round? It is not the same.",
            reason=(
                "You add over the examples first, so the error of one example also meets the activations of another. Each example "
                "has its own product."
            ),
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="mean activation",
            code="return grad_a.sum(axis=1, keepdims=True) @ h_prev.mean(axis=1, keepdims=True).T",
            nudge="Multiply first and average later, or the other way round? It is not the same.",
            reason="The total error meets the mean activation. But an error belongs to the activations of its own example.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="slope of the layer below",
            code="return grad_a @ (h_prev * (1 - h_prev)).T",
            nudge="a = W h + b: what is the derivative of a with respect to W?",
            reason=(
                "The derivative is h itself. The slope h(1 − h) belongs to the way through a sigmoid, and between W and a there is none."
            ),
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="sigmoid once more",
            code="return grad_a @ sigmoid(h_prev).T",
            nudge="h_prev is already an activation. What do you do to it?",
            reason="The sigmoid has been applied to h_prev once more. Its entries are the h of the formula, as they are.",
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="absolute values",
            code="return np.abs(grad_a) @ h_prev.T",
            nudge="The sign of an error says in which direction to go. Where does it get lost?",
            reason="abs makes every error positive, so the weights could only ever move one way.",
            read=NINE_WEIGHTS,
        ),
    ),
    variants=(
        Variant("transposed at the end", "return (h_prev @ grad_a.T).T"),
        Variant("einsum", "return np.einsum('in,jn->ij', grad_a, h_prev)"),
        Variant("np.dot", "return np.dot(grad_a, np.transpose(h_prev))"),
        Variant("outer products, added", "return sum(np.outer(g, h) for g, h in zip(grad_a.T, h_prev.T))"),
        Variant("broadcast and sum", "return (grad_a[:, None, :] * h_prev[None, :, :]).sum(axis=2)"),
        Variant(
            "three loops",
            "grad_W = np.zeros((grad_a.shape[0], h_prev.shape[0]))\n"
            "for i in range(grad_a.shape[0]):\n"
            "    for j in range(h_prev.shape[0]):\n"
            "        for n in range(grad_a.shape[1]):\n"
            "            grad_W[i, j] += grad_a[i, n] * h_prev[j, n]\n"
            "return grad_W",
        ),
        Variant("nested list", "return [[sum(g * h) for h in h_prev] for g in grad_a]", note="list"),
    ),
)


def bias_cases(rng):
    """Return two batches, a square one, and one example."""

    def case(about, n, N, ordinary=True):
        return Case(about, (rng.normal(size=(n, N)),), ordinary)

    width, n_examples = rng.integers(3, 6), rng.integers(8, 12)
    return [
        case(f"{n_examples} examples and {width} units", width, n_examples),
        case(f"3 examples and {width + 2} units", width + 2, 3),
        case("as many examples as units", 4, 4),
        case("one example", 3, 1, ordinary=False),
    ]


bias_gradient = Question(
    name="bias_gradient",
    homework="hw_03",
    parameters=("grad_a",),
    points=2,
    task="Return ∂L/∂b_k, shape (n_k, 1).",
    read=BIASES,
    make_cases=bias_cases,
    column=True,
    mistakes=(
        Mistake(
            name="mean instead of sum",
            code="return grad_a.mean(axis=1, keepdims=True)",
            nudge="Your answer is too small by one and the same factor. Try it with one example, then with two.",
            reason="A mean divides by N, but 1/N is already in grad_a: N would be counted twice.",
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="multiplied by N",
            code="return grad_a.sum(axis=1, keepdims=True) * grad_a.shape[1]",
            nudge="Your answer is too large by one and the same factor. Try it with one example, then with two.",
            reason="You multiply by N, which takes back the 1/N that came in with the loss. Only the sum is wanted.",
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="wrong axis",
            code="return grad_a.sum(axis=0, keepdims=True)",
            nudge="How many biases has the layer, and how many numbers do you return?",
            reason=(
                "You add over the units (axis 0), and one number per example is left. Each unit has its bias; the sum runs over "
                "the examples."
            ),
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="wrong axis, as a flat array",
            code="return grad_a.sum(axis=0)",
            nudge="Is there one number for each unit, or one for each example?",
            reason="axis=0 adds over the units. The biases belong to the units, so what is added up are the examples.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="wrong axis, as a column",
            code="return grad_a.sum(axis=0).reshape(-1, 1)",
            nudge="It is a column, but is it the right one? One number for each unit is wanted.",
            reason=(
                "You add over the units and then stand the result up: it holds a number for each example. The sum runs over the examples."
            ),
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="mean over the wrong axis",
            code="return grad_a.mean(axis=0, keepdims=True)",
            nudge="Is there one number for each unit, or one for each example? And is it a mean at all?",
            reason="axis=0 goes over the units, but the examples are wanted, as a sum: 1/N is already in grad_a.",
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="not summed",
            code="return grad_a",
            nudge="A gradient has the shape of its quantity. Which shape has b_k?",
            reason="This is right for one example. In a batch all examples share the bias, so their gradients are added up.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="sum of everything",
            code="return grad_a.sum()",
            nudge="How many biases has the layer, and how many numbers do you return?",
            reason="sum() without an axis adds the units too. Each unit has a bias of its own.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="sum of everything for each unit",
            code="return np.full((grad_a.shape[0], 1), grad_a.sum())",
            nudge="All of your entries are the same. Do all units deserve the same blame?",
            reason="The sum runs over the units too. Only the examples are added; the units stay apart.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="sign",
            code="return -grad_a.sum(axis=1, keepdims=True)",
            nudge="Look at the sign: where does a minus come in?",
            reason="a = Wh + b rises with b at the rate +1. The minus belongs to the update.",
            read=BIASES,
        ),
        Mistake(
            name="row instead of column",
            code="return grad_a.sum(axis=1).reshape(1, -1)",
            nudge="The numbers are right. Which shape has b_k?",
            reason="You return a row, (1, n_k). Added to Wh, a row would hand its numbers to the examples instead of the units.",
            read=BIASES,
        ),
        Mistake(
            name="first example only",
            code="return grad_a[:, :1]",
            nudge="Does your answer change when the second example changes?",
            reason="You took the first example and dropped the others. All examples share the bias, so all are added up.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="last example only",
            code="return grad_a[:, -1:]",
            nudge="Does your answer change when the first example changes?",
            reason="Only the last example is left. All examples share the bias, so all are added up.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="ones",
            code="return np.ones((grad_a.shape[0], 1))",
            nudge="The derivative of a with respect to b is 1. Of what do you want the derivative?",
            reason="1 is the local derivative ∂a/∂b. The chain rule multiplies it with ∂L/∂a, and the batch adds up.",
            read=BIASES,
        ),
        Mistake(
            name="zeros",
            code="return np.zeros((grad_a.shape[0], 1))",
            nudge="With a gradient of 0 the biases would never learn. Do they have no influence on a?",
            reason="b is a constant with respect to x, but not with respect to itself: a = Wh + b rises with b at the rate 1.",
            read=BIASES,
        ),
        Mistake(
            name="largest instead of sum",
            code="return grad_a.max(axis=1, keepdims=True)",
            nudge="Does your answer change when a smaller error changes?",
            reason="max keeps one example and drops the others. All examples share the bias, so all are added up.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="absolute values",
            code="return np.abs(grad_a).sum(axis=1, keepdims=True)",
            nudge="Two examples may pull in opposite directions. What happens to that in your sum?",
            reason="abs makes every error positive, so the bias could only ever move one way.",
            read=BIASES,
        ),
    ),
    variants=(
        Variant("product with ones", "return grad_a @ np.ones((grad_a.shape[1], 1))"),
        Variant("a row of ones below h", "return (grad_a @ np.vstack([np.ones((1, grad_a.shape[1]))]).T)[:, -1:]"),
        Variant("einsum", "return np.einsum('in->i', grad_a)[:, None]"),
        Variant("mean times N", "return grad_a.mean(axis=1, keepdims=True) * grad_a.shape[1]"),
        Variant(
            "a loop", "total = np.zeros((grad_a.shape[0], 1))\nfor n in range(grad_a.shape[1]):\n    total += grad_a[:, [n]]\nreturn total"
        ),
        Variant("flat", "return grad_a.sum(axis=1)", note="shape"),
        Variant("nested list", "return [[sum(row)] for row in grad_a]", note="list"),
    ),
)

HOMEWORK = Homework(
    name="hw_03",
    title="The way back through hidden layers",
    questions={question.name: question for question in (hidden_gradient, weight_gradient, bias_gradient)},
)
