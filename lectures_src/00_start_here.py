# %% [markdown]
# # 00 · Start here
#
# A neural network learns by asking one question of every number inside it: *if I changed you a
# little, how much would the error change?* The answers are derivatives, and **backpropagation** is
# the way to get all of them in one sweep. This course takes that sweep apart, down to the last
# derivative, and lets you put it together again.
#
# **At its end you can**
#
# - derive every gradient of a feed-forward network on paper, and say where each factor comes from;
# - write forward and backward pass in a dozen lines that mirror the formulas;
# - prove that your gradients are right, and find the line that makes them wrong;
# - train a network, watch it learn, and explain what it learned and where it fails.
#
# **Time** 30 minutes · **You need** school calculus and a little Python

# %% [markdown]
# ## 1 · Is everything here?
#
# Click into the next cell and press **Shift + Enter**. It runs, and the next cell is selected: that
# is all you need to know about notebooks. Every notebook of this course begins with this cell, and it
# shows nothing when all is well. The one after it says what your computer has.

# %%
from utils.environment import report

print(report())

# %% [markdown]
# ## 2 · How to use these notebooks
#
# Every lesson moves in three steps, again and again:
#
# 1. **Predict.** Decide what will happen *before* you run the cell. Write it down. A wrong
#    prediction is the most useful thing that can happen to you here.
# 2. **Compute.** Run the cell.
# 3. **Check.** A line of code compares the result with something independent of it. If the check is
#    silent, it holds.
#
# Run the cells from top to bottom. If you lose track, *Kernel → Restart Kernel and Run All Cells*
# gives you a fresh start. Change whatever you like: the lessons can be opened anew at any time.
#
# **Explorers** are pictures with sliders. Click a slider and use the arrow keys, or type a number
# into its field. A list opens with the space bar; then arrow keys and Enter. Behind each control the
# mathematics is computed anew; nothing is a recording.
#
# In some lessons a box sets right what a lecture said wrong:
#
# > **What the lecture said** — the derivative of $1/x$ is $1/x^2$.
# >
# > **What is true** — it is $-1/x^2$: where $x$ grows, $1/x$ falls.
#
# Below each such box stands the proof, in a cell that you can run.

# %%
import numpy as np

from utils.draw.diagrams import network_diagram
from utils.explore.secant import secant_explorer, slopes

x, h = 2.0, 1e-6
quotient = (1 / (x + h) - 1 / (x - h)) / (2 * h)
print(f"slope of 1/x at x = 2:  {quotient:.6f}      −1/x² = {-1 / x**2:.6f}")
assert abs(quotient - (-1 / x**2)) < 1e-6

# %% [markdown]
# ## 3 · The notation card
#
# The same letters in every formula, every picture and every line of code. Come back to this card
# whenever a letter puzzles you.

# %%
network_diagram([3, 2, 2])

# %% [markdown]
# | in the text | in the code | shape | what it is |
# |---|---|---|---|
# | $x = h_0$ | `h[0]` | $(n_0, N)$ | input: **each column is an example**, $N$ of them |
# | $W_k$ | `W[k]` | $(n_k, n_{k-1})$ | weights of layer $k = 1 \dots L$ |
# | $b_k$ | `b[k]` | $(n_k, 1)$ | biases of layer $k$ |
# | $a_k = W_k h_{k-1} + b_k$ | `a[k]` | $(n_k, N)$ | pre-activations |
# | $h_k = g(a_k)$ | `h[k]` | $(n_k, N)$ | activations; $g$ is the activation function |
# | $\hat y = h_L = O(a_L)$ | `y_hat` | $(n_L, N)$ | output; $O$ is the output function |
# | $y$ | `y` | $(n_L, N)$ | the truth; for classes the one-hot column $e(l)$ |
# | $L$ | `loss` | number | the loss: the mean over the $N$ examples |
# | $\partial L / \partial v$ | `grad_v` | that of $v$ | gradient: **the shape of its quantity** |
# | $\eta$ | `learning_rate` | number | length of a step |
#
# $W_{kij}$ is the weight *from* unit $j$ of layer $k-1$ *to* unit $i$ of layer $k$. In NumPy, which
# counts from 0, that is `W[k][i - 1, j - 1]`.

# %% [markdown]
# **Predict.** The network above has 3 inputs, 2 hidden units and 2 outputs. Which shapes have $W_1$,
# $b_1$, $W_2$, $b_2$? Which weight is $W_{1,2,3}$: where does its line begin, where does it end?

# %%
from utils.nn import FeedForwardNetwork

net = FeedForwardNetwork([3, 2, 2], seed=0)
for k in net.layers:
    print(f"W_{k} {net.W[k].shape}   b_{k} {net.b[k].shape}")
print(f"W_1,2,3, from the third input to the second hidden unit: {net.W[1][1, 2]:.3f}")

# %% [markdown]
# **Check.** An example is a column of 3 numbers, so $W_1$ must have 3 columns; it makes 2 numbers of
# them, so it has 2 rows.

# %%
assert net.W[1].shape == (2, 3) and net.W[2].shape == (2, 2)

# %% [markdown]
# ## 4 · Calculus in ten minutes: the derivative
#
# Take a function $f$, go a step $h$ to the right, and see how much $f$ changes. The line through the
# two points is the *secant*; its slope is
#
# $$\frac{f(x + h) - f(x)}{h}$$
#
# Let $h$ shrink, and the secant turns into the *tangent*. Its slope is the **derivative** $f'(x)$:
# how sensitive $f$ is to a small change of $x$. For $f(x) = x^2$ it is $f'(x) = 2x$.
#
# **Predict.** At $x = 1$ the derivative of $x^2$ is 2. Which slope will the secant have for $h = 1$?
# For $h = 0.1$? For $h = 0.01$?

# %%
for h in (1, 0.1, 0.01, 0.001):
    print(f"h = {h:<6}  slope of the secant {((1 + h) ** 2 - 1**2) / h:.6f}")

# %% [markdown]
# **Check.** $\frac{(1+h)^2 - 1}{h} = 2 + h$. The error is $h$ itself, and it goes to zero with $h$.
#
# So the smaller the step, the better? **Predict** what happens at $h = 10^{-16}$. Then push the
# slider *log₁₀ h* all the way to the left, and watch the blue dot in the right-hand picture.

# %%
secant_explorer()

# %% [markdown]
# Down to about $h = 10^{-8}$ the error of the secant falls with $h$. Then it *rises*: the two values of $f$ agree
# in nearly all of their 16 digits, and their difference keeps only the few that are left. At $10^{-16}$ nothing
# is left at all; $1 + h$ is 1, and the slope is 0.
#
# The dotted line is the **central difference** $\frac{f(x+h) - f(x-h)}{2h}$. Its error falls with
# $h^2$ (for $x^2$ it has none at all; choose $\sin x$ to see it), so it is already tiny at $h = 10^{-5}$, long
# before the digits run out. Remember that number: with it we will check every gradient of this course.

# %%
derivative, forward, central = slopes("sin x", 1.0, np.array([1e-5, 1e-16]))
print("error of the secant  at h = 1e-5 and 1e-16:", np.abs(forward - derivative))
print("error of the central difference           :", np.abs(central - derivative))
assert abs(central[0] - derivative) < 1e-9 < abs(forward[0] - derivative)
assert abs(forward[1] - derivative) > 0.1

# %% [markdown]
# ## 5 · Several variables: partial derivatives and the gradient
#
# Let $f(x, y) = x^2 + y^2$. Nudge $x$ and hold $y$ still: that is the **partial derivative**
# $\frac{\partial f}{\partial x} = 2x$. Nudge $y$ instead: $\frac{\partial f}{\partial y} = 2y$.
#
# Put both variables into one vector $\theta = [x, y]$. The partial derivatives, in the same order, form
# the **gradient**
#
# $$\nabla_\theta f = \left[\frac{\partial f}{\partial x}, \frac{\partial f}{\partial y}\right] = [2x, 2y]$$
#
# > **What the lecture said** — the change of a function of two variables is the *product* (or the
# > *sum*) of its partial derivatives.
# >
# > **What is true** — the partial derivatives stay apart, as the entries of a vector. Each one belongs
# > to its own variable.
#
# **Predict.** At $\theta = [3, -1]$: what is the gradient? In which direction does $f$ *fall* fastest?


# %%
def f(theta):
    return theta[0] ** 2 + theta[1] ** 2


theta, h = np.array([3.0, -1.0]), 1e-5
nudges = h * np.eye(2)  # one variable at a time
gradient = np.array([(f(theta + nudge) - f(theta - nudge)) / (2 * h) for nudge in nudges])
print("gradient by nudging:", gradient.round(6), "   [2x, 2y] =", 2 * theta)
assert np.allclose(gradient, 2 * theta)

# %% [markdown]
# ## 6 · And that is all of learning
#
# The gradient points uphill. Take a small step the other way, and $f$ is smaller; repeat. This is
# **gradient descent**, and the gradient is not the method, it is its compass:
#
# $$\theta \leftarrow \theta - \eta \, \nabla_\theta f$$
#
# **Predict.** With $\eta = 0.1$, by which factor does each step shrink $\theta$?

# %%
here = np.array([3.0, -1.0])
for step in range(4):
    print(f"step {step}: theta = {here.round(4)}   f = {f(here):.4f}")
    here = here - 0.1 * 2 * here

# %% [markdown]
# **Check.** $\theta - 0.1 \cdot 2\theta = 0.8\,\theta$, so $f$ shrinks to $0.64$ of itself each time.

# %%
assert np.allclose(here, 0.8**4 * np.array([3.0, -1.0]))

# %% [markdown]
# For a network, $f$ is the loss and $\theta$ holds all weights and biases, thousands or billions of
# them. Nudging each one by one would take as many forward passes as there are parameters.
# Backpropagation gets the whole gradient for the price of about two. How? That is the course.
#
# ### Try it
#
# **1.** In the explorer, choose *sigmoid*. At which $x$ is the derivative largest, and how large is it?
#
# <details><summary>Answer</summary>
#
# At $x = 0$, and it is $\tfrac14$. Never more: remember this number when gradients vanish in lesson 12.
#
# </details>
#
# **2.** Find the best step for the secant of $e^x$ at $x = 1$, and the best one for the central difference.
#
# <details><summary>Answer</summary>
#
# About $10^{-8}$ for the secant (error around $10^{-8}$) and about $10^{-5}$ for the central difference (error
# below $10^{-10}$). The same two values of $f$ to compute, a hundred times the accuracy.
#
# </details>
#
# **3.** In section 6, change $0.1$ to $1.1$ in the line that makes the step. What happens, and why?
#
# <details><summary>Answer</summary>
#
# $\theta - 1.1 \cdot 2\theta = -1.2\,\theta$: each step overshoots the valley and lands higher on the other side. The
# check below then fails, as it should. This is what *divergence* means.
#
# </details>

# %% [markdown]
# ## Recap
#
# - A derivative is a sensitivity: how much the output moves when the input is nudged.
# - The gradient collects the partial derivatives in a vector with the shape of the variable.
# - Central differences with $h = 10^{-5}$ check any derivative to many digits.
# - Columns are examples, $W_{kij}$ goes from $j$ to $i$, and a gradient has the shape of its quantity.
