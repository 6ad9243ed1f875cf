"""Files of deliveries as CSV and as Parquet, and what stands in a week's full, a delta and an answer."""

import datetime as dt
import hashlib
import json

import polars as pl
import pytest

from paramount_assets.synthetic.deliver import Delivery, DeliveryExistsError, write_correction, write_delivery
from paramount_assets.vocabulary import Source
from tests.synthetic.conftest import DAYS, FIRST_DAY, is_sound, make

DAY = dt.date(2025, 11, 3)
ROWS = pl.DataFrame(
    {
        "person_id": ["P1", "P2"],
        "last_name": ['O"Hara, Jr', None],
        "date_of_birth": [dt.date(1990, 1, 2), None],
        "seen_at": [dt.datetime.fromisoformat("2025-11-02T05:00:00"), None],
        "name_number": [1, 2],
    }
)


@pytest.mark.parametrize("times", [1, 300])
def test_few_rows_and_many_are_written_in_the_same_form(tmp_path, times):
    write_delivery(tmp_path, Delivery(Source.POLICE_RECORDS, DAY, "full", {"persons.csv": pl.concat([ROWS] * times)}))
    text = (tmp_path / "police_records" / "2025-11-03" / "v1" / "persons.csv").read_text()
    two = 'P1,"O""Hara, Jr",1990-01-02,2025-11-02T05:00:00,1\nP2,,,,2\n'
    assert text == "person_id,last_name,date_of_birth,seen_at,name_number\n" + two * times


def test_parquet_holds_the_same_texts_as_csv(tmp_path):
    for file_format in ("csv", "parquet"):
        delivery = Delivery(Source.POLICE_RECORDS, DAY, "full", {"persons.csv": ROWS}, file_format=file_format)
        write_delivery(tmp_path / file_format, delivery)
    folder = "police_records/2025-11-03/v1"
    as_csv = pl.read_csv(tmp_path / "csv" / folder / "persons.csv", infer_schema=False)
    as_parquet = pl.read_parquet(tmp_path / "parquet" / folder / "persons.parquet")
    assert set(as_parquet.dtypes) == {pl.String}
    assert as_parquet.equals(as_csv)
    entry = json.loads((tmp_path / "parquet" / folder / "manifest.json").read_text())["files"][0]
    content = (tmp_path / "parquet" / folder / "persons.parquet").read_bytes()
    assert entry == {"name": "persons.parquet", "rows": 2, "sha256": hashlib.sha256(content).hexdigest()}


def test_a_delivery_that_stands_is_left_alone_and_another_is_refused_without_a_trace(tmp_path):
    delivery = Delivery(Source.POLICE_RECORDS, DAY, "full", {"persons.csv": ROWS})
    assert write_delivery(tmp_path, delivery)
    before = sorted(tmp_path.rglob("*"))
    assert not write_delivery(tmp_path, delivery)
    with pytest.raises(DeliveryExistsError, match="other content"):
        write_delivery(tmp_path, delivery._replace(files={"persons.csv": ROWS.head(1)}))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_correction_is_a_version_beside_the_standing_one(tmp_path):
    delivery = Delivery(Source.CASEWORK_FEEDBACK, DAY, "full", {"events.csv": ROWS})
    assert write_correction(tmp_path, delivery)
    assert not write_correction(tmp_path, delivery)
    assert write_correction(tmp_path, delivery._replace(files={"events.csv": ROWS.head(1)}))
    assert [p.name for p in sorted((tmp_path / "casework_feedback" / "2025-11-03").iterdir())] == ["v1", "v2"]


def test_a_world_in_parquet_holds_what_the_same_world_in_csv_holds(tmp_path, world):
    make(tmp_path, file_format="parquet")
    landing = tmp_path / "data" / "landing"
    assert not list(landing.glob("prison_extract/**/*.parquet"))
    files = sorted(landing.glob("*/*/*/*.parquet"))
    assert len(files) > 30
    for file in files:
        csv = world.settings.landing_folder / file.relative_to(landing).with_suffix(".csv")
        assert pl.read_parquet(file).equals(pl.read_csv(csv, infer_schema=False)), csv.name


def test_an_answer_holds_all_that_is_held_of_the_children_that_it_names_and_nothing_else(world):
    asked_of = 0
    for at in range(1, DAYS):
        day = FIRST_DAY + dt.timedelta(days=at)
        version = 2 if at == 7 else 1
        asked = world.file(Source.CHILDRENS_SERVICES, day, "persons_asked.csv", version)
        children = world.file(Source.CHILDRENS_SERVICES, day, "children.csv", version)
        assert set(children["child_id"]) == set(asked["child_id"].drop_nulls())
        assert set(children["la_code"]) <= {"E06000060"}
        for name in ("family_members.csv", "plans.csv"):
            assert set(world.file(Source.CHILDRENS_SERVICES, day, name, version)["child_id"]) <= set(children["child_id"])
        asked_of += len(asked)
    assert asked_of >= 40


def test_the_bulk_authority_sends_everything_again_after_a_week(world):
    first, second = (world.file(Source.CHILDRENS_SERVICES, FIRST_DAY + dt.timedelta(days=at), "children.csv") for at in (0, 7))
    assert set(first["child_id"]) <= set(second["child_id"])
    assert set(second["la_code"]) == {"E10000025"}


def test_what_was_spoiled_is_in_the_answer_key_and_the_rest_is_sound(world):
    noted = world.key("noise").filter(cause="quarantined_row")
    persons = world.file(Source.POLICE_RECORDS, FIRST_DAY, "persons.csv")
    spoiled = set(persons.filter(~is_sound())["person_id"])
    assert spoiled <= set(noted["record_id"])
    assert len(spoiled) <= 5
