"""Every dialect: real devices are understood, strangers refused with a reason, nothing crashes."""

import json
import math
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.conformance import check_dialect
from gateway.dialects.fields import RANGES
from gateway.dialects.protocol import Decoded, Dialect, DialectError, Reading, Signal
from gateway.dialects.registry import DIALECTS
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from tests.gateway.dialects.golden import Golden, golden

EXAMPLES = [(dialect, one) for dialect in DIALECTS for one in golden(dialect)]


@pytest.mark.parametrize(
    ("dialect", "example"), EXAMPLES, ids=[f"{dialect}: {one.name}" for dialect, one in EXAMPLES]
)
def test_real_devices_are_understood(dialect: str, example: Golden) -> None:
    decoded = DIALECTS[dialect]("base").decode(example.topic, example.payload)
    assert decoded.problems == []
    if (news := example.more.get("news")) is not None:
        assert (
            json.loads(msgspec.json.encode([(type(one).__name__, *one) for one in decoded.news]))
            == news
        )
    says: dict[str, dict[str, float]] = {}
    for reading in decoded.readings:
        says.setdefault(reading.device, {})[reading.signal] = reading.value
        assert reading.at == example.more.get("at")
        assert reading.no_offset == example.more.get("no_offset", False)
        if reading.signal == Signal.ACTION:
            assert reading.text == example.more.get("text", reading.text)
            assert reading.packet == example.more.get("packet")
        assert reading.seconds == (
            example.more.get("seconds") if reading.signal == Signal.USE else None
        )
    assert says == example.says


@pytest.mark.parametrize("dialect", DIALECTS)
def test_it_passes_the_public_examination(dialect: str) -> None:
    examples = [(one.topic, one.payload) for one in golden(dialect)]
    check_dialect(DIALECTS[dialect], "base", examples)


def test_every_signal_has_a_range() -> None:
    assert set(RANGES) == set(Signal)


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - {"zigbee2mqtt", "plain"}))
def test_devices_need_no_base_topic_where_they_usually_have_none(dialect: str) -> None:
    bare = DIALECTS[dialect]("")
    for example in golden(dialect):
        topic = example.topic.removeprefix("base/")
        assert bare.decode(topic, example.payload).readings
        assert not any(one.startswith(("/", "#")) or one == "+" for one in bare.topics)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def _names() -> Iterator[str]:
    """The keys that stand in real messages: those a dialect looks at."""

    def inside(document: object) -> Iterator[str]:
        if isinstance(document, dict):
            for key, value in document.items():
                yield str(key)
                yield from inside(value)
        if isinstance(document, list):
            for value in document:
                yield from inside(value)

    for _, example in EXAMPLES:
        if example.payload.startswith(b"{"):
            yield from inside(json.loads(example.payload))


_KEYS = st.sampled_from(sorted(set(_names())))
_KNOWN = st.recursive(
    _JSON | st.sampled_from(["ON", "NotifyEvent", "NotifyStatus", "shelly-blu", "motion", 1, 0]),
    lambda inner: st.dictionaries(_KEYS, inner, max_size=4) | st.lists(inner, max_size=2),
    max_leaves=8,
)
_OBJECTS = st.dictionaries(_KEYS, _KNOWN, max_size=5)
_TOPICS = st.sampled_from(sorted({example.topic for _, example in EXAMPLES})) | st.text(max_size=30)


@given(
    st.sampled_from(sorted(DIALECTS)),
    _TOPICS,
    st.binary(max_size=200)
    | (_JSON | _OBJECTS).map(lambda document: json.dumps(document).encode()),
)
def test_no_message_does_more_than_be_refused(dialect: str, topic: str, payload: bytes) -> None:
    try:
        decoded = DIALECTS[dialect]("base").decode(topic, payload)
    except DialectError as error:
        assert str(error)  # noqa: PT017 - any sentence will do
    else:
        for reading in decoded.readings:
            low, high = RANGES[reading.signal]
            assert low <= reading.value <= high
            assert reading.at is None or math.isfinite(reading.at)


class _Careless:
    """A dialect that fails in one way at a time."""

    def __init__(
        self, topics: list[str], *, says: Decoded | Exception, base: str | None = "base"
    ) -> None:
        self.topics = topics
        self.lists = ["elsewhere/devices"]
        self._says = says
        self._base = base

    def base_of(self, topic: str, payload: bytes) -> str | None:
        del topic, payload
        return self._base

    def decode(self, topic: str, payload: bytes) -> Decoded:
        del topic, payload
        if isinstance(self._says, Exception):
            raise self._says
        return self._says


_NONE = _Careless([], says=Decoded([], []))


class _Fixed(_Careless):
    """Understands its one example, and nothing else is right about it."""

    def __init__(self, *, base: str | None) -> None:
        said = Decoded([Reading("x", Signal.OCCUPANCY, 1.0)], [])
        super().__init__(["base/x"], says=said, base=base)


@pytest.mark.parametrize(
    ("careless", "complaint"),
    [
        (_Careless([], says=Decoded([], [])), "listens to nothing"),
        (_Careless(["other/#"], says=Decoded([], [])), "does not subscribe"),
        (_Careless(["base/#"], says=Decoded([], [])), "finds nothing in an example"),
        (_Fixed(base="base"), "lists devices on .*, to which it does not subscribe"),
        (_Fixed(base="bass"), "no example shows that it is this dialect"),
        (_Fixed(base=None), "no example shows that it is this dialect"),
    ],
)
def test_the_examination_finds_what_is_wrong(careless: Dialect, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        check_dialect(
            lambda base: careless if base == "base" else _NONE, "base", [("base/x", b"{}")]
        )


def test_the_examination_finds_a_dialect_that_crashes_on_garbage() -> None:
    class Trusting(Zigbee2Mqtt):
        def decode(self, topic: str, payload: bytes) -> Decoded:
            decoded = super().decode(topic, payload)
            json.loads(payload)["occupancy"]
            return decoded

    with pytest.raises(KeyError):
        check_dialect(Trusting, "base", [("base/pir", b'{"occupancy":true}')])


def test_the_examination_finds_a_dialect_that_repeats_what_somebody_wrote() -> None:
    class Chatty(Zigbee2Mqtt):
        def decode(self, topic: str, payload: bytes) -> Decoded:
            try:
                decoded = super().decode(topic, payload)
            except DialectError as error:
                raise DialectError(f"{error}: {payload.decode('utf-8', 'replace')}") from error
            return decoded

    with pytest.raises(AssertionError, match="repeats what somebody wrote"):
        check_dialect(Chatty, "base", [("base/pir", b'{"occupancy":true}')])
