"""The ten kinds of people who are hard to recognise: whom to receive so that each occurs often, and who is one in the end.

`ask` chooses people for whom a kind is possible; prison and police records are then written accordingly. `find` looks at the
finished records alone and knows nothing of what was asked for.
"""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import polars as pl

from paramount_assets.synthetic import names
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.receiving import ADULT_AGE, Adults, birthday, day_numbers, positions_of
from paramount_assets.synthetic.streams import Flags, Real, Whole, Words, rows_at, stream
from paramount_assets.vocabulary import Source

ASKED_SHARE = 0.74
"""Of receptions that begin in the span, where hard kinds are asked for: with late returns and the like, seven in ten of all."""

COMES_OFF_SHARE = 0.7
"""Of people asked for because they moved, who are so in the end: the others give no home at the reception, or an old one that the
police hold. So many more are asked for that about as many of these kinds are found as of the others."""

KNOWN_SON_AGE = 12
"""A son is old enough to have a police record of his own (assumed)."""

ROUNDS = 30
"""How often a reception that a candidate does not fit is offered another one."""


class HardKind(StrEnum):
    """What makes a person received hard to recognise in the police's records, or their child's home hard to find.

    twin: has a twin, living and known to the police. junior: bears the forename and surname of the father or a son who is known
    to the police. nickname_and_moved, maiden_name_and_moved: recorded under a short form or an earlier surname by one of the two,
    and no home that the police know is the one given at the reception. transliterated, swapped_date, wrong_pnc: so in one of the
    two records. no_fixed_abode: given at the reception. refuge: a child lives in a refuge then. separated_parents: a child under
    eighteen lives with the other parent and not with the person.
    """

    TWIN = "twin"
    JUNIOR = "junior"
    NICKNAME_AND_MOVED = "nickname_and_moved"
    MAIDEN_NAME_AND_MOVED = "maiden_name_and_moved"
    TRANSLITERATED = "transliterated"
    SWAPPED_DATE = "swapped_date"
    WRONG_PNC = "wrong_pnc"
    NO_FIXED_ABODE = "no_fixed_abode"
    REFUGE = "refuge"
    SEPARATED_PARENTS = "separated_parents"


_CAUSES = {
    HardKind.NICKNAME_AND_MOVED: "nickname",
    HardKind.MAIDEN_NAME_AND_MOVED: "maiden_name",
    HardKind.TRANSLITERATED: "transliteration",
    HardKind.SWAPPED_DATE: "swapped_day_and_month",
    HardKind.WRONG_PNC: "wrong_pnc",
}
"""The cause of noise, as the answer key names it, that a kind shows by."""

_MOVED = (HardKind.NICKNAME_AND_MOVED, HardKind.MAIDEN_NAME_AND_MOVED)
_KEY = ["prisoner_number", "resident_id", "received_on", "extract_date"]
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
    """Means people of the ten kinds for most of the new receptions, so that equally many of each are found in the end.

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
    for (name, people), part in zip(lists, _split(chosen, [name for name, _ in lists]), strict=True):
        queue = _queue(positions_of(population.residents, people["resident_id"]), chance, ROUNDS * len(part), rng)
        at, row, person = _match(people, queue, adults, days, part)
        who[at], kind[at], other[at] = person, name.value, people["other_id"].fill_null(-1).to_numpy()[row]
        chance[person] = 0.0
    return Wishes(who, kind, other)


def _split(receptions: Whole, kinds: list[HardKind]) -> list[Whole]:
    """The receptions of each kind: as many of each will be so in the end."""
    needed = np.cumsum([1 / COMES_OFF_SHARE if kind in _MOVED else 1.0 for kind in kinds])
    return np.split(receptions, np.round(needed[:-1] / needed[-1] * len(receptions)).astype(np.int64))


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
        HardKind.REFUGE: _parents_of(_in_refuge(population)),
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
    pairs = _namesakes(people)
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


def _namesakes(people: pl.DataFrame, of: pl.Expr | None = None) -> pl.DataFrame:
    """Sons who bear the forename and the surname of their father: son_id, father_id, son_born, son_died, father_died."""
    is_son = pl.col("father_id").is_not_null() & (pl.col("sex") == "M")
    sons = people.filter(is_son if of is None else is_son & of)
    fathers = rows_at(people, positions_of(people, sons["father_id"]))
    same = (sons["first_name"] == fathers["first_name"]) & (sons["last_name"] == fathers["last_name"])
    return sons.select(
        pl.col("resident_id").alias("son_id"), "father_id", pl.col("date_of_birth").alias("son_born"),
        pl.col("died_on").alias("son_died"), fathers["died_on"].alias("father_died"),
    ).filter(same)  # fmt: skip


def _moved(people: pl.DataFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Those who left a home, from the day on which they first did."""
    left = lives.filter(pl.col("to_date").is_not_null()).group_by("resident_id").agg(pl.col("to_date").min().alias("from_date"))
    return people.select("resident_id").join(left, on="resident_id", how="inner", maintain_order="left")


def _parents_of(children: pl.DataFrame) -> pl.DataFrame:
    """Fathers before mothers: a father whose child fled is the commoner case."""
    sides = [
        children.filter(pl.col(side).is_not_null()).select(pl.col(side).alias("resident_id"), "from_date", "to_date")
        for side in ("father_id", "mother_id")
    ]
    return pl.concat(sides)


def _in_refuge(population: Population) -> pl.DataFrame:
    """Children who live in a refuge, and from when until when: resident_id, mother_id, father_id, from_date, to_date."""
    refuges = population.households.filter(pl.col("shape") == "refuge")["home_id"]
    there = population.lives.filter(pl.col("home_id").is_in(refuges.implode()))
    return _children(population.residents).join(there, on="resident_id", how="inner", maintain_order="left").select(
        "resident_id", "mother_id", "father_id", "from_date", pl.min_horizontal("to_date", "of_age").alias("to_date")
    )  # fmt: skip


def _children(people: pl.DataFrame) -> pl.DataFrame:
    """Living people with a known parent and the day on which they are of age, death included: resident_id, parents, of_age."""
    has_parent = pl.col("mother_id").is_not_null() | pl.col("father_id").is_not_null()
    of_age = birthday(pl.col("date_of_birth"), ADULT_AGE)
    return people.filter(has_parent).select(
        "resident_id", "mother_id", "father_id", "home_id", pl.min_horizontal(of_age, "died_on").alias("of_age")
    )


def _separated(people: pl.DataFrame) -> pl.DataFrame:
    """Parents whose child lives with the other one: as on the first day, until the child is of age."""
    both = _children(people).drop_nulls(["mother_id", "father_id"])
    at_home = {
        side: rows_at(people, positions_of(people, both[side]))["home_id"] == both["home_id"]
        for side in ("mother_id", "father_id")
    }
    sides = [
        both.filter(at_home[other] & ~at_home[side]).select(pl.col(side).alias("resident_id"), pl.col("of_age").alias("to_date"))
        for side, other in (("father_id", "mother_id"), ("mother_id", "father_id"))
    ]
    return pl.concat(sides).sort("resident_id", "to_date", descending=[False, True])


@dataclass(frozen=True)
class Finished:
    """The finished records in which hard kinds are looked for.

    receptions, source_records, noise: as in the answer key. movements: the extracts' rows by the contract. addresses: the force's
    person_addresses with recorded_on.
    """

    receptions: pl.DataFrame
    movements: pl.DataFrame
    addresses: pl.DataFrame
    source_records: pl.DataFrame
    noise: pl.DataFrame


def find(population: Population, finished: Finished) -> pl.DataFrame:
    """One row per person received and hard kind that they really are at one of their receptions: prisoner_number, kind.

    Kinds that show by a name, a date or a number need a police record of the person, or there would be nothing to recognise.

    Args:
        population: the truth, with twin_id.
        finished: what the sources hold in the end.
    """
    received = finished.receptions.with_columns(pl.col("received_at").dt.date().alias("received_on"))
    known = _records_of(finished, Source.POLICE_RECORDS)["resident_id"].unique()
    homes = _homes_given(received, finished.movements)
    found = {
        HardKind.TWIN: _with_twin(population.residents, received, known),
        HardKind.JUNIOR: _with_namesake(population.residents, received, known),
        HardKind.NO_FIXED_ABODE: homes.filter(pl.col("no_fixed_abode") == "Y"),
        HardKind.REFUGE: _with_child_in_refuge(population, received),
        HardKind.SEPARATED_PARENTS: _apart_from_child(population, received),
        **_by_cause(finished, received, known, _not_at_known_home(homes, finished)),
    }
    return (
        pl.concat(rows.select("prisoner_number", pl.lit(kind.value).alias("kind")) for kind, rows in found.items())
        .unique()
        .sort("prisoner_number", "kind")
    )


def _records_of(finished: Finished, source: Source) -> pl.DataFrame:
    return finished.source_records.filter(pl.col("source") == source.value)


def _by_cause(finished: Finished, received: pl.DataFrame, known: pl.Series, moved: pl.DataFrame) -> dict[HardKind, pl.DataFrame]:
    """Kinds that show by a cause of noise in the prison's record of the person or in one of the police's."""
    of_both = finished.source_records.filter(
        pl.col("source").is_in([Source.PRISON_EXTRACT.value, Source.POLICE_RECORDS.value])
        & pl.col("resident_id").is_in(received["resident_id"].implode())
        & ~pl.col("record_id").str.contains("/")
    )
    causes = of_both.join(finished.noise, on=["source", "record_id"]).select("resident_id", "cause")
    held = received.filter(pl.col("resident_id").is_in(known.implode()))
    found = {
        kind: held.join(causes.filter(pl.col("cause") == cause), on="resident_id", how="semi") for kind, cause in _CAUSES.items()
    }
    return {kind: rows.join(moved, on=_KEY, how="semi") if kind in _MOVED else rows for kind, rows in found.items()}


def _homes_given(received: pl.DataFrame, movements: pl.DataFrame) -> pl.DataFrame:
    """The home given at each reception: the key, no_fixed_abode, line and postcode to compare by."""
    key = ["prisoner_number", "booking_id", "movement_sequence"]
    rows = movements.with_columns(pl.col("movement_sequence").cast(pl.Int64)).unique(key, keep="first", maintain_order=True)
    numbered = received.with_columns(pl.col("movement_sequence").cast(pl.Int64))
    return numbered.join(rows.drop("extract_date"), on=key, how="inner", maintain_order="left").select(
        *_KEY, "no_fixed_abode", _letters("address_line"), _letters("postcode")
    )  # fmt: skip


def _letters(column: str) -> pl.Expr:
    """The text in capitals without anything between its letters and digits; null where there is none."""
    plain = pl.col(column).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    return pl.when(plain != "").then(plain).alias(column)


def _not_at_known_home(homes: pl.DataFrame, finished: Finished) -> pl.DataFrame:
    """Receptions at which a home was given that the police did not hold for the person at the time."""
    given = homes.filter((pl.col("no_fixed_abode") != "Y") & pl.any_horizontal(pl.col("postcode", "address_line").is_not_null()))
    persons = _records_of(finished, Source.POLICE_RECORDS).select(pl.col("record_id").alias("person_id"), "resident_id")
    held = finished.addresses.join(persons, on="person_id").select(
        "resident_id", "recorded_on", _letters("postcode"), _letters("address_line")
    )
    same = given.join(held, on="resident_id", suffix="_held").filter(
        (pl.col("recorded_on") < pl.col("extract_date"))
        & pl.any_horizontal(pl.col(name) == pl.col(f"{name}_held") for name in ("postcode", "address_line"))
    )
    return given.join(same, on=_KEY, how="anti")


def _with_twin(people: pl.DataFrame, received: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    twins = people.filter(pl.col("resident_id").is_in(received["resident_id"].implode()) & pl.col("twin_id").is_not_null())
    death = rows_at(people, positions_of(people, twins["twin_id"]))["died_on"].alias("twin_died_on")
    pairs = twins.select("resident_id", "twin_id", death).filter(pl.col("twin_id").is_in(known.implode()))
    return received.join(pairs, on="resident_id").filter(
        pl.col("twin_died_on").is_null() | (pl.col("received_on") < pl.col("twin_died_on"))
    )


def _with_namesake(people: pl.DataFrame, received: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    inside = received["resident_id"].implode()
    pairs = _namesakes(people, pl.col("resident_id").is_in(inside) | pl.col("father_id").is_in(inside))
    namesakes = pl.concat(
        [
            pairs.select(pl.col("son_id").alias("resident_id"), pl.col("father_id").alias("other_id")),
            pairs.select(pl.col("father_id").alias("resident_id"), pl.col("son_id").alias("other_id")),
        ]
    )
    return received.join(namesakes.filter(pl.col("other_id").is_in(known.implode())), on="resident_id", how="semi")


def _with_child_in_refuge(population: Population, received: pl.DataFrame) -> pl.DataFrame:
    parents = _parents_of(_in_refuge(population))
    return received.join(parents, on="resident_id").filter(_holds_on("received_on"))


def _holds_on(day: str) -> pl.Expr:
    return (pl.col("from_date") <= pl.col(day)) & (pl.col("to_date").is_null() | (pl.col(day) < pl.col("to_date")))


def _apart_from_child(population: Population, received: pl.DataFrame) -> pl.DataFrame:
    """Receptions of people whose child is under eighteen and lives at the other parent's home, where they do not."""
    children = _children(population.residents)
    sides = [
        children.select(pl.col(side).alias("resident_id"), pl.col("resident_id").alias("child_id"), other, "of_age").rename(
            {other: "other_id"}
        )
        for side, other in (("father_id", "mother_id"), ("mother_id", "father_id"))
    ]
    families = received.join(pl.concat(sides), on="resident_id").filter(
        pl.col("other_id").is_not_null() & (pl.col("received_on") < pl.col("of_age"))
    )
    for who in ("resident_id", "child_id", "other_id"):
        families = _with_home(families, population.lives, who)
    with_other = pl.col("child_id_home") == pl.col("other_id_home")
    return families.filter(with_other & pl.col("child_id_home").ne_missing(pl.col("resident_id_home")))


def _with_home(families: pl.DataFrame, lives: pl.DataFrame, who: str) -> pl.DataFrame:
    """Adds `<who>_home`: where that person lives on the day of the reception; null where nowhere is known."""
    days = families.select(pl.col(who).alias("id"), "received_on").unique()
    there = lives.filter(pl.col("resident_id").is_in(days["id"].implode()))
    homes = (
        days.join(there, left_on="id", right_on="resident_id")
        .filter(_holds_on("received_on"))
        .sort("id", "received_on", "from_date")
        .unique(["id", "received_on"], keep="last", maintain_order=True)
        .select(pl.col("id").alias(who), "received_on", pl.col("home_id").alias(f"{who}_home"))
    )
    return families.join(homes, on=[who, "received_on"], how="left", maintain_order="left")
