# %% [markdown]
# # 11 · Vectorisation and autograd
#
# **Every gradient so far was derived on paper, by us. Could a machine have done that?**
#
# **Time** 110 minutes · **You need** the sum over paths (lesson 02), weights and biases (06), the whole algorithm (07), training (10)

# %%
from itertools import combinations

import numpy as np
from sklearn.model_selection import train_test_split

from utils.data import four_blobs, one_hot
from utils.exhibits.autograd import NUMBERS, Value, grads, values
from utils.exhibits.samples import sample
from utils.exhibits.scalar_loops import (
    example_by_example,
    instructions,
    number_by_number,
    seconds,
)
from utils.explore.autograd_graph import graph_explorer
from utils.learn import Lesson
from utils.nn import FeedForwardNetwork, gradient_descent, numerical_gradient, softmax, update
from utils.pictures import lesson_11 as pictures

graph_explorer(step=0)

# %% [markdown]
# This is the loss of lesson 07's sample, a 2-2-2 network with one example, taken apart into single operations: additions, products,
# exponentials, one logarithm. There is nothing else in it. We know the derivative of each of them, and the rest is the chain rule.
#
# **After this lesson you can** build an autograd, first of numbers, then of arrays, and train a network with it · say in how many ways a
# gradient can be computed, and what each is good for · say where the time goes, and what a batch and a stack of networks save ·
# name the mistakes that no autograd can see.

# %%
lesson = Lesson("11")
lesson.recall("00/price", "04/push")

# %% [markdown]
# ## 1 · One loss, one operation at a time

# %%
shares = lesson.predict(
    "shares",
    "In the graph above, h₁₁ goes into two products: times 0.6 in a₂₁, and times −0.5 in a₂₂. The gradients of a₂₁ and a₂₂ are −0.679 and 0.679. "
    "What is the gradient of h₁₁? Three digits.",
)

# %% tags=["reasons"]
{
    "why": "0.6 · (−0.679) + (−0.5) · 0.679: each product passes on its factor times its own gradient, and the shares are added.",
    "-0.41 to -0.40": "This is the share through a₂₁. The other product has one, too.",
    "-0.35 to -0.33": "This is the share through a₂₂. The other product has one, too.",
    "-0.07 to -0.06": "The second share is (−0.5) · (+0.679), and it is negative, like the first.",
    "> 0": "Both shares are negative: 0.6 · (−0.679), and (−0.5) · 0.679.",
}

# %%
net_07 = sample("2-2-2")
trace_07 = net_07.forward([[1.0], [2.0]])
gradients_07 = net_07.backward(trace_07, [[1.0], [0.0]])
print("∂𝓛/∂h₁ =", gradients_07.h[1][:, 0].round(4))
shares.compare(gradients_07.h[1][0, 0], within=0.002)

# %% [markdown]
# Now walk back through the whole graph. At each step one result passes its gradient on: **times the local derivative**, which stands on
# the line. Three dots mean that somebody has not spoken yet. (The sigmoid is taken apart into the four steps of lesson 01.)

# %%
lesson.explore("graph", graph_explorer(step=3))

# %% [markdown]
# ## 2 · A number that remembers
#
# So let numbers *remember*. Each holds its value, the numbers that it was computed from, and the local derivative by each of them. An
# operation has to tell all that, and three operations are enough for a network.
#
# **Write them**, for ordinary numbers: each returns its result, and after it the local derivatives.


# %%
def plus(u, v):
    """Return u + v and its two local derivatives."""
    raise NotImplementedError  # three numbers: the sum, its derivative by u, its derivative by v


plus = lesson.check(plus)


# %%
def times(u, v):
    """Return u · v and its two local derivatives."""
    raise NotImplementedError


times = lesson.check(times)


# %%
def tanh(a):
    """Return tanh a and its local derivative."""
    raise NotImplementedError  # the derivative of h = tanh a is 1 − h²


tanh = lesson.check(tanh)

# %% [markdown]
# What is missing is the walk back. The nodes of a graph are numbered in the order of their birth, so a node comes after all that it was
# made from. `inputs[n]` lists the numbers of the nodes from which node `n` was made, `slopes[n]` the local derivatives by them.
#
# **Write it.** Begin with the last node, whose derivative by itself is 1. Each node in its turn passes on what it has, times the local
# derivative.


# %%
def walk_back(inputs, slopes):
    """Return the derivative of the last node by each node, as one array."""
    grad = np.zeros(len(inputs))
    raise NotImplementedError  # for n in …: for u, slope in zip(inputs[n], slopes[n]): …


walk_back = lesson.check(walk_back)

# %% [markdown]
# Your four functions, wrapped so that `+`, `*` and `np.tanh` find them: an autograd.


# %%
class Node:
    def __init__(self, value, inputs=(), slopes=()):
        self.value, self.inputs, self.slopes = float(value), inputs, slopes
        self.grad, self.number = 0.0, next(NUMBERS)

    def by(self, rule, *others):
        inputs = [self, *(v if isinstance(v, Node) else Node(v) for v in others)]
        value, *slopes = rule(*(v.value for v in inputs))
        return Node(value, inputs, slopes)

    def __add__(self, other):
        return self.by(plus, other)

    def __mul__(self, other):
        return self.by(times, other)

    def tanh(self):
        return self.by(tanh)

    __radd__, __rmul__ = __add__, __mul__  # for 2 + node and 2 * node
    history = Value.history  # this node and all that it was made from, in the order of birth

    def backward(self):
        nodes = self.history()
        inputs = [[nodes.index(u) for u in node.inputs] for node in nodes]
        for node, grad in zip(nodes, walk_back(inputs, [v.slopes for v in nodes]), strict=True):
            node.grad = grad


print(f"2 · 3 + 1 = {(Node(2) * Node(3) + 1).value:g}")

# %%
polynomial = lesson.predict(
    "polynomial",
    "x is a Node of 2. We compute y = x · x and z = y · x + y, and walk back from z. What is dz/dx?",
)

# %% tags=["reasons"]
{
    "why": "z = x³ + x², so dz/dx = 3x² + 2x. The machine did not know that: it multiplied along each path and added over the paths.",
    "12": "This is the derivative of x³ alone, or z itself. The second term, y, has a share of its own.",
    "4": "This is the derivative of the second term, x². The first one, x³, has a share of its own.",
    "8": "This is x³. What is the derivative of x³ + x²?",
    "5 to 6": "x is used more than once. Count all paths: z = x³ + x².",
}

# %%
x_node = Node(2.0)
y_node = x_node * x_node
z_node = y_node * x_node + y_node
z_node.backward()
print(f"z = {z_node.value:g}, dz/dx = {x_node.grad:g}")
polynomial.compare(x_node.grad)

# %%
overwritten = lesson.predict(
    "overwritten",
    "And if the walk back has `=` in place of `+=`, so that the last share wipes out the others: what is dz/dx then?",
)

# %% tags=["reasons"]
{
    "why": "y keeps only its share through y · x, which is 2. Then x keeps only one of the two shares of x · x, 2 · 2.",
    "16": "x has several paths to z, and y has two. Something is lost.",
    "8": "Half would be lost if a single fork were on the way. There are two: y is used twice, and x in x · x.",
    "12": "More is lost: y is used twice, and x in x · x.",
    "2": "The walk ends at x · x, where x has the local derivative 2, times the gradient of y.",
    "0": "The last share stays. It is not 0.",
}

# %%
wiped_out = {z_node: 1.0}
for node in reversed(z_node.history()):
    for node_below, slope in zip(node.inputs, node.slopes, strict=True):
        wiped_out[node_below] = wiped_out[node] * slope  # = in place of +=
print(f"with = instead of +=: {wiped_out[x_node]:g}")
overwritten.compare(wiped_out[x_node])

# %% [markdown]
# ## 3 · The same gradient four ways
#
# Plus, times and tanh are enough for a network: 2-2-1 with tanh units, a linear output and squared error. We write the *forward*
# pass, and only that. NumPy hands each operation down to the Nodes in the arrays.
#
# So there are four ways to a gradient: **by hand**, with the formulas of lessons 04 to 06 · **vectorised**, `backward` of the network ·
# by **finite differences**, two forward passes for each parameter · by **your autograd**.

# %%
odd = lesson.predict(
    "odd",
    "We compute all nine gradients in these four ways, with 16 digits. Which way differs most from the others?",
    {
        "by hand": "that by hand",
        "vectorised": "the vectorised one",
        "finite differences": "that by nudging",
        "your autograd": "that of your autograd",
    },
)

# %% tags=["reasons"]
{
    "why": "A secant is no tangent, and a difference of two nearly equal losses loses digits. That is its worth, too: it is the only one that cannot share a mistake in the chain rule with the others.",
    "that by hand": "By hand means with the same formulas, computed with all digits.",
    "the vectorised one": "A matrix product adds up the same products as the formulas by hand.",
    "that of your autograd": "It multiplies and adds the very same numbers. The chain rule is no approximation.",
}

# %%
x_1, y_1 = np.array([[1.0], [2.0]]), 1.0
W_1, b_1 = np.array([[0.5, -0.3], [0.2, 0.8]]), np.array([[0.1], [-0.1]])
W_2, b_2 = np.array([[0.6, -0.4]]), np.array([[0.2]])


def loss_of(W_1, b_1, W_2, b_2):
    error = W_2 @ np.tanh(W_1 @ x_1 + b_1) + b_2 + (-y_1)  # ŷ − y
    return (error * error).sum()


h_1, h_2 = np.tanh(W_1 @ x_1 + b_1)[:, 0]  # by hand
e = 2 * (0.6 * h_1 - 0.4 * h_2 + 0.2 - y_1)  # ∂𝓛/∂a₂ = 2(ŷ − y)
g_1, g_2 = e * 0.6 * (1 - h_1**2), e * (-0.4) * (1 - h_2**2)  # ∂𝓛/∂a₁
ways = {"by hand": [g_1 * 1, g_1 * 2, g_2 * 1, g_2 * 2, g_1, g_2, e * h_1, e * h_2, e]}

tanh_net = FeedForwardNetwork([2, 2, 1], activation="tanh", output="linear", loss="squared_error")
tanh_net = tanh_net.with_parameters(W={1: W_1, 2: W_2}, b={1: b_1, 2: b_2})
gradients = tanh_net.backward(tanh_net.forward(x_1), [[y_1]])
order = [("W", 1), ("b", 1), ("W", 2), ("b", 2)]
ways["vectorised"] = [g for name, k in order for g in getattr(gradients, name)[k].flat]
ways["finite differences"] = [
    g for p in order for g in numerical_gradient(tanh_net, x_1, [[y_1]], *p).flat
]
print("by hand: ∂𝓛/∂W₁ =", *np.round(ways["by hand"][:4], 4))


# %%
def as_nodes(array):
    return np.array([[Node(number) for number in row] for row in array])


of_nodes = [as_nodes(v) for v in (W_1, b_1, W_2, b_2)]
loss_node = loss_of(*of_nodes)
loss_node.backward()
ways["your autograd"] = [node.grad for array in of_nodes for node in array.flat]
apart = {
    pair: np.abs(np.subtract(*(ways[way] for way in pair))).max() for pair in combinations(ways, 2)
}
for pair, difference in apart.items():
    print(
        f"{' and '.join(pair):36} {'below 1e-14' if difference < 1e-14 else f'below {10 ** np.ceil(np.log10(difference)):.0e}'}"
    )
odd.compare(max(ways, key=lambda way: min(d for pair, d in apart.items() if way in pair)))

# %% [markdown]
# The course has such a class as well, `Value`. It knows nine operations, gives its numbers names, and says in words when something is
# not defined. Do the two agree? And a further voice, where it is installed: PyTorch, with which many of the world's networks are trained.

# %%
of_values = [values(v) for v in (W_1, b_1, W_2, b_2)]
loss_of(*of_values).backward()
others = {"the course's Value": np.concatenate([grads(v).ravel() for v in of_values])}
try:
    import torch
except ImportError:
    print("PyTorch is not installed here; the lesson does not need it.")
else:
    tensors = [torch.tensor(v, requires_grad=True) for v in (W_1, b_1, W_2, b_2)]
    hidden = torch.tanh(tensors[0] @ torch.tensor(x_1) + tensors[1])
    ((tensors[2] @ hidden + tensors[3] - y_1) ** 2).sum().backward()
    others["PyTorch"] = np.concatenate([t.grad.numpy().ravel() for t in tensors])
for way, their_gradients in others.items():
    assert np.abs(their_gradients - ways["your autograd"]).max() < 1e-14
    print(f"✓ {way} and your autograd: no gradient differs by 1e-14")

# %% [markdown]
# ## 4 · What it remembers
#
# The walk back needs every local derivative, so nothing may be forgotten before it is over.

# %%
growth = lesson.predict(
    "growth",
    "The loss of a batch as a graph of Nodes, one Node a number. From 10 examples to 100: how does the number of Nodes grow?",
    {"same": "it stays the same", "ten": "nearly ten times", "hundred": "about a hundred times"},
)

# %% tags=["reasons"]
{
    "why": "Each example needs its own products and sums; only the parameters are shared. Memory is one reason why batches have a limit.",
    "it stays the same": "Each number is a Node, and every example has numbers of its own.",
    "about a hundred times": "The examples do not meet each other before the last sum: each adds the same number of Nodes.",
}

# %%
X, labels = four_blobs()
X_train, X_val, labels_train, labels_val = train_test_split(
    X, labels, stratify=labels, random_state=0
)
x, y = np.ascontiguousarray(X_train.T), one_hot(labels_train, 4)
n_nodes = {}
for n in (1, 10, 100):
    outputs = as_nodes(W_2) @ np.tanh(as_nodes(W_1) @ x[:, :n] + as_nodes(b_1))
    n_nodes[n] = len((outputs * outputs).sum().history())
    print(f"{n:4} examples: {n_nodes[n]:6,} Nodes")
ratio = n_nodes[100] / n_nodes[10]
growth.compare("same" if ratio < 2 else "ten" if ratio < 20 else "hundred")

# %% [markdown]
# ## 5 · Where does the time go?
#
# The course's network is fast, and a graph of Nodes is not. Why? Python is an interpreter: it reads one small instruction after the
# other ("fetch this", "multiply those"). We count them for one epoch, in three programs that compute the same gradients: loops over plain **numbers**,
# `number_by_number`; a loop over the **examples**, each a column, `example_by_example`; and the whole **batch** as a matrix. What happens *inside* a
# NumPy function counts as one instruction, however long it takes.

# %%
doubled = lesson.predict(
    "doubled",
    "From 10 examples to 20: which of the three counts stay exactly the same?",
    ["numbers", "examples", "batch"],
    several=True,
)

# %% tags=["reasons"]
{
    "why": "The loop over the examples has not become faster, it has left Python: matrix products add over the examples inside.",
    "numbers": "Plain numbers: every example is computed by Python itself, so twice as many need about twice as much.",
    "examples": "The loop over the examples is still there; only the loops within an example are gone.",
    "batch": "A matrix of 20 columns is multiplied by the same call as one of 10.",
}


# %%
def one_epoch(net, x, y):
    trace = net.forward(x)
    update(net, net.backward(trace, y), 0.5)


small = FeedForwardNetwork([2, 3, 4], seed=0)
programs = {
    "numbers": lambda n: number_by_number(small.W, small.b, x[:, :n], y[:, :n]),
    "examples": lambda n: example_by_example(small.W, small.b, x[:, :n], y[:, :n]),
    "batch": lambda n: one_epoch(small.with_parameters(), x[:, :n], y[:, :n]),
}
n_instructions = {
    name: [instructions(program, n) for n in (10, 20)] for name, program in programs.items()
}
for name, (ten, twenty) in n_instructions.items():
    times_batch = twenty / n_instructions["batch"][1]
    print(
        f"{name:9} from 10 to 20 examples: × {twenty / ten:.1f}; for 20: {times_batch:.0f} × the batch"
    )
doubled.compare([ten == twenty for ten, twenty in n_instructions.values()])

# %% [markdown]
# How long do they take? This cell measures *your* computer, so nothing of it is kept in the course. Look at two things. The batch wins by far: its
# call is paid once for 750 examples. And on most computers the columns are *slower* than the plain loops, although they need fewer instructions: before NumPy
# adds three numbers, it looks at types and shapes, and with three hidden units the looking costs more than the adding. Try `[2, 64, 4]`
# in the cell above: then the columns win.

# %% tags=["times", "this-machine"]
pictures.times(
    {
        "numbers, 200 examples": seconds(lambda: programs["numbers"](200)) / 200,
        "columns, 200 examples": seconds(lambda: programs["examples"](200)) / 200,
        "a batch of 50": seconds(lambda: programs["batch"](50)) / 50,
        "a batch of 750": seconds(lambda: programs["batch"](750)) / 750,
    },
    "one example in one epoch",
)

# %% [markdown]
# **The cost of a line is a fixed price for the call, and a tiny one for each number. Vectorisation pays when many numbers share
# the call.** So an autograd should not remember numbers, but arrays.
#
# ## 6 · An array that remembers
#
# A node becomes a whole matrix, and one node is `W @ h`. What does it pass on? Its gradient `grad` has the shape of $W h$: one row for each
# unit, one column for each example. You know the answer from lessons 05 and 06.
#
# **Write it.**


# %%
def matmul_back(W, h, grad):
    """Return what a = W @ h passes on to W and to h, when its own gradient is grad."""
    raise NotImplementedError  # two products; .mT transposes


matmul_back = lesson.check(matmul_back)

# %% [markdown]
# The bias, one column, is added to every example. So it has as many paths to the loss as there are examples.
#
# **Write it.**


# %%
def bias_back(grad):
    """Return what a + b passes on to a, shape (n, N), and to b, shape (n, 1), when its own gradient is grad."""
    raise NotImplementedError


bias_back = lesson.check(bias_back)


# %%
class Array:
    history = Value.history

    def __init__(self, value, inputs=(), pass_on=lambda grad: ()):
        self.value, self.inputs, self.pass_on = value, inputs, pass_on
        self.grad, self.number = 0.0, next(NUMBERS)

    def __matmul__(self, h):
        return Array(self.value @ h.value, (self, h), lambda g: matmul_back(self.value, h.value, g))

    def __add__(self, b):
        return Array(self.value + b.value, (self, b), bias_back)

    def tanh(self):
        h, slope = tanh(self.value)  # your rule works for arrays, entry by entry
        return Array(h, (self,), lambda g: (g * slope,))

    def backward(self):
        for node in self.history():
            node.grad = np.zeros(np.shape(node.value))
        self.grad = np.ones(np.shape(self.value))
        for node in reversed(self.history()):
            for u, share in zip(node.inputs, node.pass_on(node.grad), strict=True):
                u.grad = u.grad + share


product = Array(np.ones((3, 2))) @ Array(np.ones((2, 5)))
product.backward()
print("shapes of the gradients of W and h:", *(v.grad.shape for v in product.inputs))

# %% [markdown]
# And one more node, softmax and cross-entropy in one piece, with the gradient of lesson 04.

# %%
array_nodes = lesson.predict(
    "array_nodes",
    "The loss of a batch as a graph of Arrays. From 10 examples to 750: how does the number of nodes grow?",
    {"same": "it stays the same", "seventy-five": "75 times", "some": "a little"},
)

# %% tags=["reasons"]
{
    "why": "An operation on a whole batch is one node. So the walk back has a dozen steps, however large the batch is; the arrays in them are larger.",
    "75 times": "So it was with a Node for each number. Here one node holds the whole batch.",
    "a little": "There is no node that only larger batches need: the same operations, on larger arrays.",
}


# %%
def cross_entropy(a, y):
    y_hat = softmax(a.value)
    loss = -(y * np.log(y_hat)).sum(-2).mean()
    return Array(loss, (a,), lambda g: (g * (y_hat - y) / y.shape[-1],))


def loss_of_arrays(x, y, W_1, b_1, W_2, b_2):
    return cross_entropy(W_2 @ (W_1 @ Array(x) + b_1).tanh() + b_2, y)


theirs = FeedForwardNetwork([2, 4, 4], activation="tanh", seed=0)
yours = [Array(v) for v in (theirs.W[1], theirs.b[1], theirs.W[2], theirs.b[2])]
sizes = [len(loss_of_arrays(x[:, :n], y[:, :n], *yours).history()) for n in (10, 750)]
print(f"nodes for 10 examples: {sizes[0]}, for 750: {sizes[1]}")
array_nodes.compare(
    "same" if sizes[0] == sizes[1] else "some" if sizes[1] < 10 * sizes[0] else "seventy-five"
)

# %% [markdown]
# Now train with it: the four clouds, a 2-4-4 network, 500 epochs. Beside it the course's class, with its own `backward`, from the same
# weights.

# %%
agree = lesson.predict(
    "agree",
    "After 500 epochs: how far apart are the losses of your network and of the course's?",
    {
        "rounding": "by rounding at most: less than a billionth",
        "grows": "by a little that grows: a few thousandths at the end",
        "visible": "a lot: they have derived their gradients differently",
    },
)

# %% tags=["reasons"]
{
    "why": "The same products and sums, at most added up in another order. Your autograd derives what lessons 04 to 06 derived.",
    "by a little that grows: a few thousandths at the end": "It would if one of the two gradients were an approximation. Both are exact up to rounding, and this descent is calm: it does not magnify what is rounded.",
    "a lot: they have derived their gradients differently": "Differently, but to the same products and sums.",
}

# %%
your_losses, learning = [], [Array(v.value) for v in yours]  # the weights of the start
for _ in range(500):
    loss_array = loss_of_arrays(x, y, *learning)
    loss_array.backward()
    your_losses.append(loss_array.value)
    for parameter in learning:
        parameter.value = parameter.value - 0.1 * parameter.grad
trained = theirs.with_parameters()  # a copy
their_history = gradient_descent(trained, x, y, learning_rate=0.1, epochs=500)
gap = np.abs(np.array(your_losses) - their_history.loss[:-1]).max()
W_1_array, b_1_array, W_2_array, b_2_array = learning
scores = W_2_array @ (W_1_array @ Array(X_val.T) + b_1_array).tanh() + b_2_array
print(f"loss {your_losses[0]:.3f} → {your_losses[-1]:.3f}, largest gap below 1e-9: {gap < 1e-9}")
print(f"held-back points right: {(scores.value.argmax(0) == labels_val).mean():.1%}")
agree.compare("rounding" if gap < 1e-9 else "grows" if gap < 0.02 else "visible")

# %% [markdown]
# That is what PyTorch, JAX and TensorFlow do. They have hundreds of such nodes, on graphics processors as well; they free what is no longer
# needed during the walk; and some see the whole graph before it runs, and melt many operations into one. In PyTorch,
# gradients of several calls add up until someone calls `zero_grad()`: the first two lines of your `backward`.
#
# ## 7 · One axis more: a stack of networks
#
# Whoever compares networks trains many of the same shape. Put their weights on top of each other: $W_1$ becomes an array of shape
# $(S, n_1, n_0)$, and the formulas stay as they are, letter by letter. `@` multiplies the matrices in the *last two* axes, for
# every entry of the axes before.

# %%
stack = FeedForwardNetwork([2, 3, 4], seed=range(32))
trace = stack.forward(x)
for name, v in {"W₁": stack.W[1], "x": x, "a₁": trace.a[1], "b₁": stack.b[1]}.items():
    print(f"{name:3} {v.shape}")

# %%
shape = lesson.predict(
    "shape",
    "W₁ of this stack has the shape (32, 3, 2). Somebody writes the transpose as W₁.T, and not as W₁.mT. Which shape comes out?",
    ["(32, 2, 3)", "(2, 3, 32)", "(3, 2, 32)", "(2, 32, 3)"],
)

# %% tags=["reasons"]
{
    "why": ".T turns the whole array inside out, and mixes networks with units. .mT transposes each matrix: that is why `network.py` has nothing else.",
    "(32, 2, 3)": "That is .mT, the transpose of each matrix. What does .T do to three axes?",
    "(3, 2, 32)": "Then the first axis would have moved to the end, and the others stayed in order. .T reverses them all.",
    "(2, 32, 3)": "Then the last axis would have moved to the front. .T reverses them all.",
}

# %%
print(".mT", stack.W[1].mT.shape)
print(".T ", stack.W[1].T.shape)
shape.compare(str(stack.W[1].T.shape))

# %%
company = lesson.predict(
    "company",
    "The 32 networks are trained at once, for 100 epochs, and so is a single one with the seed 7. "
    "How does number 7 of the stack end, compared with the single one?",
    {
        True: "the same, up to rounding",
        "mean": "differently: the loss is the mean over all 32",
        False: "differently: the networks disturb each other through shared arrays",
    },
)

# %% tags=["reasons"]
{
    "why": "Each network of a stack has its own loss, and its own matrices: they share the calls, nothing else.",
    "differently: the loss is the mean over all 32": "The loss of a stack is 32 numbers, one for each network, each a mean over the examples.",
    "differently: the networks disturb each other through shared arrays": "They lie in one array, but @ and + take each matrix by itself.",
}

# %%
seventh = FeedForwardNetwork([2, 3, 4], seed=7)
histories = gradient_descent(stack.with_parameters(), x, y, learning_rate=0.5, epochs=100)
alone = gradient_descent(seventh, x, y, learning_rate=0.5, epochs=100)
print(
    "losses at the end:",
    histories.loss[-1, 7].round(6),
    "in company,",
    alone.loss[-1].round(6),
    "alone",
)
company.compare(bool(np.allclose(histories.loss[:, 7], alone.loss, atol=1e-9)))

# %% [markdown]
# | way | loop over | what one call of NumPy sees |
# |---|---|---|
# | number by number | examples, layers, units, weights | nothing |
# | example by example | examples, layers | a column |
# | batch | layers | a matrix |
# | stack | layers | $S$ matrices |
#
# One loop is left, the one over the layers, and it stays: $h_k$ needs $h_{k-1}$.
#
# ## 8 · Why backwards?
#
# One can apply the chain rule from the front as well: choose *one* parameter, and carry $\partial(\text{this}) / \partial(\text{that
# parameter})$ along with each number, from the input to the loss. This is **forward mode**. Ours is **reverse mode**.

# %%
passes = lesson.predict(
    "passes",
    "How many passes does forward mode need for all gradients of a 2-3-4 network?",
)

# %% tags=["reasons"]
{
    "why": "One pass for each parameter. Reverse mode needs one pass for each output, and a training has one: the loss.",
    "1": "That is reverse mode: one pass back from the loss. Forward mode carries the derivatives by one parameter along.",
    "2": "The inputs of the network are not what we want the gradients of. These are its parameters.",
    "4": "The network has four outputs, but the loss is one number. And forward mode goes by what one derives by: the parameters.",
    "18": "The biases are parameters, too.",
    "50": "These are the forward passes of central differences. Forward mode is exact, and needs half as many.",
}

# %%
for layer_sizes in ([2, 3, 4], [784, 256, 10]):
    n = FeedForwardNetwork(layer_sizes).n_parameters
    print(f"{'-'.join(map(str, layer_sizes))}: forward mode {n:,} passes, reverse mode 1")
passes.compare(FeedForwardNetwork([2, 3, 4]).n_parameters)

# %% [markdown]
# | way | you write | cost | good for |
# |---|---|---|---|
# | by hand | every derivative | paper | understanding, and small formulas |
# | vectorised | forward and backward | about 3 forward passes (lesson 07) | speed, when the network stays as it is |
# | finite differences | forward | 2 forward passes *for each parameter* | checking the others |
# | autograd, reverse | forward | about 3 forward passes, and memory | everything you would not like to derive |
#
# ## 9 · What can no autograd see?
#
# Somebody hands the wrong bias to the second layer. It has the right shape, so Python does not complain. Which of these shows that
# something is wrong?

# %%
borrowed = lesson.predict(
    "borrowed",
    "W₂ @ h₁ + b₁ is computed, where b₂ is meant. Which of these happen?",
    [
        "autograd raises an error",
        "nudging and autograd disagree",
        "the gradient of b₂ is exactly 0",
    ],
    several=True,
)

# %% tags=["reasons"]
{
    "why": "It is a perfectly right gradient of a wrong loss. Autograd abolishes the bugs of the way back; those of the way forward remain yours.",
    "autograd raises an error": "It differentiates what you wrote, not what you meant. The shapes fit.",
    "nudging and autograd disagree": "Both look at the same forward pass, so they agree, and both are right about it.",
    "the gradient of b₂ is exactly 0": "Nobody uses b₂, so no path leads from it to the loss. That is the one trace.",
}

# %%
two_by_two = [as_nodes(v) for v in (W_1, b_1, [[0.6, -0.4], [-0.5, 0.9]], [[0.0], [0.2]])]


def wrong_loss(W_1, b_1, W_2, b_2):
    a_2 = W_2 @ np.tanh(W_1 @ x_1 + b_1) + b_1  # b_1 again, where b_2 is meant
    return (a_2 * a_2).sum()


wrong_loss(*two_by_two).backward()
grad_b_1, grad_b_2 = ([node.grad for node in two_by_two[place].flat] for place in (1, 3))
numbers_only = [np.array([[node.value for node in row] for row in v]) for v in two_by_two]
up, down = (
    wrong_loss(numbers_only[0], numbers_only[1] + s, *numbers_only[2:])
    for s in ([[1e-6], [0]], [[-1e-6], [0]])
)
nudged = (up - down) / 2e-6
print(f"∂𝓛/∂b₁ = {np.round(grad_b_1, 4)}, nudged {nudged:.4f} for its first entry")
print(f"∂𝓛/∂b₂ = {grad_b_2}")
borrowed.compare([False, abs(nudged - grad_b_1[0]) > 1e-6, not any(grad_b_2)])

# %% [markdown]
# That is the *borrowed bias* of the live session (lesson 10), and no framework would have complained. When autograd, nudging and your own derivation agree,
# believe the gradient. And check the forward pass yourself.

# %%
lesson.summary()
