# %% [markdown]
# # 03 · The forward pass
#
# **After this lesson you can**
#
# - say which two units $W_{2,1,2}$ joins, and write any layer as $a_k = W_k h_{k-1} + b_k$, $h_k = g(a_k)$;
# - find mistakes by their shapes, and know two that shapes do not show;
# - choose output function and loss for a task, and write the whole forward pass in four lines.
#
# **Time** 40 minutes · **You need** the notation card (lesson 00)

# %%
import inspect
from itertools import pairwise

import numpy as np

from utils.draw.diagrams import fully_connected, graph_diagram, network_columns
from utils.draw.picture import show, subplots
from utils.draw.style import CLASSES, QUANTITIES
from utils.draw.svg import Line
from utils.explore.forward_pass import forward_pass_explorer
from utils.learn import Lesson
from utils.nn import ACTIVATIONS, FeedForwardNetwork, sigmoid, softmax

lesson = Lesson("03")

# %% [markdown]
# The handout climbs in three levels: *no math* is a forward pass without any gradient, *light math* takes the
# gradient of one weight at a time, *heavy math* takes all of them at once, and reuses what they share. This lesson is the first level.
# Lessons 01 and 02 have brought the tools of the second, and lessons 04 to 07 climb to the third. You cannot go back along a road
# that you have never walked, so today we walk forward, and leave a mark at every step.

# %% [markdown]
# ## 1 · One unit
#
# A unit does two things. It adds up its inputs, each times a weight, and a bias: that is the **pre-activation** $a$.
# Then it bends the sum with a function $g$: that is the **activation** $h$. With two inputs and the sigmoid for $g$
#
# $$a = w_1 x_1 + w_2 x_2 + b \qquad\qquad h = \sigma(a) = \frac{1}{1 + e^{-a}}$$
#
# **Predict**, on paper: the inputs are $3$ and $2$, the weights $0.5$ and $-1$, the bias is $1$. What is $a$? Will $h$
# be above or below ½?

# %%
w, x_unit, bias = np.array([0.5, -1.0]), np.array([3.0, 2.0]), 1.0
a_unit = w @ x_unit + bias  # 0.5 · 3 − 1 · 2 + 1
h_unit = sigmoid(a_unit)
print(f"a = {a_unit}   h = {h_unit:.3f}")
assert a_unit == 0.5 and h_unit > 0.5

# %% [markdown]
# **Check.** $1.5 - 2 + 1 = 0.5$. The sigmoid of a positive number lies above ½.
#
# > **What the lecture said** — the first unit computes $w_{11} x_1 + b_1$; the sigmoid is $\frac{1}{1 + e^{wx + b}}$;
# > and $a_{22}$ is sometimes an "activation".
# >
# > **What is true** — $a$ sums over *all* inputs. The exponent is $-(wx + b)$, with a minus in front of everything.
# > And $a$ is the *pre*-activation: the activation is $h$, which comes after the bend.
#
# Without the minus, the unit would be upside down: the more evidence its weights find, the quieter it gets.

# %%
no_minus = 1 / (1 + np.exp(a_unit))
one_input_only = w[0] * x_unit[0] + bias
print(f"with −: {h_unit:.3f}   without: {no_minus:.3f}   which is 1 − h: {1 - h_unit:.3f}")
print(f"a from all inputs: {a_unit}   from the first input alone: {one_input_only}")
assert sigmoid(a_unit + 0.1) > h_unit and 1 / (1 + np.exp(a_unit + 0.1)) < no_minus
assert np.isclose(no_minus, 1 - h_unit) and one_input_only != a_unit

# %% [markdown]
# ## 2 · Names for everybody
#
# Many units side by side are a layer, and many layers are a network. Now a weight needs three indices.
#
# $$W_{kij}\colon\quad \text{layer } k, \text{ to unit } i, \text{ from unit } j \text{ of layer } k - 1$$
#
# *To* stands before *from*. That looks backwards until you see it at work: in $a_{ki} = \dots + W_{kij}\, h_{k-1,j} + \dots$ the two
# $j$ touch each other, and $i$ is what remains. In Python, which counts from 0, it is `W[k][i - 1, j - 1]`.
#
# **Predict.** The live session takes a derivative in a network of 4 inputs, 4 hidden units and 2 outputs. Where does the
# line of $W_{2,1,2}$ begin, where does it end?

# %%
columns = network_columns([4, 4, 2])
graph_diagram(
    columns,
    fully_connected(columns),
    """Network 4-4-2. The line of W_2,1,2 is drawn bold: it runs from the second hidden unit,
    h_1,2, to the first output unit, ŷ_1.""",
    lines={("h_1,2", "ŷ_1"): Line(QUANTITIES["W"], 4, "W_2,1,2")},
    captions=["input", "hidden units", "output"],
    between=["W_1, b_1", "W_2, b_2"],
    gap=200,
)

# %% [markdown]
# > **What the lecture said** — in $w_{212}$ the 1 is the place it comes from and the 2 is the unit it goes to.
# >
# > **What is true** — the other way round: $w_{212}$ joins $h_{12}$ to $a_{21}$. The session's own formula, a little
# > later, says so too: $a_{21} = w_{211} h_{11} + w_{212} h_{12} + \dots$
#
# We ask the network itself: nudge that one number, and see which pre-activation moves, and by how much.

# %%
session = FeedForwardNetwork([4, 4, 2], seed=0)
example = np.array([[1.0], [-0.5], [2.0], [0.3]])
nudged = session.W[2].copy()
nudged[0, 1] += 0.1  # W_2,1,2
session_trace = session.forward(example)
moved = session.with_parameters(W={2: nudged}).forward(example).a[2] - session_trace.a[2]
print("a_21 and a_22 move by", moved[:, 0].round(4))
print("0.1 · h_12 =", (0.1 * session_trace.h[1][1, 0]).round(4))
assert np.isclose(moved[0, 0], 0.1 * session_trace.h[1][1, 0]) and moved[1, 0] == 0

# %% [markdown]
# **Check.** Only $a_{21}$ moves, and by the nudge times $h_{12}$. (Hold on to that: *the change of $a_{ki}$ is the nudge times
# $h_{k-1,j}$* is already the derivative that lesson 06 will need.)
#
# The pre-activation of unit $i$ in layer $k$, in full:
#
# $$a_{ki} = b_{ki} + \sum_{j=1}^{n_{k-1}} W_{kij}\, h_{k-1,j}$$
#
# > **What the lecture said** — $a_{ki} = b_{ki} \sum_j W_{kij} h_{k-1,j}$.
# >
# > **What is true** — a plus sign got lost in the handout: the bias is *added*. As a factor it would be a silencer:
# > biases usually start at 0, and every pre-activation would be 0, whatever the input.

# %%
k, i = 2, 1
terms = [session.W[k][i - 1, j - 1] * session_trace.h[k - 1][j - 1, 0] for j in range(1, 5)]
assert np.isclose(session.b[k][i - 1, 0] + sum(terms), session_trace.a[k][i - 1, 0])
assert session.b[k][i - 1, 0] * sum(terms) == 0 != session_trace.a[k][i - 1, 0]

# %% [markdown]
# ## 3 · From many sums to one product
#
# When you cannot see it, write it out. Three inputs, two units:
#
# $$a_{11} = W_{111}\, x_1 + W_{112}\, x_2 + W_{113}\, x_3 + b_{11}$$
#
# $$a_{12} = W_{121}\, x_1 + W_{122}\, x_2 + W_{123}\, x_3 + b_{12}$$
#
# Look along one line: a *row* of weights meets the *column* of inputs, entry by entry. That is the product of a row
# and a column. And two of them below each other are a matrix times a column:
#
# $$\begin{bmatrix} a_{11} \\ a_{12} \end{bmatrix} = \begin{bmatrix} W_{111} & W_{112} & W_{113} \\ W_{121} & W_{122} & W_{123} \end{bmatrix} \begin{bmatrix} x_1 \\ x_2 \\ x_3 \end{bmatrix} + \begin{bmatrix} b_{11} \\ b_{12} \end{bmatrix}$$
#
# Row $i$ of $W_k$ belongs to the unit that *listens*, column $j$ to the unit that *speaks*. For every layer, with $h_0 = x$:
#
# $$a_k = W_k h_{k-1} + b_k \qquad\qquad h_k = g(a_k)$$
#
# **Predict** $a_1$ with pencil and paper, for the numbers below.

# %%
W_1 = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.5]])
b_1 = np.array([[0.5], [-1.0]])
x_column = np.array([[2.0], [3.0], [4.0]])

# %%
one_by_one = [sum(W_1[i, j] * x_column[j, 0] for j in range(3)) + b_1[i, 0] for i in range(2)]
row_by_row = [W_1[i] @ x_column[:, 0] + b_1[i, 0] for i in range(2)]
at_once = W_1 @ x_column + b_1
print("number by number:", *one_by_one, "  row by row:", *row_by_row)
print("at once:")
print(at_once)

# %% [markdown]
# **Check.** $2 - 4 + 0.5 = -1.5$ and $4 + 3 + 2 - 1 = 8$.

# %%
assert at_once[:, 0].tolist() == one_by_one == row_by_row == [-1.5, 8.0]

# %% [markdown]
# ## 4 · A batch: more columns, the same line
#
# One example is a column of $n_0$ numbers. Put $N$ examples side by side, and $x$ is a matrix of shape $(n_0, N)$. The product
# $W_1 x$ treats each column by itself, so the formula does not change by a single letter.
#
# > **What the lecture said** — real inputs $x_i \in \mathbb{R}$.
# >
# > **What is true** — $x_i \in \mathbb{R}^{n}$: an example is not one number but a column of $n = n_0$ of them.
#
# **Predict.** `W_1` is $2 \times 3$, and we feed five examples. Which shape has $a_1$? And the bias has only
# *one* column: what becomes of it?

# %%
batch = np.random.default_rng(0).normal(size=(3, 5))
a_1 = W_1 @ batch + b_1
print("W_1", W_1.shape, "  x", batch.shape, "  b_1", b_1.shape, "  →  a_1", a_1.shape)
column_by_column = [W_1 @ batch[:, [n]] + b_1 for n in range(5)]
assert np.allclose(a_1, np.hstack(column_by_column))
assert batch[:, [0]].shape == (3, 1)  # one example: ℝ³, not ℝ

# %% [markdown]
# **Check.** $(2, 5)$. NumPy sees that $b_1$ has one column where five are needed, and uses it five times. That is called
# *broadcasting*, and here it says what we mean: **every example meets the same bias**.
#
# It works because $b_k$ has shape $(n_k, 1)$. Would a plain list of two numbers do as well? **Predict** what happens with five examples, and
# with two.

# %%
flat_bias = np.array([0.5, -1.0])  # shape (2,), no longer a column
try:
    print(W_1 @ batch + flat_bias)
except ValueError as error:
    print("five examples:", error)
two = batch[:, :2]
print("two examples: no error, shape", (W_1 @ two + flat_bias).shape)
print("wrong by")
print(W_1 @ two + flat_bias - (W_1 @ two + b_1))

# %% [markdown]
# **Check.** NumPy aligns shapes from the right, so a flat bias is taken for a *row*: one number per example, not per
# unit. With five examples it complains. With two, it is quietly wrong.

# %%
assert np.allclose(W_1 @ two + flat_bias - (W_1 @ two + b_1), [[0, -1.5], [1.5, 0]])

# %% [markdown]
# ## 5 · Shapes are your proof-reader
#
# In a product the inner numbers must agree, and they vanish; the outer ones remain:
#
# $$(n_k, \; n_{k-1}) \cdot (n_{k-1}, \; N) \;\to\; (n_k, \; N)$$
#
# **Predict** all shapes of a 2-3-4 network with $N = 5$ examples: cover the output below and write them down.

# %%
net = FeedForwardNetwork([2, 3, 4], seed=0)
x = np.random.default_rng(1).normal(size=(2, 5))
trace = net.forward(x)
for k in net.layers:
    below, a, h = trace.h[k - 1], trace.a[k], trace.h[k]
    print(f"W_{k} {net.W[k].shape} · h_{k - 1} {below.shape} + b_{k} {net.b[k].shape}", end="")
    print(f"  =  a_{k} {a.shape},  then h_{k} {h.shape}")

# %% [markdown]
# Now the mistakes. Somebody remembers that there was a $W$ and an $h$, but not in which order, and whether something
# had to be transposed. **Predict:** which of these three raise an error?

# %%
W_2, h_1, raised = net.W[2], trace.h[1], 0
for text, left, right in (("h W", h_1, W_2), ("Wᵀ h", W_2.mT, h_1), ("W hᵀ", W_2, h_1.mT)):
    try:
        result = f"no error, shape {(left @ right).shape}"
    except ValueError:
        result, raised = "ValueError", raised + 1
    print(f"{text:5} {left.shape} · {right.shape}:", result)
assert raised == 3

# %% [markdown]
# All three: shapes have read the proofs for us. And when do they *not* help? When two sizes happen to be equal. In a 2-2-2 network
# the matrix is square, and $W_1^{\mathsf T} x$ is as welcome as $W_1 x$.

# %%
square = FeedForwardNetwork([2, 2, 2], seed=0)
right, wrong = square.W[1] @ x, square.W[1].mT @ x
print("shapes:", right.shape, wrong.shape)
print("largest difference:", np.abs(right - wrong).max().round(2))
assert right.shape == wrong.shape and not np.allclose(right, wrong)

# %% [markdown]
# No error, a matrix of the right shape, and wrong numbers in it. Hence a rule for life: **try new code on a network whose sizes are
# all different**, and on yet another number of examples: 2-3-4 with $N = 5$. Then a wrong transpose has nowhere to hide,
# and neither has a flat bias.

# %% [markdown]
# ## 6 · How many parameters?
#
# Every unit of layer $k$ has one weight for each unit below it, and one bias:
#
# $$\sum_{k=1}^{L} \left( n_k\, n_{k-1} + n_k \right)$$
#
# **Predict** two of them: the session's network, 4-4-2, and a small reader of handwritten digits, 784-256-10 (a picture of
# $28 \times 28$ pixels goes in, ten digits come out).


# %%
def count(sizes):
    """Return the number of weights and the number of biases."""
    return sum(n * below for below, n in pairwise(sizes)), sum(sizes[1:])


for sizes in ([2, 2, 4], [4, 4, 2], [784, 256, 10]):
    weights, biases = count(sizes)
    name, total = "-".join(map(str, sizes)), weights + biases
    print(f"{name:10} {weights:7,} weights + {biases:3} biases = {total:,}")

# %% [markdown]
# **Check.** The session counted "16 into 8, like 24 weights", meaning $16 + 8$: from 4 inputs to 4 hidden units, and on to 2 outputs. With the
# six biases that is 30 parameters. Two or three pages of derivation for each of them, it warned. And the digit reader has
# more than two hundred thousand! Nobody nudges those one by one: that is why this course exists.
#
# > **What the lecture said** — "updating the weight vector $w_{212}$"; "these two layers are called hidden layers".
# >
# > **What is true** — $w_{212}$ is a *scalar*, one entry of the matrix $W_2$. And the network for which the session derives its gradients and
# > counts its weights has *one* hidden layer: input and output are not hidden.

# %%
assert count([4, 4, 2]) == (16 + 8, 4 + 2) and session.n_parameters == 30
assert np.ndim(session.W[2][0, 1]) == 0  # a scalar has no axis at all
assert session.L - 1 == 1  # two matrices, one layer of hidden units between them
assert sum(count([784, 256, 10])) == FeedForwardNetwork([784, 256, 10]).n_parameters == 203_530

# %% [markdown]
# ## 7 · The bend
#
# Three activation functions do the work in this course, and a fourth one does nothing at all.

# %%
a_axis = np.linspace(-4, 4, 201)
fig, ax = subplots(figsize=(6, 3.2))
dashes = ("-", "--", "-.", ":")
for (name, g), style, dash in zip(ACTIVATIONS.items(), CLASSES, dashes, strict=True):
    ax.plot(a_axis, g(a_axis), dash, color=style.color, lw=2.2, label=name)
ax.set(xlabel="pre-activation a", ylabel="activation h = g(a)", ylim=(-1.6, 2.6))
ax.grid(color="#E5E5E5")
ax.legend(loc="upper left")
show(
    fig,
    """Four curves over the pre-activation from −4 to 4. The sigmoid rises from 0 to 1 and is ½
    at 0; tanh rises from −1 to 1 and is 0 at 0; relu is 0 for negative numbers and a itself
    for positive ones; identity is the straight line h = a.""",
)

# %% [markdown]
# | name | formula $g(a)$ | $h$ lies in |
# |---|---|---|
# | sigmoid | $1 / (1 + e^{-a})$ | $(0, 1)$ |
# | tanh | $(e^a - e^{-a}) / (e^a + e^{-a})$ | $(-1, 1)$ |
# | relu | $\max(0, a)$ | $[0, \infty)$ |
# | identity | $a$ | everywhere |
#
# Why bend at all? **Predict:** with $g(a) = a$, what can a network with ten hidden layers do that one without any cannot?
#
# Nothing. Take two layers and put the first into the second:
#
# $$W_2 (W_1 x + b_1) + b_2 = W_2 W_1 x + W_2 b_1 + b_2 = \underbrace{(W_2 W_1)}_{W}\, x + \underbrace{(W_2 b_1 + b_2)}_{b}$$
#
# One matrix, one bias: the two layers have collapsed into one, and the next pair can collapse in the same way. The bend in $g$ is what keeps
# layers apart.

# %%
rng = np.random.default_rng(2)
some_b = {1: rng.normal(size=(3, 1)), 2: rng.normal(size=(4, 1))}
deep = FeedForwardNetwork([2, 3, 4], activation="identity", seed=0).with_parameters(b=some_b)
W_flat, b_flat = deep.W[2] @ deep.W[1], deep.W[2] @ deep.b[1] + deep.b[2]
flat = FeedForwardNetwork([2, 4]).with_parameters(W={1: W_flat}, b={1: b_flat})
assert np.allclose(deep.forward(x).y_hat, flat.forward(x).y_hat)
print(f"{deep.n_parameters} parameters do the work of {flat.n_parameters}")

# %% [markdown]
# ## 8 · The last layer: ask the task
#
# The hidden layers do not care what the network is for. The last one does: its function is called $O$, and $\hat y = O(a_L)$.
# The task decides on the range of $\hat y$, and with it on the **output function** and the **loss**.
#
# | the task | $\hat y$ must be | output $O$ | loss of one example |
# |---|---|---|---|
# | regression: how much? | any numbers | linear, $\hat y = a_L$ | squared error $\sum_i (\hat y_i - y_i)^2$ |
# | classification: which of $n_L$? | probabilities that sum to 1 | softmax, $\hat y_i = e^{a_{Li}} / \sum_m e^{a_{Lm}}$ | cross-entropy $-\sum_i y_i \log \hat y_i$ |
# | binary: yes or no? | one probability | sigmoid, $\hat y = \sigma(a_L)$ | cross-entropy $-y \log \hat y - (1 - y) \log(1 - \hat y)$ |
#
# For yes or no, the session's code takes the sigmoid with the *squared error*. That works too, but it learns slowly where the sigmoid is flat;
# lesson 04 shows why. It also shows how `softmax` survives an $e^{1000}$; today we simply trust it.
#
# The softmax makes every score positive, with $e^a$, and divides by the sum, so that the column sums to 1. **Predict:** the scores are
# 1, 2 and 0. Which class gets the largest probability, and how many times that of the first?

# %%
scores = np.array([[1.0], [2.0], [0.0]])
by_hand = np.exp(scores) / np.exp(scores).sum()
print("ŷ =", by_hand[:, 0].round(3))
print("second / first =", (by_hand[1, 0] / by_hand[0, 0]).round(3))
assert np.allclose(softmax(scores), by_hand) and np.isclose(by_hand[1, 0] / by_hand[0, 0], np.e)

# %% [markdown]
# **Check.** The second: one point more in the score is always a factor $e$ in the probability.
#
# Now the loss, when a softmax network says $\hat y = (0.2, 0.7, 0.1)$.

# %%
true_class = lesson.predict(
    "true_class",
    "A softmax says ŷ = (0.2, 0.7, 0.1), and the third class is true. How large is the cross-entropy?",
)

# %% tags=["reasons"]
{
    "why": "Only one term of the sum is left, that of the true class: −log 0.1 = 2.30.",
    "0.35 to 0.36": "That is −log 0.7, for the class that the network believes in. The loss asks for the true one.",
    "1": "You have used the logarithm to the base 10. Here log is the natural one.",
    "-2.3": "A cross-entropy has a minus in front: the logarithm of a probability is negative.",
    "0.1": "That is the probability of the true class. The loss is minus its logarithm.",
    "1.34": "That is the squared error, 0.2² + 0.7² + 0.9². The cross-entropy looks at the true class alone.",
}

# %%
p = np.array([0.2, 0.7, 0.1])
for truth in (np.array([0, 1, 0]), np.array([0, 0, 1])):
    cross_entropy, squared = -(truth * np.log(p)).sum(), ((p - truth) ** 2).sum()
    print(f"truth {truth}   cross-entropy {cross_entropy:.3f}   squared error {squared:.2f}")
true_class.compare(cross_entropy)  # that of the last one, the third class

# %% [markdown]
# **Check.** A confident mistake is expensive: 2.30 against 0.36. The logarithm of a probability is never positive, so without the minus
# no loss could be above 0, and minimising it would hunt for the worst network of all.
#
# > **What the lecture said** — cross-entropy without a minus (session); squared error *with* one (handout).
# >
# > **What is true** — it is the other way round. Then neither loss is ever negative, and both are smallest where $\hat y$ is right.

# %%
sure, unsure, wrong = np.array([0.99, 0.01]), np.array([0.5, 0.5]), np.array([0.01, 0.99])
truth = np.array([1, 0])
cross_entropy = [-(truth * np.log(p)).sum() for p in (sure, unsure, wrong)]
squared_error = [((p - truth) ** 2).sum() for p in (sure, unsure, wrong)]
print("right, undecided, wrong:", np.round(cross_entropy, 2), np.round(squared_error, 2))
assert 0 < cross_entropy[0] < cross_entropy[1] < cross_entropy[2]
assert 0 < squared_error[0] < squared_error[1] < squared_error[2]
for losses in (cross_entropy, squared_error):
    assert np.argmin(np.negative(losses)) == 2  # with the wrong sign, the worst answer "wins"

# %% [markdown]
# ### The conventions, said once
#
# Most arguments about backpropagation are about a factor of 2 or of $N$. In this course:
#
# 1. **Columns are examples.** $x$ is $(n_0, N)$, $\hat y$ and $y$ are $(n_L, N)$.
# 2. **The loss is a mean** over the $N$ examples. $1/N$ enters once, with the loss, and nowhere else.
# 3. **Squared error sums over the outputs** and its gradient keeps the factor 2: $\frac{\partial}{\partial \hat y_i} (\hat y_i - y_i)^2 = 2 (\hat y_i - y_i)$.
# 4. **A gradient has the shape of its quantity**: `grad_v` has the shape of `v`.
#
# $$L = -\frac1N \sum_{n=1}^{N} \sum_{i=1}^{n_L} y_{in} \log \hat y_{in} \qquad\text{or}\qquad L = \frac1N \sum_{n=1}^{N} \sum_{i=1}^{n_L} (\hat y_{in} - y_{in})^2$$
#
# **Predict.** We feed the same five examples twice, as a batch of ten. What happens to the loss?

# %%
regression = FeedForwardNetwork([2, 3, 4], output="linear", loss="squared_error", seed=0)
y = np.random.default_rng(3).normal(size=(4, 5))
y_hat = regression.forward(x).y_hat
loss = regression.loss(regression.forward(x), y)
twice = regression.loss(regression.forward(np.hstack([x, x])), np.hstack([y, y]))
print(f"five examples: {loss:.4f}   the same, twice: {twice:.4f}")
assert np.isclose(loss, twice) and np.isclose(loss, ((y_hat - y) ** 2).sum() / 5)

# %% [markdown]
# **Check.** Nothing: it is a mean. And now the factor 2, by nudging one output of *one* example. With $N = 1$ there is no
# $1/N$ to hide behind.


# %%
def squared_error(y_hat, y):
    return ((y_hat - y) ** 2).sum() / y.shape[1]  # mean over columns of the sum over rows


one_hat, one, nudge = y_hat[:, [0]], y[:, [0]], 1e-5 * np.eye(4)[:, [2]]
slope = (squared_error(one_hat + nudge, one) - squared_error(one_hat - nudge, one)) / 2e-5
assert np.isclose(slope, 2 * (one_hat - one)[2, 0])
gradients = regression.backward(regression.forward(x), y)
assert gradients.W[1].shape == regression.W[1].shape and gradients.a[2].shape == (4, 5)

# %% [markdown]
# ## 9 · Four lines, and they are yours
#
# You have all the parts. **Write** the forward pass of a softmax network: for $k = 1 \dots L$ compute $a_k$ and then $h_k$, with the sigmoid
# in the hidden layers and `softmax` in the last. `net.W[k]`, `net.b[k]` and `net.L` are there; four lines are enough.


# %%
def my_forward(net, x):
    h = x
    # your lines
    return h


# %%
biased = FeedForwardNetwork([2, 3, 4], seed=0).with_parameters(b=some_b)
mine, theirs = my_forward(biased, x), biased.forward(x).y_hat
if mine.shape == theirs.shape and np.allclose(mine, theirs):
    print("✓ The same numbers as net.forward. You have written a neural network.")
else:
    print(f"Not yet: your ŷ has shape {mine.shape}, wanted are {theirs.shape} and its numbers.")

# %% [markdown]
# <details><summary>Answer</summary>
#
# ```python
# def my_forward(net, x):
#     h = x
#     for k in range(1, net.L + 1):
#         a = net.W[k] @ h + net.b[k]
#         h = softmax(a) if k == net.L else sigmoid(a)
#     return h
# ```
#
# </details>
#
# `np.allclose`, not `==`: the same sum in another order may differ in its 16th digit, and that is no mistake.
#
# Only when yours works, read ours. It is the page that every lesson of this course leads to.

# %%
print(inspect.getsource(FeedForwardNetwork.forward))

# %% [markdown]
# Two things more than yours: the line above `def` looks at the shape of $x$ first, and it *keeps* every $a_k$ and $h_k$, in a `Trace`. Those are the marks
# along the road, and we will need them on the way back.

# %% [markdown]
# ## 10 · See it flow
#
# A whole forward pass, every number in its circle, and one parameter that you can change. What changes with it lights up.
# Above each gap stands what happens there, below each column its shape; the table writes one layer out.
#
# **Predict**, before you touch *add to it*: you change $W_{1,2,1}$. Which circles will light up, and which will stay dark?

# %%
forward_pass_explorer()

# %% [markdown]
# **Check.** $a_{11}$ and $h_{11}$ stay dark: they do not listen to that weight. From $h_{12}$ on it spreads to
# all that follows, seven circles in all, and reaches the loss along several paths (lesson 02).

# %% [markdown]
# ## 11 · The cast
#
# The forward pass is over, and the loss is not zero. Somebody must be to blame. Before the investigation opens in lesson 05,
# meet the suspects:
#
# - **The loss** saw the answer and the truth side by side. It is angry, and it does the accusing.
# - **The output layer** $\hat y$ delivered the answer. "I only apply the softmax to what I am given."
# - **The pre-activations** $a_k$ add up. "I am only as good as my inputs, my weights and my bias."
# - **The hidden units** $h_k$ bend. "I only put a curve into what comes up from below."
# - **The weights and biases** $W_k$, $b_k$ are the decent ones: the only ones to say "my mistake, please change me", and the only ones that *can* be changed.
# - **The input** $x$ has an alibi: it is what it is.
#
# Each will be asked the same question: *if you had been a little different, how different would the loss be?*
# You know what such a question is called. It is a derivative.

# %% [markdown]
# ### Try it
#
# **1.** In the explorer as it starts, change a *b*: layer 2, to unit 1, add 1. The circle $a_{22}$ stays dark, as it should. Why does
# $\hat y_2$ light up all the same?
#
# <details><summary>Answer</summary>
#
# The softmax divides by the sum over *all* scores, and $e^{a_{21}}$ is in that sum. Probabilities sum to 1: what $\hat y_1$ gains (0.28 → 0.51), $\hat y_2$
# loses. Keep an eye on those crossing lines between $a_2$ and $\hat y$. In lesson 04 somebody forgets them.
#
# </details>
#
# **2.** Choose *relu* and set $x_1 = -2$. Back to $W_{1,2,1}$ (a *W*, layer 1, to unit 2, from unit 1): add 0.5, then 1, then 2. What happens to the
# loss, and why? Find a change that does move it.
#
# <details><summary>Answer</summary>
#
# Nothing happens to it. $a_{12}$ is about $-1.3$ and gets still smaller, because $x_1$ is negative; relu makes 0 of all of that, and there
# the story ends. Take 1 away instead of adding it: $a_{12}$ becomes positive, the unit wakes up, and the loss goes from 0.69 to 0.84. (0.69 is
# $\log 2$: with both hidden units silent, the network can only say ½ and ½.)
#
# </details>
#
# **3.** *sigmoid* again, $x_1 = 0$, and change $W_{1,2,1}$ as much as you like. What lights up?
#
# <details><summary>Answer</summary>
#
# Nothing: $W_{1,2,1}$ is multiplied by $x_1 = 0$. A weight behind a silent input has no say. So it cannot be blamed either: its
# gradient will be zero.
#
# </details>
#
# **4.** Choose the architecture 2-4-3 and read the shapes off the picture. How many parameters has this network? And how many when you choose the task
# *yes/no*?
#
# <details><summary>Answer</summary>
#
# $4 \cdot 2 + 4 + 3 \cdot 4 + 3 = 27$. A yes/no question needs only one output unit, so the network becomes 2-4-1 with
# $4 \cdot 2 + 4 + 1 \cdot 4 + 1 = 17$ parameters. The task decides the last layer.
#
# </details>
#
# **5.** In section 5, change `size=(2, 5)` to `size=(2, 4)`: four examples instead of five. Which of the three wrong products goes
# through now?
#
# <details><summary>Answer</summary>
#
# $h\,W$: the shapes $(3, 4) \cdot (4, 3)$ fit, because there are as many examples as output units. No error, but a $3 \times 3$ matrix of
# nonsense, and the check below the loop fails, as it should. (With three examples it is $W h^{\mathsf T}$ that goes through.)
# Put the 5 back before you go on.
#
# </details>

# %% [markdown]
# ## Recap
#
# - $a_k = W_k h_{k-1} + b_k$ and $h_k = g(a_k)$: add up, bend, hand on. The last layer has $O$ instead of $g$.
# - $W_{kij}$ goes *to* unit $i$ *from* unit $j$: row $i$ listens, column $j$ speaks.
# - Columns are examples, the loss is their mean, and squared error keeps its 2. Said once, valid everywhere.
# - Shapes find most mistakes, if all sizes differ. Square matrices and flat biases slip through.
# - Numbers: linear and squared error. Classes: softmax and cross-entropy. Yes or no: sigmoid and cross-entropy.
# - The forward pass keeps every $a_k$ and $h_k$, because the way back asks for them.
