# %% [markdown]
# # Homework 3 · The way back through hidden layers
#
# **After this homework you can** write the three lines that every layer of every backward pass consists of.
#
# **Time** 45 minutes · **Points** 9 · **You need** hidden units ([lesson 05](../05_hidden_units.ipynb)), weights and biases
# ([lesson 06](../06_weights_and_biases.ipynb))
#
# Replace `raise NotImplementedError` by your lines, run the cell, then the check below it. Whoever makes the same mistake again gets a further hint.
# The `sigmoid` of homework 1 is here already. The grader runs your functions with Python, NumPy and SciPy, without `utils`.
#
# Three lines, and each of them can be wrong in twenty ways that run without complaint. Before you write a line, write down the
# shapes: they catch half of the twenty.

# %%
import numpy as np

from utils.homework import check


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %% [markdown]
# ## 1 · `hidden_gradient` (4 points)
#
# Layer $k$ is a hidden layer of sigmoids, and the layer above it, $k+1$, has already been dealt with. The blame comes down through the weights
# *above*, and then through the activation:
#
# $$\frac{\partial L}{\partial h_k} = W_{k+1}^T \, \frac{\partial L}{\partial a_{k+1}} \qquad\qquad \frac{\partial L}{\partial a_k} = \frac{\partial L}{\partial h_k} \circ \sigma'(a_k)$$
#
# The circle is the product entry by entry.


# %%
def hidden_gradient(W_next, grad_a_next, a):
    """Return ∂L/∂a_k of a hidden layer of sigmoids.

    W_next : array (n_{k+1}, n_k), the weights W_{k+1} above the layer
    grad_a_next : array (n_{k+1}, N), ∂L/∂a_{k+1}
    a : array (n_k, N), the pre-activations a_k of the layer itself
    returns : array (n_k, N)
    """
    # BEGIN SOLUTION
    h = sigmoid(a)
    return W_next.T @ grad_a_next * h * (1 - h)
    # END SOLUTION


# %%
check(hidden_gradient)

# %% [markdown]
# ## 2 · `weight_gradient` (3 points)
#
# A weight joins a unit below to a unit above; its gradient joins the activation below to the gradient above, summed over all examples:
#
# $$\frac{\partial L}{\partial W_{k,ij}} = \sum_{n=1}^{N} \frac{\partial L}{\partial a_{k,in}} \, h_{k-1,jn}$$
#
# Which product of matrices is that? The factor $\frac1N$ of the mean is inside $\frac{\partial L}{\partial a_k}$ already.


# %%
def weight_gradient(grad_a, h_prev):
    """Return ∂L/∂W_k.

    grad_a : array (n_k, N), ∂L/∂a_k
    h_prev : array (n_{k−1}, N), the activations h_{k−1} below
    returns : array (n_k, n_{k−1}), the shape of W_k
    """
    # BEGIN SOLUTION
    return grad_a @ h_prev.T
    # END SOLUTION


# %%
check(weight_gradient)

# %% [markdown]
# ## 3 · `bias_gradient` (2 points)
#
# A bias is a weight on an activation that is always 1. All examples share it:
#
# $$\frac{\partial L}{\partial b_{k,i}} = \sum_{n=1}^{N} \frac{\partial L}{\partial a_{k,in}}$$


# %%
def bias_gradient(grad_a):
    """Return ∂L/∂b_k.

    grad_a : array (n_k, N), ∂L/∂a_k
    returns : array (n_k, 1), the shape of b_k
    """
    # BEGIN SOLUTION
    return grad_a.sum(axis=1, keepdims=True)
    # END SOLUTION


# %%
check(bias_gradient)

# %% [markdown]
# ## To think about
#
# - `W_next @ grad_a_next` runs without complaint when both layers have the same width. How would you notice the mistake in a network of 64-64-64?
# - An input that is 0 for every example: what is the gradient of the weights that lead away from it? Will they ever learn?
# - What happens to `weight_gradient` if every example occurs twice in the batch? Remember who brought the $\frac1N$ along.
