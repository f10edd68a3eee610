"""A batch: many submissions, graded at the same time by several processes. Each result is on the disk as soon as it is there.

On one machine the processes are its own. For a batch that is too large for it, they are those of a dask cluster.
"""

import json
import multiprocessing
import os
import secrets
import signal
from collections import defaultdict
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, ProcessPoolExecutor, wait
from contextlib import closing, contextmanager
from hashlib import sha256

from utils.grading import sandbox
from utils.grading.grade_one import grade_one, version
from utils.grading.records import Record, Row, from_json, to_json

STORE = "results.jsonl"
PER_CORE = 2  # one computes while the other waits for its sandbox to come or go
MOST_WAITING = 48 << 20  # bytes of submissions that are read and not graded yet
PR_SET_PDEATHSIG = 1


class BusyError(ValueError):
    """Another grader is at work in the same folder."""


class Store:
    """What has been graded: records by key in an append-only file, one JSON line each.

    A line is on the disk before it counts. An incomplete last line, which a killed grader may leave, is ignored, and graded again.

    Parameters
    ----------
    path : Path
        Of the file; it is made if there is none.

    Raises
    ------
    BusyError
        If another grader has it open.
    """

    def __init__(self, path):
        import fcntl  # there is none on Windows, where nothing is graded

        self.file = open(path, "a+b")  # noqa: SIM115 – open as long as the batch runs
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.file.close()
            raise BusyError(f"Another grader is at work in {path.parent}.") from None
        self.records, self.seed = {}, None
        self.file.seek(0)
        ended = True
        for line in self.file:
            ended = line.endswith(b"\n")
            self._take(line)
        if not ended:
            self.file.write(b"\n")

    def _take(self, line):
        try:
            entry = json.loads(line)
            key, seed, record = entry["key"], entry["seed"], from_json(Record, entry["record"])
        except (ValueError, KeyError, TypeError):
            return
        if isinstance(key, str) and type(seed) is int and seed >= 0:
            self.records[key], self.seed = record, seed

    def add(self, seed, key, record):
        """Keep a record. When this returns, the record is on the disk.

        Parameters
        ----------
        seed : int
            Of the random inputs.
        key : str
            Tells it from all other records.
        record : Record
            The result.
        """
        self.file.write(json.dumps({"key": key, "seed": seed, "record": to_json(record)}).encode() + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        self.records[key] = record
        self.seed = seed

    def close(self):
        """Release the file, so that another grader can use it."""
        self.file.close()


def grade(submissions, out, homework=None, seed=None, scheduler=None, sandboxed=True, show=lambda done, of: None):
    """Grade what is not graded yet.

    Parameters
    ----------
    submissions : list of Submission
        What was handed in.
    out : Path
        The folder whose store keeps the results.
    homework : str, optional
        "hw_03"; without it each file is recognised by its name or its functions.
    seed : int, optional
        Of the random inputs, which differ from file to file; without it the one that this folder had before, or a fresh one.
    scheduler : str, optional
        Address of a dask scheduler, "tcp://…"; without it this machine's cores.
    sandboxed : bool
        False runs students' code as you.
    show : callable
        Called with how many are done, and of how many.

    Returns
    -------
    list of Row
        One for each submission.

    Raises
    ------
    SandboxError
        If there is no sandbox.
    BusyError
        If another grader is at work in the folder.
    """
    reason = sandbox.missing(sandboxed)
    if reason and not scheduler:
        raise sandbox.SandboxError(reason)
    with closing(Store(out / STORE)) as store:
        if seed is None:
            seed = secrets.randbits(64) if store.seed is None else store.seed
        batch = _Batch(submissions, store, homework, seed, sandboxed, show)
        with _executors(scheduler, sandboxed) as (new_executor, workers):
            batch.run(new_executor, workers)
        return batch.rows()


class _Batch:
    """The state of one run: the key of each submission, what is being graded, and what is to be tried again."""

    def __init__(self, submissions, store, homework, seed, sandboxed, show):
        self.submissions, self.store, self.homework, self.seed, self.sandboxed, self.show = (
            submissions,
            store,
            homework,
            seed,
            sandboxed,
            show,
        )
        self.keys, self.digests, self.problems = {}, {}, {}  # by path
        self.unsure, self.lost = {}, {}  # by key: results that are not kept, and what could not be graded
        self.done = 0

    def run(self, new_executor, workers):
        """Grade everything. What fails for a reason that may not be its own is graded once more, alone.

        Parameters
        ----------
        new_executor : callable
            Returns a ``concurrent.futures.Executor``.
        workers : int
            How many submissions it grades at the same time.
        """
        self.show(0, len(self.submissions))
        again = self._round(new_executor, self.submissions, 2 * workers)
        for failed in self._round(new_executor, again, 1, last=True) if again else []:
            problem = "Not graded: the machine or the sandbox failed. Start the grader again."
            self.lost[self.keys[failed.path]] = Record(self.homework or "", problem=problem)

    def _round(self, new_executor, submissions, at_once, last=False):
        """Grade submissions; return those to be tried again."""
        waiting, again, begun, running, size = iter(submissions), [], set(), {}, 0
        executor, broken = new_executor(), False
        try:
            while True:
                while not broken and len(running) < at_once and size < MOST_WAITING and (submission := next(waiting, None)):
                    job = self._job(submission, begun)
                    if job is None:
                        self._advance()
                        continue
                    try:
                        with _ctrl_c_only_here():
                            running[executor.submit(grade_one, *job)] = submission, len(job[0])
                        size += len(job[0])
                    except BrokenExecutor:
                        again.append(submission)
                        broken = True
                if broken and not running:
                    executor.shutdown(wait=False)
                    executor, broken = new_executor(), False
                    continue
                if not running:
                    executor.shutdown(wait=True)
                    return again
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    submission, length = running.pop(future)
                    size -= length
                    again += self._finish(submission, future, last)
                    broken = broken or isinstance(future.exception(), BrokenExecutor)
        except BaseException:  # such as Ctrl-C
            for process in multiprocessing.active_children():
                process.kill()
            executor.shutdown(wait=False)
            raise

    def _job(self, submission, begun):
        """Return the arguments of ``grade_one`` for a submission, or None if there is nothing to do."""
        data, problem = (b"", submission.problem) if submission.problem else submission.read()
        if problem:
            self.problems[submission.path] = problem
            return None
        digest = f"{'script' if submission.is_script else 'notebook'}:{sha256(data).hexdigest()}"
        named = self.homework or submission.homework
        decided = "decided" if self.homework else "named"
        wall = "sandbox" if self.sandboxed else "none"
        key = f"{named or 'any'}:{decided}:{digest}:{version()}:{wall}:{self.seed}"
        self.keys[submission.path], self.digests[submission.path] = key, digest
        if key in self.store.records or key in begun:
            return None
        begun.add(key)
        fresh = int.from_bytes(sha256(f"{self.seed}:{digest}".encode()).digest()[:8])
        return data, submission.is_script, named, fresh, self.sandboxed, sandbox.LIMITS, bool(self.homework)

    def _finish(self, submission, future, last):
        """Keep a result; return [submission] if it must be tried again, else []."""
        key = self.keys[submission.path]
        if future.exception() is not None:
            return [submission]
        record = future.result()
        if not record.stalled:
            self.store.add(self.seed, key, record)
            self.unsure.pop(key, None)
        else:  # no time on the clock, though its processor time was not used up: it slept, or the machine was busy
            self.unsure[key] = record
            if not last:
                return [submission]
        self._advance()
        return []

    def _advance(self):
        self.done += 1
        self.show(self.done, len(self.submissions))

    def rows(self):
        """Return a Row for each submission."""
        same = defaultdict(list)
        for path, digest in self.digests.items():
            same[digest].append(path)
        records = self.store.records | self.unsure | self.lost
        rows = []
        for one in self.submissions:
            unread = Record(self.homework or one.homework or "", problem=self.problems.get(one.path, ""))
            record = records.get(self.keys.get(one.path), unread)
            rows.append(
                Row(
                    **{name: getattr(record, name) for name in Record.__dataclass_fields__},
                    id=one.id,
                    student=one.student,
                    platform=one.platform,
                    platform_id=one.platform_id,
                    path=one.path,
                    handed_in=one.handed_in,
                    same_as=[path for path in same[self.digests.get(one.path)] if path != one.path],
                )
            )
        return rows


# --- where the work is done ---


@contextmanager
def _executors(scheduler, sandboxed):
    """Yield a function that returns an executor, and how many submissions are graded at the same time."""
    if scheduler:
        with _dask_client(scheduler, sandboxed) as client:
            yield (lambda: client.get_executor(pure=False, retries=2)), PER_CORE * sum(client.nthreads().values())
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    context = multiprocessing.get_context("spawn")
    yield (lambda: ProcessPoolExecutor(PER_CORE * cores, context, initializer=_begin_worker)), PER_CORE * cores


@contextmanager
def _ctrl_c_only_here():
    """Let processes that are started meanwhile ignore Ctrl-C: they end when the grader says so."""
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _begin_worker():
    """Let the kernel end this process with the grader, however that ends."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def _dask_client(scheduler, sandboxed):
    try:
        from distributed import Client
    except ImportError as error:
        raise ValueError(f"A cluster needs dask ({error}): pip install -e '.[grading]'") from None
    with Client(scheduler, timeout="20s") as client:
        client.wait_for_workers(1, timeout=60)
        try:
            answers = client.run(_ready, sandboxed)
        except Exception as error:  # the worker's own, whatever it is
            raise ValueError(f"A dask worker cannot grade: is the course installed there? ({type(error).__name__}: {error})") from None
        for reason, worker_version in answers.values():
            if reason:
                raise sandbox.SandboxError(reason)
            if worker_version != version():
                raise ValueError("A dask worker has another version of the course, of Python or of NumPy than this grader.")
        yield client


def _ready(sandboxed):
    return sandbox.missing(sandboxed), version()
