"""Where the project is found and what the force's configuration may say."""

import datetime as dt
from pathlib import Path

import pytest

from paramount_assets import settings as settings_module
from paramount_assets.settings import Settings, SettingsInvalid
from paramount_assets.vocabulary import Day, Source

FORCE_FILE = Path(settings_module.__file__).parent / "forces" / "thames_valley.toml"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """No `.env` of the project and no variable of this machine has a say."""
    monkeypatch.chdir(tmp_path)


def force_file(folder: Path, old: str = "", new: str = "") -> Settings:
    text = FORCE_FILE.read_text(encoding="utf-8")
    assert old in text
    (folder / "force.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return Settings(root=folder, force_file=folder / "force.toml")


def test_a_setting_is_given_as_an_environment_variable_or_in_a_file(tmp_path, monkeypatch):
    monkeypatch.setenv("PARAMOUNT_DATA", "elsewhere")
    (tmp_path / ".env").write_text("PARAMOUNT_MEMORY_LIMIT=1GB\nPARAMOUNT_DATA=overruled\n")
    read = Settings.read()
    assert (read.data_folder, read.memory_limit) == (tmp_path / "elsewhere", "1GB")


def test_a_data_folder_given_in_full_stands(tmp_path):
    assert Settings(root=tmp_path, data=Path("/elsewhere")).lake_folder == Path("/elsewhere/lake")


def test_a_setting_of_the_wrong_kind_is_named_without_its_value(monkeypatch):
    monkeypatch.setenv("PARAMOUNT_FIRST_DAY", "Secretvalue")
    with pytest.raises(SettingsInvalid, match="first_day: Input should be a valid date") as raised:
        Settings.read()
    assert "Secretvalue" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_every_setting_says_what_it_is():
    assert all(field.description for field in Settings.model_fields.values())


def test_the_projects_own_folder_goes_before_the_one_that_came_with_the_package(tmp_path):
    beside = Settings(root=tmp_path).project_folder("dbt_like_sql")
    assert beside == Path(settings_module.__file__).parents[1] / "dbt_like_sql"
    (tmp_path / "dbt_like_sql").mkdir()
    assert Settings(root=tmp_path).project_folder("dbt_like_sql") == tmp_path / "dbt_like_sql"


def test_thames_valley_has_every_source_and_all_its_districts():
    force = Settings().force
    assert set(force.sources) == set(Source)
    assert len(force.districts) == len(force.team_of()) == 13


def test_the_offer_is_made_from_the_day_a_district_goes_live():
    force = Settings().force
    district = next(d for d in force.districts if d.live_from)
    before, on = (Day(district.live_from - dt.timedelta(days=n)) for n in (1, 0))
    assert district.la_code not in force.live_areas(before)
    assert district.la_code in force.live_areas(on)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("child_age_limit_years = 18", 'child_age_limit_years = "Secretvalue"', "policy.child_age_limit_years: Input should be"),
        ('prison_extract = "agreed"', 'prison_extract = "Secretvalue"', "sources.prison_extract: Input should be"),
        ("hold_days = 2", "hold_hours = 2", "policy.hold_days: Field required; policy.hold_hours: Extra inputs"),
        ("hold_days = 2", "hold_days = = 2", "is not TOML"),
    ],
)
def test_a_configuration_that_says_what_it_may_not_is_refused_without_its_values(tmp_path, old, new, message):
    with pytest.raises(SettingsInvalid, match=message) as raised:
        _ = force_file(tmp_path, old, new).force
    assert "Secretvalue" not in str(raised.value)


def test_a_configuration_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsInvalid, match=r"none\.toml is not there"):
        _ = Settings(force_file=tmp_path / "none.toml").force


def test_each_authority_delivers_for_its_own_districts():
    force = Settings().force
    oxfordshire, bucks = force.feed("E10000025"), force.feed("E06000060")
    assert (oxfordshire.delivers, bucks.delivers) == ("bulk", "answer")
    assert "E07000178" in oxfordshire.la_codes
    assert "E10000025" in oxfordshire.la_codes
    assert force.feed("E06000042") is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('["E06000060"]', '["E06000060", "E07000178"]', "services: district served by two feeds: E07000178"),
        ('["E06000060"]', '["E06000099"]', "services: district that the force does not have: E06000099"),
        ('"E10000025"', '"E06000060"', "services: two feeds of one authority: E06000060"),
        ('delivers = "bulk"', 'delivers = "Secretvalue"', "services.0.delivers: Input should be 'bulk' or 'answer'"),
        ('"E10000025"', '"the county"', "services.0.la_code: String should match"),
        ('["E06000060"]', "[]", "services.1.districts: Tuple should have at least 1 item"),
    ],
)
def test_what_the_authorities_deliver_is_said_without_contradiction(tmp_path, old, new, message):
    with pytest.raises(SettingsInvalid) as refused:
        _ = force_file(tmp_path, old, new).force
    assert str(refused.value).startswith(f"the force's configuration {tmp_path}/force.toml: {message}")
