"""The grader on the command line. Its exit codes: 0 done, 1 nothing could be graded, 2 wrong use, 3 no sandbox, 130 interrupted."""

import argparse
import contextlib
import os
import sys
import time
from pathlib import Path

from utils.grading.batch import grade
from utils.grading.exports import EXPORTS, GRADE_BOOK, WRITTEN, Export, read_grades, write_grades
from utils.grading.notebook import UnreadableError, homework_of, read_pages
from utils.grading.reports import report_page
from utils.grading.sandbox import INSTALL, SandboxError
from utils.grading.submissions import collect
from utils.homework.questions import HOMEWORKS

DONE, NOTHING, NO_SANDBOX, INTERRUPTED = 0, 1, 3, 130


def main(arguments=None):
    """Do what the command line says.

    Parameters
    ----------
    arguments : list of str, optional
        In place of those of the command line.

    Returns
    -------
    int
        The exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a console that lacks a sign shows another
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        return options.do(options)
    except SandboxError as error:
        return _fail(NO_SANDBOX, error)
    except KeyboardInterrupt:
        return _fail(INTERRUPTED, "Stopped. What has been graded is kept: start again to go on.")
    except (ValueError, OSError) as error:
        return _fail(NOTHING, error)


def _parser():
    parser = argparse.ArgumentParser(prog="python -m utils.grading", description="Grade homework; notebooks/homework/README.md shows how.")
    commands = parser.add_subparsers(required=True, metavar="grade | report | export")
    grade = commands.add_parser("grade", help="grade submissions; started again, it goes on where it was")
    grade.add_argument("submissions", type=Path, help="a folder, a zip from Moodle or Canvas, a notebook or a .py")
    grade.add_argument("--out", type=Path, required=True, help="folder for grade book, feedback and what has been graded")
    grade.add_argument("--homework", choices=sorted(HOMEWORKS), help="else each file is recognised by its name or its functions")
    grade.add_argument("--dry-run", action="store_true", help="say what would be graded as what, and do nothing")
    grade.add_argument("--scheduler", metavar="tcp://…", help="a dask scheduler; else this machine's cores")
    grade.add_argument("--seed", type=_seed, help="of the random inputs; else a fresh one, which --out keeps")
    grade.add_argument("--unsafe-no-sandbox", action="store_true", help="run students' code as you, with all that you may do")
    grade.set_defaults(do=_grade)
    report = commands.add_parser("report", help="write report.html: which question, which mistake, how many")
    report.add_argument("out", type=Path, help="the folder that grade wrote")
    report.set_defaults(do=_report)
    export = commands.add_parser("export", help="write the files that a learning platform imports")
    export.add_argument("out", type=Path, help="the folder that grade wrote")
    export.add_argument("--to", choices=sorted(EXPORTS), required=True)
    export.add_argument("--homework", choices=sorted(HOMEWORKS), help="needed where the folder holds several")
    export.set_defaults(do=_export)
    return parser


def _seed(text):
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a seed is a whole number, 0 or more")
    return int(text)


def _grade(options):
    if options.out.resolve().is_relative_to(options.submissions.resolve()):
        raise ValueError("Choose a folder for --out that is not inside the submissions, or they would grow with every run.")
    submissions = collect(options.submissions)
    if not submissions:
        return _fail(NOTHING, f"There is no submission in {options.submissions}.")
    if options.dry_run:
        return _dry_run(submissions, options.homework)
    if not hasattr(os, "fork"):
        raise SandboxError(f"Students' code runs on Linux only. {INSTALL}")
    options.out.mkdir(parents=True, exist_ok=True)
    sandboxed = not options.unsafe_no_sandbox
    rows = grade(submissions, options.out, options.homework, options.seed, options.scheduler, sandboxed, _Progress())
    write_grades(rows, options.out)
    problems = sum(bool(row.problem) for row in rows)
    noticed = sum(bool(row.notices) for row in rows)
    print(f"{len(rows) - problems} graded, {problems} not: {options.out / GRADE_BOOK}")
    if noticed:
        print(f"Of {noticed} something was left out or guessed: see the column notices.")
    if (options.out / WRITTEN).exists():
        print(f"Written answers are yours to read: enter their points in {options.out / WRITTEN}")
    return DONE if problems < len(rows) else _fail(NOTHING, "Nothing could be graded; the grade book says why.")


def _dry_run(submissions, homework):
    """Print what would be graded as what. Nothing is run and nothing is written."""
    for one in submissions:
        data, problem = (b"", one.problem) if one.problem else one.read()
        try:
            if problem:
                raise UnreadableError(problem)
            chosen, notice = homework_of(read_pages(data, one.is_script).cells, homework or one.homework)
            what = f"{chosen.name} {notice}".strip()
        except UnreadableError as reason:
            what = f"not graded: {reason}"
        who = f"{one.student} ({one.platform} {one.platform_id})" if one.platform_id else one.student
        print(f"{one.path}: {who}{f', {one.handed_in}' if one.handed_in else ''}: {what}")
    return DONE


def _report(options):
    path = options.out / "report.html"
    path.write_text(report_page(read_grades(options.out)), encoding="utf-8", errors="replace")
    print(path)
    return DONE


def _export(options):
    export = Export(read_grades(options.out), options.out, options.homework)
    print(*EXPORTS[options.to](export), sep="\n")
    strangers = sum(row.platform != options.to for row in export.rows)
    if options.to != "gradescope" and strangers:
        export.messages.append(f"{strangers} rows have no number by which {options.to} knows the student: fill it in before you import.")
    for message in export.messages:
        print(message, file=sys.stderr)
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
