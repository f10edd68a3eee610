"""Test the course with the versions that Colab has: ``make test-colab``, or ``make test-colab RUNTIME=2026.08`` for one.

For each list of versions beside this file: an environment in build/colab-runtimes/ with exactly these, and nothing of
the course in it; then every notebook by nbval, opened in a clone; the set-up cell and all self-contained copies in empty
folders; every lesson in a browser with Notebook 6.5. A runtime whose Python is missing is skipped, unless it was named.
"""

import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from alone import environment
from environments import ROOT, environment_with, run_in_each

HERE = Path(__file__).resolve().parent
TOOLS = ["axe-playwright-python", "nbval", "playwright", "pytest-xdist"]  # Colab has no tests to run
TESTS = ["notebooks", "tests/colab", "tests/browser/test_classic.py"]
OPTIONS = ["--override-ini=filterwarnings=default", "--disable-warnings"]  # Colab's own packages are old enough to warn


def run_tests(name, versions, python):
    """Run all tests in the environment of a runtime; return whether they passed."""
    inside = environment_with(python, ROOT / "build" / "colab-runtimes" / name, ["--requirement", str(versions), *TOOLS], versions)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copies = Path(folder, "copies")
        write = [inside, "tools/self_contained.py", copies]
        subprocess.run(write, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, check=True)
        command = [inside, "-m", "pytest", "-c", "pyproject.toml", "--rootdir", ROOT, *OPTIONS, *TESTS, copies]
        return subprocess.run(command, cwd=ROOT, env=environment(Path(folder, "site"), colab=True), check=False).returncode == 0


if __name__ == "__main__":
    runs = {}
    for versions in sorted(HERE.glob("requirements-*.txt")):
        name = versions.stem.removeprefix("requirements-")
        version = re.search(r"Python (3\.\d+)", versions.read_text(encoding="utf-8"))[1]
        runs[name] = version, partial(run_tests, name, versions)
    run_in_each(sys.argv[1:], runs)
