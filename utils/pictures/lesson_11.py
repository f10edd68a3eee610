"""The picture of lesson 11: how long several programs take for the same thing."""

from utils.draw.costs import time_dots
from utils.draw.picture import show, subplots


def times(seconds, about):
    """Return times as dots on a logarithmic scale.

    Parameters
    ----------
    seconds : dict of str to float
        The times by what took them.
    about : str
        What was timed.

    Returns
    -------
    Picture
    """
    fig, ax = subplots(figsize=(6.8, 2.6))
    time_dots(seconds, ax).set_xlabel(f"microseconds for {about}, on this computer")
    said = "; ".join(f"{name}: {time * 1e6:.2g}" for name, time in seconds.items())
    return show(fig, f"Dots on a logarithmic scale: microseconds for {about}, measured on this computer. {said}.")
