from collections.abc import Iterator

import pytest

from paramount_assets.ledger import Ledger, Pseudonyms, open_at
from paramount_assets.settings import Settings


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(root=tmp_path)


@pytest.fixture
def ledger(tmp_path) -> Iterator[Ledger]:
    with open_at(f"sqlite:///{tmp_path / 'ledger.sqlite'}", Pseudonyms(bytes(range(32)))) as opened:
        yield opened
