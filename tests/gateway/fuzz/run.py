"""Spoilt messages by the thousand, through the real hearing, normaliser and journal.

python -m tests.gateway.fuzz --messages 1000000
"""

import gc
import math
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

from gateway.dialects.fields import MOST_PROBLEMS
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.known_devices import ROW
from gateway.hearing.message import Message
from gateway.hearing.reader import LARGEST_LIST, MOST_STRANGERS
from gateway.journal import Intake, Journal
from gateway.journal.intake import PAYLOAD_KEPT, TEXT_KEPT
from tests.gateway.events import START
from tests.gateway.fuzz.home import corpus, hearing
from tests.gateway.fuzz.mutations import Said, dated, spoilt

ENDS = (
    "refused", "ignored", "network", "unknown_sensor", "contested", "retained", "undated",
    "no_change",
)  # fmt: skip
MOST_OF_ONE = MOST_PROBLEMS + 1 + MOST_STRANGERS
"""So many lines in quarantine one message may make: slips, one for the rest, strangers."""
MOST_STATE = 256 * 1024
"""Bytes that all devices and the directory together may come to."""
_AT_ONCE = 200
_RESTART = 50  # batches
_WARM = 0.1  # of all messages: after that memory may not grow


@dataclass(slots=True)
class Outcome:
    """What came of it.

    Attributes:
        counts: The hub's own counters.
        reasons: By sort and sentence, its figures left out, how often something was refused for it.
        slowest: Seconds of processor that the dearest message took, its topic and its length.
        warm_mib, end_mib: Resident memory after the first tenth, and the most at the end.
        state: Bytes of all that is remembered of the devices, at the most.
        seconds: Seconds of processor that the hub's parts took.
    """

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str, int] = (0.0, "", 0)
    warm_mib: float = 0.0
    end_mib: float = 0.0
    state: int = 0
    seconds: float = 0.0


def messages(seed: int) -> Iterator[Message]:
    """Spoilt messages without an end: each with the flags and the clock that it came with."""
    chance, others = Random(seed), corpus()  # noqa: S311 - no secret
    now, wrong = START, 0.0
    for number in count(1):
        now += chance.expovariate(1 / 5)
        if chance.random() < 1e-3:
            wrong = chance.choice((0.0, 0.0, 0.0, -86_400.0, -600.0, 400.0, 3600.0))
        said: Said = chance.choice(others)
        if chance.random() < 0.8:
            said = dated(said, now)
        if chance.random() < 0.95:
            said = spoilt(said, others, chance)
        topic, payload = said
        yield Message(
            topic.encode("utf-8", "replace").decode(),  # as a broker passes it on
            payload[: LARGEST_LIST + 1],
            number % 65_535 if chance.random() < 0.8 else 0,
            dup=chance.random() < 0.05,
            retain=chance.random() < 0.05,
            received=now + wrong,
        )


def fuzz(
    most: int, seed: int, folder: Path, told: Callable[[int, Outcome], None] = lambda *_: None
) -> Outcome:
    """Lets a hub hear so many spoilt messages; stops at the first that does what none may do.

    Raises:
        AssertionError: The sentence shows the message.
    """
    outcome, last = Outcome(), START
    source = messages(seed)
    with Journal.open(folder / "fuzz.sqlite", "hub-1", "h1") as journal:
        ears, normaliser = hearing({}, Past())
        for batch in range(-(-most // _AT_ONCE)):
            size = min(_AT_ONCE, most - batch * _AT_ONCE)
            last = _batch([next(source) for _ in range(size)], ears, journal, outcome)
            if batch % _RESTART == _RESTART - 1:
                states = journal.devices()
                outcome.state = max(outcome.state, sum(map(len, states.values())))
                assert outcome.state <= MOST_STATE
                past = Past(journal.deliveries(), journal.clock()[1], states.get(ROW))
                ears, normaliser = hearing(states, past)
            if not outcome.warm_mib and batch * _AT_ONCE >= most * _WARM:
                gc.collect()
                outcome.warm_mib = _peak_mib()
            told(size, outcome)
        ears.tick(last + 1e6)
        assert all(one.last_seen for one in normaliser.health()), "a device was never heard"
        outcome.end_mib = _peak_mib()
        assert journal.counters() == outcome.counts
    return outcome


def _batch(batch: list[Message], ears: Hearing, journal: Journal, outcome: Outcome) -> float:
    """Hears some messages one by one, and stores what they came to in one go."""
    whole = Intake()
    for message in batch:
        began = time.process_time()
        try:
            intake = ears.hear([message])
        except Exception as error:
            error.add_note(f"on {message.topic[:200]!r}: {message.payload[:2000]!r}")
            raise
        took = time.process_time() - began
        outcome.seconds += took
        outcome.slowest = max(outcome.slowest, (took, message.topic[:60], len(message.payload)))
        check(message, intake)
        _add(whole, intake)
    outcome.counts += whole.counts
    for one in whole.quarantine:
        if one.once is None:
            outcome.reasons[_sort_of(one.reason)] += 1
    journal.write_intake(whole, batch[-1].received)
    return batch[-1].received


def check(message: Message, intake: Intake) -> None:
    """Every message ends in a way that is counted; what is refused is kept with its reason."""
    counts, shown = intake.counts, f"{message.topic[:200]!r}: {message.payload[:500]!r}: {intake}"
    ended = intake.events or counts["redelivered"] or any(counts[name] for name in ENDS)
    assert ended, f"without a trace: {shown}"
    refused = [one for one in intake.quarantine if one.once is None]
    assert not counts["refused_hub_failed"], f"the hub itself failed: {shown}"
    assert counts["refused"] == len(refused), f"refused and not kept: {shown}"
    for whole in ("refused", "ignored"):
        parts = sum(n for name, n in counts.items() if name.startswith(f"{whole}_"))
        assert counts[whole] == parts, f"counted without its reason: {shown}"
    assert all(one.reason for one in refused), f"refused without a reason: {shown}"
    assert len(intake.quarantine) <= MOST_OF_ONE, f"it fills the quarantine: {shown}"
    for one in intake.quarantine:
        assert len(one.payload) <= PAYLOAD_KEPT
        assert len(one.topic) <= TEXT_KEPT
    for event in intake.events:
        assert math.isfinite(event.value), f"no value: {shown}"


def _add(whole: Intake, part: Intake) -> None:
    whole.events += part.events
    whole.devices |= part.devices
    whole.deliveries += part.deliveries
    whole.quarantine += part.quarantine
    whole.counts += part.counts
    whole.newest, whole.received = part.newest, part.received


def _sort_of(reason: str) -> str:
    """The sentence without the figures of this one message."""
    return re.sub(r"-?\d[\d.e+-]*", "#", reason)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
