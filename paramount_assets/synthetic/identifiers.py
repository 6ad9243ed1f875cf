"""Identifiers of the made-up people: PNC and CRO numbers with their check letters, prison numbers, telephone numbers.

The check-letter arithmetic is written here once more on purpose: the chain's own must agree with it without sharing it.
"""

import numpy as np
import polars as pl

from paramount_assets.synthetic.streams import Real, Whole, numbers_apart

_LETTERS = pl.Series(list("ZABCDEFGHJKLMNPQRTUVWXY"))
_CRO_SERIALS = 10**6
_ALPHABET = pl.Series(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def pnc_numbers(years: Whole, serials: Whole) -> pl.Series:
    """Canonical PNC numbers YYYY/NNNNNNNL: the letter is that of (yy, seven-digit serial) modulo 23."""
    letter = _LETTERS.gather(((years % 100) * 10**7 + serials) % 23)
    return _joined(_digits(years, 4), "/", _digits(serials, 7), letter)


def cro_numbers(years: Whole, serials: Whole) -> pl.Series:
    """CRO numbers NNNNNN/YYL: the letter is that of (yy, six-digit serial) modulo 23."""
    letter = _LETTERS.gather(((years % 100) * 10**6 + serials) % 23)
    return _joined(_digits(serials, 6), "/", _digits(years % 100, 2), letter)


def apart_within_years(years: Whole, serials: Whole) -> Whole:
    """The serials of CRO numbers, another one where a year has it twice: a number is one person's."""
    result = serials % _CRO_SERIALS
    order = np.lexsort((result, years % 100))
    is_taken = (np.diff((years % 100)[order]) == 0) & (np.diff(result[order]) == 0)
    again = order[1:][is_taken]
    for year in np.unique(years[again] % 100):
        is_free = np.ones(_CRO_SERIALS, dtype=np.bool_)
        is_free[result[years % 100 == year]] = False
        of_year, free = again[years[again] % 100 == year], np.flatnonzero(is_free)
        result[of_year] = free[:: len(free) // len(of_year)][: len(of_year)]
    return result


def prison_numbers(count: int, rng: np.random.Generator) -> pl.Series:
    """Different prison numbers of the form A1234BC."""
    drawn = numbers_apart(rng, 0, 26 * 10**4 * 26 * 26, count)
    rest, last = np.divmod(drawn, 26)
    rest, middle = np.divmod(rest, 26)
    first, digits = np.divmod(rest, 10**4)
    return _joined(_ALPHABET.gather(first), _digits(digits, 4), _ALPHABET.gather(middle), _ALPHABET.gather(last))


def phone_numbers(chance: Real) -> pl.Series:
    """Mobile numbers of the range that Ofcom keeps for drama: nobody has them."""
    return _joined("07700900", _digits((chance * 1000).astype(np.int64), 3))


def _digits(numbers: Whole, width: int) -> pl.Series:
    return pl.Series(numbers, dtype=pl.Int64).cast(pl.String).str.zfill(width)


def _joined(*parts: pl.Series | str) -> pl.Series:
    """The parts put together row by row; a text stands in every row."""
    return pl.select(pl.concat_str([pl.lit(part) for part in parts])).to_series()
