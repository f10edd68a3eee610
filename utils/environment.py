"""The self-check of lesson 00: is everything here that the course needs? Imports nothing that might be missing."""

import re
import sys
from importlib import metadata
from importlib.util import find_spec

MINIMUM = {  # as in pyproject.toml; a test holds the two together
    "jupyterlab": "4.2",
    "numpy": "2.0",
    "matplotlib": "3.9",
    "ipywidgets": "8.1",
    "scikit-learn": "1.6",
}
MODULES = {"scikit-learn": "sklearn"}  # where it is not the name of the package
PYTHON = (3, 11)


def report():
    """Return a line for Python and for each package: what is there, or what to do about it.

    Returns
    -------
    str
    """
    good = sys.version_info >= PYTHON
    lines = [
        f"{'✓' if good else '✗'} Python {sys.version.split()[0]}"
        + ("" if good else f": the course needs {'.'.join(map(str, PYTHON))} or newer. Install it, then run make lab again.")
    ]
    lines += [_line(package, minimum) for package, minimum in MINIMUM.items() if _needed(package)]
    missing = sum(line.startswith("✗") for line in lines)
    lines.append(
        f"{missing} of {len(lines)} need your attention: follow the line, then restart the kernel (menu Kernel) and run this cell again."
        if missing
        else "Everything is here. If a picture below has no sliders, reload the page (F5) and run the cell again. Still none? Then the "
        "program that shows this page has a Python of its own, and ipywidgets must be installed there too."
    )
    return "\n".join(lines)


def _needed(package):
    if "google.colab" in sys.modules:  # it is its own front end, for widgets of its own age
        return package not in ("jupyterlab", "ipywidgets")
    if package == "jupyterlab" and "ipykernel" in sys.modules:  # a notebook is open: without JupyterLab here, in another program
        return find_spec("jupyterlab") is not None
    return True


def _line(package, minimum):
    try:
        version = metadata.version(package)
        found = find_spec(MODULES.get(package, package))
    except metadata.PackageNotFoundError:
        return f"✗ {package} is missing: run  %pip install {package}  in a cell"
    if not version or found is None or found.origin is None:  # what an interrupted installation leaves: a half of it
        return f"✗ {package} is damaged: run  %pip install --force-reinstall {package}  in a cell"
    if _parts(version) < _parts(minimum):
        return f"✗ {package} {version} is too old: {minimum} or newer is needed; run  %pip install --upgrade {package}  in a cell"
    return f"✓ {package} {version}"


def _parts(version):
    return [int(number) for number in re.findall(r"\d+", version)[:3]]
