"""With a repository set, README and lessons link to Colab, and every link leads to a notebook; without one there is none."""

import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import build_notebooks as build
import front_page
import setup_cell
from setup_cell import BADGE, Course, published, with_badges

FORK, BRANCH = "https://github.com/some-one/back.propagation", "autumn_2026"
NOTEBOOKS = [build.target(source).relative_to(build.ROOT).as_posix() for source in [*build.sources(), *build.homework_sources()]]
README = front_page.README.read_text(encoding="utf-8")


def with_repository(folder, repository, branch="main"):
    """Write pyproject.toml as a fork would, into a folder, and return its path."""
    text = (build.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    head, tail = text.split("[tool.course]\n")
    tail = re.sub(r"^repository = .*\nbranch = .*\n", f'repository = "{repository}"\nbranch = "{branch}"\n', tail, count=1, flags=re.M)
    path = folder / "pyproject.toml"
    path.write_text(f"{head}[tool.course]\n{tail}", encoding="utf-8")
    return path


@pytest.fixture
def fork(tmp_path, monkeypatch):
    """Return (README, {notebook's path: its cells}) as `make badges build` makes them in a fork that has set its repository."""
    with_repository(tmp_path, FORK, BRANCH)
    readme = Path(shutil.copy(front_page.README, tmp_path))
    monkeypatch.setattr(setup_cell, "ROOT", tmp_path)
    monkeypatch.setattr(front_page, "README", readme)
    front_page.badges()
    notebooks = [*map(build.unexecuted, build.sources()), *map(build.student_version, build.homework_sources())]
    cells = [[cell.source for cell in notebook.cells] for notebook in notebooks]
    return readme.read_text(encoding="utf-8"), dict(zip(NOTEBOOKS, cells, strict=True))


def notebook_behind(link):
    """Return the path in the repository that a link to Colab opens."""
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("https", "colab.research.google.com", "", "")
    start = f"/github/some-one/back.propagation/blob/{BRANCH}/"
    assert parts.path.startswith(start)
    return unquote(parts.path.removeprefix(start))


def test_every_notebook_links_to_itself_in_colab(fork):
    _, notebooks = fork
    for path, cells in notebooks.items():
        (link,) = re.findall(r"\n\n\[Open this notebook in Colab\]\(([^ )]+)\)$", cells[0])
        assert notebook_behind(link) == path and (build.ROOT / path).is_file()
        assert sum("colab.research.google.com" in cell for cell in cells) == 1
        (setup,) = [cell for cell in cells if "git" in cell and "clone" in cell]
        assert f'"{FORK}"' in setup and f'"--branch={BRANCH}"' in setup


def test_the_readme_has_a_badge_for_every_notebook(fork):
    readme, _ = fork
    badges = re.findall(r"^\| [^|]* \| \[(.*?)\]\((\S*?)\) \[!\[(.*?)\]\((\S*?)\)\]\((\S*?)\) \| ", readme, flags=re.M)
    assert [path for _, path, _, _, _ in badges] == NOTEBOOKS
    for title, path, alt, image, link in badges:
        assert notebook_behind(link) == path and image == BADGE and alt == f"Open “{title}” in Colab"
    assert readme.count("colab.research.google.com/github") == len(NOTEBOOKS)


def test_badges_follow_the_repository_and_go_with_it(fork):
    readme, _ = fork
    assert with_badges(readme, Course(FORK, BRANCH)) == readme
    assert with_badges(readme, Course("https://github.com/a/b", "main")) == with_badges(README, Course("https://github.com/a/b", "main"))
    assert with_badges(readme, Course("", "main")) == with_badges(README, Course("", "main"))


def test_the_readme_is_up_to_date():
    assert with_badges(README, published()) == README, "[tool.course] has changed: run `make badges build`"


def test_without_a_repository_there_is_no_link(tmp_path):
    course = published(with_repository(tmp_path, ""))
    assert course.repository == "" and "colab.research" not in with_badges(README, course)


@pytest.mark.parametrize(
    ("repository", "branch", "message"),
    [
        ("https://github.com/a/b.git", "main", "without .git"),
        ("https://github.com/a/b/", "main", "without a slash at its end"),
        ("git@github.com:a/b", "main", "OWNER/NAME"),
        ("https://gitlab.com/a/b", "main", "Colab opens notebooks only from"),
        ("https://github.com/a/b", "my/branch", "cannot be told from a folder's"),
    ],
)
def test_an_address_that_colab_cannot_open_is_refused(tmp_path, repository, branch, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        published(with_repository(tmp_path, repository, branch))
