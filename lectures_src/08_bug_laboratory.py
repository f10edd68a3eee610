# %% [markdown]
# # 08 · Bug laboratory
#
# **After this lesson you can**
#
# - say why a falling loss proves nothing about a gradient;
# - read a gradient check: which layer, which line, which kind of mistake;
# - tell mistakes that ruin a network from those that only rescale the learning rate, or do nothing at all;
# - name the bugs that no gradient check will ever find.
#
# **Time** 45 minutes · **You need** the whole algorithm and the gradient check (lesson 07)

# %%
from dataclasses import replace

import numpy as np

from utils.data import four_blobs, one_hot
from utils.draw.picture import show, subplots
from utils.draw.plots import decision_surface
from utils.exhibits.bugs import BUGS, NETWORKS, BuggyNetwork
from utils.explore.bug_lab import bug_lab_explorer
from utils.nn import FeedForwardNetwork, check_gradients, gradient_descent

# %% [markdown]
# ## 1 · A bug is one line
#
# Code that crashes is a friend: it tells you where it hurts. The bugs of this lesson do not crash. Every shape fits, the
# training runs, a number comes out. Twenty of them are kept in `utils/exhibits/bugs.py`, under lock and key. Each one quotes a
# line of the true code and says what stands there instead.

# %%
bug = {bug.name: bug for bug in BUGS}
print(len(bug), "bugs; one of them:\n")
print("true  ", bug["W for Wᵀ"].true)
print("wrong ", bug["W for Wᵀ"].wrong)

# %% [markdown]
# `.mT` is the transpose, and somebody has forgotten it. A `BuggyNetwork` is the true network of lesson 07 in which exactly
# this line has been replaced. Without bugs nothing is replaced.
#
# The patient is a 2-4-4-4 network with tanh units, and it learns 300 points of the four clouds.

# %%
X, labels = four_blobs(300)
x, y = X.T, one_hot(labels, 4)


def train(*bugs, network="laboratory", learning_rate=0.1):
    net = BuggyNetwork(bugs=bugs, learning_rate=learning_rate, seed=0, **NETWORKS[network])
    return gradient_descent(net, x, y, learning_rate, epochs=400)


def check(*bugs, network="laboratory", n_examples=40):
    net = BuggyNetwork(bugs=bugs, learning_rate=0.1, seed=0, **NETWORKS[network])
    return check_gradients(net, x[:, :n_examples], y[:, :n_examples])


# %% [markdown]
# ## 2 · The first case: a quiet one
#
# With $W_k$ where $W_k^\top$ belongs, every hidden unit is told somebody else's share of the blame.
#
# **Predict.** What will the loss curve look like? Will it rise, stay where it is, or fall? And how many of the 300 points
# will be right in the end?

# %%
true, quiet = train(), train(bug["W for Wᵀ"])
fig, (curve, plane) = subplots(1, 2, figsize=(7.6, 3.3))
curve.plot(true.epochs, true.loss, "--", color="#0072B2", label="true code")
curve.plot(quiet.epochs, quiet.loss, color="#A63D00", label="W for Wᵀ")
curve.set(xlabel="epoch", ylabel="loss", ylim=(0, None))
curve.legend()
decision_surface(quiet.at(-1), x, labels, ax=plane)
show(
    fig,
    f"""Two loss curves that both fall from {true.loss[0]:.2f}: the true code to {true.loss[-1]:.2f}, the
    one with W for its transpose to {quiet.loss[-1]:.2f}. Beside them the map of the buggy network, with
    four sensible regions; the wrong points, {1 - quiet.accuracy[-1]:.0%} of all, are ringed.""",
)

# %% [markdown]
# **Check.** The loss falls, smoothly, to nearly the same value. Had you not known the true curve, would you have
# suspected anything?

# %%
print(f"true code   loss {true.loss[-1]:.3f}   {true.accuracy[-1]:.1%} right")
print(f"W for Wᵀ    loss {quiet.loss[-1]:.3f}   {quiet.accuracy[-1]:.1%} right")
assert quiet.loss[-1] < 0.25 * quiet.loss[0] and quiet.accuracy[-1] > 0.88

# %% [markdown]
# That is the whole trouble with such bugs: **learning is robust, so it hides mistakes.** The output layer still gets its
# true gradient and learns from whatever the hidden layers happen to deliver; four clouds ask for no more. On the day your
# data are harder, you will blame the data.
#
# Now the gradient check. It nudges every parameter, looks what the loss really does, and compares.

# %%
report = check(bug["W for Wᵀ"])
print(report)

# %% [markdown]
# Read it like a detective, **from the output down**, because that is the way the gradients were computed:
#
# - layer 3, the output: $W_3$ and $b_3$ agree to eight digits or more. So the first gradient $\partial L/\partial a_3$ is right,
#   and so are the lines that turn it into $\partial L/\partial W_3$ and $\partial L/\partial b_3$.
# - layer 2: all wrong. The same two lines made these, and we have just acquitted them. So $\partial L/\partial a_2$ was wrong
#   when it came in.
# - layer 1: all wrong too. But it was computed *from* layer 2, and from rotten fruit comes rotten juice. It proves nothing.
#
# Between right and wrong there is only the step down from layer 3 to layer 2:
#
# $$\frac{\partial L}{\partial h_2} = W_3^\top \frac{\partial L}{\partial a_3} \qquad \frac{\partial L}{\partial a_2} = \frac{\partial L}{\partial h_2} \circ g'(a_2)$$
#
# **The first wrong gradient on the way back is the culprit. All that follow are contaminated.** Two lines are under
# suspicion, out of the whole program.

# %%
wrong = [f"{row.name}_{row.k}" for row in report.rows if row.n_wrong]
print("accused:", wrong)
assert wrong == ["W_1", "W_2", "b_1", "b_2"]

# %% [markdown]
# Here, where we happen to own the true code, we can follow the contamination step by step, in the order of computation.
#
# **Predict** the first quantity with an error that is not zero.

# %%
net = BuggyNetwork([2, 4, 4, 4], (bug["W for Wᵀ"],), activation="tanh", seed=0)
trace = net.forward(x)
claimed, truth = net.backward(trace, y), FeedForwardNetwork.backward(net, trace, y)
for name, k in ("a3", "W3", "b3", "h2", "a2", "W2", "b2", "h1", "a1", "W1", "b1"):
    said, is_true = (getattr(gradients, name)[int(k)] for gradients in (claimed, truth))
    error = np.linalg.norm(said - is_true) / np.linalg.norm(is_true)
    print(f"∂L/∂{name}_{k}   off by {error:.0%}")
    assert (error == 0) == (name + k in ("a3", "W3", "b3"))

# %% [markdown]
# **Check.** It is $\partial L/\partial h_2$, the very line with the missing transpose.
#
# Why did it run at all? Because $W_2$ and $W_3$ are square here. **Predict** what happens in a 2-4-3-4 network.

# %%
uneven = BuggyNetwork([2, 4, 3, 4], (bug["W for Wᵀ"],), activation="tanh", seed=0)
try:
    uneven.backward(uneven.forward(x), y)
except ValueError as error:
    print("ValueError:", error)
else:
    raise AssertionError("it should have crashed")

# %% [markdown]
# It crashes at once: a friend. **Check your gradients on a network whose layers all have different widths**, and with a
# number of examples that is different again. A shape that fits by accident is how a transpose hides.

# %% [markdown]
# ## 3 · The second case: a loud one
#
# The loss is a mean over the $N$ examples, but this gradient has lost its $\frac1N$.

# %%
loud_bug = bug["missing 1/N"]
print("true  ", loud_bug.true)
print("wrong ", loud_bug.wrong)

# %% [markdown]
# **Predict.** The direction of the gradient is perfectly right. Does the loss fall?

# %%
loud = train(loud_bug)
fig, ax = subplots(figsize=(6.4, 3))
ax.plot(true.epochs, true.loss, "--", color="#0072B2", label="true code")
ax.plot(loud.epochs, loud.loss, color="#A63D00", label="missing 1/N")
ax.set(xlabel="epoch", ylabel="loss", yscale="log")
ax.legend()
show(
    fig,
    f"""Two loss curves on a logarithmic scale. The true code falls to {true.loss[-1]:.2f}. Without
    1/N the loss jumps between values far above that, above 30 at times, and never settles.""",
)

# %%
assert loud.loss[-100:].min() > 10 * true.loss[-1] and loud.loss.max() > 30

# %% [markdown]
# This one screams. Most people would now turn the learning rate down until it stops, and never learn what it was. Let us
# ask the check instead. Look at the last two columns: what is one divided by the other?

# %%
loud_report = check(loud_bug)
print(loud_report)

# %% [markdown]
# Everything is wrong, from the very first layer on the way back. So the culprit stands at the door: the first gradient (or the
# forward pass). And the kind of mistake is written into the **ratio**:

# %%
for n_examples in (40, 10):
    rows = check(loud_bug, n_examples=n_examples).rows
    print(
        f"{n_examples} examples, ratios:", [f"{row.backward / row.numerical:.3f}" for row in rows]
    )
    assert np.allclose([row.backward / row.numerical for row in rows], n_examples, rtol=1e-3)

# %% [markdown]
# **Check.** The same ratio in every row, and it is the number of examples in the check. A wrong *formula* gives a different
# ratio in every entry. A constant one can only be a factor, and a factor can only do one thing to gradient descent:
#
# $$\theta - \eta \, (c \, \nabla_\theta L) = \theta - (c\,\eta) \, \nabla_\theta L$$
#
# It rescales the learning rate. With $\eta/300$ the buggy code must walk, step by step, exactly where the true code walks.

# %%
tamed = train(loud_bug, learning_rate=0.1 / 300)
apart = abs(tamed.loss - true.loss).max()
print("largest difference of the two loss curves:", "below 1e-12" if apart < 1e-12 else apart)
assert np.allclose(tamed.loss, true.loss)

# %% [markdown]
# > **What the lecture said** — the live session's code takes the gradient of the squared error without the factor 2.
# >
# > **What is true** — the derivative of $(\hat y - y)^2$ is $2(\hat y - y)$. The network learns without the 2 as well, because
# > the mistake is a constant factor: it walks as with half the learning rate. Whoever copies its learning rate into correct
# > code takes steps twice as long.

# %%
ratios = [
    row.backward / row.numerical for row in check(bug["dropped 2"], network="squared error").rows
]
without_2 = train(bug["dropped 2"], network="squared error", learning_rate=0.2)
with_2 = train(network="squared error", learning_rate=0.1)
print("ratios of the check:", np.round(ratios, 4))
assert np.allclose(ratios, 0.5, rtol=1e-3) and np.allclose(without_2.loss, with_2.loss)

# %% [markdown]
# ## 4 · How to read a gradient check
#
# **Where?** Go from the output down, and stop at the first row that is wrong.
#
# | what the check accuses | which line |
# |---|---|
# | nothing | none that makes a gradient; see section 6 |
# | only $W$'s, or only $b$'s | the line of $\partial L/\partial W_k$, or that of $\partial L/\partial b_k$: nothing else depends on them |
# | everything, from the output layer on | the first gradient $\partial L/\partial a_L$, or the forward pass |
# | the output layer is right, all below is wrong | the way back: $\partial L/\partial h_k$ or $\partial L/\partial a_k$ |
# | two layers right, all below wrong | the way back again, and something in it that fits one layer only |
#
# **What kind?** Divide what `backward` says by the finite difference.
#
# | ratio | kind |
# |---|---|
# | $-1$ everywhere | sign |
# | the same number everywhere | a factor: 2, ½, $N$, $1/N$ |
# | 0: `backward` says nothing | a gradient forgotten, or put into the wrong drawer |
# | infinite: the *finite difference* is 0 | the forward pass does not use this parameter |
# | nearly 1, and nearer with a smaller $\eta$ | order: something was updated too early |
# | anything | a wrong formula: transpose, axis, index, derivative |
#
# **Check** the fourth row. In the live session's code the score of the fourth class uses the bias of the third:

# %%
print(check(bug["borrowed bias"], network="session"))

# %% [markdown]
# Of $b_2$ exactly two entries are wrong: $b_{2,4}$, which nobody uses, so the loss does not react to it; and $b_{2,3}$, which is
# used twice.

# %%
b_2 = next(
    row
    for row in check(bug["borrowed bias"], network="session").rows
    if row.name + str(row.k) == "b2"
)
assert b_2.n_wrong == 2 and b_2.entry == (3, 0) and abs(b_2.numerical) < 1e-9

# %% [markdown]
# ## 5 · The whole collection
#
# Twenty bugs, each trained for 400 epochs and checked on 40 examples.
#
# **Predict** two numbers. In how many of the twenty does the loss fall to less than half? In how many does the gradient
# check say "all entries agree"?


# %%
def findings(case):
    run, rows = train(case, network=case.network), check(case, network=case.network).rows
    return run, [f"{row.name}{row.k}" for row in rows if row.n_wrong]


print(f"{'bug':27}{'loss':>9}{'':9}the check accuses")
results = {case: findings(case) for case in BUGS}
for case, (run, found) in results.items():
    end = f"{run.loss[-1]:.1f}" if run.loss[-1] < 10 else "> 10"
    print(f"{case.name:27}{run.loss[0]:5.1f} → {end:8}{' '.join(found) or 'nothing'}")

# %%
learns = [case for case, (run, _) in results.items() if run.loss[-1] < 0.5 * run.loss[0]]
fooled = [case for case in learns if results[case][1]]
silent = [case.name for case in BUGS if not results[case][1]]
print(f"loss below half: {len(learns)} of {len(BUGS)}, {len(fooled)} of them with wrong gradients")
print("the check is silent:", silent)
assert len(learns) > len(BUGS) / 2 and len(fooled) >= 8
assert silent == ["one eye shut", "repeated line"]

# %% [markdown]
# **Check.** More than half pass the test that most people apply, *the loss goes down*. The gradient check catches
# all of them but two, and one of those two is harmless.
#
# What each of them is like:
#
# - *update before use*, the order bug of lesson 07, ends where the true code ends: at this learning rate the weights
#   move so little in a step that old and new are nearly the same. Its gradients are wrong all the same.
# - *g′ forgotten* does real harm, see below.
# - *softmax unit by unit* gives no gradient to the wrong classes. Each score is only ever pushed up.
# - *repeated line* is the session's third oddity, and the only one that costs nothing but time.

# %% [markdown]
# Where a tanh unit is saturated, $g'$ is nearly 0 and says: leave me alone, I cannot move. Without $g'$ nobody hears that, and
# the weights in front of the unit are driven on and on. Count the outputs of the first hidden layer that stick at ±1.

# %%
run, right = results[bug["g′ forgotten"]][0], true
stuck, usual = ((abs(history.at(-1).forward(x).h[1]) > 0.99).mean() for history in (run, right))
print(f"saturated in layer 1: {stuck:.0%} without g′, {usual:.0%} in the true code")
assert stuck > 0.9 > 0.4 > usual

# %% [markdown]
# ## 6 · What no gradient check can see
#
# The check compares two programs, your forward pass and your backward pass. It finds out whether they **agree**. It does not
# know what you *wanted* to compute. *One eye shut* feeds $x_1$ twice and never $x_2$; its gradients are perfect, for the
# wrong function.
#
# Four more blind spots. **Predict** for each whether the check notices.
#
# **Wrong data.** We shuffle the labels, so that there is nothing to be learned.

# %%
shuffled = y[:, np.random.default_rng(0).permutation(300)]
net = FeedForwardNetwork([2, 4, 4, 4], activation="tanh", seed=0)
print(check_gradients(net, x[:, :40], shuffled[:, :40]).ok, end=": all gradients agree; ")
run = gradient_descent(net, x, shuffled, learning_rate=0.1, epochs=400)
print(f"after training {run.accuracy[-1]:.0%} right")
assert run.accuracy[-1] < 0.5
assert check_gradients(net, x[:, :40], shuffled[:, :40]).ok

# %% [markdown]
# **A mistake that forward and backward share.** If the loss has a factor 3 too many, and its gradient has it too, the two
# agree. That is no error of the gradient: it is a different loss.

# %%
net = FeedForwardNetwork([2, 4, 4, 4], activation="tanh", seed=0)
L = net.loss
net.loss = replace(
    L,
    per_example=lambda a, y_hat, y: 3 * L.per_example(a, y_hat, y),
    grad_a=lambda y_hat, y: 3 * L.grad_a(y_hat, y),
)
assert check_gradients(net, x[:, :40], y[:, :40]).ok

# %% [markdown]
# **Everything outside `backward`.** A plus where the update needs its minus, gradients that are not reset between two steps,
# training data in the validation set: the check never calls that code.
#
# **Too little to look at.** With a single example a mean is a sum, and the first example is all examples.


# %%
def escape_with(n_examples):
    reports = {case.name: check(case, network=case.network, n_examples=n_examples) for case in BUGS}
    return [name for name, report in reports.items() if report.ok]


print(" 1 example: ", escape_with(1))
print("40 examples:", escape_with(40))
assert {"missing 1/N", "N counted twice", "first example only"} < set(escape_with(1))

# %% [markdown]
# So check with a handful of examples, on layers of different widths, with fresh random weights; and look at the *results*
# as well. A green check and a bad map mean: look at the data, at the forward pass, at the update.

# %% [markdown]
# ## 7 · Your cases
#
# All twenty bugs again, without names, in another order and in a network with other weights. For each case:
#
# 1. Look at the curve and the map. Is it loud or quiet?
# 2. Read the check from the output down: what is the **first wrong** layer?
# 3. Which **line** can have done it? Section 4 helps.
# 4. Which **kind** of mistake? Look at the ratios, and at the bias gradients, entry by entry.
# 5. Commit. Only when all three are chosen, the answer unfolds, with the wrong line beside the true one.
#
# You may change the learning rate and draw the map of the true code for comparison. Detectives who get two of three
# are good; some mistakes of the same line look much alike.

# %%
bug_lab_explorer()

# %% [markdown]
# ### Try it
#
# **1.** Solve cases 1 to 3. One of them has a perfect gradient check.
#
# <details><summary>Answer</summary>
#
# Case 1 is *sum over everything*: only biases are accused, and `backward` says 0 for all of $b_3$, because the entries of
# $\hat y - y$ add up to 0 in every column. Case 2 is *softmax along the examples*, a mistake of the forward pass that
# shows in every layer. Case 3 is *one eye shut*: the borders on its map are all vertical.
#
# </details>
#
# **2.** Case 4. Note the size of the errors of $W_2$ in the table; then halve the learning rate, and halve it again. What
# happens, and what does this tell you about the bug?
#
# <details><summary>Answer</summary>
#
# All entries of $\partial L/\partial W_2$ and $\partial L/\partial b_2$ move towards the finite difference, and their errors are
# halved each time. A gradient has no business knowing the learning rate; if it does, some parameter has moved before it was
# used. The finite differences stay as they are.
#
# </details>
#
# **3.** Set the learning rate to 0.2 and look at case 13. The suspect does *better* than the true code. How can that be?
#
# <details><summary>Answer</summary>
#
# It is *W for Wᵀ*: its loss ends at about 0.20, that of the true code at 0.24. Three hundred epochs are a race, and a runner
# who takes a wrong turn may be lucky. It is no reason to keep the bug: with other initial weights, those of section 2, it
# loses.
#
# </details>
#
# **4.** In section 3 the learning rate of *missing 1/N* was tamed by hand. *N counted twice* is a factor as well. Can a
# learning rate repair it?
#
# <details><summary>Answer</summary>
#
# No. Only the bias gradients are $N$ times too small, the weight gradients are right. One learning rate cannot be right for
# both: a factor is harmless only when it is the same everywhere.
#
# </details>
#
# **5.** Two bugs at once: in section 2, change the line that makes the report to `check(bug["uphill"], bug["W for Wᵀ"])`.
# What does it look like, and in which order do you repair them?
#
# <details><summary>Answer</summary>
#
# Everything is accused, from the output layer on: at the output with ratio $-1$, below with no rule. Repair the first wrong
# gradient on the way back, here the sign, and check again. Only then the second culprit stands out. One at a time, from the
# output down.
#
# </details>

# %% [markdown]
# ## Recap
#
# - A falling loss proves nothing: more than half of these bugs learn, some as well as the true code.
# - The first wrong gradient on the way back from the output is the culprit; everything after it is contaminated.
# - A constant ratio is a factor, and a factor that is the same everywhere only rescales the learning rate.
# - Check with several examples, on layers of different widths.
# - The check compares forward with backward. Data, update and wrong intentions are out of its sight: look at the results too.
