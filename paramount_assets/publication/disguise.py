"""What analysts get to see of a table: no personal column, no identifier that anybody uses, no text that nobody agreed on.

Three rules, by what the data dictionary says of a column. A personal column is left out. An identifier becomes a keyed
pseudonym, the same in every table, so that tables join as before. An open text for which the table's suite names the values
that it may have is blanked where it is another one: whatever a source typed there may be a name.
"""

from collections.abc import Callable

import polars as pl

from paramount_assets.lake import Holds, dictionary
from paramount_assets.quality import Suite
from paramount_assets.vocabulary import Source

Pseudonym = Callable[[str], str]
"""A keyed pseudonym of an identifier; equal identifiers get equal ones."""

IS_PSEUDONYM = "Here a pseudonym: equal ones mean the same in every table."
"""What the comment of an identifier's column says besides its meaning."""

_SOURCES = tuple(f"{source}:" for source in Source)


def published_columns(suite: Suite) -> dict[str, str]:
    """The columns of a table that are published, in order, with their comments."""
    words = [dictionary()[name] for name in suite.columns]
    return {
        w.name: f"{w.about} {IS_PSEUDONYM}" if w.holds is Holds.IDENTIFIER else w.about
        for w in words
        if w.holds is not Holds.PERSONAL
    }


def disguised(frame: pl.DataFrame, suite: Suite, pseudonym: Pseudonym) -> pl.DataFrame:
    """The published columns of a table, in an order of rows that says nothing of the identifiers behind them.

    Args:
        frame: some rows of the table.
        suite: of the table.
        pseudonym: of an identifier.
    """
    columns = list(published_columns(suite))
    hidden = [name for name in columns if dictionary()[name].holds is Holds.IDENTIFIER]
    listed = {name: values for name, values in _listed(suite).items() if name in columns}
    return (
        frame.select(columns)
        .with_columns(pl.when(pl.col(name).is_in(values)).then(pl.col(name)) for name, values in listed.items())
        .with_columns(_replaced(frame[name], pseudonym) for name in hidden)
        .sort(columns)
    )


def _listed(suite: Suite) -> dict[str, list[str]]:
    in_set = [e for e in suite.row_expectations if e.type == "expect_column_values_to_be_in_set"]
    return {e.kwargs["column"]: list(e.kwargs["value_set"]) for e in in_set}


def _replaced(column: pl.Series, pseudonym: Pseudonym) -> pl.Series:
    known = {value: _pseudonym_of(value, pseudonym) for value in column.drop_nulls().unique()}
    return column.replace_strict(known, default=None, return_dtype=pl.String)


def _pseudonym_of(value: str, pseudonym: Pseudonym) -> str:
    """An identifier's pseudonym; of source records, `source:id/number` separated by semicolons, each part has its own."""
    return ";".join(sorted(_record_of(part, pseudonym) for part in value.split(";")))


def _record_of(part: str, pseudonym: Pseudonym) -> str:
    if not part.startswith(_SOURCES):
        return pseudonym(part)
    source, _, record = part.partition(":")
    return f"{source}:{'/'.join(pseudonym(own) for own in record.split('/'))}"
