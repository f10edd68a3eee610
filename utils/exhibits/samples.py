"""Small networks with weights that are easy to write down, and an example for them (lessons 07 and 11)."""

import numpy as np

from utils.nn.network import FeedForwardNetwork

# By layer sizes: the weights and the biases of each layer. 2-2-2 is the sample of lesson 07.
SAMPLES = {
    "2-2-2": ({1: [[0.5, -0.3], [0.2, 0.8]], 2: [[0.6, -0.4], [-0.5, 0.9]]}, {1: [0.1, -0.1], 2: [0.0, 0.2]}),
    "2-3-2": (
        {1: [[0.5, -0.3], [0.2, 0.8], [-0.6, 0.4]], 2: [[0.6, -0.4, 0.7], [-0.5, 0.9, 0.3]]},
        {1: [0.1, -0.1, 0.3], 2: [0.0, 0.2]},
    ),
    "2-2-2-2": (
        {1: [[0.5, -0.3], [0.2, 0.8]], 2: [[1.2, -0.7], [0.4, 1.1]], 3: [[0.6, -0.4], [-0.5, 0.9]]},
        {1: [0.1, -0.1], 2: [-0.2, 0.3], 3: [0.0, 0.2]},
    ),
}
X, Y = np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]])


def sample(architecture):
    """Return a network whose weights are easy to write down.

    Parameters
    ----------
    architecture : str
        A name in ``SAMPLES``.

    Returns
    -------
    FeedForwardNetwork
    """
    W, b = SAMPLES[architecture]
    net = FeedForwardNetwork([len(W[1][0]), *map(len, W.values())])
    return net.with_parameters({k: np.array(v) for k, v in W.items()}, {k: np.array(v).reshape(-1, 1) for k, v in b.items()})
