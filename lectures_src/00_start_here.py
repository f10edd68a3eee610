# %% [markdown]
# # 00 · Start here
#
# **If one number inside a neural network changes a little, how much does its error change?**
#
# A network holds many numbers. To learn, it must know for each of them which way to change it.
# **Backpropagation** answers the question above for all of them in one sweep. In this course you
# take that sweep apart, and you put it together again.
#
# Click into the next grey cell and press **Shift + Enter**. It runs, and the next cell is selected.
#
# **Time** 70 minutes · **You need** school calculus and a little Python

# %% tags=["this-machine"]
import numpy as np

from utils.environment import report
from utils.explore.secant import secant_explorer
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork
from utils.pictures import lesson_00 as pictures

lesson = Lesson("00")
lesson.course()

# %% [markdown]
# When it has run, you see all lessons and the homework. A bar fills as you answer.
#
# **After this lesson you can** measure any derivative with two values of a function · say what a
# gradient is and where it points · let one unit learn with nothing but that · read the letters of
# all later lessons.
#
# ## 1 · Is everything here?
#
# The next cell says what your computer has.

# %% tags=["this-machine"]
print(report())

# %% [markdown]
# ## 2 · How do you answer a question?
#
# Every lesson moves in three steps, again and again:
#
# 1. **Predict.** A question stands in a frame. Decide, press *This is my answer*, and only then go
#    on. A wrong answer costs nothing, and you learn most from it: you are told what lies behind it.
# 2. **Compute.** Run the cell below.
# 3. **Compare.** The cell says what came out, and why.
#
# Try it with a question from school.

# %%
growth = lesson.predict(
    "growth",
    "A square has sides of length 1. Both sides become longer by 0.1. By how much does the area grow?",
)

# %% tags=["reasons"]
{
    "why": "Two strips of 1 · 0.1, and the small square of 0.1 · 0.1 in the corner: 0.2 + 0.01.",
    "0.2": "Two strips of 1 · 0.1: nearly. A small square in the corner is missing. Remember it; section 3 needs it.",
    "0.1": "One strip of 1 · 0.1 is the growth when a single side becomes longer. Here both do.",
    "0.01": "This is the small square in the corner alone. Along the sides lie two strips, too.",
    "1.21": "This is the new area. How much is it more than the old one?",
}

# %%
growth.compare(1.1**2 - 1.0**2)

# %% [markdown]
# You work in copies of your own; the originals stay as they are. Change whatever you like.
#
# | you want | you do |
# |---|---|
# | your answers | They are kept in `course_progress.json`, beside your copies. Nothing is sent anywhere. |
# | one lesson from the beginning | In a terminal in the course's folder: `.venv/bin/python -m utils.lab reset 00`; with conda, uv or on Windows: the command that starts the course, and `reset 00` after it. Your old copy stays beside the new one. |
# | the newest version of the course | `git pull`, then start the course as always. What you have changed is never overwritten. |
# | to begin again with empty variables | Menu *Kernel → Restart Kernel*, then run the cells from the top. |
#
# ## 3 · What is a derivative?
#
# Take a function $f$. Nudge $x$ by a small step $\varepsilon$ and see how much $f$ changes, per unit of the step:
#
# $$\frac{f(x + \varepsilon) - f(x)}{\varepsilon}$$
#
# That is the slope of the **secant**, the line through two points of the curve. When $\varepsilon$
# shrinks, the secant turns into the tangent, and its slope into the **derivative** $f'(x)$: how
# *sensitive* $f$ is to a small change of $x$.
#
# **Write it.** In some cells a line is missing, and you write it. Run the cell to have it checked. If it is wrong,
# you get a hint; run it again for the reason, and again for the place to read. A solution is folded below.


# %%
def slope(f, x, eps):
    """Return the slope of the secant of f between x and x + eps."""
    raise NotImplementedError  # your line instead of this one


slope = lesson.check(slope)

# %%
secant = lesson.predict(
    "secant",
    "f(x) = x². At x = 1 its derivative is 2. What is the slope of the secant for ε = 0.1?",
)

# %% tags=["reasons"]
{
    "why": "(1.21 − 1)/0.1 = 2.1. In general ((1 + ε)² − 1)/ε = 2 + ε: the corner of the square is the error.",
    "2": "2 is the slope of the tangent. The secant with ε = 0.1 is steeper, because the curve bends upwards.",
    "0.21": "This is how much f grows. A slope is the growth divided by the step.",
    "0.2": "This is the growth without its corner, and a slope is the growth divided by the step.",
    "1.9": "This secant would go to the left, from 0.9 to 1.",
}


# %%
def square(x):
    return x**2


for eps in (1, 0.1, 0.01, 0.001):
    print(f"ε = {eps:<6} slope of the secant {slope(square, 1.0, eps):.4f}")
secant.compare(slope(square, 1.0, 0.1))

# %% [markdown]
# ## 4 · Is a smaller step always better?
#
# The formula says: take the smallest step you can think of. But a computer does not compute with formulas, it computes with
# numbers.

# %%
tiny = lesson.predict(
    "tiny",
    "The computer keeps 16 digits of each number. Which slope of x² at x = 1 does your function find for ε = 10⁻¹⁶?",
    {2: "2", 0: "0", "2 + ε": "2.0000000000000001", "error": "none, it stops with an error"},
)

# %% tags=["reasons"]
{
    "why": "With 16 digits, 1 + 10⁻¹⁶ is 1: the two values of f are the same. The nearer two numbers are, the fewer digits of their difference can be trusted.",
    "2": "So the formula says. But f(x + ε) and f(x) agree in all 16 digits: what is left when you subtract them?",
    "2.0000000000000001": "That is 2 + ε, with 17 digits. The computer has 16, and those of f(x + ε) and f(x) are the same here.",
    "none, it stops with an error": "Nothing is divided by 0, since ε is not 0. The answer comes without a warning: that makes it dangerous.",
}

# %%
for eps in (1e-8, 1e-12, 1e-16):
    print(
        f"ε = {eps:.0e}: {square(1 + eps):.16f} − {square(1.0):.16f}, slope {slope(square, 1.0, eps):.8f}"
    )
tiny.compare(slope(square, 1.0, 1e-16))

# %% [markdown]
# There is another slope, which looks to both sides: the **central difference**
#
# $$\frac{f(x + \varepsilon) - f(x - \varepsilon)}{2\,\varepsilon}$$
#
# **Write it.** You will need it to the end of this lesson, and the course checks every gradient with it.


# %%
def central(f, x, eps):
    """Return the central difference of f at x: the slope between x - eps and x + eps."""
    raise NotImplementedError  # your line


central = lesson.check(central)

# %%
better = lesson.predict(
    "better",
    "f(x) = sin x at x = 1, and ε = 10⁻⁵ for both. How much smaller is the error of the central difference than that of the secant?",
    {1: "not at all", 2: "2 times", 10: "10 times", 10_000: "more than 10 000 times"},
)

# %% tags=["reasons"]
{
    "why": "The error of the secant falls with ε, that of the central difference with ε²: what is wrong to the right and to the left cancels.",
    "not at all": "Right and left of x the curve bends the same way, so the two secants err in opposite directions. Their mean is much better.",
    "2 times": "If the two errors were independent, the mean would be a little better. But they have opposite signs and cancel nearly completely.",
    "10 times": "The gain is not a fixed factor: the error falls with ε², and ε is 10⁻⁵ here.",
}

# %%
true = np.cos(1.0)
error_secant, error_central = (
    abs(slope(np.sin, 1.0, 1e-5) - true),
    abs(central(np.sin, 1.0, 1e-5) - true),
)
print(f"error of the secant {error_secant:.0e}, of the central difference {error_central:.0e}")
better.compare(
    max(factor for factor in (1, 2, 10, 10_000) if factor * error_central <= error_secant)
)

# %% [markdown]
# Try both slopes. In the right half of the picture, a mark to the left is a smaller step, and a
# mark below is a smaller error. The dotted line is the central difference. The sliders obey the arrow keys, and each number can be typed into its field.
# What gets a frame under the mouse can be clicked: here any power of ten, and any place on the curve. So it is in several explorers of this course.

# %%
lesson.explore("secant", secant_explorer(function="eˣ"))

# %% [markdown]
# To check a derivative, this course takes the central difference with $\varepsilon = 10^{-5}$. Now you know why.
#
# ## 5 · Several variables: what is the gradient?
#
# Let $f(x, y) = x^2 + y^2$. Nudge $x$ and hold $y$ still: that gives the **partial derivative**
# $\frac{\partial f}{\partial x} = 2x$. Nudge $y$ instead: $\frac{\partial f}{\partial y} = 2y$.
# Both variables together are one vector $\theta = [x, y]$.

# %%
parts = lesson.predict(
    "parts",
    "All partial derivatives of a function together are its gradient. What is the gradient of f = x² + y² at x = 1, y = −2?",
    ["−2", "[2, 4]", "−8", "[2, −4]", "[1, 4]"],
)

# %% tags=["reasons"]
{
    "why": "Each partial derivative keeps its own place: 2x = 2 for x, 2y = −4 for y. The gradient has the shape of θ.",
    "−2": "2 + (−4): a common mistake. The derivatives of two variables stay apart, as two entries of a vector.",
    "−8": "2 · (−4): a common mistake. Factors multiply along a chain (lesson 01), but x and y are not in a chain.",
    "[1, 4]": "These are the two parts of f, x² and y². What happens to each when its variable is nudged?",
    "[2, 4]": "At y = −2 a nudge upwards brings y nearer to 0, so f gets smaller: the sign matters.",
}

# %% [markdown]
# **Write it.** Nudge one entry of $\theta$ at a time, and hold the others still. With $\varepsilon = 10^{-5}$,
# `1e-5 * np.eye(2)` holds the two nudges $[\varepsilon, 0]$ and $[0, \varepsilon]$.


# %%
def gradient(f, theta):
    """Return the partial derivatives of f at theta, in the order of its entries."""
    slopes = []
    for nudge in 1e-5 * np.eye(len(theta)):
        raise NotImplementedError  # slopes.append(the central difference along this nudge)
    return np.array(slopes)


gradient = lesson.check(gradient)


# %%
def bowl(theta):
    return theta[0] ** 2 + theta[1] ** 2


d_dx, d_dy = gradient(bowl, np.array([1.0, -2.0]))
parts.compare(f"[{d_dx:.0f}, {d_dy:.0f}]".replace("-", "−"))

# %% [markdown]
# The gradient is written $\nabla_\theta f$ (read: *nabla f*).
#
# ## 6 · Which way is downhill?

# %%
downhill = lesson.predict(
    "downhill",
    "Now you stand at [3, −1], where the gradient of f = x² + y² is [6, −2]. Along which direction does f fall fastest?",
    {
        "left": "[−1, 0], to the left",
        "diagonal": "[−1, 1], left and up alike",
        "against": "[−6, 2], against the gradient",
        "along": "[6, −2], along the gradient",
    },
)

# %% tags=["reasons"]
{
    "why": "No other direction falls as fast. The slope there is minus the length of the gradient, −√(6² + 2²) = −6.32.",
    "[−1, 0], to the left": "x counts most, but y counts too. A little upwards as well is steeper: compare −6.00 with the slope along −∇f.",
    "[−1, 1], left and up alike": "f is three times as sensitive to x as to y here, so the direction must lean towards x.",
    "[6, −2], along the gradient": "The gradient points to where f grows fastest. Downhill is the opposite way.",
}


# %%
start = np.array([3.0, -1.0])


def slope_along(direction):
    direction = np.array(direction) / np.linalg.norm(direction)  # of length 1
    return central(lambda t: bowl(start + t * direction), 0.0, 1e-5)


slopes = {"left": slope_along([-1, 0]), "diagonal": slope_along([-1, 1])}
slopes |= {"against": slope_along([-6, 2]), "along": slope_along([6, -2])}
downhill.compare(min(slopes, key=slopes.get))
pictures.eight_directions(bowl, start)

# %% [markdown]
# ## 7 · How long should a step be?
#
# Go downhill by small steps, again and again: this is **gradient descent**. The gradient says *where*. The **learning rate**
# $\eta$ is a number that makes the step longer or shorter: the gradient is multiplied by it.
#
# <details><summary>One step as a formula. Open it when your function is right, or when you are stuck.</summary>
#
# $$\theta \leftarrow \theta - \eta \, \nabla_\theta f$$
#
# </details>
#
# **Write it.**


# %%
def step(theta, grad, learning_rate):
    """Return theta after one step of gradient descent."""
    raise NotImplementedError  # your line


step = lesson.check(step)

# %%
factor = lesson.predict(
    "factor",
    "f = x² + y², so the gradient is 2θ. The learning rate is η = 0.1. By which factor does one step multiply θ?",
)

# %% tags=["reasons"]
{
    "why": "θ − 0.1 · 2θ = 0.8 θ. Each step takes a fifth of the way that is left.",
    "0.9": "θ − 0.1 θ would be 0.9 θ. But the gradient of x² is 2x, not x.",
    "0.2": "This is the part that is taken away. What is left of θ?",
    "0.64": "By this factor f shrinks: 0.8². The question is about θ.",
    "1.2": "Downhill is minus the gradient: θ − 0.2 θ.",
}

# %%
after = step(start, gradient(bowl, start), 0.1)
print("from", start, "to", after.round(4))
factor.compare(after[0] / start[0])

# %%
too_long = lesson.predict(
    "too_long",
    "And with η = 1.1, eleven times as long? What does θ do, step after step?",
    {
        "sooner": "it comes to the lowest point sooner",
        "nearer": "it jumps from side to side, and comes nearer",
        "away": "it jumps from side to side, and goes away",
        "stays": "it jumps between two points for ever",
    },
)

# %% tags=["reasons"]
{
    "why": "θ − 1.1 · 2θ = −1.2 θ: on the other side, and a fifth further out. This is called divergence.",
    "it comes to the lowest point sooner": "That holds up to η = ½, where one single step arrives. A longer step leads past the lowest point.",
    "it jumps from side to side, and comes nearer": "That holds between η = ½ and η = 1: the factor 1 − 2η is negative, and smaller than 1 in size. What is it for η = 1.1?",
    "it jumps between two points for ever": "That holds exactly at η = 1, where the factor 1 − 2η is −1. What is it for η = 1.1?",
}


# %%
def walk(learning_rate, n_steps):
    points = [start]
    for _ in range(n_steps):
        points.append(step(points[-1], gradient(bowl, points[-1]), learning_rate))
    return np.array(points)


times = walk(1.1, 1)[1, 0] / start[0]  # by what a step multiplies x
jumps = "stays" if np.isclose(times, -1) else "away" if times < -1 else "nearer"
too_long.compare("sooner" if times >= 0 else jumps)
pictures.steps_in_a_valley(bowl, {"η = 0.1": walk(0.1, 6), "η = 1.1": walk(1.1, 3)})

# %% [markdown]
# ## 8 · What does one unit compute?
#
# A network is made of **units**. This is one. It has a weight for each input, and a bias:

# %%
pictures.one_unit()

# %% [markdown]
# It works in two phases. First it adds up: the **pre-activation** $a = w_1 x_1 + w_2 x_2 + b$. Then its **activation
# function** turns $a$ into the activation $h$. Here that is the sigmoid $\sigma$, which makes any number one between 0 and 1:
#
# $$h = \sigma(a) = \frac{1}{1 + e^{-a}}$$

# %%
pre_activation = lesson.predict(
    "pre_activation", "w = [0.5, −1], x = [2, 3], b = 1. What is the pre-activation a?"
)

# %% tags=["reasons"]
{
    "why": "0.5 · 2 − 1 · 3 + 1 = 1 − 3 + 1.",
    "-2": "0.5 · 2 − 1 · 3 = −2 is right so far. Now the bias.",
    "5": "The second weight is negative: it counts against its input.",
    "0.26 to 0.28": "This is σ(a), the second phase. The question is about a.",
    "4": "The second weight is negative, and the bias belongs to the sum, too.",
}

# %% [markdown]
# **Write it.** In NumPy, `w @ x` multiplies the entries in pairs and adds up. `np.exp` is the exponential function.


# %%
def unit(w, b, x):
    """Return the activation of one unit with weights w and bias b for the input x."""
    raise NotImplementedError  # one line, or two


unit = lesson.check(unit)

# %%
h = unit(np.array([0.5, -1.0]), 1.0, np.array([2.0, 3.0]))
print(f"h = {h:.4f}")
pre_activation.compare(np.log(h / (1 - h)))  # from h back to a

# %% [markdown]
# ## 9 · Can a unit learn from nudges alone?
#
# Eight plants got more or less sun ($x_1$) and water ($x_2$). Four of them flowered ($y = 1$), four did not ($y = 0$). The
# unit shall tell them apart. One number says how wrong it is, the **loss** $\mathcal{L}$: here the mean of $(h - y)^2$ over
# the plants. Its weights and its bias begin at 0.

# %%
blank = lesson.predict(
    "blank",
    "w = [0, 0] and b = 0. How large is the loss 𝓛, the mean of (h − y)² over the eight plants?",
)

# %% tags=["reasons"]
{
    "why": "The unit says σ(0) = ½ for every plant: wrong by ½ each time, and (½)² = ¼.",
    "0.5": "It is wrong by ½ for every plant, and the loss squares that.",
    "0": "σ(0) is not 0: 1/(1 + e⁰) = ½.",
    "1": "It would be wrong by 1 if it were certain, and wrong, for every plant. What is σ(0)?",
    "2": "Eight times ¼ is the sum. The loss is the mean.",
}

# %%
plants = np.array(
    [[0.5, 1.0, 2.0, 1.5, 2.0, 3.0, 3.5, 2.5], [1.0, 2.5, 0.5, 1.5, 3.0, 2.0, 3.0, 3.5]]
)
flowered = np.array([0, 0, 0, 0, 1, 1, 1, 1])


def loss(theta):
    """Return 𝓛 of the unit with the weights theta[0], theta[1] and the bias theta[2]."""
    return np.mean((unit(theta[:2], theta[2], plants) - flowered) ** 2)


zeros = np.zeros(3)
blank.compare(loss(zeros))

# %% [markdown]
# Now it learns. Each round has four parts. Here the third one, the gradient, still comes from nudges:

# %%
pictures.learning_loop()

# %%
moves = lesson.predict(
    "moves",
    "The plants that flowered had more sun and more water, on the average. How does the first step move w₁, w₂ and b?",
    {
        "all": "all three up",
        "weights": "w₁ and w₂ up, b stays",
        "against": "w₁ and w₂ up, b down",
        "none": "not at all: all begin at 0",
    },
)

# %% tags=["reasons"]
{
    "why": "At h = ½, four plants pull b up and four pull it down, equally hard. A weight hears plants with a large input more.",
    "all three up": "A larger b raises h for all plants alike. Does that help the four that did not flower?",
    "w₁ and w₂ up, b down": "From the second step on it goes down. At the first one h is ½ for all: as many plants pull b up as down, and equally hard.",
    "not at all: all begin at 0": "A number may be 0, and its derivative need not be: nudge w₁, and the loss changes.",
}

# %%
first = step(zeros, gradient(loss, zeros), 1.0).round(6)
print("w₁, w₂, b after one step:", first + 0.0)
moves.compare(
    {(1, 1, 1): "all", (1, 1, 0): "weights", (1, 1, -1): "against"}.get(
        tuple(np.sign(first)), "none"
    )
)

# %%
thetas = [zeros]
for _ in range(200):
    thetas.append(step(thetas[-1], gradient(loss, thetas[-1]), 1.0))
losses = [loss(theta) for theta in thetas]
assert (np.diff(losses) < 0).all()
print(f"✓ 200 steps, and the loss fell at each: {losses[0]:.2f} → {losses[-1]:.3f}")
pictures.moving_border(plants, flowered, np.array(thetas), losses, steps=(5, 20, 200))

# %%
price = lesson.predict(
    "price",
    "This unit has 3 numbers to learn. How often does your gradient compute the loss, for a single step?",
)

# %% tags=["reasons"]
{
    "why": "Two for each number: one nudge up, one nudge down. A small network that reads digits has 203 530 numbers: 407 060 forward passes a step.",
    "3": "One for each number is not enough: the central difference looks to both sides.",
    "1": "One computation tells the loss. It does not tell how the loss changes.",
    "4": "That is the price of the secant: θ itself, and one nudge for each number. The central difference looks to both sides.",
    "8 to 48": "Each time the loss looks at all eight plants, but that is one loss. How many different θ does it see?",
}

# %%
seen = []


def watched(theta):
    seen.append(theta)
    return loss(theta)


gradient(watched, zeros)
price.compare(len(seen))

# %% [markdown]
# For a large network, nudging takes far too long. **Backpropagation** gets the same gradient for the price of at most two more
# forward passes (counted in the multiplications of the matrix products), however many numbers there are. People call a network
# a *black box*: nobody can look inside. But backpropagation is a long computation, and you can follow every factor of it. How
# that works is this course.
#
# ## 10 · The notation card
#
# The same letters stand in the formulas, the pictures and the code of all lessons. Come back to this card
# whenever you do not know a letter.

# %%
pictures.small_network()

# %% [markdown]
# | in the text | in the code | shape | what it is | in the lectures |
# |---|---|---|---|---|
# | $x = h_0$ | `h[0]` | $(n_0, N)$ | input: **each column is an example**, $N$ of them | |
# | $W_k$ | `W[k]` | $(n_k, n_{k-1})$ | weights of layer $k = 1 \dots L$ | |
# | $b_k$ | `b[k]` | $(n_k, 1)$ | biases of layer $k$ | |
# | $a_k = W_k h_{k-1} + b_k$ | `a[k]` | $(n_k, N)$ | pre-activations | |
# | $h_k = g(a_k)$ | `h[k]` | $(n_k, N)$ | activations; $g$ is the activation function | |
# | $\hat y = h_L = O(a_L)$ | `y_hat` | $(n_L, N)$ | output; $O$ is the output function | |
# | $y$ | `y` | $(n_L, N)$ | the truth; for classes the **one-hot** column $e(l)$: 1 in row $l$, the true class, and 0 in the others | |
# | $\mathcal{L}$ | `loss` | number | the loss: the mean over the $N$ examples | $\mathscr{L}(\theta)$ |
# | $L$ | `L` | number | how many layers there are | |
# | $\frac{\partial \mathcal{L}}{\partial v}$ | `grad_v` | that of $v$ | a gradient has **the shape of its quantity** | $\nabla_v \mathscr{L}$, $\Delta v$, $dv$ |
# | $\theta$, $\nabla_\theta \mathcal{L}$ | | | all weights and biases as one list, and all their derivatives | |
# | $\eta$ | `learning_rate` | number | by what the gradient is multiplied in a step | |
# | $\varepsilon$ | `eps` | number | a nudge | |
# | $\circ$ | `*` | | multiplication entry by entry | $\odot$ |
# | $\log$ | `np.log` | | the natural logarithm, to the base $e$ | |
#
# $W_{kij}$ is the weight *from* unit $j$ of layer $k-1$ *to* unit $i$ of layer $k$. Commas stand between the indices where
# they help to read: $W_{1,2,3}$ is $W_{123}$. NumPy counts from 0, so in the code it is `W[1][1, 2]`.

# %%
shapes = lesson.predict(
    "shapes",
    "The network in the picture has 3 inputs, 2 hidden units and 2 outputs. Which of these are true?",
    [
        "W₁ has shape (2, 3)",
        "W₁ has shape (3, 2)",
        "b₁ has shape (2, 1)",
        "W₂ has shape (2, 2)",
        "b₂ has shape (3, 1)",
    ],
    several=True,
)

# %% tags=["reasons"]
{
    "why": "W_k has a row for each unit of its layer and a column for each number that comes in; b_k has a row for each unit.",
    "W₁ has shape (2, 3)": "W₁ makes 2 numbers of a column of 3: 2 rows, 3 columns.",
    "W₁ has shape (3, 2)": "3 → 2 is how the picture reads from left to right. But W₁ x must be possible, and a column of 3 needs 3 columns in W₁.",
    "b₁ has shape (2, 1)": "There is one bias for each of the 2 hidden units, as a column.",
    "W₂ has shape (2, 2)": "W₂ makes 2 numbers of 2.",
    "b₂ has shape (3, 1)": "A bias belongs to a unit, and layer 2 has 2 units.",
}

# %%
net = FeedForwardNetwork([3, 2, 2], seed=0)
(W_1, W_2), (b_1, b_2) = net.W[1:], net.b[1:]
shapes.compare(
    [
        W_1.shape == (2, 3),
        W_1.shape == (3, 2),
        b_1.shape == (2, 1),
        W_2.shape == (2, 2),
        b_2.shape == (3, 1),
    ]
)

# %%
touched = lesson.predict(
    "touched",
    "We nudge the single weight W₁,₂,₃ of this network. Which pre-activation changes, and which input decides how much?",
    {
        "1, 2": "a₁,₁ changes, and x₂ decides how much",
        "1, 3": "a₁,₁ changes, and x₃ decides how much",
        "2, 3": "a₁,₂ changes, and x₃ decides how much",
        "both": "a₁,₁ and a₁,₂ change, and x₃ decides how much",
    },
)

# %% tags=["reasons"]
{
    "why": "From the right: the weight begins at input 3, ends in unit 2, and belongs to layer 1.",
    "a₁,₁ changes, and x₂ decides how much": "The first index is the layer, not the unit. The other two are read from the right: from 3 to 2.",
    "a₁,₁ changes, and x₃ decides how much": "The first index is the layer. The unit comes second.",
    "a₁,₁ and a₁,₂ change, and x₃ decides how much": "This would be so for the input x₃. A single weight is one line, and it ends in one unit.",
}

# %%
x = np.array([[5.0], [7.0], [11.0]])  # one example: a column
W_nudged = W_1.copy()
W_nudged[1, 2] += 0.001
change = (net.with_parameters(W={1: W_nudged}).forward(x).a[1] - net.forward(x).a[1])[:, 0]
units, amount = np.flatnonzero(change) + 1, change.sum() / 0.001
print("change of a₁ for a nudge of 0.001:", change.round(6))
(input_,) = np.flatnonzero(np.isclose(x[:, 0], amount)) + 1
touched.compare(f"{units[0]}, {input_}" if len(units) == 1 else "both")

# %% [markdown]
# The tools of all later lessons:
#
# | in the code | what it is |
# |---|---|
# | `net = FeedForwardNetwork([3, 2, 2], seed=0)` | a network; the same seed gives the same weights. `net.W[0]` is `None`, so that `net.W[1]` is $W_1$ |
# | `trace = net.forward(x)` | the forward pass; `trace.a[k]`, `trace.h[k]` and `trace.y_hat` hold what it computed |
# | `net.loss(trace, y)` | the loss |
# | `net.backward(trace, y)` | all gradients, with the names of their quantities: `.W[k]`, `.b[k]`, `.a[k]`, `.h[k]` |
# | `net.with_parameters(W={1: W_1})` | the same network with other weights; `net` stays as it was |
# | `A @ B`, `A * B`, `A.mT` | matrix product, product entry by entry, transpose |

# %%
lesson.summary()
