"""Homework 4: the whole algorithm, and an experiment with it (lesson 07)."""

import numpy as np

from utils.homework.places import (
    BIASES,
    FOUR_LINES,
    G_PRIME,
    JACOBIAN,
    LAST_LAYER,
    NINE_WEIGHTS,
    ONE_OVER_N,
    ONE_PAGE,
    SUM_OR_MEAN,
    THREE_WAYS,
    TOO_EARLY,
    TRANSPOSE,
    UPDATE,
    VECTOR,
    WEIGHT_BATCH,
    WHERE_TO_BEGIN,
    YOUR_LOOP,
)
from utils.homework.question import Case, Homework, Mistake, Question, Variant, Written
from utils.homework.reference import cross_entropy, forward, one_hot
from utils.homework.reference import train as true_train


def step_cases(rng):
    """Return lists of several lengths and shapes, with two learning rates, and gradients of exactly 0."""

    def case(about, shapes, learning_rate, ordinary=True):
        parameters, gradients = ([rng.normal(size=shape) for shape in shapes] for _ in range(2))
        return Case(about, (parameters, gradients, learning_rate), ordinary)

    n = int(rng.integers(3, 6))
    still = case("gradients of exactly 0", [(2, n), (2, 1)], 0.5, ordinary=False)
    for gradient in still.arguments[1]:
        gradient[:] = 0
    return [
        case("two layers and a learning rate of 0.3", [(n, 2), (n, 1), (3, n), (3, 1)], 0.3),
        case("three layers and a learning rate of 2.5", [(2, n), (2, 1), (4, 2), (4, 1), (3, 4), (3, 1)], 2.5),
        case("arrays of one shape", [(3, 3), (3, 3)], 0.1),
        case("a single parameter", [(1, 1)], 0.7, ordinary=False),
        still,
    ]


gradient_step = Question(
    name="gradient_step",
    homework="hw_04",
    parameters=("parameters", "gradients", "learning_rate"),
    points=2,
    task="Return a new list with every parameter one step further downhill.",
    read=UPDATE,
    make_cases=step_cases,
    parts=("…",),
    mistakes=(
        Mistake(
            name="plus climbs",
            code="return [v + learning_rate * g for v, g in zip(parameters, gradients)]",
            nudge="Does the loss rise or fall after your step?",
            reason="The gradient points uphill. To go down, the step is subtracted.",
            read=UPDATE,
        ),
        Mistake(
            name="no learning rate",
            code="return [v - g for v, g in zip(parameters, gradients)]",
            nudge="Which of the three parameters do you not use?",
            reason="The step is the gradient times the learning rate, which says how far to go.",
            read=UPDATE,
        ),
        Mistake(
            name="step only",
            code="return [learning_rate * g for g in gradients]",
            nudge="With a gradient of 0 nothing should move. What do you return then?",
            reason="This is the step. Wanted is where one stands after it: the parameter minus the step.",
            read=UPDATE,
        ),
        Mistake(
            name="minus the step only",
            code="return [-learning_rate * g for g in gradients]",
            nudge="With a gradient of 0 nothing should move. What do you return then?",
            reason="This is the step, with its direction. Wanted is where one stands after it.",
            read=UPDATE,
        ),
        Mistake(
            name="changes the parameters in place",
            code="for v, g in zip(parameters, gradients):\n    v -= learning_rate * g\nreturn parameters",
            nudge="The numbers are right, but look at the old parameters after the call.",
            reason="-= writes into the caller's arrays, and parameters[i] = … into the caller's list. Make new arrays, and a new list.",
            read=TOO_EARLY,
        ),
        Mistake(
            name="in place, and nothing returned",
            code="for v, g in zip(parameters, gradients):\n    v -= learning_rate * g",
            nudge="What does your function hand back, and what has become of the old parameters?",
            reason="It writes into the caller's arrays and returns None. Asked for is the opposite: leave those alone, return a new list.",
            read=TOO_EARLY,
        ),
        Mistake(
            name="name rebound in the loop",
            code="for v, g in zip(parameters, gradients):\n    v = v - learning_rate * g\nreturn parameters",
            nudge="Has anything moved in what you return?",
            reason="v = … gives the name v to a new array and leaves the list as it was. The new arrays must be collected.",
            read=UPDATE,
        ),
        Mistake(
            name="return inside the loop",
            code="for v, g in zip(parameters, gradients):\n    return [v - learning_rate * g]",
            nudge="How many parameters go in, and how many come out?",
            reason="return ends the function at the first turn of the loop. It belongs after the loop.",
            read=YOUR_LOOP,
        ),
        Mistake(
            name="last parameter only",
            code="for v, g in zip(parameters, gradients):\n    new = [v - learning_rate * g]\nreturn new",
            nudge="How many parameters go in, and how many come out?",
            reason="Every turn of the loop begins a new list, so only the last one is left. Begin it once, then append.",
            read=YOUR_LOOP,
        ),
        Mistake(
            name="divided by the learning rate",
            code="return [v - g / learning_rate for v, g in zip(parameters, gradients)]",
            nudge="Is your step longer or shorter when the learning rate grows?",
            reason="You divide by the learning rate. It is a factor: a larger one means a longer step.",
            read=UPDATE,
        ),
        Mistake(
            name="sign of the gradient",
            code="return [v - learning_rate * np.sign(g) for v, g in zip(parameters, gradients)]",
            nudge="Are all your steps equally long? A steep direction deserves a longer one.",
            reason="You use the sign of the gradient only. Its size counts, too.",
            read=UPDATE,
        ),
        Mistake(
            name="gradient left out",
            code="return [v - learning_rate for v in parameters]",
            nudge="Which of the three parameters do you not use?",
            reason="Every entry moves by the same amount, whatever its gradient. The step is the learning rate times the gradient.",
            read=UPDATE,
        ),
        Mistake(
            name="shrinks the parameters",
            code="return [v * (1 - learning_rate * g) for v, g in zip(parameters, gradients)]",
            nudge="Does a parameter of 0 ever move in your function?",
            reason="The step is multiplied by the parameter. It is v − η ∂L/∂v, a difference, with nothing in front of it.",
            read=UPDATE,
        ),
        Mistake(
            name="weights only",
            code="return [v - learning_rate * g if i % 2 == 0 else v for i, (v, g) in enumerate(zip(parameters, gradients))]",
            nudge="Compare the second entry with what went in.",
            reason="Every second parameter stays where it is. Biases take the same step as weights.",
            read=UPDATE,
        ),
        Mistake(
            name="one array of all parameters",
            code="return np.array(parameters) - learning_rate * np.array(gradients)",
            nudge="Can arrays of different shapes be stacked into one array?",
            reason="np.array(parameters) needs equal shapes, and weights and biases have different ones. Take them one after the other.",
            read=YOUR_LOOP,
        ),
        Mistake(
            name="always four parameters",
            code="return [parameters[i] - learning_rate * gradients[i] for i in range(4)]",
            nudge="How many parameters has a network with three layers?",
            reason="The number four is that of a network with one hidden layer. A list knows its own length.",
            read=YOUR_LOOP,
        ),
        Mistake(
            name="parameters and gradients exchanged",
            code="return [g - learning_rate * v for v, g in zip(parameters, gradients)]",
            nudge="With a gradient of 0 nothing should move. What do you return then?",
            reason="You subtract the parameter from the gradient: the two are exchanged.",
            read=UPDATE,
        ),
    ),
    variants=(
        Variant(
            "a loop", "new = []\nfor i in range(len(parameters)):\n    new.append(parameters[i] - learning_rate * gradients[i])\nreturn new"
        ),
        Variant("plus a negative step", "return [v + (-learning_rate) * g for v, g in zip(parameters, gradients)]"),
        Variant("map", "return list(map(lambda v, g: v - learning_rate * g, parameters, gradients))"),
        Variant(
            "copies, then in place",
            "new = [v.copy() for v in parameters]\nfor v, g in zip(new, gradients):\n    v -= learning_rate * g\nreturn new",
        ),
        Variant("a tuple", "return tuple(np.subtract(v, learning_rate * g) for v, g in zip(parameters, gradients))"),
        Variant("lists of numbers", "return [(v - learning_rate * g).tolist() for v, g in zip(parameters, gradients)]", note="list"),
    ),
)


def backward_cases(rng):
    """Return networks of different widths, a square one, absent classes, one example, and saturated units."""

    def case(about, n_0, n_1, k, labels, scale=1.0, ordinary=True):
        W1, W2 = rng.normal(size=(n_1, n_0)), rng.normal(size=(k, n_1))
        b1, b2 = rng.normal(size=(n_1, 1)), rng.normal(size=(k, 1))
        return Case(about, (rng.normal(size=(n_0, len(labels))) * scale, one_hot(labels, k), W1, b1, W2, b2 * scale), ordinary)

    n_1, N = int(rng.integers(5, 7)), int(rng.integers(8, 11))
    return [
        case(f"{N} examples and layers of 3, {n_1} and 4 units", 3, n_1, 4, rng.permutation([0, 1, 2, 3, *rng.integers(0, 4, N - 4)])),
        case(f"5 examples and layers of 2, {n_1 + 2} and 3 units", 2, n_1 + 2, 3, rng.permutation([0, 1, 2, 2, 0])),
        case("as many examples as units in every layer", 4, 4, 4, rng.permutation([0, 1, 1, 3])),
        case("a last class that does not occur", 2, 3, 4, rng.permutation([0, 1, 2, 1, 0]), ordinary=False),
        case("one example", 2, 3, 4, rng.integers(0, 4, 1), ordinary=False),
        case("inputs and scores in the ten thousands", 3, 5, 4, rng.permutation([0, 1, 2, 3, 1, 2]), scale=1e4, ordinary=False),
    ]


def way_back(a1="W1 @ x + b1", h1="sigmoid(a1)", y_hat="softmax(a2)", a2="W2 @ h1 + b2", grad_a2="(y_hat - y) / y.shape[1]", **changes):
    """Return a backward pass in which some of the right-hand sides are replaced."""
    lines = {
        "grad_h1": "W2.T @ grad_a2",
        "grad_a1": "grad_h1 * h1 * (1 - h1)",
        "grad_W1": "grad_a1 @ x.T",
        "grad_b1": "grad_a1.sum(axis=1, keepdims=True)",
        "grad_W2": "grad_a2 @ h1.T",
        "grad_b2": "grad_a2.sum(axis=1, keepdims=True)",
    }
    steps = {"a1": a1, "h1": h1, "a2": a2, "y_hat": y_hat, "grad_a2": grad_a2} | lines | changes
    answer = steps.pop("answer", "grad_W1, grad_b1, grad_W2, grad_b2")
    return "\n".join(f"{name} = {value}" for name, value in steps.items()) + f"\nreturn {answer}"


backward = Question(
    name="backward",
    homework="hw_04",
    parameters=("x", "y", "W1", "b1", "W2", "b2"),
    points=5,
    task="Return ∂L/∂W₁, ∂L/∂b₁, ∂L/∂W₂, ∂L/∂b₂.",
    read=ONE_PAGE,
    make_cases=backward_cases,
    parts=("∂L/∂W1", "∂L/∂b1", "∂L/∂W2", "∂L/∂b2"),
    column=True,
    mistakes=(
        Mistake(
            name="order of the answers: layer 2 first",
            code=way_back(answer="grad_W2, grad_b2, grad_W1, grad_b1"),
            nudge="The numbers are right. In which order are they asked for?",
            reason="You return them in the order in which they are found. Asked for are W1, b1, W2, b2.",
            read=ONE_PAGE,
        ),
        Mistake(
            name="order of the answers: weights first",
            code=way_back(answer="grad_W1, grad_W2, grad_b1, grad_b2"),
            nudge="The numbers are right. In which order are they asked for?",
            reason="You return the weights first, then the biases. Asked for are W1, b1, W2, b2.",
            read=ONE_PAGE,
        ),
        Mistake(
            name="weights only",
            code=way_back(answer="grad_W1, grad_W2"),
            nudge="How many parameters has the network, and how many gradients do you return?",
            reason="The biases are trained as well: four gradients, in the order W1, b1, W2, b2.",
            read=ONE_PAGE,
        ),
        Mistake(
            name="no 1/N",
            code=way_back(grad_a2="y_hat - y"),
            nudge="All gradients are too large by one and the same factor. Try it with one example, then with two.",
            reason="The loss is a mean, so 1/N comes in with the first gradient, at the output.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="1/N twice in the weights and biases",
            code=way_back(
                grad_W1="grad_a1 @ x.T / x.shape[1]",
                grad_b1="grad_a1.mean(axis=1, keepdims=True)",
                grad_W2="grad_a2 @ h1.T / x.shape[1]",
                grad_b2="grad_a2.mean(axis=1, keepdims=True)",
            ),
            nudge="All gradients are too small by one and the same factor. Where does 1/N come in, and how often?",
            reason="You divide at the output and once more with every gradient. 1/N comes in once.",
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="1/N in the weights only",
            code=way_back(
                grad_a2="y_hat - y",
                grad_W1="grad_a1 @ x.T / x.shape[1]",
                grad_W2="grad_a2 @ h1.T / x.shape[1]",
            ),
            nudge="The weights are right. By which factor are the biases off?",
            reason=(
                "You divide late, with each weight gradient, and forgot it with the biases. At the output, once, it cannot be forgotten."
            ),
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="sign",
            code=way_back(grad_a2="(y - y_hat) / y.shape[1]"),
            nudge="All of your gradients have the wrong sign. Where does the way back begin?",
            reason="It begins with what the network said, minus the truth: ŷ − y.",
            read=VECTOR,
        ),
        Mistake(
            name="factor 2",
            code=way_back(grad_a2="2 * (y_hat - y) / y.shape[1]"),
            nudge="All of your gradients are twice the right ones. Of which function is the derivative 2 times something?",
            reason="The 2 is that of a square. The cross-entropy has none.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="times ŷ(1 − ŷ)",
            code=way_back(grad_a2="(y_hat - y) * y_hat * (1 - y_hat) / y.shape[1]"),
            nudge="Look at the first gradient, at the output. Where does the factor ŷ(1 − ŷ) come from?",
            reason="It belongs to the squared error behind a sigmoid. Under softmax and cross-entropy it cancels.",
            read=JACOBIAN,
        ),
        Mistake(
            name="no g′",
            code=way_back(grad_a1="grad_h1"),
            nudge="Layer 2 is right, layer 1 is not. What lies between h1 and a1?",
            reason="From h to a each entry is multiplied by the slope of the sigmoid, h(1 − h).",
            read=G_PRIME,
        ),
        Mistake(
            name="g′ at h",
            code=way_back(grad_a1="grad_h1 * sigmoid_prime(h1)"),
            nudge="Layer 2 is right, layer 1 is not. Where do you take the slope of the sigmoid?",
            reason="sigmoid_prime expects a; you gave it h, so the sigmoid is applied twice.",
            read=THREE_WAYS,
        ),
        Mistake(
            name="a taken for h",
            code=way_back(grad_a1="grad_h1 * a1 * (1 - a1)"),
            nudge="Layer 2 is right, layer 1 is not. In terms of which quantity is your slope written?",
            reason="The slope is h(1 − h); you wrote it with a.",
            read=THREE_WAYS,
        ),
        Mistake(
            name="tanh′",
            code=way_back(grad_a1="grad_h1 * (1 - h1**2)"),
            nudge="Layer 2 is right, layer 1 is not. Whose slope is 1 − h²?",
            reason="1 − h² is the slope of tanh. This hidden layer is a sigmoid.",
            read=G_PRIME,
        ),
        Mistake(
            name="W2 without transpose",
            code=way_back(grad_h1="W2 @ grad_a2"),
            nudge="Does it run when the layers have different widths? Write the shapes beside the line for ∂L/∂h1.",
            reason="On the way back unit j collects from all units it has sent to: column j of W2.",
            read=TRANSPOSE,
        ),
        Mistake(
            name="W1 for W2",
            code=way_back(grad_h1="W1.T @ grad_a2"),
            nudge="Which weights lie between h1 and a2?",
            reason="∂L/∂h1 comes down through the weights above it, W2. You used W1, which lies below.",
            read=TRANSPOSE,
        ),
        Mistake(
            name="weight gradients transposed",
            code=way_back(grad_W1="x @ grad_a1.T", grad_W2="h1 @ grad_a2.T"),
            nudge="A gradient has the shape of its quantity. Compare grad_W1 with W1.",
            reason="The two factors are in the wrong order, so you have the gradients of the transposes.",
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="bias gradients as means",
            code=way_back(grad_b1="grad_a1.mean(axis=1, keepdims=True)", grad_b2="grad_a2.mean(axis=1, keepdims=True)"),
            nudge="The weights are right. By which factor are the biases off?",
            reason="A mean divides by N, and 1/N is in ∂L/∂a already: the biases would crawl.",
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="bias gradients not summed",
            code=way_back(grad_b1="grad_a1", grad_b2="grad_a2"),
            nudge="A gradient has the shape of its quantity. Compare grad_b1 with b1.",
            reason="All examples share the bias, so their gradients are added up.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="bias gradients along the wrong axis",
            code=way_back(grad_b1="grad_a1.sum(axis=0, keepdims=True).T", grad_b2="grad_a2.sum(axis=0, keepdims=True).T"),
            nudge="The weights are right. How many biases has each layer?",
            reason="You add over the units, and one number per example is left. The sum runs over the examples.",
            read=BIASES,
        ),
        Mistake(
            name="x in the gradient of W2",
            code=way_back(grad_W2="grad_a2 @ x.T"),
            nudge="Which activations does W2 multiply?",
            reason="W2 multiplies h1, so h1 is the second factor of its gradient. x belongs to W1.",
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="a1 in the gradient of W2",
            code=way_back(grad_W2="grad_a2 @ a1.T"),
            nudge="Which activations does W2 multiply?",
            reason="W2 multiplies h1, after the sigmoid. You used a1, before it.",
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="h1 in the gradient of W1",
            code=way_back(grad_W1="grad_a1 @ h1.T"),
            nudge="Which activations does W1 multiply?",
            reason="W1 multiplies the input x, so x is the second factor of its gradient. h1 is what comes out.",
            read=NINE_WEIGHTS,
        ),
        Mistake(
            name="forward pass without biases",
            code=way_back(a1="W1 @ x", a2="W2 @ h1"),
            nudge="The way back looks well. Check the way forward: which parameters does it use?",
            reason="Your forward pass leaves the biases out, so ŷ and h1 are those of another network.",
            read=FOUR_LINES,
        ),
        Mistake(
            name="sigmoid output",
            code=way_back(y_hat="sigmoid(a2)"),
            nudge="The way back looks well. What does each column of your ŷ sum to?",
            reason="Your output is a sigmoid. With k classes that exclude each other it is a softmax.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="no softmax",
            code=way_back(y_hat="a2"),
            nudge="The way back looks well. What does each column of your ŷ sum to?",
            reason="You take the scores for ŷ. They become probabilities through the softmax.",
            read=LAST_LAYER,
        ),
        Mistake(
            name="tanh hidden layer",
            code=way_back(h1="np.tanh(a1)", grad_a1="grad_h1 * (1 - h1**2)"),
            nudge="Forward and back fit together, but for which activation?",
            reason="Your hidden layer is tanh. Here it is the sigmoid.",
            read=FOUR_LINES,
        ),
        Mistake(
            name="W2 updated too early",
            code=way_back(grad_h1="(W2 - grad_a2 @ h1.T).T @ grad_a2"),
            nudge="Layer 2 is right, layer 1 is off by a little. Which W2 do you go down with?",
            reason="W2 has made its step before ∂L/∂h1 was computed. First all gradients, then the update.",
            read=TOO_EARLY,
        ),
    ),
    variants=(
        Variant("line by line", way_back()),
        Variant("a list", way_back(answer="[grad_W1, grad_b1, grad_W2, grad_b2]")),
        Variant(
            "with earlier answers",
            "a1 = W1 @ x + b1\nh1 = sigmoid(a1)\ng2 = output_gradient(forward(x, W1, b1, W2, b2), y)\n"
            "g1 = hidden_gradient(W2, g2, a1)\n"
            "return weight_gradient(g1, x), bias_gradient(g1), weight_gradient(g2, h1), bias_gradient(g2)",
        ),
        Variant(
            "1/N with the weights",
            way_back(
                grad_a2="y_hat - y",
                grad_W1="grad_a1 @ x.T / y.shape[1]",
                grad_b1="grad_a1.mean(axis=1, keepdims=True)",
                grad_W2="grad_a2 @ h1.T / y.shape[1]",
                grad_b2="grad_a2.mean(axis=1, keepdims=True)",
            ),
        ),
        Variant(
            "bias as a column of W",
            "one = np.ones((1, x.shape[1]))\nx1 = np.vstack([x, one])\nh1 = np.vstack([sigmoid(np.hstack([W1, b1]) @ x1), one])\n"
            "g2 = (softmax(np.hstack([W2, b2]) @ h1) - y) / x.shape[1]\ng1 = W2.T @ g2 * h1[:-1] * (1 - h1[:-1])\n"
            "G1, G2 = g1 @ x1.T, g2 @ h1.T\n"
            "return G1[:, :-1], G1[:, -1:], G2[:, :-1], G2[:, -1:]",
        ),
        Variant(
            "example by example",
            "total = [np.zeros(v.shape) for v in (W1, b1, W2, b2)]\nN = x.shape[1]\nfor n in range(N):\n"
            "    xn, h = x[:, [n]], sigmoid(W1 @ x[:, [n]] + b1)\n    g2 = softmax(W2 @ h + b2) - y[:, [n]]\n"
            "    g1 = W2.T @ g2 * h * (1 - h)\n"
            "    for t, g in zip(total, (g1 @ xn.T, g1, g2 @ h.T, g2)):\n        t += g / N\nreturn tuple(total)",
        ),
        Variant("flat biases", way_back(grad_b1="grad_a1.sum(axis=1)", grad_b2="grad_a2.sum(axis=1)"), note="shape"),
    ),
)


def train_cases(rng):
    """Return short runs from which each single step can be followed, and a long one that must learn."""

    def blobs(k, per_class, n_0):
        y = rng.permutation(np.repeat(np.arange(k), per_class))
        centres = 4 * np.eye(k, n_0) - 2 * (np.arange(k) >= n_0)[:, None]
        return centres[y] + rng.normal(scale=0.5, size=(len(y), n_0)), y

    seed, n_hidden = int(rng.integers(1, 1000)), int(rng.integers(4, 7))
    X, y = blobs(3, 4, 2)
    X_long, y_long = blobs(4, 10, 3)
    long = (X_long, y_long, 8, 0.7)
    return [
        Case("0 epochs", (X, y, n_hidden, 0.3, 0, seed)),
        Case("1 epoch", (X, y, n_hidden, 0.3, 1, seed)),
        Case("4 epochs", (X, y, n_hidden, 0.3, 4, seed)),
        Case("0 epochs with another seed", (X, y, n_hidden, 0.3, 0, seed + 1)),
        Case("0 epochs with the first seed again", (X, y, n_hidden, 0.3, 0, seed)),
        Case("0 epochs on other data", (*long, 0, seed)),
        Case("150 epochs", (*long, 150, seed), ordinary=False),
    ]


SHORT, OTHER_SEED, AGAIN, LONG = (0, 1, 2), 3, 4, (5, 6)


def as_parameters(case, answer):
    """Return an answer of train as (W1, b1, W2, b2) if its shapes are right and its numbers finite, else None."""
    X, y, n_hidden = case.arguments[:3]
    k = int(y.max()) + 1
    shapes = (n_hidden, X.shape[1]), (n_hidden, 1), (k, n_hidden), (k, 1)
    if answer is None or len(answer) != 4:
        return None
    fits = (v.shape == shape or (v.shape == shape[:1] and shape[1] == 1) for v, shape in zip(answer, shapes, strict=True))
    if not all(fits) or any(v.dtype.kind == "c" or not np.isfinite(v).all() for v in answer):
        return None
    return tuple(v.astype(float).reshape(shape) for v, shape in zip(answer, shapes, strict=True))


def beginnings(cases, answers):
    """Return for each case the parameters with which the student's training begins: the answer for 0 epochs."""
    found = [as_parameters(*pair) for pair in zip(cases, answers, strict=True)]
    source = {**dict.fromkeys(SHORT, 0), OTHER_SEED: OTHER_SEED, AGAIN: 0, **dict.fromkeys(LONG, LONG[0])}
    return [found[source[i]] for i in range(len(cases))]


def ignores_the_seed(cases, answers):
    """Return whether two seeds lead to the same initial parameters, though not all of them are equal."""
    first, other = (as_parameters(cases[i], answers[i]) for i in (0, OTHER_SEED))
    return bool(first and other and not alike(cases, answers) and all((a == b).all() for a, b in zip(first, other, strict=True)))


def forgets_the_seed(cases, answers):
    """Return whether one seed leads to two different beginnings."""
    first, again = (as_parameters(cases[i], answers[i]) for i in (0, AGAIN))
    return bool(first and again and not all((a == b).all() for a, b in zip(first, again, strict=True)))


def alike(cases, answers):
    """Return whether all hidden units begin with the same weights."""
    first = as_parameters(cases[0], answers[0])
    return bool(first and (first[0] == first[0][:1]).all() and (first[2] == first[2][:, :1]).all())


def leads_nowhere(cases, answers):
    """Return whether gradient descent, begun where the answer begins, does not learn: nobody could tell training from standing still."""
    start = as_parameters(cases[LONG[0]], answers[LONG[0]])
    if start is None:
        return False
    arguments = cases[LONG[1]].arguments
    before, after = (mean_loss(*arguments[:2], parameters) for parameters in (start, true_train(*arguments, start=start)))
    return not (before > 0.3 and after < 0.25 * before)


def mean_loss(X, y, parameters):
    """Return the cross-entropy of (W1, b1, W2, b2) on examples with scikit-learn's shapes; large, but finite, where ŷ is 0."""
    y_hat = forward(X.T, *parameters)
    return cross_entropy(np.maximum(y_hat, 1e-300), one_hot(y, len(y_hat)))


def learns_otherwise(cases, answers):
    """Return a note if the long run learned as well as gradient descent does, on its own points and on fresh ones; else ""."""
    case = cases[LONG[1]]
    start, end = as_parameters(cases[LONG[0]], answers[LONG[0]]), as_parameters(case, answers[LONG[1]])
    one, four = (as_parameters(cases[i], answers[i]) for i in SHORT[1:])
    if any(parameters is None for parameters in (start, end, one, four)) or any((a == b).all() for a, b in zip(start, end, strict=True)):
        return ""
    X, y = case.arguments[:2]
    noise = np.random.default_rng(0).normal(scale=0.5, size=X.shape)
    fresh = np.array([X[y == label].mean(axis=0) for label in y]) + noise
    usual = true_train(*case.arguments)
    for points in (X, fresh):
        loss, target = mean_loss(points, y, end), mean_loss(points, y, usual)
        right, usually_right = ((forward(points.T, *parameters).argmax(axis=0) == y).mean() for parameters in (end, usual))
        if not (loss <= 1.5 * target + 0.05 and right >= usually_right - 0.05):
            return ""
    return "It learns well, though it takes other steps than gradient descent on all examples at once."


def loop(step, begin="fresh_parameters(X.shape[1], n_hidden, k, seed)", answer="W1, b1, W2, b2", epochs="epochs", before=""):
    """Return a training loop with another beginning, step or end."""
    step = "\n".join(f"    {line}" for line in step.split("\n"))
    return (
        f"k = y.max() + 1\nx, t = X.T, one_hot(y, k)\n{before}W1, b1, W2, b2 = start or {begin}\n"
        f"for epoch in range({epochs}):\n{step}\nreturn {answer}"
    )


GRADIENTS = "g = backward(x, t, W1, b1, W2, b2)\n"
STEP = "W1, b1, W2, b2 = gradient_step([W1, b1, W2, b2], g, learning_rate)"

train = Question(
    name="train",
    homework="hw_04",
    parameters=("X", "y", "n_hidden", "learning_rate", "epochs", "seed"),
    points=5,
    task="Return W₁, b₁, W₂, b₂ after so many epochs of gradient descent.",
    read=YOUR_LOOP,
    make_cases=train_cases,
    parts=("W1", "b1", "W2", "b2"),
    column=True,
    given=beginnings,
    accepts=learns_otherwise,
    mistakes=(
        Mistake(
            name="all hidden units begin alike",
            code=loop(
                GRADIENTS + STEP,
                begin="(np.zeros((n_hidden, X.shape[1])), np.zeros((n_hidden, 1)), np.zeros((k, n_hidden)), np.zeros((k, 1)))",
            ),
            nudge="Print W1 before and after training. Do its rows ever differ?",
            reason=(
                "Units that begin with the same weights get the same gradients for ever: many units, one opinion. Weights begin at random."
            ),
            read=YOUR_LOOP,
            mark=alike,
        ),
        Mistake(
            name="seed ignored",
            code=loop(GRADIENTS + STEP, begin="fresh_parameters(X.shape[1], n_hidden, k, 0)"),
            nudge="Train with seed 1 and with seed 2, for 0 epochs. Do the weights differ?",
            reason="Your weights are the same for every seed. The parameter seed decides on them: np.random.default_rng(seed).",
            read=YOUR_LOOP,
            mark=ignores_the_seed,
        ),
        Mistake(
            name="not reproducible",
            code=loop(GRADIENTS + STEP, begin="fresh_parameters(X.shape[1], n_hidden, k, None)"),
            nudge="Call your function twice with the same seed. Is the result the same?",
            reason="Every call draws other weights. A generator made from the seed, np.random.default_rng(seed), draws the same each time.",
            read=YOUR_LOOP,
            mark=forgets_the_seed,
        ),
        Mistake(
            name="beginning leads nowhere",
            code=loop(GRADIENTS + STEP, begin="[1e-100 * v for v in fresh_parameters(X.shape[1], n_hidden, k, seed)]"),
            nudge="From where you begin, even a perfect training gets nowhere in 150 epochs. How large are your initial weights?",
            reason=(
                "Weights of nearly 0 get gradients of nearly 0, and so do enormous ones, where every sigmoid is flat. "
                "Random numbers with a standard deviation of about 1/√n, for n inputs of the unit, are a good beginning."
            ),
            read=WHERE_TO_BEGIN,
            mark=leads_nowhere,
        ),
        Mistake(
            name="nothing is updated",
            code=loop(GRADIENTS + "gradient_step([W1, b1, W2, b2], g, learning_rate)"),
            nudge="Compare the parameters before and after an epoch. Has anything moved?",
            reason="The step is computed, and its result dropped. gradient_step returns new arrays; they must get the old names.",
            read=YOUR_LOOP,
        ),
        Mistake(
            name="climbs",
            code=loop(GRADIENTS + "W1, b1, W2, b2 = gradient_step([W1, b1, W2, b2], g, -learning_rate)"),
            nudge="Print the loss every epoch. Does it fall?",
            reason="Your steps go up the gradient. They are subtracted, not added.",
            read=UPDATE,
        ),
        Mistake(
            name="learning rate ignored",
            code=loop(GRADIENTS + "W1, b1, W2, b2 = gradient_step([W1, b1, W2, b2], g, 1)"),
            nudge="Train with two learning rates. Does it make a difference?",
            reason="Every step has the length of the gradient itself. The parameter learning_rate is its factor.",
            read=UPDATE,
        ),
        Mistake(
            name="no 1/N",
            code=loop(GRADIENTS + "W1, b1, W2, b2 = gradient_step([W1, b1, W2, b2], [v * len(X) for v in g], learning_rate)"),
            nudge="Your steps are too long by one and the same factor. Which number is it?",
            reason="It is the number of examples: the loss is a mean, so 1/N belongs into the gradient at the output.",
            read=ONE_OVER_N,
        ),
        Mistake(
            name="1/N twice",
            code=loop(GRADIENTS + "W1, b1, W2, b2 = gradient_step([W1, b1, W2, b2], [v / len(X) for v in g], learning_rate)"),
            nudge="Your steps are too short by one and the same factor. Which number is it?",
            reason="It is the number of examples. 1/N is in the gradients already; divided once more, the network hardly learns.",
            read=SUM_OR_MEAN,
        ),
        Mistake(
            name="biases not trained",
            code=loop(GRADIENTS + "W1, _, W2, _ = gradient_step([W1, b1, W2, b2], g, learning_rate)"),
            nudge="Compare b1 before and after an epoch.",
            reason="The biases stay where they began. They take the same step as the weights.",
            read=BIASES,
        ),
        Mistake(
            name="hidden layer not trained",
            code=loop(GRADIENTS + "_, _, W2, b2 = gradient_step([W1, b1, W2, b2], g, learning_rate)"),
            nudge="Compare W1 before and after an epoch.",
            reason="Only the output layer is trained; the hidden units keep their random weights.",
            read=ONE_PAGE,
        ),
        Mistake(
            name="output layer not trained",
            code=loop(GRADIENTS + "W1, b1, _, _ = gradient_step([W1, b1, W2, b2], g, learning_rate)"),
            nudge="Compare W2 before and after an epoch.",
            reason="Only the hidden layer is trained; the output layer keeps its random weights.",
            read=ONE_PAGE,
        ),
        Mistake(
            name="one parameter after the other",
            code=loop(
                "W2 = W2 - learning_rate * backward(x, t, W1, b1, W2, b2)[2]\nb2 = b2 - learning_rate * backward(x, t, W1, b1, W2, b2)[3]\n"
                "W1 = W1 - learning_rate * backward(x, t, W1, b1, W2, b2)[0]\nb1 = b1 - learning_rate * backward(x, t, W1, b1, W2, b2)[1]"
            ),
            nudge="Your network learns, but not by the same steps. In which order do you compute and update?",
            reason="After the first update the other gradients belong to another network. First all four gradients, then all four steps.",
            read=TOO_EARLY,
        ),
        Mistake(
            name="one epoch too few",
            code=loop(GRADIENTS + STEP, epochs="1, epochs"),
            nudge="Train for one epoch. Has anything moved?",
            reason="range(1, epochs) has one turn less than range(epochs).",
            read=YOUR_LOOP,
        ),
        Mistake(
            name="one epoch only",
            code=loop(GRADIENTS + STEP, epochs="min(epochs, 1)"),
            nudge="Train for one epoch and for four. Is there a difference?",
            reason="Only one step is made, whatever epochs says. Is a return inside the loop, or the new parameters outside it?",
            read=YOUR_LOOP,
        ),
        Mistake(
            name="gradients computed once",
            code=loop(STEP).replace("for epoch", "g = backward(x, t, W1, b1, W2, b2)\nfor epoch"),
            nudge="Your first step is right, the second is not. Of which parameters is the second gradient?",
            reason=(
                "The gradients are those of the initial parameters in every epoch. Each epoch needs the gradients at the place "
                "where it stands."
            ),
            read=YOUR_LOOP,
        ),
        Mistake(
            name="first example only",
            code=loop("g = backward(x[:, :1], t[:, :1], W1, b1, W2, b2)\n" + STEP),
            nudge="Does the result change when the second example changes?",
            reason="Only the first example is used. An epoch looks at all of them.",
            read=WEIGHT_BATCH,
        ),
        Mistake(
            name="gradients returned",
            code=loop(GRADIENTS + STEP, before="g = None\n", answer="g or (W1, b1, W2, b2)"),
            nudge="What do you return: where the parameters are, or where they want to go?",
            reason="These are the gradients of the last epoch. Wanted are the parameters after it.",
            read=YOUR_LOOP,
        ),
        Mistake(
            name="row layout",
            code=loop(GRADIENTS + STEP, answer="W1.T, b1.T, W2.T, b2.T").replace("start or", "tuple(v.T for v in start) if start else"),
            nudge="Which shape has W1? It has a row for each of its own units.",
            reason="Your weights are transposed, as if examples were rows. Here W_k has shape (n_k, n_{k−1}), and b_k (n_k, 1).",
            read=ONE_PAGE,
        ),
        Mistake(
            name="one class short",
            code=loop(GRADIENTS + STEP).replace("k = y.max() + 1", "k = y.max()").replace("one_hot(y, k)", "np.eye(k + 1)[:k, y]"),
            nudge="The labels run from 0 to y.max(). How many classes are that?",
            reason="Your output layer has one unit too few: k is y.max() + 1.",
            read=ONE_PAGE,
        ),
    ),
    variants=(
        Variant("a loop over steps", loop(GRADIENTS + STEP)),
        Variant(
            "written out",
            loop(GRADIENTS + "W1, b1, W2, b2 = (v - learning_rate * dv for v, dv in zip((W1, b1, W2, b2), g))", answer="[W1, b1, W2, b2]"),
        ),
        Variant(
            "small uniform weights",
            loop(
                GRADIENTS + STEP,
                begin=(
                    "(np.random.default_rng(seed).uniform(-0.5, 0.5, (n_hidden, X.shape[1])), np.zeros((n_hidden, 1)), "
                    "np.random.default_rng(seed + 1).uniform(-0.5, 0.5, (k, n_hidden)), np.zeros((k, 1)))"
                ),
            ),
        ),
        Variant(
            "NumPy's old generator",
            loop(
                GRADIENTS + STEP,
                before="np.random.seed(seed)\n",
                begin=(
                    "(np.random.randn(n_hidden, X.shape[1]), np.random.randn(n_hidden, 1), np.random.randn(k, n_hidden), "
                    "np.random.randn(k, 1))"
                ),
            ),
        ),
        Variant(
            "forward and back in the loop",
            loop(
                "a1 = W1 @ x + b1\nh1 = sigmoid(a1)\ng2 = (softmax(W2 @ h1 + b2) - t) / len(X)\ng1 = W2.T @ g2 * h1 * (1 - h1)\n"
                "W1, b1 = W1 - learning_rate * g1 @ x.T, b1 - learning_rate * g1.sum(axis=1, keepdims=True)\n"
                "W2, b2 = W2 - learning_rate * g2 @ h1.T, b2 - learning_rate * g2.sum(axis=1, keepdims=True)"
            ),
        ),
        Variant(
            "in place, on its own arrays",
            loop(GRADIENTS + "for v, dv in zip((W1, b1, W2, b2), g):\n    v -= learning_rate * dv").replace(
                "start or", "[v.copy() for v in start] if start else"
            ),
        ),
        Variant(
            "random batches",
            loop(
                "for batch in np.split(rng.permutation(len(X)), 4):\n    g = backward(x[:, batch], t[:, batch], W1, b1, W2, b2)\n    "
                + STEP,
                before="rng = np.random.default_rng(seed)\n",
            ),
            note="other steps",
        ),
    ),
)

HOMEWORK = Homework(
    name="hw_04",
    title="The whole algorithm, and an experiment",
    questions={question.name: question for question in (gradient_step, backward, train)},
    written=(
        Written(
            name="experiment_answer",
            points=4,
            prompt="Which learning rates did you try, what did the loss do with each, and why?",
        ),
    ),
)
