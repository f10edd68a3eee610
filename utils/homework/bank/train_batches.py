"""train_batches: return W₁, b₁, W₂, b₂ after so many passes of gradient descent in batches.

In which order the images come is the student's own. So the judge goes all ways: for a handful of images every division into batches is
tried, and an answer is right when one of them leads to it. A mistake is recognised in the same manner, by going all ways with the mistake.
"""

from functools import cache
from itertools import combinations, combinations_with_replacement, permutations, product

import numpy as np

from utils.homework import reference
from utils.homework.bank.train import as_parameters, equal
from utils.homework.places import BATCHES, BIASES, ONE_OVER_N, TOO_EARLY, UPDATE, YOUR_LOOP
from utils.homework.question import Case, Mistake, Question
from utils.homework.reference import fresh_parameters, one_hot, sigmoid

SEEDS = 4  # so many orders agree by chance once in a million times
ZERO, ONE, TWO = (range(i * SEEDS, (i + 1) * SEEDS) for i in range(3))  # where the cases with so many passes stand, one for each seed
AGAIN, OTHER_RATE, WHOLE, ZERO_MORE, ONE_MORE = range(3 * SEEDS, 3 * SEEDS + 5)


def inputs(rng):
    """Return short runs on so few images that all divisions into batches can be tried: the last batch is a smaller one."""

    def images(N, n_0, k):
        return rng.normal(size=(N, n_0)), rng.permutation(np.arange(N) % k)

    X, y = images(5, 6, 3)
    rate, seed = float(rng.uniform(0.5, 1.0)), int(rng.integers(1, 1000))
    X_more, y_more = images(7, 5, 4)
    words = ("", " with another seed", " with a third seed", " with a fourth seed")
    return [
        *(
            Case(f"{passes} pass{'es' * (passes != 1)}{words[i]}", (X, y, 4, rate, 2, passes, seed + i))
            for passes in range(3)
            for i in range(SEEDS)
        ),
        Case("0 passes with the first seed again", (X, y, 4, rate, 2, 0, seed)),
        Case("0 passes with another learning rate", (X, y, 4, 3 * rate, 2, 0, seed)),
        Case("a batch that is larger than the number of images", (X, y, 4, rate, 9, 2, seed)),
        Case("0 passes on other images", (X_more, y_more, 6, rate, 3, 0, seed)),
        Case("1 pass on other images", (X_more, y_more, 6, rate, 3, 1, seed)),
    ]


# --- all ways at once: parameters with a leading axis, one entry for each way ---


@cache
def divisions(N, size):
    """Return every division of N images into batches, the last one smaller: an order in each row."""
    if size >= N:
        return np.arange(N)[None]
    found = []
    for batch in combinations(range(N), size):
        rest = np.array([n for n in range(N) if n not in batch])
        found += [(*batch, *rest[order]) for order in divisions(N - size, size)]
    return np.array(found)


@cache
def draws(N, size):
    """Return all that can come when each batch is drawn on its own, and an image may come twice."""
    batches = [combinations_with_replacement(range(N), min(size, N - i)) for i in range(0, N, size)]
    return np.array([sum(each, ()) for each in product(*batches)])


@cache
def draws_of_full_batches(N, size):
    """Return the same for batches that all have the full size."""
    batches = [combinations_with_replacement(range(N), size) for _ in range(0, N, size)]
    return np.array([sum(each, ()) for each in product(*batches)])


def gradients(parameters, x, t, share=None):
    """Return the gradients for a batch of each way: x has shape (ways, n_0, n). Each example counts ``share``, or 1/n."""
    W1, b1, W2, b2 = parameters
    h1 = sigmoid(W1 @ x + b1)
    scores = W2 @ h1 + b2
    e = np.exp(scores - scores.max(axis=-2, keepdims=True))
    grad_a2 = (e / e.sum(axis=-2, keepdims=True) - t) * (share or 1 / x.shape[-1])
    grad_a1 = W2.mT @ grad_a2 * h1 * (1 - h1)
    return grad_a1 @ x.mT, grad_a1.sum(-1, keepdims=True), grad_a2 @ h1.mT, grad_a2.sum(-1, keepdims=True)


def batches(x, t, orders, size):
    """Yield the images and targets of one batch after the other, for each order."""
    for i in range(0, orders.shape[1], size):
        batch = orders[:, i : i + size]
        yield x[:, batch].swapaxes(0, 1), t[:, batch].swapaxes(0, 1)


def step(parameters, grads, rate):
    """Return the parameters after a step."""
    return [v - rate * grad_v for v, grad_v in zip(parameters, grads, strict=True)]


def one_pass(parameters, x, t, orders, size, rate):
    """Return the parameters after a pass, for each order of the images."""
    for x_batch, t_batch in batches(x, t, orders, size):
        parameters = step(parameters, gradients(parameters, x_batch, t_batch), rate)
    return parameters


# --- judging by them ---


def ways(cases, answers, place, before, go=one_pass, orders=divisions):
    """Return the orders in which a pass leads from one answer to another, an array with an order in each row; none when it does not."""
    start, end = (as_parameters(cases[i], answers[i]) for i in (before, place))
    X, y, _, rate, size, _, _ = cases[place].arguments
    tried = orders(len(X), size) if callable(orders) else orders
    if start is None or end is None:
        return tried[:0]
    reached = go([v[None] for v in start], X.T, one_hot(y, y.max() + 1), tried, size, rate)
    fits = np.full(len(tried), True)
    for a, b in zip(reached, end, strict=True):
        fits &= np.isclose(a, b, rtol=1e-4, atol=1e-6).all(axis=(-2, -1))
    return tried[fits]


def goes(go, orders=divisions):
    """Return a ``detect``: whether this kind of pass explains the first and the second pass with every seed."""

    def detect(cases, answers):
        steps = ((place, before) for i in range(SEEDS) for place, before in ((ONE[i], ZERO[i]), (TWO[i], ONE[i])))
        return all(len(ways(cases, answers, *each, go, orders)) for each in steps)

    return detect


def right(cases, answers):
    """Return "" if a way leads from each answer to the next; else None."""
    whole = as_parameters(cases[WHOLE], answers[WHOLE])
    if not goes(one_pass)(cases, answers) or not len(ways(cases, answers, ONE_MORE, ZERO_MORE)) or whole is None:
        return None
    if beginning_varies(cases, answers):
        return None
    start = as_parameters(cases[ZERO[0]], answers[ZERO[0]])
    true = train_batches.reference(*cases[WHOLE].arguments, start=start)
    return "" if all(np.allclose(a, b, rtol=1e-4, atol=1e-6) for a, b in zip(true, whole, strict=True)) else None


def found(cases, answers, *places):
    """Return the answers at some places as parameters; an empty list when one of them is none."""
    parameters = [as_parameters(cases[i], answers[i]) for i in places]
    return [] if any(one is None for one in parameters) else parameters


def alike(cases, answers):
    """Return whether all hidden units begin with the same weights."""
    return any((W1[:1] == W1).all() and (W2[:, :1] == W2).all() for W1, _, W2, _ in found(cases, answers, ZERO[0]))


def ignores_the_seed(cases, answers):
    """Return whether two seeds lead to the same initial parameters."""
    both = found(cases, answers, *ZERO[:2])
    return bool(both) and equal(*both)


def forgets_the_seed(cases, answers):
    """Return whether one seed leads to two different beginnings."""
    both = found(cases, answers, ZERO[0], AGAIN)
    return bool(both) and not equal(*both)


def beginning_varies(cases, answers):
    """Return whether the parameters after 0 passes depend on the learning rate."""
    both = found(cases, answers, ZERO[0], OTHER_RATE)
    return bool(both) and not equal(*both)


def passes_ignored(cases, answers):
    """Return whether one pass and two lead to the same parameters, and not to those of the beginning."""
    three = found(cases, answers, ZERO[0], ONE[0], TWO[0])
    return bool(three) and equal(three[1], three[2]) and not equal(three[0], three[1])


def stands_still(cases, answers):
    """Return whether two passes move nothing."""
    both = found(cases, answers, ZERO[0], TWO[0])
    return bool(both) and equal(*both)


def a_pass_too_few(cases, answers):
    """Return whether one pass moves nothing, and two do what one should."""
    both = [found(cases, answers, ZERO[i], ONE[i]) for i in range(SEEDS)]
    return all(pair and equal(*pair) for pair in both) and all(len(ways(cases, answers, TWO[i], ONE[i])) for i in range(SEEDS))


def same_order_in_each_pass(cases, answers):
    """Return whether the second pass has the batches of the first, with every seed."""
    orders = [[ways(cases, answers, *each).tolist() for each in ((ONE[i], ZERO[i]), (TWO[i], ONE[i]))] for i in range(SEEDS)]
    return all(first and first == second for first, second in orders)


def draws_anew(cases, answers):
    """Return whether every batch is drawn on its own, so that an image may come twice in a pass, or never."""
    return right(cases, answers) is None and any(goes(one_pass, orders)(cases, answers) for orders in (draws, draws_of_full_batches))


def anything_else(cases, answers):
    """Return whether the answers are parameters at all, but no way leads to them."""
    return bool(found(cases, answers, *range(len(cases)))) and right(cases, answers) is None


train_batches = Question(
    name="train_batches",
    reference=reference.train_batches,
    inputs=inputs,
    task="Return W₁, b₁, W₂, b₂ after so many passes of gradient descent in batches.",
    homework="hw_06",
    points=5,
    read=BATCHES,
    parts=("W1", "b1", "W2", "b2"),
    column=True,
    given=lambda cases, answers: [None] * len(cases),
    accepts=right,
)


# --- mistakes: a pass that goes wrong, or a loop that does ---


def training(X, y, n_hidden, learning_rate, batch_size, passes, seed, go=one_pass, begin=fresh_parameters, order=None):
    """Return the trained parameters, with another kind of pass, another beginning, or other orders, from ``order(rng, N)``."""
    k, rng = y.max() + 1, np.random.default_rng(seed)
    parameters = [v[None] for v in begin(X.shape[1], n_hidden, k, seed)]
    for _ in range(passes):
        orders = (order(rng, len(X)) if order else rng.permutation(len(X)))[None]
        parameters = go(parameters, X.T, one_hot(y, k), orders, batch_size, learning_rate)
    return tuple(v[0] for v in parameters)


def mistake(name, nudge, reason, read=BATCHES, detect=None, orders=divisions, **changes):
    """Add a known mistake: ``training`` with these changes, recognised by going all ways with the changed pass."""

    def function(X, y, n_hidden, learning_rate, batch_size, passes, seed, start=None):
        return training(X, y, n_hidden, learning_rate, batch_size, passes, seed, **changes)

    found_by = detect or goes(changes["go"], orders)
    train_batches.mistakes.append(Mistake(name, function, nudge, reason, read, found_by))


mistake(
    "all hidden units begin alike",
    "Print W1 before and after training. Do its rows ever differ?",
    "Units that begin with the same weights get the same gradients for ever. Weights begin at random.",
    YOUR_LOOP,
    alike,
    begin=lambda *arguments: [np.zeros_like(v) for v in fresh_parameters(*arguments)],
)
mistake(
    "seed ignored",
    "Train with seed 1 and with seed 2, for 0 passes. Do the weights differ?",
    "Your weights are the same for every seed. The parameter seed decides on them: np.random.default_rng(seed).",
    YOUR_LOOP,
    ignores_the_seed,
    begin=lambda n_0, n_1, n_2, seed: fresh_parameters(n_0, n_1, n_2, 0),
)
mistake(
    "not reproducible",
    "Call your function twice with the same seed. Is the result the same?",
    "Every call draws other weights. A generator made from the seed, np.random.default_rng(seed), draws the same each time.",
    YOUR_LOOP,
    forgets_the_seed,
    begin=lambda n_0, n_1, n_2, seed: fresh_parameters(n_0, n_1, n_2, None),
)


@train_batches.mistake(read=YOUR_LOOP, detect=beginning_varies)
def a_pass_too_many(X, y, n_hidden, learning_rate, batch_size, passes, seed, start=None):
    """Train for 0 passes with two learning rates. Do the weights differ? No step should have been made yet.

    After 0 passes your weights already depend on the learning rate: a step comes before the first pass, or there is one turn too many.
    """
    return training(X, y, n_hidden, learning_rate, batch_size, passes + 1, seed)


mistake(
    "nothing is updated",
    "Compare the parameters before and after a pass. Has anything moved?",
    "Your parameters are those of the beginning, as when a step is computed and its result dropped.",
    YOUR_LOOP,
    stands_still,
    go=lambda parameters, *_: parameters,
)


@train_batches.mistake(read=YOUR_LOOP, detect=a_pass_too_few)
def one_pass_too_few(X, y, n_hidden, learning_rate, batch_size, passes, seed, start=None):
    """Train for one pass. Has anything moved?

    One pass moves nothing, and two do what one should. range(1, passes) has one turn less than range(passes).
    """
    return training(X, y, n_hidden, learning_rate, batch_size, passes - 1, seed)


@train_batches.mistake(read=YOUR_LOOP, detect=passes_ignored)
def one_pass_only(X, y, n_hidden, learning_rate, batch_size, passes, seed, start=None):
    """Train for one pass and for two. Is there a difference?

    The result is the same however many passes are asked for. Is a return inside the loop, or does each
    pass begin with the first parameters?
    """
    return training(X, y, n_hidden, learning_rate, batch_size, min(passes, 1), seed)


mistake(
    "not shuffled",
    "Print the numbers of the images in your first batch, for two seeds. Who has chosen them?",
    "Your batches follow the order in which the images came. Before each pass they get a new random order: rng.permutation(N).",
    orders=lambda N, size: np.arange(N)[None],
    go=one_pass,
    order=lambda rng, N: np.arange(N),
)
mistake(
    "the same order in each pass",
    "Print the order of the images in the first pass and in the second. Are they the same?",
    "The images are shuffled once, and all passes have the same batches. Draw a new order in each pass, from one generator.",
    detect=same_order_in_each_pass,
    order=lambda rng, N: np.random.default_rng(int(rng.bit_generator.seed_seq.entropy)).permutation(N),
)


def without_the_last(parameters, x, t, orders, size, rate):
    """Leave out the images that do not fill a batch."""
    return one_pass(parameters, x, t, orders[:, : orders.shape[1] // size * size], size, rate)


def divided_by(denominator):
    """Return a pass in which every batch's gradient is a sum divided by denominator(N, batch size)."""

    def go(parameters, x, t, orders, size, rate):
        for x_batch, t_batch in batches(x, t, orders, size):
            parameters = step(parameters, gradients(parameters, x_batch, t_batch, 1 / denominator(x.shape[1], size)), rate)
        return parameters

    return go


def from_the_beginning(parameters, x, t, orders, size, rate):
    """Take all gradients of a pass at the place where it began."""
    start = parameters
    for x_batch, t_batch in batches(x, t, orders, size):
        parameters = step(parameters, gradients(start, x_batch, t_batch), rate)
    return parameters


def all_at_once(parameters, x, t, orders, size, rate):
    """Make one step from all images."""
    return one_pass(parameters, x, t, orders[:1], orders.shape[1], rate)


def first_batch_only(parameters, x, t, orders, size, rate):
    """Make one step, from the first batch."""
    return one_pass(parameters, x, t, orders[:, :size], size, rate)


def uphill(parameters, x, t, orders, size, rate):
    """Go along the gradient."""
    return one_pass(parameters, x, t, orders, size, -rate)


def without_biases(parameters, x, t, orders, size, rate):
    """Train the weights alone."""
    for x_batch, t_batch in batches(x, t, orders, size):
        W1, _, W2, _ = step(parameters, gradients(parameters, x_batch, t_batch), rate)
        parameters = W1, parameters[1], W2, parameters[3]
    return parameters


def one_layer_after_the_other(parameters, x, t, orders, size, rate):
    """Take the gradients of layer 1 after layer 2 has made its step."""
    for x_batch, t_batch in batches(x, t, orders, size):
        _, _, W2, b2 = step(parameters, gradients(parameters, x_batch, t_batch), rate)
        scores = parameters[2] @ sigmoid(parameters[0] @ x_batch + parameters[1]) + parameters[3]
        e = np.exp(scores - scores.max(axis=-2, keepdims=True))
        h1 = sigmoid(parameters[0] @ x_batch + parameters[1])
        grad_a1 = W2.mT @ ((e / e.sum(axis=-2, keepdims=True) - t_batch) / x_batch.shape[-1]) * h1 * (1 - h1)
        W1, b1 = step(parameters[:2], (grad_a1 @ x_batch.mT, grad_a1.sum(-1, keepdims=True)), rate)
        parameters = W1, b1, W2, b2
    return parameters


def labels_not_shuffled(parameters, x, t, orders, size, rate):
    """Take the images in the new order, and the targets in the old one."""
    for i in range(0, orders.shape[1], size):
        x_batch = x[:, orders[:, i : i + size]].swapaxes(0, 1)
        parameters = step(parameters, gradients(parameters, x_batch, t[:, i : i + size]), rate)
    return parameters


@cache
def every_order(N, size):
    """Return all orders of N images."""
    return np.array(list(permutations(range(N))))


mistake(
    "the last batch left out",
    "Train with 5 images in batches of 2. How many of the images move anything in a pass?",
    "The images that are left over at the end of a pass, and do not fill a batch, are never used. The last batch may be smaller.",
    go=without_the_last,
)
mistake(
    "wrong 1/n in the last batch",
    "The last batch may be smaller than the others. By which number do you divide there?",
    "You divide by batch_size in every batch. In a smaller one fewer images take part, and the mean is over those.",
    go=divided_by(lambda N, size: size),
)
mistake(
    "1/N of all images",
    "Your steps are too short. By which number do you divide the sum over a batch?",
    "You divide by the number of all images. The gradient of a batch is the mean over the images of this batch.",
    ONE_OVER_N,
    go=divided_by(lambda N, size: N),
)
mistake(
    "a sum in place of a mean",
    "Your steps are too long. What do you do after adding up the examples of a batch?",
    "You add up and do not divide. The loss is a mean, so 1/n belongs into the gradient at the output, for the n images of a batch.",
    ONE_OVER_N,
    go=divided_by(lambda N, size: 1),
)
mistake(
    "all gradients at the beginning of the pass",
    "The first batch moves the parameters. At which parameters do you take the gradient of the second batch?",
    "At those with which the pass began. Each batch needs the gradient at the place where the batch before it has led.",
    go=from_the_beginning,
)
mistake(
    "all images in one step",
    "Does your answer change with batch_size?",
    "Each of your passes is one step from all images. Wanted is a step for every batch.",
    go=all_at_once,
)
mistake(
    "one batch in a pass",
    "How many images does a pass of yours look at?",
    "One batch only, and then the pass is over. A pass ends when every image has been used once.",
    go=first_batch_only,
)
mistake(
    "climbs",
    "Print the loss after every pass. Does it fall?",
    "Your steps go up the gradient. They are subtracted, not added.",
    UPDATE,
    go=uphill,
)
mistake(
    "biases not trained",
    "Compare b1 before and after a pass.",
    "The biases stay where they began. They take the same step as the weights.",
    BIASES,
    go=without_biases,
)
mistake(
    "one layer after the other",
    "Your network learns, but not by the same steps. Which W₂ carries the gradient to the hidden units?",
    "The one that made ŷ, not the new one. First all four gradients, then all four steps.",
    TOO_EARLY,
    go=one_layer_after_the_other,
)
mistake(
    "labels stay behind",
    "Print an image of a batch, and the label that it gets there. Do they belong together?",
    "The images are shuffled, and their labels are not: most images learn a label of another one. Both need the same order.",
    orders=every_order,
    go=labels_not_shuffled,
)
mistake(
    "drawn with replacement",
    "Count in one pass how often each image is used.",
    "Some images are used twice and others never: each batch is drawn anew. Draw one order of all images, and cut it into pieces.",
    detect=draws_anew,
    order=lambda rng, N: rng.integers(0, N, N),
)


@train_batches.mistake("not these steps", detect=anything_else)
def other_gradients(X, y, n_hidden, learning_rate, batch_size, passes, seed, start=None):
    """Train with 2 images in one batch, for one pass. Is the step −η times the gradient that your backward returns, and is backward right?

    However your images are divided into batches, no pass of gradient descent leads from your parameters after 0 passes to those after
    1, and on to those after 2. One generator made from the seed draws the weights first, and then one order in each pass.
    """

    def go(parameters, x, t, orders, size, rate):
        for x_batch, t_batch in batches(x, t, orders, size):
            grad_W1, grad_b1, *others = gradients(parameters, x_batch, t_batch)
            parameters = step(parameters, (0.9 * grad_W1, 1.1 * grad_b1, *others), rate)
        return parameters

    return training(X, y, n_hidden, learning_rate, batch_size, passes, seed, go=go)


# --- right answers that look different ---


@train_batches.variant()
def pieces_of_an_order(X, y, n_hidden, learning_rate, batch_size, passes, seed, start=None):
    k, rng = y.max() + 1, np.random.default_rng(seed)
    W1, W2 = 0.3 * rng.normal(size=(n_hidden, X.shape[1])), 0.3 * rng.normal(size=(k, n_hidden))
    b1, b2 = np.zeros((n_hidden, 1)), np.zeros((k, 1))
    for _ in range(passes):
        order = rng.permutation(len(X))
        while len(order):
            batch, order = order[:batch_size], order[batch_size:]
            x, t = X[batch].T, np.eye(k)[:, y[batch]]
            g1, c1, g2, c2 = reference.backward(x, t, W1, b1, W2, b2)
            W1, b1, W2, b2 = W1 - learning_rate * g1, b1 - learning_rate * c1, W2 - learning_rate * g2, b2 - learning_rate * c2
    return W1, b1, W2, b2


@train_batches.variant()
def shuffled_arrays(X, y, n_hidden, learning_rate, batch_size, passes, seed, start=None):
    np.random.seed(seed)
    k = int(y.max()) + 1
    parameters = [np.random.uniform(-0.5, 0.5, shape) for shape in ((n_hidden, X.shape[1]), (n_hidden, 1), (k, n_hidden), (k, 1))]
    numbers = np.arange(len(X))
    for _ in range(passes):
        np.random.shuffle(numbers)
        for batch in np.split(numbers, range(batch_size, len(numbers), batch_size)):
            grads = reference.backward(X[batch].T, one_hot(y[batch], k), *parameters)
            parameters = reference.gradient_step(parameters, grads, learning_rate)
    return parameters


@train_batches.variant()
def two_generators_and_image_by_image(X, y, n_hidden, learning_rate, batch_size, passes, seed, start=None):
    parameters = fresh_parameters(X.shape[1], n_hidden, y.max() + 1, seed)
    rng, targets = np.random.default_rng(seed + 12345), one_hot(y, y.max() + 1)
    for _ in range(passes):
        order = list(rng.permutation(len(X)))
        for i in range(0, len(order), batch_size):
            batch = order[i : i + batch_size]
            each = [reference.backward(X[[n]].T, targets[:, [n]], *parameters) for n in batch]
            mean = [sum(grads) / len(batch) for grads in zip(*each)]
            parameters = reference.gradient_step(parameters, mean, learning_rate)
    return parameters
