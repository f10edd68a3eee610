"""Homework: questions and known mistakes as data, a judge, and the check that students call."""

__all__ = ["check"]


def __getattr__(name):
    """Import ``check`` when it is asked for: the grader starts a process for each submission, and needs a few small modules only."""
    if name == "check":
        from utils.homework.feedback import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
