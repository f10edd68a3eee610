"""What learners do in a lesson: they predict, write functions and explore. Their progress is kept."""

from utils.learn.lesson import Lesson

__all__ = ["Lesson"]
