"""All homeworks and all questions, by name."""

from utils.homework import hw_01, hw_02, hw_03, hw_04

HOMEWORKS = {module.HOMEWORK.name: module.HOMEWORK for module in (hw_01, hw_02, hw_03, hw_04)}
QUESTIONS = {name: question for homework in HOMEWORKS.values() for name, question in homework.questions.items()}
