"""Real bugs as data: each replaces one line of the true code. The code still runs, and often it still "learns" (lessons 08 and 10).

A bug quotes the line it replaces: ``true`` stands word for word in ``network.py`` or ``losses.py``, and
``wrong`` is what takes its place. The line that the learner reads is the line that runs.
"""

import inspect
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from textwrap import dedent, indent

from utils.nn import checks
from utils.nn.network import FeedForwardNetwork

NETWORKS = {  # in which the bugs run; layers of equal width, so that even a forgotten transpose runs
    "laboratory": {"layer_sizes": [2, 4, 4, 4], "activation": "tanh"},
    "squared error": {"layer_sizes": [2, 4, 4, 4], "activation": "tanh", "loss": "squared_error"},
    "session": {"layer_sizes": [2, 2, 4], "activation": "tanh"},
}

# Which gradients are wrong, for two hidden layers
EVERYTHING = ("W_1", "W_2", "W_3", "b_1", "b_2", "b_3")
BELOW_THE_OUTPUT = ("W_1", "W_2", "b_1", "b_2")

PLACES = {
    "forward pass": "forward pass: x, a_k, h_k, ŷ",
    "first gradient": "first gradient: ∂𝓛/∂a_L",
    "way back": "way back: ∂𝓛/∂h_k, ∂𝓛/∂a_k",
    "weights": "weights: ∂𝓛/∂W_k",
    "biases": "biases: ∂𝓛/∂b_k",
    "no line": "no line: nothing is wrong",
}

KINDS = {
    "sign": "plus for minus",
    "factor": "a constant factor too many or too few",
    "transpose": "W where Wᵀ belongs",
    "axis": "a sum along the wrong axis",
    "order": "right formula, wrong moment",
    "derivative": "the derivative of something else",
    "missing term": "a slope, a sum or a gradient left out",
    "wrong index": "the right quantity of the wrong layer or unit",
    "product": "a dot product where ∘ belongs",
    "harmless": "nothing changes at all",
}


@dataclass(frozen=True, eq=False)
class Bug:
    """One wrong line.

    Attributes
    ----------
    name : str
        A few words for a table.
    story : str
        What the wrong line does, in a sentence.
    kind, place : str
        A name in ``KINDS``, and one in ``PLACES``: what is wrong, and in which formula.
    step : str
        The function in which the line stands: "forward" or "backward" of the network, or "O" or
        "grad_a" of its loss.
    true, wrong : str
        The statement in the true code, without its comment, and what takes its place.
    accused : tuple of str
        The gradients that a gradient check finds wrong, such as "W_1"; none where the bug is out of its sight.
    clue : str
        How the evidence gives the bug away.
    network : str
        A name in ``NETWORKS``: where the wrong line runs.
    """

    name: str
    story: str
    kind: str
    place: str
    step: str
    true: str
    wrong: str
    accused: tuple
    clue: str
    network: str = "laboratory"

    @property
    def first_wrong_layer(self):
        """Return the layer nearest to the output with an accused gradient; None without any."""
        return max((int(name[-1]) for name in self.accused), default=None)


class BuggyNetwork(FeedForwardNetwork):
    """A FeedForwardNetwork with bugs; without any it is the true network.

    Parameters
    ----------
    layer_sizes, **settings
        As for FeedForwardNetwork.
    bugs : tuple of Bug
        Any number of them, in different lines.
    learning_rate : float
        The step length of a code that updates W_k in the middle of its backward pass.
    """

    def __init__(self, layer_sizes, bugs=(), learning_rate=0.5, **settings):
        self.bugs = tuple(bugs)
        self.learning_rate = learning_rate
        super().__init__(layer_sizes, **settings)

    @checks.checked_by(checks.forward_arguments)
    def forward(self, x):
        """Compute every a_k and h_k with the bugs of the forward pass.

        Parameters
        ----------
        x : array, shape (n_0, N)
            Examples in columns.

        Returns
        -------
        Trace
        """
        return with_wrong_lines(FeedForwardNetwork.forward, "forward", self.bugs)(self, x)

    @checks.checked_by(checks.backward_arguments)
    def backward(self, trace, y):
        """Compute the gradients with the bugs of the backward pass.

        Parameters
        ----------
        trace : Trace
            From ``forward``.
        y : array, shape (n_L, N)
            Targets in columns.

        Returns
        -------
        Gradients
        """
        return with_wrong_lines(FeedForwardNetwork.backward, "backward", self.bugs)(self, trace, y)

    def _loss_for(self, output, loss):
        true = super()._loss_for(output, loss)
        return replace(true, **{step: with_wrong_lines(getattr(true, step), step, self.bugs) for step in ("O", "grad_a")})


@lru_cache
def with_wrong_lines(function, step, bugs):
    """Make a function in which the wrong line of every bug stands in place of the true one.

    Parameters
    ----------
    function : callable
        A method of the network, or a function of its loss. Its check of arguments and the like, all that decorates it, is left out.
    step : str
        What ``Bug.step`` calls the function.
    bugs : tuple of Bug
        Those of other steps leave the function as it is.

    Returns
    -------
    callable
        Takes the same arguments.

    Raises
    ------
    ValueError
        For a bug whose true line does not stand in the function, exactly once.
    """
    function = inspect.unwrap(function)
    bugs = [bug for bug in bugs if bug.step == step]
    if not bugs:
        return function
    source = dedent(inspect.getsource(function))
    source = source[source.index("def ") :]  # without decorators
    for bug in bugs:
        line = rf"^( *){re.escape(bug.true)}( *#.*)?$"  # the whole line: its indent, the statement, its comment
        source, found = re.subn(line, lambda match, bug=bug: indent(bug.wrong, match[1]), source, flags=re.MULTILINE)
        if found != 1:
            raise ValueError(f"The bug {bug.name!r} replaces the line {bug.true!r}, which {function.__name__} holds {found} times.")
    names = dict(function.__globals__)
    exec(compile(source, f"<{function.__name__} with {', '.join(bug.name for bug in bugs)}>", "exec"), names)
    return names[function.__name__]


# What the bugs replace: the lines of forward and backward that lesson 07 explains
A_K = "a.append(self.W[k] @ h[k - 1] + self.b[k])"
GRAD_A_L = "return (y_hat - y) * (1 / y.shape[-1])"
GRAD_W_K = "grad_W[k] = grad_a[k] @ trace.h[k - 1].mT"
GRAD_B_K = "grad_b[k] = grad_a[k].sum(-1, keepdims=True)"
GRAD_H_K = "grad_h[k - 1] = self.W[k].mT @ grad_a[k]"
GRAD_A_K = "grad_a[k - 1] = grad_h[k - 1] * self.g[k - 1].prime(trace.h[k - 1])"
RETURN = "return Gradients(grad_a, grad_h, grad_W, grad_b)"

# The live session's softmax network, 2-2-4. Its first oddity is harmless.
SESSION_BUGS = (
    Bug(
        name="repeated line",
        story="One gradient is computed twice in a row.",
        kind="harmless",
        place="no line",
        step="backward",
        true=GRAD_B_K,
        wrong=f"{GRAD_B_K}\n{GRAD_B_K}",
        accused=(),
        clue="Nothing is accused, and the two loss curves are one: the second time the same number comes out.",
        network="session",
    ),
    Bug(
        name="borrowed bias",
        story="The score of the fourth class uses the bias of the third.",
        kind="wrong index",
        place="forward pass",
        step="forward",
        true=A_K,
        wrong="a.append(self.W[k] @ h[k - 1] + (self.b[k][..., [0, 1, 2, 2], :] if k == self.L else self.b[k]))",
        accused=("b_2",),
        clue="For the fourth output bias the finite difference is exactly 0: the forward pass never uses it.",
        network="session",
    ),
    Bug(
        name="misplaced sums",
        story="The gradients of the output biases 2 to 4 are added to those of the first three biases.",
        kind="wrong index",
        place="biases",
        step="backward",
        true=RETURN,
        wrong=(
            "grad_b[1] += grad_b[2][..., 1:3, :]  # b_2,2 and b_2,3 feed b_1,1 and b_1,2,\n"
            "grad_b[2][..., 0, :] += grad_b[2][..., 3, :]  # b_2,4 feeds b_2,1,\n"
            "grad_b[2][..., 1:, :] = 0  # and three biases never move\n"
            f"{RETURN}"
        ),
        accused=("b_1", "b_2"),
        clue="Only biases are accused, of both layers, and three of them get the gradient 0 from backward.",
        network="session",
    ),
)

BUGS = (
    Bug(
        name="uphill",
        story="The first gradient has the wrong sign, and every later one inherits it: gradient ascent.",
        kind="sign",
        place="first gradient",
        step="grad_a",
        true=GRAD_A_L,
        wrong="return (y - y_hat) * (1 / y.shape[-1])",
        accused=EVERYTHING,
        clue="In every row backward and finite difference are opposite numbers: the ratio is −1. And the loss climbs.",
    ),
    Bug(
        name="dropped 2",
        story="The square's factor 2 is forgotten. It only rescales the learning rate, to half of what you chose.",
        kind="factor",
        place="first gradient",
        step="grad_a",
        true="grad_y_hat = 2 * _difference(y_hat, y)",
        wrong="grad_y_hat = _difference(y_hat, y)",
        accused=EVERYTHING,
        clue="The ratio is ½ in every row. The loss still falls, more slowly.",
        network="squared error",
    ),
    Bug(
        name="missing 1/N",
        story="The loss is a mean, but its gradient is a sum: each step is N times too long.",
        kind="factor",
        place="first gradient",
        step="grad_a",
        true=GRAD_A_L,
        wrong="return y_hat - y",
        accused=EVERYTHING,
        clue="The ratio in every row is the number of examples in the check. The loss jumps wildly.",
    ),
    Bug(
        name="N counted twice",
        story="The bias gradient is a mean over the examples, though 1/N is already in ∂𝓛/∂a: the biases crawl.",
        kind="factor",
        place="biases",
        step="backward",
        true=GRAD_B_K,
        wrong="grad_b[k] = grad_a[k].mean(-1, keepdims=True)",
        accused=("b_1", "b_2", "b_3"),
        clue="Only biases are accused, and the ratio is 1 divided by the number of examples in the check.",
    ),
    Bug(
        name="sum over everything",
        story="sum() without an axis adds the units too, and broadcasting hands every bias of the layer the same number.",
        kind="axis",
        place="biases",
        step="backward",
        true=GRAD_B_K,
        wrong="grad_b[k] = np.full_like(self.b[k], grad_a[k].sum())",
        accused=("b_1", "b_2", "b_3"),
        clue="Only biases are accused. At the output backward says 0, because the entries of ŷ − y add up to 0.",
    ),
    Bug(
        name="forgotten biases",
        story="The biases get no gradient and stay at 0 for ever.",
        kind="missing term",
        place="biases",
        step="backward",
        true=GRAD_B_K,
        wrong="grad_b[k] = np.zeros_like(self.b[k])",
        accused=("b_1", "b_2", "b_3"),
        clue="Only biases are accused, and backward says exactly 0 in every layer.",
    ),
    Bug(
        name="first example only",
        story="The weights learn from the first example of the batch and ignore all others.",
        kind="missing term",
        place="weights",
        step="backward",
        true=GRAD_W_K,
        wrong="grad_W[k] = grad_a[k][..., :1] @ trace.h[k - 1][..., :1].mT",
        accused=("W_1", "W_2", "W_3"),
        clue="Only weights are accused, and the ratios follow no rule: the sum over the examples has one term.",
    ),
    Bug(
        name="W for Wᵀ",
        story="The error goes down with W instead of Wᵀ. It runs because the layers have equal widths.",
        kind="transpose",
        place="way back",
        step="backward",
        true=GRAD_H_K,
        wrong="grad_h[k - 1] = self.W[k] @ grad_a[k]",
        accused=BELOW_THE_OUTPUT,
        clue="∂𝓛/∂h_2 is the first that is wrong, and with layers of different widths it crashes at once.",
    ),
    Bug(
        name="hard-wired layer",
        story="Every layer sends its error down with the weights of the output layer.",
        kind="wrong index",
        place="way back",
        step="backward",
        true=GRAD_H_K,
        wrong="grad_h[k - 1] = self.W[self.L].mT @ grad_a[k]",
        accused=("W_1", "b_1"),
        clue="The same line makes ∂𝓛/∂h_2 and ∂𝓛/∂h_1, and only the second is wrong: so something in it does not change with k.",
    ),
    Bug(
        name="update before use",
        story="W_k has already made its step when ∂𝓛/∂h_k−1 asks for it.",
        kind="order",
        place="way back",
        step="backward",
        true=GRAD_H_K,
        wrong="grad_h[k - 1] = (self.W[k] - self.learning_rate * grad_W[k]).mT @ grad_a[k]",
        accused=BELOW_THE_OUTPUT,
        clue="∂𝓛/∂h_2 is the first that is wrong, and with half the learning rate it is wrong by half as much.",
    ),
    Bug(
        name="g′ at h",
        story="σ′ is taken at h instead of at a: the activation has been applied twice.",
        kind="derivative",
        place="way back",
        step="backward",
        true=GRAD_A_K,
        wrong="grad_a[k - 1] = grad_h[k - 1] * self.g[k - 1].prime(self.g[k - 1](trace.h[k - 1]))",
        accused=BELOW_THE_OUTPUT,
        clue="∂𝓛/∂h_2 is right and ∂𝓛/∂a_2 is not. Their quotient never gets below 0.42, the smallest slope of tanh at any h.",
    ),
    Bug(
        name="g′ forgotten",
        story="The error passes each hidden unit as if g were the identity.",
        kind="missing term",
        place="way back",
        step="backward",
        true=GRAD_A_K,
        wrong="grad_a[k - 1] = grad_h[k - 1]",
        accused=BELOW_THE_OUTPUT,
        clue="∂𝓛/∂h_2 is right, and ∂𝓛/∂a_2 is equal to it: no unit has a slope.",
    ),
    Bug(
        name="one layer off",
        story="g′ is taken from the layer above.",
        kind="wrong index",
        place="way back",
        step="backward",
        true=GRAD_A_K,
        wrong="grad_a[k - 1] = grad_h[k - 1] * self.g[k - 1].prime(trace.h[k])",
        accused=BELOW_THE_OUTPUT,
        clue="∂𝓛/∂h_2 is right and ∂𝓛/∂a_2 is not. With layers of different widths it crashes at once, so one of them is the wrong layer.",
    ),
    Bug(
        name="dot for ∘",
        story="∂𝓛/∂h and g′ are multiplied to a dot product, one number for all units of the layer.",
        kind="product",
        place="way back",
        step="backward",
        true=GRAD_A_K,
        wrong="grad_a[k - 1] = np.ones_like(grad_h[k - 1]) * (grad_h[k - 1] * self.g[k - 1].prime(trace.h[k - 1])).sum(-2, keepdims=True)",
        accused=BELOW_THE_OUTPUT,
        clue="Below the output all units of a layer get the same gradient: equal entries of ∂𝓛/∂b_k, equal rows of ∂𝓛/∂W_k.",
    ),
    Bug(
        name="softmax unit by unit",
        story="Each output is treated as if it depended on its own score alone, so the wrong classes get no gradient.",
        kind="derivative",
        place="first gradient",
        step="grad_a",
        true=GRAD_A_L,
        wrong="return y * (y_hat - 1) * (1 / y.shape[-1])",
        accused=EVERYTHING,
        clue="Every layer is accused, the output's biases too, and there backward never says anything positive: no score is pushed down.",
    ),
    Bug(
        name="softmax along the examples",
        story="The exponentials are divided by their sum over the batch instead of over the classes.",
        kind="axis",
        place="forward pass",
        step="O",
        true="return e / e.sum(-2, keepdims=True)",
        wrong="return e / e.sum(-1, keepdims=True)",
        accused=EVERYTHING,
        clue="Every layer is accused, and the columns of ŷ do not add up to 1: look at the outputs before the gradients.",
    ),
    Bug(
        name="one eye shut",
        story="The network gets x_1 twice and never sees x_2. Its gradients are right, for the wrong question.",
        kind="wrong index",
        place="forward pass",
        step="forward",
        true="a, h = [None], [x]",
        wrong="a, h = [None], [x[..., [0, 0], :]]",
        accused=(),
        clue="Nothing is accused, yet the map has only vertical borders: forward and backward agree with each other, not with you.",
    ),
    *SESSION_BUGS,
)
