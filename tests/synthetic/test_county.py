"""The preset on which hard kinds are measured holds enough of each: counted in the finished records of its full size."""

import datetime as dt

import pytest

from paramount_assets.settings import Settings
from paramount_assets.synthetic.answer_key import answer_tables
from paramount_assets.synthetic.custody import imprison
from paramount_assets.synthetic.hard_kinds import HardKind
from paramount_assets.synthetic.noise import Rates
from paramount_assets.synthetic.population import populate
from paramount_assets.synthetic.presets import PRESETS, density_of
from paramount_assets.synthetic.sources import record

FIRST_DAY = dt.date(2025, 1, 6)
SEED = 3


@pytest.mark.slow
def test_at_least_two_hundred_people_of_each_hard_kind_are_received_in_the_county():
    settings, county = Settings(), PRESETS["county"]
    reference = settings.project_folder("data/reference")
    density = density_of(county.receptions_a_day, county.residents)
    population = populate(reference, settings.force.districts, county.residents, FIRST_DAY, county.days, SEED)
    custody = imprison(population, FIRST_DAY, county.days, density, SEED, oversample=county.oversample)
    span = (FIRST_DAY, county.days)
    sources = record(population, custody, span, settings.force.services, Rates.read(reference), SEED)
    found = answer_tables(population, custody, sources)["hard_kinds"]
    counts = dict(found["kind"].value_counts().iter_rows())
    assert {kind: count for kind, count in counts.items() if count < 200} == {}
    assert set(counts) == {kind.value for kind in HardKind}
