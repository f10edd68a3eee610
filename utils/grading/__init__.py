"""Grading by the thousand: students' code runs in a sandbox, what it returns is judged outside, and nothing is graded twice.

``python -m utils.grading --help`` says how; ``notebooks/homework/README.md`` tells a teacher the whole way.
``inside.py``, ``answers.py``, ``fence.py`` and ``wire.py`` are all that the sandbox sees of the course, besides ``homework/results.py``.
"""
