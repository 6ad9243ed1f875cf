"""The tables of the step `households`; those in SQL are in `dbt_like_sql/households`."""

from typing import Annotated

import polars as pl

from paramount_assets.households import custody
from paramount_assets.households.custody import Window
from paramount_assets.lake import Earlier, sql_tables, table

TABLES = sql_tables("households")


@table("households", kinds={"polars"})
def people_in_custody(
    cleaned_persons: pl.DataFrame,
    person_links: pl.DataFrame,
    family_links: pl.DataFrame,
    movements: pl.DataFrame,
    earlier_persons: Annotated[pl.DataFrame, Earlier("cleaned_persons", days=28)],
    earlier_person_links: Annotated[pl.DataFrame, Earlier("person_links", days=28)],
    earlier_family_links: Annotated[pl.DataFrame, Earlier("family_links", days=28)],
    earlier_movements: Annotated[pl.DataFrame, Earlier("movements", days=28)],
) -> pl.DataFrame:
    """One row per reception of the last 28 days and record of the person received, with the release that ended it."""
    return custody.people_in_custody(
        persons=Window(cleaned_persons, earlier_persons),
        person_links=Window(person_links, earlier_person_links),
        family_links=Window(family_links, earlier_family_links),
        movements=Window(movements, earlier_movements),
    )
