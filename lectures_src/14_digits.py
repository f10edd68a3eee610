# %% [markdown]
# # 14 · Digits
#
# **A network is sure that it sees an 8. How much must one change the image, and it is sure of a 3?**
#
# **Time** 110 minutes · **You need** the algorithm (lesson 07), four classes (lesson 10), momentum (lesson 12), activations and
# fresh weights (lesson 13)

# %%
from functools import partial
from time import perf_counter

import numpy as np
from sklearn.datasets import load_digits

from utils.data import digits, one_hot
from utils.explore.digit import digit_explorer
from utils.homework.keeping import kept_train
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork, gradient_descent, update
from utils.pictures import lesson_14 as pictures

(X_train, labels_train), (X_val, labels_val), (X_test, labels_test) = digits()
pictures.one_of_each(X_train, labels_train)

# %% [markdown]
# 1797 handwritten digits, 8 × 8 pixels each. A pixel is a grey level from 0 to 16. So an example is a column of 64 numbers.
#
# **After this lesson you can** say what a test set is for, and why it is opened once · train with mini-batches, and count what they cost · see
# overfitting, and do something about it · say how sure a network is, and how far that can be trusted · compare it with honest rivals · compute
# $\frac{\partial \mathcal{L}}{\partial x}$, and fool the network with it.

# %%
lesson = Lesson("14")
lesson.recall("10/fresh", "13/half")

# %% [markdown]
# ## 1 · Three parts
#
# The images are split into three parts. The network learns from **training** images. With **validation** images we choose: how many units, which
# learning rate, when to stop. The **test** images stay closed until the end.
#
# The simplest reader learns nothing at all. It looks through the training images for the one that is **most similar**, and says its label. Keep it: it will be a rival.
#
# **Write it.** Similar means a small sum of squared differences.


# %%
def most_similar(image, x_known, labels):
    """Return the label of the known image that is nearest; image is a column, x_known holds columns."""
    raise NotImplementedError  # your line


most_similar = lesson.check(most_similar)

# %% [markdown]
# And why is validation not enough? Why a third part?

# %%
luck = lesson.predict(
    "luck",
    "A thousand programs know nothing: each one guesses the digit at random. All of them answer the same 50 images, and we choose the best of them. "
    "How many percent of these 50 images did it get right?",
    unit="%",
)

# %% tags=["reasons"]
{
    "why": "The best of a thousand has had luck, and on new images the luck is gone. Whoever chooses by some images cannot report the accuracy on the same images.",
    "8 to 12": "This is the mean of all. We choose the best one, and among a thousand there are lucky ones.",
    "> 45": "So much luck is rare: half of 50 answers right, where each one is right with a chance of 1 in 10.",
    "otherwise": "Some are lucky, some are not. The best of a thousand lies several standard deviations above the mean.",
}

# %%
rng = np.random.default_rng(0)
answers = rng.integers(0, 10, size=(1000, 50))
right = (answers == labels_val[:50]).mean(axis=1)
again = (rng.integers(0, 10, size=500) == labels_train[:500]).mean()
print(f"the mean of all: {right.mean():.0%}; the chosen one on 500 new images: {again:.0%}")
luck.compare(right.max(), within=0.06)

# %% [markdown]
# We shall choose a lot in this lesson. So the test set stays closed until section 8.
#
# ## 2 · Pixels in, probabilities out
#
# 64 inputs, 32 hidden units, 10 outputs. If you have kept your own network in homework 4, it will now read digits, without a change: it never knew that
# its inputs were points in a plane.

# %%
train = kept_train()

# %%
W1, b1, W2, b2 = train(X_train / 16, labels_train, n_hidden=32, learning_rate=2, epochs=300, seed=0)
h1 = 1 / (1 + np.exp(-(W1 @ X_val.T / 16 + b1)))
said = (W2 @ h1 + b2).argmax(axis=0)
print(f"{(said == labels_val).mean():.1%} of the validation images are right")

# %% [markdown]
# From here on we use the network of the course, with tanh. Before that: why did we divide the pixels by 16?

# %%
raw = lesson.predict(
    "raw",
    "The same network with ReLU and η = 0.5, but with raw pixels, 0 … 16. What is its loss after five passes over the images?",
    {
        "low": "near 0: it learns as well",
        "stuck": "near log 10, for ever",
        "huge": "it grows without bound",
    },
)

# %% tags=["reasons"]
{
    "why": "The first steps are so long that all ReLU units die (lesson 13). Only the last bias is left, and it can say one thing: every class is equally likely.",
    "near 0: it learns as well": "The inputs are 16 times as large, and so is the gradient of W₁. What do too long steps do to ReLU units?",
    "it grows without bound": "A dead unit gets no gradient, so nothing can grow. What is left that can learn?",
}

# %%
x_train, x_val, x_test = X_train.T / 16, X_val.T / 16, X_test.T / 16
y_train, y_val, y_test = (one_hot(labels, 10) for labels in (labels_train, labels_val, labels_test))


def fresh(sizes=(64, 32, 10), activation="tanh", seed=0):
    return FeedForwardNetwork(list(sizes), activation, seed=seed)


unscaled = gradient_descent(
    fresh(activation="relu"), X_train.T, y_train, 0.5, 5, batch_size=50, seed=0
)
print("raw pixels:", unscaled.loss.round(2), "   log 10 =", np.log(10).round(2))
last = unscaled.loss[-1]
raw.compare("stuck" if abs(last - np.log(10)) < 0.1 else "low" if last < 1 else "huge")

# %% [markdown]
# ## 3 · How many images for a step?
#
# So far every step has used all examples. A **mini-batch** is a part of them: its gradient is a guess at the whole one, and it costs less. One **pass** over all
# images, in a new random order each time, gives many steps.
#
# **Write it:** cut an order into pieces.


# %%
def batches(order, size):
    """Return the order, cut into pieces of this size."""
    raise NotImplementedError  # range(0, len(order), size) counts where the pieces begin


batches = lesson.check(batches)


# %%
def passes_until(size, learning_rate, goal=0.15):
    net, rng = fresh(), np.random.default_rng(0)
    for n in range(1, 121):
        for some in batches(rng.permutation(1000), size):
            trace = net.forward(x_train[:, some])
            update(net, net.backward(trace, y_train[:, some]), learning_rate)
        if net.loss(net.forward(x_val), y_val) <= goal:
            return n


whole = passes_until(1000, learning_rate=1.5)
print(f"all 1000 images in each step: {whole} passes, {whole} steps")

# %%
quick = lesson.predict(
    "quick",
    "Now batches of 50, with η = 1. After how many passes is the validation loss just as low?",
    {
        "same": "about as many passes",
        "half": "about half as many",
        "tenth": "about a tenth",
        "more": "twice as many or more",
    },
)

# %% tags=["reasons"]
{
    "why": "A pass has 20 steps now instead of one. A guess from 50 images is good enough to go downhill, above all at first.",
    "about as many passes": "A pass costs the same. But it has 20 steps now, instead of one.",
    "about half as many": "The gain is larger: a pass has 20 steps now.",
    "twice as many or more": "Each step knows less. But there are 20 of them in a pass, and most of them lead downhill.",
}

# %%
fewest = lesson.predict(
    "fewest",
    "And which of the two needs fewer steps?",
    {"whole": "all images in each step", "parts": "batches of 50", "same": "about as many steps"},
)

# %% tags=["reasons"]
{
    "why": "A step with all images is the better one. But it costs twenty times as much.",
    "batches of 50": "A step from 50 images knows less than one from 1000. It wins in passes, and in time, since it is so cheap.",
    "about as many steps": "A step from 50 images knows less than one from 1000. So it takes more of them.",
}

# %%
table = {1000: whole} | {
    size: passes_until(size, rate) for size, rate in ((200, 1), (50, 1), (10, 0.5))
}
for size, passes in table.items():
    print(f"batches of {size:4}: {passes:3} passes, {passes * 1000 // size:4} steps")
ratio = table[50] / table[1000]
quick.compare(
    "tenth" if ratio < 0.25 else "half" if ratio < 0.75 else "same" if ratio < 1.5 else "more"
)
steps = 20 * table[50] / table[1000]
fewest.compare("parts" if steps < 0.9 else "same" if steps < 1.1 else "whole")

# %% [markdown]
# Batches of one need a smaller learning rate: the guess from a single image points anywhere. And NumPy takes far less time for 50 columns at once than for 50 single ones. So in
# seconds the middle wins, and you can measure it:

# %% tags=["times", "this-machine"]
for size, rate in ((1000, 1.5), (50, 1), (1, 0.05)):
    begin = perf_counter()
    passes = passes_until(size, rate)
    print(f"batches of {size:4}: {passes:3} passes, {perf_counter() - begin:.2f} seconds")

# %% [markdown]
# ## 4 · Momentum once more
#
# Lesson 12: with momentum 0.9 a step remembers the last ones. How far does it go then?

# %%
pace = lesson.predict(
    "pace",
    "Batches of 50, momentum 0.9, η = 0.05. With which η does plain descent, without momentum, need about as many passes?",
    {0.05: "η = 0.05", 0.1: "η = 0.1", 0.5: "η = 0.5"},
)

# %% tags=["reasons"]
{
    "why": "A steady step becomes 1/(1 − 0.9) = 10 times as long. That is what momentum is here: ten times the rate, and no magic. In a narrow valley (lesson 12) it is more.",
    "η = 0.05": "Momentum adds the last steps to this one: 1 + 0.9 + 0.81 + … What is the sum?",
    "η = 0.1": "1 + 0.9 would be it if a step remembered only the one before. It remembers all of them.",
}


# %%
def passes_with(step, learning_rate, goal=0.15):
    run = gradient_descent(
        fresh(), x_train, y_train, learning_rate, 110, batch_size=50, seed=0, step=step
    )
    networks = run.networks()
    return int((networks.loss(networks.forward(x_val), y_val) <= goal).argmax())


def momentum_step(velocity, net, gradients, rate, mu=0.9):
    """Move every parameter by its velocity, which is kept from step to step."""
    for values, grads in ((net.W, gradients.W), (net.b, gradients.b)):
        for k in net.layers:
            key = k, values[k].shape
            velocity[key] = mu * velocity.get(key, 0) - rate * grads[k]
            values[k] = values[k] + velocity[key]


with_momentum = passes_with(partial(momentum_step, {}), 0.05)
plain = {rate: passes_with(update, rate) for rate in (0.05, 0.1, 0.5)}
print("plain:", plain, "   momentum 0.9, η = 0.05:", with_momentum)
pace.compare(min(plain, key=lambda rate: abs(plain[rate] - with_momentum)))

# %% [markdown]
# ## 5 · Learned by heart
#
# Now 200 images only, and somebody was careless: 40 of them have a wrong label.

# %%
rng = np.random.default_rng(0)
x_few, given = x_train[:, :200], labels_train[:200].copy()
careless = rng.choice(200, 40, replace=False)
given[careless] = (given[careless] + rng.integers(1, 10, 40)) % 10
print("taught:", given[careless][:12], "  true:", labels_train[careless][:12])

# %%
lies = lesson.predict(
    "lies",
    "The network trains for 2000 passes over these 200 images. For how many percent of the 40 will it then say the wrong label that it was taught?",
    unit="%",
)

# %% tags=["reasons"]
{
    "why": "All of them. 2410 parameters are enough for 200 images, whatever the labels say. It has learned the lies by heart.",
    "0 to 15": "Nobody has told it which labels are wrong. For the network a lie is an example like any other.",
    "15 to 90": "It has 2410 parameters and a lot of time. What could stop it from learning the others as well?",
}

# %%
harm = lesson.predict(
    "harm",
    "And the loss on the validation images, whose labels are right: what does it do on the way?",
    {
        "falls": "it falls to the end",
        "stays": "it falls, and then stays",
        "rises": "it falls, and then rises again by more than a quarter",
    },
)

# %% tags=["reasons"]
{
    "why": "First it learns what many images have in common. Then it bends its borders around each single lie, and the neighbours of a lie pay for it. This is overfitting.",
    "it falls to the end": "The training loss does. But to say a wrong label here, the network must also be wrong around it.",
    "it falls, and then stays": "So it would be if lies did no harm. But similar images with right labels lie around each of them.",
}

# %%
heart = fresh()
run = gradient_descent(heart, x_few, one_hot(given, 10), 0.5, 2000, record_every=10)
believed = heart.predict(x_few)[careless] == given[careless]
networks = run.networks()
val_loss = networks.loss(networks.forward(x_val), y_val)
rise = val_loss[-1] / val_loss.min()
lies.compare(believed.mean())
harm.compare("rises" if rise > 1.25 else "stays" if rise > 1.02 else "falls")
pictures.losses(run.epochs, {"training": run.loss, "validation": val_loss})

# %% [markdown]
# What can be done? First: **stop early**. Watch the validation loss, keep the best network, and stop when it has not become better for a while. How long one waits is called the *patience*.
#
# **Write it:** `losses` are validation losses in their order. Stop as soon as `patience` of them have brought no new lowest one; return the number of the best.


# %%
def stopping_pass(losses, patience):
    """Return the number of the best pass."""
    best = 0
    raise NotImplementedError  # for each i: a new best one? or has one waited long enough (break)?
    return best


stopping_pass = lesson.check(stopping_pass)

# %% [markdown]
# Second: **weight decay**. To bend around a single image a network needs large weights. So large weights get a price, $\frac{\lambda}{2} \sum w^2$, which is added to the loss. Its derivative is
# $\lambda w$, so every step makes the weights a little smaller, $W \leftarrow W - \eta \left( \frac{\partial \mathcal{L}}{\partial W} + \lambda W \right)$.
#
# **Write it.** (Biases have no such price: they bend nothing.)


# %%
def decayed(W, grad_W, learning_rate, decay):
    """Return W after a step with weight decay."""
    raise NotImplementedError  # your line


decayed = lesson.check(decayed)

# %%
cure = lesson.predict(
    "cure",
    "Third: a smaller network, with 8 hidden units instead of 32. Which of the three helps least against the lies?",
    {"stop": "stopping early", "decay": "weight decay", "small": "a smaller network"},
)

# %% tags=["reasons"]
{
    "why": "A network with 8 units is still large enough to learn the lies by heart, and then it has less room for the rest.",
    "stopping early": "Early the network knows what the digits have in common, and not yet the single lies.",
    "weight decay": "Small weights bend little: the network has to leave the lies aside.",
}

# %%
honest = lesson.predict(
    "honest",
    "Fourth: throw the 40 images away, and train on the other 160 to the end, without any cure. Compared with the best of the three, how many validation images are right?",
    {1: "clearly more", 0: "about as many", -1: "clearly fewer"},
)

# %% tags=["reasons"]
{
    "why": "Clean data beat every cure. To look at the data is work, and it pays.",
    "about as many": "The cures only limit the harm that the lies do. Without lies there is none.",
    "clearly fewer": "It has fewer images. But each of the 40 others has taught it something wrong.",
}


# %%
def decay_step(net, gradients, rate, decay=0.02):
    for k in net.layers:
        net.W[k] = decayed(net.W[k], gradients.W[k], rate, decay)
        net.b[k] = net.b[k] - rate * gradients.b[k]


def to_the_end(net, x, labels, **settings):
    gradient_descent(net, x, one_hot(labels, 10), 0.5, 2000, record_every=None, **settings)
    return net.accuracy(x_val, y_val)


best = stopping_pass(val_loss, patience=20)
accuracy = {
    "stop": run.at(best).accuracy(x_val, y_val),
    "decay": to_the_end(fresh(), x_few, given, step=decay_step),
    "small": to_the_end(fresh((64, 8, 10)), x_few, given),
}
clean = np.setdiff1d(np.arange(200), careless)
all_right = to_the_end(fresh(), x_train[:, clean], labels_train[clean])
print(f"32 units, to the end: {heart.accuracy(x_val, y_val):.1%}    best pass: {run.epochs[best]}")
print("; ".join(f"{name}: {value:.1%}" for name, value in accuracy.items()))
print(f"160 clean images: {all_right:.1%}")
cure.compare(min(accuracy, key=accuracy.get))
gap = all_right - max(accuracy.values())
honest.compare(np.sign(gap) * (abs(gap) > 0.02))
pictures.losses(run.epochs, {"training": run.loss, "validation": val_loss}, marked=run.epochs[best])

# %% [markdown]
# Do not expect this from every run. With all 1000 images and right labels, stopping early changes hardly anything: there is little to overfit.
#
# ## 6 · What do the hidden units look at?
#
# A row of $W_1$ has 64 numbers, one for each pixel. So it can be shown as an image.

# %%
corner = lesson.predict(
    "corner",
    "The upper left pixel is white, 0, in every image. How far do the weights from this pixel move in the whole training?",
)

# %% tags=["reasons"]
{
    "why": "The gradient of W₁ is ∂𝓛/∂a₁ times x, and x is 0 in each example. What you see there is what chance has put there.",
    "> 0": "The gradient of such a weight is ∂𝓛/∂a₁ times the pixel, and the pixel is always 0.",
    "< 0": "A way is not negative. And the gradient of such a weight is ∂𝓛/∂a₁ times the pixel.",
}

# %%
net = fresh()
before = net.W[1].copy()
gradient_descent(net, x_train, y_train, 0.5, 50, batch_size=50, record_every=None, seed=0)
corner.compare(np.abs(net.W[1] - before)[:, 0].max())
pictures.first_layer(before, net.W[1])

# %% [markdown]
# One reads that hidden units become detectors of strokes and loops. Do you see any? We do not. Half of what is to be seen was there before the training, and when a single one of the 32 units is taken out, most often the network
# hardly notices. What a unit contributes is known only together with all the others. So look, but claim nothing that you have not tested.
#
# ## 7 · Where is it wrong, and does it know?

# %%
wrong = net.predict(x_val) != labels_val
y_hat = net.forward(x_val).y_hat
print(f"{wrong.sum()} of {wrong.size} validation images are wrong")
pictures.gallery(X_val[wrong], labels_val[wrong], y_hat.argmax(0)[wrong], y_hat.max(0)[wrong])

# %% [markdown]
# Would you have read all of them? The largest of the ten probabilities says how sure the network is. A network is well **calibrated** when, of the answers to which it gives 0.8, eight of ten are right.

# %%
longer = lesson.predict(
    "longer",
    "We train ten times as long, 500 passes instead of 50. What happens to the accuracy on the validation images, and to the mean of these largest probabilities?",
    {
        "both": "both grow by a point or more",
        "sure": "the network becomes surer, the accuracy hardly changes",
        "neither": "neither of them changes by a point",
    },
)

# %% tags=["reasons"]
{
    "why": "The training images are all right since long. The loss still falls when the probabilities go towards 1, so they do, for right and for wrong answers alike.",
    "both grow by a point or more": "The training images are all right already. Is there anything left to learn from them?",
    "neither of them changes by a point": "The training loss can still fall, though every training image is right: how?",
}

# %%
later = net.with_parameters()
gradient_descent(later, x_train, y_train, 0.5, 450, batch_size=50, record_every=None, seed=1)
sure = {"50 passes": y_hat.max(0), "500 passes": later.forward(x_val).y_hat.max(0)}
share = {"50 passes": net.accuracy(x_val, y_val), "500 passes": later.accuracy(x_val, y_val)}
for name in sure:
    print(f"{name}: {sure[name].mean():.3f} sure, {share[name]:.3f} right")
surer = sure["500 passes"].mean() - sure["50 passes"].mean() > 0.01
better = share["500 passes"] - share["50 passes"] > 0.01
longer.compare("both" if surer and better else "sure" if surer else "neither")
pictures.calibration(sure["50 passes"], ~wrong, edges=(0, 0.6, 0.8, 0.95, 1.01))

# %% [markdown]
# With 297 images the points on the left stand for few answers each: do not read too much into them.
#
# ## 8 · Honest rivals, and the test set
#
# What would you compare with? A network without a hidden layer. And the reader of section 1, that learns nothing: it looks for the most similar image.

# %%
ranking = lesson.predict(
    "ranking",
    "Now the test set is opened, once. Put the three in order of their accuracy, the best one first.",
    {
        "net": "64-32-10",
        "linear": "no hidden layer",
        "similar": "the most similar image",
    },
    ordered=True,
)

# %% tags=["reasons"]
{
    "why": "The hidden layer brings about a point, over many splits. And the most similar image is at least as good as our network in each of them: on small images that stand in their places, it is hard to beat.",
    "64-32-10 before the most similar image": "It sounds too simple. But a thousand images of ten digits leave few shapes that do not occur among them.",
    "no hidden layer before 64-32-10": "Close. But borders that can bend bring about a point.",
    "no hidden layer before the most similar image": "Straight borders are good here, and comparing images is better.",
}

# %%
linear = fresh((64, 10))
gradient_descent(linear, x_train, y_train, 0.5, 50, batch_size=50, record_every=None, seed=0)
similar = np.array([most_similar(image, x_train, labels_train) for image in x_test.T[:, :, None]])
test = {
    "linear": linear.accuracy(x_test, y_test),
    "net": net.accuracy(x_test, y_test),
    "similar": (similar == labels_test).mean(),
}
print("; ".join(f"{name}: {value:.1%}" for name, value in test.items()))
ranking.compare(sorted(test, key=test.get, reverse=True))

# %% [markdown]
# With 500 images a result is off by about 0.8 points, by chance alone. So differences of a point mean little in a single comparison; these hold over twenty splits. From now on the test set is no test set any
# more: whoever has looked at it cannot choose with it.
#
# ## 9 · The gradient that nobody needed
#
# On the way back we have always stopped at layer 1: the input is not trained. One line more, and we know for every pixel whether the loss rises or falls when it becomes darker:
#
# $$\frac{\partial \mathcal{L}}{\partial x} = W_1^T \frac{\partial \mathcal{L}}{\partial a_1}$$
#
# **Write it.**


# %%
def input_gradient(W1, grad_a1):
    """Return ∂𝓛/∂x, with the shape of x."""
    raise NotImplementedError  # your line


input_gradient = lesson.check(input_gradient)

# %%
place = int(np.flatnonzero(labels_test == 8)[0])
x, y = x_test[:, [place]], y_test[:, [place]]
grad_x = input_gradient(net.W[1], net.backward(net.forward(x), y).a[1])
step = 1e-5 * np.eye(64)
up, down = (net.loss(net.forward(x + sign * step[:, [27]]), y) for sign in (1, -1))
assert np.isclose(grad_x[27, 0], (up - down) / 2e-5, rtol=1e-4, atol=1e-9)
print("✓ the gradient for pixel 27 is the slope that finite differences find")

# %% [markdown]
# A training step goes *against* the gradient of the weights, so that the loss falls. We go *along* the gradient of the pixels, so that the loss rises. And of each entry we take the sign
# only: every pixel moves by the same small $\varepsilon$.
#
# **Write it:** ε in grey levels, and no pixel leaves 0 … 16.


# %%
def push(image, grad_x, eps):
    """Return the image after a step of ε along the sign of the gradient."""
    raise NotImplementedError  # np.sign, np.clip


push = lesson.check(push)

# %%
noise = lesson.predict(
    "noise",
    "This 8 has a probability of 0.999. Each pixel moves by 2 of 16 grey levels, up or down at random. For how many percent of such images will the network still say 8?",
    unit="%",
)

# %% tags=["reasons"]
{
    "why": "For all that we tried. With random signs, what one pixel adds to a sum another takes away.",
    "< 60": "You can still read it easily, and so can the network: changes at random cancel in its sums.",
    "60 to 97": "Nearly. A random change of an eighth is hardly visible, and in the sums of the network it cancels.",
}

# %%
fooled = lesson.predict(
    "fooled",
    "And one step of the same size, 2 of 16, along the signs of the gradient. Which probability has the 8 then?",
    {0: "below 0.1", 1: "0.1 to 0.9", 2: "above 0.9"},
)

# %% tags=["reasons"]
{
    "why": "Now all 64 pixels pull in the same direction. Each changes the loss a little, and 64 times a little, all with the same sign, is much.",
    "0.1 to 0.9": "It is worse. All 64 pixels pull the same way now: add up 64 changes with the same sign.",
    "above 0.9": "A random step of this size does nothing. But here each sign is chosen so that the loss rises: nothing cancels.",
}

# %%
image = load_digits().data[[945]].T
assert (X_test == image.T).all(axis=1).any()  # the network has never seen it


def probabilities(image):
    return net.forward(image / 16).y_hat[:, 0]


grad_x = input_gradient(net.W[1], net.backward(net.forward(image / 16), one_hot([8], 10)).a[1])
rng = np.random.default_rng(0)
random = [push(image, rng.choice([-1, 1], (64, 1)), 2) for _ in range(100)]
still = np.mean([probabilities(each).argmax() == 8 for each in random])
pushed = push(image, grad_x, 2)
noise.compare(still)
fooled.compare(int(np.searchsorted([0.1, 0.9], probabilities(pushed)[8])))
shown = {"as it was": image, "random": random[0], "along the gradient": pushed}
titles = [
    f"{name}\n{probabilities(each).argmax()} with {probabilities(each).max():.3f}"
    for name, each in shown.items()
]
pictures.pushed(list(shown.values()), titles)

# %% [markdown]
# This is no disease of hidden layers: half of the answers of the network without one turn at about the same ε. And an image that fools one network often fools others of its kind. Do it with your own hands:

# %%
lesson.explore("digit", digit_explorer())

# %% [markdown]
# ## 10 · Where the same rules lead
#
# What you have is the whole algorithm, on a small scale. What is done with it elsewhere?
#
# - **Frameworks** such as PyTorch and JAX write down the computation while it runs, and go back through it with the local derivative of each operation: your autograd of lesson 11, with many more operations, on
#   faster machines. The gradient check works on them just as well.
# - **Convolution.** Your network cannot know that a shifted 8 is an 8; you have seen it in the explorer. A convolution uses the same small matrix at every place of the image. One weight then has many paths to the loss, and
#   its gradient is the sum over all places: the rule of lesson 02.
# - **Attention**, in language models, multiplies activations by activations, and puts a softmax in the middle of the network. Its way back are products (lesson 06), and the Jacobian of the softmax (lesson 04).
#
# None of them changes the way back: local derivatives, multiplied along paths, added over paths. What this course has not shown is the rest: where the data come from, how to compute on a thousand machines, and
# why networks that could learn everything by heart so often do not.
#
# [Homework 6](homework/hw_06_digits.ipynb) is the last one: your own network reads digits, and you report one accuracy.

# %%
lesson.summary()
