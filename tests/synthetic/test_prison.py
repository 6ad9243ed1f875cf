import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from paramount_assets.synthetic import prison
from paramount_assets.synthetic.asked import IN_POLICE, IN_PRISON
from paramount_assets.synthetic.noise import Cause, Rates
from tests.synthetic import area

CLEAN = Rates(Rates.read(area.REFERENCE).table, 0.0)


def records(rates: Rates = CLEAN, custody=None) -> pl.DataFrame:
    return prison.keep_prisoner_records(area.population(), custody or area.custody(), rates, area.SEED)[0]


def causes_of(custody) -> pl.DataFrame:
    return prison.keep_prisoner_records(area.population(), custody, Rates.read(area.REFERENCE), area.SEED)[1].causes()


def test_there_is_one_record_for_each_spell():
    held = area.prisoners()[0]
    assert held["spell_id"].to_list() == area.custody().spells["spell_id"].to_list()
    assert held["prisoner_number"].null_count() == held["last_name"].null_count() == held["date_of_birth"].null_count() == 0


def test_without_noise_the_home_given_is_that_of_the_day_of_the_reception():
    moved = (
        area.population().lives.filter(pl.col("to_date").is_not_null()).unique("resident_id", keep="first", maintain_order=True)
    )
    mover = moved.filter(pl.col("to_date") < area.FIRST_DAY).head(1)
    who, left_on = mover["resident_id"].item(), mover["to_date"].item()
    spells = (
        area.custody()
        .spells.head(2)
        .with_columns(
            pl.lit(who).alias("resident_id"),
            pl.lit("A1234BC").alias("prisoner_number"),
            pl.Series("admitted_at", [dt.datetime.combine(left_on + dt.timedelta(days=d), dt.time(15)) for d in (-1, 1)]),
        )
    )
    first, second = records(custody=replace(area.custody(), spells=spells))["recorded_home_id"].to_list()
    assert first == mover["home_id"].item()
    assert second != first


def test_who_is_received_again_has_one_number_and_a_record_for_each_booking():
    twice = area.custody().spells.head(1)
    again = twice.with_columns(pl.col("spell_id") + 10_000, pl.lit("9999999").alias("booking_id"))
    held = records(Rates.read(area.REFERENCE), replace(area.custody(), spells=pl.concat([area.custody().spells, again])))
    both = held.filter(pl.col("resident_id") == twice["resident_id"].item())
    assert both["prisoner_number"].n_unique() == 1
    assert both["booking_id"].is_unique().all()


def test_one_in_four_or_five_is_recorded_as_of_no_fixed_abode_without_an_address():
    held = area.prisoners()[0]
    homeless = held.filter(pl.col("no_fixed_abode") == "Y")
    assert 0.12 < len(homeless) / len(held) < 0.34
    assert homeless["address_line"].null_count() == homeless["recorded_home_id"].null_count() == len(homeless)
    assert set(homeless["postcode"]) <= {"NF1 1NF", "NF1 1FA", None}


def test_aliases_have_four_parts_and_some_people_have_several():
    aliases = area.prisoners()[0]["aliases"].drop_nulls()
    assert aliases.str.split(";").list.len().max() > 1
    assert aliases.str.split(";").explode().str.contains(r"^[^|]+\|[^|]+\|[^|]*\|(\d{4}-\d{2}-\d{2})?$").all()


def test_who_gave_a_false_name_has_the_true_one_among_the_aliases():
    held = records(area.only(Cause.FALSE_NAME)).join(
        area.population().residents, on="resident_id", suffix="_true", maintain_order="left"
    )
    true_name = held["last_name_true"] + "|" + held["first_name_true"] + "|"
    is_plain = true_name.str.len_bytes() == true_name.str.len_chars()
    is_hidden = held["last_name"] != held["last_name_true"].str.to_uppercase()
    names = held.with_columns(true_name.str.to_uppercase().alias("true_name")).filter(is_hidden & is_plain)
    assert len(names) > 20
    assert names.select(pl.col("aliases").str.contains(pl.col("true_name"), literal=True)).to_series().all()


def test_the_number_of_children_is_free_text_and_often_right():
    held = area.prisoners()[0]
    assert {"NK", None} <= set(held["number_of_children"])
    assert held["number_of_children"].str.contains("one adult").any()
    digits = held.filter(held["number_of_children"].str.contains(r"^\d$").fill_null(value=False))
    residents = area.population().residents
    minors = residents.filter(pl.col("date_of_birth").dt.offset_by("18y") > area.FIRST_DAY + dt.timedelta(days=area.DAYS))
    count = pl.concat([minors["mother_id"], minors["father_id"]]).drop_nulls().value_counts(name="true")
    joined = digits.join(count.rename({"mother_id": "resident_id"}), on="resident_id", how="left")
    right = joined["number_of_children"].cast(pl.Int64) == joined["true"].fill_null(0).cast(pl.Int64)
    assert right.mean() > 0.8


def _id(number: int | None) -> pl.Expr:
    return pl.lit(number, dtype=pl.Int64)


def test_a_child_counts_from_its_birth_to_its_eighteenth_birthday_or_its_death():
    mother = area.population().residents.filter(pl.col("role") == "woman")["resident_id"][0]
    born, died = [dt.date(2007, 11, 20), dt.date(2010, 1, 1), dt.date(2010, 1, 1)], [None, None, dt.date(2025, 11, 20)]
    children = (
        area.population()
        .residents.head(3)
        .with_columns(
            _id(mother).alias("mother_id"),
            pl.Series("date_of_birth", born),
            pl.Series("died_on", died),
            _id(None).alias("father_id"),
        )
    )
    expected = (
        area.population()
        .unborn.head(1)
        .with_columns(_id(mother).alias("mother_id"), pl.lit(dt.date(2025, 11, 20)).alias("born_on"))
    )
    family = replace(area.population(), residents=children, unborn=expected)
    days = pl.DataFrame({"resident_id": mother, "on": [dt.date(2025, 11, 19), dt.date(2025, 11, 20), dt.date(2028, 1, 1)]})
    assert prison._children_on_the_day(family, days).to_list() == [3, 2, 1]


@pytest.mark.parametrize(
    ("kind", "cause"),
    [("wrong_pnc", "wrong_pnc"), ("no_fixed_abode", "no_fixed_abode"), ("swapped_date", "swapped_day_and_month")],
)
def test_what_was_asked_for_is_certain_in_the_prison_s_record(kind, cause):
    spells = area.custody().spells.join(area.population().residents, on="resident_id", maintain_order="left")
    born = pl.col("date_of_birth").dt
    people = spells.filter((born.day() < 13) & (born.day() != born.month())).head(20)
    noted = causes_of(area.asking_for(kind, people["resident_id"].to_list())).filter(pl.col("cause") == cause)
    assert set(people["prisoner_number"]) <= set(noted["record_id"])


def test_who_is_asked_for_as_having_moved_gives_the_home_of_the_day():
    people = area.custody().spells["resident_id"].to_list()
    custody = area.asking_for("nickname_and_moved", people)
    assert set(causes_of(custody)["cause"]).isdisjoint({"old_address", "no_fixed_abode"})


def test_every_movement_quotes_the_record_of_its_spell_and_some_rows_stand_twice():
    held, scribe = area.prisoners()
    rows = prison.write_movements(area.custody(), held, scribe)
    assert rows.columns == ["extract_date", *prison.MOVEMENT_COLUMNS]
    assert len(area.custody().movements) <= len(rows) <= len(area.custody().movements) * 1.03
    spells = area.custody().movements.select("prisoner_number", "booking_id", "movement_sequence", "spell_id")
    quoted = rows.join(spells, on=["prisoner_number", "booking_id", "movement_sequence"]).join(
        held, on="spell_id", suffix="_held"
    )
    assert len(quoted) == len(rows)
    for column in ("last_name", "date_of_birth", "postcode", "aliases"):
        assert quoted[column].equals(quoted[f"{column}_held"].alias(column), null_equal=True)


def test_the_same_seed_gives_the_same_records_and_another_seed_others():
    rates = Rates.read(area.REFERENCE)
    first = prison.keep_prisoner_records(area.population(), area.custody(), rates, 5)[0]
    assert first.equals(prison.keep_prisoner_records(area.population(), area.custody(), rates, 5)[0])
    assert not first.equals(prison.keep_prisoner_records(area.population(), area.custody(), rates, 6)[0])


def test_the_kinds_that_are_made_hard_on_purpose_are_hard_kinds():
    hard_kinds = pytest.importorskip("paramount_assets.synthetic.hard_kinds")
    assert {*IN_PRISON, *IN_POLICE} <= set(hard_kinds.HardKind)
