"""At the very threshold it is as the documentation says, and sums are right to the watt-hour.

Each of these is a fault that could stand in the code for years: nobody sees a kettle that is told a
watt-hour wrong, or a door that shut at the very second at which a bounce is over.
"""

import pytest

from contract import Quality
from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser import Heard, Normaliser
from gateway.normaliser.appliance import DISAGREES, SILENT_S, Appliance
from gateway.normaliser.channel import Told
from gateway.normaliser.device_clock import KEPT
from gateway.normaliser.edges import Opening
from gateway.normaliser.levels import AGAIN_S, Temperature
from gateway.normaliser.pulses import REARM_S, Motion
from gateway.normaliser.use import Drawn, decimals_of
from gateway.settings import Sensor

NOW = 1_772_325_000.0  # an ordinary instant: near 0, many a slip in a difference does not show


def kettle() -> Appliance:
    return Appliance(on_w=500, off_w=100, gap_s=90)


def watts(value: float) -> Reading:
    return Reading("kettle", Signal.POWER, value)


def kwh(value: float) -> Reading:
    return Reading("kettle", Signal.ENERGY, value)


def uses(*said: tuple[float, Reading], until: float = 10_000) -> list[Told]:
    channel = kettle()
    told = [one for after, reading in said for one in channel.hear(reading, NOW + after)]
    return told + channel.settle(NOW + until)


def test_a_use_begins_above_its_power_and_not_at_it() -> None:
    assert uses((0, watts(500)), (60, watts(0))) == []
    assert len(uses((0, watts(500.1)), (60, watts(0)))) == 1


def test_a_use_goes_on_at_the_lower_threshold_and_ends_only_below_it() -> None:
    (told,) = uses((0, watts(2000)), (60, watts(100)), (660, watts(99.9)))
    assert (told.at, told.duration) == (NOW + 660, 660)


def test_what_stands_by_before_a_boil_is_no_part_of_it() -> None:
    """50 W for 72 s is a watt-hour, which the counter has when the kettle is switched on."""
    (told,) = uses(
        (0, watts(50)), (0, kwh(1.0)), (72, watts(2000)), (252, kwh(1.096)), (252, watts(0))
    )
    assert told.value == 95.0


def test_a_count_of_long_ago_says_nothing_of_what_a_boil_draws() -> None:
    """Whatever was drawn since then has been drawn by somebody unseen."""
    for waited, expected in ((SILENT_S, 2000 / 3600 * 180), (SILENT_S - 0.5, 124.0)):
        boil = (waited, watts(2000)), (waited + 180, kwh(1.124)), (waited + 180, watts(0))
        (told,) = uses((0, watts(0)), (0, kwh(1.0)), *boil)
        assert told.value == pytest.approx(expected)


def test_a_whole_use_does_not_swallow_one_that_was_under_way() -> None:
    whole = Reading("kettle", Signal.USE, 3.5, at=NOW + 200, seconds=42)
    told = uses((0, watts(2000)), (60, watts(0)), (200, whole))
    assert [(one.at, one.value) for one in told] == [(NOW + 60, 33.333), (NOW + 200, 3.5)]


def test_a_use_is_told_to_the_thousandth() -> None:
    (told,) = uses((0, watts(1999.123)), (60.123456, watts(0)))
    assert (told.value, told.duration) == (33.387, 60.123)


def test_what_is_drawn_while_low_adds_up_until_the_power_rises() -> None:
    """Five minutes at 60 W, told in three parts."""
    said = [(0, 2000.0), (60, 60.0), (100, 50.0), (120, 40.0), (140, 2000.0), (200, 0.0)]
    (told,) = uses(*((t, watts(power)) for t, power in said))
    assert told.value == pytest.approx((2000 * 120 + 60 * 40 + 50 * 20 + 40 * 20) / 3600, abs=1e-3)


def test_a_counter_read_while_the_power_is_low_covers_what_was_drawn_till_then() -> None:
    drawn = Drawn(highest=2000)
    drawn.add(30.0, low=False)
    drawn.add(2.0, low=True)
    drawn.count(5.0, NOW, 3)
    drawn.rise()
    drawn.add(8.0, low=False)
    drawn.count(5.008, NOW + 60, 3)
    assert drawn.told(3, 180).wh == pytest.approx(40.0)


def test_a_counter_that_stands_still_is_read_from_its_first_word() -> None:
    """The same reading again is no reset: what the powers made up meanwhile is taken back."""
    drawn = Drawn(highest=2000)
    drawn.count(5.0, NOW, 3)
    drawn.add(4.0, low=False)
    drawn.count(5.0, NOW + 60, 3)
    assert drawn.told(3, 60) == (0.0, False, False)


@pytest.mark.parametrize(("off_wh", "apart"), [(20.0, False), (20.5, True)])
def test_counter_and_powers_are_apart_only_beyond_what_is_allowed(
    off_wh: float, apart: bool
) -> None:
    drawn = Drawn(highest=2000)
    drawn.count(0.0, NOW, 2)
    drawn.add(50.0, low=False)
    drawn.count((50.0 - off_wh) / 1000, NOW + 90, 2)
    wh, found, _ = drawn.told(2, 90)
    assert (round(wh, 9), found) == (50.0 - off_wh if apart else 50.0, apart)


@pytest.mark.parametrize(("kwh", "decimals"), [(1.0, 0), (1.5, 1), (100.0, 0), (0.1 + 0.2, 1)])
def test_how_finely_a_counter_tells_is_seen_from_its_last_digit(kwh: float, decimals: int) -> None:
    assert decimals_of(kwh) == decimals


def test_a_counter_of_three_decimals_is_believed_and_one_of_two_is_a_check() -> None:
    drawn = Drawn(highest=2000)
    drawn.count(0.0, NOW, 3)
    drawn.add(50.0, low=False)
    drawn.count(0.045, NOW + 90, 3)
    assert drawn.told(3, 90).wh == pytest.approx(45.0)
    assert drawn.told(2, 90).wh == 50.0


def test_a_door_that_shuts_when_the_bounce_is_over_is_told_at_once() -> None:
    door = Opening(debounce_s=1)
    open_, shut = (Reading("door", Signal.OPEN, value) for value in (1.0, 0.0))
    door.hear(open_, NOW + 0.25)
    assert door.hear(shut, NOW + 1.25) == [Told(NOW + 1.25, 0.0)]


def test_a_door_that_says_again_that_it_is_shut_shut_when_it_said_so_first() -> None:
    door = Opening(debounce_s=1)
    open_, shut = (Reading("door", Signal.OPEN, value) for value in (1.0, 0.0))
    door.hear(open_, NOW + 0.25)
    door.hear(shut, NOW + 0.5)
    door.hear(shut, NOW + 0.75)
    assert door.settle(NOW + 9) == [Told(NOW + 0.5, 0.0)]


def test_without_debounce_both_sides_of_one_instant_are_told() -> None:
    door = Opening()
    open_, shut = (Reading("door", Signal.OPEN, value) for value in (1.0, 0.0))
    assert door.hear(open_, NOW) + door.hear(shut, NOW + 0.5) == [
        Told(NOW, 1.0), Told(NOW + 0.5, 0.0),
    ]  # fmt: skip


def test_a_room_that_does_not_change_is_not_told_at_each_word() -> None:
    room = Temperature(step=0.1)
    same = Reading("t", Signal.TEMPERATURE, 19.4)
    told = [bool(room.hear(same, NOW + t)) for t in (0, 60, AGAIN_S - 1, AGAIN_S)]
    assert told == [True, False, False, True]


def test_a_detector_that_stays_active_is_not_a_person_each_time_it_says_so() -> None:
    pir, active = Motion(), Reading("pir", Signal.OCCUPANCY, 1.0)
    told = [bool(pir.hear(active, NOW + t)) for t in (0, 60, REARM_S - 1, REARM_S)]
    assert told == [True, False, False, True]


SENSORS = (
    Sensor(name="pir", kind="motion", place="bathroom"),
    Sensor(name="door", kind="opening", place="front_door", edges="rising", debounce_s=0),
    Sensor(name="back", kind="opening", place="back_door"),
    Sensor(name="kettle", kind="appliance", place="kettle"),
    Sensor(name="toaster", kind="appliance", place="toaster"),
    Sensor(name="climate", kind="temperature", place="lounge"),
    Sensor(name="climate", kind="humidity", place="cellar"),
)


def say(device: str, signal: Signal, value: float, at: float | None = None) -> Reading:
    return Reading(device, signal, value, None if at is None else NOW + at)


def hear(one: Normaliser, received: float, *readings: Reading, compare: bool = False) -> Heard:
    heard = Heard()
    one.hear(readings, NOW + received, heard, compare=compare)
    return heard


def test_where_only_openings_matter_in_the_settings_a_closing_is_no_event() -> None:
    home = Normaliser("h1", SENSORS)
    for device, expected in (("door", [1.0]), ("back", [1.0, 0.0])):
        said = (0.0, 0), (0.5, 1), (60.5, 0)
        heard = [hear(home, t, say(device, Signal.OPEN, value)) for t, value in said]
        assert [event.value for one in heard for event in one.events] == expected


def test_two_things_that_one_device_tells_may_stand_in_two_places() -> None:
    home = Normaliser("h1", SENSORS)
    heard = hear(
        home, 0, say("climate", Signal.TEMPERATURE, 19), say("climate", Signal.HUMIDITY, 50)
    )
    assert {(one.kind, one.place) for one in heard.events} == {
        ("temperature", "lounge"), ("humidity", "cellar"),
    }  # fmt: skip


def test_a_sensor_that_comes_back_is_known_to_be_there() -> None:
    home = Normaliser("h1", SENSORS)
    for value in (0, 1):
        home.note([say("pir", Signal.ONLINE, value)], Heard())
        (pir,) = [one for one in home.health() if one.sensor == "pir"]
        assert (pir.online, pir.kind, pir.place) == (bool(value), "motion", "bathroom")


def test_two_boils_that_end_together_are_both_told() -> None:
    home = Normaliser("h1", SENSORS)
    for device in ("kettle", "toaster"):
        hear(home, 0, say(device, Signal.POWER, 2000))
        hear(home, 60, say(device, Signal.POWER, 0))
    heard = Heard()
    home.tick(NOW + 1000, heard)
    assert [(one.sensor, one.quality) for one in heard.events] == [
        ("kettle", Quality.OK), ("toaster", Quality.OK),
    ]  # fmt: skip


def test_each_boil_of_which_counter_and_powers_disagree_is_counted_once() -> None:
    """Told by the next word of the plug, by time alone, and by a bridge that repeats itself."""
    home, counted = Normaliser("h1", SENSORS), Heard()
    for begin in (0.0, 1000.0):
        for after, signal, value in (
            (0, Signal.POWER, 2000),
            (0, Signal.ENERGY, begin),
            (10, Signal.POWER, 150),
            (190, Signal.ENERGY, begin + 0.1),
            (190, Signal.POWER, 0),
        ):
            home.hear([say("kettle", signal, value)], NOW + begin + after, counted)
    assert counted.counts[DISAGREES] == 1, "by the next word of the plug"
    home.tick(NOW + 3000, counted)
    assert counted.counts[DISAGREES] == 2, "by time alone"


def test_what_is_settled_before_a_late_message_is_settled_as_of_its_own_time() -> None:
    """A message held up for two minutes is no word that a boil was over in them."""
    home = Normaliser("h1", SENSORS)
    hear(home, 0, say("kettle", Signal.POWER, 2000, 0))
    hear(home, 60, say("kettle", Signal.POWER, 0, 60))
    assert hear(home, 300, say("pir", Signal.OCCUPANCY, 1, 100)).events[0].kind == "motion"
    heard = hear(home, 301, say("kettle", Signal.POWER, 2000, 110))
    assert heard.events == [], "the kettle went on within its gap"


def test_without_a_time_of_its_own_a_message_makes_no_older_one_new() -> None:
    home = Normaliser("h1", SENSORS)
    hear(home, 100, say("back", Signal.OPEN, 1, 100))
    hear(home, 200, say("back", Signal.BATTERY, 80))
    (event,) = hear(home, 300, say("back", Signal.OPEN, 1, 90)).events
    assert event.quality == Quality.REPLAYED


def test_the_same_time_told_again_is_no_replay() -> None:
    """A device that tells whole seconds may say two things in one."""
    home = Normaliser("h1", SENSORS)
    hear(home, 100, say("climate", Signal.TEMPERATURE, 19, 100))
    (event,) = hear(home, 100.4, say("climate", Signal.HUMIDITY, 50, 100)).events
    assert event.quality == Quality.OK


def an_hour_behind(home: Normaliser, device: str = "pir") -> float:
    """Lets a device be heard until its clock is known to be wrong; when that is."""
    for n in range(KEPT):
        hear(home, n * 60, say(device, Signal.LINK_QUALITY, 90, n * 60 - 3600), compare=True)
    return KEPT * 60.0


def test_each_message_of_a_clock_that_is_wrong_is_counted_and_dated() -> None:
    home = Normaliser("h1", SENSORS)
    t, counted = an_hour_behind(home), Heard()
    for n in range(3):
        reading = say("pir", Signal.OCCUPANCY, n % 2, t + n - 3600)
        home.hear([reading], NOW + t + n, counted, compare=True)
    assert counted.counts == {"device_clock_wrong": 3}
    assert [event.at.timestamp() for event in counted.events] == [NOW + t + 1]


def test_a_clock_that_is_wrong_tells_a_press_twice_and_it_is_one_call() -> None:
    """What says that it is the same press is the device's own time, not the mended one."""
    home = Normaliser("h1", [Sensor(name="pendant", kind="button", place="pendant")])
    t = an_hour_behind(home, "pendant")
    press = say("pendant", Signal.ACTION, 1, t - 3600)._replace(text="single")
    assert len(hear(home, t, press, compare=True).events) == 1
    assert hear(home, t + 20, press, compare=True).events == []


def test_the_jitter_of_a_line_does_not_turn_the_order_of_a_wrong_clock_about() -> None:
    home = Normaliser("h1", SENSORS)
    t = an_hour_behind(home)
    first = hear(home, t, say("pir", Signal.OCCUPANCY, 1, t - 3600 - 30), compare=True)
    hear(home, t + 1, say("pir", Signal.OCCUPANCY, 0, t - 3600 - 20), compare=True)
    again = hear(home, t + 2, say("pir", Signal.OCCUPANCY, 1, t - 3600 - 10), compare=True)
    told = [one.events[0] for one in (first, again)]
    assert [one.quality for one in told] == [Quality.OK, Quality.OK]
    assert [one.at.timestamp() for one in told] == [NOW + t - 30, NOW + t - 10]


def test_a_clock_is_judged_only_where_the_hub_knows_the_time() -> None:
    home = Normaliser("h1", SENSORS)
    for n in range(3 * KEPT):
        heard = hear(home, n * 60, say("pir", Signal.LINK_QUALITY, 90, n * 60 - 3600))
        assert not heard.counts


def test_one_device_is_mended_at_once_by_what_another_was_found_to_be_wrong_by() -> None:
    """Often it is one clock, that of the bridge; and a restart does not forget it."""
    home = Normaliser("h1", SENSORS)
    t = an_hour_behind(home)
    again = Normaliser("h1", SENSORS)
    again.thaw(home.freeze(["pir"]))
    for one in (home, again):
        one.note([say("back", Signal.OPEN, 0)], Heard())
        (event,) = hear(one, t, say("back", Signal.OPEN, 1, t - 3600), compare=True).events
        assert event.at.timestamp() == NOW + t


def test_a_use_of_a_plug_a_little_behind_is_over_no_sooner_than_by_its_own_clock() -> None:
    """Its words come a minute late: at the end of the gap by the hub's clock it may draw yet."""
    home = Normaliser("h1", SENSORS)
    hear(home, 60, say("kettle", Signal.POWER, 2000, 0), compare=True)
    hear(home, 120, say("kettle", Signal.POWER, 0, 60), compare=True)
    for now, count in ((60 + 90 + 59, 0), (60 + 90 + 60, 1)):
        heard = Heard()
        home.tick(NOW + now, heard)
        assert [one.at.timestamp() for one in heard.events] == [NOW + 60] * count


def test_a_boil_under_way_is_heard_to_its_end_by_the_clock_with_which_it_began() -> None:
    """An hour must not fall into the midst of it."""
    home, heard = Normaliser("h1", SENSORS), Heard()
    said = [(n * 60.0, 2000 if n < 2 * KEPT else 0) for n in range(1, 2 * KEPT + 4)]
    for t, power in said:
        home.hear([say("kettle", Signal.POWER, power, t - 3600)], NOW + t, heard, compare=True)
    home.tick(NOW + 10_000, heard)
    assert [event.duration for event in heard.events] == [(2 * KEPT - 1) * 60.0]


def test_a_hub_without_sensors_waits_for_nothing() -> None:
    home = Normaliser("h1", [])
    home.thaw({"gone": b"{}"})
    home.tick(NOW, Heard())
    assert home.health() == []
