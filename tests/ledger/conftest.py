from collections.abc import Iterator

import pytest

from paramount_assets.ledger import Ledger
from tests.ledger.made import ledger_in


@pytest.fixture
def ledger(tmp_path) -> Iterator[Ledger]:
    with ledger_in(tmp_path) as opened:
        yield opened
