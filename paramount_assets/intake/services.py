"""What children's services hold after a day's deliveries, each local authority speaking for itself.

A full delivery replaces the children of its authority and of no other; a delta changes them row by row; an answer replaces what
was held because of the persons asked about. Several deliveries of one date are taken in the order of their versions. A delivery
that names no feed speaks for the authorities in its rows.
"""

import polars as pl

from paramount_assets.intake.contracts import CHILDREN, PERSONS_ASKED, ReferenceFile
from paramount_assets.intake.judging import Doubt, accepted, judge, verify
from paramount_assets.intake.states import changed, without
from paramount_assets.lake import Delivery, Landing
from paramount_assets.lake.contract import ReasonCode
from paramount_assets.lake.faults import DeliveryBlocked
from paramount_assets.lake.manifest import MANIFEST
from paramount_assets.settings import Force
from paramount_assets.vocabulary import Day, Source

KINDS = {"bulk": ("full", "delta"), "answer": ("answer",)}
"""The kinds of delivery that an authority may send by what was agreed with it: all its children, or only those asked about."""


def standing_deliveries(landing: Landing, day: Day, force: Force) -> list[Delivery]:
    """The day's deliveries, one of each feed, in the order of their versions, all fit to be read.

    Raises:
        NotDelivered: there is none.
        DeliveryBlocked: one is not what its manifest says, or not what was agreed with the authority.
    """
    deliveries = landing.deliveries(Source.CHILDRENS_SERVICES, day)
    for delivery in deliveries:
        verify(delivery)
        _refuse_unless_agreed(delivery, force)
    return deliveries


def answers_state(deliveries: list[Delivery], previous: pl.DataFrame, force: Force) -> pl.DataFrame:
    """Because of whom each child of an answer is held, after the day's deliveries.

    A person about whom nothing is held has one row without a child. A full delivery says all that its authority holds, whoever
    was asked about, so nothing of the feed is held because of a person any more.

    Raises:
        DeliveryBlocked: too many rows are of no use.
    """
    state = previous
    for delivery in deliveries:
        of_feed = pl.col("feed") == delivery.feed
        if delivery.kind == "full":
            state = state.filter(~of_feed)
        if delivery.kind == "answer":
            asked = accepted(delivery, PERSONS_ASKED, _asked_doubts(delivery, force)).with_columns(feed=pl.lit(delivery.feed))
            is_asked_again = of_feed & pl.col("request_ref").is_in(asked["request_ref"].implode())
            state = pl.concat([state.filter(~is_asked_again), asked.select(state.columns)])
    return state


def children_state(deliveries: list[Delivery], answers: pl.DataFrame, previous: pl.DataFrame, force: Force) -> pl.DataFrame:
    """The children known to children's services after the day's deliveries.

    Args:
        deliveries: as `standing_deliveries` gives them.
        answers: `answers_state` after the same deliveries.
        previous: the children before them.
        force: says which authority a child may be recorded under.

    Raises:
        DeliveryBlocked: too many rows are of no use, or a delta comes before any full delivery.
    """
    state = previous
    for delivery in deliveries:
        is_own = _is_own(delivery, force)
        others = state.filter(~is_own)["child_id"] if delivery.feed else state["child_id"].clear()
        taken = Doubt(ReasonCode.KEY_OF_ANOTHER_FEED, "child_id", pl.col("child_id"), others, is_forbidden=True)
        brought = accepted(delivery, CHILDREN, [*_child_doubts(delivery, force), taken])
        state = _after(state, delivery, brought, answers, is_own)
    return state


def dependants_state(
    deliveries: list[Delivery], file: ReferenceFile, children: pl.DataFrame, previous: pl.DataFrame, force: Force
) -> pl.DataFrame:
    """One table of what children's services hold about their children, after the day's deliveries.

    Args:
        deliveries: as `standing_deliveries` gives them.
        file: which table.
        children: the children after the same deliveries.
        previous: the table before them.
        force: says which authority a child may be recorded under.

    Raises:
        DeliveryBlocked: too many rows are of no use.
    """
    state = previous
    for delivery in deliveries:
        brought = accepted(delivery, file, doubts_after(delivery, file, children, force))
        if delivery.kind == "delta":
            others = children.filter(~_is_own(delivery, force))
            kept = state.join(others, on="child_id", how="semi").select(brought.drop("deleted").columns)
            state = pl.concat([kept, changed(without(state, others, ["child_id"]), brought, file)])
        else:
            replaced = _children_spoken_of(delivery, children, force)
            state = pl.concat([without(state, replaced, ["child_id"]).select(brought.columns), brought])
    return state.join(children.select("child_id"), on="child_id", how="semi", maintain_order="left")


def doubts_after(delivery: Delivery, file: ReferenceFile, children: pl.DataFrame | None, force: Force) -> list[Doubt]:
    """Why rows of a delivery's file are put aside, seen from the children as they are after the day.

    Args:
        delivery: one of the day's.
        file: one of its files.
        children: None where they are not released: then no reference to them is judged.
        force: says which authority a child may be recorded under.
    """
    if file is PERSONS_ASKED:
        return _asked_doubts(delivery, force)
    if file is CHILDREN:
        own = _child_doubts(delivery, force)
        return [*own, *_taken_in(delivery, children, force)] if children is not None and delivery.feed else own
    if children is None:
        return []
    known = _children_spoken_of(delivery, children, force)["child_id"]
    return [Doubt(ReasonCode.UNKNOWN_REFERENCE, column, value, known) for column, value in file.references.items()]


def _refuse_unless_agreed(delivery: Delivery, force: Force) -> None:
    """A bulk of an authority that agreed to answers would be more than may be held."""
    if not delivery.feed:
        faults = ["an answer names no feed"] if delivery.kind == "answer" else []
    elif (feed := force.feed(delivery.feed)) is None:
        faults = [f"the force's file knows no children's services {delivery.feed}"]
    elif delivery.kind not in KINDS[feed.delivers]:
        faults = [f"{delivery.feed} is agreed to deliver {feed.delivers}, not kind {delivery.kind}"]
    else:
        faults = []
    if faults:
        raise DeliveryBlocked(f"{delivery.label}: {MANIFEST}: {faults[0]}")


def _after(
    state: pl.DataFrame, delivery: Delivery, brought: pl.DataFrame, answers: pl.DataFrame, is_own: pl.Expr
) -> pl.DataFrame:
    match delivery.kind:
        case "full":
            replaced = is_own if delivery.feed else pl.col("la_code").is_in(brought["la_code"].unique().implode())
            return _replaced(state.filter(~replaced), brought.with_columns(is_in_bulk=pl.lit(value=True)))
        case "delta":
            own = state.filter(is_own)
            if own.filter("is_in_bulk").is_empty():
                raise DeliveryBlocked(f"{delivery.label}: a delta, and no full delivery came before it")
            after = changed(own, brought.with_columns(is_in_bulk=pl.lit(value=True)), CHILDREN)
            return pl.concat([state.filter(~is_own), after.select(state.columns)])
        case _:
            in_bulk = state.filter("is_in_bulk")["child_id"].implode()
            still_held = answers.filter(feed=delivery.feed)["child_id"].drop_nulls().implode()
            kept = state.filter(~is_own | pl.col("is_in_bulk") | pl.col("child_id").is_in(still_held))
            return _replaced(kept, brought.with_columns(is_in_bulk=pl.col("child_id").is_in(in_bulk)))


def _replaced(state: pl.DataFrame, brought: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([without(state, brought, ["child_id"]), brought.select(state.columns)])


def _is_own(delivery: Delivery, force: Force) -> pl.Expr:
    """Over children: recorded under an authority that the delivery speaks for; without a feed that is any."""
    feed = force.feed(delivery.feed) if delivery.feed else None
    return pl.col("la_code").is_in(sorted(feed.la_codes)) if feed else pl.lit(value=True)


def _child_doubts(delivery: Delivery, force: Force) -> list[Doubt]:
    """What makes a child doubtful by the delivery alone."""
    if delivery.kind != "answer":
        return _foreign(delivery, force)
    asked = judge(delivery, PERSONS_ASKED).rows["child_id"].drop_nulls()
    return [*_foreign(delivery, force), Doubt(ReasonCode.NOT_ASKED_ABOUT, "child_id", pl.col("child_id"), asked)]


def _asked_doubts(delivery: Delivery, force: Force) -> list[Doubt]:
    """A person asked about may be answered only with a child that the answer brings."""
    brought = judge(delivery, CHILDREN, _foreign(delivery, force)).rows["child_id"]
    return [Doubt(ReasonCode.UNKNOWN_REFERENCE, "child_id", pl.col("child_id"), brought)]


def _foreign(delivery: Delivery, force: Force) -> list[Doubt]:
    """One row of another authority may be a slip and is put aside; many are another authority's file, and block it.

    Without a feed the delivery may be any authority's but one that agreed to answers only.
    """
    feed = force.feed(delivery.feed) if delivery.feed else None
    only_answering = [code for f in force.services if f.delivers == "answer" for code in f.la_codes]
    codes = pl.Series(sorted(feed.la_codes if feed else only_answering), dtype=pl.String)
    return [Doubt(ReasonCode.OTHER_AUTHORITY, "la_code", pl.col("la_code"), codes, is_forbidden=feed is None)]


def _taken_in(delivery: Delivery, children: pl.DataFrame, force: Force) -> list[Doubt]:
    """Of the children without another doubt, those that were not taken in have an identifier that is another feed's."""
    taken = children.filter(_is_own(delivery, force) & (pl.col("delivered_on") == delivery.extract_date))["child_id"]
    return [Doubt(ReasonCode.KEY_OF_ANOTHER_FEED, "child_id", pl.col("child_id"), taken)]


def _children_spoken_of(delivery: Delivery, children: pl.DataFrame, force: Force) -> pl.DataFrame:
    """The children that the delivery's other files may be about: of a delta all of its feed, else those it brought itself."""
    own = children.filter(_is_own(delivery, force))
    if delivery.kind == "delta":
        return own
    of_the_date = own.filter(pl.col("delivered_on") == delivery.extract_date)
    if delivery.feed:
        return of_the_date
    # Without a feed the codes do not tell its children from those of another delivery of the date.
    return of_the_date.join(judge(delivery, CHILDREN, _child_doubts(delivery, force)).rows, on="child_id", how="semi")
