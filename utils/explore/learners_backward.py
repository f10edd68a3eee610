"""A learner's own ``backward`` for the path tracer: what it returns is set beside the sum over all paths and the finite difference."""

import numpy as np

from utils.explore.learners_functions import NothingToShowError, arrays_of
from utils.homework.bank.backward import backward as backward_question
from utils.homework.bank.forward import forward as forward_question
from utils.homework.question import Case
from utils.homework.quiet import quiet
from utils.nn.gradcheck import check_gradients, numerical_gradient
from utils.nn.network import FeedForwardNetwork
from utils.nn.own_functions import OwnNetwork

TIME_LIMIT = 5.0  # seconds for one call
MOST = (3, 4, 4)  # inputs, hidden units and outputs that find room in the picture
N_EXAMPLES = 5  # of the check of all entries: a mistake in 1/N does not show with one


class LearnersBackward:
    """Calls of a learner's ``backward``, and of ``forward`` if it is given, as homeworks 4 and 1 ask for them.

    Parameters
    ----------
    backward : callable
        ``backward(x, y, W1, b1, W2, b2)`` → the four gradients.
    forward : callable, optional
        ``forward(x, W1, b1, W2, b2)`` → ŷ.
    parameters : sequence of array, optional
        W1, b1, W2, b2 of the learner's own.

    Attributes
    ----------
    sizes : list of int, or None
        Of the layers of the learner's parameters.

    Raises
    ------
    TypeError
        When one of the two is no function.
    ValueError
        For parameters that do not fit together, or of a network that is too large to be drawn.
    """

    def __init__(self, backward, forward=None, parameters=None):
        for name, function in (("backward", backward), ("forward", forward or backward)):
            if not callable(function):
                raise TypeError(f"{name} must be a function, as in path_tracer_explorer({name}={name}), not {function!r}.")
        self.backward, self.forward, self.sizes = backward, forward, None
        if parameters is not None:
            self.mine = OwnNetwork(backward, parameters)
            self.sizes = self.mine.layer_sizes
            if any(n > most for n, most in zip(self.sizes, MOST, strict=True)):
                raise ValueError(
                    "The path tracer draws up to {} inputs, {} hidden units and {} outputs, but ".format(*MOST)
                    + f"your parameters are those of a {'-'.join(map(str, self.sizes))} network."
                )

    def network(self, sizes, seed):
        """Return the network of the course whose paths are drawn: with the learner's parameters, or with random ones.

        Parameters
        ----------
        sizes : list of int
            Of the layers, where the learner has given no parameters.
        seed : int
            Of random weights and biases.

        Returns
        -------
        FeedForwardNetwork
        """
        if self.sizes:
            return FeedForwardNetwork(self.sizes).with_parameters(*({k: v[k] for k in (1, 2)} for v in (self.mine.W, self.mine.b)))
        rng = np.random.default_rng(seed)
        return FeedForwardNetwork(sizes, seed=seed).with_parameters(b={k: rng.normal(size=(sizes[k], 1)) for k in (1, 2)})

    def derivatives(self, net, x, y, letter, k, i, j):
        """Return ∂𝓛/∂v as the learner's ``backward`` has it, and as the finite difference has it, for v = W_kij or b_ki.

        Parameters
        ----------
        net : FeedForwardNetwork
            Whose parameters.
        x, y : arrays, shapes (n_0, 1) and (n_2, 1)
            The example and its target.
        letter : str
            "W" or "b".
        k, i, j : int
            Which one, counted from 1.

        Returns
        -------
        float, float

        Raises
        ------
        NothingToShowError
            When the learner's function stops with an error, or returns something else than gradients.
        """
        own, at = self._own(net), (i - 1, j - 1 if letter == "W" else 0)
        claimed = getattr(own.backward(own.forward(x), y), letter)[k][at]
        with quiet():
            return float(claimed), float(numerical_gradient(own, x, y, letter, k)[at])

    def report(self, net, seed):
        """Return the gradient check of all entries, for several random examples at once.

        Parameters
        ----------
        net : FeedForwardNetwork
            Whose parameters.
        seed : int
            Of the examples.

        Returns
        -------
        Report
        """
        n_0, _, n_2 = net.layer_sizes
        x = np.random.default_rng(seed).normal(size=(n_0, N_EXAMPLES))
        own, y = self._own(net), np.eye(n_2)[:, np.arange(N_EXAMPLES) % n_2]
        with quiet():
            return check_gradients(own.own_backward, x, y, parameters=own.parameters, forward=own.own_forward)

    def _own(self, net):
        parameters = [v[k] for k in net.layers for v in (net.W, net.b)]
        gradients = {f"∂L/∂{name}": v.shape for name, v in zip(("W1", "b1", "W2", "b2"), parameters, strict=True)}

        def backward(*arguments):
            arrays = arrays_of(self.backward, backward_question, Case("these", arguments), gradients, TIME_LIMIT)
            lost = [name for name, array in zip(gradients, arrays, strict=True) if not np.isfinite(array).all()]
            if lost:
                raise NothingToShowError(f"{lost[0]} holds numbers that are not finite (nan or inf).")
            return arrays

        looked_at = []  # the first ŷ is looked at closely, and the many of the finite differences are like it

        def forward(x, *arguments):
            if looked_at:
                return self.forward(x, *arguments)
            shape = {"ŷ": (net.layer_sizes[-1], x.shape[1])}
            (y_hat,) = arrays_of(self.forward, forward_question, Case("these", (x, *arguments)), shape, TIME_LIMIT)
            if not (y_hat > 0).all():
                raise NothingToShowError("ŷ holds numbers that are not above 0. Probabilities behind a softmax are, all of them.")
            looked_at.append(True)
            return y_hat

        return OwnNetwork(backward, parameters, self.forward and forward)
