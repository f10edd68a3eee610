"""The grader on the command line. Its ways to end: 0 done, 1 nothing could be graded, 2 wrong use, 3 no sandbox, 130 interrupted."""

import argparse
import os
import sys
import time
from pathlib import Path

from utils.grading.collect import collect
from utils.grading.outputs import EXPORTS, GRADE_BOOK, read_grades, write_grades
from utils.grading.pages import report_page
from utils.grading.sandbox import INSTALL, SandboxError
from utils.grading.store import BusyError
from utils.homework.questions import HOMEWORKS

DONE, NOTHING, NO_SANDBOX, INTERRUPTED = 0, 1, 3, 130


def main(arguments=None):
    """Do what the command line says and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return options.do(options)
    except SandboxError as error:
        return _fail(NO_SANDBOX, error)
    except (ValueError, BusyError, OSError) as error:
        return _fail(NOTHING, error)
    except KeyboardInterrupt:
        return _fail(INTERRUPTED, "Stopped. What has been graded is kept: start again to go on.")


def _parser():
    parser = argparse.ArgumentParser(prog="python -m utils.grading", description="Grade homework; notebooks/homework/README.md shows how.")
    commands = parser.add_subparsers(required=True, metavar="grade | report | export")
    grade = commands.add_parser("grade", help="grade submissions; started again, it goes on where it was")
    grade.add_argument("submissions", type=Path, help="a folder, a zip from Moodle or Canvas, a notebook or a .py")
    grade.add_argument("--out", type=Path, required=True, help="folder for grade book, feedback and what has been graded")
    grade.add_argument("--homework", choices=sorted(HOMEWORKS), help="else each file is recognised by its name or its functions")
    grade.add_argument("--scheduler", metavar="tcp://…", help="a dask scheduler; else this machine's cores")
    grade.add_argument("--seed", type=int, help="of the random inputs; else a fresh one, which --out keeps")
    grade.add_argument("--unsafe-no-sandbox", action="store_true", help="run students' code as you, with all that you may do")
    grade.set_defaults(do=_grade)
    report = commands.add_parser("report", help="write report.html: which question, which mistake, how many")
    report.add_argument("out", type=Path, help="the folder that grade wrote")
    report.set_defaults(do=_report)
    export = commands.add_parser("export", help="write the files that a learning platform imports")
    export.add_argument("out", type=Path, help="the folder that grade wrote")
    export.add_argument("--to", choices=sorted(EXPORTS), required=True)
    export.set_defaults(do=_export)
    return parser


def _grade(options):
    if not hasattr(os, "fork"):
        raise SandboxError(f"Students' code runs on Linux only. {INSTALL}")
    try:
        from utils.grading.batch import grade
    except ImportError as error:
        raise ValueError(f"The grader needs dask ({error}): pip install -e '.[grading]'") from None

    if options.out.resolve().is_relative_to(options.submissions.resolve()):
        raise ValueError("Choose a folder for --out that is not inside the submissions, or they would grow with every run.")
    submissions = collect(options.submissions)
    if not submissions:
        return _fail(NOTHING, f"There is no submission in {options.submissions}.")
    options.out.mkdir(parents=True, exist_ok=True)
    sandboxed = not options.unsafe_no_sandbox
    rows = grade(submissions, options.out, options.homework, options.seed, options.scheduler, sandboxed, _Progress())
    write_grades(rows, options.out)
    problems = sum(bool(row["problem"]) for row in rows)
    print(f"{len(rows) - problems} graded, {problems} not: {options.out / GRADE_BOOK}")
    return DONE if problems < len(rows) else _fail(NOTHING, "Nothing could be graded; the grade book says why.")


def _report(options):
    path = options.out / "report.html"
    path.write_text(report_page(read_grades(options.out)), encoding="utf-8")
    print(path)
    return DONE


def _export(options):
    rows = read_grades(options.out)
    paths = EXPORTS[options.to](rows, options.out)
    print(*paths, sep="\n")
    strangers = sum(row["platform"] != options.to for row in rows)
    if options.to != "gradescope" and strangers:
        print(f"{strangers} rows have no number by which {options.to} knows the student: fill it in before you import.", file=sys.stderr)
    return DONE


class _Progress:
    """A bar on a terminal, and nothing in a log."""

    def __init__(self):
        self.begin = time.monotonic()

    def __call__(self, done, of):
        if not sys.stderr.isatty():
            return
        full = 30 * done // of
        speed = 60 * done / max(time.monotonic() - self.begin, 1)
        end = "\n" if done == of else ""
        print(f"\r[{'█' * full}{'·' * (30 - full)}] {done} of {of}, {speed:.0f} a minute ", end=end, file=sys.stderr, flush=True)


def _fail(status, message):
    print(message, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
