"""A prediction: the learner answers first, the computation gives the truth later."""

from utils.learn.answers import UnfitTruthError
from utils.learn.page import asked, compared, show, unfit, view


class Prediction:
    """One question of a lesson, with the learner's answer. ``Lesson.predict`` makes it and shows it.

    Parameters
    ----------
    lesson : Lesson
        Where it is asked; its progress keeps the answer.
    name : str
        Under which the answer is kept.
    question : Question
        What is asked.
    key : str
        Names the question for the page: "04/push".
    """

    def __init__(self, lesson, name, question, key):
        self.lesson, self.name, self.question, self.key = lesson, name, question, key

    def __repr__(self):
        return self.question.text if self.answer is None else f"You said: {self.question.words(self.answer)}"

    @property
    def answer(self):
        """Return the answer as it is kept, or None."""
        answer = self.lesson.progress.get(self.lesson.number, self.name).get("answer")
        return answer if answer is not None and self.question.known(answer) else None

    def ask(self):
        """Show the question with its controls, or the answer that was given."""
        handle = show(self._asked(), live=True)
        if self.answer is not None or handle is None:
            return
        from utils.learn.panel import AnswerPanel  # widgets are needed only where somebody can use them

        def commit(answer):
            self.lesson.progress.put(self.lesson.number, self.name, answer=answer)
            handle.update(self._asked(), raw=True)
            live.update({"text/html": ""}, raw=True)
            panel.box.close()
            self.lesson.answered()

        panel = AnswerPanel(self.question, commit)
        live = show(view(panel.box), live=True)

    def _asked(self):
        answer = self.answer
        return asked(self.question, self.key, answer, self.lesson.progress.news() if answer is not None else ())

    def compare(self, truth, **slack):
        """Show what the computation gave, and the reason that belongs to the answer. An answer that comes later brings it up to date.

        Parameters
        ----------
        truth : object
            What was computed: a number; an option's text or key; several of these, in order for an order.
        **slack : float
            For a number ``tolerance`` or ``within``: how far from the truth is still right, as a share of it or as a distance.
        """
        try:
            truth = self.question.true(truth, **slack)
        except (UnfitTruthError, TypeError) as problem:
            show(unfit(self.key, str(problem)))
            return
        handle = show(self._compared(truth), live=True)
        if handle is not None and self.answer is None:
            self.lesson.follow(lambda: handle.update(self._compared(truth), raw=True))

    def _compared(self, truth):
        answer = self.answer
        if answer is not None:
            self.lesson.progress.put(self.lesson.number, self.name, right=self.question.right(answer, truth))
        return compared(self.question, self.key, answer, truth)
