"""What was handed in: files of a folder, of a zip from a learning platform, or one file. Nothing is unpacked to the disk.

Every file gives a row in the grade book, an unreadable one with the reason. Only files that operating systems and editors add are left
out. A folder or a zip comes from one platform. The names of most of its files tell which one, and all names are read as this
platform writes them. Contents are read when they are graded, so that the memory does not grow with the class.
"""

import io
import os
import re
import stat
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath

from utils.grading.notebook import HOMEWORK_NAME, MOST_BYTES, homework_named, looks_like_notebook, too_large

NOTEBOOK_NAMES = (".ipynb", ".ipynb.json", ".ipynb.txt", ".json")
SCRIPT_NAMES = (".py", ".py.txt")
PERHAPS = (".txt", "")  # notebooks if that is what they hold
SYSTEM = {"__MACOSX", "__pycache__", ".ipynb_checkpoints", ".git", ".DS_Store", "Thumbs.db", "desktop.ini", ".virtual_documents"}
MOST_ENTRIES = 200  # of a student's own zip
TIME = r"\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d"
COPY = re.compile(r"^(?:copy of|kopie von|copie de|copia de)\s+", re.I)


@dataclass(frozen=True)
class Submission:
    """One file that was handed in.

    Attributes
    ----------
    path : str
        Where it was, below the folder or in the zip; unique.
    student : str
        As the platform or the folder names them.
    platform, platform_id : str
        "moodle", "canvas", "blackboard" or "brightspace", and what identifies the student there; "" for a plain folder.
    handed_in : str
        "late", a date, or "", as far as the platform's name for the file tells.
    file : str
        The name that the student gave the file, as far as the platform keeps it.
    problem : str
        Why it is not read; "" if it is.
    id : str
        Names the pages of its feedback; unique.
    content : callable
        Returns (bytes, problem).
    """

    path: str
    student: str
    platform: str = ""
    platform_id: str = ""
    handed_in: str = ""
    file: str = ""
    problem: str = ""
    id: str = ""
    content: Callable = field(default=lambda: (b"", ""), repr=False, compare=False)

    @property
    def is_script(self):
        """Return whether it is called a Python script."""
        return self.file.lower().endswith(SCRIPT_NAMES)

    @property
    def homework(self):
        """Return the homework that its name tells, or None."""
        return homework_named(self.file)

    @property
    def person(self):
        """Return what identifies its student. Numbers of different platforms are never mixed up."""
        return (self.platform, self.platform_id) if self.platform_id else ("", self.student)

    def read(self):
        """Return the content and "", or no content and the reason.

        Returns
        -------
        data : bytes
            The content, b"" where it cannot be read.
        problem : str
            The reason, "" where it can.
        """
        data, problem = self.content()
        if not problem and _ending(self.file) in PERHAPS and not looks_like_notebook(data[:MOST_BYTES].decode("utf-8", "replace")):
            return b"", _no_notebook(self.file)
        return data, problem


def collect(place):
    """Return the submissions in a folder, a zip or a single file, in the order of their paths.

    Parameters
    ----------
    place : path
        Of the folder, the zip or the file.

    Returns
    -------
    list of Submission

    Raises
    ------
    ValueError
        If the place itself cannot be read.
    """
    place = Path(place)
    if not place.exists():
        raise ValueError(f"There is no {place}. Name the folder or the zip with the submissions.")
    if place.is_dir():
        files = [(path.relative_to(place).as_posix(), partial(_from_disk, path)) for path in place.rglob("*") if _is_file(path)]
    elif place.suffix.lower() == ".zip" or zipfile.is_zipfile(place):
        files = _entries(place)
    else:
        files = [(place.name, partial(_from_disk, place))]
    files = [file for path, content in files if not _is_system(path) for file in _with_inner_zip(path, content)]
    files = sorted(_unique(files), key=lambda file: file[0])
    return _with_ids(_extra_files_marked(_named([path for path, _ in files], [content for _, content in files])))


def _is_file(path):
    return path.is_symlink() or not path.is_dir()


def _is_system(path):
    parts = PurePosixPath(path.replace("\\", "/")).parts
    return any(part in SYSTEM or part.startswith("._") for part in parts)


def _unique(files):
    """Number the second and later files of one path: a zip may hold several."""
    seen = Counter()
    for path, content in files:
        seen[path] += 1
        yield (path if seen[path] == 1 else f"{path} ({seen[path]})"), content


# --- contents ---


def _from_disk(path):
    """Return (content, problem)."""
    try:
        if path.is_symlink():
            return b"", "It is a symbolic link, which may lead anywhere. Hand in the file itself."
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return b"", "It is no ordinary file."
            data = file.read(MOST_BYTES + 1)
            size = os.fstat(descriptor).st_size
        return (data, "") if len(data) <= MOST_BYTES else (b"", too_large(size))
    except OSError as error:
        return b"", f"The file cannot be read ({error.strerror})."


def _entries(place):
    """Return (path, content) of each file in a zip."""
    try:
        archive = zipfile.ZipFile(place)
        entries = [entry for entry in archive.infolist() if not entry.filename.endswith(("/", "\\"))]
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, IndexError, RuntimeError):
        raise ValueError(f"The zip {place} is damaged, or it is none: was the download cut off? Download it again.") from None
    return [(_entry_name(entry), partial(_from_zip, archive, entry)) for entry in entries]


def _entry_name(entry):
    """Return the path of an entry; names that lead out of the zip stay as they are, to be refused."""
    if _leads_out(entry.filename):
        return entry.filename
    return entry.filename.replace("\\", "/") or "(no name)"


def _leads_out(name):
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name[:3]


def _from_zip(archive, entry):
    """Return (content, problem)."""
    if stat.S_ISLNK(entry.external_attr >> 16):
        return b"", "It is a symbolic link, which may lead anywhere. Hand in the file itself."
    if _leads_out(entry.filename):
        return b"", "Its path leads out of the zip."
    if entry.flag_bits & 1:
        return b"", "It is locked with a password."
    try:
        with archive.open(entry) as file:
            data = file.read(MOST_BYTES + 1)  # the size that the zip names may be false
    except Exception as error:  # zlib, lzma and zipfile have errors of their own
        return b"", f"The zip is damaged here ({type(error).__name__})."
    return (data, "") if len(data) <= MOST_BYTES else (b"", too_large(max(entry.file_size, len(data))))


def _with_inner_zip(path, content):
    """Return a file, or the files in a student's own zip. A zip in that zip is a file that cannot be read."""
    if not path.lower().endswith(".zip"):
        return [(path, content)]
    try:
        with zipfile.ZipFile(io.BytesIO(content()[0])) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_system(entry.filename)]
    except Exception:  # whatever it is, it is not a zip that can be read
        return [(path, content)]
    if not 0 < len(entries) <= MOST_ENTRIES:
        return [(path, content)]
    return [(f"{path}/{_inner_name(entry)}", partial(_from_inner_zip, content, i)) for i, entry in enumerate(entries)]


def _inner_name(entry):
    return _entry_name(entry).replace("..", "").lstrip("/\\")


def _from_inner_zip(content, number):
    """Return (content, problem) of an entry of a student's own zip, counted without folders and what systems add."""
    data, problem = content()
    if problem:
        return b"", problem
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_system(entry.filename)]
        return _from_zip(archive, entries[number])


# --- names: what the platform wrote, and not what a student can choose ---


@dataclass(frozen=True)
class _Name:
    student: str
    number: str = ""
    handed_in: str = ""
    file: str = ""
    problem: str = ""


def _moodle(path):
    """Return the name of a file as Moodle writes it: "Jane Doe_4711_assignsubmission_file_/hw.ipynb", or without the folder."""
    first, _, rest = path.partition("/")
    match = re.match(r"(?P<student>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)$", first)
    if match and len(re.findall(r"_\d+_assignsubmission_", first)) > 1:  # Moodle writes one: the student wrote the other
        return _Name(first, problem="Its name carries two participant numbers, so it is not known whose file it is.")
    return match and _Name(match["student"], match["id"], file=rest or match["file"])


def _canvas(path):
    """Return the name of a file as Canvas writes it: "doejane_LATE_4711_99_hw_03.ipynb". What the student chose is at the end."""
    match = re.match(r"(?P<student>[^/_]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<file>[^/]+.*)$", path)
    return match and _Name(match["student"], match["id"], "late" if match["late"] else "", match["file"])


def _blackboard(path):
    """Return the name of a file as Blackboard writes it: "Homework 3_jdoe_attempt_2026-11-20-10-11-12_hw_03.ipynb"."""
    match = re.match(rf"(?P<student>[^/]+?)_attempt_(?P<when>{TIME})(?:_(?P<file>[^/]+.*)|\.txt)$", path)
    if not match:
        return None
    date, time = match["when"][:10], match["when"][11:].replace("-", ":")
    return _Name(match["student"], match["student"], f"{date} {time}", match["file"] or path)


def _brightspace(path):
    """Return the name of a file as Brightspace writes it: "123-456 - Jane Doe - Nov 20, 2026 1011 AM - hw_03.ipynb"."""
    match = re.match(
        r"(?P<id>\d+-\d+) - (?P<student>[^/]+?) - (?P<when>[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4} \d{1,4}(?: ?[AP]M)?)(?:/| - )(?P<file>.+)$",
        path,
    )
    return match and _Name(match["student"], match["id"], match["when"], match["file"])


PLATFORMS = {"canvas": _canvas, "moodle": _moodle, "blackboard": _blackboard, "brightspace": _brightspace}


def _named(paths, contents):
    """Return the Submissions: one folder or zip is one platform."""
    inner = _without_wrapping(paths)
    platform = max(PLATFORMS, key=lambda one: sum(bool(PLATFORMS[one](path)) for path in inner))
    names = [PLATFORMS[platform](path) for path in inner]
    if not any(names):
        platform, names, inner = "", [None] * len(paths), paths
    if platform == "blackboard":
        names = _without_assignment(names)
    found = []
    for path, short, known, content in zip(paths, inner, names, contents, strict=True):
        name = known or _plain(short)
        number = "" if name.problem else name.number
        student = "".join(sign for sign in name.student if unicodedata.category(sign) not in ("Cf", "Cc")).strip() or "(no name)"
        file = PurePosixPath(name.file).name
        problem = name.problem or ("" if _ending(file) in (*NOTEBOOK_NAMES, *SCRIPT_NAMES, *PERHAPS) else _no_notebook(file))
        found.append(Submission(path, student, platform if number else "", number, name.handed_in, file, problem, content=content))
    return found


def _without_wrapping(paths):
    """Return the paths without the folders around all of them, where a platform's names stand below these."""
    inner = paths
    while inner and not any(form(path) for form in PLATFORMS.values() for path in inner):
        first = {path.partition("/")[0] for path in inner}
        inner = [path.partition("/")[2] for path in inner] if len(first) == 1 else []
        inner = inner if all(inner) else []
    return inner or paths


def _without_assignment(names):
    """Remove the title of the assignment, with which all names of Blackboard begin."""
    parts = [name.student.split("_") for name in names if name]
    common = 0
    while len({tuple(part[: common + 1]) for part in parts}) == 1 and all(len(part) > common + 1 for part in parts):
        common += 1
    found = []
    for name in names:
        student = "_".join(name.student.split("_")[common:]) if name else ""
        found.append(name and replace(name, student=student, number=student))
    return found


def _plain(path):
    """Return the name of a file in a plain folder: that of its folder, or what stands beside "hw_03" in its own."""
    inside = PurePosixPath(path)
    own_zip = next((part for part in inside.parts[:-1] if part.lower().endswith(".zip")), None)
    folders = [part for part in inside.parts[:-1] if not HOMEWORK_NAME.fullmatch(part) and part != own_zip]
    if folders:
        return _Name("/".join(folders), file=inside.name)
    if own_zip:
        return replace(_plain(own_zip), file=inside.name)
    stem = inside.name
    while PurePosixPath(stem).suffix.lower() in (".ipynb", ".py", ".json", ".txt", ".zip"):
        stem = PurePosixPath(stem).stem
    bare = COPY.sub("", stem)
    marks = list(HOMEWORK_NAME.finditer(bare))
    before = bare[: marks[-1].start()].strip(" _-.") if marks else bare
    after = re.search(r" - (.+)$", bare[marks[-1].end() :]) if marks else None
    student = before or (after[1].strip() if after else "")
    return _Name(student or stem, file=inside.name)


def _ending(file):
    """Return the end of a file name: ".ipynb" for "hw_03.ipynb", also ".ipynb.txt"."""
    lower = re.sub(r" \(\d+\)$", "", file.lower())
    for ending in (*NOTEBOOK_NAMES, *SCRIPT_NAMES):
        if lower.endswith(ending):
            return ending
    return PurePosixPath(lower).suffix


def _no_notebook(file):
    kind = PurePosixPath(file).suffix
    return f"It is a {kind or 'file without an ending'}, not a notebook (.ipynb) or a .py."


def _extra_files_marked(submissions):
    """Say of other files of a student who handed in a notebook that they are not graded: they are no homework."""
    graded = {}
    for one in submissions:
        if not one.problem and _ending(one.file) not in PERHAPS:
            graded.setdefault(one.person, one.file)
    return [
        replace(one, problem=f"{one.problem} Beside it, {graded[one.person]} is graded.") if one.problem and one.person in graded else one
        for one in submissions
    ]


def _with_ids(submissions):
    return [replace(one, id=_id(one.path)) for one in submissions]


def _id(path):
    """Return a name for the pages of a file that depends on its path alone, and that no other path has."""
    name = re.sub(r"[^\w.-]+", "_", path.removesuffix(".ipynb")).strip("._-")[:60]
    if f"{name}.ipynb" == path and name == name.lower() and not re.search(r"-[0-9a-f]{16}$", name):
        return name
    return f"{name or 'submission'}-{sha256(path.encode(errors='surrogateescape')).hexdigest()[:16]}"
