"""Test the course with the versions that Colab has: ``make test-colab``, or ``make test-colab RUNTIME=2026.08`` for one.

For each list of versions beside this file: an environment in build/colab-runtimes/ with exactly these, and nothing of
the course in it; then every notebook by nbval, opened in a clone; the set-up cell and all self-contained copies in empty
folders; every lesson in a browser with Notebook 6.5. A runtime whose Python is missing is skipped, unless it was named.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from alone import environment

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOOLS = ["nbval", "playwright", "pytest-xdist"]  # Colab has no tests to run
WORKING = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
TESTS = ["notebooks", "tests/colab", "tests/browser/test_classic.py"]
OPTIONS = ["--override-ini=filterwarnings=default", "--disable-warnings"]  # Colab's own packages are old enough to warn


def find_python(version):
    """Return a Python of a version like "3.13" that can make environments, from the path or from pyenv, or None."""
    managed = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}*/bin/python"))
    for python in filter(None, [shutil.which(f"python{version}"), *map(str, managed)]):
        answer = subprocess.run([python, "-c", WORKING], capture_output=True, text=True, check=False)
        if answer.stdout.strip() == version:
            return python
    return None


def make_environment(python, requirements):
    """Return the Python of an environment with these requirements; make it if it is not there."""
    folder = ROOT / "build" / "colab-runtimes" / requirements.stem.removeprefix("requirements-")
    inside = folder / "bin" / "python"
    made_from = folder / "made-from"
    wanted = f"{folder}\n{TOOLS}\n{requirements.read_text(encoding='utf-8')}"
    if not made_from.exists() or made_from.read_text(encoding="utf-8") != wanted:
        print(f"Setting up {folder.relative_to(ROOT)}: two minutes, once.", flush=True)
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
        install = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--requirement", requirements, "--constraint", requirements, *TOOLS], check=True)
        made_from.write_text(wanted, encoding="utf-8")
    return inside


def run_tests(python):
    """Run all tests with the Python of an environment; return whether they passed."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copies = Path(folder, "copies")
        write = [python, "lectures_src/self_contained.py", copies]
        subprocess.run(write, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, check=True)
        command = [python, "-m", "pytest", "-c", "pyproject.toml", "--rootdir", ROOT, *OPTIONS, *TESTS, copies]
        return subprocess.run(command, cwd=ROOT, env=environment(Path(folder, "site"), colab=True), check=False).returncode == 0


def main(runtimes):
    """Test the named runtimes, or all; end with 1 when a test fails or a named runtime has no Python."""
    lists = sorted(HERE.glob("requirements-*.txt"))
    names = [path.stem.removeprefix("requirements-") for path in lists]
    if unknown := set(runtimes) - set(names):
        sys.exit(f"There is no runtime {', '.join(unknown)}; there are {', '.join(names)}.")
    failed = False
    for name, requirements in zip(names, lists, strict=True):
        if runtimes and name not in runtimes:
            continue
        version = re.search(r"Python (3\.\d+)", requirements.read_text(encoding="utf-8"))[1]
        python = find_python(version)
        if python is None:
            print(f"Colab {name}: SKIPPED, for it needs Python {version}, which is neither on the path nor in ~/.pyenv.", flush=True)
            failed = failed or bool(runtimes)
            continue
        inside, start = make_environment(python, requirements), time.monotonic()
        passed = run_tests(inside)
        print(f"Colab {name}, Python {version}: {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
        failed = failed or not passed
    sys.exit(failed)


if __name__ == "__main__":
    main(sys.argv[1:])
