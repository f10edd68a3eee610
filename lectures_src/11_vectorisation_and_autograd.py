# %% [markdown]
# # 11 · Vectorisation and autograd
#
# **After this lesson you can**
#
# - turn loops over numbers into loops over examples, those into matrix products, and those into a stack of networks, and prove that nothing changed but the time;
# - say where the time goes when Python is slow, and predict what a loop will cost;
# - read an autograd of sixty lines, and run the chain rule over any formula with it;
# - compute the same gradient in four ways, and say when each of them is the right one.
#
# **Time** 60 minutes · **You need** the sum over paths (02), the whole algorithm (07), training (10)

# %%
import inspect
import math
import sys
from itertools import combinations
from timeit import repeat
from types import SimpleNamespace

import numpy as np
from threadpoolctl import threadpool_limits

from utils.data import one_hot, two_classes
from utils.draw.costs import time_bars
from utils.draw.picture import show, subplots
from utils.exhibits.autograd import Value, grads, values
from utils.exhibits.scalar_loops import (
    by_autograd,
    example_by_example,
    instructions,
    number_by_number,
    train,
)
from utils.explore.autograd_graph import graph_explorer
from utils.nn import FeedForwardNetwork, gradient_descent, numerical_gradient, softmax, update

# %% [markdown]
# Two questions have been open since the first lesson. The live session trained its networks with loops over the examples and promised the vectorised version for later: *what does it
# buy?* And every gradient so far was derived on paper, by us: *could a machine have done that?* This is later, and yes.

# %% [markdown]
# ## 1 · Number by number
#
# Let us begin as one would with a pencil. One example after the other, one unit after the other, one weight after the other; every sum of the lectures is a loop. Read it from top to
# bottom: each line is a formula that you have derived.

# %%
print(inspect.getsource(number_by_number))

# %% [markdown]
# Nothing in there is hard, and nothing is missing: this trains any network with sigmoid hidden units and a softmax. Only, one cannot see the formulas for the indices.
#
# ## 2 · Example by example
#
# Vectors swallow the loops over $i$ and $j$: a layer is $W_k h_{k-1} + b_k$ again. What remains is the loop over the $N$ examples, each a column of one. This is how the live session
# trains.

# %%
print(inspect.getsource(example_by_example))

# %% [markdown]
# ## 3 · The whole batch
#
# And the matrix of all examples swallows the last loop (lesson 06): columns side by side, $\frac{\partial L}{\partial W_k} = \frac{\partial L}{\partial a_k} h_{k-1}^{\mathsf T}$ adds over
# them by itself. That is the `FeedForwardNetwork` you know. One epoch is three lines:


# %%
def one_epoch(net, x, y, learning_rate=0.5):
    trace = net.forward(x)
    update(net, net.backward(trace, y), learning_rate)


# %% [markdown]
# Three programs; do they do the same? We train one 2-3-2 network on the thousand points of two classes, from the same initial weights, five epochs each way.

# %%
X, labels = two_classes()
x, y = np.ascontiguousarray(X.T), one_hot(labels, 2)
start = FeedForwardNetwork([2, 3, 2], seed=0)
net = start.with_parameters()  # a copy
history = gradient_descent(net, x, y, learning_rate=0.5, epochs=5)
for way in (number_by_number, example_by_example):
    W, b, losses = train(way, start.W, start.b, x, y, learning_rate=0.5, epochs=5)
    assert np.allclose(losses, history.loss[:-1], atol=1e-12)
    assert all(np.allclose(W[k], net.W[k], rtol=0, atol=1e-14) for k in net.layers)
    assert all(np.allclose(b[k], net.b[k], rtol=0, atol=1e-14) for k in net.layers)
    print(f"{way.__name__:18}   loss {losses[-1]:.6f}   no weight or bias differs by 1e-14")

# %% [markdown]
# The same to fourteen decimals. (Not to the last: sums were added up in another order, and floating-point numbers round.)
#
# **Predict.** Write down three numbers: how many times faster is *example by example* than *number by number*? How many times faster is the batch than either?


# %%
def seconds(run, times=1):
    with threadpool_limits(1):  # one core: we compare programs, not machines
        return min(repeat(run, number=times, repeat=7)) / times  # the best is the least disturbed


def time_all(net, x, y, n_slow):
    slow = net.W, net.b, x[:, :n_slow], y[:, :n_slow]
    return {
        "number by number": seconds(lambda: number_by_number(*slow)) / n_slow,
        "example by example": seconds(lambda: example_by_example(*slow)) / n_slow,
        "a batch of 50": seconds(lambda: one_epoch(net, x[:, :50], y[:, :50]), 20) / 50,
        "a batch of 1000": seconds(lambda: one_epoch(net, x, y), 20) / 1000,
    }


narrow = time_all(start.with_parameters(), x, y, n_slow=200)

# %% tags=["times"]
fig, ax = subplots(figsize=(6.4, 2.5))
time_bars(narrow, ax).set_xlabel("microseconds for one example in one epoch, 2-3-2")
numbers, examples, batch_50, batch = narrow.values()
show(
    fig,
    f"""Bars on a logarithmic scale, 2-3-2 network. Number by number takes {numbers * 1e6:.1f}
    microseconds for an example, example by example {examples * 1e6:.0f}, a batch of 50
    {batch_50 * 1e6:.2f} and a batch of 1000 {batch * 1e6:.2f}: {examples / batch:.0f} times less
    than example by example.""",
)

# %% [markdown]
# **Check.** (The figures are measured anew whenever this runs. Yours will differ; their order should not.) The batch wins by a factor of several hundred. Two thousand epochs, as in the session, take about a
# minute example by example, and a fraction of a second as a batch. No surprise in that, perhaps. But look at the two upper bars: the vectors are *slower* than the plain loops!

# %% [markdown]
# ## 4 · Where does the time go?
#
# Python is an interpreter: it reads one small instruction after the other ("fetch this", "multiply those"), and spends most of its time on reading. So we count instructions. `instructions` runs a
# function and counts what the interpreter carries out; all that happens *inside* a NumPy function is one instruction, however long it takes.
#
# **Predict.** From 10 examples to 20: what happens to the three counts?

# %%
print("instructions for an epoch of     10 examples    20 examples")
for way in (number_by_number, example_by_example):
    counts = [instructions(way, start.W, start.b, x[:, :n], y[:, :n]) for n in (10, 20)]
    print(f"{way.__name__:28} {counts[0]:15,} {counts[1]:14,}")
counts = [instructions(one_epoch, net, x[:, :n], y[:, :n]) for n in (10, 20, 1000)]
print(f"{'the whole batch':28} {counts[0]:15,} {counts[1]:14,}    and for 1000: {counts[2]:,}")

# %% [markdown]
# **Check.** With a loop over the examples they double. The batch has *the same number* for ten examples and for a thousand: the loop has not become faster, it has left Python.

# %%
assert counts[0] == counts[1] == counts[2]

# %% [markdown]
# That leaves the riddle of the upper bars: *example by example* has about a quarter of the instructions, and takes several times as long. So its instructions must be dear ones. What does an addition cost?

# %% tags=["times"]
one, several, many = 0.5, np.full((3, 1), 0.5), np.full((3, 1000), 0.5)
for name, v in {"a number": one, "3 numbers": several, "3000 numbers": many}.items():
    time = seconds(lambda v=v: v + v, 10_000) * 1e9
    print(f"{name:13} {time:6.0f} ns in all, {time / np.size(v):8.2f} ns for each")

# %% [markdown]
# Before NumPy adds anything, it looks: which types, which shapes, do they fit, where does the result go? That costs some hundred nanoseconds, however many numbers follow. With three hidden units the
# looking costs far more than the adding, and a plain Python loop has finished meanwhile.
#
# So the rule is not "vectors are fast". **The cost of a line is a fixed price for the call, and a tiny one for each number. Vectorisation pays when many numbers share the call.**
#
# **Predict.** Now a wide network, 2-64-64-2. Which bars change places?

# %% tags=["times"]
wide_net = FeedForwardNetwork([2, 64, 64, 2], seed=0)
wide = time_all(wide_net, x, y, n_slow=50)
fig, ax = subplots(figsize=(6.4, 2.5))
time_bars(wide, ax).set_xlabel("microseconds for one example in one epoch, 2-64-64-2")
numbers, examples, batch_50, batch = wide.values()
show(
    fig,
    f"""Bars on a logarithmic scale, 2-64-64-2 network. Number by number takes
    {numbers * 1e6:.0f} microseconds for an example, example by example {examples * 1e6:.0f}, a
    batch of 50 {batch_50 * 1e6:.1f}, a batch of 1000 {batch * 1e6:.1f}.""",
)

# %% [markdown]
# **Check.** The upper two. A layer of 64 by 64 weights is 4096 multiplications for the price of one call, and number by number pays for each of them. The batch still wins, though by less: where there is
# much to multiply anyway, the call matters less. And the multiplying itself is done by a library called **BLAS**, which uses all that a processor has: several numbers in one instruction, several cores (here we allow it one, to be fair), and
# blocks of the matrices that fit into its fast memory. That is why a matrix *product* beats the same sums written in any other way.

# %% [markdown]
# ## 5 · One axis more: a stack of networks
#
# Why stop there? Ten seeds, thirty-two learning rates: whoever compares networks trains many of the same shape. Put their weights on top of each other, and $W_1$ becomes an array of shape
# $(S, n_1, n_0)$. The formulas stay as they are, letter by letter.

# %%
seeds = range(32)
stack = FeedForwardNetwork([2, 3, 2], seed=seeds)
trace = stack.forward(x)
for name, v in {"W_1": stack.W[1], "x": x, "a_1": trace.a[1], "b_1": stack.b[1]}.items():
    print(f"{name:4} {v.shape}")

# %% [markdown]
# `@` multiplies the matrices in the *last two* axes and does so for every entry of the axes before; `+` stretches $x$ and $b$ where an axis is missing. For this to work, code must count its axes **from the end**: the units are
# axis −2, the examples axis −1, whatever stands before.
#
# **Predict** three shapes: of `stack.W[1].mT`, of `stack.W[1].T`, and of `trace.a[1].sum(-1)`.

# %%
W_stack, a_stack = stack.W[1], trace.a[1]
print(
    "W_1.mT", W_stack.mT.shape, "  W_1.T", W_stack.T.shape, "  a_1.sum(-1)", a_stack.sum(-1).shape
)
print(
    "examples added up: a_1.sum(-1)",
    a_stack.sum(-1).shape,
    "  but a_1.sum(1)",
    a_stack.sum(1).shape,
)

# %% [markdown]
# **Check.** `.mT` transposes each matrix; `.T` turns the whole array inside out and mixes networks with units. Likewise `sum(1)` means the examples in one network, and the *units* in a stack. With `.mT` and −1 the code is right in both
# cases, and that is why `network.py` has nothing else.
#
# **Predict.** 32 networks at once, on a mini-batch of 50 examples: how long does an epoch take, compared with one network? And on all 1000?


# %% tags=["times"]
def epoch_time(net, n):
    x_n, y_n = x[:, :n].copy(), y[:, :n].copy()
    return seconds(lambda: one_epoch(net.with_parameters(), x_n, y_n), 5)


alone, together = ({n: epoch_time(net, n) for n in (50, 1000)} for net in (start, stack))
for n in alone:
    each = together[n] / 32
    print(f"{n:4} examples: alone {alone[n] * 1e6:.0f} µs, in the stack {each * 1e6:.0f} µs each")

# %%
networks, seventh = stack.with_parameters(), FeedForwardNetwork([2, 3, 2], seed=7)
histories = gradient_descent(networks, x, y, learning_rate=0.5, epochs=5)
history = gradient_descent(seventh, x, y, learning_rate=0.5, epochs=5)
assert np.allclose(networks.W[1][7], seventh.W[1], atol=1e-9)
assert np.allclose(histories.loss[:, 7], history.loss, atol=1e-9)

# %% [markdown]
# **Check.** On 50 examples each network of the stack costs a small fraction of what it costs alone: 32 networks share the calls, as the examples do in a batch. On 1000 examples the calls had enough to do before. Little is left to share, and
# arrays that no longer fit into the fast memory of the processor may even take longer. The rule of section 4 once more: it is the numbers *per call* that count.
#
# And number 7 of the stack has learned exactly what it would have learned alone. Lesson 12 uses this to try hundreds of learning rates in front of your eyes.

# %% [markdown]
# | way | loop over | what one call of NumPy sees |
# |---|---|---|
# | number by number | examples, layers, units, weights | nothing |
# | example by example | examples, layers | a column |
# | batch | layers | a matrix |
# | stack | layers | $S$ matrices |
#
# One loop is left, the one over the layers, and it stays: $h_k$ needs $h_{k-1}$. Depth cannot be vectorised away.

# %% [markdown]
# ## 6 · Could a machine have derived that?
#
# Whatever the loss is, a computer gets to it by additions, multiplications, a few exponentials and logarithms, **one operation after the other**. We know the derivative of each of those. The rest is the chain rule: multiply
# along a path, add over the paths (lesson 02). There is nothing in it that needs a human.
#
# So let numbers *remember*. A `Value` holds a number, the Values that it was computed from, and the local derivative for each of them. Here is $L = \log \frac{x^2}{x^3}$, an old friend from lesson 02:

# %%
x_value = Value(3.0, "x")
z = np.log(x_value**2 / x_value**3)
for v in z.history():
    inputs = ", ".join(u.name for u in v.inputs)
    slopes = ", ".join(f"{slope:.4g}" for slope in v.local_derivatives)
    print(f"{v.name:10} {v.value:7.3f}   computed from: {inputs:22} local derivatives: {slopes}")

# %% [markdown]
# The graph is there already, although we have only computed. What is missing is a walk through it from the end to the beginning.
#
# **Predict** $\frac{dz}{dx}$ at $x = 3$, with whichever method you like best.

# %%
z.backward()
print("dz/dx =", x_value.grad)
assert np.isclose(x_value.grad, 2 / 3 - 3 / 3)

# %% [markdown]
# **Check.** $z = \log \frac1x = -\log x$, and $\frac{dz}{dx} = -\frac1x = -\frac13$. Two paths lead there, $\frac2x$ through the square and $-\frac3x$ through the cube, and nobody had to tell the machine.

# %% [markdown]
# ## 7 · Sixty lines
#
# This is all of it. (Sixty lines of code; the docstrings are extra. `as_value` turns a plain number into a Value,
# `demand` complains in words when an operation is not defined.)

# %%
print(inspect.getsource(Value))

# %% [markdown]
# Three places deserve a finger on the screen:
#
# 1. **Each operation, one line.** The result, and beside it the derivative: `(other.value, self.value)` for a product, `(h,)` for an exponential.
# 2. **`history`, reversed.** A Value is made after the Values it is computed from. So the order of birth is an order of computation, and the opposite order is right for going back: whoever was made later is asked earlier.
# 3. **`+=`.** A Value that was used twice is blamed twice.
#
# **Predict.** What does $\frac{dz}{dx}$ become if that `+=` is written `=`?


# %%
def backward_without_sum(L):
    L.grad = 1.0
    for v in reversed(L.history()):
        for u, local_derivative in zip(v.inputs, v.local_derivatives, strict=True):
            u.grad = v.grad * local_derivative


backward_without_sum(z)
print(f"with = instead of +=: {x_value.grad:.4f}")
assert np.isclose(x_value.grad, 2 / 3)

# %% [markdown]
# **Check.** $\frac23$: the last path to arrive wipes out the others. It is the mistake of the live session's $w_{131}$ once more: paths are missing.
#
# ## 8 · The network, a Value for each weight
#
# The sample of lesson 07: a 2-2-2 network, $x = (1, 2)$, the first class is the true one. We write the *forward* pass, and only that. It is the code of lesson 07; NumPy hands each operation down to the Values in
# the arrays.

# %%
x_1, y_1 = np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]])
W_1, b_1 = np.array([[0.5, -0.3], [0.2, 0.8]]), np.array([[0.1], [-0.1]])
W_2, b_2 = np.array([[0.6, -0.4], [-0.5, 0.9]]), np.array([[0.0], [0.2]])


def loss_of(W_1, b_1, W_2, b_2):
    h_1 = 1 / (1 + np.exp(-(W_1 @ x_1 + b_1)))
    a_2 = W_2 @ h_1 + b_2
    y_hat = np.exp(a_2) / np.exp(a_2).sum()
    return -(y_1 * np.log(y_hat)).sum()


# %%
parameters = [values(W_1, "W_1"), values(b_1, "b_1"), values(W_2, "W_2"), values(b_2, "b_2")]
L = loss_of(*parameters)
L.backward()
print(f"L = {L.value:.4f}, computed in {len(L.history())} Values")
print("∂L/∂W_1 =", *grads(parameters[0]).round(4), "  ∂L/∂b_1 =", *grads(parameters[1]).round(4))
print("∂L/∂W_2 =", *grads(parameters[2]).round(4), "  ∂L/∂b_2 =", *grads(parameters[3]).round(4))

# %% [markdown]
# **Check.** $-0.1867, -0.3735, 0.1153, 0.2306$: number by number what you worked out by hand in lesson 07. No $\hat y - y$ was derived, no $W^{\mathsf T}$, no $\circ\, g'$. They are all in there, as products and sums that the walk back carries out
# without knowing their names.

# %%
assert np.allclose(grads(parameters[0]), [[-0.1867, -0.3735], [0.1153, 0.2306]], atol=5e-5)
assert np.allclose(grads(parameters[2]), [[-0.3395, -0.5741], [0.3395, 0.5741]], atol=5e-5)

# %% [markdown]
# Walk it yourself. Each step lets one result pass its gradient on: **times the local derivative**, which stands on the line. Three dots mean that somebody has not spoken yet. (The loss is written as
# $\log(e^{a_{21}} + e^{a_{22}}) - a_{2l}$ here, which is $-\log \hat y_l$ with fewer operations. The sigmoid is taken apart into the four steps of lesson 01.)
#
# **Predict**, at step 12: $h_{11}$ shows −0.34 and three dots. Who is missing, and what will be added?

# %%
graph_explorer()

# %% [markdown]
# **Check.** The product $W_{211} h_{11}$ is missing. It passes on $W_{211}$ times its own gradient, $0.6 \cdot (-0.6790) = -0.4074$, and the sum is $-0.7469$: the *column* of $W_2$, and with it the transpose (lesson 05), has come out of `+=`.
#
# And for the sceptical: the course's own `forward`, not a letter changed, with Values for weights. (`__wrapped__` is the method without
# the check of its arguments, which would refuse anything but plain numbers.)

# %%
deep = FeedForwardNetwork([2, 3, 4, 3], "tanh", seed=0)
x_6, y_6 = x[:, :6], one_hot([0, 1, 2, 0, 1, 2], 3)
W = {k: values(deep.W[k]) for k in deep.layers}
twin = SimpleNamespace(layers=deep.layers, W=[None, *W.values()], b=deep.b, g=deep.g)
twin_trace = FeedForwardNetwork.forward.__wrapped__(twin, x_6)
deep.loss.per_example(twin_trace.a[-1], twin_trace.y_hat, y_6).mean().backward()
gradients = deep.backward(deep.forward(x_6), y_6)
assert all(np.allclose(grads(W[k]), gradients.W[k], rtol=0, atol=1e-14) for k in deep.layers)
print("no entry differs by 1e-14")

# %% [markdown]
# ## 9 · The same gradient four ways
#
# **One: by hand.** The formulas of lessons 04 to 06, written out for the sample, one number at a time.

# %%
h_1, h_2 = (1 / (1 + math.exp(-a)) for a in (W_1 @ x_1 + b_1)[:, 0])
y_hat = softmax(W_2 @ np.array([[h_1], [h_2]]) + b_2)
e_1, e_2 = y_hat[0, 0] - 1, y_hat[1, 0] - 0  # ∂L/∂a_2 = ŷ − y
g_1 = (0.6 * e_1 - 0.5 * e_2) * h_1 * (1 - h_1)  # ∂L/∂a_11, by a column of W_2
g_2 = (-0.4 * e_1 + 0.9 * e_2) * h_2 * (1 - h_2)  # ∂L/∂a_12
by_hand = [g_1 * 1, g_1 * 2, g_2 * 1, g_2 * 2, g_1, g_2]  # W_1, b_1
by_hand += [e_1 * h_1, e_1 * h_2, e_2 * h_1, e_2 * h_2, e_1, e_2]  # W_2, b_2

# %% [markdown]
# **Two: vectorised**, `backward` of the network. **Three: finite differences**, two forward passes for each parameter. **Four: autograd**, the sixty lines.
#
# **Predict.** Three of them compute the same products of the same numbers, and one does not. How far apart will they be?


# %%
def flat(arrays):
    return np.concatenate([np.ravel(v) for v in arrays])


sample = FeedForwardNetwork([2, 2, 2]).with_parameters(W={1: W_1, 2: W_2}, b={1: b_1, 2: b_2})
gradients = sample.backward(sample.forward(x_1), y_1)
order = [("W", 1), ("b", 1), ("W", 2), ("b", 2)]
ways = {
    "by hand": np.array(by_hand),
    "vectorised": flat(getattr(gradients, name)[k] for name, k in order),
    "finite differences": flat(numerical_gradient(sample, x_1, y_1, *p) for p in order),
    "autograd": flat(grads(v) for v in parameters),
}

# %% [markdown]
# And a fifth voice, where it is there: PyTorch, which many of the world's networks are trained with.

# %%
try:
    import torch
except ImportError:
    print("PyTorch is not installed here, so it remains at four; the lesson does not need it.")
else:
    tensors = [torch.tensor(v, requires_grad=True) for v in (W_1, b_1, W_2, b_2)]
    a_2 = tensors[2] @ torch.sigmoid(tensors[0] @ torch.tensor(x_1) + tensors[1]) + tensors[3]
    torch.nn.functional.cross_entropy(a_2.T, torch.tensor([0])).backward()
    ways["PyTorch"] = flat(t.grad.numpy() for t in tensors)

# %%
print("largest difference in any of the 12 gradients")
for one, other in combinations(ways, 2):
    limit = 1e-9 if "finite differences" in (one, other) else 1e-14
    assert abs(ways[one] - ways[other]).max() < limit
    print(f"{one:18} and {other:18} below {limit:.0e}")

# %% [markdown]
# **Check.** Those that apply the chain rule agree to the rounding error, some $10^{-16}$. The finite difference is the odd one out, at $10^{-11}$ or so, and that is its worth: it is the only one that *cannot* share a mistake in
# the chain rule with the others.
#
# | way | you write | cost | good for |
# |---|---|---|---|
# | by hand | every derivative | paper | understanding, and small formulas |
# | vectorised | forward and backward | about 3 forward passes (07) | speed, when the network stays as it is |
# | finite differences | forward | 2 forward passes *for each parameter* | checking the others |
# | autograd | forward | about 3 forward passes, and memory | everything you would not like to derive |

# %% [markdown]
# ## 10 · What autograd costs
#
# "About 3 forward passes" is true for autograd too, in multiplications. But our sixty lines work number by number, and each number is now an object with a memory.
#
# **Predict.** On the 2-3-2 network: how many times slower than the plain loops of section 1? And is the result still the same?

# %%
few, few_y = x[:, :25], y[:, :25]
W, b, losses = train(by_autograd, start.W, start.b, few, few_y, learning_rate=0.5, epochs=2)
W_plain, b_plain, _ = train(number_by_number, start.W, start.b, few, few_y, 0.5, epochs=2)
assert all(np.allclose(W[k], W_plain[k], atol=1e-12) for k in start.layers)
times = {"autograd, by numbers": seconds(lambda: by_autograd(start.W, start.b, few, few_y)) / 25}
times |= narrow | {"a stack of 32, 50 each": together[50] / 32 / 50}

# %% tags=["times"]
fig, ax = subplots(figsize=(6.4, 3.2))
time_bars(times, ax).set_xlabel("microseconds for one example in one epoch, 2-3-2")
slow, numbers, _, _, batch, stacked = times.values()
show(
    fig,
    f"""Bars on a logarithmic scale, 2-3-2 network. Autograd by numbers takes {slow * 1e6:.0f}
    microseconds for an example, number by number {numbers * 1e6:.1f}, the batch
    {batch * 1e6:.2f}, a stack of 32 networks {stacked * 1e6:.3f} for each of them.""",
)

# %% [markdown]
# **Check.** Ten to thirty times slower than the loops, and some thousand times slower than the batch, with the same result to twelve digits. From top to bottom the picture spans three to four powers of ten, and every bar
# computes *the same numbers*.

# %% [markdown]
# The other price is **memory**. The walk back needs every local derivative, so nothing may be forgotten before it is over.
#
# **Predict.** How does the number of remembered Values grow with the number of examples?


# %%
def loss_of_batch(W_1, W_2, x, y):
    a_2 = W_2 @ np.tanh(W_1 @ x)
    return (np.log(np.exp(a_2).sum(-2)) - (y * a_2).sum(-2)).mean()


for n in (1, 10, 100):
    L = loss_of_batch(values(start.W[1]), values(start.W[2]), x[:, :n], y[:, :n])
    n_values = len(L.history())
    kilobytes = n_values * sys.getsizeof(L) / 1000
    print(f"{n:4} examples: {n_values:6,} Values, at least {kilobytes:4.0f} kB")

# %% [markdown]
# **Check.** In proportion. `backward` of the network keeps a few numbers for each example and unit ($h_k$, and $a_k$), and that too is in proportion to the batch: memory is why batches, and depths, have a limit.
#
# ### Why backwards?
#
# One can apply the chain rule from the front as well: nudge one input, and carry $\frac{\partial (\text{this})}{\partial (\text{that input})}$ along with each number. That is **forward mode**. It has nothing to remember, but needs a pass *for each
# input*. **Reverse mode**, ours, needs a pass for each *output*. A training has one output, the loss, and seventeen or seventeen billion inputs, the parameters: one pass against billions. In lesson 01 it made no difference where you begin to
# multiply; here it decides.
#
# ### What frameworks add
#
# PyTorch, JAX and TensorFlow do what the sixty lines do, and then:
#
# - a node is not a number but an **array**: `@`, with its local derivative $W^{\mathsf T}$. The graph of a batch has a dozen nodes instead of tens of thousands, and the speed of section 3 is back;
# - hundreds of operations instead of nine, on graphics processors as well, and numerically safe ones (softmax and cross-entropy in one piece, lesson 04);
# - care for memory: what is no longer needed is freed during the walk, or forgotten and computed again;
# - and compilers that see the whole graph before it runs, and melt many operations into one.
#
# ### What autograd cannot do
#
# It differentiates **what you wrote**, not what you meant. Hand the wrong bias to the second layer (it has the right shape, so nobody complains):

# %%
weights_1, bias_1, weights_2, bias_2 = (values(v) for v in (W_1, b_1, W_2, b_2))
loss_of(weights_1, bias_1, weights_2, bias_1).backward()  # bias_1 again, where bias_2 is meant
print("∂L/∂b_1 =", grads(bias_1)[:, 0].round(4), "  ∂L/∂b_2 =", grads(bias_2)[:, 0])

# %% [markdown]
# A perfectly right gradient of a wrong loss, and nudging confirms it: both look at the same forward pass. That is the *borrowed bias* of the live session (lesson 10), and no framework would have complained. The one
# trace it leaves is a gradient that is *exactly* 0. Autograd abolishes the bugs of the way back; those of the way forward remain yours.

# %%
nudge = np.array([[1e-6], [0.0]])
up, down = (loss_of(W_1, b, W_2, b) for b in (b_1 + nudge, b_1 - nudge))
assert np.isclose((up - down) / 2e-6, grads(bias_1)[0, 0], atol=1e-8)
assert (grads(bias_2) == 0).all()

# %% [markdown]
# ### Try it
#
# **1.** The explorer, step 29. Change the *true class*. Which of the twelve gradients change their sign?
#
# <details><summary>Answer</summary>
#
# All of them, and all by the same factor, $-0.473$. With two classes $\hat y - y$ is $(-0.679, 0.679)$ for the first and $(0.321, -0.321)$ for the second: a multiple. Everything after it is products and sums,
# so the factor goes through to the last weight.
#
# </details>
#
# **2.** The explorer, step 29: set $x_2$ to 0. Which gradients become 0, and on which line do you see why?
#
# <details><summary>Answer</summary>
#
# Those of $W_{112}$ and $W_{122}$. Go back to the steps of the two products with $x_2$, 20 and 28: the local derivative on the line to the weight is $x_2$, and it is 0. A weight on a silent input has no influence.
#
# </details>
#
# **3.** The explorer again: $x_1 = 3$ and $W_{111} = 3$, first class. The gradient of $W_{111}$ is tiny. At which box does it get lost?
#
# <details><summary>Answer</summary>
#
# At *exp* (step 24): its local derivative is $e^{-a_{11}}$, here 0.0002. That is the saturated sigmoid of lesson 05, taken apart: of the four steps only one is to blame.
#
# </details>
#
# **4.** Run `z.backward()` a second time in section 6. What is `x_value.grad` now?
#
# <details><summary>Answer</summary>
#
# Still $-\frac13$: each `backward` begins by setting every `grad` to 0. PyTorch does *not*; there gradients of several calls add up until someone calls `zero_grad()`, which is useful for batches that do not fit into memory, and a
# classic bug when forgotten.
#
# </details>
#
# **5.** In section 4, replace `[2, 64, 64, 2]` by `[2, n, n, 2]` with smaller `n`. From which width on does *example by example* beat *number by number*?
#
# <details><summary>Answer</summary>
#
# Somewhere between 8 and 16 on most machines: that is where the fixed price of the calls equals the price of $n^2$ multiplications, one at a time.
#
# </details>
#
# **6.** A function with one input and a million outputs. Would you go forward or backward?
#
# <details><summary>Answer</summary>
#
# Forward: one pass gives all million derivatives. Backward needs one pass for each output. Count the smaller side.
#
# </details>

# %% [markdown]
# ## Recap
#
# - The same training, four ways: numbers, examples, batch, stack. The results are equal, the times are not by powers of ten.
# - A call has a fixed price. Vectorisation pays when many numbers share it: for tiny layers vectors alone are slower than plain loops, the batch is what wins.
# - Axes counted from the end, `.mT` and −1, −2: then a leading axis is a stack of networks, and no formula changes.
# - Autograd: each operation notes its local derivatives; the walk back multiplies along edges and adds where edges meet. Sixty lines.
# - Reverse mode, because there is one loss and there are many parameters. Its price is memory.
# - By hand, vectorised, nudged, by autograd: four ways to the same numbers. When they agree, believe them. And check the forward pass yourself.
