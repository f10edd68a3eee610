# %% [markdown]
# # 01 · Chain rule: one path
#
# **Nudge the first number of a long computation. By how much does the last one move?**
#
# A computer does not compute $(2x + 1)^2$ at once. It does one step, keeps the result, and goes on from there:
#
# $$u = 2x + 1 \qquad y = u^2$$
#
# **Time** 75 minutes · **You need** the derivative as the limit of a secant, and one unit (lesson 00)

# %%
from itertools import pairwise

import numpy as np

from utils.explore.chain import chain_explorer
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork, sigmoid
from utils.pictures import lesson_01 as pictures

lesson = Lesson("01")
pictures.two_steps()

# %% [markdown]
# **After this lesson you can** take a function apart into steps, and differentiate it with a loop of two lines · say how sensitive the
# result is to each number on the way · write down $\frac{\partial \mathcal{L}}{\partial W_{111}}$ for a weight that is far from the loss · say why the
# work begins at the loss, and count what that saves.

# %% jupyter={"source_hidden": true}
lesson.recall("00/secant", "00/pre_activation")

# %% [markdown]
# ## 1 · A function inside a function

# %%
gears = lesson.predict(
    "gears",
    "x = 1 is nudged up by 0.001. By how much does y = (2x + 1)² move?",
)

# %% tags=["reasons"]
{
    "why": "The first step makes the nudge twice as large. The second makes it six times as large, because dy/du = 2u and u = 3. Two gears in a row: 2 · 6 = 12.",
    "0.002": "This is how much u moves. One more step lies between u and y.",
    "0.006": "The second step makes six times as much of what it gets. It gets the nudge of u, and that is 0.002.",
    "0.008": "2 + 6. But the second step multiplies what the first one hands on.",
    "0.004": "You have taken dy/du = 2u at x = 1. The second step begins at u = 3.",
    "9.012": "That is the new y. By how much has it moved?",
}


# %%
def inner(x):
    return 2 * x + 1


nudge = 0.001
u, u_nudged = inner(1.0), inner(1.0 + nudge)
y, y_nudged = u**2, u_nudged**2
print(f"u moves by {u_nudged - u:.3f}: {(u_nudged - u) / nudge:.2f} times as much as x")
print(f"y moves by {y_nudged - y:.3f}: {(y_nudged - y) / (u_nudged - u):.2f} times as much as u")
gears.compare(y_nudged - y)

# %% [markdown]
# <details><summary>The chain rule. Open it when you have answered.</summary>
#
# Steps that follow each other are gears in a row: their ratios *multiply*.
#
# $$\frac{dy}{dx} = \frac{dy}{du} \, \frac{du}{dx}$$
#
# </details>
#
# $\frac{du}{dx}$ and $\frac{dy}{du}$ are **local derivatives**. Each belongs to one step, and is taken at the number where this step *begins*.
#
# **Write** $\frac{dy}{dx}$ for $y = (2x + 1)^2$, at any $x$.


# %%
def square_slope(x):
    """Return dy/dx of y = (2x + 1)², made from the two local derivatives."""
    raise NotImplementedError  # u = …, and one more line


square_slope = lesson.check(square_slope)


# %%
def nudged_slope(f, x, eps=1e-5):
    return (f(x + eps) - f(x - eps)) / (2 * eps)  # the central difference of lesson 00


for place in (-2.0, 0.0, 1.0):
    by_nudging = nudged_slope(lambda x: inner(x) ** 2, place)
    assert np.isclose(square_slope(place), by_nudging)
    print(
        f"✓ x = {place:+.0f}: the product {square_slope(place):+.1f}, by nudging {by_nudging:+.1f}"
    )

# %% [markdown]
# ## 2 · As many steps as you like
#
# $$y = \sin\!\big(\cos\big(e^{\sin x}\big)\big)$$
#
# Nobody has to understand this function *as a whole*. It is four steps that you know from school. Here they are, each beside its derivative:

# %%
steps = [
    (np.sin, np.cos),
    (np.exp, np.exp),
    (np.cos, lambda u: -np.sin(u)),
    (np.sin, np.cos),
]
print(len(steps), "steps, from the inside: sine, exponential, cosine, sine")

# %% [markdown]
# One loop can compute the value *and* the derivative. It carries two numbers: the value so far, and the product of local derivatives so
# far. Each round has two lines,
#
# `value = f(value)`
#
# `derivative = derivative * prime(value)`

# %%
first = lesson.predict(
    "first",
    "Which of the two lines must come first?",
    {
        "value": "first value = …, for everything else is computed from it",
        "derivative": "first derivative = …",
        "either": "either order will do",
    },
)

# %% tags=["reasons"]
{
    "why": "A local derivative is taken where its step begins. The line `value = f(value)` forgets that place, so the product comes first. Lesson 07 meets the same mistake in a whole network.",
    "first value = …, for everything else is computed from it": "After that line, value is where the step ends. Where is the local derivative taken?",
    "either order will do": "prime(value) is called before or after value changes, so it gets another number. Only one of them is right.",
}

# %% [markdown]
# **Write** the loop, for any list of steps.


# %%
def value_and_derivative(steps, x):
    """Return the value of a chain of steps at x, and its derivative there."""
    value, derivative = x, 1.0
    for f, prime in steps:
        raise NotImplementedError  # two lines
    return value, derivative


value_and_derivative = lesson.check(value_and_derivative)


# %%
def whole(x):
    return np.sin(np.cos(np.exp(np.sin(x))))


places = [-2.0]
for f, _ in steps:
    places.append(f(places[-1]))  # where each step begins and ends
where = {"derivative": places[:-1], "value": places[1:]}
slopes = {
    key: np.prod([prime(p) for (_, prime), p in zip(steps, at, strict=True)])
    for key, at in where.items()
}
true = nudged_slope(whole, -2.0)
print("each local derivative taken where its step begins:", slopes["derivative"].round(4))
print("each local derivative taken where its step ends:  ", slopes["value"].round(4))
print("by nudging:                                       ", true.round(4))
assert all(
    np.allclose(value_and_derivative(steps, x), (whole(x), nudged_slope(whole, x)))
    for x in (-2, 0.5, 3)
)
print("✓ the loop agrees with nudging at three places")
right = [key for key, slope in slopes.items() if np.isclose(slope, true)]
first.compare(right[0] if len(right) == 1 else "either")

# %% [markdown]
# ## 3 · The sigmoid, taken apart
#
# $\sigma(a) = \frac{1}{1 + e^{-a}}$ is the activation that you know from lesson 00. From the inside it is four steps: negate, take the exponential,
# add one, invert.
#
# $$u_1 = -a \qquad u_2 = e^{u_1} \qquad u_3 = 1 + u_2 \qquad h = \frac{1}{u_3}$$
#
# We take $a = -\log 2$, because then the numbers are easy: $u_1 = \log 2$, $u_2 = 2$, $u_3 = 3$ and $h = \tfrac13$. ($\log$ is the natural
# logarithm, to the base $e$, here and in the whole course.)

# %%
invert = lesson.predict("invert", "The last step is h = 1/u₃, and u₃ = 3. What is dh/du₃?")

# %% tags=["reasons"]
{
    "why": "The derivative of 1/u is −1/u², and u₃ = 3. When u₃ grows, h falls. Without this minus the slope of the sigmoid comes out negative, though the sigmoid rises.",
    "1/9": "A common mistake: the minus is lost. When u₃ grows, does 1/u₃ grow or fall?",
    "-1/3": "The derivative of 1/u is −1/u², with a square.",
    "1/3": "That is h itself.",
    "-9": "You have −u². It stands below the line.",
}

# %%
a = -np.log(2)
u_1 = -a
u_2 = np.exp(u_1)
u_3 = 1 + u_2
h = 1 / u_3
print(f"u₁ = {u_1:.4f}   u₂ = {u_2:.0f}   u₃ = {u_3:.0f}   h = {h:.4f}")
invert.compare(nudged_slope(lambda u: 1 / u, u_3))

# %% [markdown]
# **Write** all four local derivatives, each at the number where its step begins.


# %%
def local_derivatives(a):
    """Return np.array([du_1/da, du_2/du_1, du_3/du_2, dh/du_3]) at a."""
    raise NotImplementedError  # u_1, u_2, u_3, and then the four


local_derivatives = lesson.check(local_derivatives)

# %%
factors = local_derivatives(a)
print("local derivatives:", factors.round(4))
print(f"their product {factors.prod():+.4f}, by nudging {nudged_slope(sigmoid, a):+.4f}")
print(
    f"with +1/u² in place of −1/u²: {np.prod([*factors[:3], 1 / u_3**2]):+.4f}, as if the sigmoid were falling"
)
assert np.isclose(factors.prod(), nudged_slope(sigmoid, a)) and np.isclose(factors.prod(), 2 / 9)
print("✓ the product of the four is 2/9, and so says nudging")

# %% [markdown]
# ## 4 · What do the numbers on the way tell?
#
# Stop after any step, nudge the number that you hold, and let the rest run on. The nudge enters the chain in the middle. It meets only the
# steps that are still to come.

# %%
falls = lesson.predict(
    "falls",
    "Each of the four numbers is nudged up by 0.001, one at a time. For which of them does h fall?",
    ["a", "u₁", "u₂", "u₃"],
    several=True,
)

# %% tags=["reasons"]
{
    "why": "Multiply the local derivatives that are still to come. Beyond a there are two minus signs, beyond the others there is one.",
    "a": "From a the nudge meets negate and invert, two minus signs: h rises. The sigmoid is a rising function.",
    "u₁": "u₁ lies behind negate. The nudge meets exp, add one, and invert: one minus sign, so h falls.",
    "u₂": "The nudge meets add one and invert: one minus sign, so h falls.",
    "u₃": "The nudge meets invert alone: one minus sign, so h falls.",
}

# %%
rest = {  # from each number on to h
    "a": (a, sigmoid),
    "u₁": (u_1, lambda u: 1 / (1 + np.exp(u))),
    "u₂": (u_2, lambda u: 1 / (1 + u)),
    "u₃": (u_3, lambda u: 1 / u),
}
reactions = {name: nudged_slope(finish, value) for name, (value, finish) in rest.items()}
for name, reaction in reactions.items():
    print(f"{name:3} nudged: h moves {reaction:+.3f} times as much")
falls.compare([reaction < 0 for reaction in reactions.values()])

# %% [markdown]
# No nudging is needed for that. In the picture the local derivatives stand on the lines. Below each circle stands the product of all lines
# between it and $h$, and the work begins at the right, with $\frac{dh}{dh} = 1$.

# %%
after = [factors[i:].prod() for i in range(4)]
assert np.allclose(after, list(reactions.values()))
print("✓ the products below a, u₁, u₂, u₃ are what nudging has measured:", np.round(after, 3))
pictures.sigmoid_in_four_steps(a)

# %% [markdown]
# From now on, read a derivative like this: $\frac{\partial \mathcal{L}}{\partial v}$ answers the question *if $v$ moves a little, how many times as much
# does the loss move?* It is a **sensitivity**.
#
# In the explorer, *factors* multiplies one more local derivative with each press of an arrow key. Before each press, say what comes next.

# %%
lesson.explore("chain", chain_explorer())

# %% [markdown]
# What does the answer *zero* mean? Take $y = \sin(x^2)$ at $x = 0$. There $\frac{dy}{dx} = \cos(x^2) \cdot 2x = 0$.

# %%
zero = lesson.predict(
    "zero",
    "x = 0 is nudged by 0.001, and then, from 0 again, by 1. By how much does y = sin(x²) move?",
    {
        "0 0": "by 0 both times",
        "less more": "by much less than 0.001, and by more than 0.8",
        "as much": "by about 0.001, and by about 1",
    },
)

# %% tags=["reasons"]
{
    "why": "0.000001 and 0.84. A derivative of 0 says that a tiny nudge moves y by almost nothing, even compared with the nudge. It does not say that x has no effect: here x = 0 is the lowest point of a valley.",
    "by 0 both times": "A derivative speaks of tiny nudges only. What is the sine of 1?",
    "by about 0.001, and by about 1": "That would be a derivative of 1. Put 0.001 into x² first.",
}

# %%
small, large = np.sin(0.001**2), np.sin(1.0**2)
print(f"nudge 0.001: y moves by {small:.6f}   nudge 1: y moves by {large:.2f}")
zero.compare("0 0" if large == 0 else "less more" if small < 0.0001 and large > 0.8 else "as much")

# %% [markdown]
# ## 5 · Is there a short formula for the slope of the sigmoid?
#
# Multiply the four with letters, and split the fraction:
#
# $$\frac{dh}{da} = \left(-\frac{1}{u_3^2}\right) \cdot 1 \cdot e^{u_1} \cdot (-1) = \frac{e^{-a}}{(1 + e^{-a})^2} = \frac{1}{1 + e^{-a}} \cdot \frac{e^{-a}}{1 + e^{-a}}$$
#
# The first fraction is $h$. In the second, add 1 and take it away again:
#
# $$\frac{e^{-a}}{1 + e^{-a}} = \frac{(1 + e^{-a}) - 1}{1 + e^{-a}} = 1 - \frac{1}{1 + e^{-a}} = 1 - h$$
#
# So $\sigma'(a) = h\,(1 - h)$. Whoever knows $h$ gets the derivative for one subtraction and one product.

# %%
ninety = lesson.predict("ninety", "A unit says h = σ(a) = 0.9. What is its slope dh/da there?")

# %% tags=["reasons"]
{
    "why": "0.9 · (1 − 0.9). Its slope is largest at h = ½, and there it is ¼.",
    "0.1": "That is 1 − h. The other factor is h.",
    "0.81": "That is h². The second factor is 1 − h.",
    "0.9": "That is h. The second factor is 1 − h.",
    "-0.09": "The sigmoid rises everywhere.",
}

# %%
ninety.compare(nudged_slope(sigmoid, np.log(9)))  # σ(log 9) = 1/(1 + 1/9) = 0.9

# %% [markdown]
# Somebody loses a minus in the formula of the unit itself, and writes $\frac{1}{1 + e^{a}}$.

# %%
upside_down = lesson.predict(
    "upside_down",
    "What does this unit answer, compared with h = σ(a)?",
    {"minus": "−h", "rest": "1 − h", "inverse": "1/h", "same": "the same"},
)

# %% tags=["reasons"]
{
    "why": "At a = 0 both say ½. The larger a is, the smaller is the answer: where the true unit says 0.9, this one says 0.1.",
    "−h": "1/(1 + eᵃ) is positive, whatever a is.",
    "1/h": "1/h is 1 + e⁻ᵃ, more than 1. But 1/(1 + eᵃ) is less than 1.",
    "the same": "Try a = 2: e² is 7.4, and e⁻² is 0.14.",
}

# %%
a_axis = np.array([-2.0, 0.0, 2.0])
wrong_unit, true_unit = 1 / (1 + np.exp(a_axis)), sigmoid(a_axis)
print("a        ", a_axis, "\n1/(1+e⁻ᵃ)", true_unit.round(3), "\n1/(1+eᵃ) ", wrong_unit.round(3))
forms = {
    "minus": -true_unit,
    "rest": 1 - true_unit,
    "inverse": 1 / true_unit,
    "same": true_unit,
}
upside_down.compare(next(form for form, value in forms.items() if np.allclose(value, wrong_unit)))

# %% [markdown]
# ## 6 · A deep, thin network
#
# A network is a composite function too. This one is deep, three layers, and as thin as can be: one unit in each layer. Unit 1 passes its
# activation on to unit 2, and unit 2 to unit 3, which gives the answer $\hat y$. The loss is $\mathcal{L} = (\hat y - y)^2$.

# %%
pictures.thin_network()

# %% [markdown]
# $$a_k = W_k \, h_{k-1} + b_k \qquad h_k = \sigma(a_k) \qquad h_0 = x \qquad h_3 = \hat y$$
#
# Every matrix is $1 \times 1$: $W_1$ has the single entry $W_{111}$, in layer 1, to unit 1, from unit 1.
#
# Begin at the end. $\mathcal{L} = (y - \hat y)^2$ is the same loss, and as a chain it is: negate $\hat y$, add $y$, square.

# %%
loss_slope = lesson.predict("loss_slope", "ŷ = 0.6 and y = 1. What is ∂𝓛/∂ŷ for 𝓛 = (y − ŷ)²?")

# %% tags=["reasons"]
{
    "why": "−1 from negate, 1 from add, 2 · 0.4 from the square. So −2(y − ŷ), which is 2(ŷ − y): the answer is too small, and a larger one would make the loss smaller.",
    "0.8": "The size is right. The first step negates ŷ, and its factor −1 is missing.",
    "-0.4": "The square has the derivative 2u, not u.",
    "0.4": "That is y − ŷ. Two factors are missing: 2 from the square, −1 from negate.",
    "0.16": "That is the loss.",
    "1.2": "You have taken 2ŷ. The square begins at y − ŷ.",
}

# %%
loss_slope.compare(nudged_slope(lambda y_hat: (1 - y_hat) ** 2, 0.6), within=1e-3)

# %%
links = lesson.predict(
    "links",
    "No weight of this network is further from the loss than W₁₁₁. How many local derivatives lie between the two?",
)

# %% tags=["reasons"]
{
    "why": "From W₁₁₁ to a₁, h₁, a₂, h₂, a₃, ŷ and 𝓛: seven lines, seven factors.",
    "8": "There are eight circles on the way, both ends counted. A derivative belongs to a line between two.",
    "6": "One is missing: count from the weight to a₁, and from ŷ to the loss, too.",
    "3": "Each layer is two steps: add up, then the sigmoid. And the loss is one more.",
    "4": "Each layer is two steps: add up, then the sigmoid.",
}

# %%
row = ["W₁₁₁", "a₁", "h₁", "a₂", "h₂", "a₃", "ŷ", "𝓛"]
way = list(pairwise(reversed(row)))
print(" · ".join(f"∂{later}/∂{earlier}" for later, earlier in way))
links.compare(len(way))

# %% [markdown]
# <details><summary>The chain, link by link. Open it when you have answered.</summary>
#
# Walk from the loss down to the weight, and write down every step. The links must fit: where one ends, the next begins.
#
# $$\frac{\partial \mathcal{L}}{\partial W_{111}} = \underbrace{\frac{\partial \mathcal{L}}{\partial \hat y} \frac{\partial \hat y}{\partial a_3}}_{\text{the output layer: 04}} \; \underbrace{\frac{\partial a_3}{\partial h_2} \frac{\partial h_2}{\partial a_2}}_{\text{a hidden layer: 05}} \; \underbrace{\frac{\partial a_2}{\partial h_1} \frac{\partial h_1}{\partial a_1}}_{\text{a hidden layer: 05}} \; \underbrace{\frac{\partial a_1}{\partial W_{111}}}_{\text{the weight: 06}}$$
#
# This is the **roadmap** of the course. It has three kinds of pieces: output units (lesson 04), hidden units (lesson 05), weights and biases
# (lesson 06). Each further hidden layer adds one more brace in the middle.
#
# </details>
#
# **Write** all these factors, in the order from the loss to the weight. `W[k]` and `h[k]` are numbers, `h[0]` is $x$ and `h[3]` is $\hat y$. You know the slope of a sigmoid
# from its own value.


# %%
def chain_factors(W, h, y):
    """Return np.array of all local derivatives on the way, from ∂𝓛/∂ŷ to ∂a_1/∂W_111."""
    raise NotImplementedError  # return np.array([2 * (…), …])


chain_factors = lesson.check(chain_factors)

# %%
x, target = np.array([[1.5]]), np.array([[1.0]])  # one example
W = np.array([0, 0.5, -2.0, 1.5])  # W[k] is W_k; entry 0 is not used
net = FeedForwardNetwork([1, 1, 1, 1], output="sigmoid", loss="squared_error")
net = net.with_parameters(W={k: [[W[k]]] for k in net.layers})  # the biases stay 0
trace = net.forward(x)
h_k = np.array(trace.h).ravel()  # x, h_1, h_2, ŷ
seven = chain_factors(W, h_k, y=1.0)
print(f"ŷ = {h_k[3]:.4f}   𝓛 = {net.loss(trace, target):.4f}")
for (later, earlier), factor in zip(way, seven, strict=True):
    print(f"∂{later}/∂{earlier} = {factor:+.4f}")

# %%
sign = lesson.predict(
    "sign",
    "Look at the seven signs. W₁₁₁ grows a little, from 0.5 to 0.6. What does the loss do?",
    {
        1: "it rises",
        -1: "it falls",
        0: "it stays",
    },
)

# %% tags=["reasons"]
{
    "why": "Two of the seven are negative, and two minus signs make a plus. So this weight must go down for the loss to fall.",
    "it falls": "Count the minus signs: each turns the nudge round once.",
    "it stays": "None of the seven is 0, so their product is not 0 either.",
}


# %%
def loss_at(weight, k=1):
    """Return the loss with another weight in layer k."""
    moved = net.with_parameters(W={k: [[weight]]})
    return moved.loss(moved.forward(x), target)


change = loss_at(0.6) - loss_at(0.5)
print(f"product of the seven {seven.prod():+.6f}, by nudging {nudged_slope(loss_at, 0.5):+.6f}")
print(
    f"from 0.5 to 0.6 the loss changes by {change:+.4f}; 0.1 · product is {0.1 * seven.prod():+.4f}"
)
gradients = net.backward(trace, target)
assert np.isclose(seven.prod(), nudged_slope(loss_at, 0.5))
assert np.isclose(seven.prod(), gradients.W[1].item())
print("✓ three ways, one number: product, nudging, and net.backward, to which this course leads")
sign.compare(np.sign(change.round(6)))

# %% [markdown]
# Now it is clear in which direction to move the weight. The chain rule *computes* the gradient; gradient descent *uses* it.

# %%
lesson.explore("thin", chain_explorer(function="thin network, from W_111 to 𝓛", x=0.5, step=7))

# %% [markdown]
# ## 7 · Keep a part of the chain
#
# What has been multiplied can be kept as one single factor. Let us paint two parts of the chain:

# %%
pictures.painted_chain()

# %% [markdown]
# $$\frac{\partial \mathcal{L}}{\partial W_{111}} = \underbrace{\frac{\partial \mathcal{L}}{\partial \hat y}\frac{\partial \hat y}{\partial a_3}\frac{\partial a_3}{\partial h_2}\frac{\partial h_2}{\partial a_2}}_{\text{red: } \partial \mathcal{L}/\partial a_2} \; \underbrace{\frac{\partial a_2}{\partial h_1}\frac{\partial h_1}{\partial a_1}\frac{\partial a_1}{\partial W_{111}}}_{\text{green: } \partial a_2/\partial W_{111}}$$

# %%
red, green = seven[:4].prod(), seven[4:].prod()
assert np.isclose(red * green, seven.prod())
print(f"✓ red · green = {red:+.4f} · {green:+.4f} = {red * green:+.6f}, the product of the seven")
pictures.compressed_chain(red, green)

# %%
serves = lesson.predict(
    "serves",
    "Now somebody asks for the gradient of W₂₁₁, the weight of layer 2. Which of the two can be used again?",
    {"red": "the red one", "green": "the green one", "both": "both", "none": "neither"},
)

# %% tags=["reasons"]
{
    "why": "From the loss to a₂ the way is the same. One multiplication is left: ∂a₂/∂W₂₁₁ = h₁.",
    "the green one": "The green one begins at W₁₁₁. Does the chain of W₂₁₁ pass there?",
    "both": "The chain of W₂₁₁ ends at a₂, one link further. It never comes to a₁.",
    "neither": "Walk from the loss towards W₂₁₁: ŷ, a₃, h₂, a₂. You have been there.",
}

# %%
nudged_2 = nudged_slope(lambda weight: loss_at(weight, k=2), W[2])
fits = {
    "red": np.isclose(red * h_k[1], nudged_2),  # ∂a_2/∂W_211 = h_1
    "green": np.isclose(green * h_k[1], nudged_2),
    "both": np.isclose(red * green * h_k[1], nudged_2),
}
print(f"red · h₁ = {red * h_k[1]:+.6f}, by nudging {nudged_2:+.6f}")
serves.compare(next((name for name, fit in fits.items() if fit), "none"))

# %% [markdown]
# ## 8 · How much of a chain is new?
#
# Near the loss a chain is short, far away it is long:
#
# $$\frac{\partial \mathcal{L}}{\partial W_{311}} = \frac{\partial \mathcal{L}}{\partial \hat y}\frac{\partial \hat y}{\partial a_3} \cdot \frac{\partial a_3}{\partial W_{311}}$$
#
# $$\frac{\partial \mathcal{L}}{\partial W_{211}} = \frac{\partial \mathcal{L}}{\partial \hat y}\frac{\partial \hat y}{\partial a_3}\,\frac{\partial a_3}{\partial h_2}\frac{\partial h_2}{\partial a_2} \cdot \frac{\partial a_2}{\partial W_{211}}$$
#
# $$\frac{\partial \mathcal{L}}{\partial W_{111}} = \frac{\partial \mathcal{L}}{\partial \hat y}\frac{\partial \hat y}{\partial a_3}\,\frac{\partial a_3}{\partial h_2}\frac{\partial h_2}{\partial a_2}\,\frac{\partial a_2}{\partial h_1}\frac{\partial h_1}{\partial a_1} \cdot \frac{\partial a_1}{\partial W_{111}}$$
#
# We count multiplications, and take the local derivatives themselves as given.

# %%
alone = lesson.predict(
    "alone",
    "How many multiplications do the three chains take, if each is multiplied on its own?",
)

# %% tags=["reasons"]
{
    "why": "The chains have 3, 5 and 7 factors. n factors need n − 1 multiplications: 2 + 4 + 6.",
    "15": "There are 3 + 5 + 7 = 15 factors. Three factors need two multiplications.",
    "6": "That is the longest chain alone. The two others take 2 and 4.",
    "8": "Here each chain stands alone: no product is used twice. How many factors has each of them?",
    "18": "Three chains, but not of the same length.",
}

# %%
shared = lesson.predict(
    "shared",
    "And how many, if every product is begun at the loss, and no product is computed twice?",
)

# %% tags=["reasons"]
{
    "why": "The longest chain takes 6. On the way it has computed everything that the other two need but their last factor: one more each.",
    "6": "That is the longest chain. W₂₁₁ and W₃₁₁ need one more multiplication each, by their own last factor.",
    "5": "So many lead from the loss down to a₁. Then each weight needs one more, by its own last factor.",
    "12": "That is each chain on its own. All three begin with the same factors.",
    "7": "Seven factors need six multiplications. And then there are two other weights.",
}

# %%
from_weights = lesson.predict(
    "from_weights",
    "Last: how many, if every product is begun at its weight, and no product is computed twice?",
)

# %% tags=["reasons"]
{
    "why": "The three chains end alike, at the loss, but they begin at three different weights. Whoever begins there finds nothing to use again. Only someone who comes from the loss multiplies the shared part first.",
    "8": "Whoever begins at a weight multiplies its own factor first. Which other chain has this factor?",
    "6": "Whoever begins at a weight multiplies its own factor first. Which other chain has this factor?",
    "15": "There are 15 factors, and n factors need n − 1 multiplications.",
}


# %%
def links_to(k, L):
    """Return the links of the chain from 𝓛 to W_k in a thin network with L layers."""
    nodes = ["𝓛", "ŷ", *(node for m in range(L, k, -1) for node in (f"a{m}", f"h{m - 1}"))]
    return tuple(pairwise([*nodes, f"a{k}", f"W{k}"]))


def count(L, begin):
    """Return how many products of two or more links are computed."""
    chains = [links_to(k, L) for k in range(1, L + 1)]
    if begin == "alone":
        return sum(len(chain) - 1 for chain in chains)
    ends = range(2, 2 * L + 2)
    parts = [chain[:n] if begin == "loss" else chain[-n:] for chain in chains for n in ends]
    return len({part for part in parts if len(part) > 1})  # a set holds each product once


for chain in (links_to(k, 3) for k in (3, 2, 1)):
    print(" · ".join(f"∂{later}/∂{earlier}" for later, earlier in chain))
alone.compare(count(3, "alone"))
shared.compare(count(3, "loss"))
from_weights.compare(count(3, "weight"))

# %% [markdown]
# To solve each part of a problem once, keep the answer and use it again: that is **dynamic programming**. Backpropagation is dynamic
# programming on the chain rule.
#
# **Write** it for a thin network of any depth. `back` is what you carry: $\frac{\partial \mathcal{L}}{\partial \hat y}$ at first, then $\frac{\partial \mathcal{L}}{\partial a_3}$,
# $\frac{\partial \mathcal{L}}{\partial h_2}$, $\frac{\partial \mathcal{L}}{\partial a_2}$ and so on. At each $a_k$, take the gradient of the weight.


# %%
def thin_gradients(W, h, y):
    """Return an array whose entry k is ∂𝓛/∂W_k; entry 0 stays unused. h[0] is x, the last h is ŷ."""
    grad_W = np.zeros(len(h))
    back = 2 * (h[-1] - y)  # ∂𝓛/∂ŷ
    for k in range(len(h) - 1, 0, -1):  # L, …, 2, 1
        raise NotImplementedError  # back = … to a_k, grad_W[k] = …, back = … to h_{k-1}
    return grad_W


thin_gradients = lesson.check(thin_gradients)

# %% [markdown]
# This *is* backpropagation, for a thin network. In a wide one a unit talks to several others, and you need lesson 02.

# %%
deep = FeedForwardNetwork([1] * 31, output="sigmoid", loss="squared_error", seed=0)  # 30 layers
deep_trace = deep.forward(x)
mine = thin_gradients([0, *(deep.W[k].item() for k in deep.layers)], np.ravel(deep_trace.h), 1.0)
theirs = [grad.item() for grad in deep.backward(deep_trace, target).W[1:]]
assert np.allclose(mine[1:], theirs, rtol=1e-9, atol=0)
print("✓ 30 layers: the loop and net.backward give the same 30 gradients")
depths = range(1, 31)
all_alone, all_shared = ([count(L, begin) for L in depths] for begin in ("alone", "loss"))
assert all_alone == [L * (L + 1) for L in depths] and all_shared == [3 * L - 1 for L in depths]
print("✓ L layers: L(L + 1) multiplications alone, 3L − 1 with reuse, counted for 1 to 30 layers")
pictures.prices(all_alone, all_shared)

# %% [markdown]
# $a_k = W_k h_{k-1} + b_k$ has a bias, too. So far we have left it out.

# %%
biases = lesson.predict(
    "biases",
    "How many more multiplications do the gradients of all three biases take, with reuse?",
)

# %% tags=["reasons"]
{
    "why": "∂a_k/∂b_k = 1. So ∂𝓛/∂b_k is ∂𝓛/∂a_k, and that is there already.",
    "3": "One each, by ∂a_k/∂b_k. But what is that derivative?",
    "6": "What is ∂a_k/∂b_k? Then look at what your loop has computed already.",
    "12": "What is ∂a_k/∂b_k? Then look at what your loop has computed already.",
}

# %%
grad_b = [gradients.b[k].item() for k in net.layers]
grad_a = [gradients.a[k].item() for k in net.layers]
print("∂𝓛/∂b_k:", np.round(grad_b, 6), "\n∂𝓛/∂a_k:", np.round(grad_a, 6))
biases.compare(sum(not np.isclose(b, a) for b, a in zip(grad_b, grad_a, strict=True)))

# %% [markdown]
# ## What you take along

# %%
lesson.summary()

# %% [markdown]
# - **One function inside the other is a chain.** However difficult it looks, it is made of steps that you can differentiate. Multiply.
# - A local derivative is taken where its step begins.
# - A derivative is a sensitivity: the product of the local derivatives from a number to the end says how much the end reacts to it. Zero means:
#   a tiny nudge has almost no effect.
# - **Most of the work is used again**, if one begins at the loss: $3L - 1$ multiplications in place of $L(L + 1)$.
#
# <details><summary>If you have heard the lectures: what is different there</summary>
#
# - The live class lists $\frac{d}{dx} \frac1x = \frac1{x^2}$ among its basic derivatives. The minus is missing; its chain, a little later, has it.
# - It writes the sigmoid of a unit as $\frac{1}{1 + e^{wx + b}}$. The exponent is $-(wx + b)$.
# - It says that the *derivative* breaks a function into steps, and finds a minimum. The *chain rule* breaks it into steps; the derivative is
#   a slope; gradient descent looks for a minimum. And it says "gradient descent" where it means the gradient.
# - The handout prints the roadmap three times. Twice its last factor is $\frac{\partial a_3}{\partial W_{111}}$; the links fit with
#   $\frac{\partial a_1}{\partial W_{111}}$. It wants $\frac{\partial h_1}{\partial a_2}$ to be stored: layer 2 is computed *from* layer 1, so it is
#   $\frac{\partial a_2}{\partial h_1}$. And it works for any number of *hidden* layers, not of "output layers".
#
# </details>
#
# **Next:** in a wide network a number reaches the loss by several paths. Lesson 02.
