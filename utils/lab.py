"""The learner's own copies of the notebooks, and JupyterLab on them: ``make lab``, or ``python -m utils.lab`` anywhere.

``python -m utils.lab``             lays the copies in my_course/, brings untouched ones up to date, and opens JupyterLab;
                                  further arguments go to JupyterLab, such as --no-browser
``python -m utils.lab copies``      only lays them
``python -m utils.lab reset 04``    makes lesson 04 (or hw_01) the original again; the old one stays beside it

Learners never work in the course's own notebooks, so that ``git pull`` always succeeds. Git ignores the copies. What the learner has
changed is never overwritten. This module needs Python alone, and imports nothing that might be missing.
"""

import hashlib
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from utils.progress import COPIES, COURSE, FOLDER, Progress
from utils.surroundings import with_a_home

JUPYTER = COURSE / "tools" / "jupyter"  # settings for Jupyter: what an export to LaTeX needs
ABOUT = "What the course has laid in this folder. It is how the course knows which notebooks you have changed."
FIRST = "00_start_here.ipynb"


class NowhereError(Exception):
    """Says that no folder can be written."""


# --- what a notebook holds ---


def clean(text):
    """Return a notebook of the course as learners get it: without outputs, and without what the builder notes in it.

    Parameters
    ----------
    text : str
        The notebook file.

    Returns
    -------
    str
        The file without them.
    """
    notebook = json.loads(text)
    notebook["metadata"].pop("course", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
            cell["metadata"].pop("collapsed", None)
        if "jupyter" in cell["metadata"]:
            cell["metadata"]["jupyter"].pop("outputs_hidden", None)  # where there is no output, JupyterLab would show three dots
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _digest(content):
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _words(text):
    """Return a digest of what an author or a learner has written: cells without outputs, numbers and what JupyterLab notes."""
    cells = [(cell["cell_type"], "".join(cell["source"]), cell.get("attachments", {})) for cell in json.loads(text)["cells"]]
    while cells and not cells[-1][1].strip():
        cells.pop()  # JupyterLab adds an empty cell when the last one is run
    return _digest(json.dumps(cells, sort_keys=True))


def _was_run(text):
    return any(cell.get("outputs") or cell.get("execution_count") for cell in json.loads(text)["cells"])


# --- the copies ---


def originals(course=COURSE):
    """Return the notebooks as learners get them.

    Parameters
    ----------
    course : Path
        The course's folder.

    Returns
    -------
    dict of str to str
        The text of each by its name in the folder of copies: "04_output_units.ipynb", "homework/hw_01_forward_pass.ipynb".
    """
    top = course / "notebooks"
    paths = sorted(path for path in top.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    return {path.relative_to(top).as_posix(): clean(path.read_text(encoding="utf-8")) for path in paths}


class Copies:
    """A learner's folder of copies.

    Parameters
    ----------
    folder : Path
        Where they lie, or will lie.
    """

    def __init__(self, folder):
        self.folder = folder
        try:
            self.laid = {name: dict(facts) for name, facts in json.loads((folder / COPIES).read_text(encoding="utf-8"))["laid"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.laid = {}  # then every copy counts as changed, unless it is what the course has now

    def update(self, course):
        """Lay missing copies, and let untouched ones follow the course.

        Parameters
        ----------
        course : dict of str to str
            From ``originals``.

        Returns
        -------
        list of str
            Sentences for the learner.
        """
        said = [line for name, text in course.items() if (line := self._follow(name, text))]
        for name in self.laid.keys() - course.keys():  # no longer part of the course
            facts, mine = self.laid.pop(name), self._read(name)
            if mine is not None and facts.get("file") == _digest(mine):
                self._path(name).unlink()
        self._save()
        return said

    def reset(self, course, names):
        """Lay notebooks anew, whatever the learner has done to them. The old ones stay beside them.

        Parameters
        ----------
        course : dict of str to str
            From ``originals``.
        names : list of str
            Which of them.

        Returns
        -------
        list of str
            Sentences for the learner.
        """
        said = []
        for name in names:
            old = self._set_aside(name) if self._path(name).exists() else ""
            self._lay(name, course[name])
            self._remove_offered(name)
            said.append(f"{name} is the original again." + (f" Your old one is now {old}." if old else ""))
        self._save()
        return said

    def _follow(self, name, text):
        """Bring one copy up to date and return what to say, if anything."""
        mine, facts, new = self._read(name), self.laid.get(name, {}), _words(text)
        if mine is None:
            self._lay(name, text)
            return ""
        if facts.get("file") == _digest(mine):  # as it was laid, to the letter
            self._lay(name, text)
            return f"{name}: brought up to date." if facts["words"] != new else ""
        try:
            words = _words(mine)
        except (ValueError, KeyError, TypeError):
            words = "no notebook any more"
        if words == new:
            self.laid[name] = facts | {"words": new, "file": facts.get("file", "")}
            self._remove_offered(name)
            return ""
        if facts.get("words") == new:
            return ""
        if facts.get("words") == words:
            if not _was_run(mine):
                self._lay(name, text)
                return f"{name}: brought up to date."
            old = self._set_aside(name)
            self._lay(name, text)
            return f"{name}: brought up to date. What you had run of it is now {old}."
        return self._offer(name, text)

    def _offer(self, name, text):
        """Lay the course's version beside one that the learner has changed, and return what to say."""
        facts = self.laid.setdefault(name, {"words": "", "file": ""})
        offered, beside = facts.get("offered", {}), self._beside(name, "new")
        there = self._read(beside)
        if offered.get("words") == _words(text):
            return f"{name}: a newer version is still in {beside}. {_how(name)}" if there is not None else ""
        if there is not None and offered.get("file") != _digest(there):
            beside = self._free(name, "new")
        self._write(beside, text)
        facts["offered"] = {"name": beside, "words": _words(text), "file": _digest(text)}
        return f"{name}: you have changed it, and so has the course. Yours stays; the new version lies beside it, {beside}. {_how(name)}"

    def _remove_offered(self, name):
        """Remove a version that lay beside a copy, if nobody has touched it: it is no longer needed."""
        offered = self.laid[name].pop("offered", None)
        if offered and (there := self._read(offered["name"])) is not None and _digest(there) == offered["file"]:
            self._path(offered["name"]).unlink()

    def _lay(self, name, text):
        if self._read(name) != text:
            self._write(name, text)
        self.laid[name] = self.laid.get(name, {}) | {"words": _words(text), "file": _digest(text)}

    def _set_aside(self, name):
        old = self._beside(name, "old") if not self._path(self._beside(name, "old")).exists() else self._free(name, "old")
        os.replace(self._path(name), self._path(old))
        return old

    @staticmethod
    def _beside(name, word):
        return f"{name.removesuffix('.ipynb')}.{word}.ipynb"

    def _free(self, name, word):
        return next(beside for i in range(2, 10_000) if not self._path(beside := self._beside(name, f"{word}-{i}")).exists())

    def _path(self, name):
        return self.folder / name

    def _read(self, name):
        try:
            return self._path(name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except ValueError:  # not even text
            return ""

    def _write(self, name, text):
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}.{os.getpid()}")
        half.write_text(text, encoding="utf-8", newline="\n")
        os.replace(half, path)

    def _save(self):
        text = json.dumps({"about": ABOUT, "laid": dict(sorted(self.laid.items()))}, ensure_ascii=False, indent=1)
        if self._read(COPIES) != text + "\n":
            self._write(COPIES, text + "\n")


def _how(name):
    return f"To take it and keep yours beside it: {_command()} reset {_short(name)}"


def _command():
    """Return how this program is called here: with the Python of the environment that is in the current folder, if it is."""
    python = Path(sys.executable)
    inside = python.is_relative_to(Path.cwd())
    return f"{python.relative_to(Path.cwd()) if inside else 'python'} -m utils.lab"


def _short(name):
    """Return how a notebook is called on the command line: "04", "hw_01"."""
    name = name.rpartition("/")[2]
    return name[:5] if name.startswith("hw_") else name[:2]


# --- the command ---


def place(course=COURSE):
    """Return the folder for the copies: in the course, or where that cannot be written, in the current folder or in the home.

    Parameters
    ----------
    course : Path
        The course's folder.

    Returns
    -------
    Path

    Raises
    ------
    NowhereError
        When none of them can be written.
    """
    tried = [course / FOLDER, Path.cwd() / FOLDER, Path(os.path.expanduser("~"), FOLDER)]
    for folder in sorted(tried, key=lambda folder: not (folder / COPIES).is_file()):  # first where copies lie already
        trial = folder / f".trial-{os.getpid()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            trial.touch()
            trial.unlink()
        except OSError:
            continue
        return folder
    raise NowhereError(f"Your own copies need a folder that can be written. Tried: {', '.join(map(str, tried))}.")


def main(arguments):
    """Lay the copies, and open JupyterLab or reset lessons.

    Parameters
    ----------
    arguments : list of str
        From the command line.

    Returns
    -------
    int
        The exit code.
    """
    try:
        copies = Copies(place())
        course = originals()
        if arguments[:1] == ["reset"]:
            return _reset(copies, course, arguments[1:])
        for line in copies.update(course):
            print(line)
    except (NowhereError, OSError) as error:
        print(error)
        return 1
    print(f"Your own copies are in {copies.folder}. What you change there is never overwritten.", flush=True)
    return 0 if arguments[:1] == ["copies"] else _open(copies.folder, arguments)


def _reset(copies, course, wanted):
    names = [name for name in course if _short(name) in wanted]
    unknown = set(wanted) - {_short(name) for name in names}
    if unknown or not wanted:
        known = ", ".join(map(_short, course))
        print(f"Which notebook is to be reset? {_command()} reset 04, for one of: {known}.")
        return 1
    for line in copies.reset(course, names):
        print(line)
    answers = Progress(copies.folder)
    if answered := [number for number in wanted if answers.of(number)]:
        print(f"Your answers are kept. To be asked again, delete {' and '.join(map(repr, answered))} in {answers.path}.")
    for line in answers.news():
        print(line)
    return 0


def _open(folder, arguments):
    """Start JupyterLab in place of this program, with the copies in its file browser."""
    if find_spec("jupyterlab") is None:
        print(f"This Python ({sys.executable}) has no JupyterLab. Install the course: python -m pip install --editable {COURSE}")
        return 1
    top = folder.parent  # so that links from a lesson to the README hold
    # The user may have other settings of Jupyter. Here this folder is shown, and this Python runs the notebooks.
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir=.", *arguments, f"{folder.name}/{FIRST}"]
    surroundings = with_a_home(os.environ)
    surroundings["JUPYTER_CONFIG_PATH"] = _first(JUPYTER, "JUPYTER_CONFIG_PATH")
    surroundings["JUPYTER_PATH"] = _first(Path(sys.prefix, "share", "jupyter"), "JUPYTER_PATH")
    if top != COURSE:
        surroundings["PYTHONPATH"] = _first(COURSE, "PYTHONPATH")
    if os.name == "nt":
        return subprocess.run(command, cwd=top, env=surroundings, check=False).returncode
    os.chdir(top)
    return os.execve(sys.executable, command, surroundings)  # so that JupyterLab itself asks its questions and gets Ctrl-C


def _first(folder, name):
    """Return a folder before those that an environment variable lists."""
    return os.pathsep.join(filter(None, [str(folder), os.environ.get(name)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
