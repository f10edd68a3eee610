"""What CONTRIBUTING tells authors to write works as it stands there, and the guide stays short."""

import re
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import jupytext
import numpy as np

from build_notebooks import sources
from utils.data import one_hot
from utils.exhibits.bugs import KINDS, NETWORKS, PLACES, Bug, BuggyNetwork
from utils.nn import check_gradients

ROOT = Path(__file__).resolve().parent.parent
NEXT = f"{len(sources()):02}"  # the number of a lesson that is added
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def blocks(heading):
    """Return the Python of a section, block by block."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", GUIDE, flags=re.M | re.S)
    return [textwrap.dedent(code) for code in re.findall(r"^ *```python\n(.*?)^ *```$", section, flags=re.M | re.S)]


def test_the_guide_is_short():
    assert len(GUIDE.encode()) <= 10_000


def test_links_of_the_guides_lead_somewhere():
    for guide in (ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", guide.read_text(encoding="utf-8")):
            if "momentum" not in link:
                assert (guide.parent / link).exists(), f"{guide.name}: {link}"


def test_files_named_in_the_guides_are_there():
    """All but those that the author is about to write."""
    for guide in (ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        named = re.findall(r"(?:utils|tests|tools|lectures_src|docs)/[\w./-]*\w", guide.read_text(encoding="utf-8"))
        assert [name for name in named if "momentum" not in name and not list(ROOT.glob(f"{name}*"))] == [], guide.name


def test_the_lesson_has_the_next_free_number():
    assert set(re.findall(r"\b(\d\d)(?:_| · )[Mm]omentum", GUIDE)) == {NEXT}


def test_the_lesson_runs():
    (source,) = blocks("Add a lesson")
    cells = jupytext.reads(source, fmt="py:percent").cells
    assert cells[0].source.startswith(f"# {NEXT} · Momentum") and cells[-1].source.startswith("## What you take along")
    names = {"__name__": "__main__"}
    for cell in cells:
        if cell.cell_type == "code":
            exec(cell.source, names)


def test_the_explorer_passes_its_test(monkeypatch):
    source, its_test = blocks("Add an explorer")
    module = ModuleType("utils.explore.momentum")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(source, vars(module))
    tests = {}
    exec(its_test, tests)
    found = [test for name, test in tests.items() if name.startswith("test_")]
    for test in found:
        test()
    assert found and module.momentum_explorer(mu=0.95).picture.alt == module.momentum_picture(0.95).alt


def test_the_bug_is_accused_of_what_the_guide_says():
    (source,) = blocks("Add a bug")
    bug = eval(source, {"Bug": Bug})
    assert bug.kind in KINDS and bug.place in PLACES
    net, rng = BuggyNetwork(bugs=(bug,), seed=1, **NETWORKS[bug.network]), np.random.default_rng(0)
    net = net.with_parameters(b={k: rng.normal(size=net.b[k].shape) for k in net.layers})
    report = check_gradients(net, rng.normal(size=(2, 9)), one_hot(rng.integers(0, 4, 9), 4))
    assert tuple(f"{row.name}_{row.k}" for row in report.rows if row.n_wrong) == bug.accused
