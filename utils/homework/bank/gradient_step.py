"""gradient_step: return a new list with every parameter one step further downhill."""

import numpy as np

from utils.homework import reference
from utils.homework.places import TOO_EARLY, UPDATE, YOUR_LOOP
from utils.homework.question import Case, Question


def inputs(rng):
    """Return lists of several lengths and shapes, with two learning rates, and gradients of exactly 0."""

    def case(about, shapes, learning_rate, ordinary=True):
        parameters, gradients = ([rng.normal(size=shape) for shape in shapes] for _ in range(2))
        return Case(about, (parameters, gradients, learning_rate), ordinary)

    n = int(rng.integers(3, 6))
    still = case("gradients of exactly 0", [(2, n), (2, 1)], 0.5, ordinary=False)
    for gradient in still.arguments[1]:
        gradient[:] = 0
    return [
        case("two layers and a learning rate of 0.3", [(n, 2), (n, 1), (3, n), (3, 1)], 0.3),
        case("three layers and a learning rate of 2.5", [(2, n), (2, 1), (4, 2), (4, 1), (3, 4), (3, 1)], 2.5),
        case("arrays of one shape", [(3, 3), (3, 3)], 0.1),
        case("a single parameter", [(1, 1)], 0.7, ordinary=False),
        still,
    ]


gradient_step = Question(
    name="gradient_step",
    reference=reference.gradient_step,
    inputs=inputs,
    task="Return a new list with every parameter one step further downhill.",
    homework="hw_04",
    points=2,
    read=UPDATE,
    parts=("…",),
    symbols={"v": "the parameter", "grad_v": "the gradient", "learning_rate * grad_v": "the step"},
)


@gradient_step.mistake(read=UPDATE)
def plus_climbs(parameters, gradients, learning_rate):
    """Does the loss rise or fall after your step?

    The gradient points uphill. To go down, the step is subtracted.
    """
    return [v + learning_rate * g for v, g in zip(parameters, gradients)]


@gradient_step.mistake(read=UPDATE)
def no_learning_rate(parameters, gradients, learning_rate):
    """Which of the three parameters do you not use?

    The step is the gradient times the learning rate, which says how far to go.
    """
    return [v - g for v, g in zip(parameters, gradients)]


@gradient_step.mistake(read=UPDATE)
def step_only(parameters, gradients, learning_rate):
    """With a gradient of 0 nothing should move. What do you return then?

    This is the step. Wanted is where one stands after it: the parameter minus the step.
    """
    return [learning_rate * g for g in gradients]


@gradient_step.mistake(read=UPDATE)
def minus_the_step_only(parameters, gradients, learning_rate):
    """With a gradient of 0 nothing should move. What do you return then?

    This is the step, with its direction. Wanted is where one stands after it.
    """
    return [-learning_rate * g for g in gradients]


@gradient_step.mistake(read=TOO_EARLY)
def changes_the_parameters_in_place(parameters, gradients, learning_rate):
    """The numbers are right, but look at the old parameters after the call.

    -= writes into the caller's arrays, and parameters[i] = … into the caller's list. Make new arrays, and a new list.
    """
    for v, g in zip(parameters, gradients):
        v -= learning_rate * g
    return parameters


@gradient_step.mistake("in place, and nothing returned", read=TOO_EARLY)
def in_place_and_nothing_returned(parameters, gradients, learning_rate):
    """What does your function hand back, and what has become of the old parameters?

    It writes into the caller's arrays and returns None. Asked for is the opposite: leave those alone, return a new
    list.
    """
    for v, g in zip(parameters, gradients):
        v -= learning_rate * g


@gradient_step.mistake(read=UPDATE)
def name_rebound_in_the_loop(parameters, gradients, learning_rate):
    """Has anything moved in what you return?

    What comes back are the parameters as they were. In a loop, v = … gives the name v to a new array and leaves the
    list alone: the new arrays must be collected.
    """
    for v, g in zip(parameters, gradients):
        v = v - learning_rate * g
    return parameters


@gradient_step.mistake(read=YOUR_LOOP)
def return_inside_the_loop(parameters, gradients, learning_rate):
    """How many parameters go in, and how many come out?

    What comes back is the first new parameter alone, as from a return inside of the loop. It belongs after the
    loop.
    """
    for v, g in zip(parameters, gradients):
        return [v - learning_rate * g]


@gradient_step.mistake(read=YOUR_LOOP)
def last_parameter_only(parameters, gradients, learning_rate):
    """How many parameters go in, and how many come out?

    What comes back is the last new parameter alone, as when every turn of a loop begins a new list. Begin it once,
    then append.
    """
    for v, g in zip(parameters, gradients):
        new = [v - learning_rate * g]
    return new


@gradient_step.mistake(read=UPDATE)
def divided_by_the_learning_rate(parameters, gradients, learning_rate):
    """Is your step longer or shorter when the learning rate grows?

    Your numbers are those that come out when one divides by the learning rate. It is a factor: a larger one means a
    longer step.
    """
    return [v - g / learning_rate for v, g in zip(parameters, gradients)]


@gradient_step.mistake(read=UPDATE)
def sign_of_the_gradient(parameters, gradients, learning_rate):
    """Are all your steps equally long? A steep direction deserves a longer one.

    Your numbers are those that come out when only the sign of the gradient counts. Its size counts, too.
    """
    return [v - learning_rate * np.sign(g) for v, g in zip(parameters, gradients)]


@gradient_step.mistake(read=UPDATE)
def gradient_left_out(parameters, gradients, learning_rate):
    """Which of the three parameters do you not use?

    Every entry moves by the same amount, whatever its gradient. The step is the learning rate times the gradient.
    """
    return [v - learning_rate for v in parameters]


@gradient_step.mistake(read=UPDATE)
def shrinks_the_parameters(parameters, gradients, learning_rate):
    """Does a parameter of 0 ever move in your function?

    The step is multiplied by the parameter. It is v − η ∂L/∂v, a difference, with nothing in front of it.
    """
    return [v * (1 - learning_rate * g) for v, g in zip(parameters, gradients)]


@gradient_step.mistake(read=UPDATE)
def weights_only(parameters, gradients, learning_rate):
    """Compare the second entry with what went in.

    Every second parameter stays where it is. Biases take the same step as weights.
    """
    return [v - learning_rate * g if i % 2 == 0 else v for i, (v, g) in enumerate(zip(parameters, gradients))]


@gradient_step.mistake(read=YOUR_LOOP)
def one_array_of_all_parameters(parameters, gradients, learning_rate):
    """Can arrays of different shapes be stacked into one array?

    np.array(parameters) needs equal shapes, and weights and biases have different ones. Take them one after the other.
    """
    return np.array(parameters) - learning_rate * np.array(gradients)


@gradient_step.mistake(read=YOUR_LOOP)
def always_four_parameters(parameters, gradients, learning_rate):
    """How many parameters has a network with three layers?

    The number four is that of a network with one hidden layer. A list knows its own length.
    """
    return [parameters[i] - learning_rate * gradients[i] for i in range(4)]


@gradient_step.mistake(read=UPDATE)
def parameters_and_gradients_exchanged(parameters, gradients, learning_rate):
    """With a gradient of 0 nothing should move. What do you return then?

    Your numbers are those that come out when parameters and gradients are exchanged.
    """
    return [g - learning_rate * v for v, g in zip(parameters, gradients)]


# --- right answers that look different ---


@gradient_step.variant()
def a_loop(parameters, gradients, learning_rate):
    new = []
    for i in range(len(parameters)):
        new.append(parameters[i] - learning_rate * gradients[i])
    return new


@gradient_step.variant()
def plus_a_negative_step(parameters, gradients, learning_rate):
    return [v + (-learning_rate) * g for v, g in zip(parameters, gradients)]


@gradient_step.variant("map")
def map_version(parameters, gradients, learning_rate):
    return list(map(lambda v, g: v - learning_rate * g, parameters, gradients))


@gradient_step.variant("copies, then in place")
def copies_then_in_place(parameters, gradients, learning_rate):
    new = [v.copy() for v in parameters]
    for v, g in zip(new, gradients):
        v -= learning_rate * g
    return new


@gradient_step.variant()
def a_tuple(parameters, gradients, learning_rate):
    return tuple(np.subtract(v, learning_rate * g) for v, g in zip(parameters, gradients))


@gradient_step.variant(note="list")
def lists_of_numbers(parameters, gradients, learning_rate):
    return [(v - learning_rate * g).tolist() for v, g in zip(parameters, gradients)]
