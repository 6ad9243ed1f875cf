"""A hand-made truth and hand-made tables: one father, his household, and whatever a test adds."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from paramount_assets.evaluation.released import Days
from paramount_assets.evaluation.truth import Truth, door
from paramount_assets.lake import schema_of
from paramount_assets.ledger import LedgerExport
from paramount_assets.ledger.export import CASES, CLAIMS
from paramount_assets.vocabulary import Source

DAY = dt.date(2025, 11, 4)
RECEIVED_AT = dt.datetime.fromisoformat("2025-11-03T15:00")
FATHER, MOTHER, CHILD, STRANGER, NEIGHBOURS_CHILD = 1, 2, 3, 4, 5
RECEPTION, PRISONER = "R1", "A1234BC"
HOME, OTHER_HOME = 10, 11

_PEOPLE = {
    "resident_id": pl.Int64, "household_id": pl.Int64, "sex": pl.String, "date_of_birth": pl.Date, "died_on": pl.Date,
    "mother_id": pl.Int64, "father_id": pl.Int64, "ethnicity_code": pl.String, "expected_date_of_birth": pl.Date,
}  # fmt: skip
_BORN = dt.date(1988, 3, 1)
_CHILD_BORN = dt.date(2018, 5, 6)


def people(*others: dict) -> pl.DataFrame:
    """Father, mother and their child in one household, a stranger with a child next door."""
    rows = [
        {"resident_id": FATHER, "household_id": 1, "sex": "M", "date_of_birth": _BORN, "ethnicity_code": "W1"},
        {"resident_id": MOTHER, "household_id": 1, "sex": "F", "date_of_birth": _BORN, "ethnicity_code": "W1"},
        {"resident_id": CHILD, "household_id": 1, "date_of_birth": _CHILD_BORN, "mother_id": MOTHER, "father_id": FATHER},
        {"resident_id": STRANGER, "household_id": 2, "sex": "M", "date_of_birth": _BORN, "ethnicity_code": "A1"},
        {"resident_id": NEIGHBOURS_CHILD, "household_id": 2, "date_of_birth": _CHILD_BORN, "father_id": STRANGER},
        *others,
    ]
    frame = pl.DataFrame(rows, schema=_PEOPLE)
    return frame.with_columns(born="date_of_birth")


def lives(**moved: tuple[int, dt.date]) -> pl.DataFrame:
    """Everybody at home since birth; `child=(home, day)` moves the child there on the day."""
    at = {FATHER: HOME, MOTHER: HOME, CHILD: HOME, STRANGER: OTHER_HOME, NEIGHBOURS_CHILD: OTHER_HOME}
    moves = {{"child": CHILD, "father": FATHER}[who]: to for who, to in moved.items()}
    rows = []
    for who, home in at.items():
        to, on = moves.get(who, (None, None))
        rows.append((who, home, dt.date(2018, 5, 6), on))
        if to is not None:
            rows.append((who, to, on, None))
    return pl.DataFrame(
        rows, {"resident_id": pl.Int64, "home_id": pl.Int64, "from_date": pl.Date, "to_date": pl.Date}, orient="row"
    )


def records(*rows: tuple[Source, str, int]) -> pl.DataFrame:
    """Who records are about; the prisoner's own is always there."""
    everybody = [(Source.PRISON_EXTRACT, PRISONER, FATHER), *rows]
    schema = {"source": pl.String, "record_id": pl.String, "resident_id": pl.Int64}
    return pl.DataFrame([(str(s), r, who) for s, r, who in everybody], schema, orient="row")


def truth(**changed: pl.DataFrame) -> Truth:
    """The truth with what a test changes."""
    homes = pl.DataFrame(
        {
            "home_id": [HOME, OTHER_HOME],
            "address_line": ["14 Maple Place", "16 Maple Place"],
            "postcode": ["OX1 3PB", "OX1 3PB"],
            "la_code": ["E07000178", "E07000178"],
        }
    ).with_columns(door=door("address_line", "postcode"))
    tables = {
        "people": people(),
        "homes": homes,
        "lives": lives(),
        "ties": pl.DataFrame(
            [
                (FATHER, CHILD, "father"),
                (MOTHER, CHILD, "mother"),
                (MOTHER, FATHER, "partner"),
                (STRANGER, NEIGHBOURS_CHILD, "father"),
            ],
            {"from_id": pl.Int64, "to_id": pl.Int64, "tie": pl.String},
            orient="row",
        ),
        "source_records": records(),
        "receptions": pl.DataFrame(
            {
                "resident_id": [FATHER], "prisoner_number": [PRISONER], "booking_id": ["1"], "movement_sequence": [1],
                "received_at": [RECEIVED_AT], "extract_date": [DAY],
            }
        ),
        "noise": pl.DataFrame(schema={"source": pl.String, "record_id": pl.String, "cause": pl.String}),
        "hard_kinds": pl.DataFrame(schema={"prisoner_number": pl.String, "kind": pl.String}),
        "spells": pl.DataFrame(
            schema={"resident_id": pl.Int64, "admitted_at": pl.Datetime("us"), "released_at": pl.Datetime("us")}
        ),
    }  # fmt: skip
    return Truth(**(tables | changed))


@dataclass
class Tables:
    """What the chain made on the one day: rows by table, with the columns that a test says."""

    tables: dict[str, list[dict]] = field(default_factory=dict)
    days: Days = field(default_factory=lambda: Days((DAY.isoformat(),), (), ()))

    def rows(self, name: str, columns: Sequence[str]) -> pl.DataFrame:
        return self._frame(name, columns).with_columns(as_of=pl.lit(DAY))

    def versions(self, name: str) -> pl.DataFrame:
        return pl.DataFrame({"as_of": [DAY], "version": [DAY.isoformat()]})

    def version_rows(self, name: str, columns: Sequence[str], where: pl.Expr) -> pl.DataFrame:
        given = self._frame(name, sorted({*columns, *where.meta.root_names()}))
        return given.filter(where).select(columns).with_columns(version=pl.lit(DAY.isoformat()))

    def _frame(self, name: str, columns: Sequence[str]) -> pl.DataFrame:
        return pl.DataFrame(self.tables.get(name, []), schema=schema_of(columns))


def receptions(*, held: bool = False, read: bool = True) -> pl.DataFrame:
    """The father's reception as `looked_at` gives it."""
    look = DAY if read and not held else None
    return pl.DataFrame(
        {
            "resident_id": [FATHER],
            "prisoner_number": [PRISONER],
            "extract_date": [DAY],
            "received_on": [RECEIVED_AT.date()],
            "is_held": [held],
            "reception_id": [RECEPTION if look else None],
            "own_look": [look],
            "newest_look": [look],
        },
        schema_overrides={"reception_id": pl.String, "own_look": pl.Date, "newest_look": pl.Date},
    )


def told(*, state: str = "told", record: str | None = "police_records:PC") -> LedgerExport:
    """A neighbourhood team was told of the father's home; without a record the claim is gone, as after a withdrawal."""
    case = {
        "notification_ref": "N-1", "support_token": "S-1", "state": state, "reception_id": RECEPTION,
        "told_at": dt.datetime.fromisoformat("2025-11-04T09:00"),
        "recipient_kind": "neighbourhood_team", "address_line": "14 MAPLE PLACE", "postcode": "OX1 3PB", "team": "oxfordshire",
    }  # fmt: skip
    claim = {"source_record": record, "prisoner_number": PRISONER, "notification_ref": "N-1", "reception_id": RECEPTION}
    return LedgerExport(
        cases=pl.DataFrame([case], schema=CASES),
        claims=pl.DataFrame([claim] if record else [], schema=CLAIMS),
        outbox=LedgerExport.empty().outbox,
        rulings=LedgerExport.empty().rulings,
    )
