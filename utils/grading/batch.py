"""A batch: many submissions as one dask.distributed computation, whose results are kept as they come."""

import itertools
import logging
import os
import secrets
from collections import defaultdict
from contextlib import closing, contextmanager
from pathlib import PurePosixPath

import dask
from distributed import Client, LocalCluster, as_completed

from utils.grading import sandbox
from utils.grading.mark import mark, version
from utils.grading.notebook import homework_named
from utils.grading.store import Store

STORE = "results.jsonl"
GROUP = 8  # submissions in one task at most: what dask does for a task costs as much as a third of a sandbox
QUIET = {"distributed.worker.profile.enabled": False, "distributed.admin.tick.limit": "60s"}


def grade(submissions, out, homework=None, seed=None, scheduler=None, sandboxed=True, show=lambda done, of: None):
    """Grade what is not graded yet and return one row, a dict, for every submission.

    Parameters
    ----------
    submissions : list of Submission
        What was handed in.
    out : Path
        The folder whose store keeps the results.
    homework : str, optional
        "hw_03"; without it each file is recognised by its name or its functions.
    seed : int, optional
        Of the random inputs; without it the one that this folder had before, or a fresh one.
    scheduler : str, optional
        Address of a dask scheduler, "tcp://…"; without it a cluster of this machine's cores.
    sandboxed : bool
        False runs students' code as you.
    show : callable
        Called with how many are done, and of how many.

    Raises
    ------
    SandboxError
        If a worker has no sandbox.
    BusyError
        If another grader is at work in the folder.
    """
    with closing(Store(out / STORE)) as store:
        if seed is None:
            seed = secrets.randbits(32) if store.seed is None else store.seed
        keys, jobs = {}, {}
        for one in submissions:
            if not one.problem:
                named = homework or homework_named(PurePosixPath(one.path).name)
                keys[one.path] = f"{named or 'any'}:{one.digest}:{version()}:{seed}"
                jobs[keys[one.path]] = (one.data, one.is_script, named, seed, sandboxed)
        todo = {key: job for key, job in jobs.items() if key not in store.records}
        lost = _run(todo, store, seed, scheduler, sandboxed, show) if todo else {}
        return _rows(submissions, keys, store.records | lost, homework)


def _run(todo, store, seed, scheduler, sandboxed, show):
    """Grade all of it into the store; return records for what could not be graded for reasons of the machines'."""
    lost = {}
    if not scheduler:
        _demand([_ready(sandboxed)])
    with _client(scheduler) as client:
        if scheduler:
            _demand(client.run(_ready, sandboxed).values())
        threads = sum(client.nthreads().values())
        size = max(1, min(GROUP, len(todo) // (4 * threads)))
        waiting, groups = iter(todo), {}

        def submit(keys, retries=0):
            future = client.submit(_mark_all, [todo[key] for key in keys], pure=False, retries=retries)
            groups[future.key] = keys, retries
            return future

        def submit_next():
            keys = list(itertools.islice(waiting, size))
            return [submit(keys)] if keys else []

        running = as_completed([future for _ in range(4 * threads) for future in submit_next()])
        show(0, len(todo))
        done = 0
        for future in running:
            keys, retries = groups.pop(future.key)
            try:
                records = future.result()
            except Exception as error:  # the machine's fault, or a neighbour's: each again, alone
                if not retries:
                    running.update([submit([key], retries=2) for key in keys])
                    continue
                lost[keys[0]] = {"problem": f"Not graded, start the grader again ({type(error).__name__}: {str(error)[:200]})."}
            else:
                store.add(seed, dict(zip(keys, records, strict=True)))
            running.update(submit_next())
            done += len(keys)
            show(done, len(todo))
    return lost


def _mark_all(jobs):
    return [mark(*job) for job in jobs]


def _ready(sandboxed):
    return sandbox.missing(sandboxed), version()


def _demand(workers):
    for complaint, theirs in workers:
        if complaint:
            raise sandbox.SandboxError(complaint)
        if theirs != version():
            raise ValueError("A dask worker has another version of the course than this grader.")


@contextmanager
def _client(scheduler):
    with dask.config.set(QUIET):
        if scheduler:
            with Client(scheduler, timeout="20s") as client:
                client.wait_for_workers(1, timeout=60)
                yield client
            return
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        # two at a time in each process: one computes while the other waits for its sandbox to come or go
        cluster = LocalCluster(
            n_workers=cores, threads_per_worker=2, memory_limit=None, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
        )
        with cluster, Client(cluster) as client:
            yield client


def _rows(submissions, keys, records, homework):
    same = defaultdict(list)
    for one in submissions:
        if not one.problem:
            same[one.digest].append(one.path)
    empty = {"homework": homework or "", "points": 0, "of": 0, "problem": "", "questions": [], "texts": {}, "notices": []}
    rows = []
    for one in submissions:
        record = records.get(keys.get(one.path), {"problem": one.problem})
        about = {"id": one.id, "student": one.student, "platform": one.platform, "platform_id": one.platform_id, "path": one.path}
        others = [path for path in same[one.digest] if path != one.path] if not one.problem else []
        rows.append(about | empty | record | {"same_as": others})
    return rows
