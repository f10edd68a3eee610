"""The whole course as a picture: a tile for every lesson and homework, and how much of each is done."""

from textwrap import shorten, wrap

from utils.draw.style import GRID, INK, MUTED
from utils.draw.svg import svg_picture, text
from utils.homework.questions import HOMEWORKS

COLUMNS, WIDTH, HEIGHT, GAP = 5, 140, 84, 10
DONE = "#00704F"


def of_lesson(number, known, kept):
    """Return how far a lesson has come.

    Parameters
    ----------
    number : str
        "04".
    known : dict
        From ``known_lessons``.
    kept : dict
        The learner's facts of this lesson.

    Returns
    -------
    (str, str, int, int)
        Number, title, how many questions it has, and how many are answered.
    """
    answered = [name for name in known["predictions"] if "answer" in kept.get(name, {})]
    written = [name for name in known["exercises"] if "written" in kept.get(name, {})]
    return number, known["title"], len(known["predictions"]) + len(known["exercises"]), len(answered) + len(written)


def of_homework(progress):
    """Yield how far each homework has come.

    Parameters
    ----------
    progress : Progress
        The learner's.

    Yields
    ------
    (str, str, int, int)
        As in ``of_lesson``.
    """
    for name, homework in HOMEWORKS.items():
        right = [question for question in homework.questions if "written" in progress.get(name, question)]
        yield name.replace("hw_0", "Homework "), homework.title, len(homework.questions), len(right)


def course_picture(parts):
    """Return the course as a Picture.

    Parameters
    ----------
    parts : list of (str, str, int, int)
        For each lesson and homework its number, its title, how many questions it has, and how many are answered.

    Returns
    -------
    Picture
    """
    heads = [title.partition(":")[0] for _, title, _, _ in parts]
    short = [head if heads.count(head) == 1 else part[1] for head, part in zip(heads, parts, strict=True)]
    parts = [(number, title, asked, done) for title, (number, _, asked, done) in zip(short, parts, strict=True)]
    rows = -(-len(parts) // COLUMNS)
    tiles = "".join(_tile(*divmod(i, COLUMNS), *part) for i, part in enumerate(parts))
    listed = "; ".join(f"{number} {title}: {_in_words(asked, done)}" for number, title, asked, done in parts)
    return svg_picture(
        [tiles],
        COLUMNS * (WIDTH + GAP) - GAP + 2,
        rows * (HEIGHT + GAP) - GAP + 2,
        f"The course as a row of tiles, with what is done in each. {listed}.",
        caption="Your way through the course. A bar fills as you answer; a tick means that nothing is left open.",
    )


def _in_words(asked, done):
    return f"{done} of {asked} done" if asked else "nothing to answer"


def _tile(row, column, number, title, asked, done):
    x, y = 1 + column * (WIDTH + GAP), 1 + row * (HEIGHT + GAP)
    finished = asked and done == asked
    edge = DONE if finished else GRID
    lines = wrap(shorten(title, 36, placeholder=" …"), 19)[:2]
    parts = [
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#FFFFFF" stroke="{edge}" stroke-width="2"/>',
        text(x + 10, y + 21, number + " ✓" * bool(finished), DONE if finished else INK, size=15, anchor="start"),
        *(text(x + 10, y + 38 + 15 * i, line, INK, size=12, anchor="start") for i, line in enumerate(lines)),
    ]
    if asked:
        bar = WIDTH - 72
        parts += [
            f'<rect x="{x + 10}" y="{y + HEIGHT - 17}" width="{bar}" height="7" rx="3" fill="{GRID}"/>',
            f'<rect x="{x + 10}" y="{y + HEIGHT - 17}" width="{bar * done / asked:.1f}" height="7" rx="3" fill="{DONE}"/>',
            text(x + WIDTH - 8, y + HEIGHT - 10, f"{done} of {asked}", MUTED, size=11, anchor="end"),
        ]
    return "".join(parts)
