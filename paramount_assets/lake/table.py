"""`@table`: a table is a pure function from frames to a frame, and what its parameters are called is what it reads.

A parameter is named after the upstream table, or says by its annotation what is handed in. Days, gates and Dagster are none of
the function's business, so a test or a notebook calls it like any other function.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import polars as pl

from paramount_assets.lake.landing import Landing
from paramount_assets.ledger import LedgerExport
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Day

ALL_DAYS = "all"
"""The key under which a table without days is kept."""


@dataclass(frozen=True)
class Earlier:
    """Marks a parameter: the days before, `days` of them, of a daily table upstream; a column `as_of` says which.

    Days that are not released are left out, and pinned as absent.
    """

    table: str
    days: int


@dataclass(frozen=True)
class Previous:
    """Marks a parameter: the version before, of the table itself; an empty frame where there is none."""


@dataclass(frozen=True)
class Beside:
    """Marks a parameter: the very day's version of a versioned table, None where none is released; nothing waits for it."""

    table: str


@dataclass(frozen=True)
class VersionOf:
    """Marks a parameter: only the date of the version that the day reads of a versioned table, None where there is none."""

    table: str


class How(StrEnum):
    """How a parameter reads an upstream table."""

    CURRENT = "current"
    """The same day; of a versioned table the newest version not after the day; for a table without days all days."""
    EARLIER = "earlier"
    BESIDE = "beside"
    PREVIOUS = "previous"
    GATE = "gate"
    """Nothing of the same day but that it is released."""
    VERSION_DATE = "version date"


@dataclass(frozen=True)
class Reads:
    """One parameter that is read from the lake. `days` is the length of a window of earlier days.

    `as_file` hands over the Parquet file of a single day or version instead of its rows, `as_folder` the folder of files.
    """

    parameter: str
    table: str
    how: How
    days: int = 0
    as_folder: bool = False
    as_file: bool = False


@dataclass(frozen=True)
class Given:
    """One parameter that is handed in: the day, the settings, the landing area or the ledger's export."""

    parameter: str
    kind: Any


GIVEN_KINDS = (Day, Settings, Landing, LedgerExport)


@dataclass(frozen=True)
class Table:
    """One table: what it is called, what it reads and how it is made.

    `is_optional` says that a source need not deliver it: readers then get an empty frame. `is_published` says that analysts get
    it, without its personal columns. `sql_file` is set where a file makes it.
    """

    step: str
    name: str
    cadence: Cadence
    description: str
    make: Callable[..., pl.DataFrame | Path]
    reads: tuple[Reads, ...]
    given: tuple[Given, ...] = ()
    kinds: frozenset[str] = frozenset()
    is_optional: bool = False
    is_published: bool = True
    sql_file: Path | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """`step/name`: its asset key, its folder in the lake and its suite's place."""
        return f"{self.step}/{self.name}"

    @property
    def reads_itself(self) -> bool:
        """It is made from its own previous version, so its versions are made one after the other."""
        return any(r.how is How.PREVIOUS for r in self.reads)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the function takes
        """Makes the frame, as the undecorated function would."""
        return self.make(*args, **kwargs)


def table(
    step: str,
    *,
    cadence: Cadence = Cadence.DAILY,
    kinds: set[str] | None = None,
    optional: bool = False,
    published: bool = True,
    behind: tuple[str, ...] = (),
) -> Callable[[Callable[..., pl.DataFrame | Path]], Table]:
    """Declares a function's result to be a table of a step.

    Args:
        step: the step, which is also the folder, the asset group and the DuckDB schema.
        cadence: when its bytes are made.
        kinds: engines, shown in the UI.
        optional: its source need not deliver; readers then get an empty frame.
        published: analysts get it, without personal columns.
        behind: tables of the same day whose gates must be open, although nothing of them is handed in.
    """

    def declare(make: Callable[..., pl.DataFrame | Path]) -> Table:
        reads, given = _parameters(make)
        return Table(
            step=step,
            name=make.__name__,
            cadence=cadence,
            description=" ".join(inspect.cleandoc(make.__doc__ or "").split("\n\n")[0].split()),
            make=make,
            reads=(*reads, *(Reads("", name, How.GATE) for name in behind)),
            given=given,
            kinds=frozenset(kinds or {"polars"}),
            is_optional=optional,
            is_published=published,
        )

    return declare


def _parameters(make: Callable[..., pl.DataFrame | Path]) -> tuple[tuple[Reads, ...], tuple[Given, ...]]:
    hints = get_type_hints(make, include_extras=True)
    reads: list[Reads] = []
    given: list[Given] = []
    for parameter in inspect.signature(make).parameters:
        hint = hints[parameter]
        if hint in GIVEN_KINDS:
            given.append(Given(parameter, hint))
        else:
            reads.append(_read(parameter, hint, make.__name__))
    return tuple(reads), tuple(given)


def _read(parameter: str, hint: Any, own_name: str) -> Reads:  # noqa: ANN401 - any annotation
    marker = get_args(hint)[1] if get_origin(hint) is Annotated else None
    match marker:
        case Earlier(upstream, days):
            return Reads(parameter, upstream, How.EARLIER, days)
        case Previous():
            return Reads(parameter, own_name, How.PREVIOUS)
        case Beside(upstream):
            return Reads(parameter, upstream, How.BESIDE)
        case VersionOf(upstream):
            return Reads(parameter, upstream, How.VERSION_DATE)
        case _:
            return Reads(parameter, parameter, How.CURRENT, as_folder=hint is Path)
