"""choose: return which network the validation images choose, and the test accuracy of that one."""

import numpy as np

from utils.homework import reference
from utils.homework.places import TEST_SET, THREE_PARTS
from utils.homework.question import Case, Question


def inputs(rng):
    """Return tables of right answers in which the best networks on validation and on test are different ones, and a tie."""

    def case(about, M, N_val, N_test, ordinary=True):
        while True:
            right_val, right_test = (_table(rng, N // 2 + rng.permutation(M), N) for N in (N_val, N_test))
            best, by_test = right_val.mean(axis=1).argmax(), right_test.mean(axis=1).argmax()
            if best not in (0, by_test, (right_val.mean(axis=1) + right_test.mean(axis=1)).argmax()):
                return Case(about, (right_val, right_test), ordinary)

    tie = case("two networks that are equally good on the validation images", 5, 12, 20, ordinary=False)
    right_val, _ = tie.arguments
    best = right_val.sum(axis=1).argmax()
    right_val[[1, 3]] = right_val[best]
    return [
        case("5 networks", 5, int(rng.integers(21, 25)), 31),
        case("4 networks", 4, 13, int(rng.integers(17, 20))),
        case("7 networks", 7, 15, 21),
        tie,
        Case("one network", (_table(rng, np.array([7]), 9), _table(rng, np.array([6]), 11)), ordinary=False),
    ]


def _table(rng, right, N):
    """Return a table of 0 and 1, with so many 1 in each row, at random places."""
    return rng.permuted((np.arange(N) < right[:, None]).astype(int), axis=1)


choose = Question(
    name="choose",
    reference=reference.choose,
    inputs=inputs,
    task="Return the number of the network that the validation images choose, and its test accuracy.",
    homework="hw_06",
    points=2,
    read=THREE_PARTS,
    parts=("the number of the network", "its test accuracy"),
)


@choose.mistake("chosen by the test images", read=TEST_SET)
def chosen_by_the_test_images(right_val, right_test):
    """Change the table right_test alone. Does your choice change with it?

    Your network is tuned on the test set. It is the one that had the most luck there, and its accuracy is too good to be true.
    """
    best = right_test.mean(axis=1).argmax()
    return best, right_test[best].mean()


@choose.mistake("chosen by both", read=TEST_SET)
def chosen_by_both(right_val, right_test):
    """Change the table right_test alone. Does your choice change with it?

    The test images have a say in your choice, together with the validation images. Then no images are left that can judge it.
    """
    best = (right_val.mean(axis=1) + right_test.mean(axis=1)).argmax()
    return best, right_test[best].mean()


@choose.mistake("best test accuracy reported", read=TEST_SET)
def best_test_accuracy(right_val, right_test):
    """The choice is right. Does the accuracy belong to the same network?

    You report the best test accuracy of all networks. Reported is that of the chosen one, whatever it is.
    """
    return right_val.mean(axis=1).argmax(), right_test.mean(axis=1).max()


@choose.mistake("validation accuracy reported")
def validation_accuracy(right_val, right_test):
    """On which images was the number that you report measured?

    On those that have chosen. The best of many has had luck there: only the test images, which chose nothing, can tell its accuracy.
    """
    return right_val.mean(axis=1).argmax(), right_val.mean(axis=1).max()


@choose.mistake("mean of all networks")
def mean_of_all(right_val, right_test):
    """Whose accuracy do you report?

    The mean over all networks. Wanted is that of the chosen one alone.
    """
    return right_val.mean(axis=1).argmax(), right_test.mean()


@choose.mistake()
def the_worst_network(right_val, right_test):
    """In the tables, what does a 1 mean?

    A 1 is a right answer. Your network has the fewest of them.
    """
    worst = right_val.mean(axis=1).argmin()
    return worst, right_test[worst].mean()


@choose.mistake()
def how_many(right_val, right_test):
    """Is your second number between 0 and 1?

    It counts the right test images. An accuracy is their share.
    """
    best = right_val.mean(axis=1).argmax()
    return best, right_test[best].sum()


@choose.mistake("images in place of networks")
def images_in_place_of_networks(right_val, right_test):
    """How many networks are there, and how many images? Between which do you choose?

    You choose a column, which is an image. A row is a network.
    """
    best = right_val.mean(axis=0).argmax()
    return best, right_test[:, best].mean()


@choose.mistake("the last of equals")
def the_last_of_equals(right_val, right_test):
    """Two networks are equally good on the validation images. Which one do you take?

    The last one. The task asks for the first: a rule that is fixed beforehand, so that no test image can decide.
    """
    best = len(right_val) - 1 - right_val.mean(axis=1)[::-1].argmax()
    return best, right_test[best].mean()


@choose.variant()
def in_a_loop(right_val, right_test):
    best, most = 0, -1
    for number, row in enumerate(right_val):
        if row.sum() > most:
            best, most = number, row.sum()
    return best, sum(right_test[best]) / len(right_test[best])


@choose.variant()
def with_max(right_val, right_test):
    shares = [float(np.mean(row)) for row in right_val]
    return [shares.index(max(shares)), np.mean(right_test[shares.index(max(shares))])]
