# %% [markdown]
# # 02 · Chain rule: several paths
#
# **A nudge has two ways to the result. How do the two count together?**
#
# In lesson 01 a nudge had one way to go. Now $x$ feeds two numbers, and both feed $z$:
#
# $$y_1 = x^2 \qquad y_2 = x^3 \qquad z = \log \frac{y_1}{y_2}$$
#
# **Time** 80 minutes · **You need** the chain rule along one path (lesson 01)

# %%
import numpy as np

from utils.draw.computation import computation_columns
from utils.exhibits.computation_graph import network_graph
from utils.explore.path_tracer import path_tracer_explorer
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork
from utils.pictures import lesson_02 as pictures

lesson = Lesson("02")
pictures.two_paths()

# %% [markdown]
# **After this lesson you can** differentiate a function whose input reaches the result by several paths · walk a circuit backwards with three
# rules · write the sweep that does the same for any graph, and find a bug that many people write · count the paths from a weight to the loss · say when
# to go forwards, and when backwards.

# %% jupyter={"source_hidden": true}
lesson.recall("01/gears", "01/ninety")

# %% [markdown]
# ## 1 · Two ways from x to z
#
# Values stand in the circles, local derivatives on the lines. ($\log \frac{y_1}{y_2} = \log y_1 - \log y_2$, so $\frac{\partial z}{\partial y_1} = \frac1{y_1}$ and
# $\frac{\partial z}{\partial y_2} = -\frac1{y_2}$.)

# %%
x = 2.0
y_1, y_2 = x**2, x**3
edges = [
    ("x", "y_1", 2 * x),  # from, to, local derivative
    ("x", "y_2", 3 * x**2),
    ("y_1", "z", 1 / y_1),
    ("y_2", "z", -1 / y_2),
]
values = {"x": x, "y_1": y_1, "y_2": y_2, "z": np.log(y_1 / y_2)}
pictures.with_slopes(edges, values, [["x"], ["y_1", "y_2"], ["z"]])

# %%
both_roads = lesson.predict(
    "both_roads",
    "Go along the upper path and multiply. Then along the lower one. What is dz/dx at x = 2?",
)

# %% tags=["reasons"]
{
    "why": "Multiply along each path, and add the paths: 4 · ¼ + 12 · (−⅛) = 1 − 1.5. And without any path: log(x²/x³) = −log x, with the derivative −1/x.",
    "1": "That is the share of the upper path, 4 · ¼. The lower path has a share of its own.",
    "-1.5": "That is the share of the lower path, 12 · (−⅛), or the product of both. The shares of two paths are added.",
    "2.5": "The last line of the lower path is negative, −⅛, so its share is −1.5.",
    "16 to 16.5": "You have added the four local derivatives. Along a path they multiply.",
}


# %%
def z(x_up, x_low):
    """Return z, with x as the upper and as the lower path see it."""
    return np.log(x_up**2 / x_low**3)


def nudged_slope(f, x, eps=1e-5):
    return (f(x + eps) - f(x - eps)) / (2 * eps)


upper, lower = nudged_slope(lambda t: z(t, x), x), nudged_slope(lambda t: z(x, t), x)
both = nudged_slope(lambda t: z(t, t), x)
print(f"upper path open, lower path held still: {upper:+.4f}")
print(f"lower path open, upper path held still: {lower:+.4f}")
print(f"both open:                              {both:+.4f}")
both_roads.compare(both)

# %% [markdown]
# <details><summary>The rule in letters. Open it when you have answered.</summary>
#
# **Along a path multiply, over the paths add.** One path in each term:
#
# $$\frac{dz}{dx} = \frac{\partial z}{\partial y_1}\frac{dy_1}{dx} + \frac{\partial z}{\partial y_2}\frac{dy_2}{dx} = \frac{1}{x^2} \cdot 2x - \frac{1}{x^3} \cdot 3x^2 = \frac2x - \frac3x = -\frac1x$$
#
# </details>
#
# **Write** what you have found, for any number of paths. `paths` is a list; each path is an array of its local derivatives. (`np.prod` multiplies all entries of an array.)


# %%
def sum_over_paths(paths):
    """Return the derivative from the local derivatives of every path."""
    raise NotImplementedError  # a line or two


sum_over_paths = lesson.check(sum_over_paths)

# %%
upper_path, lower_path = np.array([2 * x, 1 / y_1]), np.array([3 * x**2, -1 / y_2])
assert np.isclose(sum_over_paths([upper_path, lower_path]), both)
print(
    f"✓ the sum over the two paths: {sum_over_paths([upper_path, lower_path]):+.4f}, as by nudging"
)

# %% [markdown]
# A third path joins: $y_3 = x^4$, and $z = \log \frac{y_1 y_3}{y_2}$. Its local derivatives are $4x^3 = 32$ and $\frac{1}{y_3} = \frac{1}{16}$.

# %%
third = lesson.predict("third", "What is dz/dx at x = 2 now, with all three paths?")

# %% tags=["reasons"]
{
    "why": "1 − 1.5 + 2. Nothing changes with three: 32/16 = 2 is the share of the third path.",
    "2": "That is the share of the third path. The other two are still there.",
    "-1": "The shares add: −0.5 and 2. You have multiplied them.",
    "-2.5": "The share of the third path is positive: y₃ stands above the line of the fraction.",
    "-0.5": "That is the sum of the first two. The third path has the share 32 · 1/16.",
}

# %%
third_path = np.array([4 * x**3, 1 / x**4])
print(f"the sum over three paths: {sum_over_paths([upper_path, lower_path, third_path]):+.4f}")
third.compare(nudged_slope(lambda t: np.log(t**2 * t**4 / t**3), x))

# %% [markdown]
# *path* 0 lights all of them, $n$ only the $n$-th.

# %%
lesson.explore("small", path_tracer_explorer(graph="log(y₁/y₂)", x=2.0))

# %% [markdown]
# ## 2 · Why do the paths add?
#
# The logarithm made a difference of the quotient, so a sum was no surprise. Here is a harder case: two paths that meet in a *product*,
# $p = y_1 \cdot y_2$ with $y_1 = x^2$ and $y_2 = 4x$. At $x = 3$ it is a rectangle with the sides 9 and 12. A nudge of $x$ makes both sides grow:

# %%
grown_1, grown_2 = 3.5**2 - 9, 4 * 3.5 - 12  # x goes from 3 to 3.5
pictures.growing_rectangle(9, 12, grown_1, grown_2)

# %%
halved = lesson.predict(
    "halved",
    "One strip for each path, and a corner that belongs to neither. Take a small nudge, and then half of it. What do strips and corner do?",
    {
        "2 2": "strips and corner shrink to about a half",
        "2 4": "the strips shrink to about a half, the corner to about a quarter",
        "4 4": "strips and corner shrink to about a quarter",
        "1 2": "the strips stay, the corner shrinks to about a half",
    },
)

# %% tags=["reasons"]
{
    "why": "A strip is a side times a nudge. The corner is a nudge times a nudge: per nudge it goes to zero. What stays is the sum of the two strips, 12 · 6 + 9 · 4 = 108, and the derivative of x² · 4x = 4x³ at 3 is 108. You have found the product rule.",
    "strips and corner shrink to about a half": "The corner is as wide as one growth and as high as the other. Both are halved.",
    "strips and corner shrink to about a quarter": "A strip is as long as a side, which stays. Only its width is halved.",
    "the strips stay, the corner shrinks to about a half": "Divided by the nudge it is so. The areas themselves shrink, too.",
}

# %%
areas = []
for small in (0.01, 0.005):
    side_1, side_2 = (3 + small) ** 2 - 9, 4 * (3 + small) - 12
    areas.append(np.array([side_1 * 12, 9 * side_2, side_1 * side_2]))
    print(
        f"nudge {small:<5}: strips {areas[-1][0]:.4f} and {areas[-1][1]:.4f}, corner {areas[-1][2]:.6f};",
        end=" ",
    )
    print("divided by the nudge:", (areas[-1] / small).round(2))
shrink = (areas[0] / areas[1]).round().astype(int)
halved.compare(f"{shrink[0]} {shrink[2]}")

# %% [markdown]
# ## 3 · Plus, times, fork
#
# Large computations are made of small steps, which are called **gates** here. This one, $f = (x + y) \cdot w$, has two:

# %%
pictures.circuit(
    [["x", "y"], ["q", "w"], ["f"]],
    [("x", "q"), ("y", "q"), ("q", "f"), ("w", "f")],
    {"x": 3.0, "y": -1.0, "q": 2.0, "w": 4.0, "f": 8.0},
    ["plus", "times"],
)

# %% [markdown]
# Walk backwards. At $f$ begin with $\frac{\partial f}{\partial f} = 1$. Each gate gets the backward number of what it has computed, and gives one to
# each of its inputs.

# %%
swap = lesson.predict(
    "swap",
    "f = q · w with q = 2 and w = 4. Which backward numbers does the times gate give?",
    {
        "q 2, w 4": "2 to q, and 4 to w",
        "q 4, w 2": "4 to q, and 2 to w",
        "q 8, w 8": "8 to both",
        "q 1, w 1": "1 to both",
    },
)

# %% tags=["reasons"]
{
    "why": "Nudge q, and f moves w times as much. So each input gets the number of the other one.",
    "2 to q, and 4 to w": "Nudge q by 0.001. By how much does q · w move, if w is 4?",
    "8 to both": "8 is the value of f. How much does f move, if q is nudged?",
    "1 to both": "So does a plus gate. In a product the other factor decides.",
}

# %%
to_q, to_w = nudged_slope(lambda q: q * 4, 2.0), nudged_slope(lambda w: 2 * w, 4.0)
swap.compare(f"q {to_q:.0f}, w {to_w:.0f}")

# %% [markdown]
# And now $f = (x + y) \cdot x$. The number $x$ goes to two places. Where a number goes to several places there is a **fork**; $x'$ is the same $x$, handed on.

# %%
pictures.circuit(
    [["y", "x"], ["q", "x′"], ["f"]],
    [("y", "q"), ("x", "q"), ("x", "x′"), ("q", "f"), ("x′", "f")],
    {"y": -1.0, "x": 3.0, "q": 2.0, "x′": 3.0, "f": 6.0},
    ["plus, fork", "times"],
)

# %%
fork = lesson.predict("fork", "What is ∂f/∂x for f = (x + y) · x at x = 3, y = −1?")

# %% tags=["reasons"]
{
    "why": "The times gate gives 3 to q and 2 to x′. The plus gate hands the 3 on to x. Along the fork come 3 and 2, two paths: they add. (f = x² + xy, so ∂f/∂x = 2x + y = 5.)",
    "3": "This comes back through q. Another share comes through x′.",
    "2": "This comes back through x′. Another share comes through q.",
    "6": "3 and 2 come along two paths. They add.",
    "7": "You have forgotten that y is −1.",
}

# %%
fork.compare(nudged_slope(lambda x: (x + -1.0) * x, 3.0), within=1e-3)

# %% [markdown]
# <details><summary>The three rules. Open them when you have answered.</summary>
#
# | gate | forwards | backwards |
# |---|---|---|
# | plus | adds | **copies**: each input gets the whole backward number |
# | times | multiplies | **swaps**: each input gets the backward number times the *other* input |
# | fork | copies | **adds**: what comes back along the branches is summed |
#
# </details>
#
# **Write** a whole walk, from $f$ back, for $f = (x \cdot y + z) \cdot y$. Where is the fork?


# %%
def circuit(x, y, z):
    """Return np.array([∂f/∂x, ∂f/∂y, ∂f/∂z]) for f = (x·y + z)·y."""
    q = x * y
    s = q + z
    raise NotImplementedError  # f = s · y; first grad_s, then grad_q and grad_z, then grad_x and grad_y


circuit = lesson.check(circuit)


# %%
def value(at):
    return (at[0] * at[1] + at[2]) * at[1]


place = np.array([2.0, -1.0, 3.0])
by_nudging = [(value(place + step) - value(place - step)) / 2e-5 for step in 1e-5 * np.eye(3)]
assert np.allclose(circuit(*place), by_nudging)
print(
    "✓ at x = 2, y = −1, z = 3: circuit",
    circuit(*place),
    "by nudging",
    np.round(by_nudging, 4),
)

# %% [markdown]
# ## 4 · One sweep in place of all paths
#
# The rule in general: let $p$ be computed from $q_1, q_2, \dots$ and each of them from $v$, and let $v$ reach $p$ in no other way. Then
#
# $$\frac{\partial p}{\partial v} = \sum_m \frac{\partial p}{\partial q_m} \frac{\partial q_m}{\partial v}$$
#
# The first factors together are the gradient of $p$. The second ones say how fast each $q_m$ moves with $v$. The sum is their dot product.
#
# Look at one circle. If each circle *beyond* it knows its own $\frac{\partial p}{\partial q_m}$ already, one sum does it, however many paths follow. So
# sweep over the circles from the last to the first:
#
# ```python
# for node in reversed(nodes):
#     for end, derivative in lines.get(node, []):     # the lines that leave this node
#         grad[node] = grad[end] * derivative
# ```
#
# A **node** is one number of the computation, a circle in the picture. At the last node `grad` begins with 1, everywhere else with 0. In this code is a bug that many people write.

# %%
overwritten = lesson.predict(
    "overwritten",
    "The sweep runs over the graph of section 1, x → y₁, y₂ → z, at x = 2, as it stands. What does it find for x?",
)

# %% tags=["reasons"]
{
    "why": "x has two lines. The first writes 4 · ¼ = 1, the second writes 12 · (−⅛) = −1.5 over it. With = the last line alone survives; with += the two add up.",
    "-0.5": "That is the true derivative. But the line says =, and not +=. What happens when x gets its second share?",
    "1": "That is what the first line writes. Then comes the second, and writes over it.",
    "0": "It begins with 0. Then both lines of x write something.",
}

# %%
nodes = ["x", "y_1", "y_2", "z"]
lines = {
    start: [(end, slope) for begin, end, slope in edges if begin == start]
    for start in ("x", "y_1", "y_2")
}
grad = {"z": 1.0}
for node in reversed(nodes[:-1]):
    for end, derivative in lines[node]:
        grad[node] = grad[end] * derivative  # the bug
        print(f"{node} gets {grad[node]:+.3f} from {end}")
overwritten.compare(grad["x"])

# %% [markdown]
# **Write** the sweep without the bug. It shall work for any graph.


# %%
def sweep(nodes, lines):
    """Return np.array of the derivatives of the last node with respect to each node, in the order of nodes."""
    grad = dict.fromkeys(nodes, 0.0)
    grad[nodes[-1]] = 1.0
    for node in reversed(nodes):
        for end, derivative in lines.get(node, []):
            raise NotImplementedError  # repaired: grad[node] = grad[end] * derivative
    return np.array([grad[node] for node in nodes])


sweep = lesson.check(sweep)

# %%
found = dict(zip(nodes, sweep(nodes, lines).tolist(), strict=True))
print("sweep:", {node: round(value, 4) for node, value in found.items()})
assert np.isclose(found["x"], both)
print("✓ at x it is what nudging has measured, and the same sweep has brought y₁ and y₂")

# %% [markdown]
# ## 5 · A network that chooses between two classes
#
# Here is the network that will stay with us to lesson 07. It has two inputs, two hidden units, and two outputs, because it chooses between two
# classes. Its last layer has two **scores**, $a_{21}$ and $a_{22}$: any numbers, the larger the better for the class. The **softmax** makes probabilities of
# them, positive numbers that add up to 1: exponentials, divided by their sum.
#
# $$\hat y_1 = \frac{e^{a_{21}}}{e^{a_{21}} + e^{a_{22}}} \qquad \hat y_2 = \frac{e^{a_{22}}}{e^{a_{21}} + e^{a_{22}}}$$
#
# The truth is $y = (1, 0)$: the first class. The loss says how wrong the answer is. Here it is the squared error of lesson 00 with two terms:
# $\mathcal{L} = (\hat y_1 - y_1)^2 + (\hat y_2 - y_2)^2$.

# %%
net = FeedForwardNetwork([2, 2, 2], output="softmax", loss="squared_error").with_parameters(
    W={1: [[0.5, -0.3], [0.2, 0.8]], 2: [[0.6, -0.4], [-0.5, 0.9]]},
    b={1: [[0.1], [-0.1]], 2: [[0.0], [0.2]]},
)
x_sample, y_sample = np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]])
trace = net.forward(x_sample)
graph = network_graph(net, x_sample, y_sample)
print("ŷ =", trace.y_hat.ravel().round(4), "  𝓛 =", round(net.loss(trace, y_sample), 4))
pictures.network(graph, [2, 2, 2])

# %%
ways = lesson.predict(
    "ways",
    "The weight W₂,₁,₂ leads from h₁,₂ to a₂,₁. By how many paths does a nudge of it reach the loss?",
    {1: "one path", 2: "two paths", 4: "four paths"},
)

# %% tags=["reasons"]
{
    "why": "From a₂,₁ to ŷ₁, and from a₂,₁ to ŷ₂: the score stands in both denominators. Raise it, and the other probability must fall, since the two add up to 1.",
    "one path": "The weight ends in a₂,₁ alone. But look at both fractions above: where does a₂,₁ occur?",
    "four paths": "The weight ends in a₂,₁. From there two lines begin, and each goes on to the loss.",
}

# %%
paths = graph.paths("W_2,1,2", "L")
for path in paths:
    print(f"{path}   product {path.product:+.6f}")
gradients = net.backward(trace, y_sample)
true = gradients.W[2][0, 1]  # checked against nudging in the tests of the course
assert np.isclose(sum(path.product for path in paths), true)
print(f"✓ their sum {true:+.6f} is what net.backward gives")
ways.compare(len(paths))

# %%
pictures.network_paths(graph, [2, 2, 2], "W_2,1,2")

# %% [markdown]
# ## 6 · The straight path alone
#
# Somebody goes from $a_{2,1}$ straight to $\hat y_1$ and from there to the loss, and forgets the other path. Call this one the straight path. In our network
# the two carried the same.

# %%
share = lesson.predict(
    "share",
    "In fifty 2-2-2 networks with other weights: which share of the gradient of W₂,₁,₂ does the straight path carry?",
    {
        "half": "exactly a half, in all of them",
        "more": "more than a half in all of them, for a₂,₁ is the score of ŷ₁",
        "other": "another share in each of them, less or more than a half",
    },
)

# %% tags=["reasons"]
{
    "why": "With two classes and squared error it is always half: y and ŷ both add up to 1, so ŷ₂ − y₂ = −(ŷ₁ − y₁), and what a₂,₁ does to ŷ₂ is minus what it does to ŷ₁. Two minus signs: equal shares. With three classes, or another loss, it is in general another share.",
    "more than a half in all of them, for a₂,₁ is the score of ŷ₁": "ŷ₁ + ŷ₂ = 1, so what a₂,₁ does to ŷ₂ is just as large as what it does to ŷ₁.",
    "another share in each of them, less or more than a half": "So one would think. But ŷ₁ + ŷ₂ = 1 and y₁ + y₂ = 1: compare ŷ₁ − y₁ with ŷ₂ − y₂.",
}


# %%
def straight_share(net, start, y=y_sample):
    """Return which share of ∂𝓛/∂(start) goes from a score straight to its own probability."""
    found = network_graph(net, x_sample, y).paths(start, "L")
    pairs = [{f"a_2,{m}", f"ŷ_{m}"} for m in range(1, len(y) + 1)]
    straight = sum(p.product for p in found if any(pair <= {*p.nodes} for pair in pairs))
    return straight / sum(p.product for p in found)


others = [
    straight_share(FeedForwardNetwork([2, 2, 2], loss="squared_error", seed=seed), "W_2,1,2")
    for seed in range(50)
]
print(f"straight share in 50 networks: from {min(others):.6f} to {max(others):.6f}")
three = FeedForwardNetwork([2, 2, 3], loss="squared_error", seed=0)
print(f"with three classes: {straight_share(three, 'W_2,1,2', np.eye(3)[:, :1]):.3f}")
share.compare("half" if np.allclose(others, 0.5) else "more" if min(others) > 0.5 else "other")

# %% [markdown]
# Another loss looks at the probability of the true class alone: $\mathcal{L} = -\log \hat y_1$. It is called cross-entropy, and lesson 03 says why
# one takes it.

# %%
other_loss = lesson.predict(
    "other_loss",
    "With 𝓛 = −log ŷ₁: which share of their gradients does the straight path carry, for W₂,₁,₂ and for W₂,₂,₂ (which ends in a₂,₂)?",
    {
        "0.5 0.5": "a half of both",
        "1 0": "all for W₂,₁,₂, nothing for W₂,₂,₂",
        "0 1": "nothing for W₂,₁,₂, all for W₂,₂,₂",
        "1 1": "all of both",
    },
)

# %% tags=["reasons"]
{
    "why": "This loss looks at ŷ₁ alone. From a₂,₁ the straight path leads there; from a₂,₂ only the crossing one does. Whoever forgets it gets 0 for W₂,₂,₂ here, as if this example had nothing to say to the weights of the wrong class.",
    "a half of both": "That was so for squared error. This loss does not look at ŷ₂.",
    "nothing for W₂,₁,₂, all for W₂,₂,₂": "The other way round: which score lies straight below ŷ₁?",
    "all of both": "The straight path from a₂,₂ leads to ŷ₂. Does this loss look at ŷ₂?",
}

# %%
with_log = FeedForwardNetwork([2, 2, 2], output="softmax", loss="cross_entropy").with_parameters(
    W={k: net.W[k] for k in (1, 2)}, b={k: net.b[k] for k in (1, 2)}
)
shares = [straight_share(with_log, start) + 0.0 for start in ("W_2,1,2", "W_2,2,2")]
print("straight share of W₂,₁,₂ and of W₂,₂,₂:", np.round(shares, 4))
other_loss.compare(" ".join(f"{each:.2g}" for each in shares))

# %% [markdown]
# ## 7 · One layer further down

# %%
deeper = lesson.predict(
    "deeper",
    "The weight W₁,₂,₁ leads from x₁ to a₁,₂. How many paths lead from it to the loss?",
)

# %% tags=["reasons"]
{
    "why": "All begin a₁,₂ → h₁,₂. From there to two scores, from each of them to two probabilities: 2 · 2. (In the live class it was w₁,₃,₁ of a network with four hidden units, and two paths were named. It is four there, too.)",
    "2": "h₁,₂ feeds two scores. And from each score, how many lines?",
    "1": "The weight ends in one unit. From there a nudge spreads.",
    "8": "The weight ends in a₁,₂ alone. The fork comes behind h₁,₂.",
    "3": "From h₁,₂ to two scores, and from each of them to two probabilities: do these choices add or multiply?",
}

# %%
for path in graph.paths("W_1,2,1", "L"):
    print(f"{path}   {path.product:+.5f}")
deeper.compare(len(graph.paths("W_1,2,1", "L")))
pictures.network_paths(graph, [2, 2, 2], "W_1,2,1")

# %% [markdown]
# The sum over the scores is the rule of section 4, with $p = \mathcal{L}$, $v = h_{1,2}$ and $q_m = a_{2,m}$. From
# $a_{2,m} = \dots + W_{2,m,2}\, h_{1,2} + \dots$ comes the second factor, a weight. For any hidden layer:
#
# $$\frac{\partial \mathcal{L}}{\partial h_{k,j}} = \sum_m \frac{\partial \mathcal{L}}{\partial a_{k+1,m}} \, W_{k+1,m,j}$$

# %%
column = lesson.predict(
    "column",
    "For ∂𝓛/∂h₁,₂ this sum takes two entries of W₂. Which ones?",
    {
        "row 1": "row 1 of W₂",
        "row 2": "row 2 of W₂",
        "column 1": "column 1 of W₂",
        "column 2": "column 2 of W₂",
    },
)

# %% tags=["reasons"]
{
    "why": "W₂,₁,₂ and W₂,₂,₂: all weights that leave unit 2 of the hidden layer. They stand below each other. In lesson 05 a transpose comes from that.",
    "row 1 of W₂": "Row 1 holds the weights that arrive at a₂,₁. Which weights leave h₁,₂?",
    "row 2 of W₂": "Row 2 holds the weights that arrive at a₂,₂. Which weights leave h₁,₂?",
    "column 1 of W₂": "These leave h₁,₁. The last index of a weight is the unit that it comes from.",
}

# %%
grad_a, W_2 = gradients.a[2][:, 0], net.W[2]
parts = {"row 1": W_2[0], "row 2": W_2[1], "column 1": W_2[:, 0], "column 2": W_2[:, 1]}
for name, part in parts.items():
    print(f"{name:8}: {grad_a @ part:+.6f}")
print(f"∂𝓛/∂h₁,₂: {gradients.h[1][1, 0]:+.6f}")
column.compare(
    next(name for name, part in parts.items() if np.isclose(grad_a @ part, gradients.h[1][1, 0]))
)

# %% [markdown]
# Choose a network. The paths begin where you click: at a circle, or at the line of a weight. (For a bias, set *start at*.) The true class is always
# the first. Each time, say the number of paths before you look.

# %%
lesson.explore("network", path_tracer_explorer())

# %% [markdown]
# ## 8 · Does anyone walk them all?
#
# Take six inputs, six hidden layers of six units each, and one output.

# %%
power = lesson.predict(
    "power",
    "How many paths lead from one input to the loss?",
    {36: "36", 300: "about 300", 50_000: "about 50 000", 10_000_000: "about 10 million"},
)

# %% tags=["reasons"]
{
    "why": "At each hidden layer a path has six units to choose from: 6 · 6 · 6 · 6 · 6 · 6 = 46 656. The network has only 260 lines between its circles, and a sweep visits each of them once.",
    "36": "6 · 6 would be two hidden layers. There are six.",
    "about 300": "The network has about so many lines. A path chooses one line in every gap, and these choices multiply.",
    "about 10 million": "That is 6⁹. At how many layers does a path have a choice?",
}


# %%
def ones(depth, width=6):
    """Return the nodes of a network and its lines between circles, with a 1 in place of every local derivative."""
    deep = FeedForwardNetwork(
        [width] * (depth + 1) + [1], output="linear", loss="squared_error", seed=0
    )
    following = network_graph(deep, np.ones((width, 1)), np.zeros((1, 1))).following
    circles = [name for column in computation_columns(deep.layer_sizes) for name in column]
    return circles, {name: [(e.end, 1.0) for e in following.get(name, [])] for name in circles}


paths_of, lines_of = [], []
for depth in range(1, 7):
    circles, joined = ones(depth)
    paths_of.append(
        round(sweep(circles, joined)[0])
    )  # with a 1 on every line, a sweep counts paths
    lines_of.append(sum(map(len, joined.values())))
print("paths from x₁, for 1 to 6 hidden layers:", paths_of)
print("lines of the whole network:             ", lines_of)
power.compare(min((36, 300, 50_000, 10_000_000), key=lambda key: abs(np.log(paths_of[-1] / key))))
pictures.growth(list(range(1, 7)), paths_of, lines_of)

# %% [markdown]
# At every circle the sweep holds the sum over *all* paths from there to the loss, and hands that one number down. All paths are in it, and none was
# walked. That is backpropagation.
#
# ## 9 · Forwards or backwards?
#
# One can sweep the other way, too: begin with 1 at some *start*, walk from the first node to the last, and give every node the sum of what arrives.
# Then each node learns how fast *it* moves when *start* is nudged.
#
# **Write** this sweep.


# %%
def forward_sweep(nodes, lines, start):
    """Return np.array of the derivatives of each node with respect to start, in the order of nodes."""
    moves = dict.fromkeys(nodes, 0.0)
    moves[start] = 1.0
    for node in nodes:
        for end, derivative in lines.get(node, []):
            raise NotImplementedError  # your line
    return np.array([moves[node] for node in nodes])


forward_sweep = lesson.check(forward_sweep)

# %%
sweeps = lesson.predict(
    "sweeps",
    "One backward sweep gives the gradients of all weights and biases of the 2-2-2 network. How many forward sweeps give them?",
)

# %% tags=["reasons"]
{
    "why": "A forward sweep answers for one start: how does everything react to this weight? So it takes one for each of the 8 weights and 4 biases. A network with 203 530 of them would take 203 530 forward sweeps, and it takes a single backward one.",
    "1": "One forward sweep tells how every node reacts to one start. Each weight is a start of its own.",
    "2": "Each weight and each bias is a start of its own.",
    "8": "There are 8 weights. The biases want a gradient, too.",
    "24": "That would be two for each. One sweep with exact local derivatives does it; two were needed for nudging.",
}

# %%
all_nodes = list(graph.values)  # in the order in which they are computed
all_lines = {n: [(e.end, e.derivative) for e in graph.following.get(n, [])] for n in all_nodes}
parameters = [name for name in all_nodes if name[0] in "Wb"]
backwards = dict(zip(all_nodes, sweep(all_nodes, all_lines), strict=True))
forwards = {name: forward_sweep(all_nodes, all_lines, name)[-1] for name in parameters}
assert np.allclose([backwards[name] for name in parameters], list(forwards.values()))
assert np.isclose(backwards["W_2,1,2"], true)
n_lines = sum(map(len, all_lines.values()))
print(f"✓ {len(parameters)} gradients, the same in both directions, and as net.backward gives them")
print(f"lines visited: {n_lines} backwards, {len(forwards) * n_lines} forwards")
sweeps.compare(len(forwards))

# %%
outputs = lesson.predict(
    "outputs",
    "Another function has 1 input and 1000 outputs, and all 1000 derivatives are wanted. What takes fewer sweeps?",
    {
        "forwards": "forwards: 1 sweep, against 1000",
        "backwards": "backwards: 1 sweep, against 1000",
        "same": "the same, either way",
    },
)

# %% tags=["reasons"]
{
    "why": "One input, many outputs: forwards. Many inputs, one output: backwards. A loss is one number with very many weights behind it, and so networks learn backwards.",
    "backwards: 1 sweep, against 1000": "A backward sweep begins at one output and tells what that one reacts to. There are 1000 outputs.",
    "the same, either way": "A sweep begins at one node. How many nodes are there to begin with, at either end?",
}

# %%
fan = {"x": [(f"y{m}", float(m)) for m in range(1, 1001)]}
fan_nodes = ["x", *(f"y{m}" for m in range(1, 1001))]
at_once = forward_sweep(fan_nodes, fan, "x")[1:]  # one sweep
last_only = sweep(fan_nodes, fan)[0]  # one sweep, and it knows the last output alone
known = {"forwards": len(at_once), "backwards": np.size(last_only)}
print("derivatives of outputs after one sweep:", known)
outputs.compare(max(known, key=known.get) if len({*known.values()}) > 1 else "same")

# %% [markdown]
# ## What you take along

# %%
lesson.summary()

# %% [markdown]
# - Along a path multiply, over the paths add. They add because what two nudges do *together* is a nudge times a nudge. Divided by the
#   nudge, it goes to zero.
# - Plus copies, times swaps, a fork adds.
# - A sweep from the loss visits every line once, and adds at every fork: `+=`.
# - A softmax joins every score with every probability. Whoever forgets the crossing paths gets a wrong gradient: exactly half of it with two classes and
#   squared error, and with cross-entropy 0 for the weights of a wrong class.
# - Many inputs and one loss: backwards.
#
# <details><summary>If you have heard the lectures: what is different there</summary>
#
# - Lecture 4.6 writes $p(z)$ and $q_m(z)$ for the rule of section 4. Here $z$ stays the end of the paths, so they begin at $v$.
# - Its slide writes every derivative with a straight d, $\frac{dz}{dx} = \sum_i \frac{dz}{dy_i}\frac{dy_i}{dx}$. $z$ has two inputs, so it is
#   $\frac{\partial z}{\partial y_i}$: nudge $y_i$ and hold the other still. If everything else may follow ($y_2 = y_1^{3/2}$), each of the two terms
#   is the whole answer already, and their sum is twice the truth.
# - The live class takes one path for $w_{212}$, and two for $w_{131}$. There are two and four. With its softmax and squared error, one path of the two gives
#   exactly half.
# - It writes $\hat y_1 = \frac{1}{1 + e^{-a_{22} a_{21}}}$ and $\frac{\partial \hat y_1}{\partial a_{21}} = \hat y_1 (1 - \hat y_1)(-a_{22})$. When powers
#   are multiplied, exponents *add*: $\hat y_1 = \frac{1}{1 + e^{u}}$ with $u = a_{22} - a_{21}$. Then
#   $\frac{d \hat y_1}{du} = -\hat y_1 (1 - \hat y_1)$ and $\frac{\partial u}{\partial a_{21}} = -1$. Two minus signs:
#   $\frac{\partial \hat y_1}{\partial a_{21}} = \hat y_1 (1 - \hat y_1)$. Where $a_{22}$ is positive, the formula of the class has even the wrong sign.
#
# </details>
#
# **Next:** the forward pass of the same network, number by number, and what its weights are good for. Lesson 03.
