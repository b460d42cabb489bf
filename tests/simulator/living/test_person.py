"""A person must move as people do: one step after another, through the hallway, with a body."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import SensorEvent
from detectors.moment import Calendar
from simulator.living.activities import ACTIVITIES, night_wandering, toilet
from simulator.living.chance import Chance
from simulator.living.episodes import away, decline, low_intake, uti
from simulator.living.habits import Doing
from simulator.living.person import Life, Person
from simulator.living.rooms import BATHROOM, BEDROOM, HALLWAY, KITCHEN, LOUNGE, OUTSIDE
from simulator.living.senses import Senses
from tests.simulator.living.measures import START

NOON = START + 12 * 3600
FOREVER = float("inf")


class Watched:
    """A person and all that the sensors of their home tell."""

    def __init__(self, seed: int = 1, start: float = NOON) -> None:
        self.senses = Senses("h1", Chance.of(seed, 1))
        self.person = Person(
            senses=self.senses,
            calendar=Calendar("Europe/London"),
            chance=Chance.of(seed, 2),
            start=start,
        )
        self.rooms = [self.person.room]

    def do(self, life: Life) -> list[SensorEvent]:
        """Lives it to its end, never backwards."""
        for until in life:
            assert until >= self.person.t
            if self.person.room != self.rooms[-1]:
                self.rooms.append(self.person.room)
        if self.person.room != self.rooms[-1]:
            self.rooms.append(self.person.room)
        return self.told()

    def told(self) -> list[SensorEvent]:
        events = []
        while (event := self.senses.take(FOREVER)) is not None:
            events.append(event)
        return events


@pytest.mark.parametrize("goal", [BATHROOM, KITCHEN, LOUNGE, OUTSIDE])
def test_the_way_from_room_to_room_leads_through_the_hallway(goal: str) -> None:
    watched = Watched()
    watched.do(watched.person.walk(goal))
    assert watched.rooms == [BEDROOM, HALLWAY, goal]


def test_who_is_there_already_does_not_walk() -> None:
    watched = Watched()
    assert watched.do(watched.person.walk(BEDROOM)) == []
    assert watched.person.t == NOON


def test_a_walk_takes_the_time_its_metres_take() -> None:
    for seed in range(20):
        watched = Watched(seed)
        metres = sum(length for _, length in watched.person.rooms.way(BEDROOM, KITCHEN))
        watched.do(watched.person.walk(KITCHEN))
        assert metres / 2.5 < watched.person.t - NOON < metres / 0.15 + 120


def mean_walk(start: float, *, slow: bool) -> float:
    total = 0.0
    for seed in range(60):
        watched = Watched(seed, start)
        if slow:
            watched.person.befall(decline(start - 50 * 86_400))
        watched.do(watched.person.walk(KITCHEN))
        total += watched.person.t - start
    return total / 60


def test_people_walk_slower_in_the_dark_and_in_decline() -> None:
    assert mean_walk(NOON, slow=False) < 0.95 * mean_walk(START + 2 * 3600, slow=False)
    assert mean_walk(NOON, slow=False) < 0.85 * mean_walk(NOON, slow=True)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(min_value=0, max_value=10**6),
    doings=st.lists(st.sampled_from(list(Doing)), min_size=1, max_size=6),
)
def test_whatever_is_done_the_body_and_the_clock_hold(seed: int, doings: list[Doing]) -> None:
    watched = Watched(seed)
    person = watched.person
    for doing in doings:
        before = person.t
        watched.do(ACTIVITIES[doing](person))
        assert person.t > before
        assert person.room != OUTSIDE, "everybody comes home from everything"
        assert 0 <= person.body.bladder_ml <= 1.6 * person.habits.capacity_ml
        assert person.body.gut_ml >= 0
    assert all(HALLWAY in pair for pair in pairwise(watched.rooms)), watched.rooms


def of_kind(events: list[SensorEvent], kind: str) -> list[tuple[str, float]]:
    return [(event.sensor, event.value) for event in events if event.kind == kind]


def test_tea_is_a_boil_in_the_kitchen_and_water_in_the_gut() -> None:
    watched = Watched()
    before = watched.person.body.gut_ml
    events = watched.do(ACTIVITIES[Doing.TEA](watched.person))
    (boil,) = (event for event in events if event.kind == "appliance")
    assert boil.duration
    assert watched.person.room == KITCHEN
    assert watched.person.body.gut_ml > before + 150
    assert boil.at.timestamp() < watched.person.t


def test_a_cold_drink_leaves_the_kettle_alone() -> None:
    watched = Watched()
    events = watched.do(ACTIVITIES[Doing.COLD_DRINK](watched.person))
    assert of_kind(events, "appliance") == []


def test_the_toilet_empties_the_bladder() -> None:
    watched = Watched()
    watched.person.body.bladder_ml = 250
    watched.do(toilet(watched.person))
    assert watched.person.room == BATHROOM
    assert watched.person.body.bladder_ml < 20


def test_an_outing_is_a_door_that_opens_twice_and_quiet_between() -> None:
    watched = Watched()
    events = watched.do(watched.person.go_out(NOON + 7200))
    doors = [event for event in events if event.kind == "opening"]
    assert [event.value for event in doors] == [1, 0, 1, 0]
    left, back = doors[1].at.timestamp(), doors[2].at.timestamp()
    assert back >= NOON + 7200
    quiet = [e for e in events if e.kind == "motion" and left + 15 < e.at.timestamp() < back]
    assert quiet == []


def test_a_caller_is_a_door_that_opens_once() -> None:
    watched = Watched()
    events = watched.do(ACTIVITIES[Doing.DOORSTEP](watched.person))
    assert of_kind(events, "opening") == [("front-door-contact", 1), ("front-door-contact", 0)]


def test_wandering_at_night_ends_in_kitchen_or_hallway() -> None:
    seen = set()
    for seed in range(20):
        watched = Watched(seed, START + 3 * 3600)
        watched.do(night_wandering(watched.person))
        seen.add(watched.person.room)
    assert seen == {KITCHEN, HALLWAY}


def test_a_full_bladder_must_go_and_an_empty_one_need_not() -> None:
    person = Watched().person
    person.body.bladder_ml = person.habits.capacity_ml
    assert person.must_go()
    person.void()
    assert not person.must_go()


def test_an_inflamed_bladder_asks_though_it_is_empty() -> None:
    watched = Watched()
    person = watched.person
    person.befall(uti(NOON - 3 * 86_400))
    asked = 0
    for _ in range(300):
        person.body.bladder_ml = 0
        watched.do(person.until(person.t + 600))
        person.body.bladder_ml = 0
        asked += person.must_go()
    per_hour = asked / 50
    assert 0.4 < per_hour < 1.1


def test_nobody_holds_more_than_a_full_bladder_on_any_day() -> None:
    for seed in range(200):
        person = Watched(seed).person
        person.wake_up()
        person.void()
        person.body.bladder_ml = person.habits.capacity_ml
        assert person.must_go(), seed


def test_an_absence_is_known_only_while_it_lasts() -> None:
    watched = Watched()
    person = watched.person
    person.befall(away(NOON + 3600, days=2))
    assert person.absent_until() == NOON
    watched.do(person.until(NOON + 7200))
    assert person.absent_until() == NOON + 3600 + 2 * 86_400


def test_thirst_is_felt_by_who_drinks_too_little() -> None:
    person = Watched().person
    person.befall(low_intake(NOON - 3 * 86_400, severity=0.8))
    assert person.felt.thirst == pytest.approx(1 - 0.75 * 0.8)
