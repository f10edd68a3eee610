# %% [markdown]
# # 09 · Two classes: one weight, then all of them
#
# **After this lesson you can**
#
# - train a single weight and leave the others alone, and say by looking at a derivative what to expect from it;
# - tell three things apart that are easily mixed up: the *value* of a weight, its *influence*, and its *use*;
# - explain what each hidden unit of a network sees, and how the output puts it together;
# - read the path of a run on a landscape of the loss, and know what such a map leaves out;
# - turn a run into a film, as GIF or MP4.
#
# **Time** 60 minutes · **You need** output units (lesson 04), hidden units (05), weights and biases (06), the whole algorithm (07)

# %%
import numpy as np
from sklearn.model_selection import train_test_split

from utils.data import four_blobs, two_classes
from utils.draw.animation import can_write_mp4, progress, write_gif, write_mp4
from utils.draw.diagrams import network_diagram
from utils.draw.film import Film
from utils.draw.picture import Picture, show, subplots
from utils.draw.plots import activation_surface, decision_surface, parameter_timeline, scatter
from utils.explore.landscape import landscape_explorer
from utils.explore.run_replay import run_replay_explorer
from utils.nn import FeedForwardNetwork, gradient_descent, numerical_gradient

# %% [markdown]
# ## 1 · The data: four clouds, two classes
#
# A thousand points in four clouds. The label of a point is the number of its cloud *modulo 2*: clouds 0 and 2 become
# class 0, clouds 1 and 3 become class 1. We keep 250 points back, and `stratify` gives both classes the same
# share in both parts.

# %%
X, labels = two_classes()
assert (labels == four_blobs()[1] % 2).all()
X_train, X_val, labels_train, labels_val = train_test_split(
    X, labels, stratify=labels, random_state=0
)
x_train, x_val = X_train.T, X_val.T  # from here on a column is an example
y_train, y_val = (
    labels_train[None].astype(float),
    labels_val[None].astype(float),
)  # one row: one output
print("x_train", x_train.shape, "  y_train", y_train.shape, "  x_val", x_val.shape)
print("examples per class", np.bincount(labels_train), "and", np.bincount(labels_val))

# %%
fig, ax = subplots(figsize=(5.6, 3.6))
scatter(x_train, labels_train, ax=ax).legend(loc="upper right")
show(
    fig,
    """The 750 training points. Class 1 has two clouds, one on top and one at the bottom right;
    class 0 lies as a band between them.""",
)

# %% [markdown]
# **Predict** two numbers: how many of the points can a single straight border get right? And a network whose two hidden
# units may draw one straight line each? Write both down; section 6 has the answers.

# %% [markdown]
# ## 2 · The network: 2-2-1, nine numbers
#
# Two inputs, two hidden units, one sigmoid output that says how much the point looks like class 1. The live session counted its
# weights $w_1 \dots w_6$ and its biases $b_1, b_2, b_3$ through; we have called them $W_{kij}$ and $b_{ki}$. Here is the dictionary:

# %%
network_diagram(
    [2, 2, 1],
    output="sigmoid",
    W={1: [["w_1", "w_2"], ["w_3", "w_4"]], 2: [["w_5", "w_6"]]},
    b={1: ["b_1", "b_2"], 2: ["b_3"]},
)

# %% [markdown]
# $$W_1 = \begin{pmatrix} w_1 & w_2 \\ w_3 & w_4 \end{pmatrix} \qquad b_1 = \begin{pmatrix} b_1 \\ b_2 \end{pmatrix} \qquad
# W_2 = \begin{pmatrix} w_5 & w_6 \end{pmatrix} \qquad b_2 = \begin{pmatrix} b_3 \end{pmatrix}$$
#
# (Here is why this course counts differently: with names like these, $b_1$ and $b_2$ mean two things each. The weights we
# shall call $w_1 \dots w_6$ in this lesson, as the session did, and biases $b_{ki}$ throughout.)
#
# The session drew the six weights from NumPy's old generator with seed 0, one after the other, and set the biases to 0. We
# begin with the same numbers.

# %%
w = np.random.RandomState(0).randn(6)
session = FeedForwardNetwork([2, 2, 1], output="sigmoid", loss="squared_error")
session = session.with_parameters(W={1: w[:4].reshape(2, 2), 2: w[4:].reshape(1, 2)})
PLACES = {"w₁": (1, 1, 1), "w₂": (1, 1, 2), "w₃": (1, 2, 1), "w₄": (1, 2, 2)}
PLACES |= {"w₅": (2, 1, 1), "w₆": (2, 1, 2)}  # name: k, i, j of W_kij
print("  ".join(f"{name} = {value:.3f}" for name, value in zip(PLACES, w, strict=True)))

# %% [markdown]
# **Predict.** The loss is the mean of the squared errors. What would a network pay that answers ½ to everything?


# %%
def loss_of(network):
    return network.loss(network.forward(x_train), y_train)


print(f"loss before training {loss_of(session):.4f}")
print(f"accuracy before training {session.accuracy(x_train, y_train):.3f}")

# %% [markdown]
# **Check.** $(\tfrac12)^2 = \tfrac14$ for every example. So the session's network starts only a little better than one that shrugs.

# %%
assert 0.230 < loss_of(session) < 0.234 and 0.61 < session.accuracy(x_train, y_train) < 0.63

# %% [markdown]
# ## 3 · One derivative, five factors
#
# With one output there is one path from $w_1$ to the loss:
# $w_1 \to a_{11} \to h_{11} \to a_{21} \to \hat y \to L$. So the derivative is one product, averaged over the examples:
#
# $$\frac{\partial L}{\partial w_1} = \frac1N \sum_{n=1}^{N}
# \underbrace{2(\hat y - y)}_{\partial L / \partial \hat y} \cdot
# \underbrace{\hat y (1 - \hat y)}_{\partial \hat y / \partial a_{21}} \cdot
# \underbrace{w_5}_{\partial a_{21} / \partial h_{11}} \cdot
# \underbrace{h_{11}(1 - h_{11})}_{\partial h_{11} / \partial a_{11}} \cdot
# \underbrace{x_1}_{\partial a_{11} / \partial w_1}$$
#
# ($\hat y$, $y$, $h_{11}$ and $x_1$ are those of example $n$.) The session shows its line of code with the words "let's assume that this is a proper formula". No need to assume:

# %%
trace = session.forward(x_train)
x_1, h_11, y_hat, y, w_5 = x_train[0], trace.h[1][0], trace.y_hat[0], y_train[0], w[4]

product = (2 * (y_hat - y) * y_hat * (1 - y_hat) * w_5 * h_11 * (1 - h_11) * x_1).mean()
backward = session.backward(trace, y_train).W[1][0, 0]
nudged = numerical_gradient(session, x_train, y_train, "W", 1)[0, 0]
print(f"five factors {product:.8f}   backward {backward:.8f}   nudged {nudged:.8f}")

# %%
assert np.isclose(product, backward, rtol=1e-12) and np.isclose(product, nudged, rtol=1e-6)

# %% [markdown]
# > **What the lecture said** — the session's gradient of the squared error has no factor 2, and it trains with $\eta = 5$.
# >
# > **What is true** — the derivative of $(\hat y - y)^2$ is $2(\hat y - y)$. A forgotten 2 points in the right direction with half the
# > length, so it only rescales the learning rate: the session's 5 is our $\eta = 2.5$, step by step.

# %%
w_1 = w[0]
session_step = w_1 - 5 * product / 2  # the session's gradient is half of ours
our_step = w_1 - 2.5 * product
assert np.isclose(session_step, our_step)
print(f"w₁ after one step: {session_step:.4f} and {our_step:.4f}")

# %% [markdown]
# ## 4 · Only w₁ moves
#
# We train for 500 epochs, but only *one* entry of $W_1$ is allowed to move. All the others stay as they are.
#
# **Predict.** In which direction will $w_1$ go? (The sign of the derivative is above.) And how much of the loss will one
# ninth of the parameters remove: about a half, a ninth, or less?


# %%
def only(k, i, j, learning_rate=2.5, epochs=500):
    net, path = session.with_parameters(), []  # a copy of the session's network
    for _ in range(epochs + 1):
        trace = net.forward(x_train)
        path.append((net.W[k][i - 1, j - 1], net.loss(trace, y_train)))
        grad_W = net.backward(trace, y_train).W[k]
        net.W[k][i - 1, j - 1] -= learning_rate * grad_W[i - 1, j - 1]  # this entry, and no other
    return np.transpose(path)  # two rows: the weight, the loss


weight, loss = only(1, 1, 1)
print(f"w₁    {weight[0]:.4f} → {weight[1]:.4f} after one epoch → {weight[-1]:.4f} after 500")
print(f"loss  {loss[0]:.4f} → {loss[1]:.4f} after one epoch → {loss[-1]:.4f} after 500")

# %%
fig, axes = subplots(1, 2, figsize=(7.6, 2.9))
for ax, values, name in zip(axes, (weight, loss), ("$w_1$", "loss"), strict=True):
    ax.plot(values, color="#222222")
    ax.set(xlabel="epoch", ylabel=name)
show(
    fig,
    f"""Two curves over 500 epochs: w₁ falls from {weight[0]:.2f} to {weight[-1]:.2f} and then stands
    still; the loss falls from {loss[0]:.4f} to {loss[-1]:.4f}, nearly all of it in the first 50 epochs.""",
)

# %% [markdown]
# Look at the numbers on the loss axis before you are impressed by the fall: it is less than two per cent. To see why it
# stops there, we draw the loss over *all* values of $w_1$. That takes a stack of networks that differ in this one entry.


# %%
def along(k, i, j, values):
    W = np.repeat(session.W[k][None], len(values), axis=0)  # a copy of W_k for each value
    W[:, i - 1, j - 1] = values
    return session.with_parameters(W={k: W})


values = np.linspace(-3, 5, 161)
curve = loss_of(along(1, 1, 1, values))

fig, ax = subplots(figsize=(6, 3.2))
ax.plot(values, curve, color="#222222")
ax.plot(weight[:100:5], loss[:100:5], "o", ms=5, color="#A63D00", label="every 5th epoch")
ax.set(xlabel="$w_1$", ylabel="loss")
ax.legend()
show(
    fig,
    f"""The loss over w₁ is a shallow valley; its lowest point is {curve.min():.4f} near w₁ =
    {values[curve.argmin()]:.2f}. The epochs are dots that slide down its right slope from
    {weight[0]:.2f} to {weight[-1]:.2f}, closer and closer together.""",
)

# %% [markdown]
# **Check.** It did stop at the bottom, and the bottom is not deep. The dots get closer because the *slope* gets smaller: the
# step length is $\eta$ times the slope, and $\eta$ never changed.

# %%
trained = along(1, 1, 1, weight[-1:])
print(
    f"accuracy {session.accuracy(x_train, y_train):.3f} → {trained.accuracy(x_train, y_train)[0]:.3f}"
)
assert 1.73 < weight[1] < 1.74 and 1.23 < weight[-1] < 1.26
assert 0.2280 < loss[-1] < 0.2288 and abs(loss[-1] - curve.min()) < 1e-4
assert 0.63 < trained.accuracy(x_train, y_train)[0] < 0.65

# %% [markdown]
# ## 5 · Each weight alone: who has influence?
#
# The session left it as an exercise: the same for $w_2 \dots w_6$. Before we run them, here is what we know about the six at the
# start, value and derivative.

# %%
start = session.backward(session.forward(x_train), y_train)
slope = {name: start.W[k][i - 1, j - 1] for name, (k, i, j) in PLACES.items()}
for name, value in zip(PLACES, w, strict=True):
    print(f"{name}   value {value:+.2f}   ∂L/∂{name} {slope[name]:+.4f}")

# %% [markdown]
# **Predict.** Rank the six: which weight, trained alone for 500 epochs, will bring the loss down most, which least?

# %%
runs = {name: only(*place) for name, place in PLACES.items()}
ranking = sorted(runs, key=lambda name: runs[name][1][-1])
for name in ranking:
    its_weight, its_loss = runs[name]
    accuracy = along(*PLACES[name], its_weight[-1:]).accuracy(x_train, y_train)[0]
    moved = f"{its_weight[0]:+.2f} → {its_weight[-1]:+.2f}"
    print(
        f"{name}   {moved}   loss {its_loss[0]:.4f} → {its_loss[-1]:.4f}   accuracy {accuracy:.3f}"
    )

# %%
fig, axes = subplots(2, 3, figsize=(7.6, 4.6), sharey=True)
values = np.linspace(-4, 5, 181)
curves = {name: loss_of(along(*place, values)) for name, place in PLACES.items()}
for ax, name in zip(axes.flat, PLACES, strict=True):
    its_weight, its_loss = runs[name]
    ax.plot(values, curves[name], color="#222222", lw=1.2)
    ax.plot(its_weight, its_loss, color="#A63D00", lw=4, alpha=0.8, solid_capstyle="round")
    ax.plot(its_weight[-1], its_loss[-1], "o", color="#A63D00")
    ax.set(xlabel=name, ylim=(0.205, 0.30))
for ax in axes[:, 0]:
    ax.set_ylabel("loss")
show(
    fig,
    f"""Six curves of the loss, one for each weight alone, with the way that descent went on each. w₃ goes
    down furthest, from {w[2]:.2f} to {runs["w₃"][0][-1]:.2f}. w₄ lies on a slope so gentle that it hardly
    moves. w₂ stops at {runs["w₂"][0][-1]:.2f} in a small hollow, with a hill between it and a much deeper
    valley near {values[curves["w₂"].argmin()]:.1f}.""",
)

# %% [markdown]
# **Check.** Three surprises in one picture.
#
# - *The steepest start is not the longest way.* $w_2$ had the largest derivative and comes out fourth of six. A derivative is
#   a promise for **one small step**; about the step after next it says nothing.
# - *Descent finds a valley, not the valley.* $w_2$ settles in a small hollow. The deep valley lies behind a hill, and
#   somebody who only ever walks downhill does not cross hills.
# - *A lower loss is not a higher accuracy.* The winner, $w_3$, ends with slightly *fewer* points right than it began with.

# %%
gain = {name: loss[0] - loss[-1] for name, (weight, loss) in runs.items()}
assert ranking == ["w₃", "w₆", "w₅", "w₂", "w₁", "w₄"]
assert max(slope, key=lambda name: abs(slope[name])) == "w₂"
assert curves["w₂"].min() < runs["w₂"][1][-1] - 0.01
winner = along(1, 2, 1, runs["w₃"][0][-1:]).accuracy(x_train, y_train)[0]
assert gain["w₃"] > 3 * gain["w₁"] and winner < session.accuracy(x_train, y_train)

# %% [markdown]
# > **What the lecture said** — training $w_1$ improves the accuracy, because it is "lowering down our loss function value". And later, about
# > the heat map: dark cells are the influential ones.
# >
# > **What is true** — loss and accuracy count different things: the loss counts *how far* every point is from its target, the accuracy
# > only whether it is on the right side. And a cell shows a *value*. Influence on the loss is a *derivative*.

# %%
darkest = max(zip(PLACES, np.abs(w), strict=True), key=lambda pair: pair[1])[0]
weakest = min(slope, key=lambda name: abs(slope[name]))
print(f"largest value: {darkest}   smallest derivative: {weakest}   smallest gain: {ranking[-1]}")
assert darkest == weakest == ranking[-1] == "w₄"
assert 0.85 < (session.forward(x_train).h[1][1] > 0.9).mean() < 0.95
assert sorted(slope, key=lambda name: abs(slope[name]))[:2] == ["w₄", "w₃"]

# %% [markdown]
# The darkest cell of all is the least influential one. The reason is its factor $h_{12}(1 - h_{12})$: for nine points out of ten
# this unit is saturated, with $h_{12}$ above 0.9. ($w_3$ has the same factor, and the second smallest derivative. It gains most
# because its way is long, not because it is steep.)

# %% [markdown]
# ## 6 · All nine at once
#
# The best of the six brought the loss from 0.232 to 0.220.
#
# **Predict.** All nine together, 2000 epochs at $\eta = 2.5$: what will loss and accuracy be? And will the
# loss fall at every single step?

# %%
net = session.with_parameters()
history = gradient_descent(net, x_train, y_train, learning_rate=2.5, epochs=2000)
gentle_net = session.with_parameters()
gentle = gradient_descent(gentle_net, x_train, y_train, learning_rate=0.5, epochs=2000)


def accuracies(network):
    training, validation = network.accuracy(x_train, y_train), network.accuracy(x_val, y_val)
    return f"training {training:.3f}   validation {validation:.3f}"


print("η = 2.5:", history.message, accuracies(net))
print("η = 0.5:", gentle.message, accuracies(gentle_net))

# %%
rises = np.flatnonzero(np.diff(history.loss) > 0)
fig, ax = subplots(figsize=(6.4, 3.2))
ax.plot(history.epochs, history.loss, color="#E69F00", lw=1, label="learning rate 2.5 (session: 5)")
ax.plot(gentle.epochs, gentle.loss, color="#0072B2", lw=1.5, ls="--", label="learning rate 0.5")
ax.set(xlabel="epoch", ylabel="loss", ylim=(0, None))
ax.legend()
show(
    fig,
    f"""Two loss curves from {history.loss[0]:.2f}. At learning rate 2.5 the loss jumps up and down between
    epoch {rises[0]} and about epoch 460, as high as {history.loss.max():.2f}, then settles and ends at
    {history.loss[-1]:.3f}. At 0.5 it falls without a jump, later, to {gentle.loss[-1]:.3f}.""",
)

# %% [markdown]
# **Check.** More than 97 % of the training points, 94 % of the others. No weight could do it alone: $w_5$ gains little by listening
# to $h_{11}$ as long as $h_{11}$ looks in the wrong direction, and $w_1, w_2$ gain little by turning $h_{11}$ as long as nobody listens.
# Together they can.
#
# The price of $\eta = 2.5$ is three hundred epochs of jumping: there the valley is narrower than the step is long. Section 9 shows it
# on a map.

# %%
assert 0.97 < net.accuracy(x_train, y_train) < 0.985 and 0.92 < net.accuracy(x_val, y_val) < 0.96
assert 440 < rises[-1] < 480 and 100 < len(rises) < 200 and (np.diff(gentle.loss) < 0).all()

# %% [markdown]
# **Does it need the hidden layer?** The honest question, asked before we get proud of it.

# %%
linear = FeedForwardNetwork([2, 1], output="sigmoid", loss="squared_error", seed=0)
gradient_descent(linear, x_train, y_train, learning_rate=0.5, epochs=2000)
print("no hidden layer:", accuracies(linear))
print("2 hidden units: ", accuracies(net))

# %% [markdown]
# **Check.** One straight border gets about 65 % right, and on new points even less; two bent together get 97 %. In lesson 10, with four
# classes on the very same points, a hidden layer gains nothing. It is not the data alone that decides, it is the question.

# %%
assert 0.60 < linear.accuracy(x_train, y_train) < 0.70 and linear.accuracy(x_val, y_val) < 0.65

# %% [markdown]
# ## 7 · What each unit sees
#
# A hidden unit computes $h_{1i} = \sigma(W_{1i1} x_1 + W_{1i2} x_2 + b_{1i})$. Where the bracket is 0, it says ½: that is a straight line.
# On one side of it the unit is near 0, on the other near 1.
#
# **Predict.** Two units, two straight lines. Where would you put them?

# %%
fig, axes = subplots(1, 3, figsize=(9, 3.2), sharey=True)
activation_surface(net, 1, 1, x_train, labels_train, ax=axes[0]).set_title("$h_{11}$")
activation_surface(net, 1, 2, x_train, labels_train, ax=axes[1]).set_title("$h_{12}$")
decision_surface(net, x_train, labels_train, ax=axes[2]).set_title(r"$\hat y$")
wrong = int((net.predict(x_train) != labels_train).sum())
show(
    fig,
    f"""Three maps of the plane. h₁₁ is 1 (green) above a line that cuts off the upper cloud; h₁₂ is 1
    above a line that cuts off the cloud at the bottom right. The output gives class 0 to the band between the two lines
    and class 1 to both sides; {wrong} of 750 points are ringed as wrong.""",
)

# %% [markdown]
# Each unit cuts off *one* cloud. The output unit puts the two answers together, and since they are nearly always 0 or 1, four
# cases tell it all:

# %%
corners = np.array([[0, 0, 1, 1], [0, 1, 1, 0]])  # h₁₁ above, h₁₂ below
a = net.W[2] @ corners + net.b[2]
for (h_11, h_12), score in zip(corners.T, a[0], strict=True):
    print(f"h₁₁ = {h_11}, h₁₂ = {h_12}:   a₂₁ = {score:+5.1f}   ŷ = {1 / (1 + np.exp(-score)):.3f}")

# %% [markdown]
# **Check.** 0 and 0 is below both lines, the lower right cloud: class 1. 0 and 1 is the band between them: class 0. 1 and 1 is the
# upper cloud: class 1 again. The fourth case is where no point lies, so nobody has asked for an answer. On the way up through
# the clouds the answer goes 1, 0, 1. Across a single line it changes only once.

# %%
assert (a[0, [0, 2]] > 0).all() and a[0, 1] < 0

# %% [markdown]
# > **What the lecture said** — the band of hesitation is narrower for the output than for the hidden units because the output
# > "condenses all the noise".
# >
# > **What is true** — no noise leaves. Slopes multiply: through the middle of $h_{11}$'s slope, $\hat y$ changes $\hat y(1 - \hat y) \, w_5 \approx w_5 / 4$ times
# > as fast as $h_{11}$. Training has made $w_5$ larger than 4, so the picture gets sharper. Before
# > training $w_5$ was below 4, and this path through the network made everything blunter.

# %%
upwards = np.stack(
    [np.full(2001, -1.0), np.linspace(4, 9, 2001)]
)  # a walk through the upper border
trace_up = net.forward(upwards)
for name, v in (("h₁₁", trace_up.h[1][0]), ("ŷ", trace_up.y_hat[0])):
    print(
        f"{name:4} is between ¼ and ¾ for {np.ptp(upwards[1, (v > 0.25) & (v < 0.75)]):.2f} units of x₂"
    )
print(f"w₅ / 4 = {net.W[2][0, 0] / 4:.1f}")

# %%
widths = [
    np.ptp(upwards[1, (v > 0.25) & (v < 0.75)]) for v in (trace_up.h[1][0], trace_up.y_hat[0])
]
assert widths[1] < 0.6 * widths[0] and net.W[2][0, 0] > 4 > session.W[2][0, 0]

# %% [markdown]
# ## 8 · Nine parameters over 2000 epochs
#
# The session's heat map, all of its moments side by side: each row is a parameter, each column an epoch, every 40th.

# %%
fig, ax = subplots(figsize=(7, 3.4))
parameter_timeline(history, every=40, ax=ax)
show(
    fig,
    f"""Nine rows, a column every 40 epochs. The biases b_1,1 and b_1,2 sink from 0 to {net.b[1][0, 0]:.1f} and
    {net.b[1][1, 0]:.1f}; the output weights grow to {net.W[2][0, 0]:.1f} and {net.W[2][0, 1]:.1f}. Most of it happens in the first 500
    epochs, but even in the end they still grow slowly.""",
)

# %% [markdown]
# They do not come to rest at particular values: the curve of the loss is flat, and still the large ones grow. A sigmoid reaches 0 and 1 only
# at infinity, so a point on the right side goes on pulling, ever more gently.

# %%
last = history.W[2][-1] - history.W[2][-501]
print(f"the last 500 epochs: w₅ {last[0, 0]:+.2f}   w₆ {last[0, 1]:+.2f}")
assert last[0, 0] > 0.1 and last[0, 1] < -0.1

# %% [markdown]
# ## 9 · The landscape of the loss
#
# In section 4 the loss was a curve over one weight. Over two it is a landscape, and a run is a path on it. Choose any two of the
# nine parameters. The white dot is the start, the filled one the moment that you replay.
#
# **Predict.** Gradient descent goes downhill. Does the path always go downhill *in this picture*?

# %%
landscape_explorer(
    history, x_train, y_train, horizontal="W₂₁₁", vertical="b₁₁", replay=30
)  # W₂₁₁ is w₅

# %% [markdown]
# **Check.** No, and it need not: you see two of nine directions. The other seven move too, and with each of their steps the ground rises
# or sinks under the path. That is why the map is drawn anew for each moment, as it is with the other seven at *that* epoch. Only the dot of the
# moment stands on its own map; the rest of the path was walked on other ones.
#
# The gentle run is the cleanest proof: its loss falls at every single step. Yet on the map of $w_1$ and $w_2$ at the *last* epoch,
# its path climbs.

# %%
W_1 = np.repeat(gentle_net.W[1][None], len(gentle.epochs), axis=0)  # all as at the end of the run,
W_1[:, 0] = gentle.W[1][:, 0]  # but w₁ and w₂ as they were at every epoch
ground = loss_of(gentle_net.with_parameters(W={1: W_1}))
for epoch in (0, 600, 800, 2000):
    print(
        f"epoch {epoch:4}: loss {gentle.loss[epoch]:.3f}   ground on the last map {ground[epoch]:.3f}"
    )

# %%
assert gentle.loss[800] < gentle.loss[600] and ground[800] > ground[600] + 0.03
assert np.isclose(ground[-1], gentle.loss[-1])

# %% [markdown]
# Now choose W₁₁₁ and W₁₁₂ and replay the run between 8 % and 25 %. The path jumps from one wall of a narrow valley to the other: there the
# step is longer than the valley is wide. That is the jumping of the loss curve, seen from above.

# %% [markdown]
# ## 10 · The epoch scrubber: everything at once
#
# One run, four views, and one slider over its epochs. Every other control trains a fresh network at once. Upper left
# the decision, upper right each hidden unit, lower left all parameters, lower right the loss and the lengths of the gradients, layer by layer.
# The orange line is the moment that the other two views show.

# %%
run_replay_explorer(replay=60)

# %% [markdown]
# Start with *replay* at 0 and go slowly up. Watch which hidden unit finds its line first, what the other one does
# meanwhile, and what the gradients do when the second line falls into place.
#
# **Predict.** Set *seed* to 0. The data, the network and the settings are the same; only the first six random numbers differ. Same result?

# %% [markdown]
# **Check.** It ends at 67 %, and more epochs do not help: the gradients have all but vanished, at a loss of 0.206. Both units have
# found the *same* line. How often does that happen? A stack of twenty networks, with twenty seeds, trained at once:

# %%
seeds = list(range(20))
found = {}
for n_hidden in (1, 2, 3, 4, 6):
    sizes = [2, n_hidden, 1]
    stack = FeedForwardNetwork(sizes, output="sigmoid", loss="squared_error", seed=seeds)
    gradient_descent(stack, x_train, y_train, learning_rate=2.5, epochs=500, record_every=500)
    found[n_hidden] = int((stack.accuracy(x_train, y_train) > 0.95).sum())
    print(f"{n_hidden} hidden units: {found[n_hidden]:2} of 20 networks get more than 95 %")

# %% [markdown]
# Two units are *enough*: a solution exists. With four or six, one is nearly always *found*. The extra units buy no better border, they
# buy more tickets in the lottery of the first random numbers.

# %%
assert found[1] == 0 and 5 <= found[2] <= 15 and found[6] > 17

# %% [markdown]
# ## 11 · A film to take away
#
# A film is a list of pictures. We take the gentle run, because it does not flicker, and draw its heat map and its decision every 125 epochs.

# %%
film = Film(gentle, x_train, labels_train)
pictures = [film.picture(epoch) for epoch in progress(range(0, 2001, 125), "drawing")]

# %% [markdown]
# A GIF can be shown everywhere. This one plays three times and then rests. (To stop at an epoch of your choice, use the
# scrubber above.)

# %%
gif = write_gif(pictures, "two_classes.gif", milliseconds=150, hold=2500, colors=48).read_bytes()
Picture(
    gif,
    f"""A film of {len(pictures)} pictures. The decision surface goes from an even mixture to a band between two
    borders, while the heat map goes from pale to strong colours. First: {pictures[0].alt} Last: {pictures[-1].alt}""",
    width=pictures[0].width,
    mime="image/gif",
)

# %% [markdown]
# An MP4 is smaller and can be paused, but it needs the program *ffmpeg*. Colab has it; your own computer may not.

# %%
if can_write_mp4():
    print(write_mp4(pictures, "two_classes.mp4", milliseconds=150, hold=2500), "is written.")
else:
    print("No MP4: ffmpeg is not installed here. The GIF shows the same.")

# %% [markdown]
# **Where is it?** In the folder of this notebook. In JupyterLab, look at the list of files on the left: right click, *Download*. In Colab,
# click the folder at the left edge, then the three dots beside the file.

# %%
assert len(pictures) == 17 and gif[:6] == b"GIF89a"

# %% [markdown]
# ### Try it
#
# **1.** *Other weights, other steps.* This cell trains $w_2$ alone for 500 epochs, as in section 5. Give it 5000 epochs: does it reach the deep
# valley at last? Then go back to 500 and try the learning rates 10 and 25.

# %%
weight_2, loss_2 = only(1, 1, 2, learning_rate=2.5, epochs=500)
print(f"w₂ {weight_2[0]:.2f} → {weight_2[-1]:.2f}   loss {loss_2[0]:.4f} → {loss_2[-1]:.4f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# More epochs do nothing: at the bottom of the hollow the derivative is 0, and 0 times anything is 0. At 10 the weight jumps to and fro
# between 0.43 and 0.78, over the bottom and back, for ever. At 25 it is thrown about so wildly that it gets over the hill and comes
# to rest in the deep valley, near $-1.3$. Long steps can cross hills, by luck and not by insight.
#
# </details>
#
# **2.** *More units.* Scrubber, seed 0. What is the smallest number of hidden units that gets past 97 %? Which lines do the units draw?
#
# <details><summary>Answer</summary>
#
# Three. Two of them draw the two borders that you know, and the third has found a line of its own. With eight, the borders are
# pieced together from several lines, and bend a little.
#
# </details>
#
# **3.** *Learning rate.* Scrubber, seed 1, 500 epochs. What happens at 25, and what at 0.1? Which picture tells you that one is stuck and
# the other one merely slow?
#
# <details><summary>Answer</summary>
#
# Both end far from 97 %. At 25 the first steps throw both units to the same border, the lower one, and 73 % it stays: the
# gradient of the first layer ends at 0.0009, and the loss creeps. At 0.1 the loss is even higher, but that gradient is sixteen times as
# long: it is on its way, and with 2000 epochs you see it go on. The gradients tell one from the other, not the loss.
#
# </details>
#
# **4.** *Another interval.* In section 8, set `every=10`, and then `every=200`. What do you see in one and not in the other?
#
# <details><summary>Answer</summary>
#
# Every 10: the jumping between epoch 165 and about epoch 460 shows as stripes. Every 200: it is gone, and the run seems perfectly smooth. What is
# not recorded has not happened, as far as a picture is concerned. For the film it is the `125` in `range(0, 2001, 125)`; with the session's 40
# there are 51 pictures.
#
# </details>
#
# **5.** *The landscape.* Choose b₂₁ and W₂₁₂, and replay 0. The valley is a straight ditch: why? (How large is $h_{12}$ for most points at
# the start?) Then replay up to 50 and watch the ditch become a bowl.
#
# <details><summary>Answer</summary>
#
# At the start $h_{12} \approx 1$ nearly everywhere, so $a_{21} \approx w_5 h_{11} + (W_{212} + b_{21})$: only the *sum* of the two matters, and along the
# ditch the sum stays the same. The data cannot tell these two parameters apart. Once $h_{12}$ has found its line and is 0 for one cloud,
# they do different things, and there is one best place for both.
#
# </details>

# %% [markdown]
# ## Recap
#
# - One weight has one derivative: a product along its path, averaged over the examples. It promises the effect of a small step and no more.
# - Value, influence and accuracy are three things. The darkest weight can be the least influential, and the loss can fall
#   while the accuracy does.
# - Two hidden units draw two lines, and the output can answer 1, 0, 1 across them. Across a single line the answer changes once.
# - A map over two parameters is a slice: the path on it may go uphill, because the others move too.
# - Whether a small network finds its solution depends on its first random numbers. Try several seeds before you believe one run.
