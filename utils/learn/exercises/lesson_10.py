"""What the learner writes in lesson 10: the best classifier, two measures, a forecast, and a schedule."""

import numpy as np

from utils.explore import training
from utils.explore.samples import sample
from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task

CEILING = Place("10_four_classes", 1, "What is the best that anyone can do?")
MEASURES = Place("10_four_classes", 5, "Which clouds are mixed up?")
INFLUENCE = Place("10_four_classes", 7, "Which parameters matter?")
STEP_LENGTH = Place("10_four_classes", 8, "Would twice the step be twice as fast?")


# --- the nearest centre ---


def clouds(rng):
    """Return points and centres: more points than centres, as many points as centres, one point."""

    def case(about, n_points, k):
        return Case(about, (rng.normal(size=(2, n_points)) * [[5], [1]], rng.normal(size=(k, 2, 1)) * [[5], [1]]))

    return [case("40 points and 4 centres", 40, 4), case("25 points and 3 centres", 25, 3), case("4 points and 4 centres", 4, 4)]


def nearest_centre(x, centres):
    distances = [((x - centre) ** 2).sum(axis=0) for centre in centres]
    return np.argmin(distances, axis=0)


NEAREST_CENTRE = Question(
    "nearest_centre", nearest_centre, clouds, "Return for every column of x the number of the centre that is nearest.", read=CEILING
)


@NEAREST_CENTRE.mistake()
def farthest(x, centres):
    """Which distance should win, the smallest or the largest?

    argmax finds the centre that is farthest away.
    """
    return np.argmax([((x - centre) ** 2).sum(axis=0) for centre in centres], axis=0)


@NEAREST_CENTRE.mistake()
def differences_not_squared(x, centres):
    """Can a distance be negative?

    The sum of the two differences can: 5 to the right and 5 down would be 0 far. Square them first.
    """
    return np.argmin([(x - centre).sum(axis=0) for centre in centres], axis=0)


@NEAREST_CENTRE.mistake()
def sum_squared(x, centres):
    """What comes first, the square or the sum?

    You add the differences and square the sum, so they cancel. Square each difference, then add.
    """
    return np.argmin([(x - centre).sum(axis=0) ** 2 for centre in centres], axis=0)


@NEAREST_CENTRE.mistake()
def absolute_differences(x, centres):
    """How do you measure a distance in the plane?

    This is the way along the axes, as in a city of straight streets. The clouds are round: use the sum of the squares.
    """
    return np.argmin([np.abs(x - centre).sum(axis=0) for centre in centres], axis=0)


@NEAREST_CENTRE.mistake()
def first_coordinate(x, centres):
    """How many coordinates has a point?

    You look at one of the two.
    """
    return np.argmin([(x[0] - centre[0]) ** 2 for centre in centres], axis=0)


@NEAREST_CENTRE.mistake()
def axis_of_the_points(x, centres):
    """How many answers come back, and how many points are there?

    A column is a point: its two squares stand above each other, and axis=0 adds them. axis=1 adds over all points.
    """
    return np.argmin([((x - centre) ** 2).sum(axis=1) for centre in centres], axis=0)


@NEAREST_CENTRE.mistake()
def one_winner(x, centres):
    """How many answers come back, and how many points are there?

    Without an axis, argmin looks for one smallest number in the whole table. axis=0 decides for each point.
    """
    return np.argmin([((x - centre) ** 2).sum(axis=0) for centre in centres])


@NEAREST_CENTRE.mistake()
def distances_themselves(x, centres):
    """Is your answer a distance or the number of a centre?

    min gives the smallest distance. argmin says which centre has it.
    """
    return np.min([((x - centre) ** 2).sum(axis=0) for centre in centres], axis=0)


@NEAREST_CENTRE.variant()
def with_roots(x, centres):
    return np.argmin([np.linalg.norm(x - centre, axis=0) for centre in centres], axis=0)


@NEAREST_CENTRE.variant()
def without_a_loop(x, centres):
    return ((x - centres) ** 2).sum(-2).argmin(0)


# --- the confusion matrix ---


def decisions(rng):
    """Return labels and predictions of four and of three classes, each pair more than once, and not symmetric."""

    def case(about, n, k):
        labels = rng.integers(0, k, n)
        predicted = np.where(rng.random(n) < 0.6, labels, np.minimum(labels + 1, k - 1))
        return Case(about, (labels, predicted, k))

    return [
        case("60 examples of 4 classes", 60, 4),
        case("50 examples of 3 classes", 50, 3),
        Case("a class that does not occur", (np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 0]), 3), ordinary=False),
    ]


def confusion(true_labels, predicted, k):
    C = np.zeros((k, k), dtype=int)
    for true, said in zip(true_labels, predicted, strict=True):
        C[true, said] += 1
    return C


CONFUSION = Question(
    "confusion", confusion, decisions, "Return C, where C[l, i] counts the examples of class l that were taken for class i.", read=MEASURES
)


@CONFUSION.mistake()
def rows_and_columns_exchanged(labels, predicted, k):
    """What is a row in your matrix, the true class or the answer?

    Yours has the answers in its rows. C[l, i] has the true class l first.
    """
    return confusion(predicted, labels, k)


@CONFUSION.mistake()
def each_pair_counted_once(labels, predicted, k):
    """How large is the largest number in your matrix, and how many examples are there?

    Each place holds at most 1, however often its pair occurs. It must grow by 1 each time: go through the examples one by one.
    """
    C = np.zeros((k, k), dtype=int)
    C[labels, predicted] += 1
    return C


@CONFUSION.mistake()
def only_the_wrong_ones(labels, predicted, k):
    """What stands on your diagonal?

    The right answers belong to the matrix, too: they are its diagonal.
    """
    C = confusion(labels, predicted, k)
    return C - np.diag(C.diagonal())


@CONFUSION.mistake()
def only_the_right_ones(labels, predicted, k):
    """What stands beside your diagonal?

    Nothing. The mistakes are what the matrix is made for.
    """
    return np.diag(confusion(labels, predicted, k).diagonal())


@CONFUSION.mistake()
def shares(labels, predicted, k):
    """What do your entries add up to?

    They are shares. C counts examples.
    """
    return confusion(labels, predicted, k) / len(labels)


@CONFUSION.variant()
def with_add_at(labels, predicted, k):
    C = np.zeros((k, k), dtype=int)
    np.add.at(C, (labels, predicted), 1)
    return C


@CONFUSION.variant()
def pair_by_pair(labels, predicted, k):
    return np.array([[np.sum((labels == true) & (predicted == said)) for said in range(k)] for true in range(k)])


# --- accuracy of each class ---


def matrices(rng):
    """Return confusion matrices of four and of three classes that are not symmetric."""
    return [Case(f"{k} classes", (rng.integers(1, 30, (k, k)) + np.diag(rng.integers(20, 60, k)),)) for k in (4, 3)]


def per_class(C):
    return C.diagonal() / C.sum(axis=1)


PER_CLASS = Question(
    "per_class", per_class, matrices, "Return for each class the share of its examples that were recognised.", read=MEASURES
)


@PER_CLASS.mistake()
def columns_instead_of_rows(C):
    """Where do all examples of class l stand, in a row or in a column?

    In row l. You divide by the sums of the columns: that is the share of the answers "class l" that were right, another question.
    """
    return C.diagonal() / C.sum(axis=0)


@PER_CLASS.mistake()
def divided_by_all(C):
    """Of how many examples is each of your numbers a share?

    Of all. The examples of class l alone are the sum of row l.
    """
    return C.diagonal() / C.sum()


@PER_CLASS.mistake()
def overall_accuracy(C):
    """How many numbers come back, and how many classes are there?

    This is the accuracy of all classes together.
    """
    return C.trace() / C.sum()


@PER_CLASS.mistake()
def whole_rows(C):
    """How many numbers has each class in your answer?

    These are all shares of each row. The right answers are the diagonal alone.
    """
    return C / C.sum(axis=1, keepdims=True)


@PER_CLASS.mistake()
def share_of_mistakes(C):
    """Is a large number good or bad in your answer?

    You have the share of the wrong ones. The accuracy is the share of the right ones.
    """
    return 1 - C.diagonal() / C.sum(axis=1)


@PER_CLASS.mistake()
def right_ones_against_wrong_ones(C):
    """Of what is your number a share?

    You divide the right ones by the wrong ones. Divide by all examples of the class.
    """
    return C.diagonal() / (C.sum(axis=1) - C.diagonal())


@PER_CLASS.variant()
def row_by_row(C):
    return np.array([C[i, i] / C[i].sum() for i in range(len(C))])


# --- how much a step changes the loss ---


def slopes_and_curvatures(rng):
    """Return a slope, a curvature and a step of either sign."""
    return [Case(f"a step of {step}", (*rng.uniform(0.5, 2, 2) * [1, -1], step)) for step in (0.3, -0.7)]


def expected_change(slope, curvature, step):
    return slope * step + curvature * step**2 / 2


EXPECTED_CHANGE = Question(
    "expected_change",
    expected_change,
    slopes_and_curvatures,
    "Return the change of the loss that slope and curvature announce for a step.",
    read=INFLUENCE,
)


@EXPECTED_CHANGE.mistake()
def slope_alone(slope, curvature, step):
    """Does your answer change when the curvature does?

    You stop after the first term.
    """
    return slope * step


@EXPECTED_CHANGE.mistake()
def half_forgotten(slope, curvature, step):
    """What is the second derivative of ½ c s²? And of c s²?

    c and 2c: without the ½ the curve would bend twice as much as it does.
    """
    return slope * step + curvature * step**2


@EXPECTED_CHANGE.mistake()
def step_not_squared(slope, curvature, step):
    """What does the second term do when the step is doubled?

    It must become four times as large: the step is squared there.
    """
    return slope * step + curvature * step / 2


@EXPECTED_CHANGE.mistake()
def curvature_alone(slope, curvature, step):
    """Does your answer change when the slope does?

    The first term is missing.
    """
    return curvature * step**2 / 2


@EXPECTED_CHANGE.mistake()
def curvature_squared_too(slope, curvature, step):
    """What exactly is squared?

    The step alone. In (c · s)² the curvature is squared, too.
    """
    return slope * step + (curvature * step) ** 2 / 2


@EXPECTED_CHANGE.variant()
def step_taken_out(slope, curvature, step):
    return step * (slope + 0.5 * step * curvature)


# --- long steps first, short steps later ---


def epochs(rng):
    """Return epochs on both sides of the change, and the two beside it."""
    early, late = rng.integers(1, 900), rng.integers(1100, 2000)
    return [Case(f"epoch {epoch}", (int(epoch),)) for epoch in (early, late, 0, 999, 1000, 1999)]


def schedule(epoch):
    return 1.0 if epoch < 1000 else 0.5


SCHEDULE = Question("schedule", schedule, epochs, "Return 1 for the first thousand epochs, 0 … 999, and ½ from then on.", read=STEP_LENGTH)


@SCHEDULE.mistake()
def one_epoch_late(epoch):
    """Which rate has epoch 1000?

    The first thousand epochs are 0 … 999. At 1000 the rate is ½ already.
    """
    return 1.0 if epoch <= 1000 else 0.5


@SCHEDULE.mistake()
def short_steps_first(epoch):
    """Which rate has epoch 0?

    Yours begins with the short steps. The long ones come first.
    """
    return 0.5 if epoch < 1000 else 1.0


@SCHEDULE.mistake()
def always_one(epoch):
    """Does your rate ever change?

    It is 1 throughout.
    """
    return 1.0


@SCHEDULE.mistake()
def always_half(epoch):
    """Does your rate ever change?

    It is ½ throughout.
    """
    return 0.5


@SCHEDULE.mistake()
def smaller_every_time(epoch):
    """Which rate has epoch 999?

    Yours shrinks at every epoch. That is a schedule, too, but another one: here the rate stays 1 up to epoch 999.
    """
    return 1.0 - 0.5 * epoch / 1000 if epoch < 1000 else 0.5


@SCHEDULE.mistake()
def off_by_the_end(epoch):
    """What becomes of the rate in the second half?

    It falls to 0, and the network stops. It should go on with ½.
    """
    return 1.0 if epoch < 1000 else 0.0


@SCHEDULE.variant()
def by_halves(epoch):
    return 0.5 ** (epoch >= 1000)


# --- tasks under the training explorer ---


def _run(state):
    return training.train(**{name: value for name, value in state.items() if name != "replay"})


def _held_back(state):
    """Return the accuracy on the held-back points at the end of the run that a state shows."""
    points = sample(state["data"], state["noise"])
    return _run(state).at(-1).accuracy(points.x_val, points.y_val)


def _one_control_changed(states):
    changed = [name for name, value in states[-1].items() if value != states[0][name] and name != "replay"]
    return len(changed) == 1 and changed != ["data"] and _held_back(states[-1]) > 0.91


def _wound_up(states):
    watched = [state["replay"] for state in states if {**state, "replay": 0} == {**states[-1], "replay": 0}]
    return states[-1]["data"] == "spirals" and min(watched) < 20 and states[-1]["replay"] > 80 and _held_back(states[-1]) > 0.97


TASKS = {
    "training": (
        Task(
            "one control",
            "Four blobs. Change one single control so that more than 91 % of the validation points are right.",
            _one_control_changed,
            "The network was not stuck, it was early: more epochs do it. It is not the only control that does. Which others?",
        ),
        Task(
            "spirals",
            "Spirals. Get more than 97 % of the validation points right. Then move replay back to the beginning, and slowly to the end.",
            _wound_up,
            "The borders begin nearly straight, and wind up along the arms. It needs enough hidden units that can bend them.",
        ),
        Task(
            "divergence",
            "Four blobs, activation relu. Choose a learning rate with which the training diverges.",
            lambda states: states[-1]["data"] == "four blobs" and states[-1]["activation"] == "relu" and bool(_run(states[-1]).diverged),
            "Each step overshoots by more than the last one. The cure: divide the learning rate by ten until the loss falls.",
        ),
    )
}
