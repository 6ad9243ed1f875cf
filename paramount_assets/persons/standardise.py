"""One standard form for what every source writes differently: names, birth dates, postcodes, addresses.

Pure Polars expressions, with `located_homes` joining what needs the postcode directory. The rules follow the Ministry of
Justice's public linking code, with the placeholders seen in production: these become unknown, so that they never agree, block
or contradict. PNC and CRO numbers belong to `identifiers`.
"""

import datetime as dt
import hashlib

import polars as pl

from paramount_assets.persons import postcodes

PLACEHOLDER_BIRTH_DATES = (dt.date(1970, 1, 1), dt.date(1900, 1, 1))
FIRST_BIRTH_DATE = dt.date(1900, 1, 2)
"""Nobody who lives was born before it: 1815 is a slip for 2015, and says no more than that the date is not known."""

PLACEHOLDER_POSTCODES = ("NF1 1NF", "NF1 1FA")
"""How a prison records that somebody has no fixed abode."""

_PLACEHOLDER_NAMES = r"MIG_ERROR_|NO_SHOW_|DUPLICATE_|NOT ENTERED"
_POSTCODE = r"^(?:[A-Z][A-HJ-Y]?\d[A-Z\d]?\d[A-Z]{2}|GIR0AA)$"
_STREET_WORDS = {
    "AVENUE": r"\bAVE?\b", "CLOSE": r"\bCL\b", "COURT": r"\bCT\b", "CRESCENT": r"\bCRES\b", "DRIVE": r"\bDR\b",
    "GARDENS": r"\bGDNS\b", "LANE": r"\bLN\b", "PLACE": r"\bPL\b", "ROAD": r"\bRD\b", "SQUARE": r"\bSQ\b",
    "STREET": r"\bST$", "TERRACE": r"\bT(?:ERR?|CE)\b", "APARTMENT": r"\bAPT\b",
}  # fmt: skip
"""Words of an address line and how they are shortened; ST stands for a street only at the end, for a saint elsewhere."""

_APOSTROPHES = r"['`\u2018\u2019\u02BC\u00B4]"
_LETTERS_WITHOUT_ACCENT_FORM = {"Ø": "O", "Ł": "L", "Æ": "AE", "Œ": "OE", "Đ": "D", "Ð": "D", "Þ": "TH", "ẞ": "SS"}


def standard_name(column: str) -> pl.Expr:
    """The column's names in upper case without accents, hyphens as spaces, apostrophes removed, `MC X` as `MCX`.

    Placeholder tokens and tokens of one letter are dropped; a name of which nothing is left is null.
    """
    plain = _folded(pl.col(column)).str.replace_all(_PLACEHOLDER_NAMES, "").str.replace_all(_APOSTROPHES, "")
    words = plain.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.replace_all(r"\bMC (\p{L})", "MC$1")
    return _squeezed(words.str.replace_all(r"\b[\p{L}\p{N}]\b", ""))


def standard_birth_date(column: str) -> pl.Expr:
    """The column's dates, null where the date is a known placeholder or nobody's who lives."""
    date = pl.col(column)
    return pl.when(~date.is_in(PLACEHOLDER_BIRTH_DATES) & (date >= FIRST_BIRTH_DATE)).then(date)


def standard_postcode(column: str) -> pl.Expr:
    """The column's postcodes in upper case with one space, null where the form is wrong or stands for no fixed abode.

    Whether the postcode exists is for the directory to say: see `located_homes`.
    """
    squeezed = pl.col(column).str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    canonical = squeezed.str.head(-3) + " " + squeezed.str.tail(3)
    return pl.when(squeezed.str.contains(_POSTCODE) & ~canonical.is_in(PLACEHOLDER_POSTCODES)).then(canonical)


def standard_address(column: str) -> pl.Expr:
    """The column's address lines in upper case, street words in full, without accents, apostrophes and punctuation."""
    plain = _folded(pl.col(column)).str.replace_all(_APOSTROPHES, "")
    line = _squeezed(plain.str.replace_all(r"[^\p{L}\p{N}]+", " "))
    for word, short in _STREET_WORDS.items():
        line = line.str.replace_all(short, word)
    return line


def located_homes(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `address_line` and `postcode` in standard form and `la_code` and `home_id` of that home.

    A postcode that does not exist is null, and with it the local authority and the home: a home is one address line at one
    postcode that exists.
    """
    standard = frame.with_columns(
        address_line=standard_address("address_line"),
        postcode=standard_postcode("postcode"),
    )
    known = postcodes.located(standard["postcode"]).select("postcode", "la_code")
    exists = pl.col("postcode").is_in(known["postcode"].implode())
    return (
        standard.drop("la_code", strict=False)
        .join(known, on="postcode", how="left", maintain_order="left")
        .with_columns(postcode=pl.when(exists).then("postcode"))
        .with_columns(home_id=short_id("H", "address_line", "postcode"))
    )


def short_id(prefix: str, *columns: str) -> pl.Expr:
    """An id of the prefix and 15 hexadecimal digits of the SHA-256 of the columns' texts; null where one of them is null."""
    text = pl.concat_str(columns, separator="|")
    return text.map_batches(lambda texts: _digests(prefix, texts), return_dtype=pl.String)


def _digests(prefix: str, texts: pl.Series) -> pl.Series:
    return pl.Series(
        texts.name,
        [None if text is None else prefix + hashlib.sha256(text.encode()).hexdigest()[:15] for text in texts],
        dtype=pl.String,
    )


def _folded(text: pl.Expr) -> pl.Expr:
    upper = text.str.to_uppercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return upper.str.replace_many(_LETTERS_WITHOUT_ACCENT_FORM)


def _squeezed(text: pl.Expr) -> pl.Expr:
    single = text.str.replace_all(r" +", " ").str.strip_chars()
    return pl.when(single != "").then(single)
