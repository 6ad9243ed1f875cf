"""Telling looks at one moment of the lake."""

import datetime as dt

import pytest

from paramount_assets.lake import LakeBusy, WriterLock
from paramount_assets.telling import Told, tell
from paramount_assets.vocabulary import Day
from tests.lake import toy

DAY = Day(dt.date(2025, 11, 5))


def test_nobody_is_told_while_a_run_is_writing_what_would_be_told(tmp_path):
    settings = toy.settings(tmp_path)
    with WriterLock(settings.lake_folder, 0), pytest.raises(LakeBusy):
        tell(settings, DAY, DAY, notify=True, replay=False)
    assert not settings.ledger_folder.exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Told({"notified": 2, "handed over": 2}), "Ledger: 2 notified, 2 handed over."),
        (Told({}), "Ledger: nothing new."),
        (Told({"contacted": 3}, was_asked=False), "Ledger: 3 contacted. Nobody was told: that takes --notify."),
    ],
)
def test_what_was_told_is_said_in_counts(told, said):
    assert str(told) == said
