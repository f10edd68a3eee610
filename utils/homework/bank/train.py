"""train: return W₁, b₁, W₂, b₂ after so many epochs of gradient descent."""

import numpy as np

from utils.homework import reference
from utils.homework.places import BIASES, ONE_OVER_N, ONE_PAGE, SUM_OR_MEAN, TOO_EARLY, UPDATE, WEIGHT_BATCH, WHERE_TO_BEGIN, YOUR_LOOP
from utils.homework.question import Case, Question
from utils.homework.reference import backward, cross_entropy, forward, fresh_parameters, gradient_step, one_hot, sigmoid, softmax

SMALL = 1e-4  # a learning rate so small that an epoch moves the parameters along a straight line
FIRST, ONE, TEN, OTHER_SEED, AGAIN, OTHER_RATE, SMALL_ONE, SMALL_TEN, OTHER_LABELS, OTHER_ORDER, LONG_FIRST, LONG = range(12)


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
    order = np.roll(np.arange(len(X)), 1 + int(rng.integers(len(X) - 1)))
    return [
        Case("0 epochs", (X, y, n_hidden, 0.3, 0, seed)),
        Case("1 epoch", (X, y, n_hidden, 0.3, 1, seed)),
        Case("10 epochs", (X, y, n_hidden, 0.3, 10, seed)),
        Case("0 epochs with another seed", (X, y, n_hidden, 0.3, 0, seed + 1)),
        Case("0 epochs with the first seed again", (X, y, n_hidden, 0.3, 0, seed)),
        Case("0 epochs with another learning rate", (X, y, n_hidden, 2.5, 0, seed)),
        Case("1 epoch with a tiny learning rate", (X, y, n_hidden, SMALL, 1, seed)),
        Case("10 epochs with a tiny learning rate", (X, y, n_hidden, SMALL, 10, seed)),
        Case("1 epoch with other labels", (X, (y + 1) % 3, n_hidden, 0.3, 1, seed)),
        Case("1 epoch with the examples in another order", (X[order], y[order], n_hidden, 0.3, 1, seed)),
        Case("0 epochs on other data", (*long, 0, seed)),
        Case("150 epochs", (*long, 150, seed), ordinary=False),
    ]


# --- judged from what came back: where training begins, the path, the end ---


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


def some_parameters(cases, answers, *places):
    """Return the answers at some places as parameters; an empty list when one of them is none."""
    found = [as_parameters(cases[i], answers[i]) for i in places]
    return [] if any(parameters is None for parameters in found) else found


def equal(first, second):
    """Return whether two lists of parameters hold the same numbers."""
    return all((a == b).all() for a, b in zip(first, second, strict=True))


def near(first, second):
    """Return whether two lists of parameters hold the same numbers, up to rounding."""
    return all(np.allclose(a, np.reshape(b, a.shape), rtol=1e-4, atol=1e-6) for a, b in zip(first, second, strict=True))


def beginnings(cases, answers):
    """Return for each case the parameters with which the student's training begins: the answer for 0 epochs."""
    first, other, long = (as_parameters(cases[i], answers[i]) for i in (FIRST, OTHER_SEED, LONG_FIRST))
    return [other if i == OTHER_SEED else long if i in (LONG_FIRST, LONG) else first for i in range(len(cases))]


def alike(cases, answers):
    """Return whether all hidden units begin with the same weights."""
    return any((W1[:1] == W1).all() and (W2[:, :1] == W2).all() for W1, _, W2, _ in some_parameters(cases, answers, FIRST))


def ignores_the_seed(cases, answers):
    """Return whether two seeds lead to the same initial parameters, though not all of them are equal."""
    found = some_parameters(cases, answers, FIRST, OTHER_SEED)
    return bool(found) and equal(*found) and not alike(cases, answers)


def forgets_the_seed(cases, answers):
    """Return whether one seed leads to two different beginnings."""
    found = some_parameters(cases, answers, FIRST, AGAIN)
    return bool(found) and not equal(*found)


def steps_too_early(cases, answers):
    """Return whether the parameters after 0 epochs depend on the learning rate."""
    found = some_parameters(cases, answers, FIRST, OTHER_RATE)
    return bool(found) and not equal(*found) and not forgets_the_seed(cases, answers)


def ignores_the_rate(cases, answers):
    """Return whether two learning rates lead to the same parameters, and not to those of the beginning."""
    found = some_parameters(cases, answers, FIRST, ONE, SMALL_ONE, TEN, SMALL_TEN)
    return bool(found) and equal(found[1], found[2]) and equal(found[3], found[4]) and not equal(found[0], found[1])


def ignores_the_epochs(cases, answers):
    """Return whether one epoch and ten lead to the same parameters, and not to those of the beginning."""
    found = some_parameters(cases, answers, FIRST, ONE, TEN)
    return bool(found) and equal(found[1], found[2]) and not equal(found[0], found[1])


def leads_nowhere(cases, answers):
    """Return whether gradient descent, begun where the answer begins, does not learn: nobody could tell training from standing still."""
    arguments = cases[LONG].arguments
    for start in some_parameters(cases, answers, LONG_FIRST):
        before, after = (mean_loss(*arguments[:2], parameters) for parameters in (start, reference.train(*arguments, start=start)))
        return not (before > 0.3 and after < 0.25 * before)
    return False


def mean_loss(X, y, parameters):
    """Return the cross-entropy of (W1, b1, W2, b2) on examples with scikit-learn's shapes; large, but finite, where ŷ is 0."""
    y_hat = forward(X.T, *parameters)
    return cross_entropy(np.maximum(y_hat, 1e-300), one_hot(y, len(y_hat)))


def descends_otherwise(cases, answers):
    """Return a note if the path is that of gradient descent, though in other steps, and the long run learns; else None.

    With a tiny learning rate every kind of gradient descent moves against a sum of the examples' gradients in which each example
    takes part: with a weight of 1/N for all at once, with 1/n in batches of n. Another slope, or another way to find good
    parameters, does not.
    """
    found = some_parameters(cases, answers, FIRST, SMALL_ONE, SMALL_TEN, LONG_FIRST, LONG)
    if not found or steps_too_early(cases, answers):
        return None
    start, one, ten, long_start, end = found
    weights, later = (weights_of_examples(cases[FIRST], start, parameters) for parameters in (one, ten))
    if weights is None or later is None or weights.min() < 0.2 / len(weights) or abs(later.sum() / weights.sum() - 10) > 0.5:
        return None
    batches = round(weights.sum())
    if batches < 1 or abs(weights.sum() - batches) > 0.03 * batches:
        return None
    X, y, n_hidden, rate, epochs, seed = cases[ONE].arguments
    longer = (batches * rate, epochs), (rate, batches * epochs)  # with all examples at once, and too long a step or too many
    if batches > 1 and any(near(reference.train(X, y, n_hidden, *each, seed, start=start), answers[ONE]) for each in longer):
        return None
    X, y = cases[LONG].arguments[:2]
    target, loss = mean_loss(X, y, reference.train(*cases[LONG].arguments, start=long_start)), mean_loss(X, y, end)
    return "It is gradient descent, though its steps are not quite those of all examples at once." if loss <= 1.5 * target + 0.05 else None


def weights_of_examples(case, start, end):
    """Return the weight of each example's gradient in the way from start to end, per learning rate; None if more took part."""
    X, y = case.arguments[:2]
    targets = one_hot(y, y.max() + 1)
    columns = [np.concatenate([v.ravel() for v in backward(X.T[:, [n]], targets[:, [n]], *start)]) for n in range(len(X))]
    each = np.column_stack(columns)
    way = np.concatenate([(a - b).ravel() for a, b in zip(start, end, strict=True)]) / SMALL
    if not np.isfinite(way).all() or not way.any():
        return None
    total = np.linalg.lstsq(each, way, rcond=None)[0].sum()
    for rcond in (0.02, 0.001):  # examples with nearly equal gradients get nearly equal weights, unless that does not explain the way
        weights = np.full(len(X), total / len(X))
        weights += np.linalg.lstsq(each, way - each @ weights, rcond=rcond)[0]
        if np.linalg.norm(each @ weights - way) <= 0.005 * np.linalg.norm(way):
            return weights
    return None


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
    accepts=descends_otherwise,
    symbols={"targets": "the one-hot targets", "grad_a1": "∂L/∂a₁", "grad_a2": "∂L/∂a₂"},
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


@train.mistake(read=YOUR_LOOP, detect=steps_too_early)
def one_epoch_too_many(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Train for 0 epochs with two learning rates. Do the weights differ? No step should have been made yet.

    After 0 epochs your weights already depend on the learning rate: a step comes before the first epoch, or there is one turn too many.
    """
    return training(X, y, n_hidden, learning_rate, epochs + 1, seed, start)


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

    Your parameters are those of the beginning, as when a step is computed and its result dropped. gradient_step
    returns new arrays; they must get the old names.
    """
    return training(X, y, n_hidden, learning_rate, epochs, seed, start, step=lambda x, t, parameters, learning_rate: parameters)


@train.mistake(read=UPDATE)
def climbs(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Print the loss every epoch. Does it fall?

    Your steps go up the gradient. They are subtracted, not added.
    """
    return training(X, y, n_hidden, -learning_rate, epochs, seed, start)


@train.mistake(read=UPDATE, detect=ignores_the_rate)
def learning_rate_ignored(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Train for one epoch with two learning rates. Does it make a difference?

    The result is the same for every learning rate. The parameter learning_rate is the factor of each step.
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


@train.mistake(read=TOO_EARLY)
def one_layer_after_the_other(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Your network learns, but not by the same steps. Which W₂ carries the gradient to the hidden units?

    The one that made ŷ, not the new one. First all four gradients, then all four steps.
    """

    def step(x, t, parameters, learning_rate):
        W1, b1, W2, b2 = parameters
        h1, (_, _, grad_W2, grad_b2) = sigmoid(W1 @ x + b1), backward(x, t, *parameters)
        grad_a2 = (softmax(W2 @ h1 + b2) - t) / t.shape[1]
        W2, b2 = W2 - learning_rate * grad_W2, b2 - learning_rate * grad_b2
        grad_a1 = (W2.T @ grad_a2) * h1 * (1 - h1)
        return [W1 - learning_rate * grad_a1 @ x.T, b1 - learning_rate * grad_a1.sum(axis=1, keepdims=True), W2, b2]

    return training(X, y, n_hidden, learning_rate, epochs, seed, start, step)


@train.mistake(read=YOUR_LOOP)
def one_epoch_too_few(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Train for one epoch. Has anything moved?

    range(1, epochs) has one turn less than range(epochs).
    """
    return training(X, y, n_hidden, learning_rate, epochs - 1, seed, start)


@train.mistake(read=YOUR_LOOP, detect=ignores_the_epochs)
def one_epoch_only(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Train for one epoch and for ten. Is there a difference?

    The result is the same however many epochs are asked for. Is a return inside the loop, do the new parameters stay outside of it,
    or is the number of turns fixed?
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


@train.variant(note="It is gradient descent")
def random_batches(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    rng = np.random.default_rng(seed)

    def step(x, t, parameters, learning_rate):
        for batch in np.split(rng.permutation(len(X)), 4):
            parameters = one_step(x[:, batch], t[:, batch], parameters, learning_rate)
        return parameters

    return training(X, y, n_hidden, learning_rate, epochs, seed, start, step)
