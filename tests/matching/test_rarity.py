import pytest

from paramount_assets.matching.rarity import WORTH_OF_TYPICAL, rarities, typical_shares
from paramount_assets.matching.records import prepared
from tests.matching.people import people, person

TYPICAL = {"last_name": 0.001, "first_name": 0.01}


def rarity_of(rows, column, value):
    found = rarities(prepared(people(*rows), "key"), TYPICAL)[column]
    return dict(found.iter_rows())[value]


def strangers(size):
    return [person(f"X{n}", last_name=f"NAME{n}", first_name=f"OTHER{n}") for n in range(size)]


def named_pike(size, **names):
    return [person(f"P{n}", **{"last_name": "PIKE", "first_name": f"FORE{n}"} | names) for n in range(size)]


def test_a_name_is_as_common_as_it_is_in_a_long_list():
    rows = [*strangers(5_000), *named_pike(501)]
    assert rarity_of(rows, "last_name", "PIKE") == pytest.approx(501 / 6_500, rel=0.01)


def test_in_a_short_list_a_name_is_about_as_common_as_names_usually_are():
    assert rarity_of(named_pike(1), "last_name", "PIKE") == pytest.approx(TYPICAL["last_name"])
    assert rarity_of(named_pike(2), "last_name", "PIKE") == pytest.approx(2 * TYPICAL["last_name"], rel=0.01)


def test_a_full_name_is_as_rare_as_its_two_names_together():
    rows = [*strangers(500), *named_pike(50)]
    together = rarity_of(rows, "last_name", "PIKE") * rarity_of(rows, "first_name", "FORE3")
    assert rarity_of(rows, "full_name", "PIKE|FORE3") == pytest.approx(together)


def test_a_second_record_of_a_rare_name_is_not_yet_a_common_name():
    rows = [*strangers(98), *named_pike(2, first_name="ADA")]
    together = rarity_of(rows, "last_name", "PIKE") * rarity_of(rows, "first_name", "ADA")
    assert rarity_of(rows, "full_name", "PIKE|ADA") == pytest.approx(together)


def test_names_that_go_together_more_often_than_chance_are_as_common_as_they_are_counted():
    rows = [*strangers(75), *named_pike(25, first_name="ADA")]
    together = rarity_of(rows, "last_name", "PIKE") * rarity_of(rows, "first_name", "ADA")
    assert together < rarity_of(rows, "full_name", "PIKE|ADA") < 0.25


def test_an_unknown_name_is_no_name():
    found = rarities(prepared(people(*named_pike(1), person("B", last_name="PIKE", first_name=None)), "key"), TYPICAL)
    assert (found["last_name"].height, found["first_name"].height, found["full_name"].height) == (1, 1, 1)


def test_the_typical_share_is_the_chance_that_two_records_agree():
    rows = [*named_pike(2, first_name="ADA"), *strangers(2)]
    shares = typical_shares(prepared(people(*rows), "key"))
    assert shares["last_name"] == pytest.approx(0.5**2 + 0.25**2 + 0.25**2)


def test_the_typical_share_counts_for_as_many_records_as_stated():
    rows = named_pike(WORTH_OF_TYPICAL + 1)
    assert rarity_of(rows, "last_name", "PIKE") == pytest.approx((1 + TYPICAL["last_name"]) / 2)
