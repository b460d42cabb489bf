"""What the centre tells a hub: its home's configuration, and commands; and what the hub answers.

The hub asks, the centre answers; nothing is ever opened towards a home. Whatever has a number is
told again until the hub asks for what is beyond it, and is done once.
"""

from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any

import msgspec

from contract.base import Instant, Message, Name, Part
from contract.events import SensorEvent

MAX_COMMANDS = 100
"""Commands told at once; the rest with the next answer."""
MAX_SETTINGS_BYTES = 64 * 1024
"""A configuration's content at most."""
MAX_OUTCOMES = 1000
"""Outcomes in a configuration at most."""
LONGEST_PAUSE_S = 7 * 86_400
LONGEST_ABSENCE_S = 366 * 86_400
LONGEST_WALK_MIN = 120
LONGEST_DRY_RUN_DAYS = 90
MAX_WOULD = 100
"""Alerts of a dry run that are told, the newest ones; all are counted."""

Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Budget = Annotated[float, msgspec.Meta(gt=0, le=30)]


class RecordedOutcome(Part, frozen=True, kw_only=True):
    """What one alert of the home turned out to be.

    Attributes:
        condition: One of :class:`contract.vocabulary.Condition`, or a newer word.
        outcome: One of :class:`contract.vocabulary.Outcome`, or a newer word.
        on: The local day on which staff recorded it.
    """

    condition: Name
    outcome: Name
    on: date


class KnownSituation(Part, frozen=True, kw_only=True):
    """What staff know of the home that its sensors cannot, from one local day to another.

    Attributes:
        situation: `away`, `hospital`, `visitors`, `second_resident`, `pet`, or a newer word.
        since: The first local day.
        until: The last one; None while it goes on.
    """

    situation: Name
    since: date
    until: date | None = None


class HomeSettings(Part, frozen=True, kw_only=True):
    """The parts of a hub's settings that the centre may own.

    A part that is given takes the place of that part of the hub's file, as a whole; one that is
    left out stays as the file has it. The hub holds each to the same rules as its file, and refuses
    all of them where one will not do.

    Attributes:
        time_zone: IANA name.
        people: How many live in the home.
        health_every_s: Seconds between two heartbeats.
        budget: False alerts per person-month that are borne, by condition.
        risk: What is on record of the person, as `[risk]` of the hub's settings.
        outcomes: What staff recorded of earlier alerts. As soon as the centre has one of its own,
            these take the place of the file's.
        context: What staff know of the home.
        rules: As `[[rules]]`.
        unusual_day: As `[unusual_day]`; `{}` takes its defaults.
        sensors: As `[[sensors]]`.
        removed_buttons: Devices, as the hub hears them, of help buttons that were taken away. A hub
            refuses a configuration that leaves out a button of its own and does not say so.
        off: Conditions that are not watched for in this home, such as those that the person has not
            agreed to. A call for help and what tells of the equipment cannot be switched off.
    """

    time_zone: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    people: Annotated[int, msgspec.Meta(ge=1, le=20)] | None = None
    health_every_s: Annotated[float, msgspec.Meta(ge=1, le=86_400)] | None = None
    budget: dict[str, Budget] | None = None
    risk: dict[str, Any] | None = None
    outcomes: Annotated[list[RecordedOutcome], msgspec.Meta(max_length=MAX_OUTCOMES)] | None = None
    context: Annotated[list[KnownSituation], msgspec.Meta(max_length=200)] | None = None
    rules: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=100)] | None = None
    unusual_day: dict[str, Any] | None = None
    sensors: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=500)] | None = None
    removed_buttons: Annotated[list[Name], msgspec.Meta(max_length=500)] | None = None
    off: Annotated[list[Name], msgspec.Meta(max_length=50)] | None = None


class Configuration(Message, frozen=True, kw_only=True):
    """One version of a home's configuration. Versions count up; none ever changes.

    Attributes:
        digest: Of the bytes of `content`, as :func:`digest_of` gives it.
        content: :class:`HomeSettings`, kept raw so that the digest holds.
    """

    version: Version
    digest: str
    content: msgspec.Raw


def digest_of(content: bytes) -> str:
    """What tells one content from another: `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{sha256(content).hexdigest()}"


class CommandKind(StrEnum):
    """What a command asks for. Behind each word stands what its body is."""

    PAUSE = "pause"  # Pause
    RESUME = "resume"  # Nothing
    AWAY = "away"  # Away
    BACK = "back"  # Nothing
    TEST = "test"  # Nothing
    WALK_TEST = "walk_test"  # WalkTest
    RELEARN = "relearn"  # Relearn
    DRY_RUN = "dry_run"  # DryRun


class Pause(Part, frozen=True, kw_only=True):
    """Nothing of what the person does is kept, sent or judged until then; a call for help is."""

    until: Instant


class Away(Part, frozen=True, kw_only=True):
    """Nobody is at home: the local days up to the one of `until` are judged as such."""

    until: Instant


class WalkTest(Part, frozen=True, kw_only=True):
    """Each activation of a sensor is told at once, and none is taken for the person's own."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_WALK_MIN)] = 15


class Relearn(Part, frozen=True, kw_only=True):
    """What is usual is learned anew from the hub's journal, for these conditions."""

    conditions: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=50)]


class DryRun(Part, frozen=True, kw_only=True):
    """What a change would have made of the last days is worked out from the hub's journal.

    Nothing of the hub is changed by it.

    Attributes:
        change: As a configuration: a part that is given takes the place of the home's own. It may
            give `people`, `budget`, `risk`, `outcomes`, `rules` and `unusual_day`.
        days: How many of the last days are counted.
    """

    change: HomeSettings
    days: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_DRY_RUN_DAYS)] = 30


class Nothing(Part, frozen=True, kw_only=True):
    """A command that says all by its name."""


BODIES: dict[str, type[Part]] = {
    CommandKind.PAUSE: Pause,
    CommandKind.RESUME: Nothing,
    CommandKind.AWAY: Away,
    CommandKind.BACK: Nothing,
    CommandKind.TEST: Nothing,
    CommandKind.WALK_TEST: WalkTest,
    CommandKind.RELEARN: Relearn,
    CommandKind.DRY_RUN: DryRun,
}


class Command(Part, frozen=True, kw_only=True):
    """One thing that staff ask a hub to do.

    Attributes:
        id: The same however often it is told.
        number: Counts up from 1 for each hub. A centre restored from a backup goes on above what
            the hub says it knows.
        kind: One of :class:`CommandKind`, or a newer word, which the hub refuses.
        body: What :data:`BODIES` has for the kind.
        expires_at: From then on it is not begun any more. Of one that is under way, and told again
            to a hub that has lost its memory, this is when it ends.
    """

    id: Name
    number: Version
    kind: Name
    issued_at: Instant
    expires_at: Instant
    body: msgspec.Raw


class Downlink(Message, frozen=True, kw_only=True):
    """The answer to `GET /v1/hubs/{hub}/downlink?configuration=3&commands=17&wait=25`.

    Attributes:
        hub: Whom it is for.
        at: The centre's clock. What has an end is reckoned from it, so that a hub whose clock is
            wrong pauses for as long as was meant.
        configuration: The newest version, where it is beyond the one the hub named; else None.
        commands: Those beyond the number the hub named that are neither over nor expired.
    """

    hub: Name
    at: Instant
    configuration: Configuration | None = None
    commands: Annotated[list[Command], msgspec.Meta(max_length=MAX_COMMANDS)] = []


class Applied(StrEnum):
    """What became of a version of the configuration."""

    APPLIED = "applied"  # the hub runs with it
    REFUSED = "refused"  # it will not do; the hub runs on with what it had
    REVERTED = "reverted"  # the hub did not stay up with it; it is back at what it had


class ConfigurationReport(Message, frozen=True, kw_only=True):
    """What a hub made of a version of the configuration.

    Attributes:
        state: One of :class:`Applied`, or a newer word.
        reason: Why not, in one sentence with what is allowed; empty where it is applied.
        ignored: What the hub does not know and left out.
    """

    hub: Name
    home: Name
    at: Instant
    version: Version
    digest: str
    state: str
    reason: str = ""
    ignored: list[str] = []


class Progress(StrEnum):
    """How far a command has come."""

    UNDER_WAY = "under_way"  # begun; another word will follow
    DONE = "done"
    REFUSED = "refused"  # cannot be done here; the text says why
    EXPIRED = "expired"  # it came too late to be begun


class Under(StrEnum):
    """Under which settings an alert of a dry run is raised."""

    BOTH = "both"
    NOW = "now"  # the change would have it raised no longer
    CHANGED = "changed"  # only the change would have it raised


class WouldAlert(Part, frozen=True, kw_only=True):
    """One alert of a dry run.

    Attributes:
        at: When, with the change; as the home stands where the change would have none.
        condition: One of :class:`contract.vocabulary.Condition`, or a newer word.
        under: One of :class:`Under`, or a newer word.
        text: What was observed, in one sentence.
    """

    at: Instant
    condition: Name
    under: Name
    text: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class DryRunAnswer(Part, frozen=True, kw_only=True):
    """What a change would have made of a hub's last days.

    Attributes:
        heard_since: The first event of the journal; what is before `since` was learned from.
        since, until: The days that are counted, up to the last event.
        changed, now: How many alerts are raised in them with the change, and as the home stands.
        alerts: The newest of them under either, the oldest first.
    """

    heard_since: Instant
    since: Instant
    until: Instant
    changed: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    now: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    alerts: Annotated[list[WouldAlert], msgspec.Meta(max_length=MAX_WOULD)] = []


class CommandResult(Message, frozen=True, kw_only=True):
    """What a hub did about a command.

    Attributes:
        command: The command's id.
        state: One of :class:`Progress`, or a newer word.
        text: More, in one plain sentence.
        alert: The alert that a test raised.
        answer: What a dry run found.
    """

    hub: Name
    home: Name
    at: Instant
    command: Name
    state: str
    text: str = ""
    alert: str = ""
    answer: DryRunAnswer | None = None


class WalkStep(Message, frozen=True, kw_only=True):
    """One activation during a walk test.

    Attributes:
        command: The walk test's id.
        event: What was journalled of it, which is not taken for the person's own doing.
    """

    hub: Name
    home: Name
    command: Name
    event: SensorEvent
