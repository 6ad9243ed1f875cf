"""What a file must look like: its columns, their kinds and codes, its key, and why a row may be put aside.

A contract is data. Reading bytes belongs to `lake.reading`, judging rows against a contract to `lake.parsing`, whole deliveries
to `lake.landing`; each source's contracts stand with the step that takes them in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import polars as pl


class Kind(StrEnum):
    """How the text of a value is to be read."""

    TEXT = "text"
    CODE = "code"
    LIST = "list"
    """Values separated by semicolons; kept as text."""
    DATE = "date"
    TIMESTAMP = "timestamp"
    INTEGER = "integer"
    BOOLEAN = "boolean"


class ReasonCode(StrEnum):
    """Why a row was put aside. A row has one reason: the first of these that applies, columns in the contract's order."""

    EXACT_DUPLICATE = "exact_duplicate"
    """A later copy of a row in the same file, equal in every character; the first is kept."""
    WRONG_FIELD_COUNT = "wrong_field_count"
    NUL_CHARACTER = "nul_character"
    FIELD_TOO_LONG = "field_too_long"
    BIDIRECTIONAL_CONTROL = "bidirectional_control"
    MISSING_REQUIRED = "missing_required"
    NOT_A_DATE = "not_a_date"
    NOT_A_TIMESTAMP = "not_a_timestamp"
    NOT_AN_INTEGER = "not_an_integer"
    NOT_A_BOOLEAN = "not_a_boolean"
    UNKNOWN_CODE = "unknown_code"
    BAD_FORMAT = "bad_format"
    DATE_IN_FUTURE = "date_in_future"
    """A birth date after the extract's date."""
    CONTRADICTING_KEY = "contradicting_key"
    """Rows with one key that say different things: all of them, for nobody can tell which one is right."""
    UNKNOWN_REFERENCE = "unknown_reference"
    """Speaks of a person or child that neither the delivery nor what was held before has."""
    OTHER_AUTHORITY = "other_authority"
    """A child recorded under the code of an authority that the feed does not deliver for."""
    NOT_ASKED_ABOUT = "not_asked_about"
    """A child in an answer that is held because of none of the persons asked about."""
    KEY_OF_ANOTHER_FEED = "key_of_another_feed"
    """A child under an identifier that another authority's child has already."""


GENDERS = ("M", "F", "NK", "NS")
"""Every source's codes of gender: male, female, not known, not specified."""


@dataclass(frozen=True)
class Column:
    """One column of a file.

    Attributes:
        name: as the file's header has it.
        kind: how its text is read.
        required: a row without a value is put aside.
        codes: the closed list of a code; empty where any text may stand.
        pattern: regular expression that every value matches in full. Only for what other rows are found by: a name or a
            postcode that looks odd is kept.
        rename: what the platform's tables call it, where that differs.
        is_birth_date: may not be after the extract's date.
        instead_of: this column may be absent from a file that has the column named here.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    codes: Sequence[str] = ()
    pattern: str = ""
    rename: str = ""
    is_birth_date: bool = False
    instead_of: str = ""

    @property
    def table_name(self) -> str:
        """What the platform's tables call it."""
        return self.rename or self.name


@dataclass(frozen=True)
class Rule:
    """A condition over several columns of a row, by their names in the file and of the contract's types."""

    reason: ReasonCode
    column: str
    broken: pl.Expr


DELETED = Column("deleted", Kind.BOOLEAN, required=True)
"""What each row of a delta says besides the contract's columns."""


@dataclass(frozen=True)
class FileContract:
    """One file of a source.

    Attributes:
        name: the file's name without its ending.
        key: the columns, by their names in the file, that tell rows apart. A part that is not required may be unknown.
        columns: in the order of the platform's table.
        rules: conditions over several columns.
        may_be_absent: a delivery without the file is complete.
        may_be_empty: no rows need no signed nil return.
        is_new_every_day: the same bytes under a later date are the earlier day's content sent again.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    may_be_absent: bool = False
    may_be_empty: bool = False
    is_new_every_day: bool = False

    @property
    def table_key(self) -> list[str]:
        """The key by the names of the platform's table."""
        return [column.table_name for column in self.columns if column.name in self.key]

    @property
    def table_columns(self) -> list[str]:
        """The columns by the names of the platform's table, in order."""
        return [column.table_name for column in self.columns]

    @property
    def file_columns(self) -> list[str]:
        """The columns by their names in the file."""
        return [column.name for column in self.columns]

    def of_delta(self) -> "FileContract":
        """The contract of the same file in a delta: with the column `deleted`."""
        return replace(self, columns=(*self.columns, DELETED))

    def missing_from(self, header: Sequence[str]) -> list[str]:
        """The contract's columns that a header does not have, in the contract's order."""
        return [c.name for c in self.columns if c.name not in header and not (c.instead_of and c.instead_of in header)]
