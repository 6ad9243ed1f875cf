"""Movements and notifications as the lake releases them, written down with only what matters."""

import datetime as dt

import polars as pl

from tests.frames import earlier_rows_of, rows_of

MOTHER, FATHER = "A1234BC", "B9876CD"


def on(number: int) -> dt.date:
    """A day of November 2025, and on into the months after."""
    return dt.date(2025, 10, 31) + dt.timedelta(days=number)


def at(number: int, hour: int = 10) -> dt.datetime:
    return dt.datetime.combine(on(number), dt.time(hour))


def movements(*told, prisoner=MOTHER) -> pl.DataFrame:
    """Each movement as "ADM N" or "REL", the number of its day, and its booking if it is another than 1."""
    rows = []
    for sequence, (kind, number, *booking) in enumerate(told, start=1):
        code, _, reason = kind.partition(" ")
        rows.append(
            {
                "as_of": on(number + 1),
                "line_number": sequence,
                "prisoner_number": prisoner,
                "booking_id": (*booking, "1")[0],
                "movement_sequence": sequence,
                "movement_type_code": code,
                "movement_reason_code": reason,
                "movement_at": at(number),
                "in_out_status": "IN" if code == "ADM" else "OUT",
            }
        )
    return earlier_rows_of("prison/movements", *rows)


def notification(prisoner=MOTHER, *, received=1, **told) -> pl.DataFrame:
    """A family due; the reception is on the day with the number `received`."""
    reception_id = f"R{prisoner}{received}"
    row = {
        "reception_id": reception_id,
        "family_id": f"F{reception_id}",
        "prisoner_number": prisoner,
        "booking_id": "1",
        "received_at": at(received),
        "recipient_kind": "neighbourhood_team",
        "team": "oxfordshire",
        "is_urgent": False,
        "child_count": 1,
        "source_records": "police_records:P1",
        "address_line": "1 MADE UP STREET",
        "postcode": "OX1 1AA",
        "la_code": "E07000178",
    }
    return rows_of("notifications/notifications", row | told)


def withdrawals(*told) -> pl.DataFrame:
    """Each as the prisoner, the reception and the reason."""
    columns = ("prisoner_number", "reception_id", "reason_code")
    return rows_of("notifications/withdrawals", *(dict(zip(columns, each, strict=True)) for each in told))
