"""What the prison service holds: the prisoner's record as taken down at reception, and the movements that quote it."""

import numpy as np
import polars as pl

from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.recording import plain_capitals, record_address, record_identity, record_numbers, words
from paramount_assets.synthetic.streams import Flags, blanked, pick, texts

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
    "XVL": 0.08, "RDV": 0.09, "RCC": 0.03, "RCS": 0.01, "CC1": 0.015, "CC3": 0.02, "ROH": 0.05, "ROV": 0.01, "SOR": 0.02,
    "SC": 0.02, "ONCR": 0.012, "PVN": 0.02, "OCYP": 0.02,
}  # fmt: skip
"""Share of prisoners with each alert (assumed)."""

NO_FIXED_ABODE_POSTCODES = ("NF1 1NF", "NF1 1FA")
ALIAS_SHARE = 0.12


def keep_prisoner_records(population: Population, custody: Custody, rates: Rates, seed: int) -> tuple[pl.DataFrame, Scribe]:
    """One row per person in custody, as recorded: resident_id, prisoner_number, and the personal columns of movements.csv."""
    held = custody.spells.select("resident_id", "prisoner_number")
    true = held.join(population.residents, on="resident_id", how="left", maintain_order="left")
    scribe = Scribe(rates, seed, "prison", true["prisoner_number"])
    identity = record_identity(true, scribe)
    numbers = record_numbers(true, scribe)
    homes = _homes_given(population, true, scribe)
    return (
        pl.DataFrame(
            {
                "resident_id": true["resident_id"],
                "prisoner_number": true["prisoner_number"],
                "pnc_number": numbers["pnc"],
                "cro_number": numbers["cro"],
                "last_name": plain_capitals(identity["last_name"], scribe),
                "first_name": plain_capitals(identity["first_name"], scribe),
                "middle_names": plain_capitals(identity["middle_names"], scribe),
                "title": true.select(pl.when(pl.col("sex") == "M").then(pl.lit("MR")).otherwise(pl.lit("MS"))).to_series(),
                "aliases": _aliases(true, identity, scribe),
                "date_of_birth": identity["date_of_birth"],
                "gender": true["sex"],
                "ethnicity_code": true["ethnicity_code"],
                "nationality": _nationalities(true),
                "most_serious_offence": texts(pick(scribe.rng("offence"), list(OFFENCES), list(OFFENCES.values()), len(true))),
                "alert_codes": _alerts(len(true), scribe),
                **homes.to_dict(),
                "phone_number": _sometimes(true["phone"], 0.45, scribe, "phone"),
                "number_of_children": _number_of_children(population, true, scribe),
            }
        ),
        scribe,
    )


def write_movements(custody: Custody, records: pl.DataFrame, scribe: Scribe) -> pl.DataFrame:
    """One row per movement of the span by the contract, and extract_date; now and then a row stands twice."""
    rows = custody.movements.join(records.drop("prisoner_number"), on="resident_id", how="left", maintain_order="left")
    ordered = rows.sort("extract_date", "movement_at", "prisoner_number", "movement_sequence")
    repeats = _repeated(ordered, scribe)
    return pl.concat([ordered, ordered.filter(pl.Series(repeats))]).select("extract_date", *MOVEMENT_COLUMNS)


def _repeated(rows: pl.DataFrame, scribe: Scribe) -> Flags:
    moved = Scribe(scribe.rates, scribe.seed, "prison/movements", rows["prisoner_number"])
    repeats = moved.hits(Cause.REPEATED_ROW)
    scribe.take_over(moved)
    return repeats


def _homes_given(population: Population, true: pl.DataFrame, scribe: Scribe) -> pl.DataFrame:
    """The home address given: the present one, the one before, or none; no fixed abode has a postcode of its own."""
    former = (
        population.lives.filter(pl.col("to_date").is_not_null())
        .sort("resident_id", "to_date")
        .group_by("resident_id", maintain_order=True)
        .agg(pl.col("home_id").last().alias("former_home_id"))
    )
    known = true.join(former, on="resident_id", how="left", maintain_order="left")
    is_old = pl.Series(scribe.hits(Cause.OLD_ADDRESS, np.asarray(known["former_home_id"].is_not_null().to_numpy())))
    given = known.select(pl.when(is_old).then("former_home_id").otherwise("home_id").alias("home_id")).join(
        population.homes, on="home_id", how="left", maintain_order="left"
    )
    written = record_address(given, scribe)
    in_hostel = np.asarray((true["shape"] == "hostel").to_numpy())
    homeless = scribe.hits(Cause.NO_FIXED_ABODE) | (in_hostel & (scribe.rng("hostel").random(len(true)) < 0.4))
    line, postcode = words(written["address_line"]), words(written["postcode"])
    placeholder = scribe.rng("no fixed abode").choice(np.array([*NO_FIXED_ABODE_POSTCODES, None], dtype=object), size=len(true))
    return pl.DataFrame(
        {
            "no_fixed_abode": texts(np.where(homeless, "Y", "N")),
            "address_line": texts(blanked(line, homeless)),
            "postcode": texts(np.where(homeless, placeholder, postcode)),
        }
    )


def _aliases(true: pl.DataFrame, identity: pl.DataFrame, scribe: Scribe) -> pl.Series:
    """Other names used: the true one where a false one was given, a maiden name, or a name somebody once gave."""
    rng = scribe.rng("aliases")
    some = rng.random(len(true)) < ALIAS_SHARE
    others = rng.permutation(len(true))
    last, first, maiden = words(true["last_name"]), words(true["first_name"]), words(true["maiden_name"])
    aliases: list[str | None] = []
    for at, born in enumerate(true["date_of_birth"].to_list()):
        if identity["false_name"][at]:
            aliases.append(f"{last[at]}|{first[at]}||{born}")
        elif some[at]:
            aliases.append(f"{maiden[at] or last[others[at]]}|{first[at]}||")
        else:
            aliases.append(None)
    return plain_capitals(texts(aliases), scribe)


def _nationalities(true: pl.DataFrame) -> pl.Series:
    abroad = {"irish": "Irish", "polish": "Polish", "romanian": "Romanian", "portuguese": "Portuguese", "arab": "Not known"}
    return true["community"].replace_strict(abroad, default="British", return_dtype=pl.String)


def _alerts(count: int, scribe: Scribe) -> pl.Series:
    drawn = scribe.rng("alerts").random((count, len(ALERT_SHARES))) < np.array(list(ALERT_SHARES.values()))
    codes = np.array(list(ALERT_SHARES), dtype=object)
    return texts([";".join(codes[row]) or None for row in drawn])


def _number_of_children(population: Population, true: pl.DataFrame, scribe: Scribe) -> pl.Series:
    """What was answered at reception, in the officer's words: often right, often not known, now and then with the grown ones."""
    children = population.residents.filter(pl.col("role") == "child")
    counts = pl.concat([children[side].drop_nulls() for side in ("mother_id", "father_id")]).value_counts()
    numbers = dict(counts.iter_rows())
    spoken = {0: "none", 1: "one", 2: "two", 3: "three", 4: "four"}
    forms = pick(
        scribe.rng("number of children"), ["digit", "word", "grown", "NK", "empty"], [0.45, 0.12, 0.04, 0.15, 0.24], len(true)
    )
    return texts([_answer(numbers.get(who, 0), form, spoken) for who, form in zip(true["resident_id"], forms, strict=True)])


def _answer(count: int, form: str, spoken: dict[int, str]) -> str | None:
    if form == "empty":
        return None
    if form == "grown":
        return f"{count + 1} (one adult)"
    return {"digit": str(count), "word": spoken.get(count, str(count)), "NK": "NK"}[form]


def _sometimes(values: pl.Series, share: float, scribe: Scribe, purpose: str) -> pl.Series:
    return texts(blanked(words(values), scribe.rng(purpose).random(len(values)) >= share))
