"""The right answers. Columns are examples, the loss is a mean, and 1/N stands in ``output_gradient`` alone.

The code reads like the formulas of the lessons. The course's own network (``utils/nn``) computes the same and checks its
inputs. Tests compare the two.
"""

import numpy as np


def sigmoid(a):
    """Return σ(a) = 1/(1 + e^{−a}) (lesson 01).

    Parameters
    ----------
    a : array of any shape
        Pre-activations.

    Returns
    -------
    array, shape of a
    """
    with np.errstate(over="ignore"):  # 1/(1 + inf) = 0 is the right limit
        return 1 / (1 + np.exp(-a))


def softmax(a):
    """Return ŷ_i = e^{a_i} / Σ_j e^{a_j} for each column of a (lesson 04).

    Parameters
    ----------
    a : array, shape (k, N)
        Scores.

    Returns
    -------
    array, shape (k, N)
    """
    e = np.exp(a - a.max(axis=0))
    return e / e.sum(axis=0)


def one_hot(labels, k):
    """Return the columns e(l) (lesson 04).

    Parameters
    ----------
    labels : array of int, shape (N,)
        Classes 0 … k−1.
    k : int
        Number of classes.

    Returns
    -------
    array, shape (k, N)
    """
    return np.eye(k)[:, labels]


def forward(x, W1, b1, W2, b2):
    """Return ŷ = softmax(W₂ σ(W₁x + b₁) + b₂) (lesson 03).

    Parameters
    ----------
    x : array, shape (n₀, N)
        Examples.
    W1, b1 : arrays, shapes (n₁, n₀) and (n₁, 1)
        Parameters of the hidden layer.
    W2, b2 : arrays, shapes (k, n₁) and (k, 1)
        Parameters of the output layer.

    Returns
    -------
    array, shape (k, N)
    """
    h1 = sigmoid(W1 @ x + b1)
    return softmax(W2 @ h1 + b2)


def cross_entropy(y_hat, y):
    """Return −(1/N) Σ_n Σ_i y_in log ŷ_in (lesson 04).

    Parameters
    ----------
    y_hat, y : arrays, shape (k, N)
        Probabilities and one-hot targets.

    Returns
    -------
    float
    """
    return -np.log(y_hat[y == 1]).mean()


def sigmoid_prime(a):
    """Return σ′(a) = σ(a)(1 − σ(a)) (lesson 01).

    Parameters
    ----------
    a : array of any shape
        Pre-activations.

    Returns
    -------
    array, shape of a
    """
    h = sigmoid(a)
    return h * (1 - h)


def softmax_jacobian(y_hat):
    """Return J = diag(ŷ) − ŷŷᵀ for one example (lesson 04).

    Parameters
    ----------
    y_hat : array, shape (k, 1) or (k,)
        Probabilities.

    Returns
    -------
    array, shape (k, k)
    """
    return np.diag(y_hat.ravel()) - np.outer(y_hat, y_hat)


def output_gradient(y_hat, y):
    """Return ∂L/∂a_L = (ŷ − y)/N (lesson 04).

    Parameters
    ----------
    y_hat, y : arrays, shape (k, N)
        Probabilities and one-hot targets.

    Returns
    -------
    array, shape (k, N)
    """
    return (y_hat - y) / y.shape[1]


def hidden_gradient(W_next, grad_a_next, a):
    """Return ∂L/∂a_k = W_{k+1}ᵀ ∂L/∂a_{k+1} ∘ σ′(a_k) (lesson 05).

    Parameters
    ----------
    W_next : array, shape (n_{k+1}, n_k)
        W_{k+1}.
    grad_a_next : array, shape (n_{k+1}, N)
        ∂L/∂a_{k+1}.
    a : array, shape (n_k, N)
        a_k.

    Returns
    -------
    array, shape (n_k, N)
    """
    return W_next.T @ grad_a_next * sigmoid_prime(a)


def weight_gradient(grad_a, h_prev):
    """Return ∂L/∂W_k = ∂L/∂a_k h_{k−1}ᵀ (lesson 06).

    Parameters
    ----------
    grad_a : array, shape (n_k, N)
        ∂L/∂a_k.
    h_prev : array, shape (n_{k−1}, N)
        h_{k−1}.

    Returns
    -------
    array, shape (n_k, n_{k−1})
    """
    return grad_a @ h_prev.T


def bias_gradient(grad_a):
    """Return ∂L/∂b_k, the sum of ∂L/∂a_k over the examples (lesson 06).

    Parameters
    ----------
    grad_a : array, shape (n_k, N)
        ∂L/∂a_k.

    Returns
    -------
    array, shape (n_k, 1)
    """
    return grad_a.sum(axis=1, keepdims=True)


def gradient_step(parameters, gradients, learning_rate):
    """Return v − η ∂L/∂v for each parameter v (lesson 07).

    Parameters
    ----------
    parameters, gradients : sequences of arrays
        v and ∂L/∂v, in the same order and shapes.
    learning_rate : float
        η.

    Returns
    -------
    list of arrays
    """
    return [v - learning_rate * grad_v for v, grad_v in zip(parameters, gradients, strict=True)]


def backward(x, y, W1, b1, W2, b2):
    """Return the gradients of all parameters (lesson 07).

    Parameters
    ----------
    x, y : arrays, shapes (n₀, N) and (k, N)
        Examples and one-hot targets.
    W1, b1 : arrays, shapes (n₁, n₀) and (n₁, 1)
        Parameters of the hidden layer.
    W2, b2 : arrays, shapes (k, n₁) and (k, 1)
        Parameters of the output layer.

    Returns
    -------
    tuple of arrays
        ∂L/∂W₁, ∂L/∂b₁, ∂L/∂W₂, ∂L/∂b₂, each with the shape of its parameter.
    """
    a1 = W1 @ x + b1
    h1 = sigmoid(a1)
    grad_a2 = output_gradient(softmax(W2 @ h1 + b2), y)
    grad_a1 = hidden_gradient(W2, grad_a2, a1)
    return weight_gradient(grad_a1, x), bias_gradient(grad_a1), weight_gradient(grad_a2, h1), bias_gradient(grad_a2)


def fresh_parameters(n_0, n_1, n_2, seed):
    """Return parameters with which training may begin: normal random weights, biases of 0 (lesson 07).

    Parameters
    ----------
    n_0, n_1, n_2 : int
        Sizes of the layers.
    seed : int
        Of the random numbers.

    Returns
    -------
    tuple of arrays
        W₁, b₁, W₂, b₂ with shapes (n₁, n₀), (n₁, 1), (n₂, n₁), (n₂, 1).
    """
    rng = np.random.default_rng(seed)
    W1 = rng.normal(size=(n_1, n_0)) / np.sqrt(n_0)
    W2 = rng.normal(size=(n_2, n_1)) / np.sqrt(n_1)
    return W1, np.zeros((n_1, 1)), W2, np.zeros((n_2, 1))


def train(X, y, n_hidden, learning_rate, epochs, seed, start=None):
    """Return the parameters after gradient descent on all examples at once (lesson 07).

    Parameters
    ----------
    X : array, shape (N, n₀)
        Examples in rows, as in scikit-learn.
    y : array of int, shape (N,)
        Labels 0 … k−1.
    n_hidden : int
        Number of hidden units n₁.
    learning_rate : float
        η.
    epochs : int
        Number of steps.
    seed : int
        Of the fresh parameters.
    start : tuple of arrays, optional
        W₁, b₁, W₂, b₂ to begin with, in place of fresh ones.

    Returns
    -------
    tuple of arrays
        W₁, b₁, W₂, b₂ with shapes (n₁, n₀), (n₁, 1), (k, n₁), (k, 1).
    """
    k = y.max() + 1
    parameters = start or fresh_parameters(X.shape[1], n_hidden, k, seed)
    targets = one_hot(y, k)
    for _ in range(epochs):
        parameters = gradient_step(parameters, backward(X.T, targets, *parameters), learning_rate)
    return tuple(parameters)


def accuracy(X, y, W1, b1, W2, b2):
    """Return the share of the examples whose largest probability is that of their label (lesson 14).

    Parameters
    ----------
    X : array, shape (N, n₀)
        Examples in rows, as in scikit-learn.
    y : array of int, shape (N,)
        Labels 0 … k−1.
    W1, b1 : arrays, shapes (n₁, n₀) and (n₁, 1)
        Parameters of the hidden layer.
    W2, b2 : arrays, shapes (k, n₁) and (k, 1)
        Parameters of the output layer.

    Returns
    -------
    float
        From 0 to 1.
    """
    return (forward(X.T, W1, b1, W2, b2).argmax(axis=0) == y).mean()


def train_batches(X, y, n_hidden, learning_rate, batch_size, passes, seed, start=None):
    """Return the parameters after gradient descent in batches, with a new random order of the examples in each pass (lesson 14).

    Parameters
    ----------
    X : array, shape (N, n₀)
        Examples in rows, as in scikit-learn.
    y : array of int, shape (N,)
        Labels 0 … k−1.
    n_hidden : int
        Number of hidden units n₁.
    learning_rate : float
        η.
    batch_size : int
        Number of examples for a step; the last batch of a pass may be smaller.
    passes : int
        How often all examples are used.
    seed : int
        Of the fresh parameters and of the orders.
    start : tuple of arrays, optional
        W₁, b₁, W₂, b₂ to begin with, in place of fresh ones.

    Returns
    -------
    tuple of arrays
        W₁, b₁, W₂, b₂ with shapes (n₁, n₀), (n₁, 1), (k, n₁), (k, 1).
    """
    k, rng = y.max() + 1, np.random.default_rng(seed)
    parameters = start or fresh_parameters(X.shape[1], n_hidden, k, seed)
    targets = one_hot(y, k)
    for _ in range(passes):
        order = rng.permutation(len(X))
        for i in range(0, len(X), batch_size):
            batch = order[i : i + batch_size]
            parameters = gradient_step(parameters, backward(X[batch].T, targets[:, batch], *parameters), learning_rate)
    return tuple(parameters)


def choose(right_val, right_test):
    """Return which network has the most right validation images, and its test accuracy (lesson 14).

    Parameters
    ----------
    right_val, right_test : arrays of 0 and 1, shapes (M, N_val) and (M, N_test)
        A row for each network, a column for each image; 1 where the network is right.

    Returns
    -------
    int, float
        The number of the network, the first of the best; its share of right test images.
    """
    best = right_val.sum(axis=1).argmax()
    return best, right_test[best].mean()
