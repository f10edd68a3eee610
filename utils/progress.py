"""What the learner has answered, in one small file beside the notebooks: readable, deletable, sent nowhere."""

import contextlib
import json
import os
import time
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
FOLDER = "my_course"  # where the learner's own copies of the notebooks lie
COPIES = ".copies.json"  # at the top of the copies: what was laid there
NAME = "course_progress.json"
ABOUT = "Your answers in the course. Nothing of this is sent anywhere. Delete the file to begin anew."
TIME_LIMIT = 2.0  # seconds to wait for another notebook that writes
IN_USE = (FileExistsError, PermissionError) if os.name == "nt" else FileExistsError  # Windows forbids a name that is being deleted
ABANDONED = 10.0  # seconds after which a lock was left behind by a kernel that died


class Progress:
    """Answers by lesson and name. The first answer to a question stays.

    Parameters
    ----------
    folder : Path or None
        Where the file lies; None keeps everything in memory, until the kernel stops.
    why : str
        For a progress in memory: what to tell the learner, once.
    """

    def __init__(self, folder, why=""):
        self.path = Path(folder, NAME) if folder else None
        self.memory = {}
        self._news = [why] if why else []

    def news(self):
        """Return what the learner should be told about the file. Each sentence is returned once.

        Returns
        -------
        list of str
        """
        news, self._news = self._news, []
        return news

    def get(self, lesson, name):
        """Return the facts that are kept under a name of a lesson.

        Parameters
        ----------
        lesson : str
            "04" or "hw_01".
        name : str
            Of a prediction, a function or a task.

        Returns
        -------
        dict
            Such as {"answer": …, "right": True}; {} if there are none.
        """
        return self.of(lesson).get(name, {})

    def of(self, lesson):
        """Return all facts of a lesson.

        Parameters
        ----------
        lesson : str
            "04" or "hw_01".

        Returns
        -------
        dict of str to dict
            The facts by name, as ``get`` returns them.
        """
        return self._read().get(lesson, {})

    def put(self, lesson, name, **facts):
        """Add facts. A fact that is there already stays as it is.

        Parameters
        ----------
        lesson, name : str
            As for ``get``.
        **facts
            What JSON can hold.

        Returns
        -------
        dict
            All that is kept under this name.
        """
        with self._locked():
            everything = self._read()
            kept = everything.setdefault(lesson, {}).setdefault(name, {})
            if facts.items() <= kept.items():
                return kept
            kept |= facts | kept
            self._write(everything)
        return kept

    def newer_versions(self):
        """Return a sentence for each notebook whose newer version waits beside the learner's own.

        Returns
        -------
        list of str
        """
        found = sorted(self.path.parent.rglob("*.new*.ipynb")) if self.path else []
        return [f"{path.name} is the course's newer version of a notebook that you have changed. Yours is untouched." for path in found]

    def _read(self):
        if self.path is None:
            return self.memory
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            return {lesson: {name: dict(facts) for name, facts in names.items()} for lesson, names in content.items() if lesson != "about"}
        except FileNotFoundError:
            return {}
        except OSError as error:
            self._only_in_memory(error)
            return self.memory
        except (ValueError, AttributeError, TypeError):
            self._set_aside()
            return {}

    def _write(self, everything):
        if self.path is None:
            self.memory = everything
            return
        new = self.path.with_name(f".{NAME}.{os.getpid()}.{time.monotonic_ns()}")
        text = json.dumps({"about": ABOUT} | dict(sorted(everything.items())), ensure_ascii=False, indent=1)
        try:
            new.write_text(text + "\n", encoding="utf-8")
            _patiently(lambda: os.replace(new, self.path))
        except OSError as error:
            with contextlib.suppress(OSError):
                new.unlink()
            self._only_in_memory(error)
            self.memory = everything

    def _only_in_memory(self, error):
        self._news.append(
            f"Your answers cannot be kept in {self.path.name} ({error.strerror}): they last until this notebook's kernel stops."
        )
        self.path = None

    def _set_aside(self):
        aside = next(path for i in range(1, 1000) if not (path := self.path.with_name(f"course_progress.damaged-{i}.json")).exists())
        with contextlib.suppress(OSError):
            os.replace(self.path, aside)
            self._news.append(f"{NAME} could not be read. It is now called {aside.name}, and your answers begin anew.")

    @contextlib.contextmanager
    def _locked(self):
        """Try to hold the file alone. After ``TIME_LIMIT`` seconds go on without."""
        if self.path is None:
            yield
            return
        lock = self.path.with_name(f".{NAME}.lock")
        held = False
        end = time.monotonic() + TIME_LIMIT
        while not held and time.monotonic() < end:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
                held = True
            except IN_USE:
                with contextlib.suppress(OSError):
                    if time.time() - lock.stat().st_mtime > ABANDONED:
                        lock.unlink()
                time.sleep(0.01)
            except OSError:
                break
        try:
            yield
        finally:
            if held:
                with contextlib.suppress(OSError):
                    lock.unlink()


def _patiently(replace):
    """Replace a file; on Windows another program may hold it for a moment."""
    for _ in range(20):
        with contextlib.suppress(PermissionError):
            return replace()
        time.sleep(0.05)
    return replace()


def here(folder=None):
    """Return the Progress that belongs to a notebook in this folder: beside it, or at the top of the learner's own copies.

    In the course's own folders nothing is kept, so that what is built and tested there does not depend on somebody's answers.

    Parameters
    ----------
    folder : path-like, optional
        Where the notebook lies; the current folder if not given.

    Returns
    -------
    Progress
    """
    folder = Path(folder or Path.cwd()).resolve()
    for place in (folder, folder.parent, folder / FOLDER):
        if (place / COPIES).is_file():
            return Progress(place)
    if folder.is_relative_to(COURSE):
        return Progress(
            None, "This is not your own copy, so your answers last until the kernel stops. In your own one (make lab) they are kept."
        )
    return Progress(folder)
