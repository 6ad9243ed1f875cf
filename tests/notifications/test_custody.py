import re
from pathlib import Path

import polars as pl
import pytest

from paramount_assets.notifications.custody import custody_of, episodes
from paramount_assets.vocabulary import RECEPTION_REASONS
from tests.notifications.made import FATHER, MOTHER, at, movements, on

ROOT = Path(__file__).parents[2]
ASKED = pl.DataFrame({"prisoner_number": [MOTHER]})


def begun(*told):
    """For each reception, the number of the day on which its episode began."""
    found = episodes(ASKED, movements(*told)).sort("received_at")
    days = {f"{MOTHER}@{at(number):%Y-%m-%dT%H:%M:%S}": number for _, number, *_ in told}
    return [days[episode] for episode in found["episode_id"]]


@pytest.mark.parametrize("reason", ["A", "U", "RECA", "H", "N", "I"])
def test_a_reception_inside_an_open_term_does_not_begin_an_episode(reason):
    assert begun(("ADM N", 1), (f"ADM {reason}", 9)) == [1, 1]


@pytest.mark.parametrize("between", ["TRN INT", "CRT 19", "TAP C3", "ADM INT", "ADM TRNCRT", "ADM TRNTAP", "ADM Z"])
def test_transfers_courts_and_temporary_absences_neither_begin_nor_end_one(between):
    assert begun(("ADM N", 1), (between, 5), ("ADM A", 9)) == [1, 1]


@pytest.mark.parametrize("recall", ["L", "B", "Y", "24"])
def test_a_recall_begins_one_even_where_no_release_was_recorded(recall):
    assert begun(("ADM N", 1), (f"ADM {recall}", 9)) == [1, 9]


def test_a_release_closes_one_and_the_next_reception_begins_another():
    assert begun(("ADM N", 1), ("REL CR", 5), ("ADM I", 9)) == [1, 9]


def test_a_new_booking_begins_one_even_where_no_release_was_recorded():
    assert begun(("ADM N", 1, "1"), ("ADM N", 9, "2")) == [1, 9]


def test_a_late_return_after_a_release_that_was_never_meant_begins_one():
    assert begun(("REL CR", 1), ("ADM U", 2)) == [2]


def test_an_episode_is_closed_by_its_first_release_or_by_the_next_one():
    told = movements(("ADM N", 1), ("REL CR", 3), ("REL CR", 4), ("ADM N", 5), ("ADM L", 7))
    assert episodes(ASKED, told).sort("received_at")["closed_at"].to_list() == [at(3), at(7), None]


def test_the_order_in_which_movements_are_read_does_not_matter():
    told = movements(("ADM N", 1), ("REL CR", 3), ("ADM N", 5), ("ADM A", 6), ("REL CR", 9))
    shuffled = told.sample(fraction=1, shuffle=True, seed=3)
    assert episodes(ASKED, shuffled).equals(episodes(ASKED, told))


def test_of_a_movement_delivered_again_the_newest_stands():
    first = movements(("ADM N", 1), ("REL CR", 5), ("ADM A", 9))
    corrected = first.filter(pl.col("movement_sequence") == 2).with_columns(
        as_of=pl.lit(on(12)), movement_type_code=pl.lit("TAP")
    )
    assert set(episodes(ASKED, pl.concat([first, corrected]))["closed_at"]) == {None}


def test_other_prisoners_and_an_empty_prison_say_nothing():
    assert episodes(ASKED, movements(("ADM N", 1), prisoner=FATHER)).is_empty()
    assert episodes(ASKED.clear(), movements(("ADM N", 1))).is_empty()


def test_the_reasons_that_make_a_reception_are_the_same_in_the_table_of_receptions():
    sql = (ROOT / "dbt_like_sql/prison/receptions.sql").read_text(encoding="utf-8")
    listed = re.search(r"movement_reason_code in \((.*?)\n        \)", sql, re.DOTALL)
    assert set(re.findall("'([A-Z0-9]+)'", listed[1])) == RECEPTION_REASONS


def test_who_is_in_custody_is_who_has_an_open_episode_and_of_others_nothing_is_known():
    transferred_in = movements(("ADM INT", 1), prisoner="C1111CC")
    told = [movements(("ADM N", 1), ("REL CR", 2)), movements(("ADM N", 1), prisoner=FATHER), transferred_in]
    assert custody_of(pl.concat(told)) == {MOTHER: False, FATHER: True}
