"""Environments to test in besides .venv: another Python, other versions of what the course needs."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKING = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


def find_python(version):
    """Return a Python of a version like "3.13" that can make environments, from the path or from pyenv, or None."""
    managed = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}*/bin/python"))
    for python in filter(None, [shutil.which(f"python{version}"), *map(str, managed)]):
        answer = subprocess.run([python, "-c", WORKING], capture_output=True, text=True, check=False)
        if answer.stdout.strip() == version:
            return python
    return None


def environment_with(python, folder, requirements, constraints):
    """Return the Python of an environment in ``folder``; make it if it is not there, or was made from something else.

    Parameters
    ----------
    python : str
        The Python to make it with.
    folder : Path
        Where it is.
    requirements : list of str
        Arguments for pip, run in the project's folder.
    constraints : Path
        The versions that it takes.
    """
    inside, made_from = folder / "bin" / "python", folder / "made-from"
    wanted = f"{folder}\n{python}\n{requirements}\n{constraints.read_text(encoding='utf-8')}"
    if not made_from.exists() or made_from.read_text(encoding="utf-8") != wanted:
        print(f"Setting up {folder.relative_to(ROOT)}: two minutes, once.", flush=True)
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
        install = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint", constraints]
        subprocess.run([*install, *requirements], cwd=ROOT, check=True)
        made_from.write_text(wanted, encoding="utf-8")
    return inside


def run_in_each(chosen, runs):
    """Run tests in each environment, print a line for each, and end with 1 when one fails, or one that was chosen has no Python.

    Parameters
    ----------
    chosen : list of str
        The names of those to run; none for all.
    runs : dict
        Name → (version of Python, function that takes a Python, makes the environment and returns whether its tests passed).
    """
    if unknown := set(chosen) - set(runs):
        sys.exit(f"There is no {', '.join(unknown)}; there are {', '.join(runs)}.")
    failed = False
    for name in chosen or runs:
        version, run = runs[name]
        python = find_python(version)
        if python is None:
            print(f"{name}: SKIPPED, for it needs Python {version}, which is neither on the path nor in ~/.pyenv.", flush=True)
            failed = failed or bool(chosen)
            continue
        start = time.monotonic()
        passed = run(python)
        print(f"{name}, Python {version}: {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
        failed = failed or not passed
    sys.exit(failed)
