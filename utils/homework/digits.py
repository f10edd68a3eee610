"""Homework 6: the images, a split of one's own, and a test set that remembers who has opened it."""

from functools import cache
from time import perf_counter

import numpy as np

from utils.homework.reference import accuracy
from utils.progress import here

IMAGES = 1797
PARTS = [1000, 1297]  # where the validation images begin, and the test images
PASSES = 20
GOAL = 0.95  # of the validation images


@cache
def images():
    """Return all digits in scikit-learn's order.

    Returns
    -------
    X : ndarray, shape (1797, 64)
        Pixels from 0 to 1.
    y : ndarray of int, shape (1797,)
        Labels.
    """
    from sklearn.datasets import load_digits  # takes a second: whoever does other homework goes without

    X, y = load_digits(return_X_y=True)
    return X / 16, y


def split(number):
    """Return the places of the training, validation and test images that belong to a number.

    Parameters
    ----------
    number : int
        The learner's own, from 0 up.

    Returns
    -------
    list of three arrays of int
        1000, 297 and 500 places.
    """
    return np.split(np.random.default_rng(number).permutation(IMAGES), PARTS)


def validate(train_digits, number, seeds=3):
    """Train with some seeds, and print the share of the validation images that is right, and the time.

    Parameters
    ----------
    train_digits : callable
        The learner's own.
    number : int
        Of the split.
    seeds : int
        How many.
    """
    begin = perf_counter()
    shares = []
    for seed in range(seeds):
        shares.append(_share(train_digits, number, seed, part=1))
        if shares[-1] is None:
            return
    seconds = (perf_counter() - begin) / seeds
    print(f"validation images that are right after {PASSES} passes: {', '.join(f'{share:.1%}' for share in shares)}")
    print(f"{'the goal is reached' if min(shares) >= GOAL else f'the goal is {GOAL:.0%}'}; {seconds:.1f} seconds for each seed")


def open_test_set(train_digits, number, fixed):
    """Train with seed 0, and print the share of the test images that is right; say when they have been opened before.

    Parameters
    ----------
    train_digits : callable
        The learner's own.
    number : int
        Of the split.
    fixed : bool
        Whether the settings are fixed; until then the test set stays closed.
    """
    if not fixed:
        print("The test set is closed. Are your settings fixed? Then write fixed=True.")
        return
    share = _share(train_digits, number, seed=0, part=2)
    if share is None:
        return
    before = [facts["accuracy"] for name, facts in here().of("hw_06").items() if name.startswith(f"test set of {number}, ")]
    print(f"share of the test images that is right: {share:.3f}")
    if share in before:
        return  # the same network, looked at again
    here().put("hw_06", f"test set of {number}, opening {len(before) + 1}", accuracy=share)
    if before:
        print(f"You have opened it before, with another network: {', '.join(f'{one:.3f}' for one in before)}.")
        print("The best of several is too good to be true: report how often you have looked.")


def _share(train_digits, number, seed, part):
    """Return the share of the images of a part that the learner's network reads correctly; None if there is no network."""
    X, y = images()
    places = split(number)
    try:
        parameters = train_digits(X[places[0]], y[places[0]], PASSES, seed)
    except NotImplementedError:
        parameters = None
    if parameters is None:
        print(f"… {train_digits.__name__}: not yet.")
        return None
    try:
        return float(accuracy(X[places[part]], y[places[part]], *parameters))
    except (TypeError, ValueError):
        print(f"{train_digits.__name__} returns no network: check({train_digits.__name__}) says more.")
        return None
