"""What was handed in: files of a folder, of a zip from a learning platform, or one file. Nothing is unpacked to the disk.

Every file gives a row in the grade book, the unreadable ones with the reason. Left out are hidden files and what systems
add, and other kinds of files of a student who handed in a notebook as well.
"""

import re
import stat
import zipfile
from collections import Counter
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from utils.grading.notebook import MOST_BYTES, too_large

MOODLE = re.compile(r"^(?P<student>[^/]+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)$")
CANVAS = re.compile(r"^(?P<student>[^/_]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)$")
HOMEWORK = re.compile(r"[ _-]*hw[ _-]?0?\d(?!\d).*$", re.I)  # jane_hw_03 is jane
READABLE = {".ipynb", ".py"}
SYSTEM = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Submission:
    """One file that was handed in.

    Attributes
    ----------
    path : str
        Where it was, below the folder or in the zip.
    student : str
        As the platform or the folder names them.
    platform, platform_id : str
        "moodle" or "canvas" and the number that it gives the student (Moodle: the participant's); "" for a plain folder.
    data : bytes
        The file's content.
    problem : str
        Why it was not read; "" if it was.
    id : str
        Names the pages of its feedback.
    """

    path: str
    student: str
    platform: str = ""
    platform_id: str = ""
    data: bytes = b""
    problem: str = ""
    id: str = ""

    @property
    def is_script(self):
        """Return whether it is a .py file."""
        return self.path.lower().endswith(".py")

    @property
    def digest(self):
        """Return what tells its content from every other."""
        return sha256(self.data + b"py" * self.is_script).hexdigest()


def collect(place):
    """Return the list of submissions in a folder, a zip or a single file, in the order of their paths.

    Raises
    ------
    ValueError
        If the place itself cannot be read.
    """
    place = Path(place)
    if not place.exists():
        raise ValueError(f"There is no {place}. Name the folder or the zip with the submissions.")
    if place.is_dir():
        found = [_submission(path, *_from_disk(place / path)) for path in _below(place)]
    elif zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and _counts(entry.filename)]
            found = [_submission(entry.filename, *_from_zip(archive, entry)) for entry in entries]
    elif place.suffix.lower() == ".zip":
        raise ValueError(f"{place} is called a zip but is none: was the download cut off?")
    else:
        found = [_submission(place.name, *_from_disk(place))]
    students = {submission.student for submission in found if PurePosixPath(submission.path).suffix.lower() in READABLE}
    found = [one for one in found if one.student not in students or PurePosixPath(one.path).suffix.lower() in READABLE]
    return _with_ids(sorted(found, key=lambda submission: submission.path))


def _below(folder):
    paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return [name for path in paths if _counts(name := path.relative_to(folder).as_posix())]


def _counts(path):
    return not any((part.startswith(".") and part != "..") or part in SYSTEM for part in PurePosixPath(path).parts)


def _from_disk(path):
    """Return (content, problem)."""
    try:
        if path.is_symlink():
            return b"", "It is a symbolic link, which may lead anywhere. Hand in the file itself."
        if not stat.S_ISREG(path.stat().st_mode):
            return b"", "It is no ordinary file."
        if path.stat().st_size > MOST_BYTES:
            return b"", too_large(path.stat().st_size)
        return path.read_bytes(), ""
    except OSError as error:
        return b"", f"The file cannot be read ({error.strerror})."


def _from_zip(archive, entry):
    """Return (content, problem)."""
    if stat.S_ISLNK(entry.external_attr >> 16):
        return b"", "It is a symbolic link, which may lead anywhere. Hand in the file itself."
    if entry.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", entry.filename) or ":" in entry.filename[:3]:
        return b"", "Its path leads out of the zip."
    if entry.flag_bits & 1:
        return b"", "It is locked with a password."
    try:
        with archive.open(entry) as file:
            data = file.read(MOST_BYTES + 1)  # not what the zip says: it may lie
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError):
        return b"", "The zip is damaged here."
    except Exception as error:  # zlib and lzma have errors of their own
        return b"", f"The zip is damaged here ({type(error).__name__})."
    return (data, "") if len(data) <= MOST_BYTES else (b"", too_large(max(entry.file_size, len(data))))


def _submission(path, data, problem):
    first, _, rest = path.partition("/")
    for platform, pattern in (("moodle", MOODLE), ("canvas", CANVAS)):
        match = pattern.match(first)
        if match and (platform == "moodle" or not rest):
            found = Submission(path, match["student"], platform, match["id"], data, problem)
            break
    else:
        inside = PurePosixPath(path)
        student = inside.parent.as_posix() if rest else HOMEWORK.sub("", inside.stem) or inside.stem
        found = Submission(path, student, data=data, problem=problem)
    if not problem and PurePosixPath(path).suffix.lower() not in READABLE:
        kind = PurePosixPath(path).suffix or "file without an ending"
        found = replace(found, data=b"", problem=f"It is a {kind}, not a notebook (.ipynb) or a .py.")
    return found


def _with_ids(submissions):
    paths = [PurePosixPath(one.path).with_suffix("").as_posix() for one in submissions]
    names = [re.sub(r"[^\w.-]+", "_", path).strip("._-")[:60] or "submission" for path in paths]
    often = Counter(name.lower() for name in names)
    return [
        replace(one, id=name if often[name.lower()] == 1 else f"{name}-{sha256(one.path.encode(errors='surrogateescape')).hexdigest()[:6]}")
        for one, name in zip(submissions, names, strict=True)
    ]
