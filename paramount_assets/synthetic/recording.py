"""What a source writes down of a true identity: the slips of `noise` applied in the order in which they happen."""

import unicodedata

import numpy as np
import polars as pl

from paramount_assets.synthetic.names import nicknames
from paramount_assets.synthetic.noise import (
    Cause,
    Scribe,
    changed,
    other_form_of_address,
    other_form_of_pnc,
    other_form_of_postcode,
    placeholder_birth_date,
    swapped_day_and_month,
    typing_slip,
    wrong_number,
    wrong_year,
)
from paramount_assets.synthetic.streams import Flags, Words, texts

_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss"})


def words(column: pl.Series) -> Words:
    """A column as an object array with None for null."""
    return np.asarray([*column.to_list(), None], dtype=object)[:-1]


def record_identity(true: pl.DataFrame, scribe: Scribe) -> pl.DataFrame:
    """The identity as recorded: last_name, first_name, middle_names, date_of_birth, false_name (boolean).

    Args:
        true: last_name, first_name, middle_names, maiden_name, date_of_birth; one row per record.
        scribe: keeps why a record differs.
    """
    last, first, is_false = _names_given(true, scribe)
    double = np.array([" " in name or "-" in name for name in last], dtype=np.bool_)
    dropped = scribe.hits(Cause.DROPPED_PART, double)
    last = changed(last, dropped, lambda name, draw: name.replace("-", " ").split(" ")[draw % 2 - 1], scribe.rng("part"))
    slips = scribe.hits(Cause.TYPING_SLIP)
    in_last = scribe.rng("which name").random(len(true)) < 0.55
    last = changed(last, slips & in_last, typing_slip, scribe.rng("slip in surname"))
    first = changed(first, slips & ~in_last, typing_slip, scribe.rng("slip in forename"))
    swapped = scribe.hits(Cause.SWAPPED_NAMES)
    last, first = np.where(swapped, first, last), np.where(swapped, last, first)
    middle = words(true["middle_names"])
    middle[scribe.hits(Cause.MISSING_MIDDLE_NAMES, _known(middle))] = None
    return pl.DataFrame(
        {
            "last_name": texts(last),
            "first_name": texts(first),
            "middle_names": texts(middle),
            "date_of_birth": _birth_dates(true["date_of_birth"], scribe),
            "false_name": pl.Series(is_false),
        }
    )


def _names_given(true: pl.DataFrame, scribe: Scribe) -> tuple[Words, Words, Flags]:
    """The names that the person gave: a former surname, a short form, or a false name made of two other people's."""
    last, first = words(true["last_name"]), words(true["first_name"])
    maiden = words(true["maiden_name"])
    last = np.where(scribe.hits(Cause.MAIDEN_NAME, _known(maiden)), maiden, last)
    short = nicknames()
    has_short = np.array([name in short for name in first], dtype=np.bool_)
    hit = scribe.hits(Cause.NICKNAME, has_short)
    first = changed(first, hit, lambda name, draw: short[name][draw % len(short[name])], scribe.rng("short form"))
    is_false = scribe.hits(Cause.FALSE_NAME)
    others = scribe.rng("false names").permutation(len(last))
    return np.where(is_false, last[others], last), first, is_false


def _birth_dates(born: pl.Series, scribe: Scribe) -> pl.Series:
    dates = words(born)
    known = _known(dates)
    newest = born.max()
    slips = (
        (Cause.SWAPPED_DAY_AND_MONTH, swapped_day_and_month),
        (Cause.WRONG_YEAR, wrong_year),
        (Cause.PLACEHOLDER_BIRTH_DATE, placeholder_birth_date),
    )
    for cause, slip in slips:
        dates = changed(dates, scribe.hits(cause, known), slip, scribe.rng(f"{cause.value} how"))
    # A slip never makes a birth later than any true one: nobody enters a date that is still to come.
    dates = np.array([b if d is not None and d > newest else d for d, b in zip(dates, born, strict=True)], dtype=object)
    dates[scribe.hits(Cause.MISSING_BIRTH_DATE, known)] = None
    return pl.Series(dates.tolist(), dtype=pl.Date)


def record_numbers(true: pl.DataFrame, scribe: Scribe) -> pl.DataFrame:
    """PNC and CRO numbers as recorded: pnc, cro. A wrong PNC is half the time a well-formed one of somebody else."""
    pnc, cro = words(true["pnc"]), words(true["cro"])
    wrong = scribe.hits(Cause.WRONG_PNC, _known(pnc))
    is_slip = scribe.rng("wrong pnc").random(len(pnc)) < 0.5
    others = pnc.copy()
    others[_known(pnc)] = np.roll(pnc[_known(pnc)], 1)
    pnc = np.where(wrong & ~is_slip, others, pnc)
    pnc = changed(pnc, wrong & is_slip, wrong_number, scribe.rng("slip in pnc"))
    pnc = changed(pnc, scribe.hits(Cause.OTHER_FORM_OF_PNC, _known(pnc)), other_form_of_pnc, scribe.rng("form of pnc"))
    pnc[scribe.hits(Cause.MISSING_PNC, _known(pnc))] = None
    cro = changed(cro, scribe.hits(Cause.WRONG_CRO, _known(cro)), wrong_number, scribe.rng("slip in cro"))
    cro[scribe.hits(Cause.MISSING_CRO, _known(cro))] = None
    return pl.DataFrame({"pnc": texts(pnc), "cro": texts(cro)})


def record_address(true: pl.DataFrame, scribe: Scribe) -> pl.DataFrame:
    """Address and postcode as recorded: address_line, postcode; in free text, by a source without a gazetteer."""
    line, postcode = words(true["address_line"]), words(true["postcode"])
    line = changed(line, scribe.hits(Cause.OTHER_FORM_OF_ADDRESS), other_form_of_address, scribe.rng("form of address"))
    shaped = scribe.hits(Cause.OTHER_FORM_OF_POSTCODE, _known(postcode))
    postcode = changed(postcode, shaped, other_form_of_postcode, scribe.rng("form of postcode"))
    postcode[scribe.hits(Cause.MISSING_POSTCODE, _known(postcode))] = None
    missing = scribe.hits(Cause.MISSING_ADDRESS)
    line[missing] = None
    postcode[missing] = None
    return pl.DataFrame({"address_line": texts(line), "postcode": texts(postcode)})


def plain_capitals(names: pl.Series, scribe: Scribe) -> pl.Series:
    """Names as old systems hold them: capitals without accents; written down where a letter was lost."""
    plain = [None if name is None else _plain(name) for name in names.to_list()]
    lost = np.array([p is not None and p != n for p, n in zip(plain, names.to_list(), strict=True)], dtype=np.bool_)
    scribe.note(Cause.PLAIN_LETTERS, lost)
    return texts(plain).str.to_uppercase()


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _known(values: Words) -> Flags:
    return np.array([value is not None for value in values], dtype=np.bool_)
