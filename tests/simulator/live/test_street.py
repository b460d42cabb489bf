"""A street must be told whole, in order and in time, whoever is slow to listen."""

import asyncio

from simulator.faults import FAULTS
from simulator.live.clock import LiveClock
from simulator.live.street import LiveStreet
from simulator.living.episodes.registry import kind_of
from tests.simulator.live.lives import ALL, DAY, HOUR, START, Notes, setting


class Stopwatch:
    """Seconds that rise when told to."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def street(
    notes: Notes, homes: int = 3, days: int = 1, speed: float = 0
) -> tuple[LiveStreet, Stopwatch]:
    watch = Stopwatch()
    place = setting(homes, days)
    lives = [place.lived(number, ALL) for number in place.numbers]
    return LiveStreet(lives, [notes], LiveClock(START, speed, watch), watch), watch


def test_without_waiting_all_is_told_in_order_of_time() -> None:
    notes = Notes()
    asyncio.run(street(notes)[0].run())
    place = setting(3, 1)
    for index, number in enumerate(place.numbers):
        mine = [event for home, event in notes.events if home == index]
        assert mine == list(place.street.home(number).until(START + DAY))
    times = [event.at for _, event in notes.events]
    assert times == sorted(times)
    assert notes.times == sorted(notes.times)


class Slow(Stopwatch):
    """A machine on which each look at the clock takes its time."""

    def __call__(self) -> float:
        self.at += 0.015
        return self.at


class Diary(Notes):
    """What it has heard when each whole minute was over."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[float, int] = {}

    def passed(self, t: float) -> None:
        if t >= START + 60:
            self.pages.setdefault(t // 60, len(self.messages))


def test_what_has_been_heard_when_a_minute_is_over_does_not_hang_on_the_machine() -> None:
    diaries = []
    for watch in (Stopwatch(), Slow()):
        place, diary = setting(2, 1), Diary()
        lives = [place.lived(number, ALL) for number in place.numbers]
        drop = FAULTS["link_drop"].make(onset=START + HOUR, duration=5 * HOUR, noticed_s=100.0)
        lives[0].spoil(drop)
        asyncio.run(LiveStreet(lives, [diary], LiveClock(START, 0, watch), watch).run())
        diaries.append(diary)
    assert diaries[0].messages == diaries[1].messages
    assert diaries[0].pages == diaries[1].pages
    assert len(diaries[0].pages) > 500
    assert max(diaries[0].pages) == (START + DAY) // 60
    offline = [one.t for _, one in diaries[0].messages if b"offline" in one.payload]
    assert set(offline) == {START + HOUR + 100}
    times = [message.t for _, message in diaries[0].messages]
    assert times == sorted(times), "what a line says by itself waits for nobody in the home"


def test_nothing_is_told_before_it_is_due() -> None:
    notes = Notes()
    live, watch = street(notes, speed=60)
    while watch.at < 600:
        live.turn()
        assert all(message.t <= START + watch.at * 60 for _, message in notes.messages)
        watch.at += 0.5
    assert live.at > START + 590 * 60
    assert 0 < live.lag.worst_s <= 0.5 + 1e-6
    assert notes.messages


def test_a_home_that_must_wait_holds_no_other_up() -> None:
    notes = Notes()
    live, watch = street(notes, speed=3600)
    notes.full = {1}
    for _ in range(40):
        watch.at += 0.5
        live.turn()
    assert {home for home, _ in notes.messages} == {0, 2}
    notes.full = set()
    watch.at += 30
    while live.turn() is not None:
        pass
    mine = [event for home, event in notes.events if home == 1]
    assert mine == list(setting(3, 1).street.home(2).until(START + DAY))


def test_where_order_matters_all_wait() -> None:
    notes = Notes(in_order=True)
    live, watch = street(notes, speed=3600)
    notes.full = {1}
    for _ in range(20):
        watch.at += 0.5
        live.turn()
    first = min(home.next for home in live.homes)
    assert first == live.homes[1].next


def test_a_pause_holds_life_and_a_pace_can_be_changed() -> None:
    notes = Notes()
    live, watch = street(notes, homes=1, days=30, speed=60)
    watch.at = 600
    while live.turn() == 0:
        pass
    at = live.at
    assert abs(at - (START + 36_000)) < 1
    live.clock.pause(at=at)
    watch.at += 1000
    assert live.turn() is not None
    assert live.at == at
    live.clock.pause(at=at)
    live.clock.change(3600, at=at)
    watch.at += 10
    while live.turn() == 0:
        pass
    assert abs(live.at - at - 36_000) < 1


def test_what_is_made_to_happen_shows_at_once() -> None:
    notes = Notes()
    live, watch = street(notes, homes=2, days=2, speed=3600)
    watch.at = 12
    while live.turn() == 0:
        pass
    live.befall(1, kind_of("power_cut").begin(live.at, days=3 / 24))
    now = live.at
    watch.at = 30
    while live.turn() == 0:
        pass
    after = [(home, event) for home, event in notes.events if event.at.timestamp() > now]
    dark = [event for home, event in after if home == 1 and event.at.timestamp() < now + 3 * HOUR]
    assert dark == []
    assert any(home == 0 for home, _ in after)
    assert any(home == 1 for home, _ in after)
