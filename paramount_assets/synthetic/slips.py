"""The slips themselves: how a name, a date, a number or an address comes out otherwise. Each takes a value and a large draw."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from paramount_assets.synthetic.streams import Flags, flags

_NEIGHBOURS = {
    "A": "SQ", "B": "VN", "C": "XV", "D": "SF", "E": "WR", "F": "DG", "G": "FH", "H": "GJ", "I": "UO", "J": "HK", "K": "JL",
    "L": "KO", "M": "N", "N": "BM", "O": "IP", "P": "O", "Q": "WA", "R": "ET", "S": "AD", "T": "RY", "U": "YI", "V": "CB",
    "W": "QE", "X": "ZC", "Y": "TU", "Z": "X",
}  # fmt: skip

_SOUND_ALIKE = (
    "Stephen Steven", "Katherine Catherine Kathryn", "Sean Shaun Shawn", "John Jon", "Geoffrey Jeffrey", "Philip Phillip",
    "Claire Clare", "Sarah Sara", "Ann Anne", "Alan Allan Allen", "Mark Marc", "Nicholas Nicolas", "Graham Graeme",
    "Lindsay Lindsey", "Teresa Theresa", "Brian Bryan", "Neil Neal", "Stuart Stewart", "Tracey Tracy", "Lewis Louis",
    "Hannah Hanna", "Rebecca Rebekah", "Zoe Zoey", "Isabel Isobel", "Jayden Jaden", "Connor Conor", "Aidan Aiden",
    "Reid Reed Read", "Smith Smyth", "Clark Clarke", "Davis Davies", "Thomson Thompson", "Brown Browne", "Phillips Philips",
    "Johnson Johnston", "Green Greene", "Harris Harries", "Lee Leigh", "Taylor Tayler", "White Whyte", "Moore More",
    "Read Reade", "Hughes Hewes", "Shaw Shore", "Barnes Barns", "Pearce Pierce", "Rees Reece", "Matthews Mathews",
)  # fmt: skip

_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("ie", "ei"), ("ei", "ie"), ("ey", "y"), ("ea", "ee"), ("ee", "ea"), ("ai", "ay"), ("ay", "ai"),
    ("ou", "u"), ("oo", "u"), ("gh", "g"), ("th", "t"), ("kh", "k"), ("sz", "sh"), ("cz", "ch"), ("ks", "x"), ("x", "ks"),
    ("ll", "l"), ("nn", "n"), ("tt", "t"), ("ss", "s"), ("rr", "r"), ("mm", "m"), ("pp", "p"), ("dd", "d"), ("bb", "b"),
    ("y", "i"), ("i", "y"), ("c", "k"), ("k", "c"), ("s", "z"), ("z", "s"), ("l", "ll"), ("n", "nn"), ("t", "tt"),
    ("w", "v"), ("v", "w"), ("j", "y"),
)  # fmt: skip
"""What is heard alike; the commoner ones first."""


def changed(
    values: pl.Series, hit: Flags, change: Callable[[Any, int], Any], rng: np.random.Generator
) -> tuple[pl.Series, Flags]:
    """The values with `change(value, draw)` applied where hit, and where that made a difference; nulls stay.

    Only the rows hit are touched in Python.
    """
    at = np.flatnonzero(hit & flags(values.is_not_null()))
    old = values.gather(at).to_list()
    new = [change(value, draw) for value, draw in zip(old, rng.integers(0, 2**31, size=len(at)).tolist(), strict=True)]
    differs = np.zeros(len(values), dtype=np.bool_)
    differs[at] = [before != after for before, after in zip(old, new, strict=True)]
    return values.clone().scatter(at, pl.Series(new, dtype=values.dtype)) if len(at) else values, differs


def chosen(hit: Flags, values: pl.Series, others: pl.Series) -> pl.Series:
    """The others where hit, the values elsewhere."""
    frame = pl.DataFrame({"hit": pl.Series(hit), "value": values, "other": others})
    return frame.select(pl.when("hit").then("other").otherwise("value").alias("value"))["value"]


def without(values: pl.Series, hit: Flags) -> pl.Series:
    """The values with null where hit."""
    frame = pl.DataFrame({"hit": pl.Series(hit), "value": values})
    return frame.select(pl.when(~pl.col("hit")).then("value").alias("value"))["value"]


def typing_slip(text: str, draw: int) -> str:
    """One letter lost, doubled or swapped with the next; never the first."""
    if len(text) < 3:
        return text
    kind, at = draw % 3, 1 + (draw // 3) % (len(text) - 2)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def keyboard_slip(text: str, draw: int) -> str:
    """One letter, sometimes the first, comes out as that of the neighbouring key."""
    at = (draw // 7) % len(text)
    keys = _NEIGHBOURS.get(text[at].upper())
    if keys is None:
        return text
    key = keys[(draw // 997) % len(keys)]
    return text[:at] + (key if text[at].isupper() else key.lower()) + text[at + 1 :]


def _sound_alikes() -> dict[str, list[str]]:
    groups = [group.split(" ") for group in _SOUND_ALIKE]
    return {name: [other for other in group if other != name] for group in groups for name in group}


_ALIKE = _sound_alikes()


def phonetic_spelling(text: str, draw: int) -> str:
    """Spelled as it is heard: another spelling of the same name, or one sound written with other letters."""
    if text in _ALIKE:
        return _ALIKE[text][draw % len(_ALIKE[text])]
    # The first sounds of the list are the commonest: of two draws the smaller place is taken.
    rules = [(sound, other) for sound, other in _SOUNDS if sound in text[1:]]
    if not rules:
        return text
    sound, other = rules[min(draw % len(rules), draw // 131 % len(rules))]
    at = text.index(sound, 1)
    return text[:at] + other + text[at + len(sound) :]


def dropped_part(name: str, draw: int) -> str:
    """One part of a double name."""
    parts = [part for part in re.split("[ -]", name) if part]
    return parts[draw % len(parts)]


def merged_part(name: str, _draw: int) -> str:
    """A name of several parts written as one word."""
    parts = [part for part in re.split("[ '\u2019-]", name) if part]
    return parts[0] + "".join(part.lower() for part in parts[1:])


def swapped_day_and_month(born: dt.date, _draw: int) -> dt.date:
    """Day and month change places where that is a date."""
    return born.replace(month=born.day, day=born.month) if born.day <= 12 else born


def wrong_day(born: dt.date, draw: int) -> dt.date:
    """A few days off, in the same month."""
    return born.replace(day=1 + (born.day - 1 + (1, 2, 10, 9)[draw % 4]) % 28)


def wrong_year(born: dt.date, draw: int) -> dt.date:
    """One year too early, or ten; never later, so that nobody is born in the future."""
    day = min(born.day, 28)
    return born.replace(year=born.year - (1, 1, 1, 10)[draw % 4], day=day)


def first_of_january(born: dt.date, draw: int) -> dt.date:
    """1 January of the year, or of one just before: entered where the day is not known."""
    return dt.date(born.year - (0, 0, 1, 2)[draw % 4], 1, 1)


def placeholder_birth_date(_born: dt.date, draw: int) -> dt.date:
    """One of the dates that stand for unknown."""
    return dt.date(1900, 1, 1) if draw % 2 else dt.date(1970, 1, 1)


def wrong_number(number: str, draw: int) -> str:
    """Another digit somewhere in the serial part of a PNC or CRO number; the check letter then no longer fits."""
    serial = number.index("/") + 1 if number[4:5] == "/" else 0
    end = len(number) - 1 if serial else number.index("/")
    at = serial + draw % (end - serial)
    return number[:at] + str((int(number[at]) + 1 + draw // 13 % 9) % 10) + number[at + 1 :]


def other_form_of_pnc(pnc: str, draw: int) -> str:
    """Another written form of a canonical YYYY/NNNNNNNL."""
    year, serial, letter = pnc[:4], pnc[5:12], pnc[12]
    forms = (
        f"{year[2:]}/{serial}{letter}",
        f"{year[2:]}/{int(serial)}{letter}",
        f"{year}{serial}{letter}",
        f"{year}/{int(serial)}{letter}",
        f"{year[2:]} / {serial} {letter}",
    )
    return forms[draw % len(forms)]


def other_form_of_postcode(postcode: str, draw: int) -> str:
    """Without its blank, or in small letters."""
    return postcode.replace(" ", "") if draw % 3 else postcode.lower()


def other_form_of_address(line: str, draw: int) -> str:
    """The street kind shortened, a comma more, or in capitals."""
    for long, short in (("Road", "Rd"), ("Street", "St"), ("Avenue", "Ave"), ("Close", "Cl"), ("Crescent", "Cres")):
        if line.endswith(long) and draw % 2:
            return line[: -len(long)] + short
    return line.upper() if draw % 3 else line.replace(" ", ", ", 1)
