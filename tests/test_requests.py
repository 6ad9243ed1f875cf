"""What local authorities are asked about a day's receptions, and that asking is logged."""

import csv
import datetime as dt
import json
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from paramount_assets import durably
from paramount_assets.lake import Store
from paramount_assets.ledger import open_ledger
from paramount_assets.ledger.schema import events
from paramount_assets.quality import GateRecord
from paramount_assets.requests import COLUMNS, PURPOSE, RequestHeld, RequestWaits, request_children
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, GateStatus
from tests.deliveries import write_prison_extract
from tests.frames import rows_of

ROOT = Path(__file__).parents[1]
DAY = Day(dt.date(2025, 11, 5))
AT = dt.datetime.combine(DAY, dt.time(7))
BUCKS = "E06000060"
PERSON = {
    "looked_at_because": "received",
    "prisoner_number": "A1234BC",
    "last_name": "SAMPLESWORTH",
    "first_name": "DARREN",
    "date_of_birth": dt.date(1988, 3, 14),
    "gender": "M",
    "address_line": "12 EXAMPLE STREET",
    "postcode": "OX4 1AA",
    "la_code": "E07000178",
    "legal_status": "REMAND",
}


@pytest.fixture
def settings(tmp_path):
    return Settings(root=ROOT, data=tmp_path, first_day=DAY)


def release(settings, table, rows):

    store = Store(settings.lake_folder)
    sha256 = store.put_frame(table, str(DAY), rows_of(table, *rows))
    store.put_record(GateRecord(table, str(DAY), GateStatus.RELEASED, "2025-11-05T06:30:00", "1", sha256=sha256, rows=len(rows)))


def received(settings, *persons):
    """The day's receptions are released, numbered as they are given."""
    rows = [{"reception_id": f"R{n}", "booking_id": f"{n}00"} | PERSON | person for n, person in enumerate(persons)]
    release(settings, "persons/cleaned_persons", rows)
    release(settings, "prison/receptions", [{"reception_id": row["reception_id"], "movement_sequence": 7} for row in rows])


def asked(settings):
    file = settings.requests_folder / str(DAY) / f"{BUCKS}.csv"
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def disclosures(settings):
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        found = connection.execute(sa.select(events.c.detail).where(events.c.event_kind == PURPOSE)).scalars()
        return [json.loads(detail) for detail in found]


def test_only_an_authority_that_answers_is_asked_and_told_the_least_it_needs(settings):
    received(settings, {})
    (request,) = request_children(settings, DAY, AT)
    assert (request.la_code, request.person_count, request.is_new) == (BUCKS, 1, True)
    assert asked(settings) == [
        {
            "request_ref": "000-7",
            "last_name": "SAMPLESWORTH",
            "first_name": "DARREN",
            "middle_names": "",
            "date_of_birth": "1988-03-14",
            "gender": "M",
            "address_line": "12 EXAMPLE STREET",
            "postcode": "OX4 1AA",
        }
    ]
    assert tuple(asked(settings)[0]) == COLUMNS


def test_only_persons_newly_received_are_asked_about(settings):
    received(settings, {}, {"looked_at_because": "reference"}, {"looked_at_because": "ruling"})
    request_children(settings, DAY, AT)
    assert [row["request_ref"] for row in asked(settings)] == ["000-7"]


def test_asking_is_logged_as_a_disclosure_without_a_name(settings):
    received(settings, {}, {})
    request_children(settings, DAY, AT)
    (told,) = disclosures(settings)
    assert (told["recipient"], told["persons"], told["day"]) == (BUCKS, 2, str(DAY))
    assert set(told) == {"recipient", "persons", "day", "sha256"}


def test_asking_again_writes_the_same_bytes_and_logs_nothing(settings):
    received(settings, {}, {})
    (first,) = request_children(settings, DAY, AT)
    content = first.file.read_bytes()
    first.file.unlink()
    (second,) = request_children(settings, DAY, AT + dt.timedelta(hours=1))
    assert (second.file.read_bytes(), second.is_new) == (content, False)
    assert len(disclosures(settings)) == 1


def test_another_person_after_a_correction_is_another_disclosure(settings):
    received(settings, {})
    request_children(settings, DAY, AT)
    received(settings, {}, {"first_name": "DWAYNE"})
    request_children(settings, DAY, AT)
    assert [told["persons"] for told in disclosures(settings)] == [1, 2]


def test_a_day_without_receptions_asks_about_nobody_and_discloses_nothing(settings):
    received(settings)
    (request,) = request_children(settings, DAY, AT)
    assert (asked(settings), request.is_new, disclosures(settings)) == ([], False, [])


def test_a_name_that_is_a_formula_is_escaped(settings):
    received(settings, {"last_name": "=CMD()"})
    request_children(settings, DAY, AT)
    assert asked(settings)[0]["last_name"] == "'=CMD()"


def test_of_a_national_extract_only_persons_with_a_home_in_the_area_are_asked_about(settings, tmp_path):
    text = settings.force_file.read_text(encoding="utf-8").replace('covers = "area"', 'covers = "national"')
    (tmp_path / "force.toml").write_text(text, encoding="utf-8")
    national = settings.model_copy(update={"force_file": tmp_path / "force.toml"})
    received(national, {}, {"la_code": "E09000001"}, {"la_code": None})
    request_children(national, DAY, AT)
    assert [row["request_ref"] for row in asked(national)] == ["000-7"]


def test_a_day_that_is_held_is_refused(settings):
    write_prison_extract(settings.landing_folder, DAY)
    with pytest.raises(RequestHeld, match=r"^persons/cleaned_persons 2025-11-05: never made; nobody is asked about"):
        request_children(settings, DAY, AT)
    assert not settings.requests_folder.exists()


def test_a_day_that_has_not_arrived_waits(settings):
    with pytest.raises(RequestWaits, match=r"^prison_extract 2025-11-05: nothing has landed"):
        request_children(settings, DAY, AT)


def test_a_file_that_cannot_be_written_leaves_nothing_logged(settings, monkeypatch):
    received(settings, {})

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(durably, "write", full)
    with pytest.raises(OSError, match="no space"):
        request_children(settings, DAY, AT)
    assert disclosures(settings) == []


def test_a_request_can_be_read_by_its_owner_only(settings):
    received(settings, {})
    (request,) = request_children(settings, DAY, AT)
    assert stat.S_IMODE(request.file.stat().st_mode) == 0o600
