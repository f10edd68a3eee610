"""Submissions of homework 3 that are right and unusual. Each earns all 9 points, or the student is told what was left out.

``INNOCENT`` maps a name to (file name, content), ``TOLD`` to (file name, content, points, words of the notice).
"""

import json

from submissions import ANSWERS, cells, dedented, notebook

NUMPY, HIDDEN, WEIGHT, BIAS = cells()
STUB = 'def hidden_gradient(W_next, grad_a_next, a):\n    """Return ∂L/∂a_k."""\n    raise NotImplementedError'
SIGMOID = "h = 1 / (1 + np.exp(-a))\n    return W_next.T @ grad_a_next * h * (1 - h)"


def nb(*sources, **metadata):
    """Return a notebook of these code cells as bytes."""
    return notebook(sources, **metadata).encode()


def with_bias(*sources):
    """Return a notebook whose bias_gradient is given in cells of its own."""
    return nb(NUMPY, HIDDEN, WEIGHT, *map(dedented, sources))


def with_hidden(*sources):
    """Return a notebook whose hidden_gradient is given in cells of its own."""
    return nb(NUMPY, *map(dedented, sources), WEIGHT, BIAS)


def hidden(line, before=""):
    """Return a notebook whose hidden_gradient is one return, after other lines."""
    return with_hidden(f"{before}\ndef hidden_gradient(W_next, grad_a_next, a):\n    return {line}\n")


def changed(change, *sources, **metadata):
    """Return a right notebook after a change of its JSON."""
    page = json.loads(notebook(sources or cells(), **metadata))
    change(page)
    return json.dumps(page).encode()


def script(*more, between="\n\n"):
    """Return a right script."""
    return between.join([*cells(), *more]).encode()


def old(version):
    """Return a notebook in the format of 2013 or before."""
    page = [{"cell_type": "code", "language": "python", "input": source, "outputs": [], "metadata": {}} for source in cells()]
    sheets = [{"cells": page, "metadata": {}}]
    return json.dumps({"nbformat": version, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": sheets}).encode()


def drop(key):
    """Return a change that takes a key away everywhere."""

    def change(page):
        for cell in page["cells"]:
            cell.pop(key, None)
        page.pop(key, None)

    return change


def nbsp(text):
    """Return a text with spaces that do not break, as web pages have them."""
    return text.replace("    ", "\u00a0\u00a0\u00a0\u00a0")


PRIME = "W_next.T @ grad_a_next * s(a) * (1 - s(a))"
S = "s = lambda a: 1 / (1 + np.exp(-a))"
MIXED = 'df = pd.read_csv("x.csv")'
COMMAND = "\n\n# COMMAND ----------\n\n"

NOTEBOOKS = {
    # --- cells, their order and their metadata ---
    "as handed out": nb(*cells()),
    "cells twice": nb(*cells(), *cells()),
    "cells in reverse": nb(*cells()[::-1]),
    "all in one cell": nb("\n\n".join(cells())),
    "no metadata": changed(drop("metadata")),
    "no ids": changed(drop("id")),
    "no outputs": changed(drop("outputs")),
    "no format number": changed(lambda page: page.pop("nbformat")),
    "format 5": changed(lambda page: page.update(nbformat=5)),
    "format 3": old(3),
    "format 2": old(2),
    "sources as lists of lines": changed(lambda page: [cell.update(source=cell["source"].splitlines(True)) for cell in page["cells"]]),
    "Windows' line ends": changed(lambda page: [cell.update(source=cell["source"].replace("\n", "\r\n")) for cell in page["cells"]]),
    "tabs": nb(*(source.replace("    ", "\t") for source in cells())),
    "no import of numpy": nb(*cells()[1:]),
    "numpy under another name": nb(*(source.replace("np.", "numpy.").replace("numpy as np", "numpy") for source in cells())),
    "numpy as n_p": nb(*(source.replace("np.", "n_p.").replace("as np", "as n_p") for source in cells())),
    "everything from numpy": nb(*(source.replace("np.", "").replace("import numpy as np", "from numpy import *") for source in cells())),
    "the import after its use": nb(HIDDEN, WEIGHT, BIAS, NUMPY),
    "check cells": nb(*cells(), "from utils.homework import check", "check(hidden_gradient)\ncheck(bias_gradient)"),
    "empty cells": nb("", *cells(), "\n\n", "# nothing here"),
    "a second try below the first": nb("def hidden_gradient(*a): return 1", *cells()),
    "a stub below the answer": nb(*cells(), STUB),
    "a stub of pass below the answer": nb(*cells(), "def hidden_gradient(W_next, grad_a_next, a):\n    pass"),
    "a stub of dots below the answer": nb(*cells(), 'def hidden_gradient(W_next, grad_a_next, a):\n    """∂L/∂a_k"""\n    ...'),
    "plays that crash, hang or exit": nb("1 / 0", *cells(), "while True: pass", "exit()", "x = input()", "del np"),
    "a result that takes the answer's name": nb(*cells(), "bias_gradient = bias_gradient(np.ones((2, 3)))"),
    "an answer that is deleted below": nb(*cells(), "del bias_gradient"),
    "tests below": nb(*cells(), "assert bias_gradient(np.ones((2, 3))).shape == (2, 1)", "import unittest\nunittest.main()"),
    # --- metadata that say something else ---
    "Sage's kernel": nb(
        *cells(), kernelspec={"name": "sagemath", "language": "sage", "display_name": "Sage"}, language_info={"name": "python"}
    ),
    "a polyglot kernel": nb(*cells(), kernelspec={"name": ".net-csharp", "language": "C#", "display_name": ".NET"}),
    "plain text's kernel": nb(*cells(), language_info={"name": "plaintext"}),
    "a kernel called Py3": nb(*cells(), kernelspec={"name": "py", "language": "Py3", "display_name": "Py"}),
    "metadata of numbers": changed(lambda page: page.update(metadata=7)),
    "Colab's metadata": nb(
        *cells(), colab={"provenance": []}, accelerator="GPU", kernelspec={"name": "python3", "display_name": "Python 3"}
    ),
    "JupyterLite's kernel": nb(*cells(), kernelspec={"name": "python", "language": "python", "display_name": "Python (Pyodide)"}),
    # --- magics and shell lines, as IPython reads them ---
    "line magics": nb("%matplotlib inline\n%load_ext autoreload\nimport numpy as np", HIDDEN, WEIGHT, BIAS),
    "shell lines": nb(NUMPY + "\n!pip install numpy\n!ls -l", HIDDEN, WEIGHT, BIAS),
    "what a shell line prints, assigned": nb(NUMPY, HIDDEN + "\nfiles = !ls", WEIGHT, BIAS),
    "what a magic measures, assigned": nb(NUMPY, HIDDEN + "\nt = %timeit -o -n1 hidden_gradient(1, 1, 1)", WEIGHT, BIAS),
    "a shell line that goes on": nb(NUMPY + "\n!pip install \\\n    numpy", HIDDEN, WEIGHT, BIAS),
    "help with a question mark": nb(NUMPY, HIDDEN + "\nnp.exp?\n?np.sum\nnp.sum??", WEIGHT, BIAS),
    "a magic in a block": nb(NUMPY, HIDDEN + "\nif True:\n    %timeit 1\n    !ls", WEIGHT, BIAS),
    "a cell magic": nb(NUMPY, "%%time\n" + HIDDEN, WEIGHT, BIAS),
    "two cell magics": nb(NUMPY, "%%capture\n%%time\n" + HIDDEN, WEIGHT, BIAS),
    "a cell magic below an empty line": nb(NUMPY, "\n%%time\n" + HIDDEN, WEIGHT, BIAS),
    "an unknown cell magic": nb(NUMPY, "%%memit -r 3\n" + HIDDEN, WEIGHT, BIAS),
    "answers written to a file": nb(
        "%%writefile answers.py\n" + "\n\n".join(cells()), "%run answers.py", "from answers import bias_gradient"
    ),
    "an indented cell": nb(NUMPY, "\n".join("    " + line for line in HIDDEN.split("\n")), WEIGHT, BIAS),
    "a prompt before each line": nb(NUMPY, ">>> " + HIDDEN.replace("\n", "\n... "), WEIGHT, BIAS),
    "IPython's prompts": nb(NUMPY, "In [1]: " + HIDDEN.replace("\n", "\n   ...: "), WEIGHT, BIAS),
    "a line that begins with %": nb(NUMPY, HIDDEN + '\nx = ("%d"\n% 3)', WEIGHT, BIAS),
    "a magic over two lines": nb(NUMPY, HIDDEN + "\n%timeit -n1 np.add(1,\\\n 2)", WEIGHT, BIAS),
    "a bash cell": nb(*cells(), "%%bash\nrm -rf $HOME"),
    "a cell in HTML": nb(*cells(), "%%html\n<b>done</b>"),
    # --- what an answer may stand on ---
    "lambda": with_bias("bias_gradient = lambda grad_a: grad_a.sum(axis=1)[:, None]"),
    "partial": with_bias("from functools import partial", "bias_gradient = partial(np.sum, axis=1, keepdims=True)"),
    "another function's name": with_bias("def column_sums(grad_a): return grad_a.sum(1, keepdims=True)", "bias_gradient = column_sums"),
    "an object that can be called": with_bias(
        "class Sum:\n    def __call__(self, grad_a):\n        return grad_a.sum(1, keepdims=True)\nbias_gradient = Sum()"
    ),
    "a method": with_bias("class A:\n    def f(self, g):\n        return g.sum(1, keepdims=True)\nbias_gradient = A().f"),
    "a closure": with_bias("def summing(axis):\n    return lambda g: g.sum(axis, keepdims=True)\nbias_gradient = summing(1)"),
    "a decorator": with_bias(
        "import functools\ndef same(f):\n    @functools.wraps(f)\n    def g(*a): return f(*a)\n    return g",
        "@same\ndef bias_gradient(grad_a): return grad_a.sum(1, keepdims=True)",
    ),
    "a cache": hidden(
        PRIME, "from functools import lru_cache\n@lru_cache\ndef one(): return 1.0\ns = lambda a: one() / (one() + np.exp(-a))"
    ),
    "a helper in another cell": with_hidden(S, f"def hidden_gradient(W_next, grad_a_next, a):\n    return {PRIME}"),
    "a helper below": with_hidden(f"def hidden_gradient(W_next, grad_a_next, a):\n    return {PRIME}", S),
    "a helper by its name in a text": with_hidden(
        "def helper(a):\n    return 1 / (1 + np.exp(-a))",
        "def hidden_gradient(W_next, grad_a_next, a):\n    h = globals()['helper'](a)\n    return W_next.T @ grad_a_next * h * (1 - h)",
    ),
    "a dataclass": with_hidden(
        "from dataclasses import dataclass, field\n@dataclass\nclass Layer:\n    W: np.ndarray\n    b: list = field(default_factory=list)",
        f"def hidden_gradient(W_next, grad_a_next, a):\n    W_next = Layer(W_next).W\n    {SIGMOID}",
    ),
    "a named tuple": with_hidden(
        'from collections import namedtuple\nPair = namedtuple("Pair", "h one")',
        "def hidden_gradient(W_next, grad_a_next, a):\n"
        "    p = Pair(1 / (1 + np.exp(-a)), 1)\n    return W_next.T @ grad_a_next * p.h * (p.one - p.h)",
    ),
    "a typed tuple": with_hidden(
        "from typing import NamedTuple\nclass P(NamedTuple):\n    one: float = 1.0",
        f"def hidden_gradient(W_next, grad_a_next, a):\n    assert P().one == 1\n    {SIGMOID}",
    ),
    "an enumeration": with_bias(
        "import enum\nclass Axis(enum.IntEnum):\n    COLUMNS = 1", "def bias_gradient(g): return g.sum(Axis.COLUMNS, keepdims=True)"
    ),
    "an object as activation": with_hidden(
        "class Sigmoid:\n    def __call__(self, a): return 1 / (1 + np.exp(-a))\n    def prime(self, a): return self(a) * (1 - self(a))",
        "g = Sigmoid()",
        "def hidden_gradient(W_next, grad_a_next, a):\n    return W_next.T @ grad_a_next * g.prime(a)",
    ),
    "a dict of activations": with_hidden(
        'G = {}\nG["sigmoid"] = lambda a: 1 / (1 + np.exp(-a))',
        'def hidden_gradient(W_next, grad_a_next, a):\n    h = G["sigmoid"](a)\n    return W_next.T @ grad_a_next * h * (1 - h)',
    ),
    "a constant from math": hidden(PRIME, "import math\nE = math.exp(1)\ns = lambda a: 1 / (1 + E**-a)"),
    "a constant from a text": hidden(PRIME, 'ONE = float("1")\ns = lambda a: ONE / (ONE + np.exp(-a))'),
    "a constant by a comprehension": with_bias(
        "AXES = [i for i in range(3)]", "def bias_gradient(g): return g.sum(AXES[1], keepdims=True)"
    ),
    "a constant by a loop": with_bias(
        "AXES = []\nfor i in range(3):\n    AXES.append(i)", "def bias_gradient(g): return g.sum(AXES[1], keepdims=True)"
    ),
    "a constant that grows": with_bias("AXIS = 0\nAXIS += 1", "def bias_gradient(g): return g.sum(AXIS, keepdims=True)"),
    "constants taken apart": with_bias("[A, B], *C = (0, 1), 2", "def bias_gradient(g): return g.sum(B, keepdims=True)"),
    "a constant of the student's own function": with_bias(
        "def axis(): return 1", "AXIS = axis()", "def bias_gradient(g): return g.sum(AXIS, keepdims=True)"
    ),
    "a constant with a type": with_bias("AXIS: int = 1", "def bias_gradient(g: Array) -> Array: return g.sum(AXIS, keepdims=True)"),
    "an array as a constant": with_hidden(
        "ONES = np.array([1.0])", f"def hidden_gradient(W_next, grad_a_next, a):\n    a = a * ONES\n    {SIGMOID}"
    ),
    "a random generator as a constant": with_hidden(
        "rng = np.random.default_rng(0)", f"def hidden_gradient(W_next, grad_a_next, a):\n    rng.normal()\n    {SIGMOID}"
    ),
    "a logger": with_hidden(
        "import logging\nlog = logging.getLogger(__name__)\nlog.setLevel('INFO')",
        f"def hidden_gradient(W_next, grad_a_next, a):\n    log.info('called')\n    {SIGMOID}",
    ),
    "a global counter": with_hidden(
        "calls = 0", f"def hidden_gradient(W_next, grad_a_next, a):\n    global calls\n    calls += 1\n    {SIGMOID}"
    ),
    "a sum of a thousand terms": with_bias(
        "ONE = " + "+".join(["0"] * 999 + ["1"]), "def bias_gradient(g): return g.sum(ONE, keepdims=True)"
    ),
    "a thousand terms in a play": nb(*cells(), "x = " + "+".join(["1"] * 1000)),
    "a text of many parts": nb(*cells(), "x = " + " + ".join(['"a"'] * 600)),
    "a long chain of attributes": nb(*cells(), "a" + ".a" * 600),
    "many nested conditions": nb(*cells(), "x = " + "1 if y else " * 400 + "0"),
    "a play with a parameter's name": nb(NUMPY, "a = np.linalg.svd(np.random.rand(2500, 2500))[1]", HIDDEN, WEIGHT, BIAS),
    "a play with a local variable's name": nb(NUMPY, "h = [i for i in iter(int, 1)]", HIDDEN, WEIGHT, BIAS),
    "letters of other alphabets": hidden("W_next.T @ grad_a_next * σ(a) * (1 - σ(a))", "σ = lambda α: 1 / (1 + np.exp(-α))"),
    "a walrus": hidden("W_next.T @ grad_a_next * (h := 1 / (1 + np.exp(-a))) * (1 - h)"),
    "an import in the function": with_bias(
        "def bias_gradient(grad_a):\n    import numpy\n    return numpy.sum(grad_a, axis=1, keepdims=True)"
    ),
    "default arguments": with_bias("def bias_gradient(grad_a, axis=1, keepdims=True): return grad_a.sum(axis=axis, keepdims=keepdims)"),
    "star arguments": with_bias("def bias_gradient(*arguments): return arguments[0].sum(axis=1, keepdims=True)"),
    "recursion": with_bias("def bias_gradient(g):\n    return g[:, :1] if g.shape[1] == 1 else g[:, :1] + bias_gradient(g[:, 1:])"),
    "loops": with_bias(
        "def bias_gradient(g):\n    s = np.zeros((len(g), 1))\n    for i in range(len(g)):\n"
        "        for j in range(g.shape[1]):\n            s[i, 0] += g[i, j]\n    return s"
    ),
    "threads": with_bias(
        "from concurrent.futures import ThreadPoolExecutor",
        "def bias_gradient(g):\n    with ThreadPoolExecutor(4) as pool:\n"
        "        return np.array(list(pool.map(lambda row: [sum(row)], g)))",
    ),
    "displayed without an import": with_bias("def bias_gradient(g):\n    display(g)\n    return g.sum(1, keepdims=True)"),
    "prints": with_bias("def bias_gradient(g):\n    print(g)\n    return g.sum(1, keepdims=True)"),
    "prints into nothing": with_bias(
        "import contextlib, os\ndef bias_gradient(g):\n    with open(os.devnull, 'w') as f, contextlib.redirect_stdout(f):\n"
        "        print(g)\n    return g.sum(1, keepdims=True)"
    ),
    "warnings": with_bias("import warnings\ndef bias_gradient(g):\n    warnings.warn('slow')\n    return g.sum(1, keepdims=True)"),
    "NumPy's errors raised": nb(NUMPY + "\nnp.seterr(all='raise')", HIDDEN, WEIGHT, BIAS),
    "random numbers": with_bias("def bias_gradient(g):\n    np.random.seed(0)\n    np.random.rand()\n    return g.sum(1, keepdims=True)"),
    "a clock": with_bias("import time\ndef bias_gradient(g):\n    time.sleep(0.001)\n    return g.sum(1, keepdims=True)"),
    "a masked array": with_bias("def bias_gradient(g): return np.ma.array(g.sum(1, keepdims=True))"),
    "a matrix": with_bias("def bias_gradient(g): return np.asmatrix(g).sum(1)"),
    "long doubles": with_bias("def bias_gradient(g): return g.astype(np.longdouble).sum(1, keepdims=True)"),
    "a list": with_bias("def bias_gradient(g): return [[sum(row)] for row in g]"),
    "a vector": with_bias("def bias_gradient(g): return g.sum(1)"),
    # --- answers that do not stand at the left margin ---
    "an answer under if": with_bias("if True:\n    def bias_gradient(g): return g.sum(1, keepdims=True)"),
    "an answer under else": with_bias(
        "import sys\nif sys.version_info < (3,):\n    bias_gradient = None\nelse:\n    def bias_gradient(g): return g.sum(1, keepdims=True)"
    ),
    "an answer under try": with_bias(
        "try:\n    import numba\nexcept ImportError:\n    numba = None\ntry:\n    def bias_gradient(g): return g.sum(1, keepdims=True)\n"
        "finally:\n    pass"
    ),
    "an answer under with": with_bias("with np.errstate(all='ignore'):\n    def bias_gradient(g): return g.sum(1, keepdims=True)"),
    "an answer under the main guard": with_bias('if __name__ == "__main__":\n    def bias_gradient(g): return g.sum(1, keepdims=True)'),
    "a crash behind the answer in its block": with_bias(
        "if True:\n    def bias_gradient(g): return g.sum(1, keepdims=True)\n    print(1 / 0)"
    ),
    "an answer under match": with_bias("match 1:\n    case 1:\n        def bias_gradient(g): return g.sum(1, keepdims=True)"),
    "an answer in a loop": with_bias("for axis in [1]:\n    bias_gradient = lambda g, axis=axis: g.sum(axis, keepdims=True)"),
    # --- imports of what is not there, and of what is ---
    "a missing module beside one that is there": nb("import torch, math", "import seaborn as sns, numpy as np", *cells()[1:]),
    "missing names beside one that is there": nb("from utils.homework import check, softmax", *cells()),
    "a module that is tried for": with_hidden(
        "try:\n    from numba import njit\nexcept ImportError:\n    njit = lambda f: f", "@njit\n" + dedented(ANSWERS["hidden_gradient"])
    ),
    "SciPy's sigmoid": hidden("W_next.T @ grad_a_next * expit(a) * (1 - expit(a))", "from scipy.special import expit"),
    "SciPy's sigmoid, tried for": hidden(
        "W_next.T @ grad_a_next * expit(a) * (1 - expit(a))",
        "try:\n    from scipy.special import expit\nexcept ImportError:\n    expit = None",
    ),
    "numpy.linalg by name": with_bias("from numpy import linalg, ones", "def bias_gradient(g): return g @ ones((g.shape[1], 1))"),
}
FILES = {
    # --- scripts ---
    "a script": ("hw_03.py", script()),
    "a script with cells": ("hw_03.py", script(between="\n\n# %%\n")),
    "jupytext's light script": ("hw_03.py", script(between="\n\n# +\n")),
    "nbconvert's script": ("hw_03.py", script(between="\n\n# In[3]:\n\n")),
    "Databricks' script": ("hw_03.py", b"# Databricks notebook source\n" + script(between=COMMAND)),
    "a script with a magic": ("hw_03.py", b"%matplotlib inline\n" + script()),
    "nbconvert's magic": ("hw_03.py", b"get_ipython().run_line_magic('matplotlib', 'inline')\n" + script()),
    "Latin 1, declared": ("hw_03.py", "# -*- coding: latin-1 -*-\n# Größe\n".encode("latin-1") + script()),
    "a script in UTF-16": ("hw_03.py", script().decode().encode("utf-16")),
    "a script with a byte order mark": ("hw_03.py", b"\xef\xbb\xbf" + script()),
    "a script with Windows' line ends": ("hw_03.py", script().replace(b"\n", b"\r\n")),
    "a script with old Macs' line ends": ("hw_03.py", script().replace(b"\n", b"\r")),
    "a script in capitals": ("HW_03.PY", script()),
    # --- notebooks under other names, in other encodings ---
    "a notebook called .json": ("hw_03.json", nb(*cells())),
    "a notebook called .ipynb.json": ("hw_03.ipynb.json", nb(*cells())),
    "a notebook called .ipynb.txt": ("hw_03.ipynb.txt", nb(*cells())),
    "a notebook called .txt": ("hw_03.txt", nb(*cells())),
    "a notebook called .py": ("hw_03.py", nb(*cells())),
    "a notebook without an ending": ("hw_03", nb(*cells())),
    "a script called .py.txt": ("hw_03.py.txt", script()),
    "a copy": ("hw_03 (1).ipynb", nb(*cells())),
    "a hidden file": (".hw_03.ipynb", nb(*cells())),
    "a notebook with a byte order mark": ("hw_03.ipynb", b"\xef\xbb\xbf" + nb(*cells())),
    "a notebook in UTF-16": ("hw_03.ipynb", nb(*cells()).decode().encode("utf-16")),
    "a notebook in UTF-16 without a mark": ("hw_03.ipynb", nb(*cells()).decode().encode("utf-16-le")),
    "spaces before the notebook": ("hw_03.ipynb", b"\n  " + nb(*cells())),
    "another homework's file name": ("homework 3 final.ipynb", nb(*cells())),
    "a name like a homework's": ("jhw2_hw_03.ipynb", nb(*cells())),
    "no homework in the name": ("jhw2.ipynb", nb(*cells())),
}
INNOCENT = {name: ("hw_03.ipynb", data) for name, data in NOTEBOOKS.items()} | FILES

TOLD = {
    # --- the rest of a broken cell or script counts ---
    "a broken cell": ("hw_03.ipynb", nb(*cells(), "for all x in"), 9, "cell 5 was left out"),
    "a broken line in the only cell": ("hw_03.ipynb", nb("\n\n".join([*cells(), "for all x in", "y = 1"])), 9, "line 13 was left out"),
    "a broken answer": ("hw_03.ipynb", nb(NUMPY, HIDDEN, WEIGHT, "def bias_gradient(grad_a) return 1"), 7, "cell 4 was left out"),
    "a broken answer in the only cell": (
        "hw_03.ipynb",
        nb("\n\n".join([NUMPY, "def bias_gradient(grad_a) return 1", HIDDEN, WEIGHT])),
        7,
        "line 3 was left out",
    ),
    "automagic": ("hw_03.ipynb", nb("pip install numpy\nimport numpy as np", HIDDEN + "\nls -l", WEIGHT, BIAS), 9, "line 1 was left out"),
    "help with a comment": ("hw_03.ipynb", nb(NUMPY, HIDDEN + "\nnp.sum?  # why", WEIGHT, BIAS), 9, "left out"),
    "Python 2": ("hw_03.ipynb", nb(NUMPY, HIDDEN + "\nprint hidden_gradient", WEIGHT, BIAS), 9, "left out"),
    "a return outside a function": ("hw_03.ipynb", nb(*cells(), "return 1"), 9, ""),
    "a script with a broken line": ("hw_03.py", script("for all x in"), 9, "left out"),
    "a broken cell in nbconvert's script": ("hw_03.py", script("for all x in", "y = 2", between="\n\n# In[3]:\n\n"), 9, "left out"),
    "a broken cell in Databricks' script": ("hw_03.py", script("for all x in", "y = 2", between=COMMAND), 9, "left out"),
    "a formula in a script's text": ("hw_03.py", script('"""$\\underbrace{x}$ \\u is"""'), 9, "left out"),
    "a broken text": ("hw_03.ipynb", nb(NUMPY, HIDDEN, WEIGHT, BIAS + '\nexperiment_answer = """five""""'), 9, "left out"),
    "spaces that do not break": ("hw_03.ipynb", nb(*map(nbsp, cells())), 9, "invisible"),
    "a space without width": ("hw_03.ipynb", nb(NUMPY, HIDDEN.replace("return", "\u200breturn"), WEIGHT, BIAS), 9, "invisible"),
    # --- encodings and damage ---
    "a script in cp1252": ("hw_03.py", "# Größe – α\n".replace("α", "a").encode("cp1252") + script(), 9, "not in UTF-8"),
    "a notebook in Latin 1": (
        "hw_03.ipynb",
        nb(*cells(), "# x").replace(b"# x", "# Größe".encode("latin-1")),
        9,
        "not in UTF-8",
    ),
    "something after the notebook": ("hw_03.ipynb", nb(*cells()) + b"\n\0", 9, "after the end"),
    "a cell that is null": ("hw_03.ipynb", changed(lambda page: page["cells"].append(None)), 9, "Cell 5"),
    "a cell that is empty": ("hw_03.ipynb", changed(lambda page: page["cells"].insert(0, {})), 9, "Cell 1"),
    "a cell that is a number": ("hw_03.ipynb", changed(lambda page: page["cells"].append(7)), 9, "Cell 5"),
    "a cell without a text": (
        "hw_03.ipynb",
        changed(lambda page: page["cells"].append({"cell_type": "code", "source": None})),
        9,
        "Cell 5",
    ),
    "a text of numbers": ("hw_03.ipynb", changed(lambda page: page["cells"].append({"cell_type": "code", "source": [1]})), 9, "Cell 5"),
    "an answer in a text cell": ("hw_03.ipynb", changed(lambda page: page["cells"][1].update(cell_type="markdown")), 9, "Esc and Y"),
    "an answer in a raw cell": ("hw_03.ipynb", changed(lambda page: page["cells"][1].update(cell_type="raw")), 9, "def hidden_gradient"),
    "an answer quoted in a text cell": (
        "hw_03.ipynb",
        changed(lambda page: page["cells"][1].update(cell_type="markdown", source=f"My answer:\n```python\n{HIDDEN}\n```")),
        9,
        "def hidden_gradient",
    ),
    "another homework's name": ("hw_01.ipynb", nb(*cells()), 9, "says hw_01"),
    # --- what the grader does not have ---
    "a plot": (
        "hw_03.ipynb",
        with_bias(
            "import matplotlib.pyplot as plt",
            "def bias_gradient(g):\n    fig, ax = plt.subplots()\n    ax.plot(g)\n    plt.show()\n    return g.sum(1, keepdims=True)",
        ),
        9,
        "not matplotlib",
    ),
    "a progress bar": (
        "hw_03.ipynb",
        with_bias(
            "from tqdm.notebook import tqdm",
            "def bias_gradient(g): return np.array([[sum(row)] for row in tqdm(g, desc='rows')])",
        ),
        9,
        "not tqdm",
    ),
    "something displayed": (
        "hw_03.ipynb",
        with_bias(
            "from IPython.display import display, Markdown", "def bias_gradient(g):\n    display(Markdown('x'))\n    return g.sum(1)"
        ),
        9,
        "not IPython",
    ),
    "a decorator that is not there": ("hw_03.ipynb", with_hidden("from numba import njit", "@njit\n" + HIDDEN), 9, "not numba"),
    "a module that is not there": (
        "hw_03.ipynb",
        with_bias("import torch", "def bias_gradient(g): return torch.tensor(g).sum(1, keepdim=True).numpy()"),
        7,
        "not torch",
    ),
    "the course's own code": (
        "hw_03.ipynb",
        with_bias("from utils.nn import update", "def bias_gradient(g): return update(g)"),
        7,
        "not utils",
    ),
}
