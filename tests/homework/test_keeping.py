"""A finished network is kept in the learner's own lines, only when it is right, and a lesson works without it."""

import subprocess
import sys

import numpy as np
import pytest

from utils.homework import feedback, keeping, reference
from utils.progress import COPIES

CELLS = [
    "import numpy as np\nimport matplotlib.pyplot as plt\n\ncheck = print",
    "def sigmoid(a):\n    return 0 * a  # an earlier try",
    "def sigmoid(a):\n    return 1 / (1 + np.exp(-a))  # in my own words",
    "def softmax(a):\n    e = np.exp(a - a.max(axis=0))\n    return e / e.sum(axis=0)",
    "def unused(a):\n    return a",
    """def backward(x, y, W1, b1, W2, b2):
    h1 = sigmoid(W1 @ x + b1)
    grad_a2 = (softmax(W2 @ h1 + b2) - y) / y.shape[1]
    grad_a1 = W2.T @ grad_a2 * h1 * (1 - h1)
    return grad_a1 @ x.T, grad_a1.sum(axis=1, keepdims=True), grad_a2 @ h1.T, grad_a2.sum(axis=1, keepdims=True)""",
    """def train(X, y, n_hidden, learning_rate, epochs, seed):
    rng = np.random.default_rng(seed)
    k = y.max() + 1
    p = [rng.normal(size=(n_hidden, X.shape[1])), np.zeros((n_hidden, 1)), rng.normal(size=(k, n_hidden)), np.zeros((k, 1))]
    for _ in range(epochs):
        p = [v - learning_rate * g for v, g in zip(p, backward(X.T, np.eye(k)[:, y], *p), strict=True)]
    return p""",
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a learner's course folder, with a notebook of homework open in it."""
    (tmp_path / COPIES).write_text('{"laid": {}}', encoding="utf-8")
    (tmp_path / "homework").mkdir()
    monkeypatch.chdir(tmp_path / "homework")
    return tmp_path


def kept(cells, monkeypatch):
    """Run cells, keep their ``train``, and return what is said."""
    names = {}
    for cell in cells:
        exec(cell.replace("import matplotlib.pyplot as plt", ""), names)
    monkeypatch.setattr(feedback, "cells", lambda: cells)
    return repr(keeping.keep(names["train"]))


def test_the_file_is_the_learners_own_lines_and_works_alone(folder, monkeypatch):
    assert "Kept: " in kept(CELLS, monkeypatch)
    text = (folder / "my_network.py").read_text(encoding="utf-8")
    assert "# in my own words" in text and "an earlier try" not in text and "unused" not in text and "matplotlib" not in text
    assert 15 < sum(bool(line.strip()) for line in text.splitlines()) < 45
    line = "import numpy as np; from my_network import train; print([v.shape for v in train(np.eye(3), np.arange(3), 4, 0.1, 2, 0)])"
    alone = subprocess.run([sys.executable, "-c", line], cwd=folder, capture_output=True, text=True, check=True)
    assert alone.stdout.strip() == "[(4, 3), (4, 1), (3, 4), (3, 1)]"


def test_a_lesson_takes_it_and_says_so(folder, monkeypatch, capsys):
    kept(CELLS, monkeypatch)
    train = keeping.kept_train(folder)
    assert capsys.readouterr().out == "This is your own train, from my_network.py.\n"
    data = np.eye(3), np.arange(3), 4, 0.5, 3, 0
    names = {}
    exec("\n".join(CELLS).replace("import matplotlib.pyplot as plt", ""), names)
    for mine, again in zip(train(*data), names["train"](*data), strict=True):
        assert (mine == again).all()


def test_an_older_file_stays_beside_it(folder, monkeypatch):
    kept(CELLS, monkeypatch)
    assert "already" in kept(CELLS, monkeypatch)
    (folder / "my_network.py").write_text("mine = 1\n", encoding="utf-8")
    assert "my_network.old-1.py" in kept(CELLS, monkeypatch)
    assert (folder / "my_network.old-1.py").read_text(encoding="utf-8") == "mine = 1\n"


def test_a_wrong_network_is_not_kept(folder, monkeypatch):
    wrong = [cell.replace("(1 - h1)", "1") for cell in CELLS]
    assert "not right yet" in kept(wrong, monkeypatch)
    assert not (folder / "my_network.py").exists()


def test_nothing_is_written_into_the_course(monkeypatch):
    monkeypatch.chdir(keeping.__file__.rpartition("/")[0])
    assert "not your own copy" in kept(CELLS, monkeypatch)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "There is no my_network.py here"),
        ("def train(X:\n", "line 1 of my_network.py is no valid Python"),
        ("import numpy_\n", "stops with ModuleNotFoundError"),
        ("raise SystemExit\n", "stops with SystemExit"),
        ("def trian(X): pass\n", "no function train"),
        ("train = 3\n", "no function train"),
    ],
)
def test_a_lesson_goes_on_without_it(folder, capsys, text, said):
    if text is not None:
        (folder / "my_network.py").write_text(text, encoding="utf-8")
    assert keeping.kept_train() is reference.train
    out = capsys.readouterr().out
    assert said in out and "This lesson goes on with the course's train." in out and "Traceback" not in out


def test_a_file_that_is_no_text_is_said(folder, capsys):
    (folder / "my_network.py").write_bytes(b"\xff\xfe\x00")
    assert keeping.kept_train() is reference.train
    assert "cannot be read" in capsys.readouterr().out
