# %% [markdown]
# # 07 · The whole algorithm
#
# **After this lesson you can**
#
# - write down backpropagation, forward and backward, and point at the line of code for each formula;
# - carry it out by hand on a small network, every number to four digits, and prove each of them right;
# - say what the cache saves, in multiplications, and what goes wrong when a weight moves too early;
# - write the training loop that everything in this course has been leading to.
#
# **Time** 50 minutes · **You need** the forward pass (03), the gradients at the output (04), at hidden units (05), at weights (06)

# %%
import inspect
from itertools import pairwise
from textwrap import dedent

import numpy as np

from utils.data import four_blobs, one_hot
from utils.draw.costs import cost_curves
from utils.draw.picture import show, subplots
from utils.exhibits.multiplication_counts import CountedChain, cost
from utils.explore.algorithm import algorithm_explorer
from utils.nn import (
    LOSSES,
    FeedForwardNetwork,
    check_gradients,
    gradient_descent,
    numerical_gradient,
    sigmoid,
    softmax,
    update,
)

# %% [markdown]
# The parts lie on the table. Lesson 03 went forward; 04 took the first step back, 05 the steps from layer to layer, 06 the side steps to
# the weights. Today we put them together, run the machine once by hand, and count what it costs. Nothing new has to be derived.

# %% [markdown]
# ## 1 · One page
#
# **Predict.** Cover the table. How many different lines does the way *back* need, for a network of any depth?
#
# | the algorithm | the code of `utils/nn/network.py` |
# |---|---|
# | **forward**, $h_0 = x$; for $k = 1 \dots L$ | `for k in self.layers:` |
# | $\quad a_k = W_k h_{k-1} + b_k$ | `a.append(self.W[k] @ h[k - 1] + self.b[k])` |
# | $\quad h_k = g(a_k)$, and $\hat y = h_L = O(a_L)$ | `h.append(self.g[k](a[k]))` |
# | **backward** | |
# | $\frac{\partial L}{\partial a_L} = \frac1N (\hat y - y)$ for softmax and cross-entropy | `grad_a[self.L] = self.loss.grad_a(trace.y_hat, y)` |
# | for $k = L \dots 1$ | `for k in reversed(self.layers):` |
# | $\quad \frac{\partial L}{\partial W_k} = \frac{\partial L}{\partial a_k}\, h_{k-1}^{\mathsf T}$ | `grad_W[k] = grad_a[k] @ trace.h[k - 1].mT` |
# | $\quad \frac{\partial L}{\partial b_k} = \frac{\partial L}{\partial a_k}$, summed over the examples | `grad_b[k] = grad_a[k].sum(-1, keepdims=True)` |
# | $\quad$ only if $k > 1$: | `if k > 1:` |
# | $\qquad \frac{\partial L}{\partial h_{k-1}} = W_k^{\mathsf T}\, \frac{\partial L}{\partial a_k}$ | `grad_h[k - 1] = self.W[k].mT @ grad_a[k]` |
# | $\qquad \frac{\partial L}{\partial a_{k-1}} = \frac{\partial L}{\partial h_{k-1}} \circ g'(a_{k-1})$ | `grad_a[k - 1] = grad_h[k - 1] * self.g[k - 1].prime(trace.h[k - 1])` |
# | **update**, after all of that; for every $k$ | `for k in net.layers:` (in `training.py`) |
# | $\quad W_k \leftarrow W_k - \eta\, \frac{\partial L}{\partial W_k}$ | `net.W[k] = net.W[k] - learning_rate * gradients.W[k]` |
# | $\quad b_k \leftarrow b_k - \eta\, \frac{\partial L}{\partial b_k}$ | `net.b[k] = net.b[k] - learning_rate * gradients.b[k]` |
#
# **Check.** Five: one to begin with, and four in the loop. A network with a hundred layers needs the same five.
#
# A table on a page may lie. So here is the loop as Python sees it, out of the file itself:

# %%
code = inspect.getsource(FeedForwardNetwork.backward)
print(dedent(code[code.index("        grad_a[self.L]") :]))

# %% [markdown]
# Read the listing once more, without its comments. Each line takes what an earlier line has *left lying*:
# `trace.h` from the way forward, `grad_a[k]` from the way back so far. These leavings are the **cache**.
#
# And which line knows the loss? Only the first. Another output function, another loss: that line changes, and no other.

# %%
after_the_first = code[code.index("for k in reversed") :]
assert "loss" not in after_the_first and "y_hat" not in after_the_first

# %% [markdown]
# ### Three slips of the handout's pen
#
# > **What the lecture said** — $a_{ki} = b_{ki} \sum_j W_{kij} h_{k-1,j}$ and $\nabla_b = \nabla_{b_a}$; the entries of $\nabla_{h_i}$ are written
# > $\frac{\partial L}{\partial a_{h}}$; and the sum over the layer above always runs to $k$, the number of classes.
# >
# > **What is true** — a plus sign between $b_{ki}$ and the sum (proof in lesson 03); $\nabla_{b_k} = \nabla_{a_k}$; the entries are $\frac{\partial L}{\partial h_{ij}}$; and the sum runs over
# > the units of layer $i + 1$, that is to $n_{i+1}$. There are $k$ of those only directly under the output.
#
# A 2-3-4-2 network tells these apart: two classes at the top, but four units above the first hidden layer.

# %%
taller = FeedForwardNetwork([2, 3, 4, 2], seed=0)
x_any, y_any = np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]])
gradients_taller = taller.backward(taller.forward(x_any), y_any)
terms = taller.W[2][:, 0] * gradients_taller.a[2][:, 0]  # what each unit above has to say to h_11
measured = numerical_gradient(taller, x_any, y_any, "b", 1)  # ∂L/∂b_1, by nudging
print(f"all four: {terms.sum():+.5f}   only k = 2 of them: {terms[:2].sum():+.5f}")
assert np.isclose(terms.sum(), gradients_taller.h[1][0, 0])
assert not np.isclose(terms[:2].sum(), gradients_taller.h[1][0, 0], rtol=0.1)
assert np.allclose(measured, gradients_taller.a[1]) and not np.allclose(
    measured, gradients_taller.h[1]
)

# %% [markdown]
# ### Where to stop
#
# > **What the lecture said** — the whole loop body runs "for $k = L$ to $1$", the gradients of the layer below included.
# >
# > **What is true** — at $k = 1$ the layer below is the input. There is no $a_0$, and nobody trains $x$. So the loop runs
# > down to 1 for $W_k$ and $b_k$, but the step to the layer below is taken only for $k > 1$.
#
# Is that pedantry? **Predict**, for the digit reader 784-256-10: by how many per cent does the useless product $W_1^{\mathsf T} \frac{\partial L}{\partial a_1}$
# lengthen the way back?

# %%
trace = taller.forward(x_any)
assert trace.a[0] is None and gradients_taller.h[0] is None and gradients_taller.a[0] is None
useless, backward = 256 * 784, cost([784, 256, 10]).backward
print(f"{useless:,} multiplications more than {backward:,}: {useless / backward:+.0%}")
assert 0.9 < useless / backward < 1

# %% [markdown]
# **Check.** It nearly doubles it, for 784 numbers that go straight into the bin: the bottom layer is the widest.
# (The other remark about this loop, on the *order* of its lines, comes in section 5. It is the nastier one.)

# %% [markdown]
# ## 2 · The sample calculation: forward
#
# In the handout the algorithm is followed by one sentence: *sample calculations to be added at a later date*. The date is today.
# Take a 2-2-2 network, sigmoid and softmax, one example of the first class:
#
# $$x = \begin{bmatrix} 1 \\ 2 \end{bmatrix} \qquad W_1 = \begin{bmatrix} 0.5 & -0.3 \\ 0.2 & 0.8 \end{bmatrix} \qquad b_1 = \begin{bmatrix} 0.1 \\ -0.1 \end{bmatrix} \qquad W_2 = \begin{bmatrix} 0.6 & -0.4 \\ -0.5 & 0.9 \end{bmatrix} \qquad b_2 = \begin{bmatrix} 0 \\ 0.2 \end{bmatrix} \qquad y = \begin{bmatrix} 1 \\ 0 \end{bmatrix}$$
#
# Take paper and a pocket calculator. Cover everything below each **Predict** until you have written something down.

# %%
x, y = np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]])
W_1, b_1 = np.array([[0.5, -0.3], [0.2, 0.8]]), np.array([[0.1], [-0.1]])
W_2, b_2 = np.array([[0.6, -0.4], [-0.5, 0.9]]), np.array([[0.0], [0.2]])
np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# **Predict** $a_1$ in your head, and $h_{11}$ without a calculator.

# %%
a_1 = W_1 @ x + b_1
h_1 = sigmoid(a_1)
print("a_1 =", a_1[:, 0], "  h_1 =", h_1[:, 0])

# %% [markdown]
# **Check.** $a_{11} = 0.5 \cdot 1 - 0.3 \cdot 2 + 0.1 = 0$, so $h_{11} = \sigma(0) = 0.5$ exactly.
# $a_{12} = 0.2 \cdot 1 + 0.8 \cdot 2 - 0.1 = 1.7$ and $h_{12} = 1 / (1 + e^{-1.7}) = 0.8455$.
#
# **Predict.** Which class will the network choose? The signs in $W_2$ are enough to guess.

# %%
a_2 = W_2 @ h_1 + b_2
y_hat = softmax(a_2)
loss = -np.log(y_hat[0, 0])
print("a_2 =", a_2[:, 0], "  ŷ =", y_hat[:, 0], f"  L = {loss:.4f}")

# %% [markdown]
# **Check.**
#
# $$a_{21} = 0.6 \cdot 0.5 - 0.4 \cdot 0.8455 + 0 = -0.0382 \qquad a_{22} = -0.5 \cdot 0.5 + 0.9 \cdot 0.8455 + 0.2 = 0.7110$$
#
# $$\hat y_1 = \frac{e^{-0.0382}}{e^{-0.0382} + e^{0.7110}} = \frac{0.9625}{0.9625 + 2.0359} = 0.3210 \qquad \hat y_2 = 0.6790 \qquad L = -\log 0.3210 = 1.1363$$
#
# The second class, with 68 %: wrong. Good, then there is something to learn. (When your last digit differs by one, you have rounded on the way. The
# computer has not; it shows four digits and keeps sixteen.)

# %%
assert np.allclose(a_1[:, 0], [0, 1.7]) and np.allclose(h_1[:, 0], [0.5, 0.8455], atol=5e-5)
assert np.allclose(a_2[:, 0], [-0.0382, 0.7110], atol=5e-5)
assert np.allclose([*y_hat[:, 0], loss], [0.3210, 0.6790, 1.1363], atol=5e-5)

# %% [markdown]
# ## 3 · Backward
#
# **Predict.** The first gradient, $\hat y - y$, has two entries. What is their sum, for any network and any example? And which of
# the two weights in a row of $W_2$ will be blamed more?

# %%
grad_a_2 = y_hat - y
grad_W_2 = grad_a_2 @ h_1.mT
grad_b_2 = grad_a_2
print("∂L/∂a_2 = ∂L/∂b_2 =", grad_a_2[:, 0])
print("∂L/∂W_2 =")
print(grad_W_2)

# %% [markdown]
# **Check.** Zero: both columns, $\hat y$ and $y$, sum to 1. And the second, because it had the louder input: $0.8455$ against $0.5$.
#
# $$\frac{\partial L}{\partial a_2} = \begin{bmatrix} 0.3210 - 1 \\ 0.6790 - 0 \end{bmatrix} = \begin{bmatrix} -0.6790 \\ 0.6790 \end{bmatrix} \qquad \frac{\partial L}{\partial W_2} = \begin{bmatrix} -0.6790 \cdot 0.5 & -0.6790 \cdot 0.8455 \\ 0.6790 \cdot 0.5 & 0.6790 \cdot 0.8455 \end{bmatrix} = \begin{bmatrix} -0.3395 & -0.5741 \\ 0.3395 & 0.5741 \end{bmatrix}$$
#
# **Predict.** Now one layer down. Both outputs talk to $h_{11}$, through the *column* $(0.6, -0.5)$ of $W_2$. Does the loss want more of $h_{11}$, or
# less? And which hidden unit lets more of the blame through: the one at $a = 0$ or the one at $a = 1.7$?

# %%
grad_h_1 = W_2.mT @ grad_a_2
g_prime = h_1 * (1 - h_1)
grad_a_1 = grad_h_1 * g_prime
print("∂L/∂h_1 =", grad_h_1[:, 0], "  g′ =", g_prime[:, 0], "  ∂L/∂a_1 =", grad_a_1[:, 0])

# %% [markdown]
# **Check.** More: its gradient is negative. And the sigmoid is steepest at 0, where $g' = \frac14$; at $1.7$ it has become half as steep.
#
# $$\frac{\partial L}{\partial h_1} = \begin{bmatrix} 0.6 \cdot (-0.6790) - 0.5 \cdot 0.6790 \\ -0.4 \cdot (-0.6790) + 0.9 \cdot 0.6790 \end{bmatrix} = \begin{bmatrix} -0.7469 \\ 0.8827 \end{bmatrix} \qquad g'(a_1) = \begin{bmatrix} 0.5 \cdot 0.5 \\ 0.8455 \cdot 0.1545 \end{bmatrix} = \begin{bmatrix} 0.2500 \\ 0.1306 \end{bmatrix}$$
#
# $$\frac{\partial L}{\partial a_1} = \begin{bmatrix} -0.7469 \cdot 0.2500 \\ 0.8827 \cdot 0.1306 \end{bmatrix} = \begin{bmatrix} -0.1867 \\ 0.1153 \end{bmatrix}$$
#
# **Predict** the second column of $\frac{\partial L}{\partial W_1}$ from the first, without multiplying by any gradient.

# %%
grad_W_1 = grad_a_1 @ x.mT
grad_b_1 = grad_a_1
print("∂L/∂b_1 =", grad_b_1[:, 0], "  ∂L/∂W_1 =")
print(grad_W_1)

# %% [markdown]
# **Check.** Twice the first: $x_2$ is twice $x_1$.
#
# $$\frac{\partial L}{\partial W_1} = \begin{bmatrix} -0.1867 \cdot 1 & -0.1867 \cdot 2 \\ 0.1153 \cdot 1 & 0.1153 \cdot 2 \end{bmatrix} = \begin{bmatrix} -0.1867 & -0.3735 \\ 0.1153 & 0.2306 \end{bmatrix} \qquad \frac{\partial L}{\partial b_1} = \begin{bmatrix} -0.1867 \\ 0.1153 \end{bmatrix}$$
#
# Twelve gradients, seven lines. Are they true? The network of this course says the same, but it was built by the same people. So we also ask someone who knows
# nothing of derivatives: **nudge** each of the twelve parameters by a hundred-thousandth, up and down, and see what the loss does.

# %%
sample = FeedForwardNetwork([2, 2, 2]).with_parameters(W={1: W_1, 2: W_2}, b={1: b_1, 2: b_2})
gradients = sample.backward(sample.forward(x), y)
ours = {"W_1": grad_W_1, "b_1": grad_b_1, "W_2": grad_W_2, "b_2": grad_b_2}
theirs = [gradients.W[1], gradients.b[1], gradients.W[2], gradients.b[2]]
assert all(np.allclose(*pair) for pair in zip(ours.values(), theirs, strict=True))
report = check_gradients(sample, x, y)
print(report)
assert report.ok and report.worst.error < 1e-7

# %% [markdown]
# One small network may be luck. Three hidden layers of different sizes, seven examples, every output with every loss:

# %%
rng = np.random.default_rng(0)
for output, name in LOSSES:
    big = FeedForwardNetwork([3, 5, 4, 6, 2], "tanh", output, name, seed=1)
    x_big, y_big = rng.normal(size=(3, 7)), one_hot(rng.integers(2, size=7), 2)
    report = check_gradients(big, x_big, y_big)
    print(f"{output:8} {name:14} {big.n_parameters} parameters, all agree: {report.ok}")
    assert report.ok and report.worst.error < 1e-5

# %% [markdown]
# ## 4 · The step, and the proof of the pudding
#
# Every parameter moves against its gradient, all at the same time, with $\eta = 0.5$.
#
# **Predict.** For a short step the loss falls by $\eta$ times the sum of all squared gradients (the slope times the way, twelve times). How
# much does that promise here, and will the loss keep the promise?

# %%
eta = 0.5
promised = eta * sum((grad**2).sum() for grad in ours.values())
new_W_1, new_b_1 = W_1 - eta * grad_W_1, b_1 - eta * grad_b_1
new_W_2, new_b_2 = W_2 - eta * grad_W_2, b_2 - eta * grad_b_2
print("W_1, b_1 →", *np.hstack([new_W_1, new_b_1]))
print("W_2, b_2 →", *np.hstack([new_W_2, new_b_2]))

# %%
new_h_1 = sigmoid(new_W_1 @ x + new_b_1)
new_y_hat = softmax(new_W_2 @ new_h_1 + new_b_2)
new_loss = -np.log(new_y_hat[0, 0])
print("h_1 =", new_h_1[:, 0], "  ŷ =", new_y_hat[:, 0], f"  L = {new_loss:.4f}")
print(f"promised: {promised:.2f} less   kept: {loss - new_loss:.2f} less")

# %% [markdown]
# **Check.** After one step the network says class 1, with 69 %. The loss is 0.3655; it was 1.1363. The tangent promised
# 1.05 less, the curve kept 0.77: the loss flattens on its way down (a tangent does not know that, lesson 00).
#
# | quantity | before | after |
# |---|---|---|
# | $h_1$ | $0.5000,\ 0.8455$ | $0.6365,\ 0.7948$ |
# | $\hat y$ | $0.3210,\ 0.6790$ | $0.6939,\ 0.3061$ |
# | $L$ | $1.1363$ | $0.3655$ |
#
# As foretold, $h_{11}$ has grown and $h_{12}$ has shrunk.

# %%
assert np.allclose([*new_h_1[:, 0], *new_y_hat[:, 0]], [0.6365, 0.7948, 0.6939, 0.3061], atol=5e-5)
assert abs(new_loss - 0.3655) < 5e-5 and 1.04 < promised < 1.06 and 0.76 < loss - new_loss < 0.78
stepped = sample.with_parameters()  # a copy, so that the sample keeps its weights
update(stepped, gradients, learning_rate=0.5)  # the course's own line does the same
assert np.allclose(stepped.W[1], new_W_1) and np.allclose(stepped.W[2], new_W_2)
assert np.isclose(stepped.loss(stepped.forward(x), y), new_loss)

# %% [markdown]
# ## 5 · A step too early
#
# A thrifty programmer thinks: why keep $\frac{\partial L}{\partial W_2}$ until the end? It is ready, so I update $W_2$ on the spot, and throw the gradient away.
#
# > **What the handout leaves open** — when the weights move. Its pseudocode ends with the gradients, and says nothing on the order.
# >
# > **What is true** — $\frac{\partial L}{\partial h_{k-1}} = W_k^{\mathsf T} \frac{\partial L}{\partial a_k}$ needs the $W_k$ with which the forward pass was made. First all gradients, then
# > all updates; at the very least $\frac{\partial L}{\partial h_{k-1}}$ before $W_k$ moves.
#
# **Predict.** With our numbers: by how many per cent will $\frac{\partial L}{\partial h_1}$ be wrong? And will the loss still fall?

# %%
early_grad_h_1 = new_W_2.mT @ grad_a_2  # W_2 has already moved
early_grad_W_1 = early_grad_h_1 * g_prime @ x.mT


def error(wrong, true):
    return np.linalg.norm(wrong - true) / np.linalg.norm(true)


print("∂L/∂h_1: true", grad_h_1[:, 0], "  too early", early_grad_h_1[:, 0])
print(f"∂L/∂h_1 is wrong by {error(early_grad_h_1, grad_h_1):.1%}", end=", ")
print(f"∂L/∂W_1 by {error(early_grad_W_1, grad_W_1):.1%}")

# %% [markdown]
# **Check.** By 39 %, and 35 % in $W_1$. Put the update into the formula, and you see exactly what was added:
#
# $$\left(W_2 - \eta\, \frac{\partial L}{\partial a_2} h_1^{\mathsf T}\right)^{\mathsf T} \frac{\partial L}{\partial a_2} = \underbrace{W_2^{\mathsf T} \frac{\partial L}{\partial a_2}}_{\text{true}} - \underbrace{\eta \left\lVert \frac{\partial L}{\partial a_2} \right\rVert^2 h_1}_{\text{the mistake}}$$
#
# The mistake is proportional to $\eta$. That makes it a coward: at a small learning rate it hides.

# %%
mistake = -eta * (grad_a_2**2).sum() * h_1
assert np.allclose(early_grad_h_1, grad_h_1 + mistake)
assert 0.38 < error(early_grad_h_1, grad_h_1) < 0.40
assert 0.34 < error(early_grad_W_1, grad_W_1) < 0.36
for eta_small in (0.5, 0.05, 0.005):
    early = (W_2 - eta_small * grad_W_2).mT @ grad_a_2
    print(f"η = {eta_small:<6} wrong by {error(early, grad_h_1):6.2%}")

# %% [markdown]
# And the loss? We take the early step to its end.

# %%
early_W_1, early_b_1 = W_1 - eta * early_grad_W_1, b_1 - eta * early_grad_h_1 * g_prime
early_net = stepped.with_parameters(
    W={1: early_W_1}, b={1: early_b_1}
)  # its W_2, b_2 are the new ones
early_loss = early_net.loss(early_net.forward(x), y)
print(f"loss after the true step {new_loss:.4f}, after the early one {early_loss:.4f}")
assert early_loss < new_loss < loss

# %% [markdown]
# It falls, and even a little *further* than with the true gradient! Do not be consoled: one step on one example says nothing. What we computed is
# the gradient of no loss at all, and wherever it leads is luck. A falling loss is no proof of a right gradient; lesson 08 makes a profession of that.
# What does notice is the nudge:

# %%
measured = numerical_gradient(sample, x, y, "W", 1)
assert np.allclose(grad_W_1, measured, atol=1e-8)
assert not np.allclose(early_grad_W_1, measured, rtol=0.1)

# %% [markdown]
# ## 6 · What the cache is worth
#
# "Most of the work is reused", said the lectures. How much is most? We count **multiplications**, one example, in three ways to get *the same* gradients:
#
# 1. **Nudging.** One forward pass for every parameter, and one to compare with.
# 2. **The chain rule without a memory.** For each parameter alone: ask the unit it leads to for its $\frac{\partial L}{\partial a_{ki}}$; that unit asks all units above it, each of them
#    asks all units above *it* … and the next parameter asks everything anew.
# 3. **Backpropagation.** The same questions, but every answer is written down.
#
# Between 2 and 3 there is a single difference, and it fits on one line. Here is the question, for one unit:

# %%
print(dedent(inspect.getsource(CountedChain.grad_a)))

# %% [markdown]
# `times` multiplies and counts. `CountedChain(..., remember=True)` wraps this function in Python's `functools.cache`, which looks an answer up when the
# question has been asked before. That is all.
#
# **Predict.** For our 2-2-2 sample: a forward pass takes $4 + 4 = 8$ multiplications. How many does each of the three ways need?


# %%
def count(net, x, y, remember):
    chain = CountedChain(net, x, y, remember)
    for k in net.layers:
        assert np.allclose(chain.weight_gradient(k), net.backward(net.forward(x), y).W[k])
        assert np.allclose(chain.bias_gradient(k), net.backward(net.forward(x), y).b[k])
    return chain.multiplications


print("nudging:      ", (sample.n_parameters + 1) * 8)
print("no memory:    ", count(sample, x, y, remember=False))
print("with memory:  ", count(sample, x, y, remember=True))

# %% [markdown]
# **Check.** 104, 32 and 16. (The last two come after a forward pass, whose $a_k$ and $h_k$ both may use.) Sixteen is twice eight, and that is no accident: on the way back each
# weight is used twice, once for its own gradient and once to pass the blame on. Only $W_1$ has no one to pass it to; the step through $g'$ makes up for that here.
#
# $$\underbrace{\sum_{k=1}^{L} n_k n_{k-1}}_{\partial L / \partial W_k} + \underbrace{\sum_{k=2}^{L} n_k n_{k-1}}_{\partial L / \partial h_{k-1}} + \underbrace{\sum_{k=1}^{L-1} 2\, n_k}_{\circ\; h_k (1 - h_k)}$$
#
# For large networks we let `cost` add this up from the shapes. May it? Only if it agrees with really counting:

# %%
for sizes in ([2, 2, 2], [3, 2, 4, 3], [2, 3, 3, 3, 2], [4, 3]):
    small, x_small = FeedForwardNetwork(sizes, seed=0), np.ones((sizes[0], 1))
    y_small, from_shapes = one_hot([0], sizes[-1]), cost(sizes)
    assert count(small, x_small, y_small, remember=True) == from_shapes.backward
    assert count(small, x_small, y_small, remember=False) == from_shapes.without_cache

# %% [markdown]
# **Predict** the shape of each curve as the network gets *deeper*, and as it gets *wider*. The scale is logarithmic: a straight line there means *times the same factor* with every layer.

# %%
depths, widths = range(1, 11), range(1, 21)
deeper = [cost([5] * (depth + 1)) for depth in depths]
wider = [cost([width] * 5) for width in widths]
fig, (left, right) = subplots(1, 2, figsize=(7.4, 3.6), sharey=True)
cost_curves(depths, deeper, left).set_xlabel("layers, 5 units each")
cost_curves(widths, wider, right).set(xlabel="units in each of 4 layers", ylabel="")
left.legend(loc="upper left", fontsize=9)
deep, wide = deeper[-1], wider[-1]
show(
    fig,
    f"""Multiplications on a logarithmic scale. Left, with the number of layers: without a memory
    the chain rule is a straight line up to {deep.without_cache:,} at ten layers; nudging bends, up
    to {deep.finite_differences:,}; backpropagation stays at {deep.backward:,}, close above the
    forward pass with {deep.forward:,}. Right, with the width: at 20 units {wide.without_cache:,}
    and {wide.finite_differences:,}, against {wide.backward:,} and {wide.forward:,}.""",
)

# %% [markdown]
# **Check.** With depth the memoryless chain explodes: every layer of five units multiplies its work by about five, because every unit asks five others. Nudging
# grows with the *square* of the number of weights. Backpropagation stays a constant factor above the forward pass:

# %%
for sizes in ([5] * 11, [20] * 5, [784, 256, 10], [784, 256, 256, 256, 10]):
    c = cost(sizes)
    no_memory, nudging = c.without_cache / c.backward, c.finite_differences / c.backward
    print(f"{'-'.join(map(str, sizes)):22} backward / forward {c.backward / c.forward:.2f}", end="")
    print(f"   no memory {no_memory:9,.0f} ×   nudging {nudging:9,.0f} ×")
    assert 1 < c.backward / c.forward < 2.3

# %% [markdown]
# **All gradients cost about as much as two more forward passes**, no matter how many parameters there are. For the wide-bottomed digit readers it is even less, because nothing has to
# be passed on below layer 1. And see the last line: with three hidden layers, a chain rule without memory is *slower than nudging*. The chain rule is not what makes
# backpropagation fast. The memory is. To solve each part of a problem once, keep the answer, and look it up: that is *dynamic programming* (lesson 01).

# %%
deep_reader = cost([784, 256, 256, 256, 10])
assert deep_reader.without_cache > deep_reader.finite_differences > 100_000 * deep_reader.backward
for few, many in pairwise(deeper[4:]):
    assert 4.9 < many.without_cache / few.without_cache < 5.5

# %% [markdown]
# ## 7 · Your loop
#
# An **epoch**: every example has been used once. Write the training loop: in each epoch go forward, go backward, and then let all parameters take their
# step. `net.forward`, `net.backward`, `net.layers`, `net.W` and `net.b` are there.


# %%
def my_training(net, x, y, learning_rate, epochs):
    for _ in range(epochs):
        pass  # your lines


# %%
X, labels = four_blobs()
x_blobs, y_blobs = X.T, one_hot(labels, 4)
mine, twin = FeedForwardNetwork([2, 2, 4], seed=1), FeedForwardNetwork([2, 2, 4], seed=1)
my_training(mine, x_blobs, y_blobs, learning_rate=0.5, epochs=100)
history = gradient_descent(twin, x_blobs, y_blobs, learning_rate=0.5, epochs=100)
my_loss = mine.loss(mine.forward(x_blobs), y_blobs)
if np.isclose(my_loss, history.loss[-1]):
    print(f"✓ loss {my_loss:.4f}, like gradient_descent. You have written the engine.")
else:
    print(f"Not yet: your loss is {my_loss:.4f}; it begins at {history.loss[0]:.4f}", end=" ")
    print(f"and should end at {history.loss[-1]:.4f}.")

# %% [markdown]
# <details><summary>Answer</summary>
#
# ```python
# def my_training(net, x, y, learning_rate, epochs):
#     for _ in range(epochs):
#         gradients = net.backward(net.forward(x), y)
#         for k in net.layers:
#             net.W[k] = net.W[k] - learning_rate * gradients.W[k]
#             net.b[k] = net.b[k] - learning_rate * gradients.b[k]
# ```
#
# </details>
#
# ### Mini-batches
#
# Must every step look at all thousand examples? The gradient of fifty of them points in nearly the same direction, for a twentieth of the work. So: shuffle, cut into twenty batches, and
# take a step after each. **Predict.** After twenty epochs, who will have the lower loss: twenty long looks with one step each, or four hundred quick ones?

# %%
mini, rng = FeedForwardNetwork([2, 2, 4], seed=1), np.random.default_rng(0)
for _ in range(20):
    for batch in np.split(rng.permutation(1000), range(50, 1000, 50)):
        trace = mini.forward(x_blobs[:, batch])
        update(mini, mini.backward(trace, y_blobs[:, batch]), learning_rate=0.5)
full = gradient_descent(
    FeedForwardNetwork([2, 2, 4], seed=1), x_blobs, y_blobs, learning_rate=0.5, epochs=20
)
mini_loss = mini.loss(mini.forward(x_blobs), y_blobs)
print(f"20 epochs with 1 step each: {full.loss[-1]:.3f}   with 20 steps each: {mini_loss:.3f}")

# %% [markdown]
# **Check.** The quick ones, by far: the same number of multiplications, twenty times the steps. `gradient_descent(..., batch_size=50, seed=0)` is the same loop.

# %%
twin = FeedForwardNetwork([2, 2, 4], seed=1)
history = gradient_descent(
    twin, x_blobs, y_blobs, learning_rate=0.5, epochs=20, batch_size=50, seed=0
)
assert np.isclose(history.loss[-1], mini_loss) and mini_loss < 0.6 * full.loss[-1]

# %% [markdown]
# ## 8 · Step through it
#
# The whole algorithm, line by line, on the sample of this lesson. Begin with line 1 and go on with the arrow keys; each result drops into the cache, and the last column says which lines
# will read it. In the circles stands what the way forward has found, below them, with a ∂, what comes back.
#
# **Predict**, before each press: which circles will the next line fill, and with which sign?

# %%
algorithm_explorer()

# %% [markdown]
# ### Try it
#
# **1.** Which value of the forward pass is read most often on the way back, and by which lines? And which is read by no line at all?
#
# <details><summary>Answer</summary>
#
# $h_1$: line 7 needs it for $\frac{\partial L}{\partial W_2}$ and line 10 for $g'$, because $g'(a_1) = h_1 (1 - h_1)$; that is also why nobody on the way back asks for $a_1$. And $L$ itself is read by no line at all! The way back begins
# with $\hat y - y$; the loss itself is computed for you to look at.
#
# </details>
#
# **2.** Look at the two counts of multiplications at line 10, and again at line 12. Why is the cache *behind* at first?
#
# <details><summary>Answer</summary>
#
# At line 10: 20 with the cache, 12 without. $\frac{\partial L}{\partial h_1}$ and $\frac{\partial L}{\partial a_1}$ are an investment: nobody asked for them, they are no gradients of parameters. At line 12 they
# have paid off: 24 against 40. (Forward pass included: $8 + 16$ and $8 + 32$.) In the 2-2-2-2 network it is 40 against 120.
#
# </details>
#
# **3.** Choose *W_k at once (the trap)* and go to line 12. By how much is $\frac{\partial L}{\partial W_1}$ wrong? Now the 2-2-2-2 network, line 19: what happens to the error with depth?
#
# <details><summary>Answer</summary>
#
# By 35.0 %, as in section 5. In the deeper network it is 47.1 % in $W_1$: $W_3$ and $W_2$ have both moved too early.
#
# </details>
#
# **4.** The trap again, 2-2-2, line 12, and now the learning rate: 0.1, then 0, then 10. What do you see, and at which of them would you have noticed the bug in a loss curve?
#
# <details><summary>Answer</summary>
#
# 7.0 %, no error, 700.8 %: proportional to $\eta$, as the formula says. In a loss curve: probably at none of them. At 0.1 the direction is a little off, and the loss falls all the same; at 10 a bad run looks
# like a bad learning rate. The gradient check notices all but the second, where nothing moves and nothing is wrong.
#
# </details>
#
# **5.** True order, 2-2-2, last line. Which learning rate gives the lowest loss after one step: 0.5, 1, 2 or 10? Why is that no reason to always take it?
#
# <details><summary>Answer</summary>
#
# 10: ever lower, 0.3655, 0.0878, 0.0049 and 0.0000. With a single example you can hardly overshoot, since there is nobody to contradict it. With a thousand examples such a step would ruin the other 999 (lesson 10).
#
# </details>
#
# **6.** In section 7, set `batch_size` to 1 in your head. How many steps does an epoch have then, and what does an epoch cost in multiplications?
#
# <details><summary>Answer</summary>
#
# A thousand steps, and exactly as many multiplications for the gradients as before: each example goes forward and backward once per epoch, however they are grouped. (Only the update itself, $\eta$ times each
# gradient, is done more often. And a computer likes large matrices better than many small ones.)
#
# </details>

# %% [markdown]
# ## Recap
#
# - Forward: two lines a layer, and everything is kept. Backward: one line to begin with, four lines a layer, down to layer 1 and no further.
# - Only the first gradient knows the loss. All others are products of what lies in the cache.
# - First all gradients, then all updates. An early update adds a mistake proportional to $\eta$, and the loss may fall all the same.
# - All gradients together cost about two forward passes. Nudging costs one for each parameter; a chain rule without memory can cost more than that.
# - Whatever you have derived: nudge it. The check took twelve parameters here; it would take any.
