# %% [markdown]
# # 02 · Chain rule: several paths
#
# **After this lesson you can**
#
# - differentiate a function whose input reaches the output by several paths: multiply along each path, add the paths;
# - show with a nudge why they are *added*;
# - list every path from a weight to the loss, and spot the ones that a derivation has forgotten;
# - say why no one walks these paths one by one.
#
# **Time** 40 minutes · **You need** the chain rule along one path (lesson 01)

# %%
import numpy as np

from utils.draw.computation import computation_columns, computation_headings
from utils.draw.paths import path_diagram
from utils.draw.picture import show, subplots
from utils.exhibits.computation_graph import Edge, Graph, network_graph
from utils.explore.path_tracer import path_tracer_explorer
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork, softmax

lesson = Lesson("02")

# %% [markdown]
# ## 1 · One input, two roads
#
# In lesson 01 a nudge had only one way to go. Now $x$ feeds two numbers, and both feed $z$:
#
# $$y_1 = x^2 \qquad y_2 = x^3 \qquad z = \log \frac{y_1}{y_2}$$
#
# An `Edge` is one step of the computation with its local derivative. There are four of them.

# %%
x = 2.0
y_1, y_2 = x**2, x**3
edges = [
    Edge("x", "y_1", 2 * x),  # dy_1/dx
    Edge("x", "y_2", 3 * x**2),  # dy_2/dx
    Edge("y_1", "z", 1 / y_1),  # ∂z/∂y_1, because log(y_1/y_2) = log y_1 − log y_2
    Edge("y_2", "z", -1 / y_2),  # ∂z/∂y_2
]
graph = Graph(edges, {"x": x, "y_1": y_1, "y_2": y_2, "z": np.log(y_1 / y_2)})
path_diagram(graph, [["x"], ["y_1", "y_2"], ["z"]], "x", "z")

# %% [markdown]
# Local derivatives stand on the lines, values in the circles. A thick line carries much; a dashed line carries
# something negative.

# %%
both_roads = lesson.predict(
    "both_roads",
    "Go along the upper path and multiply. Then along the lower one. What is dz/dx at x = 2?",
)

# %% tags=["reasons"]
{
    "why": "Multiply along each path, and add the paths: 4 · ¼ + 12 · (−⅛) = 1 − 1.5.",
    "1": "That is the share of the upper path, 4 · ¼. The lower path has a share of its own.",
    "-1.5": "That is the share of the lower path, 12 · (−⅛), or the product of both. The shares of two paths are added.",
    "2.5": "The lower path carries something negative: its last line is dashed.",
}

# %% [markdown]
# ## 2 · What if one path did not exist?
#
# Close the lower road: hold $y_2$ still at 8, whatever $x$ does. One path is left, and you know what to do with one path.
# Then close the upper road instead. We nudge $x$ by a thousandth and divide the change of $z$ by the nudge.


# %%
def z(x_up, x_low):  # x as it is seen by the upper and by the lower road
    return np.log(x_up**2 / x_low**3)


nudge = 0.001
upper = (z(x + nudge, x) - z(x, x)) / nudge
lower = (z(x, x + nudge) - z(x, x)) / nudge
both = (z(x + nudge, x + nudge) - z(x, x)) / nudge
for path, measured in zip(graph.paths("x", "z"), (upper, lower), strict=True):
    print(f"{path}   product {path.product:+.4f}   nudged alone {measured:+.4f}")
print(f"{'both roads open, nudged':<45}{both:+.4f}")
both_roads.compare(graph.derivative("x", "z"))

# %% [markdown]
# **Check.** Each path alone passes on its own product, $4 \cdot \tfrac14 = 1$ and $12 \cdot (-\tfrac18) = -1.5$. With both
# roads open, $z$ gets both shares. **Along a path multiply, over the paths add:** $1 - 1.5 = -0.5$.

# %%
assert np.isclose(graph.derivative("x", "z"), -0.5)
assert abs(both - (-0.5)) < 1e-3 and np.isclose(upper + lower, both)

# %% [markdown]
# ## 3 · The same with letters
#
# The lecture leaves the answer to you. Here it is, one path in each term:
#
# $$\frac{dz}{dx} = \frac{\partial z}{\partial y_1}\frac{dy_1}{dx} + \frac{\partial z}{\partial y_2}\frac{dy_2}{dx}$$
#
# $$= \frac{1}{y_1} \cdot 2x + \left(-\frac{1}{y_2}\right) \cdot 3x^2$$
#
# $$= \frac{2x}{x^2} - \frac{3x^2}{x^3} = \frac{2}{x} - \frac{3}{x} = -\frac{1}{x}$$
#
# **Check.** Without any path: $\log \frac{x^2}{x^3} = \log \frac1x = -\log x$, and its derivative is $-\frac1x$. And by
# central differences, at several places:

# %%
h = 1e-5
for place in (0.5, 1.0, 2.0, 5.0):
    slope = (z(place + h, place + h) - z(place - h, place - h)) / (2 * h)
    print(f"x = {place}:  finite difference {slope:+.6f}   −1/x = {-1 / place:+.6f}")
    assert abs(slope - (-1 / place)) < 1e-8

# %% [markdown]
# > **What the lecture said** — on its slide every derivative has a straight d: $\frac{dz}{dx} = \sum_i \frac{dz}{dy_i}\frac{dy_i}{dx}$.
# >
# > **What is true** — $z$ has two inputs, so it is $\frac{\partial z}{\partial y_i}$: nudge $y_i$ and hold the other still. A
# > straight d means "and everything else follows". Since $y_2 = y_1^{3/2}$ follows $y_1$, the term $\frac{dz}{dy_1}\frac{dy_1}{dx}$
# > would already be the whole answer, and so would be the second. Their sum is twice the truth.

# %%
dz_dy_1 = -1 / (2 * y_1)  # y_2 follows: z = log(y_1/y_1^1.5) = −½ log y_1
dz_dy_2 = -1 / (3 * y_2)  # y_1 follows: z = log(y_2^⅔/y_2) = −⅓ log y_2
terms = dz_dy_1 * 2 * x, dz_dy_2 * 3 * x**2
print(f"{terms[0]:+.3f} {terms[1]:+.3f} = {sum(terms):+.3f}   the truth: {-1 / x:+.3f}")
assert np.allclose(terms, -1 / x)

# %% [markdown]
# ## 4 · Why adding is right, even when the paths meet in a product
#
# The logarithm turned the quotient into a difference, so adding was no surprise. Take a harder case, $p = y_1 \cdot y_2$: the
# area of a rectangle with sides $y_1$ and $y_2$. The nudge makes both sides grow.
#
# **Predict.** How much area does each side add alone? And what is missing when you add the two?

# %%
fig, ax = subplots(figsize=(6.4, 3.2))
side_1, side_2 = 2.1**2 - 4, 2.1**3 - 8  # x goes from 2 to 2.1
ax.bar(0, 4, 8, color="#EEEEEE", align="edge", label="$y_1 y_2$")
ax.bar(0, side_1, 8, bottom=4, color="#0072B2", align="edge", hatch="//", label="$y_1$ grows alone")
ax.bar(8, 4, side_2, color="#E69F00", align="edge", label="$y_2$ grows alone")
ax.bar(8, side_1, side_2, bottom=4, color="#222222", align="edge", label="the corner")
ax.set(xlabel="$y_2$", ylabel="$y_1$", xlim=(0, 14), ylim=(0, 5))
ax.legend(loc="center right")
show(
    fig,
    f"""A rectangle with sides 8 and 4. When x grows from 2 to 2.1 it gains a strip of
    {8 * side_1:.2f} on top, because y_1 grows, a strip of {4 * side_2:.2f} at the right, because y_2 grows, and a
    small corner of {side_1 * side_2:.2f} where the strips meet.""",
)

# %% [markdown]
# Two strips, one for each path, and a corner that belongs to neither. Now let the nudge shrink.

# %%
for small in (0.1, 0.01, 0.001):
    side_1, side_2 = (x + small) ** 2 - y_1, (x + small) ** 3 - y_2
    shares = side_1 * y_2, y_1 * side_2
    corner = (y_1 + side_1) * (y_2 + side_2) - y_1 * y_2 - sum(shares)
    strip_1, strip_2, rest = np.array([*shares, corner]) / small
    print(f"nudge {small:<6} per nudge: strips {strip_1:.3f} and {strip_2:.3f}, corner {rest:.4f}")

# %% [markdown]
# **Check.** The strips settle at $8 \cdot 4 = 32$ and $4 \cdot 12 = 48$; the corner is a nudge *times a nudge*, and per nudge it
# goes to zero. What stays is the sum over the paths: $32 + 48 = 80$, and indeed $p = x^5$ has the derivative $5x^4 = 80$. You have
# just found the product rule: it is the chain rule with two paths.

# %%
assert abs(corner / small) < 0.1 and abs(sum(shares) / small - 5 * x**4) < 0.1

# %% [markdown]
# ## 5 · A third path
#
# Nothing changes with three. Let $y_3 = x^4$ join: $z = \log \frac{y_1 y_3}{y_2}$. Its own local derivatives are
# $\frac{dy_3}{dx} = 4x^3$ and $\frac{\partial z}{\partial y_3} = \frac{1}{y_3}$.
#
# **Predict** the product along the third path, and the sum of all three.

# %%
n = 4
y_3 = x**n
edges_3 = [*edges, Edge("x", "y_3", n * x ** (n - 1)), Edge("y_3", "z", 1 / y_3)]
values = {"x": x, "y_1": y_1, "y_2": y_2, "y_3": y_3, "z": np.log(y_1 * y_3 / y_2)}
three = Graph(edges_3, values)
path_diagram(three, [["x"], ["y_1", "y_2", "y_3"], ["z"]], "x", "z")

# %%
for path in three.paths("x", "z"):
    print(f"{path}   {path.product:+.2f}")
print(f"sum           {three.derivative('x', 'z'):+.2f}")


# %% [markdown]
# **Check.** $\frac2x - \frac3x + \frac4x = \frac3x$; the derivative of $\log \frac{x^2 x^4}{x^3} = 3 \log x$ is $\frac3x$ too.

# %%
assert np.isclose(three.derivative("x", "z"), (2 - 3 + n) / x)

# %% [markdown]
# ## 6 · The rule
#
# Let $p$ be computed from intermediate results $q_1, q_2, \dots$, and each of them from $z$. (Careful: $z$ is now where the
# paths *begin*. The lecture changes its letters here, and so must we.)
#
# $$\frac{\partial p}{\partial z} = \sum_m \frac{\partial p}{\partial q_m} \frac{\partial q_m}{\partial z}$$
#
# | where | the end $p$ | in between $q_m$ | the beginning $z$ |
# |---|---|---|---|
# | above | $\log(y_1/y_2)$ | $y_1$ and $y_2$ | $x$ |
# | in a network | the loss $L$ | all $a_{k+1,m}$ of the next layer | one activation $h_{kj}$ |
#
# The first factors, put together, are a vector: the **gradient** of $p$ with respect to $q$. So are the second ones. The sum is
# the dot product of the two.
#
# > **What the lecture said** — with two variables, take the partial derivatives one after the other and *multiply* (or
# > *add*) them.
# >
# > **What is true** — the partial derivatives are the entries of a vector; alone they are neither multiplied nor added. They
# > are added only after each has been multiplied by how much *its own* variable moves.

# %%
gradient = np.array([1 / y_1, -1 / y_2])  # ∂z/∂y_1, ∂z/∂y_2
moves = np.array([2 * x, 3 * x**2])  # dy_1/dx, dy_2/dx
print(f"product of the partials {gradient.prod():+.4f}   their sum {gradient.sum():+.4f}")
print(f"gradient · moves        {gradient @ moves:+.4f}   truth     {-1 / x:+.4f}")
assert np.isclose(gradient @ moves, -1 / x)
assert not np.isclose(gradient.prod(), -1 / x) and not np.isclose(gradient.sum(), -1 / x)

# %% [markdown]
# ## 7 · In a network, every unit talks to everyone above it
#
# Here is the live session's network: four hidden units, two outputs, softmax and squared error. The picture shows a whole
# forward pass of one example, from the inputs to the loss $L$, and the paths that begin at $h_{1,3}$.

# %%
sizes = [3, 4, 2]
net = FeedForwardNetwork(sizes, output="softmax", loss="squared_error", seed=0)
example, y = np.array([[1.5], [-0.5], [0.8]]), np.array([[1.0], [0.0]])  # one column
trace = net.forward(example)
gradients = net.backward(trace, y)
network = network_graph(net, example, y)
columns, headings = computation_columns(sizes), computation_headings(net.L)
path_diagram(network, columns, "h_1,3", headings=headings)

# %% [markdown]
# $h_{1,3}$ feeds $a_{2,1}$ *and* $a_{2,2}$. That is our rule with $p = L$, $z = h_{1,3}$ and $q_m = a_{2,m}$. Because
# $a_{2,m} = \dots + W_{2,m,3}\, h_{1,3} + \dots$, the second factor is just a weight. For any layer:
#
# $$\frac{\partial L}{\partial h_{kj}} = \sum_m \frac{\partial L}{\partial a_{k+1,m}} \, W_{k+1,m,j}$$
#
# **Predict.** Which column or row of $W_2$ do you need for $h_{1,3}$?

# %%
grad_a, W_2 = gradients.a[2][:, 0], net.W[2]
by_rule = sum(grad_a[m] * W_2[m, 2] for m in range(sizes[-1]))  # j = 3
print(f"sum over the units above {by_rule:+.6f}")
print(f"sum over all paths       {network.derivative('h_1,3', 'L'):+.6f}")
print(f"backward                 {gradients.h[1][2, 0]:+.6f}")

# %% [markdown]
# **Check.** The third *column* of $W_2$: all weights that leave unit 3. Three ways, one number. In lesson 05 this sum becomes
# $W_2^\top \frac{\partial L}{\partial a_2}$, and you will know where the transpose comes from.

# %%
assert np.isclose(by_rule, network.derivative("h_1,3", "L"))
assert np.isclose(by_rule, gradients.h[1][2, 0])

# %% [markdown]
# ## 8 · The side roads of the softmax: $W_{2,1,2}$
#
# Did you notice the crossing lines between $a_2$ and $\hat y$? With two outputs
#
# $$\hat y_1 = \frac{e^{a_{21}}}{e^{a_{21}} + e^{a_{22}}} \qquad \hat y_2 = \frac{e^{a_{22}}}{e^{a_{21}} + e^{a_{22}}}$$
#
# and $a_{21}$ stands in *both* denominators. Raise one score, and the other probability must fall: together they are 1.
#
# First the straight road, $\frac{\partial \hat y_1}{\partial a_{21}}$. Divide above and below by $e^{a_{21}}$ and it is a sigmoid:
# $\hat y_1 = \frac{1}{1 + e^{a_{22} - a_{21}}}$.
#
# > **What the lecture said** — the denominator is $1 + e^{-a_{22} a_{21}}$, so $\frac{\partial \hat y_1}{\partial a_{21}} =
# > \hat y_1 (1 - \hat y_1)(-a_{22})$.
# >
# > **What is true** — exponents *add* when powers are multiplied: $e^{a_{22}} e^{-a_{21}} = e^{a_{22} - a_{21}}$. The inner
# > derivative is $-1$ and not $-a_{22}$, so $\frac{\partial \hat y_1}{\partial a_{21}} = \hat y_1 (1 - \hat y_1)$. And on the side road,
# > $\hat y_2 = 1 - \hat y_1$ gives $\frac{\partial \hat y_2}{\partial a_{21}} = -\hat y_1 \hat y_2$.

# %%
a_21, a_22 = 0.6, 0.4
y_hat = softmax(np.array([[a_21], [a_22]]))[:, 0]
up, down = (softmax(np.array([[a_21 + step], [a_22]]))[:, 0] for step in (h, -h))
slope = (up - down) / (2 * h)
print("nudging a_21:            ", slope.round(4), "  (ŷ_1 up, ŷ_2 down)")
print("ŷ_1(1 − ŷ_1) and −ŷ_1 ŷ_2:", (y_hat[0] * np.array([1 - y_hat[0], -y_hat[1]])).round(4))
assert np.allclose(slope, [y_hat[0] * (1 - y_hat[0]), -y_hat[0] * y_hat[1]])
assert abs(slope[0] - y_hat[0] * (1 - y_hat[0]) * (-a_22)) > 0.3

# %% [markdown]
# **Predict.** How many paths lead from $W_{2,1,2}$ (from $h_{12}$ to $a_{21}$) to the loss?

# %%
path_diagram(network, columns, "W_2,1,2", headings=headings)

# %% [markdown]
# Two. With $L = (y_1 - \hat y_1)^2 + (y_2 - \hat y_2)^2$, straight road plus side road, and $\frac{\partial a_{21}}{\partial W_{212}} = h_{12}$
# shared by both:
#
# $$\frac{\partial L}{\partial W_{212}} = \left[\frac{\partial L}{\partial \hat y_1}\frac{\partial \hat y_1}{\partial a_{21}} + \frac{\partial L}{\partial \hat y_2}\frac{\partial \hat y_2}{\partial a_{21}}\right] \frac{\partial a_{21}}{\partial W_{212}}$$
#
# $$= \left[-2(y_1 - \hat y_1)\,\hat y_1 (1 - \hat y_1) + 2(y_2 - \hat y_2)\,\hat y_1 \hat y_2\right] h_{12}$$
#
# $$= -2\,\hat y_1 \hat y_2 \left[(y_1 - \hat y_1) - (y_2 - \hat y_2)\right] h_{12}$$
#
# The last line uses $1 - \hat y_1 = \hat y_2$.
#
# > **What the lecture said** — only $\hat y_1$ depends on $a_{21}$: one path, and the answer is
# > $-2(y_1 - \hat y_1)\,\hat y_1 (1 - \hat y_1)(-a_{22})\, h_{12}$.
# >
# > **What is true** — there are two paths. Even with the right $\frac{\partial \hat y_1}{\partial a_{21}}$, a single path is exactly
# > *half* of the gradient. With the factor $-a_{22}$ even its sign can be wrong.


# %%
def loss_at(W_212, h_12=0.8):  # a_21 = 0.6 when the weight is not nudged
    y_hat = softmax(np.array([[a_21 + W_212 * h_12], [a_22]]))
    return ((y - y_hat) ** 2).sum()


error = y[:, 0] - y_hat
single = -2 * error[0] * y_hat[0] * (1 - y_hat[0]) * 0.8
true = -2 * y_hat[0] * y_hat[1] * (error[0] - error[1]) * 0.8
print(f"finite difference {(loss_at(h) - loss_at(-h)) / (2 * h):+.4f}   both paths {true:+.4f}")
print(f"single path       {single:+.4f}   the session's formula {single * -a_22:+.4f}")
assert np.isclose(true, (loss_at(h) - loss_at(-h)) / (2 * h))
assert np.isclose(single, true / 2) and single * -a_22 > 0 > true

# %% [markdown]
# **Check.** A step against the session's gradient would make the loss *rise*. Why exactly half? Both $y$ and $\hat y$ sum to 1,
# so what the first output has too little the second has too much, $y_2 - \hat y_2 = -(y_1 - \hat y_1)$, and the side road carries
# just as much as the straight one.

# %% [markdown]
# ## 9 · One layer further down: $W_{1,3,1}$
#
# **Predict.** $W_{1,3,1}$ joins $x_1$ to $a_{1,3}$. From there, how many paths to $L$?

# %%
path_diagram(network, columns, "W_1,3,1", headings=headings)

# %%
paths = network.paths("W_1,3,1", "L")
for path in paths:
    print(f"{path}   {path.product:+.5f}")
print(f"{'sum':<{len(str(path))}}   {network.derivative('W_1,3,1', 'L'):+.5f}")

# %% [markdown]
# Two units above, and from each of them two roads through the softmax: $2 \cdot 2 = 4$. All four begin
# $W_{1,3,1} \to a_{1,3} \to h_{1,3}$ and part only then.
#
# > **What the lecture said** — there are two paths, through $a_{21}$ to $\hat y_1$ and through $a_{22}$ to $\hat y_2$.
# >
# > **What is true** — four. The two straight ones give exactly half, for the same reason as before.

# %%
straight = [path for path in paths if path.nodes[-3][-1] == path.nodes[-2][-1]]  # a_2,m → ŷ_m
share = sum(path.product for path in straight) / gradients.W[1][2, 0]
print(f"{len(straight)} straight paths of {len(paths)} carry {share:.0%} of the gradient")
assert np.isclose(network.derivative("W_1,3,1", "L"), gradients.W[1][2, 0])
assert len(paths) == 4 and len(straight) == 2 and np.isclose(share, 0.5)

# %% [markdown]
# ## 10 · Your turn: trace any path you like
#
# Choose a network, and where the paths begin: *layer k, unit i* and, for a weight, *from unit j*. **path** 0 lights all of them,
# $n$ only the $n$-th, with its local derivatives. Below the picture every path is multiplied out, and the sum is held against
# the matrix result and a finite difference. The true class is always the first, $y = e(1)$. Each time, **predict the number of paths** before you look.

# %%
path_tracer_explorer()

# %% [markdown]
# ## 11 · Does anyone really walk them all?
#
# Every unit of a layer talks to every unit of the next, so at each layer the number of paths is multiplied by its width. Take
# $n$ inputs, hidden layers of $n$ units each, and one linear output.
#
# **Predict.** How many paths run from one input to the loss with 6 hidden layers of 6 units?


# %%
def count(n, depth):
    deep = FeedForwardNetwork(
        [n] * (depth + 1) + [1], output="linear", loss="squared_error", seed=0
    )
    graph = network_graph(deep, np.ones((n, 1)), np.zeros((1, 1)))
    return len(graph.paths("x_1", "L"))


for n_units, depth in ((2, 1), (2, 4), (3, 3), (4, 3), (5, 2)):
    print(f"width {n_units}, hidden layers {depth}: {count(n_units, depth)} paths")
    assert count(n_units, depth) == n_units**depth

# %% [markdown]
# The number of paths is the **product of the widths**, $n^{\text{depth}}$. The number of *lines* in the picture only
# grows by a layer's worth, $n^2 + n$, with each layer.

# %%
depths = np.arange(1, 7)
lines_6 = depths * (6**2 + 6) + 6 + 2  # W_k and g′ for each hidden layer, then W_L, ŷ and L
fig, ax = subplots(figsize=(6.4, 3.4))
for n_units in range(2, 7):
    ax.plot(depths, n_units**depths, "o-", color="#A63D00", lw=1.2, ms=4)
    ax.annotate(f"paths, width {n_units}", (6.12, n_units**6), fontsize=9, va="center")
ax.plot(depths, lines_6, "s--", color="#0072B2", ms=5)
ax.annotate("lines, width 6", (6.12, lines_6[-1]), fontsize=9, va="center", color="#0072B2")
ax.set(yscale="log", xlabel="hidden layers", ylabel="how many", xlim=(0.8, 7.7), xticks=depths)
show(
    fig,
    f"""Paths from one input to the loss, on a logarithmic axis: straight lines that climb the
    steeper the wider the layers are, to {6**6} paths for six layers of six units. The number of
    lines in that network, a dashed curve, only reaches {lines_6[-1]}.""",
)

# %% [markdown]
# **Check.** $6^6 = 46\,656$ paths over 260 lines: each line on the way is shared by more than a thousand of them. So nobody
# walks them.
# Backpropagation starts at the loss and visits each line *once* at most. At every circle it has the sum over all paths from there
# to the loss, and hands that number down: that is what $\frac{\partial L}{\partial a_{k+1,m}}$ in section 7 was. All paths are in it,
# and none was walked. Lesson 07 counts every multiplication.

# %%
assert 6**6 == 46656 and lines_6[-1] == 260

# %% [markdown]
# ### Try it
#
# **1.** In section 5 change `n = 4` to `n = 1`, so that $y_3 = x$, and run from there to the check. Three busy paths: what is their sum?
#
# <details><summary>Answer</summary>
#
# $\frac2x - \frac3x + \frac1x = 0$. Of course: $\frac{x^2 \cdot x}{x^3} = 1$, whatever $x$ is. A derivative of zero does not mean that
# nothing depends on $x$; the paths may cancel. (Set $n$ back to 4.)
#
# </details>
#
# **2.** In the explorer choose the network 2-3-3-2 with *softmax, squared error* and the weight $W_{1,1,1}$. How many paths? Then change
# the output to *sigmoid*. Why half as many?
#
# <details><summary>Answer</summary>
#
# $3 \cdot 2 \cdot 2 = 12$: three units above, from each of them two scores, from each score two probabilities. A sigmoid output $\hat y_m$
# looks at its own $a_m$ only: no side roads, $3 \cdot 2 = 6$.
#
# </details>
#
# **3.** With which output is the session's single path for $W_{2,1,2}$ all there is?
#
# <details><summary>Answer</summary>
#
# With sigmoid or linear outputs: in the explorer, network 2-3-2, layer 2, unit 1, from unit 2, there is then one path. The
# softmax is the only output here in which the units look at each other.
#
# </details>
#
# **4.** In section 7 make it three outputs: `sizes = [3, 4, 3]`, and `y` with a third row `[0.0]`. Run sections 7 and 9 (skip 8). Do
# the straight paths still carry half?
#
# <details><summary>Answer</summary>
#
# No, the share is another number, and the last check fails, as it should: there are $3 \cdot 3 = 9$ paths now, three of them
# straight. "Half" was a coincidence of two outputs, where one loses exactly what the other gains.
#
# </details>
#
# **5.** In the explorer, network 2-2-2-2, start at *pre-activation a*, layer 3, unit 1, with *softmax, cross-entropy*. One of the two paths
# carries exactly nothing. Why?
#
# <details><summary>Answer</summary>
#
# The loss is $-\log \hat y_1$, for the first class is the true one: it does not look at $\hat y_2$, so
# $\frac{\partial L}{\partial \hat y_2} = 0$. More about that in lesson 04.
#
# </details>

# %% [markdown]
# ## Recap
#
# - Along a path multiply, over the paths add: $\frac{\partial p}{\partial z} = \sum_m \frac{\partial p}{\partial q_m}\frac{\partial q_m}{\partial z}$.
# - Adding is right because what two nudges do *beyond* their own shares is a nudge times a nudge, and vanishes.
# - An activation feeds every unit above it: $\frac{\partial L}{\partial h_{kj}} = \sum_m \frac{\partial L}{\partial a_{k+1,m}} W_{k+1,m,j}$.
# - A softmax adds side roads: every score reaches every output. Forget them, and with two outputs half of the gradient is gone.
# - There are far too many paths to walk, and no need to: every line is visited once, on the way back.
