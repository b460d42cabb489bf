"""What a hub told staff can be told again from its journal, byte for byte, whatever befell it."""

from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract import Alert, Quality, RecordKind, SensorEvent, decode
from gateway.assembly import make_room, make_watermark
from gateway.downlink.orders import Orders
from gateway.hearing.calls import counted
from gateway.journal import Intake
from gateway.replay.journalled import replay_journal
from gateway.replay.share import DryRun, Outcome
from gateway.settings import Files, Hub, Sensor, Settings
from gateway.watch.deafness import Deafness, Gaps
from gateway.watch.own_alerts import OwnAlerts
from tests.gateway.downlink.bench import Bench
from tests.gateway.events import START

HOUR = 3600.0
DAY = 24 * HOUR
SETTINGS = Settings(
    hub=Hub(id="hub-1", home="h1"),
    sensors=(
        Sensor(name="bathroom-motion", kind="motion", place="bathroom"),
        Sensor(name="kitchen-motion", kind="motion", place="kitchen"),
        Sensor(name="lounge-motion", kind="motion", place="lounge"),
        Sensor(name="front_door-opening", kind="opening", place="front_door"),
        Sensor(name="pendant-button", kind="button", place="pendant"),
    ),
)


class Live(Bench):
    """A hub with its real detectors that hears what it is told, and lets time pass."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, SETTINGS)

    alive = False
    deaf = False

    def begin(self) -> None:
        if self.alive:
            self.room.save()  # as a hub does that ends in good order
        self.alive = True
        self.effective = self.standing.begin(self.now, self.elapsed)
        stands = self.effective.settings
        self.watermark = make_watermark(stands, self.journal)
        gaps = Gaps(self.journal)
        self.room = make_room(
            stands, self.journal, self.watermark, lambda: self.now,
            spells=self.standing.spells, gaps=gaps,
        )  # fmt: skip
        self.deafness = Deafness(
            gaps, OwnAlerts(self.journal), alert_after_s=HOUR, blindfold=self.room.blindfold
        )
        self.links(up=not self.deaf)
        self.orders = Orders(self.standing, self.effective, self.room, self.journal)
        self.orders.announce(self.now)
        self.works()

    def works(self) -> None:
        """Goes through what was heard."""
        while self.room.work():
            pass

    def passes(self, seconds: float) -> None:
        """A while, in which the hub is awake at most every hour."""
        until = self.now + seconds
        while self.now < until:
            step = min(HOUR, until - self.now)
            self.now += step
            self.elapsed += step
            if not self.deaf:
                self.room.tick(self.now)
            self.deafness.look(self.now, self.elapsed)
            self.tick()

    def links(self, *, up: bool) -> None:
        """The broker comes or goes."""
        self.deaf = not up
        self.deafness.link(up=up, why="refused", now=self.now, elapsed=self.elapsed)
        self.deafness.look(self.now, self.elapsed)

    def hears_nothing(self, seconds: float) -> None:
        """The broker is away for a while."""
        self.links(up=False)
        self.passes(seconds)
        self.links(up=True)

    def hears(
        self, place: str, kind: str = "motion", held_back: float = 0.0, value: float = 1.0
    ) -> None:
        """Something that happened, told after `held_back` seconds."""
        happened = self.now - held_back
        event = msgspec.convert(
            {
                "home": "h1", "sensor": f"{place}-{kind}", "kind": kind, "place": place,
                "at": happened, "value": value,
            },
            SensorEvent,
            strict=False,
        )  # fmt: skip
        if not self.watermark.admit(event.at.timestamp()):
            late = msgspec.structs.replace(event, quality=Quality.LATE)
            event = counted(late, self.watermark, self.now)
        intake = Intake(events=[event], newest=self.watermark.newest)
        self.standing.spells.hush(intake)
        self.journal.write_intake(intake, self.now)
        self.alive = True
        while self.room.work():
            pass

    def stands_ahead(self, seconds: float) -> None:
        """The clock stands ahead for a while; then event time is set back."""
        self.now += seconds
        self.hears("kitchen")
        self.passes(HOUR)
        self.hears("bathroom")
        self.now -= seconds
        self.tick()  # what lasts for a time goes by the clock that only runs forward
        assert self.room.set_back(self.now)
        self.is_killed()

    def asks(self, kind: str, seconds: float = 0.0) -> None:
        """A command of the centre's, told at the next second."""
        self.passes(1.0)
        asked = self.command(kind, until=self.soon(seconds)) if seconds else self.command(kind)
        self.take(self.told(asked))

    def is_killed(self) -> None:
        """The process is gone, and what it had not written."""
        self.alive = False
        self.restart()

    def told_live(self, kind: RecordKind) -> list[bytes]:
        return [body for _, body in self.journal.records(kind)]


def alerts_of(live: Live) -> list[bytes]:
    """The last version of each alert, in the order of a replay."""
    last: dict[str, tuple[Alert, bytes]] = {}
    for body in live.told_live(RecordKind.ALERT):
        alert = decode(body, Alert)
        if alert.condition not in {"test_alert", "hub_deaf"}:
            last[alert.id] = alert, body
    ordered = sorted(
        last.values(), key=lambda one: (one[0].raised_at, one[0].condition, one[0].subject)
    )
    return [body for _, body in ordered]


def replayed(path: Path, dry_run: DryRun | None = None) -> Outcome:
    where = Files(journal=path / "journal.sqlite", key=path / "k", password=None, ca=None)
    return replay_journal(SETTINGS, where, dry_run, lambda _: None)


def alerts_in(outcome: Outcome) -> list[bytes]:
    return [line.text for line in sorted(outcome.alerts)]


def settle_in(live: Live, days: int = 9) -> None:
    """Ordinary days, from which detectors learn what is usual."""
    rooms = cycle(("bathroom", "kitchen", "lounge", "kitchen"))
    for day in range(days):
        for hour in (7, 7.5, 8, 10, 12, 13, 15, 18, 19, 21, 22):
            moment = START + day * DAY + (hour + day % 3 / 10) * HOUR
            live.passes(moment - live.now)
            live.hears(next(rooms))
    live.passes(START + days * DAY + 7 * HOUR - live.now)


class Step(NamedTuple):
    """One thing that befalls the hub after a while, in minutes."""

    after: float
    what: str
    place: str = "kitchen"
    much: float = 1.0

    def to(self, live: Live) -> None:  # noqa: C901 - one table
        live.passes(self.after * 60)
        match self.what:
            case "heard":
                live.hears(self.place)
            case "late":
                live.hears(self.place, held_back=self.much * HOUR)
            case "early" if self.much < 1:
                live.hears(self.place, held_back=self.much * 60)
            case "left":
                live.hears("front_door", "opening")
            case "called":
                live.hears("pendant", "button")
            case "called late":
                live.hears("pendant", "button", held_back=self.much * HOUR)
            case "taken back late":
                live.hears("pendant", "button", held_back=self.much * HOUR, value=0.0)
            case "pause" | "away":
                live.asks(self.what, self.much * HOUR)
            case "resume" | "back":
                live.asks(self.what)
            case "ahead":
                live.stands_ahead(self.much * HOUR)
            case "deaf":
                live.hears_nothing(self.much * HOUR)
            case "killed":
                live.is_killed()


WHATS = (
    "heard",
    "late",
    "early",
    "left",
    "called",
    "called late",
    "taken back late",
    "pause",
    "resume",
    "away",
    "back",
    "killed",
    "deaf",
)
STEPS = st.lists(
    st.builds(
        Step,
        after=st.sampled_from((0.1, 5.0, 40.0, 200.0, 700.0, 1500.0)),
        what=st.sampled_from(WHATS),
        place=st.sampled_from(("bathroom", "kitchen", "lounge")),
        much=st.sampled_from((0.2, 0.7, 3.0, 20.0, 60.0)),
    ),
    min_size=4,
    max_size=14,
)


LATE = [
    Step(1500, "late", "lounge", 3.0),
    Step(5, "late", "bathroom", 20.0),
    Step(1500, "left"),
    Step(0.1, "heard"),
    Step(1500, "heard"),
]
RESUMED = [
    Step(1500, "called"),
    Step(5, "pause", much=20.0),
    Step(200, "called"),
    Step(40, "resume"),
    Step(700, "heard"),
]
CAME_BACK = [
    Step(40, "away", much=60.0),
    Step(1500, "heard"),
    Step(200, "back"),
    Step(700, "killed"),
    Step(1500, "left"),
]


DEAF = [
    Step(1500, "deaf", much=20.0),
    Step(40, "heard"),
    Step(1500, "left"),
    Step(200, "deaf", much=0.7),
    Step(1500, "pause", much=20.0),
    Step(5, "deaf", much=3.0),
    Step(700, "heard"),
]
DEAF_AGAIN = [
    Step(0.1, "heard"),
    Step(0.1, "deaf", much=0.2),
    Step(0.1, "deaf", much=20.0),
    Step(0.1, "deaf", much=3.0),
]


AHEAD = [
    Step(40, "called"),
    Step(200, "ahead", much=20.0),
    Step(40, "called late", much=3.0),
    Step(1500, "called"),
    Step(5, "ahead", much=0.7),
    Step(700, "left"),
    Step(40, "killed"),
    Step(40, "ahead", much=60.0),
    Step(1500, "heard"),
]
CALLED_LATE = [
    Step(700, "called late", much=0.2),
    Step(0.1, "called late", much=3.0),
    Step(0.1, "heard"),
    Step(5, "taken back late", much=0.2),
    Step(40, "killed"),
    Step(1500, "deaf", much=3.0),
    Step(0.1, "called late", much=60.0),
    Step(5, "left"),
]


@settings(max_examples=15, deadline=None)
@given(STEPS)
@example(CALLED_LATE)
@example(LATE)
@example(RESUMED)
@example(CAME_BACK)
@example(DEAF)
@example(DEAF_AGAIN)
@example(AHEAD)
def test_a_replay_of_the_journal_gives_the_alerts_and_answers_that_staff_were_given(
    steps: list[Step],
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        live = Live(path)
        settle_in(live)
        for step in steps:
            step.to(live)
        live.room.save()
        outcome = replayed(path)
        given_live = alerts_of(live)
        answers = sorted(live.told_live(RecordKind.ASSESSMENT))
        live.journal.close()
    assert alerts_in(outcome) == given_live
    assert sorted(line.text for line in outcome.assessments) == answers


def test_a_dry_run_sets_beside_its_change_what_staff_really_were_given(tmp_path: Path) -> None:
    live = Live(tmp_path)
    settle_in(live)
    for step in (*LATE, *RESUMED):
        step.to(live)
    live.room.save()
    given_live = [decode(body, Alert) for body in alerts_of(live)]
    change = DryRun(lambda home: msgspec.structs.replace(home, people=2), days=30)
    (comparison,) = replayed(tmp_path, change).comparisons
    live.journal.close()
    assert given_live
    found = [match.now for match in comparison.matches if match.now is not None]
    assert sorted(found, key=lambda one: one.id) == sorted(given_live, key=lambda one: one.id)


def test_a_hub_that_is_ended_in_good_order_goes_on_at_the_time_that_had_passed(
    tmp_path: Path,
) -> None:
    live = Live(tmp_path)
    live.hears("kitchen")
    live.passes(2 * HOUR)
    line = live.watermark.at
    live.restart()
    assert live.watermark.at == line
    live.journal.close()
