"""train: return W₁, b₁, W₂, b₂ after so many epochs of gradient descent."""

import numpy as np

from utils.homework import reference
from utils.homework.places import BIASES, ONE_OVER_N, ONE_PAGE, SUM_OR_MEAN, TOO_EARLY, UPDATE, WEIGHT_BATCH, WHERE_TO_BEGIN, YOUR_LOOP
from utils.homework.question import Case, Question
from utils.homework.reference import backward, cross_entropy, forward, fresh_parameters, gradient_step, one_hot, sigmoid, softmax


def inputs(rng):
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
    before, after = (mean_loss(*arguments[:2], parameters) for parameters in (start, reference.train(*arguments, start=start)))
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
    usual = reference.train(*case.arguments)
    for points in (X, fresh):
        loss, target = mean_loss(points, y, end), mean_loss(points, y, usual)
        right, usually_right = ((forward(points.T, *parameters).argmax(axis=0) == y).mean() for parameters in (end, usual))
        if not (loss <= 1.5 * target + 0.05 and right >= usually_right - 0.05):
            return ""
    return "It learns well, though it takes other steps than gradient descent on all examples at once."


train = Question(
    name="train",
    reference=reference.train,
    inputs=inputs,
    task="Return W₁, b₁, W₂, b₂ after so many epochs of gradient descent.",
    homework="hw_04",
    points=5,
    read=YOUR_LOOP,
    parts=("W1", "b1", "W2", "b2"),
    column=True,
    given=beginnings,
    accepts=learns_otherwise,
)


def one_step(x, t, parameters, learning_rate):
    """Return the parameters after one step of gradient descent."""
    return gradient_step(parameters, backward(x, t, *parameters), learning_rate)


def training(X, y, n_hidden, learning_rate, epochs, seed, start, step=one_step, begin=fresh_parameters):
    """Return the trained parameters, with another step or another beginning."""
    k = y.max() + 1
    parameters = start or begin(X.shape[1], n_hidden, k, seed)
    for _ in range(epochs):
        parameters = step(X.T, one_hot(y, k), parameters, learning_rate)
    return parameters


@train.mistake(read=YOUR_LOOP, detect=alike)
def all_hidden_units_begin_alike(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Print W1 before and after training. Do its rows ever differ?

    Units that begin with the same weights get the same gradients for ever: many units, one opinion. Weights begin at
    random.
    """
    return training(
        X,
        y,
        n_hidden,
        learning_rate,
        epochs,
        seed,
        start,
        begin=lambda *arguments: [np.zeros_like(v) for v in fresh_parameters(*arguments)],
    )


@train.mistake(read=YOUR_LOOP, detect=ignores_the_seed)
def seed_ignored(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Train with seed 1 and with seed 2, for 0 epochs. Do the weights differ?

    Your weights are the same for every seed. The parameter seed decides on them: np.random.default_rng(seed).
    """
    return training(X, y, n_hidden, learning_rate, epochs, 0, start)


@train.mistake(read=YOUR_LOOP, detect=forgets_the_seed)
def not_reproducible(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Call your function twice with the same seed. Is the result the same?

    Every call draws other weights. A generator made from the seed, np.random.default_rng(seed), draws the same each
    time.
    """
    return training(X, y, n_hidden, learning_rate, epochs, None, start)


@train.mistake(read=WHERE_TO_BEGIN, detect=leads_nowhere)
def beginning_leads_nowhere(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """From where you begin, even a perfect training gets nowhere in 150 epochs. How large are your initial weights?

    Weights of nearly 0 get gradients of nearly 0, and so do enormous ones, where every sigmoid is flat. Random numbers
    with a standard deviation of about 1/√n, for n inputs of the unit, are a good beginning.
    """
    return training(
        X, y, n_hidden, learning_rate, epochs, seed, start, begin=lambda *arguments: [1e-100 * v for v in fresh_parameters(*arguments)]
    )


@train.mistake(read=YOUR_LOOP)
def nothing_is_updated(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Compare the parameters before and after an epoch. Has anything moved?

    The step is computed, and its result dropped. gradient_step returns new arrays; they must get the old names.
    """
    return training(X, y, n_hidden, learning_rate, epochs, seed, start, step=lambda x, t, parameters, learning_rate: parameters)


@train.mistake(read=UPDATE)
def climbs(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Print the loss every epoch. Does it fall?

    Your steps go up the gradient. They are subtracted, not added.
    """
    return training(X, y, n_hidden, -learning_rate, epochs, seed, start)


@train.mistake(read=UPDATE)
def learning_rate_ignored(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Train with two learning rates. Does it make a difference?

    Every step has the length of the gradient itself. The parameter learning_rate is its factor.
    """
    return training(X, y, n_hidden, 1, epochs, seed, start)


@train.mistake("no 1/N", read=ONE_OVER_N)
def no_one_over_n(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Your steps are too long by one and the same factor. Which number is it?

    It is the number of examples: the loss is a mean, so 1/N belongs into the gradient at the output.
    """
    return training(X, y, n_hidden, learning_rate * len(X), epochs, seed, start)


@train.mistake("1/N twice", read=SUM_OR_MEAN)
def one_over_n_twice(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Your steps are too short by one and the same factor. Which number is it?

    It is the number of examples. 1/N is in the gradients already; divided once more, the network hardly learns.
    """
    return training(X, y, n_hidden, learning_rate / len(X), epochs, seed, start)


@train.mistake(read=BIASES)
def biases_not_trained(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Compare b1 before and after an epoch.

    The biases stay where they began. They take the same step as the weights.
    """

    def step(x, t, parameters, learning_rate):
        W1, _, W2, _ = one_step(x, t, parameters, learning_rate)
        return W1, parameters[1], W2, parameters[3]

    return training(X, y, n_hidden, learning_rate, epochs, seed, start, step)


@train.mistake(read=ONE_PAGE)
def hidden_layer_not_trained(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Compare W1 before and after an epoch.

    Only the output layer is trained; the hidden units keep their random weights.
    """
    return training(
        X,
        y,
        n_hidden,
        learning_rate,
        epochs,
        seed,
        start,
        step=lambda x, t, parameters, learning_rate: (*parameters[:2], *one_step(x, t, parameters, learning_rate)[2:]),
    )


@train.mistake(read=ONE_PAGE)
def output_layer_not_trained(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Compare W2 before and after an epoch.

    Only the hidden layer is trained; the output layer keeps its random weights.
    """
    return training(
        X,
        y,
        n_hidden,
        learning_rate,
        epochs,
        seed,
        start,
        step=lambda x, t, parameters, learning_rate: (*one_step(x, t, parameters, learning_rate)[:2], *parameters[2:]),
    )


@train.mistake(read=TOO_EARLY)
def one_parameter_after_the_other(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Your network learns, but not by the same steps. In which order do you compute and update?

    After the first update the other gradients belong to another network. First all four gradients, then all four steps.
    """

    def step(x, t, parameters, learning_rate):
        parameters = list(parameters)
        for i in (2, 3, 0, 1):
            parameters[i] = parameters[i] - learning_rate * backward(x, t, *parameters)[i]
        return parameters

    return training(X, y, n_hidden, learning_rate, epochs, seed, start, step)


@train.mistake(read=YOUR_LOOP)
def one_epoch_too_few(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Train for one epoch. Has anything moved?

    range(1, epochs) has one turn less than range(epochs).
    """
    return training(X, y, n_hidden, learning_rate, epochs - 1, seed, start)


@train.mistake(read=YOUR_LOOP)
def one_epoch_only(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Train for one epoch and for four. Is there a difference?

    Only one step is made, whatever epochs says. Is a return inside the loop, or the new parameters outside it?
    """
    return training(X, y, n_hidden, learning_rate, min(epochs, 1), seed, start)


@train.mistake(read=YOUR_LOOP)
def gradients_computed_once(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Your first step is right, the second is not. Of which parameters is the second gradient?

    The gradients are those of the initial parameters in every epoch. Each epoch needs the gradients at the place where
    it stands.
    """
    k = y.max() + 1
    parameters = start or fresh_parameters(X.shape[1], n_hidden, k, seed)
    gradients = backward(X.T, one_hot(y, k), *parameters)
    for _ in range(epochs):
        parameters = gradient_step(parameters, gradients, learning_rate)
    return parameters


@train.mistake(read=WEIGHT_BATCH)
def first_example_only(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Does the result change when the second example changes?

    Only the first example is used. An epoch looks at all of them.
    """
    return training(
        X,
        y,
        n_hidden,
        learning_rate,
        epochs,
        seed,
        start,
        step=lambda x, t, parameters, learning_rate: one_step(x[:, :1], t[:, :1], parameters, learning_rate),
    )


@train.mistake(read=YOUR_LOOP)
def gradients_returned(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """What do you return: where the parameters are, or where they want to go?

    These are the gradients of the last epoch. Wanted are the parameters after it.
    """
    k = y.max() + 1
    parameters = start or fresh_parameters(X.shape[1], n_hidden, k, seed)
    gradients = None
    for _ in range(epochs):
        gradients = backward(X.T, one_hot(y, k), *parameters)
        parameters = gradient_step(parameters, gradients, learning_rate)
    return gradients or parameters


@train.mistake(read=ONE_PAGE)
def row_layout(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Which shape has W1? It has a row for each of its own units.

    Your weights are transposed, as if examples were rows. Here W_k has shape (n_k, n_{k−1}), and b_k (n_k, 1).
    """
    rows = start and tuple(v.T for v in start)
    return tuple(v.T for v in training(X, y, n_hidden, learning_rate, epochs, seed, rows))


@train.mistake(read=ONE_PAGE)
def one_class_short(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """The labels run from 0 to y.max(). How many classes are that?

    Your output layer has one unit too few: k is y.max() + 1.
    """
    k = y.max()
    parameters = start or fresh_parameters(X.shape[1], n_hidden, k, seed)
    for _ in range(epochs):
        parameters = one_step(X.T, one_hot(y, k + 1)[:k], parameters, learning_rate)
    return parameters


# --- right answers that look different ---


@train.variant()
def a_loop_over_steps(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    k = y.max() + 1
    W1, b1, W2, b2 = start or fresh_parameters(X.shape[1], n_hidden, k, seed)
    for _ in range(epochs):
        g = backward(X.T, one_hot(y, k), W1, b1, W2, b2)
        W1, b1, W2, b2 = gradient_step([W1, b1, W2, b2], g, learning_rate)
    return W1, b1, W2, b2


@train.variant()
def written_out(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    k = y.max() + 1
    x, t = X.T, one_hot(y, k)
    W1, b1, W2, b2 = start or fresh_parameters(X.shape[1], n_hidden, k, seed)
    for _ in range(epochs):
        grad_W1, grad_b1, grad_W2, grad_b2 = backward(x, t, W1, b1, W2, b2)
        W1 = W1 - learning_rate * grad_W1
        b1 = b1 - learning_rate * grad_b1
        W2 = W2 - learning_rate * grad_W2
        b2 = b2 - learning_rate * grad_b2
    return [W1, b1, W2, b2]


@train.variant()
def small_uniform_weights(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    def begin(n_0, n_1, n_2, seed):
        W1 = np.random.default_rng(seed).uniform(-0.5, 0.5, (n_1, n_0))
        W2 = np.random.default_rng(seed + 1).uniform(-0.5, 0.5, (n_2, n_1))
        return W1, np.zeros((n_1, 1)), W2, np.zeros((n_2, 1))

    return training(X, y, n_hidden, learning_rate, epochs, seed, start, begin=begin)


@train.variant("NumPy's old generator")
def numpys_old_generator(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    def begin(n_0, n_1, n_2, seed):
        np.random.seed(seed)
        return np.random.randn(n_1, n_0), np.random.randn(n_1, 1), np.random.randn(n_2, n_1), np.random.randn(n_2, 1)

    return training(X, y, n_hidden, learning_rate, epochs, seed, start, begin=begin)


@train.variant()
def forward_and_back_in_the_loop(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    k = y.max() + 1
    x, t = X.T, one_hot(y, k)
    W1, b1, W2, b2 = start or fresh_parameters(X.shape[1], n_hidden, k, seed)
    for _ in range(epochs):
        a1 = W1 @ x + b1
        h1 = sigmoid(a1)
        g2 = (softmax(W2 @ h1 + b2) - t) / len(X)
        g1 = W2.T @ g2 * h1 * (1 - h1)
        W1, b1 = W1 - learning_rate * g1 @ x.T, b1 - learning_rate * g1.sum(axis=1, keepdims=True)
        W2, b2 = W2 - learning_rate * g2 @ h1.T, b2 - learning_rate * g2.sum(axis=1, keepdims=True)
    return W1, b1, W2, b2


@train.variant("in place, on its own arrays")
def in_place_on_its_own_arrays(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    k = y.max() + 1
    parameters = [v.copy() for v in start or fresh_parameters(X.shape[1], n_hidden, k, seed)]
    for _ in range(epochs):
        for v, grad_v in zip(parameters, backward(X.T, one_hot(y, k), *parameters)):
            v -= learning_rate * grad_v
    return parameters


@train.variant(note="other steps")
def random_batches(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    rng = np.random.default_rng(seed)

    def step(x, t, parameters, learning_rate):
        for batch in np.split(rng.permutation(len(X)), 4):
            parameters = one_step(x[:, batch], t[:, batch], parameters, learning_rate)
        return parameters

    return training(X, y, n_hidden, learning_rate, epochs, seed, start, step)
