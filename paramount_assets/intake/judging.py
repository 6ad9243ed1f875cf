"""The rows of one file of a reference delivery, judged: by the file's contract, and by whom they speak of.

A row may keep its contract and still be of no use: it speaks of a person that nobody delivered, or of a child that the authority
was not asked about. Such rows are put aside like any other that is wrong, with a reason, and count against the same tolerance.
Which rows stand for what is known in `reference` and `services`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from paramount_assets.intake.contracts import ReferenceFile, files_of
from paramount_assets.lake import Delivery
from paramount_assets.lake.contract import ReasonCode
from paramount_assets.lake.parsing import ParsedFile

SUMMARIES_KEPT = 64
"""More than all files of a day's deliveries; the oldest go first."""


@dataclass(frozen=True)
class Doubt:
    """A reason to put a row aside that its own contract cannot see.

    Attributes:
        reason: as it is recorded.
        column: as it is recorded.
        value: over the table's columns, what is looked up; null where there is nothing to doubt.
        listed: what it is looked up in.
        is_forbidden: a value that is listed is doubted, not one that is missing.
    """

    reason: ReasonCode
    column: str
    value: pl.Expr
    listed: pl.Series
    is_forbidden: bool = False

    @property
    def key(self) -> tuple[str, str, int, int]:
        """Tells one doubt from another, and the same one about other people."""
        return str(self.reason), self.column, self.listed.len(), int(self.listed.hash().sum())

    def lines(self, rows: pl.DataFrame) -> pl.Series:
        """The line numbers of the rows to put aside. One that deletes is never doubted: what it spoke of may be gone already."""
        looked_up = rows.filter(~deletes(rows)).select("line_number", value=self.value).drop_nulls("value")
        listed = self.listed.alias("value").to_frame()
        return looked_up.join(listed, on="value", how="semi" if self.is_forbidden else "anti")["line_number"]


@dataclass(frozen=True)
class Summary:
    """What became of the rows of one file: which were put aside, how many were taken in and how many delete another."""

    quarantined: pl.DataFrame
    kept_count: int
    deleted_count: int


def verify(delivery: Delivery) -> None:
    """Refuses a delivery that is not what its manifest says or lacks a file or column of its kind.

    Raises:
        DeliveryBlocked: with everything of one kind that is wrong, and no value.
    """
    delivery.verify([file.contract for file in files_of(delivery.source, delivery.kind)])


def accepted(delivery: Delivery, file: ReferenceFile, doubts: Sequence[Doubt] = ()) -> pl.DataFrame:
    """The rows of a verified delivery's file that are of use, with the date of the delivery.

    Raises:
        DeliveryBlocked: too many are not.
    """
    judged = judge(delivery, file, doubts)
    judged.check_tolerance(f"{delivery.label}: {file_name(delivery, file)}")
    columns = [name for name in judged.rows.columns if name != "line_number"]
    return judged.rows.select(*columns, pl.lit(delivery.extract_date).alias("delivered_on"), "line_number")


def summary(delivery: Delivery, file: ReferenceFile, doubts: Sequence[Doubt] = ()) -> Summary:
    """What became of a file's rows; it is not read again where its own table was made by the same process."""
    known = _summaries.get(_key(delivery, file, doubts))
    return known or _summarised(delivery, file, doubts, judge(delivery, file, doubts))


def judge(delivery: Delivery, file: ReferenceFile, doubts: Sequence[Doubt] = ()) -> ParsedFile:
    """The rows of a verified delivery's file that are of use, and those put aside."""
    judged = delivery.parse(file.contract)
    for doubt in doubts:
        judged = _put_aside(judged, file_name(delivery, file), doubt)
    _summarised(delivery, file, doubts, judged)
    return judged


def file_name(delivery: Delivery, file: ReferenceFile) -> str:
    """The file's name as the manifest has it."""
    delivered = delivery.file(file.contract)
    return delivered.name if delivered else f"{file.contract.name}.csv"


def deletes(rows: pl.DataFrame) -> pl.Series:
    """Which rows only say that another row goes: none outside a delta."""
    return rows["deleted"] if "deleted" in rows.columns else pl.repeat(value=False, n=rows.height, dtype=pl.Boolean, eager=True)


def _put_aside(judged: ParsedFile, name: str, doubt: Doubt) -> ParsedFile:
    lines = doubt.lines(judged.rows)
    if lines.is_empty():
        return judged
    is_doubted = judged.rows["line_number"].is_in(lines.implode())
    aside = judged.rows.filter(is_doubted).select(
        file_name=pl.lit(name),
        line_number="line_number",
        reason_code=pl.lit(str(doubt.reason)),
        column_name=pl.lit(doubt.column),
    )
    both = pl.concat([judged.quarantined, aside.select(judged.quarantined.columns)]).sort("line_number")
    return ParsedFile(judged.rows.filter(~is_doubted), both)


_summaries: dict[tuple[object, ...], Summary] = {}
"""By manifest, file and doubts, so by the very bytes: a file of a million rows is not read once more for the few put aside."""


def _key(delivery: Delivery, file: ReferenceFile, doubts: Sequence[Doubt]) -> tuple[object, ...]:
    return delivery.manifest_sha256, file.contract.name, *(doubt.key for doubt in doubts)


def _summarised(delivery: Delivery, file: ReferenceFile, doubts: Sequence[Doubt], judged: ParsedFile) -> Summary:
    deleted = int(deletes(judged.rows).sum())
    found = Summary(judged.quarantined, judged.rows.height - deleted, deleted)
    _summaries[_key(delivery, file, doubts)] = found
    while len(_summaries) > SUMMARIES_KEPT:
        del _summaries[next(iter(_summaries))]
    return found
