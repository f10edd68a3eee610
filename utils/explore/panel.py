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

from utils.draw.style import COMPARISON, default_errors
from utils.explore.controls import Number, check_values, no_limits

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
# 1. ipywidgets 8 gives the handle of a slider no accessible name: it gets that of the label beside it. A slider over powers of ten
#    says its exponent: it gets the number instead.
# 2. JupyterLab takes a letter typed on a list, a slider or a button for one of its shortcuts: m turns the cell into text,
#    x deletes it. So keys without Ctrl, Alt or Cmd stay in the explorer. Enter still runs the cell (with Shift), and Tab
#    and Escape lead out.
# 3. The buttons of Play are icons without a name: they get words. The space bar presses the first of them that is not hidden.
# 4. The arrow keys in a field over powers of ten would count in steps from its smallest value, so they move its slider.
# 5. A number outside its range is cut off without a word, so the range is said.
# 6. A spot of the picture is chosen by a click, by Enter or Space, or by an arrow key towards it. Its name goes to the kernel in a
#    hidden field, with a count, so that the same spot can be chosen again. The new picture has new spots: the focus goes to its twin.
# On slides the text of the lesson grows with the window, so that the 26 lines of a full screen just fit (tools/slides.py).
SCRIPT = """<style onload="
    const panel = this.closest('.widget-vbox');
    if (!panel) return;  // it has gone before its style was there
    const words = {'fa-play': 'Play', 'fa-pause': 'Pause', 'fa-stop': 'From the start'};
    const handleBeside = (field) => field.closest('.explorer-log')?.querySelector('.noUi-handle');
    const name = () => {
        panel.querySelectorAll('.noUi-handle').forEach((handle) => {
            const row = handle.closest('.widget-hbox');
            handle.setAttribute('aria-label', row.querySelector('label').textContent.trim() + ', slider');
            if (!row.matches('.explorer-log')) return;
            handle.setAttribute('aria-valuetext', Number((10 ** handle.getAttribute('aria-valuenow')).toPrecision(2)));
            row.querySelector('input').step = 'any';
        });
        panel.querySelectorAll('.widget-play i').forEach((icon) => {
            const word = words[Object.keys(words).find((sign) => icon.classList.contains(sign))], button = icon.parentElement;
            if (!word || button.textContent === word) return;
            const text = icon.nextSibling || button.appendChild(document.createElement('span'));
            text.textContent = word;
            icon.style.display = 'none';
            button.style.width = 'auto';
        });
    };
    let held = null, picks = 0;
    const spots = () => [...panel.querySelectorAll('.explorer-spot')];
    const pick = (spot) => {
        const field = panel.querySelector('.explorer-picked input');
        held = spot.dataset.name;
        field.value = held + ' #' + ++picks;
        field.dispatchEvent(new Event('change', {bubbles: true}));
    };
    const middle = (spot) => {
        const {x, y, width, height} = spot.getBoundingClientRect();
        return [x + width / 2, y + height / 2];
    };
    const towards = (spot, key) => {  // the nearest spot that lies on the side of the key
        const [x, y] = middle(spot), along = key === 'ArrowLeft' || key === 'ArrowRight';
        const sign = key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1;
        let best = null, least = Infinity;
        for (const other of spots()) {
            const [u, v] = middle(other), ahead = sign * (along ? u - x : v - y), aside = Math.abs(along ? v - y : u - x);
            if (ahead > 1 && ahead + 3 * aside < least) { best = other; least = ahead + 3 * aside; }
        }
        return best;
    };
    const refocus = () => {
        if (!held || document.activeElement !== document.body) return;
        const twin = spots().find((spot) => spot.dataset.name === held) ?? panel.querySelector('.explorer-spot[aria-pressed=true]');
        twin?.focus({preventScroll: true});
    };
    new MutationObserver(refocus).observe(panel, {childList: true, subtree: true});
    panel.addEventListener('focusin', (event) => { held = event.target.dataset.name ?? null; });
    document.addEventListener('pointerdown', (event) => { if (!panel.contains(event.target)) held = null; }, true);
    panel.addEventListener('click', (event) => {
        const spot = event.target.closest('.explorer-spot');
        if (spot) pick(spot);
    });
    panel.classList.add('explorer-alive');
    const changes = {childList: true, subtree: true, attributes: true, attributeFilter: ['class', 'aria-valuenow']};
    new MutationObserver(name).observe(panel, changes);
    name();
    panel.addEventListener('keydown', (event) => {
        const {key} = event, shortcut = event.ctrlKey || event.metaKey || event.altKey;
        if (!shortcut && !['Enter', 'Escape', 'Tab'].includes(key)) event.stopPropagation();
    });
    panel.addEventListener('keydown', (event) => {
        const {key, target} = event, field = target.matches('input');
        if (target.matches('.explorer-spot') && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey) {
            const next = key === 'Enter' || key === ' ' ? target : key.startsWith('Arrow') && towards(target, key);
            if (next !== false) { event.preventDefault(); event.stopPropagation(); }
            if (next) { next.focus({preventScroll: true}); pick(next); }
            return;
        }
        if (key === ' ' && !field && !target.matches('button, select')) {
            const button = [...panel.querySelectorAll('.widget-play button')].find((one) => one.offsetParent && !one.disabled);
            if (button) { event.preventDefault(); button.click(); }
        }
        const handle = field && handleBeside(target);
        if (handle && ['ArrowUp', 'ArrowDown'].includes(key)) {
            event.preventDefault();
            handle.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
        }
    }, true);
    panel.addEventListener('change', (event) => {
        const {type, value, min, max} = event.target, note = panel.querySelector('.explorer-note');
        if (type !== 'number' || !note) return;
        const said = note.querySelector('output') || note.appendChild(document.createElement('output'));
        const label = event.target.closest('.widget-hbox').querySelector('label').textContent;
        const outside = value === '' || (min !== '' && Number(value) < Number(min)) || (max !== '' && Number(value) > Number(max));
        said.textContent = outside ? `${label} can be ${min} to ${max}.` : '';
    }, true);
">
body[data-jp-deck-mode='presenting'] .jp-Notebook {
  --jp-content-font-size1: clamp(14px, 2.2vh, 32px); --jp-code-font-size: clamp(13px, 2vh, 29px)
}
.explorer-note, .explorer-note .widget-html-content {line-height: 1.35; min-height: 0; height: auto}
.explorer-spots, .explorer-hint {display: none}
.explorer-alive .explorer-spots, .explorer-alive .explorer-hint {display: block}
.explorer-hint {padding-left: 6px; line-height: 1.5}
.explorer-spot {fill: transparent; stroke: transparent; stroke-width: 2.5; pointer-events: all; cursor: pointer; outline: none}
.explorer-spot:hover {stroke: TOUCHED; fill: TOUCHED; fill-opacity: 0.1}
.explorer-spot:focus-visible {stroke: TOUCHED; stroke-width: 4}
@media (forced-colors: active) {.explorer .noUi-base, .explorer .ui-slider, .explorer .jupyter-button {outline: 1px solid}}
</style>""".replace("TOUCHED", COMPARISON)


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
        if log:
            self.box.add_class("explorer-log")
        self._following = False
        self.slider.observe(self._slider_moved, "value")
        self.field.observe(self._field_changed, "value")

    def limit(self, limit):
        """Set the largest value for now, or switch the control off where it changes nothing.

        Parameters
        ----------
        limit : float or str or None
            The largest value; or why the control does nothing; or None, for the whole range.
        """
        self.field.disabled = self.slider.disabled = isinstance(limit, str)
        high = self.control.high if isinstance(limit, str | None) else limit
        if high == self.field.max:
            return
        self._following = True  # a value beyond goes down to the limit, in the field and on the slider alike
        try:
            self.field.max = self.slider.max = high
        finally:
            self._following = False

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
            layout={"width": "355px"},
        )
        _no_tooltip(self.field)
        self.box = self.field

    def limit(self, reason):
        """Switch the list off where it changes nothing, for the reason given, or on again with None.

        Parameters
        ----------
        reason : str or None
            Why it changes nothing.
        """
        self.field.disabled = reason is not None


class FilmRow:
    """Buttons that move a number: Play, one step back, one step on. The clock is in the page, so that the kernel is never behind.

    Parameters
    ----------
    row : NumberRow
        What they move; its control has a ``film``.
    """

    def __init__(self, row):
        self.row, control = row, row.control
        self.step, rate = control.film
        self.play = widgets.Play(value=0, min=0, max=1, interval=round(1000 / rate), show_repeat=False, layout={"width": "auto"})
        self.back, self.on = (widgets.Button(description=word, layout={"width": "auto"}) for word in ("Back", "Step"))
        self.box = widgets.HBox([self.play, self.back, self.on], layout={"margin": "4px 12px 0 0"})
        self._following = False
        self.follow()
        self.play.observe(self._played, "value")
        self.back.on_click(lambda _: self._move(-1))
        self.on.on_click(lambda _: self._move(1))
        row.field.observe(lambda _: self.follow(), ["value", "max"])

    def follow(self):
        """Put the clock where the number is."""
        if self._following:
            return
        self._following = True
        try:
            self.play.max = round((self.row.field.max - self.row.field.min) / abs(self.step))
            self.play.value = round((self.row.field.value - self._start) / self.step)
        finally:
            self._following = False

    @property
    def _start(self):
        return self.row.field.min if self.step > 0 else self.row.field.max

    def _played(self, change):
        if self._following:
            return
        self._following = True
        try:
            self._set(self._start + change["new"] * self.step)
        finally:
            self._following = False

    def _move(self, sign):
        direction = sign if self.step > 0 else -sign
        self._set(self.row.field.value + direction * self.row.control.step)

    def _set(self, value):
        low, high = self.row.field.min, self.row.field.max
        self.row.field.value = type(self.row.field.value)(float(f"{min(max(value, low), high):.10g}"))


def _grid(boxes):
    layout = {"grid_template_columns": "repeat(auto-fill, 355px)", "max_width": "750px", "grid_gap": "2px 30px"}
    return widgets.GridBox(list(boxes), layout=layout)


def _folded(boxes):
    """Return a button and the controls that it shows and hides, each in a list."""
    grid, button = _grid(boxes), widgets.Button(layout={"width": "auto", "margin": "4px 0 0 0"})
    count = f"{len(boxes)} more control{'s' * (len(boxes) > 1)}"

    def show(visible):
        grid.layout.display = "" if visible else "none"
        button.description = f"{'Hide' if visible else 'Show'} {count}"

    button.on_click(lambda _: show(grid.layout.display == "none"))
    show(False)
    return [button], [grid]


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
    limits : callable
        As ``explorer`` takes it.
    """

    def __init__(self, picture, controls, start, limits=no_limits):
        self.draw, self.limits = picture, limits
        self.rows = {name: (NumberRow if isinstance(control, Number) else ChoiceRow)(control) for name, control in controls.items()}
        for name, value in start.items():
            self.rows[name].field.value = value
        self.image = widgets.HTML()
        self.note = widgets.HTML()
        self.note.add_class("explorer-note")
        films = [FilmRow(row).box for row in self.rows.values() if isinstance(row, NumberRow) and row.control.film]
        folded = [row.box for row in self.rows.values() if row.control.more]
        more, grid = _folded(folded) if folded else ([], [])
        parts = [_grid(row.box for row in self.rows.values() if not row.control.more), widgets.HBox([*films, *more]), *grid]
        self.picked = widgets.Text(continuous_update=False, layout={"display": "none"})  # the page writes into it what was clicked
        self.picked.add_class("explorer-picked")
        self.picked.observe(self._picked, "value")
        hidden = [self.picked, widgets.HTML(SCRIPT, layout={"display": "none"})]
        self.box = widgets.VBox([*parts, self.note, self.image, *hidden])
        self.box.add_class("explorer")
        self._stills, self._watchers, self._settling = [], [], False
        for row in self.rows.values():
            row.field.observe(self._changed, "value")
        self._settle()
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
        before = self.state
        self._settling = True
        try:
            for row in self.rows.values():
                row.limit(None)  # which values are possible depends on all of them together
            for name, value in values.items():
                self.rows[name].field.value = value
        finally:
            self._settling = False
        if self.state == before:
            self._settle()
        else:
            self._changed(None)

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
        self.image.value = self.picture.live_html

    def _picked(self, change):
        name = change["new"].rpartition(" #")[0]
        for spot in self.picture.spots:
            if spot.name == name:
                self.set(**spot.values)

    def _settle(self):
        # the limits of a control may lower a value, and that value may change other limits
        self._settling = True
        try:
            limits = None
            while limits != (limits := self.limits(**self.state)):
                for name, row in self.rows.items():
                    row.limit(limits.get(name))
        finally:
            self._settling = False
        reasons = [f"{self.rows[name].control.label}: {limit}" for name, limit in limits.items() if isinstance(limit, str)]
        self.note.value = escape(f"Without effect here – {'; '.join(reasons)}.") if reasons else ""

    def _changed(self, _):
        if self._settling:
            return
        try:
            self._settle()
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
