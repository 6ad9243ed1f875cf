import dataclasses
import datetime as dt

import pytest

from paramount_assets.synthetic.presets import PRESETS, Plan, PlanRefused, density_of

PLAN = Plan(preset="tiny", residents=2_000, first_day=dt.date(2025, 11, 3), days=7, density=1.0, seed=7)


def test_the_presets_grow_and_only_county_receives_those_who_are_hard_to_link_more_often():
    assert [(p.residents, p.days, p.receptions_a_day) for p in PRESETS.values()] == [
        (2_000, 7, 3), (60_000, 30, 30), (725_000, 365, 10), (2_500_000, 90, 34),
    ]  # fmt: skip
    assert [name for name, preset in PRESETS.items() if preset.oversample] == ["county"]


def test_receptions_a_day_give_the_density():
    assert density_of(8.5, 2_500_000) == pytest.approx(1.0)
    assert density_of(PRESETS["force"].receptions_a_day, PRESETS["force"].residents) == pytest.approx(4.0)


def test_a_plan_ends_on_its_last_day():
    assert PLAN.last_day == dt.date(2025, 11, 9)


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"density": 147.059}, "Made up: 147 times as many receptions as the area really has."),
        ({"oversample": True}, "Made up: people who are hard to link are received far more often than in life."),
        ({"noise": 0.5}, "Made up: 0.5 times the usual noise."),
    ],
)
def test_what_is_not_like_life_is_labelled(change, label):
    assert PLAN.labels() == []
    assert dataclasses.replace(PLAN, **change).labels() == [label]


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(PlanRefused) as refused:
        dataclasses.replace(PLAN, days=0, density=float("inf"), noise=11.0).refuse_nonsense()
    assert all(part in str(refused.value) for part in ("days", "density", "noise"))
    PLAN.refuse_nonsense()
