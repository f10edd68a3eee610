# %% [markdown]
# # 04 · Output units: where the way back begins
#
# The loss is not zero, and somebody is responsible. The output layer is asked first. It says: *"I only applied the softmax to the
# scores that I was given."* So the scores $a_L$ are next. The question to them is the whole lesson:
#
# > **By how much does the loss $\mathcal{L}$ change when one score $a_{Li}$ changes a little?**
#
# **Time** 100 minutes · **You need** the chain rule along several paths (lesson 02), softmax and cross-entropy (lesson 03)

# %%
import numpy as np

from utils.data import four_blobs, one_hot
from utils.exhibits.output_units import derivation, signs, slopes
from utils.explore.scores import scores_explorer
from utils.explore.softmax import softmax_explorer
from utils.learn import Lesson
from utils.nn import LOSSES, FeedForwardNetwork, gradient_descent, sigmoid
from utils.pictures import lesson_04 as pictures
from utils.pictures.way_back import way_back

lesson = Lesson("04")
way_back("04")

# %% [markdown]
# The answer is the first piece of every gradient of a network. The two other pieces are lessons 05 and 06. (Lesson 05, section 1, tells as a
# story who says what when the loss asks who is to blame. You can read it now.)
#
# $$\frac{\partial \mathcal{L}}{\partial W_1} \;=\; \underbrace{\frac{\partial \mathcal{L}}{\partial a_L}}_{\text{output units: now}} \;\cdot\; \underbrace{\frac{\partial a_L}{\partial h_{L-1}} \cdots \frac{\partial h_1}{\partial a_1}}_{\text{hidden units: 05}} \;\cdot\; \underbrace{\frac{\partial a_1}{\partial W_1}}_{\text{weights: 06}}$$
#
# **After this lesson you can** derive this first piece, with a reason for each line · write down all slopes of a softmax
# as one matrix · compute a softmax and its loss for scores of any size · say what changes in backpropagation when the
# loss changes.

# %% jupyter={"source_hidden": true}
lesson.recall("02/fork", "03/true_class")

# %% [markdown]
# ## 1 · Push one score
#
# In this lesson $k$ is the number of classes. (Layers need no letter of their own here.) The last layer has a score for each class. (Elsewhere scores are called **logits**.) The softmax turns
# scores into probabilities:
#
# $$\hat y_i = \frac{e^{a_{Li}}}{\sum_{i'=1}^{k} e^{a_{Li'}}}$$
#
# In words: each exponential, divided by the sum of all of them. The sum has a letter of its own, $i'$, because $i$ is taken.
# In $a_{Li}$ the $L$ counts layers; the loss has the curly letter $\mathcal{L}$.
#
# **Write** the formula, for a batch: `a` has shape $(k, N)$, a column is an example. One or two lines do. The whole lesson goes on with
# this function.


# %%
def softmax(a):
    """Return the probabilities of each column of scores a, shape (k, N)."""
    raise NotImplementedError  # your lines


softmax = lesson.check(softmax)

# %% [markdown]
# Our example all along: $k = 4$ classes, and scores whose exponentials are 1, 2, 4 and 1. They add up to 8, so you can do it in your
# head.

# %%
a = np.log([[1.0], [2.0], [4.0], [1.0]])
y_hat = softmax(a)
print("exponentials eᵃ", np.exp(a).ravel().round(3))
print("probabilities ŷ", y_hat.ravel().round(3))

# %%
push = lesson.predict(
    "push",
    "We raise the first score by 0.1 and leave the other three as they are. What happens to the four probabilities?",
    {
        "+ 0 0 0": "ŷ₁ grows, the others stay",
        "+ 0 − 0": "ŷ₁ grows, the largest one shrinks, the others stay",
        "+ − − −": "ŷ₁ grows, the other three shrink",
        "+ + + +": "all four grow",
    },
)

# %% tags=["reasons"]
{
    "why": "The score a₁ stands in the numerator of ŷ₁ alone, but it stands in every denominator. So the other three lose together what ŷ₁ gains.",
    "ŷ₁ grows, the others stay": "Then the sum of the four would be more than 1. Look at the denominator: a₁ is in it, for every class.",
    "ŷ₁ grows, the largest one shrinks, the others stay": "The denominator is the same for all classes. When it grows, every fraction shrinks whose numerator stays: three of them.",
    "all four grow": "Probabilities add up to 1, before and after. When one grows, something else must shrink.",
}

# %%
change = softmax(a + 0.1 * one_hot([0], 4)) - y_hat  # one_hot([0], 4): the first score alone
print("change of ŷ", change.ravel().round(4), "  sum", abs(change.sum().round(12)))
push.compare(signs(change))

# %% [markdown]
# Move the scores yourself. On the left stand the scores, in the middle their exponentials, on the right the share of each in the sum.

# %%
lesson.explore("scores", scores_explorer())

# %% [markdown]
# ## 2 · One loss, four scores
#
# Let the true class be $l = 2$. The loss of this example is the **cross-entropy**:
#
# $$\mathcal{L} = -\log \hat y_l$$
#
# Why this one? $\hat y_l$ is the probability that the network gave to what really happened, its **likelihood**. Over many examples these
# probabilities are multiplied. The logarithm (the natural one, always in this course) makes a sum of the product, and the
# minus sign makes a loss of it: small is good.

# %%
smoke = lesson.predict(
    "smoke",
    "A network knows nothing and gives each of the 4 classes the same probability. How large is its loss? (Two digits will do.)",
)

# %% tags=["reasons"]
{
    "why": "−log ¼ = log 4 = 1.39. A useful first test of a program, a “smoke test”: the loss of a fresh network with k classes should not be far from log k.",
    "0.25": "That is the probability of the true class. The loss is minus its logarithm.",
    "-1.39": "The logarithm of ¼ is negative, and the minus in front makes the loss positive.",
    "0.6": "You have used the logarithm to base 10. In this course log is the natural one, to base e.",
    "2": "You have used the logarithm to base 2. In this course log is the natural one, to base e.",
    "0": "A loss of 0 belongs to a network that gives the true class all the probability.",
}

# %%
X, labels = four_blobs()  # 1000 points in four clouds
x_blobs, y_blobs = X.T, one_hot(labels, 4)
fresh = FeedForwardNetwork([2, 2, 4], seed=range(100))
fresh_losses = fresh.loss(fresh.forward(x_blobs), y_blobs)
print(
    f"100 fresh networks begin at {np.median(fresh_losses):.1f} (median), the worst at {fresh_losses.max():.1f}"
)
smoke.compare(-np.log(softmax(np.zeros((4, 1)))[1, 0]), within=0.03)

# %% [markdown]
# Now the question of the lesson, for one loss and four scores.

# %%
paths = lesson.predict(
    "paths",
    "You push a₁, the score of a wrong class. Through which probabilities does this loss, 𝓛 = −log ŷ₂, notice the push?",
    {
        "1": "only through ŷ₁",
        "2": "only through ŷ₂",
        "1234": "through all four",
        "": "through none",
    },
)

# %% tags=["reasons"]
{
    "why": "All four probabilities change, but this loss looks only at ŷ₂, the one of the true class. So every score reaches the loss, also those of the wrong classes.",
    "only through ŷ₁": "ŷ₁ does change, but −log ŷ₂ does not look at it. Which probability is in the formula?",
    "through all four": "All four do change. But −log ŷ₂ has only one of them in it. (A loss that has all of them in it comes in section 5.)",
    "through none": "ŷ₂ changes too: a₁ is in its denominator. You have seen it shrink above.",
}


# %%
def loss(a):
    return -np.log(softmax(a)[1, 0])  # −log ŷ_l with l = 2; NumPy counts from 0


noticed = (
    slopes(lambda y_hat: -np.log(y_hat[1, 0]), y_hat) * change
)  # slope of 𝓛 at ŷ_m · change of ŷ_m
looked_at = [m for m in (1, 2, 3, 4) if noticed[m - 1] != 0]
paths.compare("".join(map(str, looked_at)))
pictures.paths(looked_at, ["0", "log 2", "log 4", "0"], ["1/8", "2/8", "4/8", "1/8"])

# %% [markdown]
# Derivatives by nudging are our referee all through the lesson: they decide whether a formula is right. `slopes(f, a)` moves each entry of `a` up and down by
# $\varepsilon = 10^{-5}$ and returns the slopes, in the shape of `a`. It is the central difference of lesson 00.

# %%
down = lesson.predict(
    "down",
    "Class 2 is the true one. Which scores must go down for the loss to fall?",
    ["a₁", "a₂", "a₃", "a₄"],
    several=True,
)

# %% tags=["reasons"]
{
    "why": "A score must go down where the slope is positive: at every wrong class. Only the score of the true class must go up.",
    "a₁": "Class 1 is wrong. Its score takes probability away from class 2, so it should go down, though ŷ₁ is small.",
    "a₂": "Class 2 is the true one. A higher a₂ makes ŷ₂ larger and the loss smaller: this one must go up.",
    "a₃": "Class 3 is wrong, and has taken half of the probability. It should go down more than the others.",
    "a₄": "Class 4 is wrong. Like a₁ it takes probability away from class 2.",
}

# %%
referee = slopes(loss, a)
print("slopes of 𝓛 at the four scores:", referee.ravel().round(4))
down.compare(referee.ravel() > 0)

# %% [markdown]
# Four clean numbers! Compare them with $\hat y = (0.125,\ 0.25,\ 0.5,\ 0.125)$.

# %%
pattern = lesson.predict(
    "pattern",
    "How does the slope at aᵢ come from the probabilities? A guess will do: it is tried on other scores.",
    {
        "ŷ": "it is ŷᵢ",
        "ŷ − y": "it is ŷᵢ, minus 1 at the true class",
        "ŷ − 1": "it is ŷᵢ − 1, for every class",
        "1/ŷ": "it is ŷᵢ, and −1/ŷᵢ at the true class",
    },
)

# %% tags=["reasons"]
{
    "why": "What the network said, minus the truth. But a pattern that fits four numbers is no proof: why is it so?",
    "it is ŷᵢ": "It fits three of the four. What about the true class, where the slope is −0.75 and ŷ₂ is 0.25?",
    "it is ŷᵢ − 1, for every class": "It fits the true class alone. The slopes at the wrong classes are positive.",
    "it is ŷᵢ, and −1/ŷᵢ at the true class": "−1/0.25 is −4: that is the slope of 𝓛 at ŷ₂, not at a₂. Between the two lies the softmax.",
}

# %%
other_a, other_l = np.array([[0.3], [-1.2], [2.0], [0.7]]), 4  # other scores, another true class
other_y_hat, other_y = softmax(other_a), one_hot([other_l - 1], 4)
ideas = {
    "ŷ": other_y_hat,
    "ŷ − y": other_y_hat - other_y,
    "ŷ − 1": other_y_hat - 1,
    "1/ŷ": np.where(other_y == 1, -1 / other_y_hat, other_y_hat),
}
other_referee = slopes(lambda a: -np.log(softmax(a)[other_l - 1, 0]), other_a)
for idea, value in ideas.items():
    print(f"{idea:6} {value.ravel().round(3)}   fits: {np.allclose(value, other_referee)}")
pattern.compare(next(idea for idea, value in ideas.items() if np.allclose(value, other_referee)))

# %% [markdown]
# ## 3 · Why? The chain and the quotient rule
#
# Take any score $a_{Li}$, of the true class ($i = l$) or of a wrong one ($i \ne l$). Two letters for two things: $i$ is the score
# that is pushed, $l$ is the true class.
#
# *What we want, with the loss written out:*
#
# $$\frac{\partial \mathcal{L}}{\partial a_{Li}} = \frac{\partial (-\log \hat y_l)}{\partial a_{Li}} \tag{1}$$
#
# *The loss sees the score only through $\hat y_l$. So it is one product:*
#
# $$= \frac{\partial (-\log \hat y_l)}{\partial \hat y_l} \cdot \frac{\partial \hat y_l}{\partial a_{Li}} \tag{2}$$
#
# *The first factor is a derivative that you know from school.*

# %%
first_factor = lesson.predict(
    "first_factor",
    "How large is the first factor of (2) in our example, where ŷ₂ = 1/4?",
)

# %% tags=["reasons"]
{
    "why": "The derivative of −log x is −1/x, and −1/(1/4) = −4. It is large where the network gave the truth a small probability: −1000 at ŷ₂ = 0.001.",
    "4": "The size is right. The loss falls when ŷ₂ grows, and the minus of −log stays.",
    "-0.25": "The derivative of log x is 1/x, not x.",
    "0.25": "The derivative of −log x is −1/x. You have −x, with another sign.",
    "1.386": "That is the loss itself, log 4. Its slope is wanted.",
    "-0.75": "That is the product of both factors. The second one comes below.",
}

# %%
factor = slopes(lambda y_l: -np.log(y_l[0]), y_hat[1])
print("slope of −log ŷ₂ at ŷ₂ = 0.25:", factor.round(4))
first_factor.compare(factor, within=1e-3)

# %% [markdown]
# <details><summary>Lines (3) to (5), with this factor. Open them when you have compared.</summary>
#
# $$= -\frac{1}{\hat y_l} \cdot \frac{\partial \hat y_l}{\partial a_{Li}} \tag{3}$$
#
# *Put in what $\hat y_l$ is:*
#
# $$= -\frac{1}{\hat y_l} \cdot \frac{\partial}{\partial a_{Li}} \left[ \frac{e^{a_{Ll}}}{\sum_{i'} e^{a_{Li'}}} \right] \tag{4}$$
#
# This is a quotient $u/v$. The score $a_{Li}$ is always in $v$, and sometimes in $u$. The quotient rule, in the form that helps here:
#
# $$\left(\frac uv\right)' = \frac{u'}{v} - \frac{u \, v'}{v^2}$$
#
# *Apply it:*
#
# $$= -\frac{1}{\hat y_l} \left( \frac{\frac{\partial}{\partial a_{Li}} e^{a_{Ll}}}{\sum_{i'} e^{a_{Li'}}} - \frac{e^{a_{Ll}} \cdot \frac{\partial}{\partial a_{Li}} \sum_{i'} e^{a_{Li'}}}{\left(\sum_{i'} e^{a_{Li'}}\right)^2} \right) \tag{5}$$
#
# </details>
#
# Two derivatives are left in line (5), that of the numerator and that of the denominator. In our example the exponentials are 1, 2, 4, 1 and the
# true class is $l = 2$. Let $i = 3$: we push the third score.

# %%
numerator = lesson.predict(
    "numerator",
    "The numerator is e^a₂, which is 2. What is its slope when the third score is pushed?",
)

# %% tags=["reasons"]
{
    "why": "a₃ does not occur in e^a₂. The slope is e^a₂ only when i = l. One symbol for both cases is the indicator $1_{(l=i)}$: it is 1 if l = i, else 0.",
    "2": "That would be the slope for a push on a₂ itself. But it is a₃ that is pushed.",
    "4": "You have differentiated e^a₃. The numerator belongs to the true class: it is e^a₂.",
    "1": "The exponential is its own derivative, so 1 could only be e^a₁ or e^a₄. Is a₃ in the numerator at all?",
}

# %%
slope_of_numerator = slopes(lambda a: np.exp(a[1, 0]), a)
print("slope of the numerator, i = 1 … 4:", slope_of_numerator.ravel().round(4))
numerator.compare(slope_of_numerator[2])

# %%
denominator = lesson.predict(
    "denominator",
    "The denominator is e^a₁ + e^a₂ + e^a₃ + e^a₄ = 8. What is its slope when the third score is pushed?",
)

# %% tags=["reasons"]
{
    "why": "Of the four terms only e^a₃ contains a₃, and an exponential is its own derivative: 4. Only the term with i′ = i survives.",
    "8": "That is the whole sum. A common mistake, made easy by one letter for two things: with Σᵢ e^aᵢ and ∂/∂aᵢ all terms seem to survive.",
    "1": "Each exponential is its own derivative. Which of them contains a₃?",
    "0": "The third score is in the sum: as e^a₃.",
    "2": "That would be the slope for a push on the second score.",
}

# %%
slope_of_denominator = slopes(lambda a: np.exp(a).sum(), a)
print("slope of the denominator, i = 1 … 4:", slope_of_denominator.ravel().round(4))
denominator.compare(slope_of_denominator[2], within=1e-3)

# %% [markdown]
# **Write** what comes out of the bracket of (5), for any class $m$ in place of $l$: the slope of one probability at one score,
#
# $$\frac{\partial \hat y_m}{\partial a_i} = \;?$$
#
# Take paper. Put both derivatives in, and write the square as a product of two fractions. Each fraction is then a probability that has a
# name, and all exponentials are gone. In the code `m == i` is the indicator: Python counts `True` as 1.


# %%
def softmax_slope(y_hat, m, i):
    """Return ∂ŷ_m/∂a_i for the probabilities y_hat, shape (k,); m and i count from 0."""
    raise NotImplementedError  # your line


softmax_slope = lesson.check(softmax_slope)

# %% [markdown]
# <details><summary>The same on paper, lines (6) to (8). Open it when your function is right.</summary>
#
# *Put in both derivatives, and write the square as two fractions:*
#
# $$= -\frac{1}{\hat y_l} \left( \frac{1_{(l=i)} \, e^{a_{Ll}}}{\sum_{i'} e^{a_{Li'}}} - \frac{e^{a_{Ll}}}{\sum_{i'} e^{a_{Li'}}} \cdot \frac{e^{a_{Li}}}{\sum_{i'} e^{a_{Li'}}} \right) \tag{6}$$
#
# *Each fraction is a softmax, and has a name:*
#
# $$= -\frac{1}{\hat y_l} \left( 1_{(l=i)} \, \hat y_l - \hat y_l \, \hat y_i \right) \tag{7}$$
#
# *$\hat y_l$ is in both terms, and in front of the bracket we divide by it. It cancels:*
#
# $$= -\left( 1_{(l=i)} - \hat y_i \right) \tag{8}$$
#
# All the exponentials are gone, and so is the dangerous division by $\hat y_l$.
#
# </details>
#
# With your function, line (3) is complete. It is an answer to *why* the pattern holds:

# %%
line_3 = [-1 / y_hat[1, 0] * softmax_slope(y_hat[:, 0], m=1, i=i) for i in range(4)]
print("−1/ŷ₂ · ∂ŷ₂/∂aᵢ  ", np.round(line_3, 4))
print("by nudging       ", referee.ravel().round(4))
assert np.allclose(line_3, referee.ravel())
print("✓ the derivation gives what nudging measures, at all four scores")

# %% [markdown]
# How good is such a check at finding mistakes? Suppose that somebody forgets the indicator in line (6) and writes 1 in its place.

# %%
forgotten = lesson.predict(
    "forgotten",
    "For which scores does the derivation then give a wrong slope?",
    {
        "1000": "for the true class only",
        "0111": "for the wrong classes only",
        "1111": "for all four",
        "0000": "for none: it cancels",
    },
)

# %% tags=["reasons"]
{
    "why": "At the true class the indicator is 1, so nothing changes there. At the wrong classes a −1 appears that does not belong there.",
    "for the true class only": "At the true class l = i, and there the indicator is 1. So what was forgotten?",
    "for all four": "Three of the four, but not at the true class: there the indicator is 1 anyway.",
    "for none: it cancels": "ŷ_l cancels, the indicator does not. Put 1 for it in line (8) and compare.",
}

# %%
for name, line in derivation(a, l=2, forget_indicator=True).items():
    print(name, line.ravel().round(4), " " if np.allclose(line, referee) else "← differs")
wrong = ~np.isclose(-(1 - y_hat), referee).ravel()  # line (8) with 1 for the indicator
forgotten.compare("".join(str(int(each)) for each in wrong[[1, 0, 2, 3]]))  # the true class first
assert all(np.allclose(line, referee) for line in derivation(a, l=2).values())
print("✓ with the indicator all eight lines agree")

# %% [markdown]
# ## 4 · From one score to the vector
#
# Line (8) is one number for each $i$. With $k = 4$ and $l = 2$ the four of them are
#
# $$\frac{\partial \mathcal{L}}{\partial a_{L1}} = -(0 - \hat y_1) \qquad \frac{\partial \mathcal{L}}{\partial a_{L2}} = -(1 - \hat y_2) \qquad \frac{\partial \mathcal{L}}{\partial a_{L3}} = -(0 - \hat y_3) \qquad \frac{\partial \mathcal{L}}{\partial a_{L4}} = -(0 - \hat y_4)$$
#
# Each row has its own $\hat y$: $\hat y_1$ in row 1, $\hat y_2$ in row 2. The indicators, stacked into a column, are one that you know: a 1 in row
# $l$, else 0. That is the **one-hot vector** $e(l)$, and $e(l)$ is the target $y$. So, for any $k$ and any $l$:
#
# $$\boxed{\; \frac{\partial \mathcal{L}}{\partial a_L} = -(e(l) - \hat y) = \hat y - y \;}$$
#
# *What the network said, minus the truth.* Both are distributions, columns of probabilities that add up to 1: $\hat y$ is the predicted
# one, and $y$ that of somebody who is sure. A page of algebra for one subtraction!
#
# **Write** it for one example, without a one-hot vector: `y_hat` is a column of shape $(k, 1)$, and `l` says which class is true.


# %%
def score_gradient(y_hat, l):
    """Return ∂𝓛/∂a_L, a column like y_hat, for one example whose true class is l; l counts from 1."""
    raise NotImplementedError  # your lines


score_gradient = lesson.check(score_gradient)

# %% [markdown]
# Here is the small network of lessons 02 and 03 again, which stays to lesson 07. It has two inputs, two hidden units, and two classes, of which the first
# is the true one. Here we need only its scores.

# %%
a_sample = np.array([[-0.0382], [0.7110]])
print("ŷ =", softmax(a_sample).ravel().round(3))

# %%
sample = lesson.predict(
    "sample",
    "The probabilities are ŷ = (0.321, 0.679), and class 1 is true. What is ∂𝓛/∂a₁, the slope at the first score? Three digits.",
)

# %% tags=["reasons"]
{
    "why": "ŷ₁ − 1 = 0.321 − 1 = −0.679: the first score must go up. The second slope is +0.679, because the two add up to 0.",
    "0.679": "The sign! The score of the true class must go up, so its slope is negative: what was said, minus the truth.",
    "0.321": "That is ŷ₁, what the network said. The truth, 1, is still to be taken away.",
    "-0.321": "That is ŷ₁ with a minus. Take the truth of the first class, 1, away from ŷ₁.",
}

# %%
sample_gradient = score_gradient(softmax(a_sample), l=1)
print("∂𝓛/∂a₂ of the small network:", sample_gradient.ravel().round(4))
sample.compare(sample_gradient[0], within=2e-3)

# %% [markdown]
# In words: a step *against* the gradient raises the score of the true class in proportion to $1 - \hat y_l$, and lowers each
# wrong score in proportion to its probability, which should be 0. The entries add up to 0: what the true score gains, the others lose.

# %%
one_loss = lesson.predict(
    "one_loss",
    "A student of the live class asked: do we calculate a loss for each output neuron? What do you answer, for one example and four classes?",
    {
        "4 losses, 4 slopes": "four losses, and four slopes",
        "1 losses, 4 slopes": "one loss, and four slopes",
        "1 losses, 1 slopes": "one loss, and one slope, at the true class",
    },
)

# %% tags=["reasons"]
{
    "why": "The loss is one number. But it has a slope at every score, and the hidden units below will add up what they hear from all of them.",
    "four losses, and four slopes": "The loss is a single number: −log ŷ_l. (A squared error is one number too, a sum with a term for each output.) It has four slopes.",
    "one loss, and one slope, at the true class": "One loss, yes. But the scores of the wrong classes change it as well: you have measured their slopes.",
}

# %%
one_loss.compare(f"{np.size(loss(a))} losses, {slopes(loss, a).size} slopes")
print(
    "the four slopes add up to", abs(referee.sum().round(9)), ": any three of them give the fourth"
)

# %% [markdown]
# ## 5 · All slopes of the softmax
#
# So far we needed only one row, the slopes of $\hat y_l$. Your `softmax_slope` knows all of them:
#
# $$\frac{\partial \hat y_m}{\partial a_{Li}} = 1_{(m=i)} \, \hat y_m - \hat y_m \, \hat y_i$$
#
# Put them into a matrix, row $m$, column $i$. It has $\hat y$ on its diagonal, minus all products $\hat y_m \hat y_i$: the **Jacobian** of the softmax,
#
# $$J = \mathrm{diag}(\hat y) - \hat y \, \hat y^T$$
#
# Our probabilities are $\tfrac18, \tfrac28, \tfrac48, \tfrac18$, so its entries are sixty-fourths.

# %%
corner = lesson.predict("corner", "How many sixty-fourths is J₁₁, the slope of ŷ₁ at a₁?")

# %% tags=["reasons"]
{
    "why": "ŷ₁ − ŷ₁ŷ₁ = 8/64 − 1/64. On the diagonal the indicator is 1.",
    "8": "That is ŷ₁ alone. The second term of the formula, ŷ₁ŷ₁ = 1/64, must be taken away.",
    "-1": "That is −ŷ₁ŷ₁, what the formula gives beside the diagonal. On it, ŷ₁ is added.",
    "9": "The second term is taken away, not added.",
    "1": "ŷ₁ŷ₁ is 1/64, but it is taken away from ŷ₁.",
}

# %%
J = np.array([[softmax_slope(y_hat[:, 0], m, i) for i in range(4)] for m in range(4)])
print("64 J =")
print((64 * J).round(6))
assert np.allclose(J, np.diagflat(y_hat) - y_hat @ y_hat.T)
assert all(np.allclose(J[m], slopes(lambda a, m=m: softmax(a)[m, 0], a).ravel()) for m in range(4))
print("✓ sixteen slopes: formula, softmax_slope and nudging agree")
corner.compare(round(64 * J[0, 0]))

# %%
sums = lesson.predict(
    "sums",
    "What are the sums of J?",
    {
        "rows 0, columns 0": "each row and each column adds up to 0",
        "rows 1, columns 0": "each column adds up to 0, each row to 1",
        "rows 0, columns 1": "each row adds up to 0, each column to 1",
        "rows 1, columns 1": "each row and each column adds up to 1",
    },
)

# %% tags=["reasons"]
{
    "why": "A column holds what one push does to the four probabilities. They go on adding up to 1, so their changes cancel. A row holds what one probability does when all scores move by the same c. That is nothing: e^(a+c) = e^c · e^a, and e^c cancels in the fraction.",
    "each column adds up to 0, each row to 1": "The columns are right. A row: move all four scores by the same amount. What happens to ŷ₁? Try it in the explorer of section 1.",
    "each row adds up to 0, each column to 1": "The rows are right. A column: one push moves four probabilities. Their sum is 1 before and after, so the changes add up to what?",
    "each row and each column adds up to 1": "The probabilities add up to 1. But J holds their changes, and those cancel.",
}

# %%
rows, columns = J.sum(axis=1).round(9), J.sum(axis=0).round(9)
print("rows   ", np.abs(rows), "  columns", np.abs(columns), "  symmetric:", np.allclose(J, J.T))
sums.compare(f"rows {abs(rows[0]):.0f}, columns {abs(columns[0]):.0f}")

# %% [markdown]
# With the Jacobian the gradient is the sum over paths of lesson 02. For a loss that looks at every $\hat y_m$, such as the squared error, the paths from
# score $i$ lead through all of them:
#
# $$\frac{\partial \mathcal{L}}{\partial a_{Li}} = \sum_{m=1}^{k} \frac{\partial \mathcal{L}}{\partial \hat y_m} \, \frac{\partial \hat y_m}{\partial a_{Li}} \qquad \text{that is} \qquad \frac{\partial \mathcal{L}}{\partial a_L} = J^T \, \frac{\partial \mathcal{L}}{\partial \hat y}$$
#
# (Column $i$ of $J$ is row $i$ of $J^T$. This $J$ is symmetric, so here the transpose changes nothing; in lesson 05 it will.)
#
# There is a shorter rule, which is right for a hidden unit: multiply $\frac{\partial \mathcal{L}}{\partial \hat y}$ **entry by entry** by the slopes on the diagonal,
# $\hat y_i (1 - \hat y_i)$. Let us try it here. In our example $\frac{\partial \mathcal{L}}{\partial \hat y}$ is the column $(0, -4, 0, 0)$.

# %%
shorter = lesson.predict(
    "shorter",
    "The shorter rule multiplies entry by entry. Which gradient do the four scores get from it?",
    {
        "all": "the true one",
        "none wrong": "the true class gets −¾, the wrong classes get 0",
        "other": "four other numbers, none of them 0",
        "zero": "0 for every class",
    },
)

# %% tags=["reasons"]
{
    "why": "0 times anything is 0. The diagonal holds 4 of the 16 slopes, and the other 12, between different classes, are dropped. Class 3, which took half of the probability, would hear nothing. "
    "The rule is right where each ŷᵢ depends on its own aᵢ and on no other, as with a sigmoid.",
    "the true one": "Multiply: what is 0 · ŷ₁(1 − ŷ₁)? And nudging said ⅛ for the first score.",
    "four other numbers, none of them 0": "Three of the four entries of ∂𝓛/∂ŷ are 0. What is 0 times anything?",
    "0 for every class": "The true class has the entry −4, and its slope on the diagonal is not 0.",
}

# %%
grad_y_hat = slopes(lambda y_hat: -np.log(y_hat[1, 0]), y_hat).round(6)
entry_by_entry = grad_y_hat * y_hat * (1 - y_hat)
print("entry by entry", (entry_by_entry.ravel() + 0.0).round(4))
print("Jᵀ ∂𝓛/∂ŷ      ", (J.T @ grad_y_hat).ravel().round(4))
print("by nudging    ", referee.ravel().round(4))
fits = np.isclose(entry_by_entry, referee).ravel()
silent = (entry_by_entry == 0).ravel()
shorter.compare(
    "all"
    if fits.all()
    else "zero"
    if silent.all()
    else "none wrong"
    if silent.sum() == 3 and fits[1]
    else "other"
)

# %% [markdown]
# And in a whole network? We train six networks on the four clouds with the true gradient, and the same six with the one that the shorter,
# element-wise rule gives.

# %%
training = lesson.predict(
    "training",
    "How well do the six networks with the shorter rule do after 500 epochs?",
    {
        2: "about as well as with the true gradient",
        1: "worse, but far better than guessing",
        0: "no better than guessing",
    },
)

# %% tags=["reasons"]
{
    "why": "They begin to learn and then forget. No score is ever told to go down, so more of every hidden unit seems good for every example. All hidden units are pushed to 1, all points look the same to the output, and it can only guess: loss log 4.",
    "about as well as with the true gradient": "Pushing the true score up is half of the work. Nothing ever pushes a score down, and after a while that spoils the layer below.",
    "worse, but far better than guessing": "That is so at first, and it stays so without a hidden layer. With one, the hidden units are spoilt: see what they say in the end.",
}

# %%
from dataclasses import replace

true_pair = LOSSES["softmax", "cross_entropy"]
wrong_pair = replace(true_pair, grad_a=lambda y_hat, y: -y * (1 - y_hat) / y.shape[-1])
runs, accuracy = {}, {}
for name, pair, sizes in (
    ("true gradient", true_pair, [2, 2, 4]),
    ("element-wise", wrong_pair, [2, 2, 4]),
    ("element-wise, no hidden layer", wrong_pair, [2, 4]),
):
    runs[name] = FeedForwardNetwork(sizes, seed=range(6))
    runs[name].loss = pair
    history = gradient_descent(runs[name], x_blobs, y_blobs, learning_rate=0.5, epochs=500)
    accuracy[name] = np.median(runs[name].accuracy(x_blobs, y_blobs))
    lowest, last = np.median(history.loss.min(axis=0)), np.median(history.loss[-1])
    print(f"{name:30} loss: lowest {lowest:.1f}, last {last:.1f}   right: {accuracy[name]:.0%}")
hidden = runs["element-wise"].forward(x_blobs).h[1]
assert hidden.mean(axis=-1).min() > 0.99
print("✓ hidden units after the element-wise training: above 0.99 on average, in all six networks")
training.compare(np.digitize(accuracy["element-wise"], [0.4, accuracy["true gradient"] - 0.05]))

# %% [markdown]
# (*Right* counts the points whose true class has the largest score. What happens in the hidden units can be calculated after lesson 05.)
#
# ### Two classes
#
# With $k = 2$ the softmax has two scores, $a_1$ and $a_2$, and the first probability is a sigmoid of something.

# %%
two = lesson.predict(
    "two",
    "With two classes, ŷ₁ = σ(…) of what?",
    ["a₁", "a₁ − a₂", "a₂ − a₁", "−a₁ · a₂"],
)

# %% tags=["reasons"]
{
    "why": "Divide numerator and denominator by e^a₁: ŷ₁ = 1/(1 + e^(a₂ − a₁)) = σ(a₁ − a₂). So ∂ŷ₁/∂a₁ = ŷ₁(1 − ŷ₁), as the Jacobian says.",
    "a₁": "Then a₂ would have no influence on ŷ₁. It stands in the denominator.",
    "a₂ − a₁": "The sign: a larger a₁ must make ŷ₁ larger.",
    "−a₁ · a₂": "When powers are multiplied, exponents add: e^a₂ · e^(−a₁) = e^(a₂ − a₁).",
}

# %%
a_two = np.random.default_rng(0).normal(size=(2, 50))  # fifty pairs of scores
a_1, a_2 = a_two
forms = {"a₁": a_1, "a₁ − a₂": a_1 - a_2, "a₂ − a₁": a_2 - a_1, "−a₁ · a₂": -a_1 * a_2}
for form, value in forms.items():
    print(
        f"σ({form}): {'equal' if np.allclose(sigmoid(value), softmax(a_two)[0]) else 'not equal'}"
    )
two.compare(
    next(form for form, value in forms.items() if np.allclose(sigmoid(value), softmax(a_two)[0]))
)

# %% [markdown]
# ## 6 · A batch
#
# With $N$ examples the loss is the *mean* over them. The scores of example $n$, column $n$ of $a_L$, occur in one of the $N$ terms of that mean.

# %%
batch = lesson.predict(
    "batch",
    "Our example, whose slope at a₂ was −0.75, is one of four examples in a batch. What is the slope of the batch's loss at this score?",
)

# %% tags=["reasons"]
{
    "why": "The mean divides each of the four terms by 4, and with it the slope: −0.75/4.",
    "-0.75": "That is the slope of its own term. The loss of the batch is the mean of four terms.",
    "-3": "A mean divides by N, it does not multiply.",
    "0": "Its term is one of the four, so the mean changes with it.",
}

# %%
rng = np.random.default_rng(4)
a_batch = np.hstack([rng.normal(size=(4, 3)), a])  # three other examples, and ours
y_batch = one_hot([2, 0, 3, 1], 4)


def mean_loss(a):
    return -(y_batch * np.log(softmax(a))).sum(axis=0).mean()


batch_referee = slopes(mean_loss, a_batch)
assert np.allclose(batch_referee, (softmax(a_batch) - y_batch) / 4)
print("✓ the formula for a batch, below, gives what nudging measures")
batch.compare(batch_referee[1, 3])

# %% [markdown]
# <details><summary>The formula for a batch. Open it when you have compared.</summary>
#
# $$\frac{\partial \mathcal{L}}{\partial a_L} = \frac{\hat y - y}{N}$$
#
# This is the only place where $N$ comes in. Every later gradient is computed from this one by plain products, so it inherits the $1/N$ and must
# not be divided again.
#
# </details>
#
# ## 7 · Scores of any size
#
# The formula of the softmax is right for all scores. But what does a computer do with large ones?

# %%
huge = lesson.predict(
    "huge",
    "The scores are 1000, 0, 0, 0. What does NumPy make of e^a, divided by the sum of e^a?",
    {
        "1 0 0 0": "1, 0, 0, 0",
        "nan 0 0 0": "nan, 0, 0, 0 (nan: not a number)",
        "inf 0 0 0": "inf, 0, 0, 0 (inf: infinity)",
        "nan nan nan nan": "nan four times",
    },
)

# %% tags=["reasons"]
{
    "why": "A float ends near 1.8 · 10³⁰⁸, which is e^709.8. Beyond it there is only inf. inf/inf is nan, and 1/inf is 0. One nan in ŷ, and two steps later every weight of the network is nan.",
    "1, 0, 0, 0": "That is the true answer, and what we want. But e^1000 is too large for a float.",
    "inf, 0, 0, 0 (inf: infinity)": "The numerator is inf, right. The denominator is inf as well, and inf/inf is not a number.",
    "nan four times": "Only the first fraction is inf/inf. The others are 1/inf, and that is 0.",
}

# %%
with np.errstate(over="ignore", invalid="ignore"):  # NumPy would warn, and rightly
    e = np.exp([1000.0, 0, 0, 0])
    broken = e / e.sum()
print("e^a        ", e, "\ne^a / sum  ", broken)
huge.compare(" ".join(f"{entry:.0f}" for entry in broken))

# %% [markdown]
# Section 5 says: *moving all scores of an example by the same number changes nothing.* So you may move them before you take exponentials.
#
# **Write** the move. `a` has shape $(k, N)$, and each *column* needs its own number. (`keepdims=True` keeps a row of maxima a row that can be subtracted from
# `a`.) Your `softmax` of section 1 does the rest.


# %%
def shifted(a):
    """Return the scores a, shape (k, N), each column shifted so that no exponential overflows."""
    raise NotImplementedError  # your line


shifted = lesson.check(shifted)

# %%
hard = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, 1.0], [0.0, -1e4, 2.0], [1e4, -1e4, 0.0]])
print(softmax(shifted(hard)).round(4))
assert np.allclose(softmax(shifted(hard))[:, 2], softmax(hard[:, [2]])[:, 0])
assert np.allclose(softmax(shifted(hard)), true_pair.O(hard))  # what the course's own networks do
print("✓ small scores give what they gave before; scores of ±10 000 give probabilities")

# %% [markdown]
# The shift is exact algebra. Lost is only what is smaller than a float can hold: in the first column class 2 has the probability
# $6 \cdot 10^{-8687}$, and that has become 0.

# %%
detour = lesson.predict(
    "detour",
    "In the first column, (10 000, −10 000, 0, 10 000), let class 2 be the true one. What does NumPy give for −log ŷ₂?",
    {"inf": "inf", "nan": "nan", "0": "0", "20000.7": "about 20 000.7"},
)

# %% tags=["reasons"]
{
    "why": "ŷ₂ has become exactly 0, and −log 0 is infinite: the true loss, about 20 000.7, is lost on the way over ŷ.",
    "nan": "nan comes from inf/inf or 0/0. Here it is the logarithm of 0.",
    "0": "0 is the loss of a network that is right and sure. This one is sure, and wrong.",
    "about 20 000.7": "That is the true loss. But it is computed from ŷ₂, and as a float ŷ₂ is 0.",
}

# %%
with np.errstate(divide="ignore"):
    over_y_hat = -np.log(softmax(shifted(hard))[1, 0])
print("−log ŷ₂ =", over_y_hat)
detour.compare(f"{over_y_hat:.1f}" if np.isfinite(over_y_hat) else str(over_y_hat))

# %% [markdown]
# There is another way. Take the logarithm on paper, *before* anything is computed:
#
# $$-\log \hat y_l = -\log \frac{e^{a_l}}{\sum_{i'} e^{a_{i'}}} = \log \sum_{i'} e^{a_{i'}} - a_l = m + \log \sum_{i'} e^{a_{i'} - m} - a_l \qquad m = \max_{i'} a_{i'}$$
#
# This is called **log-sum-exp**: the loss straight from the scores. (It is why PyTorch's `cross_entropy` takes the scores and not the
# probabilities.)
#
# **Write** it, for the scores of one example: `a` has shape $(k,)$ here.


# %%
def loss_from_scores(a, l):
    """Return −log ŷ_l from one column of scores a, shape (k,), whatever their size; l counts from 1."""
    raise NotImplementedError  # your lines


loss_from_scores = lesson.check(loss_from_scores)

# %%
straight = loss_from_scores(hard[:, 0], 2)
print("straight from the scores:", round(straight, 4))
assert np.isclose(
    straight, 2e4 + np.log(2), rtol=1e-12
)  # two scores of 10⁴: m + log 2, and a₂ = −10⁴
assert np.isclose(loss_from_scores(a[:, 0], 2), loss(a))
print("✓ 20 000 + log 2, as by hand; and log 4 for our example")

# %% [markdown]
# ## 8 · Another loss: what changes?
#
# For a regression the output is linear and the loss a squared error; for yes-or-no questions the output is a sigmoid. Take the small network with two hidden
# units, once with cross-entropy and once with squared error behind its softmax. The forward pass stays as it is.

# %%
keep = lesson.predict(
    "keep",
    "The backward pass gives seven gradients: of a₂, W₂, b₂, h₁, a₁, W₁, b₁. How many of them keep their numbers when the loss is another one?",
)

# %% tags=["reasons"]
{
    "why": "None. Each later gradient is a product that begins with ∂𝓛/∂a₂, and that one has changed.",
    "6": "Only one formula changes, yes. But the numbers of the other six are made from the first one.",
    "4": "The hidden layer does not see the loss, but it hears ∂𝓛/∂a₂, and that has changed.",
    "7": "The loss changed, so its slopes did.",
    "1 to 5": "Is there a gradient that is not made from ∂𝓛/∂a₂?",
}

# %%
x_small, y_small = np.array([[1.0], [2.0]]), one_hot([0], 2)
small = {}
for name in ("cross_entropy", "squared_error"):
    net = FeedForwardNetwork([2, 2, 2], output="softmax", loss=name, seed=1)
    small[name] = net.backward(net.forward(x_small), y_small)
trace = net.forward(x_small)  # the same for both
seven = [("a", 2), ("W", 2), ("b", 2), ("h", 1), ("a", 1), ("W", 1), ("b", 1)]
first, second = ([getattr(gradients, of)[k] for of, k in seven] for gradients in small.values())
kept = [np.allclose(*pair) for pair in zip(first, second, strict=True)]
print("keeps its numbers:", dict(zip((f"{of}_{k}" for of, k in seven), kept, strict=True)))
keep.compare(sum(kept))

# %%
rewritten = lesson.predict(
    "rewritten",
    "And which lines of code must be written anew?",
    [
        "the line that computes ∂𝓛/∂a₂",
        "the line that makes ∂𝓛/∂h₁ from ∂𝓛/∂a₂",
        "the line that makes ∂𝓛/∂W₂ from ∂𝓛/∂a₂",
        "the line that makes ∂𝓛/∂a₁ from ∂𝓛/∂h₁",
    ],
    several=True,
)

# %% tags=["reasons"]
{
    "why": "One line changes, and no other. (Unless you change something else as well: another activation changes g′.)",
    "the line that computes ∂𝓛/∂a₂": "This one meets the loss: ŷ − y belongs to cross-entropy behind a softmax.",
    "the line that makes ∂𝓛/∂h₁ from ∂𝓛/∂a₂": "It needs W₂ and what came from above. It never asks which loss that was.",
    "the line that makes ∂𝓛/∂W₂ from ∂𝓛/∂a₂": "It needs h₁ and what came from above. It never asks which loss that was.",
    "the line that makes ∂𝓛/∂a₁ from ∂𝓛/∂h₁": "It needs the slope g′ of the hidden units. The loss is not in it.",
}

# %%
squared = small["squared_error"]  # checked against nudging in the tests of the course
lines = {
    "∂𝓛/∂a₂": (trace.y_hat - y_small, squared.a[2]),
    "∂𝓛/∂h₁": (net.W[2].mT @ squared.a[2], squared.h[1]),
    "∂𝓛/∂W₂": (squared.a[2] @ trace.h[1].mT, squared.W[2]),
    "∂𝓛/∂a₁": (squared.h[1] * trace.h[1] * (1 - trace.h[1]), squared.a[1]),
}
for name, (by_the_old_line, true) in lines.items():
    print(
        f"{name}: the line for cross-entropy is right for squared error too: {np.allclose(by_the_old_line, true)}"
    )
rewritten.compare([not np.allclose(*pair) for pair in lines.values()])

# %% [markdown]
# Here is $\frac{\partial \mathcal{L}}{\partial a_L}$ for every pair of output and loss, for one example; a batch divides by $N$. ($\circ$ multiplies entry by entry. The squared error of one example is the sum of the
# squares, $\sum_i (\hat y_i - y_i)^2$.)
#
# | output $\hat y = O(a_L)$ | loss | gradient $\frac{\partial \mathcal{L}}{\partial a_L}$ |
# |---|---|---|
# | softmax | cross-entropy | $\hat y - y$ |
# | softmax | squared error | $J^T \, 2(\hat y - y)$ |
# | sigmoid | cross-entropy | $\hat y - y$ |
# | sigmoid | squared error | $2(\hat y - y) \circ \hat y \circ (1 - \hat y)$ |
# | linear | squared error | $2(\hat y - y)$ |
#
# A sigmoid has no paths across, its Jacobian is diagonal, and there the element-wise rule is right. The course keeps these five pairs in one table, `LOSSES`.
# The referee tries them all:

# %%
for (output, name), pair in LOSSES.items():
    nudged = slopes(lambda a, p=pair: p.per_example(a, p.O(a), y_batch).mean(), a_batch)
    assert np.allclose(pair.grad_a(pair.O(a_batch), y_batch), nudged, atol=1e-8)
    print(f"✓ {output} with {name}: the formula gives what nudging measures")

# %% [markdown]
# <details><summary>For those who like to know more: why are three of the five nearly the same?</summary>
#
# Write each loss in terms of the scores, and leave out what does not depend on $a$. All three then have the same form:
#
# $$\mathcal{L} = A(a) - \sum_i y_i a_i \qquad\text{so}\qquad \frac{\partial \mathcal{L}}{\partial a_i} = \frac{\partial A}{\partial a_i} - y_i$$
#
# | output, loss | function $A(a)$ | its slope $\partial A / \partial a_i$ |
# |---|---|---|
# | softmax, cross-entropy | $\log \sum_{i'} e^{a_{i'}}$ | $\mathrm{softmax}(a)_i$ |
# | sigmoid, cross-entropy | $\sum_{i'} \log(1 + e^{a_{i'}})$ | $\sigma(a_i)$ |
# | linear, half a squared error | $\sum_{i'} \tfrac12 a_{i'}^2$ | $a_i$ |
#
# The slope of $A$ *is* the output function. Output and loss were made for each other: one says that the loss is the **matching loss** of
# its output. The other two pairs mix an output with somebody else's loss, and a factor, $g'$ or $J$, is left over.
#
# </details>
#
# ## 9 · Wrong, and sure of it
#
# What does the factor do that is left over when a softmax meets a squared error? Take two classes, the first is the truth, and let the wrong score be ahead by a
# gap $d = a_2 - a_1$. At $d = 10$ the network is certain, and wrong. The *push* on the true score is $-\frac{\partial \mathcal{L}}{\partial a_1}$.

# %%
gap = lesson.predict(
    "gap",
    "At d = 10, how do the pushes of the two losses compare?",
    {
        "squared": "squared error pushes harder, for it squares the mistake",
        "equal": "about equally hard",
        "tens": "cross-entropy pushes harder, some ten times",
        "thousands": "cross-entropy pushes harder, some thousand times",
    },
)

# %% tags=["reasons"]
{
    "why": "Both losses have the same J, and for a certain network all of J is nearly 0. Cross-entropy answers with −1/ŷ_l, which grows just as J shrinks: that is why ŷ_l cancelled in line (8). Squared error has at most a 2 to offer. One says that it saturates behind a softmax.",
    "squared error pushes harder, for it squares the mistake": "The mistake in ŷ is at most 1, so its square is no larger. And it is multiplied by J, which is nearly 0 here.",
    "about equally hard": "Write down ŷ₁ and ŷ₁ − 1 for d = 10. Then multiply by the slope ŷ₁(1 − ŷ₁), as squared error does.",
    "cross-entropy pushes harder, some ten times": "The slope ŷ₁(1 − ŷ₁) at d = 10 is about e^(−10). That is much less than a tenth.",
}

# %%
gaps = np.linspace(-10, 10, 401)
a_gap, y_gap = np.vstack([-gaps / 2, gaps / 2]), one_hot([0] * len(gaps), 2)
pushes = {}
for name in ("cross_entropy", "squared_error"):
    pair = LOSSES["softmax", name]
    pushes[name] = -len(gaps) * pair.grad_a(pair.O(a_gap), y_gap)[0]  # times N: undo the 1/N
at_10 = {name: values[-1] for name, values in pushes.items()}
ratio = at_10["cross_entropy"] / at_10["squared_error"]
print(
    f"push at d = 10: cross-entropy {at_10['cross_entropy']:.5f}, squared error {at_10['squared_error']:.5f}"
)
gap.compare(
    "squared" if ratio < 0.5 else "equal" if ratio < 3 else "tens" if ratio < 300 else "thousands"
)
pictures.pushes(gaps, pushes["cross_entropy"], pushes["squared_error"])

# %% [markdown]
# And in a training? The network starts with the wrong score ahead by 8. Gradient descent with $\eta = 1$ works on the two scores themselves, until the true one
# leads.

# %%
steps = lesson.predict(
    "steps",
    "With cross-entropy it takes 5 steps. About how many with squared error?",
    {5: "5, the same", 50: "about 50", 400: "about 400", 5000: "about 5000"},
)

# %% tags=["reasons"]
{
    "why": "More than half of them are needed for the first unit of the gap, where the push is smallest. One more unit of gap, and it takes about e times as many. It is a reason to train classifiers with cross-entropy.",
    "5, the same": "At a gap of 8 the push of squared error is about a thousandth.",
    "about 50": "The push at a gap of 8 is about 4e^(−8), a thousandth, so the first steps hardly move anything.",
    "about 5000": "The push is a thousandth at first. But it lowers one score and raises the other, and the smaller the gap, the larger the push.",
}


# %%
def steps_until_right(gradient, gap):
    a, number = np.array([[0.0], [gap]]), 0
    while a[0, 0] <= a[1, 0]:
        a, number = a - gradient(a), number + 1
    return number


def squared_error_gradient(a):
    return LOSSES["softmax", "squared_error"].grad_a(softmax(a), one_hot([0], 2))


needed = {gap: steps_until_right(squared_error_gradient, gap) for gap in (6.0, 7.0, 8.0, 9.0)}
print(
    "cross-entropy, with score_gradient:    ",
    steps_until_right(lambda a: score_gradient(softmax(a), 1), 8.0),
)
print("squared error, by the gap at the start: ", needed)
steps.compare(min((5, 50, 400, 5000), key=lambda number: abs(np.log(needed[8.0] / number))))

# %% [markdown]
# ## 10 · Everything at once
#
# On the left are the probabilities, in the middle the Jacobian times $\frac{\partial \mathcal{L}}{\partial \hat y}$ for the loss that you choose, on the right the result for both losses on one
# axis: cross-entropy filled, squared error hollow. The true class has the tinted background.

# %%
lesson.explore("softmax", softmax_explorer())

# %% [markdown]
# ## 11 · Read the real thing
#
# You can now read `utils/nn/losses.py`, the file where the way back begins in every network of this course. Here is its first pair: the output function, the
# loss from the scores, and the gradient. (The axis is counted from the end, −2 for the classes and −1 for the examples, so that many networks at once can use the same
# lines.)

# %%
import inspect

for function in (true_pair.O, true_pair.per_example, true_pair.grad_a):
    print(inspect.getsource(function))

# %% [markdown]
# ## What you take along

# %%
lesson.summary()

# %% [markdown]
# - Behind a softmax with cross-entropy, $\frac{\partial \mathcal{L}}{\partial a_L} = \hat y - y$ for one example and $\frac{\hat y - y}{N}$ for a batch. That $1/N$ is the only one.
# - Each score moves every probability. The Jacobian $\mathrm{diag}(\hat y) - \hat y \hat y^T$ holds all of these slopes. With cross-entropy, an element-wise $g'$ at a softmax leaves the
#   wrong classes without a gradient.
# - A number added to all scores of an example changes nothing. Subtract the maximum, and compute the loss by log-sum-exp.
# - Another loss: one line changes, and all numbers. Behind a softmax or a sigmoid, squared error hardly pushes when the network is sure and wrong; cross-entropy does.
#
# <details><summary>If you have heard the lectures: what is different there</summary>
#
# - The handout uses one letter $i$ for the true class, for the score that is pushed and for the terms of the sum. Here they are $l$, $i$ and $i'$, and all
#   count from 1.
# - It writes the same $\hat y_i$ in every row of the column, $-(0 - \hat y_i)$, $-(1 - \hat y_i)$ and so on. Each row has its own $\hat y$.
# - Lecture 4.6 says that the chain through one unit, $\frac{\partial \mathcal{L}}{\partial a} = \frac{\partial \mathcal{L}}{\partial h} \, g'(a)$, holds at the output too. It holds for a
#   sigmoid there, and not for a softmax.

# - The code of the live class drops the 2 of $(x^2)' = 2x$. That only rescales the learning rate: its $\eta = 5$ is our $\eta = 2.5$.
#
# </details>
#
# In other books: *logits* are our scores, $\delta_L$ is our $\frac{\partial \mathcal{L}}{\partial a_L}$, and *negative log-likelihood* is our cross-entropy.
#
# **Next:** the scores say *"we are only as good as the hidden units below us"*. Lesson 05 goes and asks them.
