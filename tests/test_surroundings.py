"""The course works on every console, also on one that has no ✓, and without a home directory."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from utils import lab

ROOT = Path(__file__).resolve().parent.parent
CONSOLES = {
    "a Windows log file": ({"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}, "cp1252"),
    "the locale C": ({"LC_ALL": "C", "PYTHONUTF8": "0"}, "ascii"),
}
PROGRAM = """
from utils.draw.animation import progress
from utils.environment import report
from utils.homework import check
def weight_gradient(grad_a, h_prev):
    return grad_a @ h_prev.T
def bias_gradient(grad_a):
    return grad_a
for function in (weight_gradient, bias_gradient):
    check(function)
print(report())
list(progress([1, 2], "drawing"))
print("a learner's own line: \\u0177 \\u2713")
"""
EXPECTED = ["OK weight_gradient is right", "NO bias_gradient is not", "OK Python 3", "OK numpy", "drawing  #", "own line: ? OK"]


@pytest.mark.parametrize("console", CONSOLES)
def test_no_console_stops_the_course(console):
    variables, encoding = CONSOLES[console]
    rest = {name: value for name, value in os.environ.items() if name not in ("PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL")}
    process = subprocess.run([sys.executable, "-c", PROGRAM], env=rest | variables, capture_output=True, check=False)
    assert process.returncode == 0, process.stderr.decode(encoding, "replace")
    text = process.stdout.decode(encoding)
    assert [words for words in EXPECTED if words not in text] == []


def test_a_console_that_has_the_signs_shows_them():
    code = "import sys; sys.stdout.reconfigure(encoding='utf-8'); import utils; sys.stdout.write('\\u0177 \\u2713')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.decode("utf-8") == "ŷ ✓"


@pytest.mark.parametrize("command", [["-c", "import utils.nn"], ["-m", "utils.lab", "copies"]])
def test_a_python_that_leaves_out_checks_is_refused(command):
    process = subprocess.run([sys.executable, "-O", *command], capture_output=True, text=True, check=False)
    assert process.returncode and "Start it without -O" in process.stderr.splitlines()[-1]


@pytest.mark.parametrize("file", ["numpy.py", "matplotlib/__init__.py"])
def test_a_learners_file_with_the_name_of_a_library_is_named(tmp_path, file):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).touch()
    code = f"import sys; sys.path.append({str(ROOT)!r}); import utils.nn"
    process = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert str(tmp_path / file) in process.stderr.splitlines()[-1] and "Give it another name" in process.stderr


@pytest.fixture
def homeless(tmp_path):
    """Return environment variables with a home directory that cannot be made, below a file."""
    (tmp_path / "a file").touch()
    rest = {name: value for name, value in os.environ.items() if name not in ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    return rest | {"HOME": str(tmp_path / "a file" / "home"), "TMPDIR": str(tmp_path)}


def test_without_a_home_that_can_be_written_matplotlib_says_nothing(homeless, tmp_path):
    """It keeps its list of fonts in the home directory, and warns where it cannot."""
    draw = "import utils, matplotlib.pyplot as plt; plt.figure(); print(plt.matplotlib.get_configdir())"
    process = subprocess.run([sys.executable, "-c", draw], env=homeless, capture_output=True, text=True, check=True)
    assert process.stderr == "" and process.stdout.startswith(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["a file"], "it leaves nothing behind"


def test_without_a_home_that_can_be_written_jupyterlab_gets_another(homeless, tmp_path, monkeypatch, capsys):
    """It does not start without."""
    started = []
    monkeypatch.setattr(os, "execve", lambda program, command, variables: started.append(variables))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", homeless["HOME"])
    monkeypatch.setenv("USERPROFILE", homeless["HOME"])
    lab._open(tmp_path / "my_course", [])
    other = started[0]["HOME"]
    assert Path(other).is_dir() and f"JupyterLab keeps its settings in a temporary one: {other}\n" in capsys.readouterr().out
