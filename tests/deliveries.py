"""Writes deliveries for tests: valid, made-up rows with only what matters overridden, their file and their manifest.

A row is a dictionary of text, as a CSV holds it. Each maker's defaults alone are a valid row; rows of one file need different
keys. Nothing here checks anything, so a test can write what is wrong.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from paramount_assets.vocabulary import Day, Source

Row = dict[str, str]
Content = Sequence[Row] | bytes


def write_delivery(
    landing_folder: Path,
    source: Source,
    day: Day,
    files: Mapping[str, Content],
    version: int = 1,
    kind: str = "full",
    **manifest_overrides: object,
) -> Path:
    """Lands one delivery and returns its folder.

    Args:
        landing_folder: the landing area, `Settings.landing_folder`.
        source: who delivers.
        day: the extract's date.
        files: the rows of each file by its name ("movements.csv"; a name ending in .parquet lands as Parquet), or its bytes.
        version: of the delivery.
        kind: full, delta or answer. The files of a delta get a column `deleted`, "N" where a row does not say.
        manifest_overrides: fields of the manifest that are to say something else; None leaves the field out.
    """
    folder = landing_folder / source / day.isoformat() / f"v{version}"
    folder.mkdir(parents=True, exist_ok=True)
    entries = [_write_file(folder / name, content, kind) for name, content in files.items()]
    manifest = {
        "source": str(source),
        "extract_date": day.isoformat(),
        "version": version,
        "schema": "1.0",
        "kind": kind,
        "produced_at": f"{day.isoformat()}T05:40:00",
        "files": entries,
    }
    manifest = {name: value for name, value in (manifest | manifest_overrides).items() if value is not None}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def edit_manifest(folder: Path, file_name: str | None = None, /, **overrides: object) -> None:
    """Changes a manifest that was written before: its entry of one file, or without a file's name its own fields."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    entries = [manifest] if file_name is None else [e for e in manifest["files"] if e["name"] == file_name]
    for entry in entries:
        entry.update(overrides)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def write_prison_extract(
    landing_folder: Path,
    day: Day,
    movements: Content | None = None,
    contacts: Content | None = None,
    version: int = 1,
    **manifest_overrides: object,
) -> Path:
    """Lands a prison extract: one reception and no contact unless told otherwise."""
    files = {
        "movements.csv": [movement(movement_at=f"{day}T05:00:00")] if movements is None else movements,
        "contacts.csv": contacts or [],
    }
    return write_delivery(landing_folder, Source.PRISON_EXTRACT, day, files, version, **manifest_overrides)


def write_police_records(
    landing_folder: Path,
    day: Day,
    version: int = 1,
    kind: str = "full",
    suffix: str = ".csv",
    **files: Content,
) -> Path:
    """Lands police records: two people, and one valid row in each other file, unless told otherwise by the file's name."""
    rows: dict[str, Content] = {
        "persons": [police_person(), police_person(person_id="P2", first_name="Molly", date_of_birth="2016-05-02", pnc_id="")],
        "person_names": [police_name()],
        "person_addresses": [police_address()],
        "associations": [police_association()],
        "markers": [police_marker()],
    }
    contents = {f"{name}{suffix}": content for name, content in (rows | files).items()}
    return write_delivery(landing_folder, Source.POLICE_RECORDS, day, contents, version, kind)


def write_childrens_services(
    landing_folder: Path,
    day: Day,
    version: int = 1,
    kind: str = "full",
    suffix: str = ".csv",
    feed: str | None = None,
    **files: Content,
) -> Path:
    """Lands a local authority's delivery: one valid row in each file unless told otherwise by the file's name.

    An answer has a fourth file, which says that the child is held because of the man who was received.
    """
    rows: dict[str, Content] = {
        "children": [services_child()],
        "family_members": [services_family_member()],
        "plans": [services_plan()],
    }
    rows |= {"persons_asked": [person_asked()]} if kind == "answer" else {}
    contents = {f"{name}{suffix}": content for name, content in (rows | files).items()}
    return write_delivery(landing_folder, Source.CHILDRENS_SERVICES, day, contents, version, kind, feed=feed)


def write_feedback(landing_folder: Path, day: Day, events: Content, version: int = 1) -> Path:
    """Lands the events that officers and the charity reported."""
    return write_delivery(landing_folder, Source.CASEWORK_FEEDBACK, day, {"events.csv": events}, version)


def as_csv(rows: Sequence[Row], header: Sequence[str]) -> bytes:
    """The rows as RFC 4180 CSV in UTF-8, under the header and any further column that a row has."""
    extra = dict.fromkeys(name for row in rows for name in row if name not in header)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*header, *extra], restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _write_file(path: Path, content: Content, kind: str) -> dict[str, object]:
    rows = content if isinstance(content, bytes) else _with_deleted(content, kind)
    header = [*header_of(path.stem), *(["deleted"] if kind == "delta" else [])]
    if isinstance(rows, bytes):
        path.write_bytes(rows)
        count = _records(rows)
    elif path.suffix == ".parquet":
        pl.DataFrame(
            [{c: row.get(c) or None for c in header} for row in rows], schema=dict.fromkeys(header, pl.String)
        ).write_parquet(path)
        count = len(rows)
    else:
        path.write_bytes(as_csv(rows, header))
        count = len(rows)
    entry: dict[str, object] = {"name": path.name, "rows": count, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return entry | ({"nil_return": True} if count == 0 and kind == "full" and path.stem != "contacts" else {})


def _with_deleted(rows: Sequence[Row], kind: str) -> list[Row]:
    return [{"deleted": "N"} | row for row in rows] if kind == "delta" else list(rows)


def _records(content: bytes) -> int:
    text = content.decode("utf-8-sig", errors="replace")
    csv.field_size_limit(100_000_000)
    return sum(1 for record in csv.reader(io.StringIO(text, newline="")) if record) - 1


def movement(**overrides: str) -> Row:
    """A row of movements.csv: a man remanded to Bullingdon from a home in Oxford."""
    row = {
        "prisoner_number": "A1234BC",
        "booking_id": "1000001",
        "movement_sequence": "1",
        "movement_type_code": "ADM",
        "movement_reason_code": "N",
        "movement_at": "2025-11-04T15:20:00",
        "in_out_status": "IN",
        "prison_id": "BNI",
        "pnc_number": "12/394773H",
        "cro_number": "65656/91H",
        "last_name": "Samplesworth",
        "first_name": "Darren",
        "middle_names": "",
        "title": "",
        "aliases": "",
        "date_of_birth": "1988-03-14",
        "gender": "M",
        "ethnicity_code": "W1",
        "nationality": "British",
        "legal_status": "REMAND",
        "sentence_start_date": "",
        "release_date": "",
        "most_serious_offence": "",
        "alert_codes": "",
        "no_fixed_abode": "N",
        "address_line": "12 Example Street, Oxford",
        "postcode": "OX4 1AA",
        "phone_number": "",
        "number_of_children": "2",
    }
    return row | overrides


def contact(**overrides: str) -> Row:
    """A row of contacts.csv: the man's daughter, at his home."""
    row = {
        "prisoner_number": "A1234BC",
        "contact_id": "501",
        "relationship_code": "DAU",
        "active": "Y",
        "next_of_kin": "N",
        "last_name": "Samplesworth",
        "first_name": "Molly",
        "middle_names": "",
        "date_of_birth": "2016-05-02",
        "gender": "F",
        "address_line": "12 Example Street, Oxford",
        "postcode": "OX4 1AA",
        "phone_number": "",
    }
    return row | overrides


def police_person(**overrides: str) -> Row:
    """A row of persons: the same man in the force's records."""
    row = {
        "person_id": "P1",
        "last_name": "Samplesworth",
        "first_name": "Darren",
        "middle_names": "",
        "date_of_birth": "1988-03-14",
        "gender": "M",
        "ethnicity_code": "W1",
        "pnc_id": "2012/0394773H",
        "cro_number": "",
        "deceased": "N",
        "created_on": "2015-06-01",
        "updated_on": "2024-02-10",
    }
    return row | overrides


def police_name(**overrides: str) -> Row:
    """A row of person_names: an alias."""
    row = {
        "person_id": "P1",
        "name_number": "1",
        "last_name": "Samples",
        "first_name": "Daz",
        "middle_names": "",
        "name_type": "alias",
    }
    return row | overrides


def police_address(**overrides: str) -> Row:
    """A row of person_addresses: his present home."""
    row = {
        "person_id": "P1",
        "address_id": "AD1",
        "address_line": "12 Example Street, Oxford",
        "postcode": "OX4 1AA",
        "uprn": "",
        "address_type": "home",
        "from_date": "2019-01-15",
        "to_date": "",
        "last_confirmed_on": "2024-02-10",
    }
    return row | overrides


def police_association(**overrides: str) -> Row:
    """A row of associations: he is the parent of P2."""
    row = {
        "person_id": "P1",
        "related_person_id": "P2",
        "relationship_code": "parent_of",
        "from_date": "2016-05-02",
        "to_date": "",
        "source": "officer_recorded",
    }
    return row | overrides


def police_marker(**overrides: str) -> Row:
    """A row of markers: a warning of violence about P1."""
    row = {
        "marker_id": "M1",
        "subject_type": "person",
        "subject_id": "P1",
        "marker_code": "VI",
        "about_person_id": "",
        "from_date": "2020-01-01",
        "to_date": "",
    }
    return row | overrides


def services_child(**overrides: str) -> Row:
    """A row of children: his daughter in Oxfordshire's records."""
    row = {
        "child_id": "C1",
        "la_code": "E07000178",
        "last_name": "Samplesworth",
        "first_name": "Molly",
        "date_of_birth": "2016-05-02",
        "expected_date_of_birth": "",
        "gender": "F",
        "ethnicity_code": "W1",
        "deceased": "N",
        "address_line": "12 Example Street, Oxford",
        "postcode": "OX4 1AA",
        "uprn": "",
        "address_from_date": "2019-01-15",
        "school_urn": "",
    }
    return row | overrides


def services_family_member(**overrides: str) -> Row:
    """A row of family_members: he as her father."""
    row = {
        "child_id": "C1",
        "member_number": "1",
        "family_id": "FAM1",
        "person_last_name": "Samplesworth",
        "person_first_name": "Darren",
        "person_date_of_birth": "1988-03-14",
        "relationship_code": "father",
        "same_household": "Y",
        "holds_parental_responsibility": "Y",
    }
    return row | overrides


def services_plan(**overrides: str) -> Row:
    """A row of plans: she is a child in need."""
    row = {
        "child_id": "C1",
        "plan_type": "child_in_need",
        "from_date": "2025-01-10",
        "to_date": "",
        "allocated_team": "North Family Solutions",
    }
    return row | overrides


def person_asked(**overrides: str) -> Row:
    """A row of persons_asked: the child is held because of the man who was received."""
    return {"request_ref": "1000001-1", "child_id": "C1"} | overrides


def feedback_event(**overrides: str) -> Row:
    """A row of events: a community support officer acknowledges a notification."""
    row = {
        "event_id": "E1",
        "notification_ref": "N0000001",
        "support_token": "",
        "event_type": "acknowledged",
        "event_at": "2025-11-05T09:00:00",
        "organisation": "police",
        "reported_by": "pcso",
        "value": "",
        "note_code": "",
    }
    return row | overrides


MAKERS = {
    "movements": movement,
    "contacts": contact,
    "persons": police_person,
    "person_names": police_name,
    "person_addresses": police_address,
    "associations": police_association,
    "markers": police_marker,
    "children": services_child,
    "family_members": services_family_member,
    "plans": services_plan,
    "persons_asked": person_asked,
    "events": feedback_event,
}
"""Who makes a valid row of each file."""


def header_of(stem: str) -> tuple[str, ...]:
    """The columns of a file in contract order; empty for a file that no contract knows."""
    return tuple(MAKERS[stem]()) if stem in MAKERS else ()
