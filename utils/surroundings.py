"""What the course asks of its surroundings before anything else: a console that prints, and folders that can be written."""

import atexit
import codecs
import os
import shutil
import sys
import tempfile

LIBRARIES = ("numpy", "matplotlib", "sklearn", "scipy", "ipywidgets", "IPython")
SIGNS = {"✓": "OK", "✗": "NO", "…": "...", "−": "-", "–": "-", "—": "-", "·": "|", "█": "#", "░": "."}


def demand_checks():
    """Stop a Python that leaves out ``assert``: the checks of the lessons would check nothing.

    Raises
    ------
    ImportError
        When Python was started with -O, or with PYTHONOPTIMIZE.
    """
    if not __debug__:
        raise ImportError(
            "This Python was told to leave out checks, by -O or by PYTHONOPTIMIZE, and then the lessons check nothing. "
            "Start it without -O, and in a terminal without PYTHONOPTIMIZE."
        )


def demand_the_libraries():
    """Stop where a file of the learner's, such as numpy.py, has the name of a library and would be imported in its place.

    Raises
    ------
    ImportError
        With the file's name, and what to do.
    """
    for name in LIBRARIES:
        for file in (f"{name}.py", os.path.join(name, "__init__.py")):
            if "" in sys.path and os.path.isfile(file):
                raise ImportError(
                    f"{os.path.abspath(file)} has the name of the library {name}, and Python would take it in its place. "
                    "Give it another name, then restart the kernel."
                )


def print_on_every_console():
    """Let ``print`` replace what the console cannot show, where it would stop with UnicodeEncodeError.

    A notebook shows every sign. A Windows console whose output goes to a file has 256 signs, and a Python in the
    locale "C" has 128; ✓ is in neither.
    """
    codecs.register_error("course.signs", _replaced)
    if getattr(sys.stdout, "errors", None) in ("strict", "surrogateescape") and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="course.signs")


def _replaced(error):
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(SIGNS.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


def give_matplotlib_a_folder():
    """Give matplotlib a temporary folder for its fonts where the home directory cannot be written.

    It would take one by itself, but with a warning in the learner's notebook.
    """
    if "MPLCONFIGDIR" not in os.environ and not all(map(_can_be_made, ("~/.config/matplotlib", "~/.cache/matplotlib"))):
        folder = os.environ["MPLCONFIGDIR"] = tempfile.mkdtemp(prefix="matplotlib-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def with_a_home(variables):
    """Return environment variables for JupyterLab, which does not start where its user's home directory cannot be written.

    Parameters
    ----------
    variables : mapping of str to str
        The environment variables as they are.

    Returns
    -------
    dict of str to str
    """
    if all(map(_can_be_made, ("~/.local/share/jupyter", "~/.jupyter", "~/.ipython"))):
        return dict(variables)
    home = tempfile.mkdtemp(prefix="backpropagation-course-home-")
    print(f"Your home directory cannot be written. JupyterLab keeps its settings in a temporary one: {home}")
    return dict(variables) | {"HOME": home, "USERPROFILE": home}


def _can_be_made(folder):
    folder = os.path.expanduser(folder)
    if not os.path.isabs(folder):  # this user has no home
        return False
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    return os.path.isdir(folder) and os.access(folder, os.W_OK)
