"""The examination itself: one function for each thing a home may do to a detector."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

import msgspec

from contract import Assessment, Quality, SensorEvent, encode
from detectors.conformance.driver import drive
from detectors.conformance.lifelike import HOME, START, lifelike_home, profile
from detectors.conformance.wording import problems
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER, Detector, PatientDetector, SelectiveDetector

Factory = Callable[[HomeProfile], Detector]
Check = Callable[[Factory], None]
MOST_BYTES = 16 * 1024
DAY_S = 86_400.0
WEEKS = 28


def check_detector(factory: Factory) -> None:
    """Examines a detector in everything a home may do to it. Takes some seconds.

    Args:
        factory: Makes a fresh detector for a home, as it stands in the registry.

    Raises:
        AssertionError: It failed; the sentence says in what.
    """
    for check in CHECKS:
        check(factory)


def is_deterministic_and_pure(factory: Factory) -> None:
    """The same events give the same answers, also while another home is watched."""
    events = list(lifelike_home(WEEKS))
    alone = drive(factory(profile()), events)
    _examine(factory, alone)
    first, second = factory(profile()), factory(profile())
    both: list[list[Assessment]] = [[], []]
    for some in _portions(events, 500):
        both[0] += drive(first, some)
        both[1] += drive(second, some)
    for answers in both:
        _same(alone, answers, "two detectors of the same home disagree")


def goes_on_from_any_snapshot(factory: Factory) -> None:
    """A restart at any event changes nothing that is said later; a snapshot changes nothing."""
    events = list(lifelike_home(WEEKS))
    through = drive(factory(profile()), events)
    detector, answers = factory(profile()), []
    for some in _portions(events, 97):
        answers += drive(detector, some)
        kept = detector.snapshot()
        _demand(detector.snapshot() == kept, "a second snapshot differs from the first")
        detector = factory(profile())
        detector.restore(kept)
        _demand(detector.snapshot() == kept, "a restored detector's snapshot differs")
    _same(through, answers, "a restart changed the answers")


def may_learn_late_what_it_is_patient_about(factory: Factory) -> None:
    """A patient detector that is shown events late, and by the lot, answers as if at once."""
    detector = factory(profile())
    if not isinstance(detector, PatientDetector):
        return
    events = list(lifelike_home(WEEKS))
    at_once = drive(factory(profile()), events)
    answers: list[Assessment] = []
    calendar, unread = Calendar("Europe/London"), list[tuple[SensorEvent, Moment]]()
    for event in events:
        if detector.due() <= _t(event) or detector.due() == NEVER:
            detector.observe_all(unread)
            unread = []
        answers += drive(detector, [], until=_t(event))
        if event.kind in detector.kinds:
            unread.append((event, calendar.moment(_t(event))))
    _same(at_once, answers, "what it was shown late changed its answers")


def wants_all_that_tells_it_something(factory: Factory) -> None:
    """What a selective detector no longer wants to see would tell it nothing."""
    detector = factory(profile())
    if not isinstance(detector, SelectiveDetector):
        return
    calendar = Calendar("Europe/London")
    for event in lifelike_home(WEEKS):
        drive(detector, [], until=_t(event))
        wanted, before = event.kind in detector.wanted(), detector.snapshot()
        answers = detector.observe(event, calendar.moment(_t(event)))
        moved = bool(answers) or detector.snapshot() != before
        _demand(wanted or not moved, f"it did not want a {event.kind} that told it something")


def refuses_a_broken_snapshot(factory: Factory) -> None:
    """What is not a snapshot is a ValueError, whatever it is, so that the engine can learn anew."""
    detector = factory(profile())
    drive(detector, lifelike_home(5))
    whole = detector.snapshot()
    for broken in (b"", b"\x00", b"not a snapshot", whole[: len(whole) // 2], b"\xff" * 100):
        try:
            factory(profile()).restore(broken)
        except ValueError:
            continue
        raise AssertionError(f"restored from {broken[:20]!r} without a word")


def stays_small_over_years(factory: Factory) -> None:
    """Its snapshot is at most 16 KiB, and no larger after three years than after one and a half."""
    detector = factory(profile())
    sizes = []
    for half_year in range(6):
        start = START + timedelta(days=182 * half_year)
        drive(detector, lifelike_home(182, seed=half_year, start=start))
        sizes.append(len(detector.snapshot()))
    _demand(max(sizes) <= MOST_BYTES, f"its snapshot grew to {max(sizes)} bytes")
    _demand(sizes[5] <= 1.2 * max(sizes[:3]), f"its snapshot keeps growing: {sizes}")


def survives_jumps_of_the_clock(factory: Factory) -> None:
    """Hours, weeks and years without an event cost a bounded number of judgements and no sense."""
    for gap in (0.3, 3, 40, 800):
        detector = factory(profile())
        before = list(lifelike_home(10))
        after_start = START + timedelta(days=10 + int(gap))
        after = [
            e for e in lifelike_home(5, start=after_start) if _t(e) >= _t(before[-1]) + gap * DAY_S
        ]
        answers = drive(detector, [*before, *after])
        _examine(factory, answers)
        most = 40 * (15 + gap) * max(len({a.subject for a in answers}), 1)
        _demand(len(answers) <= most, f"{len(answers)} answers over a gap of {gap} days")


def keeps_the_persons_day(factory: Factory) -> None:
    """Every local day has an answer, the short and the long one too, in awkward zones."""
    zones = ("Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata")
    for zone in zones:
        for start in (date(2025, 3, 20), date(2025, 9, 25), date(2025, 10, 20)):
            events = list(lifelike_home(18, start=start, time_zone=zone))
            answers = drive(factory(profile(zone)), events, zone)
            _examine(factory, answers)
            calendar = Calendar(zone)
            judged = {calendar.moment(answer.at.timestamp() - 1).day for answer in answers}
            wanted = set(range(start.toordinal(), start.toordinal() + 17))
            _demand(
                wanted <= judged, f"days without an answer in {zone}: {sorted(wanted - judged)}"
            )


def is_not_moved_by_duplicates(factory: Factory) -> None:
    """An event that comes twice is one thing that happened."""
    once = list(lifelike_home(WEEKS))
    twice = [event for event in once for _ in range(2)]
    states = [_states(drive(factory(profile()), events)) for events in (once, twice)]
    _demand(states[0] == states[1], "duplicated events changed the answers")


def bears_late_messages(factory: Factory) -> None:
    """A link that is down for hours each day costs no sense, and a restart changes nothing."""
    events = [
        msgspec.structs.replace(event, quality=str(Quality.LATE))
        if 14 <= event.at.hour < 16 or (event.at.day % 7 == 0 and event.at.hour > 16)  # noqa: PLR2004 - hours of the day
        else event
        for event in lifelike_home(WEEKS)
    ]
    through = drive(factory(profile()), events)
    _examine(factory, through)
    detector, answers = factory(profile()), []
    for some in _portions(events, 61):
        answers += drive(detector, some)
        kept = detector.snapshot()
        detector = factory(profile())
        detector.restore(kept)
    _same(through, answers, "a restart among late messages changed the answers")


def bears_missing_sensors(factory: Factory) -> None:
    """Any sensor may be missing from the start, fall silent for good, or be the only one."""
    events = list(lifelike_home(WEEKS))
    dies = _t(events[0]) + 14 * DAY_S
    for sensor in sorted({event.sensor for event in events}):
        for some in (
            [event for event in events if event.sensor != sensor],
            [event for event in events if event.sensor != sensor or _t(event) < dies],
            [event for event in events if event.sensor == sensor],
        ):
            _examine(factory, drive(factory(profile()), some, until=_t(events[-1])))


def bears_what_it_does_not_know(factory: Factory) -> None:
    """Kinds and places of a newer hub, and values without their extras, are taken as they come."""
    events = list(lifelike_home(10))
    replace = msgspec.structs.replace
    strange = [
        change
        for start in range(0, len(events) - 4, 4)
        for change in (
            replace(events[start], kind="aura"),
            replace(events[start + 1], place="orangery"),
            replace(events[start + 2], duration=None),
            replace(events[start + 3], sensor="nobody's"),
        )
    ]
    detector, calendar = factory(profile()), Calendar("Europe/London")
    answers: list[Assessment] = []
    for event in strange:
        while detector.due() <= _t(event):
            answers += detector.judge(calendar.moment(detector.due()))
        answers += detector.observe(event, calendar.moment(_t(event)))  # whatever its kind
    _examine(factory, answers)


def bears_many_names(factory: Factory) -> None:
    """A bridge gone mad, with new sensors and places each minute, does not fill the memory."""
    events = list(lifelike_home(12))
    mad = [
        msgspec.structs.replace(event, sensor=f"ghost-{number}", place=f"place_{number}")
        for number, event in enumerate(events)
    ]
    detector = factory(profile())
    _examine(factory, drive(detector, mad))
    size = len(detector.snapshot())
    _demand(size <= MOST_BYTES, f"its snapshot grew to {size} bytes with made-up names")


def is_quiet_without_events(factory: Factory) -> None:
    """A fresh detector that has seen nothing has nothing to be blamed for."""
    detector = factory(profile())
    start = Calendar("Europe/London").at(START.toordinal(), 0)
    _examine(factory, drive(detector, [], until=start))


CHECKS: tuple[Check, ...] = (
    is_deterministic_and_pure,
    goes_on_from_any_snapshot,
    may_learn_late_what_it_is_patient_about,
    wants_all_that_tells_it_something,
    refuses_a_broken_snapshot,
    stays_small_over_years,
    survives_jumps_of_the_clock,
    keeps_the_persons_day,
    is_not_moved_by_duplicates,
    bears_late_messages,
    bears_missing_sensors,
    bears_what_it_does_not_know,
    bears_many_names,
    is_quiet_without_events,
)


def _demand(good: bool, blame: str) -> None:
    """Asserts, also where Python runs without assertions."""
    if not good:
        raise AssertionError(blame)


def _examine(factory: Factory, answers: Sequence[Assessment]) -> None:
    condition = factory(profile()).condition
    for answer in answers:
        wrong = problems(answer, HOME, condition)
        _demand(not wrong, f"{condition} at {answer.at} ({answer.state}): {'; '.join(wrong)}")
    for before, after in pairwise(answers):
        _demand(before.at <= after.at, f"{condition} went back from {before.at} to {after.at}")


def _same(one: Sequence[Assessment], other: Sequence[Assessment], blame: str) -> None:
    for a, b in zip(one, other, strict=False):
        _demand(encode(a) == encode(b), f"{blame}: at {a.at} {a.state}, at {b.at} {b.state}")
    _demand(len(one) == len(other), f"{blame}: {len(one)} answers and {len(other)}")


def _states(answers: Iterable[Assessment]) -> list[tuple[str, str, str]]:
    return [(str(answer.at), answer.subject, answer.state) for answer in answers]


def _portions(events: Sequence[SensorEvent], size: int) -> Iterable[Sequence[SensorEvent]]:
    return (events[start : start + size] for start in range(0, len(events), size))


def _t(event: SensorEvent) -> float:
    return event.at.timestamp()
