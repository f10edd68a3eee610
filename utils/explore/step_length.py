"""Two explorers of the length of a step: on one parabola, and in two directions of different curvature (lesson 12)."""

import numpy as np
from matplotlib.path import Path

from utils.draw.numbers import number, significant
from utils.draw.style import COMPARISON, GRID, INK, MUTED, THIN
from utils.draw.svg import svg_picture, text
from utils.explore.controls import Number, explorer

WIDTH, HEIGHT, NAME = 720, 340, 16  # pixels; the last is the height of a name
LAST = 60  # the most steps in the valley
START = 2.0  # where w begins on the parabola
VALLEY_START = (-2.0, 1.0)  # along the flat direction, and along the steep one
PATH = INK


def walk(start, curvature, rate, steps):
    """Return the positions of gradient descent on the loss ½ c w², the start included.

    Parameters
    ----------
    start : float or array, shape (n,)
        Where it begins; several numbers are directions that do not mix.
    curvature : float or array, shape (n,)
        c, in each direction.
    rate : float
        Learning rate η.
    steps : int
        How many.

    Returns
    -------
    ndarray, shape (steps + 1,) or (steps + 1, n)
    """
    powers = np.arange(steps + 1).reshape(-1, *[1] * np.ndim(curvature))
    return np.asarray(start, dtype=float) * (1 - rate * np.asarray(curvature)) ** powers


class _Panel:
    """A rectangle of the picture with its own coordinates; what lies outside is cut off."""

    def __init__(self, left, top, width, height, xlim, ylim):
        self.box, self.xlim, self.ylim = (left, top, width, height), xlim, ylim

    def at(self, x, y):
        left, top, width, height = self.box
        (x_low, x_high), (y_low, y_high) = self.xlim, self.ylim
        return left + width * (np.asarray(x) - x_low) / (x_high - x_low), top + height * (y_high - np.asarray(y)) / (y_high - y_low)

    def holds(self, x, y):
        return (self.xlim[0] <= x) & (x <= self.xlim[1]) & (self.ylim[0] <= y) & (y <= self.ylim[1])

    @property
    def frame(self):
        left, top, width, height = self.box
        return f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="{GRID}"/>'

    def line(self, x, y, color, width=2.0, dashed=False):
        """Return a line through points, without what lies outside of the panel."""
        left, top, across, down = self.box
        points = np.column_stack(self.at(np.clip(x, -1e6, 1e6), np.clip(y, -1e6, 1e6)))
        seen = Path(points).cleaned(clip=(left, top, left + across, top + down))
        moves = {Path.MOVETO: "M", Path.LINETO: "L"}
        d = " ".join(f"{moves[code]} {u:.1f} {v:.1f}" for (u, v), code in zip(seen.vertices, seen.codes, strict=True) if code in moves)
        dashes = ' stroke-dasharray="6 4"' if dashed else ""
        return f'<path d="{d}" fill="none" stroke="{color}" stroke-width="{width}"{dashes}/>' if d else ""

    def dots(self, x, y, color, radius=4.0):
        here = self.holds(x, y)
        return "".join(
            f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{radius}" fill="{color}"/>' for a, b in np.transpose(self.at(x[here], y[here]))
        )


def parabola_picture(rate, curvature, steps):
    """Return the picture of gradient descent on the parabola ½ c w², and of the factor 1 − η c that each step multiplies w by.

    Parameters
    ----------
    rate : float
        Learning rate η.
    curvature : float
        c, the second derivative of the loss.
    steps : int
        How many steps are drawn; the walk begins at w = 2.

    Returns
    -------
    Picture
    """
    w = walk(START, curvature, rate, steps)
    factor = 1 - rate * curvature
    plane = _Panel(46, 30, 380, 250, (-4, 4), (-0.6, 12))
    grid = np.linspace(-4, 4, 161)
    parts = [
        plane.frame,
        plane.line(grid, curvature * grid**2 / 2, THIN, 2),
        plane.line(w, curvature * w**2 / 2, PATH, 1.2),
        plane.dots(w, curvature * w**2 / 2, PATH),
        plane.dots(w[-1:], curvature * w[-1:] ** 2 / 2, PATH, 7),
        text(236, 20, "loss ½ c w²", INK, size=14),
        *(text(plane.at(x, 0)[0], 298, f"{x}".replace("-", "−"), MUTED, size=12) for x in (-4, -2, 0, 2, 4)),
        text(236, 320, "w", INK, size=14),
        *_number_line(factor),
    ]
    arithmetic = f"1 − ηc = 1 − {significant(rate)} · {significant(curvature)} = {significant(factor)}"
    ways = "w: " + " → ".join(number(value) for value in w[:5]) + (" → …" if steps > 4 else "")
    story = f"{arithmetic}. {_story(factor)}"
    alt = f"A parabola with a walk of {steps} steps from w = 2, and a number line with the factor of a step. {story} {ways}."
    return svg_picture(parts, WIDTH, HEIGHT, alt, caption=f"{story} {ways}.")


def _number_line(factor):
    """Return a vertical number line from −3 to 2 with the range that converges, and the factor as a triangle beside it."""
    line = _Panel(560, 46, 20, 240, (0, 1), (-3, 2))
    (left, low), (right, high) = line.at(0, -1), line.at(1, 1)
    shown = np.clip(factor, -3, 2)
    x, y = line.at(1, shown)
    return [
        text(570, 20, "every step multiplies w by", INK, size=14),
        f'<rect x="{left}" y="{high}" width="{right - left}" height="{low - high}" fill="{GRID}"/>',
        *(
            f'<line x1="{left}" x2="{right}" y1="{line.at(0, tick)[1]}" y2="{line.at(0, tick)[1]}" stroke="{INK}"/>'
            + text(left - 8, line.at(0, tick)[1] + 4, f"{tick}".replace("-", "−"), MUTED, size=12, anchor="end")
            for tick in range(-3, 3)
        ),
        f'<path d="M {x + 2:.1f} {y:.1f} L {x + 16:.1f} {y - 8:.1f} L {x + 16:.1f} {y + 8:.1f} Z" fill="{PATH}"/>',
        text(x + 22, y + 5, significant(factor) + (" (beyond)" if shown != factor else ""), PATH, size=14, anchor="start"),
        text(570, 320, "grey: the walk comes nearer to 0", MUTED, size=13),
    ]


def _story(factor):
    if factor == 0:
        return "One step, and it is at the bottom."
    if abs(factor) < 1:
        return "It comes nearer with every step" + (", from both sides in turn." if factor < 0 else ".")
    if abs(factor) == 1:
        return "It never comes nearer." if factor == 1 else "It jumps from one side to the other for ever."
    return "Each step lands farther away than the last one: it diverges."


def two_curvatures_picture(rate, ratio, steps):
    """Return the picture of gradient descent in a valley, and of its distance from the bottom in both directions.

    The loss is ½ (v² + u²/r): curvature 1 across the valley, 1/r along it.

    Parameters
    ----------
    rate : float
        Learning rate η.
    ratio : float
        r, how many times more curved the valley is across than along.
    steps : int
        How many steps are drawn.

    Returns
    -------
    Picture
    """
    curvature = np.array([1 / ratio, 1.0])
    places = walk(VALLEY_START, curvature, rate, steps)
    plane = _Panel(24, 30, 400, 236, (-2.6, 2.6), (-1.55, 1.55))
    angle = np.linspace(0, 2 * np.pi, 73)
    rings = [
        plane.line(size * np.sqrt(ratio) * np.cos(angle), size * np.sin(angle), THIN, 1) for size in (0.15, 0.35, 0.6, 0.9, 1.25, 1.65, 2.1)
    ]
    (u, v), (u_0, v_0) = places.T, plane.at(0, 0)
    distance = _Panel(500, 30, 156, 236, (0, LAST), (-3, 1.2))
    along, across = (np.log10(np.maximum(np.abs(part), 1e-6)) for part in (u, v))
    count = np.arange(steps + 1)
    parts = [
        plane.frame,
        *rings,
        plane.line(u, v, PATH, 1.4),
        plane.dots(u, v, PATH, 3),
        plane.dots(u[-1:], v[-1:], PATH, 7),
        f'<path d="M {u_0 - 7:g} {v_0:g} h 14 M {u_0:g} {v_0 - 7:g} v 14" fill="none" stroke="{MUTED}" stroke-width="2"/>',
        text(224, 20, "the valley from above", INK, size=14),
        distance.frame,
        distance.line(count, across, COMPARISON, 2, dashed=True),
        distance.line(count, along, PATH, 2),
        text(578, 20, "distance from the bottom", INK, size=14),
        *(
            text(494, distance.at(0, power)[1] + 4, label, MUTED, size=12, anchor="end")
            for power, label in ((-3, "0.001"), (-2, "0.01"), (-1, "0.1"), (0, "1"), (1, "10"))
        ),
        text(500, 284, "0", MUTED, size=12),
        text(656, 284, f"{LAST}", MUTED, size=12, anchor="end"),
        text(578, 284, "steps", INK, size=13),
        text(24, 312, "large dot: now · cross: the bottom", MUTED, size=13, anchor="start"),
        *_names_at_the_ends(distance, steps, along[-1], across[-1]),
    ]
    end = f"After {steps} steps: along {number(u[-1])}, across {number(v[-1])}"
    far = np.hypot(u[-1], v[-1])
    verdict = "it runs away" if far > np.hypot(*VALLEY_START) and steps else f"distance {number(far)}"
    factors = f"Along: factor 1 − {number(rate / ratio)}. Across: factor 1 − {significant(rate)}."
    summary = f"η = {significant(rate)}, curvatures 1 : {significant(ratio)}. {factors} {end}; {verdict}."
    alt = f"Rings of equal loss with a path, and both distances from the bottom on a logarithmic axis. {summary}"
    return svg_picture(parts, WIDTH, HEIGHT - 16, alt, caption=summary)


def _names_at_the_ends(panel, x, along, across):
    """Return the names of both distances to the right of their last values, one above the other where these are near."""
    top, bottom = panel.box[1] + 8, panel.box[1] + panel.box[3] - 4
    ends = [float(np.clip(panel.at(x, end)[1] + 4, top, bottom)) for end in (along, across)]
    if abs(ends[0] - ends[1]) < NAME:
        upper = int(ends[1] < ends[0])
        ends[1 - upper] = max(ends[1 - upper], top + NAME)
        ends[upper] = ends[1 - upper] - NAME
    left = panel.at(x, 0)[0] + 8
    names = (("along", PATH), ("across", COMPARISON))
    return [text(left, y, name, color, size=13, anchor="start") for y, (name, color) in zip(ends, names, strict=True)]


parabola_explorer = explorer(
    parabola_picture,
    rate=Number("learning rate", 0.1, 0.0, 3.0, step=0.05),
    curvature=Number("curvature", 1.0, 0.25, 4.0, step=0.25),
    steps=Number("steps", 8, 0, 30, film=(1, 6)),
)
two_curvatures_explorer = explorer(
    two_curvatures_picture,
    rate=Number("learning rate", 1.0, 0.1, 4.0, step=0.1),
    ratio=Number("flat : steep", 20.0, 1.0, 100.0, step=1.0),
    steps=Number("steps", 20, 0, LAST, film=(1, 12)),
)
