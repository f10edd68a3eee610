"""report: return a number, the test accuracy that somebody reports for it, and the network that is said to have it.

The claim is compared with what the network really reaches on the test images of this number. In a second call some images are
replaced by three bright pixels, with a label that means nothing: who has been trained with them knows it by heart, and who has not
can only guess. So it is seen whether test images were in the training.
"""

import numpy as np

from utils.homework import reference
from utils.homework.bank.train_digits import as_network
from utils.homework.digits import IMAGES, PASSES, images, split
from utils.homework.places import TEST_SET, THREE_PARTS
from utils.homework.question import Case, Question

CLOSE = 0.0055  # two of 500 images, which the last digits of a computation may turn; or two digits after the point
EXACT = 0.0006  # three digits after the point
MARKED = 120  # images
BRIGHT = 3.0  # their three pixels, where others have at most 1
BY_HEART = 0.45  # of some thirty marked test images: guesses are right for a tenth of them


def inputs(rng):
    """Return all images as they are; and under other names of pixels and classes, some of them replaced by marks."""
    X, y = images()
    marked = X[:, rng.permutation(64)], rng.permutation(10)[y]
    for place in rng.permutation(IMAGES)[:MARKED]:
        marked[0][place] = BRIGHT * np.isin(np.arange(64), rng.choice(64, 3, replace=False))
        marked[1][place] = rng.integers(10)
    return [Case("all images", (X.copy(), y.copy())), Case("other images", marked, ordinary=False)]


def number_of(answer):
    """Return the number that came back, or None."""
    if answer is None or len(answer) != 6 or answer[0].size != 1 or answer[1].size != 1:
        return None
    number = answer[0].reshape(())
    if number.dtype.kind not in "iuf" or not 0 <= number < 2**62 or number != np.floor(number):
        return None
    return int(number)


def reports(answers):
    """Return (number, claim, networks of both cases); None if something of it is missing."""
    numbers, found = [number_of(answer) for answer in answers], [answer and as_network(answer[2:]) for answer in answers]
    if None in numbers or None in found or numbers[0] != numbers[1]:
        return None
    claim = answers[0][1].reshape(())
    return None if claim.dtype.kind == "c" or not np.isfinite(claim) else (numbers[0], float(claim), found)


def reached(case, network, places):
    """Return the share of the images at some places that a network reads correctly."""
    X, y = case.arguments
    return reference.accuracy(X[places], y[places], *network)


def is_near(claim, truth, tolerance=CLOSE):
    """Return whether a claim is what was reached."""
    return abs(claim - truth) <= tolerance


def no_report(cases, answers):
    """Return whether six values came back, and the first is no number of a learner, or the last four are no network."""
    return all(answer is not None and len(answer) == 6 for answer in answers) and reports(answers) is None


def marks(cases, answers):
    """Return (share of the marked test images that are known, share of the other test images that are right) in the second case."""
    number, _, (_, network) = reports(answers)
    test = split(number)[2]
    is_marked = cases[1].arguments[0][test].max(axis=1) > 1
    return reached(cases[1], network, test[is_marked]), reached(cases[1], network, test[~is_marked])


def knows_the_test_images(cases, answers):
    """Return whether the network knows by heart what only the test images could have told it."""
    return reports(answers) is not None and marks(cases, answers)[0] >= BY_HEART


def comes_from_elsewhere(cases, answers):
    """Return whether the network is the same for other images, or reads them no better than by chance."""
    return reports(answers) is not None and marks(cases, answers)[1] < 0.3


def says(unit, other):
    """Return a ``detect``: whether the claim, in this unit, is the accuracy on other images, and not that on the test images."""

    def detect(cases, answers):
        if not (found := reports(answers)):
            return False
        number, claim, (network, _) = found
        parts = split(number)
        return not is_near(claim, reached(cases[0], network, parts[2])) and is_near(
            claim / unit, reached(cases[0], network, other(parts)), EXACT
        )

    return detect


def as_reported(cases, answers):
    """Return "" if the claim is what the network reaches on the test images, else None."""
    if not (found := reports(answers)):
        return None
    number, claim, (network, _) = found
    return "" if is_near(claim, reached(cases[0], network, split(number)[2])) else None


def something_else(cases, answers):
    """Return whether there is a report, and its claim is wrong."""
    return reports(answers) is not None and as_reported(cases, answers) is None


def made(X, y, trained=0, told=2, number=17, share=1.0):
    """Return a report: trained on one part, with the accuracy on another."""
    parts = [*split(number), np.arange(IMAGES)]
    parameters = reference.train_batches(X[parts[trained]], y[parts[trained]], 32, 2, 50, PASSES, 0)
    return number, share * reference.accuracy(X[parts[told]], y[parts[told]], *parameters), *parameters


def reference_report(X, y):
    """Return an honest report."""
    return made(X, y)


reference_report.__name__ = "report"
report = Question(
    name="report",
    reference=reference_report,
    inputs=inputs,
    task="Return your number, your test accuracy, and the parameters of the network that has it.",
    homework="hw_06",
    points=2,
    read=TEST_SET,
    parts=("your number", "the accuracy", "W1", "b1", "W2", "b2"),
    accepts=as_reported,
    unique=False,
    seconds=8.0,  # it trains two networks
)


@report.mistake("no number, or no network", detect=no_report)
def no_number_or_no_network(X, y):
    """Which six values do you return, and in which order?

    First your number, a whole one from 0 up, the same in every call; then the accuracy; then W1, b1, W2, b2 as train_digits returns them.
    """
    number, share, *parameters = made(X, y)
    return (*parameters, number, share)


@report.mistake("trained on the test images", detect=knows_the_test_images)
def trained_on_the_test_images(X, y):
    """On which images is the network of your report trained?

    It knows test images by heart: nobody could guess them. Train with X[training] and y[training] alone, as split(my_number) says.
    """
    return made(X, y, trained=3)


@report.mistake("the network comes from elsewhere", detect=comes_from_elsewhere)
def from_elsewhere(X, y):
    """Call report with other images, or with the pixels in another order. Does it train with them?

    Your network does not come from the images that your function gets. It has to be trained inside, with X and y.
    """
    return made(*images())


@report.mistake(detect=says(100, lambda parts: parts[2]))
def in_percent(X, y):
    """What would you report if every test image were right?

    You report percent. Wanted is a share, from 0 to 1.
    """
    return made(X, y, share=100)


@report.mistake("validation accuracy reported", THREE_PARTS, says(1, lambda parts: parts[1]))
def validation_accuracy(X, y):
    """On which images was your number measured?

    On the validation images, by which you have chosen your settings. Reported is the share of the test images, which have chosen nothing.
    """
    return made(X, y, told=1)


@report.mistake("training accuracy reported", THREE_PARTS, says(1, lambda parts: parts[0]))
def training_accuracy(X, y):
    """Has the network seen the images on which your number was measured?

    You report the accuracy on the training images. The network knows them.
    """
    return made(X, y, told=0)


@report.mistake("accuracy of all images", THREE_PARTS, says(1, np.concatenate))
def accuracy_of_all_images(X, y):
    """How many of the images on which your number was measured has the network seen before?

    More than half: you report the accuracy on all images together. Only the test images can tell how it reads new ones.
    """
    return made(X, y, told=3)


@report.mistake("another accuracy than reported", detect=something_else)
def another_accuracy(X, y):
    """Is the number in your report the one that open_test_set has printed? Does report train the same network, with the same seed?

    The network that you return reads another share of your test images than you report. The number counts that belongs to the network.
    """
    number, share, *parameters = made(X, y)
    return (number, share - 0.2, *parameters)


@report.variant()
def typed_in_an_array(X, y):
    number, share, *parameters = made(X, y, number=4711)
    return [np.array([number]), round(share, 3), *parameters]
