"""hidden_gradient: return ∂L/∂a_k of a sigmoid layer, shape (n_k, N)."""

import numpy as np

from utils.homework import reference
from utils.homework.places import G_PRIME, HIDDEN_BATCH, SIGMOID_STEPS, THREE_WAYS, TRANSPOSE
from utils.homework.question import Case, Question
from utils.homework.reference import sigmoid, sigmoid_prime


def inputs(rng):
    """Return layers of different widths, a square case in which a wrong transpose runs, and the edges."""

    def case(about, n_next, n, N, ordinary=True):
        return Case(about, (rng.normal(size=(n_next, n)), rng.normal(size=(n_next, N)), rng.normal(scale=1.5, size=(n, N))), ordinary)

    width, n_examples = rng.integers(3, 6), rng.integers(8, 12)
    at_zero = case("pre-activations of exactly 0", width, width + 1, 7, ordinary=False)
    at_zero.arguments[2][::2] = 0
    enormous = case("pre-activations of ±10 000", 3, 2, 4, ordinary=False)
    enormous.arguments[2][:] = 1e4 * rng.permuted([[-1, 1, -1, 1], [1, 1, -1, -1]], axis=1)
    return [
        case(f"{n_examples} examples, {width + 2} units and {width} units above them", width, width + 2, n_examples),
        case(f"5 examples, {width} units and {width + 3} units above them", width + 3, width, 5),
        case("as many examples as units in both layers", 4, 4, 4),
        case("one example", 2, 3, 1, ordinary=False),
        at_zero,
        enormous,
    ]


hidden_gradient = Question(
    name="hidden_gradient",
    reference=reference.hidden_gradient,
    inputs=inputs,
    task="Return ∂L/∂a_k of a sigmoid layer, shape (n_k, N).",
    homework="hw_03",
    points=4,
    read=G_PRIME,
    symbols={"h": "σ(a)"},
)


@hidden_gradient.mistake("no g′", read=G_PRIME)
def no_g_prime(W_next, grad_a_next, a):
    """Your numbers are gradients at h. Between h and a there is one more function.

    W.T @ grad_a_next is ∂L/∂h. To get from h to a, multiply each entry by the slope of the sigmoid at its own a.
    """
    return W_next.T @ grad_a_next


@hidden_gradient.mistake("W without transpose", read=TRANSPOSE)
def w_without_transpose(W_next, grad_a_next, a):
    """Write the three shapes beside the line. Does it run when the two layers have different widths?

    Row i of W collects what comes into unit i above. On the way back unit j collects from all it has sent to: column j
    of W.
    """
    return W_next @ grad_a_next * sigmoid_prime(a)


@hidden_gradient.mistake("W without transpose, and no g′", read=TRANSPOSE)
def w_without_transpose_and_no_g_prime(W_next, grad_a_next, a):
    """Two things are missing. Begin with the shapes: does the line run when the two layers have different widths?

    Unit j collects from all units it has sent to, and those weights are column j of W. Then comes the way from h to a.
    """
    return W_next @ grad_a_next


@hidden_gradient.mistake("g′ at h", read=THREE_WAYS)
def g_prime_at_h(W_next, grad_a_next, a):
    """Where is the slope of the sigmoid taken: at a or at h?

    Your numbers are those of the slope at σ(a). It is wanted at a: the sigmoid has been applied once too often.
    """
    return W_next.T @ grad_a_next * sigmoid_prime(sigmoid(a))


@hidden_gradient.mistake(read=THREE_WAYS)
def a_taken_for_h(W_next, grad_a_next, a):
    """The last parameter is a, the pre-activation. Is your formula one in terms of a?

    h(1 − h) is right for h = σ(a). Your numbers are those of a(1 − a), with a in the place of h.
    """
    return W_next.T @ grad_a_next * a * (1 - a)


@hidden_gradient.mistake("g for g′", read=G_PRIME)
def g_for_g_prime(W_next, grad_a_next, a):
    """Going back you need a slope, not a value.

    Your numbers are those with the factor h = σ(a) itself. The chain rule asks how fast h changes with a.
    """
    return W_next.T @ grad_a_next * sigmoid(a)


@hidden_gradient.mistake("half of g′", read=G_PRIME)
def half_of_g_prime(W_next, grad_a_next, a):
    """What is the slope of the sigmoid far to the left, where the curve is flat?

    1 − h is only one of the two factors of the slope: at very negative a it is 1, but there the sigmoid is flat.
    """
    return W_next.T @ grad_a_next * (1 - sigmoid(a))


@hidden_gradient.mistake("tanh′", read=G_PRIME)
def tanh_prime(W_next, grad_a_next, a):
    """Whose slope is this? Try it at a = 0: the sigmoid's steepest slope is ¼.

    1 − tanh² is the slope of tanh. These hidden units are sigmoids.
    """
    return W_next.T @ grad_a_next * (1 - np.tanh(a) ** 2)


@hidden_gradient.mistake("1 − h²", read=G_PRIME)
def one_minus_h_squared(W_next, grad_a_next, a):
    """Whose slope is written like this? The sigmoid's is ¼ at a = 0; yours is ¾ there.

    1 − h² is the slope where h = tanh(a). For h = σ(a) the slope has another form.
    """
    return W_next.T @ grad_a_next * (1 - sigmoid(a) ** 2)


@hidden_gradient.mistake("ReLU′", read=G_PRIME)
def relu_prime(W_next, grad_a_next, a):
    """Your slope is 0 or 1. Is the sigmoid ever as steep as that?

    a > 0 is the slope of ReLU. These hidden units are sigmoids, with slopes between 0 and ¼.
    """
    return W_next.T @ grad_a_next * (a > 0)


@hidden_gradient.mistake("@ for ∘", read=THREE_WAYS)
def matmul_for_entrywise(W_next, grad_a_next, a):
    """One of your two products should act entry by entry.

    The sum over paths is a matrix product, but each h depends on its own a alone: that product is entry by entry, *.
    """
    return W_next.T @ grad_a_next @ sigmoid_prime(a)


@hidden_gradient.mistake("@ for ∘, transposed until it ran", read=THREE_WAYS)
def matmul_for_entrywise_transposed_until_it_ran(W_next, grad_a_next, a):
    """A gradient has the shape of its quantity: a is (n_k, N). What is the shape of yours?

    The slopes belong to single entries: multiply entry by entry, *. A transpose only makes the wrong product run.
    """
    return W_next.T @ grad_a_next @ sigmoid_prime(a).T


@hidden_gradient.mistake("* for @", read=TRANSPOSE)
def for_matmul(W_next, grad_a_next, a):
    """Each unit hears from all units above, not from one. Where do you add those voices up?

    W and the gradient above are joined by a sum over the units above, which is a matrix product, @.
    """
    return W_next.T * grad_a_next * sigmoid_prime(a)


@hidden_gradient.mistake("divided by N again", read=HIDDEN_BATCH)
def divided_by_n_again(W_next, grad_a_next, a):
    """Your answer is too small by one and the same factor. Try it with one example, then with two.

    Your numbers are the right ones divided by N, but 1/N is already in grad_a_next: it came in once, at the output.
    """
    return W_next.T @ grad_a_next * sigmoid_prime(a) / a.shape[1]


@hidden_gradient.mistake(read=TRANSPOSE)
def sign(W_next, grad_a_next, a):
    """Look at the sign: where does a minus come in?

    A gradient is no step. The minus belongs to the update alone; on the way back there is none.
    """
    return -W_next.T @ grad_a_next * sigmoid_prime(a)


@hidden_gradient.mistake(read=HIDDEN_BATCH)
def first_example_only(W_next, grad_a_next, a):
    """How many columns has your answer, and how many examples are there?

    What comes back belongs to the first example only. One line of matrix products does all columns at once.
    """
    return W_next.T @ grad_a_next[:, :1] * sigmoid_prime(a[:, :1])


@hidden_gradient.mistake("first example's error for all", read=HIDDEN_BATCH)
def first_examples_error_for_all(W_next, grad_a_next, a):
    """Compare the first column of your answer with the others. Which error does the second column carry?

    The first column of grad_a_next is handed to every example. Each example has an error of its own.
    """
    return W_next.T @ grad_a_next[:, :1] * sigmoid_prime(a)


@hidden_gradient.mistake(read=HIDDEN_BATCH)
def mean_over_the_examples(W_next, grad_a_next, a):
    """How many columns should ∂L/∂a have?

    Your numbers are means over the examples. But every example has pre-activations of its own, so each keeps its
    column.
    """
    return (W_next.T @ grad_a_next * sigmoid_prime(a)).mean(axis=1, keepdims=True)


@hidden_gradient.mistake("g′ squared", read=G_PRIME)
def g_prime_squared(W_next, grad_a_next, a):
    """How often is the slope of the sigmoid on the path from a to h?

    The slope is applied twice. From h to a there is one sigmoid, so one factor.
    """
    return W_next.T @ grad_a_next * sigmoid_prime(a) ** 2


@hidden_gradient.mistake("g′ before the sum", read=G_PRIME)
def g_prime_before_the_sum(W_next, grad_a_next, a):
    """Whose a is it? grad_a_next belongs to the layer above.

    The slope is that of this layer, at its own a, so it comes after the sum over the units above; your numbers are
    those with the slope before it.
    """
    return W_next.T @ (grad_a_next * sigmoid_prime(a))


@hidden_gradient.mistake("changes grad_a_next", read=HIDDEN_BATCH)
def changes_grad_a_next(W_next, grad_a_next, a):
    """After your function has run, grad_a_next is no longer what it was. And it has become smaller: by which factor?

    *= writes into the caller's array, and 1/N is already in it: it came in once, at the output.
    """
    grad_a_next *= 1.0 / a.shape[1]
    return W_next.T @ grad_a_next * sigmoid_prime(a)


@hidden_gradient.mistake("overflow in e^a", read=SIGMOID_STEPS)
def overflow_in_e_a(W_next, grad_a_next, a):
    """Right for tame numbers. Which value has e^{−a} at a = −10 000?

    e^{10 000} is inf, and inf/inf is nan. Written with h = σ(a), the slope stays finite.
    """
    return W_next.T @ grad_a_next * np.exp(-a) / (1 + np.exp(-a)) ** 2


# --- right answers that look different ---


@hidden_gradient.variant()
def h_once(W_next, grad_a_next, a):
    h = sigmoid(a)
    return (W_next.T @ grad_a_next) * h * (1 - h)


@hidden_gradient.variant()
def transposed_at_the_end(W_next, grad_a_next, a):
    return (grad_a_next.T @ W_next).T * sigmoid_prime(a)


@hidden_gradient.variant()
def einsum(W_next, grad_a_next, a):
    return np.einsum("ij,in->jn", W_next, grad_a_next) * sigmoid_prime(a)


@hidden_gradient.variant("σ(a)σ(−a)")
def sigma_a_sigma_minus_a(W_next, grad_a_next, a):
    return np.dot(W_next.T, grad_a_next) * sigmoid(a) * sigmoid(-a)


@hidden_gradient.variant()
def tanh_form(W_next, grad_a_next, a):
    return W_next.T @ grad_a_next * (1 - np.tanh(a / 2) ** 2) / 4


@hidden_gradient.variant()
def example_by_example(W_next, grad_a_next, a):
    columns = [np.diag(sigmoid_prime(a[:, n])) @ W_next.T @ grad_a_next[:, n] for n in range(a.shape[1])]
    return np.column_stack(columns)


@hidden_gradient.variant()
def three_loops(W_next, grad_a_next, a):
    result = np.zeros(a.shape)
    for j in range(a.shape[0]):
        for n in range(a.shape[1]):
            for i in range(W_next.shape[0]):
                result[j, n] += W_next[i, j] * grad_a_next[i, n]
            result[j, n] *= sigmoid_prime(a[j, n])
    return result


@hidden_gradient.variant(note="list")
def a_list(W_next, grad_a_next, a):
    return (W_next.T @ grad_a_next * sigmoid_prime(a)).tolist()
