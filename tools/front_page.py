"""Makes the moving picture of the README, ``make film``, and its links to Colab, ``make badges``."""

import sys
from pathlib import Path

from setup_cell import published, with_badges
from utils.draw.animation import write_gif
from utils.explore.training import training_picture

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"


def film():
    """Write the moving picture: a network learning the spirals, epoch by epoch."""
    run = {"learning_rate": 1.0, "epochs": 400, "n_hidden": 8, "activation": "tanh", "seed": 1}
    pictures = [training_picture(**run, data="spirals", replay=percent) for percent in range(0, 101, 3)]
    write_gif(pictures, ROOT / ".github" / "training.gif", milliseconds=120, hold=2500)


def badges():
    """Give each notebook in the README's tables the badge that belongs to [tool.course] in pyproject.toml."""
    readme = README.read_text(encoding="utf-8")
    README.write_text(with_badges(readme, published()), encoding="utf-8")


if __name__ == "__main__":
    {"film": film, "badges": badges}[sys.argv[1]]()
