"""Whose file is it? What a student chooses cannot make it another's, and no file is lost. Names as platforms write them, and zips."""

import json
import random
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from innocent import nb
from submissions import cells

from utils.grading.exports import Export
from utils.grading.records import Row
from utils.grading.submissions import collect

MOODLE = "Jane Doe_4711_assignsubmission_file_"


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


def found(tmp_path, *paths):
    """Return (student, platform, number) for each path in a zip."""
    by_path = {one.path: one for one in collect(zipped(tmp_path / "class.zip", [(path, path) for path in paths]))}
    return [(one.student, one.platform, one.platform_id) for one in map(by_path.get, paths)]


@pytest.mark.parametrize(
    ("path", "student", "platform", "number", "handed_in"),
    [
        (f"{MOODLE}/hw_03.ipynb", "Jane Doe", "moodle", "4711", ""),
        (f"{MOODLE[:-1]}/hw_03.ipynb", "Jane Doe", "moodle", "4711", ""),
        (f"{MOODLE}/work/hw_03.ipynb", "Jane Doe", "moodle", "4711", ""),
        (f"{MOODLE}hw_03.ipynb", "Jane Doe", "moodle", "4711", ""),
        (f"Group A-{MOODLE}/hw_03.ipynb", "Group A-Jane Doe", "moodle", "4711", ""),
        ("Participant_4711_assignsubmission_file_/hw_03.ipynb", "Participant", "moodle", "4711", ""),
        (f"submissions/{MOODLE}/hw_03.ipynb", "Jane Doe", "moodle", "4711", ""),
        ("doejane_4711_99_hw_03-1.ipynb", "doejane", "canvas", "4711", ""),
        ("doejane_LATE_4711_99_my_hw_03.ipynb", "doejane", "canvas", "4711", "late"),
        ("müllerjörg_4711_99_hw_03.ipynb", "müllerjörg", "canvas", "4711", ""),
        ("Homework 3_jdoe_attempt_2026-11-20-10-11-12_hw_03.ipynb", "jdoe", "blackboard", "jdoe", "2026-11-20 10:11:12"),
        ("HW3_jdoe_attempt_2026-11-20-10-11-12_mine.ipynb", "jdoe", "blackboard", "jdoe", "2026-11-20 10:11:12"),
        ("12-34 - Jane Doe - Nov 20, 2026 1011 AM - hw_03.ipynb", "Jane Doe", "brightspace", "12-34", "Nov 20, 2026 1011 AM"),
        ("12-34 - Jane Doe - Nov 20, 2026 1011 AM/hw_03.ipynb", "Jane Doe", "brightspace", "12-34", "Nov 20, 2026 1011 AM"),
        ("group 1/jane/hw_03.ipynb", "group 1/jane", "", "", ""),
        ("hw_03/jane.ipynb", "jane", "", "", ""),
        ("jane_hw_03.ipynb", "jane", "", "", ""),
        ("Jane Doe - hw_03_hidden_layers.ipynb", "Jane Doe", "", "", ""),
        ("Copy of hw_03_hidden_layers - Jane Doe.ipynb", "Jane Doe", "", "", ""),
        ("Copy of hw_03_hidden_layers.ipynb", "Copy of hw_03_hidden_layers", "", "", ""),
        ("jhw2_hw_03.ipynb", "jhw2", "", "", ""),
        ("hw_03.ipynb", "hw_03", "", "", ""),
    ],
)
def test_names_as_platforms_write_them(path, student, platform, number, handed_in, tmp_path):
    for place in (
        tmp_path / "class",
        zipped(tmp_path / "class.zip", [(path, "x")]),
        zipped(tmp_path / "old.zip", [(path.replace("/", "\\"), "x")]),
    ):
        if place.suffix != ".zip":
            (place / path).parent.mkdir(parents=True)
            (place / path).write_text("x")
        (one,) = collect(place)
        assert (one.student, one.platform, one.platform_id, one.handed_in) == (student, platform, number, handed_in)
        assert one.read() == (b"x", "")


@pytest.mark.parametrize(
    ("others", "path"),  # what else is in the zip, and a file whose author wants to be participant 9999
    [
        (["doejane_4711_99_hw_03.ipynb"], "adams_4712_52_x_9999_assignsubmission_file_hw_03.ipynb"),
        ([], "adams_4712_52_x_9999_assignsubmission_file_hw_03.ipynb"),
        (["doejane_4711_99_hw_03.ipynb"], "adams_4712_52_x_9999_77_hw_03.ipynb"),
        (["doejane_4711_99_hw_03.ipynb"], "adams_4712_52_9999-1 - x - Nov 20, 2026 1011 AM - hw_03.ipynb"),
        ([f"{MOODLE}hw_03.ipynb"], "Student B_4712_assignsubmission_file_x_9999_assignsubmission_file_hw_03.ipynb"),
        ([f"{MOODLE}/hw_03.ipynb"], "Student B_4712_assignsubmission_file_x_9999_assignsubmission_file_/hw_03.ipynb"),
        ([f"{MOODLE}/hw_03.ipynb"], "x_9999_assignsubmission_file_y_4712_assignsubmission_file_/hw_03.ipynb"),
        ([f"{MOODLE}/hw_03.ipynb"], "Student B_4712_assignsubmission_file_/x_9999_assignsubmission_file_hw_03.ipynb"),
        (["HW_a_attempt_2026-11-20-10-11-12_x.ipynb"], "HW_b_attempt_2026-11-20-10-11-12_HW_9999_attempt_2026-11-20-10-11-12_x.ipynb"),
        (["1-2 - A - Nov 20, 2026 1011 AM - hw.ipynb"], "3-2 - B - Nov 20, 2026 1011 AM - 9999-2 - C - Nov 20, 2026 1011 AM - hw.ipynb"),
    ],
)
def test_no_file_name_takes_the_number_of_another(others, path, tmp_path):
    people = found(tmp_path, *others, path)
    assert "9999" not in people[-1][2] and len(set(people)) == len(people), people


def test_numbers_of_different_platforms_never_meet():
    row = {"homework": "hw_03", "of": 9, "student": "x"}
    rows = [
        Row(**row, path="a", id="a", platform="canvas", platform_id="9999", points=9),
        Row(**row, path="b", id="b", platform="moodle", platform_id="9999", points=5),
        Row(**row, path="c", id="c", points=1),
    ]
    assert [one.path for one in Export(rows, Path("nowhere"), "hw_03").rows] == ["a", "b", "c"]


def test_one_row_per_student_and_file(tmp_path):
    same = [(f"Student A_{i}_assignsubmission_file_/{name}", "x") for i, name in enumerate(("hw_03.ipynb", "hw_03.pdf", "x.zip"))]
    assert [(one.platform_id, bool(one.problem)) for one in collect(zipped(tmp_path / "a.zip", same))] == [
        ("0", False),
        ("1", True),
        ("2", True),
    ]
    copies = ["Copy of hw_03_hidden_layers.ipynb", "Copy of hw_03_hidden_layers (1).ipynb"]
    assert len(set(found(tmp_path, *copies))) == 2
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped(tmp_path / "b.zip", [("jane/hw_03.ipynb", "right"), ("jane/hw_03.ipynb", "empty")])
    assert [one.read()[0] for one in collect(twice)] == [b"right", b"empty"]
    assert len({one.id for one in collect(twice)}) == len({one.path for one in collect(twice)}) == 2


def test_pages_of_feedback_never_meet(tmp_path):
    names = ["a b", "a_b", "A B", "a/b", "a_b-5883d3", "a" * 80, "a" * 81, "ä", "-", "a\u202eb"]
    ids = [one.id.lower() for one in collect(zipped(tmp_path / "x.zip", [(f"{name}.ipynb", "x") for name in names]))]
    assert len(set(ids)) == len(names)
    before = {one.path: one.id for one in collect(tmp_path / "x.zip")}
    more = collect(zipped(tmp_path / "y.zip", [(f"{name}.ipynb", "x") for name in ["a?b", "a-b", *names]]))
    assert before.items() <= {one.path: one.id for one in more}.items(), "a file's pages keep their name when others come"


def test_what_systems_add_is_left_out_and_other_files_are_told(tmp_path):
    paths = ["__MACOSX/._hw.ipynb", ".ipynb_checkpoints/hw.ipynb", "jane/hw_03.ipynb", "jane/data.csv", "joe/scan.pdf", "amy/.hw_03.ipynb"]
    for path in paths:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("x")
    problems = {one.path: one.problem for one in collect(tmp_path)}
    assert list(problems) == ["amy/.hw_03.ipynb", "jane/data.csv", "jane/hw_03.ipynb", "joe/scan.pdf"]
    assert "Beside it, hw_03.ipynb is graded" in problems["jane/data.csv"] and ".pdf" in problems["joe/scan.pdf"]


def test_a_students_own_zip_is_read_one_level_deep(tmp_path):
    inner = zipped(tmp_path / "inner.zip", [("hw_03.ipynb", nb(*cells())), ("__MACOSX/x", ""), ("deeper.zip", "PK")])
    outer = zipped(tmp_path / "class.zip", [("jane_hw_03.zip", inner.read_bytes()), (f"{MOODLE}/x.zip", inner.read_bytes())])
    rows = {one.path: one for one in collect(outer)}
    assert len(rows) == 4 and rows["jane_hw_03.zip/deeper.zip"].problem
    assert json.loads(rows[f"{MOODLE}/x.zip/hw_03.ipynb"].read()[0])["cells"]
    assert rows[f"{MOODLE}/x.zip/hw_03.ipynb"].platform_id == "4711"
    plain = collect(zipped(tmp_path / "plain.zip", [("jane_hw_03.zip", inner.read_bytes())]))
    assert {one.student for one in plain} == {"jane"}


def test_zips_that_attack(tmp_path):
    link = zipfile.ZipInfo("link_hw_03.ipynb")
    link.external_attr = 0o120777 << 16
    evil = ["../../evil.ipynb", "/evil.ipynb", "c:\\evil.ipynb", "..\\evil.ipynb"]
    bombs = zipped(tmp_path / "inner.zip", [("bomb.ipynb", bytes(150 << 20))]).read_bytes()
    files = [*((name, "x") for name in evil), ("bomb.ipynb", bytes(150 << 20)), ("fine.ipynb", "{}"), (link, "/etc/passwd")]
    path = zipped(
        tmp_path / "class.zip", [*files, ("jane.zip", bombs), ("joe.zip", zipped(tmp_path / "up.zip", [("../x.ipynb", "x")]).read_bytes())]
    )
    tracemalloc.start()
    contents = {one.path: one.read() for one in collect(path)}
    assert tracemalloc.get_traced_memory()[1] < 100 << 20, "a bomb is not unpacked whole"
    tracemalloc.stop()
    assert [name for name, (data, _) in contents.items() if data] == ["fine.ipynb"] and len(contents) == 9
    assert (
        "MB" in contents["bomb.ipynb"][1]
        and "MB" in contents["jane.zip/bomb.ipynb"][1]
        and "symbolic link" in contents["link_hw_03.ipynb"][1]
    )
    assert all("leads out" in problem for name, (_, problem) in contents.items() if "evil" in name or "joe" in name)


def damaged_directory(data):
    at = data.index(b"PK\x01\x02")
    return data[:at] + b"PK\x01\x03" + data[at + 4 :]


def no_name(data):
    return data.replace(b"a.ipynb", b"\0.ipynb")


def newer_version(data):
    at = data.index(b"PK\x01\x02")
    return data[: at + 6] + b"\x63\x00" + data[at + 8 :]


@pytest.mark.parametrize("damage", [lambda data: data[:300], lambda data: b"", lambda data: b"<html>", damaged_directory, newer_version])
def test_a_damaged_zip_is_a_sentence(damage, tmp_path):
    path = zipped(tmp_path / "class.zip", [("a.ipynb", random.randbytes(500)), ("b.ipynb", "{}")])
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match="Download it again"):
        collect(path)


def test_a_damaged_entry_is_a_row(tmp_path):
    path = zipped(tmp_path / "class.zip", [("a.ipynb", bytes(range(256)) * 9), ("b.ipynb", "{}")])
    data = bytearray(path.read_bytes())
    data[50:70] = bytes(20)
    path.write_bytes(data)
    broken, fine = collect(path)
    assert "damaged" in broken.read()[1] and fine.read() == (b"{}", "")
    odd = zipped(tmp_path / "odd.zip", [("a.ipynb", "x"), ("b.ipynb", "{}")])
    odd.write_bytes(no_name(odd.read_bytes()))
    assert len(collect(odd)) == 2
