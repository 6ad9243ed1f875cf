import datetime as dt
import json
import shutil

import polars as pl
import pytest

from paramount_assets.settings import Settings
from paramount_assets.synthetic.feedback import EVENT_COLUMNS, answer_notifications
from paramount_assets.vocabulary import Source

HANDED_AT = dt.datetime.fromisoformat("2025-11-05T06:41:12")
VALUES = {
    "acknowledged": None, "phone_attempted": None, "visit_attempted": None, "phone_contact": None, "visit_made": None,
    "wrong_household": None, "safeguarding_concern": None, "support_started": None,
}  # fmt: skip


@pytest.fixture
def answered(world, tmp_path):
    """A copy of the world's answer key, so that every test has a landing folder of its own."""
    shutil.copytree(world.settings.world_folder, tmp_path / "data" / "world")
    return Settings(root=tmp_path)


@pytest.fixture(scope="module")
def handed(world):
    """One notification per received parent and child known to a source, as the ledger would hand them over."""
    records = world.key("source_records")
    prisoners = records.filter((pl.col("source") == "prison_extract") & ~pl.col("record_id").str.contains("/"))
    children = world.key("people").filter(pl.col("role") == "child").select("resident_id", "father_id", "mother_id")
    known = records.filter(
        (pl.col("source") == "police_records") | pl.col("record_id").str.starts_with("C") & ~pl.col("record_id").str.contains("/")
    )
    pairs = (
        pl.concat(
            children.join(known, on="resident_id").join(
                prisoners.select(pl.col("resident_id").alias(side), pl.col("record_id").alias("prisoner_number")), on=side
            )
            for side in ("father_id", "mother_id")
        )
        .unique("resident_id", keep="first", maintain_order=True)
        .sort("prisoner_number", "record_id")
    )
    return _as_handed(pairs)


def _as_handed(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.with_row_index("n").select(
        pl.format("N{}", "n").alias("notification_ref"),
        pl.format("T{}", "n").alias("support_token"),
        "prisoner_number",
        pl.concat_str("source", pl.lit(":"), "record_id").alias("source_records"),
        pl.lit(HANDED_AT).alias("handed_at"),
        pl.lit("E07000178").alias("la_code"),
    )


def _events(settings: Settings) -> pl.DataFrame:
    files = sorted(settings.landing_folder.glob("casework_feedback/*/v*/events.csv"))
    frames = [pl.read_csv(f, infer_schema=False).with_columns(pl.lit(f.parent.parent.name).alias("day")) for f in files]
    return pl.concat(frames)


def _bytes(settings: Settings) -> dict[str, bytes]:
    files = settings.landing_folder.rglob("*")
    return {str(p.relative_to(settings.landing_folder)): p.read_bytes() for p in files if p.is_file()}


def test_events_are_only_about_what_was_handed_over_and_come_after_it(answered, handed):
    count = answer_notifications(answered, handed, seed=7)
    events = _events(answered)
    assert len(events) == count > len(handed)
    assert set(events["notification_ref"].drop_nulls()) <= set(handed["notification_ref"])
    assert set(events["support_token"].drop_nulls()) <= set(handed["support_token"])
    assert (events["event_at"] > HANDED_AT.isoformat()).all()
    assert (events["day"] > HANDED_AT.date().isoformat()).all()


def test_a_day_s_delivery_holds_the_events_before_its_six_o_clock(answered, handed):
    answer_notifications(answered, handed, seed=7)
    events = _events(answered).with_columns(pl.col("event_at").str.to_datetime(), pl.col("day").str.to_date())
    end = pl.col("day").cast(pl.Datetime) + pl.duration(hours=6)
    assert events.select((pl.col("event_at") < end) & (pl.col("event_at") >= end - pl.duration(days=1))).to_series().all()


def test_events_keep_the_contract(answered, handed):
    answer_notifications(answered, handed, seed=7)
    events = _events(answered)
    assert events.columns == [*EVENT_COLUMNS, "day"]
    assert events["event_id"].is_unique().all()
    charity = events["organisation"] == "charity"
    assert events.filter(charity)["notification_ref"].null_count() == charity.sum()
    assert events.filter(~charity)["support_token"].null_count() == (~charity).sum()
    offers = events.filter(pl.col("event_type") == "offer_made")
    assert set(offers["value"]) == {"accepted", "declined", "undecided"}
    assert (
        events.filter(pl.col("event_type").is_in(list(VALUES)))["value"].null_count()
        == events["event_type"].is_in(list(VALUES)).sum()
    )
    scores = events.filter(pl.col("event_type") == "wellbeing_score")["value"]
    assert scores.str.contains(r"^(before|after):([0-9]|10)$").all()
    assert events.filter(pl.col("event_type") == "referral_made")["value"].is_in(["officer", "self"]).all()


def test_the_order_of_the_notifications_changes_no_byte_and_neither_does_running_again(answered, handed, world, tmp_path_factory):
    answer_notifications(answered, handed, seed=7)
    first = _bytes(answered)
    answer_notifications(answered, handed, seed=7)
    assert _bytes(answered) == first
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(world.settings.world_folder, other / "data" / "world")
    elsewhere = Settings(root=other)
    answer_notifications(elsewhere, handed.sample(fraction=1.0, shuffle=True, seed=3), seed=7)
    assert _bytes(elsewhere) == first


def test_further_notifications_bring_a_new_version_beside_the_old_one(answered, handed):
    answer_notifications(answered, handed.head(len(handed) // 2), seed=7)
    first = _bytes(answered)
    count = answer_notifications(answered, handed, seed=7)
    both = _bytes(answered)
    assert first.items() <= both.items()
    newest = {}
    for file in sorted(answered.landing_folder.glob("casework_feedback/*/v*/manifest.json")):
        newest[file.parent.parent.name] = json.loads(file.read_text(encoding="utf-8"))["files"][0]["rows"]
    assert sum(newest.values()) == count


def test_a_wrong_door_is_reported_by_the_answer_key_and_a_right_one_never(answered, handed, world):
    prisoners = handed["prisoner_number"].to_list()
    wrong = handed.with_columns(pl.Series("prisoner_number", prisoners[len(prisoners) // 2 :] + prisoners[: len(prisoners) // 2]))
    answer_notifications(answered, handed, seed=7)
    assert "wrong_household" not in set(_events(answered)["event_type"])
    shutil.rmtree(answered.landing_folder / Source.CASEWORK_FEEDBACK.value)
    answer_notifications(answered, wrong, seed=7)
    reported = _events(answered).filter(pl.col("event_type") == "wrong_household")
    assert reported["notification_ref"].n_unique() > len(handed) * 0.5
    after = _events(answered).filter(pl.col("notification_ref").is_in(reported["notification_ref"].implode()))
    assert "offer_made" not in set(after["event_type"])


def test_without_a_support_token_the_charity_reports_nothing(answered, handed):
    answer_notifications(answered, handed.with_columns(pl.lit(None, dtype=pl.String).alias("support_token")), seed=7)
    assert set(_events(answered)["organisation"]) == {"police"}


def test_nothing_handed_over_brings_no_delivery(answered, handed):
    assert answer_notifications(answered, handed.head(0), seed=7) == 0
    assert not (answered.landing_folder / Source.CASEWORK_FEEDBACK.value).exists()


def test_without_a_made_up_world_there_is_nobody_to_answer(tmp_path, handed):
    with pytest.raises(FileNotFoundError, match="no answer key"):
        answer_notifications(Settings(root=tmp_path), handed, seed=7)
