"""Which receptions are looked at again when an authority answers, from the landing area to the persons looked at."""

import datetime as dt
from pathlib import Path

import pytest

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import LakeRun, Releases, Store
from paramount_assets.ledger import LedgerExport
from paramount_assets.quality import Verdict
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, GateStatus
from tests.deliveries import (
    movement,
    person_asked,
    services_child,
    write_childrens_services,
    write_police_records,
    write_prison_extract,
)

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD = DAYS = tuple(Day(dt.date(2025, 11, n)) for n in (3, 4, 5))
OXFORDSHIRE, BUCKS = "E10000025", "E06000060"
ASKED, UNASKED = {"prisoner_number": "A1111AA", "booking_id": "11"}, {"prisoner_number": "A2222AA", "booking_id": "22"}


class Chain:
    """The steps up to `persons`, with every suite content."""

    def __init__(self, folder):
        self.settings = Settings(root=Path(__file__).parents[2], data=folder, first_day=FIRST)
        self.catalogue = catalogue_of(self.settings)

    def run(self, *days, steps=("prison", "intake", "persons")):
        def content(frames, *_):
            return dict.fromkeys(frames, Verdict(()))

        with LakeRun(self.catalogue, self.settings, LedgerExport.empty, content) as lake:
            made = [m for t in self.catalogue if t.step in steps for m in lake.make(t, days)]
        assert [(m.table.key, m.because) for m in made if m.is_fault] == []

    def looked_at(self, day):
        record = self.state("cleaned_persons", day).record
        frame = Store(self.settings.lake_folder).frame(record.table, record.day, str(record.sha256))
        return dict(frame.select("prisoner_number", "looked_at_because").iter_rows())

    def state(self, name, day):
        return Releases(Store(self.settings.lake_folder), self.catalogue).state(self.catalogue[name], str(day))

    def answer(self, day, *bookings, version=1):
        rows = [person_asked(request_ref=f"{booking}-1") for booking in bookings]
        child = services_child(la_code=BUCKS)
        landing = self.settings.landing_folder
        write_childrens_services(landing, day, version, kind="answer", feed=BUCKS, children=[child], persons_asked=rows)


@pytest.fixture
def chain(tmp_path):
    chain = Chain(tmp_path)
    landing = chain.settings.landing_folder
    write_prison_extract(landing, FIRST, [movement(**ASKED), movement(**UNASKED)])
    write_police_records(landing, FIRST)
    for day, number in ((SECOND, "A3333AA"), (THIRD, "A4444AA")):
        write_prison_extract(landing, day, [movement(prisoner_number=number, booking_id=number[1:5])])
    return chain


def test_an_answer_has_only_the_reception_it_is_about_looked_at_again(chain):
    chain.answer(SECOND, "11")
    chain.run(*DAYS)
    assert chain.looked_at(SECOND) == {"A3333AA": "received", "A1111AA": "reference"}
    assert chain.looked_at(THIRD) == {"A4444AA": "received"}


def test_a_bulk_delivery_has_every_reception_looked_at_again(chain):
    write_childrens_services(chain.settings.landing_folder, SECOND, feed=OXFORDSHIRE)
    chain.run(*DAYS)
    assert chain.looked_at(SECOND) == {"A3333AA": "received", "A1111AA": "reference", "A2222AA": "reference"}
    assert chain.looked_at(THIRD) == {"A4444AA": "received"}


def test_a_bulk_delivery_beside_an_answer_has_every_reception_looked_at_again(chain):
    chain.answer(SECOND, "11")
    write_childrens_services(chain.settings.landing_folder, SECOND, 2, "delta", feed=OXFORDSHIRE)
    write_childrens_services(chain.settings.landing_folder, FIRST, feed=OXFORDSHIRE)
    chain.run(*DAYS)
    assert set(chain.looked_at(SECOND)) == {"A3333AA", "A1111AA", "A2222AA"}


def test_an_answer_that_comes_late_makes_its_day_and_the_versions_after_it_stale(chain):
    chain.answer(THIRD, "22")
    chain.run(*DAYS)
    chain.answer(SECOND, "11")
    chain.run(SECOND, steps=("intake",))
    assert chain.state("cleaned_persons", SECOND).status is GateStatus.STALE
    assert chain.state("services_children", THIRD).status is GateStatus.STALE
    assert chain.state("cleaned_persons", FIRST).status is GateStatus.RELEASED
    chain.run(SECOND, THIRD)
    assert chain.looked_at(SECOND) == {"A3333AA": "received", "A1111AA": "reference"}
    assert chain.looked_at(THIRD) == {"A4444AA": "received", "A2222AA": "reference"}


def test_the_same_answer_as_another_version_changes_no_bytes(chain):
    chain.answer(SECOND, "11")
    chain.run(*DAYS)
    before = chain.state("services_children", SECOND).record
    chain.answer(SECOND, "11", version=2)
    chain.run(SECOND)
    after = chain.state("services_children", SECOND).record
    assert (after.sha256, [pin.version for pin in after.deliveries]) == (before.sha256, [1])
    assert chain.looked_at(SECOND) == {"A3333AA": "received", "A1111AA": "reference"}
