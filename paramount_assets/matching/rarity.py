"""How rare names are in a reference: agreeing on a rare name says more than agreeing on a common one.

The frozen model holds no frequencies; they are counted on the full reference each time pairs are scored.
"""

from collections.abc import Mapping

import polars as pl

ONE_SIDED_95 = 1.645
"""Standard normal quantile."""

WORTH_OF_TYPICAL = 1_000
"""How many records the typical share of a name counts for: a short list, such as the family members that one authority names,
says little about how common a name is."""

COUNTED = ("last_name", "first_name")
"""Columns whose values are counted."""


def typical_shares(reference: pl.DataFrame) -> dict[str, float]:
    """For each column of COUNTED the probability that two records drawn at random agree on it.

    Args:
        reference: records as `records.keyed` gives them.
    """
    shares = {column: reference[column].drop_nulls().value_counts()["count"] for column in COUNTED}
    return {column: float(((counts / counts.sum()) ** 2).sum()) for column, counts in shares.items()}


def rarities(reference: pl.DataFrame, typical: Mapping[str, float]) -> dict[str, pl.DataFrame]:
    """For each column of RARITY_COLUMNS one row per value with `tf_<column>`, the share of other people who bear the name.

    The share of a full name is that of its surname times that of its forename, since most full names stand in a reference once
    or twice and cannot be counted. Where names go together more often than that (a family, a community), the count itself
    rules, at the lower end of its one-sided 95 % range. One record, the person's own, is left out of every count.

    Args:
        reference: records as `records.keyed` gives them.
        typical: as from `typical_shares` of the data that the model was trained on.
    """
    last, first = (_shares(reference, column, typical[column]) for column in COUNTED)
    others = pl.col("len") - 1.0
    counted = (others - ONE_SIDED_95 * others.sqrt()) / max(reference.height, 1)
    full = (
        reference.filter(pl.col("full_name").is_not_null())
        .group_by("full_name", "last_name", "first_name")
        .len()
        .join(last, on="last_name")
        .join(first, on="first_name")
        .select("full_name", pl.max_horizontal(pl.col("tf_last_name") * pl.col("tf_first_name"), counted).alias("tf_full_name"))
        .sort("full_name")
    )
    return {"full_name": full, "last_name": last, "first_name": first}


def borne_by(rarity: Mapping[str, pl.DataFrame], *people: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """What `rarities` gave, for the names only that some of the people bear."""
    return {
        column: table.join(pl.concat(p.select(column) for p in people), on=column, how="semi", maintain_order="left")
        for column, table in rarity.items()
    }


def _shares(reference: pl.DataFrame, column: str, typical: float) -> pl.DataFrame:
    known = reference.filter(pl.col(column).is_not_null())
    share = (pl.len() - 1 + WORTH_OF_TYPICAL * typical) / (known.height - 1 + WORTH_OF_TYPICAL)
    return known.group_by(column).agg(share.alias(f"tf_{column}")).sort(column)
