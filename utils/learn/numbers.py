"""Numbers as people type and read them: 0.25, 0,25, 1/4, ¼, 25 %, −3, 2e-3, 10^-3, 10⁻³."""

import math
import re
from unicodedata import normalize

NUMBER = r"(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?"
POWER = rf"(?:(?P<factor>{NUMBER})[*·×])?(?P<base>{NUMBER})(?:\^|\*\*)\(?(?P<exponent>[+-]?{NUMBER})\)?"
FRACTION = rf"(?P<top>{NUMBER})(?:/(?P<sign_below>[+-]?)(?P<below>{NUMBER}))?"
EXAMPLES = "Examples: 0.25, 1/4, 25 %, -3, 2e-3."
LONGEST = 60  # letters; no number of this course needs nearly as many
APART = r"(?<!\d)[1-9]\d{0,2}(?: \d{3})+(?!\d)"  # thousands: a space between digits means nothing else


class NotANumberError(ValueError):
    """Says in a sentence why a text is no number."""


def read_number(text, unit=""):
    """Return the number that somebody typed; what is typed in a question in percent is a share.

    Parameters
    ----------
    text : str
        What was typed.
    unit : str
        The unit that the question asks for. It may stand behind the number.

    Returns
    -------
    float
        For a percentage the share.

    Raises
    ------
    NotANumberError
        When the text is no finite number; its words are for the learner.
    """
    short = " ".join(text.split())
    if not short:
        raise NotANumberError(f"Type a number first. {EXAMPLES}")
    if len(short) > LONGEST:
        raise NotANumberError(f"This is too long for a number. {EXAMPLES}")
    plain = short.lower().removesuffix(unit.lower()).strip()
    percent = plain.endswith("%") or unit == "%"
    plain = plain.removesuffix("%")
    if re.search(r"\d \d", re.sub(APART, "", plain)):
        raise NotANumberError(f"“{short}” is more than one number, or a sum. {EXAMPLES}")
    plain = _on_a_keyboard(plain.replace(" ", ""))
    if re.search(r"(?<![\d.,])[1-9]\d{0,2}(,\d{3})+(?![\d,])", plain):
        raise NotANumberError(
            f"Does the comma in “{short}” separate decimals or thousands? Write {plain.replace(',', '')}, or use a point for the decimals."
        )
    try:
        value = _value(plain)
    except OverflowError:
        value = math.inf
    except ZeroDivisionError:
        raise NotANumberError("Nothing can be divided by 0. Type another number.") from None
    if value is None:
        raise NotANumberError(f"“{short}” is not a number. {EXAMPLES}")
    if not math.isfinite(value):
        raise NotANumberError(f"“{short}” is too large for this question. {EXAMPLES}")
    return value / 100 if percent else value


def _on_a_keyboard(text):
    """Return a text in the signs that every keyboard has: ¼ as 1/4, 10⁻⁵ as 10^-5, − as -."""
    text = re.sub(r"(?<=\d)[⁺⁻]?[⁰¹²³⁴-⁹]+", lambda power: "^" + normalize("NFKC", power[0]), text)
    text = re.sub(r"(?<!\d)[¼-¾⅐-⅞](?!\d)", lambda fraction: normalize("NFKC", fraction[0]), text)
    return text.translate(str.maketrans("−–⁄∕", "--//"))


def _value(plain):
    """Return the value of a text without spaces, or None."""
    sign = -1 if plain.startswith("-") else 1
    plain = plain.removeprefix("-").removeprefix("+") if plain[:1] in "+-" else plain
    fraction = re.fullmatch(FRACTION, plain)
    if fraction:
        below = _float(fraction["below"] or "1") * (-1 if fraction["sign_below"] == "-" else 1)
        return sign * _float(fraction["top"]) / below
    power = re.fullmatch(POWER, plain)
    if power:
        return sign * _float(power["factor"] or "1") * _float(power["base"]) ** _float(power["exponent"])
    return None


def _float(text):
    return float(text.replace(",", "."))


def in_words(number, unit=""):
    """Return a number as a learner reads it, with four digits and a true minus: "0.3333", "25 %", "−12 steps".

    Parameters
    ----------
    number : float
        For a percentage the share: 0.25 gives "25 %".
    unit : str
        What stands behind the number.

    Returns
    -------
    str
    """
    if unit == "%":
        number = 100 * number
    digits = f"{number:d}" if isinstance(number, int) else f"{number:.4g}"
    return f"{digits} {unit}".strip().replace("-", "−")
