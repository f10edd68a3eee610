"""Numbers as text: a true minus sign, no negative zero, as many digits as there is room for."""

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def fixed(value, digits=4, signed=False):
    """Return a number with a fixed number of digits behind the point.

    Parameters
    ----------
    value : float
        The number.
    digits : int
        How many digits behind the point.
    signed : bool
        Whether a positive number has a plus.

    Returns
    -------
    str
    """
    return _written(round(float(value), digits), f"{'+' if signed else ''}.{digits}f")


def significant(value, digits=3, signed=False):
    """Return a number with so many significant digits.

    Parameters
    ----------
    value : float
        The number.
    digits : int
        How many significant digits.
    signed : bool
        Whether a positive number has a plus.

    Returns
    -------
    str
    """
    return _written(value, f"{'+' if signed else ''}.{digits}g")


def _written(value, form):
    """Return a number in Python's format, with a true minus sign. Adding 0 turns −0.0 into 0.0, which Python writes without a minus."""
    return format(value + 0.0, form).replace("-", "−")


def two_digits(value):
    """Return a number with two digits behind the point, or with one significant digit where both would be 0: short enough for a circle.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
    """
    value = round(float(value), 12)  # what is left of a sum that should be 0
    return significant(value, 1) if 0 < abs(value) < 0.005 else _written(value, ".2f")


def two_significant(value):
    """Return a number with two significant digits, and "≈0" for one that is far below all others: short enough for a cell.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
    """
    if 0 < abs(value) < 0.001:
        return "≈0" if abs(value) < 1e-6 else f"{value:.0e}".replace("e-0", "e-").replace("-", "−")
    return significant(value, 2)


def short(value):
    """Return a number with three significant digits where they fit on a line, else with two behind the point.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
    """
    value = round(float(value), 12)
    text = significant(value)
    return text if len(text) <= 7 and "e" not in text else two_digits(value)


def number(value):
    """Return a number in at most seven characters: three decimals, or a power of ten where these would not do.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
    """
    if value == 0:
        return "0"
    readable = 0.0005 <= abs(value) < 99
    digits = f"{value:.3f}" if readable else f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return digits.replace("-", "−")


def listed(values):
    """Return numbers in a row, each as ``number`` writes it.

    Parameters
    ----------
    values : sequence of float
        The numbers.

    Returns
    -------
    str
        With commas between them.
    """
    return ", ".join(map(number, values))


def in_brackets(text):
    """Return a number as it stands in a product or a sum: a negative one in brackets.

    Parameters
    ----------
    text : str
        A number, written with a true minus sign.

    Returns
    -------
    str
    """
    return f"({text})" if text.startswith("−") else text


def subscript(text):
    """Return the digits of a text as subscripts.

    Parameters
    ----------
    text : str or int
        Digits, or a text with digits in it.

    Returns
    -------
    str
    """
    return str(text).translate(SUBSCRIPTS)
