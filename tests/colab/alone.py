"""Run cells where the course is not installed: in a process of its own, in any folder, as in Colab if wanted."""

import os
import subprocess
import sys

NOT_INSTALLED = """
import sys, types
from os.path import isfile, join

sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder)]
sys.path[:] = [place for place in sys.path if not isfile(join(place, "utils/nn/network.py"))]
"""
IN_COLAB = 'sys.modules["google.colab"] = types.ModuleType("google.colab")\n'
RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.history_manager.enabled = False
for source in json.load(sys.stdin):
    if not shell.run_cell(source).success:
        sys.exit(1)
"""


def environment(folder, colab=False, path=(), without=()):
    """Return the environment variables for a Python that does not find the course.

    Parameters
    ----------
    folder : Path
        Where the files go that make it so.
    colab : bool
        Whether Python shall believe that it runs in Colab.
    path : sequence of path-like
        Folders for the path, before all others; the course may be in them.
    without : sequence of str
        Modules that this Python shall not have.
    """
    folder.mkdir(parents=True, exist_ok=True)
    late = "".join(f"sys.path.insert({i}, {str(place)!r})\n" for i, place in enumerate(path))
    late += "".join(f"sys.modules[{name!r}] = None\n" for name in without)
    (folder / "sitecustomize.py").write_text(NOT_INSTALLED + IN_COLAB * colab + late, encoding="utf-8")
    return os.environ | {"PYTHONPATH": str(folder), "IPYTHONDIR": str(folder / "ipython")}


def python(code, cwd, environment, standard_input=None):
    """Run code in a new Python and return the finished process."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env=environment,
        input=standard_input,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
