import datetime as dt
from dataclasses import replace

import polars as pl

from paramount_assets.synthetic.contacts import NAMED_SHARES, name_contacts
from paramount_assets.synthetic.noise import Cause, Rates
from tests.synthetic import area


def test_children_stand_under_the_codes_of_sons_and_daughters():
    codes = area.contact_list()[0].group_by("relation", "gender").agg(pl.col("relationship_code").unique())
    found = {(relation, sex): set(values) for relation, sex, values in codes.iter_rows()}
    assert found[("child", "M")] == {"SON"}
    assert found[("child", "F")] == {"DAU"}
    assert found.get(("step_child", "M"), {"SSON"}) == {"SSON"}
    assert found.get(("step_child", "F"), {"SDAU"}) == {"SDAU"}
    assert found[("parent", "F")] == {"MOT"}
    assert found[("partner", "F")] <= {"WIFE", "GIF", "CLW", "PART"}


def test_a_contact_is_who_the_code_says():
    named = area.contact_list()[0].join(
        area.prisoners()[0].select("prisoner_number", "resident_id").unique(), on="prisoner_number"
    )
    people = area.population().residents.select(pl.col("resident_id").alias("contact_resident_id"), "mother_id", "father_id")
    children = named.filter(pl.col("relation") == "child").join(people, on="contact_resident_id")
    assert (
        children.select(pl.any_horizontal(pl.col("resident_id") == pl.col(p) for p in ("mother_id", "father_id")))
        .to_series()
        .all()
    )


def test_about_half_of_the_children_are_named():
    prisoners = area.prisoners()[0].unique("resident_id")["resident_id"]
    residents = area.population().residents
    children = residents.filter(pl.any_horizontal(pl.col(p).is_in(prisoners.implode()) for p in ("mother_id", "father_id")))
    named = area.contact_list()[0].filter((pl.col("relation") == "child") & pl.col("known_from").is_null())
    assert abs(len(named) / len(children) - NAMED_SHARES["child"]) < 0.15


def test_nobody_is_named_twice_by_one_person_and_numbers_are_unique():
    named = area.contact_list()[0]
    assert named.select("prisoner_number", "contact_resident_id").is_unique().all()
    assert named["contact_id"].is_unique().all()


def _expecting(born_on: dt.date) -> pl.DataFrame:
    """The contacts of a mother in custody whose child is born on the day."""
    mother = area.prisoners()[0].head(1)
    unborn = pl.concat([area.population().unborn.head(1)] * 40).with_columns(
        pl.lit(mother["resident_id"].item(), dtype=pl.Int64).alias("mother_id"),
        pl.lit(born_on).alias("born_on"),
        (pl.int_range(pl.len(), dtype=pl.Int64) + 10**7).alias("unborn_id"),
    )
    family = replace(area.population(), unborn=unborn)
    return name_contacts(family, mother, Rates.read(area.REFERENCE), area.SEED)[0].filter(pl.col("known_from").is_not_null())


def test_a_child_born_within_the_span_is_named_from_its_birth():
    born_on = area.FIRST_DAY + dt.timedelta(days=5)
    named = _expecting(born_on)
    assert len(named) > 5
    assert set(named["known_from"]) == {born_on}


def test_the_dead_are_not_named_and_much_is_not_known_of_the_others():
    named, _ = area.contact_list()
    died = area.population().residents.filter(pl.col("died_on") < area.FIRST_DAY - dt.timedelta(days=400))["resident_id"]
    assert not named["contact_resident_id"].is_in(died.implode()).any()
    assert 0.4 < named["date_of_birth"].null_count() / len(named) < 0.6
    assert 0.3 < named["address_line"].null_count() / len(named) < 0.6
    assert set(named["active"]) == {"Y", "N"}


def test_slips_are_noted_of_what_is_known_of_a_contact_alone():
    rates = area.only(Cause.WRONG_DAY, Cause.OTHER_FORM_OF_POSTCODE, rate=0.9)
    named, scribe = name_contacts(area.population(), area.prisoners()[0], rates, area.SEED)
    keyed = named.with_columns(pl.concat_str("prisoner_number", pl.lit("/"), "contact_id").alias("record_id"))
    hit = keyed.join(scribe.causes(), on="record_id")
    assert hit.filter(cause="wrong_day").height > 20
    assert hit.filter(cause="wrong_day")["date_of_birth"].null_count() == 0
    assert hit.filter(cause="other_form_of_postcode").height > 20
    assert hit.filter(cause="other_form_of_postcode")["postcode"].null_count() == 0
