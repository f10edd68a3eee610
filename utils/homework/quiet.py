"""Swallows what an answer shows while it is checked: printed lines, messages to stderr, displays, figures."""

import contextlib
import io
import sys


@contextlib.contextmanager
def quiet():
    """Return a context that swallows displays and messages, and closes the figures that are opened in it.

    Returns
    -------
    context manager
    """
    plt = sys.modules.get("matplotlib.pyplot")
    open_before = set(plt.get_fignums()) if plt else set()
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output(stderr=False))
        yield
        plt = sys.modules.get("matplotlib.pyplot")  # the answer itself may have imported it
        for number in set(plt.get_fignums()) - open_before if plt else ():
            plt.close(number)
