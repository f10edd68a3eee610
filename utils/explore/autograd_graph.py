"""The autograd explorer: the loss of one example as a graph of single operations, and the walk back through it (lesson 11)."""

from dataclasses import dataclass, replace

from utils.draw.numbers import in_brackets, short, two_significant
from utils.draw.spots import Spot, cell_shape
from utils.draw.style import MUTED, QUANTITIES, THIN
from utils.draw.svg import Line, svg_picture, text
from utils.exhibits.autograd import Value, values
from utils.exhibits.samples import sample
from utils.explore.boxes import HEIGHT as HEIGHT_OF_BOX
from utils.explore.boxes import WIDTH as WIDTH_OF_BOX
from utils.explore.boxes import Box, box, edge, edge_text
from utils.explore.controls import Choice, Number, explorer

CLASSES = ["1", "2"]
STEPS = 29  # operations between the parameters and the loss
COLUMN, LEFT = 96, 34  # pixels
BANDS = ((58, 58), (330, 56))  # middle of the first row, and distance of two rows, for each layer
WIDTH, HEIGHT = 744, 664
THIN, DONE = Line(THIN, 1.2), Line(QUANTITIES["gradient"], 3.0)
HEADINGS = (
    ("W_1", "times x", "add", "a_1", "negate", "exp", "add 1", "h_1"),
    ("W_2, h_1", "times h_1", "add", "a_2", "exp", "add", "log", "𝓛"),
)


@dataclass(frozen=True)
class Place:
    """Where a Value is drawn.

    Attributes
    ----------
    value : Value
        The number.
    name, label : str
        What it is called in a sentence, and in its box.
    band, column : int
        Of which layer it is, from 0, and how far on in it.
    row : float
        How far down.
    color : str
        Of its box.
    again : bool
        Whether it has another box before.
    """

    value: Value
    name: str
    label: str
    band: int
    column: int
    row: float
    color: str = MUTED
    again: bool = False

    @property
    def middle(self):
        """Return x and y in pixels."""
        top, distance = BANDS[self.band]
        return LEFT + self.column * COLUMN, top + self.row * distance


def sample_loss(x, true_class, W_111):
    """Return the loss of the 2-2-2 sample as a Value, and where each Value of its graph is drawn.

    Parameters
    ----------
    x : (float, float)
        The input.
    true_class : int
        1 or 2.
    W_111 : float
        The first weight; all others are those of the sample.

    Returns
    -------
    loss : Value
        The result of the whole graph.
    places : list of Place
        Where its numbers stand; h_1 has two places.
    """
    net = sample("2-2-2")
    W, b = ([None, *(values(v[k], f"{name}_{k}") for k in net.layers)] for name, v in (("W", net.W), ("b", net.b)))
    W[1][0, 0].value = W_111
    places = []

    def put(value, name, label, *where, **style):
        places.append(Place(value, name, label, *where, **style))
        return value

    def pre_activation(k, i, h, first, second):  # a_ki = W_ki1 h_1 + W_ki2 h_2 + b_ki, one operation at a time
        band, rows, a_ki, products = k - 1, (first, second), f"a_{k},{i + 1}", []
        for j, row in enumerate(rows):
            w, below = W[k][i, j], f"x_{j + 1}" if k == 1 else f"h_1,{j + 1}"
            put(w, w.name, w.name, band, 0, row, color=QUANTITIES["W"])
            products.append(put(w * h[j], f"{w.name} · {below}", f"· {below}", band, 1, row))
        both = put(products[0] + products[1], f"the sum of both products in {a_ki}", "+", band, 2, first)
        b_ki = f"b_{k},{i + 1}"
        bias = put(b[k][i, 0], b_ki, b_ki, band, 2, first + 1.05, color=QUANTITIES["W"])
        return put(both + bias, a_ki, a_ki, band, 3, (first + second) / 2, color=QUANTITIES["a"])

    h = []
    for i, row in enumerate((0.5, 2.5)):
        a, name = pre_activation(1, i, x, 2 * i, 2 * i + 1), f"a_1,{i + 1}"
        negative = put(-a, f"−{name}", f"−{name}", 0, 4, row)
        e = put(negative.exp(), f"exp(−{name})", "exp", 0, 5, row)
        one_more = put(1 + e, f"1 + exp(−{name})", "1 +", 0, 6, row)
        h.append(put(1 / one_more, f"h_1,{i + 1}", f"h_1,{i + 1}", 0, 7, row, color=QUANTITIES["h"]))
        put(h[i], f"h_1,{i + 1}", f"h_1,{i + 1}", 1, 0, 1 + 3 * i, color=QUANTITIES["h"], again=True)
    a = [pre_activation(2, i, h, 3 * i, 3 * i + 2) for i in range(2)]
    e = [put(a[i].exp(), f"exp(a_2,{i + 1})", "exp", 1, 4, 3 * i + 1) for i in range(2)]
    total = put(e[0] + e[1], "the sum of both exp(a_2)", "+", 1, 5, 2.5)
    logarithm = put(total.log(), "log of that sum", "log", 1, 6, 2.5)
    loss = put(logarithm - a[true_class - 1], "𝓛", f"− a_2,{true_class}", 1, 7, 2.5)
    return loss, places


def graph_picture(step, x_1, x_2, W_111, true_class):
    """Return the picture of the graph after some steps of the walk back.

    Parameters
    ----------
    step : int
        How many results have passed their gradient on to what they were computed from; 0 … 29.
    x_1, x_2, W_111 : float
        The input, and the first weight.
    true_class : str
        "1" or "2".

    Returns
    -------
    Picture
    """
    loss, places = sample_loss((x_1, x_2), int(true_class), W_111)
    walk = walk_back(loss, step)
    names = {place.value: place.name for place in places}
    boxes = _boxes(places, walk)
    lines, texts = _edges(boxes, walk, bent=(loss, int(true_class)))
    drawn = [part for several in boxes.values() for each in several for part in box(each)]
    story = _story(walk, names, loss)
    known = ", ".join(f"{names[v]} {_short(walk.grad[v])}{'' if v in walk.complete else ' so far'}" for v in walk.grad if v in names)
    alt = f"""The loss of the 2-2-2 sample as a graph of {STEPS} operations on {len(boxes) - STEPS} parameters.
        𝓛 = {_short(loss.value)}. {story} Gradients so far: {known}."""
    picture = svg_picture([*lines, *drawn, *_headings(), *texts], WIDTH, HEIGHT, alt)
    return replace(picture, caption=story, spots=tuple(_spots(places, walk)))


def _spots(places, walk):
    """Return a Spot for every result: at the step in which it passes its gradient on."""
    number = {value: n for n, value in enumerate(walk.results, start=1)}
    for place in places:
        if place.value in number and not place.again:
            (x, y), n = place.middle, number[place.value]
            shape = cell_shape(x - WIDTH_OF_BOX / 2, y - HEIGHT_OF_BOX / 2, WIDTH_OF_BOX, HEIGHT_OF_BOX)
            yield Spot(place.name, {"step": n}, shape, n == len(walk.done))


@dataclass(frozen=True)
class Walk:
    """The walk of ``Value.backward``, as far as it has come.

    Attributes
    ----------
    results : list of Value
        Everything that was computed, in the order in which it passes its gradient on.
    done : list of Value
        Those of them that have done so; the last one is where the walk stands.
    grad : dict of Value to float
        What has arrived at each Value so far.
    complete : set of Value
        Those at which nothing more will arrive.
    """

    results: list
    done: list
    grad: dict
    complete: set

    @property
    def now(self):
        """Return the result that has passed its gradient on last; None at the beginning."""
        return self.done[-1] if self.done else None


def walk_back(loss, step):
    """Return the walk back from a loss after some steps.

    Parameters
    ----------
    loss : Value
        Where it begins; it is not changed.
    step : int
        How many results have passed their gradient on.

    Returns
    -------
    Walk
    """
    results = [v for v in reversed(loss.history()) if v.inputs]
    grad = {loss: 1.0}
    for v in results[:step]:
        for u, local in zip(v.inputs, v.local_derivatives, strict=True):
            grad[u] = grad.get(u, 0.0) + grad[v] * local
    still_to_come = {u for v in results[step:] for u in v.inputs}
    return Walk(results, results[:step], grad, set(grad) - still_to_come)


def _boxes(places, walk):
    """Return the boxes of every Value: one, or two where it is drawn again as the input of the second layer."""
    boxes = {}
    for place in places:
        v, gradient = place.value, ""
        if v in walk.grad:
            gradient = f"∂ {_short(walk.grad[v])}{'' if v in walk.complete else ' …'}"
        drawn = Box(place.label, _short(v.value), *place.middle, place.color, gradient, v is walk.now, place.again)
        boxes.setdefault(v, []).append(drawn)
    return boxes


def _edges(boxes, walk, bent):
    """Return the lines between the boxes, and the local derivatives on those along which the last gradient went.

    ``bent`` is the loss and the true class: the line from a_2 of that class to the loss goes around what stands between them,
    above it for class 1 and below it for class 2.
    """
    loss, true_class = bent
    lines, texts = [], []
    for v in walk.results:
        for u, local in zip(v.inputs, v.local_derivatives, strict=True):
            if u not in boxes:  # a constant
                continue
            bend = 0
            if v is loss and boxes[u][0].color == QUANTITIES["a"]:
                bend = -1 if true_class == 1 else 1
            ends = boxes[u][-1], boxes[v][0]  # the last box of h_1 is the one in the second layer
            lines.append(edge(*ends, DONE if v in walk.done else THIN, bend))
            if v is walk.now:
                texts.append(edge_text(*ends, two_significant(local), bend))
    return lines, texts


def _headings():
    return [
        text(LEFT + c * COLUMN, BANDS[band][0] - 34, heading, MUTED, size=13)
        for band, headings in enumerate(HEADINGS)
        for c, heading in enumerate(headings)
    ]


def _story(walk, names, loss):
    v = walk.now
    if v is None:
        return f"The forward pass is done: 𝓛 = {_short(loss.value)}. The walk back begins with ∂𝓛/∂𝓛 = 1."
    passed = [
        f"to {names[u]}: {in_brackets(_short(walk.grad[v]))} · {in_brackets(_short(local))} = {_short(walk.grad[v] * local)}"
        for u, local in zip(v.inputs, v.local_derivatives, strict=True)
        if u in names
    ]
    story = f"Step {len(walk.done)} of {STEPS}: {names[v]} has heard from everything computed from it. "
    story += f"Its gradient is {_short(walk.grad[v])}. It passes on {'; '.join(passed)}."
    if len(walk.done) == STEPS:
        story += " Every parameter has its gradient."
    return story


def _short(value):
    return short(round(value, 12))  # 0.5 − 0.6 + 0.1 is not quite 0 in a computer


graph_explorer = explorer(
    graph_picture,
    step=Number("step", 12, 0, STEPS, film=(1, 1)),
    true_class=Choice("true class", "1", CLASSES),
    x_1=Number("x₁", 1.0, -3.0, 3.0, step=0.1, more=True),
    x_2=Number("x₂", 2.0, -3.0, 3.0, step=0.1, more=True),
    W_111=Number("W₁₁₁", 0.5, -3.0, 3.0, step=0.1),
)
