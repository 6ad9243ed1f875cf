"""Identifiers of the made-up people: PNC and CRO numbers with their check letters, prison numbers, telephone numbers.

The check-letter arithmetic is written here once more on purpose: the chain's own must agree with it without sharing it.
"""

import numpy as np

from paramount_assets.synthetic.streams import Real, Whole, Words, numbers_apart

_LETTERS = np.array(list("ZABCDEFGHJKLMNPQRTUVWXY"))


def pnc_numbers(years: Whole, serials: Whole) -> Words:
    """Canonical PNC numbers YYYY/NNNNNNNL: the letter is that of (yy, seven-digit serial) modulo 23."""
    letters = _LETTERS[((years % 100) * 10**7 + serials) % 23]
    return _joined([f"{y:04d}/{s:07d}{c}" for y, s, c in zip(years, serials, letters, strict=True)])


def cro_numbers(years: Whole, serials: Whole) -> Words:
    """CRO numbers NNNNNN/YYL: the letter is that of (yy, six-digit serial) modulo 23."""
    letters = _LETTERS[((years % 100) * 10**6 + serials) % 23]
    return _joined([f"{s:06d}/{y % 100:02d}{c}" for y, s, c in zip(years, serials, letters, strict=True)])


def prison_numbers(count: int, rng: np.random.Generator) -> Words:
    """Different prison numbers of the form A1234BC."""
    drawn = numbers_apart(rng, 0, 26 * 10**4 * 26 * 26, count)
    rest, last = np.divmod(drawn, 26)
    rest, middle = np.divmod(rest, 26)
    first, digits = np.divmod(rest, 10**4)
    return _joined(
        [f"{chr(65 + a)}{n:04d}{chr(65 + b)}{chr(65 + c)}" for a, n, b, c in zip(first, digits, middle, last, strict=True)]
    )


def phone_numbers(chance: Real) -> Words:
    """Mobile numbers of the range that Ofcom keeps for drama: nobody has them."""
    return _joined([f"07700900{int(number * 1000):03d}" for number in chance])


def _joined(values: list[str]) -> Words:
    return np.asarray(values, dtype=object)
