"""Which police record is accepted as the person received, and which a person must look at."""

import polars as pl

from paramount_assets.matching.decide import with_rulings
from paramount_assets.matching.thresholds import PERSON_LINKS
from paramount_assets.vocabulary import DecidedBy, Zone


def decided(scored_pairs: pl.DataFrame, last_words: pl.DataFrame) -> pl.DataFrame:
    """The scored pairs with `zone`, `reason_code` and `decided_by`, under the rulings."""
    pairs = scored_pairs.rename({"reception_id": "left_id", "person_id": "right_id"})
    who = pl.when("is_ruled").then(pl.lit(DecidedBy.RULING.value)).otherwise(pl.lit(DecidedBy.MODEL.value))
    return (
        with_rulings(pairs, last_words, PERSON_LINKS)
        .with_columns(decided_by=who)
        .rename({"left_id": "reception_id", "right_id": "person_id"})
    )


def accepted(decisions: pl.DataFrame) -> pl.DataFrame:
    """The accepted pairs of `decided`; a weight is null where a person accepted what was never scored."""
    return decisions.filter(pl.col("zone") == Zone.ACCEPT.value).select(
        "reception_id", "person_id", "match_weight", "match_probability", "decided_by"
    )


def in_review(decisions: pl.DataFrame) -> pl.DataFrame:
    """The pairs of `decided` that a person must look at, with the strongest reason."""
    return decisions.filter(pl.col("zone") == Zone.REVIEW.value).select(
        "reception_id", "person_id", "match_weight", "match_probability", "reason_code"
    )
