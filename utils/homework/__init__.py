"""Homework: questions and known mistakes as data, a judge, and the check that students call."""

from utils.homework.feedback import check

__all__ = ["check"]
