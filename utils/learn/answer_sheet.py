"""The answer sheet of lesson 07: a network of the learner's own, twelve numbers to compute by hand, and a diagnosis for each wrong one.

A number counts as right if it is wrong only because an earlier one is. Any other wrong number is compared with the results of
known slips.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import numpy as np

from utils.learn.page import COLORS, SYMBOLS, boxed, show

NEAR = 0.002  # the error that a number worked out with four digits may have
APART = 0.005  # the least distance between a slip and the truth
LEARNING_RATE = 0.5


@dataclass(frozen=True)
class Field:
    """One number to compute.

    Attributes
    ----------
    name : str
        As it stands on the sheet.
    value : callable
        The numbers so far, by name → this one.
    where : str
        Where the lesson explains it.
    slips : dict of str to callable
        What somebody overlooked → the number that comes out.
    """

    name: str
    value: Callable
    where: str
    slips: dict


def sigmoid(a):
    """Return σ(a).

    Parameters
    ----------
    a : float
        A pre-activation.

    Returns
    -------
    float
    """
    return 1 / (1 + math.exp(-a))


def _logarithm(v, base=math.e):
    return -math.log(v["ŷ₁"], base)


FIELDS = (
    Field(
        "a₁₁",
        lambda v: v["W₁₁₁"] * v["x₁"] + v["W₁₁₂"] * v["x₂"] + v["b₁₁"],
        "lesson 03",
        {
            "The bias b₁₁ is missing.": lambda v: v["W₁₁₁"] * v["x₁"] + v["W₁₁₂"] * v["x₂"],
            "You have used the first column of W₁. A unit listens along its row.": lambda v: (
                v["W₁₁₁"] * v["x₁"] + v["W₁₂₁"] * v["x₂"] + v["b₁₁"]
            ),
            "That is the sum of the other unit, a₁₂.": lambda v: v["W₁₂₁"] * v["x₁"] + v["W₁₂₂"] * v["x₂"] + v["b₁₂"],
        },
    ),
    Field(
        "h₁₁",
        lambda v: sigmoid(v["a₁₁"]),
        "lesson 03",
        {
            "The sign in the exponent: σ(a) = 1/(1 + e^(−a)).": lambda v: sigmoid(-v["a₁₁"]),
            "That is the sum itself. The activation is σ of it.": lambda v: v["a₁₁"],
            "That is tanh. The hidden units are sigmoids.": lambda v: math.tanh(v["a₁₁"]),
            "That is the slope h(1 − h). Here the activation itself is wanted.": lambda v: sigmoid(v["a₁₁"]) * sigmoid(-v["a₁₁"]),
        },
    ),
    Field(
        "a₂₁",
        lambda v: v["W₂₁₁"] * v["h₁₁"] + v["W₂₁₂"] * v["h₁₂"] + v["b₂₁"],
        "lesson 03",
        {
            "The bias b₂₁ is missing.": lambda v: v["W₂₁₁"] * v["h₁₁"] + v["W₂₁₂"] * v["h₁₂"],
            "You have used the first column of W₂. Forwards a unit listens along its row.": lambda v: (
                v["W₂₁₁"] * v["h₁₁"] + v["W₂₂₁"] * v["h₁₂"] + v["b₂₁"]
            ),
            "The scores listen to the hidden units h₁, not to the inputs x.": lambda v: (
                v["W₂₁₁"] * v["x₁"] + v["W₂₁₂"] * v["x₂"] + v["b₂₁"]
            ),
        },
    ),
    Field(
        "ŷ₁",
        lambda v: 1 / (1 + math.exp(v["a₂₂"] - v["a₂₁"])),
        "lesson 04, section 1",
        {
            "That is ŷ₂. The numerator of ŷ₁ is e^a₂₁.": lambda v: 1 / (1 + math.exp(v["a₂₁"] - v["a₂₂"])),
            "That is a sigmoid of a₂₁. A softmax divides by the sum of both exponentials.": lambda v: sigmoid(v["a₂₁"]),
            "The exponentials are missing.": lambda v: v["a₂₁"] / (v["a₂₁"] + v["a₂₂"]),
            "That is e^a₂₁. It is divided by the sum of both exponentials.": lambda v: math.exp(v["a₂₁"]),
        },
    ),
    Field(
        "𝓛",
        _logarithm,
        "lesson 04, section 2",
        {
            "That is the logarithm to base 10. Here it is the natural one.": lambda v: _logarithm(v, 10),
            "The sign: the loss is minus the logarithm.": lambda v: math.log(v["ŷ₁"]),
            "That is −log ŷ₂. Class 1 is true.": lambda v: -math.log(1 - v["ŷ₁"]),
            "That is 1 − ŷ₁. The cross-entropy is −log ŷ₁.": lambda v: 1 - v["ŷ₁"],
        },
    ),
    Field(
        "∂𝓛/∂a₂₁",
        lambda v: v["ŷ₁"] - 1,
        "lesson 04, section 4",
        {
            "The sign: what was said, minus the truth.": lambda v: 1 - v["ŷ₁"],
            "The truth, 1, is still to be taken away.": lambda v: v["ŷ₁"],
            "That is the slope at ŷ₁, −1/ŷ₁. Between ŷ and a₂ lies the softmax.": lambda v: -1 / v["ŷ₁"],
        },
    ),
    Field(
        "∂𝓛/∂W₂₁₂",
        lambda v: v["∂𝓛/∂a₂₁"] * v["h₁₂"],
        "lesson 06, section 1",
        {
            "The signal is h₁₂, where this weight comes from. You have used h₁₁.": lambda v: v["∂𝓛/∂a₂₁"] * v["h₁₁"],
            "The blame is multiplied by the signal, not by the weight.": lambda v: v["∂𝓛/∂a₂₁"] * v["W₂₁₂"],
            "That is the gradient of W₂₂₂. This weight leads to a₂₁.": lambda v: -v["∂𝓛/∂a₂₁"] * v["h₁₂"],
            "That is the blame alone, the gradient of b₂₁. The signal is missing.": lambda v: v["∂𝓛/∂a₂₁"],
        },
    ),
    Field(
        "∂𝓛/∂b₂₂",
        lambda v: -v["∂𝓛/∂a₂₁"],
        "lesson 06, section 3",
        {
            "That belongs to b₂₁. The two blames of the scores add up to 0.": lambda v: v["∂𝓛/∂a₂₁"],
            "For a bias the signal is 1. You have multiplied by h₁₂.": lambda v: -v["∂𝓛/∂a₂₁"] * v["h₁₂"],
            "For a bias the signal is 1. You have multiplied by h₁₁.": lambda v: -v["∂𝓛/∂a₂₁"] * v["h₁₁"],
        },
    ),
    Field(
        "∂𝓛/∂h₁₁",
        lambda v: v["∂𝓛/∂a₂₁"] * (v["W₂₁₁"] - v["W₂₂₁"]),
        "lesson 05, section 2",
        {
            "You have used the first row of W₂. Those who listen to h₁₁ have their weights in the first column.": lambda v: (
                v["∂𝓛/∂a₂₁"] * (v["W₂₁₁"] - v["W₂₁₂"])
            ),
            "a₂₂ listens to h₁₁ as well: its part is added.": lambda v: v["∂𝓛/∂a₂₁"] * v["W₂₁₁"],
            "The blame on a₂₂ has the opposite sign of that on a₂₁.": lambda v: v["∂𝓛/∂a₂₁"] * (v["W₂₁₁"] + v["W₂₂₁"]),
            "That is the blame on h₁₂, from the second column.": lambda v: v["∂𝓛/∂a₂₁"] * (v["W₂₁₂"] - v["W₂₂₂"]),
        },
    ),
    Field(
        "∂𝓛/∂a₁₁",
        lambda v: v["∂𝓛/∂h₁₁"] * v["h₁₁"] * (1 - v["h₁₁"]),
        "lesson 05, section 4",
        {
            "The slope of the sigmoid is missing.": lambda v: v["∂𝓛/∂h₁₁"],
            "You have multiplied by h. The slope is h(1 − h).": lambda v: v["∂𝓛/∂h₁₁"] * v["h₁₁"],
            "You have multiplied by 1 − h. The slope is h(1 − h).": lambda v: v["∂𝓛/∂h₁₁"] * (1 - v["h₁₁"]),
            "The slope is taken at a: h(1 − h). You have applied σ once more.": lambda v: (
                v["∂𝓛/∂h₁₁"] * sigmoid(v["h₁₁"]) * sigmoid(-v["h₁₁"])
            ),
            "That is the slope alone. It is multiplied by the blame on h₁₁.": lambda v: v["h₁₁"] * (1 - v["h₁₁"]),
            "1 − h² is the slope of tanh.": lambda v: v["∂𝓛/∂h₁₁"] * (1 - v["h₁₁"] ** 2),
        },
    ),
    Field(
        "∂𝓛/∂W₁₁₂",
        lambda v: v["∂𝓛/∂a₁₁"] * v["x₂"],
        "lesson 06, section 1",
        {
            "The signal is x₂, where this weight comes from. You have used x₁.": lambda v: v["∂𝓛/∂a₁₁"] * v["x₁"],
            "Between h₁₁ and a₁₁ lies the sigmoid: its slope is missing.": lambda v: v["∂𝓛/∂h₁₁"] * v["x₂"],
            "The signal of the first layer is x, not h₁.": lambda v: v["∂𝓛/∂a₁₁"] * v["h₁₂"],
            "That is the blame alone, the gradient of b₁₁. The signal is missing.": lambda v: v["∂𝓛/∂a₁₁"],
        },
    ),
    Field(
        "new W₁₁₂",
        lambda v: v["W₁₁₂"] - LEARNING_RATE * v["∂𝓛/∂W₁₁₂"],
        "lesson 06, section 4",
        {
            "The step goes against the gradient: minus.": lambda v: v["W₁₁₂"] + LEARNING_RATE * v["∂𝓛/∂W₁₁₂"],
            "The learning rate is missing: η = 0.5.": lambda v: v["W₁₁₂"] - v["∂𝓛/∂W₁₁₂"],
            "That is the way. The new weight is the old one plus the way.": lambda v: -LEARNING_RATE * v["∂𝓛/∂W₁₁₂"],
        },
    ),
)


class AnswerSheet:
    """A small network of the learner's own, to be worked out by hand.

    Parameters
    ----------
    seed : int
        Any whole number from 0: another number, another network.

    Raises
    ------
    ValueError
        For what is no whole number from 0.
    """

    def __init__(self, seed):
        if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
            raise ValueError(f"The seed is a whole number from 0, such as 2026, and not {seed!r}.")
        self.seed = int(seed)
        rng = np.random.default_rng(self.seed)
        self.given = _numbers(rng)
        while not _slips_show(self.given):
            self.given = _numbers(rng)
        self.truth = dict(self.given)
        for field in FIELDS:
            self.truth[field.name] = field.value(self.truth)

    def __repr__(self):
        return f"Your network, from the seed {self.seed}: {_listed(self.given)}. Class 1 is true, η = {LEARNING_RATE}."

    def _repr_html_(self):
        def row(*names):
            return "".join(f"<td style='padding:2px 14px'>{escape(name)} = {_digits(self.given[name])}</td>" for name in names)

        rows = (
            ("x₁", "x₂"),
            ("W₁₁₁", "W₁₁₂", "b₁₁"),
            ("W₁₂₁", "W₁₂₂", "b₁₂"),
            ("W₂₁₁", "W₂₁₂", "b₂₁"),
            ("W₂₂₁", "W₂₂₂", "b₂₂"),
            ("h₁₂", "a₂₂"),
        )
        table = "".join(f"<tr>{row(*names)}</tr>" for names in rows)
        return (
            f"<p><b>Your network</b>, from the seed {self.seed}. Class 1 is true, η = {LEARNING_RATE}. "
            f"The last row has been worked out for you.</p><table>{table}</table>"
        )

    def check(self, answers):
        """Show for every number whether it is right, and what a wrong one comes from.

        Parameters
        ----------
        answers : dict of str to number or None
            By the names of the fields; None for what is not worked out yet.
        """
        judged = self.judged(answers)
        n_right = sum(right is True for _, right, _ in judged)
        title = f"Answer sheet: {n_right} of {len(FIELDS)} right."
        items = "".join(f"<li>{SYMBOLS[right]} <b>{escape(name)}</b> {escape(said)}</li>" for name, right, said in judged)
        html = f"<p><b>{title}</b></p><ul style='list-style:none;padding-left:0'>{items}</ul>"
        color = COLORS[True if n_right == len(FIELDS) else None]
        plain = "\n".join([title, *(f"{SYMBOLS[right]} {name} {said}" for name, right, said in judged)])
        show({"text/html": boxed("course-result", {"key": "answer sheet"}, color, html), "text/plain": plain})

    def judged(self, answers):
        """Return what is to be said about each number.

        Parameters
        ----------
        answers : dict of str to number or None
            As in ``check``.

        Returns
        -------
        list of (str, bool or None, str)
            Name, whether the answer is right (None without one), and what to say.
        """
        if not isinstance(answers, dict):
            return [(field.name, None, "An answer sheet is a dict: the names as in the cell, a number for each.") for field in FIELDS]
        strange = [str(name) for name in answers if name not in {field.name for field in FIELDS}]
        own = dict(self.given)  # the learner's own numbers, where there are any
        judged = []
        for field in FIELDS:
            answer = answers.get(field.name)
            right, said = self._judged(field, answer, own)
            judged.append((field.name, right, said))
            own[field.name] = float(answer) if right is not None else self.truth[field.name]
        if strange:
            judged.append((strange[0], False, "There is no number of this name on the sheet."))
        return judged

    def _judged(self, field, answer, own):
        if answer is None:
            return None, "not worked out yet"
        if isinstance(answer, bool) or not isinstance(answer, int | float | np.number) or not math.isfinite(answer):
            return None, f"A number is needed, such as 0.25, and not {str(answer)[:40]!r}."
        if abs(answer - self.truth[field.name]) <= NEAR:
            return True, "right"
        for numbers in (own, self.truth):
            expected = _value(field.value, numbers)
            if numbers is own and expected is not None and abs(answer - expected) <= NEAR:
                return True, "right, with your earlier number; correct that one, and this one changes too"
            for said, wrong in field.slips.items():
                value = _value(wrong, numbers)
                if value is not None and abs(answer - value) <= NEAR:
                    return False, said
        return False, f"not right, and none of the usual slips. Work it out once more; {field.where} has the formula."


def _numbers(rng):
    """Return weights, biases and inputs with one digit behind the point, and what is worked out for the learner."""
    names = ("W₁₁₁", "W₁₁₂", "W₁₂₁", "W₁₂₂", "W₂₁₁", "W₂₁₂", "W₂₂₁", "W₂₂₂", "b₁₁", "b₁₂", "b₂₁", "b₂₂")
    v = {name: float(value) for name, value in zip(names, rng.choice([n / 10 for n in range(-9, 10) if n], len(names)), strict=True)}
    v |= {name: float(value) for name, value in zip(("x₁", "x₂"), rng.choice([-2, -1, 1, 2, 3], 2, replace=False), strict=True)}
    v["h₁₂"] = sigmoid(v["W₁₂₁"] * v["x₁"] + v["W₁₂₂"] * v["x₂"] + v["b₁₂"])
    v["a₂₂"] = v["W₂₂₁"] * sigmoid(FIELDS[0].value(v)) + v["W₂₂₂"] * v["h₁₂"] + v["b₂₂"]
    return v


def _slips_show(given):
    """Return whether the truth and the slips of each field all lead to different numbers."""
    truth = dict(given)
    for field in FIELDS:
        truth[field.name] = field.value(truth)
    for field in FIELDS:
        values = [truth[field.name], *(value for wrong in field.slips.values() if (value := _value(wrong, truth)) is not None)]
        if any(abs(one - other) < APART for n, one in enumerate(values) for other in values[:n]):
            return False
    return abs(truth["∂𝓛/∂a₂₁"]) > 0.1 and abs(truth["∂𝓛/∂W₁₁₂"]) > 0.01


def _value(formula, numbers):
    """Return what a formula gives, or None where it gives no number."""
    try:
        return formula(numbers)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def _digits(value):
    return f"{round(value, 4):g}".replace("-", "−")


def _listed(given):
    return ", ".join(f"{name} = {_digits(value)}" for name, value in given.items())
