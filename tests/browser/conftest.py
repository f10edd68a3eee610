"""Fixtures for tests in a real browser, and a screenshot of every failure in build/screenshots.

Each test file has one page; its tests share it, because opening a notebook and running it takes most
of the time. Without Chromium they are skipped, or fail where COURSE_DEMAND_BROWSER=1 demands it.
"""

import os
import re
from contextlib import closing

import pytest
from classic import has_classic_notebook
from lab import CHROMIUM_MISSING, PATIENCE, Lab, Watch, browser, find_chromium
from playwright.sync_api import expect

PAGE = pytest.StashKey()
collect_ignore = [] if has_classic_notebook() else ["test_classic.py"]  # make test-colab


@pytest.fixture(scope="session")
def chromium():
    """Return the path of Chromium."""
    path = find_chromium()
    if path is None:
        (pytest.fail if os.environ.get("COURSE_DEMAND_BROWSER") == "1" else pytest.skip)(CHROMIUM_MISSING)
    return path


@pytest.fixture(scope="session")
def jupyterlab(chromium, tmp_path_factory):
    """Start a private JupyterLab; the tests of one worker share it."""
    with closing(Lab(tmp_path_factory.mktemp("lab"))) as lab:
        yield lab


@pytest.fixture(scope="module")
def page(chromium, jupyterlab, request):
    """Open an empty page, 1280 pixels wide, that notes in ``page.watch`` what should not happen."""
    expect.set_options(timeout=PATIENCE * 1000)
    with browser(chromium) as program:
        page = program.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.watch = Watch(page, jupyterlab.url)
        request.config.stash[PAGE] = page
        yield page
        del request.config.stash[PAGE]


@pytest.fixture(autouse=True)
def nothing_amiss(page):
    """Fail a test during which the page asked another machine for something, or hit an error."""
    yield
    complaints, page.watch.complaints = page.watch.complaints, []
    assert not complaints


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Keep a picture of the page when a test fails."""
    report = yield
    page = item.config.stash.get(PAGE, None)
    if report.failed and page:
        path = item.config.rootpath / "build" / "screenshots" / (re.sub(r"\W+", "_", item.name).strip("_") + ".png")
        page.screenshot(path=path)
        report.sections.append(("screenshot", str(path)))
    return report
