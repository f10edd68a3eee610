"""What the judge says of an answer, and the signs and headings under which it is shown."""

from dataclasses import dataclass

from utils.homework.question import Place
from utils.homework.results import NOT_YET

RIGHT, WRONG = "right", "wrong"
SYMBOLS = {RIGHT: "✓", WRONG: "✗", NOT_YET: "…"}


@dataclass(frozen=True)
class Verdict:
    """What the judge found.

    Attributes
    ----------
    state : str
        "right", "wrong" or "not yet".
    points : int
        The question's points when right, else 0.
    mistake : str
        Name of the known mistake, or of the kind of failure ("raises NameError", "shape"); "" when right.
    hints : tuple of str
        For a known mistake three of growing frankness: a nudge, the reason, where to read. For others what was seen,
        and where to read.
    read : Place or None
        The place that the last hint names.
    note : str
        What to mention though the answer is right, such as a list in place of an array.
    """

    state: str
    points: int = 0
    mistake: str = ""
    hints: tuple = ()
    read: Place | None = None
    note: str = ""

    @property
    def right(self):
        """Return whether the answer earns its points."""
        return self.state == RIGHT


def with_headings(hints):
    """Return the hints of a Verdict, each with its heading.

    Parameters
    ----------
    hints : sequence of str
        Three for a known mistake, else two or fewer.

    Returns
    -------
    list of (str, str)
        Pairs (heading, hint).
    """
    headings = ("A hint", "The reason", "Where to read") if len(hints) == 3 else ("What happened", "Where to read")
    return list(zip(headings, hints, strict=False))
