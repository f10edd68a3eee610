"""Values pass unchanged between the grader and the sandbox; everything that is no value is refused."""

import json

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.grading import protocol, sandbox
from utils.grading.grade_one import results

numbers = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers())
some_arrays = arrays.arrays(
    st.one_of(arrays.floating_dtypes(), arrays.integer_dtypes(), arrays.boolean_dtypes(), arrays.complex_number_dtypes()),
    arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
values = st.recursive(st.one_of(numbers, some_arrays), lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner), max_leaves=6)


def same(a, b):
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return type(a) is type(b) and repr(a) == repr(b)


def across(value):
    blob = bytearray()
    spec = json.loads(json.dumps(protocol.encode(value, blob)))
    return protocol.decode(spec, bytes(blob))


@given(values)
def test_values_arrive_as_they_were(value):
    assert same(value, across(value))


def test_objects_arrive_as_numbers_or_as_the_name_of_their_type():
    assert across(np.array([1, 2.5, None], dtype=object)).tolist() == [1, 2.5, None]
    assert type(across(across)).__name__ == "function"
    assert (across("text"), across({1: 2}), across({1})) == ("", {}, set())
    assert across(np.array(["a"])).dtype.kind == "U" and across(1 << 5000).__class__.__name__ == "int"
    assert type(across(np.ma.array([1.0, 2.0], mask=[True, False]))) is np.ndarray


@given(st.binary(max_size=200))
def test_rubbish_is_no_result(data):
    assert [result.kind for result in results(("done", [], data), 2)] == ["raised", "raised"]


@given(st.recursive(numbers | st.text() | st.just("array"), lambda inner: st.lists(inner, max_size=4), max_leaves=12))
def test_rubbish_is_no_value(spec):
    for one in (
        spec,
        ["array", spec, [1], 0],
        ["array", "<f8", spec, 0],
        ["array", "<f8", [1], spec],
        ["objects", spec, [1]],
        ["list", spec],
    ):
        try:
            protocol.decode(one, bytes(8))
        except protocol.MalformedError:
            continue


@pytest.mark.parametrize(
    "spec",
    [
        ["array", "<f8", [1 << 40], 0],
        ["array", "<f8", [9], 0],
        ["array", "<f8", [8], 1],
        ["array", "<f8", [0], -1],
        ["array", "<f8", [-1], 0],
        ["array", "<f8", [1], -8],
        ["array", "|O", [1], 0],
        ["array", "f8,f8", [1], 0],
        ["array", "<M8[s]", [1], 0],
        ["array", "<U1", [1], 0],
        ["array", "|V8", [1], 0],
        ["array", {"names": ["a"], "formats": ["O"]}, [1], 0],
        ["array", "<f8", [1 << 31, 1 << 31, 0], 0],
        ["array", "<f8", [1] * 99, 0],
        ["int", "9" * 5000],
        ["float", "1e5\x00"],
        ["other", "\ud800"],
        ["eval", "1"],
    ],
)
def test_false_specifications_are_refused(spec):
    with pytest.raises(protocol.MalformedError):
        protocol.decode(spec, bytes(64))


def test_results_that_lie_about_their_number_or_kind():
    right = protocol.frame({"kind": "value", "value": ["int", "1"], "changed": ["a", 3, ["b"]], "printed": "yes", "error": 7})
    two = results(("done", [], right * 5), 2)
    assert [(one.value, one.changed, one.printed, one.error) for one in two] == [(1, ("a",), False, "")] * 2
    assert [one.kind for one in results(("too slow", [], right), 3)] == ["value", "too slow", "too slow"]
    assert [one.kind for one in results((["x"], "y", right + protocol.frame({"kind": "right", "points": 4})), 2)] == ["value", "raised"]


def test_texts_hold_nothing_that_turns_the_line():
    frame = protocol.frame({"kind": "raised", "error": "\u202eError", "message": "\u2066x\x1b\ud800"})
    (result,) = results(("done", [], frame), 1)
    assert (result.error, result.message) == ("�Error", "�x�?")


def test_frames_that_name_no_question_are_nobodys():
    ready = protocol.frame({"ready": True})
    forged = [
        {"question": ["x"]},
        {"question": {"x": 1}},
        {"question": "other"},
        {"question": None},
        {"texts": 3, "notices": 4, "defined": {}},
    ]
    summary, answers = sandbox._understood(b"".join([ready, *map(protocol.frame, forged)]), "", {"softmax": ()})
    assert answers == {} and summary["texts"] == 3
