"""What is true in the made-up world: who was received, whose child is whose, who lives where on a day, who holds which record."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from paramount_assets.synthetic.answer_key import read_answer_key
from paramount_assets.vocabulary import Source

RECEPTION = ("prisoner_number", "booking_id", "movement_sequence")
"""What a reception is known by in the prison extract."""

PARENTAL = ("mother", "father", "step_parent")
"""Ties that make a child the prisoner's, best first. Grandparents and carers are no parents; finding theirs is no error."""

PREGNANCY_DAYS = 280
"""Nobody is expecting a child that will be born later than that."""

BETWEEN_ADULTS = ("partner", "ex_partner")

_HARD_KINDS = {"prisoner_number": pl.String(), "kind": pl.String()}
_SPELLS = {"resident_id": pl.Int64(), "admitted_at": pl.Datetime("us"), "released_at": pl.Datetime("us")}


class AnswerKeyMissing(Exception):
    """The data folder holds no made-up world, so there is no truth to measure against."""


@dataclass(frozen=True)
class Truth:
    """The answer key's tables; columns are documented in `synthetic.answer_key`.

    `hard_kinds` and `spells` are empty where the world was made without them: then nothing is said by kind or of urgency.
    """

    people: pl.DataFrame
    homes: pl.DataFrame
    lives: pl.DataFrame
    ties: pl.DataFrame
    source_records: pl.DataFrame
    receptions: pl.DataFrame
    noise: pl.DataFrame
    hard_kinds: pl.DataFrame
    spells: pl.DataFrame

    @staticmethod
    def read(world: Path) -> "Truth":
        """The answer key under a world's folder.

        Raises:
            AnswerKeyMissing: there is none, or not all of it.
        """
        try:
            tables = {name: read_answer_key(world, name) for name in _ALWAYS}
        except FileNotFoundError:
            raise AnswerKeyMissing(
                "there is no answer key here; only a world made by paramount simulate can be measured"
            ) from None
        homes = tables["homes"].with_columns(door=door("address_line", "postcode"))
        return Truth(
            **tables | {"homes": homes, "people": _with_births(tables["people"])},
            hard_kinds=_read_if_there(world, "hard_kinds", _HARD_KINDS),
            spells=_read_if_there(world, "spells", _SPELLS),
        )

    def records(self, source: Source) -> pl.DataFrame:
        """Who the records of a source are about: record_id, resident_id."""
        return self.source_records.filter(pl.col("source") == source.value).select("record_id", "resident_id")

    def parents(self, of: pl.Series) -> pl.DataFrame:
        """One row per parent or step-parent among the residents `of`, and child: parent_id, child_id, tie."""
        kin = self.ties.filter(pl.col("tie").is_in(PARENTAL) & pl.col("from_id").is_in(of.implode()))
        return (
            pl.concat([kin.select(parent_id="from_id", child_id="to_id", tie="tie"), *self._parents_in_people(of)])
            .sort("parent_id", "child_id", pl.col("tie").replace_strict({t: n for n, t in enumerate(PARENTAL)}))
            .unique(["parent_id", "child_id"], keep="first", maintain_order=True)
        )

    def _parents_in_people(self, of: pl.Series) -> list[pl.DataFrame]:
        """Those of the unborn stand there alone."""
        return [
            self.people.filter(pl.col(column).is_in(of.implode())).select(
                parent_id=column, child_id="resident_id", tie=pl.lit(column.removesuffix("_id"))
            )
            for column in ("mother_id", "father_id")
        ]

    def families(self, of: pl.Series) -> pl.DataFrame:
        """One row per adult among the residents `of` and child who is theirs in any way: adult_id, child_id."""
        tied = self.ties.filter(~pl.col("tie").is_in(BETWEEN_ADULTS) & pl.col("from_id").is_in(of.implode()))
        born = [parents.select(adult_id="parent_id", child_id="child_id") for parents in self._parents_in_people(of)]
        return pl.concat([tied.select(adult_id="from_id", child_id="to_id"), *born]).unique()

    def at_home(self, who: pl.DataFrame) -> pl.DataFrame:
        """The frame, of `resident_id` and `day`, with each one's home on the day: home_id, door, la_code; null where unknown.

        A child born in the span has no home of its own in the answer key: it lives with its mother.
        """
        asked = who.select("resident_id", "day").unique()
        own = self._lived(asked)
        mothers = self.people.filter(pl.col("mother_id").is_not_null()).select("resident_id", "mother_id")
        of_mother = (
            asked.join(own, on=["resident_id", "day"], how="anti")
            .join(mothers, on="resident_id")
            .rename({"resident_id": "child_id", "mother_id": "resident_id"})
        )
        with_mother = (
            self._lived(of_mother.select("resident_id", "day").unique())
            .join(of_mother, on=["resident_id", "day"])
            .select(resident_id="child_id", day="day", home_id="home_id")
        )
        homes = self.homes.select("home_id", "door", "la_code")
        known = pl.concat([own, with_mother]).join(homes, on="home_id", how="left")
        return who.join(known, on=["resident_id", "day"], how="left", maintain_order="left")

    def _lived(self, asked: pl.DataFrame) -> pl.DataFrame:
        """resident_id, day and the home that held on the day, the one taken last where two did."""
        holds = (pl.col("from_date") <= pl.col("day")) & (pl.col("to_date").is_null() | (pl.col("to_date") > pl.col("day")))
        return (
            asked.join(self.lives, on="resident_id")
            .filter(holds)
            .sort("resident_id", "day", "from_date", "home_id")
            .unique(["resident_id", "day"], keep="last", maintain_order=True)
            .select("resident_id", "day", "home_id")
        )


_ALWAYS = ("people", "homes", "lives", "ties", "source_records", "receptions", "noise")


def door(address_line: str, postcode: str) -> pl.Expr:
    """A home as one finds it: postcode and the numbers of the address line, however the rest of it is written."""
    plain = pl.col(postcode).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    return pl.concat_str(plain, pl.col(address_line).str.extract_all(r"\d+").list.join("/"), separator=" ")


def true_children(truth: Truth, receptions: pl.DataFrame, age_limit_years: int) -> pl.DataFrame:
    """One row per reception and child of the prisoner who lives on the day of the reception, or is not born yet.

    Columns: those of `receptions`, `child_id`, `tie`, `is_unborn`, `is_expected` (to be born within the next 40 weeks),
    `is_minor`, `home_id`, `door` and `la_code` of the home on that day. A child of two people received has a row for each.

    Args:
        truth: the answer key.
        receptions: with `resident_id` of the prisoner and `received_on`.
        age_limit_years: from this birthday on one is no longer a child.
    """
    born = truth.people.select(
        child_id="resident_id", born="born", due=pl.coalesce("born", "expected_date_of_birth"), died_on="died_on"
    )
    pairs = (
        receptions.join(
            truth.parents(receptions["resident_id"].unique()),
            left_on="resident_id",
            right_on="parent_id",
            maintain_order="left_right",
        )
        .join(born, on="child_id", how="left", maintain_order="left")
        .filter(pl.col("died_on").is_null() | (pl.col("died_on") > pl.col("received_on")))
        .with_columns(is_unborn=pl.col("born").is_null() | (pl.col("born") > pl.col("received_on")))
        .with_columns(
            is_expected=pl.col("is_unborn")
            & (pl.col("due") - pl.col("received_on")).dt.total_days().is_between(0, PREGNANCY_DAYS)
        )
        .with_columns(is_minor=~pl.col("is_unborn") & (_age("born", "received_on") < age_limit_years))
    )
    homes = truth.at_home(pairs.select(resident_id="child_id", day="received_on").unique())
    return pairs.join(
        homes.rename({"resident_id": "child_id", "day": "received_on"}),
        on=["child_id", "received_on"],
        how="left",
        maintain_order="left",
    ).drop("born", "due", "died_on")


def _age(born: str, on: str) -> pl.Expr:
    """Whole years; born on 29 February one is a year older on 1 March."""
    birthday = pl.col(born).dt.month().cast(pl.Int32) * 100 + pl.col(born).dt.day()
    today = pl.col(on).dt.month().cast(pl.Int32) * 100 + pl.col(on).dt.day()
    return pl.col(on).dt.year() - pl.col(born).dt.year() - (today < birthday).cast(pl.Int32)


def _with_births(people: pl.DataFrame) -> pl.DataFrame:
    """With `born`: the birth date, of those not born on the first day the day on which they will be; null where not known."""
    days = [pl.col(name) for name in ("date_of_birth", "born_on") if name in people.columns]
    return people.with_columns(born=pl.coalesce(days))


def _read_if_there(world: Path, name: str, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    try:
        return read_answer_key(world, name).select(list(columns))
    except FileNotFoundError:
        return pl.DataFrame(schema=columns)
