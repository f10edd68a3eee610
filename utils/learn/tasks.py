"""Tasks under an explorer: what to do, when it is done, and what there is to see. The last is told only when the task is done."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from utils.learn.page import ASK, boxed, marked_up


@dataclass(frozen=True)
class Task:
    """Something to do with an explorer.

    Attributes
    ----------
    name : str
        Under which it is kept that it is done.
    do : str
        What to do.
    done : callable
        List of all states of the explorer so far, the present one last → whether it is done. A state is a dict of the controls' values.
    see : str
        What there is to see, and why; told when it is done.
    """

    name: str
    do: str
    done: Callable
    see: str


class TaskList:
    """The tasks of one explorer, with what is done.

    Parameters
    ----------
    tasks : sequence of Task
        In their order on the page.
    state : dict
        Of the explorer as it begins.
    done : collection of str
        Names of tasks that were done on an earlier day.
    """

    def __init__(self, tasks, state, done=()):
        self.tasks, self.states = tasks, [state]
        self.done = {task.name for task in tasks if task.name in done}

    def saw(self, state):
        """Take the next state of the explorer.

        Parameters
        ----------
        state : dict
            The values of its controls.

        Returns
        -------
        set of str
            Names of the tasks that are done now and were not before.
        """
        self.states.append(state)
        new = {task.name for task in self.tasks if task.name not in self.done and task.done(self.states)}
        self.done |= new
        return new

    def bundle(self):
        """Return the tasks as they are shown.

        Returns
        -------
        dict of str to str
            HTML and text, by their MIME types.
        """
        items, plain = [], []
        for task in self.tasks:
            done = task.name in self.done
            seen = f'<div style="margin-bottom:4px">{marked_up(task.see)}</div>' if done else ""
            items.append(f"<li>{'☑' if done else '☐'} {marked_up(task.do)}{seen}</li>")
            plain.append(f"{'☑' if done else '☐'} {task.do}" + f" {task.see}" * done)
        html = f'<p><b>Do, and see</b></p><ul style="list-style:none;padding-left:0">{"".join(items)}</ul>'
        return {
            "text/html": boxed("course-tasks", {"done": escape(" ".join(sorted(self.done)))}, ASK, html),
            "text/plain": "\n".join(plain),
        }
