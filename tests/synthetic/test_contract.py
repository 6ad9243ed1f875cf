"""Every file that the made-up world delivers keeps the landing contract. Its words stand here once more on purpose."""

import csv
import datetime as dt
import hashlib
import json

import polars as pl
import pytest

from paramount_assets.synthetic.deliver import Delivery, write_delivery
from paramount_assets.vocabulary import Source
from tests.synthetic.conftest import DAYS, FIRST_DAY, is_sound, make

DELTA_DAY = FIRST_DAY + dt.timedelta(days=7)
CONTRACT = {
    "movements.csv": "prisoner_number* booking_id* movement_sequence* movement_type_code* movement_reason_code* movement_at* "
    "in_out_status* prison_id* pnc_number cro_number last_name* first_name* middle_names title aliases date_of_birth* gender "
    "ethnicity_code nationality legal_status* sentence_start_date release_date most_serious_offence alert_codes no_fixed_abode "
    "address_line postcode phone_number number_of_children",
    "contacts.csv": "prisoner_number* contact_id* relationship_code* active* next_of_kin last_name* first_name* middle_names "
    "date_of_birth gender address_line postcode phone_number",
    "persons.csv": "person_id* last_name* first_name middle_names date_of_birth gender ethnicity_code pnc_id cro_number deceased "
    "created_on* updated_on*",
    "person_names.csv": "person_id* name_number* last_name* first_name middle_names name_type",
    "person_addresses.csv": "person_id* address_id* address_line* postcode uprn address_type from_date* to_date "
    "last_confirmed_on",
    "associations.csv": "person_id* related_person_id* relationship_code* from_date to_date source",
    "markers.csv": "marker_id* subject_type* subject_id* marker_code* about_person_id from_date* to_date",
    "children.csv": "child_id* la_code* last_name* first_name date_of_birth expected_date_of_birth gender ethnicity_code "
    "deceased address_line postcode uprn address_from_date school_urn",
    "family_members.csv": "child_id* member_number* family_id* person_last_name* person_first_name person_date_of_birth "
    "relationship_code* same_household holds_parental_responsibility",
    "plans.csv": "child_id* plan_type* from_date* to_date allocated_team",
    "persons_asked.csv": "request_ref* child_id",
}
KEYS = {
    "contacts.csv": ["prisoner_number", "contact_id"],
    "persons.csv": ["person_id"],
    "person_names.csv": ["person_id", "name_number"],
    "person_addresses.csv": ["person_id", "address_id", "from_date"],
    "associations.csv": ["person_id", "related_person_id", "relationship_code", "from_date"],
    "markers.csv": ["marker_id"],
    "children.csv": ["child_id"],
    "family_members.csv": ["child_id", "member_number"],
    "plans.csv": ["child_id", "plan_type", "from_date"],
    "persons_asked.csv": ["request_ref", "child_id"],
}
CODES = {
    ("movements.csv", "movement_type_code"): "ADM REL TRN CRT TAP",
    ("movements.csv", "in_out_status"): "IN OUT TRN",
    ("movements.csv", "legal_status"): "REMAND SENTENCED CONVICTED_UNSENTENCED RECALL INDETERMINATE_SENTENCE CIVIL_PRISONER "
    "IMMIGRATION_DETAINEE UNKNOWN OTHER",
    ("movements.csv", "gender"): "M F NK NS",
    ("movements.csv", "no_fixed_abode"): "Y N",
    (
        "contacts.csv",
        "relationship_code",
    ): "SON DAU SSON SDAU GSON GDAU WIFE HUS PART GIF BOF CLW CLH MOT FA GUA FOP BRO SIS GMOT GFA AUNT UN COU FRI",
    ("contacts.csv", "active"): "Y N",
    ("contacts.csv", "next_of_kin"): "Y N",
    ("persons.csv", "gender"): "M F NK NS",
    ("persons.csv", "deceased"): "Y N",
    ("person_names.csv", "name_type"): "alias maiden nickname",
    ("person_addresses.csv", "address_type"): "home work care_of other",
    ("associations.csv", "relationship_code"): "parent_of step_parent_of guardian_of partner_of ex_partner_of sibling_of "
    "grandparent_of other",
    ("associations.csv", "source"): "officer_recorded domestic_incident custody_record other",
    ("markers.csv", "subject_type"): "person address",
    ("markers.csv", "marker_code"): "VI WE FI DA_PERPETRATOR DA_VICTIM CHILD_VICTIM NO_CONTACT_ORDER REFUGE SENSITIVE_ADDRESS "
    "DO_NOT_CONTACT RESTRICTED_RECORD",
    ("family_members.csv", "relationship_code"): "mother father step_parent guardian sibling grandparent carer",
    ("family_members.csv", "same_household"): "Y N",
    ("plans.csv", "plan_type"): "child_protection child_in_need looked_after",
    ("children.csv", "deceased"): "Y N",
}
DATES = {"date_of_birth", "sentence_start_date", "release_date", "created_on", "updated_on", "from_date", "to_date"} | {
    "last_confirmed_on", "expected_date_of_birth", "address_from_date", "person_date_of_birth",
}  # fmt: skip


def _files(world):
    for folder in world.deliveries():
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for entry in manifest["files"]:
            yield folder, manifest, entry


def test_every_source_delivers_on_its_days(world):
    days = {
        source: [p.name for p in sorted((world.settings.landing_folder / source).iterdir())] for source in ("prison_extract",)
    }
    assert days["prison_extract"] == [(FIRST_DAY + dt.timedelta(days=at)).isoformat() for at in range(DAYS)]
    found = sorted(p.name for p in (world.settings.landing_folder / Source.POLICE_RECORDS.value).iterdir())
    assert found == [FIRST_DAY.isoformat(), DELTA_DAY.isoformat()]


def test_every_authority_is_a_feed_of_its_own_one_in_bulk_every_week_and_one_answering_every_day(world):
    feeds = {}
    for folder, manifest, _ in _files(world):
        if manifest["source"] == Source.CHILDRENS_SERVICES.value:
            feeds[folder.parent.name, manifest["version"]] = (manifest["feed"], manifest["kind"])
    bulk, answer = ("E10000025", "full"), ("E06000060", "answer")
    days = [(FIRST_DAY + dt.timedelta(days=at)).isoformat() for at in range(DAYS)]
    weekly = {(day, 1): bulk for day in (days[0], days[7])}
    assert feeds == weekly | {(day, 2 if day == days[7] else 1): answer for day in days[1:]}


def test_the_manifest_names_hash_and_rows_of_every_file(world):
    for folder, manifest, entry in _files(world):
        content = (folder / entry["name"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["rows"] == len(list(csv.reader(content.decode().splitlines()))) - 1
        assert manifest["source"] == folder.parent.parent.name
        assert manifest["extract_date"] == folder.parent.name
        assert (f"v{manifest['version']}", manifest["schema"]) == (folder.name, "1.0")
        assert manifest["produced_at"] >= f"{manifest['extract_date']}T05:40:00"


def test_nothing_stands_in_a_delivery_that_the_manifest_does_not_name(world):
    for folder in world.deliveries():
        named = {e["name"] for e in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]}
        assert {p.name for p in folder.iterdir()} == named | {"manifest.json"}


def test_every_file_has_the_contract_s_columns_and_its_required_values(world):
    for folder, manifest, entry in _files(world):
        rows = pl.read_csv(folder / entry["name"], infer_schema=False)
        wanted = CONTRACT[entry["name"]].split()
        delta = ["deleted"] if manifest["kind"] == "delta" else []
        assert rows.columns == [name.rstrip("*") for name in wanted] + delta
        for column in (name[:-1] for name in wanted if name.endswith("*")):
            assert rows[column].null_count() == 0, (entry["name"], column)


def test_every_code_is_of_the_contract_s_list(world):
    for folder, _, entry in _files(world):
        rows = pl.read_csv(folder / entry["name"], infer_schema=False)
        for (name, column), codes in CODES.items():
            if name == entry["name"]:
                rows = rows.filter(is_sound())
                assert set(rows[column].drop_nulls()) <= set(codes.split()), (name, column)


def test_every_date_and_time_is_iso(world):
    for folder, _, entry in _files(world):
        rows = pl.read_csv(folder / entry["name"], infer_schema=False).filter(is_sound())
        for column in DATES & set(rows.columns):
            assert rows[column].drop_nulls().str.contains(r"^\d{4}-\d{2}-\d{2}$").all()
        if "movement_at" in rows.columns:
            assert rows["movement_at"].str.contains(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$").all()


@pytest.mark.parametrize("day", [FIRST_DAY, DELTA_DAY])
def test_keys_of_the_reference_sources_are_unique(world, day):
    for source in (Source.POLICE_RECORDS, Source.CHILDRENS_SERVICES):
        for file in world.folder(source, day).glob("*.csv"):
            assert world.file(source, day, file.name).select(KEYS[file.name]).is_unique().all(), file.name


def test_a_movement_stands_twice_only_as_a_whole_row(world):
    movements = world.movements()
    key = ["prisoner_number", "booking_id", "movement_sequence"]
    assert movements.unique().select(key).is_unique().all()


def test_an_extract_holds_what_was_recorded_before_six_on_its_day(world):
    movements = world.movements().with_columns(pl.col("movement_at").str.to_datetime())
    end = pl.col("extract_date").cast(pl.Datetime) + pl.duration(hours=6)
    assert (
        movements.select((pl.col("movement_at") < end) & (pl.col("movement_at") >= end - pl.duration(days=1))).to_series().all()
    )


def test_prison_numbers_and_bookings_have_their_form_and_sequences_go_up_with_time(world):
    movements = world.movements().unique().with_columns(pl.col("movement_sequence").cast(pl.Int64))
    assert movements["prisoner_number"].str.contains(r"^[A-Z]\d{4}[A-Z]{2}$").all()
    assert movements["booking_id"].str.contains(r"^\d+$").all()
    ordered = movements.sort("booking_id", "movement_sequence")
    rising = ordered.select((pl.col("movement_at") >= pl.col("movement_at").shift(1).over("booking_id")).fill_null(value=True))
    assert rising.to_series().all()


def test_contacts_belong_to_persons_in_the_movements_of_the_same_day(world):
    for at in range(DAYS):
        day = FIRST_DAY + dt.timedelta(days=at)
        contacts = world.file(Source.PRISON_EXTRACT, day, "contacts.csv")
        assert set(contacts["prisoner_number"]) <= set(world.file(Source.PRISON_EXTRACT, day, "movements.csv")["prisoner_number"])


def _has_right_letter(canonical: str) -> bool:
    serial = int(canonical[2:4] + canonical[5:12])
    return "ZABCDEFGHJKLMNPQRTUVWXY"[serial % 23] == canonical[-1]


def test_nearly_all_pnc_numbers_have_the_right_check_letter(world):
    numbers = world.file(Source.POLICE_RECORDS, FIRST_DAY, "persons.csv")["pnc_id"].drop_nulls()
    canonical = numbers.filter(numbers.str.contains(r"^\d{4}/\d{7}[A-Z]$"))
    assert len(canonical) > 0.7 * len(numbers)
    assert sum(_has_right_letter(pnc) for pnc in canonical) >= 0.95 * len(canonical)


def test_birth_dates_and_police_dates_are_not_after_the_day_they_are_sent_on(world):
    for day in (FIRST_DAY, DELTA_DAY):
        persons = world.file(Source.POLICE_RECORDS, day, "persons.csv").filter(is_sound())
        for column in ("date_of_birth", "created_on", "updated_on"):
            assert (persons[column].drop_nulls() < day.isoformat()).all()
        for name in ("person_addresses.csv", "associations.csv", "markers.csv"):
            rows = world.file(Source.POLICE_RECORDS, day, name).filter(is_sound())
            assert (rows["from_date"].drop_nulls() < day.isoformat()).all()


def test_addresses_associations_and_names_are_of_persons_already_sent(world):
    known: set[str] = set()
    for day in (FIRST_DAY, DELTA_DAY):
        known |= set(world.file(Source.POLICE_RECORDS, day, "persons.csv")["person_id"])
        for name in ("person_addresses.csv", "associations.csv", "person_names.csv"):
            assert set(world.file(Source.POLICE_RECORDS, day, name)["person_id"]) <= known
        assert set(world.file(Source.POLICE_RECORDS, day, "associations.csv")["related_person_id"]) <= known


def test_a_delta_brings_new_persons_new_addresses_and_deletions_only(world):
    full = world.file(Source.POLICE_RECORDS, FIRST_DAY, "persons.csv")
    delta = world.file(Source.POLICE_RECORDS, DELTA_DAY, "persons.csv")
    assert 0 < len(delta) < len(full) / 4
    assert set(delta.filter(pl.col("deleted") == "Y")["person_id"]) <= set(full["person_id"])
    addresses = world.file(Source.POLICE_RECORDS, DELTA_DAY, "person_addresses.csv")
    assert addresses["to_date"].drop_nulls().len() > 0


def test_an_extract_without_movements_is_a_signed_nil_return(tmp_path):
    make(tmp_path, density=0.01)
    manifests = [
        json.loads(file.read_text(encoding="utf-8")) for file in tmp_path.glob("data/landing/prison_extract/*/v1/manifest.json")
    ]
    entries = [entry for manifest in manifests for entry in manifest["files"]]
    empty = [entry for entry in entries if entry["rows"] == 0 and entry["name"] == "movements.csv"]
    assert empty
    assert all(entry["nil_return"] for entry in empty)


def test_on_a_nil_day_the_contacts_are_signed_too_and_on_others_they_need_not_be(tmp_path):
    nothing, something = pl.DataFrame({"a": []}), pl.DataFrame({"a": ["1"]})
    for at, movements in enumerate((nothing, something)):
        day = FIRST_DAY + dt.timedelta(days=at)
        files = {"movements.csv": movements, "contacts.csv": nothing}
        write_delivery(tmp_path, Delivery(Source.PRISON_EXTRACT, day, "full", files))
    manifests = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(tmp_path.rglob("manifest.json"))]
    assert [["nil_return" in entry for entry in manifest["files"]] for manifest in manifests] == [[True, True], [False, False]]
