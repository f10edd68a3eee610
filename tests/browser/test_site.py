"""The site as its readers find it: built anew without a warning, served from this machine, and read without a network."""

import functools
import http.server
import subprocess
import sys
import threading

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import PATIENCE, Watch, browser
from playwright.sync_api import expect

pytest.importorskip("myst_nb", reason="The site needs the extra site: pip install --editable '.[site]'")
import build_site

pytestmark = pytest.mark.browser


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def site():
    """Build the site and serve it; return its address."""
    built = subprocess.run([sys.executable, build_site.__file__], capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0 and not built.stderr, built.stdout + built.stderr
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=build_site.SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def page(chromium, site):
    """Open an empty page that notes what should not happen; the name is the one that conftest.py watches."""
    expect.set_options(timeout=PATIENCE * 1000)
    with browser(chromium) as program:
        page = program.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.watch = Watch(page, site)
        yield page


def pictures_not_loaded(page):
    return page.evaluate("[...document.images].filter((image) => !image.naturalWidth).map((image) => image.alt)")


def test_landing_page_shows_the_moving_picture_and_leads_to_every_lesson(page, site):
    page.goto(f"{site}/index.html")
    expect(page.locator("img[src$='training.gif']")).to_be_visible()
    assert pictures_not_loaded(page) == []
    links = page.locator("article table").first.locator("a")
    assert links.count() == len(build_site.NOTEBOOKS)
    links.first.click()
    expect(page).to_have_title("00 · Start here — Backpropagation, down to the last derivative")


@pytest.mark.parametrize("lesson", ["02_chain_rule_several_paths", "04_output_units"])
def test_a_lesson_reads_like_a_book(page, site, lesson):
    page.goto(f"{site}/notebooks/{lesson}.html")
    formulas = page.locator("article .math")
    expect(page.locator("article .math:has(mjx-container)")).to_have_count(formulas.count())
    assert formulas.count() > 50 and page.locator("mjx-merror, [data-mjx-error]").count() == 0
    prose = page.evaluate("[...document.querySelectorAll('article :is(p, li, td, summary, h1, h2, h3)')].map((part) => part.innerText)")
    assert not [part for part in prose if "$" in part or "\\frac" in part]
    assert page.locator("article img").count() >= 3 and pictures_not_loaded(page) == []


CUT_OFF = """[...document.querySelectorAll("article :is(pre, table, img, div.math)")].filter(
    (part) => part.scrollWidth > part.clientWidth + 1 || part.getBoundingClientRect().right > innerWidth + 1
).map((part) => part.textContent.slice(0, 80))"""


def test_on_paper_no_line_of_code_is_cut_off(page, site):
    page.goto(f"{site}/notebooks/08_bug_laboratory.html")
    on_screen = page.viewport_size
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
    page.emulate_media(media="print")
    cut = page.evaluate(CUT_OFF)
    page.emulate_media(media="screen")
    page.set_viewport_size(on_screen)
    assert page.locator("article pre").count() > 10 and cut == []


def test_a_notebook_is_downloaded_as_it_is_committed(page, site):
    page.goto(f"{site}/notebooks/homework/hw_02_output_layer.html")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this notebook").click()
    assert download.value.path().read_bytes() == (build_site.ROOT / "notebooks/homework/hw_02_output_layer.ipynb").read_bytes()


def test_previous_and_next_follow_the_course(page, site):
    page.goto(f"{site}/notebooks/00_start_here.html")
    for path in build_site.NOTEBOOKS[1:3]:
        page.locator("a.right-next").click()
        page.wait_for_url(f"**/{path.stem}.html")
    page.locator("a.left-prev").click()
    page.wait_for_url(f"**/{build_site.NOTEBOOKS[1].stem}.html")


def test_search_finds_a_word(page, site):
    page.goto(f"{site}/search.html?q=jacobian")
    results = page.locator("#search-results li")
    expect(results.filter(has_text="04 · Output units")).not_to_have_count(0)


def test_the_link_to_colab_is_the_notebooks_own(tmp_path, monkeypatch):
    link = "[Open this notebook in Colab](https://colab.research.google.com/github/someone/course/blob/spring/notebooks/x.ipynb)"
    monkeypatch.setattr(build_site, "ROOT", tmp_path)
    path = tmp_path / "notebooks" / "x.ipynb"
    path.parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"# X\n\n{link}")]), path)
    assert build_site.lesson_page(path).count("colab.research") == 1 and link in build_site.lesson_page(path)


@pytest.mark.parametrize("name", ["index", "notebooks/05_hidden_units", "notebooks/homework/hw_02_output_layer", "TEACHING"])
def test_a_page_can_be_read_by_everyone(page, site, name):
    page.goto(f"{site}/{name}.html")
    page.wait_for_function("!document.querySelector('article .math:not(:has(mjx-container))')")
    found = Axe().run(page, "article", {"resultTypes": ["violations"], "preload": False}).response["violations"]
    assert [f"{rule['id']}: {node['html'][:300]}" for rule in found for node in rule["nodes"]] == []


def test_links_that_only_the_repository_has_are_mended():
    badge = "[![Open in Colab](https://colab.research.google.com/assets/badge.svg)](https://colab.research.google.com/x) ![here](a.png)"
    mended = "[Open in Colab](https://colab.research.google.com/x) ![here](a.png)"
    assert build_site.for_the_site(build_site.ROOT / "TEACHING.md", badge) == mended
    page = build_site.ROOT / "notebooks" / "homework" / "README.md"
    assert (
        build_site.for_the_site(page, "[all](../../README.md#homework) [this](README.md)")
        == "[all](../../index.md#homework) [this](README.md)"
    )
