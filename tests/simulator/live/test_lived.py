"""What is made to happen while one watches must be as if it had been known from the start."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.faults import FAULTS
from simulator.live.casting import cast_of
from simulator.live.clock import NEVER
from simulator.live.telling import Because, Wanted
from simulator.living.episodes.kind import Kind
from simulator.living.episodes.registry import KINDS, kind_of
from simulator.living.street import Planned
from tests.simulator.devices.hub import essence, hear
from tests.simulator.live.lives import (
    DAY,
    HOUR,
    START,
    events,
    instant,
    lived,
    messages,
    setting,
)


def test_all_that_happens_is_told_once_and_in_order() -> None:
    home = lived()
    told = home.take(NEVER)
    times = [instant(one) for one in told]
    assert times == sorted(times)
    assert events(told) == list(setting().street.home(1).until(START + 2 * DAY))
    assert home.events == len(events(told))
    assert home.messages == len(messages(told))
    assert any(isinstance(one, Because) for one in told)
    assert home.next == NEVER


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(0, 2 * DAY), max_size=8))
def test_portions_make_no_difference(cuts: list[float]) -> None:
    whole, home = lived().take(NEVER), lived()
    pieces = [one for cut in sorted(cuts) for one in home.take(START + cut)]
    assert pieces + home.take(NEVER) == whole


def test_a_reason_stands_before_what_is_seen_of_it() -> None:
    told = lived().take(NEVER)
    why = next(n for n, one in enumerate(told) if isinstance(one, Because))
    assert why < len(told) - 10


@settings(max_examples=8, deadline=None)
@given(st.floats(0.1, 1.8), st.sampled_from(["fall", "uti", "holiday"]))
def test_what_befalls_them_now_is_as_if_it_had_always_been_going_to(days: float, name: str) -> None:
    now = START + days * DAY
    kind = kind_of(name)
    foreseen = lived(2, Planned("home1", kind.begin(now - START)))
    home = lived()
    before = home.take(now)
    meanwhile = home.befall(kind.begin(now))
    after = [*meanwhile, *home.take(NEVER)]
    whole = foreseen.take(NEVER)
    assert events(before) + events(after) == events(whole)
    cast = cast_of(foreseen.home)
    heard = hear("home1", cast, messages([*before, *after]), base="")
    assert essence(heard) == essence(hear("home1", cast, messages(whole), base=""))
    assert len(heard) > 0.98 * len(events(whole))  # a hub takes two boils in a row for one


def test_the_past_cannot_be_changed() -> None:
    home = lived()
    told = home.take(START + DAY)
    with pytest.raises(ValueError, match="past"):
        home.befall(kind_of("fall").begin(START + DAY - 1))
    with pytest.raises(ValueError, match="sensor"):
        home.befall(kind_of("sensor_death").begin(START + DAY, sensor="radar"))
    assert told + home.take(NEVER) == lived().take(NEVER)


def test_a_fault_now_spoils_only_what_comes() -> None:
    home, clean = lived(), lived()
    now = START + DAY
    assert home.take(now) == clean.take(now)
    drop = FAULTS["link_drop"].make(onset=now, duration=20 * HOUR, device="kitchen-pir")
    home.spoil(drop)
    told, whole = home.take(NEVER), clean.take(NEVER)
    assert events(told) == events(whole)  # what happened is not what was said
    lost = {one for one in messages(whole) if one not in messages(told)}
    assert lost
    assert all("kitchen-pir" in one.topic and one.t < drop.until for one in lost)


def test_a_line_speaks_by_itself_while_nothing_happens() -> None:
    home = lived()
    home.take(START + DAY)
    onset = START + DAY
    home.spoil(FAULTS["link_drop"].make(onset=onset, duration=HOUR, noticed_s=60.0))
    told = []
    while home.next <= onset + 61:
        told += messages(home.take(home.next))
    assert {one.t for one in told if b"offline" in one.payload} == {onset + 60}


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.fault])
def test_what_an_episode_does_to_messages_is_a_fault_that_exists(kind: Kind) -> None:
    assert lived(2, Planned("home1", kind.begin(DAY))).spoiled


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.fault])
def test_no_device_speaks_on_the_very_second_that_a_label_names(kind: Kind) -> None:
    """Or whoever learns from messages would learn from the label."""
    home = lived(2, Planned("home1", kind.begin(DAY)))
    (episode,) = home.home.episodes
    said = {one.t for one in messages(home.take(NEVER))}
    assert not said & {episode.onset, episode.end}
    assert any(episode.end < t < episode.end + 90 for t in said), "they do speak again"


def test_after_a_power_cut_devices_present_themselves() -> None:
    cut = kind_of("power_cut").begin(DAY, days=1 / 24)
    home = lived(2, Planned("home1", cut))
    told = messages(home.take(NEVER))
    dark = [one for one in told if START + DAY <= one.t < START + DAY + HOUR]
    assert dark == []
    assert any(
        one.topic.endswith("/availability") and one.t < START + DAY + HOUR + 120
        for one in told
        if one.t >= START + DAY + HOUR
    )


def test_without_messages_events_are_the_same() -> None:
    quiet = lived(wanted=Wanted(messages=False)).take(NEVER)
    assert events(quiet) == events(lived().take(NEVER))
    assert messages(quiet) == []
