"""Found, in review, missed and why: one child at a time."""

from dataclasses import replace

import polars as pl
import pytest

from paramount_assets.evaluation import causes, children
from paramount_assets.evaluation.truth import true_children
from paramount_assets.ledger import LedgerExport
from paramount_assets.vocabulary import Source
from tests.evaluation.made import CHILD, FATHER, PRISONER, RECEPTION, Tables, receptions, records, told, truth

POLICE, SERVICES, PRISON = Source.POLICE_RECORDS, Source.CHILDRENS_SERVICES, Source.PRISON_EXTRACT
WORLD = truth(
    source_records=records(
        (POLICE, "PF", FATHER),
        (POLICE, "PF2", FATHER),
        (POLICE, "PC", CHILD),
        (SERVICES, "C1", CHILD),
        (SERVICES, "C1/1", FATHER),
        (PRISON, f"{PRISONER}/77", CHILD),
    )
)
FATHERS = [{"person_id": "PF"}, {"person_id": "PF2"}]
KNOWN = [*FATHERS, {"person_id": "PC"}]
TIE = [{"person_id": "PF", "related_person_id": "PC", "relationship_code": "parent_of"}]
MEMBER = [{"child_id": "C1", "member_number": 1, "relationship_code": "father"}]
PAIR = {"reception_id": RECEPTION, "person_id": "PF"}


def decided(decision: str, reasons: str = "meets_policy", outcome: str = "clear") -> dict[str, list[dict]]:
    """The child is listed under its police record, with a decision."""
    row = {"reception_id": RECEPTION, "child_ref": "K1"}
    eligible = [row | {"family_id": "F1"}] if decision == "eligible" else []
    return {
        "children": [row | {"source_records": "police_records:PC;prison_extract:A1234BC/77"}],
        "decisions": [row | {"decision": decision, "reason_codes": reasons}],
        "eligible_children": eligible,
        "family_checks": [{"reception_id": RECEPTION, "family_id": "F1", "outcome": outcome}],
    }


def judged(made: dict[str, list[dict]], ledger: LedgerExport | None = None, **reception: bool) -> dict:
    released, looked = Tables(made), receptions(**reception)
    listed = children.listed(WORLD, released, looked)
    of_ledger = children.told_of(WORLD, released, ledger or LedgerExport.empty())
    outcomes = children.with_outcomes(true_children(WORLD, looked, 18), listed, of_ledger)
    return causes.with_causes(outcomes, WORLD, released).row(0, named=True)


@pytest.mark.parametrize(
    ("made", "outcome"),
    [
        (decided("eligible"), children.DUE),
        (decided("eligible", outcome="hold"), children.HELD),
        (decided("eligible", outcome="do_not_approach"), children.NEVER),
        (decided("review", "birth_date_unknown"), children.REVIEW),
        (decided("not_eligible", "no_longer_a_child"), children.MISSED),
        ({}, children.MISSED),
    ],
)
def test_a_child_is_where_the_newest_look_left_it(made, outcome):
    assert judged(made)["outcome"] == outcome


def test_what_the_ledger_told_of_counts_as_told_whatever_was_decided_later():
    assert judged(decided("review"), told())["outcome"] == children.TOLD


def of_an_earlier_reception() -> LedgerExport:
    ledger = told()
    return replace(ledger, claims=ledger.claims.with_columns(reception_id=pl.lit("R0")))


def test_a_child_told_of_at_an_earlier_reception_counts_where_it_is_due_again_and_not_where_it_is_missed():
    assert judged(decided("eligible"), of_an_earlier_reception())["outcome"] == children.TOLD
    assert judged({}, of_an_earlier_reception())["outcome"] == children.MISSED


def test_a_child_told_of_in_a_case_that_was_withdrawn_since_was_told_of():
    due = {
        "reception_id": RECEPTION, "prisoner_number": PRISONER, "recipient_kind": "neighbourhood_team",
        "address_line": "14 MAPLE PLACE", "postcode": "OX1 3PB", "source_records": "police_records:PC;childrens_services:C1",
    }  # fmt: skip
    withdrawn = told(state="withdrawn", record=None)
    assert judged(decided("eligible") | {"notifications": [due]}, withdrawn)["outcome"] == children.TOLD


def test_of_two_rows_about_a_child_the_better_one_counts():
    twice = decided("review")
    other = {"reception_id": RECEPTION, "child_ref": "K2"}
    twice["children"].append(other | {"source_records": "childrens_services:C1"})
    twice["decisions"].append(other | {"decision": "eligible"})
    assert judged(twice)["outcome"] == children.DUE


@pytest.mark.parametrize(
    ("cause", "made"),
    [
        ("home_believed_elsewhere", decided("not_eligible", "child_lives_outside_rollout;relation_unconfirmed")),
        ("decided_wrongly", decided("not_eligible", "no_longer_a_child")),
        ("in_no_source", {"police_persons": FATHERS}),
        ("parent_in_review", {"police_persons": KNOWN, "police_associations": TIE, "review_pairs": [PAIR]}),
        (
            "tie_on_a_duplicate",
            {"police_persons": KNOWN, "police_associations": TIE, "person_links": [PAIR | {"person_id": "PF2"}]},
        ),
        ("parent_not_linked", {"police_persons": KNOWN, "police_associations": TIE}),
        ("family_member_not_linked", {"known_children": [{"child_id": "C1"}], "known_family_members": MEMBER}),
        ("parent_unknown", {"police_persons": [{"person_id": "PC"}]}),
        ("tie_not_recorded", {"police_persons": KNOWN}),
        ("tie_not_recorded", {"police_persons": KNOWN, "police_associations": [TIE[0] | {"relationship_code": "other"}]}),
        ("tie_not_recorded", {"police_persons": FATHERS, "known_children": [{"child_id": "C1"}]}),
    ],
)
def test_a_missed_child_has_the_first_cause_that_holds(cause, made):
    missed = judged(made)
    assert (missed["outcome"], missed["cause"]) == (children.MISSED, cause)


def test_on_a_held_day_nothing_else_is_known():
    assert judged({}, held=True)["cause"] == "day_held"


def test_a_reception_that_was_not_read_is_its_own_cause():
    assert judged({}, read=False)["cause"] == "reception_not_read"


def test_every_cause_is_told_apart_by_a_test_or_is_the_rest():
    tested = {"home_believed_elsewhere", "decided_wrongly", "in_no_source", "parent_in_review", "tie_on_a_duplicate"}
    tested |= {"parent_not_linked", "family_member_not_linked", "parent_unknown", "tie_not_recorded", "day_held"}
    assert {c.code for c in causes.CAUSES} == tested | {"reception_not_read", "other"}
    assert causes.CAUSES[-1].holds.meta.eq(pl.lit(value=True))
