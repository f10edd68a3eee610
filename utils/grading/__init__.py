"""Grading by the thousand: students' code runs in a sandbox, what it returns is judged outside, and nothing is graded twice.

``python -m utils.grading --help`` says how; ``notebooks/homework/README.md`` tells a teacher the whole way.

A file's way: ``submissions`` (whose is it?) → ``batch`` (who grades it?) → ``grade_one``: ``notebook`` (which code?), ``sandbox`` (run
it), the homework's judge → ``exports`` and ``reports``. In the sandbox are ``worker``, ``definitions``, ``seccomp``, ``protocol`` and
``homework/results.py``.
"""
