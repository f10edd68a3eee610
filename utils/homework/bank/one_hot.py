"""one_hot: return the columns e(l), shape (k, N)."""

import numpy as np

from utils.homework import reference
from utils.homework.places import ONE_HOT
from utils.homework.question import Case, Question


def inputs(rng):
    """Return labels of all classes, absent classes (the first, one in the middle, the last), and one example."""
    k, N = int(rng.integers(4, 6)), int(rng.integers(8, 11))
    everyone = rng.permutation([*range(k), *rng.integers(0, k, N - k)])
    return [
        Case(f"{N} examples and {k} classes", (everyone, k)),
        Case("as many examples as classes", (rng.permutation([0, 1, 1, 3, 4]), 5)),
        Case("a last class that does not occur", (rng.permutation([0, 1, 2, 1, 0, 2, 2]), 4), ordinary=False),
        Case("a first class that does not occur", (rng.permutation([1, 2, 3, 1, 2, 3, 1]), 4), ordinary=False),
        Case("one example", (rng.integers(1, 3, 1), 4), ordinary=False),
    ]


one_hot = Question(
    name="one_hot",
    reference=reference.one_hot,
    inputs=inputs,
    task="Return the columns e(l), shape (k, N).",
    homework="hw_01",
    points=2,
    read=ONE_HOT,
    words={
        "transposed": (
            "Which shape has your answer? Here a column is an example.",
            "Your examples are rows, (N, k), like rows of the unit matrix. Wanted are columns, (k, N).",
        ),
        "reshaped: refilled": (
            "The shape is right. Does every column have exactly one 1?",
            "reshape cuts the numbers into new rows without turning the array. Exchanging rows and columns is another operation.",
        ),
    },
)


@one_hot.mistake("labels − 1", read=ONE_HOT)
def labels_minus_1(labels, k):
    """In which row is the 1 of label 0?

    The labels count from 0, as NumPy does. With 1 taken off, label 0 becomes −1, which NumPy reads as the last row.
    """
    return np.eye(k)[:, labels - 1]


@one_hot.mistake(read=ONE_HOT)
def counted_from_1(labels, k):
    """Which column stands for label 0 in your answer? Does it have a 1?

    Your rows are numbered from 1 to k, the labels from 0 to k − 1. Label 0 finds no row.
    """
    return (np.arange(1, k + 1)[:, None] == labels) * 1.0


@one_hot.mistake(read=ONE_HOT)
def height_from_the_largest_label(labels, k):
    """How many rows are there when the last class does not occur in the batch?

    Your numbers are those that come out when the classes are counted in the labels, but a batch need not contain
    them all. That is what k is for.
    """
    return np.eye(labels.max() + 1)[:, labels]


@one_hot.mistake(read=ONE_HOT)
def height_from_the_labels_that_occur(labels, k):
    """How many rows are there when a class does not occur in the batch?

    np.unique finds the classes of this batch only, and the rows of the others are missing. That is what k is for.
    """
    classes = np.unique(labels)
    return (classes[:, None] == labels) * 1.0


@one_hot.mistake(read=ONE_HOT)
def one_row_short(labels, k):
    """Labels run from 0 to k − 1. How many are that?

    The largest label is one less than the number of classes, so the largest label finds no row. The height is k.
    """
    return np.eye(labels.max())[:, labels]


@one_hot.mistake(read=ONE_HOT)
def whole_rows_filled(labels, k):
    """How many ones are in a column? Every example has one class.

    y[labels] = 1 fills whole rows. Each 1 has a row, its label, and a column, its example.
    """
    y = np.zeros((k, len(labels)))
    y[labels] = 1
    return y


@one_hot.mistake(read=ONE_HOT)
def cold_instead_of_hot(labels, k):
    """How many ones are in a column? Every example has one class.

    Ones and zeros are exchanged: marked are the classes to which the example does not belong.
    """
    return 1 - np.eye(k)[:, labels]


@one_hot.mistake(read=ONE_HOT)
def label_instead_of_1(labels, k):
    """What does each column sum to? It should be 1, for it is a probability.

    The label stands in its row where a 1 belongs. The row says which class it is; the entry is 1.
    """
    return np.eye(k)[:, labels] * labels


@one_hot.mistake("−1 instead of 0", read=ONE_HOT)
def minus_1_instead_of_0(labels, k):
    """What does each column sum to? It should be 1, for it is a probability.

    Your zeros are −1. A probability is never negative: the classes to which an example does not belong have 0.
    """
    return 2 * np.eye(k)[:, labels] - 1


@one_hot.mistake(read=ONE_HOT)
def rows_upside_down(labels, k):
    """In which row is the 1 of label 0?

    Your first row is the last class. Row l belongs to label l.
    """
    return np.eye(k)[::-1][:, labels]


@one_hot.mistake(read=ONE_HOT)
def the_labels_themselves(labels, k):
    """Which shape is wanted, and which shape have the labels?

    The labels came back unchanged. A network answers with k probabilities an example, so the target has k rows as well.
    """
    return labels


@one_hot.mistake(read=ONE_HOT)
def first_example_only(labels, k):
    """How many columns have a 1?

    Only the first example got its 1. Every column needs one.
    """
    y = np.zeros((k, len(labels)))
    y[labels[0], 0] = 1
    return y


@one_hot.mistake(read=ONE_HOT)
def all_in_the_first_column(labels, k):
    """How many columns have a 1?

    All ones went into the first column. The example's own number is the column.
    """
    y = np.zeros((k, len(labels)))
    for label in labels:
        y[label, 0] = 1
    return y


@one_hot.mistake(read=ONE_HOT)
def label_as_row_and_as_column(labels, k):
    """Every 1 has a row and a column. What decides on its column?

    Your ones stand where row and column are both the label. It is the row; the column is the number of the example.
    """
    y = np.zeros((k, max(k, len(labels))))
    y[labels, labels] = 1
    return y[:, : len(labels)]


@one_hot.mistake(read=ONE_HOT)
def one_column_per_class(labels, k):
    """How many examples are there, and how many columns do you return?

    The unit matrix has one column for each class. Each example needs the column of its own class.
    """
    return np.eye(k)


# --- right answers that look different ---


@one_hot.variant("rows of the unit matrix, turned")
def rows_of_the_unit_matrix_turned(labels, k):
    return np.eye(k)[labels].T


@one_hot.variant()
def integers(labels, k):
    return np.eye(k, dtype=int)[:, labels]


@one_hot.variant()
def small_integers(labels, k):
    return (np.arange(k)[:, None] == labels).astype(np.uint8)


@one_hot.variant()
def row_and_column_indices(labels, k):
    y = np.zeros((k, len(labels)))
    y[labels, np.arange(len(labels))] = 1
    return y


@one_hot.variant()
def a_loop(labels, k):
    y = np.zeros((k, labels.size))
    for n, label in enumerate(labels):
        y[label, n] = 1
    return y


@one_hot.variant()
def take(labels, k):
    return np.take(np.identity(k), labels, axis=1)


@one_hot.variant(note="True")
def comparison(labels, k):
    return np.arange(k).reshape(-1, 1) == labels


@one_hot.variant(note="list")
def nested_list(labels, k):
    return [[1 if label == i else 0 for label in labels] for i in range(k)]
