"""The four kinds of answers: a choice, several of several, an order, a number. This module needs neither widget nor notebook.

An answer is kept as JSON: the text of an option, a list of such texts, or a number as it was typed. So a progress file
can be read, and an answer means the same after a question's options were put in another order.
"""

import math
import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from utils.learn.numbers import NotANumberError, in_words, read_number

TOLERANCE = 0.02  # of a number that is not whole
ROUNDING = 1e-9
GENERAL = ("why", "otherwise")  # reasons that belong to no particular answer


class UnfitTruthError(ValueError):
    """Says why a truth does not belong to a question: the lesson was changed, or its author erred."""


class UnfitAnswerError(ValueError):
    """Says to the learner what an answer must be."""


@dataclass(frozen=True)
class Question:
    """What is asked, and what is told afterwards.

    Attributes
    ----------
    text : str
        The question.
    options : dict
        The truth's value → the option's text, in their order on the page.
    reasons : dict of str to str
        From the lesson's cell of reasons.
    """

    text: str
    options: dict = field(default_factory=dict)
    reasons: dict = field(default_factory=dict)

    kind = ""
    unit = ""

    def read(self, given):
        """Return the answer that was given, in the form in which it is kept.

        Parameters
        ----------
        given : object
            What the controls hold, or what a file holds.

        Returns
        -------
        str or list of str

        Raises
        ------
        UnfitAnswerError
            When it is no answer to this question; the message is for the learner.
        """
        raise NotImplementedError

    def true(self, truth):
        """Return a computed truth in the form of an answer.

        Parameters
        ----------
        truth : object
            What was computed.

        Returns
        -------
        str, list of str or Near

        Raises
        ------
        UnfitTruthError
            When it does not belong to this question.
        """
        raise NotImplementedError

    def words(self, answer):
        """Return an answer, or a truth, in words.

        Parameters
        ----------
        answer : str, list of str or Near
            From ``read`` or ``true``.

        Returns
        -------
        str
        """
        raise NotImplementedError

    def right(self, answer, truth):
        """Return whether an answer is right.

        Parameters
        ----------
        answer : str or list of str
            From ``read``.
        truth : str, list of str or Near
            From ``true``.

        Returns
        -------
        bool
        """
        return answer == truth

    def told(self, answer, truth):
        """Return the sentences for an answer: why it is right, or the reasons that belong to this wrong one.

        Parameters
        ----------
        answer : str or list of str
            From ``read``.
        truth : str, list of str or Near
            From ``true``.

        Returns
        -------
        list of str
        """
        if self.right(answer, truth):
            return [self.reasons["why"]] if "why" in self.reasons else []
        own = self._reasons_for(answer, truth)
        otherwise = self.reasons.get("otherwise", self.reasons.get("why"))
        return own or ([otherwise] if otherwise else [])

    def known(self, answer):
        """Return whether a kept answer still belongs to this question.

        Parameters
        ----------
        answer : object
            From the progress file, where anything may stand.

        Returns
        -------
        bool
        """
        try:
            return self.read(answer) == answer
        except (UnfitAnswerError, TypeError):  # somebody may have edited the file
            return False

    def faults(self, truth=None):
        """Return sentences for the author of the question.

        Parameters
        ----------
        truth : str, list of str or Near, optional
            From ``true``. With it, reasons that contradict it are found as well.

        Returns
        -------
        list of str
            What the reasons lack or contradict; empty where all is well.
        """
        faults = [] if "why" in self.reasons else ['there is no "why": the sentence that says why the true answer is true']
        return faults + self._faults(truth)

    @property
    def reasons_by_answer(self):
        """Return the reasons that belong to certain answers."""
        return {key: text for key, text in self.reasons.items() if key not in GENERAL}

    def _option(self, truth):
        """Return the text of the option that a truth means. The truth is its key, within rounding, or the text itself."""
        if isinstance(truth, np.ndarray | np.generic) and np.size(truth) == 1:
            truth = np.asarray(truth).item()
        numbers = [key for key in self.options if isinstance(key, int | float) and isinstance(truth, int | float)]
        near = [key for key in numbers if math.isclose(key, truth, rel_tol=1e-6, abs_tol=ROUNDING)]
        if near:
            return self.options[near[0]]
        for key, text in self.options.items():
            if isinstance(truth, str) and truth in (key, text):
                return text
        raise UnfitTruthError(f"the computation gave {truth!r}, and the options are {', '.join(map(repr, self.options))}")


class Choice(Question):
    """One of the options; the answer is its text."""

    kind = "choice"

    def read(self, given):
        """Return the text of the chosen option.

        Parameters
        ----------
        given : str
            The text of an option.

        Returns
        -------
        str

        Raises
        ------
        UnfitAnswerError
            When it is none of the options.
        """
        if given not in self.options.values():
            raise UnfitAnswerError("Choose one of the answers first.")
        return given

    def true(self, truth):
        """Return the text of the true option.

        Parameters
        ----------
        truth : str or number
            The key of an option, or its text.

        Returns
        -------
        str

        Raises
        ------
        UnfitTruthError
            When it is none of the options.
        """
        return self._option(truth)

    def words(self, answer):
        """Return the text of the option.

        Parameters
        ----------
        answer : str
            From ``read`` or ``true``.

        Returns
        -------
        str
        """
        return answer

    def _reasons_for(self, answer, truth):
        return [self.reasons[answer]] if answer in self.reasons else []

    def _faults(self, truth):
        texts = list(self.options.values())
        faults = [f"a reason belongs to {key!r}, which is no option" for key in self.reasons_by_answer if key not in texts]
        missing = [text for text in texts if text not in self.reasons and text != truth]
        if truth is not None:
            faults += [f"the wrong answer {text!r} has no reason" for text in missing]
            faults += [f"{truth!r} is true, so its reason is never told"] * (truth in self.reasons)
        elif len(missing) > 1:
            faults.append(f"only the true option needs no reason, but there is none for {', '.join(map(repr, missing))}")
        return faults


class Several(Question):
    """Any number of the options; the answer is a list of their texts in the order of the page."""

    kind = "several"

    def read(self, given):
        """Return the texts of the chosen options.

        Parameters
        ----------
        given : list of str
            Texts of options, in any order.

        Returns
        -------
        list of str
            In the order of the page.

        Raises
        ------
        UnfitAnswerError
            When one of them is no option.
        """
        if not isinstance(given, list) or not set(given) <= set(self.options.values()):
            raise UnfitAnswerError("Choose among the answers first.")
        return [text for text in self.options.values() if text in given]

    def true(self, truth):
        """Return the texts of the true options.

        Parameters
        ----------
        truth : sequence or ndarray
            Keys or texts of the true options, or True and False for each option.

        Returns
        -------
        list of str
            In the order of the page.

        Raises
        ------
        UnfitTruthError
            When one of them is no option.
        """
        entries = np.ravel(truth).tolist() if isinstance(truth, np.ndarray) else list(truth)
        if len(entries) == len(self.options) and all(isinstance(entry, bool | np.bool_) for entry in entries):
            return [text for text, holds in zip(self.options.values(), entries, strict=True) if holds]
        return self.read([self._option(entry) for entry in entries])

    def words(self, answer):
        """Return the texts in one line.

        Parameters
        ----------
        answer : list of str
            From ``read`` or ``true``.

        Returns
        -------
        str
        """
        return ", ".join(answer) or "none of them"

    def _reasons_for(self, answer, truth):
        return [self.reasons[text] for text in self.options.values() if (text in answer) != (text in truth) and text in self.reasons]

    def _faults(self, truth):
        texts = list(self.options.values())
        faults = [f"a reason belongs to {key!r}, which is no option" for key in self.reasons_by_answer if key not in texts]
        return faults + [f"{text!r} has no sentence that says why it belongs or not" for text in texts if text not in self.reasons]


class Order(Question):
    """All options in a row; the answer is the list of their texts."""

    kind = "order"

    def read(self, given):
        """Return the texts of the options in the order given.

        Parameters
        ----------
        given : list of str
            Every option's text, once.

        Returns
        -------
        list of str

        Raises
        ------
        UnfitAnswerError
            When an option is missing.
        """
        if not isinstance(given, list) or sorted(given) != sorted(self.options.values()):
            raise UnfitAnswerError("Give every answer its place first.")
        return list(given)

    def true(self, truth):
        """Return the texts of the options in their true order.

        Parameters
        ----------
        truth : sequence or ndarray
            Every option's key or text, once.

        Returns
        -------
        list of str

        Raises
        ------
        UnfitTruthError
            When an option is missing.
        """
        row = [self._option(entry) for entry in (np.ravel(truth).tolist() if isinstance(truth, np.ndarray) else truth)]
        if sorted(row) != sorted(self.options.values()):
            raise UnfitTruthError(f"the computation put {row} in order, not every option once")
        return row

    def words(self, answer):
        """Return the texts in one line.

        Parameters
        ----------
        answer : list of str
            From ``read`` or ``true``.

        Returns
        -------
        str
        """
        return " → ".join(answer)

    def _pairs(self):
        return {key: tuple(key.split(" before ")) for key in self.reasons_by_answer}

    @staticmethod
    def _in_order(pair, row):
        places = [row.index(text) for text in pair]
        return places == sorted(places)

    def _reasons_for(self, answer, truth):
        return [
            self.reasons[key]
            for key, pair in self._pairs().items()
            if {*pair} <= {*answer} and self._in_order(pair, answer) and not self._in_order(pair, truth)
        ]

    def _faults(self, truth):
        texts = list(self.options.values())
        pairs = self._pairs()
        faults = [
            f'a reason is called "a before b" with two options, not {key!r}'
            for key, pair in pairs.items()
            if len(pair) != 2 or not {*pair} <= {*texts}
        ]
        faults += [f"an order needs two reasons or more, and there are {len(pairs)}"] * (len(pairs) < 2)
        if truth is not None and not faults:
            faults += [f"{key!r} is true, so its reason is never told" for key, pair in pairs.items() if self._in_order(pair, truth)]
            faults += ["the options are asked for in their true order"] * (texts == truth)
        return faults


@dataclass(frozen=True)
class Near:
    """A true number, and how far from it an answer is still right."""

    value: float
    slack: float


@dataclass(frozen=True)
class Number(Question):
    """A number; the answer is kept as it was typed.

    Attributes
    ----------
    unit : str
        What stands behind the field; "%" for a question in percent.
    """

    unit: str = ""

    kind = "number"

    def read(self, given):
        """Return the number as it was typed, without needless spaces.

        Parameters
        ----------
        given : str
            What was typed.

        Returns
        -------
        str

        Raises
        ------
        UnfitAnswerError
            When it is no number.
        """
        if not isinstance(given, str):
            raise UnfitAnswerError("Type a number first.")
        try:
            read_number(given, self.unit)
        except NotANumberError as problem:
            raise UnfitAnswerError(str(problem)) from None
        return " ".join(given.split())

    def true(self, truth, tolerance=None, within=None):
        """Return the computed number and its slack.

        Parameters
        ----------
        truth : number or array of one number
            What was computed.
        tolerance : float, optional
            The slack as a share of the number; 2 % unless the number is whole.
        within : float, optional
            The slack itself.

        Returns
        -------
        Near

        Raises
        ------
        UnfitTruthError
            When it is not one finite number.
        """
        if np.size(truth) != 1 or np.asarray(truth).dtype.kind not in "biuf" or not np.isfinite(truth).all():
            raise UnfitTruthError(f"the computation gave {truth!r}, and one finite number is needed")
        value = np.asarray(truth).item()
        value = int(value) if isinstance(value, bool) else value
        if tolerance is None:
            tolerance = 0 if isinstance(value, int) else TOLERANCE
        return Near(value, within if within is not None else abs(value) * tolerance)

    def words(self, answer):
        """Return the number with its unit.

        Parameters
        ----------
        answer : str or Near
            From ``read`` or ``true``.

        Returns
        -------
        str
        """
        if isinstance(answer, Near):
            return in_words(answer.value, self.unit)
        return answer if not self.unit or answer.endswith(self.unit) else f"{answer} {self.unit}"

    def right(self, answer, truth):
        """Return whether the typed number is near enough.

        Parameters
        ----------
        answer : str
            From ``read``.
        truth : Near
            From ``true``.

        Returns
        -------
        bool
        """
        return abs(read_number(answer, self.unit) - truth.value) <= truth.slack + ROUNDING

    @cached_property
    def ranges(self):
        """Return for every reason the lowest and the highest number that it is for."""
        return {key: self._range(key) for key in self.reasons_by_answer}

    def _range(self, key):
        if key.startswith("<"):
            return -math.inf, np.nextafter(read_number(key[1:], self.unit), -math.inf).item()
        if key.startswith(">"):
            return np.nextafter(read_number(key[1:], self.unit), math.inf).item(), math.inf
        low, *high = [read_number(part, self.unit) for part in re.split(r"\bto\b", key)]
        if high:
            return low, high[0]
        return low - TOLERANCE * abs(low) - ROUNDING, low + TOLERANCE * abs(low) + ROUNDING

    def _reasons_for(self, answer, truth):
        number = read_number(answer, self.unit)
        return [self.reasons[key] for key, (low, high) in self.ranges.items() if low <= number <= high][:1]

    def _faults(self, truth):
        try:
            ranges = self.ranges
        except NotANumberError:
            return [
                f'reasons for a number are called "0.5", "> 1", "< 0" or "2 to 4", not {" or ".join(map(repr, self.reasons_by_answer))}'
            ]
        faults = [f"a number needs two reasons or more, and there are {len(ranges)}"] * (len(ranges) < 2)
        if truth is not None:
            faults += [
                f"the reason for {key!r} fits the truth, {truth.value:g}"
                for key, (low, high) in ranges.items()
                if low <= truth.value <= high
            ]
        return faults


def question(text, options=None, reasons=None, several=False, ordered=False, unit=""):
    """Return the Question of the kind that was asked for.

    Parameters
    ----------
    text : str
        The question.
    options : list of str or dict, optional
        What there is to choose from, as texts or as truth → text; without options a number is asked for.
    reasons : dict of str to str, optional
        What is told afterwards.
    several, ordered : bool
        Whether several options may be chosen, or all are to be put in order.
    unit : str
        The unit of a number.

    Returns
    -------
    Question

    Raises
    ------
    ValueError
        For options that no question can have.
    """
    reasons = reasons or {}
    if options is None:
        if several or ordered:
            raise ValueError("Several answers, or an order, need options to choose from.")
        return Number(text, {}, reasons, unit)
    options = dict(options) if isinstance(options, dict) else {option: option for option in options}
    texts = list(options.values())
    if len(texts) < 2 or len({*texts}) < len(texts) or not all(isinstance(option, str) and option.strip() for option in texts):
        raise ValueError(f"Options are two or more different texts, not {texts}.")
    if {*texts} & {*GENERAL}:
        raise ValueError(f"No option can be called {' or '.join(GENERAL)}: these names belong to the reasons.")
    if several and ordered:
        raise ValueError("A question takes several answers or an order, not both.")
    kind = Several if several else Order if ordered else Choice
    return kind(text, options, reasons)
