"""Deliveries of the prison extract that are not as they should be: what is said, and which rows are left."""

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from paramount_assets.lake import DeliveryBlocked, Landing, NotDelivered
from paramount_assets.prison.assets import contacts, movements, quarantined_rows, raw_extract
from paramount_assets.quality import judge, load_suite
from paramount_assets.vocabulary import Day, Source
from tests.deliveries import as_csv, contact, edit_manifest, header_of, movement, write_delivery, write_prison_extract

DAY = Day(dt.date(2025, 11, 5))
THE_DAY_BEFORE = Day(dt.date(2025, 11, 4))
HEADER = header_of("movements")
EXPECTATIONS = Path(__file__).parents[2] / "expectations"


@pytest.fixture
def landing(tmp_path):
    return tmp_path / "landing"


def several(count, **overrides):
    """Valid movements of different people."""
    return [movement(prisoner_number=f"A{1000 + n}BC", booking_id=str(n), **overrides) for n in range(count)]


def blocked(landing):
    """What is said when the delivery is refused."""
    with pytest.raises(DeliveryBlocked) as refused:
        raw_extract(DAY, Landing(landing))
    return str(refused.value)


def received(landing):
    """Line numbers that are released, and what was put aside as (file, line, reason, column)."""
    raw = raw_extract(DAY, Landing(landing))
    return movements(DAY, raw)["line_number"].to_list(), quarantined_rows(DAY, raw).rows()


def with_row(*rows):
    """A file of three valid movements and these."""
    return [*several(3), *rows]


def test_a_day_without_a_delivery_is_not_delivered(landing):
    with pytest.raises(NotDelivered, match=r"^prison_extract 2025-11-05: nothing has landed$"):
        raw_extract(DAY, Landing(landing))


def test_a_delivery_without_its_manifest_is_still_being_uploaded_and_not_looked_at(landing):
    folder = write_prison_extract(landing, DAY)
    (folder / "manifest.json").unlink()
    with pytest.raises(NotDelivered, match=r"^prison_extract 2025-11-05: landed without a manifest, not looked at$"):
        raw_extract(DAY, Landing(landing))


def test_a_correction_that_is_still_being_uploaded_leaves_the_delivery_before_it_standing(landing):
    write_prison_extract(landing, DAY, several(2))
    folder = write_prison_extract(landing, DAY, several(3), version=2)
    (folder / "manifest.json").unlink()
    assert received(landing) == ([1, 2], [])


def test_a_correction_stands_in_place_of_the_delivery_before_it(landing):
    write_prison_extract(landing, DAY, several(2))
    write_prison_extract(landing, DAY, several(3), version=2)
    raw = raw_extract(DAY, Landing(landing))
    assert raw["delivery_version"].unique().to_list() == [2]
    assert movements(DAY, raw).height == 3


def test_the_same_delivery_as_another_version_is_said_to_be_nothing_new(landing):
    write_prison_extract(landing, DAY)
    write_prison_extract(landing, DAY, version=2, produced_at="2025-11-05T09:00:00")
    area = Landing(landing)
    assert raw_extract(DAY, area)["delivery_version"].unique().to_list() == [1]
    assert area.read[0].same_as == 2
    assert area.read[0].notes == ["prison_extract 2025-11-05 v2: the same files as v1, nothing happens"]


def test_the_same_files_after_a_damaged_upload_are_a_new_delivery(landing):
    folder = write_prison_extract(landing, DAY)
    (folder / "movements.csv").write_bytes(b"torn")
    write_prison_extract(landing, DAY, version=2)
    raw = raw_extract(DAY, Landing(landing))
    assert raw["delivery_version"].unique().to_list() == [2]


def test_yesterdays_content_under_todays_date_is_blocked(landing):
    write_prison_extract(landing, THE_DAY_BEFORE, several(3))
    write_prison_extract(landing, DAY, several(3))
    assert blocked(landing) == "prison_extract 2025-11-05 v1: movements.csv: the same content as the delivery of 2025-11-04"


def test_two_days_without_any_movement_are_not_the_same_content_again(landing):
    write_prison_extract(landing, THE_DAY_BEFORE, [])
    write_prison_extract(landing, DAY, [])
    assert received(landing) == ([], [])


def test_a_hash_that_is_not_the_manifests_blocks(landing):
    folder = write_prison_extract(landing, DAY)
    edit_manifest(folder, "movements.csv", sha256="0" * 64)
    assert blocked(landing) == "prison_extract 2025-11-05 v1: movements.csv: sha256 is not the one in the manifest"


def test_a_file_cut_short_is_blocked_by_its_hash(landing):
    folder = write_prison_extract(landing, DAY, several(9))
    whole = (folder / "movements.csv").read_bytes()
    (folder / "movements.csv").write_bytes(whole[: len(whole) // 2])
    assert blocked(landing) == "prison_extract 2025-11-05 v1: movements.csv: sha256 is not the one in the manifest"


def test_a_row_count_that_is_not_the_manifests_blocks(landing):
    folder = write_prison_extract(landing, DAY, several(3))
    edit_manifest(folder, "movements.csv", rows=4)
    assert blocked(landing) == "prison_extract 2025-11-05 v1: movements.csv: 3 rows, the manifest says 4"


def test_a_file_that_the_manifest_lists_and_nobody_sent_blocks(landing):
    folder = write_prison_extract(landing, DAY)
    (folder / "contacts.csv").unlink()
    assert blocked(landing) == "prison_extract 2025-11-05 v1: contacts.csv: in the manifest and not in the folder"


def test_a_delivery_without_movements_blocks(landing):
    write_delivery(landing, Source.PRISON_EXTRACT, DAY, {"contacts.csv": [contact()]})
    assert blocked(landing) == "prison_extract 2025-11-05 v1: movements: not in the manifest"


def test_a_delivery_of_movements_alone_is_complete(landing):
    write_delivery(landing, Source.PRISON_EXTRACT, DAY, {"movements.csv": several(2)})
    assert received(landing) == ([1, 2], [])
    assert contacts(DAY, raw_extract(DAY, Landing(landing))).is_empty()


@pytest.mark.parametrize(
    ("overrides", "fault"),
    [
        ({"extract_date": "2025-11-06"}, "extract_date not as the folder says"),
        ({"source": "police_records", "version": 7}, "source, version not as the folder says"),
        ({"schema": "2.0"}, "its schema is not 1.0"),
        ({"kind": "delta"}, "kind delta is not delivered by this source"),
        ({"kind": "some"}, "not valid in kind"),
        ({"files": None, "produced_at": "today"}, "not valid in produced_at, files"),
    ],
)
def test_a_manifest_that_says_something_else_blocks(landing, overrides, fault):
    edit_manifest(write_prison_extract(landing, DAY), **overrides)
    assert blocked(landing) == f"prison_extract 2025-11-05 v1: manifest.json: {fault}"


def test_a_manifest_that_is_not_json_blocks(landing):
    folder = write_prison_extract(landing, DAY)
    (folder / "manifest.json").write_text("{")
    assert blocked(landing) == "prison_extract 2025-11-05 v1: manifest.json: is not JSON"


def test_a_manifest_cannot_name_a_file_outside_its_folder(landing):
    folder = write_prison_extract(landing, DAY)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][0]["name"] = "../movements.csv"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert blocked(landing) == "prison_extract 2025-11-05 v1: manifest.json: not valid in files.name"


def test_a_missing_column_blocks_and_is_named(landing):
    rows = [{name: value for name, value in movement().items() if name != "date_of_birth"}]
    write_prison_extract(landing, DAY, as_csv(rows, [name for name in HEADER if name != "date_of_birth"]))
    assert blocked(landing) == "prison_extract 2025-11-05 v1: movements.csv: missing column date_of_birth"


def test_a_renamed_column_blocks_and_the_old_name_is_named(landing):
    content = as_csv([movement()], HEADER).replace(b"last_name", b"surname", 1)
    write_prison_extract(landing, DAY, content)
    assert blocked(landing) == "prison_extract 2025-11-05 v1: movements.csv: missing column last_name"


def test_columns_in_another_order_are_harmless(landing):
    content = as_csv([movement(last_name="Ordered")], sorted(HEADER))
    write_prison_extract(landing, DAY, content)
    raw = raw_extract(DAY, Landing(landing))
    assert movements(DAY, raw)["last_name"].to_list() == ["Ordered"]


def test_an_added_column_is_noted_and_ignored(landing):
    write_prison_extract(landing, DAY, [movement(shoe_size="9")])
    area = Landing(landing)
    raw = raw_extract(DAY, area)
    assert area.read[0].notes == ["prison_extract 2025-11-05 v1: movements.csv: ignored column shoe_size"]
    assert movements(DAY, raw).columns == ["line_number", *HEADER]


def test_a_column_that_stands_twice_blocks(landing):
    content = as_csv([movement()], [*HEADER]).replace(b"middle_names", b"last_name", 1)
    write_prison_extract(landing, DAY, content)
    assert blocked(landing) == (
        "prison_extract 2025-11-05 v1: movements.csv: missing column middle_names; movements.csv: column last_name stands twice"
    )


def test_no_rows_without_a_nil_return_block(landing):
    folder = write_prison_extract(landing, DAY, [])
    edit_manifest(folder, "movements.csv", nil_return=False)
    assert blocked(landing) == "prison_extract 2025-11-05 v1: movements.csv: no rows and no nil return"


def test_no_rows_with_a_nil_return_are_a_day_on_which_nobody_moved(landing):
    write_prison_extract(landing, DAY, [])
    raw = raw_extract(DAY, Landing(landing))
    assert raw["line_number"].to_list() == [0, 0]
    assert movements(DAY, raw).is_empty()


def test_a_file_of_no_bytes_blocks(landing):
    folder = write_prison_extract(landing, DAY, b"")
    edit_manifest(folder, "movements.csv", rows=0, nil_return=True)
    assert blocked(landing) == "prison_extract 2025-11-05 v1: movements.csv: has no header"


@pytest.mark.parametrize(("encoding", "named"), [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("cp1252", "cp1252")])
def test_an_encoding_other_than_utf_8_blocks_and_is_named(landing, encoding, named):
    content = as_csv([movement(first_name="Renée")], HEADER).decode().encode(encoding)
    folder = write_prison_extract(landing, DAY, content)
    edit_manifest(folder, "movements.csv", rows=1)
    assert blocked(landing) == f"prison_extract 2025-11-05 v1: movements.csv: is not UTF-8, it looks like {named}"


def test_bytes_that_are_no_text_block(landing):
    folder = write_prison_extract(landing, DAY, b"prisoner_number\r\n\x81\x8d\x90\r\n")
    edit_manifest(folder, "movements.csv", rows=1)
    assert blocked(landing) == "prison_extract 2025-11-05 v1: movements.csv: is not UTF-8, it looks like no known encoding"


def test_a_byte_order_mark_is_read(landing):
    write_prison_extract(landing, DAY, b"\xef\xbb\xbf" + as_csv(several(2), HEADER))
    raw = raw_extract(DAY, Landing(landing))
    assert raw.filter(line_number=0)["record_text"][-1].startswith("prisoner_number")
    assert movements(DAY, raw).height == 2


def test_a_missing_last_newline_is_read_when_the_hash_agrees(landing):
    write_prison_extract(landing, DAY, as_csv(several(2), HEADER).rstrip())
    assert received(landing) == ([1, 2], [])


def test_an_unknown_code_puts_the_row_aside(landing):
    write_prison_extract(landing, DAY, with_row(movement(legal_status="PAROLED")))
    assert received(landing) == ([1, 2, 3], [("movements.csv", 4, "unknown_code", "legal_status")])


def test_an_admission_for_an_unknown_reason_is_put_aside_and_a_release_for_one_is_not(landing):
    admission, release = (
        movement(movement_reason_code="??"),
        movement(
            booking_id="2", movement_type_code="REL", in_out_status="OUT", prison_id="OUT", movement_reason_code="any words"
        ),
    )
    write_prison_extract(landing, DAY, [admission, release])
    assert received(landing) == ([2], [("movements.csv", 1, "unknown_code", "movement_reason_code")])


def test_an_impossible_date_puts_the_row_aside(landing):
    write_prison_extract(landing, DAY, with_row(movement(date_of_birth="1990-02-30")))
    assert received(landing) == ([1, 2, 3], [("movements.csv", 4, "not_a_date", "date_of_birth")])


@pytest.mark.parametrize(
    ("overrides", "reason", "column"),
    [
        ({"prisoner_number": ""}, "missing_required", "prisoner_number"),
        ({"first_name": "   "}, "missing_required", "first_name"),
        ({"prisoner_number": "1234"}, "bad_format", "prisoner_number"),
        ({"booking_id": "12x"}, "bad_format", "booking_id"),
        ({"prison_id": "Bullingdon"}, "bad_format", "prison_id"),
        ({"movement_sequence": "first"}, "not_an_integer", "movement_sequence"),
        ({"movement_at": "2025-11-04 15:20"}, "not_a_timestamp", "movement_at"),
        ({"movement_at": "2025-11-04T25:20:00"}, "not_a_timestamp", "movement_at"),
        ({"no_fixed_abode": "yes"}, "not_a_boolean", "no_fixed_abode"),
        ({"gender": "X"}, "unknown_code", "gender"),
        ({"sentence_start_date": "soon"}, "not_a_date", "sentence_start_date"),
        ({"date_of_birth": "2025-11-06"}, "date_in_future", "date_of_birth"),
        ({"last_name": "Null\0byte"}, "nul_character", "last_name"),
        ({"most_serious_offence": "x" * 1_000_000}, "field_too_long", "most_serious_offence"),
        ({"first_name": "\u202eevil"}, "bidirectional_control", "first_name"),
        ({"address_line": "12 Example\u200f Street"}, "bidirectional_control", "address_line"),
    ],
)
def test_a_row_that_breaks_the_contract_is_put_aside_alone(landing, overrides, reason, column):
    write_prison_extract(landing, DAY, with_row(movement(**overrides)))
    assert received(landing) == ([1, 2, 3], [("movements.csv", 4, reason, column)])


def test_a_row_of_garbage_is_put_aside_and_its_neighbours_are_not(landing):
    lines = as_csv(several(3), HEADER).split(b"\r\n")
    lines.insert(2, b"%$#!,garbage")
    write_prison_extract(landing, DAY, b"\r\n".join(lines))
    assert received(landing) == ([1, 3, 4], [("movements.csv", 2, "wrong_field_count", None)])


def test_a_row_with_several_faults_is_put_aside_once_with_the_first_reason(landing):
    write_prison_extract(landing, DAY, with_row(movement(gender="X", date_of_birth="", last_name="a\0")))
    assert received(landing)[1] == [("movements.csv", 4, "nul_character", "last_name")]


def test_dates_that_turn_to_day_first_block_and_are_never_guessed(landing):
    write_prison_extract(landing, DAY, [*several(12, date_of_birth="05/02/1990"), *several(140)[12:]])
    raw = raw_extract(DAY, Landing(landing))
    with pytest.raises(DeliveryBlocked) as refused:
        movements(DAY, raw)
    assert str(refused.value) == (
        "prison_extract 2025-11-05 v1: movements.csv: "
        "12 of 140 rows break the contract, more than 5 are allowed: not_a_date date_of_birth 12"
    )
    assert quarantined_rows(DAY, raw)["line_number"].to_list() == list(range(1, 13))


def test_the_counts_of_a_refused_file_are_by_reason_and_column(landing):
    rows = [*several(3, gender="X"), *several(6, date_of_birth="")[3:], *several(10)[6:]]
    write_prison_extract(landing, DAY, rows)
    with pytest.raises(
        DeliveryBlocked, match=r"more than 5 are allowed: missing_required date_of_birth 3, unknown_code gender 3$"
    ):
        movements(DAY, raw_extract(DAY, Landing(landing)))


@pytest.mark.parametrize(("rows", "broken", "is_used"), [(10, 5, True), (10, 6, False), (400, 8, True), (400, 9, False)])
def test_a_file_blocks_above_five_rows_or_two_in_a_hundred(landing, rows, broken, is_used):
    write_prison_extract(landing, DAY, [*several(broken, gender="X"), *several(rows)[broken:]])
    raw = raw_extract(DAY, Landing(landing))
    if is_used:
        assert movements(DAY, raw).height == rows - broken
    else:
        with pytest.raises(DeliveryBlocked):
            movements(DAY, raw)


def test_bad_contacts_do_not_block_the_movements(landing):
    many = [contact(contact_id=str(n), active="perhaps") for n in range(6)]
    write_prison_extract(landing, DAY, several(2), many)
    raw = raw_extract(DAY, Landing(landing))
    assert movements(DAY, raw).height == 2
    with pytest.raises(DeliveryBlocked, match=r"contacts\.csv: 6 of 6 rows break the contract"):
        contacts(DAY, raw)


def test_embedded_quotes_commas_and_newlines_are_read_as_they_are(landing):
    address = 'Flat "B",\n12 Example\r\nStreet'
    write_prison_extract(landing, DAY, [movement(address_line=address), *several(1)])
    raw = raw_extract(DAY, Landing(landing))
    assert movements(DAY, raw)["address_line"].to_list() == [address, "12 Example Street, Oxford"]
    assert '"Flat ""B"",\n12 Example\r\nStreet"' in raw.filter(file_name="movements.csv", line_number=1)["record_text"].item()


def test_a_formula_in_a_name_is_kept_verbatim(landing):
    formula = "=cmd()|' /C calc'!A0"
    write_prison_extract(landing, DAY, [movement(last_name=formula)])
    assert movements(DAY, raw_extract(DAY, Landing(landing)))["last_name"].to_list() == [formula]


def test_names_that_break_the_usual_pattern_are_kept_verbatim(landing):
    names = ["Renée", "O\u2019Brien", "d'Árcy-Ñuñez", "Ng"]
    rows = [movement(booking_id=str(n), last_name=name) for n, name in enumerate(names)]
    write_prison_extract(landing, DAY, rows)
    assert movements(DAY, raw_extract(DAY, Landing(landing)))["last_name"].to_list() == names


def test_two_rows_with_one_key_that_contradict_are_both_put_aside(landing):
    write_prison_extract(landing, DAY, with_row(movement(first_name="Darren"), movement(first_name="Dean")))
    key = "contradicting_key"
    assert received(landing) == ([1, 2, 3], [("movements.csv", 4, key, None), ("movements.csv", 5, key, None)])


def test_a_row_that_a_broken_row_contradicts_is_put_aside_with_it(landing):
    write_prison_extract(landing, DAY, with_row(movement(), movement(gender="X")))
    reasons = [("movements.csv", 4, "contradicting_key", None), ("movements.csv", 5, "unknown_code", "gender")]
    assert received(landing) == ([1, 2, 3], reasons)


def test_exact_copies_of_a_row_are_put_aside_and_the_first_is_kept(landing):
    write_prison_extract(landing, DAY, [movement()] * 40)
    released, aside = received(landing)
    assert released == [1]
    assert aside == [("movements.csv", n, "exact_duplicate", None) for n in range(2, 41)]


def test_copies_and_contradictions_of_one_key_leave_nothing_of_it(landing):
    write_prison_extract(landing, DAY, [movement(), movement(), movement(gender="F")])
    released, aside = received(landing)
    assert released == []
    assert [reason for _, _, reason, _ in aside] == ["contradicting_key", "exact_duplicate", "contradicting_key"]


def test_records_in_are_records_released_and_put_aside(landing):
    rows = [*several(30), movement(), movement(), movement(gender="X", booking_id="7"), movement(booking_id="8", prison_id="")]
    write_prison_extract(landing, DAY, rows, [contact(), contact(contact_id="7", active="")])
    raw = raw_extract(DAY, Landing(landing))
    records = raw.filter(pl.col("line_number") > 0).height
    released = movements(DAY, raw).height + contacts(DAY, raw).height
    assert records == 36
    assert records == released + quarantined_rows(DAY, raw).height


def test_no_message_holds_a_value_of_a_header_that_is_really_a_row(landing):
    write_prison_extract(landing, DAY, as_csv([movement()], HEADER).split(b"\r\n", 1)[1])
    assert "Samplesworth" not in blocked(landing)


def suite_says(raw):
    """What the suite of movements says of the day."""
    suite = load_suite(EXPECTATIONS / "prison" / "movements.json", "prison/movements")
    return judge({"2025-11-05": movements(DAY, raw)}, suite)["2025-11-05"]


@pytest.mark.parametrize(
    ("placeholders", "others", "is_released"), [(5, 20, True), (6, 14, False), (6, 13, True), (10, 90, True), (11, 89, False)]
)
def test_a_spike_of_placeholder_birth_dates_holds_the_day(landing, placeholders, others, is_released):
    unknown = several(placeholders, date_of_birth="1900-01-01")
    write_prison_extract(landing, DAY, [*unknown, *several(placeholders + others)[placeholders:]])
    verdict = suite_says(raw_extract(DAY, Landing(landing)))
    assert verdict.passed == is_released
    assert is_released or verdict.because.startswith(
        "expect_column_values_to_be_between(share_of_placeholder_birth_dates, max_value=0.1): observed 0."
    )
