"""Diagrams of networks and computations as SVG text: crisp at every size, written in a millisecond.

A diagram is columns of circles with lines between them. Every quantity of the course keeps its colour:
pre-activations a, activations h, parameters W, and gradients, which are whatever flows back.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from utils.draw.spots import Spot, line_shape, round_shape
from utils.draw.style import HIGHLIGHT, INK, MUTED, PAPER, QUANTITIES, THIN
from utils.draw.svg import CLEAR, Line, dot, line, svg_picture, text, text_on_line, text_width

RADIUS = 25
INSIDE = 41  # pixels between the left and the right of a circle where its number stands
WIDEST = 740  # pixels: what fits beside the prompt of a notebook cell
COLUMN_GAP, UNIT_GAP, ROOMY, MARGIN = 122, 66, 84, 14
TOP, BOTTOM, LINE_HEIGHT = 34, 26, 20  # room for the headings above, the captions below, and one more line of text
LIFTS = (0, 14, -14, 20, -20, 27, -27, 33, -33)  # pixels: how far from its line a text may stand
ATTEMPTS = 3  # how often texts are placed anew, in another order
LARGEST_COLUMN = 10  # more circles than this cannot be read
NODE_COLORS = {"a": QUANTITIES["a"], "h": QUANTITIES["h"], "ŷ": QUANTITIES["h"]}


def network_columns(layer_sizes):
    """Return the circles of a network, a column a layer: inputs, activations, outputs.

    The names are those of ``utils.exhibits.computation_graph``: x_1, h_1,2, ŷ_1.

    Parameters
    ----------
    layer_sizes : list of int
        [n_0, …, n_L].

    Returns
    -------
    list of list of str
        L + 1 columns of names.
    """
    L = len(layer_sizes) - 1
    return [[f"x_{i + 1}" if k == 0 else f"ŷ_{i + 1}" if k == L else f"h_{k},{i + 1}" for i in range(n)] for k, n in enumerate(layer_sizes)]


def fully_connected(columns):
    """Return the edges that join every circle of a column with every circle of the next.

    Parameters
    ----------
    columns : list of list of str
        Names of the circles, column by column.

    Returns
    -------
    list of (str, str)
        Left and right end of every edge.
    """
    return [(start, end) for left, right in pairwise(columns) for start in left for end in right]


def network_diagram(layer_sizes, activation="sigmoid", output="softmax", W=None, b=None):
    """Return the diagram of a network: a circle for every unit, a line for every weight.

    Parameters
    ----------
    layer_sizes : list of int
        [n_0, …, n_L], at most 10 units in a layer.
    activation, output : str
        What is written under the hidden layers and under the output.
    W, b : dict of int to nested lists of str, optional
        Names that stand on the lines and in the circles, W_k in the rows and columns of its matrix:
        ``W={1: [["w_1", "w_2"]]}, b={1: ["b_1"]}``.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        For a layer that is too wide to be drawn readably.
    """
    L = len(layer_sizes) - 1
    columns = network_columns(layer_sizes)
    hidden = ", ".join(f"{n} hidden units ({activation})" for n in layer_sizes[1:-1]) or "no hidden layer"
    n_weights = sum(m * n for m, n in pairwise(layer_sizes))
    alt = (
        f"Network {'-'.join(map(str, layer_sizes))}: {layer_sizes[0]} inputs, {hidden}, {layer_sizes[-1]} outputs ({output}). "
        f"Every unit is connected to every unit of the next layer: {n_weights} weights, and {sum(layer_sizes[1:])} biases."
    )
    on_lines = {
        (columns[k - 1][j], columns[k][i]): Line(QUANTITIES["W"], 1.2, name, at=0.34)  # not in the middle, where lines cross
        for k, rows in (W or {}).items()
        for i, row in enumerate(rows)
        for j, name in enumerate(row)
    }
    in_circles = {columns[k][i]: f"+ {name}" for k, names in (b or {}).items() for i, name in enumerate(names)}
    if on_lines:
        listed = "; ".join(f"{name.text} from {start} to {end}" for (start, end), name in on_lines.items())
        alt += f" Names: {listed}; {', '.join(f'{name[2:]} in {unit}' for unit, name in in_circles.items())}."
    return graph_diagram(
        columns,
        fully_connected(columns),
        alt,
        values=in_circles,
        lines=on_lines,
        captions=["input", *[activation] * (L - 1), output],
        between=[f"W_{k}, b_{k}" for k in range(1, L + 1)],
        gap=170,
    )


def graph_diagram(
    columns,
    edges,
    alt,
    *,
    values=None,
    notes=None,
    lines=None,
    highlighted=(),
    captions=(),
    below=(),
    between=(),
    moving=(),
    spots=None,
    chosen="",
    extra=(),
    extra_height=0,
    gap=COLUMN_GAP,
    max_width=WIDEST,
    unit_gap=UNIT_GAP,
):
    """Return columns of circles joined by lines, as a Picture.

    Parameters
    ----------
    columns : list of list of str
        Names of the circles, column by column from left to right, such as "h_1,2".
    edges : iterable of (str, str)
        Which circles are joined.
    alt : str
        What the diagram shows, with its numbers.
    values : dict of str to str, optional
        A text to stand in a circle, under its name.
    notes : dict of str to str, optional
        A text under a circle, in the colour of gradients.
    lines : dict of (str, str) to Line, optional
        Edges that are drawn with emphasis, on top of the others.
    highlighted : collection of str
        Circles that are drawn with emphasis.
    captions, between : list of str
        Texts under each column, and above each gap between two columns.
    below : list of str
        Derivatives that belong to the columns, in the colour of gradients, above the captions.
    moving : list of Dot
        What travels along the edges a moment after the picture has come.
    spots : dict of (str or (str, str)) to (str, dict), optional
        Circles and edges that can be chosen: the name of what is chosen there, and what the controls are set to.
    chosen : str
        Which of these names is chosen now.
    extra : callable, optional
        Takes the middle x of each column and the y of the lower edge, and returns more SVG elements for the room below.
    extra_height : float
        How many pixels that room is high.
    gap, max_width : float
        Distance of two columns in pixels; less where the diagram would be wider than ``max_width``.
    unit_gap : float
        Distance of two circles of a column; ``ROOMY`` where notes stand between them.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        For a column that is too long to be drawn readably.
    """
    values, notes, lines = values or {}, notes or {}, lines or {}
    tallest = max(map(len, columns))
    if tallest > LARGEST_COLUMN:
        raise ValueError(f"A layer of {tallest} units cannot be drawn readably; {LARGEST_COLUMN} is the most.")
    gap = min(gap, (max_width - 2 * (MARGIN + RADIUS)) / max(1, len(columns) - 1))
    centers = [MARGIN + RADIUS + c * gap for c in range(len(columns))]
    places = {
        name: (x, TOP + RADIUS + ((tallest - len(column)) / 2 + i) * unit_gap)
        for x, column in zip(centers, columns, strict=True)
        for i, name in enumerate(column)
    }
    bottom = TOP + 2 * RADIUS + (tallest - 1) * unit_gap + (LINE_HEIGHT if below else 0) + BOTTOM
    parts = [line(places[start], places[end], Line(THIN, 1.2)) for start, end in edges if (start, end) not in lines]
    parts += [line(places[start], places[end], style) for (start, end), style in lines.items()]
    parts += _texts_on_lines(places, lines, notes)
    for name, place in places.items():
        parts += _circle(name, *place, values.get(name), notes.get(name), name in highlighted)
    parts += [text(x, bottom - 6, caption, MUTED, size=13) for x, caption in zip(centers, captions, strict=False)]
    parts += [text(x, bottom - 6 - LINE_HEIGHT, slope, QUANTITIES["gradient"], size=14) for x, slope in zip(centers, below, strict=False)]
    parts += [text(x + gap / 2, 18, heading, QUANTITIES["W"]) for x, heading in zip(centers, between, strict=False)]
    for each in moving:
        parts += dot(each, places[each.start], places[each.end], RADIUS)
    if extra:
        parts += extra(centers, bottom)
    picture = svg_picture(parts, centers[-1] + RADIUS + MARGIN, bottom + extra_height, alt)
    return replace(picture, spots=tuple(_spots(places, spots or {}, chosen)))


def _spots(places, spots, chosen):
    """Return a Spot for every edge, and above them one for every circle."""
    for place in sorted(spots, key=lambda place: isinstance(place, str)):
        name, values = spots[place]
        shape = round_shape(*places[place], RADIUS + 3) if isinstance(place, str) else line_shape(*(places[end] for end in place))
        yield Spot(name, values, shape, name == chosen)


def _circle(name, x, y, value, note, highlighted):
    """Return the elements of a circle with its name, the value in it and the note under it, both None where there is none."""
    color, fill, width = NODE_COLORS.get(name[0], INK), HIGHLIGHT if highlighted else PAPER, 4 if highlighted else 2
    parts = [f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS}" fill="{fill}" stroke="{color}" stroke-width="{width}"/>']
    words = "𝓛" if name == "L" else name  # L counts the layers, also in pictures
    if value is None:
        parts.append(text(x, y + 5, words, color))
    else:
        parts += [text(x, y - 3, words, color, size=14), text(x, y + 13, value, INK, size=_fitting(value, 12))]
    if note is not None:
        parts.append(text_on_line(x, y + RADIUS + 10, note, QUANTITIES["gradient"]))
    return parts


def _fitting(value, size):
    """Return the size in which a number keeps clear of the circle around it, at least 9 pixels."""
    return max(9, min(size, round(size * INSIDE / text_width(value, size), 1)))


def _texts_on_lines(places, lines, notes):
    """Return the texts of lines, each where it covers no circle, no other text, and as few other emphasised lines as possible."""
    order, found = [edge for edge, style in lines.items() if style.text], {}
    for _ in range(ATTEMPTS):
        found, crowded = _placed(order, places, lines, notes)
        if not crowded:
            break
        order = [*crowded, *(edge for edge in order if edge not in crowded)]  # a text that has found no free place is placed first
    return [text_on_line(*found[edge][:2], lines[edge].text, lines[edge].color, int(found[edge][4])) for edge in lines if edge in found]


def _placed(order, places, lines, notes):
    """Return the box of each text, one after the other: middle, width, height, size; and which of them covers a circle or a text."""
    circles = np.array(list(places.values()))
    taken = [(x, y + RADIUS + 10, text_width(notes[name], 13) + 12, 18) for name, (x, y) in places.items() if name in notes]
    along = {edge: np.linspace(*(places[name] for name in edge), 24) for edge in lines}
    found, crowded = {}, []
    for edge in order:
        style, (start, end) = lines[edge], (np.array(places[name]) for name in edge)
        boxes = np.array(
            [(*(start + at * (end - start) - (0, lift)), text_width(style.text, size) + 12, 18, size) for at, lift, size in _choices(style)]
        )
        others = [points for other, points in along.items() if other != edge]
        covered = 100 * _meets_circles(boxes, circles) + 100 * _meets_texts(boxes, taken)
        costs = covered + 10 * _meets_lines(boxes, others)
        found[edge] = boxes[costs.argmin()]
        taken.append(tuple(found[edge][:4]))
        if covered[costs.argmin()]:
            crowded.append(edge)
    return found, crowded


def _choices(style):
    """Return where the text of a line can stand, the best first: the share of the way, how far above the line, and how large."""
    if style.lift or style.at:
        return [(style.at or 0.5, style.lift, 13)]
    return [(at, lift, size) for size in (13, 12) for lift in LIFTS for at in (0.5, 0.6, 0.4, 0.68, 0.32, 0.75, 0.25)]


def _meets_circles(boxes, circles):
    # how many circles each box meets; a box is its middle, width, height, and half of the room beside its text may be lost
    gaps = np.maximum(np.abs(boxes[:, None, :2] - circles) - (boxes[:, None, 2:4] - (CLEAR, 0)) / 2, 0)
    return (np.hypot(gaps[..., 0], gaps[..., 1]) < RADIUS).sum(axis=1)


def _meets_texts(boxes, taken):
    others = np.array(taken).reshape(-1, 4)
    return (np.abs(boxes[:, None, :2] - others[:, :2]) < (boxes[:, None, 2:4] + others[:, 2:]) / 2).all(axis=-1).sum(axis=1)


def _meets_lines(boxes, lines):
    points = np.array(lines).reshape(-1, 24, 2)
    inside = np.abs(boxes[:, None, None, :2] - points) < boxes[:, None, None, 2:4] / 2
    return inside.all(axis=-1).any(axis=-1).sum(axis=1)
