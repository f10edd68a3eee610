# %% [markdown]
# # 01 · Chain rule: one path
#
# **After this lesson you can**
#
# - take any composite function apart into elementary steps, and differentiate it by multiplying;
# - read a derivative as a sensitivity, and check it with a nudge;
# - write down $\frac{\partial L}{\partial W_{111}}$ for a weight at the far end of a deep, thin network;
# - say, with counted multiplications, why the work begins at the loss and runs backwards.
#
# **Time** 35 minutes · **You need** the derivative as the limit of a secant (lesson 00)

# %%
from functools import cache
from itertools import pairwise
from math import prod

import numpy as np

from utils.draw.diagrams import graph_diagram
from utils.draw.picture import show, subplots
from utils.draw.style import QUANTITIES
from utils.draw.svg import Line
from utils.explore.chain import BACKWARDS, chain_explorer, chain_picture
from utils.nn import FeedForwardNetwork, sigmoid

# %% [markdown]
# ## 1 · A function inside a function
#
# Take $y = (2x + 1)^2$. A computer does not see it as one thing. It does one step, keeps the result, and goes on from there:
#
# $$u = 2x + 1 \qquad y = u^2$$
#
# **Predict.** Start at $x = 1$ and nudge $x$ by 0.001. By how much will $u$ move? And then $y$?


# %%
def inner(x):
    return 2 * x + 1


x, nudge = 1.0, 0.001
u, u_nudged = inner(x), inner(x + nudge)
y, y_nudged = u**2, u_nudged**2
print(f"x moves by {nudge:.3f}")
print(f"u moves by {u_nudged - u:.3f}: {(u_nudged - u) / nudge:.2f} times as much as x")
print(f"y moves by {y_nudged - y:.3f}: {(y_nudged - y) / (u_nudged - u):.2f} times as much as u")

# %% [markdown]
# The first step doubles the nudge. The second makes it six times as large, because $\frac{dy}{du} = 2u$ and $u = 3$. What arrives
# at $y$ is the nudge times $2 \cdot 6 = 12$. Steps that follow each other are gears in a row: their
# ratios *multiply*. That is the **chain rule**:
#
# $$\frac{dy}{dx} = \frac{dy}{du} \, \frac{du}{dx} = 2u \cdot 2 = 4(2x + 1)$$
#
# The factors $\frac{dy}{du}$ and $\frac{du}{dx}$ are the **local derivatives**: each knows its own step and nothing else.
#
# **Check.** Multiply out, $(2x + 1)^2 = 4x^2 + 4x + 1$, and differentiate that: $8x + 4$, the same. And by nudging, with the
# central difference of lesson 00:


# %%
def central_difference(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / (2 * step)


dy_du, du_dx = 2 * u, 2
assert dy_du * du_dx == 8 * x + 4 == 12
assert np.isclose(central_difference(lambda x: inner(x) ** 2, x), dy_du * du_dx)

# %% [markdown]
# ## 2 · As many as you like
#
# "Sine of cos of tan of e raised to sine of x", says the lecture, to remind you of school. Let us be kind and leave the tangent out:
#
# $$y = \sin\!\big(\cos\big(e^{\sin x}\big)\big)$$
#
# Nobody has ever needed this function, and nobody has to understand it *as a whole*. It is four steps that everybody knows, each
# written beside its derivative:

# %%
steps = [
    (np.sin, np.cos),
    (np.exp, np.exp),
    (np.cos, lambda u: -np.sin(u)),
    (np.sin, np.cos),
]

# %% [markdown]
# **Predict.** One loop shall compute the value and the derivative together. It holds two numbers: the value so far, and the
# product so far. Which of the two must be updated first?


# %%
def value_and_derivative(x):
    value, derivative = x, 1.0
    for f, prime in steps:
        derivative = derivative * prime(value)  # local derivative, where the step begins
        value = f(value)
    return value, derivative


for place in (-2.0, 0.5, 3.0):
    value, derivative = value_and_derivative(place)
    print(f"x = {place:+.1f}:  y = {value:+.4f}   dy/dx = {derivative:+.6f}")

# %% [markdown]
# **Check.** The product first: a local derivative is taken where the step *begins*, and the next line forgets that place.


# %%
def whole(x):
    return np.sin(np.cos(np.exp(np.sin(x))))


for place in (-2.0, 0.5, 3.0):
    value, derivative = value_and_derivative(place)
    assert np.isclose(value, whole(place))
    assert np.isclose(derivative, central_difference(whole, place))

# %% [markdown]
# ## 3 · The sigmoid is four steps
#
# $\sigma(a) = \frac{1}{1 + e^{-a}}$ is the activation function that we will meet most often. From the inside: negate, take the
# exponential, add one, invert.
#
# $$u_1 = -a \qquad u_2 = e^{u_1} \qquad u_3 = 1 + u_2 \qquad h = \frac{1}{u_3}$$
#
# We take $a = -\log 2$, because then all the numbers are friendly.
#
# **Predict**, on paper: the values of $u_1, u_2, u_3, h$, and the four local derivatives.

# %%
a = -np.log(2)
u_1 = -a
u_2 = np.exp(u_1)
u_3 = 1 + u_2
h = 1 / u_3

# %%
du_1_da = -1  # u_1 = −a
du_2_du_1 = np.exp(u_1)  # u_2 = e^u_1: the exponential is its own derivative
du_3_du_2 = 1  # u_3 = 1 + u_2: the one stands still
dh_du_3 = -1 / u_3**2  # h = 1/u_3

chain_picture("σ(a), in four steps", a, 4, BACKWARDS)

# %% [markdown]
# Circles hold the values. On each edge stands a local derivative, rounded: $-1$, $2$, $1$ and $-\tfrac19$. Read the picture from
# the right: below each circle stands the product of all the edges between it and $h$. The work begins with $\frac{dh}{dh} = 1$, and
# at the left end it has become
#
# $$\frac{dh}{da} = \frac{dh}{du_3}\,\frac{du_3}{du_2}\,\frac{du_2}{du_1}\,\frac{du_1}{da} = \left(-\tfrac19\right) \cdot 1 \cdot 2 \cdot (-1) = \tfrac29$$

# %%
dh_da = dh_du_3 * du_3_du_2 * du_2_du_1 * du_1_da
print(f"product {dh_da:.6f}   2/9 = {2 / 9:.6f}")
assert np.allclose([u_2, u_3, h], [2, 3, 1 / 3]) and np.isclose(dh_da, 2 / 9)
assert np.isclose(dh_da, central_difference(sigmoid, a))

# %% [markdown]
# > **What the lecture said** — among its basic derivatives, $\frac{d}{dx}\frac1x = \frac{1}{x^2}$. (A few minutes later its chain
# > uses the right one.)
# >
# > **What is true** — $-\frac{1}{x^2}$. The sign is not a trifle: there are *two* minus signs in the sigmoid's chain, from
# > "negate" and from "invert", and only together do they cancel. Lose one, and your network believes that a rising sigmoid falls.

# %%
lost_sign = (1 / u_3**2) * du_3_du_2 * du_2_du_1 * du_1_da
print(f"with +1/x²: {lost_sign:+.4f}    nudged: {central_difference(sigmoid, a):+.4f}")
assert np.isclose(central_difference(lambda u: 1 / u, u_3), -1 / u_3**2)
assert np.isclose(lost_sign, -central_difference(sigmoid, a))

# %% [markdown]
# Now with letters. Multiply the four, and split the fraction so that $h$ shows up in it:
#
# $$\frac{dh}{da} = \left(-\frac{1}{u_3^2}\right) \cdot 1 \cdot e^{u_1} \cdot (-1) = \frac{e^{-a}}{(1 + e^{-a})^2}$$
#
# $$= \frac{1}{1 + e^{-a}} \cdot \frac{e^{-a}}{1 + e^{-a}} = \frac{1}{1 + e^{-a}} \cdot \left(1 - \frac{1}{1 + e^{-a}}\right)$$
#
# $$= \sigma(a)\,\big(1 - \sigma(a)\big) = h\,(1 - h)$$
#
# A gift: whoever has computed $h$ on the way forward gets the derivative for one subtraction and one product.

# %%
assert np.isclose(dh_da, h * (1 - h))
for place in (-4.0, 0.0, 1.5):
    slope = sigmoid(place) * (1 - sigmoid(place))
    assert np.isclose(central_difference(sigmoid, place), slope)

# %% [markdown]
# > **What the lecture said** — the sigmoid of a unit is $\frac{1}{1 + e^{wx + b}}$.
# >
# > **What is true** — the exponent is $-(wx + b)$. Without the minus the unit answers the more *no* the more its input says
# > *yes*: that function is $1 - \sigma(wx + b)$.

# %%
w, b, inputs = 2.0, -1.0, np.linspace(-3, 3, 7)
without_minus = 1 / (1 + np.exp(w * inputs + b))
assert (np.diff(sigmoid(w * inputs + b)) > 0).all() and (np.diff(without_minus) < 0).all()
assert np.allclose(without_minus, 1 - sigmoid(w * inputs + b))

# %% [markdown]
# ## 4 · A derivative is a sensitivity
#
# What are the numbers *below the circles* good for? Stop the computation after a step, nudge the intermediate value by hand, and
# let the rest run on. The nudge enters the chain in the middle and meets only the steps to its right.
#
# **Predict.** $a$ and the three intermediate values are each nudged by 0.001. At which of the four does $h$ react most? Does
# any nudge make $h$ fall?

# %%
rest = {  # from each value on to h
    "a": (a, sigmoid),
    "u_1": (u_1, lambda u: 1 / (1 + np.exp(u))),
    "u_2": (u_2, lambda u: 1 / (1 + u)),
    "u_3": (u_3, lambda u: 1 / u),
}
reaction = {}
for name, (value, finish) in rest.items():
    reaction[name] = (finish(value + nudge) - finish(value)) / nudge
    print(f"{name:4} nudged: h moves {reaction[name]:+.3f} times as much")

# %% [markdown]
# **Check.** These are the numbers below the circles, the products of everything to the right: $\tfrac29, -\tfrac29, -\tfrac19,
# -\tfrac19$. The reaction is the same for $u_2$ and $u_3$, since adding one changes no nudge, and it has the opposite sign for
# $a$ and $u_1$.

# %%
assert np.allclose(list(reaction.values()), [2 / 9, -2 / 9, -1 / 9, -1 / 9], atol=1e-3)

# %% [markdown]
# That is the reading to take into every later lesson: $\frac{\partial L}{\partial v}$ answers *if you move a little, how much will the
# loss move?* A quantity with a large answer is one that the loss listens to. A quantity with the answer 0 may do what it
# likes, for the moment.

# %% [markdown]
# ## 5 · Your turn: step through a chain
#
# Choose a function and an input. Each press of an arrow key in *factors* multiplies one more local derivative, *backwards* from
# the output or *forwards* from the input. Before each press, **predict** the next product.

# %%
chain_explorer()

# %% [markdown]
# Both directions end with the same number; a product does not mind in which order you multiply. But look at what they hold on
# the way. Backwards you get the sensitivity *of the output* to every value. Forwards you get the sensitivity of every value
# *to the input*. Remember that difference; in section 8 it decides everything.

# %% [markdown]
# ## 6 · A deep, thin network
#
# A network is a composite function too. Here is one that is deep, three layers, and as thin as can be: one unit in each layer.
# What goes from circle to circle is written above the edges; $g$ is the sigmoid, and so is the output function $O$.

# %%
nodes = ["x", "a_1", "h_1", "a_2", "h_2", "a_3", "ŷ", "L"]
row = [[node] for node in nodes]
operations = ["W_1, b_1", "g", "W_2, b_2", "g", "W_3, b_3", "O", "loss"]
graph_diagram(
    row,
    pairwise(nodes),
    "A row of eight circles: x, a_1, h_1, a_2, h_2, a_3, ŷ, L. W_1 and b_1 lead from x to a_1,"
    " W_2 and b_2 from h_1 to a_2, W_3 and b_3 from h_2 to a_3.",
    between=operations,
    gap=94,
)

# %% [markdown]
# Every matrix is $1 \times 1$, so $W_1$ has the single entry $W_{111}$: into layer 1, to unit 1, from unit 1. For a "yes"
# ($y = 1$) the loss is $L = -\log \hat y$: nothing to pay for a confident yes, a lot for a confident no.
#
# $W_{111}$ is as far from the loss as a weight can be. **Predict:** how many local derivatives lie between the two?

# %%
example, target = np.array([[1.5]]), np.array([[1.0]])  # x and y, one column
net = FeedForwardNetwork([1, 1, 1, 1], output="sigmoid", loss="cross_entropy")
net = net.with_parameters(W={1: [[0.5]], 2: [[-2.0]], 3: [[1.5]]})
trace = net.forward(example)
for k in net.layers:
    print(f"a_{k} = {trace.a[k][0, 0]:+.4f}   h_{k} = {trace.h[k][0, 0]:.4f}")
print(f"L   = {net.loss(trace, target):+.4f}   (h_3 is ŷ)")

# %% [markdown]
# Seven. We walk from the loss down to the weight, in reverse, and write down every step. The handout puts a brace under each pair:
# whom are we talking to? We would like to talk to the weight directly, but it is too far away to be heard.
#
# $$\underbrace{\frac{\partial L}{\partial W_{111}}}_{\substack{\text{talk to the}\\ \text{weight directly}}} = \underbrace{\frac{\partial L}{\partial \hat y} \frac{\partial \hat y}{\partial a_3}}_{\substack{\text{talk to the}\\ \text{output layer}}} \; \underbrace{\frac{\partial a_3}{\partial h_2} \frac{\partial h_2}{\partial a_2}}_{\substack{\text{talk to the}\\ \text{hidden layer below}}} \; \underbrace{\frac{\partial a_2}{\partial h_1} \frac{\partial h_1}{\partial a_1}}_{\substack{\text{talk to the}\\ \text{hidden layer below}}} \; \underbrace{\frac{\partial a_1}{\partial W_{111}}}_{\substack{\text{talk to}\\ \text{the weight}}}$$
#
# This is the **roadmap** of the course. It works for any number of hidden layers: each one more adds one more brace in the middle.
#
# The factors themselves hold no surprise. With $a_k = W_k h_{k-1} + b_k$ and $h_0 = x$:

# %%
W = [None, *(net.W[k][0, 0] for k in net.layers)]
h_k = [value[0, 0] for value in trace.h]  # h_0 = x, …, h_3 = ŷ
factors = {
    "∂L/∂ŷ": -1 / h_k[3],  # L = −log ŷ
    "∂ŷ/∂a_3": h_k[3] * (1 - h_k[3]),  # ŷ = σ(a_3)
    "∂a_3/∂h_2": W[3],
    "∂h_2/∂a_2": h_k[2] * (1 - h_k[2]),
    "∂a_2/∂h_1": W[2],
    "∂h_1/∂a_1": h_k[1] * (1 - h_k[1]),
    "∂a_1/∂W_111": h_k[0],
}
for name, factor in factors.items():
    print(f"{name:12} {factor:+.4f}")
print(f"product      {prod(factors.values()):+.6f}")

# %% [markdown]
# **Predict.** Two of the factors are negative. If $W_{111}$ grows a little, will the loss rise or fall? By how much, if it grows
# by 0.1?


# %%
def loss_at(weight, k=1):  # with another weight in layer k
    moved = net.with_parameters(W={k: [[weight]]})
    return moved.loss(moved.forward(example), target)


grad_W = {1: prod(factors.values())}
print(f"loss rises by {loss_at(0.6) - loss_at(0.5):.4f}")
assert np.isclose(grad_W[1], central_difference(loss_at, 0.5))
assert np.isclose(grad_W[1], net.backward(trace, target).W[1][0, 0])

# %% [markdown]
# **Check.** It rises by about $0.1 \cdot 0.068$. Three ways, one number: the product, the nudge, and `backward`, the dozen lines
# that this course leads to.
#
# Now the direction in which to move the weight is clear: down, against the gradient. The chain rule *computes* the gradient;
# *gradient descent* is what one does with it afterwards. The session uses one word for both.
#
# > **What the lecture said** — the handout writes the roadmap three times; twice its last factor is $\frac{\partial a_3}{\partial W_{111}}$.
# > The handout adds that it "works for any number of output layers", and wants $\frac{\partial h_1}{\partial a_2}$ to be stored.
# >
# > **What is true** — the last factor is $\frac{\partial a_1}{\partial W_{111}}$. The links of a chain must fit: where one ends, the next begins.
# > $\frac{\partial a_3}{\partial W_{111}}$ is no link but five links, four of which have been multiplied already. And layer 2 is computed
# > *from* layer 1: it is $\frac{\partial a_2}{\partial h_1}$. There is one output layer; it is the hidden ones that may be many.

# %%
names = [name.replace("∂", "").split("/") for name in factors]
assert all(above[1] == below[0] for above, below in pairwise(names))


def a_3_at(W_111):
    return net.with_parameters(W={1: [[W_111]]}).forward(example).a[3][0, 0]


slope_of_a_3 = central_difference(a_3_at, 0.5)
misprinted = prod(list(factors.values())[:-1]) * slope_of_a_3
print(f"ending in ∂a_3/∂W_111: {misprinted:+.4f}   true: {central_difference(loss_at, 0.5):+.4f}")
assert np.isclose(slope_of_a_3, prod(list(factors.values())[2:]))  # five links
assert not np.isclose(misprinted, grad_W[1]) and misprinted * grad_W[1] < 0

# %% [markdown]
# ## 7 · Compressing a chain
#
# Links that have been multiplied can be put away as a single factor. The lecture paints a stretch of the chain red and another one green:
#
# $$\frac{\partial L}{\partial W_{111}} = \underbrace{\frac{\partial L}{\partial \hat y}\frac{\partial \hat y}{\partial a_3}\frac{\partial a_3}{\partial h_2}\frac{\partial h_2}{\partial a_2}}_{\text{red: } \partial L/\partial a_2} \; \underbrace{\frac{\partial a_2}{\partial h_1}\frac{\partial h_1}{\partial a_1}\frac{\partial a_1}{\partial W_{111}}}_{\text{green: } \partial a_2/\partial W_{111}} = \frac{\partial L}{\partial a_2}\,\frac{\partial a_2}{\partial W_{111}}$$

# %%
values = list(factors.values())
red, green = prod(values[:4]), prod(values[4:])
RED, GREEN = QUANTITIES["gradient"], QUANTITIES["h"]

# %%
links = list(pairwise(["W_111", *nodes[1:]]))  # from the weight to the loss
colors = {link: Line(GREEN, 4, "green", lift=13) for link in links[:3]}
colors |= {link: Line(RED, 4, "red", lift=13) for link in links[3:]}
alt = "The chain of seven links from W_111 to L: the three up to a_2 are green, the other four red."
graph_diagram([["W_111"], *row[1:]], links, alt, lines=colors, gap=94)

# %%
compressed = {
    ("W_111", "a_2"): Line(GREEN, 4, f"∂a_2 /∂W_111 = {green:.3f}", lift=13),
    ("a_2", "L"): Line(RED, 4, f"∂L /∂a_2 = {red:.3f}", lift=13),
}
alt = f"The same chain with two links: W_111 to a_2, {green:.3f}, and a_2 to L, {red:.3f}."
graph_diagram([["W_111"], ["a_2"], ["L"]], compressed, alt, lines=compressed, gap=260)

# %% [markdown]
# **Predict.** Now someone asks for the gradient of $W_{211}$, the weight of layer 2. Which of the two compressed factors can you use again?

# %%
grad_W[2] = red * h_k[1]  # ∂a_2/∂W_211 = h_1
nudged = central_difference(lambda weight: loss_at(weight, k=2), W[2])
print(f"red · h_1 = {grad_W[2]:+.6f}   nudged {nudged:+.6f}")
assert np.isclose(red * green, grad_W[1])
assert np.isclose(grad_W[2], nudged)

# %% [markdown]
# **Check.** The red one: from $a_2$ to the loss the way is the same. Four links are there already, and *one* multiplication is left.
# The green one is of no use to anybody else. It begins at $W_{111}$, and nothing but $W_{111}$ begins there.

# %% [markdown]
# ## 8 · How long is a chain, and how much of it is new?
#
# Close to the loss a chain is short, far away it is long:
#
# $$\frac{\partial L}{\partial W_{311}} = \frac{\partial L}{\partial \hat y}\frac{\partial \hat y}{\partial a_3} \cdot \frac{\partial a_3}{\partial W_{311}}$$
#
# $$\frac{\partial L}{\partial W_{211}} = \frac{\partial L}{\partial \hat y}\frac{\partial \hat y}{\partial a_3}\,\frac{\partial a_3}{\partial h_2}\frac{\partial h_2}{\partial a_2} \cdot \frac{\partial a_2}{\partial W_{211}}$$
#
# $$\frac{\partial L}{\partial W_{111}} = \frac{\partial L}{\partial \hat y}\frac{\partial \hat y}{\partial a_3}\,\frac{\partial a_3}{\partial h_2}\frac{\partial h_2}{\partial a_2}\,\frac{\partial a_2}{\partial h_1}\frac{\partial h_1}{\partial a_1} \cdot \frac{\partial a_1}{\partial W_{111}}$$
#
# With $L$ layers the chain of layer $k$ has $2(L - k) + 3$ factors. (Yes, $L$ is the loss *and* the number of layers. Everybody does it.)
#
# **Predict.** $n$ factors need $n - 1$ multiplications. How many for all three chains, if each is computed on its own? And how
# many if nothing is computed twice?
#
# We do not trust our fingers; we count. Here is a number that counts its multiplications:


# %%
class Counted(float):
    multiplications = 0

    def __mul__(self, other):
        Counted.multiplications += 1
        return Counted(float(self) * float(other))


# %% [markdown]
# And the chain, written as a computer would like to hear it: *the sensitivity to $a_k$ is the sensitivity to $a_{k+1}$, taken two links
# further.*
#
# $$\frac{\partial L}{\partial a_k} = \frac{\partial L}{\partial a_{k+1}}\,\frac{\partial a_{k+1}}{\partial h_k}\,\frac{\partial h_k}{\partial a_k} \qquad\text{and, at the end,}\qquad \frac{\partial L}{\partial W_k} = \frac{\partial L}{\partial a_k}\,\frac{\partial a_k}{\partial W_k}$$


# %%
def thin_network(L):
    deep = FeedForwardNetwork([1] * (L + 1), output="sigmoid", loss="cross_entropy", seed=L)
    return deep, deep.forward(example)


def gradients(deep, h, remember):
    def grad_a(k):
        if k == deep.L:
            return Counted(-1 / h[k]) * (h[k] * (1 - h[k]))  # ∂L/∂ŷ · ∂ŷ/∂a_L
        return grad_a(k + 1) * deep.W[k + 1][0, 0] * (h[k] * (1 - h[k]))

    grad_a = cache(grad_a) if remember else grad_a
    return [grad_a(k) * h[k - 1] for k in deep.layers]  # ∂a_k/∂W_k = h_{k−1}


# %% [markdown]
# The two versions differ in one word, `cache`: look up what you have computed before. Only the products along the chain are counted;
# the local derivatives themselves are taken as given.


# %%
def count(L, remember):
    deep, trace = thin_network(L)
    Counted.multiplications = 0
    grad_W = gradients(deep, [value[0, 0] for value in trace.h], remember)
    truth = [grad[0, 0] for grad in deep.backward(trace, target).W[1:]]
    assert np.allclose(grad_W, truth, rtol=1e-9, atol=0)  # even where they are tiny
    return Counted.multiplications


for L in (2, 3, 10, 30):
    print(f"{L:2} layers: each on its own {count(L, False):3}   remembered {count(L, True):2}")

# %% [markdown]
# **Check.** For three layers 12 against 8, and then the gap opens. On its own, layer $k$ costs $2(L - k) + 2$ multiplications, and the sum over
# all layers is $L(L + 1)$: **quadratic**. Remembered, it is one multiplication at the output, two more for each layer
# below, and one for each weight: $1 + 2(L - 1) + L = 3L - 1$, **linear**. The gradients are the same to the last weight; the
# `assert` inside `count` compared them with `backward`.

# %%
depths = range(1, 31)
alone, remembered = ([count(L, remember) for L in depths] for remember in (False, True))
assert alone == [L * (L + 1) for L in depths]
assert remembered == [3 * L - 1 for L in depths]

# %%
fig, ax = subplots(figsize=(6.4, 3.4))
ax.plot(depths, alone, "o-", color="#A63D00", ms=4, label="each chain on its own")
ax.plot(depths, remembered, "s-", color="#0072B2", ms=4, label="with reuse")
ax.set(xlabel="layers of the thin network", ylabel="multiplications, counted", ylim=(0, None))
ax.legend()
show(
    fig,
    f"""Multiplications for all weights of a thin network with 1 to 30 layers. Each chain on its
    own: a parabola that reaches {alone[-1]}. With reuse: a straight line that reaches
    {remembered[-1]}.""",
)

# %% [markdown]
# To solve each part of a problem once, keep the answer, and look it up when it is needed again: that is **dynamic
# programming**. Backpropagation is dynamic programming on the chain rule, and there lies its speed.
#
# And why *backwards*? All chains **end** at the same loss, so what they share is the end, and only someone who comes from the loss
# multiplies the shared part first. Forwards, each weight begins at a place of its own:

# %%
print(f"four factors, forwards from W_111:  ∂h_2/∂W_111 = {prod(values[3:]):+.4f}")
print(f"four factors, backwards from L:     ∂L/∂a_2     = {prod(values[:4]):+.4f}")


def h_2_at(W_111):
    return net.with_parameters(W={1: [[W_111]]}).forward(example).h[2][0, 0]


assert np.isclose(prod(values[3:]), central_difference(h_2_at, 0.5))

# %% [markdown]
# The same effort. Forwards you hold $\frac{\partial h_2}{\partial W_{111}}$, which serves $W_{111}$ alone.
# Backwards you hold $\frac{\partial L}{\partial a_2}$, which serves *every* weight and bias in layers 1 and 2.

# %% [markdown]
# ### Try it
#
# **1.** In the explorer, $\sigma(a)$, all 4 factors. For which input is the product largest? And at input 3, which factor makes it so small?
#
# <details><summary>Answer</summary>
#
# At 0, and there it is $\tfrac14$. At 3 the factor of "exp" does it: $e^{-3} \approx 0.05$, while "invert" gives about $-0.91$ and the other
# two are $\pm 1$. Go to $-3$ and they change roles: exp makes the nudge twenty times *larger*, and "invert" makes it more than four hundred times smaller.
#
# </details>
#
# **2.** Choose $\log(1 + e^x)$ at input 1, all 3 factors. Where have you seen this product before? Try other inputs, and prove it.
#
# <details><summary>Answer</summary>
#
# It is $\sigma(1) \approx 0.731$, the value of $h$ in the sigmoid's chain: $\frac{1}{u_2} \cdot 1 \cdot e^x = \frac{e^x}{1 + e^x} = \frac{1}{1 + e^{-x}} = \sigma(x)$.
#
# </details>
#
# **3.** Choose $\sin(x^2)$ at input 0. The product is 0. Which factor is to blame, and what does a nudge do there?
#
# <details><summary>Answer</summary>
#
# $\frac{du_1}{dx} = 2x = 0$: the first gear stands still, and no later factor can bring a zero back to life. A nudge of 0.001 moves $x^2$ by
# only 0.000001. Keep this in mind for units whose $g'$ is 0.
#
# </details>
#
# **4.** Thin network, all 7 factors, backwards. Set the input, $W_{111}$, to 3 and then to $-3$. How does the gradient compare with the one at 0.5, and whose fault is it?
#
# <details><summary>Answer</summary>
#
# It goes from about 0.068 to less than a tenth of that at both ends. To blame is $\frac{\partial h_1}{\partial a_1} = h_1(1 - h_1)$: at
# $a_1 = \pm 4.5$ the sigmoid is nearly flat, 0.011 instead of 0.218. A weight behind a saturated unit is hardly heard by the loss (lesson 12).
#
# </details>
#
# **5.** In section 8 we forgot the biases. How many more multiplications do all the $\frac{\partial L}{\partial b_k}$ cost, with reuse?
#
# <details><summary>Answer</summary>
#
# None. $\frac{\partial a_k}{\partial b_k} = 1$, so $\frac{\partial L}{\partial b_k} = \frac{\partial L}{\partial a_k}$, and that is in the cache already.
#
# </details>
#
# **6.** In section 2 replace the first step, `(np.sin, np.cos)`, by the cosine, `(np.cos, lambda u: -np.sin(u))`, and run the section
# again. Why does its check fail, and what else has to change?
#
# <details><summary>Answer</summary>
#
# `whole` still begins with a sine, so it is another function. Write `np.sin(np.cos(np.exp(np.cos(x))))` there, and values and
# derivatives agree again. The loop did not have to change: it never knew which function it was differentiating.
#
# </details>

# %% [markdown]
# ## Recap
#
# The two things that the live session asks you to take home:
#
# - **Any composite function is a chain.** However frightening it looks, it is made of steps that you can differentiate in your sleep. Multiply.
# - **Most of the work is reused.** All chains end at the loss, so start there, and keep what you have. Quadratic becomes linear.
#
# And two more:
#
# - A derivative is a sensitivity; the product of the local derivatives from a value to the end says how much the end reacts to it.
# - The links must fit: $\dots \frac{\partial h_1}{\partial a_1} \frac{\partial a_1}{\partial W_{111}}$, where one ends the next begins.
#
# In a real network a unit talks to *several* others. What then? Lesson 02.
