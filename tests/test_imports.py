"""Imports run one way, so that each part can be read without those that are built on it."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

UTILS = Path(__file__).resolve().parent.parent / "utils"
PARTS = sorted(path.stem for path in UTILS.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file())


def imported(part):
    """Return the other parts of utils, folders and single files, that a part imports, at the top of a file or within a function."""
    found = set()
    for path in UTILS.rglob("*.py"):
        if path.relative_to(UTILS).parts[0].removesuffix(".py") == part:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module == "utils":
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("utils."):
                    found.add(node.module.split(".")[1])
                elif isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("utils.")}
    return found - {part}


def test_there_is_no_cycle():
    order = list(TopologicalSorter({part: imported(part) for part in PARTS}).static_order())
    assert set(PARTS) <= set(order)


@pytest.mark.parametrize("layers", [["nn", "exhibits", "draw", "explore"], ["homework", "grading"]], ids=" → ".join)
def test_nothing_imports_upwards(layers):
    for i, part in enumerate(layers):
        assert not imported(part) & set(layers[i + 1 :]), part


def test_the_mathematics_needs_nothing_else_of_the_course():
    assert imported("nn") == set()
    assert not imported("homework") & {"nn", "exhibits", "data"}, "the homework has a reference of its own"
