"""All explorers of the course, found in ``utils/explore``: a new one is tested without being listed."""

import inspect
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import utils.explore
from utils.data import two_classes
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent


def _found():
    modules = [import_module(f"utils.explore.{module.name}") for module in iter_modules(utils.explore.__path__)]
    return {name: make for module in modules for name, make in vars(module).items() if name.endswith("_explorer")}


EXPLORERS = _found()  # the functions that make them, by name


@cache
def _supplies():
    # what an explorer may need that is no control, by the name of its parameter: a short run with its data
    X, labels = two_classes(200)
    x, y = X.T, labels[None].astype(float)
    net = FeedForwardNetwork([2, 2, 1], output="sigmoid", loss="squared_error", seed=1)
    return {"history": gradient_descent(net, x, y, learning_rate=2.5, epochs=60, record_every=2), "x": x, "y": y}


def explorer(name):
    """Return the explorer with this name as a lesson makes it."""
    parameters = inspect.signature(EXPLORERS[name]).parameters.values()
    return EXPLORERS[name](*(_supplies()[each.name] for each in parameters if each.kind == each.POSITIONAL_OR_KEYWORD))
