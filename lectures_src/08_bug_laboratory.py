# %% [markdown]
# # 08 · Bug laboratory
#
# **A network learns, and its loss falls. Is its code right?**
#
# **Time** 100 minutes · **You need** the whole algorithm and the gradient check (lesson 07)

# %%
import numpy as np

from utils.data import four_blobs, one_hot
from utils.exhibits.bugs import BUGS, NETWORKS, SESSION_BUGS, BuggyNetwork
from utils.explore.bug_lab import bug_lab_explorer
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork, check_gradients, gradient_descent, numerical_gradient
from utils.nn.network import Gradients
from utils.pictures import lesson_08 as pictures

bug = {each.name: each for each in BUGS}
print(len(bug), "bugs; one of them:\n")
print("true  ", bug["W for Wᵀ"].true)
print("wrong ", bug["W for Wᵀ"].wrong)

# %% [markdown]
# Code that crashes tells you where it hurts. The bugs of this lesson do not crash: every shape fits, the training runs, a number
# comes out. Twenty of them are kept in `utils/exhibits/bugs.py`; each replaces one line of the code of lesson 07. In the one above, `.mT`, the
# transpose, is missing.
#
# **After this lesson you can** say why a falling loss proves nothing about a gradient · read a gradient check: which layer, which line,
# which kind of mistake · choose the second test that finds what no gradient check can see · repair a backward pass, and prove it.

# %%
lesson = Lesson("08")
lesson.recall("00/price", "04/batch")

# %% [markdown]
# ## 1 · What does the loss tell?
#
# The patient is a 2-4-4-4 network with tanh units. It learns 300 points of the four clouds, in 400 epochs.

# %%
falls = lesson.predict(
    "falls",
    "With W where Wᵀ belongs, every hidden unit is told the blame of somebody else. What will the loss do, compared with the true code?",
    {
        "rise": "it rises",
        "stay": "it hardly moves",
        "fall": "it falls, to less than a quarter",
    },
)

# %% tags=["reasons"]
{
    "why": "The output layer still gets its true gradient, and learns from whatever the hidden layers deliver. Four clouds ask for no more.",
    "it rises": "The gradient of the output layer is right, and that layer goes downhill. It can make up for a lot.",
    "it hardly moves": "So it would if nobody learned. But the output layer has its true gradient.",
}

# %%
X, labels = four_blobs(300)
x, y = X.T, one_hot(labels, 4)


def train(*bugs, network="laboratory", learning_rate=0.1):
    net = BuggyNetwork(bugs=bugs, learning_rate=learning_rate, seed=0, **NETWORKS[network])
    return gradient_descent(net, x, y, learning_rate, epochs=400)


true, quiet = train(), train(bug["W for Wᵀ"])
for name, run in (("true code", true), ("W for Wᵀ", quiet)):
    print(f"{name:10} loss {run.loss[0]:.2f} → {run.loss[-1]:.2f}, {run.accuracy[-1]:.0%} right")
share = quiet.loss[-1] / quiet.loss[0]
falls.compare("fall" if share < 0.25 else "stay" if share < 1.1 else "rise")
pictures.losses(true, {"W for Wᵀ": quiet})

# %% [markdown]
# Had you not known the true curve, would you have suspected anything? On the day your data are harder, you will blame the data.

# %%
half = lesson.predict(
    "half",
    "Each of the twenty bugs is trained alone, for 400 epochs. In how many of the twenty does the loss fall to less than half?",
)

# %% tags=["reasons"]
{
    "why": "Most pass the test that most people apply, “the loss goes down”. Learning is robust, so it hides mistakes.",
    "0 to 4": "Many more. A wrong gradient often still points downhill, more or less.",
    "5 to 9": "Even more: many bugs touch the biases alone, or the lower layers alone, or only the length of the step.",
    "18 to 20": "Not quite so many: some lead uphill, or make every step far too long.",
}

# %%
results = {each: train(each, network=each.network) for each in BUGS}
learns = [each for each, run in results.items() if run.loss[-1] < 0.5 * run.loss[0]]
print("the loss falls to less than half:", *(each.name for each in learns), sep="\n  ")
half.compare(len(learns), within=2)

# %% [markdown]
# ## 2 · Nudge it, and compare
#
# The gradient check of lesson 07 nudges every parameter, looks what the loss really does, and compares. How far off is too far?
#
# **Write the measure:** the largest *relative* error of all entries.


# %%
def worst_error(claimed, measured):
    """Return the largest relative error: the difference of two entries, divided by the larger of the two, all in size."""
    raise NotImplementedError  # np.abs, np.maximum (entry by entry) and np.max


worst_error = lesson.check(worst_error)

# %%
accused = lesson.predict(
    "accused",
    "Which gradients of the network with W for Wᵀ does the check find wrong?",
    ["of W₃", "of b₃", "of W₂", "of b₂", "of W₁", "of b₁"],
    several=True,
)

# %% tags=["reasons"]
{
    "why": "The wrong line makes the blame of layer 2, and all that comes later on the way back is computed from it.",
    "of W₃": "The gradient of W₃ is made of ∂𝓛/∂a₃ and h₂, before the wrong line is reached.",
    "of b₃": "The gradient of b₃ is made of ∂𝓛/∂a₃ alone, before the wrong line is reached.",
    "of W₂": "It is computed from ∂𝓛/∂a₂, and that comes out of the wrong line.",
    "of b₂": "It is computed from ∂𝓛/∂a₂, and that comes out of the wrong line.",
    "of W₁": "It is computed from ∂𝓛/∂a₁, and that from ∂𝓛/∂a₂, which is wrong.",
    "of b₁": "It is computed from ∂𝓛/∂a₁, and that from ∂𝓛/∂a₂, which is wrong.",
}

# %%
few_x, few_y = x[:, :40], y[:, :40]  # forty examples are enough for a check


def suspect(*bugs, network="laboratory", **changed):
    return BuggyNetwork(bugs=bugs, learning_rate=0.1, seed=0, **NETWORKS[network] | changed)


patient = suspect(bug["W for Wᵀ"])
claimed = patient.backward(patient.forward(few_x), few_y)
errors = {}
for k in (3, 2, 1):
    for name in "Wb":
        measured = numerical_gradient(patient, few_x, few_y, name, k)
        errors[name, k] = worst_error(getattr(claimed, name)[k], measured)
        print(f"∂𝓛/∂{name}_{k}   largest relative error {errors[name, k]:.0e}")
accused.compare([error > 1e-5 for error in errors.values()])

# %% [markdown]
# **The first wrong gradient on the way back leads to the line. Whatever is computed from it is wrong, too.** Here, where we own the true code, we
# can follow that step by step, in the order of the computation: $a_3, W_3, b_3, h_2, a_2, W_2, b_2, h_1, a_1, \dots$

# %%
first = lesson.predict(
    "first",
    "Which of these gradients is the first one that is wrong?",
    {"a3": "that of a₃", "h2": "that of h₂", "a2": "that of a₂", "W2": "that of W₂"},
)

# %% tags=["reasons"]
{
    "why": "∂𝓛/∂h₂ = W₃ᵀ ∂𝓛/∂a₃ is the very line with the missing transpose.",
    "that of a₃": "∂𝓛/∂a₃ = (ŷ − y)/N has no W in it, and W₃ and b₃ agree.",
    "that of a₂": "It is wrong, but it is made of ∂𝓛/∂h₂, which is wrong already.",
    "that of W₂": "It is wrong, but it is made of ∂𝓛/∂a₂, which is wrong already.",
}


# %%
def off(net):
    """Return how far each gradient is from what the true lines make of the same values, in the order of the computation."""
    trace = net.forward(few_x)
    said, truth = net.backward(trace, few_y), FeedForwardNetwork.backward(net, trace, few_y)
    order = [(v, k) for k in (3, 2, 1) for v in "haWb" if (v, k) != ("h", 3)]
    pairs = {(v, k): (getattr(said, v)[k], getattr(truth, v)[k]) for v, k in order}
    return {f"{v}{k}": np.abs(a - b).max() / np.abs(b).max() for (v, k), (a, b) in pairs.items()}


steps = off(patient)
print(*(f"∂𝓛/∂{name[0]}_{name[1]}   off by {error:.0%}" for name, error in steps.items()), sep="\n")
first.compare(next(name for name, error in steps.items() if error > 0))

# %%
uneven = lesson.predict(
    "uneven",
    "Why did it run at all? The same bug in a 2-4-3-4 network: what happens?",
    {
        "crash": "Python stops with an error",
        "wrong": "it runs, with wrong gradients",
        "right": "it runs, with right gradients",
    },
)

# %% tags=["reasons"]
{
    "why": "W₃ is 4 × 3 there, and W₃ · (4 × N) does not fit. A shape that fits by accident is how a transpose hides: check gradients on layers that all have different widths.",
    "it runs, with wrong gradients": "In 2-4-4-4 it does, because W₂ and W₃ are square. Which shape has W₃ now?",
    "it runs, with right gradients": "A missing transpose is never right, unless W is its own transpose.",
}

# %%
try:
    other = suspect(bug["W for Wᵀ"], layer_sizes=[2, 4, 3, 4])
    ending = "wrong" if not check_gradients(other, few_x, few_y).ok else "right"
except ValueError as error:
    ending = "crash"
    print("ValueError:", error)
uneven.compare(ending)

# %% [markdown]
# ## 3 · A gradient that is too long
#
# The loss is a mean over the $N$ examples, but this gradient has lost its $\frac1N$.

# %%
print("true  ", bug["missing 1/N"].true)
print("wrong ", bug["missing 1/N"].wrong)

# %%
ratio = lesson.predict(
    "ratio",
    "The check is done on forty examples. What is backward's number, divided by the finite difference, in the row of W₁?",
)

# %% tags=["reasons"]
{
    "why": "The same ratio in every row, and it is the number of examples. A constant ratio is a factor; most other mistakes give another ratio in each entry.",
    "0.025": "That is 1/40. The gradient is too long, not too short: divide the other way round.",
    "300": "The training has 300 examples. The check here has fewer.",
    "1": "Then nothing would be wrong.",
    "1600": "1/N is missing once. It does not multiply from layer to layer: every later line is a product with the first gradient.",
    "64000": "1/N is missing once. It does not multiply from layer to layer: every later line is a product with the first gradient.",
}

# %%
report = check_gradients(suspect(bug["missing 1/N"]), few_x, few_y)
print(report)
ratio.compare(
    next(row.ratio for row in report.rows if (row.name, row.k) == ("W", 1)), tolerance=0.001
)

# %% [markdown]
# A step is the learning rate times the gradient. So a factor $c$ that is the same everywhere only rescales the learning rate.
#
# **Write it.**


# %%
def cure(learning_rate, ratio):
    """Return the learning rate with which a gradient that is ratio times too long makes the steps of the true one."""
    raise NotImplementedError  # your line


cure = lesson.check(cure)

# %%
loud, tamed = train(bug["missing 1/N"]), train(bug["missing 1/N"], learning_rate=cure(0.1, 300))
print(
    f"missing 1/N at η = 0.1:    loss up to {loud.loss.max():.0f}, at the end {loud.loss[-1]:.1f}"
)
print(
    f"and at η = {cure(0.1, 300):.6f}: loss {tamed.loss[-1]:.4f}; true code at 0.1: {true.loss[-1]:.4f}"
)
assert np.allclose(tamed.loss, true.loss)
print("✓ with the other learning rate it walks where the true code walks, at every epoch")
pictures.losses(true, {"missing 1/N": loud, "with the cure": tamed}, logarithmic=True)

# %% [markdown]
# (Most people would turn the learning rate down until it stops jumping, and never learn what it was. The live session's code has such a
# factor: its squared error has no 2, so its learning rate 5 is our 2.5.)
#
# ## 4 · How to read a gradient check
#
# **Where?** Go from the output down, and stop at the first row that is wrong. Ratios count in that row; below it they mean nothing.
# Nudge $a_k$ and $h_k$ too, not only the parameters: then the first wrong gradient on the way back is the line itself.
#
# | what is wrong first | which line |
# |---|---|
# | nothing, and the loss curves are one | no line that matters |
# | nothing, and the loss curves differ | the forward pass: backward fits it, and it is not what you meant; see section 6 |
# | the columns of $\hat y$ do not add up to 1 | the forward pass |
# | the loss does not react to one bias of a layer (finite difference 0) | the forward pass: it does not use it |
# | $\partial \mathcal{L}/\partial a_L$ | the first gradient |
# | $\partial \mathcal{L}/\partial h_k$ or $\partial \mathcal{L}/\partial a_k$ below it | the way back: the line of the first that is wrong |
# | none of these, but $W$'s alone, or $b$'s alone | the line of $\partial \mathcal{L}/\partial W_k$, or that of $\partial \mathcal{L}/\partial b_k$ |
#
# **What kind?** Some bugs look alike in the check, so ask further.
#
# | evidence | kind |
# |---|---|
# | ratio $-1$ in all wrong entries | a sign |
# | the same ratio in all wrong entries | a factor: 2, ½, $N$, $1/N$ |
# | `backward` says 0 everywhere | a gradient forgotten |
# | all biases of a layer get the same number, at the output 0, because the entries cancel; or the rows of $\hat y$ add up to 1 | a sum along the wrong axis |
# | exchange all examples but the first: the gradients of the $W$'s stay | only one example is used |
# | no entry of $\partial \mathcal{L}/\partial a_L$ is positive: no score is pushed down | the derivative of softmax taken unit by unit |
# | it crashes in a network of uneven widths, and $\partial \mathcal{L}/\partial h_{L-1}$ is wrong | a transpose |
# | it crashes there, and $\partial \mathcal{L}/\partial h_{L-1}$ is right | the index of another layer or unit |
# | $\partial \mathcal{L}/\partial h_k$ is right, and $\partial \mathcal{L}/\partial a_k$ is equal to it | $g'$ forgotten |
# | $\partial \mathcal{L}/\partial h_k$ is right, $\partial \mathcal{L}/\partial a_k$ is another multiple of it in each unit, and it runs with uneven widths | $g'$ at the wrong place |
# | all units of a layer below the output get the same | a dot product where $\circ$ belongs |
# | another learning rate gives another gradient | order: something was updated too early |
#
# Now it is your turn: all twenty bugs, without names, in another order and with other weights. You have three tools: *widths* makes the layers unequal,
# *try a repair* puts the true line in place of the suspect's and checks again, and the tables below the picture hold every gradient on the way back.
# Only when you have chosen all three parts of a diagnosis, the answer unfolds; for a wrong part it says what in the evidence speaks against it.

# %%
lesson.explore("laboratory", bug_lab_explorer())

# %% [markdown]
# ## 5 · The whole collection

# %%
silent = lesson.predict(
    "silent",
    "In how many of the twenty does the gradient check say “all entries agree”?",
)

# %% tags=["reasons"]
{
    "why": "One computes the same number twice, which is harmless. The other gives the network x₁ twice and x₂ never: perfect gradients, of the wrong function.",
    "0": "One bug does nothing at all: can the check accuse it? And what if forward and backward agree, but not with you?",
    "1": "Beside the harmless one there is another: forward and backward agree with each other, but not with you.",
    "5 to 20": "The check compares every entry. A wrong line in the way back shows almost always.",
    "otherwise": "Near. In one of them the code does something twice, in the other forward and backward agree, but not with you.",
}

# %%
checks = {each: check_gradients(suspect(each, network=each.network), few_x, few_y) for each in BUGS}
for each, its_report in checks.items():
    wrong = [f"{row.name}{row.k}" for row in its_report.rows if row.n_wrong]
    print(f"{each.name:27}accused: {' '.join(wrong) or 'nothing'}")
unseen = {each.name for each in BUGS if checks[each].ok}
silent.compare(len(unseen))

# %% [markdown]
# One run can mislead: what costs nothing from one start may cost much from another. So we ask ten starts at once, as a stack of
# networks, about the three lines of the live session's code.

# %%
harm = lesson.predict(
    "harm",
    "Which of the three lines of the live session costs most, in the mean over ten starts?",
    ["repeated line", "borrowed bias", "misplaced sums"],
)

# %% tags=["reasons"]
{
    "why": "Three biases never learn, and the gradients that they should get disturb three others.",
    "repeated line": "The second time the same number comes out. It costs time, nothing else.",
    "borrowed bias": "One of four scores is shifted by somebody else's bias. That costs something, but three biases that never learn cost more.",
}


# %%
def mean_accuracy(*bugs):
    stack = BuggyNetwork(bugs=bugs, learning_rate=0.1, seed=range(10), **NETWORKS["session"])
    gradient_descent(stack, x, y, 0.1, epochs=400, record_every=None)
    return stack.accuracy(x, y).mean()


print(f"{'true code':15} {mean_accuracy():.1%}")
means = {each.name: mean_accuracy(each) for each in SESSION_BUGS}
print(*(f"{name:15} {mean:.1%}" for name, mean in means.items()), sep="\n")
harm.compare(min(means, key=means.get))

# %% [markdown]
# ## 6 · Can it learn twelve examples?
#
# The check compares forward with backward. What you *wanted* it does not know. So a second test: a network with 52 parameters must be able to learn
# **twelve examples by heart**, three of each class. If it cannot, something is wrong, whatever the check says.
#
# **Write the choice of the examples.**


# %%
def few_of_each(labels, n):
    """Return the places of the first n examples of class 0, then those of class 1, and so on, as one array."""
    raise NotImplementedError  # np.flatnonzero(labels == c) are the places of class c


few_of_each = lesson.check(few_of_each)

# %%
twelve = lesson.predict(
    "twelve",
    "Which of these four bugs does the test with twelve examples find, and the gradient check does not?",
    ["one eye shut", "repeated line", "update before use", "g′ forgotten"],
    several=True,
)

# %% tags=["reasons"]
{
    "why": "Who never sees x₂ cannot tell points apart that differ in x₂ alone. The gradients are perfect; the loss stays high.",
    "one eye shut": "The check is silent about it: forward and backward agree. But twelve points that are told apart by x₂ cannot be learned.",
    "repeated line": "It does no harm, so no test that looks at results finds it.",
    "update before use": "The check finds it. And twelve examples are learned all the same: the error is small.",
    "g′ forgotten": "The check finds it, so it does not belong here, whatever the twelve examples say.",
}

# %%
only_check = lesson.predict(
    "only_check",
    "And the other way round: how many of the twenty does the gradient check alone find, while twelve examples are learned with no trouble?",
)

# %% tags=["reasons"]
{
    "why": "Twelve examples are easy, even for a network that learns with a wrong gradient. Only the check looks at each gradient. So use both.",
    "0 to 5": "Think of the bugs that only rescale a step, or that touch the biases alone: twelve examples are learned all the same.",
    "15 to 20": "Some are too heavy: who goes uphill learns nothing.",
    "otherwise": "The heavy ones fail with twelve examples, too. It is the quiet ones that the check alone finds: about half of all.",
}

# %%
z = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)  # around 0, as wide in both directions
draws = [np.random.default_rng(seed).permutation(300) for seed in range(5)]
places = [draw[few_of_each(labels[draw], 3)] for draw in draws]  # five draws of twelve examples
z_12, y_12 = np.stack([z[:, p] for p in places]), np.stack([y[:, p] for p in places])


def loss_with_twelve(*bugs, network="laboratory"):
    stack = BuggyNetwork(bugs=bugs, learning_rate=0.3, seed=range(5), **NETWORKS[network])
    return np.median(gradient_descent(stack, z_12, y_12, 0.3, 2000, record_every=None).loss[-1])


twelve_loss = {each.name: loss_with_twelve(each, network=each.network) for each in BUGS}
fails = {name for name, loss in twelve_loss.items() if not loss < 0.05}
print(f"true code: loss {loss_with_twelve():.3f}. Not below 0.05:")
print(*(f"  {name}: {twelve_loss[name]:.2g}" for name in sorted(fails)), sep="\n")
asked = ("one eye shut", "repeated line", "update before use", "g′ forgotten")
twelve.compare([name in fails & unseen for name in asked])
only_check.compare(len(bug.keys() - fails - unseen), within=2)
pictures.decisions({"true code": true, "one eye shut": results[bug["one eye shut"]]}, x, labels)

# %% [markdown]
# Neither of the two tests sees wrong labels, or training data among the held-back ones: for those, look at the results. And a
# check with a single example misses *missing 1/N*, *N counted twice* and *first example only*: there a mean is a sum, and the first example is
# all examples.
#
# ## 7 · Repair it
#
# Somebody has written a backward pass for tanh units, and his loss fell. It holds four bugs, two in each piece.
#
# **Repair them.** The comment is what stands there now.


# %%
def step_down(W, grad_a, h):
    """Return the gradient of the pre-activations below, ∂𝓛/∂a_{k−1}, for tanh units."""
    raise NotImplementedError  # repaired: grad_h = W @ grad_a; return grad_h * (1 - np.tanh(h) ** 2)


step_down = lesson.check(step_down)


# %%
def own_gradients(grad_a, h):
    """Return ∂𝓛/∂W_k and ∂𝓛/∂b_k."""
    raise NotImplementedError  # repaired: return grad_a[:, :1] @ h[:, :1].mT, grad_a.mean(-1, keepdims=True)


own_gradients = lesson.check(own_gradients)


# %%
class Repaired(FeedForwardNetwork):
    """A network whose way back is made of your two pieces."""

    def backward(self, trace, y):
        grad_a, grad_h, grad_W, grad_b = ([None] * (self.L + 1) for _ in range(4))
        grad_a[self.L] = self.loss.grad_a(trace.y_hat, y)
        for k in reversed(self.layers):
            grad_W[k], grad_b[k] = own_gradients(grad_a[k], trace.h[k - 1])
            if k > 1:
                grad_a[k - 1] = step_down(self.W[k], grad_a[k], trace.h[k - 1])
        return Gradients(grad_a, grad_h, grad_W, grad_b)


repaired = Repaired([2, 5, 3, 4], activation="tanh", seed=0)  # all widths different
proof = check_gradients(repaired, few_x, few_y)
print(proof)
assert proof.ok
overfitted = gradient_descent(repaired, z_12[0], y_12[0], 0.3, 2000).loss[-1]
assert overfitted < 0.05
print(
    f"✓ all gradients agree, on uneven widths; twelve examples are learned: loss {overfitted:.3f}"
)

# %%
lesson.summary()
