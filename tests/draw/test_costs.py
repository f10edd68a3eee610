"""The curves of what a gradient costs."""

from matplotlib.figure import Figure

from utils.draw.costs import WAYS, cost_curves
from utils.exhibits.multiplication_counts import cost


def test_each_curve_shows_its_own_count():
    costs = [cost([2, n, 2]) for n in (2, 3)]
    ax = cost_curves([2, 3], costs, Figure().subplots())
    shown = {line.get_label(): list(line.get_ydata()) for line in ax.lines}
    assert shown == {name: [getattr(c, field) for c in costs] for field, (name, *_) in WAYS.items()}
    assert shown["nudging"][0] == 104 and ax.get_yscale() == "log"
