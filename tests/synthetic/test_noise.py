import datetime as dt

import numpy as np
import polars as pl
import pytest

from paramount_assets.synthetic import police_addresses, police_ties, prison
from paramount_assets.synthetic.names import feminine, nicknames
from paramount_assets.synthetic.noise import EVERYONE, MOST, STRUCTURAL, Cause, Rates, RatesInvalid, Scribe, members
from paramount_assets.synthetic.streams import numbers_apart, stream
from tests.synthetic import area

TABLE = Rates.read(area.REFERENCE).table
COUNT = 20_000
IDS = pl.Series([f"P{number}" for number in range(COUNT)])
PEOPLE = pl.DataFrame(
    {
        "sex": ["F", "M"] * (COUNT // 2),
        "community": (["pakistani"] + ["british"] * 3) * (COUNT // 4),
        "date_of_birth": [dt.date(1960 + at % 50, 6, 15) for at in range(COUNT)],
        "shape": ["alone"] * COUNT,
    }
)
ON = dt.date(2025, 11, 3)


def _written(folder, *changes):
    """A copy of the table with the changes made to its rows: (row, column, value)."""
    rows = TABLE.cast(pl.String).to_dicts()
    for row, column, value in changes:
        rows[row][column] = value
    pl.DataFrame(rows, schema=dict.fromkeys(TABLE.columns, pl.String)).write_csv(folder / "noise_rates.csv")
    return folder


def test_every_cause_is_in_the_table_with_a_reason_and_a_source():
    everyone = TABLE.filter(pl.col("applies_to") == EVERYONE)
    assert sorted(everyone["cause"]) == sorted(Cause)
    assert TABLE["because"].str.len_chars().min() > 5
    assert TABLE["source"].str.len_chars().min() > 5
    assert set(TABLE["basis"]) == {"published", "assumed"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((0, "cause", "gremlins"), "row 1: unknown cause"),
        ((0, "prison", "1.2"), "row 1: prison is outside 0 to 1"),
        ((0, "police", "-0.1"), "row 1: police is outside 0 to 1"),
        ((0, "services", "often"), "row 1: services is no number"),
        ((1, "source", None), "row 2: source is missing"),
        ((1, "because", None), "row 2: because is missing"),
        ((1, "basis", "guessed"), "row 2: basis must be"),
        ((1, "applies_to", "left-handed"), "row 2: applies to an unknown group"),
        ((1, "applies_to", "aged old"), "row 2: applies to an unknown group"),
        ((1, "measure", "rate"), "row 2: measure must be factor"),
        ((1, "prison", "900"), "row 2: prison is outside 0 to 40"),
        ((0, "applies_to", "women"), "measure must be factor"),
        ((1, "applies_to", TABLE["applies_to"][2]), "a cause stands twice for one group"),
    ],
)
def test_a_faulty_table_is_refused_with_row_and_fault(tmp_path, change, message):
    with pytest.raises(RatesInvalid, match=message):
        Rates.read(_written(tmp_path, change))


def test_a_table_that_lacks_a_cause_or_a_column_is_refused(tmp_path):
    TABLE.filter(pl.col("cause") != "twin").write_csv(tmp_path / "noise_rates.csv")
    with pytest.raises(RatesInvalid, match="no row for everyone of twin"):
        Rates.read(tmp_path)
    TABLE.drop("source").write_csv(tmp_path / "noise_rates.csv")
    with pytest.raises(RatesInvalid, match="the columns must be"):
        Rates.read(tmp_path)


def test_a_negative_multiplier_is_refused():
    with pytest.raises(RatesInvalid, match="cannot be negative"):
        Rates.read(area.REFERENCE, -1.0)


def test_causes_that_follow_from_the_person_are_never_drawn():
    assert set(TABLE.filter(pl.col("measure") == "structural")["cause"]) == STRUCTURAL
    with pytest.raises(RatesInvalid, match="noted, not drawn"):
        Scribe(Rates.read(area.REFERENCE), 1, "police", IDS).hits(Cause.TWIN)


def _near(share: float, expected: float, count: int) -> bool:
    return abs(share - expected) < 4 * np.sqrt(max(expected * (1 - expected), 1e-9) / count)


@pytest.mark.parametrize("multiplier", [0.0, 0.5, 1.0, 2.0, 4.0])
@pytest.mark.parametrize("cause", [Cause.TYPING_SLIP, Cause.MISSING_PNC, Cause.OLD_ADDRESS])
def test_the_rate_is_respected_within_sampling_error_at_every_multiplier(cause, multiplier):
    hit = Scribe(Rates.read(area.REFERENCE, multiplier), 3, "police", IDS).hits(cause)
    rate = float(TABLE.filter((pl.col("cause") == cause.value) & (pl.col("applies_to") == EVERYONE))["police"].item())
    assert _near(hit.mean(), min(rate * multiplier, MOST), COUNT)


@pytest.mark.parametrize("source", ["prison", "police", "services"])
@pytest.mark.parametrize(
    ("cause", "group"),
    [
        (Cause.PHONETIC_SPELLING, "community pakistani bangladeshi indian tamil nepali sikh"),
        (Cause.OLD_ADDRESS, "aged 18-24"),
        (Cause.OLD_ADDRESS, "aged 25-34"),
    ],
)
def test_a_group_is_hit_by_its_own_rate_and_the_others_by_everyone_s(source, cause, group):
    rates = Rates.read(area.REFERENCE)
    hit = Scribe(rates, 4, source, IDS, PEOPLE, on=ON).hits(cause)
    plain, factor = rates.rate(cause, source), dict(rates.factors(cause, source))[group]
    inside = members(group, PEOPLE, ON)
    outside = ~np.any([members(other, PEOPLE, ON) for other, _ in rates.factors(cause, source)], axis=0)
    assert inside.sum() > 500
    assert _near(hit[inside].mean(), plain * factor, inside.sum())
    assert _near(hit[outside].mean(), plain, outside.sum())


def test_no_cause_hits_nearly_everything_however_large_the_factor():
    hit = Scribe(Rates.read(area.REFERENCE, 50.0), 1, "police", IDS, factor=3.0).hits(Cause.TYPING_SLIP)
    assert _near(hit.mean(), MOST, COUNT)


def test_groups_are_told_by_age_sex_community_and_household():
    people = pl.DataFrame(
        {
            "sex": ["F", "M", "M", None],
            "community": ["sikh", "british", "indian", None],
            "shape": ["hostel", "alone", "alone", "alone"],
            # Eighteen on the day, seventeen for one day more, twenty-four for one day more, twenty-five on the day.
            "date_of_birth": [dt.date(2007, 11, 3), dt.date(2007, 11, 4), dt.date(2000, 11, 4), dt.date(2000, 11, 3)],
        }
    )
    assert members("women", people, ON).tolist() == [True, False, False, False]
    assert members("community sikh indian", people, ON).tolist() == [True, False, True, False]
    assert members("living_in hostel", people, ON).tolist() == [True, False, False, False]
    assert members("aged 18-24", people, ON).tolist() == [True, False, True, False]


def test_people_of_whom_a_frame_does_not_tell_belong_to_no_group():
    assert not members("women", PEOPLE.drop("sex"), ON).any()
    assert not members("aged 18-24", PEOPLE, None).any()


def test_a_scribe_remembers_every_record_it_hit():
    scribe = Scribe(Rates.read(area.REFERENCE), 5, "police", IDS)
    hit = scribe.hits(Cause.TYPING_SLIP)
    assert scribe.causes()["record_id"].to_list() == sorted(IDS.filter(pl.Series(hit)).to_list())


def test_what_is_drawn_is_written_down_only_when_noted():
    scribe = Scribe(Rates.read(area.REFERENCE), 5, "police", IDS)
    hit = scribe.draw(Cause.TYPING_SLIP)
    assert scribe.causes().is_empty()
    scribe.note(Cause.TYPING_SLIP, hit)
    assert len(scribe.causes()) == hit.sum() > 0


def test_records_outside_where_are_never_hit_and_those_of_always_in_any_case():
    rates = Rates.read(area.REFERENCE)
    where, always = np.arange(COUNT) < 1_000, np.arange(COUNT) >= COUNT - 10
    hit = Scribe(rates, 5, "police", IDS).hits(Cause.MISSING_CRO, where, always)
    assert hit[always].all()
    assert not hit[1_000 : COUNT - 10].any()
    assert 0 < hit[:1_000].sum() < 1_000
    assert Scribe(Rates(rates.table, 0.0), 5, "police", IDS).hits(Cause.MISSING_CRO, where, always).sum() == 10


def test_a_further_cause_does_not_shift_the_others():
    rates = Rates.read(area.REFERENCE)
    alone, beside = Scribe(rates, 5, "police", IDS), Scribe(rates, 5, "police", IDS)
    beside.hits(Cause.NICKNAME)
    assert np.array_equal(alone.hits(Cause.TYPING_SLIP), beside.hits(Cause.TYPING_SLIP))


def test_every_row_of_the_table_is_used_by_what_prison_and_police_hold(monkeypatch):
    asked: set[tuple[str, str]] = set()
    groups: dict[str, int] = {}

    def spied(self, cause, source, ask=Rates.rate):
        asked.add((cause.value, source))
        return ask(self, cause, source)

    def counted(group, people, on, count=members):
        groups[group] = groups.get(group, 0) + int(count(group, people, on).sum())
        return count(group, people, on)

    monkeypatch.setattr(Rates, "rate", spied)
    monkeypatch.setattr("paramount_assets.synthetic.noise.members", counted)
    _let_prison_and_police_record()
    for row in TABLE.filter(pl.col("measure") != "structural").iter_rows(named=True):
        for source in ("prison", "police"):
            is_idle = row[source] == (1.0 if row["measure"] == "factor" else 0.0)
            assert is_idle or (row["cause"], source) in asked, (row["cause"], source)
    used = TABLE.filter((pl.col("measure") == "factor") & ((pl.col("prison") != 1) | (pl.col("police") != 1)))
    assert {group for group in used["applies_to"] if not groups.get(group)} == set()


def _let_prison_and_police_record():
    for made in (area.prisoners, area.contact_list, area.persons, area.places, area.associations):
        made.cache_clear()
    records, scribe = area.prisoners()
    prison.write_movements(area.custody(), records, scribe)
    area.contact_list()
    held, of_persons = area.persons()
    police_addresses.list_addresses(area.population(), held, area.places(), area.SPAN, of_persons)
    police_ties.list_associations(area.population(), held, area.FIRST_DAY, Rates.read(area.REFERENCE), area.SEED)
    for made in (area.prisoners, area.persons):
        made.cache_clear()


def test_a_stage_s_draws_depend_on_its_name_and_the_seed_only():
    assert stream(1, "a").random() == stream(1, "a").random()
    assert len({stream(1, "a").random(), stream(1, "b").random(), stream(2, "a").random()}) == 3


def test_different_numbers_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        numbers_apart(stream(1, "n"), 0, 5, 6)


def test_polish_surnames_have_a_form_for_women():
    assert [feminine(name) for name in ("Kowalski", "Nowak", "Zawadzki")] == ["Kowalska", "Nowak", "Zawadzka"]


def test_nicknames_are_of_names_that_are_drawn():
    assert "Bill" in nicknames()["William"]
