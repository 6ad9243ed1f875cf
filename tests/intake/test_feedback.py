"""Events that officers and the charity report."""

import datetime as dt

import pytest

from paramount_assets.intake.assets import feedback, quarantined_feedback
from paramount_assets.lake import DeliveryBlocked, Landing, NotDelivered, schema_of
from paramount_assets.vocabulary import Day
from tests.deliveries import as_csv, feedback_event, header_of, write_feedback

DAY = Day(dt.date(2025, 11, 5))
CHARITY = {"organisation": "charity", "notification_ref": "", "support_token": "T1", "reported_by": "support_worker"}


def read(folder, *events):
    write_feedback(folder, DAY, list(events))
    landing = Landing(folder)
    return feedback(DAY, landing), quarantined_feedback(DAY, landing)


def test_events_have_the_columns_and_types_of_the_dictionary(tmp_path):
    events, aside = read(tmp_path, feedback_event())
    names = (
        "event_id notification_ref support_token event_type event_at organisation reported_by event_value note_code line_number"
    )
    assert dict(events.select(names.split()).schema) == schema_of(names.split())
    assert sorted(events.columns) == sorted(names.split())
    assert aside.is_empty()


def test_a_day_without_events_is_no_delivery(tmp_path):
    with pytest.raises(NotDelivered):
        feedback(DAY, Landing(tmp_path))


@pytest.mark.parametrize(
    "event",
    [
        {"event_type": "offer_made", "value": "undecided"},
        {"event_type": "referral_made", "value": "self"},
        {"event_type": "wrong_household"},
        CHARITY | {"event_type": "support_started"},
        CHARITY | {"event_type": "wellbeing_score", "value": "before:4"},
        CHARITY | {"event_type": "wellbeing_score", "value": "after:10"},
        CHARITY | {"event_type": "supported_total", "value": "308", "support_token": ""},
    ],
)
def test_an_event_with_the_value_of_its_type_is_kept(tmp_path, event):
    events, aside = read(tmp_path, feedback_event(**event))
    assert events["event_value"].to_list() == [event.get("value")]
    assert aside.is_empty()


@pytest.mark.parametrize(
    ("event", "reason", "column"),
    [
        ({"event_type": "visit_made", "value": "yes"}, "bad_format", "value"),
        ({"event_type": "offer_made"}, "bad_format", "value"),
        ({"event_type": "offer_made", "value": "maybe"}, "bad_format", "value"),
        (CHARITY | {"event_type": "wellbeing_score", "value": "after:11"}, "bad_format", "value"),
        ({"event_type": "visit_planned"}, "unknown_code", "event_type"),
        ({"organisation": "school"}, "unknown_code", "organisation"),
        ({"notification_ref": ""}, "missing_required", "notification_ref"),
        (CHARITY | {"event_type": "support_started", "support_token": ""}, "missing_required", "support_token"),
        ({"event_at": "today"}, "not_a_timestamp", "event_at"),
    ],
)
def test_an_event_that_breaks_the_contract_is_put_aside(tmp_path, event, reason, column):
    events, aside = read(tmp_path, feedback_event(), feedback_event(event_id="E2", **event))
    assert events["event_id"].to_list() == ["E1"]
    assert aside.rows() == [("events.csv", 2, reason, column)]


@pytest.mark.parametrize("absent", ["notification_ref", "support_token"])
def test_a_file_of_one_organisation_may_leave_out_the_others_reference(tmp_path, absent):
    event = feedback_event() if absent == "support_token" else feedback_event(**CHARITY, event_type="support_started")
    header = [name for name in header_of("events") if name != absent]
    write_feedback(tmp_path, DAY, as_csv([{name: event[name] for name in header}], header))
    assert feedback(DAY, Landing(tmp_path))[absent].to_list() == [None]


def test_a_file_without_any_reference_blocks(tmp_path):
    header = [name for name in header_of("events") if name not in {"notification_ref", "support_token"}]
    write_feedback(tmp_path, DAY, as_csv([], header) + b"E1,acknowledged,2025-11-05T09:00:00,police,pcso,,\r\n")
    with pytest.raises(DeliveryBlocked) as refused:
        feedback(DAY, Landing(tmp_path))
    assert str(refused.value) == ("casework_feedback 2025-11-05 v1: events.csv: missing column notification_ref, support_token")
