"""Urgent: was the flag right that no adult is left at the child's home? Only where the answer key says who was inside when.

True is what the flag means: of those who live at the child's true home on the day of the reception, nobody of age is outside.
"""

import datetime as dt

import polars as pl

from paramount_assets.evaluation.figures import Line, Section, Share
from paramount_assets.evaluation.truth import Truth
from paramount_assets.vocabulary import EligibilityDecision

_ADULT_DAYS = 18 * 365.25


def urgency_section(listed: pl.DataFrame, truth: Truth) -> Section | None:
    """How often the flag is right, of the eligible children who are the prisoner's; None where the answer key cannot say.

    Args:
        listed: as `children.listed` returns it.
        truth: the answer key.
    """
    if truth.spells.is_empty():
        return None
    eligible = (
        listed.filter(pl.col("decision") == EligibilityDecision.ELIGIBLE.value)
        .join(
            truth.families(listed["prisoner_id"].unique()),
            left_on=["prisoner_id", "child_id"],
            right_on=["adult_id", "child_id"],
            how="semi",
        )
        .select("reception_id", "child_id", "received_on", "is_urgent")
        .unique()
    )
    homes = truth.at_home(eligible.select(resident_id="child_id", day="received_on").unique()).drop_nulls("home_id")
    placed = eligible.join(
        homes.select(child_id="resident_id", received_on="day", home_id="home_id"), on=["child_id", "received_on"]
    )
    looked_after = _with_adult(placed.select("home_id", "received_on").unique(), truth)
    judged = placed.join(looked_after, on=["home_id", "received_on"], how="left").with_columns(
        is_alone=pl.col("has_adult").is_null()
    )
    alone, flagged = judged.filter("is_alone"), judged.filter("is_urgent")
    both = judged.filter(pl.col("is_alone") & pl.col("is_urgent")).height
    return Section(
        key="urgency",
        title="Children left without an adult",
        of="eligible children who are truly alone; the second line: of those flagged",
        lines=(
            Line("alone_flagged", "truly alone, and flagged urgent", Share(both, alone.height)),
            Line("flagged_alone", "flagged urgent, and truly alone", Share(both, flagged.height)),
        ),
    )


def _with_adult(homes: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Those of the homes and days on which an adult lives there who is not inside."""
    on = pl.col("received_on")
    holds = (pl.col("from_date") <= on) & (pl.col("to_date").is_null() | (pl.col("to_date") > on))
    is_adult = (on - pl.col("born")).dt.total_days() >= _ADULT_DAYS
    lives = pl.col("died_on").is_null() | (pl.col("died_on") > on)
    begun = pl.col("admitted_at") < on.cast(pl.Datetime("us")) + dt.timedelta(days=1)
    is_inside = begun & (pl.col("released_at").is_null() | (pl.col("released_at").dt.date() > on))
    adults = (
        homes.join(truth.lives, on="home_id")
        .filter(holds)
        .join(truth.people.select("resident_id", "born", "died_on"), on="resident_id")
        .filter(is_adult & lives)
        .select("home_id", "received_on", "resident_id")
    )
    inside = adults.join(truth.spells, on="resident_id").filter(is_inside)
    outside = adults.join(inside, on=["resident_id", "received_on"], how="anti")
    return outside.select("home_id", "received_on", has_adult=pl.lit(value=True)).unique()
