"""The question that docs/homework.md shows can be built, and explains wrong answers by itself."""

import importlib.util
import re
import textwrap
from pathlib import Path

import numpy as np

from utils.homework.judge import judge
from utils.homework.time_limit import run

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "homework.md"


def test_the_question_of_the_guide_works(tmp_path):
    section = GUIDE.read_text(encoding="utf-8").split("## Add a question\n")[1].split("\n## ")[0]
    block = textwrap.dedent(re.search(r"( *)```python\n(.*?)\n *```", section, re.DOTALL)[2])
    (tmp_path / "tanh_prime.py").write_text(block, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("tanh_prime", tmp_path / "tanh_prime.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    question = module.tanh_prime
    cases = question.cases(1)

    def judged(function):
        return judge(question, cases, run(function, question.parameters, cases, time_limit=60))

    assert judged(question.reference).points == 2 and "list" in judged(question.variants[0].function).note
    assert judged(question.mistakes[0].function).mistake == "value instead of slope"
    assert "the right one multiplied by 2" in judged(lambda a: 2 - 2 * np.tanh(a) ** 2).hints[1]
    assert judged(lambda a: 1 - np.tanh(a)).mistake == "dropped: 2"
