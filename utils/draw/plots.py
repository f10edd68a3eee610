"""Plots for lessons: matplotlib Axes in, the same Axes out."""

import numpy as np

from utils.draw.style import CLASSES, pale


def probability_colors(y_hat):
    """Return the pale class colours mixed by their probabilities: ŷ (k, N) → RGB (N, 3).

    A pure class is its own colour; where the network hesitates, the colours mix.
    """
    colors = np.array([pale(style.color) for style in CLASSES[: len(y_hat)]])
    return y_hat.T @ colors
