"""The controls of a prediction: a button for every option, or a field for a number, and one that commits.

Options are plain buttons: Tab, Enter and the space bar work on them in every front end, and the kernel gets every press in order. (A list
of radio buttons loses the focus in the classic Notebook.) Where scripts run, a script adds what a widget cannot do: it tells screen readers
which option is pressed and the name of the group, lets Enter commit, and keeps JupyterLab from taking the keys for its own commands.

For a number there is one more difficulty. While the kernel is busy, widgets hold back a second value, but not the press of a button, so an
older number could be committed. The script therefore sends the number and the press as one value, that of a hidden field.
"""

from html import escape
from threading import Lock

import ipywidgets as widgets

from utils.learn.answers import UnfitAnswerError

ONE_PRESS_AT_A_TIME = Lock()  # ipykernel 7 handles each in a thread of its own

MARK = "␟"  # between the number and the time at which it was sent: the same text sent twice is two values

SCRIPT = f"""<style onload="
    const panel = this.closest('.course-panel'), cell = panel?.closest('.jp-Cell');
    if (!panel) return;  // it has gone before its style was there
    panel.setAttribute('role', 'group');
    panel.setAttribute('aria-label', 'Your answer');
    const options = panel.querySelectorAll('.course-option');
    const mark = () => options.forEach((option) => option.setAttribute('aria-pressed', option.classList.contains('mod-info')));
    new MutationObserver(mark).observe(panel, {{subtree: true, attributeFilter: ['class']}});
    mark();
    panel.querySelector('.course-say').setAttribute('aria-live', 'polite');
    const typed = panel.querySelector('.course-typed input'), sent = panel.querySelector('.course-sent input');
    const send = (event) => {{
        event.preventDefault();
        event.stopPropagation();
        sent.value = typed.value + '{MARK}' + Date.now();
        sent.dispatchEvent(new Event('change', {{bubbles: true}}));
    }};
    panel.addEventListener('click', (event) => typed && event.target.closest('.course-commit') && send(event), true);
    panel.addEventListener('keydown', (event) => {{
        const alone = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey);
        if (event.key === 'Enter' && event.target === typed && alone) send(event);
    }}, true);
    panel.addEventListener('keydown', (event) => {{
        if (!['Escape', 'Enter', 'Tab'].includes(event.key)) event.stopPropagation();
    }});
    const gone = new MutationObserver(() => {{
        if (panel.isConnected) return;
        gone.disconnect();
        if (document.activeElement === document.body) cell.focus();
    }});
    if (cell) gone.observe(cell, {{childList: true, subtree: true}});
"></style>"""
LOOK = """<style>
.course-panel button {white-space: normal; height: auto; min-height: 30px; padding: 4px 10px}
.course-panel button {text-align: left; line-height: 1.35; overflow: visible}
.course-panel .course-option.mod-info, .course-panel .course-commit {background: #0072b2; color: #fff}
</style>"""


class AnswerPanel:
    """Controls that take the answer to a question.

    Parameters
    ----------
    question : Question
        What is asked.
    commit : callable
        Called with the answer, in the form in which it is kept, when the learner commits to one.
    """

    def __init__(self, question, commit):
        self.question = question
        self.commit = commit
        self.chosen = []
        self.said = widgets.HTML()
        self.said.add_class("course-say")
        self.button = widgets.Button(description="This is my answer", layout={"width": "auto", "align_self": "flex-start"})
        self.button.add_class("course-commit")
        self.button.on_click(self._commit)
        self.options = []
        controls = [self._field()] if question.kind == "number" else [*self._buttons(), self.button]
        script = widgets.HTML(SCRIPT + LOOK, layout={"display": "none"})
        self.box = widgets.VBox([*controls, self.said, script], layout={"padding": "0 0 6px 14px"})
        self.box.add_class("course-panel")

    def _field(self):
        self.field = widgets.Text(
            description="Answer",
            continuous_update=False,
            layout={"width": "230px"},
            style={"description_width": "60px"},
        )
        self.field.add_class("course-typed")
        sent = widgets.Text(continuous_update=False, layout={"display": "none"})
        sent.add_class("course-sent")
        sent.observe(lambda change: self._take(change["new"].partition(MARK)[0]), "value")
        unit = [widgets.Label(self.question.unit)] if self.question.unit else []
        return widgets.HBox([self.field, *unit, self.button, sent])

    def _buttons(self):
        for text in self.question.options.values():
            button = widgets.Button(layout={"width": "auto", "max_width": "740px", "align_self": "flex-start"})
            button.add_class("course-option")
            button.on_click(lambda _, text=text: self._press(text))
            self.options.append(button)
        self._mark()
        return self.options

    def _press(self, text):
        with ONE_PRESS_AT_A_TIME:
            if text in self.chosen and self.question.kind != "choice":
                self.chosen.remove(text)
            elif self.question.kind == "choice":
                self.chosen = [text]
            else:
                self.chosen.append(text)
            self._mark()

    def _mark(self):
        """Show what is chosen; the sign before the text says it without colour, and to a screen reader."""
        for button, text in zip(self.options, self.question.options.values(), strict=True):
            pressed = text in self.chosen
            if self.question.kind == "order":
                sign = f"{self.chosen.index(text) + 1}." if pressed else "–"
            else:
                sign = ("●" if pressed else "○") if self.question.kind == "choice" else ("☑" if pressed else "☐")
            button.description = f"{sign} {text}"
            button.button_style = "info" if pressed else ""
        self.said.value = ""

    def _commit(self, _):
        if self.question.kind == "number":
            self._take(self.field.value)
        elif self.question.kind == "several" and not self.chosen and not self.said.value:
            self.said.value = "<p>You have chosen none. If none is your answer, press once more.</p>"
        else:
            self._take(next(iter(self.chosen), None) if self.question.kind == "choice" else self.chosen)

    def _take(self, given):
        """Commit to what was given, or say what an answer must be."""
        with ONE_PRESS_AT_A_TIME:
            try:
                answer = self.question.read(given)
            except UnfitAnswerError as problem:
                self.said.value = f"<p>{escape(str(problem))}</p>"
            else:
                self.commit(answer)
