"""The course's network as scikit-learn estimators: for pipelines, grid searches and plots, with examples in rows.

Nothing is computed here. The network is ``FeedForwardNetwork``, its training ``gradient_descent``; this module
turns scikit-learn's shapes, names and labels into those of the course, and back. X of shape (N, n_0) is
transposed once. ``fit`` always starts from new weights: there is no ``partial_fit`` and no ``warm_start``.
"""

import numbers
import warnings

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from utils.data import one_hot
from utils.nn import checks
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent


class _BackpropEstimator(BaseEstimator):
    """What classifier and regressor share: the parameters, and the way through gradient descent."""

    def __init__(
        self,
        hidden_layer_sizes=(8,),
        activation="tanh",
        *,
        learning_rate_init=0.5,
        max_iter=500,
        batch_size=None,
        random_state=None,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.random_state = random_state

    def _train(self, X, y, output, loss):
        """Train a new network on X, shape (N, n_0), and the target columns y, shape (n_L, N)."""
        if self.activation == "logistic":
            raise ValueError("activation='logistic' is called 'sigmoid' here, as in the lessons: write activation='sigmoid'.")
        sizes = [X.shape[1], *self._hidden_layer_sizes(), y.shape[0]]
        rate = checks.positive(self.learning_rate_init, "learning_rate_init")
        epochs = checks.whole_number(self.max_iter, "max_iter", at_least=1)
        if self.batch_size is not None:
            checks.whole_number(self.batch_size, "batch_size (None stands for all examples)", at_least=1)
        seed = self._seed()
        network = FeedForwardNetwork(sizes, self.activation, output, loss, seed)
        history = gradient_descent(network, X.T, y, rate, epochs, batch_size=self.batch_size, record_every=None, seed=seed)
        scaling = (
            "Columns of X, or numbers y, that are large or of very different size make steps too long as well: StandardScaler mends that."
        )
        if history.diverged:
            raise ValueError(f"{history.message} Here it is called learning_rate_init. {scaling}")
        if history.loss[-1] > history.loss[0]:
            message = f"{history.message} The loss ends higher than it began. Try a smaller learning_rate_init. {scaling}"
            warnings.warn(message, ConvergenceWarning, stacklevel=3)  # 3: the line that called fit
        self.network_ = network
        self.history_ = history
        self.loss_curve_ = history.loss[1:]
        self.n_iter_ = int(history.epochs[-1])
        return self

    def _hidden_layer_sizes(self):
        value = self.hidden_layer_sizes
        sizes = [value] if isinstance(value, numbers.Integral) else checks.as_list(value)
        if sizes is None:
            raise ValueError(
                f"hidden_layer_sizes must list the units of each hidden layer, such as (8,) or (16, 16), or () for none, not {value!r}."
            )
        return [checks.whole_number(size, f"hidden_layer_sizes[{i}]", at_least=1) for i, size in enumerate(sizes)]

    def _seed(self):
        """Return the seed of the weights and of the order of examples; a RandomState is asked for one."""
        if isinstance(self.random_state, np.random.RandomState):
            return self.random_state.randint(2**31)
        return None if self.random_state is None else checks.whole_number(self.random_state, "random_state", at_least=0)

    def _y_hat(self, X):
        """Return ŷ with one example a row, shape (N, n_L)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=float, reset=False)
        return self.network_.forward(X.T).y_hat.T


class BackpropClassifier(ClassifierMixin, _BackpropEstimator):
    """Classifier: a feed-forward network trained by plain gradient descent on cross-entropy.

    Two classes share one sigmoid output unit, more of them get a softmax with a unit each (lesson 04).
    Columns of X should be of similar size, about 1: put a StandardScaler before it.

    Parameters
    ----------
    hidden_layer_sizes : sequence of int, or int
        Units of each hidden layer; () for none, which is logistic regression.
    activation : str
        g of the hidden layers: "sigmoid", "tanh", "relu" or "identity".
    learning_rate_init : float
        Step length η. It stays the same: plain gradient descent has no schedule and no momentum.
    max_iter : int
        Epochs. All of them are run: on a plateau the loss hardly moves, and a rule that stops there would stop too early.
    batch_size : int, optional
        Examples per step. Without it every step uses all examples.
    random_state : int, RandomState instance or None
        Seed of the weights, and of the order of examples when there are batches.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The labels, sorted. ``predict_proba`` has its columns in this order.
    network_ : FeedForwardNetwork
        The trained network; it takes one example a column: ``network_.forward(X.T)``.
    loss_curve_ : ndarray, shape (n_iter_,)
        Mean loss over the training examples after each epoch.
    history_ : History
        The run: epochs and losses, from the untrained network on.
    n_iter_ : int
        Epochs run.
    n_features_in_ : int
        Number of columns of X.
    feature_names_in_ : ndarray of str
        Names of these columns, where X was a data frame.

    Raises
    ------
    ValueError
        From ``fit``: for parameters, X or y of a wrong kind, for labels of one class alone, and for a run that
        diverged. A grid search marks the last as a failed fit; predictions of such a network would mean nothing.

    Warns
    -----
    ConvergenceWarning
        From ``fit``, when the loss ends higher than it began.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from utils.data import four_blobs
    >>> from utils.estimators import BackpropClassifier
    >>> X, labels = four_blobs()
    >>> model = make_pipeline(StandardScaler(), BackpropClassifier(random_state=0))
    >>> bool(0.9 < model.fit(X, labels).score(X, labels) < 0.96)
    True
    >>> model[-1].network_
    FeedForwardNetwork 2-8-4: tanh hidden units, softmax output, cross_entropy, 60 parameters
    """

    def fit(self, X, y):
        """Train a new network.

        Parameters
        ----------
        X : array, shape (N, n_0)
            One example a row.
        y : array, shape (N,)
            Labels of any kind.

        Returns
        -------
        self
        """
        X, y = validate_data(self, X, y, dtype=float)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        k = len(self.classes_)
        if k == 1:
            raise ValueError(
                f"y holds 1 class alone, {self.classes_[0]!r}, so there is nothing to tell apart. "
                "Did the rows get sorted before the data was split? Use train_test_split(..., stratify=y)."
            )
        if k == 2:
            return self._train(X, labels.reshape(1, -1), "sigmoid", "cross_entropy")
        return self._train(X, one_hot(labels, k), "softmax", "cross_entropy")

    def predict_proba(self, X):
        """Compute the probability of every class.

        Parameters
        ----------
        X : array, shape (N, n_0)
            One example a row.

        Returns
        -------
        ndarray, shape (N, n_classes)
            One example a row; each row sums to 1.
        """
        y_hat = self._y_hat(X)
        return np.hstack([1 - y_hat, y_hat]) if len(self.classes_) == 2 else y_hat

    def predict(self, X):
        """Decide for the most probable label.

        Parameters
        ----------
        X : array, shape (N, n_0)
            One example a row.

        Returns
        -------
        ndarray, shape (N,)
        """
        y_hat = self._y_hat(X)
        return self.classes_[self.network_.classes_of(y_hat.T)]


class BackpropRegressor(RegressorMixin, _BackpropEstimator):
    """Regressor: a feed-forward network with linear output, trained by plain gradient descent on squared error.

    Its loss is the mean over the examples of the *sum* of squares over the outputs (lesson 12).
    Columns of X, and y, should be of similar size, about 1: use a StandardScaler and a TransformedTargetRegressor.

    Parameters
    ----------
    hidden_layer_sizes, activation, learning_rate_init, max_iter, batch_size, random_state
        As for BackpropClassifier. The steps are shorter, ``learning_rate_init=0.1``: squared error has no bound on its
        gradient, and steps that suit a classifier would diverge.

    Attributes
    ----------
    network_, loss_curve_, history_, n_iter_, n_features_in_, feature_names_in_
        As for BackpropClassifier.

    Raises
    ------
    ValueError
        From ``fit``: for parameters, X or y of a wrong kind, and for a run that diverged. A grid search marks the
        last as a failed fit; predictions of such a network would mean nothing.

    Warns
    -----
    ConvergenceWarning
        From ``fit``, when the loss ends higher than it began.

    Examples
    --------
    >>> from sklearn.compose import TransformedTargetRegressor
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.preprocessing import StandardScaler
    >>> from utils.estimators import BackpropRegressor
    >>> X, y = load_diabetes(return_X_y=True)
    >>> X = StandardScaler().fit_transform(X)
    >>> model = TransformedTargetRegressor(BackpropRegressor(random_state=0), transformer=StandardScaler())
    >>> bool(0.5 < model.fit(X, y).score(X, y) < 0.7)
    True
    >>> model.regressor_.network_
    FeedForwardNetwork 10-8-1: tanh hidden units, linear output, squared_error, 97 parameters
    """

    def __init__(
        self, hidden_layer_sizes=(8,), activation="tanh", *, learning_rate_init=0.1, max_iter=500, batch_size=None, random_state=None
    ):
        super().__init__(
            hidden_layer_sizes,
            activation,
            learning_rate_init=learning_rate_init,
            max_iter=max_iter,
            batch_size=batch_size,
            random_state=random_state,
        )

    def __sklearn_tags__(self):
        """Return scikit-learn's tags: several targets at once are welcome."""
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X, y):
        """Train a new network.

        Parameters
        ----------
        X : array, shape (N, n_0)
            One example a row.
        y : array, shape (N,) or (N, n_targets)
            The numbers to be predicted.

        Returns
        -------
        self
        """
        X, y = validate_data(self, X, y, dtype=float, multi_output=True, y_numeric=True)
        self._y_ndim = y.ndim
        return self._train(X, np.atleast_2d(y.T), "linear", "squared_error")

    def predict(self, X):
        """Compute the predicted numbers.

        Parameters
        ----------
        X : array, shape (N, n_0)
            One example a row.

        Returns
        -------
        ndarray, shape (N,) or (N, n_targets)
            As y had in ``fit``.
        """
        y_hat = self._y_hat(X)
        return y_hat[:, 0] if self._y_ndim == 1 else y_hat
