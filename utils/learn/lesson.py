"""A lesson's hand on the learner: ``lesson = Lesson("04")`` asks, checks, remembers and sums up."""

import json
from pathlib import Path

from utils.learn.answers import question
from utils.learn.prediction import Prediction
from utils.learn.progress import here

KNOWN = Path(__file__).parent / "lessons"  # what the builder takes out of the sources: questions, reasons, truths


def known_lessons():
    """Return what is known of every lesson, by its number in the order of the course."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(KNOWN.glob("*.json"))}


class Lesson:
    """Predictions and functions to write of one lesson, with the learner's progress.

    Parameters
    ----------
    number : str
        The first two characters of the lesson's file, "04".
    folder : Path, optional
        Where the notebook lies, if not in the current folder.

    Raises
    ------
    ValueError
        When there is no such lesson.
    """

    def __init__(self, number, folder=None):
        lessons = known_lessons()
        if number not in lessons:
            raise ValueError(f"There is no lesson {number!r}; there are {', '.join(lessons)}.")
        self.number = number
        self.predictions = lessons[number]["predictions"]
        self.progress = here(folder)
        self._followers = []

    def __repr__(self):
        return f"Lesson({self.number!r})"

    def predict(self, name, text, options=None, *, several=False, ordered=False, unit=""):
        """Ask a question and return the Prediction, whose ``compare`` comes after the computation.

        Parameters
        ----------
        name : str
            Under which the answer is kept.
        text : str
            The question.
        options : list of str or dict, optional
            What there is to choose from, as texts or as truth → text; without options a number is asked for.
        several, ordered : bool
            Whether several options may be chosen, or all are to be put in order.
        unit : str
            The unit of a number; "%" for a question in percent.
        """
        reasons = self.predictions.get(name, {}).get("reasons", {})
        prediction = Prediction(self, name, question(text, options, reasons, several, ordered, unit), f"{self.number}/{name}")
        prediction.ask()
        return prediction

    def follow(self, update):
        """Call a function once somebody has answered, and again after every other answer."""
        self._followers.append(update)

    def answered(self):
        """Tell everything on the page that follows that there is a new answer."""
        for update in self._followers:
            update()
