"""Who takes each turn to be received: somebody for the first time, a person recalled, or one who comes back on a new booking.

Goes through the receptions in the order of time, because whoever is inside cannot be received: one step per reception, never
per resident.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from paramount_assets.synthetic.streams import Flags, Whole, stream

RECALLED_SHARE = 0.45
"""Of those released from a sentence, may be recalled to it (assumed: about as many as fill three receptions in ten)."""

COMES_BACK_SHARE = 0.4
"""Of the others released, may be received again for something else (assumed: below the proven reoffending of short terms)."""

RETURN_SHARE = 0.45
"""Of receptions that are no recall, go to somebody released in the span where there is one (assumed)."""

RECALLED_AFTER_DAYS, BACK_AFTER_DAYS = 100.0, 260.0
"""Mean days from the release to the recall, and to the next reception (assumed)."""

LEAST_DAYS_OUTSIDE = 2.0
DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Turns:
    """The receptions to be filled, in the order of time; minutes and days count from 1970.

    admitted, released: minutes. is_recall: for a recall. serves: the stay ends as a sentence, so that a recall may follow.
    first_timer: who is received if nobody else is. wish: who should be received before all others; -1 for nobody.
    hour_of_death: minutes into the day of the death at which a person who dies inside does.
    """

    admitted: Whole
    released: Whole
    is_recall: Flags
    serves: Flags
    first_timer: Whole
    wish: Whole
    hour_of_death: Whole


@dataclass(frozen=True)
class Taken:
    """Who took each turn.

    who: position of the resident. after: the turn whose booking is taken up again; -1 for a new booking. granted: the wish came
    true. released: minutes. died: inside, which ends the stay.
    """

    who: Whole
    after: Whole
    granted: Flags
    released: Whole
    died: Flags


def take_turns(turns: Turns, of_age: Whole, death: Whole, seed: int) -> Taken:
    """Fills every turn; nobody is received who is inside, dead or under age.

    Args:
        turns: the receptions to be filled; first-timers are different people, none of them wished for, old enough and alive.
        of_age: of each resident, the day of the eighteenth birthday.
        death: of each resident, the day of death.
        seed: of the world.
    """
    gate = _Gate(turns, of_age, death, stream(seed, "returns"))
    for turn in range(len(turns.admitted)):
        gate.receive(turn)
    return Taken(gate.who, gate.after, gate.granted, gate.released, gate.died)


class _Gate:
    """Who is inside, who was released and may come back, as the turns go by."""

    def __init__(self, turns: Turns, of_age: Whole, death: Whole, rng: np.random.Generator) -> None:
        count = len(turns.admitted)
        self._turns, self._of_age, self._death = turns, of_age, death
        self._draw = rng.random(count)
        self._is_recalled, self._due_at = _come_back(turns, rng)
        self._free_from: dict[int, int] = {}
        self._waiting: list[tuple[int, int]] = []
        self._outside: dict[bool, list[int]] = {True: [], False: []}
        self.who, self.after = np.full(count, -1, dtype=np.int64), np.full(count, -1, dtype=np.int64)
        self.granted, self.died = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
        self.released = turns.released.copy()

    def receive(self, turn: int) -> None:
        """Fills one turn."""
        now = int(self._turns.admitted[turn])
        while self._waiting and self._waiting[0][0] <= now:
            _, earlier = heapq.heappop(self._waiting)
            self._outside[bool(self._is_recalled[earlier])].append(earlier)
        wish, earlier = int(self._turns.wish[turn]), -1
        self.granted[turn] = wish >= 0 and self._is_free(wish, now)
        if not self.granted[turn]:
            earlier = self._back(turn, now)
        who = wish if self.granted[turn] else int(self.who[earlier] if earlier >= 0 else self._turns.first_timer[turn])
        self.who[turn] = who
        self.after[turn] = earlier if self._turns.is_recall[turn] else -1
        self._lock_up(turn, who)

    def _back(self, turn: int, now: int) -> int:
        """The earlier turn of somebody who is received again; -1 where it is somebody for the first time."""
        is_recall = bool(self._turns.is_recall[turn])
        chance = float(self._draw[turn]) / (1.0 if is_recall else RETURN_SHARE)
        among = self._outside[is_recall]
        while among and chance < 1.0:
            earlier = among.pop(int(chance * len(among)))
            if self._is_free(int(self.who[earlier]), now):
                return earlier
        return -1

    def _is_free(self, who: int, now: int) -> bool:
        day = now // DAY_MINUTES
        return bool(self._of_age[who] <= day < self._death[who]) and self._free_from.get(who, -1) < now

    def _lock_up(self, turn: int, who: int) -> None:
        dies_at = int(self._death[who]) * DAY_MINUTES + int(self._turns.hour_of_death[turn])
        self.died[turn] = dies_at < self.released[turn]
        self.released[turn] = min(int(self.released[turn]), dies_at)
        self._free_from[who] = int(self.released[turn])
        if self._due_at[turn] >= 0 and not self.died[turn]:
            heapq.heappush(self._waiting, (int(self._due_at[turn]), turn))


def _come_back(turns: Turns, rng: np.random.Generator) -> tuple[Flags, Whole]:
    """Whether each who is released may be recalled, and the minute from which they are received again; -1 for never."""
    fate = rng.random(len(turns.admitted))
    recalled = turns.serves & (fate < RECALLED_SHARE)
    back = ~recalled & (rng.random(len(fate)) < COMES_BACK_SHARE)
    days = LEAST_DAYS_OUTSIDE + rng.standard_exponential(len(fate)) * np.where(recalled, RECALLED_AFTER_DAYS, BACK_AFTER_DAYS)
    due_at = turns.released + (days * DAY_MINUTES).astype(np.int64)
    return recalled, np.where(recalled | back, due_at, -1)
