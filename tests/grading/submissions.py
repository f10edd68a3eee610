"""Submissions to test with: right ones, and ways to write notebooks."""

import json
import subprocess
import sys

import nbformat

SEED = 20_26
ANSWERS = {
    "hidden_gradient": """
        def hidden_gradient(W_next, grad_a_next, a):
            h = 1 / (1 + np.exp(-a))
            return W_next.T @ grad_a_next * h * (1 - h)
        """,
    "weight_gradient": """
        def weight_gradient(grad_a, h_prev):
            return grad_a @ h_prev.T
        """,
    "bias_gradient": """
        def bias_gradient(grad_a):
            return grad_a.sum(axis=1, keepdims=True)
        """,
}
POINTS = {"hidden_gradient": 4, "weight_gradient": 3, "bias_gradient": 2}
TRANSPOSE_MISSING = """
    def hidden_gradient(W_next, grad_a_next, a):
        h = 1 / (1 + np.exp(-a))
        return W_next @ grad_a_next * h * (1 - h)
    """


def dedented(source):
    """Return a source without its first line break and common indentation."""
    lines = source.strip("\n").rstrip().split("\n")
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[indent:] for line in lines)


def cells(**others):
    """Return the cells of a submission of homework 3 that is right but for the answers that are given, and an import."""
    return ["import numpy as np", *(dedented(source) for source in (ANSWERS | others).values())]


def notebook(sources, **metadata):
    """Return a notebook of code cells as text."""
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources], metadata=metadata)
    return json.dumps(page)


def write_class(folder, number):
    """Write so many different submissions, a third of them with a mistake, and return the points of each file."""
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}
    for i in range(number):
        others = {"hidden_gradient": TRANSPOSE_MISSING} if i % 3 == 0 else {}
        name = f"student{i:04}_hw_03.ipynb"
        (folder / name).write_text(notebook([f"# student {i}", *cells(**others)]))
        expected[name] = sum(POINTS.values()) - 4 * bool(others)
    return expected


def start_grader(*arguments):
    """Start the grader as a teacher does."""
    command = [sys.executable, "-m", "utils.grading", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run_grader(*arguments):
    """Run the grader to its end and return the finished process."""
    process = start_grader(*arguments)
    out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
