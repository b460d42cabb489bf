"""Episodes must begin, grow and end when they are said to, and say what they need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.live.spoiling import faults_of_episode
from simulator.living.episode_spec import HELP, parse_episode
from simulator.living.episodes.episode import DAY_S, Episode
from simulator.living.episodes.felt import WELL, Effects, together
from simulator.living.episodes.kind import Kind
from simulator.living.episodes.registry import KINDS, felt_at
from simulator.living.home import Home
from simulator.living.street import labels
from tests.simulator.living.people import START, befalls, home

lengths = st.floats(min_value=0, max_value=30 * DAY_S)


@given(
    severity=st.floats(min_value=0, max_value=1),
    ramp=lengths,
    plateau=lengths,
    recovery=lengths,
    t=st.floats(min_value=-1e7, max_value=1e7),
)
def test_an_episode_is_never_felt_beyond_its_severity_or_its_time(
    severity: float, ramp: float, plateau: float, recovery: float, t: float
) -> None:
    episode = Episode(
        kind="uti",
        onset=0,
        severity=severity,
        ramp_s=ramp,
        plateau_s=plateau,
        recovery_s=recovery,
    )
    assert 0 <= episode.intensity(t) <= severity
    if t < 0 or t > episode.end:
        assert episode.intensity(t) == 0
    if ramp <= t < ramp + plateau:
        assert episode.intensity(t) == pytest.approx(severity)


def test_it_grows_over_the_ramp_and_fades_over_the_recovery() -> None:
    episode = KINDS["uti"].begin(0, severity=0.8, days=5)
    felt = [round(episode.intensity(day * DAY_S), 3) for day in (0, 1, 2, 7, 8, 9)]
    assert felt == [0, 0.4, 0.8, 0.8, 0.4, 0]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"severity": 1.5}, "from 0 to 1"),
        ({"severity": -0.1}, "from 0 to 1"),
        ({"severity": float("nan")}, "from 0 to 1"),
        ({"days": -1}, "less than no time"),
        ({"days": float("nan")}, "some two hundred years"),
        ({"days": float("inf")}, "some two hundred years"),
    ],
)
def test_an_impossible_episode_is_refused(wrong: dict[str, float], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        KINDS["uti"].begin(0, severity=wrong.get("severity", 1.0), days=wrong.get("days"))


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_nothing_is_felt_of_an_episode_at_no_severity_and_more_of_a_worse_one(kind: Kind) -> None:
    assert kind.effects(0) == WELL
    if kind.felt:
        assert kind.felt(0) == WELL
        far = [_distance(kind.effects(x / 4)) for x in range(5)]
        assert far == sorted(far)
        assert far[-1] > far[0]


def _distance(felt: Effects) -> float:
    """How far from well, all effects together."""
    far: float = sum(abs(getattr(felt, name) - getattr(WELL, name)) for name in vars(WELL))
    return far


def test_several_effects_add_up() -> None:
    felt = felt_at(
        [befalls("uti", 0), befalls("diuretic", 0), befalls("fall", 9)], START + 5 * DAY_S
    )
    assert felt == together([KINDS["uti"].effects(1), KINDS["diuretic"].effects(1)])
    assert felt.thirst == pytest.approx(0.9 * 1.15)
    assert felt_at([befalls("uti", 0)], START - 1) == WELL


def test_a_name_and_its_kind_belong_together() -> None:
    assert all(kind.name == name for name, kind in KINDS.items())
    assert all(kind.summary and kind.shows for kind in KINDS.values())


@pytest.mark.parametrize("option", ["sensor", "room"])
@pytest.mark.parametrize("name", KINDS)
def test_an_option_that_is_missing_or_not_of_the_kind_is_named(name: str, option: str) -> None:
    kind = KINDS[name]
    asked = {"sensor": "hallway-pir", "room": "kitchen"}
    usual = {one: asked[one] for one in kind.needs}
    if option in kind.takes:
        return
    if option in kind.needs:
        given_but_one, complaint = usual | {option: ""}, f"{name} needs {option}=NAME"
    else:
        given_but_one, complaint = usual | {option: asked[option]}, f"{name} takes no {option}"
    with pytest.raises(ValueError, match=complaint):
        kind.begin(0, sensor=given_but_one.get("sensor", ""), room=given_but_one.get("room", ""))


@pytest.mark.parametrize(
    ("episode", "complaint"),
    [
        (befalls("fall", 1, room="attic"), "no room 'attic'; there are bathroom,"),
        (befalls("moved_sensor", 1, sensor="hallway-pir", room="attic"), "no room 'attic'"),
        (befalls("moved_sensor", 1, sensor="kettle-plug", room="lounge"), "no motion sensor"),
        (befalls("sensor_death", 1, sensor="cellar-pir"), "no sensor 'cellar-pir'; there are"),
    ],
)
def test_what_does_not_fit_the_home_is_refused(episode: Episode, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        home(1, episode)


_ABOUT = {"sensor": "hallway-pir", "room": "bedroom"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_what_befalls_a_home_at_no_severity_changes_nothing(kind: Kind) -> None:
    sensor, room = (_ABOUT[one] if one in kind.needs else "" for one in ("sensor", "room"))
    nothing = kind.begin(START + 1.5 * DAY_S, severity=0, sensor=sensor, room=room)
    assert list(home(1, nothing).until(START + 3 * DAY_S)) == list(home(1).until(START + 3 * DAY_S))
    assert not list(faults_of_episode(home(1, nothing), nothing))


def test_two_who_move_in_at_the_same_moment_are_two_people() -> None:
    lived = home(1, *(befalls("second_resident", 0.4) for _ in range(2)))
    list(lived.until(START + 5 * DAY_S))
    _, first, second = lived.people
    assert first.own != second.own


def test_a_fall_while_they_are_being_helped_up_is_one_more_fall() -> None:
    falls = [befalls("fall", 1.5), befalls("fall", 1.5 + 3.2 / 24)]
    lived = Home("h1", seed=(1,), start=START, episodes=falls)
    list(lived.until(START + 4 * DAY_S))
    assert [why.doing for _, why in lived.reasons()].count("fall") == 2


def test_a_label_says_all_that_befalls_and_what_a_hub_should_come_to_raise() -> None:
    death, fall = (
        befalls("sensor_death", 2, sensor="bed-presence"),
        befalls("fall", 3, room="lounge"),
    )
    one, two = labels("home4", [death, fall])
    assert (one.home, one.kind, one.sensor, one.condition) == (
        "home4",
        "sensor_death",
        "bed-presence",
        "sensor_silent",
    )
    assert (two.onset, two.full) == ("2026-03-04T00:00:00+00:00",) * 2
    assert two.fading == "2026-03-04T03:00:00+00:00"
    assert two.end == "2026-03-14T03:00:00+00:00"
    assert (two.room, two.condition, two.severity) == ("lounge", "possible_fall", 1.0)


@pytest.mark.parametrize(
    ("text", "kind", "onset", "plateau_days"),
    [
        ("uti:home3:day40", "uti", 40, 5),
        ("uti:home3:day40:severity=0.5:days=7", "uti", 40, 7),
        ("low_intake:h:day1.5", "low_intake", 1.5, 5),
        ("decline:h:day0:days=30", "decline", 0, 30),
        ("fall:h:day2:hour=12:hours=6", "fall", 2.5, 0.25),
        ("fall:h:day2:room=bathroom", "fall", 2, 0.125),
        ("holiday:h:day9", "holiday", 9, 7),
        ("sensor_death:h:day9:sensor=bathroom-pir", "sensor_death", 9, 3650),
        ("moved_sensor:h:day9:sensor=bathroom-pir:room=lounge", "moved_sensor", 9, 30),
    ],
)
def test_an_episode_is_read_as_it_is_written(
    text: str, kind: str, onset: float, plateau_days: float
) -> None:
    planned = parse_episode(text)
    assert planned.home == text.split(":")[1]
    episode = planned.from_start(1000)
    assert episode.kind == kind
    assert episode.onset == 1000 + onset * DAY_S
    assert episode.plateau_s == pytest.approx(plateau_days * DAY_S)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("flu:home1:day4", "no episode is called 'flu'; there are uti,"),
        ("uti", "not written as KIND:HOME:dayN"),
        ("uti:home1", "not written as"),
        ("uti:home1:4", "not written as"),
        ("uti:home1:dayfour", "could not convert"),
        ("uti:home1:daynan", "some two hundred years"),
        ("uti:home1:day4:severity", "not written as KEY=VALUE"),
        ("uti:home1:day4:severity=bad", "could not convert"),
        ("uti:home1:day4:severity=2", "from 0 to 1"),
        ("uti:home1:day4:colour=3", "colour is no option of an episode"),
        ("uti:home1:day4:days=-1", "less than no time"),
        ("uti:home1:day4:days=inf", "some two hundred years"),
        ("uti:home1:day1e300", "some two hundred years"),
        ("uti:home1:day-2", "begin at 0"),
        ("uti:home1:day0:hour=-2", "begin at 0"),
        ("uti:home1:day4:days=2:days=4", "days is given twice"),
        ("uti:home1:day4:days=2:hours=4", "hours stands beside days"),
        ("pet:home1:day4:days=1e12", "some two hundred years"),
        ("pet:home1:day4:severity=0.5", "pet is all or nothing"),
        ("holiday:home1:day4:hours=0.5", "holiday lasts 6 hours at least"),
        ("uti:home1:day4:room=kitchen", "uti takes no room"),
        ("sensor_death:home1:day4", "needs sensor=NAME"),
        ("moved_sensor:home1:day4:sensor=hallway-pir", "needs room=NAME"),
    ],
)
def test_a_slip_in_an_episode_is_named(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=r".+") as error:
        parse_episode(text)
    assert complaint in str(error.value)
    assert text in str(error.value)


def test_help_shows_every_kind_with_what_it_is() -> None:
    assert all(f"  {name} " in HELP and kind.summary in HELP for name, kind in KINDS.items())
