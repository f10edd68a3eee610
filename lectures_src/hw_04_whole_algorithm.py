# %% [markdown]
# # Homework 4 · The whole algorithm, and an experiment
#
# **After this homework you can** train a network with nothing but NumPy and your own lines, and find out by experiment what a
# learning rate does.
#
# **Time** 90 minutes · **Points** 16 · **You need** the whole algorithm ([lesson 07](../07_the_whole_algorithm.ipynb))
#
# Replace `raise NotImplementedError` by your lines, run the cell, then the check below it. Three functions are checked and graded by program (12 points);
# the experiment at the end is read by a human being (4 points). The `sigmoid` and the `softmax` of homework 1 are here already; bring whatever else you like from
# your earlier homeworks, as cells: the grader runs your functions with Python, NumPy and SciPy, without `utils`.

# %%
import numpy as np

from utils.explore.path_tracer import path_tracer_explorer
from utils.explore.training import training_explorer
from utils.homework import check
from utils.homework.keeping import keep


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def softmax(a):
    e = np.exp(a - a.max(axis=0))
    return e / e.sum(axis=0)


# %% [markdown]
# ## 1 · `gradient_step` (2 points)
#
# One step downhill, for any number of parameters $v$:
#
# $$v \leftarrow v - \eta \, \frac{\partial L}{\partial v}$$
#
# Return a new list with new arrays. The old ones may still be needed: leave them as they are.


# %%
def gradient_step(parameters, gradients, learning_rate):
    """Return the parameters after one step.

    parameters, gradients : lists of arrays; the two at the same place have the same shape
    learning_rate : float, η
    returns : list of arrays, one for each parameter
    """
    # BEGIN SOLUTION
    return [v - learning_rate * grad_v for v, grad_v in zip(parameters, gradients, strict=True)]
    # END SOLUTION


# %%
check(gradient_step)

# %% [markdown]
# ## 2 · `backward` (5 points)
#
# All four gradients of a network with a sigmoid hidden layer, a softmax output and the mean cross-entropy. Forward first, for you need $h_1$ and $\hat y$; then back:
#
# $$\frac{\partial L}{\partial a_2} = \frac{\hat y - y}{N} \qquad \frac{\partial L}{\partial W_2} = \frac{\partial L}{\partial a_2} \, h_1^T \qquad \frac{\partial L}{\partial a_1} = W_2^T \frac{\partial L}{\partial a_2} \circ \sigma'(a_1) \qquad \frac{\partial L}{\partial W_1} = \frac{\partial L}{\partial a_1} \, x^T$$
#
# and the gradients of the biases are the sums over the examples.


# %%
def backward(x, y, W1, b1, W2, b2):
    """Return the gradients of all parameters: four arrays, in the order of the parameters.

    x : array (n_0, N), one example a column
    y : array (k, N), one-hot columns
    W1, b1 : arrays (n_1, n_0) and (n_1, 1)
    W2, b2 : arrays (k, n_1) and (k, 1)
    returns : ∂L/∂W1, ∂L/∂b1, ∂L/∂W2, ∂L/∂b2, each with the shape of its parameter
    """
    # BEGIN SOLUTION
    h1 = sigmoid(W1 @ x + b1)
    y_hat = softmax(W2 @ h1 + b2)
    grad_a2 = (y_hat - y) / y.shape[1]
    grad_a1 = W2.T @ grad_a2 * h1 * (1 - h1)
    grad_b1, grad_b2 = (grad_a.sum(axis=1, keepdims=True) for grad_a in (grad_a1, grad_a2))
    return grad_a1 @ x.T, grad_b1, grad_a2 @ h1.T, grad_b2
    # END SOLUTION


# %%
check(backward)

# %% [markdown]
# Lesson 02 went from a weight to the loss path by path; your `backward` gets there without walking any path. The picture multiplies along each path and adds the paths up.
# Beside their sum stands the number that your function returns, as it is, right or wrong. Below the picture are all entries, for five examples at once. With examples
# and parameters of your own: `check_gradients(backward, x, y, parameters=(W1, b1, W2, b2))`, from `utils.nn`.

# %%
path_tracer_explorer(backward=backward)

# %% [markdown]
# ## 3 · `train` (5 points)
#
# Begin with random weights, then repeat: all four gradients, for all examples at once; then one step for all four parameters. Each such round is an epoch.
#
# This function is called by people who use scikit-learn, so its data come in scikit-learn's shapes: $X$ has one example a *row*, and $y$ holds *labels*.
# Turn them into columns once, at the door; one-hot columns of labels are `np.eye(k)[:, y]`.
#
# How the weights begin is your choice, as long as
#
# - the hidden units begin differently: equal units get equal gradients, and stay equal for ever;
# - the same `seed` gives the same weights, and another seed others: `rng = np.random.default_rng(seed)`, then `rng.normal(size=…)`;
# - with `epochs=0` the function returns just these initial parameters.


# %%
def train(X, y, n_hidden, learning_rate, epochs, seed):
    """Return the parameters after so many epochs of gradient descent.

    X : array (N, n_0), one example a row, as in scikit-learn
    y : array of int (N,), labels 0 … k − 1, where k = y.max() + 1
    n_hidden : int, n_1
    learning_rate : float, η
    epochs : int; 0 returns the initial parameters
    seed : int, decides on the initial weights
    returns : W1, b1, W2, b2 of shapes (n_1, n_0), (n_1, 1), (k, n_1), (k, 1)
    """
    # BEGIN SOLUTION
    k = y.max() + 1
    rng = np.random.default_rng(seed)
    W1, W2 = rng.normal(size=(n_hidden, X.shape[1])), rng.normal(size=(k, n_hidden))
    parameters = [W1, np.zeros((n_hidden, 1)), W2, np.zeros((k, 1))]
    for _ in range(epochs):
        gradients = backward(X.T, np.eye(k)[:, y], *parameters)
        parameters = gradient_step(parameters, gradients, learning_rate)
    return parameters
    # END SOLUTION


# %%
check(train)

# %% [markdown]
# ## 4 · An experiment (4 points)
#
# Four clouds of points, eight hidden units, and your own training. **Predict** first: of the learning rates 0.01, 0.3 and 30, which will have the lowest loss after 200 epochs, and
# what will the loss of the other two look like on the way?
#
# Then try it. The sliders call your `train`, and everything in the picture is computed from the parameters that it returns. Each dot of the loss is a training of its own, from the
# beginning. A quarter of the points is held back: your function never sees it.

# %%
training_explorer(train=train, n_hidden=8, epochs=200, learning_rate=0.3)

# %% [markdown]
# Try other learning rates. Find the largest one with which the loss still falls smoothly, and one where it does not fall at all. The last slider
# goes back to fewer epochs: a loss that jumps is another one at each step.
#
# Then answer in your own words, in about a hundred of them: **which learning rates did you try, what did the loss do with each, and why?** Write between the three quotation
# marks. Numbers are welcome; the reason matters more.

# %%
# BEGIN SOLUTION: experiment_answer = """ """
experiment_answer = """
I tried 0.01, 0.1, 0.3, 3 and 30. With 0.01 the loss falls all the way, but in 200 epochs only from 1.8 to 1.1: the steps are short. With 0.1 and
with 0.3 it falls smoothly too, to 0.57 and to 0.38. With 3 it goes up and down on the way. With 30 it jumps above 2 again and again: a step
is so long that it lands on the other side of the valley, where the gradient is another one. The gradient gives the direction downhill
only for the place where one stands.
"""
# END SOLUTION

# %% [markdown]
# ## 5 · Keep your network
#
# It is finished, and it is yours. The next cell writes your `train`, and all that it uses, into the file `my_network.py` in your course folder: your own lines, some forty of them. Lesson 14
# will read handwritten digits with it. If you change something later, run the cell again.

# %%
keep(train)

# %% [markdown]
# ## To think about
#
# - Begin with all weights 0. Which of the gradients are 0 in the first epoch, and what do the hidden units have in common ever after?
# - Your `gradient_step` leaves the old parameters as they are. What would go wrong in `backward` if $W_2$ had already taken its step?
# - Scikit-learn's `MLPClassifier` does the same as your `train`. What else does it need a page of parameters for?
