# %% [markdown]
# # Homework 1 · The forward pass
#
# **After this homework you can** write everything that happens on the way from an input to a loss, for a whole batch, so that it
# survives scores of any size.
#
# **Time** 60 minutes · **Points** 14 · **You need** the forward pass ([lesson 03](../03_forward_pass.ipynb)) and sections 6 and 7 of
# [lesson 04](../04_output_units.ipynb)
#
# There are five functions to write. Replace `raise NotImplementedError` by your lines, run the cell, then run the check below it. The
# check calls your function with fresh random inputs, the nasty ones included. If something is wrong, it often knows which mistake it is: you get a
# hint first; if the same mistake comes again, the reason; and then the place to read. Ask it as often as you like. Nobody
# is counting.
#
# Keep the names of the functions and of their parameters: the grader finds your answers by name, and runs them with
# Python, NumPy and SciPy, without `utils`. Apart from that, write them as you please. A column is an example, everywhere.

# %%
import numpy as np

from utils.homework import check

# %% [markdown]
# ## 1 · `sigmoid` (2 points)
#
# The activation of the hidden units, applied to every entry of an array:
#
# $$\sigma(a) = \frac{1}{1 + e^{-a}}$$
#
# It must work for entries of $\pm 10\,000$ too, where it is 1 or 0 for every practical purpose. (NumPy may warn there that an exponential
# overflows. Is the result wrong?)


# %%
def sigmoid(a):
    """Return σ(a) for every entry.

    a : array of any shape
    returns : array of the same shape
    """
    # BEGIN SOLUTION
    return 1 / (1 + np.exp(-a))
    # END SOLUTION


# %%
check(sigmoid)

# %% [markdown]
# ## 2 · `softmax` (3 points)
#
# The output function of a classifier. Each column of $a$ holds the scores of one example, and each column of the result its probabilities:
#
# $$\hat y_i = \frac{e^{a_i}}{\sum_{m=1}^{k} e^{a_m}}$$
#
# It must work for scores of $\pm 10\,000$, and for a batch in which one example has scores around 10 000 and its neighbour around −10 000. You may
# subtract the same number from all scores of a column: it cancels in the fraction. Which number would be a good one?


# %%
def softmax(a):
    """Return the probabilities of every column of scores.

    a : array (k, N), one example a column
    returns : array (k, N); every column sums to 1
    """
    # BEGIN SOLUTION
    e = np.exp(a - a.max(axis=0))
    return e / e.sum(axis=0)
    # END SOLUTION


# %%
check(softmax)

# %% [markdown]
# ## 3 · `one_hot` (2 points)
#
# The truth, written so that it can be compared with probabilities: for the label $l$ a column with a 1 in the row of $l$ and 0 elsewhere. The labels
# are $0 \dots k-1$. Not every class needs to occur in a batch, and nevertheless there are always $k$ rows.


# %%
def one_hot(labels, k):
    """Return one column for every label.

    labels : array of int (N,), from 0 to k − 1
    k : int, number of classes
    returns : array (k, N)
    """
    # BEGIN SOLUTION
    return np.eye(k)[:, labels]
    # END SOLUTION


# %%
check(one_hot)

# %% [markdown]
# ## 4 · `forward` (4 points)
#
# A network with one hidden layer of sigmoids and a softmax output, for all examples at once:
#
# $$a_1 = W_1 x + b_1 \qquad h_1 = \sigma(a_1) \qquad a_2 = W_2 h_1 + b_2 \qquad \hat y = \mathrm{softmax}(a_2)$$
#
# Only $\hat y$ is wanted. Your own `sigmoid` and `softmax` are at your service.


# %%
def forward(x, W1, b1, W2, b2):
    """Return ŷ for every example.

    x : array (n_0, N), one example a column
    W1, b1 : arrays (n_1, n_0) and (n_1, 1)
    W2, b2 : arrays (k, n_1) and (k, 1)
    returns : array (k, N); every column sums to 1
    """
    # BEGIN SOLUTION
    h1 = sigmoid(W1 @ x + b1)
    return softmax(W2 @ h1 + b2)
    # END SOLUTION


# %%
check(forward)

# %% [markdown]
# ## 5 · `cross_entropy` (3 points)
#
# How wrong is the network? The loss of the batch is the *mean* over its examples:
#
# $$L = -\frac1N \sum_{n=1}^{N} \sum_{i=1}^{k} y_{in} \log \hat y_{in}$$
#
# A wrong class may have the probability 0, exactly. It then contributes nothing to the loss, and in particular no `nan`.


# %%
def cross_entropy(y_hat, y):
    """Return the mean loss of the examples.

    y_hat : array (k, N), probabilities
    y : array (k, N), one-hot columns
    returns : a number
    """
    # BEGIN SOLUTION
    true_probability = (y * y_hat).sum(axis=0)
    return -np.log(true_probability).mean()
    # END SOLUTION


# %%
check(cross_entropy)

# %% [markdown]
# ## To think about
#
# No points, no check, but you will need the answers.
#
# - A network that knows nothing gives each of four classes a quarter. What is its loss? Compute it in your head, then with your function.
# - Your `softmax` may subtract any number from the scores of a column. Is there a number that one must not subtract?
# - Feed the same batch twice, side by side, as one of $2N$ examples. Which of your five functions return something twice as wide, and
#   which return the same as before?
