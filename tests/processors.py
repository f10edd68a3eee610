"""Run the lessons as other processors would: what they print, and what their pictures are said to show, must be the same on all.

``make test-processors`` runs every lesson on the kernels that OpenBLAS and NumPy keep for older processors, as far as this machine
has them, and shows each text that differs; ``make test-processors RUN="09 10"`` does so for these lessons. Two kinds of cells are
left out: those tagged ``times``, and explorers, whose numbers are computed where they are read.
"""

import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROCESSORS = {  # what to set, and what OpenBLAS then calls itself
    "Haswell": ({"OPENBLAS_CORETYPE": "Haswell"}, "Haswell"),
    "SkylakeX": ({"OPENBLAS_CORETYPE": "SkylakeX"}, "SkylakeX"),
    "Sandybridge": ({"OPENBLAS_CORETYPE": "Sandybridge"}, "Sandybridge"),
    "Nehalem": ({"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 X86_V3"}, "Nehalem"),
    "Prescott": ({"OPENBLAS_CORETYPE": "Prescott"}, "Katmai"),
}


def tell(number):
    """Print what each cell of a lesson shows here, and end with the name of the processor that OpenBLAS sees."""
    import numpy  # noqa: F401, loads OpenBLAS
    from lesson_cells import LESSONS, TIMES, code_cells, new_kernel, without_pixels
    from threadpoolctl import threadpool_info

    (lesson,) = [path for path in LESSONS if path.name.startswith(number)]
    os.chdir(tempfile.mkdtemp())  # where lesson 09 leaves its film
    with new_kernel() as run:
        for place, cell in enumerate(code_cells(lesson), 1):
            texts = run(cell.source)
            if TIMES not in cell.metadata.get("tags", []) and "_explorer(" not in cell.source:
                print(f"[{place}]", *map(without_pixels, texts), sep="\n")
    print(*{library.get("architecture") for library in threadpool_info() if library["internal_api"] == "openblas"})


def told(number, processor):
    """Return the lines that a lesson shows on one of the PROCESSORS, or None when this machine cannot imitate it."""
    settings, name = PROCESSORS[processor]
    path = os.pathsep.join(str(ROOT / folder) for folder in (".", "tools", "tests", "tests/helpers"))
    command = [sys.executable, "-c", f"from processors import tell; tell({number!r})"]
    run = subprocess.run(command, capture_output=True, text=True, env=os.environ | settings | {"PYTHONPATH": path}, check=False)
    if run.returncode > 0:
        sys.exit(run.stderr)
    *lines, kernel = run.stdout.splitlines() or [""]
    return lines if run.returncode == 0 and kernel == name else None  # this processor does not know one of the instructions


def main(numbers):
    """Compare what lessons show on each of the PROCESSORS; end with 1 when there is a difference."""
    differ = False
    for number in numbers or [path.name[:2] for path in sorted((ROOT / "lectures_src").glob("[0-9][0-9]_*.py"))]:
        texts = {processor: told(number, processor) for processor in PROCESSORS}
        there = {processor: lines for processor, lines in texts.items() if lines is not None}
        (first, expected), *others = there.items()
        for processor, lines in others:
            changes = list(difflib.unified_diff(expected, lines, first, processor, n=0, lineterm=""))
            differ = differ or bool(changes)
            print(*changes, sep="\n", end="\n" if changes else "")
        print(f"lesson {number} on {', '.join(there)}; not possible here: {', '.join(texts.keys() - there.keys()) or 'none'}", flush=True)
    sys.exit(differ)


if __name__ == "__main__":
    main(sys.argv[1:])
