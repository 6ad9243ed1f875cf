import datetime as dt

import polars as pl
import pytest

from paramount_assets.persons.receptions import LookBack, cleaned, looked_at
from paramount_assets.vocabulary import Day
from tests.frames import earlier_rows_of, rows_of

TODAY = Day(dt.date(2025, 11, 5))
EARLIER = dt.date(2025, 10, 20)
RECEIVED_EARLIER = dt.datetime.fromisoformat("2025-10-19T16:00")


@pytest.fixture
def received_today() -> pl.DataFrame:
    return rows_of("prison/receptions", {"reception_id": "TODAY", "prisoner_number": "A1111AA"})


def back(*, reference_landed=True, answered=(), movements=(), received=("EARLIER", "A2222AA"), as_of=EARLIER) -> LookBack:
    reception = {
        "reception_id": received[0],
        "prisoner_number": received[1],
        "booking_id": "2002",
        "movement_sequence": 3,
        "received_at": RECEIVED_EARLIER,
        "as_of": as_of,
    }
    return LookBack(
        receptions=earlier_rows_of("prison/receptions", reception),
        movements=earlier_rows_of("prison/movements", *movements),
        reference_landed=reference_landed,
        answered=pl.Series(answered, dtype=pl.String),
        look_again_days=28,
    )


def looked(received_today, back, *, movements=(), rulings=()) -> dict[str, str]:
    frame = looked_at(TODAY, received_today, rows_of("prison/movements", *movements), rows_of("intake/rulings", *rulings), back)
    return dict(frame.select("reception_id", "looked_at_because").iter_rows())


def released(moment, number="A2222AA") -> dict:
    return {"prisoner_number": number, "movement_type_code": "REL", "movement_at": moment}


def test_on_an_ordinary_day_only_its_own_receptions_are_looked_at(received_today):
    assert looked(received_today, back(reference_landed=False)) == {"TODAY": "received"}


def test_when_a_reference_lands_people_still_in_custody_are_looked_at_again(received_today):
    assert looked(received_today, back()) == {"TODAY": "received", "EARLIER": "reference"}


def test_somebody_released_since_is_not_looked_at_again(received_today):
    earlier = back(movements=[released(dt.datetime.fromisoformat("2025-10-30T09:00")) | {"as_of": dt.date(2025, 10, 31)}])
    assert looked(received_today, earlier) == {"TODAY": "received"}
    assert looked(received_today, back(), movements=[released(dt.datetime.fromisoformat("2025-11-04T09:00"))]) == {
        "TODAY": "received"
    }


def test_a_release_before_the_reception_or_of_somebody_else_does_not_matter(received_today):
    movements = [
        released(dt.datetime.fromisoformat("2025-10-01T09:00")),
        released(dt.datetime.fromisoformat("2025-11-04T09:00"), number="A9999AA"),
    ]
    assert looked(received_today, back(), movements=movements) == {"TODAY": "received", "EARLIER": "reference"}


def test_a_ruling_has_its_reception_looked_at_again(received_today):
    ruling = {"ruling_id": "U1", "is_of_the_day": True, "ruling_kind": "accept_link", "reception_id": "EARLIER"}
    assert looked(received_today, back(reference_landed=False), rulings=[ruling]) == {"TODAY": "received", "EARLIER": "ruling"}


def test_a_ruling_of_an_earlier_day_brings_nothing_back(received_today):
    ruling = {"ruling_id": "U1", "is_of_the_day": False, "ruling_kind": "accept_link", "reception_id": "EARLIER"}
    assert looked(received_today, back(reference_landed=False), rulings=[ruling]) == {"TODAY": "received"}


def test_a_reference_reaches_back_only_as_far_as_the_force_decided(received_today):
    assert looked(received_today, back(as_of=dt.date(2025, 10, 7))) == {"TODAY": "received"}


def test_an_answer_has_only_the_receptions_it_is_about_looked_at_again(received_today):
    assert looked(received_today, back(reference_landed=False, answered=["2002-3"])) == {
        "TODAY": "received",
        "EARLIER": "reference",
    }
    assert looked(received_today, back(reference_landed=False, answered=["2002-1", "9009-3"])) == {"TODAY": "received"}


def test_an_answer_reaches_back_as_far_as_a_reference_and_not_to_somebody_released(received_today):
    answered = {"reference_landed": False, "answered": ["2002-3"]}
    assert looked(received_today, back(**answered, as_of=dt.date(2025, 10, 7))) == {"TODAY": "received"}
    let_out = released(dt.datetime.fromisoformat("2025-11-04T09:00"))
    assert looked(received_today, back(**answered), movements=[let_out]) == {"TODAY": "received"}


def test_a_reception_of_the_day_itself_is_looked_at_once(received_today):
    assert looked(received_today, back(received=("TODAY", "A1111AA"))) == {"TODAY": "received"}


def test_persons_are_in_standard_form():
    received = rows_of(
        "prison/receptions",
        {
            "reception_id": "R1",
            "received_on": dt.date(2025, 11, 4),
            "last_name": "O'Brien-Smith",
            "first_name": "Zoë",
            "middle_names": "J",
            "date_of_birth": dt.date(1970, 1, 1),
            "pnc_number": "12-394773H",
            "cro_number": "85227/65G",
            "address_line": "1 High St.",
            "postcode": "ox14ar",
            "no_fixed_abode": False,
        },
    )
    person = cleaned(received.with_columns(looked_at_because=pl.lit("received")), TODAY).row(0, named=True)
    assert (person["last_name"], person["first_name"], person["middle_names"]) == ("OBRIEN SMITH", "ZOE", None)
    assert person["date_of_birth"] is None
    assert (person["pnc_number"], person["cro_number"]) == ("2012/0394773H", None)
    assert (person["postcode"], person["postcodes"], person["la_code"]) == ("OX1 4AR", ["OX1 4AR"], "E07000178")
    assert person["home_id"].startswith("H")


def test_the_placeholder_postcode_means_no_fixed_abode_and_no_home():
    received = rows_of("prison/receptions", {"reception_id": "R1", "address_line": "No fixed abode", "postcode": "NF1 1NF"})
    person = cleaned(received.with_columns(looked_at_because=pl.lit("received")), TODAY).row(0, named=True)
    assert person["no_fixed_abode"] is True
    assert (person["postcode"], person["postcodes"], person["home_id"]) == (None, [], None)
