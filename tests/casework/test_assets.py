import datetime as dt

import polars as pl
import pytest

from paramount_assets.casework.assets import cases, deliveries
from paramount_assets.lake import schema_of
from paramount_assets.ledger import LedgerExport
from paramount_assets.ledger.export import CASES, OUTBOX
from tests.frames import earlier_rows_of


def at(day, hour=10):
    return dt.datetime.combine(dt.date(2025, 11, day), dt.time(hour))


def events(*told):
    """Each as (event_id, notification_ref, event_type, event_at, event_value), then the day of its delivery if it matters."""
    columns = ("event_id", "notification_ref", "event_type", "event_at", "event_value")
    rows = []
    for number, (*event, delivered) in enumerate(each if len(each) > len(columns) else (*each, 20) for each in told):
        rows.append(dict(zip(columns, event, strict=True)) | {"as_of": dt.date(2025, 11, delivered), "line_number": number})
    return earlier_rows_of("intake/feedback", *rows)


def ledger_with(*references):
    empty = LedgerExport.empty()
    filled = pl.DataFrame([{"notification_ref": reference} for reference in references], CASES)
    return LedgerExport(filled, empty.claims, empty.outbox, empty.rulings)


def answered(*told):
    (row,) = cases(ledger_with("N-1"), events(*told)).iter_rows(named=True)
    return row["first_contact_at"], row["offer_outcome"], row["referred_at"]


def test_a_case_nobody_reported_about_has_no_answer():
    assert answered() == (None, None, None)


def test_the_first_contact_the_last_answer_and_the_first_referral_count():
    told = (
        ("E1", "N-1", "visit_attempted", at(2), None),
        ("E2", "N-1", "phone_contact", at(3), None),
        ("E3", "N-1", "visit_made", at(4), None),
        ("E4", "N-1", "offer_made", at(3), "undecided"),
        ("E5", "N-1", "offer_made", at(5), "accepted"),
        ("E6", "N-1", "referral_made", at(7), "self"),
        ("E7", "N-1", "referral_made", at(6), "officer"),
    )
    assert answered(*told) == answered(*reversed(told)) == (at(3), "accepted", at(6))


def test_an_event_delivered_again_counts_as_it_was_told_last():
    first = ("E1", "N-1", "offer_made", at(3), "undecided", 4)
    again = ("E1", "N-1", "offer_made", at(3), "declined", 9)
    assert answered(again, first)[1] == "declined"


def test_what_the_charity_reports_under_its_token_and_what_others_report_is_left_alone():
    assert answered(("E1", None, "support_started", at(9), None), ("E2", "N-2", "visit_made", at(3), None)) == (None, None, None)


def test_every_case_stays_one_row():
    made = cases(ledger_with("N-1", "N-2"), events(("E1", "N-1", "visit_made", at(3), None)))
    assert made["notification_ref"].to_list() == ["N-1", "N-2"]


@pytest.mark.parametrize("made", [cases(LedgerExport.empty(), events()), deliveries(LedgerExport.empty())])
def test_tables_of_an_empty_ledger_have_the_dictionarys_types(made):
    assert dict(made.schema) == schema_of(made.columns)


def test_every_entry_of_the_outbox_is_one_delivery():
    empty = LedgerExport.empty()
    outbox = pl.DataFrame([{"entry_number": 1, "address_line": "1 MADE UP STREET"}, {"entry_number": 2}], OUTBOX)
    made = deliveries(LedgerExport(empty.cases, empty.claims, outbox, empty.rulings))
    assert made["entry_number"].to_list() == [1, 2]
    assert not {"address_line", "postcode"} & set(made.columns)
