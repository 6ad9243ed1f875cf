"""What analysts get of a table, on frames of a few rows."""

import polars as pl

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import Holds, dictionary
from paramount_assets.ledger import Pseudonyms
from paramount_assets.publication.disguise import IS_PSEUDONYM, disguised, published_columns
from paramount_assets.settings import Settings
from tests.publication.conftest import ROOT

CATALOGUE = catalogue_of(Settings(root=ROOT))
PSEUDONYM = Pseudonyms(bytes(range(32))).of_identifier

WORDS_OF_OUR_OWN = {
    *("file_name", "column_name"),  # of the contract
    *(
        "prison_id",
        "legal_status",
        "gender",
        "la_code",
        "feed",
        "event_value",
        "relationship_code",
    ),  # held to their lists on arrival
    *("evidence_kinds", "evidence_sources", "reason_codes", "condition_codes", "recipient_kinds"),  # lists of our codes
    *("owner", "team", "allocated_team"),  # names of teams
}


def of(name: str, **values: object) -> pl.DataFrame:
    """A table's rows as analysts get them; what is not given is unknown."""
    table = CATALOGUE[name]
    rows = pl.DataFrame(values, schema_overrides={c: dictionary()[c].dtype for c in values})
    return disguised(pl.concat([CATALOGUE.empty(table), rows], how="diagonal"), CATALOGUE.suite(table), PSEUDONYM)


def test_no_personal_column_is_published():
    columns = {c for table in CATALOGUE for c in published_columns(CATALOGUE.suite(table))}
    assert not {c for c in columns if dictionary()[c].holds is Holds.PERSONAL}
    assert not columns & {"last_name", "first_name", "date_of_birth", "address_line", "postcode", "record_text"}


def test_every_identifier_is_a_text_and_says_that_it_is_a_pseudonym():
    identifiers = {c.name for c in dictionary().values() if c.holds is Holds.IDENTIFIER}
    assert {dictionary()[c].type for c in identifiers} == {"text"}
    comments = [(c, about) for table in CATALOGUE for c, about in published_columns(CATALOGUE.suite(table)).items()]
    assert {c for c, about in comments if about.endswith(IS_PSEUDONYM)} <= identifiers
    assert all(about.endswith(IS_PSEUDONYM) for c, about in comments if c in identifiers)


def test_every_open_text_that_is_published_has_a_closed_list_or_words_of_our_own():
    unlisted = set()
    for table in (t for t in CATALOGUE if t.is_published):
        suite = CATALOGUE.suite(table)
        listed = {e.kwargs["column"] for e in suite.row_expectations if e.type == "expect_column_values_to_be_in_set"}
        texts = {c for c in suite.columns if dictionary()[c].type == "text" and dictionary()[c].holds is Holds.OPEN}
        unlisted |= texts - listed
    assert unlisted <= WORDS_OF_OUR_OWN


def test_a_text_that_is_on_no_list_is_blanked():
    assert of("feedback", event_id=["E1", "E2"], reported_by=["charity_worker", "PC Smith"])["reported_by"].to_list() in (
        ["charity_worker", None],
        [None, "charity_worker"],
    )
    assert of("receptions", reception_id=["R1"], ethnicity_code=["says he is Cornish"])["ethnicity_code"].to_list() == [None]


def test_an_unknown_identifier_stays_unknown():
    assert of("rulings", ruling_id=["U-1"], subject_id=[None])["subject_id"].to_list() == [None]


def test_one_identifier_has_one_pseudonym_in_whatever_column_or_record():
    person = of("person_links", person_id=["P17"])["person_id"][0]
    assert person == of("rulings", subject_id=["P17"])["subject_id"][0]
    assert of("household_members", subject_id=["police_records:P17"])["subject_id"][0] == f"police_records:{person}"
    prisoner = of("withdrawals", prisoner_number=["A1234BC"])["prisoner_number"][0]
    contact = of("household_members", subject_id=["prison_extract:A1234BC/9"])["subject_id"][0]
    assert contact.startswith(f"prison_extract:{prisoner}/")


def test_each_of_several_source_records_can_be_joined_by_itself():
    several = of("children", source_records=["childrens_services:L1;police_records:P17"])["source_records"][0].split(";")
    alone = of("children", source_records=["police_records:P17"])["source_records"][0]
    assert alone in several
    assert len(several) == 2


def test_an_identifier_with_odd_characters_leaves_nothing_of_itself_behind():
    odd = ["P17;Smith", "police_records:P17;Smith", "1999/0123456X", "note: Smith", "police_records:P/Smith:x"]
    shown = "".join(of("person_links", person_id=odd)["person_id"])
    assert not [word for word in ("P17", "Smith", "1999", "note") if word in shown]


def test_the_order_of_rows_says_nothing_of_the_identifiers_behind_them():
    numbers = [f"A{n:04}BC" for n in range(50)]
    shown = of("withdrawals", prisoner_number=numbers)["prisoner_number"].to_list()
    assert shown == sorted(shown)
    assert shown != [PSEUDONYM(number) for number in numbers]
