"""A notebook that is exported as a web page and printed, which is how Jupyter's webpdf makes a PDF, shows every picture."""

from types import SimpleNamespace

import pytest
from lab import NOTEBOOKS, browser
from nbconvert import HTMLExporter
from traitlets.config import Config

pytestmark = pytest.mark.browser
NO_NETWORK = dict.fromkeys(("mathjax_url", "require_js_url", "jquery_url", "widget_renderer_url"), "data:text/javascript,")
MISSING = """[...document.images].filter(
    (image) => !image.naturalWidth || !image.getClientRects().length || image.getBoundingClientRect().right > innerWidth + 1
).map((image) => image.alt)"""


@pytest.fixture(scope="module")
def page(chromium):
    """Open an empty page as wide as a sheet of paper; the name is the one that conftest.py watches."""
    with browser(chromium) as program:
        page = program.new_context(viewport={"width": 794, "height": 1123}).new_page()
        page.watch = SimpleNamespace(complaints=[])
        yield page


@pytest.mark.parametrize(
    "name",
    [pytest.param("00_start_here", marks=pytest.mark.long), "05_hidden_units", pytest.param("10_four_classes", marks=pytest.mark.long)],
)
def test_every_picture_is_printed(page, tmp_path, name):
    exporter = HTMLExporter(config=Config(HTMLExporter=NO_NETWORK))
    html, _ = exporter.from_filename(NOTEBOOKS / f"{name}.ipynb")
    (tmp_path / "printed.html").write_text(html, encoding="utf-8")
    page.goto((tmp_path / "printed.html").as_uri(), wait_until="load")
    page.emulate_media(media="print")
    assert page.evaluate("document.images.length") == html.count("<img ") > 1
    assert page.evaluate(MISSING) == []
    assert page.pdf(print_background=True).startswith(b"%PDF")
