"""Homework 6: what is honest passes, whatever its settings; what only looks like a network that has learned to read does not."""

import math
import os
import re
from functools import cache

import numpy as np
import pytest

import build_notebooks as build
from utils.homework import digits
from utils.homework.bank import report as report_page
from utils.homework.bank.train_batches import divisions
from utils.homework.bank.train_digits import ENOUGH, ONE_PASS, TRAINED, share_right
from utils.homework.judge import judge
from utils.homework.questions import QUESTIONS
from utils.homework.reference import accuracy, backward, fresh_parameters, gradient_step, one_hot
from utils.homework.reference import train_batches as honest
from utils.homework.time_limit import run

LONG = os.environ.get("COURSE_LONG") == "1"
FEW = range(5) if LONG else range(1)  # seeds
TEXT = (build.SOURCES / "hw_06_digits.py").read_text(encoding="utf-8")
SETTINGS = (32, 2, 10)  # those of the solved notebook


def verdict(name, function, seed):
    question = QUESTIONS[name]
    cases = question.cases(seed)
    return judge(question, cases, run(function, question.parameters, cases, time_limit=60))


# --- train_batches ---


def test_all_divisions_are_tried_and_each_once():
    for N, size in ((5, 2), (7, 3), (4, 2), (3, 5)):
        sizes = [len(range(i, min(i + size, N))) for i in range(0, N, size)]
        orders = divisions(N, size)
        assert len(orders) == len({tuple(order) for order in orders.tolist()}) == math.factorial(N) // math.prod(map(math.factorial, sizes))
        assert (np.sort(orders) == np.arange(N)).all()
    assert "all thirty ways" in TEXT and len(divisions(5, 2)) == 30


def batches(step, order=None, dtype=float):
    """Return a train_batches whose step gets (parameters, x, t, rate, generator)."""

    def train(X, y, n_hidden, learning_rate, batch_size, passes, seed):
        k, rng = y.max() + 1, np.random.default_rng(seed)
        parameters = [v.astype(dtype) for v in fresh_parameters(X.shape[1], n_hidden, k, seed)]
        for _ in range(passes):
            numbers = order(rng, len(X)) if order else rng.permutation(len(X))
            for i in range(0, len(numbers), batch_size):
                batch = numbers[i : i + batch_size]
                parameters = step(parameters, X[batch].T.astype(dtype), one_hot(y[batch], k), dtype(learning_rate))
        return parameters

    return train


def plain(parameters, x, t, rate):
    return [v.astype(parameters[0].dtype) for v in gradient_step(parameters, backward(x, t, *parameters), rate)]


def normed(parameters, x, t, rate):
    grads = backward(x, t, *parameters)
    return gradient_step(parameters, [g / np.linalg.norm(g) for g in grads], rate)


NO_BATCHES = {
    "two steps for each batch": batches(lambda p, *rest: plain(plain(p, *rest), *rest)),
    "half of the learning rate": batches(lambda p, x, t, rate: plain(p, x, t, rate / 2)),
    "steps of one length": batches(normed),
    "an image twice": batches(plain, lambda rng, N: rng.permutation(N)[np.minimum(np.arange(N), N - 2)]),
    "half of the images": batches(plain, lambda rng, N: rng.permutation(N)[: N // 2]),
    "one image more": batches(plain, lambda rng, N: np.append(rng.permutation(N), 0)),
    "one order for all seeds": batches(plain, lambda rng, N: np.random.default_rng(3).permutation(N)),
    "all passes at once": lambda X, y, n, rate, size, passes, seed: honest(X, y, n, passes * rate, size, min(passes, 1), seed),
    "larger batches": lambda X, y, n, rate, size, passes, seed: honest(X, y, n, rate, size + 1, passes, seed),
    "other labels": lambda X, y, n, rate, size, passes, seed: honest(X, np.sort(y), n, rate, size, passes, seed),
    "weights that know their data": lambda X, y, n, rate, size, passes, seed: honest(X, y, n, rate, size, passes + 50, seed),
}


@pytest.mark.parametrize("train", NO_BATCHES.values(), ids=NO_BATCHES)
def test_other_passes_earn_nothing(train):
    assert {verdict("train_batches", train, seed).state for seed in FEW} == {"wrong"}


def test_honest_passes_are_right_in_any_order_and_precision():
    for train in (batches(plain, dtype=np.float32), batches(plain, lambda rng, N: np.argsort(rng.random(N)))):
        for seed in range(20 if LONG else 3):
            assert verdict("train_batches", train, seed).right


# --- choose ---


def test_the_best_network_of_one_table_is_not_that_of_the_other():
    for seed in range(20):
        for case in QUESTIONS["choose"].cases(seed)[:3]:
            right_val, right_test = (table.mean(axis=1) for table in case.arguments)
            assert right_val.argmax() != right_test.argmax() and np.sort(right_val)[-2] < right_val.max()


# --- train_digits ---


@cache
def remembered():
    return honest(*digits.images(), 16, 2, 50, 20, 0)


def with_few(otherwise):
    """Return a function that is honest with few images, where single steps can be followed, and does something else with many."""

    def train_digits(X, y, passes, seed):
        return honest(X, y, 16, 2, 50, passes, seed) if len(X) < 50 else otherwise(X, y, passes, seed)

    return train_digits


def adam(X, y, passes, seed):
    k, rng = y.max() + 1, np.random.default_rng(seed)
    parameters = list(fresh_parameters(X.shape[1], 16, k, seed))
    m, s, count = [0 * v for v in parameters], [0 * v for v in parameters], 0
    for _ in range(passes):
        for batch in np.array_split(rng.permutation(len(X)), max(1, len(X) // 40)):
            count += 1
            grads = backward(X[batch].T, one_hot(y[batch], k), *parameters)
            for i, g in enumerate(grads):
                m[i], s[i] = 0.9 * m[i] + 0.1 * g, 0.999 * s[i] + 0.001 * g * g
                parameters[i] = parameters[i] - 0.01 * (m[i] / (1 - 0.9**count)) / (np.sqrt(s[i] / (1 - 0.999**count)) + 1e-8)
    return parameters


def looks_for_the_digits(X, y, passes, seed):
    return honest(*digits.images(), 16, 2, 50, min(passes, 5), seed)


NO_READER = {
    "remembered": (lambda X, y, passes, seed: remembered(), "the images do not matter"),
    "remembered where it counts": (with_few(lambda X, y, passes, seed: remembered()), "other passes than asked for"),
    "remembered, and moved a little": (
        with_few(lambda X, y, passes, seed: [v + 1e-9 * passes for v in remembered()]),
        "no better than guessing",
    ),
    "trained with the digits of scikit-learn": (with_few(looks_for_the_digits), "no better than guessing"),
    "always twenty passes": (lambda X, y, passes, seed: honest(X, y, 16, 2, 50, 20 * (passes > 0), seed), "other passes than asked for"),
    "three passes for one": (lambda X, y, passes, seed: honest(X, y, 16, 2, 50, 3 * passes, seed), "more steps than a pass has"),
    "Adam": (adam, "more steps than a pass has"),
    "never trained": (lambda X, y, passes, seed: fresh_parameters(64, 16, 10, seed), "the images do not matter"),
    "too many units": (lambda X, y, passes, seed: honest(X, y, 65, 2, 50, min(passes, 1), seed), "other shapes"),
    "far too long steps": (lambda X, y, passes, seed: honest(X, y, 16, 1e3, 500, passes, seed), "no better than guessing"),
    "no numbers": (lambda X, y, passes, seed: [v * np.nan for v in fresh_parameters(64, 16, 10, seed)], "not finite"),
}


@pytest.mark.parametrize(("train", "mistake"), NO_READER.values(), ids=NO_READER)
def test_what_has_not_learned_to_read_earns_nothing(train, mistake):
    for seed in FEW:
        found = verdict("train_digits", train, seed)
        assert (found.state, found.mistake) == ("wrong", mistake), found


def single(momentum, decay, size):
    """Return a train_digits in batches of any size where images are few, with momentum and weight decay."""

    def train_digits(X, y, passes, seed):
        k, rng = y.max() + 1, np.random.default_rng(seed)
        parameters = list(fresh_parameters(X.shape[1], 16, k, seed))
        velocity = [0 * v for v in parameters]
        for _ in range(passes):
            order = rng.permutation(len(X))
            for i in range(0, len(X), size if len(X) < 50 else 25):
                batch = order[i : i + (size if len(X) < 50 else 25)]
                grads = backward(X[batch].T, one_hot(y[batch], k), *parameters)
                for j, g in enumerate(grads):
                    velocity[j] = momentum * velocity[j] - 2 * (1 - momentum) * (g + decay * parameters[j] * (j % 2 == 0))
                    parameters[j] = parameters[j] + velocity[j]
        return parameters

    return train_digits


@pytest.mark.parametrize("size", [1, 2, 50])
def test_honest_steps_are_seen_to_be_steps(size):
    for momentum, decay in ((0, 0), (0.5, 0), (0, 1e-3), (0.5, 1e-4)) if LONG else ((0, 0), (0.5, 1e-4)):
        found = verdict("train_digits", single(momentum, decay, size), 3)
        assert found.right, (momentum, decay, found)


def reached(settings, passes, seed):
    """Return the share of the images that the check holds back, for a network with these settings."""
    case = QUESTIONS["train_digits"].cases(seed)[TRAINED]
    X, y, _, chosen = case.arguments
    return share_right(case, honest(X, y, *settings, passes, chosen))


def test_the_goal_can_be_reached_and_the_check_leaves_room():
    assert "95 % of your validation images after 20 passes" in TEXT and "ask for 94 %" in TEXT
    assert (digits.GOAL, digits.PASSES, ENOUGH) == (0.95, 20, 0.94)
    assert f"train_batches(X, y, {', '.join(map(str, SETTINGS))}, passes, seed)" in TEXT
    X, y = digits.images()
    for number in range(10) if LONG else range(1):
        training, validation, _ = digits.split(number)
        network = honest(X[training], y[training], *SETTINGS, digits.PASSES, number)
        assert accuracy(X[validation], y[validation], *network) > 0.93  # one split is harder than another
        assert reached(SETTINGS, digits.PASSES, number) > digits.GOAL


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="make test-long trains a hundred networks")
def test_no_single_pass_is_taken_for_several_and_poor_settings_miss_the_goal():
    for settings in ((32, 2, 10), (32, 2, 5), (32, 0.2, 1), (64, 0.2, 1), (64, 0.5, 2), (32, 1, 5)):
        assert max(reached(settings, 1, seed) for seed in range(10)) < ONE_PASS - 0.01
    assert max(reached((32, 0.1, 20), 20, seed) for seed in range(10)) < ENOUGH
    assert sum(reached((32, 2, 50), 20, seed) > ENOUGH for seed in range(20)) >= 18


# --- report ---


def test_the_split_of_the_notebook_is_that_of_the_check():
    names = {"np": np}
    exec(re.search(r"^def split.*?\n\n", TEXT, re.M | re.S)[0], names)
    for number in (0, 7, 9999):
        parts = digits.split(number)
        assert [len(part) for part in parts] == [1000, 297, 500]
        assert all((mine == part).all() for mine, part in zip(names["split"](number), parts, strict=True))


def a_report(trained, number=5, settings=(32, 2, 50)):
    """Return a report whose claim is true, and whose network is trained with the images that trained(split) names."""

    def report(X, y):
        parts = digits.split(number)
        places = trained(parts)
        network = honest(X[places], y[places], *settings, 20, 0)
        return number, accuracy(X[parts[2]], y[parts[2]], *network), *network

    return report


NO_REPORT = {
    "trained on everything": (a_report(np.concatenate), "trained on the test images"),
    "trained on the test images alone": (a_report(lambda parts: parts[2]), "trained on the test images"),
    "another split": (a_report(lambda parts: digits.split(6)[0]), "trained on the test images"),
    "invented": (lambda X, y: (5, 0.999, *a_report(lambda parts: parts[0])(X, y)[2:]), "another accuracy than reported"),
    "a fraction": (lambda X, y: (0.5, *a_report(lambda parts: parts[0])(X, y)[1:]), "no number, or no network"),
}


@pytest.mark.parametrize(("report", "mistake"), NO_REPORT.values(), ids=NO_REPORT)
def test_a_claim_counts_for_nothing(report, mistake):
    found = verdict("report", report, 1)
    assert (found.state, found.mistake) == ("wrong", mistake)


def test_who_trains_with_validation_images_as_well_may_report():
    assert verdict("report", a_report(lambda parts: np.concatenate(parts[:2])), 2).right


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="make test-long trains sixty networks")
def test_marks_are_known_by_heart_or_guessed():
    for settings in ((32, 2, 10), (32, 2, 50), (16, 1, 20)):
        for seed in range(10):
            case, parts = QUESTIONS["report"].cases(seed)[1], digits.split(seed)
            for trained, lowest, highest in ((parts[0], 0, 0.35), (np.arange(1797), 0.5, 1)):
                network = honest(case.arguments[0][trained], case.arguments[1][trained], *settings, 20, seed)
                answer = (np.array(seed), np.array(0.9), *network)
                known, right = report_page.marks(QUESTIONS["report"].cases(seed), (answer, answer))
                assert lowest <= known <= highest and right > 0.9


# --- what the notebook says on the way ---


def network_of(value):
    return lambda X, y, passes, seed: [value * v for v in fresh_parameters(64, 8, 10, seed)]


def stub(X, y, passes, seed):
    raise NotImplementedError


def test_the_test_set_remembers_who_has_opened_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    digits.open_test_set(network_of(2), 3, fixed=False)
    assert capsys.readouterr().out.startswith("The test set is closed.") and not list(tmp_path.iterdir())
    said = []
    for network in (stub, network_of(1), network_of(1), network_of(-1), network_of(1)):
        digits.open_test_set(network, 3, fixed=True)
        said.append(capsys.readouterr().out)
    assert "stub: not yet" in said[0]
    assert [text.count("opened it before") for text in said] == [0, 0, 0, 1, 0]
    assert said[1].split()[-1] in said[3]


def test_validation_says_the_shares_and_the_goal(capsys):
    digits.validate(network_of(1), 3)
    assert re.search(r"right after 20 passes: [\d.]+%, [\d.]+%, [\d.]+%\nthe goal is 95%", capsys.readouterr().out)
    digits.validate(stub, 3)
    assert capsys.readouterr().out == "… stub: not yet.\n"
    digits.validate(lambda X, y, passes, seed: np.zeros(3), 3)
    assert "returns no network" in capsys.readouterr().out
