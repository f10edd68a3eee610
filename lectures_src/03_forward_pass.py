# %% [markdown]
# # 03 · The forward pass
#
# **Numbers go in at one end of a network, an answer comes out at the other. What happens in between, number by number?**
#
# **Time** 85 minutes · **You need** one unit and the notation card (lesson 00), the network of lesson 02
#
# A network learns in rounds, again and again. This is a round:

# %%
import numpy as np

from utils.explore.forward_pass import forward_pass_explorer
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork, sigmoid, softmax
from utils.pictures import lesson_03 as pictures
from utils.pictures.lesson_00 import learning_loop

lesson = Lesson("03")
learning_loop()

# %% [markdown]
# This lesson walks through the first two boxes, forward and loss. The third, backward, is lessons 04 to 07.
#
# **After this lesson you can** write any layer as $a_k = W_k h_{k-1} + b_k$, $h_k = g(a_k)$ · find mistakes by their shapes, and know two that
# shapes do not show · choose output and loss for a task, and say why classes take cross-entropy · write the whole forward pass · choose the weights
# of a small network by hand.

# %% jupyter={"source_hidden": true}
lesson.recall(
    (
        "02/ways",
        "A network has two outputs and a softmax. Its weight W₂,₁,₂ leads from h₁,₂ to a₂,₁. By how many paths does a nudge of it reach a loss that looks at both probabilities?",
    ),
    (
        "00/shapes",
        "A network has 3 inputs, 2 hidden units and 2 outputs. Which of these are true?",
    ),
)

# %% [markdown]
# ## 1 · One layer, number by number
#
# Here is the network of lesson 02 with all its numbers: weights on the lines, biases in the circles.

# %%
W = {1: np.array([[0.5, -0.3], [0.2, 0.8]]), 2: np.array([[0.6, -0.4], [-0.5, 0.9]])}
b = {1: np.array([[0.1], [-0.1]]), 2: np.array([[0.0], [0.2]])}
pictures.with_weights(W, b)

# %% [markdown]
# Each hidden unit adds up all inputs, each times its weight, and its bias:
#
# $$a_{11} = W_{111}\, x_1 + W_{112}\, x_2 + b_{11} \qquad a_{12} = W_{121}\, x_1 + W_{122}\, x_2 + b_{12}$$
#
# Look along one line: a *row* of weights meets the *column* of inputs. Two such lines below each other are a matrix times a column:
#
# $$\begin{bmatrix} a_{11} \\ a_{12} \end{bmatrix} = \begin{bmatrix} W_{111} & W_{112} \\ W_{121} & W_{122} \end{bmatrix} \begin{bmatrix} x_1 \\ x_2 \end{bmatrix} + \begin{bmatrix} b_{11} \\ b_{12} \end{bmatrix}$$
#
# Row $i$ of $W_k$ belongs to the unit that gets something, column $j$ to the unit that it comes from.

# %%
row = lesson.predict(
    "row",
    "x = (1, 2). What is a₁,₂, the pre-activation of the second hidden unit?",
)

# %% tags=["reasons"]
{
    "why": "Row 2 of W₁ meets x: 0.2 · 1 + 0.8 · 2 = 1.8, and the bias −0.1.",
    "1.8": "Right so far: 0.2 · 1 + 0.8 · 2. Now the bias.",
    "1.2": "You have taken column 2 of W₁, −0.3 and 0.8. The unit's weights stand in a row.",
    "0": "That is a₁,₁, of the first unit.",
    "0.83 to 0.86": "That is h₁,₂ = σ(a₁,₂), one step later.",
    "1.9": "The bias of the second unit is −0.1.",
}

# %% [markdown]
# **Write** it for any layer, and for a whole batch of columns at once. It is one line.


# %%
def pre_activations(W, b, h):
    """Return a_k = W_k h_{k-1} + b_k, a column for each example."""
    raise NotImplementedError  # your line


pre_activations = lesson.check(pre_activations)

# %%
x = np.array([[1.0], [2.0]])
a_1 = pre_activations(W[1], b[1], x)
h_1 = sigmoid(a_1)
a_2 = pre_activations(W[2], b[2], h_1)
for name, column in (("a₁", a_1), ("h₁", h_1), ("a₂", a_2), ("ŷ ", softmax(a_2))):
    print(name, column.ravel().round(6) + 0.0)
row.compare(a_1[1])

# %% [markdown]
# That was a whole forward pass. Lesson 04 asks its scores $a_2$, and lesson 07 computes all its gradients.
#
# ## 2 · What does one weight move?

# %%
lit = lesson.predict(
    "lit",
    "The forward pass has nine numbers behind x: a₁,₁ a₁,₂ h₁,₁ h₁,₂ a₂,₁ a₂,₂ ŷ₁ ŷ₂ and 𝓛. We change W₁,₂,₁. How many of the nine change?",
)

# %% tags=["reasons"]
{
    "why": "a₁,₂, h₁,₂ and everything after them. Only a₁,₁ and h₁,₁ do not hear that weight.",
    "9": "The weight ends in a₁,₂. Does a₁,₁ hear of it?",
    "6": "a₁,₂ itself moves, too.",
    "8": "Neither a₁,₁ nor h₁,₁ hears of it.",
    "2": "a₁,₂ and h₁,₂, and then? h₁,₂ goes into both scores.",
    "1": "One pre-activation moves directly. What is computed from it moves, too.",
    "5": "Do not forget that the softmax joins every score with every probability, and that 𝓛 is a number, too.",
}

# %%
net = FeedForwardNetwork([2, 2, 2]).with_parameters(W=W, b=b)  # softmax and cross-entropy
y = np.array([[1.0], [0.0]])


def nine_numbers(net):
    trace = net.forward(x)
    return np.ravel([*trace.a[1], *trace.h[1], *trace.a[2], *trace.y_hat, [net.loss(trace, y)]])


changed = nine_numbers(net.with_parameters(W={1: W[1] + [[0, 0], [0.1, 0]]})) - nine_numbers(net)
print("changes:", changed.round(4) + 0.0)
lit.compare((changed != 0).sum())

# %% [markdown]
# In the explorer, click the line of a weight, or the sum to which a bias is added. *add to it* changes it, and everything that moves lights up. The network there is another one, with random weights. What
# stands under *task* comes in section 5.

# %%
lesson.explore("flow", forward_pass_explorer())

# %% [markdown]
# ## 3 · Many examples at once
#
# One example is a column of $n_0$ numbers. Put $N$ of them side by side, and $x$ is a matrix of shape $(n_0, N)$, a **batch**.

# %%
batch_shape = lesson.predict(
    "batch_shape",
    "A layer with 3 units gets 2 inputs and a batch of 5 examples. Which shape has a₁ = W₁ x + b₁?",
    ["(3, 5)", "(5, 3)", "(3, 1)", "(2, 5)", "none: the bias has one column, and five are needed"],
)

# %% tags=["reasons"]
{
    "why": "Three numbers for each of five examples, a column each. NumPy uses the one column of the bias five times (one says: it is broadcast), and so every example meets the same bias.",
    "(5, 3)": "Here columns are examples: five columns.",
    "(3, 1)": "So it would be for one example. W₁ x treats each of the five columns by itself.",
    "(2, 5)": "That is the shape of x. W₁ makes three numbers of each column.",
    "none: the bias has one column, and five are needed": "NumPy sees one column where five are needed, and uses it five times.",
}

# %%
three_units = FeedForwardNetwork([2, 3, 4], seed=0)
batch = np.random.default_rng(1).normal(size=(2, 5))
a_batch = pre_activations(three_units.W[1], three_units.b[1], batch)
one_by_one = [pre_activations(three_units.W[1], three_units.b[1], batch[:, [n]]) for n in range(5)]
assert np.allclose(a_batch, np.hstack(one_by_one))
print("✓ a batch gives the same columns as the examples one by one")
batch_shape.compare(str(a_batch.shape))

# %% [markdown]
# A bias has the shape $(n_k, 1)$. Somebody writes it as a plain list of two numbers, `np.array([0.1, -0.1])`, in the 2-2-2 network.

# %%
flat = lesson.predict(
    "flat",
    "What happens with a batch of five examples, and with a batch of two?",
    {
        "error, error": "an error, both times",
        "error, wrong": "an error with five, wrong numbers with two",
        "right, right": "the right numbers, both times",
        "wrong, wrong": "wrong numbers, both times",
    },
)

# %% tags=["reasons"]
{
    "why": "NumPy aligns shapes from the right: a plain list is taken for a row, one number for each *example*. It does not fit five columns. It fits two, and then the numbers are wrong without any error.",
    "an error, both times": "The list has two numbers. With two examples NumPy finds a way to use it.",
    "the right numbers, both times": "NumPy takes a plain list for a row, not for a column.",
    "wrong numbers, both times": "Two numbers cannot be given to five examples.",
}

# %%
outcomes = []
for n in (5, 2):
    examples = np.random.default_rng(n).normal(size=(2, n))
    try:
        result = W[1] @ examples + np.array([0.1, -0.1])
        right = np.allclose(result, pre_activations(W[1], b[1], examples))
        outcomes.append("right" if right else "wrong")
    except ValueError as error:
        print(f"{n} examples: {error}")
        outcomes.append("error")
print("outcomes:", outcomes)
flat.compare(", ".join(outcomes))

# %% [markdown]
# ## 4 · What do shapes tell?
#
# In a product the inner sizes must agree, and they vanish; the outer ones remain:
#
# $$(n_k, \; n_{k-1}) \cdot (n_{k-1}, \; N) \;\to\; (n_k, \; N)$$
#
# Somebody remembers that there was a $W$ and an $h$, and not in which order, or whether something had to be transposed. A 2-3-4 network has a
# $W_2$ of shape $(4, 3)$, and five examples give an $h_1$ of shape $(3, 5)$.

# %%
raises = lesson.predict(
    "raises",
    "Which of these raise an error?",
    {"W h": "W₂ h₁", "h W": "h₁ W₂", "Wᵀ h": "W₂ᵀ h₁", "W hᵀ": "W₂ h₁ᵀ"},
    several=True,
)

# %% tags=["reasons"]
{
    "why": "Write both shapes side by side and compare the two in the middle.",
    "W₂ h₁": "(4, 3) · (3, 5): the inner sizes agree.",
    "h₁ W₂": "(3, 5) · (4, 3): 5 is not 4.",
    "W₂ᵀ h₁": "(3, 4) · (3, 5): 4 is not 3.",
    "W₂ h₁ᵀ": "(4, 3) · (5, 3): 3 is not 5.",
}

# %%
W_2, hidden = three_units.W[2], three_units.forward(batch).h[1]
products = {"W h": (W_2, hidden), "h W": (hidden, W_2), "Wᵀ h": (W_2.mT, hidden)}
products["W hᵀ"] = (W_2, hidden.mT)
errors = []
for name, (left, right_factor) in products.items():
    try:
        print(f"{name:5} {left.shape} · {right_factor.shape}: shape", (left @ right_factor).shape)
    except ValueError:
        print(f"{name:5} {left.shape} · {right_factor.shape}: an error")
        errors.append(name)
raises.compare(errors)

# %%
square = lesson.predict(
    "square",
    "And in the 2-2-2 network: what does W₁ᵀ x give in place of W₁ x?",
    {
        "error": "an error",
        "right": "the right numbers",
        "wrong": "wrong numbers, and no error",
    },
)

# %% tags=["reasons"]
{
    "why": "A square matrix fits both ways. So try new code on a network whose sizes are all different, with yet another number of examples: 2-3-4 with N = 5. There a transposed W raises an error, and so does a flat bias.",
    "an error": "W₁ has shape (2, 2), and so has its transpose.",
    "the right numbers": "That would need W₁ = W₁ᵀ. Here −0.3 and 0.2 change places.",
}

# %%
with_transpose, without = W[1].mT @ x, W[1] @ x
print("W₁ᵀ x =", with_transpose.ravel().round(4), "  W₁ x =", without.ravel().round(4) + 0.0)
square.compare("right" if np.allclose(with_transpose, without) else "wrong")

# %% [markdown]
# Each unit of layer $k$ has a weight for each number that comes in, and a bias. The live class took a network with 4 inputs, 4 hidden units and 2 outputs.

# %%
parameters = lesson.predict("parameters", "How many weights and biases has a 4-4-2 network?")

# %% tags=["reasons"]
{
    "why": "4 · 4 + 4 · 2 = 24 weights, and 4 + 2 = 6 biases. A 784-256-10 network for pictures of digits has 203 530: nobody nudges those one by one.",
    "24": "These are the weights. Each unit has a bias, too.",
    "10": "That is how many circles there are. Count lines, and then biases.",
    "34": "Inputs have no bias: they are what they are.",
    "16": "That is W₁ alone.",
}

# %%
parameters.compare(FeedForwardNetwork([4, 4, 2]).n_parameters)

# %% [markdown]
# ## 5 · What is the last layer for?
#
# The hidden layers do not ask what the network is for. The last one does. The task decides what $\hat y$ may be, and with it the **output function** $O$ in
# $\hat y = O(a_L)$, and the **loss**:
#
# | the task | $\hat y$ | output $O$ | loss of one example | counted as right when |
# |---|---|---|---|---|
# | how much? (regression) | any numbers, without bounds | linear, $\hat y = a_L$ | squared error $\sum_i (\hat y_i - y_i)^2$: how far from the value? | (near or far, not right or wrong) |
# | which of $n_L$ classes? | probabilities that add up to 1 | softmax | cross-entropy $-\sum_i y_i \log \hat y_i$ | the true class has the largest $\hat y_i$ |
# | yes or no? | one probability | sigmoid | cross-entropy $-y \log \hat y - (1 - y) \log(1 - \hat y)$ | $\hat y > \tfrac12$ for yes, $\hat y < \tfrac12$ for no |
#
# For classes, and for yes or no, the share of examples that are right is the **accuracy**. ($\log$ is the natural logarithm.)
#
# The softmax makes every score positive, with $e^a$, and divides by the sum. For the scores $(1, 2, 0)$ it says $\hat y = (0.245, 0.665, 0.090)$.

# %%
raised = lesson.predict(
    "raised",
    "The second score is raised by one, from 2 to 3. What is ŷ₂ now?",
)

# %% tags=["reasons"]
{
    "why": "e³/(e¹ + e³ + e⁰) = 0.844. One point more multiplies the *ratio* ŷ₂/ŷ₁ by e. The probability itself cannot become e times as large: the denominator grows, too.",
    "1.7 to 1.9": "0.665 · e is more than 1, and that is no probability. The denominator has grown, too.",
    "0.665": "The score stands in the numerator of ŷ₂: it grows.",
    "1": "A softmax comes near 1, and never reaches it: the other exponentials are positive.",
    "0.73": "That would be one class against one other, e/(e + 1). There are three classes.",
    "0.9 to 0.99": "A little less: the first class has an exponential too, e¹ = 2.7.",
}

# %%
scores = np.array([[1.0], [2.0], [0.0]])
before, after = softmax(scores), softmax(scores + np.eye(3)[:, [1]])
print("before", before.ravel().round(3), "  after", after.ravel().round(3))
print("ŷ₂/ŷ₁ before and after:", (before[1] / before[0]).round(2), (after[1] / after[0]).round(2))
raised.compare(after[1])

# %% [markdown]
# **Write** the cross-entropy of one example. `y_hat` and `y` are arrays with an entry for each class.


# %%
def cross_entropy(y_hat, y):
    """Return −Σ_i y_i log ŷ_i."""
    raise NotImplementedError  # your line


cross_entropy = lesson.check(cross_entropy)

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
said = np.array([0.2, 0.7, 0.1])
for k, truth in enumerate(np.eye(3), start=1):
    print(f"class {k} is true: cross-entropy {cross_entropy(said, truth):.3f}")
true_class.compare(cross_entropy(said, np.array([0, 0, 1])))

# %% [markdown]
# Why this loss for classes? Both columns are **distributions**: $\hat y$ is the predicted one, and the one-hot $y$ is that of somebody who is sure. Let
# the truth be less sure for a moment, $y = (0.7, 0.2, 0.1)$.

# %%
lowest = lesson.predict(
    "lowest",
    "For which prediction is the cross-entropy smallest?",
    {
        "sure": "for (1, 0, 0): all on the most probable class",
        "same": "for (0.7, 0.2, 0.1): the same distribution",
        "equal": "for (1/3, 1/3, 1/3): no class preferred",
        "sharper": "for (0.9, 0.08, 0.02): somewhat surer than the truth",
    },
)

# %% tags=["reasons"]
{
    "why": "It is smallest where the prediction is the truth. The 0.80 that is left there is how unsure the truth itself is; what another prediction adds to it says how far that one is from the truth. So whoever makes it small must say true probabilities. For a one-hot truth the smallest value is 0.",
    "for (1, 0, 0): all on the most probable class": "Then log 0 stands at two classes that do occur: the loss is infinite.",
    "for (1/3, 1/3, 1/3): no class preferred": "There it is log 3 = 1.10 for every truth. It can be less.",
    "for (0.9, 0.08, 0.02): somewhat surer than the truth": "The third class occurs in one of ten cases, and each time −log 0.02 = 3.9 must be paid.",
}

# %%
unsure = np.array([0.7, 0.2, 0.1])
steps = np.linspace(0.01, 0.98, 98)
grid = [np.array([p, q, 1 - p - q]) for p in steps for q in steps if p + q < 0.995]
best = min(grid, key=lambda p: cross_entropy(p, unsure))
print(f"of {len(grid)} predictions the lowest cross-entropy, {cross_entropy(best, unsure):.4f},")
print("has p =", best.round(2))
candidates = {
    "sure": [1, 0, 0],
    "same": unsure,
    "equal": np.ones(3) / 3,
    "sharper": [0.9, 0.08, 0.02],
}
lowest.compare(min(candidates, key=lambda name: np.abs(best - candidates[name]).max()))

# %% [markdown]
# ### The conventions, said once
#
# A factor of 2 or of $N$ is easily lost. In this course:
#
# 1. **Columns are examples.** $x$ is $(n_0, N)$, $\hat y$ and $y$ are $(n_L, N)$.
# 2. **The loss is a mean** over the $N$ examples. $1/N$ enters once, with the loss.
# 3. **Squared error sums over the outputs**, and its derivative keeps the 2: $\frac{\partial}{\partial \hat y_i} (\hat y_i - y_i)^2 = 2 (\hat y_i - y_i)$.
# 4. **A gradient has the shape of its quantity**: `grad_v` has the shape of `v`.

# %%
twice = lesson.predict(
    "twice",
    "We feed the same five examples twice, as a batch of ten. What does the loss do?",
    {2.0: "it doubles", 0.5: "it becomes half as large", 1.0: "it stays as it is"},
)

# %% tags=["reasons"]
{
    "why": "Every term is there twice, and the mean divides by ten in place of five.",
    "it doubles": "The sum doubles. The loss is a mean.",
    "it becomes half as large": "The mean divides by ten, but there are also ten terms.",
}

# %%
y_batch = np.eye(4)[:, [0, 1, 2, 3, 0]]
once = three_units.loss(three_units.forward(batch), y_batch)
doubled = three_units.loss(three_units.forward(np.hstack([batch] * 2)), np.hstack([y_batch] * 2))
by_hand = np.mean(
    [
        cross_entropy(*each)
        for each in zip(three_units.forward(batch).y_hat.T, y_batch.T, strict=True)
    ]
)
assert np.isclose(once, by_hand)
print(
    f"✓ net.loss is the mean of cross_entropy: {once:.4f}; with every example twice: {doubled:.4f}"
)
twice.compare(round(doubled / once, 6))

# %% [markdown]
# ## 6 · The whole forward pass
#
# You have all the parts. **Write** it for a softmax network: for $k = 1 \dots L$ compute $a_k$ and then $h_k$, with the sigmoid in the hidden layers and
# the softmax in the last. `net.W[k]`, `net.b[k]` and `net.L` are there, and so are `sigmoid` and `softmax`.


# %%
def forward(net, x):
    """Return ŷ of a softmax network, a column for each example."""
    h = x
    for k in range(1, net.L + 1):
        raise NotImplementedError  # two lines: a = …, and h = …
    return h


forward = lesson.check(forward)

# %% [markdown]
# Now two examples at once: the first, $x = (1, 2)$, belongs to class 1. A second one, $x' = (2, -1)$, belongs to class 2.

# %%
both = np.array([[1.0, 2.0], [2.0, -1.0]])  # a column each
truths = np.array([[1.0, 0.0], [0.0, 1.0]])
y_hat = forward(net, both)
losses = [cross_entropy(y_hat[:, n], truths[:, n]) for n in (0, 1)]
print("ŷ, a column each:\n", y_hat.round(6))
print("losses", np.round(losses, 6), "  their mean", np.mean(losses).round(6))
assert np.allclose(y_hat, net.forward(both).y_hat)
assert np.isclose(np.mean(losses), net.loss(net.forward(both), truths))
print("✓ net.forward and net.loss give the same")
pictures.wishes(y_hat, truths, ["x = (1, 2), class 1", "x′ = (2, −1), class 2"])

# %% [markdown]
# The arrows are what each example *wishes*. They contradict each other: the first wishes $\hat y_1$ up, the second wishes it down. A larger output
# bias $b_{21}$ makes the loss of the one smaller and the loss of the other larger. A change of $W_2$ can help both, because $h_1$ is not the same for the two.
#
# Your function gives $\hat y$. The network's own, in `utils/nn/network.py`, also *keeps* every $a_k$ and $h_k$: the way back asks for them.
#
# ## 7 · Why does a unit need its g?
#
# Three activation functions do the work in this course, and a fourth one does nothing at all.

# %%
pictures.activations()

# %% [markdown]
# | name | formula $g(a)$ | $h$ lies in |
# |---|---|---|
# | sigmoid | $1 / (1 + e^{-a})$ | $(0, 1)$ |
# | tanh | $(e^a - e^{-a}) / (e^a + e^{-a})$ | $(-1, 1)$ |
# | relu | $\max(0, a)$ | $[0, \infty)$ |
# | identity | $a$ | everywhere |

# %%
linear = lesson.predict(
    "linear",
    "All hidden units have g(a) = a. What can a network with ten hidden layers do, compared with one that has none?",
    {
        "equal": "no more than that one can do",
        "curves": "draw curved borders",
        "more": "fit more exactly, for it has more parameters",
    },
)

# %% tags=["reasons"]
{
    "why": "W₂(W₁x + b₁) + b₂ is again a matrix times x plus a column. Two layers have become one. With the next layer that happens again, and so on. Only a g that is no straight line prevents it.",
    "draw curved borders": "Put the first layer into the second and multiply out. Does x occur in any other form than times a matrix?",
    "fit more exactly, for it has more parameters": "It has more parameters. But put the first layer into the second and multiply out: how many of them are needed?",
}

# %% [markdown]
# **Write** it out. Without $g$, the second layer computes $W_2 (W_1 x + b_1) + b_2$. Multiply out: what stands before $x$, and what is left without $x$?


# %%
def multiplied_out(W_1, b_1, W_2, b_2):
    """Return what stands before x, and what is left without x, in W_2 (W_1 x + b_1) + b_2."""
    raise NotImplementedError  # first on paper, then one line


multiplied_out = lesson.check(multiplied_out)

# %%
rng = np.random.default_rng(2)
straight = FeedForwardNetwork(
    [2, 3, 4], activation="identity", output="linear", loss="squared_error", seed=0
)
straight = straight.with_parameters(b={1: rng.normal(size=(3, 1)), 2: rng.normal(size=(4, 1))})
W_one, b_one = multiplied_out(straight.W[1], straight.b[1], straight.W[2], straight.b[2])
points = rng.normal(size=(2, 1000))
difference = np.abs(straight.forward(points).y_hat - (W_one @ points + b_one)).max()
assert difference < 1e-12
n_two, n_one = straight.n_parameters, W_one.size + b_one.size
print(f"✓ 1000 points: {n_one} parameters in one layer do what {n_two} did in two")
linear.compare("equal" if difference < 1e-12 else "more")

# %% [markdown]
# ## 8 · Weights with a purpose
#
# So far our weights had no purpose. Now choose them. The network shall say *yes* where exactly one of two inputs is 1 ("exclusive or", XOR). No
# straight line separates (0, 1) and (1, 0) from the other two points, so a single unit cannot do it. Two hidden units can. Think of steps first, a unit
# that says 1 for $a > 0$, else 0:
#
# | unit | its question | $a$ |
# |---|---|---|
# | $h_{11}$ | is at least one input 1? (OR) | $2 x_1 + 2 x_2 - 1$ |
# | $h_{12}$ | is at least one input 0? (NOT AND) | $-2 x_1 - 2 x_2 + 3$ |
# | $\hat y$ | do both hidden units say yes? (AND) | $2 h_{11} + 2 h_{12} - 3$ |
#
# With steps that is right at all four points: every $a$ is 1 or 3 away from 0. But our units are sigmoids.

# %%
soft = lesson.predict(
    "soft",
    "With the same numbers and sigmoids in place of steps: at how many of the four points is the answer right (ŷ above ½ for yes)?",
)

# %% tags=["reasons"]
{
    "why": "ŷ is 0.36 at two points, 0.48 at the other two: it always says no. σ(1) is only 0.73, so the hidden units say “rather yes”, and two times “rather yes” is not enough for the last unit. With all numbers times five the sigmoids are nearly steps: 4 of 4.",
    "4": "So it is with steps. What does a sigmoid say at a = 1? And what is then 2 h₁₁ + 2 h₁₂ − 3?",
    "0": "Some are right: at which points is “no” the right answer?",
    "3": "By symmetry (0, 1) and (1, 0) get the same answer, and so do (0, 0) and (1, 1). The number is even.",
    "1": "By symmetry (0, 1) and (1, 0) get the same answer, and so do (0, 0) and (1, 1). The number is even.",
}

# %%
corners = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])  # (0, 0), (0, 1), (1, 0), (1, 1)
exactly_one = np.array([[False, True, True, False]])


def two_layers(W_1, b_1, W_2, b_2, x):
    return sigmoid(pre_activations(W_2, b_2, sigmoid(pre_activations(W_1, b_1, x))))


integers = np.array([[2, 2], [-2, -2]]), np.array([[-1], [3]]), np.array([[2, 2]]), np.array([[-3]])
for factor in (1, 2, 5):
    answer = two_layers(*(factor * each for each in integers), corners)
    right_ones = ((answer > 0.5) == exactly_one).sum()
    print(f"times {factor}: ŷ = {answer.ravel().round(4)}, right: {right_ones} of 4")
soft.compare(((two_layers(*integers, corners) > 0.5) == exactly_one).sum())

# %% [markdown]
# **Choose** weights of your own. Take another plan than the one above: let the second hidden unit ask *are both inputs 1?* (AND), and let the output ask *OR, and not
# AND?* Any numbers that work are accepted.


# %%
def xor_network():
    """Return W_1, b_1, W_2, b_2 as arrays of shapes (2, 2), (2, 1), (1, 2), (1, 1)."""
    raise NotImplementedError  # W_1, b_1 = np.array([[…, …], […, …]]), np.array([[…], […]]), and so on


xor_network = lesson.check(xor_network)

# %%
mine = xor_network()
print(
    "hidden units at the four points:\n",
    sigmoid(pre_activations(mine[0], mine[1], corners)).round(3),
)
print("ŷ =", two_layers(*mine, corners).ravel().round(4))
assert ((two_layers(*mine, corners) > 0.5) == exactly_one).all()
print("✓ yes where exactly one input is 1")
pictures.xor_plane(lambda x: two_layers(*mine, x), corners, exactly_one)

# %% [markdown]
# Each hidden unit draws a straight line across the plane, where its $a = 0$. The direction of its weights turns the line, its bias moves it, and the common
# size of its weights and bias decides how sharp it is. In lesson 09 training looks for such numbers.
#
# ## 9 · Inputs of different size
#
# People are described by their height in millimetres and their weight in kilograms, 1700 ± 80 and 70 ± 12. A hundred fresh networks with four hidden units
# see these numbers as they are. Fresh weights are random and about as large as ½.

# %%
sleepy = lesson.predict(
    "sleepy",
    "A hidden unit learns by its slope σ′(a), which is at most ¼. For about which share of units and people is it below 0.01?",
    {0.0: "none", 0.1: "a tenth", 0.5: "a half", 1.0: "nearly all"},
)

# %% tags=["reasons"]
{
    "why": "1700 times a weight of ½ is 850, and there the computer finds the slope 0. Nearly all of these units say the same 0 or 1 to everybody, and a nudge of their weights changes almost nothing. So bring all inputs to about the same size first.",
    "none": "Compute one: a = 0.5 · 1700 + … And how flat is a sigmoid at a = 850?",
    "a tenth": "Compute one: a = 0.5 · 1700 + … And how flat is a sigmoid at a = 850?",
    "a half": "A sigmoid is flat on both sides: at a = 850, and at a = −850.",
}

# %% [markdown]
# **Write** a function that brings all inputs to one scale: each input, over all examples, gets the mean 0 and the standard deviation 1. (`x.mean(axis=1, keepdims=True)` is the mean of each row, as a
# column; `x.std` likewise.)


# %%
def standardised(x):
    """Return x with mean 0 and standard deviation 1 in every row; each column is an example."""
    raise NotImplementedError  # your line


standardised = lesson.check(standardised)

# %%
people = np.array([[1700.0], [70.0]]) + np.array([[80.0], [12.0]]) * np.random.default_rng(
    0
).normal(size=(2, 200))
hundred = FeedForwardNetwork([2, 4, 2], seed=range(100))
slopes = {}
for name, inputs in {"raw": people, "standardised": standardised(people)}.items():
    h = hundred.forward(inputs).h[1]
    slopes[name] = h * (1 - h)
    print(f"{name:12} inputs: slope below 0.01 for {np.mean(slopes[name] < 0.01):.0%}")
flat_share = np.mean(slopes["raw"] < 0.01)
sleepy.compare(min((0.0, 0.1, 0.5, 1.0), key=lambda share: abs(share - flat_share)))
pictures.slopes_of_units(slopes["raw"], slopes["standardised"])

# %% [markdown]
# ## 10 · Who is responsible?
#
# The forward pass is over, and the loss is not zero. Somebody is to blame. Each quantity will be asked the same question: *if you had been a little different, how
# different would the loss be?* The answer is a derivative.
#
# | who | what it says | can it be changed? | asked in |
# |---|---|---|---|
# | the output $\hat y$ | "I only applied my function to the scores." | no | lesson 04 |
# | the pre-activations $a_k$ | "I only added up what came in." | no | lessons 04, 05 |
# | the hidden units $h_k$ | "I only bent what came from below." | no | lesson 05 |
# | the weights and biases $W_k$, $b_k$ | "My mistake. Please change me." | **yes** | lesson 06 |
# | the input $x$ | "I am what I am." | no | |
#
# ## What you take along

# %%
lesson.summary()

# %% [markdown]
# - $a_k = W_k h_{k-1} + b_k$ and $h_k = g(a_k)$, with $h_0 = x$; in the last layer $\hat y = O(a_L)$.
# - Columns are examples. The loss is the mean over the examples. Squared error keeps its 2.
# - Shapes find many mistakes, if all sizes differ. Where sizes agree, a transposed $W$ and a flat bias raise no error.
# - Numbers: linear and squared error. Classes: softmax and cross-entropy. Yes or no: sigmoid and cross-entropy.
# - Cross-entropy compares a predicted distribution with the true one. For a given truth it is smallest where they are the same.
# - Without $g$ all layers are one. With it, two hidden units can do what no straight line can.
#
# <details><summary>If you have heard the lectures: what is different there</summary>
#
# - The handout climbs in three levels: *no math* is a forward pass, *light math* takes the gradient of one weight, *heavy math* takes all at once.
#   Here these are lesson 03, lessons 01 and 02, lessons 04 to 07.
# - The live class lets the first unit take $x_1$ alone, and calls $a_{22}$ an "activation". $a$ adds up *all* inputs, and it is the *pre*-activation.
# - It reads $w_{212}$ from the wrong end once. $W_{kij}$ leads to unit $i$ from unit $j$; its own formula $a_{21} = \dots + w_{212} h_{12}$ has it
#   right. And it calls $w_{212}$ a weight vector: it is one number.
# - The handout has $a_{ki} = b_{ki} \sum_j W_{kij} h_{k-1,j}$. A plus sign is lost: as a factor, a bias of 0 would silence every unit.
# - It says $x_i \in \mathbb{R}$ for an example. An example is a column of $n_0$ numbers.
# - The live class has the cross-entropy without its minus, and the handout has the squared error with one. It is the other way round.
#
# </details>
#
# In other books examples are often *rows*, and a layer is $x W^T + b$.
#
# **Next:** the output is asked first. Lesson 04.
