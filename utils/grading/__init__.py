"""The grader, for thousands of submissions: students' code runs in a sandbox, its results are judged outside, nothing is graded twice.

``python -m utils.grading --help`` lists the commands; ``notebooks/homework/README.md`` explains them to teachers.

A file's way: ``submissions`` (whose is it?) → ``batch`` (who grades it?) → ``grade_one``: ``notebook`` (which code?), ``sandbox`` (run
it), the homework's judge → ``exports`` and ``reports``. In the sandbox are ``worker``, ``definitions``, ``seccomp``, ``protocol`` and
``homework/results.py``.
"""
