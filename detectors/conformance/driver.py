"""The least that runs a detector: event time, and judgements when they are due."""

from collections.abc import Iterable

from contract import Assessment, Quality, SensorEvent
from detectors.moment import Calendar
from detectors.protocol import Detector, HearsLate


def drive(
    detector: Detector,
    events: Iterable[SensorEvent],
    time_zone: str = "Europe/London",
    until: float | None = None,
) -> list[Assessment]:
    """Shows the events to the detector in their order and collects its answers.

    Those marked `late` let no time pass, and are shown to one that wants to know of them alone.

    Args:
        detector: It is changed.
        events: Sorted by time.
        time_zone: The home's.
        until: Judgements due up to then, in epoch seconds, are asked for after the last event.

    Raises:
        AssertionError: The detector is due again at or before the moment it was judged at.
    """
    calendar = Calendar(time_zone)
    answers: list[Assessment] = []
    for event in events:
        t = event.at.timestamp()
        if event.quality == Quality.LATE:
            if event.kind in detector.kinds and isinstance(detector, HearsLate):
                detector.observe_late(event, calendar.moment(t))
            continue
        answers += _advance(detector, t, calendar)
        if event.kind in detector.kinds:
            answers += detector.observe(event, calendar.moment(t))
    if until is not None:
        answers += _advance(detector, until, calendar)
    return answers


def _advance(detector: Detector, t: float, calendar: Calendar) -> list[Assessment]:
    answers: list[Assessment] = []
    while (due := detector.due()) <= t:
        answers += detector.judge(calendar.moment(due))
        if not detector.due() > due:
            raise AssertionError(f"judged at {due}, and due again at {detector.due()}, not later")
    return answers
