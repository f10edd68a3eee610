"""The independent set: wrong answers that were written before the engine that recognises them, as a student would write them.

A file for each question; answers are divided by an empty line. In ``backward.txt`` and ``train.txt`` the first entry is a right
answer, and each other one changes a line of it: ``line => wrong line``.
"""

import zlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "homework" / "wrong_answers"


def wrong_answers(name):
    """Return the bodies of the wrong answers to a question."""
    entries = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").strip("\n").split("\n\n")
    if not any(" => " in entry for entry in entries):
        return entries
    return [_changed(entries[0], *entry.split(" => ")) for entry in entries[1:]]


def is_held_out(body):
    """Return whether an answer belongs to the third that was not looked at while the engine was made."""
    return zlib.crc32(body.encode()) % 3 == 0


def _changed(right, line, wrong):
    lines = right.split("\n")
    i = next(i for i, other in enumerate(lines) if other.strip() == line.strip())
    indent = len(lines[i]) - len(lines[i].lstrip())
    return "\n".join([*lines[:i], " " * indent + wrong, *lines[i + 1 :]])
