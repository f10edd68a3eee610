"""Measure how many submissions of homework 3 are graded a minute: ``python tests/grading/throughput.py [HOW MANY]``.

Each is another notebook, runs in a sandbox of its own, and one in three has a mistake that must be recognised. The first number
is the whole command, the start of its processes included; the second is the time from the first result to the last.
"""

import json
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from submissions import start_grader, write_class


def main(number):
    """Measure and print."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        expected = write_class(folder / "class", number)
        store, first = folder / "out" / "results.jsonl", None
        begin = time.perf_counter()
        process = start_grader("grade", folder / "class", "--out", folder / "out")
        while process.poll() is None:
            if first is None and store.exists() and store.stat().st_size:
                first = time.perf_counter()
            elif first is not None and not (folder / "out" / "grades.json").exists():
                last = time.perf_counter()
            time.sleep(0.02)
        whole = time.perf_counter() - begin
        rows = json.loads((folder / "out" / "grades.json").read_text())
        assert {row["path"]: row["points"] for row in rows} == expected
    cores = len(os.sched_getaffinity(0))
    print(f"{number} submissions on {cores} cores in {whole:.1f} s: {60 * number / whole:.0f} a minute, start and grade book included;")
    print(f"{60 * number / (last - first):.0f} a minute while grading. Load of the machine now: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
