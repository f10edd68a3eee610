"""How an eye sees colours: how different they are, how well a text stands out.

Colour blindness is simulated with the matrices of Machado, Oliveira and Fernandes (2009) for a complete defect. A difference is the
distance in CIELAB, where 2.3 can just be seen. Contrast is that of WCAG 2, which asks for 4.5 : 1.
"""

from xml.etree import ElementTree

import numpy as np
from matplotlib.colors import to_rgb

EYES = {
    "all cones": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])  # of linear sRGB


def linear(color):
    """Return a colour as linear sRGB: amounts of light."""
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def seen(color, eye):
    """Return the CIELAB coordinates of a colour as an eye sees it."""
    t = XYZ @ np.clip(EYES[eye] @ linear(color), 0, 1) / XYZ.sum(axis=1)
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(first, second):
    """Return the contrast of two colours, 1 to 21."""
    dark, light = sorted(linear(color) @ XYZ[1] for color in (first, second))
    return (light + 0.05) / (dark + 0.05)


def svg_texts(svg):
    """Yield each text of an SVG with its colour and that of the last rectangle or circle drawn under it."""
    shapes = []
    for element in ElementTree.fromstring(svg).iter():
        kind = element.tag.split("}")[1]
        number = {name: float(element.get(name)) for name in ("x", "y", "width", "height", "cx", "cy", "r") if element.get(name)}
        if kind in ("rect", "circle") and element.get("fill") != "none":
            shapes.append((kind, number, element.get("fill")))
        elif kind == "text":
            shift = {"start": 4, "middle": 0, "end": -4}[element.get("text-anchor", "start")]
            x, y = number["x"] + shift, number["y"] - 4
            under = [fill for shape, at, fill in shapes if covers(shape, at, x, y)]
            yield "".join(element.itertext()), element.get("fill"), under[-1]


def covers(kind, at, x, y):
    """Return whether a shape lies under a point."""
    if kind == "circle":
        return (x - at["cx"]) ** 2 + (y - at["cy"]) ** 2 <= at["r"] ** 2
    left, top = at.get("x", 0), at.get("y", 0)
    return left <= x <= left + at["width"] and top <= y <= top + at["height"]
