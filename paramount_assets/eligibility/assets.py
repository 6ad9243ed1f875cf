"""The tables of the step `eligibility`; those in SQL are in `dbt_like_sql/eligibility`."""

import polars as pl

from paramount_assets.eligibility.policy import decide, rules
from paramount_assets.lake import sql_tables, table
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day

TABLES = sql_tables("eligibility")


@table("eligibility", kinds={"polars"})
def decisions(
    day: Day,
    children: pl.DataFrame,
    cleaned_persons: pl.DataFrame,
    rulings: pl.DataFrame,
    settings: Settings,
) -> pl.DataFrame:
    """One row per child considered, with the decision and every reason for it."""
    considered = children.join(cleaned_persons.select("reception_id", "legal_status"), on="reception_id")
    return decide(considered, rulings, rules(settings.force, day))
