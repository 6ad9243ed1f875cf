"""What officers and the charity report back, in answer to the notifications that were really handed over.

Telephone first, then a visit; about one family in twenty is referred at once, more later; whoever stands at the wrong door says
so, by the answer key. Each notification has a stream of its own, made of the prisoner and the children told of, so that neither
the order of the notifications nor their random references change what happens.
"""

import datetime as dt
import hashlib
from typing import NamedTuple, cast

import numpy as np
import polars as pl

from paramount_assets.settings import Settings
from paramount_assets.synthetic.answer_key import read_answer_key
from paramount_assets.synthetic.deliver import Delivery, write_correction
from paramount_assets.synthetic.streams import Real, stream
from paramount_assets.vocabulary import Source

EVENT_COLUMNS = [
    "event_id", "notification_ref", "support_token", "event_type", "event_at", "organisation", "reported_by", "value",
    "note_code",
]  # fmt: skip
"""events.csv: the charity's events carry the support token in place of the reference."""

ACKNOWLEDGED_SHARE = 0.96
REACHED_BY_PHONE_SHARE = 0.72
REACHED_BY_VISIT_SHARE = 0.85
VISITED_AFTER_CALL_SHARE = 0.6
OFFICER = "neighbourhood_officer"
SUPPORT_OFFICER = "police_community_support_officer"
CHARITY = "charity_worker"

ANSWERS = {"accepted": 0.3, "undecided": 0.35, "declined": 0.35}
"""What the family says to the offer (assumed)."""

AT_ONCE_SHARE = 0.17
"""Of those who accept, referred on the spot: about one in twenty of all (published for the scheme to September 2023)."""

LATER_SHARES = {"accepted": 0.75, "undecided": 0.25, "declined": 0.0}
CONCERN_SHARE = 0.02
UNTOLD_WRONG_DOOR_SHARE = 0.1
"""Wrong doors of which nobody tells: the officer takes the family for the right one."""


OFFENDED_AGAIN_SHARE = 4 / 865
"""Of those supported: 4 of 865 young people, as published for the scheme."""

WELL = 7
WELL_BEFORE_SHARE = 0.12
"""Of those supported, at seven or more of ten before: 12 % of 32 families; after it all of them are (published, 2022)."""

SUPPORT_ENDED_SHARE = 0.7
_DRAWS = 26


class _Notification(NamedTuple):
    reference: str
    support_token: str | None
    handed_at: dt.datetime
    is_right_family: bool
    chance: Real


class _Event(NamedTuple):
    event_type: str
    event_at: dt.datetime
    value: str | None = None
    reported_by: str = OFFICER


def answer_notifications(settings: Settings, handed: pl.DataFrame, *, seed: int) -> int:
    """Writes what is reported about all notifications handed over so far, as deliveries of the days after; the number of events.

    A day's delivery holds the events before its 06:00. Run again with the same notifications it changes nothing; with more of
    them, a day that has further events gets a new version.

    Args:
        settings: where the landing folder and the answer key are.
        handed: one row per notification: notification_ref, support_token (null: no referral can be made), prisoner_number,
            source_records (separated by semicolons), handed_at. In any order; further columns are not read.
        seed: of the world.

    Raises:
        FileNotFoundError: the data folder holds no made-up world.
    """
    notifications = _read(settings, handed, seed)
    rows = [_row(notification, event) for notification in notifications for event in _answer(notification)]
    told = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    events = pl.concat([told, quarterly_totals(told, seed)]).sort("event_at", "event_id")
    for (day,), of_day in events.partition_by("day", as_dict=True, include_key=False, maintain_order=True).items():
        delivery = Delivery(Source.CASEWORK_FEEDBACK, cast("dt.date", day), "full", {"events.csv": of_day})
        write_correction(settings.landing_folder, delivery)
    return len(events)


_SCHEMA = {column: pl.Datetime("us") if column == "event_at" else pl.String for column in EVENT_COLUMNS} | {"day": pl.Date}


def quarterly_totals(events: pl.DataFrame, seed: int) -> pl.DataFrame:
    """What the charity reports in the week after each quarter: how many it supported, and how many of them offended again.

    Args:
        events: all events of single cases, with their day of delivery.
        seed: of the world.
    """
    supported = events.filter(pl.col("event_type").is_in(["support_started", "wellbeing_score", "support_ended"]))
    active = supported.select("support_token", pl.col("event_at").dt.truncate("1q").alias("quarter")).unique()
    rows = []
    for quarter, tokens in active.group_by("quarter").agg(pl.col("support_token").sort()).sort("quarter").iter_rows():
        at = quarter + dt.timedelta(days=98, hours=10)
        offended = int((stream(seed, f"further offences/{quarter.date()}").random(len(tokens)) < OFFENDED_AGAIN_SHARE).sum())
        totals = {"supported_total": len(tokens), "further_offence_total": offended}
        rows += [_total_row(kind, at, value) for kind, value in totals.items()]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _total_row(kind: str, at: dt.datetime, value: int) -> tuple[object, ...]:
    event_id = _event_id(None, _Event(kind, at, str(value)))
    return (event_id, None, None, kind, at, "charity", CHARITY, str(value), None, at.date() + dt.timedelta(days=1))


def _read(settings: Settings, handed: pl.DataFrame, seed: int) -> list[_Notification]:
    right = _told_rightly(settings, handed)
    columns = ("notification_ref", "support_token", "handed_at", "prisoner_number", "source_records")
    notifications = []
    for reference, token, at, prisoner, records in handed.select(columns).sort("notification_ref").iter_rows():
        chance = stream(seed, f"feedback/{prisoner}|{records}").random(_DRAWS)
        notifications.append(_Notification(reference, token, at.replace(microsecond=0), reference in right, chance))
    return notifications


def _told_rightly(settings: Settings, handed: pl.DataFrame) -> set[str]:
    """References whose family is the prisoner's: a child of it is tied to the prisoner or lived in the same household."""
    world = settings.world_folder
    records = read_answer_key(world, "source_records")
    people = read_answer_key(world, "people").select("resident_id", "household_id", "mother_id", "father_id")
    ties = read_answer_key(world, "ties").filter(~pl.col("tie").is_in(["partner", "ex_partner"]))
    prisoners = records.filter(pl.col("source") == Source.PRISON_EXTRACT.value).select(
        pl.col("record_id").alias("prisoner_number"), pl.col("resident_id").alias("prisoner_id")
    )
    homes = people.select(pl.col("resident_id").alias("prisoner_id"), pl.col("household_id").alias("at"))
    children = (
        handed.select("notification_ref", "prisoner_number", pl.col("source_records").str.split(";").alias("record"))
        .explode("record")
        .with_columns(pl.col("record").str.splitn(":", 2).struct.rename_fields(["source", "record_id"]))
        .unnest("record")
        .join(records, on=["source", "record_id"], how="inner")
        .join(prisoners, on="prisoner_number", how="inner")
        .join(people, on="resident_id", how="left")
        .join(homes, on="prisoner_id", how="left")
        .join(ties, left_on=["prisoner_id", "resident_id"], right_on=["from_id", "to_id"], how="left")
    )
    is_parent = (pl.col("mother_id") == pl.col("prisoner_id")) | (pl.col("father_id") == pl.col("prisoner_id"))
    belongs = pl.col("tie").is_not_null() | (pl.col("household_id") == pl.col("at")) | is_parent.fill_null(value=False)
    return set(children.filter(belongs)["notification_ref"].to_list())


def _answer(told: _Notification) -> list[_Event]:
    """What happens after one notification, in order."""
    events = []
    if told.chance[0] < ACKNOWLEDGED_SHARE:
        events.append(_Event("acknowledged", _same_day(told.handed_at, told.chance[1])))
    first = 0 if told.chance[2] < 0.35 else 1 + int(told.chance[2] * 3)
    reached, tries = _try_to_reach(told, first)
    events += tries
    if not reached:
        return events
    met = tries[-1].event_at
    if not told.is_right_family and told.chance[3] >= UNTOLD_WRONG_DOOR_SHARE:
        return [*events, _Event("wrong_household", met + dt.timedelta(minutes=20))]
    if told.chance[4] < CONCERN_SHARE:
        events.append(_Event("safeguarding_concern", met + dt.timedelta(minutes=40)))
    return events + _offer(told, met)


def _try_to_reach(told: _Notification, first: int) -> tuple[bool, list[_Event]]:
    """A call, then a visit, then one more; whether the family was met, and what was recorded."""
    called = _at(told.handed_at, first, told.chance[5])
    visited = _at(told.handed_at, first + 1 + int(told.chance[6] * 3), told.chance[7])
    again = _at(told.handed_at, first + 5 + int(told.chance[6] * 3), told.chance[8])
    visit = _Event("visit_made", visited, reported_by=SUPPORT_OFFICER)
    if told.chance[9] < REACHED_BY_PHONE_SHARE:
        spoken = [_Event("phone_contact", called)]
        return True, [*spoken, visit] if told.chance[10] < VISITED_AFTER_CALL_SHARE else spoken
    missed = [_Event("phone_attempted", called)]
    if told.chance[11] < REACHED_BY_VISIT_SHARE:
        return True, [*missed, visit]
    missed.append(_Event("visit_attempted", visited, reported_by=SUPPORT_OFFICER))
    return told.chance[12] < 0.5, [*missed, _again(told, again)]


def _again(told: _Notification, again: dt.datetime) -> _Event:
    kind = "visit_made" if told.chance[12] < 0.5 else "visit_attempted"
    return _Event(kind, again, reported_by=SUPPORT_OFFICER)


def _offer(told: _Notification, met: dt.datetime) -> list[_Event]:
    """The offer and what the family makes of it; with a token, what the charity then reports."""
    says = str(_pick(ANSWERS, told.chance[13]))
    offered = met + dt.timedelta(minutes=10)
    events = [_Event("offer_made", offered, says)]
    at_once = says == "accepted" and told.chance[14] < AT_ONCE_SHARE
    if not at_once and told.chance[15] >= LATER_SHARES[says]:
        return events
    referred = offered + dt.timedelta(minutes=15) if at_once else _at(offered, 1 + int(told.chance[16] * 9), told.chance[17])
    events.append(_Event("referral_made", referred, "officer" if at_once or told.chance[18] < 0.6 else "self"))
    return events + (_support(told, referred) if told.support_token else [])


def _support(told: _Notification, referred: dt.datetime) -> list[_Event]:
    """The charity's own events: support, and wellbeing before and after."""
    started = _at(referred, 3 + int(told.chance[19] * 6), told.chance[20])
    is_well = told.chance[24] < WELL_BEFORE_SHARE
    before = WELL + int(told.chance[21] * 2) if is_well else 2 + int(told.chance[21] * (WELL - 2))
    after = min(10, max(WELL, before + 1 + int(told.chance[22] * 3)))
    later = _at(started, 42 + int(told.chance[23] * 28), told.chance[20])
    support = [
        _Event("support_started", started, reported_by=CHARITY),
        _Event("wellbeing_score", started + dt.timedelta(minutes=30), f"before:{before}", CHARITY),
        _Event("wellbeing_score", later, f"after:{after}", CHARITY),
    ]
    if told.chance[25] < SUPPORT_ENDED_SHARE:
        support.append(_Event("support_ended", later + dt.timedelta(minutes=30), reported_by=CHARITY))
    return support


def _row(told: _Notification, event: _Event) -> tuple[object, ...]:
    is_charity = event.reported_by == CHARITY
    about = told.support_token if is_charity else told.reference
    return (
        _event_id(about, event),
        None if is_charity else told.reference,
        told.support_token if is_charity else None,
        event.event_type,
        event.event_at,
        "charity" if is_charity else "police",
        event.reported_by,
        event.value,
        None,
        _delivered_on(event.event_at, told.handed_at),
    )


def _event_id(about: str | None, event: _Event) -> str:
    digest = hashlib.sha256(f"{about}|{event.event_type}|{event.event_at.isoformat()}|{event.value}".encode()).hexdigest()
    return f"E{digest[:15]}"


def _delivered_on(event_at: dt.datetime, handed_at: dt.datetime) -> dt.date:
    """The first day whose 06:00 is after the event, and never the day of the notification itself."""
    return max((event_at + dt.timedelta(hours=18)).date(), handed_at.date() + dt.timedelta(days=1))


def _same_day(after: dt.datetime, chance: float) -> dt.datetime:
    return after + dt.timedelta(minutes=20 + int(chance * 240))


def _at(after: dt.datetime, days: int, chance: float) -> dt.datetime:
    """A moment of the working day so many days later, never before."""
    day = dt.datetime.combine(after.date() + dt.timedelta(days=days), dt.time(10))
    return max(day + dt.timedelta(minutes=int(chance * 480)), after + dt.timedelta(hours=5))


def _pick(shares: dict[str, float], chance: float) -> str:
    return list(shares)[int(np.searchsorted(np.cumsum(list(shares.values())), chance, side="right").clip(max=len(shares) - 1))]
