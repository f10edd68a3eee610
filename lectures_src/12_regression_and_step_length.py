# %% [markdown]
# # 12 · Regression, and the length of a step
#
# **How long may a step be, before gradient descent runs away?**
#
# **Time** 110 minutes · **You need** the output gradient (lesson 04), the algorithm (lesson 07), learning rates (lesson 10)

# %%
from functools import partial

import numpy as np
from sklearn.model_selection import train_test_split

from utils.data import diabetes, wave
from utils.explore.step_length import parabola_explorer, two_curvatures_explorer
from utils.explore.valley import valley_explorer
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork, check_gradients, gradient_descent
from utils.pictures import lesson_12 as pictures

lesson = Lesson("12")
lesson.explore("parabola", parabola_explorer())

# %% [markdown]
# This is the simplest loss there is, a parabola, $\mathcal{L} = \frac12 c\, w^2$. Its number $c$ is the **curvature**, the second derivative: how quickly
# the slope changes. The walk begins at $w = 2$, and each step is gradient descent.
#
# **After this lesson you can** say in advance which learning rates diverge · predict numbers instead of classes · bring inputs
# to a common scale without cheating · write momentum, and say where it helps · compare a network with the mean and with a straight line
# before you praise it.

# %%
lesson.recall(
    (
        "10/rises",
        "Lesson 10, four blobs: with η = 0.5 the loss never rose in 2000 steps. At how many of 2000 steps does it rise with η = 1?",
    ),
    "04/one_loss",
)

# %% [markdown]
# ## 1 · One parabola
#
# The slope at $w$ is $c\,w$. So a step of gradient descent is
#
# $$w \;\longleftarrow\; w - \eta\, c\, w = (1 - \eta c)\, w$$
#
# Every step multiplies $w$ by the same number.
#
# **Write it.**


# %%
def factor(rate, curvature):
    """Return the number by which a step multiplies the distance from the bottom."""
    raise NotImplementedError  # your line


factor = lesson.check(factor)

# %%
largest = lesson.predict(
    "largest",
    "The curvature is 4. Up to which learning rate does the walk stay near the bottom, instead of running away?",
)

# %% tags=["reasons"]
{
    "why": "It runs away when |1 − ηc| > 1, that is, when η > 2/c. Here 2/4.",
    "0.25": "At ¼ the factor is 0: one step, and w is at the bottom. A longer step overshoots, but it may still come nearer.",
    "2": "This is the limit for the curvature 1. A steeper curve allows shorter steps only.",
    "8": "You multiplied by the curvature. The more curved, the shorter the steps must be.",
    "1": "At 1 the factor is 1 − 4 = −3: each step lands three times as far away.",
}

# %%
rates = np.linspace(0, 3, 3001)
stays = np.abs([factor(rate, 4) for rate in rates]) <= 1
print(
    "factors for η = 0.1, 0.25, 0.4, 0.6:",
    [round(factor(rate, 4), 2) for rate in (0.1, 0.25, 0.4, 0.6)],
)
largest.compare(rates[stays].max())

# %%
how_many = lesson.predict(
    "how_many",
    "Another parabola, with the factor 0.9. After how many steps is the distance from the bottom less than 1 % of what it was?",
    unit="steps",
)

# %% tags=["reasons"]
{
    "why": "0.9 · 0.9 · 0.9 … falls below 0.01 at the 44th factor: log 0.01 / log 0.9 = 43.7.",
    "9 to 12": "So it would be if every step took away a tenth of the first distance. It takes a tenth of what is left.",
    "90 to 110": "Fewer are enough: 0.9 to the power 100 is 0.00003.",
    "2": "Two steps leave 0.9 · 0.9 = 81 %.",
    "otherwise": "How often do you multiply 1 by 0.9, until less than 0.01 is left?",
}

# %%
distance, steps = 1.0, 0
while distance >= 0.01:
    distance, steps = 0.9 * distance, steps + 1
print(f"after {steps - 1} steps {distance / 0.9:.5f}, after {steps} steps {distance:.5f}")
how_many.compare(steps)

# %% [markdown]
# ## 2 · A valley
#
# With two parameters the loss is a landscape. Seen from above, this one is a long valley: 20 times as curved across as along.

# %%
lesson.explore("valley", two_curvatures_explorer())

# %%
limit_side = lesson.predict(
    "limit_side",
    "Curvature 1 across the valley, 1/20 along it. Which of the two sets the limit of the learning rate?",
    {
        "across": "the steep direction, across",
        "along": "the flat direction, along",
        "mean": "the mean of the two",
    },
)

# %% tags=["reasons"]
{
    "why": "Across, η must stay below 2/1. Along, it could be 40. One direction that runs away is enough.",
    "the flat direction, along": "Along the valley the limit is 2/(1/20) = 40. Try η = 2.2: which distance grows?",
    "the mean of the two": "The two directions do not mix: each has its own factor. Try η = 2.2 and look at both distances.",
}

# %%
limits = {"across": 2 / 1, "along": 2 / (1 / 20)}
print("largest learning rate:", limits)
limit_side.compare(min(limits, key=limits.get))

# %%
patience = lesson.predict(
    "patience",
    "Now 100 times as curved across as along, and η at half of the limit. After how many steps is the distance along the valley less than 1 % of what it was?",
    unit="steps",
)

# %% tags=["reasons"]
{
    "why": "The factor along the valley is 1 − 1/100 = 0.99. The steep direction sets the step, the flat one sets the number of steps.",
    "43 to 45": "So it is for the factor 0.9. Here it is 1 − 1 · (1/100) = 0.99.",
    "1": "Across the valley one step is enough. Along it the factor is 0.99.",
    "100": "After 100 steps 0.99 to the power 100 is left, and that is still 37 %.",
    "200 to 230": "At the limit itself it would be half as many. η is at half of it, so the factor is 0.99.",
}

# %%
along = factor(1, 1 / 100)
patience.compare(np.ceil(np.log(0.01) / np.log(along)), tolerance=0.02)

# %% [markdown]
# So the ratio of the two curvatures is what makes gradient descent slow. Its name is the **condition number**. Can something be done about it? Two
# things, and you will do both: change the valley (section 5), or change the step (section 7).
#
# ## 3 · A number instead of a class
#
# Here is a real valley. 442 patients with diabetes were measured once: age, sex, body mass index, blood pressure, six blood values. A year later each of them
# got a score for how far the disease had gone, between 25 and 346. Can the ten measurements predict the score?

# %%
X, targets, names = diabetes()
X_train, X_val, targets_train, targets_val = train_test_split(X, targets, random_state=0)
print("columns:", " ".join(names))
for n in range(3):
    print(f"patient {n}:", " ".join(f"{value:g}" for value in X_train[n]), "→", targets_train[n])
print(f"{len(X_train)} patients for training, {len(X_val)} held back")

# %% [markdown]
# There are no classes here, so there is no softmax. The output must be able to take any value: it is **linear**, $\hat y = a_L$. The loss is the squared error, the mean over
# the patients:
#
# $$\mathcal{L} = \frac1N \sum_{n=1}^{N} (\hat y_n - y_n)^2$$

# %%
guess = lesson.predict(
    "guess",
    "Somebody looks at no measurement at all and predicts the same number for every patient. Which number has the lowest loss?",
    {
        "mean": "the mean of the scores",
        "median": "the median of the scores",
        "middle": "half-way between the smallest and the largest score",
    },
)

# %% tags=["reasons"]
{
    "why": "The derivative of the loss is the mean of 2(c − y), and it is 0 where c is the mean of the scores.",
    "the median of the scores": "The median has the smallest mean of |c − y|. With squares, large distances count more, and the mean wins.",
    "half-way between the smallest and the largest score": "This minimises the largest error. The loss is a mean over all patients.",
}

# %%
numbers = np.linspace(100, 200, 1001)
losses = np.array([((c - targets_train) ** 2).mean() for c in numbers])
candidates = {
    "mean": targets_train.mean(),
    "median": np.median(targets_train),
    "middle": (targets_train.min() + targets_train.max()) / 2,
}
print(
    "lowest loss at",
    numbers[losses.argmin()].round(1),
    "  candidates",
    {name: round(float(c), 1) for name, c in candidates.items()},
)
guess.compare(min(candidates, key=lambda name: abs(candidates[name] - numbers[losses.argmin()])))
assert np.isclose(losses.min(), targets_train.var(), rtol=1e-4)
print(f"✓ the loss of the mean is the variance of the scores, {targets_train.var():.0f}")

# %% [markdown]
# This is the price of knowing nothing, the $\log k$ of a regression. The share of it that a model saves is called $R^2$:
#
# $$R^2 = 1 - \frac{\text{mean of } (\hat y - y)^2}{\text{variance of } y}$$
#
# 1 is perfect, 0 is as good as the mean of these $y$, and below 0 the model is worse than that.
#
# **Write it.**


# %%
def r_squared(y_hat, y):
    """Return R² of the predictions."""
    raise NotImplementedError  # your line


r_squared = lesson.check(r_squared)

# %% [markdown]
# ## 4 · Where the way back begins
#
# **Write it:** the gradient of the squared error with respect to the pre-activations of a linear output.


# %%
def output_gradient(y_hat, y):
    """Return ∂𝓛/∂a_L for a batch, one column an example."""
    raise NotImplementedError  # your line


output_gradient = lesson.check(output_gradient)

# %%
below = lesson.predict(
    "below",
    "With this new beginning, what else must change in the backward pass?",
    {
        0: "nothing",
        1: "the gradients of the weights lose their factor h",
        2: "the hidden units need another g′",
    },
)

# %% tags=["reasons"]
{
    "why": "Everything below takes the gradient that arrives, wherever it comes from. The finite differences agree.",
    "the gradients of the weights lose their factor h": "∂𝓛/∂W_k = ∂𝓛/∂a_k h_{k−1}ᵀ comes from a_k = W_k h_{k−1} + b_k, and that is as it was.",
    "the hidden units need another g′": "g′ belongs to the hidden units' own activation, and that is as it was.",
}

# %%
regression = {"output": "linear", "loss": "squared_error"}
rng = np.random.default_rng(0)
x_any, y_any = rng.normal(size=(10, 40)), rng.normal(size=(1, 40))
agree = []
for activation in ("tanh", "relu"):
    net = FeedForwardNetwork([10, 5, 5, 1], activation, **regression, seed=0)
    trace = net.forward(x_any)
    assert np.allclose(net.backward(trace, y_any).a[net.L], output_gradient(trace.y_hat, y_any))
    agree.append(check_gradients(net, x_any, y_any).ok)
    print(
        f"✓ {activation}: the gradients of all {net.n_parameters} parameters agree with finite differences"
    )
below.compare(0 if all(agree) else 2)

# %% [markdown]
# ## 5 · Measurements as they are
#
# The simplest network for it has no hidden layer: $\hat y = W_1 x + b_1$, eleven parameters. We train it on the measurements as they are, in years,
# kilograms per square metre and millimetres of mercury. (The scores are divided by their standard deviation, so a loss of 1 means: as good as the mean.)

# %%
raw = lesson.predict(
    "raw",
    "The learning rate is 0.001, hundreds of times smaller than in lesson 10. What will the loss do in 200 epochs?",
    {"quick": "fall below 0.6", "slow": "fall, but stay above 0.6", "diverged": "run away"},
)

# %% tags=["reasons"]
{
    "why": "The measurements are numbers up to several hundred, so the curvatures are in the ten thousands. 2 divided by that is less than 0.001.",
    "fall below 0.6": "It does so on other data. Whether 0.001 is small depends on the curvature, and that depends on the units of the inputs.",
    "fall, but stay above 0.6": "So it would be if 0.001 were below 2/c. How large is c, when an input is about 190?",
}

# %%
y_mean, y_spread = targets_train.mean(), targets_train.std()
y_train = (targets_train - y_mean).reshape(1, -1) / y_spread
y_val = (targets_val - y_mean).reshape(1, -1) / y_spread

run = gradient_descent(
    FeedForwardNetwork([10, 1], **regression, seed=0),
    X_train.T,
    y_train,
    learning_rate=0.001,
    epochs=200,
)
print(run.message)
raw.compare("diverged" if run.diverged else "slow" if run.loss[-1] > 0.6 else "quick")

# %% [markdown]
# The loss along one weight $w_j$ alone is a parabola: $\hat y$ contains $w_j x_j$, so the second derivative is $c_j = \frac2N \sum_n x_{jn}^2$, twice
# the mean square of the input. (The bias belongs to an input that is always 1.)

# %%
order = lesson.predict(
    "order",
    "Cholesterol is about 190 for a typical patient. Looking at its weight alone, about how large may the learning rate be at most?",
    {-2: "about 0.01", -3: "about 0.001", -5: "about 0.00001", -7: "about 0.0000001"},
)

# %% tags=["reasons"]
{
    "why": "c = 2 · 190² ≈ 72 000, and 2/c ≈ 0.00003. Other weights lower the limit a little more.",
    "about 0.01": "This is about 2/190. The input is squared in c.",
    "about 0.001": "At 0.001 the loss has just run away.",
    "about 0.0000001": "It need not be that small: c = 2 · 190² is about 72 000.",
}


# %%
def curvatures(x):
    """Return the curvature of the loss along every weight, and along the bias."""
    return np.append(2 * (x**2).mean(axis=1), 2.0)


for name, c in zip([*names, "bias"], curvatures(X_train.T), strict=True):
    print(f"{name:4} curvature {c:9.1f}   limit 2/c = {2 / c:.2g}")
order.compare(int(np.round(np.log10(2 / curvatures(X_train.T).max()))))

# %% [markdown]
# The eleven directions of the weights are not the directions of the valley: patients with much of one blood value often have much of another, so the valley lies askew.
# Its own directions and their curvatures have names, **eigenvectors** and **eigenvalues**, and NumPy finds them (`eigvalsh`). What you have learned
# about one parabola holds in each of them:
#
# $$\eta < \frac{2}{\lambda_{\max}} \qquad\qquad \text{condition number} = \frac{\lambda_{\max}}{\lambda_{\min}}$$


# %%
def valley(x):
    """Return the smallest and the largest curvature of the valley's own directions."""
    x_1 = np.vstack([x, np.ones(x.shape[1])])  # the bias has an input of ones
    flattest, *_, steepest = np.linalg.eigvalsh(2 * x_1 @ x_1.T / x.shape[1])
    return flattest, steepest


raw_flat, raw_steep = valley(X_train.T)
print(f"as measured: η below {2 / raw_steep:.2g}, condition number {raw_steep / raw_flat:.1e}")

# %% [markdown]
# Fifty million times as curved in one direction as in another. Most of that is a matter of how the measurements are written down: cholesterol comes in hundreds, another blood value in single digits, and none of them lies around 0.
#
# The cure is to **standardise**: subtract the mean of each column, and divide by its standard deviation. Both are taken from the training part *only*. The held-back
# patients stand for people whom nobody has measured yet.
#
# **Write it.** Here a row is a patient, as the data come.


# %%
def standardise(X_train, X_val):
    """Return both parts, standardised with mean and standard deviation of the training part."""
    raise NotImplementedError  # two lines


standardise = lesson.check(standardise)

# %%
Z_train, Z_val = standardise(X_train, X_val)
x_train, x_val = Z_train.T, Z_val.T  # from here on a column is an example
flattest, steepest = valley(x_train)
limit = 2 / steepest
print(f"standardised: η below {limit:.4f}, condition number {steepest / flattest:.0f}")

# %%
edge = lesson.predict(
    "edge",
    "We train with 0.95 times this limit, and with 1.05 times. What do the two losses do in 200 epochs?",
    {"both": "both fall", "one": "one falls, one runs away", "none": "both run away"},
)

# %% tags=["reasons"]
{
    "why": "The factors in the steepest direction are −0.9 and −1.1. To the power 200, one is nothing and the other is 200 million.",
    "both fall": "So close to each other? The factors in the steepest direction are −0.9 and −1.1, and they are taken 200 times.",
    "both run away": "0.95 of the limit is below the limit: the factor is −0.9, and it shrinks from both sides in turn.",
}

# %%
runs = {}
for share in (0.5, 0.95, 1.05):
    net = FeedForwardNetwork([10, 1], **regression, seed=0)
    runs[f"{share} of the limit"] = gradient_descent(
        net, x_train, y_train, share * limit, epochs=200
    )
survive = [not run.loss[-1] > run.loss[0] for run in list(runs.values())[1:]]
edge.compare({2: "both", 1: "one", 0: "none"}[sum(survive)])
pictures.runs(runs)

# %% [markdown]
# A tenth of the learning rate decides, and you knew it in advance. With hidden layers the valley bends, and the limit changes from place to place. There
# is no formula any more, but there is still a limit: in lesson 10 the network began to jump when its valley had become narrow.
#
# ## 6 · The honest competitor
#
# For a network without hidden layer nobody needs gradient descent: the bottom of its valley is the solution of eleven linear equations, and `lstsq` (**least squares**) solves them at
# once. This is linear regression, two hundred years old.

# %%
same = lesson.predict(
    "same",
    "Gradient descent with η = 0.2 for 5000 epochs, and least squares. Of the eleven parameters, how many agree to five digits behind the point?",
    {0: "none", 1: "some of them", 2: "all"},
)

# %% tags=["reasons"]
{
    "why": "There is one lowest point, and both find it: after 5000 steps even the flattest direction has come to rest.",
    "none": "Two ways to the same place. The valley has a single lowest point.",
    "some of them": "The flat directions are slow, but 5000 steps with the factor 1 − 0.2 · 0.019 leave nothing of them.",
}

# %%
line = FeedForwardNetwork([10, 1], **regression, seed=0)
gradient_descent(line, x_train, y_train, learning_rate=0.2, epochs=5000, record_every=None)
descended = np.append(line.W[1], line.b[1])
solved = np.linalg.lstsq(np.vstack([x_train, np.ones(x_train.shape[1])]).T, y_train[0])[0]
for name, values in (("descent", descended), ("solved", solved)):
    print(f"{name:8}", " ".join(f"{value + 0:+.3f}" for value in values.round(6)))
n_equal = (np.abs(descended - solved) < 5e-6).sum()
same.compare(2 if n_equal == 11 else int(n_equal > 0))
print(
    f"R²: training {r_squared(line.predict(x_train), y_train):.2f}, held back {r_squared(line.predict(x_val), y_val):.2f}"
)

# %% [markdown]
# About half of the variance on the training part, less on the held-back patients. How far is such a number to be trusted? The split into training and held-back patients was a matter of
# chance, so let us split twenty times.

# %%
spread = lesson.predict(
    "spread",
    "Twenty random splits of the same 442 patients, least squares each time. How far apart are the largest and the smallest R² on the held-back patients?",
)

# %% tags=["reasons"]
{
    "why": "111 patients are few: which of them are held back changes R² by more than most improvements of a model.",
    "< 0.05": "So exact it is not: 111 patients are few, and some scores are hard to predict.",
    "0.05 to 0.12": "More than that. Look at the lowest and at the highest of the twenty.",
    "> 0.4": "It is not that bad: no split makes the model useless.",
}

# %%
R2 = []
for random_state in range(20):
    fit, held_back, t_fit, t_held_back = train_test_split(X, targets, random_state=random_state)
    z_fit, z_held_back = (np.c_[part, np.ones(len(part))] for part in standardise(fit, held_back))
    R2.append(r_squared(z_held_back @ np.linalg.lstsq(z_fit, t_fit)[0], t_held_back))
print("R² of twenty splits:", np.sort(R2).round(2))
spread.compare(max(R2) - min(R2), within=0.08)

# %% [markdown]
# Two digits of an $R^2$ from so few patients mean little. The mean over many splits means more; this is called **cross-validation**. And a comparison of two models must use the same
# splits for both.
#
# ## 7 · Another step: momentum
#
# A ball that rolls down a valley does not stop after each step. It has a velocity $v$, which keeps a part $\mu$ of itself and is changed by the slope:
#
# $$v \;\longleftarrow\; \mu\, v - \eta\, \frac{\partial \mathcal{L}}{\partial w} \qquad\qquad w \;\longleftarrow\; w + v$$
#
# This is gradient descent with **momentum**. With $\mu = 0$ it is what you know.
#
# **Write it.**


# %%
def new_velocity(velocity, gradient, rate, mu):
    """Return the velocity after a step."""
    raise NotImplementedError  # your line


new_velocity = lesson.check(new_velocity)

# %%
lesson.explore("momentum", valley_explorer())


# %% [markdown]
# In the network each parameter has a velocity. `gradient_descent` takes the step as an argument, so this is all the code there is:


# %%
def momentum_step(velocity, mu, net, gradients, rate):
    """Move every parameter by its velocity, which is kept from step to step."""
    for name in "Wb":
        for k in net.layers:
            v, slope = velocity.get((name, k), 0), getattr(gradients, name)[k]
            velocity[name, k] = new_velocity(v, slope, rate, mu)
            getattr(net, name)[k] = getattr(net, name)[k] + velocity[name, k]


def with_momentum(mu):
    return partial(momentum_step, {}, mu)  # it begins without any velocity


def epochs_needed(x, rate, mu, epochs):
    """Return after how many epochs the loss stays within 1 % of the lowest one."""
    x_1 = np.vstack([x, np.ones(x.shape[1])]).T
    lowest = ((x_1 @ np.linalg.lstsq(x_1, y_train[0])[0] - y_train[0]) ** 2).mean()
    net = FeedForwardNetwork([10, 1], **regression).with_parameters(W={1: np.zeros((1, 10))})
    run = gradient_descent(net, x, y_train, rate, epochs, record_every=None, step=with_momentum(mu))
    return int(np.flatnonzero(run.loss > 1.01 * lowest)[-1]) + 1


x_centred = (X_train - X_train.mean(axis=0)).T  # centred, but not divided by the standard deviation
steep = valley(x_centred)[1]
plain = epochs_needed(x_centred, 1.9 / steep, 0, 30_000)
print(f"centred, not scaled: condition number {steep / valley(x_centred)[0]:.0f}")
print(f"without momentum: {plain} epochs until the loss stays within 1 % of the lowest one")

# %% [markdown]
# Here we have taken the means away and left the units as they were: a valley of seventy thousand to one. Momentum also allows longer steps: up to $\frac{2(1 + \mu)}{\lambda_{\max}}$, nearly twice
# as long.

# %%
canyon = lesson.predict(
    "canyon",
    "The same valley with μ = 0.9, and η = 3.5/λ_max in place of 1.9/λ_max. After how many epochs does the loss stay within 1 % of the lowest one?",
    unit="epochs",
)

# %% tags=["reasons"]
{
    "why": "Along the flat directions the velocity grows until it is ten times a single step: a factor of 1/(1 − μ) = 10, times 3.5/1.9 for the longer steps.",
    "26000 to 28000": "Then momentum would do nothing. Slopes that point the same way add up in the velocity, up to ten of them.",
    "2500 to 2900": "You have counted the ten steps that add up, 1/(1 − 0.9). The steps are longer as well.",
    "13000 to 16000": "You have counted the longer steps. But slopes that point the same way add up, too.",
    "< 600": "Not so quick with μ = 0.9. With μ = 0.99 it would be.",
}

# %%
rolling = epochs_needed(x_centred, 3.5 / steep, 0.9, 4000)
print(f"{rolling} epochs: {plain / rolling:.0f} times fewer")
canyon.compare(rolling, tolerance=0.25)

# %%
bowl = lesson.predict(
    "bowl",
    "And on the standardised measurements, condition number 443? Without momentum the loss stays within 1 % after 23 epochs. With μ = 0.9 it takes …",
    {"fewer": "fewer than 15 epochs", "same": "15 to 30 epochs", "more": "more than 30 epochs"},
)

# %% tags=["reasons"]
{
    "why": "For a loss within 1 % the flat directions hardly count here, and the velocity swings back and forth across the valley. Momentum is a cure for long valleys, not for all.",
    "fewer than 15 epochs": "So it is in a long valley. In this one the flat directions hardly count for the loss, and the swinging costs time.",
    "15 to 30 epochs": "A velocity that keeps nine tenths needs a good many steps to calm down.",
}

# %%
needed = {}
for mu, share in ((0, 1.9), (0.5, 1.9), (0.9, 1.9), (0.9, 3.5)):
    needed[mu, share] = epochs_needed(x_train, share / steepest, mu, 1000)
    print(f"μ = {mu:3}, η = {share}/λ_max: {needed[mu, share]} epochs")
quickest = min(epochs for (mu, _), epochs in needed.items() if mu == 0.9)
bowl.compare("fewer" if quickest < 15 else "same" if quickest <= 30 else "more")

# %% [markdown]
# ## 8 · What does a hidden layer buy?
#
# Back to the patients, standardised. Six networks with twenty hidden units, 241 parameters for 331 patients, from six starts.

# %%
learned = lesson.predict(
    "learned",
    "After 2000 epochs, how many of the six networks have a lower loss than the straight line on the *training* patients?",
)

# %% tags=["reasons"]
{
    "why": "241 parameters can follow 331 patients closely. That is no achievement.",
    "0": "A network with a hidden layer can do what a straight line does, and more. On the points it was trained on it will be better.",
    "2 to 4": "It is not a matter of luck: 241 parameters against 11.",
}

# %%
strangers = lesson.predict(
    "strangers",
    "And how many of the six have a lower loss than the straight line on the *held-back* patients, at the end of the training?",
)

# %% tags=["reasons"]
{
    "why": "They have learned the training patients by heart, accidents included. This is called overfitting.",
    "6": "What they have learned on the training part need not hold for others. Which part of it is accident?",
    "2 to 4": "It is not a matter of luck: all of them have had time to learn accidents.",
}

# %%
stack = FeedForwardNetwork([10, 20, 1], "tanh", **regression, seed=range(6))  # six networks at once
history = gradient_descent(
    stack, x_train, y_train, learning_rate=0.05, epochs=2000, record_every=20
)
held_back = stack.loss(history.networks().forward(x_val), y_val)
line_train = line.loss(line.forward(x_train), y_train)
line_val = line.loss(line.forward(x_val), y_val)
print(f"straight line: training {line_train:.3f}, held back {line_val:.3f}")
print("networks, training: ", history.loss[-1].round(3))
print("networks, held back:", held_back[-1].round(3))
learned.compare((history.loss[-1] < line_train).sum())
strangers.compare((held_back[-1] < line_val).sum())
pictures.overfitting(history.epochs, history.loss, held_back, line_train, line_val)

# %% [markdown]
# Look at the lowest point of a dashed curve. Stopping there is **early stopping**. It is fair when the stopping point is chosen with other patients than those on whom the result is
# told; with hindsight, as here, it flatters the network. Even so most of these networks do not get below the line.
#
# And on other splits? In a hundred runs, five starts on each of twenty splits, no network was below the line after 2000 epochs, and about a quarter of them were after 100 epochs. *On these patients a
# hidden layer of this kind buys nothing.* Whoever looks at the training loss alone would say the opposite.
#
# ## 9 · Where it pays
#
# A hidden layer can bend. So give it something bent: 200 points on a wave, with a little noise. No model can get an $R^2$ above about 0.95 here: the rest is noise.

# %%
X_wave, wave_targets = wave()
parts = train_test_split(X_wave, wave_targets.reshape(-1, 1), random_state=0)
x_wave, x_wave_val, y_wave, y_wave_val = (part.T for part in parts)

net = FeedForwardNetwork([1, 8, 1], "tanh", **regression, seed=0)
gradient_descent(net, x_wave, y_wave, learning_rate=0.05, epochs=3000, record_every=None)
print(
    f"eight tanh units, 3000 epochs: R² on held-back points {r_squared(net.predict(x_wave_val), y_wave_val):.2f}"
)
pictures.fits(x_wave, y_wave, {"eight tanh units": net})

# %%
ends = lesson.predict(
    "ends",
    "The curve follows the wave in the middle and misses it at both ends. What is to blame?",
    {
        "units": "eight units are too few",
        "steps": "the training: it has not arrived yet",
        "noise": "the noise in the points",
    },
)

# %% tags=["reasons"]
{
    "why": "The same network, from the same start, follows the whole wave when it is trained with momentum.",
    "eight units are too few": "The same eight units can do it, as the next picture shows.",
    "the noise in the points": "The noise sets a limit of about 0.95, and it is the same everywhere, also in the middle.",
}

# %%
found = {}
for name, sizes, step in (
    ("no hidden layer", [1, 1], with_momentum(0.9)),
    ("8 tanh, momentum", [1, 8, 1], with_momentum(0.9)),
    ("16 tanh, plain", [1, 16, 1], with_momentum(0)),
):
    found[name] = FeedForwardNetwork(sizes, "tanh", **regression, seed=0)
    gradient_descent(found[name], x_wave, y_wave, 0.05, epochs=3000, record_every=None, step=step)
    print(
        f"{name:17} R² on held-back points {r_squared(found[name].predict(x_wave_val), y_wave_val):.2f}"
    )
more_units, more_speed = (
    r_squared(found[name].predict(x_wave_val), y_wave_val)
    for name in ("16 tanh, plain", "8 tanh, momentum")
)
ends.compare("steps" if more_speed > max(0.92, more_units) else "units")
pictures.fits(x_wave, y_wave, found)

# %% [markdown]
# The data decide what a hidden layer is worth, as in lesson 10. And a poor fit has two possible causes: what the network *can* do, and what the training *has* done.
#
# | task | output | loss | starts at, when it knows nothing | what people report |
# |---|---|---|---|---|
# | one of $k$ classes | softmax | cross-entropy | $\log k$ | accuracy, confusion matrix |
# | yes or no | sigmoid | binary cross-entropy | $\log 2$ | accuracy, for each class too |
# | a number | linear | squared error | variance of the targets | $R^2$, typical error in the units of the targets |

# %%
lesson.summary()
