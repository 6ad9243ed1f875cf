"""What is done with scored pairs: three zones by weight, and what is never accepted automatically whatever it weighs.

A rule only ever moves a pair from acceptance to review. What a person ruled stands above all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from paramount_assets.matching.thresholds import GENERATION_YEARS, Thresholds
from paramount_assets.vocabulary import Zone


class Reason(StrEnum):
    """Why a pair is put to a person, strongest reason first."""

    REOPENED = "reopened_by_ruling"
    IDENTIFIER_CONTRADICTION = "identifier_contradiction"
    DECEASED = "recorded_as_deceased"
    UNCONFIRMED = "forename_and_birth_date_unconfirmed"
    POSSIBLE_TWIN = "possible_twin"
    JUNIOR_SENIOR = "possible_junior_or_senior"
    RELATIVE_BESIDE = "relative_of_same_name_beside"
    BIRTH_DATE_UNKNOWN = "birth_date_unknown"
    OTHER_ACCEPTED_BY_RULING = "other_person_accepted_by_ruling"
    MANY_MATCH = "several_people_above_upper_weight"
    BETWEEN_THRESHOLDS = "between_thresholds"


class RuledKind(StrEnum):
    """What a person ruled of one pair."""

    ACCEPT = "accept"
    REJECT = "reject"
    REOPEN = "reopen"
    """What was linked turned out wrong: nothing is accepted automatically for that person any more."""


@dataclass(frozen=True)
class _Barrier:
    """A reason against automatic acceptance and the pairs that it holds for."""

    reason: Reason
    because: str
    applies: pl.Expr


def decide(pairs: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """The scored pairs with `zone` and, in the zone of review, `reason_code`.

    The pairs of one `left_id` must all be here, since some rules look at what stands beside a pair.

    Args:
        pairs: columns of `score.SCORED_COLUMNS` and `is_deceased`.
        thresholds: where the zones meet.
    """
    considered = pl.col("match_weight") >= thresholds.review
    flagged = pairs.with_columns(_twin=_twin(), _generation=_generation()).with_columns(
        _exact_beside=(_exact() & considered).any().over("left_id"),
        _relative_beside=((pl.col("_twin") | pl.col("_generation")) & considered).any().over("left_id"),
    )
    relative = _twin_barrier() | pl.col("_generation")
    several = ((pl.col("match_weight") >= thresholds.accept) & ~relative).sum().over("left_id") > 1
    barriers = _barriers(several, thresholds)
    return (
        flagged.with_columns(reason_code=pl.when(considered).then(_first_reason(barriers)))
        .with_columns(zone=_zone(considered))
        .select(*pairs.columns, "zone", "reason_code")
    )


def with_rulings(pairs: pl.DataFrame, ruled: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """The pairs decided as in `decide`, under what people have ruled; with `is_ruled` where a person accepted the pair.

    A rejected pair is gone before any rule looks, so that it no longer stands in the way of another. An accepted one is accepted
    whatever it weighs, even if it was never scored, and no other is then accepted automatically for that `left_id`. After a
    reopening none is.

    Args:
        pairs: as for `decide`.
        ruled: the last word on each pair: `left_id`, `right_id`, `ruled` (a RuledKind). A reopening holds for the whole
            `left_id`; its `right_id` is the pair to look at again, if any.
        thresholds: where the zones meet.
    """
    key = ["left_id", "right_id"]
    rejected = ruled.filter(pl.col("ruled") == RuledKind.REJECT.value)
    named = ruled.filter((pl.col("ruled") != RuledKind.REJECT.value) & pl.col("right_id").is_not_null())
    reopened = ruled.filter(pl.col("ruled") == RuledKind.REOPEN.value)["left_id"].unique()
    decided = decide(pairs.join(rejected, on=key, how="anti", maintain_order="left"), thresholds)
    is_ruled = (pl.col("ruled") == RuledKind.ACCEPT.value).fill_null(value=False)
    return (
        decided.join(named, on=key, how="full", coalesce=True)
        .with_columns(is_ruled=is_ruled, _reopened=pl.col("left_id").is_in(reopened.implode()))
        .with_columns(_other_accepted=pl.col("is_ruled").any().over("left_id"))
        .with_columns(reason_code=pl.when(~pl.col("is_ruled")).then(_reason_under_rulings()))
        .with_columns(zone=_zone_under_rulings())
        .select(*decided.columns, "is_ruled")
        .sort(key)
    )


def _reason_under_rulings() -> pl.Expr:
    """Why a pair that no person accepted is in review: reopened itself, held by a rule, or held by what was ruled beside it."""
    return (
        pl.when((pl.col("ruled") == RuledKind.REOPEN.value).fill_null(value=False))
        .then(pl.lit(Reason.REOPENED.value))
        .when(pl.col("zone") != Zone.ACCEPT.value)
        .then("reason_code")
        .when(pl.col("_other_accepted"))
        .then(pl.lit(Reason.OTHER_ACCEPTED_BY_RULING.value))
        .when(pl.col("_reopened"))
        .then(pl.lit(Reason.REOPENED.value))
    )


def _zone_under_rulings() -> pl.Expr:
    return (
        pl.when("is_ruled")
        .then(pl.lit(Zone.ACCEPT.value))
        .when(pl.col("reason_code").is_not_null())
        .then(pl.lit(Zone.REVIEW.value))
        .otherwise("zone")
    )


def _barriers(several: pl.Expr, thresholds: Thresholds) -> Sequence[_Barrier]:
    no_identifier = ~pl.col("has_identifier_agreement")
    return (
        _Barrier(
            Reason.IDENTIFIER_CONTRADICTION,
            "A PNC or CRO number is given to one person: two different ones mean two people or a wrong record.",
            pl.col("has_identifier_contradiction"),
        ),
        _Barrier(Reason.DECEASED, "Nobody who has died was received: the record or the link is wrong.", pl.col("is_deceased")),
        _Barrier(
            Reason.UNCONFIRMED,
            "A number that agrees where neither forename nor birth date does may stand on the record of a relative.",
            ~_known("has_same_first_name") & ~_known("has_same_birth_date"),
        ),
        _Barrier(Reason.POSSIBLE_TWIN, "Twins share surname, birth date and home: the forename alone tells.", _twin_barrier()),
        _Barrier(
            Reason.JUNIOR_SENIOR,
            "A father and a son of one name in one home: only the birth date tells them apart.",
            pl.col("_generation"),
        ),
        _Barrier(
            Reason.RELATIVE_BESIDE,
            "A twin, or a parent or child of the same name, is a candidate too, and no number tells which is meant.",
            pl.col("_relative_beside") & no_identifier,
        ),
        _Barrier(
            Reason.BIRTH_DATE_UNKNOWN,
            "Names and home alone do not tell a father from his son.",
            pl.col("has_same_birth_date").is_null() & no_identifier,
        ),
        _Barrier(
            Reason.MANY_MATCH,
            "Two records above the upper weight cannot both be right unless they are one person, which a person must see.",
            several,
        ),
        _Barrier(Reason.BETWEEN_THRESHOLDS, "Likely, but not beyond doubt.", pl.col("match_weight") < thresholds.accept),
    )


def _first_reason(barriers: Sequence[_Barrier]) -> pl.Expr:
    return pl.coalesce(pl.when(b.applies).then(pl.lit(b.reason.value)) for b in barriers)


def _zone(considered: pl.Expr) -> pl.Expr:
    held = pl.when(pl.col("reason_code").is_not_null()).then(pl.lit(Zone.REVIEW.value)).otherwise(pl.lit(Zone.ACCEPT.value))
    return pl.when(considered).then(held).otherwise(pl.lit(Zone.REJECT.value))


def _known(column: str) -> pl.Expr:
    """True only where it is known to hold."""
    return pl.col(column).fill_null(value=False)


def _twin() -> pl.Expr:
    """Surname, birth date and home agree and the forename does not, or is unknown."""
    return (
        _known("has_same_last_name")
        & _known("has_same_birth_date")
        & _known("has_shared_postcode")
        & ~_known("has_same_first_name")
    )


def _twin_barrier() -> pl.Expr:
    """A possible twin without a number in common, or beside the record with the right forename."""
    return pl.col("_twin") & (~pl.col("has_identifier_agreement") | pl.col("_exact_beside"))


def _generation() -> pl.Expr:
    """Both names and home agree, and the births lie a generation apart."""
    far_apart = (pl.col("years_apart") >= GENERATION_YEARS).fill_null(value=False)
    return _known("has_same_last_name") & _known("has_same_first_name") & _known("has_shared_postcode") & far_apart


def _exact() -> pl.Expr:
    return _known("has_same_last_name") & _known("has_same_first_name") & _known("has_same_birth_date")
