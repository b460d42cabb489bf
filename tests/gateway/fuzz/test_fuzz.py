"""Whatever stands in a message, the hub goes on: it refuses with a reason, and forgets in time."""

import json
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.protocol import Decoded
from gateway.dialects.shelly import Shelly
from gateway.discovery.finding import find
from gateway.discovery.proposal import toml
from gateway.discovery.samples import Overheard
from gateway.discovery.words import remarks, rows
from gateway.hearing.hearing import Past
from gateway.hearing.message import Message
from gateway.journal import Intake
from tests.gateway.discovery.overheard import settings
from tests.gateway.events import START
from tests.gateway.fuzz.__main__ import table
from tests.gateway.fuzz.home import corpus, hearing
from tests.gateway.fuzz.mutations import MUTATIONS, RARE, dated, spoilt
from tests.gateway.fuzz.run import ENDS, Outcome, check, fuzz, messages

GROWS_MIB = 24
"""Beyond the first tenth: the largest messages, all at once; a leak of 32 bytes each is more."""
CORPUS = corpus()


def sound(outcome: Outcome, messages: int) -> None:
    """What must hold of any share, however many."""
    counts = outcome.counts
    assert counts["messages"] == messages
    assert counts["events"] > messages / 50, "hardly anything was understood: it tests nothing"
    assert all(counts[name] for name in ("refused", "ignored", "no_change", "unknown_sensor"))
    assert sum(outcome.reasons.values()) == counts["refused"]
    assert outcome.end_mib - outcome.warm_mib < GROWS_MIB


def test_no_spoilt_message_stops_the_hub_or_goes_by_uncounted(tmp_path: Path) -> None:
    """A share of the million; other messages each time the code changes would hide what broke."""
    sound(fuzz(12_000, 1, tmp_path), 12_000)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_nor_does_any_of_a_million(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = fuzz(1_000_000, 2, tmp_path)
    with capsys.disabled():
        print(f"\n{table(outcome, 2)}")  # noqa: T201 - the figures are what one runs it for
    sound(outcome, 1_000_000)


@pytest.mark.parametrize("mutation", [*(one for one, _ in MUTATIONS), *RARE])
def test_every_way_to_spoil_a_message_spoils_some(mutation: object) -> None:
    assert callable(mutation)
    chance = Random(1)  # noqa: S311 - the same every time, nothing secret
    changed = sum(mutation(one, CORPUS, chance) != one for one in CORPUS)
    assert changed > len(CORPUS) / 4


def test_the_same_chance_spoils_alike() -> None:
    def some(seed: int) -> list[tuple[str, bytes]]:
        chance = Random(seed)  # noqa: S311 - as above
        return [spoilt(one, CORPUS, chance) for one in CORPUS]

    assert some(3) == some(3) != some(4)


def test_what_is_not_spoilt_is_understood_by_all_parts() -> None:
    ears, normaliser = hearing({}, Past())
    for number, said in enumerate(CORPUS):
        now = START + 60.0 * number
        topic, payload = dated(said, now)
        intake = ears.hear([Message(topic, payload, 0, dup=False, retain=False, received=now)])
        assert not intake.counts["refused"], intake.quarantine
    assert all(one.last_seen for one in normaliser.health())


def test_discovery_makes_settings_out_of_spoilt_talk_that_a_hub_takes(tmp_path: Path) -> None:
    overheard, source = Overheard(), messages(5)
    for message in islice(source, 3000):
        overheard.hear(message.topic, message.payload, retained=message.retain)
    findings = find(overheard.samples())
    made = settings(tmp_path, "\n".join(toml(findings, settings(tmp_path))))
    assert len(made.sensors) > 30
    assert len(rows(findings, made)) == len(findings.devices)
    assert list(remarks(findings, made, left_out=overheard.left_out))


_TOPICS = st.sampled_from([topic for topic, _ in CORPUS])
_KEYS = sorted(
    {
        key
        for _, payload in CORPUS
        if payload.startswith(b"{")
        for key, value in json.loads(payload).items()
        for key in (key, *(value if isinstance(value, dict) else ()))
    }
)
_LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["ON", "OFF", "online", "NotifyEvent", "shelly-blu", "motion", "ok", 0, 1])
)  # fmt: skip
_DOCUMENTS = st.recursive(
    _LEAVES,
    lambda inner: (
        st.dictionaries(st.sampled_from(_KEYS), inner, max_size=5) | st.lists(inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.lists(st.tuples(_TOPICS, _DOCUMENTS, st.booleans(), st.floats(-900, 900)), max_size=8))
def test_no_document_of_known_words_stops_the_hub(
    said: list[tuple[str, object, bool, float]],
) -> None:
    ears, _ = hearing({}, Past())
    now = START
    for topic, document, retain, step in said:
        now += step
        payload = json.dumps(document).encode()
        message = Message(topic, payload, 0, dup=False, retain=retain, received=now)
        check(message, ears.hear([message]))


def test_a_fault_planted_in_a_dialect_is_noticed_and_not_taken_for_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode = Shelly.decode

    def faulty(self: Shelly, topic: str, payload: bytes) -> Decoded:
        if "/status/" in topic and len(payload) % 7 == 0:
            raise KeyError("planted")
        return decode(self, topic, payload)

    monkeypatch.setattr(Shelly, "decode", faulty)
    with pytest.raises(AssertionError, match="the hub itself failed"):
        fuzz(12_000, 1, tmp_path)


def test_the_examination_is_one_that_can_be_failed() -> None:
    message = Message("x", b"{}", 0, dup=False, retain=False, received=START)
    with pytest.raises(AssertionError, match="without a trace"):
        check(message, Intake())
    forgetful = Intake()
    forgetful.counts.update({ENDS[0]: 1})
    with pytest.raises(AssertionError, match="refused and not kept"):
        check(message, forgetful)
