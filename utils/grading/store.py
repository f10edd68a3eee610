"""What has been graded, one JSON line each, on the disk before it counts. A broken last line is what a kill leaves, and is graded again."""

import fcntl
import json
import os


class BusyError(Exception):
    """Another grader is at work in the same folder."""


class Store:
    """Records by key in an append-only file.

    Parameters
    ----------
    path : Path
        Of the file; it is made if there is none.
    """

    def __init__(self, path):
        self.file = open(path, "a+b")  # noqa: SIM115 – open as long as the batch runs
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.file.close()
            raise BusyError(f"Another grader is at work in {path.parent}.") from None
        self.records, self.seed = {}, None
        self.file.seek(0)
        content = self.file.read()
        for line in content.splitlines():
            try:
                entry = json.loads(line)
                self.records[entry["key"]], self.seed = entry["record"], entry["seed"]
            except (ValueError, KeyError, TypeError):
                continue
        if content and not content.endswith(b"\n"):
            self.file.write(b"\n")

    def add(self, seed, records):
        """Keep records by key; when this returns, they are on the disk."""
        for key, record in records.items():
            self.file.write(json.dumps({"key": key, "seed": seed, "record": record}).encode() + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        self.records |= records
        self.seed = seed

    def close(self):
        """Let the next one in."""
        self.file.close()
