"""Every contestant of the benchmark does the same work; only the benchmark measures how long it takes."""

from dataclasses import replace
from importlib.util import find_spec

import contestants
import numpy as np
import pytest
from contestants import Work

SINGLE = Work((3, 4, 3), 30, epochs=3)
STACK = replace(SINGLE, stack=3)


def peer(name, needed=None):
    mark = pytest.mark.skipif(needed is not None and find_spec(needed) is None, reason=f"{needed} is not installed: pip install {needed}")
    return pytest.param(getattr(contestants, name), id=name, marks=mark)


@pytest.mark.parametrize(
    "contestant",
    [
        *map(peer, ("scikit_learn", "per_example", "scalar_autograd")),
        peer("pytorch", "torch"),
        peer("jax_step", "jax"),
        peer("jax_run", "jax"),
    ],
)
def test_a_peer_arrives_at_the_same_loss_every_time_it_runs(contestant):
    loss = contestants.ours(SINGLE)()
    run = contestant(SINGLE)
    assert [run(), run()] == pytest.approx([loss, loss], rel=1e-9)
    assert contestants.ours(replace(SINGLE, epochs=2))() != pytest.approx(loss, rel=1e-3)


@pytest.mark.parametrize("contestant", [peer("ours_one_after_the_other"), peer("jax_step", "jax"), peer("jax_run", "jax")])
def test_a_stack_arrives_at_the_same_losses(contestant):
    np.testing.assert_allclose(contestant(STACK)(), contestants.ours(STACK)(), rtol=1e-9)


@pytest.mark.parametrize(
    "work", [replace(SINGLE, activation="relu"), replace(SINGLE, activation="tanh"), replace(SINGLE, output="sigmoid")]
)
def test_scikit_learn_does_the_same_work_with_other_functions(work):
    assert contestants.scikit_learn(work)() == pytest.approx(contestants.ours(work)(), rel=1e-9)
