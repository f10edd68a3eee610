"""All homeworks and all questions, by name."""

from utils.homework.bank import clouds, ring, wave
from utils.homework.bank.accuracy import accuracy
from utils.homework.bank.backward import backward
from utils.homework.bank.bias_gradient import bias_gradient
from utils.homework.bank.choose import choose
from utils.homework.bank.cross_entropy import cross_entropy
from utils.homework.bank.forward import forward
from utils.homework.bank.gradient_step import gradient_step
from utils.homework.bank.hidden_gradient import hidden_gradient
from utils.homework.bank.one_hot import one_hot
from utils.homework.bank.output_gradient import output_gradient
from utils.homework.bank.report import report
from utils.homework.bank.sigmoid import sigmoid
from utils.homework.bank.sigmoid_prime import sigmoid_prime
from utils.homework.bank.softmax import softmax
from utils.homework.bank.softmax_jacobian import softmax_jacobian
from utils.homework.bank.train import train
from utils.homework.bank.train_batches import train_batches
from utils.homework.bank.train_digits import train_digits
from utils.homework.bank.weight_gradient import weight_gradient
from utils.homework.question import Homework, Written

TITLES = {
    "hw_01": "The forward pass",
    "hw_02": "The output layer",
    "hw_03": "The way back through hidden layers",
    "hw_04": "The whole algorithm, and an experiment",
    "hw_05": "Three patients",
    "hw_06": "Your network reads digits",
}
WRITTEN = {
    "hw_04": (Written("experiment_answer", 4, "Which learning rates did you try, what did the loss do with each, and why?"),),
    "hw_05": (Written("diagnosis_answer", 6, "For each patient: which line was wrong, how did you find it, what proves the repair?"),),
    "hw_06": tuple(
        Written(
            f"{which}_answer", 2, f"Your {which} experiment: the question, what you expected, what you did, what came out, what follows?"
        )
        for which in ("first", "second", "third")
    ),
}
IN_ORDER = (
    *(sigmoid, softmax, one_hot, forward, cross_entropy),
    *(sigmoid_prime, softmax_jacobian, output_gradient),
    *(hidden_gradient, weight_gradient, bias_gradient),
    *(gradient_step, backward, train),
    *(clouds.question, wave.question, ring.question),
    *(accuracy, train_batches, choose, train_digits, report),
)

QUESTIONS = {question.name: question for question in IN_ORDER}
HOMEWORKS = {
    name: Homework(name, title, {q.name: q for q in IN_ORDER if q.homework == name}, WRITTEN.get(name, ()))
    for name, title in TITLES.items()
}
