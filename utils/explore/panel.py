"""The frame of every explorer: controls on top, the picture below, redrawn at every change.

Only widgets that exist alike in ipywidgets 7.7 and 8 are used, and nothing that needs the network.
Each slider comes with a number field; the two follow each other, and either can be used by keyboard.

An explorer has two outputs: a still picture and the live widget. The still picture is what a saved notebook shows
when its kernel is gone. While the widget lives, the still picture is hidden.
"""

from html import escape
from threading import Lock

import ipywidgets as widgets
import numpy as np
from IPython.display import display

from utils.draw.style import course_style, default_errors

# ipykernel 7 calls a control in a thread of its own, which may overlap with a running cell.
ONE_PICTURE_AT_A_TIME = Lock()

WIDGET = "application/vnd.jupyter.widget-view+json"

# The page hides the still picture where a live widget follows in the same cell, and the message "model not found"
# where none does. JupyterLab and Notebook 6 have each output in a box of its own; Colab and VS Code have all outputs of a
# cell in one box.
STILL = """<style>
.jp-OutputArea-child:has(.explorer-still):has(+ .jp-OutputArea-child .widget-box),
.output_area:has(.explorer-still):has(+ .output_area .widget-box),
#output-area:has(.widget-box) .explorer-still,
.cell_container:has(.widget-box) .explorer-still,
.jp-OutputArea-child:has(.explorer-still) + .jp-OutputArea-child:has(.jupyter-widgets):not(:has(.widget-box)),
.output_area:has(.explorer-still) + .output_area:has(.jupyter-widgets-view):not(:has(.widget-box)) {display: none !important}
</style>"""

# What no trait of a widget can do, the page does itself.
# 1. ipywidgets 8 gives the handle of a slider no accessible name: it gets that of the label beside it.
# 2. JupyterLab takes a letter typed on a list, a slider or a button for one of its shortcuts: m turns the cell into text,
#    x deletes it. So keys without Ctrl, Alt or Cmd stay in the explorer. Enter still runs the cell (with Shift), and Tab
#    and Escape lead out.
SCRIPT = """<style onload="
    const panel = this.closest('.widget-vbox');
    const name = () => panel.querySelectorAll('.noUi-handle').forEach((handle) => {
        const label = handle.closest('.widget-hbox').querySelector('label').textContent.trim();
        handle.setAttribute('aria-label', label + ', slider');
    });
    new MutationObserver(name).observe(panel, {childList: true, subtree: true});
    name();
    panel.addEventListener('keydown', (event) => {
        const shortcut = event.ctrlKey || event.metaKey || event.altKey;
        if (!shortcut && !['Enter', 'Escape', 'Tab'].includes(event.key)) event.stopPropagation();
    });
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
        self.box = widgets.VBox([grid, self.image, widgets.HTML(SCRIPT, layout={"display": "none"})])
        self._stills, self._watchers = [], []
        for control in controls.values():
            control.field.observe(self._changed, "value")
        self._draw()

    @property
    def state(self):
        """Return the value of every control by its name."""
        return {name: control.field.value for name, control in self.controls.items()}

    def set(self, **values):
        """Set controls by name, as a hand would; the picture follows."""
        for name, value in values.items():
            self._begin(name, value)

    def watch(self, seen):
        """Call a function with the state after every picture that a control has brought."""
        self._watchers.append(seen)

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

    def _draw(self):
        with ONE_PICTURE_AT_A_TIME, course_style(), default_errors():
            self.picture = self.draw(**self.state)
        self.image.value = self.picture.html

    def _changed(self, _):
        try:
            self._draw()
        except Exception as error:  # shown where the learner looks; ipywidgets would hide it in a log
            self.image.value = f"<pre>{escape(type(error).__name__)}: {escape(str(error))}</pre>"
        else:
            for still in self._stills:  # so that the file keeps the last picture that was seen
                still.update(self._still(), raw=True)
            for seen in self._watchers:
                seen(self.state)

    def _still(self):
        return {"text/html": f'<div class="explorer-still">{STILL}{self.picture.html}</div>', "text/plain": repr(self.picture)}

    def _ipython_display_(self):
        self._stills.append(display(self._still(), raw=True, display_id=True))
        display({WIDGET: {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}}, raw=True)
