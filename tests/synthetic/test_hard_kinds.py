"""Who is asked for when hard kinds are over-sampled, and who is found to be one in the finished records."""

import dataclasses
import datetime as dt

import polars as pl
import pytest

from paramount_assets.synthetic import names
from paramount_assets.synthetic.custody import Custody, imprison
from paramount_assets.synthetic.hard_kinds import Finished, HardKind, find
from paramount_assets.synthetic.population import Population
from tests.synthetic.neighbourhood import FIRST_DAY, neighbourhood

DAYS = 200
MOTHER, FATHER, LONE_MOTHER, HER_SON, HIS_FATHER = 0, 1, 4, 5, 6
FLED_MOTHER, IN_REFUGE, FLED_FROM, OLD_PETER, YOUNG_PETER, TWIN = 10, 11, 12, 14, 15, 16
ON = dt.datetime.combine(FIRST_DAY, dt.time(12))


@pytest.fixture(scope="module")
def population() -> Population:
    return neighbourhood(2_000, DAYS)


@pytest.fixture(scope="module", autouse=True)
def _spellings():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "spellings", lambda: {"Mohammed": ["Muhammad"]}, raising=False)
        patch.setattr(names, "nicknames", lambda: {"Michael": ["Mike"], "Elizabeth": ["Liz"]})
        yield


@pytest.fixture(scope="module")
def custody(population) -> Custody:
    return imprison(population, FIRST_DAY, DAYS, 80.0, 3, oversample=True)


def _asked(population: Population, custody: Custody, kind: HardKind) -> pl.DataFrame:
    """Those asked for, with who they are and when they were received."""
    first = custody.spells.filter("is_new").group_by("resident_id").agg(pl.col("admitted_at").min().dt.date().alias("on"))
    asked = custody.asked.filter(pl.col("kind") == kind)
    return asked.join(first, on="resident_id").join(population.residents, on="resident_id")


def test_without_over_sampling_nobody_is_asked_for(population):
    assert imprison(population, FIRST_DAY, 30, 80.0, 3).asked.is_empty()


def test_seven_in_ten_receptions_are_asked_for_equally_over_the_ten_kinds(custody):
    receptions = custody.movements["is_reception"].sum()
    assert 0.65 < len(custody.asked) / receptions < 0.75
    counts = dict(custody.asked["kind"].value_counts().iter_rows())
    assert set(counts) == {kind.value for kind in HardKind}
    assert max(counts.values()) - min(counts.values()) <= 5
    assert custody.asked["resident_id"].is_unique().all()
    assert set(custody.asked["resident_id"]) <= set(custody.spells.filter("is_new")["resident_id"])


def test_a_twin_is_asked_for_with_the_living_twin(population, custody):
    twins = _asked(population, custody, HardKind.TWIN)
    assert (twins["other_id"] == twins["twin_id"]).all()
    other = twins.select("other_id", "on").join(population.residents, left_on="other_id", right_on="resident_id")
    assert (other["died_on"].is_null() | (other["died_on"] > other["on"])).all()


def test_a_junior_or_senior_is_asked_for_with_the_namesake(population, custody):
    namesakes = _asked(population, custody, HardKind.JUNIOR).join(
        population.residents, left_on="other_id", right_on="resident_id", suffix="_other"
    )
    assert (namesakes["first_name"] == namesakes["first_name_other"]).all()
    assert (namesakes["last_name"] == namesakes["last_name_other"]).all()
    is_father = (namesakes["father_id"] == namesakes["other_id"]).fill_null(value=False)
    is_son = (namesakes["father_id_other"] == namesakes["resident_id"]).fill_null(value=False)
    assert (is_father | is_son).all()
    assert is_father.any()
    assert is_son.any()


@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        (HardKind.NICKNAME_AND_MOVED, pl.col("first_name").is_in(["Michael", "Elizabeth"])),
        (HardKind.MAIDEN_NAME_AND_MOVED, pl.col("maiden_name").is_not_null()),
        (HardKind.TRANSLITERATED, pl.col("first_name") == "Mohammed"),
        (HardKind.SWAPPED_DATE, pl.col("date_of_birth").dt.day() <= 12),
        (HardKind.REFUGE, pl.col("first_name").is_in(["Ruth", "Gary"])),
        (HardKind.SEPARATED_PARENTS, pl.col("first_name").is_in(["Michael", "Gary"])),
    ],
)
def test_a_kind_is_asked_for_where_it_is_possible(population, custody, kind, holds):
    asked = _asked(population, custody, kind)
    assert len(asked) > 10
    assert asked.select(holds.all()).item()
    assert asked["other_id"].null_count() == len(asked)


def test_nobody_is_asked_for_in_a_population_without_twins(population):
    bare = dataclasses.replace(population, residents=population.residents.drop("twin_id"))
    with pytest.raises(ValueError, match="twin_id"):
        imprison(bare, FIRST_DAY, 10, 80.0, 3, oversample=True)


def test_where_there_are_too_few_of_a_kind_all_of_them_are_asked_for():
    few = neighbourhood(60, DAYS)
    residents = few.residents.with_columns(pl.when(pl.col("resident_id") < 100).then("twin_id").alias("twin_id"))
    custody = imprison(dataclasses.replace(few, residents=residents), FIRST_DAY, DAYS, 150.0, 3, oversample=True)
    counts = dict(custody.asked["kind"].value_counts().iter_rows())
    assert 1 <= counts["twin"] <= 6
    assert counts["no_fixed_abode"] > counts["twin"]


@pytest.fixture(scope="module")
def street() -> Population:
    """One street, where nobody dies."""
    one = neighbourhood(1)
    return dataclasses.replace(one, residents=one.residents.with_columns(pl.lit(None, dtype=pl.Date).alias("died_on")))


def _found(street: Population, who: int, known=(), noise=(), police_home=None, given=None, recorded_on=None) -> set[str]:
    """The kinds found for one person received on the first day, in records made up here.

    `known` are residents with a police record; `noise` is (source, resident, cause); homes are postcodes.
    """
    ids = {resident: f"P{resident}" for resident in known}
    records = [("prison_extract", "A0001AA", who), *(("police_records", record, resident) for resident, record in ids.items())]
    causes = [(source, "A0001AA" if source == "prison_extract" else ids[at], cause) for source, at, cause in noise]
    received = ["A0001AA", "2000001", 1]
    key = ["prisoner_number", "booking_id", "movement_sequence"]
    home = None if given == "none" else given
    held = [] if police_home is None else [(ids[who], "1 High Street", police_home, recorded_on or dt.date(2020, 1, 1))]
    finished = Finished(
        receptions=pl.DataFrame([(*received, who, ON, FIRST_DAY)], orient="row",
                                schema=[*key, "resident_id", "received_at", "extract_date"]),
        movements=pl.DataFrame([(*received, "Y" if given == "none" else "N", None, home, FIRST_DAY)],
                               orient="row", schema=[*key, "no_fixed_abode", "address_line", "postcode", "extract_date"],
                               schema_overrides={"address_line": pl.String, "postcode": pl.String}),
        addresses=pl.DataFrame(held, orient="row", schema={"person_id": pl.String, "address_line": pl.String,
                                                           "postcode": pl.String, "recorded_on": pl.Date}),
        source_records=pl.DataFrame(records, orient="row", schema=["source", "record_id", "resident_id"]),
        noise=pl.DataFrame(causes, orient="row", schema={"source": pl.String, "record_id": pl.String, "cause": pl.String}),
    )  # fmt: skip
    found = find(street, finished)
    assert set(found["prisoner_number"]) <= {"A0001AA"}
    return set(found["kind"])


def test_a_twin_is_found_only_where_the_police_know_the_other_one(street):
    assert "twin" in _found(street, TWIN, known=(YOUNG_PETER,))
    assert "twin" not in _found(street, TWIN, known=(TWIN,))


def test_a_dead_twin_confuses_nobody(street):
    died = pl.when(pl.col("resident_id") == YOUNG_PETER).then(FIRST_DAY - dt.timedelta(days=9)).alias("died_on")
    after = dataclasses.replace(street, residents=street.residents.with_columns(died))
    assert "twin" not in _found(after, TWIN, known=(YOUNG_PETER,))


def test_father_and_son_of_one_name_are_found_whichever_is_received(street):
    assert "junior" in _found(street, YOUNG_PETER, known=(OLD_PETER,))
    assert "junior" in _found(street, OLD_PETER, known=(YOUNG_PETER,))
    assert "junior" not in _found(street, OLD_PETER, known=(OLD_PETER, TWIN))


@pytest.mark.parametrize(("cause", "kind"), [("nickname", "nickname_and_moved"), ("maiden_name", "maiden_name_and_moved")])
def test_another_name_is_hard_together_with_a_home_the_police_do_not_hold(street, cause, kind):
    noise = [("police_records", MOTHER, cause)]
    assert kind in _found(street, MOTHER, known=(MOTHER,), noise=noise, police_home="OX1 8AA", given="OX1 1AA")
    assert kind not in _found(street, MOTHER, known=(MOTHER,), noise=noise, police_home="OX1 1AA", given="ox11aa")
    assert kind not in _found(street, MOTHER, known=(MOTHER,), noise=noise, police_home="OX1 8AA", given="none")
    assert kind not in _found(street, MOTHER, known=(MOTHER,), police_home="OX1 8AA", given="OX1 1AA")


def test_a_home_the_police_learnt_after_the_reception_was_not_known_then(street):
    noise = [("prison_extract", MOTHER, "nickname")]
    learnt = {"police_home": "OX1 1AA", "given": "OX1 1AA", "recorded_on": FIRST_DAY + dt.timedelta(days=3)}
    assert "nickname_and_moved" in _found(street, MOTHER, known=(MOTHER,), noise=noise, **learnt)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [("transliteration", "transliterated"), ("swapped_day_and_month", "swapped_date"), ("wrong_pnc", "wrong_pnc")],
)
def test_a_slip_in_either_record_counts_where_there_are_both(street, cause, kind):
    for source in ("prison_extract", "police_records"):
        assert kind in _found(street, FATHER, known=(FATHER,), noise=[(source, FATHER, cause)])
    assert kind not in _found(street, FATHER, noise=[("prison_extract", FATHER, cause)])
    assert kind not in _found(street, FATHER, known=(FATHER, MOTHER), noise=[("police_records", MOTHER, cause)])


def test_no_fixed_abode_is_what_was_given_at_the_reception(street):
    assert "no_fixed_abode" in _found(street, FATHER, given="none")
    assert "no_fixed_abode" not in _found(street, FATHER, given="OX1 1AA")


def test_a_child_in_a_refuge_is_found_for_the_father_it_fled_from_until_it_moves_out(street):
    assert "refuge" in _found(street, FLED_FROM)
    assert "refuge" not in _found(street, HIS_FATHER)
    left = pl.when(pl.col("resident_id") == IN_REFUGE).then(pl.coalesce("to_date", pl.lit(FIRST_DAY))).otherwise("to_date")
    gone = dataclasses.replace(street, lives=street.lives.with_columns(left.alias("to_date")))
    assert "refuge" not in _found(gone, FLED_FROM)


def test_separated_parents_are_found_where_the_child_lives_with_the_other_one(street):
    assert "separated_parents" in _found(street, HIS_FATHER)
    assert "separated_parents" not in _found(street, LONE_MOTHER)
    assert "separated_parents" not in _found(street, FATHER)


def test_a_father_who_moved_in_with_his_child_is_separated_no_more(street):
    home = street.residents.filter(pl.col("resident_id") == HER_SON)["home_id"].item()
    is_now = (pl.col("resident_id") == HIS_FATHER) & pl.col("to_date").is_null()
    together = dataclasses.replace(
        street, lives=street.lives.with_columns(pl.when(is_now).then(home).otherwise("home_id").alias("home_id"))
    )
    assert "separated_parents" not in _found(together, HIS_FATHER)
