"""The tables of the step `prison`."""

from typing import Annotated

import polars as pl

from paramount_assets.lake import Day, Earlier, Landing, sql_tables, table
from paramount_assets.prison import extract
from paramount_assets.prison import volumes as extract_volumes
from paramount_assets.prison.contract import CONTACTS, MOVEMENTS
from paramount_assets.vocabulary import Cadence, Source


@table("prison", kinds={"polars"}, published=False)
def raw_extract(day: Day, landing: Landing) -> pl.DataFrame:
    """One row per record of the day's prison extract, character for character; line 0 is the file's header."""
    return extract.raw_records(landing.delivery(Source.PRISON_EXTRACT, day))


@table("prison", kinds={"polars"})
def volumes(
    day: Day, landing: Landing, raw_extract: pl.DataFrame, earlier: Annotated[pl.DataFrame, Earlier("raw_extract", days=28)]
) -> pl.DataFrame:
    """One row per file of the day's prison extract: how many records it has, and how many are usual."""
    return extract_volumes.volumes(raw_extract, earlier, landing.delivery(Source.PRISON_EXTRACT, day))


@table("prison", kinds={"polars"}, behind=("volumes",))
def quarantined_rows(day: Day, raw_extract: pl.DataFrame) -> pl.DataFrame:
    """One row per record that was put aside, exact copies included: records in = released + put aside."""
    return extract.rows_put_aside(raw_extract, day)


@table("prison", kinds={"polars"}, published=False, behind=("volumes",))
def movements(day: Day, raw_extract: pl.DataFrame) -> pl.DataFrame:
    """One row per prisoner movement since the last extract, as recorded in prison."""
    return extract.rows_within_tolerance(raw_extract, MOVEMENTS, day)


@table("prison", kinds={"polars"}, published=False, behind=("volumes",))
def contacts(day: Day, raw_extract: pl.DataFrame) -> pl.DataFrame:
    """One row per social contact recorded for a person in the day's movements; none where contacts are not delivered."""
    return extract.rows_within_tolerance(raw_extract, CONTACTS, day)


TABLES = sql_tables("prison", cadence=Cadence.DAILY)
