"""What the learner writes in lesson 02: the sum over paths, a circuit walked backwards, and two sweeps over a graph."""

import numpy as np

from utils.homework.question import Case, Place, Question
from utils.learn.tasks import Task

PATHS = Place("02_chain_rule_several_paths", 1, "Two ways from x to z")
CIRCUITS = Place("02_chain_rule_several_paths", 3, "Plus, times, fork")
SWEEP = Place("02_chain_rule_several_paths", 4, "One sweep in place of all paths")
DIRECTIONS = Place("02_chain_rule_several_paths", 9, "Forwards or backwards?")


# --- the sum over paths ---


def sum_over_paths(paths):
    return sum(np.prod(path) for path in paths)


def some_paths(rng):
    """Return lists of paths, each an array of local derivatives, of the same and of different lengths."""
    a, b, c = rng.uniform(1.2, 3, (3, 2))
    return [
        Case("two paths of two lines", ([a, -b],)),
        Case("three paths of different lengths", ([a, -b, np.array([*c, -1.7])],)),
        Case("one path", ([a],), ordinary=False),
    ]


OVER_PATHS = Question(
    "sum_over_paths",
    sum_over_paths,
    some_paths,
    "Return the derivative as one number, from a list of paths; each path is an array of its local derivatives.",
    read=PATHS,
)


@OVER_PATHS.mistake()
def everything_multiplied(paths):
    """What happens between two paths: do they multiply or add?

    You multiply all local derivatives of all paths. Along one path they multiply; the paths add.
    """
    return np.prod([np.prod(path) for path in paths])


@OVER_PATHS.mistake()
def everything_added(paths):
    """What happens along one path: do the local derivatives multiply or add?

    They multiply, as in lesson 01. You add all of them.
    """
    return sum(np.sum(path) for path in paths)


@OVER_PATHS.mistake()
def product_of_sums(paths):
    """Along a path multiply, over the paths add. Which of the two do you do first?

    The other way round: first the product of each path, then the sum of these products.
    """
    return np.prod([np.sum(path) for path in paths])


@OVER_PATHS.mistake()
def first_path_only(paths):
    """How many paths do you walk?

    Only the first. Is the return inside the loop? It must wait until the loop is done.
    """
    return np.prod(paths[0])


@OVER_PATHS.mistake()
def last_path_only(paths):
    """What becomes of the first path in your loop?

    Each round writes over the one before. Add up: total += …
    """
    return np.prod(paths[-1])


@OVER_PATHS.mistake()
def not_yet_added(paths):
    """Is your answer one number?

    You have the product of each path. The derivative is their sum.
    """
    return np.array([np.prod(path) for path in paths])


@OVER_PATHS.mistake()
def mean_of_the_paths(paths):
    """With both paths open, does z get the mean of the two shares, or both?

    It gets both: the shares add up. You divide by the number of paths.
    """
    return sum_over_paths(paths) / len(paths)


@OVER_PATHS.variant()
def by_a_loop(paths):
    total = 0.0
    for path in paths:
        product = 1.0
        for derivative in path:
            product *= derivative
        total += product
    return total


# --- a circuit ---


def circuit(x, y, z):
    q = x * y
    s = q + z
    grad_s, grad_y = y, s
    grad_q, grad_z = grad_s, grad_s
    grad_x = grad_q * y
    grad_y += grad_q * x
    return np.array([grad_x, grad_y, grad_z])


CIRCUIT = Question(
    "circuit",
    circuit,
    lambda rng: [
        Case("three numbers", tuple(rng.uniform(1.2, 3, 3) * [1, -1, 1])),
        Case("three others", tuple(rng.uniform(1.2, 3, 3) * [-1, 1, 1])),
    ],
    "Return np.array([∂f/∂x, ∂f/∂y, ∂f/∂z]) for f = (x · y + z) · y.",
    read=CIRCUITS,
)


@CIRCUIT.mistake()
def only_the_direct_way(x, y, z):
    """In how many places does y go into this circuit?

    Two. You have what comes back along the short way, from f. The share that comes back through q is missing: a fork adds.
    """
    return np.array([y * y, x * y + z, y])


@CIRCUIT.mistake()
def only_the_long_way(x, y, z):
    """In how many places does y go into this circuit?

    Two. You have what comes back through q. The share that comes straight from f is missing: a fork adds.
    """
    return np.array([y * y, y * x, y])


@CIRCUIT.mistake()
def fork_multiplies(x, y, z):
    """Two backward numbers come back to y. Do they multiply or add?

    They come along two paths, so they add. You multiply them.
    """
    return np.array([y * y, y * x * (x * y + z), y])


@CIRCUIT.mistake()
def times_does_not_swap(x, y, z):
    """In f = s · y: which number decides how much f moves when s is nudged?

    The other one, y. A times gate swaps; yours gives each input its own number.
    """
    s = x * y + z
    return np.array([s * x, y + s * y, s])


@CIRCUIT.mistake()
def last_gate_forgotten(x, y, z):
    """Is this ∂f/∂z, or ∂s/∂z?

    Your derivatives are those of s, the sum. The last gate multiplies by y: what comes back to s is y, and not 1.
    """
    return np.array([y, x, 1.0])


@CIRCUIT.mistake()
def plus_shares_out(x, y, z):
    """What does a plus gate do with the backward number?

    It hands the whole number to each input. You give each a half.
    """
    return np.array([y * y / 2, y * x / 2 + x * y + z, y / 2])


@CIRCUIT.mistake()
def inner_times_does_not_swap(x, y, z):
    """In q = x · y: which number decides how much q moves when x is nudged?

    The other one, y. You have given x its own number.
    """
    return np.array([y * x, y * y + x * y + z, y])


@CIRCUIT.variant()
def multiplied_out(x, y, z):
    return np.array([y**2, 2 * x * y + z, y])  # f = x y² + y z


# --- two sweeps ---


def sweep(nodes, lines):
    grad = dict.fromkeys(nodes, 0.0)
    grad[nodes[-1]] = 1.0
    for node in reversed(nodes):
        for end, derivative in lines.get(node, []):
            grad[node] += grad[end] * derivative
    return np.array([grad[node] for node in nodes])


def graphs(rng):
    """Return the nodes and lines of graphs with one path, with forks, and with a node that leads nowhere."""
    d = rng.uniform(1.2, 3, 10) * rng.choice([-1, 1], 10)
    fork = {"x": [("u", d[0]), ("v", d[1])], "u": [("z", d[2])], "v": [("z", d[3])]}
    wide = {"x": [("u", d[0]), ("v", d[1]), ("z", d[2])], "u": [("s", d[3]), ("t", d[4])], "v": [("s", d[5]), ("t", d[6])]}
    wide |= {"s": [("z", d[7])], "t": [("z", d[8])]}
    return [
        Case("two paths", (["x", "u", "v", "z"], fork)),
        Case("five paths", (["x", "u", "v", "s", "t", "z"], wide)),
        Case("one path", (["x", "u", "z"], {"x": [("u", d[0])], "u": [("z", d[1])]}), ordinary=False),
    ]


BACKWARDS = Question(
    "sweep",
    sweep,
    graphs,
    "Return np.array with the derivative of the last node with respect to each node, in the order of nodes.",
    read=SWEEP,
)


@BACKWARDS.mistake()
def only_the_last_line(nodes, lines):
    """A node with two lines: what becomes of the first, when the second is visited?

    With = each line writes over the one before, and only the last survives. What comes back along several lines adds up: +=.
    """
    grad = dict.fromkeys(nodes, 0.0) | {nodes[-1]: 1.0}
    for node in reversed(nodes):
        for end, derivative in lines.get(node, []):
            grad[node] = grad[end] * derivative
    return np.array([grad[node] for node in nodes])


@BACKWARDS.mistake()
def local_derivatives_alone(nodes, lines):
    """Does your line look at what has come back to the other end?

    You add up local derivatives. Each must be multiplied by grad[end], what lies beyond the line.
    """
    grad = dict.fromkeys(nodes, 0.0) | {nodes[-1]: 1.0}
    for node in reversed(nodes):
        for _, derivative in lines.get(node, []):
            grad[node] += derivative
    return np.array([grad[node] for node in nodes])


@BACKWARDS.mistake()
def added_instead_of_multiplied(nodes, lines):
    """Along a path: multiply or add?

    The derivative of the line and what lies beyond it are two factors of a path. You add them.
    """
    grad = dict.fromkeys(nodes, 0.0) | {nodes[-1]: 1.0}
    for node in reversed(nodes):
        for end, derivative in lines.get(node, []):
            grad[node] += grad[end] + derivative
    return np.array([grad[node] for node in nodes])


@BACKWARDS.mistake()
def nothing_comes_back(nodes, lines):
    """All your derivatives but the last are 0. What does each line write, and to which of its ends?

    grad begins at 0 everywhere but at the last node. A product with it stays 0, and so does everything when the later end is
    written to. Add to the earlier one: grad[node] += …
    """
    grad = dict.fromkeys(nodes, 0.0) | {nodes[-1]: 1.0}
    for node in reversed(nodes):
        for end, derivative in lines.get(node, []):
            grad[node] *= grad[end] * derivative
    return np.array([grad[node] for node in nodes])


def forward_sweep(nodes, lines, start):
    moves = dict.fromkeys(nodes, 0.0)
    moves[start] = 1.0
    for node in nodes:
        for end, derivative in lines.get(node, []):
            moves[end] += moves[node] * derivative
    return np.array([moves[node] for node in nodes])


FORWARDS = Question(
    "forward_sweep",
    forward_sweep,
    lambda rng: (
        [Case(case.about, (*case.arguments, "x"), case.ordinary) for case in graphs(rng)]
        + [Case("a start in the middle", (*graphs(rng)[1].arguments, "u"))]
    ),
    "Return np.array with the derivative of each node with respect to start, in the order of nodes.",
    read=DIRECTIONS,
)


@FORWARDS.mistake()
def only_the_last_line_forwards(nodes, lines, start):
    """A node at which two lines arrive: what becomes of the first?

    With = each line writes over the one before. What arrives along several lines adds up: +=.
    """
    moves = dict.fromkeys(nodes, 0.0) | {start: 1.0}
    for node in nodes:
        for end, derivative in lines.get(node, []):
            moves[end] = moves[node] * derivative
    return np.array([moves[node] for node in nodes])


@FORWARDS.mistake()
def backwards_again(nodes, lines, start):
    """Forwards: which of the two ends gives, and which gets something?

    The earlier node gives, and the later one gets. Your line goes the other way.
    """
    moves = dict.fromkeys(nodes, 0.0) | {start: 1.0}
    for node in nodes:
        for end, derivative in lines.get(node, []):
            moves[node] += moves[end] * derivative
    return np.array([moves[node] for node in nodes])


@FORWARDS.mistake()
def not_multiplied_by_what_arrives(nodes, lines, start):
    """Does your line look at how much the earlier node moves?

    You hand on the local derivative alone. It multiplies moves[node].
    """
    moves = dict.fromkeys(nodes, 0.0) | {start: 1.0}
    for node in nodes:
        for end, derivative in lines.get(node, []):
            moves[end] += derivative
    return np.array([moves[node] for node in nodes])


# --- tasks under the explorers ---


def _is(state, **values):
    return all(state[name] == value for name, value in values.items())


TASKS = {
    "small": (
        Task(
            "alone",
            "Light path 1 alone, then path 2 alone. Read both products, then compare the sum with path 0, all of them.",
            lambda states: {1, 2} <= {state["path"] for state in states} and states[-1]["path"] == 0,
            "Along the upper path 2/x, along the lower one −3/x, together −1/x. The finite difference knows nothing of paths, and agrees.",
        ),
        Task(
            "third",
            "Choose log(y₁y₃/y₂), and move x from 0.5 to 3. Does another path become the largest?",
            lambda states: (
                states[-1]["graph"] == "log(y₁y₃/y₂)"
                and {0.5, 3.0} <= {round(state["x"], 1) for state in states if state["graph"] == "log(y₁y₃/y₂)"}
            ),
            "No: 2/x, −3/x and 4/x shrink together as x grows. Their sum is 3/x.",
        ),
    ),
    "network": (
        Task(
            "twelve",
            "Network 2-3-3-2, weight W, layer 1, unit 1, from unit 1, softmax. How many paths? Say a number before you look.",
            lambda states: _is(states[-1], graph="2-3-3-2", kind="weight W", k=1, i=1, j=1) and states[-1]["setting"].startswith("softmax"),
            "Three units in the next layer, from each of them two scores, from each score two probabilities: 3 · 2 · 2 = 12.",
        ),
        Task(
            "sigmoid",
            "The same weight, and the output changed to sigmoid. How many paths are left, and why?",
            lambda states: _is(states[-1], graph="2-3-3-2", kind="weight W", k=1, i=1, j=1) and states[-1]["setting"].startswith("sigmoid"),
            "Six. With a sigmoid ŷ₁ looks at a₁ alone, and ŷ₂ at a₂ alone: no crossing lines.",
        ),
        Task(
            "silent",
            "Network 2-2-2-2, pre-activation a, layer 3, unit 1, with softmax, cross-entropy. One of its two paths carries nothing. "
            "Light it.",
            lambda states: _is(states[-1], graph="2-2-2-2", kind="pre-activation a", k=3, i=1, path=2, setting="softmax, cross-entropy"),
            "The first class is the true one here, and −log ŷ₁ does not look at ŷ₂.",
        ),
    ),
}
