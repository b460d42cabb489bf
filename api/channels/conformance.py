"""What every channel must hold to, tried against a real peer that a test brings along.

A channel passes :func:`check_channel` before it goes into the registry.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from api.channels.protocol import HEARTBEAT, BadSettings, Channel, GiveUp, Message, Told, TryLater

NOBODY = ("Mrs Onoma", "Flat Secret", "hsecret")
"""Words of the messages that may stand in no log and no reason."""
CALL_OFF_SECONDS = 1.0
_AT = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Behaviour(StrEnum):
    """What a peer does with what it is sent."""

    ACCEPT = "accept"
    BUSY = "busy"  # it refuses for now
    REFUSE = "refuse"  # it refuses for good
    NONSENSE = "nonsense"  # it answers what no such peer may answer
    HANG_UP = "hang_up"
    SILENT = "silent"  # it says nothing, and does not hang up either


class Peer(Protocol):
    """A real other side on loopback."""

    async def behave(self, how: Behaviour) -> dict[str, Any]:
        """Behaves so from now on; the settings of a destination that leads to it."""
        ...

    def keys(self) -> Sequence[str]:
        """Of each message that it took, that by which it would know a repeat; oldest first."""
        ...


def message(number: int = 1, **fields: Any) -> Message:
    """A message that names somebody and holds every awkward character."""
    told = Told(
        **{
            "action": "raise", "at": _AT, "organisation": "Ours", "alert": 17, "version": 1,
            "home": "hsecret", "label": "Flat Secret", "condition": "possible_fall",
            "place": "bathroom", "lane": "urgent", "state": "raised", "raised_at": _AT,
            "text": 'Mrs Onoma <fell> & "lies" at 5 °C\r\nBcc: x@y.example\n.\n\u2028\0é',
            "prompt": "Ring her.", **fields,
        }
    )  # fmt: skip
    key = f"0192d3c4-0000-4000-8000-{number:012d}"
    return Message(key=key, tried_at=_AT, body=msgspec.json.encode(told), told=told)


async def check_channel(channel: Channel[Any], peer: Peer) -> None:
    """Raises AssertionError, with what is wrong, for a channel that will not do."""
    _check_settings(channel, await peer.behave(Behaviour.ACCEPT))
    heard = _Ear()
    logging.getLogger().addHandler(heard)
    before = logging.getLogger().level
    logging.getLogger().setLevel(logging.INFO)
    try:
        await _check_delivery(channel, peer)
        await _check_refusals(channel, peer)
        await _check_called_off(channel, peer)
    finally:
        logging.getLogger().removeHandler(heard)
        logging.getLogger().setLevel(before)
    _must(not heard.named, "the log names somebody")


def _check_settings(channel: Channel[Any], settings: dict[str, Any]) -> None:
    fields = set(channel.settings.__struct_fields__)
    _must(channel.secrets <= fields, "a secret is no setting")
    channel.read(settings)
    for wrong in ({**settings, "no_such_setting": 1}, {}):
        try:
            channel.read(wrong)
        except BadSettings:
            continue
        raise AssertionError(f"{channel.name} takes the settings {sorted(wrong)}")


async def _check_delivery(channel: Channel[Any], peer: Peer) -> None:
    settings = channel.read(await peer.behave(Behaviour.ACCEPT))
    await channel.deliver(message(1), settings)
    await channel.deliver(message(1), settings)
    await channel.deliver(message(2), settings)
    first, again, other = peer.keys()
    _must(first == again, "a repeat cannot be told from a new message")
    _must(first != other, "a new message looks like a repeat")
    for fields in (
        {"action": HEARTBEAT, "alert": 0, "home": None, "lane": "", "condition": ""},
        {"action": "a_step_of_a_later_version", "condition": "a_condition_of_a_later_version"},
        {"action": "resolve", "outcome": "test", "state": "resolved"},
    ):
        await channel.deliver(message(3, **fields), settings)
    many = [channel.deliver(message(number), settings) for number in range(10, 18)]
    await asyncio.gather(*many)
    _must(len(set(peer.keys())) >= len(many), "of many at once some were lost")


async def _check_refusals(channel: Channel[Any], peer: Peer) -> None:
    for how, allowed in (
        (Behaviour.BUSY, (TryLater,)),
        (Behaviour.REFUSE, (GiveUp,)),
        (Behaviour.NONSENSE, (TryLater, GiveUp)),
        (Behaviour.HANG_UP, (TryLater,)),
    ):
        given = await peer.behave(how)
        error = await _refusal(channel, channel.read(given))
        said = str(error)
        _must(isinstance(error, allowed), f"{how}: {type(error).__name__}: {said}")
        _must(bool(said.strip()), f"{how}: no reason")
        _must(not _names(said), f"{how}: the reason names somebody")
        secrets = [str(given[name]) for name in channel.secrets if given.get(name)]
        _must(not any(one in said for one in secrets), f"{how}: the reason tells a secret")


async def _refusal(channel: Channel[Any], settings: Any) -> TryLater | GiveUp | None:
    try:
        await channel.deliver(message(5), settings)
    except (TryLater, GiveUp) as error:
        return error
    return None


async def _check_called_off(channel: Channel[Any], peer: Peer) -> None:
    settings = channel.read(await peer.behave(Behaviour.SILENT))
    tasks = asyncio.all_tasks()
    delivery = asyncio.create_task(channel.deliver(message(6), settings))
    await asyncio.sleep(0.2)
    _must(not delivery.done(), "silence was taken for an answer")
    delivery.cancel()
    done, _ = await asyncio.wait([delivery], timeout=CALL_OFF_SECONDS)
    _must(bool(done), "it cannot be called off")
    _must(delivery.cancelled(), "being called off was taken for something else")
    left = {
        task for task in asyncio.all_tasks() - tasks - {delivery}
        if "channels" in str(task.get_coro()) and "tests" not in str(task.get_coro())
    }  # fmt: skip
    _must(not left, f"it leaves work behind: {left}")


class _Ear(logging.Handler):
    """Hears whether the log names somebody."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.named = False

    def emit(self, record: logging.LogRecord) -> None:
        self.named = self.named or _names(self.format(record))


def _must(holds: bool, otherwise: str) -> None:
    """Also where Python runs without its assertions."""
    if not holds:
        raise AssertionError(otherwise)


def _names(text: str) -> bool:
    return any(word in text for word in NOBODY)
