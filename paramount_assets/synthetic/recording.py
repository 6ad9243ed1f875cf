"""What a source writes down of a true identity: the slips of `slips` applied in the order in which they happen.

Whole columns at once; Python sees only the rows that a cause hits. A cause is written down for the answer key only where it made
a difference.
"""

import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic import names
from paramount_assets.synthetic.noise import Cause, Scribe
from paramount_assets.synthetic.slips import (
    changed,
    chosen,
    dropped_part,
    first_of_january,
    keyboard_slip,
    merged_part,
    other_form_of_address,
    other_form_of_pnc,
    other_form_of_postcode,
    phonetic_spelling,
    placeholder_birth_date,
    swapped_day_and_month,
    typing_slip,
    without,
    wrong_day,
    wrong_number,
    wrong_year,
)
from paramount_assets.synthetic.streams import Flags, flags

Always = dict[Cause, Flags]
"""Records that a cause hits whatever its rate."""

SLIP_IN_SURNAME_SHARE = 0.55

_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss"})


class _Given(NamedTuple):
    """The names as given at the desk."""

    last: pl.Series
    first: pl.Series
    is_false: Flags
    is_alias: Flags


def record_identity(true: pl.DataFrame, scribe: Scribe, always: Always | None = None) -> pl.DataFrame:
    """The identity as recorded: last_name, first_name, middle_names, date_of_birth, false_name, under_alias (both boolean).

    Args:
        true: last_name, first_name, middle_names, maiden_name, date_of_birth; one row per record. With community, alias_last_name
            and partner_last_name (`other_names`) there are more ways to differ.
        scribe: keeps why a record differs.
        always: records that a cause hits in any case.
    """
    wanted = always or {}
    given = _names_given(true, scribe, wanted)
    last, first = _misheard(given.last, given.first, scribe, wanted)
    last = _parts_lost(last, scribe)
    last, first = _mistyped(last, first, scribe)
    last, first, middle = _in_other_order(true, last, first, scribe)
    missing = scribe.hits(Cause.MISSING_MIDDLE_NAMES, _known(middle))
    return pl.DataFrame(
        {
            "last_name": last,
            "first_name": first,
            "middle_names": without(middle, missing),
            "date_of_birth": _birth_dates(true["date_of_birth"], scribe, wanted),
            "false_name": pl.Series(given.is_false),
            "under_alias": pl.Series(given.is_alias),
        }
    )


def _asked(always: Always, count: int) -> Flags:
    """Records that some cause hits in any case: no other name may hide it."""
    return np.asarray(np.any([np.zeros(count, dtype=np.bool_), *always.values()], axis=0), dtype=np.bool_)


def _names_given(true: pl.DataFrame, scribe: Scribe, always: Always) -> _Given:
    """The surname from before the marriage or of the partner, a short form, an alias, or a false name made of two others'."""
    last, first, maiden = true["last_name"], true["first_name"], true["maiden_name"]
    free = ~_asked(always, len(true))
    is_false = scribe.draw(Cause.FALSE_NAME, free)
    is_alias = _other_surname(Cause.ALIAS_AS_MAIN_NAME, true, "alias_last_name", scribe, free & ~is_false)
    free_women = free & ~is_false & ~is_alias & flags(maiden.is_null())
    is_married = _other_surname(Cause.MARRIED_NAME, true, "partner_last_name", scribe, free_women & _is_woman(true))
    bears_other = flags(maiden != last)
    wanted = always.get(Cause.MAIDEN_NAME, np.zeros(len(true), dtype=np.bool_)) & bears_other
    is_maiden = scribe.hits(Cause.MAIDEN_NAME, bears_other & ~is_false & ~is_alias, wanted)
    last = chosen(is_maiden, last, maiden)
    for hit, column in ((is_alias, "alias_last_name"), (is_married, "partner_last_name")):
        last = chosen(hit, last, true[column]) if hit.any() else last
    short = names.nicknames()
    can_be_short = flags(first.is_in(list(short))) & ~is_false
    first = _slip(scribe, Cause.NICKNAME, first, lambda name, draw: short[name][draw % len(short[name])], can_be_short, always)
    last, first, is_false = _false_names(true, last, first, is_false, scribe)
    return _Given(last, first, is_false, is_alias)


def _other_surname(cause: Cause, true: pl.DataFrame, column: str, scribe: Scribe, where: Flags) -> Flags:
    """Records under another surname that the person bears, where it is known and another."""
    if column not in true.columns:
        return np.zeros(len(true), dtype=np.bool_)
    return scribe.hits(cause, where & flags(true[column] != true["last_name"]))


def _is_woman(true: pl.DataFrame) -> Flags:
    return flags(true["sex"] == "F") if "sex" in true.columns else np.zeros(len(true), dtype=np.bool_)


def _false_names(
    true: pl.DataFrame, last: pl.Series, first: pl.Series, hit: Flags, scribe: Scribe
) -> tuple[pl.Series, pl.Series, Flags]:
    """Surname of one other person and forename of another of the same sex; a false name is never the true one."""
    at = np.flatnonzero(hit)
    if not len(at):
        return last, first, scribe.note(Cause.FALSE_NAME, hit)
    surnames = true["last_name"].gather(scribe.rng("false surnames").integers(0, len(true), size=len(at)))
    forenames = true["first_name"].gather(_others_of_one_sex(true, at, scribe))
    differs = hit.copy()
    differs[at] = flags(surnames != true["last_name"].gather(at))
    kept = differs[at]
    last = last.clone().scatter(at[kept], surnames.filter(pl.Series(kept)))
    first = first.clone().scatter(at[kept], forenames.filter(pl.Series(kept)))
    return last, first, scribe.note(Cause.FALSE_NAME, differs)


def _others_of_one_sex(true: pl.DataFrame, at: Any, scribe: Scribe) -> Any:  # noqa: ANN401 - positions
    women = _is_woman(true)
    drawn = scribe.rng("false forenames").integers(0, len(true), size=len(at))
    return np.where(women[drawn] == women[at], drawn, at)


def _slip(
    scribe: Scribe,
    cause: Cause,
    values: pl.Series,
    slip: Callable[[Any, int], Any],
    where: Flags | None = None,
    always: Always | None = None,
) -> pl.Series:
    """The values with the slip where the cause hits; written down where it made a difference."""
    wanted = None if always is None or cause not in always else always[cause]
    if wanted is not None and where is not None:
        wanted = wanted & where
    values, differs = changed(values, scribe.draw(cause, where, wanted), slip, scribe.rng(f"{cause.value} how"))
    scribe.note(cause, differs)
    return values


def _misheard(last: pl.Series, first: pl.Series, scribe: Scribe, always: Always) -> tuple[pl.Series, pl.Series]:
    """Another spelling of a name from another script, or the name spelled as it is heard."""
    spellings = names.spellings()

    def respelled(name: str, draw: int) -> str:
        return spellings[name][draw % len(spellings[name])]

    known = list(spellings)
    first_has, last_has = flags(first.is_in(known)), flags(last.is_in(known))
    wanted = always.get(Cause.TRANSLITERATION)
    hit = scribe.draw(Cause.TRANSLITERATION, first_has | last_has, None if wanted is None else wanted & (first_has | last_has))
    # Where both names have other spellings, mostly one of them differs.
    in_last = last_has & (~first_has | (scribe.rng("spelling of which").random(len(last)) < 0.4))
    rng = scribe.rng("spelling")
    last, last_differs = changed(last, hit & in_last, respelled, rng)
    first, first_differs = changed(first, hit & ~in_last, respelled, rng)
    respelt = scribe.note(Cause.TRANSLITERATION, last_differs | first_differs)
    return _in_either(Cause.PHONETIC_SPELLING, phonetic_spelling, last, first, scribe, ~respelt)


def _in_either(
    cause: Cause, slip: Callable[[Any, int], Any], last: pl.Series, first: pl.Series, scribe: Scribe, where: Flags | None = None
) -> tuple[pl.Series, pl.Series]:
    """A slip in the surname or in the forename."""
    hit = scribe.draw(cause, where)
    in_last = scribe.rng(f"{cause.value} where").random(len(last)) < SLIP_IN_SURNAME_SHARE
    rng = scribe.rng(f"{cause.value} how")
    last, last_differs = changed(last, hit & in_last, slip, rng)
    first, first_differs = changed(first, hit & ~in_last, slip, rng)
    scribe.note(cause, last_differs | first_differs)
    return last, first


def _parts_lost(last: pl.Series, scribe: Scribe) -> pl.Series:
    """A double surname loses a part, or its parts become one word."""
    double = flags(last.str.contains("[ -]"))
    last = _slip(scribe, Cause.DROPPED_PART, last, dropped_part, double)
    return _slip(scribe, Cause.MERGED_PART, last, merged_part, flags(last.str.contains("[ '\u2019-]")))


def _mistyped(last: pl.Series, first: pl.Series, scribe: Scribe) -> tuple[pl.Series, pl.Series]:
    last, first = _in_either(Cause.TYPING_SLIP, typing_slip, last, first, scribe)
    return _in_either(Cause.KEYBOARD_SLIP, keyboard_slip, last, first, scribe)


def _in_other_order(
    true: pl.DataFrame, last: pl.Series, first: pl.Series, scribe: Scribe
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Names in each other's fields: by custom, by a slip, or because the person goes by the second forename."""
    middle = true["middle_names"]
    differs = flags(last != first)
    by_custom = scribe.hits(Cause.FAMILY_NAME_FIRST, differs)
    swapped = scribe.hits(Cause.SWAPPED_NAMES, differs & ~by_custom)
    by_second = scribe.hits(Cause.MIDDLE_NAME_FIRST, flags(middle != first) & ~by_custom & ~swapped)
    frame = pl.DataFrame({"last": last, "first": first, "middle": middle}).with_columns(
        pl.Series("exchanged", by_custom | swapped),
        pl.Series("rotated", by_custom & _known(middle)),
        pl.Series("second", by_second),
    )
    ordered = frame.select(
        pl.when("rotated").then("middle").when("exchanged").then("first").otherwise("last").alias("last"),
        pl.when("exchanged").then("last").when("second").then("middle").otherwise("first").alias("first"),
        pl.when(pl.col("rotated") | pl.col("second")).then("first").otherwise("middle").alias("middle"),
    )
    return ordered["last"], ordered["first"], ordered["middle"]


def _birth_dates(born: pl.Series, scribe: Scribe, always: Always) -> pl.Series:
    """Birth dates as recorded; one slip at most, and never a date that is later than any true one."""
    dates, newest = born, born.max()
    untouched = _known(born) & ~_asked({c: f for c, f in always.items() if c is Cause.SWAPPED_DAY_AND_MONTH}, len(born))
    swappable = flags((born.dt.day() <= 12) & (born.dt.day() != born.dt.month()))

    def kept_past(slip: Callable[[Any, int], Any]) -> Callable[[Any, int], Any]:
        return lambda date, draw: date if (other := slip(date, draw)) > newest else other

    before = dates
    dates = _slip(scribe, Cause.SWAPPED_DAY_AND_MONTH, dates, kept_past(swapped_day_and_month), swappable, always)
    untouched &= flags(dates == before)
    slips = (
        (Cause.WRONG_DAY, wrong_day),
        (Cause.WRONG_YEAR, wrong_year),
        (Cause.FIRST_OF_JANUARY, first_of_january),
        (Cause.PLACEHOLDER_BIRTH_DATE, placeholder_birth_date),
    )
    for cause, slip in slips:
        before = dates
        dates = _slip(scribe, cause, dates, kept_past(slip), untouched)
        untouched &= flags(dates == before)
    return without(dates, scribe.hits(Cause.MISSING_BIRTH_DATE, untouched))


def record_numbers(true: pl.DataFrame, scribe: Scribe, always: Always | None = None) -> pl.DataFrame:
    """PNC and CRO numbers as recorded: pnc, cro. A wrong one is half the time a well-formed one of somebody else.

    Args:
        true: pnc, cro; null where the person has none.
        scribe: keeps why a record differs.
        always: records that a cause hits in any case.
    """
    wanted = always or {}
    pnc = _number(true["pnc"], Cause.MISSING_PNC, Cause.WRONG_PNC, scribe, wanted)
    cro = _number(true["cro"], Cause.MISSING_CRO, Cause.WRONG_CRO, scribe, wanted)
    pnc = _slip(scribe, Cause.OTHER_FORM_OF_PNC, pnc, other_form_of_pnc, _known(pnc))
    return pl.DataFrame({"pnc": pnc, "cro": cro})


def _number(true: pl.Series, missing: Cause, wrong: Cause, scribe: Scribe, always: Always) -> pl.Series:
    """The number, none, or a wrong one: mistyped or that of another person with one."""
    known = _known(true)
    wanted = always.get(wrong, np.zeros(len(true), dtype=np.bool_)) & known
    kept = ~wanted & ~always.get(missing, np.zeros(len(true), dtype=np.bool_))
    held = without(true, scribe.hits(missing, known & kept))
    hit = scribe.draw(wrong, _known(held), wanted)
    is_slip = scribe.rng(f"{wrong.value} slip").random(len(true)) < 0.5
    held, mistyped = changed(held, hit & is_slip, wrong_number, scribe.rng(f"{wrong.value} how"))
    owners = true.filter(pl.Series(known)).to_list() if (hit & ~is_slip).any() else []
    held, others = changed(held, hit & ~is_slip, lambda _, draw: owners[draw % len(owners)], scribe.rng(f"{wrong.value} whose"))
    scribe.note(wrong, mistyped | others)
    return held


def record_address(true: pl.DataFrame, scribe: Scribe) -> pl.DataFrame:
    """Address and postcode as recorded: address_line, postcode; in free text, by a source without a gazetteer."""
    missing = scribe.hits(Cause.MISSING_ADDRESS, _known(true["address_line"]))
    line = _slip(scribe, Cause.OTHER_FORM_OF_ADDRESS, true["address_line"], other_form_of_address, ~missing)
    postcode = without(true["postcode"], scribe.hits(Cause.MISSING_POSTCODE, _known(true["postcode"]) & ~missing))
    postcode = _slip(scribe, Cause.OTHER_FORM_OF_POSTCODE, postcode, other_form_of_postcode, ~missing)
    return pl.DataFrame({"address_line": without(line, missing), "postcode": without(postcode, missing)})


def plain_capitals(written: pl.Series, scribe: Scribe) -> pl.Series:
    """Names as old systems hold them: capitals without accents; written down where a letter was lost."""
    accented = flags(written.str.len_bytes() != written.str.len_chars())
    plain, differs = changed(written, accented, lambda name, _: _plain(name), scribe.rng("plain letters"))
    scribe.note(Cause.PLAIN_LETTERS, differs)
    return plain.str.to_uppercase()


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _known(values: pl.Series) -> Flags:
    return flags(values.is_not_null())
