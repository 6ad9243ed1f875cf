"""Rows that break the contract: a code of no list, a date that is none, a NUL. The chain has to put them aside and go on."""

from typing import NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic.deliver import as_text
from paramount_assets.synthetic.streams import stream
from paramount_assets.vocabulary import Source

FAULTY_SHARE = 1 / 2000
"""Of all rows of a file (assumed: far below the share at which a delivery is refused)."""

QUARANTINED_ROW = "quarantined_row"
"""The cause under which the answer key has them."""

_UNKNOWN_CODE, _NO_DATE = "ZZ", "31/02/1990"


class _File(NamedTuple):
    """A file's columns that can go wrong, and what its rows are called in the answer key."""

    source: Source
    code: str
    date: str
    text: str
    record_id: tuple[str, ...]
    separator: str = "/"


_FILES = {
    "movements.csv": _File(
        Source.PRISON_EXTRACT, "movement_type_code", "date_of_birth", "last_name", ("prisoner_number",)
    ),
    "contacts.csv": _File(Source.PRISON_EXTRACT, "gender", "date_of_birth", "last_name", ("prisoner_number", "contact_id")),
    "persons.csv": _File(Source.POLICE_RECORDS, "gender", "date_of_birth", "last_name", ("person_id",)),
    "person_names.csv": _File(Source.POLICE_RECORDS, "name_type", "name_number", "last_name", ("person_id",)),
    "person_addresses.csv": _File(Source.POLICE_RECORDS, "address_type", "from_date", "address_line", ("person_id",)),
    "associations.csv": _File(
        Source.POLICE_RECORDS, "relationship_code", "from_date", "source", ("person_id", "related_person_id"), ">"
    ),
    "markers.csv": _File(Source.POLICE_RECORDS, "subject_type", "from_date", "marker_code", ("marker_id",)),
    "children.csv": _File(Source.CHILDRENS_SERVICES, "gender", "address_from_date", "last_name", ("child_id",)),
    "family_members.csv": _File(
        Source.CHILDRENS_SERVICES, "relationship_code", "person_date_of_birth", "person_last_name", ("child_id", "member_number")
    ),
    "plans.csv": _File(Source.CHILDRENS_SERVICES, "plan_type", "from_date", "allocated_team", ("child_id",)),
}  # fmt: skip


def spoil(rows: pl.DataFrame, name: str, columns: list[str], seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with the contract's columns as text, one in two thousand spoiled, and which: source, record_id, cause.

    Args:
        rows: of one file, over the whole span.
        name: of the file.
        columns: the contract's; what else the rows carry stays as it is.
        seed: of the world.
    """
    file = _FILES[name]
    rng = stream(seed, f"faulty rows/{name}")
    hit = rng.random(len(rows)) < FAULTY_SHARE
    kind = pl.Series(np.where(hit, rng.integers(1, 4, size=len(rows)), 0))
    written = rows.with_columns(as_text(rows.select(columns)).get_columns())
    with_nul = pl.col(file.text).fill_null("?").str.slice(0, 1) + "\0" + pl.col(file.text).fill_null("?").str.slice(1)
    spoiled = written.with_columns(
        pl.when(kind == 1).then(pl.lit(_UNKNOWN_CODE)).otherwise(file.code).alias(file.code),
        pl.when(kind == 2).then(pl.lit(_NO_DATE)).otherwise(file.date).alias(file.date),
        pl.when(kind == 3).then(with_nul).otherwise(file.text).alias(file.text),
    )
    noted = written.filter(pl.Series(hit)).select(
        pl.lit(file.source.value).alias("source"),
        pl.concat_str(file.record_id, separator=file.separator).alias("record_id"),
        pl.lit(QUARANTINED_ROW).alias("cause"),
    )
    return spoiled, noted
