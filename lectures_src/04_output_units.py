# %% [markdown]
# # 04 · Output units: where the way back begins
#
# **After this lesson you can**
#
# - derive the first gradient of backpropagation, $\hat y - y$, line by line, with a reason for each line;
# - write down the Jacobian of the softmax, and say why an element-wise $g'$ cannot replace it;
# - compute a softmax and its loss for scores of any size, without a single `nan`;
# - tell what changes when the loss changes (one gradient), and why a squared error falls silent when it should shout.
#
# **Time** 50 minutes · **You need** the chain rule along several paths (lesson 02), softmax and cross-entropy (lesson 03)

# %%
import inspect
from dataclasses import replace

import numpy as np

from utils.data import four_blobs, one_hot
from utils.draw.diagrams import graph_diagram
from utils.draw.picture import show, subplots
from utils.draw.style import QUANTITIES
from utils.draw.svg import Line
from utils.explore.softmax import softmax_explorer
from utils.nn import LOSSES, FeedForwardNetwork, gradient_descent

# %% [markdown]
# ## 1 · Push one score, and every probability moves
#
# The loss is not zero, and somebody must be responsible. The first to be questioned is the output layer. It defends
# itself: *"I only applied the softmax to the scores I was given."* So the scores $a_L$ are next, and the
# question to them is the whole lesson: **by how much does the loss change when the score $a_{Li}$ changes a little?**
#
# There are $k$ classes, and the last layer has a score for each of them. The softmax turns scores into probabilities:
#
# $$\hat y_l = \frac{e^{a_{Ll}}}{\sum_{i'=1}^{k} e^{a_{Li'}}}$$
#
# (The $L$ in the index counts layers. The $L$ in $\partial L$ is the loss. The lectures have a curly letter for
# the second one; the place always tells which is meant.)
#
# Our example all along: $k = 4$ classes, and scores with $e^{a_{Li}} = 1, 2, 4, 1$. They add up to 8, so you can do it in
# your head.


# %%
def plain_softmax(a):
    return np.exp(a) / np.exp(a).sum(axis=0)


a = np.log([[1.0], [2.0], [4.0], [1.0]])
y_hat = plain_softmax(a)
print("scores a       ", a.ravel().round(3))
print("probabilities ŷ", y_hat.ravel())

# %% [markdown]
# **Predict.** We raise the first score by 0.1 and leave the other three alone. Which of the four probabilities change, and
# in which direction?

# %%
pushed = a + 0.1 * one_hot([0], 4)  # the first score alone
change = plain_softmax(pushed) - y_hat
print("change of ŷ", change.ravel().round(4), "  sum", abs(change.sum().round(12)))

# %% [markdown]
# **Check.** All four. The first grows, and the other three pay for it, because the four must still add up to 1. The score
# $a_{L1}$ stands in the numerator of $\hat y_1$ only, but it stands in *every* denominator.

# %%
assert change[0] > 0 and (change[1:] < 0).all() and np.isclose(change.sum(), 0)

# %% [markdown]
# Let the true class be $l = 2$. The cross-entropy looks at one probability and at nothing else, that of the true class:
#
# $$L = -\log \hat y_l$$
#
# **Predict.** How many paths lead from the score $a_{L1}$, of a *wrong* class, to the loss?

# %%
columns = [[f"a_L{i}" for i in (1, 2, 3, 4)], [f"ŷ_{i}" for i in (1, 2, 3, 4)], ["L"]]
mixing = [(score, probability) for score in columns[0] for probability in columns[1]]
used = [(score, "ŷ_2") for score in columns[0]] + [("ŷ_2", "L")]
graph_diagram(
    columns,
    [*mixing, ("ŷ_2", "L")],
    """Four scores, four probabilities, one loss. Each score is joined with each probability. Only ŷ_2,
    the true class, is joined with the loss, so exactly one path leads from each score to the loss,
    and all four pass through ŷ_2; they are drawn in bold.""",
    values={"a_L1": "0", "a_L2": "log 2", "a_L3": "log 4", "a_L4": "0", "L": "log 4"}
    | {"ŷ_1": "1/8", "ŷ_2": "2/8", "ŷ_3": "4/8", "ŷ_4": "1/8"},
    lines={edge: Line(QUANTITIES["gradient"]) for edge in used},
    captions=["scores", "softmax", "loss"],
    gap=170,
)

# %% [markdown]
# **Check.** One, through $\hat y_2$. The same holds for all four scores: *every score is connected with the loss, also those
# of the wrong classes*. Whatever formula we find, it must not give zero for them.
#
# Derivatives by nudging will be our referee all through the lesson, with the central difference of lesson 00.


# %%
def slopes(f, a, step=1e-5):
    nudges = step * np.eye(a.size).reshape(-1, *a.shape)  # one entry of a at a time
    quotients = [(f(a + nudge) - f(a - nudge)) / (2 * step) for nudge in nudges]
    return np.array(quotients).reshape(a.shape)


def loss(a):
    return -np.log(plain_softmax(a)[1, 0])  # −log ŷ_l with l = 2; NumPy counts from 0


referee = slopes(loss, a)
print(f"L = {loss(a):.4f} = log 4,   slopes of L:", referee.ravel().round(4))

# %% [markdown]
# Four clean numbers: $\tfrac18, -\tfrac34, \tfrac12, \tfrac18$. Compare them with $\hat y$ before you read on. Do you see it
# already?

# %%
assert np.isclose(loss(a), np.log(4))
assert np.allclose(referee.ravel(), [1 / 8, -3 / 4, 1 / 2, 1 / 8])

# %% [markdown]
# ## 2 · The derivation, part 1: the chain
#
# Take any score $a_{Li}$, whether of the true class ($i = l$) or of a wrong one ($i \ne l$).
#
# *What we want, with the loss written out:*
#
# $$\frac{\partial L}{\partial a_{Li}} = \frac{\partial (-\log \hat y_l)}{\partial a_{Li}} \tag{1}$$
#
# *One path, through $\hat y_l$, so one product:*
#
# $$= \frac{\partial (-\log \hat y_l)}{\partial \hat y_l} \cdot \frac{\partial \hat y_l}{\partial a_{Li}} \tag{2}$$
#
# *The derivative of $\log x$ is $1/x$, and the minus sign stays:*
#
# $$= -\frac{1}{\hat y_l} \cdot \frac{\partial \hat y_l}{\partial a_{Li}} \tag{3}$$
#
# The first factor is done. It is large where the network gave the truth a small probability: $-4$ in our example, $-1000$ at
# $\hat y_l = 0.001$.

# %% [markdown]
# ## 3 · Part 2: the softmax
#
# *Put in what $\hat y_l$ is:*
#
# $$\frac{\partial L}{\partial a_{Li}} = -\frac{1}{\hat y_l} \cdot \frac{\partial}{\partial a_{Li}} \left[ \frac{e^{a_{Ll}}}{\sum_{i'} e^{a_{Li'}}} \right] \tag{4}$$
#
# A quotient $u/v$, where $a_{Li}$ is always in $v$ and sometimes in $u$. The quotient rule, in the form that helps here:
#
# $$\left(\frac uv\right)' = \frac{u'}{v} - \frac{u \, v'}{v^2}$$
#
# *Apply it:*
#
# $$= -\frac{1}{\hat y_l} \left( \frac{\frac{\partial}{\partial a_{Li}} e^{a_{Ll}}}{\sum_{i'} e^{a_{Li'}}} - \frac{e^{a_{Ll}} \cdot \frac{\partial}{\partial a_{Li}} \sum_{i'} e^{a_{Li'}}}{\left(\sum_{i'} e^{a_{Li'}}\right)^2} \right) \tag{5}$$
#
# **Predict** the two derivatives that are left, before you unfold them.
#
# <details><summary>The numerator, ∂/∂a_Li of e^(a_Ll)</summary>
#
# If $i = l$ it is the exponential itself. If $i \ne l$, the score $a_{Li}$ does not occur in it, and the derivative is 0. Both cases
# in one symbol, the **indicator** $1_{(l=i)}$, which is 1 if $l = i$ and 0 otherwise: $1_{(l=i)} \, e^{a_{Ll}}$.
#
# </details>
#
# <details><summary>The denominator, ∂/∂a_Li of the sum over i′</summary>
#
# Of all the terms $e^{a_{Li'}}$ only the one with $i' = i$ contains $a_{Li}$. It is an exponential, so it is its own
# derivative: $e^{a_{Li}}$.
#
# </details>

# %% [markdown]
# *Put in both, and write the square as two fractions:*
#
# $$= -\frac{1}{\hat y_l} \left( \frac{1_{(l=i)} \, e^{a_{Ll}}}{\sum_{i'} e^{a_{Li'}}} - \frac{e^{a_{Ll}}}{\sum_{i'} e^{a_{Li'}}} \cdot \frac{e^{a_{Li}}}{\sum_{i'} e^{a_{Li'}}} \right) \tag{6}$$
#
# *Each fraction is a softmax, and we have a name for those:*
#
# $$= -\frac{1}{\hat y_l} \left( 1_{(l=i)} \, \hat y_l - \hat y_l \, \hat y_i \right) \tag{7}$$
#
# *$\hat y_l$ is in both terms, and in front of the bracket it stands below the line. It cancels:*
#
# $$= -\left( 1_{(l=i)} - \hat y_i \right) \tag{8}$$
#
# All the exponentials are gone. So is $\hat y_l$, with its dangerous $-1000$.
#
# Do you trust eight lines of algebra? Here they are with numbers, for all four $i$ at once. If a line were wrong, its row would be
# the first to differ.

# %%
indicator = np.array([[0], [1], [0], [0]])  # 1_(l=i) for i = 1 … 4, with l = 2
E, S = np.exp(a), np.exp(a).sum()
y_l, E_l = y_hat[1, 0], E[1, 0]
slope_of_y_l = slopes(lambda a: plain_softmax(a)[1, 0], a)
lines = {
    "(1)": slopes(lambda a: -np.log(plain_softmax(a)[1, 0]), a),
    "(2)": slopes(lambda p: -np.log(p[0, 0]), np.array([[y_l]])) * slope_of_y_l,
    "(3)": -1 / y_l * slope_of_y_l,
    "(4)": -1 / y_l * slopes(lambda a: np.exp(a[1, 0]) / np.exp(a).sum(), a),
    "(5)": -1 / y_l * (indicator * E_l / S - E_l * E / S**2),
    "(6)": -1 / y_l * (indicator * E_l / S - (E_l / S) * (E / S)),
    "(7)": -1 / y_l * (indicator * y_l - y_l * y_hat),
    "(8)": -(indicator - y_hat),
}
for number, line in lines.items():
    print(number, line.ravel().round(4))

# %%
assert all(np.allclose(line, referee) for line in lines.values())

# %% [markdown]
# > **What the handout said** — it writes the sum as $\sum_i e^{a_{Li}}$ and then differentiates with respect to $a_{Li}$; the
# > indicator is 0 "for all values of $i$: 0 to $k$ except for when $i = l$".
# >
# > **What is true** — the $i$ of $a_{Li}$ is fixed by the question; the sum needs a letter of its own, $i'$, and both count from 1 to
# > $k$. With one letter for both, the derivative of the sum looks like the sum of all derivatives. Only one term survives.

# %%
slope_of_the_sum = slopes(lambda a: np.exp(a).sum(), a)
print("slope of the sum for i = 1 … 4:", slope_of_the_sum.ravel().round(4), "   the sum itself:", S)
assert np.allclose(slope_of_the_sum, np.exp(a))  # e^{a_i}: one term each
assert not np.isclose(slope_of_the_sum, S).any()

# %% [markdown]
# ## 4 · Part 3: from one entry to the vector
#
# Line (8) is one number for each $i$. With $k = 4$ and $l = 2$ the four of them are
#
# $$\frac{\partial L}{\partial a_{L1}} = -(0 - \hat y_1) \qquad \frac{\partial L}{\partial a_{L2}} = -(1 - \hat y_2) \qquad \frac{\partial L}{\partial a_{L3}} = -(0 - \hat y_3) \qquad \frac{\partial L}{\partial a_{L4}} = -(0 - \hat y_4)$$
#
# The indicators, stacked into a column, are an old friend: a 1 in row $l$, else 0. That is the **one-hot vector** $e(l)$, and
# $e(l)$ is the target $y$. With our numbers:
#
# $$\frac{\partial L}{\partial a_L} = -\left( \begin{bmatrix} 0 \\ 1 \\ 0 \\ 0 \end{bmatrix} - \begin{bmatrix} 1/8 \\ 2/8 \\ 4/8 \\ 1/8 \end{bmatrix} \right) = \begin{bmatrix} 1/8 \\ -6/8 \\ 4/8 \\ 1/8 \end{bmatrix}$$
#
# In general, for any $k$ and any $l$:
#
# $$\boxed{\; \frac{\partial L}{\partial a_L} = -(e(l) - \hat y) = \hat y - y \;}$$
#
# *What the network said, minus the truth.* A page of algebra for one subtraction.

# %%
y = one_hot([1], 4)  # e(2): label 1, when counted from 0
print("ŷ − y =", (y_hat - y).ravel())
assert np.allclose(y_hat - y, referee)

# %% [markdown]
# Read it aloud. Going *down* the gradient raises the score of the true class by what is still missing to certainty ($\tfrac68$), and
# lowers each wrong score in proportion to the probability it should not have had. The four entries add up to zero: what one side
# gains, the others lose.
#
# > **What the handout said** — in every row the same index: $-(0 - \hat y_i)$, $-(1 - \hat y_i)$, $-(0 - \hat y_i)$, $-(0 - \hat y_i)$, and in
# > the end $-(y - \hat y_i)$.
# >
# > **What is true** — each row has its own: $\hat y_1$ in row 1, $\hat y_2$ in row 2, and so on; in the end the whole vector $\hat y$. With one
# > $\hat y_i$ for all, three different mistakes would get the same blame.

# %%
for i in range(4):
    same_in_every_row = y_hat[i] - y  # one ŷ_i for all four rows
    assert not np.allclose(same_in_every_row, referee)
assert np.isclose((y_hat - y).sum(), 0)

# %% [markdown]
# ## 5 · The Jacobian: all sixteen derivatives of the softmax
#
# On the way we needed only the row of $\hat y_l$. The bracket of line (7) holds for any row $m$, not just for $l$:
#
# $$\frac{\partial \hat y_m}{\partial a_{Li}} = 1_{(m=i)} \, \hat y_m - \hat y_m \, \hat y_i$$
#
# Put $\hat y_m$ in row $m$ of a diagonal matrix, and all products $\hat y_m \hat y_i$ in another one: the **Jacobian** of the softmax, row $m$, column $i$, is
#
# $$J = \mathrm{diag}(\hat y) - \hat y \hat y^T$$
#
# **Predict** the corner $J_{11}$, and $J_{12}$, in sixty-fourths. Then predict the sum of each row, and of each column.

# %%
J = np.diag(y_hat.ravel()) - y_hat @ y_hat.T
print("64 J =")
print(64 * J)

# %% [markdown]
# **Check.** $J_{11} = \tfrac18 - \tfrac1{64} = \tfrac7{64}$ and $J_{12} = -\tfrac18 \cdot \tfrac28 = -\tfrac2{64}$. Every row and every column sums to zero, each for
# its own reason:
#
# - **A column** holds what happens to all four probabilities when one score moves. They go on adding up to 1, so their
#   changes cancel.
# - **A row** holds what one probability does when all scores move together. Nothing: $e^{a+c} = e^c \, e^a$, and $e^c$
#   cancels in the fraction.
#
# And $J$ is symmetric: class 1 suffers from a push on score 2 exactly as class 2 does from a push on score 1.

# %%
for m in range(4):
    assert np.allclose(J[m], slopes(lambda a, m=m: plain_softmax(a)[m, 0], a).ravel())
assert np.allclose(J.sum(axis=0), 0) and np.allclose(J.sum(axis=1), 0) and np.allclose(J, J.T)
assert np.allclose(plain_softmax(a + 5), y_hat)  # adding a constant changes nothing

# %% [markdown]
# With the Jacobian the gradient is the sum over paths of lesson 02. From score $i$ the paths lead through *every* $\hat y_m$:
#
# $$\frac{\partial L}{\partial a_{Li}} = \sum_{m=1}^{k} \frac{\partial L}{\partial \hat y_m} \, \frac{\partial \hat y_m}{\partial a_{Li}} \qquad \text{that is} \qquad \frac{\partial L}{\partial a_L} = J^T \, \frac{\partial L}{\partial \hat y}$$
#
# (Column $i$ of $J$ is row $i$ of $J^T$. This $J$ is symmetric, so here the transpose changes nothing; in lesson 05 it will.)
#
# > **What lecture 4.6 said** — for a hidden unit, $\frac{\partial L}{\partial a_{ij}} = \frac{\partial L}{\partial h_{ij}} \, g'(a_{ij})$; and as the output can be called $h_L$, this chain through
# > one unit holds at the output too.
# >
# > **What is true** — it holds where each $h_{ij}$ depends on its own $a_{ij}$ and on no other, as with a sigmoid. With a softmax, it keeps
# > the diagonal of $J$ and drops twelve of the sixteen derivatives.
#
# **Predict.** $\frac{\partial L}{\partial \hat y} = [0, -4, 0, 0]^T$. Which gradient do the wrong classes get from the element-wise rule?

# %%
grad_y_hat = np.array([[0], [-1 / y_hat[1, 0]], [0], [0]])  # L = −log ŷ_2
element_wise = grad_y_hat * y_hat * (1 - y_hat)
print("element-wise ", (element_wise.ravel() + 0.0).round(4))
print("Jᵀ ∂L/∂ŷ     ", (J.T @ grad_y_hat).ravel().round(4))
print("by nudging   ", referee.ravel().round(4))

# %% [markdown]
# **Check.** Zero! The right class gets its push, $-\tfrac34$, and the wrong classes hear nothing: score 3, which took half of
# the probability, is acquitted.

# %%
assert np.allclose(J.T @ grad_y_hat, referee) and np.allclose(J.T @ grad_y_hat, y_hat - y)
assert (element_wise[[0, 2, 3]] == 0).all() and np.isclose(element_wise[1], referee[1])

# %% [markdown]
# **Predict.** Train a network on four clouds of points, once with the true gradient, once with the element-wise one: $-(1 - \hat y_l)$ for
# the true class, 0 for the others. Will the second one learn as much, less, or nothing?

# %%
true_pair = LOSSES["softmax", "cross_entropy"]
wrong_pair = replace(true_pair, grad_a=lambda y_hat, y: -y * (1 - y_hat) / y.shape[1])
X, labels = four_blobs()
runs = []
for pair in (true_pair, wrong_pair):
    net = FeedForwardNetwork([2, 2, 4], seed=0)
    net.loss = pair
    run = gradient_descent(net, X.T, one_hot(labels, 4), learning_rate=0.5, epochs=500)
    print(f"loss: lowest {run.loss.min():.2f}, last {run.loss[-1]:.2f}", end="   ")
    print(f"accuracy at the end: {run.accuracy[-1]:.2f}")
    runs.append(run)

# %% [markdown]
# **Check.** Worse than nothing: it begins to learn, then forgets it all and ends at $\log 4 = 1.39$, the loss of a pure guess. No score is
# ever told to go down, so all four go up and up together; and a constant added to all scores changes nothing.

# %%
assert runs[0].accuracy[-1] > 0.85 and runs[1].accuracy[-1] < 0.35
assert runs[1].loss.min() < 1.3 and abs(runs[1].loss[-1] - np.log(4)) < 0.01

# %% [markdown]
# ### Two classes: the softmax is a sigmoid in disguise
#
# Divide numerator and denominator of $\hat y_1$ by $e^{a_{21}}$ (the session's network has $L = 2$ layers):
#
# $$\hat y_1 = \frac{e^{a_{21}}}{e^{a_{21}} + e^{a_{22}}} = \frac{1}{1 + e^{a_{22}} \, e^{-a_{21}}} = \frac{1}{1 + e^{-(a_{21} - a_{22})}} = \sigma(a_{21} - a_{22})$$
#
# > **What the session said** — $e^{a_{22}} \, e^{-a_{21}} = e^{-a_{22} a_{21}}$, and so $\frac{\partial \hat y_1}{\partial a_{21}} = \hat y_1 (1 - \hat y_1)(-a_{22})$.
# >
# > **What is true** — when powers multiply, exponents *add*: $e^{a_{22} - a_{21}}$. So $\frac{\partial \hat y_1}{\partial a_{21}} = \hat y_1 (1 - \hat y_1)$, as the Jacobian says:
# > $\hat y_1 - \hat y_1^2$.
#
# A quick way to feel that $-a_{22}$ cannot be right: for $a_{22} = 0$ it claims that $a_{21}$ has no influence at all, and for positive $a_{22}$
# that pushing a score up makes its class *less* likely.

# %%
two = np.array([[0.3], [1.2]])  # a_21 and a_22
p = plain_softmax(two)[0, 0]
true_slope = slopes(lambda a: plain_softmax(a)[0, 0], two)[0, 0]
print(f"by nudging {true_slope:+.4f}   ŷ₁(1−ŷ₁) {p * (1 - p):+.4f}", end="   ")
print(f"with −a₂₂ {p * (1 - p) * -two[1, 0]:+.4f}")
assert np.isclose(true_slope, p * (1 - p)) and not np.isclose(true_slope, p * (1 - p) * -two[1, 0])
assert np.isclose(np.exp(1.2) * np.exp(-0.3), np.exp(1.2 - 0.3))
assert not np.isclose(np.exp(1.2) * np.exp(-0.3), np.exp(-1.2 * 0.3))

# %% [markdown]
# ## 6 · A batch: where 1/N comes in, once
#
# With $N$ examples the loss is the *mean* over them. The scores of example $n$, column $n$ of $a_L$, occur in one of the
# $N$ terms of that mean. So each column is what we know already, divided by $N$:
#
# $$\frac{\partial L}{\partial a_L} = \frac{\hat y - y}{N}$$
#
# This is the only place. Every later gradient is computed from this one by plain products, so they inherit the
# $1/N$ and must not divide again.
#
# **Your turn.** Replace the three dots: `y_hat` and `y` have shape $(k, N)$, and so has the result.


# %%
def output_gradient(y_hat, y):
    return ...  # ← your line


# %% [markdown]
# The referee: mean cross-entropy of five examples in four classes, every score nudged.


# %%
def verdict(mine, truth):
    if mine is ...:
        return "not yet: the three dots are still there"
    right = np.shape(mine) == np.shape(truth) and np.allclose(mine, truth)
    return "right!" if right else f"not the same. Expected:\n{truth.round(4)}"


rng = np.random.default_rng(4)
a_batch, y_batch = rng.normal(size=(4, 5)), one_hot([2, 0, 3, 1, 1], 4)
batch_truth = slopes(lambda a: -(y_batch * np.log(plain_softmax(a))).sum(axis=0).mean(), a_batch)
print(verdict(output_gradient(plain_softmax(a_batch), y_batch), batch_truth))

# %% [markdown]
# <details><summary>Answer</summary>
#
# ```python
# def output_gradient(y_hat, y):
#     return (y_hat - y) / y.shape[1]
# ```
#
# If yours was five times too large, the $1/N$ is missing; if it has the wrong sign, it is $y - \hat y$.
#
# </details>

# %%
columns_alone = [
    slopes(lambda a, t=t: -np.log(plain_softmax(a)[t, 0]), a_batch[:, [n]])
    for n, t in enumerate([2, 0, 3, 1, 1])
]
assert np.allclose(batch_truth, np.hstack(columns_alone) / 5)  # each column alone, then 1/N

# %% [markdown]
# ## 7 · Scores of any size
#
# **Predict.** What is `np.exp(1000)`? And then `plain_softmax` of the scores 1000, 0, 0, 0, where the answer is
# obviously 1, 0, 0, 0?

# %%
with np.errstate(over="ignore", invalid="ignore"):  # NumPy would warn, and rightly
    print("np.exp(1000) =", np.exp(1000.0))
    broken = plain_softmax(np.array([[1000.0], [0], [0], [0]]))
    print("plain softmax:", broken.ravel())

# %% [markdown]
# **Check.** A float ends near $1.8 \cdot 10^{308}$, which is $e^{709.8}$. Beyond that there is only `inf`, and `inf/inf` is `nan`: not a number.
# One `nan` in $\hat y$, and two steps later every weight of the network is `nan`.
#
# The cure is in section 5: *adding a constant to all scores changes nothing*. So subtract the largest score of each column. The
# largest exponent is then 0, and the denominator lies between 1 and $k$: nothing can overflow, and nothing can be divided by zero.
#
# $$\hat y_i = \frac{e^{a_i - m}}{\sum_{i'} e^{a_{i'} - m}} \qquad m = \max_{i'} a_{i'}$$
#
# **Your turn.** `a` has shape $(k, N)$; each *column* needs its own maximum (`keepdims=True` keeps it a row that can be
# subtracted). Do not change the array `a` of your caller.


# %%
def softmax(a):
    return ...  # ← your line, or two


# %%
hard = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, 1.0], [0.0, -1e4, 2.0], [1e4, -1e4, 0.0]])
stable = LOSSES["softmax", "cross_entropy"].O  # the course's own
print(verdict(softmax(hard.copy()), stable(hard)))

# %% [markdown]
# <details><summary>Answer</summary>
#
# ```python
# def softmax(a):
#     e = np.exp(a - a.max(axis=0, keepdims=True))
#     return e / e.sum(axis=0, keepdims=True)
# ```
#
# </details>
#
# The shift is not an approximation. At scores of $\pm 10^4$ the result is exact:

# %%
print(stable(hard).round(4))
assert 709 < np.log(np.finfo(float).max) < 710
assert np.isnan(broken[0, 0])
assert (stable(hard)[:, 0] == [0.5, 0, 0, 0.5]).all() and (stable(hard)[:, 1] == 0.25).all()
assert np.allclose(stable(hard)[:, 2], plain_softmax(hard[:, 2]))

# %% [markdown]
# ### The loss too
#
# In the first column class 2 has probability 0, as far as a float can tell. **Predict** the loss $-\log \hat y_2$ if class 2 is the
# truth.
#
# It need not be lost. Take the logarithm *before* computing anything:
#
# $$-\log \hat y_l = -\log \frac{e^{a_l}}{\sum_{i'} e^{a_{i'}}} = \log \sum_{i'} e^{a_{i'}} - a_l = m + \log \sum_{i'} e^{a_{i'} - m} - a_l$$
#
# This is called **log-sum-exp**: the loss straight from the scores, without the detour over $\hat y$.

# %%
scores = hard[:, 0]
m = scores.max()
with np.errstate(divide="ignore"):
    detour = -np.log(stable(hard)[1, 0])
straight = m + np.log(np.exp(scores - m).sum()) - scores[1]
print("with the detour over ŷ:", detour, "   from the scores:", straight)

# %% [markdown]
# **Check.** By hand: two scores of $10^4$ give $m + \log 2$, and $a_2 = -10^4$, so $L = 20\,000 + \log 2$. The gradient $\hat y - y$ needs no such care: none of its entries
# ever leaves the range from −1 to 1.

# %%
assert np.isinf(detour) and np.isclose(straight, 2e4 + np.log(2), rtol=1e-12)
assert (np.abs(stable(hard) - one_hot([1, 1, 1], 4)) <= 1).all()

# %% [markdown]
# ## 8 · Another loss: one gradient changes, and nothing else
#
# For a regression the output is linear and the loss a squared error; for yes-or-no questions the output is a sigmoid. The way
# back through the rest of the network never asks. It needs $\frac{\partial L}{\partial a_L}$, and how that came about is the business of the last layer alone. So
# here is the complete list, for one example; a batch divides by $N$.
#
# | output $\hat y = O(a_L)$ | loss | gradient $\frac{\partial L}{\partial a_L}$ |
# |---|---|---|
# | softmax | cross-entropy | $\hat y - y$ |
# | softmax | squared error | $J^T \, 2(\hat y - y)$ |
# | sigmoid | cross-entropy | $\hat y - y$ |
# | sigmoid | squared error | $2(\hat y - y) \circ \hat y \circ (1 - \hat y)$ |
# | linear | squared error | $2(\hat y - y)$ |
#
# A sigmoid has no paths across, its Jacobian is diagonal, and there the element-wise rule is right ($\circ$ multiplies entry by entry).
# The course keeps these five pairs in one table, `LOSSES`. The referee tries them all:

# %%
for (output, name), pair in LOSSES.items():
    y_hat_batch = pair.O(a_batch)
    nudged = slopes(lambda a, p=pair: p.per_example(a, p.O(a), y_batch).mean(), a_batch)
    error = np.abs(pair.grad_a(y_hat_batch, y_batch) - nudged).max()
    print(f"{output:8} {name:14} largest error {'below' if error < 1e-9 else 'ABOVE'} 1e-9")
    assert error < 1e-9

# %% [markdown]
# The squared error of one example is the sum of the squares, $\sum_i (\hat y_i - y_i)^2$. Two lectures have something else here.
#
# > **What the lectures said** — the handout: $L = -\frac1N \sum \sum (y - \hat y)^2$, with a minus in front. The session's code: a gradient without the
# > factor 2.
# >
# > **What is true** — no minus: a cross-entropy needs one because the logarithm of a probability is negative; a square is not. And $(x^2)' = 2x$.
# > Dropping the 2 does no harm, it only rescales the learning rate: the session's $\eta = 5$ is our $\eta = 2.5$.

# %%
squared = LOSSES["linear", "squared_error"]
value, target = np.array([[3.0]]), np.array([[1.0]])
with_2 = squared.grad_a(value, target)
assert np.allclose(with_2, slopes(lambda a: ((a - target) ** 2).sum(), value)) and with_2 == 4
assert np.allclose(value - 2.5 * with_2, value - 5 * (value - target))  # the same step
assert abs(value - 0.1 * with_2 - target) < abs(value - target)  # downhill: closer
assert abs(value - 0.1 * -with_2 - target) > abs(value - target)  # with the minus: away from it

# %% [markdown]
# ### A coincidence too pretty to be one
#
# Three of the five are $\hat y - y$, up to a factor 2. Different outputs, different losses, the same gradient! Write each loss
# in terms of the scores, and leave out what does not depend on $a$. All three then have the same form:
#
# $$L = A(a) - \sum_i y_i a_i \qquad\text{so}\qquad \frac{\partial L}{\partial a_i} = \frac{\partial A}{\partial a_i} - y_i$$
#
# | output, loss | function $A(a)$ | its slope $\partial A / \partial a_i$ |
# |---|---|---|
# | softmax, cross-entropy | $\log \sum_{i'} e^{a_{i'}}$ | $\mathrm{softmax}(a)_i$ |
# | sigmoid, cross-entropy | $\sum_{i'} \log(1 + e^{a_{i'}})$ | $\sigma(a_i)$ |
# | linear, half a squared error | $\sum_{i'} \tfrac12 a_{i'}^2$ | $a_i$ |
#
# The slope of $A$ *is* the output function. Output and loss were made for each other; statisticians call such a pair a **matching**
# (canonical) link. The other two pairs mix an output with somebody else's loss, and a factor $g'$ or $J$ is left over.

# %%
matching = {
    "softmax": lambda a: np.log(np.exp(a).sum()),
    "sigmoid": lambda a: np.log(1 + np.exp(a)).sum(),
    "linear": lambda a: (a**2 / 2).sum(),
}
for output, A in matching.items():
    O = next(pair.O for pair in LOSSES.values() if pair.output == output)
    assert np.allclose(slopes(A, a), O(a))
    print(f"{output:8} slope of A {slopes(A, a).ravel().round(3)}   O(a) {O(a).ravel().round(3)}")

# %% [markdown]
# ## 9 · The silence of the squared error
#
# That leftover factor is not a blemish, it is a trap. Take two classes, the first is the truth, and let the wrong score be ahead
# by a gap $d = a_2 - a_1$. At $d = 10$ the network is certain, and wrong.
#
# **Predict.** At $d = 10$, which loss gives the larger gradient? By what factor?

# %%
gaps = np.linspace(-10, 10, 401)
a_gap = np.vstack([-gaps / 2, gaps / 2])
y_gap = one_hot([0] * len(gaps), 2)
push = {}
for name in ("cross_entropy", "squared_error"):
    pair = LOSSES["softmax", name]
    push[name] = -len(gaps) * pair.grad_a(pair.O(a_gap), y_gap)[0]  # times N: undo the 1/N

# %%
fig, ax = subplots(figsize=(6.6, 3.3))
ax.plot(gaps, push["cross_entropy"], color=QUANTITIES["gradient"], lw=2, label="cross-entropy")
ax.plot(gaps, push["squared_error"], "--", color="#0072B2", lw=2, label="squared error")
ax.set(
    xlabel="gap d: how far the wrong score is ahead", ylabel="push on the true score  $-∂L/∂a_1$"
)
ax.text(-9.7, 0.12, "right, and sure of it", color="#595959")
ax.text(4.9, 0.12, "wrong, and sure of it", color="#595959")
ax.legend(loc="upper left")
show(
    fig,
    f"""The push on the true score against the gap. Both losses push little on the left, where the
    network is right. Cross-entropy rises to 1 as the network gets more wrong. Squared error has its
    maximum {push["squared_error"].max():.2f} at a gap of {gaps[push["squared_error"].argmax()]:.1f}
    and falls back to 0: at gap 10 it is {push["squared_error"][-1]:.1e}.""",
)

# %% [markdown]
# **Check.** At $d = 10$ cross-entropy pushes with almost 1, squared error with less than 0.0002: more than five thousand times less, exactly where
# a push is needed most. It **saturates**.
#
# In the chain $J^T \frac{\partial L}{\partial \hat y}$, both losses have the same $J$, and for a certain network all of $J$ is close to zero: $\hat y_1 (1 - \hat y_1) \approx 0$. Cross-entropy
# answers with $-1/\hat y_l$, which grows just as fast as $J$ shrinks: that is the cancellation from (7) to (8). The squared error has at most a 2 to
# offer.

# %%
assert push["cross_entropy"][-1] > 0.999 and push["squared_error"][-1] < 2e-4
assert push["cross_entropy"][-1] / push["squared_error"][-1] > 5000
assert np.isclose(push["squared_error"].max(), 16 / 27, atol=1e-3)  # at ŷ_1 = 1/3, d = log 2

# %% [markdown]
# **Predict.** The network starts with the wrong score ahead by 8. We let gradient descent with $\eta = 1$ work on the scores themselves. How many steps until
# the true class leads, with either loss?


# %%
def steps_until_right(pair, gap):
    a, y, steps = np.array([[0.0], [gap]]), one_hot([0], 2), 0
    while a[0, 0] <= a[1, 0]:
        a = a - pair.grad_a(pair.O(a), y)
        steps += 1
    return steps


steps = {name: steps_until_right(LOSSES["softmax", name], gap=8.0) for name in push}
print(steps)

# %% [markdown]
# **Check.** A handful against hundreds. And with every further point of gap the squared error needs almost three times as long (about $e$ times),
# cross-entropy half a step. That is why classifiers are trained with cross-entropy.

# %%
assert steps["cross_entropy"] < 10 and 200 < steps["squared_error"] < 1000
slower = steps_until_right(LOSSES["softmax", "squared_error"], gap=9.0) / steps["squared_error"]
assert 2.5 < slower < 2.9

# %% [markdown]
# ## 10 · All of it under your fingers
#
# Left: the probabilities. Middle: Jacobian times $\frac{\partial L}{\partial \hat y}$, for the loss you choose. Right: the result, for both losses on one axis, cross-entropy filled,
# squared error hollow. The true class has the tinted background.

# %%
softmax_explorer()

# %% [markdown]
# ### Try it
#
# **1.** Move *shift all by* from one end to the other. What changes? Why?
#
# <details><summary>Answer</summary>
#
# Only the row of scores. $e^{a+c} = e^c e^a$, and $e^c$ cancels. The same fact makes every row of the Jacobian sum to zero, and it
# allows the stable softmax.
#
# </details>
#
# **2.** All four scores equal. What does the network that knows nothing get to hear from cross-entropy?
#
# <details><summary>Answer</summary>
#
# $(\tfrac14, \tfrac14, \tfrac14, -\tfrac34)$, with the $-\tfrac34$ at the true class: up with the truth, down with all others alike.
#
# </details>
#
# **3.** True class 1, score $a_1 = -10$, score $a_2 = 10$, the other two $-10$. Read both gradients. Then look at the Jacobian and at
# $\frac{\partial L}{\partial \hat y}$ of either loss: who is silent, and who shouts?
#
# <details><summary>Answer</summary>
#
# Cross-entropy: $-1$ and $+1$. Squared error: nothing larger than $2 \cdot 10^{-8}$. The Jacobian is silent in both cases, no entry reaches
# $10^{-8}$. But cross-entropy's $\frac{\partial L}{\partial \hat y_1}$ is about $-5 \cdot 10^8$, and makes up for it; squared error's is $-2$.
#
# </details>
#
# **4.** True class 1, $a_1 = 0$, $a_3 = a_4 = -10$. For which $a_2$ is the squared error's gradient largest?
#
# <details><summary>Answer</summary>
#
# Near $a_2 = 0.7$, with 0.593. With two classes it is $4 \hat y_1 (1 - \hat y_1)^2$, largest at $\hat y_1 = \tfrac13$, where the gap is $\log 2 = 0.69$, and there
# it is $\tfrac{16}{27}$. If the network is more wrong than that, the squared error cares *less*.
#
# </details>
#
# **5.** In section 1, let class 3 be the truth: change `[1, 0]` to `[2, 0]` in the function `loss`, but write down the four slopes before you run it.
#
# <details><summary>Answer</summary>
#
# $\tfrac18, \tfrac28, -\tfrac48, \tfrac18$: take 1 away from the entry of the true class, and leave the others. (The checks below it, which are about class 2, then fail, as they should.)
#
# </details>

# %% [markdown]
# ## 11 · Read the real thing
#
# You can now read `utils/nn/losses.py`, the file where the way back begins in every network of this course. Here is its first pair: the
# output function, the loss from the scores, and the gradient. (The axis is counted from the end, −2 for the classes and −1 for the examples, so that a whole stack of
# networks can use the same lines.)

# %%
pair = LOSSES["softmax", "cross_entropy"]
for function in (pair.O, pair.per_example, pair.grad_a):
    print(inspect.getsource(function))

# %% [markdown]
# ## Recap
#
# - With softmax and cross-entropy, $\frac{\partial L}{\partial a_L} = \hat y - y$ for one example and $\frac{\hat y - y}{N}$ for a batch. That $1/N$ is the only one.
# - Each score moves every probability. The Jacobian $\mathrm{diag}(\hat y) - \hat y \hat y^T$ holds all of these paths; an element-wise $g'$ leaves the wrong classes without
#   a gradient.
# - A constant added to all scores changes nothing. Subtract the maximum, and compute the loss by log-sum-exp.
# - Another loss changes this one gradient. Squared error saturates when the network is sure and wrong; cross-entropy does not.
#
# **Next:** the scores say *"we are only as good as the hidden units below us"*. Lesson 05 goes and asks them.
