"""The way back through a small network, as a bar of progress from lesson 04 to lesson 07."""

from utils.draw.diagrams import graph_diagram
from utils.draw.style import QUANTITIES
from utils.draw.svg import Line

PIECES = {  # by lesson: the lines of the piece, and what it reaches
    "04": ([("a_2", "ŷ"), ("ŷ", "𝓛")], "from 𝓛 over ŷ to a_2"),
    "05": ([("h_1", "a_2"), ("a_1", "h_1")], "from a_2 over h_1 to a_1"),
    "06": ([("W_2", "a_2"), ("W_1", "a_1")], "from a_2 to W_2 and from a_1 to W_1"),
}
CAPTIONS = {"04": 4, "05": 2, "06": 0}  # below which column a lesson is named


def way_back(lesson):
    """Return the row from the input to the loss, with the weights: bold is the piece of this lesson, green what is done.

    Parameters
    ----------
    lesson : str
        "04" to "07"; in 07 all pieces are done.

    Returns
    -------
    Picture
    """
    columns = [["x", "W_1"], ["a_1"], ["h_1", "W_2"], ["a_2"], ["ŷ"], ["𝓛"]]
    edges = [("x", "a_1"), ("W_1", "a_1"), ("a_1", "h_1"), ("h_1", "a_2"), ("W_2", "a_2"), ("a_2", "ŷ"), ("ŷ", "𝓛")]
    lines, told = {}, []
    captions = [""] * len(columns)
    for number, (piece, words) in PIECES.items():
        state = "now" if number == lesson else "done" if number < lesson else "to come"
        if state != "to come":
            lines |= {edge: Line(QUANTITIES["gradient" if state == "now" else "h"], 4 if state == "now" else 3) for edge in piece}
        told.append(f"{words}: lesson {number}, {state}")
        captions[CAPTIONS[number]] = number + {"done": " ✓", "now": " now", "to come": ""}[state]
    return graph_diagram(
        columns,
        edges,
        f"""A network with two layers as a row: x and W_1 lead to a_1, a_1 to h_1, h_1 and W_2 to a_2, then ŷ and 𝓛. The way back begins at
        the loss. Its pieces: {"; ".join(told)}. The bold lines are the piece of this lesson, green ones are done.""",
        lines=lines,
        captions=captions,
    )
