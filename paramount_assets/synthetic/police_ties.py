"""Associations between people whom the force knows, and warning markers on people and places."""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.streams import Real, numbers_apart, pick, rows_at, stream, texts

ASSOCIATION_COLUMNS = ["person_id", "related_person_id", "relationship_code", "from_date", "to_date", "source"]
MARKER_COLUMNS = ["marker_id", "subject_type", "subject_id", "marker_code", "about_person_id", "from_date", "to_date"]

_CODES = {
    "mother": "parent_of", "father": "parent_of", "step_parent": "step_parent_of", "carer": "guardian_of",
    "grandparent": "grandparent_of", "partner": "partner_of", "ex_partner": "ex_partner_of",
    "sibling": "sibling_of",
}  # fmt: skip
_SOURCES = {"officer_recorded": 0.45, "domestic_incident": 0.25, "custody_record": 0.25, "other": 0.05}

MISSED_AFTER_INCIDENT_FACTOR = 0.4
ENDED_SHARE = 0.3
"""Of former couples: still there as partners, with an end."""

DOMESTIC_ABUSE_SHARE = 0.1
"""Of couples and former couples both known: one is recorded as a perpetrator against the other."""

NO_CONTACT_SHARE = 0.3
MARKER_SHARES = {"VI": 0.05, "WE": 0.03, "FI": 0.006, "DO_NOT_CONTACT": 0.006, "RESTRICTED_RECORD": 0.004}
CHILD_VICTIM_SHARE = 0.015
SENSITIVE_SHARE = 0.002
MARKER_YEARS = 4
ENDED_MARKER_SHARE = 0.3
"""Of markers on persons: they end one to three years after their start (assumed)."""


def list_associations(
    population: Population, persons: pl.DataFrame, first_day: dt.date, rates: Rates, seed: int
) -> tuple[pl.DataFrame, Scribe]:
    """One row per association by the contract, and recorded_on; person_id is the parent, related_person_id the child.

    Many true ties are missing, fewer where an incident brought the family together; some go to another person's child.
    """
    pairs = _known_pairs(population, persons)
    keys = pairs.select(pl.concat_str("person_id", pl.lit(">"), "related_person_id")).to_series()
    scribe = Scribe(rates, seed, "police/associations", keys, factor=_how_often_missed(pairs))
    missing = scribe.hits(Cause.MISSING_ASSOCIATION)
    wrong = scribe.hits(Cause.WRONG_ASSOCIATION, pairs["is_child"].to_numpy() & ~missing)
    named = _with_wrong_child(pairs, pl.Series("wrong", wrong), scribe).filter(pl.Series(~missing))
    since = _some_day(named["from_date"], first_day, scribe.rng("since"))
    is_later = pl.col("recorded_on") >= pl.lit(first_day)
    ended = pl.Series(scribe.rng("ended").random(len(named)) < ENDED_SHARE) & (named["tie"] == "ex_partner")
    dated = named.with_columns(
        _sources(named, scribe).alias("source"),
        pl.when(is_later).then("recorded_on").otherwise(since).alias("from_date"),
    )
    rows = dated.with_columns(
        pl.when(ended).then(pl.lit("partner_of")).otherwise("relationship_code").alias("relationship_code"),
        pl.when(ended).then(pl.max_horizontal("from_date", pl.lit(first_day - dt.timedelta(days=30)))).alias("to_date"),
    ).unique(["person_id", "related_person_id", "relationship_code"], keep="first", maintain_order=True)
    distinct = rows.filter(pl.col("person_id") != pl.col("related_person_id"))
    return distinct.select(*ASSOCIATION_COLUMNS, "recorded_on"), scribe


def _how_often_missed(pairs: pl.DataFrame) -> Real:
    """Ties between people who were met together in an incident at home are missed less often."""
    return np.where(pairs["met_together"].to_numpy(), MISSED_AFTER_INCIDENT_FACTOR, 1.0)


def _with_wrong_child(pairs: pl.DataFrame, wrong: pl.Series, scribe: Scribe) -> pl.DataFrame:
    """The pairs with another known child in place of the person's own where wrong."""
    children = pairs.filter("is_child").select(
        pl.col("related_person_id").alias("other"), pl.col("from_date").alias("other_from")
    )
    drawn = scribe.rng("another child").integers(0, max(len(children), 1), size=len(pairs))
    others = rows_at(children, drawn) if len(children) else children
    return pairs.with_columns(others).with_columns(
        pl.when(wrong).then("other").otherwise("related_person_id").alias("related_person_id"),
        pl.when(wrong).then(pl.max_horizontal("from_date", "other_from")).otherwise("from_date").alias("from_date"),
    )


def _sources(named: pl.DataFrame, scribe: Scribe) -> pl.Series:
    drawn = texts(pick(scribe.rng("source"), list(_SOURCES), list(_SOURCES.values()), len(named)))
    return named.select(pl.when("met_together").then(pl.lit("domestic_incident")).otherwise(drawn).alias("source"))["source"]


def _known_pairs(population: Population, persons: pl.DataFrame) -> pl.DataFrame:
    """True ties of two people who both have a record, with the earliest day the association can be of."""
    first = persons.filter(~pl.col("is_second")).select(
        "resident_id", "person_id", "created_on", "recorded_on",
        pl.col("known_because").is_in(["domestic_incident", "child_at_domestic_incident"]).alias("at_incident"),
    )  # fmt: skip
    ties = pl.concat([population.ties.filter(pl.col("tie").is_in(list(_CODES))), _siblings(population, first)])
    related = first.rename({column: f"related_{column}" for column in first.columns})
    return (
        ties.join(first, left_on="from_id", right_on="resident_id", how="inner", maintain_order="left")
        .join(related, left_on="to_id", right_on="related_resident_id", how="inner", maintain_order="left")
        .select(
            "person_id",
            "related_person_id",
            pl.col("tie").replace_strict(_CODES, return_dtype=pl.String).alias("relationship_code"),
            pl.max_horizontal("created_on", "related_created_on").alias("from_date"),
            pl.max_horizontal("recorded_on", "related_recorded_on").alias("recorded_on"),
            pl.col("tie").is_in(["mother", "father", "step_parent"]).alias("is_child"),
            (pl.col("at_incident") & pl.col("related_at_incident")).alias("met_together"),
            "tie",
            "from_id",
            "to_id",
        )
    )


def _siblings(population: Population, known: pl.DataFrame) -> pl.DataFrame:
    """Pairs of children of one mother who are both known, the older number first: from_id, to_id, tie."""
    children = population.residents.filter(
        (pl.col("role") == "child")
        & pl.col("mother_id").is_not_null()
        & pl.col("resident_id").is_in(known["resident_id"].implode())
    ).select("mother_id", pl.col("resident_id").alias("from_id"))
    pairs = children.join(children.rename({"from_id": "to_id"}), on="mother_id", how="inner", maintain_order="left_right")
    return pairs.filter(pl.col("from_id") < pl.col("to_id")).select("from_id", "to_id", pl.lit("sibling").alias("tie"))


def _some_day(start: pl.Series, end: dt.date, rng: np.random.Generator) -> pl.Series:
    days = ((pl.lit(end) - pl.col("start")).dt.total_days() - 1).clip(0)
    share = pl.Series("share", rng.random(len(start)))
    on = pl.col("start") + pl.duration(days=(days * share).cast(pl.Int64))
    return pl.DataFrame({"start": start}).select(on.alias("on"))["on"]


def list_markers(
    population: Population, persons: pl.DataFrame, places: pl.DataFrame, first_day: dt.date, seed: int
) -> pl.DataFrame:
    """One row per warning marker by the contract, and recorded_on; an end after the first day comes as a later row."""
    pairs = _known_pairs(population, persons)
    parts = [
        *_of_couples(population, pairs, stream(seed, "police/domestic")),
        _of_children(population, pairs, stream(seed, "police/child victims")),
        *[_of_persons(persons, code, share, stream(seed, f"police/{code}")) for code, share in MARKER_SHARES.items()],
        _of_places(population, places, first_day, stream(seed, "police/sensitive")),
    ]
    markers = pl.concat(parts)
    rng = stream(seed, "police/marker dates")
    ids = pl.Series("id", numbers_apart(rng, 100_000, 200_000 + 4 * len(markers), len(markers)))
    began = markers.select(pl.max_horizontal("since", pl.lit(first_day - dt.timedelta(days=MARKER_YEARS * 365))))["since"]
    is_later = pl.col("since") >= pl.lit(first_day)
    rows = markers.with_columns(
        (pl.lit("M") + ids.cast(pl.String)).alias("marker_id"),
        pl.when(is_later).then("since").otherwise(_some_day(began, first_day, rng)).alias("from_date"),
        pl.when(is_later).then("since").otherwise(pl.lit(first_day - dt.timedelta(days=1))).alias("recorded_on"),
    )
    second = persons.filter("is_second")["person_id"]
    return _with_ends(rows, second, first_day, rng).select(*MARKER_COLUMNS, "recorded_on")


def _with_ends(rows: pl.DataFrame, second: pl.Series, first_day: dt.date, rng: np.random.Generator) -> pl.DataFrame:
    """Some markers of persons end after a year or more; an end after the first day is learnt then.

    Not of second records, which stay as they are: they may be deleted by then.
    """
    days = pl.Series("days", rng.integers(365, 1_100, size=len(rows)))
    ends = pl.Series(rng.random(len(rows)) < ENDED_MARKER_SHARE) & (rows["subject_type"] == "person")
    end = pl.when(ends).then(pl.col("from_date") + pl.duration(days=pl.lit(days)))
    ended = rows.with_columns(end.alias("end"), pl.lit(None, dtype=pl.Date).alias("to_date"))
    at_first = ended.with_columns(pl.when(pl.col("end") < pl.lit(first_day)).then("end").alias("to_date"))
    later = ended.filter((pl.col("end") >= pl.lit(first_day)) & ~pl.col("subject_id").is_in(second.implode())).with_columns(
        pl.col("end").alias("to_date"), pl.col("end").alias("recorded_on")
    )
    return pl.concat([at_first, later])


def _marker(
    frame: pl.DataFrame, subject: str, code: str, since: str, about: str | None = None, subject_type: str = "person"
) -> pl.DataFrame:
    """Rows of one code with `since`, the earliest day the marker can be of."""
    return frame.select(
        pl.lit(subject_type).alias("subject_type"),
        pl.col(subject).alias("subject_id"),
        pl.lit(code).alias("marker_code"),
        (pl.lit(None, dtype=pl.String) if about is None else pl.col(about)).alias("about_person_id"),
        pl.col(since).alias("since"),
    )


def _of_couples(population: Population, pairs: pl.DataFrame, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Domestic abuse: the woman's partner or former one; always where she fled to a refuge, half of those with a court order."""
    couples = pairs.filter(pl.col("tie").is_in(["partner", "ex_partner"]))
    fled = population.residents.filter(pl.col("shape") == "refuge")["resident_id"]
    is_fled = couples["from_id"].is_in(fled.implode())
    abused = couples.filter(pl.Series(rng.random(len(couples)) < DOMESTIC_ABUSE_SHARE) | is_fled)
    ordered = abused.filter(pl.Series(rng.random(len(abused)) < NO_CONTACT_SHARE))
    return [
        _marker(abused, "related_person_id", "DA_PERPETRATOR", "from_date", "person_id"),
        _marker(abused, "person_id", "DA_VICTIM", "from_date", "related_person_id"),
        _marker(ordered, "related_person_id", "NO_CONTACT_ORDER", "from_date", "person_id"),
    ]


def _of_children(population: Population, pairs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """A parent or step-parent is the suspect; the victim is a child still."""
    suspects = pairs.filter(pl.col("is_child"))
    children = population.residents.filter(pl.col("role") == "child")["resident_id"]
    chosen = pl.Series(rng.random(len(suspects)) < CHILD_VICTIM_SHARE) & suspects["to_id"].is_in(children.implode())
    return _marker(
        suspects.filter(chosen),
        "related_person_id",
        "CHILD_VICTIM",
        "from_date",
        "person_id",
    )


def _of_persons(persons: pl.DataFrame, code: str, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Markers of adults; the first is always there, so that a small world has one."""
    adults = persons.filter(pl.col("pnc_id").is_not_null())
    hit = rng.random(len(adults)) < share
    hit[:1] |= not hit.any()
    return _marker(adults.filter(pl.Series(hit)), "person_id", code, "created_on")


def _of_places(population: Population, places: pl.DataFrame, first_day: dt.date, rng: np.random.Generator) -> pl.DataFrame:
    refuges = population.households.filter(pl.col("shape") == "refuge")["home_id"].unique()
    since = pl.lit(first_day - dt.timedelta(days=MARKER_YEARS * 365)).alias("since")
    gazetteer = places.with_columns(since)
    is_refuge = places["home_id"].is_in(refuges.implode())
    sensitive = ~is_refuge & pl.Series(rng.random(len(places)) < SENSITIVE_SHARE)
    return pl.concat(
        [
            _marker(gazetteer.filter(is_refuge), "address_id", "REFUGE", "since", subject_type="address"),
            _marker(gazetteer.filter(sensitive), "address_id", "SENSITIVE_ADDRESS", "since", subject_type="address"),
        ]
    )
