import dataclasses
import datetime as dt

import numpy as np
import polars as pl
import pytest

from paramount_assets.synthetic import police, police_addresses, police_ties
from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.police_reasons import CIRCLES, REASONS
from paramount_assets.synthetic.whereabouts import homes_on
from tests.synthetic import area

CLEAN = Rates(Rates.read(area.REFERENCE).table, 0.0)
LAST_DAY = area.FIRST_DAY + dt.timedelta(days=area.DAYS - 1)


def residents(*columns: str) -> pl.DataFrame:
    return area.population().residents.select("resident_id", *columns)


def keep(custody=None, rates: Rates | None = None, seed: int = area.SEED) -> tuple[pl.DataFrame, Scribe]:
    table = rates or Rates.read(area.REFERENCE)
    return police.keep_persons(area.population(), custody or area.custody(), area.SPAN, table, seed)


def test_the_force_holds_about_forty_two_records_for_a_hundred_residents():
    assert 0.37 < len(area.persons()[0]) / len(area.population().residents) < 0.47


def test_everybody_known_is_known_for_a_reason_that_befits_them():
    held = area.persons()[0].join(residents("role"), on="resident_id")
    age = (pl.col("created_on") - pl.col("date_of_birth_true")).dt.total_days() / 365.25
    aged = held.join(residents("date_of_birth").rename({"date_of_birth": "date_of_birth_true"}), on="resident_id").with_columns(
        age=age
    )
    assert set(held["known_because"]) == set(REASONS)
    assert aged["age"].min() >= 0
    assert aged.filter(pl.col("known_because") == "arrested")["age"].min() >= 10
    assert set(held.filter(pl.col("known_because") == "child_at_domestic_incident")["role"]) == {"child"}
    assert "child" not in set(held.filter(pl.col("known_because") == "domestic_incident")["role"])


@pytest.mark.parametrize("circle", CIRCLES, ids=lambda circle: circle.name)
def test_the_shares_of_a_circle_stand_for_every_reason_and_are_no_more_than_all(circle):
    assert len(circle.shares) == len(REASONS)
    assert 0 < sum(circle.shares) <= 1


def test_only_people_who_were_arrested_have_a_number():
    held = area.persons()[0]
    assert set(held.filter(pl.col("pnc_id").is_not_null())["known_because"]) == {"arrested"}
    assert held.filter(pl.col("known_because") == "arrested")["pnc_id"].is_not_null().mean() > 0.5


def test_most_people_received_were_known_before_and_some_are_recorded_then():
    received = area.custody().spells["resident_id"].unique()
    held = area.persons()[0].filter(~pl.col("is_second") & pl.col("resident_id").is_in(received.implode()))
    assert 0.8 < len(held) / len(received) <= 1
    assert (held["recorded_on"] < area.FIRST_DAY).mean() > 0.8


def test_second_records_are_of_adults_noted_and_come_later():
    held, scribe = area.persons()
    seconds = held.filter("is_second").join(residents("role"), on="resident_id")
    noted = scribe.causes().filter(pl.col("cause") == "duplicate_record")["record_id"]
    assert sorted(seconds["person_id"]) == noted.to_list()
    assert "child" not in set(seconds["role"])
    first = held.filter(~pl.col("is_second")).select("resident_id", pl.col("created_on").alias("first_on"))
    assert seconds.join(first, on="resident_id").select(pl.col("created_on") >= pl.col("first_on")).to_series().all()


def test_the_full_delivery_holds_nearly_all_and_a_trickle_is_recorded_within_the_span():
    held = area.persons()[0]
    later = held.filter(pl.col("recorded_on") >= area.FIRST_DAY)
    assert 0 < len(later) < len(held) * 0.03
    assert later["recorded_on"].max() <= LAST_DAY
    assert (held["created_on"] <= held["recorded_on"]).all()
    assert (held["updated_on"] <= held["recorded_on"]).all()


def test_identifiers_of_different_people_never_collide_by_accident():
    held = keep(rates=CLEAN)[0].filter(~pl.col("is_second"))
    for column in ("person_id", "pnc_id"):
        assert held[column].drop_nulls().is_unique().all()


def test_updates_are_few_later_and_one_for_a_record():
    held = area.persons()[0]
    updates = police.list_updates(held, area.population(), area.custody(), area.SPAN, area.SEED)
    assert updates.columns == held.columns
    assert 0 < len(updates) < len(held) * 0.02
    assert updates["person_id"].is_unique().all()
    before = updates.join(held, on="person_id", suffix="_before")
    assert (before["recorded_on"] > before["recorded_on_before"]).all()
    assert updates["recorded_on"].is_between(area.FIRST_DAY, LAST_DAY).all()
    changed = pl.any_horizontal(
        pl.col(c).ne_missing(pl.col(f"{c}_before")) for c in ("last_name", "deceased", "pnc_id", "cro_number")
    )
    assert before.select(changed).to_series().all()


def test_a_person_received_for_the_first_time_has_a_number_from_the_day_after():
    held = area.persons()[0].with_columns(pl.lit("victim").alias("known_because"), pl.lit(None, dtype=pl.String).alias("pnc_id"))
    updates = police.list_updates(held, area.population(), area.custody(), area.SPAN, area.SEED)
    learnt = updates.filter(pl.col("pnc_id").is_not_null()).join(residents("pnc"), on="resident_id")
    assert len(learnt) > 10
    assert learnt["pnc_id"].equals(learnt["pnc"].alias("pnc_id"))


def test_merged_records_are_second_ones_deleted_within_the_span():
    held = area.persons()[0]
    merged = police.list_merged(held, area.FIRST_DAY, 365, area.SEED)
    seconds = held.filter("is_second")
    assert 0.15 < len(merged) / len(seconds) < 0.45
    assert set(merged["person_id"]) <= set(seconds["person_id"])


def test_no_further_name_is_the_name_of_the_record_itself():
    held, _ = keep(rates=area.only(Cause.MAIDEN_NAME))
    names = police.list_further_names(held, area.population(), area.only(Cause.MAIDEN_NAME), area.SEED)
    assert names.join(held, on=["person_id", "last_name", "first_name"], how="semi").is_empty()
    assert names["name_number"].max() > 1


def test_a_record_under_another_name_has_the_true_one_among_its_names():
    held = area.persons()[0]
    names = police.list_further_names(held, area.population(), Rates.read(area.REFERENCE), area.SEED)
    hidden = held.filter(pl.col("false_name") | pl.col("under_alias")).join(
        residents("last_name"), on="resident_id", suffix="_true"
    )
    true = hidden.select("person_id", pl.col("last_name_true").str.to_uppercase())
    listed = true.join(names, left_on=["person_id", "last_name_true"], right_on=["person_id", "last_name"], how="semi")
    assert len(listed) > 0.95 * len(true) > 10  # surnames with accents are written plainly
    assert set(names["name_type"]) == {"alias", "maiden", "nickname"}
    assert names.select("person_id", "name_number").is_unique().all()


@pytest.mark.parametrize(("kind", "cause"), [("nickname_and_moved", "nickname"), ("maiden_name_and_moved", "maiden_name")])
def test_what_was_asked_for_is_certain_in_the_force_s_records(kind, cause):
    people = area.population().residents
    able = (
        pl.col("maiden_name") != pl.col("last_name")
        if cause == "maiden_name"
        else pl.col("first_name").is_in(["William", "Robert"])
    )
    chosen = people.filter(able & (pl.col("role") != "child") & pl.col("died_on").is_null()).head(8)["resident_id"].to_list()
    held, scribe = keep(area.asking_for(kind, chosen))
    records = held.filter(pl.col("resident_id").is_in(chosen))
    assert records["resident_id"].n_unique() == len(chosen)
    assert set(records["person_id"]) <= set(scribe.causes().filter(pl.col("cause") == cause)["record_id"])
    addresses = police_addresses.list_addresses(area.population(), held, area.places(), area.SPAN, scribe)
    present = (
        area.population().lives.filter(pl.col("to_date").is_null()).select("resident_id", pl.col("home_id").alias("present"))
    )
    moved = area.population().lives.filter(pl.col("to_date") < area.FIRST_DAY)["resident_id"]
    noted = scribe.causes().filter(pl.col("cause") == "old_address")["record_id"]
    assert set(records.filter(pl.col("resident_id").is_in(moved.implode()))["person_id"]) == set(noted) & set(
        records["person_id"]
    )
    rows = addresses.join(records.select("person_id", "resident_id"), on="person_id").join(present, on="resident_id")
    stale = rows.filter(pl.col("resident_id").is_in(moved.implode()) & (pl.col("address_type") == "home"))
    assert not (stale["home_id"] == stale["present"]).any()


def test_who_is_to_be_mistaken_for_somebody_asked_for_is_known_before():
    son = area.population().residents.filter((pl.col("role") == "child") & pl.col("father_id").is_not_null())["resident_id"][0]
    held, _ = keep(area.asking_for("junior", [area.custody().spells["resident_id"][0]], son))
    assert held.filter(pl.col("resident_id") == son)["recorded_on"].min() < area.FIRST_DAY


def test_without_noise_everybody_is_known_where_they_live_on_the_day():
    held, scribe = keep(rates=CLEAN)
    rows = police_addresses.list_addresses(area.population(), held, area.places(), area.SPAN, scribe)
    open_homes = rows.filter(
        pl.col("to_date").is_null() & (pl.col("address_type") == "home") & (pl.col("recorded_on") < area.FIRST_DAY)
    )
    lived = open_homes.join(held.select("person_id", "resident_id"), on="person_id").join(
        area.population().lives, on="resident_id"
    )
    on = area.FIRST_DAY - dt.timedelta(days=1)
    held_on = (pl.col("from_date_right") <= on) & (pl.col("to_date_right").is_null() | (pl.col("to_date_right") > on))
    right = lived.filter(held_on & (pl.col("home_id") == pl.col("home_id_right")))
    assert right["person_id"].n_unique() == open_homes["person_id"].n_unique()


def test_addresses_are_of_places_of_the_gazetteer_with_unique_keys_at_a_time():
    rows = area.addresses()[0]
    assert set(rows["address_id"]) <= set(area.places()["address_id"])
    assert rows.select("person_id", "address_id", "from_date", "recorded_on").is_unique().all()
    assert rows["from_date"].null_count() == rows["address_line"].null_count() == 0
    assert (rows["from_date"] <= rows["recorded_on"]).all()
    assert (rows["last_confirmed_on"] <= rows["recorded_on"]).all()


def test_an_old_address_is_noted_where_a_former_home_is_believed_to_be_the_present_one():
    rows, noted = area.addresses()
    old = noted.filter(pl.col("cause") == "old_address")["record_id"]
    held = area.persons()[0].select("person_id", "resident_id")
    lives = area.population().lives.select("resident_id", "home_id", pl.col("to_date").alias("left_on"))
    believed = rows.filter(
        pl.col("to_date").is_null() & (pl.col("address_type") == "home") & (pl.col("recorded_on") < area.FIRST_DAY)
    )
    stale = (
        believed.join(held, on="person_id").join(lives, on=["resident_id", "home_id"]).filter(pl.col("left_on") < area.FIRST_DAY)
    )
    still_there = lives.filter(pl.col("left_on").is_null()).select("resident_id", "home_id")
    returned = stale.join(still_there, on=["resident_id", "home_id"], how="semi")["person_id"]
    assert len(stale) > 100
    assert set(stale["person_id"]) - set(returned) <= set(old)


def _believed_elsewhere(held: pl.DataFrame, rows: pl.DataFrame) -> set[str]:
    """Records with an open home that is not where the person lives on the day of the record."""
    on = held.select("resident_id", pl.col("recorded_on").alias("on"))
    home = held.select("person_id").with_columns(homes_on(area.population().lives, on)["home_id"].alias("true_home_id"))
    believed = rows.filter(pl.col("to_date").is_null() & (pl.col("address_type") == "home")).join(home, on="person_id")
    return set(believed.filter(pl.col("home_id") != pl.col("true_home_id"))["person_id"])


def test_an_old_address_is_not_noted_of_people_who_never_moved_or_of_whom_only_a_wrong_home_is_known():
    never_moved = area.population().lives.filter(pl.len().over("resident_id") == 1)["resident_id"]
    received = area.custody().spells.filter(pl.col("resident_id").is_in(never_moved.implode()))["resident_id"].unique()
    rates = area.only(Cause.OLD_ADDRESS, Cause.FLAT_SHARE_STRANGER, rate=0.5)
    held, scribe = keep(area.asking_for("nickname_and_moved", received.sort().to_list()), rates)
    rows = police_addresses.list_addresses(area.population(), held, area.places(), area.SPAN, scribe)
    noted = scribe.causes().filter(pl.col("cause") == "old_address")["record_id"]
    own = rows.join(held.select("person_id", "resident_id"), on="person_id").join(
        area.population().lives.select("resident_id", "home_id"), on=["resident_id", "home_id"], how="semi"
    )
    assert set(noted) <= _believed_elsewhere(held, rows) & set(own["person_id"])
    assert not set(noted) & set(held.filter(pl.col("resident_id").is_in(never_moved.implode()))["person_id"])


def test_nothing_is_learnt_of_a_move_of_somebody_dead():
    residents = area.population().residents.with_columns(pl.lit(area.FIRST_DAY).alias("died_on"))
    dead = dataclasses.replace(area.population(), residents=residents)
    held = area.persons()[0].filter(pl.col("recorded_on") < area.FIRST_DAY)
    scribe = Scribe(Rates.read(area.REFERENCE), area.SEED, "police", held["person_id"])
    living = police_addresses.list_addresses(area.population(), held, area.places(), area.SPAN, scribe)
    rows = police_addresses.list_addresses(dead, held, area.places(), area.SPAN, scribe)
    assert living.filter(pl.col("from_date") > area.FIRST_DAY).height > 0
    assert rows.filter(pl.col("from_date") > area.FIRST_DAY).is_empty()


def test_a_move_that_is_learnt_closes_the_old_home_and_opens_the_new_one():
    rows = area.addresses()[0]
    moves = area.population().lives.filter(pl.col("from_date").is_between(area.FIRST_DAY + dt.timedelta(days=1), LAST_DAY))
    later = rows.filter(
        (pl.col("recorded_on") > area.FIRST_DAY) & pl.col("to_date").is_null() & (pl.col("from_date") > area.FIRST_DAY)
    )
    closed = rows.filter((pl.col("recorded_on") > area.FIRST_DAY) & pl.col("to_date").is_not_null())
    if len(moves):
        assert set(later["from_date"]) <= set(moves["from_date"]) | set(area.persons()[0]["created_on"])
    assert closed.join(rows, on=["person_id", "recorded_on"], suffix="_new").filter(
        pl.col("to_date_new").is_null()
    ).height >= len(closed)


def test_some_are_believed_to_live_in_a_shared_flat_among_strangers():
    rows, noted = area.addresses()
    flats = area.population().households.filter(pl.col("shape") == "flat_share")["home_id"]
    among = noted.filter(pl.col("cause") == "flat_share_stranger")["record_id"]
    at_flats = rows.filter(pl.col("home_id").is_in(flats.implode()))["person_id"]
    assert len(among) > 10
    assert set(among) <= set(at_flats)


def test_associations_follow_true_ties_and_miss_about_a_third():
    rows, scribe = area.associations()
    pairs = police_ties._known_pairs(area.population(), area.persons()[0])
    wrong = scribe.causes().filter(pl.col("cause") == "wrong_association")
    true = rows.join(pairs.select("person_id", "related_person_id").unique(), on=["person_id", "related_person_id"], how="semi")
    assert 0.6 < len(rows) / len(pairs) < 0.9
    assert len(rows) - len(true) <= len(wrong)
    assert len(wrong) > 0
    assert {"parent_of", "partner_of", "sibling_of"} <= set(rows["relationship_code"])


def test_fewer_ties_are_missed_where_an_incident_brought_the_family_together():
    pairs = police_ties._known_pairs(area.population(), area.persons()[0])
    keys = pl.concat_str("person_id", pl.lit(">"), "related_person_id")
    missing = area.associations()[1].causes().filter(pl.col("cause") == "missing_association")["record_id"]
    shares = dict(
        pairs.with_columns(missed=keys.is_in(missing.implode())).group_by("met_together").agg(pl.col("missed").mean()).iter_rows()
    )
    assert shares[True] < shares[False] - 0.1


def test_markers_are_unique_of_known_subjects_and_some_end():
    rows = area.markers()
    codes = "VI WE FI DA_PERPETRATOR DA_VICTIM CHILD_VICTIM NO_CONTACT_ORDER REFUGE SENSITIVE_ADDRESS DO_NOT_CONTACT"
    assert set(rows["marker_code"]) == {*codes.split(), "RESTRICTED_RECORD"}
    assert rows.select("marker_id", "recorded_on").is_unique().all()
    people = rows.filter(pl.col("subject_type") == "person")
    assert set(people["subject_id"]) <= set(area.persons()[0]["person_id"])
    ended = rows.filter(pl.col("to_date").is_not_null())
    assert (ended["to_date"] > ended["from_date"]).all()
    assert (rows["from_date"] <= rows["recorded_on"]).all()
    # An end after the first day is learnt on its day.
    assert (
        (ended.filter(pl.col("to_date") >= area.FIRST_DAY).select(pl.col("to_date") == pl.col("recorded_on"))).to_series().all()
    )


def test_child_victims_are_children_and_nothing_is_learnt_of_markers_on_second_records():
    held = area.persons()[0].select(pl.col("person_id").alias("subject_id"), "resident_id", "is_second")
    marked = area.markers().join(held.join(residents("role"), on="resident_id"), on="subject_id")
    assert set(marked.filter(marker_code="CHILD_VICTIM")["role"]) == {"child"}
    assert marked.filter("is_second")["marker_id"].is_unique().all()


def test_who_fled_to_a_refuge_has_a_perpetrator_and_the_refuge_is_marked():
    refuges = area.population().households.filter(pl.col("shape") == "refuge")["home_id"].unique()
    places = area.places().filter(pl.col("home_id").is_in(refuges.implode()))["address_id"]
    marked = area.markers().filter(pl.col("marker_code") == "REFUGE")["subject_id"]
    assert set(places) == set(marked)


def test_the_young_are_recorded_at_an_old_address_more_often_than_the_old():
    held, rates = area.persons()[0], Rates.read(area.REFERENCE)
    people = held.select("person_id").with_columns(
        pl.Series("date_of_birth", np.where(np.arange(len(held)) % 2, "2004-06-01", "1950-06-01")).str.to_date()
    )
    hit = Scribe(rates, 9, "police", people["person_id"], people, on=area.FIRST_DAY).hits(Cause.OLD_ADDRESS)
    assert hit[1::2].mean() > 2 * hit[0::2].mean()


def test_the_same_seed_gives_the_same_records_and_another_seed_others():
    assert keep()[0].equals(area.persons()[0])
    assert not keep(seed=6)[0].equals(area.persons()[0])
    again = Scribe(Rates.read(area.REFERENCE), area.SEED, "police", area.persons()[0]["person_id"])
    rows = police_addresses.list_addresses(area.population(), area.persons()[0], area.places(), area.SPAN, again)
    assert rows.equals(area.addresses()[0])
