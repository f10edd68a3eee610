"""Counted multiplications: the formulas from shapes against really counting, and against a forward pass by hand."""

import numpy as np
import pytest

from utils.exhibits.multiplication_counts import CountedChain, cost
from utils.nn.network import FeedForwardNetwork


@pytest.mark.parametrize("sizes", [[4, 3], [2, 2, 2], [3, 2, 4, 3], [2, 3, 3, 3, 2], [1, 4, 2, 3, 2]])
def test_shapes_count_what_is_really_done(sizes):
    net, x, y = FeedForwardNetwork(sizes, seed=1), np.linspace(-1, 2, sizes[0]).reshape(-1, 1), np.eye(sizes[-1])[:, [1]]
    truth = net.backward(net.forward(x), y)
    for remember, expected in ((True, cost(sizes).backward), (False, cost(sizes).without_cache)):
        chain = CountedChain(net, x, y, remember)
        for k in net.layers:
            assert np.allclose(chain.weight_gradient(k), truth.W[k]) and np.allclose(chain.bias_gradient(k), truth.b[k])
        assert chain.multiplications == expected


def test_a_forward_pass_counted_number_by_number():
    class Counted(float):
        products = 0

        def __mul__(self, other):
            Counted.products += 1
            return float(self) * other

    net, h = FeedForwardNetwork([3, 2, 4, 3], seed=0), [1.0, 2.0, 3.0]
    for k in net.layers:
        h = [sum(Counted(w) * v for w, v in zip(row, h, strict=True)) for row in net.W[k]]
    assert Counted.products == cost([3, 2, 4, 3]).forward == 6 + 8 + 12
    assert cost([3, 2, 4, 3]).finite_differences == 26 * (net.n_parameters + 1)
