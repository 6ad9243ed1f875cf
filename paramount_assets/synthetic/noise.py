"""How records come to differ from the truth: causes, their rates by source and group, and who writes down what was hit.

A source asks a `Scribe` which of its records are hit by a cause; the scribe remembers it for the answer key. Every cause of
every source has its own stream. The rates stand in data/reference/noise_rates.csv, the slips themselves in `slips`.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import polars as pl

from paramount_assets.synthetic.streams import Flags, Real, stream


class Cause(StrEnum):
    """Why a record differs from the truth, or is hard to recognise."""

    TYPING_SLIP = "typing_slip"
    KEYBOARD_SLIP = "keyboard_slip"
    PHONETIC_SPELLING = "phonetic_spelling"
    NICKNAME = "nickname"
    MAIDEN_NAME = "maiden_name"
    MARRIED_NAME = "married_name"
    TRANSLITERATION = "transliteration"
    ALIAS_AS_MAIN_NAME = "alias_as_main_name"
    FALSE_NAME = "false_name"
    SWAPPED_NAMES = "swapped_names"
    FAMILY_NAME_FIRST = "family_name_first"
    MIDDLE_NAME_FIRST = "middle_name_first"
    DROPPED_PART = "dropped_part"
    MERGED_PART = "merged_part"
    PLAIN_LETTERS = "plain_letters"
    MISSING_MIDDLE_NAMES = "missing_middle_names"
    SWAPPED_DAY_AND_MONTH = "swapped_day_and_month"
    WRONG_YEAR = "wrong_year"
    WRONG_DAY = "wrong_day"
    FIRST_OF_JANUARY = "first_of_january"
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
    FLAT_SHARE_STRANGER = "flat_share_stranger"
    DUPLICATE_RECORD = "duplicate_record"
    MISSING_ASSOCIATION = "missing_association"
    WRONG_ASSOCIATION = "wrong_association"
    REPEATED_ROW = "repeated_row"
    TWIN = "twin"
    JUNIOR = "junior"


STRUCTURAL = frozenset({Cause.PLAIN_LETTERS, Cause.TWIN, Cause.JUNIOR})
"""No chance decides them: they follow from who the person is or from the letters that a system knows. Never multiplied."""

MOST = 0.95
"""No cause hits more of the records than this, however often the rates are multiplied."""

EVERYONE = "everyone"
SOURCES = ("prison", "police", "services")
COLUMNS = ["cause", "applies_to", "measure", *SOURCES, "basis", "because", "source"]
RATES_FILE = "noise_rates.csv"
_LARGEST_FACTOR = 40.0


class RatesInvalid(ValueError):
    """The table of rates is not as it should be; the message names row and fault."""


@dataclass(frozen=True)
class Rates:
    """The reviewed table of rates and the multiplier of the whole.

    Attributes:
        table: cause, applies_to, measure (rate: a share of the records that the cause can touch; factor: how much more or less
            often it hits a group; structural), prison, police, services, basis, because, source.
        multiplier: of every rate; 1.0 is the made-up world's ordinary difficulty.
    """

    table: pl.DataFrame
    multiplier: float = 1.0

    @classmethod
    def read(cls, reference: Path, multiplier: float = 1.0) -> "Rates":
        """The rates of `noise_rates.csv` in the folder of reference data.

        Raises:
            RatesInvalid: a row is incomplete, unknown or out of range, a cause has no row, or the multiplier is negative.
        """
        if multiplier < 0:
            raise RatesInvalid("the multiplier of the noise cannot be negative")
        table = pl.read_csv(reference / RATES_FILE, infer_schema=False)
        if table.columns != COLUMNS:
            raise RatesInvalid(f"{RATES_FILE}: the columns must be {', '.join(COLUMNS)}")
        for number, row in enumerate(table.iter_rows(named=True), start=1):
            fault = _fault_of(row)
            if fault:
                raise RatesInvalid(f"{RATES_FILE}, row {number}: {fault}")
        _check_whole(table)
        return cls(table.with_columns(pl.col(SOURCES).cast(pl.Float64)), multiplier)

    def rate(self, cause: Cause, source: str) -> float:
        """Everyone's chance of being hit, multiplied.

        Raises:
            RatesInvalid: the cause is structural.
        """
        if cause in STRUCTURAL:
            raise RatesInvalid(f"{cause.value} follows from who a person is: it is noted, not drawn")
        row = self.table.row(by_predicate=(pl.col("cause") == cause.value) & (pl.col("applies_to") == EVERYONE), named=True)
        return float(row[source]) * self.multiplier

    def factors(self, cause: Cause, source: str) -> list[tuple[str, float]]:
        """The groups that the cause hits more or less often, and how much."""
        rows = self.table.filter((pl.col("cause") == cause.value) & (pl.col("measure") == "factor") & (pl.col(source) != 1.0))
        return list(rows.select("applies_to", source).iter_rows())


def _fault_of(row: dict[str, str | None]) -> str | None:
    """What is wrong with one row, or None."""
    if row["cause"] not in list(Cause):
        return f"unknown cause {row['cause']!r}"
    for column in ("basis", "because", "source"):
        if not row[column]:
            return f"{column} is missing"
    if row["basis"] not in ("published", "assumed"):
        return "basis must be published or assumed"
    group = row["applies_to"] or ""
    if group != EVERYONE and _group_fault(group):
        return f"applies to an unknown group {group!r}"
    expected = "structural" if row["cause"] in STRUCTURAL else "rate" if group == EVERYONE else "factor"
    if row["measure"] != expected:
        return f"measure must be {expected}"
    return _number_fault(row, expected)


def _number_fault(row: dict[str, str | None], measure: str) -> str | None:
    most = {"structural": 0.0, "rate": 1.0, "factor": _LARGEST_FACTOR}[measure]
    for source in SOURCES:
        try:
            number = float(row[source] or "")
        except ValueError:
            return f"{source} is no number"
        if not 0 <= number <= most:
            return f"{source} is outside 0 to {most:g}"
    return None


def _check_whole(table: pl.DataFrame) -> None:
    if not table.select("cause", "applies_to").is_unique().all():
        raise RatesInvalid(f"{RATES_FILE}: a cause stands twice for one group")
    missing = set(Cause) - set(table.filter(pl.col("applies_to") == EVERYONE)["cause"])
    if missing:
        raise RatesInvalid(f"{RATES_FILE}: no row for everyone of {', '.join(sorted(missing))}")


def _group_fault(group: str) -> bool:
    kind, _, rest = group.partition(" ")
    if kind == "aged":
        ages = rest.split("-")
        return len(ages) != 2 or not all(age.isdigit() for age in ages)
    return group not in ("women", "men") and (kind not in ("community", "living_in") or not rest)


def members(group: str, people: pl.DataFrame, on: dt.date | None) -> Flags:
    """Who of the people belongs to a group of the table; nobody where the frame does not tell.

    Args:
        group: `women`, `men`, `aged 18-24`, `community polish romanian` (any of them) or `living_in hostel` (a shape).
        people: may have sex, date_of_birth, community and shape.
        on: the day that ages are of.
    """
    kind, _, rest = group.partition(" ")
    column = {"women": "sex", "men": "sex", "aged": "date_of_birth", "community": "community", "living_in": "shape"}[kind]
    if column not in people.columns or (kind == "aged" and on is None):
        return np.zeros(len(people), dtype=np.bool_)
    if kind == "aged" and on is not None:
        youngest, oldest = (int(age) for age in rest.split("-"))
        born = pl.col("date_of_birth")
        belongs = born.is_between(_years_before(on, oldest + 1), _years_before(on, youngest), closed="right")
    else:
        belongs = pl.col(column).is_in({"women": ["F"], "men": ["M"]}.get(kind, rest.split(" ")))
    return np.asarray(people.select(belongs.fill_null(value=False)).to_series().to_numpy(), dtype=np.bool_)


def _years_before(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


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
        on: dt.date | None = None,
    ) -> None:
        """A scribe of one source's records.

        Args:
            rates: the table.
            seed: of the world.
            source: `prison`, `police` or `services`, and after a slash a part of it that has streams of its own.
            record_ids: one for each record.
            people: whom the records are about, row by row, for the differences between groups.
            factor: how much more often these records are hit than others of the source.
            on: the day that ages are of; left out, ages make no difference.
        """
        self.rates, self.seed, self._source, self._ids = rates, seed, source, record_ids
        self._people = None if people is None else people.select(_telling(people))
        self._factor, self._on = factor, on
        self._groups: dict[str, Flags] = {}
        self._hits: list[pl.DataFrame] = []

    def rng(self, purpose: str) -> np.random.Generator:
        """The stream of one purpose of this source."""
        return stream(self.seed, f"{self._source}/{purpose}")

    def hits(self, cause: Cause, where: Flags | None = None, always: Flags | None = None) -> Flags:
        """Which records are hit, of those that can be and `always` those named; written down."""
        return self.note(cause, self.draw(cause, where, always))

    def draw(self, cause: Cause, where: Flags | None = None, always: Flags | None = None) -> Flags:
        """As `hits`, but not written down yet: for slips that may turn out to change nothing."""
        hit = self.rng(cause.value).random(len(self._ids)) < self._chance(cause)
        if where is not None:
            hit &= where
        if always is not None:
            hit |= always
        return np.asarray(hit, dtype=np.bool_)

    def _chance(self, cause: Cause) -> Real | float:
        source = self._source.partition("/")[0]
        chance: Real | float = self.rates.rate(cause, source) * self._factor
        if self._people is not None and np.any(chance):
            for group, factor in self.rates.factors(cause, source):
                chance = chance * np.where(self._belong(group, self._people), factor, 1.0)
        return np.minimum(chance, MOST)

    def _belong(self, group: str, people: pl.DataFrame) -> Flags:
        if group not in self._groups:
            self._groups[group] = members(group, people, self._on)
        return self._groups[group]

    def note(self, cause: Cause, hit: Flags) -> Flags:
        """Writes down a cause of records that were chosen elsewhere."""
        found = pl.DataFrame({"record_id": self._ids.filter(pl.Series(hit, dtype=pl.Boolean))})
        self._hits.append(found.with_columns(pl.lit(cause.value).alias("cause")))
        return hit

    def take_over(self, other: "Scribe", kept: pl.Series | None = None) -> None:
        """Adds what another scribe wrote down of the same source's records; given those kept, of them alone."""
        self._hits += (
            other._hits if kept is None else [hit.filter(pl.col("record_id").is_in(kept.implode())) for hit in other._hits]
        )

    def causes(self) -> pl.DataFrame:
        """One row per record and cause: record_id, cause."""
        empty = pl.DataFrame(schema={"record_id": pl.String, "cause": pl.String})
        return pl.concat([empty, *self._hits]).unique().sort("record_id", "cause")


def _telling(people: pl.DataFrame) -> list[str]:
    return [column for column in ("sex", "date_of_birth", "community", "shape") if column in people.columns]
