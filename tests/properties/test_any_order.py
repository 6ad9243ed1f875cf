"""The same deliveries, rulings and model give the same bytes and the same claims, in whatever order days are run."""

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import LakeRun
from paramount_assets.ledger import open_ledger, verify_chain
from paramount_assets.pipeline import run_days
from paramount_assets.settings import Settings
from paramount_assets.telling import tell
from paramount_assets.vocabulary import Cadence, Day
from tests.four_days import (
    DAYS,
    FIRST,
    FOURTH,
    MEMORY,
    SECOND,
    THIRD,
    claims,
    days_to_make,
    installation,
    make_afresh,
    names_of,
    released,
    run_and_tell,
    settle,
    told_twice,
)
from tests.installations import make_root

pytestmark = pytest.mark.slow

ALL, DAILY_ALONE, VERSIONS_ALONE = Cadence.ALL_DAYS, Cadence.VERSIONED, Cadence.DAILY
"""What a run leaves out: nothing that has days; the references; all but the references."""

RUNS = st.lists(
    st.tuples(st.sets(st.sampled_from(DAYS), min_size=1, max_size=3), st.sampled_from([ALL, ALL, DAILY_ALONE, VERSIONS_ALONE])),
    min_size=1,
    max_size=3,
)
"""Runs one after the other, each of one to three of the days: any order, any repetition, days and references left out."""


@pytest.fixture(scope="module", autouse=True)
def _remembered_scores() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        MEMORY.patch_scoring(patch.setattr)
        yield


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Settings:
    return installation(tmp_path_factory.mktemp("four_days"))


@pytest.fixture(scope="module")
def in_order(installed):
    """What the four days come to when they are run once, in order."""
    make_afresh(installed)
    faults = [fault for day in DAYS for fault in names_of(run_and_tell(installed, [day], MEMORY))]
    assert faults == []
    return released(installed), claims(installed)


def test_the_four_days_hold_what_the_property_is_about(installed, in_order):
    bytes_of, claimed = in_order
    claiming = {prisoner for _, prisoner, _, _ in claimed}
    assert not days_to_make(installed)
    assert {day for table, day in bytes_of if table == "intake/police_person_records"} == {str(DAYS[0]), str(DAYS[2])}
    assert {day for table, day in bytes_of if table == "intake/services_children"} == {str(DAYS[1])}
    assert len(claiming) == 6
    assert {kind for *_, kind in claimed} == {"neighbourhood_team", "safeguarding_team"}


@pytest.mark.timeout(600)
@examples(max_examples=8, derandomize=True, deadline=None, database=None, phases=[Phase.explicit, Phase.generate])
@given(runs=RUNS)
@example(runs=[({FIRST}, ALL), ({SECOND, THIRD, FOURTH}, DAILY_ALONE), ({SECOND, THIRD}, VERSIONS_ALONE)])
@example(runs=[({FOURTH}, ALL), ({FIRST, SECOND}, ALL), ({THIRD}, ALL)])
def test_any_order_and_any_repetition_give_the_same_bytes_and_the_same_claims(installed, in_order, runs):
    bytes_of, claimed = in_order
    make_afresh(installed)
    for days, left_out in runs:
        run_and_tell(installed, sorted(days), MEMORY, without=left_out)
    settle(installed, lambda day: run_and_tell(installed, [day], MEMORY))
    assert released(installed) == bytes_of
    assert claims(installed) == claimed
    assert told_twice(installed) == []
    with open_ledger(installed) as ledger:
        assert verify_chain(ledger) is None


@pytest.fixture(scope="module")
def through_dagster(tmp_path_factory):
    """The same installation under a root of its own, and a run of a range of its days through Dagster, told of afterwards."""
    root = make_root(tmp_path_factory.mktemp("through_dagster") / "root")
    settings = installation(Path("data"), root)
    tables = [t for t in catalogue_of(settings) if t.cadence is not Cadence.ALL_DAYS]

    def run(first: Day, last: Day) -> None:
        run_days(settings, tables, first, last, notify=True)
        tell(settings, first, last, notify=True, replay=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("paramount_assets.pipeline.LakeRun", functools.partial(LakeRun, judging=MEMORY.judge))
        yield settings, run


@pytest.mark.parametrize(
    "ranges",
    [
        [(FIRST, FOURTH)],
        [(THIRD, FOURTH), (FIRST, SECOND)],
        [(FOURTH, FOURTH), (SECOND, THIRD), (FIRST, FIRST)],
    ],
    ids=["in one range", "the later half first", "backwards"],
)
def test_three_orders_through_dagster_give_the_same_bytes_and_the_same_claims(through_dagster, in_order, ranges):
    settings, run = through_dagster
    make_afresh(settings)
    for first, last in ranges:
        run(first, last)
    settle(settings, lambda day: run(day, FOURTH))
    assert (released(settings), claims(settings)) == in_order
    assert told_twice(settings) == []
