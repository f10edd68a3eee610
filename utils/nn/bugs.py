"""Real bugs as data: small changes to the true code that still run, and often still "learn" (lessons 08 and 10)."""

from collections.abc import Callable
from dataclasses import dataclass

from utils.nn.network import FeedForwardNetwork


def _unchanged(value):
    return value


@dataclass(frozen=True)
class Bug:
    """One wrong line.

    Attributes
    ----------
    name : str
        A few words for a table.
    story : str
        What the wrong line does, in a sentence.
    forward : callable
        net → the network with which the buggy forward pass computes.
    backward : callable
        True gradients → what the buggy backward pass makes of them.
    """

    name: str
    story: str
    forward: Callable = _unchanged
    backward: Callable = _unchanged


class BuggyNetwork(FeedForwardNetwork):
    """A FeedForwardNetwork with bugs; without any it is the true network.

    Parameters
    ----------
    layer_sizes, **settings
        As for FeedForwardNetwork.
    bugs : tuple of Bug
        Applied in this order.
    """

    def __init__(self, layer_sizes, bugs=(), **settings):
        super().__init__(layer_sizes, **settings)
        self.bugs = bugs

    def forward(self, x, checked=False):
        """Return the trace of the forward pass with its bugs."""
        net = self
        for bug in self.bugs:
            net = bug.forward(net)
        return FeedForwardNetwork.forward(net, x, checked)

    def backward(self, trace, y, checked=False):
        """Return the gradients of the backward pass with its bugs."""
        gradients = super().backward(trace, y, checked)
        for bug in self.bugs:
            gradients = bug.backward(gradients)
        return gradients


def _third_bias_for_the_fourth_score(net):
    b_2 = net.b[2].copy()
    b_2[..., 3, :] = b_2[..., 2, :]
    return net.with_parameters(b={2: b_2})


def _bias_gradients_into_the_wrong_sums(gradients):
    grad_b_1, grad_b_2 = gradients.b[1].copy(), gradients.b[2].copy()
    grad_b_1 += grad_b_2[..., 1:3, :]  # those of b_22 and b_23 end up in b_11 and b_12,
    grad_b_2[..., 0, :] += grad_b_2[..., 3, :]  # that of b_24 in b_21,
    grad_b_2[..., 1:, :] = 0  # and b_22, b_23, b_24 never move
    gradients.b[1:] = [grad_b_1, grad_b_2]
    return gradients


# The live session's softmax network, 2-2-4. Its third oddity is harmless: the line that computes one
# gradient stands there twice, and the second time it computes the same number.
SESSION_BUGS = (
    Bug("repeated line", "One gradient is computed twice in a row."),
    Bug(
        "borrowed bias",
        "The score of the fourth class uses the bias of the third.",
        forward=_third_bias_for_the_fourth_score,
    ),
    Bug(
        "misplaced sums",
        "The gradients of the output biases 2 to 4 are added to those of the first three biases.",
        backward=_bias_gradients_into_the_wrong_sums,
    ),
)
