"""The course's data sets, as scikit-learn gives them: X of shape (N, 2) and labels 0 … k−1 of shape (N,).

Networks here take one example a column. Transpose once, before all else: ``x = X.T``, ``y = one_hot(labels, k)``.
For a regression there are numbers in place of labels: ``y = targets.reshape(1, -1)``.

scikit-learn is imported in the functions that use it: its import takes longer than all others of a lesson, and most lessons need none.
"""

import numpy as np

from utils.nn import checks


def four_blobs(n_samples=1000, seed=0, noise=1.0):
    """Make the live session's data: four Gaussian clouds in the plane.

    Parameters
    ----------
    n_samples : int
        Number of points N.
    seed : int
        Of the random numbers.
    noise : float
        How wide the clouds are: the standard deviation.

    Returns
    -------
    X : ndarray, shape (N, 2)
    labels : ndarray of int, shape (N,)
        0 … 3, one for each cloud.
    """
    from sklearn.datasets import make_blobs

    return make_blobs(n_samples=n_samples, centers=4, n_features=2, random_state=seed, cluster_std=noise)


def two_classes(n_samples=1000, seed=0, noise=1.0):
    """Make the same four clouds with labels mod 2: two classes that no straight line separates.

    Parameters
    ----------
    n_samples : int
        Number of points N.
    seed : int
        Of the random numbers.
    noise : float
        How wide the clouds are: the standard deviation.

    Returns
    -------
    X : ndarray, shape (N, 2)
    labels : ndarray of int, shape (N,)
        0 or 1.
    """
    X, labels = four_blobs(n_samples, seed, noise)
    return X, labels % 2


def moons(n_samples=1000, seed=0, noise=1.0):
    """Make two interleaved half circles with noise of standard deviation 0.15.

    Parameters
    ----------
    n_samples : int
        Number of points N.
    seed : int
        Of the random numbers.
    noise : float
        How many times as much noise.

    Returns
    -------
    X : ndarray, shape (N, 2)
    labels : ndarray of int, shape (N,)
        0 or 1.
    """
    from sklearn.datasets import make_moons

    return make_moons(n_samples=n_samples, noise=0.15 * noise, random_state=seed)


def spirals(n_samples=1000, seed=0, noise=1.0):
    """Make three spiral arms of three quarters of a turn with a little noise.

    Parameters
    ----------
    n_samples : int
        Number of points N.
    seed : int
        Of the random numbers.
    noise : float
        How many times as much noise.

    Returns
    -------
    X : ndarray, shape (N, 2)
    labels : ndarray of int, shape (N,)
        0 … 2, one for each arm.
    """
    rng = np.random.default_rng(seed)
    labels = np.arange(n_samples) % 3
    radius = rng.uniform(0.2, 2.0, n_samples)
    angle = 2 * np.pi * (labels / 3 + 0.75 * radius / 2) + rng.normal(scale=0.12 * noise, size=n_samples)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), labels


def diabetes():
    """Load 442 patients as they were measured.

    Returns
    -------
    X : ndarray, shape (442, 10)
        Age in years, sex coded 1 or 2, body mass index, mean blood pressure, six blood values.
    targets : ndarray, shape (442,)
        A score of how far the disease has gone a year later, 25 to 346.
    names : list of str
        Of the ten columns.
    """
    from sklearn.datasets import load_diabetes

    data = load_diabetes(scaled=False)
    return data.data, data.target, data.feature_names


def wave(n_samples=200, seed=0):
    """Make a curve to be learned: sin 3x with noise of standard deviation 0.15.

    Parameters
    ----------
    n_samples : int
        Number of points N.
    seed : int
        Of the random numbers.

    Returns
    -------
    X : ndarray, shape (N, 1)
        Between −2 and 2.
    targets : ndarray, shape (N,)
    """
    rng = np.random.default_rng(seed)
    X = rng.uniform(-2, 2, (n_samples, 1))
    return X, np.sin(3 * X[:, 0]) + rng.normal(scale=0.15, size=n_samples)


def digits(seed=0):
    """Load 1797 handwritten digits, 8 × 8 pixels each, split into three parts with equal shares of the ten classes.

    Parameters
    ----------
    seed : int
        Of the split.

    Returns
    -------
    training, validation, test : pairs (X, labels)
        1000, 297 and 500 images: X of shape (N, 64), grey levels 0 (white) … 16 (black), row by row, and labels 0 … 9 of shape (N,).
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    X, labels = load_digits(return_X_y=True)
    X, X_test, labels, labels_test = train_test_split(X, labels, test_size=500, stratify=labels, random_state=seed)
    X, X_val, labels, labels_val = train_test_split(X, labels, train_size=1000, stratify=labels, random_state=seed)
    return (X, labels), (X_val, labels_val), (X_test, labels_test)


DATA_SETS = {
    "four blobs": four_blobs,
    "two classes": two_classes,
    "moons": moons,
    "spirals": spirals,
}


def one_hot(labels, k):
    """Turn labels into columns e(l): 1 in row l and 0 elsewhere.

    Parameters
    ----------
    labels : array of int, shape (N,)
        Classes, counted from 0.
    k : int
        Number of classes, also of those that do not occur among these labels.

    Returns
    -------
    ndarray, shape (k, N)
        One column an example.

    Raises
    ------
    ValueError
        For labels outside 0 … k−1, labels that are no whole numbers, or another shape.
    """
    k = checks.whole_number(k, "k, the number of classes,", at_least=1)
    array = checks.numbers_array(labels, "labels")
    if array.ndim != 1:
        raise ValueError(f"labels must have shape (N,), one class number per example, but they have shape {array.shape}.")
    if (array != np.floor(array)).any():
        raise ValueError(f"labels must be whole numbers, but {array[array != np.floor(array)][0]:g} is among them.")
    if array.min() < 0 or array.max() >= k:
        bad = array[(array < 0) | (array >= k)][0]
        raise ValueError(f"labels must lie between 0 and {k - 1} for {k} classes, but {bad:g} is among them.")
    return np.eye(k)[:, array.astype(int)]
