"""What the learner writes in lesson 09: the best straight border, a border through two points, one derivative, one step, a curvature."""

import numpy as np

from utils.explore import run_replay
from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task

STRAIGHT = Place("09_two_classes", 1, "How far does one straight border come?")
BORDERS = Place("09_two_classes", 2, "And two borders?")
FACTORS = Place("09_two_classes", 4, "What does one weight do?")
CURVES = Place("09_two_classes", 7, "Which parameters matter?")


# --- the best cut along a direction ---


def positions(rng):
    """Return positions along a direction and labels: class 1 mostly far ahead, mostly far behind, and in no order."""

    def case(about, n, shift):
        labels = np.resize([0, 1, 0], n)
        return Case(about, (rng.normal(size=n) + shift * labels, labels))

    return [
        case("31 points, with class 1 ahead", 31, 3),
        case("24 points, with class 1 behind", 24, -3),
        case("25 points that lie mixed", 25, 0.5),
    ]


def best_cut(s, labels):
    right = [((s > cut) == labels).mean() for cut in s]  # class 1 ahead of the cut
    return max(*right, 1 - min(right))  # or behind it: then the others are right


BEST_CUT = Question(
    "best_cut",
    best_cut,
    positions,
    "Return the largest share of points that a single cut gets right, with class 1 on either side.",
    read=STRAIGHT,
)


@BEST_CUT.mistake()
def class_1_always_ahead(s, labels):
    """Must class 1 lie where s is large?

    You try one side only. For each cut there is the opposite answer as well, and it is right where this one is wrong.
    """
    return max(((s > cut) == labels).mean() for cut in s)


@BEST_CUT.mistake()
def class_1_always_behind(s, labels):
    """Must class 1 lie where s is small?

    You try one side only. For each cut there is the opposite answer as well, and it is right where this one is wrong.
    """
    return 1 - min(((s > cut) == labels).mean() for cut in s)


@BEST_CUT.mistake()
def one_cut_in_the_middle(s, labels):
    """How many cuts do you try?

    One, at the mean of s. The best cut may lie anywhere: try one at each point.
    """
    right = ((s > s.mean()) == labels).mean()
    return max(right, 1 - right)


@BEST_CUT.mistake()
def number_of_points(s, labels):
    """Is your answer a number of points or a share?

    A share lies between 0 and 1: divide by the number of points, or take the mean.
    """
    return best_cut(s, labels) * labels.size


@BEST_CUT.mistake()
def the_worst_cut(s, labels):
    """Do you look for the largest or the smallest share?

    min finds the cut that gets fewest right.
    """
    return min(((s > cut) == labels).mean() for cut in s)


@BEST_CUT.mistake()
def share_of_wrong_points(s, labels):
    """Is a large answer good or bad?

    Yours is the share of wrong points.
    """
    return 1 - best_cut(s, labels)


@BEST_CUT.variant()
def behind_or_at_the_cut(s, labels):
    shares = [np.mean((s >= cut) == (labels == 1)) for cut in s]
    return np.max([*shares, *(1 - share for share in shares)])


@BEST_CUT.variant()
def by_sorting(s, labels):
    lead = np.cumsum(np.where(labels[np.argsort(s)] == 0, 1, -1))  # class 0 minus class 1, up to each point
    right = (labels.sum() + np.array([0, *lead])) / labels.size
    return max(right.max(), 1 - right.min())


# --- a border through two points ---


def pairs_of_points(rng):
    """Return pairs of points whose border runs in no special direction and not through the origin."""
    return [Case(f"pair {i}", (rng.uniform(1, 2, 2), rng.uniform(3, 5, 2) * [1, 0.5])) for i in (1, 2)]


def border(p, q):
    along = q - p
    w = np.array([-along[1], along[0]])  # across the border, to its left
    return w, -(w @ p)


BORDER = Question(
    "border",
    border,
    pairs_of_points,
    "Return w and b of a unit whose border runs from p to q, with a > 0 on its left.",
    read=BORDERS,
    parts=("w", "b"),
)


@BORDER.mistake()
def not_turned(p, q):
    """In which direction does your w point, along the border or across it?

    Along it. Across it, the two entries change places and one of them changes its sign.
    """
    w = q - p
    return w, -(w @ p)


@BORDER.mistake()
def turned_to_the_right(p, q):
    """On which side of the border is your a positive, seen from p to q?

    On the right. Change the sign of w.
    """
    w, b = border(p, q)
    return -w, -b


@BORDER.mistake()
def entries_exchanged_only(p, q):
    """What is the product of your w with q − p?

    It must be 0: w stands across the border. You exchanged the entries. One of them changes its sign, too.
    """
    w = (q - p)[::-1]
    return w, -(w @ p)


@BORDER.mistake()
def b_with_the_wrong_sign(p, q):
    """What is your w · p + b?

    p lies on the border, so it must be 0. It is twice w · p: b has the wrong sign.
    """
    w, b = border(p, q)
    return w, -b


@BORDER.mistake()
def b_forgotten(p, q):
    """What is your w · p + b?

    p lies on the border, so it must be 0. Without b, the border runs through the origin.
    """
    return border(p, q)[0], 0.0


@BORDER.mistake()
def entry_by_entry(p, q):
    """How many numbers is a bias?

    One. `w * p` are the products, and a is their sum: `w @ p`.
    """
    w, _ = border(p, q)
    return w, -w * p


@BORDER.variant()
def through_q(p, q):
    w = np.array([p[1] - q[1], q[0] - p[0]])
    return w, -(w * q).sum()


# --- the derivative of one weight ---


def five_factors(rng):
    """Return what the five factors are made of, for 6 and for 9 examples."""

    def case(n):
        x_1 = rng.uniform(0.5, 2, n)
        y_hat, h_11 = rng.uniform(0.1, 0.9, (2, n))
        return Case(f"{n} examples", (x_1, np.resize([1, 0, 0], n), y_hat, rng.uniform(2, 3), h_11))

    return [case(6), case(9)]


def slope_of_w_1(x_1, y, y_hat, w_5, h_11):
    return (2 * (y_hat - y) * y_hat * (1 - y_hat) * w_5 * h_11 * (1 - h_11) * x_1).mean()


SLOPE_OF_W_1 = Question(
    "slope_of_w_1", slope_of_w_1, five_factors, "Return ∂𝓛/∂w₁: the mean over the examples of the five factors' product.", read=FACTORS
)


@SLOPE_OF_W_1.mistake()
def without_the_two(x_1, y, y_hat, w_5, h_11):
    """What is the derivative of a square?

    The derivative of (ŷ − y)² is 2(ŷ − y). The live session's code forgets the 2 as well: it only halves every step.
    """
    return slope_of_w_1(x_1, y, y_hat, w_5, h_11) / 2


@SLOPE_OF_W_1.mistake()
def sum_over_the_examples(x_1, y, y_hat, w_5, h_11):
    """Is 𝓛 a sum or a mean?

    A mean: divide by the number of examples.
    """
    return slope_of_w_1(x_1, y, y_hat, w_5, h_11) * x_1.size


@SLOPE_OF_W_1.mistake()
def product_for_each_example(x_1, y, y_hat, w_5, h_11):
    """How many numbers come back, and how many derivatives has one weight?

    One. You have the product for each example; take their mean.
    """
    return 2 * (y_hat - y) * y_hat * (1 - y_hat) * w_5 * h_11 * (1 - h_11) * x_1


@SLOPE_OF_W_1.mistake()
def target_minus_answer(x_1, y, y_hat, w_5, h_11):
    """Which sign has the first factor where the answer is too large?

    ŷ − y is positive there. You have y − ŷ.
    """
    return -slope_of_w_1(x_1, y, y_hat, w_5, h_11)


@SLOPE_OF_W_1.mistake()
def output_sigmoid_forgotten(x_1, y, y_hat, w_5, h_11):
    """Which factor leads from ŷ to a₂₁?

    ŷ(1 − ŷ), the slope of the output's sigmoid. It is missing.
    """
    return (2 * (y_hat - y) * w_5 * h_11 * (1 - h_11) * x_1).mean()


@SLOPE_OF_W_1.mistake()
def hidden_sigmoid_forgotten(x_1, y, y_hat, w_5, h_11):
    """Which factor leads from h₁₁ to a₁₁?

    h₁₁(1 − h₁₁), the slope of the hidden unit's sigmoid. It is missing.
    """
    return (2 * (y_hat - y) * y_hat * (1 - y_hat) * w_5 * x_1).mean()


@SLOPE_OF_W_1.mistake()
def hidden_value_for_its_slope(x_1, y, y_hat, w_5, h_11):
    """What is the slope of the sigmoid where its value is h₁₁?

    h₁₁(1 − h₁₁). You have h₁₁ alone.
    """
    return (2 * (y_hat - y) * y_hat * (1 - y_hat) * w_5 * h_11 * x_1).mean()


@SLOPE_OF_W_1.mistake()
def weight_above_forgotten(x_1, y, y_hat, w_5, h_11):
    """What would happen to your derivative if w₅ were 0?

    Then nobody would listen to h₁₁, and the derivative would be 0. The factor w₅ is missing.
    """
    return slope_of_w_1(x_1, y, y_hat, 1, h_11)


@SLOPE_OF_W_1.mistake()
def input_forgotten(x_1, y, y_hat, w_5, h_11):
    """What is ∂a₁₁/∂w₁?

    x₁. Without it you have the derivative of the bias b₁₁.
    """
    return slope_of_w_1(1, y, y_hat, w_5, h_11)


@SLOPE_OF_W_1.variant()
def as_a_dot_product(x_1, y, y_hat, w_5, h_11):
    blame = 2 * (y_hat - y) * (y_hat - y_hat**2) / len(y)
    return (blame * (h_11 - h_11**2)) @ x_1 * w_5


# --- a step of one weight alone ---


def weights_and_gradients(rng):
    """Return a matrix, its gradient, a place in it counted from 1, and a learning rate."""

    def case(i, j):
        return Case(f"row {i}, column {j}", (rng.uniform(1, 2, (3, 4)), rng.uniform(0.5, 1.5, (3, 4)), i, j, 0.3))

    return [case(1, 2), case(2, 1), case(2, 3)]


def step_of_one(W, grad_W, i, j, learning_rate):
    stepped = W.copy()
    stepped[i - 1, j - 1] -= learning_rate * grad_W[i - 1, j - 1]
    return stepped


STEP_OF_ONE = Question(
    "step_of_one",
    step_of_one,
    weights_and_gradients,
    "Return W after a step of gradient descent in which its entry in row i, column j has moved and no other.",
    read=FACTORS,
)


@STEP_OF_ONE.mistake()
def all_of_them_move(W, grad_W, i, j, learning_rate):
    """How many entries of your W have changed?

    All of them. Take the step in one place only.
    """
    return W - learning_rate * grad_W


@STEP_OF_ONE.mistake()
def uphill(W, grad_W, i, j, learning_rate):
    """Does your step lead against the gradient, or along it?

    Along it: the loss would rise. Subtract.
    """
    return 2 * W - step_of_one(W, grad_W, i, j, learning_rate)


@STEP_OF_ONE.mistake()
def counted_from_0(W, grad_W, i, j, learning_rate):
    """Which entry does Python call [1, 1]?

    The second of the second row. Python counts from 0, and i and j count from 1: subtract 1 from both.
    """
    return step_of_one(W, grad_W, i + 1, j + 1, learning_rate)


@STEP_OF_ONE.mistake()
def row_and_column_exchanged(W, grad_W, i, j, learning_rate):
    """What is i, a row or a column?

    A row, and it comes first in the brackets. You have exchanged the two.
    """
    return step_of_one(W, grad_W, j, i, learning_rate)


@STEP_OF_ONE.mistake()
def learning_rate_forgotten(W, grad_W, i, j, learning_rate):
    """How long is your step?

    As long as the derivative. The learning rate is missing.
    """
    return step_of_one(W, grad_W, i, j, 1)


@STEP_OF_ONE.mistake()
def the_entry_alone(W, grad_W, i, j, learning_rate):
    """Which shape should come back?

    That of W: the whole matrix, in which one entry has moved.
    """
    return step_of_one(W, grad_W, i, j, learning_rate)[i - 1, j - 1]


@STEP_OF_ONE.variant()
def with_a_mask(W, grad_W, i, j, learning_rate):
    mask = np.zeros(W.shape)
    mask[i - 1, j - 1] = 1
    return W - learning_rate * mask * grad_W


# --- the curvature by nudging ---


def three_losses(rng):
    """Return three values of a parabola, and the distance between their places."""

    def case(eps):
        slope, bend = rng.uniform(1, 2), rng.uniform(2, 4)
        up, here, down = (0.5 + slope * s + bend * s**2 / 2 for s in (eps, 0, -eps))
        return Case(f"ε = {eps}", (up, here, down, eps))

    return [case(0.5), case(0.25)]


def curvature(up, here, down, eps):
    return (up - 2 * here + down) / eps**2


CURVATURE = Question(
    "curvature", curvature, three_losses, "Return the curvature: how much the slope changes per unit of the way.", read=CURVES
)


@CURVATURE.mistake()
def slope_itself(up, here, down, eps):
    """Does your answer notice a bend?

    This is the slope, the central difference. The curvature is the difference of two slopes, divided by ε.
    """
    return (up - down) / (2 * eps)


@CURVATURE.mistake()
def divided_once(up, here, down, eps):
    """How often do you divide by ε?

    Once for the slopes and once for their difference: twice.
    """
    return (up - 2 * here + down) / eps


@CURVATURE.mistake()
def distance_of_two(up, here, down, eps):
    """How far apart are the middles of the two stretches?

    From −ε/2 to +ε/2: that is ε, not 2ε.
    """
    return (up - 2 * here + down) / (2 * eps**2)


@CURVATURE.mistake()
def bent_the_other_way(up, here, down, eps):
    """Which sign should a valley have?

    A positive one: its slope grows. You subtract the right slope from the left one.
    """
    return -curvature(up, here, down, eps)


@CURVATURE.mistake()
def middle_counted_once(up, here, down, eps):
    """How often does the middle value stand in the two slopes together?

    Twice: once in each of them.
    """
    return (up - here + down) / eps**2


@CURVATURE.mistake()
def not_divided(up, here, down, eps):
    """What becomes of your answer when ε is halved?

    It falls to a quarter. Divide by ε twice, and it hardly changes.
    """
    return up - 2 * here + down


@CURVATURE.variant()
def slope_of_the_slope(up, here, down, eps):
    right, left = (up - here) / eps, (here - down) / eps
    return (right - left) / eps


# --- tasks under the two explorers ---


def _accuracy(state):
    """Return the accuracy at the end of the run that a state shows."""
    run = run_replay.train(**{name: value for name, value in state.items() if name != "replay"})
    return run.at(-1).accuracy(run.x, run.y)


def _of_this_run(states):
    """Return where the run that the present state shows was looked at, in percent."""
    return [state["replay"] for state in states if {**state, "replay": 0} == {**states[-1], "replay": 0}]


def _replayed(states):
    now, watched = states[-1], _of_this_run(states)
    return now["seed"] == 1 and now["n_hidden"] == 2 and min(watched) < 5 and max(watched) > 90 and any(5 <= at <= 45 for at in watched)


def _is_stuck(first, state):
    changed = {name for name, value in state.items() if value != first[name] and name != "replay"}
    return changed == {"seed"} and _accuracy(state) < 0.8


def _stuck(states):
    return _is_stuck(states[0], states[-1])


def _rescued(states):
    now = states[-1]
    begun = any(_is_stuck(states[0], {**state, "n_hidden": 2}) for state in states if state["seed"] == now["seed"])
    return now["n_hidden"] > 2 and begun and _accuracy(now) > 0.95


def _watched(states, *names):
    """Return where the run was looked at on the map of these two parameters, in percent."""
    return [state["replay"] for state in states if {state["horizontal"], state["vertical"]} == {*names}]


def _crossed(states):
    return len({at for at in _watched(states, "W₁₁₁", "W₁₁₂") if 8 <= at <= 25}) >= 3


def _ditch(states):
    watched = _watched(states, "W₂₁₂", "b₂₁")
    return bool(watched) and min(watched) < 5 and max(watched) > 40


TASKS = {
    "replay": (
        Task(
            "order",
            "Seed 1, two hidden units. Move replay to the left end, and slowly to the right. Which cloud of class 1 is cut off first?",
            _replayed,
            "The lower one: h₁₂ finds it within 50 epochs. h₁₁ turns for another hundred epochs before it finds the upper cloud, "
            "and meanwhile the loss jumps.",
        ),
        Task(
            "stuck",
            "Change only the seed, until the network ends below 80 %. Compare the two hidden units.",
            _stuck,
            "Both units cut at the same cloud, and nobody cuts off the upper one. The gradients have become short, "
            "and more epochs rarely help.",
        ),
        Task(
            "rescue",
            "Keep such a seed. Give the network more hidden units, until it gets more than 95 %.",
            _rescued,
            "Two borders are enough, but they must be found. More units begin in more places, so it happens more often "
            "that one of them finds the upper cloud.",
        ),
    ),
    "landscape": (
        Task(
            "walls",
            "Choose W₁₁₁ and W₁₁₂, and move replay slowly from 8 to 25 %.",
            _crossed,
            "The path jumps from one wall of a narrow valley to the other: here the step is longer than the valley is wide. "
            "This is the jumping of the loss, seen from above.",
        ),
        Task(
            "ditch",
            "Choose W₂₁₂ and b₂₁. Put replay to 0, then beyond 40 %. What becomes of the long ditch?",
            _ditch,
            "At the start h₁₂ is near 1 for most points, so W₂₁₂ and b₂₁ do the same, and only their sum counts. "
            "Later h₁₂ is 0 for one cloud: then they differ, and one place is the best for both.",
        ),
    ),
}
