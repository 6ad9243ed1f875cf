"""Finding the people received among the family members that children's services name.

An authority writes a parent down once for each child. Records of one name and birth date are taken for one person before
scoring, so that a father of three is not three candidates; with an unknown birth date only within one family.
"""

from pathlib import Path

import polars as pl

from paramount_assets.matching.decide import decide
from paramount_assets.matching.model import load_model
from paramount_assets.matching.score import score
from paramount_assets.matching.thresholds import FAMILY_LINKS, KEPT_FROM
from paramount_assets.vocabulary import DecidedBy, Zone

_PERSON = "family_person"


def linked(cleaned_persons: pl.DataFrame, known_family_members: pl.DataFrame, model: Path) -> pl.DataFrame:
    """One row per reception and family member accepted as the person received.

    Raises:
        ModelMissing: the frozen model is not there.
        ModelAltered: it is not the one that was frozen.
    """
    members = known_family_members.with_columns(_person_key())
    pairs = score(cleaned_persons, _people(members), load_model(model), KEPT_FROM, "reception_id", _PERSON)
    zones = decide(pairs.with_columns(is_deceased=pl.lit(value=False)), FAMILY_LINKS)
    return (
        zones.filter(pl.col("zone") == Zone.ACCEPT.value)
        .select(pl.col("left_id").alias("reception_id"), pl.col("right_id").alias(_PERSON), "match_weight")
        .join(members, on=_PERSON)
        .with_columns(decided_by=pl.lit(DecidedBy.MODEL.value))
        .select(
            "reception_id", "child_id", "member_number", "services_family_id", "relationship_code", "match_weight", "decided_by"
        )
        .sort("reception_id", "child_id", "member_number")
    )  # fmt: skip


def _person_key() -> pl.Expr:
    """The same for the records of one person: both names and the birth date, with the family where one of them is unknown."""
    parts = ("last_name", "first_name", "date_of_birth")
    known = pl.all_horizontal(pl.col(part).is_not_null() for part in parts)
    family = pl.when(known).then(pl.lit("")).otherwise(pl.col("services_family_id"))
    texts = [pl.col(part).cast(pl.String).fill_null("") for part in parts]
    return pl.concat_str([*texts, family.fill_null("")], separator="|").alias(_PERSON)


def _people(members: pl.DataFrame) -> pl.DataFrame:
    """One row per person among the family members, with every home they are known at."""
    return (
        members.group_by(_PERSON)
        .agg(
            pl.col("last_name", "first_name", "date_of_birth").first(),
            pl.col("postcodes").list.explode(keep_nulls=False, empty_as_null=False).unique().sort(),
        )
        .sort(_PERSON)
    )
