"""What counts as an answer, what is right, and which reason is told: without a notebook."""

import math

import numpy as np
import pytest

from utils.learn.answers import Near, UnfitAnswerError, UnfitTruthError, question
from utils.learn.numbers import LONGEST, NotANumberError, in_words, read_number

# --- numbers as people type them ---


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.25", 0.25),
        (" 0,25 ", 0.25),
        ("1/4", 0.25),
        ("-6/8", -0.75),
        ("−3", -3),
        ("+3", 3),
        ("3/-4", -0.75),
        ("25 %", 0.25),
        ("12,5%", 0.125),
        (".5", 0.5),
        (",5", 0.5),
        ("4.", 4),
        ("2e-3", 0.002),
        ("2E3", 2000),
        ("10^-8", 1e-8),
        ("2·10^-8", 2e-8),
        ("2 * 10**(-8)", 2e-8),
        ("2×10^3", 2000),
        ("-2^2", -4),
        ("0,125", 0.125),
        ("12,50", 12.5),
        ("1 000", 1000),
        ("2 000 / 4", 500),
        ("¼", 0.25),
        ("−⅔", -2 / 3),
        ("1⁄4", 0.25),
        ("–2", -2),
        ("10⁻⁵", 1e-5),
        ("2·10⁴", 20_000),
    ],
)
def test_a_number_is_read_as_it_was_meant(text, value):
    assert read_number(text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "many", "nan", "inf", "1e999", "-1e999", "9" * 10_000, "10^9999", "10^10^10", "1/0", "0/0", "0^-1", "(-8)^0.5"],
)
def test_what_is_no_number_gets_a_sentence(text):
    assert_refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "1,000",
        "1,000,000",
        "0x10",
        "1_000",
        "1.2.3",
        "1/2/3",
        "--1",
        "1e",
        "²",
        "%",
        "-",
        "1½",
        "1 ½",
        "1 1/2",
        "3 4",
        "__import__('os')",
        "<b>1</b>",
    ],
)
def test_what_is_nearly_a_number_gets_one_too(text):
    assert_refused(text)


def assert_refused(text):
    with pytest.raises(NotANumberError) as problem:
        read_number(text)
    sentence = str(problem.value)
    assert sentence[0].isupper() or sentence[0] == "“"
    assert sentence.endswith((".", ".")) and len(sentence) < 200


def test_the_unit_may_be_typed_and_a_question_in_percent_is_about_shares():
    assert read_number("12 steps", "steps") == 12 == read_number("12", "steps")
    assert read_number("25", "%") == read_number("25 %", "%") == 0.25
    assert in_words(0.25, "%") == "25 %" and in_words(-12, "steps") == "−12 steps" and in_words(1 / 3) == "0.3333"
    with pytest.raises(NotANumberError):
        read_number("12 apples", "steps")


def test_the_longest_number_is_one():
    assert read_number("0." + "3" * (LONGEST - 2)) == pytest.approx(1 / 3)


# --- a number ---

QUARTER = {
    "why": "Four of sixteen.",
    "0.5": "That is the half.",
    "> 1": "More than there was.",
    "2 to 4": "never told: the first that fits is",
    "< 0": "Negative.",
}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("1/4", "Four of sixteen."),
        ("25 %", "Four of sixteen."),
        ("0.254", "Four of sixteen."),
        ("0.5", "That is the half."),
        ("3", "More than there was."),
        ("-1/4", "Negative."),
    ],
)
def test_a_number_hears_the_reason_that_belongs_to_it(answer, told):
    asked = question("How much?", reasons=QUARTER)
    truth = asked.true(np.float64(0.25))
    assert asked.told(asked.read(answer), truth) == [told]
    assert asked.right(answer, truth) == (told == QUARTER["why"])


def test_a_number_without_a_reason_of_its_own_hears_why_or_what_the_author_says_otherwise():
    asked = question("How much?", reasons=QUARTER)
    assert asked.told("0.7", asked.true(0.25)) == ["Four of sixteen."]
    asked = question("How much?", reasons=QUARTER | {"otherwise": "Count them."})
    assert asked.told("0.7", asked.true(0.25)) == ["Count them."]


def test_whole_numbers_are_met_exactly_and_others_within_two_percent_or_what_compare_says():
    asked = question("How much?")
    assert not asked.right("789", asked.true(790)) and asked.right("790", asked.true(np.int64(790)))
    assert asked.right("789", asked.true(790.0)) and asked.right("0", asked.true(0.0)) and not asked.right("0.001", asked.true(0.0))
    assert asked.right("700", asked.true(790, tolerance=0.2)) and not asked.right("600", asked.true(790, tolerance=0.2))
    assert asked.right("0.4", asked.true(0, within=0.5)) and not asked.right("0.6", asked.true(0, within=0.5))
    assert asked.right("-1/3", asked.true(np.array([[-1 / 3]])))


@pytest.mark.parametrize("truth", [math.nan, math.inf, [1, 2], "0.25", None, np.zeros(3)])
def test_a_truth_that_is_no_number_is_refused(truth):
    with pytest.raises(UnfitTruthError):
        question("How much?").true(truth)


# --- one of several ---

PUSH = {1: "only ŷ₁", 2: "ŷ₁ and ŷ₂", 4: "all four"}
PUSHED = {"why": "It is in every denominator.", "only ŷ₁": "They add up to 1.", "ŷ₁ and ŷ₂": "One denominator for all."}


def test_a_choice_takes_its_truth_as_key_or_as_text():
    asked = question("Which?", PUSH, PUSHED)
    for truth in (4, 4.0, np.int64(4), np.array([4]), 4 + 1e-12, "all four"):
        assert asked.true(truth) == "all four"
    assert question("Does it?", {True: "yes", False: "no"}).true(np.bool_(False)) == "no"
    for truth in (3, "all", None, [4, 4], {}):
        with pytest.raises(UnfitTruthError):
            asked.true(truth)


def test_a_choice_hears_the_reason_that_belongs_to_it():
    asked = question("Which?", PUSH, PUSHED)
    assert asked.told("all four", "all four") == ["It is in every denominator."]
    assert asked.told("only ŷ₁", "all four") == ["They add up to 1."]
    for given in ("", None, "something", 4):
        with pytest.raises(UnfitAnswerError):
            asked.read(given)


# --- several of several, and an order ---


def test_several_are_right_together_and_each_wrong_one_hears_its_sentence():
    reasons = {"why": "Why.", "x": "x is data.", "W": "W is nudged.", "b": "b is apart."}
    asked = question("Which move?", ["x", "W", "b"], reasons, several=True)
    assert (
        asked.true(np.array([[False], [True], [True]]))
        == asked.true(["b", "W"])
        == [*asked.true((True, True, False))[1:], "b"]
        == ["W", "b"]
    )
    assert asked.right(asked.read(["b", "W"]), ["W", "b"]) and asked.true([]) == []
    assert asked.told(["W", "b"], ["W", "b"]) == ["Why."]
    assert asked.told(["x", "W"], ["W", "b"]) == ["x is data.", "b is apart."]
    assert asked.words([]) == "none of them"


def test_an_order_hears_of_the_pairs_that_it_exchanged():
    reasons = {"why": "Back.", "a before ŷ": "The end comes first.", "W before a": "W needs a."}
    asked = question("In which order?", ["a", "W", "ŷ"], reasons, ordered=True)
    truth = asked.true(np.array(["ŷ", "a", "W"]))
    assert asked.right(["ŷ", "a", "W"], truth)
    assert asked.told(["a", "ŷ", "W"], truth) == ["The end comes first."]
    assert asked.told(["W", "a", "ŷ"], truth) == ["The end comes first.", "W needs a."]
    for given in (["a"], ["a", "a", "W"], "aWŷ", None):
        with pytest.raises(UnfitAnswerError):
            asked.read(given)


# --- what an author may forget ---


def test_good_reasons_have_no_faults():
    assert question("Which?", PUSH, PUSHED).faults("all four") == []
    assert question("How much?", reasons={"why": "w", "0.5": "half", "> 1": "more"}).faults(Near(0.25, 0.005)) == []


@pytest.mark.parametrize(
    ("asked", "truth", "complaint"),
    [
        (question("?", PUSH, {}), None, "why"),
        (question("?", PUSH, {"why": "w"}), None, "no reason|needs no reason"),
        (question("?", PUSH, PUSHED | {"ŷ₂": "typo"}), None, "no option"),
        (question("?", PUSH, PUSHED), "only ŷ₁", "'all four' has no reason"),
        (question("?", PUSH, PUSHED | {"all four": "never"}), "all four", "never told"),
        (question("?", reasons={"why": "w", "0.5": "half"}), None, "two reasons"),
        (question("?", reasons={"why": "w", "half": "h", "1": "one"}), None, "called"),
        (question("?", reasons={"why": "w", "> 0": "positive", "9": "nine"}), Near(0.25, 0.005), "fits the truth"),
        (question("?", ["x", "y"], {"why": "w", "x": "x"}, several=True), None, "'y' has no sentence"),
        (question("?", ["x", "y", "z"], {"why": "w", "x before y": "x"}, ordered=True), None, "two reasons"),
        (question("?", ["x", "y", "z"], {"why": "w", "x before y": "x", "q < z": "y"}, ordered=True), None, "a before b"),
        (question("?", ["x", "y"], {"why": "w", "x before y": "x", "y before x": "y"}, ordered=True), ["x", "y"], "true order"),
    ],
)
def test_an_author_hears_what_the_reasons_lack(asked, truth, complaint):
    assert any(part in " ".join(asked.faults(truth)) for part in complaint.split("|"))


@pytest.mark.parametrize(
    "arguments",
    [
        {"options": ["one"]},
        {"options": ["a", "a"]},
        {"options": ["a", ""]},
        {"options": ["why", "b"]},
        {"several": True},
        {"options": ["a", "b"], "several": True, "ordered": True},
        {"options": [1, 2]},
    ],
)
def test_options_that_no_question_can_have_are_refused(arguments):
    with pytest.raises(ValueError, match=r"\."):
        question("?", **arguments)
