"""What follows a run: the ledger takes up what officers reported and, where the run was asked to notify, claims what is due.

Only released bytes are looked at. Doing it twice does nothing: the ledger knows each event it has taken up and each child it has
claimed.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import polars as pl

from paramount_assets import clock
from paramount_assets.chain import catalogue_of
from paramount_assets.lake import Releases, Store, WriterLock
from paramount_assets.lake.inputs import together
from paramount_assets.ledger import Ledger, open_ledger, take_up_feedback
from paramount_assets.notifications.claiming import DueDay, claim_day
from paramount_assets.notifications.custody import custody_of
from paramount_assets.notifications.handover import hand_over
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, GateStatus


@dataclass(frozen=True)
class Told:
    """What came of a span of days: counts of what the ledger did, without those that are nought."""

    counts: dict[str, int] = field(default_factory=dict)
    was_asked: bool = True

    def __str__(self) -> str:
        done = ", ".join(f"{count} {what}" for what, count in self.counts.items())
        ledger = f"Ledger: {done or 'nothing new'}."
        return ledger if self.was_asked else f"{ledger} Nobody was told: that takes --notify."


def tell(settings: Settings, first: Day, last: Day, *, notify: bool, replay: bool) -> Told:
    """Takes up a span of days, oldest first.

    Args:
        settings: the installation.
        first: the first day.
        last: the last day, included.
        notify: claim what is due and hand it to the teams; without it only feedback is taken up.
        replay: date what the ledger does at 06:30 of each day instead of now. For made-up worlds.

    Raises:
        LakeBusy: another run is writing the lake; what is claimed must be what is released at that moment.
    """
    counts: Counter[str] = Counter()
    with WriterLock(settings.lake_folder, settings.lock_wait_seconds), open_ledger(settings) as ledger:
        frames = _ReleasedFrames(settings)
        for day in (Day(first + dt.timedelta(days=n)) for n in range((last - first).days + 1)):
            with _time_of(day, replay=replay):
                counts += _take_up(ledger, frames, day)
                if notify:
                    counts += _claim_and_hand_over(ledger, frames, settings, day)
    return Told(dict(counts), was_asked=notify)


def _take_up(ledger: Ledger, frames: "_ReleasedFrames", day: Day) -> Counter[str]:
    feedback = frames.of_day("feedback", day)
    return Counter() if feedback is None else +Counter(asdict(take_up_feedback(ledger, feedback, clock.now())))


def _claim_and_hand_over(ledger: Ledger, frames: "_ReleasedFrames", settings: Settings, day: Day) -> Counter[str]:
    notifications, withdrawals = frames.of_day("notifications", day), frames.of_day("withdrawals", day)
    looked_at = frames.of_day("cleaned_persons", day)
    if notifications is None or withdrawals is None or looked_at is None:
        return Counter()
    movements = frames.up_to("movements", day)
    at = clock.now()
    counts = Counter(asdict(claim_day(ledger, DueDay(day, notifications, withdrawals, movements, looked_at), settings, at)))
    in_custody_now = custody_of(frames.up_to("movements", clock.today()))
    counts["handed over"] = hand_over(ledger, settings, clock.today(), at, in_custody_now.get)
    return +counts


@contextmanager
def _time_of(day: Day, *, replay: bool) -> Iterator[None]:
    if not replay:
        yield
        return
    with clock.fixed_at(dt.datetime.combine(day, clock.DAILY_RUN)):
        yield


class _ReleasedFrames:
    """Reads released tables, and only those, outside a run."""

    def __init__(self, settings: Settings) -> None:
        self._store = Store(settings.lake_folder)
        self._catalogue = catalogue_of(settings)
        self._releases = Releases(self._store, self._catalogue)

    def of_day(self, name: str, day: Day) -> pl.DataFrame | None:
        """A table's day, None where it is not released."""
        table = self._catalogue[name]
        state = self._releases.state(table, day.isoformat())
        if state.status is not GateStatus.RELEASED or state.record is None:
            return None
        return self._store.frame(table.key, state.record.day, str(state.record.sha256))

    def up_to(self, name: str, day: Day) -> pl.DataFrame:
        """All released days of a table up to and with a day, with `as_of`."""
        table = self._catalogue[name]
        records = [r for r in self._releases.released_days(table) if r.day <= day.isoformat()]
        return together(self._catalogue, self._store, table, records)
