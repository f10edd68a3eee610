"""What every lesson does with the learner: ``lesson = Lesson("04")`` asks, checks, remembers and sums up."""

import json
from pathlib import Path

from utils.learn.answers import Near, question
from utils.learn.exercise import Exercise
from utils.learn.exercises import exercises_of, tasks_of
from utils.learn.page import checked, show, show_explorer, summed_up, with_sentences
from utils.learn.prediction import Prediction
from utils.learn.tasks import TaskList
from utils.progress import here

KNOWN = Path(__file__).parent / "lessons"  # what the builder takes out of the sources: questions, reasons, truths


def known_lessons():
    """Return what is known of every lesson.

    Returns
    -------
    dict of str to dict
        By the lesson's number, in the order of the course: title, predictions, exercises.
    """
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(KNOWN.glob("*.json"))}


def _as_built(fields):
    """Return the Question and the truth (None if unknown) that the builder has kept."""
    truth = fields.get("truth")
    asked = question(**{key: value for key, value in fields.items() if key != "truth"})
    return asked, Near(*truth) if truth is not None and asked.kind == "number" else truth


class Lesson:
    """Predictions and functions to write of one lesson, with the learner's progress.

    Parameters
    ----------
    number : str
        The first two characters of the lesson's file, "04".
    folder : Path, optional
        Where the notebook lies, if not in the current folder.

    Raises
    ------
    ValueError
        When there is no such lesson.
    """

    def __init__(self, number, folder=None):
        lessons = known_lessons()
        if number not in lessons:
            raise ValueError(f"There is no lesson {number!r}; there are {', '.join(lessons)}.")
        self.number = number
        self.known = lessons
        self.predictions = lessons[number]["predictions"]
        self.exercises = {name: Exercise(question) for name, question in exercises_of(number).items()}
        self.progress = here(folder)
        self._comparisons, self._summaries = [], []

    def __repr__(self):
        return f"Lesson({self.number!r})"

    def predict(self, name, text, options=None, *, several=False, ordered=False, unit=""):
        """Ask a question and return the Prediction, whose ``compare`` comes after the computation.

        Parameters
        ----------
        name : str
            Under which the answer is kept.
        text : str
            The question.
        options : list of str or dict, optional
            What there is to choose from, as texts or as truth → text; without options a number is asked for.
        several, ordered : bool
            Whether several options may be chosen, or all are to be put in order.
        unit : str
            The unit of a number; "%" for a question in percent.

        Returns
        -------
        Prediction
        """
        reasons = self.predictions.get(name, {}).get("reasons", {})
        prediction = Prediction(self, name, question(text, options, reasons, several, ordered, unit), f"{self.number}/{name}")
        prediction.ask()
        return prediction

    def recall(self, *questions):
        """Ask predictions of earlier lessons once more, and compare each at once.

        Parameters
        ----------
        *questions : str, or pair of str
            Each "02/fork", or a pair of this and other words for the question.

        Raises
        ------
        ValueError
            When no lesson asks such a question, or its truth is not known.
        """
        for each in questions:
            key, *words = (each,) if isinstance(each, str) else each
            number, _, name = key.partition("/")
            fields = self.known.get(number, {}).get("predictions", {}).get(name, {})
            if "truth" not in fields:
                raise ValueError(f"No earlier lesson asks {key!r}.")
            asked, truth = _as_built(fields | {"text": words[0]} if words else fields)
            prediction = Prediction(self, f"recall {key}", asked, f"{self.number}/recall {key}")
            prediction.ask()
            if isinstance(truth, Near):
                prediction.compare(truth.value, within=truth.slack)
            else:
                prediction.compare(truth)

    def check(self, function):
        """Say whether a function that the learner wrote is right, and return what the lesson goes on with.

        Parameters
        ----------
        function : callable
            Found by its name among the lesson's exercises.

        Returns
        -------
        callable
            The same function if it is right, the course's own until then.
        """
        name = getattr(function, "__name__", None)
        exercise = self.exercises.get(name)
        if exercise is None:
            names = ", ".join(self.exercises) or "none"
            show(
                checked(
                    str(name), None, f"The check needs a function by its name, as in lesson.check(f). To write in this lesson: {names}."
                )
            )
            return function
        right, said = exercise.judge(function)
        if right:
            self.progress.put(self.number, name, written=True)
        show(said)
        if right:
            self.answered()
            return function
        return exercise.question.reference

    def course(self):
        """Show the whole course as a picture with what is done, and where a newer version of a notebook waits.

        The picture is brought up to date after every answer.
        """
        handle = show(self._course(), live=True)
        if handle is not None:
            self._summaries.append(lambda: handle.update(self._course(), raw=True))

    def _course(self):
        from utils.learn.overview import course_picture, of_homework, of_lesson  # brings Matplotlib, which other lessons may not need

        parts = [of_lesson(number, known, self.progress.of(number)) for number, known in self.known.items()]
        picture = course_picture([*parts, *of_homework(self.progress)])
        return with_sentences(picture, self.progress.newer_versions())

    def explore(self, name, explorer):
        """Show an explorer with its tasks below. A task is ticked as soon as the learner has done it.

        Parameters
        ----------
        name : str
            Of the tasks, in the module of this lesson's exercises.
        explorer : Panel
            The explorer.

        Raises
        ------
        ValueError
            When the lesson has no tasks of this name.
        """
        known = tasks_of(self.number)
        if name not in known:
            raise ValueError(f"Lesson {self.number} has no tasks called {name!r}; it has {', '.join(known) or 'none'}.")
        kept = self.progress.of(self.number)
        tasks = TaskList(known[name], explorer.state, [task.name for task in known[name] if "done" in kept.get(f"task {task.name}", {})])
        show_explorer(explorer)
        handle = show(tasks.bundle(), live=True)

        def saw(state):
            new = tasks.saw(state)
            for task in new:
                self.progress.put(self.number, f"task {task}", done=True)
            if new and handle is not None:
                handle.update(tasks.bundle(), raw=True)

        explorer.watch(saw)

    def summary(self):
        """Show what was predicted right, what was written, and what to look at again. Later answers bring it up to date."""
        handle = show(self._summary(), live=True)
        if handle is not None:
            self._summaries.append(lambda: handle.update(self._summary(), raw=True))

    def _summary(self):
        kept = self.progress.of(self.number)
        right, again, unanswered = 0, [], []
        for name, fields in self.predictions.items():
            asked, truth = _as_built(fields)
            facts = kept.get(name, {})
            if "right" not in facts or not asked.known(facts.get("answer")):
                unanswered.append(asked.text)
            elif facts["right"]:
                right += 1
            else:
                true = f"True is: {asked.words(truth)}. " if truth is not None else ""
                again.append((asked.text, asked.words(facts["answer"]), true + asked.reasons.get("why", "")))
        written = [name for name in self.exercises if kept.get(name, {}).get("written")]
        unanswered += [f"`{name}`: {exercise.question.task}" for name, exercise in self.exercises.items() if name not in written]
        title = f"Predicted right: {right} of {len(self.predictions)}."
        if self.exercises:
            title += f" Written: {len(written)} of {len(self.exercises)}."
        return summed_up(title, again, unanswered)

    def follow(self, comparison):
        """Call a function after every later answer.

        Parameters
        ----------
        comparison : callable
            Takes no arguments, and brings a comparison up to date.
        """
        self._comparisons.append(comparison)

    def answered(self):
        """Bring up to date what depends on the answers: first the comparisons, which find out what is right."""
        for update in (*self._comparisons, *self._summaries):
            update()
