# %% [markdown]
# # 07 · The whole algorithm
#
# You have all the parts: the way forward (03), the blame on the scores (04) and on the hidden layers (05), the gradients of weights and biases (06). Nothing new has to be derived. The question is:
#
# > **Can you put the parts in order, carry out a whole step by hand, and say what it costs?**
#
# **Time** 110 minutes · **You need** lessons 03 to 06, paper, and a pocket calculator

# %%
import inspect
from textwrap import dedent

import numpy as np

from utils.data import four_blobs, one_hot
from utils.exhibits.multiplication_counts import CountedChain, cost
from utils.exhibits.samples import X, Y, sample
from utils.explore.algorithm import algorithm_explorer, steps
from utils.learn import Lesson
from utils.learn.answer_sheet import AnswerSheet
from utils.nn import FeedForwardNetwork, check_gradients, gradient_descent, sigmoid, softmax, update
from utils.pictures import lesson_07 as pictures
from utils.pictures.way_back import way_back

lesson = Lesson("07")
way_back("07")

# %% [markdown]
# **After this lesson you can** write backpropagation for a network of any depth · carry it out by hand, number by number, and find your own slips · say what the cache saves, and what
# goes wrong when a weight moves too early · write the loop that trains a network, and read its loss and its accuracy.

# %% jupyter={"source_hidden": true}
lesson.recall(
    (
        "05/forgotten",
        "Two layers of two units. Somebody writes W₂ ∂𝓛/∂a₂ for ∂𝓛/∂h₁, without the transpose. What happens?",
    ),
    "06/largest",
)

# %% [markdown]
# ## 1 · One page
#
# Weights begin as small random numbers, biases as 0. Then one **epoch** follows another. In each of them the same happens, in the same order.

# %%
order = lesson.predict(
    "order",
    "One epoch of a 2-layer network. Put its parts in order.",
    [
        "∂𝓛/∂a₁, through g′",
        "all weights and biases take their step",
        "∂𝓛/∂a₂, from ŷ and y",
        "∂𝓛/∂W₁, with the signals x",
        "a₁, h₁, a₂ and ŷ",
        "∂𝓛/∂h₁, through the weights W₂",
    ],
    ordered=True,
)

# %% tags=["reasons"]
{
    "why": "Forward first, because the way back reads what it has left: ŷ, h₁ and x. The step comes last: until then the way back needs the old weights.",
    "∂𝓛/∂a₁, through g′ before ∂𝓛/∂h₁, through the weights W₂": "h₁ is nearer to the loss than a₁. So h₁ is asked first.",
    "∂𝓛/∂W₁, with the signals x before ∂𝓛/∂a₁, through g′": "∂𝓛/∂W₁ is ∂𝓛/∂a₁ times the signals: it needs ∂𝓛/∂a₁.",
    "∂𝓛/∂h₁, through the weights W₂ before ∂𝓛/∂a₂, from ŷ and y": "∂𝓛/∂h₁ is W₂ᵀ ∂𝓛/∂a₂: it needs ∂𝓛/∂a₂.",
    "∂𝓛/∂a₂, from ŷ and y before a₁, h₁, a₂ and ŷ": "ŷ − y needs ŷ, and that is found on the way forward.",
    "all weights and biases take their step before ∂𝓛/∂h₁, through the weights W₂": "After the step W₂ is another one. But ∂𝓛/∂h₁ belongs to the W₂ with which ŷ was made.",
    "all weights and biases take their step before ∂𝓛/∂W₁, with the signals x": "W₁ cannot take its step before its gradient is known.",
}

# %%
net = sample("2-2-2")
line_of = {line.name: number for number, line in enumerate(steps(net, X, Y, 0.5), start=1)}
places = {
    "∂𝓛/∂a₁, through g′": line_of["∂𝓛/∂a_1"],
    "all weights and biases take their step": line_of["new W_1, b_1"],
    "∂𝓛/∂a₂, from ŷ and y": line_of["∂𝓛/∂a_2"],
    "∂𝓛/∂W₁, with the signals x": line_of["∂𝓛/∂W_1"],
    "a₁, h₁, a₂ and ŷ": line_of["a_1"],
    "∂𝓛/∂h₁, through the weights W₂": line_of["∂𝓛/∂h_1"],
}
print("carried out in", max(line_of.values()), "lines")
order.compare(sorted(places, key=places.get))

# %% [markdown]
# **Write** the way forward for any number of layers. As in all of this course, `W[1]` is $W_1$, and the place 0 of `W` and `b` is empty (`None`), so `len(W) - 1` is $L$. Hidden layers are sigmoids, the last one is a
# softmax; both functions are there. You need two lines in a loop.


# %%
def forward(W, b, x):
    """Return the list [x, h_1, …, h_L], whose last entry is ŷ."""
    raise NotImplementedError  # h = [x], and then a loop over k


forward = lesson.check(forward)

# %% [markdown]
# **Write** the way back. `h` is the list that `forward` returns. The first gradient is $\frac{\hat y - y}{N}$; then each layer needs $W_k^T$ and the slope $h\,(1 - h)$.


# %%
def blames(W, h, y):
    """Return the list [∂𝓛/∂a_1, …, ∂𝓛/∂a_L], the first layer first."""
    raise NotImplementedError  # a list that grows at its front: grad_a.insert(0, …)


blames = lesson.check(blames)

# %% [markdown]
# Weights and biases follow from it as in lesson 06. Is it all true? We ask somebody who knows nothing of derivatives: `check_gradients` nudges each parameter up and down and looks at the loss.

# %%
h = forward(net.W, net.b, X)
assert np.allclose(h[1], sigmoid(net.W[1] @ X + net.b[1])) and np.isclose(h[2].sum(), 1)
grad_a = [None, *blames(net.W, h, Y)]
for k in net.layers:
    print(
        f"∂𝓛/∂W_{k} =",
        (grad_a[k] @ h[k - 1].mT).round(4).tolist(),
        f" ∂𝓛/∂b_{k} =",
        grad_a[k].ravel().round(4).tolist(),
    )
gradients = net.backward(net.forward(X), Y)
assert all(np.allclose(grad_a[k] @ h[k - 1].mT, gradients.W[k]) for k in net.layers)
assert all(np.allclose(grad_a[k], gradients.b[k]) for k in net.layers)
report = check_gradients(net, X, Y)
assert report.ok and report.worst.error < 1e-6
print(f"✓ this way back, net.backward and nudging agree in all {net.n_parameters} parameters")

# %% [markdown]
# You know these numbers: they are those of lessons 03 to 06. Here is the page, with the course's own code beside it. Where does yours differ?
#
# | the algorithm | the code in `utils/nn` |
# |---|---|
# | **begin**: small random $W_k$, and $b_k = 0$ | `W.append(rng.normal(scale=scale, size=(n_k, n_below)))` |
# | **repeat**, for every epoch | `for epoch in range(epochs + 1):` |
# | **forward**, $h_0 = x$; for $k = 1 \dots L$ | `for k in self.layers:` |
# | $\quad a_k = W_k h_{k-1} + b_k$ | `a.append(self.W[k] @ h[k - 1] + self.b[k])` |
# | $\quad h_k = g(a_k)$, and $\hat y = h_L = O(a_L)$ | `h.append(self.g[k](a[k]))` |
# | **backward** | |
# | $\frac{\partial \mathcal{L}}{\partial a_L} = \frac{\hat y - y}{N}$ for softmax and cross-entropy | `grad_a[self.L] = self.loss.grad_a(trace.y_hat, y)` |
# | for $k = L \dots 1$ | `for k in reversed(self.layers):` |
# | $\quad \frac{\partial \mathcal{L}}{\partial W_k} = \frac{\partial \mathcal{L}}{\partial a_k}\, h_{k-1}^T$ | `grad_W[k] = grad_a[k] @ trace.h[k - 1].mT` |
# | $\quad \frac{\partial \mathcal{L}}{\partial b_k} = \frac{\partial \mathcal{L}}{\partial a_k}$, summed over the examples | `grad_b[k] = grad_a[k].sum(-1, keepdims=True)` |
# | $\quad$ only if $k > 1$: | `if k > 1:` |
# | $\qquad \frac{\partial \mathcal{L}}{\partial h_{k-1}} = W_k^T\, \frac{\partial \mathcal{L}}{\partial a_k}$ | `grad_h[k - 1] = self.W[k].mT @ grad_a[k]` |
# | $\qquad \frac{\partial \mathcal{L}}{\partial a_{k-1}} = \frac{\partial \mathcal{L}}{\partial h_{k-1}} \circ g'(a_{k-1})$ | `grad_a[k - 1] = grad_h[k - 1] * self.g[k - 1].prime(trace.h[k - 1])` |
# | **step**, after all of that; for every $k$ | `for k in net.layers:` |
# | $\quad W_k \leftarrow W_k - \eta\, \frac{\partial \mathcal{L}}{\partial W_k}$ | `net.W[k] = net.W[k] - learning_rate * gradients.W[k]` |
# | $\quad b_k \leftarrow b_k - \eta\, \frac{\partial \mathcal{L}}{\partial b_k}$ | `net.b[k] = net.b[k] - learning_rate * gradients.b[k]` |
#
# Each line reads what an earlier line has stored. The stored values are the **cache**. And a table on a page can be wrong, so here is the loop out of the file itself:

# %%
code = inspect.getsource(FeedForwardNetwork.backward)
print(dedent(code[code.index("        grad_a[self.L]") :]))

# %% [markdown]
# The step to the layer below is taken only if $k > 1$. Below layer 1 lies the input, and nobody trains $x$. What would it cost to forget this `if`?

# %%
useless = lesson.predict(
    "useless",
    "A network that reads digits has 784 inputs, 256 hidden units and 10 outputs. By how many percent does the useless product W₁ᵀ ∂𝓛/∂a₁ lengthen its way back?",
    unit="%",
)

# %% tags=["reasons"]
{
    "why": "Nearly all weights of this network are in W₁, and the product has a multiplication for each of them. It nearly doubles the way back, for 784 numbers that nobody reads.",
    "0 to 5": "The product has 256 · 784 multiplications. How many has the rest of the way back?",
    "5 to 60": "W₁ has 256 · 784 weights, W₂ only 10 · 256. Where is the work done?",
    "> 150": "W₁ is used once already on the way back, for ∂𝓛/∂W₁, with as many multiplications. So it can hardly more than double.",
}

# %%
product, way_back_now = 256 * 784, cost([784, 256, 10]).backward
print(f"{product:,} multiplications more than {way_back_now:,}")
useless.compare(product / way_back_now, within=0.12)

# %% [markdown]
# One more count, for our 2-2-2 network. Its way forward takes $4 + 4 = 8$ multiplications, one for each weight.

# %%
count = lesson.predict(
    "count",
    "How many multiplications does its way back take, from ŷ − y (a subtraction) to all twelve gradients? Count 2 for each hidden unit: one for h(1 − h), one for its product with the blame.",
)

# %% tags=["reasons"]
{
    "why": "4 for ∂𝓛/∂W₂, 4 for W₂ᵀ ∂𝓛/∂a₂, 2 · 2 for the slopes, 4 for ∂𝓛/∂W₁. The biases cost nothing. Twice the way forward.",
    "12": "Is the way through W₂ᵀ in your count, or the slopes? Each of them costs 4.",
    "8": "These are the products with the signals, for ∂𝓛/∂W₁ and ∂𝓛/∂W₂. The blame must travel down, too.",
    "20": "Below layer 1 nobody is asked: W₁ᵀ ∂𝓛/∂a₁ is not needed.",
    "14": "For each of the two units: h(1 − h) is one product, and the product with the blame another one.",
}

# %%
counted = CountedChain(net, X, Y, remember=True)
assert all(np.allclose(counted.weight_gradient(k), gradients.W[k]) for k in net.layers)
assert counted.multiplications == cost([2, 2, 2]).backward
print("✓ counted while the gradients were computed, one by one, and they are right")
count.compare(counted.multiplications)

# %% [markdown]
# ## 2 · Step through it
#
# The whole epoch on this network, line by line. Go on with the arrow keys: each result drops into the cache, and the last column says which lines will read it.

# %%
lesson.explore("lines", algorithm_explorer(step=1))

# %% [markdown]
# ## 3 · Your own sample
#
# Now a network of your own, by hand. Choose any whole number as its seed. The second hidden unit and the second score have been worked out for you.

# %%
sheet = AnswerSheet(seed=1)  # put a number of your own here
sheet

# %% [markdown]
# Put your numbers in place of `None`, with four digits, and run the cell as often as you like. A number that is wrong only because an earlier one is wrong counts as right.

# %%
answers = {
    "a₁₁": None,
    "h₁₁": None,
    "a₂₁": None,
    "ŷ₁": None,
    "𝓛": None,
    "∂𝓛/∂a₂₁": None,
    "∂𝓛/∂W₂₁₂": None,
    "∂𝓛/∂b₂₂": None,
    "∂𝓛/∂h₁₁": None,
    "∂𝓛/∂a₁₁": None,
    "∂𝓛/∂W₁₁₂": None,
    "new W₁₁₂": None,
}
sheet.check(answers)

# %% [markdown]
# ## 4 · The step
#
# Back to our common network, with the two examples of lesson 06 as a batch: $x = (1, 2)$ of class 1 and $x = (2, -1)$ of class 2. All twelve parameters move against their gradients at the same time, with $\eta = 0.5$. A parameter
# with the slope $g$ moves by $-\eta g$, and along the tangent that changes the loss by $-\eta g^2$. All twelve together promise that the loss falls by $\eta \sum g^2$. Here that is 0.095, from 0.965.

# %%
promise = lesson.predict(
    "promise",
    "Does the loss keep the promise, and fall by 0.095?",
    {
        "less": "it falls, but by less",
        "exactly": "it falls by just that",
        "more": "it falls by more",
        "rises": "it rises, because the step is too long",
    },
)

# %% tags=["reasons"]
{
    "why": "The promise is made by the tangent, and here the loss flattens on its way down. With a tenth of the learning rate the promise is kept better: a short way is nearly straight.",
    "it falls by just that": "Only a straight line keeps the promise of its tangent. Is the loss one?",
    "it falls by more": "Then the loss would have to become steeper along the step. That can happen, but here it becomes flatter.",
    "it rises, because the step is too long": "That happens when the step leads past the lowest point and up again. This one is still short.",
}

# %%
x_two, y_two = np.array([[1.0, 2.0], [2.0, -1.0]]), np.eye(2)
of_two = net.backward(net.forward(x_two), y_two)
squares = sum((of_two.W[k] ** 2).sum() + (of_two.b[k] ** 2).sum() for k in net.layers)
loss_of_two = net.loss(net.forward(x_two), y_two)
fell = {}
for eta in (0.5, 0.05, 0.005):
    stepped = net.with_parameters()  # a copy
    update(stepped, of_two, learning_rate=eta)
    fell[eta] = loss_of_two - stepped.loss(stepped.forward(x_two), y_two)
    print(
        f"η = {eta:<6} promised {eta * squares:.5f}, kept {fell[eta]:.5f}: {fell[eta] / (eta * squares):.0%}"
    )
kept = fell[0.5] / (0.5 * squares)
promise.compare(
    "rises" if kept < 0 else "less" if kept < 0.97 else "exactly" if kept < 1.03 else "more"
)

# %% [markdown]
# ## 5 · A step too early
#
# Somebody wants to save memory, and thinks: *why keep $\frac{\partial \mathcal{L}}{\partial W_2}$ until the end? It is ready, so I change $W_2$ at once.* Then $\frac{\partial \mathcal{L}}{\partial h_1} = W_2^T \frac{\partial \mathcal{L}}{\partial a_2}$ is
# computed with the new $W_2$. We measure the error of a vector by its length: $\frac{\lVert \text{wrong} - \text{true} \rVert}{\lVert \text{true} \rVert}$.

# %%
early = lesson.predict(
    "early",
    "In our network, with the first example alone and η = 0.5: how large is the error of ∂𝓛/∂h₁?",
    {
        0.0: "0: the new weights serve as well as the old ones",
        0.004: "about half a percent",
        0.04: "about 4 %",
        0.4: "about 40 %",
    },
)

# %% tags=["reasons"]
{
    "why": "W₂ has moved by η times blame times signal, so η‖∂𝓛/∂a₂‖² h₁ is missing in ∂𝓛/∂h₁: about 0.46 · (0.5, 0.85), for a vector of length 1.16.",
    "0: the new weights serve as well as the old ones": "Compare the new W₂ with the old one. By how much has 0.6 changed?",
    "about half a percent": "W₂₁₁ has gone from 0.6 to 0.77. That is not half a percent.",
    "about 4 %": "W₂₁₁ has gone from 0.6 to 0.77, and W₂₁₂ from −0.4 to −0.11.",
}

# %%
early_loss = lesson.predict(
    "early_loss",
    "The early step is taken to its end, with all parameters. Where is the loss then? (Before it was 1.136, after the true step it is 0.365.)",
    {
        "below": "below 0.365",
        "between": "between 0.365 and 1.136",
        "above": "above 1.136",
    },
)

# %% tags=["reasons"]
{
    "why": "With one example and two classes ŷ − y always points along (−1, 1). So the early ∂𝓛/∂h₁ is parallel to the true gradient at the new W₂: a step first of W₂, then of W₁. That is a good way down. The loss tells nothing.",
    "between 0.365 and 1.136": "One would expect that. But here the wrong gradient is a good way down, too.",
    "above 1.136": "A wrong gradient need not lead uphill. Here the error is proportional to η, and the direction is still a good one.",
}


# %%
def too_early(net, x, y, learning_rate):
    """Return the gradients that come out when W_2 moves before ∂𝓛/∂h_1 is computed."""
    trace = net.forward(x)
    found = net.backward(trace, y)
    moved = net.W[2] - learning_rate * found.W[2]
    found.a[1] = (moved.mT @ found.a[2]) * net.g[1].prime(trace.h[1])
    found.W[1], found.b[1] = found.a[1] @ x.mT, found.a[1].sum(-1, keepdims=True)
    return found


def error(wrong, true):
    return np.linalg.norm(wrong - true) / np.linalg.norm(true)


true_grad_h_1 = net.W[2].mT @ gradients.a[2]
errors = {}
for eta in (0.5, 0.05, 0.005):
    errors[eta] = error((net.W[2] - eta * gradients.W[2]).mT @ gradients.a[2], true_grad_h_1)
    print(f"η = {eta:<6} error of ∂𝓛/∂h₁ {errors[eta]:.2%}")
early_net = net.with_parameters()
update(early_net, too_early(net, X, Y, 0.5), learning_rate=0.5)
loss_early = early_net.loss(early_net.forward(X), Y)
print(f"loss after the early step: {loss_early:.3f}")
early.compare(min((0.0, 0.004, 0.04, 0.4), key=lambda size: abs(size - errors[0.5])))
loss_before = net.loss(net.forward(X), Y)
early_loss.compare(
    "below" if loss_early < 0.365 else "between" if loss_early < loss_before else "above"
)

# %% [markdown]
# Put the step into the formula, and you see what was added:
#
# $$\left(W_2 - \eta\, \frac{\partial \mathcal{L}}{\partial a_2} h_1^T\right)^T \frac{\partial \mathcal{L}}{\partial a_2} = \underbrace{W_2^T \frac{\partial \mathcal{L}}{\partial a_2}}_{\text{true}} - \underbrace{\eta \left\lVert \frac{\partial \mathcal{L}}{\partial a_2} \right\rVert^2 h_1}_{\text{the mistake}}$$
#
# It is proportional to $\eta$: at a small learning rate it hides. That our loss fell even further does not hold in general. Take four classes and three hidden units, one of the thousand points, and a long step,
# $\eta = 5$.

# %%
direction = lesson.predict(
    "direction",
    "Forty such networks, a random point for each. In how many does the early gradient of W₁ point uphill, away from where the true one points?",
    {0: "in none of them", 20: "in about half of them", 40: "in all of them"},
)

# %% tags=["reasons"]
{
    "why": "The mistake is now several times as long as the true gradient. In ∂𝓛/∂h₁ it always points along −h₁, whatever the true blame is. With a thousand examples and η = 0.5 the same bug is nearly invisible: W₂ moves much less in one step.",
    "in none of them": "In our small network it was so. But the mistake grows with η and with the blame, and its direction has nothing to do with the true one.",
    "in all of them": "The mistake is long, but whether it points against the true gradient is chance.",
}

# %%
points, labels = four_blobs()
x_blobs, y_blobs = points.T, one_hot(labels, 4)
cosines = {}
for n_examples, eta in ((1, 5.0), (1000, 0.5)):
    cosines[n_examples] = []
    for seed in range(40):
        chosen = np.random.default_rng(seed).choice(1000, n_examples, replace=False)
        fresh = FeedForwardNetwork([2, 3, 4], seed=seed)
        some_x, some_y = x_blobs[:, chosen], y_blobs[:, chosen]
        wrong_W = too_early(fresh, some_x, some_y, eta).W[1]
        true_W = fresh.backward(fresh.forward(some_x), some_y).W[1]
        cosines[n_examples].append(
            (wrong_W * true_W).sum() / np.linalg.norm(wrong_W) / np.linalg.norm(true_W)
        )
    uphill_now = sum(cosine < 0 for cosine in cosines[n_examples])
    print(
        f"N = {n_examples:4}, η = {eta}: uphill in {uphill_now} of 40, median cosine {np.median(cosines[n_examples]):.3f}"
    )
n_uphill = sum(cosine < 0 for cosine in cosines[1])
direction.compare(min((0, 20, 40), key=lambda number: abs(number - n_uphill)))

# %% [markdown]
# **A common mistake**, then, and one that no loss curve shows for sure: *first all gradients, then all steps.* What does notice is the nudge of section 1. Lesson 08 is a whole laboratory of such mistakes.
#
# ## 6 · What the cache is worth
#
# There are three ways to the same gradients:
#
# 1. **Nudging.** One forward pass for each parameter, and one to compare with. (That is the cheap nudge, to one side. Ours goes to both sides and costs nearly twice as much.)
# 2. **The chain rule without a memory.** Each parameter asks the unit it leads to for its blame; that unit asks all units above it, each of them asks all units above *it*, and the next parameter asks everything
#    again.
# 3. **Backpropagation.** The same questions, but every answer is kept.

# %%
deeper = lesson.predict(
    "deeper",
    "Layers of 5 units, and more and more of them. By what factor does one more layer multiply the work of the chain rule without a memory, when there are many layers already?",
    {1: "it adds a little: the factor is near 1", 2: "about 2", 5: "about 5", 25: "about 25"},
)

# %% tags=["reasons"]
{
    "why": "Every unit asks five others, and each of these asks five again. With ten layers the answer of the top layer is asked for millions of times. Kept once, it is asked for once.",
    "it adds a little: the factor is near 1": "So it is with a memory. Without one, how many units does each unit ask?",
    "about 2": "How many units listen to a unit? All of them are asked, and each asks all above it.",
    "about 25": "A unit asks the 5 units above it. Each of them asks 5, but that is the next layer.",
}

# %%
depths, widths = range(1, 11), range(1, 21)
costs_deep = [cost([5] * (depth + 1)) for depth in depths]
costs_wide = [cost([width] * 5) for width in widths]
factor = costs_deep[-1].without_cache / costs_deep[-2].without_cache
print(
    f"from 9 to 10 layers: no memory × {factor:.2f}, backpropagation × {costs_deep[-1].backward / costs_deep[-2].backward:.2f}"
)
deeper.compare(min((1, 2, 5, 25), key=lambda number: abs(number - factor)))
pictures.costs(depths, costs_deep, widths, costs_wide)

# %%
for sizes in ([2, 2, 2], [5] * 11, [784, 256, 10], [784, 256, 256, 256, 10]):
    c = cost(sizes)
    ratios = f"{c.backward / c.forward:4.2f} forward passes,  no memory {c.without_cache / c.backward:9,.0f} ×,  nudging {c.finite_differences / c.backward:9,.0f} ×"
    print(f"{'-'.join(map(str, sizes)):22} backpropagation: {ratios}")
kept_numbers = 784 + 256 + 10
print(f"The cache of 784-256-10 keeps {kept_numbers:,} numbers for each example: x, h₁ and ŷ.")

# %% [markdown]
# All gradients together cost about as much as one or two more forward passes, however many parameters there are (a little more where all layers are narrow). Each weight costs two multiplications on the way back: *blame · signal* for its own gradient, and *weight · blame* to
# hand the blame down (not in the lowest layer, which is why wide inputs are cheap). And see the line of 784-256-256-256-10: there the chain rule without a memory costs more than nudging. The chain rule alone is not what makes
# backpropagation fast. Its memory is: solve each part once and keep the answer. That is **dynamic programming** (lesson 01). Its price is the cache.
#
# ## 7 · Your loop
#
# Two numbers tell how a training goes: the loss, and the **accuracy**, the share of examples for which the network gives the largest probability to the true class.
#
# **Write** the accuracy. `y_hat` and `y` have a column for each example; `argmax(axis=0)` finds the row of the largest entry in every column.


# %%
def accuracy(y_hat, y):
    """Return the share of examples whose largest probability belongs to the true class."""
    raise NotImplementedError  # your line


accuracy = lesson.check(accuracy)

# %% [markdown]
# **Write** the training: begin with `FeedForwardNetwork(sizes, seed=1)`, and then repeat. In each epoch: forward, note the loss `net.loss(trace, y)`, backward, step. The step of all layers is
# `update(net, gradients, learning_rate)`.


# %%
def train(sizes, x, y, learning_rate, epochs):
    """Return the list of losses, one before each epoch."""
    raise NotImplementedError  # a fresh network, and then a loop


train = lesson.check(train)

# %%
losses = train([2, 2, 4], x_blobs, y_blobs, 0.5, 500)
course_net = FeedForwardNetwork([2, 2, 4], seed=1)
history = gradient_descent(course_net, x_blobs, y_blobs, learning_rate=0.5, epochs=500)
assert np.allclose(losses, history.loss[:-1])
print("✓ train and gradient_descent have the same losses, epoch by epoch")
right = accuracy(course_net.forward(x_blobs).y_hat, y_blobs)
pictures.falling(losses, right)

# %% [markdown]
# ## 8 · Fifty examples instead of a thousand
#
# Must every step look at all thousand points? Shuffle them, cut them into twenty **mini-batches** of fifty, and take a step after each. The gradient of fifty is not that of all, but it costs a twentieth.

# %%
sooner = lesson.predict(
    "sooner",
    "Twenty epochs with η = 0.5: either one step an epoch, with all points, or twenty steps an epoch, with fifty points each. Who has the lower loss?",
    {
        "full": "one step an epoch: its gradients are exact",
        "same": "about the same: the number of multiplications is the same",
        "mini": "twenty steps an epoch",
    },
)

# %% tags=["reasons"]
{
    "why": "Four hundred rough steps lead further than twenty exact ones, for the same number of multiplications in the gradients.",
    "one step an epoch: its gradients are exact": "Exact, but only for the place where it stands. How far do twenty steps lead?",
    "about the same: the number of multiplications is the same": "The work is the same. But the one has taken twenty steps, the other four hundred.",
}

# %%
uphill = lesson.predict(
    "uphill",
    "And after these twenty epochs: of the gradients of twenty mini-batches, how many point uphill for the loss of all points?",
    {0: "none: fifty points are enough", 1: "some, but less than half", 2: "half or more"},
)

# %% tags=["reasons"]
{
    "why": "At the start all of them agree, roughly. Later the large common part is gone, and what is left is the part in which the batches differ. On average they still point the right way.",
    "none: fifty points are enough": "At the start that is so. But what is left of the gradient of all when the training has come near its end?",
    "half or more": "The mean of the twenty is the gradient of all. As a rule most of them agree with their mean.",
}


# %%
def flat(net, x, y):
    """Return all gradients of a network as one vector."""
    there = net.backward(net.forward(x), y)
    return np.concatenate([value.ravel() for k in net.layers for value in (there.W[k], there.b[k])])


def agreement(net, batches):
    whole = flat(net, x_blobs, y_blobs)
    parts = [flat(net, x_blobs[:, batch], y_blobs[:, batch]) for batch in batches]
    return np.array([part @ whole / np.linalg.norm(part) / np.linalg.norm(whole) for part in parts])


twenty = np.split(np.random.default_rng(1).permutation(1000), 20)
mini_net = FeedForwardNetwork([2, 2, 4], seed=1)
at_start = agreement(mini_net, twenty)
mini = gradient_descent(
    mini_net, x_blobs, y_blobs, learning_rate=0.5, epochs=20, batch_size=50, seed=0
)
after_twenty = agreement(mini_net, twenty)
print(f"loss after 20 epochs: 20 steps {losses[20]:.2f}, 400 steps {mini.loss[-1]:.2f}")
sooner.compare(
    "mini"
    if mini.loss[-1] < 0.9 * losses[20]
    else "full"
    if losses[20] < 0.9 * mini.loss[-1]
    else "same"
)
uphill.compare(int(np.digitize((after_twenty < 0).mean(), [1e-9, 0.5])))
pictures.agreement({"at the start": at_start, "after 20 epochs": after_twenty})

# %% [markdown]
# ## 9 · A dictionary
#
# What you now know has other names elsewhere.
#
# | here | elsewhere |
# |---|---|
# | scores $a_L$ | logits |
# | $\frac{\partial \mathcal{L}}{\partial a_k}$ | $\delta_k$, the error of layer $k$ |
# | $\frac{\partial \mathcal{L}}{\partial W_k}$ | `dW`, `W.grad`, $\nabla_{W_k} \mathcal{L}$ |
# | cross-entropy of the true class, $-\log \hat y_l$ | negative log-likelihood; $\hat y_l$ is the likelihood |
# | a column is an example, $a = W h + b$ | often a row is an example: $A = H W^T + b$, and $\delta^T H$ for the weights |
# | $\circ$ | $\odot$, or `*` |
# | the whole way back | `loss.backward()`; it *adds* to the gradients that are there, hence `zero_grad()` before it |
# | mini-batch gradient descent | stochastic gradient descent, SGD |
#
# PyTorch's `cross_entropy` takes the scores and the numbers of the true classes. The softmax is in it.

# %%
twice = lesson.predict(
    "twice",
    "A common mistake there: somebody with 4 classes gives it ŷ, after a softmax of their own. What is then the smallest loss that any network can reach, even if it is right and sure?",
    {
        0.0: "0, as always",
        0.25: "about 0.25",
        0.74: "about 0.74",
        1.39: "about 1.39, a pure guess",
    },
)

# %% tags=["reasons"]
{
    "why": "The second softmax gets scores between 0 and 1. At best they are 1, 0, 0, 0, and the true class then gets e/(e + 3) = 0.475 of the probability. There is no error message. Only the loss never falls below 0.74.",
    "0, as always": "For a loss of 0 the second softmax needs scores that are far apart. ŷ lies between 0 and 1.",
    "about 0.25": "Compute it: the scores 1, 0, 0, 0, the softmax, and −log of its first entry.",
    "about 1.39, a pure guess": "log 4 belongs to four equal scores. At best they are 1, 0, 0, 0.",
}

# %%
best = softmax(np.array([[1.0], [0.0], [0.0], [0.0]]))
print("the second softmax at best:", best.ravel().round(3), "  loss", -np.log(best[0, 0]).round(3))
rng = np.random.default_rng(0)
random_losses = -np.log(softmax(softmax(rng.normal(scale=20, size=(4, 10_000))))[0])
assert random_losses.min() >= -np.log(best[0, 0]) - 1e-12
print("✓ with none of 10 000 random columns of scores is it less")
twice.compare(min((0.0, 0.25, 0.74, 1.39), key=lambda size: abs(size + np.log(best[0, 0]))))

# %% [markdown]
# ## What you take along

# %%
lesson.summary()

# %% [markdown]
# - Forward: two lines a layer, and everything is kept. Backward: one line to begin with, four lines a layer, down to layer 1 and no further.
# - Only the line that computes the first gradient knows the loss. All others are products of what lies in the cache.
# - First all gradients, then all steps. An early step adds a mistake proportional to $\eta$, and the loss may fall all the same.
# - All gradients together cost about one or two forward passes. Nudging costs one for each parameter; a chain rule without memory can cost more than that.
# - Whatever you have derived: nudge it.
#
# <details><summary>If you have heard the lectures: what is different there</summary>
#
# - The handout promises sample calculations "at a later date": they are sections 2 and 3.
# - Its loop computes the gradient of the layer below also at $k = 1$, where there is only the input. It says nothing on when the weights move.
#
# </details>
#
# **Next:** you have a network that works. Lesson 08 breaks it, in twenty ways.
