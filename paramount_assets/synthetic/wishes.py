"""Whom to receive so that each hard kind occurs often: people for whom it is possible, on days on which it is.

Prison and police records are then written accordingly; who is of a kind in the end is `hard_kinds`'.
"""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from paramount_assets.synthetic import names
from paramount_assets.synthetic.hard_kinds import HardKind, in_refuge, parents_of, people_with_parents
from paramount_assets.synthetic.other_names import namesakes
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.receiving import Adults, birthday, day_numbers, positions_of
from paramount_assets.synthetic.streams import Flags, Real, Whole, Words, rows_at, stream

ASKED_SHARE = 0.72
"""Of receptions that begin in the span, where hard kinds are asked for: with late returns and the like, seven in ten of all."""

KNOWN_SON_AGE = 12
"""A son is old enough to have a police record of his own (assumed)."""

ROUNDS = 30
"""How often a reception that a candidate does not fit is offered another one."""


_CANDIDATE: dict[str, type[pl.DataType]] = {
    "resident_id": pl.Int64, "other_id": pl.Int64, "from_date": pl.Date, "to_date": pl.Date,
}  # fmt: skip


@dataclass(frozen=True)
class Wishes:
    """Who is meant for each reception: position of the resident (-1: nobody), hard kind ("" : none), other_id (-1: nobody)."""

    who: Whole
    kind: Words
    other: Whole

    @classmethod
    def none(cls, count: int) -> "Wishes":
        """Nobody is meant for any of the receptions."""
        nobody = np.full(count, -1, dtype=np.int64)
        return cls(nobody, np.full(count, "", dtype=object), nobody)

    def meaning(self, at: Whole, who: Whole) -> "Wishes":
        """The same with people meant for some more receptions, for no hard kind."""
        meant = self.who.copy()
        meant[at] = who
        return replace(self, who=meant)

    def table(self) -> pl.DataFrame:
        """One row per reception: who, kind, other_id."""
        other = pl.Series("other_id", self.other, dtype=pl.Int64)
        return pl.DataFrame({"who": self.who, "kind": pl.Series(self.kind.tolist(), dtype=pl.String)}).with_columns(
            pl.when(other >= 0).then(other).alias("other_id")
        )


def ask(population: Population, adults: Adults, days: Whole, is_new: Flags, seed: int) -> Wishes:
    """Means people of the ten kinds, equally many of each, for most of the new receptions.

    Where a population has too few people of a kind, fewer are meant; nobody is meant for two kinds.

    Args:
        population: the truth.
        adults: who may be received, in the order of the residents.
        days: of each reception, in days since 1970, in the order of time.
        is_new: receptions in the span.
        seed: of the world.

    Raises:
        ValueError: the population has no column twin_id.
    """
    rng = stream(seed, "hard kinds")
    chosen = rng.permutation(np.flatnonzero(is_new))
    chosen = chosen[: round(ASKED_SHARE * len(chosen))]
    wishes = Wishes.none(len(days))
    who, kind, other = wishes.who, wishes.kind, wishes.other.copy()
    chance = adults.weights(int(np.median(days[chosen]))) if len(chosen) else np.zeros(len(adults.birth))
    lists = sorted(candidates(population).items(), key=lambda item: len(item[1]))
    for (name, people), part in zip(lists, np.array_split(chosen, len(lists)), strict=True):
        queue = _queue(positions_of(population.residents, people["resident_id"]), chance, ROUNDS * len(part), rng)
        at, row, person = _match(people, queue, adults, days, part)
        who[at], kind[at], other[at] = person, name.value, people["other_id"].fill_null(-1).to_numpy()[row]
        chance[person] = 0.0
    return Wishes(who, kind, other)


def _queue(position: Whole, chance: Real, most: int, rng: np.random.Generator) -> tuple[Whole, Whole]:
    """Candidates in the order in which they are tried, likelier ones earlier: rows among the candidates, and positions."""
    free = np.flatnonzero(chance[position] > 0)
    keys = rng.standard_exponential(len(free)) / chance[position[free]]
    nearest = np.argpartition(keys, most)[:most] if most < len(free) else np.arange(len(free))
    row = free[nearest[np.argsort(keys[nearest], kind="stable")]]
    return row, position[row]


def _match(
    people: pl.DataFrame, queue: tuple[Whole, Whole], adults: Adults, days: Whole, receptions: Whole
) -> tuple[Whole, Whole, Whole]:
    """Receptions, rows of the candidates and their positions: of the right age and alive on the day, and of the kind then."""
    begins, ends = day_numbers(people["from_date"]), day_numbers(people["to_date"])
    waiting = np.stack(queue)
    matched: list[tuple[Whole, Whole, Whole]] = []
    for _ in range(ROUNDS):
        at, (row, person) = receptions[: waiting.shape[1]], waiting[:, : len(receptions)]
        fits = (begins[row] <= days[at]) & (days[at] < ends[row]) & adults.may_be_received(person, days[at])
        matched.append((at[fits], row[fits], person[fits]))
        receptions = np.concatenate([at[~fits], receptions[len(at) :]])
        waiting = np.concatenate([waiting[:, len(row) :], np.stack([row, person])[:, ~fits]], axis=1)
    at, row, person = (np.concatenate([part[side] for part in matched]) for side in range(3))
    return at, row, person


def candidates(population: Population) -> dict[HardKind, pl.DataFrame]:
    """Who can be of which kind, and when: resident_id, other_id, from_date, to_date (exclusive; null: for ever).

    Raises:
        ValueError: the population has no column twin_id.
    """
    people = population.residents
    if "twin_id" not in people.columns:
        raise ValueError("hard kinds cannot be asked for: the population's residents have no column twin_id")
    has_short = people.filter(pl.col("first_name").is_in(list(names.nicknames())))
    spelt = list(names.spellings())
    in_two_ways = pl.col("first_name").is_in(spelt) | pl.col("last_name").is_in(spelt)
    born = pl.col("date_of_birth")
    lists = {
        HardKind.TWIN: _twins(people),
        HardKind.JUNIOR: _juniors(people),
        HardKind.NICKNAME_AND_MOVED: _moved(has_short, population.lives),
        HardKind.MAIDEN_NAME_AND_MOVED: _moved(people.filter(pl.col("maiden_name").is_not_null()), population.lives),
        HardKind.TRANSLITERATED: people.filter(in_two_ways),
        HardKind.SWAPPED_DATE: people.filter((born.dt.day() <= 12) & (born.dt.day() != born.dt.month())),
        HardKind.WRONG_PNC: people,
        HardKind.NO_FIXED_ABODE: people,
        HardKind.REFUGE: parents_of(in_refuge(population)),
        HardKind.SEPARATED_PARENTS: _separated(people),
    }
    return {kind: _as_candidates(frame) for kind, frame in lists.items()}


def _as_candidates(people: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in _CANDIDATE.items() if name not in people.columns]
    filled = people.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in _CANDIDATE.items())
    return filled.with_columns(pl.col("from_date").fill_null(dt.date(1900, 1, 1))).unique(
        "resident_id", keep="first", maintain_order=True
    )


def _twins(people: pl.DataFrame) -> pl.DataFrame:
    """One of each pair: the other one has to be known to the police, not inside as well."""
    twins = people.filter(pl.col("twin_id").is_not_null())
    other = rows_at(people, positions_of(people, twins["twin_id"]))
    living = twins.select("resident_id", pl.col("twin_id").alias("other_id"), other["died_on"].alias("to_date"))
    return living.filter(pl.col("resident_id") < pl.col("other_id"))


def _juniors(people: pl.DataFrame) -> pl.DataFrame:
    """Fathers and sons of one name; a father once the son is old enough for a police record of his own."""
    pairs = namesakes(people)
    sons = pairs.select(
        pl.col("son_id").alias("resident_id"),
        pl.col("father_id").alias("other_id"),
        pl.lit(None, dtype=pl.Date).alias("from_date"),
        pl.col("father_died").alias("to_date"),
    )
    fathers = pairs.select(
        pl.col("father_id").alias("resident_id"),
        pl.col("son_id").alias("other_id"),
        birthday(pl.col("son_born"), KNOWN_SON_AGE).alias("from_date"),
        pl.col("son_died").alias("to_date"),
    )
    return pl.concat([sons, fathers]).sort("resident_id", "other_id")


def _moved(people: pl.DataFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Those who left a home, from the day on which they first did."""
    left = lives.filter(pl.col("to_date").is_not_null()).group_by("resident_id").agg(pl.col("to_date").min().alias("from_date"))
    return people.select("resident_id").join(left, on="resident_id", how="inner", maintain_order="left")


def _separated(people: pl.DataFrame) -> pl.DataFrame:
    """Parents whose child lives with the other one: as on the first day, until the child is of age."""
    both = people_with_parents(people).drop_nulls(["mother_id", "father_id"])
    at_home = {
        side: rows_at(people, positions_of(people, both[side]))["home_id"] == both["home_id"]
        for side in ("mother_id", "father_id")
    }
    sides = [
        both.filter(at_home[other] & ~at_home[side]).select(pl.col(side).alias("resident_id"), pl.col("of_age").alias("to_date"))
        for side, other in (("father_id", "mother_id"), ("mother_id", "father_id"))
    ]
    return pl.concat(sides).sort("resident_id", "to_date", descending=[False, True])
