"""Who takes a turn to be received when somebody meant for it is inside, dead or under age."""

import numpy as np
import pytest

from paramount_assets.synthetic import returns
from paramount_assets.synthetic.mortality import NEVER
from paramount_assets.synthetic.returns import DAY_MINUTES, Taken, Turns, take_turns

PEOPLE = 20
FIRST_TIMERS = 10
"""Residents from here on are first-timers; those below are meant for a turn."""


def _take(stays, wish=(), recalls=(), serves=(), death=None, of_age=None) -> Taken:
    """Turns with the given (day admitted, day released)."""
    count = len(stays)
    wishes = np.full(count, -1)
    for turn, who in dict(wish).items():
        wishes[turn] = who
    turns = Turns(
        admitted=np.array([begins * DAY_MINUTES for begins, _ in stays]),
        released=np.array([ends * DAY_MINUTES + 600 for _, ends in stays]),
        is_recall=np.isin(np.arange(count), recalls),
        serves=np.isin(np.arange(count), serves),
        first_timer=FIRST_TIMERS + np.arange(count),
        wish=wishes,
        hour_of_death=np.full(count, 720),
    )
    deaths, births = np.full(PEOPLE, NEVER), np.zeros(PEOPLE, dtype=np.int64)
    for who, day in (death or {}).items():
        deaths[who] = day
    for who, day in (of_age or {}).items():
        births[who] = day
    return take_turns(turns, births, deaths, 1)


@pytest.fixture
def _everybody_comes_back(monkeypatch):
    monkeypatch.setattr(returns, "RECALLED_SHARE", 1.0)
    monkeypatch.setattr(returns, "COMES_BACK_SHARE", 1.0)
    monkeypatch.setattr(returns, "RETURN_SHARE", 1.0)


@pytest.mark.usefixtures("_everybody_comes_back")
def test_without_anybody_released_each_turn_goes_to_somebody_new():
    taken = _take([(1, 900), (2, 900), (3, 900)], recalls=[2])
    assert taken.who.tolist() == [10, 11, 12]
    assert taken.after.tolist() == [-1, -1, -1]


@pytest.mark.usefixtures("_everybody_comes_back")
def test_a_recall_takes_up_the_booking_of_somebody_released_from_a_sentence():
    taken = _take([(1, 5), (9_000, 9_100)], recalls=[1], serves=[0])
    assert taken.who.tolist() == [10, 10]
    assert taken.after.tolist() == [-1, 0]


@pytest.mark.usefixtures("_everybody_comes_back")
def test_another_reception_of_somebody_released_begins_a_new_booking():
    taken = _take([(1, 5), (9_000, 9_100)])
    assert taken.who.tolist() == [10, 10]
    assert taken.after.tolist() == [-1, -1]


def test_somebody_meant_for_two_turns_is_not_received_while_inside():
    taken = _take([(1, 50), (10, 20), (60, 70)], wish={0: 3, 1: 3, 2: 3})
    assert taken.who.tolist() == [3, 11, 3]
    assert taken.granted.tolist() == [True, False, True]


def test_nobody_is_received_on_the_day_of_their_death_or_before_they_are_of_age():
    taken = _take([(10, 20), (10, 20), (11, 20)], wish={0: 1, 1: 2, 2: 2}, death={1: 10}, of_age={2: 11})
    assert taken.who.tolist() == [10, 11, 2]


@pytest.mark.usefixtures("_everybody_comes_back")
def test_whoever_dies_inside_leaves_on_that_day_and_does_not_come_back():
    taken = _take([(1, 50), (9_000, 9_100)], wish={0: 4}, serves=[0], recalls=[1], death={4: 30})
    assert taken.died.tolist() == [True, False]
    assert taken.released[0] == 30 * DAY_MINUTES + 720
    assert taken.who.tolist() == [4, 11]
