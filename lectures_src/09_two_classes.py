# %% [markdown]
# # 09 · Two classes
#
# **Nine numbers divide a thousand points into two classes. What does each of the nine do, and which of them matter?**
#
# **Time** 110 minutes · **You need** output units (lesson 04), hidden units (05), weights and biases (06), the whole algorithm (07)

# %%
import numpy as np
from sklearn.model_selection import train_test_split

from utils.data import four_blobs
from utils.explore.landscape import landscape_explorer, parameter_names
from utils.explore.run_replay import run_replay_explorer
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork, gradient_descent, numerical_gradient
from utils.pictures import lesson_09 as pictures
from utils.pictures.lesson_10 import losses, parameters

X, clouds = four_blobs()
X_train, X_val, clouds_train, clouds_val = train_test_split(
    X, clouds, stratify=clouds % 2, random_state=0
)
x_train, x_val = X_train.T, X_val.T  # from here on a column is an example
labels_train, labels_val = clouds_train % 2, clouds_val % 2  # four clouds, but two classes
y_train, y_val = labels_train[None] * 1.0, labels_val[None] * 1.0  # one output: one row
pictures.clouds(x_train, labels_train, clouds_train)

# %% [markdown]
# Four clouds, but only two classes: each class has two clouds. These are 750 of a thousand points; 250 are held back.
#
# **After this lesson you can** say what each hidden unit sees, and how the output puts it together · compute the derivative of one
# weight by hand, and train it alone · tell apart the value of a weight, the way it has gone, and its influence · read the path of a
# run on a map of the loss.

# %%
lesson = Lesson("09")
lesson.recall("00/touched", "04/batch")

# %% [markdown]
# ## 1 · How far does one straight border come?

# %%
straight = lesson.predict(
    "straight",
    "One straight border, the best of all: class 1 on one side of it, class 0 on the other. "
    "How many percent of the 750 points can it get right?",
    unit="%",
)

# %% tags=["reasons"]
{
    "why": "It cuts off one cloud of class 1. The other cloud of class 1, a quarter of all points, stays on the wrong side.",
    "< 55": "Whoever guesses gets half of them. A border that cuts off one cloud of class 1 does better.",
    "55 to 70": "Cut off a whole cloud: then three of the four clouds lie on their right sides.",
    "> 80": "Then both clouds of class 1 would have to lie on one side, and class 0 lies between them. One cloud has to be given up.",
    "otherwise": "Nearly. It cuts off one cloud of class 1, and loses the other one and some points near the border.",
}

# %% [markdown]
# Let us try them all. Along a direction, every point has a position $s$. A border across this direction is a **cut** at some
# value of $s$.
#
# **Write it.** Which share of the points does the best cut get right? It is enough to cut at each of the points. Class 1 may lie ahead
# of the cut ($s$ larger) or behind it.


# %%
def best_cut(s, labels):
    """Return the largest share of points that a single cut gets right, with class 1 on either side."""
    raise NotImplementedError  # for one cut, with class 1 ahead: ((s > cut) == labels).mean()


best_cut = lesson.check(best_cut)

# %%
angles = np.linspace(0, np.pi, 90, endpoint=False)  # all directions, every second degree
positions = [np.cos(angle) * x_train[0] + np.sin(angle) * x_train[1] for angle in angles]
shares = [best_cut(s, labels_train) for s in positions]
print(f"the best cut in {len(angles)} directions: {max(shares):.1%}")
straight.compare(max(shares), within=0.02)
pictures.shares(angles, shares)

# %% [markdown]
# A network without hidden layer, 2-1, has one straight border, too. But it never heard of cuts: it goes downhill on the
# squared error.

# %%
settles = lesson.predict(
    "settles",
    "Forty such networks begin with forty different weights, and train for 2000 epochs at η = 0.5. "
    "Where do most of them end, compared with the best border?",
    {
        "best": "at the best border, or within two points of it",
        "lower": "at a border with fewer points right, and a lower loss",
        "higher": "at a border with fewer points right, and a higher loss",
    },
)

# %% tags=["reasons"]
{
    "why": "The loss counts how far every answer is from its target, the accuracy only on which side it lies. Gradient descent goes where the loss is low.",
    "at the best border, or within two points of it": "They look for a low loss, and it does not lie where most points are right.",
    "at a border with fewer points right, and a higher loss": "Then they would not be done. But they are: ten times as many epochs change nothing.",
}

# %%
linear = FeedForwardNetwork([2, 1], output="sigmoid", loss="squared_error", seed=list(range(40)))
gradient_descent(linear, x_train, y_train, learning_rate=0.5, epochs=2000)  # 40 networks at once
its_share = np.median(linear.accuracy(x_train, y_train))
its_loss = np.median(linear.loss(linear.forward(x_train), y_train))

s = positions[
    np.argmax(shares)
]  # the best border, with a sigmoid across it: gentle, steep, and all between
cut = max(s, key=lambda place: ((s > place) == labels_train).mean())
answers = 1 / (1 + np.exp(-np.geomspace(0.01, 20, 100)[:, None] * (s - cut)))
best_loss = ((answers - labels_train) ** 2).mean(axis=1).min()
print(f"best border   {max(shares):.1%} right, loss {best_loss:.3f} at the best steepness")
print(f"networks 2-1  {its_share:.1%} right, loss {its_loss:.3f}: the medians of 40")
near = its_share > max(shares) - 0.02
settles.compare("best" if near else "lower" if its_loss < best_loss else "higher")

# %% [markdown]
# ## 2 · And two borders?

# %%
two = lesson.predict(
    "two",
    "Two straight borders, as good as possible, and each region between them gets the class of most of its points. "
    "How many percent of the 750 points can be right?",
    unit="%",
)

# %% tags=["reasons"]
{
    "why": "Each border cuts off one cloud of class 1. What remains wrong lies where the clouds overlap.",
    "< 90": "Each of the two borders can cut off one cloud of class 1. Then all four clouds lie on their right sides.",
    "> 99.4": "The clouds overlap a little: some points lie among those of another class.",
    "otherwise": "Nearly: what cannot be right are the points where the clouds overlap.",
}

# %% [markdown]
# A unit says ½ where $a = w \cdot x + b = 0$: a straight line. To draw a line through two points is school geometry: $w$ stands
# **across** it, and $b$ is such that $a = 0$ at both points. Across, to the left of $(u, v)$, points $(-v, u)$.
#
# **Write it.**


# %%
def border(p, q):
    """Return w and b of a unit whose border runs from p to q, with a > 0 on its left."""
    raise NotImplementedError  # w, an array of two numbers, and b, one number


border = lesson.check(border)


# %%
def share_right(lines):
    """Return the share of points that are right when each region has the class of most of its points."""
    region = sum(2**n * (w @ x_train + b > 0) for n, (w, b) in enumerate(lines))
    in_region = [np.bincount(labels_train[region == r]) for r in np.unique(region)]
    return sum(counts.max() for counts in in_region) / labels_train.size


my_points = [  # change these eight numbers, and run the cell again, until you are satisfied
    ((-4, 0), (4, 0)),  # two points of your first border
    ((0, -4), (0, 9)),  # two points of your second border
]
my_lines = [border(np.array(p), np.array(q)) for p, q in my_points]
pictures.borders(
    x_train, labels_train, my_lines, said=f"your two borders: {share_right(my_lines):.1%}"
)

# %% [markdown]
# How good are yours? For comparison, the best of all *parallel* pairs: for each direction, the piece of the way that holds most
# points of class 0 and fewest of class 1.

# %%
pairs = []
for s_along in positions:
    lead = np.cumsum(
        np.where(labels_train[np.argsort(s_along)] == 0, 1, -1)
    )  # class 0 minus class 1
    pairs.append((labels_train.sum() + (lead - np.minimum.accumulate(lead)).max()) / lead.size)
print(f"the best parallel pair: {max(pairs):.1%}")
two.compare(max(pairs), within=0.02)

# %% [markdown]
# ## 3 · The network that draws two borders
#
# Two inputs, two hidden units, one sigmoid output that says how much a point looks like class 1: nine numbers. A live session of
# this course called them $w_1 \dots w_6$ and $b_1, b_2, b_3$; elsewhere we write $W_{kij}$ and $b_{ki}$. So its $b_1$ and $b_2$
# are our $b_{11}$ and $b_{12}$, its $b_3$ is our $b_{21}$, and its third unit $h_3$ is our $\hat y$.

# %%
pictures.network()

# %% [markdown]
# Every change here trains such a network anew. Upper left its decision, upper right each hidden unit, lower left all
# parameters, lower right the loss and the lengths of the gradients. The last slider replays the run.

# %%
lesson.explore("replay", run_replay_explorer())

# %%
lottery = lesson.predict(
    "lottery",
    "Forty networks 2-2-1 with the seeds 0 to 39, trained for 500 epochs as above. How many of the forty get more than 95 % right?",
)

# %% tags=["reasons"]
{
    "why": "A solution exists for each of them, and about half of them find it: it depends on where the two borders begin.",
    "> 33": "Two units are enough, but they do not always find their places. Have you seen it in the explorer?",
    "< 11": "Try ten seeds in the explorer: it is not that rare.",
    "otherwise": "Not far off. The rest is stuck at 67 or 73 %.",
}

# %%
found = {}
for n_hidden in (1, 2, 3, 4):
    stack = FeedForwardNetwork(
        [2, n_hidden, 1], output="sigmoid", loss="squared_error", seed=list(range(40))
    )
    gradient_descent(stack, x_train, y_train, learning_rate=2.5, epochs=500, record_every=None)
    found[n_hidden] = int((stack.accuracy(x_train, y_train) > 0.95).sum())
    print(f"{n_hidden} hidden units: {found[n_hidden]:2} of 40 networks")
lottery.compare(found[2], within=9)

# %% [markdown]
# Two units are *enough*: a solution exists. With four, it is nearly always *found*. The extra units buy no better border. They buy more
# tickets in the lottery of the first random numbers.
#
# ## 4 · What does one weight do?
#
# The session drew its six weights from NumPy's old generator with seed 0, and set the biases to 0. We begin with the same
# numbers. With one output there is one path from $w_1$ to the loss,
# $w_1 \to a_{11} \to h_{11} \to a_{21} \to \hat y \to \mathcal{L}$. So its derivative is one product, averaged over the examples:
#
# $$\frac{\partial \mathcal{L}}{\partial w_1} = \frac1N \sum_{n=1}^{N}
# \underbrace{2(\hat y - y)}_{\partial / \partial \hat y} \cdot
# \underbrace{\hat y (1 - \hat y)}_{\partial \hat y / \partial a_{21}} \cdot
# \underbrace{w_5}_{\partial a_{21} / \partial h_{11}} \cdot
# \underbrace{h_{11}(1 - h_{11})}_{\partial h_{11} / \partial a_{11}} \cdot
# \underbrace{x_1}_{\partial a_{11} / \partial w_1}$$
#
# The session shows its line of code with the words "let's assume that this is a proper formula". No need to assume.
#
# **Write it.** The arrays hold one number for each example.


# %%
def slope_of_w_1(x_1, y, y_hat, w_5, h_11):
    """Return ∂𝓛/∂w₁: the mean over the examples of the five factors' product."""
    raise NotImplementedError  # your line


slope_of_w_1 = lesson.check(slope_of_w_1)

# %%
w = np.random.RandomState(0).randn(6)
session = FeedForwardNetwork([2, 2, 1], output="sigmoid", loss="squared_error")
session = session.with_parameters(W={1: w[:4].reshape(2, 2), 2: w[4:].reshape(1, 2)})
trace = session.forward(x_train)
product = slope_of_w_1(x_train[0], y_train[0], trace.y_hat[0], w[4], trace.h[1][0])
backward = session.backward(trace, y_train).W[1][0, 0]
nudged = numerical_gradient(session, x_train, y_train, "W", 1)[0, 0]
print(f"five factors {product:.7f}   backward {backward:.7f}   nudged {nudged:.7f}")
assert np.isclose(product, backward, rtol=1e-12) and np.isclose(product, nudged, rtol=1e-6)
print("✓ three ways, one derivative")

# %% [markdown]
# (The session's code has no factor 2, and trains with $\eta = 5$. A forgotten 2 points in the right direction with half the
# length, so its 5 is our $\eta = 2.5$.)
#
# Now $w_1$ shall move **alone**, and all others stay as they are.
#
# **Write it.** A step of gradient descent for the entry in row $i$ and column $j$, counted from 1. Leave `W` itself as it is.


# %%
def step_of_one(W, grad_W, i, j, learning_rate):
    """Return W after a step in which its entry in row i, column j has moved and no other."""
    raise NotImplementedError  # W.copy() is a matrix that you may change


step_of_one = lesson.check(step_of_one)

# %%
part = lesson.predict(
    "part",
    "Only w₁ moves, for 500 epochs. How many percent of the loss will this one of nine parameters remove?",
    unit="%",
)

# %% tags=["reasons"]
{
    "why": "One weight can do little as long as the eight others do not follow.",
    "> 30": "That would be a good part of the way. w₁ can only turn and shift the border of one unit, and the output listens to that unit with a fixed weight.",
    "8 to 15": "One of nine, so about a ninth? The nine do not share the work like that: what they can do, they can do together.",
    "otherwise": "It is even less: one weight can do little as long as the others do not follow.",
}

# %%
stops = lesson.predict(
    "stops",
    "After these 500 epochs w₁ hardly moves any more. Why?",
    {
        "flat": "its derivative is nearly 0 there",
        "rate": "the learning rate has become smaller",
        "right": "all points are right",
    },
)

# %% tags=["reasons"]
{
    "why": "It has come to the bottom of its valley. A step is η times the derivative: where that is 0, nothing moves.",
    "the learning rate has become smaller": "The learning rate is 2.5 in every epoch. What else is a step made of?",
    "all points are right": "Look at the accuracy: more than a third of the points are wrong. The loss is far from 0.",
}


# %%
def loss_and_gradients(network, k):
    trace_now = network.forward(x_train)
    return network.loss(trace_now, y_train), network.backward(trace_now, y_train).W[k]


def only(k, i, j, learning_rate=2.5, epochs=500):
    """Return the path of one weight that moves alone, from the session's start: weight, loss and derivative."""
    net, path = session.with_parameters(), []
    for _ in range(epochs + 1):
        loss_now, grad_W = loss_and_gradients(net, k)
        path.append((net.W[k][i - 1, j - 1], loss_now, grad_W[i - 1, j - 1]))
        net.W[k] = step_of_one(net.W[k], grad_W, i, j, learning_rate)
    return np.transpose(path)


weight, loss, slope = only(1, 1, 1)
print(f"w₁    {weight[0]:.3f} → {weight[1]:.3f} after one epoch → {weight[-1]:.3f} after 500")
print(f"loss  {loss[0]:.4f} → {loss[1]:.4f} after one epoch → {loss[-1]:.4f} after 500")
print(f"∂𝓛/∂w₁ {slope[0]:+.4f} at the start, {slope[-1]:+.6f} at the end")
part.compare(1 - loss[-1] / loss[0], within=0.02)
stops.compare("flat" if abs(slope[-1]) < abs(slope[0]) / 100 else "rate")
pictures.one_weight(weight, loss)

# %% [markdown]
# Look at the numbers on the axis of the loss before you are impressed by the fall. Here is the loss over *all* values of $w_1$,
# computed by a stack of networks that differ in this one entry.


# %%
def along(k, i, j, values):
    """Return the loss of the session's network for all these values of W_kij."""
    W_k = np.repeat(session.W[k][None], len(values), axis=0)  # a copy of W_k for each value
    W_k[:, i - 1, j - 1] = values
    stack = session.with_parameters(W={k: W_k})
    return stack.loss(stack.forward(x_train), y_train)


values = np.linspace(-4, 5, 181)
pictures.valley(values, along(1, 1, 1, values), weight, loss)

# %% [markdown]
# ## 5 · Each weight alone: which one helps most?
#
# The session left it as an exercise: the same for the other five. Here is what we know about the six at the start.

# %%
PLACES = {"w₁": (1, 1, 1), "w₂": (1, 1, 2), "w₃": (1, 2, 1), "w₄": (1, 2, 2)}
PLACES |= {"w₅": (2, 1, 1), "w₆": (2, 1, 2)}  # name: k, i, j of W_kij
at_start = session.backward(session.forward(x_train), y_train)
for name, (k, i, j) in PLACES.items():
    value, derivative = session.W[k][i - 1, j - 1], at_start.W[k][i - 1, j - 1]
    print(f"{name}   value {value:+.2f}   ∂𝓛/∂{name} {derivative:+.4f}")

# %%
most = lesson.predict(
    "most",
    "Each of the six is trained alone for 500 epochs, from this start. Which one brings the loss down most?",
    {
        "w₁": "w₁ alone",
        "w₂": "w₂ alone",
        "w₃": "w₃ alone",
        "w₄": "w₄ alone",
        "w₅": "w₅ alone",
        "w₆": "w₆ alone",
    },
)

# %% tags=["reasons"]
{
    "why": "Its derivative is small, but its way is long, and it goes on falling. A derivative is a promise for one small step; about the next one it says nothing.",
    "w₁ alone": "Its derivative is one of the smaller ones, and we know its end: a loss of 0.228. Others come further.",
    "w₂ alone": "It has the largest derivative. But it stops after a short way in a small hollow; the deep valley lies behind a hill.",
    "w₄ alone": "It has the largest value and the smallest derivative. It goes far, but its slope is so gentle that it gains little.",
    "w₅ alone": "It has a large derivative, but its valley is near and not deep: it comes third.",
    "w₆ alone": "It has nearly the largest derivative, and comes second. Its valley is near.",
}

# %%
runs = {name: only(*place) for name, place in PLACES.items()}
for name, (its_weight, its_loss, _) in runs.items():
    print(f"{name}   {its_weight[0]:+.2f} → {its_weight[-1]:+.2f}   loss → {its_loss[-1]:.4f}")
most.compare(min(runs, key=lambda name: runs[name][1][-1]))
curves = {name: along(*place, values) for name, place in PLACES.items()}
pictures.six_valleys(values, curves, {name: run[:2] for name, run in runs.items()})

# %%
side = lesson.predict(
    "side",
    "The best of the six lowers the loss by 5 %. What happens to its accuracy on the training points?",
    {
        1: "it rises by more than one point",
        0: "it changes by less than one point",
        -1: "it falls by more than one point",
    },
)

# %% tags=["reasons"]
{
    "why": "The answers come nearer to their targets, but hardly any crosses ½. The loss counts how far, the accuracy on which side.",
    "it rises by more than one point": "So one would think. But the loss can fall without a single answer crossing ½: the two count different things.",
    "it falls by more than one point": "It could: loss and accuracy count different things. Here nearly all points stay on their sides.",
}

# %%
winner = min(runs, key=lambda name: runs[name][1][-1])
W_1 = session.W[1].copy()
W_1[PLACES[winner][1] - 1, PLACES[winner][2] - 1] = runs[winner][0][-1]
before = session.accuracy(x_train, y_train)
after = session.with_parameters(W={1: W_1}).accuracy(x_train, y_train)
print(f"accuracy {before:.1%} → {after:.1%}")
side.compare(np.sign(after - before) * (abs(after - before) > 0.01))

# %% [markdown]
# ## 6 · All nine at once

# %%
rises = lesson.predict(
    "rises",
    "All nine together, 2000 epochs at η = 2.5, from the session's start. At how many of the 2000 steps will the loss rise?",
    {0: "at none: it is gradient descent", 1: "at a few, up to 20", 2: "at more than 50"},
)

# %% tags=["reasons"]
{
    "why": "Between about epoch 165 and 450 the valley is narrower than the step is long: the network jumps from wall to wall, and then it comes to rest.",
    "at none: it is gradient descent": "Downhill is the direction. How far a step goes is another matter: a long one can end on the other wall.",
    "at a few, up to 20": "Once the valley is narrower than the step, the next step jumps again, for hundreds of epochs.",
}

# %%
net = session.with_parameters()  # a copy, which is trained
history = gradient_descent(net, x_train, y_train, learning_rate=2.5, epochs=2000)
gentle_net = session.with_parameters()
gentle = gradient_descent(gentle_net, x_train, y_train, learning_rate=0.5, epochs=2000)
for rate, network in ((2.5, net), (0.5, gentle_net)):
    training, validation = (
        network.accuracy(x_train, y_train),
        network.accuracy(x_val, y_val),
    )
    print(f"η = {rate}: training {training:.1%}, validation {validation:.1%}")
n_rises = (np.diff(history.loss) > 0).sum()
rises.compare(sum(n_rises > at_most for at_most in (0, 20)))
losses({"η = 2.5": history.loss, "η = 0.5": gentle.loss})

# %% [markdown]
# No weight could do it alone. $w_5$ gains little by listening to $h_{11}$ as long as $h_{11}$ looks in the wrong direction, and $w_1$ and $w_2$ gain
# little by turning $h_{11}$ as long as nobody listens. Together they can.
#
# Here are your two borders once more, and dashed those that the network has found.

# %%
its_lines = [(net.W[1][i], net.b[1][i, 0]) for i in (0, 1)]
pictures.borders(
    x_train,
    labels_train,
    my_lines,
    its_lines,
    said=f"yours {share_right(my_lines):.1%}, dashed the network's {share_right(its_lines):.1%}",
)

# %% [markdown]
# And this is what each unit sees, and what the output makes of it.

# %%
pictures.units(net, x_train, labels_train)

# %%
corner = lesson.predict(
    "corner",
    "Let us round h₁₁ and h₁₂ to 0 or 1. Which pair of the two occurs at none of the 750 points?",
    {"00": "0 and 0", "01": "0 and 1", "10": "1 and 0", "11": "1 and 1"},
)

# %% tags=["reasons"]
{
    "why": "It would be above the upper border and below the lower one. So three cases remain: below both class 1, between them class 0, above both class 1 again.",
    "0 and 0": "That is below both borders: the cloud at the lower right.",
    "0 and 1": "That is below the upper border and above the lower one: the band of class 0.",
    "1 and 1": "That is above both borders: the upper cloud.",
}

# %%
rounded = net.forward(x_train).h[1].round()
points = {}
for h_11, h_12 in ((0, 0), (0, 1), (1, 0), (1, 1)):
    n_points = ((rounded[0] == h_11) & (rounded[1] == h_12)).sum()
    score = (net.W[2] @ [h_11, h_12] + net.b[2][0]).item()
    print(
        f"{h_11} and {h_12}: {n_points:3} points, a₂₁ = {score:+5.1f}, ŷ = {1 / (1 + np.exp(-score)):.3f}"
    )
    points[f"{h_11}{h_12}"] = n_points
corner.compare(min(points, key=points.get))

# %% [markdown]
# On the way up through the clouds the answer goes 1, 0, 1. Across a single border it can change only once.
#
# Now walk up through the upper border. On the way $h_{11}$ rises from 0 to 1, and so does $\hat y$.

# %%
sharper = lesson.predict(
    "sharper",
    "Each of the two lies between ¼ and ¾ on a stretch of this way. Whose stretch is longer?",
    {"hidden": "that of h₁₁", "output": "that of ŷ", "same": "both are about the same"},
)

# %% tags=["reasons"]
{
    "why": "Slopes multiply: ŷ changes ŷ(1 − ŷ)w₅ times as fast as h₁₁, that is w₅/4 times where ŷ is near ½, and training has made w₅ larger than 4.",
    "that of ŷ": "The output comes later, but it does not blur. Its slope is that of h₁₁ times ŷ(1 − ŷ)w₅, and w₅ has grown.",
    "both are about the same": "They would be for a w₅ near 4, because ŷ(1 − ŷ) is ¼ in the middle. Training has made it larger.",
}

# %%
x_2 = np.linspace(4, 9, 501)
upwards = net.forward(np.stack([np.full(501, -1.0), x_2]))
hidden, output = upwards.h[1][0], upwards.y_hat[0]
stretch = {
    name: np.ptp(x_2[(v > 0.25) & (v < 0.75)])
    for name, v in (("hidden", hidden), ("output", output))
}
print(f"w₅ was {w[4]:.1f} and is {net.W[2][0, 0]:.1f}")
ratio = stretch["hidden"] / stretch["output"]
sharper.compare("same" if 0.8 < ratio < 1.25 else max(stretch, key=stretch.get))
pictures.walk(x_2, hidden, output)

# %% [markdown]
# ## 7 · Which parameters matter?
#
# All nine over the 2000 epochs: each row is a parameter, each column an epoch.

# %%
parameters(history, every=40)

# %% [markdown]
# The session read such a map like this: what is dark, or has gone far, is "very influential". Let us try it. Each of the nine is made
# larger by 0.1, one at a time, at the end of the training.

# %%
costliest = lesson.predict(
    "costliest",
    "Which of these four changes makes the loss rise most?",
    {
        "b₁₁": "that of b₁₁: it is the darkest, and has gone farthest",
        "W₂₁₁": "that of W₂₁₁: it is nearly as dark",
        "W₁₁₂": "that of W₁₁₂: it is rather pale",
        "W₁₁₁": "that of W₁₁₁: it is the palest",
    },
)

# %% tags=["reasons"]
{
    "why": "It is multiplied by x₂, which is near 8 in the upper cloud: a step of 0.1 shifts a₁₁ by 0.8 there. A cell shows a value, and a value is no influence.",
    "that of b₁₁: it is the darkest, and has gone farthest": "A value shows neither, nor does a way: it is η times the sum of all gradients so far. A step of 0.1 shifts a₁₁ by 0.1, for every point.",
    "that of W₂₁₁: it is nearly as dark": "A step of 0.1 shifts a₂₁ by at most 0.1, because h₁₁ is at most 1. And where ŷ is sure, that changes nearly nothing.",
    "that of W₁₁₁: it is the palest": "It is multiplied by x₁, and the points have x₁ between −5 and 5. Another one is multiplied by a larger number.",
}

# %%
announced = lesson.predict(
    "announced",
    "For a small step, derivative · step announces how the loss will change. "
    "How much of the real rise does it announce for the costliest of the four, here at the end of the training?",
    {"whole": "nearly the whole rise", "half": "about half of it", "nothing": "nearly nothing"},
)

# %% tags=["reasons"]
{
    "why": "At the bottom of a valley all derivatives are nearly 0. What counts there is how steep the walls become: the curvature.",
    "nearly the whole rise": "It would at the beginning. But training ends where the derivatives are nearly 0, for the costly and the cheap ones alike.",
    "about half of it": "Training goes on until the derivatives are nearly 0: 0.1 times nearly 0 is nearly nothing.",
}

# %% [markdown]
# How fast a slope changes is called the **curvature**. On the way from $-\varepsilon$ to 0 the slope is $(\text{here} - \text{down})/\varepsilon$, on the way from
# 0 to $+\varepsilon$ it is $(\text{up} - \text{here})/\varepsilon$, and the middles of these two ways are $\varepsilon$ apart.
#
# **Write it.** `up`, `here` and `down` are the losses at $+\varepsilon$, 0 and $-\varepsilon$.


# %%
def curvature(up, here, down, eps):
    """Return the curvature: how much the slope changes per unit of the way."""
    raise NotImplementedError  # the difference of the two slopes, per unit


curvature = lesson.check(curvature)

# %% [markdown]
# With a slope and a curvature $c$, the loss is a parabola, and a step $s$ changes it by
# $\frac{\partial \mathcal{L}}{\partial w} s + \frac12 c s^2$.


# %%
def loss_after(network, place, step):
    """Return the loss when one entry of W_k or b_k has moved by step, and all else has stayed."""
    name, k, i, j = place
    moved = network.with_parameters()
    getattr(moved, name)[k][i - 1, j - 1] += step
    return moved.loss(moved.forward(x_train), y_train)


def influence(network, place, step=0.1, eps=1e-3):
    """Return derivative · step, what the parabola announces, and the real change."""
    up, here, down, away = (loss_after(network, place, s) for s in (eps, 0, -eps, step))
    first_term = (up - down) / (2 * eps) * step
    second_term = curvature(up, here, down, eps) * step**2 / 2
    return first_term, first_term + second_term, away - here


def of_all_nine(network):
    return {name: influence(network, place) for name, place in parameter_names(network).items()}


trained = of_all_nine(net)
pictures.influence_table(trained)
rise = {name: trained[name][2] for name in ("b₁₁", "W₂₁₁", "W₁₁₂", "W₁₁₁")}
costliest.compare(max(rise, key=rise.get))
first_term, _, real = trained[max(rise, key=rise.get)]
share_told = abs(first_term / real)
announced.compare("nothing" if share_told < 0.1 else "half" if share_told < 0.75 else "whole")

# %% [markdown]
# And the same before the training:

# %%
pictures.influence_table(of_all_nine(session))

# %% [markdown]
# Here the derivative does announce the change, not exactly, but well. So what *influence* is depends on the place: on a slope it is the
# derivative, at the bottom of a valley the curvature. Of 40 fresh networks, derivative · step names the
# most influential parameter in about 8 of 10; after a successful training hardly ever. With the curvature it is named each time. The
# darkest one, and the one that has gone farthest, is it after the training never.
#
# ## 8 · A map of the loss
#
# In section 4 the loss was a curve over one weight. Over two it is a landscape, and a run is a path on it. The gentle run with $\eta = 0.5$ had
# a loss that fell at every single step.

# %%
climb = lesson.predict(
    "climb",
    "The map shows the loss over w₁ and w₂, with the other seven as they are at the end of the gentle run. "
    "We put the run's path on it. How does it go on this map?",
    {
        "down": "downhill all the way: the loss falls at every step",
        "up": "down and up: it climbs in places",
        "level": "always at the same height, until the end",
    },
)

# %% tags=["reasons"]
{
    "why": "The map shows two of nine directions. The other seven move as well, and with each of their steps the ground rises or sinks under the path.",
    "downhill all the way: the loss falls at every step": "The loss of the run does. But this map belongs to the last epoch, and in epoch 600 the other seven were elsewhere.",
    "always at the same height, until the end": "That would be odd: w₁ and w₂ are trained, too, and where they go, the map is not level.",
}

# %%
W_1_path = np.repeat(gentle_net.W[1][None], len(gentle.epochs), axis=0)  # as at the end of the run,
W_1_path[:, 0] = gentle.W[1][:, 0]  # but w₁ and w₂ as they were at every epoch
on_the_map = gentle_net.with_parameters(W={1: W_1_path})
ground = on_the_map.loss(on_the_map.forward(x_train), y_train)
for epoch in (0, 600, 800, 2000):
    print(f"epoch {epoch:4}: loss {gentle.loss[epoch]:.3f}   on the last map {ground[epoch]:.3f}")
assert (np.diff(gentle.loss) < 0).all() and np.isclose(ground[-1], gentle.loss[-1])
print("✓ the loss of the run fell at every step, and at the end map and run agree")
steps_up = (np.diff(ground) > 1e-6).sum()
climb.compare("up" if steps_up else "down")

# %% [markdown]
# So an explorer must draw the map anew for each moment, with the other seven at *that* epoch. Here is the run with $\eta = 2.5$. The white dot
# is the start, the filled one the moment that you replay. Only that dot stands on its own map; the rest of the path was walked on
# others.

# %%
lesson.explore(
    "landscape",
    landscape_explorer(history, x_train, y_train, horizontal="W₂₁₁", vertical="b₁₁", replay=30),
)

# %% [markdown]
# ## 9 · Is the box still black?
#
# Two units draw two borders, the output makes 1, 0, 1 of them, and each of the nine numbers has its place in it. Gradient
# descent found them with products of slopes like your five factors, nine derivatives in each epoch, each one averaged over 750 points. Nobody
# would do it by hand, but there is no step in it that you could not do.
#
# A film of the gentle run, to take away. It lies in the folder of this notebook: in JupyterLab on the left, right click,
# *Download*; in Colab behind the folder at the left edge. With a smaller `every` it has more pictures.

# %%
pictures.film(gentle, x_train, labels_train, every=400)

# %%
lesson.summary()
