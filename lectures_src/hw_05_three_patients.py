# %% [markdown]
# # Homework 5 · Three patients
#
# **After this homework you can** find a wrong line in a program that runs, name what is wrong with it, repair it, and prove the repair.
#
# **Time** 90 minutes · **Points** 15 · **You need** the bug laboratory ([lesson 08](../08_bug_laboratory.ipynb))
#
# Three programs compute a loss and all its gradients, with NumPy alone. Each has one wrong line, and each runs without a complaint. Which lines are wrong
# depends on your number, so your neighbour has other patients. The three repaired programs are checked and graded by program (9 points);
# your report at the end is read by a human being (6 points).

# %%
from itertools import pairwise

import numpy as np

from utils.homework import check
from utils.homework.patients import gradient_check, patients

my_number = 0  # your own: the last four digits of your student number
sick_clouds, sick_wave, sick_ring = patients(my_number)

# %% [markdown]
# `gradient_check` nudges every parameter, looks what the program's *own* loss does, and compares that with the program's gradients, from the output
# down. Its last column is what `backward` says, divided by the finite difference.
#
# You may change everything in these cells: other sizes of the layers, fewer examples, an input that you know the answer for.
#
# ## 1 · `clouds` (3 points)
#
# Four classes. Two hidden layers of tanh units, a softmax, and the mean cross-entropy:
#
# $$h_1 = \tanh(W_1 x + b_1) \qquad h_2 = \tanh(W_2 h_1 + b_2) \qquad \hat y = \mathrm{softmax}(W_3 h_2 + b_3)$$
#
# The patient, with numbered lines, and its gradients on fifteen examples:

# %%
sick_clouds

# %%
rng = np.random.default_rng(0)
x, y = rng.normal(size=(2, 15)), np.eye(4)[:, rng.integers(0, 4, 15)]
sizes = [2, 4, 4, 4]


def random_parameters(sizes):
    return [
        v for n, m in pairwise(sizes) for v in (rng.normal(size=(m, n)), rng.normal(size=(m, 1)))
    ]


gradient_check(sick_clouds, x, y, *random_parameters(sizes))

# %% [markdown]
# Find the line. Then write the whole program without the mistake: `print(sick_clouds.text)` gives you the text to begin with. The cell after
# it looks for the proof: layers of different widths, in which no wrong transpose fits.


# %%
def clouds(x, y, W1, b1, W2, b2, W3, b3):
    """Return the loss and its gradients, seven values in this order.

    x : array (n_0, N), one example a column
    y : array (k, N), one-hot columns
    W1, b1, … : arrays (n_1, n_0), (n_1, 1), …
    returns : loss, ∂𝓛/∂W1, ∂𝓛/∂b1, ∂𝓛/∂W2, ∂𝓛/∂b2, ∂𝓛/∂W3, ∂𝓛/∂b3
    """
    # BEGIN SOLUTION
    N = x.shape[1]
    h1 = np.tanh(W1 @ x + b1)
    h2 = np.tanh(W2 @ h1 + b2)
    a3 = W3 @ h2 + b3
    e = np.exp(a3 - a3.max(axis=0))
    y_hat = e / e.sum(axis=0)
    loss = -np.log(y_hat[y == 1]).sum() / N
    grad_a3 = (y_hat - y) / N
    grad_a2 = (W3.T @ grad_a3) * (1 - h2**2)
    grad_a1 = (W2.T @ grad_a2) * (1 - h1**2)
    grad_b1, grad_b2, grad_b3 = (g.sum(axis=1, keepdims=True) for g in (grad_a1, grad_a2, grad_a3))
    return loss, grad_a1 @ x.T, grad_b1, grad_a2 @ h1.T, grad_b2, grad_a3 @ h2.T, grad_b3
    # END SOLUTION


# %%
gradient_check(clouds, x, y, *random_parameters([2, 5, 3, 4]))  # all widths different

# %%
check(clouds)

# %% [markdown]
# ## 2 · `wave` (3 points)
#
# Three numbers are to be predicted. One hidden layer of sigmoid units $\sigma(a) = 1 / (1 + e^{-a})$, a linear output, and the mean of the squared error:
#
# $$h_1 = \sigma(W_1 x + b_1) \qquad \hat y = W_2 h_1 + b_2 \qquad \mathcal{L} = \frac1N \sum_n \lVert \hat y^{(n)} - y^{(n)} \rVert^2$$

# %%
sick_wave

# %%
targets = rng.normal(size=(3, 15))
gradient_check(sick_wave, x, targets, *random_parameters([2, 5, 3]))


# %%
def wave(x, y, W1, b1, W2, b2):
    """Return the loss and its gradients, five values in this order.

    x, y : arrays (n_0, N) and (k, N), one example a column
    W1, b1, W2, b2 : arrays (n_1, n_0), (n_1, 1), (k, n_1), (k, 1)
    returns : loss, ∂𝓛/∂W1, ∂𝓛/∂b1, ∂𝓛/∂W2, ∂𝓛/∂b2
    """
    # BEGIN SOLUTION
    N = x.shape[1]
    h1 = 1 / (1 + np.exp(-(W1 @ x + b1)))
    y_hat = W2 @ h1 + b2
    grad_a2 = 2 * (y_hat - y) / N
    grad_a1 = (W2.T @ grad_a2) * h1 * (1 - h1)
    grad_b1, grad_b2 = (g.sum(axis=1, keepdims=True) for g in (grad_a1, grad_a2))
    return ((y_hat - y) ** 2).sum() / N, grad_a1 @ x.T, grad_b1, grad_a2 @ h1.T, grad_b2
    # END SOLUTION


# %%
gradient_check(wave, x, targets, *random_parameters([2, 5, 3]))

# %%
check(wave)

# %% [markdown]
# ## 3 · `ring` (3 points)
#
# Two classes, $y = 0$ or $1$. The two inputs are halved first. One hidden layer of ReLU units, one sigmoid unit at the output, and the mean cross-entropy:
#
# $$z = \tfrac12 x \qquad h_1 = \max(0, W_1 z + b_1) \qquad \hat y = \sigma(W_2 h_1 + b_2) \qquad \mathcal{L} = -\frac1N \sum_n \left[ y \log \hat y + (1 - y) \log(1 - \hat y) \right]$$
#
# For some numbers the check says here that everything agrees, though the program is wrong. Then ask the forward pass: change one input, one sign, or the number
# of examples, and say beforehand what must happen.

# %%
sick_ring

# %%
classes = rng.integers(0, 2, size=(1, 15))
gradient_check(sick_ring, x, classes, *random_parameters([2, 6, 1]))


# %%
def ring(x, y, W1, b1, W2, b2):
    """Return the loss and its gradients, five values in this order.

    x : array (2, N), one example a column
    y : array (1, N), 0 or 1
    W1, b1, W2, b2 : arrays (n_1, 2), (n_1, 1), (1, n_1), (1, 1)
    returns : loss, ∂𝓛/∂W1, ∂𝓛/∂b1, ∂𝓛/∂W2, ∂𝓛/∂b2
    """
    # BEGIN SOLUTION
    z, N = x / 2, x.shape[1]
    h1 = np.maximum(W1 @ z + b1, 0)
    y_hat = 1 / (1 + np.exp(-(W2 @ h1 + b2)))
    loss = -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)).sum() / N
    grad_a2 = (y_hat - y) / N
    grad_a1 = (W2.T @ grad_a2) * (h1 > 0)
    grad_b1, grad_b2 = (g.sum(axis=1, keepdims=True) for g in (grad_a1, grad_a2))
    return loss, grad_a1 @ z.T, grad_b1, grad_a2 @ h1.T, grad_b2
    # END SOLUTION


# %%
gradient_check(ring, x, classes, *random_parameters([2, 6, 1]))

# %%
check(ring)

# %% [markdown]
# ## 4 · Your report (6 points)
#
# Write, for each patient: **your number, the line that was wrong, what kind of mistake it is** (a sign, a factor, a transpose, an axis, a derivative, something left out,
# a wrong index), **which evidence led you to it, and what proves the repair.** Two sentences a patient are enough. Write between the three quotation marks.

# %%
# BEGIN SOLUTION: diagnosis_answer = """ """
diagnosis_answer = """
My number is 0. In each of the three I went from the output down to the first gradient that disagrees, and divided what backward says by the finite difference:
the same ratio everywhere means a factor or a sign, other ratios a wrong quantity. Then I compared that line with its formula. Where all agreed I changed one input,
and said beforehand what the output must do. After the repair all gradients agree, with layers of different widths, and the experiment comes out as it must.
"""
# END SOLUTION

# %% [markdown]
# ## To think about
#
# - Which of your three would you have noticed by looking at the loss during training?
# - With one example instead of fifteen, which of the mistakes would the check have missed?
# - Could a program have two wrong lines, and a gradient check that agrees?
