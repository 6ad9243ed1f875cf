"""What counts as a reception, said in two places that must agree, and found in what the prison service delivers."""

import datetime as dt
import re
from pathlib import Path

import pytest

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import Landing
from paramount_assets.prison.assets import contacts, movements, quarantined_rows, raw_extract
from paramount_assets.prison.contract import ADMISSION_REASONS, LEGAL_STATUSES
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import RECEPTION_REASONS, Day
from tests.deliveries import contact, movement, write_prison_extract

DAY = Day(dt.date(2025, 11, 5))
SETTINGS = Settings(root=Path(__file__).parents[2])
NO_RECEPTIONS = {"INT", "TRNCRT", "TRNTAP", "S", "Z", "Q"}
SQL = Path(__file__).parents[2] / "dbt_like_sql/prison/receptions.sql"


def reasons_in_sql():
    text = re.sub(r"--.*", "", SQL.read_text(encoding="utf-8"))
    listed = re.search(r"movement_reason_code in \((.*?)\)", text, re.DOTALL)
    return re.findall(r"'(\w+)'", listed.group(1))


def test_the_sql_lists_exactly_the_reasons_of_the_vocabulary():
    assert sorted(reasons_in_sql()) == sorted(RECEPTION_REASONS)


def test_transfers_and_stopovers_are_admissions_and_no_receptions():
    assert ADMISSION_REASONS - RECEPTION_REASONS == NO_RECEPTIONS


def delivered(folder, *rows, version=1, contacts=()):
    """The raw extract after a delivery of these movements."""
    write_prison_extract(folder, DAY, list(rows), list(contacts), version=version)
    return raw_extract(DAY, Landing(folder))


def received(raw):
    """Bookings that are receptions."""
    made = catalogue_of(SETTINGS)["receptions"].make(day=DAY, settings=SETTINGS, movements=movements(DAY, raw))
    return sorted(made["booking_id"])


@pytest.mark.parametrize("reason", sorted(RECEPTION_REASONS))
def test_an_admission_for_this_reason_is_a_reception(tmp_path, reason):
    raw = delivered(tmp_path, movement(movement_reason_code=reason))
    assert received(raw) == ["1000001"]


@pytest.mark.parametrize("reason", sorted(NO_RECEPTIONS))
def test_an_admission_for_this_reason_is_kept_and_no_reception(tmp_path, reason):
    raw = delivered(tmp_path, movement(movement_reason_code=reason))
    assert (movements(DAY, raw).height, received(raw)) == (1, [])


@pytest.mark.parametrize("status", LEGAL_STATUSES)
def test_every_legal_status_may_be_received_but_that_of_the_dead(tmp_path, status):
    raw = delivered(tmp_path, movement(legal_status=status))
    assert received(raw) == ([] if status == "DEAD" else ["1000001"])


@pytest.mark.parametrize(
    ("kind", "status", "prison"), [("REL", "OUT", "OUT"), ("TRN", "TRN", "TRN"), ("CRT", "OUT", "OUT"), ("TAP", "OUT", "OUT")]
)
@pytest.mark.parametrize("reason", ["N", "CR", "DEC", "court, see note", "?"])
def test_the_reason_of_any_other_movement_is_free_text_and_makes_no_reception(tmp_path, kind, status, prison, reason):
    row = movement(movement_type_code=kind, movement_reason_code=reason, in_out_status=status, prison_id=prison)
    raw = delivered(tmp_path, row)
    assert movements(DAY, raw)["movement_reason_code"].to_list() == [reason]
    assert received(raw) == []


def test_the_death_of_a_prisoner_is_kept_as_a_release(tmp_path):
    out = {"movement_type_code": "REL", "in_out_status": "OUT", "prison_id": "OUT", "movement_reason_code": "DEC"}
    raw = delivered(tmp_path, movement(**out, legal_status="DEAD"))
    assert movements(DAY, raw)["movement_type_code"].to_list() == ["REL"]
    assert quarantined_rows(DAY, raw).is_empty()


def test_a_return_from_court_on_the_day_of_the_reception_is_not_a_second_one(tmp_path):
    back = movement(
        movement_sequence="3", movement_type_code="CRT", movement_reason_code="CRT", movement_at="2025-11-04T18:00:00"
    )
    moved = movement(movement_sequence="4", movement_reason_code="INT", prison_id="HCI", movement_at="2025-11-04T21:00:00")
    assert received(delivered(tmp_path, movement(), back, moved)) == ["1000001"]


def test_a_correction_changes_who_was_received(tmp_path):
    assert received(delivered(tmp_path, movement(), movement(booking_id="1000002", prisoner_number="A1235BC"))) == [
        "1000001",
        "1000002",
    ]
    corrected = delivered(tmp_path, movement(movement_reason_code="INT"), movement(booking_id="1000003"), version=2)
    assert received(corrected) == ["1000003"]


def test_the_same_content_as_a_new_version_changes_nobody(tmp_path):
    first = delivered(tmp_path, movement())
    assert delivered(tmp_path, movement(), version=2).equals(first)


CONTACT_CODES = (
    *("SON", "DAU", "SSON", "SDAU", "GSON", "GDAU", "WIFE", "HUS", "PART", "GIF", "BOF", "CLW", "CLH", "MOT", "FA"),
    *("GUA", "FOP", "BRO", "SIS", "GMOT", "GFA", "AUNT", "UN", "COU", "FRI", "a code of tomorrow"),
)


def test_contacts_of_every_relation_are_kept_as_recorded(tmp_path):
    rows = [contact(contact_id=str(n), relationship_code=code) for n, code in enumerate(CONTACT_CODES)]
    kept = contacts(DAY, delivered(tmp_path, movement(), contacts=rows))
    assert kept["relationship_code"].to_list() == list(CONTACT_CODES)


def test_a_contact_that_has_ended_says_so_and_what_is_not_said_is_unknown(tmp_path):
    row = contact(active="N", next_of_kin="", date_of_birth="", postcode="", gender="NK")
    kept = contacts(DAY, delivered(tmp_path, movement(), contacts=[row]))
    assert kept.select("is_active", "is_next_of_kin", "date_of_birth", "postcode").rows() == [(False, None, None, None)]


def test_a_contact_of_somebody_without_a_movement_is_kept(tmp_path):
    kept = contacts(DAY, delivered(tmp_path, movement(), contacts=[contact(prisoner_number="A9999ZZ")]))
    assert kept["prisoner_number"].to_list() == ["A9999ZZ"]


def test_two_contacts_under_one_number_are_both_put_aside(tmp_path):
    raw = delivered(tmp_path, movement(), contacts=[contact(), contact(first_name="Milly"), contact(contact_id="502")])
    assert contacts(DAY, raw)["contact_id"].to_list() == ["502"]
    assert quarantined_rows(DAY, raw)["reason_code"].to_list() == ["contradicting_key", "contradicting_key"]
