"""Checks of the broker: whether it is there, lets the hub in and read, and carries anything."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import dataclass, field
from uuid import uuid4

import aiomqtt
from paho.mqtt.reasoncodes import ReasonCode

from contract import Phase
from gateway.dialects.networks import spoken_in
from gateway.dialects.protocol import Dialect, DialectError
from gateway.doctor.finding import Finding, note, ok, skipped, wrong
from gateway.journal import Journal, JournalError
from gateway.journal.told import newest_alerts
from gateway.settings import Files, Settings
from gateway.watch.unsteady import KEY as UNSTEADY

_TIMEOUT_S = 10.0
_REFUSED = 128  # SUBACK return code of MQTT 3.1.1, section 3.9.3
_LOGIN_REFUSED = (4, 5)  # CONNACK: bad user name or password; not authorised (section 3.2.2.3)
_SHOWN = 5


@dataclass
class Listened:
    """What came of listening.

    Attributes:
        denied: Topics that the broker does not let the hub read.
        devices: Those that spoke, by the names under which they did.
        messages: How many came, without what the broker had kept.
        kept: How many it had kept.
    """

    denied: list[str] = field(default_factory=list)
    devices: dict[str, None] = field(default_factory=dict)
    messages: int = 0
    kept: int = 0


async def check_broker(
    settings: Settings, password: str | None, seconds: float, heard_before: bool
) -> list[Finding]:
    """Connects beside the hub, under a name of its own, and listens for a while.

    Args:
        settings: The hub's.
        password: Of the hub's user, where it has one.
        seconds: How long to listen; 0 not to.
        heard_before: Whether the hub heard anything in the last hour.
    """
    broker = settings.broker
    where = f"{broker.host}:{broker.port}"
    try:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(
                aiomqtt.Client(
                    broker.host,
                    broker.port,
                    username=broker.username,
                    password=password,
                    identifier=f"telecare-doctor-{uuid4().hex[:8]}",
                    timeout=_TIMEOUT_S,
                )
            )
            listened = await _listen(client, settings, seconds)
    except (aiomqtt.MqttError, OSError) as error:
        return [_unreachable(where, error, broker.username)]
    said = f"{where}: lets the hub in" + (f" as {broker.username}" if broker.username else "")
    return [ok("broker", said), *heard(listened, seconds, heard_before)]


def check_link(settings: Settings, files: Files) -> Iterator[Finding]:
    """What the hub itself told of its link, which the doctor's own does not show."""
    try:
        with closing(Journal.open_read_only(files.journal)) as journal:
            told = newest_alerts(journal, lambda one: (one.condition, one.subject) == UNSTEADY)
    except (JournalError, sqlite3.DatabaseError):  # `journal` tells of it
        return
    for alert in told:
        if alert.phase == Phase.OPEN:
            name = f"this hub's name at the broker is {settings.client_name}"
            yield wrong("connection", alert.text, f"{alert.prompt} ({name}.)")


async def _listen(client: aiomqtt.Client, settings: Settings, seconds: float) -> Listened:
    dialect, found = spoken_in(settings.heard), Listened()
    granted = await client.subscribe([(topic, 1) for topic in dialect.topics])
    codes: list[int | ReasonCode] = list(granted)
    for topic, code in zip(dialect.topics, codes, strict=True):
        if (code if isinstance(code, int) else code.value) >= _REFUSED:
            found.denied.append(topic)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            async for message in client.messages:
                _take(message, dialect, found)
    return found


def _take(message: aiomqtt.Message, dialect: Dialect, found: Listened) -> None:
    if message.retain:
        found.kept += 1
    else:
        found.messages += 1
    payload = bytes(message.payload)
    try:
        readings = dialect.decode(message.topic.value, payload).readings
    except DialectError:  # counted none the less; the hub's own quarantine says why
        return
    found.devices.update(dict.fromkeys(one.device for one in readings))


def heard(found: Listened, seconds: float, heard_before: bool) -> Iterator[Finding]:
    """What it means for this home that so much came in so many seconds."""
    if found.denied:
        yield wrong(
            "topics",
            f"the broker does not let the hub read {', '.join(found.denied)}",
            "let the hub's user read them in the broker's rules (acl_file)",
        )
    if seconds <= 0:
        yield skipped("speaking", "not listened for")
    elif found.messages:
        names = list(found.devices)
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        by = f" from {', '.join(names[:_SHOWN])}{more}" if names else ", none of them a reading"
        yield ok("speaking", f"{found.messages} messages in {seconds:g} s{by}")
    elif heard_before:
        yield ok("speaking", f"nothing in {seconds:g} s, but within the last hour")
    else:
        kept = f" ({found.kept} old states are kept there)" if found.kept else ""
        yield note(
            "speaking",
            f"nothing in {seconds:g} s, nor in the last hour{kept}",
            "walk past a sensor and try again; then see whether Zigbee2MQTT, or what else speaks "
            "for the devices, runs and uses this broker and base topic",
        )


def _unreachable(where: str, error: Exception, username: str | None) -> Finding:
    code = getattr(error, "rc", None)
    number = code.value if isinstance(code, ReasonCode) else code
    if number in _LOGIN_REFUSED or "not authori" in str(error).lower():
        asked = (
            f"the password of {username!r} in [broker] password_file"
            if username
            else ("[broker] username and password_file: the broker asks for them")
        )
        return wrong("broker", f"{where}: refuses the login ({error})", f"mend {asked}")
    return wrong(
        "broker",
        f"{where}: cannot be reached: {str(error) or type(error).__name__}",
        "see whether it runs (systemctl status mosquitto), and [broker] host and port",
    )
