"""The requirements stand in three places; here they are compared."""

import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml

from utils import environment

ROOT = Path(__file__).resolve().parent.parent
MISSING = object()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_conda_users_get_the_same():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    expected = [f"python{PROJECT['requires-python']}", "pip", *PROJECT["dependencies"], {"pip": ["--editable ."]}]
    assert conda == expected


def test_self_check_looks_for_the_same():
    needed = [f"{package}>={minimum}" for package, minimum in environment.MINIMUM.items()]
    assert needed == PROJECT["dependencies"]
    assert PROJECT["requires-python"] == f">={'.'.join(map(str, environment.PYTHON))}"


def test_tested_versions_name_no_place_to_download_from():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines and all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+; python_version < '3\.\d+'", line) for line in lines)


def test_self_check_is_content_here():
    assert "✗" not in environment.report()
    assert "Everything is here." in environment.report()


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        ({"numpy": "1.26.4"}, "✗ numpy 1.26.4 is too old: 2.0 or newer is needed; run  %pip install --upgrade numpy"),
        ({"ipywidgets": MISSING}, "✗ ipywidgets is missing: run  %pip install ipywidgets"),
        ({"numpy": None}, "✗ numpy is damaged: run  %pip install --force-reinstall numpy"),
    ],
)
def test_self_check_says_what_to_do(monkeypatch, found, complaint):
    real = metadata.version

    def version(package):
        if found.get(package) is MISSING:
            raise metadata.PackageNotFoundError(package)
        return found[package] if package in found else real(package)

    monkeypatch.setattr(environment.metadata, "version", version)
    assert complaint in environment.report()
    assert "1 of 6 need your attention" in environment.report()


@pytest.mark.parametrize("metadata", ["", "Name: numpy\nVersion: 2.1\n"], ids=["no version", "no module"])
def test_self_check_notices_half_a_package(tmp_path, metadata):
    """An interrupted pip leaves an empty folder: one without a version, or one without a module in it."""
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy-2.1.dist-info").mkdir()
    (tmp_path / "numpy-2.1.dist-info" / "METADATA").write_text(metadata)
    found = subprocess.run(
        [sys.executable, "-S", "-c", "from utils.environment import report; print(report())"],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "✗ numpy is damaged: run  %pip install --force-reinstall numpy" in found.stdout, found.stderr


def test_jupyterlab_is_not_needed_where_another_program_shows_the_notebook(monkeypatch):
    """VS Code, PyCharm and hubs start only the kernel here."""
    real, real_spec = metadata.version, environment.find_spec

    def version(package):
        if package == "jupyterlab":
            raise metadata.PackageNotFoundError(package)
        return real(package)

    monkeypatch.setattr(environment.metadata, "version", version)
    monkeypatch.setattr(environment, "find_spec", lambda name: None if name == "jupyterlab" else real_spec(name))
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    assert "✗ jupyterlab is missing" in environment.report()
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    assert "✗" not in environment.report() and "Everything is here." in environment.report()


def test_colab_may_have_widgets_of_its_own_age(monkeypatch):
    real = metadata.version
    monkeypatch.setattr(environment.metadata, "version", lambda package: "7.7.1" if package == "ipywidgets" else real(package))
    assert "✗ ipywidgets 7.7.1 is too old" in environment.report()
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert "✗" not in environment.report()


def test_self_check_notices_an_old_python(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert "the course needs 3.11 or newer" in environment.report()
