from dataclasses import fields

from paramount_assets.ledger import LedgerExport, claim, export
from tests.ledger.made import WINDOW, day, due, morning


def test_an_empty_ledger_and_a_filled_one_give_the_same_columns_and_types(ledger):
    empty = export(ledger)
    claim(ledger, due(), day(1), morning(1), WINDOW)
    filled = export(ledger)
    for frame in fields(LedgerExport):
        schemas = {str(getattr(each, frame.name).schema) for each in (empty, filled, LedgerExport.empty())}
        assert len(schemas) == 1
