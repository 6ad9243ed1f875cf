"""The same figures for groups of receptions: hard kinds, why a record differs, and who was received.

A group of fewer than `FEWEST` receptions is left out, and so are figures of so few.
"""

import polars as pl

from paramount_assets.evaluation.children import MISSED, REVIEW
from paramount_assets.evaluation.figures import FEWEST, ErrorRate, Group, Line, Share
from paramount_assets.evaluation.links import IN_REVIEW, RIGHT, WRONG
from paramount_assets.evaluation.truth import Truth
from paramount_assets.vocabulary import Source

HARD_KIND = "hard_kind"
"""The dimension of what makes a reception hard."""

_BROAD = {"A": "Asian", "B": "Black", "M": "Mixed", "W": "White", "O": "Other"}
"""Broad ethnic groups by the first letter of the code."""

_AGE_BANDS = {"under 25": 25, "25 to 34": 35, "35 to 44": 45}
"""Bands by the age at which the next begins; the last is open."""


def groups(truth: Truth, links: pl.DataFrame, children: pl.DataFrame) -> tuple[Group, ...]:
    """Every group that is large enough, dimension by dimension, each in the order of its names.

    Args:
        truth: the answer key.
        links: as `links.police_outcomes` returns it.
        children: true children in live areas with their outcome.
    """
    members = memberships(truth, links)
    named = members.select("dimension", "group").unique().sort("dimension", "group")
    made = [_group(dimension, group, members, links, children) for dimension, group in named.iter_rows()]
    return tuple(group for group in made if group is not None)


def memberships(truth: Truth, links: pl.DataFrame) -> pl.DataFrame:
    """One row per dimension, group and reception that belongs to it: dimension, group, reception_id."""
    who = links.select("reception_id", "prisoner_number", "resident_id", "received_on").join(
        truth.people.select("resident_id", "sex", "born", "ethnicity_code"), on="resident_id", how="left"
    )
    years = (pl.col("received_on") - pl.col("born")).dt.total_days() / 365.25
    person = who.with_columns(
        age_band=_age_band(years),
        ethnic_group=pl.col("ethnicity_code").str.head(1).replace_strict(_BROAD, default="not stated"),
    )
    of_persons = [_of(person, column, pl.col(column)) for column in ("sex", "age_band", "ethnic_group")]
    hard = who.join(truth.hard_kinds, on="prisoner_number").pipe(_of, HARD_KIND, pl.col("kind"))
    prison = who.join(_noise(truth, Source.PRISON_EXTRACT), left_on="prisoner_number", right_on="record_id")
    held = who.join(truth.records(Source.POLICE_RECORDS), on="resident_id").join(
        _noise(truth, Source.POLICE_RECORDS), on="record_id"
    )
    noise = [_of(prison, "noise_in_the_prison_record", pl.col("cause")), _of(held, "noise_in_a_police_record", pl.col("cause"))]
    return pl.concat([hard, *noise, *of_persons]).unique().drop_nulls()


def _age_band(years: pl.Expr) -> pl.Expr:
    bands = [pl.when(years < end).then(pl.lit(band)) for band, end in _AGE_BANDS.items()]
    return pl.coalesce(*bands, pl.when(years.is_not_null()).then(pl.lit("45 and over")))


def _of(rows: pl.DataFrame, dimension: str, group: pl.Expr) -> pl.DataFrame:
    return rows.select(dimension=pl.lit(dimension), group=group, reception_id="reception_id")


def _noise(truth: Truth, source: Source) -> pl.DataFrame:
    return truth.noise.filter(pl.col("source") == source.value).select("record_id", "cause")


def _group(dimension: str, group: str, members: pl.DataFrame, links: pl.DataFrame, children: pl.DataFrame) -> Group | None:
    own = members.filter((pl.col("dimension") == dimension) & (pl.col("group") == group))
    of_group = links.join(own, on="reception_id", how="semi")
    lines = [*_link_lines(of_group.filter("has_record")), *_child_lines(children.join(own, on="reception_id", how="semi"))]
    shown = tuple(line for line in lines if line.figure.of >= FEWEST)
    return Group(dimension, group, shown) if shown else None


def _link_lines(known: pl.DataFrame) -> list[Line]:
    def count(zone: str) -> int:
        return known.filter(pl.col("zone") == zone).height

    return [
        Line("linked", "linked", Share(count(RIGHT), known.height)),
        Line("link_in_review", "in review", Share(count(IN_REVIEW), known.height)),
        Line("link_wrong", "wrong", ErrorRate(count(WRONG), known.height)),
    ]


def _child_lines(children: pl.DataFrame) -> list[Line]:
    missed = children.filter(pl.col("outcome") == MISSED).height
    review = children.filter(pl.col("outcome") == REVIEW).height
    return [
        Line("children_found", "children found", Share(children.height - missed - review, children.height)),
        Line("children_missed", "children missed", Share(missed, children.height)),
    ]
