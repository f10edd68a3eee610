"""Build the course as a static site in build/site: ``make site``.

The README is the landing page, the notebooks are shown with the outputs that are committed, and nothing is run. The
pages are laid out in build/site-source first, with the same paths as here, so that every link between them holds.
"""

import re
import shutil
import sys
from importlib.metadata import files
from pathlib import Path

import nbformat
from sphinx.cmd.build import main as sphinx

ROOT = Path(__file__).resolve().parent.parent
SOURCE, SITE = ROOT / "build" / "site-source", ROOT / "build" / "site"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
HOMEWORK = sorted((ROOT / "notebooks" / "homework").glob("*.ipynb"))
TEXTS = [ROOT / "TEACHING.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "notebooks").rglob("README.md")]
FILES = [ROOT / "LICENSE", ROOT / ".github" / "training.gif"]
# The parts of MathJax that pages need: the program, its fonts, and the rarer commands, which it loads when a formula has one.
MATHJAX = ("tex-chtml.js", "output/chtml/fonts", "input/tex/extensions")
BADGE = re.compile(r"\[!\[([^]]*)\]\(https?://[^)]*\)\](?=\()")


def landing_page():
    """Return the README with the contents of the site, which Sphinx needs for "previous" and "next".

    Returns
    -------
    str
        Markdown.
    """
    contents = {"Lessons": NOTEBOOKS, "Homework": HOMEWORK, "Teach": [text for text in TEXTS if text.exists()]}
    trees = []
    for caption, pages in contents.items():
        trees.append("\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *map(_page, pages), "```"]))
    return "\n\n".join([for_the_site(ROOT / "README.md", (ROOT / "README.md").read_text(encoding="utf-8")), *trees])


def lesson_page(path):
    """Return a notebook with a link below its title to download it. The link to Colab, if there is any, is in the notebook already.

    Parameters
    ----------
    path : Path
        Of the notebook.

    Returns
    -------
    str
        The notebook file.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = for_the_site(path, cell.source)
    here = path.relative_to(ROOT)
    link = f'<a href="{"../" * (len(here.parts) - 1)}download/{path.name}" download>Download this notebook</a>'
    title, rest = notebook.cells[0].source.split("\n", 1)
    notebook.cells[0].source = f"{title}\n\n<p>{link} · sliders and cells come alive where it runs</p>\n{rest}"
    return nbformat.writes(notebook)


def stage():
    """Lay out everything that Sphinx reads in build/site-source."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    pages = {SOURCE / "index.md": landing_page()}
    pages |= {SOURCE / path.relative_to(ROOT): lesson_page(path) for path in NOTEBOOKS + HOMEWORK}
    pages |= {SOURCE / path.relative_to(ROOT): for_the_site(path, path.read_text(encoding="utf-8")) for path in TEXTS if path.exists()}
    for path, text in pages.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in FILES:
        _copy(path, SOURCE / path.relative_to(ROOT))


def copy_assets():
    """Copy what the pages need beside them: the notebooks as they are committed, and MathJax."""
    for path in NOTEBOOKS + HOMEWORK:
        _copy(path, SITE / "download" / path.name)
    program = next(file for file in files("sphinx-mathjax-offline") if file.name == "tex-chtml.js")
    folder = Path(program.locate()).parent
    for name in MATHJAX:
        _copy(folder / name, SITE / "_static" / "mathjax" / name)


def _copy(path, to):
    to.parent.mkdir(parents=True, exist_ok=True)
    (shutil.copytree if path.is_dir() else shutil.copyfile)(path, to)


def _page(path):
    return path.relative_to(ROOT).with_suffix("").as_posix()


def for_the_site(path, text):
    """Return the Markdown of a page as the site needs it.

    Links to the README lead to the landing page. A badge from another host becomes plain text, which keeps its link.

    Parameters
    ----------
    path : Path
        Of the page.
    text : str
        Its Markdown.

    Returns
    -------
    str
    """
    up = "../" * (len(path.relative_to(ROOT).parts) - 1)
    return BADGE.sub(r"[\1]", text).replace(f"]({up}README.md", f"]({up}index.md")


def main():
    """Build the site.

    Returns
    -------
    int
        Sphinx's exit code, which is not 0 after a single warning.
    """
    shutil.rmtree(SITE, ignore_errors=True)
    stage()
    copy_assets()
    options = ["--quiet", "--fail-on-warning", "--jobs=auto", "--fresh-env"]
    folders = ["-c", Path(__file__).parent / "site", "-d", ROOT / "build" / "site-cache", SOURCE, SITE]
    return sphinx([*options, *map(str, folders)])


if __name__ == "__main__":
    sys.exit(main())
