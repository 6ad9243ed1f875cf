"""Nothing is lost on the way in: for every source and day, rows in = rows released + deletions + rows put aside + exact copies.

What came in is what the manifests say; the rest is counted in the lake's released tables. Exact copies are rows put aside with a
reason of their own; rows of a delta that only delete another one are counted with their delivery.
"""

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import LakeRun, Releases, Store
from paramount_assets.ledger import LedgerExport
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, Source
from tests.deliveries import (
    contact,
    feedback_event,
    movement,
    person_asked,
    police_address,
    police_association,
    police_marker,
    police_name,
    police_person,
    services_child,
    services_family_member,
    services_plan,
    write_childrens_services,
    write_feedback,
    write_police_records,
    write_prison_extract,
)

pytestmark = pytest.mark.slow

FIRST, SECOND = (Day(dt.date(2025, 11, n)) for n in (4, 5))
TABLES = {
    Source.PRISON_EXTRACT: ("movements", "contacts"),
    Source.POLICE_RECORDS: ("police_person_records", "police_names", "police_addresses", "police_associations", "police_markers"),
    Source.CHILDRENS_SERVICES: ("services_answers", "services_children", "services_family_members", "services_plans"),
    Source.CASEWORK_FEEDBACK: ("feedback",),
}
ASIDE = {
    Source.PRISON_EXTRACT: "quarantined_rows",
    Source.POLICE_RECORDS: "quarantined_reference_rows",
    Source.CHILDRENS_SERVICES: "quarantined_reference_rows",
    Source.CASEWORK_FEEDBACK: "quarantined_feedback",
}
ARRIVED = (
    (Source.PRISON_EXTRACT, FIRST),
    (Source.PRISON_EXTRACT, SECOND),
    (Source.POLICE_RECORDS, FIRST),
    (Source.POLICE_RECORDS, SECOND),
    (Source.CHILDRENS_SERVICES, SECOND),
    (Source.CASEWORK_FEEDBACK, FIRST),
    (Source.CASEWORK_FEEDBACK, SECOND),
)


def several(make, key, count=30, **overrides):
    """Rows told apart by their key, which an override only begins."""
    return [make(**(overrides | {key: f"{overrides.get(key, '')}{n}"})) for n in range(1, count + 1)]


def messy(good, *bad):
    """Good rows, two copies of the first of them and rows that break the contract."""
    return [*good, good[0], good[0], *bad]


def deliver(landing: Path) -> None:
    for day, booked in ((FIRST, "4"), (SECOND, "5")):
        movements = [movement(booking_id=f"{booked}{n}") for n in range(40)]
        bad = [movement(booking_id=f"{booked}90", gender="X"), movement(booking_id=f"{booked}91", date_of_birth="soon")]
        contacts = [contact(contact_id=f"{booked}{n}") for n in range(20)]
        torn = [contact(contact_id=f"{booked}0", first_name="Other"), contact(contact_id=f"{booked}80", active="")]
        write_prison_extract(landing, day, messy(movements, *bad), messy(contacts, *torn))
        events = [feedback_event(event_id=f"{booked}{n}") for n in range(10)]
        write_feedback(landing, day, messy(events, feedback_event(event_id=f"{booked}70", event_type="guessed")))
    write_police_records(
        landing,
        FIRST,
        persons=messy(several(police_person, "person_id"), police_person(person_id="P90", gender="X")),
        person_names=messy(several(police_name, "name_number", person_id="1"), police_name(name_number="first")),
        person_addresses=messy(several(police_address, "address_id", person_id="1"), police_address(person_id="P90")),
        associations=messy(
            several(police_association, "person_id", related_person_id="1"), police_association(relationship_code="neighbour_of")
        ),
        markers=messy(several(police_marker, "marker_id", subject_id="1"), police_marker(marker_id="90", from_date="2020-13-01")),
    )
    write_police_records(
        landing,
        SECOND,
        kind="delta",
        persons=messy(several(police_person, "person_id", 5, person_id="N"), police_person(person_id="P91", deceased="maybe")),
        person_names=[police_name(person_id="1", name_number=str(n), deleted="Y") for n in range(1, 5)],
        person_addresses=messy(several(police_address, "address_id", 3, address_id="N", person_id="2")),
        associations=[],
        markers=[],
    )
    write_childrens_services(
        landing,
        SECOND,
        feed="E10000025",
        children=messy(several(services_child, "child_id"), services_child(child_id="90", la_code="Oxford")),
        family_members=messy(several(services_family_member, "child_id"), services_family_member(relationship_code="friend")),
        plans=messy(several(services_plan, "child_id"), services_plan(plan_type="some")),
    )
    write_childrens_services(
        landing,
        SECOND,
        version=2,
        kind="answer",
        feed="E06000060",
        children=messy([services_child(child_id="B1", la_code="E06000060")], services_child(child_id="B2", la_code="E06000060")),
        family_members=[services_family_member(child_id="B1")],
        plans=[],
        persons_asked=messy([person_asked(child_id="B1"), person_asked(request_ref="2-1", child_id="")]),
    )


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Settings:
    settings = Settings(root=Path(__file__).parents[2], data=tmp_path_factory.mktemp("reconciliation"), first_day=FIRST)
    deliver(settings.landing_folder)
    catalogue = catalogue_of(settings)
    with LakeRun(catalogue, settings, LedgerExport.empty) as lake:
        for table in (t for t in catalogue if t.step in {"prison", "intake"}):
            assert not [m.because for m in lake.make(table, [FIRST, SECOND]) if m.is_fault]
    return settings


def rows_in(settings: Settings, source: Source, day: Day) -> int:
    """What the manifests say, one for each feed."""
    landed = (settings.landing_folder / source / str(day)).glob("v*/manifest.json")
    manifests = [json.loads(file.read_text(encoding="utf-8")) for file in landed]
    return sum(file["rows"] for manifest in manifests for file in manifest["files"])


def released(settings: Settings, name: str, day: Day) -> pl.DataFrame:
    catalogue = catalogue_of(settings)
    store = Store(settings.lake_folder)
    record = Releases(store, catalogue).released(catalogue[name], str(day))
    return store.frame(record.table, record.day, str(record.sha256))


def brought(settings: Settings, name: str, day: Day) -> int:
    """The rows that the day's delivery brought: of a reference, whose table is a state, those it changed last."""
    rows = released(settings, name, day)
    return rows.filter(delivered_on=day).height if "delivered_on" in rows.columns else rows.height


def deleted(settings: Settings, source: Source, day: Day) -> int:
    """The rows of the day's delta that only delete another one."""
    if source not in {Source.POLICE_RECORDS, Source.CHILDRENS_SERVICES}:
        return 0
    return int(released(settings, "reference_deliveries", day).filter(source=source)["deleted_count"].sum())


@pytest.mark.parametrize(("source", "day"), ARRIVED, ids=str)
def test_rows_in_are_rows_released_and_put_aside_and_exact_copies(settings, source, day):
    aside = released(settings, ASIDE[source], day)
    aside = aside.filter(source=source) if "source" in aside.columns else aside
    copies = aside.filter(reason_code="exact_duplicate").height
    quarantined = aside.height - copies
    assert copies > 0
    assert quarantined > 0
    kept = sum(brought(settings, name, day) for name in TABLES[source])
    assert rows_in(settings, source, day) == kept + deleted(settings, source, day) + quarantined + copies


@pytest.mark.parametrize(("source", "day"), ARRIVED, ids=str)
def test_the_gate_record_pins_the_delivery_with_its_rows(settings, source, day):
    catalogue = catalogue_of(settings)
    first = "raw_extract" if source is Source.PRISON_EXTRACT else TABLES[source][0]
    record = Releases(Store(settings.lake_folder), catalogue).released(catalogue[first], str(day))
    assert {(pin.source, pin.extract_date) for pin in record.deliveries} == {(source, str(day))}
    assert sum(pin.rows for pin in record.deliveries) == rows_in(settings, source, day)


def test_each_feed_of_a_day_is_pinned(settings):
    catalogue = catalogue_of(settings)
    record = Releases(Store(settings.lake_folder), catalogue).released(catalogue["services_children"], str(SECOND))
    assert [pin.version for pin in record.deliveries] == [1, 2]


def test_every_record_of_the_prison_extract_is_kept_as_it_came(settings):
    for day in (FIRST, SECOND):
        kept = released(settings, "raw_extract", day).filter(pl.col("line_number") > 0)
        assert kept.height == rows_in(settings, Source.PRISON_EXTRACT, day)
