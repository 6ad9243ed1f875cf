"""How records come to differ from the truth: causes, their rates with reasons, and the slips themselves.

A source asks a `Scribe` which of its records are hit by a cause; the scribe remembers it for the answer key. Every cause of
every source has its own stream.
"""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic.streams import Flags, Real, Words, stream


class Cause(StrEnum):
    """Why a record differs from the truth, or is hard to recognise."""

    TYPING_SLIP = "typing_slip"
    NICKNAME = "nickname"
    MAIDEN_NAME = "maiden_name"
    FALSE_NAME = "false_name"
    SWAPPED_NAMES = "swapped_names"
    DROPPED_PART = "dropped_part"
    PLAIN_LETTERS = "plain_letters"
    MISSING_MIDDLE_NAMES = "missing_middle_names"
    SWAPPED_DAY_AND_MONTH = "swapped_day_and_month"
    WRONG_YEAR = "wrong_year"
    PLACEHOLDER_BIRTH_DATE = "placeholder_birth_date"
    MISSING_BIRTH_DATE = "missing_birth_date"
    MISSING_PNC = "missing_pnc"
    WRONG_PNC = "wrong_pnc"
    OTHER_FORM_OF_PNC = "other_form_of_pnc"
    MISSING_CRO = "missing_cro"
    WRONG_CRO = "wrong_cro"
    OLD_ADDRESS = "old_address"
    MISSING_POSTCODE = "missing_postcode"
    OTHER_FORM_OF_POSTCODE = "other_form_of_postcode"
    OTHER_FORM_OF_ADDRESS = "other_form_of_address"
    MISSING_ADDRESS = "missing_address"
    NO_FIXED_ABODE = "no_fixed_abode"
    DUPLICATE_RECORD = "duplicate_record"
    MISSING_ASSOCIATION = "missing_association"
    WRONG_ASSOCIATION = "wrong_association"
    REPEATED_ROW = "repeated_row"


class Rate(NamedTuple):
    """Share of the records that a cause can touch, in each source. Every figure is assumed for the reason given."""

    prison: float
    police: float
    services: float
    because: str


RATES: dict[Cause, Rate] = {
    Cause.TYPING_SLIP: Rate(0.035, 0.03, 0.03, "names are typed from speech at a reception desk or a doorstep"),
    Cause.NICKNAME: Rate(0.02, 0.03, 0.02, "officers and teachers write the name a person goes by"),
    Cause.MAIDEN_NAME: Rate(0.12, 0.15, 0.06, "older records keep the surname from before the marriage"),
    Cause.FALSE_NAME: Rate(0.012, 0.006, 0.0, "some give a false name on arrest; the right one is then an alias"),
    Cause.SWAPPED_NAMES: Rate(0.004, 0.004, 0.004, "family name first is the custom of several communities"),
    Cause.DROPPED_PART: Rate(0.5, 0.4, 0.2, "forms have room for one surname; only double surnames can lose a part"),
    Cause.MISSING_MIDDLE_NAMES: Rate(0.25, 0.35, 0.6, "not asked for"),
    Cause.SWAPPED_DAY_AND_MONTH: Rate(0.012, 0.012, 0.01, "copied from forms in another order"),
    Cause.WRONG_YEAR: Rate(0.01, 0.012, 0.008, "a digit misheard or mistyped"),
    Cause.PLACEHOLDER_BIRTH_DATE: Rate(0.004, 0.01, 0.0, "1900-01-01 and 1970-01-01 stand for unknown in old systems"),
    Cause.MISSING_BIRTH_DATE: Rate(0.0, 0.02, 0.004, "people met in passing; required in the prison extract"),
    Cause.MISSING_PNC: Rate(0.25, 0.30, 0.0, "about a quarter of prison records come without one"),
    Cause.WRONG_PNC: Rate(0.03, 0.02, 0.0, "mistyped, or that of another person of the same name"),
    Cause.OTHER_FORM_OF_PNC: Rate(0.5, 0.2, 0.0, "short years, no slash, short serials and blanks are all in use"),
    Cause.MISSING_CRO: Rate(0.55, 0.55, 0.0, "given only on a recordable conviction"),
    Cause.WRONG_CRO: Rate(0.02, 0.015, 0.0, "mistyped"),
    Cause.OLD_ADDRESS: Rate(0.12, 0.18, 0.05, "nobody tells the records of a move; post keeps going to the old home"),
    Cause.MISSING_POSTCODE: Rate(0.04, 0.05, 0.02, "the person does not know it"),
    Cause.OTHER_FORM_OF_POSTCODE: Rate(0.08, 0.05, 0.05, "typed without its blank or in small letters"),
    Cause.OTHER_FORM_OF_ADDRESS: Rate(0.06, 0.0, 0.06, "free text; the force's places come from a gazetteer"),
    Cause.MISSING_ADDRESS: Rate(0.02, 0.05, 0.01, "not given"),
    Cause.NO_FIXED_ABODE: Rate(0.07, 0.0, 0.0, "homeless or not willing to say, at reception"),
    Cause.DUPLICATE_RECORD: Rate(0.0, 0.06, 0.0, "recorded again because the first record was not found"),
    Cause.MISSING_ASSOCIATION: Rate(0.0, 0.35, 0.12, "nobody wrote down that the two belong together"),
    Cause.WRONG_ASSOCIATION: Rate(0.0, 0.015, 0.0, "a partner's child or a nephew taken for the person's own"),
    Cause.REPEATED_ROW: Rate(0.004, 0.0, 0.0, "the extract now and then holds a row twice"),
}

_NEIGHBOURS = {
    "A": "SQ", "B": "VN", "C": "XV", "D": "SF", "E": "WR", "F": "DG", "G": "FH", "H": "GJ", "I": "UO", "J": "HK", "K": "JL",
    "L": "KO", "M": "N", "N": "BM", "O": "IP", "P": "O", "Q": "WA", "R": "ET", "S": "AD", "T": "RY", "U": "YI", "V": "CB",
    "W": "QE", "X": "ZC", "Y": "TU", "Z": "X",
}  # fmt: skip


class Rates(NamedTuple):
    """The rates as they are used: a multiplier of the table's."""

    multiplier: float = 1.0

    @classmethod
    def read(cls, reference: Path, multiplier: float = 1.0) -> "Rates":
        """The rates of the table."""
        return cls(multiplier)


class Scribe:
    """Decides which records of one source are hit by which cause, and keeps the list for the answer key."""

    def __init__(
        self,
        rates: Rates,
        seed: int,
        source: str,
        record_ids: pl.Series,
        people: pl.DataFrame | None = None,
        factor: Real | float = 1.0,
    ) -> None:
        self.seed, self._source, self._ids = seed, source, record_ids
        self.rates, self._people = rates, people
        self._factor = factor
        self._hits: list[pl.DataFrame] = []

    def rng(self, purpose: str) -> np.random.Generator:
        """The stream of one purpose of this source."""
        return stream(self.seed, f"{self._source}/{purpose}")

    def hits(self, cause: Cause, where: Flags | None = None, always: Flags | None = None) -> Flags:
        """Which records are hit, of those that can be; written down."""
        rate = getattr(RATES[cause], self._source.split("/")[0])
        hit = self.rng(cause.value).random(len(self._ids)) < rate * self.rates.multiplier * self._factor
        if where is not None:
            hit &= where
        if always is not None:
            hit |= always
        return self.note(cause, np.asarray(hit, dtype=np.bool_))

    def note(self, cause: Cause, hit: Flags) -> Flags:
        """Writes down a cause of records that were chosen elsewhere."""
        found = pl.DataFrame({"record_id": self._ids.filter(pl.Series(hit, dtype=pl.Boolean))})
        self._hits.append(found.with_columns(pl.lit(cause.value).alias("cause")))
        return hit

    def take_over(self, other: "Scribe") -> None:
        """Adds what another scribe wrote down of the same source's records."""
        self._hits += other._hits

    def causes(self) -> pl.DataFrame:
        """One row per record and cause: record_id, cause."""
        empty = pl.DataFrame(schema={"record_id": pl.String, "cause": pl.String})
        return pl.concat([empty, *self._hits]).unique().sort("record_id", "cause")


def changed(values: Words, hit: Flags, change: Callable[[Any, int], Any], rng: np.random.Generator) -> Words:
    """The values with `change(value, draw)` applied where hit; nulls stay. `draw` is a large random number."""
    draws = rng.integers(0, 2**31, size=len(values))
    result = values.copy()
    for at in np.flatnonzero(hit):
        if result[at] is not None:
            result[at] = change(result[at], int(draws[at]))
    return result


def typing_slip(text: str, draw: int) -> str:
    """One letter lost, doubled, swapped with the next or hit on the neighbouring key."""
    if len(text) < 3:
        return text
    kind, at = draw % 4, 1 + (draw // 4) % (len(text) - 2)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    keys = _NEIGHBOURS.get(text[at].upper(), text[at])
    return text[:at] + keys[(draw // 997) % len(keys)].lower() + text[at + 1 :]


def swapped_day_and_month(born: dt.date, _draw: int) -> dt.date:
    """Day and month change places where that is a date; otherwise the day slips by one."""
    if born.day <= 12 and born.day != born.month:
        return born.replace(month=born.day, day=born.month)
    return born + dt.timedelta(days=1 if born.day < 28 else -1)


def wrong_year(born: dt.date, draw: int) -> dt.date:
    """One year too early, or ten; never later, so that nobody is born in the future."""
    day = min(born.day, 28)
    return born.replace(year=born.year - (1, 1, 1, 10)[draw % 4], day=day)


def placeholder_birth_date(_born: dt.date, draw: int) -> dt.date:
    """One of the dates that stand for unknown."""
    return dt.date(1900, 1, 1) if draw % 2 else dt.date(1970, 1, 1)


def wrong_number(number: str, draw: int) -> str:
    """Another digit somewhere in the serial part; the check letter then no longer fits."""
    places = [at for at, letter in enumerate(number) if letter.isdigit()][4:]
    at = places[draw % len(places)]
    return number[:at] + str((int(number[at]) + 1 + draw % 8) % 10) + number[at + 1 :]


def other_form_of_pnc(pnc: str, draw: int) -> str:
    """Another written form of a canonical YYYY/NNNNNNNL."""
    year, serial, letter = pnc[:4], pnc[5:12], pnc[12]
    forms = (
        f"{year[2:]}/{serial}{letter}",
        f"{year[2:]}/{int(serial)}{letter}",
        f"{year}{serial}{letter}",
        f"{year}/{int(serial)}{letter}",
        f"{year[2:]} / {serial} {letter}",
    )
    return forms[draw % len(forms)]


def other_form_of_postcode(postcode: str, draw: int) -> str:
    """Without its blank, or in small letters."""
    return postcode.replace(" ", "") if draw % 3 else postcode.lower()


def other_form_of_address(line: str, draw: int) -> str:
    """The street kind shortened, a comma more, or in capitals."""
    for long, short in (("Road", "Rd"), ("Street", "St"), ("Avenue", "Ave"), ("Close", "Cl"), ("Crescent", "Cres")):
        if line.endswith(long) and draw % 2:
            return line[: -len(long)] + short
    return line.upper() if draw % 3 else line.replace(" ", ", ", 1)
