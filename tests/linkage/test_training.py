import datetime as dt

import pytest

from paramount_assets.linkage.training import train
from paramount_assets.matching.model import load_model
from tests.linkage.frames import police, received
from tests.matching.people import crowd


def row(key, number, person):
    return {key: f"K{number}", **{name: value for name, value in person.items() if name != "key"}}


@pytest.mark.slow
def test_somebody_received_twice_is_trained_on_once(tmp_path):
    everybody = [person | {"pnc_number": f"2011/{n:07d}K"} for n, person in enumerate(crowd(80))]
    known = police(*(row("person_id", n, person) for n, person in enumerate(everybody)))
    once = [
        row("reception_id", n, p) | {"prisoner_number": f"A{n}", "received_on": dt.date(2025, 11, 9)}
        for n, p in enumerate(everybody)
    ]
    before = [
        r | {"reception_id": f"B{r['reception_id']}", "received_on": dt.date(2025, 11, 3), "last_name": "ELSE"} for r in once
    ]
    one = load_model(train(received(*once), known, "m", tmp_path / "one"))
    two = load_model(train(received(*once, *before), known, "m", tmp_path / "two"))
    assert one == two
