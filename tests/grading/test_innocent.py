"""A right submission gets all points, in whatever form it comes, or the feedback says what was left out."""

import json

import pytest
from innocent import INNOCENT, TOLD


@pytest.fixture(scope="module")
def rows(graded, tmp_path_factory):
    """Grade all of it in one batch."""
    folder = tmp_path_factory.mktemp("class")
    for i, (file, data, *_) in enumerate((INNOCENT | TOLD).values()):
        (folder / f"{i:03}").mkdir()
        (folder / f"{i:03}" / file).write_bytes(data)
    process, out = graded(folder)
    assert process.returncode == 0, process.stderr
    by_folder = {row["path"][:3]: row for row in json.loads((out / "grades.json").read_text())}
    return {name: by_folder[f"{i:03}"] for i, name in enumerate(INNOCENT | TOLD)}


def test_there_are_enough():
    assert len(INNOCENT) + len(TOLD) >= 120


@pytest.mark.parametrize("name", INNOCENT)
def test_all_points(name, rows):
    row = rows[name]
    assert (row["problem"], row["points"]) == ("", 9), [row["problem"], *row["questions"], *row["notices"]]


@pytest.mark.parametrize("name", TOLD)
def test_what_was_left_out_is_said(name, rows):
    row = rows[name]
    _, _, points, words = TOLD[name]
    assert (row["problem"], row["points"]) == ("", points), [row["problem"], *row["questions"], *row["notices"]]
    assert words in " ".join(row["notices"]), row["notices"]
