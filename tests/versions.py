"""Test the course on newer Pythons, and with the oldest versions that pyproject.toml allows.

``make test-versions`` runs the whole suite in an environment for each, in build/versions/; ``make test-versions RUN=oldest``
in one of them. A Python that is missing is skipped with a line that says so, unless it was named.
"""

import subprocess
import sys
import tomllib
from functools import partial

from environments import ROOT, environment_with, run_in_each
from packaging.requirements import Requirement

PLACE = ROOT / "build" / "versions"
COURSE = ["--editable", ".[test,grading,site,slides]"]
TESTED = ROOT / "constraints.txt"
OLD = ["--override-ini=filterwarnings=default", "--disable-warnings"]  # old packages warn of changes in newer ones that they use


def oldest():
    """Write the oldest version of everything that pyproject.toml names as constraints for pip, and return the file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = []
    for text in sum(project["optional-dependencies"].values(), project["dependencies"]):
        requirement = Requirement(text)
        (floor,) = (part.version for part in requirement.specifier)
        pins.append(f"{requirement.name}=={floor}\n")
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / "oldest.txt"
    path.write_text("".join(pins), encoding="utf-8")
    return path


def run_tests(name, constraints, options, python):
    """Run the suite in an environment; return whether it passed."""
    inside = environment_with(python, PLACE / name, COURSE, constraints)
    return subprocess.run([inside, "-m", "pytest", *options], cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    runs = {
        "3.12": ("3.12", partial(run_tests, "3.12", TESTED, [])),
        "3.13": ("3.13", partial(run_tests, "3.13", TESTED, [])),
        "oldest": ("3.11", partial(run_tests, "oldest", oldest(), OLD)),
    }
    run_in_each(sys.argv[1:], runs)
