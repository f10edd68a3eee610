# %% [markdown]
# # Homework 2 · The output layer
#
# **After this homework you can** write the first derivatives of the way back, and say where each factor comes from: also the one that is
# *not* there.
#
# **Time** 45 minutes · **Points** 9 · **You need** sections 1 to 7 of [lesson 04](../04_output_units.ipynb), and the sigmoid in four steps
# ([lesson 01](../01_chain_rule_one_path.ipynb))
#
# Replace `raise NotImplementedError` by your lines, run the cell, then the check below it. Whoever makes the same mistake again gets a further hint.
# The `sigmoid` and the `softmax` of homework 1 are here already, in case you want to use them. The grader
# runs your functions with Python, NumPy and SciPy, without `utils`.

# %%
import numpy as np

from utils.homework import check


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def softmax(a):
    e = np.exp(a - a.max(axis=0))
    return e / e.sum(axis=0)


# %% [markdown]
# ## 1 · `sigmoid_prime` (2 points)
#
# The slope of the sigmoid at $a$. In terms of its value $h = \sigma(a)$ it needs no exponential of its own:
#
# $$\sigma'(a) = h \, (1 - h) \qquad \text{with} \qquad h = \sigma(a)$$
#
# Mind what you are given: $a$, not $h$.


# %%
def sigmoid_prime(a):
    """Return the slope σ′(a) for every entry.

    a : array of any shape, pre-activations
    returns : array of the same shape
    """
    # BEGIN SOLUTION
    h = sigmoid(a)
    return h * (1 - h)
    # END SOLUTION


# %%
check(sigmoid_prime)

# %% [markdown]
# ## 2 · `softmax_jacobian` (4 points)
#
# Every score moves every probability, so there are $k \cdot k$ derivatives for a single example. Row $m$, column $i$:
#
# $$\frac{\partial \hat y_m}{\partial a_{i}} = 1_{(m=i)} \, \hat y_m - \hat y_m \, \hat y_i$$
#
# You get the probabilities of *one* example, a column. Before you write, predict: what does every column of the result sum to?


# %%
def softmax_jacobian(y_hat):
    """Return ∂ŷ_m/∂a_i for all m (rows) and i (columns).

    y_hat : array (k, 1), the probabilities of one example
    returns : array (k, k)
    """
    # BEGIN SOLUTION
    return np.diag(y_hat[:, 0]) - y_hat @ y_hat.T
    # END SOLUTION


# %%
check(softmax_jacobian)

# %% [markdown]
# ## 3 · `output_gradient` (3 points)
#
# A page of algebra for one subtraction: the gradient with which every backward pass begins. The loss is the *mean* cross-entropy over the $N$ examples of
# the batch, and this is the one place where that matters:
#
# $$\frac{\partial L}{\partial a_L} = \frac{\hat y - y}{N}$$
#
# Which of the two numbers in the shape of $y$ is $N$?


# %%
def output_gradient(y_hat, y):
    """Return ∂L/∂a_L of the mean cross-entropy behind a softmax.

    y_hat : array (k, N), probabilities, one example a column
    y : array (k, N), one-hot columns
    returns : array (k, N)
    """
    # BEGIN SOLUTION
    return (y_hat - y) / y.shape[1]
    # END SOLUTION


# %%
check(output_gradient)

# %% [markdown]
# ## To think about
#
# - What does every column of `output_gradient` sum to, and why must it?
# - $\frac{\partial L}{\partial \hat y}$ of a true class with $\hat y = 10^{-9}$ is a thousand million. The gradient at the scores never exceeds $\frac1N$. Where did the thousand
#   million go?
# - The slope of the sigmoid is never larger than ¼. After ten such layers, what is left of an error of 1?
