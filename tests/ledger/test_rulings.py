import polars as pl
import pytest

from paramount_assets.ledger import Ruling, RulingIncomplete, export, record_ruling, verify_chain
from paramount_assets.vocabulary import RulingKind
from tests.ledger.made import morning

ACCEPTED = Ruling(RulingKind.ACCEPT_LINK, "R1", "P1", "unit reviewer", "same tattoo in both records")


def test_a_ruling_is_recorded_once_for_one_moment(ledger):
    assert record_ruling(ledger, ACCEPTED, morning(1)) == record_ruling(ledger, ACCEPTED, morning(1))
    assert record_ruling(ledger, ACCEPTED, morning(2)) != record_ruling(ledger, ACCEPTED, morning(1))
    assert export(ledger).rulings["recorded_at"].sort().to_list() == [morning(1), morning(2)]
    assert verify_chain(ledger) is None


@pytest.mark.parametrize("missing", ["decided_by", "reason"])
def test_a_ruling_needs_a_person_and_a_reason(ledger, missing):
    told = {"decided_by": "unit reviewer", "reason": "seen"} | {missing: " "}
    with pytest.raises(RulingIncomplete, match=missing):
        record_ruling(ledger, Ruling(RulingKind.REJECT_LINK, "R1", "P1", **told), morning(1))
    assert export(ledger).rulings.is_empty()


def test_who_decided_and_why_stays_in_the_ledger(ledger):
    record_ruling(ledger, ACCEPTED, morning(1))
    assert export(ledger).rulings.columns == ["ruling_id", "recorded_at", "ruling_kind", "reception_id", "subject_id"]
    assert export(ledger).rulings["subject_id"].to_list() == ["P1"]
    assert export(ledger).rulings.schema["recorded_at"] == pl.Datetime("us")
