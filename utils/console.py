"""What the course prints can be printed on every console: a sign that a console lacks is replaced by one that it has."""

import codecs
import sys

SIGNS = {"✓": "OK", "✗": "NO", "…": "...", "−": "-", "–": "-", "—": "-", "·": "|", "█": "#", "░": "."}


def print_on_every_console():
    """Let ``print`` replace what the console cannot show, where it would stop with UnicodeEncodeError.

    A notebook shows every sign. A Windows console whose output goes to a file has 256 signs, and a Python in the
    locale "C" has 128; ✓ is in neither.
    """
    codecs.register_error("course.signs", _replaced)
    if getattr(sys.stdout, "errors", None) in ("strict", "surrogateescape") and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="course.signs")


def _replaced(error):
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(SIGNS.get(sign, "?") for sign in error.object[error.start : error.end]), error.end
