# %% [markdown]
# # 05 · Hidden units: the question travels back
#
# The scores have answered: *"We only added up what the hidden units sent us."* So the hidden units are asked next, and the question to
# them is the whole lesson:
#
# > **By how much does the loss $\mathcal{L}$ change when one hidden unit changes a little?**
#
# **Time** 100 minutes · **You need** the sum over paths (lesson 02), the forward pass (lesson 03), $\hat y - y$ (lesson 04)

# %%
import numpy as np

from utils.data import four_blobs, one_hot
from utils.exhibits.computation_graph import network_graph
from utils.exhibits.output_units import slopes
from utils.exhibits.samples import X, Y, sample
from utils.explore.backward_pass import backward_pass_explorer
from utils.learn import Lesson
from utils.nn import ACTIVATIONS, FeedForwardNetwork, numerical_gradient, softmax
from utils.pictures import lesson_05 as pictures
from utils.pictures.way_back import way_back

lesson = Lesson("05")
way_back("05")

# %% [markdown]
# **After this lesson you can** tell backpropagation as a story of ten answers, and name the derivative in each of them · compute the blame
# on one hidden unit, then on a layer, and say where the transpose comes from · carry it through an activation function ·
# write the way back through any number of layers, and check it.

# %% jupyter={"source_hidden": true}
lesson.recall("04/one_loss", "04/sample")

# %% [markdown]
# ## 1 · Who made the loss so large?
#
# Take a network with two hidden layers. Forwards it computes, one after the other,
#
# $$x \;\to\; a_1 \;\to\; h_1 \;\to\; a_2 \;\to\; h_2 \;\to\; a_3 \;\to\; \hat y \;\to\; \mathcal{L}$$
#
# The loss wants to know what each of them has to do with it. It cannot ask everybody at once: most of them are far away.

# %%
order = lesson.predict(
    "order",
    "Six derivatives of this network. Put them in the order in which they can be computed, each with the help of those before it.",
    ["∂𝓛/∂h₁", "∂𝓛/∂a₃", "∂𝓛/∂W₁", "∂𝓛/∂h₂", "∂𝓛/∂a₁", "∂𝓛/∂a₂"],
    ordered=True,
)

# %% tags=["reasons"]
{
    "why": "It is the way forward, turned round. Each derivative needs the one that is a step nearer to the loss.",
    "∂𝓛/∂h₁ before ∂𝓛/∂h₂": "Forwards h₁ comes before h₂. The question starts at the loss, and h₂ is nearer to it.",
    "∂𝓛/∂a₁ before ∂𝓛/∂a₂": "Forwards a₁ comes before a₂. The question starts at the loss, and a₂ is nearer to it.",
    "∂𝓛/∂a₂ before ∂𝓛/∂h₂": "h₂ = g(a₂): a₂ reaches the loss only through h₂. So h₂ must be asked before a₂.",
    "∂𝓛/∂a₁ before ∂𝓛/∂h₁": "h₁ = g(a₁): a₁ reaches the loss only through h₁. So h₁ must be asked before a₁.",
    "∂𝓛/∂W₁ before ∂𝓛/∂a₁": "W₁ reaches the loss only through a₁. So a₁ must be asked before W₁.",
    "∂𝓛/∂h₂ before ∂𝓛/∂a₃": "h₂ reaches the loss only through a₃. So a₃ must be asked before h₂.",
}

# %%
four_layers = FeedForwardNetwork([2, 3, 3, 2], seed=0)
graph = network_graph(four_layers, [[1.5], [-0.5]], [[1], [0]])
nodes = {"h₁": "h_1,1", "a₃": "a_3,1", "W₁": "W_1,1,1", "h₂": "h_2,1", "a₁": "a_1,1", "a₂": "a_2,1"}
way = {name: len(graph.paths(node, "L")[0].edges) for name, node in nodes.items()}
print("steps from here to the loss:", way)
order.compare([f"∂𝓛/∂{name}" for name in sorted(way, key=way.get)])

# %% [markdown]
# Here is the whole investigation, before the first formula. Everybody gives an answer and points to somebody else, until somebody can be changed.
#
# | step | who is asked | answer | derivative |
# |---|---|---|---|
# | 1 | the loss $\mathcal{L}$ | *"I am too large. Who is to blame?"* | $\frac{\partial \mathcal{L}}{\partial \mathcal{L}} = 1$ |
# | 2 | the probabilities $\hat y$ | *"We are only the softmax of the scores $a_3$."* | $\frac{\partial \mathcal{L}}{\partial \hat y}$ |
# | 3 | the scores $a_3$ | *"We only added up $W_3 h_2 + b_3$."* | $\frac{\partial \mathcal{L}}{\partial a_3}$ |
# | 4 | $W_3$ and $b_3$ | *"We can be changed. Change us!"* | $\frac{\partial \mathcal{L}}{\partial W_3}, \frac{\partial \mathcal{L}}{\partial b_3}$ |
# | 5 | the hidden units $h_2$ | *"The scores blame us. But we are only $g(a_2)$."* | $\frac{\partial \mathcal{L}}{\partial h_2}$ |
# | 6 | their sums $a_2$ | *"We only added up $W_2 h_1 + b_2$."* | $\frac{\partial \mathcal{L}}{\partial a_2}$ |
# | 7 | $W_2$ and $b_2$ | *"We can be changed. Change us!"* | $\frac{\partial \mathcal{L}}{\partial W_2}, \frac{\partial \mathcal{L}}{\partial b_2}$ |
# | 8 | the hidden units $h_1$ | *"The sums $a_2$ blame us. But we are only $g(a_1)$."* | $\frac{\partial \mathcal{L}}{\partial h_1}$ |
# | 9 | their sums $a_1$ | *"We only added up $W_1 x + b_1$, and the input $x$ is given."* | $\frac{\partial \mathcal{L}}{\partial a_1}$ |
# | 10 | $W_1$ and $b_1$ | *"We can be changed. Change us! And below us there is nobody left."* | $\frac{\partial \mathcal{L}}{\partial W_1}, \frac{\partial \mathcal{L}}{\partial b_1}$ |
#
# What we call **blame** is a derivative: the blame on $v$ is $\frac{\partial \mathcal{L}}{\partial v}$, *by how much would the loss change if $v$ changed a little?* It has a
# sign. Positive: more of $v$ would raise the loss. Negative: more of $v$ would lower it.
#
# As a formula it is the chain rule of lesson 01. (It is written as if each layer had one unit.)
#
# $$\frac{\partial \mathcal{L}}{\partial W_1} \;=\; \underbrace{\frac{\partial \mathcal{L}}{\partial \hat y} \, \frac{\partial \hat y}{\partial a_3}}_{\text{ask the output: 04}} \;\; \underbrace{\frac{\partial a_3}{\partial h_2} \, \frac{\partial h_2}{\partial a_2}}_{\text{ask layer 2}} \;\; \underbrace{\frac{\partial a_2}{\partial h_1} \, \frac{\partial h_1}{\partial a_1}}_{\text{ask layer 1}} \;\; \underbrace{\frac{\partial a_1}{\partial W_1}}_{\text{ask the weights: 06}}$$
#
# Steps 1 to 3 are lesson 04; steps 4, 7 and 10 are lesson 06. This lesson is steps 5 and 6, and 8 and 9 are the same once more. That is why one formula will do for
# any number of hidden layers.
#
# ## 2 · One hidden unit
#
# Back to the small network that you know: two inputs $x = (1, 2)$, two hidden units with $h_1 = (0.5,\ 0.8455)$, two scores, and class 1 is true. Lesson 04 has computed
# $\frac{\partial \mathcal{L}}{\partial a_2} = \hat y - y = (-0.679,\ 0.679)$. Its scores are
#
# $$a_{21} = W_{211}\, h_{11} + W_{212}\, h_{12} + b_{21} = \phantom{-}0.6\, h_{11} - 0.4\, h_{12} + 0$$
#
# $$a_{22} = W_{221}\, h_{11} + W_{222}\, h_{12} + b_{22} = -0.5\, h_{11} + 0.9\, h_{12} + 0.2$$
#
# Are you afraid of derivatives with matrices? You never need one. There are only numbers here: two sums, as in school. Whenever a formula with matrices looks
# strange, write out a single entry. The matrices are a short way to write all entries at once, and they come last.

# %%
nudge = lesson.predict(
    "nudge",
    "h₁₁ grows by 0.1, and h₁₂ stays. By how much do the scores a₂₁ and a₂₂ change?",
    {
        "+0.06 −0.05": "+0.06 and −0.05",
        "+0.06 −0.04": "+0.06 and −0.04",
        "+0.06 +0.00": "+0.06 and 0",
        "+0.10 +0.10": "+0.1 and +0.1",
    },
)

# %% tags=["reasons"]
{
    "why": "In both sums h₁₁ is multiplied by its own weight: 0.6 · 0.1 and −0.5 · 0.1. All other terms stand still.",
    "+0.06 and −0.04": "0.6 and −0.4 stand in the same sum, that of a₂₁. Which number stands beside h₁₁ in the second sum?",
    "+0.06 and 0": "Look for h₁₁ in the second sum. It is there, too.",
    "+0.1 and +0.1": "h₁₁ does not enter the sums as it is: each sum has a weight for it.",
}

# %%
net = sample("2-2-2")
trace = net.forward(X)
h_1 = trace.h[1]
pushed = net.W[2] @ (h_1 + np.array([[0.1], [0]])) + net.b[2] - trace.a[2]
nudge.compare(" ".join(f"{change:+.2f}" for change in pushed[:, 0]).replace("-", "−"))
pictures.listeners(net, j=1)

# %% [markdown]
# Per unit of the push, that is the derivative. In general, for unit $j$ of layer $k$ and unit $i$ of the layer above,
#
# $$\frac{\partial a_{k+1,i}}{\partial h_{kj}} = W_{k+1,i,j}$$
#
# Both scores listen to $h_{11}$, and each of them has its own blame. Along a path multiply, over the paths add (lesson 02):
#
# $$\frac{\partial \mathcal{L}}{\partial h_{11}} = \frac{\partial \mathcal{L}}{\partial a_{21}} \, W_{211} + \frac{\partial \mathcal{L}}{\partial a_{22}} \, W_{221}$$
#
# (From the scores on, the paths fork once more, inside the softmax. All of that is already in the two blames.) This is the other half of the answer to the student of
# lesson 04: there is one loss; it has a slope at every score; and a hidden unit **adds up** what comes from all that listen to it.
#
# **Write** it for one unit. `W_above` is the matrix of weights above the layer, `grad_a_above` is the column $\frac{\partial \mathcal{L}}{\partial a_{k+1}}$ of
# one example, and `j` counts from 0, as NumPy does.


# %%
def one_unit(W_above, grad_a_above, j):
    """Return ∂𝓛/∂h_j, a number, for one example; j counts from 0."""
    raise NotImplementedError  # your line


one_unit = lesson.check(one_unit)

# %%
blame = lesson.predict(
    "blame",
    "And with a pocket calculator: how large is ∂𝓛/∂h₁₁ in our network? Three digits.",
)

# %% tags=["reasons"]
{
    "why": "−0.679 · 0.6 + 0.679 · (−0.5) = −0.407 − 0.340. It is negative: more of h₁₁ would lower the loss. It helps the true class and holds down the other one.",
    "-0.679": "You have used 0.6 and −0.4, the weights of one sum. Who listens to h₁₁? Both sums, with 0.6 and −0.5.",
    "-0.407": "That is what a₂₁ says. a₂₂ listens as well, and its part is added.",
    "-0.068": "The weight of the second sum is negative: 0.679 · (−0.5) is −0.340.",
    "0.747": "The size is right. Look at the signs: the first blame is negative, and so is the second weight.",
    "0.883": "That is h₁₂, the other unit.",
}


# %%
def loss_from_h(h):
    return -np.log(softmax(net.W[2] @ h + net.b[2])[0, 0])  # the rest of the forward pass


grad_a_2 = trace.y_hat - Y
referee = slopes(loss_from_h, h_1)  # nudging, as in lesson 04
print(
    "one_unit:",
    round(one_unit(net.W[2], grad_a_2, 0), 4),
    "  by nudging h₁₁:",
    referee[0].round(4),
)
assert np.isclose(one_unit(net.W[2], grad_a_2, 0), referee[0, 0])
blame.compare(one_unit(net.W[2], grad_a_2, 0), within=2e-3)

# %% [markdown]
# For any unit of any hidden layer the sum runs over the $n_{k+1}$ units of the layer above:
#
# $$\frac{\partial \mathcal{L}}{\partial h_{kj}} = \sum_{i=1}^{n_{k+1}} \frac{\partial \mathcal{L}}{\partial a_{k+1,i}} \, W_{k+1,i,j}$$
#
# ## 3 · All hidden units at once
#
# Two hidden units, two such sums, one below the other:
#
# $$\frac{\partial \mathcal{L}}{\partial h_{11}} = W_{211} \frac{\partial \mathcal{L}}{\partial a_{21}} + W_{221} \frac{\partial \mathcal{L}}{\partial a_{22}}$$
#
# $$\frac{\partial \mathcal{L}}{\partial h_{12}} = W_{212} \frac{\partial \mathcal{L}}{\partial a_{21}} + W_{222} \frac{\partial \mathcal{L}}{\partial a_{22}}$$
#
# That is a matrix times the column $\frac{\partial \mathcal{L}}{\partial a_2}$. (The weights were $W_{211} = 0.6$, $W_{212} = -0.4$, $W_{221} = -0.5$, $W_{222} = 0.9$.)

# %%
matrix = lesson.predict(
    "matrix",
    "Which matrix is it?",
    [
        "first row 0.6, −0.4 and second row −0.5, 0.9",
        "first row 0.6, −0.5 and second row −0.4, 0.9",
        "first row −0.4, 0.6 and second row 0.9, −0.5",
        "first row 0.9, −0.4 and second row −0.5, 0.6",
    ],
)

# %% tags=["reasons"]
{
    "why": "The columns of W₂ have become rows. Forwards a unit adds up along its row of W₂ what it hears. Backwards a unit adds up, along its column, what comes back from the units that listened to it.",
    "first row 0.6, −0.4 and second row −0.5, 0.9": "That is W₂ itself. Which weights stand in the first of the two sums?",
    "first row −0.4, 0.6 and second row 0.9, −0.5": "Each row of W₂ has been turned round. But the two weights of the first sum come from different rows of W₂.",
    "first row 0.9, −0.4 and second row −0.5, 0.6": "The numbers 0.6 and 0.9 have changed places. Read the first of the two sums from left to right.",
}

# %%
unknown = np.array(
    [slopes(lambda h, i=i: (net.W[2] @ h)[i, 0], h_1)[:, 0] for i in range(2)]
).round(6)
rows = [", ".join(f"{weight:g}" for weight in column) for column in unknown.T]  # one for each h
matrix.compare(f"first row {rows[0]} and second row {rows[1]}".replace("-", "−"))

# %% [markdown]
# There is a name for a matrix whose columns have become rows, the **transpose**. Nobody has to remember it. It is what is left when the sums have been written below each
# other:
#
# $$\boxed{\; \frac{\partial \mathcal{L}}{\partial h_k} = W_{k+1}^T \, \frac{\partial \mathcal{L}}{\partial a_{k+1}} \;} \qquad\qquad (n_k, n_{k+1}) \cdot (n_{k+1}, 1) \to (n_k, 1)$$
#
# **Write** it. In this course the transpose of `W` is `W.mT`.


# %%
def through_weights(W_above, grad_a_above):
    """Return ∂𝓛/∂h_k, a column, from ∂𝓛/∂a_{k+1}, a column."""
    raise NotImplementedError  # your line


through_weights = lesson.check(through_weights)

# %% [markdown]
# **A common mistake** is to forget the transpose.

# %%
forgotten = lesson.predict(
    "forgotten",
    "In our network, somebody writes W₂ ∂𝓛/∂a₂, without the transpose. What happens?",
    {
        "error": "Python stops with an error",
        "right": "the numbers are right all the same",
        "one wrong": "one of the two numbers is wrong, and nobody complains",
        "both wrong": "both numbers are wrong, and nobody complains",
    },
)

# %% tags=["reasons"]
{
    "why": "A square matrix fits either way round, so the shapes cannot help. That is why one tests with layers of different sizes, and by nudging.",
    "Python stops with an error": "That happens when the two layers have different sizes. Here W₂ is 2 by 2.",
    "the numbers are right all the same": "Only if W₂ were its own transpose. Compare −0.4 and −0.5.",
    "one of the two numbers is wrong, and nobody complains": "The diagonal, 0.6 and 0.9, is the same in both. But each of the two numbers also has a term from beside it.",
}

# %%
grad_h_1 = through_weights(net.W[2], grad_a_2)
without = net.W[2] @ grad_a_2
print("with the transpose   ", grad_h_1.ravel().round(4))
print("without it           ", without.ravel().round(4))
print("by nudging           ", referee.ravel().round(4))
assert np.allclose(grad_h_1, referee)
wrong = (~np.isclose(without, referee)).sum()
forgotten.compare({0: "right", 1: "one wrong", 2: "both wrong"}[int(wrong)])
try:
    np.ones((2, 3)) @ grad_a_2
except ValueError:
    print("With three units below two scores, (2, 3) · (2, 1), Python would have stopped.")

# %% [markdown]
# ## 4 · Through the activation
#
# We have $\frac{\partial \mathcal{L}}{\partial h_1}$, and we need $\frac{\partial \mathcal{L}}{\partial a_1}$. Between the two lies only the activation function: $h_{1j} = \sigma(a_{1j})$.

# %%
through = lesson.predict(
    "through",
    "You push a₁₂ alone. Which of the two hidden units change?",
    {"h₁₁": "only h₁₁", "h₁₂": "only h₁₂", "h₁₁ h₁₂": "h₁₁ and h₁₂", "": "none of them"},
)

# %% tags=["reasons"]
{
    "why": "The sigmoid works on each sum by itself. (A softmax does not: there every score moves every probability.) So there is one path only, and nothing to add up.",
    "only h₁₁": "Each unit has its own sum. Which one belongs to a₁₂?",
    "h₁₁ and h₁₂": "So it would be at a softmax, where all scores stand in the denominator. Is there an a₁₂ in σ(a₁₁)?",
    "none of them": "h₁₂ = σ(a₁₂), and the sigmoid is nowhere quite flat.",
}

# %%
jacobian = np.array([slopes(lambda a, j=j: net.g[1](a)[j, 0], trace.a[1])[:, 0] for j in range(2)])
print("h₁₁ and h₁₂ (rows) change with a₁₁ and a₁₂ (columns), by nudging:")
print(abs(jacobian) > 1e-9)
through.compare(
    " ".join(
        name
        for name, slope in zip(["h₁₁", "h₁₂"], jacobian[:, 1], strict=True)
        if abs(slope) > 1e-9
    )
)

# %% [markdown]
# One path, one product:
#
# $$\frac{\partial \mathcal{L}}{\partial a_{kj}} = \frac{\partial \mathcal{L}}{\partial h_{kj}} \; g'(a_{kj})$$
#
# For all units of a layer, one below the other, it is a product entry by entry. It has the sign $\circ$, and a name: **Hadamard product**.
#
# $$\boxed{\; \frac{\partial \mathcal{L}}{\partial a_k} = \frac{\partial \mathcal{L}}{\partial h_k} \circ g'(a_k) \;}$$
#
# For the sigmoid you know the slope from lesson 01: $\sigma'(a) = \sigma(a)\,(1 - \sigma(a)) = h\,(1 - h)$. The forward pass has $h$ already.

# %%
share = lesson.predict(
    "share",
    "In our network h₁₁ is exactly one half. What share of the blame on h₁₁ arrives at its sum a₁₁?",
    unit="%",
)

# %% tags=["reasons"]
{
    "why": "h(1 − h) = ½ · ½. This is the most that a sigmoid ever lets through: its curve is steepest here.",
    "50": "That is h. The slope is h(1 − h).",
    "100": "Only where the slope is 1. The sigmoid rises from 0 to 1 slowly: its slope is h(1 − h).",
    "75": "1 − h² is the slope of tanh. Here it is the sigmoid.",
    "0": "A sigmoid is flat far from the middle. At h = ½ it is steepest.",
}

# %% [markdown]
# **Write** the step for a layer of sigmoids. Both arguments are columns of the same shape.


# %%
def through_sigmoid(grad_h, h):
    """Return ∂𝓛/∂a_k, a column, from ∂𝓛/∂h_k and the activations h_k = σ(a_k)."""
    raise NotImplementedError  # your line


through_sigmoid = lesson.check(through_sigmoid)

# %%
grad_a_1 = through_sigmoid(grad_h_1, h_1)
by_nudging_a_1 = slopes(lambda a: loss_from_h(net.g[1](a)), trace.a[1])
print("∂𝓛/∂h₁ =", grad_h_1.ravel().round(4), "   ∂𝓛/∂a₁ =", grad_a_1.ravel().round(4))
assert np.allclose(grad_a_1, by_nudging_a_1) and np.allclose(jacobian.T @ grad_h_1, grad_a_1)
print("✓ the same as by nudging a₁, and as Jᵀ ∂𝓛/∂h₁, with the nudged slopes J =")
print(jacobian.round(4))
share.compare(grad_a_1[0, 0] / grad_h_1[0, 0])

# %% [markdown]
# Both boxes are the rule of lesson 02, *along a path multiply, over the paths add*. The Jacobian of a softmax is full, so there one needs all of $J^T$. The Jacobian of an activation
# function is **diagonal**, and a diagonal matrix times a column is a product entry by entry.
#
# ## 5 · Lines that look alike
#
# The sign $\circ$ is `*` in NumPy. A **dot product** is something else: it adds up, and returns one number where we need one for each unit. But `*` has a trap of its
# own.

# %%
broadcast = lesson.predict(
    "broadcast",
    "grad_h has the shape (3, 1), and somebody stores the three slopes in the shape (3,). Which shape has grad_h * slopes?",
    {
        "(3, 1)": "(3, 1)",
        "(3,)": "(3,)",
        "(3, 3)": "(3, 3)",
        "error": "none, Python stops with an error",
    },
)

# %% tags=["reasons"]
{
    "why": "NumPy takes (3,) for a row, and combines each entry of the column with each entry of the row: nine numbers. A gradient has the shape of its quantity, so look at the shapes.",
    "(3, 1)": "That is what we want. But for NumPy (3,) is a row, not a column.",
    "(3,)": "The result keeps the longer of the two shapes in each place. One of them has two axes.",
    "none, Python stops with an error": "It would be safer. But NumPy finds a way to make a column and a row fit.",
}

# %%
three = np.array([[0.2], [-0.5], [0.3]])
product = three * np.array([0.25, 0.2, 0.1])
print(product.round(3))
broadcast.compare(str(product.shape))

# %% [markdown]
# The second trap is the place where the slope is taken. The formula says $g'(a)$, and the code has $h = g(a)$ at hand. So the slope is written in terms of $h$:
#
# | activation $g$ | slope $g'(a)$ | the same in terms of $h = g(a)$ |
# |---|---|---|
# | sigmoid $\sigma(a)$ | $\sigma(a)\,(1 - \sigma(a))$ | $h\,(1 - h)$ |
# | tanh | $1 - \tanh^2 a$ | $1 - h^2$ |
# | ReLU $\max(a, 0)$ | 1 for $a > 0$, 0 for $a < 0$ | 1 for $h > 0$, else 0 |
# | identity | 1 | 1 |
#
# (At $a = 0$ ReLU has a corner and no derivative. The code takes 0 there.)

# %%
slope_at = lesson.predict(
    "slope_at", "A sigmoid unit has the activation h = 0.9. What is the slope g′(a) there?"
)

# %% tags=["reasons"]
{
    "why": "h(1 − h) = 0.9 · 0.1, about a third of the best case. The unit is close to 1, where the curve is nearly flat.",
    "0.9": "That is h. The slope is h(1 − h).",
    "0.1": "That is 1 − h. The slope is h(1 − h).",
    "0.2 to 0.21": "You have applied the sigmoid once more: σ(0.9)(1 − σ(0.9)). But 0.9 is already h, not a.",
    "0.19": "1 − h² is the slope of tanh.",
    "0.25": "That is the slope at h = ½, where it is largest.",
}

# %%
invisible = lesson.predict(
    "invisible",
    "A common mistake is to take g′ at h instead of at a: g is applied once too often. With which activations would nobody notice, whatever a is?",
    ["sigmoid", "tanh", "relu", "identity"],
    several=True,
)

# %% tags=["reasons"]
{
    "why": "For ReLU h is positive exactly where a is, so g′ is the same at both; for the identity h is a. There the mistake waits until somebody changes the activation.",
    "sigmoid": "h is between 0 and 1 whatever a is, and there the sigmoid is always steep. For a = 5 the true slope is 0.007, and at h it is 0.197.",
    "tanh": "For a = 2 the true slope is 0.07. At h = 0.964 it is 0.44.",
    "relu": "h is positive exactly where a is. The slope, 1 or 0, is the same at both.",
    "identity": "h is a, so g′ is taken at the same place.",
}

# %%
a_row = np.linspace(-4, 4, 33)[:, None]
same = {}
for name, g in ACTIVATIONS.items():
    same[name] = np.allclose(
        g.prime(g(a_row)), g.prime(g(g(a_row)))
    )  # prime(h) is g′(a) where h = g(a)
    print(f"{name:9} g′ at a and at h agree for 33 values of a: {same[name]}")
nine_tenths = np.log(9)  # σ(log 9) = 0.9
slope_at.compare(slopes(lambda a: ACTIVATIONS["sigmoid"](a)[0], np.array([nine_tenths]))[0])
invisible.compare([same[name] for name in ("sigmoid", "tanh", "relu", "identity")])

# %% [markdown]
# ## 6 · Ask them yourself
#
# The story of section 1, with numbers. In each circle stands the blame on it, on the lines what is sent down. Take *step* from 1 to 10.
# To ask one of them directly, click its circle; to ask a weight, click its line.

# %%
lesson.explore("backward", backward_pass_explorer())

# %% [markdown]
# ## 7 · Any number of layers
#
# Once $\frac{\partial \mathcal{L}}{\partial a_k}$ is known, layer $k - 1$ is the same two steps again. The **special case** $k + 1 = L$ was the beginning, where $\frac{\partial \mathcal{L}}{\partial a_L}$ comes
# from the loss; from then on each layer gets it from the layer above.

# %%
terms = lesson.predict(
    "terms",
    "A 2-3-4-2 network has two classes. How many terms has the sum for ∂𝓛/∂h₁₁, the blame on the first unit of layer 1?",
)

# %% tags=["reasons"]
{
    "why": "The sum runs over the units that listen: the 4 units of layer 2. The number of classes counts only directly below the output. (Each term has already added up all the paths further on.)",
    "2": "The two classes listen to the units of layer 2. Who listens to layer 1?",
    "3": "That is how many units layer 1 itself has. The sum runs over the layer above.",
    "8": "So many paths lead to the two scores. But they are already added up in the blames on the layer above.",
    "16": "So many paths lead to the loss, through the softmax. But they are already added up in the blames on the layer above.",
}

# %%
tall = FeedForwardNetwork([2, 3, 4, 2], seed=0)
tall_gradients = tall.backward(tall.forward(X), Y)
parts = tall_gradients.a[2][:, 0] * tall.W[2][:, 0]  # what each unit of layer 2 sends to h₁₁


def loss_from_layer_1(h):
    return -np.log(softmax(tall.W[3] @ tall.g[2](tall.W[2] @ h + tall.b[2]) + tall.b[3])[0, 0])


nudged_h_11 = slopes(loss_from_layer_1, tall.forward(X).h[1])[0, 0]
fits = [n for n in range(1, len(parts) + 1) if np.isclose(parts[:n].sum(), nudged_h_11)]
print("what they send:", parts.round(5), "  by nudging:", nudged_h_11.round(5))
terms.compare(fits[0])

# %% [markdown]
# **Write** the way back through a whole network of sigmoids, with your two functions, from the scores down to $a_1$. You get the weights above each hidden layer,
# `W = [W_2, …, W_L]`, the activations of the hidden layers, `h = [h_1, …, h_{L−1}]`, and the column `grad_a` $= \frac{\partial \mathcal{L}}{\partial a_L}$.


# %%
def first_layer(W, h, grad_a):
    """Return ∂𝓛/∂a_1, a column; W is [W_2, …, W_L], h is [h_1, …, h_{L−1}], grad_a is ∂𝓛/∂a_L."""
    raise NotImplementedError  # a loop from the last entries to the first


first_layer = lesson.check(first_layer)

# %%
widths = [2, 4, 3, 5, 2, 3, 2]  # five hidden layers, all sizes mixed
for seed in range(3):
    long_net = FeedForwardNetwork(widths, seed=seed)
    long_trace = long_net.forward(X)
    yours = first_layer(long_net.W[2:], long_trace.h[1:-1], long_trace.y_hat - Y)
    measured = numerical_gradient(long_net, X, Y, "b", 1)  # a nudge of b₁ is a nudge of a₁
    assert np.allclose(yours, measured, rtol=1e-4, atol=1e-9)
    print(
        f"✓ seed {seed}: as by nudging b₁; the largest entry of ∂𝓛/∂a₁ is {np.abs(yours).max():.0e} in size"
    )

# %% [markdown]
# ## 8 · What arrives after ten layers?
#
# The numbers that came out of five hidden layers are small.

# %%
arrives = lesson.predict(
    "arrives",
    "Ten hidden layers of 5 sigmoid units, weights as this course draws them. How large is the largest blame in layer 1, compared with the largest at the scores?",
    {
        0: "about a half of it",
        -1: "about a tenth of it",
        -3: "about a thousandth of it",
        -7: "less than a hundred-thousandth of it",
    },
)

# %% tags=["reasons"]
{
    "why": "Each sigmoid lets at most a quarter through, and (1/4)¹⁰ is a millionth. The weights could make up for it if they were large; as they are drawn here, they do not.",
    "about a half of it": "That would be so if each layer let 93 % through. A sigmoid lets at most 25 % through.",
    "about a tenth of it": "That would be so if each layer let 80 % through. A sigmoid lets at most 25 % through.",
    "about a thousandth of it": "That would be so if each layer let a half through. A sigmoid lets at most 25 % through.",
}

# %%
largest = {}
for name in ("sigmoid", "tanh"):
    deep = FeedForwardNetwork(
        [2, *[5] * 10, 2], activation=name, seed=range(20)
    )  # twenty networks at once
    deep_gradients = deep.backward(deep.forward(X), Y)
    largest[name] = np.array([np.abs(deep_gradients.a[k]).max(axis=(1, 2)) for k in deep.layers])
    print(
        f"{name}: share that arrives in layer 1, twenty seeds: {np.median(largest[name][0] / largest[name][-1]):.0e} (median)"
    )
powers = np.log10(largest["sigmoid"][0] / largest["sigmoid"][-1])
assert powers.max() < -5
print("✓ sigmoid: below a hundred-thousandth for each of the twenty seeds")
arrives.compare(min((0, -1, -3, -7), key=lambda power: abs(power - np.median(powers))))
pictures.fading(largest)

# %% [markdown]
# Far from 0 a sigmoid is **saturated**: so flat that its input could change and nobody would notice. Then hardly any of the blame on the unit arrives at its sum, however large it is. Why more
# arrives with tanh here is in the picture of the slopes. Near 0 the slope of tanh is up to 1, four times that of the sigmoid. (Far from 0 tanh is the flatter one.)

# %%
pictures.slopes_of_activations()

# %% [markdown]
# Lesson 13 comes back to this, with blame that fades and blame that grows.
#
# ## 9 · A batch
#
# Now 40 examples at once, a column each. At the output $\frac{\partial \mathcal{L}}{\partial a_L} = \frac{\hat y - y}{N}$ has 40 columns, too.

# %%
batch = lesson.predict(
    "batch",
    "What has to change in the line  grad_a = (W.mT @ grad_a) * g_prime  for 40 examples at once?",
    {
        "as it is": "no letter of it",
        "divide": "it must be divided by 40",
        "multiply": "it must be multiplied by 40",
        "sum": "the 40 columns must be added up",
    },
)

# %% tags=["reasons"]
{
    "why": "A matrix times a matrix is the matrix times each column, and ∘ works entry by entry. So each column goes its own way, as if it were alone. The 1/N came in with the loss.",
    "it must be divided by 40": "The 1/N is already in the gradient at the output, and every later line inherits it.",
    "it must be multiplied by 40": "The loss is a mean over the examples, so its slope at one of them is 1/N of what that example alone would give.",
    "the 40 columns must be added up": "Each example has activations of its own, and so it has a blame of its own. They are added up only where they share something: at the weights.",
}

# %%
points, labels = four_blobs()
x_40, y_40 = points[:40].T, one_hot(labels[:40], 4)
blobs_net = FeedForwardNetwork([2, 3, 4], seed=0)
trace_40 = blobs_net.forward(x_40)
line = (blobs_net.W[2].mT @ ((trace_40.y_hat - y_40) / 40)) * blobs_net.g[1].prime(trace_40.h[1])


def mean_loss_from_a_1(a):
    y_hat = softmax(blobs_net.W[2] @ blobs_net.g[1](a) + blobs_net.b[2])
    return -(y_40 * np.log(y_hat)).sum(axis=0).mean()


by_nudging_40 = slopes(mean_loss_from_a_1, trace_40.a[1])  # all 120 of them
candidates = {
    "as it is": line,
    "divide": line / 40,
    "multiply": line * 40,
    "sum": line.sum(axis=1, keepdims=True),
}
for change_of_line, value in candidates.items():
    right = value.shape == by_nudging_40.shape and np.allclose(value, by_nudging_40, atol=1e-9)
    print(f"{change_of_line:9} shape {value.shape}, as by nudging: {right}")
batch.compare(
    next(
        name
        for name, value in candidates.items()
        if value.shape == by_nudging_40.shape and np.allclose(value, by_nudging_40, atol=1e-9)
    )
)

# %% [markdown]
# ## 10 · Why did the networks of lesson 04 forget?
#
# In lesson 04 six networks were trained with a wrong first gradient, the element-wise one: $-(1 - \hat y_l)$ for the true class $l$, and 0 for the others. All their hidden units were pushed
# to 1, and all points looked the same. Now you can say why. This gradient never tells a score to go down, so each step makes the weights $W_2$ larger (because every $h_1$ is positive), until all of them are
# positive.

# %%
sign = lesson.predict(
    "sign",
    "All weights of W₂ are positive, and ∂𝓛/∂a₂ has one negative entry and zeros. What sign has the blame on the hidden units?",
    {
        "negative": "negative at every unit, for every example",
        "positive": "positive at every unit, for every example",
        "mixed": "it depends on the unit and the example",
        "zero": "it is 0 at every unit",
    },
)

# %% tags=["reasons"]
{
    "why": "Column j of W₂ is positive, so its product with one negative number and zeros is negative. Every example asks for more of every hidden unit, and so they all go up to 1.",
    "positive at every unit, for every example": "Positive weights times a negative blame: what is the sign of the product?",
    "it depends on the unit and the example": "With the true gradient it does: there the entries have both signs. Here none is positive.",
    "it is 0 at every unit": "The zeros belong to the wrong classes. The entry of the true class is left, times a positive weight.",
}

# %%
rng = np.random.default_rng(0)
signs_of_blame = set()
for _ in range(100):
    W_positive = rng.uniform(0.1, 3, size=(4, 2))
    y_some = one_hot(rng.integers(4, size=1), 4)
    y_hat_some = softmax(rng.normal(size=(4, 1)))
    signs_of_blame |= set(np.sign(through_weights(W_positive, -y_some * (1 - y_hat_some))).ravel())
print("signs that occur, in 100 random cases:", sorted(map(int, signs_of_blame)))
sign.compare(
    {(-1,): "negative", (1,): "positive", (0,): "zero"}.get(tuple(signs_of_blame), "mixed")
)

# %% [markdown]
# ## What you take along

# %%
lesson.summary()

# %% [markdown]
# - The blame on $v$ is $\frac{\partial \mathcal{L}}{\partial v}$. Sums, units and probabilities hand the question down. Only weights and biases can be changed.
# - One unit: $\frac{\partial \mathcal{L}}{\partial h_{kj}} = \sum_i \frac{\partial \mathcal{L}}{\partial a_{k+1,i}} W_{k+1,i,j}$, over all that listen to it. These weights are *column* $j$.
# - All units: $\frac{\partial \mathcal{L}}{\partial h_k} = W_{k+1}^T \frac{\partial \mathcal{L}}{\partial a_{k+1}}$. With a square matrix a forgotten transpose raises no error.
# - Through $g$: $\frac{\partial \mathcal{L}}{\partial a_k} = \frac{\partial \mathcal{L}}{\partial h_k} \circ g'(a_k)$, entry by entry, with the slope at $a$.
# - In code, for one example or a thousand: `grad_a = (W.mT @ grad_a) * g_prime`.
#
# <details><summary>If you have heard the lectures: what is different there</summary>
#
# - The handout lets the sum run to $k$, the number of classes, in every layer. It runs over the layer above. And it writes $\frac{\partial \mathcal{L}}{\partial a_h}$ for the entries of
#   $\frac{\partial \mathcal{L}}{\partial h_k}$.
# - A slide of lecture 4.6 shows $\frac{\partial h}{\partial a}$ upside down for $\frac{\partial a_{31}}{\partial h_{22}} = W_{312}$, and labels the second row of $W_3$ wrongly. The lecturer first called
#   the bias of $a_{31}$ by the name $b_{21}$; a student noticed, and it became $b_{31}$.
# - The lectures write $\odot$ for our $\circ$.
#
# </details>
#
# In other books: $\delta_k$ is our $\frac{\partial \mathcal{L}}{\partial a_k}$, and $\delta_k = W_{k+1}^T \delta_{k+1} \circ g'(a_k)$ is the line of this lesson.
#
# **Next:** weights and biases have said *"Change us!"* Lesson 06 tells them by how much.
