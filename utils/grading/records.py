"""What is known of a submission: the record of one file, and the row of the grade book that names its student. Both become JSON."""

from dataclasses import asdict, dataclass, field, fields


@dataclass(frozen=True)
class Answer:
    """The verdict on one question.

    Attributes
    ----------
    name : str
        Of the question.
    of, points : int
        What it is worth, and what was earned.
    state : str
        "right", "wrong" or "not yet".
    mistake : str
        Name of the mistake, "" when right.
    hints : list of str
    note : str
        What to mention though the answer is right.
    """

    name: str
    of: int
    points: int = 0
    state: str = "not yet"
    mistake: str = ""
    hints: list = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Record:
    """What grading a file gave.

    Attributes
    ----------
    homework : str
        "hw_03", or "" where none was recognised.
    points, of : int
        Without the written answers.
    problem : str
        Why it was not graded; "" if it was.
    questions : list of Answer
    texts : dict
        Name of a written answer → its text.
    notices : list of str
        What was left out, in words for student and teacher.
    stalled : bool
        Whether an answer ran out of time on the clock without having used its processor time: perhaps the machine's fault.
    """

    homework: str = ""
    points: int = 0
    of: int = 0
    problem: str = ""
    questions: list = field(default_factory=list)
    texts: dict = field(default_factory=dict)
    notices: list = field(default_factory=list)
    stalled: bool = False


@dataclass(frozen=True)
class Row(Record):
    """A record with the file and the student that it belongs to.

    Attributes
    ----------
    id : str
        Names the pages of the feedback.
    student, platform, platform_id : str
        As the learning platform names them; platform and number are "" for a plain folder.
    path : str
        Of the file.
    handed_in : str
        "late", a date, or "", as far as the platform's file name tells.
    same_as : list of str
        Paths of other files with the same content.
    """

    id: str = ""
    student: str = ""
    platform: str = ""
    platform_id: str = ""
    path: str = ""
    handed_in: str = ""
    same_as: list = field(default_factory=list)


def to_json(record):
    """Return a record as JSON can hold it.

    Parameters
    ----------
    record : Record or Row
        The record.

    Returns
    -------
    dict
    """
    return asdict(record)


def from_json(kind, data):
    """Return the record that ``to_json`` was given.

    Parameters
    ----------
    kind : type
        Record or Row.
    data : dict
        From a file.

    Returns
    -------
    Record or Row

    Raises
    ------
    ValueError
        When the data do not fit.
    """
    try:
        known = {one.name: data[one.name] for one in fields(kind) if one.name in data}
        return kind(**known | {"questions": [Answer(**answer) for answer in known.get("questions", [])]})
    except (TypeError, KeyError, AttributeError):
        raise ValueError("not a record of this version of the grader") from None
