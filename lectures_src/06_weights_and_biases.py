# %% [markdown]
# # 06 · Weights and biases: who can be changed
#
# Sums, hidden units and probabilities have all pointed to somebody else. Only the weights and the biases have said: *"We can be changed. Change us!"* So here
# is their question:
#
# > **By how much does the loss $\mathcal{L}$ change when one weight changes a little?**
#
# **Time** 90 minutes · **You need** the blame on the scores (lesson 04) and on the hidden layers (lesson 05)

# %%
import numpy as np

from utils.data import one_hot
from utils.exhibits.multiplication_counts import CountedChain
from utils.exhibits.output_units import slopes
from utils.exhibits.samples import X, Y, sample
from utils.explore.outer_product import outer_product_explorer
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork, numerical_gradient, softmax
from utils.pictures import lesson_06 as pictures
from utils.pictures.way_back import way_back

lesson = Lesson("06")
way_back("06")

# %% [markdown]
# **After this lesson you can** compute the gradient of any single weight, and of all weights of a layer in one product · say from two signs which way a weight will go · treat a batch of
# examples, and know where the $1/N$ is and where it must not be · make a step of gradient descent for a layer.

# %% jupyter={"source_hidden": true}
lesson.recall("05/sign", "05/batch")

# %% [markdown]
# ## 1 · One weight
#
# The small network once more: $x = (1, 2)$, hidden units $h_1 = (0.5,\ 0.8455)$, two scores, class 1 is true. The first score is
#
# $$a_{21} = W_{211}\, h_{11} + W_{212}\, h_{12} + b_{21}$$
#
# $W_{212}$ leads from $h_{12}$ to $a_{21}$; it is $-0.4$.

# %%
moves = lesson.predict(
    "moves",
    "We raise W₂₁₂ by 0.1, and nothing else. By how much do the scores a₂₁ and a₂₂ change?",
    {
        "+0.085 +0.000": "+0.085 and 0",
        "+0.100 +0.000": "+0.1 and 0",
        "+0.085 +0.085": "+0.085 and +0.085",
        "-0.040 +0.000": "−0.04 and 0",
    },
)

# %% tags=["reasons"]
{
    "why": "In the sum for a₂₁ one term contains this weight, and beside it stands h₁₂ = 0.8455. In the sum for a₂₂ it does not occur.",
    "+0.1 and 0": "The weight does not enter the sum alone: it is multiplied by h₁₂.",
    "+0.085 and +0.085": "a₂₂ has weights of its own, W₂₂₁ and W₂₂₂. This one leads to a₂₁.",
    "−0.04 and 0": "That is the weight times the push. Beside the weight stands h₁₂.",
}

# %%
net = sample("2-2-2")
trace = net.forward(X)
gradients = net.backward(trace, Y)
h_1, grad_a_2, grad_a_1 = trace.h[1], gradients.a[2], gradients.a[1]  # lessons 03, 04, 05
raised = net.W[2] + np.array([[0, 0.1], [0, 0]])
moved = raised @ h_1 + net.b[2] - trace.a[2]
moves.compare(" ".join(f"{change:+.3f}" for change in moved[:, 0]))

# %% [markdown]
# Per unit of the push, that is a derivative, perhaps the easiest of the course. The second line is the chain rule:
#
# $$\frac{\partial a_{ki}}{\partial W_{kij}} = h_{k-1,j}$$
#
# $$\frac{\partial \mathcal{L}}{\partial W_{kij}} = \frac{\partial \mathcal{L}}{\partial a_{ki}} \; h_{k-1,j}$$
#
# In words: **the blame on the unit it leads to, times the signal of the unit it comes from.** Why is there no sum? All paths from this weight to the loss begin with the
# same step, into $a_{ki}$. After that they fork, and the blame on $a_{ki}$ has added them up.
#
# **Write** it. Both columns belong to one example; `i` and `j` count from 0, as NumPy does.


# %%
def one_weight(grad_a, h_below, i, j):
    """Return ∂𝓛/∂W_ij, a number, from ∂𝓛/∂a_k and h_{k−1}, two columns; i and j count from 0."""
    raise NotImplementedError  # your line


one_weight = lesson.check(one_weight)

# %%
w_212 = lesson.predict(
    "w_212",
    "The blame on the scores is (−0.679, 0.679). How large is ∂𝓛/∂W₂₁₂? Three digits.",
)

# %% tags=["reasons"]
{
    "why": "The weight leads to a₂₁ and comes from h₁₂: −0.679 · 0.8455. It is negative, so the weight must grow for the loss to fall.",
    "-0.34": "That is −0.679 · 0.5, with the signal h₁₁. This weight comes from h₁₂.",
    "0.574": "That is 0.679 · 0.8455, with the blame on a₂₂. This weight leads to a₂₁.",
    "0.272": "You have multiplied the blame by the weight. That is needed to go on to h₁₂; for the weight's own gradient it is multiplied by the signal.",
    "-0.747": "That is the blame on h₁₁ from lesson 05.",
}

# %%
w_112 = lesson.predict(
    "w_112",
    "And a weight of the first layer: ∂𝓛/∂a₁ = (−0.1867, 0.1153), x = (1, 2). How large is ∂𝓛/∂W₁₁₂? Three digits.",
)

# %% tags=["reasons"]
{
    "why": "The weight leads to a₁₁ and comes from x₂: −0.1867 · 2. It is the same formula, with x in the place of h₀.",
    "-0.187": "That is −0.1867 · 1, with the signal x₁. This weight comes from x₂.",
    "0.115": "That is the blame on a₁₂ times x₁, the gradient of W₁₂₁. The first of the two last indices says where a weight leads to.",
    "0.231": "That is the blame on a₁₂ times x₂. This weight leads to a₁₁.",
    "-1.494": "That is the blame on h₁₁ times x₂. Between h₁₁ and a₁₁ lies the sigmoid.",
}

# %%
by_nudging = {k: numerical_gradient(net, X, Y, "W", k) for k in (1, 2)}
yours = one_weight(grad_a_2, h_1, 0, 1), one_weight(grad_a_1, X, 0, 1)
print(
    "one_weight:",
    np.round(yours, 4),
    "  by nudging:",
    by_nudging[2][0, 1].round(4),
    by_nudging[1][0, 1].round(4),
)
w_212.compare(yours[0], within=2e-3)
w_112.compare(yours[1], within=2e-3)

# %% [markdown]
# Only two numbers, both beside the weight. Does that mean that the rest of the network does not matter?

# %%
others = lesson.predict(
    "others",
    "W₁₁₁, a weight of the first layer that leads to a₁₁, is changed a little. Does ∂𝓛/∂W₂₁₂ = ∂𝓛/∂a₂₁ · h₁₂ change?",
    {
        "": "no, neither of its two factors changes",
        "signal": "yes, because the signal h₁₂ changes",
        "blame": "yes, because the blame on a₂₁ changes",
        "blame signal": "yes, because both factors change",
    },
)

# %% tags=["reasons"]
{
    "why": "W₁₁₁ changes h₁₁, h₁₁ changes both scores, and these change ŷ − y. The blame on a score depends on all weights of the network. But h₁₂ listens to other weights, W₁₂₁ and W₁₂₂.",
    "no, neither of its two factors changes": "W₁₁₁ changes h₁₁, and h₁₁ changes both scores. What becomes of ŷ − y?",
    "yes, because the signal h₁₂ changes": "h₁₂ is computed from W₁₂₁, W₁₂₂ and x. Is W₁₁₁ in it?",
    "yes, because both factors change": "The blame does change. But h₁₂ is computed from W₁₂₁, W₁₂₂ and x: is W₁₁₁ in it?",
}

# %%
elsewhere = net.with_parameters(W={1: net.W[1] + np.array([[0.1, 0], [0, 0]])})
trace_elsewhere = elsewhere.forward(X)
new_blame, new_signal = (trace_elsewhere.y_hat - Y)[0, 0], trace_elsewhere.h[1][1, 0]
print(
    f"blame on a₂₁ {grad_a_2[0, 0]:.4f} → {new_blame:.4f}     signal h₁₂ {h_1[1, 0]:.4f} → {new_signal:.4f}"
)
changes = {
    "blame": not np.isclose(new_blame, grad_a_2[0, 0]),
    "signal": not np.isclose(new_signal, h_1[1, 0]),
}
others.compare(" ".join(name for name, change in changes.items() if change))

# %% [markdown]
# ## 2 · All weights of a layer
#
# How much work is the next weight? $\frac{\partial \mathcal{L}}{\partial W_{111}}$ of our network takes 5 multiplications, once the forward pass is done: 2 through the weights above, 2
# for the slope $h(1 - h)$ and its product, and 1 with the signal $x_1$.

# %%
neighbour = lesson.predict(
    "neighbour",
    "∂𝓛/∂W₁₁₁ is computed, and everything on the way to it is kept. How many new multiplications does its neighbour W₁₁₂ need?",
)

# %% tags=["reasons"]
{
    "why": "Both weights lead to a₁₁, and the blame on it is there already. New is only the product with x₂. What was walked once is not walked again.",
    "5": "So many it would be from the beginning. But both weights lead to the same unit: what is there already?",
    "0": "The signal is another one, x₂ in place of x₁. So one product is new.",
    "3": "The way through the weights above and through the sigmoid was the way to a₁₁. Where does W₁₁₂ lead to?",
    "2": "The blame on a₁₁ is there already. How many signals does this weight carry?",
}

# %%
counted = CountedChain(net, X, Y, remember=True)


def new_multiplications(i, j):
    before = counted.multiplications
    counted.times(counted.grad_a(1, i), counted.trace.h[0][j, 0])
    return counted.multiplications - before


counts = {}
for name, (i, j) in {"W₁₁₁": (0, 0), "W₁₁₂": (0, 1), "W₁₂₁": (1, 0), "W₁₂₂": (1, 1)}.items():
    counts[name] = new_multiplications(i, j)
print("new multiplications, one weight after the other:", counts)
neighbour.compare(counts["W₁₁₂"])

# %% [markdown]
# So all weights into a unit share its blame, and all weights out of a unit share its signal. Written out for three units below and three above:
#
# $$\frac{\partial \mathcal{L}}{\partial W_k} = \begin{bmatrix} \frac{\partial \mathcal{L}}{\partial a_{k1}} h_{k-1,1} & \frac{\partial \mathcal{L}}{\partial a_{k1}} h_{k-1,2} & \frac{\partial \mathcal{L}}{\partial a_{k1}} h_{k-1,3} \\ \frac{\partial \mathcal{L}}{\partial a_{k2}} h_{k-1,1} & \frac{\partial \mathcal{L}}{\partial a_{k2}} h_{k-1,2} & \frac{\partial \mathcal{L}}{\partial a_{k2}} h_{k-1,3} \\ \frac{\partial \mathcal{L}}{\partial a_{k3}} h_{k-1,1} & \frac{\partial \mathcal{L}}{\partial a_{k3}} h_{k-1,2} & \frac{\partial \mathcal{L}}{\partial a_{k3}} h_{k-1,3} \end{bmatrix}$$

# %%
largest = lesson.predict(
    "largest",
    "Blame (0.2, −0.5, 0.3), signals (0.5, 0.1, 0.8). Which entry of the table is the largest in size?",
    {
        "23": "row 2, column 3",
        "32": "row 3, column 2",
        "13": "row 1, column 3",
        "33": "row 3, column 3",
    },
)

# %% tags=["reasons"]
{
    "why": "The most blame in size, −0.5, times the largest signal, 0.8: −0.4.",
    "row 3, column 2": "Rows belong to the blame, columns to the signals. Here they are exchanged: 0.3 · 0.1.",
    "row 1, column 3": "The signal is the largest one. But the blame in row 2 is larger in size than that in row 1.",
    "row 3, column 3": "0.3 · 0.8 is 0.24. The blame in row 2 is negative, and larger in size.",
}

# %%
blame = np.array([[0.2], [-0.5], [0.3]])
signal = np.array([[0.5], [0.1], [0.8]])
table = np.array([[one_weight(blame, signal, i, j) for j in range(3)] for i in range(3)])
place = tuple(int(n) for n in np.unravel_index(np.abs(table).argmax(), table.shape))
print("largest in size:", table[place].round(4))
largest.compare(f"{place[0] + 1}{place[1] + 1}")
pictures.table_of_products(blame, signal, place)

# %% [markdown]
# It is a multiplication table: the blame down the side, the signals along the top. As a product of matrices it is a column times a row, an **outer product**. Which
# of the two is the column?

# %%
silent = lesson.predict(
    "silent",
    "Three ways to write it wrongly, for three units below and three above. Which one has the right shape all the same?",
    ["signal @ blame.mT", "blame.mT @ signal", "blame * signal"],
)

# %% tags=["reasons"]
{
    "why": "It is the table with rows and columns exchanged: each weight gets the gradient of another one. With layers of different sizes the shape would tell.",
    "blame.mT @ signal": "A row times a column is a dot product: one number.",
    "blame * signal": "Entry by entry, two columns give a column: three numbers, and nine are needed.",
}

# %%
ways = {
    "signal @ blame.mT": signal @ blame.mT,
    "blame.mT @ signal": blame.mT @ signal,
    "blame * signal": blame * signal,
}
for way, value in ways.items():
    print(
        f"{way:18} shape {value.shape}, right numbers: {value.shape == table.shape and np.allclose(value, table)}"
    )
silent.compare(next(way for way, value in ways.items() if value.shape == table.shape))

# %% [markdown]
# NumPy complains about none of them. Here is how to know the order without remembering it: *$W_k$ has a row for each unit that it leads to, and so has its gradient. The blame belongs to
# these units, so the blame is the column.*
#
# **Write** all weights of a layer at once, for one example.


# %%
def all_weights(grad_a, h_below):
    """Return ∂𝓛/∂W_k, shape (n_k, n_{k−1}), from ∂𝓛/∂a_k and h_{k−1}, two columns."""
    raise NotImplementedError  # your line


all_weights = lesson.check(all_weights)

# %%
print("∂𝓛/∂W₂ =\n", all_weights(grad_a_2, h_1).round(4))
print("∂𝓛/∂W₁ =\n", all_weights(grad_a_1, X).round(4))
assert np.allclose(all_weights(grad_a_2, h_1), by_nudging[2])
assert np.allclose(all_weights(grad_a_1, X), by_nudging[1])
print("✓ all eight as by nudging each weight")

# %% [markdown]
# The formula for one example, with its shapes:
#
# $$\boxed{\; \frac{\partial \mathcal{L}}{\partial W_k} = \frac{\partial \mathcal{L}}{\partial a_k} \; h_{k-1}^T \;} \qquad\qquad (n_k, 1) \cdot (1, n_{k-1}) \to (n_k, n_{k-1})$$
#
# A consequence: a weight learns from its signal, so the size of the inputs matters.

# %%
scale = lesson.predict(
    "scale",
    "x₂ is measured in another unit, and its numbers become 100 times as large. W₁₁₂ and W₁₂₂ are divided by 100, so that the network says the same as before. What becomes of ∂𝓛/∂W₁₁₂?",
    {
        1: "it stays as it is",
        0.01: "it becomes 100 times smaller",
        100: "it becomes 100 times larger",
        10000: "it becomes 10 000 times larger",
    },
)

# %% tags=["reasons"]
{
    "why": "The blame is the same, and the signal is 100 times as large. So the step is 100 times as long, for a weight that should move by a hundredth: a learning rate that fits x₁ is far too large for x₂. It is a reason to bring all inputs to one scale.",
    "it stays as it is": "The sums and the blame stay the same. But the gradient has a second factor.",
    "it becomes 100 times smaller": "The weight becomes smaller. Its gradient is blame times signal, and the weight itself is not in it.",
    "it becomes 10 000 times larger": "By this factor the step grows in comparison with the weight. The gradient itself grows by the factor of the signal.",
}

# %%
factor = np.array([[1.0], [100.0]])
rescaled = net.with_parameters(W={1: net.W[1] / factor.T})
assert np.allclose(rescaled.forward(factor * X).y_hat, trace.y_hat)
grad_rescaled = rescaled.backward(rescaled.forward(factor * X), Y).W[1]
print(f"∂𝓛/∂W₁₁₂ before {gradients.W[1][0, 1]:.4f}, after {grad_rescaled[0, 1]:.4f}")
scale.compare(round(grad_rescaled[0, 1] / gradients.W[1][0, 1]))

# %% [markdown]
# ## 3 · Biases
#
# $$a_{21} = W_{211}\, h_{11} + W_{212}\, h_{12} + b_{21}$$

# %%
bias = lesson.predict(
    "bias",
    "Here b₂₁ is 0. What is ∂𝓛/∂b₂₁?",
    {
        "one": "1",
        "zero": "0, like the bias itself",
        "blame": "the blame on a₂₁, as it is",
        "signal": "the blame on a₂₁ times the signals, added up",
    },
)

# %% tags=["reasons"]
{
    "why": "When b₂₁ grows by 1, a₂₁ grows by 1: the slope is 1, and the chain rule multiplies the blame by it. A bias is a weight on a line from a unit whose signal is always 1.",
    "1": "That is ∂a₂₁/∂b₂₁. By the chain rule it is multiplied by the blame on a₂₁.",
    "0, like the bias itself": "The gradient asks what happens when the bias changes. Its value is not in it.",
    "the blame on a₂₁ times the signals, added up": "The signals stand beside the weights. No signal stands beside the bias.",
}

# %%
by_nudging_b = {k: numerical_gradient(net, X, Y, "b", k) for k in (1, 2)}
assert np.allclose(grad_a_2, by_nudging_b[2]) and np.allclose(grad_a_1, by_nudging_b[1])
print("✓ all four biases as by nudging")
ideas = {
    "one": 1.0,
    "zero": net.b[2][0, 0],
    "blame": grad_a_2[0, 0],
    "signal": grad_a_2[0, 0] * h_1.sum(),
}
bias.compare(
    next(idea for idea, value in ideas.items() if np.isclose(value, by_nudging_b[2][0, 0]))
)

# %% [markdown]
# $$\boxed{\; \frac{\partial \mathcal{L}}{\partial b_k} = \frac{\partial \mathcal{L}}{\partial a_k} \;} \qquad \text{for one example}$$
#
# With that you have all local rules of the way back (three of them are the gates of lesson 02, section 3). Up to the scores a network has only these four kinds of steps:
#
# | forwards | backwards | where you met it |
# |---|---|---|
# | plus: $a = \dots + b$ | copies the blame to each term | the bias |
# | times: $a = \dots + w h$ | swaps: $w$ gets blame · $h$, and $h$ gets blame · $w$ | weight, and lesson 05 |
# | a fork: one $h$, several listeners | adds up what comes back | lesson 05, section 2 |
# | a function: $h = g(a)$ | multiplies by the slope $g'(a)$ | lesson 05, section 4 |
#
# ## 4 · Which way does a weight go?
#
# Gradient descent steps against the gradient, with all weights of a layer at once:
#
# $$W_k \leftarrow W_k - \eta \, \frac{\partial \mathcal{L}}{\partial W_k} \qquad\qquad b_k \leftarrow b_k - \eta \, \frac{\partial \mathcal{L}}{\partial b_k}$$
#
# The same network with tanh in its hidden layer and another example: $x = (2, -1)$, and class 2 is true. It has $h_1 = (0.885,\ -0.462)$ and $\frac{\partial \mathcal{L}}{\partial a_2} = (0.798,\ -0.798)$.

# %%
falls = lesson.predict(
    "falls",
    "Which of the four weights of W₂ become smaller in this step?",
    ["W₂₁₁", "W₂₁₂", "W₂₂₁", "W₂₂₂"],
    several=True,
)

# %% tags=["reasons"]
{
    "why": "Blame and signal of the same sign: the gradient is positive, and the weight falls. Opposite signs: it rises. No signal or no blame: it stays.",
    "W₂₁₁": "Blame +, signal +: the gradient is positive, so the step goes down.",
    "W₂₁₂": "Blame +, signal −: the gradient is negative, so the weight rises. Then its negative signal pulls a₂₁ down more.",
    "W₂₂₁": "Blame −, signal +: the gradient is negative, so the weight rises.",
    "W₂₂₂": "Blame −, signal −: the gradient is positive, so the weight falls.",
}

# %%
x_other, y_other = np.array([[2.0], [-1.0]]), one_hot([1], 2)
tanh_net = FeedForwardNetwork([2, 2, 2], activation="tanh").with_parameters(
    W=dict(enumerate(net.W[1:], 1)), b=dict(enumerate(net.b[1:], 1))
)
tanh_trace = tanh_net.forward(x_other)
tanh_grad_W = all_weights(tanh_trace.y_hat - y_other, tanh_trace.h[1])
print("step with η = 0.5:\n", (-0.5 * tanh_grad_W).round(3))
falls.compare(-0.5 * tanh_grad_W.ravel() < 0)

# %% [markdown]
# In our own network the hidden units are sigmoids.

# %%
together = lesson.predict(
    "together",
    "Ten sigmoid units are the signals of ten weights into one unit. One example, one step. How many of the ten weights can rise while the others fall?",
    {
        "all alike": "none: all ten rise, or all ten fall",
        "half": "about five, whichever they are",
        "any": "any number, depending on the weights",
    },
)

# %% tags=["reasons"]
{
    "why": "Signals of sigmoids are all positive, and the ten weights share one blame: ten gradients of the same sign. With tanh, whose signals have both signs, it need not be so.",
    "about five, whichever they are": "The sign of each gradient is that of blame times signal. What signs do the signals of sigmoids have?",
    "any number, depending on the weights": "A weight's own value is not in its gradient. Blame times signal: how many different signs can that be here?",
}

# %%
rng = np.random.default_rng(0)
rising = set()
for _ in range(100):
    ten_signals = 1 / (1 + np.exp(-rng.normal(size=(10, 1))))
    one_blame = rng.normal(size=(1, 1))
    rising.add(int((all_weights(one_blame, ten_signals) < 0).sum()))
print("how many of the ten rise, in 100 random cases:", sorted(rising))
together.compare("all alike" if rising <= {0, 10} else "any")

# %% [markdown]
# Now one weight must rise and another one must fall. With positive signals no single example can make both go the right way, so the way to the target is a **zig-zag**. Two signals, the
# target at $(1, -1)$, one new example in each step:

# %%
pictures.zigzag(learning_rate=0.5)

# %% [markdown]
# What does it cost? At the same small learning rate, almost nothing. But with positive signals the walk diverges at a learning rate with which the other one still arrives. With ten signals, and each kind at
# the best of five rates, positive ones need more than twice as many steps (123 and 53, median of 30 walks). It is one of the reasons to prefer signals around 0.
#
# ## 5 · One path, or all of them?
#
# Blame times signal is right only if the blame has heard everybody. In lesson 02 the straight path alone, from score $i$ to probability $\hat y_i$ and from there to the loss, carried a half of the gradient: with two classes
# and squared error. Take a softmax with *squared error* again, but three classes, $\hat y = (0.1,\ 0.2,\ 0.7)$, and class 1 is true. About the second score
# the straight path says: $\hat y_2$ should be 0, so push the score down.

# %%
straight = lesson.predict(
    "straight",
    "What do all paths together say about the second score?",
    {"down": "push it down", "up": "push it up", "leave": "leave it where it is"},
)

# %% tags=["reasons"]
{
    "why": "To push the second score up costs little in ŷ₂ = 0.2, and takes probability away from the third class, which is much more wrong. All probabilities listen to this score. A half of a gradient has at least the right sign; here the straight path has not even that.",
    "push it down": "So the straight path says. But the score also stands in the denominator of ŷ₃ = 0.7, the worst of the three.",
    "leave it where it is": "It would be so if what is gained and lost were equal. The third class has much more to lose.",
}

# %%
p, y_three = np.array([[0.1], [0.2], [0.7]]), one_hot([0], 3)
one_path = 2 * (p - y_three) * p * (1 - p)
all_paths = slopes(
    lambda a: ((softmax(a) - y_three) ** 2).sum(), np.log(p)
)  # nudging knows all paths
print("straight paths", one_path.ravel().round(3), "   all paths", all_paths.ravel().round(3))
straight.compare("up" if all_paths[1, 0] < -1e-6 else "down" if all_paths[1, 0] > 1e-6 else "leave")

# %% [markdown]
# **A common mistake**, then: to count only the paths that one sees first. How much of the gradient is lost depends on the loss and on the number of classes, and even the sign can be lost.
#
# ## 6 · A batch
#
# Now two examples: the one you know, and $x = (2, -1)$ with class 2 as the true one, in the network with sigmoids. Alone, their blames on the scores are $(-0.679,\ 0.679)$ and $(0.548,\ -0.548)$. A weight is
# *used* by every example. From it a path leads through each of them, and over paths one adds:
#
# $$\frac{\partial \mathcal{L}}{\partial W_{kij}} = \sum_{n=1}^{N} \frac{\partial \mathcal{L}}{\partial a_{ki}^{(n)}} \; h_{k-1,j}^{(n)}$$
#
# The loss of the batch is the mean, and the $\frac1N$ is in the blame (lesson 04, section 6).

# %%
two = lesson.predict("two", "How large is ∂𝓛/∂b₂₁ for the batch of these two examples? Two digits.")

# %% tags=["reasons"]
{
    "why": "(−0.679 + 0.548)/2. The bias is used by both examples, and they want opposite things. The mean is what is left.",
    "-0.131": "That is the sum of the two. The loss of the batch is a mean, so each of them counts half.",
    "-0.033": "You have divided by 2 twice. Once is enough: the loss is the mean of two.",
    "-0.614": "The second blame has the other sign: +0.548.",
    "-0.679": "That is the first example alone.",
    "-0.34": "That is the half of the first example. The second one is added.",
}

# %%
wishes = lesson.predict(
    "wishes",
    "And W₂ has four weights. For how many of them do the two examples want opposite directions?",
)

# %% tags=["reasons"]
{
    "why": "The signals are positive, so each gradient has the sign of the blame, and at both scores the two blames have opposite signs: the true classes differ.",
    "0": "Look at the blames: the first example wants a₂₁ larger, the second one wants it smaller.",
    "2": "At both scores the two blames have opposite signs, and all signals are positive.",
    "1": "All signals are positive, so the blame alone decides, for each row of W₂.",
    "3": "All signals are positive, so the blame alone decides, for each row of W₂ at once.",
}

# %%
x_two, y_both = np.hstack([X, x_other]), np.hstack([Y, y_other])
two_trace = net.forward(x_two)
grad_a_two = (two_trace.y_hat - y_both) / 2
each = [all_weights(2 * grad_a_two[:, [n]], two_trace.h[1][:, [n]]) for n in range(2)]  # alone
wishes.compare((np.sign(each[0]) != np.sign(each[1])).sum())
two.compare(numerical_gradient(net, x_two, y_both, "b", 2)[0], within=5e-3)
pictures.wishes(each)

# %% [markdown]
# Each example has its own wish, and the batch takes the mean. Opposite wishes cancel in part: this step is shorter than that of either example alone.
#
# Is a loop over the examples needed? `grad_a` has the shape $(n_k, N)$ and `h_below` has $(n_{k-1}, N)$, a column an example. The sum runs along row $i$ of the one and along row $j$ of the other. A product of
# matrices adds in just this way, if the second one is transposed:
#
# $$\frac{\partial \mathcal{L}}{\partial W_k} = \frac{\partial \mathcal{L}}{\partial a_k} \; h_{k-1}^T \qquad\qquad (n_k, N) \cdot (N, n_{k-1}) \to (n_k, n_{k-1})$$
#
# It is the same line as for one example. The inner number vanishes, and that is $N$: **the product is the sum over the examples.** A bias has the signal 1 in every example, so its sum is that of a
# row:
#
# $$\frac{\partial \mathcal{L}}{\partial b_{ki}} = \sum_{n=1}^{N} \frac{\partial \mathcal{L}}{\partial a_{ki}^{(n)}} \qquad\qquad (n_k, N) \to (n_k, 1)$$
#
# **Write** both for a batch. (`keepdims=True` in a sum keeps a column a column.)


# %%
def batch_gradients(grad_a, h_below):
    """Return ∂𝓛/∂W_k and ∂𝓛/∂b_k, two arrays, from ∂𝓛/∂a_k, shape (n_k, N), and h_{k−1}, shape (n_{k−1}, N)."""
    raise NotImplementedError  # your lines


batch_gradients = lesson.check(batch_gradients)

# %%
grad_W_two, grad_b_two = batch_gradients(grad_a_two, two_trace.h[1])
print("∂𝓛/∂W₂ =\n", grad_W_two.round(4), "\n∂𝓛/∂b₂ =", grad_b_two.ravel().round(4))
assert np.allclose(grad_W_two, (each[0] + each[1]) / 2)
assert np.allclose(grad_W_two, numerical_gradient(net, x_two, y_both, "W", 2))
assert np.allclose(grad_b_two, numerical_gradient(net, x_two, y_both, "b", 2))
print("✓ the mean of the two wishes, and as by nudging")

# %% [markdown]
# ## 7 · Look at every entry
#
# The left factor stands beside the table, the right one above it. Click an entry: the row and the column that make it
# get their frames. *view* changes from one number to one example and to a batch.

# %%
lesson.explore("entries", outer_product_explorer())

# %% [markdown]
# ## 8 · A sum, or a mean?
#
# The loss is a mean, and yet the formula has a sum. Many people see that and divide once more. How can this mistake be found? We show the network the two examples twice, $N = 4$. Copies tell nothing new, so the true
# gradient is the same as before.

# %%
copies = lesson.predict(
    "copies",
    "Somebody divides grad_a @ h_below.mT once more by N. With N = 2 the result was half of the truth. What part of the truth is it with the four examples?",
    {"1": "all of it", "1/2": "a half", "1/4": "a quarter", "1/16": "a sixteenth"},
)

# %% tags=["reasons"]
{
    "why": "The 1/N is in the blame already. Divided once more, the gradient is too small by exactly N, and it shrinks when examples are shown twice. The direction is right, so the loss still falls, at a learning rate of η/N that nobody has chosen.",
    "all of it": "The 1/N in the blame makes a mean of the sum, and then it would be right. What does the second division do?",
    "a half": "So it was with N = 2. Now somebody divides by 4.",
    "a sixteenth": "The first 1/N belongs there. Only the second one is too much.",
}

# %%
x_four, y_four = np.tile(x_two, 2), np.tile(y_both, 2)
four_trace = net.forward(x_four)
grad_W_four, _ = batch_gradients((four_trace.y_hat - y_four) / 4, four_trace.h[1])
assert np.allclose(grad_W_four, grad_W_two)
print("✓ the true gradient is the same for two examples and for each of them twice")
part = (grad_W_four / 4 / grad_W_two).mean()
copies.compare({1: "1", 2: "1/2", 4: "1/4", 16: "1/16"}[round(1 / part)])

# %% [markdown]
# With 1000 examples a learning rate of 0.5 would act like 0.0005. And if only the *bias* line has a mean, the step even goes in another direction: the weights take long steps and the biases short ones.
#
# The opposite happens, too: no sum at all in the bias line.

# %%
no_sum = lesson.predict(
    "no_sum",
    "Somebody writes  b = b − η · grad_a  for a batch of 5 examples. b has the shape (2, 1), grad_a the shape (2, 5). What happens?",
    {
        "error": "Python stops with an error",
        "same": "b keeps its shape (2, 1)",
        "wide": "b gets the shape (2, 5), without any error",
        "flat": "b gets the shape (2,), without any error",
    },
)

# %% tags=["reasons"]
{
    "why": "NumPy repeats the column five times. Now each example has a bias of its own, and the forward pass goes on without an error, until a batch of 4 examples comes. A gradient has the shape of its quantity: look at the shapes.",
    "Python stops with an error": "A column and five columns fit, for NumPy: it repeats the column.",
    "b keeps its shape (2, 1)": "Only if the five columns were added up first.",
    "b gets the shape (2,), without any error": "A flat array comes out of a sum without keepdims=True. Here nothing is added up.",
}

# %%
b_small, grad_a_five = np.zeros((2, 1)), rng.normal(size=(2, 5))
b_after = b_small - 0.5 * grad_a_five
print("b was", b_small.shape, "and is now", b_after.shape)
no_sum.compare({(2, 1): "same", (2, 5): "wide", (2,): "flat"}[b_after.shape])

# %% [markdown]
# **Write** the step of a layer, with `batch_gradients`: new weights and new biases. Make new arrays, and leave those of your caller as they are.


# %%
def layer_step(W, b, grad_a, h_below, learning_rate):
    """Return the new W_k and b_k, two arrays, after one step of gradient descent."""
    raise NotImplementedError  # your lines


layer_step = lesson.check(layer_step)

# %%
walker = net.with_parameters()  # a copy
for n_step in range(200):
    there = walker.forward(x_two)
    back = walker.backward(there, y_both)
    if n_step % 50 == 0:
        print(f"step {n_step:3}: loss {walker.loss(there, y_both):.3f}")
    for k in walker.layers:
        walker.W[k], walker.b[k] = layer_step(
            walker.W[k], walker.b[k], back.a[k], there.h[k - 1], 0.5
        )
last = walker.forward(x_two)
print(
    f"step 200: loss {walker.loss(last, y_both):.3f}, probabilities of the true classes",
    last.y_hat[[0, 1], [0, 1]].round(2),
)
assert walker.loss(last, y_both) < 0.3
print("✓ 200 such steps have made a network that can tell the two examples apart")

# %% [markdown]
# ## What you take along

# %%
lesson.summary()

# %% [markdown]
# - One weight: $\frac{\partial \mathcal{L}}{\partial W_{kij}}$ is the blame on the unit it leads to, times the signal of the unit it comes from. For a bias the signal is 1.
# - All of them: $\frac{\partial \mathcal{L}}{\partial W_k} = \frac{\partial \mathcal{L}}{\partial a_k} h_{k-1}^T$, for one example and for a batch; the product adds up the examples. For the biases add up the rows.
# - The $\frac1N$ is in the first gradient, once.
# - Same signs of blame and signal: the weight falls. Opposite signs: it rises. No signal: it stays.
#
# <details><summary>If you have heard the lectures: what is different there</summary>
#
# - The handout has $\nabla_{b_k} = \nabla_{b_a}$; it is $\nabla_{b_k} = \nabla_{a_k}$. Beside its matrix of nine entries the factor $h_{k-1,j}$ is missing.
# - What the formula of the live class for $w_{212}$ (lesson 02) makes of numbers: for $\hat y = (0.55,\ 0.45)$, $y = (1, 0)$, $h_{12} = 0.8$, $a_{22} = 0.4$ and squared error the true gradient is $-0.357$. One path of the
#   two gives $-0.178$, and the formula of the class $+0.071$, with the wrong sign.
#
# </details>
#
# In other books: `dW` is our $\frac{\partial \mathcal{L}}{\partial W}$. Where rows are examples, as in PyTorch, the same product reads $\delta^T h$.
#
# **Next:** you have all parts. Lesson 07 puts them in order, with every number of a whole step.
