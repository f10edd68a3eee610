"""The frame of every explorer: controls on top, the picture below, redrawn at every change.

Only widgets that exist alike in ipywidgets 7.7 and 8 are used, and nothing that needs the network.
Each slider comes with a number field; the two follow each other, and either can be used by keyboard.
A list is opened with Space: on a closed list JupyterLab takes letters and arrow keys for its own shortcuts.
"""

from html import escape
from threading import Lock

import ipywidgets as widgets
import numpy as np

# ipykernel 7 calls a control in a thread of its own, which may overlap with a running cell.
ONE_PICTURE_AT_A_TIME = Lock()

# ipywidgets 8 gives the handle of a slider no accessible name, and no trait leads there. So the page itself names each handle
# after the label beside it, as soon as there is one. A page that runs no scripts still has the name of the field.
NAMES = """<style onload="
    const panel = this.closest('.widget-vbox');
    const name = () => panel.querySelectorAll('.noUi-handle').forEach(
        (handle) => handle.setAttribute('aria-label', handle.closest('.widget-hbox').textContent.trim() + ', slider')
    );
    new MutationObserver(name).observe(panel, {childList: true, subtree: true});
    name();
"></style>"""


class Number:
    """A number on a slider with a field to type it in.

    Parameters
    ----------
    label : str
        The name of the control, as the learner reads it.
    value, low, high : float
        Where it begins, and its range. Whole numbers throughout make a control for whole numbers.
    step : float
        One press of an arrow key.
    log : bool
        A slider over powers of ten, ten steps a decade, rounded to two digits.
    """

    def __init__(self, label, value, low, high, step=1, log=False):
        self.log = log
        whole = not log and all(isinstance(number, int) for number in (value, low, high, step))
        field = widgets.BoundedIntText if whole else widgets.BoundedFloatText
        self.field = field(
            value=value,
            min=low,
            max=high,
            step=value / 10 if log else step,
            description=label,
            style={"description_width": "95px"},
            layout={"width": "175px"},
        )
        if log:
            self.slider = widgets.FloatLogSlider(value=value, min=np.log10(low), max=np.log10(high), step=0.1)
        else:
            self.slider = (widgets.IntSlider if whole else widgets.FloatSlider)(value=value, min=low, max=high, step=step)
        self.slider.readout = False
        self.slider.layout.width = "165px"
        self.slider.layout.margin = "2px 2px 2px 12px"  # the handle at its left end stays clear of the field
        _no_tooltip(self.field)
        self.box = widgets.HBox([self.field, self.slider])
        self._following = False
        self.slider.observe(self._slider_moved, "value")
        self.field.observe(self._field_changed, "value")

    def _slider_moved(self, change):
        value = change["new"]
        position, truth = (np.log10([value, self.field.value])) if self.log else (value, self.field.value)
        if abs(position - truth) > 0.501 * self.slider.step:  # otherwise the page has only put the handle on its nearest notch
            self._follow(self.field, float(f"{value:.2g}") if self.log else type(value)(f"{value:.10g}"))

    def _field_changed(self, change):
        self._follow(self.slider, change["new"])

    def _follow(self, other, value):
        if self._following:  # a rounded value sent back would pull the handle from under the hand
            return
        self._following = True
        try:
            with other.hold_sync():  # the picture goes out first
                other.value = value
        finally:
            self._following = False


class Choice:
    """One name out of a list.

    Parameters
    ----------
    label : str
        The name of the control, as the learner reads it.
    value : str
        Where it begins.
    options : list of str
        What there is to choose from.
    """

    def __init__(self, label, value, options):
        self.field = widgets.Dropdown(
            options=options, value=value, description=label, style={"description_width": "95px"}, layout={"width": "340px"}
        )
        _no_tooltip(self.field)
        self.box = self.field


def _no_tooltip(widget):
    if hasattr(widget, "tooltip"):
        widget.tooltip = ""  # ipywidgets 8 would show "null" under the mouse


class Panel:
    """Controls over a pure function from their values to a Picture.

    The first picture is drawn at once, without any event, so that a notebook that is only run from
    top to bottom shows and tests it too.

    Parameters
    ----------
    draw : callable
        Called with the value of every control by its name; returns a Picture.
    controls : dict of str to Number or Choice
        The controls by the name of the argument they set, in their order on the page.
    start : dict
        Values to begin with, by name.

    Raises
    ------
    ValueError
        For a starting value whose name is no control, or that its control does not allow.
    """

    def __init__(self, draw, controls, start):
        self.draw = draw
        self.controls = controls
        for name, value in start.items():
            self._begin(name, value)
        self.image = widgets.HTML()
        grid = widgets.GridBox(
            [control.box for control in controls.values()],
            layout={"grid_template_columns": "repeat(auto-fill, 355px)", "max_width": "750px", "grid_gap": "2px 30px"},
        )
        self.box = widgets.VBox([grid, self.image, widgets.HTML(NAMES, layout={"display": "none"})])
        for control in controls.values():
            control.field.observe(self._changed, "value")
        with ONE_PICTURE_AT_A_TIME:
            self.picture = self.draw(**self.state)
        self.image.value = self.picture.html

    @property
    def state(self):
        """Return the value of every control by its name."""
        return {name: control.field.value for name, control in self.controls.items()}

    def set(self, **values):
        """Set controls by name, as a hand would; the picture follows."""
        for name, value in values.items():
            self._begin(name, value)

    def _begin(self, name, value):
        if name not in self.controls:
            raise ValueError(f"There is no control {name!r}; there are {', '.join(self.controls)}.")
        field = self.controls[name].field
        try:
            field.value = value
        except Exception:
            field_value = None
        else:
            field_value = field.value
        if field_value != value:
            allowed = ", ".join(map(str, field.options)) if hasattr(field, "options") else f"{field.min:g} to {field.max:g}"
            raise ValueError(f"{name} can be {allowed}, not {value!r}.")

    def _changed(self, _):
        try:
            with ONE_PICTURE_AT_A_TIME:
                self.picture = self.draw(**self.state)
        except Exception as error:  # shown where the learner looks; ipywidgets would hide it in a log
            self.image.value = f"<pre>{escape(type(error).__name__)}: {escape(str(error))}</pre>"
        else:
            self.image.value = self.picture.html

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.box.model_id,
            },
            "text/html": self.picture.html,
            "text/plain": repr(self.picture),
        }
