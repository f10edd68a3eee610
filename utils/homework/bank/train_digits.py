"""train_digits: return a network that reads digits, after so many passes, with settings of one's own.

Judged from the parameters that come back, on images that were not handed out. Each time the pixels stand in another order and the classes
have other names: to a network that is the same, and what somebody has prepared is worth nothing. That a pass is a pass is seen with a
single image, where it is one step, and with an image that has two labels: there the steps stay long, and each can be followed.
"""

from dataclasses import dataclass

import numpy as np

from utils.homework import reference
from utils.homework.digits import PASSES, images
from utils.homework.places import BATCHES, G_PRIME, PIXELS_IN, YOUR_LOOP
from utils.homework.question import Case, Question
from utils.homework.reference import fresh_parameters, one_hot, sigmoid, softmax

TRAINING = 1000
ENOUGH = 0.94  # of the images that were not handed out; a point less than the goal, for chance
ONE_PASS = 0.945  # of them: more than any single pass reaches
SAME = 1e-3  # relative: a step that lies so close to the allowed directions is one of them
ROUNDING = 1e-6  # relative to the parameters: a step that is so short says nothing
MOST_UNITS = 64
START, ONE, THREE, TWO_LABELS, TRAINED, FIRST_PASS = range(6)


@dataclass(frozen=True, eq=False)
class Images(Case):
    """A case with images that the student's function does not get: a pair (X, y)."""

    held_out: tuple = ()


def inputs(rng):
    """Return one image, to follow single steps, and a thousand, to learn from."""
    X, y = images()
    X, y = X[:, rng.permutation(64)], rng.permutation(10)[y]
    order, seed = rng.permutation(len(X)), int(rng.integers(1, 1000))
    known, others = order[:TRAINING], order[TRAINING:]
    image = X[[np.flatnonzero(y == 9)[rng.integers(100)]]]  # with the last label, so that there are ten classes
    held_out = X[others], y[others]
    return [
        *(
            Case(f"{words} with a single image", (image, np.array([9]), int(words[0]), seed))
            for words in ("0 passes", "1 pass", "3 passes")
        ),
        Case("1 pass with an image that has two labels", (image[[0, 0]], np.array([9, int(rng.integers(9))]), 1, seed)),
        Images(f"{PASSES} passes with {TRAINING} images", (X[known], y[known], PASSES, seed), False, held_out=held_out),
        Images(f"1 pass with {TRAINING} images", (X[known], y[known], 1, seed), False, held_out=held_out),
    ]


# --- what came back ---


def as_network(answer, n_0=64, k=10):
    """Return four arrays as (W1, b1, W2, b2) if their shapes fit together and their numbers are finite, else None."""
    if answer is None or len(answer) != 4 or answer[0].ndim != 2 or answer[0].shape[1] != n_0:
        return None
    n = len(answer[0])
    shapes = (n, n_0), (n, 1), (k, n), (k, 1)
    fits = (v.shape == shape or (v.shape == shape[:1] and shape[1] == 1) for v, shape in zip(answer, shapes, strict=True))
    if not 1 <= n <= MOST_UNITS or not all(fits) or any(v.dtype.kind == "c" or not np.isfinite(v).all() for v in answer):
        return None
    return tuple(v.astype(float).reshape(shape) for v, shape in zip(answer, shapes, strict=True))


def networks(answers, *places):
    """Return the answers at some places as networks; an empty list when one of them is none."""
    found = [as_network(answers[i]) for i in places]
    return [] if any(one is None for one in found) else found


def equal(first, second):
    """Return whether two networks hold the same numbers."""
    return all(a.shape == b.shape and (a == b).all() for a, b in zip(first, second, strict=True))


def other_shapes(cases, answers):
    """Return whether four finite arrays came back for each case, and are no network."""
    readable = [a for a in answers if a is not None and len(a) == 4 and all(v.dtype.kind != "c" and np.isfinite(v).all() for v in a)]
    return len(readable) == len(answers) and not all(as_network(a) for a in answers)


def alike(cases, answers):
    """Return whether all hidden units begin with the same weights."""
    return any(len(W1) > 1 and (W1[:1] == W1).all() and (W2[:, :1] == W2).all() for W1, _, W2, _ in networks(answers, START))


def nothing_moves(cases, answers):
    """Return whether three passes with one image leave the parameters as they were."""
    both = networks(answers, START, THREE)
    return bool(both) and equal(*both)


def passes_ignored(cases, answers):
    """Return whether one pass over many images, and all passes, lead to the same network."""
    both = networks(answers, TRAINED, FIRST_PASS)
    return bool(both) and equal(*both)


SLOPES = {"sigmoid": (sigmoid, lambda h: h * (1 - h)), "tanh": (np.tanh, lambda h: 1 - h**2), "relu": (lambda a: np.maximum(a, 0), np.sign)}


def gradient(x, t, parameters, activation="sigmoid"):
    """Return the gradients for one image, as one long array."""
    W1, b1, W2, b2 = parameters
    g, slope = SLOPES[activation]
    h1 = g(W1 @ x + b1)
    grad_a2 = softmax(W2 @ h1 + b2) - t
    grad_a1 = W2.T @ grad_a2 * slope(h1)
    return long((grad_a1 @ x.T, grad_a1, grad_a2 @ h1.T, grad_a2))


def long(parameters):
    """Return all numbers of some arrays as one array."""
    return np.concatenate([v.ravel() for v in parameters])


def directions(x, t, parameters, activation, velocity=None):
    """Return the directions in which a step may go, in columns: along the gradient, smaller weights, smaller parameters, as before."""
    W1, b1, W2, b2 = parameters
    allowed = [gradient(x, t, parameters, activation), long((W1, 0 * b1, W2, 0 * b2)), long(parameters)]
    return np.column_stack(allowed if velocity is None else [*allowed, velocity])


def as_step(allowed, start, end):
    """Return the shares of the allowed directions in the way from start to end, None if it is no step against the gradient."""
    way = end - start
    shares = np.linalg.lstsq(allowed, way, rcond=None)[0]
    rest = np.linalg.norm(allowed @ shares - way)
    short = ROUNDING * np.linalg.norm(start)
    if rest > max(SAME * np.linalg.norm(way), short) or (shares[0] >= 0 and np.linalg.norm(way) > short):
        return None
    return shares


def one_step(cases, answers, activation="sigmoid", scale=1.0):
    """Return whether a pass with the single image is one step: against the gradient, with weight decay if one likes."""
    both = networks(answers, START, ONE)
    if not both or len(both[0][0]) != len(both[1][0]) or equal(*both):
        return False
    allowed = directions(scale * cases[ONE].arguments[0].T, one_hot(np.array([9]), 10), both[0], activation)
    return as_step(allowed, *map(long, both)) is not None


def one_pass_for_two_labels(cases, answers):
    """Return whether the pass over an image with two labels is one step for both, or one for each in any order."""
    found = networks(answers, START, ONE, TWO_LABELS)
    if not found or len({len(one[0]) for one in found}) > 1:
        return False
    start, one, end = found
    X, y = cases[TWO_LABELS].arguments[:2]
    x, (t, other) = X[:1].T, one_hot(y, 10).T[..., None]
    begin, goal = long(start), long(end)
    if as_step(directions(x, (t + other) / 2, start, "sigmoid"), begin, goal) is not None:
        return True
    shares = as_step(directions(x, t, start, "sigmoid"), begin, long(one))
    for first, second in ((t, other), (other, t)) if shares is not None else ():
        there = begin + directions(x, first, start, "sigmoid") @ shares
        between = [part.reshape(v.shape) for part, v in zip(np.split(there, np.cumsum([v.size for v in start])[:-1]), start, strict=True)]
        if as_step(directions(x, second, between, "sigmoid", there - begin), there, goal) is not None:
            return True
    return False


def share_right(case, network, scale=1.0):
    """Return the share of the images that were not handed out which a network reads correctly."""
    X, y = case.held_out
    return reference.accuracy(scale * X, y, *network)


def shares(cases, answers):
    """Return the shares after all passes and after one; an empty list when there is no network."""
    return [
        share_right(cases[i], network) for i, network in zip((TRAINED, FIRST_PASS), networks(answers, TRAINED, FIRST_PASS), strict=False)
    ]


def scaled_once_more(cases, answers):
    """Return whether the steps are those for pixels that were divided by 16, or multiplied by it, or by 255."""
    return any(one_step(cases, answers, scale=scale) for scale in (1 / 16, 16, 1 / 255))


def other_hidden_units(cases, answers):
    """Return whether the steps are those of tanh or ReLU units."""
    return not one_step(cases, answers) and any(one_step(cases, answers, activation) for activation in ("tanh", "relu"))


def no_single_steps(cases, answers):
    """Return whether a pass with the single image, or with one that has two labels, is something else than its steps."""
    return bool(networks(answers, START, ONE, TWO_LABELS)) and not (one_step(cases, answers) and one_pass_for_two_labels(cases, answers))


def too_good_for_one_pass(cases, answers):
    """Return whether so many images are right after one pass that there were more."""
    found = shares(cases, answers)
    return bool(found) and found[1] >= ONE_PASS


def no_better_than_chance(cases, answers):
    """Return whether the trained network has learned nothing of the digits."""
    found = shares(cases, answers)
    return bool(found) and found[0] < 0.3


def below_the_goal(cases, answers):
    """Return whether too few images are right after all passes."""
    found = shares(cases, answers)
    return bool(found) and found[0] < ENOUGH


def reads_digits(cases, answers):
    """Return "" if the single steps are steps, and the thousand images have taught enough; else None."""
    found = shares(cases, answers)
    return "" if found and networks(answers, *range(len(cases))) and found[0] >= ENOUGH and not no_single_steps(cases, answers) else None


def reference_digits(X, y, passes, seed):
    """Return a network with 32 hidden units; see ``train_batches``."""
    return reference.train_batches(X, y, 32, 2, 25, passes, seed)


reference_digits.__name__ = "train_digits"
train_digits = Question(
    name="train_digits",
    reference=reference_digits,
    inputs=inputs,
    task="Return the parameters of a network that reads digits, after so many passes.",
    homework="hw_06",
    points=3,
    read=BATCHES,
    parts=("W1", "b1", "W2", "b2"),
    accepts=reads_digits,
    unique=False,
    seconds=8.0,  # it trains a network
)


def quick(X, y, passes, seed, n_hidden=32, rate=2, size=50):
    """Return a network that is trained in large batches."""
    return reference.train_batches(X, y, n_hidden, rate, size, passes, seed)


@train_digits.mistake("other shapes", detect=other_shapes)
def other_shapes_than_agreed(X, y, passes, seed):
    """Print the shapes of what you return. Which of them have a row for each hidden unit?

    W1 has a row for each hidden unit and a column for each pixel, W2 a row for each class and a column for each hidden unit, b1 and b2 are
    columns; and there are at most 64 hidden units.
    """
    return tuple(v.T for v in quick(X, y, passes, seed))


@train_digits.mistake(read=YOUR_LOOP, detect=alike)
def all_hidden_units_begin_alike(X, y, passes, seed):
    """Print W1 before and after training. Do its rows ever differ?

    Units that begin with the same weights get the same gradients for ever. Weights begin at random.
    """
    return tuple(v + passes for v in (np.zeros((8, 64)), np.zeros((8, 1)), np.zeros((10, 8)), np.zeros((10, 1))))


@train_digits.mistake(detect=nothing_moves)
def the_images_do_not_matter(X, y, passes, seed):
    """Train with a single image, for 0 passes and for 3. Is there a difference?

    With one image your parameters are the same after any number of passes. The number is not used, or they do not come from training,
    or a batch that is not full is left out.
    """
    return quick(X, y, passes if len(X) >= 50 else 0, seed)


@train_digits.mistake(read=YOUR_LOOP, detect=passes_ignored)
def other_passes_than_asked_for(X, y, passes, seed):
    """Train for one pass and for twenty. Is there a difference?

    The result is the same however many passes are asked for. The number of passes is the caller's: hand it on to train_batches.
    """
    return quick(X, y, min(passes, 1), seed)


@train_digits.mistake(read=PIXELS_IN, detect=scaled_once_more)
def scaled_once_more_inside(X, y, passes, seed):
    """In which range are the pixels that your function gets, and in which range those that it trains with?

    They lie between 0 and 1 already. You scale once more, so your network belongs to other images than those which it will be given.
    """
    return quick(X / 16, y, passes, seed)


@train_digits.mistake(read=G_PRIME, detect=other_hidden_units)
def hidden_units_without_sigmoid(X, y, passes, seed):
    """Which activation have your hidden units?

    Your steps are right for another activation than the sigmoid. Here the network is judged with sigmoid units; for an experiment
    every other one is welcome.
    """
    parameters = fresh_parameters(X.shape[1], 8, y.max() + 1, seed)
    for n in [n for _ in range(min(passes, 3)) for n in range(min(len(X), 5))]:
        flat = gradient(X[[n]].T, one_hot(y[[n]], y.max() + 1), parameters, "tanh")
        cuts = np.cumsum([v.size for v in parameters])[:-1]
        parameters = [v - 0.3 * g.reshape(v.shape) for v, g in zip(parameters, np.split(flat, cuts), strict=True)]
    return parameters


@train_digits.mistake("more steps than a pass has", detect=no_single_steps)
def more_than_one_step(X, y, passes, seed):
    """Train with a single image for one pass. How many steps are that, and is each one your learning rate times the gradient?

    A pass uses each image once: with a single image it is one step against its gradient. Momentum and weight decay may be added,
    and nothing else.
    """
    return quick(X, y, 2 * passes, seed)


@train_digits.mistake(detect=too_good_for_one_pass)
def too_good_after_one_pass(X, y, passes, seed):
    """Train with a thousand images for one pass. How often is each image used?

    After one pass your network is better than one pass can make it: with many images you make more passes than you were asked for.
    """
    return quick(X, y, 30 if passes == 1 and len(X) > 50 else passes, seed, size=20)


@train_digits.mistake(detect=no_better_than_chance)
def no_better_than_guessing(X, y, passes, seed):
    """After 20 passes your network is hardly better than a guess. Do you use the labels that you get? Does the loss fall?

    Either an image meets the label of another one, or the steps are so long that all is lost, or so short that nothing has happened yet.
    """
    return quick(X, np.random.default_rng(seed).permutation(y), passes, seed)


@train_digits.mistake("below the goal", detect=below_the_goal)
def below(X, y, passes, seed):
    """Fewer than 94 of 100 images that your network has never seen are right. Which learning rates have you tried, and which batch sizes?

    With the right settings 20 passes are enough. Smaller batches make more steps in a pass, and a learning rate that is too
    small wastes them.
    """
    return quick(X, y, passes, seed, rate=0.2)


@train_digits.variant()
def with_momentum_and_decay(X, y, passes, seed):
    k, rng = y.max() + 1, np.random.default_rng(seed)
    parameters = list(fresh_parameters(X.shape[1], 24, k, seed))
    velocity = [0 * v for v in parameters]
    for _ in range(passes):
        order = rng.permutation(len(X))
        for i in range(0, len(X), 40):
            batch = order[i : i + 40]
            grads = reference.backward(X[batch].T, one_hot(y, k)[:, batch], *parameters)
            for j, grad_v in enumerate(grads):
                decay = 1e-4 * parameters[j] if j in (0, 2) else 0
                velocity[j] = 0.8 * velocity[j] - 0.5 * (grad_v + decay)
                parameters[j] = parameters[j] + velocity[j]
    return parameters


@train_digits.variant()
def shorter_steps_at_the_end(X, y, passes, seed):
    k, rng = y.max() + 1, np.random.default_rng(seed)
    parameters = fresh_parameters(X.shape[1], 40, k, seed)
    for turn in range(passes):
        order = rng.permutation(len(X))
        for i in range(0, len(X), 25):
            batch = order[i : i + 25]
            grads = reference.backward(X[batch].T, one_hot(y[batch], k), *parameters)
            parameters = reference.gradient_step(parameters, grads, 3 - 2.5 * turn / passes)
    return parameters
