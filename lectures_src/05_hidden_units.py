# %% [markdown]
# # 05 · Hidden units: the question travels back
#
# **After this lesson you can**
#
# - tell the story of backpropagation in ten voices, and name the derivative that each of them computes;
# - derive the gradient at one hidden unit, then at a whole layer, and say where the transpose comes from;
# - say why the step through $g$ is element-wise, and why it can make the blame fade;
# - write the gradient of any hidden layer in one line, and prove the line right.
#
# **Time** 50 minutes · **You need** the sum over paths (lesson 02), the forward pass (lesson 03), $\hat y - y$ (lesson 04)

# %%
import numpy as np

from utils.data import four_blobs, one_hot
from utils.draw.picture import show, subplots
from utils.draw.style import CLASSES
from utils.exhibits.computation_graph import network_graph
from utils.explore.backward_pass import backward_pass_explorer
from utils.nn import ACTIVATIONS, FeedForwardNetwork, numerical_gradient, softmax

# %% [markdown]
# ## 1 · A dinner goes wrong: ten voices
#
# A guest has ordered class 1 and is served something else. The kitchen behind the door is a network with two hidden layers:
#
# | who | what | does |
# |---|---|---|
# | the market | $x$ | delivers what there is |
# | the recipes | $W_k, b_k$ | say how much of everything goes into each pot |
# | the pots | $a_k = W_k h_{k-1} + b_k$ | mix, and do nothing else |
# | the sieves | $h_k = g(a_k)$ | let each pot through, bent by $g$ |
# | the waiter | $\hat y = \mathrm{softmax}(a_3)$ | makes shares that add up to 1 |
# | the guest | $L = -\log \hat y_1$ | pays, and complains |
#
# The guest's complaint travels back through the house.
#
# 1. **The guest, $L$:** *"I ordered class 1, and look what I got. Somebody will answer for it!"*
# 2. **The waiter, $\hat y$:** *"I only carry the plates. Softmax of $a_3$, as every evening. Ask $a_3$."*
# 3. **The last pots, $a_3$:** *"Our share of the blame is $\hat y - y$, we admit it. But we only mix $W_3 h_2 + b_3$."*
# 4. **Their recipe, $W_3, b_3$:** *"It was us. Please rewrite us."*
# 5. **The second sieves, $h_2$:** *"Everyone in $a_3$ complains about us. But we only pass on $g(a_2)$."*
# 6. **The second pots, $a_2$:** *"The sieve let only a part of that through to us. But we only mix $W_2 h_1 + b_2$."*
# 7. **Their recipe, $W_2, b_2$:** *"Us again. Rewrite us."*
# 8. **The first sieves, $h_1$:** *"Everyone in $a_2$ complains about us. But we only pass on $g(a_1)$."*
# 9. **The first pots, $a_1$:** *"We only mix $W_1 x + b_1$. And $x$ came from the market: nobody retrains a tomato."*
# 10. **The first recipe, $W_1, b_1$:** *"Us. And below us there is no one left to ask."*
#
# **Predict.** Who confesses, who only points further down, and who is never accused at all?

# %% [markdown]
# **Check.** Only the recipes confess, for only they can be changed. Pots, sieves and waiter pass the question on, and that is what we
# need them for. The market is never accused: data are not trained.
#
# And the language of the complaint? *"By how much would the loss change if you changed a little?"* That is a
# derivative, so **the blame on a quantity $v$ is $\frac{\partial L}{\partial v}$**, and each voice computes the one with respect to itself. Blame has a
# sign: positive means *more of this would raise the loss*, negative means *more of this would have helped*.
#
# Take the slider *step* from 1 to 10, slowly. The number in a circle is the blame on it. Which numbers on the way to a
# circle explain the number in it?

# %%
backward_pass_explorer()

# %% [markdown]
# Steps 1 to 3 are lesson 04, and the recipes (4, 7, 10) are lesson 06. Today is about 5, 6, 8 and 9: **through the weights into $h$,
# and through $g$ into $a$.** It is the same pair twice. Had the house forty floors, it would be the same pair forty times.

# %% [markdown]
# ## 2 · The roadmap
#
# To talk to $W_{111}$, at the far end of the house, we follow the chain of lesson 01. (Written as if each layer had one unit; with
# more of them, each factor becomes a matrix.)
#
# $$\underbrace{\frac{\partial L}{\partial W_{111}}}_{\text{talk to the weight directly}} = \underbrace{\frac{\partial L}{\partial \hat y} \, \frac{\partial \hat y}{\partial a_3}}_{\text{talk to the output layer}} \; \underbrace{\frac{\partial a_3}{\partial h_2} \, \frac{\partial h_2}{\partial a_2}}_{\text{talk to the hidden layer below}} \; \underbrace{\frac{\partial a_2}{\partial h_1} \, \frac{\partial h_1}{\partial a_1}}_{\text{and to the one below that}} \; \underbrace{\frac{\partial a_1}{\partial W_{111}}}_{\text{and now talk to the weight}}$$
#
# The two braces in the middle say the same thing about different layers. That is why one formula will do for *any number of hidden
# layers*.
#
# > **What the handout said** — the chain ends in $\frac{\partial a_3}{\partial W_{111}}$; it works for any number of *output* layers; and
# > $\frac{\partial h_1}{\partial a_2}$ is worth storing.
# >
# > **What is true** — it ends in $\frac{\partial a_1}{\partial W_{111}}$, for $W_{111}$ is mixed in the first pot; there is *one* output layer, and any
# > number of hidden ones; and the factor to store is $\frac{\partial a_2}{\partial h_1}$, because $a_2$ is computed from $h_1$ and not
# > the other way round.
#
# A chain can be checked by eye: what stands *below* one line must stand *above* the next one. And by numbers, in a house with one unit on each floor:

# %%
thin = FeedForwardNetwork([1, 1, 1, 1], output="sigmoid", seed=0)
x_thin, y_thin = np.array([[1.5]]), np.array([[1.0]])
(chain,) = network_graph(thin, x_thin, y_thin).paths("W_1,1,1", "L")
for edge in reversed(chain.edges):
    print(f"∂{edge.end} / ∂{edge.start}".ljust(20), f"{edge.derivative:+.4f}")
print("product".ljust(20), f"{chain.product:+.6f}")

# %%
truth = numerical_gradient(thin, x_thin, y_thin, "W", 1)[0, 0]
last = chain.edges[0].derivative  # ∂a_1/∂W_111
between = np.prod([edge.derivative for edge in chain.edges[1:5]])  # ∂a_3/∂a_1, in four factors
misprint = chain.product / last * (between * last)  # as if it ended in ∂a_3/∂W_111
print(f"finite difference {truth:+.6f}   ending in ∂a_3/∂W_111 {misprint:+.6f}")
assert np.isclose(chain.product, truth) and not np.isclose(misprint, truth, rtol=0.5)

# %% [markdown]
# **Check.** With the misprint the hidden layers are counted twice: $\frac{\partial a_3}{\partial W_{111}}$ has already walked all the way down.
#
# ## 3 · One unit, written out
#
# Back to the network in the picture, 2-3-3-2, with one example whose true class is 1.

# %%
net = FeedForwardNetwork([2, 3, 3, 2], activation="sigmoid", seed=0)
x, y = np.array([[1.5], [-0.5]]), one_hot([0], 2)
trace = net.forward(x)
grad_a_3 = trace.y_hat - y  # lesson 04
print("ŷ     ", trace.y_hat[:, 0].round(3))
print("∂L/∂a_3", grad_a_3[:, 0].round(3))

# %% [markdown]
# Take one sieve: $h_{22}$, unit 2 of layer 2. In this lesson, as in the lecture, $h_{ij}$ is unit $j$ of layer $i$, and $m$ counts the units of the
# layer above. Who listens to $h_{22}$? If you cannot see it, do not be lazy: **write it out.**
#
# $$a_{31} = W_{311}\, h_{21} + W_{312}\, h_{22} + W_{313}\, h_{23} + b_{31}$$
#
# $$a_{32} = W_{321}\, h_{21} + W_{322}\, h_{22} + W_{323}\, h_{23} + b_{32}$$
#
# **Predict.** What is $\frac{\partial a_{31}}{\partial h_{22}}$? And $\frac{\partial a_{32}}{\partial h_{22}}$? Then we nudge $h_{22}$ and look.

# %%
nudge = np.array([[0.0], [0.001], [0.0]])  # h_22 alone
moved = (net.W[3] @ (trace.h[2] + nudge) + net.b[3] - trace.a[3]) / 0.001
print("∂a_31/∂h_22, ∂a_32/∂h_22 by nudging:", moved[:, 0].round(3))
print("W_3 =")
print(net.W[3].round(3))

# %% [markdown]
# **Check.** $W_{312} = -0.314$ and $W_{322} = 0.602$: all other terms stand still. Watch the indices: 3 is the layer, the middle one says which
# unit *listens*, the last one who *speaks*. In general
#
# $$\frac{\partial a_{i+1,m}}{\partial h_{ij}} = W_{i+1,m,j}$$
#
# > **What lecture 4.6 said** — on a slide the derivative stands upside down, $\frac{\partial h_{ij}}{\partial a_{i+1,m}}$; the second row of $W_3$ carries the
# > labels of another row; and the bias of $a_{31}$ is called $b_{21}$.
# >
# > **What is true** — $\frac{\partial a_{i+1,m}}{\partial h_{ij}} = W_{i+1,m,j}$: what is computed stands above, what it is computed from below. The second row of $W_3$
# > is $W_{321}, W_{322}, W_{323}$, and it fills $a_{32}$. The bias of $a_{31}$ is $b_{31}$; $b_{21}$ belongs to $a_{21}$, a floor below.

# %%
assert np.allclose(moved[:, 0], net.W[3][:, 1]) and np.allclose(
    moved[:, 0], [-0.314, 0.602], atol=1e-3
)
assert not np.allclose(1 / moved[:, 0], net.W[3][:, 1], rtol=0.5)  # upside down
b_31, b_21 = net.b[3] + [[0.1], [0.0]], net.b[2] + [[0.1], [0.0], [0.0]]
by_b_31 = net.with_parameters(b={3: b_31}).forward(x).a[3] - trace.a[3]
by_b_21 = net.with_parameters(b={2: b_21}).forward(x).a[3] - trace.a[3]
print(
    "0.1 more b_31 moves a_3 by",
    by_b_31[:, 0].round(4),
    "  0.1 more b_21 by",
    by_b_21[:, 0].round(4),
)
assert np.allclose(by_b_31[:, 0], [0.1, 0]) and abs(by_b_21[0, 0]) < 0.02 and by_b_21[1, 0] != 0

# %% [markdown]
# Two pots listen to $h_{22}$, so two paths lead from it to the loss, one through each. Along a path multiply, over the paths add
# (lesson 02):
#
# $$\frac{\partial L}{\partial h_{22}} = \frac{\partial L}{\partial a_{31}} \frac{\partial a_{31}}{\partial h_{22}} + \frac{\partial L}{\partial a_{32}} \frac{\partial a_{32}}{\partial h_{22}}$$
#
# $$= \frac{\partial L}{\partial a_{31}} \, W_{312} + \frac{\partial L}{\partial a_{32}} \, W_{322}$$
#
# **Predict** its value, from the two complaints, $-0.685$ and $+0.685$, and the two weights above. What does its sign mean?

# %%
blame_on_h_22 = grad_a_3[0, 0] * net.W[3][0, 1] + grad_a_3[1, 0] * net.W[3][1, 1]
print(f"∂L/∂h_22 = {blame_on_h_22:+.3f}")

# %% [markdown]
# Is it true? Our referee is the rest of the forward pass. It starts from *any* activations of layer $i$ and returns the loss. Nudge one
# entry, and see.


# %%
def loss_from(h, i):
    for k in range(i + 1, net.L + 1):
        h = net.g[k](net.W[k] @ h + net.b[k])
    return -np.log(h[0]).mean()  # the true class is 1


def slopes(f, v, step=1e-5):
    nudges = step * np.eye(v.size).reshape(-1, *v.shape)  # one entry of v at a time
    return np.array([(f(v + n) - f(v - n)) / (2 * step) for n in nudges]).reshape(v.shape)


referee = slopes(lambda h: loss_from(h, 2), trace.h[2])
print("∂L/∂h_2 by nudging:", referee[:, 0].round(3))
assert np.isclose(blame_on_h_22, referee[1, 0])

# %% [markdown]
# **Check.** $(-0.685)(-0.314) + 0.685 \cdot 0.602 = 0.628$. It is positive: more of $h_{22}$, more loss. It holds down the class that was ordered and props
# up the other one, and it is blamed for both.
#
# For any unit of any hidden layer:
#
# $$\frac{\partial L}{\partial h_{ij}} = \sum_{m=1}^{n_{i+1}} \frac{\partial L}{\partial a_{i+1,m}} \, W_{i+1,m,j}$$
#
# > **What the handout said** — the sum runs to $k$, in every layer; and the entries of $\nabla_{h_i} L$ are $\frac{\partial L}{\partial a_{h_i j}}$.
# >
# > **What is true** — it runs over the layer *above*, to $n_{i+1}$. That is $k$, in the handout the number of classes, only directly under the output. And the
# > entries of a gradient with respect to $h_i$ are $\frac{\partial L}{\partial h_{ij}}$; there is no $a$ in them.
#
# Our network has $k = 2$ classes, but three units listen to each unit of layer 1. Stop at $k$, and a listener is lost:

# %%
gradients = net.backward(trace, y)
by_nudging = slopes(lambda h: loss_from(h, 1), trace.h[1])[:, 0]
terms = gradients.a[2] * net.W[2]  # row m, column j: ∂L/∂a_2m · W_2mj
print("∂L/∂h_1 by nudging   ", by_nudging.round(4))
print("sum over n_2 = 3 units", terms[:3].sum(axis=0).round(4))
print("sum over k = 2 units  ", terms[:2].sum(axis=0).round(4))
assert np.allclose(terms[:3].sum(axis=0), by_nudging)
assert not np.allclose(terms[:2].sum(axis=0), by_nudging)
assert not np.allclose(gradients.a[1][:, 0], by_nudging)  # ∂L/∂a is another vector

# %% [markdown]
# ## 4 · A column, and a dot product
#
# A sum of products, entry by entry, is a dot product. Put the two vectors beside each other:
#
# $$\frac{\partial L}{\partial a_{i+1}} = \begin{bmatrix} \frac{\partial L}{\partial a_{i+1,1}} \\ \vdots \\ \frac{\partial L}{\partial a_{i+1,n_{i+1}}} \end{bmatrix} \qquad W_{i+1,\cdot,j} = \begin{bmatrix} W_{i+1,1,j} \\ \vdots \\ W_{i+1,n_{i+1},j} \end{bmatrix} \qquad \frac{\partial L}{\partial h_{ij}} = (W_{i+1,\cdot,j})^\top \, \frac{\partial L}{\partial a_{i+1}}$$
#
# The dot in $W_{i+1,\cdot,j}$ means: *all of them*, here all listeners $m$.
#
# **Predict.** $W_{3,\cdot,2}$: is it a row of $W_3$ or a column? What is it in NumPy?

# %%
column_2 = net.W[3][:, 1]
print("W_3,·,2 =", column_2.round(3), "  times ∂L/∂a_3:", (column_2 @ grad_a_3[:, 0]).round(3))
assert np.isclose(column_2 @ grad_a_3[:, 0], blame_on_h_22)

# %% [markdown]
# **Check.** Column 2: the first index is fixed by the layer, and of the other two it is the *column* that stays. Row $m$ of a weight matrix belongs
# to unit $m$ as a **listener**, column $j$ to unit $j$ as a **speaker**. Forward, a unit gathers along its row what it hears. Backward, it gathers along
# its column the complaints of everybody it has spoken to.
#
# ## 5 · All units at once: where the transpose comes from
#
# Stack the dot products, one for each unit $j$ of layer $i$:
#
# $$\frac{\partial L}{\partial h_i} = \begin{bmatrix} (W_{i+1,\cdot,1})^\top \, \frac{\partial L}{\partial a_{i+1}} \\ \vdots \\ (W_{i+1,\cdot,n_i})^\top \, \frac{\partial L}{\partial a_{i+1}} \end{bmatrix} = \begin{bmatrix} (W_{i+1,\cdot,1})^\top \\ \vdots \\ (W_{i+1,\cdot,n_i})^\top \end{bmatrix} \frac{\partial L}{\partial a_{i+1}}$$
#
# The matrix on the right has the *columns* of $W_{i+1}$ for its *rows*. There is a name for that:
#
# $$\boxed{\; \frac{\partial L}{\partial h_i} = W_{i+1}^\top \, \frac{\partial L}{\partial a_{i+1}} \;}$$
#
# Nobody had to remember a transpose. It is what is left when all columns have been written below each other.
#
# **Predict** all shapes for $i = 2$ in our network, before you run the cell.

# %%
stacked = np.array([net.W[3][:, j] @ grad_a_3[:, 0] for j in range(3)])
grad_h_2 = net.W[3].mT @ grad_a_3
print(
    f"W_3 {net.W[3].shape}  W_3ᵀ {net.W[3].mT.shape}  ∂L/∂a_3 {grad_a_3.shape}  ∂L/∂h_2 {grad_h_2.shape}"
)
print("stacked dot products", stacked.round(3), "  W_3ᵀ ∂L/∂a_3", grad_h_2[:, 0].round(3))
assert np.allclose(stacked, grad_h_2[:, 0]) and np.allclose(grad_h_2, referee)

# %% [markdown]
# In step 5 of the explorer, move *unit j*: a column of $W_3$ and a row of $W_3^\top$ light up together, because they are the same numbers.

# %%
backward_pass_explorer(step=5)

# %% [markdown]
# **Predict.** What happens if you forget the transpose at $W_3$, of shape (2, 3)? And at $W_2$, of shape (3, 3)?

# %%
try:
    net.W[3] @ grad_a_3
except ValueError as error:
    print(f"W_3: {type(error).__name__}, {net.W[3].shape} @ {grad_a_3.shape} does not fit")
forgotten = net.W[2] @ gradients.a[2]
print("W_2:", forgotten[:, 0].round(3), "  the truth:", by_nudging.round(3))

# %% [markdown]
# **Check.** At $W_3$ the shapes protest. At $W_2$ nobody does: a square matrix fits either way, and the numbers are simply wrong. Shapes find
# many mistakes; a finite difference finds the rest.

# %%
assert forgotten.shape == (3, 1) and not np.allclose(forgotten[:, 0], by_nudging, rtol=0.5)
assert np.allclose(net.W[2].mT @ gradients.a[2], gradients.h[1])

# %% [markdown]
# ## 6 · The special case, and what is missing for any layer
#
# We could compute $\frac{\partial L}{\partial h_2}$ because $\frac{\partial L}{\partial a_3}$ was known: layer 3 is the output, and $\hat y - y$ came from lesson 04. That is the
# **special case** $i + 1 = L$ (here $L$ counts layers).
#
# One floor down, $\frac{\partial L}{\partial h_1} = W_2^\top \frac{\partial L}{\partial a_2}$ needs $\frac{\partial L}{\partial a_2}$. We stand at $h_2$. Between the two there is only the sieve: $h_{2j} = g(a_{2j})$.
#
# **Predict.** By how many paths does $a_{22}$ reach the loss, if you may pass through any of $h_{21}, h_{22}, h_{23}$?

# %%
jacobian_g = np.array(
    [slopes(lambda a, j=j: net.g[2](a)[j, 0], trace.a[2])[:, 0] for j in range(3)]
)
jacobian_softmax = np.array(
    [slopes(lambda a, m=m: softmax(a)[m, 0], trace.a[3])[:, 0] for m in range(2)]
)
print("∂h_2j/∂a_2j′, by nudging:\n", jacobian_g.round(3))
print("∂ŷ_m/∂a_3m′, by nudging:\n", jacobian_softmax.round(3))

# %% [markdown]
# **Check.** Through $h_{22}$ only. $g$ works on each pot by itself, so its Jacobian is **diagonal**. The softmax of lesson 04 stirs all scores together, its
# Jacobian is full, and that is why the rule we are about to write must never be used at a softmax (lesson 04, section 5). One path, one product:
#
# $$\frac{\partial L}{\partial a_{ij}} = \frac{\partial L}{\partial h_{ij}} \, \frac{\partial h_{ij}}{\partial a_{ij}} = \frac{\partial L}{\partial h_{ij}} \, g'(a_{ij})$$
#
# Stacked for all units of the layer, this is an element-wise product. It has a sign of its own, $\odot$, and a name, **Hadamard product**
# (the transcript of the lecture heard "had a mud product"):
#
# $$\boxed{\; \frac{\partial L}{\partial a_i} = \frac{\partial L}{\partial h_i} \odot g'(a_i) \;}$$

# %%
prime = net.g[2].prime(trace.h[2])  # g′(a_2)
grad_a_2 = grad_h_2 * prime  # * is element-wise, @ is the matrix product
print("∂L/∂a_2 =", grad_h_2[:, 0].round(3), "⊙", prime[:, 0].round(3), "=", grad_a_2[:, 0].round(3))
assert np.allclose(jacobian_g, np.diag(prime[:, 0]))
assert abs(jacobian_softmax[0, 1]) > 0.2
assert np.allclose(grad_a_2, jacobian_g.T @ grad_h_2)  # Jᵀ with a diagonal J
assert np.allclose(grad_a_2, slopes(lambda a: loss_from(net.g[2](a), 2), trace.a[2]))

# %% [markdown]
# ## 7 · Three ways to get this line wrong
#
# **"It is a dot product."** A dot product is *one number*, and we need one for each unit. The shape of the answer tells.
#
# **"Shapes are decoration."** Drop the second axis of one factor, and NumPy broadcasts: three numbers times three numbers become nine.

# %%
print("⊙          ", (grad_h_2 * prime).shape)
print("dot product", (grad_h_2.mT @ prime).shape)
print("(3, 1) * (3,)", (grad_h_2 * prime[:, 0]).shape)
assert (grad_h_2 * prime).shape == trace.a[2].shape  # a gradient has the shape of its quantity
assert (grad_h_2.mT @ prime).shape == (1, 1) and (grad_h_2 * prime[:, 0]).shape == (3, 3)

# %% [markdown]
# **"$g'$ at $h$."** The sieve was opened by $a$, so its slope is taken at $a$: $\sigma'(a) = \sigma(a)(1 - \sigma(a))$. Because $\sigma(a)$ is $h$, that is $h(1 - h)$, and the code
# wants the $h$ that is already there: `prime(h)` returns $g'(a)$. What must not happen is to apply the sigmoid once more, $\sigma'(h) = \sigma(h)(1 - \sigma(h))$.
#
# **Predict** from the table: which of the four sieves lets everything through? Which one all or nothing?
#
# | activation $g$ | slope $g'(a)$ | the same, in terms of $h = g(a)$ |
# |---|---|---|
# | sigmoid $\sigma(a)$ | $\sigma(a)(1 - \sigma(a))$ | $h(1 - h)$ |
# | tanh | $1 - \tanh^2 a$ | $1 - h^2$ |
# | ReLU $\max(a, 0)$ | 1 if $a > 0$, else 0 | 1 if $h > 0$, else 0 |
# | identity | 1 | 1 |

# %%
a = np.array([[-2.0], [-0.5], [0.3], [2.0]])
for name, g in ACTIVATIONS.items():
    at_a, at_h = g.prime(g(a)), g.prime(g(g(a)))
    print(f"{name:9} g′(a) {at_a[:, 0].round(3)}   g′ at h {at_h[:, 0].round(3)}")
    assert np.allclose(at_a[:, 0], [slopes(g, v.reshape(1, 1))[0, 0] for v in a])
    assert np.allclose(at_a, at_h) == (name in ("relu", "identity"))

# %% [markdown]
# **Check.** The identity lets everything through, ReLU all or nothing. For those two the mistake even stays invisible, which makes it the more
# treacherous: it waits until somebody changes the activation.
#
# ## 8 · Why blame fades
#
# **Predict.** What is the largest value that $\sigma'$ can have? What is left of a complaint after five sigmoid layers, at best?

# %%
grid = np.linspace(-6, 6, 241)
fig, ax = subplots(figsize=(6.4, 3.2))
for name, dashes, style in zip(
    ("sigmoid", "tanh", "relu"), ("-", "--", ":"), CLASSES, strict=False
):
    g = ACTIVATIONS[name]
    ax.plot(grid, g.prime(g(grid)), dashes, color=style.color, lw=2.2, label=f"{name}: $g'(a)$")
ax.set(xlabel="pre-activation $a$", ylabel="share of the blame let through")
ax.legend()
sigmoid_prime = ACTIVATIONS["sigmoid"].prime(ACTIVATIONS["sigmoid"](grid))
show(
    fig,
    f"""Slopes of three activations. The sigmoid's is a low hill, {sigmoid_prime.max():.2f} at
    a = 0 and {sigmoid_prime[0]:.4f} at a = −6; that of tanh is a hill of height 1; that of ReLU is 0 to the left
    and 1 to the right.""",
)

# %% [markdown]
# **Check.** $\sigma' = h(1 - h)$ is largest at $h = \tfrac12$, that is at $a = 0$, and there it is $\tfrac14$. Five such sieves in a row let through at most
# $\left(\tfrac14\right)^5 < 0.1\,\%$. Far from zero the sigmoid is **saturated**: flat, so that its input could change without anybody noticing. A flat sieve
# passes no blame: not because the unit is innocent, but because a small change of $a$ would change nothing. In the explorer you see it as
# lines that get thinner from right to left. Weights can make up for it, or make it worse; lesson 12 does something about it.

# %%
assert np.isclose(sigmoid_prime.max(), 1 / 4) and sigmoid_prime[0] < 0.0025 and 0.25**5 < 0.001

# %% [markdown]
# ## 9 · Your line
#
# Put both boxes together. Given $W_{i+1}$, the gradient $\frac{\partial L}{\partial a_{i+1}}$ and $g'(a_i)$, return $\frac{\partial L}{\partial a_i}$. It is one line. Replace the three
# dots, run the cell, then the next one.


# %%
def hidden_gradient(W_above, grad_a_above, g_prime):
    return ...


# %%
for i in (2, 1):
    mine = hidden_gradient(net.W[i + 1], gradients.a[i + 1], net.g[i].prime(trace.h[i]))
    if mine is ...:
        verdict = "not written yet"
    elif np.shape(mine) != (3, 1):
        verdict = f"the shape should be (3, 1), yours is {np.shape(mine)}"
    else:
        verdict = "right" if np.allclose(mine, gradients.a[i]) else "right shape, wrong numbers"
    print(f"∂L/∂a_{i}: {verdict}")

# %% [markdown]
# <details><summary>The line</summary>
#
# `return (W_above.mT @ grad_a_above) * g_prime`. Read it from the inside: complaints of the layer above, gathered along the columns of its weights, then
# through the sieve. The brackets matter to the reader only; Python would begin on the left anyway.
#
# </details>
#
# "Right" meant: the same as `net.backward`. But who says that *that* is right? A finite difference, which knows nothing of transposes. A trick
# helps: $a_i = W_i h_{i-1} + b_i$, so for one example a nudge of $b_i$ *is* a nudge of $a_i$. And as the line holds for any layer, we take five hidden ones, of
# different widths, and walk from the output to the first.


# %%
def one_line(W_above, grad_a_above, g_prime):
    return (W_above.mT @ grad_a_above) * g_prime


deep = FeedForwardNetwork([2, 4, 3, 5, 2, 3, 2], activation="tanh", seed=1)
deep_trace = deep.forward(x)
grad_a = deep_trace.y_hat - y
for i in range(deep.L - 1, 0, -1):
    grad_a = one_line(deep.W[i + 1], grad_a, deep.g[i].prime(deep_trace.h[i]))
    error = np.abs(grad_a - numerical_gradient(deep, x, y, "b", i)).max()
    print(f"∂L/∂a_{i} =", grad_a[:, 0].round(4))
    assert error < 1e-8 and np.allclose(grad_a, deep.backward(deep_trace, y).a[i])

# %% [markdown]
# ## 10 · A batch: the same line
#
# Now 40 examples at once, each a column. $\frac{\partial L}{\partial a_L} = \frac{\hat y - y}{N}$ has 40 columns too.
#
# **Predict.** What has to change in the line?

# %%
X, labels = four_blobs()
x_40, y_40 = X[:40].T, one_hot(labels[:40], 4)
blobs = FeedForwardNetwork([2, 3, 4], seed=0)
trace_40 = blobs.forward(x_40)
grad_a_1 = one_line(blobs.W[2], (trace_40.y_hat - y_40) / 40, blobs.g[1].prime(trace_40.h[1]))
print("∂L/∂a_1 for 40 examples:", grad_a_1.shape)

# %% [markdown]
# **Check.** Nothing! A matrix times a matrix is the matrix times each column, and $\odot$ works entry by entry: every column goes its own way, as if it were
# alone. What one example alone would give, divided by $N = 40$, is its column; the $\frac1N$ came in with the loss, and only there.

# %%
for n in range(40):
    alone = blobs.forward(x_40[:, [n]])
    column = one_line(blobs.W[2], alone.y_hat - y_40[:, [n]], blobs.g[1].prime(alone.h[1]))
    assert np.allclose(grad_a_1[:, [n]], column / 40)
assert np.allclose(grad_a_1, blobs.backward(trace_40, y_40).a[1])
assert np.allclose(
    grad_a_1.sum(axis=1, keepdims=True), numerical_gradient(blobs, x_40, y_40, "b", 1)
)

# %% [markdown]
# ### Try it
#
# The tasks are about the explorer in section 1; in it you can choose everything.
#
# **1.** Network 2-3-3-2, sigmoid, seed 0. Step 5, unit 3: why does $h_{23}$ carry so much less blame than $h_{22}$, though the same two pots complain?
#
# <details><summary>Answer</summary>
#
# Column 3 of $W_3$ is $(-0.183, -0.074)$. The two complaints are $-0.685$ and $+0.685$, so it is the *difference* of the two weights that counts, and it is small:
# $0.685 \cdot (0.183 - 0.074) \approx 0.074$. What it did to one pot it did to the other as well.
#
# </details>
#
# **2.** Step 9, the same network: compare the circles of $a_1$ with those of $a_3$. How many times smaller is the largest? Now choose *tanh*.
#
# <details><summary>Answer</summary>
#
# With the sigmoid from 0.685 down to 0.011, some sixty times smaller, after two sieves. With tanh the largest at $a_1$ is 0.212, still 40 % of
# the 0.525 at $a_3$: the slope of tanh goes up to 1, four times that of the sigmoid.
#
# </details>
#
# **3.** Choose *relu*, step 6, and look at $g'(a_2)$ in the matrices. What happens to the blame where it is 0, and to the recipe that fills that pot (step 7)?
#
# <details><summary>Answer</summary>
#
# Nothing gets through: $\frac{\partial L}{\partial a_{2j}} = 0$. Its row of $\frac{\partial L}{\partial W_2}$ is then zero too, because each entry has $\frac{\partial L}{\partial a_{2j}}$ as a factor.
# For this example that unit cannot learn.
#
# </details>
#
# **4.** Choose *identity*. Which steps have become trivial?
#
# <details><summary>Answer</summary>
#
# 6 and 9: $g' = 1$, so $\frac{\partial L}{\partial a_i} = \frac{\partial L}{\partial h_i}$. What is left is a product of transposed matrices.
#
# </details>
#
# **5.** In section 9, put $W_{i+1}$ without the transpose into your line. Does the check of layer 2 complain? And that of layer 1, were it alone?
#
# <details><summary>Answer</summary>
#
# At layer 2 the shapes do not fit, and Python stops with an error. At layer 1 ($W_2$ is square) the line runs, the shape is right, and only the comparison of the numbers finds it out.
#
# </details>

# %% [markdown]
# ## Recap
#
# - The blame on $v$ is $\frac{\partial L}{\partial v}$. Loss, waiter, pots and sieves hand it down; only recipes can be rewritten.
# - One unit: $\frac{\partial L}{\partial h_{ij}} = \sum_{m=1}^{n_{i+1}} \frac{\partial L}{\partial a_{i+1,m}} W_{i+1,m,j}$, a dot product with *column* $j$.
# - All units: the columns, written below each other as rows, are $W_{i+1}^\top$. So $\frac{\partial L}{\partial h_i} = W_{i+1}^\top \frac{\partial L}{\partial a_{i+1}}$.
# - Through $g$: $\frac{\partial L}{\partial a_i} = \frac{\partial L}{\partial h_i} \odot g'(a_i)$, element-wise because each $h_{ij}$ sees its own $a_{ij}$ only. $g'$ at $a$.
# - In code, for one example or a thousand: `grad_a = (W.mT @ grad_a) * g_prime`.
#
# **Next:** the recipes have confessed. Lesson 06 tells them by how much to change.
