"""A prediction on the site: answered without Python, compared as in a notebook; without scripts a folded answer."""

import pytest
from lab import PATIENCE, Watch, browser
from playwright.sync_api import expect

from build_notebooks import ROOT
from utils.learn.answers import UnfitAnswerError, question
from utils.learn.page import asked, compared

pytestmark = pytest.mark.browser
SCRIPT = ROOT / "tools" / "site" / "static" / "predictions.js"
PUSH = question("Which change?", ["only the first", "all four"], {"why": "In every <denominator>.", "only the first": "They add up to 1."})
MOVES = question(
    "Which move?", ["x", "W", "ŷ"], {"why": "W moves.", "x": "x is data.", "W": "It is nudged.", "ŷ": "ŷ depends."}, several=True
)
WAY = question("Which order?", ["W", "ŷ", "a"], {"why": "Back.", "W before a": "W needs a.", "a before ŷ": "The end first."}, ordered=True)
SHARE = question("How much?", reasons={"why": "Four of 16.", "50": "The half.", "> 100": "More?", "otherwise": "Count them."}, unit="%")
FOLDED = "<details class='fold'><summary>Show code cell output</summary>{}</details>"


@pytest.fixture(scope="module")
def page(chromium):
    """Open an empty page that notes what should not happen; the name is the one that conftest.py watches."""
    expect.set_options(timeout=PATIENCE * 1000)
    with browser(chromium) as program:
        page = program.new_context().new_page()
        page.watch = Watch(page, "none")
        yield page


@pytest.fixture
def show(page):
    """Return a function that puts a prediction with its folded comparison on the page, and runs the site's script if wanted."""

    def show(made, truth, scripts=True):
        html = asked(made, "04/it")["text/html"] + FOLDED.format(compared(made, "04/it", None, made.true(truth))["text/html"])
        page.set_content(f"<html><body>{html}</body></html>")
        if scripts:
            page.add_script_tag(path=SCRIPT)
        return page

    return show


def answer(page, *options):
    for option in options:
        page.get_by_label(option, exact=True).check()
    page.get_by_role("button", name="This is my answer").click()


def test_without_scripts_the_answer_is_folded_and_has_every_reason(show):
    page = show(PUSH, "all four", scripts=False)
    expect(page.locator(".course-offer li")).to_have_text(["only the first", "all four"])
    assert "add up to 1" not in page.locator("body").inner_text()
    page.get_by_text("Show code cell output").click()
    assert "add up to 1" not in page.locator("body").inner_text()
    page.get_by_text("What came out").click()
    expect(page.locator(".course-result")).to_contain_text("all four In every <denominator>.")
    expect(page.locator(".course-result li")).to_have_text(["only the first: They add up to 1."])


def test_a_wrong_choice_hears_its_reason_and_the_fold_opens(show):
    page = show(PUSH, "all four")
    answer(page)
    expect(page.get_by_role("status").first).to_have_text("Choose one of the answers first.")
    answer(page, "only the first")
    expect(page.locator(".course-result > p")).to_have_text(
        ["✗ You said “only the first”; the computation gave “all four”.", "They add up to 1."]
    )
    expect(page.locator(".course-result")).to_be_focused()
    expect(page.locator(".course-question")).to_contain_text("You said: only the first")
    assert page.locator("form").count() == 0


def test_a_right_choice_hears_why(show):
    page = show(PUSH, "all four")
    answer(page, "all four")
    expect(page.locator(".course-result > p")).to_have_text(["✓ Right: all four.", "In every <denominator>."])


def test_several(show):
    page = show(MOVES, ["W", "ŷ"])
    answer(page, "x", "W")
    expect(page.locator(".course-result > p")).to_have_text(["✗ You said “x, W”; the computation gave “W, ŷ”.", "x is data.", "ŷ depends."])
    page = show(MOVES, [])
    answer(page)
    expect(page.locator(".course-result > p").first).to_have_text("✓ Right: none of them.")


def test_an_order_by_keyboard(show):
    page = show(WAY, ["ŷ", "a", "W"])
    for text in ("W", "a", "ŷ"):
        page.get_by_role("button", name=f"– {text}").press("Enter")
    page.get_by_role("button", name="2. a").press("Enter")
    answer(page)
    expect(page.get_by_role("status").first).to_have_text("Give every answer its place first.")
    page.get_by_role("button", name="– a").press("Enter")
    answer(page)
    expect(page.locator(".course-result > p")).to_have_text(["✗ You said “W → ŷ → a”; the computation gave “ŷ → a → W”.", "W needs a."])


TYPED = [
    "0.25",
    "25",
    "25 %",
    "0,25",
    "1/4",
    "-1/4",
    "1/-4",
    "−3",
    "50",
    "49.5",
    "200",
    "1e2",
    "10^2",
    "2·10^1",
    "2*10^-1",
    ".5",
    "4.",
    "-2^2",
    "½",
    "−½",
    "10⁻²",
    "2 000",
]
REFUSED = [
    "",
    " ",
    "many",
    "1e999",
    "nan",
    "Infinity",
    "1/0",
    "1,000",
    "1.2.3",
    "1/2/3",
    "--1",
    "1e",
    "0x10",
    "(-8)^0.5",
    "2*3",
    "2*3/4",
    "%",
    "1 1/2",
    "1½",
    "3 4",
]


@pytest.mark.parametrize("text", [*TYPED, *REFUSED])
def test_a_number_is_read_as_in_the_notebook(show, text):
    page = show(SHARE, 0.25)
    page.get_by_label("Answer").fill(text)
    page.get_by_label("Answer").press("Enter")
    said = page.locator(".course-result > p")
    try:
        SHARE.read(text)
    except UnfitAnswerError:
        expect(page.get_by_role("status").first).to_contain_text("not a number")
        expect(said).to_have_count(1)
    else:
        expect(said.nth(1)).to_have_text(SHARE.told(text, SHARE.true(0.25))[0])
