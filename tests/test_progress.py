"""The progress file: it is kept beside the notebooks, kernels share it, and no fault of it stops a lesson."""

import json
import os
import subprocess
import sys

import pytest

from utils.lab import COPIES, COURSE, FOLDER
from utils.progress import NAME, Progress, here


def content(folder):
    return json.loads((folder / NAME).read_text(encoding="utf-8"))


def test_answers_survive_and_the_first_one_stays(tmp_path):
    Progress(tmp_path).put("04", "push", answer="only ŷ₁")
    assert Progress(tmp_path).put("04", "push", answer="all four", right=False) == {"answer": "only ŷ₁", "right": False}
    assert Progress(tmp_path).get("04", "push") == {"answer": "only ŷ₁", "right": False}
    assert Progress(tmp_path).get("04", "never asked") == {} == Progress(tmp_path).of("05")


def test_the_file_can_be_read_by_people_and_holds_nothing_but_the_answers(tmp_path):
    Progress(tmp_path).put("04", "push", answer="only ŷ₁")
    assert "only ŷ₁" in (tmp_path / NAME).read_text(encoding="utf-8")
    assert content(tmp_path) == {"about": content(tmp_path)["about"], "04": {"push": {"answer": "only ŷ₁"}}}
    assert [path.name for path in tmp_path.iterdir()] == [NAME], "no lock and no half a file stays behind"


def test_nothing_is_written_before_there_is_an_answer(tmp_path):
    progress = here(tmp_path)
    assert progress.of("04") == {} and list(tmp_path.iterdir()) == []


def test_whoever_deletes_the_file_begins_anew(tmp_path):
    progress = Progress(tmp_path)
    progress.put("04", "push", answer="a")
    progress.put("05", "pull", answer="b")
    (tmp_path / NAME).unlink()
    assert progress.get("04", "push") == {} and progress.news() == []
    progress.put("05", "other", answer="c")
    assert "04" not in content(tmp_path)


@pytest.mark.parametrize("damage", ["", "{", "[]", "3", '{"04": 3}', '{"04": {"push": "all"}}', "\x00", '"' * 100])
def test_a_damaged_file_is_set_aside_and_said_once(tmp_path, damage):
    (tmp_path / NAME).write_text(damage, encoding="utf-8")
    progress = Progress(tmp_path)
    assert progress.of("04") == {}
    (said,) = progress.news()
    assert "course_progress.damaged-1.json" in said and progress.news() == []
    assert (tmp_path / "course_progress.damaged-1.json").read_text(encoding="utf-8") == damage
    progress.put("04", "push", answer="a")
    assert content(tmp_path)["04"] == {"push": {"answer": "a"}}


def test_a_file_in_another_encoding_is_set_aside_too(tmp_path):
    (tmp_path / NAME).write_bytes('{"04": "ŷ"}'.encode("utf-16"))
    assert Progress(tmp_path).of("04") == {} and (tmp_path / "course_progress.damaged-1.json").exists()


def test_where_nothing_can_be_written_the_answers_stay_in_memory_and_that_is_said_once(tmp_path):
    folder = tmp_path / "a file, where a folder should be"
    folder.write_text("")
    progress = Progress(folder)
    assert progress.put("04", "push", answer="a") == {"answer": "a"} and progress.get("04", "push") == {"answer": "a"}
    assert len(progress.news()) == 1
    progress.put("04", "pull", answer="b")
    assert progress.of("04") == {"push": {"answer": "a"}, "pull": {"answer": "b"}} and progress.news() == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that this user cannot write; root can write all")
def test_a_folder_that_forbids_writing(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    progress = here(tmp_path / "locked")
    assert progress.put("04", "push", answer="a") == {"answer": "a"} and "cannot be kept" in progress.news()[0]


def test_kernels_that_write_at_the_same_time_lose_nothing(tmp_path):
    code = """
import sys
from pathlib import Path
from utils.lab import COPIES, COURSE, FOLDER
from utils.progress import Progress
progress = Progress(Path(sys.argv[1]))
for i in range(25):
    progress.put(sys.argv[2], str(i), answer=i)
"""
    kernels = [
        subprocess.Popen([sys.executable, "-c", code, tmp_path, lesson], env=os.environ | {"PYTHONPATH": str(COURSE)})
        for lesson in ("04", "05", "06")
    ]
    assert [kernel.wait(60) for kernel in kernels] == [0, 0, 0]
    for lesson in ("04", "05", "06"):
        assert Progress(tmp_path).of(lesson) == {str(i): {"answer": i} for i in range(25)}
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_lock_that_a_dead_kernel_left_behind_is_no_obstacle(tmp_path):
    lock = tmp_path / f".{NAME}.lock"
    lock.touch()
    os.utime(lock, (0, 0))
    Progress(tmp_path).put("04", "push", answer="a")
    assert content(tmp_path)["04"] and not lock.exists()


# --- where it lies ---


def test_it_lies_beside_the_notebook_or_at_the_top_of_the_own_copies(tmp_path):
    assert here(tmp_path).path == tmp_path / NAME
    (tmp_path / "homework").mkdir()
    (tmp_path / COPIES).touch()
    assert here(tmp_path / "homework").path == here(tmp_path).path == tmp_path / NAME
    top = tmp_path / "a kernel" / "that was started above them"
    (top / FOLDER).mkdir(parents=True)
    (top / FOLDER / COPIES).touch()
    assert here(top).path == top / FOLDER / NAME


def test_the_courses_own_notebooks_keep_nothing_and_say_so():
    for folder in (COURSE / "notebooks", COURSE / "notebooks" / "homework", COURSE / "tests"):
        progress = here(folder)
        assert progress.path is None and "make lab" in progress.news()[0]
        assert progress.put("04", "push", answer="a") == {"answer": "a"}
