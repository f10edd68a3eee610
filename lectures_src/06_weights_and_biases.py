# %% [markdown]
# # 06 · Weights and biases: two factors, one product
#
# **After this lesson you can**
#
# - write down the gradient of any single weight as *blame times signal*, and tell from two signs which way it will move;
# - recognise the outer product in a matrix of gradients, and know which factor is transposed and why;
# - turn a loop over examples into one matrix product, and say where the $1/N$ is, and where it must not be again;
# - correct the two weights that the live session worked out by hand.
#
# **Time** 40 minutes · **You need** paths (lesson 02), the output gradient (lesson 04), hidden units (lesson 05)

# %%
import numpy as np

from utils.data import one_hot
from utils.draw.grids import product_grid
from utils.exhibits.computation_graph import network_graph
from utils.explore.outer_product import outer_product_explorer
from utils.nn import FeedForwardNetwork, numerical_gradient

# %% [markdown]
# Lessons 04 and 05 have handed out the blame: every unit of every layer now has its $\frac{\partial L}{\partial a_{ki}}$. But a unit cannot mend
# its ways. It adds up what it is given and bends the sum; there is nothing in it to turn. What can be turned are the weights and biases, and one
# short step leads to them:
#
# $$\frac{\partial L}{\partial W_{kij}} = \underbrace{\frac{\partial L}{\partial a_{ki}}}_{\text{lessons 04 and 05}} \; \underbrace{\frac{\partial a_{ki}}{\partial W_{kij}}}_{\text{talk to the weight: today}}$$
#
# This is the easiest derivative of the whole course. The rest of the lesson is about writing it down without losing a transpose.

# %% [markdown]
# ## 1 · One weight
#
# The pre-activation of unit $i$ in layer $k$ is
#
# $$a_{ki} = b_{ki} + \sum_{j} W_{kij} \, h_{k-1,j}$$
#
# **Predict.** Below is layer 2 of some network. We raise $W_{2,1,2}$, from $h_{12}$ to $a_{21}$, by 0.01. By how much does $a_{21}$ move? And
# $a_{22}$?

# %%
h_1 = np.array([[0.5], [0.8], [0.2]])
W_2 = np.array([[0.4, -1.0, 2.0], [1.5, 0.3, -0.7]])
b_2 = np.array([[0.1], [-0.2]])
nudged = W_2.copy()
nudged[0, 1] += 0.01  # W_2,1,2
moved = (nudged @ h_1 + b_2) - (W_2 @ h_1 + b_2)
print("a_2 moves by", moved[:, 0].round(6), "  per nudge:", (moved[:, 0] / 0.01).round(6))

# %% [markdown]
# **Check.** $a_{21}$ moves by $0.01 \cdot h_{12} = 0.008$, and $a_{22}$ not at all: it does not listen to this weight. In the sum for $a_{ki}$ one
# single term contains $W_{kij}$, and what stands beside it is its derivative. The second line is the chain rule:
#
# $$\frac{\partial a_{ki}}{\partial W_{kij}} = h_{k-1,j}$$
#
# $$\frac{\partial L}{\partial W_{kij}} = \frac{\partial L}{\partial a_{ki}} \; h_{k-1,j}$$
#
# Two factors: **the blame of the unit it ends in**, times **the signal of the unit it comes from**. Both ends of the line, and nothing else. Why no
# sum over paths? Because all paths from $W_{kij}$ begin with the same step, into $a_{ki}$. After that they may fork as they please:
# $\frac{\partial L}{\partial a_{ki}}$ has already added them up.
#
# Think of a tap. It can be blamed for the flood only if there is water in the pipe (the signal), and only if
# somebody minds the water (the blame). If one of the two is zero, there is nothing to mend here.

# %%
assert np.allclose(moved[:, 0] / 0.01, [h_1[1, 0], 0])

# %% [markdown]
# ## 2 · Nine weights, written out
#
# Three units below, three above, so nine weights. When you cannot see it, write it out:
#
# $$\frac{\partial L}{\partial W_k} = \begin{bmatrix} \frac{\partial L}{\partial W_{k11}} & \frac{\partial L}{\partial W_{k12}} & \frac{\partial L}{\partial W_{k13}} \\ \frac{\partial L}{\partial W_{k21}} & \frac{\partial L}{\partial W_{k22}} & \frac{\partial L}{\partial W_{k23}} \\ \frac{\partial L}{\partial W_{k31}} & \frac{\partial L}{\partial W_{k32}} & \frac{\partial L}{\partial W_{k33}} \end{bmatrix}$$
#
# $$= \begin{bmatrix} \frac{\partial L}{\partial a_{k1}} h_{k-1,1} & \frac{\partial L}{\partial a_{k1}} h_{k-1,2} & \frac{\partial L}{\partial a_{k1}} h_{k-1,3} \\ \frac{\partial L}{\partial a_{k2}} h_{k-1,1} & \frac{\partial L}{\partial a_{k2}} h_{k-1,2} & \frac{\partial L}{\partial a_{k2}} h_{k-1,3} \\ \frac{\partial L}{\partial a_{k3}} h_{k-1,1} & \frac{\partial L}{\partial a_{k3}} h_{k-1,2} & \frac{\partial L}{\partial a_{k3}} h_{k-1,3} \end{bmatrix}$$
#
# Now with numbers. A softmax says $\hat y = (0.2, 0.5, 0.3)$, the truth is class 2, so with cross-entropy
# $\frac{\partial L}{\partial a_2} = \hat y - y = (0.2, -0.5, 0.3)$. The layer below sent $h_1 = (0.5, 0.1, 0.8)$.
#
# **Predict.** Which entry is largest in size? Which entries are negative? Fill in the nine numbers on paper; it takes a minute.

# %%
blame = np.array([[0.2], [-0.5], [0.3]])
signal = np.array([[0.5], [0.1], [0.8]])
written_out = [[blame[i, 0] * signal[j, 0] for j in range(3)] for i in range(3)]
print(np.array(written_out))

# %% [markdown]
# **Check.** The second row is negative, and $W_{2,2,3}$ has the largest entry, $-0.5 \cdot 0.8 = -0.4$: the loudest signal, into the unit
# with the most blame.
#
# Look at the first row: $0.2$ times $(0.5, 0.1, 0.8)$. The second: $-0.5$ times the *same* three numbers. You know this pattern from primary school. It is a
# multiplication table: the blame down the side, the signals along the top.

# %%
product_grid(
    blame,
    signal.mT,
    "∂L/∂W₂ = ∂L/∂a₂ · h₁ᵀ",
    """A multiplication table. Down the side ∂L/∂a_2 = 0.2, −0.5, 0.3; along the top h_1 = 0.5,
    0.1, 0.8; in the middle their nine products. Framed is −0.4 = −0.5 times 0.8, the entry of
    W_2,2,3.""",
    rows=["∂L/∂a₂₁", "∂L/∂a₂₂", "∂L/∂a₂₃"],
    columns=["h₁₁", "h₁₂", "h₁₃"],
    chosen=(1, 2),
)

# %% [markdown]
# As a matrix product, it is a column times a row: the **outer product**. (The handout writes $\nabla_{W_k}$ for our $\frac{\partial L}{\partial W_k}$.)
#
# $$\frac{\partial L}{\partial W_k} = \frac{\partial L}{\partial a_k} \; h_{k-1}^T \qquad\qquad (n_k, 1) \cdot (1, n_{k-1}) \to (n_k, n_{k-1})$$
#
# **Predict.** Three wrong ways to write it: `signal @ blame.mT`, `blame.mT @ signal`, `blame * signal`. Which shapes do they have for our three-and-three numbers, and
# which of them are wrong without any error?

# %%
right = blame @ signal.mT
assert np.allclose(right, written_out)
wrong = {
    "signal blameᵀ": signal @ blame.mT,
    "blameᵀ signal": blame.mT @ signal,
    "blame ∘ signal": blame * signal,
}
for name, value in wrong.items():
    print(f"{name:14} {value.shape}  the right shape: {value.shape == right.shape}")
assert wrong["signal blameᵀ"].shape == right.shape
assert not np.allclose(wrong["signal blameᵀ"], right)

# %% [markdown]
# **Check.** NumPy complains about none of them! The last two at least have the wrong shape. `signal blameᵀ` has even the right one: it is the transposed
# table, and every weight would get the gradient of its mirror image. This happens only where two layers have the same size, so the rule
# of lesson 03 holds: test with sizes that are all different. And here is how to get the order right without remembering it:
#
# > $W_k$ has a row for each unit it leads *to*, and so has its gradient. The blame belongs to these units, so the blame is the column, and stands first.

# %% [markdown]
# ## 3 · Biases
#
# **Predict** from the formula of $a_{ki}$: what is $\frac{\partial a_{ki}}{\partial b_{ki}}$?
#
# It is 1, whatever the rest of the sum does. So
#
# $$\frac{\partial L}{\partial b_{ki}} = \frac{\partial L}{\partial a_{ki}} \cdot 1 \qquad\text{that is}\qquad \frac{\partial L}{\partial b_k} = \frac{\partial L}{\partial a_k}$$
#
# > **What the lecture said** — the handout: $a_{ki} = b_{ki} \sum_j W_{kij} h_{k-1,j}$, and then $\nabla_{b_k} = \nabla_{b_a}$.
# >
# > **What is true** — a plus sign is missing: $a_{ki} = b_{ki} + \sum_j \dots$. Taken at its word, the handout's $\frac{\partial a_{ki}}{\partial b_{ki}}$ would be the
# > whole sum and not 1. And there is no $b_a$: $\nabla_{b_k} = \nabla_{a_k}$.


# %%
def slope_in_b(pre_activation, step=1e-5):
    return (pre_activation(b_2 + step) - pre_activation(b_2 - step)) / (2 * step)


with_plus = slope_in_b(lambda b: b + W_2 @ h_1)
as_a_factor = slope_in_b(lambda b: b * (W_2 @ h_1))
print("b + ΣWh:", with_plus[:, 0].round(6), "  b · ΣWh:", as_a_factor[:, 0].round(6))
assert np.allclose(with_plus, 1) and np.allclose(as_a_factor, W_2 @ h_1)

# %% [markdown]
# A bias is a weight like any other, on a line from a unit whose signal is always 1. To see it, put a 1 below the signals: the multiplication
# table grows by a column, and that column is the gradient of the bias.

# %%
both = blame @ np.vstack([signal, [[1.0]]]).mT
assert np.allclose(both[:, :3], right) and np.allclose(both[:, 3:], blame)
print(both)

# %% [markdown]
# ## 4 · The update, read from two signs
#
# Gradient descent steps against the gradient, with all weights of a layer at once:
#
# $$W_k \leftarrow W_k - \eta \, \frac{\partial L}{\partial a_k} h_{k-1}^T \qquad\qquad b_k \leftarrow b_k - \eta \, \frac{\partial L}{\partial a_k}$$
#
# Positive blame means: *the loss would rise if you grew*, so shrink! Which way must a weight go to make its unit shrink? That depends on the
# signal it carries.
#
# | blame $\frac{\partial L}{\partial a_{ki}}$ | signal $h_{k-1,j}$ | gradient | the weight |
# |---|---|---|---|
# | + (too large) | + | + | falls |
# | + (too large) | − | − | rises |
# | − (too small) | + | − | rises |
# | − (too small) | − | + | falls |
# | anything | 0 | 0 | stays |
#
# **Predict**, for the tanh network below: write a + or − for each of the six weights of $W_2$ *before* you run the second cell. From the first you get the
# five signs you need.

# %%
tanh_net = FeedForwardNetwork([2, 3, 2], activation="tanh", seed=4)
x_tanh, y_tanh = np.array([[1.0], [-0.5]]), one_hot([1], 2)  # the truth is the second class
trace_tanh = tanh_net.forward(x_tanh)
gradients_tanh = tanh_net.backward(trace_tanh, y_tanh)
print("blame  ∂L/∂a_2:", gradients_tanh.a[2][:, 0].round(3))
print("signal h_1:    ", trace_tanh.h[1][:, 0].round(3))

# %%
learning_rate = 0.1
step = -learning_rate * gradients_tanh.a[2] @ trace_tanh.h[1].mT
for i, row in enumerate(step):
    moves = [
        f"W_2,{i + 1},{j + 1} {'rises' if move > 0 else 'falls'}" for j, move in enumerate(row)
    ]
    print("   ".join(moves))
assert (np.sign(step) == -np.sign(gradients_tanh.a[2]) * np.sign(trace_tanh.h[1]).mT).all()

# %% [markdown]
# Has the update done what the blame asked for? **Predict:** how far does $a_2$ move, if $h_1$ stays as it is?

# %%
W_after = tanh_net.W[2] + step
b_after = tanh_net.b[2] - learning_rate * gradients_tanh.b[2]
a_moves = (W_after @ trace_tanh.h[1] + b_after) - trace_tanh.a[2]
loudness = (trace_tanh.h[1] ** 2).sum() + 1  # h · h, and 1 for the bias
print("a_2 moves by  ", a_moves[:, 0].round(4))
print("−η · blame · (h·h + 1):", (-learning_rate * loudness * gradients_tanh.a[2])[:, 0].round(4))

# %% [markdown]
# **Check.** $-\eta \frac{\partial L}{\partial a_2} h_1^T h_1 - \eta \frac{\partial L}{\partial a_2} = -\eta \, (h_1^T h_1 + 1) \frac{\partial L}{\partial a_2}$. Each unit moves
# straight against its own blame, whatever the signs of its weights and signals; and the louder the signals, the further.

# %%
assert np.allclose(a_moves, -learning_rate * loudness * gradients_tanh.a[2])
after = tanh_net.with_parameters(W={2: W_after}, b={2: b_after})
before_loss, after_loss = (
    tanh_net.loss(trace_tanh, y_tanh),
    after.loss(after.forward(x_tanh), y_tanh),
)
print(f"loss {before_loss:.3f} → {after_loss:.3f}")
assert after_loss < before_loss

# %% [markdown]
# ## 5 · By hand: $w_{212}$ and $w_{131}$
#
# The live session needed the better part of an hour for one weight. With two factors each, two weights fit on a napkin. Its network has 4 inputs, 4 hidden
# units and 2 outputs, softmax and squared error. Lesson 02 walked the paths of both weights. Today we walk none, and count them only at the end.
#
# We choose round numbers for $h_1$ and $a_2$, and let the biases take the values that produce them.

# %%
x_session, y_session = np.array([[1.5], [-1.0], [0.5], [2.0]]), one_hot([0], 2)
h_session, a_session = np.array([[0.3], [0.8], [0.6], [0.5]]), np.array([[0.6], [0.4]])
session = FeedForwardNetwork([4, 4, 2], output="softmax", loss="squared_error", seed=0)
session.W[2] = np.array([[0.5, 1.0, 0.9, -0.4], [-0.2, 0.3, -0.3, 1.0]])
session.b[1] = np.log(h_session / (1 - h_session)) - session.W[1] @ x_session  # σ⁻¹(h)
session.b[2] = a_session - session.W[2] @ h_session
trace_session = session.forward(x_session)
assert np.allclose(trace_session.h[1], h_session) and np.allclose(trace_session.a[2], a_session)
print("ŷ =", trace_session.y_hat[:, 0].round(4), "  y =", y_session[:, 0])

# %% [markdown]
# **The blame of the outputs.** Both probabilities listen to $a_{21}$: $\frac{\partial \hat y_1}{\partial a_{21}} = \hat y_1 (1 - \hat y_1)$, which is
# $\hat y_1 \hat y_2$ with two classes, and $\frac{\partial \hat y_2}{\partial a_{21}} = -\hat y_1 \hat y_2$. With $L = (y_1 - \hat y_1)^2 + (y_2 - \hat y_2)^2$:
#
# $$\frac{\partial L}{\partial a_{21}} = -2(y_1 - \hat y_1)\, \hat y_1 \hat y_2 + 2(y_2 - \hat y_2)\, \hat y_1 \hat y_2$$
#
# $$= -2\, \hat y_1 \hat y_2 \left[(y_1 - \hat y_1) - (y_2 - \hat y_2)\right]$$
#
# and $\frac{\partial L}{\partial a_{22}}$ is the same with the opposite sign.
#
# **Predict** $\frac{\partial L}{\partial w_{212}}$ with $\hat y = (0.55, 0.45)$ and $h_{12} = 0.8$. A pocket calculator will do.

# %%
y_hat_1, y_hat_2 = trace_session.y_hat[:, 0]
error_1, error_2 = (y_session - trace_session.y_hat)[:, 0]
blame_21 = -2 * y_hat_1 * y_hat_2 * (error_1 - error_2)
grad_w_212 = blame_21 * h_session[1, 0]
print(f"blame of a_21 {blame_21:+.4f}  ·  signal h_12 {h_session[1, 0]}  =  {grad_w_212:+.4f}")
assert np.isclose(grad_w_212, numerical_gradient(session, x_session, y_session, "W", 2)[0, 1])

# %% [markdown]
# > **What the lecture said** — $w_{212}$ comes "from one" and ends in "the second neuron", and
# > $\frac{\partial L}{\partial w_{212}} = -2(y_1 - \hat y_1) \cdot \hat y_1 (1 - \hat y_1)(-a_{22}) \cdot h_{12}$.
# >
# > **What is true** — it comes from $h_{12}$ and ends in $a_{21}$; that is why its two factors are $h_{12}$ and $\frac{\partial L}{\partial a_{21}}$. The factor $-a_{22}$
# > does not belong there: $\frac{\partial \hat y_1}{\partial a_{21}} = \hat y_1 (1 - \hat y_1)$. And the path through $\hat y_2$ is missing:
# > $\frac{\partial L}{\partial w_{212}} = -2\, \hat y_1 \hat y_2 \left[(y_1 - \hat y_1) - (y_2 - \hat y_2)\right] h_{12}$.

# %%
single_path = -2 * error_1 * y_hat_1 * (1 - y_hat_1) * h_session[1, 0]
sessions_formula = single_path * -a_session[1, 0]
for name, value in (("true", grad_w_212), ("one path", single_path), ("session", sessions_formula)):
    print(f"{name:9} {value:+.4f}")
assert np.allclose(
    [grad_w_212, single_path, sessions_formula], [-0.3566, -0.1783, 0.0713], atol=5e-5
)
assert np.isclose(single_path, grad_w_212 / 2)

# %% [markdown]
# The session's formula has the wrong *sign*: it would push the weight uphill. One path alone is exactly half. A factor of 2 is no tragedy, it only rescales the learning
# rate. (The session's code drops the 2 of the square in the same way, and trains.) Then why be pedantic about paths? Because the "half" is a stroke of luck
# of two classes.
#
# **Predict.** Three classes, $\hat y = (0.1, 0.2, 0.7)$, the truth is the first. What does the straight path alone say about $a_2$, and what is true?

# %%
p, truth = np.array([[0.1], [0.2], [0.7]]), one_hot([0], 3)
straight = 2 * (p - truth) * p * (1 - p)
every_path = (np.diagflat(p) - p @ p.mT) @ (2 * (p - truth))  # Jacobian times ∂L/∂ŷ
print("straight paths:", straight[:, 0].round(3))
print("all paths:     ", every_path[:, 0].round(3))

# %% [markdown]
# **Check.** For the second class even the sign differs. The straight path says: 0.2 is too much, push it down. All paths together say: pull it *up*, for that
# takes probability away from the third class, which is a good deal more wrong. Count all paths.

# %%
assert np.allclose(straight[:, 0], [-0.162, 0.064, 0.294])
assert np.allclose(every_path[:, 0], [-0.268, -0.096, 0.364])

# %% [markdown]
# **Now $w_{131}$**, from $x_1$ to $a_{13}$. Its signal is $x_1 = 1.5$. For the blame of $a_{13}$ we need one round of lesson 05: the column of $W_2$ that leaves $h_{13}$,
# then $g'$.
#
# $$\frac{\partial L}{\partial a_{13}} = \left( W_{213} \frac{\partial L}{\partial a_{21}} + W_{223} \frac{\partial L}{\partial a_{22}} \right) h_{13} (1 - h_{13})$$
#
# **Predict** it: $W_{213} = 0.9$, $W_{223} = -0.3$, $h_{13} = 0.6$, and the two blames of the outputs are $-0.446$ and $+0.446$.

# %%
blame_h_13 = 0.9 * blame_21 + (-0.3) * (-blame_21)
blame_13 = blame_h_13 * 0.6 * (1 - 0.6)
grad_w_131 = blame_13 * x_session[0, 0]
print(f"∂L/∂h_13 {blame_h_13:+.4f}  ∂L/∂a_13 {blame_13:+.4f}  times x_1 = 1.5: {grad_w_131:+.4f}")
assert np.isclose(grad_w_131, numerical_gradient(session, x_session, y_session, "W", 1)[2, 0])

# %% [markdown]
# Five multiplications, no page of formulas. And how many paths were in it?

# %%
paths = network_graph(session, x_session, y_session).paths("W_1,3,1", "L")
for path in paths:
    print(" → ".join(path.nodes), f"  {path.product:+.4f}")

# %% [markdown]
# > **What the lecture said** — two paths: through $a_{21}$ to $\hat y_1$, and through $a_{22}$ to $\hat y_2$.
# >
# > **What is true** — four. From either of the two scores a path leads to *either* probability. The session's two give exactly half, again by the luck of two
# > classes.

# %%
straight_paths = [path.product for path in paths if path.nodes[-3][-1] == path.nodes[-2][-1]]
assert len(paths) == 4 and np.isclose(sum(path.product for path in paths), grad_w_131)
assert len(straight_paths) == 2 and np.isclose(sum(straight_paths), grad_w_131 / 2)

# %% [markdown]
# ## 6 · A batch: one product for all examples
#
# So far, one example. Now $N$ of them, a column each. The weight has not changed, but it is *used* $N$ times: it takes part in $a_{ki}$ of the first example, of the
# second, and so on. In the language of lesson 02, $N$ paths begin at $W_{kij}$, one through each example. And paths are added:
#
# $$\frac{\partial L}{\partial W_{kij}} = \sum_{n=1}^{N} \frac{\partial L}{\partial a_{ki}^{(n)}} \; h_{k-1,j}^{(n)}$$
#
# **Predict.** `grad_a` is $(n_k, N)$ and `h` is $(n_{k-1}, N)$; columns are examples. Which line of `grad_a` and which line of `h` does the sum run along? Which
# of the two has to be turned so that a matrix product does it?

# %%
net = FeedForwardNetwork([2, 4, 3], seed=0)  # all sizes different, and N as well
rng = np.random.default_rng(1)
x, y = rng.normal(size=(2, 5)), one_hot([0, 1, 2, 1, 0], 3)
trace = net.forward(x)
grad_a, h = net.backward(trace, y).a[2], trace.h[1]


# %%
def by_loops(grad_a, h):
    grad_W = np.zeros((len(grad_a), len(h)))
    for i in range(len(grad_a)):
        for j in range(len(h)):
            for n in range(grad_a.shape[1]):
                grad_W[i, j] += grad_a[i, n] * h[j, n]
    return grad_W


# %%
scalar = by_loops(grad_a, h)
vector = sum(grad_a[:, [n]] @ h[:, [n]].mT for n in range(5))
batch = grad_a @ h.mT
print(f"scalar: 60 × number · number, added up → {scalar.shape}")
print(f"vector: 5 × {grad_a[:, [0]].shape} · {h[:, [0]].mT.shape}, added up → {vector.shape}")
print(f"batch:  1 × {grad_a.shape} · {h.mT.shape} → {batch.shape}")
assert np.allclose(scalar, vector) and np.allclose(vector, batch)

# %% [markdown]
# **Check.** Row $i$ of `grad_a` meets row $j$ of `h`; a matrix product wants a column on the right, so `h` is the one that turns:
#
# $$\frac{\partial L}{\partial W_k} = \frac{\partial L}{\partial a_k} \; h_{k-1}^T \qquad\qquad (n_k, N) \cdot (N, n_{k-1}) \to (n_k, n_{k-1})$$
#
# The inner number vanishes, and here that is $N$: **the matrix product *is* the sum over the examples**. It is the same line as for one example, letter by letter. Five
# multiplication tables, laid on top of each other and added.
#
# The bias has the signal 1 in every example, so its sum is the sum of a row:
#
# $$\frac{\partial L}{\partial b_{ki}} = \sum_{n=1}^{N} \frac{\partial L}{\partial a_{ki}^{(n)}} \qquad\qquad (n_k, N) \to (n_k, 1)$$

# %%
grad_b = grad_a.sum(-1, keepdims=True)  # keepdims: a column (3, 1), as b_2 is
print("row sums:", grad_b[:, 0].round(4), grad_b.shape)
assert np.allclose(grad_b, grad_a @ np.ones((5, 1)))
assert np.allclose(grad_b, numerical_gradient(net, x, y, "b", 2))

# %% [markdown]
# ## 7 · A sum? But the loss is a mean!
#
# It is, $L = \frac1N \sum_n L^{(n)}$, and that $\frac1N$ has been in our hands all the time. It entered with the very first gradient,
# $\frac{\partial L}{\partial a_L} = \frac{\hat y - y}{N}$, and every later blame inherited it.
#
# So each column of `grad_a` is already one $N$-th of what its example alone would say. **Predict:** we take the five examples one at a time, each
# with a batch of its own ($N = 1$), and average their five gradients. What comes out?

# %%
alone = []
for n in range(5):
    one_x, one_y = x[:, [n]], y[:, [n]]
    alone.append(net.backward(net.forward(one_x), one_y).W[2])
print("mean of the five = sum with 1/N inside:", np.allclose(np.mean(alone, axis=0), batch))
assert np.allclose(np.mean(alone, axis=0), batch)

# %% [markdown]
# A popular mistake is to divide once more, "because it is a mean". **Predict:** by what factor is the gradient then wrong? And which of the two notices
# if we show the network the same five examples twice, or four times?

# %%
truth = numerical_gradient(net, x, y, "W", 2)
for copies in (1, 2, 4):
    x_copies, y_copies = np.tile(x, copies), np.tile(y, copies)
    there = net.forward(x_copies)
    grad_a_copies, N = net.backward(there, y_copies).a[2], 5 * copies
    by_sum = grad_a_copies @ there.h[1].mT
    by_mean = by_sum / N  # N counted twice
    print(
        f"N = {N:2}: sum/truth {(by_sum / truth).mean():.3f}   mean/truth {(by_mean / truth).mean():.3f}"
    )
    assert np.allclose(by_sum, truth) and np.allclose(by_mean, truth / N)

# %% [markdown]
# **Check.** The mean is too small by exactly $N$, and worse with every copy, although copies tell nothing new. The direction is right, so the loss still falls, only at a learning
# rate of $\eta / N$ that nobody has chosen. With 1000 points you would wonder why your network is so slow, and "tune" $\eta$ to 5000.
#
# If only the *bias* line has a mean, the weights stride and the biases crawl: now the step goes in another direction, and no $\eta$ makes up for it.
#
# And what if the bias line has no sum at all? **Predict** the shape of $b_2$ after this update:

# %%
wrong_b_2 = net.b[2] - 0.1 * grad_a  # forgot .sum(-1, keepdims=True)
print("b_2 was", net.b[2].shape, "and is now", wrong_b_2.shape)
new_a_2 = net.W[2] @ h + wrong_b_2
assert wrong_b_2.shape == (3, 5) != net.b[2].shape

# %% [markdown]
# No error: broadcasting was happy to help. Every example now has a bias of its own, and the forward pass runs on, until a batch of another
# size comes along. *A gradient has the shape of its quantity* is the cheapest test there is.

# %% [markdown]
# ## 8 · Your turn: two lines
#
# | level | weight | shapes | bias |
# |---|---|---|---|
# | scalar | $\frac{\partial L}{\partial W_{kij}} = \frac{\partial L}{\partial a_{ki}} h_{k-1,j}$ | number · number → number | $\frac{\partial L}{\partial b_{ki}} = \frac{\partial L}{\partial a_{ki}}$ |
# | vector | $\frac{\partial L}{\partial W_k} = \frac{\partial L}{\partial a_k} h_{k-1}^T$ | $(n_k, 1) \cdot (1, n_{k-1}) \to (n_k, n_{k-1})$ | $\frac{\partial L}{\partial b_k} = \frac{\partial L}{\partial a_k}$ |
# | batch | $\frac{\partial L}{\partial W_k} = \frac{\partial L}{\partial a_k} h_{k-1}^T$ | $(n_k, N) \cdot (N, n_{k-1}) \to (n_k, n_{k-1})$ | row sums of $\frac{\partial L}{\partial a_k}$ |
#
# **Write** both gradients for a batch, each in one line. `grad_a` holds $\frac{\partial L}{\partial a_k}$, `h_below` holds $h_{k-1}$.


# %%
def weight_gradient(grad_a, h_below):
    return ...  # ← your line


def bias_gradient(grad_a):
    return ...  # ← your line


# %%
def verdict(mine, truth):
    if np.shape(mine) != truth.shape:
        return f"not yet: shape {np.shape(mine)}, it must be {truth.shape}"
    if np.allclose(mine, truth / 5):
        return "right up to a factor N: the 1/N is in grad_a already"
    return "✓ correct" if np.allclose(mine, truth) else "not yet: right shape, other numbers"


batch_gradients = net.backward(trace, y)
for k in net.layers:
    mine = {
        "W": weight_gradient(batch_gradients.a[k], trace.h[k - 1]),
        "b": bias_gradient(batch_gradients.a[k]),
    }
    for name, value in mine.items():
        print(f"∂L/∂{name}_{k}:", verdict(value, numerical_gradient(net, x, y, name, k)))

# %% [markdown]
# <details><summary>Answer</summary>
#
# ```python
# def weight_gradient(grad_a, h_below):
#     return grad_a @ h_below.mT
#
# def bias_gradient(grad_a):
#     return grad_a.sum(-1, keepdims=True)
# ```
#
# </details>
#
# The judge is the finite difference, which knows nothing of outer products: it nudges each of the 27 parameters up and down and looks at the loss. Two of
# the five lines of backpropagation are yours now.

# %% [markdown]
# ## 9 · Every entry and its two factors
#
# The left factor stands beside, the right one above, and each entry of the product sees its own row and column. Switch the **view** from scalar to vector to
# batch, and watch the shapes. *example* chooses who is alone in the first two views, and who is dashed in the batch. In the caption the entry is held against the finite difference.

# %%
outer_product_explorer()

# %% [markdown]
# ### Try it
#
# **1.** View *vector*, layer 2. Try several seeds. All entries of a row always have the same sign. Why? And why not in layer 1?
#
# <details><summary>Answer</summary>
#
# The signals of layer 2 come out of a sigmoid, so all are positive, and the sign of an entry is that of its row's blame: all weights into a unit rise together or fall together. The signals
# of layer 1 are the inputs, which have both signs. (With tanh, layer 2 would be as mixed as in section 4.)
#
# </details>
#
# **2.** 2-3-2, layer 2: the two rows are each other's negative, for one example and for the batch. Why?
#
# <details><summary>Answer</summary>
#
# The blame is $\hat y - y$, both columns sum to 1, so the two entries of the blame sum to 0. With 2-4-3 it is three rows that sum to zero.
#
# </details>
#
# **3.** 2-4-3, view *batch*, layer 1, seed 1, $N = 8$. Find an entry for which single examples disagree: some products positive, some negative. What does the sum mean then?
#
# <details><summary>Answer</summary>
#
# Nearly every entry will do; $W_{1,1,1}$ for instance. Some examples want the weight larger, others smaller, and the sum is the vote, weighted by how much each cares.
#
# </details>
#
# **4.** 2-3-2, layer 2, entry $i = 1$, $j = 2$. Compare the entry of *vector*, example 1, with the product of example 1 in the *batch* for $N = 4$. What is their ratio?
#
# <details><summary>Answer</summary>
#
# 4: $0.3697$ alone, $0.0924$ in the batch. The signal is the same, the blame has been divided by $N$.
#
# </details>
#
# **5.** On paper: the nine entries of section 2 came from six numbers. Given the matrix alone, can you get $\frac{\partial L}{\partial a_k}$ and $h_{k-1}$ back?
#
# <details><summary>Answer</summary>
#
# Only up to a factor: $(2 \cdot \text{blame}, \frac12 \cdot \text{signal})$ has the same table. All rows are multiples of one row: a matrix of rank 1. The
# sum over a batch of $N$ examples can have a rank of up to $N$, as far as its size allows. (That of section 6 has rank 2 and never 3: its
# three rows add up to zero.)
#
# </details>

# %%
assert np.linalg.matrix_rank(right) == 1 and np.linalg.matrix_rank(batch) == 2

# %% [markdown]
# ## Recap
#
# - $\frac{\partial L}{\partial W_{kij}}$ is the blame of the unit it ends in times the signal of the unit it comes from. For a bias the signal is 1.
# - All of them at once: $\frac{\partial L}{\partial a_k} h_{k-1}^T$, an outer product for one example, and for a batch the sum of $N$ outer products, by the same line.
# - A weight is used by every example, so the examples are *added*. The $\frac1N$ of the mean sits in the first gradient, once.
# - Two signs tell where a weight goes: same signs, it falls; opposite signs, it rises; no signal, it stays.
#
# **Next:** you have all parts. Lesson 07 puts them in order, with every number of a whole step, and asks what happens if you update $W$ a moment too early.
