"""PNC and CRO numbers in canonical form, or unknown.

Forms, check letters and the reading of two-digit years follow the Ministry of Justice's public code. A number that does not
pass its check letter is unknown: it neither agrees with nor contradicts another. A serial of zero is a placeholder.
"""

import re
from collections.abc import Callable

import polars as pl

CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
"""The letter of a number is the one at its remainder by 23."""

_SEPARATORS = re.compile(r"[\s./\-]+")
_PNC_SPLIT = re.compile(r"(\d{4}|\d{2})/(\d{1,7})/?([A-Z])")
_PNC_RUN = re.compile(r"(\d{3,11})([A-Z])")
_CRO = re.compile(r"(\d{1,6}?)(\d{2})([A-Z])")
_CRO_SPLIT = re.compile(r"(\d{1,6})/(\d{2})/?([A-Z])")
_CRO_FILE_SEARCH = re.compile(r"SF/?(\d{2})/?(\d{1,6})/?([A-Z])")

_CENTURY = 100


def canonical_pnc(written: str | None, delivery_year: int) -> str | None:
    """The PNC number as YYYY/NNNNNNNL, or None where it is missing, malformed, ambiguous or fails its check letter.

    Args:
        written: the number in any written form: short or long year, with or without slash, padded or not.
        delivery_year: the year of the delivery; a two-digit year up to it is of this century, a later one of the last.
    """
    readings = {
        f"{year}/{serial:07d}{letter}"
        for year, serial, letter in _pnc_readings(_tidy(written), delivery_year)
        if serial > 0 and 1900 <= year <= delivery_year and letter == _check_letter(f"{year % _CENTURY:02d}{serial:07d}")
    }
    return readings.pop() if len(readings) == 1 else None


def canonical_cro(written: str | None) -> str | None:
    """The CRO number as NNNNNN/YYL or, of the file-search kind, SFYY/NL; None where it is missing, malformed or wrong."""
    tidy = _tidy(written)
    if found := _CRO_FILE_SEARCH.fullmatch(tidy):
        year, serial, letter = found[1], int(found[2]), found[3]
        return f"SF{year}/{serial}{letter}" if serial and letter == _check_letter(f"{year}{serial}") else None
    if found := _CRO_SPLIT.fullmatch(tidy) or _CRO.fullmatch(tidy.replace("/", "")):
        serial, year, letter = int(found[1]), found[2], found[3]
        return f"{serial:06d}/{year}{letter}" if serial and letter == _check_letter(f"{year}{serial:06d}") else None
    return None


def pnc_number(column: str, delivery_year: int) -> pl.Expr:
    """The column's PNC numbers in canonical form; those that are not right are null."""
    return _each_once(column, lambda written: canonical_pnc(written, delivery_year))


def cro_number(column: str) -> pl.Expr:
    """The column's CRO numbers in canonical form; those that are not right are null."""
    return _each_once(column, canonical_cro)


def _tidy(written: str | None) -> str:
    return _SEPARATORS.sub("/", (written or "").strip().upper())


def _pnc_readings(tidy: str, delivery_year: int) -> list[tuple[int, int, str]]:
    """Every (year, serial, letter) that the text can mean; without a separator a short and a long year are both possible."""
    if found := _PNC_SPLIT.fullmatch(tidy):
        return [(_full_year(found[1], delivery_year), int(found[2]), found[3])]
    found = _PNC_RUN.fullmatch(tidy.replace("/", ""))
    if not found:
        return []
    digits, letter = found[1], found[2]
    return [
        (_full_year(digits[:width], delivery_year), int(digits[width:]), letter)
        for width in (2, 4)
        if 1 <= len(digits) - width <= 7
    ]


def _full_year(digits: str, delivery_year: int) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    century = delivery_year - delivery_year % _CENTURY
    return century + year if century + year <= delivery_year else century - _CENTURY + year


def _check_letter(digits: str) -> str:
    return CHECK_LETTERS[int(digits) % len(CHECK_LETTERS)]


def _each_once(column: str, canonical: Callable[[str], str | None]) -> pl.Expr:
    def mapped(values: pl.Series) -> pl.Series:
        written = values.drop_nulls().unique().to_list()
        right = [canonical(value) for value in written]
        return values.replace_strict(written, right, default=None, return_dtype=pl.String)

    return pl.col(column).map_batches(mapped, return_dtype=pl.String)
