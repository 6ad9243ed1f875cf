"""The tables of the step `suitability`; those in SQL are in `dbt_like_sql/suitability`."""

from typing import Annotated

import polars as pl

from paramount_assets.lake import VersionOf, sql_tables, table
from paramount_assets.settings import Settings
from paramount_assets.suitability import outcomes
from paramount_assets.vocabulary import Day

TABLES = sql_tables("suitability")


@table("suitability", kinds={"polars"})
def family_checks(
    day: Day,
    eligible_children: pl.DataFrame,
    findings: pl.DataFrame,
    household_members: pl.DataFrame,
    rulings: pl.DataFrame,
    settings: Settings,
    services_version: Annotated[Day | None, VersionOf("known_children")],
) -> pl.DataFrame:
    """One row per family: whether and how it may be approached, why, who must act and by when."""
    families = outcomes.families(eligible_children, household_members)
    found = pl.concat([findings, outcomes.source_findings(families, settings.force, services_version)])
    return outcomes.judge(families, found, rulings, settings.force, day)
