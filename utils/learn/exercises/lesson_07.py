"""What learners write in lesson 07: the way forward, the way back, accuracy, and the training. And its tasks."""

from itertools import pairwise

import numpy as np

from utils.exhibits.samples import X, Y, sample
from utils.explore.algorithm import ORDERS, steps
from utils.homework.places import ONE_PAGE, YOUR_LOOP
from utils.homework.question import Case, Question
from utils.learn.tasks import Task
from utils.nn import FeedForwardNetwork, sigmoid, softmax, update


def forward(W, b, x):
    """Return [x, h_1, …, h_L] for sigmoid layers and a softmax at the end; W is [None, W_1, …, W_L], b likewise."""
    h = [x]
    for k in range(1, len(W)):
        a = W[k] @ h[k - 1] + b[k]
        h.append(softmax(a) if k == len(W) - 1 else sigmoid(a))
    return h


def _network(rng, about, sizes, N, ordinary=True):
    W = [None, *(rng.normal(size=(n, m)) for m, n in pairwise(sizes))]
    b = [None, *(rng.normal(size=(n, 1)) for n in sizes[1:])]
    x = rng.normal(size=(sizes[0], N))
    y = np.eye(sizes[-1])[:, rng.integers(sizes[-1], size=N)]
    return about, W, b, x, y, ordinary


def _networks(rng):
    """Return networks of several depths; in one all sizes are equal, so that a wrong order or a missing transpose runs."""
    return [
        _network(rng, "a 3-4-2 network and 5 examples", [3, 4, 2], 5),
        _network(rng, "a 3-3-3-3 network and 3 examples", [3, 3, 3, 3], 3),
        _network(rng, "a 2-4-3-5-2 network and 6 examples", [2, 4, 3, 5, 2], 6),
        _network(rng, "one example", [2, 3, 2], 1, ordinary=False),
    ]


def inputs_of_forward(rng):
    """Return parameters and inputs."""
    return [Case(about, (W, b, x), ordinary) for about, W, b, x, _, ordinary in _networks(rng)]


up = Question(
    "forward",
    forward,
    inputs_of_forward,
    "Return the list [x, h_1, …, h_L], where the last entry is ŷ.",
    parts=("…",),
    read=ONE_PAGE,
)


@up.mistake()
def no_biases(W, b, x):
    """Does your answer change when the biases do?

    The biases are missing: a_k = W_k h_{k−1} + b_k.
    """
    return forward(W, [0 * b_k if b_k is not None else None for b_k in b], x)


@up.mistake()
def sigmoid_everywhere(W, b, x):
    """What should the columns of the last entry add up to?

    To 1, because ŷ is a softmax. You have a sigmoid at the output, too.
    """
    h = [x]
    for k in range(1, len(W)):
        h.append(sigmoid(W[k] @ h[k - 1] + b[k]))
    return h


@up.mistake()
def softmax_everywhere(W, b, x):
    """Which layer is a softmax?

    Only the last one. The hidden layers are sigmoids.
    """
    h = [x]
    for k in range(1, len(W)):
        h.append(softmax(W[k] @ h[k - 1] + b[k]))
    return h


@up.mistake()
def input_not_in_the_list(W, b, x):
    """What is the first entry of the list?

    h_0 is the input x. The way back needs it for the gradient of W_1.
    """
    return forward(W, b, x)[1:]


@up.mistake()
def every_layer_from_x(W, b, x):
    """To what is W_k multiplied, to x or to the layer below?

    To h_{k−1}, the last entry so far. You multiply by x each time.
    """
    h = [x]
    for k in range(1, len(W)):
        a = W[k] @ x + b[k]
        h.append(softmax(a) if k == len(W) - 1 else sigmoid(a))
    return h


@up.mistake()
def sums_kept(W, b, x):
    """What stands in the list, the sums a_k or the activations h_k?

    The activations. You keep the sums, and go on with them.
    """
    h = [x]
    for k in range(1, len(W)):
        h.append(W[k] @ h[k - 1] + b[k])
    return h


@up.mistake()
def the_output_alone(W, b, x):
    """How many entries has the list?

    One for every layer, and x. The way back needs all of them, not only ŷ.
    """
    return forward(W, b, x)[-1:]


@up.variant()
def hidden_layers_first(W, b, x):
    h = [x]
    for W_k, b_k in zip(W[1:-1], b[1:-1], strict=True):
        h.append(sigmoid(W_k @ h[-1] + b_k))
    return [*h, softmax(W[-1] @ h[-1] + b[-1])]


def blames(W, h, y):
    """Return [∂𝓛/∂a_1, …, ∂𝓛/∂a_L] from W = [None, W_1, …, W_L], h = [x, h_1, …, ŷ] and the targets y."""
    grad_a = [(h[-1] - y) / y.shape[1]]
    for k in range(len(W) - 1, 1, -1):  # L … 2
        grad_h = W[k].mT @ grad_a[0]
        grad_a.insert(0, grad_h * h[k - 1] * (1 - h[k - 1]))
    return grad_a


def inputs_of_blames(rng):
    """Return weights, activations and targets."""
    return [Case(about, (W, forward(W, b, x), y), ordinary) for about, W, b, x, y, ordinary in _networks(rng)]


back = Question(
    "blames",
    blames,
    inputs_of_blames,
    "Return the list [∂𝓛/∂a_1, …, ∂𝓛/∂a_L], the first layer first.",
    parts=("…",),
    read=ONE_PAGE,
)


def _back(W, h, grad_a, transpose=True, slope=lambda h: h * (1 - h), last=1):
    grads = [grad_a]
    for k in range(len(W) - 1, last, -1):
        grads.insert(0, ((W[k].mT if transpose else W[k]) @ grads[0]) * slope(h[k - 1]))
    return grads


@back.mistake()
def no_mean(W, h, y):
    """The loss is a mean over the examples. Where is the 1/N?

    It comes in once, with the first gradient: (ŷ − y)/N.
    """
    return _back(W, h, h[-1] - y)


@back.mistake()
def truth_minus_prediction(W, h, y):
    """Which sign has the blame on the score of the true class?

    Negative: what was said, minus the truth. You have the truth minus what was said.
    """
    return _back(W, h, (y - h[-1]) / y.shape[1])


@back.mistake()
def no_slope(W, h, y):
    """What lies between h_k and a_k?

    The sigmoid. After W^T comes the product with its slope, h(1 − h).
    """
    return _back(W, h, (h[-1] - y) / y.shape[1], slope=lambda h: 1)


@back.mistake()
def no_transpose(W, h, y):
    """Write the shapes beside the line. Does it run when the layers have different sizes?

    A unit below adds up along its column of W. Columns become rows: the transpose.
    """
    return _back(W, h, (h[-1] - y) / y.shape[1], transpose=False)


@back.mistake()
def one_step_too_far(W, h, y):
    """How many layers have a sum a_k? Is there an a_0?

    Below layer 1 lies the input, and nobody changes it. The loop ends at k = 2, which gives ∂𝓛/∂a_1.
    """
    return _back(W, h, (h[-1] - y) / y.shape[1], last=0)


@back.mistake()
def one_step_too_few(W, h, y):
    """How many layers are there, and how many entries has your list?

    ∂𝓛/∂a_1 is missing: W_1 needs it, too.
    """
    return _back(W, h, (h[-1] - y) / y.shape[1], last=2)


@back.mistake()
def output_first(W, h, y):
    """In which order are the layers asked for?

    The first layer first. The way back finds the last one first, so put each new one in front.
    """
    return blames(W, h, y)[::-1]


@back.mistake()
def mean_in_every_layer(W, h, y):
    """Where does the 1/N come in, and how often?

    Once, with the first gradient. Every later one is made from it and has it already.
    """
    grads = [(h[-1] - y) / y.shape[1]]
    for k in range(len(W) - 1, 1, -1):
        grads.insert(0, (W[k].mT @ grads[0]) * h[k - 1] * (1 - h[k - 1]) / y.shape[1])
    return grads


@back.mistake()
def slope_of_tanh(W, h, y):
    """What is your slope at h = ½? The sigmoid's is ¼ there.

    1 − h² is the slope of tanh. These layers are sigmoids: h(1 − h).
    """
    return _back(W, h, (h[-1] - y) / y.shape[1], slope=lambda h: 1 - h**2)


@back.variant()
def found_backwards_then_turned(W, h, y):
    found = [(h[-1] - y) / y.shape[1]]
    for W_k, h_below in zip(W[:1:-1], h[-2:0:-1], strict=True):
        found.append(W_k.mT @ found[-1] * (h_below - h_below**2))
    return found[::-1]


def accuracy(y_hat, y):
    """Return the share of examples whose largest probability belongs to the true class."""
    return (y_hat.argmax(axis=0) == y.argmax(axis=0)).mean()


def answers_of_networks(rng):
    """Return probabilities and targets; some answers are right with less than a half."""

    def case(k, N):
        return Case(f"{k} classes and {N} examples", (rng.dirichlet(np.ones(k), N).T, np.eye(k)[:, rng.integers(k, size=N)]))

    sure, unsure = np.array([[0.9, 0.2], [0.05, 0.42], [0.05, 0.38]]), np.array([[1.0, 0], [0, 1], [0, 0]])
    return [
        case(4, 40),
        case(3, 25),
        Case("a right answer with 42 %", (sure, unsure)),
        Case("5 classes and 5 examples", case(5, 5).arguments),
    ]


share = Question(
    "accuracy",
    accuracy,
    answers_of_networks,
    "Return the share of examples whose largest probability belongs to the true class, a number from 0 to 1.",
    read=YOUR_LOOP,
)


@share.mistake()
def a_number_of_examples(y_hat, y):
    """Is your answer between 0 and 1?

    You have counted the right answers. A share is divided by the number of examples.
    """
    return (y_hat.argmax(axis=0) == y.argmax(axis=0)).sum()


@share.mistake()
def along_the_rows(y_hat, y):
    """Which entries do you compare, those of a column or those of a row?

    A column is an example. Its largest entry is found down the column, along axis 0.
    """
    return (y_hat.argmax(axis=1) == y.argmax(axis=1)).mean()


@share.mistake()
def more_than_a_half(y_hat, y):
    """With 4 classes, can an answer be right with a probability of 40 %?

    It can: what counts is that no other class has more. You demand more than a half.
    """
    return ((y_hat > 0.5) * y).sum(axis=0).mean()


@share.mistake()
def mean_probability(y_hat, y):
    """Does a right answer count as 1 in your sum, however sure the network was?

    You have the mean probability of the true class. The accuracy counts right and wrong.
    """
    return (y_hat * y).sum(axis=0).mean()


@share.mistake()
def share_of_wrong_answers(y_hat, y):
    """Should a better network have a larger number or a smaller one?

    You have the share of wrong answers.
    """
    return (y_hat.argmax(axis=0) != y.argmax(axis=0)).mean()


@share.variant()
def by_a_loop(y_hat, y):
    right = [y_hat[:, n].argmax() == y[:, n].argmax() for n in range(y.shape[1])]
    return sum(right) / len(right)


def train(sizes, x, y, learning_rate, epochs):
    """Return the losses before each epoch, of a fresh network with seed=1 that is trained on the way."""
    net, losses = FeedForwardNetwork(sizes, seed=1), []
    for _ in range(epochs):
        trace = net.forward(x)
        losses.append(net.loss(trace, y))
        update(net, net.backward(trace, y), learning_rate)
    return losses


def small_trainings(rng):
    """Return sizes, data, learning rates and epochs."""

    def case(sizes, N, rate, epochs):
        x, y = rng.normal(size=(sizes[0], N)), np.eye(sizes[-1])[:, rng.permutation(np.arange(N) % sizes[-1])]
        return Case(f"a {'-'.join(map(str, sizes))} network, η = {rate}, {epochs} epochs", (sizes, x, y, rate, epochs))

    return [case([2, 3, 2], 8, 0.5, 6), case([3, 2, 4], 12, 1.5, 4)]


loop = Question(
    "train",
    train,
    small_trainings,
    "Return the list of losses, one before each epoch, of FeedForwardNetwork(sizes, seed=1) while it is trained.",
    read=YOUR_LOOP,
)


def _losses(sizes, x, y, learning_rate, epochs, after=False, every=True):
    net, losses = FeedForwardNetwork(sizes, seed=1), []
    first = net.backward(net.forward(x), y)
    for _ in range(epochs):
        if not after:
            losses.append(net.loss(net.forward(x), y))
        update(net, net.backward(net.forward(x), y) if every else first, learning_rate)
        if after:
            losses.append(net.loss(net.forward(x), y))
    return losses


@loop.mistake()
def loss_after_the_step(sizes, x, y, learning_rate, epochs):
    """Is your first loss that of the fresh network?

    You note the loss after the step. The first one belongs to the network before it has learned anything.
    """
    return _losses(sizes, x, y, learning_rate, epochs, after=True)


@loop.mistake()
def the_first_gradient_for_ever(sizes, x, y, learning_rate, epochs):
    """After a step all parameters are new. Where do your gradients come from?

    From the first forward pass, every time. Each epoch needs a forward and a backward pass of its own.
    """
    return _losses(sizes, x, y, learning_rate, epochs, every=False)


@loop.mistake()
def nothing_learned(sizes, x, y, learning_rate, epochs):
    """Do your losses change from epoch to epoch?

    Nothing is learned. Either the step is missing, or you make a fresh network in every epoch; it belongs before the loop.
    """
    net = FeedForwardNetwork(sizes, seed=1)
    return [net.loss(net.forward(x), y) for _ in range(epochs)]


@loop.mistake()
def uphill(sizes, x, y, learning_rate, epochs):
    """Do your losses fall or rise?

    They rise: the step goes along the gradient. It must go against it.
    """
    return _losses(sizes, x, y, -learning_rate, epochs)


@loop.mistake()
def learning_rate_ignored(sizes, x, y, learning_rate, epochs):
    """Do your losses depend on the learning rate?

    You go the whole gradient in each step.
    """
    return _losses(sizes, x, y, 1.0, epochs)


@loop.mistake()
def the_last_loss_alone(sizes, x, y, learning_rate, epochs):
    """How many numbers come back?

    Only the last loss. Is the return inside the loop, or did you keep only one of them?
    """
    return _losses(sizes, x, y, learning_rate, epochs)[-1]


@loop.mistake()
def divided_by_n_once_more(sizes, x, y, learning_rate, epochs):
    """Where does the 1/N come in?

    With the first gradient. The step must not divide again.
    """
    return _losses(sizes, x, y, learning_rate / x.shape[1], epochs)


@loop.variant()
def layer_by_layer(sizes, x, y, learning_rate, epochs):
    net, losses = FeedForwardNetwork(sizes, seed=1), []
    for _ in range(epochs):
        losses.append(net.loss(net.forward(x), y))
        gradients = net.backward(net.forward(x), y)
        for k in net.layers:
            net.W[k] = net.W[k] - learning_rate * gradients.W[k]
            net.b[k] = net.b[k] - learning_rate * gradients.b[k]
    return losses


# --- tasks under the explorer of the algorithm ---

AT_THE_END = next(iter(ORDERS))


def _program(state):
    return steps(sample(state["architecture"]), X, Y, state["learning_rate"], ORDERS[state["order"]])


def _whole_way(states):
    seen = {state["step"] for state in states if state["architecture"] == "2-2-2" and state["order"] == AT_THE_END}
    return {*range(1, 16)} <= seen


def _invested_and_paid(states):
    """Return whether a line was seen at which the cache has cost more so far, and afterwards one at which it has cost less."""

    def ahead(state):
        done = _program(state)[: state["step"]]
        return sum(line.cost_alone for line in done) - sum(line.cost for line in done)

    invested = [n for n, state in enumerate(states) if ahead(state) < 0]
    return bool(invested) and ahead(states[-1]) > 0 and invested[0] < len(states) - 1


def _one_long_step(states):
    state = states[-1]
    program = _program(state)
    return state["order"] == AT_THE_END and state["step"] >= len(program) and program[-1].value[0, 0] < 0.01


TASKS = {
    "lines": (
        Task(
            "lines",
            "2-2-2: go through all lines, 1 to 15. Which line reads the loss? What is read most often on the way back?",
            _whole_way,
            "No line reads the loss: the way back begins with ŷ − y. Most read is h₁, by line 7 for ∂𝓛/∂W₂ and by line 10 for g′.",
        ),
        Task(
            "invest",
            "The caption counts multiplications. Find a line at which the cache has cost more so far, then one at which it has cost less.",
            _invested_and_paid,
            "∂𝓛/∂h₁ and ∂𝓛/∂a₁ are no gradients of parameters, so at first they are only work. From ∂𝓛/∂W₁ on they pay.",
        ),
        Task(
            "long",
            "Choose a learning rate with which the loss after the step (last line) is below 0.01.",
            _one_long_step,
            "With a single example one long step can be enough: no other example wants something else.",
        ),
    )
}
