"""cross_entropy: return the mean loss of the examples, a number."""

import numpy as np

from utils.homework import reference
from utils.homework.bank.cases import predictions
from utils.homework.places import ANY_SIZE, LAST_LAYER
from utils.homework.question import Question

cross_entropy = Question(
    name="cross_entropy",
    reference=reference.cross_entropy,
    inputs=predictions,
    task="Return the mean loss of the examples, a number.",
    homework="hw_01",
    points=3,
    read=LAST_LAYER,
)


@cross_entropy.mistake(read=LAST_LAYER)
def sign(y_hat, y):
    """Is your loss positive? A loss that can only be negative would be a reward.

    The logarithm of a probability is negative. The minus in front makes a loss of it.
    """
    return np.log((y * y_hat).sum(axis=0)).mean()


@cross_entropy.mistake(read=LAST_LAYER)
def sum_instead_of_mean(y_hat, y):
    """Does the loss double when every example occurs twice? It should stay the same.

    Your number is the sum of the losses of all examples. The loss of a batch is their mean.
    """
    return -np.log((y * y_hat).sum(axis=0)).sum()


@cross_entropy.mistake("0 · log 0", read=ANY_SIZE)
def zero_times_log_0(y_hat, y):
    """Right for tame probabilities. What is 0 · log 0 in NumPy?

    log 0 is −inf, and 0 · (−inf) is nan. Only the probability of the true class is needed: pick it first, then take its
    logarithm.
    """
    return -(y * np.log(y_hat)).sum(axis=0).mean()


@cross_entropy.mistake(read=LAST_LAYER)
def mean_over_all_entries(y_hat, y):
    """By what do you divide: the number of examples, or the number of entries?

    A mean over the whole matrix divides by k·N. Add over the classes; the mean is over the examples.
    """
    return -np.where(y == 1, np.log(np.where(y == 1, y_hat, 1)), 0).mean()


@cross_entropy.mistake("sum over examples, mean over classes", read=LAST_LAYER)
def sum_over_examples_mean_over_classes(y_hat, y):
    """By what do you divide: the number of examples, or the number of classes?

    Your number is the one that comes out when the sum is divided by k, the number of rows (that is also what len(y)
    gives). The examples are the columns.
    """
    return -np.log((y * y_hat).sum(axis=0)).sum() / y.shape[0]


@cross_entropy.mistake("divided by N twice", read=LAST_LAYER)
def divided_by_n_twice(y_hat, y):
    """Does the loss stay the same when every example occurs twice?

    Your number is the right one, divided by N once more. A mean has divided by N already.
    """
    return -np.log((y * y_hat).sum(axis=0)).mean() / y.shape[1]


@cross_entropy.mistake(read=LAST_LAYER)
def not_averaged(y_hat, y):
    """How many numbers do you return?

    These are the losses of the single examples, and they are right. The loss of the batch is their mean, one number.
    """
    return -np.log((y * y_hat).sum(axis=0))


@cross_entropy.mistake(read=LAST_LAYER)
def log2(y_hat, y):
    """Which logarithm is meant? Yours is larger by one and the same factor.

    Your number is the one with the logarithm to base 2. Here log is the natural one: its derivative is 1/x, without
    a factor.
    """
    return -np.log2((y * y_hat).sum(axis=0)).mean()


@cross_entropy.mistake(read=LAST_LAYER)
def log10(y_hat, y):
    """Which logarithm is meant? Yours is smaller by one and the same factor.

    Your number is the one with the logarithm to base 10. Here log is the natural one: its derivative is 1/x,
    without a factor.
    """
    return -np.log10((y * y_hat).sum(axis=0)).mean()


@cross_entropy.mistake(read=LAST_LAYER)
def squared_error(y_hat, y):
    """What is the loss of an example whose true class has a probability of nearly 0? It should be enormous.

    This is the squared error, which is never larger than 2. The cross-entropy is −log of the probability of the true
    class.
    """
    return ((y_hat - y) ** 2).sum(axis=0).mean()


@cross_entropy.mistake(read=LAST_LAYER)
def mean_squared_error(y_hat, y):
    """What is the loss of an example whose true class has a probability of nearly 0? It should be enormous.

    This is a squared error, averaged over all entries. The cross-entropy is −log of the probability of the true class.
    """
    return ((y_hat - y) ** 2).mean()


@cross_entropy.mistake("two-class formula", read=LAST_LAYER)
def two_class_formula(y_hat, y):
    """For how many classes is your formula made?

    The term (1 − y) log(1 − ŷ) belongs to a single sigmoid unit. Under a softmax the wrong classes add nothing.
    """
    p = np.clip(y_hat, 1e-15, 1 - 1e-15)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=0).mean()


@cross_entropy.mistake("ŷ and y exchanged", read=LAST_LAYER)
def y_hat_and_y_exchanged(y_hat, y):
    """Of what do you take the logarithm: of the truth, or of what the network says?

    log y is the logarithm of 0 and 1, and that is −inf. The logarithm is taken of ŷ, and y picks the class.
    """
    return -(y_hat * np.log(y)).sum(axis=0).mean()


@cross_entropy.mistake(read=LAST_LAYER)
def no_logarithm(y_hat, y):
    """What is the loss of an example whose true class has a probability of nearly 0? It should be enormous.

    1 − ŷ is never larger than 1. The cross-entropy takes the logarithm of the probability.
    """
    return 1 - (y * y_hat).sum(axis=0).mean()


@cross_entropy.mistake(read=LAST_LAYER)
def logarithm_of_the_mean(y_hat, y):
    """What comes first, the mean or the logarithm? It is not the same.

    Your number is the one that comes out when the probabilities are averaged first, and one logarithm is taken.
    Each example has its own loss, and those are averaged.
    """
    return -np.log((y * y_hat).sum(axis=0).mean())


@cross_entropy.mistake("largest probability instead of the true class's", read=LAST_LAYER)
def largest_probability_instead_of_the_true_classs(y_hat, y):
    """Does your loss depend on y?

    Your number is the one for the class the network likes best. The loss asks for the class that is true.
    """
    return -np.log(y_hat.max(axis=0)).mean()


@cross_entropy.mistake(read=LAST_LAYER)
def all_classes_instead_of_the_true_one(y_hat, y):
    """Does your loss depend on y?

    Your number is the one that comes out when the logarithms of all classes are added. The y in front of the
    logarithm leaves only the true class.
    """
    return -np.log(np.clip(y_hat, 1e-15, 1)).sum(axis=0).mean()


@cross_entropy.mistake("entropy of ŷ", read=LAST_LAYER)
def entropy_of_y_hat(y_hat, y):
    """Does your loss depend on y?

    ŷ log ŷ says how undecided the network is, not how wrong. In front of the logarithm stands y.
    """
    return -(y_hat * np.log(np.clip(y_hat, 1e-15, 1))).sum(axis=0).mean()


@cross_entropy.mistake(read=LAST_LAYER)
def first_example_only(y_hat, y):
    """Does your loss change when the second example changes?

    This is the loss of the first example. The loss of the batch is the mean of all.
    """
    return -np.log((y * y_hat).sum(axis=0))[0]


@cross_entropy.mistake(read=ANY_SIZE)
def too_much_added_in_the_logarithm(y_hat, y):
    """What is the loss of an example whose true class has probability 1? It should be 0.

    Your number is the one that comes out when so much is added to the probability that the loss becomes wrong. To
    keep log away from 0, 1e-12 is enough.
    """
    return -np.log((y * y_hat).sum(axis=0) + 0.01).mean()


@cross_entropy.mistake(read=LAST_LAYER)
def accuracy(y_hat, y):
    """Is a smaller value better in your function, or a larger one?

    This is the share of right decisions. It has no slope; the loss looks at the probability itself.
    """
    return (y_hat.argmax(axis=0) == y.argmax(axis=0)).mean()


# --- right answers that look different ---


@cross_entropy.variant()
def picked_by_the_label(y_hat, y):
    return -np.log(y_hat[y.argmax(axis=0), np.arange(y.shape[1])]).mean()


@cross_entropy.variant()
def true_probability_first(y_hat, y):
    return -np.mean(np.log((y * y_hat).sum(axis=0)))


@cross_entropy.variant()
def clipped(y_hat, y):
    return -(y * np.log(np.clip(y_hat, 1e-15, 1))).sum() / y.shape[1]


@cross_entropy.variant()
def a_little_added(y_hat, y):
    return -(y * np.log(y_hat + 1e-12)).sum(axis=0).mean()


@cross_entropy.variant()
def where(y_hat, y):
    return -np.log(np.where(y == 1, y_hat, 1)).sum() / y.shape[1]


@cross_entropy.variant()
def loops(y_hat, y):
    total = 0
    for n in range(y.shape[1]):
        for i in range(y.shape[0]):
            if y[i, n] == 1:
                total -= np.log(y_hat[i, n])
    return total / y.shape[1]


@cross_entropy.variant()
def nan_turned_into_0(y_hat, y):
    return -np.nan_to_num(y * np.log(y_hat)).sum(axis=0).mean()


@cross_entropy.variant("(1, 1) instead of a number", note="shape")
def one_1_instead_of_a_number(y_hat, y):
    return -np.log((y * y_hat).sum(axis=0, keepdims=True)).mean(axis=1, keepdims=True)
