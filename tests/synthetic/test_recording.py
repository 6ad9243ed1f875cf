import datetime as dt

import numpy as np
import polars as pl
import pytest

from paramount_assets.synthetic import names
from paramount_assets.synthetic.identifiers import cro_numbers, pnc_numbers
from paramount_assets.synthetic.noise import MOST, Cause, Rates, Scribe
from paramount_assets.synthetic.recording import plain_capitals, record_address, record_identity, record_numbers
from tests.synthetic import area

FORENAMES = ["William", "Katherine", "Mohammed", "Wei", "Jennifer"]
SURNAMES = ["Smith", "Silva-Costa", "Ahmed", "Wang", "O'Brien", "Harrison", "Novak"]
IDENTITY = ["last_name", "first_name", "middle_names", "date_of_birth"]
COUNT = 2_100


@pytest.fixture(autouse=True)
def _spellings(monkeypatch):
    known = {"Mohammed": ["Muhammad", "Mohamed"], "Ahmed": ["Ahmad"]}
    monkeypatch.setattr(names, "spellings", lambda: known, raising=False)


def people(count: int = COUNT) -> pl.DataFrame:
    at = np.arange(count)
    return pl.DataFrame(
        {
            "record_id": [f"P{number}" for number in range(count)],
            "last_name": np.array(SURNAMES)[at % 7],
            "first_name": np.array(FORENAMES)[at % 5],
            "middle_names": np.array(["Jo", None, "Lee"], dtype=object)[at % 3].tolist(),
            "maiden_name": np.array(["Hill", None, None, None], dtype=object)[at % 4].tolist(),
            "partner_last_name": np.array([None, "Young", "Smith"], dtype=object)[at % 3].tolist(),
            "alias_last_name": np.array(["Grey", "Black"])[at % 2],
            "sex": np.array(["F", "M"])[at // 5 % 2],
            "community": np.array(["british", "chinese", "pakistani"])[at % 3],
            "date_of_birth": [dt.date(1960 + number % 45, 1 + number % 12, 1 + number % 28) for number in range(count)],
            "pnc": pnc_numbers(np.full(count, 2012), at + 1_000),
            "cro": cro_numbers(np.full(count, 2012), at + 1_000),
        },
        schema_overrides={"middle_names": pl.String, "maiden_name": pl.String, "partner_last_name": pl.String},
    ).with_columns(pl.col("pnc", "cro").cast(pl.String))


def scribe_of(rates: Rates, true: pl.DataFrame, source: str = "police") -> Scribe:
    return Scribe(rates, 5, source, true["record_id"], true)


def differing(true: pl.DataFrame, recorded: pl.DataFrame) -> list[str]:
    """Records that are not as they should be."""
    differs = {column: true[column].ne_missing(recorded[column]) for column in recorded.columns}
    return true.filter(pl.DataFrame(differs).select(pl.any_horizontal(pl.all())).to_series())["record_id"].to_list()


def test_without_noise_everything_is_recorded_as_it_is():
    true = people()
    scribe = scribe_of(Rates(Rates.read(area.REFERENCE).table, 0.0), true)
    assert record_identity(true, scribe).select(IDENTITY).equals(true.select(IDENTITY))
    assert record_numbers(true, scribe).equals(true.select("pnc", "cro"))
    assert scribe.causes().is_empty()


OF_IDENTITY = [
    Cause.TYPING_SLIP, Cause.KEYBOARD_SLIP, Cause.PHONETIC_SPELLING, Cause.NICKNAME, Cause.MAIDEN_NAME, Cause.MARRIED_NAME,
    Cause.TRANSLITERATION, Cause.ALIAS_AS_MAIN_NAME, Cause.FALSE_NAME, Cause.SWAPPED_NAMES, Cause.FAMILY_NAME_FIRST,
    Cause.MIDDLE_NAME_FIRST, Cause.DROPPED_PART, Cause.MERGED_PART, Cause.MISSING_MIDDLE_NAMES, Cause.SWAPPED_DAY_AND_MONTH,
    Cause.WRONG_YEAR, Cause.WRONG_DAY, Cause.FIRST_OF_JANUARY, Cause.PLACEHOLDER_BIRTH_DATE, Cause.MISSING_BIRTH_DATE,
]  # fmt: skip


@pytest.mark.parametrize("cause", OF_IDENTITY)
def test_a_cause_is_written_down_for_exactly_the_records_that_differ(cause):
    true = people()
    scribe = scribe_of(area.only(cause, rate=0.5), true)
    recorded = record_identity(true, scribe)
    noted = scribe.causes()
    assert set(noted["cause"]) == {cause.value}
    assert sorted(differing(true, recorded.select(IDENTITY))) == noted["record_id"].to_list()


@pytest.mark.parametrize(
    "cause", [Cause.MISSING_PNC, Cause.WRONG_PNC, Cause.OTHER_FORM_OF_PNC, Cause.MISSING_CRO, Cause.WRONG_CRO]
)
def test_a_cause_of_numbers_is_written_down_for_exactly_the_records_that_differ(cause):
    true = people()
    scribe = scribe_of(area.only(cause, rate=0.5), true)
    recorded = record_numbers(true, scribe)
    assert scribe.causes()["cause"].unique().to_list() == [cause.value]
    assert sorted(differing(true, recorded)) == scribe.causes()["record_id"].to_list()


@pytest.mark.parametrize("multiplier", [1.0, 4.0])
def test_under_all_noise_together_no_record_differs_without_a_cause(multiplier):
    true = people()
    scribe = scribe_of(Rates.read(area.REFERENCE, multiplier), true)
    recorded = record_identity(true, scribe).select(IDENTITY)
    noted, wrong = set(scribe.causes()["record_id"]), set(differing(true, recorded))
    assert wrong <= noted
    assert len(noted - wrong) <= len(noted) * 0.01  # two slips can undo each other


@pytest.mark.parametrize(
    ("cause", "last", "first"),
    [
        (Cause.MAIDEN_NAME, {"Hill"}, None),
        (Cause.MARRIED_NAME, {"Young", "Smith"}, None),
        (Cause.ALIAS_AS_MAIN_NAME, {"Grey", "Black"}, None),
        (Cause.TRANSLITERATION, {*SURNAMES, "Ahmad"}, {*FORENAMES, "Muhammad", "Mohamed"}),
        (
            Cause.NICKNAME,
            set(SURNAMES),
            {short for name in FORENAMES for short in names.nicknames().get(name, [])},
        ),
        (Cause.SWAPPED_NAMES, set(FORENAMES), set(SURNAMES)),
    ],
)
def test_a_record_hit_by_a_cause_bears_the_name_that_the_cause_says(cause, last, first):
    true = people()
    scribe = scribe_of(area.only(cause), true)
    hit = record_identity(true, scribe).filter(true["record_id"].is_in(scribe.causes()["record_id"].implode()))
    assert len(hit) > 100
    assert set(hit["last_name"]) <= last
    assert set(hit["first_name"]) <= (first or set(FORENAMES))


def test_family_name_first_moves_all_names_on_by_one_field():
    true = people().filter(pl.col("middle_names").is_not_null())
    scribe = scribe_of(area.only(Cause.FAMILY_NAME_FIRST), true)
    everything = record_identity(true, scribe)
    is_hit = true["record_id"].is_in(scribe.causes()["record_id"].implode())
    moved_on = true.filter(is_hit).select("middle_names", "last_name", "first_name")
    assert everything.filter(is_hit).select("last_name", "first_name", "middle_names").rows() == moved_on.rows()


def test_only_women_who_kept_their_surname_are_entered_under_their_partner_s():
    true = people()
    scribe = scribe_of(area.only(Cause.MARRIED_NAME), true)
    record_identity(true, scribe)
    hit = true.filter(pl.col("record_id").is_in(scribe.causes()["record_id"].implode()))
    assert set(hit["sex"]) == {"F"}
    assert hit["maiden_name"].null_count() == len(hit)


def test_who_gave_a_false_name_or_goes_by_an_alias_is_marked():
    true = people()
    scribe = scribe_of(area.only(Cause.FALSE_NAME, Cause.ALIAS_AS_MAIN_NAME, rate=0.3), true)
    recorded = record_identity(true, scribe).with_columns(true["record_id"])
    for column, cause in (("false_name", Cause.FALSE_NAME), ("under_alias", Cause.ALIAS_AS_MAIN_NAME)):
        noted = scribe.causes().filter(pl.col("cause") == cause.value)["record_id"]
        assert sorted(recorded.filter(pl.col(column))["record_id"]) == noted.to_list()
    assert not (recorded["false_name"] & recorded["under_alias"]).any()


def test_a_slip_asked_for_is_certain_and_no_other_name_hides_it():
    true = people()
    wanted = np.isin(true["first_name"].to_numpy(), ["William", "Katherine"])
    table = area.only(Cause.FALSE_NAME, Cause.ALIAS_AS_MAIN_NAME, rate=0.9)
    scribe = scribe_of(table, true)
    recorded = record_identity(true, scribe, {Cause.NICKNAME: wanted})
    noted = scribe.causes().filter(pl.col("cause") == "nickname")["record_id"]
    assert set(noted) == set(true.filter(pl.Series(wanted))["record_id"])
    assert not recorded.filter(pl.Series(wanted))["false_name"].any()


def test_a_birth_date_has_one_slip_at_most():
    true = people()
    scribe = scribe_of(Rates.read(area.REFERENCE, 20.0), true)
    record_identity(true, scribe)
    dates = [Cause.SWAPPED_DAY_AND_MONTH, Cause.WRONG_DAY, Cause.WRONG_YEAR, Cause.FIRST_OF_JANUARY, Cause.PLACEHOLDER_BIRTH_DATE]
    assert scribe.causes().filter(pl.col("cause").is_in([c.value for c in dates]))["record_id"].is_unique().all()


def test_a_slip_never_makes_a_birth_later_than_the_newest_one():
    born = [dt.date(2025, 1, 10), dt.date(2025, 11, 1), dt.date(2025, 2, 11)] * 700
    true = people().with_columns(pl.Series("date_of_birth", born))
    recorded = record_identity(true, scribe_of(Rates.read(area.REFERENCE, 10.0), true))
    assert recorded["date_of_birth"].max() <= dt.date(2025, 11, 1)
    assert (recorded["date_of_birth"] != pl.Series(born)).sum() > 10


def test_a_wrong_number_is_half_the_time_that_of_somebody_else():
    true = people()
    recorded = record_numbers(true, scribe_of(area.only(Cause.WRONG_PNC, Cause.WRONG_CRO), true))
    for column in ("pnc", "cro"):
        belongs_to_another = recorded[column].is_in(true[column].implode())
        assert (belongs_to_another & (recorded[column] != true[column])).mean() == pytest.approx(MOST / 2, abs=0.04)
        assert (recorded[column] != true[column]).mean() == pytest.approx(MOST, abs=0.02)


def test_about_three_in_four_pnc_numbers_are_recorded_in_prison_and_a_few_of_them_wrongly():
    true = people()
    scribe = scribe_of(Rates.read(area.REFERENCE), true, "prison")
    recorded = record_numbers(true, scribe)["pnc"]
    assert recorded.is_not_null().mean() == pytest.approx(0.75, abs=0.04)
    wrong = scribe.causes().filter(pl.col("cause") == "wrong_pnc")
    assert 0.01 < len(wrong) / len(true) < 0.04


def test_a_wrong_number_asked_for_is_never_missing():
    true = people()
    wanted = np.arange(COUNT) < 200
    scribe = scribe_of(Rates.read(area.REFERENCE), true, "prison")
    recorded = record_numbers(true, scribe, {Cause.WRONG_PNC: wanted})
    assert recorded["pnc"].head(200).null_count() == 0
    noted = scribe.causes().filter(pl.col("cause") == "wrong_pnc")["record_id"]
    assert set(true["record_id"].head(200)) <= set(noted)


def test_an_address_that_is_missing_has_no_postcode_either():
    homes = pl.DataFrame({"address_line": ["1 Oak Road"] * COUNT, "postcode": ["OX4 1AB"] * COUNT})
    scribe = Scribe(Rates.read(area.REFERENCE, 3.0), 5, "prison", people()["record_id"])
    written = record_address(homes, scribe)
    missing = written.filter(pl.col("address_line").is_null())
    assert 0 < len(missing) < COUNT
    assert missing["postcode"].null_count() == len(missing)
    noted = scribe.causes().filter(pl.col("cause") == "missing_address")
    assert len(noted) == len(missing)


def test_capitals_lose_accents_and_say_so():
    written = pl.Series(["Zoë", "Łukasz", None, "Ann"])
    scribe = Scribe(Rates.read(area.REFERENCE), 5, "prison", pl.Series(["1", "2", "3", "4"]))
    assert plain_capitals(written, scribe).to_list() == ["ZOE", "LUKASZ", None, "ANN"]
    assert scribe.causes()["record_id"].to_list() == ["1", "2"]


def test_the_same_seed_gives_the_same_records():
    true = people()
    first, again = (record_identity(true, scribe_of(Rates.read(area.REFERENCE), true)) for _ in range(2))
    assert first.equals(again)
