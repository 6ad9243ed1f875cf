import csv

import polars as pl
import pytest
import sqlalchemy as sa

from paramount_assets.ledger import EntryState, entries, export, outbox, verify_chain
from paramount_assets.notifications.claiming import DueDay, claim_day
from paramount_assets.notifications.handover import COLUMNS, folder_of, hand_over
from paramount_assets.vocabulary import Day
from tests.notifications.made import FATHER, MOTHER, at, movements, notification, on, withdrawals


@pytest.fixture
def claimed(ledger, settings):
    def claim_on(number, *families):
        notifications = pl.concat([notification().clear(), *families])
        moved = pl.concat([movements(("ADM N", 1), prisoner=who) for who in (MOTHER, FATHER)])
        due = DueDay(Day(on(number)), notifications, withdrawals(), moved, notifications)
        return claim_day(ledger, due, settings, at(number))

    return claim_on


@pytest.fixture
def handed(ledger, settings):
    def hand_on(number, still_in_custody=lambda _: True):
        return hand_over(ledger, settings, Day(on(number)), at(number), still_in_custody)

    return hand_on


def file_of(settings, number, team="oxfordshire"):
    return settings.outbox_folder / on(number).isoformat() / team / "notifications.csv"


def rows_in(file):
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_a_row_holds_the_least_that_is_needed_and_no_name(claimed, handed, settings, ledger):
    claimed(2, notification(condition_codes="plain_clothes", is_urgent=True))
    assert handed(2) == 1
    (row,) = rows_in(file_of(settings, 2))
    assert tuple(row) == COLUMNS
    reference = export(ledger).cases["notification_ref"][0]
    assert list(row.values()) == [reference, "notify", "Y", "1", "1 MADE UP STREET", "OX1 1AA", "plain_clothes"]
    assert export(ledger).cases["told_at"].to_list() == [at(2)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_escaped(claimed, handed, settings, start):
    claimed(2, notification(address_line=f"{start}cmd()"))
    handed(2)
    assert rows_in(file_of(settings, 2))[0]["address_line"] == f"'{start}cmd()"


def test_quotes_commas_and_line_breaks_in_an_address_stay_in_their_cell(claimed, handed, settings):
    claimed(2, notification(address_line='FLAT 1, "THE LODGE"\nMADE UP LANE'))
    handed(2)
    assert rows_in(file_of(settings, 2))[0]["address_line"] == 'FLAT 1, "THE LODGE"\nMADE UP LANE'


def test_who_is_not_in_custody_any_more_is_withdrawn_instead_of_told(claimed, handed, settings, ledger):
    claimed(2, notification())
    assert handed(2, lambda _: False) == 0
    assert not settings.outbox_folder.exists()
    assert export(ledger).cases["state"].to_list() == ["withdrawn"]
    assert claimed(2, notification()).barred == 1


def test_while_nobody_knows_whether_the_person_is_in_custody_the_message_waits(claimed, handed):
    claimed(2, notification())
    assert handed(2, {}.get) == 0
    assert handed(3, {MOTHER: True}.get) == 1


def test_of_two_parents_one_that_is_out_does_not_keep_the_other_from_being_told(claimed, handed, settings, ledger):
    claimed(2, notification(), notification(FATHER))
    assert handed(2, {MOTHER: False, FATHER: True}.get) == 1
    assert [row["kind"] for row in rows_in(file_of(settings, 2))] == ["notify"]
    assert export(ledger).cases["state"].to_list() == ["told"]


def test_nothing_is_handed_over_twice(claimed, handed, settings):
    claimed(2, notification())
    assert [handed(2), handed(2), handed(3)] == [1, 0, 0]
    assert not file_of(settings, 3).exists()


def test_what_is_due_later_on_the_same_day_joins_the_days_file(claimed, handed, settings):
    claimed(2, notification())
    handed(2)
    claimed(2, notification(), notification(FATHER, source_records="police_records:P9"))
    assert handed(2) == 1
    assert len(rows_in(file_of(settings, 2))) == 2


def test_a_withdrawal_repeats_nothing_about_the_family(claimed, handed, settings):
    claimed(2, notification(condition_codes="plain_clothes"))
    handed(2)
    claimed(2)
    handed(5)
    (row,) = rows_in(file_of(settings, 5))
    assert (row["kind"], row["address_line"], row["postcode"], row["condition_codes"]) == ("withdraw", "", "", "")


def test_each_team_gets_its_own_file(claimed, handed, settings):
    claimed(2, notification(team="milton-keynes"), notification(FATHER, source_records="police_records:P9"))
    handed(2)
    assert len(rows_in(file_of(settings, 2))) == len(rows_in(file_of(settings, 2, "milton-keynes"))) == 1


@pytest.mark.parametrize("team", ["../../etc", "North Team", "north/team", "ÉQUIPE", "..", ""])
def test_a_teams_name_from_elsewhere_is_never_taken_as_a_path(team):
    folder = folder_of(team)
    assert set(folder) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert folder not in {folder_of(other) for other in ("etc", "north-team", "team")}


class Crash(Exception):
    """What stands for a process that dies."""


def crash_at_commit_after_writing(ledger, file):
    def on_commit(_connection):
        if file.exists():
            raise Crash

    return on_commit


def test_a_crash_between_file_and_mark_writes_the_same_file_again_and_marks_once(claimed, handed, settings, ledger):
    claimed(2, notification())
    file = file_of(settings, 2)
    crash = crash_at_commit_after_writing(ledger, file)
    sa.event.listen(ledger.engine, "commit", crash)
    with pytest.raises(Crash):
        handed(2)
    sa.event.remove(ledger.engine, "commit", crash)
    written = file.read_bytes()
    assert [e.entry_state for e in entries(ledger)] == [EntryState.ASSIGNED]

    assert handed(3) == 1
    assert file.read_bytes() == written
    assert not file_of(settings, 3).exists()
    assert [e.entry_state for e in entries(ledger)] == [EntryState.HANDED]
    assert verify_chain(ledger) is None


def test_what_was_assigned_before_a_crash_is_handed_over_and_no_draft_is_left(claimed, handed, settings, ledger):
    claimed(2, notification())
    with ledger.writing() as connection:
        waiting = {parent.notification_ref for parent in outbox.parents_waiting(connection)}
        outbox.assign(connection, waiting, Day(on(2)), at(2))
    assert handed(2) == 1
    assert [file.name for file in file_of(settings, 2).parent.iterdir()] == ["notifications.csv"]
