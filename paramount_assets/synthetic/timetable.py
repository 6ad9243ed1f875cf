"""Every delivery of a span, one by one: what each source holds, as text, spoiled here and there, and put into its days."""

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from paramount_assets.settings import ServicesFeed
from paramount_assets.synthetic.contacts import CONTACT_COLUMNS
from paramount_assets.synthetic.deliver import Delivery, FileFormat, as_text
from paramount_assets.synthetic.extracts import prison_extracts
from paramount_assets.synthetic.faulty_rows import spoil
from paramount_assets.synthetic.police import PERSON_COLUMNS
from paramount_assets.synthetic.prison import MOVEMENT_COLUMNS
from paramount_assets.synthetic.references import POLICE_FILES, SERVICES_FILES, police_deltas, police_full, services_feeds
from paramount_assets.synthetic.sources import Sources


@dataclass(frozen=True)
class Timetable:
    """The deliveries of a span, made one by one, and which rows were spoiled in them: source, record_id, cause."""

    deliveries: Iterator[Delivery]
    faulty: pl.DataFrame


def plan_deliveries(
    sources: Sources,
    authorities: tuple[ServicesFeed, ...],
    span: tuple[dt.date, int],
    seed: int,
    file_format: FileFormat = "csv",
) -> Timetable:
    """Every delivery of the span except feedback; the prison extract is CSV always.

    Args:
        sources: what each holds.
        authorities: of children's services, those that deliver.
        span: first day and number of days.
        seed: of the world.
        file_format: of the reference sources.
    """
    held = {"movements.csv": sources.movements, "contacts.csv": sources.contacts} | sources.police | sources.services
    written, faulty = {}, []
    for name, columns in _COLUMNS.items():
        carried = [column for column in ("recorded_on", "extract_date", "known_from") if column in held[name].columns]
        written[name], noted = spoil(held[name].select(*columns, *carried), name, columns, seed)
        faulty.append(noted)
    merged = sources.merged.select("recorded_on", *as_text(sources.merged.select(PERSON_COLUMNS)).get_columns())
    extracts = prison_extracts(written.pop("movements.csv"), written.pop("contacts.csv"), span, seed)
    references = _references(written, merged, authorities, sources.answers, span)
    in_format = (delivery._replace(file_format=file_format) for delivery in references)
    return Timetable(itertools.chain(in_format, extracts), pl.concat(faulty))


_COLUMNS = {
    "movements.csv": MOVEMENT_COLUMNS,
    "contacts.csv": CONTACT_COLUMNS,
    **{name: columns for name, (columns, _) in (POLICE_FILES | SERVICES_FILES).items()},
}


def _references(
    written: dict[str, pl.DataFrame],
    merged: pl.DataFrame,
    authorities: tuple[ServicesFeed, ...],
    answers: Mapping[str, pl.DataFrame],
    span: tuple[dt.date, int],
) -> Iterator[Delivery]:
    """The force's records first; what was delivered in full is let go of."""
    first_day, _ = span
    yield police_full(written, first_day)
    for name in POLICE_FILES:
        written[name] = written[name].filter(pl.col("recorded_on") >= first_day)
    yield from police_deltas(written, merged, span)
    yield from services_feeds(authorities, written, answers, span)
