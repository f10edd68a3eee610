import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes, make_blobs

from utils.data import DATA_SETS, diabetes, four_blobs, one_hot, spirals, two_classes, wave

quick = settings(derandomize=True, deadline=None, max_examples=40)


@pytest.mark.parametrize("name, n_classes", [("four blobs", 4), ("two classes", 2), ("moons", 2), ("spirals", 3)])
@pytest.mark.parametrize("n_samples", [1000, 30])
def test_every_data_set_has_points_in_the_plane_and_classes_of_even_size(name, n_classes, n_samples):
    X, labels = DATA_SETS[name](n_samples=n_samples, seed=3)
    assert X.shape == (n_samples, 2) and np.isfinite(X).all()
    counts = np.bincount(labels)
    assert len(counts) == n_classes and counts.max() - counts.min() <= n_classes  # four blobs of 30: 8, 8, 7, 7


@pytest.mark.parametrize("name", DATA_SETS)
def test_same_seed_same_data(name):
    first, again, other = (DATA_SETS[name](n_samples=50, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert (first[0] != other[0]).any()


@pytest.mark.parametrize("name", DATA_SETS)
def test_noise_is_a_multiple_of_the_usual(name):
    make = DATA_SETS[name]
    (usual, labels), (clean, _), (noisy, same) = make(), make(noise=0), make(noise=2)
    assert (labels == same).all() and np.std(usual - clean) > 0.03
    if name == "spirals":  # its noise turns a point around the middle
        assert np.hypot(*noisy.T) == pytest.approx(np.hypot(*clean.T))
    else:
        assert noisy - clean == pytest.approx(2 * (usual - clean))


def test_the_live_sessions_data_are_its_own():
    X, labels = make_blobs(n_samples=1000, centers=4, n_features=2, random_state=0)
    np.testing.assert_array_equal(four_blobs()[0], X)
    np.testing.assert_array_equal(four_blobs()[1], labels)
    np.testing.assert_array_equal(two_classes()[0], X)
    np.testing.assert_array_equal(two_classes()[1], labels % 2)


def test_the_arms_of_the_spirals_are_a_third_of_a_turn_apart():
    X, labels = spirals(3000)
    # the arm turns by three quarters over the radius 2; taking that back leaves one direction for each class
    radius, angle = np.hypot(*X.T), np.arctan2(X[:, 1], X[:, 0])
    direction = (angle - 2 * np.pi * 0.75 * radius / 2) / (2 * np.pi) % 1
    for label in range(3):
        off = (direction[labels == label] - label / 3 + 0.5) % 1 - 0.5
        assert abs(off.mean()) < 0.01 and off.std() < 0.03


def test_the_patients_come_in_the_units_in_which_they_were_measured():
    X, targets, names = diabetes()
    assert X.shape == (442, 10) and targets.shape == (442,) and names[:4] == ["age", "sex", "bmi", "bp"]
    assert X[:, 0].min() >= 18 and X[:, 0].max() < 100 and set(X[:, 1]) == {1, 2}  # years, and the code for the sex
    assert (targets.min(), targets.max()) == (25, 346)
    standardised = (X - X.mean(0)) / X.std(0)  # scikit-learn's scaled version, which has columns of length 1
    np.testing.assert_allclose(standardised / np.sqrt(442), load_diabetes().data, atol=1e-8)


def test_the_wave_is_a_sine_with_noise():
    X, targets = wave(5000, seed=1)
    noise = targets - np.sin(3 * X[:, 0])
    assert X.shape == (5000, 1) and X.min() >= -2 and X.max() <= 2 and abs(X.mean()) < 0.05
    assert abs(noise.mean()) < 0.01 and abs(noise.std() - 0.15) < 0.01
    np.testing.assert_array_equal(targets, wave(5000, seed=1)[1])
    assert (targets != wave(5000, seed=2)[1]).all()


@quick
@given(labels=st.lists(st.integers(0, 6), min_size=1, max_size=20), more=st.integers(0, 3))
def test_one_hot_columns_hold_a_single_one_in_the_row_of_the_label(labels, more):
    k = max(labels) + 1 + more
    y = one_hot(labels, k)
    assert y.shape == (k, len(labels))
    assert y.sum() == len(labels)
    assert all(y[label, n] == 1 for n, label in enumerate(labels))


@pytest.mark.parametrize("labels", [np.array([2, 0]), np.array([2.0, 0.0]), (2, 0), np.array([2, 0], dtype=np.uint8)], ids=repr)
def test_one_hot_takes_whole_numbers_of_every_kind(labels):
    assert one_hot(labels, 3).tolist() == [[0, 1], [0, 0], [1, 0]]


@pytest.mark.parametrize(
    "labels, k, message",
    [
        ([0, 4], 4, r"between 0 and 3 for 4 classes, but 4 is"),
        ([0, -1], 4, r"between 0 and 3 for 4 classes, but -1 is"),
        ([1e30], 4, r"between 0 and 3 for 4 classes, but 1e\+30 is"),
        ([0, 1.5], 4, r"whole numbers, but 1\.5 is"),
        ([0, np.nan], 4, r"nan at position \[1\]"),
        (["cat", "dog"], 4, r"labels must hold numbers.*'cat'"),
        ([0, None], 4, r"labels must hold numbers.*None"),
        (None, 4, r"labels must hold numbers.*None"),
        ([[0], [1, 2]], 4, "different lengths"),
        ([], 4, r"empty.*\(0,\)"),
        ([[0, 1]], 4, r"shape \(N,\).*\(1, 2\)"),
        (3, 4, r"shape \(N,\).*\(\)"),
        ([0], 0, r"number of classes, must be a whole number, 1 or more, not 0"),
        ([0], -2, r"1 or more, not -2"),
        ([0], 2.0, r"whole number.*2\.0"),
        ([0], "2", r"whole number.*'2'"),
        ([0], True, r"whole number.*True"),
        ([0], None, r"whole number.*None"),
    ],
)
def test_unfit_labels_are_refused(labels, k, message):
    with pytest.raises(ValueError, match=message):
        one_hot(labels, k)
