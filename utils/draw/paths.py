"""Pictures of paths: a computation as circles, with the paths through it highlighted (lesson 02)."""

from utils.draw.diagrams import COLUMN_GAP, graph_diagram
from utils.draw.numbers import short, two_digits
from utils.draw.style import QUANTITIES
from utils.draw.svg import Dot, Line
from utils.exhibits.computation_graph import displayed

THINNEST, THICKEST, ALONE = 1.6, 6.0, 3.0  # line widths; a path alone has nothing to be compared with
MOST_TEXTS = 6  # more local derivatives than this would overlap
MOST_IN_ALT = 12
ROOMY = 6  # with more columns, or more texts than those of one path, there is no room for a name beside a number
WIDE = 170  # pixels between two columns of a small graph, so that its lines are longer than their texts


def path_diagram(graph, columns, start, end="L", number=0, headings=(), spots=None):
    """Return the Picture of a computation with the paths from start to end highlighted ("lit").

    A line is as thick as what flows through it: the products of all lit paths that run along it, added up.
    It is dashed where that is negative. A weight has no circle; its path begins on the edge it sits on.

    Parameters
    ----------
    graph : utils.exhibits.computation_graph.Graph
        The computation.
    columns : list of list of str
        Its circles, column by column. The start of a bias is added to the column it comes from.
    start, end : str
        Names of nodes.
    number : int
        0 lights all paths, n only the n-th, with its local derivatives.
    headings : list of str
        What stands above each gap between two columns.
    spots : dict, optional
        As ``graph_diagram`` takes them.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        For a node that is not in the graph, a number without a path, or a column too long to be drawn.
    """
    paths = graph.paths(start, end)
    if not 0 <= number <= len(paths):
        raise ValueError(f"There is no path {number} from {start} to {end}; there are {len(paths)}. 0 shows all of them.")
    chosen = [paths[number - 1]] if number else paths
    flow = {}
    for path in chosen:
        for edge in path.edges:
            flow[edge] = flow.get(edge, 0.0) + path.product
    strongest = max(map(abs, flow.values()), default=0) or 1.0
    with_texts = number or len(flow) <= MOST_TEXTS
    columns, headings = _with_start(columns, start), list(headings)
    column_of = {name: c for c, column in enumerate(columns) for name in column}

    lines = {}
    for edge, through in flow.items():
        text = short(edge.derivative) if with_texts else ""
        if edge.start not in column_of:  # a weight: its name on the edge, with the derivative where there is room
            text = start if not text else f"{start}: {text}" if number and len(columns) <= ROOMY else text
            if headings:
                headings[column_of[edge.end] - 1] = "∂a/∂W = h"
        width = THINNEST + (THICKEST - THINNEST) * abs(through) / strongest if len(chosen) > 1 else ALONE
        lines[_place(edge, column_of)] = Line(QUANTITIES["gradient"], width, text, dashed=through < 0)
    edges = [(edge.start, edge.end) for following in graph.following.values() for edge in following]
    return graph_diagram(
        columns,
        [edge for edge in edges if edge[0] in column_of and edge[1] in column_of],
        _alt(paths, start, end, number),
        values={name: two_digits(graph.values[name]) for name in column_of},
        lines=lines,
        highlighted={node for path in chosen for node in path.nodes},
        between=headings,
        gap=WIDE if len(columns) <= 4 else COLUMN_GAP,
        moving=_stream(lines, column_of),
        spots=spots,
        chosen=start,
    )


def _stream(lines, column_of):
    """Return what flows along the lit lines, column by column towards the end."""
    first = min((column_of[start] for start, _ in lines), default=0)
    return [Dot(start, end, column_of[start] - first, style.color, style.width / THICKEST) for (start, end), style in lines.items()]


def _with_start(columns, start):
    # a bias is a unit that is always 1: it gets a circle in the column before its pre-activation
    if not start.startswith("b_"):
        return columns
    after = next(c for c, column in enumerate(columns) if start.replace("b", "a") in column)
    return [[*column, start] if c == after - 1 else column for c, column in enumerate(columns)]


def _place(edge, column_of):
    # W_k,i,j sits on the edge from unit j of layer k−1 to a_k,i
    if edge.start in column_of:
        return edge.start, edge.end
    k, _, j = edge.start.removeprefix("W_").split(",")
    return (f"x_{j}" if k == "1" else f"h_{int(k) - 1},{j}"), edge.end


def _alt(paths, start, end, number):
    shown = [paths[number - 1]] if number else paths[:MOST_IN_ALT]
    listed = "; ".join(f"{path}: {path.product + 0.0:+.4g}" for path in shown)
    more = f"; and {len(paths) - len(shown)} more" if not number and len(paths) > len(shown) else ""
    every = {1: "The only path", 2: "Both paths"}.get(len(paths), f"All {len(paths)} paths")
    n = f"Path {number} of {len(paths)}" if number else every
    total = sum(path.product for path in paths)
    ends = f"from {start} to {displayed(end)}"
    return f"{n} {ends}, lit, with the product of the local derivatives: {listed}{more}. Sum of all paths {total:+.4g}.".replace("-", "−")
