"""The learner acts: predictions that take an answer, functions that are written, and the progress that is kept."""

from utils.learn.lesson import Lesson

__all__ = ["Lesson"]
