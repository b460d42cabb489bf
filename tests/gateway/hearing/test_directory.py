"""A renamed device is not deaf, a replaced one takes its name, a bridge that went is told of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.news import Bridge, Described, Listed, Met, News, Renamed
from gateway.dialects.protocol import Reading, Signal
from gateway.hearing.directory import BRIDGE_AWAY_S, LIVE_S, MOST_BEARERS, MOST_DEVICES, Directory

SETTINGS = frozenset({"pir", "door", "kettle", "kettle/switch:1", "0xfeed"})
NET = "zigbee2mqtt"


def directory() -> Directory:
    return Directory(SETTINGS.__contains__)


def listed(**names: str) -> Listed:
    return Listed(NET, tuple(Described(address, name) for address, name in names.items()))


def knowing(*news: News) -> Directory:
    made = directory()
    for one in news:
        made.learn([one], 0)
    return made


def test_a_device_that_was_renamed_is_heard_as_before() -> None:
    made = knowing(listed(a="pir", b="door"), listed(a="hall pir", b="door"))
    assert made.called("hall pir") == "pir"
    assert made.called("door") == "door"


@pytest.mark.parametrize("first", [0, 1])
def test_a_rename_is_understood_whichever_of_its_two_messages_comes_first(first: int) -> None:
    """The hub was new when it was renamed: no earlier list told the old name."""
    news: list[News] = [Renamed(NET, "pir", "hall pir"), listed(a="hall pir", b="door")]
    assert knowing(*(news if first else news[::-1])).called("hall pir") == "pir"


def test_a_rename_while_the_hub_was_off_is_understood() -> None:
    before, after = knowing(listed(a="pir")), directory()
    after.thaw(before.freeze())
    after.learn([listed(a="hall pir")], 0)
    assert after.called("hall pir") == "pir"
    again = directory()
    again.thaw(after.freeze())
    assert again.called("hall pir") == "pir"


def test_a_device_renamed_twice_and_back_is_heard_all_the_way() -> None:
    made = knowing(listed(a="pir"))
    for name in ("one", "two", "pir", "three"):
        made.learn([Renamed(NET, made_name(made), name)], 0)
        assert made.called(name) == "pir"


def made_name(made: Directory) -> str:
    (entry,) = made._known.nets[NET].devices.values()
    return entry.name


def test_a_sensor_put_in_anothers_place_is_the_one_that_the_settings_mean() -> None:
    """The old one is kept in a drawer under another name, and must not speak for the room."""
    made = knowing(listed(a="pir"), listed(a="drawer", b="pir"))
    assert made.called("pir") == "pir"
    assert made.called("drawer") == "drawer"
    made.learn([listed(a="drawer", b="hall pir")], 0)
    assert made.called("hall pir") == "pir"
    assert made.called("drawer") == "drawer"


def test_two_devices_that_swap_their_names_are_told_apart_by_the_settings() -> None:
    made = knowing(listed(a="pir", b="door"), listed(a="door", b="pir"))
    assert (made.called("pir"), made.called("door")) == ("pir", "door")


def test_a_device_that_left_and_came_back_under_its_address_is_known() -> None:
    made = knowing(listed(a="pir"), listed(), Met(NET, Described("a", "0xa")))
    assert made.called("0xa") == "pir"


def test_settings_may_name_a_device_by_its_address() -> None:
    made = knowing(Listed(NET, (Described("0xfeed", "anything"),)))
    assert made.called("anything") == "0xfeed"


def test_a_second_relay_moves_with_its_device() -> None:
    made = knowing(Met("shelly", Described("shelly-1", "kettle")))
    made.note([online("kettle", 0)])
    made.learn([Met("shelly", Described("shelly-1", "kitchen"))], 0)
    assert made.called("kitchen") == "kettle"
    assert made.called("kitchen/switch:1") == "kettle/switch:1"
    assert made.called("kitchen/switch:2") == "kitchen/switch:2"


def claims(made: Directory, name: str, now: float) -> str:
    """As whom a device is heard that says who it is."""
    made.learn([Met("shelly", Described("shelly-1", name))], now)
    return made.called(name)


def test_a_device_that_claims_to_be_another_one_does_not_speak_for_it() -> None:
    made = directory()
    assert claims(made, "kettle", 0) == "kettle"
    assert claims(made, "lamp", 60) == "lamp"
    assert claims(made, "kettle", LIVE_S - 1) == "kettle"
    assert claims(made, "lamp", 2 * LIVE_S - 2) == "lamp"
    again = directory()
    again.thaw(made.freeze())
    assert claims(again, "lamp", 3 * LIVE_S) == "lamp", "the hub was only started again"


@pytest.mark.parametrize("first", ["plug", "lamp"])
def test_of_two_that_go_by_an_address_of_the_settings_neither_speaks_for_it(first: str) -> None:
    """Which of them it is nobody knows, and who came first need not be it."""
    other = "lamp" if first == "plug" else "plug"
    made = knowing(met(first), met(other))
    for one in (made, thawed(made)):
        assert [one.called(name) for name in (first, other)] == [first, other]
        assert one.claims([met(first), met(other)]) == {first: "0xfeed", other: "0xfeed"}


def met(name: str, address: str = "0xfeed") -> Met:
    return Met("shelly", Described(address, name))


def thawed(made: Directory) -> Directory:
    again = Directory(SETTINGS.__contains__)
    again.thaw(made.freeze())
    return again


@pytest.mark.parametrize("leaves", ["plug", "lamp"])
def test_of_two_that_go_by_one_address_the_one_that_stays_is_believed(leaves: str) -> None:
    made = knowing(met("plug"), met("lamp"))
    stays = "lamp" if leaves == "plug" else "plug"
    made.leave(leaves)
    assert made.called(stays) == "0xfeed"
    silent = knowing(met("plug"), met("lamp"))
    silent.learn([met(stays)], LIVE_S)
    assert silent.called(stays) == "0xfeed"


@pytest.mark.parametrize("first", ["0xfeed", "help", "lamp"])
def test_who_goes_by_the_name_that_the_settings_have_is_the_one(first: str) -> None:
    """By the address itself, or by what the settings call the sensor."""
    for meant in ("0xfeed", "help"):
        made = Directory(SETTINGS.__contains__, named={"0xfeed": "help"}.get)
        for name in dict.fromkeys([first, "lamp", meant, "lamp"]):
            made.learn([met(name)], 0)
        assert made.called(meant) == "0xfeed"
        assert made.called("lamp") == "lamp"
        assert made.claims([met("lamp")]) == {"lamp": "0xfeed"}


def test_a_device_of_the_settings_is_itself_and_takes_no_address_from_another() -> None:
    made = knowing(met("pir"), met("plug"))
    assert (made.called("pir"), made.called("plug")) == ("pir", "0xfeed")
    assert knowing(met("plug"), met("pir")).called("plug") == "0xfeed"


def test_who_is_first_by_the_address_of_a_device_that_the_settings_name_does_not_keep_it() -> None:
    made = knowing(met("lamp", "a"), met("kettle", "a"))
    made.note([online("kettle", 0)])
    made.learn([met("kitchen", "a")], 1)
    assert made.called("kitchen") == "kettle"


def test_a_second_input_that_the_settings_name_by_its_address_is_heard() -> None:
    made = Directory({"0xfeed/input:1"}.__contains__, lambda one: ["x"] * (one == "0xfeed"))
    made.learn([met("cord")], 0)
    assert made.called("cord/input:1") == "0xfeed/input:1"
    assert made.called("cord") == "cord"
    assert made.parts("cord") == ["x"]


def test_a_crowd_that_goes_by_one_address_fills_no_memory_and_the_last_is_among_them() -> None:
    made = knowing(*(met(f"n{number}") for number in range(100)))
    (entry,) = made._known.nets["shelly"].devices.values()
    assert len(entry.rivals) == MOST_BEARERS - 1
    assert entry.rivals[-1] == "n99"
    assert len(made._met) <= MOST_DEVICES


@pytest.mark.parametrize(("last_will", "now"), [(True, 60.0), (False, LIVE_S)])
def test_a_device_that_is_renamed_is_heard_on_once_nobody_goes_by_its_old_name(
    last_will: bool, now: float
) -> None:
    made = directory()
    assert claims(made, "kettle", 0) == "kettle"
    if last_will:
        made.note([online("kettle", 0)])
    assert claims(made, "kitchen", now) == "kettle"
    assert claims(made, "kettle", now + 1) == "kettle", "and who comes back under it is believed"
    made.note([online("kettle", 1)])
    assert claims(made, "kitchen", now + 2) == "kitchen"


def test_new_settings_that_name_the_new_name_are_believed() -> None:
    before = knowing(listed(a="pir"), listed(a="hall"))
    after = Directory({"hall"}.__contains__)
    after.thaw(before.freeze())
    assert after.called("hall") == "hall"
    after.learn([listed(a="lobby")], 0)
    assert after.called("lobby") == "hall"


def test_what_has_not_changed_is_not_stored_again() -> None:
    made = knowing(listed(a="pir"))
    assert made.changed
    made.freeze()
    made.learn([listed(a="pir"), Met(NET, Described("a", "pir")), Bridge(NET, online=True)], 5)
    assert not made.changed


def online(name: str, value: float) -> Reading:
    return Reading(name, Signal.ONLINE, value)


def gone(name: str) -> Reading:
    return Reading(name, Signal.ONLINE, 0.0, text=NET)


def test_a_bridge_that_stays_away_takes_its_devices_along_and_brings_them_back() -> None:
    made = knowing(listed(a="pir", b="hall door", c="not in the settings"))
    made.learn([listed(a="pir", b="door")], 0)
    assert made.learn([Bridge(NET, online=False)], 100) == []
    assert made.due(100 + BRIDGE_AWAY_S - 1) == []
    assert made.due(100 + BRIDGE_AWAY_S) == [gone("pir"), gone("door")]
    assert made.due(9_000) == []
    assert made.learn([Bridge(NET, online=False)], 9_000) == []
    again = directory()
    again.thaw(made.freeze())
    assert again.learn([Bridge(NET, online=True)], 9_001) == [online("pir", 1), online("door", 1)]
    assert again.due(99_000) == []


def test_a_bridge_that_is_only_started_again_alarms_nobody() -> None:
    made = knowing(listed(a="pir"), Bridge(NET, online=False))
    assert made.learn([Bridge(NET, online=True)], 30) == []
    assert made.due(9_000) == []


def test_a_device_that_was_out_of_reach_before_its_bridge_is_not_said_to_be_back() -> None:
    made = knowing(listed(a="pir", b="door"))
    made.note([online("pir", 0)])
    made.learn([Bridge(NET, online=False)], 0)
    assert made.due(BRIDGE_AWAY_S) == [gone("door")]
    assert made.learn([Bridge(NET, online=True)], 999) == [online("door", 1)]


_NAMES = st.sampled_from(["pir", "door", "kettle", "hall", "old", "0xfeed"])
_ADDRESSES = st.sampled_from(["0x1", "0x2", "0x3", "0xfeed"])
_DESCRIBED = st.builds(Described, _ADDRESSES, _NAMES)
_NEWS = st.one_of(
    st.builds(Listed, st.just(NET), st.lists(_DESCRIBED, max_size=4).map(tuple)),
    st.builds(Met, st.just(NET), _DESCRIBED),
    st.builds(Renamed, st.just(NET), _NAMES, _NAMES),
    st.builds(Bridge, st.just(NET), st.booleans()),
)


@given(st.lists(st.tuples(_NEWS, st.booleans()), max_size=20))
def test_whatever_is_said_a_known_name_is_itself_and_two_names_are_never_one_device(
    told: list[tuple[News, bool]],
) -> None:
    made, restarted = directory(), directory()
    for now, (news, restart) in enumerate(told):
        assert made.learn([news], now * 200) == restarted.learn([news], now * 200)
        assert made.due(now * 200) == restarted.due(now * 200)
        if restart:
            frozen, restarted = restarted.freeze(), directory()
            restarted.thaw(frozen)
        names = ["pir", "door", "kettle", "hall", "old", "0xfeed"]
        called = [made.called(name) for name in names]
        assert called == [restarted.called(name) for name in names]
        for name, one in zip(names, called, strict=True):
            assert one == name or (name not in SETTINGS and one in SETTINGS)
        was = [one.was for one in made._known.nets[NET].devices.values() if one.was]
        assert len(was) == len(set(was))


def test_a_network_that_makes_up_devices_without_end_fills_no_memory() -> None:
    made = directory()
    for number in range(2 * MOST_DEVICES):
        made.learn([Met(NET, Described(f"0x{number:x}", f"n{number}"))], 0)
    made.learn([Listed(NET, tuple(Described(f"x{n}", f"m{n}") for n in range(5_000)))], 0)
    assert len(made._known.nets[NET].devices) == MOST_DEVICES
    assert len(made.freeze()) < 64 * 1024
