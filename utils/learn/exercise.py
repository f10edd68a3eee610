"""A function that the learner writes. It is judged like homework. The lesson uses the course's own function until it is right."""

import os
from html import escape

from utils.homework.judge import judge
from utils.homework.results import NOT_YET
from utils.homework.time_limit import run
from utils.homework.verdict import with_headings
from utils.learn.page import checked

MEANWHILE = "Until yours is right, the lesson goes on with the course's own."


class Exercise:
    """One function to write; it remembers which mistake came last, because a repeated one gets a further hint.

    Parameters
    ----------
    question : Question
        Name, reference, inputs and known mistakes.
    """

    def __init__(self, question):
        self.question = question
        self._last = ("", 0)

    def judge(self, function):
        """Return whether a function is right, and what to show.

        Parameters
        ----------
        function : callable
            What the learner wrote.

        Returns
        -------
        right : bool or None
            None for a function that is not written yet.
        bundle : dict
            HTML and text, by their MIME types.
        """
        name = self.question.name
        if function is self.question.reference:
            return None, checked(name, None, f"This {name} is the course's own. Write yours, and run its cell.")
        cases = self.question.cases()
        verdict = judge(self.question, cases, run(function, self.question.parameters, cases))
        if verdict.right:
            note = [escape(f"A note: {verdict.note}")] if verdict.note else []
            return True, checked(name, True, f"{name} is right, and the lesson goes on with yours.", note)
        if verdict.state == NOT_YET:
            task = f"{name}: not yet. {self.question.task} Write it in place of NotImplementedError."
            return None, checked(name, None, task, [escape(MEANWHILE)])
        mistake, times = self._last
        self._last = verdict.mistake, times + 1 if verdict.mistake == mistake else 1
        hints = [f"{escape(heading)}: {_linked(hint, verdict.read)}" for heading, hint in with_headings(verdict.hints)[: self._last[1]]]
        return False, checked(name, False, f"{name} is not right yet.", [*hints, escape(MEANWHILE)])


def _linked(hint, place):
    """Return a hint as HTML, with a link where it names a lesson that lies beside this one."""
    if place is None or hint != str(place) or not os.path.exists(f"{place.notebook}.ipynb"):
        return escape(hint)
    return f'<a href="{escape(place.notebook)}.ipynb">{escape(hint)}</a>'
