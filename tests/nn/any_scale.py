"""Random networks whose inputs, weights, biases and targets have any size from 1e-4 to 1e4, for the gradient check.

``python tests/nn/any_scale.py 5000`` counts false alarms on so many true networks, and misses on a fifth as many that have a
bug. Run it with OPENBLAS_CORETYPE=Haswell, Sandybridge, Nehalem, Prescott, … to see other processors' last digits;
it says which processor OpenBLAS computes for. ``test_gradcheck.py`` takes a few of them.
"""

import sys
from collections import Counter

import numpy as np
from threadpoolctl import threadpool_info

from utils.exhibits.bugs import BUGS, NETWORKS, BuggyNetwork
from utils.nn import ACTIVATIONS, LOSSES, FeedForwardNetwork, check_gradients, gradient_descent
from utils.nn.checks import unchecked

VISIBLE = 1e-3  # a bug is demanded to be found where it changes some gradient by more than this, relative to the larger one


def any_size(rng):
    return 10 ** rng.uniform(-4, 4)


def scaled(net, rng):
    """Return the network with parameters of any size, in single precision now and then, its biases often 0."""
    W = {k: any_size(rng) * rng.normal(size=net.W[k].shape) for k in net.layers}
    b = {k: rng.integers(2) * any_size(rng) * rng.normal(size=net.b[k].shape) for k in net.layers}
    if rng.random() < 0.3:
        W, b = ({k: v.astype(np.float32) for k, v in values.items()} for values in (W, b))
    return net.with_parameters(W, b)


def examples(net, rng):
    """Return x and y: inputs of any size, one of them the origin now and then; numbers as targets have any size too."""
    N = int(rng.choice([1, 2, 5, 20, 200]))
    n, n_L = net.layer_sizes[0], net.layer_sizes[-1]
    x = any_size(rng) * rng.normal(size=(n, N))
    if rng.random() < 0.2:
        x[:, rng.integers(N)] = 0
    if net.loss.output == "softmax":
        return x, np.eye(n_L)[:, rng.integers(n_L, size=N)] if rng.random() < 0.7 else rng.dirichlet(np.ones(n_L), N).T
    if net.loss.output == "sigmoid":
        return x, rng.integers(2, size=(n_L, N)) * 1.0
    return x, any_size(rng) * rng.normal(size=(n_L, N)) + rng.integers(2) * any_size(rng)


def true_case(seed):
    """Return a network without a bug, and examples; it is trained now and then, down to where its gradients are all rounding."""
    rng = np.random.default_rng([seed, 1])
    pairs = list(LOSSES)
    pair = pairs[rng.integers(len(pairs))]
    sizes = [*rng.integers(1, 6, size=rng.integers(1, 5)).tolist(), int(rng.integers(2, 5))]
    activation = list(ACTIVATIONS)[rng.integers(len(ACTIVATIONS))]
    net = FeedForwardNetwork(sizes, activation, *pair, seed=seed)
    if rng.random() < 0.8:
        net = scaled(net, rng)
        return net, *examples(net, rng)
    x, y = examples(net, rng)
    x = x / max(1, np.abs(x).max())
    if pair[0] == "linear" and rng.random() < 0.5:  # a valley whose bottom can be reached
        net = FeedForwardNetwork([sizes[0], sizes[-1]], activation, *pair, seed=seed)
        y = any_size(rng) * x[:1] + any_size(rng) + np.zeros((sizes[-1], 1))
    if y.shape[1] == 1 or (y != y[:, :1]).any() or pair[0] == "linear":
        gradient_descent(net, x, y, 0.1, 1000, record_every=1000)
    if all(np.isfinite(v).all() for v in (*net.W[1:], *net.b[1:])):
        return net, x, y
    return true_case(seed + 10**6)


def buggy_case(seed):
    """Return a bug, a network that has it, and examples."""
    rng = np.random.default_rng([seed, 2])
    candidates = [bug for bug in BUGS if bug.accused]
    bug = candidates[seed % len(candidates)]
    setting = dict(NETWORKS[bug.network])
    if bug.network != "session":
        width = int(rng.integers(2, 6))
        setting["layer_sizes"] = [2, width, width, width]
    if rng.random() < 0.5:
        setting["activation"] = list(ACTIVATIONS)[rng.integers(len(ACTIVATIONS))]
    net = scaled(BuggyNetwork(bugs=(bug,), seed=seed, **setting), rng)
    return bug, net, *examples(net, rng)


def precise(net, x, y):
    """Return ∂L/∂W_k and ∂L/∂b_k of a network in extended precision, where the machine has it."""
    twin = FeedForwardNetwork(net.layer_sizes, net.g[1].name, net.loss.output, net.loss.name)
    wide = [[None, *(v.astype(np.longdouble) for v in values[1:])] for values in (net.W, net.b)]
    twin.hold(*wide)
    trace = unchecked(twin.forward)(x.astype(np.longdouble))
    return unchecked(twin.backward)(trace, y.astype(np.longdouble))


def shows(net, x, y):
    """Return whether the bug can be seen at all: in some entry it changes the gradient and, with it, the loss.

    The gradient by more than ``VISIBLE`` of the larger of the two, and the loss, over a step that moves a_k by 0.01,
    by more than 1e-12 of it: some thousand units in its last place. (A loss of probabilities has its last place where 1 has it.)
    """
    trace = net.forward(x)
    claimed, truth, loss = net.backward(trace, y), precise(net, x, y), net.loss(trace, y)
    for name in "Wb":
        for k in net.layers:
            mine, true = getattr(claimed, name)[k], getattr(truth, name)[k]
            step = 0.01 / np.maximum(np.abs(trace.h[k - 1]).max(-1), 1e-300) if name == "W" else 0.01
            difference = np.abs(mine - true)
            relative = difference / np.maximum(np.maximum(np.abs(mine), np.abs(true)), 1e-300)
            if ((relative > VISIBLE) & (difference * step > 1e-12 * max(loss, 1))).any():
                return True
    return False


def judged(seed):
    """Return the bug of a buggy case, and "found", "nothing shows" or "missed"."""
    bug, *case = buggy_case(seed)
    if not check_gradients(*case).ok:
        return bug, "found"
    return bug, "missed" if shows(*case) else "nothing shows"


def main(n):
    """Print what the gradient check says about n true networks, and about n // 5 with a bug."""
    kernel = "+".join(library["architecture"] for library in threadpool_info() if library["internal_api"] == "openblas")
    with np.errstate(all="ignore"):
        reports = {seed: check_gradients(*true_case(seed)) for seed in range(n)}
        verdicts = Counter((bug.name, verdict) for bug, verdict in map(judged, range(n // 5)))
    alarms = [seed for seed, report in reports.items() if not report.ok]
    undecided = sum(any(row.n_undecided for row in report.rows) for report in reports.values())
    print(f"{kernel}: {n} true networks: {len(alarms)} false alarms {alarms}, nothing told about an entry of {undecided}")
    for name in dict.fromkeys(name for name, _ in verdicts):
        print(f"  {name}:", ", ".join(f"{verdicts[name, verdict]} {verdict}" for verdict in ("found", "nothing shows", "missed")))


if __name__ == "__main__":
    main(int(sys.argv[1]))
