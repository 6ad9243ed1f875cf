import ast
import datetime as dt
import hashlib
from pathlib import Path

import polars as pl
import pytest

import paramount_assets.synthetic as package
from paramount_assets.settings import Settings
from paramount_assets.synthetic.custody import imprison
from paramount_assets.synthetic.deliver import Delivery, DeliveryExistsError, write_delivery
from paramount_assets.synthetic.households import Shape
from paramount_assets.synthetic.movements import FAILED_RETURNS, RECEPTION_REASONS
from paramount_assets.synthetic.population import Population, populate
from paramount_assets.vocabulary import Source
from tests.synthetic.conftest import FIRST_DAY, PROJECT, RESIDENTS, make

REFERENCE = PROJECT / "data" / "reference"
MAY_IMPORT = {"vocabulary", "clock", "settings", "synthetic"}


def inhabit(residents: int) -> Population:
    return populate(PROJECT / "data" / "reference", Settings().force.districts, residents, FIRST_DAY, 14, 5)


def _bytes_of(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path, world):
    make(tmp_path / "again")
    make(tmp_path / "other", seed=8)
    first = _bytes_of(world.settings.data_folder)
    # Feedback tests answer into the same world: only what simulate wrote is compared.
    own = {name: digest for name, digest in first.items() if "casework_feedback" not in name}
    assert _bytes_of(tmp_path / "again" / "data") == own
    assert _bytes_of(tmp_path / "other" / "data") != own


def test_made_again_in_the_same_folder_it_changes_nothing(tmp_path):
    make(tmp_path, residents=1_200, density=350.0)
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "data" / "landing").rglob("*.csv")}
    make(tmp_path, residents=1_200, density=350.0)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "data" / "landing").rglob("*.csv")} == before


def test_another_world_is_never_written_over_a_delivery_that_stands(tmp_path):
    make(tmp_path, residents=1_200, density=350.0)
    with pytest.raises(DeliveryExistsError, match="data folder of its own"):
        make(tmp_path, seed=8, residents=1_200, density=350.0)


def test_a_delivery_without_its_manifest_is_written_again(tmp_path):
    delivery = Delivery(Source.PRISON_EXTRACT, FIRST_DAY, "full", {"movements.csv": pl.DataFrame({"a": ["1"]})})
    assert write_delivery(tmp_path, delivery)
    (tmp_path / "prison_extract" / FIRST_DAY.isoformat() / "v1" / "manifest.json").unlink()
    assert write_delivery(tmp_path, delivery)
    assert not write_delivery(tmp_path, delivery)


def test_the_summary_counts_what_was_made(world):
    summary = world.summary
    assert summary.counts["residents"] == RESIDENTS
    assert set(summary.households) == {shape.value for shape in Shape}
    assert summary.counts["movements"] == len(world.movements())
    assert summary.counts["receptions"] == len(world.key("receptions"))
    assert sum(summary.deliveries.values()) == len(world.deliveries())
    assert set(summary.days) == {"without movements", "late", "corrected"}
    assert sum(sum(causes.values()) for causes in summary.noise.values()) == len(world.key("noise"))


def test_receptions_in_the_key_are_the_admissions_with_a_reception_reason_in_the_extracts(world):
    key = ["prisoner_number", "booking_id", "movement_sequence"]
    admitted = world.movements().unique().filter(
        (pl.col("movement_type_code") == "ADM") & pl.col("movement_reason_code").is_in(sorted(RECEPTION_REASONS))
    )  # fmt: skip
    told = world.key("receptions").with_columns(pl.col("movement_sequence").cast(pl.String))
    assert sorted(admitted.select(key).iter_rows()) == sorted(told.select(key).iter_rows())


def test_most_of_those_received_are_men_most_are_parents_and_most_are_known_to_the_police(world):
    people = world.key("people")
    received = people.filter(pl.col("resident_id").is_in(world.key("receptions")["resident_id"].implode()))
    children = people.filter(pl.col("role") == "child")
    parents = set(children["mother_id"].drop_nulls()) | set(children["father_id"].drop_nulls())
    known = world.key("source_records").filter(pl.col("source") == "police_records")["resident_id"]
    assert received["sex"].eq("M").mean() > 0.8
    assert 0.45 < received["resident_id"].is_in(list(parents)).mean() < 0.85
    assert 0.6 < received["resident_id"].is_in(known.implode()).mean() < 0.95
    assert received["died_on"].null_count() == len(received)
    assert (received["role"] != "child").all()


def test_nobody_is_received_twice_while_inside(world):
    moves = world.movements().unique().sort("prisoner_number", "movement_at", pl.col("movement_sequence").cast(pl.Int64))
    is_reception = pl.col("movement_type_code").eq("ADM") & pl.col("movement_reason_code").is_in(
        sorted(RECEPTION_REASONS - set(FAILED_RETURNS))
    )
    marked = moves.filter(is_reception | (pl.col("movement_type_code") == "REL"))
    before = pl.col("movement_type_code").shift(1).over("prisoner_number")
    assert not marked.select((pl.col("movement_type_code") == "ADM") & (before == "ADM").fill_null(value=False)).to_series().any()


def test_every_kind_of_movement_happens_and_somebody_is_released_on_the_day_of_the_reception():
    population = populate(REFERENCE, Settings().force.districts, 4_000, FIRST_DAY, 14, 5)
    custody = imprison(population, FIRST_DAY, 14, 600.0, 5)
    assert set(custody.movements["movement_type_code"]) == {"ADM", "REL", "TRN", "CRT", "TAP"}
    assert {"N", "I", "L", "INT"} <= set(custody.movements["movement_reason_code"])
    stay = custody.spells.select((pl.col("released_at") - pl.col("admitted_at")).alias("stay"))["stay"]
    assert (stay < dt.timedelta(hours=6)).any()
    per_day = custody.movements.filter("is_reception").group_by("extract_date").len()["len"]
    assert 6 <= per_day.mean() <= 11  # 8.2 expected


def test_both_parents_of_one_child_are_sometimes_received():
    population = populate(REFERENCE, Settings().force.districts, 4_000, FIRST_DAY, 14, 5)
    received = set(imprison(population, FIRST_DAY, 14, 600.0, 5).spells["resident_id"])
    children = population.residents.filter(pl.col("role") == "child").select("mother_id", "father_id").drop_nulls()
    assert any(mother in received and father in received for mother, father in children.iter_rows())


def test_more_receptions_than_adults_are_refused():
    population = populate(REFERENCE, Settings().force.districts, 1_100, FIRST_DAY, 14, 5)
    with pytest.raises(ValueError, match="more receptions than there are adults"):
        imprison(population, FIRST_DAY, 14, 50_000.0, 5)


def test_a_child_s_home_in_the_key_is_where_its_household_lives(world):
    people = world.key("people")
    is_now = (pl.col("from_date") <= FIRST_DAY) & (pl.col("to_date").is_null() | (pl.col("to_date") > FIRST_DAY))
    now = world.key("lives").filter(is_now).select("resident_id", pl.col("home_id").alias("lives_at"))
    with_carers = people.filter((pl.col("role") == "child") & (pl.col("shape") != "childrens_home"))
    placed = with_carers.join(now, on="resident_id", how="left")
    assert placed["home_id"].equals(placed["lives_at"].alias("home_id"))
    carers = people.filter(pl.col("role") != "child").select("household_id").unique()
    assert placed.join(carers, on="household_id", how="anti").is_empty()


def test_most_addresses_that_a_source_has_of_a_child_are_where_it_lives_or_lived(world):
    homes, lives = world.key("homes"), world.key("lives")
    who = world.key("source_records").filter(pl.col("source") == "childrens_services")
    children = world.file(Source.CHILDRENS_SERVICES, FIRST_DAY, "children.csv").join(
        who, left_on="child_id", right_on="record_id"
    )
    true = children.join(lives.join(homes, on="home_id"), on="resident_id")
    matching = true.filter(
        pl.col("postcode").str.replace(" ", "").str.to_uppercase() == pl.col("postcode_right").str.replace(" ", "")
    )
    with_postcode = children.filter(pl.col("postcode").is_not_null() & pl.col("date_of_birth").is_not_null())
    assert matching["child_id"].n_unique() == with_postcode["child_id"].n_unique()


def test_every_record_of_every_source_has_its_answer(world):
    records = world.key("source_records")
    assert records.select("source", "record_id").is_unique().all()
    answered = {source: set(records.filter(pl.col("source") == source)["record_id"]) for source in records["source"].unique()}
    persons = world.file(Source.POLICE_RECORDS, FIRST_DAY, "persons.csv")
    contacts = world.file(Source.PRISON_EXTRACT, FIRST_DAY, "contacts.csv")
    children = world.file(Source.CHILDRENS_SERVICES, FIRST_DAY, "children.csv")
    assert set(persons["person_id"]) <= answered["police_records"]
    assert set(world.movements()["prisoner_number"]) <= answered["prison_extract"]
    assert set(contacts["prisoner_number"] + "/" + contacts["contact_id"]) <= answered["prison_extract"]
    assert set(children["child_id"]) <= answered["childrens_services"]
    assert set(records["resident_id"]) <= set(world.key("people")["resident_id"])


def test_the_refuge_is_marked_and_those_its_mothers_fled_from_are_marked_too(world):
    markers = world.file(Source.POLICE_RECORDS, FIRST_DAY, "markers.csv")
    codes = set(markers["marker_code"])
    assert {"REFUGE", "DA_PERPETRATOR", "DA_VICTIM", "VI", "DO_NOT_CONTACT"} <= codes
    refuge = markers.filter(pl.col("marker_code") == "REFUGE")
    addresses = world.file(Source.POLICE_RECORDS, FIRST_DAY, "person_addresses.csv")
    assert addresses.filter(pl.col("address_id").is_in(refuge["subject_id"].implode())).height > 0


def test_a_number_in_every_source_is_hard_to_recognise_for_a_known_reason(world):
    noise = world.key("noise")
    assert set(noise["source"]) == {"prison_extract", "police_records", "childrens_services"}
    pnc = world.movements().unique("prisoner_number")["pnc_number"]
    assert 0.6 < pnc.is_not_null().mean() < 0.9


def test_the_generator_shares_no_code_with_the_chain():
    for file in Path(package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [a.name for a in getattr(node, "names", []) if isinstance(node, ast.Import)]
            )
            own = [name.split(".")[1] for name in names if name.startswith("paramount_assets.")]
            assert set(own) <= MAY_IMPORT, file.name
