import doctest
import os
import pickle
import re
from pathlib import Path

import joblib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from dask.distributed import Client, LocalCluster
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, FitFailedWarning
from sklearn.inspection import DecisionBoundaryDisplay
from sklearn.model_selection import GridSearchCV, LearningCurveDisplay
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from utils import estimators
from utils.data import DATA_SETS, four_blobs, one_hot, two_classes
from utils.estimators import BackpropClassifier, BackpropRegressor
from utils.nn.losses import softmax
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

quick = settings(derandomize=True, deadline=None, max_examples=20)
BOTH = pytest.mark.parametrize("estimator", [BackpropClassifier, BackpropRegressor])
ACTIVATIONS = ["sigmoid", "tanh", "relu", "identity"]


def numbers(n_examples=40, n_targets=1, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_examples, 3))
    y = np.sin(X @ rng.normal(size=(3, n_targets))) + 0.1 * rng.normal(size=(n_examples, n_targets))
    return X, (y[:, 0] if n_targets == 1 else y)


def pipeline(**parameters):
    return make_pipeline(StandardScaler(), BackpropClassifier(**({"max_iter": 50, "random_state": 0} | parameters)))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # some checks bring columns around 100, unscaled
@parametrize_with_checks([BackpropClassifier(), BackpropRegressor()])
def test_scikit_learn_finds_no_fault(estimator, check, monkeypatch):
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")  # else its check of array namespaces is skipped
    check(estimator)


def test_the_examples_in_the_docstrings_hold():
    results = doctest.testmod(estimators)
    assert results.attempted and not results.failed


def test_the_example_in_the_readme_holds():
    readme = (Path(estimators.__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, flags=re.S)
    namespace = {}
    exec(example, namespace)
    none, two, eight = namespace["search"].cv_results_["mean_test_score"]
    assert 0.55 < none < 0.7 and 0.95 < two <= eight < 0.98


# The same network, trained in the same way


@quick
@given(
    k=st.integers(2, 4),
    sizes=st.lists(st.integers(1, 5), max_size=2).map(tuple),
    activation=st.sampled_from(ACTIVATIONS),
    batch_size=st.sampled_from([None, 7, 500]),
    seed=st.integers(0, 99),
)
def test_the_classifier_is_gradient_descent_with_other_names(k, sizes, activation, batch_size, seed):
    X, labels = four_blobs(50, seed=1)
    labels = np.minimum(labels, k - 1)
    model = BackpropClassifier(
        sizes, activation, learning_rate_init=0.05, max_iter=4, batch_size=batch_size, random_state=seed
    ).fit(X, np.array(["a", "b", "c", "d"])[labels])  # fmt: skip
    y = labels.reshape(1, -1) if k == 2 else one_hot(labels, k)
    net = FeedForwardNetwork([2, *sizes, len(y)], activation, "sigmoid" if k == 2 else "softmax", seed=seed)
    history = gradient_descent(net, X.T, y, 0.05, 4, batch_size=batch_size, seed=seed)
    np.testing.assert_array_equal(model.history_.loss, history.loss)
    np.testing.assert_array_equal(model.loss_curve_, history.loss[1:])
    assert model.n_iter_ == len(model.loss_curve_) == 4
    a = net.forward(X.T).a[-1]
    if k == 2:  # one sigmoid unit is a softmax over the scores 0 and a
        a = np.vstack([0 * a, a])
    probabilities = model.predict_proba(X)
    np.testing.assert_allclose(probabilities, softmax(a).T, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-12)
    assert (model.predict(X) == model.classes_[probabilities.argmax(1)]).all()
    assert model.score(X, np.array(["a", "b", "c", "d"])[labels]) == net.accuracy(X.T, y)


@pytest.mark.parametrize("n_targets", [1, 2])
@pytest.mark.parametrize("batch_size", [None, 7])
def test_the_regressor_is_gradient_descent_with_other_names(n_targets, batch_size):
    X, y = numbers(n_targets=n_targets)
    model = BackpropRegressor((4,), "relu", learning_rate_init=0.05, max_iter=6, batch_size=batch_size, random_state=3).fit(X, y)
    net = FeedForwardNetwork([3, 4, n_targets], "relu", "linear", "squared_error", seed=3)
    history = gradient_descent(net, X.T, y.reshape(40, -1).T, 0.05, 6, batch_size=batch_size, seed=3)
    np.testing.assert_array_equal(model.history_.loss, history.loss)
    np.testing.assert_allclose(model.predict(X), net.predict(X.T).T.reshape(y.shape), rtol=1e-12)
    y_hat, y = model.predict(X).reshape(40, -1), y.reshape(40, -1)
    assert model.score(X, y) == pytest.approx((1 - ((y - y_hat) ** 2).sum(0) / ((y - y.mean(0)) ** 2).sum(0)).mean(), rel=1e-12)


def epochs_of_scikit_learn(peer, start, X, y, epochs, **classes):
    """Run scikit-learn's own network from the weights of ours, all examples in each step, and return it with its losses."""
    peer.set_params(solver="sgd", momentum=0, nesterovs_momentum=False, alpha=0, batch_size=len(X), shuffle=False)
    peer.partial_fit(X, y, **classes)  # makes its arrays, which get our weights now
    for k in start.layers:
        peer.coefs_[k - 1][:] = start.W[k].T
        peer.intercepts_[k - 1][:] = start.b[k][:, 0]
    for _ in range(epochs):
        peer.partial_fit(X, y)
    return peer


@pytest.mark.parametrize("data", ["two classes", "spirals", "four blobs"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_scikit_learns_own_classifier_arrives_at_the_same_weights(data, activation):
    X, labels = DATA_SETS[data](n_samples=90)
    X = StandardScaler().fit_transform(X)
    model = BackpropClassifier((5, 4), activation, learning_rate_init=0.2, max_iter=60, random_state=1).fit(X, labels)
    net = model.network_
    start = FeedForwardNetwork(net.layer_sizes, activation, net.loss.output, seed=1)
    name = {"sigmoid": "logistic"}.get(activation, activation)
    peer = MLPClassifier((5, 4), name, learning_rate_init=0.2)
    peer = epochs_of_scikit_learn(peer, start, X, labels, 60, classes=np.unique(labels))
    for k in net.layers:
        np.testing.assert_allclose(net.W[k], peer.coefs_[k - 1].T, atol=1e-10)
        np.testing.assert_allclose(net.b[k][:, 0], peer.intercepts_[k - 1], atol=1e-10)
    np.testing.assert_allclose(model.predict_proba(X), peer.predict_proba(X), atol=1e-10)
    np.testing.assert_allclose(model.history_.loss[:-1], peer.loss_curve_[1:], atol=1e-10)  # theirs are taken before the step
    assert np.abs(net.W[1] - start.W[1]).max() > 0.01


@pytest.mark.parametrize("n_targets", [1, 2])
def test_scikit_learns_own_regressor_arrives_at_the_same_numbers(n_targets):
    X, y = numbers(n_targets=n_targets)
    model = BackpropRegressor((5,), learning_rate_init=0.05, max_iter=60, random_state=1).fit(X, y)
    start = FeedForwardNetwork([3, 5, n_targets], "tanh", "linear", "squared_error", seed=1)
    peer = MLPRegressor(
        hidden_layer_sizes=(5,), activation="tanh", learning_rate_init=0.1
    )  # its loss is half a square: the steps are half as long
    peer = epochs_of_scikit_learn(peer, start, X, y, 60)
    np.testing.assert_allclose(model.predict(X), peer.predict(X), atol=1e-10)


def test_random_state_is_the_seed_of_weights_and_batches():
    X, labels = two_classes(60)

    def weights(random_state):
        return BackpropClassifier(max_iter=2, batch_size=20, random_state=random_state).fit(X, labels).network_.W[1]

    np.testing.assert_array_equal(weights(5), weights(5))
    np.testing.assert_array_equal(weights(np.random.RandomState(5)), weights(np.random.RandomState(5)))
    assert len({weights(r)[0, 0] for r in (5, 6, None, None, np.random.RandomState(5), np.random.RandomState(6))}) == 6


@BOTH
@pytest.mark.parametrize("sizes", [5, (5,), [5], np.array([5])], ids=repr)
def test_hidden_layer_sizes_may_be_written_as_scikit_learn_writes_them(estimator, sizes):
    model = estimator(sizes, max_iter=1).fit([[0.0], [1.0], [2.0]], [0, 1, 0])
    assert model.network_.layer_sizes == [1, 5, 1]


@BOTH
def test_training_keeps_no_parameters_but_the_last(estimator):
    X, y = np.random.default_rng(0).normal(size=(20, 100)), np.arange(20) % 2
    model = estimator((50,), max_iter=100, learning_rate_init=1e-3).fit(X, y)
    assert len(pickle.dumps(model)) < 2 * 8 * model.network_.n_parameters
    with pytest.raises(ValueError, match="kept its losses alone"):
        model.history_.at(0)


# Errors


@BOTH
@pytest.mark.parametrize(
    "parameters, message",
    [
        ({"hidden_layer_sizes": "8"}, r"hidden_layer_sizes must list .* such as \(8,\) .* not '8'"),
        ({"hidden_layer_sizes": None}, r"hidden_layer_sizes must list .* or \(\) for none, not None"),
        ({"hidden_layer_sizes": (8, 0)}, r"hidden_layer_sizes\[1\] must be a whole number, 1 or more, not 0"),
        ({"hidden_layer_sizes": 0}, r"hidden_layer_sizes\[0\] .* not 0"),
        ({"hidden_layer_sizes": True}, r"hidden_layer_sizes\[0\] .* not True"),
        ({"hidden_layer_sizes": (2.5,)}, r"hidden_layer_sizes\[0\] .* not 2\.5"),
        ({"activation": "logistic"}, "'logistic' is called 'sigmoid' here"),
        ({"activation": "swish"}, "activation must be one of 'sigmoid', 'tanh', 'relu', 'identity', not 'swish'"),
        ({"learning_rate_init": 0}, r"learning_rate_init must be a positive number such as 0\.5, not 0"),
        ({"learning_rate_init": [0.1, 0.2]}, r"learning_rate_init must be a positive number such as 0\.5, not \[0\.1, 0\.2\]"),
        ({"max_iter": 0}, "max_iter must be a whole number, 1 or more, not 0"),
        ({"max_iter": 10.0}, r"max_iter must be .* not 10\.0"),
        ({"batch_size": "auto"}, r"batch_size \(None stands for all examples\) must be a whole number, 1 or more, not 'auto'"),
        ({"batch_size": 0}, "batch_size .* not 0"),
        ({"random_state": -1}, "random_state must be a whole number, 0 or more, not -1"),
        ({"random_state": [0, 1]}, r"random_state must be .* not \[0, 1\]"),
    ],
    ids=str,
)
def test_unfit_parameters_are_refused_by_fit_under_their_own_names(estimator, parameters, message):
    with pytest.raises(ValueError, match=message):
        estimator(**parameters).fit([[0.0], [1.0], [2.0]], [0, 1, 0])


@pytest.mark.parametrize("n_examples", [1, 5])
def test_one_class_alone_cannot_be_learnt(n_examples):
    with pytest.raises(ValueError, match=r"1 class alone, .*'a'.*, so there is nothing to tell apart.*stratify=y"):
        BackpropClassifier().fit(np.ones((n_examples, 2)), ["a"] * n_examples)


def test_a_run_that_diverged_is_an_error_and_in_a_grid_search_a_failed_fit():
    X, y = numbers()
    with pytest.raises(ValueError, match=r"Diverged: .* 0\.5 instead of 5\. .*learning_rate_init.*StandardScaler"):
        BackpropRegressor((8,), "relu", learning_rate_init=5.0, random_state=0).fit(X, y)
    search = GridSearchCV(BackpropRegressor((8,), "relu", random_state=0), {"learning_rate_init": [5.0, 0.05]}, cv=2)
    with pytest.warns(FitFailedWarning, match="Diverged"), pytest.warns(UserWarning, match="scores are non-finite"):
        search.fit(X, y)
    assert np.isnan(search.cv_results_["mean_test_score"][0]) and search.best_params_ == {"learning_rate_init": 0.05}


def test_a_run_that_made_it_worse_says_so_in_the_line_that_called_fit():
    X, labels = four_blobs(60)
    with pytest.warns(ConvergenceWarning, match=r"9 epochs.* ends higher.*smaller learning_rate_init.*StandardScaler") as caught:
        BackpropClassifier(learning_rate_init=1e4, max_iter=9, random_state=0).fit(X, labels)
    assert [warning.filename for warning in caught] == [__file__]


# Works with scikit-learn's tools


def test_pickled_and_cloned():
    X, labels = four_blobs(80)
    model = pipeline(batch_size=30).fit(X, labels)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict_proba(X), model.predict_proba(X))
    copy = clone(model)
    assert not hasattr(copy[-1], "network_") and copy[-1].get_params() == model[-1].get_params()
    np.testing.assert_array_equal(copy.fit(X, labels).predict_proba(X), model.predict_proba(X))


def test_data_frames_keep_their_names_and_labels_their_words():
    X, labels = two_classes(80)
    frame = pd.DataFrame(X, columns=["across", "up"])
    model = BackpropClassifier(max_iter=20, random_state=0).fit(frame, pd.Series(labels).map({0: "even", 1: "odd"}))
    assert model.feature_names_in_.tolist() == ["across", "up"] and model.classes_.tolist() == ["even", "odd"]
    assert set(model.predict(frame)) == {"even", "odd"}
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[["up", "across"]])


@pytest.mark.parametrize("data", DATA_SETS)
def test_displays_show_it(data):
    X, labels = DATA_SETS[data](n_samples=60)
    model = pipeline().fit(X, labels)
    classes = DecisionBoundaryDisplay.from_estimator(model, X, response_method="predict", grid_resolution=20).response
    assert set(np.unique(classes)) <= set(labels)
    response = DecisionBoundaryDisplay.from_estimator(model, X, grid_resolution=20).response
    if len(set(labels)) == 2:  # the probability of class 1
        np.testing.assert_array_equal(response > 0.5, classes)
    curve = LearningCurveDisplay.from_estimator(pipeline(), X, labels, train_sizes=[0.5, 1.0], cv=3)
    assert curve.test_scores.shape == (2, 3) and (curve.test_scores > 1 / 4).all()
    plt.close("all")


@pytest.mark.long
def test_a_grid_search_leaves_this_process_through_dask():
    X, labels = two_classes(120)
    grid = {"backpropclassifier__hidden_layer_sizes": [(2,), (8,)], "backpropclassifier__learning_rate_init": [0.05, 0.5]}

    def score(model, X, labels):
        return {"accuracy": model.score(X, labels), "process": os.getpid()}

    def search():
        return GridSearchCV(pipeline(), grid, scoring=score, refit="accuracy", cv=3).fit(X, labels)

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, protocol="tcp://", dashboard_address=":0") as cluster,
        Client(cluster.scheduler_address) as client,
    ):
        assert cluster.scheduler_address.startswith("tcp://")
        workers = set(client.run(os.getpid).values())
        with joblib.parallel_config("dask"):
            far = search()
    near = search()
    processes = {int(far.cv_results_[f"split{i}_test_process"][j]) for i in range(3) for j in range(4)}
    assert processes <= workers and os.getpid() not in processes
    np.testing.assert_array_equal(far.cv_results_["mean_test_accuracy"], near.cv_results_["mean_test_accuracy"])
    np.testing.assert_array_equal(far.predict_proba(X), near.predict_proba(X))
