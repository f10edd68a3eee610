"""What the learner writes in lesson 14: batches, a rule for stopping, decay, the gradient for the input, a push, the most similar image."""

import numpy as np

from utils.explore import digit
from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task

HOW_MANY = Place("14_digits", 3, "How many images for a step?")
BY_HEART = Place("14_digits", 5, "Learned by heart")
PARTS = Place("14_digits", 1, "Three parts")
INPUT = Place("14_digits", 9, "The gradient that nobody needed")


# --- mini-batches ---


def orders(rng):
    """Return orders of examples that batches divide, and one that leaves a rest."""
    return [
        Case("12 examples, 4 in a batch", (rng.permutation(12), 4)),
        Case("15 examples, 3 in a batch", (rng.permutation(15), 3)),
        Case("11 examples, 4 in a batch: the last one is smaller", (rng.permutation(11), 4), ordinary=False),
    ]


def batches(order, size):
    return [order[i : i + size] for i in range(0, len(order), size)]


BATCHES = Question(
    "batches",
    batches,
    orders,
    "Return the order, cut into pieces of this size: a list of arrays, the last one perhaps smaller.",
    parts=("…",),
    read=HOW_MANY,
)


@BATCHES.mistake()
def one_step_at_a_time(order, size):
    """How many pieces come back, and how often does each example occur in them?

    Your pieces overlap: the next one must begin where the last one has ended, `size` further on.
    """
    return [order[i : i + size] for i in range(len(order) - size + 1)]


@BATCHES.mistake()
def first_batch_only(order, size):
    """What becomes of the examples behind the first piece?

    In a pass every example is used once. You return a single batch.
    """
    return [order[:size]]


@BATCHES.mistake()
def so_many_batches(order, size):
    """How many examples has your first piece?

    You cut into `size` pieces. `size` is the number of examples in one piece.
    """
    return np.array_split(order, size)


@BATCHES.mistake()
def every_so_many(order, size):
    """Which entries of `order` are in your first piece?

    Every so many of them, and not neighbours. For a random order that would do as well, but the number of pieces is `size` then.
    """
    return [order[i::size] for i in range(size)]


@BATCHES.mistake()
def places_for_entries(order, size):
    """Does your answer depend on what is in `order`?

    You return places, 0, 1, 2 … in their natural order. The examples must come in the order that was drawn.
    """
    return [np.arange(i, min(i + size, len(order))) for i in range(0, len(order), size)]


@BATCHES.variant()
def with_split(order, size):
    return np.split(order, range(size, len(order), size))


# --- when to stop ---


def courses(rng):
    """Return losses that turn up early, that fall to the end, and that have a small bump before they fall on."""
    fall = np.sort(rng.uniform(0.5, 2, 8))[::-1]
    rise = fall[-1] + np.sort(rng.uniform(0.1, 1, 8))
    bump = fall[3] + 0.05
    return [
        Case("losses that fall, then rise", (np.concatenate([fall, rise]), 3)),
        Case("losses that fall to the end", (fall, 4)),
        Case("a small bump on the way down", (np.concatenate([fall[:4], [bump, bump], fall[4:], rise]), 4)),
        Case("a bump that is longer than the patience", (np.concatenate([fall[:4], np.full(5, bump), fall[4:]]), 3)),
    ]


def stopping_pass(losses, patience):
    best = 0
    for i in range(len(losses)):
        if losses[i] < losses[best]:
            best = i
        if i - best >= patience:
            break
    return best


STOPPING_PASS = Question(
    "stopping_pass",
    stopping_pass,
    courses,
    "Return the number of the best pass when one stops as soon as `patience` passes have brought no lower loss.",
    read=BY_HEART,
)


@STOPPING_PASS.mistake()
def knows_the_future(losses, patience):
    """Your answer does not depend on the patience. Could you know it while the network is still being trained?

    You look for the lowest loss of the whole run. Who stops does not see what comes later.
    """
    return int(np.argmin(losses))


@STOPPING_PASS.mistake()
def first_rise(losses, patience):
    """What does your function do at a small bump?

    It stops at the first rise. With patience it waits whether the loss falls again.
    """
    rises = np.flatnonzero(np.diff(losses) > 0)
    return int(rises[0]) if len(rises) else len(losses) - 1


@STOPPING_PASS.mistake()
def where_it_stopped(losses, patience):
    """Which network does one want in the end, the last one or the best one?

    You return the pass at which the training stops. The best one lies some passes before it.
    """
    best = 0
    for i in range(len(losses)):
        if losses[i] < losses[best]:
            best = i
        if i - best >= patience:
            return i
    return len(losses) - 1


@STOPPING_PASS.mistake()
def highest(losses, patience):
    """Should the loss be high or low?

    You keep the pass with the highest loss.
    """
    return stopping_pass(-np.asarray(losses), patience)


@STOPPING_PASS.mistake()
def the_loss_itself(losses, patience):
    """Is your answer a loss or the number of a pass?

    Return where the loss is lowest, not how low it is.
    """
    return losses[stopping_pass(losses, patience)]


@STOPPING_PASS.variant()
def with_a_counter(losses, patience):
    best, waited = 0, 0
    for i, loss in enumerate(losses):
        best, waited = (i, 0) if loss < losses[best] else (best, waited + (i > 0))
        if waited == patience:
            return best
    return best


# --- weight decay ---


def weights(rng):
    """Return weights, gradients, a learning rate and a decay that all differ in size."""
    return [Case(f"weights of shape {shape}", (*rng.normal(size=(2, *shape)), 0.4, 0.07)) for shape in ((3, 5), (4, 4))]


def decayed(W, grad_W, learning_rate, decay):
    return W - learning_rate * (grad_W + decay * W)


DECAYED = Question("decayed", decayed, weights, "Return W after a step with weight decay.", read=BY_HEART)


@DECAYED.mistake()
def decay_forgotten(W, grad_W, learning_rate, decay):
    """Does your answer change with the decay?

    This is the step without decay.
    """
    return W - learning_rate * grad_W


@DECAYED.mistake()
def weights_grow(W, grad_W, learning_rate, decay):
    """Let the gradient be 0. Do your weights become smaller?

    They become larger: the sign of the second term is wrong.
    """
    return W - learning_rate * (grad_W - decay * W)


@DECAYED.mistake()
def decay_without_rate(W, grad_W, learning_rate, decay):
    """Which of the two terms is multiplied by the learning rate?

    Both: λ W is a gradient, like the other one. You subtract it whole.
    """
    return W - learning_rate * grad_W - decay * W


@DECAYED.mistake()
def decay_twice(W, grad_W, learning_rate, decay):
    """What is the derivative of ½ λ w²? And of λ w²?

    λ w and 2 λ w. Here the ½ is there.
    """
    return W - learning_rate * (grad_W + 2 * decay * W)


@DECAYED.mistake()
def gradient_decays(W, grad_W, learning_rate, decay):
    """What should become smaller, the weights or their gradient?

    You have added a share of the gradient. Add λ W.
    """
    return W - learning_rate * (grad_W + decay * grad_W)


@DECAYED.mistake()
def squared_weights(W, grad_W, learning_rate, decay):
    """What does your second term do to a negative weight?

    You have used the term of the loss itself, ½ λ w². The step needs its derivative.
    """
    return W - learning_rate * (grad_W + decay * W**2 / 2)


@DECAYED.variant()
def shrunk_first(W, grad_W, learning_rate, decay):
    return (1 - learning_rate * decay) * W - learning_rate * grad_W


# --- the most similar image ---


def images(rng):
    """Return one image, more known images than pixels, and their labels."""

    def case(about, n_0, N):
        x_known = rng.uniform(0, 1, (n_0, N))
        return Case(about, (x_known[:, [1]] + rng.normal(scale=0.02, size=(n_0, 1)), x_known, 3 + rng.permutation(N)))

    return [case("images of 4 pixels, 7 known", 4, 7), case("images of 6 pixels, 6 known", 6, 6), case("images of 3 pixels, 5 known", 3, 5)]


def most_similar(image, x_known, labels):
    return labels[((x_known - image) ** 2).sum(axis=0).argmin()]


MOST_SIMILAR = Question(
    "most_similar", most_similar, images, "Return the label of the known image that is nearest to this one.", read=PARTS
)


@MOST_SIMILAR.mistake()
def number_for_label(image, x_known, labels):
    """Is your answer the number of an image, or its class?

    argmin says which image is nearest. Its label is `labels` at this place.
    """
    return ((x_known - image) ** 2).sum(axis=0).argmin()


@MOST_SIMILAR.mistake()
def least_similar(image, x_known, labels):
    """Which distance should win, the smallest or the largest?

    argmax finds the image that is least similar.
    """
    return labels[((x_known - image) ** 2).sum(axis=0).argmax()]


@MOST_SIMILAR.mistake()
def differences_cancel(image, x_known, labels):
    """Can a distance be negative?

    A pixel that is too bright and one that is too dark cancel in your sum. Square the differences first.
    """
    return labels[(x_known - image).sum(axis=0).argmin()]


@MOST_SIMILAR.mistake()
def sum_along_the_images(image, x_known, labels):
    """How many distances do you have, and how many known images are there?

    A column is an image: its squares stand below each other, and axis=0 adds them.
    """
    return labels[((x_known - image) ** 2).sum(axis=1).argmin()]


@MOST_SIMILAR.variant()
def with_norm(image, x_known, labels):
    return labels[np.argmin(np.linalg.norm(x_known - image, axis=0))]


# --- the gradient for the input ---


def first_layers(rng):
    """Return W₁ and ∂𝓛/∂a₁ of sizes that differ, a square one, and one example."""
    return [
        Case("a first layer of 3 units, 5 inputs, 4 examples", (rng.normal(size=(3, 5)), rng.normal(size=(3, 4)))),
        Case("a first layer of 4 units, 4 inputs, 4 examples", (rng.normal(size=(4, 4)), rng.normal(size=(4, 4)))),
        Case("one example", (rng.normal(size=(3, 5)), rng.normal(size=(3, 1))), ordinary=False),
    ]


def input_gradient(W1, grad_a1):
    return W1.T @ grad_a1


INPUT_GRADIENT = Question("input_gradient", input_gradient, first_layers, "Return ∂𝓛/∂x, with the shape of x.", read=INPUT)


@INPUT_GRADIENT.mistake()
def not_turned(W1, grad_a1):
    """Which shape has W₁, and which one has ∂𝓛/∂a₁? Do the inner sizes agree?

    On the way back the matrix is turned: each pixel adds up what comes along its column of W₁.
    """
    return W1 @ grad_a1


@INPUT_GRADIENT.mistake()
def examples_turned(W1, grad_a1):
    """What is a column of your answer, a pixel or an example?

    Your answer is turned: it has the examples in its rows.
    """
    return grad_a1.T @ W1


@INPUT_GRADIENT.mistake()
def multiplied_from_the_right(W1, grad_a1):
    """Which sizes meet in your product, units and units?

    ∂𝓛/∂a₁ has the units in its rows. In W₁ᵀ the units are the columns, so W₁ᵀ stands on the left.
    """
    return grad_a1 @ W1


@INPUT_GRADIENT.mistake()
def minus_sign(W1, grad_a1):
    """Which way does the gradient point, uphill or downhill?

    Uphill. The minus belongs to the step of a training, not to the gradient.
    """
    return -W1.T @ grad_a1


@INPUT_GRADIENT.variant()
def pixel_by_pixel(W1, grad_a1):
    return np.array([sum(W1[i, j] * grad_a1[i] for i in range(len(W1))) for j in range(W1.shape[1])])


# --- a push along its sign ---


def grey_images(rng):
    """Return images with white and black pixels, gradients of every size and sign, and lengths of steps."""

    def case(n_0, eps):
        image = rng.integers(0, 17, (n_0, 1)).astype(float)
        image[:2], image[2:4] = 0, 16
        grad = rng.normal(size=(n_0, 1)) * 10.0 ** rng.integers(-3, 3, (n_0, 1))
        grad[[0, 2]], grad[[1, 3]] = -1.0, 1.0
        return Case(f"{n_0} pixels, ε = {eps}", (image, grad, eps))

    return [case(9, 2.0), case(8, 0.5), case(6, 3.0)]


def push(image, grad_x, eps):
    return np.clip(image + eps * np.sign(grad_x), 0, 16)


PUSH = Question(
    "push", push, grey_images, "Return the image after a step of ε along the sign of the gradient, with all pixels in 0 … 16.", read=INPUT
)


@PUSH.mistake()
def gradient_itself(image, grad_x, eps):
    """By how much does each of your pixels change?

    Each by another amount, since you use the gradient itself. Its sign alone is wanted: every pixel moves by ε.
    """
    return np.clip(image + eps * grad_x, 0, 16)


@PUSH.mistake()
def downhill(image, grad_x, eps):
    """Should the loss of the true class rise or fall?

    Here it should rise, so the step goes along the gradient. Yours goes against it, as in a training.
    """
    return np.clip(image - eps * np.sign(grad_x), 0, 16)


@PUSH.mistake()
def beyond_black_and_white(image, grad_x, eps):
    """How bright is your brightest pixel?

    There is nothing below 0 and nothing above 16: np.clip(…, 0, 16).
    """
    return image + eps * np.sign(grad_x)


@PUSH.mistake()
def clipped_to_one(image, grad_x, eps):
    """How bright is your brightest pixel?

    Grey levels go up to 16 here, not to 1.
    """
    return np.clip(image + eps * np.sign(grad_x), 0, 1)


@PUSH.mistake()
def the_step_alone(image, grad_x, eps):
    """Can one still see the digit in your answer?

    You return the step. It must be added to the image.
    """
    return eps * np.sign(grad_x)


@PUSH.variant()
def with_where(image, grad_x, eps):
    return np.maximum(0, np.minimum(16, np.where(grad_x > 0, image + eps, np.where(grad_x < 0, image - eps, image))))


# --- tasks under the digit explorer ---

UNTOUCHED = {"blur": 0.0, "right": 0, "down": 0, "erased": 0, "push": 0.0}


def _says(state):
    return digit.Seen(**state).answer


def _only(state, *names):
    """Return whether nothing has been done to the image but what these controls do."""
    return all(state[name] == value for name, value in UNTOUCHED.items() if name not in names)


def _fooled(states):
    state = states[-1]
    return state["image"] == 945 and state["direction"] == digit.ALONG and _only(state, "push") and state["push"] <= 2 and _says(state) != 8


def _not_fooled(states):
    state = states[-1]
    return (
        state["image"] == 945 and state["direction"] == digit.RANDOM and _only(state, "push") and state["push"] >= 2 and _says(state) == 8
    )


def _shifted(states):
    state = states[-1]
    way = abs(state["right"]) + abs(state["down"])
    truth = digit.label(state["image"])
    return _only(state, "right", "down") and 1 <= way <= 2 and _says(state) != truth == _says(state | UNTOUCHED)


TASKS = {
    "digit": (
        Task(
            "fool",
            "Image 945, nothing else changed: push it along the sign of ∂𝓛/∂x, by at most 2, until it is no 8 for the network.",
            _fooled,
            "The network is sure of another digit, and for you it is still an 8. Each pixel has moved by an eighth of its range at most.",
        ),
        Task(
            "random",
            "Image 945 again, a push of 2 or more with random signs. Is it still an 8 for the network?",
            _not_fooled,
            "Steps of the same size in a random direction hardly matter: what they add and what they take away cancels.",
        ),
        Task(
            "shift",
            "Find an image that is recognised, and shift it by one or two pixels so that it is not recognised any more.",
            _shifted,
            "For this network pixel 20 and pixel 21 have nothing to do with each other: it has learned digits in their places only.",
        ),
    )
}
