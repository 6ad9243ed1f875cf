"""Scoring: the pairs that any blocking rule brings together, weighed by a frozen model.

Splink is given only those rows of the reference that a rule brings together with somebody: its work then grows with the people to
find and not with the reference. What it cannot see there, how rare a name is and how many records there are, is handed to it.
"""

import polars as pl

from paramount_assets.matching.linker import Session, blocked, without_values
from paramount_assets.matching.model import FrozenModel
from paramount_assets.matching.rarity import borne_by, rarities
from paramount_assets.matching.records import ID, keyed, laid_out

WEIGHTS = {
    "name_weight": ("mw_name", "mw_tf_adj_name"),
    "birth_date_weight": ("mw_birth_date",),
    "location_weight": ("mw_location",),
    "identifier_weight": ("mw_pnc", "mw_cro"),
    "gender_weight": ("mw_gender",),
}
"""The parts of a match weight, and which of Splink's columns make each; with the prior they add up to the whole."""

SCORED_COLUMNS = pl.Schema(
    {
        "left_id": pl.String,
        "right_id": pl.String,
        "match_weight": pl.Float64,
        "match_probability": pl.Float64,
        **dict.fromkeys(WEIGHTS, pl.Float64),
        "has_identifier_agreement": pl.Boolean,
        "has_identifier_contradiction": pl.Boolean,
        "has_same_last_name": pl.Boolean,
        "has_same_first_name": pl.Boolean,
        "has_same_birth_date": pl.Boolean,
        "has_shared_postcode": pl.Boolean,
        "years_apart": pl.Int64,
    }
)
"""Columns of a table of scored pairs. The two about identifiers are never null; the others are where either side is unknown."""

_IDENTIFIERS = ("pnc_number", "cro_number")


def score(
    left: pl.DataFrame,
    right: pl.DataFrame,
    model: FrozenModel,
    threshold_match_weight: float,
    left_id: str = "left_id",
    right_id: str = "right_id",
) -> pl.DataFrame:
    """One row per pair of records at or above the threshold, sorted by both ids.

    Names are as rare as they are in `right`, which must be the full reference and not a part of it.

    Args:
        left: people to find, with any of the standard columns of `records`.
        right: the people among whom to find them.
        model: as loaded.
        threshold_match_weight: log2 of the odds; pairs below are left out.
        left_id: column that names the rows of `left`.
        right_id: column that names the rows of `right`.

    Raises:
        RecordsUnusable: an id is missing or not unique.
        LinkageFailed: the engine failed.
    """
    people, reference = keyed(left, left_id), keyed(right, right_id)
    if people.is_empty() or reference.is_empty():
        return pl.DataFrame(schema=SCORED_COLUMNS)
    settings = model.settings | {"probability_two_random_records_match": model.prior(reference.height)}
    rarity = rarities(reference, model.typical_shares)
    with without_values():
        ours, theirs = laid_out(people), laid_out(blocked(people, reference))
        if theirs.is_empty():
            return pl.DataFrame(schema=SCORED_COLUMNS)
        session = Session(ours, theirs, settings, borne_by(rarity, ours, theirs))
        predicted = session.linker.inference.predict_between(
            session.left, session.right, threshold_match_weight=threshold_match_weight, warning_mode="never"
        )
        pairs = pl.from_arrow(predicted.as_pyarrow_table())
    return _described(pl.DataFrame(pairs), ours, theirs)


def _described(pairs: pl.DataFrame, ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """The pairs with their weights by kind of evidence and what plainly agrees."""
    weights = {name: pl.sum_horizontal(parts) for name, parts in WEIGHTS.items()}
    return (
        pairs.rename({f"{ID}_l": "left_id", f"{ID}_r": "right_id"})
        .with_columns(**weights)
        .join(ours, left_on="left_id", right_on=ID, how="left")
        .join(theirs, left_on="right_id", right_on=ID, how="left", suffix="_r")
        .with_columns(
            has_identifier_agreement=pl.any_horizontal(_equal(column).fill_null(value=False) for column in _IDENTIFIERS),
            has_identifier_contradiction=pl.any_horizontal((~_equal(column)).fill_null(value=False) for column in _IDENTIFIERS),
            has_same_last_name=_equal("last_name"),
            has_same_first_name=_equal("first_name"),
            has_same_birth_date=_equal("date_of_birth"),
            has_shared_postcode=pl.col("postcodes").list.set_intersection("postcodes_r").list.len() > 0,
            years_apart=_whole_years_apart("date_of_birth", "date_of_birth_r"),
        )
        .select(SCORED_COLUMNS.names())
        .cast(SCORED_COLUMNS)
        .sort("left_id", "right_id")
    )


def _equal(column: str) -> pl.Expr:
    return pl.col(column) == pl.col(f"{column}_r")


def _whole_years_apart(one: str, other: str) -> pl.Expr:
    """Whole years between two ISO dates: those of the later, less one if its day of the year comes first."""
    earlier, later = pl.min_horizontal(one, other), pl.max_horizontal(one, other)
    years = later.str.slice(0, 4).cast(pl.Int64) - earlier.str.slice(0, 4).cast(pl.Int64)
    not_yet = later.str.slice(5) < earlier.str.slice(5)
    return pl.when(pl.col(one).is_not_null() & pl.col(other).is_not_null()).then(years - not_yet.cast(pl.Int64))
