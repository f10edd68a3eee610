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

from utils.draw.style import default_errors
from utils.explore.controls import Number, check_values

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


class NumberRow:
    """The field and the slider of a Number, which follow each other.

    Parameters
    ----------
    control : utils.explore.controls.Number
        What they show.
    """

    def __init__(self, control):
        self.control = control
        whole, log, value = control.whole, control.log, control.value
        self.field = (widgets.BoundedIntText if whole else widgets.BoundedFloatText)(
            value=value,
            min=control.low,
            max=control.high,
            step=value / 10 if log else control.step,
            description=control.label,
            style={"description_width": "95px"},
            layout={"width": "175px"},
        )
        if log:
            self.slider = widgets.FloatLogSlider(value=value, min=np.log10(control.low), max=np.log10(control.high), step=0.1)
        else:
            slider = widgets.IntSlider if whole else widgets.FloatSlider
            self.slider = slider(value=value, min=control.low, max=control.high, step=control.step)
        self.slider.readout = False
        self.slider.layout.width = "165px"
        self.slider.layout.margin = "2px 2px 2px 12px"  # the handle at its left end stays clear of the field
        _no_tooltip(self.field)
        self.box = widgets.HBox([self.field, self.slider])
        self._following = False
        self.slider.observe(self._slider_moved, "value")
        self.field.observe(self._field_changed, "value")

    def _slider_moved(self, change):
        value, log = change["new"], self.control.log
        position, truth = (np.log10([value, self.field.value])) if log else (value, self.field.value)
        if abs(position - truth) > 0.501 * self.slider.step:  # otherwise the page has only put the handle on its nearest notch
            self._follow(self.field, float(f"{value:.2g}") if log else type(value)(f"{value:.10g}"))

    def _field_changed(self, change):
        self._follow(self.slider, change["new"])

    def _follow(self, other, value):
        if self._following:  # avoids a loop: a rounded value sent back would move the handle while it is dragged
            return
        self._following = True
        try:
            with other.hold_sync():  # the picture goes out first
                other.value = value
        finally:
            self._following = False


class ChoiceRow:
    """The list of a Choice.

    Parameters
    ----------
    control : utils.explore.controls.Choice
        What it shows.
    """

    def __init__(self, control):
        self.control = control
        self.field = widgets.Dropdown(
            options=control.options,
            value=control.value,
            description=control.label,
            style={"description_width": "95px"},
            layout={"width": "340px"},
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
    picture : callable
        Called with the value of every control by its name; returns a Picture.
    controls : dict of str to Number or Choice
        The controls by the name of the argument they set, in their order on the page.
    start : dict
        Values to begin with, by name.
    """

    def __init__(self, picture, controls, start):
        self.draw = picture
        self.rows = {name: (NumberRow if isinstance(control, Number) else ChoiceRow)(control) for name, control in controls.items()}
        for name, value in start.items():
            self.rows[name].field.value = value
        self.image = widgets.HTML()
        grid = widgets.GridBox(
            [row.box for row in self.rows.values()],
            layout={"grid_template_columns": "repeat(auto-fill, 355px)", "max_width": "750px", "grid_gap": "2px 30px"},
        )
        self.box = widgets.VBox([grid, self.image, widgets.HTML(SCRIPT, layout={"display": "none"})])
        self._stills, self._watchers = [], []
        for row in self.rows.values():
            row.field.observe(self._changed, "value")
        self._draw()

    @property
    def state(self):
        """Return the value of every control by its name."""
        return {name: row.field.value for name, row in self.rows.items()}

    def set(self, **values):
        """Set controls by name, as a hand would; the picture follows.

        Raises
        ------
        ValueError
            For a name that is no control, or a value that its control does not allow.
        """
        check_values(values, {name: row.control for name, row in self.rows.items()})
        for name, value in values.items():
            self.rows[name].field.value = value

    def watch(self, seen):
        """Call a function with the state after every picture that a control has brought.

        Parameters
        ----------
        seen : callable
            Takes the value of every control by its name.
        """
        self._watchers.append(seen)

    def _draw(self):
        with ONE_PICTURE_AT_A_TIME, default_errors():
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
