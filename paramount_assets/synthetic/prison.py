"""What the prison service holds: the record taken down at each reception, and the movements that quote it."""

import numpy as np
import polars as pl

from paramount_assets.synthetic.asked import IN_POLICE, IN_PRISON, always_hit
from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.names import nicknames
from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.other_names import add_other_names, note_look_alikes
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.recording import plain_capitals, record_address, record_identity, record_numbers
from paramount_assets.synthetic.slips import without
from paramount_assets.synthetic.streams import Flags, flags, pick, texts
from paramount_assets.synthetic.whereabouts import homes_on

MOVEMENT_COLUMNS = [
    "prisoner_number", "booking_id", "movement_sequence", "movement_type_code", "movement_reason_code", "movement_at",
    "in_out_status", "prison_id", "pnc_number", "cro_number", "last_name", "first_name", "middle_names", "title", "aliases",
    "date_of_birth", "gender", "ethnicity_code", "nationality", "legal_status", "sentence_start_date", "release_date",
    "most_serious_offence", "alert_codes", "no_fixed_abode", "address_line", "postcode", "phone_number", "number_of_children",
]  # fmt: skip
"""movements.csv, in the order of the contract."""

OFFENCES = {
    "Theft from shop": 0.16, "Assault occasioning actual bodily harm": 0.13, "Burglary of a dwelling": 0.09,
    "Possession of class A drug with intent to supply": 0.13, "Breach of restraining order": 0.07, "Robbery": 0.06,
    "Possession of a bladed article": 0.06, "Driving while disqualified": 0.06, "Wounding with intent": 0.05,
    "Controlling or coercive behaviour": 0.05, "Fraud by false representation": 0.05, "Sexual assault": 0.04,
    "Criminal damage": 0.05,
}  # fmt: skip

ALERT_SHARES = {
    "XVL": 0.08, "RDV": 0.09, "RCC": 0.03, "RCS": 0.01, "RCP": 0.008, "CC1": 0.015, "CC2": 0.01, "CC3": 0.02, "CC4": 0.02,
    "ROH": 0.05, "ROV": 0.01, "SOR": 0.02, "SSHO": 0.006, "SC": 0.02, "ONCR": 0.012, "OHCO": 0.01, "PVN": 0.02, "OCYP": 0.02,
    "XCSEA": 0.004,
}  # fmt: skip
"""Share of prisoners with each alert (assumed)."""

NO_FIXED_ABODE_POSTCODES = ("NF1 1NF", "NF1 1FA")

ALIAS_SHARES = {"maiden": 0.35, "alias": 0.2, "nickname": 0.12, "of another": 0.03}
"""Share of records with a further name: of women who had another surname, of those with a short form, of all (assumed)."""

PHONE_SHARE = 0.45


def keep_prisoner_records(population: Population, custody: Custody, rates: Rates, seed: int) -> tuple[pl.DataFrame, Scribe]:
    """One row per spell in custody, as taken down at its reception: the personal columns of movements.csv.

    Further columns: spell_id, resident_id, booking_id, on (the day of the reception) and recorded_home_id (null where no home was
    given). A person received again has a record for each booking, with the home of that day and slips of its own.
    """
    true = add_other_names(_received(population, custody), population)
    on = true.select(pl.col("on").max()).item()
    scribe = Scribe(rates, seed, "prison", true["prisoner_number"], true, on=on)
    always = always_hit(custody, true["resident_id"], IN_PRISON)
    note_look_alikes(true, population, scribe)
    identity = record_identity(true, scribe, {cause: hit for cause, hit in always.items() if cause is not Cause.NO_FIXED_ABODE})
    numbers = record_numbers(true, scribe, always)
    moved = always_hit(custody, true["resident_id"], IN_POLICE)[Cause.OLD_ADDRESS]
    homes = _homes_given(population, true, scribe, always[Cause.NO_FIXED_ABODE], moved)
    records = true.select(
        "spell_id", "resident_id", "prisoner_number", "booking_id", "on",
        numbers["pnc"].alias("pnc_number"),
        numbers["cro"].alias("cro_number"),
        plain_capitals(identity["last_name"], scribe).alias("last_name"),
        plain_capitals(identity["first_name"], scribe).alias("first_name"),
        plain_capitals(identity["middle_names"], scribe).alias("middle_names"),
        pl.when(pl.col("sex") == "M").then(pl.lit("MR")).otherwise(pl.lit("MS")).alias("title"),
        _aliases(true, identity, scribe).alias("aliases"),
        identity["date_of_birth"],
        pl.col("sex").alias("gender"),
        "ethnicity_code",
        _nationality().alias("nationality"),
        _offences(len(true), scribe).alias("most_serious_offence"),
        _alerts(len(true), scribe).alias("alert_codes"),
        *homes.get_columns(),
        without(true["phone"], scribe.rng("phone").random(len(true)) >= PHONE_SHARE).alias("phone_number"),
        _number_of_children(population, true, scribe).alias("number_of_children"),
    )  # fmt: skip
    return records, scribe


def _received(population: Population, custody: Custody) -> pl.DataFrame:
    """Who was received, spell by spell, with the day (`on`)."""
    spells = custody.spells.select(
        "spell_id", "resident_id", "prisoner_number", "booking_id", pl.col("admitted_at").dt.date().alias("on")
    )
    people = population.residents.filter(pl.col("resident_id").is_in(spells["resident_id"].implode()))
    return spells.join(people, on="resident_id", how="left", maintain_order="left")


def write_movements(custody: Custody, records: pl.DataFrame, scribe: Scribe) -> pl.DataFrame:
    """One row per movement of the span by the contract, and extract_date; now and then a row stands twice."""
    personal = records.drop("resident_id", "prisoner_number", "booking_id")
    rows = custody.movements.join(personal, on="spell_id", how="left", maintain_order="left")
    ordered = rows.sort("extract_date", "movement_at", "prisoner_number", "movement_sequence")
    repeats = _repeated(ordered, scribe)
    return pl.concat([ordered, ordered.filter(pl.Series(repeats))]).select("extract_date", *MOVEMENT_COLUMNS)


def _repeated(rows: pl.DataFrame, scribe: Scribe) -> Flags:
    moved = Scribe(scribe.rates, scribe.seed, "prison/movements", rows["prisoner_number"])
    repeats = moved.hits(Cause.REPEATED_ROW)
    scribe.take_over(moved)
    return repeats


def _homes_given(population: Population, true: pl.DataFrame, scribe: Scribe, homeless: Flags, moved: Flags) -> pl.DataFrame:
    """The home address given: that of the day, the one before, or none; no fixed abode has a postcode of its own.

    Who was asked for as homeless is, and who was asked for as having moved gives the new home.
    """
    homeless = scribe.hits(Cause.NO_FIXED_ABODE, ~moved, homeless)
    known = homes_on(population.lives, true)
    is_old = scribe.hits(Cause.OLD_ADDRESS, flags(known["former_home_id"].is_not_null()) & ~homeless & ~moved)
    given = known.select(pl.when(pl.Series(is_old)).then("former_home_id").otherwise("home_id").alias("home_id"))
    places = given.join(population.homes, on="home_id", how="left", maintain_order="left")
    written = record_address(places, scribe)
    placeholder = scribe.rng("no fixed abode").choice(np.array([*NO_FIXED_ABODE_POSTCODES, None], dtype=object), size=len(true))
    is_homeless = pl.Series(homeless)
    return written.with_columns(given["home_id"]).select(
        pl.when(is_homeless).then(pl.lit("Y")).otherwise(pl.lit("N")).alias("no_fixed_abode"),
        pl.when(~is_homeless).then("address_line").alias("address_line"),
        pl.when(is_homeless).then(texts(placeholder)).otherwise("postcode").alias("postcode"),
        pl.when(~is_homeless & pl.col("address_line").is_not_null()).then("home_id").alias("recorded_home_id"),
    )


def _aliases(true: pl.DataFrame, identity: pl.DataFrame, scribe: Scribe) -> pl.Series:
    """Other names used, LAST|FIRST|MIDDLE|birth date, several apart by semicolons.

    The true one where another was given, a surname from before the marriage, one gone by, a short form, a name once given.
    """
    chance = scribe.rng("aliases").random((len(true), len(ALIAS_SHARES)))
    some = {kind: pl.Series(chance[:, at] < share) for at, (kind, share) in enumerate(ALIAS_SHARES.items())}
    other = scribe.rng("names of others").permutation(len(true))
    frame = true.with_columns(
        (identity["false_name"] | identity["under_alias"]).alias("hidden"),
        true["first_name"].replace_strict({name: forms[0] for name, forms in nicknames().items()}, default=None).alias("short"),
        true["last_name"].gather(other).alias("others"),
        (true["date_of_birth"].dt.offset_by("-1y")).alias("false_birth"),
    )
    born = pl.col("date_of_birth").cast(pl.String)
    names = [
        pl.when("hidden").then(_alias("last_name", "first_name", pl.col("middle_names").fill_null(""), born)),
        pl.when(some["maiden"] & pl.col("maiden_name").is_not_null()).then(_alias("maiden_name", "first_name")),
        pl.when(some["alias"]).then(_alias("alias_last_name", "first_name")),
        pl.when(some["nickname"] & pl.col("short").is_not_null()).then(_alias("last_name", "short")),
        pl.when(some["of another"]).then(_alias("others", "first_name", pl.lit(""), pl.col("false_birth").cast(pl.String))),
    ]
    joined = frame.select(pl.concat_str(names, separator=";", ignore_nulls=True).alias("aliases"))["aliases"]
    return plain_capitals(joined.replace("", None), scribe)


def _alias(last: str, first: str, middle: pl.Expr | None = None, born: pl.Expr | None = None) -> pl.Expr:
    empty = pl.lit("")
    parts = [pl.col(last), pl.col(first), empty if middle is None else middle, empty if born is None else born]
    return pl.concat_str(parts, separator="|")


def _nationality() -> pl.Expr:
    abroad = {"irish": "Irish", "polish": "Polish", "romanian": "Romanian", "portuguese": "Portuguese", "arab": "Not known"}
    return pl.col("community").replace_strict(abroad, default="British", return_dtype=pl.String)


def _offences(count: int, scribe: Scribe) -> pl.Series:
    return texts(pick(scribe.rng("offence"), list(OFFENCES), list(OFFENCES.values()), count))


def _alerts(count: int, scribe: Scribe) -> pl.Series:
    drawn = scribe.rng("alerts").random((count, len(ALERT_SHARES))) < np.array(list(ALERT_SHARES.values()))
    codes = np.array(list(ALERT_SHARES), dtype=object)
    return texts([";".join(codes[row]) or None for row in drawn])


def _number_of_children(population: Population, true: pl.DataFrame, scribe: Scribe) -> pl.Series:
    """What was answered at reception, in the officer's words: often right, often not known, now and then with the grown ones."""
    counts = _children_on_the_day(population, true)
    forms = pick(scribe.rng("number of children"), list(_ANSWERS), list(_ANSWERS.values()), len(true))
    return texts([_answer(count, form) for count, form in zip(counts.to_list(), forms, strict=True)])


def _children_on_the_day(population: Population, true: pl.DataFrame) -> pl.Series:
    """Living children under eighteen of each person received, on the day; those born since the world began too."""
    born_since = population.unborn.select("mother_id", "father_id", pl.col("born_on").alias("date_of_birth"))
    children = pl.concat(
        [population.residents.select("mother_id", "father_id", "date_of_birth", "died_on"), born_since], how="diagonal"
    )
    received = true["resident_id"].implode()
    of_parents = pl.concat(
        children.filter(pl.col(side).is_in(received)).select(
            pl.col(side).alias("resident_id"), pl.col("date_of_birth").alias("born"), "died_on"
        )
        for side in ("mother_id", "father_id")
    )
    asked = true.select("resident_id", "on").with_row_index("row")
    pairs = asked.join(of_parents, on="resident_id", how="inner").filter(
        (pl.col("born") <= pl.col("on"))
        & (pl.col("born").dt.offset_by("18y") > pl.col("on"))
        & (pl.col("died_on").is_null() | (pl.col("died_on") > pl.col("on")))
    )
    counted = asked.join(pairs.group_by("row").len(), on="row", how="left", maintain_order="left")
    return counted["len"].fill_null(0).cast(pl.Int64)


_ANSWERS = {"digit": 0.43, "word": 0.11, "grown": 0.04, "step": 0.03, "less": 0.02, "NK": 0.14, "refused": 0.01, "empty": 0.22}
_SPOKEN = {0: "none", 1: "one", 2: "two", 3: "three", 4: "four"}


def _answer(count: int, form: str) -> str | None:
    answers = {
        "digit": str(count),
        "word": _SPOKEN.get(count, str(count)),
        "grown": f"{count + 1} (one adult)",
        "step": f"{count} + 1 step",
        "less": str(max(count - 1, 0)),
        "NK": "NK",
        "refused": "refused to say",
    }
    return answers.get(form)
