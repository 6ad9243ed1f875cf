import polars as pl
import pytest

from paramount_assets.persons.identifiers import canonical_cro, canonical_pnc, cro_number, pnc_number


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("12/394773H", "2012/0394773H"),
        ("03/11999M", "2003/0011999M"),
        ("81/34U", "1981/0000034U"),
        ("02/73319Z", "2002/0073319Z"),
        ("00/223R", "2000/0000223R"),
        ("79/163001B", "1979/0163001B"),
    ],
)
def test_a_valid_pnc_number_has_one_canonical_form(written, canonical):
    assert canonical_pnc(written, 2026) == canonical


@pytest.mark.parametrize(
    "written", ["2012/0394773H", "20120394773H", "12394773H", "12-394773H", "12.394773.h", " 12 39 4773 H ", "2012/394773H"]
)
def test_every_written_form_of_one_pnc_number_is_the_same_number(written):
    assert canonical_pnc(written, 2026) == "2012/0394773H"


@pytest.mark.parametrize(
    "written", ["20120052494O", "2001/0171310S", "12/394773J", "2000/0000000Z", "NOT KNOWN", "", None, "2031/0394773H"]
)
def test_a_pnc_number_that_is_wrong_or_a_placeholder_is_unknown(written):
    assert canonical_pnc(written, 2026) is None


def test_a_two_digit_year_is_read_by_the_year_of_the_delivery():
    assert canonical_pnc("26/1K", 2026) is None
    valid = next(f"26/1{letter}" for letter in "ZABCDEFGHJKLMNPQRTUVWXY" if canonical_pnc(f"26/1{letter}", 2026))
    assert canonical_pnc(valid, 2026).startswith("2026/")
    assert canonical_pnc(valid, 2025).startswith("1926/")


def test_a_number_without_slash_that_two_years_can_explain_is_unknown():
    short, long = "19/4800001F", "1948/00001F"
    assert canonical_pnc(short, 2026) == "2019/4800001F"
    assert canonical_pnc(long, 2026) == "1948/0000001F"
    assert canonical_pnc(short.replace("/", ""), 2026) is None


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("65656/91H", "065656/91H"),
        ("85227/65L", "085227/65L"),
        ("29906/12J", "029906/12J"),
        ("029906/12J", "029906/12J"),
        ("2990612j", "029906/12J"),
        ("SF05/482703J", "SF05/482703J"),
        ("SF83/50058Z", "SF83/50058Z"),
        ("sf 83-050058Z", "SF83/50058Z"),
    ],
)
def test_a_valid_cro_number_has_one_canonical_form(written, canonical):
    assert canonical_cro(written) == canonical


@pytest.mark.parametrize("written", ["85227/65G", "000000/00Z", "SF05/482703K", "65656", "", None])
def test_a_cro_number_that_is_wrong_or_a_placeholder_is_unknown(written):
    assert canonical_cro(written) is None


def test_columns_keep_their_order_and_their_nulls():
    frame = pl.DataFrame({"pnc": ["81/34U", None, "81/34V", "81/34U"], "cro": [None, "85227/65L", "85227/65G", None]})
    assert frame.select(pnc_number("pnc", 2026), cro_number("cro")).to_dict(as_series=False) == {
        "pnc": ["1981/0000034U", None, None, "1981/0000034U"],
        "cro": [None, "085227/65L", None, None],
    }


def test_a_column_without_any_number_stays_empty():
    frame = pl.DataFrame({"pnc": [None, None]}, schema={"pnc": pl.String})
    assert frame.select(pnc_number("pnc", 2026))["pnc"].to_list() == [None, None]
    assert frame.clear().select(pnc_number("pnc", 2026)).schema == {"pnc": pl.String}
