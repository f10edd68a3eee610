"""Lesson 10 in a real browser: run from the menu, then the training explorer by keyboard alone."""

import re

import pytest
from lab import NotebookPage
from playwright.sync_api import expect

from utils.explore.training import training_picture

pytestmark = pytest.mark.browser

LESSON = "10_four_classes.ipynb"
FIELDS = {  # the controls by label: the argument of training_picture that each sets, and how its text is read
    "learning rate": ("learning_rate", float),
    "epochs": ("epochs", int),
    "hidden units": ("n_hidden", int),
    "seed": ("seed", int),
    "activation": ("activation", str),
    "data": ("data", str),
    "replay %": ("replay", float),
    "batch size": ("batch", str),
    "L2 λ": ("decay", float),
    "training %": ("share", int),
    "second layer": ("n_second", int),
    "noise ×": ("noise", float),
}

INSIDE = "(element) => Boolean(element.closest('.jp-OutputArea-output'))"
LOOK = """(element) => {
    const { outline, boxShadow, borderColor } = getComputedStyle(element);
    return [outline, boxShadow, borderColor].join(" / ");
}"""


@pytest.fixture(scope="module")
def lesson(page, jupyterlab):
    """Open the lesson and run all of it from the menu."""
    lesson = NotebookPage(page, jupyterlab, LESSON)
    lesson.run_all()
    return lesson


@pytest.fixture
def explorer(lesson):
    """Return the training explorer of the lesson, which never shows an error nor a second picture."""
    explorer = lesson.explorer("learning rate")
    explorer.picture.wait_for()
    yield explorer
    expect(explorer.picture).to_have_count(1)
    assert lesson.errors() == []


def expect_picture_of_controls(explorer):
    """Check that the picture becomes the one that belongs to what the controls show."""
    state = {name: read(explorer.field(label).input_value()) for label, (name, read) in FIELDS.items()}
    expect(explorer.picture).to_have_attribute("alt", training_picture(**state).alt)


def test_the_lesson_runs_from_the_menu(lesson, explorer):
    assert lesson.errors() == []
    assert lesson.faults() == []
    assert [prompt for prompt in lesson.prompts() if prompt and not re.fullmatch(r"\[\d+\]:", prompt)] == []
    expect_picture_of_controls(explorer)
    assert re.search(r"validation [\d.]+% right, loss [\d.]+", explorer.picture.get_attribute("alt"))


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("learning rate", "ArrowRight"),
        ("epochs", "ArrowRight"),
        ("hidden units", "ArrowRight"),
        ("seed", "ArrowRight"),
        ("replay %", "ArrowLeft"),  # it begins at its right end
    ],
)
def test_a_slider_moves_by_keyboard(explorer, label, key):
    field, picture = explorer.field(label), explorer.picture
    before = field.input_value(), picture.get_attribute("alt"), picture.get_attribute("src")
    field.focus()
    field.press("Tab")
    expect(explorer.slider(label)).to_be_focused()
    explorer.slider(label).press(key)
    expect(field).not_to_have_value(before[0])
    expect(picture).not_to_have_attribute("alt", before[1])
    expect(picture).not_to_have_attribute("src", before[2])
    expect_picture_of_controls(explorer)


def test_tab_passes_every_control_and_shows_where_it_is(lesson, explorer):
    keyboard, looks = lesson.page.keyboard, {}
    explorer.field("learning rate").focus()
    for _ in range(4 * len(FIELDS)):
        here = lesson.page.evaluate_handle("document.activeElement")
        if not here.evaluate(INSIDE):
            break
        with_focus = here.evaluate(LOOK)
        keyboard.press("Tab")
        name = here.evaluate("(e) => e.labels?.length ? e.labels[0].textContent : e.ariaLabel ?? e.textContent")
        looks[name.strip()] = with_focus, here.evaluate(LOOK)
    buttons = {"Play", "From the start", "Back", "Step", "Hide 7 more controls"}
    assert set(looks) >= {*FIELDS, *buttons}
    assert [name for name, (focused, resting) in looks.items() if focused == resting] == []


@pytest.mark.parametrize("label", ["activation", "data"])
def test_a_list_moves_by_keyboard(explorer, label):
    before = explorer.field(label).input_value()
    explorer.field(label).press("End")  # JupyterLab keeps the arrows to itself: with them it goes to the next cell
    expect(explorer.field(label)).not_to_have_value(before)
    expect_picture_of_controls(explorer)


@pytest.mark.parametrize(("label", "number"), [("learning rate", "2.3"), ("epochs", "1203")])
def test_a_typed_number_moves_the_slider(explorer, label, number):
    field, slider = explorer.field(label), explorer.slider(label)
    before = slider.get_attribute("aria-valuenow")
    field.fill(number)
    field.press("Enter")
    expect(slider).not_to_have_attribute("aria-valuenow", before)
    expect(field).to_have_value(number)
    expect_picture_of_controls(explorer)


def test_after_quick_presses_the_last_state_wins(explorer):
    explorer.field("learning rate").fill("0.1")
    explorer.field("epochs").fill("100")
    explorer.field("epochs").press("Enter")
    expect_picture_of_controls(explorer)
    for label, end in (("learning rate", "3.2"), ("epochs", "250")):
        explorer.slider(label).focus()
        for _ in range(15):
            explorer.output.page.keyboard.press("ArrowRight")
        expect(explorer.field(label)).to_have_value(end)
    expect_picture_of_controls(explorer)


@pytest.mark.parametrize("width", [1280, 800])
def test_every_control_lies_on_the_page(lesson, explorer, width):
    page = lesson.page
    page.set_viewport_size({"width": width, "height": 900})
    try:
        for part in (*map(explorer.field, FIELDS), *explorer.output.get_by_role("slider").all(), explorer.picture):
            box, frame = part.bounding_box(), explorer.output.bounding_box()
            assert frame["x"] <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})


def test_arrows_in_a_field_over_powers_of_ten_move_its_slider_by_a_notch(explorer):
    field, keyboard = explorer.field("learning rate"), explorer.output.page.keyboard
    field.fill("0.5")
    keyboard.press("Tab")
    expect(explorer.slider("learning rate")).to_have_attribute("aria-valuetext", "0.5")
    field.focus()
    keyboard.press("ArrowUp")
    expect(field).to_have_value("0.63")
    expect(explorer.slider("learning rate")).to_have_attribute("aria-valuetext", "0.63")
    field.fill("5000")
    keyboard.press("Tab")
    expect(field).to_have_value("100")
    expect(explorer.output.get_by_role("status")).to_have_text("learning rate can be 0.01 to 100.")
